//! Inspections: the plan of the term, what is looked at on each unit, and the report that both parties sign.
//!
//! Start reading at `checklists` (what is looked at), `model` (events and states), then `plan`, `ops` (steps) and `filling`.

mod api;
pub mod checklists;
mod filling;
mod jobs;
pub mod model;
mod ops;
mod paper;
mod plan;
mod queries;
pub(crate) mod store;
pub mod wire;

pub use api::router;
pub use jobs::handlers as jobs;
pub use plan::replan;
