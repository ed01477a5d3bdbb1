//! Read models for screens.

use crate::model::{ExamState, Urgency};
use crate::rows::{ExamRow, FileRow, RecordingRow, ReportRow, TimelineRow, instant};
use crate::store::{self, Filter, WorkQueue};
use crate::{Ecg, ops, policy, wire};
use kernel::{
    AccountId, Cursor, EcgExamId, EcgRecordingId, Error, Limit, OrganisationId, Page, PatientId, Result,
    Timestamp,
};
use platform::{AuditEntry, Ctx, OrgPath, Scope};
use ports::patients::{IdentifierKind, PatientBrief, Sex};
use std::collections::HashMap;
use uuid::Uuid;

/// Most people that a search text may stand for.
const MOST_PATIENTS: usize = 200;

impl Ecg {
    async fn filter<'a>(
        &self,
        q: Option<&'a str>,
        organisation: Option<OrganisationId>,
    ) -> Result<Filter<'a>> {
        let mut filter = Filter::default();
        if let Some(text) = q.map(str::trim).filter(|t| !t.is_empty()) {
            let found = self.patients.search_ids(text, MOST_PATIENTS).await?;
            filter.patients = Some(found.into_iter().map(PatientId::uuid).collect());
            filter.exam_number = Some(text);
        }
        if let Some(id) = organisation {
            let found = self.directory.organisations(&[id]).await?.into_iter().next();
            let found = found.ok_or_else(|| Error::not_found("organisation"))?;
            filter.organisation = Some(Scope::of([OrgPath::new(found.path)?]));
        }
        Ok(filter)
    }

    /// Examinations that the caller may read.
    pub async fn list(&self, ctx: &Ctx, query: &wire::ExamQuery) -> Result<Page<wire::ExamItem>> {
        let scope = ctx.scope(ops::READ).await?;
        let limit = Limit::new(query.limit)?;
        let mut filter = self.filter(query.q.as_deref(), query.organisation_id).await?;
        for name in query.state.iter().flat_map(|s| s.split(',')).map(str::trim).filter(|s| !s.is_empty()) {
            let state = ExamState::parse(name);
            filter.states.push(state.ok_or_else(|| {
                Error::field("state", "state_unknown", format!("there is no state {name:?}"))
            })?);
        }
        if let Some(patient) = query.patient_id {
            let records = self.patients.with_absorbed(patient).await?;
            filter.patients = Some(records.into_iter().map(PatientId::uuid).collect());
            filter.exam_number = None;
        }
        filter.urgency = query.urgency.map(Urgency::as_str);
        filter.reader = query.reader_id.map(AccountId::uuid);
        filter.from = query.from;
        filter.to = query.to;
        filter.abnormal = query.abnormal;
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let newest_first = query.sort != Some(wire::Sort::Oldest);
        let rows =
            store::exams(&ctx.platform().db().read(), &scope, &filter, newest_first, after, limit.fetch())
                .await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.registered_at], id: row.id });
        let items = self.items(ctx, &page.items).await?;
        self.audit_list(ctx, "ecg_exams_listed", items.len()).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    async fn audit_list(&self, ctx: &Ctx, action: &'static str, count: usize) -> Result<()> {
        ctx.platform().audit(ctx, AuditEntry::new(action).detail(serde_json::json!({"count": count}))).await
    }

    /// A worklist, most urgent first, then longest waiting.
    pub async fn worklist(&self, ctx: &Ctx, query: &wire::WorklistQuery) -> Result<Page<wire::ExamItem>> {
        let scope = ctx.scope(ops::READ).await?;
        let limit = Limit::new(query.limit)?;
        let mut filter = self.filter(query.q.as_deref(), query.organisation_id).await?;
        filter.urgency = query.urgency.map(Urgency::as_str);
        let queue = match query.queue {
            wire::Queue::ToRead => WorkQueue::Named("read"),
            wire::Queue::ToReview => WorkQueue::Named("review"),
            wire::Queue::Mine => WorkQueue::HeldBy(ctx.account_id()?.uuid(), ctx.now()),
        };
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 2)).transpose()?;
        let after =
            after.map(|c| (c.keys.first().copied().unwrap_or(0), c.keys.get(1).copied().unwrap_or(0), c.id));
        let rows = store::worklist(&ctx.platform().db().read(), &scope, queue, &filter, after, limit.fetch())
            .await?;
        let key = |row: &ExamRow| Cursor {
            keys: vec![row.urgency_rank.into(), row.submitted_at.unwrap_or(0)],
            id: row.id,
        };
        let page = Page::from_rows(rows, limit, key);
        let items = self.items(ctx, &page.items).await?;
        self.audit_list(ctx, "ecg_worklist_listed", items.len()).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    /// The numbers above the worklists.
    pub async fn worklist_counts(&self, ctx: &Ctx) -> Result<wire::WorklistCounts> {
        let scope = ctx.scope(ops::READ).await?;
        let exec = ctx.platform().db().read();
        let oldest = store::oldest_waiting(&exec, &scope).await?;
        Ok(wire::WorklistCounts {
            to_read: store::count_queue(&exec, &scope, "read", None).await?,
            to_review: store::count_queue(&exec, &scope, "review", None).await?,
            to_read_stat: store::count_queue(&exec, &scope, "read", Some("stat")).await?,
            mine: store::count_held(&exec, ctx.account_id()?.uuid(), ctx.now()).await?,
            oldest_waiting_s: oldest.map(|at| ctx.now().seconds_since(at)),
        })
    }

    async fn items(&self, ctx: &Ctx, rows: &[ExamRow]) -> Result<Vec<wire::ExamItem>> {
        let mut patient_ids: Vec<PatientId> = rows.iter().map(|r| PatientId(r.patient_id)).collect();
        patient_ids.sort_unstable();
        patient_ids.dedup();
        let mut organisation_ids: Vec<OrganisationId> =
            rows.iter().map(|r| OrganisationId(r.organisation_id)).collect();
        organisation_ids.sort_unstable();
        organisation_ids.dedup();
        let patients = self.patients.briefs(&patient_ids).await?;
        let patients: HashMap<PatientId, PatientBrief> = patients.into_iter().map(|p| (p.id, p)).collect();
        let organisations = self.directory.organisations(&organisation_ids).await?;
        let organisations: HashMap<Uuid, String> =
            organisations.into_iter().map(|o| (o.id.uuid(), o.name)).collect();
        let now = ctx.now();
        rows.iter()
            .map(|row| {
                let patient = patients.get(&PatientId(row.patient_id)).cloned();
                let organisation = organisations.get(&row.organisation_id).cloned().unwrap_or_default();
                item(row, patient.unwrap_or_else(|| absent_patient(row.patient_id)), organisation, now)
            })
            .collect()
    }

    /// One examination with everything that belongs to it. Reading it is recorded.
    pub async fn exam(&self, ctx: &Ctx, id: EcgExamId) -> Result<wire::Exam> {
        let row = ops::visible_exam(ctx, id).await?;
        let entry = AuditEntry::new("ecg_read")
            .on("ecg_exam", row.id)
            .patient(PatientId(row.patient_id))
            .organisation(&row.organisation_path);
        let exam = self.whole(ctx, row).await?;
        ctx.platform().audit(ctx, entry).await?;
        Ok(exam)
    }

    /// The examination as the answer to a step. The step itself is on record with the patient and the person, so its
    /// answer is not recorded as one more reading, which would cost another commit.
    pub async fn exam_after_step(&self, ctx: &Ctx, id: EcgExamId) -> Result<wire::Exam> {
        let row = ops::visible_exam(ctx, id).await?;
        self.whole(ctx, row).await
    }

    async fn whole(&self, ctx: &Ctx, row: ExamRow) -> Result<wire::Exam> {
        let exec = ctx.platform().db().read();
        let recordings = store::recordings(&exec, row.id).await?;
        let recording_ids: Vec<Uuid> = recordings.iter().map(|r| r.id).collect();
        let files = store::files(&exec, &recording_ids).await?;
        let report = store::find_report(&exec, row.id, row.report_version).await?;
        let timeline = store::timeline(&exec, row.id).await?;
        let records = self.patients.with_absorbed(PatientId(row.patient_id)).await?;
        let records: Vec<Uuid> = records.into_iter().map(PatientId::uuid).collect();
        let scope = ctx.scope(ops::READ).await?;
        let previous = store::published_of(&exec, &records, None, 6).await?;
        let item = self
            .items(ctx, std::slice::from_ref(&row))
            .await?
            .pop()
            .ok_or_else(|| Error::not_found("examination"))?;
        Ok(wire::Exam {
            item,
            row_version: row.row_version,
            symptoms: serde_json::from_str(&row.symptoms).unwrap_or_default(),
            device_name: row.device_name.clone(),
            requesting_department: row.requesting_department.clone(),
            requester_name: row.requester_name.clone(),
            bed: row.bed.clone(),
            registered_by: wire::Named { id: row.registered_by, name: row.registered_by_name.clone() },
            recordings: recordings.into_iter().map(|r| recording(r, &files)).collect(),
            allowed_actions: ops::allowed_actions(ctx, &row, report.as_ref())?,
            report: report.map(report_view),
            timeline: timeline.into_iter().filter_map(timeline_entry).collect(),
            returned_reason: row.returned_reason.clone(),
            retake_reason: row.retake_reason.clone(),
            previous_exams: previous
                .into_iter()
                .filter(|p| p.id != row.id && scope.contains(&p.organisation_path))
                .take(5)
                .filter_map(previous_exam)
                .collect(),
        })
    }

    /// One recording. Reading it is recorded.
    pub async fn recording(&self, ctx: &Ctx, id: EcgRecordingId) -> Result<wire::Recording> {
        let (row, exam) = ops::visible_recording(ctx, id).await?;
        let files = store::files(&ctx.platform().db().read(), &[row.id]).await?;
        let entry = AuditEntry::new("ecg_read")
            .on("ecg_recording", row.id)
            .patient(PatientId(exam.patient_id))
            .organisation(&exam.organisation_path);
        ctx.platform().audit(ctx, entry).await?;
        Ok(recording(row, &files))
    }

    /// All versions of the report, oldest first.
    pub async fn versions(&self, ctx: &Ctx, id: EcgExamId) -> Result<wire::ReportVersionList> {
        let row = ops::visible_exam(ctx, id).await?;
        let entry = AuditEntry::new("ecg_read")
            .on("ecg_exam", row.id)
            .patient(PatientId(row.patient_id))
            .organisation(&row.organisation_path);
        ctx.platform().audit(ctx, entry).await?;
        let reports = store::reports(&ctx.platform().db().read(), row.id).await?;
        let version = |r: ReportRow| wire::ReportVersion {
            version: r.version,
            signed_by: r.signature(),
            reviewed_by: r.review_signature(),
            withdrawn_reason: r.closed_reason,
            sm3: r.content_sm3,
            state: r.state,
        };
        Ok(wire::ReportVersionList { items: reports.into_iter().map(version).collect() })
    }

    /// What anybody who holds the paper may learn by its code.
    pub async fn verify(&self, ctx: &Ctx, code: &str) -> Result<wire::Verification> {
        let exec = ctx.platform().db().read();
        let code = code.trim().to_uppercase();
        let report = store::find_report_by_code(&exec, &code)
            .await?
            .ok_or_else(|| Error::not_found("report with this code"))?;
        let exam = store::find_exam(&exec, report.exam_id)
            .await?
            .ok_or_else(|| Error::not_found("report with this code"))?;
        let patient = self.patients.briefs(&[PatientId(exam.patient_id)]).await?.into_iter().next();
        let entry = AuditEntry::new("ecg_report_verified")
            .on("ecg_exam", exam.id)
            .patient(PatientId(exam.patient_id))
            .actor("anonymous", None, None);
        ctx.platform().audit(ctx, entry).await?;
        let valid = report.state == "published" && exam.report_version == report.version;
        Ok(wire::Verification {
            valid,
            patient_name_masked: patient.map(|p| cn_identity::mask_name(&p.name)).unwrap_or_default(),
            published_at: report.review_signature().map(|s| s.at),
            organisation_name: self.acquired_at(&exam).await?,
            signer_name: report.signature().map(|s| s.name),
            reviewer_name: report.review_signature().map(|s| s.name),
            version: report.version,
            superseded: !valid,
            exam_number: exam.exam_number,
        })
    }

    /// The shared phrases, then one's own.
    pub async fn phrases(&self, ctx: &Ctx) -> Result<wire::PhraseList> {
        ctx.scope(ops::READ).await?;
        let mut items = Vec::new();
        let groups = crate::definitions::phrases()?;
        for group in &groups {
            for (n, phrase) in group.phrases.iter().enumerate() {
                items.push(wire::Phrase {
                    id: format!("{}-{n}", group.code),
                    group: group.code.clone(),
                    group_name_zh: group.name_zh.clone(),
                    group_name_en: group.name_en.clone(),
                    pinyin_initials: cn_identity::text_initials(&phrase.text_zh),
                    text_zh: phrase.text_zh.clone(),
                    text_en: phrase.text_en.clone(),
                    personal: false,
                    abnormal: phrase.abnormal,
                });
            }
        }
        for row in store::phrases(&ctx.platform().db().read(), ctx.account_id()?.uuid()).await? {
            items.push(personal_phrase(row));
        }
        Ok(wire::PhraseList { items })
    }

    /// Keeps a phrase of one's own.
    pub async fn add_phrase(&self, ctx: &Ctx, input: wire::PhraseInput) -> Result<wire::Phrase> {
        ctx.scope(ops::PHRASE_EDIT).await?;
        let text = input.text_zh.trim().to_owned();
        if text.is_empty() || text.chars().count() > 300 {
            return Err(Error::field("text_zh", "too_long", "1 to 300 characters"));
        }
        let row = crate::rows::PhraseRow {
            id: ctx.platform().new_uuid(),
            phrase_group: input.group.trim().chars().take(30).collect(),
            text_zh: text,
            text_en: input.text_en.unwrap_or_default().trim().chars().take(300).collect(),
        };
        let mut tx = ctx.platform().begin().await?;
        store::insert_phrase(&tx.exec(), ctx.account_id()?.uuid(), &row, ctx.now()).await?;
        tx.audit(ctx, AuditEntry::new("ecg_phrase_added").on("ecg_phrase", row.id));
        tx.commit().await?;
        Ok(personal_phrase(row))
    }

    /// Removes a phrase of one's own.
    pub async fn remove_phrase(&self, ctx: &Ctx, id: Uuid) -> Result<()> {
        ctx.scope(ops::PHRASE_EDIT).await?;
        let mut tx = ctx.platform().begin().await?;
        if store::delete_phrase(&tx.exec(), ctx.account_id()?.uuid(), id).await? == 0 {
            return Err(Error::not_found("phrase"));
        }
        tx.audit(ctx, AuditEntry::new("ecg_phrase_removed").on("ecg_phrase", id));
        tx.commit().await
    }
}

