//! Rows as the database has them.

use crate::matching::Traits;
use crate::model::{Identifier, Person, initials, pinyin};
use crate::policy::MergeSide;
use kernel::{CivilDate, PatientId, Timestamp};
use ports::patients::{IdentifierKind, Sex};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

/// A record of the index.
#[derive(Clone, FromQueryResult)]
pub(crate) struct PatientRow {
    pub id: Uuid,
    pub root_id: Uuid,
    pub merged_into: Option<Uuid>,
    pub name: String,
    pub pinyin: String,
    pub sex: String,
    pub birth_date: Option<String>,
    pub identifier_kind: String,
    pub identifier_number: Option<String>,
    pub identifier_key: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub ethnicity: Option<String>,
    pub note: Option<String>,
    pub newborn_of_patient_id: Option<Uuid>,
    pub birth_order: Option<i32>,
    pub unidentified: bool,
    pub organisation_id: Uuid,
    pub organisation_path: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub row_version: i32,
}

/// Columns of [`PatientRow`], of a table called `p`.
pub(crate) const PATIENT_COLUMNS: &str = "p.id, p.root_id, p.merged_into, p.name, p.pinyin, p.sex, p.birth_date, \
    p.identifier_kind, p.identifier_number, p.identifier_key, p.phone, p.address, p.ethnicity, p.note, \
    p.newborn_of_patient_id, p.birth_order, p.unidentified, p.organisation_id, p.organisation_path, p.created_at, \
    p.updated_at, p.row_version";

impl PatientRow {
    pub fn patient_id(&self) -> PatientId {
        PatientId(self.id)
    }

    pub fn sex(&self) -> Sex {
        Sex::from_stored(&self.sex)
    }

    pub fn birth_date(&self) -> Option<CivilDate> {
        self.birth_date.as_deref().and_then(|text| text.parse().ok())
    }

    pub fn identifier_kind(&self) -> IdentifierKind {
        IdentifierKind::from_stored(&self.identifier_kind)
    }

    /// The identity number in its normal form.
    pub fn identifier_normal(&self) -> Option<&str> {
        self.identifier_key.as_deref().and_then(|key| key.split_once(':')).map(|(_, number)| number)
    }

    pub fn traits(&self) -> Traits<'_> {
        Traits {
            name: &self.name,
            sex: self.sex(),
            birth_date: self.birth_date(),
            phone: self.phone.as_deref(),
            identifier_kind: self.identifier_kind(),
            identifier_key: self.identifier_key.as_deref(),
            newborn_of: self.newborn_of_patient_id,
            birth_order: self.birth_order,
            unidentified: self.unidentified,
        }
    }

    pub fn merge_side(&self) -> MergeSide<'_> {
        MergeSide { id: self.id, is_merged: self.merged_into.is_some(), traits: self.traits() }
    }

    /// What a later reader needs to know how the record was before a change.
    pub fn history(&self) -> serde_json::Value {
        json!({
            "name": self.name, "sex": self.sex, "birth_date": self.birth_date, "identifier_kind": self.identifier_kind,
            "identifier_number": self.identifier_number, "phone": self.phone, "address": self.address,
            "ethnicity": self.ethnicity, "note": self.note, "newborn_of_patient_id": self.newborn_of_patient_id,
            "birth_order": self.birth_order, "unidentified": self.unidentified, "updated_at": self.updated_at,
        })
    }
}

/// What a [`Person`] is stored as; the order of [`PERSON_COLUMNS`].
pub(crate) fn person_values(person: &Person) -> Vec<Value> {
    vec![
        person.name.clone().into(),
        pinyin(&person.name).into(),
        initials(&person.name).into(),
        person.sex.as_str().into(),
        person.birth_date.map(|date| date.to_string()).into(),
        person.identifier.as_ref().map_or(IdentifierKind::None, |i| i.kind).as_str().into(),
        person.identifier.as_ref().map(|i| i.entered.clone()).into(),
        person.identifier.as_ref().map(Identifier::key).into(),
        person.phone.clone().into(),
        person.address.clone().into(),
        person.ethnicity.clone().into(),
        person.note.clone().into(),
        person.newborn_of.map(PatientId::uuid).into(),
        person.birth_order.into(),
        person.unidentified.into(),
    ]
}

/// Columns that hold a [`Person`].
pub(crate) const PERSON_COLUMNS: [&str; 15] = [
    "name",
    "pinyin",
    "pinyin_initials",
    "sex",
    "birth_date",
    "identifier_kind",
    "identifier_number",
    "identifier_key",
    "phone",
    "address",
    "ethnicity",
    "note",
    "newborn_of_patient_id",
    "birth_order",
    "unidentified",
];

/// A merge, undone or in force.
#[derive(Clone, FromQueryResult)]
pub(crate) struct MergeRow {
    pub id: Uuid,
    pub survivor_id: Uuid,
    pub absorbed_id: Uuid,
    pub reason: String,
    pub merged_by: Option<Uuid>,
    pub merged_at: i64,
    pub undone_by: Option<Uuid>,
    pub undone_at: Option<i64>,
}

/// A pair of records that may be one person.
#[derive(Clone, FromQueryResult)]
pub(crate) struct DuplicateRow {
    pub id: Uuid,
    pub a_id: Uuid,
    pub b_id: Uuid,
    pub score: i32,
    pub reasons: String,
    pub found_at: i64,
}

impl DuplicateRow {
    pub fn found_at(&self) -> Timestamp {
        Timestamp::from_micros(self.found_at)
    }
}

#[derive(FromQueryResult)]
pub(crate) struct IdRow {
    pub id: Uuid,
}

#[derive(FromQueryResult)]
pub(crate) struct PathRow {
    pub organisation_path: String,
}
