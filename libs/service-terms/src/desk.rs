//! The minutes of the service desk (附件1 1.3.2-3 and -4).

use crate::requirements::seconds;
use crate::{Assessed, Cents, Contract, Derivation, QuestionReading, TermsError};
use cn_calendar::WorkingTime;
use jiff::ToSpan;
use jiff::civil::DateTime;

/// The clock of the first human reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstResponse {
    /// Fixed by the moment of opening, whatever the time is later.
    pub limit_minutes: i64,
    pub due: DateTime,
    /// None while nobody has answered.
    pub on_time: Option<bool>,
}

/// R1: 15 minutes in working time, 30 otherwise, by the clock on the wall and without pause. Exactly 15:00 is on time.
///
/// # Errors
/// A year without a calendar; answered before it was opened.
pub fn first_response(
    contract: &Contract,
    time: WorkingTime<'_>,
    opened: DateTime,
    answered: Option<DateTime>,
) -> Result<Assessed<FirstResponse>, TermsError> {
    if answered.is_some_and(|at| at < opened) {
        return Err(TermsError::invalid("answered", "before it was opened"));
    }
    let working = time.contains(opened)?;
    let f = &contract.figures;
    let limit_minutes = if working { f.response_working_min } else { f.response_other_min };
    let due = add(opened, limit_minutes)?;
    let on_time = answered.map(|at| at <= due);
    let mut derivation =
        Derivation::new("first_response", "附件1 1.3.2-3").input("opened", opened).step(format!(
            "{opened} is {}: {limit_minutes} minutes, until {due}",
            if working { "working time" } else { "outside working time" }
        ));
    if let Some(at) = answered {
        let took = seconds(opened, at);
        derivation = derivation.input("answered", at).step(format!(
            "answered after {}:{:02}: {}",
            took / 60,
            took % 60,
            if at <= due { "on time" } else { "late" }
        ));
    }
    Ok(derivation.of(FirstResponse { limit_minutes, due, on_time }))
}

/// The clock of an ordinary question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    pub due: DateTime,
    pub on_time: Option<bool>,
}

/// R2: half an hour from the response, or from the response's limit when there was none; by the other reading from the
/// opening. What takes longer gets a deadline agreed with the institution's administrator, which then counts.
///
/// # Errors
/// As [`first_response`].
pub fn question(
    contract: &Contract,
    time: WorkingTime<'_>,
    opened: DateTime,
    answered: Option<DateTime>,
    agreed: Option<DateTime>,
    handled: Option<DateTime>,
) -> Result<Assessed<Question>, TermsError> {
    if handled.is_some_and(|at| at < opened) {
        return Err(TermsError::invalid("handled", "before it was opened"));
    }
    let response = first_response(contract, time, opened, answered)?.value;
    let minutes = contract.figures.question_min;
    let from_response = add(answered.unwrap_or(response.due), minutes)?;
    let from_opening = add(opened, minutes)?;
    let (by_text, other, name) = match contract.readings.question_start {
        QuestionReading::Response => (from_response, from_opening, "question_start = opening"),
        QuestionReading::Opening => (from_opening, from_response, "question_start = response"),
    };
    let due = agreed.unwrap_or(by_text);
    let mut derivation = Derivation::new("question", "附件1 1.3.2-3").input("opened", opened);
    derivation = match agreed {
        Some(at) => derivation.input("agreed", at).step(format!("the agreed deadline {at} counts")),
        None => derivation
            .step(format!("{minutes} minutes, until {due}"))
            .reading("question_start", contract.readings.question_start.as_str())
            .alternative(name, other),
    };
    Ok(derivation.of(Question { due, on_time: handled.map(|at| at <= due) }))
}

/// What a piece of work touches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    pub medical_document: bool,
    pub database_change: bool,
    /// The amount of a charge problem.
    pub amount: Option<Cents>,
}

/// R4: whether a request form and the approval of the bureau's information section must come before any work.
pub fn approval_needed(contract: &Contract, touches: Touches) -> Assessed<bool> {
    let least = contract.figures.approval_amount;
    let amount = touches.amount.is_some_and(|amount| amount >= least);
    let mut derivation = Derivation::new("approval_needed", "附件1 1.3.2-4")
        .input("medical_document", touches.medical_document)
        .input("database_change", touches.database_change);
    if let Some(value) = touches.amount {
        derivation = derivation
            .input("amount", value)
            .step(format!("{value} is {} {least}", if amount { "at least" } else { "below" }));
    }
    derivation.of(touches.medical_document || touches.database_change || amount)
}

fn add(at: DateTime, minutes: i64) -> Result<DateTime, TermsError> {
    at.checked_add(minutes.minutes()).map_err(|_| TermsError::invalid("opened", "out of range"))
}
