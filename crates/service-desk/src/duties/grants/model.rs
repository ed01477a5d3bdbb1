//! The state of a grant. It is never stored: it follows from what was decided and from the clock.
//!
//! ```text
//! requested ──approve──▶ coming ──from──▶ active ──until──▶ expired
//!     │  │                  └──withdraw──┬──┘ └──return──▶ returned
//!     │  └──refuse──▶ refused            ▼
//!     ├──cancel──▶ cancelled          withdrawn (also when the person leaves)
//!     └──until──▶ lapsed
//! ```
//!
//! After an approved grant has ended, its access has to be removed from the system itself: it stays on the list of what is to be
//! carried out until a person confirms it.

use super::store::GrantRow;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// Both parties are warned so long before the end.
pub const WARNING: Duration = Duration::from_secs(7 * 24 * 3600);

/// Where a grant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GrantState)]
pub enum State {
    Requested,
    /// Nobody decided before its end.
    Lapsed,
    Refused,
    Cancelled,
    /// Approved; its first moment is still to come.
    Coming,
    Active,
    Expired,
    Withdrawn,
    Returned,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Lapsed => "lapsed",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Coming => "coming",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Returned => "returned",
        }
    }
}

/// What a person may do in a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GrantAccess)]
pub enum AccessKind {
    Read,
    Write,
    Admin,
    Database,
    /// Remote access by VPN.
    Remote,
}

impl AccessKind {
    const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Admin, Self::Database, Self::Remote];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
            Self::Database => "database",
            Self::Remote => "remote",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Where a grant stands at a moment. Its end belongs to what is over: at `until` it is expired.
pub fn state(row: &GrantRow, now: Timestamp) -> State {
    let over = row.until_at <= now.micros();
    match (row.approved, row.ended_kind.as_deref()) {
        (Some(false), _) => State::Refused,
        (None, Some(_)) => State::Cancelled,
        (None, None) if over => State::Lapsed,
        (None, None) => State::Requested,
        (Some(true), Some("returned")) => State::Returned,
        (Some(true), Some(_)) => State::Withdrawn,
        (Some(true), None) if over => State::Expired,
        (Some(true), None) if row.from_at > now.micros() => State::Coming,
        (Some(true), None) => State::Active,
    }
}

/// Whether somebody still has to remove the access from the system itself.
pub fn removal_open(row: &GrantRow, now: Timestamp) -> bool {
    let ended = matches!(state(row, now), State::Expired | State::Withdrawn | State::Returned);
    ended && row.removed_at.is_none()
}
