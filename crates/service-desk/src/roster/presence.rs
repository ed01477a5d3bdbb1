//! Who is on site: signing in and out, and whether somebody was there when a working day began (附件1 1.3.2-1).
//!
//! An engineer signs in for the moment at which it is done, so that nobody was there earlier than they were; what was forgotten is
//! entered by the lead or the bureau, with the grounds. The text puts no amount on a morning without anybody: it is told, and shown.

use super::store::{self, EngineerRow, PresenceRow};
use super::wire::{MorningState, PresenceDay, PresenceInput, PresenceMonth, PresenceStep, PresenceView};
use crate::access::{self, ATTENDANCE_RECORD, TICKET_WORK, optional, required};
use crate::book::{Book, Edition, calendar_error, instant};
use crate::forms::Form;
use crate::journal::{self, Subject};
use crate::{ServiceDesk, notices};
use jiff::civil::Date;
use kernel::{Error, Result, ServiceContractId, Timestamp, parse_date};
use platform::{AuditEntry, Ctx, JobHandler, JobKind, NewJob, Tx};
use ports::service::ServiceRecordChanged;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

const PRESENCE: &str = "service_presence";
const WATCH: JobKind = JobKind { name: "service_watch_presence", max_attempts: 8 };
/// How long after the opening somebody must have signed in before the lead is told.
const GRACE: Duration = Duration::from_secs(60);
/// A look that comes later than this was missed by a standstill of the program, during which nobody could sign in either.
const MISSED_S: i64 = 12 * 3600;
/// How far back somebody else may enter what was forgotten.
const OLDEST_DAYS: i64 = 31;

#[derive(Debug, Serialize, Deserialize)]
struct Watch {
    contract_id: ServiceContractId,
    day: Date,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(WATCH, move |ctx, job: Watch| {
        let desk = Arc::clone(&desk);
        async move { look(&desk, &ctx, job).await }
    })]
}

/// Puts the first look at the mornings of a contract.
pub async fn schedule(tx: &mut Tx, ctx: &Ctx, edition: &Edition) -> Result<()> {
    let tomorrow = ctx.now().local_date().saturating_add(jiff::Span::new().days(1));
    next(tx, edition, tomorrow.max(edition.contract.term_start)).await
}

async fn next(tx: &mut Tx, edition: &Edition, day: Date) -> Result<()> {
    if day > edition.contract.term_end {
        return Ok(());
    }
    let watch = Watch { contract_id: edition.contract_id, day };
    tx.enqueue(NewJob::new(WATCH, &watch)?.at(opens(edition, day).plus(GRACE))).await
}

/// When work begins on a day, if it is a working day.
fn opens(edition: &Edition, day: Date) -> Timestamp {
    instant(day.to_datetime(edition.opens(day)))
}

/// Tells the lead and the bureau of a working day that began without anybody.
async fn look(desk: &ServiceDesk, ctx: &Ctx, job: Watch) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let book = Book::load(&tx.exec()).await?;
    let edition = book.latest(job.contract_id)?;
    let due = opens(edition, job.day);
    // A year whose calendar is unknown has no working days yet: nobody is accused of anything.
    let working = book.calendar.is_off(job.day).is_ok_and(|off| !off);
    if working && ctx.now().seconds_since(due) < MISSED_S {
        let day = job.day.to_string();
        let there = store::presence(&tx.exec(), job.contract_id.uuid(), &day, &day).await?;
        if !there.iter().any(|row| !row.voided) {
            let roles = ["project_lead", "bureau_information"];
            let people = desk.directory.holders(&roles, &edition.organisation_path).await?;
            let told: Vec<_> = people.into_iter().map(|person| person.account_id).collect();
            let params = serde_json::json!({"day": day});
            let subject = Subject { kind: "presence", id: job.contract_id.uuid() };
            notices::tell(&mut tx, ctx, &told, "presence_missing", &params, subject).await?;
        }
    }
    next(&mut tx, edition, job.day.saturating_add(jiff::Span::new().days(1))).await?;
    tx.commit().await
}

