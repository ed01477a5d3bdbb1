//! One clock: what it counts, until when, and every stretch that it counted or skipped, with the reason.
//!
//! A clock is computed from moments, never kept running: the same moments, contract and calendar give the same clock.

use crate::book::instant;
use jiff::civil::DateTime;
use kernel::Timestamp;
use serde::Serialize;
use service_terms::{Alternative, Derivation, Fact};
use utoipa::ToSchema;

/// A stretch of time.
#[derive(Clone, Debug, Serialize, ToSchema, PartialEq, Eq)]
#[schema(as = ServiceInterval)]
pub struct Interval {
    pub from: Timestamp,
    pub to: Timestamp,
    pub counted: bool,
    /// `wall_clock`, `agreed_deadline`, or the reason of a pause.
    pub why: String,
}

/// A clock at a moment.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceClock)]
pub struct Clock {
    /// `response`, `handling`, `feedback`, `milestone`, `restoration`, `report` or `notice`.
    pub name: String,
    pub started_at: Timestamp,
    pub due_at: Timestamp,
    pub stopped_at: Option<Timestamp>,
    pub elapsed_s: i64,
    /// Below zero when it is late.
    pub remaining_s: i64,
    /// When the limit passed, if it passed before the clock was stopped or before now.
    pub breached_at: Option<Timestamp>,
    pub paused: bool,
    pub intervals: Vec<Interval>,
    pub derivation: DerivationView,
}

/// How a value came about, as an auditor reads it.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize, ToSchema)]
#[schema(as = ServiceDerivation)]
pub struct DerivationView {
    pub rule: String,
    /// Place in the contract or law.
    pub clause: String,
    pub inputs: Vec<FactView>,
    pub steps: Vec<String>,
    /// The same in Chinese.
    #[serde(default)]
    pub steps_zh: Vec<String>,
    pub readings: Vec<FactView>,
    pub alternatives: Vec<AlternativeView>,
}

/// A named value.
#[derive(Clone, Debug, Serialize, serde::Deserialize, ToSchema)]
#[schema(as = ServiceFact)]
pub struct FactView {
    pub name: String,
    pub value: String,
}

/// What another reading would give.
#[derive(Clone, Debug, Serialize, serde::Deserialize, ToSchema)]
#[schema(as = ServiceAlternative)]
pub struct AlternativeView {
    pub reading: String,
    pub result: String,
}

impl From<Derivation> for DerivationView {
    fn from(derivation: Derivation) -> Self {
        let fact = |fact: Fact| FactView { name: fact.name, value: fact.value };
        let other = |a: Alternative| AlternativeView { reading: a.reading, result: a.result };
        Self {
            rule: derivation.rule,
            clause: derivation.clause,
            inputs: derivation.inputs.into_iter().map(fact).collect(),
            steps_zh: derivation.steps.iter().map(|step| service_terms::chinese(step)).collect(),
            steps: derivation.steps,
            readings: derivation.readings.into_iter().map(fact).collect(),
            alternatives: derivation.alternatives.into_iter().map(other).collect(),
        }
    }
}

/// A stretch that a clock skips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    pub from: Timestamp,
    /// None while it lasts.
    pub to: Option<Timestamp>,
    pub why: String,
    /// Whether it moves the limit by its length; one from before an agreed date does not.
    pub moves: bool,
}

/// What a clock is made from.
#[derive(Clone, Debug)]
pub struct Moments {
    pub started_at: Timestamp,
    /// The limit without pauses.
    pub due: DateTime,
    pub stopped_at: Option<Timestamp>,
    pub pauses: Vec<Pause>,
}

impl Clock {
    /// A clock as it stands at `now`. Pauses move the limit by their length; a pause that begins after the limit does not.
    pub fn at(name: &str, counts: &str, moments: Moments, derivation: Derivation, now: Timestamp) -> Self {
        let Moments { started_at, due, stopped_at, mut pauses } = moments;
        pauses.sort_by_key(|pause| pause.from);
        let until = stopped_at.unwrap_or(now).max(started_at);
        let mut due_at = instant(due);
        let (mut intervals, mut cursor, mut paused) = (Vec::new(), started_at, false);
        let mut elapsed_s = 0;
        for Pause { from, to, why, moves } in pauses {
            let from = from.max(cursor).min(until);
            let end = to.unwrap_or(until).max(from).min(until);
            if moves && from < due_at {
                due_at = due_at.plus(span(from, end));
            }
            if to.is_none() && stopped_at.is_none() {
                paused = true;
            }
            if cursor < from {
                elapsed_s += from.seconds_since(cursor);
                intervals.push(Interval { from: cursor, to: from, counted: true, why: counts.to_owned() });
            }
            if from < end {
                intervals.push(Interval { from, to: end, counted: false, why });
            }
            cursor = end;
        }
        if cursor < until {
            elapsed_s += until.seconds_since(cursor);
            intervals.push(Interval { from: cursor, to: until, counted: true, why: counts.to_owned() });
        }
        let breached_at = (until > due_at).then_some(due_at);
        Self {
            name: name.to_owned(),
            started_at,
            due_at,
            stopped_at,
            elapsed_s,
            remaining_s: due_at.seconds_since(until),
            breached_at,
            paused,
            intervals,
            derivation: derivation.into(),
        }
    }

    pub fn is_running(&self) -> bool {
        self.stopped_at.is_none()
    }
}

fn span(from: Timestamp, to: Timestamp) -> std::time::Duration {
    let micros = u64::try_from(to.micros().saturating_sub(from.micros())).unwrap_or(0);
    std::time::Duration::from_micros(micros)
}
