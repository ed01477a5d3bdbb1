//! Use cases: each authorizes, loads under a lock, checks, changes and commits, with its events, timeline and audit rows
//! in the same transaction.

use crate::intake::{self, AnalysisAbsent, Intake, Upload};
use crate::model::{EcgAction, ExamState, Urgency};
use crate::rows::{ExamRow, RecordingRow, ReportRow};
use crate::store::{self, NewTimeline};
use crate::{Ecg, policy, wire};
use kernel::{AccountId, CivilDate, EcgExamId, EcgRecordingId, Error, PatientId, Result, Timestamp};
use platform::{Action, AuditEntry, Ctx, OrgPath, Resource, Tx, hash, idempotency};
use ports::ecg::EcgExamChanged;
use ports::patients::PatientBrief;

pub const READ: Action = Action("ecg_read");
pub const REGISTER: Action = Action("ecg_register");
const UPLOAD: Action = Action("ecg_upload");
const SUBMIT: Action = Action("ecg_submit");
const VOID: Action = Action("ecg_void");
const REPORT: Action = Action("ecg_report");
const REVIEW: Action = Action("ecg_review");
const WITHDRAW: Action = Action("ecg_withdraw");
pub const PHRASE_EDIT: Action = Action("ecg_phrase_edit");

/// The permission that an action needs. `release` needs whichever work is being given back.
pub fn permission(action: EcgAction, state: ExamState) -> Action {
    match action {
        EcgAction::Upload => UPLOAD,
        EcgAction::Submit => SUBMIT,
        EcgAction::Void => VOID,
        EcgAction::EditRegistration => REGISTER,
        EcgAction::Claim | EcgAction::SaveReport | EcgAction::Sign | EcgAction::RequestRetake => REPORT,
        EcgAction::Release if state == ExamState::Reviewing => REVIEW,
        EcgAction::Release => REPORT,
        EcgAction::ClaimReview | EcgAction::Approve | EcgAction::Return => REVIEW,
        EcgAction::Withdraw => WITHDRAW,
    }
}

/// The examination as a resource of the policies.
pub fn resource(exam: &ExamRow) -> Result<Resource> {
    let path = OrgPath::new(exam.organisation_path.clone())?;
    Ok(Resource::of("ecg_exam", exam.id, &path).patient(PatientId(exam.patient_id)))
}

/// The state of a row.
pub fn state(exam: &ExamRow) -> Result<ExamState> {
    ExamState::parse(&exam.state)
        .ok_or_else(|| Error::internal(format!("examination state {:?}", exam.state)))
}

/// An examination that the caller may read; anything else does not exist for them.
pub async fn visible_exam(ctx: &Ctx, id: EcgExamId) -> Result<ExamRow> {
    let scope = ctx.scope(READ).await?;
    let exam = store::find_exam(&ctx.platform().db().read(), id.uuid()).await?;
    exam.filter(|exam| scope.contains(&exam.organisation_path)).ok_or_else(|| Error::not_found("examination"))
}

fn bounded(field: &str, text: Option<&str>, longest: usize) -> Result<Option<String>> {
    let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    if text.chars().count() > longest {
        return Err(Error::field(field, "too_long", format!("at most {longest} characters")));
    }
    Ok(Some(text.to_owned()))
}

fn symptoms_json(symptoms: &[String]) -> Result<String> {
    if symptoms.len() > 20 || symptoms.iter().any(|s| s.chars().count() > 30) {
        return Err(Error::field("symptoms", "too_long", "at most 20 symptoms of 30 characters"));
    }
    serde_json::to_string(symptoms).map_err(Error::internal)
}

impl Ecg {
    async fn organisation_name(&self, exam: &ExamRow) -> Result<String> {
        let found = self.directory.organisations(&[exam.organisation_id.into()]).await?;
        Ok(found.into_iter().next().map(|o| o.name).unwrap_or_default())
    }

    async fn own_organisation_name(&self, ctx: &Ctx) -> Result<Option<String>> {
        let Some(id) = ctx.principal().organisation_id else { return Ok(None) };
        Ok(self.directory.organisations(&[id]).await?.into_iter().next().map(|o| o.name))
    }

