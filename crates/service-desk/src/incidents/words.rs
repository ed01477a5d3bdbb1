//! The contract's words for severities, and the categories of causes (`definitions/service/incidents.toml`).

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentWords)]
pub struct Words {
    pub severity: Vec<SeverityWords>,
    pub cause: Vec<Cause>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentSeverityWords)]
pub struct SeverityWords {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// What the contract says, one alternative each.
    pub words: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentCause)]
pub struct Cause {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

/// The definitions that this program carries.
pub fn words() -> Result<Words> {
    let text = include_str!("../../../../definitions/service/incidents.toml");
    toml::from_str(text).map_err(|e| Error::internal(format!("service/incidents.toml: {e}")))
}

/// A cause that exists.
pub fn cause(code: &str) -> Result<Cause> {
    let found = words()?.cause.into_iter().find(|cause| cause.code == code);
    found.ok_or_else(|| Error::field("cause_code", "cause_unknown", format!("there is no cause {code:?}")))
}
