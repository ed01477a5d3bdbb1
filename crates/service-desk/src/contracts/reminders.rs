//! What a contract's dates ask of people, told on its day: the renewal (6.2(7), 12.5), the end and what follows it, payments.
//!
//! One job for each contract looks every morning and puts the next look. It remembers the last day that it looked at, so that a server that
//! stood still for a week tells of that week when it comes back, once.

use super::ops::dated_duties;
use crate::book::{Book, Edition, instant};
use crate::journal::Subject;
use crate::settlement;
use crate::{ServiceDesk, notices};
use jiff::civil::Date;
use kernel::{Result, ServiceContractId};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

const LOOK: JobKind = JobKind { name: "service_contract_reminders", max_attempts: 8 };
/// Days before which a date is told; others on their day. The yearly security report has reminders of its own.
const AHEAD: &[(&str, i32)] = &[("term_end", 7), ("return_originals", 7)];
const OWN: &str = "security_report";
/// A payment is told a week before its last day, and on the day after where it is open.
const PAYMENT_AHEAD: i32 = 7;
/// After the end the longest date is a year away (9.6, 6.1(9)), and the last payment ninety days.
const LOOKS_AFTER_END: i32 = 400;

#[derive(Debug, Serialize, Deserialize)]
struct Look {
    contract_id: ServiceContractId,
    /// The last day that was looked at.
    looked: Date,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(LOOK, move |ctx, job: Look| {
        let desk = Arc::clone(&desk);
        async move { look(&desk, &ctx, job).await }
    })]
}

fn days(count: i32) -> jiff::Span {
    jiff::Span::new().days(count)
}

/// Puts the first look at a contract that was just entered. What lay before that day is not told.
pub(super) async fn schedule(tx: &mut Tx, ctx: &Ctx, edition: &Edition) -> Result<()> {
    next(tx, Look { contract_id: edition.contract_id, looked: ctx.now().local_date() }).await
}

/// Puts the look on the morning after.
async fn next(tx: &mut Tx, look: Look) -> Result<()> {
    let at = instant(look.looked.saturating_add(days(1)).at(8, 0, 0, 0));
    tx.enqueue(NewJob::new(LOOK, &look)?.at(at)).await
}

async fn look(desk: &ServiceDesk, ctx: &Ctx, job: Look) -> Result<()> {
    let today = ctx.now().local_date();
    let mut tx = ctx.platform().begin().await?;
    let book = Book::load(&tx.exec()).await?;
    let edition = book.latest(job.contract_id)?;
    let due = |date: Date| date > job.looked && date <= today;
    let code = &edition.contract.code;
    let mut told: Vec<(&str, &[&str], Value)> = Vec::new();
    for duty in dated_duties(edition, today)?.iter().filter(|duty| duty.code != OWN) {
        let date: Date = duty.date.parse().map_err(kernel::Error::internal)?;
        let ahead = AHEAD.iter().find(|(known, _)| *known == duty.code).map_or(0, |(_, ahead)| *ahead);
        if due(date.saturating_sub(days(ahead))) {
            let params = json!({"number": code, "duty": duty.code, "clause": duty.clause, "date": duty.date});
            told.push(("contract_due", &["project_lead", "bureau_information"], params));
        }
    }
    for instalment in settlement::instalments(&tx.exec(), &book, edition, today).await? {
        // A day that cannot be computed yet is told when it can be: the year's notice comes before it.
        let Ok(last) = instalment.due else { continue };
        let params = json!({"number": code, "instalment": instalment.number, "due": last.to_string()});
        if instalment.open == service_terms::Cents::ZERO || instalment.excuse.is_some() {
            continue;
        }
        if due(last.saturating_sub(days(PAYMENT_AHEAD))) {
            told.push(("payment_due", &["contract_finance", "bureau_information"], params.clone()));
        }
        if due(last.saturating_add(days(1))) {
            told.push(("payment_late", &["contract_finance", "bureau_information", "project_lead"], params));
        }
    }
    let subject = Subject { kind: "contract", id: job.contract_id.uuid() };
    for (code, roles, params) in told {
        let people = desk.directory.holders(roles, &edition.organisation_path).await?;
        let accounts: Vec<_> = people.into_iter().map(|person| person.account_id).collect();
        notices::tell(&mut tx, ctx, &accounts, code, &params, subject).await?;
    }
    if today < edition.contract.term_end.saturating_add(days(LOOKS_AFTER_END)) {
        next(&mut tx, Look { looked: today, ..job }).await?;
    }
    tx.commit().await
}
