//! Who gets a notice by which way, and when; and the work of sending it.

use crate::Notify;
use crate::channels::{Channel, Message};
use crate::store::{self, DeliveryRow, SettingRow};
use crate::wire::Level;
use jiff::civil::Time;
use kernel::{AccountId, Error, ErrorKind, Result, Timestamp};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use ports::notify::NoticeGiven;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

pub(crate) const DISPATCH: JobKind = JobKind { name: "notify_dispatch", max_attempts: 8 };
const DELIVER: JobKind = JobKind { name: "notify_deliver", max_attempts: ATTEMPTS };
/// With back-off these last about four hours.
const ATTEMPTS: i32 = 14;
/// Ordinary messages to one person by one way; urgent ones have three times that.
pub const MOST_AN_HOUR: i64 = 20;
const HOUR: Duration = Duration::from_secs(3600);

#[derive(Debug, Serialize, Deserialize)]
struct Deliver {
    delivery_id: Uuid,
}

/// What becomes of a notice for one person by one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They did not ask for it.
    No,
    Send(Timestamp),
    Suppress(&'static str),
}

/// Settings as they are read.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub level: Level,
    /// From and to, in the region's time of day.
    pub quiet: Option<(Time, Time)>,
}

/// Decides: what somebody asked for, the quiet hours, and how much they got in the last hour.
pub fn decide(wish: Wish, urgent: bool, now: Timestamp, sent_last_hour: i64) -> Decision {
    match wish.level {
        Level::None => return Decision::No,
        Level::Urgent if !urgent => return Decision::No,
        _ => {}
    }
    if sent_last_hour >= if urgent { MOST_AN_HOUR * 3 } else { MOST_AN_HOUR } {
        return Decision::Suppress("too_many");
    }
    match wish.quiet {
        Some((from, to)) if !urgent => Decision::Send(quiet_end(now, from, to)),
        _ => Decision::Send(now),
    }
}

/// The end of the quiet hours that `now` lies in, or `now`.
fn quiet_end(now: Timestamp, from: Time, to: Time) -> Timestamp {
    let local = now.local();
    let time = local.time();
    let overnight = from > to;
    let quiet = if overnight { time >= from || time < to } else { time >= from && time < to };
    if !quiet {
        return now;
    }
    let day = if overnight && time >= from {
        local.date().tomorrow().unwrap_or(local.date())
    } else {
        local.date()
    };
    let whole = u64::try_from(to.duration_since(Time::midnight()).as_secs()).unwrap_or(0);
    Timestamp::start_of_local_date(day).plus(Duration::from_secs(whole))
}

impl Wish {
    /// Of a person; without settings mail brings everything, a short message what is urgent.
    pub(crate) fn of(channel: Channel, row: Option<&SettingRow>) -> Self {
        let Some(row) = row else {
            let level = if channel == Channel::Email { Level::All } else { Level::Urgent };
            return Self { level, quiet: None };
        };
        let level = Level::of(if channel == Channel::Email { &row.email } else { &row.sms });
        let time = |text: &Option<String>| text.as_deref().and_then(|t| t.parse::<Time>().ok());
        Self { level, quiet: time(&row.quiet_from).zip(time(&row.quiet_to)) }
    }
}

pub(crate) fn jobs(notify: &Arc<Notify>) -> Vec<JobHandler> {
    let (dispatching, delivering) = (Arc::clone(notify), Arc::clone(notify));
    vec![
        JobHandler::new(DISPATCH, move |ctx, notice: NoticeGiven| {
            let notify = Arc::clone(&dispatching);
            async move { notify.dispatch(&ctx, &notice).await }
        }),
        JobHandler::new(DELIVER, move |ctx, job: Deliver| {
            let notify = Arc::clone(&delivering);
            async move { notify.deliver(&ctx, job.delivery_id).await }
        }),
    ]
}

/// Puts a message in, to be sent when it is due; nothing where it was put in before.
pub(crate) async fn put(tx: &mut Tx, row: &DeliveryRow) -> Result<()> {
    if store::insert_delivery(&tx.exec(), row).await? && row.state == "queued" {
        enqueue(tx, row).await?;
    }
    Ok(())
}

pub(crate) async fn enqueue(tx: &mut Tx, row: &DeliveryRow) -> Result<()> {
    let job = NewJob::new(DELIVER, &Deliver { delivery_id: row.id })?;
    tx.enqueue(job.at(Timestamp::from_micros(row.due_at))).await
}

