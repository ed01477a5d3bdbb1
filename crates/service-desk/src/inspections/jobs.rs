//! Reminding of inspections: a week before, the day before, and the day after. A watch only looks: what it finds depends on
//! nothing but the journal. The day after brings a warning and no fine: the contract has none of its own for a missing report.

use super::model::{Event, Inspection, Reminder, State, fold};
use super::ops::{note_change, subject};
use super::plan::append;
use super::store::{self, InspectionRow};
use crate::journal::{self, Entry, New};
use crate::{ServiceDesk, notices};
use cn_calendar::counting;
use kernel::{AccountId, InspectionId, Result, Timestamp};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

const WATCH: JobKind = JobKind { name: "service_watch_inspection", max_attempts: 8 };
/// People are told when they begin to work.
const TOLD_AT: Duration = Duration::from_secs(8 * 3600);
const REMINDERS: [(Reminder, i32); 3] =
    [(Reminder::WeekBefore, -7), (Reminder::DayBefore, -1), (Reminder::Overdue, 1)];

#[derive(Debug, Serialize, Deserialize)]
struct Watch {
    inspection_id: InspectionId,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(WATCH, move |ctx, job: Watch| {
        let desk = Arc::clone(&desk);
        async move { watch(&desk, &ctx, job.inspection_id).await }
    })]
}

/// The reminders that are still to come or were missed, with their moments. One that lay in the past already when the date was
/// set helps nobody.
fn open(entries: &[Entry<Event>], found: &Inspection) -> Result<Vec<(Reminder, Timestamp)>> {
    if !matches!(found.state, State::Planned | State::InProgress) {
        return Ok(Vec::new());
    }
    let set = entries
        .iter()
        .rev()
        .find(|entry| matches!(entry.what, Event::Planned { .. } | Event::Rescheduled { .. }))
        .map(|entry| entry.recorded_at);
    let mut list = Vec::new();
    for (reminder, days) in REMINDERS {
        let day = counting::days_after(found.due, days).map_err(|e| crate::book::calendar_error(&e))?;
        let at = Timestamp::start_of_local_date(day).plus(TOLD_AT);
        if !found.reminded.contains(&reminder) && set.is_none_or(|set| set <= at) {
            list.push((reminder, at));
        }
    }
    Ok(list)
}

/// Puts a watch at the next moment that matters.
pub(super) async fn schedule(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &InspectionRow,
    entries: &[Entry<Event>],
    found: &Inspection,
) -> Result<()> {
    let next = open(entries, found)?.into_iter().map(|(_, at)| at).filter(|at| *at > ctx.now()).min();
    let Some(at) = next else { return Ok(()) };
    let job = NewJob::new(WATCH, &Watch { inspection_id: InspectionId(row.id) })?;
    tx.enqueue(job.at(at)).await
}

/// Tells of the latest reminder that has passed, and looks ahead again.
async fn watch(desk: &ServiceDesk, ctx: &Ctx, id: InspectionId) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let mut row = store::lock(&tx.exec(), id.uuid()).await?;
    let entries: Vec<Entry<Event>> = journal::load(&tx.exec(), subject(row.id)).await?;
    let Some(found) = fold(&entries) else { return Ok(()) };
    let latest = open(&entries, &found)?.into_iter().rfind(|(_, at)| *at <= ctx.now());
    let Some((reminder, _)) = latest else { return Ok(()) };
    // Who makes it; the provider's lead where nobody does; both once it is overdue, and whoever planned it.
    let maker = found.assignee.as_ref().map(|(account, _)| *account);
    let mut accounts: Vec<AccountId> = maker.into_iter().collect();
    if maker.is_none() || reminder == Reminder::Overdue {
        accounts.extend(desk.leads(&row.organisation_path).await?);
    }
    if reminder == Reminder::Overdue {
        accounts.extend(row.planned_by.map(AccountId));
    }
    let params = serde_json::json!({
        "number": row.number, "kind": row.kind, "due": row.due, "reminder": reminder, "unassigned": maker.is_none()
    });
    notices::tell(&mut tx, ctx, &accounts, "inspection_due", &params, subject(row.id)).await?;
    accounts.sort_unstable();
    accounts.dedup();
    let told = desk.directory.signatories(&accounts).await?.into_iter().map(|s| s.name).collect();
    let news = vec![New::now(ctx, Event::Reminded { reminder, told })];
    let (entries, found) = append(&tx, ctx, &mut row, entries, news).await?;
    schedule(&mut tx, ctx, &row, &entries, &found).await?;
    note_change(&mut tx, ctx, &row, "remind", None).await?;
    tx.commit().await
}
