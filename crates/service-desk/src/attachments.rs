//! Files that people put to a record: photos, evidence, signed papers.
//!
//! Whoever may read the record may read its files; whoever may work on it may add one. What a file is, its first bytes say;
//! its name and the browser say nothing that is believed. A file is never changed or removed: it is voided with a reason, and
//! then its entry stays and its bytes are not given out any more. A closed record takes no more files and gives none up.
//!
//! A part that has files adds its line to [`OWNERS`].

use crate::access::{
    self, CONTRACT_EDIT, CONTRACT_READ, CORRECTION_APPROVE, CORRECTION_REQUEST, CORRECTION_WORK,
    DUTY_CONFIRM, DUTY_READ, DUTY_WORK, INCIDENT_REVIEW, INCIDENT_WORK, INSPECTION_CONFIRM, INSPECTION_READ,
    INSPECTION_WORK, KNOWLEDGE_EDIT, REQUIREMENT_CONFIRM, REQUIREMENT_REGISTER, REQUIREMENT_WORK,
    SETTLEMENT_REVIEW_A, SETTLEMENT_REVIEW_B, TICKET_CONFIRM, TICKET_OPEN, TICKET_READ, TICKET_WORK,
    optional, required,
};
use crate::{Desk, ServiceDesk, knowledge};
use axum::Extension;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kernel::{Error, ErrorKind, Result, Timestamp};
use platform::db::{Exec, execute, query_all, query_number, query_one};
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{Action, ApiResult, AuditEntry, Blob, Ctx, Platform, Scope, Tx, hash, idempotency};
use ports::service::ServiceRecordChanged;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Largest file: a photo of a telephone has 3 to 12 MiB.
const MOST_BYTES: usize = 20 * 1024 * 1024;
/// Most files of one request, and of one record.
const MOST_AT_ONCE: usize = 10;
const MOST_OF_A_RECORD: i64 = 500;

/// A kind of record that has files.
struct Owner {
    /// As in the journal and in events.
    kind: &'static str,
    table: &'static str,
    read: Action,
    /// One of these is needed to add a file or to void one.
    attach: &'static [Action],
    /// States in which nothing is added or voided any more; empty for a table without states.
    closed: &'static [&'static str],
    /// States in which files may be added, such as the signed paper, and none voided.
    signed: &'static [&'static str],
}

const OWNERS: &[Owner] = &[
    Owner {
        kind: "ticket",
        table: "service_desk_ticket",
        read: TICKET_READ,
        attach: &[TICKET_OPEN, TICKET_WORK, TICKET_CONFIRM],
        closed: &["cancelled"],
        signed: &[],
    },
    Owner {
        kind: "inspection",
        table: "service_desk_inspection",
        read: INSPECTION_READ,
        attach: &[INSPECTION_WORK, INSPECTION_CONFIRM],
        closed: &["cancelled"],
        signed: &["submitted", "confirmed"],
    },
    Owner {
        kind: "incident",
        table: "service_desk_incident",
        read: TICKET_READ,
        attach: &[INCIDENT_WORK, INCIDENT_REVIEW],
        closed: &["void"],
        signed: &[],
    },
    Owner {
        kind: "requirement",
        table: "service_desk_requirement",
        read: TICKET_READ,
        attach: &[REQUIREMENT_WORK, REQUIREMENT_CONFIRM, REQUIREMENT_REGISTER],
        closed: &["withdrawn"],
        signed: &[],
    },
    Owner {
        kind: "data_correction",
        table: "service_desk_correction",
        read: TICKET_READ,
        attach: &[CORRECTION_REQUEST, CORRECTION_APPROVE, CORRECTION_WORK],
        closed: &["rejected", "withdrawn"],
        signed: &["closed"],
    },
    Owner {
        kind: "intake",
        table: "service_desk_intake",
        read: TICKET_READ,
        attach: &[TICKET_WORK],
        closed: &["dismissed"],
        signed: &["waiting", "opened", "noted"],
    },
    Owner {
        kind: "article",
        table: "service_desk_article",
        read: TICKET_READ,
        attach: &[KNOWLEDGE_EDIT],
        closed: &["withdrawn"],
        signed: &[],
    },
    Owner {
        kind: "contract",
        table: "service_desk_contract",
        read: CONTRACT_READ,
        attach: &[CONTRACT_EDIT],
        closed: &[],
        signed: &[],
    },
    Owner {
        kind: "penalty",
        table: "service_desk_penalty",
        read: CONTRACT_READ,
        attach: &[SETTLEMENT_REVIEW_A, SETTLEMENT_REVIEW_B],
        closed: &[],
        signed: &[],
    },
    Owner {
        kind: "duty_person",
        table: "service_desk_person",
        read: DUTY_READ,
        attach: &[DUTY_WORK, DUTY_CONFIRM],
        closed: &[],
        signed: &[],
    },
    Owner {
        kind: "duty_grant",
        table: "service_desk_grant",
        read: DUTY_READ,
        attach: &[DUTY_WORK, DUTY_CONFIRM],
        closed: &[],
        signed: &[],
    },
    Owner {
        kind: "vulnerability",
        table: "service_desk_vulnerability",
        read: DUTY_READ,
        attach: &[DUTY_WORK, DUTY_CONFIRM],
        closed: &[],
        signed: &["closed"],
    },
    Owner {
        kind: "handover",
        table: "service_desk_handover",
        read: DUTY_READ,
        attach: &[DUTY_WORK, DUTY_CONFIRM],
        closed: &[],
        signed: &["completed"],
    },
];

