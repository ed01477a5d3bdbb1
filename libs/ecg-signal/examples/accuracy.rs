//! Measures the library against the recordings of ../shared/data/ecg and prints the tables of docs/accuracy.md.
//!
//!     cargo run --release -p ecg-signal --example accuracy -- [mitdb] [cpsc2019] [stress[=FOLDER]] [shapes] [live] [rhythms] [ludb] [waves] [makers] [speed] [-v]
//!
//! `stress=FOLDER` also writes the noisy first leads there, for `reference/peers.py`.
//!
//! The data folder is found beside the repository, or under `TIANMU_SHARED`.
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::unwrap_used,
    reason = "a program for developers: it prints, and stops at what it cannot read"
)]

#[path = "support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let verbose = args.iter().any(|a| a == "-v");
    let only: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|a| *a == name);
    let Some(root) = shared() else {
        println!("skipped: the folder with the recordings is not there");
        return;
    };
    if wanted("mitdb") {
        support::detection::mitdb(&root, verbose);
    }
    if wanted("cpsc2019") {
        support::detection::cpsc2019(&root, verbose);
    }
    let keep = args.iter().find_map(|a| a.strip_prefix("stress="));
    if wanted("stress") || keep.is_some() {
        support::stress::noise(&root, keep.map(Path::new));
    }
    if wanted("shapes") {
        support::shapes::report(&root);
    }
    if wanted("live") {
        support::live::report(&root);
    }
    if wanted("rhythms") {
        support::rhythms::report(&root, verbose);
    }
    if wanted("ludb") {
        support::ludb::report(&root, verbose);
    }
    if wanted("waves") {
        support::waves::report(&root);
    }
    if wanted("makers") {
        support::makers::report(&root);
    }
    if wanted("speed") {
        support::speed();
    }
}

fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let data = root.join("data/ecg");
    data.is_dir().then_some(data)
}
