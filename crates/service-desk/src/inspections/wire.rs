//! Requests and responses about inspections.

use super::checklists::EquipmentType;
use super::model::{Kind, Signature, Source, State, Verdict};
use crate::attachments::AttachmentView;
use crate::journal::EntryView;
use kernel::{AccountId, InspectionId, OrganisationId, ServiceContractId, ServiceTicketId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A step of an inspection.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = InspectionStep)]
pub enum Step {
    /// To an engineer; to oneself with the own account.
    Assign { account_id: AccountId },
    /// Takes over the equipment and the checklists as they are now.
    Start,
    /// Fills in what a monitoring system knows; a person confirms it.
    ReadMonitoring,
    /// Opens a ticket about an abnormal item and links it.
    ReportFinding {
        unit_id: Uuid,
        code: String,
        title: String,
        #[serde(default)]
        description: String,
        /// 1 (cannot work) to 4 (a wish).
        priority: i32,
        /// The institution that has the fault; where the equipment stands, when absent.
        organisation_id: Option<OrganisationId>,
    },
    /// Party B signs the report. Refused while something is unanswered.
    Submit { summary: String },
    /// Party A wants something looked at again.
    Return { reason: String },
    /// Party A signs.
    Confirm { opinion: Option<String> },
    /// When the report on paper was handed over (6.2(3)), `YYYY-MM-DD`.
    DeliverPaper { on: String },
}

/// Answers of one unit. Only what is given is changed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionUnitInput)]
pub struct UnitInput {
    /// The version of the unit that the answers were given on.
    pub row_version: i64,
    #[serde(default)]
    pub answers: Vec<AnswerInput>,
    /// Why nobody could look at the unit; an empty text takes it back.
    pub skip_reason: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionAnswerInput)]
pub struct AnswerInput {
    pub code: String,
    /// None takes the answer back. A number outside its range is abnormal whatever is said here.
    pub verdict: Option<Verdict>,
    /// The number or the text; none for a check.
    pub value: Option<String>,
    /// Needed before the report is submitted where the verdict is not normal.
    pub remark: Option<String>,
}

/// An answer as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = InspectionAnswer)]
pub struct AnswerView {
    pub verdict: Verdict,
    pub value: Option<String>,
    pub remark: Option<String>,
    pub source: Source,
    /// The monitoring system, and when it measured.
    pub source_name: Option<String>,
    pub measured_at: Option<Timestamp>,
    /// None: measured, and not yet confirmed by a person.
    pub by_name: Option<String>,
    pub at: Timestamp,
}

/// What keeps a report from being submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = InspectionOpenItem)]
pub struct OpenItem {
    pub unit_id: Uuid,
    pub unit: String,
    pub code: String,
    pub zh: String,
    pub en: String,
    /// `unanswered`, `remark_missing` or `unconfirmed`.
    pub why: String,
}

/// One unit of equipment in an inspection.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = InspectionUnit)]
pub struct UnitView {
    pub id: Uuid,
    pub position: i32,
    pub equipment_id: Uuid,
    pub item_code: String,
    pub type_code: String,
    pub label: String,
    pub serial_number: Option<String>,
    pub place: Option<String>,
    pub organisation_id: Option<OrganisationId>,
    pub organisation_name: Option<String>,
    pub items: usize,
    pub answered: usize,
    pub abnormal: usize,
    pub skip_reason: Option<String>,
    /// By item code.
    pub answers: BTreeMap<String, AnswerView>,
    pub open: Vec<OpenItem>,
    pub saved_by_name: Option<String>,
    pub saved_at: Option<Timestamp>,
    pub row_version: i64,
}

/// A fault that was found, with its ticket.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = InspectionFinding)]
pub struct FindingView {
    pub id: Uuid,
    pub unit_id: Uuid,
    pub code: String,
    pub title: String,
    pub ticket_id: ServiceTicketId,
    pub ticket_number: String,
    /// Where the ticket stands now.
    pub ticket_state: String,
    pub by_name: String,
    pub at: Timestamp,
}

