//! The error vocabulary: what went wrong, in a form that a client can act on and a screen can translate.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use utoipa::ToSchema;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The family of an error. It decides the HTTP status and whether the detail may be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// 400: the request cannot be read.
    Malformed,
    /// 401: nobody is signed in, or the sign-in failed.
    Unauthenticated,
    /// 403: signed in, visible, but not allowed.
    Forbidden,
    /// 404: does not exist, or is not visible to the caller: the two are never told apart.
    NotFound,
    /// 409: the state has moved on, or something equal exists.
    Conflict,
    /// 413: beyond a limit.
    TooLarge,
    /// 422: readable, but breaks a rule.
    Invalid,
    /// 423: locked out.
    Locked,
    /// 429: too often.
    TooMany,
    /// 503: a resource that we depend on is not there; try again.
    Unavailable,
    /// 507: no room to store it.
    StorageFull,
    /// 500: a defect. The detail is logged and not shown.
    Internal,
}

/// What is wrong with one field of a request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Name of the field as in the request.
    pub field: String,
    /// Stable `snake_case` code.
    pub code: String,
    /// English explanation.
    pub detail: String,
}

/// An error with a stable code. The code is the contract; the detail is for people.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ErrorKind,
    code: &'static str,
    detail: String,
    fields: Vec<FieldError>,
    params: Map<String, Value>,
}

impl Error {
    pub fn new(kind: ErrorKind, code: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, code, detail: detail.into(), fields: Vec::new(), params: Map::new() }))
    }

    /// A defect or an unexpected failure of something below. Never shown to the client.
    pub fn internal(detail: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Internal, "internal_error", detail.to_string())
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorKind::NotFound, "not_found", format!("no such {what}"))
    }

    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Forbidden, code, detail)
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, code, detail)
    }

    /// A broken rule.
    pub fn invalid(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, code, detail)
    }

    pub fn malformed(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Malformed, code, detail)
    }

    /// One field is wrong.
    pub fn field(field: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { field: field.into(), code: code.into(), detail: detail.into() }])
    }

    /// Several fields are wrong, all told at once.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        let mut error = Self::new(ErrorKind::Invalid, "validation_failed", "some fields are not acceptable");
        error.0.fields = fields;
        error
    }

    /// Adds a machine-readable parameter, such as who holds a lock.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        self.0.params.insert(key.to_owned(), value);
        self
    }

    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    pub fn code(&self) -> &'static str {
        self.0.code
    }

    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.fields
    }

    pub fn params(&self) -> &Map<String, Value> {
        &self.0.params
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.detail)?;
        for field in &self.0.fields {
            write!(f, "; {} {}: {}", field.field, field.code, field.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
