//! The outbox: an event is a row of the transaction that made it happen, and one job for each subscriber.
//!
//! Delivery is therefore exactly as durable as jobs are: at least once, retried with back-off, ending in the dead-letter
//! list. Subscribers must be idempotent.

use crate::db::execute;
use crate::jobs::{self, NewJob};
use crate::live::LiveHint;
use crate::{Tx, jobs::JobKind};
use kernel::{Error, Result};
use ports::Event;

/// A subscription: which topic, and the job that handles it.
#[derive(Clone, Copy, Debug)]
pub struct Subscription {
    pub topic: &'static str,
    pub job: JobKind,
}

pub(crate) async fn store<E: Event>(tx: &mut Tx, event: &E) -> Result<LiveHint> {
    let platform = tx.platform().clone();
    let now = platform.now();
    let id = platform.new_uuid();
    let payload = serde_json::to_value(event).map_err(Error::internal)?;
    execute(
        &tx.exec(),
        "INSERT INTO platform_event (id, topic, resource_id, organisation_path, payload, at) VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            id.into(),
            E::TOPIC.into(),
            event.resource_id().into(),
            event.organisation_path().map(ToOwned::to_owned).into(),
            payload.to_string().into(),
            now.micros().into(),
        ],
    )
    .await?;
    for job in platform.subscribers(E::TOPIC) {
        jobs::insert(tx, NewJob::new(job, &payload)?).await?;
    }
    Ok(LiveHint {
        id,
        topic: E::TOPIC.to_owned(),
        resource_id: event.resource_id(),
        organisation_path: event.organisation_path().map(ToOwned::to_owned),
        at: now,
    })
}
