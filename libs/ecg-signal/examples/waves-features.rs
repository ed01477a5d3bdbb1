//! Prints what `training/waves.py` learns from: for every limit near a manual mark of LUDB the record, the limit, how far the
//! mark lies from it in ms, and the features. `cargo run --release -p ecg-signal --example waves-features > features.csv`
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a program for developers: it prints, and stops at what it cannot read"
)]

#[path = "support/wfdb.rs"]
mod wfdb;

use ecg_signal::{Criteria, Lead, Limit, Signal, training_rows};
use std::path::{Path, PathBuf};

fn main() {
    let root = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from)
        .join("data/ecg/ludb");
    let Ok(records) = std::fs::read_to_string(root.join("RECORDS")) else { return };
    for id in records.lines().map(|l| l.trim().trim_start_matches("data/")).filter(|l| !l.is_empty()) {
        let Some(record) = wfdb::read(&root.join("data").join(format!("{id}.hea"))) else { continue };
        let leads: Vec<(Lead, &[f32])> = record
            .labels
            .iter()
            .zip(&record.leads)
            .filter_map(|(label, x)| Lead::from_label(label).map(|l| (l, x.as_slice())))
            .collect();
        let signal = Signal { sample_rate_hz: record.fs, leads };
        let Ok(rows) = training_rows(&signal, &Criteria::builtin()) else { continue };
        for row in rows {
            let file = root.join("data").join(format!("{id}.{}", row.lead.label().to_lowercase()));
            let Some(list) = wfdb::annotations(&file) else { continue };
            let (wave, end) = match row.limit {
                Limit::POn => (24, false),
                Limit::POff => (24, true),
                Limit::QrsOn => (1, false),
                Limit::QrsOff => (1, true),
                Limit::TOff => (27, true),
            };
            let nearest = list
                .windows(3)
                .filter(|w| w[0].code == 39 && w[1].code == wave && w[2].code == 40)
                .map(|w| if end { w[2].sample } else { w[0].sample })
                .min_by_key(|mark| mark.abs_diff(row.base));
            let Some(mark) = nearest else { continue };
            let target_ms = (mark as f64 - row.base as f64) * 1000.0 / record.fs;
            if target_ms.abs() <= 150.0 {
                let features: Vec<String> = row.features.iter().map(|v| format!("{v:.4}")).collect();
                println!("{id},{:?},{target_ms:.1},{}", row.limit, features.join(","));
            }
        }
    }
}
