//! How a message is sent: SMTP, a gateway for short messages, webhooks.
//!
//! Every failure is either temporary (tried again) or lasting (not), and has a code that can be shown: no address, no answer of the
//! other side and no secret is in it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result, Timestamp};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message as Mail, Tokio1Executor};
use platform::config::{NotifyConfig, SmsConfig, SmtpConfig, SmtpSecurity, WebhookConfig, WebhookStyle};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::{Duration, SystemTime};
use utoipa::ToSchema;
use uuid::Uuid;

/// Longest wait for the other side.
const PATIENCE: Duration = Duration::from_secs(10);

/// A way to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NotifyChannel)]
pub enum Channel {
    Email,
    Sms,
}

impl Channel {
    pub const ALL: [Self; 2] = [Self::Email, Self::Sms];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }
}

/// What is sent.
#[derive(Clone, Debug)]
pub struct Message {
    /// Of the delivery: a receiver recognizes a repeated one by it.
    pub id: Uuid,
    pub code: String,
    pub text: String,
    /// Where to read on; empty where there is nothing.
    pub url: String,
    pub urgent: bool,
    pub at: Timestamp,
}

/// Why it was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: &'static str,
    pub lasting: bool,
}

impl Failure {
    fn temporary(code: &'static str) -> Self {
        Self { code, lasting: false }
    }

    fn lasting(code: &'static str) -> Self {
        Self { code, lasting: true }
    }
}

type Sent = std::result::Result<(), Failure>;

/// The ways that are configured.
pub struct Channels {
    smtp: Option<Smtp>,
    sms: Option<SmsConfig>,
    webhooks: Vec<WebhookConfig>,
    http: reqwest::Client,
}

struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

pub(crate) fn wrong(key: &str, detail: impl std::fmt::Display) -> Error {
    Error::invalid("configuration_invalid", format!("notify.{key}: {detail}"))
}

fn web_address(key: &str, text: &str) -> Result<()> {
    let url = reqwest::Url::parse(text).map_err(|e| wrong(key, e))?;
    let known = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    if known { Ok(()) } else { Err(wrong(key, "an address that begins with http:// or https://")) }
}

