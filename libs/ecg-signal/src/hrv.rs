//! Heart-rate variability after the Task Force of 1996, from intervals between consecutive normal beats.
//!
//! Units: ms and ms². Frequency: the intervals at their end times, interpolated linearly at 4 Hz (not across gaps of
//! more than 5 s), Welch's method with Hann windows of 300 s that overlap by half, mean removed, one-sided density
//! summed over VLF 0.0033-0.04, LF 0.04-0.15 and HF 0.15-0.4 Hz. Equal to scipy and NumPy on the series of
//! `reference/hrv.py`.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use std::f64::consts::PI;

use serde::Serialize;

use crate::{
    beats::{BeatClass, ClassifiedBeat},
    turbulence::deceleration_capacity_ms,
};

/// An interval between two consecutive normal beats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NormalInterval {
    /// Time of its end, s.
    pub end_s: f64,
    pub ms: f64,
    /// It begins where the interval before it in the list ends.
    pub follows: bool,
}

/// The measures; `None` where there is too little to tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Variability {
    pub intervals: usize,
    pub mean_ms: Option<f64>,
    pub sdnn_ms: Option<f64>,
    /// Standard deviation of the means of 5 min.
    pub sdann_ms: Option<f64>,
    /// Mean of the standard deviations of 5 min.
    pub sdnn_index_ms: Option<f64>,
    pub rmssd_ms: Option<f64>,
    pub pnn50_percent: Option<f64>,
    /// Intervals over the height of the histogram in bins of 1/128 s.
    pub triangular_index: Option<f64>,
    pub vlf_ms2: Option<f64>,
    pub lf_ms2: Option<f64>,
    pub hf_ms2: Option<f64>,
    pub lf_hf: Option<f64>,
    /// Width and length of the Poincaré plot.
    pub sd1_ms: Option<f64>,
    pub sd2_ms: Option<f64>,
    /// m = 2, r = 0.2 SD; the mean over windows of 5 min.
    pub sample_entropy: Option<f64>,
    /// Detrended fluctuation over 4 to 16 intervals.
    pub dfa_alpha1: Option<f64>,
    /// See [`crate::turbulence`].
    pub deceleration_capacity_ms: Option<f64>,
}

/// The intervals between consecutive normal beats, of 300 to 2000 ms.
#[must_use]
pub fn normal_intervals(beats: &[ClassifiedBeat], sample_rate_hz: f64) -> Vec<NormalInterval> {
    let mut out: Vec<NormalInterval> = Vec::new();
    let mut last_end = None;
    for (k, pair) in beats.windows(2).enumerate() {
        let ms = pair[1].sample.saturating_sub(pair[0].sample) as f64 * 1000.0 / sample_rate_hz;
        let normal = pair.iter().all(|b| b.class == BeatClass::Normal);
        if normal && (300.0..=2000.0).contains(&ms) {
            let end_s = pair[1].sample as f64 / sample_rate_hz;
            out.push(NormalInterval { end_s, ms, follows: last_end == Some(k) });
            last_end = Some(k + 1);
        }
    }
    out
}

fn mean(x: &[f64]) -> Option<f64> {
    (!x.is_empty()).then(|| x.iter().sum::<f64>() / x.len() as f64)
}

/// Standard deviation with n - 1.
fn sd(x: &[f64]) -> Option<f64> {
    let m = mean(x)?;
    (x.len() > 1).then(|| (x.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (x.len() - 1) as f64).sqrt())
}

