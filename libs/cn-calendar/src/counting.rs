//! Counting of periods by the Civil Code of the People's Republic of China (民法典, in force since 2021-01-01).
//!
//! - Article 201: the day of the event is not counted; an hour period runs from its agreed moment.
//! - Article 202: a period of months or years ends on the corresponding day of the last month, and on the month's last
//!   day where there is none (from 29 February one year ends on 28 February).
//! - Article 203: when the last day is a holiday (a weekend is one too), the day after the holiday is the last. The last
//!   day ends at 24:00.
//! - Article 204: the parties may agree otherwise: whether to roll is therefore the caller's choice, by calling [`rolled`].
//!
//! A *day* is a natural day unless the text says working day ([`Calendar::add_working_days`]).

use crate::{Calendar, CalendarError};
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The last day of a period of `days` after an event: the event's day is not counted. A negative number counts back.
///
/// # Errors
/// [`CalendarError::OutOfRange`].
pub fn days_after(event: Date, days: i32) -> Result<Date, CalendarError> {
    add(event, i64::from(days).days())
}

/// The last day of a period of months after an event.
///
/// # Errors
/// [`CalendarError::OutOfRange`].
pub fn months_after(event: Date, months: i32) -> Result<Date, CalendarError> {
    add(event, i64::from(months).months())
}

/// The last day of a period of years after an event: one year from 2024-11-28 ends on 2025-11-28 at 24:00.
///
/// # Errors
/// [`CalendarError::OutOfRange`].
pub fn years_after(event: Date, years: i16) -> Result<Date, CalendarError> {
    add(event, i64::from(years).years())
}

fn add(event: Date, span: Span) -> Result<Date, CalendarError> {
    event.checked_add(span).map_err(|_| CalendarError::OutOfRange)
}

/// Article 203: the day itself, or the day after the holiday that it falls into.
///
/// # Errors
/// [`CalendarError::YearUnknown`].
pub fn rolled(calendar: &Calendar, last_day: Date) -> Result<Date, CalendarError> {
    calendar.working_day_from(last_day)
}

/// Days from one date to another, the first not counted: how late something due on `from` and done on `to` is.
/// Negative when `to` lies before.
pub fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}
