//! States of a correction and what happens to it.
//!
//! ```text
//! requested ──approve──▶ approved ──execute──▶ executed ──review──▶ closed
//!     │    └─reject─▶ rejected        ▲           │
//!     └─withdraw─▶ withdrawn          └─ review (not right) ─┘
//! ```
//!
//! A form that changes data always needs the approval. What needs none (a charge problem below 1000 yuan that is settled
//! without a change of data) is approved by the rule itself.

use kernel::Timestamp;
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

/// One execution: what was run, and what was found afterwards. A script names values, so it stands in the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DataCorrectionExecution)]
pub struct Execution {
    pub at: Timestamp,
    pub by_name: String,
    /// Steps or script.
    pub steps: String,
    /// What was found, in the order of the changes.
    pub after: Vec<String>,
    /// Why something differs from what was approved.
    pub deviation_reason: Option<String>,
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
        /// Lines of the script.
        #[serde(default)]
        lines: usize,
        /// SM3 of the script, 64 lower-case hexadecimal digits: what the form keeps is what was run.
        #[serde(default)]
        sm3: String,
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
