//! Looking at running clocks before their limits pass. A watch only looks: it computes the clocks anew, and what it finds
//! depends on nothing but the journal.

use super::model::{Event, fold};
use super::ops::{note_change, subject};
use super::store::{self, TicketRow};
use crate::book::Book;
use crate::journal::{self, Entry, New};
use crate::{ServiceDesk, notices, watch};
use kernel::{AccountId, Result, ServiceTicketId};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const WATCH: JobKind = JobKind { name: "service_watch_ticket", max_attempts: 8 };

#[derive(Debug, Serialize, Deserialize)]
struct Watch {
    ticket_id: ServiceTicketId,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(WATCH, move |ctx, job: Watch| {
        let desk = Arc::clone(&desk);
        async move { look(&desk, &ctx, job.ticket_id).await }
    })]
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
    let Some(at) = watch::next_look(&clocks, &ticket.escalated) else { return Ok(()) };
    let job = NewJob::new(WATCH, &Watch { ticket_id: ServiceTicketId(row.id) })?;
    tx.enqueue(job.at(at)).await
}

/// Tells of every level that has passed, the highest of each clock once, and looks ahead again.
async fn look(desk: &ServiceDesk, ctx: &Ctx, id: ServiceTicketId) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let mut row = store::lock(&tx.exec(), id.uuid()).await?;
    let entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
    let Some(ticket) = fold(&entries) else { return Ok(()) };
    let book = Book::load(&tx.exec()).await?;
    let edition = book.of(row.contract_id.into(), ticket.opened_at)?;
    let Ok(clocks) = ticket.clocks(&book, edition, row.organisation_id.into(), ctx.now()) else {
        return Ok(());
    };
    let worker = row.assignee_id.or(row.opened_by).map(AccountId);
    let mut news = Vec::new();
    for (clock, percent) in watch::passed(&clocks, &ticket.escalated, ctx.now()) {
        let told = desk.escalation(ctx, &row.organisation_path, worker, percent).await?;
        let params = serde_json::json!({
            "number": row.number, "title": row.title, "clock": clock.name, "percent": percent, "due_at": clock.due_at
        });
        let accounts: Vec<AccountId> = told.iter().map(|(account, _)| *account).collect();
        notices::tell(&mut tx, ctx, &accounts, "ticket_escalated", &params, subject(row.id)).await?;
        let told = told.into_iter().map(|(_, name)| name).collect();
        news.push(New::now(ctx, Event::Escalated { clock: clock.name.clone(), percent, told }));
    }
    let found = !news.is_empty();
    desk.advance(&mut tx, ctx, &book, &mut row, entries, news).await?;
    if found {
        note_change(&mut tx, ctx, &row, "escalate", None).await?;
    }
    tx.commit().await
}
