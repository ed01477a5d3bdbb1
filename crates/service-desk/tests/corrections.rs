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
    // 999.99 yuan need no approval, 1000.00 do (G2: "or more" includes the number).
    let small = request(&county, form(None, json!({"amount_cents": 99_999}))).await;
    assert_eq!((&small["state"], &small["approval_needed"]), (&json!("approved"), &json!(false)));
    let large = request(&county, form(None, json!({"amount_cents": 100_000}))).await;
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
