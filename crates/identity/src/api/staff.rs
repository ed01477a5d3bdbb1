//! `/staff`.

use crate::model::NewStaff;
use crate::wire::{Staff, StaffInput, StaffPatch, StaffQuery};
use crate::{ops, queries};
use axum::http::StatusCode;
use kernel::{Page, StaffId};
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx};

/// Staff of the caller's organisations.
#[utoipa::path(get, path = "/staff", tag = "staff", operation_id = "list_staff", params(StaffQuery),
    responses((status = 200, body = Page<Staff>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("staff_read")), ("x-audit" = json!("none: working names of colleagues, phones masked"))))]
pub async fn list(ctx: Ctx, Query(query): Query<StaffQuery>) -> ApiResult<Json<Page<Staff>>> {
    Ok(Json(queries::staff(&ctx, &query).await?))
}

/// Adds a member of staff.
#[utoipa::path(post, path = "/staff", tag = "staff", operation_id = "create_staff", request_body = StaffInput,
    responses((status = 201, body = Staff), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("staff_edit")), ("x-audit" = json!("staff_created"))))]
pub async fn create(ctx: Ctx, Json(body): Json<StaffInput>) -> ApiResult<(StatusCode, Json<Staff>)> {
    let new = NewStaff {
        name: body.name,
        sex: body.sex,
        title: body.title,
        licence_number: body.licence_number,
        phone: body.phone,
        organisation_id: body.organisation_id,
        department_id: body.department_id,
    };
    let id = ops::create_staff(&ctx, new).await?;
    Ok((StatusCode::CREATED, Json(queries::staff_by_id(&ctx, id).await?)))
}

/// One member of staff.
#[utoipa::path(get, path = "/staff/{staff_id}", tag = "staff", operation_id = "get_staff", params(("staff_id" = StaffId, Path)),
    responses((status = 200, body = Staff), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("staff_read")), ("x-audit" = json!("none: working names of colleagues, phones masked"))))]
pub async fn get(ctx: Ctx, Path(id): Path<StaffId>) -> ApiResult<Json<Staff>> {
    Ok(Json(queries::staff_by_id(&ctx, id).await?))
}

/// Changes a member of staff. Absent fields stay.
#[utoipa::path(patch, path = "/staff/{staff_id}", tag = "staff", operation_id = "update_staff", params(("staff_id" = StaffId, Path)),
    request_body = StaffPatch,
    responses((status = 200, body = Staff), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("staff_edit")), ("x-audit" = json!("staff_updated"))))]
pub async fn update(
    ctx: Ctx,
    Path(id): Path<StaffId>,
    Json(body): Json<StaffPatch>,
) -> ApiResult<Json<Staff>> {
    ops::update_staff(&ctx, id, body).await?;
    Ok(Json(queries::staff_by_id(&ctx, id).await?))
}
