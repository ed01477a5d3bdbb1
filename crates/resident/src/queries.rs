//! What a resident reads.

use crate::Resident;
use crate::wire::{Measurement, RecordingShape, Report, ReportDetail};
use kernel::{AccountId, EcgExamId, Error, Limit, Page, PatientId, Result};
use platform::db::{execute, query_all};
use platform::{Action, AuditEntry, Ctx, Resource};
use ports::ecg::PublishedEcgReport;
use uuid::Uuid;

const READ_OWN: Action = Action("resident_read_own");

/// Reference ranges of adults in words. Source: ECG facts 3.2 (heart rate 60–100, PR 120–200 ms, QRS below 120 ms, axis
/// −30° to +90°) and AHA/ACCF/HRS 2009 part IV for QTc (450 ms for men, 460 ms for women: the higher one is shown).
/// Reviewed 2026-11-22.
const NORMAL: [(&str, &str); 5] = [
    ("heart_rate_bpm", "60–100"),
    ("pr_ms", "120–200"),
    ("qrs_ms", "<120"),
    ("qtc_bazett_ms", "<460"),
    ("qrs_axis_deg", "-30–90"),
];

#[derive(sea_orm::FromQueryResult)]
struct ReadRow {
    exam_id: Uuid,
    version: i32,
}

impl Resident {
    /// The records of the person who asks; refused to everybody who is not a resident.
    async fn own_records(&self, ctx: &Ctx) -> Result<(AccountId, Vec<PatientId>)> {
        let account = ctx.account_id()?;
        let Some(patient) = ctx.principal().patient_id else {
            return Err(Error::forbidden(
                "residents_only",
                "this is the residents' side; staff use the staff application",
            ));
        };
        ctx.authorize(READ_OWN, &Resource::owned("resident_report", None, account).patient(patient)).await?;
        Ok((account, self.patients.with_absorbed(patient).await?))
    }

    async fn read_marks(&self, ctx: &Ctx, account: AccountId) -> Result<Vec<(Uuid, i32)>> {
        let sql = "SELECT exam_id, version FROM resident_report_read WHERE account_id = $1";
        let rows: Vec<ReadRow> =
            query_all(&ctx.platform().db().read(), sql, vec![account.uuid().into()]).await?;
        Ok(rows.into_iter().map(|row| (row.exam_id, row.version)).collect())
    }

    /// Own reports, newest first.
    pub async fn list(&self, ctx: &Ctx, cursor: Option<&str>, limit: Option<u16>) -> Result<Page<Report>> {
        let (account, records) = self.own_records(ctx).await?;
        let page = self.reports.list(&records, cursor, Limit::new(limit)?).await?;
        let read = self.read_marks(ctx, account).await?;
        let entry =
            AuditEntry::new("resident_reports_listed").detail(serde_json::json!({"count": page.items.len()}));
        ctx.platform().audit(ctx, with_patient(entry, ctx)).await?;
        Ok(page.map(|report| line(&report, &read)))
    }

    async fn own_report(&self, ctx: &Ctx, exam: EcgExamId) -> Result<(AccountId, PublishedEcgReport)> {
        let (account, records) = self.own_records(ctx).await?;
        let report = self.reports.find(&records, exam).await?.ok_or_else(|| Error::not_found("report"))?;
        Ok((account, report))
    }

    /// One own report; it counts as read from now on.
    pub async fn report(&self, ctx: &Ctx, exam: EcgExamId) -> Result<ReportDetail> {
        let (account, report) = self.own_report(ctx, exam).await?;
        let mut tx = ctx.platform().begin().await?;
        let sql = "INSERT INTO resident_report_read (account_id, exam_id, version, read_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (account_id, exam_id, version) DO NOTHING";
        let values =
            vec![account.uuid().into(), exam.uuid().into(), report.version.into(), ctx.now().micros().into()];
        execute(&tx.exec(), sql, values).await?;
        tx.audit(ctx, with_patient(AuditEntry::new("resident_read_own").on("ecg_exam", exam.uuid()), ctx));
        tx.commit().await?;
        Ok(detail(report))
    }

    /// One own report on paper.
    pub async fn pdf(&self, ctx: &Ctx, exam: EcgExamId) -> Result<Vec<u8>> {
        self.own_report(ctx, exam).await?;
        let entry = AuditEntry::new("resident_report_printed").on("ecg_exam", exam.uuid());
        ctx.platform().audit(ctx, with_patient(entry, ctx)).await?;
        self.reports.pdf(exam).await
    }

    /// The trace of an own report.
    pub async fn waveform(
        &self,
        ctx: &Ctx,
        exam: EcgExamId,
        start: u32,
        count: Option<u32>,
        step: u32,
    ) -> Result<Vec<u8>> {
        let (_, report) = self.own_report(ctx, exam).await?;
        self.reports.waveform(report.recording_id, start, count, step).await
    }
}

fn with_patient(entry: AuditEntry, ctx: &Ctx) -> AuditEntry {
    match ctx.principal().patient_id {
        Some(patient) => entry.patient(patient),
        None => entry,
    }
}

fn line(report: &PublishedEcgReport, read: &[(Uuid, i32)]) -> Report {
    Report {
        exam_id: report.exam_id,
        kind: "resting_ecg".into(),
        title: "心电图检查报告".into(),
        organisation_name: report.organisation_name.clone(),
        examined_at: report.examined_at,
        published_at: report.published_at,
        conclusion: report.conclusion.clone(),
        abnormal: report.abnormal,
        unread: !read.contains(&(report.exam_id.uuid(), report.version)),
    }
}

fn detail(report: PublishedEcgReport) -> ReportDetail {
    let measurement = |(name, value, unit): (String, f64, String)| Measurement {
        normal: NORMAL.iter().find(|(n, _)| *n == name).map(|(_, range)| (*range).to_owned()),
        name,
        value,
        unit,
    };
    ReportDetail {
        report: Report { unread: false, ..line(&report, &[]) },
        exam_number: report.exam_number,
        patient_name: report.patient_name,
        age_text: report.patient_age_text,
        sex: report.patient_sex,
        measurements: report.measurements.into_iter().map(measurement).collect(),
        findings: report.findings,
        signer_name: report.signer_name,
        reviewer_name: report.reviewer_name,
        recording: RecordingShape {
            sample_rate_hz: report.sample_rate_hz,
            sample_count: report.sample_count,
            leads: report.leads,
        },
        version: report.version,
        amended: report.amended,
        verify_code: report.verify_code,
    }
}
