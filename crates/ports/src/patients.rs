//! Patients: the master index of people.

use crate::Event;
use async_trait::async_trait;
use kernel::{CivilDate, OrganisationId, PatientId, Result};
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

/// What kind of number identifies a person (WS/T 364.3 CV02.01.101 and what a region adds to it).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// 居民身份证
    ResidentIdCard,
    /// 港澳台居民居住证
    ResidencePermit,
    /// 外国人永久居留身份证
    ForeignPermanentResidentCard,
    /// 护照
    Passport,
    /// 出生医学证明
    BirthCertificate,
    /// 居民健康档案编号
    HealthRecordNumber,
    /// 医疗保险号
    MedicalInsuranceNumber,
    /// 无证件
    None,
}

impl IdentifierKind {
    /// Every kind, in the order of the contract.
    pub const ALL: [Self; 8] = [
        Self::ResidentIdCard,
        Self::ResidencePermit,
        Self::ForeignPermanentResidentCard,
        Self::Passport,
        Self::BirthCertificate,
        Self::HealthRecordNumber,
        Self::MedicalInsuranceNumber,
        Self::None,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResidentIdCard => "resident_id_card",
            Self::ResidencePermit => "residence_permit",
            Self::ForeignPermanentResidentCard => "foreign_permanent_resident_card",
            Self::Passport => "passport",
            Self::BirthCertificate => "birth_certificate",
            Self::HealthRecordNumber => "health_record_number",
            Self::MedicalInsuranceNumber => "medical_insurance_number",
            Self::None => "none",
        }
    }

    /// Reads the stored form; anything else is none.
    pub fn from_stored(text: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).unwrap_or(Self::None)
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
    pub identifier_kind: IdentifierKind,
    pub identifier_masked: Option<String>,
    pub phone_masked: Option<String>,
    /// Where the person was first registered.
    pub organisation_name: String,
    /// The surviving record, when this one has been merged away.
    pub merged_into: Option<PatientId>,
}

/// The patients context as others use it. Callers pass ids that their own scope rules have admitted.
#[async_trait]
pub trait Patients: Send + Sync {
    /// The patients that exist among `ids`, in any order. Merged records come as themselves, with `merged_into` set.
    async fn briefs(&self, ids: &[PatientId]) -> Result<Vec<PatientBrief>>;
    /// The ids of people matching a search box text (name, pinyin initials, whole ID number or phone), newest first, with
    /// the records merged with them, at most `limit`.
    async fn search_ids(&self, text: &str, limit: usize) -> Result<Vec<PatientId>>;
    /// True when the organisation at `organisation_path`, or one below it, knows this person.
    async fn is_known_to(&self, id: PatientId, organisation_path: &str) -> Result<bool>;
    /// The record itself and every record merged into it: whose documents are one person's documents.
    async fn with_absorbed(&self, id: PatientId) -> Result<Vec<PatientId>>;
    /// Records that an organisation has had contact with this person, so that its staff may see the record from now on.
    /// Idempotent.
    async fn make_known(
        &self,
        id: PatientId,
        organisation: OrganisationId,
        organisation_path: &str,
    ) -> Result<()>;
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
