//! Authorization: Cedar policies that a non-programmer can read (`definitions/policies/`), asked once for each request.
//!
//! A role is given over a subtree of organisations. The policies see it as a set of subtree paths by role
//! (`principal.ecg_reader`), and see a resource as the set of subtrees that it lies in (`resource.within`), so a rule
//! reads `principal.ecg_reader.containsAny(resource.within)`. Row filters of lists are derived from the same policies:
//! [`Authz::scope`] asks for each subtree that the caller holds whether the action is allowed there.
//!
//! Deliberately absent: rules about state (who may sign what when). Those are named functions in each system's
//! `policy.rs`, because they need the record.

use crate::context::{Principal, PrincipalKind};
use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use kernel::{AccountId, Error, PatientId, Result};
use sea_orm::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use uuid::Uuid;

/// The name of an action, as in the policies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Action(pub &'static str);

/// Materialised path of an organisation: four decimal digits a level, ancestors first. Digits only, so that it sorts and
/// compares the same under every collation.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct OrgPath(String);

impl OrgPath {
    /// Checks the form.
    pub fn new(path: impl Into<String>) -> Result<Self> {
        let path = path.into();
        let well_formed =
            !path.is_empty() && path.len().is_multiple_of(4) && path.bytes().all(|b| b.is_ascii_digit());
        if well_formed {
            Ok(Self(path))
        } else {
            Err(Error::internal(format!("bad organisation path {path:?}")))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This path and those of its ancestors.
    pub fn lineage(&self) -> impl Iterator<Item = &str> {
        (4..=self.0.len()).step_by(4).filter_map(|end| self.0.get(..end))
    }

    /// True when `other` is this organisation or lies below it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The first path after this subtree: paths of the subtree are `>= self` and `< end`.
    fn end(&self) -> String {
        let mut digits = self.0.clone().into_bytes();
        for digit in digits.iter_mut().rev() {
            if *digit == b'9' {
                *digit = b'0';
            } else {
                *digit += 1;
                return String::from_utf8(digits).unwrap_or_default();
            }
        }
        // A path of nines only: no path of the tree is greater.
        format!("{}~", self.0)
    }
}

impl fmt::Display for OrgPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The subtrees that a caller may see: turned into SQL by [`Scope::sql`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope(Option<BTreeSet<OrgPath>>);

impl Scope {
    /// No restriction: for the program itself.
    pub fn everything() -> Self {
        Self(None)
    }

    pub fn of(paths: impl IntoIterator<Item = OrgPath>) -> Self {
        Self(Some(paths.into_iter().collect()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_some_and(BTreeSet::is_empty)
    }

    /// True when an organisation lies in the scope.
    pub fn contains(&self, path: &str) -> bool {
        self.0.as_ref().is_none_or(|paths| paths.iter().any(|p| path.starts_with(p.as_str())))
    }

    /// A condition on `column`, its parameters appended to `values`.
    pub fn sql(&self, column: &str, values: &mut Vec<Value>) -> String {
        let Some(paths) = &self.0 else { return "1 = 1".into() };
        let mut alternatives = Vec::new();
        for path in paths {
            values.push(path.as_str().into());
            values.push(path.end().into());
            let n = values.len();
            alternatives.push(format!("({column} >= ${} AND {column} < ${n})", n - 1));
        }
        if alternatives.is_empty() { "1 = 0".into() } else { format!("({})", alternatives.join(" OR ")) }
    }
}

/// What an action is done to.
#[derive(Clone, Debug)]
pub struct Resource {
    pub kind: &'static str,
    pub id: Option<Uuid>,
    pub organisation_path: Option<OrgPath>,
    pub patient_id: Option<PatientId>,
    pub owner: Option<AccountId>,
}

impl Resource {
    /// Something that belongs to an organisation.
    pub fn of(kind: &'static str, id: impl Into<Option<Uuid>>, organisation_path: &OrgPath) -> Self {
        Self {
            kind,
            id: id.into(),
            organisation_path: Some(organisation_path.clone()),
            patient_id: None,
            owner: None,
        }
    }

    /// Something that belongs to one person's account, such as a session.
    pub fn owned(kind: &'static str, id: impl Into<Option<Uuid>>, owner: AccountId) -> Self {
        Self { kind, id: id.into(), organisation_path: None, patient_id: None, owner: Some(owner) }
    }

    #[must_use]
    pub fn patient(mut self, id: PatientId) -> Self {
        self.patient_id = Some(id);
        self
    }
}

/// The compiled policies.
#[derive(Clone)]
pub struct Authz(Arc<Inner>);

struct Inner {
    authorizer: Authorizer,
    schema: Schema,
    roles: Vec<String>,
    account_type: EntityTypeName,
    resource_type: EntityTypeName,
    actions: BTreeMap<String, Slice>,
}

/// What deciding about one action takes. Most policies name other actions: handing all of them, and all actions as entities, to
/// every decision made it ten times as slow, and a request makes several.
struct Slice {
    uid: EntityUid,
    /// The action with the groups that it is in.
    entities: Entities,
    /// The policies whose scope names the action, a group of it, or none.
    policies: PolicySet,
}

impl Slice {
    fn of(uid: &EntityUid, actions: &Entities, all: &PolicySet) -> Result<Self> {
        let groups: Vec<EntityUid> = actions.ancestors(uid).into_iter().flatten().cloned().collect();
        let own = std::iter::once(uid).chain(&groups).filter_map(|uid| actions.get(uid).cloned());
        let entities = Entities::from_entities(own, None).map_err(Error::internal)?;
        let mut policies = PolicySet::new();
        for policy in all.policies() {
            let named = |other: &EntityUid| other == uid || groups.contains(other);
            let concerns = match policy.action_constraint() {
                ActionConstraint::Any => true,
                ActionConstraint::Eq(other) => named(&other),
                ActionConstraint::In(others) => others.iter().any(named),
            };
            if concerns {
                policies.add(policy.clone()).map_err(Error::internal)?;
            }
        }
        Ok(Self { uid: uid.clone(), entities, policies })
    }
}

impl fmt::Debug for Authz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authz({} actions)", self.0.actions.len())
    }
}

impl Authz {
    /// Compiles policies and refuses those that do not fit the schema, naming the place. `roles` are the attributes of an
    /// account that carry the subtrees it holds in that role.
    pub fn new(schema: &str, policies: &[(&str, &str)], roles: Vec<String>) -> Result<Self> {
        let (schema, warnings) = Schema::from_cedarschema_str(schema)
            .map_err(|error| Error::internal(format!("policies/tianmu.cedarschema: {error:?}")))?;
        for warning in warnings {
            tracing::warn!(%warning, "policy schema");
        }
        let mut all = PolicySet::new();
        for (file, text) in policies {
            let set = PolicySet::from_str(text)
                .map_err(|error| Error::internal(format!("policies/{file}: {error:?}")))?;
            for policy in set.policies() {
                let id = policy.annotation("id").unwrap_or_default();
                if id.is_empty() {
                    return Err(Error::internal(format!("policies/{file}: a policy has no @id")));
                }
                let policy = policy.new_id(cedar_policy::PolicyId::new(id));
                all.add(policy).map_err(|error| Error::internal(format!("policies/{file}: {error}")))?;
            }
        }
        let checked = Validator::new(schema.clone()).validate(&all, ValidationMode::Strict);
        if let Some(error) = checked.validation_errors().next() {
            return Err(Error::internal(format!("policies: {error}")));
        }
        let name = |text: &str| EntityTypeName::from_str(text).map_err(Error::internal);
        let entities = schema.action_entities().map_err(Error::internal)?;
        let mut actions = BTreeMap::new();
        for uid in schema.actions() {
            actions.insert(uid.id().unescaped().to_owned(), Slice::of(uid, &entities, &all)?);
        }
        Ok(Self(Arc::new(Inner {
            authorizer: Authorizer::new(),
            schema,
            roles,
            account_type: name("Account")?,
            resource_type: name("Resource")?,
            actions,
        })))
    }

    /// Every action and action group that the schema knows.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.0.actions.keys().map(String::as_str)
    }

    /// One decision.
    pub fn is_allowed(&self, principal: &Principal, action: Action, resource: &Resource) -> Result<bool> {
        self.is_allowed_named(principal, action.0, resource)
    }

    fn is_allowed_named(&self, principal: &Principal, action: &str, resource: &Resource) -> Result<bool> {
        let inner = &*self.0;
        let slice = inner
            .actions
            .get(action)
            .ok_or_else(|| Error::internal(format!("the policies do not know the action {action}")))?;
        let uid = |kind: &EntityTypeName, id: &str| {
            EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
        };
        let account_uid =
            uid(&inner.account_type, &principal.account_id.map(|id| id.to_string()).unwrap_or_default());
        let resource_uid =
            uid(&inner.resource_type, &resource.id.map(|id| id.to_string()).unwrap_or_default());
        let account = Entity::new(account_uid.clone(), self.account_attributes(principal), [].into())
            .map_err(Error::internal)?;
        let target = Entity::new(resource_uid.clone(), resource_attributes(resource), [].into())
            .map_err(Error::internal)?;
        let entities = slice.entities.clone();
        let entities =
            entities.add_entities([account, target], Some(&inner.schema)).map_err(Error::internal)?;
        let request =
            Request::new(account_uid, slice.uid.clone(), resource_uid, Context::empty(), Some(&inner.schema))
                .map_err(Error::internal)?;
        let response = inner.authorizer.is_authorized(&request, &slice.policies, &entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(Error::internal(format!("policy evaluation: {error}")));
        }
        Ok(response.decision() == Decision::Allow)
    }

    /// The subtrees held by `principal` over which `action` is allowed.
    pub fn scope(&self, principal: &Principal, action: Action) -> Result<Scope> {
        let mut paths = BTreeSet::new();
        for path in held_paths(principal) {
            if self.is_allowed(principal, action, &Resource::of("scope", None, &path))? {
                paths.insert(path);
            }
        }
        Ok(Scope(Some(paths)))
    }

    /// Every action that some role allows somewhere: what menus are made from.
    pub fn allowed_actions(&self, principal: &Principal) -> Result<Vec<String>> {
        let mut allowed = Vec::new();
        let mut resources: Vec<Resource> =
            held_paths(principal).iter().map(|path| Resource::of("scope", None, path)).collect();
        if let (Some(patient), Some(account)) = (principal.patient_id, principal.account_id) {
            resources.push(Resource::owned("scope", None, account).patient(patient));
        }
        for action in self.0.actions.keys() {
            for resource in &resources {
                if self.is_allowed_named(principal, action, resource)? {
                    allowed.push(action.clone());
                    break;
                }
            }
        }
        Ok(allowed)
    }

    fn account_attributes(&self, principal: &Principal) -> HashMap<String, RestrictedExpression> {
        let mut by_role: BTreeMap<&str, Vec<&str>> =
            self.0.roles.iter().map(|r| (r.as_str(), Vec::new())).collect();
        for grant in &principal.roles {
            by_role.entry(grant.role.as_str()).or_default().push(grant.scope.as_str());
        }
        let mut attributes: HashMap<String, RestrictedExpression> = by_role
            .into_iter()
            .filter(|(role, _)| self.0.roles.iter().any(|r| r == role))
            .map(|(role, paths)| (role.to_owned(), strings(paths)))
            .collect();
        let kind = if principal.kind == PrincipalKind::Resident { "resident" } else { "staff" };
        attributes.insert("kind".into(), RestrictedExpression::new_string(kind.into()));
        attributes.insert(
            "id".into(),
            RestrictedExpression::new_string(text(principal.account_id.map(AccountId::uuid))),
        );
        attributes.insert(
            "patient".into(),
            RestrictedExpression::new_string(text(principal.patient_id.map(PatientId::uuid))),
        );
        attributes
    }
}

fn held_paths(principal: &Principal) -> BTreeSet<OrgPath> {
    principal.roles.iter().map(|grant| grant.scope.clone()).collect()
}

fn resource_attributes(resource: &Resource) -> HashMap<String, RestrictedExpression> {
    let within = resource.organisation_path.as_ref().map(|p| p.lineage().collect()).unwrap_or_default();
    HashMap::from([
        ("kind".to_owned(), RestrictedExpression::new_string(resource.kind.to_owned())),
        ("within".to_owned(), strings(within)),
        (
            "patient".to_owned(),
            RestrictedExpression::new_string(text(resource.patient_id.map(PatientId::uuid))),
        ),
        ("owner".to_owned(), RestrictedExpression::new_string(text(resource.owner.map(AccountId::uuid)))),
    ])
}

fn strings(values: Vec<&str>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.into_iter().map(|v| RestrictedExpression::new_string(v.to_owned())))
}

/// An absent id is the empty text; policies that compare ids must first rule it out.
fn text(id: Option<Uuid>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_range_of_paths() {
        let mut values = vec![Value::from(1i64)];
        let scope = Scope::of([OrgPath::new("00010003").unwrap()]);
        assert_eq!(
            scope.sql("organisation_path", &mut values),
            "((organisation_path >= $2 AND organisation_path < $3))"
        );
        assert_eq!(values[2], Value::from("00010004"));
        assert_eq!(OrgPath::new("00019999").unwrap().end(), "00020000");
        assert!(scope.contains("000100030007") && !scope.contains("00010004"));
        assert_eq!(Scope::of([]).sql("p", &mut values), "1 = 0");
        assert_eq!(
            OrgPath::new("000100020003").unwrap().lineage().collect::<Vec<_>>(),
            ["0001", "00010002", "000100020003"]
        );
    }
}
