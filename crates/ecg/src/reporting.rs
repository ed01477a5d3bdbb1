//! The report's part of an examination's life: claim, draft, signature, review, return, retake, withdrawal.

use crate::model::{EcgAction, ExamState, RetakeReason};
use crate::ops::let_go;
use crate::rows::{ExamRow, ReportRow};
use crate::{Ecg, policy, store, wire};
use kernel::{EcgExamId, Error, PatientId, Result};
use platform::{AuditEntry, Ctx, NewJob, Tx, hash};
use ports::ecg::{EcgReportPublished, EcgReportWithdrawn};

impl Ecg {
    /// Claims an examination for reading. The first claim opens a draft; after a withdrawal it opens the next version.
    pub async fn claim(&self, ctx: &Ctx, id: EcgExamId) -> Result<()> {
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::Claim).await?;
        let account = ctx.account_id()?;
        policy::may_claim(&exam, account, ctx.now())?;
        if from == ExamState::Reading
            && exam.claimed_by == Some(account.uuid())
            && policy::is_claimed(&exam, ctx.now())
        {
            return Ok(());
        }
        let from =
            self.take_over(ctx, &mut tx, &mut exam, from, ExamState::Reading, ExamState::Submitted).await?;
        exam.state = EcgAction::Claim.apply(from)?.as_str().into();
        self.hold(ctx, &mut exam)?;
        exam.reader_id = exam.claimed_by;
        let current = store::find_report(&tx.exec(), exam.id, exam.report_version).await?;
        match current {
            Some(report) if report.state == "draft" => {}
            Some(report) => self.next_version(ctx, &tx, &mut exam, &report).await?,
            None => self.first_draft(ctx, &tx, &mut exam).await?,
        }
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "claimed", None, Some(exam.report_version)).await?;
        tx.commit().await
    }

    /// Ends a claim that has run out, so that somebody else can begin; otherwise leaves the state as it is.
    async fn take_over(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        exam: &mut ExamRow,
        from: ExamState,
        held: ExamState,
        free: ExamState,
    ) -> Result<ExamState> {
        if from != held || policy::is_claimed(exam, ctx.now()) {
            return Ok(from);
        }
        exam.state = free.as_str().into();
        self.note(ctx, tx, exam, Some(from), "claim_expired", None, None).await?;
        Ok(free)
    }

    async fn first_draft(&self, ctx: &Ctx, tx: &Tx, exam: &mut ExamRow) -> Result<()> {
        let recordings = store::recordings(&tx.exec(), exam.id).await?;
        let recording = recordings
            .last()
            .ok_or_else(|| Error::invalid("recording_missing", "there is nothing to read"))?;
        let analysis = recording.analysis();
        let statements = analysis.as_ref().map(|a| a.statements.as_slice()).unwrap_or_default();
        let conclusion: Vec<String> = statements.iter().map(|s| s.text_zh.clone()).collect();
        let abnormal = statements.iter().any(|s| matches!(s.severity.as_str(), "abnormal" | "critical"));
        exam.report_version += 1;
        let report = ReportRow {
            exam_id: exam.id,
            version: exam.report_version,
            state: "draft".into(),
            recording_id: recording.id,
            measurements: measurements_json(analysis.as_ref(), &[])?,
            findings: String::new(),
            conclusion: serde_json::to_string(&conclusion).map_err(Error::internal)?,
            abnormal,
            amends: None,
            updated_at: ctx.now().micros(),
            updated_by: ctx.principal().display_name.clone(),
            signed: None,
            reviewed: None,
            content_sm3: None,
            verify_code: None,
            pdf_blob: None,
            closed_reason: None,
        };
        store::insert_report(&tx.exec(), &report).await
    }

    /// Opens a new version with the content of a closed one.
    async fn next_version(&self, ctx: &Ctx, tx: &Tx, exam: &mut ExamRow, closed: &ReportRow) -> Result<()> {
        exam.report_version += 1;
        let report = ReportRow {
            version: exam.report_version,
            state: "draft".into(),
            amends: if closed.state == "withdrawn" { Some(closed.version) } else { closed.amends },
            updated_at: ctx.now().micros(),
            updated_by: ctx.principal().display_name.clone(),
            signed: None,
            reviewed: None,
            content_sm3: None,
            verify_code: None,
            pdf_blob: None,
            closed_reason: None,
            ..closed.clone()
        };
        store::insert_report(&tx.exec(), &report).await
    }

    /// Gives an examination back to the worklist.
    pub async fn release(&self, ctx: &Ctx, id: EcgExamId) -> Result<()> {
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::Release).await?;
        let next = EcgAction::Release.apply(from)?;
        policy::must_hold_claim(&exam, ctx.account_id()?, ctx.now())?;
        exam.state = next.as_str().into();
        let_go(&mut exam);
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "released", None, None).await?;
        tx.commit().await
    }

    async fn current_report(&self, tx: &Tx, exam: &ExamRow) -> Result<ReportRow> {
        let report = store::find_report(&tx.exec(), exam.id, exam.report_version).await?;
        report.ok_or_else(|| Error::internal("an examination in reading has no report"))
    }

    /// Saves the draft and renews the claim.
    pub async fn save_report(&self, ctx: &Ctx, id: EcgExamId, input: wire::ReportInput) -> Result<()> {
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::SaveReport).await?;
        EcgAction::SaveReport.apply(from)?;
        policy::must_hold_claim(&exam, ctx.account_id()?, ctx.now())?;
        policy::must_be_current(&exam, input.row_version)?;
        let mut report = self.current_report(&tx, &exam).await?;
        let recording = store::find_recording(&tx.exec(), input.recording_id.uuid())
            .await?
            .filter(|r| r.exam_id == exam.id);
        let recording = recording.ok_or_else(|| {
            Error::field("recording_id", "recording_elsewhere", "not a recording of this examination")
        })?;
        if input.findings.chars().count() > 4000 {
            return Err(Error::field("findings", "too_long", "at most 4000 characters"));
        }
        let conclusion: Vec<&str> =
            input.conclusion.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
        if conclusion.len() > 40 || conclusion.iter().any(|line| line.chars().count() > 300) {
            return Err(Error::field("conclusion", "too_long", "at most 40 lines of 300 characters"));
        }
        report.recording_id = recording.id;
        report.measurements = measurements_json(recording.analysis().as_ref(), &input.measurements)?;
        report.findings = input.findings.trim_end().to_owned();
        report.conclusion = serde_json::to_string(&conclusion).map_err(Error::internal)?;
        report.abnormal = input.abnormal;
        report.updated_at = ctx.now().micros();
        report.updated_by.clone_from(&ctx.principal().display_name);
        if store::update_draft(&tx.exec(), &report).await? == 0 {
            return Err(Error::conflict("report_signed", "a signed version is never changed"));
        }
        self.hold(ctx, &mut exam)?;
        store::update_exam(&tx.exec(), &mut exam).await?;
        tx.audit(
            ctx,
            AuditEntry::new("ecg_report_saved")
                .on("ecg_exam", exam.id)
                .patient(PatientId(exam.patient_id))
                .organisation(&exam.organisation_path),
        );
        tx.commit().await
    }

    async fn signature(&self, ctx: &Ctx) -> Result<wire::Signature> {
        let account = ctx.account_id()?;
        let found = self.directory.signatories(&[account]).await?.into_iter().next();
        let person = found.ok_or_else(|| Error::forbidden("forbidden", "only members of staff sign"))?;
        Ok(wire::Signature {
            account_id: account,
            name: person.name,
            title: person.title,
            licence_number: person.licence_number,
            at: ctx.now(),
        })
    }

    /// Signs the draft: from now on this version never changes.
    pub async fn sign(&self, ctx: &Ctx, id: EcgExamId, body: wire::SignBody) -> Result<()> {
        if let Some(password) = &body.password
            && !self.directory.password_matches(ctx.account_id()?, password).await?
        {
            return Err(Error::invalid("password_wrong", "the password is wrong; nothing was signed"));
        }
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::Sign).await?;
        let next = EcgAction::Sign.apply(from)?;
        policy::must_hold_claim(&exam, ctx.account_id()?, ctx.now())?;
        policy::must_be_current(&exam, body.row_version)?;
        let mut report = self.current_report(&tx, &exam).await?;
        policy::may_sign(&report)?;
        let signature = self.signature(ctx).await?;
        report.state = "signed".into();
        report.content_sm3 = Some(content_sm3(&exam, &report, &signature)?);
        report.signed = Some(serde_json::to_string(&signature).map_err(Error::internal)?);
        store::update_report_state(&tx.exec(), &report).await?;
        exam.state = next.as_str().into();
        exam.returned_reason = None;
        exam.conclusion = Some(report.conclusion_lines().join("；"));
        exam.abnormal = Some(report.abnormal);
        let_go(&mut exam);
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "signed", None, Some(report.version)).await?;
        tx.commit().await
    }

    /// Claims a signed report for review; not by the doctor who signed it.
    pub async fn claim_review(&self, ctx: &Ctx, id: EcgExamId) -> Result<()> {
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::ClaimReview).await?;
        let account = ctx.account_id()?;
        policy::may_claim(&exam, account, ctx.now())?;
        if from == ExamState::Reviewing
            && exam.claimed_by == Some(account.uuid())
            && policy::is_claimed(&exam, ctx.now())
        {
            return Ok(());
        }
        let from = self
            .take_over(ctx, &mut tx, &mut exam, from, ExamState::Reviewing, ExamState::AwaitingReview)
            .await?;
        let next = EcgAction::ClaimReview.apply(from)?;
        let report = self.current_report(&tx, &exam).await?;
        policy::may_review(&report, account)?;
        exam.state = next.as_str().into();
        self.hold(ctx, &mut exam)?;
        exam.reviewer_id = exam.claimed_by;
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "review_claimed", None, Some(report.version)).await?;
        tx.commit().await
    }

    /// Publishes a report: it is now the result, and its patient is told.
    pub async fn approve(&self, ctx: &Ctx, id: EcgExamId) -> Result<()> {
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::Approve).await?;
        let next = EcgAction::Approve.apply(from)?;
        policy::must_hold_claim(&exam, ctx.account_id()?, ctx.now())?;
        let mut report = self.current_report(&tx, &exam).await?;
        policy::may_review(&report, ctx.account_id()?)?;
        report.state = "published".into();
        report.reviewed = Some(serde_json::to_string(&self.signature(ctx).await?).map_err(Error::internal)?);
        report.verify_code = Some(verify_code(ctx));
        store::update_report_state(&tx.exec(), &report).await?;
        exam.state = next.as_str().into();
        exam.published_at = Some(ctx.now().micros());
        let_go(&mut exam);
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "approved", None, Some(report.version)).await?;
        tx.publish(&EcgReportPublished {
            exam_id: id,
            patient_id: PatientId(exam.patient_id),
            version: report.version,
            organisation_path: exam.organisation_path.clone(),
        })
        .await?;
        tx.enqueue(NewJob::new(
            crate::jobs::RENDER_REPORT,
            &crate::jobs::RenderReport { exam_id: id, version: report.version },
        )?)
        .await?;
        tx.commit().await
    }

    /// Sends a signed report back to the worklist with a reason. The signed version stays as it is; reading goes on in a new one.
    pub async fn return_report(&self, ctx: &Ctx, id: EcgExamId, reason: &str) -> Result<()> {
        let reason = policy::reason(reason)?;
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::Return).await?;
        let next = EcgAction::Return.apply(from)?;
        policy::must_hold_claim(&exam, ctx.account_id()?, ctx.now())?;
        let mut report = self.current_report(&tx, &exam).await?;
        report.state = "returned".into();
        report.closed_reason = Some(reason.clone());
        store::update_report_state(&tx.exec(), &report).await?;
        self.next_version(ctx, &tx, &mut exam, &report).await?;
        exam.state = next.as_str().into();
        exam.returned_reason = Some(reason.clone());
        let_go(&mut exam);
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "returned", Some(&reason), Some(report.version)).await?;
        tx.commit().await
    }

    /// Asks the clinic for another recording.
    pub async fn request_retake(
        &self,
        ctx: &Ctx,
        id: EcgExamId,
        code: RetakeReason,
        reason: &str,
    ) -> Result<()> {
        let text = match policy::reason(reason) {
            Ok(reason) => format!("{}：{reason}", code.text_zh()),
            Err(error) if code == RetakeReason::Other => return Err(error),
            Err(_) => code.text_zh().to_owned(),
        };
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::RequestRetake).await?;
        let next = EcgAction::RequestRetake.apply(from)?;
        policy::must_hold_claim(&exam, ctx.account_id()?, ctx.now())?;
        exam.state = next.as_str().into();
        exam.retake_reason = Some(text.clone());
        exam.submitted_at = None;
        exam.due_at = None;
        let_go(&mut exam);
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "retake_requested", Some(&text), None).await?;
        tx.commit().await
    }

    /// Takes a published report back. It stays readable to staff as withdrawn; the resident no longer sees it.
    pub async fn withdraw(&self, ctx: &Ctx, id: EcgExamId, reason: &str) -> Result<()> {
        let reason = policy::reason(reason)?;
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::Withdraw).await?;
        let next = EcgAction::Withdraw.apply(from)?;
        let mut report = self.current_report(&tx, &exam).await?;
        report.state = "withdrawn".into();
        report.closed_reason = Some(reason.clone());
        store::update_report_state(&tx.exec(), &report).await?;
        exam.state = next.as_str().into();
        exam.published_at = None;
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "withdrawn", Some(&reason), Some(report.version)).await?;
        tx.publish(&EcgReportWithdrawn {
            exam_id: id,
            patient_id: PatientId(exam.patient_id),
            version: report.version,
            organisation_path: exam.organisation_path.clone(),
        })
        .await?;
        tx.commit().await
    }
}

