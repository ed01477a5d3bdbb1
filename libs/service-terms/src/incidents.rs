//! Incidents of the software subsystems: severity, limits, fine (附件1 1.3.2-5, 附件2 十六).

use crate::{
    Assessed, Cents, Contract, Derivation, Factor, Item, RepeatReading, S1LateReading, TermsError,
    YearReading,
};
use cn_calendar::counting;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// How bad an incident is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// 特别重大
    S1,
    /// 重大
    S2,
    /// 较重大
    S3,
    /// 一般
    S4,
}

impl Severity {
    pub const ALL: [Self; 4] = [Self::S1, Self::S2, Self::S3, Self::S4];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::S1 => "S1",
            Self::S2 => "S2",
            Self::S3 => "S3",
            Self::S4 => "S4",
        }
    }

    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str().eq_ignore_ascii_case(text))
    }

    /// Minutes within which the system must work again; S4 has none.
    pub fn limit_min(self, contract: &Contract) -> Option<i64> {
        let f = &contract.figures;
        match self {
            Self::S1 => Some(f.incident_limit_s1_min),
            Self::S2 => Some(f.incident_limit_s2_min),
            Self::S3 => Some(f.incident_limit_s3_min),
            Self::S4 => None,
        }
    }

    fn rate(self, contract: &Contract) -> Option<Factor> {
        let f = &contract.figures;
        match self {
            Self::S1 => Some(f.incident_rate_s1),
            Self::S2 => Some(f.incident_rate_s2),
            Self::S3 => Some(f.incident_rate_s3),
            Self::S4 => None,
        }
    }
}

/// How grave people judged the impact: the words of the text, which nothing can compute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    #[default]
    Slight,
    /// 较为严重
    FairlySerious,
    /// 严重
    Serious,
    /// 特别严重
    EspeciallySerious,
}

/// Whose data were lost, stolen, tampered with or forged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataHarm {
    #[default]
    None,
    OneInstitution,
    SeveralInstitutions,
    /// City-wide service or patient data, in bulk.
    CityWide,
}

/// What is known of an incident when its severity is decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Institutions connected to the subsystem.
    pub connected_institutions: u32,
    /// Of them, primary institutions that cannot do their core business.
    pub primary_stopped: u32,
    /// Of them, institutions of the second level or above that cannot.
    pub secondary_stopped: u32,
    #[serde(default)]
    pub data_harm: DataHarm,
    #[serde(default)]
    pub impact: Impact,
}

/// The severity by the text, first match wins. Primary and higher institutions are counted together ("and/or"); S1 for an
/// outage needs at least two institutions, so that a subsystem of a single hospital is not "especially grave".
///
/// # Errors
/// More institutions stopped than connected.
pub fn severity(evidence: &Evidence) -> Result<Assessed<Severity>, TermsError> {
    let stopped = evidence.primary_stopped.saturating_add(evidence.secondary_stopped);
    if stopped > evidence.connected_institutions {
        return Err(TermsError::invalid(
            "connected_institutions",
            format!("{stopped} stopped of {} connected", evidence.connected_institutions),
        ));
    }
    let all = stopped == evidence.connected_institutions;
    let (value, why) = if all && stopped >= 2 {
        (Severity::S1, "no connected institution can do its core business")
    } else if evidence.data_harm == DataHarm::CityWide {
        (Severity::S1, "city-wide data were harmed in bulk")
    } else if evidence.impact == Impact::EspeciallySerious {
        (Severity::S1, "the impact is especially serious")
    } else if stopped >= 2 {
        (Severity::S2, "several institutions cannot do their core business")
    } else if evidence.data_harm == DataHarm::SeveralInstitutions {
        (Severity::S2, "data of several institutions were harmed")
    } else if evidence.impact == Impact::Serious {
        (Severity::S2, "the impact is serious")
    } else if stopped == 1 {
        (Severity::S3, "one institution cannot do its core business")
    } else if evidence.data_harm == DataHarm::OneInstitution {
        (Severity::S3, "data of one institution were harmed")
    } else if evidence.impact == Impact::FairlySerious {
        (Severity::S3, "the impact is fairly serious")
    } else {
        (Severity::S4, "some threat or impact, none of the above")
    };
    Ok(Derivation::new("incident_severity", "附件1 1.3.2-5(1)")
        .input("connected_institutions", evidence.connected_institutions)
        .input("primary_stopped", evidence.primary_stopped)
        .input("secondary_stopped", evidence.secondary_stopped)
        .step(format!("{}: {why}", value.as_str()))
        .reading("institutions", "primary and higher ones are counted together")
        .of(value))
}

