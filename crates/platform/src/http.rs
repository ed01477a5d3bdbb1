//! The edge: problem+json errors, extractors that speak it, limits, and the layers around every router.

use crate::Platform;
use crate::context::Transport;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::DefaultClock;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use kernel::{Error, ErrorKind, FieldError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Instant;
use utoipa::ToSchema;

/// What an endpoint returns when it cannot do what was asked.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

/// Result of an endpoint.
pub type ApiResult<T> = Result<T, ApiError>;

/// RFC 9457 problem details. `code` is stable and is what clients act on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub code: String,
    pub detail: String,
    pub request_id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
}

/// The HTTP status of an error family.
pub fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Malformed => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::Locked => StatusCode::LOCKED,
        ErrorKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for ApiError {
    /// Carries the error to [`surround`], which knows the request id and writes the body.
    fn into_response(self) -> Response {
        let mut response = status(self.0.kind()).into_response();
        response.extensions_mut().insert(Arc::new(self.0));
        response
    }
}

fn problem(error: &Error, request_id: &str) -> Response {
    let status = status(error.kind());
    let internal = error.kind() == ErrorKind::Internal;
    let body = Problem {
        kind: "about:blank".into(),
        title: status.canonical_reason().unwrap_or("Error").into(),
        status: status.as_u16(),
        code: error.code().into(),
        detail: if internal {
            "the server failed; the failure is logged under this request id".into()
        } else {
            error.detail().into()
        },
        request_id: request_id.into(),
        errors: error.field_errors().to_vec(),
        params: error.params().clone(),
    };
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// The outermost layer: gives each request an id, learns its transport, writes problem bodies, logs and measures.
pub async fn surround(State(platform): State<Platform>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = platform.new_uuid().simple().to_string();
    let transport = Transport {
        request_id: request_id.clone(),
        address: address(&platform, &request),
        user_agent: request
            .headers()
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok())
            .map(|v| v.chars().take(300).collect()),
    };
    request.extensions_mut().insert(transport);
    let method = request.method().clone();
    // The route, not the path: paths hold ids, and ids in metrics have no bound.
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or("unmatched", |p| p.as_str())
        .to_owned();
    let mut response = next.run(request).await;
    let error = response.extensions_mut().remove::<Arc<Error>>();
    if let Some(error) = &error {
        if error.kind() == ErrorKind::Internal {
            tracing::error!(request_id, %method, route, code = error.code(), detail = error.detail(), "a request failed");
        }
        let mut answer = problem(error, &request_id);
        for name in [header::SET_COOKIE, header::RETRY_AFTER] {
            if let Some(value) = response.headers().get(&name) {
                answer.headers_mut().insert(name, value.clone());
            }
        }
        response = answer;
    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = problem(
            &Error::malformed("method_not_allowed", "this address does not take this method"),
            &request_id,
        );
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    } else if response.status() == StatusCode::REQUEST_TIMEOUT
        || response.status() == StatusCode::GATEWAY_TIMEOUT
    {
        response = problem(
            &Error::new(ErrorKind::Unavailable, "request_timed_out", "the request took too long"),
            &request_id,
        );
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-request-id", value);
    }
    security_headers(&mut response);
    let seconds = started.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    metrics::histogram!("tianmu_http_request_seconds", "route" => route.clone(), "method" => method.to_string()).record(seconds);
    metrics::counter!("tianmu_http_requests_total", "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    tracing::info!(request_id, %method, route, status, duration_ms = seconds * 1000.0, "request");
    response
}

fn security_headers(response: &mut Response) {
    let headers = response.headers_mut();
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "SAMEORIGIN"),
        ("referrer-policy", "same-origin"),
        (
            "content-security-policy",
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; \
             worker-src 'self' blob:; frame-src 'self' blob:; object-src 'self' blob:; frame-ancestors 'self'; base-uri 'self'",
        ),
    ];
    for (name, value) in fixed {
        if !headers.contains_key(name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

fn address(platform: &Platform, request: &Request) -> Option<String> {
    if platform.config().server.behind_tls_proxy {
        let forwarded = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok());
        if let Some(last) = forwarded.and_then(|list| list.rsplit(',').next()) {
            return Some(last.trim().chars().take(64).collect());
        }
    }
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string())
}

