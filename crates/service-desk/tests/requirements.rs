//! Requirements: feedback in time, dates that both agreed on, fines. Amounts from CONTRACT.md, sections 6 and 12.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::{County, county, instant, set_clock, step};

async fn register(county: &County, received: &str) -> Value {
    let body = json!({"item_code": "ecg", "title": "报告增加机构抬头", "description": "各卫生院报告显示本院名称", "requester_name": "李主任", "received_at": instant(received)});
    county.app.post(&county.hospital, "/service/requirements", body).await.ok(201)
}

fn path(requirement: &Value) -> String {
    format!("/service/requirements/{}", requirement["id"].as_str().unwrap())
}

async fn answer(county: &County, requirement: &Value, at: &str) -> Value {
    let body = json!({"step": "answer", "feasible": true, "expected_finish": "2025-06-30", "extra_cost_cents": 0, "answer": "可行", "at": instant(at)});
    step(county, &county.lead, &path(requirement), body).await.ok(200)
}

/// A milestone with a date that both have agreed on.
async fn agree(county: &County, requirement: &Value, milestone: Option<&Value>, due: &str) -> Value {
    let body = json!({"step": "propose_date", "milestone": milestone, "name": "上线", "due": due});
    let proposed = step(county, &county.lead, &path(requirement), body).await.ok(200);
    let id = milestone.cloned().unwrap_or_else(|| proposed["milestones"][0]["id"].clone());
    step(county, &county.bureau, &path(requirement), json!({"step": "accept_date", "milestone": id}))
        .await
        .ok(200)
}

#[tokio::test]
async fn feedback_within_a_day_costs_nothing_and_a_minute_later_a_hundred_yuan() {
    let county = county("2025-10-08T12:00:00").await;
    for (answered, cents) in [("2025-03-04T10:00:00", 0), ("2025-03-04T10:01:00", 10_000)] {
        let requirement = register(&county, "2025-03-03T10:00:00").await;
        assert_eq!(requirement["feedback_due_at"], instant("2025-03-04T10:00:00"));
        assert_eq!(answer(&county, &requirement, answered).await["penalty_cents"], cents, "{answered}");
    }
    // Received before the National Day holiday: natural hours run on (CONTRACT.md 6).
    let holiday = register(&county, "2025-09-30T16:00:00").await;
    assert_eq!(holiday["feedback_due_at"], instant("2025-10-01T16:00:00"));
    // Both confirm that one is complex: 72 hours, and what was late is in time.
    let complex = register(&county, "2025-03-03T10:00:00").await;
    assert_eq!(answer(&county, &complex, "2025-03-06T10:00:00").await["penalty_cents"], 10_000);
    let at = path(&complex);
    step(&county, &county.lead, &at, json!({"step": "propose_kind", "kind": "complex"})).await.ok(200);
    step(&county, &county.lead, &at, json!({"step": "confirm_kind"})).await.problem(409, "own_proposal");
    let joint = step(&county, &county.bureau, &at, json!({"step": "confirm_kind"})).await.ok(200);
    assert_eq!(
        (&joint["kind"], &joint["kind_confirmed"], &joint["penalty_cents"]),
        (&json!("complex"), &json!(true), &json!(0))
    );
    step(&county, &county.bureau, &at, json!({"step": "confirm_kind"})).await.problem(409, "no_proposal");
    // The parties read the hours as working days: due at the end of 9 October.
    let amend = json!({"valid_from": "2024-11-28", "note": "补充协议", "version": 1, "patch": {"readings": {"feedback_hours": "working"}}});
    county
        .app
        .post(&county.bureau, &format!("/service/contracts/{}/amend", county.contract), amend)
        .await
        .ok(200);
    let moved = county.app.get(&county.hospital, &path(&holiday)).await.ok(200);
    assert_eq!(moved["feedback_due_at"], instant("2025-10-10T00:00:00"));
    assert_eq!(moved["journal"][0]["what"]["event"], "replayed");
}

