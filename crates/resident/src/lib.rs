//! The resident's side: one's own reports on the phone.
//!
//! Start reading at `queries.rs`. Reports come through [`ports::ecg::PublishedEcgReports`], so only published ones exist
//! here, and only those of the person behind the account (and of records merged into theirs).
//!
//! Invariants: every reading is recorded in the audit trail like anybody else's. Nothing here can change a report.
//!
//! Deliberately absent: registration of accounts by residents themselves, family members' reports.

mod api;
mod queries;
pub mod wire;

use platform::{Migration, Module};
use ports::ecg::PublishedEcgReports;
use ports::patients::Patients;
use std::sync::Arc;

/// The migrations of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    owner: "resident",
    version: 1,
    name: "reading",
    sql: include_str!("../../../migrations/resident/0001_reading.sql"),
}];

/// The use cases of this context, with what they need of others.
pub struct Resident {
    reports: Arc<dyn PublishedEcgReports>,
    patients: Arc<dyn Patients>,
}

impl std::fmt::Debug for Resident {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Resident")
    }
}

impl Resident {
    pub fn new(reports: Arc<dyn PublishedEcgReports>, patients: Arc<dyn Patients>) -> Arc<Self> {
        Arc::new(Self { reports, patients })
    }
}

/// Routes of this crate.
pub fn module(resident: &Arc<Resident>) -> Module {
    Module { router: api::router(resident), ..Module::default() }
}