/// Computes every measure. `intervals` in order of time.
#[must_use]
pub fn variability(intervals: &[NormalInterval]) -> Variability {
    let x: Vec<f64> = intervals.iter().map(|i| i.ms).collect();
    let steps: Vec<f64> = intervals.windows(2).filter(|w| w[1].follows).map(|w| w[1].ms - w[0].ms).collect();
    let mut out =
        Variability { intervals: x.len(), mean_ms: mean(&x), sdnn_ms: sd(&x), ..Variability::default() };
    if !steps.is_empty() {
        let n = steps.len() as f64;
        out.rmssd_ms = Some((steps.iter().map(|d| d * d).sum::<f64>() / n).sqrt());
        out.pnn50_percent = Some(100.0 * steps.iter().filter(|d| d.abs() > 50.0).count() as f64 / n);
    }
    let windows = five_minutes(intervals);
    let means: Vec<f64> = windows.iter().filter_map(|w| mean(w)).collect();
    let sds: Vec<f64> = windows.iter().filter_map(|w| sd(w)).collect();
    out.sdann_ms = sd(&means);
    out.sdnn_index_ms = mean(&sds);
    out.sample_entropy = mean(&windows.iter().filter_map(|w| sample_entropy(w)).collect::<Vec<_>>());
    out.triangular_index = triangular_index(&x);
    out.dfa_alpha1 = dfa_alpha1(&x);
    let runs: Vec<Vec<f64>> =
        intervals.chunk_by(|_, b| b.follows).map(|run| run.iter().map(|i| i.ms).collect()).collect();
    out.deceleration_capacity_ms = deceleration_capacity_ms(&runs);
    if let (Some(s), Some(all)) = (sd(&steps), out.sdnn_ms) {
        out.sd1_ms = Some(s / 2.0_f64.sqrt());
        out.sd2_ms = Some((2.0 * all * all - s * s / 2.0).max(0.0).sqrt());
    }
    if let Some([vlf, lf, hf]) = bands(intervals) {
        (out.vlf_ms2, out.lf_ms2, out.hf_ms2) = (Some(vlf), Some(lf), Some(hf));
        out.lf_hf = (hf > 0.0).then(|| lf / hf);
    }
    out
}

/// Intervals by 5 min of time from the first; windows with fewer than 30 intervals are left out.
fn five_minutes(intervals: &[NormalInterval]) -> Vec<Vec<f64>> {
    let Some(first) = intervals.first().map(|i| i.end_s) else { return Vec::new() };
    let mut out: Vec<Vec<f64>> = Vec::new();
    let mut current = usize::MAX;
    for i in intervals {
        let window = ((i.end_s - first) / 300.0) as usize;
        if window != current {
            out.push(Vec::new());
            current = window;
        }
        if let Some(last) = out.last_mut() {
            last.push(i.ms);
        }
    }
    out.retain(|w| w.len() >= 30);
    out
}

fn triangular_index(x: &[f64]) -> Option<f64> {
    let mut bins = vec![0_usize; 512];
    for v in x {
        let bin = (v / 7.8125) as usize;
        if let Some(b) = bins.get_mut(bin) {
            *b += 1;
        }
    }
    let top = bins.into_iter().max().filter(|t| *t > 0)?;
    Some(x.len() as f64 / top as f64)
}

/// `None` where no template of three repeats.
fn sample_entropy(x: &[f64]) -> Option<f64> {
    let r = 0.2 * sd(x)?;
    let n = x.len();
    let (mut two, mut three) = (0_usize, 0_usize);
    for i in 0..n.saturating_sub(2) {
        for j in i + 1..n - 2 {
            if (x[i] - x[j]).abs() <= r && (x[i + 1] - x[j + 1]).abs() <= r {
                two += 1;
                three += usize::from((x[i + 2] - x[j + 2]).abs() <= r);
            }
        }
    }
    (three > 0).then(|| -(three as f64 / two as f64).ln())
}

