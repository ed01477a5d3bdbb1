//! Regional ECG: examinations from the clinic's request to the reviewed report.
//!
//! Start reading at [`model`](crate::model) (the states), then `ops.rs` and `reporting.rs` (every step of an examination, in the
//! order of its life), then `intake.rs` (from uploaded bytes to a decoded and analysed recording).
//!
//! Invariants: the uploaded files are kept exactly as they came. A signed version of a report never changes; what happens
//! to it afterwards is a new version or a new state, with who, when and why on the timeline. The reviewer is not the
//! signer. An examination is worked on by one person at a time. A step, its timeline entry, its audit entry and its event
//! are one transaction.
//!
//! Deliberately absent: decoding (`ecg-format`), measuring (`ecg-signal`), paper (`print`), people (`patients`),
//! critical values, consultation and Holter review, which are not part of this slice.

mod api;
mod definitions;
mod intake;
mod jobs;
pub mod model;
mod ops;
mod paper;
mod policy;
mod published;
mod queries;
mod reporting;
mod rows;
pub mod sheet;
mod store;
mod waveform;
pub mod wire;

pub use intake::Upload;
pub use ops::RecordingUpload;
pub use published::published;
pub use store::{Filter, WorkQueue, worklist_sql};

use kernel::{Error, Result};
use platform::{Migration, Module};
use ports::identity::Directory;
use ports::patients::Patients;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The migrations of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    owner: "ecg",
    version: 1,
    name: "exams",
    sql: include_str!("../../../migrations/ecg/0001_exams.sql"),
}];

/// Uploads that are decoded at the same time: each may need a few times its own size in memory.
const INTAKE_AT_ONCE: usize = 4;

/// The use cases of this context, with what they need of others.
pub struct Ecg {
    patients: Arc<dyn Patients>,
    directory: Arc<dyn Directory>,
    turnaround: definitions::Turnaround,
    printer: Arc<print::Printer>,
    intake_slots: Semaphore,
}

impl std::fmt::Debug for Ecg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ecg")
    }
}

impl Ecg {
    pub fn new(
        patients: Arc<dyn Patients>,
        directory: Arc<dyn Directory>,
        printer: Arc<print::Printer>,
    ) -> Result<Arc<Self>> {
        definitions::phrases()?;
        Ok(Arc::new(Self {
            patients,
            directory,
            turnaround: definitions::Turnaround::builtin()?,
            printer,
            intake_slots: Semaphore::new(INTAKE_AT_ONCE),
        }))
    }
}

/// The printer with the papers and fonts that this program carries.
pub fn builtin_printer() -> Result<Arc<print::Printer>> {
    let papers = print::PaperSet::embedded().map_err(Error::internal)?;
    let fonts = print::Fonts::embedded().map_err(Error::internal)?;
    Ok(Arc::new(print::Printer::new(papers, fonts).map_err(Error::internal)?))
}

/// Routes and background work.
pub fn module(ecg: &Arc<Ecg>) -> Module {
    Module { router: api::router(ecg), jobs: jobs::handlers(ecg), ..Module::default() }
}
