//! Who works for the contract: to choose from when something is assigned.

use crate::access::ROSTER_READ;
use crate::{Desk, ServiceDesk};
use axum::Extension;
use kernel::{AccountId, Error, Result};
use platform::http::{Json, Problem, Query};
use platform::{ApiResult, Ctx, Platform};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The roles of the provider's people.
pub const PROVIDER: [&str; 3] = ["project_lead", "site_engineer", "duty_engineer"];
/// The roles that may be asked for.
const ROLES: [&str; 5] =
    ["project_lead", "site_engineer", "duty_engineer", "bureau_information", "institution_contact"];

/// Somebody who may be assigned to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServicePerson)]
pub struct PersonView {
    pub account_id: AccountId,
    pub name: String,
    pub title: Option<String>,
    pub organisation_name: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    /// Roles, separated by commas; those of the provider when absent.
    pub role: Option<String>,
}

impl ServiceDesk {
    /// People with a role over the caller's place, by name.
    pub(crate) async fn people(&self, ctx: &Ctx, query: &PeopleQuery) -> Result<Vec<PersonView>> {
        let path = crate::contracts::own_region(ctx, ROSTER_READ).await?;
        let mut roles = Vec::new();
        for name in query.role.iter().flat_map(|s| s.split(',')).map(str::trim).filter(|s| !s.is_empty()) {
            let role = ROLES.iter().find(|role| **role == name);
            roles.push(*role.ok_or_else(|| {
                Error::field("role", "role_unknown", format!("{name:?} has no part in the contract"))
            })?);
        }
        if roles.is_empty() {
            roles.extend(PROVIDER);
        }
        let found = self.directory.holders(&roles, &path).await?;
        Ok(found
            .into_iter()
            .map(|person| PersonView {
                account_id: person.account_id,
                name: person.name,
                title: person.title,
                organisation_name: person.organisation.map(|place| place.name),
            })
            .collect())
    }

    /// Accounts of the provider's leads over a place: who is told when nobody else is there to be told.
    pub(crate) async fn leads(&self, path: &str) -> Result<Vec<AccountId>> {
        let found = self.directory.holders(&["project_lead"], path).await?;
        Ok(found.into_iter().map(|person| person.account_id).collect())
    }

    /// Who is told when a clock has passed a share of its limit, each once, with their names: whoever works on it, else whoever
    /// opened it; from 75 % whoever is on duty by the published roster, on a working day or without one the duty engineers, from 90 % the leads, at the limit the bureau's information section too.
    pub(crate) async fn escalation(
        &self,
        ctx: &Ctx,
        path: &str,
        worker: Option<AccountId>,
        percent: i32,
    ) -> Result<Vec<(AccountId, String)>> {
        let mut roles = Vec::new();
        for (from, role) in [(75, "duty_engineer"), (90, "project_lead"), (100, "bureau_information")] {
            if percent >= from {
                roles.push(role);
            }
        }
        let mut ids: Vec<AccountId> = worker.into_iter().collect();
        if percent >= 75 {
            let on_duty = crate::roster::on_duty(ctx, path).await?;
            if !on_duty.is_empty() {
                roles.retain(|role| *role != "duty_engineer");
                ids.extend(on_duty);
            }
        }
        let mut told = self.directory.signatories(&ids).await?;
        if !roles.is_empty() {
            told.extend(self.directory.holders(&roles, path).await?);
        }
        let mut found: Vec<(AccountId, String)> = Vec::with_capacity(told.len());
        for person in told {
            if !found.iter().any(|(known, _)| *known == person.account_id) {
                found.push((person.account_id, person.name));
            }
        }
        Ok(found)
    }
}

/// Routes about people.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Who works for the contract over the caller's place, by name.
#[utoipa::path(get, path = "/service/people", tag = "service", operation_id = "list_service_people", params(PeopleQuery),
    responses((status = 200, body = Vec<PersonView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem, description = "role_unknown")),
    extensions(("x-action" = json!("roster_read")), ("x-audit" = json!("none: names of people at work"))))]
async fn list(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<PeopleQuery>,
) -> ApiResult<Json<Vec<PersonView>>> {
    Ok(Json(desk.people(&ctx, &query).await?))
}
