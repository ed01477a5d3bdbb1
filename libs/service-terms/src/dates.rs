//! Other duties with a date (clauses 6.1, 6.2, 8.2, 9, 10, 12 and annexes 2 and 3).

use crate::{Assessed, Contract, Derivation, TermsError};
use cn_calendar::{Calendar, counting};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// When the end of the term must be recalled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewalReminder {
    pub latest: Date,
    /// 90, 75 and 65 days before the end.
    pub warn_on: [Date; 3],
    /// 12.5: talks in the last month of the term.
    pub talks_from: Date,
}

/// 6.2(7): at least 60 days before expiry.
///
/// # Errors
/// A date out of range.
pub fn renewal_reminder(
    contract: &Contract,
    term_end: Date,
) -> Result<Assessed<RenewalReminder>, TermsError> {
    let days = contract.figures.renewal_notice_days;
    let before = |days: i32| counting::days_after(term_end, -days);
    let value = RenewalReminder {
        latest: before(days)?,
        warn_on: [before(90)?, before(75)?, before(65)?],
        talks_from: counting::months_after(term_end, -1)?,
    };
    Ok(Derivation::new("renewal_reminder", "6.2(7)")
        .input("term_end", term_end)
        .step(format!("{term_end} - {days} days = {}", value.latest))
        .of(value))
}

/// Deadlines of force majeure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForceMajeure {
    pub notice_by: Date,
    /// The notice's last day by article 203, where the alarm day is off.
    pub notice_by_law: Date,
    pub certificate_by: Date,
    pub terminate_from: Date,
    /// 10.2: none when it struck during one's own delay.
    pub relief: bool,
}

/// Clause 10: notice within 3 days, a certificate within 10 working days, and after 30 days without agreement either side
/// may end the contract.
///
/// # Errors
/// A year without a calendar.
pub fn force_majeure(
    calendar: &Calendar,
    event: Date,
    during_own_delay: bool,
) -> Result<Assessed<ForceMajeure>, TermsError> {
    let notice_by = counting::days_after(event, 3)?;
    let value = ForceMajeure {
        notice_by,
        notice_by_law: counting::rolled(calendar, notice_by)?,
        certificate_by: calendar.add_working_days(event, 10)?,
        terminate_from: counting::days_after(event, 30)?,
        relief: !during_own_delay,
    };
    Ok(Derivation::new("force_majeure", "10.1")
        .input("event", event)
        .input("during_own_delay", during_own_delay)
        .step(format!("notice: {event} + 3 days = {notice_by}"))
        .step(format!("certificate: {event} + 10 working days = {}", value.certificate_by))
        .step(format!("either may end it from {event} + 30 days = {}", value.terminate_from))
        .reading("notice", "the alarm is not moved by article 203")
        .alternative("notice moved by article 203", value.notice_by_law)
        .of(value))
}

/// Duties after the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// 9.3: originals returned, copies destroyed.
    pub return_by: Date,
    /// 9.6.
    pub confidential_until: Date,
    /// 6.1(9).
    pub no_poaching_until: Date,
}

/// Clauses 9.3, 9.6 and 6.1(9).
///
/// # Errors
/// A date out of range.
pub fn closing(ended: Date) -> Result<Assessed<Closing>, TermsError> {
    let year = counting::years_after(ended, 1)?;
    let value = Closing {
        return_by: counting::days_after(ended, 10)?,
        confidential_until: year,
        no_poaching_until: year,
    };
    Ok(Derivation::new("closing", "9.3/9.6")
        .input("ended", ended)
        .step(format!("return by {ended} + 10 days = {}", value.return_by))
        .step(format!("confidential until {ended} + 1 year = {year}"))
        .of(value))
}

/// Filing of a system that went online.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filing {
    pub submit_by: Date,
    pub filed_by: Date,
}

/// 附件2 十五(三): submitted within 5 working days, filed within 10 working days after the submission, which is taken on its
/// last day unless it is known.
///
/// # Errors
/// A year without a calendar; submitted before going online.
pub fn filing(
    calendar: &Calendar,
    online: Date,
    submitted: Option<Date>,
) -> Result<Assessed<Filing>, TermsError> {
    if submitted.is_some_and(|day| day < online) {
        return Err(TermsError::invalid("submitted", "before going online"));
    }
    let submit_by = calendar.add_working_days(online, 5)?;
    let from = submitted.unwrap_or(submit_by);
    let filed_by = calendar.add_working_days(from, 10)?;
    Ok(Derivation::new("filing", "附件2 十五(三)")
        .input("online", online)
        .step(format!("submit by {online} + 5 working days = {submit_by}"))
        .step(format!("filed by {from} + 10 working days = {filed_by}"))
        .of(Filing { submit_by, filed_by }))
}

/// 8.2: party A repays within 60 days of written notice, moved by article 203.
///
/// # Errors
/// A year without a calendar.
pub fn repayment(calendar: &Calendar, notice: Date) -> Result<Assessed<Date>, TermsError> {
    let last = counting::days_after(notice, 60)?;
    let due = counting::rolled(calendar, last)?;
    Ok(Derivation::new("repayment", "8.2")
        .input("notice", notice)
        .step(format!("{notice} + 60 days = {last}, working day {due}"))
        .of(due))
}

