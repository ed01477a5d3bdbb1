//! Rows as stored. Private to this crate; JSON columns are read by the methods beside them.

use crate::wire;
use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct ExamRow {
    pub id: Uuid,
    pub exam_number: String,
    pub state: String,
    pub urgency: String,
    pub urgency_rank: i32,
    pub patient_id: Uuid,
    pub organisation_id: Uuid,
    pub organisation_path: String,
    pub clinical_note: Option<String>,
    pub symptoms: String,
    pub device_name: Option<String>,
    pub requesting_department: Option<String>,
    pub bed: Option<String>,
    pub requester_name: Option<String>,
    pub registered_by: Uuid,
    pub registered_by_name: String,
    pub registered_at: i64,
    pub submitted_at: Option<i64>,
    pub due_at: Option<i64>,
    pub published_at: Option<i64>,
    pub claimed_by: Option<Uuid>,
    pub claimed_by_name: Option<String>,
    pub claim_until: Option<i64>,
    pub reader_id: Option<Uuid>,
    pub reviewer_id: Option<Uuid>,
    pub heart_rate_bpm: Option<i64>,
    pub conclusion: Option<String>,
    pub abnormal: Option<bool>,
    pub returned_reason: Option<String>,
    pub retake_reason: Option<String>,
    pub recording_count: i32,
    pub report_version: i32,
    pub row_version: i64,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct RecordingRow {
    pub id: Uuid,
    pub exam_id: Uuid,
    pub ordinal: i32,
    pub format: String,
    pub format_label: String,
    pub sample_rate_hz: f64,
    pub sample_count: i64,
    pub leads: String,
    pub derived_leads: String,
    pub recorded_at_text: Option<String>,
    pub device: Option<String>,
    pub filters: Option<String>,
    pub uploaded_at: i64,
    pub uploaded_by: String,
    pub waveform_blob: Uuid,
    pub as_written: String,
    pub analysis_state: String,
    pub analysis: Option<String>,
    pub analysis_error: Option<String>,
}

impl RecordingRow {
    pub fn lead_labels(&self) -> Vec<String> {
        serde_json::from_str(&self.leads).unwrap_or_default()
    }

    pub fn analysis(&self) -> Option<wire::Analysis> {
        self.analysis.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct FileRow {
    pub recording_id: Uuid,
    pub ordinal: i32,
    pub name: String,
    pub blob_id: Uuid,
    pub size_bytes: i64,
    pub sm3: String,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct ReportRow {
    pub exam_id: Uuid,
    pub version: i32,
    pub state: String,
    pub recording_id: Uuid,
    pub measurements: String,
    pub findings: String,
    pub conclusion: String,
    pub abnormal: bool,
    /// The published version that this one amends.
    pub amends: Option<i32>,
    pub updated_at: i64,
    pub updated_by: String,
    pub signed: Option<String>,
    pub reviewed: Option<String>,
    pub content_sm3: Option<String>,
    pub verify_code: Option<String>,
    pub pdf_blob: Option<Uuid>,
    /// Why a version was returned or withdrawn.
    pub closed_reason: Option<String>,
}

impl ReportRow {
    pub fn conclusion_lines(&self) -> Vec<String> {
        serde_json::from_str(&self.conclusion).unwrap_or_default()
    }

    pub fn measurement_values(&self) -> Vec<wire::MeasurementValue> {
        serde_json::from_str(&self.measurements).unwrap_or_default()
    }

    pub fn signature(&self) -> Option<wire::Signature> {
        self.signed.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }

    pub fn review_signature(&self) -> Option<wire::Signature> {
        self.reviewed.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct TimelineRow {
    pub at: i64,
    pub event: String,
    pub by_name: Option<String>,
    pub organisation_name: Option<String>,
    pub from_state: Option<String>,
    pub to_state: String,
    pub reason: Option<String>,
    pub version: Option<i32>,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct PhraseRow {
    pub id: Uuid,
    pub phrase_group: String,
    pub text_zh: String,
    pub text_en: String,
}

/// The instant of a column, for the wire.
pub fn instant(micros: Option<i64>) -> Option<Timestamp> {
    micros.map(Timestamp::from_micros)
}
