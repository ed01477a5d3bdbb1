//! The queue of possible duplicates, merging and taking apart.

use super::Index;
use crate::wire::{DuplicatePair, MergeInput, Merges, PageParams, Patient, Reason};
use crate::{ops, queries};
use axum::Extension;
use axum::http::StatusCode;
use kernel::{Page, PatientId};
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx};
use uuid::Uuid;

/// Pairs of records that may be one person, the likeliest first.
#[utoipa::path(
    get,
    path = "/patients/duplicates",
    operation_id = "list_patient_duplicates",
    tag = "patients",
    params(PageParams),
    responses(
        (status = 200, body = Page<DuplicatePair>),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)
    ),
    extensions(("x-action" = json!("patient_merge")), ("x-audit" = json!("patient_duplicates_listed")))
)]
pub(crate) async fn list_patient_duplicates(
    ctx: Ctx,
    Extension(index): Extension<Index>,
    Query(params): Query<PageParams>,
) -> ApiResult<Json<Page<DuplicatePair>>> {
    Ok(Json(queries::duplicates(&ctx, &*index.directory, &params).await?))
}

/// Say that a pair is two people.
#[utoipa::path(
    post,
    path = "/patients/duplicates/{id}/dismiss",
    operation_id = "dismiss_patient_duplicate",
    tag = "patients",
    params(("id" = Uuid, Path)),
    request_body = Reason,
    responses(
        (status = 204),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)
    ),
    extensions(("x-action" = json!("patient_merge")), ("x-audit" = json!("patient_duplicate_dismissed")))
)]
pub(crate) async fn dismiss_patient_duplicate(
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Json(body): Json<Reason>,
) -> ApiResult<StatusCode> {
    ops::dismiss_duplicate(&ctx, id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Merge another record into this one.
#[utoipa::path(
    post,
    path = "/patients/{id}/merge",
    operation_id = "merge_patient",
    tag = "patients",
    params(("id" = PatientId, Path)),
    request_body = MergeInput,
    responses(
        (status = 200, body = Patient),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)
    ),
    extensions(("x-action" = json!("patient_merge")), ("x-audit" = json!("patient_merge")))
)]
pub(crate) async fn merge_patient(
    ctx: Ctx,
    Extension(index): Extension<Index>,
    Path(id): Path<PatientId>,
    Json(body): Json<MergeInput>,
) -> ApiResult<Json<Patient>> {
    ops::merge(&ctx, id, body.absorbed_patient_id, &body.reason).await?;
    Ok(Json(queries::patient(&ctx, &*index.directory, id).await?))
}

/// Merges of a record, in force and undone.
#[utoipa::path(
    get,
    path = "/patients/{id}/merges",
    operation_id = "list_patient_merges",
    tag = "patients",
    params(("id" = PatientId, Path)),
    responses(
        (status = 200, body = Merges),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)
    ),
    extensions(("x-action" = json!("patient_read")), ("x-audit" = json!("patient_read")))
)]
pub(crate) async fn list_patient_merges(
    ctx: Ctx,
    Extension(index): Extension<Index>,
    Path(id): Path<PatientId>,
) -> ApiResult<Json<Merges>> {
    Ok(Json(queries::merges(&ctx, &*index.directory, id).await?))
}

/// Take a merge apart.
#[utoipa::path(
    post,
    path = "/patients/merges/{id}/undo",
    operation_id = "undo_patient_merge",
    tag = "patients",
    params(("id" = Uuid, Path)),
    request_body = Reason,
    responses(
        (status = 200, body = Patient),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)
    ),
    extensions(("x-action" = json!("patient_merge")), ("x-audit" = json!("patient_merge_undone")))
)]
pub(crate) async fn undo_patient_merge(
    ctx: Ctx,
    Extension(index): Extension<Index>,
    Path(id): Path<Uuid>,
    Json(body): Json<Reason>,
) -> ApiResult<Json<Patient>> {
    let survivor = ops::undo_merge(&ctx, id, &body.reason).await?;
    Ok(Json(queries::patient(&ctx, &*index.directory, survivor).await?))
}
