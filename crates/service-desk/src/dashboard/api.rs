//! Endpoints of dashboards.

use super::wire::{ClocksQuery, ContractHealth, Dashboard, DashboardQuery, RunningClock};
use crate::Desk;
use axum::Extension;
use axum::response::Response;
use kernel::ServiceContractId;
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes about service levels.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(dashboard))
        .routes(routes!(print))
        .routes(routes!(clocks))
        .routes(routes!(health))
}

/// Service levels over a period, of everything that the caller may see.
#[utoipa::path(get, path = "/service/dashboard", tag = "service", operation_id = "get_service_dashboard", params(DashboardQuery),
    responses((status = 200, body = Dashboard), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("none: numbers only"))))]
async fn dashboard(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<DashboardQuery>,
) -> ApiResult<Json<Dashboard>> {
    Ok(Json(desk.dashboard(&ctx, &query).await?))
}

/// The same on paper.
#[utoipa::path(get, path = "/service/dashboard/pdf", tag = "service", operation_id = "print_service_dashboard", params(DashboardQuery),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_dashboard_printed"))))]
async fn print(ctx: Ctx, Extension(desk): Desk, Query(query): Query<DashboardQuery>) -> ApiResult<Response> {
    let (name, bytes) = desk.print_dashboard(&ctx, &query).await?;
    Ok(file_response(bytes, "application/pdf", Some(&name)))
}

/// Clocks that run now, the most pressing first.
#[utoipa::path(get, path = "/service/clocks", tag = "service", operation_id = "list_service_clocks", params(ClocksQuery),
    responses((status = 200, body = Vec<RunningClock>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_clocks_listed"))))]
async fn clocks(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<ClocksQuery>,
) -> ApiResult<Json<Vec<RunningClock>>> {
    Ok(Json(desk.running_clocks(&ctx, query.limit).await?))
}

/// How a contract stands: what was kept, what was missed, what comes next.
#[utoipa::path(get, path = "/service/contracts/{contract_id}/health", tag = "service", operation_id = "get_contract_health", params(("contract_id" = ServiceContractId, Path)),
    responses((status = 200, body = ContractHealth), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("contract_read")), ("x-audit" = json!("none: numbers only"))))]
async fn health(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
) -> ApiResult<Json<ContractHealth>> {
    Ok(Json(desk.contract_health(&ctx, id).await?))
}
