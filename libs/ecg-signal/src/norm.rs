//! One shape for every recording: 500 samples a second, and a QRS of ordinary height.
//!
//! The steps of the analysis have limits in µV (what is too small for a P wave) and in samples. A recorder with another rate or
//! gain must not move them, so they are applied to the recording as it would look at one rate and with a QRS of
//! one height; what is measured in µV and judged by physical limits is scaled back.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    dsp::{extremes, median, samples},
    lead::Lead,
    quality::Prepared,
};

/// Samples a second inside the analysis.
pub const RATE_HZ: f64 = 500.0;

/// Peak to peak of the QRS in the middle one of the leads, inside the analysis: between the medians of the recordings that the
/// limits were chosen on (LUDB 0.8 mV, SNOMED-coded records 1.1 mV).
const HEIGHT_UV: f64 = 1000.0;

/// Half length of the interpolating kernel in its zero crossings, and the number of places between two samples at which it
/// is known; the nearest is taken, off by a five-hundredth of a sample at most.
const REACH: f64 = 8.0;
const PHASES: usize = 256;

/// The leads at [`RATE_HZ`], by a sinc under a Hann window that passes what both rates can hold.
pub fn at_common_rate(prepared: Prepared) -> Prepared {
    let fs = prepared.fs;
    if (fs - RATE_HZ).abs() < 1e-6 {
        return prepared;
    }
    let n = (prepared.n as f64 * RATE_HZ / fs).floor() as usize;
    // Part of the input's band that is kept.
    let band = (RATE_HZ / fs).min(1.0) * 0.95;
    let half = (REACH / band).ceil() as usize;
    let kernels: Vec<Vec<f32>> = (0..=PHASES).map(|p| kernel(p as f64 / PHASES as f64, half, band)).collect();
    prepared.map_leads(RATE_HZ, n, |x| {
        let last = x.len().saturating_sub(1) as isize;
        (0..n)
            .map(|k| {
                let t = k as f64 * fs / RATE_HZ;
                let at = t.floor();
                let weights = &kernels[((t - at) * PHASES as f64).round() as usize];
                let from = at as isize + 1 - half as isize;
                match usize::try_from(from).ok().and_then(|from| x.get(from..from + 2 * half)) {
                    Some(window) => window.iter().zip(weights).map(|(v, w)| v * w).sum(),
                    // Beyond the ends the first and the last value go on.
                    None => {
                        let value = |j: usize| x[(from + j as isize).clamp(0, last) as usize];
                        weights.iter().enumerate().map(|(j, w)| value(j) * w).sum()
                    }
                }
            })
            .collect()
    })
}

/// Weights of the `2 * half` samples around a place `phase` of the way from the middle pair's first to its second; their
/// sum is one.
fn kernel(phase: f64, half: usize, band: f64) -> Vec<f32> {
    let weights: Vec<f64> = (0..2 * half)
        .map(|j| {
            let d = j as f64 + 1.0 - half as f64 - phase;
            let x = std::f64::consts::PI * d * band;
            let sinc = if x.abs() < 1e-9 { 1.0 } else { x.sin() / x };
            let window = (0.5 * std::f64::consts::PI * d / half as f64).cos().powi(2);
            sinc * window
        })
        .collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|w| (w / sum) as f32).collect()
}

/// How many µV of the recording one µV inside is: height of the middle lead's QRS (median over the beats) over [`HEIGHT_UV`].
/// 1 without beats; bounded, so that absurd values stay finite.
pub fn gain(prepared: &Prepared, beats: &[usize]) -> f64 {
    let reach = samples(60.0, prepared.fs);
    let mut heights: Vec<f64> = Lead::ALL
        .into_iter()
        .filter_map(|lead| {
            let x = prepared.lead(lead)?;
            let mut spans: Vec<f64> = beats
                .iter()
                .filter_map(|at| x.get(at.saturating_sub(reach)..(at + reach).min(x.len())))
                .map(extremes)
                .map(|(low, high)| f64::from(high - low))
                .collect();
            median(&mut spans)
        })
        .filter(|v| v.is_finite() && *v > 0.0)
        .collect();
    median(&mut heights).map_or(1.0, |v| (v / HEIGHT_UV).clamp(1e-3, 1e6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lead::Signal, quality::prepare};

    #[test]
    fn a_sine_stays_a_sine_at_the_common_rate() {
        for fs in [128.0, 200.0, 250.0, 257.3, 360.0, 1000.0, 2000.0] {
            let wave = |t: f64| (1000.0 * (2.0 * std::f64::consts::PI * 30.0 * t).sin()) as f32;
            let x: Vec<f32> = (0..(4.0 * fs) as usize).map(|i| wave(f64::from(i as u32) / fs)).collect();
            let out = at_common_rate(prepare(&Signal { sample_rate_hz: fs, leads: vec![(Lead::V1, &x)] }));
            let y = out.lead(Lead::V1).unwrap();
            assert_eq!((out.fs, out.n), (RATE_HZ, y.len()));
            for (i, v) in y.iter().enumerate().skip(100).take(1700) {
                let off = (v - wave(f64::from(i as u32) / RATE_HZ)).abs();
                assert!(off < 12.0, "{fs} Hz, sample {i}: {off}");
            }
        }
    }
}
