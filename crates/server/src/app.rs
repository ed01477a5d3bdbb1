//! Wiring: which module gets what, and the layers around their routes. Nothing else happens here.

use crate::{api, web};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use ecg::Ecg;
use kernel::{Error, Result};
use notify::Notify;
use platform::telemetry::Metrics;
use platform::{Blobs, Clock, Config, Db, Migration, Module, Parts, Platform, Random};
use ports::identity::Directory;
use resident::Resident;
use serde_json::Value;
use service_desk::ServiceDesk;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Every migration of the program, owners before those who refer to them.
pub fn migrations() -> Vec<Migration> {
    let owners = [
        platform::MIGRATIONS,
        identity::MIGRATIONS,
        patients::MIGRATIONS,
        ecg::MIGRATIONS,
        notify::MIGRATIONS,
        resident::MIGRATIONS,
        service_desk::MIGRATIONS,
    ];
    owners.into_iter().flatten().copied().collect()
}

/// The program, assembled and not yet listening.
pub struct App {
    pub platform: Platform,
    pub ecg: Arc<Ecg>,
    pub directory: Arc<dyn Directory>,
    pub service_desk: Arc<ServiceDesk>,
    pub notify: Arc<Notify>,
    modules: Vec<Module>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

/// Opens database and blobs and connects the modules.
pub async fn assemble(config: Config, clock: Clock, random: Random) -> Result<App> {
    std::fs::create_dir_all(&config.server.data).map_err(|e| {
        Error::invalid(
            "configuration_invalid",
            format!("cannot create {}: {e}", config.server.data.display()),
        )
    })?;
    let connections = match config.database.max_connections {
        0 => 8,
        n => n,
    };
    let db = Db::connect(&config.database_url(), connections).await?;
    let blobs = Blobs::open(&config.blob_config())?;
    let authz = platform::roles::builtin_authz()?;
    let platform = Platform::new(Parts { config, db, blobs, authz, clock, random });
    let directory = identity::directory(&platform);
    let patients = patients::patients(&platform, Arc::clone(&directory));
    let printer = ecg::builtin_printer()?;
    let ecg = Ecg::new(Arc::clone(&patients), Arc::clone(&directory), Arc::clone(&printer))?;
    let resident = Resident::new(ecg::published(&platform, &ecg), patients);
    let notify =
        Notify::new(Arc::clone(&directory), &platform.config().notify, &platform.config().server.public_url)?;
    let service_desk = ServiceDesk::configured(Arc::clone(&directory), printer, &platform.config().service)?;
    let mut modules = vec![
        identity::module(&platform),
        patients::module(&platform, Arc::clone(&directory)),
        ecg::module(&ecg),
        notify::module(&notify),
        resident::module(&resident),
        service_desk::module(&service_desk),
        api::module(),
    ];
    let jobs = modules.iter_mut().flat_map(|m| std::mem::take(&mut m.jobs)).collect();
    let subscriptions = modules.iter_mut().flat_map(|m| std::mem::take(&mut m.subscriptions)).collect();
    platform.register(jobs, subscriptions)?;
    Ok(App { platform, ecg, directory, service_desk, notify, modules })
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tianmu",
        version = "1",
        description = "The API of Tianmu (天目). Errors are problem+json with a stable `code`; lists are keyset-paged; instants are UTC."
    ),
    tags(
        (name = "session", description = "Signing in, the own password, devices and second factor"),
        (name = "organisations", description = "The organisation tree"),
        (name = "staff", description = "People who work in the region"),
        (name = "accounts", description = "Accounts and roles"),
        (name = "audit", description = "The audit trail"),
        (name = "patients", description = "The master index of people"),
        (name = "ecg", description = "Regional ECG"),
        (name = "service", description = "The service contract: desk, incidents, requirements, rosters, inspections, settlement"),
        (name = "notify", description = "Reaching people by mail, telephone and group chats"),
        (name = "resident", description = "The resident's own documents"),
        (name = "operations", description = "Jobs, live events, the program itself")
    )
)]
struct Document;

impl App {
    /// The routes below `/api/v1`, and the document that describes them.
    fn api(self) -> (Platform, Router<Platform>, utoipa::openapi::OpenApi) {
        let platform = self.platform;
        let mut router = OpenApiRouter::with_openapi(Document::openapi());
        for module in self.modules {
            router = router.merge(module.router);
        }
        let (router, document) = OpenApiRouter::new().nest("/api/v1", router).split_for_parts();
        let mut described = Document::openapi();
        described.paths = document.paths;
        described.components = document.components;
        (platform, router, described)
    }

    /// The OpenAPI document, as committed in `openapi/v1.json`: keys in order, so that equal documents are equal texts.
    pub fn document(self) -> Result<Value> {
        let document = serde_json::to_value(self.api().2).map_err(Error::internal)?;
        Ok(sorted(document))
    }

    /// Everything that this server answers.
    pub fn router(self, metrics: Option<Metrics>) -> Router {
        let (platform, api, document) = self.api();
        let limits = platform.config().limits.clone();
        let api = api
            .route(
                "/api/v1/openapi.json",
                axum::routing::get(move || std::future::ready(axum::Json(document.clone()))),
            )
            .route("/api/v1/{*rest}", axum::routing::any(api::no_such_endpoint))
            .layer(from_fn(no_store))
            .layer(from_fn_with_state(platform.clone(), platform::http::rate_limit))
            .layer(from_fn_with_state(platform.clone(), identity::authenticate))
            .layer(from_fn(platform::http::same_origin))
            .layer(DefaultBodyLimit::max(limits.upload_bytes))
            .layer(from_fn_with_state(platform.clone(), api::limit_body))
            .layer(TimeoutLayer::with_status_code(
                StatusCode::GATEWAY_TIMEOUT,
                Duration::from_secs(limits.request_timeout_s),
            ));
        Router::new()
            .merge(api)
            .merge(api::probes(metrics))
            .fallback(web::serve)
            .layer(CompressionLayer::new())
            .layer(CatchPanicLayer::custom(api::panicked))
            .layer(from_fn_with_state(platform.clone(), platform::http::surround))
            .with_state(platform)
    }
}

/// Answers of the API carry personal data: no cache may keep them.
async fn no_store(request: axum::extract::Request, next: axum::middleware::Next) -> axum::response::Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    }
    response
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> =
                map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
