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
use service_terms::{Cents, Derivation};

/// What the fine of an incident would be, before or after it is booked.
#[derive(Clone, Debug)]
pub struct Fine {
    pub occurrence: u32,
    pub amount: Cents,
    pub negotiable: bool,
    pub derivation: Derivation,
}

/// The fine of each incident of a contract, by id. Void ones have none; one without a confirmed cause is the first of its
/// kind, because "the same kind" needs a cause (A4).
pub async fn fines(
    exec: &Exec<'_>,
    book: &Book,
    contract: ServiceContractId,
) -> Result<Vec<(IncidentRow, Option<Fine>)>> {
    let rows = store::of_contract(exec, contract.uuid()).await?;
    let (mut earlier, mut before): (Vec<Earlier>, Vec<(Earlier, Cents)>) = (Vec::new(), Vec::new());
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
        let item = edition.contract.item(&row.item_code).map_err(|e| terms_error(&e))?;
        let severity = Severity::from_text(&row.severity).ok_or_else(|| Error::internal("severity"))?;
        let cause = incident.accepted_cause.clone().unwrap_or_else(|| format!("unconfirmed {}", row.id));
        let this = Earlier { started: started.local(), item: row.item_code.clone(), severity, cause };
        let occurrence = incidents::occurrence(&edition.contract, &earlier, &this);
        let same = |(other, _): &&(Earlier, Cents)| {
            other.item == this.item && other.severity == this.severity && other.cause == this.cause
        };
        let previous = before.iter().rfind(same).map(|(_, amount)| *amount);
        let late = incident.late(edition).map_err(|e| terms_error(&e))?.unwrap_or(false);
        let fine = incidents::incident_penalty(
            &edition.contract,
            item,
            incidents::Incident { severity, occurrence, late, previous },
        )
        .map_err(|e| terms_error(&e))?;
        earlier.push(this.clone());
        before.push((this, fine.value.penalty));
        let fine = Fine {
            occurrence,
            amount: fine.value.penalty,
            negotiable: fine.value.negotiable,
            derivation: fine.derivation,
        };
        found.push((row, Some(fine)));
    }
    Ok(found)
}

/// Counts all incidents of a contract anew and books what differs. An incident is fined when it is over: before that nobody
/// knows whether it was late.
pub async fn recount(tx: &mut Tx, ctx: &Ctx, book: &Book, contract: ServiceContractId) -> Result<()> {
    for (mut row, fine) in fines(&tx.exec(), book, contract).await? {
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