/// The names of the measurements of a report, in the order of the paper.
pub const MEASUREMENTS: [&str; 14] = [
    "heart_rate_bpm",
    "rr_mean_ms",
    "p_duration_ms",
    "pr_ms",
    "qrs_ms",
    "qt_ms",
    "qtc_bazett_ms",
    "qtc_fridericia_ms",
    "p_axis_deg",
    "qrs_axis_deg",
    "t_axis_deg",
    "rv5_uv",
    "sv1_uv",
    "rv5_sv1_uv",
];

fn measurements_json(
    analysis: Option<&wire::Analysis>,
    edited: &[wire::EditedMeasurement],
) -> Result<String> {
    let machine = analysis.map(|a| serde_json::to_value(&a.global)).transpose().map_err(Error::internal)?;
    if let Some(unknown) = edited.iter().find(|e| !MEASUREMENTS.contains(&e.name.as_str())) {
        return Err(Error::field(
            "measurements",
            "measurement_unknown",
            format!("there is no measurement {:?}", unknown.name),
        ));
    }
    let mut values = Vec::with_capacity(MEASUREMENTS.len());
    for name in MEASUREMENTS {
        let edited = edited.iter().find(|e| e.name == name).and_then(|e| e.edited);
        if edited.is_some_and(|v| !v.is_finite() || v.abs() > 100_000.0) {
            return Err(Error::field("measurements", "out_of_range", format!("{name} is out of range")));
        }
        let machine = machine.as_ref().and_then(|m| m.get(name)).and_then(serde_json::Value::as_f64);
        values.push(wire::MeasurementValue { name: name.into(), machine, edited });
    }
    serde_json::to_string(&values).map_err(Error::internal)
}

/// SM3 over everything the signature stands for.
fn content_sm3(exam: &ExamRow, report: &ReportRow, signature: &wire::Signature) -> Result<String> {
    let content = serde_json::json!([
        exam.exam_number,
        exam.patient_id,
        report.version,
        report.recording_id,
        report.measurements,
        report.findings,
        report.conclusion,
        report.abnormal,
        signature.account_id,
        signature.at,
    ]);
    Ok(hash::sm3_hex(serde_json::to_string(&content).map_err(Error::internal)?.as_bytes()))
}

/// Three groups of four letters and digits without look-alikes: 60 bits, typed from paper without mistakes.
fn verify_code(ctx: &Ctx) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut code = String::new();
    for (i, byte) in ctx.platform().random().bytes::<12>().into_iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(LETTERS.get(usize::from(byte & 31)).copied().unwrap_or(b'2')));
    }
    code
}
