//! New requirements: feedback in time, milestones met (附件1 1.3.2-6).

use crate::{
    Assessed, BusinessReading, Cents, ComplaintReading, Contract, Derivation, Factor, FeedbackReading,
    TermsError,
};
use cn_calendar::Calendar;
use jiff::civil::DateTime;
use jiff::{SpanRelativeTo, ToSpan};

/// Whether a requirement is ordinary or complex: both parties confirm it; until then it counts as ordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Ordinary,
    Complex,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Complex => "complex",
        }
    }

    fn limit_min(self, contract: &Contract) -> i64 {
        match self {
            Self::Ordinary => contract.figures.feedback_ordinary_min,
            Self::Complex => contract.figures.feedback_complex_min,
        }
    }
}

/// 附件1 1.3.2-6(4)A: 100 yuan when feedback took longer than 24 or 72 hours. Exactly 24:00 h is in time.
///
/// # Errors
/// A negative time.
pub fn feedback(contract: &Contract, kind: Kind, seconds: i64) -> Result<Assessed<Cents>, TermsError> {
    if seconds < 0 {
        return Err(TermsError::invalid("minutes", "below zero"));
    }
    let limit = kind.limit_min(contract);
    let late = seconds > limit.saturating_mul(60);
    let penalty = if late { contract.figures.feedback_fine } else { Cents::ZERO };
    let took = format!("{}:{:02}:{:02} h", seconds / 3600, seconds / 60 % 60, seconds % 60);
    Ok(Derivation::new("requirement_feedback", "附件1 1.3.2-6(4)A")
        .input("kind", kind.as_str())
        .input("took", &took)
        .step(format!("{took} of {} h: {}", limit / 60, if late { "late" } else { "in time" }))
        .reading("feedback_hours", contract.readings.feedback_hours.as_str())
        .of(penalty))
}

/// When feedback is due, by the chosen reading: natural hours, or working days.
///
/// # Errors
/// A year without a calendar.
pub fn feedback_due(
    contract: &Contract,
    calendar: &Calendar,
    kind: Kind,
    received: DateTime,
) -> Result<Assessed<DateTime>, TermsError> {
    let minutes = kind.limit_min(contract);
    let out_of_range = |_| TermsError::invalid("received", "out of range");
    let natural = received.checked_add(minutes.minutes()).map_err(out_of_range)?;
    // The day of receipt is not counted, and the last day ends at 24:00, as for every period of working days.
    let days = u32::try_from(minutes / 1440).unwrap_or(0);
    let last = calendar.add_working_days(received.date(), days)?;
    let working = last.tomorrow().map_err(out_of_range)?.at(0, 0, 0, 0);
    let (due, other, other_name) = match contract.readings.feedback_hours {
        FeedbackReading::Natural => (natural, working, "feedback_hours = working"),
        FeedbackReading::Working => (working, natural, "feedback_hours = natural"),
    };
    Ok(Derivation::new("requirement_feedback_due", "附件1 1.3.2-6(4)A")
        .input("kind", kind.as_str())
        .input("received", received)
        .step(format!("{received} + {} h = {due}", minutes / 60))
        .reading("feedback_hours", contract.readings.feedback_hours.as_str())
        .alternative(other_name, other)
        .of(due))
}

/// Seconds between two wall-clock moments.
pub(crate) fn seconds(from: DateTime, to: DateTime) -> i64 {
    (to - from).to_duration(SpanRelativeTo::days_are_24_hours()).map_or(0, |d| d.as_secs())
}

/// To whom was complained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// The city's Party committee or government.
    CityGovernment,
    /// Leaders of the health bureau.
    HealthBureau,
}

impl Complaint {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CityGovernment => "city_government",
            Self::HealthBureau => "health_bureau",
        }
    }
}

/// What happened at an agreed date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed<'a> {
    /// Both sides had agreed on the date; one set by a single side is void (6(2)), and without a date there is no delay (6(3)).
    pub agreed_by_both: bool,
    pub complaints: &'a [Complaint],
    /// Business of the bureau or of institutions was affected.
    pub business_affected: bool,
}

/// 附件1 1.3.2-6(4)B and C: 200 yuan for each agreed date missed, doubled or half as much again by complaints, 500 where
/// business was affected.
///
/// # Errors
/// None with a contract that was checked.
pub fn milestone(contract: &Contract, missed: Missed<'_>) -> Result<Assessed<Cents>, TermsError> {
    let names: Vec<&str> = missed.complaints.iter().map(|c| c.as_str()).collect();
    let r = &contract.readings;
    let mut derivation = Derivation::new("requirement_milestone", "附件1 1.3.2-6(4)BC")
        .input("agreed_by_both", missed.agreed_by_both)
        .input("complaints", names.join(", "))
        .input("business_affected", missed.business_affected);
    if !missed.agreed_by_both {
        return Ok(derivation.step("no date that both agreed on: no delay").of(Cents::ZERO));
    }
    let (penalty, step) = missed_fine(contract, missed, r.complaints, r.business)?;
    derivation = derivation
        .step(step)
        .reading("complaints", r.complaints.as_str())
        .reading("business", r.business.as_str());
    for complaints in ComplaintReading::ALL {
        for business in BusinessReading::ALL {
            let matters = (*complaints == r.complaints || names.len() > 1)
                && (*business == r.business || missed.business_affected);
            if (*complaints, *business) == (r.complaints, r.business) || !matters {
                continue;
            }
            let (other, _) = missed_fine(contract, missed, *complaints, *business)?;
            let name = format!("complaints = {}, business = {}", complaints.as_str(), business.as_str());
            derivation = derivation.alternative(name, other);
        }
    }
    Ok(derivation.of(penalty))
}

fn missed_fine(
    contract: &Contract,
    missed: Missed<'_>,
    complaints: ComplaintReading,
    business: BusinessReading,
) -> Result<(Cents, String), TermsError> {
    let f = &contract.figures;
    let of = |c: Complaint| match c {
        Complaint::CityGovernment => f.complaint_city_factor,
        Complaint::HealthBureau => f.complaint_bureau_factor,
    };
    // Two complaints to one place are one complaint.
    let mut factors: Vec<Factor> = Vec::new();
    for kind in [Complaint::CityGovernment, Complaint::HealthBureau] {
        if missed.complaints.contains(&kind) {
            factors.push(of(kind));
        }
    }
    let factor = match complaints {
        ComplaintReading::Max => factors.iter().copied().fold(Factor::ONE, Factor::max),
        ComplaintReading::Product => factors.iter().copied().fold(Factor::ONE, Factor::and),
    };
    let plain = f.milestone_fine.times(factor)?;
    let step = format!("{} × {factor} = {plain}", f.milestone_fine);
    if !missed.business_affected {
        return Ok((plain, step));
    }
    let fine = f.milestone_business_fine;
    Ok(match business {
        BusinessReading::Replace => {
            let greater = plain.max(fine);
            (greater, format!("{step}; business affected: max({fine}, {plain}) = {greater}"))
        }
        BusinessReading::Additive => {
            let sum = plain + fine;
            (sum, format!("{step}; business affected: + {fine} = {sum}"))
        }
        BusinessReading::Multiplied => {
            let product = fine.times(factor)?;
            (product, format!("business affected: {fine} × {factor} = {product}"))
        }
    })
}
