//! What the contract costs whom: penalties, payments, statements.

pub mod ledger;
