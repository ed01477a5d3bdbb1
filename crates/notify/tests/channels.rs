//! From an address that its owner has confirmed to a message that arrives, once.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use notify::Notify;
use platform::config::{NotifyConfig, SmsConfig, SmtpConfig, SmtpSecurity, WebhookConfig, WebhookStyle};
use platform::{Ctx, Principal};
use ports::notify::NoticeGiven;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use testkit::{FixedDirectory, TestApp, staff};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// What came over the wire.
type Inbox = Arc<Mutex<Vec<String>>>;

/// A mail server that takes everything but what is for `full@`, by RFC 5321 as far as a client needs.
async fn mail_server() -> (u16, Inbox) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let inbox = Inbox::default();
    let kept = Arc::clone(&inbox);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let kept = Arc::clone(&kept);
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                let mut mail: Option<String> = None;
                write.write_all(b"220 test ESMTP\r\n").await.unwrap();
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer = if let Some(text) = &mut mail {
                        if line != "." {
                            text.push_str(&line);
                            text.push('\n');
                            continue;
                        }
                        kept.lock().unwrap().push(mail.take().unwrap());
                        "250 taken\r\n"
                    } else if line.starts_with("EHLO") {
                        "250-test\r\n250 SMTPUTF8\r\n"
                    } else if line.starts_with("RCPT TO:<full@") {
                        "552 mailbox full\r\n"
                    } else if line == "DATA" {
                        mail = Some(String::new());
                        "354 go on\r\n"
                    } else {
                        "250 ok\r\n"
                    };
                    write.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (port, inbox)
}

/// A web server that keeps what is posted and answers with the next of `answers`, then with 200.
async fn web_server(answers: &[u16]) -> (String, Inbox) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let inbox = Inbox::default();
    let kept = Arc::clone(&inbox);
    let mut answers = answers.to_vec();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut text = Vec::new();
            let mut buffer = [0_u8; 4096];
            loop {
                let read = stream.read(&mut buffer).await.unwrap();
                text.extend_from_slice(&buffer[..read]);
                let whole = String::from_utf8_lossy(&text).into_owned();
                let Some((head, body)) = whole.split_once("\r\n\r\n") else { continue };
                let length = head
                    .lines()
                    .find_map(|l| l.to_lowercase().strip_prefix("content-length: ").map(ToOwned::to_owned));
                if body.len() >= length.unwrap().parse::<usize>().unwrap() {
                    kept.lock().unwrap().push(whole);
                    break;
                }
            }
            let status = if answers.is_empty() { 200 } else { answers.remove(0) };
            let answer = format!(
                "HTTP/1.1 {status} x\r\ncontent-length: 13\r\nconnection: close\r\n\r\n{{\"errcode\":0}}"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, inbox)
}

async fn app(config: NotifyConfig) -> TestApp {
    app_of(config, Arc::new(FixedDirectory::new(&[]))).await
}

async fn app_of(config: NotifyConfig, directory: Arc<FixedDirectory>) -> TestApp {
    let (platform, folder) = testkit::platform(&[notify::MIGRATIONS]).await;
    let notify = Notify::new(directory, &config, "https://tianmu.example/").unwrap();
    TestApp::new(platform, folder, vec![notify::module(&notify)])
}

fn smtp(port: u16) -> Option<SmtpConfig> {
    Some(SmtpConfig {
        host: "127.0.0.1".into(),
        port: Some(port),
        security: SmtpSecurity::None,
        username: None,
        password: None,
        from: "天目 <tianmu@example.org>".into(),
        ca_file: None,
    })
}

async fn give(app: &TestApp, accounts: &[&Principal], urgent: bool) -> NoticeGiven {
    let notice = NoticeGiven {
        id: app.platform.new_uuid(),
        accounts: accounts.iter().map(|p| p.account_id.unwrap()).collect(),
        code: if urgent { "incident_declared" } else { "article_review" }.into(),
        text: "知识条目 ZS20261127-0001 待审核".into(),
        path: "/service/knowledge/1".into(),
        urgent,
    };
    publish(app, &notice).await;
    notice
}

