//! The provider's people: who they are, who is on duty on days off, and who was not where they should have been.
//!
//! Start reading at `plan` (the fair proposal, pure), then `ops`. A swap is a row of its own on a concrete date; approving it
//! changes the duty of that date and nothing else.

mod api;
mod jobs;
mod ops;
mod paper;
pub mod plan;
mod presence;
pub(crate) mod store;
pub mod wire;

pub use api::router;

use crate::ServiceDesk;
use crate::book::Edition;
use kernel::Result;
use platform::{Ctx, JobHandler, Tx};
use std::sync::Arc;

pub fn jobs(desk: &Arc<ServiceDesk>) -> Vec<JobHandler> {
    [jobs::handlers(desk), presence::handlers(desk)].into_iter().flatten().collect()
}

/// Puts the watches of a contract that was just entered: over its rosters and its mornings.
pub async fn schedule(tx: &mut Tx, ctx: &Ctx, edition: &Edition) -> Result<()> {
    jobs::schedule(tx, ctx, edition).await?;
    presence::schedule(tx, ctx, edition).await
}
pub(crate) use ops::on_duty;
