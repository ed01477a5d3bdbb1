//! Letters and alerts: to a ticket by themselves, or by a person, and never lost.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use axum::body::Body;
use axum::http::{Method, header};
use kernel::Timestamp;
use platform::Principal;
use platform::config::{AlertSourceConfig, ServiceConfig};
use ports::notify::{Letter, LetterFile};
use serde_json::{Value, json};
use service_desk::intake;
use support::{BUREAU, County, county, county_configured, instant, set_clock, step};
use testkit::Answer;

const SECRET: &str = "prometheus-speaks-here-0001";
/// The first bytes of a PNG picture with its header.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

fn letter(id: &str, account: Option<&Principal>, subject: &str, at: &str) -> Letter {
    Letter {
        id: id.into(),
        received_at: instant(at).parse::<Timestamp>().unwrap(),
        from: "wang@hospital.example".into(),
        from_name: Some("王护士".into()),
        account: account.and_then(|who| who.account_id),
        subject: subject.into(),
        text: "三号诊室的打印机不出纸".into(),
        files: vec![
            LetterFile { name: "照片.png".into(), bytes: PICTURE.to_vec() },
            LetterFile { name: "宏.exe".into(), bytes: b"MZ\x90\0".to_vec() },
        ],
        left_out: Vec::new(),
        automatic: false,
    }
}

async fn post(county: &County, letter: Letter) {
    intake::letters(&county.app.platform, &county.desk).take(letter).await.unwrap();
}

async fn list(county: &County, who: &Principal, query: &str) -> Vec<Value> {
    let page = county.app.get(who, &format!("/service/intake{query}")).await.ok(200);
    page["items"].as_array().unwrap().clone()
}

