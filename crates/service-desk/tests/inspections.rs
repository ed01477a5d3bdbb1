//! Inspections: the plan of the term (CONTRACT section 4), a month filled in on a telephone, both signatures, and monitoring.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use platform::Principal;
use ports::service::{InspectionReadings, Reading, ReadingQuery, ReadingValue};
use serde_json::{Value, json};
use service_desk::inspections::checklists::Checklists;
use std::sync::Arc;
use support::{County, county, county_monitored, instant, set_clock, step};
use testkit::{Answer, request};

/// The last days of the months of the term, and of its quarters, from CONTRACT section 4.
const MONTH_ENDS: [&str; 12] = [
    "2024-12-31",
    "2025-01-31",
    "2025-02-28",
    "2025-03-31",
    "2025-04-30",
    "2025-05-31",
    "2025-06-30",
    "2025-07-31",
    "2025-08-31",
    "2025-09-30",
    "2025-10-31",
    "2025-11-30",
];
const QUARTER_ENDS: [&str; 4] = ["2025-02-28", "2025-05-28", "2025-08-28", "2025-11-28"];

async fn list(county: &County, query: &str) -> Vec<Value> {
    let path = format!("/service/inspections?limit=200&{query}");
    let page = county.app.get(&county.engineer, &path).await.ok(200);
    page["items"].as_array().unwrap().clone()
}

fn dues(list: &[Value]) -> Vec<&str> {
    list.iter().map(|line| line["due"].as_str().unwrap()).collect()
}

/// The path of the inspection of a kind that is due on a day.
async fn inspection(county: &County, kind: &str, due: &str) -> String {
    let found = list(county, &format!("kind={kind}&from={due}&to={due}")).await;
    format!("/service/inspections/{}", found[0]["id"].as_str().unwrap())
}

async fn start(county: &County, kind: &str, due: &str) -> (String, Value) {
    let path = inspection(county, kind, due).await;
    let view = step(county, &county.engineer, &path, json!({"step": "start"})).await.ok(200);
    (path, view)
}

async fn save(
    county: &County,
    who: &Principal,
    path: &str,
    unit: &Value,
    body: Value,
    key: Option<&str>,
) -> Answer {
    let address = format!("{path}/units/{}", unit["id"].as_str().unwrap());
    let mut request = request(axum::http::Method::PUT, &address, Some(body));
    if let Some(key) = key {
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
    }
    county.app.send(Some(who), request).await
}

fn unit<'a>(view: &'a Value, label: &str) -> &'a Value {
    let units = view["unit_list"].as_array().unwrap();
    units.iter().find(|unit| unit["label"] == label).unwrap_or_else(|| panic!("no unit {label}"))
}

/// In order, everywhere: what an engineer taps on a quiet day.
fn quiet(view: &Value, unit: &Value) -> Vec<Value> {
    let lists = view["checklists"].as_array().unwrap();
    let list = lists.iter().find(|list| list["code"] == unit["type_code"]).unwrap();
    let answer = |item: &Value| {
        let value = match item["kind"].as_str().unwrap() {
            "check" => Value::Null,
            // 22 °C, 22 %, 200 days of logs lie in every range; packet loss of 22 % does not.
            "number" if item["code"] == "packet_loss" => json!("0.02"),
            "number" if item["code"] == "log_days" => json!("200"),
            "number" => json!("22"),
            _ => json!("1.0"),
        };
        json!({"code": item["code"], "verdict": "normal", "value": value, "remark": null})
    };
    list["items"].as_array().unwrap().iter().map(answer).collect()
}

async fn fill(county: &County, path: &str, view: &Value, except: &[&str]) {
    for unit in view["unit_list"].as_array().unwrap() {
        if !except.contains(&unit["label"].as_str().unwrap()) {
            let body = json!({"row_version": unit["row_version"], "answers": quiet(view, unit)});
            save(county, &county.engineer, path, unit, body, None).await.ok(200);
        }
    }
}

