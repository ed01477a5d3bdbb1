//! Alerts of monitoring systems, in the form of Alertmanager's webhook.

use super::letters::region;
use super::ops::{self, Arrival};
use super::store::{self, IntakeRow};
use super::wire::{Alert, AlertMessage, AlertOutcome, AlertStatus, State};
use crate::book::Book;
use crate::{ServiceDesk, tickets};
use kernel::{Error, ErrorKind, Result, Timestamp};
use platform::config::{AlertSourceConfig, ServiceConfig};
use platform::{AuditEntry, Ctx, Outcome, Principal, hash};

const ALERT: &str = "alert";
const MOST_AT_ONCE: usize = 200;
const SHORTEST_SECRET: usize = 20;

/// Refuses a configuration that would not work, with its key.
pub(crate) fn check(config: &ServiceConfig) -> Result<()> {
    let wrong = |key: &str, detail: &str| {
        Err(Error::invalid("configuration_invalid", format!("service.alerts.{key}: {detail}")))
    };
    for (n, source) in config.alerts.iter().enumerate() {
        let plain = source.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !plain || !(1..=40).contains(&source.name.len()) {
            return wrong("name", "letters, digits and hyphens, at most 40");
        }
        if config.alerts.iter().take(n).any(|other| other.name == source.name) {
            return wrong("name", "a name of its own");
        }
        if source.secret.chars().count() < SHORTEST_SECRET {
            return wrong("secret", "at least 20 characters");
        }
    }
    Ok(())
}

/// How pressing: by the label that Prometheus' rules usually carry.
fn priority(alert: &Alert) -> i32 {
    match alert.labels.get("severity").map(|text| text.to_lowercase()).as_deref() {
        Some("critical" | "page" | "emergency" | "disaster") => 1,
        Some("error" | "major" | "high" | "warning" | "average") => 2,
        Some("info" | "none" | "notice") => 4,
        _ => 3,
    }
}

fn headline(alert: &Alert) -> String {
    let named =
        |text: Option<&String>| text.map(|t| t.trim()).filter(|t| !t.is_empty()).map(ToOwned::to_owned);
    named(alert.annotations.get("summary"))
        .or_else(|| named(alert.labels.get("alertname")))
        .unwrap_or_else(|| "监控告警".to_owned())
        .chars()
        .take(500)
        .collect()
}

fn particulars(alert: &Alert) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(alert.annotations.get("description").map(|text| text.trim().to_owned()));
    lines.extend(alert.labels.iter().map(|(name, value)| format!("{name} = {value}")));
    if !alert.generator_url.is_empty() {
        lines.push(alert.generator_url.clone());
    }
    lines.join("\n").chars().take(20_000).collect()
}

/// What the alert is called: its fingerprint with its beginning, so that it may come again another day.
fn external_id(alert: &Alert) -> String {
    let name = if alert.fingerprint.is_empty() {
        // Without one Alertmanager's rule stands in: the labels make the alert.
        hash::sm3_hex(format!("{:?}", alert.labels).as_bytes())
    } else {
        alert.fingerprint.chars().take(100).collect()
    };
    format!("{name}@{}", alert.starts_at.micros())
}

impl ServiceDesk {
    /// Takes a message of a monitoring system. `token`: what it says in `Authorization: Bearer`.
    pub(crate) async fn take_alerts(
        &self,
        ctx: &Ctx,
        source: &str,
        token: Option<&str>,
        message: &AlertMessage,
    ) -> Result<AlertOutcome> {
        let config = self.alert_source(ctx, source, token).await?;
        if message.alerts.len() > MOST_AT_ONCE {
            let detail = format!("at most {MOST_AT_ONCE} alerts at once");
            return Err(Error::new(ErrorKind::TooLarge, "alerts_too_many", detail));
        }
        let principal = Principal { display_name: format!("监控 {source}"), ..Principal::system() };
        let ctx = Ctx::for_principal(ctx.platform(), principal, ctx.request_id());
        let mut outcome = AlertOutcome::default();
        for alert in &message.alerts {
            let known = store::known(&ctx.platform().db().read(), ALERT, source, &external_id(alert)).await?;
            match (known, alert.status) {
                (Some(row), AlertStatus::Resolved) if row.ended_at.is_none() => {
                    self.alert_ended(&ctx, &row, alert).await?;
                    outcome.ended += 1;
                }
                (Some(_), _) => outcome.known += 1,
                (None, status) => match self.alert_began(&ctx, config, message, alert, status).await? {
                    State::Opened => outcome.opened += 1,
                    State::Noted => outcome.noted += 1,
                    State::Waiting => outcome.waiting += 1,
                    State::Dismissed => outcome.ended += 1,
                },
            }
        }
        Ok(outcome)
    }

