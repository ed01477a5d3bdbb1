//! Use cases of vulnerabilities.

use super::jobs;
use super::model::{Event, Severity, State, Vulnerability, fold};
use super::store::{self, VulnerabilityRow};
use super::wire::{Step, VulnerabilityInput, VulnerabilityItem, VulnerabilityQuery, VulnerabilityView};
use crate::access::{self, DUTY_CONFIRM, DUTY_READ, DUTY_WORK, required};
use crate::book::{Book, Edition, terms_error};
use crate::duties::{Changed, authorize_step, note_change};
use crate::journal::{self, Entry, New, Subject};
use crate::{ServiceDesk, notices};
use kernel::{Cursor, Error, Limit, Page, Result, Timestamp};
use platform::{Action, AuditEntry, Ctx, Tx};
use uuid::Uuid;

const VULNERABILITY: &str = "service_vulnerability";
const LONGEST_TEXT: usize = 4000;

pub(super) fn subject(id: Uuid) -> Subject {
    Subject { kind: "vulnerability", id }
}

/// Every step with the permissions of which one is needed, and the states in which it makes sense.
const STEPS: &[(&str, &[Action], &[State])] = {
    use State::{Closed, Fixed, Found, Reported};
    &[
        ("report", &[DUTY_WORK], &[Found]),
        ("correct_found", &[DUTY_WORK, DUTY_CONFIRM], &[Found, Reported, Fixed]),
        ("judge", &[DUTY_WORK, DUTY_CONFIRM], &[Found, Reported, Fixed]),
        ("measure", &[DUTY_WORK], &[Found, Reported]),
        ("fix", &[DUTY_WORK], &[Found, Reported]),
        ("consent", &[DUTY_WORK, DUTY_CONFIRM], &State::ALL),
        ("publish", &[DUTY_WORK, DUTY_CONFIRM], &State::ALL),
        ("close", &[DUTY_CONFIRM], &[Fixed]),
        ("reopen", &[DUTY_CONFIRM], &[Fixed, Closed]),
    ]
};

/// The edition under which it was found.
pub(super) fn edition<'a>(book: &'a Book, row: &VulnerabilityRow) -> Result<&'a Edition> {
    book.of(row.contract_id.into(), Timestamp::from_micros(row.found_at))
}

async fn visible(ctx: &Ctx, id: Uuid) -> Result<VulnerabilityRow> {
    let scope = ctx.scope(DUTY_READ).await?;
    let found = store::find(&ctx.platform().db().read(), id).await?;
    access::visible(found, &scope, |row| row.organisation_path.as_str(), "vulnerability")
}

/// The projection of the journal.
fn project(
    book: &Book,
    row: &mut VulnerabilityRow,
    entries: &[Entry<Event>],
    now: Timestamp,
) -> Result<Vulnerability> {
    let found = fold(entries).ok_or_else(|| Error::internal("a vulnerability that nobody found"))?;
    row.found_at = found.found_at.micros();
    let edition = edition(book, row)?;
    row.contract_version = edition.version;
    row.report_due_at = found.clock(edition, now).map_err(|e| terms_error(&e))?.due_at.micros();
    row.severity = found.severity.as_str().to_owned();
    row.state = found.state().as_str().to_owned();
    row.reported_at = found.reported_at.map(Timestamp::micros);
    row.consented = found.consented_at.is_some();
    row.published_at = found.published_at.map(Timestamp::micros);
    row.closed_at = found.closed_at.map(Timestamp::micros);
    Ok(found)
}

/// Appends entries, computes everything anew, writes the projection and puts the next watch.
pub(super) async fn advance(
    tx: &mut Tx,
    ctx: &Ctx,
    book: &Book,
    row: &mut VulnerabilityRow,
    entries: &mut Vec<Entry<Event>>,
    news: Vec<New<Event>>,
) -> Result<()> {
    for new in news {
        let seq = journal::next_seq(entries);
        entries.push(journal::append(&tx.exec(), ctx, subject(row.id), seq, new).await?);
    }
    let found = project(book, row, entries, ctx.now())?;
    store::update(&tx.exec(), row).await?;
    jobs::schedule(tx, ctx, edition(book, row)?, row.id, &found).await
}