/// A line of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = InspectionItemLine)]
pub struct InspectionLine {
    pub id: InspectionId,
    pub number: String,
    pub contract_id: ServiceContractId,
    pub contract_code: String,
    pub kind: Kind,
    /// Which one of its kind in the term, from 1.
    pub ordinal: i32,
    pub clause: String,
    /// Dates, `YYYY-MM-DD`.
    pub period_from: String,
    pub due: String,
    pub state: State,
    /// The report came, or is missing, after its date.
    pub late: bool,
    /// Days until the date; below zero after it.
    pub days_left: i32,
    pub assignee_id: Option<AccountId>,
    pub assignee_name: Option<String>,
    pub started_at: Option<Timestamp>,
    pub submitted_at: Option<Timestamp>,
    pub confirmed_at: Option<Timestamp>,
    /// 6.2(3) wants the report on paper.
    pub paper_due: bool,
    pub paper_delivered_on: Option<String>,
    pub units: i32,
    pub items: i32,
    pub answered: i32,
    pub abnormal: i32,
    pub findings: i32,
}

/// An inspection with everything about it.
#[derive(Serialize, ToSchema)]
#[schema(as = Inspection)]
pub struct InspectionView {
    #[serde(flatten)]
    pub line: InspectionLine,
    pub contract_version: i32,
    /// The lists as they were when it began; empty before.
    pub checklists: Vec<EquipmentType>,
    pub unit_list: Vec<UnitView>,
    pub finding_list: Vec<FindingView>,
    /// Photos and papers; `part` of a photo is `<unit>/<item code>`.
    pub attachments: Vec<AttachmentView>,
    pub summary: Option<String>,
    pub opinion: Option<String>,
    pub return_reason: Option<String>,
    pub returned_count: i32,
    pub signed_by_provider: Option<Signature>,
    pub signed_by_bureau: Option<Signature>,
    /// Whether a monitoring system can be asked.
    pub monitoring: bool,
    pub journal: Vec<EntryView>,
    /// Names of steps that the state and the caller's roles allow, `fill` among them.
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InspectionQuery {
    pub contract_id: Option<ServiceContractId>,
    #[param(inline)]
    pub kind: Option<Kind>,
    /// States, separated by commas.
    pub state: Option<String>,
    /// Only those assigned to the caller.
    #[serde(default)]
    pub mine: bool,
    /// Only those whose report came, or is missing, after its date.
    #[serde(default)]
    pub late: bool,
    /// First and last due date, `YYYY-MM-DD`.
    pub from: Option<String>,
    pub to: Option<String>,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

/// Whose plan is made.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionPlanInput)]
pub struct PlanInput {
    pub contract_id: ServiceContractId,
}

/// What planning changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = InspectionPlanned)]
pub struct Planned {
    pub added: i32,
    pub moved: i32,
    pub cancelled: i32,
    /// Units of equipment that are in the register now.
    pub units: i32,
}

/// A unit of equipment in the register of a contract.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceEquipment)]
pub struct EquipmentView {
    pub id: Uuid,
    pub contract_id: ServiceContractId,
    pub item_code: String,
    pub type_code: String,
    pub type_name_zh: String,
    pub type_name_en: String,
    pub contract_name: String,
    pub ordinal: i32,
    pub label: String,
    pub serial_number: Option<String>,
    pub place: Option<String>,
    pub organisation_id: Option<OrganisationId>,
    pub organisation_name: Option<String>,
    pub monitoring_name: Option<String>,
    /// The contract does not name it any more.
    pub retired: bool,
    pub row_version: i64,
}

/// What is written down of a unit of equipment.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceEquipmentInput)]
pub struct EquipmentInput {
    pub label: String,
    pub serial_number: Option<String>,
    /// Room, rack, height.
    pub place: Option<String>,
    /// The institution where it stands.
    pub organisation_id: Option<OrganisationId>,
    /// What the monitoring system calls it; the label when absent.
    pub monitoring_name: Option<String>,
    pub row_version: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EquipmentQuery {
    pub contract_id: ServiceContractId,
    pub item_code: Option<String>,
}
