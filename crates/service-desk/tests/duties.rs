//! Security duties. Clauses from CONTRACT.md section 10 (附件3 一.3, 二.8, 二.11, 二.13); days and hours counted by hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use platform::Principal;
use serde_json::{Value, json};
use support::{County, county, instant, set_clock, step};

const PEOPLE: &str = "/service/duties/people";
const GRANTS: &str = "/service/duties/grants";

/// Somebody of the provider, with the engineer's account.
async fn person(county: &County, name: &str) -> String {
    let account = (name == "工程师").then_some(county.engineer.account_id);
    let body =
        json!({"name": name, "post": "驻场软件工程师", "account_id": account, "joined_on": "2024-11-28"});
    let made = county.app.post(&county.lead, PEOPLE, body).await.ok(201);
    made["id"].as_str().unwrap().to_owned()
}

async fn record(county: &County, id: &str, body: Value) -> Value {
    step(county, &county.lead, &format!("{PEOPLE}/{id}"), body).await.ok(200)
}

/// Checked, bound and trained.
async fn cleared(county: &County, name: &str) -> String {
    let id = person(county, name).await;
    record(county, &id, json!({"step": "background", "day": "2024-12-01", "passed": true, "checked_by": "人事部", "reference": "BJ-01"})).await;
    record(
        county,
        &id,
        json!({"step": "confidentiality", "day": "2024-12-01", "countersigned_by": "信息科"}),
    )
    .await;
    record(county, &id, json!({"step": "training", "day": "2024-12-02", "topic": "数据安全法", "duration_min": 120, "passed": true, "taught_by": "安全员"})).await;
    id
}

fn request(person: &str, until: &str) -> Value {
    json!({"person_id": person, "item_code": "ecg", "system_name": "心电数据库", "access": "database", "reason": "每日巡检",
        "until": instant(until)})
}

async fn granted(county: &County, person: &str, until: &str) -> String {
    let made = county.app.post(&county.lead, GRANTS, request(person, until)).await.ok(201);
    let at = format!("{GRANTS}/{}", made["id"].as_str().unwrap());
    step(county, &county.bureau, &at, json!({"step": "approve"})).await.ok(200);
    at
}

async fn notices(county: &County, who: &Principal, code: &str) -> usize {
    let told = county.app.get(who, "/service/notices").await.ok(200);
    told["items"].as_array().unwrap().iter().filter(|n| n["code"] == code).count()
}

