//! Incidents: how grave, until when, what they cost. Amounts from CONTRACT.md, sections 8 and 12, computed there by hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::{County, TOWN, county, instant, set_clock, step};

fn evidence(severity: &str) -> Value {
    // Twenty institutions are connected: all stopped, two, one, none.
    let (primary, secondary) = match severity {
        "S1" => (18, 2),
        "S2" => (1, 1),
        "S3" => (1, 0),
        _ => (0, 0),
    };
    json!({"connected_institutions": 20, "primary_stopped": primary, "secondary_stopped": secondary})
}

async fn declare(county: &County, item: &str, severity: &str, reported: &str) -> Value {
    let body = json!({"item_code": item, "title": format!("{item} 无法使用"), "evidence": evidence(severity), "first_report": instant(reported), "source": "电话"});
    let made = county.app.post(&county.engineer, "/service/incidents", body).await.ok(201);
    assert_eq!(made["severity"], severity);
    made
}

fn path(incident: &Value) -> String {
    format!("/service/incidents/{}", incident["id"].as_str().unwrap())
}

/// Restored at a moment, reported, and the cause confirmed.
async fn close(county: &County, incident: &Value, restored: &str, cause: &str) -> Value {
    let at = path(incident);
    step(county, &county.engineer, &at, json!({"step": "restore", "at": instant(restored)})).await.ok(200);
    let report = json!({"cause": "原因", "analysis": "分析", "handling": "处置", "prevention": "预防", "cause_code": cause});
    step(county, &county.engineer, &at, json!({"step": "submit_report", "report": report})).await.ok(200);
    step(county, &county.bureau, &at, json!({"step": "accept_report", "cause_code": cause})).await.ok(200)
}

