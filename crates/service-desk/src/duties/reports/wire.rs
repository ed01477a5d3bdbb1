//! Requests and responses about the yearly report.

use crate::clock::DerivationView;
use kernel::{ServiceContractId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SecurityReportState)]
pub enum State {
    /// Nobody has begun.
    Missing,
    Draft,
    Submitted,
    Confirmed,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Confirmed => "confirmed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Missing, Self::Draft, Self::Submitted, Self::Confirmed]
            .into_iter()
            .find(|s| s.as_str() == text)
    }
}

/// What the provider writes, part by part; at most 10,000 characters each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SecurityReportParts)]
pub struct Parts {
    /// 安全管理措施
    #[serde(default)]
    pub management: String,
    /// 数据安全
    #[serde(default)]
    pub data_security: String,
    /// 关键软硬件
    #[serde(default)]
    pub key_components: String,
    /// 人员变动
    #[serde(default)]
    pub team_changes: String,
    /// 其他, which may stay empty.
    #[serde(default)]
    pub other: String,
}

/// A step of a report.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = SecurityReportStep)]
pub enum Step {
    Save {
        parts: Parts,
        /// Of the report that was changed; 0 when nobody had begun.
        row_version: i64,
    },
    /// To the bureau. Refused while one of the four parts is empty.
    Submit,
    Return {
        reason: String,
    },
    Confirm,
}

/// What the program counted in the term of the contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = SecurityReportFigures)]
pub struct Figures {
    pub counted_at: Option<Timestamp>,
    /// Of the grades S1 to S4; void ones do not count.
    pub incidents_s1: i64,
    pub incidents_s2: i64,
    pub incidents_s3: i64,
    pub incidents_s4: i64,
    pub incidents_restored_late: i64,
    pub vulnerabilities_critical: i64,
    pub vulnerabilities_high: i64,
    pub vulnerabilities_medium: i64,
    pub vulnerabilities_low: i64,
    pub vulnerabilities_reported_late: i64,
    pub vulnerabilities_open: i64,
    pub grants_requested: i64,
    pub grants_approved: i64,
    pub grants_refused: i64,
    pub grants_in_force: i64,
    pub grants_expired: i64,
    pub grants_withdrawn: i64,
    pub grants_returned: i64,
    /// Over, and nobody confirmed that the access is gone from the system.
    pub removals_open: i64,
    pub inspections_due: i64,
    pub inspections_confirmed: i64,
    pub corrections: i64,
    /// Data changed before it was approved.
    pub correction_violations: i64,
    pub people_present: i64,
    pub people_joined: i64,
    pub people_left: i64,
    pub trainings: i64,
    pub training_min: i64,
    pub equipment: Vec<EquipmentCount>,
    pub team: Vec<TeamChange>,
}

/// Units in the register of equipment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = SecurityReportEquipment)]
pub struct EquipmentCount {
    pub name: String,
    pub units: i64,
}

/// Somebody who came or left in the term.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = SecurityReportTeamChange)]
pub struct TeamChange {
    pub name: String,
    pub post: String,
    pub joined_on: String,
    pub left_on: Option<String>,
}

/// A report in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SecurityReportItem)]
pub struct ReportItem {
    pub contract_id: ServiceContractId,
    pub contract_code: String,
    pub contract_name: String,
    pub term_start: String,
    pub term_end: String,
    /// Last day, to its 24:00.
    pub due: String,
    pub days_left: i32,
    /// Submitted after its day, or not submitted and past it.
    pub late: bool,
    pub state: State,
    pub submitted_at: Option<Timestamp>,
    pub confirmed_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SecurityReport)]
pub struct ReportView {
    #[serde(flatten)]
    pub item: ReportItem,
    pub derivation: DerivationView,
    pub parts: Parts,
    /// As they are now; as they were when the report was submitted.
    pub figures: Figures,
    pub submitted_by_name: Option<String>,
    pub returned_reason: Option<String>,
    pub confirmed_by_name: Option<String>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}
