//! Permission grants (权限授予, 附件3 一.3): least privilege, until a day, taken back when it is over.
//!
//! Start reading at `model`: the state of a grant from its moments.

mod api;
mod jobs;
pub mod model;
mod ops;
pub(crate) mod store;
pub mod wire;

pub use api::router;
pub use jobs::handlers as jobs;
pub(crate) use ops::{end_all, open_of};
