//! Requests and responses.

use kernel::{EcgExamId, Timestamp};
use ports::patients::Sex;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A report in one line.
#[derive(Serialize, ToSchema)]
#[schema(as = ResidentReport)]
pub struct Report {
    pub exam_id: EcgExamId,
    /// `resting_ecg`.
    pub kind: String,
    pub title: String,
    pub organisation_name: String,
    pub examined_at: Timestamp,
    pub published_at: Timestamp,
    pub conclusion: Vec<String>,
    pub abnormal: bool,
    pub unread: bool,
}

/// A report with what belongs to it.
#[derive(Serialize, ToSchema)]
#[schema(as = ResidentReportDetail)]
pub struct ReportDetail {
    #[serde(flatten)]
    pub report: Report,
    pub exam_number: String,
    pub patient_name: String,
    pub age_text: String,
    pub sex: Sex,
    pub measurements: Vec<Measurement>,
    pub findings: String,
    pub signer_name: String,
    pub reviewer_name: String,
    pub recording: RecordingShape,
    pub version: i32,
    /// An earlier version was published and withdrawn.
    pub amended: bool,
    pub verify_code: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResidentMeasurement)]
pub struct Measurement {
    pub name: String,
    pub value: f64,
    pub unit: String,
    /// Reference range in words, where there is one.
    pub normal: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResidentRecording)]
pub struct RecordingShape {
    pub sample_rate_hz: f64,
    pub sample_count: u32,
    pub leads: Vec<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    pub cursor: Option<String>,
    pub limit: Option<u16>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WindowQuery {
    pub start: Option<u32>,
    pub count: Option<u32>,
    pub step: Option<u32>,
}