#[tokio::test]
async fn a_date_counts_when_both_have_agreed_and_each_missed_one_costs_once() {
    let county = county("2025-05-01T09:00:00").await;
    let requirement = register(&county, "2025-05-01T08:00:00").await;
    let at = path(&requirement);
    answer(&county, &requirement, "2025-05-01T08:30:00").await;
    // One side's date is void: no delay, whatever happens (6(2), 6(3)).
    let body = json!({"step": "propose_date", "name": "上线", "due": "2025-05-10"});
    let proposed = step(&county, &county.bureau, &at, body).await.ok(200);
    let milestone = proposed["milestones"][0]["id"].clone();
    set_clock(&county.app, "2025-05-20T09:00:00");
    assert_eq!(county.app.get(&county.lead, &at).await.ok(200)["penalty_cents"], 0);
    step(&county, &county.bureau, &at, json!({"step": "accept_date", "milestone": milestone}))
        .await
        .problem(409, "own_proposal");
    let past = json!({"step": "propose_date", "milestone": milestone, "name": "", "due": "2025-05-19"});
    step(&county, &county.lead, &at, past).await.problem(422, "validation_failed");
    // Agreed on the 31st, agreed anew before it passed on the 10th of June: only the later date counts.
    let agreed = agree(&county, &requirement, Some(&milestone), "2025-05-31").await;
    assert_eq!(agreed["state"], "working");
    agree(&county, &requirement, Some(&milestone), "2025-06-10").await;
    set_clock(&county.app, "2025-06-10T23:59:59");
    county.app.run_jobs().await;
    assert_eq!(county.app.get(&county.lead, &at).await.ok(200)["penalty_cents"], 0);
    // The day ends; nobody touches the requirement; the watch books the fine: 200.
    set_clock(&county.app, "2025-06-11T00:00:02");
    county.app.run_jobs().await;
    let missed = county.app.get(&county.lead, &at).await.ok(200);
    assert_eq!((&missed["penalty_cents"], &missed["missed_count"]), (&json!(20_000), &json!(1)));
    // Agreed anew after it had passed: the missed one stays, the new one can be missed too.
    agree(&county, &requirement, Some(&milestone), "2025-06-20").await;
    set_clock(&county.app, "2025-06-21T08:00:00");
    county.app.run_jobs().await;
    assert_eq!(county.app.get(&county.lead, &at).await.ok(200)["penalty_cents"], 40_000);
    // It was done on the 19th; the entry comes late and the second fine is taken back.
    let reached = json!({"step": "reach", "milestone": milestone, "at": instant("2025-06-19T17:00:00")});
    let reached = step(&county, &county.lead, &at, reached).await.ok(200);
    assert_eq!((&reached["penalty_cents"], &reached["missed_count"]), (&json!(20_000), &json!(1)));
    step(&county, &county.lead, &at, json!({"step": "deliver", "note": "已上线"})).await.ok(200);
    step(&county, &county.lead, &at, json!({"step": "accept"})).await.problem(403, "forbidden");
    let done = step(&county, &county.hospital, &at, json!({"step": "accept"})).await.ok(200);
    assert_eq!(done["state"], "accepted");
    let account = county
        .app
        .get(&county.finance, &format!("/service/contracts/{}/settlement", county.contract))
        .await
        .ok(200);
    assert_eq!(
        (&account["sums"]["proposed_cents"], &account["ledger_agrees"]),
        (&json!(20_000), &json!(true))
    );
    let printed = county.app.get(&county.hospital, &format!("{at}/pdf")).await;
    assert!(printed.status.is_success() && printed.bytes.starts_with(b"%PDF-1.7"));
    if let Ok(path) = std::env::var("TIANMU_KEEP_PDF") {
        std::fs::write(format!("{path}/requirement.pdf"), &printed.bytes).unwrap();
    }
}

