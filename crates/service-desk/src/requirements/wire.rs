//! Requests and responses about requirements.

use super::model::{ComplaintTo, Party, Size, State};
use crate::clock::{Clock, DerivationView};
use crate::journal::EntryView;
use kernel::{OrganisationId, PenaltyId, RequirementId, ServiceContractId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RequirementInput)]
pub struct RequirementInput {
    /// The institution that wants it; the caller's own when absent.
    pub organisation_id: Option<OrganisationId>,
    pub item_code: Option<String>,
    pub title: String,
    pub description: String,
    pub requester_name: Option<String>,
    /// When it was received; now when absent.
    pub received_at: Option<Timestamp>,
}

/// A step of a requirement.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = RequirementStep)]
pub enum Step {
    /// Says whether it is ordinary or complex; the other party confirms it.
    ProposeKind {
        kind: Size,
    },
    ConfirmKind,
    /// The feedback: feasible or not, when, for how much more.
    Answer {
        feasible: bool,
        /// `2025-10-31`; wanted where it is feasible.
        expected_finish: Option<String>,
        /// Beside the price, 3.2; 0 for none.
        extra_cost_cents: i64,
        answer: String,
        at: Option<Timestamp>,
    },
    /// A new part of the work with a date, or another date for a known one. It counts once the other party accepts it.
    ProposeDate {
        milestone: Option<Uuid>,
        name: String,
        due: String,
    },
    AcceptDate {
        milestone: Uuid,
    },
    DeclineDate {
        milestone: Uuid,
        reason: String,
    },
    Reach {
        milestone: Uuid,
        at: Option<Timestamp>,
    },
    /// Somebody complained because of a missed date.
    Complain {
        milestone: Uuid,
        /// The missed date, `2025-10-31`; the latest when absent.
        due: Option<String>,
        to: ComplaintTo,
        evidence: String,
        /// A file of this requirement that shows it.
        attachment_id: Option<Uuid>,
    },
    /// A missed date affected business of the bureau or of institutions.
    AffectBusiness {
        milestone: Uuid,
        due: Option<String>,
        evidence: String,
        attachment_id: Option<Uuid>,
    },
    /// What a patient is compensated with, as negotiated.
    Compensate {
        amount_cents: i64,
        reason: String,
    },
    Deliver {
        note: String,
        at: Option<Timestamp>,
    },
    Reject {
        reason: String,
    },
    Accept,
    Decline {
        reason: String,
    },
    Withdraw {
        reason: String,
    },
    Note {
        text: String,
    },
    /// Says when an entry really happened, or, without `at`, that it never did.
    Correct {
        event_id: Uuid,
        at: Option<Timestamp>,
        reason: String,
    },
}

/// A line of a list.
#[derive(Serialize, ToSchema)]
#[schema(as = RequirementItem)]
pub struct RequirementItem {
    pub id: RequirementId,
    pub number: String,
    pub title: String,
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    pub item_code: Option<String>,
    pub state: State,
    pub kind: Size,
    pub kind_confirmed: bool,
    pub received_at: Timestamp,
    pub feedback_due_at: Option<Timestamp>,
    pub feedback_at: Option<Timestamp>,
    pub feedback_late: Option<bool>,
    pub milestone_due_at: Option<Timestamp>,
    pub missed_count: i32,
    pub complained: bool,
    pub business_affected: bool,
    pub penalty_cents: i64,
    pub next_due_at: Option<Timestamp>,
    pub blocked: Option<String>,
}

/// A requirement with its clocks, milestones, fines and journal.
#[derive(Serialize, ToSchema)]
#[schema(as = Requirement)]
pub struct RequirementView {
    #[serde(flatten)]
    pub item: RequirementItem,
    pub description: String,
    pub requester_name: Option<String>,
    pub opened_by_name: String,
    pub recorded_at: Timestamp,
    pub contract_id: ServiceContractId,
    pub contract_code: String,
    pub contract_version: i32,
    pub calendar_version: String,
    pub kind_proposed: Option<Size>,
    pub kind_proposed_by: Option<Party>,
    pub feasible: Option<bool>,
    pub expected_finish: Option<String>,
    pub extra_cost_cents: i64,
    pub answer: Option<String>,
    pub milestones: Vec<MilestoneView>,
    pub compensation_cents: i64,
    pub fines: Vec<FineView>,
    pub clocks: Vec<Clock>,
    pub journal: Vec<EntryView>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RequirementMilestone)]
pub struct MilestoneView {
    pub id: Uuid,
    pub name: String,
    /// Agreed dates, oldest first; the last that was not replaced counts.
    pub dates: Vec<DateView>,
    pub proposed_due: Option<String>,
    pub proposed_by: Option<Party>,
    pub reached_at: Option<Timestamp>,
    pub complaints: Vec<ComplaintView>,
    pub business_affected: Vec<AffectedView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RequirementDate)]
pub struct DateView {
    pub due: String,
    pub agreed_at: Timestamp,
    pub replaced_at: Option<Timestamp>,
    pub missed: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RequirementComplaintView)]
pub struct ComplaintView {
    pub to: ComplaintTo,
    /// The missed date that it is about.
    pub due: Option<String>,
    pub evidence: String,
    pub attachment_id: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RequirementBusinessAffected)]
pub struct AffectedView {
    pub due: Option<String>,
    pub evidence: String,
    pub attachment_id: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RequirementFine)]
pub struct FineView {
    /// `feedback`, `compensation`, or a milestone with its date.
    pub part: String,
    pub amount_cents: i64,
    pub derivation: DerivationView,
    pub penalty_id: Option<PenaltyId>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequirementQuery {
    pub q: Option<String>,
    /// States, separated by commas.
    pub state: Option<String>,
    pub item_code: Option<String>,
    pub organisation_id: Option<OrganisationId>,
    /// Only those with a limit that passed.
    #[serde(default)]
    pub late: bool,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}
