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

pub use crate::biquad::{Band, butterworth, filtfilt_all};

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
    // By the block, without a way out within it: that is several samples at a time.
    if x.chunks(64).all(|block| block.iter().fold(true, |all, v| all & v.is_finite())) {
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

/// Centred moving average over `width` samples (made odd), shorter at the ends.
pub fn moving_average(x: &[f32], width: usize) -> Vec<f32> {
    let n = x.len();
    let half = width / 2;
    if half == 0 || n == 0 {
        return x.to_vec();
    }
    let width = 2 * half + 1;
    let mut out = Vec::with_capacity(n);
    let mut sum: f64 = x.iter().take(half).copied().map(f64::from).sum();
    for i in 0..n.min(half + 1) {
        sum += x.get(i + half).map_or(0.0, |v| f64::from(*v));
        out.push((sum / n.min(i + half + 1) as f64) as f32);
    }
    out.extend(x.iter().skip(width).zip(x).map(|(new, old)| {
        sum += f64::from(*new);
        sum -= f64::from(*old);
        (sum / width as f64) as f32
    }));
    for i in out.len()..n {
        sum -= f64::from(x[i - half - 1]);
        out.push((sum / (n - (i - half)) as f64) as f32);
    }
    out
}

/// Lowest and highest value; infinities the wrong way round for an empty slice. Of `x` without NaN.
pub fn extremes(x: &[f32]) -> (f32, f32) {
    // Side by side, so that the compiler makes vector instructions of it.
    let (mut low, mut high) = ([f32::INFINITY; 8], [f32::NEG_INFINITY; 8]);
    let (blocks, rest) = x.as_chunks::<8>();
    let mut take = |lane: usize, v: f32| {
        low[lane] = if v < low[lane] { v } else { low[lane] };
        high[lane] = if v > high[lane] { v } else { high[lane] };
    };
    for block in blocks {
        for lane in 0..8 {
            take(lane, block[lane]);
        }
    }
    for (lane, v) in rest.iter().enumerate() {
        take(lane, *v);
    }
    (low.into_iter().fold(f32::INFINITY, f32::min), high.into_iter().fold(f32::NEG_INFINITY, f32::max))
}

/// [`quantile`] of numbers that are not negative: as integers their bits have the same order and compare faster.
pub fn quantile_of_sizes(values: &[f32], q: f64, scratch: &mut Vec<i32>) -> Option<f64> {
    let k = quantile_place(q, values.len())?;
    scratch.clear();
    scratch.extend(values.iter().map(|v| v.to_bits().cast_signed()));
    let (_, v, _) = scratch.select_nth_unstable(k);
    Some(f64::from(f32::from_bits(v.cast_unsigned())))
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

/// Where the `q` quantile (0..=1) stands among sorted values; `None` among none.
pub fn quantile_place(q: f64, count: usize) -> Option<usize> {
    Some((q * count.checked_sub(1)? as f64).round() as usize)
}

/// The `q` quantile (0..=1) by nearest rank.
pub fn quantile(values: &mut [f64], q: f64) -> Option<f64> {
    let k = quantile_place(q, values.len())?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(n: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * i + 17 * i) % 211) as f32 - 100.0).collect()
    }

    #[test]
    fn moving_average_is_the_mean_of_what_is_there() {
        for n in 0..40 {
            let x = noise(n);
            for width in [0, 1, 2, 5, 8, 30, 90] {
                let half = width / 2;
                let expected: Vec<f32> = (0..n)
                    .map(|i| {
                        let part = &x[i.saturating_sub(half)..(i + half + 1).min(n)];
                        (part.iter().copied().map(f64::from).sum::<f64>() / part.len() as f64) as f32
                    })
                    .collect();
                // Whole numbers: the sums are exact, in any order.
                assert_eq!(moving_average(&x, width), expected, "{n} samples, width {width}");
            }
        }
    }

    #[test]
    fn extremes_and_quantiles() {
        for n in 1..40 {
            let x = noise(n);
            let low = x.iter().copied().fold(f32::INFINITY, f32::min);
            let high = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            assert_eq!(extremes(&x), (low, high));
            let sizes: Vec<f32> = x.iter().map(|v| v.abs()).collect();
            for q in [0.0, 0.25, 0.4, 1.0] {
                let mut wide: Vec<f64> = sizes.iter().copied().map(f64::from).collect();
                assert_eq!(quantile_of_sizes(&sizes, q, &mut Vec::new()), quantile(&mut wide, q));
            }
        }
        assert_eq!(quantile_of_sizes(&[], 0.5, &mut Vec::new()), None);
    }
}
