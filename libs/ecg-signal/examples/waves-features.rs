//! Writes what `training/waves.py` learns from: every beat of LUDB in every lead, as little-endian f32: record, lead, sample of
//! the beat, usable, P allowed, intervals before and after in ms, six drafts, six manual limits (in steps of the
//! network's window, NaN where there is none), the single beat and the median beat.
//! `cargo run --release -p ecg-signal --example waves-features > features.bin`
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a program for developers: it writes, and stops at what it cannot read"
)]

#[path = "support/wfdb.rs"]
mod wfdb;

use ecg_signal::{Criteria, Lead, Signal, training_rows, training_step};
use std::{
    io::Write,
    path::{Path, PathBuf},
};

fn main() -> std::io::Result<()> {
    let root = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from)
        .join("data/ecg/ludb");
    let records = std::fs::read_to_string(root.join("RECORDS"))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
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
            let steps = marks(&list, row.at, record.fs)
                .map(|m| m.map(|m| training_step((m as f64 - row.at as f64) * 1000.0 / record.fs)));
            let mut values: Vec<f32> = vec![
                id.parse().unwrap_or(0.0),
                Lead::ALL.iter().position(|l| *l == row.lead).unwrap_or(0) as f32,
                row.at as f32,
                f32::from(u8::from(row.usable)),
                f32::from(u8::from(row.has_p)),
            ];
            values.extend(row.cycle_ms.map(|v| v as f32));
            values.extend(row.drafts.into_iter().chain(steps).map(|v| v.map_or(f32::NAN, |v| v as f32)));
            values.extend(row.single.iter().chain(&row.median));
            for value in values {
                out.write_all(&value.to_le_bytes())?;
            }
        }
    }
    out.flush()
}

/// The manual limits of the beat at `at`: P onset and end, QRS onset and end, T onset and end.
fn marks(list: &[wfdb::Annotation], at: usize, fs: f64) -> [Option<usize>; 6] {
    let wave = |code: u8| {
        list.windows(3)
            .filter(move |w| w[0].code == 39 && w[1].code == code && w[2].code == 40)
            .map(|w| (w[0].sample, w[1].sample, w[2].sample))
    };
    let ms = |a: usize, b: usize| b.saturating_sub(a) as f64 * 1000.0 / fs;
    let near = |w: &(usize, usize, usize)| w.1.abs_diff(at) as f64 * 1000.0 / fs <= 150.0;
    let Some(qrs) = wave(1).filter(near).min_by_key(|w| w.1.abs_diff(at)) else { return [None; 6] };
    let before = wave(1).rfind(|w| w.1 < qrs.1).map_or(0, |w| w.2);
    let after = wave(1).find(|w| w.1 > qrs.1).map_or(usize::MAX, |w| w.0);
    let p = wave(24).rfind(|w| w.1 > before && w.1 < qrs.0 && ms(w.1, qrs.0) < 440.0);
    let t = wave(27).find(|w| w.1 > qrs.2 && w.1 < after && ms(qrs.2, w.1) < 700.0);
    [p.map(|w| w.0), p.map(|w| w.2), Some(qrs.0), Some(qrs.2), t.map(|w| w.0), t.map(|w| w.2)]
}
