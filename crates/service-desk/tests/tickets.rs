//! Tickets from the call to the rating, with the clocks of 附件1 1.3.2-3.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::{County, HOSPITAL, county, instant, open, set_clock, step};

fn path(ticket: &Value) -> String {
    format!("/service/tickets/{}", ticket["id"].as_str().unwrap())
}

fn clock<'a>(ticket: &'a Value, name: &str) -> &'a Value {
    let clocks = ticket["clocks"].as_array().unwrap();
    clocks.iter().find(|clock| clock["name"] == name).unwrap_or(&Value::Null)
}

async fn respond(county: &County, ticket: &Value, at: &str) -> Value {
    let body = json!({"step": "respond", "at": instant(at)});
    step(county, &county.engineer, &path(ticket), body).await.ok(200)
}

#[tokio::test]
async fn a_question_is_answered_within_a_quarter_of_an_hour_and_handled_within_half_an_hour_of_the_answer() {
    let county = county("2025-03-03T10:20:00").await;
    // Monday, 09:58: working time, so 15 minutes; exactly 15:00 is on time, a second more is not (G2).
    let ticket = open(&county, "question", "2025-03-03T09:58:00").await;
    assert_eq!(ticket["state"], "open");
    assert_eq!(clock(&ticket, "response")["due_at"], instant("2025-03-03T10:13:00"));
    let answered = respond(&county, &ticket, "2025-03-03T10:13:00").await;
    assert_eq!(answered["response_late"], false);
    // R2: the half hour runs from the response.
    assert_eq!(clock(&answered, "handling")["due_at"], instant("2025-03-03T10:43:00"));
    let late = open(&county, "question", "2025-03-03T09:58:00").await;
    let late = respond(&county, &late, "2025-03-03T10:13:01").await;
    assert_eq!(late["response_late"], true);
    assert_eq!(clock(&late, "response")["breached_at"], instant("2025-03-03T10:13:00"));

    set_clock(&county.app, "2025-03-03T10:43:00");
    let body = json!({"step": "resolve", "solution": "重新选择打印机", "cause": "打印机离线"});
    let solved = step(&county, &county.engineer, &path(&answered), body).await.ok(200);
    assert_eq!((&solved["state"], &solved["handling_late"]), (&json!("resolved"), &json!(false)));
    // Who reported it says that it works, and how they liked it; the engineer cannot.
    step(&county, &county.engineer, &path(&solved), json!({"step": "rate", "stars": 5}))
        .await
        .problem(403, "forbidden");
    step(&county, &county.town, &path(&solved), json!({"step": "close"})).await.problem(404, "not_found");
    let closed = step(&county, &county.hospital, &path(&solved), json!({"step": "close"})).await.ok(200);
    assert_eq!(closed["state"], "closed");
    let rated = step(
        &county,
        &county.hospital,
        &path(&solved),
        json!({"step": "rate", "stars": 5, "comment": "很快"}),
    )
    .await;
    assert_eq!(rated.ok(200)["rating"], 5);
    step(&county, &county.hospital, &path(&solved), json!({"step": "close"}))
        .await
        .problem(409, "state_conflict");
    let actions = county.app.audit_actions().await;
    assert!(actions.contains(&("service_ticket_changed".into(), "allowed".into())));
    assert!(actions.contains(&("ticket_confirm".into(), "denied".into())), "{actions:?}");
}

#[tokio::test]
async fn the_class_of_the_response_clock_is_fixed_by_the_moment_of_opening() {
    let county = county("2025-10-09T12:00:00").await;
    // CONTRACT.md 5: opened, limit. 17:25 keeps its 15 minutes although work ends at 17:30; 07:50 is before work;
    // Sunday 28 September 2025 is worked; Wednesday 8 October is off.
    for (opened, due) in [
        ("2025-03-03T17:25:00", "2025-03-03T17:40:00"),
        ("2025-03-03T07:50:00", "2025-03-03T08:20:00"),
        ("2025-09-28T10:00:00", "2025-09-28T10:15:00"),
        ("2025-10-08T10:00:00", "2025-10-08T10:30:00"),
    ] {
        let ticket = open(&county, "fault", opened).await;
        assert_eq!(clock(&ticket, "response")["due_at"], instant(due), "{opened}");
    }
}

