//! Money: claims, acceptance by both parties, payments and their lateness, the account and its paper.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use platform::{Ctx, OrgPath};
use serde_json::{Value, json};
use service_desk::contracts;
use service_desk::contracts::wire::ContractInput;
use support::{County, county, set_clock, step};

async fn late_delivery(county: &County, due: &str, done: &str) -> testkit::Answer {
    let body = json!({"rule": "late_delivery", "contract_id": county.contract, "subject": "交换机更换逾期", "due": due, "done": done});
    county.app.post(&county.bureau, "/service/penalties", body).await
}

fn path(penalty: &Value) -> String {
    format!("/service/penalties/{}", penalty["id"].as_str().unwrap())
}

async fn settlement(county: &County, query: &str) -> Value {
    let path = format!("/service/contracts/{}/settlement{query}", county.contract);
    county.app.get(&county.finance, &path).await.ok(200)
}

#[tokio::test]
async fn a_penalty_has_effect_when_both_parties_have_accepted_it_and_a_dispute_ends_in_a_counter_entry() {
    let county = county("2025-04-01T09:00:00").await;
    // 7.2: due on the 10th, done on the 13th: three days of 9,800 yuan each.
    let penalty = late_delivery(&county, "2025-03-10", "2025-03-13").await.ok(201);
    assert_eq!((&penalty["amount_cents"], &penalty["state"]), (&json!(2_940_000), &json!("proposed")));
    late_delivery(&county, "2025-03-10", "2025-03-10").await.problem(422, "validation_failed");
    late_delivery(&county, "2025-03-10", "2025-03-09").await.problem(422, "validation_failed");
    // Eight days are capped at five per cent of the total.
    let capped = late_delivery(&county, "2025-03-10", "2025-03-18").await.ok(201);
    assert_eq!(capped["amount_cents"], 4_900_000);

    let at = path(&penalty);
    let accept = json!({"step": "accept", "amount_cents": 2_940_000});
    step(&county, &county.finance, &at, accept.clone()).await.problem(403, "forbidden");
    step(&county, &county.hospital, &at, accept.clone()).await.problem(403, "forbidden");
    step(&county, &county.bureau, &at, json!({"step": "accept", "amount_cents": 1}))
        .await
        .problem(409, "stale_version");
    let one = step(&county, &county.bureau, &at, accept.clone()).await.ok(200);
    assert_eq!(one["state"], "proposed", "one signature is none");
    step(&county, &county.bureau, &at, accept.clone()).await.problem(409, "accepted_already");
    // A person with both roles does not sign for both.
    let both = testkit::staff("信息科", support::BUREAU, &[("project_lead", support::REGION)]);
    step(&county, &both, &at, accept.clone()).await.problem(409, "accepted_for_other_party");
    let disputed = step(&county, &county.lead, &at, json!({"step": "dispute", "reason": "甲方机房未开放"}))
        .await
        .ok(200);
    assert_eq!((&disputed["state"], &disputed["accepted_a"]), (&json!("disputed"), &Value::Null));
    step(&county, &county.lead, &at, accept).await.problem(409, "state_conflict");
    // The panel settles on two days; nothing is deleted: 29,400 − 29,400 + 19,600.
    let decided = json!({"step": "decide", "amount_cents": 1_960_000, "reason": "扣除甲方原因一天"});
    let decided = step(&county, &county.bureau, &at, decided).await.ok(200);
    let amounts: Vec<i64> = decided["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["amount_cents"].as_i64().unwrap())
        .collect();
    assert_eq!(amounts, [2_940_000, -2_940_000, 1_960_000]);
    let accept = json!({"step": "accept", "amount_cents": 1_960_000});
    step(&county, &county.bureau, &at, accept.clone()).await.ok(200);
    let confirmed = step(&county, &county.lead, &at, accept).await.ok(200);
    assert_eq!(confirmed["state"], "confirmed");

    let account = settlement(&county, "").await;
    assert_eq!(
        account["sums"],
        json!({"proposed_cents": 4_900_000, "confirmed_cents": 1_960_000, "disputed_cents": 0})
    );
    assert_eq!((&account["cap_cents"], &account["ledger_agrees"]), (&json!(4_900_000), &json!(true)));
    // Contract quarters: 10 March 2025 lies in the second, 28 February to 27 May.
    let quarters = account["quarters"].as_array().unwrap();
    assert_eq!(quarters.len(), 4);
    assert_eq!((&quarters[1]["from"], &quarters[1]["to"]), (&json!("2025-02-28"), &json!("2025-05-27")));
    assert_eq!(
        (&quarters[3]["to"], &quarters[1]["sums"]["confirmed_cents"]),
        (&json!("2025-11-28"), &json!(1_960_000))
    );
    let first = settlement(&county, "?from=2024-11-28&to=2025-02-27").await;
    assert_eq!(first["penalties"], json!([]));
}

#[tokio::test]
async fn payments_are_booked_and_taken_back_and_their_lateness_costs_what_7_3_says() {
    let county = county("2025-02-26T09:00:00").await;
    let pay = format!("/service/contracts/{}/payments", county.contract);
    let payment = |instalment: i32, on: &str, cents: i64| json!({"instalment": instalment, "paid_on": on, "amount_cents": cents});
    let account = settlement(&county, "").await;
    assert_eq!(
        (&account["instalments"][0]["due"], &account["instalments"][1]["due"]),
        (&json!("2025-02-26"), &json!("2026-02-26"))
    );
    // CONTRACT.md 9: nothing paid; 1, 10, 66, 67 days late.
    for (day, payable, terminate) in [
        ("2025-02-26", 0, false),
        ("2025-02-27", 73_500, false),
        ("2025-03-08", 735_000, false),
        ("2025-05-03", 4_851_000, false),
        ("2025-05-04", 4_900_000, false),
        ("2025-06-05", 4_900_000, false),
        ("2025-06-06", 4_900_000, true),
    ] {
        let account = settlement(&county, &format!("?as_of={day}")).await;
        let late = &account["late_payment"];
        assert_eq!(
            (&late["payable_cents"], &late["may_terminate"]),
            (&json!(payable), &json!(terminate)),
            "{day}"
        );
    }
    county.app.post(&county.bureau, &pay, payment(1, "2025-02-26", 100)).await.problem(403, "forbidden");
    county
        .app
        .post(&county.finance, &pay, payment(1, "2025-02-27", 100))
        .await
        .problem(422, "validation_failed");
    county
        .app
        .post(&county.finance, &pay, payment(3, "2025-02-26", 100))
        .await
        .problem(422, "validation_failed");
    county
        .app
        .post(&county.finance, &pay, payment(1, "2025-02-26", 49_000_001))
        .await
        .problem(422, "validation_failed");
    county
        .app
        .post(&county.finance, &pay, payment(1, "2025-02-26", 0))
        .await
        .problem(422, "validation_failed");
    // 300,000 in time, 190,000 late by 20 days: 3,800 + 1,900.
    county.app.post(&county.finance, &pay, payment(1, "2025-02-26", 30_000_000)).await.ok(200);
    set_clock(&county.app, "2025-03-18T09:00:00");
    let account = county.app.post(&county.finance, &pay, payment(1, "2025-03-18", 19_000_000)).await.ok(200);
    assert_eq!(
        (&account["late_payment"]["penalty_cents"], &account["late_payment"]["interest_cents"]),
        (&json!(380_000), &json!(190_000))
    );
    // The same later: what was paid late stays late, no more.
    assert_eq!(settlement(&county, "?as_of=2025-09-01").await["late_payment"]["payable_cents"], 570_000);
    // The finance office of the county was slow, with a letter to prove it: nothing is due.
    let excuse = format!("/service/contracts/{}/excuses", county.contract);
    let body =
        json!({"instalment": 1, "excuse": "fiscal_appropriation", "evidence": "财政局2025-3号拨款通知"});
    let account = county.app.post(&county.bureau, &excuse, body).await.ok(200);
    assert_eq!(account["late_payment"]["payable_cents"], 0);
    let back = json!({"instalment": 1, "evidence": "通知作废"});
    county.app.post(&county.bureau, &excuse, back).await.ok(200);
    // A payment booked twice is refused, a wrong one is taken back and both stay visible.
    county
        .app
        .post(&county.finance, &pay, payment(1, "2025-03-18", 100))
        .await
        .problem(422, "validation_failed");
    let id = account["instalments"][0]["payments"][1]["id"].as_str().unwrap().to_owned();
    let reverse = format!("{pay}/{id}/reverse");
    let account = county.app.post(&county.finance, &reverse, json!({"reason": "登记错误"})).await.ok(200);
    assert_eq!(
        (&account["instalments"][0]["open_cents"], &account["instalments"][0]["payments"][1]["reversed"]),
        (&json!(19_000_000), &json!(true))
    );
    county
        .app
        .post(&county.finance, &reverse, json!({"reason": "登记错误"}))
        .await
        .problem(409, "payment_reversed");
}

#[tokio::test]
async fn ending_the_contract_early_and_the_printed_account() {
    let county = county("2025-02-26T09:00:00").await;
    let pay = format!("/service/contracts/{}/payments", county.contract);
    let body = json!({"instalment": 1, "paid_on": "2025-02-26", "amount_cents": 49_000_000});
    county.app.post(&county.finance, &pay, body).await.ok(200);
    // 附件3 一.4: ended after 180 of 365 days (27 May 2025): 980,000 × 180/365 × 0.9 = 434,958.90; 一.5: everything back.
    for (ground, payable, refund) in [("serious", 43_495_890, 5_504_110), ("grave", 0, 49_000_000)] {
        let path =
            format!("/service/contracts/{}/termination?ground={ground}&ended=2025-05-27", county.contract);
        let found = county.app.get(&county.bureau, &path).await.ok(200);
        assert_eq!(
            (&found["elapsed_days"], &found["payable_cents"], &found["refund_cents"]),
            (&json!(180), &json!(payable), &json!(refund))
        );
    }
    let path = format!("/service/contracts/{}/termination?ground=grave&ended=2026-05-27", county.contract);
    county.app.get(&county.bureau, &path).await.problem(422, "validation_failed");
    late_delivery(&county, "2025-02-10", "2025-02-13").await.ok(201);
    let pdf = format!("/service/contracts/{}/settlement/pdf", county.contract);
    let printed = county.app.get(&county.auditor, &pdf).await;
    assert!(printed.status.is_success() && printed.bytes.starts_with(b"%PDF-1.7"));
    if let Ok(path) = std::env::var("TIANMU_KEEP_PDF") {
        std::fs::write(format!("{path}/settlement.pdf"), &printed.bytes).unwrap();
    }
    county.app.get(&county.engineer, &pdf).await.problem(403, "forbidden");
}

/// A contract of fourteen days over a leap day: one item of 1,000 yuan, the others free of charge.
fn short_contract() -> String {
    let mut priced = false;
    let lines = support::CONTRACT.lines().map(|line| match line.split_once(" = ") {
        Some(("code", "\"liyang-2024\"")) => "code = \"short-2024\"".to_owned(),
        Some(("signed" | "term_start", _)) => format!("{} = \"2024-02-20\"", line.split(' ').next().unwrap()),
        Some(("term_end", _)) => "term_end = \"2024-03-05\"".to_owned(),
        Some(("total", _)) => "total = \"1000.00\"".to_owned(),
        Some(("price", _)) if priced => "price = \"0.00\"".to_owned(),
        Some(("price", _)) => {
            priced = true;
            "price = \"1000.00\"".to_owned()
        }
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_term_shorter_than_a_month_over_a_leap_day_with_items_free_of_charge_is_computed() {
    let county = county("2024-02-20T09:00:00").await;
    let ctx = Ctx::system(&county.app.platform, "test");
    let enter = async |definition: String| {
        let input = ContractInput { definition, note: "短期服务".to_owned(), renews: None };
        contracts::enter(&ctx, &OrgPath::new(support::REGION).unwrap(), &input).await
    };
    // What does not add up, or ends before it begins, is refused with the field and the reason.
    let wrong = short_contract().replace("total = \"1000.00\"", "total = \"1000.01\"");
    assert_eq!(enter(wrong).await.unwrap_err().field_errors()[0].field, "definition");
    let wrong = short_contract().replace("term_end = \"2024-03-05\"", "term_end = \"2024-02-19\"");
    assert_eq!(enter(wrong).await.unwrap_err().field_errors()[0].field, "definition");
    let county = County { contract: enter(short_contract()).await.unwrap(), ..county };

    // Ninety days from 20 February and 5 March 2024: 9 + 31 + 30 + 20, 26 + 30 + 31 + 3. Both are Mondays.
    let account = settlement(&county, "").await;
    let dues: Vec<&Value> = account["instalments"].as_array().unwrap().iter().map(|i| &i["due"]).collect();
    assert_eq!(dues, [&json!("2024-05-20"), &json!("2024-06-03")]);
    // 附件3 一.4: ended on the leap day, 9 of 14 days: 1,000 × 9/14 × 0.9 = 578.571…
    let path = format!("/service/contracts/{}/termination?ground=serious&ended=2024-02-29", county.contract);
    let ended = county.app.get(&county.bureau, &path).await.ok(200);
    assert_eq!((&ended["elapsed_days"], &ended["payable_cents"]), (&json!(9), &json!(57_857)));
    // A part of an instalment: what is open is late, the rest is not.
    set_clock(&county.app, "2024-05-30T09:00:00");
    let pay = format!("/service/contracts/{}/payments", county.contract);
    let part = json!({"instalment": 1, "paid_on": "2024-05-20", "amount_cents": 30_000});
    county.app.post(&county.finance, &pay, part).await.ok(200);
    let too_much = json!({"instalment": 1, "paid_on": "2024-05-21", "amount_cents": 30_000});
    county.app.post(&county.finance, &pay, too_much).await.problem(422, "validation_failed");
    let account = settlement(&county, "").await;
    let first = &account["instalments"][0];
    assert_eq!((&first["open_cents"], &first["days_late"]), (&json!(20_000), &json!(10)), "{first}");
}
