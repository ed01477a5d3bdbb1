//! Use cases: one's own addresses and wishes; for administrators the log.

use crate::Notify;
use crate::channels::{Channel, Failure, Message};
use crate::dispatch::{self, Wish};
use crate::store::{self, ContactRow, DeliveryRow, SettingRow};
use crate::wire::{
    Confirmation, ContactInput, ContactView, DeliveryQuery, DeliveryView, MailboxView, RouteView,
    SettingsInput, SettingsView, TestInput, WebhookTest,
};
use cn_identity::{Phone, PhoneKind};
use jiff::civil::Time;
use kernel::{Cursor, Error, Limit, Page, Result, Timestamp};
use platform::{Action, AuditEntry, Ctx, hash};
use std::time::Duration;
use uuid::Uuid;

const JOB_MANAGE: Action = Action("job_manage");
/// A code is good for this long; a new one is sent no sooner than a minute after the last.
const CODE_GOOD: Duration = Duration::from_secs(600);
const CODE_PAUSE: Duration = Duration::from_secs(60);
const MOST_GUESSES: i64 = 5;
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);
const STATES: [&str; 5] = ["queued", "retrying", "sent", "failed", "suppressed"];
const WAYS: [&str; 3] = ["email", "sms", "webhook"];

/// An address as others may see it.
pub(crate) fn masked(channel: Channel, address: &str) -> String {
    match (channel, address.split_once('@')) {
        (Channel::Email, Some((name, domain))) => {
            let first: String = name.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
        _ => cn_identity::mask_phone(address),
    }
}

/// An address that could be reached.
fn address(channel: Channel, text: &str) -> Result<String> {
    let wrong = |detail: &str| Error::field("address", "address_invalid", detail);
    match channel {
        Channel::Email => {
            let found: lettre::Address =
                text.trim().parse().map_err(|_| wrong("an address such as name@example.org"))?;
            let text = found.to_string();
            if text.len() > 254 { Err(wrong("at most 254 characters")) } else { Ok(text) }
        }
        Channel::Sms => match Phone::parse(text) {
            Ok(phone) if phone.kind() == PhoneKind::Mobile => Ok(phone.as_str().to_owned()),
            _ => Err(wrong("a mobile number")),
        },
    }
}

fn failed(failure: Failure) -> Error {
    Error::conflict("channel_failed", "the message could not be sent").with("reason", failure.code)
}

fn code_hash(account: Uuid, code: &str) -> String {
    hash::sm3_hex(format!("{account} {code}").as_bytes())
}

impl Notify {
    /// How the mailbox does.
    pub(crate) async fn mailbox(&self, ctx: &Ctx) -> Result<MailboxView> {
        ctx.account_id()?;
        let row = match &self.mailbox {
            Some(mailbox) => store::mailbox(&ctx.platform().db().read(), &mailbox.name()).await?,
            None => None,
        };
        let moment = |at: Option<i64>| at.map(Timestamp::from_micros);
        Ok(MailboxView {
            configured: self.mailbox.is_some(),
            read_at: moment(row.as_ref().and_then(|row| row.read_at)),
            letter_at: moment(row.as_ref().and_then(|row| row.letter_at)),
            failing_since: moment(row.as_ref().and_then(|row| row.failing_since)),
            reason: row.and_then(|row| row.reason),
        })
    }

    pub(crate) async fn settings(&self, ctx: &Ctx) -> Result<SettingsView> {
        let account = ctx.account_id()?.uuid();
        let exec = ctx.platform().db().read();
        let row = store::setting(&exec, account).await?;
        let contacts = store::contacts(&exec, account).await?;
        Ok(SettingsView {
            channels: Channel::ALL.into_iter().filter(|channel| self.channels.has(*channel)).collect(),
            contacts: contacts
                .into_iter()
                .filter_map(|contact| {
                    let channel = Channel::parse(&contact.channel)?;
                    let address = masked(channel, &contact.address);
                    Some(ContactView { channel, address, confirmed: contact.confirmed_at.is_some() })
                })
                .collect(),
            email: Wish::of(Channel::Email, row.as_ref()).level,
            sms: Wish::of(Channel::Sms, row.as_ref()).level,
            quiet_from: row.as_ref().and_then(|row| row.quiet_from.clone()),
            quiet_to: row.and_then(|row| row.quiet_to),
        })
    }

    pub(crate) async fn save_settings(&self, ctx: &Ctx, input: &SettingsInput) -> Result<()> {
        let time = |field: &str, text: &Option<String>| -> Result<Option<String>> {
            let Some(text) = text.as_deref().map(str::trim).filter(|t| !t.is_empty()) else {
                return Ok(None);
            };
            let time: Time = text
                .parse()
                .map_err(|_| Error::field(field, "time_invalid", "a time of day such as 22:00"))?;
            Ok(Some(time.strftime("%H:%M").to_string()))
        };
        let (quiet_from, quiet_to) =
            (time("quiet_from", &input.quiet_from)?, time("quiet_to", &input.quiet_to)?);
        if quiet_from.is_some() != quiet_to.is_some() || (quiet_from.is_some() && quiet_from == quiet_to) {
            return Err(Error::field("quiet_to", "time_invalid", "a beginning and another time as its end"));
        }
        let row = SettingRow {
            email: input.email.as_str().into(),
            sms: input.sms.as_str().into(),
            quiet_from,
            quiet_to,
        };
        let mut tx = ctx.platform().begin().await?;
        store::save_setting(&tx.exec(), ctx.account_id()?.uuid(), &row, ctx.now().micros()).await?;
        tx.audit(ctx, AuditEntry::new("notify_settings_changed"));
        tx.commit().await
    }

    /// Takes an address and sends a code there; the address counts when the code comes back.
    pub(crate) async fn add_contact(&self, ctx: &Ctx, input: &ContactInput) -> Result<()> {
        let account = ctx.account_id()?.uuid();
        if !self.channels.has(input.channel) {
            return Err(failed(Failure { code: "channel_not_configured", lasting: true }));
        }
        let address = address(input.channel, &input.address)?;
        let now = ctx.now();
        let known = store::contact(&ctx.platform().db().read(), account, input.channel.as_str()).await?;
        if known.is_some_and(|row| Timestamp::from_micros(row.code_sent_at) > now.minus(CODE_PAUSE)) {
            return Err(Error::conflict("code_sent_just_now", "a code was sent less than a minute ago"));
        }
        let code = format!("{:06}", ctx.platform().random().below(1_000_000));
        // The row first: whoever cannot be reached has used up the minute too, so that nobody is flooded through us.
        let row = ContactRow {
            account_id: account,
            channel: input.channel.as_str().into(),
            address: address.clone(),
            confirmed_at: None,
            code_sm3: Some(code_hash(account, &code)),
            code_sent_at: now.micros(),
            code_attempts: 0,
        };
        let mut tx = ctx.platform().begin().await?;
        store::save_contact(&tx.exec(), &row).await?;
        let detail = serde_json::json!({"channel": row.channel});
        tx.audit(ctx, AuditEntry::new("notify_contact_changed").detail(detail));
        tx.commit().await?;
        let message = Message {
            id: ctx.platform().new_uuid(),
            code: "address_code".into(),
            text: format!("验证码 {code}，十分钟内有效。如非本人操作请忽略。"),
            url: String::new(),
            urgent: true,
            at: now,
        };
        self.channels.send(input.channel, &address, &message).await.map_err(failed)
    }

    pub(crate) async fn confirm_contact(&self, ctx: &Ctx, input: &Confirmation) -> Result<()> {
        let account = ctx.account_id()?.uuid();
        let wrong = || Error::field("code", "code_wrong", "not the code that was sent, or too late");
        let channel = input.channel.as_str();
        // Each guess is counted before it is looked at, in a transaction of its own: a rollback must not give it back.
        let tx = ctx.platform().begin().await?;
        let row = store::contact(&tx.exec(), account, channel).await?;
        let Some(mut row) = row.filter(|row| row.confirmed_at.is_none()) else { return Err(wrong()) };
        let guesses = store::count_guess(&tx.exec(), account, channel).await?;
        tx.commit().await?;
        let fresh = Timestamp::from_micros(row.code_sent_at) > ctx.now().minus(CODE_GOOD);
        if !fresh || guesses > MOST_GUESSES || row.code_sm3 != Some(code_hash(account, input.code.trim())) {
            return Err(wrong());
        }
        (row.confirmed_at, row.code_sm3) = (Some(ctx.now().micros()), None);
        let mut tx = ctx.platform().begin().await?;
        store::save_contact(&tx.exec(), &row).await?;
        let detail = serde_json::json!({"channel": channel, "confirmed": true});
        tx.audit(ctx, AuditEntry::new("notify_contact_changed").detail(detail));
        tx.commit().await
    }

    pub(crate) async fn remove_contact(&self, ctx: &Ctx, channel: Channel) -> Result<()> {
        let mut tx = ctx.platform().begin().await?;
        if store::remove_contact(&tx.exec(), ctx.account_id()?.uuid(), channel.as_str()).await? == 0 {
            return Err(Error::not_found("address"));
        }
        let detail = serde_json::json!({"channel": channel.as_str(), "removed": true});
        tx.audit(ctx, AuditEntry::new("notify_contact_changed").detail(detail));
        tx.commit().await
    }

    /// Sends a trial message to the caller's own address, now.
    pub(crate) async fn test_contact(&self, ctx: &Ctx, input: &TestInput) -> Result<()> {
        let account = ctx.account_id()?.uuid();
        let found = store::contact(&ctx.platform().db().read(), account, input.channel.as_str()).await?;
        let contact =
            found.filter(|row| row.confirmed_at.is_some()).ok_or_else(|| Error::not_found("address"))?;
        let target = masked(input.channel, &contact.address);
        let message = self.trial(ctx, Some(account), input.channel.as_str(), &target).await?;
        let outcome = self.channels.send(input.channel, &contact.address, &message).await;
        finish(ctx, message.id, outcome).await
    }

    /// Sends a trial message to a webhook, now.
    pub(crate) async fn test_webhook(&self, ctx: &Ctx, input: &WebhookTest) -> Result<()> {
        ctx.scope(JOB_MANAGE).await?;
        let hook = self.channels.webhooks().iter().find(|hook| hook.name == input.name);
        let hook = hook.ok_or_else(|| Error::not_found("webhook"))?;
        let message = self.trial(ctx, None, "webhook", &hook.name).await?;
        let outcome = self.channels.call(hook, &message).await;
        finish(ctx, message.id, outcome).await
    }

    /// A trial message in the log, not yet sent. It counts towards the hour like any other.
    async fn trial(&self, ctx: &Ctx, account: Option<Uuid>, channel: &str, target: &str) -> Result<Message> {
        let now = ctx.now();
        let exec = ctx.platform().db().read();
        if let Some(account) = account
            && store::sent_since(&exec, account, channel, now.minus(Duration::from_secs(3600)).micros())
                .await?
                >= dispatch::MOST_AN_HOUR
        {
            return Err(failed(Failure { code: "too_many", lasting: false }));
        }
        let id = ctx.platform().new_uuid();
        let row = DeliveryRow {
            id,
            dedupe: format!("{id} trial"),
            account_id: account,
            channel: channel.into(),
            target: target.into(),
            code: "trial".into(),
            text: "这是一条测试消息。".into(),
            path: String::new(),
            urgent: false,
            // Not queued: no worker takes it up beside us.
            state: "failed".into(),
            reason: Some("interrupted".into()),
            attempts: 0,
            created_at: now.micros(),
            due_at: now.micros(),
            sent_at: None,
        };
        let mut tx = ctx.platform().begin().await?;
        store::insert_delivery(&tx.exec(), &row).await?;
        let detail = serde_json::json!({"channel": channel});
        tx.audit(ctx, AuditEntry::new("notify_trial_sent").detail(detail));
        tx.commit().await?;
        Ok(Message {
            id,
            code: row.code,
            text: row.text,
            url: self.public_url.clone(),
            urgent: false,
            at: now,
        })
    }

    pub(crate) async fn routes(&self, ctx: &Ctx) -> Result<Vec<RouteView>> {
        ctx.scope(JOB_MANAGE).await?;
        let since = ctx.now().minus(WEEK).micros();
        let health = store::health(&ctx.platform().db().read(), since).await?;
        let route = |channel: &str, name: Option<&str>, configured: bool| {
            let of = |states: &[&str]| {
                let mine = health.iter().filter(|row| {
                    row.channel == channel
                        && name.unwrap_or_default() == row.target
                        && states.contains(&row.state.as_str())
                });
                mine.fold((0, None), |(n, last), row| (n + row.n, last.max(Some(row.last_at))))
            };
            let (sent, last) = of(&["sent"]);
            RouteView {
                channel: channel.to_owned(),
                name: name.map(ToOwned::to_owned),
                configured,
                sent,
                failed: of(&["failed"]).0,
                waiting: of(&["queued", "retrying"]).0,
                suppressed: of(&["suppressed"]).0,
                last_sent_at: last.map(Timestamp::from_micros),
            }
        };
        let mut routes: Vec<RouteView> = Channel::ALL
            .into_iter()
            .map(|channel| route(channel.as_str(), None, self.channels.has(channel)))
            .collect();
        routes.extend(self.channels.webhooks().iter().map(|hook| route("webhook", Some(&hook.name), true)));
        Ok(routes)
    }

    pub(crate) async fn deliveries(&self, ctx: &Ctx, query: &DeliveryQuery) -> Result<Page<DeliveryView>> {
        ctx.scope(JOB_MANAGE).await?;
        let known = |field: &str, value: &Option<String>, all: &[&str]| match value {
            Some(text) if !all.contains(&text.as_str()) => {
                Err(Error::field(field, "unknown_value", format!("one of {}", all.join(", "))))
            }
            _ => Ok(()),
        };
        known("state", &query.state, &STATES)?;
        known("channel", &query.channel, &WAYS)?;
        let limit = Limit::new(query.limit)?;
        let after = match &query.cursor {
            Some(cursor) => {
                let cursor = Cursor::decode(cursor, 1)?;
                Some((cursor.keys.first().copied().unwrap_or_default(), cursor.id))
            }
            None => None,
        };
        let exec = ctx.platform().db().read();
        let rows =
            store::deliveries(&exec, query.state.as_deref(), query.channel.as_deref(), after, limit.fetch())
                .await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.created_at], id: row.id });
        let detail = serde_json::json!({"count": page.items.len()});
        ctx.platform().audit(ctx, AuditEntry::new("notify_deliveries_listed").detail(detail)).await?;
        Ok(page.map(|row| DeliveryView {
            id: row.id,
            may_resend: may_resend(&row),
            channel: row.channel,
            target: row.target,
            code: row.code,
            text: row.text,
            urgent: row.urgent,
            state: row.state,
            reason: row.reason,
            attempts: row.attempts,
            created_at: Timestamp::from_micros(row.created_at),
            due_at: Timestamp::from_micros(row.due_at),
            sent_at: row.sent_at.map(Timestamp::from_micros),
        }))
    }

    /// Sends what failed once more, with as many attempts as a new message.
    pub(crate) async fn resend(&self, ctx: &Ctx, id: Uuid) -> Result<()> {
        ctx.scope(JOB_MANAGE).await?;
        let mut tx = ctx.platform().begin().await?;
        let row = store::lock_delivery(&tx.exec(), id).await?;
        let mut row = row.ok_or_else(|| Error::not_found("message"))?;
        if !may_resend(&row) {
            return Err(
                Error::conflict("state_conflict", "only what failed is sent again").with("state", row.state)
            );
        }
        (row.state, row.reason, row.attempts) = ("queued".into(), None, 0);
        row.due_at = ctx.now().micros();
        store::update_delivery(&tx.exec(), &row).await?;
        dispatch::enqueue(&mut tx, &row).await?;
        tx.audit(ctx, AuditEntry::new("notify_message_resent").on("notify_delivery", id));
        tx.commit().await
    }
}

fn may_resend(row: &DeliveryRow) -> bool {
    row.state == "failed" && row.code != "trial"
}

/// Writes down what became of a trial.
async fn finish(ctx: &Ctx, id: Uuid, outcome: std::result::Result<(), Failure>) -> Result<()> {
    let tx = ctx.platform().begin().await?;
    if let Some(mut row) = store::lock_delivery(&tx.exec(), id).await? {
        row.attempts = 1;
        row.reason = outcome.err().map(|failure| failure.code.to_owned());
        if outcome.is_ok() {
            row.state = "sent".into();
            row.sent_at = Some(ctx.now().micros());
        }
        store::update_delivery(&tx.exec(), &row).await?;
    }
    tx.commit().await?;
    outcome.map_err(failed)
}
