//! Small numeric tools shared by the analysis: medians, moving sums, gap filling; the filters of [`crate::biquad`].
//! Signals are `f32` in µV; filter state is `f64`.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::needless_range_loop,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

pub use crate::biquad::{Band, Biquad, butterworth, filtfilt, filtfilt_all};

/// Milliseconds to samples, rounded.
pub fn samples(ms: f64, fs: f64) -> usize {
    (ms * fs / 1000.0).round().max(0.0) as usize
}

/// Samples to milliseconds.
pub fn ms(samples: usize, fs: f64) -> f64 {
    samples as f64 * 1000.0 / fs
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
