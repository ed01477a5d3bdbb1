//! Days and hours against the State Council's notices and the worked examples of the service contract.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use cn_calendar::{Calendar, CalendarError, DayKind, Hours, WorkingTime, counting, import_holiday_cn};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use proptest::prelude::*;
use std::path::PathBuf;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn calendar() -> Calendar {
    Calendar::builtin().unwrap()
}

#[test]
fn a_day_is_what_the_notices_say() {
    let calendar = calendar();
    for (day, kind) in [
        // Notice for 2025 (国办发明电〔2024〕12号): National Day 1 to 8 October, worked on 28 September and 11 October.
        ("2025-09-28", DayKind::AdjustedWorking),
        ("2025-10-08", DayKind::Holiday),
        ("2025-10-09", DayKind::Working),
        ("2025-10-11", DayKind::AdjustedWorking),
        ("2025-10-12", DayKind::Weekend),
        // New Year's Eve of the lunar year is a holiday since 2025.
        ("2025-01-28", DayKind::Holiday),
        ("2025-01-26", DayKind::AdjustedWorking),
        ("2024-02-29", DayKind::Working),
    ] {
        assert_eq!(calendar.kind(date(day)).unwrap(), kind, "{day}");
    }
    assert_eq!(calendar.holiday_name(date("2025-10-11")), Some("国庆节、中秋节"));
    assert_eq!(calendar.kind(date("2027-03-01")), Err(CalendarError::YearUnknown { year: 2027 }));
    // Off days of the years, as PyPI chinesecalendar 1.11.0 counts them too.
    for (year, off) in [(2024, 115), (2025, 117), (2026, 117)] {
        let counted: usize = (1..=12).map(|month| calendar.off_days(year, month).unwrap().len()).sum();
        assert_eq!(counted, off, "{year}");
    }
}

#[test]
fn the_shipped_years_are_the_data_set_they_came_from() {
    let folder = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    for year in 2023..=2026_i16 {
        let Ok(json) = std::fs::read_to_string(folder.join(format!("data/holidays/holiday-cn-{year}.json")))
        else {
            println!("skipped: {} is not there", folder.display());
            return;
        };
        let path =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../definitions/calendar/{year}.toml"));
        assert_eq!(import_holiday_cn(&json).unwrap().to_toml(), std::fs::read_to_string(path).unwrap());
    }
    // The year whose notice is not out is an empty list, and stays unknown.
    let json = std::fs::read_to_string(folder.join("data/holidays/holiday-cn-2027.json")).unwrap();
    assert!(import_holiday_cn(&json).unwrap_err().to_string().contains("2027"));
}

#[test]
fn a_wrong_year_is_refused_with_its_reason() {
    let refused = |off: &str, work: &str| {
        let text = format!("year = 2030\nsource = \"test\"\noff = [{off}]\nwork = [{work}]\n");
        let year = cn_calendar::Year::from_toml(&text).unwrap();
        calendar().with_year(&year).unwrap_err().to_string()
    };
    assert!(refused("\"2030-02-30 春节\"", "").contains("is not a date"));
    assert!(refused("\"2030-02-05..2030-02-01 春节\"", "").contains("no range"));
    assert!(refused("\"2031-06-01 端午节\"", "").contains("no range"));
    assert!(refused("\"2030-01-01 元旦\", \"2030-01-01 元旦\"", "").contains("stands twice"));
    // 2030-01-02 is a Wednesday.
    assert!(refused("\"2030-01-01 元旦\"", "\"2030-01-02 元旦\"").contains("worked anyway"));
    let unknown_key =
        cn_calendar::Year::from_toml("year = 2030\nsource = \"\"\noff = []\nwork = []\nholidays = 1\n");
    assert!(unknown_key.unwrap_err().to_string().contains("holidays"));
    assert!(import_holiday_cn("{\"year\": 2030}").unwrap_err().to_string().contains("papers"));
}

#[test]
fn periods_are_counted_by_the_civil_code() {
    let calendar = calendar();
    // The contract's own dates (facts of the service contract, sections 1, 2 and 10).
    assert_eq!(counting::days_after(date("2024-11-28"), 90).unwrap(), date("2025-02-26"));
    assert_eq!(counting::days_after(date("2025-11-28"), -60).unwrap(), date("2025-09-29"));
    assert_eq!(counting::years_after(date("2024-11-28"), 1).unwrap(), date("2025-11-28"));
    let last = counting::days_after(date("2025-03-03"), 60).unwrap();
    assert_eq!(last, date("2025-05-02"));
    assert_eq!(counting::rolled(&calendar, last).unwrap(), date("2025-05-06"));
    // Ten working days over the Spring Festival: 26 January and 8 February are worked.
    assert_eq!(calendar.add_working_days(date("2025-01-24"), 10).unwrap(), date("2025-02-13"));
    assert_eq!(calendar.add_working_days(date("2025-09-29"), 10).unwrap(), date("2025-10-20"));
    // No corresponding day: the last day of the month (article 202).
    assert_eq!(counting::years_after(date("2024-02-29"), 1).unwrap(), date("2025-02-28"));
    assert_eq!(counting::months_after(date("2025-01-31"), 1).unwrap(), date("2025-02-28"));
    assert_eq!(counting::days_between(date("2025-03-10"), date("2025-03-11")), 1);
    // A period that would end in an unknown year is not guessed.
    assert_eq!(
        calendar.add_working_days(date("2026-12-30"), 5),
        Err(CalendarError::YearUnknown { year: 2027 })
    );
}

