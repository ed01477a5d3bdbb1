//! Two records of one person become one, and can be taken apart again.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use kernel::PatientId;
use serde_json::{Value, json};
use support::*;

const REASON: &str = "同一人重复登记，已电话核实";

async fn merge(county: &County, survivor: &Value, absorbed: &Value) -> testkit::Answer {
    let body = json!({ "absorbed_patient_id": absorbed["id"], "reason": REASON });
    county.app.post(&county.region_manager, &format!("/patients/{}/merge", id(survivor)), body).await
}

async fn undo(county: &County, survivor: &Value, absorbed: &Value) -> testkit::Answer {
    let merges =
        county.app.get(&county.region_manager, &format!("/patients/{}/merges", id(survivor))).await.ok(200);
    let items = merges["items"].as_array().unwrap().clone();
    let merge = items
        .iter()
        .find(|m| m["absorbed"]["id"] == absorbed["id"] && m["undone_at"].is_null())
        .unwrap()
        .clone();
    county
        .app
        .post(
            &county.region_manager,
            &format!("/patients/merges/{}/undo", id(&merge)),
            json!({ "reason": "并非同一人" }),
        )
        .await
}

async fn state(county: &County, record: &Value) -> Value {
    county.app.get(&county.region_manager, &format!("/patients/{}", id(record))).await.ok(200)
}

fn pid(value: &Value) -> PatientId {
    id(value).parse().unwrap()
}

#[tokio::test]
async fn a_merge_moves_nothing_and_its_undoing_restores_everything() {
    let county = county().await;
    let card = county.register(&county.hospital_technician, card_holder("王建国", CARD_MAN_1960)).await;
    let mut entry = person("汪建国", "male", "1960-05-01");
    entry["duplicate_acknowledged"] = json!(true);
    let loose = county.register(&county.village_clinician, entry).await;
    let before = (state(&county, &card).await, state(&county, &loose).await);

    let merged = merge(&county, &card, &loose).await.ok(200);
    assert_eq!(merged["absorbed"][0]["id"], loose["id"]);
    assert_eq!(merged["absorbed"][0]["merged_into"], card["id"]);
    // The village that knew the absorbed record now sees the person, and finds him by either name, as one.
    county.app.get(&county.village_clinician, &format!("/patients/{}", id(&card))).await.ok(200);
    assert_eq!(county.names(&county.village_clinician, "").await, ["王建国"]);
    assert_eq!(
        county.names(&county.village_clinician, &format!("q={}", encoded("汪建国"))).await,
        ["王建国"]
    );
    // The hospital sees the absorbed record, because it stands for its patient.
    let seen =
        county.app.get(&county.hospital_technician, &format!("/patients/{}", id(&loose))).await.ok(200);
    assert_eq!(seen["merged_into"], card["id"]);
    let mut both = county.patients.with_absorbed(pid(&card)).await.unwrap();
    both.sort();
    assert_eq!(both, [pid(&card), pid(&loose)]);
    assert_eq!(county.patients.search_ids("WJG", 10).await.unwrap(), [pid(&loose), pid(&card)]);
    let change = json!({ "row_version": 1, "note": "x" });
    let refused =
        county.app.patch(&county.village_clinician, &format!("/patients/{}", id(&loose)), change).await;
    assert_eq!(refused.problem(409, "patient_merged")["params"]["merged_into"], card["id"]);
    merge(&county, &card, &loose).await.problem(409, "already_merged");
    merge(&county, &loose, &card).await.problem(409, "already_merged");

    let survivor = undo(&county, &card, &loose).await.ok(200);
    assert_eq!(survivor["absorbed"], json!([]));
    assert_eq!((state(&county, &card).await, state(&county, &loose).await), before, "exactly as before");
    county
        .app
        .get(&county.village_clinician, &format!("/patients/{}", id(&card)))
        .await
        .problem(404, "not_found");
    let merges =
        county.app.get(&county.region_manager, &format!("/patients/{}/merges", id(&card))).await.ok(200);
    assert_eq!(merges["items"][0]["reason"], REASON);
    assert!(merges["items"][0]["undone_at"].is_string() && merges["items"][0]["undone_by_name"].is_string());
    let again = format!("/patients/merges/{}/undo", id(&merges["items"][0]));
    county
        .app
        .post(&county.region_manager, &again, json!({ "reason": "再试一次" }))
        .await
        .problem(409, "merge_already_undone");

    let sql = "SELECT * FROM platform_audit WHERE action IN ('patient_merge', 'patient_merge_undone') AND outcome = 'allowed' AND reason IS NOT NULL";
    let rows: Vec<platform::audit::AuditRow> =
        platform::db::query_all(&county.app.platform.db().read(), sql, vec![]).await.unwrap();
    assert_eq!(rows.len(), 4, "merge and undoing, on both records");
    let events = "SELECT COUNT(*) AS n FROM platform_event WHERE topic = 'patients_merged'";
    assert_eq!(
        platform::db::query_number(&county.app.platform.db().read(), events, vec![]).await.unwrap(),
        2
    );
}

