//! Endpoints of money.

use super::wire::{
    Claim, ExcuseInput, PaymentInput, PenaltyQuery, PenaltyView, Reversal, SettlementQuery, SettlementView,
    Step, TerminationQuery, TerminationView,
};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Page, PenaltyId, ServiceContractId};
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Routes about money.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list, claim))
        .routes(routes!(get))
        .routes(routes!(step))
        .routes(routes!(settlement))
        .routes(routes!(pdf))
        .routes(routes!(pay))
        .routes(routes!(reverse))
        .routes(routes!(excuse))
        .routes(routes!(termination))
}

/// Penalties, newest first.
#[utoipa::path(get, path = "/service/penalties", tag = "service", operation_id = "list_penalties", params(PenaltyQuery),
    responses((status = 200, body = Page<PenaltyView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("contract_read")), ("x-audit" = json!("service_penalties_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<PenaltyQuery>,
) -> ApiResult<Json<Page<PenaltyView>>> {
    Ok(Json(desk.penalties(&ctx, &query).await?))
}

/// Claims a penalty by hand: late delivery, a security breach, a loss.
#[utoipa::path(post, path = "/service/penalties", tag = "service", operation_id = "claim_penalty", request_body = Claim,
    responses((status = 201, body = PenaltyView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("settlement_review_a")), ("x-audit" = json!("service_penalty_changed"))))]
async fn claim(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(body): Json<Claim>,
) -> ApiResult<(StatusCode, Json<PenaltyView>)> {
    let id = desk.claim(&ctx, &body).await?;
    Ok((StatusCode::CREATED, Json(desk.penalty(&ctx, id).await?)))
}

/// One penalty with its lines.
#[utoipa::path(get, path = "/service/penalties/{penalty_id}", tag = "service", operation_id = "get_penalty", params(("penalty_id" = PenaltyId, Path)),
    responses((status = 200, body = PenaltyView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("contract_read")), ("x-audit" = json!("service_penalty_read"))))]
async fn get(ctx: Ctx, Extension(desk): Desk, Path(id): Path<PenaltyId>) -> ApiResult<Json<PenaltyView>> {
    Ok(Json(desk.read_penalty(&ctx, id).await?))
}

/// Accepts, disputes or decides a penalty.
#[utoipa::path(post, path = "/service/penalties/{penalty_id}/steps", tag = "service", operation_id = "step_penalty", params(("penalty_id" = PenaltyId, Path)), request_body = Step,
    responses((status = 200, body = PenaltyView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, stale_version, choice_missing, accepted_already, accepted_for_other_party"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("settlement_review_a")), ("x-audit" = json!("service_penalty_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<PenaltyId>,
    Json(body): Json<Step>,
) -> ApiResult<Json<PenaltyView>> {
    desk.penalty_step(&ctx, id, &body).await?;
    Ok(Json(desk.penalty(&ctx, id).await?))
}

/// The account of a contract for a period.
#[utoipa::path(get, path = "/service/contracts/{contract_id}/settlement", tag = "service", operation_id = "get_settlement", params(("contract_id" = ServiceContractId, Path), SettlementQuery),
    responses((status = 200, body = SettlementView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("contract_read")), ("x-audit" = json!("service_settlement_read"))))]
async fn settlement(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
    Query(query): Query<SettlementQuery>,
) -> ApiResult<Json<SettlementView>> {
    Ok(Json(desk.settlement(&ctx, id, &query).await?))
}

/// The account of a period, printed for both signatures.
#[utoipa::path(get, path = "/service/contracts/{contract_id}/settlement/pdf", tag = "service", operation_id = "print_settlement", params(("contract_id" = ServiceContractId, Path), SettlementQuery),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("contract_read")), ("x-audit" = json!("service_settlement_printed"))))]
async fn pdf(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
    Query(query): Query<SettlementQuery>,
) -> ApiResult<Response> {
    let (name, bytes) = desk.print_settlement(&ctx, id, &query).await?;
    Ok(file_response(bytes, "application/pdf", Some(&name)))
}

/// Records a payment.
#[utoipa::path(post, path = "/service/contracts/{contract_id}/payments", tag = "service", operation_id = "record_payment", params(("contract_id" = ServiceContractId, Path)), request_body = PaymentInput,
    responses((status = 200, body = SettlementView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem, description = "overpaid, instalment_unknown")),
    extensions(("x-action" = json!("payment_record")), ("x-audit" = json!("service_settlement_changed"))))]
async fn pay(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
    Json(body): Json<PaymentInput>,
) -> ApiResult<Json<SettlementView>> {
    desk.record_payment(&ctx, id, &body).await?;
    Ok(Json(desk.settlement(&ctx, id, &SettlementQuery::default()).await?))
}

/// Takes a payment back with a counter-entry.
#[utoipa::path(post, path = "/service/contracts/{contract_id}/payments/{payment_id}/reverse", tag = "service", operation_id = "reverse_payment", params(("contract_id" = ServiceContractId, Path), ("payment_id" = Uuid, Path)), request_body = Reversal,
    responses((status = 200, body = SettlementView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "payment_reversed"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("payment_record")), ("x-audit" = json!("service_settlement_changed"))))]
async fn reverse(
    ctx: Ctx,
    Extension(desk): Desk,
    Path((id, payment)): Path<(ServiceContractId, Uuid)>,
    Json(body): Json<Reversal>,
) -> ApiResult<Json<SettlementView>> {
    desk.reverse_payment(&ctx, id, payment, &body.reason).await?;
    Ok(Json(desk.settlement(&ctx, id, &SettlementQuery::default()).await?))
}

/// Says why a late instalment costs nothing, with its evidence.
#[utoipa::path(post, path = "/service/contracts/{contract_id}/excuses", tag = "service", operation_id = "excuse_instalment", params(("contract_id" = ServiceContractId, Path)), request_body = ExcuseInput,
    responses((status = 200, body = SettlementView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("settlement_review_a")), ("x-audit" = json!("service_settlement_changed"))))]
async fn excuse(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
    Json(body): Json<ExcuseInput>,
) -> ApiResult<Json<SettlementView>> {
    desk.excuse(&ctx, id, &body).await?;
    Ok(Json(desk.settlement(&ctx, id, &SettlementQuery::default()).await?))
}

/// What the end of the contract on a day would mean.
#[utoipa::path(get, path = "/service/contracts/{contract_id}/termination", tag = "service", operation_id = "compute_termination", params(("contract_id" = ServiceContractId, Path), TerminationQuery),
    responses((status = 200, body = TerminationView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("contract_read")), ("x-audit" = json!("service_termination_computed"))))]
async fn termination(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<ServiceContractId>,
    Query(query): Query<TerminationQuery>,
) -> ApiResult<Json<TerminationView>> {
    Ok(Json(desk.termination(&ctx, id, &query).await?))
}
