//! The permissions of the service regime, and small checks that every part needs.
//!
//! A ticket, a data correction, a requirement lies at the institution it is about; a contract, a roster, an inspection, a
//! penalty lies at the region of its contract.

use kernel::{AccountId, Error, Result};
use platform::{Action, Ctx, OrgPath, Resource, Scope};
use uuid::Uuid;

pub const TICKET_READ: Action = Action("ticket_read");
pub const TICKET_OPEN: Action = Action("ticket_open");
pub const TICKET_WORK: Action = Action("ticket_work");
pub const TICKET_MANAGE: Action = Action("ticket_manage");
pub const TICKET_CONFIRM: Action = Action("ticket_confirm");
pub const KNOWLEDGE_EDIT: Action = Action("knowledge_edit");
pub const CORRECTION_REQUEST: Action = Action("correction_request");
pub const CORRECTION_APPROVE: Action = Action("correction_approve");
pub const CORRECTION_WORK: Action = Action("correction_work");
pub const REQUIREMENT_REGISTER: Action = Action("requirement_register");
pub const REQUIREMENT_WORK: Action = Action("requirement_work");
pub const REQUIREMENT_CONFIRM: Action = Action("requirement_confirm");
pub const INCIDENT_WORK: Action = Action("incident_work");
pub const INCIDENT_REVIEW: Action = Action("incident_review");
pub const ROSTER_READ: Action = Action("roster_read");
pub const ROSTER_EDIT: Action = Action("roster_edit");
pub const ATTENDANCE_RECORD: Action = Action("attendance_record");
pub const INSPECTION_READ: Action = Action("inspection_read");
pub const INSPECTION_WORK: Action = Action("inspection_work");
pub const INSPECTION_CONFIRM: Action = Action("inspection_confirm");
pub const CONTRACT_READ: Action = Action("contract_read");
pub const CONTRACT_EDIT: Action = Action("contract_edit");
pub const SETTLEMENT_REVIEW_A: Action = Action("settlement_review_a");
pub const SETTLEMENT_REVIEW_B: Action = Action("settlement_review_b");
pub const PAYMENT_RECORD: Action = Action("payment_record");
pub const DUTY_READ: Action = Action("duty_read");
pub const DUTY_WORK: Action = Action("duty_work");
pub const DUTY_CONFIRM: Action = Action("duty_confirm");

/// A record of this context as a resource of the policies.
pub fn resource(kind: &'static str, id: Option<Uuid>, path: &str) -> Result<Resource> {
    Ok(Resource::of(kind, id, &OrgPath::new(path)?))
}

/// Whether the caller may do this there, without recording a refusal: for the buttons of a screen.
pub fn may(ctx: &Ctx, action: Action, path: &str) -> Result<bool> {
    let principal = ctx.principal();
    if principal.kind() == platform::PrincipalKind::System {
        return Ok(true);
    }
    ctx.platform().authz().is_allowed(principal, action, &resource("scope", None, path)?)
}

/// Whether the caller may do any of these there.
pub fn any(ctx: &Ctx, actions: &[Action], path: &str) -> Result<bool> {
    for action in actions {
        if may(ctx, *action, path)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The first of these that the caller may do there; the first of all when there is none, so that the refusal has a name.
pub fn first_allowed(ctx: &Ctx, actions: &[Action], path: &str) -> Result<Action> {
    for action in actions {
        if may(ctx, *action, path)? {
            return Ok(*action);
        }
    }
    actions.first().copied().ok_or_else(|| Error::internal("a step without a permission"))
}

/// The record if it lies in the scope; else it does not exist for the caller.
pub fn visible<T>(found: Option<T>, scope: &Scope, path: impl Fn(&T) -> &str, what: &str) -> Result<T> {
    found.filter(|row| scope.contains(path(row))).ok_or_else(|| Error::not_found(what))
}

/// The caller's account for a row; none for the program itself.
pub fn by(ctx: &Ctx) -> Option<Uuid> {
    ctx.principal().account_id().map(AccountId::uuid)
}

/// A text of a request: trimmed, not empty, at most so many characters.
pub fn required(field: &str, text: &str, longest: usize) -> Result<String> {
    optional(field, Some(text), longest)?.ok_or_else(|| Error::field(field, "required", "must not be empty"))
}

/// The same, where it may be absent or empty.
pub fn optional(field: &str, text: Option<&str>, longest: usize) -> Result<Option<String>> {
    let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    if text.chars().count() > longest {
        return Err(Error::field(field, "too_long", format!("at most {longest} characters")));
    }
    Ok(Some(text.to_owned()))
}

/// The row moved on since it was read.
pub fn stale() -> Error {
    Error::conflict("stale_version", "somebody changed this meanwhile; load it again")
}
