//! Diagnosis-related grouping by the CHS-DRG algorithm, with every plan as data.
//!
//! Purpose: say which DRG a discharge belongs to under a named plan, and why. A plan (national edition or a
//! region's own) is a text file under `definitions/drg/` with its tree of conditions, code sets, complication
//! tables and exclusions; the code here knows no group. Start with [`shipped::plan`], then [`Plan::group`]
//! for one record, [`Plan::explain`] for the evidence, [`Plan::what_if`] for what would change the result,
//! [`compare::Comparison`] for two plans over a batch, [`cli::group_csv`] for files.
//!
//! Invariants: tables of two plans are never mixed, and every result names its plan. The first condition that
//! holds, in the order of the plan, decides. A record that cannot be grouped has a typed reason.
//!
//! Absent on purpose: weights, rates and payment (they are local and not public), code names (terminology), and
//! any correction of a plan's faults: an unreachable group stays unreachable and is reported by
//! [`Plan::unreachable`].
//!
//! Source of the algorithm: 国家医疗保障局 CHS-DRG 分组与付费技术规范 and the rules of the OpenDRG reference
//! grouper (Apache-2.0); tested against its results, see `docs/accuracy.md`.

pub mod cli;
pub mod codes;
pub mod compare;
pub mod condition;
mod explain;
mod group;
pub mod official;
mod plan;
mod record;
pub mod shipped;
mod what_if;

pub use explain::{Clause, CodeUse, Comorbidity, Explanation, Level, Stage, TraceStep};
pub use group::{Outcome, Reading, Status};
pub use plan::{Plan, PlanError, PlanInfo};
pub use record::{CodeEdition, Invalid, Record, Sex};
pub use what_if::{Alternative, Change};
