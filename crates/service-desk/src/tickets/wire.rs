//! Requests and responses about tickets.

use super::model::{Channel, Class, Part, PauseReason, Side, State, Touches};
use crate::clock::{Clock, DerivationView};
use crate::intake::wire::IntakeItem;
use crate::journal::EntryView;
use kernel::{AccountId, KnowledgeArticleId, OrganisationId, ServiceContractId, ServiceTicketId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TicketInput)]
pub struct TicketInput {
    /// The institution that it is about; the caller's own when absent.
    pub organisation_id: Option<OrganisationId>,
    pub channel: Channel,
    pub class: Class,
    /// 1 (cannot work) to 4 (a wish).
    pub priority: i32,
    /// Code of the contract's item, such as `ecg`.
    pub item_code: Option<String>,
    pub title: String,
    #[serde(default)]
    pub description: String,
    pub caller_name: Option<String>,
    pub caller_phone: Option<String>,
    /// When the call or the message came; now when absent. A chat message keeps its own time.
    pub opened_at: Option<Timestamp>,
    #[serde(default)]
    pub touches: Touches,
}

/// A step of a ticket.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = TicketStep)]
pub enum Step {
    /// The first answer by a person. `at`: when it was given, now when absent.
    Respond {
        at: Option<Timestamp>,
        note: Option<String>,
    },
    Classify {
        class: Class,
        priority: i32,
        item_code: Option<String>,
        #[serde(default)]
        touches: Touches,
    },
    /// To a person; to oneself with the own account.
    Assign {
        account_id: AccountId,
    },
    /// A date for what takes longer; it counts once the other side accepts it.
    ProposeDeadline {
        due_at: Timestamp,
    },
    AcceptDeadline,
    DeclineDeadline {
        reason: String,
    },
    Pause {
        pause: PauseReason,
        note: String,
        at: Option<Timestamp>,
    },
    Resume {
        at: Option<Timestamp>,
    },
    Dispatch {
        planned_at: Option<Timestamp>,
        place: String,
    },
    Arrive {
        at: Option<Timestamp>,
    },
    Leave {
        at: Option<Timestamp>,
    },
    UsePart {
        name: String,
        quantity: i32,
        unit_price_cents: i64,
        /// As the item of the contract says when absent: free for the cloud platform, billed for video hardware.
        billable: Option<bool>,
        /// Wanted where `billable` differs from what the item says.
        reason: Option<String>,
    },
    Note {
        text: String,
    },
    Resolve {
        solution: String,
        cause: Option<String>,
        /// The article of the knowledge base that it was solved with.
        #[serde(default)]
        article_id: Option<KnowledgeArticleId>,
        at: Option<Timestamp>,
    },
    Reopen {
        reason: String,
    },
    Close,
    Rate {
        stars: i32,
        comment: Option<String>,
    },
    Cancel {
        reason: String,
    },
    /// Makes this ticket part of a mass outage.
    Join {
        parent_id: ServiceTicketId,
    },
    SetScope {
        out_of_scope: bool,
        reason: String,
    },
    /// Says when an entry really happened, or, without `at`, that it never did. The clocks are computed anew.
    Correct {
        event_id: Uuid,
        at: Option<Timestamp>,
        reason: String,
    },
}

/// A line of a list.
#[derive(Serialize, ToSchema)]
#[schema(as = TicketItem)]
pub struct TicketItem {
    pub id: ServiceTicketId,
    pub number: String,
    pub title: String,
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    pub item_code: Option<String>,
    pub channel: Channel,
    pub class: Class,
    pub priority: i32,
    pub state: State,
    pub assignee_name: Option<String>,
    pub opened_at: Timestamp,
    pub response_due_at: Option<Timestamp>,
    pub responded_at: Option<Timestamp>,
    pub response_late: Option<bool>,
    pub handling_due_at: Option<Timestamp>,
    pub handling_late: Option<bool>,
    pub resolved_at: Option<Timestamp>,
    pub next_due_at: Option<Timestamp>,
    pub approval_needed: bool,
    pub blocked: Option<String>,
    pub rating: Option<i32>,
    pub is_child: bool,
}

/// A ticket with its clocks, journal and what the caller may do.
#[derive(Serialize, ToSchema)]
#[schema(as = Ticket)]
pub struct TicketView {
    #[serde(flatten)]
    pub item: TicketItem,
    pub description: String,
    pub caller_name: Option<String>,
    pub caller_phone: Option<String>,
    pub opened_by_name: String,
    pub recorded_at: Timestamp,
    pub contract_id: ServiceContractId,
    pub contract_code: String,
    pub contract_version: i32,
    pub calendar_version: String,
    pub assignee_id: Option<AccountId>,
    pub agreed_due_at: Option<Timestamp>,
    pub proposed_due_at: Option<Timestamp>,
    pub proposed_by: Option<Side>,
    pub touches: Touches,
    pub approval: Option<DerivationView>,
    pub solution: Option<String>,
    pub cause: Option<String>,
    pub rating_comment: Option<String>,
    pub parts: Vec<Part>,
    pub billable_cents: i64,
    pub on_site: bool,
    pub out_of_scope: bool,
    pub parent_id: Option<ServiceTicketId>,
    pub children: Vec<TicketItem>,
    pub clocks: Vec<Clock>,
    pub journal: Vec<EntryView>,
    /// Letters and alerts that belong to it, oldest first.
    pub intake: Vec<IntakeItem>,
    /// Names of steps that the state and the caller's roles allow.
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TicketQuery {
    /// Part of the title, the description, the number or the caller's name.
    pub q: Option<String>,
    /// States, separated by commas.
    pub state: Option<String>,
    #[param(inline)]
    pub class: Option<Class>,
    pub item_code: Option<String>,
    pub organisation_id: Option<OrganisationId>,
    /// Only those assigned to the caller.
    #[serde(default)]
    pub mine: bool,
    #[serde(default)]
    pub unassigned: bool,
    /// Only those with a limit that passed.
    #[serde(default)]
    pub late: bool,
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    #[param(inline)]
    pub sort: Option<Sort>,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TicketSort)]
pub enum Sort {
    Newest,
    /// Only tickets with a running clock, the earliest limit first.
    Pressing,
}

/// The numbers above the list.
#[derive(Serialize, ToSchema)]
#[schema(as = TicketCounts)]
pub struct TicketCounts {
    pub open: i64,
    pub unanswered: i64,
    pub unassigned: i64,
    pub mine: i64,
    pub late: i64,
    pub blocked: i64,
}

/// Something that the caller should know.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceNotice)]
pub struct NoticeView {
    pub id: Uuid,
    pub code: String,
    #[schema(value_type = Object)]
    pub params: serde_json::Value,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub at: Timestamp,
    pub read_at: Option<Timestamp>,
}
