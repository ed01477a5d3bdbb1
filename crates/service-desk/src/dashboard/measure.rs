//! The arithmetic of service levels. Pure: rows in, figures out.
//!
//! Curves are Kaplan–Meier estimates: a ticket that is still open is known to have lasted at least until now, and leaving it out
//! would make slow work look fast. Source: Kaplan & Meier 1958, J Am Stat Assoc 53:457–481.

use jiff::civil::{Date, Weekday};
use kernel::{Result, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// How one clock of a ticket ended, as far as it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Met,
    Late,
    /// The limit lies ahead.
    Running,
    /// There is no limit, or it cannot be computed.
    None,
}

/// What of a ticket is measured. Instants in microseconds.
#[derive(Clone, Debug)]
pub struct Observed {
    pub opened_at: i64,
    pub response_due_at: Option<i64>,
    pub responded_at: Option<i64>,
    pub response_late: Option<bool>,
    pub handling_due_at: Option<i64>,
    pub resolved_at: Option<i64>,
    pub handling_late: Option<bool>,
    pub paused: bool,
    pub rating: Option<i32>,
}

fn kept(due: Option<i64>, stopped: Option<i64>, late: Option<bool>, paused: bool, now: i64) -> Kept {
    match (due, stopped, late) {
        (None, ..) => Kept::None,
        (Some(_), Some(_), Some(late)) => {
            if late {
                Kept::Late
            } else {
                Kept::Met
            }
        }
        (Some(due), stopped, _) => match stopped {
            Some(stopped) if stopped <= due => Kept::Met,
            Some(_) => Kept::Late,
            None if due < now && !paused => Kept::Late,
            None => Kept::Running,
        },
    }
}

impl Observed {
    pub fn response(&self, now: i64) -> Kept {
        kept(self.response_due_at, self.responded_at, self.response_late, false, now)
    }

    pub fn handling(&self, now: i64) -> Kept {
        kept(self.handling_due_at, self.resolved_at, self.handling_late, self.paused, now)
    }
}

/// How many clocks were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ServiceClocksKept)]
pub struct Tally {
    pub met: u32,
    pub late: u32,
    /// Not decided yet: neither met nor late, and not in the share.
    pub running: u32,
}

impl Tally {
    pub fn add(&mut self, kept: Kept) {
        match kept {
            Kept::Met => self.met += 1,
            Kept::Late => self.late += 1,
            Kept::Running => self.running += 1,
            Kept::None => {}
        }
    }
}

/// Durations with the ones that have not ended: `(seconds, ended)`.
#[derive(Clone, Debug, Default)]
pub struct Durations(Vec<(i64, bool)>);

/// The share that has ended after so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ServiceCurvePoint)]
pub struct CurvePoint {
    pub seconds: i64,
    /// 0 to 1.
    pub share: f64,
}

impl Durations {
    pub fn add(&mut self, from: i64, to: Option<i64>, now: i64) {
        self.0.push(((to.unwrap_or(now) - from).max(0) / 1_000_000, to.is_some()));
    }

    /// Each moment at which something ended, with the share that had ended then.
    pub fn steps(&self) -> Vec<CurvePoint> {
        let mut sorted = self.0.clone();
        // What ended at a moment counts before what was only seen until then.
        sorted.sort_unstable_by_key(|(seconds, ended)| (*seconds, !ended));
        let mut at_risk = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
        let mut left = 1.0;
        let mut steps: Vec<CurvePoint> = Vec::new();
        for (seconds, ended) in sorted {
            if ended {
                left *= 1.0 - 1.0 / f64::from(at_risk);
                match steps.last_mut() {
                    Some(step) if step.seconds == seconds => step.share = 1.0 - left,
                    _ => steps.push(CurvePoint { seconds, share: 1.0 - left }),
                }
            }
            at_risk = at_risk.saturating_sub(1);
        }
        steps
    }

    /// The curve at given moments.
    pub fn curve(&self, moments: &[i64]) -> Vec<CurvePoint> {
        let steps = self.steps();
        let at = |seconds: i64| {
            steps.iter().rev().find(|step| step.seconds <= seconds).map_or(0.0, |step| step.share)
        };
        moments.iter().map(|seconds| CurvePoint { seconds: *seconds, share: at(*seconds) }).collect()
    }

