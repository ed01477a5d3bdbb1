//! Reads the shared sample recordings and compares with reference programs.
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::inconsistent_digit_grouping,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)] // test helpers fail by panicking

mod compact;
mod devices;
mod hostile;
mod peers;
mod resting;
mod samples;
mod scp;
mod wfdb;
mod writers;