#[tokio::test]
async fn the_term_asks_for_twenty_eight_inspections_of_forty_nine_units() {
    let county = county("2024-11-28T09:00:00").await;
    let all = list(&county, "").await;
    assert_eq!(all.len(), 28);
    assert_eq!(dues(&list(&county, "kind=cloud_monthly").await), MONTH_ENDS);
    assert_eq!(dues(&list(&county, "kind=video_monthly").await), MONTH_ENDS);
    let quarters = list(&county, "kind=preventive_quarterly").await;
    assert_eq!(dues(&quarters), QUARTER_ENDS);
    assert_eq!(
        (&quarters[0]["period_from"], &quarters[0]["paper_due"]),
        (&json!("2024-11-28"), &json!(true))
    );
    assert_eq!(
        (&all[0]["state"], &all[0]["late"], &all[0]["days_left"]),
        (&json!("planned"), &json!(false), &json!(33))
    );
    // Page by page it is the same list.
    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let page =
            county.app.get(&county.engineer, &format!("/service/inspections?limit=9{cursor}")).await.ok(200);
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, all);

    // 19 units of the cloud platform and 30 of the video hardware (CONTRACT section 1); system software is inspected with the
    // cloud platform (1.1.2(4)) and is no unit of the list.
    let register = county
        .app
        .get(&county.lead, &format!("/service/equipment?contract_id={}", county.contract))
        .await
        .ok(200);
    let count = |item: &str, software: bool| {
        let is_software =
            |unit: &Value| matches!(unit["type_code"].as_str().unwrap(), "operating_systems" | "oracle");
        let units = register.as_array().unwrap();
        units.iter().filter(|unit| unit["item_code"] == item && is_software(unit) == software).count()
    };
    assert_eq!((count("cloud", false), count("video", false)), (19, 30));
    assert_eq!((count("cloud", true), count("video", true)), (2, 0));
    assert!(register.as_array().unwrap().iter().all(|unit| unit["type_code"] != "other"));

    // Institutions see none of it; who reads the contract reads it and works on nothing.
    county.app.get(&county.hospital, "/service/inspections").await.problem(403, "forbidden");
    let path = inspection(&county, "cloud_monthly", "2024-12-31").await;
    county.app.get(&county.auditor, &path).await.ok(200);
    step(&county, &county.auditor, &path, json!({"step": "start"})).await.problem(403, "forbidden");
    let elsewhere = testkit::staff("别县工程师", "00020001", &[("site_engineer", "0002")]);
    county.app.get(&elsewhere, &path).await.problem(404, "not_found");
    // December's inspection is made in December.
    step(&county, &county.engineer, &path, json!({"step": "start"})).await.problem(409, "period_not_begun");
    county.app.get(&county.lead, "/service/inspections?state=lost").await.problem(422, "validation_failed");
    county
        .app
        .get(&county.lead, "/service/inspections?from=2025-02-30")
        .await
        .problem(422, "validation_failed");
}

