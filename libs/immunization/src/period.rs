//! Ages and intervals (`9y-4d`, `11y+2m`, `8w`) and how they are added to a date.
//!
//! Years and months are added first, then weeks and days. When the month has no such day there are two readings,
//! and a schedule says which it uses:
//! - [`Overflow::Clamp`]: the last day of the month (31 January + 1 month = 28 or 29 February);
//! - [`Overflow::NextMonth`]: the first of the next month (31 January + 1 month = 1 March), as CDSi has it.
//!
//! The national schedules use the later date for a minimum age or interval, so that no dose is called valid a day
//! early, and the earlier one for recommended dates.

use std::fmt;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Deserializer};

/// What to do when the month has no such day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overflow {
    #[default]
    Clamp,
    NextMonth,
}

/// A length of time by the calendar. Months hold the years; days hold the weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    pub months: i32,
    pub days: i32,
}

impl Period {
    /// Reads terms of a number and a unit (`y`, `m`, `w`, `d`) joined by `+` or `-`.
    ///
    /// # Errors
    /// A sentence that names the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is not a period like 9y-4d");
        let mut period = Self::default();
        let (mut sign, mut number, mut terms) = (1, String::new(), 0);
        for c in text.chars() {
            match c {
                ' ' => {}
                '+' | '-' if number.is_empty() => sign = if c == '-' { -1 } else { 1 },
                '0'..='9' => number.push(c),
                'y' | 'm' | 'w' | 'd' => {
                    let value: i32 = number.parse().map_err(|_| bad())?;
                    if value > 40_000 {
                        return Err(bad());
                    }
                    let value = value * sign;
                    match c {
                        'y' => period.months += value * 12,
                        'm' => period.months += value,
                        'w' => period.days += value * 7,
                        _ => period.days += value,
                    }
                    number.clear();
                    sign = 1;
                    terms += 1;
                }
                _ => return Err(bad()),
            }
        }
        if number.is_empty() && terms > 0 { Ok(period) } else { Err(bad()) }
    }

    /// The date this long after `date`. Dates beyond the calendar stay at its end.
    #[must_use]
    pub fn after(self, date: Date, overflow: Overflow) -> Date {
        let months = date.checked_add(Span::new().try_months(self.months).unwrap_or_default());
        let mut day = months.unwrap_or(if self.months < 0 { Date::MIN } else { Date::MAX });
        // jiff ends at the last day of the month; a smaller day number shows that it had to.
        if overflow == Overflow::NextMonth && day.day() < date.day() {
            day = day.checked_add(1.day()).unwrap_or(day);
        }
        let span = Span::new().try_days(self.days).unwrap_or_default();
        day.checked_add(span).unwrap_or(if self.days < 0 { Date::MIN } else { Date::MAX })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for (value, unit) in
            [(self.months / 12, "y"), (self.months % 12, "m"), (self.days / 7, "w"), (self.days % 7, "d")]
        {
            if value != 0 {
                let plus = if first || value < 0 { "" } else { "+" };
                write!(f, "{plus}{value}{unit}")?;
                first = false;
            }
        }
        if first { f.write_str("0d") } else { Ok(()) }
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