/// The fine of one incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncidentFine {
    pub penalty: Cents,
    /// The item has no fine in this section (cloud, video): the amount is zero, to be negotiated on the item's fee.
    pub negotiable: bool,
}

/// What an incident is fined for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incident {
    pub severity: Severity,
    /// 1 for the first of its kind (same subsystem, severity and confirmed root cause) in the year.
    pub occurrence: u32,
    /// Restored after the limit.
    pub late: bool,
    /// The fine of the one before with its surcharge, for the reading that builds on it.
    pub previous: Option<Cents>,
}

/// 附件1 1.3.2-5(3): fee × rate × 1.5^(n−1); a late S2 or S3 costs double, a late S1 one percent of the fee more.
///
/// # Errors
/// Occurrence 0 or above 41; the reading `compound_with_late` without the fine before.
pub fn incident_penalty(
    contract: &Contract,
    item: &Item,
    incident: Incident,
) -> Result<Assessed<IncidentFine>, TermsError> {
    if incident.occurrence == 0 {
        return Err(TermsError::invalid("occurrence", "the first is number 1"));
    }
    let r = &contract.readings;
    let mut derivation = Derivation::new("incident_penalty", "附件1 1.3.2-5(3)")
        .input("item", &item.code)
        .input("fee", item.price)
        .input("severity", incident.severity.as_str())
        .input("occurrence", incident.occurrence)
        .input("late", incident.late);
    let Some(rate) = incident.severity.rate(contract) else {
        let none = IncidentFine { penalty: Cents::ZERO, negotiable: false };
        return Ok(derivation.step("S4: the text names no fine").of(none));
    };
    let (penalty, steps) = fine(contract, item, rate, incident, r.repeat, r.s1_late)?;
    if !item.incident_fines {
        let none = IncidentFine { penalty: Cents::ZERO, negotiable: true };
        return Ok(derivation
            .step("the section fines software subsystems only: nothing is computed, the amount is negotiated")
            .alternative("base = the item's own fee", penalty)
            .of(none));
    }
    for step in steps {
        derivation = derivation.step(step);
    }
    derivation = derivation.reading("repeat", r.repeat.as_str()).reading("s1_late", r.s1_late.as_str());
    for repeat in RepeatReading::ALL {
        for s1_late in S1LateReading::ALL {
            let matters = (*repeat == r.repeat || incident.occurrence > 1)
                && (*s1_late == r.s1_late || (incident.late && incident.severity == Severity::S1));
            if (*repeat, *s1_late) == (r.repeat, r.s1_late) || !matters {
                continue;
            }
            // The reading that needs the fine before it is shown where that is known.
            if let Ok((other, _)) = fine(contract, item, rate, incident, *repeat, *s1_late) {
                let mut differs = Vec::new();
                if *repeat != r.repeat {
                    differs.push(format!("repeat = {}", repeat.as_str()));
                }
                if *s1_late != r.s1_late {
                    differs.push(format!("s1_late = {}", s1_late.as_str()));
                }
                derivation = derivation.alternative(differs.join(", "), other);
            }
        }
    }
    Ok(derivation.of(IncidentFine { penalty, negotiable: false }))
}

fn fine(
    contract: &Contract,
    item: &Item,
    rate: Factor,
    incident: Incident,
    repeat: RepeatReading,
    s1_late: S1LateReading,
) -> Result<(Cents, Vec<String>), TermsError> {
    let again = incident.occurrence - 1;
    let growth = contract.figures.incident_repeat_factor;
    let fee = item.price;
    let mut steps = Vec::new();
    // Exact until the line is whole, rounded once.
    let (base, factor) = match repeat {
        RepeatReading::Compound => {
            steps.push(format!("{fee} × {rate} × {growth}^{again}"));
            (fee, rate.and(growth.power(again)?))
        }
        RepeatReading::Linear => {
            steps.push(format!("{fee} × {rate} × (1 + 0.5 × {again})"));
            (fee, rate.and(Factor::ONE.plus(Factor::fraction(again, 2)?)))
        }
        RepeatReading::CompoundWithLate if again == 0 => {
            steps.push(format!("{fee} × {rate}"));
            (fee, rate)
        }
        RepeatReading::CompoundWithLate => {
            let before = incident.previous.ok_or_else(|| {
                TermsError::invalid("previous", "this reading needs the fine of the incident before")
            })?;
            steps.push(format!("{before} × {growth}"));
            (before, growth)
        }
    };
    let (late, surcharge) = match (incident.late, incident.severity, s1_late) {
        (false, ..) => (Factor::ONE, Cents::ZERO),
        (true, Severity::S1, S1LateReading::PercentagePoint) => {
            // One percentage point of the fee: the S1 rate once more.
            let point = fee.times(contract.figures.incident_rate_s1)?;
            steps.push(format!("late: plus {fee} × {} = {point}", contract.figures.incident_rate_s1));
            (Factor::ONE, point)
        }
        (true, Severity::S1, S1LateReading::Literal) => {
            steps.push("late: × 1.01".to_owned());
            (Factor::fraction(101, 100)?, Cents::ZERO)
        }
        (true, ..) => {
            steps.push("late: × 2".to_owned());
            (Factor::whole(2), Cents::ZERO)
        }
    };
    let penalty = base.times(factor.and(late))? + surcharge;
    steps.push(format!("penalty = {penalty}"));
    Ok((penalty, steps))
}

