//! Who may be assigned to.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use support::county;

#[tokio::test]
async fn people_of_both_sides_are_found_by_role() {
    let county = county("2025-03-03T10:20:00").await;
    let names = async |who, query: &str| {
        let people = county.app.get(who, &format!("/service/people{query}")).await.ok(200);
        people.as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&county.lead, "").await, ["项目经理", "工程师", "值班"]);
    assert_eq!(names(&county.lead, "?role=site_engineer,duty_engineer").await, ["工程师", "值班"]);
    // An institution sees its own administrator and no other institution's.
    assert_eq!(names(&county.hospital, "?role=institution_contact").await, ["医院信息科"]);
    county.app.get(&county.lead, "/service/people?role=ecg_reader").await.problem(422, "validation_failed");
}
