//! Routes of the resident's side.

use crate::Resident;
use crate::wire::{ListQuery, Report, ReportDetail, WindowQuery};
use axum::Extension;
use axum::response::Response;
use kernel::{EcgExamId, Page};
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, Ctx, Platform};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

type Cases = Extension<Arc<Resident>>;

pub fn router(resident: &Arc<Resident>) -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(pdf))
        .routes(routes!(waveform))
        .layer(Extension(Arc::clone(resident)))
}

/// Own reports, newest first.
#[utoipa::path(get, path = "/resident/reports", tag = "resident", operation_id = "list_own_reports", params(ListQuery),
    responses((status = 200, body = Page<Report>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("resident_read_own")), ("x-audit" = json!("resident_reports_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(resident): Cases,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Report>>> {
    Ok(Json(resident.list(&ctx, query.cursor.as_deref(), query.limit).await?))
}

/// One own report.
#[utoipa::path(get, path = "/resident/reports/{exam_id}", tag = "resident", operation_id = "get_own_report",
    params(("exam_id" = EcgExamId, Path)),
    responses((status = 200, body = ReportDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("resident_read_own")), ("x-audit" = json!("resident_read_own"))))]
async fn get(
    ctx: Ctx,
    Extension(resident): Cases,
    Path(id): Path<EcgExamId>,
) -> ApiResult<Json<ReportDetail>> {
    Ok(Json(resident.report(&ctx, id).await?))
}

/// One own report on paper.
#[utoipa::path(get, path = "/resident/reports/{exam_id}/report.pdf", tag = "resident", operation_id = "get_own_report_pdf",
    params(("exam_id" = EcgExamId, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("resident_read_own")), ("x-audit" = json!("resident_report_printed"))))]
async fn pdf(ctx: Ctx, Extension(resident): Cases, Path(id): Path<EcgExamId>) -> ApiResult<Response> {
    Ok(file_response(resident.pdf(&ctx, id).await?, "application/pdf", None))
}

/// A window of the trace of an own report.
#[utoipa::path(get, path = "/resident/reports/{exam_id}/waveform", tag = "resident", operation_id = "get_own_waveform",
    params(("exam_id" = EcgExamId, Path), WindowQuery),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("resident_read_own")), ("x-audit" = json!("none: opening the report was recorded"))))]
async fn waveform(
    ctx: Ctx,
    Extension(resident): Cases,
    Path(id): Path<EcgExamId>,
    Query(query): Query<WindowQuery>,
) -> ApiResult<Response> {
    let bytes =
        resident.waveform(&ctx, id, query.start.unwrap_or(0), query.count, query.step.unwrap_or(1)).await?;
    Ok(file_response(bytes, "application/octet-stream", None))
}
