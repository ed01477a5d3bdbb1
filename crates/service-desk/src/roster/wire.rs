//! Requests and responses about people and duty.

use crate::clock::DerivationView;
use kernel::{AccountId, PenaltyId, ServiceContractId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EngineerQualification)]
pub enum Qualification {
    Software,
    Hardware,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Engineer)]
pub struct EngineerView {
    pub id: Uuid,
    pub account_id: AccountId,
    pub name: String,
    pub phone: String,
    pub qualification: Qualification,
    pub experience_years: i32,
    pub active: bool,
    /// Unfiled leaves of the contract year that stand.
    pub unfiled_leaves: i64,
    /// From the third unfiled leave on (附件1 1.3.2-7): criticism, interview, possible removal.
    pub hr_interview: bool,
    pub row_version: i64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EngineerInput)]
pub struct EngineerInput {
    pub account_id: AccountId,
    pub phone: String,
    pub qualification: Qualification,
    /// 5.3: at least three.
    pub experience_years: i32,
    pub active: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DutyRoster)]
pub struct RosterView {
    pub contract_id: ServiceContractId,
    pub contract_code: String,
    /// `2025-10`
    pub month: String,
    /// Last day for the roster, to its 24:00; absent where the calendar is unknown.
    pub due: Option<String>,
    pub warn_on: Vec<String>,
    /// Code of the error that stands in the way, such as `calendar_year_unknown`.
    pub blocked: Option<String>,
    /// `missing`, `draft`, `published`.
    pub state: String,
    pub late: bool,
    pub published_at: Option<Timestamp>,
    pub published_by_name: Option<String>,
    pub days: Vec<DutyDay>,
    pub fairness: Vec<FairnessView>,
    pub swaps: Vec<SwapView>,
    pub derivation: Option<DerivationView>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DutyDay)]
pub struct DutyDay {
    pub day: String,
    pub holiday: Option<String>,
    pub engineer_id: Option<Uuid>,
    pub engineer_name: Option<String>,
    pub phone: Option<String>,
    pub backup_id: Option<Uuid>,
    pub backup_name: Option<String>,
    pub backup_phone: Option<String>,
    pub handover: Option<String>,
    pub handover_by_name: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DutyFairness)]
pub struct FairnessView {
    pub engineer_id: Uuid,
    pub name: String,
    /// Of the year up to the end of the month.
    pub holidays: u32,
    pub weekends: u32,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DutySwap)]
pub struct SwapView {
    pub id: Uuid,
    pub day: String,
    pub from_name: String,
    pub to_name: String,
    pub reason: String,
    pub state: String,
    pub requested_by_name: String,
    pub requested_at: Timestamp,
    pub decided_by_name: Option<String>,
}

/// A step of a month's roster.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = DutyRosterStep)]
pub enum Step {
    /// Fills the month with a fair proposal; what stood is replaced.
    Propose,
    /// Sets one day by hand.
    Assign {
        day: String,
        engineer_id: Uuid,
        backup_id: Option<Uuid>,
    },
    /// Publishes the month with phone numbers; every day off must be covered.
    Publish,
    /// Asks for another person on a day of a published month.
    RequestSwap {
        day: String,
        to_id: Uuid,
        reason: String,
    },
    ApproveSwap {
        swap_id: Uuid,
    },
    DeclineSwap {
        swap_id: Uuid,
    },
    /// What the next person has to know.
    HandOver {
        day: String,
        text: String,
    },
}

/// Who is there now.
#[derive(Serialize, ToSchema)]
#[schema(as = DutyNow)]
pub struct DutyNow {
    pub day: String,
    /// `working_day`: the engineers on site; `off_day`: the published roster; `unknown`: no calendar, or no roster.
    pub kind: String,
    pub people: Vec<DutyPerson>,
    pub handover: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DutyPerson)]
pub struct DutyPerson {
    pub account_id: AccountId,
    pub name: String,
    pub phone: String,
    pub backup: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttendanceKind)]
pub enum Kind {
    LeaveFiled,
    UnfiledLeave,
    LateDuty,
    NoReply,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LeaveFiled => "leave_filed",
            Self::UnfiledLeave => "unfiled_leave",
            Self::LateDuty => "late_duty",
            Self::NoReply => "no_reply",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::LeaveFiled, Self::UnfiledLeave, Self::LateDuty, Self::NoReply]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Attendance)]
pub struct AttendanceView {
    pub id: Uuid,
    pub engineer_id: Uuid,
    pub engineer_name: String,
    pub kind: Kind,
    pub day: String,
    pub evidence: String,
    pub amount_cents: i64,
    /// A person still has to choose between 100 and 300 yuan.
    pub needs_choice: bool,
    pub penalty_id: Option<PenaltyId>,
    pub voided: bool,
    pub void_reason: Option<String>,
    pub recorded_by_name: String,
    pub recorded_at: Timestamp,
    pub allowed_actions: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AttendanceInput)]
pub struct AttendanceInput {
    pub engineer_id: Uuid,
    pub kind: Kind,
    pub day: String,
    pub evidence: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = AttendanceStep)]
pub enum AttendanceStep {
    /// For a missed urgent call: an amount within the contract's bounds.
    Choose {
        amount_cents: i64,
        reason: String,
    },
    Void {
        reason: String,
    },
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttendanceQuery {
    pub engineer_id: Option<Uuid>,
    /// `2025-01-01`
    pub from: Option<String>,
    pub to: Option<String>,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

/// How a working day began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MorningState)]
pub enum MorningState {
    /// Somebody was there when work began.
    InTime,
    Late,
    Nobody,
    /// Work has not begun yet.
    Ahead,
    /// No working day; somebody was there nevertheless.
    Off,
}

/// Somebody's time on site.
#[derive(Serialize, ToSchema)]
#[schema(as = Presence)]
pub struct PresenceView {
    pub id: Uuid,
    pub engineer_id: Uuid,
    pub engineer_name: String,
    pub came_at: Timestamp,
    pub left_at: Option<Timestamp>,
    pub place: Option<String>,
    /// On what grounds somebody else entered it; absent where they signed in themselves.
    pub evidence: Option<String>,
    pub voided: bool,
    pub void_reason: Option<String>,
    pub recorded_by_name: String,
    pub recorded_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PresenceDay)]
pub struct PresenceDay {
    pub day: String,
    pub off: bool,
    pub opens_at: Timestamp,
    pub state: MorningState,
    pub people: Vec<PresenceView>,
}

/// The working days of a month.
#[derive(Serialize, ToSchema)]
#[schema(as = PresenceMonth)]
pub struct PresenceMonth {
    /// `2025-10`
    pub month: String,
    pub contract_code: String,
    pub in_time: usize,
    pub late: usize,
    pub nobody: usize,
    /// The caller is of the team and not entered as on site now.
    pub may_sign_in: bool,
    /// The caller's own presence that has not ended.
    pub open_id: Option<Uuid>,
    /// The caller may enter and void those of others.
    pub may_record: bool,
    pub days: Vec<PresenceDay>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PresenceInput)]
pub struct PresenceInput {
    /// Somebody of the team; the caller when absent.
    pub engineer_id: Option<Uuid>,
    /// Only for somebody who enters it for another; now when absent.
    pub came_at: Option<Timestamp>,
    pub left_at: Option<Timestamp>,
    pub place: Option<String>,
    /// On what grounds; wanted unless the caller signs in for now.
    pub evidence: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = PresenceStep)]
pub enum PresenceStep {
    /// Now, by oneself; at another moment by whoever enters it for another.
    Leave {
        at: Option<Timestamp>,
    },
    Void {
        reason: String,
    },
}
