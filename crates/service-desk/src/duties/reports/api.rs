//! Endpoints of the yearly report.

use super::wire::{ReportItem, ReportView, Step};
use crate::Desk;
use axum::Extension;
use axum::response::Response;
use kernel::ServiceContractId;
use platform::http::{Json, Path, Problem, file_response};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes about reports.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get)).routes(routes!(step)).routes(routes!(pdf))
}

/// The yearly security report of each contract, the last contract first.
#[utoipa::path(get, path = "/service/duties/reports", tag = "service", operation_id = "list_security_reports",
    responses((status = 200, body = Vec<ReportItem>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_security_reports_listed"))))]
async fn list(ctx: Ctx, Extension(desk): Desk) -> ApiResult<Json<Vec<ReportItem>>> {
    Ok(Json(desk.security_reports(&ctx).await?))
}

/// The report of a contract with what the program counted.
#[utoipa::path(get, path = "/service/duties/reports/{contract_id}", tag = "service", operation_id = "get_security_report", params(("contract_id" = ServiceContractId, Path)),
    responses((status = 200, body = ReportView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_security_report_read"))))]
async fn get(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
) -> ApiResult<Json<ReportView>> {
    Ok(Json(desk.security_report(&ctx, id).await?))
}

/// Saves, submits, returns, confirms.
#[utoipa::path(post, path = "/service/duties/reports/{contract_id}/steps", tag = "service", operation_id = "step_security_report", params(("contract_id" = ServiceContractId, Path)), request_body = Step,
    responses((status = 200, body = ReportView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, security_report_incomplete, stale_version, own_request"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("duty_work")), ("x-audit" = json!("service_security_report_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
    Json(body): Json<Step>,
) -> ApiResult<Json<ReportView>> {
    desk.security_report_step(&ctx, id, &body).await?;
    Ok(Json(desk.security_report_after_step(&ctx, id).await?))
}

/// The report, printed.
#[utoipa::path(get, path = "/service/duties/reports/{contract_id}/pdf", tag = "service", operation_id = "print_security_report", params(("contract_id" = ServiceContractId, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_security_report_printed"))))]
async fn pdf(ctx: Ctx, Extension(desk): Desk, Path(id): Path<ServiceContractId>) -> ApiResult<Response> {
    let (name, bytes) = desk.print_security_report(&ctx, id).await?;
    Ok(file_response(bytes, "application/pdf", Some(&name)))
}
