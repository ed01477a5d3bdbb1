//! `/ecg/exams` and `/ecg/worklist`.

use super::Cases;
use crate::wire::{Exam, ExamInput, ExamItem, ExamPatch, ExamQuery, WorklistCounts, WorklistQuery};
use axum::Extension;
use axum::http::StatusCode;
use kernel::{EcgExamId, Page};
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx};

/// Examinations of the caller's organisations.
#[utoipa::path(get, path = "/ecg/exams", tag = "ecg", operation_id = "list_ecg_exams", params(ExamQuery),
    responses((status = 200, body = Page<ExamItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_read")), ("x-audit" = json!("ecg_exams_listed"))))]
pub async fn list(
    ctx: Ctx,
    Extension(ecg): Cases,
    Query(query): Query<ExamQuery>,
) -> ApiResult<Json<Page<ExamItem>>> {
    Ok(Json(ecg.list(&ctx, &query).await?))
}

/// Registers an examination at the caller's organisation.
#[utoipa::path(post, path = "/ecg/exams", tag = "ecg", operation_id = "create_ecg_exam", request_body = ExamInput,
    responses((status = 201, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "patient_merged"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_register")), ("x-audit" = json!("ecg_exam_registered"))))]
pub async fn create(
    ctx: Ctx,
    Extension(ecg): Cases,
    Json(body): Json<ExamInput>,
) -> ApiResult<(StatusCode, Json<Exam>)> {
    let id = ecg.create_exam(&ctx, body).await?;
    Ok((StatusCode::CREATED, Json(ecg.exam_after_step(&ctx, id).await?)))
}

/// A worklist, most urgent first, then longest waiting.
#[utoipa::path(get, path = "/ecg/worklist", tag = "ecg", operation_id = "ecg_worklist", params(WorklistQuery),
    responses((status = 200, body = Page<ExamItem>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("ecg_read")), ("x-audit" = json!("ecg_worklist_listed"))))]
pub async fn worklist(
    ctx: Ctx,
    Extension(ecg): Cases,
    Query(query): Query<WorklistQuery>,
) -> ApiResult<Json<Page<ExamItem>>> {
    Ok(Json(ecg.worklist(&ctx, &query).await?))
}

/// The numbers above the worklists.
#[utoipa::path(get, path = "/ecg/worklist/counts", tag = "ecg", operation_id = "ecg_worklist_counts",
    responses((status = 200, body = WorklistCounts), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("ecg_read")), ("x-audit" = json!("none: numbers only"))))]
pub async fn worklist_counts(ctx: Ctx, Extension(ecg): Cases) -> ApiResult<Json<WorklistCounts>> {
    Ok(Json(ecg.worklist_counts(&ctx).await?))
}

/// One examination with everything that belongs to it.
#[utoipa::path(get, path = "/ecg/exams/{exam_id}", tag = "ecg", operation_id = "get_ecg_exam", params(("exam_id" = EcgExamId, Path)),
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ecg_read")), ("x-audit" = json!("ecg_read"))))]
pub async fn get(ctx: Ctx, Extension(ecg): Cases, Path(id): Path<EcgExamId>) -> ApiResult<Json<Exam>> {
    Ok(Json(ecg.exam(&ctx, id).await?))
}

/// Corrects what was written at registration.
#[utoipa::path(patch, path = "/ecg/exams/{exam_id}", tag = "ecg", operation_id = "edit_ecg_exam", params(("exam_id" = EcgExamId, Path)), request_body = ExamPatch,
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_register")), ("x-audit" = json!("ecg_exam_edited"))))]
pub async fn edit(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
    Json(body): Json<ExamPatch>,
) -> ApiResult<Json<Exam>> {
    ecg.edit_exam(&ctx, id, body).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}
