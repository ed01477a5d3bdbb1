//! Security duties (安全义务, annexes 2 and 3): who of the provider may reach what and until when, what is known of these people,
//! vulnerabilities and their reporting, the yearly report, and what is handed over or destroyed at the end.
//!
//! Invariants:
//! - a grant never outlives its end: its state follows from its moments and the clock, whether or not the job ran;
//! - nobody approves what they asked for, nobody witnesses what they did;
//! - everything lies at the region of the contract; an institution sees none of it.
//!
//! Deliberately absent: reaching into other systems. That an access is gone from one is what a person confirms.

pub mod grants;
pub mod handovers;
pub mod persons;
pub mod reports;
pub mod vulnerabilities;

use crate::ServiceDesk;
use crate::access;
use kernel::{AccountId, Result};
use platform::{Action, AuditEntry, Ctx, JobHandler, Platform, Tx};
use ports::service::ServiceRecordChanged;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

/// Routes about security duties.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .merge(grants::router())
        .merge(handovers::router())
        .merge(persons::router())
        .merge(reports::router())
        .merge(vulnerabilities::router())
}

pub fn jobs(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    [grants::jobs(desk), reports::jobs(desk), vulnerabilities::jobs(desk)].into_iter().flatten().collect()
}

/// The tab of the page on which the staff application shows a record of this part.
pub(crate) fn tab(subject_kind: &str) -> Option<&'static str> {
    match subject_kind {
        "duty_grant" => Some("grants"),
        "duty_person" => Some("people"),
        "vulnerability" => Some("vulnerabilities"),
        "security_report" => Some("reports"),
        "handover" => Some("handovers"),
        _ => None,
    }
}

/// A record of this part, for its traces.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Changed<'a> {
    /// Of the audit entry, such as `service_grant`.
    pub kind: &'static str,
    pub id: Uuid,
    pub path: &'a str,
    pub state: &'a str,
}

/// The traces of a step: audit and live hint, in its transaction.
pub(crate) async fn note_change(
    tx: &mut Tx,
    ctx: &Ctx,
    action: &'static str,
    changed: Changed<'_>,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = AuditEntry::new(action)
        .on(changed.kind, changed.id)
        .organisation(changed.path)
        .detail(serde_json::json!({"step": step, "state": changed.state}));
    if let Some(reason) = reason {
        entry = entry.reason(reason.to_owned());
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "duty".into(),
        id: changed.id,
        state: changed.state.to_owned(),
        organisation_path: changed.path.to_owned(),
    })
    .await
}

/// The permission for a step out of those of which one is needed; a refusal is recorded.
pub(crate) async fn authorize_step(
    ctx: &Ctx,
    actions: &[Action],
    kind: &'static str,
    id: Uuid,
    path: &str,
) -> Result<()> {
    let action = access::first_allowed(ctx, actions, path)?;
    ctx.authorize(action, &access::resource(kind, Some(id), path)?).await
}

impl ServiceDesk {
    /// Who is told on both sides: the provider's leads, the bureau's information section, and whom it is about.
    pub(crate) async fn both_sides(&self, path: &str, about: Option<Uuid>) -> Result<Vec<AccountId>> {
        let found = self.directory.holders(&["project_lead", "bureau_information"], path).await?;
        Ok(found.into_iter().map(|person| person.account_id).chain(about.map(AccountId)).collect())
    }

    /// The bureau's information section.
    pub(crate) async fn information_section(&self, path: &str) -> Result<Vec<AccountId>> {
        let found = self.directory.holders(&["bureau_information"], path).await?;
        Ok(found.into_iter().map(|person| person.account_id).collect())
    }
}
