//! Looking at the clock of a vulnerability before its limit passes.

use super::model::{Event, Vulnerability, fold};
use super::ops::{advance, edition, note, params, subject};
use super::store;
use crate::book::{Book, Edition, terms_error};
use crate::journal::{self, New};
use crate::{ServiceDesk, notices, watch};
use kernel::{AccountId, Result};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

const WATCH: JobKind = JobKind { name: "service_watch_vulnerability", max_attempts: 8 };

#[derive(Debug, Serialize, Deserialize)]
struct Watch {
    vulnerability_id: Uuid,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(WATCH, move |ctx, job: Watch| {
        let desk = Arc::clone(&desk);
        async move { look(&desk, &ctx, job.vulnerability_id).await }
    })]
}

/// Puts a watch at the next moment that matters.
pub(super) async fn schedule(
    tx: &mut Tx,
    ctx: &Ctx,
    edition: &Edition,
    id: Uuid,
    found: &Vulnerability,
) -> Result<()> {
    let clock = found.clock(edition, ctx.now()).map_err(|e| terms_error(&e))?;
    let Some(at) = watch::next_look(&[clock], &found.escalated) else { return Ok(()) };
    tx.enqueue(NewJob::new(WATCH, &Watch { vulnerability_id: id })?.at(at)).await
}

async fn look(desk: &ServiceDesk, ctx: &Ctx, id: Uuid) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let mut row = store::lock(&tx.exec(), id).await?;
    let mut entries = journal::load::<Event>(&tx.exec(), subject(id)).await?;
    let Some(found) = fold(&entries) else { return Ok(()) };
    let book = Book::load(&tx.exec()).await?;
    let clocks = [found.clock(edition(&book, &row)?, ctx.now()).map_err(|e| terms_error(&e))?];
    let mut news = Vec::new();
    for (clock, percent) in watch::passed(&clocks, &found.escalated, ctx.now()) {
        let told =
            desk.escalation(ctx, &row.organisation_path, row.opened_by.map(AccountId), percent).await?;
        let mut params = params(&row);
        if let Some(map) = params.as_object_mut() {
            map.insert("percent".into(), percent.into());
            map.insert("clock".into(), clock.name.clone().into());
        }
        let accounts: Vec<AccountId> = told.iter().map(|(account, _)| *account).collect();
        notices::tell(&mut tx, ctx, &accounts, "vulnerability_escalated", &params, subject(id)).await?;
        let told = told.into_iter().map(|(_, name)| name).collect();
        news.push(New::now(ctx, Event::Escalated { clock: clock.name.clone(), percent, told }));
    }
    let found = !news.is_empty();
    advance(&mut tx, ctx, &book, &mut row, &mut entries, news).await?;
    if found {
        note(&mut tx, ctx, &row, "escalate", None).await?;
    }
    tx.commit().await
}