/// 附件2 十六: 24 hours for the report to the authorities and the written notice to the other party, confirmed separately.
///
/// # Errors
/// A moment out of range.
pub fn incident_notice(contract: &Contract, noticed: DateTime) -> Result<Assessed<DateTime>, TermsError> {
    let minutes = contract.figures.incident_notice_min;
    let due =
        noticed.checked_add(minutes.minutes()).map_err(|_| TermsError::invalid("noticed", "out of range"))?;
    Ok(Derivation::new("incident_notice", "附件2 十六")
        .input("noticed", noticed)
        .step(format!("{noticed} + {} h = {due}", minutes / 60))
        .of(due))
}

/// How a letter went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Signed for on this day.
    SignedFor(Date),
    /// Refused, or the mailbox was full.
    Refused,
}

/// 12.9: a notice is sent on the postmark's day and served when signed for; refused, it is served when sent.
///
/// # Errors
/// Signed for before it was sent.
pub fn notice_served(postmark: Date, delivery: Delivery) -> Result<Assessed<Date>, TermsError> {
    let (served, why) = match delivery {
        Delivery::SignedFor(day) if day < postmark => {
            return Err(TermsError::invalid("signed_for", "before it was sent"));
        }
        Delivery::SignedFor(day) => (day, "signed for"),
        Delivery::Refused => (postmark, "refused: served when sent"),
    };
    Ok(Derivation::new("notice_served", "12.9").input("postmark", postmark).step(why).of(served))
}

/// 附件3 二.11: whether a yearly security report is due: more than a million registered users, or a service of travel,
/// education, jobs, medicine or payment.
pub fn security_report_due(registered_users: u64, sensitive_sector: bool) -> Assessed<bool> {
    let due = registered_users > 1_000_000 || sensitive_sector;
    Derivation::new("security_report", "附件3 二.11")
        .input("registered_users", registered_users)
        .input("sensitive_sector", sensitive_sector)
        .step("more than 1,000,000 users, or such a sector")
        .of(due)
}

/// 附件3 二.8: a vulnerability or risk is reported at once. The text has no number; ours is 24 hours by the clock, on every day.
///
/// # Errors
/// A moment out of range.
pub fn vulnerability_report(contract: &Contract, found: DateTime) -> Result<Assessed<DateTime>, TermsError> {
    let minutes = contract.figures.vulnerability_report_min;
    let due =
        found.checked_add(minutes.minutes()).map_err(|_| TermsError::invalid("found", "out of range"))?;
    Ok(Derivation::new("vulnerability_report", "附件3 二.8")
        .input("found", found)
        .step(format!("{found} + {} h = {due}", minutes / 60))
        .reading("vulnerability_report_min", "the text says at once; the number is ours")
        .of(due))
}

/// 附件3 二.11: the day by which the yearly security report is confirmed. The text has no day; ours is 30 days before the end.
///
/// # Errors
/// A date out of range.
pub fn security_report_date(contract: &Contract) -> Result<Assessed<Date>, TermsError> {
    let days = contract.figures.security_report_before_end_days;
    let due = counting::days_after(contract.term_end, -days)?;
    Ok(Derivation::new("security_report_date", "附件3 二.11")
        .input("term_end", contract.term_end)
        .step(format!("{} - {days} days = {due}", contract.term_end))
        .reading("security_report_before_end_days", "the text says yearly; the day is ours")
        .of(due))
}

/// 附件3 一.5(1): the three years before signing that are looked back on.
///
/// # Errors
/// A date out of range.
pub fn look_back(signed: Date) -> Result<Assessed<(Date, Date)>, TermsError> {
    let from = counting::years_after(signed, -3)?;
    Ok(Derivation::new("look_back", "附件3 一.5(1)")
        .input("signed", signed)
        .step(format!("{from} to {signed}"))
        .of((from, signed)))
}

/// One inspection or report that the contract owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InspectionDue {
    /// `cloud_monthly`, `video_monthly` or `preventive_quarterly`.
    pub kind: &'static str,
    pub due: Date,
}

/// Every inspection of the term: monthly for the cloud platform and the video hardware, by the last day of each calendar
/// month after the one of signing; preventive by contract quarter.
///
/// # Errors
/// A date out of range.
pub fn inspections(contract: &Contract) -> Result<Assessed<Vec<InspectionDue>>, TermsError> {
    let mut list = Vec::new();
    let mut month = counting::months_after(contract.term_start.first_of_month(), 1)?;
    while month.last_of_month() <= contract.term_end {
        for kind in ["cloud_monthly", "video_monthly"] {
            list.push(InspectionDue { kind, due: month.last_of_month() });
        }
        month = counting::months_after(month, 1)?;
    }
    // The last month ends with the term.
    if month <= contract.term_end {
        for kind in ["cloud_monthly", "video_monthly"] {
            list.push(InspectionDue { kind, due: month.last_of_month() });
        }
    }
    let mut quarter = 3;
    loop {
        let end = counting::months_after(contract.term_start, quarter)?;
        // A term that is written with its last day, such as until 11-27 or from 11-29 to 11-28, holds its last quarter too.
        if counting::days_between(end, contract.term_end) < -1 {
            break;
        }
        list.push(InspectionDue { kind: "preventive_quarterly", due: end.min(contract.term_end) });
        quarter += 3;
    }
    list.sort_by_key(|inspection| inspection.due);
    Ok(Derivation::new("inspections", "附件1 1.1.2(5), 1.2.2(1), 6.2(3)")
        .input("term_start", contract.term_start)
        .input("term_end", contract.term_end)
        .step(format!("{} inspections", list.len()))
        .reading("month", "calendar months; quarters of the contract")
        .of(list))
}
