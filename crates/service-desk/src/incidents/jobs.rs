//! Looking at the clocks of incidents before their limits pass.

use super::model::{Event, Incident, fold};
use super::ops::{note_change, subject};
use super::store::{self, IncidentRow};
use crate::book::{Book, terms_error};
use crate::journal::{self, New};
use crate::{ServiceDesk, notices, watch};
use kernel::{AccountId, IncidentId, Result};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const WATCH: JobKind = JobKind { name: "service_watch_incident", max_attempts: 8 };

#[derive(Debug, Serialize, Deserialize)]
struct Watch {
    incident_id: IncidentId,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(WATCH, move |ctx, job: Watch| {
        let desk = Arc::clone(&desk);
        async move { look(&desk, &ctx, job.incident_id).await }
    })]
}

/// Puts a watch at the next moment that matters.
pub(super) async fn schedule(
    tx: &mut Tx,
    ctx: &Ctx,
    book: &Book,
    row: &IncidentRow,
    incident: &Incident,
) -> Result<()> {
    let edition = book.of(row.contract_id.into(), incident.started_at())?;
    let clocks = incident.clocks(edition, ctx.now()).map_err(|e| terms_error(&e))?;
    let Some(at) = watch::next_look(&clocks, &incident.escalated) else { return Ok(()) };
    let job = NewJob::new(WATCH, &Watch { incident_id: IncidentId(row.id) })?;
    tx.enqueue(job.at(at)).await
}

async fn look(desk: &ServiceDesk, ctx: &Ctx, id: IncidentId) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let mut row = store::lock(&tx.exec(), id.uuid()).await?;
    let entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
    let Some(incident) = fold(&entries) else { return Ok(()) };
    let book = Book::load(&tx.exec()).await?;
    let edition = book.of(row.contract_id.into(), incident.started_at())?;
    let clocks = incident.clocks(edition, ctx.now()).map_err(|e| terms_error(&e))?;
    let mut news = Vec::new();
    for (clock, percent) in watch::passed(&clocks, &incident.escalated, ctx.now()) {
        let worker = row.opened_by.map(AccountId);
        let told = desk.escalation(ctx, &row.organisation_path, worker, percent).await?;
        let params = serde_json::json!({
            "number": row.number, "title": row.title, "clock": clock.name, "percent": percent, "due_at": clock.due_at
        });
        let accounts: Vec<AccountId> = told.iter().map(|(account, _)| *account).collect();
        notices::tell(&mut tx, ctx, &accounts, "incident_escalated", &params, subject(row.id)).await?;
        let told = told.into_iter().map(|(_, name)| name).collect();
        news.push(New::now(ctx, Event::Escalated { clock: clock.name.clone(), percent, told }));
    }
    let found = !news.is_empty();
    desk.advance_incident(&mut tx, ctx, &book, &mut row, entries, news).await?;
    if found {
        note_change(&mut tx, ctx, &row, "escalate", None).await?;
    }
    tx.commit().await
}
