//! Service levels, running clocks and the health of a contract, counted by hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::{County, county, instant, open, set_clock, step};

fn path(ticket: &Value) -> String {
    format!("/service/tickets/{}", ticket["id"].as_str().unwrap())
}

async fn work(county: &County, ticket: &Value, responded: &str, resolved: &str, cause: &str) {
    let body = json!({"step": "respond", "at": instant(responded)});
    step(county, &county.engineer, &path(ticket), body).await.ok(200);
    step(
        county,
        &county.engineer,
        &path(ticket),
        json!({"step": "assign", "account_id": county.engineer.account_id().unwrap()}),
    )
    .await
    .ok(200);
    let body = json!({"step": "resolve", "solution": "已处理", "cause": cause, "at": instant(resolved)});
    step(county, &county.engineer, &path(ticket), body).await.ok(200);
}

fn signal<'a>(health: &'a Value, code: &str) -> &'a Value {
    health["signals"].as_array().unwrap().iter().find(|s| s["code"] == code).unwrap()
}

#[tokio::test]
async fn service_levels_are_what_a_person_counts() {
    let county = county("2025-03-03T12:00:00").await;
    // Four calls of a Monday, all in working time, so 15 minutes to answer and half an hour from the answer to solve:
    // answered after 10 and solved after 30 (in time, in time); after 20 and 40 (late, in time: 20 minutes of handling);
    // one called at 11:50 that waits (limit 12:05, still running); one of 11:30 that waits (limit 11:45 passed: late).
    let one = open(&county, "question", "2025-03-03T09:00:00").await;
    work(&county, &one, "2025-03-03T09:10:00", "2025-03-03T09:30:00", "打印机离线").await;
    let two = open(&county, "question", "2025-03-03T10:00:00").await;
    work(&county, &two, "2025-03-03T10:20:00", "2025-03-03T10:40:00", "打印机离线").await;
    let waiting = open(&county, "question", "2025-03-03T11:50:00").await;
    open(&county, "question", "2025-03-03T11:30:00").await;
    let gone = open(&county, "question", "2025-03-03T11:00:00").await;
    let cancel = json!({"step": "cancel", "reason": "重复登记"});
    step(&county, &county.duty, &path(&gone), cancel).await.ok(200);

    let found =
        county.app.get(&county.lead, "/service/dashboard?from=2025-03-01&to=2025-03-31").await.ok(200);
    let all = &found["all"];
    assert_eq!(all["response"], json!({"met": 1, "late": 2, "running": 1}));
    // Nobody answered the other two: their half hour runs from the limit of the answer (R2), to 12:15 and 12:35.
    assert_eq!(all["handling"], json!({"met": 2, "late": 0, "running": 2}));
    assert_eq!((&all["opened"], &all["open"], &found["cancelled"]), (&json!(4), &json!(2), &json!(1)));
    // Kaplan–Meier by hand, minutes 10, 10+ (waits since 11:50), 20, 30+ (since 11:30): 3/4 left after 10, then one of two
    // ends at 20: 3/8 left. Half is reached at 20 minutes, nine tenths never.
    assert_eq!(all["response_median_s"], 1_200);
    assert_eq!(all["response_p90_s"], Value::Null);
    let quarter = found["response_curve"].as_array().unwrap().iter().find(|p| p["seconds"] == 900).unwrap();
    assert!((quarter["share"].as_f64().unwrap() - 0.25).abs() < 1e-9);
    assert_eq!(found["causes"][0]["name"], "打印机离线");
    assert_eq!(found["causes"][0]["count"], 2);
    assert_eq!(found["by_item"][0]["key"], "ecg");
    let engineers: Vec<_> = found["by_engineer"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (&e["name"], &e["level"]["opened"]))
        .collect();
    assert_eq!(engineers, [(&Value::Null, &json!(2)), (&json!("工程师"), &json!(2))]);
    // 31 days are shown by day.
    assert_eq!((&found["unit"], found["trend"].as_array().unwrap().len()), (&json!("day"), 31));
    assert_eq!(
        found["trend"][2],
        json!({"from": "2025-03-03", "opened": 4, "resolved": 2,
        "response": {"met": 1, "late": 2, "running": 1}, "handling": {"met": 2, "late": 0, "running": 2}})
    );

    // An institution sees its own service, and nobody's name in a table of people; another one sees nothing of it.
    let own =
        county.app.get(&county.hospital, "/service/dashboard?from=2025-03-01&to=2025-03-31").await.ok(200);
    assert_eq!((&own["all"]["opened"], &own["by_engineer"]), (&json!(4), &json!([])));
    let other =
        county.app.get(&county.town, "/service/dashboard?from=2025-03-01&to=2025-03-31").await.ok(200);
    assert_eq!((&other["all"]["opened"], &other["by_organisation"]), (&json!(0), &json!([])));

    // The most pressing clock first: the one that is over, then the one that waits.
    let clocks = county.app.get(&county.duty, "/service/clocks").await.ok(200);
    let shown: Vec<_> = clocks.as_array().unwrap().iter().map(|c| (&c["clock"], &c["due_at"])).collect();
    assert_eq!(
        shown,
        [
            (&json!("response"), &json!(instant("2025-03-03T11:45:00"))),
            (&json!("response"), &json!(instant("2025-03-03T12:05:00")))
        ]
    );
    assert_eq!(clocks[1]["id"], waiting["id"]);
    assert_eq!(county.app.get(&county.town, "/service/clocks").await.ok(200), json!([]));

    // Six minutes later the waiting one is late too, although nobody touched it.
    set_clock(&county.app, "2025-03-03T12:06:00");
    let later =
        county.app.get(&county.lead, "/service/dashboard?from=2025-03-01&to=2025-03-31").await.ok(200);
    assert_eq!(later["all"]["response"], json!({"met": 1, "late": 3, "running": 0}));

    let wrong = "/service/dashboard?from=2025-03-02&to=2025-03-01";
    county.app.get(&county.lead, wrong).await.problem(422, "validation_failed");
    county
        .app
        .get(&county.lead, "/service/dashboard?from=2020-01-01&to=2025-03-01")
        .await
        .problem(422, "validation_failed");
    county.app.get(&county.lead, "/service/clocks?limit=0").await.problem(422, "validation_failed");
    let pdf = county.app.get(&county.lead, "/service/dashboard/pdf?from=2025-03-01&to=2025-03-31").await;
    assert!(pdf.bytes.starts_with(b"%PDF"));
}

