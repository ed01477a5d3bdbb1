//! Writes what the judge of QRS candidates sees, for `training/qrs.py`.
//!
//! `qrs_features DATA_DIR OUT`: rows of little-endian f32: group (records of one person share one), variant, sample, kind (0 no
//! beat, 1 beat, 9 a reference beat, whose features are zero), sample rate, window of a match in samples, then
//! the features. Variants: 0 two leads (of LUDB twelve, of CPSC2019 one), 1 and up single leads; 100 and up the same with noise
//! made by program, 200 and up at other sample rates. A candidate is a beat when it is the nearest to a reference
//! beat and within the window. The noise recordings of the stress test are not used.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a program for developers: it stops at what it does not expect"
)]

#[path = "support/matfile.rs"]
mod matfile;
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
use resample::resample;

struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 31)
    }
    fn between(&mut self, a: f64, b: f64) -> f64 {
        a + (b - a) * self.next()
    }
    fn normal(&mut self) -> f64 {
        (0..6).map(|_| self.next()).sum::<f64>() * 2.0_f64.sqrt() - 3.0 * 2.0_f64.sqrt()
    }
}

/// Noise of unit power: muscle, moving electrodes, wander, steps; in bursts or throughout.
fn noise(n: usize, fs: f64, random: &mut Random) -> Vec<f64> {
    let pole = |hz: f64| (-2.0 * std::f64::consts::PI * hz / fs).exp();
    let mut out = vec![0.0; n];
    let mut add = |share: f64, x: &mut Vec<f64>| {
        let power = (x.iter().map(|v| v * v).sum::<f64>() / n as f64).sqrt().max(1e-12);
        for (o, v) in out.iter_mut().zip(x) {
            *o += share * *v / power;
        }
    };
    // Muscle: band of 10 to 20 up to 60 to 120 Hz.
    let (low, high) = (pole(random.between(10.0, 20.0)), pole(random.between(60.0, 120.0)));
    let (mut slow, mut quick, mut swell) = (0.0, 0.0, 1.0_f64);
    let muscle: Vec<f64> = (0..n)
        .map(|_| {
            let x = random.normal();
            quick = high * quick + (1.0 - high) * x;
            slow = low * slow + (1.0 - low) * quick;
            swell = (swell + 0.02 * random.normal()).clamp(0.2, 2.0);
            (quick - slow) * swell
        })
        .collect();
    add(random.next().powi(2), &mut muscle.clone());
    // Electrode motion: kicks that decay over 30 to 300 ms, blurred like the skin does, and steps.
    let (mut v, mut w, mut decay, rate) = (0.0, 0.0, 0.9, random.between(0.5, 6.0) / fs);
    let blur = pole(random.between(3.0, 15.0));
    let mut motion: Vec<f64> = (0..n)
        .map(|_| {
            if random.next() < rate {
                v += random.normal() * random.between(0.2, 2.0);
                decay = pole(1.0 / random.between(0.1, 2.0));
            }
            v *= decay;
            w = blur * w + (1.0 - blur) * v;
            w
        })
        .collect();
    add(random.next(), &mut motion);
    let wander = pole(random.between(0.2, 3.0));
    let (mut a, mut b) = (0.0, 0.0);
    let mut drift: Vec<f64> = (0..n)
        .map(|_| {
            a = wander * a + (1.0 - wander) * random.normal();
            b = wander * b + (1.0 - wander) * a;
            b
        })
        .collect();
    add(random.next(), &mut drift);
    if random.next() < 0.3 {
        // Bursts of 0.2 to 2 s, silence between.
        let (mut left, mut on) = (0.0, false);
        for o in &mut out {
            if left <= 0.0 {
                on = !on;
                left = fs * if on { random.between(0.2, 2.0) } else { random.between(0.5, 6.0) };
            }
            left -= 1.0;
            *o *= if on { 1.0 } else { 0.1 };
        }
    }
    let power = (out.iter().map(|v| v * v).sum::<f64>() / n.max(1) as f64).sqrt().max(1e-12);
    out.iter_mut().for_each(|v| *v /= power);
    out
}

/// Every second stretch of `stretch_s` gets noise of 24 to -4 dB; now and then in one lead alone.
fn noisy(leads: &[Vec<f32>], fs: f64, stretch_s: f64, random: &mut Random) -> Vec<Vec<f32>> {
    let mut out = leads.to_vec();
    let stretch = (stretch_s * fs) as usize;
    let heights: Vec<f64> = leads
        .iter()
        .map(|x| {
            let mut all: Vec<f64> = x
                .chunks((1.2 * fs) as usize)
                .map(|w| {
                    let top = w.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    f64::from(top - w.iter().copied().fold(f32::INFINITY, f32::min))
                })
                .collect();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        })
        .collect();
    let n = leads[0].len();
    let mut from = if stretch >= n { 0 } else { stretch };
    while from < n {
        let to = (from + stretch).min(n);
        let snr = random.between(-4.0, 24.0);
        let only =
            (random.next() < 0.3 && leads.len() > 1).then(|| (random.next() * leads.len() as f64) as usize);
        for (k, x) in out.iter_mut().enumerate() {
            if only.is_some_and(|o| o != k) {
                continue;
            }
            let gain = heights[k] / 8.0_f64.sqrt() / 10.0_f64.powf((snr + random.between(-3.0, 3.0)) / 20.0);
            for (v, a) in x[from..to].iter_mut().zip(noise(to - from, fs, random)) {
                *v += (gain * a) as f32;
            }
        }
        from += 2 * stretch;
    }
    out
}

struct Out {
    file: BufWriter<File>,
    random: Random,
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
        let rows = candidate_rows(leads, fs);
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
            if known(*at) {
                write(*at, f32::from(u8::from(is)), x)?;
            }
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
                (100.0, noisy(&record.leads, fs, 40.0, &mut out.random), fs),
                (200.0, record.leads.iter().map(|x| resample(x, fs, 250.0)).collect(), 250.0),
                (300.0, record.leads.iter().map(|x| resample(x, fs, 500.0)).collect(), 500.0),
            ] {
                let moved = |s: usize| (s as f64 * to / fs) as usize;
                let outside = |s: usize| !flutter.iter().any(|(a, b)| s >= moved(*a) && s <= moved(*b));
                let reference: Vec<usize> =
                    reference.iter().map(|s| moved(*s)).filter(|s| outside(*s)).collect();
                let all = views(&leads);
                for (variant, part) in [(0.0, &all[..]), (1.0, &all[..1]), (2.0, &all[1..])] {
                    if more >= 200.0 && variant > 0.0 {
                        continue;
                    }
                    out.rows([group, more + variant], part, to, &reference, 150.0, &outside)?;
                }
            }
        }
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
                noisy(&record.leads, fs, 20.0, &mut out.random)
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
        let more = noisy(&[x], 500.0, 20.0, &mut out.random);
        out.rows([30_000.0 + id, 100.0], &views(&more), 500.0, &reference, 75.0, &known)?;
    }
    Ok(())
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = env::args().collect();
    let (Some(root), Some(out)) = (args.get(1), args.get(2)) else {
        return Err(std::io::Error::other("qrs_features DATA_DIR OUT"));
    };
    let root = Path::new(root);
    let mut out = Out { file: BufWriter::new(File::create(out)?), random: Random(7) };
    long_records(&mut out, root)?;
    ludb(&mut out, root)?;
    strips(&mut out, root)?;
    out.file.flush()
}