#[tokio::test]
async fn complaints_multiply_and_affected_business_replaces() {
    let county = county("2025-05-01T09:00:00").await;
    // CONTRACT.md 6: to the city ×2, to the bureau's leaders ×1.5, both: the greater; business affected: 500.
    let cases = [
        (vec!["city_government"], false, 40_000),
        (vec!["health_bureau"], false, 30_000),
        (vec!["city_government", "health_bureau"], false, 40_000),
        (vec![], true, 50_000),
        (vec!["city_government"], true, 50_000),
    ];
    for (complaints, affected, cents) in cases {
        set_clock(&county.app, "2025-05-01T09:00:00");
        let requirement = register(&county, "2025-05-01T08:00:00").await;
        answer(&county, &requirement, "2025-05-01T08:30:00").await;
        let agreed = agree(&county, &requirement, None, "2025-05-10").await;
        let milestone = agreed["milestones"][0]["id"].clone();
        set_clock(&county.app, "2025-05-11T08:00:00");
        let at = path(&requirement);
        for to in &complaints {
            let body = json!({"step": "complain", "milestone": milestone, "to": to, "evidence": "12345工单"});
            step(&county, &county.lead, &at, body.clone()).await.problem(403, "forbidden");
            step(&county, &county.bureau, &at, body).await.ok(200);
        }
        if affected {
            let body =
                json!({"step": "affect_business", "milestone": milestone, "evidence": "三家卫生院停诊半天"});
            step(&county, &county.bureau, &at, body).await.ok(200);
        }
        let view = county.app.get(&county.bureau, &at).await.ok(200);
        assert_eq!(view["penalty_cents"], cents, "{complaints:?} {affected}");
        let fine = &view["fines"][0];
        assert_eq!(
            (&fine["amount_cents"], &fine["derivation"]["clause"]),
            (&json!(cents), &json!("附件1 1.3.2-6(4)BC"))
        );
        // A complaint that was none is struck out, and the fine follows.
        if complaints == ["city_government"] && !affected {
            let entry = view["journal"]
                .as_array()
                .unwrap()
                .iter()
                .find(|e| e["what"]["event"] == "complained")
                .unwrap();
            let strike = json!({"step": "correct", "event_id": entry["id"], "reason": "投诉与本需求无关"});
            let struck = step(&county, &county.bureau, &at, strike).await.ok(200);
            assert_eq!(struck["penalty_cents"], 20_000);
        }
    }
    let requirement = register(&county, "2025-05-11T07:00:00").await;
    let body = json!({"step": "compensate", "amount_cents": 120_000, "reason": "协商一致"});
    assert_eq!(
        step(&county, &county.bureau, &path(&requirement), body).await.ok(200)["penalty_cents"],
        120_000
    );
}

#[tokio::test]
async fn a_requirement_is_found_and_told_before_its_feedback_is_late() {
    let county = county("2025-03-03T10:00:00").await;
    let requirement = register(&county, "2025-03-03T10:00:00").await;
    let at = path(&requirement);
    county.app.get(&county.town, &at).await.problem(404, "not_found");
    set_clock(&county.app, "2025-03-04T07:36:00");
    county.app.run_jobs().await;
    let told = county.app.get(&county.hospital, "/service/notices").await.ok(200);
    assert_eq!(
        (&told["items"][0]["code"], &told["items"][0]["params"]["percent"]),
        (&json!("requirement_escalated"), &json!(90))
    );
    let unanswered = json!({"step": "answer", "feasible": true, "extra_cost_cents": 0, "answer": "可行"});
    step(&county, &county.lead, &at, unanswered).await.problem(422, "validation_failed");
    let listed = county
        .app
        .get(&county.bureau, "/service/requirements?q=%E6%8A%AC%E5%A4%B4&state=registered&item_code=ecg")
        .await
        .ok(200);
    assert_eq!(listed["items"][0]["id"], requirement["id"]);
    let none = county.app.get(&county.bureau, "/service/requirements?late=true").await.ok(200);
    assert_eq!(none["items"], json!([]));
    step(&county, &county.hospital, &at, json!({"step": "withdraw", "reason": "不再需要"})).await.ok(200);
    step(&county, &county.lead, &at, json!({"step": "deliver", "note": "x"}))
        .await
        .problem(409, "state_conflict");
}