    /// Registers an examination at the caller's organisation.
    pub async fn create_exam(&self, ctx: &Ctx, input: wire::ExamInput) -> Result<EcgExamId> {
        let (Some(organisation_id), Some(path)) =
            (ctx.principal().organisation_id, ctx.principal().organisation_path.clone())
        else {
            return Err(Error::forbidden(
                "forbidden",
                "only members of an organisation register examinations",
            ));
        };
        ctx.authorize(REGISTER, &Resource::of("ecg_exam", None, &path).patient(input.patient_id)).await?;
        let patient = self.patient(input.patient_id).await?;
        if patient.merged_into.is_some() {
            return Err(Error::conflict(
                "patient_merged",
                "this record was merged into another; use the surviving one",
            )
            .with("merged_into", patient.merged_into));
        }
        if !self.patients.is_known_to(input.patient_id, path.as_str()).await? {
            return Err(Error::not_found("patient"));
        }
        let now = ctx.now();
        let mut tx = ctx.platform().begin().await?;
        let day = now.local_date().strftime("%Y%m%d").to_string();
        let exam = ExamRow {
            id: ctx.platform().new_uuid(),
            exam_number: store::next_exam_number(&tx.exec(), &day).await?,
            state: ExamState::Registered.as_str().into(),
            urgency: input.urgency.as_str().into(),
            urgency_rank: input.urgency.rank(),
            patient_id: input.patient_id.uuid(),
            organisation_id: organisation_id.uuid(),
            organisation_path: path.as_str().to_owned(),
            clinical_note: bounded("clinical_note", input.clinical_note.as_deref(), 500)?,
            symptoms: symptoms_json(&input.symptoms)?,
            device_name: bounded("device_name", input.device_name.as_deref(), 60)?,
            requesting_department: bounded(
                "requesting_department",
                input.requesting_department.as_deref(),
                40,
            )?,
            bed: bounded("bed", input.bed.as_deref(), 20)?,
            requester_name: bounded("requester_name", input.requester_name.as_deref(), 40)?,
            registered_by: ctx.account_id()?.uuid(),
            registered_by_name: ctx.principal().display_name.clone(),
            registered_at: now.micros(),
            submitted_at: None,
            due_at: None,
            published_at: None,
            claimed_by: None,
            claimed_by_name: None,
            claim_until: None,
            reader_id: None,
            reviewer_id: None,
            heart_rate_bpm: None,
            conclusion: None,
            abnormal: None,
            returned_reason: None,
            retake_reason: None,
            recording_count: 0,
            report_version: 0,
            row_version: 1,
        };
        store::insert_exam(&tx.exec(), &exam).await?;
        self.note(ctx, &mut tx, &exam, None, "registered", None, None).await?;
        tx.commit().await?;
        Ok(EcgExamId(exam.id))
    }

    async fn patient(&self, id: PatientId) -> Result<PatientBrief> {
        self.patients.briefs(&[id]).await?.into_iter().next().ok_or_else(|| Error::not_found("patient"))
    }