#[tokio::test]
async fn access_needs_a_passed_check_and_a_signed_agreement_and_is_approved_by_somebody_else() {
    let county = county("2025-03-03T09:00:00").await;
    let id = person(&county, "工程师").await;
    let again = json!({"name": "工程师", "post": "驻场", "account_id": county.engineer.account_id, "joined_on": "2024-11-28"});
    county.app.post(&county.lead, PEOPLE, again).await.problem(409, "person_known");
    let ask = request(&id, "2025-06-30T18:00:00");
    county.app.post(&county.lead, GRANTS, ask.clone()).await.problem(409, "background_missing");
    record(
        &county,
        &id,
        json!({"step": "background", "day": "2024-12-01", "passed": false, "checked_by": "人事部"}),
    )
    .await;
    county.app.post(&county.lead, GRANTS, ask.clone()).await.problem(409, "background_failed");
    record(
        &county,
        &id,
        json!({"step": "background", "day": "2024-12-20", "passed": true, "checked_by": "人事部"}),
    )
    .await;
    county.app.post(&county.lead, GRANTS, ask.clone()).await.problem(409, "confidentiality_missing");
    let signed = record(
        &county,
        &id,
        json!({"step": "confidentiality", "day": "2024-12-01", "countersigned_by": "信息科"}),
    )
    .await;
    assert_eq!((&signed["obstacles"], &signed["warnings"]), (&json!([]), &json!(["training_missing"])));
    // Tomorrow's check is no check; the term ends on 28 November 2025.
    let tomorrow = json!({"step": "background", "day": "2025-03-04", "passed": true, "checked_by": "人事部"});
    step(&county, &county.lead, &format!("{PEOPLE}/{id}"), tomorrow).await.problem(422, "validation_failed");
    county
        .app
        .post(&county.lead, GRANTS, request(&id, "2025-11-29T00:00:01"))
        .await
        .problem(422, "validation_failed");
    let last = county.app.post(&county.lead, GRANTS, request(&id, "2025-11-29T00:00:00")).await.ok(201);
    let at = format!("{GRANTS}/{}", last["id"].as_str().unwrap());
    let cancel = json!({"step": "cancel", "reason": "改为按季度申请"});
    assert_eq!(step(&county, &county.lead, &at, cancel).await.ok(200)["state"], "cancelled");

    let made = county.app.post(&county.engineer, GRANTS, ask).await.ok(201);
    assert_eq!(
        (&made["state"], &made["warnings"], &made["allowed_actions"]),
        (&json!("requested"), &json!(["training_missing"]), &json!(["cancel"]))
    );
    let at = format!("{GRANTS}/{}", made["id"].as_str().unwrap());
    assert_eq!(notices(&county, &county.bureau, "grant_requested").await, 2);
    step(&county, &county.lead, &at, json!({"step": "approve"})).await.problem(403, "forbidden");
    step(&county, &county.hospital, &at, json!({"step": "approve"})).await.problem(403, "forbidden");
    step(&county, &county.auditor, &at, json!({"step": "approve"})).await.problem(403, "forbidden");
    // Somebody who speaks for both sides still does not approve what they asked for.
    let both = testkit::staff(
        "兼职",
        support::BUREAU,
        &[("bureau_information", support::REGION), ("project_lead", support::REGION)],
    );
    let own = county.app.post(&both, GRANTS, request(&id, "2025-06-30T18:00:00")).await.ok(201);
    let own = format!("{GRANTS}/{}", own["id"].as_str().unwrap());
    step(&county, &both, &own, json!({"step": "approve"})).await.problem(409, "own_request");
    let refuse = json!({"step": "refuse", "reason": "重复申请"});
    assert_eq!(step(&county, &county.bureau, &own, refuse).await.ok(200)["state"], "refused");
    // What is known of the person is looked at again when it is approved.
    let view = county.app.get(&county.auditor, &format!("{PEOPLE}/{id}")).await.ok(200);
    let agreement = view["records"].as_array().unwrap().iter().find(|r| r["kind"] == "confidentiality");
    let void = json!({"step": "void_record", "record_id": agreement.unwrap()["id"], "reason": "签署页缺失"});
    record(&county, &id, void.clone()).await;
    step(&county, &county.lead, &format!("{PEOPLE}/{id}"), void).await.problem(422, "validation_failed");
    step(&county, &county.bureau, &at, json!({"step": "approve"}))
        .await
        .problem(409, "confidentiality_missing");
    record(
        &county,
        &id,
        json!({"step": "confidentiality", "day": "2025-03-03", "countersigned_by": "信息科"}),
    )
    .await;
    let approved = step(&county, &county.bureau, &at, json!({"step": "approve"})).await.ok(200);
    assert_eq!((&approved["state"], &approved["decided_by_name"]), (&json!("active"), &json!("信息科")));
    step(&county, &county.bureau, &at, json!({"step": "approve"})).await.problem(409, "state_conflict");
    assert_eq!(county.app.get(&county.lead, &format!("{PEOPLE}/{id}")).await.ok(200)["open_grants"], 1);
    // Institutions have no business with it; whoever reads leaves a trace.
    for path in [PEOPLE, GRANTS, &at] {
        county.app.get(&county.hospital, path).await.problem(403, "forbidden");
        county.app.get(&county.auditor, path).await.ok(200);
    }
    let actions = county.app.audit_actions().await;
    for action in [
        "service_duty_person_changed",
        "service_duty_people_listed",
        "service_duty_person_read",
        "service_grant_changed",
        "service_grants_listed",
        "service_grant_read",
    ] {
        assert!(actions.iter().any(|(a, _)| a == action), "{action}");
    }
}