/// The fine of the feedback as the requirement shows it.
fn feedback_fine(view: &Value) -> &Value {
    view["fines"].as_array().unwrap().iter().find(|fine| fine["part"] == "feedback").unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_feedback_that_never_came_is_as_late_as_one_that_came_too_late() {
    let county = county("2025-03-03T10:00:00").await;
    // CONTRACT.md 6: ordinary within 24 h. Nobody says anything; at 24:00:00 h it is in time, a moment later it is not.
    let silent = register(&county, "2025-03-03T10:00:00").await;
    let agreed = register(&county, "2025-03-03T10:00:00").await;
    agree(&county, &agreed, None, "2025-03-20").await;
    let withdrawn = register(&county, "2025-03-03T10:00:00").await;
    let declined = register(&county, "2025-03-03T10:00:00").await;
    set_clock(&county.app, "2025-03-04T10:00:00");
    county.app.run_jobs().await;
    assert_eq!(county.app.get(&county.lead, &path(&silent)).await.ok(200)["penalty_cents"], 0);
    let gone = json!({"step": "withdraw", "reason": "不再需要"});
    let gone = step(&county, &county.hospital, &path(&withdrawn), gone).await.ok(200);
    assert_eq!((&gone["penalty_cents"], &gone["feedback_late"]), (&json!(0), &json!(false)));

    set_clock(&county.app, "2025-03-04T10:00:02");
    county.app.run_jobs().await;
    let late = county.app.get(&county.lead, &path(&silent)).await.ok(200);
    assert_eq!((&late["penalty_cents"], &late["feedback_late"]), (&json!(10_000), &json!(true)));
    assert_eq!(feedback_fine(&late)["derivation"]["inputs"][2]["value"], "none yet");
    assert_eq!(feedback_fine(&late)["derivation"]["steps"][1], "no feedback until then: late");
    // A date that both agreed on is no feedback: it says nothing of the cost (附件1 1.3.2-6(1)).
    assert_eq!(county.app.get(&county.lead, &path(&agreed)).await.ok(200)["penalty_cents"], 10_000);
    // Nor does it help that the bureau declines it afterwards.
    set_clock(&county.app, "2025-03-04T12:00:00");
    let end = json!({"step": "decline", "reason": "不列入本年度"});
    let end = step(&county, &county.bureau, &path(&declined), end).await.ok(200);
    assert_eq!(end["penalty_cents"], 10_000);
    let given = &feedback_fine(&end)["derivation"]["inputs"][2]["value"];
    assert_eq!(given, "none until it was declined at 2025-03-04T12:00:00");
    // The feedback comes at last: still one fine of 100, and no line more in the ledger.
    let answered = answer(&county, &silent, "2025-03-04T11:00:00").await;
    assert_eq!(answered["penalty_cents"], 10_000);
    let penalty = feedback_fine(&answered)["penalty_id"].as_str().unwrap();
    let booked = county.app.get(&county.bureau, &format!("/service/penalties/{penalty}")).await.ok(200);
    assert_eq!(booked["lines"].as_array().unwrap().len(), 1, "{booked}");
    // It had come in time, and was only entered late: the fine is taken back.
    let entry = answered["journal"].as_array().unwrap().iter().find(|e| e["what"]["event"] == "answered");
    let correct = json!({"step": "correct", "event_id": entry.unwrap()["id"], "at": instant("2025-03-04T09:00:00"), "reason": "电话中已反馈"});
    let corrected = step(&county, &county.bureau, &path(&silent), correct).await.ok(200);
    assert_eq!((&corrected["penalty_cents"], &corrected["feedback_late"]), (&json!(0), &json!(false)));
}

#[tokio::test]
async fn a_complaint_belongs_to_one_missed_date() {
    let county = county("2025-05-01T09:00:00").await;
    let requirement = register(&county, "2025-05-01T08:00:00").await;
    let at = path(&requirement);
    answer(&county, &requirement, "2025-05-01T08:30:00").await;
    let agreed = agree(&county, &requirement, None, "2025-05-10").await;
    let milestone = agreed["milestones"][0]["id"].clone();
    let complain = |due: Option<&str>| json!({"step": "complain", "milestone": milestone, "due": due, "to": "city_government", "evidence": "12345工单"});
    // Nothing has been missed that could be complained of.
    step(&county, &county.bureau, &at, complain(None)).await.problem(409, "nothing_missed");
    set_clock(&county.app, "2025-05-11T08:00:00");
    agree(&county, &requirement, Some(&milestone), "2025-05-20").await;
    set_clock(&county.app, "2025-05-21T08:00:00");
    step(&county, &county.bureau, &at, complain(Some("2025-05-12"))).await.problem(422, "validation_failed");
    // CONTRACT.md 6: 200 for each date missed, ×2 where it was complained of: 200 + 400.
    let view = step(&county, &county.bureau, &at, complain(None)).await.ok(200);
    assert_eq!(view["penalty_cents"], 60_000);
    let amounts: Vec<&Value> =
        view["fines"].as_array().unwrap().iter().map(|fine| &fine["amount_cents"]).collect();
    assert_eq!(amounts, [&json!(20_000), &json!(40_000)]);
    assert_eq!(view["milestones"][0]["complaints"][0]["due"], "2025-05-20");
    // Evidence is a file of this requirement.
    let mut shown = complain(None);
    shown["attachment_id"] = requirement["id"].clone();
    step(&county, &county.bureau, &at, shown).await.problem(422, "validation_failed");
    // The other reading stands beside it: each missed date of the milestone doubled.
    let other = &view["fines"][0]["derivation"]["alternatives"];
    assert!(other.to_string().contains("complaint_scope = milestone"), "{other}");
    // Business was affected on the first date: 500 in place of 200.
    let body = json!({"step": "affect_business", "milestone": milestone, "due": "2025-05-10", "evidence": "三家卫生院停诊半天"});
    assert_eq!(step(&county, &county.bureau, &at, body).await.ok(200)["penalty_cents"], 90_000);
    // The parties may read it the other way: 500 and max(500, 400).
    let amend = json!({"valid_from": "2024-11-28", "note": "补充协议", "version": 1, "patch": {"readings": {"complaint_scope": "milestone"}}});
    let contract = format!("/service/contracts/{}/amend", county.contract);
    county.app.post(&county.bureau, &contract, amend).await.ok(200);
    assert_eq!(county.app.get(&county.bureau, &at).await.ok(200)["penalty_cents"], 100_000);
}

#[tokio::test]
async fn one_account_never_acts_for_both_parties() {
    let county = county("2025-05-01T09:00:00").await;
    let requirement = register(&county, "2025-05-01T08:00:00").await;
    let at = path(&requirement);
    let propose = json!({"step": "propose_date", "name": "上线", "due": "2025-05-10"});
    let proposed = step(&county, &county.lead, &at, propose).await.ok(200);
    let accept = json!({"step": "accept_date", "milestone": proposed["milestones"][0]["id"]});
    // The same person works for the bureau now.
    let turned = testkit::staff("项目经理", support::BUREAU, &[("bureau_information", support::REGION)]);
    step(&county, &turned, &at, accept.clone()).await.problem(409, "own_other_party");
    step(&county, &turned, &at, json!({"step": "decline", "reason": "不做"}))
        .await
        .problem(409, "own_other_party");
    let shown = county.app.get(&turned, &at).await.ok(200);
    assert!(!shown["allowed_actions"].to_string().contains("accept_date"), "{}", shown["allowed_actions"]);
    // A note takes no side, and another requirement is another matter.
    step(&county, &turned, &at, json!({"step": "note", "text": "已调岗"})).await.ok(200);
    let other = register(&county, "2025-05-01T08:00:00").await;
    step(&county, &turned, &path(&other), json!({"step": "propose_kind", "kind": "complex"})).await.ok(200);
    step(&county, &county.bureau, &at, accept).await.ok(200);
    // And back: whoever confirmed for the bureau works on nothing of it for the provider.
    let back = testkit::staff("信息科", support::PROVIDER, &[("project_lead", support::REGION)]);
    step(&county, &back, &at, json!({"step": "deliver", "note": "x"})).await.problem(409, "own_other_party");
}

#[tokio::test]
async fn a_year_without_a_calendar_blocks_and_limits_are_told() {
    // The notice for 2027 is not out (CONTRACT.md 7): due dates that need it are unknown, never guessed.
    let county = county("2026-12-31T10:00:00").await;
    let requirement = register(&county, "2026-12-31T10:00:00").await;
    assert_eq!(
        (&requirement["blocked"], &requirement["clocks"]),
        (&json!("calendar_year_unknown"), &json!([]))
    );
    assert_eq!(requirement["penalty_cents"], 0);

    set_clock(&county.app, "2025-05-01T09:00:00");
    let requirement = register(&county, "2025-05-01T08:00:00").await;
    let at = path(&requirement);
    let propose = || json!({"step": "propose_date", "name": "节点", "due": "2025-05-10"});
    for _ in 0..50 {
        step(&county, &county.lead, &at, propose()).await.ok(200);
    }
    step(&county, &county.lead, &at, propose()).await.problem(409, "too_many_milestones");
    let long = json!({"step": "note", "text": "长".repeat(8001)});
    step(&county, &county.lead, &at, long).await.problem(422, "validation_failed");
    let body =
        json!({"title": "长".repeat(101), "description": "x", "received_at": instant("2025-05-01T08:00:00")});
    county.app.post(&county.hospital, "/service/requirements", body).await.problem(422, "validation_failed");
}
