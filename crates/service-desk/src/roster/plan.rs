//! A fair proposal for the days off of a month. Pure: the same people, days and history give the same proposal.
//!
//! For each day, in order, the person is chosen who may (not on leave), by: not on duty the day before in the same holiday;
//! fewest holidays (or weekends, for a weekend) so far in the year; fewest duties at all; the order of the list. The second
//! person is chosen likewise, and one of the two is a software engineer where there is one.

use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Somebody who can be on duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub id: Uuid,
    pub software: bool,
    /// Duties on holidays and on weekends of the year so far.
    pub holidays: u32,
    pub weekends: u32,
}

/// A day off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: Date,
    /// A public holiday, not only a weekend.
    pub holiday: bool,
}

/// Who is on duty on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty {
    pub date: Date,
    pub engineer: Uuid,
    pub backup: Option<Uuid>,
}

/// Proposes the duties of `days`, which are in order. A day on which everybody is on leave is left out.
pub fn propose(days: &[Day], people: &[Candidate], leave: &BTreeSet<(Date, Uuid)>) -> Vec<Duty> {
    let mut counts: BTreeMap<Uuid, (u32, u32)> =
        people.iter().map(|p| (p.id, (p.holidays, p.weekends))).collect();
    let mut duties: Vec<Duty> = Vec::with_capacity(days.len());
    for day in days {
        let before = duties.last().filter(|duty| duty.date.tomorrow().is_ok_and(|next| next == day.date));
        let yesterday = before.map(|duty| duty.engineer);
        let key = |n: usize, person: &Candidate| {
            let (holidays, weekends) = counts.get(&person.id).copied().unwrap_or_default();
            let same = if day.holiday { holidays } else { weekends };
            (yesterday == Some(person.id), same, holidays + weekends, n)
        };
        let mut able: Vec<(usize, &Candidate)> =
            people.iter().enumerate().filter(|(_, person)| !leave.contains(&(day.date, person.id))).collect();
        able.sort_by_key(|(n, person)| key(*n, person));
        let Some((_, first)) = able.first() else { continue };
        let others = able.iter().skip(1);
        let backup = if first.software {
            others.clone().next()
        } else {
            others.clone().find(|(_, person)| person.software).or_else(|| others.clone().next())
        };
        let entry = counts.entry(first.id).or_default();
        if day.holiday {
            entry.0 += 1;
        } else {
            entry.1 += 1;
        }
        duties.push(Duty { date: day.date, engineer: first.id, backup: backup.map(|(_, person)| person.id) });
    }
    duties
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(count: u128) -> Vec<Candidate> {
        (0..count)
            .map(|n| Candidate { id: Uuid::from_u128(n + 1), software: n == 0, holidays: 0, weekends: 0 })
            .collect()
    }

    fn october() -> Vec<Day> {
        // CONTRACT.md 7: 1–8, 12, 18, 19, 25, 26 October 2025.
        [1, 2, 3, 4, 5, 6, 7, 8, 12, 18, 19, 25, 26]
            .map(|day| Day { date: Date::constant(2025, 10, day), holiday: day <= 8 })
            .to_vec()
    }

    #[test]
    fn duties_are_shared_and_nobody_has_two_days_of_a_holiday_in_a_row() {
        for count in 2..6 {
            let people = people(count);
            let duties = propose(&october(), &people, &BTreeSet::new());
            assert_eq!(duties.len(), 13);
            for pair in duties.windows(2) {
                let adjacent = pair[0].date.tomorrow().unwrap() == pair[1].date;
                assert!(!adjacent || pair[0].engineer != pair[1].engineer, "{} of {count}", pair[1].date);
            }
            let of = |id: Uuid, holiday: bool| {
                let holidays = |d: &&Duty| (d.date.day() <= 8) == holiday && d.engineer == id;
                duties.iter().filter(holidays).count()
            };
            for holiday in [true, false] {
                let counts: Vec<usize> = people.iter().map(|p| of(p.id, holiday)).collect();
                assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{counts:?}");
            }
            for duty in &duties {
                let software = Uuid::from_u128(1);
                assert!(duty.engineer == software || duty.backup == Some(software));
            }
        }
    }

    #[test]
    fn leave_is_respected_and_history_counts() {
        let mut people = people(3);
        people[0].holidays = 10;
        let leave = BTreeSet::from([(Date::constant(2025, 10, 1), people[1].id)]);
        let duties = propose(&october(), &people, &leave);
        assert_eq!(duties[0].engineer, people[2].id);
        assert!(duties.iter().filter(|d| d.date.day() <= 8).all(|d| d.engineer != people[0].id));
        let all = october().iter().flat_map(|d| people.iter().map(|p| (d.date, p.id))).collect();
        assert!(propose(&october(), &people, &all).is_empty());
    }
}
