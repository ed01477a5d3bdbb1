//! The server: wiring of all crates into one program. What it does is in the crates; start reading at [`app`].

mod api;
pub mod app;
pub mod backup;
pub mod bench;
pub mod doctor;
mod dump;
pub mod operations;
pub mod restore;
pub mod serve;
mod web;

use kernel::{Error, Result};
use std::io::Write;

/// Prints to standard output, which is this program's answer on the command line.
pub fn say(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").map_err(Error::internal)
}
