//! Vaccination: was each given dose valid, and what comes next and when.
//!
//! Purpose: evaluate a person's history against a schedule and forecast every vaccine of it. Schedules are data
//! (`definitions/schedules/*.toml`): doses with minimum, recommended and latest ages, intervals, conditions to leave
//! a dose out, equivalent products, special groups. Editions stand side by side and each result names the edition it
//! used. Start with [`shipped::pack`], then [`assess()`]; for files, [`cli::immunize_ndjson`].
//!
//! Invariants: nothing is guessed. An unknown product, an impossible date or an unknown condition is a typed
//! [`Problem`] of the result and takes no part in the assessment. A valid dose is never earlier than the schedule's
//! minimum. At most one dose of a group is due at a time. A rule that changed is applied by the day of the dose.
//!
//! Absent on purpose: booking, stock, batch recall lists, and any medical judgement beyond the schedule's text:
//! a condition that needs a doctor is a deferral with its reason.

pub mod assess;
pub mod cli;
mod evaluate;
mod forecast;
pub mod pack;
pub mod period;
pub mod shipped;

pub use assess::{
    Assessment, DoseResult, Due, Evaluation, Forecast, Given, Person, Problem, Reason, RefusedPerson,
    SeriesStatus, Verdict, assess,
};
pub use pack::{Pack, PackError, Sex};
pub use period::{Overflow, Period};
