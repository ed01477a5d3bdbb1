//! Writes what the beat classifier sees of the MIT-BIH DS1 records, for `training/beats.py`.
//!
//! `beat_features MITDB_DIR OUT`: rows of little-endian f32: record, sample, class (0 N, 1 S, 2 V, 3 F, 4 Q),
//! variant (0 both leads, 1 first, 2 second lead alone), then the features. Beats are the detector's, labelled by
//! the nearest reference beat within 150 ms; beats without one are left out.

#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a program for developers: it stops at what it does not expect"
)]

#[path = "support/wfdb.rs"]
mod wfdb;

use std::{env, fs::File, io::BufWriter, io::Write, path::Path};

use ecg_signal::{beats::beat_features, detect::detect_qrs};

const DS1: [&str; 22] = [
    "101", "106", "108", "109", "112", "114", "115", "116", "118", "119", "122", "124", "201", "203", "205",
    "207", "208", "209", "215", "220", "223", "230",
];

/// AAMI class of a WFDB annotation code.
fn class(code: u8) -> Option<f32> {
    Some(match code {
        1 | 2 | 3 | 11 | 34 => 0.0,
        4 | 7 | 8 | 9 => 1.0,
        5 | 10 => 2.0,
        6 => 3.0,
        12 | 13 | 38 => 4.0,
        _ => return None,
    })
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = env::args().collect();
    let (Some(root), Some(out)) = (args.get(1), args.get(2)) else {
        return Err(std::io::Error::other("beat_features MITDB_DIR OUT"));
    };
    let mut out = BufWriter::new(File::create(out)?);
    for name in DS1 {
        let base = Path::new(root).join(name);
        let (Some(record), Some(marks)) =
            (wfdb::read(&base.with_extension("hea")), wfdb::annotations(&base.with_extension("atr")))
        else {
            return Err(std::io::Error::other(format!("{name} cannot be read")));
        };
        let reference: Vec<(usize, f32)> =
            marks.iter().filter_map(|m| Some((m.sample, class(m.code)?))).collect();
        let both: Vec<&[f32]> = record.leads.iter().map(Vec::as_slice).collect();
        let found = detect_qrs(&both, record.fs);
        let window = (0.15 * record.fs) as usize;
        let variants: [&[&[f32]]; 3] = [&both, &both[..1], &both[1..]];
        for (variant, leads) in variants.iter().enumerate() {
            for (at, features) in beat_features(leads, record.fs, &found) {
                let k = reference.partition_point(|r| r.0 < at);
                let nearest = [k.checked_sub(1), Some(k)]
                    .into_iter()
                    .flatten()
                    .filter_map(|i| reference.get(i))
                    .min_by_key(|r| r.0.abs_diff(at));
                let Some((_, label)) = nearest.filter(|r| r.0.abs_diff(at) <= window) else { continue };
                let head = [name.parse().unwrap_or(0.0), at as f32, *label, variant as f32];
                for v in head.iter().chain(&features) {
                    out.write_all(&v.to_le_bytes())?;
                }
            }
        }
    }
    out.flush()
}
