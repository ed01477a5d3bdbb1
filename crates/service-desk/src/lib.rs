//! The service regime (运维服务): the contract with the provider as something the program executes.
//!
//! Start reading at [`book`] (contract versions, calendar, hours: what everything is computed with), [`journal`] and [`clock`]
//! (what happened, and what follows from it), then one part: `tickets`, `settlement`, and so on. Every amount and every
//! date comes from `service-terms`, with its derivation; this crate keeps the facts and the agreement of people about them.
//!
//! Invariants:
//! - what has a clock is the fold of its journal: entries are only added, a correction replaces an entry in the fold and both
//!   stay. Due times in rows are a projection for lists; whatever changes a calendar or a contract replays them and writes the
//!   difference into the journal. A timer only looks; it is never the truth;
//! - a year whose calendar is unknown blocks what depends on it, with the reason; nothing guesses;
//! - money: nothing is deleted, a correction is a counter-entry; an amount has effect when both parties have accepted it;
//! - a record lies at the institution it is about, or at the region of its contract; who may see what follows from that.
//!
//! Deliberately absent: the clauses (`service-terms`), working time (`cn-calendar`), paper (`print`), accounts (`identity`).

pub mod access;
pub mod attachments;
pub mod book;
pub mod clock;
pub mod contracts;
pub mod corrections;
pub mod dashboard;
pub mod duties;
pub mod forms;
pub mod incidents;
pub mod inspections;
pub mod intake;
pub mod journal;
pub mod knowledge;
pub mod notices;
pub mod people;
pub mod requirements;
pub mod roster;
pub mod settlement;
pub mod tickets;
pub mod watch;

use axum::Extension;
use kernel::{Error, OrganisationId, Result};
use platform::config::ServiceConfig;
use platform::{Migration, Module, Platform};
use ports::identity::{Directory, OrganisationBrief};
use ports::service::InspectionReadings;
use std::collections::HashMap;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

macro_rules! migration {
    ($version:literal, $name:literal) => {
        Migration {
            owner: "service_desk",
            version: $version,
            name: $name,
            sql: include_str!(concat!("../../../migrations/service_desk/", $name, ".sql")),
        }
    };
}

/// The migrations of this crate.
#[rustfmt::skip]
pub const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_foundation"),
    migration!(2, "0002_tickets"),
    migration!(3, "0003_roster"),
    migration!(4, "0004_inspections"),
    migration!(5, "0005_corrections"),
    migration!(6, "0006_requirements"),
    migration!(7, "0007_incidents"),
    migration!(8, "0008_knowledge"),
    migration!(10, "0010_settlement"),
    migration!(11, "0011_duties"),
    migration!(12, "0012_correction_executions"),
    migration!(13, "0013_intake"),
    migration!(14, "0014_presence"),
];

/// The use cases of this context, with what they need of others.
pub struct ServiceDesk {
    directory: Arc<dyn Directory>,
    printer: Arc<print::Printer>,
    /// A monitoring system, where one is connected.
    readings: Option<Arc<dyn InspectionReadings>>,
    /// Monitoring systems whose alerts open tickets.
    service: ServiceConfig,
}

/// The use cases, as handlers receive them.
pub(crate) type Desk = Extension<Arc<ServiceDesk>>;

impl std::fmt::Debug for ServiceDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServiceDesk")
    }
}

impl ServiceDesk {
    pub fn new(directory: Arc<dyn Directory>, printer: Arc<print::Printer>) -> Arc<Self> {
        Self::monitored(directory, printer, None)
    }

    /// The same with a monitoring system, which fills in inspections.
    pub fn monitored(
        directory: Arc<dyn Directory>,
        printer: Arc<print::Printer>,
        readings: Option<Arc<dyn InspectionReadings>>,
    ) -> Arc<Self> {
        Arc::new(Self { directory, printer, readings, service: ServiceConfig::default() })
    }

    /// The desk of an installation; a wrong configuration is refused with its key.
    pub fn configured(
        directory: Arc<dyn Directory>,
        printer: Arc<print::Printer>,
        config: &ServiceConfig,
    ) -> Result<Arc<Self>> {
        intake::alerts::check(config)?;
        Ok(Arc::new(Self { directory, printer, readings: None, service: config.clone() }))
    }

    /// An institution that exists.
    pub(crate) async fn organisation(&self, id: OrganisationId) -> Result<OrganisationBrief> {
        let found = self.directory.organisations(&[id]).await?;
        found.into_iter().next().ok_or_else(|| Error::not_found("organisation"))
    }

    /// Computes everything that has a clock anew, after a contract, the calendar or hours changed.
    pub(crate) async fn replay(&self, ctx: &platform::Ctx, cause: &str) -> Result<()> {
        tickets::replay_open(self, ctx, cause).await?;
        incidents::replay_open(self, ctx, cause).await?;
        requirements::replay_open(self, ctx, cause).await?;
        duties::vulnerabilities::replay_open(ctx).await
    }

    /// Names of institutions, for lists.
    pub(crate) async fn organisation_names(&self, ids: &[OrganisationId]) -> Result<HashMap<Uuid, String>> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let found = self.directory.organisations(&ids).await?;
        Ok(found.into_iter().map(|o| (o.id.uuid(), o.name)).collect())
    }
}

/// Routes and background work.
pub fn module(desk: &Arc<ServiceDesk>) -> Module {
    let router: OpenApiRouter<Platform> = OpenApiRouter::new()
        .merge(attachments::router())
        .merge(contracts::router())
        .merge(corrections::router())
        .merge(dashboard::router())
        .merge(duties::router())
        .merge(incidents::router())
        .merge(inspections::router())
        .merge(intake::router())
        .merge(knowledge::router())
        .merge(notices::router())
        .merge(people::router())
        .merge(requirements::router())
        .merge(roster::router())
        .merge(settlement::router())
        .merge(tickets::router());
    Module {
        router: router.layer(Extension(Arc::clone(desk))),
        jobs: [
            contracts::jobs(desk),
            duties::jobs(desk),
            incidents::jobs(desk),
            inspections::jobs(desk),
            requirements::jobs(desk),
            roster::jobs(desk),
            tickets::jobs(desk),
        ]
        .into_iter()
        .flatten()
        .collect(),
        ..Module::default()
    }
}