/// What a file may be: content type as stored, and whether a browser may show it in place.
const TYPES: &[(&str, bool)] = &[
    ("image/jpeg", true),
    ("image/png", true),
    ("application/pdf", true),
    (WORD, false),
    (EXCEL, false),
    (SLIDES, false),
    ("application/msword", false),
    ("application/vnd.ms-excel", false),
    ("application/vnd.ms-powerpoint", false),
];
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// The record that a file belongs to, and the place within it, such as an item of an inspection.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttachmentTarget {
    /// `ticket`, `data_correction`, `requirement`, `incident`, `roster`, `inspection`, `penalty`, `contract`, `article`, `intake`, `duty_person`,
    /// `duty_grant`, `vulnerability`, `handover`.
    pub subject_kind: String,
    pub subject_id: Uuid,
    /// A place within the record, at most 100 characters; its own names.
    pub part: Option<String>,
}

/// A file as it came.
#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Files of one request.
#[derive(Clone, Debug, Default)]
pub struct Uploads {
    pub files: Vec<Upload>,
    pub note: Option<String>,
    /// With a key, sending the same again has its effect once.
    pub key: Option<String>,
}

/// Files, as `multipart/form-data`.
#[derive(ToSchema)]
#[schema(as = ServiceUpload)]
#[allow(dead_code, reason = "describes the form; it is read part by part")]
struct UploadForm {
    /// 1 to 10 files of at most 20 MiB each: JPEG, PNG, PDF, Word, Excel, PowerPoint.
    #[schema(value_type = Vec<String>, format = Binary)]
    files: Vec<Vec<u8>>,
    note: Option<String>,
}

/// A file of a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceAttachment)]
pub struct AttachmentView {
    pub id: Uuid,
    pub part: Option<String>,
    pub name: String,
    pub content_type: String,
    pub size_bytes: i64,
    /// 64 lower-case hexadecimal digits.
    pub sm3: String,
    pub note: Option<String>,
    pub uploaded_by_name: String,
    pub uploaded_at: Timestamp,
    /// Its bytes are not given out any more.
    pub voided_at: Option<Timestamp>,
    pub voided_by_name: Option<String>,
    pub void_reason: Option<String>,
}

/// Why a file is voided.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceAttachmentVoid)]
pub struct VoidInput {
    pub reason: String,
}

#[derive(Clone, Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    subject_kind: String,
    subject_id: Uuid,
    part: Option<String>,
    blob_id: Uuid,
    name: String,
    content_type: String,
    size_bytes: i64,
    sm3: String,
    note: Option<String>,
    uploaded_by_name: String,
    uploaded_at: i64,
    voided_at: Option<i64>,
    voided_by_name: Option<String>,
    void_reason: Option<String>,
}

