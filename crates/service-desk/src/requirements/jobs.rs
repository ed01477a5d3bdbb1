//! Looking at the clocks of requirements before their limits pass.

use super::model::{Event, Requirement, fold};
use super::ops::{note_change, subject};
use super::store::{self, RequirementRow};
use crate::book::Book;
use crate::journal::{self, New};
use crate::{ServiceDesk, notices, watch};
use kernel::{AccountId, RequirementId, Result};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const WATCH: JobKind = JobKind { name: "service_watch_requirement", max_attempts: 8 };

#[derive(Debug, Serialize, Deserialize)]
struct Watch {
    requirement_id: RequirementId,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(WATCH, move |ctx, job: Watch| {
        let desk = Arc::clone(&desk);
        async move { look(&desk, &ctx, job.requirement_id).await }
    })]
}

/// Puts a watch at the next moment that matters.
pub(super) async fn schedule(
    tx: &mut Tx,
    ctx: &Ctx,
    book: &Book,
    row: &RequirementRow,
    requirement: &Requirement,
) -> Result<()> {
    let edition = book.of(row.contract_id.into(), requirement.received_at)?;
    // Blocked clocks are replayed when the calendar comes.
    let Ok(clocks) = requirement.clocks(book, edition, ctx.now()) else { return Ok(()) };
    let Some(at) = watch::next_look(&clocks, &requirement.escalated) else { return Ok(()) };
    let job = NewJob::new(WATCH, &Watch { requirement_id: RequirementId(row.id) })?;
    tx.enqueue(job.at(at)).await
}

async fn look(desk: &ServiceDesk, ctx: &Ctx, id: RequirementId) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let mut row = store::lock(&tx.exec(), id.uuid()).await?;
    let entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
    let Some(requirement) = fold(&entries) else { return Ok(()) };
    let book = Book::load(&tx.exec()).await?;
    let edition = book.of(row.contract_id.into(), requirement.received_at)?;
    let Ok(clocks) = requirement.clocks(&book, edition, ctx.now()) else { return Ok(()) };
    let mut news = Vec::new();
    for (clock, percent) in watch::passed(&clocks, &requirement.escalated, ctx.now()) {
        let worker = row.opened_by.map(AccountId);
        let told = desk.escalation(ctx, &row.organisation_path, worker, percent).await?;
        let params = serde_json::json!({
            "number": row.number, "title": row.title, "clock": clock.name, "percent": percent, "due_at": clock.due_at
        });
        let accounts: Vec<AccountId> = told.iter().map(|(account, _)| *account).collect();
        notices::tell(&mut tx, ctx, &accounts, "requirement_escalated", &params, subject(row.id)).await?;
        let told = told.into_iter().map(|(_, name)| name).collect();
        news.push(New::now(ctx, Event::Escalated { clock: clock.name.clone(), percent, told }));
    }
    let found = !news.is_empty();
    desk.advance_requirement(&mut tx, ctx, &book, &mut row, entries, news).await?;
    if found {
        note_change(&mut tx, ctx, &row, "escalate", None).await?;
    }
    tx.commit().await
}
