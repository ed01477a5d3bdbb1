//! Endpoints of tickets.

use super::wire::{Step, TicketCounts, TicketInput, TicketItem, TicketQuery, TicketView};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use kernel::{Page, ServiceTicketId};
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes about tickets.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(counts))
        .routes(routes!(get))
        .routes(routes!(step))
}

/// Tickets, newest or most pressing first.
#[utoipa::path(get, path = "/service/tickets", tag = "service", operation_id = "list_tickets", params(TicketQuery),
    responses((status = 200, body = Page<TicketItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_tickets_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<TicketQuery>,
) -> ApiResult<Json<Page<TicketItem>>> {
    Ok(Json(desk.tickets(&ctx, &query).await?))
}

/// Opens a ticket.
#[utoipa::path(post, path = "/service/tickets", tag = "service", operation_id = "open_ticket", request_body = TicketInput,
    responses((status = 201, body = TicketView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "no_contract"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_open")), ("x-audit" = json!("service_ticket_changed"))))]
async fn open(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(input): Json<TicketInput>,
) -> ApiResult<(StatusCode, Json<TicketView>)> {
    let id = desk.open_ticket(&ctx, input).await?;
    Ok((StatusCode::CREATED, Json(desk.ticket_after_step(&ctx, id).await?)))
}

/// The numbers above the list.
#[utoipa::path(get, path = "/service/tickets/counts", tag = "service", operation_id = "count_tickets",
    responses((status = 200, body = TicketCounts), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("none: numbers only"))))]
async fn counts(ctx: Ctx, Extension(desk): Desk) -> ApiResult<Json<TicketCounts>> {
    Ok(Json(desk.ticket_counts(&ctx).await?))
}

/// One ticket with its clocks and journal.
#[utoipa::path(get, path = "/service/tickets/{ticket_id}", tag = "service", operation_id = "get_ticket", params(("ticket_id" = ServiceTicketId, Path)),
    responses((status = 200, body = TicketView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_ticket_read"))))]
async fn get(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceTicketId>,
) -> ApiResult<Json<TicketView>> {
    Ok(Json(desk.ticket(&ctx, id).await?))
}

/// Takes a step: answer, assign, agree, pause, solve, and so on. Which ones are possible is in `allowed_actions`.
#[utoipa::path(post, path = "/service/tickets/{ticket_id}/steps", tag = "service", operation_id = "step_ticket", params(("ticket_id" = ServiceTicketId, Path)), request_body = Step,
    responses((status = 200, body = TicketView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, approval_required, own_proposal, no_proposal, item_missing, has_children"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_work")), ("x-audit" = json!("service_ticket_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceTicketId>,
    Json(body): Json<Step>,
) -> ApiResult<Json<TicketView>> {
    desk.ticket_step(&ctx, id, body, None).await?;
    Ok(Json(desk.ticket_after_step(&ctx, id).await?))
}
