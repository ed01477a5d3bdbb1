//! The SQL of this crate. Lists take a [`Scope`]; single rows are checked by the caller against theirs.

use crate::model::ExamState;
use crate::rows::{ExamRow, FileRow, PhraseRow, RecordingRow, ReportRow, TimelineRow};
use kernel::{Result, Timestamp};
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_number, query_one};
use platform::{Blob, Scope};
use sea_orm::Value;
use uuid::Uuid;

const EXAM: &str = "SELECT id, exam_number, state, urgency, urgency_rank, patient_id, organisation_id, organisation_path, \
    clinical_note, symptoms, device_name, requesting_department, bed, requester_name, registered_by, registered_by_name, \
    registered_at, submitted_at, due_at, published_at, claimed_by, claimed_by_name, claim_until, reader_id, reviewer_id, \
    heart_rate_bpm, conclusion, abnormal, returned_reason, retake_reason, recording_count, report_version, row_version \
    FROM ecg_exam";

/// The next number of a day: `XD20261122-0001`.
pub async fn next_exam_number(exec: &Exec<'_>, day: &str) -> Result<String> {
    let sql = "INSERT INTO ecg_exam_counter (day, last_number) VALUES ($1, 1) \
               ON CONFLICT (day) DO UPDATE SET last_number = ecg_exam_counter.last_number + 1 RETURNING last_number AS n";
    let number = query_number(exec, sql, vec![day.into()]).await?;
    Ok(format!("XD{day}-{number:04}"))
}