async fn publish(app: &TestApp, notice: &NoticeGiven) {
    let mut tx = Ctx::system(&app.platform, "test").platform().begin().await.unwrap();
    tx.publish(notice).await.unwrap();
    tx.commit().await.unwrap();
}

/// The six digits in the last message.
fn code_in(inbox: &Inbox) -> String {
    let text = inbox.lock().unwrap().last().unwrap().clone();
    let body = text.split_once("\r\n\r\n").map_or(text.as_str(), |(_, body)| body).to_owned();
    let body: Value = serde_json::from_str(&body).unwrap();
    let digits: String =
        body["text"].as_str().unwrap().chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
    digits
}

async fn log(app: &TestApp, admin: &Principal) -> Vec<Value> {
    app.get(admin, "/notify/deliveries").await.ok(200)["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn mail_goes_to_a_confirmed_address_once_and_waits_for_the_morning_unless_it_is_urgent() {
    let (port, mails) = mail_server().await;
    let app = app(NotifyConfig { smtp: smtp(port), ..Default::default() }).await;
    let engineer = staff("工程师", "0001", &[("site_engineer", "0001")]);
    let admin = staff("管理员", "0001", &[("system_admin", "0001")]);
    let other = staff("值班", "0001", &[("duty_engineer", "0001")]);

    // An address that nobody confirmed gets nothing but the code.
    let wrong = json!({"channel": "email", "address": "not an address"});
    app.post(&engineer, "/notify/contacts", wrong).await.problem(422, "validation_failed");
    let contact = json!({"channel": "email", "address": "engineer@example.org"});
    let view = app.post(&engineer, "/notify/contacts", contact.clone()).await.ok(200);
    assert_eq!(
        view["contacts"][0],
        json!({"channel": "email", "address": "e***@example.org", "confirmed": false})
    );
    app.post(&engineer, "/notify/contacts", contact).await.problem(409, "code_sent_just_now");
    give(&app, &[&engineer, &other], true).await;
    app.run_jobs().await;
    assert_eq!(mails.lock().unwrap().len(), 1);
    let mail = mails.lock().unwrap()[0].clone();
    // The body is base64 or quoted: the code is found by its wire form, decoded by hand here.
    let code = decoded(&mail).chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect::<String>();
    let guess = json!({"channel": "email", "code": "000000"});
    app.post(&engineer, "/notify/contacts/confirm", guess).await.problem(422, "validation_failed");
    let confirm = json!({"channel": "email", "code": code});
    app.post(&other, "/notify/contacts/confirm", confirm.clone()).await.problem(422, "validation_failed");
    let view = app.post(&engineer, "/notify/contacts/confirm", confirm).await.ok(200);
    assert_eq!(view["contacts"][0]["confirmed"], true);

    // The clock stands at 8 in the morning of the region; the night begins at 22.
    let quiet = json!({"email": "all", "sms": "none", "quiet_from": "22:00", "quiet_to": "07:00"});
    app.put(&engineer, "/notify/settings", quiet).await.ok(200);
    let notice = give(&app, &[&engineer, &other], false).await;
    app.run_jobs().await;
    assert_eq!(mails.lock().unwrap().len(), 2);
    let mail = mails.lock().unwrap()[1].clone();
    assert!(mail.contains("To: engineer@example.org"), "{mail}");
    assert!(decoded(&mail).contains("https://tianmu.example/service/knowledge/1"), "{mail}");
    // The event comes again: no second mail.
    publish(&app, &notice).await;
    app.run_jobs().await;
    assert_eq!(mails.lock().unwrap().len(), 2);
    app.advance_s(15 * 3600);
    give(&app, &[&engineer], false).await;
    give(&app, &[&engineer], true).await;
    app.run_jobs().await;
    assert_eq!(mails.lock().unwrap().len(), 3, "23:00: the urgent one alone");
    app.advance_s(8 * 3600);
    app.run_jobs().await;
    assert_eq!(mails.lock().unwrap().len(), 4);

    // A flood is held back and shown as such; the administrator sees masked addresses only.
    for _ in 0..25 {
        give(&app, &[&engineer], false).await;
    }
    app.run_jobs().await;
    let all = log(&app, &admin).await;
    let held = all.iter().filter(|d| d["state"] == "suppressed").collect::<Vec<_>>();
    assert_eq!(
        (held.len(), &held[0]["reason"], &held[0]["target"]),
        (5, &json!("too_many"), &json!("e***@example.org"))
    );
    app.get(&engineer, "/notify/deliveries").await.problem(403, "forbidden");
    let routes = app.get(&admin, "/notify/routes").await.ok(200);
    assert_eq!(
        (&routes[0]["sent"], &routes[0]["suppressed"], &routes[1]["configured"]),
        (&json!(23), &json!(5), &json!(false))
    );

    app.delete(&engineer, "/notify/contacts/email").await.ok(204);
    app.advance_s(3601);
    give(&app, &[&engineer], true).await;
    app.run_jobs().await;
    assert_eq!(mails.lock().unwrap().len(), 24);
    let audited = app.audit_actions().await;
    assert!(audited.contains(&("notify_contact_changed".into(), "allowed".into())));
}

/// The readable parts of a mail: headers as they are, the body decoded from base64 where it is.
fn decoded(mail: &str) -> String {
    use base64::Engine;
    let (head, body) = mail.split_once("\n\n").unwrap();
    if head.contains("Content-Transfer-Encoding: base64") {
        let joined: String = body.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(joined).unwrap();
        return String::from_utf8(bytes).unwrap();
    }
    // Quoted-printable: only the soft line breaks and =XX matter.
    let body = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'=' && tail.len() >= 2 {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn what_cannot_be_sent_is_tried_again_or_lies_in_the_log_with_its_reason() {
    // Two failures of the gateway that pass, then it takes everything; the webhook refuses for good.
    let (gateway, messages) = web_server(&[200, 503, 429]).await;
    let (hook, calls) = web_server(&[404]).await;
    let (port, mails) = mail_server().await;
    let robot = |name: &str, style, url: &str| WebhookConfig {
        name: name.into(),
        url: url.into(),
        secret: Some("geheim".into()),
        style,
        codes: vec!["incident_declared".into()],
        urgent_only: true,
    };
    let app = app(NotifyConfig {
        smtp: smtp(port),
        sms: Some(SmsConfig { url: gateway, secret: "Jefe".into() }),
        mailbox: None,
        webhooks: vec![robot("值班群", WebhookStyle::Wecom, &hook)],
    })
    .await;
    let engineer = staff("工程师", "0001", &[("site_engineer", "0001")]);
    let admin = staff("管理员", "0001", &[("system_admin", "0001")]);
    let mobile = json!({"channel": "sms", "address": "138 0000 0000"});
    let view = app.post(&engineer, "/notify/contacts", mobile).await.ok(200);
    assert_eq!(view["contacts"][0]["address"], "138****0000");
    let confirm = json!({"channel": "sms", "code": code_in(&messages)});
    app.post(&engineer, "/notify/contacts/confirm", confirm).await.ok(200);
    // A mailbox that is full is told at once.
    let full = json!({"channel": "email", "address": "full@example.org"});
    let refused = app.post(&engineer, "/notify/contacts", full).await.problem(409, "channel_failed");
    assert_eq!(refused["params"]["reason"], "receiver_refused");
    assert!(mails.lock().unwrap().is_empty());

    give(&app, &[&engineer], true).await;
    app.run_jobs().await;
    let state = |all: &[Value], channel: &str| {
        let found = all.iter().find(|d| d["channel"] == channel).unwrap();
        (found["state"].clone(), found["reason"].clone())
    };
    let all = log(&app, &admin).await;
    assert_eq!(state(&all, "sms"), (json!("retrying"), json!("receiver_failed")));
    assert_eq!(state(&all, "webhook"), (json!("failed"), json!("receiver_refused")));
    for _ in 0..3 {
        app.advance_s(120);
        app.run_jobs().await;
    }
    let all = log(&app, &admin).await;
    assert_eq!(state(&all, "sms").0, "sent");
    assert_eq!(messages.lock().unwrap().len(), 4, "the code, two failures, and the message");
    // The gateway can check who sent it: HMAC-SHA256 over time and body.
    let sent = messages.lock().unwrap()[3].clone();
    assert!(sent.contains("x-tianmu-signature: sha256=") && sent.contains("x-tianmu-timestamp: "), "{sent}");
    assert!(sent.contains("\"phone\":\"13800000000\""), "{sent}");

    let id = all.iter().find(|d| d["channel"] == "webhook").unwrap()["id"].as_str().unwrap().to_owned();
    app.post(&engineer, &format!("/notify/deliveries/{id}/resend"), json!({}))
        .await
        .problem(403, "forbidden");
    app.post(&admin, &format!("/notify/deliveries/{id}/resend"), json!({})).await.ok(204);
    app.run_jobs().await;
    assert_eq!(state(&log(&app, &admin).await, "webhook").0, "sent");
    assert!(calls.lock().unwrap()[1].contains("【天目】"));
    app.post(&admin, "/notify/routes/test", json!({"name": "值班群"})).await.ok(204);
    app.post(&admin, "/notify/routes/test", json!({"name": "别的群"})).await.problem(404, "not_found");
    app.post(&engineer, "/notify/contacts/test", json!({"channel": "sms"})).await.ok(204);
    app.post(&engineer, "/notify/contacts/test", json!({"channel": "email"})).await.problem(404, "not_found");
    // Guessing a code ends after five tries.
    app.advance_s(61);
    let anew = json!({"channel": "sms", "address": "13900000000"});
    app.post(&engineer, "/notify/contacts", anew).await.ok(200);
    let right = code_in(&messages);
    let wrong = if right == "111111" { "222222" } else { "111111" };
    for code in [wrong, wrong, wrong, wrong, wrong, right.as_str()] {
        let confirm = json!({"channel": "sms", "code": code});
        app.post(&engineer, "/notify/contacts/confirm", confirm).await.problem(422, "validation_failed");
    }
}

#[tokio::test]
async fn whose_account_is_closed_gets_nothing_more_not_even_what_waited_for_the_morning() {
    let (gateway, messages) = web_server(&[]).await;
    let directory = Arc::new(FixedDirectory::new(&[]));
    let sms = Some(SmsConfig { url: gateway, secret: "Jefe".into() });
    let app = app_of(NotifyConfig { sms, ..Default::default() }, Arc::clone(&directory)).await;
    let engineer = staff("工程师", "0001", &[("site_engineer", "0001")]);
    let admin = staff("管理员", "0001", &[("system_admin", "0001")]);
    let mobile = json!({"channel": "sms", "address": "13800000000"});
    app.post(&engineer, "/notify/contacts", mobile).await.ok(200);
    let confirm = json!({"channel": "sms", "code": code_in(&messages)});
    app.post(&engineer, "/notify/contacts/confirm", confirm).await.ok(200);
    let quiet = json!({"email": "none", "sms": "all", "quiet_from": "07:00", "quiet_to": "09:00"});
    app.put(&engineer, "/notify/settings", quiet).await.ok(200);
    give(&app, &[&engineer], false).await;
    app.run_jobs().await;
    directory.disable(engineer.account_id.unwrap());
    app.advance_s(3601);
    app.run_jobs().await;
    assert_eq!(messages.lock().unwrap().len(), 1, "the code alone");
    let all = log(&app, &admin).await;
    assert_eq!((&all[0]["state"], &all[0]["reason"]), (&json!("suppressed"), &json!("address_gone")));
}