#[tokio::test]
async fn what_takes_longer_gets_a_deadline_that_both_sides_agree_on_and_only_the_contracts_reasons_stop_its_clock()
 {
    let county = county("2025-03-03T09:00:00").await;
    let ticket = open(&county, "fault", "2025-03-03T09:00:00").await;
    respond(&county, &ticket, "2025-03-03T09:00:00").await;
    let at = path(&ticket);
    // The text sets no limit for a fault: there is no handling clock until one is agreed.
    let now = county.app.get(&county.engineer, &at).await.ok(200);
    assert!(clock(&now, "handling").is_null());
    let propose = json!({"step": "propose_deadline", "due_at": instant("2025-03-03T17:00:00")});
    let proposed = step(&county, &county.engineer, &at, propose).await.ok(200);
    assert!(clock(&proposed, "handling").is_null(), "one side alone agrees on nothing");
    step(&county, &county.engineer, &at, json!({"step": "accept_deadline"}))
        .await
        .problem(409, "own_proposal");
    let agreed = step(&county, &county.hospital, &at, json!({"step": "accept_deadline"})).await.ok(200);
    assert_eq!(clock(&agreed, "handling")["due_at"], instant("2025-03-03T17:00:00"));
    // Two hours of waiting for party A move the date by two hours, and the explanation names them.
    set_clock(&county.app, "2025-03-03T12:00:00");
    let pause = json!({"step": "pause", "pause": "party_a", "note": "等待医院开放机房"});
    let paused = step(&county, &county.engineer, &at, pause).await.ok(200);
    assert_eq!(clock(&paused, "handling")["paused"], true);
    assert!(clock(&paused, "response")["stopped_at"].is_string(), "a response clock never pauses");
    set_clock(&county.app, "2025-03-03T14:00:00");
    let resumed = step(&county, &county.engineer, &at, json!({"step": "resume"})).await.ok(200);
    let handling = clock(&resumed, "handling");
    assert_eq!(handling["due_at"], instant("2025-03-03T19:00:00"));
    let skipped: Vec<&Value> =
        handling["intervals"].as_array().unwrap().iter().filter(|i| i["counted"] == false).collect();
    assert_eq!((skipped.len(), &skipped[0]["why"]), (1, &json!("party_a")));
    step(&county, &county.engineer, &at, json!({"step": "pause", "pause": "lunch", "note": "x"}))
        .await
        .ok(422);
    // A later date, agreed anew, is what counts.
    let again = json!({"step": "propose_deadline", "due_at": instant("2025-03-04T12:00:00")});
    step(&county, &county.hospital, &at, again).await.ok(200);
    let agreed = step(&county, &county.engineer, &at, json!({"step": "accept_deadline"})).await.ok(200);
    assert_eq!(clock(&agreed, "handling")["due_at"], instant("2025-03-04T12:00:00"));
}

