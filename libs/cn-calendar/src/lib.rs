//! Working time in China: public holidays with their adjusted working days, the hours of an institution, and the counting of
//! periods by the Civil Code.
//!
//! Everything is wall-clock time of the region (Asia/Shanghai, UTC+8, no daylight saving since 1991); turning instants
//! into it is the caller's. A year whose State Council notice is not out is *unknown*: asking about it is an error, because
//! treating its days as ordinary ones would compute wrong deadlines in silence.
//!
//! | start reading at | for |
//! |---|---|
//! | [`Calendar`] | is this day off, the next working day, so many working days later |
//! | [`counting`] | "within 90 days", "one year", and what happens when the last day is a holiday |
//! | [`Hours`], [`WorkingTime`] | opening hours, minutes of working time between two moments and after one |
//!
//! Deliberately absent: lunar festivals by computation (the notices are the law, not the moon), other time zones, leave of
//! single people.

mod calendar;
pub mod counting;
mod hours;
mod import;

pub use calendar::{Calendar, CalendarError, DayKind, Year};
pub use hours::{Counted, Hours, HoursError, Season, Segment, WorkingTime};
pub use import::{ImportError, import_holiday_cn};