    /// The system that posts, if it knows its secret. A refusal is recorded, and does not tell which of the two was wrong.
    async fn alert_source(&self, ctx: &Ctx, name: &str, token: Option<&str>) -> Result<&AlertSourceConfig> {
        let given = hash::sm3_hex(token.unwrap_or_default().as_bytes());
        // Digests are compared, so that the time it takes says nothing about the secret.
        let right = |source: &&AlertSourceConfig| {
            source.name == name && hash::sm3_hex(source.secret.as_bytes()) == given
        };
        if let Some(found) = self.service.alerts.iter().find(right) {
            return Ok(found);
        }
        let entry = AuditEntry::new("service_alerts_received").outcome(Outcome::Denied).reason("token_wrong");
        ctx.platform().audit(ctx, entry).await?;
        Err(Error::new(ErrorKind::Unauthenticated, "token_wrong", "no such source, or not its secret"))
    }

    async fn alert_began(
        &self,
        ctx: &Ctx,
        config: &AlertSourceConfig,
        message: &AlertMessage,
        alert: &Alert,
        status: AlertStatus,
    ) -> Result<State> {
        let exec = ctx.platform().db().read();
        let code = alert.labels.get("institution").unwrap_or(&config.organisation);
        let place = self.directory.organisation_by_code(code).await?;
        let group = Some(message.group_key.clone()).filter(|key| !key.is_empty());
        let mut ticket = None;
        if let Some(group) = &group
            && let Some(id) = store::ticket_of_group(&exec, &config.name, group).await?
        {
            let found = tickets::brief(&exec, id.into()).await?;
            ticket = found.filter(tickets::Brief::is_active).map(|ticket| ticket.id);
        }
        // It is over before it was heard of: known, and nobody's work.
        let over = status == AlertStatus::Resolved;
        let row = IntakeRow {
            id: ctx.platform().new_uuid(),
            organisation_path: place
                .as_ref()
                .map_or(region(&Book::load(&exec).await?), |place| place.path.clone()),
            organisation_id: place.as_ref().map(|place| place.id.uuid()),
            channel: ALERT.into(),
            source: config.name.clone(),
            external_id: external_id(alert),
            group_key: group,
            at: alert.starts_at.min(ctx.now()).micros(),
            received_at: ctx.now().micros(),
            ended_at: over.then(|| alert.ends_at.unwrap_or(ctx.now()).min(ctx.now()).micros()),
            sender: None,
            sender_name: None,
            account_id: None,
            subject: headline(alert),
            body: particulars(alert),
            automatic: over,
            left_out: String::new(),
            state: String::new(),
            ticket_id: None,
            decided_by_name: None,
            decided_at: None,
            reason: match (&place, over) {
                (_, true) => Some("over_before_heard_of".to_owned()),
                (None, false) => Some("organisation_unknown".to_owned()),
                (Some(_), false) => None,
            },
            row_version: 0,
        };
        let item_code = alert.labels.get("item").or(config.item.as_ref()).cloned();
        let arrival = Arrival {
            row,
            place,
            item_code,
            priority: priority(alert),
            ticket,
            caller_name: None,
            files: Vec::new(),
        };
        self.arrive(ctx, arrival).await
    }

    /// An alert is over: written down here and in its ticket, which a person closes.
    async fn alert_ended(&self, ctx: &Ctx, seen: &IntakeRow, alert: &Alert) -> Result<()> {
        let ended_at = alert.ends_at.unwrap_or(ctx.now()).min(ctx.now());
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), seen.id).await?;
        if row.ended_at.is_some() {
            return Ok(());
        }
        row.ended_at = Some(ended_at.micros());
        store::update(&tx.exec(), &mut row).await?;
        if let Some(ticket) = row.ticket_id {
            let left = store::firing(&tx.exec(), ticket).await?;
            let all = if left == 0 { "，本工单的告警已全部恢复" } else { "" };
            let text = format!("告警已恢复（{}）：{}{all}", Timestamp::local_text(ended_at), row.subject);
            self.note_in_ticket(&mut tx, ctx, ticket, &text).await?;
        }
        ops::changed(&mut tx, ctx, &row, "ended").await?;
        tx.commit().await
    }
}
