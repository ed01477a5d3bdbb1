//! Looking at running clocks before their limits pass. A watch only looks: it computes the clocks anew, and what it finds
//! depends on nothing but the journal.

use super::model::{Event, fold};
use super::ops::{note_change, subject};
use super::store::{self, TicketRow};
use crate::book::Book;
use crate::clock::Clock;
use crate::journal::{self, Entry, New};
use crate::{ServiceDesk, notices};
use kernel::{AccountId, Result, ServiceTicketId, Timestamp};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

const WATCH: JobKind = JobKind { name: "service_watch_ticket", max_attempts: 8 };
/// Shares of a limit at which somebody is told; 100 is the limit itself.
const LEVELS: [i32; 4] = [50, 75, 90, 100];

#[derive(Debug, Serialize, Deserialize)]
struct Watch {
    ticket_id: ServiceTicketId,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(WATCH, move |ctx, job: Watch| {
        let desk = Arc::clone(&desk);
        async move { watch(&desk, &ctx, job.ticket_id).await }
    })]
}

/// When a running clock reaches a share of its limit.
fn reaches(clock: &Clock, percent: i32) -> Timestamp {
    let whole = u64::try_from(clock.due_at.micros().saturating_sub(clock.started_at.micros())).unwrap_or(0);
    let share = u64::try_from(percent).unwrap_or(100);
    // The limit itself is still in time, so its watch looks a moment later.
    let late = if percent == 100 { 1_000_000 } else { 0 };
    clock.started_at.plus(Duration::from_micros(whole / 100 * share + late))
}

/// The next level of each running clock that nobody was told of.
fn next_levels(clocks: &[Clock], told: &[(String, i32)]) -> Vec<(String, i32, Timestamp)> {
    clocks
        .iter()
        .filter(|clock| clock.is_running() && !clock.paused)
        .flat_map(|clock| {
            let highest =
                told.iter().filter(|(name, _)| *name == clock.name).map(|(_, p)| *p).max().unwrap_or(0);
            LEVELS
                .into_iter()
                .filter(move |level| *level > highest)
                .map(|level| (clock.name.clone(), level, reaches(clock, level)))
        })
        .collect()
}

/// Puts a watch at the next moment that matters.
pub(super) async fn schedule(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &TicketRow,
    entries: &[Entry<Event>],
) -> Result<()> {
    let Some(ticket) = fold(entries) else { return Ok(()) };
    let book = Book::load(&tx.exec()).await?;
    let edition = book.of(row.contract_id.into(), ticket.opened_at)?;
    let Ok(clocks) = ticket.clocks(&book, edition, row.organisation_id.into(), ctx.now()) else {
        // Blocked clocks are replayed when the calendar comes.
        return Ok(());
    };
    let next = next_levels(&clocks, &ticket.escalated).into_iter().map(|(_, _, at)| at).min();
    let Some(at) = next else { return Ok(()) };
    let job = NewJob::new(WATCH, &Watch { ticket_id: ServiceTicketId(row.id) })?;
    tx.enqueue(job.at(at)).await
}

/// Tells of every level that has passed, the highest of each clock once, and looks ahead again.
async fn watch(desk: &ServiceDesk, ctx: &Ctx, id: ServiceTicketId) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let mut row = store::lock(&tx.exec(), id.uuid()).await?;
    let entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
    let Some(ticket) = fold(&entries) else { return Ok(()) };
    let book = Book::load(&tx.exec()).await?;
    let edition = book.of(row.contract_id.into(), ticket.opened_at)?;
    let Ok(clocks) = ticket.clocks(&book, edition, row.organisation_id.into(), ctx.now()) else {
        return Ok(());
    };
    let passed: Vec<(String, i32, Timestamp)> =
        next_levels(&clocks, &ticket.escalated).into_iter().filter(|(_, _, at)| *at <= ctx.now()).collect();
    let mut news = Vec::new();
    for clock in &clocks {
        let Some((name, percent, _)) = passed.iter().rfind(|(name, _, _)| *name == clock.name) else {
            continue;
        };
        let told = desk.escalate_to(ctx, &row, *percent).await?;
        let params = serde_json::json!({
            "number": row.number, "title": row.title, "clock": name, "percent": percent, "due_at": clock.due_at
        });
        let accounts: Vec<AccountId> = told.iter().map(|(account, _)| *account).collect();
        notices::tell(&tx, ctx, &accounts, "ticket_escalated", &params, subject(row.id)).await?;
        let told = told.into_iter().map(|(_, name)| name).collect();
        news.push(New::now(ctx, Event::Escalated { clock: name.clone(), percent: *percent, told }));
    }
    let found = !news.is_empty();
    desk.advance(&mut tx, ctx, &book, &mut row, entries, news).await?;
    if found {
        note_change(&mut tx, ctx, &row, "escalate", None).await?;
    }
    tx.commit().await
}

impl ServiceDesk {
    /// Who is told when a clock has passed a share of its limit: whoever works on it, else whoever opened it.
    async fn escalate_to(
        &self,
        _ctx: &Ctx,
        row: &TicketRow,
        _percent: i32,
    ) -> Result<Vec<(AccountId, String)>> {
        let ids: Vec<AccountId> = row.assignee_id.or(row.opened_by).map(AccountId).into_iter().collect();
        let found = self.directory.signatories(&ids).await?;
        Ok(found.into_iter().map(|s| (s.account_id, s.name)).collect())
    }
}
