//! Endpoints of the program itself: jobs, live events, what runs here, health.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use kernel::{Error, ErrorKind, Page, Result, Timestamp};
use platform::http::{Json, Path, Problem, Query};
use platform::telemetry::Metrics;
use platform::{Action, ApiError, ApiResult, AuditEntry, Ctx, Module, Platform, PublicCtx, jobs};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

const JOB_MANAGE: Action = Action("job_manage");

pub fn module() -> Module {
    let router = OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(retry_job))
        .routes(routes!(discard_job))
        .routes(routes!(about))
        .routes(routes!(platform::sse::live_events));
    Module { router, ..Module::default() }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct JobQuery {
    /// `pending`, `running`, `done`, `dead` or `discarded`; `dead` unless told.
    state: Option<String>,
    cursor: Option<String>,
    limit: Option<u16>,
}

#[derive(Serialize, ToSchema)]
struct Job {
    id: Uuid,
    kind: String,
    state: String,
    attempts: i32,
    max_attempts: i32,
    run_at: Timestamp,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
    last_error: Option<String>,
    #[schema(value_type = Object)]
    payload: serde_json::Value,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Discard {
    reason: String,
}

/// Background jobs of one state, newest first.
#[utoipa::path(get, path = "/jobs", tag = "operations", operation_id = "list_jobs", params(JobQuery),
    responses((status = 200, body = Page<Job>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("job_manage")), ("x-audit" = json!("none: ids only"))))]
async fn list_jobs(ctx: Ctx, Query(query): Query<JobQuery>) -> ApiResult<Json<Page<Job>>> {
    ctx.scope(JOB_MANAGE).await?;
    let state = query.state.as_deref().unwrap_or("dead");
    let page =
        jobs::list(ctx.platform(), state, query.cursor.as_deref(), kernel::Limit::new(query.limit)?).await?;
    Ok(Json(page.map(|row| Job {
        id: row.id,
        kind: row.kind,
        state: row.state,
        attempts: row.attempts,
        max_attempts: row.max_attempts,
        run_at: Timestamp::from_micros(row.run_at),
        created_at: Timestamp::from_micros(row.created_at),
        finished_at: row.finished_at.map(Timestamp::from_micros),
        last_error: row.last_error,
        payload: serde_json::from_str(&row.payload).unwrap_or_default(),
    })))
}

/// Gives a job of the dead-letter list a fresh set of attempts.
#[utoipa::path(post, path = "/jobs/{job_id}/retry", tag = "operations", operation_id = "retry_job", params(("job_id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)),
    extensions(("x-action" = json!("job_manage")), ("x-audit" = json!("job_retried"))))]
async fn retry_job(ctx: Ctx, Path(id): Path<Uuid>) -> ApiResult<StatusCode> {
    ctx.scope(JOB_MANAGE).await?;
    let mut tx = ctx.platform().begin().await?;
    jobs::retry(&tx, id).await?;
    tx.audit(&ctx, AuditEntry::new("job_retried").on("job", id));
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a job off the dead-letter list for good.
#[utoipa::path(post, path = "/jobs/{job_id}/discard", tag = "operations", operation_id = "discard_job", params(("job_id" = Uuid, Path)),
    request_body = Discard,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("job_manage")), ("x-audit" = json!("job_discarded"))))]
async fn discard_job(ctx: Ctx, Path(id): Path<Uuid>, Json(body): Json<Discard>) -> ApiResult<StatusCode> {
    ctx.scope(JOB_MANAGE).await?;
    let reason = body.reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(
            Error::field("reason", "reason_required", "a reason of 1 to 500 characters is required").into()
        );
    }
    let mut tx = ctx.platform().begin().await?;
    jobs::discard(&tx, id).await?;
    tx.audit(&ctx, AuditEntry::new("job_discarded").on("job", id).reason(reason));
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What runs here.
#[derive(Serialize, ToSchema)]
struct About {
    version: String,
    /// `sqlite` or `postgres`.
    database: String,
    started_at: Timestamp,
    /// True when the database holds the synthetic demo county.
    demo: bool,
    /// Only with demo data.
    demo_accounts: Vec<DemoAccount>,
}

