//! Endpoints of vulnerabilities.

use super::wire::{Step, VulnerabilityInput, VulnerabilityItem, VulnerabilityQuery, VulnerabilityView};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use kernel::Page;
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Routes about vulnerabilities.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(list, open)).routes(routes!(get)).routes(routes!(step))
}

/// Vulnerabilities and risks, the last found first.
#[utoipa::path(get, path = "/service/duties/vulnerabilities", tag = "service", operation_id = "list_vulnerabilities", params(VulnerabilityQuery),
    responses((status = 200, body = Page<VulnerabilityItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem, description = "state_unknown")),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_vulnerabilities_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<VulnerabilityQuery>,
) -> ApiResult<Json<Page<VulnerabilityItem>>> {
    Ok(Json(desk.vulnerabilities(&ctx, &query).await?))
}

/// Enters a vulnerability or risk; its clock runs from when it was found. One that party A enters counts as reported.
#[utoipa::path(post, path = "/service/duties/vulnerabilities", tag = "service", operation_id = "open_vulnerability", request_body = VulnerabilityInput,
    responses((status = 201, body = VulnerabilityView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem, description = "no_contract"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("duty_work")), ("x-audit" = json!("service_vulnerability_changed"))))]
async fn open(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(input): Json<VulnerabilityInput>,
) -> ApiResult<(StatusCode, Json<VulnerabilityView>)> {
    let id = desk.open_vulnerability(&ctx, &input).await?;
    Ok((StatusCode::CREATED, Json(desk.vulnerability_after_step(&ctx, id).await?)))
}

/// One vulnerability with its clock and journal.
#[utoipa::path(get, path = "/service/duties/vulnerabilities/{vulnerability_id}", tag = "service", operation_id = "get_vulnerability", params(("vulnerability_id" = Uuid, Path)),
    responses((status = 200, body = VulnerabilityView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_vulnerability_read"))))]
async fn get(ctx: Ctx, Extension(desk): Desk, Path(id): Path<Uuid>) -> ApiResult<Json<VulnerabilityView>> {
    Ok(Json(desk.vulnerability(&ctx, id).await?))
}

/// Reports it to party A, fixes it, records a consent, publishes, closes.
#[utoipa::path(post, path = "/service/duties/vulnerabilities/{vulnerability_id}/steps", tag = "service", operation_id = "step_vulnerability", params(("vulnerability_id" = Uuid, Path)), request_body = Step,
    responses((status = 200, body = VulnerabilityView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, consent_required"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("duty_work")), ("x-audit" = json!("service_vulnerability_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<Uuid>,
    Json(body): Json<Step>,
) -> ApiResult<Json<VulnerabilityView>> {
    desk.vulnerability_step(&ctx, id, &body).await?;
    Ok(Json(desk.vulnerability_after_step(&ctx, id).await?))
}
