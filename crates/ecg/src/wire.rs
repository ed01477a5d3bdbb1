//! Requests and responses.

use crate::model::{EcgAction, ExamState, RetakeReason, Urgency};
use kernel::{AccountId, EcgExamId, EcgRecordingId, OrganisationId, PatientId, Timestamp};
use ports::patients::{PatientBrief, Sex};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EcgExamInput)]
pub struct ExamInput {
    pub patient_id: PatientId,
    pub urgency: Urgency,
    pub clinical_note: Option<String>,
    #[serde(default)]
    pub symptoms: Vec<String>,
    pub device_name: Option<String>,
    pub requesting_department: Option<String>,
    pub bed: Option<String>,
    pub requester_name: Option<String>,
}

/// Absent fields stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EcgExamPatch)]
pub struct ExamPatch {
    pub urgency: Option<Urgency>,
    pub clinical_note: Option<String>,
    pub symptoms: Option<Vec<String>>,
    pub device_name: Option<String>,
    pub requesting_department: Option<String>,
    pub bed: Option<String>,
    pub requester_name: Option<String>,
    pub row_version: i64,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExamQuery {
    /// Patient name, pinyin initials, whole ID number or phone, or exam number.
    pub q: Option<String>,
    /// States, separated by commas.
    pub state: Option<String>,
    #[param(inline)]
    pub urgency: Option<Urgency>,
    pub organisation_id: Option<OrganisationId>,
    pub patient_id: Option<PatientId>,
    pub reader_id: Option<AccountId>,
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    pub abnormal: Option<bool>,
    #[param(inline)]
    pub sort: Option<Sort>,
    pub cursor: Option<String>,
    pub limit: Option<u16>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Newest,
    Oldest,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// Reports wanted.
    ToRead,
    /// Reviews wanted.
    ToReview,
    /// What I hold.
    Mine,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorklistQuery {
    #[param(inline)]
    pub queue: Queue,
    #[param(inline)]
    pub urgency: Option<Urgency>,
    pub organisation_id: Option<OrganisationId>,
    pub q: Option<String>,
    pub cursor: Option<String>,
    pub limit: Option<u16>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgWorklistCounts)]
pub struct WorklistCounts {
    pub to_read: i64,
    pub to_review: i64,
    pub mine: i64,
    pub to_read_stat: i64,
    pub oldest_waiting_s: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgNamed)]
pub struct Named {
    pub id: Uuid,
    pub name: String,
}

/// An examination in one line.
#[derive(Serialize, ToSchema)]
#[schema(as = EcgExamItem)]
pub struct ExamItem {
    pub id: EcgExamId,
    pub exam_number: String,
    pub state: ExamState,
    pub urgency: Urgency,
    pub patient: PatientBrief,
    pub organisation: Named,
    pub registered_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
    pub published_at: Option<Timestamp>,
    /// Since submission, while no report is published.
    pub waiting_s: Option<i64>,
    /// When the report is due.
    pub due_at: Option<Timestamp>,
    /// Who works on it now.
    pub claimed_by: Option<Named>,
    pub claim_until: Option<Timestamp>,
    pub heart_rate_bpm: Option<i64>,
    /// The report's conclusion, else the machine's, in one line.
    pub conclusion: Option<String>,
    pub abnormal: Option<bool>,
    /// A review sent it back.
    pub returned: bool,
    pub recording_count: i32,
    pub clinical_note: Option<String>,
}

/// An examination with everything that belongs to it.
#[derive(Serialize, ToSchema)]
#[schema(as = EcgExam)]
pub struct Exam {
    #[serde(flatten)]
    pub item: ExamItem,
    pub row_version: i64,
    pub symptoms: Vec<String>,
    pub device_name: Option<String>,
    pub requesting_department: Option<String>,
    pub requester_name: Option<String>,
    pub bed: Option<String>,
    pub registered_by: Named,
    pub recordings: Vec<Recording>,
    pub report: Option<Report>,
    pub timeline: Vec<TimelineEntry>,
    /// What the caller may do now.
    pub allowed_actions: Vec<EcgAction>,
    pub returned_reason: Option<String>,
    pub retake_reason: Option<String>,
    pub previous_exams: Vec<PreviousExam>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgPreviousExam)]
pub struct PreviousExam {
    pub id: EcgExamId,
    pub exam_number: String,
    pub published_at: Timestamp,
    pub conclusion: String,
    pub heart_rate_bpm: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgTimelineEntry)]
