//! The team, duty on days off, attendance. Days and amounts from CONTRACT.md, sections 7 and 12.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::{County, county, instant, set_clock, step};

/// The engineer (software), the duty engineer (hardware) and the lead (software) are the team.
async fn team(county: &County) -> Vec<Value> {
    let mut all = json!([]);
    for (person, qualification, phone) in [
        (&county.engineer, "software", "13800000001"),
        (&county.duty, "hardware", "13800000002"),
        (&county.lead, "software", "13800000003"),
    ] {
        let body = json!({"account_id": person.account_id, "phone": phone, "qualification": qualification, "experience_years": 3, "active": true});
        all = county.app.post(&county.lead, "/service/team", body).await.ok(200);
    }
    all.as_array().unwrap().clone()
}

async fn roster(county: &County, month: &str, body: Value) -> testkit::Answer {
    step(county, &county.lead, &format!("/service/rosters/{month}"), body).await
}

#[tokio::test]
async fn the_duty_of_october_is_proposed_fairly_published_in_time_and_swapped_on_a_date() {
    let county = county("2025-09-24T09:00:00").await;
    let short = json!({"account_id": county.duty.account_id, "phone": "1", "qualification": "hardware", "experience_years": 2, "active": true});
    county.app.post(&county.lead, "/service/team", short.clone()).await.problem(422, "validation_failed");
    county.app.post(&county.engineer, "/service/team", short).await.problem(403, "forbidden");
    roster(&county, "2025-10", json!({"step": "propose"})).await.problem(409, "team_empty");
    let people = team(&county).await;
    assert_eq!(people.len(), 3);

    let at = "/service/rosters/2025-10";
    let view = county.app.get(&county.hospital, at).await.ok(200);
    assert_eq!(
        (&view["due"], &view["warn_on"], &view["state"]),
        (&json!("2025-09-28"), &json!(["2025-09-25", "2025-09-27"]), &json!("missing"))
    );
    let days: Vec<&str> =
        view["days"].as_array().unwrap().iter().map(|d| &d["day"].as_str().unwrap()[8..]).collect();
    assert_eq!(days, ["01", "02", "03", "04", "05", "06", "07", "08", "12", "18", "19", "25", "26"]);
    // Nothing is published yet: the lead is warned on the 25th and the 27th.
    set_clock(&county.app, "2025-09-25T08:00:00");
    county.app.run_jobs().await;
    set_clock(&county.app, "2025-09-27T08:00:00");
    county.app.run_jobs().await;
    let told = county.app.get(&county.lead, "/service/notices").await.ok(200);
    let october: Vec<&Value> =
        told["items"].as_array().unwrap().iter().filter(|n| n["params"]["month"] == "2025-10").collect();
    assert_eq!((october.len(), &october[0]["code"]), (2, &json!("roster_due")));

    roster(&county, "2025-10", json!({"step": "publish"})).await.problem(409, "roster_incomplete");
    let proposed = roster(&county, "2025-10", json!({"step": "propose"})).await.ok(200);
    assert_eq!(proposed["state"], "draft");
    let counts: Vec<i64> =
        proposed["fairness"].as_array().unwrap().iter().map(|f| f["holidays"].as_i64().unwrap()).collect();
    assert_eq!(counts.iter().sum::<i64>(), 8);
    assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{counts:?}");
    // A draft is the provider's business.
    assert_eq!(county.app.get(&county.hospital, at).await.ok(200)["state"], "missing");
    step(&county, &county.engineer, at, json!({"step": "publish"})).await.problem(403, "forbidden");
    set_clock(&county.app, "2025-09-28T23:59:59");
    let published = roster(&county, "2025-10", json!({"step": "publish"})).await.ok(200);
    assert_eq!((&published["state"], &published["late"]), (&json!("published"), &json!(false)));
    roster(&county, "2025-10", json!({"step": "propose"})).await.problem(409, "roster_published");
    let seen = county.app.get(&county.hospital, at).await.ok(200);
    assert!(seen["days"][0]["phone"].as_str().unwrap().starts_with("138"));

    // A swap is of a concrete date, waits for the lead, and changes that date alone.
    let before = published["days"].as_array().unwrap().clone();
    let other = people.iter().find(|p| p["id"] != before[3]["engineer_id"]).unwrap();
    let ask =
        json!({"step": "request_swap", "day": "2025-10-04", "to_id": other["id"], "reason": "家中有事"});
    let asked = step(&county, &county.engineer, at, ask.clone()).await.ok(200);
    step(&county, &county.engineer, at, ask).await.problem(409, "swap_open");
    let swap = asked["swaps"][0]["id"].clone();
    step(&county, &county.engineer, at, json!({"step": "approve_swap", "swap_id": swap}))
        .await
        .problem(403, "forbidden");
    let swapped = roster(&county, "2025-10", json!({"step": "approve_swap", "swap_id": swap})).await.ok(200);
    assert_eq!(swapped["days"][3]["engineer_id"], other["id"]);
    assert_eq!(swapped["days"][4], before[4]);
    roster(&county, "2025-10", json!({"step": "decline_swap", "swap_id": swap}))
        .await
        .problem(409, "swap_decided");
    let note = json!({"step": "hand_over", "day": "2025-10-04", "text": "存储扩容未完成，注意告警"});
    step(&county, &county.engineer, at, note).await.ok(200);

    // On that day the roster answers; on a working day the engineers on site; on Sunday 28 September, which is worked, too.
    set_clock(&county.app, "2025-10-04T10:00:00");
    let now = county.app.get(&county.hospital, "/service/duty").await.ok(200);
    assert_eq!((&now["kind"], &now["people"][0]["name"]), (&json!("off_day"), &other["name"]));
    assert_eq!(now["handover"], "存储扩容未完成，注意告警");
    // A clock that runs out that day calls those two, after the swap, and nobody else who is a duty engineer by role.
    let call = json!({"channel": "web", "class": "fault", "priority": 2, "title": "心电系统打不开"});
    let ticket = county.app.post(&county.hospital, "/service/tickets", call).await.ok(201);
    // Outside working time: 75 % of thirty minutes.
    set_clock(&county.app, "2025-10-04T10:22:30");
    county.app.run_jobs().await;
    let path = format!("/service/tickets/{}", ticket["id"].as_str().unwrap());
    let ticket = county.app.get(&county.lead, &path).await.ok(200);
    let escalated =
        ticket["journal"].as_array().unwrap().iter().find(|e| e["what"]["percent"] == 75).unwrap();
    let day = &swapped["days"][3];
    let mut told: Vec<&str> =
        escalated["what"]["told"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let mut expected: Vec<&str> =
        vec!["医院信息科", day["engineer_name"].as_str().unwrap(), day["backup_name"].as_str().unwrap()];
    told.sort_unstable();
    expected.sort_unstable();
    assert_eq!(told, expected);
    set_clock(&county.app, "2025-09-28T10:00:00");
    assert_eq!(county.app.get(&county.hospital, "/service/duty").await.ok(200)["kind"], "working_day");
    let printed = county.app.get(&county.hospital, &format!("{at}/pdf")).await;
    assert!(printed.status.is_success() && printed.bytes.starts_with(b"%PDF-1.7"));
    if let Ok(path) = std::env::var("TIANMU_KEEP_PDF") {
        std::fs::write(format!("{path}/roster.pdf"), &printed.bytes).unwrap();
    }
}

#[tokio::test]
async fn a_month_of_an_unknown_year_is_blocked_and_a_late_one_is_said_to_be_late() {
    let county = county("2026-11-26T09:00:00").await;
    team(&county).await;
    let view = county.app.get(&county.lead, "/service/rosters/2027-01").await.ok(200);
    assert_eq!(
        (&view["blocked"], &view["days"], &view["due"]),
        (&json!("calendar_year_unknown"), &json!([]), &Value::Null)
    );
    roster(&county, "2027-01", json!({"step": "propose"})).await.problem(422, "calendar_year_unknown");
    county.app.get(&county.lead, "/service/rosters/january").await.problem(422, "validation_failed");
    // November's roster was due on 28 October.
    roster(&county, "2026-11", json!({"step": "propose"})).await.ok(200);
    let late = roster(&county, "2026-11", json!({"step": "publish"})).await.ok(200);
    assert_eq!(late["late"], true);
    roster(
        &county,
        "2026-12",
        json!({"step": "assign", "day": "2026-12-01", "engineer_id": testkit::named_uuid("x", "y")}),
    )
    .await
    .problem(422, "validation_failed");
}

#[tokio::test]
async fn lapses_cost_what_the_contract_says_and_the_third_unfiled_leave_raises_a_flag() {
    let county = county("2025-05-06T09:00:00").await;
    let people = team(&county).await;
    let engineer = people.iter().find(|p| p["qualification"] == "hardware").unwrap()["id"].clone();
    let record = async |kind: &str, day: &str| {
        let body = json!({"engineer_id": engineer, "kind": kind, "day": day, "evidence": "考勤记录"});
        county.app.post(&county.bureau, "/service/attendance", body).await
    };
    // Three unfiled leaves: 600 and the flag; one late duty: 100; one missed call: 200, chosen (CONTRACT.md 12).
    for day in ["2025-03-03", "2025-03-04", "2025-03-05"] {
        assert_eq!(record("unfiled_leave", day).await.ok(201)["amount_cents"], 20_000);
    }
    record("unfiled_leave", "2025-03-08").await.problem(422, "validation_failed");
    assert_eq!(record("late_duty", "2025-05-01").await.ok(201)["amount_cents"], 10_000);
    record("no_reply", "2025-03-03").await.problem(422, "validation_failed");
    let missed = record("no_reply", "2025-05-02").await.ok(201);
    assert_eq!((&missed["needs_choice"], &missed["amount_cents"]), (&json!(true), &json!(0)));
    let at = format!("/service/attendance/{}", missed["id"].as_str().unwrap());
    for cents in [9_999, 30_001] {
        let choose = json!({"step": "choose", "amount_cents": cents, "reason": "评议"});
        step(&county, &county.bureau, &at, choose).await.problem(422, "validation_failed");
    }
    let penalty = format!("/service/penalties/{}", missed["penalty_id"].as_str().unwrap());
    step(&county, &county.bureau, &penalty, json!({"step": "accept", "amount_cents": 0}))
        .await
        .problem(409, "choice_missing");
    let choose = json!({"step": "choose", "amount_cents": 20_000, "reason": "评议"});
    step(&county, &county.engineer, &at, choose.clone()).await.problem(403, "forbidden");
    assert_eq!(step(&county, &county.bureau, &at, choose).await.ok(200)["amount_cents"], 20_000);
    let settlement = format!("/service/contracts/{}/settlement", county.contract);
    let account = county.app.get(&county.finance, &settlement).await.ok(200);
    assert_eq!(account["sums"]["proposed_cents"], 60_000 + 10_000 + 20_000);
    let flagged = county.app.get(&county.bureau, "/service/team").await.ok(200);
    let flagged = flagged.as_array().unwrap().iter().find(|p| p["id"] == engineer).unwrap().clone();
    assert_eq!((&flagged["unfiled_leaves"], &flagged["hr_interview"]), (&json!(3), &json!(true)));
    // One of them was filed after all: the record is taken back, and with it the money and the flag.
    let listed =
        county.app.get(&county.bureau, "/service/attendance?from=2025-03-03&to=2025-03-03").await.ok(200);
    let first = format!("/service/attendance/{}", listed["items"][0]["id"].as_str().unwrap());
    let void = json!({"step": "void", "reason": "已提前报备"});
    assert_eq!(step(&county, &county.bureau, &first, void.clone()).await.ok(200)["amount_cents"], 0);
    step(&county, &county.bureau, &first, void).await.problem(409, "state_conflict");
    let account = county.app.get(&county.finance, &settlement).await.ok(200);
    assert_eq!(
        (&account["sums"]["proposed_cents"], &account["ledger_agrees"]),
        (&json!(70_000), &json!(true))
    );
    let calm = county.app.get(&county.bureau, "/service/team").await.ok(200);
    assert!(calm.as_array().unwrap().iter().all(|p| p["hr_interview"] == false));
    // Filed leave costs nothing and keeps the person off the roster.
    assert_eq!(record("leave_filed", "2025-06-01").await.ok(201)["penalty_id"], Value::Null);
    let june = roster(&county, "2025-06", json!({"step": "propose"})).await.ok(200);
    assert_ne!(june["days"][0]["engineer_id"], engineer);
}

#[tokio::test]
async fn a_working_day_begins_with_somebody_on_site_or_the_lead_and_the_bureau_hear_of_it() {
    // Friday 26 September 2025; work begins at 08:00 (the contract's hours). Sunday the 28th is worked, the 27th is not.
    let county = county("2025-09-25T17:00:00").await;
    let people = team(&county).await;
    let id = |name: &str| people.iter().find(|p| p["name"] == name).unwrap()["id"].clone();
    county.app.post(&county.hospital, "/service/presence", json!({})).await.problem(422, "validation_failed");
    set_clock(&county.app, "2025-09-26T07:52:00");
    let here = json!({"place": "卫健局机房"});
    let month = county.app.post(&county.engineer, "/service/presence", here.clone()).await.ok(201);
    let day = |month: &Value, day: &str| {
        month["days"].as_array().unwrap().iter().find(|d| d["day"] == day).cloned().unwrap_or_default()
    };
    assert_eq!(day(&month, "2025-09-26")["state"], "in_time");
    assert_eq!((&month["may_sign_in"], &month["may_record"]), (&json!(false), &json!(false)));
    county.app.post(&county.engineer, "/service/presence", here).await.problem(409, "already_present");
    // For a moment of one's own choosing somebody else has to enter it.
    let early = json!({"came_at": instant("2025-09-26T07:00:00"), "evidence": "x"});
    county.app.post(&county.duty, "/service/presence", early).await.problem(403, "forbidden");
    set_clock(&county.app, "2025-09-26T08:01:00");
    county.app.run_jobs().await;
    let told = async |who: &platform::Principal| {
        let page = county.app.get(who, "/service/notices").await.ok(200);
        page["items"].as_array().unwrap().iter().filter(|n| n["code"] == "presence_missing").count()
    };
    assert_eq!(told(&county.lead).await, 0);
    let open = format!("/service/presence/{}/steps", month["open_id"].as_str().unwrap());
    county.app.post(&county.duty, &open, json!({"step": "leave"})).await.problem(403, "forbidden");
    let left = county.app.post(&county.engineer, &open, json!({"step": "leave"})).await.ok(200);
    assert_eq!(left["may_sign_in"], true);

    // A day off asks for nobody; the Sunday that is worked does, and nobody came.
    for morning in ["2025-09-27T08:01:00", "2025-09-28T08:01:00"] {
        set_clock(&county.app, morning);
        county.app.run_jobs().await;
    }
    assert_eq!((told(&county.lead).await, told(&county.bureau).await), (1, 1));
    // The lead enters what was forgotten, with the grounds; the bureau voids it, as the door says otherwise.
    set_clock(&county.app, "2025-09-28T11:00:00");
    let forgotten =
        |came: &str| json!({"engineer_id": id("值班"), "came_at": instant(came), "evidence": "门禁记录"});
    let without = json!({"engineer_id": id("值班"), "came_at": instant("2025-09-28T07:58:00")});
    county.app.post(&county.lead, "/service/presence", without).await.problem(422, "validation_failed");
    let month =
        county.app.post(&county.lead, "/service/presence", forgotten("2025-09-28T07:58:00")).await.ok(201);
    let sunday = day(&month, "2025-09-28");
    assert_eq!((&sunday["state"], &sunday["people"][0]["evidence"]), (&json!("in_time"), &json!("门禁记录")));
    let wrong = format!("/service/presence/{}/steps", sunday["people"][0]["id"].as_str().unwrap());
    let void = json!({"step": "void", "reason": "门禁记录是另一人"});
    county.app.post(&county.bureau, &wrong, void).await.ok(200);
    let month =
        county.app.post(&county.lead, "/service/presence", forgotten("2025-09-28T08:20:00")).await.ok(201);
    let sunday = day(&month, "2025-09-28");
    assert_eq!((&sunday["state"], sunday["people"].as_array().unwrap().len()), (&json!("late"), 2));
    // Twenty-one working days until then: the 26th, the Sunday, and nineteen with nobody.
    let seen = county.app.get(&county.town, "/service/presence/2025-09").await.ok(200);
    assert_eq!((&seen["in_time"], &seen["late"], &seen["nobody"]), (&json!(1), &json!(1), &json!(19)));
    assert_eq!(day(&seen, "2025-09-29")["state"], "ahead");
    assert!(county.app.get(&county.bureau, "/service/presence/2025-09/pdf").await.bytes.starts_with(b"%PDF"));
    // A standstill of the program accuses nobody: a look that comes a day later says nothing of the day that passed.
    set_clock(&county.app, "2025-09-30T07:00:00");
    county.app.run_jobs().await;
    assert_eq!(told(&county.lead).await, 1);
}