const COLUMNS: &str = "SELECT id, subject_kind, subject_id, part, blob_id, name, content_type, size_bytes, sm3, note, \
    uploaded_by_name, uploaded_at, voided_at, voided_by_name, void_reason FROM service_desk_attachment";

impl From<Row> for AttachmentView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            part: row.part,
            name: row.name,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            sm3: row.sm3,
            note: row.note,
            uploaded_by_name: row.uploaded_by_name,
            uploaded_at: Timestamp::from_micros(row.uploaded_at),
            voided_at: row.voided_at.map(Timestamp::from_micros),
            voided_by_name: row.voided_by_name,
            void_reason: row.void_reason,
        }
    }
}

/// The record, as far as its files need it.
#[derive(FromQueryResult)]
struct Record {
    organisation_path: String,
    state: String,
}

/// What the first bytes say that this is; none for what is not taken.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let contains = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let found = match infer::get(bytes)?.mime_type() {
        // Writers of these containers differ in which part comes first.
        "application/zip" if contains("[Content_Types].xml") => {
            [(WORD, "word/document.xml"), (EXCEL, "xl/workbook.xml"), (SLIDES, "ppt/presentation.xml")]
                .into_iter()
                .find_map(|(kind, part)| contains(part).then_some(kind))?
        }
        found => found,
    };
    let (found, _) = TYPES.iter().find(|(known, _)| *known == found)?;
    // A document that brings a program along.
    let macros = matches!(*found, WORD | EXCEL | SLIDES) && contains("vbaProject.bin");
    (!macros).then_some(*found)
}

fn refused() -> Error {
    let detail = "a file is a JPEG or PNG picture, a PDF, or an Office document without macros";
    Error::field("files", "attachment_type_refused", detail)
}

/// The last part of a name, without what would mislead a reader or a file system.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    let plain = plain.trim().to_owned();
    if plain.is_empty() { "file".to_owned() } else { plain }
}

fn owner(kind: &str) -> Result<&'static Owner> {
    let found = OWNERS.iter().find(|owner| owner.kind == kind);
    found.ok_or_else(|| {
        Error::field("subject_kind", "subject_kind_unknown", "there are no files to such a record")
    })
}

/// The record, if the caller may read it; else it does not exist.
async fn readable(ctx: &Ctx, kind: &str, id: Uuid) -> Result<(&'static Owner, Record)> {
    let owner = owner(kind)?;
    let scope = if owner.kind == "article" {
        // An article is read by those whom its region serves, not by those below whom it lies.
        knowledge::readable(ctx, id.into()).await?;
        Scope::everything()
    } else {
        ctx.scope(owner.read).await?
    };
    let state = if owner.closed.is_empty() && owner.signed.is_empty() { "''" } else { "state" };
    let sql = format!("SELECT organisation_path, {state} AS state FROM {} WHERE id = $1", owner.table);
    let found = query_one(&ctx.platform().db().read(), &sql, vec![id.into()]).await?;
    let record = access::visible(found, &scope, |row: &Record| row.organisation_path.as_str(), kind)?;
    Ok((owner, record))
}

/// The same, if the caller may add files to it now.
async fn writable(ctx: &Ctx, kind: &str, id: Uuid) -> Result<(&'static Owner, Record)> {
    let (owner, record) = readable(ctx, kind, id).await?;
    let mut chosen = None;
    for action in owner.attach {
        if access::may(ctx, *action, &record.organisation_path)? {
            chosen = Some(*action);
            break;
        }
    }
    let action = chosen.or(owner.attach.first().copied()).unwrap_or(owner.read);
    ctx.authorize(action, &access::resource("service_attachment", Some(id), &record.organisation_path)?)
        .await?;
    if owner.closed.contains(&record.state.as_str()) {
        return Err(closed(&record));
    }
    Ok((owner, record))
}

fn closed(record: &Record) -> Error {
    let detail = "this record is closed: its files stay as they are";
    Error::conflict("state_conflict", detail).with("state", record.state.as_str())
}

