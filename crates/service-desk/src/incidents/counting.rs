//! Repetitions and fines. One incident's cause, time or severity changes the number of others, so all incidents of a contract
//! are counted anew whenever one of them changes; a year has some thirty.

use super::model::{Event, State, fold};
use super::ops::subject;
use super::store::{self, IncidentRow};
use crate::book::{Book, terms_error};
use crate::journal;
use crate::settlement::ledger::{self, Amount, Assessment};
use kernel::{Error, Result, ServiceContractId, Timestamp};
use platform::{Ctx, Exec, Tx};
use service_terms::incidents::{self, Earlier, Severity};
use service_terms::{
    Alternative, Cents, Contract, Derivation, Fact, Item, RepeatReading, TermsError, YearReading,
};

/// What the fine of an incident would be, before or after it is booked.
#[derive(Clone, Debug)]
pub struct Fine {
    pub occurrence: u32,
    pub amount: Cents,
    pub negotiable: bool,
    pub derivation: Derivation,
}

/// An incident that has been counted, with its fine where each one builds on the one before with its surcharge, by the year of
/// counting: the next one of the same kind needs it, whichever reading is chosen.
struct Counted {
    this: Earlier,
    with_late: Vec<(YearReading, Cents)>,
}

/// The fine of each incident of a contract at `now`, by id. Void ones have none; one without a confirmed cause is the first of
/// its kind, because "the same kind" needs a cause (A4).
pub async fn fines(
    exec: &Exec<'_>,
    book: &Book,
    contract: ServiceContractId,
    now: Timestamp,
) -> Result<Vec<(IncidentRow, Option<Fine>)>> {
    let rows = store::of_contract(exec, contract.uuid()).await?;
    let mut before: Vec<Counted> = Vec::new();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        if row.state == State::Void.as_str() {
            found.push((row, None));
            continue;
        }
        let entries = journal::load::<Event>(exec, subject(row.id)).await?;
        let incident = fold(&entries).ok_or_else(|| Error::internal("an incident without a declaration"))?;
        let started = incident.started_at();
        let edition = book.of(contract, started)?;
        let severity = Severity::from_text(&row.severity).ok_or_else(|| Error::internal("severity"))?;
        let cause = incident.accepted_cause.clone().unwrap_or_else(|| format!("unconfirmed {}", row.id));
        let this = Earlier { started: started.local(), item: row.item_code.clone(), severity, cause };
        let late = incident.late_at(edition, now).map_err(|e| terms_error(&e))?;
        let (fine, counted) = fine(&edition.contract, &before, this, late).map_err(|e| terms_error(&e))?;
        before.push(counted);
        found.push((row, Some(fine)));
    }
    Ok(found)
}

/// The fine by the readings of the contract; the alternatives have those that differ, also by the other year of counting (A3).
fn fine(
    contract: &Contract,
    before: &[Counted],
    this: Earlier,
    late: bool,
) -> Result<(Fine, Counted), TermsError> {
    let item = contract.item(&this.item)?;
    let earlier: Vec<Earlier> = before.iter().map(|counted| counted.this.clone()).collect();
    let last = before.iter().rfind(|counted| {
        let other = &counted.this;
        other.item == this.item && other.severity == this.severity && other.cause == this.cause
    });
    let previous = |year: YearReading| {
        let amounts = last.map(|counted| counted.with_late.as_slice()).unwrap_or_default();
        amounts.iter().find(|(known, _)| *known == year).map(|(_, amount)| *amount)
    };
    let by = |contract: &Contract, item: &Item| {
        let occurrence = incidents::occurrence(contract, &earlier, &this);
        let previous = previous(contract.readings.year);
        let severity = this.severity;
        let what = incidents::Incident { severity, occurrence, late, previous };
        Ok::<_, TermsError>((occurrence, incidents::incident_penalty(contract, item, what)?))
    };
    let (occurrence, chosen) = by(contract, item)?;
    let mut derivation = chosen.derivation;
    if !derivation.readings.is_empty() {
        let (name, value) = ("year".to_owned(), contract.readings.year.as_str().to_owned());
        derivation.readings.push(Fact { name, value });
    }
    let mut with_late = Vec::new();
    for year in YearReading::ALL {
        let mut other = contract.clone();
        other.readings.year = *year;
        let (count, assessed) = by(&other, item)?;
        if count != occurrence && !chosen.value.negotiable {
            let reading = format!("year = {}", year.as_str());
            let result = assessed.value.penalty.to_string();
            derivation.alternatives.push(Alternative { reading, result });
        }
        other.readings.repeat = RepeatReading::CompoundWithLate;
        let fined = Item { incident_fines: true, ..item.clone() };
        with_late.push((*year, by(&other, &fined)?.1.value.penalty));
    }
    let fine =
        Fine { occurrence, amount: chosen.value.penalty, negotiable: chosen.value.negotiable, derivation };
    Ok((fine, Counted { this, with_late }))
}

/// Counts all incidents of a contract anew and books what differs. An incident is fined when it is over: before that nobody
/// knows whether it was late.
pub async fn recount(tx: &mut Tx, ctx: &Ctx, book: &Book, contract: ServiceContractId) -> Result<()> {
    for (mut row, fine) in fines(&tx.exec(), book, contract, ctx.now()).await? {
        let amount = match &fine {
            Some(fine) if row.restored_at.is_some() => fine.amount,
            _ => Cents::ZERO,
        };
        let occurrence = fine.as_ref().and_then(|fine| i32::try_from(fine.occurrence).ok());
        let cents = fine.as_ref().filter(|_| row.restored_at.is_some()).map(|fine| fine.amount.cents());
        if row.occurrence != occurrence || row.penalty_cents != cents {
            row.occurrence = occurrence;
            row.penalty_cents = cents;
            store::update(&tx.exec(), &mut row).await?;
        }
        let derivation = fine.map(|fine| fine.derivation).unwrap_or_default();
        let item = book.latest(contract)?.contract.item(&row.item_code).map(|item| item.name_zh.clone());
        let found = Assessment {
            contract_id: contract,
            contract_version: row.contract_version,
            organisation_path: &row.organisation_path,
            source: subject(row.id),
            part: "",
            subject: format!("{} {} 事件 {}", item.unwrap_or_default(), row.severity, row.number),
            occurred_at: Timestamp::from_micros(row.started_at),
            amount: Amount::Fixed(amount),
        };
        ledger::assess(tx, ctx, &found, &derivation).await?;
    }
    Ok(())
}
