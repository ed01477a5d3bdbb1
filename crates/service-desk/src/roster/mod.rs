//! The provider's people: who they are, who is on duty on days off, and who was not where they should have been.
//!
//! Start reading at `plan` (the fair proposal, pure), then `ops`. A swap is a row of its own on a concrete date; approving it
//! changes the duty of that date and nothing else.

mod api;
mod jobs;
mod ops;
mod paper;
pub mod plan;
pub(crate) mod store;
pub mod wire;

pub use api::router;
pub use jobs::{handlers as jobs, schedule};
pub(crate) use ops::on_duty;
