//! The master index: one record for each person of the region (居民主索引).
//!
//! Purpose: find, register and correct people; see that one person has one record; hide what identifies them from those
//! who need not see it. Start reading at [`ops::register`] and `matching`.
//!
//! Invariants:
//! - an identity number (kind and normal form) belongs to one record;
//! - a merge changes neither record: the absorbed one points to its survivor, and taking it apart restores both exactly.
//!   `root_id` is always the record that stands for the person;
//! - a record is visible to organisations that know the person: where it was registered, had contact, or where a record
//!   merged into it is known. Not visible is 404. Only a whole identity number finds beyond that, masked;
//! - identity numbers, phones and addresses leave only masked, except by a reveal whose reason is in the audit trail;
//! - every change keeps what was there before (`patients_history`).
//!
//! Deliberately absent: health records, consent, households (systems 5 and 7), and automatic merging: a person decides.

pub(crate) mod access;
mod api;
mod matching;
mod model;
mod ops;
mod policy;
mod queries;
mod rows;
mod store;
mod wire;

pub use matching::CANDIDATE_SCORE;
pub use model::age_text;
pub use ops::{Registered, register};
pub use wire::{
    DuplicateCandidate, DuplicatePair, Merge, MergeInput, Merges, PageParams, Patient, PatientChange,
    PatientInput, Reason, Revealed, SearchParams,
};

use async_trait::async_trait;
use kernel::{OrganisationId, PatientId, Result};
use platform::{JobHandler, JobKind, Migration, Module, OrgPath, Platform, Scope, Subscription};
use ports::Event;
use ports::identity::Directory;
use ports::patients::{PatientBrief, PatientChanged, Patients, PatientsMerged};
use std::sync::Arc;

/// The migrations of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    owner: "patients",
    version: 1,
    name: "master_index",
    sql: include_str!("../../../migrations/patients/0001_master_index.sql"),
}];

/// Compares a new or changed record with the others.
const FIND_DUPLICATES: JobKind = JobKind { name: "find_patient_duplicates", max_attempts: 8 };
/// The same for a record that a merge, taken apart, has set free.
const FIND_DUPLICATES_AFTER_MERGE: JobKind =
    JobKind { name: "find_patient_duplicates_after_merge", max_attempts: 8 };

/// Routes and background work of the index.
pub fn module(_platform: &Platform, directory: Arc<dyn Directory>) -> Module {
    let changed = |ctx: platform::Ctx, event: PatientChanged| async move {
        ops::find_duplicates(&ctx, event.patient_id).await
    };
    let merged = |ctx: platform::Ctx, event: PatientsMerged| async move {
        ops::find_duplicates(&ctx, event.survivor_id).await?;
        ops::find_duplicates(&ctx, event.absorbed_id).await
    };
    Module {
        router: api::router(directory),
        jobs: vec![
            JobHandler::new(FIND_DUPLICATES, changed),
            JobHandler::new(FIND_DUPLICATES_AFTER_MERGE, merged),
        ],
        subscriptions: vec![
            Subscription { topic: PatientChanged::TOPIC, job: FIND_DUPLICATES },
            Subscription { topic: PatientsMerged::TOPIC, job: FIND_DUPLICATES_AFTER_MERGE },
        ],
    }
}

/// The index as other contexts use it.
pub fn patients(platform: &Platform, directory: Arc<dyn Directory>) -> Arc<dyn Patients> {
    Arc::new(MasterIndex { platform: platform.clone(), directory })
}

struct MasterIndex {
    platform: Platform,
    directory: Arc<dyn Directory>,
}

#[async_trait]
impl Patients for MasterIndex {
    async fn briefs(&self, ids: &[PatientId]) -> Result<Vec<PatientBrief>> {
        let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let rows = store::find_many(&self.platform.db().read(), &ids).await?;
        let briefs = queries::Briefs::of(&*self.directory, self.platform.now(), &rows).await?;
        Ok(rows.iter().map(|row| briefs.brief(row)).collect())
    }

    async fn search_ids(&self, text: &str, limit: usize) -> Result<Vec<PatientId>> {
        queries::search_ids(&self.platform.db().read(), text, self.platform.now(), limit).await
    }

    async fn is_known_to(&self, id: PatientId, organisation_path: &str) -> Result<bool> {
        let exec = self.platform.db().read();
        let Some(row) = store::find(&exec, id).await? else { return Ok(false) };
        let scope = Scope::of([OrgPath::new(organisation_path)?]);
        Ok(!store::known_paths(&exec, [row.id, row.root_id], &scope).await?.is_empty())
    }

    async fn with_absorbed(&self, id: PatientId) -> Result<Vec<PatientId>> {
        store::with_absorbed(&self.platform.db().read(), id).await
    }

    async fn make_known(
        &self,
        id: PatientId,
        organisation: OrganisationId,
        organisation_path: &str,
    ) -> Result<()> {
        ops::make_known(&self.platform, id, organisation, organisation_path).await
    }
}
