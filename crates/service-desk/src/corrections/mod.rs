//! Changes of data: the form, the approval of the bureau's information section, the execution, the review (附件1 1.3.2-4).
//!
//! A change model of the normal kind: requested, authorized, implemented, reviewed. Who approves is neither who asked nor who
//! carries it out. Values before and after may be personal data: they stand in the row,
//! with the scripts that name them, never in the journal, events or logs.

mod api;
pub mod model;
mod ops;
mod paper;
mod store;
pub mod wire;

pub use api::router;
