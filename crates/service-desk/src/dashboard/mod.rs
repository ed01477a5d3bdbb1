//! How well the service is delivered: service level by system, institution and engineer, curves of response and resolution,
//! clocks that run now, causes, and the health of a contract.
//!
//! Nothing here is stored: [`measure`] folds the projections of the other parts, so a correction shows at once. A limit that has
//! passed unanswered counts as late although its clock still runs; a ticket that was cancelled or lies outside the contract
//! counts towards no level.

mod api;
mod health;
pub mod measure;
mod ops;
mod paper;
mod store;
pub mod wire;

pub use api::router;