#[tokio::test]
async fn a_month_is_filled_in_signed_returned_and_confirmed() {
    let county = county("2024-12-20T09:00:00").await;
    let (path, view) = start(&county, "video_monthly", "2024-12-31").await;
    assert_eq!((view["units"].as_i64(), &view["state"]), (Some(30), &json!("in_progress")));
    assert_eq!(view["assignee_name"], "工程师");
    // What only the quarterly inspection asks for is not asked for here.
    let lists = view["checklists"].as_array().unwrap();
    assert!(
        lists
            .iter()
            .flat_map(|list| list["items"].as_array().unwrap())
            .all(|item| item["quarterly"] == false)
    );

    // One tap, saved; the answer is lost and sent again; then the next tap.
    let endpoint = unit(&view, "Group 550 #1");
    let tap = json!({"row_version": 0, "answers": [{"code": "registration", "verdict": "normal"}]});
    let saved = save(&county, &county.engineer, &path, endpoint, tap.clone(), Some("tap-1")).await.ok(200);
    assert_eq!((&saved["row_version"], &saved["answered"]), (&json!(1), &json!(1)));
    let again = save(&county, &county.engineer, &path, endpoint, tap, Some("tap-1")).await.ok(200);
    assert_eq!(again, saved);
    let other = json!({"row_version": 1, "answers": [{"code": "camera", "verdict": "normal"}]});
    save(&county, &county.engineer, &path, endpoint, other, Some("tap-1"))
        .await
        .problem(409, "idempotency_key_reused");
    // A colleague fills in another item of the same unit from the same version: nobody is in the way.
    let colleague = json!({"row_version": 0, "answers": [{"code": "camera", "verdict": "normal"}]});
    let saved = save(&county, &county.duty, &path, endpoint, colleague, None).await.ok(200);
    assert_eq!(saved["answered"], 2);
    // The same item with another answer, given without having seen the first: refused, and it says which.
    let blind =
        json!({"row_version": 0, "answers": [{"code": "camera", "verdict": "abnormal", "remark": "不转"}]});
    let problem =
        save(&county, &county.engineer, &path, endpoint, blind, None).await.problem(409, "stale_version");
    assert_eq!(
        (&problem["params"]["codes"], &problem["params"]["row_version"]),
        (&json!(["camera"]), &json!(2))
    );

    // Packet loss of 2 % is beyond 0.1 % (ITU-T Y.1541, class 0): abnormal whatever was tapped, and it needs a remark.
    let loss =
        json!({"row_version": 2, "answers": [{"code": "packet_loss", "verdict": "normal", "value": "2"}]});
    let saved = save(&county, &county.engineer, &path, endpoint, loss, None).await.ok(200);
    assert_eq!(saved["answers"]["packet_loss"]["verdict"], "abnormal");
    let open = saved["open"].as_array().unwrap();
    assert!(open.iter().any(|item| item["code"] == "packet_loss" && item["why"] == "remark_missing"));
    for (answer, code) in [
        (json!({"code": "jitter", "verdict": "normal", "value": "二十"}), "number_invalid"),
        (json!({"code": "jitter", "verdict": "normal"}), "required"),
        (json!({"code": "camera", "verdict": "normal", "value": "1"}), "value_not_wanted"),
        (json!({"code": "engine", "verdict": "normal"}), "item_unknown"),
        (json!({"code": "camera", "verdict": "abnormal", "remark": "长".repeat(501)}), "too_long"),
    ] {
        let body = json!({"row_version": 3, "answers": [answer]});
        let problem = save(&county, &county.engineer, &path, endpoint, body, None)
            .await
            .problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }

    fill(&county, &path, &view, &["Group 550 #1", "Group 310 #17"]).await;
    let submit = json!({"step": "submit", "summary": "30台设备，1台丢包，已报修"});
    let problem =
        step(&county, &county.engineer, &path, submit.clone()).await.problem(422, "inspection_incomplete");
    let missing = problem["params"]["missing"].as_array().unwrap();
    // Two items answered out of eight, one without its remark; the other unit has eight.
    assert_eq!(missing.len(), 6 + 8, "{missing:?}");
    assert!(missing.iter().any(|item| item["unit"] == "Group 310 #17" && item["why"] == "unanswered"));
    assert!(missing.iter().any(|item| item["code"] == "packet_loss" && item["why"] == "remark_missing"));
    let mut answers = quiet(&view, endpoint);
    answers.retain(|answer| answer["code"] != "packet_loss");
    answers.push(json!({"code": "packet_loss", "verdict": "abnormal", "value": "2", "remark": "专线质量差"}));
    save(&county, &county.engineer, &path, endpoint, json!({"row_version": 3, "answers": answers}), None)
        .await
        .ok(200);
    let closed = json!({"row_version": 0, "skip_reason": "卫生院装修，设备已封存"});
    save(&county, &county.engineer, &path, unit(&view, "Group 310 #17"), closed, None).await.ok(200);

    // The fault becomes a ticket at the institution, linked both ways.
    let finding = json!({"step": "report_finding", "unit_id": endpoint["id"], "code": "packet_loss", "title": "会诊终端丢包",
        "description": "呼叫MCU丢包2%", "priority": 3});
    let problem =
        step(&county, &county.engineer, &path, finding.clone()).await.problem(422, "validation_failed");
    assert_eq!(problem["errors"][0]["field"], "organisation_id");
    let mut finding = finding;
    finding["organisation_id"] = json!(county.hospital.organisation_id.unwrap());
    let view = step(&county, &county.engineer, &path, finding.clone()).await.ok(200);
    let found = &view["finding_list"][0];
    assert_eq!((&view["findings"], &found["ticket_state"]), (&json!(1), &json!("open")));
    let ticket = county
        .app
        .get(&county.hospital, &format!("/service/tickets/{}", found["ticket_id"].as_str().unwrap()))
        .await
        .ok(200);
    assert_eq!(
        (&ticket["channel"], &ticket["class"], &ticket["item_code"]),
        (&json!("on_site"), &json!("fault"), &json!("video"))
    );
    assert!(ticket["description"].as_str().unwrap().contains(view["number"].as_str().unwrap()));
    step(&county, &county.engineer, &path, finding.clone()).await.problem(409, "finding_exists");
    finding["code"] = json!("camera");
    step(&county, &county.engineer, &path, finding).await.problem(409, "not_abnormal");

    // A photo of the item.
    let photos = format!(
        "/service/attachments?subject_kind=inspection&subject_id={}&part={}/packet_loss",
        view["id"].as_str().unwrap(),
        endpoint["id"].as_str().unwrap()
    );
    let photo: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9";
    let upload = || testkit::multipart(&photos, &[], &[("屏幕.jpg", photo)], &[]);
    let made = county.app.send(Some(&county.engineer), upload()).await.ok(201);

    // Party B signs; party A looks, returns, and confirms. Neither does the other's part.
    step(&county, &county.bureau, &path, submit.clone()).await.problem(403, "forbidden");
    let signed = step(&county, &county.engineer, &path, submit.clone()).await.ok(200);
    assert_eq!(
        (&signed["state"], &signed["late"], &signed["answered"]),
        (&json!("submitted"), &json!(false), &signed["items"])
    );
    assert_eq!(signed["signed_by_provider"]["name"], "工程师");
    let late_answer = json!({"row_version": 4, "answers": [{"code": "camera", "verdict": "normal"}]});
    save(&county, &county.engineer, &path, endpoint, late_answer, None).await.problem(409, "state_conflict");
    let void = format!("/service/attachments/{}/void", made[0]["id"].as_str().unwrap());
    county.app.post(&county.engineer, &void, json!({"reason": "重拍"})).await.problem(409, "state_conflict");
    step(&county, &county.engineer, &path, json!({"step": "confirm"})).await.problem(403, "forbidden");
    step(&county, &county.bureau, &path, json!({"step": "return", "reason": ""}))
        .await
        .problem(422, "validation_failed");
    let back = step(
        &county,
        &county.bureau,
        &path,
        json!({"step": "return", "reason": "Group 550 的往返时延请复测"}),
    )
    .await
    .ok(200);
    assert_eq!((&back["state"], &back["signed_by_provider"]), (&json!("in_progress"), &Value::Null));
    assert_eq!(back["return_reason"], "Group 550 的往返时延请复测");
    let changed =
        json!({"row_version": 4, "answers": [{"code": "round_trip", "verdict": "normal", "value": "31"}]});
    save(&county, &county.engineer, &path, endpoint, changed, None).await.ok(200);
    step(&county, &county.engineer, &path, submit).await.ok(200);
    let both = testkit::staff(
        "工程师",
        support::PROVIDER,
        &[("site_engineer", support::REGION), ("bureau_information", support::REGION)],
    );
    step(&county, &both, &path, json!({"step": "confirm"})).await.problem(409, "own_signature");
    let done =
        step(&county, &county.bureau, &path, json!({"step": "confirm", "opinion": "属实"})).await.ok(200);
    assert_eq!((&done["state"], &done["signed_by_bureau"]["name"]), (&json!("confirmed"), &json!("信息科")));
    assert_eq!(done["allowed_actions"], json!(["deliver_paper"]));
    // What was changed after the return is in the journal, old and new.
    let changes: Vec<&Value> =
        done["journal"].as_array().unwrap().iter().filter(|e| e["what"]["event"] == "changed").collect();
    assert_eq!(
        (changes.len(), &changes[0]["what"]["before"], &changes[0]["what"]["after"]),
        (1, &json!("normal / 22"), &json!("normal / 31"))
    );
    // The signed paper may still be put to it.
    county.app.send(Some(&county.bureau), upload()).await.ok(201);
    // The report on paper.
    let printed = county.app.get(&county.auditor, &format!("{path}/pdf")).await;
    assert_eq!((printed.status.as_u16(), printed.bytes.get(..5).unwrap()), (200, b"%PDF-".as_slice()));
    if let Ok(folder) = std::env::var("TIANMU_KEEP_PDF") {
        std::fs::write(format!("{folder}/inspection.pdf"), &printed.bytes).unwrap();
    }
    let actions: Vec<String> =
        county.app.audit_actions().await.into_iter().map(|(action, _)| action).collect();
    for action in ["service_inspection_changed", "service_ticket_changed", "service_attachment_added"] {
        assert!(actions.iter().any(|a| a == action), "{action}");
    }
}

