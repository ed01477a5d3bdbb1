//! States of a correction and what happens to it.
//!
//! ```text
//! requested ──approve──▶ approved ──execute──▶ executed ──review──▶ closed
//!     │    └─reject─▶ rejected        ▲           │
//!     └─withdraw─▶ withdrawn          └─ review (not right) ─┘
//! ```
//!
//! What needs no approval (a charge problem below 1000 yuan) is approved by the rule itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DataCorrectionState)]
pub enum State {
    Requested,
    Approved,
    Executed,
    Closed,
    Rejected,
    Withdrawn,
}

impl State {
    pub const ALL: [Self; 6] =
        [Self::Requested, Self::Approved, Self::Executed, Self::Closed, Self::Rejected, Self::Withdrawn];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Executed => "executed",
            Self::Closed => "closed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// One value to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DataChange)]
pub struct Change {
    /// Table or document.
    pub object: String,
    /// Which row: its key.
    pub key: String,
    pub field: String,
    pub before: String,
    pub after: String,
}

/// One thing that happened. No values: they may be personal data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Requested {
        changes: usize,
    },
    Approved {
        opinion: Option<String>,
    },
    /// The rule needs no approval.
    Exempt,
    Rejected,
    Withdrawn,
    Executed {
        steps: String,
        deviations: usize,
    },
    Reviewed {
        right: bool,
        note: Option<String>,
    },
    /// Somebody worked before the approval.
    Violated {
        what: String,
    },
}
