//! Every operation: nobody signed in, another organisation, a role that may not, and the audit rows of each refusal.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use axum::http::Method;
use platform::Exec;
use platform::db::execute;
use serde_json::{Value, json};
use support::*;
use testkit::request;

/// Method, path, body, action.
fn operations(patient: &str, other: &str) -> Vec<(Method, String, Option<Value>, &'static str)> {
    let reason = || Some(json!({ "reason": "核对身份信息" }));
    vec![
        (Method::GET, "/patients".into(), None, "patient_search"),
        (Method::POST, "/patients".into(), Some(person("王芳", "female", "1990-01-01")), "patient_register"),
        (Method::GET, format!("/patients/{patient}"), None, "patient_read"),
        (Method::PATCH, format!("/patients/{patient}"), Some(json!({ "row_version": 1 })), "patient_edit"),
        (Method::POST, format!("/patients/{patient}/reveal"), reason(), "patient_reveal"),
        (Method::GET, format!("/patients/{patient}/merges"), None, "patient_read"),
        (
            Method::POST,
            format!("/patients/{patient}/merge"),
            Some(json!({ "absorbed_patient_id": other, "reason": "核对身份信息" })),
            "patient_merge",
        ),
        (Method::GET, "/patients/duplicates".into(), None, "patient_merge"),
        (Method::POST, format!("/patients/duplicates/{other}/dismiss"), reason(), "patient_merge"),
        (Method::POST, format!("/patients/merges/{other}/undo"), reason(), "patient_merge"),
    ]
}

#[tokio::test]
async fn nobody_gets_anywhere_without_signing_in() {
    let county = county().await;
    let id = uuid::Uuid::from_u128(7).to_string();
    for (method, path, body, _) in operations(&id, &id) {
        county.app.send(None, request(method, &path, body)).await.problem(401, "not_signed_in");
    }
}

#[tokio::test]
async fn administrators_see_no_patients_and_each_attempt_is_recorded() {
    let county = county().await;
    let patient = county.register(&county.town_technician, person("王芳", "female", "1980-01-01")).await;
    let other = county.register(&county.town_technician, person("李强", "male", "1981-01-01")).await;
    for (method, path, body, _) in operations(&id(&patient), &id(&other)) {
        let denied =
            |audit: Vec<(String, String)>| audit.iter().filter(|(_, outcome)| outcome == "denied").count();
        let before = denied(county.app.audit_actions().await);
        let answer = county.app.send(Some(&county.security_admin), request(method, &path, body)).await;
        answer.problem(403, "forbidden");
        assert_eq!(denied(county.app.audit_actions().await), before + 1, "{path}");
    }
}

#[tokio::test]
async fn a_patient_of_another_institution_does_not_exist() {
    let county = county().await;
    let patient = county.register(&county.town_technician, person("王芳", "female", "1980-01-01")).await;
    let other = county.register(&county.town_technician, person("李强", "male", "1981-01-01")).await;
    let hospital_manager = testkit::staff(
        "hospital manager",
        HOSPITAL,
        &[("organisation_manager", HOSPITAL), ("clinician", HOSPITAL)],
    );
    for (method, path, body, action) in operations(&id(&patient), &id(&other)) {
        if !path.contains(&id(&patient)) {
            continue;
        }
        county
            .app
            .send(Some(&hospital_manager), request(method, &path, body))
            .await
            .problem(404, "not_found");
        let last = county.app.audit_actions().await.pop().unwrap();
        assert_eq!(last, (action.to_owned(), "denied".to_owned()), "{path}");
    }
    for nonsense in ["/patients/not-an-id", "/patients/0192f0c0-0000-7000-8000-000000000000"] {
        county.app.get(&hospital_manager, nonsense).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn who_may_do_what_is_as_the_policies_say() {
    let county = county().await;
    let roles = [
        "ecg_technician",
        "ecg_reader",
        "ecg_reviewer",
        "clinician",
        "organisation_manager",
        "bureau_supervisor",
    ];
    let mut rows = Vec::new();
    for role in roles {
        let who = testkit::staff(role, TOWN, &[(role, TOWN)]);
        let patient = county.register(&county.town_technician, person("王芳", "female", "1980-01-01")).await;
        let mut allowed = Vec::new();
        for (method, path, body, action) in operations(&id(&patient), &id(&patient)) {
            let status =
                county.app.send(Some(&who), request(method.clone(), &path, body)).await.status.as_u16();
            if status != 403 {
                allowed.push(action);
            }
        }
        allowed.dedup();
        rows.push((role, allowed.join(" ")));
        // Each round needs a person that is not like the ones before.
        let sql = "UPDATE patients_patient SET birth_date = NULL, name = 'x'";
        let txn = county.app.platform.db().begin().await.unwrap();
        execute(&Exec::Transaction(&txn), sql, vec![]).await.unwrap();
        txn.commit().await.unwrap();
    }
    let clinical = "patient_search patient_register patient_read patient_edit patient_reveal patient_read";
    let reading = "patient_search patient_read patient_reveal patient_read";
    let expected = [
        ("ecg_technician", clinical),
        ("ecg_reader", reading),
        ("ecg_reviewer", reading),
        ("clinician", clinical),
        ("organisation_manager", "patient_search patient_read patient_merge"),
        ("bureau_supervisor", ""),
    ];
    for ((role, allowed), (_, expected)) in rows.iter().zip(expected) {
        assert_eq!(allowed, expected, "{role}");
    }
}
