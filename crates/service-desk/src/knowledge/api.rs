//! Endpoints of the knowledge base.

use super::wire::{
    ArticleInput, ArticleItem, ArticleQuery, ArticleView, MissInput, MissView, SearchQuery, Step,
};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use kernel::{KnowledgeArticleId, Page};
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes about what is known.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(search))
        .routes(routes!(misses))
        .routes(routes!(dismiss))
        .routes(routes!(get))
        .routes(routes!(step))
}

/// Articles, the last changed first: published ones, for editors also drafts.
#[utoipa::path(get, path = "/service/knowledge", tag = "service", operation_id = "list_articles", params(ArticleQuery),
    responses((status = 200, body = Page<ArticleItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("none: articles name no persons"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<ArticleQuery>,
) -> ApiResult<Json<Page<ArticleItem>>> {
    Ok(Json(desk.articles(&ctx, &query).await?))
}

/// Begins an article.
#[utoipa::path(post, path = "/service/knowledge", tag = "service", operation_id = "create_article", request_body = ArticleInput,
    responses((status = 201, body = ArticleView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("knowledge_edit")), ("x-audit" = json!("service_article_changed"))))]
async fn create(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(body): Json<ArticleInput>,
) -> ApiResult<(StatusCode, Json<ArticleView>)> {
    let id = desk.create_article(&ctx, &body).await?;
    Ok((StatusCode::CREATED, Json(desk.article(&ctx, id).await?)))
}

/// Published articles that answer a text, best first.
#[utoipa::path(get, path = "/service/knowledge/search", tag = "service", operation_id = "search_articles", params(SearchQuery),
    responses((status = 200, body = Vec<ArticleItem>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("none: articles name no persons"))))]
async fn search(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<SearchQuery>,
) -> ApiResult<Json<Vec<ArticleItem>>> {
    Ok(Json(desk.search_articles(&ctx, &query).await?))
}

/// What was looked for and not found, most often first: at most 100.
#[utoipa::path(get, path = "/service/knowledge/misses", tag = "service", operation_id = "list_search_misses",
    responses((status = 200, body = Vec<MissView>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("knowledge_edit")), ("x-audit" = json!("none: words that were looked for, without by whom"))))]
async fn misses(ctx: Ctx, Extension(desk): Desk) -> ApiResult<Json<Vec<MissView>>> {
    Ok(Json(desk.search_misses(&ctx).await?))
}

/// Takes a search out of the list of what is missing.
#[utoipa::path(post, path = "/service/knowledge/misses/dismiss", tag = "service", operation_id = "dismiss_search_miss", request_body = MissInput,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("knowledge_edit")), ("x-audit" = json!("service_search_miss_dismissed"))))]
async fn dismiss(ctx: Ctx, Extension(desk): Desk, Json(body): Json<MissInput>) -> ApiResult<StatusCode> {
    desk.dismiss_miss(&ctx, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One article: as published, for editors the working copy with its versions and the words of readers.
#[utoipa::path(get, path = "/service/knowledge/{article_id}", tag = "service", operation_id = "get_article", params(("article_id" = KnowledgeArticleId, Path)),
    responses((status = 200, body = ArticleView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("ticket_read")), ("x-audit" = json!("none: articles name no persons"))))]
async fn get(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<KnowledgeArticleId>,
) -> ApiResult<Json<ArticleView>> {
    Ok(Json(desk.article(&ctx, id).await?))
}

/// Rewrites, submits, publishes, returns, withdraws, restores; or says whether it helped.
#[utoipa::path(post, path = "/service/knowledge/{article_id}/steps", tag = "service", operation_id = "step_article", params(("article_id" = KnowledgeArticleId, Path)), request_body = Step,
    responses((status = 200, body = ArticleView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, own_article, stale_version"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("knowledge_edit")), ("x-audit" = json!("service_article_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<KnowledgeArticleId>,
    Json(body): Json<Step>,
) -> ApiResult<Json<ArticleView>> {
    desk.article_step(&ctx, id, &body).await?;
    Ok(Json(desk.article(&ctx, id).await?))
}
