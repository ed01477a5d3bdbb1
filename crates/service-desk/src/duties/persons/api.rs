//! Endpoints of the provider's people.

use super::wire::{PersonInput, PersonItem, PersonQuery, PersonView, Step};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use kernel::Page;
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Routes about people.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(get)).routes(routes!(step))
}

/// The provider's people with what stands in the way of access, newest entry first.
#[utoipa::path(get, path = "/service/duties/people", tag = "service", operation_id = "list_duty_people", params(PersonQuery),
    responses((status = 200, body = Page<PersonItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_duty_people_listed"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<PersonQuery>,
) -> ApiResult<Json<Page<PersonItem>>> {
    Ok(Json(desk.duty_people(&ctx, &query).await?))
}

/// Enters somebody of the provider.
#[utoipa::path(post, path = "/service/duties/people", tag = "service", operation_id = "add_duty_person", request_body = PersonInput,
    responses((status = 201, body = PersonView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem, description = "person_known"), (status = 422, body = Problem, description = "account_unknown")),
    extensions(("x-action" = json!("duty_work")), ("x-audit" = json!("service_duty_person_changed"))))]
async fn add(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(input): Json<PersonInput>,
) -> ApiResult<(StatusCode, Json<PersonView>)> {
    let id = desk.add_duty_person(&ctx, &input).await?;
    Ok((StatusCode::CREATED, Json(desk.duty_person_after_step(&ctx, id).await?)))
}

/// One person with every record.
#[utoipa::path(get, path = "/service/duties/people/{person_id}", tag = "service", operation_id = "get_duty_person", params(("person_id" = Uuid, Path)),
    responses((status = 200, body = PersonView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("duty_read")), ("x-audit" = json!("service_duty_person_read"))))]
async fn get(ctx: Ctx, Extension(desk): Desk, Path(id): Path<Uuid>) -> ApiResult<Json<PersonView>> {
    Ok(Json(desk.duty_person(&ctx, id).await?))
}

/// Records a check, an agreement or a training, voids a record, or lets a person leave with all their grants.
#[utoipa::path(post, path = "/service/duties/people/{person_id}/steps", tag = "service", operation_id = "step_duty_person", params(("person_id" = Uuid, Path)), request_body = Step,
    responses((status = 200, body = PersonView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "person_left, person_known"), (status = 422, body = Problem, description = "record_unknown, account_unknown")),
    extensions(("x-action" = json!("duty_work")), ("x-audit" = json!("service_duty_person_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<Uuid>,
    Json(body): Json<Step>,
) -> ApiResult<Json<PersonView>> {
    desk.duty_person_step(&ctx, id, &body).await?;
    Ok(Json(desk.duty_person_after_step(&ctx, id).await?))
}
