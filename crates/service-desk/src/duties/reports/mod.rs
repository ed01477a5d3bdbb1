//! The yearly security report (年度网络安全报告, 附件3 二.11): one for each contract, of at least four parts.
//!
//! The provider writes the parts, the program counts beside them; what was counted stays as it was when the report was
//! submitted. The text says yearly and no day: 30 days before the end are our reading, a figure of the contract.

mod api;
mod figures;
mod jobs;
mod ops;
mod paper;
mod store;
pub mod wire;

pub use api::router;
pub use jobs::{handlers as jobs, schedule};
