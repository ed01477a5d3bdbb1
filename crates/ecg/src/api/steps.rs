//! The steps of an examination.

use super::Cases;
use crate::wire::{Exam, ReasonBody, RetakeBody, SignBody};
use axum::Extension;
use kernel::EcgExamId;
use platform::http::{Json, Path, Problem};
use platform::{ApiResult, Ctx};

/// Sends the examination to the diagnosis centre.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/submit", tag = "ecg", operation_id = "submit_ecg_exam", params(("exam_id" = EcgExamId, Path)),
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, claimed_by_other"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_submit")), ("x-audit" = json!("ecg_exam_submitted"))))]
pub async fn submit(ctx: Ctx, Extension(ecg): Cases, Path(id): Path<EcgExamId>) -> ApiResult<Json<Exam>> {
    ecg.submit(&ctx, id).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}

/// Claims the examination for reading.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/claim", tag = "ecg", operation_id = "claim_ecg_exam", params(("exam_id" = EcgExamId, Path)),
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, claimed_by_other"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_report")), ("x-audit" = json!("ecg_exam_claimed"))))]
pub async fn claim(ctx: Ctx, Extension(ecg): Cases, Path(id): Path<EcgExamId>) -> ApiResult<Json<Exam>> {
    ecg.claim(&ctx, id).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}

/// Gives the examination back to the worklist.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/release", tag = "ecg", operation_id = "release_ecg_exam", params(("exam_id" = EcgExamId, Path)),
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, claimed_by_other"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_report")), ("x-audit" = json!("ecg_exam_released"))))]
pub async fn release(ctx: Ctx, Extension(ecg): Cases, Path(id): Path<EcgExamId>) -> ApiResult<Json<Exam>> {
    ecg.release(&ctx, id).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}

/// Signs the draft.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/sign", tag = "ecg", operation_id = "sign_ecg_report", params(("exam_id" = EcgExamId, Path)), request_body = SignBody,
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, claimed_by_other"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_report")), ("x-audit" = json!("ecg_report_signed"))))]
pub async fn sign(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
    Json(body): Json<SignBody>,
) -> ApiResult<Json<Exam>> {
    ecg.sign(&ctx, id, body).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}

/// Claims the signed report for review.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/claim-review", tag = "ecg", operation_id = "claim_ecg_review", params(("exam_id" = EcgExamId, Path)),
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, claimed_by_other"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_review")), ("x-audit" = json!("ecg_review_claimed"))))]
pub async fn claim_review(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
) -> ApiResult<Json<Exam>> {
    ecg.claim_review(&ctx, id).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}

/// Publishes the report.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/approve", tag = "ecg", operation_id = "approve_ecg_report", params(("exam_id" = EcgExamId, Path)),
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, claimed_by_other"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_review")), ("x-audit" = json!("ecg_report_approved"))))]
pub async fn approve(ctx: Ctx, Extension(ecg): Cases, Path(id): Path<EcgExamId>) -> ApiResult<Json<Exam>> {
    ecg.approve(&ctx, id).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}

/// Sends the report back to the worklist.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/return", tag = "ecg", operation_id = "return_ecg_report", params(("exam_id" = EcgExamId, Path)), request_body = ReasonBody,
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, claimed_by_other"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_review")), ("x-audit" = json!("ecg_report_returned"))))]
pub async fn return_report(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
    Json(body): Json<ReasonBody>,
) -> ApiResult<Json<Exam>> {
    ecg.return_report(&ctx, id, &body.reason).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}

/// Asks the clinic for another recording.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/request-retake", tag = "ecg", operation_id = "request_ecg_retake", params(("exam_id" = EcgExamId, Path)), request_body = RetakeBody,
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, claimed_by_other"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_report")), ("x-audit" = json!("ecg_retake_requested"))))]
pub async fn request_retake(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
    Json(body): Json<RetakeBody>,
) -> ApiResult<Json<Exam>> {
    ecg.request_retake(&ctx, id, body.reason_code, &body.reason).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}

/// Takes a published report back.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/withdraw", tag = "ecg", operation_id = "withdraw_ecg_report", params(("exam_id" = EcgExamId, Path)), request_body = ReasonBody,
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, claimed_by_other"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_withdraw")), ("x-audit" = json!("ecg_report_withdrawn"))))]
pub async fn withdraw(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
    Json(body): Json<ReasonBody>,
) -> ApiResult<Json<Exam>> {
    ecg.withdraw(&ctx, id, &body.reason).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}

/// Voids an examination that should not be.
#[utoipa::path(post, path = "/ecg/exams/{exam_id}/void", tag = "ecg", operation_id = "void_ecg_exam", params(("exam_id" = EcgExamId, Path)), request_body = ReasonBody,
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, claimed_by_other"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_void")), ("x-audit" = json!("ecg_exam_voided"))))]
pub async fn void(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
    Json(body): Json<ReasonBody>,
) -> ApiResult<Json<Exam>> {
    ecg.void(&ctx, id, &body.reason).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}