    /// Writes the timeline, the audit entry and the event of a step. Every step of an examination ends here.
    #[allow(
        clippy::too_many_arguments,
        reason = "one private call for each step; a struct would only rename the arguments"
    )]
    pub(crate) async fn note(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        exam: &ExamRow,
        from: Option<ExamState>,
        event: &'static str,
        reason: Option<&str>,
        version: Option<i32>,
    ) -> Result<()> {
        let organisation = self.own_organisation_name(ctx).await?;
        let entry = NewTimeline {
            id: ctx.platform().new_uuid(),
            exam_id: exam.id,
            at: ctx.now(),
            event,
            by_name: Some(ctx.principal().display_name.as_str()),
            organisation_name: organisation.as_deref(),
            from_state: from.map(ExamState::as_str),
            to_state: &exam.state,
            reason,
            version,
        };
        store::insert_timeline(&tx.exec(), &entry).await?;
        let mut audit = AuditEntry::new(audit_action(event))
            .on("ecg_exam", exam.id)
            .patient(PatientId(exam.patient_id))
            .organisation(&exam.organisation_path)
            .detail(serde_json::json!({"from": from.map(ExamState::as_str), "to": exam.state, "version": version}));
        if let Some(reason) = reason {
            audit = audit.reason(reason);
        }
        tx.audit(ctx, audit);
        tx.publish(&EcgExamChanged {
            exam_id: EcgExamId(exam.id),
            state: exam.state.clone(),
            organisation_path: exam.organisation_path.clone(),
        })
        .await
    }

    /// Authorizes an action on a visible examination and locks it. The state is checked under the lock.
    pub(crate) async fn begin(
        &self,
        ctx: &Ctx,
        id: EcgExamId,
        action: EcgAction,
    ) -> Result<(Tx, ExamRow, ExamState)> {
        let seen = visible_exam(ctx, id).await?;
        ctx.authorize(permission(action, state(&seen)?), &resource(&seen)?).await?;
        let tx = ctx.platform().begin().await?;
        let exam =
            store::lock_exam(&tx.exec(), id.uuid()).await?.ok_or_else(|| Error::not_found("examination"))?;
        let from = state(&exam)?;
        Ok((tx, exam, from))
    }

    /// Corrects what was written at registration.
    pub async fn edit_exam(&self, ctx: &Ctx, id: EcgExamId, patch: wire::ExamPatch) -> Result<()> {
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::EditRegistration).await?;
        EcgAction::EditRegistration.apply(from)?;
        policy::must_be_current(&exam, patch.row_version)?;
        if let Some(urgency) = patch.urgency {
            exam.urgency = urgency.as_str().into();
            exam.urgency_rank = urgency.rank();
            exam.due_at =
                exam.submitted_at.map(|at| self.due_at(Timestamp::from_micros(at), urgency).micros());
        }
        if let Some(symptoms) = &patch.symptoms {
            exam.symptoms = symptoms_json(symptoms)?;
        }
        for (field, new, longest, slot) in [
            ("clinical_note", &patch.clinical_note, 500, &mut exam.clinical_note),
            ("device_name", &patch.device_name, 60, &mut exam.device_name),
            ("requesting_department", &patch.requesting_department, 40, &mut exam.requesting_department),
            ("bed", &patch.bed, 20, &mut exam.bed),
            ("requester_name", &patch.requester_name, 40, &mut exam.requester_name),
        ] {
            if new.is_some() {
                *slot = bounded(field, new.as_deref(), longest)?;
            }
        }
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "registration_edited", None, None).await?;
        tx.commit().await
    }

    fn due_at(&self, submitted: Timestamp, urgency: Urgency) -> Timestamp {
        submitted.plus(self.turnaround.limit(urgency))
    }

    /// Takes in uploaded files as one recording. Sending the same upload again under the same key changes nothing.
    pub async fn upload(&self, ctx: &Ctx, id: EcgExamId, upload: RecordingUpload) -> Result<()> {
        let seen = visible_exam(ctx, id).await?;
        ctx.authorize(UPLOAD, &resource(&seen)?).await?;
        EcgAction::Upload
            .apply(state(&seen)?)
            .or_else(|error| if upload.key.is_some() { Ok(ExamState::Acquired) } else { Err(error) })?;
        if upload.files.is_empty() {
            return Err(Error::invalid("ecg_file_missing", "no file was sent"));
        }
        let hashes: Vec<String> = upload.files.iter().map(|file| hash::sm3_hex(&file.bytes)).collect();
        let fingerprint = upload.fingerprint(id, &hashes);
        if let Some(key) = &upload.key {
            let exec = ctx.platform().db().read();
            if idempotency::replayed(&exec, ctx, key, &fingerprint).await?.is_some() {
                return Ok(());
            }
        }
        let patient = self.patient(PatientId(seen.patient_id)).await?;
        let age = patient.birth_date.and_then(|birth| age_years(birth, ctx.now().local_date()));
        let sex = patient.sex;
        let permit = self.intake_slots.acquire().await.map_err(Error::internal)?;
        let files = upload.files;
        let (files, intake) = tokio::task::spawn_blocking(move || {
            let intake = intake::take_in(&files, age, sex);
            (files, intake)
        })
        .await
        .map_err(Error::internal)?;
        drop(permit);
        let mut intake = intake?;
        let differences = intake.as_written.patient.as_ref().map_or_else(Vec::new, |file| {
            let birth = patient.birth_date.map(|d| d.to_string());
            intake::differences(file, &patient.name, birth.as_deref(), patient.sex)
        });
        let confirmed = if differences.is_empty() {
            None
        } else if upload.mismatch_confirmed {
            Some(policy::reason(upload.reason.as_deref().unwrap_or_default())?)
        } else {
            return Err(Error::conflict(
                "patient_mismatch",
                "the patient in the file is not the patient on screen",
            )
            .with("differences", differences));
        };
        // Bytes first, rows second: a row never points at bytes that are not on disk.
        // Side by side, because each waits for the disk.
        let originals = files.into_iter().zip(hashes).map(async |(file, sm3)| {
            let blob = ctx.platform().store_hashed("application/octet-stream", file.bytes, sm3).await?;
            Ok((file.name, blob))
        });
        let samples = std::mem::take(&mut intake.waveform);
        let (blobs, waveform) = futures::try_join!(
            futures::future::try_join_all(originals),
            ctx.platform().store_bytes("application/vnd.tianmu.waveform", samples)
        )?;
        let mut tx = ctx.platform().begin().await?;
        if let Some(key) = &upload.key
            && idempotency::replayed(&tx.exec(), ctx, key, &fingerprint).await?.is_some()
        {
            return Ok(());
        }
        let mut exam =
            store::lock_exam(&tx.exec(), id.uuid()).await?.ok_or_else(|| Error::not_found("examination"))?;
        let from = state(&exam)?;
        exam.state = EcgAction::Upload.apply(from)?.as_str().into();
        exam.retake_reason = None;
        if exam.recording_count >= 50 {
            return Err(Error::invalid(
                "too_many_recordings",
                "an examination can have at most 50 recordings",
            ));
        }
        exam.recording_count += 1;
        let recording = recording_row(ctx, &exam, &intake, waveform.id)?;
        if let Ok(analysis) = &intake.analysis {
            summarise(&mut exam, analysis);
        }
        for (_, blob) in &blobs {
            tx.attach(blob).await?;
        }
        tx.attach(&waveform).await?;
        store::insert_recording(&tx.exec(), &recording, &blobs).await?;
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "uploaded", None, None).await?;
        if let Some(reason) = &confirmed {
            self.note(ctx, &mut tx, &exam, None, "patient_mismatch_confirmed", Some(reason), None).await?;
        }
        if let Some(key) = &upload.key {
            tx.remember(ctx, key, &fingerprint, recording.id).await?;
        }
        metrics_of(&intake);
        tx.commit().await
    }

    /// Sends an examination to the diagnosis centre.
    pub async fn submit(&self, ctx: &Ctx, id: EcgExamId) -> Result<()> {
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::Submit).await?;
        policy::may_submit(&exam)?;
        let next = EcgAction::Submit.apply(from)?;
        exam.state = next.as_str().into();
        exam.submitted_at = Some(ctx.now().micros());
        exam.due_at = Some(self.due_at(ctx.now(), Urgency::from_stored(&exam.urgency)).micros());
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "submitted", None, None).await?;
        tx.commit().await
    }

    pub(crate) fn hold(&self, ctx: &Ctx, exam: &mut ExamRow) -> Result<()> {
        exam.claimed_by = Some(ctx.account_id()?.uuid());
        exam.claimed_by_name = Some(ctx.principal().display_name.clone());
        exam.claim_until = Some(ctx.now().plus(self.turnaround.claim()).micros());
        Ok(())
    }

    /// Voids an examination that should not be. Nothing is deleted.
    pub async fn void(&self, ctx: &Ctx, id: EcgExamId, reason: &str) -> Result<()> {
        let reason = policy::reason(reason)?;
        let (mut tx, mut exam, from) = self.begin(ctx, id, EcgAction::Void).await?;
        exam.state = EcgAction::Void.apply(from)?.as_str().into();
        let_go(&mut exam);
        store::update_exam(&tx.exec(), &mut exam).await?;
        self.note(ctx, &mut tx, &exam, Some(from), "voided", Some(&reason), None).await?;
        tx.commit().await
    }

    /// The name of the organisation that took the examination, for paper.
    pub(crate) async fn acquired_at(&self, exam: &ExamRow) -> Result<String> {
        self.organisation_name(exam).await
    }
}

