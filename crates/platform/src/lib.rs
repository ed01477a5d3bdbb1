//! What every system stands on: database, outbox, jobs, blobs, authorization, audit, context, errors, configuration.
//!
//! Start reading at [`Platform`] (what there is), [`Ctx`] (who asks) and [`Tx`] (how anything changes): a use case
//! authorizes, loads, checks, changes and commits, and its events and audit rows are part of the same transaction.
//!
//! Invariants: no system's tables or rules appear here. Nothing reads a clock or draws a random number except through
//! [`Platform::now`] and [`Platform::random`]. A write is acknowledged only after its transaction is on disk.
//!
//! Deliberately absent: sessions and accounts (crate `identity`), routes of any system, the wiring (crate `server`).

pub mod audit;
pub mod authz;
pub mod blobs;
pub mod clock;
pub mod config;
pub mod context;
pub mod db;
pub mod events;
pub mod hash;
pub mod http;
pub mod idempotency;
pub mod jobs;
pub mod live;
pub mod migrate;
pub mod roles;
pub mod settings;
pub mod sse;
pub mod telemetry;

pub use audit::{AuditEntry, Outcome};
pub use authz::{Action, Authz, OrgPath, Resource, Scope};
pub use blobs::{Blob, Blobs};
pub use clock::{Clock, Random};
pub use config::Config;
pub use context::{Ctx, Principal, PrincipalKind, PublicCtx, RoleGrant};
pub use db::{Db, Dialect, Exec, Tx};
pub use events::Subscription;
pub use http::{ApiError, ApiResult, RateLimits};
pub use jobs::{JobHandler, JobKind, NewJob};
pub use live::Live;
pub use migrate::Migration;

use kernel::{Error, Result, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

/// The migrations of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    owner: "platform",
    version: 1,
    name: "foundation",
    sql: include_str!("../../../migrations/platform/0001_foundation.sql"),
}];

/// Everything a use case may need, cheap to clone.
#[derive(Clone, Debug)]
pub struct Platform(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: Config,
    db: Db,
    blobs: Blobs,
    authz: Authz,
    clock: Clock,
    random: Random,
    live: Live,
    rate_limits: RateLimits,
    jobs_due: Notify,
    shutdown: CancellationToken,
    registry: OnceLock<Registry>,
}

#[derive(Debug, Default)]
struct Registry {
    handlers: HashMap<&'static str, JobHandler>,
    subscriptions: Vec<Subscription>,
}

/// What a crate hands to the server: its routes, and what it does in the background.
#[derive(Default)]
pub struct Module {
    /// Routes below `/api/v1`.
    pub router: OpenApiRouter<Platform>,
    pub jobs: Vec<JobHandler>,
    pub subscriptions: Vec<Subscription>,
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module")
            .field("jobs", &self.jobs)
            .field("subscriptions", &self.subscriptions)
            .finish()
    }
}

/// The parts a platform is made from.
#[derive(Debug)]
pub struct Parts {
    pub config: Config,
    pub db: Db,
    pub blobs: Blobs,
    pub authz: Authz,
    pub clock: Clock,
    pub random: Random,
}

impl Platform {
    pub fn new(parts: Parts) -> Self {
        let rate_limits = RateLimits::new(&parts.config.limits);
        Self(Arc::new(Inner {
            config: parts.config,
            db: parts.db,
            blobs: parts.blobs,
            authz: parts.authz,
            clock: parts.clock,
            random: parts.random,
            live: Live::default(),
            rate_limits,
            jobs_due: Notify::new(),
            shutdown: CancellationToken::new(),
            registry: OnceLock::new(),
        }))
    }

    /// Registers what the modules do in the background. Called once, when all modules are known.
    pub fn register(&self, jobs: Vec<JobHandler>, subscriptions: Vec<Subscription>) -> Result<()> {
        let mut registry = Registry { subscriptions, ..Registry::default() };
        for handler in jobs {
            if registry.handlers.insert(handler.kind.name, handler).is_some() {
                return Err(Error::internal("two handlers for one kind of job"));
            }
        }
        for subscription in &registry.subscriptions {
            if !registry.handlers.contains_key(subscription.job.name) {
                return Err(Error::internal(format!(
                    "no handler for subscription {}",
                    subscription.job.name
                )));
            }
        }
        self.0.registry.set(registry).map_err(|_| Error::internal("modules are registered once"))
    }

    pub fn config(&self) -> &Config {
        &self.0.config
    }

    pub fn db(&self) -> &Db {
        &self.0.db
    }

    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    pub fn authz(&self) -> &Authz {
        &self.0.authz
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub fn random(&self) -> &Random {
        &self.0.random
    }

    pub fn live(&self) -> &Live {
        &self.0.live
    }

    pub fn rate_limits(&self) -> &RateLimits {
        &self.0.rate_limits
    }

    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// A fresh UUIDv7.
    pub fn new_uuid(&self) -> Uuid {
        self.0.random.uuid(self.now())
    }

    pub(crate) fn subscribers(&self, topic: &str) -> Vec<JobKind> {
        let all = self.0.registry.get().map(|r| r.subscriptions.as_slice()).unwrap_or_default();
        all.iter().filter(|s| s.topic == topic).map(|s| s.job).collect()
    }

    pub(crate) fn handler(&self, kind: &str) -> Option<JobHandler> {
        self.0.registry.get().and_then(|r| r.handlers.get(kind)).cloned()
    }

    pub(crate) fn wake_jobs(&self) {
        self.0.jobs_due.notify_one();
    }

    pub(crate) async fn jobs_woken(&self) {
        self.0.jobs_due.notified().await;
    }

    /// Asks workers and streams to end.
    pub fn shut_down(&self) {
        self.0.shutdown.cancel();
    }

    pub fn is_shutting_down(&self) -> bool {
        self.0.shutdown.is_cancelled()
    }

    pub async fn shutdown_requested(&self) {
        self.0.shutdown.cancelled().await;
    }
}