#[tokio::test]
async fn a_chat_message_typed_in_later_keeps_its_time_and_a_corrected_time_is_computed_anew_with_the_old_one_shown()
 {
    let county = county("2025-03-03T10:00:00").await;
    let ticket = open(&county, "question", "2025-03-03T09:40:00").await;
    assert_eq!(ticket["opened_at"], instant("2025-03-03T09:40:00"));
    assert_eq!(ticket["recorded_at"], instant("2025-03-03T10:00:00"));
    let answered = respond(&county, &ticket, "2025-03-03T10:00:00").await;
    assert_eq!(answered["response_late"], true, "limit 09:55");
    // The answer was given in the chat at 09:50: the desk corrects the entry; an engineer may not.
    let journal = answered["journal"].as_array().unwrap();
    let entry = journal.iter().find(|e| e["what"]["event"] == "responded").unwrap();
    let fix = json!({"step": "correct", "event_id": entry["id"], "at": instant("2025-03-03T09:50:00"), "reason": "聊天记录为9:50"});
    step(&county, &county.engineer, &path(&ticket), fix.clone()).await.problem(403, "forbidden");
    let fixed = step(&county, &county.duty, &path(&ticket), fix.clone()).await.ok(200);
    assert_eq!(fixed["response_late"], false);
    let journal = fixed["journal"].as_array().unwrap();
    assert_eq!(journal[0]["what"]["event"], "replayed");
    assert!(journal[0]["what"]["changes"].to_string().contains("response: late → in time"), "{}", journal[0]);
    let old = journal.iter().find(|e| e["id"] == entry["id"]).unwrap();
    assert_eq!(
        (old["superseded"].clone(), old["at"].clone()),
        (json!(true), json!(instant("2025-03-03T10:00:00")))
    );
    step(&county, &county.duty, &path(&ticket), fix).await.problem(422, "validation_failed");
    let future = json!({"step": "respond", "at": instant("2025-03-03T11:00:00")});
    let other = open(&county, "question", "2025-03-03T09:59:00").await;
    step(&county, &county.engineer, &path(&other), future).await.problem(422, "validation_failed");
    let early = json!({"step": "respond", "at": instant("2025-03-03T09:00:00")});
    step(&county, &county.engineer, &path(&other), early).await.problem(422, "validation_failed");
}

#[tokio::test]
async fn new_hours_and_a_new_contract_version_replay_what_is_open() {
    let county = county("2025-03-03T12:30:00").await;
    let ticket = open(&county, "question", "2025-03-03T12:10:00").await;
    assert_eq!(
        clock(&ticket, "response")["due_at"],
        instant("2025-03-03T12:25:00"),
        "noon is working time by default"
    );
    // The hospital closes at noon: then 30 minutes are what counts.
    let organisation = county.hospital.organisation_id.unwrap();
    let hours = json!({"organisation_id": organisation, "valid_from": "2025-03-01",
        "hours": {"usual": ["08:00-11:30", "14:00-17:30"], "seasons": [{"from": "06-01", "to": "09-30", "hours": ["08:00-11:30", "14:30-18:00"]}]}});
    county.app.post(&county.town, "/service/hours", hours.clone()).await.problem(403, "forbidden");
    county.app.post(&county.bureau, "/service/hours", hours).await.ok(200);
    let moved = county.app.get(&county.hospital, &path(&ticket)).await.ok(200);
    assert_eq!(clock(&moved, "response")["due_at"], instant("2025-03-03T12:40:00"));
    let entry = &moved["journal"][0];
    assert_eq!(
        entry["what"]["changes"],
        json!([
            "response_due_at: 2025-03-03 12:25 → 2025-03-03 12:40",
            "handling_due_at: 2025-03-03 12:55 → 2025-03-03 13:10"
        ])
    );
    // The parties agree on 20 minutes outside working time, from March on.
    let amend = |version: i32| json!({"valid_from": "2025-03-01", "note": "补充协议", "version": version, "patch": {"figures": {"response_other_min": 20}}});
    let contract = format!("/service/contracts/{}/amend", county.contract);
    county.app.post(&county.lead, &contract, amend(1)).await.problem(403, "forbidden");
    let amended = county.app.post(&county.bureau, &contract, amend(1)).await.ok(200);
    assert_eq!(amended["versions"][0]["changes"], json!(["figures.response_other_min: 30 → 20"]));
    county.app.post(&county.bureau, &contract, amend(1)).await.problem(409, "stale_version");
    let moved = county.app.get(&county.hospital, &path(&ticket)).await.ok(200);
    assert_eq!(clock(&moved, "response")["due_at"], instant("2025-03-03T12:30:00"));
    assert_eq!(moved["contract_version"], 2);
    let broken =
        json!({"valid_from": "2025-03-01", "note": "错误", "version": 2, "patch": {"total": "1.00"}});
    county.app.post(&county.bureau, &contract, broken).await.problem(422, "validation_failed");
}

