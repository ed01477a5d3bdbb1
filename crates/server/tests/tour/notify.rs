//! Ways to be reached: a gateway for short messages and a webhook, both of which are a web server of this test.

use crate::{Elsewhere, Tour};
use platform::config::{NotifyConfig, SmsConfig, WebhookConfig, WebhookStyle};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What was posted to the gateway.
pub type Outside = Arc<Mutex<Vec<Value>>>;

/// A web server that takes everything, and the configuration that leads to it.
pub async fn outside() -> (NotifyConfig, Outside) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let outside = Outside::default();
    let kept = Arc::clone(&outside);
    let take = move |body: axum::Json<Value>| {
        kept.lock().unwrap().push(body.0);
        std::future::ready("{}")
    };
    let router = axum::Router::new().route("/", axum::routing::post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let webhook = WebhookConfig {
        name: "值班群".into(),
        url: url.clone(),
        secret: None,
        style: WebhookStyle::Wecom,
        codes: Vec::new(),
        urgent_only: false,
    };
    let sms = SmsConfig { url, secret: "geheim".into() };
    (NotifyConfig { smtp: None, sms: Some(sms), mailbox: None, webhooks: vec![webhook] }, outside)
}

pub async fn visit(tour: &mut Tour) {
    let (region, neighbour) = (tour.region, tour.neighbour);
    let person = tour.staff("notify.engineer", region, &["site_engineer"]).await;
    let system = tour.staff("notify.admin", neighbour, &["system_admin"]).await;
    let own = || Elsewhere::NotApplicable("one's own addresses and wishes");
    let installation = || Elsewhere::NotApplicable("ways out belong to the installation");
    tour.visit("get_notify_mailbox", "/notify/mailbox", None, &person, None, installation()).await;
    tour.visit("get_notify_settings", "/notify/settings", None, &person, None, own()).await;
    let wishes = json!({"email": "all", "sms": "urgent", "quiet_from": "22:00", "quiet_to": "07:00"});
    tour.visit("save_notify_settings", "/notify/settings", Some(wishes), &person, None, own()).await;
    let mobile = json!({"channel": "sms", "address": "13800000000"});
    tour.visit("add_notify_contact", "/notify/contacts", Some(mobile), &person, None, own()).await;
    let sent = tour.outside.lock().unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
    let code: String = sent.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
    let confirm = json!({"channel": "sms", "code": code});
    tour.visit("confirm_notify_contact", "/notify/contacts/confirm", Some(confirm), &person, None, own())
        .await;
    let test = json!({"channel": "sms"});
    tour.visit("test_notify_contact", "/notify/contacts/test", Some(test), &person, None, own()).await;
    tour.visit("remove_notify_contact", "/notify/contacts/sms", None, &person, None, own()).await;
    tour.visit("list_notify_routes", "/notify/routes", None, &system, None, installation()).await;
    let test = json!({"name": "值班群"});
    tour.visit("test_notify_webhook", "/notify/routes/test", Some(test), &system, None, installation()).await;
    // A message that failed for good.
    let id = tour.platform.new_uuid();
    let txn = tour.platform.db().begin().await.unwrap();
    let sql = "INSERT INTO notify_delivery (id, dedupe, channel, target, code, text, path, urgent, state, attempts, created_at, due_at) \
               VALUES ($1, 'x', 'webhook', '值班群', 'ticket_escalated', 'x', '/x', $2, 'failed', 14, 0, 0)";
    platform::db::execute(&platform::Exec::Transaction(&txn), sql, vec![id.into(), false.into()])
        .await
        .unwrap();
    txn.commit().await.unwrap();
    tour.visit("list_notify_deliveries", "/notify/deliveries", None, &system, None, installation()).await;
    let resend = format!("/notify/deliveries/{id}/resend");
    tour.visit("resend_notify_delivery", &resend, None, &system, None, installation()).await;
}
