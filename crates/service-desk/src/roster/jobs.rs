//! Warnings before a roster is due: on the 25th and the 27th, and when the 28th has passed.

use super::store;
use crate::book::{Book, Edition, instant};
use crate::journal::Subject;
use crate::{ServiceDesk, notices};
use jiff::civil::Date;
use kernel::{Result, ServiceContractId};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use serde::{Deserialize, Serialize};
use service_terms::staff;
use std::sync::Arc;

const WATCH: JobKind = JobKind { name: "service_watch_roster", max_attempts: 8 };

#[derive(Debug, Serialize, Deserialize)]
struct Watch {
    contract_id: ServiceContractId,
    /// First day of the month.
    month: Date,
    due: Date,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(WATCH, move |ctx, job: Watch| {
        let desk = Arc::clone(&desk);
        async move { look(&desk, &ctx, job).await }
    })]
}

/// Puts the watches of a contract's months. The days come from the date of the month alone, so that a year without a calendar
/// is warned of too.
pub async fn schedule(tx: &mut Tx, ctx: &Ctx, edition: &Edition) -> Result<()> {
    let contract = &edition.contract;
    let mut month = contract.term_start.first_of_month();
    while month <= contract.term_end {
        // Any month of a known year tells the due day and the warnings; the duty days do not matter here.
        let known = cn_calendar::Calendar::builtin().map_err(kernel::Error::internal)?;
        let due = cn_calendar::counting::months_after(month, -1).ok().and_then(|before| {
            Date::new(before.year(), before.month(), contract.figures.roster_due_day).ok()
        });
        if let Some(due) = due {
            let warnings = staff::duty_roster(contract, &known, month.year(), month.month())
                .map(|found| found.value.warn_on.to_vec())
                .unwrap_or_else(|_| vec![due]);
            let late = due.tomorrow().unwrap_or(due);
            for day in warnings.into_iter().chain([late]) {
                let at = instant(day.at(8, 0, 0, 0));
                if at > ctx.now() {
                    let watch = Watch { contract_id: edition.contract_id, month, due };
                    tx.enqueue(NewJob::new(WATCH, &watch)?.at(at)).await?;
                }
            }
        }
        month = cn_calendar::counting::months_after(month, 1).map_err(kernel::Error::internal)?;
    }
    Ok(())
}

async fn look(desk: &ServiceDesk, ctx: &Ctx, job: Watch) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let book = Book::load(&tx.exec()).await?;
    let edition = book.latest(job.contract_id)?;
    let month = job.month.strftime("%Y-%m").to_string();
    let row = store::roster(&tx.exec(), job.contract_id.uuid(), &month).await?;
    if row.as_ref().is_some_and(|row| row.published_at.is_some()) {
        return Ok(());
    }
    let leads = desk.leads(&edition.organisation_path).await?;
    let late = ctx.now().local_date() > job.due;
    let code = if late { "roster_late" } else { "roster_due" };
    let params = serde_json::json!({"month": month, "due": job.due.to_string()});
    let subject = Subject { kind: "roster", id: job.contract_id.uuid() };
    notices::tell(&mut tx, ctx, &leads, code, &params, subject).await?;
    tx.commit().await
}