pub struct TimelineEntry {
    pub at: Timestamp,
    pub event: String,
    pub by: Option<String>,
    pub organisation: Option<String>,
    pub from_state: Option<ExamState>,
    pub to_state: ExamState,
    pub reason: Option<String>,
    pub version: Option<i32>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgRecording)]
pub struct Recording {
    pub id: EcgRecordingId,
    pub format: String,
    pub format_label: String,
    pub sample_rate_hz: f64,
    pub sample_count: i64,
    pub duration_s: f64,
    pub leads: Vec<String>,
    /// Leads computed from others because the file does not carry them.
    pub derived_leads: Vec<String>,
    /// As the device wrote it; the device's clock and zone are not verified.
    pub recorded_at_text: Option<String>,
    pub device: Option<String>,
    pub filters: Option<String>,
    pub uploaded_at: Timestamp,
    pub uploaded_by: String,
    pub files: Vec<RecordingFile>,
    pub warnings: Vec<RecordingWarning>,
    pub file_patient: Option<FilePatient>,
    pub analysis: Option<Analysis>,
    /// `done`, `failed` or `not_applicable`.
    pub analysis_state: String,
    pub analysis_error: Option<String>,
    /// What the device's own program said.
    pub device_statements: Vec<String>,
    pub device_measurements: Vec<DeviceMeasurement>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgRecordingFile)]
pub struct RecordingFile {
    pub name: String,
    pub size_bytes: i64,
    pub sm3: String,
}

/// What the file says beside the samples. Stored as JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgAsWritten)]
pub struct AsWritten {
    pub warnings: Vec<RecordingWarning>,
    pub patient: Option<FilePatient>,
    pub statements: Vec<String>,
    pub measurements: Vec<DeviceMeasurement>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgRecordingWarning)]
pub struct RecordingWarning {
    pub code: String,
    pub detail: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgFilePatient)]
pub struct FilePatient {
    pub id: Option<String>,
    pub name: Option<String>,
    pub birth_date: Option<String>,
    pub sex: Option<Sex>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgDeviceMeasurement)]
pub struct DeviceMeasurement {
    pub name: String,
    pub value: f64,
    pub unit: String,
}

/// What the program measured and says. Stored as JSON beside the recording.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgAnalysis)]
pub struct Analysis {
    pub algorithm: String,
    /// Edition of the interpretation thresholds.
    pub criteria: String,
    pub global: GlobalMeasurements,
    pub leads: Vec<LeadMeasurements>,
    pub quality: Vec<LeadQuality>,
    pub beats: Vec<Beat>,
    pub median: Option<Median>,
    pub statements: Vec<Statement>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgGlobalMeasurements)]
pub struct GlobalMeasurements {
    pub heart_rate_bpm: Option<f64>,
    pub rr_mean_ms: Option<f64>,
    pub p_duration_ms: Option<f64>,
    pub pr_ms: Option<f64>,
    pub qrs_ms: Option<f64>,
    pub qt_ms: Option<f64>,
    pub qtc_bazett_ms: Option<f64>,
    pub qtc_fridericia_ms: Option<f64>,
    pub p_axis_deg: Option<f64>,
    pub qrs_axis_deg: Option<f64>,
    pub t_axis_deg: Option<f64>,
    pub rv5_uv: Option<f64>,
    pub sv1_uv: Option<f64>,
    pub rv5_sv1_uv: Option<f64>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgLeadMeasurements)]
pub struct LeadMeasurements {
    pub lead: String,
    pub p_amplitude_uv: Option<f64>,
    pub q_amplitude_uv: Option<f64>,
    pub q_duration_ms: Option<f64>,
    pub r_amplitude_uv: Option<f64>,
    pub s_amplitude_uv: Option<f64>,
    pub t_amplitude_uv: Option<f64>,
    pub st_j_uv: Option<f64>,
    pub st_j60_uv: Option<f64>,
    pub st_j80_uv: Option<f64>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgLeadQuality)]
pub struct LeadQuality {
    pub lead: String,
    /// `ok`, `noisy`, `flat` or `missing`.
    pub level: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgBeat)]
pub struct Beat {
    pub r_sample: u32,
    pub kind: String,
    pub rr_ms: Option<f64>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgMedian)]
pub struct Median {
    pub sample_rate_hz: f64,
    pub leads: Vec<MedianLead>,
    pub fiducials: Fiducials,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgMedianLead)]
pub struct MedianLead {
    pub lead: String,
    pub samples_uv: Vec<i32>,
}

/// Positions in the median beat, in samples.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgFiducials)]
pub struct Fiducials {
    pub p_on: Option<u32>,
    pub p_off: Option<u32>,
    pub qrs_on: Option<u32>,
    pub r: Option<u32>,
    pub qrs_off: Option<u32>,
    pub t_peak: Option<u32>,
    pub t_off: Option<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgStatement)]
