//! The role catalogue (`definitions/policies/roles.toml`) and the policies that this program carries.

use crate::Authz;
use kernel::{Error, Result};
use serde::Deserialize;

/// One role that accounts can hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub description_zh: String,
    pub description_en: String,
    /// One of the three administrators of MLPS level 3: needs a second factor, sees no clinical data.
    pub administrator: bool,
    /// Roles that the same account must not hold.
    pub excludes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    role: Vec<Role>,
}

/// All roles, in the order of the catalogue.
pub fn catalogue() -> Result<Vec<Role>> {
    let text = include_str!("../../../definitions/policies/roles.toml");
    let catalogue: Catalogue =
        toml::from_str(text).map_err(|e| Error::internal(format!("policies/roles.toml: {e}")))?;
    Ok(catalogue.role)
}

/// The first pair among `roles` that exclude each other.
pub fn find_exclusion<'a>(catalogue: &'a [Role], roles: &[String]) -> Option<(&'a str, &'a str)> {
    for role in catalogue.iter().filter(|r| roles.contains(&r.code)) {
        if let Some(other) = role.excludes.iter().find(|e| roles.contains(e)) {
            return Some((role.code.as_str(), other.as_str()));
        }
    }
    None
}

/// The policies of this program, compiled and validated.
pub fn builtin_authz() -> Result<Authz> {
    let policies = [
        ("administration.cedar", include_str!("../../../definitions/policies/administration.cedar")),
        ("patients.cedar", include_str!("../../../definitions/policies/patients.cedar")),
        ("ecg.cedar", include_str!("../../../definitions/policies/ecg.cedar")),
        ("service.cedar", include_str!("../../../definitions/policies/service.cedar")),
        ("resident.cedar", include_str!("../../../definitions/policies/resident.cedar")),
    ];
    let roles = catalogue()?.into_iter().map(|role| role.code).collect();
    Authz::new(include_str!("../../../definitions/policies/tianmu.cedarschema"), &policies, roles)
}
