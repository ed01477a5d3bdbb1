//! Requests and answers.

use kernel::{PatientId, Timestamp};
use ports::patients::{IdentifierKind, PatientBrief, Sex};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Search for people.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchParams {
    /// Name or part of it, pinyin or its initials, a whole phone, identity or health record number.
    pub q: Option<String>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    pub sex: Option<Sex>,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

/// A page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

/// A person to register.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct PatientInput {
    /// May be empty for a newborn without a name and for an unidentified person.
    #[serde(default)]
    pub name: String,
    pub sex: Sex,
    /// `YYYY-MM-DD`; taken from the identity card when absent.
    #[schema(format = Date)]
    pub birth_date: Option<String>,
    pub identifier_kind: IdentifierKind,
    pub identifier_number: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub ethnicity: Option<String>,
    pub note: Option<String>,
    /// The mother, for a newborn.
    pub newborn_of_patient_id: Option<PatientId>,
    /// Which child of this birth; 1 unless told.
    pub birth_order: Option<i32>,
    /// Nobody knows who this is (无名氏): the program makes a label in place of a name.
    #[serde(default)]
    pub unidentified: bool,
    /// The registering person has seen the possible duplicates and says that this is somebody else.
    #[serde(default)]
    pub duplicate_acknowledged: bool,
}

/// A change of a record. A field that is absent stays; `null` empties it.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct PatientChange {
    /// The version that the change was made on.
    pub row_version: i32,
    pub name: Option<String>,
    pub sex: Option<Sex>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Date)]
    pub birth_date: Option<Option<String>>,
    pub identifier_kind: Option<IdentifierKind>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub identifier_number: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub address: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub ethnicity: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub note: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PatientId>)]
    pub newborn_of_patient_id: Option<Option<PatientId>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>)]
    pub birth_order: Option<Option<i32>>,
    pub unidentified: Option<bool>,
}

/// Tells `null` from absent.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A person in full, masked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Patient {
    #[serde(flatten)]
    pub brief: PatientBrief,
    pub address_masked: Option<String>,
    pub ethnicity: Option<String>,
    /// The mother, for a newborn.
    pub newborn_of: Option<PatientBrief>,
    pub birth_order: Option<i32>,
    pub unidentified: bool,
    pub note: Option<String>,
    /// Pinyin of the name, upper case without tones.
    pub pinyin: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub row_version: i32,
    /// Records that were merged into this one.
    pub absorbed: Vec<PatientBrief>,
}

/// Why something is done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Reason {
    /// 4 to 500 characters, kept in the audit trail.
    pub reason: String,
}

/// What is otherwise shown masked.
#[derive(Clone, Serialize, ToSchema)]
pub struct Revealed {
    pub name: String,
    pub identifier_number: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
}

// This is what masks hide; no log may have it.
impl std::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Revealed")
    }
}

/// Somebody who may be the person being registered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DuplicateCandidate {
    pub patient: PatientBrief,
    /// 0 to 100.
    pub score: i32,
    /// `same_name`, `similar_name`, `same_birth_date`, `same_sex`, `same_phone`.
    pub reasons: Vec<String>,
}

/// Two records that may be one person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DuplicatePair {
    pub id: Uuid,
    pub a: PatientBrief,
    pub b: PatientBrief,
    /// 0 to 100.
    pub score: i32,
    /// As in [`DuplicateCandidate`].
    pub reasons: Vec<String>,
    pub found_at: Timestamp,
}

/// Which record goes into this one, and why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct MergeInput {
    pub absorbed_patient_id: PatientId,
    /// 4 to 500 characters, kept in the audit trail.
    pub reason: String,
}

/// A merge, in force or undone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Merge {
    pub id: Uuid,
    pub survivor_id: PatientId,
    pub absorbed: PatientBrief,
    pub reason: String,
    pub by_name: String,
    pub at: Timestamp,
    pub undone_at: Option<Timestamp>,
    pub undone_by_name: Option<String>,
}

/// All merges of a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Merges {
    pub items: Vec<Merge>,
}
