//! Endpoints of inspections.

use super::checklists::Checklist;
use super::wire::{
    EquipmentInput, EquipmentQuery, EquipmentView, InspectionLine, InspectionQuery, InspectionView,
    PlanInput, Planned, Step, UnitInput, UnitView,
};
use crate::Desk;
use axum::Extension;
use axum::http::HeaderMap;
use axum::response::Response;
use kernel::{InspectionId, Page};
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Routes about inspections.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(plan))
        .routes(routes!(checklists))
        .routes(routes!(get))
        .routes(routes!(step))
        .routes(routes!(pdf))
        .routes(routes!(save_unit))
        .routes(routes!(equipment))
        .routes(routes!(edit_equipment))
}

/// Inspections by due date.
#[utoipa::path(get, path = "/service/inspections", tag = "service", operation_id = "list_inspections", params(InspectionQuery),
    responses((status = 200, body = Page<InspectionLine>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("inspection_read")), ("x-audit" = json!("service_inspections_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<InspectionQuery>,
) -> ApiResult<Json<Page<InspectionLine>>> {
    Ok(Json(desk.inspections(&ctx, &query).await?))
}

/// Makes the plan and the register of equipment follow the contract. Entering and amending one does the same by itself.
#[utoipa::path(post, path = "/service/inspections/plan", tag = "service", operation_id = "plan_inspections", request_body = PlanInput,
    responses((status = 200, body = Planned), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("inspection_work")), ("x-audit" = json!("service_inspections_planned"))))]
async fn plan(ctx: Ctx, Extension(desk): Desk, Json(input): Json<PlanInput>) -> ApiResult<Json<Planned>> {
    Ok(Json(desk.plan_inspections(&ctx, &input).await?))
}

/// The checklists in force.
#[utoipa::path(get, path = "/service/inspections/checklists", tag = "service", operation_id = "list_inspection_checklists",
    responses((status = 200, body = Vec<Checklist>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("inspection_read")), ("x-audit" = json!("none: they come with the program"))))]
async fn checklists(ctx: Ctx, Extension(desk): Desk) -> ApiResult<Json<Vec<Checklist>>> {
    Ok(Json(desk.checklists(&ctx).await?))
}

/// One inspection with its units, answers, findings, files and journal.
#[utoipa::path(get, path = "/service/inspections/{inspection_id}", tag = "service", operation_id = "get_inspection", params(("inspection_id" = InspectionId, Path)),
    responses((status = 200, body = InspectionView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("inspection_read")), ("x-audit" = json!("service_inspection_read"))))]
async fn get(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<InspectionId>,
) -> ApiResult<Json<InspectionView>> {
    Ok(Json(desk.inspection(&ctx, id).await?))
}

/// Takes a step: assign, start, report a finding, submit, return, confirm. Which ones are possible is in `allowed_actions`.
#[utoipa::path(post, path = "/service/inspections/{inspection_id}/steps", tag = "service", operation_id = "step_inspection", params(("inspection_id" = InspectionId, Path)), request_body = Step,
    responses((status = 200, body = InspectionView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, period_not_begun, no_equipment, not_abnormal, finding_exists, own_signature, monitoring_absent"), (status = 422, body = Problem, description = "inspection_incomplete: `missing` names what is not finished")),
    extensions(("x-action" = json!("inspection_work")), ("x-audit" = json!("service_inspection_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<InspectionId>,
    Json(body): Json<Step>,
) -> ApiResult<Json<InspectionView>> {
    desk.inspection_step(&ctx, id, body, None).await?;
    Ok(Json(desk.inspection_after_step(&ctx, id).await?))
}

/// The report on paper.
#[utoipa::path(get, path = "/service/inspections/{inspection_id}/pdf", tag = "service", operation_id = "print_inspection", params(("inspection_id" = InspectionId, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("inspection_read")), ("x-audit" = json!("service_inspection_printed"))))]
async fn pdf(ctx: Ctx, Extension(desk): Desk, Path(id): Path<InspectionId>) -> ApiResult<Response> {
    let (name, bytes) = desk.print_inspection(&ctx, id).await?;
    Ok(file_response(bytes, "application/pdf", Some(&name)))
}

/// Saves answers of one unit; only what is sent is changed. With an `Idempotency-Key` the same request has its effect once.
#[utoipa::path(put, path = "/service/inspections/{inspection_id}/units/{unit_id}", tag = "service", operation_id = "save_inspection_unit",
    params(("inspection_id" = InspectionId, Path), ("unit_id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = UnitInput,
    responses((status = 200, body = UnitView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "stale_version: somebody else answered `codes` meanwhile; state_conflict, idempotency_key_reused"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("inspection_work")), ("x-audit" = json!("service_inspection_changed"))))]
async fn save_unit(
    ctx: Ctx,
    Extension(desk): Desk,
    Path((id, unit)): Path<(InspectionId, Uuid)>,
    headers: HeaderMap,
    Json(body): Json<UnitInput>,
) -> ApiResult<Json<UnitView>> {
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok());
    Ok(Json(desk.save_unit(&ctx, id, unit, &body, key).await?))
}

/// The register of a contract's equipment.
#[utoipa::path(get, path = "/service/equipment", tag = "service", operation_id = "list_service_equipment", params(EquipmentQuery),
    responses((status = 200, body = Vec<EquipmentView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("inspection_read")), ("x-audit" = json!("service_equipment_listed"))))]
async fn equipment(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<EquipmentQuery>,
) -> ApiResult<Json<Vec<EquipmentView>>> {
    Ok(Json(desk.equipment(&ctx, &query).await?))
}

/// Writes down where a unit of equipment stands and what it is called.
#[utoipa::path(put, path = "/service/equipment/{equipment_id}", tag = "service", operation_id = "edit_service_equipment", params(("equipment_id" = Uuid, Path)), request_body = EquipmentInput,
    responses((status = 200, body = EquipmentView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "stale_version"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("inspection_work")), ("x-audit" = json!("service_equipment_changed"))))]
async fn edit_equipment(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<Uuid>,
    Json(input): Json<EquipmentInput>,
) -> ApiResult<Json<EquipmentView>> {
    let row = desk.edit_equipment(&ctx, id, &input).await?;
    Ok(Json(desk.equipment_unit(&row).await?))
}