#[tokio::test]
async fn a_year_without_a_calendar_blocks_the_clocks_until_its_notice_comes() {
    let county = county("2027-01-04T10:00:00").await;
    let ticket = open(&county, "question", "2027-01-04T09:58:00").await;
    assert_eq!((&ticket["blocked"], &ticket["clocks"]), (&json!("calendar_year_unknown"), &json!([])));
    county
        .app
        .post(
            &county.bureau,
            "/service/calendar",
            json!({"text": "{\"year\": 2027, \"papers\": [], \"days\": []}"}),
        )
        .await
        .ok(422);
    let notice = "year = 2027\nsource = \"made up for this test\"\noff = [\"2027-01-01 元旦\"]\nwork = []\n";
    county
        .app
        .post(&county.hospital, "/service/calendar", json!({"text": notice}))
        .await
        .problem(403, "forbidden");
    county.app.post(&county.bureau, "/service/calendar", json!({"text": notice})).await.ok(200);
    let ticket = county.app.get(&county.hospital, &path(&ticket)).await.ok(200);
    assert_eq!(clock(&ticket, "response")["due_at"], instant("2027-01-04T10:13:00"));
    assert_eq!(ticket["blocked"], Value::Null);
}

#[tokio::test]
async fn parts_are_free_under_the_cloud_and_billed_under_the_video_item() {
    let county = county("2025-03-03T10:00:00").await;
    let ticket = open(&county, "fault", "2025-03-03T10:00:00").await;
    respond(&county, &ticket, "2025-03-03T10:00:00").await;
    for (item, billable) in [("cloud", 0), ("video", 2 * 128_050)] {
        let classify = json!({"step": "classify", "class": "fault", "priority": 2, "item_code": item});
        step(&county, &county.engineer, &path(&ticket), classify).await.ok(200);
        let part =
            json!({"step": "use_part", "name": "电源模块", "quantity": 2, "unit_price_cents": 128_050});
        let used = step(&county, &county.engineer, &path(&ticket), part).await.ok(200);
        assert_eq!(used["billable_cents"], billable, "{item}");
    }
    // Whoever says otherwise than the item says why.
    let ticket = open(&county, "fault", "2025-03-03T09:00:00").await;
    step(&county, &county.engineer, &path(&ticket), json!({"step": "respond"})).await.ok(200);
    let classify = json!({"step": "classify", "class": "fault", "priority": 2, "item_code": "cloud"});
    step(&county, &county.engineer, &path(&ticket), classify).await.ok(200);
    let mut part = json!({"step": "use_part", "name": "硬盘", "quantity": 1, "unit_price_cents": 90_000, "billable": true});
    let refused = step(&county, &county.engineer, &path(&ticket), part.clone()).await;
    assert_eq!(refused.problem(422, "validation_failed")["errors"][0]["field"], "reason");
    part["reason"] = json!("甲方要求增配，不属保修");
    let used = step(&county, &county.engineer, &path(&ticket), part).await.ok(200);
    let reason = &used["journal"][0]["reason"];
    assert_eq!((&used["billable_cents"], reason), (&json!(90_000), &json!("甲方要求增配，不属保修")));
    // Forms read this from the contract in force, without prices.
    let terms = county.app.get(&county.town, "/service/terms").await.ok(200);
    let video = &terms["items"][1];
    assert_eq!((&video["code"], &video["parts"]), (&json!("video"), &json!("billable")));
    assert_eq!(terms["approval_amount_cents"], 100_000);
    assert_eq!(terms["pause_reasons"], json!(["party_a", "force_majeure"]));
    assert!(!terms.to_string().contains("price"));
    let elsewhere = format!("/service/terms?organisation_id={}", county.hospital.organisation_id.unwrap());
    county.app.get(&county.town, &elsewhere).await.problem(404, "not_found");
    // A contract that knows one ground for pausing has only that.
    let amend = json!({"valid_from": "2024-11-28", "note": "补充协议", "version": 1, "patch": {"pause_grounds": ["force_majeure"]}});
    let contract = format!("/service/contracts/{}/amend", county.contract);
    county.app.post(&county.bureau, &contract, amend).await.ok(200);
    let pause = json!({"step": "pause", "pause": "party_a", "note": "等待机房开门"});
    let refused = step(&county, &county.engineer, &path(&ticket), pause).await;
    assert_eq!(refused.problem(422, "validation_failed")["errors"][0]["code"], "pause_not_agreed");
    let part = json!({"step": "use_part", "name": "电源模块", "quantity": 0, "unit_price_cents": 1});
    step(&county, &county.engineer, &path(&ticket), part).await.problem(422, "validation_failed");
    let classify = json!({"step": "classify", "class": "fault", "priority": 2, "item_code": "fax"});
    step(&county, &county.engineer, &path(&ticket), classify).await.problem(422, "validation_failed");
}

