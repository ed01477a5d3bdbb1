//! Writes what the judge of QRS candidates sees, for `training/qrs.py`.
//!
//! `qrs_features DATA_DIR OUT [ODDS]`: rows of little-endian f32: group (records of one person share one), variant, sample, kind
//! (0 no beat, 1 beat, 8 not known, 9 a reference beat, whose features are zero), sample rate, window of a match in samples, then
//! the features. ODDS: those of the first judgement for each candidate, f32 in the order of the rows; then the features are those
//! of the second. Variants: 0 two leads (of LUDB twelve, of CPSC2019 one), 1 and up single leads; 100 to 199 the same with noise
//! made by program, 200 and up at other sample rates, 400 and up with noise of one kind at 6 dB, for figures alone, 600 single leads cut
//! into strips of ten seconds. A candidate is a beat when it is the nearest to a reference beat and within the window. The
//! noise recordings of the stress test are not used.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a program for developers: it stops at what it does not expect"
)]

#[path = "support/matfile.rs"]
mod matfile;
#[path = "support/noisy.rs"]
mod noisy;
#[path = "support/resample.rs"]
mod resample;
#[path = "support/wfdb.rs"]
mod wfdb;

use std::{
    env,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use ecg_signal::detect::candidate_rows;
use noisy::{Kind, Random, Recipe, noisy};
use resample::resample;

struct Out {
    file: BufWriter<File>,
    random: Random,
    odds: Option<Vec<f32>>,
    /// Candidates so far.
    place: usize,
}

fn one(kind: Kind) -> Recipe {
    Recipe { kind, stretch_s: 120.0, snr_db: (6.0, 6.0) }
}

/// Noise as it comes, in stretches of so many seconds.
fn any(stretch_s: f64) -> Recipe {
    Recipe { kind: Kind::Any, stretch_s, snr_db: (-3.0, 24.0) }
}

impl Out {
    /// `ranges`: where the reference says everything, samples.
    fn rows(
        &mut self,
        head: [f32; 2],
        leads: &[&[f32]],
        fs: f64,
        reference: &[usize],
        window_ms: f64,
        known: &dyn Fn(usize) -> bool,
    ) -> std::io::Result<()> {
        let window = window_ms * fs / 1000.0;
        let odds = self.odds.as_ref().map(|odds| &odds[self.place..]);
        let rows = candidate_rows(leads, fs, odds);
        self.place += rows.len();
        let mut beat = vec![false; rows.len()];
        for r in reference {
            let nearest = (rows.partition_point(|x| x.0 + 2 * window as usize <= *r)..rows.len())
                .take_while(|k| rows[*k].0 <= r + 2 * window as usize)
                .filter(|k| !beat[*k])
                .min_by_key(|k| rows[*k].0.abs_diff(*r));
            if let Some(k) = nearest.filter(|k| rows[*k].0.abs_diff(*r) as f64 <= window) {
                beat[k] = true;
            }
        }
        let mut write = |at: usize, kind: f32, features: &[f32]| -> std::io::Result<()> {
            let start = [head[0], head[1], at as f32, kind, fs as f32, window as f32];
            for v in start.iter().chain(features) {
                self.file.write_all(&v.to_le_bytes())?;
            }
            Ok(())
        };
        for ((at, x), is) in rows.iter().zip(beat) {
            write(*at, if known(*at) { f32::from(u8::from(is)) } else { 8.0 }, x)?;
        }
        let nothing = rows.first().map_or(0, |r| r.1.len());
        for r in reference {
            write(*r, 9.0, &vec![0.0; nothing])?;
        }
        Ok(())
    }
}

fn names(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "hea"))
        .collect();
    all.sort();
    all
}

fn views(leads: &[Vec<f32>]) -> Vec<&[f32]> {
    leads.iter().map(Vec::as_slice).collect()
}

fn long_records(out: &mut Out, root: &Path) -> std::io::Result<()> {
    for (set, folder) in [(0.0_f32, "mitdb"), (1.0, "cpsc2021")] {
        for path in names(&root.join(folder)) {
            let (Some(record), Some(marks)) =
                (wfdb::read(&path), wfdb::annotations(&path.with_extension("atr")))
            else {
                continue;
            };
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            // CPSC2021: data_PERSON_RECORD.
            let group: f32 =
                stem.trim_start_matches("data_").replace('_', "").parse().unwrap_or(0.0) + 10_000.0 * set;
            let mut flutter = Vec::new();
            let mut open = None;
            for m in &marks {
                match m.code {
                    32 => open = Some(m.sample),
                    33 => flutter.extend(open.take().map(|from| (from, m.sample))),
                    _ => {}
                }
            }
            let reference: Vec<usize> =
                marks.iter().filter(|m| wfdb::is_beat(m.code)).map(|m| m.sample).collect();
            let fs = record.fs;
            for (more, leads, to) in [
                (0.0, record.leads.clone(), fs),
                (100.0, noisy(&record.leads, fs, any(40.0), &mut out.random), fs),
                (110.0, noisy(&record.leads, fs, any(120.0), &mut out.random), fs),
                (120.0, noisy(&record.leads, fs, any(15.0), &mut out.random), fs),
                (400.0, noisy(&record.leads, fs, one(Kind::Motion), &mut out.random), fs),
                (500.0, noisy(&record.leads, fs, one(Kind::Muscle), &mut out.random), fs),
                (200.0, record.leads.iter().map(|x| resample(x, fs, 250.0)).collect(), 250.0),
                (300.0, record.leads.iter().map(|x| resample(x, fs, 500.0)).collect(), 500.0),
            ] {
                let moved = |s: usize| (s as f64 * to / fs) as usize;
                let outside = |s: usize| !flutter.iter().any(|(a, b)| s >= moved(*a) && s <= moved(*b));
                let reference: Vec<usize> =
                    reference.iter().map(|s| moved(*s)).filter(|s| outside(*s)).collect();
                let all = views(&leads);
                for (variant, part) in [(0.0, &all[..]), (1.0, &all[..1]), (2.0, &all[1..])] {
                    if (200.0..400.0).contains(&more) && variant > 0.0 {
                        continue;
                    }
                    out.rows([group, more + variant], part, to, &reference, 150.0, &outside)?;
                }
            }
            short_strips(out, group, &record.leads, fs, &reference, &flutter)?;
        }
    }
    Ok(())
}