#[tokio::test]
async fn the_health_of_a_contract_shows_what_is_missed_first() {
    let county = county("2025-03-03T12:00:00").await;
    let url = format!("/service/contracts/{}/health", county.contract);
    let health = county.app.get(&county.bureau, &url).await.ok(200);
    // The term of 2024-11-28..2025-11-28 has 366 days with both ends; 3 March is its 96th: 3 + 31 + 31 + 28 + 3.
    assert_eq!((&health["term_days"], &health["elapsed_days"]), (&json!(366), &json!(96)));
    // Monthly inspections of the cloud and the video system of December, January and February, and the first quarterly one are
    // not done: 3 + 3 + 1. The next are due on the last day of December, which is past: the earliest is shown.
    assert_eq!(
        signal(&health, "inspections"),
        &json!({"code": "inspections", "level": "bad", "count": 7, "date": "2024-12-31"})
    );
    // The first half was due on 2025-02-26, nothing is paid.
    assert_eq!(signal(&health, "payments")["level"], "bad");
    assert_eq!(signal(&health, "payments")["date"], "2025-02-26");
    // April's roster is due on 28 March, which is more than a week ahead.
    assert_eq!(
        signal(&health, "roster"),
        &json!({"code": "roster", "level": "good", "count": 0, "date": "2025-03-28"})
    );
    assert_eq!(signal(&health, "response")["level"], "good");
    assert_eq!(signal(&health, "renewal")["level"], "good");
    // 7.2: five per cent of 980,000 yuan.
    assert_eq!(health["cap_cents"], 4_900_000);

    open(&county, "fault", "2025-03-03T11:00:00").await;
    set_clock(&county.app, "2025-03-29T08:00:00");
    let health = county.app.get(&county.auditor, &url).await.ok(200);
    assert_eq!(
        signal(&health, "response"),
        &json!({"code": "response", "level": "bad", "count": 1, "date": null})
    );
    assert_eq!(signal(&health, "roster")["level"], "bad");
    county.app.get(&county.engineer, &url).await.problem(403, "forbidden");
    county.app.get(&county.hospital, &url).await.problem(403, "forbidden");
}