/// Computes the limits of those that are not reported anew, after a contract changed.
pub(crate) async fn replay_open(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let book = Book::load(&tx.exec()).await?;
    for row in store::unreported(&tx.exec()).await? {
        let mut row = store::lock(&tx.exec(), row.id).await?;
        let mut entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
        advance(&mut tx, ctx, &book, &mut row, &mut entries, Vec::new()).await?;
    }
    tx.commit().await
}

impl ServiceDesk {
    /// Enters a vulnerability. One that party A enters is known to it.
    pub async fn open_vulnerability(&self, ctx: &Ctx, input: &VulnerabilityInput) -> Result<Uuid> {
        let path = match crate::contracts::own_region(ctx, DUTY_WORK).await {
            Ok(path) => path,
            Err(_) => crate::contracts::own_region(ctx, DUTY_CONFIRM).await?,
        };
        let provider = access::may(ctx, DUTY_WORK, &path)?;
        let action = if provider { DUTY_WORK } else { DUTY_CONFIRM };
        ctx.authorize(action, &access::resource(VULNERABILITY, None, &path)?).await?;
        let found_at = journal::moment(ctx, input.found_at)?;
        let mut tx = ctx.platform().begin().await?;
        let book = Book::load(&tx.exec()).await?;
        let edition = book.in_force(&path, found_at)?;
        let item = edition.contract.item(&input.item_code);
        let item = item.map_err(|e| Error::field("item_code", e.code(), e.to_string()))?;
        let mut row = VulnerabilityRow {
            id: ctx.platform().new_uuid(),
            number: journal::next_number(&tx.exec(), "LD", found_at).await?,
            contract_id: edition.contract_id.uuid(),
            contract_version: edition.version,
            organisation_path: edition.organisation_path.clone(),
            item_code: item.code.clone(),
            system_name: required("system_name", &input.system_name, 100)?,
            title: required("title", &input.title, 100)?,
            description: required("description", &input.description, LONGEST_TEXT)?,
            severity: input.severity.as_str().to_owned(),
            found_by: required("found_by", &input.found_by, 100)?,
            state: State::Found.as_str().to_owned(),
            found_at: found_at.micros(),
            report_due_at: found_at.micros(),
            reported_at: None,
            consented: false,
            published_at: None,
            closed_at: None,
            opened_by: access::by(ctx),
            opened_by_name: ctx.principal().display_name.clone(),
            recorded_at: ctx.now().micros(),
            row_version: 0,
        };
        store::insert(&tx.exec(), &row).await?;
        let mut news = vec![New::at(Event::Found { severity: input.severity }, found_at)];
        if !provider {
            let recipient = ctx.principal().display_name.clone();
            news.push(New::at(Event::Reported { recipient, way: "甲方登记".to_owned() }, found_at));
        }
        advance(&mut tx, ctx, &book, &mut row, &mut Vec::new(), news).await?;
        note(&mut tx, ctx, &row, "find", None).await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// Takes a step.
    pub async fn vulnerability_step(&self, ctx: &Ctx, id: Uuid, step: &Step) -> Result<()> {
        let row = visible(ctx, id).await?;
        let name = match step {
            Step::Report { .. } => "report",
            Step::CorrectFound { .. } => "correct_found",
            Step::Judge { .. } => "judge",
            Step::Measure { .. } => "measure",
            Step::Fix { .. } => "fix",
            Step::Consent { .. } => "consent",
            Step::Publish { .. } => "publish",
            Step::Close { .. } => "close",
            Step::Reopen { .. } => "reopen",
        };
        let known = STEPS.iter().find(|(known, _, _)| *known == name);
        let (_, actions, states) = known.ok_or_else(|| Error::internal("a step without a rule"))?;
        authorize_step(ctx, actions, VULNERABILITY, id, &row.organisation_path).await?;
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), id).await?;
        let mut entries = journal::load::<Event>(&tx.exec(), subject(id)).await?;
        let found = fold(&entries).ok_or_else(|| Error::internal("a vulnerability that nobody found"))?;
        let before = found.state();
        if !states.contains(&before) {
            let detail = format!("{name} is not possible while the vulnerability is {}", before.as_str());
            return Err(Error::conflict("state_conflict", detail).with("state", before.as_str()));
        }
        let book = Book::load(&tx.exec()).await?;
        let new = news(ctx, &found, &entries, step)?;
        let reason = new.reason.clone();
        advance(&mut tx, ctx, &book, &mut row, &mut entries, vec![new]).await?;
        let told = match name {
            "report" | "fix" | "publish" => self.information_section(&row.organisation_path).await?,
            "reopen" => self.leads(&row.organisation_path).await?,
            _ => Vec::new(),
        };
        let params = params(&row);
        notices::tell(&mut tx, ctx, &told, "vulnerability_changed", &params, subject(id)).await?;
        note(&mut tx, ctx, &row, name, reason.as_deref()).await?;
        tx.commit().await
    }

    pub(crate) async fn vulnerabilities(
        &self,
        ctx: &Ctx,
        query: &VulnerabilityQuery,
    ) -> Result<Page<VulnerabilityItem>> {
        let scope = ctx.scope(DUTY_READ).await?;
        let limit = Limit::new(query.limit)?;
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let mut states = Vec::new();
        for name in query.state.iter().flat_map(|s| s.split(',')).map(str::trim).filter(|s| !s.is_empty()) {
            let state = State::parse(name);
            let state = state.ok_or_else(|| {
                Error::field("state", "state_unknown", format!("{name:?} is no state of a vulnerability"))
            })?;
            states.push(state.as_str());
        }
        let exec = ctx.platform().db().read();
        let rows =
            store::list(&exec, &scope, &states, query.item_code.as_deref(), after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.found_at], id: row.id });
        let items = page.items.iter().map(|row| item(row, ctx.now())).collect::<Result<Vec<_>>>()?;
        let entry = AuditEntry::new("service_vulnerabilities_listed")
            .detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    pub async fn vulnerability(&self, ctx: &Ctx, id: Uuid) -> Result<VulnerabilityView> {
        let view = self.vulnerability_after_step(ctx, id).await?;
        let entry = AuditEntry::new("service_vulnerability_read").on(VULNERABILITY, id);
        ctx.platform().audit(ctx, entry).await?;
        Ok(view)
    }

    pub async fn vulnerability_after_step(&self, ctx: &Ctx, id: Uuid) -> Result<VulnerabilityView> {
        let row = visible(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let entries = journal::load::<Event>(&exec, subject(id)).await?;
        let book = Book::load(&exec).await?;
        let found = fold(&entries).ok_or_else(|| Error::internal("a vulnerability that nobody found"))?;
        let clock = found.clock(edition(&book, &row)?, ctx.now()).map_err(|e| terms_error(&e))?;
        let mut allowed = Vec::new();
        for (name, actions, states) in STEPS {
            let done = match *name {
                "publish" => found.published_at.is_some() || found.consented_at.is_none(),
                "consent" => found.published_at.is_some(),
                "fix" => found.fixed,
                _ => false,
            };
            if states.contains(&found.state()) && !done && access::any(ctx, actions, &row.organisation_path)?
            {
                allowed.push((*name).to_owned());
            }
        }
        Ok(VulnerabilityView {
            item: item(&row, ctx.now())?,
            description: row.description.clone(),
            opened_by_name: row.opened_by_name.clone(),
            clock,
            journal: journal::views(&entries)?,
            allowed_actions: allowed,
            row_version: row.row_version,
        })
    }
}

