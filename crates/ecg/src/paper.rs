//! The report on paper: from rows to the data of `definitions/print/ecg-report` (its README says what each key means).

use crate::rows::{ExamRow, RecordingRow, ReportRow};
use crate::sheet::{SheetLayout, SheetSpec, ecg_sheet_svg};
use crate::{Ecg, store, waveform, wire};
use kernel::{Error, PatientId, Result, Timestamp};
use platform::Platform;
use ports::patients::Sex;
use serde_json::{Value, json};

/// What fits on one sheet.
const SHEET_S: f64 = 10.0;

impl Ecg {
    /// The report as PDF. The same version gives the same bytes.
    pub(crate) async fn render(
        &self,
        platform: &Platform,
        exam: &ExamRow,
        report: &ReportRow,
    ) -> Result<Vec<u8>> {
        let exec = platform.db().read();
        let recording = store::find_recording(&exec, report.recording_id)
            .await?
            .ok_or_else(|| Error::not_found("recording"))?;
        let window = waveform::samples(platform, &recording, SHEET_S).await?;
        let patient = self.patients.briefs(&[PatientId(exam.patient_id)]).await?.into_iter().next();
        let patient = patient.ok_or_else(|| Error::not_found("patient"))?;
        let spec = SheetSpec::new(SheetLayout::ThreeByFour);
        let verify_url = report.verify_code.as_ref().map(|code| {
            format!("{}/verify/{code}", platform.config().server.public_url.trim_end_matches('/'))
        });
        let acquired_at = self.acquired_at(exam).await?;
        let issuer = self.issuer(report).await?;
        let sex = match patient.sex {
            Sex::Male => "男",
            Sex::Female => "女",
            Sex::Unknown => "未知",
        };
        let made = Timestamp::from_micros(report.updated_at);
        let made = report.review_signature().map_or(made, |s| s.at);
        let (width_mm, height_mm) = spec.size_mm();
        let data = json!({
            "document": {
                "id": format!("{}/{}", exam.exam_number, report.version),
                "title": format!("心电图诊断报告 {}", exam.exam_number),
                "created_at": made.to_string(),
                "created_text": made.local_text(),
            },
            "organisation": {
                "name": issuer.as_deref().unwrap_or(&acquired_at),
                "acquired_at": issuer.as_ref().filter(|name| **name != acquired_at).map(|_| acquired_at.as_str()),
            },
            "mark": mark(report),
            "exam": {
                "number": exam.exam_number,
                "urgency": urgency(exam),
                "examined_at": recording.recorded_at_text.clone().unwrap_or_else(|| Timestamp::from_micros(exam.registered_at).local_text()),
                "device": exam.device_name.clone().or_else(|| recording.device.clone()),
                "department": exam.requesting_department,
                "bed": exam.bed,
                "requester": exam.requester_name,
                "clinical_note": exam.clinical_note,
            },
            "patient": { "name": patient.name, "sex": sex, "age": patient.age_text, "identifier": patient.identifier_masked },
            "measurements": measurements(&report.measurement_values()),
            "chart": { "width_mm": width_mm, "height_mm": height_mm, "scale": "25 mm/s   10 mm/mV", "filters": recording.filters },
            "findings": report.findings,
            "conclusion": report.conclusion_lines(),
            "signer": report.signature().map(|s| signer(&s)),
            "reviewer": report.review_signature().map(|s| signer(&s)),
            "report": { "version": report.version.to_string(), "amended": report.amends.is_some(), "note": note(report) },
            "analysis": analysis(&recording),
            "verify": report.verify_code.as_ref().map(|code| json!({"code": code})),
        });
        let printer = self.printer.clone();
        let rate = window.sample_rate_hz;
        let work = move || -> Result<Vec<u8>> {
            let leads: Vec<(&str, &[f32])> =
                window.leads.iter().map(|l| (l.label.as_str(), l.samples_uv.as_slice())).collect();
            let chart = ecg_sheet_svg(&spec, &leads, rate).into_bytes();
            let qr = verify_url.map(|url| print::qr_svg(&url)).transpose().map_err(Error::internal)?;
            let mut images: Vec<(&str, &[u8])> = vec![("chart.svg", &chart)];
            if let Some(qr) = &qr {
                images.push(("qr.svg", qr));
            }
            Ok(printer.pdf("ecg-report", &data, &images).map_err(Error::internal)?.bytes)
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }

    /// The organisation of the doctor who signed.
    async fn issuer(&self, report: &ReportRow) -> Result<Option<String>> {
        let Some(signature) = report.signature() else { return Ok(None) };
        let found = self.directory.signatories(&[signature.account_id]).await?;
        Ok(found.into_iter().next().and_then(|s| s.organisation).map(|o| o.name))
    }
}

fn mark(report: &ReportRow) -> Option<&'static str> {
    match report.state.as_str() {
        "published" => None,
        "withdrawn" => Some("withdrawn"),
        "signed" | "returned" => Some("unreviewed"),
        _ => Some("draft"),
    }
}

