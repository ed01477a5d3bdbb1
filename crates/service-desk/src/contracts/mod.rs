//! Contracts in versions, the calendar and the hours that everything is computed with.

mod api;
mod ops;
mod reminders;
mod terms;
pub mod wire;

pub use api::router;
pub(crate) use ops::serving;
pub use ops::{dated_duties, enter, own_region, renew, set_hours};
pub use reminders::handlers as jobs;
