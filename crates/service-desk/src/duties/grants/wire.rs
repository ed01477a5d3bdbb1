//! Requests and responses about grants.

use super::model::{AccessKind, State};
use kernel::{ServiceContractId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What the provider asks for.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GrantInput)]
pub struct GrantInput {
    pub person_id: Uuid,
    /// An item of the contract.
    pub item_code: String,
    /// The system, as people call it.
    pub system_name: String,
    pub access: AccessKind,
    pub reason: String,
    /// Now when absent.
    pub from: Option<Timestamp>,
    /// When it ends by itself; at the latest with the contract's term.
    pub until: Timestamp,
}

/// A step of a grant.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = GrantStep)]
pub enum Step {
    Approve,
    Refuse {
        reason: String,
    },
    /// The provider asks no longer.
    Cancel {
        reason: String,
    },
    /// The bureau takes it back.
    Withdraw {
        reason: String,
    },
    /// The provider gives it back.
    Return {
        reason: Option<String>,
    },
    /// The access is gone from the system itself.
    ConfirmRemoval {
        /// Now when absent.
        at: Option<Timestamp>,
        note: String,
    },
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantView {
    pub id: Uuid,
    pub number: String,
    pub contract_id: ServiceContractId,
    pub person_id: Uuid,
    pub person_name: String,
    pub item_code: String,
    pub system_name: String,
    pub access: AccessKind,
    pub reason: String,
    pub from: Timestamp,
    pub until: Timestamp,
    pub state: State,
    /// Below zero when it is over.
    pub remaining_s: i64,
    pub requested_by_name: String,
    pub requested_at: Timestamp,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub decision_reason: Option<String>,
    /// `cancelled`, `withdrawn`, `returned`, `person_left`.
    pub ended_kind: Option<String>,
    pub ended_by_name: Option<String>,
    pub ended_at: Option<Timestamp>,
    pub end_reason: Option<String>,
    /// It is over and nobody confirmed yet that the access is gone from the system itself.
    pub removal_open: bool,
    pub removed_by_name: Option<String>,
    pub removed_at: Option<Timestamp>,
    pub removal_note: Option<String>,
    /// About the person, of a grant that is asked for or in force: `training_missing`, `training_outdated`, `background_failed`.
    pub warnings: Vec<String>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GrantQuery {
    /// States, separated by commas.
    pub state: Option<String>,
    pub person_id: Option<Uuid>,
    pub item_code: Option<String>,
    /// Only those whose access is still to be removed from the system.
    #[serde(default)]
    pub removal_open: bool,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}
