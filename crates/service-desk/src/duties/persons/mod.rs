//! The provider's people as the security duties need them: background check, confidentiality agreement, training.
//!
//! A record is never changed; a wrong one is voided with a reason. What counts is the newest that stands.

mod api;
mod ops;
pub(crate) mod policy;
pub(crate) mod store;
pub mod wire;

pub use api::router;
pub(crate) use ops::off_the_team;
