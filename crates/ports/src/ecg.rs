//! Regional ECG: what the rest of the region may know of an examination.

use crate::Event;
use crate::patients::Sex;
use async_trait::async_trait;
use kernel::{EcgExamId, EcgRecordingId, Page, PatientId, Result, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The state of an examination changed, or what is shown of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EcgExamChanged {
    pub exam_id: EcgExamId,
    pub state: String,
    pub organisation_path: String,
}

impl Event for EcgExamChanged {
    const TOPIC: &'static str = "ecg_exam_changed";
    fn resource_id(&self) -> Uuid {
        self.exam_id.uuid()
    }
    fn organisation_path(&self) -> Option<&str> {
        Some(&self.organisation_path)
    }
}

/// A report was reviewed and is now the result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EcgReportPublished {
    pub exam_id: EcgExamId,
    pub patient_id: PatientId,
    pub version: i32,
    pub organisation_path: String,
}

impl Event for EcgReportPublished {
    const TOPIC: &'static str = "ecg_report_published";
    fn resource_id(&self) -> Uuid {
        self.exam_id.uuid()
    }
    fn organisation_path(&self) -> Option<&str> {
        Some(&self.organisation_path)
    }
}

/// A published report was withdrawn and is no longer the result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EcgReportWithdrawn {
    pub exam_id: EcgExamId,
    pub patient_id: PatientId,
    pub version: i32,
    pub organisation_path: String,
}

impl Event for EcgReportWithdrawn {
    const TOPIC: &'static str = "ecg_report_withdrawn";
    fn resource_id(&self) -> Uuid {
        self.exam_id.uuid()
    }
    fn organisation_path(&self) -> Option<&str> {
        Some(&self.organisation_path)
    }
}

/// A published report, as its patient may read it.
#[derive(Clone, Debug)]
pub struct PublishedEcgReport {
    pub exam_id: EcgExamId,
    pub exam_number: String,
    pub patient_id: PatientId,
    pub patient_name: String,
    pub patient_sex: Sex,
    pub patient_age_text: String,
    pub organisation_name: String,
    pub examined_at: Timestamp,
    pub published_at: Timestamp,
    pub conclusion: Vec<String>,
    pub findings: String,
    pub abnormal: bool,
    pub version: i32,
    /// An earlier version was published and withdrawn.
    pub amended: bool,
    pub signer_name: String,
    pub reviewer_name: String,
    pub verify_code: String,
    pub recording_id: EcgRecordingId,
    pub sample_rate_hz: f64,
    pub sample_count: u32,
    pub leads: Vec<String>,
    /// Name, value, unit; the value that stands (edited, else machine).
    pub measurements: Vec<(String, f64, String)>,
}

/// Reads of the ECG context for the person whose examinations they are.
#[async_trait]
pub trait PublishedEcgReports: Send + Sync {
    /// Published reports of these people (one person's records), newest first.
    async fn list(
        &self,
        patients: &[PatientId],
        cursor: Option<&str>,
        limit: kernel::Limit,
    ) -> Result<Page<PublishedEcgReport>>;
    /// One published report of these people.
    async fn find(&self, patients: &[PatientId], exam: EcgExamId) -> Result<Option<PublishedEcgReport>>;
    /// The report as PDF.
    async fn pdf(&self, exam: EcgExamId) -> Result<Vec<u8>>;
    /// A window of the waveform in the wire format of the viewer.
    async fn waveform(
        &self,
        recording: EcgRecordingId,
        start: u32,
        count: Option<u32>,
        step: u32,
    ) -> Result<Vec<u8>>;
}