#[test]
fn working_time_knows_noon_summer_and_holidays() {
    let calendar = calendar();
    let hours = Hours::parse(&["08:00-11:30", "14:00-17:30"])
        .unwrap()
        .with_season((6, 1), (9, 30), &["08:00-11:30", "14:30-18:00"])
        .unwrap();
    let time = WorkingTime { calendar: &calendar, hours: &hours };
    assert!(time.contains(at("2025-09-28T10:00:00")).unwrap(), "a Sunday that is worked");
    assert!(!time.contains(at("2025-10-08T10:00:00")).unwrap());
    assert!(!time.contains(at("2025-03-03T12:00:00")).unwrap(), "noon");
    assert!(
        time.contains(at("2025-07-01T17:45:00")).unwrap()
            && !time.contains(at("2025-07-01T14:15:00")).unwrap()
    );
    assert!(!time.contains(at("2025-03-03T17:30:00")).unwrap(), "the end is not inside");
    // Friday 17:00 plus one hour: half an hour today, the rest on Monday.
    assert_eq!(time.add_seconds(at("2025-03-07T17:00:00"), 3600).unwrap(), at("2025-03-10T08:30:00"));
    // From Tuesday 30 September 16:00 (summer hours: two hours) to Thursday 9 October 09:00 (one hour).
    let (from, to) = (at("2025-09-30T16:00:00"), at("2025-10-09T09:00:00"));
    assert_eq!(time.seconds_between(from, to).unwrap(), 3 * 3600);
    let parts = time.explain(from, to).unwrap();
    let told: Vec<(&str, bool)> = parts.iter().map(|p| (p.why, p.counted)).collect();
    assert_eq!(
        told,
        [
            ("working_time", true),
            ("outside_hours", false),
            ("holiday", false),
            ("outside_hours", false),
            ("working_time", true)
        ]
    );
    for wrong in [&["8-12"][..], &["12:00-08:00"], &["08:00-12:00", "11:00-13:00"], &[]] {
        assert!(Hours::parse(wrong).is_err(), "{wrong:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Against a walk over every minute, written without the parts of a day.
    #[test]
    fn minutes_are_those_of_a_walk_over_every_minute(start in 0_i64..500_000, length in 0_i64..20_000) {
        let calendar = calendar();
        let hours = Hours::parse(&["08:00-11:30", "14:00-17:30"]).unwrap();
        let time = WorkingTime { calendar: &calendar, hours: &hours };
        let from = at("2025-01-01T00:00:00").checked_add(start.minutes()).unwrap();
        let to = from.checked_add(length.minutes()).unwrap();
        let mut walked = 0;
        let mut minute = from;
        while minute < to {
            let of_day = i64::from(minute.hour()) * 60 + i64::from(minute.minute());
            let open = (480..690).contains(&of_day) || (840..1050).contains(&of_day);
            if open && !calendar.is_off(minute.date()).unwrap() {
                walked += 60;
            }
            minute = minute.checked_add(1.minute()).unwrap();
        }
        prop_assert_eq!(time.seconds_between(from, to).unwrap(), walked);
        if walked > 0 {
            let end = time.add_seconds(from, walked).unwrap();
            prop_assert!(end <= to);
            prop_assert_eq!(time.seconds_between(from, end).unwrap(), walked);
        }
        // The stretches cover the whole without gap.
        let parts = time.explain(from, to).unwrap();
        let whole: bool = parts.windows(2).all(|pair| pair[0].to == pair[1].from);
        prop_assert!(whole && parts.first().is_none_or(|p| p.from == from) && parts.last().is_none_or(|p| p.to == to));
    }

    /// So many working days later, counted one by one.
    #[test]
    fn working_days_are_those_counted_one_by_one(start in 0_i64..900, count in 0_u32..100) {
        let calendar = calendar();
        let from = date("2023-01-01").checked_add(start.days()).unwrap();
        let to = calendar.add_working_days(from, count).unwrap();
        let mut worked = 0;
        let mut day = from;
        while day < to {
            day = day.tomorrow().unwrap();
            if !calendar.is_off(day).unwrap() {
                worked += 1;
            }
        }
        prop_assert_eq!(worked, count);
        prop_assert!(count == 0 || !calendar.is_off(to).unwrap());
    }
}