/// The files of a record, oldest first, the voided ones among them.
pub async fn of(exec: &Exec<'_>, kind: &str, id: Uuid) -> Result<Vec<AttachmentView>> {
    let sql = format!("{COLUMNS} WHERE subject_kind = $1 AND subject_id = $2 ORDER BY uploaded_at, id");
    let rows: Vec<Row> = query_all(exec, &sql, vec![kind.into(), id.into()]).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The bytes of a file that stands, for a printed form.
pub async fn bytes(platform: &Platform, id: Uuid) -> Result<Vec<u8>> {
    let row = find(&platform.db().read(), id).await?.filter(|row| row.voided_at.is_none());
    let row = row.ok_or_else(|| Error::not_found("attachment"))?;
    Ok(platform.blobs().read_whole(row.blob_id).await?.to_vec())
}

async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<Row>> {
    query_one(exec, &format!("{COLUMNS} WHERE id = $1"), vec![id.into()]).await
}

impl ServiceDesk {
    /// Puts files to a record. Returns those of this request.
    pub async fn attach(
        &self,
        ctx: &Ctx,
        target: &AttachmentTarget,
        uploads: Uploads,
    ) -> Result<Vec<AttachmentView>> {
        let (_, record) = writable(ctx, &target.subject_kind, target.subject_id).await?;
        let part = optional("part", target.part.as_deref(), 100)?;
        let note = optional("note", uploads.note.as_deref(), 500)?;
        if uploads.files.is_empty() {
            return Err(Error::field("files", "required", "no file was sent"));
        }
        let mut files = Vec::with_capacity(uploads.files.len());
        for file in uploads.files {
            if file.bytes.len() > MOST_BYTES {
                return Err(too_large());
            }
            let content_type = sniff(&file.bytes).ok_or_else(refused)?;
            let sm3 = hash::sm3_hex(&file.bytes);
            files.push((plain_name(&file.name), content_type, sm3, file.bytes));
        }
        let hashes: Vec<String> = files.iter().map(|(_, _, sm3, _)| sm3.clone()).collect();
        let place =
            format!("{}/{}/{}", target.subject_kind, target.subject_id, part.as_deref().unwrap_or(""));
        let fingerprint = hash::sm3_hex(format!("{place}/{}", hashes.join("/")).as_bytes());
        if let Some(key) = &uploads.key {
            let exec = ctx.platform().db().read();
            if idempotency::replayed(&exec, ctx, key, &fingerprint).await?.is_some() {
                return self.same_files(ctx, target, part.as_deref(), &hashes).await;
            }
        }
        // Bytes first, rows second: a row never points at bytes that are not on disk.
        let mut stored = Vec::with_capacity(files.len());
        for (name, content_type, sm3, bytes) in files {
            stored.push((name, ctx.platform().store_hashed(content_type, bytes, sm3).await?));
        }
        let mut tx = ctx.platform().begin().await?;
        if let Some(key) = &uploads.key {
            if idempotency::replayed(&tx.exec(), ctx, key, &fingerprint).await?.is_some() {
                drop(tx);
                return self.same_files(ctx, target, part.as_deref(), &hashes).await;
            }
            tx.remember(ctx, key, &fingerprint, target.subject_id).await?;
        }
        let sql =
            "SELECT COUNT(*) AS n FROM service_desk_attachment WHERE subject_kind = $1 AND subject_id = $2";
        let values = vec![target.subject_kind.as_str().into(), target.subject_id.into()];
        let before = query_number(&tx.exec(), sql, values).await?;
        if before.saturating_add(i64::try_from(stored.len()).unwrap_or(i64::MAX)) > MOST_OF_A_RECORD {
            return Err(Error::invalid(
                "attachments_too_many",
                format!("at most {MOST_OF_A_RECORD} files to a record"),
            ));
        }
        let stored = stored.into_iter().map(|(name, blob)| Stored { name, blob }).collect();
        let made =
            put_in(&mut tx, ctx, target, part.as_deref(), note.as_deref(), &record.organisation_path, stored)
                .await?;
        changed(&mut tx, &target.subject_kind, target.subject_id, &record).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// The answer to a request that was sent again.
    async fn same_files(
        &self,
        ctx: &Ctx,
        target: &AttachmentTarget,
        part: Option<&str>,
        hashes: &[String],
    ) -> Result<Vec<AttachmentView>> {
        let all = of(&ctx.platform().db().read(), &target.subject_kind, target.subject_id).await?;
        let mut found: Vec<AttachmentView> = Vec::new();
        for hash in hashes {
            let same = all.iter().rfind(|file| file.sm3 == *hash && file.part.as_deref() == part);
            found.extend(same.cloned());
        }
        Ok(found)
    }

    /// The files of a record that the caller may read.
    pub(crate) async fn attachments(
        &self,
        ctx: &Ctx,
        target: &AttachmentTarget,
    ) -> Result<Vec<AttachmentView>> {
        let (_, record) = readable(ctx, &target.subject_kind, target.subject_id).await?;
        let mut files = of(&ctx.platform().db().read(), &target.subject_kind, target.subject_id).await?;
        if let Some(part) = &target.part {
            files.retain(|file| file.part.as_ref() == Some(part));
        }
        let entry = AuditEntry::new("service_attachments_listed")
            .organisation(&record.organisation_path)
            .detail(serde_json::json!({"subject_kind": target.subject_kind, "count": files.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(files)
    }

    /// Voids a file with a reason.
    pub async fn void_attachment(&self, ctx: &Ctx, id: Uuid, reason: &str) -> Result<AttachmentView> {
        let seen =
            find(&ctx.platform().db().read(), id).await?.ok_or_else(|| Error::not_found("attachment"))?;
        let (owner, record) =
            writable(ctx, &seen.subject_kind, seen.subject_id).await.map_err(as_attachment)?;
        if owner.signed.contains(&record.state.as_str()) {
            return Err(closed(&record));
        }
        let reason = required("reason", reason, 500)?;
        let mut tx = ctx.platform().begin().await?;
        let sql = "UPDATE service_desk_attachment SET voided_at = $1, voided_by_name = $2, void_reason = $3 \
                   WHERE id = $4 AND voided_at IS NULL";
        let name = ctx.principal().display_name.clone();
        let values = vec![ctx.now().micros().into(), name.into(), reason.clone().into(), id.into()];
        if execute(&tx.exec(), sql, values).await? == 0 {
            return Err(Error::conflict("attachment_voided", "this file was voided already"));
        }
        let entry = AuditEntry::new("service_attachment_voided")
            .on("service_attachment", id)
            .organisation(&record.organisation_path)
            .reason(reason)
            .detail(serde_json::json!({"subject_kind": seen.subject_kind, "subject_id": seen.subject_id}));
        tx.audit(ctx, entry);
        changed(&mut tx, &seen.subject_kind, seen.subject_id, &record).await?;
        tx.commit().await?;
        let row = find(&ctx.platform().db().read(), id).await?;
        row.map(Into::into).ok_or_else(|| Error::not_found("attachment"))
    }
}

/// Bytes that are on disk and belong to no record yet; a day later they are removed.
pub(crate) struct Stored {
    name: String,
    blob: Blob,
}

/// Stores what is of a permitted kind and size; gives the names of what is not.
pub(crate) async fn store_permitted(
    platform: &Platform,
    files: Vec<Upload>,
) -> Result<(Vec<Stored>, Vec<String>)> {
    let (mut stored, mut refused) = (Vec::new(), Vec::new());
    for file in files {
        let name = plain_name(&file.name);
        match sniff(&file.bytes).filter(|_| file.bytes.len() <= MOST_BYTES && stored.len() < MOST_AT_ONCE) {
            Some(content_type) => {
                let sm3 = hash::sm3_hex(&file.bytes);
                let blob = platform.store_hashed(content_type, file.bytes, sm3).await?;
                stored.push(Stored { name, blob });
            }
            None => refused.push(name),
        }
    }
    Ok((stored, refused))
}

/// Puts files to a record that is made in the same transaction.
pub(crate) async fn put(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: &str,
    id: Uuid,
    path: &str,
    files: Vec<Stored>,
) -> Result<()> {
    let target = AttachmentTarget { subject_kind: kind.to_owned(), subject_id: id, part: None };
    put_in(tx, ctx, &target, None, None, path, files).await.map(drop)
}

async fn put_in(
    tx: &mut Tx,
    ctx: &Ctx,
    target: &AttachmentTarget,
    part: Option<&str>,
    note: Option<&str>,
    path: &str,
    files: Vec<Stored>,
) -> Result<Vec<AttachmentView>> {
    let mut made = Vec::with_capacity(files.len());
    for Stored { name, blob } in files {
        tx.attach(&blob).await?;
        let row = Row {
            id: ctx.platform().new_uuid(),
            subject_kind: target.subject_kind.clone(),
            subject_id: target.subject_id,
            part: part.map(ToOwned::to_owned),
            blob_id: blob.id,
            name,
            content_type: blob.content_type,
            size_bytes: blob.size_bytes,
            sm3: blob.sm3,
            note: note.map(ToOwned::to_owned),
            uploaded_by_name: ctx.principal().display_name.clone(),
            uploaded_at: ctx.now().micros(),
            voided_at: None,
            voided_by_name: None,
            void_reason: None,
        };
        insert(&tx.exec(), ctx, &row).await?;
        let entry = AuditEntry::new("service_attachment_added")
            .on("service_attachment", row.id)
            .organisation(path)
            .detail(serde_json::json!({
                "subject_kind": row.subject_kind, "subject_id": row.subject_id, "size_bytes": row.size_bytes,
                "content_type": row.content_type,
            }));
        tx.audit(ctx, entry);
        made.push(row.into());
    }
    Ok(made)
}

/// Tells screens that show the record.
async fn changed(tx: &mut Tx, kind: &str, id: Uuid, record: &Record) -> Result<()> {
    tx.publish(&ServiceRecordChanged {
        kind: kind.to_owned(),
        id,
        state: record.state.clone(),
        organisation_path: record.organisation_path.clone(),
    })
    .await
}

/// Whoever may not read the record learns nothing of its files either.
fn as_attachment(error: Error) -> Error {
    if error.kind() == ErrorKind::NotFound { Error::not_found("attachment") } else { error }
}

async fn insert(exec: &Exec<'_>, ctx: &Ctx, row: &Row) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_attachment (id, subject_kind, subject_id, part, blob_id, name, content_type, size_bytes, sm3, \
         note, uploaded_by, uploaded_by_name, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        vec![
            row.id.into(),
            row.subject_kind.clone().into(),
            row.subject_id.into(),
            row.part.clone().into(),
            row.blob_id.into(),
            row.name.clone().into(),
            row.content_type.clone().into(),
            row.size_bytes.into(),
            row.sm3.clone().into(),
            row.note.clone().into(),
            access::by(ctx).into(),
            row.uploaded_by_name.clone().into(),
            row.uploaded_at.into(),
        ],
    )
    .await
    .map(drop)
}

fn too_large() -> Error {
    Error::new(ErrorKind::TooLarge, "attachment_too_large", "a file has at most 20 MiB")
        .with("most_bytes", MOST_BYTES)
}

/// Routes about files.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(list, upload)).routes(routes!(file)).routes(routes!(void))
}

/// The files of a record, oldest first. Whoever may read the record may read them.
#[utoipa::path(get, path = "/service/attachments", tag = "service", operation_id = "list_service_attachments", params(AttachmentTarget),
    responses((status = 200, body = Vec<AttachmentView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem, description = "subject_kind_unknown")),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("service_attachments_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(target): Query<AttachmentTarget>,
) -> ApiResult<Json<Vec<AttachmentView>>> {
    Ok(Json(desk.attachments(&ctx, &target).await?))
}

/// Puts files to a record that the caller may work on. With an `Idempotency-Key` the same upload has its effect once.
#[utoipa::path(post, path = "/service/attachments", tag = "service", operation_id = "upload_service_attachments",
    params(AttachmentTarget, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Vec<AttachmentView>), (status = 400, body = Problem, description = "upload_unreadable, upload_field_unknown"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, idempotency_key_reused"), (status = 413, body = Problem), (status = 422, body = Problem, description = "attachment_type_refused, subject_kind_unknown, attachments_too_many")),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("service_attachment_added"))))]
async fn upload(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(target): Query<AttachmentTarget>,
    request: Request,
) -> ApiResult<(StatusCode, Json<Vec<AttachmentView>>)> {
    // Refuse before reading megabytes for somebody who may not upload.
    writable(&ctx, &target.subject_kind, target.subject_id).await?;
    let uploads = read_form(request).await?;
    Ok((StatusCode::CREATED, Json(desk.attach(&ctx, &target, uploads).await?)))
}

fn key(headers: &HeaderMap) -> Option<String> {
    headers.get("idempotency-key").and_then(|v| v.to_str().ok()).map(ToOwned::to_owned)
}

async fn read_form(request: Request) -> Result<Uploads> {
    let unreadable = |e: axum::extract::multipart::MultipartError| {
        if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_large()
        } else {
            Error::malformed("upload_unreadable", e.body_text())
        }
    };
    let mut uploads = Uploads { key: key(request.headers()), ..Uploads::default() };
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|e| Error::malformed("upload_unreadable", e.body_text()))?;
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "files" if uploads.files.len() >= MOST_AT_ONCE => {
                let detail = format!("at most {MOST_AT_ONCE} files at once");
                return Err(Error::new(ErrorKind::TooLarge, "attachments_too_many", detail));
            }
            "files" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let mut bytes = Vec::new();
                while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
                    bytes.extend_from_slice(&chunk);
                    if bytes.len() > MOST_BYTES {
                        return Err(too_large());
                    }
                }
                uploads.files.push(Upload { name, bytes });
            }
            "note" => uploads.note = Some(field.text().await.map_err(unreadable)?),
            other => {
                return Err(Error::malformed("upload_field_unknown", format!("there is no field {other:?}")));
            }
        }
    }
    Ok(uploads)
}