fn view(row: &PresenceRow, people: &[EngineerRow]) -> PresenceView {
    PresenceView {
        id: row.id,
        engineer_id: row.engineer_id,
        engineer_name: people
            .iter()
            .find(|p| p.id == row.engineer_id)
            .map(|p| p.name.clone())
            .unwrap_or_default(),
        came_at: Timestamp::from_micros(row.came_at),
        left_at: row.left_at.map(Timestamp::from_micros),
        place: row.place.clone(),
        evidence: row.evidence.clone(),
        voided: row.voided,
        void_reason: row.void_reason.clone(),
        recorded_by_name: row.recorded_by_name.clone(),
        recorded_at: Timestamp::from_micros(row.recorded_at),
    }
}

/// How a morning went: by the first of those who came.
fn morning(opens: Timestamp, first: Option<Timestamp>, now: Timestamp) -> MorningState {
    match first {
        Some(first) if first <= opens => MorningState::InTime,
        Some(_) => MorningState::Late,
        None if now < opens => MorningState::Ahead,
        None => MorningState::Nobody,
    }
}

impl ServiceDesk {
    /// The working days of a month with who was on site.
    pub(crate) async fn presence(&self, ctx: &Ctx, text: &str) -> Result<PresenceMonth> {
        let month = self.presence_after_step(ctx, text).await?;
        let entry =
            AuditEntry::new("service_presence_read").detail(serde_json::json!({"month": month.month}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(month)
    }

    /// The same as the answer to a step, which is recorded already.
    pub async fn presence_after_step(&self, ctx: &Ctx, text: &str) -> Result<PresenceMonth> {
        let scope = self.contract_scope(ctx).await?;
        let first = super::ops::month(text)?;
        let exec = ctx.platform().db().read();
        let book = Book::load(&exec).await?;
        let edition = super::ops::edition(&book, &scope, first)?;
        let last = first.last_of_month();
        let rows =
            store::presence(&exec, edition.contract_id.uuid(), &first.to_string(), &last.to_string()).await?;
        let people = super::ops::team(&exec, &edition.organisation_path).await?;
        let now = ctx.now();
        let mut days = Vec::new();
        let mut day = first;
        while day <= last {
            let text = day.to_string();
            let own: Vec<&PresenceRow> = rows.iter().filter(|row| row.day == text).collect();
            let off = book.calendar.is_off(day).map_err(|e| calendar_error(&e))?;
            if edition.covers(day) && (!off || !own.is_empty()) {
                let opens = opens(edition, day);
                let came =
                    own.iter().filter(|row| !row.voided).map(|row| Timestamp::from_micros(row.came_at)).min();
                days.push(PresenceDay {
                    day: text,
                    off,
                    opens_at: opens,
                    state: if off { MorningState::Off } else { morning(opens, came, now) },
                    people: own.into_iter().map(|row| view(row, &people)).collect(),
                });
            }
            day = day.tomorrow().map_err(Error::internal)?;
        }
        let me = ctx.principal().account_id().map(kernel::AccountId::uuid);
        let own = people.iter().find(|person| person.active && Some(person.account_id) == me);
        let today = now.local_date().to_string();
        let open = own.and_then(|person| {
            rows.iter().find(|row| {
                row.engineer_id == person.id && row.day == today && !row.voided && row.left_at.is_none()
            })
        });
        let count = |state: MorningState| days.iter().filter(|day| day.state == state).count();
        Ok(PresenceMonth {
            month: first.strftime("%Y-%m").to_string(),
            contract_code: edition.contract.code.clone(),
            in_time: count(MorningState::InTime),
            late: count(MorningState::Late),
            nobody: count(MorningState::Nobody),
            may_sign_in: own.is_some() && open.is_none(),
            open_id: open.map(|row| row.id),
            may_record: access::may(ctx, ATTENDANCE_RECORD, &edition.organisation_path)?,
            days,
        })
    }

    /// Somebody comes: an engineer for now, or the lead and the bureau for somebody who forgot.
    pub async fn sign_in(&self, ctx: &Ctx, input: &PresenceInput) -> Result<PresenceMonth> {
        let scope = self.contract_scope(ctx).await?;
        let exec = ctx.platform().db().read();
        let people = store::engineers(&exec, &scope).await?;
        let me = ctx.principal().account_id().map(kernel::AccountId::uuid);
        let person = match input.engineer_id {
            Some(id) => people.iter().find(|person| person.id == id),
            None => people.iter().find(|person| Some(person.account_id) == me),
        };
        let person = person
            .filter(|person| person.active)
            .ok_or_else(|| Error::field("engineer_id", "engineer_unknown", "nobody of the team"))?;
        let own = Some(person.account_id) == me && input.came_at.is_none();
        let action = if own { TICKET_WORK } else { ATTENDANCE_RECORD };
        ctx.authorize(action, &access::resource(PRESENCE, None, &person.organisation_path)?).await?;
        let came_at = journal::moment(ctx, input.came_at)?;
        let evidence = if own {
            None
        } else {
            Some(required("evidence", input.evidence.as_deref().unwrap_or_default(), 500)?)
        };
        let oldest = ctx.now().local_date().saturating_sub(jiff::Span::new().days(OLDEST_DAYS));
        if came_at.local_date() < oldest {
            return Err(Error::field("came_at", "too_old", format!("at most {OLDEST_DAYS} days back")));
        }
        let left_at = input.left_at.map(|at| journal::moment(ctx, Some(at))).transpose()?;
        left_after(came_at, left_at)?;
        let day = came_at.local_date();
        let book = Book::load(&exec).await?;
        let edition = book.in_force(&person.organisation_path, came_at)?;
        let row = PresenceRow {
            id: ctx.platform().new_uuid(),
            contract_id: edition.contract_id.uuid(),
            organisation_path: edition.organisation_path.clone(),
            engineer_id: person.id,
            day: day.to_string(),
            came_at: came_at.micros(),
            left_at: left_at.map(Timestamp::micros),
            place: optional("place", input.place.as_deref(), 100)?,
            evidence,
            voided: false,
            void_reason: None,
            recorded_by_name: ctx.principal().display_name.clone(),
            recorded_at: ctx.now().micros(),
            row_version: 1,
        };
        let mut tx = ctx.platform().begin().await?;
        let known = store::presence(&tx.exec(), row.contract_id, &row.day, &row.day).await?;
        let there = |other: &&PresenceRow| {
            let end = other.left_at.unwrap_or(i64::MAX);
            other.engineer_id == row.engineer_id
                && !other.voided
                && row.came_at < end
                && other.came_at < row.left_at.unwrap_or(i64::MAX)
        };
        if known.iter().any(|other| there(&other)) {
            return Err(Error::conflict("already_present", "they are entered for that time already"));
        }
        store::insert_presence(&tx.exec(), &row).await?;
        note(&mut tx, ctx, &row, "sign_in", None).await?;
        tx.commit().await?;
        self.presence_after_step(ctx, &day.strftime("%Y-%m").to_string()).await
    }

    /// Somebody leaves, or an entry is voided with a reason.
    pub async fn presence_step(&self, ctx: &Ctx, id: Uuid, step: &PresenceStep) -> Result<PresenceMonth> {
        let scope = self.contract_scope(ctx).await?;
        let exec = ctx.platform().db().read();
        let found = store::find_presence(&exec, id).await?;
        let row = access::visible(found, &scope, |row| row.organisation_path.as_str(), "presence")?;
        let people = super::ops::team(&exec, &row.organisation_path).await?;
        let me = ctx.principal().account_id().map(kernel::AccountId::uuid);
        let own = people.iter().any(|person| person.id == row.engineer_id && Some(person.account_id) == me);
        let now_self = own && matches!(step, PresenceStep::Leave { at: None });
        let action = if now_self { TICKET_WORK } else { ATTENDANCE_RECORD };
        ctx.authorize(action, &access::resource(PRESENCE, Some(id), &row.organisation_path)?).await?;
        let mut tx = ctx.platform().begin().await?;
        let mut row =
            store::find_presence(&tx.exec(), id).await?.ok_or_else(|| Error::not_found("presence"))?;
        if row.voided || (row.left_at.is_some() && matches!(step, PresenceStep::Leave { .. })) {
            return Err(Error::conflict("state_conflict", "this entry is complete"));
        }
        let (name, reason) = match step {
            PresenceStep::Leave { at } => {
                let at = journal::moment(ctx, *at)?;
                left_after(Timestamp::from_micros(row.came_at), Some(at))?;
                row.left_at = Some(at.micros());
                ("leave", None)
            }
            PresenceStep::Void { reason } => {
                row.voided = true;
                row.void_reason = Some(required("reason", reason, 500)?);
                ("void", row.void_reason.clone())
            }
        };
        store::update_presence(&tx.exec(), &mut row).await?;
        note(&mut tx, ctx, &row, name, reason.as_deref()).await?;
        tx.commit().await?;
        let day = parse_date("day", &row.day)?;
        self.presence_after_step(ctx, &day.strftime("%Y-%m").to_string()).await
    }

    /// The sheet of a month as PDF.
    pub async fn print_presence(&self, ctx: &Ctx, text: &str) -> Result<(String, Vec<u8>)> {
        let month = self.presence_after_step(ctx, text).await?;
        let time = |at: Timestamp| at.local().strftime("%H:%M").to_string();
        let rows = month
            .days
            .iter()
            .map(|day| {
                let people: Vec<String> = day
                    .people
                    .iter()
                    .filter(|p| !p.voided)
                    .map(|p| {
                        let until = p.left_at.map_or_else(|| "—".to_owned(), time);
                        let place = p.place.as_ref().map(|place| format!(" {place}")).unwrap_or_default();
                        let entered = if p.evidence.is_some() { "（补录）" } else { "" };
                        format!("{} {}–{until}{place}{entered}", p.engineer_name, time(p.came_at))
                    })
                    .collect();
                let state = match day.state {
                    MorningState::InTime => "按时",
                    MorningState::Late => "晚于上班时间",
                    MorningState::Nobody => "无人签到",
                    MorningState::Ahead => "",
                    MorningState::Off => "休息日",
                };
                vec![day.day.clone(), time(day.opens_at), state.to_owned(), people.join("\n")]
            })
            .collect();
        let form = Form::new("驻场签到表", month.month.clone(), ctx.now())
            .subtitle(format!("{} · 合同 {} · 附件1 1.3.2-1", month.month, month.contract_code))
            .fields(
                None,
                &[
                    ("按时有人", format!("{} 个工作日", month.in_time)),
                    ("晚到", format!("{} 个工作日", month.late)),
                    ("无人签到", format!("{} 个工作日", month.nobody)),
                ],
            )
            .table(
                None,
                &[
                    ("日期", "auto", "left"),
                    ("上班", "auto", "center"),
                    ("上班时", "auto", "left"),
                    ("签到人员", "fill", "left"),
                ],
                rows,
            );
        let entry =
            AuditEntry::new("service_presence_printed").detail(serde_json::json!({"month": month.month}));
        ctx.platform().audit(ctx, entry).await?;
        Ok((format!("驻场签到表-{}.pdf", month.month), self.print(form).await?))
    }
}

fn left_after(came_at: Timestamp, left_at: Option<Timestamp>) -> Result<()> {
    match left_at {
        Some(at) if at <= came_at => {
            Err(Error::field("left_at", "before_start", "they left before they came"))
        }
        Some(at) if at.local_date() != came_at.local_date() => {
            Err(Error::field("left_at", "other_day", "a presence ends on its own day"))
        }
        _ => Ok(()),
    }
}

async fn note(tx: &mut Tx, ctx: &Ctx, row: &PresenceRow, step: &str, reason: Option<&str>) -> Result<()> {
    let mut entry = AuditEntry::new("service_presence_changed")
        .on(PRESENCE, row.id)
        .organisation(&row.organisation_path)
        .detail(serde_json::json!({"step": step, "day": row.day}));
    if let Some(reason) = reason {
        entry = entry.reason(reason.to_owned());
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "roster".into(),
        id: row.id,
        state: step.into(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}
