//! What can happen to an inspection, and the state that follows.
//!
//! ```text
//! planned ──start──▶ in_progress ──submit──▶ submitted ──confirm──▶ confirmed
//!    │                   ▲                      │
//!    └▶ cancelled        └────────return────────┘
//! ```
//!
//! A plan is cancelled by an amendment only, and comes back when a later one asks for it again. What is filled in lies beside the journal, unit by unit; the journal keeps the
//! steps, the two signatures (submitted by party B, confirmed by party A), and what was changed after a return.

use crate::journal::{Entry, standing};
use jiff::civil::Date;
use kernel::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! names {
    ($kind:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $kind {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }
    };
}

/// Which duty of the contract it fulfils; names as in `service_terms::dates::inspections`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InspectionKind)]
pub enum Kind {
    /// 附件1 1.1.2(5)
    CloudMonthly,
    /// 附件1 1.2.2(1)
    VideoMonthly,
    /// 6.2(3): all equipment, with a report on paper.
    PreventiveQuarterly,
}

/// Where an inspection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InspectionState)]
pub enum State {
    Planned,
    InProgress,
    Submitted,
    Confirmed,
    Cancelled,
}

/// What the look at an item found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InspectionVerdict)]
pub enum Verdict {
    Normal,
    Abnormal,
    NotApplicable,
}

/// Who filled an item in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InspectionSource)]
pub enum Source {
    Person,
    Monitoring,
}

/// When somebody is told of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InspectionReminder)]
pub enum Reminder {
    WeekBefore,
    DayBefore,
    /// The day after: a warning, no fine (CONTRACT section 4).
    Overdue,
}

names!(Kind { CloudMonthly = "cloud_monthly", VideoMonthly = "video_monthly", PreventiveQuarterly = "preventive_quarterly" });
names!(State { Planned = "planned", InProgress = "in_progress", Submitted = "submitted", Confirmed = "confirmed", Cancelled = "cancelled" });
names!(Verdict { Normal = "normal", Abnormal = "abnormal", NotApplicable = "not_applicable" });
names!(Source { Person = "person", Monitoring = "monitoring" });

impl Kind {
    /// The contract items that it covers; none: all with equipment.
    pub fn item(self) -> Option<&'static str> {
        match self {
            Self::CloudMonthly => Some("cloud"),
            Self::VideoMonthly => Some("video"),
            Self::PreventiveQuarterly => None,
        }
    }

    /// Months from the beginning of its period to its due date.
    pub fn months(self) -> i32 {
        if self == Self::PreventiveQuarterly { 3 } else { 1 }
    }

    pub fn clause(self) -> &'static str {
        match self {
            Self::CloudMonthly => "附件1 1.1.2(5)",
            Self::VideoMonthly => "附件1 1.2.2(1)",
            Self::PreventiveQuarterly => "6.2(3)",
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Planned {
        due: Date,
    },
    /// The contract or its reading changed.
    Rescheduled {
        from: Date,
        to: Date,
        cause: String,
    },
    /// The contract does not ask for it any more.
    Cancelled {
        cause: String,
    },
    Assigned {
        account_id: AccountId,
        name: String,
    },
    Started {
        units: i32,
        items: i32,
        checklists: String,
    },
    /// Values were taken from a monitoring system.
    MonitoringRead {
        filled: i32,
        refused: i32,
    },
    FindingReported {
        unit_id: Uuid,
        unit: String,
        item: String,
        ticket_id: Uuid,
        ticket_number: String,
    },
    /// An answer was changed after the report had been returned.
    Changed {
        unit: String,
        item: String,
        before: String,
        after: String,
    },
    /// Signed by party B.
    Submitted {
        summary: String,
        answered: i32,
        abnormal: i32,
    },
    Returned,
    /// Signed by party A.
    Confirmed {
        opinion: Option<String>,
    },
    PaperDelivered {
        on: Date,
    },
    Reminded {
        reminder: Reminder,
        told: Vec<String>,
    },
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ServiceSignature)]
pub struct Signature {
    pub name: String,
    pub at: Timestamp,
}

/// An inspection as its journal tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    pub state: State,
    pub due: Date,
    pub assignee: Option<(AccountId, String)>,
    pub started_at: Option<Timestamp>,
    /// Party B, with the account: who confirms must be another one.
    pub submitted: Option<(Signature, Option<Uuid>)>,
    pub summary: Option<String>,
    pub confirmed: Option<Signature>,
    pub opinion: Option<String>,
    pub returned_count: i32,
    pub return_reason: Option<String>,
    pub paper_delivered_on: Option<Date>,
    pub findings: i32,
    pub reminded: Vec<Reminder>,
}

/// The state after the entries that stand. None when nothing was planned.
pub fn fold(entries: &[Entry<Event>]) -> Option<Inspection> {
    let standing = standing(entries);
    let due = standing.iter().find_map(|entry| match entry.what {
        Event::Planned { due } => Some(due),
        _ => None,
    })?;
    let mut found = Inspection {
        state: State::Planned,
        due,
        assignee: None,
        started_at: None,
        submitted: None,
        summary: None,
        confirmed: None,
        opinion: None,
        returned_count: 0,
        return_reason: None,
        paper_delivered_on: None,
        findings: 0,
        reminded: Vec::new(),
    };
    for entry in standing {
        found.apply(entry);
    }
    Some(found)
}

impl Inspection {
    fn apply(&mut self, entry: &Entry<Event>) {
        let signature = || Signature { name: entry.by_name.clone(), at: entry.at };
        match &entry.what {
            Event::Rescheduled { to, .. } => {
                self.due = *to;
                // Asked for again after an amendment that had left it out.
                if self.state == State::Cancelled {
                    self.state = State::Planned;
                }
                // Another date is reminded of anew.
                self.reminded.clear();
            }
            Event::Cancelled { .. } => self.state = State::Cancelled,
            Event::Assigned { account_id, name } => self.assignee = Some((*account_id, name.clone())),
            Event::Started { .. } => {
                self.started_at = Some(entry.at);
                self.state = State::InProgress;
            }
            Event::FindingReported { .. } => self.findings += 1,
            Event::Submitted { summary, .. } => {
                self.submitted = Some((signature(), entry.by));
                self.summary = Some(summary.clone());
                self.return_reason = None;
                self.state = State::Submitted;
            }
            Event::Returned => {
                self.submitted = None;
                self.returned_count += 1;
                self.return_reason.clone_from(&entry.reason);
                self.state = State::InProgress;
            }
            Event::Confirmed { opinion } => {
                self.confirmed = Some(signature());
                self.opinion.clone_from(opinion);
                self.state = State::Confirmed;
            }
            Event::PaperDelivered { on } => self.paper_delivered_on = Some(*on),
            Event::Reminded { reminder, .. } => self.reminded.push(*reminder),
            Event::Planned { .. } | Event::MonitoringRead { .. } | Event::Changed { .. } => {}
        }
    }

    /// Whether the report came, or is still missing, after its date.
    pub fn late(&self, today: Date) -> bool {
        match (&self.submitted, self.state) {
            (_, State::Cancelled) => false,
            (Some((signature, _)), _) => signature.at.local_date() > self.due,
            (None, _) => today > self.due,
        }
    }
}
