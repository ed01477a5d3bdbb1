//! Finding, registering, reading, changing and revealing people.

use super::Index;
use crate::ops::{self, Registered};
use crate::queries;
use crate::wire::{Patient, PatientChange, PatientInput, Reason, Revealed, SearchParams};
use axum::Extension;
use axum::http::StatusCode;
use kernel::{Page, PatientId};
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx};
use ports::patients::PatientBrief;

/// Find people.
///
/// By name or part of it, pinyin or its initials, or whole phone number among the people whom the caller's organisations
/// know; by whole identity or health record number in the whole region, masked.
#[utoipa::path(
    get,
    path = "/patients",
    operation_id = "list_patients",
    tag = "patients",
    params(SearchParams),
    responses(
        (status = 200, body = Page<PatientBrief>),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)
    ),
    extensions(("x-action" = json!("patient_search")), ("x-audit" = json!("patient_search")))
)]
pub(crate) async fn list_patients(
    ctx: Ctx,
    Extension(index): Extension<Index>,
    Query(params): Query<SearchParams>,
) -> ApiResult<Json<Page<PatientBrief>>> {
    Ok(Json(queries::search(&ctx, &*index.directory, &params).await?))
}

/// Register a person.
///
/// A number that is registered under the same name gives that record (200) and makes it known to the caller's
/// organisation. `patient_exists`: under another name. `possible_duplicate`: candidates in `params.candidates`; send again
/// with `duplicate_acknowledged` when it is somebody else.
#[utoipa::path(
    post,
    path = "/patients",
    operation_id = "register_patient",
    tag = "patients",
    request_body = PatientInput,
    responses(
        (status = 201, body = Patient), (status = 200, body = Patient),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)
    ),
    extensions(("x-action" = json!("patient_register")), ("x-audit" = json!("patient_register")))
)]
pub(crate) async fn register_patient(
    ctx: Ctx,
    Extension(index): Extension<Index>,
    Json(input): Json<PatientInput>,
) -> ApiResult<(StatusCode, Json<Patient>)> {
    let registered = ops::register(&ctx, &*index.directory, &input).await?;
    let status = match registered {
        Registered::Created(_) => StatusCode::CREATED,
        Registered::Known(_) => StatusCode::OK,
    };
    Ok((status, Json(queries::patient(&ctx, &*index.directory, registered.id()).await?)))
}

/// Read a record, masked.
#[utoipa::path(
    get,
    path = "/patients/{id}",
    operation_id = "get_patient",
    tag = "patients",
    params(("id" = PatientId, Path)),
    responses(
        (status = 200, body = Patient),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)
    ),
    extensions(("x-action" = json!("patient_read")), ("x-audit" = json!("patient_read")))
)]
pub(crate) async fn get_patient(
    ctx: Ctx,
    Extension(index): Extension<Index>,
    Path(id): Path<PatientId>,
) -> ApiResult<Json<Patient>> {
    Ok(Json(queries::read(&ctx, &*index.directory, id).await?))
}

/// Change a record. What was there before is kept.
#[utoipa::path(
    patch,
    path = "/patients/{id}",
    operation_id = "change_patient",
    tag = "patients",
    params(("id" = PatientId, Path)),
    request_body = PatientChange,
    responses(
        (status = 200, body = Patient),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)
    ),
    extensions(("x-action" = json!("patient_edit")), ("x-audit" = json!("patient_edit")))
)]
pub(crate) async fn change_patient(
    ctx: Ctx,
    Extension(index): Extension<Index>,
    Path(id): Path<PatientId>,
    Json(change): Json<PatientChange>,
) -> ApiResult<Json<Patient>> {
    ops::edit(&ctx, &*index.directory, id, &change).await?;
    Ok(Json(queries::patient(&ctx, &*index.directory, id).await?))
}

/// Show what is masked, for a reason that is kept in the audit trail.
#[utoipa::path(
    post,
    path = "/patients/{id}/reveal",
    operation_id = "reveal_patient",
    tag = "patients",
    params(("id" = PatientId, Path)),
    request_body = Reason,
    responses(
        (status = 200, body = Revealed),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)
    ),
    extensions(("x-action" = json!("patient_reveal")), ("x-audit" = json!("patient_reveal")))
)]
pub(crate) async fn reveal_patient(
    ctx: Ctx,
    Path(id): Path<PatientId>,
    Json(body): Json<Reason>,
) -> ApiResult<Json<Revealed>> {
    Ok(Json(ops::reveal(&ctx, id, &body.reason).await?))
}