/// The clock of an incident: wall-clock, around the clock, never paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncidentClock {
    /// The earliest evidence.
    pub started: DateTime,
    /// Last moment in time; none for S4.
    pub restore_by: Option<DateTime>,
    pub report_by: Option<DateTime>,
    /// 附件2 十六: authorities and party A must have been told, each with its own confirmation.
    pub notify_by: DateTime,
    /// Whether it was restored late; none while it runs or without a limit.
    pub late: Option<bool>,
}

/// From the earliest of first alarm and first report (monitoring evidence counts) to the restoration. Restored at the very
/// limit is in time.
///
/// # Errors
/// No evidence at all; restored before it began.
pub fn incident_clock(
    contract: &Contract,
    severity: Severity,
    first_alarm: Option<DateTime>,
    first_report: Option<DateTime>,
    restored: Option<DateTime>,
) -> Result<Assessed<IncidentClock>, TermsError> {
    let started = [first_alarm, first_report].into_iter().flatten().min();
    let started =
        started.ok_or_else(|| TermsError::invalid("first_report", "neither an alarm nor a report"))?;
    if restored.is_some_and(|at| at < started) {
        return Err(TermsError::invalid("restored", "before the first evidence"));
    }
    let after = |minutes: i64| {
        started.checked_add(minutes.minutes()).map_err(|_| TermsError::invalid("started", "out of range"))
    };
    let restore_by = severity.limit_min(contract).map(after).transpose()?;
    let report_by = match severity.limit_min(contract) {
        Some(limit) => Some(after(limit + contract.figures.incident_report_after_min)?),
        None => None,
    };
    let late = restore_by.zip(restored).map(|(limit, at)| at > limit);
    let notify_by = after(contract.figures.incident_notice_min)?;
    let text = |at: Option<DateTime>| at.map_or_else(|| "none".to_owned(), |at| at.to_string());
    Ok(Derivation::new("incident_clock", "附件1 1.3.2-5(2)")
        .input("severity", severity.as_str())
        .input("first_alarm", text(first_alarm))
        .input("first_report", text(first_report))
        .input("restored", text(restored))
        .step(format!("starts with the earliest evidence, {started}"))
        .step(format!("restore by {}, report by {}", text(restore_by), text(report_by)))
        .reading("report", "the limit is for the restoration; the report follows 24 h later")
        .of(IncidentClock { started, restore_by, report_by, notify_by, late }))
}

/// An earlier incident, for counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    pub started: DateTime,
    pub item: String,
    pub severity: Severity,
    pub cause: String,
}

/// The number of an incident among those of its kind in the year, itself included. Of two in the same second the one that
/// stands first in `earlier` counts as earlier.
pub fn occurrence(contract: &Contract, earlier: &[Earlier], this: &Earlier) -> u32 {
    let year = |at: DateTime| -> i32 {
        match contract.readings.year {
            YearReading::Calendar => i32::from(at.year()),
            YearReading::Contract => contract_year(contract.term_start, at.date()),
        }
    };
    let same = |other: &&Earlier| {
        other.item == this.item
            && other.severity == this.severity
            && other.cause == this.cause
            && other.started <= this.started
            && year(other.started) == year(this.started)
    };
    u32::try_from(earlier.iter().filter(same).count()).unwrap_or(u32::MAX).saturating_add(1)
}

/// 0 in the first year of the contract, 1 in the second.
fn contract_year(start: Date, at: Date) -> i32 {
    let mut years = i32::from(at.year()) - i32::from(start.year());
    let anniversary = i16::try_from(years).ok().and_then(|y| counting::years_after(start, y).ok());
    if anniversary.is_some_and(|day| at < day) {
        years -= 1;
    }
    years
}
