//! Pacing spikes.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    dsp::{median, samples},
    lead::Lead,
    median::Group,
    quality::Prepared,
};

/// Least sharpness of a spike as part of the height of the QRS, both over all leads together.
const SPIKE_PART: f64 = 0.125;

/// Root of the sum of the leads' squared peak-to-peak QRS, median over the first beats.
fn qrs_height(leads: &[&[f32]], dominant: &Group, fs: f64) -> f64 {
    let reach = samples(60.0, fs);
    let mut heights: Vec<f64> = dominant
        .members
        .iter()
        .take(9)
        .map(|(_, at)| {
            let sum: f64 = leads
                .iter()
                .filter_map(|x| x.get(at.saturating_sub(reach)..(at + reach).min(x.len())))
                .map(|w| {
                    let top = w.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    let bottom = w.iter().copied().fold(f32::INFINITY, f32::min);
                    f64::from(top - bottom).powi(2)
                })
                .sum();
            sum.sqrt()
        })
        .collect();
    median(&mut heights).unwrap_or(f64::INFINITY)
}

/// Whether most beats of the dominant group follow a pacing spike: (atrial, ventricular).
///
/// A spike is as sharp on a scale of 4 ms as on one of 12 ms; a QRS flank or notch is much sharper on the
/// longer one. The spike is measured against the QRS, so that a wrong gain changes nothing. Recorders with a low-pass below 100 Hz leave nothing to see here.
pub fn spikes(prepared: &Prepared, dominant: &Group) -> (bool, bool) {
    let fs = prepared.fs;
    if fs < 240.0 {
        return (false, false);
    }
    let (short, long) = (samples(4.0, fs).max(1), samples(12.0, fs).max(3));
    let leads: Vec<&[f32]> = Lead::ALL.into_iter().filter_map(|l| prepared.lead(l)).collect();
    let sharp = |i: usize, d: usize| -> f64 {
        let sum: f64 = leads.iter().map(|x| f64::from(x[i] - 0.5 * (x[i - d] + x[i + d])).powi(2)).sum();
        sum.sqrt()
    };
    let height = qrs_height(&leads, dominant, fs);
    let (mut atrial, mut ventricular, mut total) = (0, 0, 0);
    for (_, at) in &dominant.members {
        let from = at.saturating_sub(samples(320.0, fs)).max(long);
        let to = (at + samples(40.0, fs)).min(prepared.n.saturating_sub(long));
        if to <= from + samples(100.0, fs) {
            continue;
        }
        total += 1;
        // Muscle noise is sharp too: a spike stands far above what is sharp in the T wave.
        let quiet_to = (at + samples(420.0, fs)).min(prepared.n.saturating_sub(long));
        let quiet = (at + samples(220.0, fs)..quiet_to).map(|i| sharp(i, short)).fold(0.0, f64::max);
        let least = (SPIKE_PART * height).max(2.5 * quiet);
        let (mut before_p, mut before_qrs) = (false, false);
        for i in from..to {
            let fine = sharp(i, short);
            if fine < least || fine < 0.74 * (sharp(i, long) + 0.13 * SPIKE_PART * height) {
                continue;
            }
            if (*at as f64 - i as f64) * 1000.0 / fs < 110.0 {
                before_qrs = true;
            } else {
                before_p = true;
            }
        }
        atrial += usize::from(before_p);
        ventricular += usize::from(before_qrs);
    }
    (total > 0 && 2 * atrial > total, total > 0 && 2 * ventricular > total)
}
