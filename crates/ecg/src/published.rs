//! What the resident's side may read: published reports only, through `ports`.

use crate::Ecg;
use crate::rows::{ExamRow, ReportRow};
use crate::waveform::WindowSpec;
use crate::{ops, store, waveform};
use async_trait::async_trait;
use kernel::{Cursor, EcgExamId, EcgRecordingId, Error, Limit, Page, PatientId, Result, Timestamp};
use platform::Platform;
use ports::ecg::{PublishedEcgReport, PublishedEcgReports};
use ports::patients::PatientBrief;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

pub fn published(platform: &Platform, ecg: &Arc<Ecg>) -> Arc<dyn PublishedEcgReports> {
    Arc::new(Published { platform: platform.clone(), ecg: Arc::clone(ecg) })
}

struct Published {
    platform: Platform,
    ecg: Arc<Ecg>,
}

/// Units as people read them.
fn unit(name: &str) -> &'static str {
    match name.rsplit('_').next() {
        Some("bpm") => "次/分",
        Some("ms") => "ms",
        Some("deg") => "°",
        _ => "µV",
    }
}

impl Published {
    async fn view(
        &self,
        exam: ExamRow,
        patient: &PatientBrief,
        organisation: String,
    ) -> Result<Option<PublishedEcgReport>> {
        let exec = self.platform.db().read();
        let Some(report) = store::find_report(&exec, exam.id, exam.report_version).await? else {
            return Ok(None);
        };
        if report.state != "published" {
            return Ok(None);
        }
        let Some(recording) = store::find_recording(&exec, report.recording_id).await? else {
            return Ok(None);
        };
        Ok(Some(PublishedEcgReport {
            exam_id: EcgExamId(exam.id),
            patient_id: PatientId(exam.patient_id),
            patient_name: patient.name.clone(),
            patient_sex: patient.sex,
            patient_age_text: patient.age_text.clone(),
            organisation_name: organisation,
            examined_at: Timestamp::from_micros(exam.registered_at),
            published_at: Timestamp::from_micros(exam.published_at.unwrap_or_default()),
            conclusion: report.conclusion_lines(),
            findings: report.findings.clone(),
            abnormal: report.abnormal,
            version: report.version,
            amended: report.amends.is_some(),
            signer_name: report.signature().map(|s| s.name).unwrap_or_default(),
            reviewer_name: report.review_signature().map(|s| s.name).unwrap_or_default(),
            verify_code: report.verify_code.clone().unwrap_or_default(),
            recording_id: EcgRecordingId(recording.id),
            sample_rate_hz: recording.sample_rate_hz,
            sample_count: u32::try_from(recording.sample_count).unwrap_or(u32::MAX),
            leads: recording.lead_labels(),
            measurements: standing(&report),
            exam_number: exam.exam_number,
        }))
    }

    async fn people(&self, patients: &[PatientId]) -> Result<HashMap<PatientId, PatientBrief>> {
        Ok(self.ecg.patients.briefs(patients).await?.into_iter().map(|p| (p.id, p)).collect())
    }
}

/// The values that stand: the doctor's where there is one, else the machine's.
fn standing(report: &ReportRow) -> Vec<(String, f64, String)> {
    let values = report.measurement_values();
    let standing = values.into_iter().filter_map(|v| v.edited.or(v.machine).map(|value| (v.name, value)));
    standing
        .map(|(name, value)| {
            let unit = unit(&name).to_owned();
            (name, value, unit)
        })
        .collect()
}

#[async_trait]
impl PublishedEcgReports for Published {
    async fn list(
        &self,
        patients: &[PatientId],
        cursor: Option<&str>,
        limit: Limit,
    ) -> Result<Page<PublishedEcgReport>> {
        let ids: Vec<Uuid> = patients.iter().map(|p| p.uuid()).collect();
        let after = cursor.map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let rows = store::published_of(&self.platform.db().read(), &ids, after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor {
            keys: vec![row.published_at.unwrap_or(0)],
            id: row.id,
        });
        let people = self.people(patients).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for exam in page.items {
            let Some(patient) = people.get(&PatientId(exam.patient_id)) else { continue };
            let organisation = self.ecg.acquired_at(&exam).await?;
            items.extend(self.view(exam, patient, organisation).await?);
        }
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    async fn find(&self, patients: &[PatientId], exam: EcgExamId) -> Result<Option<PublishedEcgReport>> {
        let Some(exam) = store::find_exam(&self.platform.db().read(), exam.uuid()).await? else {
            return Ok(None);
        };
        if !patients.contains(&PatientId(exam.patient_id))
            || ops::state(&exam)? != crate::model::ExamState::Published
        {
            return Ok(None);
        }
        let people = self.people(patients).await?;
        let Some(patient) = people.get(&PatientId(exam.patient_id)) else { return Ok(None) };
        let organisation = self.ecg.acquired_at(&exam).await?;
        self.view(exam, patient, organisation).await
    }

    async fn pdf(&self, exam: EcgExamId) -> Result<Vec<u8>> {
        let exec = self.platform.db().read();
        let exam = store::find_exam(&exec, exam.uuid()).await?.ok_or_else(|| Error::not_found("report"))?;
        let report = store::find_report(&exec, exam.id, exam.report_version).await?;
        let report = report.filter(|r| r.state == "published").ok_or_else(|| Error::not_found("report"))?;
        self.ecg.pdf_of(&self.platform, &exam, &report).await
    }

    async fn waveform(
        &self,
        recording: EcgRecordingId,
        start: u32,
        count: Option<u32>,
        step: u32,
    ) -> Result<Vec<u8>> {
        let row = store::find_recording(&self.platform.db().read(), recording.uuid()).await?;
        let row = row.ok_or_else(|| Error::not_found("recording"))?;
        waveform::window(&self.platform, &row, WindowSpec { start, count, step }).await
    }
}
