//! Which days are worked.

use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// The years that come with the program; a newer one is added by [`Calendar::with_year`].
const BUILTIN: [&str; 4] = [
    include_str!("../../../definitions/calendar/2023.toml"),
    include_str!("../../../definitions/calendar/2024.toml"),
    include_str!("../../../definitions/calendar/2025.toml"),
    include_str!("../../../definitions/calendar/2026.toml"),
];

/// No search for a working day goes further than this: the longest holiday so far had 9 days.
const LONGEST_HOLIDAY_DAYS: usize = 60;
/// Years beyond are a typing error.
const MOST_WORKING_DAYS: u32 = 10_000;

/// Why a question cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// The notice of that year is not in the calendar.
    #[error("the holidays of {year} are not known")]
    YearUnknown { year: i16 },
    /// A file of a year is wrong.
    #[error("calendar of {year}: {reason}")]
    Definition { year: String, reason: String },
    /// A date outside what can be counted.
    #[error("the date is out of range")]
    OutOfRange,
}

impl CalendarError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::YearUnknown { .. } => "calendar_year_unknown",
            Self::Definition { .. } => "calendar_definition_invalid",
            Self::OutOfRange => "date_out_of_range",
        }
    }
}

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// Monday to Friday, nothing special.
    Working,
    /// A Saturday or Sunday that is worked because of a holiday (调休上班).
    AdjustedWorking,
    Weekend,
    /// A public holiday or a day moved to join one.
    Holiday,
}

impl DayKind {
    /// Whether people are off.
    pub fn is_off(self) -> bool {
        matches!(self, Self::Weekend | Self::Holiday)
    }
}

/// One year's notice, in the program's own form. `off` and `work` are dates or ranges of dates with the holiday's name:
/// `"2025-01-28..2025-02-04 春节"`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    pub year: i16,
    /// The notice of the State Council, and where it was taken from.
    pub source: String,
    pub off: Vec<String>,
    pub work: Vec<String>,
}

/// Holidays and adjusted working days of the known years.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    years: BTreeSet<i16>,
    special: BTreeMap<Date, (DayKind, String)>,
}

impl Calendar {
    /// The years that come with the program.
    ///
    /// # Errors
    /// Never with the files as they are; a wrong file is told with its place.
    pub fn builtin() -> Result<Self, CalendarError> {
        BUILTIN.iter().try_fold(Self::default(), |calendar, text| calendar.with_year(&Year::from_toml(text)?))
    }

    /// The same calendar with one more year, or with a corrected one.
    ///
    /// # Errors
    /// [`CalendarError::Definition`] for a date that is none, a range turned round, a day that is off and worked, an adjusted
    /// working day that is no weekend, or a day more than a week outside the year.
    pub fn with_year(mut self, year: &Year) -> Result<Self, CalendarError> {
        let mut days = BTreeMap::new();
        for (texts, kind) in [(&year.off, DayKind::Holiday), (&year.work, DayKind::AdjustedWorking)] {
            for text in texts {
                for (date, name) in year.expand(text)? {
                    if kind == DayKind::AdjustedWorking && !is_weekend(date) {
                        return Err(year.wrong(format!("{date} is worked anyway")));
                    }
                    if days.insert(date, (kind, name)).is_some() {
                        return Err(year.wrong(format!("{date} stands twice")));
                    }
                }
            }
        }
        if days.is_empty() {
            // An empty notice is the form in which data sets say "not out yet".
            return Err(CalendarError::YearUnknown { year: year.year });
        }
        if self.years.contains(&year.year) {
            self.special.retain(|date, _| date.year() != year.year);
        }
        self.special.extend(days);
        self.years.insert(year.year);
        Ok(self)
    }

    /// The first and the last known year, as a version that results can name: `cn 2023-2026`.
    pub fn version(&self) -> String {
        match (self.years.first(), self.years.last()) {
            (Some(first), Some(last)) => format!("cn {first}-{last}"),
            _ => "empty".to_owned(),
        }
    }

    /// Whether the notice of this year is known.
    pub fn knows(&self, year: i16) -> bool {
        self.years.contains(&year)
    }