#[tokio::test]
async fn a_charge_problem_of_a_thousand_yuan_is_not_solved_before_its_approval() {
    let county = county("2025-03-03T10:00:00").await;
    for (cents, needed) in [(99_999, false), (100_000, true)] {
        let body = json!({"channel": "phone", "class": "fault", "priority": 2, "item_code": "emr_quality", "title": "收费错误",
            "touches": {"amount_cents": cents}});
        let ticket = county.app.post(&county.hospital, "/service/tickets", body).await.ok(201);
        assert_eq!(ticket["approval_needed"], needed, "{cents}");
        respond(&county, &ticket, "2025-03-03T10:00:00").await;
        let answer =
            step(&county, &county.engineer, &path(&ticket), json!({"step": "resolve", "solution": "已更正"}))
                .await;
        if needed {
            answer.problem(409, "approval_required");
        } else {
            answer.ok(200);
        }
    }
}

#[tokio::test]
async fn an_outage_is_answered_and_solved_once_for_everybody_who_reported_it() {
    let county = county("2025-03-03T10:00:00").await;
    let parent = open(&county, "fault", "2025-03-03T09:59:00").await;
    let child = open(&county, "fault", "2025-03-03T10:00:00").await;
    let join = json!({"step": "join", "parent_id": parent["id"]});
    step(&county, &county.engineer, &path(&child), join.clone()).await.problem(403, "forbidden");
    step(&county, &county.duty, &path(&child), join.clone()).await.ok(200);
    step(&county, &county.duty, &path(&parent), json!({"step": "join", "parent_id": child["id"]}))
        .await
        .problem(422, "validation_failed");
    let listed = county.app.get(&county.hospital, &path(&parent)).await.ok(200);
    assert_eq!(listed["children"][0]["id"], child["id"]);
    let body = json!({"step": "resolve", "solution": "交换机已更换"});
    step(&county, &county.engineer, &path(&parent), body).await.ok(200);
    let child = county.app.get(&county.hospital, &path(&child)).await.ok(200);
    assert_eq!((&child["state"], &child["solution"]), (&json!("resolved"), &json!("交换机已更换")));
    // It was not: reopening starts the clocks again and keeps the time in between out.
    set_clock(&county.app, "2025-03-03T11:00:00");
    let reopened =
        step(&county, &county.hospital, &path(&child), json!({"step": "reopen", "reason": "又断了"}))
            .await
            .ok(200);
    assert_eq!(reopened["state"], "working");
}