    /// The first moment at which this share has ended; none while it never has.
    pub fn quantile(steps: &[CurvePoint], share: f64) -> Option<i64> {
        // A share that is reached exactly must not be missed for its last bit.
        steps.iter().find(|step| step.share >= share - 1e-9).map(|step| step.seconds)
    }
}

/// Figures of some tickets. Durations in seconds of the wall clock, from the opening.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = ServiceLevel)]
pub struct Level {
    pub opened: u32,
    /// Not solved now.
    pub open: u32,
    pub response: Tally,
    pub handling: Tally,
    pub response_median_s: Option<i64>,
    pub response_p90_s: Option<i64>,
    pub resolution_median_s: Option<i64>,
    pub resolution_p90_s: Option<i64>,
    pub ratings: u32,
    /// 1 to 5.
    pub rating_mean: Option<f64>,
}

/// Measures some tickets.
pub fn level<'a>(tickets: impl IntoIterator<Item = &'a Observed>, now: i64) -> Level {
    let mut level = Level::default();
    let (mut response, mut resolution) = (Durations::default(), Durations::default());
    let mut stars = 0;
    for ticket in tickets {
        level.opened += 1;
        level.open += u32::from(ticket.resolved_at.is_none());
        level.response.add(ticket.response(now));
        level.handling.add(ticket.handling(now));
        response.add(ticket.opened_at, ticket.responded_at, now);
        resolution.add(ticket.opened_at, ticket.resolved_at, now);
        if let Some(rating) = ticket.rating {
            level.ratings += 1;
            stars += rating;
        }
    }
    let (response, resolution) = (response.steps(), resolution.steps());
    level.response_median_s = Durations::quantile(&response, 0.5);
    level.response_p90_s = Durations::quantile(&response, 0.9);
    level.resolution_median_s = Durations::quantile(&resolution, 0.5);
    level.resolution_p90_s = Durations::quantile(&resolution, 0.9);
    level.rating_mean = (level.ratings > 0).then(|| f64::from(stars) / f64::from(level.ratings));
    level
}

/// How long a stretch of a trend is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ServiceTrendUnit)]
pub enum Unit {
    Day,
    /// From Monday.
    Week,
    Month,
}

impl Unit {
    /// What keeps a curve readable: days up to six weeks, weeks up to about nine months.
    pub fn of(days: i32) -> Self {
        match days {
            ..=45 => Self::Day,
            46..=280 => Self::Week,
            _ => Self::Month,
        }
    }

    /// First day of the stretch in which a day lies.
    pub fn first(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                let mut monday = day;
                while monday.weekday() != Weekday::Monday {
                    let Ok(before) = monday.yesterday() else { break };
                    monday = before;
                }
                monday
            }
            Self::Month => day.first_of_month(),
        }
    }

    /// First day of the next stretch.
    pub fn next(self, first: Date) -> Result<Date> {
        let next = match self {
            Self::Day => cn_calendar::counting::days_after(first, 1),
            Self::Week => cn_calendar::counting::days_after(first, 7),
            Self::Month => cn_calendar::counting::months_after(first, 1),
        };
        next.map_err(kernel::Error::internal)
    }
}

/// A stretch of a trend: what was opened and solved in it, and how the clocks of what was opened in it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ServiceTrendPoint)]
pub struct TrendPoint {
    /// First day.
    pub from: String,
    pub opened: u32,
    pub resolved: u32,
    pub response: Tally,
    pub handling: Tally,
}

