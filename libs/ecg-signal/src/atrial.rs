//! Flutter waves, and pacing spikes.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::needless_range_loop,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    dsp::{Band, butterworth, filtfilt, samples},
    lead::Lead,
    median::{Group, Traces},
    model::MedianBeats,
    quality::Prepared,
};

/// Autocorrelation of the atrial signal (QRS blanked by straight lines, 3 to 12 Hz) in the leads that show
/// the atria best. A flutter wave keeps its period over the whole recording.
pub fn flutter(traces: &Traces, beats: &[usize], median_beat: &MedianBeats) -> Option<f64> {
    if beats.len() < 3 {
        return None;
    }
    let fs = traces.fs;
    let marks = median_beat.fiducials;
    let anchor = samples(450.0, fs);
    let (on, off) = (marks.qrs_on?, marks.qrs_off?);
    let before = anchor.saturating_sub(on) + samples(10.0, fs);
    let after = off.saturating_sub(anchor) + samples(20.0, fs);
    let mut best: Option<(f64, f64)> = None;
    for lead in [Lead::II, Lead::III, Lead::AVF, Lead::V1] {
        let Some(x) = traces.get(lead) else { continue };
        let mut y = x.to_vec();
        for beat in beats {
            let (a, b) = (beat.saturating_sub(before), (beat + after).min(y.len() - 1));
            let (ya, yb) = (y[a], y[b]);
            let span = (b - a).max(1) as f32;
            for i in a..=b {
                y[i] = ya + (yb - ya) * (i - a) as f32 / span;
            }
        }
        let mut sections = butterworth(Band::High, 2, 3.0, fs);
        sections.extend(butterworth(Band::Low, 2, 12.0, fs));
        let y = filtfilt(&y, &sections, samples(500.0, fs));
        let zero: f64 = y.iter().map(|v| f64::from(*v).powi(2)).sum();
        let rms = (zero / y.len().max(1) as f64).sqrt();
        if rms < 25.0 {
            continue;
        }
        let corr = |lag: usize| -> f64 {
            let n = y.len() - lag;
            let sum: f64 = (0..n).map(|i| f64::from(y[i]) * f64::from(y[i + lag])).sum();
            sum / zero * y.len() as f64 / n as f64
        };
        let (lo, hi) = (samples(60_000.0 / 350.0, fs), samples(60_000.0 / 210.0, fs));
        if y.len() < 6 * hi {
            continue;
        }
        let step = ((fs / 250.0).floor() as usize).max(1);
        let (lag, c1) = (lo..=hi)
            .step_by(step)
            .map(|lag| (lag, corr(lag)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((lo, 0.0));
        let worst = c1.min(corr(2 * lag)).min(corr(3 * lag));
        if worst > 0.5 && best.is_none_or(|b| worst > b.1) {
            best = Some((60.0 * fs / lag as f64, worst));
        }
    }
    best.map(|b| b.0)
}

/// Whether most beats of the dominant group follow a pacing spike: (atrial, ventricular).
///
/// A spike is as sharp on a scale of 4 ms as on one of 12 ms; a QRS flank or notch is much sharper on the
/// longer one. Recorders with a low-pass below 100 Hz leave nothing to see here.
pub fn pacing_spikes(prepared: &Prepared, dominant: &Group) -> (bool, bool) {
    let fs = prepared.fs;
    if fs < 240.0 {
        return (false, false);
    }
    let (short, long) = (samples(4.0, fs).max(1), samples(12.0, fs).max(3));
    let leads: Vec<&[f32]> = Lead::ALL.into_iter().filter_map(|l| prepared.lead(l)).collect();
    let scale = (12.0 / leads.len().max(1) as f64).sqrt();
    let sharp = |i: usize, d: usize| -> f64 {
        let sum: f64 = leads.iter().map(|x| f64::from(x[i] - 0.5 * (x[i - d] + x[i + d])).powi(2)).sum();
        sum.sqrt() * scale
    };
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
        let least = 380.0_f64.max(2.5 * quiet);
        let (mut before_p, mut before_qrs) = (false, false);
        for i in from..to {
            let fine = sharp(i, short);
            if fine < least || fine < 0.74 * (sharp(i, long) + 50.0) {
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