async fn notices(county: &County, who: &Principal) -> Vec<String> {
    let page = county.app.get(who, "/service/notices").await.ok(200);
    page["items"].as_array().unwrap().iter().map(|n| n["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_letter_from_a_confirmed_address_is_a_ticket_from_the_moment_the_mail_server_took_it() {
    // Monday 3 March 2025: taken at 09:58, read at 10:02. The response clock of working hours (15 minutes) runs from 09:58.
    let county = county("2025-03-03T10:02:00").await;
    post(&county, letter("a@x", Some(&county.hospital), "心电打印机不出纸", "2025-03-03T09:58:00")).await;
    post(&county, letter("a@x", Some(&county.hospital), "心电打印机不出纸", "2025-03-03T09:58:00")).await;
    let found = list(&county, &county.duty, "").await;
    assert_eq!(found.len(), 1, "the same letter twice is one");
    assert_eq!((&found[0]["state"], &found[0]["sender_known"]), (&json!("opened"), &json!(true)));
    let path = format!("/service/tickets/{}", found[0]["ticket_id"].as_str().unwrap());
    let ticket = county.app.get(&county.hospital, &path).await.ok(200);
    assert_eq!((&ticket["channel"], &ticket["title"]), (&json!("mail"), &json!("心电打印机不出纸")));
    assert_eq!(ticket["opened_at"], instant("2025-03-03T09:58:00"));
    assert_eq!(ticket["response_due_at"], instant("2025-03-03T10:13:00"));
    assert_eq!(ticket["caller_name"], "医院信息科");
    assert_eq!(notices(&county, &county.hospital).await, ["ticket_received"]);
    assert_eq!(notices(&county, &county.duty).await, ["ticket_arrived"]);
    // The letter stays readable beside the ticket, for the institution too, with the picture; what is no picture was left out.
    let id = ticket["intake"][0]["id"].as_str().unwrap();
    let whole = county.app.get(&county.hospital, &format!("/service/intake/{id}")).await.ok(200);
    assert_eq!((&whole["left_out"], &whole["allowed_actions"]), (&json!(["宏.exe"]), &json!([])));
    let files = format!("/service/attachments?subject_kind=intake&subject_id={id}");
    assert_eq!(county.app.get(&county.hospital, &files).await.ok(200)[0]["name"], "照片.png");
    county.app.get(&county.town, &format!("/service/intake/{id}")).await.problem(404, "not_found");
    county.app.get(&county.hospital, "/service/intake").await.problem(403, "forbidden");

    // An answer with the number in its subject goes to the ticket, and the engineer who works on it hears of it.
    let assign = json!({"step": "assign", "account_id": county.engineer.account_id.unwrap()});
    step(&county, &county.duty, &path, assign).await.ok(200);
    let number = ticket["number"].as_str().unwrap();
    post(&county, letter("b@x", Some(&county.hospital), &format!("答复：{number}"), "2025-03-03T10:01:00"))
        .await;
    let ticket = county.app.get(&county.engineer, &path).await.ok(200);
    assert_eq!(ticket["intake"].as_array().unwrap().len(), 2);
    assert_eq!(ticket["journal"][0]["what"]["event"], "noted");
    assert_eq!(notices(&county, &county.engineer).await, ["ticket_addition"]);
    // Whoever else writes the number does not reach it: the letter waits for a person.
    post(&county, letter("c@x", Some(&county.town), &format!("{number} 我也是"), "2025-03-03T10:02:00"))
        .await;
    post(&county, letter("d@x", None, number, "2025-03-03T10:02:00")).await;
    let ticket = county.app.get(&county.engineer, &path).await.ok(200);
    assert_eq!(ticket["intake"].as_array().unwrap().len(), 2);
    let trail = county.app.audit_actions().await;
    assert!(trail.contains(&("service_intake_changed".into(), "allowed".into())));
    assert!(trail.contains(&("service_intake_read".into(), "allowed".into())));
}

#[tokio::test]
async fn what_a_stranger_writes_waits_and_a_person_makes_a_ticket_of_it_or_not() {
    let county = county("2025-03-03T11:30:00").await;
    post(&county, letter("a@x", None, "打印机", "2025-03-03T11:00:00")).await;
    post(&county, letter("b@x", None, "还是打印机", "2025-03-03T11:10:00")).await;
    post(&county, letter("c@x", None, "发票培训", "2025-03-03T11:20:00")).await;
    let absence =
        Letter { automatic: true, ..letter("d@x", Some(&county.hospital), "外出", "2025-03-03T11:25:00") };
    post(&county, absence).await;
    assert_eq!(county.app.get(&county.duty, "/service/intake/counts").await.ok(200), json!({"waiting": 3}));
    assert_eq!(notices(&county, &county.duty).await, ["intake_waiting", "intake_waiting", "intake_waiting"]);
    // Strangers wake nobody: what leaves the house for them waits for the morning.
    let sql = "SELECT COUNT(*) AS n FROM platform_event WHERE topic = 'notify_notice_given' AND payload LIKE '%intake_waiting%' \
               AND payload LIKE '%\"urgent\":true%'";
    let urgent = platform::db::query_number(&county.app.platform.db().read(), sql, vec![]).await.unwrap();
    assert_eq!(urgent, 0);
    let waiting = list(&county, &county.duty, "?state=waiting&q=%E6%89%93%E5%8D%B0").await;
    assert_eq!(waiting.len(), 3, "the text is searched, too");
    let path = |n: usize| format!("/service/intake/{}", waiting[n]["id"].as_str().unwrap());
    let (advert, second, first) = (path(0), path(1), path(2));

    let open = json!({
        "step": "open", "organisation_id": county.hospital.organisation_id.unwrap(), "class": "question", "priority": 2,
        "item_code": "ecg", "title": "三号诊室打印机不出纸", "caller_name": "王护士", "caller_phone": "13800000000",
    });
    // The institution has no say in what waits; the bureau reads it, and the desk decides.
    step(&county, &county.hospital, &first, open.clone()).await.problem(404, "not_found");
    step(&county, &county.bureau, &first, open.clone()).await.problem(403, "forbidden");
    let opened = step(&county, &county.duty, &first, open.clone()).await.ok(200);
    assert_eq!((&opened["state"], &opened["decided_by_name"]), (&json!("opened"), &json!("值班")));
    step(&county, &county.duty, &first, open).await.problem(409, "state_conflict");
    let ticket = format!("/service/tickets/{}", opened["ticket_id"].as_str().unwrap());
    let view = county.app.get(&county.hospital, &ticket).await.ok(200);
    assert_eq!(view["opened_at"], instant("2025-03-03T11:00:00"));
    assert_eq!(view["response_due_at"], instant("2025-03-03T11:15:00"));
    let join = json!({"step": "join", "ticket_id": opened["ticket_id"]});
    assert_eq!(step(&county, &county.duty, &second, join).await.ok(200)["state"], "noted");
    let view = county.app.get(&county.hospital, &ticket).await.ok(200);
    assert_eq!(view["intake"].as_array().unwrap().len(), 2);

    step(&county, &county.duty, &advert, json!({"step": "dismiss", "reason": " "})).await.ok(422);
    let dismiss = json!({"step": "dismiss", "reason": "广告"});
    assert_eq!(step(&county, &county.duty, &advert, dismiss.clone()).await.ok(200)["reason"], "广告");
    assert_eq!(
        step(&county, &county.duty, &advert, json!({"step": "restore"})).await.ok(200)["state"],
        "waiting"
    );
    step(&county, &county.duty, &advert, dismiss).await.ok(200);
    let dismissed = list(&county, &county.duty, "?state=dismissed&channel=mail").await;
    assert_eq!(dismissed.len(), 2, "a program's own letter is put aside, and can be looked up");
    assert_eq!(dismissed[0]["automatic"], true);
}

/// The county with a monitoring system of the provider, whose equipment lies at the bureau.
async fn monitored(local: &str) -> County {
    let source = AlertSourceConfig {
        name: "cloud".into(),
        secret: SECRET.into(),
        organisation: BUREAU.into(),
        item: Some("cloud".into()),
    };
    county_configured(local, &ServiceConfig { alerts: vec![source] }).await
}

async fn alert(county: &County, token: &str, body: &Value) -> Answer {
    let mut request = testkit::request(Method::POST, "/service/intake/alerts/cloud", None);
    *request.body_mut() = Body::from(body.to_string());
    request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    county.app.send(None, request).await
}

/// A message as Alertmanager 0.25 writes it (facts, INTEROP-OPS section 5), with one alert.
fn message(status: &str, fingerprint: &str, starts: &str, ends: &str, labels: Value) -> Value {
    let mut all = json!({"alertname": "PoolFull", "severity": "critical"});
    all.as_object_mut().unwrap().extend(labels.as_object().unwrap().clone());
    json!({
        "version": "4", "groupKey": "{}:{alertname=\"PoolFull\"}", "truncatedAlerts": 0, "status": status, "receiver": "tianmu",
        "groupLabels": {"alertname": "PoolFull"}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://am:9093",
        "alerts": [{
            "status": status, "labels": all, "annotations": {"summary": "存储池 pool0 已用 92%", "description": "V7000"},
            "startsAt": starts, "endsAt": ends, "generatorURL": "http://prometheus:9090/graph", "fingerprint": fingerprint,
        }],
    })
}

#[tokio::test]
async fn an_alert_opens_one_ticket_from_its_beginning_and_its_end_is_told_to_it() {
    const NEVER: &str = "0001-01-01T00:00:00Z";
    let county = monitored("2025-03-03T09:31:00").await;
    // 09:30:30 in the region.
    let began = "2025-03-03T01:30:30.512345678Z";
    let first = message("firing", "f1", began, NEVER, json!({"instance": "v7000-1"}));
    alert(&county, "wrong-secret-of-some-length", &first).await.problem(401, "token_wrong");
    let outcome = alert(&county, SECRET, &first).await.ok(200);
    assert_eq!((&outcome["opened"], &outcome["known"]), (&json!(1), &json!(0)));
    // Alertmanager repeats what still fires; another alert of the same group joins the ticket that is being worked on.
    assert_eq!(alert(&county, SECRET, &first).await.ok(200)["known"], 1);
    let second = message("firing", "f2", "2025-03-03T01:30:50Z", NEVER, json!({"instance": "v7000-2"}));
    assert_eq!(alert(&county, SECRET, &second).await.ok(200)["noted"], 1);
    let tickets = county.app.get(&county.duty, "/service/tickets").await.ok(200);
    assert_eq!(tickets["items"].as_array().unwrap().len(), 1);
    let path = format!("/service/tickets/{}", tickets["items"][0]["id"].as_str().unwrap());
    let ticket = county.app.get(&county.bureau, &path).await.ok(200);
    assert_eq!(
        (&ticket["channel"], &ticket["priority"], &ticket["item_code"]),
        (&json!("alert"), &json!(1), &json!("cloud"))
    );
    assert_eq!(ticket["title"], "存储池 pool0 已用 92%");
    assert!(ticket["opened_at"].as_str().unwrap().starts_with("2025-03-03T01:30:30.5"));
    assert!(ticket["description"].as_str().unwrap().contains("instance = v7000-1"));
    assert_eq!(ticket["opened_by_name"], "监控 cloud");

    set_clock(&county.app, "2025-03-03T10:00:00");
    let ended = "2025-03-03T01:50:00Z";
    for (fingerprint, starts) in [("f1", began), ("f2", "2025-03-03T01:30:50Z")] {
        let over = message("resolved", fingerprint, starts, ended, json!({"instance": "x"}));
        assert_eq!(alert(&county, SECRET, &over).await.ok(200)["ended"], 1);
        assert_eq!(alert(&county, SECRET, &over).await.ok(200)["known"], 1);
    }
    let ticket = county.app.get(&county.bureau, &path).await.ok(200);
    assert_eq!(ticket["state"], "open", "that it works is for a person to say");
    let last = ticket["journal"][0]["what"]["text"].as_str().unwrap();
    assert!(last.contains("2025-03-03 09:50") && last.contains("全部恢复"), "{last}");

    // After the ticket is solved the same group opens another one. What was over before it was heard of opens none.
    step(&county, &county.engineer, &path, json!({"step": "respond"})).await.ok(200);
    step(&county, &county.engineer, &path, json!({"step": "resolve", "solution": "扩容"})).await.ok(200);
    let again = message("firing", "f1", "2025-03-03T01:59:00Z", NEVER, json!({"instance": "v7000-1"}));
    assert_eq!(alert(&county, SECRET, &again).await.ok(200)["opened"], 1);
    let missed = message("resolved", "f9", "2025-03-03T01:58:00Z", "2025-03-03T01:59:00Z", json!({}));
    assert_eq!(alert(&county, SECRET, &missed).await.ok(200)["ended"], 1);
    // A label that names no institution, or no item of the contract: it waits for a person with the reason.
    for (fingerprint, label, reason) in [
        ("f7", json!({"institution": "9999"}), "organisation_unknown"),
        ("f8", json!({"item": "steam"}), "contract_item_unknown"),
    ] {
        let mut body = message("firing", fingerprint, "2025-03-03T01:59:30Z", NEVER, label);
        body["groupKey"] = fingerprint.into();
        assert_eq!(alert(&county, SECRET, &body).await.ok(200)["waiting"], 1);
        let waiting = list(&county, &county.duty, "?state=waiting").await;
        let one = county
            .app
            .get(&county.duty, &format!("/service/intake/{}", waiting[0]["id"].as_str().unwrap()))
            .await
            .ok(200);
        assert_eq!(one["reason"], reason);
    }
    alert(&county, SECRET, &json!({"alerts": [{"status": "burning"}]})).await.ok(422);
}
