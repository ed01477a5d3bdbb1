//! A service contract as functions: every clause that can be computed, with the way to its result.
//!
//! A function takes the contract (prices, figures and chosen readings, which are data) and the facts, and returns an
//! [`Assessed`]: the value and its [`Derivation`], which names the clause, the inputs, each step with its numbers, the
//! reading chosen and what every other reading would give. An amount is a *proposal*: it has effect when both parties have
//! signed it (6.2(4)), which is the caller's business.
//!
//! Invariants: money is whole cents, computed exactly and rounded half up once for each line; periods are counted by
//! [`cn_calendar::counting`]; "within", "or more" include the number (Civil Code, article 1259), so exactly 15:00 minutes is
//! in time. Nothing here looks at a clock.
//!
//! Deliberately absent, because the text leaves them to people: what is serious, what is the same kind of fault, what is a
//! reasonable fee, a patient's compensation, whether a requirement is reasonable.
//!
//! Start reading at [`Contract`], then [`incidents`].

mod cases;
pub mod cli;
mod contract;
pub mod dates;
mod derivation;
pub mod desk;
mod error;
pub mod incidents;
mod money;
pub mod payments;
pub mod requirements;
pub mod staff;
mod words;

pub use cases::{Case, CaseFile, Outcome, RULES, evaluate};
pub use contract::{
    BusinessReading, ComplaintReading, ComplaintScopeReading, Contract, Equipment, FeedbackReading, Figures,
    Item, Parts, PauseGround, Payment, QuestionReading, Readings, RepeatReading, S1LateReading, YearReading,
};
pub use derivation::{Alternative, Assessed, Derivation, Fact};
pub use error::TermsError;
pub use money::{Cents, Factor};
pub use words::chinese;
