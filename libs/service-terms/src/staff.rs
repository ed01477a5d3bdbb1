//! People on site and on duty (附件1 1.3.2-1 and -7).

use crate::{Assessed, Cents, Contract, Derivation, Factor, TermsError};
use cn_calendar::{Calendar, counting};
use jiff::civil::Date;

/// What went wrong with a person on site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Away on a working day without filing.
    UnfiledLeave,
    /// Late for duty.
    LateDuty,
    /// No reply to an urgent matter on a holiday: a person must choose the amount.
    NoReply,
}

impl Lapse {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnfiledLeave => "unfiled_leave",
            Self::LateDuty => "late_duty",
            Self::NoReply => "holiday_no_reply",
        }
    }
}

/// The fine of lapses of one kind in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffFine {
    /// None while a person still has to choose.
    pub penalty: Option<Cents>,
    /// Bounds of the choice, for all lapses together.
    pub least: Cents,
    pub most: Cents,
    /// From the third unfiled leave on: criticism, interview by HR, possible removal.
    pub hr_interview: bool,
}

/// 附件1 1.3.2-7: 200 for each unfiled leave, 100 for each late duty, 100 to 300 for each missed urgent call, chosen by a
/// person.
///
/// # Errors
/// A choice outside its bounds, or a choice where there is none.
pub fn onsite_staff(
    contract: &Contract,
    lapse: Lapse,
    count: u32,
    chosen: Option<Cents>,
) -> Result<Assessed<StaffFine>, TermsError> {
    let f = &contract.figures;
    let times = Factor::fraction(count, 1)?;
    let derivation =
        Derivation::new("onsite_staff", "附件1 1.3.2-7").input("kind", lapse.as_str()).input("count", count);
    let (each_least, each_most) = match lapse {
        Lapse::UnfiledLeave => (f.unfiled_leave_fine, f.unfiled_leave_fine),
        Lapse::LateDuty => (f.late_duty_fine, f.late_duty_fine),
        Lapse::NoReply => (f.no_reply_least, f.no_reply_most),
    };
    let (least, most) = (each_least.times(times)?, each_most.times(times)?);
    let penalty = match chosen {
        Some(amount) if lapse != Lapse::NoReply => {
            return Err(TermsError::invalid("decision", format!("{amount}: this fine is fixed")));
        }
        Some(amount) if amount < least || amount > most => {
            return Err(TermsError::invalid(
                "decision",
                format!("{amount} is not between {least} and {most}"),
            ));
        }
        Some(amount) => Some(amount),
        None if least == most => Some(least),
        None => None,
    };
    let hr_interview = lapse == Lapse::UnfiledLeave && count >= f.unfiled_leave_interview_from;
    let step = match penalty {
        Some(amount) if lapse == Lapse::NoReply => format!("{amount}, chosen between {least} and {most}"),
        Some(amount) => format!("{each_least} × {count} = {amount}"),
        None => format!("between {least} and {most}: a person must choose"),
    };
    Ok(derivation.step(step).of(StaffFine { penalty, least, most, hr_interview }))
}

/// The duty of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyRoster {
    /// Last day for the roster, to its 24:00; it does not move when it is off.
    pub due: Date,
    pub warn_on: [Date; 2],
    pub duty_days: Vec<Date>,
}

/// 附件1 1.3.2-1: by the 28th of the month before, for every day off of the month. Not moved by article 203, since a moved
/// day could lie in the month itself (28 January 2025 would become 5 February).
///
/// # Errors
/// A year without a calendar: its days off are not known, and weekdays must not pass for working days.
pub fn duty_roster(
    contract: &Contract,
    calendar: &Calendar,
    year: i16,
    month: i8,
) -> Result<Assessed<DutyRoster>, TermsError> {
    let first =
        Date::new(year, month, 1).map_err(|_| TermsError::invalid("month", format!("{year}-{month:02}")))?;
    let before = counting::months_after(first, -1)?;
    let on = |day: i8| {
        Date::new(before.year(), before.month(), day)
            .map_err(|_| TermsError::invalid("roster_due_day", "no such day"))
    };
    let due = on(contract.figures.roster_due_day)?;
    let warn_on = [counting::days_after(due, -3)?, counting::days_after(due, -1)?];
    let duty_days = calendar.off_days(year, month)?;
    Ok(Derivation::new("duty_roster", "附件1 1.3.2-1")
        .input("month", format!("{year}-{month:02}"))
        .step(format!("due {due}, warnings on {} and {}", warn_on[0], warn_on[1]))
        .step(format!("{} days off by calendar {}", duty_days.len(), calendar.version()))
        .reading("due", "not moved when it is off")
        .of(DutyRoster { due, warn_on, duty_days }))
}
