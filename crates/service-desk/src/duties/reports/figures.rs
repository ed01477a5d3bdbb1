//! What the program counts for the yearly report, out of this context's own tables.

use super::store;
use super::wire::{EquipmentCount, Figures, TeamChange};
use crate::book::Edition;
use crate::duties::grants::model::{State as Grant, removal_open, state};
use crate::duties::grants::store as grants;
use crate::duties::persons::store as persons;
use crate::duties::persons::wire::Kind;
use crate::duties::vulnerabilities;
use kernel::{Result, Timestamp};
use platform::Exec;
use uuid::Uuid;

fn count<T>(rows: &[T], is: impl Fn(&T) -> bool) -> i64 {
    i64::try_from(rows.iter().filter(|row| is(row)).count()).unwrap_or(i64::MAX)
}

/// Counts a contract's term up to now.
pub(super) async fn counted(exec: &Exec<'_>, edition: &Edition, now: Timestamp) -> Result<Figures> {
    let contract = edition.contract_id.uuid();
    let (from, to) = (edition.contract.term_start.to_string(), edition.contract.term_end.to_string());
    let in_term = |day: &str| from.as_str() <= day && day <= to.as_str();
    let mut found = Figures { counted_at: Some(now), ..Figures::default() };
    for grade in store::incidents(exec, contract).await? {
        match grade.name.as_str() {
            "S1" => found.incidents_s1 = grade.n,
            "S2" => found.incidents_s2 = grade.n,
            "S3" => found.incidents_s3 = grade.n,
            _ => found.incidents_s4 += grade.n,
        }
    }
    found.incidents_restored_late = store::incidents_restored_late(exec, contract).await?;

    let weak = vulnerabilities::store::of_contract(exec, contract).await?;
    found.vulnerabilities_critical = count(&weak, |row| row.severity == "critical");
    found.vulnerabilities_high = count(&weak, |row| row.severity == "high");
    found.vulnerabilities_medium = count(&weak, |row| row.severity == "medium");
    found.vulnerabilities_low = count(&weak, |row| row.severity == "low");
    found.vulnerabilities_reported_late = count(&weak, |row| vulnerabilities::late(row, now));
    found.vulnerabilities_open = count(&weak, |row| row.closed_at.is_none());

    let all = grants::of_contract(exec, contract).await?;
    let is = |wanted: Grant| move |row: &grants::GrantRow| state(row, now) == wanted;
    found.grants_requested = count(&all, |_| true);
    found.grants_approved = count(&all, |row| row.approved == Some(true));
    found.grants_refused = count(&all, is(Grant::Refused));
    found.grants_in_force = count(&all, is(Grant::Active));
    found.grants_expired = count(&all, is(Grant::Expired));
    found.grants_withdrawn = count(&all, is(Grant::Withdrawn));
    found.grants_returned = count(&all, is(Grant::Returned));
    found.removals_open = count(&all, |row| removal_open(row, now));

    let today = now.local_date().to_string();
    let by = if today < to { today.as_str() } else { to.as_str() };
    found.inspections_due = store::inspections(exec, contract, by, None).await?;
    found.inspections_confirmed = store::inspections(exec, contract, by, Some("confirmed")).await?;
    found.corrections = store::corrections(exec, contract).await?;
    found.correction_violations = store::correction_violations(exec, contract).await?;

    let people = persons::all(exec, &edition.organisation_path).await?;
    let joined = |row: &persons::PersonRow| in_term(&row.joined_on);
    let left = |row: &persons::PersonRow| row.left_on.as_deref().is_some_and(in_term);
    found.people_present = count(&people, |row| row.left_on.is_none());
    found.people_joined = count(&people, joined);
    found.people_left = count(&people, left);
    for row in people.iter().filter(|row| joined(row) || left(row)) {
        found.team.push(TeamChange {
            name: row.name.clone(),
            post: row.post.clone(),
            joined_on: row.joined_on.clone(),
            left_on: row.left_on.clone(),
        });
    }
    let ids: Vec<Uuid> = people.iter().map(|row| row.id).collect();
    for record in persons::records(exec, &ids).await? {
        let counts = record.voided_at.is_none() && record.kind == Kind::Training.as_str();
        if counts && in_term(&record.day) {
            found.trainings += 1;
            found.training_min += i64::from(record.duration_min.unwrap_or(0));
        }
    }
    for units in store::equipment(exec, contract).await? {
        found.equipment.push(EquipmentCount { name: units.name, units: units.n });
    }
    Ok(found)
}
