//! `/organisations` and `/departments`.

use crate::model::NewOrganisation;
use crate::wire::{
    Department, DepartmentInput, DepartmentList, DepartmentPatch, Organisation, OrganisationInput,
    OrganisationList, OrganisationPatch,
};
use crate::{ops, queries};
use axum::http::StatusCode;
use kernel::{DepartmentId, OrganisationId};
use platform::http::{Json, Path, Problem};
use platform::{ApiResult, Ctx};

/// The organisation tree of the region, parents before children.
#[utoipa::path(get, path = "/organisations", tag = "organisations", operation_id = "list_organisations",
    responses((status = 200, body = OrganisationList), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("organisation_read")), ("x-audit" = json!("none: no personal data"))))]
pub async fn list(ctx: Ctx) -> ApiResult<Json<OrganisationList>> {
    Ok(Json(queries::organisations(&ctx).await?))
}

/// Adds an organisation.
#[utoipa::path(post, path = "/organisations", tag = "organisations", operation_id = "create_organisation", request_body = OrganisationInput,
    responses((status = 201, body = Organisation), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("organisation_edit")), ("x-audit" = json!("organisation_created"))))]
pub async fn create(
    ctx: Ctx,
    Json(body): Json<OrganisationInput>,
) -> ApiResult<(StatusCode, Json<Organisation>)> {
    let new = NewOrganisation {
        parent_id: Some(body.parent_id),
        kind: body.kind,
        code: body.code,
        name: body.name,
        short_name: body.short_name,
        address: body.address,
        phone: body.phone,
        longitude: body.longitude,
        latitude: body.latitude,
    };
    let id = ops::create_organisation(&ctx, new).await?;
    Ok((StatusCode::CREATED, Json(queries::organisation_by_id(&ctx, id).await?)))
}

/// Changes an organisation. Absent fields stay.
#[utoipa::path(patch, path = "/organisations/{organisation_id}", tag = "organisations", operation_id = "update_organisation",
    params(("organisation_id" = OrganisationId, Path)), request_body = OrganisationPatch,
    responses((status = 200, body = Organisation), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("organisation_edit")), ("x-audit" = json!("organisation_updated"))))]
pub async fn update(
    ctx: Ctx,
    Path(id): Path<OrganisationId>,
    Json(body): Json<OrganisationPatch>,
) -> ApiResult<Json<Organisation>> {
    ops::update_organisation(&ctx, id, body).await?;
    Ok(Json(queries::organisation_by_id(&ctx, id).await?))
}

/// The departments of an organisation.
#[utoipa::path(get, path = "/organisations/{organisation_id}/departments", tag = "organisations", operation_id = "list_departments",
    params(("organisation_id" = OrganisationId, Path)),
    responses((status = 200, body = DepartmentList), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("organisation_read")), ("x-audit" = json!("none: no personal data"))))]
pub async fn departments(ctx: Ctx, Path(id): Path<OrganisationId>) -> ApiResult<Json<DepartmentList>> {
    Ok(Json(queries::departments(&ctx, id).await?))
}

/// Adds a department.
#[utoipa::path(post, path = "/organisations/{organisation_id}/departments", tag = "organisations", operation_id = "create_department",
    params(("organisation_id" = OrganisationId, Path)), request_body = DepartmentInput,
    responses((status = 201, body = Department), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("organisation_edit")), ("x-audit" = json!("department_created"))))]
pub async fn create_department(
    ctx: Ctx,
    Path(id): Path<OrganisationId>,
    Json(body): Json<DepartmentInput>,
) -> ApiResult<(StatusCode, Json<Department>)> {
    let id = ops::create_department(&ctx, id, body).await?;
    Ok((StatusCode::CREATED, Json(queries::department_by_id(&ctx, id).await?)))
}

/// Renames a department or makes it inactive.
#[utoipa::path(patch, path = "/departments/{department_id}", tag = "organisations", operation_id = "update_department",
    params(("department_id" = DepartmentId, Path)), request_body = DepartmentPatch,
    responses((status = 200, body = Department), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("organisation_edit")), ("x-audit" = json!("department_updated"))))]
pub async fn update_department(
    ctx: Ctx,
    Path(id): Path<DepartmentId>,
    Json(body): Json<DepartmentPatch>,
) -> ApiResult<Json<Department>> {
    ops::update_department(&ctx, id, body).await?;
    Ok(Json(queries::department_by_id(&ctx, id).await?))
}
