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

/// A recording with its beats and their classes.
type Labelled = (Vec<Vec<f32>>, Vec<usize>, Vec<Option<f32>>);

/// The same with most of the normal beats between ectopic ones taken out: one to four are left, so that there are
/// persons with ectopy at every turn among those that teach.
fn dense(leads: &[Vec<f32>], fs: f64, beats: &[usize], labels: &[Option<f32>]) -> Option<Labelled> {
    let ectopic: Vec<usize> = (0..beats.len()).filter(|k| labels[*k].is_none_or(|l| l > 0.0)).collect();
    if ectopic.iter().filter(|k| labels[**k].is_some_and(|l| (1.0..3.0).contains(&l))).count() < 30 {
        return None;
    }
    // Stretches of signal that are left out: from before the first beat left out to before the next one kept.
    let before = |k: usize| {
        let rr = beats[k] - beats[k - 1];
        beats[k] - ((0.36 * fs) as usize).min(rr * 2 / 5)
    };
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    let mut ends = ectopic.clone();
    ends.push(beats.len());
    for (n, pair) in ends.windows(2).enumerate() {
        let (from, to) = (pair[0] + 1, pair[1]);
        // Of the beats between, the first ones and the last one stay; how many changes every 40 gaps.
        let keep = 1 + [1, 2, 0, 3][n / 40 % 4];
        if to - from > keep && from > 0 {
            cuts.push((from + keep - 1, to - 1));
        }
    }
    let mut out: Labelled = (vec![Vec::new(); leads.len()], Vec::new(), Vec::new());
    let (mut start, mut k) = (0, 0);
    let end = leads[0].len();
    for (first, last) in cuts.iter().copied().chain([(beats.len(), beats.len())]) {
        let stop = if first < beats.len() { before(first) } else { end };
        while k < first {
            out.1.push(out.0[0].len() + beats[k] - start);
            out.2.push(labels[k]);
            k += 1;
        }
        for (to, x) in out.0.iter_mut().zip(leads) {
            let level = to.last().map_or(0.0, |v| v - x[start]);
            to.extend(x[start..stop].iter().map(|v| v + level));
        }
        if last < beats.len() {
            start = before(last);
            k = last;
        }
    }
    Some(out)
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
        let label = |at: usize| -> Option<f32> {
            let k = reference.partition_point(|r| r.0 < at);
            let nearest = [k.checked_sub(1), Some(k)].into_iter().flatten().filter_map(|i| reference.get(i));
            nearest.min_by_key(|r| r.0.abs_diff(at)).filter(|r| r.0.abs_diff(at) <= window).map(|r| r.1)
        };
        let labels: Vec<Option<f32>> = found.iter().map(|at| label(*at)).collect();
        let mut write = |leads: &[&[f32]], beats: &[usize], labels: &[Option<f32>], variant: f32| {
            for ((at, family, features), label) in beat_features(leads, record.fs, beats).iter().zip(labels) {
                let Some(label) = label else { continue };
                let head = [name.parse().unwrap_or(0.0), *at as f32, *label, variant, *family as f32];
                for v in head.iter().chain(features) {
                    out.write_all(&v.to_le_bytes())?;
                }
            }
            Ok::<(), std::io::Error>(())
        };
        write(&both, &found, &labels, 0.0)?;
        write(&both[..1], &found, &labels, 1.0)?;
        write(&both[1..], &found, &labels, 2.0)?;
        if let Some((leads, beats, labels)) = dense(&record.leads, record.fs, &found, &labels) {
            let leads: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
            write(&leads, &beats, &labels, 3.0)?;
            write(&leads[..1], &beats, &labels, 4.0)?;
        }
    }
    out.flush()
}
