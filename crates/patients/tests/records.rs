//! Finding, changing and revealing records, and what other contexts may ask.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use kernel::{OrganisationId, PatientId};
use serde_json::{Value, json};
use support::*;

fn patient_id(value: &Value) -> PatientId {
    id(value).parse().unwrap()
}

#[tokio::test]
async fn people_are_found_by_name_letters_phone_and_number_inside_the_own_scope() {
    let county = county().await;
    let mut zhang = person("张建国", "male", "1971-06-02");
    zhang["phone"] = json!("0519-87201234");
    let mut li = person("李国强", "male", "1980-01-01");
    li["identifier_kind"] = json!("health_record_number");
    li["identifier_number"] = json!("32048110420100017");
    let mut smith = person("John Smith", "male", "1990-07-04");
    smith["identifier_kind"] = json!("passport");
    smith["identifier_number"] = json!("gb1234567");
    county.register(&county.town_technician, zhang).await;
    county.register(&county.town_technician, li).await;
    county.register(&county.village_clinician, smith).await;
    county.register(&county.hospital_technician, person("单国芳", "female", "1971-06-02")).await;

    let town = &county.town_technician;
    let by = |text: &str| format!("q={}", encoded(text));
    assert_eq!(county.names(town, &by("张")).await, ["张建国"]);
    assert_eq!(
        county.names(town, &by("国")).await,
        ["李国强", "张建国"],
        "anywhere in the name, newest first"
    );
    assert_eq!(county.names(town, "q=zjg").await, ["张建国"]);
    assert_eq!(county.names(town, "q=zhangj").await, ["张建国"]);
    assert_eq!(county.names(town, "q=smi").await, ["John Smith"], "the town sees its village");
    assert_eq!(county.names(town, &by("0519 8720 1234")).await, ["张建国"]);
    assert!(county.names(town, "q=8720123").await.is_empty(), "a part of a number finds nothing");
    assert_eq!(county.names(town, "q=32048110420100017").await, ["李国强"]);
    assert_eq!(county.names(town, "q=GB1234567").await, ["John Smith"]);
    assert_eq!(county.names(town, "birth_date=1971-06-02").await, ["张建国"]);
    assert_eq!(county.names(town, "sex=female").await, Vec::<String>::new());
    assert_eq!(county.names(&county.region_manager, "birth_date=1971-06-02&sex=female").await, ["单国芳"]);
    assert_eq!(
        county.names(&county.region_manager, "q=SGF").await,
        ["单国芳"],
        "单 is read shan as a surname"
    );
    assert_eq!(county.names(&county.village_clinician, "").await, ["John Smith"]);
    assert!(county.names(town, "q=%25").await.is_empty(), "no wildcards");
    assert_eq!(
        county.names(&county.hospital_technician, "q=32048110420100017").await,
        ["李**"],
        "region-wide, masked"
    );

    county.app.get(town, &format!("/patients?q={}", "x".repeat(65))).await.problem(422, "validation_failed");
    county.app.get(town, "/patients?limit=201").await.problem(422, "validation_failed");
    county.app.get(town, "/patients?birth_date=19710602").await.problem(422, "validation_failed");
    county.app.get(town, "/patients?cursor=nonsense").await.problem(422, "validation_failed");
}

