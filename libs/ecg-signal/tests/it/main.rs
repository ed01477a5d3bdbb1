//! Stories through the public interface. Expected values come from manual annotations, published formulas and
//! hand computation; synthetic signals are asked only for structure (the beats that were put in).

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a test stops at what it does not expect"
)]

#[path = "../../examples/support/wfdb.rs"]
mod wfdb;

mod beats;
mod contract;
mod formulas;
mod holter;
mod recordings;
mod stream;
mod synthetic;

use std::path::{Path, PathBuf};

use ecg_signal::{Lead, Signal};

/// The folder with the recordings, or a line that says why the test does nothing.
fn recordings_folder() -> Option<PathBuf> {
    let root = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let data = root.join("data/ecg");
    if data.is_dir() {
        return Some(data);
    }
    println!("skipped: the recordings are not there");
    None
}

fn signal_of(leads: &[(Lead, Vec<f32>)], sample_rate_hz: f64) -> Signal<'_> {
    Signal { sample_rate_hz, leads: leads.iter().map(|(l, x)| (*l, x.as_slice())).collect() }
}