#[tokio::test]
async fn a_grant_is_warned_of_a_week_before_and_ends_by_itself_even_when_no_job_ran() {
    let county = county("2025-03-03T09:00:00").await;
    let id = cleared(&county, "工程师").await;
    let at = granted(&county, &id, "2025-06-30T18:00:00").await;
    let coming = json!({"person_id": id, "item_code": "cloud", "system_name": "虚拟化平台", "access": "admin", "reason": "扩容",
        "from": instant("2025-07-01T00:00:00"), "until": instant("2025-07-02T00:00:00")});
    let coming = county.app.post(&county.lead, GRANTS, coming).await.ok(201);
    let later = format!("{GRANTS}/{}", coming["id"].as_str().unwrap());
    let later_on = step(&county, &county.bureau, &later, json!({"step": "approve"})).await.ok(200);
    assert_eq!(later_on["state"], "coming");
    let approvals = notices(&county, &county.engineer, "grant_changed").await;
    assert_eq!(approvals, 2);

    // Seven days before 30 June 18:00 is 23 June 18:00.
    set_clock(&county.app, "2025-06-23T17:59:59");
    county.app.run_jobs().await;
    assert_eq!(notices(&county, &county.lead, "grant_expiring").await, 0);
    set_clock(&county.app, "2025-06-23T18:00:00");
    county.app.run_jobs().await;
    for who in [&county.lead, &county.bureau, &county.engineer] {
        assert_eq!(notices(&county, who, "grant_expiring").await, 1);
    }
    set_clock(&county.app, "2025-06-30T17:59:59");
    assert_eq!(county.app.get(&county.bureau, &at).await.ok(200)["state"], "active");
    // No job has run: nevertheless it is over at its moment, and has to be carried out.
    set_clock(&county.app, "2025-06-30T18:00:00");
    let over = county.app.get(&county.bureau, &at).await.ok(200);
    assert_eq!(
        (&over["state"], &over["removal_open"], &over["allowed_actions"]),
        (&json!("expired"), &json!(true), &json!(["confirm_removal"]))
    );
    step(&county, &county.bureau, &at, json!({"step": "withdraw", "reason": "到期"}))
        .await
        .problem(409, "state_conflict");
    let listed = async |query: &str| {
        let found = county.app.get(&county.lead, &format!("{GRANTS}?{query}")).await.ok(200);
        found["items"].as_array().unwrap().iter().map(|g| g["number"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed("removal_open=true").await, [over["number"].clone()]);
    assert_eq!(listed("state=expired").await, [over["number"].clone()]);
    assert_eq!(listed("state=coming,active").await, [coming["number"].clone()]);
    county.app.get(&county.lead, &format!("{GRANTS}?state=eternal")).await.problem(422, "validation_failed");
    county.app.run_jobs().await;
    for who in [&county.lead, &county.bureau, &county.engineer] {
        assert_eq!(notices(&county, who, "grant_expired").await, 1);
    }
    let early =
        json!({"step": "confirm_removal", "at": instant("2025-03-01T09:00:00"), "note": "已删除数据库账号"});
    step(&county, &county.engineer, &at, early).await.problem(422, "validation_failed");
    let removed = json!({"step": "confirm_removal", "note": "已删除数据库账号"});
    let done = step(&county, &county.engineer, &at, removed.clone()).await.ok(200);
    assert_eq!((&done["removal_open"], &done["removed_by_name"]), (&json!(false), &json!("工程师")));
    step(&county, &county.bureau, &at, removed).await.problem(409, "state_conflict");
    assert!(listed("removal_open=true").await.is_empty());
    // The other has become active meanwhile by itself.
    set_clock(&county.app, "2025-07-01T00:00:00");
    assert_eq!(county.app.get(&county.lead, &later).await.ok(200)["state"], "active");
    let returned = step(&county, &county.lead, &later, json!({"step": "return"})).await.ok(200);
    assert_eq!((&returned["state"], &returned["removal_open"]), (&json!("returned"), &json!(true)));
}

#[tokio::test]
async fn the_bureau_takes_a_grant_back_and_whoever_leaves_loses_all_in_one_step() {
    let county = county("2025-03-03T09:00:00").await;
    let id = cleared(&county, "工程师").await;
    let other = cleared(&county, "张工").await;
    let first = granted(&county, &id, "2025-06-30T18:00:00").await;
    let second = granted(&county, &id, "2025-09-30T18:00:00").await;
    let others = granted(&county, &other, "2025-09-30T18:00:00").await;
    let asked = county.app.post(&county.lead, GRANTS, request(&id, "2025-05-31T18:00:00")).await.ok(201);
    let asked = format!("{GRANTS}/{}", asked["id"].as_str().unwrap());
    step(&county, &county.lead, &first, json!({"step": "withdraw", "reason": "不再需要"}))
        .await
        .problem(403, "forbidden");
    step(&county, &county.bureau, &first, json!({"step": "withdraw", "reason": " "}))
        .await
        .problem(422, "validation_failed");
    let taken =
        step(&county, &county.bureau, &first, json!({"step": "withdraw", "reason": "巡检改由平台完成"}))
            .await;
    assert_eq!(taken.ok(200)["state"], "withdrawn");

    let at = format!("{PEOPLE}/{id}");
    let leave = json!({"step": "leave", "on": "2025-03-03", "reason": "调离项目"});
    step(&county, &county.auditor, &at, leave.clone()).await.problem(403, "forbidden");
    let left = step(&county, &county.bureau, &at, leave.clone()).await.ok(200);
    assert_eq!((&left["left_on"], &left["open_grants"]), (&json!("2025-03-03"), &json!(0)));
    step(&county, &county.lead, &at, leave).await.problem(409, "person_left");
    let ended = county.app.get(&county.lead, &second).await.ok(200);
    assert_eq!(
        (&ended["state"], &ended["ended_kind"], &ended["end_reason"], &ended["removal_open"]),
        (&json!("withdrawn"), &json!("person_left"), &json!("调离项目"), &json!(true))
    );
    assert_eq!(county.app.get(&county.lead, &asked).await.ok(200)["state"], "cancelled");
    assert_eq!(county.app.get(&county.lead, &others).await.ok(200)["state"], "active");
    // What was taken back before keeps its own reason.
    assert_eq!(county.app.get(&county.lead, &first).await.ok(200)["ended_kind"], "withdrawn");
    assert_eq!(notices(&county, &county.lead, "grants_ended").await, 1);
    let open = county.app.get(&county.bureau, &format!("{GRANTS}?removal_open=true")).await.ok(200);
    assert_eq!(open["items"].as_array().unwrap().len(), 2);
    county
        .app
        .post(&county.lead, GRANTS, request(&id, "2025-05-31T18:00:00"))
        .await
        .problem(409, "person_left");
    // People on the project and, when asked for, those who have left.
    let count = async |query: &str| {
        county.app.get(&county.lead, &format!("{PEOPLE}{query}")).await.ok(200)["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((count("").await, count("?left=true").await), (1, 2));
    // Trained on 2 December 2024: a year and a day later that is too old.
    set_clock(&county.app, "2025-12-03T09:00:00");
    let view = county.app.get(&county.lead, &format!("{PEOPLE}/{other}")).await.ok(200);
    assert_eq!(view["warnings"], json!(["training_outdated"]));
}

const VULNERABILITIES: &str = "/service/duties/vulnerabilities";

#[tokio::test]
async fn whoever_is_taken_off_the_team_loses_their_access_and_may_ask_anew_when_they_are_back() {
    let county = county("2025-03-03T09:00:00").await;
    let id = cleared(&county, "工程师").await;
    let team = |active: bool| {
        let body = json!({"account_id": county.engineer.account_id, "phone": "13800000001", "qualification": "software",
            "experience_years": 5, "active": active});
        county.app.post(&county.lead, "/service/team", body)
    };
    team(true).await.ok(200);
    let at = granted(&county, &id, "2025-06-30T18:00:00").await;
    assert_eq!(county.app.get(&county.lead, &at).await.ok(200)["state"], "active");
    team(false).await.ok(200);
    let ended = county.app.get(&county.lead, &at).await.ok(200);
    assert_eq!((&ended["state"], &ended["removal_open"]), (&json!("withdrawn"), &json!(true)));
    assert_eq!(notices(&county, &county.bureau, "grants_ended").await, 1);
    team(true).await.ok(200);
    granted(&county, &id, "2025-06-30T18:00:00").await;
}

fn found(at: &str) -> Value {
    json!({"item_code": "ecg", "system_name": "心电服务器", "title": "日志组件远程执行", "description": "版本过低，可被远程利用",
        "severity": "high", "found_by": "漏洞扫描", "found_at": instant(at)})
}

#[tokio::test]
async fn a_vulnerability_is_reported_within_24_hours_and_published_only_with_consent() {
    // Found on Friday 30 May 2025 at 22:40, on the eve of a holiday: by the clock, 31 May at 22:40 (G1: exactly then is in time).
    let county = county("2025-05-30T23:00:00").await;
    let body = found("2025-05-30T22:40:00");
    county.app.post(&county.hospital, VULNERABILITIES, body.clone()).await.problem(403, "forbidden");
    let mut later = body.clone();
    later["found_at"] = json!(instant("2025-05-31T10:00:00"));
    county.app.post(&county.engineer, VULNERABILITIES, later).await.problem(422, "validation_failed");
    let made = county.app.post(&county.engineer, VULNERABILITIES, body.clone()).await.ok(201);
    assert_eq!(
        (&made["state"], &made["report_due_at"], &made["clock"]["derivation"]["clause"]),
        (&json!("found"), &json!(instant("2025-05-31T22:40:00")), &json!("附件3 二.8"))
    );
    let at = format!("{VULNERABILITIES}/{}", made["id"].as_str().unwrap());
    let reported = json!({"step": "report", "at": instant("2025-05-31T22:40:00"), "recipient": "信息科", "way": "电话及书面"});
    // Half of the time: the one who entered it is told; at three quarters, 16:40, the duty engineer too.
    set_clock(&county.app, "2025-05-31T10:40:00");
    county.app.run_jobs().await;
    assert_eq!(notices(&county, &county.engineer, "vulnerability_escalated").await, 1);
    assert_eq!(notices(&county, &county.duty, "vulnerability_escalated").await, 0);
    set_clock(&county.app, "2025-05-31T16:40:00");
    county.app.run_jobs().await;
    assert_eq!(notices(&county, &county.duty, "vulnerability_escalated").await, 1);
    assert_eq!(notices(&county, &county.bureau, "vulnerability_escalated").await, 0);

    set_clock(&county.app, "2025-05-31T22:40:00");
    step(&county, &county.bureau, &at, reported.clone()).await.problem(403, "forbidden");
    let told = step(&county, &county.engineer, &at, reported.clone()).await.ok(200);
    assert_eq!(
        (&told["state"], &told["late"], &told["clock"]["remaining_s"]),
        (&json!("reported"), &json!(false), &json!(0))
    );
    step(&county, &county.engineer, &at, reported).await.problem(409, "state_conflict");
    // It turns out that the scan ended a minute earlier: the report was late after all, and both entries stay.
    let correct =
        json!({"step": "correct_found", "at": instant("2025-05-30T22:39:00"), "reason": "以扫描日志为准"});
    let corrected = step(&county, &county.engineer, &at, correct).await.ok(200);
    assert_eq!(
        (&corrected["late"], &corrected["report_due_at"]),
        (&json!(true), &json!(instant("2025-05-31T22:39:00")))
    );
    let entries = corrected["journal"].as_array().unwrap();
    assert_eq!(entries.iter().filter(|e| e["superseded"] == true).count(), 1);

    let publish = json!({"step": "publish", "place": "行业通报"});
    step(&county, &county.engineer, &at, publish.clone()).await.problem(409, "consent_required");
    assert!(!corrected["allowed_actions"].as_array().unwrap().contains(&json!("publish")));
    step(&county, &county.bureau, &at, json!({"step": "close", "conclusion": "已修复"}))
        .await
        .problem(409, "state_conflict");
    let fix = json!({"step": "fix", "text": "升级日志组件"});
    assert_eq!(step(&county, &county.engineer, &at, fix).await.ok(200)["state"], "fixed");
    set_clock(&county.app, "2025-06-05T09:00:00");
    let consent = json!({"step": "consent", "authority": "cyberspace", "reference": "网信函〔2025〕12号"});
    step(&county, &county.bureau, &at, consent).await.ok(200);
    // A publication that took place before the consent is none that was allowed.
    let before = json!({"step": "publish", "place": "行业通报", "at": instant("2025-06-05T08:59:59")});
    step(&county, &county.engineer, &at, before).await.problem(409, "consent_required");
    let published = step(&county, &county.engineer, &at, publish.clone()).await.ok(200);
    assert_eq!(published["published_at"], instant("2025-06-05T09:00:00"));
    step(&county, &county.engineer, &at, publish).await.problem(409, "state_conflict");
    let close = json!({"step": "close", "conclusion": "复测通过"});
    step(&county, &county.engineer, &at, close.clone()).await.problem(403, "forbidden");
    assert_eq!(step(&county, &county.bureau, &at, close).await.ok(200)["state"], "closed");
    let reopened =
        step(&county, &county.bureau, &at, json!({"step": "reopen", "reason": "复测发现残留"})).await;
    assert_eq!(reopened.ok(200)["state"], "reported");

    // One that nobody reports is late a second after its limit, and the bureau is told.
    let silent =
        county.app.post(&county.engineer, VULNERABILITIES, found("2025-06-05T08:00:00")).await.ok(201);
    set_clock(&county.app, "2025-06-06T08:00:01");
    county.app.run_jobs().await;
    assert_eq!(notices(&county, &county.bureau, "vulnerability_escalated").await, 1);
    let silent = format!("{VULNERABILITIES}/{}", silent["id"].as_str().unwrap());
    assert_eq!(county.app.get(&county.auditor, &silent).await.ok(200)["late"], true);
    // What the bureau itself enters is known to it.
    let own = county.app.post(&county.bureau, VULNERABILITIES, found("2025-06-06T07:00:00")).await.ok(201);
    assert_eq!((&own["state"], &own["late"]), (&json!("reported"), &json!(false)));
    let listed = county.app.get(&county.auditor, &format!("{VULNERABILITIES}?state=found")).await.ok(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    county.app.get(&county.hospital, &silent).await.problem(403, "forbidden");
}

#[tokio::test]
async fn an_amended_figure_moves_the_limit_of_a_vulnerability_that_is_not_reported() {
    let county = county("2025-06-05T09:00:00").await;
    let made = county.app.post(&county.engineer, VULNERABILITIES, found("2025-06-05T08:00:00")).await.ok(201);
    let amend = json!({"valid_from": "2025-06-01", "note": "补充协议：十二小时", "version": 1, "patch": {"figures": {"vulnerability_report_min": 720}}});
    let path = format!("/service/contracts/{}/amend", county.contract);
    county.app.post(&county.bureau, &path, amend).await.ok(200);
    let at = format!("{VULNERABILITIES}/{}", made["id"].as_str().unwrap());
    let view = county.app.get(&county.engineer, &at).await.ok(200);
    assert_eq!(view["report_due_at"], instant("2025-06-05T20:00:00"));
}

#[tokio::test]
async fn the_yearly_report_has_four_parts_and_keeps_what_was_counted() {
    // The term ends on 28 November 2025: due on 29 October, reminded of on 29 September.
    let county = county("2025-09-28T09:00:00").await;
    let at = format!("/service/duties/reports/{}", county.contract);
    let engineer = cleared(&county, "工程师").await;
    granted(&county, &engineer, "2025-10-31T18:00:00").await;
    let gone = cleared(&county, "张工").await;
    granted(&county, &gone, "2025-10-31T18:00:00").await;
    let leave = json!({"step": "leave", "on": "2025-09-28", "reason": "调离项目"});
    step(&county, &county.lead, &format!("{PEOPLE}/{gone}"), leave).await.ok(200);
    county.app.post(&county.engineer, VULNERABILITIES, found("2025-09-26T09:00:00")).await.ok(201);

    let view = county.app.get(&county.lead, &at).await.ok(200);
    assert_eq!(
        (&view["due"], &view["state"], &view["derivation"]["clause"], &view["allowed_actions"]),
        (&json!("2025-10-29"), &json!("missing"), &json!("附件3 二.11"), &json!(["save"]))
    );
    let figures = &view["figures"];
    // Counted by hand: two people came, one left; two trainings of 120 minutes; two grants approved, one taken back with the
    // person, whose access nobody removed yet; one high vulnerability, two days old and not reported.
    for (name, expected) in [
        ("people_present", 1),
        ("people_joined", 2),
        ("people_left", 1),
        ("trainings", 2),
        ("training_min", 240),
        ("grants_requested", 2),
        ("grants_approved", 2),
        ("grants_in_force", 1),
        ("grants_withdrawn", 1),
        ("removals_open", 1),
        ("vulnerabilities_high", 1),
        ("vulnerabilities_reported_late", 1),
        ("vulnerabilities_open", 1),
        ("incidents_s1", 0),
        // Monthly inspections of the cloud and of the video hardware from December to August, and three of four quarters
        // (CONTRACT.md section 4): 9 + 9 + 3.
        ("inspections_due", 21),
        ("inspections_confirmed", 0),
    ] {
        assert_eq!(figures[name], expected, "{name}");
    }
    // 19 units of the cloud and 30 of the video hardware (CONTRACT.md section 1), operating system and Oracle (section 4).
    let units: i64 =
        figures["equipment"].as_array().unwrap().iter().map(|e| e["units"].as_i64().unwrap()).sum();
    assert_eq!(units, 51);

    set_clock(&county.app, "2025-09-29T08:00:00");
    county.app.run_jobs().await;
    assert_eq!(notices(&county, &county.lead, "security_report_due").await, 1);
    assert_eq!(notices(&county, &county.bureau, "security_report_due").await, 0);

    let mut parts =
        json!({"management": "制度与责任人", "data_security": "分类分级与备份", "key_components": "  "});
    let save = |parts: &Value, version: i64| json!({"step": "save", "parts": parts, "row_version": version});
    step(&county, &county.bureau, &at, save(&parts, 0)).await.problem(403, "forbidden");
    let saved = step(&county, &county.lead, &at, save(&parts, 0)).await.ok(200);
    step(&county, &county.lead, &at, save(&parts, 0)).await.problem(409, "stale_version");
    let refused = step(&county, &county.lead, &at, json!({"step": "submit"}))
        .await
        .problem(409, "security_report_incomplete");
    assert_eq!(refused["params"]["parts"], json!(["key_components", "team_changes"]));
    parts["key_components"] = json!("设备与版本清单");
    parts["team_changes"] = json!("一人调离");
    let version = saved["row_version"].as_i64().unwrap();
    step(&county, &county.engineer, &at, save(&parts, version)).await.ok(200);
    // The day itself is in time.
    set_clock(&county.app, "2025-10-29T23:59:00");
    let sent = step(&county, &county.lead, &at, json!({"step": "submit"})).await.ok(200);
    assert_eq!((&sent["state"], &sent["late"]), (&json!("submitted"), &json!(false)));
    assert_eq!(notices(&county, &county.bureau, "security_report_submitted").await, 1);
    step(&county, &county.lead, &at, json!({"step": "confirm"})).await.problem(403, "forbidden");
    step(&county, &county.bureau, &at, json!({"step": "return", "reason": "补充备份演练"})).await.ok(200);
    step(&county, &county.bureau, &at, json!({"step": "confirm"})).await.problem(409, "state_conflict");
    set_clock(&county.app, "2025-10-30T08:00:00");
    county.app.run_jobs().await;
    assert_eq!(notices(&county, &county.bureau, "security_report_late").await, 1);
    let sent = step(&county, &county.lead, &at, json!({"step": "submit"})).await.ok(200);
    assert_eq!((&sent["late"], &sent["figures"]["vulnerabilities_high"]), (&json!(true), &json!(1)));
    // What is found afterwards is not in what was submitted.
    county.app.post(&county.engineer, VULNERABILITIES, found("2025-10-30T07:00:00")).await.ok(201);
    let confirmed = step(&county, &county.bureau, &at, json!({"step": "confirm"})).await.ok(200);
    assert_eq!(
        (&confirmed["state"], &confirmed["figures"]["vulnerabilities_high"], &confirmed["confirmed_by_name"]),
        (&json!("confirmed"), &json!(1), &json!("信息科"))
    );
    let list = county.app.get(&county.auditor, "/service/duties/reports").await.ok(200);
    assert_eq!((&list[0]["state"], list.as_array().unwrap().len()), (&json!("confirmed"), 1));
    county.app.get(&county.hospital, &at).await.problem(403, "forbidden");
    print(&county, &county.auditor, &format!("{at}/pdf"), "security-report").await;
}

async fn print(county: &County, who: &Principal, path: &str, name: &str) {
    let printed = county.app.get(who, path).await;
    assert!(printed.status.is_success() && printed.bytes.starts_with(b"%PDF-1.7"), "{path}");
    if let Ok(folder) = std::env::var("TIANMU_KEEP_PDF") {
        std::fs::write(format!("{folder}/{name}.pdf"), &printed.bytes).unwrap();
    }
}

#[tokio::test]
async fn what_is_destroyed_at_the_end_is_witnessed_by_the_other_party() {
    // 9.3: within ten days after 28 November 2025, so by 8 December.
    let county = county("2025-11-29T09:00:00").await;
    let lists = "/service/duties/handovers";
    let items = json!([
        {"kind": "documents", "description": "系统运维手册及拓扑图", "quantity": "1 套"},
        {"kind": "accounts", "description": "虚拟化平台管理员账号", "quantity": "2 个"},
        {"kind": "data_copies", "description": "心电数据迁移中间库", "quantity": "1 块硬盘"},
    ]);
    let body = json!({"occasion": "contract_end", "items": items});
    county.app.post(&county.auditor, lists, body.clone()).await.problem(403, "forbidden");
    let made = county.app.post(&county.lead, lists, body).await.ok(201);
    assert_eq!(
        (&made["due"], &made["items"], &made["derivation"]["clause"]),
        (&json!("2025-12-08"), &json!(3), &json!("9.3/9.6"))
    );
    let at = format!("{lists}/{}", made["id"].as_str().unwrap());
    let ids: Vec<Value> = made["entries"].as_array().unwrap().iter().map(|e| e["id"].clone()).collect();
    let witness = |n: usize| json!({"step": "witness", "item_id": ids[n]});
    step(&county, &county.bureau, &at, witness(0)).await.problem(409, "state_conflict");
    county
        .app
        .get(&county.lead, &format!("{at}/pdf?paper=destruction"))
        .await
        .problem(409, "nothing_destroyed");
    for n in [0, 1] {
        let hand = json!({"step": "hand_over", "item_id": ids[n], "recipient": "信息科 李科长"});
        step(&county, &county.bureau, &at, hand.clone()).await.problem(403, "forbidden");
        step(&county, &county.engineer, &at, hand.clone()).await.ok(200);
        step(&county, &county.engineer, &at, hand).await.problem(409, "state_conflict");
        step(&county, &county.bureau, &at, witness(n)).await.ok(200);
    }
    let wipe =
        json!({"step": "destroy", "item_id": ids[2], "method": "overwrite", "particulars": "机房，三遍覆写"});
    // Somebody who speaks for both sides destroys it: then they are no witness of it.
    let both = testkit::staff(
        "兼职",
        support::BUREAU,
        &[("bureau_information", support::REGION), ("project_lead", support::REGION)],
    );
    step(&county, &both, &at, wipe.clone()).await.ok(200);
    step(&county, &both, &at, witness(2)).await.problem(409, "own_witness");
    step(&county, &county.lead, &at, witness(2)).await.problem(403, "forbidden");
    step(&county, &county.bureau, &at, json!({"step": "complete"})).await.problem(409, "handover_incomplete");
    let reject = json!({"step": "reject", "item_id": ids[2], "reason": "未在场"});
    step(&county, &county.bureau, &at, reject).await.ok(200);
    let crush =
        json!({"step": "destroy", "item_id": ids[2], "method": "physical", "particulars": "机房，粉碎"});
    step(&county, &county.engineer, &at, crush).await.ok(200);
    let seen = step(&county, &county.bureau, &at, witness(2)).await.ok(200);
    assert_eq!(seen["allowed_actions"], json!(["add_items", "complete"]));
    let last = &seen["entries"][2];
    assert_eq!(
        (&last["outcome"], &last["method"], &last["done_by_name"], &last["witnessed_by_name"]),
        (&json!("destroyed"), &json!("physical"), &json!("工程师"), &json!("信息科"))
    );
    set_clock(&county.app, "2025-12-08T23:00:00");
    let done = step(&county, &county.bureau, &at, json!({"step": "complete"})).await.ok(200);
    assert_eq!((&done["state"], &done["late"]), (&json!("completed"), &json!(false)));
    step(&county, &county.engineer, &at, wipe).await.problem(409, "state_conflict");
    print(&county, &county.auditor, &format!("{at}/pdf"), "handover").await;
    print(&county, &county.auditor, &format!("{at}/pdf?paper=destruction"), "destruction").await;
    county.app.get(&county.hospital, &format!("{at}/pdf")).await.problem(403, "forbidden");
    county.app.get(&county.lead, &format!("{at}/pdf?paper=poem")).await.problem(400, "query_invalid");

    // A person who left on 1 December: ten days more are 11 December.
    let id = person(&county, "张工").await;
    county
        .app
        .post(&county.lead, lists, json!({"occasion": "person_left"}))
        .await
        .problem(422, "validation_failed");
    let leave = json!({"step": "leave", "on": "2025-12-01", "reason": "离职"});
    step(&county, &county.lead, &format!("{PEOPLE}/{id}"), leave).await.ok(200);
    let own = json!({"occasion": "person_left", "person_id": id});
    let own = county.app.post(&county.bureau, lists, own).await.ok(201);
    assert_eq!((&own["due"], &own["person_name"]), (&json!("2025-12-11"), &json!("张工")));
    let open = county.app.get(&county.lead, &format!("{lists}?state=open")).await.ok(200);
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
}
