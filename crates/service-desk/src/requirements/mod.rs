//! New requirements: registered, classified by both parties, answered in time, delivered by dates that both agreed on.
//!
//! Start reading at `model` (events, states, missed dates), then `ops` (every step) and `fines`.

mod api;
mod fines;
mod jobs;
pub mod model;
mod ops;
mod paper;
mod parties;
mod queries;
mod store;
pub mod wire;

pub use api::router;
pub use jobs::handlers as jobs;
pub use ops::replay_open;
