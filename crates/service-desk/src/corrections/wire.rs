//! Requests and responses about data corrections.

use super::model::{Change, Execution, State};
use crate::clock::DerivationView;
use crate::journal::EntryView;
use crate::tickets::model::Touches;
use kernel::{DataCorrectionId, OrganisationId, ServiceTicketId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DataCorrectionInput)]
pub struct CorrectionInput {
    /// The institution whose data it is; the ticket's, else the caller's own when absent.
    pub organisation_id: Option<OrganisationId>,
    pub ticket_id: Option<ServiceTicketId>,
    pub item_code: String,
    pub title: String,
    pub reason: String,
    pub touches: Touches,
    /// Up to 200; whatever changes data needs the approval. Only a charge problem may come without.
    pub changes: Vec<Change>,
    /// How it is undone when it goes wrong.
    pub rollback_plan: String,
}

/// A step of a correction.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = DataCorrectionStep)]
pub enum Step {
    Approve {
        opinion: Option<String>,
    },
    Reject {
        reason: String,
    },
    Withdraw {
        reason: String,
    },
    /// What was found afterwards, one value for each change in their order; where one differs from what was approved, why.
    Execute {
        steps: String,
        after: Vec<String>,
        deviation_reason: Option<String>,
        at: Option<Timestamp>,
    },
    Review {
        right: bool,
        note: Option<String>,
    },
    /// Somebody worked before the approval: a control violation, recorded and not fined.
    ReportViolation {
        what: String,
    },
}

/// A line of a list: no values.
#[derive(Serialize, ToSchema)]
#[schema(as = DataCorrectionItem)]
pub struct CorrectionItem {
    pub id: DataCorrectionId,
    pub number: String,
    pub title: String,
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    pub item_code: String,
    pub ticket_id: Option<ServiceTicketId>,
    pub state: State,
    pub approval_needed: bool,
    pub violation: bool,
    pub requested_by_name: String,
    pub requested_at: Timestamp,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub executed_by_name: Option<String>,
    pub executed_at: Option<Timestamp>,
    pub reviewed_at: Option<Timestamp>,
}

/// A correction with its values and journal.
#[derive(Serialize, ToSchema)]
#[schema(as = DataCorrection)]
pub struct CorrectionView {
    #[serde(flatten)]
    pub item: CorrectionItem,
    pub reason: String,
    pub touches: Touches,
    /// Why it needs an approval, or does not.
    pub approval: DerivationView,
    pub changes: Vec<Change>,
    /// What was found after the execution, in the order of the changes.
    pub executed: Option<Vec<String>>,
    /// Every execution with its script, oldest first.
    pub executions: Vec<Execution>,
    pub rollback_plan: String,
    pub reviewed_by_name: Option<String>,
    pub journal: Vec<EntryView>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CorrectionQuery {
    pub q: Option<String>,
    /// States, separated by commas.
    pub state: Option<String>,
    pub item_code: Option<String>,
    /// An institution, with everything below it.
    pub organisation_id: Option<OrganisationId>,
    pub ticket_id: Option<ServiceTicketId>,
    /// Only those with a control violation.
    #[serde(default)]
    pub violations: bool,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}
