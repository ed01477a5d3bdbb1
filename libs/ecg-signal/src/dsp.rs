//! Small numeric tools shared by the analysis: Butterworth biquads run forward and backward, medians,
//! moving sums, gap filling. Signals are `f32` in µV; filter state is `f64`.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::needless_range_loop,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use std::f64::consts::PI;

/// Milliseconds to samples, rounded.
pub fn samples(ms: f64, fs: f64) -> usize {
    (ms * fs / 1000.0).round().max(0.0) as usize
}

/// Samples to milliseconds.
pub fn ms(samples: usize, fs: f64) -> f64 {
    samples as f64 * 1000.0 / fs
}

/// One second-order section, transposed direct form II.
#[derive(Debug, Clone, Copy)]
pub struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    Low,
    High,
}

impl Biquad {
    fn pass(band: Band, cutoff_hz: f64, q: f64, fs: f64) -> Self {
        let w = 2.0 * PI * cutoff_hz / fs;
        let (sin, cos) = w.sin_cos();
        let alpha = sin / (2.0 * q);
        let a0 = 1.0 + alpha;
        let (b0, b1) = match band {
            Band::Low => ((1.0 - cos) / 2.0, 1.0 - cos),
            Band::High => (f64::midpoint(1.0, cos), -(1.0 + cos)),
        };
        Self { b: [b0 / a0, b1 / a0, b0 / a0], a: [-2.0 * cos / a0, (1.0 - alpha) / a0] }
    }

    /// Second-order notch of the given quality factor.
    pub fn notch(centre_hz: f64, q: f64, fs: f64) -> Self {
        let w = 2.0 * PI * centre_hz / fs;
        let (sin, cos) = w.sin_cos();
        let alpha = sin / (2.0 * q);
        let a0 = 1.0 + alpha;
        Self { b: [1.0 / a0, -2.0 * cos / a0, 1.0 / a0], a: [-2.0 * cos / a0, (1.0 - alpha) / a0] }
    }

    /// Runs in place, starting from the steady state of the first sample, so that an offset makes no step.
    fn run(self, x: &mut [f32], reverse: bool) {
        let n = x.len();
        if n == 0 {
            return;
        }
        let first = f64::from(if reverse { x[n - 1] } else { x[0] });
        let gain = (self.b[0] + self.b[1] + self.b[2]) / (1.0 + self.a[0] + self.a[1]);
        let y0 = first * gain;
        let mut z2 = self.b[2] * first - self.a[1] * y0;
        let mut z1 = self.b[1] * first - self.a[0] * y0 + z2;
        let mut step = |v: &mut f32| {
            let input = f64::from(*v);
            let y = self.b[0] * input + z1;
            z1 = self.b[1] * input - self.a[0] * y + z2;
            z2 = self.b[2] * input - self.a[1] * y;
            *v = y as f32;
        };
        if reverse {
            x.iter_mut().rev().for_each(&mut step);
        } else {
            x.iter_mut().for_each(&mut step);
        }
    }
}

/// Sections of a Butterworth filter of even order.
pub fn butterworth(band: Band, order: usize, cutoff_hz: f64, fs: f64) -> Vec<Biquad> {
    let cutoff = cutoff_hz.min(0.45 * fs);
    (0..order / 2)
        .map(|k| {
            let angle = PI * (2 * k + 1) as f64 / (2 * order) as f64;
            Biquad::pass(band, cutoff, 1.0 / (2.0 * angle.cos()), fs)
        })
        .collect()
}

/// Forward and backward, with the ends extended by odd reflection over `pad` samples. Zero phase; the
/// attenuation of the single run is squared.
pub fn filtfilt(x: &[f32], sections: &[Biquad], pad: usize) -> Vec<f32> {
    let n = x.len();
    if n < 2 {
        return x.to_vec();
    }
    let pad = pad.min(n - 1);
    let mut y = Vec::with_capacity(n + 2 * pad);
    y.extend((1..=pad).rev().map(|i| 2.0 * x[0] - x[i]));
    y.extend_from_slice(x);
    y.extend((1..=pad).map(|i| 2.0 * x[n - 1] - x[n - 1 - i]));
    for section in sections {
        section.run(&mut y, false);
    }
    for section in sections {
        section.run(&mut y, true);
    }
    y.drain(..pad);
    y.truncate(n);
    y
}

/// Replaces NaN by the straight line between its neighbours (ends: nearest value; all NaN: zeros).
/// Returns the filled signal and whether anything was missing.
pub fn fill_gaps(x: &[f32]) -> (Vec<f32>, bool) {
    if x.iter().all(|v| v.is_finite()) {
        return (x.to_vec(), false);
    }
    let mut out = x.to_vec();
    let n = x.len();
    let mut last: Option<usize> = None;
    let mut i = 0;
    while i < n {
        if out[i].is_finite() {
            last = Some(i);
            i += 1;
            continue;
        }
        let end = (i..n).find(|j| x[*j].is_finite());
        let (from, to) = match (last, end) {
            (Some(a), Some(b)) => (out[a], out[b]),
            (Some(a), None) => (out[a], out[a]),
            (None, Some(b)) => (out[b], out[b]),
            (None, None) => (0.0, 0.0),
        };
        let stop = end.unwrap_or(n);
        let span = (stop - i + 1) as f32;
        for j in i..stop {
            out[j] = from + (to - from) * (j - i + 1) as f32 / span;
        }
        i = stop;
    }
    (out, true)
}

/// Centred moving average over `width` samples (made odd).
pub fn moving_average(x: &[f32], width: usize) -> Vec<f32> {
    let n = x.len();
    let half = width / 2;
    if half == 0 || n == 0 {
        return x.to_vec();
    }
    let mut out = Vec::with_capacity(n);
    let mut sum = 0.0_f64;
    let mut lo = 0;
    let mut hi = 0;
    for i in 0..n {
        while hi < n && hi <= i + half {
            sum += f64::from(x[hi]);
            hi += 1;
        }
        while lo + half < i {
            sum -= f64::from(x[lo]);
            lo += 1;
        }
        out.push((sum / (hi - lo) as f64) as f32);
    }
    out
}

/// Median by selection; `None` for an empty slice. The mean of the two middle values for even length.
pub fn median(values: &mut [f64]) -> Option<f64> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let mid = n / 2;
    let (low, upper, _) = values.select_nth_unstable_by(mid, f64::total_cmp);
    let upper = *upper;
    if n % 2 == 1 {
        return Some(upper);
    }
    let lower = low.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some(f64::midpoint(lower, upper))
}

/// The `q` quantile (0..=1) by nearest rank.
pub fn quantile(values: &mut [f64], q: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let k = (q * (values.len() - 1) as f64).round() as usize;
    let (_, v, _) = values.select_nth_unstable_by(k, f64::total_cmp);
    Some(*v)
}

/// 1.4826 x median absolute deviation.
pub fn robust_sd(values: &[f64]) -> Option<f64> {
    let mut copy = values.to_vec();
    let centre = median(&mut copy)?;
    let mut deviation: Vec<f64> = values.iter().map(|v| (v - centre).abs()).collect();
    median(&mut deviation).map(|m| 1.4826 * m)
}
