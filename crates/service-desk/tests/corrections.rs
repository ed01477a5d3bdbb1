//! Changes of data: no work before the approval of the bureau's information section (附件1 1.3.2-4).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::{County, county, instant, open, set_clock, step};

fn form(ticket: Option<&Value>, touches: Value) -> Value {
    json!({"ticket_id": ticket.map(|t| t["id"].clone()), "item_code": "emr_quality", "title": "更正出院诊断", "reason": "录入错误", "touches": touches,
        "changes": [{"object": "discharge", "key": "住院号 20250301", "field": "主要诊断", "before": "I10", "after": "I11.9"}],
        "rollback_plan": "按修改前的值写回"})
}

/// A charge problem that is settled without a change of data.
fn without_rows(touches: Value) -> Value {
    let mut body = form(None, touches);
    body["changes"] = json!([]);
    body
}

async fn request(county: &County, body: Value) -> Value {
    county.app.post(&county.hospital, "/service/corrections", body).await.ok(201)
}

fn path(correction: &Value) -> String {
    format!("/service/corrections/{}", correction["id"].as_str().unwrap())
}

fn execute(after: &str) -> Value {
    json!({"step": "execute", "steps": "UPDATE discharge SET …", "after": [after]})
}

#[tokio::test]
async fn nothing_is_changed_before_the_approval_and_a_ticket_waits_for_it() {
    let county = county("2025-03-03T10:00:00").await;
    let body = json!({"channel": "phone", "class": "data_correction", "priority": 2, "item_code": "emr_quality", "title": "更正出院诊断"});
    let ticket = county.app.post(&county.hospital, "/service/tickets", body).await.ok(201);
    let at_ticket = format!("/service/tickets/{}", ticket["id"].as_str().unwrap());
    let solve = json!({"step": "resolve", "solution": "已更正"});
    step(&county, &county.engineer, &at_ticket, solve.clone()).await.problem(409, "approval_required");

    let correction = request(&county, form(Some(&ticket), json!({"medical_document": true}))).await;
    assert_eq!((&correction["state"], &correction["approval_needed"]), (&json!("requested"), &json!(true)));
    let at = path(&correction);
    step(&county, &county.engineer, &at, execute("I11.9")).await.problem(409, "approval_required");
    let approve = json!({"step": "approve", "opinion": "同意"});
    step(&county, &county.engineer, &at, approve.clone()).await.problem(403, "forbidden");
    step(&county, &county.town, &at, approve.clone()).await.problem(404, "not_found");
    set_clock(&county.app, "2025-03-03T11:00:00");
    let approved = step(&county, &county.bureau, &at, approve).await.ok(200);
    assert_eq!(approved["state"], "approved");
    // The ticket knows at once.
    step(&county, &county.engineer, &at_ticket, solve).await.ok(200);
    // An execution dated before the approval is no execution; it can be reported for what it is.
    let mut early = execute("I11.9");
    early["at"] = json!(instant("2025-03-03T10:30:00"));
    step(&county, &county.engineer, &at, early).await.problem(422, "validation_failed");
    let report = json!({"step": "report_violation", "what": "10:30 已在库中修改"});
    assert_eq!(step(&county, &county.bureau, &at, report).await.ok(200)["violation"], true);
    // What was found afterwards is compared with what was approved.
    step(&county, &county.engineer, &at, execute("I11.0")).await.problem(422, "validation_failed");
    let mut explained = execute("I11.0");
    explained["deviation_reason"] = json!("编码员电话更正");
    let done = step(&county, &county.engineer, &at, explained).await.ok(200);
    assert_eq!((&done["state"], &done["executed"]), (&json!("executed"), &json!(["I11.0"])));
    step(&county, &county.bureau, &at, json!({"step": "review", "right": false}))
        .await
        .problem(422, "validation_failed");
    let back =
        step(&county, &county.bureau, &at, json!({"step": "review", "right": false, "note": "与申请不符"}))
            .await
            .ok(200);
    assert_eq!(back["state"], "approved");
    step(&county, &county.engineer, &at, execute("I11.9")).await.ok(200);
    let closed = step(&county, &county.bureau, &at, json!({"step": "review", "right": true})).await.ok(200);
    assert_eq!(closed["state"], "closed");
    // Values stand in the record alone: neither the journal nor the list carries them.
    assert!(!closed["journal"].to_string().contains("I11"), "{}", closed["journal"]);
    let listed = county.app.get(&county.auditor, "/service/corrections?violations=true").await.ok(200);
    assert_eq!(listed["items"][0]["id"], correction["id"]);
    assert!(!listed.to_string().contains("I10"));
    let printed = county.app.get(&county.hospital, &format!("{at}/pdf")).await;
    assert!(printed.status.is_success() && printed.bytes.starts_with(b"%PDF-1.7"));
    if let Ok(path) = std::env::var("TIANMU_KEEP_PDF") {
        std::fs::write(format!("{path}/correction.pdf"), &printed.bytes).unwrap();
    }
}

