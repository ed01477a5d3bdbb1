//! Incidents of the contract's subsystems: how grave, since when, until when, why, and what it costs.
//!
//! Start reading at `model` (events, states, clocks), then `ops` (every step) and `counting` (repetitions and fines).

mod api;
mod counting;
mod jobs;
pub mod model;
mod ops;
mod paper;
mod queries;
mod store;
pub mod wire;
mod words;

pub use api::router;
pub use jobs::handlers as jobs;
pub use ops::replay_open;