/// The entry that a step makes.
fn news(ctx: &Ctx, found: &Vulnerability, entries: &[Entry<Event>], step: &Step) -> Result<New<Event>> {
    let after_finding = |at: Option<Timestamp>| {
        let at = journal::moment(ctx, at)?;
        if at < found.found_at {
            return Err(Error::field("at", "before_start", "this was before it was found"));
        }
        Ok(at)
    };
    let text = |text: &str| required("text", text, LONGEST_TEXT);
    Ok(match step {
        Step::Report { at, recipient, way } => {
            let recipient = required("recipient", recipient, 100)?;
            let way = required("way", way, 100)?;
            New::at(Event::Reported { recipient, way }, after_finding(*at)?)
        }
        Step::CorrectFound { at, reason } => {
            let standing = journal::standing(entries);
            let entry = standing.iter().find(|e| matches!(e.what, Event::Found { .. }));
            let entry = entry.ok_or_else(|| Error::internal("a vulnerability that nobody found"))?;
            let at = journal::moment(ctx, Some(*at))?;
            if found.reported_at.is_some_and(|reported| at > reported) {
                return Err(Error::field("at", "after_report", "it was reported before that"));
            }
            New {
                what: entry.what.clone(),
                at,
                corrects: Some(entry.id),
                reason: Some(required("reason", reason, 500)?),
            }
        }
        Step::Judge { severity, reason } => New {
            what: Event::Judged { severity: *severity },
            at: ctx.now(),
            corrects: None,
            reason: Some(required("reason", reason, 500)?),
        },
        Step::Measure { at, text: t } => New::at(Event::Measure { text: text(t)? }, after_finding(*at)?),
        Step::Fix { at, text: t } => New::at(Event::Fixed { text: text(t)? }, after_finding(*at)?),
        Step::Consent { authority, at, reference } => {
            if found.published_at.is_some() {
                return Err(Error::conflict("state_conflict", "this was published already"));
            }
            let reference = required("reference", reference, 200)?;
            New::at(Event::Consented { authority: *authority, reference }, after_finding(*at)?)
        }
        Step::Publish { at, place } => {
            if found.published_at.is_some() {
                return Err(Error::conflict("state_conflict", "this was published already"));
            }
            let at = after_finding(*at)?;
            if found.consented_at.is_none_or(|consented| consented > at) {
                let detail = "neither the cyberspace authority nor the police consented (附件3 二.8)";
                return Err(Error::conflict("consent_required", detail));
            }
            New::at(Event::Published { place: required("place", place, 200)? }, at)
        }
        Step::Close { conclusion } => {
            New::now(ctx, Event::Closed { conclusion: required("conclusion", conclusion, 1000)? })
        }
        Step::Reopen { reason } => New {
            what: Event::Reopened,
            at: ctx.now(),
            corrects: None,
            reason: Some(required("reason", reason, 500)?),
        },
    })
}

