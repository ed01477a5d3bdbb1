//! Registering people: with and without a document, again, wrongly, newborn, and unknown.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::*;

#[tokio::test]
async fn a_person_with_a_card_is_registered_once_for_the_whole_region() {
    let county = county().await;
    let mut entry = card_holder("王建国", CARD_MAN_1960);
    entry["phone"] = json!("138 0013 8000");
    entry["address"] = json!("江苏省溧阳市天目湖镇平桥村3组12号");
    let registered = county.register(&county.village_clinician, entry).await;
    assert_eq!(registered["birth_date"], "1960-05-01", "the card says so");
    assert_eq!(registered["sex"], "male");
    assert_eq!(registered["age_text"], "66岁");
    assert_eq!(registered["identifier_masked"], "3204**********0016");
    assert_eq!(registered["phone_masked"], "138****8000");
    assert_eq!(registered["address_masked"], "江苏省溧阳市天目湖镇****");
    assert_eq!(registered["pinyin"], "WANGJIANGUO");
    assert_eq!(registered["organisation_name"], "平桥村卫生室");
    assert_eq!(registered["row_version"], 1);
    assert_eq!(registered["merged_into"], Value::Null);
    let whole = registered.to_string();
    assert!(
        !whole.contains(CARD_MAN_1960) && !whole.contains("13800138000") && !whole.contains("12号"),
        "{whole}"
    );

    // The hospital does not know him, and is told nothing, until it holds his card.
    let path = format!("/patients/{}", id(&registered));
    county.app.get(&county.hospital_technician, &path).await.problem(404, "not_found");
    assert!(county.names(&county.hospital_technician, &format!("q={}", encoded("王建国"))).await.is_empty());
    let found = county.search(&county.hospital_technician, &format!("q={CARD_MAN_1960}")).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["name"], "王**", "found by the whole number, but masked");

    // Registering the card again finds the record and makes it known there.
    let again = county
        .app
        .post(&county.hospital_technician, "/patients", card_holder("王 建国", CARD_MAN_1960))
        .await
        .ok(200);
    assert_eq!(id(&again), id(&registered));
    county.app.get(&county.hospital_technician, &path).await.ok(200);
    assert_eq!(county.names(&county.hospital_technician, &format!("q={CARD_MAN_1960}")).await, ["王建国"]);

    // The same card under another name is somebody's mistake.
    let wrong =
        county.app.post(&county.town_technician, "/patients", card_holder("李建国", CARD_MAN_1960)).await;
    let wrong = wrong.problem(409, "patient_exists");
    assert_eq!(wrong["params"]["patient_id"], registered["id"]);

    let audit = county.app.audit_actions().await;
    let count =
        |action: &str, outcome: &str| audit.iter().filter(|(a, o)| a == action && o == outcome).count();
    assert_eq!(count("patient_register", "allowed"), 2);
    assert_eq!(count("patient_register", "failed"), 1);
    assert_eq!(count("patient_read", "denied"), 1);
    assert_eq!(count("patient_read", "allowed"), 1);
    assert_eq!(count("patient_search", "allowed"), 3);
}

#[tokio::test]
async fn what_is_wrong_with_an_entry_is_told_field_by_field() {
    let county = county().await;
    let cases: Vec<(Value, &str, &str)> = vec![
        (card_holder("王建国", ""), "identifier_number", "identifier_required"),
        (card_holder("王", CARD_MAN_1960), "name", "name_invalid"),
        (card_holder("", CARD_MAN_1960), "name", "name_invalid"),
        (person("王芳", "female", "1960/05/01"), "birth_date", "date_invalid"),
        (person("王芳", "female", "1960-02-30"), "birth_date", "date_invalid"),
        (person("王芳", "female", "2026-11-24"), "birth_date", "birth_date_in_future"),
        (person("王芳", "female", "1880-01-01"), "birth_date", "birth_date_too_early"),
        (
            with(card_holder("王建国", CARD_MAN_1960), "birth_date", "1960-05-02"),
            "birth_date",
            "birth_date_mismatch",
        ),
        (with(card_holder("王建国", CARD_MAN_1960), "sex", "female"), "sex", "sex_mismatch"),
        (with(person("王芳", "female", "1960-05-01"), "phone", "1380013800"), "phone", "phone_invalid"),
        (
            with(person("王芳", "female", "1960-05-01"), "identifier_number", "123456"),
            "identifier_kind",
            "identifier_kind_required",
        ),
        (with(person("王芳", "female", "1960-05-01"), "address", &"长".repeat(201)), "address", "too_long"),
    ];
    for (entry, field, code) in cases {
        let problem = county
            .app
            .post(&county.town_technician, "/patients", entry.clone())
            .await
            .problem(422, "validation_failed");
        assert_eq!(field_codes(&problem), [(field.to_owned(), code.to_owned())], "{entry}");
    }
    let problem =
        county.app.post(&county.town_technician, "/patients", card_holder("王", "320481196005010017")).await;
    let problem = problem.problem(422, "validation_failed");
    assert_eq!(field_codes(&problem).len(), 2, "both are told at once");
    for (entry, reason) in [
        (card_holder("王建国", "320481196005010017"), "id_checksum"),
        (card_holder("王建国", "32048119600501001"), "id_length"),
        (card_holder("王建国", "320481196002300010"), "id_birth_date"),
        (with(card_holder("王建国", CARD_MAN_1960), "identifier_kind", "residence_permit"), "id_prefix"),
    ] {
        let problem = county.app.post(&county.town_technician, "/patients", entry).await;
        let problem = problem.problem(422, "identifier_invalid");
        assert_eq!(problem["params"]["identifier_reason"], reason);
    }
    assert_eq!(problem["params"]["identifier_reason"], "id_checksum");
    county.app.post(&county.town_technician, "/patients", json!({ "name": "王芳" })).await.ok(422);
    assert!(county.names(&county.town_technician, "").await.is_empty(), "nothing was stored");
}

