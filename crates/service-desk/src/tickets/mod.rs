//! Tickets: what somebody reported, until it is solved and they say so.
//!
//! Start reading at `model` (events and states), then `ops` (every step).

mod api;
mod jobs;
pub mod model;
mod ops;
mod queries;
mod store;
pub mod wire;

pub use api::router;
pub use jobs::handlers as jobs;
pub use ops::{Brief, add, approve, brief, by_number, replay_open, subject, visible, withdraw_approval};
pub use store::numbers;