fn personal_phrase(row: crate::rows::PhraseRow) -> wire::Phrase {
    wire::Phrase {
        id: row.id.to_string(),
        group: row.phrase_group,
        group_name_zh: "我的短语".into(),
        group_name_en: "My phrases".into(),
        pinyin_initials: cn_identity::text_initials(&row.text_zh),
        text_zh: row.text_zh,
        text_en: row.text_en,
        personal: true,
        abnormal: true,
    }
}

/// Stands for a record that the index no longer gives: the examination must still be listed.
fn absent_patient(id: Uuid) -> PatientBrief {
    PatientBrief {
        id: PatientId(id),
        name: "—".into(),
        sex: Sex::Unknown,
        birth_date: None,
        age_text: String::new(),
        identifier_kind: IdentifierKind::None,
        identifier_masked: None,
        phone_masked: None,
        organisation_name: String::new(),
        merged_into: None,
    }
}

fn item(
    row: &ExamRow,
    patient: PatientBrief,
    organisation: String,
    now: Timestamp,
) -> Result<wire::ExamItem> {
    let state = ops::state(row)?;
    let held = policy::is_claimed(row, now);
    let waiting = state.queue().and(row.submitted_at).map(|at| now.seconds_since(Timestamp::from_micros(at)));
    let holder = row.claimed_by.zip(row.claimed_by_name.clone()).filter(|_| held);
    Ok(wire::ExamItem {
        id: EcgExamId(row.id),
        exam_number: row.exam_number.clone(),
        state,
        urgency: Urgency::from_stored(&row.urgency),
        patient,
        organisation: wire::Named { id: row.organisation_id, name: organisation },
        registered_at: Timestamp::from_micros(row.registered_at),
        submitted_at: instant(row.submitted_at),
        published_at: instant(row.published_at),
        waiting_s: waiting,
        due_at: instant(row.due_at),
        claimed_by: holder.map(|(id, name)| wire::Named { id, name }),
        claim_until: instant(row.claim_until).filter(|_| held),
        heart_rate_bpm: row.heart_rate_bpm,
        conclusion: row.conclusion.clone(),
        abnormal: row.abnormal,
        returned: row.returned_reason.is_some(),
        recording_count: row.recording_count,
        clinical_note: row.clinical_note.clone(),
    })
}

