//! Judges the statements of a resting ECG against diagnoses made by others, and against changes made by program:
//! swapped electrodes, pacing, noise, other sampling rates and gains. Prints tables of docs/accuracy.md.
//!
//!     cargo run --release -p ecg-signal --example statements -- [classes] [placement] [pacing] [noise] [shapes] [-v]
//!
//! The data folder is found beside the repository, or under `TIANMU_SHARED`.
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::unwrap_used,
    dead_code,
    reason = "a program for developers: it prints, and stops at what it cannot read"
)]

#[path = "support/cases.rs"]
mod cases;
#[path = "support/changed.rs"]
mod changed;
#[path = "support/classes.rs"]
mod classes;
#[path = "support/matfile.rs"]
mod matfile;
#[path = "support/resample.rs"]
mod resample;
#[path = "support/wfdb.rs"]
mod wfdb;

use std::path::Path;

use ecg_signal::{Lead, Signal};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let verbose = args.iter().any(|a| a == "-v");
    let only: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|a| *a == name);
    let root = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), Into::into)
        .join("data/ecg");
    if !root.is_dir() {
        println!("skipped: the folder with the recordings is not there");
        return;
    }
    let (ludb, cinc) = (cases::ludb(&root), cases::cinc(&root));
    if wanted("classes") {
        classes::report(&ludb, "LUDB diagnoses", verbose);
        classes::report(&cinc, "SNOMED-coded records", verbose);
    }
    if wanted("placement") {
        changed::placement(&ludb, &cinc, verbose);
    }
    if wanted("pacing") {
        changed::pacing(&root, &ludb, &cinc);
    }
    if wanted("noise") {
        changed::noise(&root, &cinc, &ludb);
    }
    if wanted("shapes") {
        changed::shapes(&ludb, &cinc, verbose);
    }
}

/// A record's standard leads as a signal.
fn signal_of(record: &wfdb::Record) -> Signal<'_> {
    let leads = record
        .labels
        .iter()
        .zip(&record.leads)
        .filter_map(|(label, x)| Lead::from_label(label).map(|lead| (lead, x.as_slice())))
        .collect();
    Signal { sample_rate_hz: record.fs, leads }
}
