//! What the contract costs whom: penalties, payments, statements.
//!
//! Start reading at `ledger` (how an amount comes into being and changes), then `statement` (the account of a period).

mod api;
pub mod ledger;
pub(crate) mod ops;
mod paper;
pub mod statement;
mod store;
pub mod wire;

pub use api::router;
pub(crate) use ops::instalments;