pub(super) fn params(row: &VulnerabilityRow) -> serde_json::Value {
    serde_json::json!({
        "number": row.number, "title": row.title, "state": row.state, "severity": row.severity,
        "due_at": Timestamp::from_micros(row.report_due_at),
    })
}

/// Whether party A learned of it after the limit, or does not know of it past the limit. The limit itself is in time.
pub(crate) fn late(row: &VulnerabilityRow, now: Timestamp) -> bool {
    row.reported_at.unwrap_or(now.micros()) > row.report_due_at
}

fn item(row: &VulnerabilityRow, now: Timestamp) -> Result<VulnerabilityItem> {
    let at = |at: Option<i64>| at.map(Timestamp::from_micros);
    Ok(VulnerabilityItem {
        id: row.id,
        number: row.number.clone(),
        contract_id: row.contract_id.into(),
        item_code: row.item_code.clone(),
        system_name: row.system_name.clone(),
        title: row.title.clone(),
        severity: Severity::parse(&row.severity)
            .ok_or_else(|| Error::internal("severity of a vulnerability"))?,
        found_by: row.found_by.clone(),
        state: State::parse(&row.state).ok_or_else(|| Error::internal("state of a vulnerability"))?,
        found_at: Timestamp::from_micros(row.found_at),
        report_due_at: Timestamp::from_micros(row.report_due_at),
        reported_at: at(row.reported_at),
        late: late(row, now),
        consented: row.consented,
        published_at: at(row.published_at),
        closed_at: at(row.closed_at),
    })
}

pub(super) async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &VulnerabilityRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let changed =
        Changed { kind: VULNERABILITY, id: row.id, path: &row.organisation_path, state: &row.state };
    note_change(tx, ctx, "service_vulnerability_changed", changed, step, reason).await
}
