//! Opening hours and working time.

use crate::{Calendar, CalendarError};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SpanRelativeTo, ToSpan};
use thiserror::Error;

/// No deadline lies further than this many days ahead of its start.
const LONGEST_DAYS: u32 = 3660;

/// A part of a working day, from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub start: Time,
    pub end: Time,
}

/// Hours that hold from one day of the year to another, both included; `(12, 1)` to `(2, 28)` goes over New Year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Season {
    pub from: (i8, i8),
    pub to: (i8, i8),
    pub segments: Vec<Segment>,
}

/// The hours of an institution on working days: the usual ones, and those of seasons such as summer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    usual: Vec<Segment>,
    seasons: Vec<Season>,
}

/// Why hours cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HoursError {
    #[error("{0:?} is not of the form 08:00-11:30")]
    Form(String),
    #[error("{0} ends before it begins, or begins before the part before it ends")]
    Order(String),
    #[error("there are no hours")]
    Empty,
}

impl HoursError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form(_) => "hours_form_invalid",
            Self::Order(_) => "hours_order_invalid",
            Self::Empty => "hours_empty",
        }
    }
}

/// A stretch of time and whether it counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub from: DateTime,
    pub to: DateTime,
    pub counted: bool,
    /// `working_time`, `outside_hours`, `weekend` or `holiday`.
    pub why: &'static str,
}

impl Hours {
    /// Hours from texts such as `08:00-11:30`, in order of the day.
    ///
    /// # Errors
    /// [`HoursError`].
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, HoursError> {
        Ok(Self { usual: segments(texts)?, seasons: Vec::new() })
    }

    /// The same with other hours in a part of the year.
    ///
    /// # Errors
    /// [`HoursError`].
    pub fn with_season<T: AsRef<str>>(
        mut self,
        from: (i8, i8),
        to: (i8, i8),
        texts: &[T],
    ) -> Result<Self, HoursError> {
        self.seasons.push(Season { from, to, segments: segments(texts)? });
        Ok(self)
    }

    /// The parts of a working day that falls on this date.
    pub fn on(&self, date: Date) -> &[Segment] {
        let day = (date.month(), date.day());
        let holds = |season: &&Season| {
            if season.from <= season.to {
                season.from <= day && day <= season.to
            } else {
                day >= season.from || day <= season.to
            }
        };
        self.seasons.iter().find(holds).map_or(&self.usual, |season| &season.segments)
    }
}

fn segments<T: AsRef<str>>(texts: &[T]) -> Result<Vec<Segment>, HoursError> {
    let mut found: Vec<Segment> = Vec::with_capacity(texts.len());
    for text in texts {
        let text = text.as_ref();
        let form = || HoursError::Form(text.to_owned());
        let (start, end) = text.split_once('-').ok_or_else(form)?;
        let read = |text: &str| -> Result<Time, HoursError> {
            let text = text.trim();
            match text.len() {
                4 => format!("0{text}:00").parse(),
                5 => format!("{text}:00").parse(),
                _ => text.parse(),
            }
            .map_err(|_| form())
        };
        let segment = Segment {
            start: read(start)?,
            // Midnight as an end is the last moment of the day.
            end: if end.trim() == "24:00" { Time::MAX } else { read(end)? },
        };
        if segment.end <= segment.start || found.last().is_some_and(|last| segment.start < last.end) {
            return Err(HoursError::Order(text.to_owned()));
        }
        found.push(segment);
    }
    if found.is_empty() { Err(HoursError::Empty) } else { Ok(found) }
}

/// Working time of one institution: its hours on the working days of a calendar.
#[derive(Clone, Copy, Debug)]
pub struct WorkingTime<'a> {
    pub calendar: &'a Calendar,
    pub hours: &'a Hours,
}

impl WorkingTime<'_> {
    /// Whether a moment is working time: the first second of a part counts, its end does not.
    ///
    /// # Errors
    /// [`CalendarError::YearUnknown`].
    pub fn contains(&self, at: DateTime) -> Result<bool, CalendarError> {
        Ok(!self.calendar.is_off(at.date())?
            && self.hours.on(at.date()).iter().any(|s| s.start <= at.time() && at.time() < s.end))
    }

    /// Every stretch from one moment to another, counted or not, and why. Empty when `to` is not after `from`.
    ///
    /// # Errors
    /// [`CalendarError::YearUnknown`]; [`CalendarError::OutOfRange`] over more than ten years.
    pub fn explain(&self, from: DateTime, to: DateTime) -> Result<Vec<Counted>, CalendarError> {
        let mut found: Vec<Counted> = Vec::new();
        let mut push = |from: DateTime, to: DateTime, counted: bool, why: &'static str| {
            if to <= from {
                return;
            }
            match found.last_mut() {
                Some(last) if last.why == why && last.to == from => last.to = to,
                _ => found.push(Counted { from, to, counted, why }),
            }
        };
        let (mut day, mut days) = (from.date(), 0);
        while day <= to.date() && from < to {
            days += 1;
            if days > LONGEST_DAYS {
                return Err(CalendarError::OutOfRange);
            }
            let next = day.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
            let (begin, end) = (day.at(0, 0, 0, 0).max(from), next.at(0, 0, 0, 0).min(to));
            let kind = self.calendar.kind(day)?;
            if kind.is_off() {
                push(begin, end, false, if kind == crate::DayKind::Weekend { "weekend" } else { "holiday" });
            } else {
                let mut at = begin;
                for segment in self.hours.on(day) {
                    let open = day.to_datetime(segment.start).max(begin).min(end);
                    let close = end_of(day, next, segment).max(begin).min(end);
                    push(at, open, false, "outside_hours");
                    push(open, close, true, "working_time");
                    at = at.max(close);
                }
                push(at, end, false, "outside_hours");
            }
            day = next;
        }
        Ok(found)
    }

    /// Seconds of working time between two moments; none when `to` is not after `from`.
    ///
    /// # Errors
    /// As [`WorkingTime::explain`].
    pub fn seconds_between(&self, from: DateTime, to: DateTime) -> Result<i64, CalendarError> {
        Ok(self
            .explain(from, to)?
            .iter()
            .filter(|part| part.counted)
            .map(|part| seconds(part.from, part.to))
            .sum())
    }

    /// The moment at which `count` seconds of working time have passed since `from`.
    ///
    /// # Errors
    /// [`CalendarError::YearUnknown`]; [`CalendarError::OutOfRange`] beyond ten years.
    pub fn add_seconds(&self, from: DateTime, count: i64) -> Result<DateTime, CalendarError> {
        let mut left = count.max(0);
        let mut day = from.date();
        for _ in 0..LONGEST_DAYS {
            let next = day.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
            if !self.calendar.is_off(day)? {
                for segment in self.hours.on(day) {
                    let open = day.to_datetime(segment.start).max(from);
                    let close = end_of(day, next, segment);
                    if close <= open {
                        continue;
                    }
                    let length = seconds(open, close);
                    if left <= length {
                        return open.checked_add(left.seconds()).map_err(|_| CalendarError::OutOfRange);
                    }
                    left -= length;
                }
            }
            day = next;
        }
        Err(CalendarError::OutOfRange)
    }
}

fn end_of(day: Date, next: Date, segment: &Segment) -> DateTime {
    if segment.end == Time::MAX { next.at(0, 0, 0, 0) } else { day.to_datetime(segment.end) }
}

fn seconds(from: DateTime, to: DateTime) -> i64 {
    // Civil times of one zone without daylight saving: every day has 24 hours.
    let span = to - from;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).map_or(0, |d| d.as_secs())
}
