//! Requests and responses about the provider's people.

use kernel::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What is recorded of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PersonRecordKind)]
pub enum Kind {
    /// 背景审查
    Background,
    /// 保密协议
    Confidentiality,
    /// 安全培训
    Training,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Background => "background",
            Self::Confidentiality => "confidentiality",
            Self::Training => "training",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Background, Self::Confidentiality, Self::Training].into_iter().find(|k| k.as_str() == text)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DutyPersonInput)]
pub struct PersonInput {
    pub name: String,
    /// What they do for the contract.
    pub post: String,
    /// Where they sign in here.
    pub account_id: Option<AccountId>,
    pub joined_on: String,
}

/// A step about a person.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = DutyPersonStep)]
pub enum Step {
    Edit {
        name: String,
        post: String,
        account_id: Option<AccountId>,
        joined_on: String,
    },
    /// A background check.
    Background {
        day: String,
        passed: bool,
        checked_by: String,
        /// Number of the document; its scan is a file of the person, with the id of the record as its part.
        reference: Option<String>,
    },
    /// A confidentiality agreement that was signed.
    Confidentiality {
        day: String,
        /// Who countersigned.
        countersigned_by: String,
        reference: Option<String>,
    },
    Training {
        day: String,
        topic: String,
        /// 1 to 6,000.
        duration_min: i32,
        passed: bool,
        taught_by: String,
        reference: Option<String>,
    },
    /// A wrong record; it stays and counts no more.
    VoidRecord {
        record_id: Uuid,
        reason: String,
    },
    /// Leaves the project: every grant of theirs ends.
    Leave {
        on: String,
        reason: String,
    },
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PersonRecord)]
pub struct RecordView {
    pub id: Uuid,
    pub kind: Kind,
    pub day: String,
    pub passed: bool,
    pub by_whom: String,
    pub topic: Option<String>,
    pub duration_min: Option<i32>,
    pub reference: Option<String>,
    pub recorded_by_name: String,
    pub recorded_at: Timestamp,
    pub voided_at: Option<Timestamp>,
    pub voided_by_name: Option<String>,
    pub void_reason: Option<String>,
}

/// A person in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DutyPersonItem)]
pub struct PersonItem {
    pub id: Uuid,
    pub name: String,
    pub post: String,
    pub account_id: Option<AccountId>,
    pub joined_on: String,
    pub left_on: Option<String>,
    /// Whether the newest background check was passed; absent when there is none.
    pub background_passed: Option<bool>,
    pub background_on: Option<String>,
    pub confidentiality_on: Option<String>,
    /// The newest training that was passed.
    pub trained_on: Option<String>,
    /// What stands in the way of a grant: `background_missing`, `background_failed`, `confidentiality_missing`, `person_left`.
    pub obstacles: Vec<String>,
    /// `training_missing`, `training_outdated`.
    pub warnings: Vec<String>,
    /// Grants that are in force or wait for their first day.
    pub open_grants: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DutyPersonFile)]
pub struct PersonView {
    #[serde(flatten)]
    pub item: PersonItem,
    pub left_reason: Option<String>,
    pub left_by_name: Option<String>,
    /// Newest first, the voided ones among them.
    pub records: Vec<RecordView>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PersonQuery {
    /// Also those who have left.
    #[serde(default)]
    pub left: bool,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}
