//! Patients: the master index of people.

use crate::Event;
use async_trait::async_trait;
use kernel::{CivilDate, PatientId, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Sex as registered (GB/T 2261.1: 男, 女, 未知).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Male,
    Female,
    Unknown,
}

impl Sex {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the stored form; anything else is unknown.
    pub fn from_stored(text: &str) -> Self {
        match text {
            "male" => Self::Male,
            "female" => Self::Female,
            _ => Self::Unknown,
        }
    }
}

/// A person in one line, masked for display in lists.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PatientBrief {
    pub id: PatientId,
    pub name: String,
    pub sex: Sex,
    #[schema(value_type = Option<String>, format = Date)]
    pub birth_date: Option<CivilDate>,
    /// Age today in words: `47岁`, `3月龄`, `5天`.
    pub age_text: String,
    pub identifier_kind: String,
    pub identifier_masked: Option<String>,
    pub phone_masked: Option<String>,
    /// Where the person was first registered.
    pub organisation_name: String,
    /// The surviving record, when this one has been merged away.
    pub merged_into: Option<PatientId>,
}

/// Reads of the patients context. Callers pass ids that their own scope rules have admitted.
#[async_trait]
pub trait Patients: Send + Sync {
    /// The patients that exist among `ids`, in any order. Merged records come as themselves, with `merged_into` set.
    async fn briefs(&self, ids: &[PatientId]) -> Result<Vec<PatientBrief>>;
    /// The ids of people matching a search box text (name, pinyin initials, whole ID number or phone), at most `limit`.
    async fn search_ids(&self, text: &str, limit: usize) -> Result<Vec<PatientId>>;
    /// True when the organisation at `organisation_path`, or one below it, knows this person.
    async fn is_known_to(&self, id: PatientId, organisation_path: &str) -> Result<bool>;
    /// The record itself and every record merged into it: whose documents are one person's documents.
    async fn with_absorbed(&self, id: PatientId) -> Result<Vec<PatientId>>;
}

/// A person was registered or changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PatientChanged {
    pub patient_id: PatientId,
    pub organisation_path: String,
}

impl Event for PatientChanged {
    const TOPIC: &'static str = "patient_changed";
    fn resource_id(&self) -> Uuid {
        self.patient_id.uuid()
    }
    fn organisation_path(&self) -> Option<&str> {
        Some(&self.organisation_path)
    }
}

/// One record was merged into another, or taken apart again (`undone`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PatientsMerged {
    pub survivor_id: PatientId,
    pub absorbed_id: PatientId,
    pub undone: bool,
    pub organisation_path: String,
}

impl Event for PatientsMerged {
    const TOPIC: &'static str = "patients_merged";
    fn resource_id(&self) -> Uuid {
        self.survivor_id.uuid()
    }
    fn organisation_path(&self) -> Option<&str> {
        Some(&self.organisation_path)
    }
}