    /// What a day is.
    ///
    /// # Errors
    /// [`CalendarError::YearUnknown`].
    pub fn kind(&self, date: Date) -> Result<DayKind, CalendarError> {
        if !self.knows(date.year()) {
            return Err(CalendarError::YearUnknown { year: date.year() });
        }
        Ok(match self.special.get(&date) {
            Some((kind, _)) => *kind,
            None if is_weekend(date) => DayKind::Weekend,
            None => DayKind::Working,
        })
    }

    /// The holiday that a day belongs to, also of a day worked because of it.
    pub fn holiday_name(&self, date: Date) -> Option<&str> {
        self.special.get(&date).map(|(_, name)| name.as_str())
    }

    /// Whether people are off on a day.
    ///
    /// # Errors
    /// [`CalendarError::YearUnknown`].
    pub fn is_off(&self, date: Date) -> Result<bool, CalendarError> {
        self.kind(date).map(DayKind::is_off)
    }

    /// The day itself when it is worked, else the first worked one after it.
    ///
    /// # Errors
    /// [`CalendarError::YearUnknown`].
    pub fn working_day_from(&self, date: Date) -> Result<Date, CalendarError> {
        let mut day = date;
        for _ in 0..LONGEST_HOLIDAY_DAYS {
            if !self.is_off(day)? {
                return Ok(day);
            }
            day = day.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
        }
        Err(CalendarError::OutOfRange)
    }

    /// The day that is `count` working days after `date`, which is not counted itself.
    ///
    /// # Errors
    /// [`CalendarError::YearUnknown`], [`CalendarError::OutOfRange`] for more than 10,000 days.
    pub fn add_working_days(&self, date: Date, count: u32) -> Result<Date, CalendarError> {
        if count > MOST_WORKING_DAYS {
            return Err(CalendarError::OutOfRange);
        }
        let (mut day, mut left) = (date, count);
        while left > 0 {
            day = day.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
            if !self.is_off(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// Every day of a month on which people are off.
    ///
    /// # Errors
    /// [`CalendarError::YearUnknown`]; [`CalendarError::OutOfRange`] for a month that is none.
    pub fn off_days(&self, year: i16, month: i8) -> Result<Vec<Date>, CalendarError> {
        let first = Date::new(year, month, 1).map_err(|_| CalendarError::OutOfRange)?;
        let mut days = Vec::new();
        for day in 1..=first.days_in_month() {
            let date = Date::new(year, month, day).map_err(|_| CalendarError::OutOfRange)?;
            if self.is_off(date)? {
                days.push(date);
            }
        }
        Ok(days)
    }
}

impl Year {
    /// Reads the program's own form.
    ///
    /// # Errors
    /// [`CalendarError::Definition`] with the place.
    pub fn from_toml(text: &str) -> Result<Self, CalendarError> {
        toml::from_str(text)
            .map_err(|error| CalendarError::Definition { year: "?".to_owned(), reason: error.to_string() })
    }

    fn wrong(&self, reason: String) -> CalendarError {
        CalendarError::Definition { year: self.year.to_string(), reason }
    }

    fn expand(&self, text: &str) -> Result<Vec<(Date, String)>, CalendarError> {
        let (dates, name) = text.split_once(' ').unwrap_or((text, ""));
        let (first, last) = dates.split_once("..").unwrap_or((dates, dates));
        let read =
            |text: &str| text.parse::<Date>().map_err(|_| self.wrong(format!("{text:?} is not a date")));
        let (mut day, last) = (read(first)?, read(last)?);
        // A holiday may begin in the last days of the year before, or end in the first of the next.
        let near = |date: Date| {
            date.year() == self.year
                || (date.year() == self.year - 1 && date.month() == 12 && date.day() >= 24)
                || (date.year() == self.year + 1 && date.month() == 1 && date.day() <= 7)
        };
        if !near(day) || !near(last) || last < day {
            return Err(self.wrong(format!("{dates} is no range of this year")));
        }
        let mut days = Vec::new();
        while day <= last {
            days.push((day, name.trim().to_owned()));
            day = day.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
        }
        Ok(days)
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