impl Channels {
    /// Reads the configuration; nothing is connected before the first message.
    pub fn open(config: &NotifyConfig) -> Result<Self> {
        // reqwest comes without a provider of cryptography; whoever is first in the process installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        if let Some(sms) = &config.sms {
            web_address("sms.url", &sms.url)?;
        }
        for (n, hook) in config.webhooks.iter().enumerate() {
            web_address("webhooks.url", &hook.url)?;
            let plain = !hook.name.is_empty() && hook.name.chars().count() <= 40;
            if !plain || config.webhooks.iter().take(n).any(|other| other.name == hook.name) {
                return Err(wrong("webhooks.name", "a name of its own, at most 40 characters"));
            }
        }
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Error::internal)?;
        Ok(Self {
            smtp: config.smtp.as_ref().map(Smtp::open).transpose()?,
            sms: config.sms.clone(),
            webhooks: config.webhooks.clone(),
            http,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.smtp.is_none() && self.sms.is_none() && self.webhooks.is_empty()
    }

    pub fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.smtp.is_some(),
            Channel::Sms => self.sms.is_some(),
        }
    }

    pub fn webhooks(&self) -> &[WebhookConfig] {
        &self.webhooks
    }

    /// Sends to a person.
    pub async fn send(&self, channel: Channel, address: &str, message: &Message) -> Sent {
        let absent = Failure::lasting("channel_not_configured");
        match channel {
            Channel::Email => self.smtp.as_ref().ok_or(absent)?.send(address, message).await,
            Channel::Sms => {
                let gateway = self.sms.as_ref().ok_or(absent)?;
                let body = json!({"id": message.id, "phone": address, "text": with_link(message)});
                self.post(&gateway.url, &body, Some((&gateway.secret, message.at))).await.map(drop)
            }
        }
    }

    /// Sends to a group chat or another system.
    pub async fn call(&self, hook: &WebhookConfig, message: &Message) -> Sent {
        match hook.style {
            WebhookStyle::Json => {
                let body = json!({
                    "id": message.id, "code": message.code, "text": message.text, "url": message.url,
                    "urgent": message.urgent, "at": message.at,
                });
                let signed = hook.secret.as_deref().map(|secret| (secret, message.at));
                self.post(&hook.url, &body, signed).await.map(drop)
            }
            WebhookStyle::Wecom | WebhookStyle::Dingtalk => {
                let body = json!({"msgtype": "text", "text": {"content": with_link(message)}});
                let url = match (hook.style, &hook.secret) {
                    (WebhookStyle::Dingtalk, Some(secret)) => signed_robot(&hook.url, secret, message.at),
                    _ => hook.url.clone(),
                };
                let answer = self.post(&url, &body, None).await?;
                // Both say 200 and put what went wrong into the body.
                match answer.get("errcode").and_then(Value::as_i64) {
                    Some(0) | None => Ok(()),
                    // Too many in a minute: 企业微信 45009, 钉钉 130101 and 410100.
                    Some(45009 | 130_101 | 410_100) => Err(Failure::temporary("receiver_busy")),
                    Some(_) => Err(Failure::lasting("receiver_refused")),
                }
            }
        }
    }

    async fn post(
        &self,
        url: &str,
        body: &Value,
        signed: Option<(&str, Timestamp)>,
    ) -> std::result::Result<Value, Failure> {
        let bytes = body.to_string();
        let mut request = self.http.post(url).header("content-type", "application/json; charset=utf-8");
        if let Some((secret, at)) = signed {
            let stamp = (at.micros() / 1_000_000).to_string();
            let signature = hex(&hmac_sha256(secret, &format!("{stamp}.{bytes}")));
            request = request
                .header("x-tianmu-timestamp", stamp)
                .header("x-tianmu-signature", format!("sha256={signature}"));
        }
        let answer = request.body(bytes).send().await.map_err(|e| {
            Failure::temporary(if e.is_timeout() { "receiver_slow" } else { "receiver_unreachable" })
        })?;
        let status = answer.status();
        if status.is_success() {
            let text = answer.text().await.unwrap_or_default();
            return Ok(serde_json::from_str(&text).unwrap_or(Value::Null));
        }
        Err(match status.as_u16() {
            408 | 425 | 429 => Failure::temporary("receiver_busy"),
            400..=499 => Failure::lasting("receiver_refused"),
            _ => Failure::temporary("receiver_failed"),
        })
    }
}

