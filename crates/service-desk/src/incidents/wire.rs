//! Requests and responses about incidents.

use super::model::{Affected, EvidenceInput, NoticeTo, Report, State, Way};
use super::words::Words;
use crate::clock::{Clock, DerivationView};
use crate::journal::EntryView;
use crate::settlement::wire::SumsView;
use kernel::{IncidentId, PenaltyId, ServiceContractId, ServiceTicketId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentInput)]
pub struct IncidentInput {
    /// The contract's item in which the cause lies.
    pub item_code: String,
    pub title: String,
    #[serde(default)]
    pub description: String,
    pub evidence: EvidenceInput,
    #[serde(default)]
    pub affected: Vec<Affected>,
    /// Other items that suffered; they cost nothing of their own (A5).
    #[serde(default)]
    pub also_affects: Vec<String>,
    /// When monitoring first saw it.
    pub first_alarm: Option<Timestamp>,
    /// When somebody first reported it; now when both are absent.
    pub first_report: Option<Timestamp>,
    /// Who or what says so.
    pub source: Option<String>,
    pub tickets: Option<Vec<ServiceTicketId>>,
}

/// A step of an incident.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = IncidentStep)]
pub enum Step {
    /// An alarm that proves an earlier beginning.
    Alarm {
        at: Timestamp,
        source: String,
    },
    /// A report that proves an earlier beginning.
    Report {
        at: Timestamp,
        by: String,
    },
    /// Judges the evidence anew.
    Judge {
        evidence: EvidenceInput,
        #[serde(default)]
        affected: Vec<Affected>,
    },
    /// The panel of party A decides on another severity: `S1` to `S4`.
    Override {
        severity: String,
        reason: String,
        /// The panel's minutes, a file of this incident.
        minutes_id: Option<Uuid>,
    },
    WithdrawOverride {
        reason: String,
    },
    Respond {
        way: Way,
        at: Option<Timestamp>,
    },
    Measure {
        text: String,
        at: Option<Timestamp>,
    },
    Restore {
        at: Option<Timestamp>,
        note: Option<String>,
    },
    FailAgain {
        at: Option<Timestamp>,
        reason: String,
    },
    /// Keeps the draft of the report.
    SaveReport {
        report: Report,
    },
    SubmitReport {
        report: Report,
    },
    ReturnReport {
        reason: String,
    },
    /// Party A accepts the report and confirms the cause, which decides on repetitions.
    AcceptReport {
        cause_code: String,
    },
    /// The information section was told of an ordinary incident (S4), which needs no report.
    Inform {
        recipient: String,
        at: Option<Timestamp>,
    },
    /// Told authorities or the carrier: two confirmations, each with its evidence.
    Notice {
        to: NoticeTo,
        recipient: String,
        evidence: String,
        at: Option<Timestamp>,
    },
    LinkTicket {
        ticket_id: ServiceTicketId,
    },
    Void {
        reason: String,
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
#[schema(as = IncidentItem)]
pub struct IncidentItem {
    pub id: IncidentId,
    pub number: String,
    pub title: String,
    pub item_code: String,
    pub state: State,
    /// `S1` to `S4`.
    pub severity: String,
    pub overridden: bool,
    pub started_at: Timestamp,
    pub restored_at: Option<Timestamp>,
    pub restore_due_at: Option<Timestamp>,
    pub restored_late: Option<bool>,
    pub reported_at: Option<Timestamp>,
    pub report_due_at: Option<Timestamp>,
    pub cause_code: Option<String>,
    pub cause_confirmed: bool,
    pub occurrence: Option<i32>,
    pub penalty_cents: Option<i64>,
    pub next_due_at: Option<Timestamp>,
}

/// An incident with its clocks, journal, report and fine.
#[derive(Serialize, ToSchema)]
#[schema(as = Incident)]
pub struct IncidentView {
    #[serde(flatten)]
    pub item: IncidentItem,
    pub description: String,
    pub opened_by_name: String,
    pub recorded_at: Timestamp,
    pub contract_id: ServiceContractId,
    pub contract_code: String,
    pub contract_version: i32,
    pub calendar_version: String,
    pub evidence: EvidenceInput,
    pub affected: Vec<Affected>,
    pub also_affects: Vec<String>,
    pub first_alarm: Option<Timestamp>,
    pub first_report: Option<Timestamp>,
    /// What the contract's words give, whatever a panel decided.
    pub computed_severity: String,
    pub severity_derivation: DerivationView,
    pub override_by_name: Option<String>,
    pub override_reason: Option<String>,
    /// The file with the panel's minutes.
    pub override_minutes_id: Option<Uuid>,
    /// When the information section was told of an ordinary incident.
    pub informed_at: Option<Timestamp>,
    pub informed_recipient: Option<String>,
    pub responded_at: Option<Timestamp>,
    pub responded_way: Option<Way>,
    pub notice_needed: bool,
    pub notices: Vec<NoticeView>,
    pub report: Option<Report>,
    pub report_draft: Option<Report>,
    pub tickets: Vec<LinkedTicket>,
    pub clocks: Vec<Clock>,
    /// What it costs, with every reading; a forecast until it is over.
    pub fine: Option<FineView>,
    pub penalty_id: Option<PenaltyId>,
    pub journal: Vec<EntryView>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = IncidentNotice)]
pub struct NoticeView {
    pub to: NoticeTo,
    pub at: Timestamp,
    pub recipient: String,
    pub evidence: String,
    pub confirmed_by_name: String,
    pub late: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = IncidentTicket)]
pub struct LinkedTicket {
    pub id: ServiceTicketId,
    pub number: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = IncidentFine)]
pub struct FineView {
    pub occurrence: u32,
    pub amount_cents: i64,
    /// The item has no fine in this section: the amount is for the parties to settle.
    pub negotiable: bool,
    pub derivation: DerivationView,
    /// Of the whole contract so far.
    pub running: SumsView,
    pub cap_cents: i64,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IncidentQuery {
    pub q: Option<String>,
    /// States, separated by commas.
    pub state: Option<String>,
    /// `S1` to `S4`.
    pub severity: Option<String>,
    pub item_code: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

/// What the wizard shows before anything is recorded.
#[derive(Serialize, ToSchema)]
#[schema(as = IncidentJudgement)]
pub struct Judgement {
    pub severity: String,
    pub derivation: DerivationView,
    pub words: Words,
}