fn dfa_alpha1(x: &[f64]) -> Option<f64> {
    let m = mean(x)?;
    if x.len() < 64 {
        return None;
    }
    let mut sum = 0.0;
    let profile: Vec<f64> = x
        .iter()
        .map(|v| {
            sum += v - m;
            sum
        })
        .collect();
    let points: Vec<(f64, f64)> = (4..=16_usize)
        .map(|n| {
            let centre = (n as f64 - 1.0) / 2.0;
            let spread: f64 = (0..n).map(|i| (i as f64 - centre).powi(2)).sum();
            let (mut total, mut count) = (0.0, 0.0);
            for window in profile.chunks_exact(n) {
                let level = window.iter().sum::<f64>() / n as f64;
                let slope =
                    window.iter().enumerate().map(|(i, v)| (i as f64 - centre) * v).sum::<f64>() / spread;
                total += window
                    .iter()
                    .enumerate()
                    .map(|(i, v)| (v - level - slope * (i as f64 - centre)).powi(2))
                    .sum::<f64>();
                count += n as f64;
            }
            ((n as f64).ln(), (total / count).sqrt().max(1e-12).ln())
        })
        .collect();
    let n = points.len() as f64;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let (xy, xx) =
        points.iter().fold((0.0, 0.0), |s, p| (s.0 + (p.0 - mx) * (p.1 - my), s.1 + (p.0 - mx).powi(2)));
    Some(xy / xx)
}

const RATE_HZ: f64 = 4.0;
const WINDOW: usize = 1200;

/// Power in the three bands, or `None` where no stretch of 300 s is without gaps.
fn bands(intervals: &[NormalInterval]) -> Option<[f64; 3]> {
    let table: Vec<(f64, f64)> =
        (0..WINDOW).map(|i| (2.0 * PI * i as f64 / WINDOW as f64).sin_cos()).collect();
    // The window of scipy's `hann`: periodic.
    let hann: Vec<f64> = table.iter().map(|(_, cos)| 0.5 - 0.5 * cos).collect();
    let scale = 2.0 / (RATE_HZ * hann.iter().map(|w| w * w).sum::<f64>());
    let (mut sums, mut count) = ([0.0; 3], 0.0);
    let mut start = 0;
    while start < intervals.len() {
        let mut end = start + 1;
        while end < intervals.len() && intervals[end].end_s - intervals[end - 1].end_s <= 5.0 {
            end += 1;
        }
        let series = resample(&intervals[start..end]);
        let mut from = 0;
        while from + WINDOW <= series.len() {
            let part = &series[from..from + WINDOW];
            let level = part.iter().sum::<f64>() / WINDOW as f64;
            let tapered: Vec<f64> = part.iter().zip(&hann).map(|(v, w)| (v - level) * w).collect();
            for k in 1..=120_usize {
                let f = k as f64 * RATE_HZ / WINDOW as f64;
                let band = if f < 0.0033 {
                    continue;
                } else if f < 0.04 {
                    0
                } else if f < 0.15 {
                    1
                } else if f < 0.4 {
                    2
                } else {
                    break;
                };
                let (mut re, mut im, mut phase) = (0.0, 0.0, 0);
                for v in &tapered {
                    let (sin, cos) = table[phase];
                    re += v * cos;
                    im += v * sin;
                    phase += k;
                    if phase >= WINDOW {
                        phase -= WINDOW;
                    }
                }
                sums[band] += (re * re + im * im) * scale * RATE_HZ / WINDOW as f64;
            }
            count += 1.0;
            from += WINDOW / 2;
        }
        start = end;
    }
    (count > 0.0).then(|| sums.map(|s| s / count))
}

fn resample(part: &[NormalInterval]) -> Vec<f64> {
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return Vec::new() };
    let n = ((last.end_s - first.end_s) * RATE_HZ).floor() as usize + 1;
    let mut k = 0;
    (0..n)
        .map(|i| {
            let t = first.end_s + i as f64 / RATE_HZ;
            while k + 2 < part.len() && part[k + 1].end_s < t {
                k += 1;
            }
            let Some(next) = part.get(k + 1) else { return part[k].ms };
            let span = (next.end_s - part[k].end_s).max(1e-9);
            let s = ((t - part[k].end_s) / span).clamp(0.0, 1.0);
            part[k].ms + s * (next.ms - part[k].ms)
        })
        .collect()
}
