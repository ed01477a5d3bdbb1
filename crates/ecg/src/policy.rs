//! Rules that need the record: each a named check with its source.

use crate::model::{EcgAction, ExamState};
use crate::rows::{ExamRow, ReportRow};
use kernel::{AccountId, Error, Result, Timestamp};

/// True while somebody holds the examination.
pub fn is_claimed(exam: &ExamRow, now: Timestamp) -> bool {
    exam.claimed_by.is_some() && exam.claim_until.is_some_and(|until| until > now.micros())
}

/// One examination, one doctor: whoever claims second is told who was first, and until when.
pub fn may_claim(exam: &ExamRow, account: AccountId, now: Timestamp) -> Result<()> {
    if is_claimed(exam, now) && exam.claimed_by != Some(account.uuid()) {
        return Err(Error::conflict("claimed_by_other", "somebody else is working on this examination")
            .with("name", exam.claimed_by_name.clone())
            .with("until", exam.claim_until.map(Timestamp::from_micros)));
    }
    Ok(())
}

/// Only the holder of the claim works on the report.
pub fn must_hold_claim(exam: &ExamRow, account: AccountId, now: Timestamp) -> Result<()> {
    may_claim(exam, account, now)?;
    if exam.claimed_by != Some(account.uuid()) || !is_claimed(exam, now) {
        return Err(Error::conflict("claim_expired", "the claim has run out; claim the examination again"));
    }
    Ok(())
}

/// Two signatures, two people (双签): the reviewer is not the doctor who signed.
/// Source: county model of regional ECG networks, ECG facts 3.2; `报告医师 ≠ 审核医师`.
pub fn may_review(report: &ReportRow, account: AccountId) -> Result<()> {
    if report.signature().is_some_and(|s| s.account_id == account) {
        return Err(Error::invalid("reviewer_is_signer", "the doctor who signed a report cannot review it"));
    }
    Ok(())
}

/// A report without a conclusion says nothing.
pub fn may_sign(report: &ReportRow) -> Result<()> {
    let lines = report.conclusion_lines();
    if lines.iter().all(|line| line.trim().is_empty()) {
        return Err(
            Error::invalid("report_incomplete", "the conclusion is empty").with("missing", ["conclusion"])
        );
    }
    Ok(())
}

/// Nothing goes to the diagnosis centre without a trace.
pub fn may_submit(exam: &ExamRow) -> Result<()> {
    if exam.recording_count == 0 {
        return Err(Error::invalid("recording_missing", "upload a recording first"));
    }
    Ok(())
}

/// A reason that another person can understand.
pub fn reason(text: &str) -> Result<String> {
    let text = text.trim();
    let length = text.chars().count();
    if !(2..=500).contains(&length) {
        return Err(Error::field("reason", "reason_required", "a reason of 2 to 500 characters is required"));
    }
    Ok(text.to_owned())
}

/// Clients send back the version that they edited; another in between is not overwritten.
pub fn must_be_current(exam: &ExamRow, row_version: i64) -> Result<()> {
    if exam.row_version != row_version {
        return Err(Error::conflict("stale_version", "somebody has changed this meanwhile; reload")
            .with("row_version", exam.row_version));
    }
    Ok(())
}

/// Whether `action` makes sense for this account now, permissions aside.
pub fn is_possible(
    action: EcgAction,
    exam: &ExamRow,
    report: Option<&ReportRow>,
    account: Option<AccountId>,
    now: Timestamp,
) -> bool {
    let Some(state) = ExamState::parse(&exam.state) else { return false };
    if action.next(state).is_none() {
        return effective_reclaim(action, state, exam, now);
    }
    let Some(account) = account else { return false };
    let holds = exam.claimed_by == Some(account.uuid()) && is_claimed(exam, now);
    match action {
        EcgAction::SaveReport
        | EcgAction::Sign
        | EcgAction::RequestRetake
        | EcgAction::Approve
        | EcgAction::Return
        | EcgAction::Release => holds,
        EcgAction::ClaimReview => report.is_some_and(|r| may_review(r, account).is_ok()),
        EcgAction::Submit => may_submit(exam).is_ok(),
        _ => true,
    }
}

/// A claim that has run out may be taken over although the state still says `reading` or `reviewing`.
fn effective_reclaim(action: EcgAction, state: ExamState, exam: &ExamRow, now: Timestamp) -> bool {
    !is_claimed(exam, now)
        && matches!(
            (action, state),
            (EcgAction::Claim, ExamState::Reading) | (EcgAction::ClaimReview, ExamState::Reviewing)
        )
}
