//! Endpoints of requirements.

use super::wire::{RequirementInput, RequirementItem, RequirementQuery, RequirementView, Step};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Page, RequirementId};
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes about requirements.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list, register))
        .routes(routes!(get))
        .routes(routes!(step))
        .routes(routes!(pdf))
}

/// Requirements, newest first.
#[utoipa::path(get, path = "/service/requirements", tag = "service", operation_id = "list_requirements", params(RequirementQuery),
    responses((status = 200, body = Page<RequirementItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_requirements_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<RequirementQuery>,
) -> ApiResult<Json<Page<RequirementItem>>> {
    Ok(Json(desk.requirements(&ctx, &query).await?))
}

/// Registers a requirement.
#[utoipa::path(post, path = "/service/requirements", tag = "service", operation_id = "register_requirement", request_body = RequirementInput,
    responses((status = 201, body = RequirementView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "no_contract"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("requirement_register")), ("x-audit" = json!("service_requirement_changed"))))]
async fn register(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(input): Json<RequirementInput>,
) -> ApiResult<(StatusCode, Json<RequirementView>)> {
    let id = desk.register_requirement(&ctx, input).await?;
    Ok((StatusCode::CREATED, Json(desk.requirement_after_step(&ctx, id).await?)))
}

/// One requirement with its clocks, milestones, fines and journal.
#[utoipa::path(get, path = "/service/requirements/{requirement_id}", tag = "service", operation_id = "get_requirement", params(("requirement_id" = RequirementId, Path)),
    responses((status = 200, body = RequirementView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_requirement_read"))))]
async fn get(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<RequirementId>,
) -> ApiResult<Json<RequirementView>> {
    Ok(Json(desk.requirement(&ctx, id).await?))
}

/// Takes a step: classifies, answers, agrees on dates, delivers, and so on.
#[utoipa::path(post, path = "/service/requirements/{requirement_id}/steps", tag = "service", operation_id = "step_requirement", params(("requirement_id" = RequirementId, Path)), request_body = Step,
    responses((status = 200, body = RequirementView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, own_proposal, own_other_party, no_proposal, milestone_reached, too_many_milestones, nothing_missed"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("requirement_work")), ("x-audit" = json!("service_requirement_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<RequirementId>,
    Json(body): Json<Step>,
) -> ApiResult<Json<RequirementView>> {
    desk.requirement_step(&ctx, id, body).await?;
    Ok(Json(desk.requirement_after_step(&ctx, id).await?))
}

/// The requirement's form, printed.
#[utoipa::path(get, path = "/service/requirements/{requirement_id}/pdf", tag = "service", operation_id = "print_requirement", params(("requirement_id" = RequirementId, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_requirement_printed"))))]
async fn pdf(ctx: Ctx, Extension(desk): Desk, Path(id): Path<RequirementId>) -> ApiResult<Response> {
    let (name, bytes) = desk.print_requirement(&ctx, id).await?;
    Ok(file_response(bytes, "application/pdf", Some(&name)))
}