#[tokio::test]
async fn chains_lead_to_the_last_survivor_and_are_taken_apart_from_the_end() {
    let county = county().await;
    let a = county.register(&county.village_clinician, person("赵敏", "female", "1970-01-01")).await;
    let b = county.register(&county.town_technician, person("赵敏", "female", "1971-01-01")).await;
    let c = county.register(&county.hospital_technician, person("赵敏", "female", "1972-01-01")).await;
    let d = county.register(&county.village_clinician, person("赵敏", "female", "1973-01-01")).await;
    merge(&county, &b, &a).await.ok(200);
    merge(&county, &c, &b).await.ok(200);
    merge(&county, &c, &d).await.ok(200);
    assert_eq!(state(&county, &a).await["merged_into"], c["id"], "the last survivor");
    assert_eq!(state(&county, &c).await["absorbed"].as_array().map(Vec::len), Some(3));
    assert_eq!(county.names(&county.village_clinician, "").await.len(), 1);
    undo(&county, &b, &a).await.problem(409, "merge_not_last");

    undo(&county, &c, &b).await.ok(200);
    assert_eq!(state(&county, &a).await["merged_into"], b["id"]);
    assert_eq!(state(&county, &b).await["merged_into"], Value::Null);
    // The village still knows the hospital's record, through the other one that is merged into it.
    county.app.get(&county.village_clinician, &format!("/patients/{}", id(&c))).await.ok(200);
    county.app.get(&county.town_technician, &format!("/patients/{}", id(&b))).await.ok(200);
    undo(&county, &b, &a).await.ok(200);
    undo(&county, &c, &d).await.ok(200);
    county
        .app
        .get(&county.village_clinician, &format!("/patients/{}", id(&c)))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn a_merge_is_refused_where_it_would_be_wrong() {
    let county = county().await;
    let man = county.register(&county.town_technician, card_holder("王建国", CARD_MAN_1960)).await;
    let woman = county.register(&county.hospital_technician, card_holder("李秀英", CARD_WOMAN_1949)).await;
    merge(&county, &man, &woman).await.problem(422, "identifiers_differ");
    merge(&county, &man, &man).await.problem(422, "merge_with_self");
    let other = county.register(&county.town_technician, person("王健", "male", "1960-05-01")).await;
    let path = format!("/patients/{}/merge", id(&man));
    let body =
        |reason: &str, absorbed: &Value| json!({ "absorbed_patient_id": absorbed["id"], "reason": reason });
    county.app.post(&county.region_manager, &path, body("x", &other)).await.problem(422, "validation_failed");
    county.app.post(&county.town_technician, &path, body(REASON, &other)).await.problem(403, "forbidden");
    // A manager of the town cannot pull in a record that only the hospital knows.
    county.app.post(&county.town_manager, &path, body(REASON, &woman)).await.problem(404, "not_found");
    county.app.post(&county.town_manager, &path, body(REASON, &other)).await.ok(200);
    // His number now leads to the survivor also for whoever registers it again.
    let again = county
        .app
        .post(&county.hospital_technician, "/patients", card_holder("王建国", CARD_MAN_1960))
        .await
        .ok(200);
    assert_eq!(again["id"], man["id"]);
}

#[tokio::test]
async fn a_number_on_an_absorbed_record_leads_to_its_survivor() {
    let county = county().await;
    let mut entry = person("王建国", "male", "1960-05-01");
    entry["duplicate_acknowledged"] = json!(true);
    let card = county.register(&county.town_technician, card_holder("王建国", CARD_MAN_1960)).await;
    let loose = county.register(&county.town_technician, entry).await;
    let queued = async || {
        county.app.run_jobs().await;
        let queue = county.app.get(&county.region_manager, "/patients/duplicates").await.ok(200);
        queue["items"].as_array().map(Vec::len)
    };
    assert_eq!(queued().await, Some(1));
    merge(&county, &loose, &card).await.ok(200);
    let again = county
        .app
        .post(&county.hospital_technician, "/patients", card_holder("王建国", CARD_MAN_1960))
        .await
        .ok(200);
    assert_eq!(again["id"], loose["id"]);
    county.app.get(&county.hospital_technician, &format!("/patients/{}", id(&loose))).await.ok(200);
    let found = county.search(&county.village_clinician, &format!("q={CARD_MAN_1960}")).await;
    assert_eq!(found[0]["id"], loose["id"]);
    // The pair that the comparison had found is hidden with the merge and comes back with its undoing.
    assert_eq!(queued().await, Some(0));
    undo(&county, &loose, &card).await.ok(200);
    assert_eq!(queued().await, Some(1));
}
