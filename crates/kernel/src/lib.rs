//! The vocabulary that every other crate speaks: ids, instants, pages and errors.
//!
//! Purpose: the few types that cross every border, so that a patient id is never mistaken for an exam id and
//! an error means the same thing in a store, in an endpoint and on a screen.
//!
//! Invariants: nothing here does I/O, reads a clock or draws a random number. Instants are UTC and exact to the
//! microsecond. Error codes are stable `snake_case`, because screens translate them.
//!
//! Deliberately absent: anything that only one system needs. Changing this crate recompiles the world, so a type
//! earns its place here only when at least three crates need it.

mod error;
mod id;
mod page;
mod time;

pub use error::{Error, ErrorKind, FieldError, Result};
pub use id::*;
pub use page::{Cursor, Limit, Page};
pub use time::{CivilDate, Timestamp, parse_date};