#[tokio::test]
async fn the_amount_decides_and_nobody_approves_their_own_request() {
    let county = county("2025-03-03T10:00:00").await;
    // 999.99 yuan need no approval, 1000.00 do (G2: "or more" includes the number), as long as no data are changed.
    let small = request(&county, without_rows(json!({"amount_cents": 99_999}))).await;
    assert_eq!((&small["state"], &small["approval_needed"]), (&json!("approved"), &json!(false)));
    let large = request(&county, without_rows(json!({"amount_cents": 100_000}))).await;
    assert_eq!(large["approval_needed"], true);
    assert_eq!(large["approval"]["clause"], "附件1 1.3.2-4");
    let organisation = county.hospital.organisation_id;
    let mut own = form(None, json!({"database_change": true}));
    own["organisation_id"] = json!(organisation);
    let own = county.app.post(&county.bureau, "/service/corrections", own).await.ok(201);
    step(&county, &county.bureau, &path(&own), json!({"step": "approve"})).await.problem(409, "own_request");
    let rejected =
        step(&county, &county.bureau, &path(&large), json!({"step": "reject", "reason": "应走退费流程"}))
            .await
            .ok(200);
    assert_eq!(rejected["state"], "rejected");
    step(&county, &county.engineer, &path(&large), execute("I11.9")).await.problem(409, "state_conflict");
    // Whoever worked on it before it was rejected did so without an approval.
    let report = json!({"step": "report_violation", "what": "驳回前已修改"});
    assert_eq!(step(&county, &county.bureau, &path(&large), report).await.ok(200)["violation"], true);
    let withdrawn =
        step(&county, &county.hospital, &path(&small), json!({"step": "withdraw", "reason": "重复"}))
            .await
            .ok(200);
    assert_eq!(withdrawn["state"], "withdrawn");
    let mut same = form(None, json!({"database_change": true}));
    same["changes"][0]["after"] = json!("I10");
    let refused = county
        .app
        .post(&county.hospital, "/service/corrections", same)
        .await
        .problem(422, "validation_failed");
    assert_eq!(refused["errors"][0]["field"], "changes[0].after");
    let mut none = form(None, json!({"database_change": true}));
    none["changes"] = json!([]);
    county.app.post(&county.hospital, "/service/corrections", none).await.problem(422, "validation_failed");
    let foreign = open(&county, "fault", "2025-03-03T09:00:00").await;
    county
        .app
        .post(&county.town, "/service/corrections", form(Some(&foreign), json!({})))
        .await
        .problem(422, "validation_failed");
}

#[tokio::test]
async fn whatever_changes_data_needs_the_approval_however_little_it_says_it_touches() {
    let county = county("2025-03-03T10:00:00").await;
    // CONTRACT.md R4: any change of data in a database.
    for touches in [json!({}), json!({"amount_cents": 100})] {
        let made = request(&county, form(None, touches.clone())).await;
        assert_eq!(
            (&made["state"], &made["approval_needed"]),
            (&json!("requested"), &json!(true)),
            "{touches}"
        );
        assert_eq!(made["touches"]["database_change"], true);
        step(&county, &county.engineer, &path(&made), execute("I11.9"))
            .await
            .problem(409, "approval_required");
    }
    // A form that changes nothing and names no charge has nothing to be about.
    for touches in
        [json!({}), json!({"medical_document": true}), json!({"database_change": true, "amount_cents": 1})]
    {
        let refused = county.app.post(&county.hospital, "/service/corrections", without_rows(touches)).await;
        assert_eq!(refused.problem(422, "validation_failed")["errors"][0]["field"], "changes");
    }
}

#[tokio::test]
async fn a_withdrawn_form_blocks_its_ticket_again_unless_another_covers_it() {
    let county = county("2025-03-03T10:00:00").await;
    let body = json!({"channel": "phone", "class": "data_correction", "priority": 2, "item_code": "emr_quality", "title": "更正出院诊断"});
    let ticket = county.app.post(&county.hospital, "/service/tickets", body).await.ok(201);
    let at_ticket = format!("/service/tickets/{}", ticket["id"].as_str().unwrap());
    let solve = json!({"step": "resolve", "solution": "已更正"});
    let mut forms = Vec::new();
    for _ in 0..2 {
        let made = request(&county, form(Some(&ticket), json!({"database_change": true}))).await;
        step(&county, &county.bureau, &path(&made), json!({"step": "approve"})).await.ok(200);
        forms.push(made);
    }
    let withdraw = json!({"step": "withdraw", "reason": "填错"});
    step(&county, &county.hospital, &path(&forms[0]), withdraw.clone()).await.ok(200);
    // The second form still covers the work; without it nothing does.
    step(&county, &county.hospital, &path(&forms[1]), withdraw).await.ok(200);
    step(&county, &county.engineer, &at_ticket, solve.clone()).await.problem(409, "approval_required");
    // Work that was done under a withdrawn form is recorded for what it was.
    let report = json!({"step": "report_violation", "what": "撤回后仍修改"});
    assert_eq!(step(&county, &county.bureau, &path(&forms[0]), report).await.ok(200)["violation"], true);
    let third = request(&county, form(Some(&ticket), json!({"database_change": true}))).await;
    step(&county, &county.bureau, &path(&third), json!({"step": "approve"})).await.ok(200);
    let fourth = request(&county, form(Some(&ticket), json!({"database_change": true}))).await;
    step(&county, &county.bureau, &path(&fourth), json!({"step": "approve"})).await.ok(200);
    step(&county, &county.hospital, &path(&fourth), json!({"step": "withdraw", "reason": "重复"}))
        .await
        .ok(200);
    step(&county, &county.engineer, &at_ticket, solve).await.ok(200);
}

