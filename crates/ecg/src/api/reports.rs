//! The report: draft, paper, versions, verification.

use super::Cases;
use crate::wire::{Exam, PdfQuery, ReportInput, ReportVersionList, Verification};
use axum::Extension;
use axum::response::Response;
use kernel::EcgExamId;
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, Ctx, PublicCtx};

/// Saves the draft and renews the claim.
#[utoipa::path(put, path = "/ecg/exams/{exam_id}/report", tag = "ecg", operation_id = "save_ecg_report", params(("exam_id" = EcgExamId, Path)), request_body = ReportInput,
    responses((status = 200, body = Exam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "stale_version, claim_expired"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_report")), ("x-audit" = json!("ecg_report_saved"))))]
pub async fn save(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
    Json(body): Json<ReportInput>,
) -> ApiResult<Json<Exam>> {
    ecg.save_report(&ctx, id, body).await?;
    Ok(Json(ecg.exam_after_step(&ctx, id).await?))
}

/// The report on paper. What is not published carries a watermark.
#[utoipa::path(get, path = "/ecg/exams/{exam_id}/report.pdf", tag = "ecg", operation_id = "get_ecg_report_pdf", params(("exam_id" = EcgExamId, Path), PdfQuery),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ecg_read")), ("x-audit" = json!("ecg_report_printed"))))]
pub async fn pdf(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
    Query(query): Query<PdfQuery>,
) -> ApiResult<Response> {
    let (_, bytes) = ecg.report_pdf(&ctx, id, query.version).await?;
    Ok(file_response(bytes, "application/pdf", None))
}

/// All versions of the report, oldest first.
#[utoipa::path(get, path = "/ecg/exams/{exam_id}/versions", tag = "ecg", operation_id = "list_ecg_report_versions", params(("exam_id" = EcgExamId, Path)),
    responses((status = 200, body = ReportVersionList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ecg_read")), ("x-audit" = json!("ecg_read"))))]
pub async fn versions(
    ctx: Ctx,
    Extension(ecg): Cases,
    Path(id): Path<EcgExamId>,
) -> ApiResult<Json<ReportVersionList>> {
    Ok(Json(ecg.versions(&ctx, id).await?))
}

/// Whether a paper report is genuine and still the result.
#[utoipa::path(get, path = "/ecg/reports/verify/{code}", tag = "ecg", operation_id = "verify_ecg_report", params(("code" = String, Path)),
    responses((status = 200, body = Verification), (status = 404, body = Problem)),
    extensions(("x-action" = json!("public")), ("x-audit" = json!("ecg_report_verified"))))]
pub async fn verify(
    PublicCtx(ctx): PublicCtx,
    Extension(ecg): Cases,
    Path(code): Path<String>,
) -> ApiResult<Json<Verification>> {
    Ok(Json(ecg.verify(&ctx, &code).await?))
}