/// Files of one upload.
#[derive(Debug)]
pub struct RecordingUpload {
    pub files: Vec<Upload>,
    /// `Idempotency-Key` of the request.
    pub key: Option<String>,
    /// The caller has seen that the patients differ and says why that is right.
    pub mismatch_confirmed: bool,
    pub reason: Option<String>,
}

impl RecordingUpload {
    fn fingerprint(&self, exam: EcgExamId, hashes: &[String]) -> String {
        let mut parts = exam.to_string();
        for (file, sm3) in self.files.iter().zip(hashes) {
            parts.push_str(&format!("|{}:{sm3}", file.name));
        }
        hash::sm3_hex(parts.as_bytes())
    }
}

fn audit_action(event: &'static str) -> &'static str {
    match event {
        "registered" => "ecg_exam_registered",
        "registration_edited" => "ecg_exam_edited",
        "uploaded" => "ecg_recording_uploaded",
        "patient_mismatch_confirmed" => "ecg_patient_mismatch_confirmed",
        "submitted" => "ecg_exam_submitted",
        "claimed" => "ecg_exam_claimed",
        "claim_expired" => "ecg_claim_expired",
        "released" => "ecg_exam_released",
        "signed" => "ecg_report_signed",
        "review_claimed" => "ecg_review_claimed",
        "approved" => "ecg_report_approved",
        "returned" => "ecg_report_returned",
        "retake_requested" => "ecg_retake_requested",
        "withdrawn" => "ecg_report_withdrawn",
        _ => "ecg_exam_voided",
    }
}

pub(crate) fn let_go(exam: &mut ExamRow) {
    exam.claimed_by = None;
    exam.claimed_by_name = None;
    exam.claim_until = None;
}

fn age_years(birth: CivilDate, today: CivilDate) -> Option<f64> {
    let days = (today - birth).get_days();
    (days >= 0).then(|| f64::from(days) / 365.25)
}

/// What worklists show of an analysis.
fn summarise(exam: &mut ExamRow, analysis: &wire::Analysis) {
    exam.heart_rate_bpm = analysis.global.heart_rate_bpm.and_then(|bpm| format!("{bpm:.0}").parse().ok());
    let texts: Vec<&str> = analysis.statements.iter().map(|s| s.text_zh.as_str()).collect();
    exam.conclusion = (!texts.is_empty()).then(|| texts.join("；"));
    exam.abnormal =
        Some(analysis.statements.iter().any(|s| matches!(s.severity.as_str(), "abnormal" | "critical")));
}

fn recording_row(ctx: &Ctx, exam: &ExamRow, intake: &Intake, waveform: uuid::Uuid) -> Result<RecordingRow> {
    let json = |value: &serde_json::Value| value.to_string();
    let (analysis_state, analysis, analysis_error) = match &intake.analysis {
        Ok(analysis) => ("done", Some(serde_json::to_string(analysis).map_err(Error::internal)?), None),
        Err(AnalysisAbsent::NotApplicable(why)) => ("not_applicable", None, Some(why.clone())),
        Err(AnalysisAbsent::Failed(why)) => ("failed", None, Some(why.clone())),
    };
    Ok(RecordingRow {
        id: ctx.platform().new_uuid(),
        exam_id: exam.id,
        ordinal: exam.recording_count,
        format: intake.format.into(),
        format_label: intake.format_label.into(),
        sample_rate_hz: intake.sample_rate_hz,
        sample_count: i64::try_from(intake.sample_count).map_err(Error::internal)?,
        leads: json(&serde_json::json!(intake.leads)),
        derived_leads: json(&serde_json::json!(intake.derived_leads)),
        recorded_at_text: intake.recorded_at_text.clone(),
        device: intake.device.clone(),
        filters: intake.filters.clone(),
        uploaded_at: ctx.now().micros(),
        uploaded_by: ctx.principal().display_name.clone(),
        waveform_blob: waveform,
        as_written: serde_json::to_string(&intake.as_written).map_err(Error::internal)?,
        analysis_state: analysis_state.into(),
        analysis,
        analysis_error,
    })
}

fn metrics_of(intake: &Intake) {
    tracing::info!(
        format = intake.format,
        samples = intake.sample_count,
        leads = intake.leads.len(),
        "a recording was taken in"
    );
}

/// For callers that have only a recording: the examination it belongs to, if visible.
pub async fn visible_recording(ctx: &Ctx, id: EcgRecordingId) -> Result<(RecordingRow, ExamRow)> {
    let recording = store::find_recording(&ctx.platform().db().read(), id.uuid()).await?;
    let recording = recording.ok_or_else(|| Error::not_found("recording"))?;
    let exam = visible_exam(ctx, EcgExamId(recording.exam_id)).await.map_err(|error| match error.code() {
        "not_found" => Error::not_found("recording"),
        _ => error,
    })?;
    Ok((recording, exam))
}

/// Refuses an upload before its body is read.
pub async fn may_upload(ctx: &Ctx, id: EcgExamId) -> Result<()> {
    let exam = visible_exam(ctx, id).await?;
    ctx.authorize(UPLOAD, &resource(&exam)?).await
}

/// Whether an account may act now, for the buttons of screens.
pub fn allowed_actions(ctx: &Ctx, exam: &ExamRow, report: Option<&ReportRow>) -> Result<Vec<EcgAction>> {
    let resource = resource(exam)?;
    let state = state(exam)?;
    let account: Option<AccountId> = ctx.principal().account_id();
    let mut allowed = Vec::new();
    for action in EcgAction::ALL {
        if policy::is_possible(action, exam, report, account, ctx.now())
            && ctx.platform().authz().is_allowed(ctx.principal(), permission(action, state), &resource)?
        {
            allowed.push(action);
        }
    }
    Ok(allowed)
}
