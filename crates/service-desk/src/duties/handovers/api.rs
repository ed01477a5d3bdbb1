//! Endpoints of hand-over and destruction.

use super::wire::{HandoverInput, HandoverItem, HandoverQuery, HandoverView, PaperQuery, Step};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::Page;
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Routes about hand-over and destruction.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(get))
        .routes(routes!(step))
        .routes(routes!(pdf))
}

/// Lists of what is handed over or destroyed, newest first.
#[utoipa::path(get, path = "/service/duties/handovers", tag = "service", operation_id = "list_handovers", params(HandoverQuery),
    responses((status = 200, body = Page<HandoverItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_handovers_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<HandoverQuery>,
) -> ApiResult<Json<Page<HandoverItem>>> {
    Ok(Json(desk.handovers(&ctx, &query).await?))
}

/// Begins a list: the contract ends, or a person leaves.
#[utoipa::path(post, path = "/service/duties/handovers", tag = "service", operation_id = "open_handover", request_body = HandoverInput,
    responses((status = 201, body = HandoverView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem, description = "no_contract"), (status = 422, body = Problem, description = "person_unknown")),
    extensions(("x-action" = json!("duty_work")), ("x-audit" = json!("service_handover_changed"))))]
async fn open(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(input): Json<HandoverInput>,
) -> ApiResult<(StatusCode, Json<HandoverView>)> {
    let id = desk.open_handover(&ctx, &input).await?;
    Ok((StatusCode::CREATED, Json(desk.handover_after_step(&ctx, id).await?)))
}

/// One list with its items.
#[utoipa::path(get, path = "/service/duties/handovers/{handover_id}", tag = "service", operation_id = "get_handover", params(("handover_id" = Uuid, Path)),
    responses((status = 200, body = HandoverView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_handover_read"))))]
async fn get(ctx: Ctx, Extension(desk): Desk, Path(id): Path<Uuid>) -> ApiResult<Json<HandoverView>> {
    Ok(Json(desk.handover(&ctx, id).await?))
}

/// Hands an item over, destroys it, witnesses it, completes the list.
#[utoipa::path(post, path = "/service/duties/handovers/{handover_id}/steps", tag = "service", operation_id = "step_handover", params(("handover_id" = Uuid, Path)), request_body = Step,
    responses((status = 200, body = HandoverView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, own_witness, handover_incomplete"), (status = 422, body = Problem, description = "item_unknown")),
    extensions(("x-action" = json!("duty_work")), ("x-audit" = json!("service_handover_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<Uuid>,
    Json(body): Json<Step>,
) -> ApiResult<Json<HandoverView>> {
    desk.handover_step(&ctx, id, &body).await?;
    Ok(Json(desk.handover_after_step(&ctx, id).await?))
}

/// The list of what was handed over, or the certificate of what was destroyed, printed; a draft until it is completed.
#[utoipa::path(get, path = "/service/duties/handovers/{handover_id}/pdf", tag = "service", operation_id = "print_handover", params(("handover_id" = Uuid, Path), PaperQuery),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "nothing_destroyed"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_handover_printed"))))]
async fn pdf(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<Uuid>,
    Query(query): Query<PaperQuery>,
) -> ApiResult<Response> {
    let (name, bytes) = desk.print_handover(&ctx, id, query.paper).await?;
    Ok(file_response(bytes, "application/pdf", Some(&name)))
}