fn recording(row: RecordingRow, files: &[FileRow]) -> wire::Recording {
    let written: wire::AsWritten = serde_json::from_str(&row.as_written).unwrap_or_default();
    let samples = u32::try_from(row.sample_count).unwrap_or(u32::MAX);
    wire::Recording {
        id: EcgRecordingId(row.id),
        leads: row.lead_labels(),
        derived_leads: serde_json::from_str(&row.derived_leads).unwrap_or_default(),
        analysis: row.analysis(),
        files: files
            .iter()
            .filter(|f| f.recording_id == row.id)
            .map(|f| wire::RecordingFile {
                name: f.name.clone(),
                size_bytes: f.size_bytes,
                sm3: f.sm3.clone(),
            })
            .collect(),
        duration_s: f64::from(samples) / row.sample_rate_hz,
        format: row.format,
        format_label: row.format_label,
        sample_rate_hz: row.sample_rate_hz,
        sample_count: row.sample_count,
        recorded_at_text: row.recorded_at_text,
        device: row.device,
        filters: row.filters,
        uploaded_at: Timestamp::from_micros(row.uploaded_at),
        uploaded_by: row.uploaded_by,
        warnings: written.warnings,
        file_patient: written.patient,
        analysis_state: row.analysis_state,
        analysis_error: row.analysis_error,
        device_statements: written.statements,
        device_measurements: written.measurements,
    }
}

