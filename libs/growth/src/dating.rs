//! The due date (预产期) and when to change it.
//!
//! | basis | rule |
//! |---|---|
//! | last period | first day + 280 days, + (cycle − 28) |
//! | ultrasound | day of the scan + 280 − gestation by the scan |
//! | IVF | day of transfer + 266 − age of the embryo in days |
//!
//! An ultrasound replaces the last period when they differ by more than the days of ACOG Committee Opinion 700
//! (2017, reaffirmed 2022). IVF is never replaced. The earliest ultrasound decides; later ones show growth.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::pregnancy::{Gestation, PregnancyError};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    LastPeriod,
    Ultrasound,
    Ivf,
}

/// A due date and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDate {
    pub date: Date,
    pub basis: Basis,
}

/// Usual cycle lengths; outside of them ovulation cannot be counted from the period.
const CYCLE_DAYS: std::ops::RangeInclusive<i32> = 20..=45;

/// # Errors
/// A cycle outside 20–45 days, or a date beyond the calendar.
pub fn due_by_last_period(first_day: Date, cycle_days: i32) -> Result<DueDate, PregnancyError> {
    if !CYCLE_DAYS.contains(&cycle_days) {
        return Err(PregnancyError::IrregularCycle);
    }
    due(first_day, 280 + cycle_days - 28, Basis::LastPeriod)
}

/// # Errors
/// A date beyond the calendar.
pub fn due_by_ultrasound(scan: Date, gestation: Gestation) -> Result<DueDate, PregnancyError> {
    due(scan, 280 - i32::from(gestation.days()), Basis::Ultrasound)
}

/// `embryo_age_days`: 3 or 5 mostly.
///
/// # Errors
/// An age outside 2–7 days, or a date beyond the calendar.
pub fn due_by_ivf(transfer: Date, embryo_age_days: i32) -> Result<DueDate, PregnancyError> {
    if !(2..=7).contains(&embryo_age_days) {
        return Err(PregnancyError::ImpossibleEmbryoAge);
    }
    due(transfer, 266 - embryo_age_days, Basis::Ivf)
}

fn due(from: Date, days: i32, basis: Basis) -> Result<DueDate, PregnancyError> {
    let date = from.checked_add(days.days()).map_err(|_| PregnancyError::DateOutsidePregnancy)?;
    Ok(DueDate { date, basis })
}

/// Gestation on a day, counted back from the due date.
///
/// # Errors
/// A day before the pregnancy or beyond 45 weeks.
pub fn gestation_on(due: DueDate, day: Date) -> Result<Gestation, PregnancyError> {
    let left = days_between(day, due.date)?;
    let days = u16::try_from(280 - left).map_err(|_| PregnancyError::DateOutsidePregnancy)?;
    Gestation::from_days(days).map_err(|_| PregnancyError::DateOutsidePregnancy)
}

fn days_between(from: Date, to: Date) -> Result<i32, PregnancyError> {
    Ok(from.until(to).map_err(|_| PregnancyError::DateOutsidePregnancy)?.get_days())
}

/// Days of difference above which the ultrasound decides, by gestation from the last period on the day of the scan.
#[must_use]
pub fn redating_threshold_days(gestation: Gestation) -> i32 {
    match gestation.days() {
        0..=62 => 5,     // to 8+6
        63..=111 => 7,   // 9+0–15+6
        112..=153 => 10, // 16+0–21+6
        154..=195 => 14, // 22+0–27+6
        _ => 21,         // from 28+0
    }
}

/// The decision with everything that led to it: both dates are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redating {
    pub due: DueDate,
    pub before: DueDate,
    pub by_ultrasound: DueDate,
    /// Due date by ultrasound minus the one before.
    pub difference_days: i32,
    /// Nothing for IVF, which is not replaced.
    pub threshold_days: Option<i32>,
    pub changed: bool,
}

/// Weighs a first ultrasound against the due date at hand.
///
/// # Errors
/// A scan outside the pregnancy that the due date at hand describes.
pub fn redate(before: DueDate, scan: Date, gestation_by_scan: Gestation) -> Result<Redating, PregnancyError> {
    let by_ultrasound = due_by_ultrasound(scan, gestation_by_scan)?;
    let difference_days = days_between(before.date, by_ultrasound.date)?;
    let threshold_days = match before.basis {
        Basis::Ivf => None,
        // A due date by an earlier scan stays: the earliest one decides.
        Basis::Ultrasound => None,
        Basis::LastPeriod => Some(redating_threshold_days(gestation_on(before, scan)?)),
    };
    let changed = threshold_days.is_some_and(|days| difference_days.abs() > days);
    let due = if changed { by_ultrasound } else { before };
    Ok(Redating { due, before, by_ultrasound, difference_days, threshold_days, changed })
}
