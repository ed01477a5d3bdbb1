//! Endpoints of grants.

use super::wire::{GrantInput, GrantQuery, GrantView, Step};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use kernel::Page;
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Routes about grants.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(list, request)).routes(routes!(get)).routes(routes!(step))
}

/// Grants, newest first; with `removal_open` those that are over and still to be carried out in the system itself.
#[utoipa::path(get, path = "/service/duties/grants", tag = "service", operation_id = "list_grants", params(GrantQuery),
    responses((status = 200, body = Page<GrantView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem, description = "state_unknown")),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_grants_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<GrantQuery>,
) -> ApiResult<Json<Page<GrantView>>> {
    Ok(Json(desk.grants(&ctx, &query).await?))
}

/// Asks for access for somebody of the provider.
#[utoipa::path(post, path = "/service/duties/grants", tag = "service", operation_id = "request_grant", request_body = GrantInput,
    responses((status = 201, body = GrantView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem, description = "person_left, background_missing, background_failed, confidentiality_missing, no_contract"), (status = 422, body = Problem, description = "grant_beyond_term, before_start, person_unknown")),
    extensions(("x-action" = json!("duty_work")), ("x-audit" = json!("service_grant_changed"))))]
async fn request(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(input): Json<GrantInput>,
) -> ApiResult<(StatusCode, Json<GrantView>)> {
    let id = desk.request_grant(&ctx, &input).await?;
    Ok((StatusCode::CREATED, Json(desk.grant_after_step(&ctx, id).await?)))
}

/// One grant.
#[utoipa::path(get, path = "/service/duties/grants/{grant_id}", tag = "service", operation_id = "get_grant", params(("grant_id" = Uuid, Path)),
    responses((status = 200, body = GrantView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_grant_read"))))]
async fn get(ctx: Ctx, Extension(desk): Desk, Path(id): Path<Uuid>) -> ApiResult<Json<GrantView>> {
    Ok(Json(desk.grant(&ctx, id).await?))
}

/// Approves, refuses, withdraws, gives back, or confirms that the access is gone from the system itself.
#[utoipa::path(post, path = "/service/duties/grants/{grant_id}/steps", tag = "service", operation_id = "step_grant", params(("grant_id" = Uuid, Path)), request_body = Step,
    responses((status = 200, body = GrantView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, own_request, person_left, background_missing, background_failed, confidentiality_missing"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("duty_confirm")), ("x-audit" = json!("service_grant_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<Uuid>,
    Json(body): Json<Step>,
) -> ApiResult<Json<GrantView>> {
    desk.grant_step(&ctx, id, &body).await?;
    Ok(Json(desk.grant_after_step(&ctx, id).await?))
}