#[tokio::test]
async fn a_clock_that_runs_out_tells_before_its_limit_and_a_restart_loses_nothing() {
    let county = county("2025-03-03T10:00:00").await;
    let ticket = open(&county, "question", "2025-03-03T10:00:00").await;
    let take = json!({"step": "assign", "account_id": county.engineer.account_id});
    step(&county, &county.engineer, &path(&ticket), take).await.ok(200);
    let other = json!({"step": "assign", "account_id": county.duty.account_id});
    step(&county, &county.engineer, &path(&ticket), other).await.problem(403, "forbidden");
    // Half of 15 minutes is 7:30; nothing is told before.
    set_clock(&county.app, "2025-03-03T10:07:29");
    county.app.run_jobs().await;
    let notices = "/service/notices?unread=true";
    assert_eq!(county.app.get(&county.engineer, notices).await.ok(200)["items"], json!([]));
    set_clock(&county.app, "2025-03-03T10:07:30");
    county.app.run_jobs().await;
    let told = county.app.get(&county.engineer, notices).await.ok(200);
    assert_eq!(
        (&told["items"][0]["code"], &told["items"][0]["params"]["percent"]),
        (&json!("ticket_escalated"), &json!(50))
    );
    // The program was down until after the limit: the highest level is told, once.
    set_clock(&county.app, "2025-03-03T10:20:00");
    county.app.run_jobs().await;
    county.app.run_jobs().await;
    let told = county.app.get(&county.engineer, notices).await.ok(200);
    assert_eq!(
        (told["items"].as_array().unwrap().len(), &told["items"][0]["params"]["percent"]),
        (2, &json!(100))
    );
    // At the limit the desk, the lead and the bureau hear of it too; at half of it only whoever works on it did.
    for who in [&county.duty, &county.lead, &county.bureau] {
        let told = county.app.get(who, notices).await.ok(200);
        assert_eq!(
            (told["items"].as_array().unwrap().len(), &told["items"][0]["params"]["percent"]),
            (1, &json!(100))
        );
    }
    let read = format!("/service/notices/{}/read", told["items"][0]["id"].as_str().unwrap());
    county.app.post(&county.lead, &read, Value::Null).await.problem(404, "not_found");
    county.app.post(&county.engineer, &read, Value::Null).await.ok(204);
}

#[tokio::test]
async fn lists_are_filtered_paged_and_scoped() {
    let county = county("2025-03-03T10:00:00").await;
    for minute in 0..5 {
        open(&county, "fault", &format!("2025-03-03T09:0{minute}:00")).await;
    }
    let page = county.app.get(&county.duty, "/service/tickets?limit=3").await.ok(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    let next = format!("/service/tickets?limit=3&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = county.app.get(&county.duty, &next).await.ok(200);
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (2, &Value::Null));
    let pressing = county.app.get(&county.duty, "/service/tickets?sort=pressing&state=open").await.ok(200);
    assert_eq!(pressing["items"][0]["opened_at"], instant("2025-03-03T09:00:00"));
    let counts = county.app.get(&county.duty, "/service/tickets/counts").await.ok(200);
    assert_eq!(
        (&counts["unanswered"], &counts["late"], &counts["unassigned"]),
        (&json!(5), &json!(5), &json!(5))
    );
    let elsewhere = county.app.get(&county.town, "/service/tickets").await.ok(200);
    assert_eq!(elsewhere["items"], json!([]));
    let found = county
        .app
        .get(&county.hospital, "/service/tickets?q=%E6%89%93%E5%8D%B0&class=fault&late=true")
        .await
        .ok(200);
    assert_eq!(found["items"].as_array().unwrap().len(), 5);
    county.app.get(&county.hospital, "/service/tickets?state=lost").await.problem(422, "validation_failed");
    let nobody = testkit::staff("路人", HOSPITAL, &[]);
    county.app.get(&nobody, "/service/tickets").await.problem(403, "forbidden");
}