/// The trend over a period, both days included; stretches without a ticket are there too.
pub fn trend(tickets: &[&Observed], from: Date, to: Date, unit: Unit, now: i64) -> Result<Vec<TrendPoint>> {
    let mut firsts = vec![unit.first(from)];
    while let Some(last) = firsts.last().copied() {
        let next = unit.next(last)?;
        if next > to {
            break;
        }
        firsts.push(next);
    }
    let mut points: Vec<TrendPoint> = firsts
        .iter()
        .map(|first| TrendPoint {
            from: (*first).max(from).to_string(),
            opened: 0,
            resolved: 0,
            response: Tally::default(),
            handling: Tally::default(),
        })
        .collect();
    let day = |at: i64| Timestamp::from_micros(at).local_date();
    let place = |day: Date| firsts.iter().rposition(|first| *first <= day);
    for ticket in tickets {
        let opened = day(ticket.opened_at);
        if (from..=to).contains(&opened)
            && let Some(point) = place(opened).and_then(|n| points.get_mut(n))
        {
            point.opened += 1;
            point.response.add(ticket.response(now));
            point.handling.add(ticket.handling(now));
        }
        let resolved = ticket.resolved_at.map(day).filter(|day| (from..=to).contains(day));
        if let Some(point) = resolved.and_then(place).and_then(|n| points.get_mut(n)) {
            point.resolved += 1;
        }
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000;

    fn ticket(opened: i64, responded: Option<i64>, resolved: Option<i64>) -> Observed {
        Observed {
            opened_at: opened * MINUTE,
            response_due_at: Some((opened + 15) * MINUTE),
            responded_at: responded.map(|at| at * MINUTE),
            response_late: responded.map(|at| at > opened + 15),
            handling_due_at: responded.map(|at| (at + 30) * MINUTE),
            resolved_at: resolved.map(|at| at * MINUTE),
            handling_late: resolved.zip(responded).map(|(at, from)| at > from + 30),
            paused: false,
            rating: None,
        }
    }

    /// By hand: 6, 6, 6 and still going, 10. S(6) = (1 − 1/4)·(1 − 1/3) = 1/2, S(10) = 1/2·(1 − 1/1) = 0.
    #[test]
    fn a_curve_with_what_has_not_ended() {
        let mut durations = Durations::default();
        for (seconds, ended) in [(6, true), (6, false), (10, true), (6, true)] {
            durations.add(0, ended.then_some(seconds * 1_000_000), seconds * 1_000_000);
        }
        let steps = durations.steps();
        let close = |share: f64, seconds: i64| {
            let found = durations.curve(&[seconds]).first().map(|point| point.share).unwrap();
            assert!((found - share).abs() < 1e-12, "{found} at {seconds}");
        };
        close(0.0, 5);
        close(0.5, 6);
        close(0.5, 9);
        close(1.0, 10);
        assert_eq!(Durations::quantile(&steps, 0.5), Some(6));
        assert_eq!(Durations::quantile(&steps, 0.9), Some(10));
    }

    /// Counted by hand at minute 100: answered after 10 and 16 minutes, one waiting since minute 90 (limit 105), one since
    /// minute 60 (limit 75 passed).
    #[test]
    fn what_is_late_although_nobody_answered() {
        let tickets = [
            ticket(0, Some(10), Some(40)),
            ticket(0, Some(16), Some(50)),
            ticket(90, None, None),
            ticket(60, None, None),
        ];
        let level = level(&tickets, 100 * MINUTE);
        assert_eq!(level.response, Tally { met: 1, late: 2, running: 1 });
        // 10 → 40 is 30 minutes: in time; 16 → 50 is 34: late; the others have no handling clock yet.
        assert_eq!(level.handling, Tally { met: 1, late: 1, running: 0 });
        // Of four, one has ended by minute 10 together with the one seen for 10 minutes only: 3/4 left; then two are left at
        // minute 16: 3/8 left, so 5/8 answered.
        assert_eq!((level.opened, level.open), (4, 2));
        assert_eq!(level.response_median_s, Some(16 * 60));
        assert_eq!(level.response_p90_s, None);
    }

    /// Weeks begin on Mondays: 2025-03-03 is one.
    #[test]
    fn a_trend_has_no_holes() {
        let at = |text: &str| -> i64 { crate::book::instant(text.parse().unwrap()).micros() };
        let mut one = ticket(0, None, None);
        one.opened_at = at("2025-03-05T08:00:00");
        one.resolved_at = Some(at("2025-03-18T23:59:00"));
        let day = |text: &str| text.parse::<Date>().unwrap();
        let points =
            trend(&[&one], day("2025-03-05"), day("2025-03-18"), Unit::Week, at("2025-03-20T00:00:00"))
                .unwrap();
        let shown: Vec<_> = points.iter().map(|p| (p.from.as_str(), p.opened, p.resolved)).collect();
        assert_eq!(shown, [("2025-03-05", 1, 0), ("2025-03-10", 0, 0), ("2025-03-17", 0, 1)]);
    }
}
