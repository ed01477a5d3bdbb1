//! Contracts, calendar and hours.

use super::ops;
use super::wire::{
    Amendment, CalendarImport, CalendarView, ContractInput, ContractView, HoursInput, HoursView, Renewal,
    TermsQuery, TermsView,
};
use crate::Desk;
use crate::access::CONTRACT_EDIT;
use axum::Extension;
use axum::http::StatusCode;
use kernel::ServiceContractId;
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx, OrgPath, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes about contracts.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list, enter))
        .routes(routes!(get))
        .routes(routes!(amend))
        .routes(routes!(renew))
        .routes(routes!(terms))
        .routes(routes!(calendar, import_calendar))
        .routes(routes!(hours, set_hours))
}

/// Contracts, newest first.
#[utoipa::path(get, path = "/service/contracts", tag = "service", operation_id = "list_service_contracts",
    responses((status = 200, body = Vec<ContractView>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("contract_read")), ("x-audit" = json!("service_contracts_listed"))))]
async fn list(ctx: Ctx, Extension(desk): Desk) -> ApiResult<Json<Vec<ContractView>>> {
    Ok(Json(desk.contracts(&ctx).await?))
}

/// Enters a contract from its definition.
#[utoipa::path(post, path = "/service/contracts", tag = "service", operation_id = "enter_service_contract", request_body = ContractInput,
    responses((status = 201, body = ContractView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem, description = "contract_code_taken"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("contract_edit")), ("x-audit" = json!("service_contract_changed"))))]
async fn enter(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(input): Json<ContractInput>,
) -> ApiResult<(StatusCode, Json<ContractView>)> {
    let path = OrgPath::new(ops::own_region(&ctx, CONTRACT_EDIT).await?)?;
    let id = ops::enter(&ctx, &path, &input).await?;
    Ok((StatusCode::CREATED, Json(desk.contract(&ctx, id).await?)))
}

/// One contract with its versions, instalments and dated duties.
#[utoipa::path(get, path = "/service/contracts/{contract_id}", tag = "service", operation_id = "get_service_contract", params(("contract_id" = ServiceContractId, Path)),
    responses((status = 200, body = ContractView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("contract_read")), ("x-audit" = json!("service_contract_read"))))]
async fn get(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
) -> ApiResult<Json<ContractView>> {
    Ok(Json(desk.contract(&ctx, id).await?))
}

/// Amends a contract: a new version from a day on.
#[utoipa::path(post, path = "/service/contracts/{contract_id}/amend", tag = "service", operation_id = "amend_service_contract", params(("contract_id" = ServiceContractId, Path)), request_body = Amendment,
    responses((status = 200, body = ContractView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "stale_version"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("contract_edit")), ("x-audit" = json!("service_contract_changed"))))]
async fn amend(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
    Json(body): Json<Amendment>,
) -> ApiResult<Json<ContractView>> {
    desk.amend(&ctx, id, &body).await?;
    Ok(Json(desk.contract(&ctx, id).await?))
}

/// Renews a contract for another term, as a contract of its own.
#[utoipa::path(post, path = "/service/contracts/{contract_id}/renew", tag = "service", operation_id = "renew_service_contract", params(("contract_id" = ServiceContractId, Path)), request_body = Renewal,
    responses((status = 201, body = ContractView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem, description = "term_overlaps")),
    extensions(("x-action" = json!("contract_edit")), ("x-audit" = json!("service_contract_changed"))))]
async fn renew(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
    Json(body): Json<Renewal>,
) -> ApiResult<(StatusCode, Json<ContractView>)> {
    let renewed = ops::renew(&ctx, id, &body).await?;
    Ok((StatusCode::CREATED, Json(desk.contract(&ctx, renewed).await?)))
}

/// What forms need of the contract in force at an institution; no prices.
#[utoipa::path(get, path = "/service/terms", tag = "service", operation_id = "get_service_terms", params(TermsQuery),
    responses((status = 200, body = TermsView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "no_contract"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("service_terms_read"))))]
async fn terms(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<TermsQuery>,
) -> ApiResult<Json<TermsView>> {
    Ok(Json(desk.terms(&ctx, &query).await?))
}

/// The calendar by which deadlines are computed: public holidays and adjusted working days, and which years are unknown.
#[utoipa::path(get, path = "/service/calendar", tag = "service", operation_id = "get_service_calendar",
    responses((status = 200, body = CalendarView), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("roster_read")), ("x-audit" = json!("service_calendar_read"))))]
async fn calendar(ctx: Ctx, Extension(desk): Desk) -> ApiResult<Json<CalendarView>> {
    Ok(Json(desk.calendar(&ctx).await?))
}

/// Takes over the State Council's notice of a year.
#[utoipa::path(post, path = "/service/calendar", tag = "service", operation_id = "import_service_calendar", request_body = CalendarImport,
    responses((status = 200, body = CalendarView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("contract_edit")), ("x-audit" = json!("service_calendar_imported"))))]
async fn import_calendar(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(body): Json<CalendarImport>,
) -> ApiResult<Json<CalendarView>> {
    Ok(Json(desk.import_calendar(&ctx, &body).await?))
}

/// Opening hours of institutions that have their own.
#[utoipa::path(get, path = "/service/hours", tag = "service", operation_id = "list_service_hours",
    responses((status = 200, body = Vec<HoursView>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("roster_read")), ("x-audit" = json!("service_hours_listed"))))]
async fn hours(ctx: Ctx, Extension(desk): Desk) -> ApiResult<Json<Vec<HoursView>>> {
    Ok(Json(desk.hours(&ctx).await?))
}

/// Sets the opening hours of an institution from a day on.
#[utoipa::path(post, path = "/service/hours", tag = "service", operation_id = "set_service_hours", request_body = HoursInput,
    responses((status = 200, body = Vec<HoursView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_confirm")), ("x-audit" = json!("service_hours_set"))))]
async fn set_hours(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(body): Json<HoursInput>,
) -> ApiResult<Json<Vec<HoursView>>> {
    ops::set_hours(&desk, &ctx, &body).await?;
    Ok(Json(desk.hours(&ctx).await?))
}