impl Smtp {
    fn open(config: &SmtpConfig) -> Result<Self> {
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let host = config.host.as_str();
        let tls = || -> Result<TlsParameters> {
            let mut tls = TlsParameters::builder(host.to_owned());
            if let Some(file) = &config.ca_file {
                let pem = std::fs::read(file).map_err(|e| wrong("smtp.ca_file", e))?;
                tls = tls
                    .add_root_certificate(Certificate::from_pem(&pem).map_err(|e| wrong("smtp.ca_file", e))?);
            }
            tls.build().map_err(|e| wrong("smtp", e))
        };
        let (tls, usual) = match config.security {
            SmtpSecurity::Tls => (Tls::Wrapper(tls()?), 465),
            SmtpSecurity::Starttls => (Tls::Required(tls()?), 587),
            SmtpSecurity::None => (Tls::None, 25),
        };
        let mut builder = Transport::builder_dangerous(host)
            .tls(tls)
            .port(config.port.unwrap_or(usual))
            .timeout(Some(PATIENCE));
        if let (Some(user), Some(password)) = (&config.username, &config.password) {
            if config.security == SmtpSecurity::None {
                return Err(wrong("smtp.password", "a password is sent over tls or starttls only"));
            }
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        let from = config.from.parse().map_err(|e| wrong("smtp.from", e))?;
        Ok(Self { transport: builder.build(), from })
    }

    async fn send(&self, address: &str, message: &Message) -> Sent {
        let to = address.parse().map_err(|_| Failure::lasting("address_invalid"))?;
        let micros = u64::try_from(message.at.micros()).unwrap_or(0);
        let mail = Mail::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(format!("【天目】{}", message.text))
            .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(format!("<{}@tianmu>", message.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(format!(
                "{}\r\n\r\n{}\r\n\r\n本邮件由天目系统自动发送，请勿回复。\r\n",
                message.text, message.url
            ))
            .map_err(|_| Failure::lasting("address_invalid"))?;
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(Failure::lasting("receiver_refused")),
            Err(error) if error.is_transient() => Err(Failure::temporary("receiver_busy")),
            Err(error) if error.is_timeout() => Err(Failure::temporary("receiver_slow")),
            Err(_) => Err(Failure::temporary("receiver_unreachable")),
        }
    }
}

fn with_link(message: &Message) -> String {
    format!("【天目】{} {}", message.text, message.url).trim_end().to_owned()
}

fn hmac_sha256(secret: &str, text: &str) -> Vec<u8> {
    // A key of any length is taken, so this cannot fail; an empty signature would be refused by the receiver.
    match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Err(_) => Vec::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The address of a 钉钉 robot with its signature: base64 of HMAC-SHA256 over `timestamp\nsecret`, keyed by the secret.
fn signed_robot(url: &str, secret: &str, at: Timestamp) -> String {
    let Ok(mut url) = reqwest::Url::parse(url) else { return url.to_owned() };
    let stamp = (at.micros() / 1000).to_string();
    let sign = STANDARD.encode(hmac_sha256(secret, &format!("{stamp}\n{secret}")));
    url.query_pairs_mut().append_pair("timestamp", &stamp).append_pair("sign", &sign);
    url.into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn signatures_are_those_of_the_standard() {
        // RFC 4231, test case 2.
        assert_eq!(
            hex(&hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        // python3: base64(hmac.new(b'SEC', b'1700000000000\nSEC', sha256)), percent-encoded.
        let at: Timestamp = "2023-11-14T22:13:20Z".parse().unwrap();
        let url = signed_robot("https://oapi.dingtalk.com/robot/send?access_token=x", "SEC", at);
        let query: std::collections::HashMap<_, _> =
            reqwest::Url::parse(&url).unwrap().query_pairs().into_owned().collect();
        assert_eq!(query["timestamp"], "1700000000000");
        assert_eq!(query["sign"], "r+2we0q01lkZqz38LA5IPNbHN81U1leRf3Au4PSQb6Q=");
    }

    #[test]
    fn a_wrong_configuration_is_refused_with_its_key() {
        let hook = |name: &str, url: &str| WebhookConfig {
            name: name.into(),
            url: url.into(),
            secret: None,
            style: WebhookStyle::Json,
            codes: vec![],
            urgent_only: false,
        };
        let config = NotifyConfig { webhooks: vec![hook("群", "ftp://x")], ..Default::default() };
        assert!(Channels::open(&config).err().unwrap().detail().contains("notify.webhooks.url"));
        let twice = vec![hook("群", "https://a.example"), hook("群", "https://b.example")];
        let config = NotifyConfig { webhooks: twice, ..Default::default() };
        assert!(Channels::open(&config).err().unwrap().detail().contains("notify.webhooks.name"));
        let smtp = SmtpConfig {
            host: "localhost".into(),
            port: None,
            security: SmtpSecurity::None,
            username: Some("u".into()),
            password: Some("p".into()),
            from: "天目 <a@example.org>".into(),
            ca_file: None,
        };
        let config = NotifyConfig { smtp: Some(smtp), ..Default::default() };
        assert!(Channels::open(&config).err().unwrap().detail().contains("notify.smtp.password"));
    }
}
