//! `/ecg/phrases`.

use super::Cases;
use crate::wire::{Phrase, PhraseInput, PhraseList};
use axum::Extension;
use axum::http::StatusCode;
use platform::http::{Json, Path, Problem};
use platform::{ApiResult, Ctx};
use uuid::Uuid;

/// The shared phrase library, then one's own phrases.
#[utoipa::path(get, path = "/ecg/phrases", tag = "ecg", operation_id = "list_ecg_phrases",
    responses((status = 200, body = PhraseList), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("ecg_read")), ("x-audit" = json!("none: no personal data"))))]
pub async fn list(ctx: Ctx, Extension(ecg): Cases) -> ApiResult<Json<PhraseList>> {
    Ok(Json(ecg.phrases(&ctx).await?))
}

/// Keeps a phrase of one's own.
#[utoipa::path(post, path = "/ecg/phrases", tag = "ecg", operation_id = "add_ecg_phrase", request_body = PhraseInput,
    responses((status = 201, body = Phrase), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ecg_phrase_edit")), ("x-audit" = json!("ecg_phrase_added"))))]
pub async fn add(
    ctx: Ctx,
    Extension(ecg): Cases,
    Json(body): Json<PhraseInput>,
) -> ApiResult<(StatusCode, Json<Phrase>)> {
    Ok((StatusCode::CREATED, Json(ecg.add_phrase(&ctx, body).await?)))
}

/// Removes a phrase of one's own.
#[utoipa::path(delete, path = "/ecg/phrases/{phrase_id}", tag = "ecg", operation_id = "remove_ecg_phrase", params(("phrase_id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ecg_phrase_edit")), ("x-audit" = json!("ecg_phrase_removed"))))]
pub async fn remove(ctx: Ctx, Extension(ecg): Cases, Path(id): Path<Uuid>) -> ApiResult<StatusCode> {
    ecg.remove_phrase(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
