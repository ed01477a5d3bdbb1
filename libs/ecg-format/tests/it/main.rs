//! Reads the shared sample recordings and compares with reference programs.
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::inconsistent_digit_grouping,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)] // test helpers fail by panicking

/// Counts what is allocated, for the bound on memory. Other tests of the same process count too, so the bound is
/// sharp only where each test has a process of its own (nextest).
#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

mod compact;
mod devices;
mod dicom;
mod hostile;
mod parts;
mod peers;
mod resting;
mod samples;
mod scp;
mod wfdb;
mod writers;