#[tokio::test]
async fn the_golden_ledger_of_incidents_comes_out_to_the_cent() {
    let county = county("2025-09-01T09:00:00").await;
    // item, severity, first report, restored, cause, fine in cents (section 12)
    let golden = [
        ("teleconsultation", "S2", "2025-01-10T09:00:00", "2025-01-10T11:59:59", "network", 50_880),
        ("teleconsultation", "S2", "2025-02-10T09:00:00", "2025-02-10T12:00:01", "network", 152_640),
        ("ecg", "S3", "2025-03-03T09:00:00", "2025-03-03T14:10:00", "database", 39_360),
        ("ecg", "S1", "2025-03-04T09:00:00", "2025-03-04T10:20:00", "database", 393_600),
        ("emr_quality", "S3", "2025-04-01T09:00:00", "2025-04-01T10:00:00", "application", 7_968),
        ("emr_quality", "S3", "2025-04-02T09:00:00", "2025-04-02T10:00:00", "server", 7_968),
    ];
    let mut total = 0;
    for (item, severity, reported, restored, cause, cents) in golden {
        let incident = declare(&county, item, severity, reported).await;
        assert!(incident["penalty_id"].is_null(), "nobody knows yet whether it will be late");
        let closed = close(&county, &incident, restored, cause).await;
        assert_eq!(
            (&closed["state"], &closed["penalty_cents"]),
            (&json!("closed"), &json!(cents)),
            "{item} {severity}"
        );
        total += cents;
    }
    let path = format!("/service/contracts/{}/settlement", county.contract);
    let account = county.app.get(&county.auditor, &path).await.ok(200);
    assert_eq!(
        (&account["sums"]["proposed_cents"], &account["ledger_agrees"]),
        (&json!(total), &json!(true))
    );
    assert_eq!(account["penalties"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn severity_follows_the_contracts_words_until_a_panel_decides_otherwise() {
    let county = county("2025-03-01T23:30:00").await;
    let judged = county.app.post(&county.engineer, "/service/incidents/judge", evidence("S2")).await.ok(200);
    assert_eq!(
        (&judged["severity"], judged["words"]["severity"].as_array().unwrap().len()),
        (&json!("S2"), 4)
    );
    let broken = json!({"connected_institutions": 1, "primary_stopped": 2, "secondary_stopped": 0});
    county
        .app
        .post(&county.engineer, "/service/incidents/judge", broken)
        .await
        .problem(422, "validation_failed");
    // A subsystem of one hospital that stands still is S3, not S1.
    let one = json!({"connected_institutions": 1, "primary_stopped": 0, "secondary_stopped": 1});
    assert_eq!(
        county.app.post(&county.engineer, "/service/incidents/judge", one).await.ok(200)["severity"],
        "S3"
    );

    let incident = declare(&county, "ecg", "S3", "2025-03-01T22:40:00").await;
    let at = path(&incident);
    assert_eq!(incident["restore_due_at"], instant("2025-03-02T04:40:00"));
    county.app.get(&county.hospital, &at).await.problem(404, "not_found");
    let decide = json!({"step": "override", "severity": "S1", "reason": "专家组认定影响特别严重"});
    step(&county, &county.lead, &at, decide.clone()).await.problem(403, "forbidden");
    let graver = step(&county, &county.bureau, &at, decide).await.ok(200);
    assert_eq!((&graver["severity"], &graver["computed_severity"]), (&json!("S1"), &json!("S3")));
    assert_eq!(graver["restore_due_at"], instant("2025-03-01T23:40:00"));
    let notice = graver["clocks"].as_array().unwrap().iter().find(|c| c["name"] == "notice").unwrap();
    assert_eq!(notice["due_at"], instant("2025-03-02T22:40:00"), "附件2 十六: 24 hours");
    let said = |to: &str| json!({"step": "notice", "to": to, "recipient": "网信办", "evidence": "传真回执"});
    step(&county, &county.lead, &at, said("authorities")).await.ok(200);
    set_clock(&county.app, "2025-03-02T22:40:01");
    let told = step(&county, &county.bureau, &at, said("carrier")).await.ok(200);
    let late: Vec<&Value> = told["notices"].as_array().unwrap().iter().map(|n| &n["late"]).collect();
    assert_eq!(late, [&json!(false), &json!(true)]);
    let back = step(&county, &county.bureau, &at, json!({"step": "withdraw_override", "reason": "复议"}))
        .await
        .ok(200);
    assert_eq!(back["severity"], "S3");
}

#[tokio::test]
async fn evidence_that_comes_later_moves_the_beginning_and_the_fine_and_both_values_stay() {
    let county = county("2025-03-03T20:00:00").await;
    let incident = declare(&county, "ecg", "S3", "2025-03-03T09:00:00").await;
    let at = path(&incident);
    let early = json!({"step": "restore", "at": instant("2025-03-03T08:00:00")});
    step(&county, &county.engineer, &at, early).await.problem(422, "validation_failed");
    let restored = step(
        &county,
        &county.engineer,
        &at,
        json!({"step": "restore", "at": instant("2025-03-03T14:30:00")}),
    )
    .await
    .ok(200);
    assert_eq!((&restored["restored_late"], &restored["penalty_cents"]), (&json!(false), &json!(39_360)));
    // Monitoring saw it at 08:00: six and a half hours, late, double.
    let alarm = json!({"step": "alarm", "at": instant("2025-03-03T08:00:00"), "source": "监控平台"});
    let moved = step(&county, &county.bureau, &at, alarm).await.ok(200);
    assert_eq!(
        (&moved["started_at"], &moved["restored_late"], &moved["penalty_cents"]),
        (&json!(instant("2025-03-03T08:00:00")), &json!(true), &json!(78_720))
    );
    let penalty = county
        .app
        .get(&county.bureau, &format!("/service/penalties/{}", moved["penalty_id"].as_str().unwrap()))
        .await
        .ok(200);
    let amounts: Vec<i64> =
        penalty["lines"].as_array().unwrap().iter().map(|l| l["amount_cents"].as_i64().unwrap()).collect();
    assert_eq!(amounts, [39_360, -39_360, 78_720]);
    // The alarm was of another system: struck out, the fine comes back to what it was.
    let entry =
        moved["journal"].as_array().unwrap().iter().find(|e| e["what"]["event"] == "first_alarm").unwrap();
    let strike = json!({"step": "correct", "event_id": entry["id"], "reason": "其他系统的告警"});
    step(&county, &county.engineer, &at, strike.clone()).await.problem(403, "forbidden");
    let struck = step(&county, &county.bureau, &at, strike).await.ok(200);
    assert_eq!(
        (&struck["penalty_cents"], &struck["journal"][0]["what"]["event"]),
        (&json!(39_360), &json!("replayed"))
    );
    // It never was an incident of this contract: void, and nothing is left to pay.
    let void =
        step(&county, &county.bureau, &at, json!({"step": "void", "reason": "甲方断电演练"})).await.ok(200);
    assert_eq!((&void["state"], &void["penalty_cents"]), (&json!("void"), &Value::Null));
    let penalty = county
        .app
        .get(&county.bureau, &format!("/service/penalties/{}", moved["penalty_id"].as_str().unwrap()))
        .await
        .ok(200);
    assert_eq!((&penalty["state"], &penalty["amount_cents"]), (&json!("withdrawn"), &json!(0)));
}

#[tokio::test]
async fn repetitions_count_by_subsystem_severity_and_confirmed_cause_and_other_readings_are_shown() {
    let county = county("2025-09-01T09:00:00").await;
    let first = declare(&county, "ecg", "S2", "2025-01-10T09:00:00").await;
    close(&county, &first, "2025-01-10T10:00:00", "network").await;
    // Two in one second: registration decides which is the second and which the third (984, 1476, 2214).
    let second = declare(&county, "ecg", "S2", "2025-02-10T09:00:00").await;
    let third = declare(&county, "ecg", "S2", "2025-02-10T09:00:00").await;
    assert_eq!(close(&county, &second, "2025-02-10T10:00:00", "network").await["penalty_cents"], 147_600);
    let third = close(&county, &third, "2025-02-10T10:00:00", "network").await;
    assert_eq!((&third["penalty_cents"], &third["occurrence"]), (&json!(221_400), &json!(3)));
    let others = third["fine"]["derivation"]["alternatives"].to_string();
    assert!(
        others.contains("repeat = linear") && others.contains("1968.00"),
        "third, linear: 2.0 × 984.00: {others}"
    );
    // The second turns out to have had another cause: it is a first, and the third becomes a second.
    let reopen = json!({"step": "void", "reason": "重复登记"});
    step(&county, &county.bureau, &path(&second), reopen).await.ok(200);
    let third = county.app.get(&county.bureau, &path(&third)).await.ok(200);
    assert_eq!((&third["penalty_cents"], &third["occurrence"]), (&json!(147_600), &json!(2)));
    // The parties agree to read "1.5 times" linearly: everything is booked anew.
    let amend = json!({"valid_from": "2024-11-28", "note": "补充协议：线性", "version": 1, "patch": {"readings": {"repeat": "linear"}}});
    county
        .app
        .post(&county.bureau, &format!("/service/contracts/{}/amend", county.contract), amend)
        .await
        .ok(200);
    let third = county.app.get(&county.bureau, &path(&third)).await.ok(200);
    assert_eq!(third["penalty_cents"], 147_600, "the second costs half of the first more by either reading");
    assert_eq!(third["contract_version"], 2);
    // Cloud causes have no fine in this section; the base that could be negotiated is shown.
    let cloud = declare(&county, "cloud", "S1", "2025-05-05T09:00:00").await;
    let cloud = close(&county, &cloud, "2025-05-05T09:30:00", "storage").await;
    assert_eq!((&cloud["penalty_cents"], &cloud["fine"]["negotiable"]), (&json!(0), &json!(true)));
    assert!(cloud["fine"]["derivation"]["alternatives"].to_string().contains("2544.00"), "1 % of 254,400");
}

#[tokio::test]
async fn the_report_goes_back_and_forth_and_comes_out_on_paper() {
    let county = county("2025-03-03T12:00:00").await;
    let town = testkit::staff("卫生院", TOWN, &[]).organisation_id;
    let body = json!({"item_code": "resident_app", "title": "居民端无法登录", "evidence": evidence("S2"), "first_report": instant("2025-03-03T09:00:00"),
        "affected": [{"organisation_id": town, "stopped": true}], "also_affects": ["ecg"]});
    county.app.post(&county.hospital, "/service/incidents", body.clone()).await.problem(403, "forbidden");
    let incident = county.app.post(&county.engineer, "/service/incidents", body).await.ok(201);
    let at = path(&incident);
    step(
        &county,
        &county.engineer,
        &at,
        json!({"step": "respond", "way": "remote", "at": instant("2025-03-03T09:02:00")}),
    )
    .await
    .ok(200);
    step(&county, &county.engineer, &at, json!({"step": "measure", "text": "切换到备用认证服务"}))
        .await
        .ok(200);
    let report = json!({"cause": "证书过期", "analysis": "未设置到期提醒", "handling": "更换证书", "prevention": "纳入巡检", "cause_code": "configuration"});
    step(&county, &county.engineer, &at, json!({"step": "submit_report", "report": report}))
        .await
        .problem(409, "state_conflict");
    let draft = json!({"step": "save_report", "report": {"cause": "证书过期"}});
    assert_eq!(
        step(&county, &county.engineer, &at, draft).await.ok(200)["report_draft"]["cause"],
        "证书过期"
    );
    step(&county, &county.engineer, &at, json!({"step": "restore"})).await.ok(200);
    let half =
        json!({"step": "submit_report", "report": {"cause": "证书过期", "cause_code": "configuration"}});
    step(&county, &county.engineer, &at, half).await.problem(422, "validation_failed");
    let sent = step(&county, &county.engineer, &at, json!({"step": "submit_report", "report": report}))
        .await
        .ok(200);
    assert_eq!((&sent["state"], &sent["report_draft"]), (&json!("reported"), &Value::Null));
    let codes = async |who: &platform::Principal| -> Vec<String> {
        let told = county.app.get(who, "/service/notices").await.ok(200);
        let items = told["items"].as_array().unwrap();
        // All of one moment here, so in no particular order.
        let mut codes: Vec<String> =
            items.iter().map(|notice| notice["code"].as_str().unwrap().to_owned()).collect();
        codes.sort_unstable();
        codes
    };
    assert_eq!(codes(&county.bureau).await, ["incident_declared", "incident_report_submitted"]);
    assert_eq!(codes(&county.lead).await, ["incident_declared"]);
    step(&county, &county.lead, &at, json!({"step": "accept_report", "cause_code": "configuration"}))
        .await
        .problem(403, "forbidden");
    step(&county, &county.bureau, &at, json!({"step": "return_report", "reason": "预防措施太笼统"}))
        .await
        .ok(200);
    step(&county, &county.engineer, &at, json!({"step": "submit_report", "report": report})).await.ok(200);
    step(&county, &county.bureau, &at, json!({"step": "accept_report", "cause_code": "moon"}))
        .await
        .problem(422, "validation_failed");
    let done =
        step(&county, &county.bureau, &at, json!({"step": "accept_report", "cause_code": "configuration"}))
            .await
            .ok(200);
    assert_eq!(done["cause_confirmed"], true);
    let printed = county.app.get(&county.auditor, &format!("{at}/pdf")).await;
    assert!(printed.status.is_success() && printed.bytes.starts_with(b"%PDF-1.7"));
    if let Ok(path) = std::env::var("TIANMU_KEEP_PDF") {
        std::fs::write(format!("{path}/incident.pdf"), &printed.bytes).unwrap();
    }
    let listed = county
        .app
        .get(&county.duty, "/service/incidents?severity=S2&state=closed&q=%E5%B1%85%E6%B0%91")
        .await
        .ok(200);
    assert_eq!(listed["items"][0]["id"], incident["id"]);
}

#[tokio::test]
async fn a_restoration_that_nears_its_limit_is_told() {
    let county = county("2025-03-03T09:00:00").await;
    let incident = declare(&county, "ecg", "S1", "2025-03-03T09:00:00").await;
    set_clock(&county.app, "2025-03-03T09:55:00");
    county.app.run_jobs().await;
    let told = county.app.get(&county.engineer, "/service/notices").await.ok(200);
    let first = &told["items"][0];
    assert_eq!(
        (&first["code"], &first["params"]["percent"], &first["subject_id"]),
        (&json!("incident_escalated"), &json!(90), &incident["id"])
    );
}

#[tokio::test]
async fn every_reading_counts_its_own_chain_of_repetitions() {
    let county = county("2025-09-01T09:00:00").await;
    // The first is late (limit 3 h), the others are in time; the new calendar year begins before the third.
    let times = [
        ("2024-12-10T09:00:00", "2024-12-10T12:30:00", 196_800, 1),
        ("2024-12-20T09:00:00", "2024-12-20T10:00:00", 147_600, 2),
        ("2025-01-10T09:00:00", "2025-01-10T10:00:00", 221_400, 3),
    ];
    let mut last = Value::Null;
    for (reported, restored, cents, occurrence) in times {
        let incident = declare(&county, "ecg", "S2", reported).await;
        last = close(&county, &incident, restored, "network").await;
        assert_eq!((&last["penalty_cents"], &last["occurrence"]), (&json!(cents), &json!(occurrence)));
    }
    // 196,800 × 0.5 % = 984.00. Linear: 984 × 2. On the fine before with its surcharge: 984 × 2 = 1968, 2952, 4428.
    // In the calendar year 2025 it is the first: 984.00.
    let readings = |incident: &Value| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let all = incident["fine"]["derivation"]["alternatives"].as_array().unwrap();
        all.iter().map(|a| (text(&a["reading"]), text(&a["result"]))).collect()
    };
    let named = |name: &str, amount: &str| (name.to_owned(), amount.to_owned());
    assert_eq!(
        readings(&last),
        [
            named("repeat = linear", "1968.00"),
            named("repeat = compound_with_late", "4428.00"),
            named("year = calendar", "984.00"),
        ]
    );
    let amend = async |version: i32, patch: Value| {
        let body = json!({"valid_from": "2024-11-28", "note": "补充协议", "version": version, "patch": {"readings": patch}});
        let amend = format!("/service/contracts/{}/amend", county.contract);
        county.app.post(&county.bureau, &amend, body).await.ok(200);
        county.app.get(&county.bureau, &path(&last)).await.ok(200)
    };
    let with_late = amend(1, json!({"repeat": "compound_with_late"})).await;
    assert_eq!(with_late["penalty_cents"], 442_800);
    let calendar = amend(2, json!({"year": "calendar"})).await;
    assert_eq!((&calendar["penalty_cents"], &calendar["occurrence"]), (&json!(98_400), &json!(1)));
    // A late S1 by the literal reading: 1968.00 × 1.01 = 1987.68; by the recommended one 3936.00.
    let grave = declare(&county, "ecg", "S1", "2025-03-04T09:00:00").await;
    let grave = close(&county, &grave, "2025-03-04T10:20:00", "database").await;
    assert_eq!(grave["penalty_cents"], 393_600);
    assert!(readings(&grave).iter().any(|(name, amount)| name.contains("literal") && amount == "1987.68"));
}

#[tokio::test]
async fn an_ordinary_incident_is_told_to_the_information_section_and_needs_no_report() {
    let county = county("2025-03-03T12:00:00").await;
    let grave = declare(&county, "ecg", "S3", "2025-03-03T09:00:00").await;
    let inform = json!({"step": "inform", "recipient": "信息科 李工", "at": instant("2025-03-03T09:20:00")});
    step(&county, &county.engineer, &path(&grave), inform.clone()).await.problem(409, "report_needed");
    let incident = declare(&county, "ecg", "S4", "2025-03-03T09:00:00").await;
    let at = path(&incident);
    assert_eq!(incident["clocks"], json!([]), "no limit is named for S4");
    assert!(incident["allowed_actions"].as_array().unwrap().contains(&json!("inform")));
    step(&county, &county.bureau, &at, inform.clone()).await.problem(403, "forbidden");
    let told = step(&county, &county.engineer, &at, inform).await.ok(200);
    assert_eq!((&told["state"], &told["informed_recipient"]), (&json!("handling"), &json!("信息科 李工")));
    let done = step(&county, &county.engineer, &at, json!({"step": "restore"})).await.ok(200);
    assert_eq!((&done["state"], &done["penalty_cents"]), (&json!("closed"), &json!(0)));
    // The panel finds it graver: a report is due after all, six hours and a day after the beginning.
    let unknown = "00000000-0000-7000-8000-000000000001";
    let decide = json!({"step": "override", "severity": "S3", "reason": "影响体检", "minutes_id": unknown});
    step(&county, &county.bureau, &at, decide).await.problem(422, "validation_failed");
    let to =
        format!("/service/attachments?subject_kind=incident&subject_id={}", incident["id"].as_str().unwrap());
    let files: &[(&str, &[u8])] =
        &[("专家组纪要.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")];
    let request = testkit::multipart(&to, &[], files, &[]);
    let kept = county.app.send(Some(&county.bureau), request).await.ok(201);
    let minutes = kept[0]["id"].clone();
    let decide = json!({"step": "override", "severity": "S3", "reason": "影响体检", "minutes_id": minutes});
    let graver = step(&county, &county.bureau, &at, decide).await.ok(200);
    assert_eq!(
        (&graver["state"], &graver["report_due_at"], &graver["override_minutes_id"]),
        (&json!("restored"), &json!(instant("2025-03-04T15:00:00")), &minutes)
    );
    assert_eq!(graver["penalty_cents"], 39_360);
}
