//! Live hints: "something about this changed, look again". A hint carries ids only, never personal data.
//!
//! Hints travel in memory after the commit. With several processes on one PostgreSQL each process also follows the
//! event table, so that a hint reaches browsers connected to another process; see [`follow`].

use crate::db::query_all;
use crate::{Platform, jobs};
use kernel::Timestamp;
use sea_orm::FromQueryResult;
use std::time::Duration;
use tokio::sync::broadcast;
use uuid::Uuid;

/// One hint.
#[derive(Clone, Debug)]
pub struct LiveHint {
    pub id: Uuid,
    pub topic: String,
    pub resource_id: Uuid,
    pub organisation_path: Option<String>,
    pub at: Timestamp,
}

/// The hints of this process.
#[derive(Clone, Debug)]
pub struct Live(broadcast::Sender<LiveHint>);

impl Default for Live {
    fn default() -> Self {
        // A browser that falls 1024 hints behind is told to reload everything instead.
        Self(broadcast::channel(1024).0)
    }
}

impl Live {
    pub fn send(&self, hint: LiveHint) {
        // Nobody listening is not an error.
        let _ = self.0.send(hint);
    }

    pub fn subscribe(&self) -> broadcast::Receiver<LiveHint> {
        self.0.subscribe()
    }
}

#[derive(FromQueryResult)]
struct EventRow {
    id: Uuid,
    topic: String,
    resource_id: Uuid,
    organisation_path: Option<String>,
    at: i64,
}

/// Follows the event table and repeats the hints of other processes, until the platform shuts down.
pub async fn follow(platform: Platform) {
    let mut own = platform.live().subscribe();
    let mut since = platform.now();
    let mut seen: std::collections::VecDeque<Uuid> = std::collections::VecDeque::new();
    while !jobs::sleep_or_shutdown(&platform, Duration::from_secs(1)).await {
        while let Ok(hint) = own.try_recv() {
            seen.push_back(hint.id);
        }
        // Two seconds of overlap: a transaction may commit after a later-numbered one.
        let from = since.minus(Duration::from_secs(2));
        let sql = "SELECT id, topic, resource_id, organisation_path, at FROM platform_event WHERE at > $1 ORDER BY at LIMIT 500";
        let rows: Vec<EventRow> =
            match query_all(&platform.db().read(), sql, vec![from.micros().into()]).await {
                Ok(rows) => rows,
                Err(error) => {
                    tracing::warn!(%error, "following events failed, trying again");
                    continue;
                }
            };
        for row in rows {
            since = since.max(Timestamp::from_micros(row.at));
            if !seen.contains(&row.id) {
                seen.push_back(row.id);
                platform.live().send(LiveHint {
                    id: row.id,
                    topic: row.topic,
                    resource_id: row.resource_id,
                    organisation_path: row.organisation_path,
                    at: Timestamp::from_micros(row.at),
                });
            }
        }
        while seen.len() > 4096 {
            seen.pop_front();
        }
    }
}
