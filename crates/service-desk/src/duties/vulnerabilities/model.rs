//! What can happen to a vulnerability, and the state that follows.
//!
//! ```text
//! found ──report──▶ reported ──fix──▶ fixed ──close──▶ closed
//!   └──────fix (reported later)────────▲ ▲────reopen─────┘
//! ```
//!
//! The clock runs from finding it until party A is told, wall-clock, on every day.

use crate::book::Edition;
use crate::clock::{Clock, Moments};
use crate::journal::{Entry, standing};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service_terms::{TermsError, dates};
use utoipa::ToSchema;

/// Where a vulnerability stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = VulnerabilityState)]
pub enum State {
    Found,
    Reported,
    Fixed,
    Closed,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Found, Self::Reported, Self::Fixed, Self::Closed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Reported => "reported",
            Self::Fixed => "fixed",
            Self::Closed => "closed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// The grades of GB/T 30279: 超危, 高危, 中危, 低危.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = VulnerabilitySeverity)]
pub enum Severity {
    Critical,
    High,
    Medium,
    Low,
}

impl Severity {
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == text)
    }
}

/// Who may consent to a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = VulnerabilityAuthority)]
pub enum Authority {
    /// 网信部门
    Cyberspace,
    /// 公安机关
    Police,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The entry's time is when it was found.
    Found {
        severity: Severity,
    },
    /// Party A was told.
    Reported {
        recipient: String,
        way: String,
    },
    Judged {
        severity: Severity,
    },
    Measure {
        text: String,
    },
    Fixed {
        text: String,
    },
    Consented {
        authority: Authority,
        reference: String,
    },
    Published {
        place: String,
    },
    Closed {
        conclusion: String,
    },
    Reopened,
    Escalated {
        clock: String,
        percent: i32,
        told: Vec<String>,
    },
}

/// A vulnerability as its journal tells it.
#[derive(Clone, Debug)]
pub struct Vulnerability {
    pub severity: Severity,
    pub found_at: Timestamp,
    pub reported_at: Option<Timestamp>,
    pub fixed: bool,
    pub closed_at: Option<Timestamp>,
    /// The earliest consent.
    pub consented_at: Option<Timestamp>,
    pub published_at: Option<Timestamp>,
    pub escalated: Vec<(String, i32)>,
}

/// The state after the entries that stand; none when nothing was found.
pub fn fold(entries: &[Entry<Event>]) -> Option<Vulnerability> {
    let standing = standing(entries);
    let (found_at, severity) = standing.iter().find_map(|entry| match &entry.what {
        Event::Found { severity } => Some((entry.at, *severity)),
        _ => None,
    })?;
    let mut found = Vulnerability {
        severity,
        found_at,
        reported_at: None,
        fixed: false,
        closed_at: None,
        consented_at: None,
        published_at: None,
        escalated: Vec::new(),
    };
    for entry in standing {
        let at = entry.at;
        match &entry.what {
            Event::Found { .. } | Event::Measure { .. } => {}
            // The first report counts.
            Event::Reported { .. } => {
                found.reported_at.get_or_insert(at);
            }
            Event::Judged { severity } => found.severity = *severity,
            Event::Fixed { .. } => found.fixed = true,
            Event::Consented { .. } => {
                found.consented_at.get_or_insert(at);
            }
            Event::Published { .. } => {
                found.published_at.get_or_insert(at);
            }
            Event::Closed { .. } => found.closed_at = Some(at),
            Event::Reopened => {
                found.fixed = false;
                found.closed_at = None;
            }
            Event::Escalated { clock, percent, .. } => found.escalated.push((clock.clone(), *percent)),
        }
    }
    Some(found)
}

impl Vulnerability {
    pub fn state(&self) -> State {
        match (self.closed_at, self.reported_at, self.fixed) {
            (Some(_), _, _) => State::Closed,
            (None, None, _) => State::Found,
            (None, Some(_), true) => State::Fixed,
            (None, Some(_), false) => State::Reported,
        }
    }

    /// The clock of telling party A.
    pub fn clock(&self, edition: &Edition, now: Timestamp) -> Result<Clock, TermsError> {
        let due = dates::vulnerability_report(&edition.contract, self.found_at.local())?;
        let moments = Moments {
            started_at: self.found_at,
            due: due.value,
            stopped_at: self.reported_at,
            pauses: Vec::new(),
        };
        Ok(Clock::at("report", "wall_clock", moments, due.derivation, now))
    }
}