/// One of five strips of ten seconds, of one lead or the other, at 500 Hz, half of them with noise.
fn short_strips(
    out: &mut Out,
    group: f32,
    leads: &[Vec<f32>],
    fs: f64,
    reference: &[usize],
    flutter: &[(usize, usize)],
) -> std::io::Result<()> {
    let length = (10.0 * fs) as usize;
    let n = leads.first().map_or(0, Vec::len);
    for (k, from) in (0..n.saturating_sub(length)).step_by(5 * length).enumerate() {
        let to = from + length;
        if flutter.iter().any(|(a, b)| from < *b && *a < to) {
            continue;
        }
        let lead = &leads[k % leads.len()][from..to];
        let mut x = vec![resample(lead, fs, 500.0)];
        if k % 4 > 1 {
            x = noisy(&x, 500.0, any(20.0), &mut out.random);
        }
        let known = |s: usize| (250..=4750).contains(&s);
        let inside = reference.iter().filter(|s| **s >= from && **s < to);
        let reference: Vec<usize> =
            inside.map(|s| ((s - from) as f64 * 500.0 / fs) as usize).filter(|s| known(*s)).collect();
        out.rows([group, 600.0 + k as f32 % 100.0], &views(&x), 500.0, &reference, 100.0, &known)?;
    }
    Ok(())
}

fn ludb(out: &mut Out, root: &Path) -> std::io::Result<()> {
    for path in names(&root.join("ludb/data")) {
        let Some(record) = wfdb::read(&path) else { continue };
        let id: f32 = path.file_stem().unwrap_or_default().to_string_lossy().parse().unwrap_or(0.0);
        let peaks: Vec<Vec<usize>> = record
            .labels
            .iter()
            .map(|label| {
                let marks = wfdb::annotations(&path.with_extension(label.to_lowercase())).unwrap_or_default();
                marks.iter().filter(|m| m.code == 1).map(|m| m.sample).collect()
            })
            .collect();
        let fs = record.fs;
        for more in [0.0_f32, 100.0] {
            let leads = if more > 0.0 {
                noisy(&record.leads, fs, any(20.0), &mut out.random)
            } else {
                record.leads.clone()
            };
            let all = views(&leads);
            for variant in 0..=all.len() {
                let (part, reference) = match variant.checked_sub(1) {
                    None => (&all[..], &peaks[1]),
                    Some(k) => (&all[k..=k], &peaks[k]),
                };
                let (Some(first), Some(last)) = (reference.first(), reference.last()) else { continue };
                let reach = (0.3 * fs) as usize;
                let known = |s: usize| s + reach >= *first && s <= last + reach;
                out.rows([20_000.0 + id, more + variant as f32], part, fs, reference, 100.0, &known)?;
            }
        }
    }
    Ok(())
}

fn strips(out: &mut Out, root: &Path) -> std::io::Result<()> {
    let mut all: Vec<PathBuf> =
        fs::read_dir(root.join("cpsc2019/data")).into_iter().flatten().flatten().map(|e| e.path()).collect();
    all.sort();
    for path in all {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let reference = root.join("cpsc2019/ref").join(name.replace("data_", "R_"));
        let (Some(x), Some(r)) = (matfile::first_matrix(&path), matfile::first_matrix(&reference)) else {
            continue;
        };
        let x: Vec<f32> = x.into_iter().map(|v| v as f32 * 1000.0).collect();
        let known = |s: usize| (250..=4750).contains(&s);
        let reference: Vec<usize> = r.into_iter().map(|v| v as usize).filter(|s| known(*s)).collect();
        let id: f32 = name.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0.0);
        out.rows([30_000.0 + id, 0.0], &[&x], 500.0, &reference, 75.0, &known)?;
        for more in [100.0, 110.0, 120.0] {
            let x = noisy(std::slice::from_ref(&x), 500.0, any(20.0), &mut out.random);
            out.rows([30_000.0 + id, more], &views(&x), 500.0, &reference, 75.0, &known)?;
        }
    }
    Ok(())
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = env::args().collect();
    let (Some(root), Some(out)) = (args.get(1), args.get(2)) else {
        return Err(std::io::Error::other("qrs_features DATA_DIR OUT [ODDS]"));
    };
    let root = Path::new(root);
    let odds = args.get(3).map(fs::read).transpose()?;
    let odds = odds.map(|b| b.as_chunks::<4>().0.iter().map(|v| f32::from_le_bytes(*v)).collect());
    let file = BufWriter::new(File::create(out)?);
    let mut out = Out { file, random: Random(7), odds, place: 0 };
    long_records(&mut out, root)?;
    ludb(&mut out, root)?;
    strips(&mut out, root)?;
    out.file.flush()
}