#[tokio::test]
async fn a_list_is_read_page_by_page_without_gap_or_repeat() {
    let county = county().await;
    for day in 1..=7 {
        county
            .register(&county.town_technician, person("赵敏", "female", &format!("199{day}-01-0{day}")))
            .await;
    }
    let mut seen: Vec<String> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page =
            county.app.get(&county.town_technician, &format!("/patients?q=ZM&limit=3{cursor}")).await.ok(200);
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|p| p["birth_date"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected: Vec<String> = (1..=7).rev().map(|day| format!("199{day}-01-0{day}")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_change_keeps_what_was_there_and_refuses_to_overwrite_another() {
    let county = county().await;
    let mut entry = person("王芳", "female", "1988-08-08");
    entry["phone"] = json!("13800138000");
    entry["address"] = json!("溧阳市溧城街道燕山路1号");
    let registered = county.register(&county.town_technician, entry).await;
    let path = format!("/patients/{}", id(&registered));
    let change = json!({ "row_version": 1, "phone": null, "name": "王方" });
    let changed = county.app.patch(&county.town_technician, &path, change.clone()).await.ok(200);
    assert_eq!(changed["phone_masked"], Value::Null, "null empties");
    assert_eq!(changed["address_masked"], registered["address_masked"], "absent stays");
    assert_eq!((changed["name"].as_str(), changed["row_version"].as_i64()), (Some("王方"), Some(2)));
    county.app.patch(&county.town_technician, &path, change).await.problem(409, "stale_version");
    let masked = json!({ "row_version": 2, "address": registered["address_masked"] });
    let masked =
        county.app.patch(&county.town_technician, &path, masked).await.problem(422, "validation_failed");
    assert_eq!(field_codes(&masked), [("address".to_owned(), "address_masked".to_owned())]);

    #[derive(Debug)]
    struct History(String);
    impl sea_orm::FromQueryResult for History {
        fn from_query_result(row: &sea_orm::QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
            row.try_get(prefix, "content").map(Self)
        }
    }
    let sql = "SELECT content FROM patients_history ORDER BY row_version";
    let history: Vec<History> =
        platform::db::query_all(&county.app.platform.db().read(), sql, vec![]).await.unwrap();
    assert_eq!(history.len(), 1);
    let before: Value = serde_json::from_str(&history[0].0).unwrap();
    assert_eq!((before["name"].as_str(), before["phone"].as_str()), (Some("王芳"), Some("13800138000")));

    // A number that somebody else has cannot be given to this record.
    county.register(&county.hospital_technician, card_holder("王建国", CARD_MAN_1960)).await;
    let stolen = json!({ "row_version": 2, "sex": "male", "birth_date": null, "identifier_kind": "resident_id_card",
                         "identifier_number": CARD_MAN_1960 });
    let stolen =
        county.app.patch(&county.town_technician, &path, stolen).await.problem(409, "patient_exists");
    assert_eq!(stolen["params"]["patient"]["name"], "王**");
}

#[tokio::test]
async fn what_is_masked_is_shown_for_a_reason_that_is_kept() {
    let county = county().await;
    let mut entry = card_holder("王建国", "32048119600501001 6");
    entry["phone"] = json!("13800138000");
    let registered = county.register(&county.town_technician, entry).await;
    let path = format!("/patients/{}/reveal", id(&registered));
    county
        .app
        .post(&county.town_technician, &path, json!({ "reason": "  abc " }))
        .await
        .problem(422, "validation_failed");
    county
        .app
        .post(&county.town_manager, &path, json!({ "reason": "回访联系本人" }))
        .await
        .problem(403, "forbidden");
    county
        .app
        .post(&county.hospital_technician, &path, json!({ "reason": "回访联系本人" }))
        .await
        .problem(404, "not_found");
    let revealed =
        county.app.post(&county.town_technician, &path, json!({ "reason": "回访联系本人" })).await.ok(200);
    let expected = json!({ "name": "王建国", "identifier_number": "32048119600501001 6", "phone": "13800138000", "address": null });
    assert_eq!(revealed, expected, "the number is shown as it was entered");
    let sql = "SELECT * FROM platform_audit WHERE action = 'patient_reveal' ORDER BY seq";
    let rows: Vec<platform::audit::AuditRow> =
        platform::db::query_all(&county.app.platform.db().read(), sql, vec![]).await.unwrap();
    let outcomes: Vec<(&str, Option<&str>)> =
        rows.iter().map(|r| (r.outcome.as_str(), r.reason.as_deref())).collect();
    assert_eq!(outcomes, [("denied", None), ("denied", None), ("allowed", Some("回访联系本人"))]);
    assert!(rows.iter().all(|row| row.patient_id == Some(patient_id(&registered).uuid())));
    for row in rows {
        assert!(!row.detail.contains("王建国") && !row.detail.contains("0016"));
    }
}

#[tokio::test]
async fn other_contexts_ask_the_index_in_batches() {
    let county = county().await;
    let a = county.register(&county.town_technician, card_holder("王建国", CARD_MAN_1960)).await;
    let b = county.register(&county.village_clinician, person("李秀英", "female", "1949-10-01")).await;
    let (a, b) = (patient_id(&a), patient_id(&b));
    let nobody = PatientId(uuid::Uuid::from_u128(1));
    let mut briefs = county.patients.briefs(&[a, nobody, b]).await.unwrap();
    briefs.sort_by_key(|brief| brief.id);
    let lines: Vec<(&str, &str)> =
        briefs.iter().map(|x| (x.name.as_str(), x.organisation_name.as_str())).collect();
    assert_eq!(lines, [("王建国", "天目湖镇卫生院"), ("李秀英", "平桥村卫生室")]);
    assert_eq!(county.patients.search_ids("lxy", 10).await.unwrap(), [b]);
    assert_eq!(county.patients.search_ids(CARD_MAN_1960, 10).await.unwrap(), [a]);
    assert!(county.patients.search_ids(" ", 10).await.unwrap().is_empty());

    assert!(county.patients.is_known_to(b, TOWN).await.unwrap(), "the village is below the town");
    assert!(!county.patients.is_known_to(a, VILLAGE).await.unwrap());
    let hospital = OrganisationId(testkit::named_uuid("organisation", HOSPITAL));
    county.patients.make_known(b, hospital, HOSPITAL).await.unwrap();
    county.patients.make_known(b, hospital, HOSPITAL).await.unwrap();
    assert!(county.patients.is_known_to(b, HOSPITAL).await.unwrap());
    county.app.get(&county.hospital_technician, &format!("/patients/{b}")).await.ok(200);
    assert_eq!(county.patients.make_known(nobody, hospital, HOSPITAL).await.unwrap_err().code(), "not_found");
}