/// Refuses a change that a page of another site has sent with our cookie. `SameSite=Strict` already keeps the cookie
/// away; this is the second lock.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let changes = !matches!(request.method().as_str(), "GET" | "HEAD" | "OPTIONS");
    if changes && request.headers().get("sec-fetch-site").is_some_and(|v| v == "cross-site") {
        return ApiError(Error::forbidden(
            "cross_site_request",
            "changes are taken from this site's own pages only",
        ))
        .into_response();
    }
    next.run(request).await
}

type Keyed = RateLimiter<String, DashMapStateStore<String>, DefaultClock>;

/// Token buckets by account or address.
#[derive(Clone)]
pub struct RateLimits {
    requests: Arc<Keyed>,
    sign_ins: Arc<Keyed>,
}

impl std::fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RateLimits")
    }
}

impl RateLimits {
    pub fn new(limits: &crate::config::LimitConfig) -> Self {
        let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let requests = Quota::per_second(at_least_one(limits.requests_per_s))
            .allow_burst(at_least_one(limits.requests_burst));
        let sign_ins = Quota::per_minute(at_least_one(limits.sign_ins_per_minute));
        Self {
            requests: Arc::new(RateLimiter::keyed(requests)),
            sign_ins: Arc::new(RateLimiter::keyed(sign_ins)),
        }
    }

    /// Counts one sign-in attempt from an address.
    pub fn count_sign_in(&self, address: Option<&str>) -> Result<(), Error> {
        match self.sign_ins.check_key(&address.unwrap_or("local").to_owned()) {
            Ok(()) => Ok(()),
            Err(_) => Err(Error::new(
                ErrorKind::TooMany,
                "too_many_sign_ins",
                "too many sign-in attempts; wait a minute",
            )),
        }
    }

    /// Forgets addresses and accounts whose buckets are full again.
    pub fn forget_idle(&self) {
        self.requests.retain_recent();
        self.sign_ins.retain_recent();
    }
}

/// Refuses callers that ask too often.
pub async fn rate_limit(State(platform): State<Platform>, request: Request, next: Next) -> Response {
    let account =
        request.extensions().get::<crate::Principal>().and_then(|p| p.account_id).map(|id| id.to_string());
    let address = request.extensions().get::<Transport>().and_then(|t| t.address.clone());
    let Some(key) = account.or(address) else { return next.run(request).await };
    if platform.rate_limits().requests.check_key(&key).is_err() {
        let error = Error::new(ErrorKind::TooMany, "too_many_requests", "too many requests; slow down");
        let mut response = ApiError(error).into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        return response;
    }
    next.run(request).await
}

/// JSON body whose rejections are problems.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(e)) => Err(Error::invalid("body_invalid", e.body_text()).into()),
            Err(JsonRejection::JsonSyntaxError(e)) => {
                Err(Error::malformed("body_not_json", e.body_text()).into())
            }
            Err(JsonRejection::MissingJsonContentType(e)) => {
                Err(Error::malformed("body_not_json", e.body_text()).into())
            }
            Err(other) if other.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Error::new(ErrorKind::TooLarge, "body_too_large", other.body_text()).into())
            }
            Err(other) => Err(Error::malformed("body_unreadable", other.body_text()).into()),
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Query parameters whose rejections are problems.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        state: &S,
    ) -> Result<Self, Self::Rejection> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(error @ QueryRejection::FailedToDeserializeQueryString(_)) => {
                Err(Error::malformed("query_invalid", error.body_text()).into())
            }
            Err(other) => Err(Error::malformed("query_invalid", other.body_text()).into()),
        }
    }
}

/// Path parameters whose rejections are problems. An id that is not an id names nothing: 404.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        state: &S,
    ) -> Result<Self, Self::Rejection> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => Err(Error::not_found("resource").into()),
            Err(other) => Err(Error::internal(other.body_text()).into()),
        }
    }
}

/// Bytes with a content type, for downloads. `name` makes it an attachment.
pub fn file_response(bytes: impl Into<axum::body::Body>, content_type: &str, name: Option<&str>) -> Response {
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Some(name) = name {
        let encoded: String = name
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect();
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{encoded}")) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
    }
    response
}