fn with(mut entry: Value, field: &str, value: &str) -> Value {
    entry[field] = json!(value);
    entry
}

#[tokio::test]
async fn somebody_very_like_is_shown_before_a_second_record_is_made() {
    let county = county().await;
    let first = county
        .register(
            &county.town_technician,
            with(person("王建国", "male", "1960-05-01"), "phone", "13800138000"),
        )
        .await;
    // Another clinic hears the name as 汪; the phone is the same.
    let like = with(person("汪建国", "male", "1960-05-01"), "phone", "13800138000");
    let problem = county
        .app
        .post(&county.village_clinician, "/patients", like.clone())
        .await
        .problem(409, "possible_duplicate");
    let candidate = &problem["params"]["candidates"][0];
    assert_eq!(candidate["patient"]["id"], first["id"]);
    assert_eq!(candidate["patient"]["name"], "王**", "the village does not know this person");
    assert_eq!(candidate["score"], 95, "35 + 35 + 20 + 5");
    assert_eq!(candidate["reasons"], json!(["similar_name", "same_birth_date", "same_sex", "same_phone"]));

    let mut insisted = like;
    insisted["duplicate_acknowledged"] = json!(true);
    let second = county.register(&county.village_clinician, insisted).await;

    // A job puts the pair in the queue of whoever may merge both.
    assert_eq!(county.app.run_jobs().await, 2);
    let queue = county.app.get(&county.region_manager, "/patients/duplicates").await.ok(200);
    assert_eq!(queue["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(queue["items"][0]["score"], 95);
    let pair = id(&queue["items"][0]);
    let both = [queue["items"][0]["a"]["id"].clone(), queue["items"][0]["b"]["id"].clone()];
    assert!(both.contains(&first["id"]) && both.contains(&second["id"]));

    let dismiss = format!("/patients/duplicates/{pair}/dismiss");
    county
        .app
        .post(&county.region_manager, &dismiss, json!({ "reason": "no" }))
        .await
        .problem(422, "validation_failed");
    county
        .app
        .post(&county.town_technician, &dismiss, json!({ "reason": "two brothers" }))
        .await
        .problem(403, "forbidden");
    county.app.post(&county.region_manager, &dismiss, json!({ "reason": "two brothers" })).await.ok(204);
    county
        .app
        .post(&county.region_manager, &dismiss, json!({ "reason": "two brothers" }))
        .await
        .problem(409, "duplicate_not_open");
    let queue = county.app.get(&county.region_manager, "/patients/duplicates").await.ok(200);
    assert_eq!(queue["items"], json!([]));

    // Dismissed stays dismissed when the record changes again.
    let change = json!({ "row_version": 1, "note": "听力下降" });
    county.app.patch(&county.town_technician, &format!("/patients/{}", id(&first)), change).await.ok(200);
    county.app.run_jobs().await;
    let queue = county.app.get(&county.region_manager, "/patients/duplicates").await.ok(200);
    assert_eq!(queue["items"], json!([]));
}

#[tokio::test]
async fn a_pair_leaves_the_queue_when_a_correction_makes_it_unlike() {
    let county = county().await;
    county.register(&county.town_technician, person("陈静", "female", "1988-03-05")).await;
    let mut entry = person("程静", "female", "1988-03-05");
    entry["duplicate_acknowledged"] = json!(true);
    let second = county.register(&county.town_technician, entry).await;
    county.app.run_jobs().await;
    let queue = county.app.get(&county.town_manager, "/patients/duplicates").await.ok(200);
    assert_eq!(
        queue["items"].as_array().map(Vec::len),
        Some(1),
        "chen and cheng are one in the local dialect"
    );
    let change = json!({ "row_version": 1, "birth_date": "1998-03-05" });
    county.app.patch(&county.town_technician, &format!("/patients/{}", id(&second)), change).await.ok(200);
    county.app.run_jobs().await;
    let queue = county.app.get(&county.town_manager, "/patients/duplicates").await.ok(200);
    assert_eq!(queue["items"], json!([]));
}

#[tokio::test]
async fn newborns_are_named_after_their_mother_and_counted() {
    let county = county().await;
    let mother = county.register(&county.hospital_technician, person("李秀英", "female", "1995-02-10")).await;
    let child = |order: Value| {
        json!({ "name": "", "sex": "female", "birth_date": "2026-11-18", "identifier_kind": "none",
                "newborn_of_patient_id": mother["id"], "birth_order": order })
    };
    let first = county.register(&county.hospital_technician, child(Value::Null)).await;
    assert_eq!(first["name"], "李秀英之婴1");
    assert_eq!(first["age_text"], "5天");
    assert_eq!(first["newborn_of"]["name"], "李秀英");
    let second = county.register(&county.hospital_technician, child(json!(2))).await;
    assert_eq!(second["name"], "李秀英之婴2");
    let twice = county
        .app
        .post(&county.hospital_technician, "/patients", child(json!(2)))
        .await
        .problem(422, "validation_failed");
    assert_eq!(field_codes(&twice), [("birth_order".to_owned(), "birth_order_taken".to_owned())]);
    county.app.run_jobs().await;
    let queue = county.app.get(&county.region_manager, "/patients/duplicates").await.ok(200);
    assert_eq!(queue["items"], json!([]), "twins are two people");

    let wrong = |field: &str, value: Value| {
        let mut entry = child(json!(3));
        entry[field] = value;
        entry
    };
    for (entry, field, code) in [
        (wrong("birth_date", Value::Null), "birth_date", "birth_date_required"),
        (wrong("birth_date", json!("1990-01-01")), "birth_date", "birth_date_before_mother"),
        (wrong("birth_order", json!(0)), "birth_order", "birth_order_out_of_range"),
        (
            wrong("newborn_of_patient_id", json!("0192f0c0-0000-7000-8000-000000000000")),
            "newborn_of_patient_id",
            "mother_not_found",
        ),
        (wrong("newborn_of_patient_id", Value::Null), "birth_order", "birth_order_without_mother"),
    ] {
        let problem = county
            .app
            .post(&county.hospital_technician, "/patients", entry)
            .await
            .problem(422, "validation_failed");
        assert!(field_codes(&problem).contains(&(field.to_owned(), code.to_owned())), "{problem}");
    }
    // Somebody who may not see the mother cannot name her.
    let stranger = county
        .app
        .post(&county.town_technician, "/patients", child(json!(3)))
        .await
        .problem(422, "validation_failed");
    assert_eq!(field_codes(&stranger), [("newborn_of_patient_id".to_owned(), "mother_not_found".to_owned())]);

    // The child gets its name and its certificate.
    let change = json!({ "row_version": 1, "name": "张一诺", "identifier_kind": "birth_certificate", "identifier_number": "t320123456" });
    let named = county
        .app
        .patch(&county.hospital_technician, &format!("/patients/{}", id(&first)), change)
        .await
        .ok(200);
    assert_eq!(named["name"], "张一诺");
    assert_eq!(named["identifier_masked"], "T3******56");
    assert_eq!(named["newborn_of"]["id"], mother["id"]);
    assert_eq!(county.names(&county.hospital_technician, "q=ZYN").await, ["张一诺"]);
    assert_eq!(
        county.names(&county.hospital_technician, &format!("q={}", encoded("李秀英之婴"))).await,
        ["李秀英之婴2"]
    );
}

#[tokio::test]
async fn an_unknown_person_has_a_label_until_somebody_knows_who_it_is() {
    let county = county().await;
    let entry = json!({ "name": "", "sex": "male", "identifier_kind": "none", "unidentified": true, "note": "车祸，约五十岁" });
    let one = county.register(&county.hospital_technician, entry.clone()).await;
    let two = county.register(&county.hospital_technician, entry).await;
    let label = one["name"].as_str().unwrap().to_owned();
    assert!(label.starts_with("无名氏20261123-") && label.chars().count() == 16, "{label}");
    assert_ne!(one["name"], two["name"]);
    assert_eq!(one["age_text"], "");
    county.app.run_jobs().await;
    let queue = county.app.get(&county.region_manager, "/patients/duplicates").await.ok(200);
    assert_eq!(queue["items"], json!([]), "two labels are no likeness");

    let path = format!("/patients/{}", id(&one));
    let nameless = county
        .app
        .patch(&county.hospital_technician, &path, json!({ "row_version": 1, "unidentified": false }))
        .await;
    assert_eq!(
        field_codes(&nameless.problem(422, "validation_failed")),
        [("name".to_owned(), "name_invalid".to_owned())]
    );
    let change = json!({ "row_version": 1, "unidentified": false, "name": "王建国", "identifier_kind": "resident_id_card",
                         "identifier_number": CARD_MAN_1960 });
    let known = county.app.patch(&county.hospital_technician, &path, change).await.ok(200);
    assert_eq!((known["name"].as_str(), known["birth_date"].as_str()), (Some("王建国"), Some("1960-05-01")));
    assert_eq!(known["unidentified"], false);
    assert!(county.names(&county.hospital_technician, &format!("q={}", encoded(&label))).await.is_empty());
}
