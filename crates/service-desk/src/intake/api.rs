//! Endpoints of what came in.

use super::wire::{AlertMessage, AlertOutcome, IntakeCounts, IntakeItem, IntakeQuery, IntakeView, Step};
use crate::Desk;
use axum::Extension;
use axum::http::{HeaderMap, header};
use kernel::Page;
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx, Platform, PublicCtx};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Routes about what came in.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(counts))
        .routes(routes!(alerts))
        .routes(routes!(get))
        .routes(routes!(step))
}

/// Letters and alerts, newest first.
#[utoipa::path(get, path = "/service/intake", tag = "service", operation_id = "list_intake", params(IntakeQuery),
    responses((status = 200, body = Page<IntakeItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_work")), ("x-audit" = json!("service_intake_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<IntakeQuery>,
) -> ApiResult<Json<Page<IntakeItem>>> {
    Ok(Json(desk.intakes(&ctx, &query).await?))
}

/// How many wait for a person.
#[utoipa::path(get, path = "/service/intake/counts", tag = "service", operation_id = "count_intake",
    responses((status = 200, body = IntakeCounts), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("ticket_work")), ("x-audit" = json!("none: counts only"))))]
async fn counts(ctx: Ctx, Extension(desk): Desk) -> ApiResult<Json<IntakeCounts>> {
    Ok(Json(desk.intake_counts(&ctx).await?))
}

/// A letter or an alert with everything in it.
#[utoipa::path(get, path = "/service/intake/{intake_id}", tag = "service", operation_id = "get_intake", params(("intake_id" = Uuid, Path)),
    responses((status = 200, body = IntakeView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_intake_read"))))]
async fn get(ctx: Ctx, Extension(desk): Desk, Path(id): Path<Uuid>) -> ApiResult<Json<IntakeView>> {
    Ok(Json(desk.intake(&ctx, id).await?))
}

/// Makes a ticket of it, puts it to one, dismisses it, or takes a dismissal back.
#[utoipa::path(post, path = "/service/intake/{intake_id}/steps", tag = "service", operation_id = "step_intake", params(("intake_id" = Uuid, Path)), request_body = Step,
    responses((status = 200, body = IntakeView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, no_contract"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_work")), ("x-audit" = json!("service_intake_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<Uuid>,
    Json(body): Json<Step>,
) -> ApiResult<Json<IntakeView>> {
    Ok(Json(desk.intake_step(&ctx, id, body).await?))
}

/// Takes alerts of a monitoring system, in the form of Alertmanager's webhook. The source shows its secret as `Authorization: Bearer`.
#[utoipa::path(post, path = "/service/intake/alerts/{source}", tag = "service", operation_id = "post_alerts", params(("source" = String, Path)), request_body = AlertMessage,
    responses((status = 200, body = AlertOutcome), (status = 400, body = Problem), (status = 401, body = Problem, description = "token_wrong"), (status = 413, body = Problem, description = "alerts_too_many")),
    extensions(("x-action" = json!("public")), ("x-audit" = json!("service_intake_changed"))))]
async fn alerts(
    PublicCtx(ctx): PublicCtx,
    Extension(desk): Desk,
    Path(source): Path<String>,
    headers: HeaderMap,
    Json(body): Json<AlertMessage>,
) -> ApiResult<Json<AlertOutcome>> {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
    Ok(Json(desk.take_alerts(&ctx, &source, token, &body).await?))
}
