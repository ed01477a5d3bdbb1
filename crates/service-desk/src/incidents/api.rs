//! Endpoints of incidents.

use super::model::EvidenceInput;
use super::wire::{IncidentInput, IncidentItem, IncidentQuery, IncidentView, Judgement, Step};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{IncidentId, Page};
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes about incidents.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list, declare))
        .routes(routes!(judge))
        .routes(routes!(get))
        .routes(routes!(step))
        .routes(routes!(pdf))
}

/// Incidents, newest first.
#[utoipa::path(get, path = "/service/incidents", tag = "service", operation_id = "list_incidents", params(IncidentQuery),
    responses((status = 200, body = Page<IncidentItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_incidents_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<IncidentQuery>,
) -> ApiResult<Json<Page<IncidentItem>>> {
    Ok(Json(desk.incidents(&ctx, &query).await?))
}

/// Declares an incident.
#[utoipa::path(post, path = "/service/incidents", tag = "service", operation_id = "declare_incident", request_body = IncidentInput,
    responses((status = 201, body = IncidentView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem, description = "no_contract"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("incident_work")), ("x-audit" = json!("service_incident_changed"))))]
async fn declare(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(input): Json<IncidentInput>,
) -> ApiResult<(StatusCode, Json<IncidentView>)> {
    let id = desk.declare_incident(&ctx, input).await?;
    Ok((StatusCode::CREATED, Json(desk.incident_after_step(&ctx, id).await?)))
}

/// What the contract's words give for evidence, before anything is recorded; with the words and the categories of causes.
#[utoipa::path(post, path = "/service/incidents/judge", tag = "service", operation_id = "judge_incident", request_body = EvidenceInput,
    responses((status = 200, body = Judgement), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("none: a computation on what the caller sent"))))]
async fn judge(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(body): Json<EvidenceInput>,
) -> ApiResult<Json<Judgement>> {
    Ok(Json(desk.judge(&ctx, body).await?))
}

/// One incident with its clocks, journal, report and fine.
#[utoipa::path(get, path = "/service/incidents/{incident_id}", tag = "service", operation_id = "get_incident", params(("incident_id" = IncidentId, Path)),
    responses((status = 200, body = IncidentView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_incident_read"))))]
async fn get(ctx: Ctx, Extension(desk): Desk, Path(id): Path<IncidentId>) -> ApiResult<Json<IncidentView>> {
    Ok(Json(desk.incident(&ctx, id).await?))
}

/// Takes a step: restores, reports, judges, decides otherwise, confirms a notice, and so on.
#[utoipa::path(post, path = "/service/incidents/{incident_id}/steps", tag = "service", operation_id = "step_incident", params(("incident_id" = IncidentId, Path)), request_body = Step,
    responses((status = 200, body = IncidentView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, no_override, report_needed, ticket_linked"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("incident_work")), ("x-audit" = json!("service_incident_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<IncidentId>,
    Json(body): Json<Step>,
) -> ApiResult<Json<IncidentView>> {
    desk.incident_step(&ctx, id, body).await?;
    Ok(Json(desk.incident_after_step(&ctx, id).await?))
}

/// The incident's report, printed.
#[utoipa::path(get, path = "/service/incidents/{incident_id}/pdf", tag = "service", operation_id = "print_incident", params(("incident_id" = IncidentId, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_incident_printed"))))]
async fn pdf(ctx: Ctx, Extension(desk): Desk, Path(id): Path<IncidentId>) -> ApiResult<Response> {
    let (name, bytes) = desk.print_incident(&ctx, id).await?;
    Ok(file_response(bytes, "application/pdf", Some(&name)))
}