fn note(report: &ReportRow) -> Option<String> {
    match (report.state.as_str(), &report.closed_reason) {
        ("withdrawn", Some(reason)) => Some(format!("撤回原因：{reason}")),
        ("returned", Some(reason)) => Some(format!("退回原因：{reason}")),
        _ => report.amends.map(|version| format!("本报告为修订报告，取代第{version}版。")),
    }
}

fn urgency(exam: &ExamRow) -> Value {
    let text = match exam.urgency.as_str() {
        "stat" => "危急",
        "urgent" => "加急",
        _ => "普通",
    };
    json!({"text": text, "stat": exam.urgency == "stat"})
}

fn signer(signature: &wire::Signature) -> Value {
    json!({"name": signature.name, "title": signature.title, "at": signature.at.local_text()})
}

fn analysis(recording: &RecordingRow) -> Option<Value> {
    recording.analysis().map(|a| json!({"algorithm": a.algorithm, "criteria": a.criteria}))
}

/// The value that stands and the machine's, if a doctor changed it.
fn pair(
    values: &[wire::MeasurementValue],
    name: &str,
    text: impl Fn(f64) -> String,
) -> (String, Option<String>) {
    let Some(value) = values.iter().find(|v| v.name == name) else { return ("—".into(), None) };
    let machine = value.machine.map(&text);
    match value.edited.map(&text) {
        Some(edited) if Some(&edited) != machine.as_ref() => {
            (edited, Some(machine.unwrap_or_else(|| "—".into())))
        }
        _ => (machine.unwrap_or_else(|| "—".into()), None),
    }
}

fn measurements(values: &[wire::MeasurementValue]) -> Value {
    let whole = |v: f64| format!("{v:.0}");
    let millivolts = |v: f64| format!("{:.2}", v / 1000.0);
    let mut rows = Vec::new();
    let mut row = |label: &str, unit: &str, parts: Vec<(String, Option<String>)>| {
        let value = parts.iter().map(|(v, _)| v.as_str()).collect::<Vec<_>>().join("/");
        let edited = parts.iter().any(|(_, machine)| machine.is_some());
        let machine = edited
            .then(|| parts.iter().map(|(v, m)| m.as_deref().unwrap_or(v)).collect::<Vec<_>>().join("/"));
        rows.push(json!({"label": label, "value": value, "unit": unit, "machine": machine}));
    };
    row("心率 HR", "次/分", vec![pair(values, "heart_rate_bpm", whole)]);
    row("P 时限", "ms", vec![pair(values, "p_duration_ms", whole)]);
    row("PR 间期", "ms", vec![pair(values, "pr_ms", whole)]);
    row("QRS 时限", "ms", vec![pair(values, "qrs_ms", whole)]);
    row("QT/QTc(B)", "ms", vec![pair(values, "qt_ms", whole), pair(values, "qtc_bazett_ms", whole)]);
    row(
        "电轴 P/QRS/T",
        "°",
        vec![
            pair(values, "p_axis_deg", whole),
            pair(values, "qrs_axis_deg", whole),
            pair(values, "t_axis_deg", whole),
        ],
    );
    row("RV5", "mV", vec![pair(values, "rv5_uv", millivolts)]);
    row("SV1", "mV", vec![pair(values, "sv1_uv", |v| format!("{:.2}", v.abs() / 1000.0))]);
    row("RV5+SV1", "mV", vec![pair(values, "rv5_sv1_uv", millivolts)]);
    Value::Array(rows)
}

impl Ecg {
    /// The kept file of a published version, or a fresh print where there is none yet.
    pub(crate) async fn pdf_of(
        &self,
        platform: &Platform,
        exam: &ExamRow,
        report: &ReportRow,
    ) -> Result<Vec<u8>> {
        match report.pdf_blob.filter(|_| report.state == "published") {
            Some(blob) => Ok(platform.blobs().read_whole(blob).await?.to_vec()),
            None => self.render(platform, exam, report).await,
        }
    }

    /// The PDF of a version, for staff. Reading it is recorded.
    pub async fn report_pdf(
        &self,
        ctx: &platform::Ctx,
        id: kernel::EcgExamId,
        version: Option<i32>,
    ) -> Result<(String, Vec<u8>)> {
        let exam = crate::ops::visible_exam(ctx, id).await?;
        let version = version.unwrap_or(exam.report_version);
        let report = store::find_report(&ctx.platform().db().read(), exam.id, version).await?;
        let report = report.ok_or_else(|| Error::not_found("report"))?;
        let entry = platform::AuditEntry::new("ecg_report_printed")
            .on("ecg_exam", exam.id)
            .patient(PatientId(exam.patient_id))
            .organisation(&exam.organisation_path)
            .detail(json!({"version": version}));
        ctx.platform().audit(ctx, entry).await?;
        let bytes = self.pdf_of(ctx.platform(), &exam, &report).await?;
        Ok((format!("{}-v{version}.pdf", exam.exam_number), bytes))
    }
}