pub struct Statement {
    pub code: String,
    pub text_zh: String,
    pub text_en: String,
    /// `definite`, `probable` or `possible`.
    pub certainty: String,
    /// `normal`, `borderline`, `abnormal` or `critical`.
    pub severity: String,
    pub snomed: Option<String>,
    pub leads: Vec<String>,
    pub grounds: Vec<Ground>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgGround)]
pub struct Ground {
    pub name: String,
    pub value: Option<f64>,
    pub unit: String,
    pub criterion: String,
    pub source: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgReport)]
pub struct Report {
    pub version: i32,
    /// `draft`, `signed`, `returned`, `published` or `withdrawn`.
    pub state: String,
    pub recording_id: EcgRecordingId,
    pub measurements: Vec<MeasurementValue>,
    pub findings: String,
    pub conclusion: Vec<String>,
    pub abnormal: bool,
    pub updated_at: Timestamp,
    pub updated_by: String,
    pub signed_by: Option<Signature>,
    pub reviewed_by: Option<Signature>,
    pub verify_code: Option<String>,
    pub pdf_ready: bool,
    pub withdrawn_reason: Option<String>,
    /// The published version that this one amends.
    pub amends: Option<i32>,
}

/// A measurement with the machine's value kept beside the doctor's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgMeasurementValue)]
pub struct MeasurementValue {
    /// As in the analysis, e.g. `pr_ms`.
    pub name: String,
    pub machine: Option<f64>,
    /// Absent: the machine's value stands.
    pub edited: Option<f64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EcgReportInput)]
pub struct ReportInput {
    pub recording_id: EcgRecordingId,
    pub measurements: Vec<EditedMeasurement>,
    pub findings: String,
    pub conclusion: Vec<String>,
    pub abnormal: bool,
    pub row_version: i64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EcgEditedMeasurement)]
pub struct EditedMeasurement {
    pub name: String,
    pub edited: Option<f64>,
}

/// Who stood behind a report, as it was at that moment.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EcgSignature)]
pub struct Signature {
    pub account_id: AccountId,
    pub name: String,
    pub title: Option<String>,
    pub licence_number: Option<String>,
    pub at: Timestamp,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgReportVersion)]
pub struct ReportVersion {
    pub version: i32,
    pub state: String,
    pub signed_by: Option<Signature>,
    pub reviewed_by: Option<Signature>,
    pub withdrawn_reason: Option<String>,
    /// SM3 of the signed content.
    pub sm3: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgReportVersionList)]
pub struct ReportVersionList {
    pub items: Vec<ReportVersion>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EcgReason)]
pub struct ReasonBody {
    pub reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EcgRetake)]
pub struct RetakeBody {
    pub reason_code: RetakeReason,
    pub reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EcgSign)]
pub struct SignBody {
    pub row_version: i64,
    /// The own password, where the client asks for it again.
    pub password: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PdfQuery {
    /// A version; the current one unless told.
    pub version: Option<i32>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WindowQuery {
    /// First sample.
    pub start: Option<u32>,
    /// Samples; to the end unless told.
    pub count: Option<u32>,
    /// Samples for each point; above 1 each point is a minimum and a maximum.
    pub step: Option<u32>,
}

/// What anybody with the paper may learn from its QR code.
#[derive(Serialize, ToSchema)]
#[schema(as = EcgVerification)]
pub struct Verification {
    pub valid: bool,
    pub exam_number: String,
    pub patient_name_masked: String,
    pub published_at: Option<Timestamp>,
    pub organisation_name: String,
    pub signer_name: Option<String>,
    pub reviewer_name: Option<String>,
    pub version: i32,
    /// A newer version exists, or this one was withdrawn.
    pub superseded: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgPhrase)]
pub struct Phrase {
    pub id: String,
    pub group: String,
    pub group_name_zh: String,
    pub group_name_en: String,
    pub text_zh: String,
    pub text_en: String,
    pub personal: bool,
    pub pinyin_initials: String,
    pub abnormal: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EcgPhraseList)]
pub struct PhraseList {
    pub items: Vec<Phrase>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EcgPhraseInput)]
pub struct PhraseInput {
    pub group: String,
    pub text_zh: String,
    pub text_en: Option<String>,
}

/// The patient in the file is not the patient on screen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EcgPatientDifference)]
pub struct PatientDifference {
    pub field: String,
    pub in_file: String,
    pub on_screen: String,
}
