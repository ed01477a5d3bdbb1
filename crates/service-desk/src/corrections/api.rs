//! Endpoints of data corrections.

use super::wire::{CorrectionInput, CorrectionItem, CorrectionQuery, CorrectionView, Step};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{DataCorrectionId, Page};
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes about data corrections.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list, request))
        .routes(routes!(get))
        .routes(routes!(step))
        .routes(routes!(pdf))
}

/// Data corrections, newest first; without values.
#[utoipa::path(get, path = "/service/corrections", tag = "service", operation_id = "list_corrections", params(CorrectionQuery),
    responses((status = 200, body = Page<CorrectionItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_corrections_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<CorrectionQuery>,
) -> ApiResult<Json<Page<CorrectionItem>>> {
    Ok(Json(desk.corrections(&ctx, &query).await?))
}

/// Hands in the form of a data correction.
#[utoipa::path(post, path = "/service/corrections", tag = "service", operation_id = "request_correction", request_body = CorrectionInput,
    responses((status = 201, body = CorrectionView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "no_contract"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("correction_request")), ("x-audit" = json!("service_correction_changed"))))]
async fn request(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(input): Json<CorrectionInput>,
) -> ApiResult<(StatusCode, Json<CorrectionView>)> {
    let id = desk.request_correction(&ctx, input).await?;
    Ok((StatusCode::CREATED, Json(desk.correction_after_step(&ctx, id).await?)))
}

/// One data correction with its values and journal.
#[utoipa::path(get, path = "/service/corrections/{correction_id}", tag = "service", operation_id = "get_correction", params(("correction_id" = DataCorrectionId, Path)),
    responses((status = 200, body = CorrectionView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_correction_read"))))]
async fn get(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<DataCorrectionId>,
) -> ApiResult<Json<CorrectionView>> {
    Ok(Json(desk.correction(&ctx, id).await?))
}

/// Approves, rejects, executes, reviews, and so on.
#[utoipa::path(post, path = "/service/corrections/{correction_id}/steps", tag = "service", operation_id = "step_correction", params(("correction_id" = DataCorrectionId, Path)), request_body = Step,
    responses((status = 200, body = CorrectionView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, approval_required, own_request, own_approval, own_execution"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("correction_approve")), ("x-audit" = json!("service_correction_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<DataCorrectionId>,
    Json(body): Json<Step>,
) -> ApiResult<Json<CorrectionView>> {
    desk.correction_step(&ctx, id, body).await?;
    Ok(Json(desk.correction_after_step(&ctx, id).await?))
}

/// The form, printed.
#[utoipa::path(get, path = "/service/corrections/{correction_id}/pdf", tag = "service", operation_id = "print_correction", params(("correction_id" = DataCorrectionId, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_correction_printed"))))]
async fn pdf(ctx: Ctx, Extension(desk): Desk, Path(id): Path<DataCorrectionId>) -> ApiResult<Response> {
    let (name, bytes) = desk.print_correction(&ctx, id).await?;
    Ok(file_response(bytes, "application/pdf", Some(&name)))
}