#[derive(Serialize, ToSchema)]
struct DemoAccount {
    login_name: String,
    password: String,
    title_zh: String,
    title_en: String,
    /// `staff` or `resident`.
    kind: String,
}

/// When this process began.
pub static STARTED_AT: OnceLock<Timestamp> = OnceLock::new();

/// What runs here, and whether it is a demo.
#[utoipa::path(get, path = "/system/about", tag = "operations", operation_id = "about",
    responses((status = 200, body = About)),
    extensions(("x-action" = json!("public")), ("x-audit" = json!("none: no personal data"))))]
async fn about(PublicCtx(ctx): PublicCtx) -> ApiResult<Json<About>> {
    let platform = ctx.platform();
    let mark = demo::find_mark(&platform.db().read()).await?;
    let accounts = mark.as_ref().map(|m| m.accounts.as_slice()).unwrap_or_default();
    let database = match platform.db().dialect() {
        platform::Dialect::Sqlite => "sqlite",
        platform::Dialect::Postgres => "postgres",
    };
    Ok(Json(About {
        version: env!("CARGO_PKG_VERSION").into(),
        database: database.into(),
        started_at: *STARTED_AT.get_or_init(|| platform.now()),
        demo: mark.is_some(),
        demo_accounts: accounts
            .iter()
            .map(|a| DemoAccount {
                login_name: a.login_name.clone(),
                password: a.password.clone(),
                title_zh: a.title_zh.clone(),
                title_en: a.title_en.clone(),
                kind: a.kind.clone(),
            })
            .collect(),
    }))
}

/// 404 for an address of the API that does not exist, as a problem like every other.
pub async fn no_such_endpoint() -> ApiError {
    ApiError(Error::not_found("endpoint"))
}

/// Ordinary requests are small; only uploads may be as large as the upload limit.
pub async fn limit_body(State(platform): State<Platform>, request: Request, next: Next) -> Response {
    let limits = &platform.config().limits;
    let is_upload = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|v| v.as_bytes().starts_with(b"multipart/form-data"));
    let most = if is_upload { limits.upload_bytes } else { limits.body_bytes };
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse::<usize>().ok());
    if declared.is_some_and(|length| length > most) {
        let code = if is_upload { "upload_too_large" } else { "body_too_large" };
        let error =
            Error::new(ErrorKind::TooLarge, code, format!("at most {most} bytes")).with("most_bytes", most);
        return ApiError(error).into_response();
    }
    next.run(request).await
}

/// A panic is a defect: the client learns no more than that, the log gets the message.
pub fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    ApiError(Error::internal(format!("panic: {message}"))).into_response()
}

/// `/healthz`, `/readyz`, `/metrics`: outside the API, without sign-in, for the machines that watch this one.
pub fn probes(metrics: Option<Metrics>) -> Router<Platform> {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(render_metrics))
        .layer(Extension(metrics))
}

async fn ready(State(platform): State<Platform>) -> Response {
    let check = async {
        let pending = platform::migrate::pending(platform.db(), &crate::app::migrations()).await?;
        if pending > 0 {
            return Err(Error::new(
                ErrorKind::Unavailable,
                "migrations_pending",
                format!("{pending} migrations are pending"),
            ));
        }
        if platform.is_shutting_down() {
            return Err(Error::new(ErrorKind::Unavailable, "shutting_down", "this process is shutting down"));
        }
        Result::Ok(())
    };
    match check.await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => ApiError(error).into_response(),
    }
}

async fn render_metrics(Extension(metrics): Extension<Option<Metrics>>) -> Response {
    match metrics {
        Some(metrics) => {
            let mut response = Response::new(Body::from(metrics.render()));
            let text = axum::http::HeaderValue::from_static("text/plain; version=0.0.4");
            response.headers_mut().insert(header::CONTENT_TYPE, text);
            response
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
