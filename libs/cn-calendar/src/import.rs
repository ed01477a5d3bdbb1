//! Reading the layout of the `holiday-cn` data set (MIT): `{"year", "papers": [url], "days": [{"name", "date", "isOffDay"}]}`.

use crate::{CalendarError, Year};
use jiff::civil::Date;
use serde::Deserialize;
use std::fmt::Write;
use thiserror::Error;

/// Why a file cannot be taken over.
#[derive(Debug, Error)]
pub enum ImportError {
    #[error("not the layout of holiday-cn: {0}")]
    Layout(#[from] serde_json::Error),
    #[error("{0:?} is not a date")]
    Date(String),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

#[derive(Deserialize)]
struct File {
    year: i16,
    papers: Vec<String>,
    days: Vec<Day>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Day {
    name: String,
    date: String,
    is_off_day: bool,
}

/// Turns a `holiday-cn` file into the program's own form, days of one holiday joined to ranges.
///
/// # Errors
/// [`ImportError`]; an empty list of days is [`CalendarError::YearUnknown`].
pub fn import_holiday_cn(json: &str) -> Result<Year, ImportError> {
    let file: File = serde_json::from_str(json)?;
    if file.days.is_empty() {
        return Err(CalendarError::YearUnknown { year: file.year }.into());
    }
    let mut days = Vec::with_capacity(file.days.len());
    for day in file.days {
        let date: Date = day.date.parse().map_err(|_| ImportError::Date(day.date.clone()))?;
        days.push((date, day.name, day.is_off_day));
    }
    days.sort_by_key(|day| day.0);
    let source = format!("国务院办公厅通知 {}；数据 holiday-cn（MIT）", file.papers.join(" "));
    let year = Year { year: file.year, source, off: ranges(&days, true), work: ranges(&days, false) };
    // Read back at once: what is written must be readable.
    crate::Calendar::default().with_year(&year)?;
    Ok(year)
}

fn ranges(days: &[(Date, String, bool)], off: bool) -> Vec<String> {
    let mut found: Vec<(Date, Date, &str)> = Vec::new();
    for (date, name, _) in days.iter().filter(|day| day.2 == off) {
        match found.last_mut() {
            Some((_, last, of)) if *of == name && last.tomorrow().is_ok_and(|next| next == *date) => {
                *last = *date
            }
            _ => found.push((*date, *date, name)),
        }
    }
    let text = |(first, last, name): (Date, Date, &str)| {
        if first == last { format!("{first} {name}") } else { format!("{first}..{last} {name}") }
    };
    found.into_iter().map(text).collect()
}

impl Year {
    /// The program's own form, as it is kept under `definitions/calendar/`.
    pub fn to_toml(&self) -> String {
        let mut text = format!("year = {}\nsource = {:?}\n", self.year, self.source);
        for (key, days) in [("off", &self.off), ("work", &self.work)] {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{key} = [");
            for day in days {
                let _ = writeln!(text, "  {day:?},");
            }
            text.push_str("]\n");
        }
        text
    }
}
