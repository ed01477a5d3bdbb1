//! A grant ends by itself: a warning seven days before, and both parties are told when it is over.
//!
//! The job only tells. A grant past its end is expired whether or not this ran.

use super::model::{State, WARNING, state};
use super::ops::{note, params, subject};
use super::store::{self, GrantRow};
use crate::duties::persons::store as persons;
use crate::{ServiceDesk, notices};
use kernel::{Result, Timestamp};
use platform::{Ctx, JobHandler, JobKind, NewJob, Tx};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

const WATCH: JobKind = JobKind { name: "service_watch_grant", max_attempts: 8 };

#[derive(Debug, Serialize, Deserialize)]
struct Watch {
    grant_id: Uuid,
}

pub fn handlers(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    let desk = Arc::clone(desk);
    vec![JobHandler::new(WATCH, move |ctx, job: Watch| {
        let desk = Arc::clone(&desk);
        async move { look(&desk, &ctx, job.grant_id).await }
    })]
}

/// Puts the watches of an approved grant. One that is shorter than the warning is not warned of.
pub(super) async fn schedule(tx: &mut Tx, ctx: &Ctx, row: &GrantRow) -> Result<()> {
    let until = Timestamp::from_micros(row.until_at);
    for at in [until.minus(WARNING), until] {
        if at > ctx.now() {
            tx.enqueue(NewJob::new(WATCH, &Watch { grant_id: row.id })?.at(at)).await?;
        }
    }
    Ok(())
}

async fn look(desk: &ServiceDesk, ctx: &Ctx, id: Uuid) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let mut row = store::lock(&tx.exec(), id).await?;
    let now = ctx.now();
    let near = Timestamp::from_micros(row.until_at).minus(WARNING) <= now;
    let (code, step) = match state(&row, now) {
        State::Expired if row.expired_told_at.is_none() => {
            row.expired_told_at = Some(now.micros());
            ("grant_expired", "expire")
        }
        State::Active | State::Coming if near && row.warned_at.is_none() => {
            row.warned_at = Some(now.micros());
            ("grant_expiring", "warn")
        }
        _ => return Ok(()),
    };
    store::update(&tx.exec(), &mut row).await?;
    let person = persons::find(&tx.exec(), row.person_id).await?;
    let account = person.as_ref().and_then(|p| p.account_id);
    let name = person.map(|p| p.name).unwrap_or_default();
    let told = desk.both_sides(&row.organisation_path, account).await?;
    notices::tell(&mut tx, ctx, &told, code, &params(&row, &name), subject(id)).await?;
    note(&mut tx, ctx, &row, step, None).await?;
    tx.commit().await
}