#[tokio::test]
async fn people_are_reminded_a_week_and_a_day_before_and_warned_the_day_after() {
    let county = county("2024-12-02T09:00:00").await;
    let path = inspection(&county, "cloud_monthly", "2024-12-31").await;
    let body = json!({"step": "assign", "account_id": county.engineer.account_id.unwrap()});
    step(&county, &county.lead, &path, body).await.ok(200);
    let told = async |at: &str| {
        set_clock(&county.app, at);
        county.app.run_jobs().await;
        let notices = county.app.get(&county.engineer, "/service/notices?limit=200").await.ok(200);
        let own = notices["items"].as_array().unwrap().iter().filter(|n| n["code"] == "inspection_due");
        own.map(|n| n["params"]["reminder"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(told("2024-12-24T07:59:00").await.is_empty());
    assert_eq!(told("2024-12-24T08:00:00").await, ["week_before"]);
    assert_eq!(told("2024-12-30T08:00:00").await, ["day_before", "week_before"]);
    assert_eq!(told("2024-12-31T23:00:00").await.len(), 2);
    assert!(list(&county, "late=true").await.is_empty());
    assert_eq!(told("2025-01-01T08:00:00").await, ["overdue", "day_before", "week_before"]);
    // The inspection that nobody took was told to the provider's lead each time, the late ones to whoever entered the plan too.
    let lead = county.app.get(&county.lead, "/service/notices?limit=200").await.ok(200);
    let lead = lead["items"].as_array().unwrap();
    assert_eq!(lead.iter().filter(|n| n["params"]["kind"] == "video_monthly").count(), 3);
    assert_eq!(lead.iter().filter(|n| n["params"]["kind"] == "cloud_monthly").count(), 1);
    // Both inspections of December are late: a warning, and no fine.
    assert_eq!(list(&county, "late=true").await.len(), 2);
    let ledger = "SELECT COUNT(*) AS n FROM service_desk_penalty";
    let fines = platform::db::query_number(&county.app.platform.db().read(), ledger, vec![]).await.unwrap();
    assert_eq!(fines, 0);
    assert_eq!(told("2025-02-20T08:00:00").await.len(), 3);

    // Made late it stays marked; the date of the signature counts, not that of the confirmation.
    let view = step(&county, &county.engineer, &path, json!({"step": "start"})).await.ok(200);
    assert_eq!(view["units"], 21);
    fill(&county, &path, &view, &[]).await;
    step(&county, &county.engineer, &path, json!({"step": "submit", "summary": "补做"})).await.ok(200);
    let late = list(&county, "late=true&state=submitted").await;
    assert_eq!((late.len(), &late[0]["late"]), (1, &json!(true)));
}

#[tokio::test]
async fn the_quarterly_inspection_covers_everything_and_hands_over_paper() {
    let county = county("2025-02-20T09:00:00").await;
    let (path, view) = start(&county, "preventive_quarterly", "2025-02-28").await;
    assert_eq!(view["units"], 19 + 30 + 2);
    let server = unit(&view, "Lenovo SR860 #5");
    assert!(quiet(&view, server).iter().any(|answer| answer["code"] == "cleaning"));
    fill(&county, &path, &view, &[]).await;
    let paper = json!({"step": "deliver_paper", "on": "2025-02-21"});
    step(&county, &county.engineer, &path, paper.clone()).await.problem(409, "state_conflict");
    step(&county, &county.engineer, &path, json!({"step": "submit", "summary": "无异常"})).await.ok(200);
    set_clock(&county.app, "2025-02-21T10:00:00");
    for (on, code) in
        [("2025-02-22", "in_the_future"), ("2025-02-19", "before_submission"), ("2025-02-30", "date_invalid")]
    {
        let body = json!({"step": "deliver_paper", "on": on});
        let problem = step(&county, &county.engineer, &path, body).await.problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
    let done = step(&county, &county.engineer, &path, paper).await.ok(200);
    assert_eq!(done["paper_delivered_on"], "2025-02-21");
    step(&county, &county.bureau, &path, json!({"step": "confirm"})).await.ok(200);
}

#[tokio::test]
async fn the_plan_and_the_register_follow_the_contract() {
    let county = county("2025-03-03T09:00:00").await;
    let path = format!("/service/contracts/{}", county.contract);
    let plan = json!({"contract_id": county.contract});
    let again = county.app.post(&county.lead, "/service/inspections/plan", plan.clone()).await.ok(200);
    assert_eq!(again, json!({"added": 0, "moved": 0, "cancelled": 0, "units": 51}));
    county.app.post(&county.bureau, "/service/inspections/plan", plan).await.problem(403, "forbidden");

    // Where a unit stands is written down once and kept.
    let register = format!("/service/equipment?contract_id={}", county.contract);
    let units = county.app.get(&county.lead, &register).await.ok(200);
    let switch =
        units.as_array().unwrap().iter().find(|unit| unit["label"] == "Brocade 6505 #2").unwrap().clone();
    let address = format!("/service/equipment/{}", switch["id"].as_str().unwrap());
    let input = json!({"label": "SAN-B", "serial_number": "BRW0001", "place": "二楼机房 A03-12U", "row_version": 0,
        "organisation_id": county.hospital.organisation_id.unwrap(), "monitoring_name": "san-b"});
    let changed = county.app.put(&county.engineer, &address, input.clone()).await.ok(200);
    assert_eq!(
        (&changed["label"], &changed["organisation_name"]),
        (&json!("SAN-B"), &json!("溧阳市人民医院"))
    );
    county.app.put(&county.engineer, &address, input.clone()).await.problem(409, "stale_version");
    county.app.put(&county.auditor, &address, input).await.problem(403, "forbidden");

    // An amendment: the term ends three months earlier, one switch leaves, a UPS comes.
    let contract = county.app.get(&county.bureau, &path).await.ok(200);
    let mut items = contract["contract"]["items"].clone();
    items[0]["equipment"] = json!([{"name": "Brocade 6505", "count": 1}, {"name": "UPS", "count": 2}]);
    let amendment = json!({"valid_from": "2025-03-03", "note": "补充协议", "version": 1,
        "patch": {"term_end": "2025-08-28", "items": items}});
    county.app.post(&county.bureau, &format!("{path}/amend"), amendment).await.ok(200);
    let planned = list(&county, "state=planned").await;
    // December to July and the unfinished August, twice; three quarters.
    assert_eq!(planned.len(), 9 + 9 + 3, "{:?}", dues(&planned));
    assert_eq!(list(&county, "state=cancelled").await.len(), 28 - 21);
    let units = county.app.get(&county.lead, &register).await.ok(200);
    let cloud = |retired: bool| {
        let of = |unit: &&Value| unit["item_code"] == "cloud" && unit["retired"] == retired;
        units
            .as_array()
            .unwrap()
            .iter()
            .filter(of)
            .map(|unit| unit["label"].as_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(cloud(false), ["Brocade 6505 #1", "UPS #1", "UPS #2", "操作系统", "Oracle 数据库"]);
    assert!(cloud(true).contains(&"SAN-B"));
    let ups = units.as_array().unwrap().iter().find(|unit| unit["label"] == "UPS #1").unwrap();
    assert_eq!(ups["type_code"], "other");

    // Another amendment takes it back: what was cancelled is planned again, and the switch is where it was.
    let items = contract["contract"]["items"].clone();
    let back = json!({"valid_from": "2025-03-03", "note": "撤回补充协议", "version": 2,
        "patch": {"term_end": "2025-11-28", "items": items}});
    county.app.post(&county.bureau, &format!("{path}/amend"), back).await.ok(200);
    assert_eq!(dues(&list(&county, "state=planned&kind=cloud_monthly").await), MONTH_ENDS);
    assert_eq!(list(&county, "state=planned").await.len(), 28);
    let units = county.app.get(&county.lead, &register).await.ok(200);
    let san = units.as_array().unwrap().iter().find(|unit| unit["label"] == "SAN-B").unwrap();
    assert_eq!((&san["retired"], &san["serial_number"]), (&json!(false), &json!("BRW0001")));
}

/// A monitoring system that knows a little, some of it wrong.
struct Probes(String);

#[async_trait::async_trait]
impl InspectionReadings for Probes {
    async fn readings(
        &self,
        wanted: &[ReadingQuery],
        since: kernel::Timestamp,
    ) -> kernel::Result<Vec<Reading>> {
        assert_eq!(since.to_string(), instant("2024-12-01T00:00:00"));
        let storage = wanted.iter().find(|query| query.equipment == "Lenovo V7000").unwrap();
        assert!(storage.items.contains(&"pool_usage".to_owned()));
        let reading = |equipment: &str, item: &str, value: ReadingValue, at: &str| Reading {
            equipment: equipment.to_owned(),
            item: item.to_owned(),
            value,
            measured_at: instant(at).parse().unwrap(),
            source: self.0.clone(),
        };
        let number = |text: &str| ReadingValue::Number(text.to_owned());
        let at = "2024-12-20T08:55:00";
        Ok(vec![
            reading("Lenovo V7000", "pool_usage", number("83.4"), at),
            reading("Lenovo V7000", "health", ReadingValue::Check { normal: true, note: None }, at),
            reading("Lenovo SR860 #1", "inlet_temperature", number("21.5"), at),
            // Answered by a person, before the month, not a number, in the future, of nothing, by nobody.
            reading("Lenovo SR860 #1", "health", ReadingValue::Check { normal: false, note: None }, at),
            reading("Lenovo SR860 #2", "inlet_temperature", number("21"), "2024-11-30T23:59:59"),
            reading("Lenovo SR860 #3", "inlet_temperature", number("warm"), at),
            reading("Lenovo SR860 #4", "inlet_temperature", number("20"), "2024-12-21T00:00:00"),
            reading("Lenovo SR860 #9", "inlet_temperature", number("20"), at),
            reading("Lenovo SR860 #5", "colour", number("20"), at),
        ])
    }
}

#[tokio::test]
async fn monitoring_fills_in_what_it_knows_and_a_person_confirms_it() {
    let county = county_monitored("2024-12-20T09:00:00", Some(Arc::new(Probes("zabbix".to_owned())))).await;
    let (path, view) = start(&county, "cloud_monthly", "2024-12-31").await;
    assert_eq!(view["monitoring"], true);
    let server = unit(&view, "Lenovo SR860 #1");
    let own = json!({"row_version": 0, "answers": [{"code": "health", "verdict": "normal"}]});
    save(&county, &county.engineer, &path, server, own, None).await.ok(200);
    let view = step(&county, &county.engineer, &path, json!({"step": "read_monitoring"})).await.ok(200);
    let event =
        view["journal"].as_array().unwrap().iter().find(|e| e["what"]["event"] == "monitoring_read").unwrap();
    assert_eq!((&event["what"]["filled"], &event["what"]["refused"]), (&json!(3), &json!(6)));
    let storage = unit(&view, "Lenovo V7000");
    let usage = &storage["answers"]["pool_usage"];
    // Beyond the vendor's 80 %: abnormal, and not an answer until somebody says so.
    assert_eq!(
        (&usage["verdict"], &usage["source"], &usage["source_name"]),
        (&json!("abnormal"), &json!("monitoring"), &json!("zabbix"))
    );
    assert_eq!(
        (&usage["by_name"], &usage["measured_at"]),
        (&Value::Null, &json!(instant("2024-12-20T08:55:00")))
    );
    assert_eq!((&storage["answered"], &view["answered"]), (&json!(0), &json!(1)));
    assert!(
        storage["open"]
            .as_array()
            .unwrap()
            .iter()
            .any(|o| o["code"] == "pool_usage" && o["why"] == "unconfirmed")
    );
    let submit = json!({"step": "submit", "summary": "监控"});
    step(&county, &county.engineer, &path, submit).await.problem(422, "inspection_incomplete");
    // Confirmed, it stays a measured value; changed, it is the person's.
    let confirm = json!({"row_version": storage["row_version"], "answers": [
        {"code": "pool_usage", "verdict": "abnormal", "value": "83.4", "remark": "计划扩容"},
        {"code": "health", "verdict": "abnormal", "remark": "一个节点离线"}]});
    let saved = save(&county, &county.engineer, &path, storage, confirm, None).await.ok(200);
    let answers = &saved["answers"];
    assert_eq!(
        (&answers["pool_usage"]["source"], &answers["pool_usage"]["by_name"]),
        (&json!("monitoring"), &json!("工程师"))
    );
    assert_eq!(answers["health"]["source"], "person");

    // Without a monitoring system there is nothing to ask.
    let plain = county_at_december().await;
    let (path, view) = start(&plain, "cloud_monthly", "2024-12-31").await;
    assert!(!view["allowed_actions"].as_array().unwrap().contains(&json!("read_monitoring")));
    step(&plain, &plain.engineer, &path, json!({"step": "read_monitoring"}))
        .await
        .problem(409, "monitoring_absent");
}

async fn county_at_december() -> County {
    county("2024-12-20T09:00:00").await
}

#[test]
fn checklists_are_refused_whole_with_the_place() {
    const HEAD: &str = "code = \"a\"\nitem = \"cloud\"\nname_zh = \"甲\"\nname_en = \"A\"\nedition = \"1\"\nin_force = \"2024-11-28\"\nsource = \"合同\"\n";
    let equipment = |more: &str, items: &str| {
        format!(
            "{HEAD}[[equipment]]\ncode = \"x\"\nname_zh = \"乙\"\nname_en = \"B\"\nclause = \"1\"\n{more}\nitems = [{items}]\n"
        )
    };
    let item = |code: &str, more: &str| {
        format!(
            "{{ code = \"{code}\", zh = \"看\", en = \"Look\", method_zh = \"看\", method_en = \"Look\", {more} }}"
        )
    };
    let good = equipment("fallback = true", &item("a", "kind = \"check\""));
    assert!(Checklists::read(&[("a.toml", &good)]).is_ok());
    assert!(Checklists::builtin().is_ok());
    let number = |more: &str| equipment("fallback = true", &item("a", &format!("kind = \"number\", {more}")));
    for (text, place) in [
        (good.replace("edition = \"1\"", "edition = \" \""), "a.toml: edition"),
        (good.replace("2024-11-28", "2024-02-30"), "a.toml: in_force"),
        (good.replace("clause", "clauses"), "a.toml: TOML parse error at line 12"),
        (good.replace("source = \"合同\"", "colour = \"red\""), "a.toml: TOML parse error"),
        (equipment("units = 1\nfallback = true", &item("a", "kind = \"check\"")), "equipment x: one of"),
        (equipment("fallback = true", ""), "equipment x: nothing to look at"),
        (equipment("fallback = true", &item("A b", "kind = \"check\"")), "item A b: a code has"),
        (
            equipment(
                "fallback = true",
                &[item("a", "kind = \"check\""), item("a", "kind = \"check\"")].join(", "),
            ),
            "item a: this code appears twice",
        ),
        (number("unit = \"%\", high = \"80\""), "item a: a range has a source"),
        (number("unit = \"%\", source = \"x\""), "item a: a range has a source"),
        (number("unit = \"%\", high = \"8o\", source = \"x\""), "item a: an end of the range"),
        (number("unit = \"%\", low = \"9\", high = \"8\", source = \"x\""), "item a: the range ends below"),
        (number("high = \"8\", source = \"x\""), "item a: a number has a unit"),
        (good.replace("fallback = true", "contract_names = [\"S\"]"), "0 types are the fallback"),
    ] {
        let error = Checklists::read(&[("a.toml", &text)]).unwrap_err();
        assert_eq!(error.code(), "checklist_invalid");
        assert!(error.detail().contains(place), "{place:?} is not in {:?}", error.detail());
    }
}