/// A file, exactly as it came. Pictures and PDF are shown in place, documents are downloaded.
#[utoipa::path(get, path = "/service/attachments/{attachment_id}/file", tag = "service", operation_id = "get_service_attachment", params(("attachment_id" = Uuid, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "attachment_voided")),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("service_attachment_downloaded"))))]
async fn file(ctx: Ctx, _: Desk, Path(id): Path<Uuid>) -> ApiResult<Response> {
    let row = find(&ctx.platform().db().read(), id).await?.ok_or_else(|| Error::not_found("attachment"))?;
    let (_, record) = readable(&ctx, &row.subject_kind, row.subject_id).await.map_err(as_attachment)?;
    if row.voided_at.is_some() {
        return Err(Error::conflict("attachment_voided", "this file was voided").into());
    }
    let entry = AuditEntry::new("service_attachment_downloaded")
        .on("service_attachment", row.id)
        .organisation(&record.organisation_path);
    ctx.platform().audit(&ctx, entry).await?;
    let shown = TYPES.iter().any(|(kind, shown)| *kind == row.content_type && *shown);
    let stream = ctx.platform().blobs().read(row.blob_id).await?;
    let name = (!shown).then_some(row.name.as_str());
    Ok(file_response(axum::body::Body::from_stream(stream), &row.content_type, name))
}

/// Voids a file with a reason; its entry stays.
#[utoipa::path(post, path = "/service/attachments/{attachment_id}/void", tag = "service", operation_id = "void_service_attachment", params(("attachment_id" = Uuid, Path)), request_body = VoidInput,
    responses((status = 200, body = AttachmentView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "attachment_voided, state_conflict"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("service_attachment_voided"))))]
async fn void(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<Uuid>,
    Json(input): Json<VoidInput>,
) -> ApiResult<Json<AttachmentView>> {
    Ok(Json(desk.void_attachment(&ctx, id, &input.reason).await?))
}