#[tokio::test]
async fn a_script_with_values_stays_in_the_form_and_the_contract_of_the_request_counts() {
    let county = county("2025-03-03T10:00:00").await;
    let made = request(&county, form(None, json!({"database_change": true}))).await;
    let at = path(&made);
    step(&county, &county.bureau, &at, json!({"step": "approve"})).await.ok(200);
    // The SM3 of "abc": GB/T 32905-2016, annex A.1.
    let body =
        json!({"step": "execute", "steps": "abc", "after": ["I11.0"], "deviation_reason": "应为 I11.0"});
    let done = step(&county, &county.engineer, &at, body).await.ok(200);
    let execution = &done["executions"][0];
    assert_eq!((&execution["steps"], &execution["deviation_reason"]), (&json!("abc"), &json!("应为 I11.0")));
    let told = &done["journal"][0]["what"];
    assert_eq!((&told["lines"], &told["deviations"]), (&json!(1), &json!(1)));
    assert_eq!(told["sm3"], "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    assert!(!done["journal"].to_string().contains("I11"), "{}", done["journal"]);
    // Not right: it is done again, and the first script stays readable in the form.
    step(&county, &county.bureau, &at, json!({"step": "review", "right": false, "note": "不符"}))
        .await
        .ok(200);
    let again = step(&county, &county.engineer, &at, execute("I11.9")).await.ok(200);
    assert_eq!(again["executions"].as_array().unwrap().len(), 2);

    // The amount is amended backwards: the form keeps what its own day's contract said, in figure and derivation.
    let small = request(&county, without_rows(json!({"amount_cents": 99_999}))).await;
    let amend = json!({"valid_from": "2024-11-28", "note": "补充协议", "version": 1, "patch": {"figures": {"approval_amount": "500.00"}}});
    let contract = format!("/service/contracts/{}/amend", county.contract);
    county.app.post(&county.bureau, &contract, amend).await.ok(200);
    let kept = county.app.get(&county.hospital, &path(&small)).await.ok(200);
    assert_eq!(kept["approval_needed"], false);
    assert_eq!(kept["approval"]["steps"][0], "999.99 is below 1000.00");
    let now = request(&county, without_rows(json!({"amount_cents": 99_999}))).await;
    assert_eq!(now["approval_needed"], true);
}

#[tokio::test]
async fn limits_are_told_with_their_place() {
    let county = county("2025-03-03T10:00:00").await;
    let refused = |body: Value| async {
        let answer = county.app.post(&county.hospital, "/service/corrections", body).await;
        answer.problem(422, "validation_failed")["errors"][0]["field"].as_str().unwrap().to_owned()
    };
    let mut many = form(None, json!({"database_change": true}));
    many["changes"] = json!(vec![many["changes"][0].clone(); 200]);
    request(&county, many.clone()).await;
    many["changes"] = json!(vec![many["changes"][0].clone(); 201]);
    assert_eq!(refused(many).await, "changes");
    let mut long = form(None, json!({"database_change": true}));
    long["changes"][0]["after"] = json!("长".repeat(4000));
    request(&county, long.clone()).await;
    long["changes"][0]["after"] = json!("长".repeat(4001));
    assert_eq!(refused(long).await, "changes[0].after");
    // The ticket of one institution says nothing about the data of another.
    let body =
        json!({"channel": "phone", "class": "fault", "priority": 2, "item_code": "ecg", "title": "心电"});
    let ticket = county.app.post(&county.town, "/service/tickets", body).await.ok(201);
    let mut elsewhere = form(Some(&ticket), json!({"database_change": true}));
    elsewhere["organisation_id"] = json!(county.hospital.organisation_id);
    let answer = county.app.post(&county.bureau, "/service/corrections", elsewhere.clone()).await;
    assert_eq!(answer.problem(422, "validation_failed")["errors"][0]["code"], "ticket_elsewhere");
    elsewhere["organisation_id"] = json!(county.town.organisation_id);
    let made = county.app.post(&county.bureau, "/service/corrections", elsewhere).await.ok(201);
    // The list of one institution.
    request(&county, form(None, json!({"database_change": true}))).await;
    let town = county.town.organisation_id.unwrap();
    let listed =
        county.app.get(&county.bureau, &format!("/service/corrections?organisation_id={town}")).await.ok(200);
    assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["id"]), (1, &made["id"]));
}
