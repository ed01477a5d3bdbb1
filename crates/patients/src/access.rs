//! Who may see and do what to a record: the decision beside the rows it is about.
//!
//! A record is visible to those who hold `patient_read` over an organisation that knows the person. Whoever cannot see a
//! record is told that it does not exist; the attempt is recorded.

use crate::rows::PatientRow;
use crate::store;
use kernel::{Error, PatientId, Result};
use platform::{Action, AuditEntry, Ctx, OrgPath, Outcome, PrincipalKind, Resource, Scope};

pub(crate) const SEARCH: Action = Action("patient_search");
pub(crate) const READ: Action = Action("patient_read");
pub(crate) const REGISTER: Action = Action("patient_register");
pub(crate) const EDIT: Action = Action("patient_edit");
pub(crate) const REVEAL: Action = Action("patient_reveal");
pub(crate) const MERGE: Action = Action("patient_merge");

/// The kind of resource that policies and audit entries speak of.
pub(crate) const PATIENT: &str = "patient";

/// The record, if the caller sees it and may do this to it. Not to be called inside a transaction: a refusal is recorded.
pub(crate) async fn admit(ctx: &Ctx, action: Action, id: PatientId) -> Result<PatientRow> {
    let scope = ctx.scope(READ).await?;
    let exec = ctx.platform().db().read();
    let row = store::find(&exec, id).await?.ok_or_else(|| Error::not_found(PATIENT))?;
    let paths = store::known_paths(&exec, [row.id, row.root_id], &scope).await?;
    let Some(first) = paths.first() else {
        let entry = AuditEntry::new(action.0).on(PATIENT, id.uuid()).patient(id).outcome(Outcome::Denied);
        ctx.platform().audit(ctx, entry).await?;
        return Err(Error::not_found(PATIENT));
    };
    if ctx.principal().kind() != PrincipalKind::System {
        // Of the organisations that know the person, the decision is about one over which the caller may do it, if any.
        let allowed = ctx.platform().authz().scope(ctx.principal(), action)?;
        let path = paths.iter().find(|path| allowed.contains(path.as_str())).unwrap_or(first);
        ctx.authorize(action, &resource(Some(id), path)).await?;
    }
    Ok(row)
}

/// A record, or one to be, of an organisation.
pub(crate) fn resource(id: Option<PatientId>, path: &OrgPath) -> Resource {
    let resource = Resource::of(PATIENT, id.map(PatientId::uuid), path);
    match id {
        Some(id) => resource.patient(id),
        None => resource,
    }
}

/// Over which organisations the caller reads records, without recording a refusal: what is outside is shown masked.
pub(crate) fn reading_scope(ctx: &Ctx) -> Result<Scope> {
    match ctx.principal().kind() {
        PrincipalKind::System => Ok(Scope::everything()),
        _ => ctx.platform().authz().scope(ctx.principal(), READ),
    }
}
