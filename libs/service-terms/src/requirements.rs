//! New requirements: feedback in time, milestones met (附件1 1.3.2-6).

use crate::{
    Assessed, BusinessReading, Cents, ComplaintReading, ComplaintScopeReading, Contract, Derivation, Factor,
    FeedbackReading, TermsError,
};
use cn_calendar::Calendar;
use jiff::civil::{Date, DateTime};
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
    let limit = FeedbackLimit::of(contract, calendar, kind, received)?;
    Ok(Derivation::new("requirement_feedback_due", "附件1 1.3.2-6(4)A")
        .input("kind", kind.as_str())
        .input("received", received)
        .step(limit.step)
        .reading("feedback_hours", contract.readings.feedback_hours.as_str())
        .alternative(limit.other_reading, limit.other)
        .of(limit.due))
}

/// The limit of a feedback by the chosen reading and by the other one.
struct FeedbackLimit {
    due: DateTime,
    step: String,
    other: DateTime,
    other_reading: &'static str,
}

impl FeedbackLimit {
    fn of(
        contract: &Contract,
        calendar: &Calendar,
        kind: Kind,
        received: DateTime,
    ) -> Result<Self, TermsError> {
        let minutes = kind.limit_min(contract);
        let out_of_range = |_| TermsError::invalid("received", "out of range");
        let natural = received.checked_add(minutes.minutes()).map_err(out_of_range)?;
        // The day of receipt is not counted, and the last day ends at 24:00, as for every period of working days.
        let days = u32::try_from(minutes / 1440).unwrap_or(0);
        let last = calendar.add_working_days(received.date(), days)?;
        let working = last.tomorrow().map_err(out_of_range)?.at(0, 0, 0, 0);
        Ok(match contract.readings.feedback_hours {
            FeedbackReading::Natural => Self {
                due: natural,
                step: format!("{received} + {} h = {natural}", minutes / 60),
                other: working,
                other_reading: "feedback_hours = working",
            },
            FeedbackReading::Working => Self {
                due: working,
                step: format!("{received} + {days} working days = {working}"),
                other: natural,
                other_reading: "feedback_hours = natural",
            },
        })
    }
}

/// Whether there was a feedback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feedback<'a> {
    /// It was given.
    Given(DateTime),
    /// It never was: the requirement was delivered, declined or withdrawn without one.
    Never { act: &'a str, at: DateTime },
    /// There is none at this moment.
    NotYet(DateTime),
}

/// What a feedback costs, and until when it was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedbackFine {
    pub penalty: Cents,
    pub due: DateTime,
}

/// 附件1 1.3.2-6(4)A: 100 yuan when the limit, by the chosen reading, passed without a feedback; one that never came is as
/// late as one that came too late. The steps are the same whether it came at last or not: the fine does not grow.
///
/// # Errors
/// A year without a calendar; a feedback from before the receipt.
pub fn feedback_fine(
    contract: &Contract,
    calendar: &Calendar,
    kind: Kind,
    received: DateTime,
    feedback: Feedback<'_>,
) -> Result<Assessed<FeedbackFine>, TermsError> {
    let limit = FeedbackLimit::of(contract, calendar, kind, received)?;
    let (until, given, in_time) = match feedback {
        Feedback::Given(at) => (at, at.to_string(), "the feedback came in time"),
        Feedback::Never { act, at } => {
            (at, format!("none until it was {act} at {at}"), "it was over before: no feedback is late")
        }
        Feedback::NotYet(now) => (now, "none yet".to_owned(), "this has not passed"),
    };
    if until < received {
        return Err(TermsError::invalid("answered", "before it was received"));
    }
    let fine = |due: DateTime| if until > due { contract.figures.feedback_fine } else { Cents::ZERO };
    let found = FeedbackFine { penalty: fine(limit.due), due: limit.due };
    Ok(Derivation::new("requirement_feedback", "附件1 1.3.2-6(4)A")
        .input("kind", kind.as_str())
        .input("received", received)
        .input("feedback", given)
        .step(limit.step)
        .step(if until > limit.due { "no feedback until then: late" } else { in_time })
        .reading("feedback_hours", contract.readings.feedback_hours.as_str())
        .alternative(limit.other_reading, fine(limit.other))
        .of(found))
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missed<'a> {
    /// The date itself, where it is known.
    pub due: Option<Date>,
    /// Both sides had agreed on the date; one set by a single side is void (6(2)), and without a date there is no delay (6(3)).
    pub agreed_by_both: bool,
    /// Because of this date.
    pub complaints: &'a [Complaint],
    /// Business of the bureau or of institutions was affected because of this date.
    pub business_affected: bool,
    /// Because of other missed dates of the same milestone.
    pub other_complaints: &'a [Complaint],
    pub other_business_affected: bool,
}

/// 附件1 1.3.2-6(4)B and C: 200 yuan for each agreed date missed, doubled or half as much again by complaints, 500 where
/// business was affected.
///
/// # Errors
/// None with a contract that was checked.
pub fn milestone(contract: &Contract, missed: Missed<'_>) -> Result<Assessed<Cents>, TermsError> {
    let names: Vec<&str> = missed.complaints.iter().map(|c| c.as_str()).collect();
    let r = &contract.readings;
    let mut derivation = Derivation::new("requirement_milestone", "附件1 1.3.2-6(4)BC");
    if let Some(due) = missed.due {
        derivation = derivation.input("agreed", due);
    }
    derivation = derivation
        .input("agreed_by_both", missed.agreed_by_both)
        .input("complaints", names.join(", "))
        .input("business_affected", missed.business_affected);
    if !missed.agreed_by_both {
        return Ok(derivation.step("no date that both agreed on: no delay").of(Cents::ZERO));
    }
    let of_milestone: Vec<Complaint> =
        missed.complaints.iter().chain(missed.other_complaints).copied().collect();
    let within = |scope: ComplaintScopeReading| match scope {
        ComplaintScopeReading::Date => missed,
        ComplaintScopeReading::Milestone => Missed {
            complaints: &of_milestone,
            business_affected: missed.business_affected || missed.other_business_affected,
            ..missed
        },
    };
    let (penalty, step) = missed_fine(contract, within(r.complaint_scope), r.complaints, r.business)?;
    derivation = derivation
        .step(step)
        .reading("complaints", r.complaints.as_str())
        .reading("complaint_scope", r.complaint_scope.as_str())
        .reading("business", r.business.as_str());
    let others = !missed.other_complaints.is_empty() || missed.other_business_affected;
    for scope in ComplaintScopeReading::ALL {
        let facts = within(*scope);
        for complaints in ComplaintReading::ALL {
            for business in BusinessReading::ALL {
                let matters = (*scope == r.complaint_scope || others)
                    && (*complaints == r.complaints || facts.complaints.len() > 1)
                    && (*business == r.business || facts.business_affected);
                if (*scope, *complaints, *business) == (r.complaint_scope, r.complaints, r.business)
                    || !matters
                {
                    continue;
                }
                let (other, _) = missed_fine(contract, facts, *complaints, *business)?;
                let mut differs = Vec::new();
                if *complaints != r.complaints {
                    differs.push(format!("complaints = {}", complaints.as_str()));
                }
                if *scope != r.complaint_scope {
                    differs.push(format!("complaint_scope = {}", scope.as_str()));
                }
                if *business != r.business {
                    differs.push(format!("business = {}", business.as_str()));
                }
                derivation = derivation.alternative(differs.join(", "), other);
            }
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
