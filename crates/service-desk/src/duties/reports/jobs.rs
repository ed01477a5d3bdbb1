//! Reminders of the yearly report: 30 days before its day, and when that has passed.

use super::ops::subject;
use super::store;
use crate::book::{Book, Edition, instant, terms_error};
use crate::{ServiceDesk, notices};
use cn_calendar::counting;
use jiff::civil::Date;
use kernel::{Result, ServiceContractId};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use serde::{Deserialize, Serialize};
use service_terms::dates;
use std::sync::Arc;

const WATCH: JobKind = JobKind { name: "service_watch_security_report", max_attempts: 8 };
/// Days before its day.
const REMINDER_DAYS: i32 = 30;

#[derive(Debug, Serialize, Deserialize)]
struct Watch {
    contract_id: ServiceContractId,
    /// The day as it was when this was put; an amendment puts its own.
    due: Date,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(WATCH, move |ctx, job: Watch| {
        let desk = Arc::clone(&desk);
        async move { look(&desk, &ctx, job).await }
    })]
}

/// Puts the watches of a contract's report, after it was entered or its term changed.
pub async fn schedule(tx: &mut Tx, ctx: &Ctx, edition: &Edition) -> Result<()> {
    let due = dates::security_report_date(&edition.contract).map_err(|e| terms_error(&e))?.value;
    let reminder = counting::days_after(due, -REMINDER_DAYS).map_err(|e| terms_error(&e.into()))?;
    let late = counting::days_after(due, 1).map_err(|e| terms_error(&e.into()))?;
    for day in [reminder, late] {
        let at = instant(day.at(8, 0, 0, 0));
        if at > ctx.now() {
            let watch = Watch { contract_id: edition.contract_id, due };
            tx.enqueue(NewJob::new(WATCH, &watch)?.at(at)).await?;
        }
    }
    Ok(())
}

async fn look(desk: &ServiceDesk, ctx: &Ctx, job: Watch) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let book = Book::load(&tx.exec()).await?;
    let edition = book.latest(job.contract_id)?;
    let due = dates::security_report_date(&edition.contract).map_err(|e| terms_error(&e))?.value;
    let row = store::of_contract(&tx.exec(), job.contract_id.uuid()).await?;
    if due != job.due || row.is_some_and(|row| row.submitted_at.is_some()) {
        return Ok(());
    }
    let path = &edition.organisation_path;
    let (code, told) = if ctx.now().local_date() > due {
        ("security_report_late", desk.both_sides(path, None).await?)
    } else {
        ("security_report_due", desk.leads(path).await?)
    };
    let params = serde_json::json!({"contract": edition.contract.code, "due": due.to_string()});
    notices::tell(&mut tx, ctx, &told, code, &params, subject(job.contract_id.uuid())).await?;
    tx.commit().await
}
