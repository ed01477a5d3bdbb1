//! Heart-rate turbulence after ventricular premature beats, and deceleration capacity.
//!
//! Turbulence: ISHNE consensus (Bauer et al., J Am Coll Cardiol 2008;52:1353), filters and measures of its table 1. Deceleration
//! capacity: phase-rectified signal averaging (Bauer et al., Lancet 2006;367:1674) with anchors that are at most 5 % longer than
//! the interval before. Equal to `reference/holter.py`.

use serde::Serialize;

use crate::beats::{BeatClass, ClassifiedBeat};

/// Sinus intervals that must surround a premature beat: before its coupling interval, and after its pause.
const BEFORE: usize = 5;
const AFTER: usize = 15;
/// Premature beats that the mean must rest on.
const LEAST_BEATS: usize = 5;
/// Anchors that deceleration capacity must rest on.
const LEAST_ANCHORS: usize = 100;

/// Turbulence over all suitable ventricular premature beats; `None` where there are fewer than five.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Turbulence {
    /// Premature beats that could be used.
    pub beats: usize,
    /// Turbulence onset, %: below 0 is normal.
    pub onset_percent: Option<f64>,
    /// Turbulence slope, ms per interval: above 2.5 is normal.
    pub slope_ms: Option<f64>,
}

/// The mean of `x`, which is not empty.
fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// Turbulence of the recording that `beats`, in order of time, are of.
#[must_use]
pub fn turbulence(beats: &[ClassifiedBeat], sample_rate_hz: f64) -> Turbulence {
    let rr: Vec<f64> = beats
        .iter()
        .zip(beats.iter().skip(1))
        .map(|(a, b)| b.sample.saturating_sub(a.sample) as f64 * 1000.0 / sample_rate_hz)
        .collect();
    let mut onsets = Vec::new();
    let mut sum = [0.0; AFTER];
    // Interval k ends with beat k + 1: five sinus intervals, the coupling interval, the pause, fifteen sinus intervals.
    for (window, intervals) in beats.windows(BEFORE + AFTER + 3).zip(rr.windows(BEFORE + AFTER + 2)) {
        let premature = BEFORE + 1;
        let suits = window
            .iter()
            .enumerate()
            .all(|(k, b)| b.class == if k == premature { BeatClass::Ventricular } else { BeatClass::Normal });
        let (before, rest) = intervals.split_at(BEFORE);
        let [coupling, pause, after @ ..] = rest else { continue };
        let usual = mean(before);
        let sinus = |x: &[f64]| {
            x.iter().all(|v| (300.0..=2000.0).contains(v) && (v - usual).abs() <= 0.2 * usual)
                && x.iter().zip(x.iter().skip(1)).all(|(a, b)| (b - a).abs() <= 200.0)
        };
        if !suits || *coupling > 0.8 * usual || *pause < 1.2 * usual || !sinus(before) || !sinus(after) {
            continue;
        }
        if let ([.., a, b], [c, d, ..]) = (before, after) {
            onsets.push(100.0 * ((c + d) - (a + b)) / (a + b));
        }
        for (s, v) in sum.iter_mut().zip(after) {
            *s += v;
        }
    }
    let mut out = Turbulence { beats: onsets.len(), ..Turbulence::default() };
    if onsets.len() >= LEAST_BEATS {
        out.onset_percent = Some(mean(&onsets));
        let average = sum.map(|s| s / onsets.len() as f64);
        // The slope of the regression line over five equidistant values.
        let slopes = average
            .windows(5)
            .map(|w| w.iter().zip([-2.0, -1.0, 0.0, 1.0, 2.0]).map(|(v, k)| v * k).sum::<f64>() / 10.0);
        out.slope_ms = slopes.max_by(f64::total_cmp);
    }
    out
}

/// Deceleration capacity, ms: below 2.5 is a high risk after infarction, above 4.5 a low one. `runs`: uninterrupted runs of normal
/// intervals, ms.
pub(crate) fn deceleration_capacity_ms(runs: &[Vec<f64>]) -> Option<f64> {
    let (mut anchors, mut sum) = (0_usize, 0.0);
    for four in runs.iter().flat_map(|run| run.windows(4)) {
        if let [a, b, anchor, d] = four
            && anchor > b
            && *anchor <= 1.05 * b
        {
            anchors += 1;
            sum += (anchor + d - b - a) / 4.0;
        }
    }
    (anchors >= LEAST_ANCHORS).then(|| sum / anchors as f64)
}