fn report_view(row: ReportRow) -> wire::Report {
    wire::Report {
        measurements: row.measurement_values(),
        conclusion: row.conclusion_lines(),
        signed_by: row.signature(),
        reviewed_by: row.review_signature(),
        version: row.version,
        state: row.state,
        recording_id: EcgRecordingId(row.recording_id),
        findings: row.findings,
        abnormal: row.abnormal,
        updated_at: Timestamp::from_micros(row.updated_at),
        updated_by: row.updated_by,
        verify_code: row.verify_code,
        pdf_ready: row.pdf_blob.is_some(),
        withdrawn_reason: row.closed_reason,
        amends: row.amends,
    }
}

fn timeline_entry(row: TimelineRow) -> Option<wire::TimelineEntry> {
    Some(wire::TimelineEntry {
        at: Timestamp::from_micros(row.at),
        event: row.event,
        by: row.by_name,
        organisation: row.organisation_name,
        from_state: row.from_state.as_deref().and_then(ExamState::parse),
        to_state: ExamState::parse(&row.to_state)?,
        reason: row.reason,
        version: row.version,
    })
}

fn previous_exam(row: ExamRow) -> Option<wire::PreviousExam> {
    Some(wire::PreviousExam {
        id: EcgExamId(row.id),
        exam_number: row.exam_number,
        published_at: instant(row.published_at)?,
        conclusion: row.conclusion.unwrap_or_default(),
        heart_rate_bpm: row.heart_rate_bpm,
    })
}