pub async fn insert_exam(exec: &Exec<'_>, row: &ExamRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO ecg_exam (id, exam_number, state, queue, urgency, urgency_rank, patient_id, organisation_id, \
         organisation_path, clinical_note, symptoms, device_name, requesting_department, bed, requester_name, registered_by, \
         registered_by_name, registered_at, recording_count, report_version, row_version) \
         VALUES ($1, $2, $3, NULL, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, 1)",
        vec![
            row.id.into(),
            row.exam_number.clone().into(),
            row.state.clone().into(),
            row.urgency.clone().into(),
            row.urgency_rank.into(),
            row.patient_id.into(),
            row.organisation_id.into(),
            row.organisation_path.clone().into(),
            row.clinical_note.clone().into(),
            row.symptoms.clone().into(),
            row.device_name.clone().into(),
            row.requesting_department.clone().into(),
            row.bed.clone().into(),
            row.requester_name.clone().into(),
            row.registered_by.into(),
            row.registered_by_name.clone().into(),
            row.registered_at.into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn find_exam(exec: &Exec<'_>, id: Uuid) -> Result<Option<ExamRow>> {
    query_one(exec, &format!("{EXAM} WHERE id = $1"), vec![id.into()]).await
}

/// The examination, locked until the transaction ends, so that two people cannot both act on what they saw.
pub async fn lock_exam(exec: &Exec<'_>, id: Uuid) -> Result<Option<ExamRow>> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    query_one(exec, &format!("{EXAM} WHERE id = $1{lock}"), vec![id.into()]).await
}

/// Writes back everything of an examination that changes in its life, and counts its version up.
pub async fn update_exam(exec: &Exec<'_>, row: &mut ExamRow) -> Result<()> {
    row.row_version += 1;
    let queue = ExamState::parse(&row.state).and_then(ExamState::queue);
    execute(
        exec,
        "UPDATE ecg_exam SET state = $2, queue = $3, urgency = $4, urgency_rank = $5, clinical_note = $6, symptoms = $7, \
         device_name = $8, requesting_department = $9, bed = $10, requester_name = $11, submitted_at = $12, due_at = $13, \
         published_at = $14, claimed_by = $15, claimed_by_name = $16, claim_until = $17, reader_id = $18, reviewer_id = $19, \
         heart_rate_bpm = $20, conclusion = $21, abnormal = $22, returned_reason = $23, retake_reason = $24, \
         recording_count = $25, report_version = $26, row_version = $27 WHERE id = $1",
        vec![
            row.id.into(),
            row.state.clone().into(),
            queue.map(ToOwned::to_owned).into(),
            row.urgency.clone().into(),
            row.urgency_rank.into(),
            row.clinical_note.clone().into(),
            row.symptoms.clone().into(),
            row.device_name.clone().into(),
            row.requesting_department.clone().into(),
            row.bed.clone().into(),
            row.requester_name.clone().into(),
            row.submitted_at.into(),
            row.due_at.into(),
            row.published_at.into(),
            row.claimed_by.into(),
            row.claimed_by_name.clone().into(),
            row.claim_until.into(),
            row.reader_id.into(),
            row.reviewer_id.into(),
            row.heart_rate_bpm.into(),
            row.conclusion.clone().into(),
            row.abnormal.into(),
            row.returned_reason.clone().into(),
            row.retake_reason.clone().into(),
            row.recording_count.into(),
            row.report_version.into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

/// `($n, …)` for ids appended to `values`.
fn id_list(ids: &[Uuid], values: &mut Vec<Value>) -> String {
    let mut places = Vec::with_capacity(ids.len());
    for id in ids {
        values.push((*id).into());
        places.push(format!("${}", values.len()));
    }
    if places.is_empty() { "(NULL)".into() } else { format!("({})", places.join(", ")) }
}

/// What lists and worklists are narrowed by.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    pub exam_number: Option<&'a str>,
    /// Patients found by a search text; empty and `Some` finds nothing.
    pub patients: Option<Vec<Uuid>>,
    pub states: Vec<ExamState>,
    pub urgency: Option<&'a str>,
    pub organisation: Option<Scope>,
    pub reader: Option<Uuid>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub abnormal: Option<bool>,
}

impl Filter<'_> {
    fn conditions(&self, scope: &Scope, values: &mut Vec<Value>) -> Vec<String> {
        let mut conditions = vec![scope.sql("organisation_path", values)];
        if let Some(organisation) = &self.organisation {
            conditions.push(organisation.sql("organisation_path", values));
        }
        let found_by = match (&self.patients, self.exam_number) {
            (Some(patients), number) => {
                let list = id_list(patients, values);
                let number = number.map(|n| {
                    values.push(n.into());
                    format!(" OR exam_number = ${}", values.len())
                });
                Some(format!("(patient_id IN {list}{})", number.unwrap_or_default()))
            }
            (None, _) => None,
        };
        conditions.extend(found_by);
        if !self.states.is_empty() {
            let mut places = Vec::new();
            for state in &self.states {
                values.push(state.as_str().into());
                places.push(format!("${}", values.len()));
            }
            conditions.push(format!("state IN ({})", places.join(", ")));
        }
        let mut compare = |column: &str, operator: &str, value: Option<Value>| {
            if let Some(value) = value {
                values.push(value);
                conditions.push(format!("{column} {operator} ${}", values.len()));
            }
        };
        compare("urgency", "=", self.urgency.map(Into::into));
        compare("reader_id", "=", self.reader.map(Into::into));
        compare("registered_at", ">=", self.from.map(|t| t.micros().into()));
        compare("registered_at", "<", self.to.map(|t| t.micros().into()));
        compare("abnormal", "=", self.abnormal.map(Into::into));
        conditions
    }
}

/// Examinations by time of registration.
pub async fn exams(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    newest_first: bool,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<ExamRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = filter.conditions(scope, &mut values);
    let (order, operator) = if newest_first { ("DESC", "<") } else { ("ASC", ">") };
    if let Some((at, id)) = after {
        values.push(at.into());
        values.push(id.into());
        let n = values.len();
        conditions.push(format!("(registered_at, id) {operator} (${}, ${n})", n - 1));
    }
    let sql = format!(
        "{EXAM} WHERE {} ORDER BY registered_at {order}, id {order} LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}

/// Which worklist.
#[derive(Clone, Copy, Debug)]
pub enum WorkQueue {
    Named(&'static str),
    /// Held by an account, with claims that have not run out at an instant.
    HeldBy(Uuid, Timestamp),
}

/// A worklist: most urgent first, then longest waiting.
pub async fn worklist(
    exec: &Exec<'_>,
    scope: &Scope,
    queue: WorkQueue,
    filter: &Filter<'_>,
    after: Option<(i64, i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<ExamRow>> {
    let (sql, values) = worklist_sql(scope, queue, filter, after, fetch);
    query_all(exec, &sql, values).await
}

/// The statement behind [`worklist`], for the test that holds its query plan.
pub fn worklist_sql(
    scope: &Scope,
    queue: WorkQueue,
    filter: &Filter<'_>,
    after: Option<(i64, i64, Uuid)>,
    fetch: u64,
) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![match queue {
        WorkQueue::Named(name) => format!("queue = '{name}'"),
        WorkQueue::HeldBy(account, now) => {
            values.extend([account.into(), now.micros().into()]);
            String::from("claimed_by = $1 AND claim_until > $2")
        }
    }];
    conditions.extend(filter.conditions(scope, &mut values));
    if let Some((rank, at, id)) = after {
        values.extend([rank.into(), at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(urgency_rank, submitted_at, id) > (${}, ${}, ${n})", n - 2, n - 1));
    }
    let sql = format!(
        "{EXAM} WHERE {} ORDER BY urgency_rank, submitted_at, id LIMIT {fetch}",
        conditions.join(" AND ")
    );
    (sql, values)
}

/// One number of the worklist header.
pub async fn count_queue(exec: &Exec<'_>, scope: &Scope, queue: &str, urgency: Option<&str>) -> Result<i64> {
    let mut values: Vec<Value> = vec![queue.into()];
    let scope = scope.sql("organisation_path", &mut values);
    let mut sql = format!("SELECT COUNT(*) AS n FROM ecg_exam WHERE queue = $1 AND {scope}");
    if let Some(urgency) = urgency {
        values.push(urgency.into());
        sql.push_str(&format!(" AND urgency = ${}", values.len()));
    }
    query_number(exec, &sql, values).await
}

/// How many examinations somebody holds.
pub async fn count_held(exec: &Exec<'_>, account: Uuid, now: Timestamp) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM ecg_exam WHERE claimed_by = $1 AND claim_until > $2";
    query_number(exec, sql, vec![account.into(), now.micros().into()]).await
}

/// When the longest waiting examination was submitted.
pub async fn oldest_waiting(exec: &Exec<'_>, scope: &Scope) -> Result<Option<Timestamp>> {
    let mut values: Vec<Value> = Vec::new();
    let scope = scope.sql("organisation_path", &mut values);
    let sql = format!("SELECT MIN(submitted_at) AS n FROM ecg_exam WHERE queue = 'read' AND {scope}");
    let micros = query_number(exec, &sql, values).await?;
    Ok((micros > 0).then(|| Timestamp::from_micros(micros)))
}

/// Published examinations of these people, newest first.
pub async fn published_of(
    exec: &Exec<'_>,
    patients: &[Uuid],
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<ExamRow>> {
    let mut values: Vec<Value> = Vec::new();
    let list = id_list(patients, &mut values);
    let mut condition = String::new();
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        condition = format!(" AND (published_at, id) < (${}, ${n})", n - 1);
    }
    let sql = format!(
        "{EXAM} WHERE patient_id IN {list} AND state = 'published'{condition} ORDER BY published_at DESC, id DESC LIMIT {fetch}"
    );
    query_all(exec, &sql, values).await
}

pub async fn insert_recording(exec: &Exec<'_>, row: &RecordingRow, files: &[(String, Blob)]) -> Result<()> {
    execute(
        exec,
        "INSERT INTO ecg_recording (id, exam_id, ordinal, format, format_label, sample_rate_hz, sample_count, leads, \
         derived_leads, recorded_at_text, device, filters, uploaded_at, uploaded_by, waveform_blob, as_written, analysis_state, \
         analysis, analysis_error) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        vec![
            row.id.into(),
            row.exam_id.into(),
            row.ordinal.into(),
            row.format.clone().into(),
            row.format_label.clone().into(),
            row.sample_rate_hz.into(),
            row.sample_count.into(),
            row.leads.clone().into(),
            row.derived_leads.clone().into(),
            row.recorded_at_text.clone().into(),
            row.device.clone().into(),
            row.filters.clone().into(),
            row.uploaded_at.into(),
            row.uploaded_by.clone().into(),
            row.waveform_blob.into(),
            row.as_written.clone().into(),
            row.analysis_state.clone().into(),
            row.analysis.clone().into(),
            row.analysis_error.clone().into(),
        ],
    )
    .await?;
    for (ordinal, (name, blob)) in files.iter().enumerate() {
        execute(
            exec,
            "INSERT INTO ecg_recording_file (recording_id, ordinal, name, blob_id, size_bytes, sm3) VALUES ($1, $2, $3, $4, $5, $6)",
            vec![
                row.id.into(),
                i32::try_from(ordinal).unwrap_or(i32::MAX).into(),
                name.clone().into(),
                blob.id.into(),
                blob.size_bytes.into(),
                blob.sm3.clone().into(),
            ],
        )
        .await?;
    }
    Ok(())
}

const RECORDING: &str = "SELECT id, exam_id, ordinal, format, format_label, sample_rate_hz, sample_count, leads, derived_leads, \
    recorded_at_text, device, filters, uploaded_at, uploaded_by, waveform_blob, as_written, analysis_state, analysis, \
    analysis_error FROM ecg_recording";

pub async fn find_recording(exec: &Exec<'_>, id: Uuid) -> Result<Option<RecordingRow>> {
    query_one(exec, &format!("{RECORDING} WHERE id = $1"), vec![id.into()]).await
}

pub async fn recordings(exec: &Exec<'_>, exam: Uuid) -> Result<Vec<RecordingRow>> {
    query_all(exec, &format!("{RECORDING} WHERE exam_id = $1 ORDER BY ordinal LIMIT 100"), vec![exam.into()])
        .await
}

pub async fn files(exec: &Exec<'_>, recordings: &[Uuid]) -> Result<Vec<FileRow>> {
    let mut values = Vec::new();
    let list = id_list(recordings, &mut values);
    let sql = format!(
        "SELECT recording_id, ordinal, name, blob_id, size_bytes, sm3 FROM ecg_recording_file WHERE recording_id IN {list} \
         ORDER BY recording_id, ordinal"
    );
    query_all(exec, &sql, values).await
}

const REPORT: &str = "SELECT exam_id, version, state, recording_id, measurements, findings, conclusion, abnormal, amends, updated_at, \
    updated_by, signed, reviewed, content_sm3, verify_code, pdf_blob, closed_reason FROM ecg_report";

pub async fn reports(exec: &Exec<'_>, exam: Uuid) -> Result<Vec<ReportRow>> {
    query_all(exec, &format!("{REPORT} WHERE exam_id = $1 ORDER BY version LIMIT 200"), vec![exam.into()])
        .await
}

pub async fn find_report(exec: &Exec<'_>, exam: Uuid, version: i32) -> Result<Option<ReportRow>> {
    query_one(
        exec,
        &format!("{REPORT} WHERE exam_id = $1 AND version = $2"),
        vec![exam.into(), version.into()],
    )
    .await
}

pub async fn find_report_by_code(exec: &Exec<'_>, code: &str) -> Result<Option<ReportRow>> {
    query_one(exec, &format!("{REPORT} WHERE verify_code = $1"), vec![code.into()]).await
}

pub async fn insert_report(exec: &Exec<'_>, row: &ReportRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO ecg_report (exam_id, version, state, recording_id, measurements, findings, conclusion, abnormal, amends, \
         updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vec![
            row.exam_id.into(),
            row.version.into(),
            row.state.clone().into(),
            row.recording_id.into(),
            row.measurements.clone().into(),
            row.findings.clone().into(),
            row.conclusion.clone().into(),
            row.abnormal.into(),
            row.amends.into(),
            row.updated_at.into(),
            row.updated_by.clone().into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes the content of a draft. A signed version is never touched: the condition is part of the statement.
pub async fn update_draft(exec: &Exec<'_>, row: &ReportRow) -> Result<u64> {
    execute(
        exec,
        "UPDATE ecg_report SET recording_id = $3, measurements = $4, findings = $5, conclusion = $6, abnormal = $7, \
         updated_at = $8, updated_by = $9 WHERE exam_id = $1 AND version = $2 AND state = 'draft'",
        vec![
            row.exam_id.into(),
            row.version.into(),
            row.recording_id.into(),
            row.measurements.clone().into(),
            row.findings.clone().into(),
            row.conclusion.clone().into(),
            row.abnormal.into(),
            row.updated_at.into(),
            row.updated_by.clone().into(),
        ],
    )
    .await
}

/// Writes what happens to a version after it was signed: its state, signatures and code, never its content.
pub async fn update_report_state(exec: &Exec<'_>, row: &ReportRow) -> Result<()> {
    execute(
        exec,
        "UPDATE ecg_report SET state = $3, signed = $4, reviewed = $5, content_sm3 = $6, verify_code = $7, closed_reason = $8 \
         WHERE exam_id = $1 AND version = $2",
        vec![
            row.exam_id.into(),
            row.version.into(),
            row.state.clone().into(),
            row.signed.clone().into(),
            row.reviewed.clone().into(),
            row.content_sm3.clone().into(),
            row.verify_code.clone().into(),
            row.closed_reason.clone().into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn set_report_pdf(exec: &Exec<'_>, exam: Uuid, version: i32, blob: Uuid) -> Result<()> {
    let sql = "UPDATE ecg_report SET pdf_blob = $3 WHERE exam_id = $1 AND version = $2";
    execute(exec, sql, vec![exam.into(), version.into(), blob.into()]).await.map(drop)
}

/// An entry of the timeline to write.
#[derive(Debug)]
pub struct NewTimeline<'a> {
    pub id: Uuid,
    pub exam_id: Uuid,
    pub at: Timestamp,
    pub event: &'a str,
    pub by_name: Option<&'a str>,
    pub organisation_name: Option<&'a str>,
    pub from_state: Option<&'a str>,
    pub to_state: &'a str,
    pub reason: Option<&'a str>,
    pub version: Option<i32>,
}

pub async fn insert_timeline(exec: &Exec<'_>, entry: &NewTimeline<'_>) -> Result<()> {
    let text = |t: Option<&str>| -> Value { t.map(ToOwned::to_owned).into() };
    execute(
        exec,
        "INSERT INTO ecg_timeline (id, exam_id, at, event, by_name, organisation_name, from_state, to_state, reason, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            entry.id.into(),
            entry.exam_id.into(),
            entry.at.micros().into(),
            entry.event.into(),
            text(entry.by_name),
            text(entry.organisation_name),
            text(entry.from_state),
            entry.to_state.into(),
            text(entry.reason),
            entry.version.into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn timeline(exec: &Exec<'_>, exam: Uuid) -> Result<Vec<TimelineRow>> {
    let sql = "SELECT at, event, by_name, organisation_name, from_state, to_state, reason, version FROM ecg_timeline \
               WHERE exam_id = $1 ORDER BY at, id LIMIT 500";
    query_all(exec, sql, vec![exam.into()]).await
}

pub async fn phrases(exec: &Exec<'_>, account: Uuid) -> Result<Vec<PhraseRow>> {
    let sql = "SELECT id, phrase_group, text_zh, text_en FROM ecg_phrase WHERE account_id = $1 ORDER BY created_at, id LIMIT 500";
    query_all(exec, sql, vec![account.into()]).await
}

pub async fn insert_phrase(exec: &Exec<'_>, account: Uuid, row: &PhraseRow, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO ecg_phrase (id, account_id, phrase_group, text_zh, text_en, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    let values = vec![
        row.id.into(),
        account.into(),
        row.phrase_group.clone().into(),
        row.text_zh.clone().into(),
        row.text_en.clone().into(),
        now.micros().into(),
    ];
    execute(exec, sql, values).await.map(drop)
}

pub async fn delete_phrase(exec: &Exec<'_>, account: Uuid, id: Uuid) -> Result<u64> {
    execute(exec, "DELETE FROM ecg_phrase WHERE id = $1 AND account_id = $2", vec![id.into(), account.into()])
        .await
}
