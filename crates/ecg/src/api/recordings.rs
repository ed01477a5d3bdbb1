//! Recordings: upload, what is known of them, their samples, their files.

use super::Cases;
use crate::intake::Upload;
use crate::ops::{self, RecordingUpload};
use crate::store;
use crate::waveform::{self, WindowSpec};
use crate::wire::{Exam, Recording, WindowQuery};
use axum::Extension;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{EcgExamId, EcgRecordingId, Error, ErrorKind, PatientId};
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, AuditEntry, Ctx};

/// Most files of one recording.
const MOST_FILES: usize = 20;

/// Files of one recording, as `multipart/form-data`.
#[derive(utoipa::ToSchema)]
#[schema(as = EcgUpload)]
#[allow(dead_code, reason = "describes the form; it is read part by part")]
pub struct UploadForm {
    #[schema(value_type = Vec<String>, format = Binary)]
    files: Vec<Vec<u8>>,
    /// `true` after the caller has seen that the patient in the file differs.
    patient_mismatch_confirmed: Option<bool>,
    reason: Option<String>,
}

/// Uploads the files of one recording. With an `Idempotency-Key` the same upload has its effect once.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/recordings", tag = "ecg", operation_id = "upload_ecg_recording",
    params(("exam_id" = EcgExamId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "patient_mismatch, state_conflict, idempotency_key_reused"),
        (status = 413, body = Problem), (status = 422, body = Problem, description = "ecg_format_unknown, ecg_file_damaged, ecg_file_truncated, ecg_file_missing_part, ecg_no_leads")),
    extensions(("x-action" = json!("ecg_upload")), ("x-audit" = json!("ecg_recording_uploaded"))))]
pub async fn upload(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
    request: Request,
) -> ApiResult<(StatusCode, Json<Exam>)> {
    // Refuse before reading megabytes for somebody who may not upload.
    ops::may_upload(&ctx, id).await?;
    let upload = read_form(&ctx, request).await?;
    ecg.upload(&ctx, id, upload).await?;
    Ok((StatusCode::CREATED, Json(ecg.exam_after_step(&ctx, id).await?)))
}

async fn read_form(ctx: &Ctx, request: Request) -> Result<RecordingUpload, Error> {
    let key = request.headers().get("idempotency-key").and_then(|v| v.to_str().ok()).map(ToOwned::to_owned);
    let most_bytes = ctx.platform().config().limits.upload_bytes;
    let unreadable = |e: axum::extract::multipart::MultipartError| {
        if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Error::new(ErrorKind::TooLarge, "upload_too_large", "the upload is larger than the server takes")
                .with("most_bytes", most_bytes)
        } else {
            Error::malformed("upload_unreadable", e.body_text())
        }
    };
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|e| Error::malformed("upload_unreadable", e.body_text()))?;
    let mut upload = RecordingUpload { files: Vec::new(), key, mismatch_confirmed: false, reason: None };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "files" => {
                if upload.files.len() >= MOST_FILES {
                    return Err(Error::new(
                        ErrorKind::TooLarge,
                        "too_many_files",
                        "at most 20 files for one recording",
                    ));
                }
                let name: String = field.file_name().unwrap_or("file").chars().take(200).collect();
                upload.files.push(Upload { name, bytes: field.bytes().await.map_err(unreadable)?.to_vec() });
            }
            "patient_mismatch_confirmed" => {
                upload.mismatch_confirmed = field.text().await.map_err(unreadable)? == "true"
            }
            "reason" => upload.reason = Some(field.text().await.map_err(unreadable)?),
            other => {
                return Err(Error::malformed("upload_field_unknown", format!("there is no field {other:?}")));
            }
        }
    }
    Ok(upload)
}

/// What is known of a recording.
#[utoipa::path(get, path = "/ecg/recordings/{recording_id}", tag = "ecg", operation_id = "get_ecg_recording", params(("recording_id" = EcgRecordingId, Path)),
    responses((status = 200, body = Recording), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ecg_read")), ("x-audit" = json!("ecg_read"))))]
pub async fn get(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgRecordingId>,
) -> ApiResult<Json<Recording>> {
    Ok(Json(ecg.recording(&ctx, id).await?))
}

/// A window of the samples, in the binary form of the viewer (docs/api-design.md).
#[utoipa::path(get, path = "/ecg/recordings/{recording_id}/waveform", tag = "ecg", operation_id = "get_ecg_waveform",
    params(("recording_id" = EcgRecordingId, Path), WindowQuery),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_read")), ("x-audit" = json!("none: opening the recording was recorded"))))]
pub async fn waveform(
    ctx: Ctx,
    Path(id): Path<EcgRecordingId>,
    Query(query): Query<WindowQuery>,
) -> ApiResult<Response> {
    let (recording, _) = ops::visible_recording(&ctx, id).await?;
    let spec =
        WindowSpec { start: query.start.unwrap_or(0), count: query.count, step: query.step.unwrap_or(1) };
    let bytes = waveform::window(ctx.platform(), &recording, spec).await?;
    Ok(file_response(bytes, "application/octet-stream", None))
}

/// An uploaded file, exactly as it came.
#[utoipa::path(get, path = "/ecg/recordings/{recording_id}/files/{ordinal}", tag = "ecg", operation_id = "get_ecg_file",
    params(("recording_id" = EcgRecordingId, Path), ("ordinal" = u32, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ecg_read")), ("x-audit" = json!("ecg_file_downloaded"))))]
pub async fn file(ctx: Ctx, Path((id, ordinal)): Path<(EcgRecordingId, u32)>) -> ApiResult<Response> {
    let (recording, exam) = ops::visible_recording(&ctx, id).await?;
    let files = store::files(&ctx.platform().db().read(), &[recording.id]).await?;
    let file = files
        .into_iter()
        .find(|f| u32::try_from(f.ordinal) == Ok(ordinal))
        .ok_or_else(|| Error::not_found("file"))?;
    let entry = AuditEntry::new("ecg_file_downloaded")
        .on("ecg_recording", recording.id)
        .patient(PatientId(exam.patient_id))
        .organisation(&exam.organisation_path);
    ctx.platform().audit(&ctx, entry).await?;
    let stream = ctx.platform().blobs().read(file.blob_id).await?;
    Ok(file_response(axum::body::Body::from_stream(stream), "application/octet-stream", Some(&file.name)))
}
