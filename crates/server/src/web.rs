//! The web applications, carried inside the executable.
//!
//! Files whose names carry a hash of their content are kept by browsers for a year; pages are asked for every time.
//! An address without a file is a page of the single-page application that it lies in.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::Error;
use platform::ApiError;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/apps/staff/dist"]
#[allow_missing = true]
struct Staff;

#[derive(RustEmbed)]
#[folder = "../../web/apps/resident/dist"]
#[allow_missing = true]
struct Resident;

/// Serves a file or a page of an application.
pub async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError(Error::not_found("page")).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if path == "resident" {
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, "/resident/")]).into_response();
    }
    let (found, index): (Option<EmbeddedFile>, Option<EmbeddedFile>) = match path.strip_prefix("resident/") {
        Some(rest) => (Resident::get(rest), Resident::get("index.html")),
        None => (Staff::get(path), Staff::get("index.html")),
    };
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    match (found, index) {
        (Some(file), _) => respond(file, path, path.contains("assets/")),
        (None, Some(page)) if !is_file => respond(page, "index.html", false),
        (None, Some(_)) => ApiError(Error::not_found("file")).into_response(),
        (None, None) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "This build carries no web applications. Build them first: cd web && npm ci && npm run build\n",
        )
            .into_response(),
    }
}

fn respond(file: EmbeddedFile, path: &str, for_ever: bool) -> Response {
    let kind =
        if path.ends_with(".webmanifest") { "application/manifest+json" } else { file.metadata.mimetype() };
    let kind = HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let caching = if for_ever { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::new(Body::from(file.data));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}
