//! Dates and times as a file writes them: no zone, no calendar arithmetic beyond validity.

use std::fmt;

/// A calendar date of the Gregorian calendar, always valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of month, from 1.
    pub day: u8,
}

impl Date {
    /// The date, when it exists.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        ((1..=9999).contains(&year) && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// Parses `YYYYMMDD`, `YYYY-MM-DD` or `YYYY/MM/DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits: String = text.chars().filter(|c| !matches!(c, '-' | '/' | '.')).collect();
        if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Self::new(
            digits.get(..4)?.parse().ok()?,
            digits.get(4..6)?.parse().ok()?,
            digits.get(6..)?.parse().ok()?,
        )
    }

    pub(crate) fn from_parts(year: i64, month: i64, day: i64) -> Option<Self> {
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Parses `DD<sep>MM<sep>YYYY`, the order of WFDB and EDF headers; two-digit years are EDF's (85 to 84).
    pub(crate) fn parse_dmy(text: &str) -> Option<Self> {
        let mut parts = text.trim().split(['/', '.', '-']);
        let day: i64 = parts.next()?.trim().parse().ok()?;
        let month: i64 = parts.next()?.trim().parse().ok()?;
        let year_text = parts.next()?.trim();
        let mut year: i64 = year_text.parse().ok()?;
        if year_text.len() == 2 {
            year += if year >= 85 { 1900 } else { 2000 };
        }
        Self::from_parts(year, month, day)
    }

    /// Parses `MM<sep>DD<sep>YYYY`, the order of GE MUSE.
    pub(crate) fn parse_mdy(text: &str) -> Option<Self> {
        let mut parts = text.trim().split(['/', '.', '-']);
        let month: i64 = parts.next()?.trim().parse().ok()?;
        let day: i64 = parts.next()?.trim().parse().ok()?;
        Self::from_parts(parts.next()?.trim().parse().ok()?, month, day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A date with a time of day, as written; the zone is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDateTime {
    /// The date.
    pub date: Date,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59; a leap second is written as 59.
    pub second: u8,
    /// Microsecond, 0 to 999,999.
    pub microsecond: u32,
}

impl LocalDateTime {
    /// The time, when it exists.
    #[must_use]
    pub fn new(date: Date, hour: u8, minute: u8, second: u8, microsecond: u32) -> Option<Self> {
        (hour < 24 && minute < 60 && second <= 60 && microsecond < 1_000_000).then_some(Self {
            date,
            hour,
            minute,
            second: second.min(59),
            microsecond,
        })
    }

    /// Joins a date and a time text: `hh:mm[:ss[.ffffff]]` or `hhmm[ss[.ffffff]]`.
    #[must_use]
    pub fn from_date_and_time(date: Date, time: &str) -> Option<Self> {
        let time = time.trim();
        let (whole, fraction) = time.split_once(['.', ',']).unwrap_or((time, ""));
        let parts: Vec<&str> = if whole.contains(':') {
            whole.split(':').collect()
        } else {
            vec![whole.get(..2)?, whole.get(2..4)?, whole.get(4..6).unwrap_or("0")]
        };
        let number = |index: usize| -> Option<u8> {
            match parts.get(index) {
                Some(text) => text.trim().parse().ok(),
                None => Some(0),
            }
        };
        let digits: String =
            fraction.chars().take_while(char::is_ascii_digit).chain("000000".chars()).take(6).collect();
        Self::new(date, number(0)?, number(1)?, number(2)?, digits.parse().ok()?)
    }

    /// The time that many seconds later, rounded to microseconds; `None` for less than nothing and more than a
    /// year.
    pub(crate) fn plus_seconds(self, seconds: f64) -> Option<Self> {
        const DAY_US: i64 = 86_400_000_000;
        if !(0.0..=31_622_400.0).contains(&seconds) {
            return None;
        }
        let of_day = ((i64::from(self.hour) * 60 + i64::from(self.minute)) * 60 + i64::from(self.second))
            * 1_000_000
            + i64::from(self.microsecond);
        let total = of_day + crate::num::round_i64(seconds * 1e6)?;
        let mut date = self.date;
        for _ in 0..total / DAY_US {
            date = Date::new(date.year, date.month, date.day + 1)
                .or_else(|| Date::new(date.year, date.month + 1, 1))
                .or_else(|| Date::new(date.year + 1, 1, 1))?;
        }
        let of_day = total % DAY_US;
        let part = |divisor: i64, modulus: i64| u8::try_from(of_day / divisor % modulus).ok();
        Self::new(
            date,
            part(3_600_000_000, 24)?,
            part(60_000_000, 60)?,
            part(1_000_000, 60)?,
            u32::try_from(of_day % 1_000_000).ok()?,
        )
    }

    /// Parses `YYYYMMDD[hh[mm[ss[.f]]]]` (HL7 and DICOM; a zone suffix is dropped) or `YYYY-MM-DD[T ]hh:mm:ss`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.get(4..5) == Some("-") || text.get(4..5) == Some("/") {
            let date = Date::parse(text.get(..10)?)?;
            let time = text.get(11..).unwrap_or("").trim_end_matches('Z');
            return if time.is_empty() {
                Self::new(date, 0, 0, 0, 0)
            } else {
                Self::from_date_and_time(date, time)
            };
        }
        let date = Date::parse(text.get(..8)?)?;
        let rest = text.get(8..).unwrap_or("");
        let time = rest.split(['+', '-', 'Z']).next().unwrap_or("");
        match time.len() {
            0 => Self::new(date, 0, 0, 0, 0),
            2 => Self::new(date, time.parse().ok()?, 0, 0, 0),
            _ => Self::from_date_and_time(date, time),
        }
    }
}

impl fmt::Display for LocalDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{:02}:{:02}:{:02}", self.date, self.hour, self.minute, self.second)?;
        if self.microsecond != 0 {
            write!(f, ".{:06}", self.microsecond)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, LocalDateTime};

    #[test]
    fn the_forms_that_formats_use() {
        let iso = |text: &str| LocalDateTime::parse(text).map(|t| t.to_string());
        assert_eq!(iso("20021122091000"), Some("2002-11-22T09:10:00".into()));
        assert_eq!(iso("20021122091000.250+0800"), Some("2002-11-22T09:10:00.250000".into()));
        assert_eq!(iso("200211220737"), Some("2002-11-22T07:37:00".into()));
        assert_eq!(iso("2020-11-16 21:44:39"), Some("2020-11-16T21:44:39".into()));
        assert_eq!(iso("20021322"), None);
        assert_eq!(Date::parse_dmy("15/08/1994"), Date::new(1994, 8, 15));
        assert_eq!(Date::parse_dmy("10.12.09"), Date::new(2009, 12, 10));
        let late = LocalDateTime::parse("20231231235959.5").and_then(|t| t.plus_seconds(0.75));
        assert_eq!(late.map(|t| t.to_string()), Some("2024-01-01T00:00:00.250000".into()));
        assert_eq!(Date::new(1900, 2, 29), None);
        assert_eq!(Date::new(2000, 2, 29).map(|d| d.day), Some(29));
    }
}