impl Notify {
    /// Makes a message for each receiver and way, in one transaction.
    async fn dispatch(&self, ctx: &Ctx, notice: &NoticeGiven) -> Result<()> {
        let now = ctx.now();
        let mut tx = ctx.platform().begin().await?;
        let blank = DeliveryRow {
            id: Uuid::nil(),
            dedupe: String::new(),
            account_id: None,
            channel: String::new(),
            target: String::new(),
            code: notice.code.clone(),
            text: notice.text.clone(),
            path: notice.path.clone(),
            urgent: notice.urgent,
            state: "queued".into(),
            reason: None,
            attempts: 0,
            created_at: now.micros(),
            due_at: now.micros(),
            sent_at: None,
        };
        for account in &notice.accounts {
            let setting = store::setting(&tx.exec(), account.uuid()).await?;
            for contact in store::contacts(&tx.exec(), account.uuid()).await? {
                let Some(channel) = Channel::parse(&contact.channel).filter(|c| self.channels.has(*c)) else {
                    continue;
                };
                if contact.confirmed_at.is_none() {
                    continue;
                }
                let since = now.minus(HOUR).micros();
                let sent = store::sent_since(&tx.exec(), account.uuid(), channel.as_str(), since).await?;
                let (state, reason, due_at) =
                    match decide(Wish::of(channel, setting.as_ref()), notice.urgent, now, sent) {
                        Decision::No => continue,
                        Decision::Send(at) => ("queued", None, at),
                        Decision::Suppress(reason) => ("suppressed", Some(reason.to_owned()), now),
                    };
                let row = DeliveryRow {
                    id: ctx.platform().new_uuid(),
                    dedupe: format!("{} {} {}", notice.id, account.uuid(), channel.as_str()),
                    account_id: Some(account.uuid()),
                    channel: channel.as_str().into(),
                    target: crate::ops::masked(channel, &contact.address),
                    state: state.into(),
                    reason,
                    due_at: due_at.micros(),
                    ..blank.clone()
                };
                put(&mut tx, &row).await?;
            }
        }
        for hook in self.channels.webhooks() {
            let wanted = (hook.codes.is_empty() || hook.codes.contains(&notice.code))
                && (notice.urgent || !hook.urgent_only);
            if wanted {
                let row = DeliveryRow {
                    id: ctx.platform().new_uuid(),
                    dedupe: format!("{} webhook {}", notice.id, hook.name),
                    channel: "webhook".into(),
                    target: hook.name.clone(),
                    ..blank.clone()
                };
                put(&mut tx, &row).await?;
            }
        }
        tx.commit().await
    }

    /// Sends one message; what may still succeed is an error, so that the job comes again.
    async fn deliver(&self, ctx: &Ctx, id: Uuid) -> Result<()> {
        let exec = ctx.platform().db().read();
        let Some(mut row) = store::delivery(&exec, id).await? else { return Ok(()) };
        if !matches!(row.state.as_str(), "queued" | "retrying") {
            return Ok(());
        }
        let message = Message {
            id: row.id,
            code: row.code.clone(),
            text: row.text.clone(),
            url: format!("{}{}", self.public_url, row.path),
            urgent: row.urgent,
            at: ctx.now(),
        };
        let outcome = match (Channel::parse(&row.channel), row.account_id) {
            (Some(channel), Some(account)) => {
                let contact = store::contact(&exec, account, channel.as_str()).await?;
                // Looked at now and not when the notice was given: a night may lie between.
                let open = !self.directory.enabled(&[AccountId(account)]).await?.is_empty();
                match contact.filter(|contact| open && contact.confirmed_at.is_some()) {
                    Some(contact) => Some(self.channels.send(channel, &contact.address, &message).await),
                    None => None,
                }
            }
            _ => match self.channels.webhooks().iter().find(|hook| hook.name == row.target) {
                Some(hook) => Some(self.channels.call(hook, &message).await),
                None => None,
            },
        };
        row.attempts += 1;
        let mut again = None;
        match outcome {
            Some(Ok(())) => {
                row.state = "sent".into();
                row.reason = None;
                row.sent_at = Some(ctx.now().micros());
            }
            // Taken away, or the account closed, since the notice was given.
            None => {
                row.state = "suppressed".into();
                row.reason = Some("address_gone".into());
            }
            Some(Err(failure)) => {
                let over = failure.lasting || row.attempts >= ATTEMPTS;
                row.state = if over { "failed" } else { "retrying" }.into();
                row.reason = Some(failure.code.to_owned());
                again = (!over).then_some(failure.code);
                tracing::warn!(delivery_id = %row.id, channel = %row.channel, reason = failure.code, attempts = row.attempts, "a message was not sent");
            }
        }
        let tx = ctx.platform().begin().await?;
        store::update_delivery(&tx.exec(), &row).await?;
        tx.commit().await?;
        match again {
            Some(code) => Err(Error::new(ErrorKind::Unavailable, "channel_failed", code)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_not_urgent_waits_for_the_end_of_the_night_and_a_flood_is_held_back() {
        let night = Wish {
            level: Level::All,
            quiet: Some((Time::constant(22, 0, 0, 0), Time::constant(7, 0, 0, 0))),
        };
        // 23:30, 06:59 and 12:00 in the region, which is eight hours ahead.
        let morning = Decision::Send(at("2026-11-27T23:00:00Z"));
        assert_eq!(decide(night, false, at("2026-11-27T15:30:00Z"), 0), morning);
        assert_eq!(decide(night, false, at("2026-11-27T22:59:00Z"), 0), morning);
        assert_eq!(decide(night, false, at("2026-11-27T23:00:00Z"), 0), morning);
        let noon = at("2026-11-27T04:00:00Z");
        assert_eq!(decide(night, false, noon, 0), Decision::Send(noon));
        let late = at("2026-11-27T15:30:00Z");
        assert_eq!(decide(night, true, late, 0), Decision::Send(late));
        assert_eq!(decide(night, false, noon, MOST_AN_HOUR), Decision::Suppress("too_many"));
        assert_eq!(decide(night, true, noon, MOST_AN_HOUR), Decision::Send(noon));
        let urgent = Wish { level: Level::Urgent, quiet: None };
        assert_eq!(decide(urgent, false, noon, 0), Decision::No);
        assert_eq!(decide(Wish { level: Level::None, quiet: None }, true, noon, 0), Decision::No);
        // A rest at midday does not go over midnight.
        let noon_rest = Wish {
            level: Level::All,
            quiet: Some((Time::constant(11, 30, 0, 0), Time::constant(14, 0, 0, 0))),
        };
        assert_eq!(decide(noon_rest, false, noon, 0), Decision::Send(at("2026-11-27T06:00:00Z")));
    }
}
