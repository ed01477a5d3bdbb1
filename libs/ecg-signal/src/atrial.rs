//! Atrial activity that is not locked to the QRS (flutter waves, P waves of their own rhythm), and pacing
//! spikes.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    dsp::{Band, butterworth, filtfilt, samples},
    lead::Lead,
    median::{Group, Traces},
    model::MedianBeats,
    quality::Prepared,
    rhythm::RhythmKind,
};

/// What the atria do when they do not simply precede each QRS.
#[derive(Debug, Clone, Copy, Default)]
pub struct AtrialActivity {
    /// Rate of a sustained regular atrial wave of 200 to 350 per minute.
    pub flutter_bpm: Option<f64>,
    /// Rate of P waves that march through on their own.
    pub free_p_bpm: Option<f64>,
    /// Block that the relation of P and QRS shows.
    pub pattern: Option<RhythmKind>,
}

/// Looks for flutter waves in what is left after the median beats are taken away.
pub fn activity(
    traces: &Traces,
    beats: &[usize],
    groups: &[Group],
    median_beat: &MedianBeats,
) -> AtrialActivity {
    let mut out = AtrialActivity::default();
    if beats.len() < 3 || median_beat.fiducials.qrs_on.is_none() {
        return out;
    }
    let _ = groups;
    out.flutter_bpm = flutter(traces, beats, median_beat);
    out
}

/// Autocorrelation of the atrial signal (QRS blanked by straight lines, 3 to 12 Hz) in the leads that show
/// the atria best. A flutter wave keeps its period over the whole recording.
fn flutter(traces: &Traces, beats: &[usize], median_beat: &MedianBeats) -> Option<f64> {
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
        if worst > 0.45 && best.is_none_or(|b| worst > b.1) {
            best = Some((60.0 * fs / lag as f64, worst));
        }
    }
    best.map(|b| b.0)
}

/// Whether most beats of the dominant group follow a pacing spike: (atrial, ventricular).
///
/// A spike is a deflection of at most a few ms that stands far above the curvature around it. Recorders with
/// a low-pass below 100 Hz leave nothing to see here.
pub fn pacing_spikes(prepared: &Prepared, dominant: &Group) -> (bool, bool) {
    let fs = prepared.fs;
    if fs < 240.0 {
        return (false, false);
    }
    let d = samples(6.0, fs).max(1);
    let leads: Vec<&[f32]> = Lead::ALL.into_iter().filter_map(|l| prepared.lead(l)).collect();
    let sharp = |i: usize| -> f64 {
        leads
            .iter()
            .map(|x| f64::from(x[i] - 0.5 * (x[i - d] + x[i + d])).powi(2))
            .sum::<f64>()
            .sqrt()
    };
    let (mut atrial, mut ventricular, mut total) = (0, 0, 0);
    for (_, at) in &dominant.members {
        let from = at.saturating_sub(samples(320.0, fs)).max(2 * d);
        let to = (at + samples(60.0, fs)).min(prepared.n.saturating_sub(2 * d));
        if to <= from + samples(100.0, fs) {
            continue;
        }
        total += 1;
        let values: Vec<f64> = (from..to).map(sharp).collect();
        let guard = samples(14.0, fs);
        for k in 0..values.len() {
            let v = values[k];
            if v < 300.0 {
                continue;
            }
            // Highest in its place, and alone: 14 to 50 ms away nothing is half as sharp.
            let (a, b) = (k.saturating_sub(guard), (k + guard).min(values.len() - 1));
            if values[a..=b].iter().any(|w| *w > v) {
                continue;
            }
            let far = samples(50.0, fs);
            let left = &values[k.saturating_sub(far)..a];
            let right = &values[b..(k + far).min(values.len())];
            if left.iter().chain(right).any(|w| *w > 0.4 * v) {
                continue;
            }
            let ahead = (*at as f64 - (from + k) as f64) * 1000.0 / fs;
            if ahead < 110.0 {
                ventricular += 1;
            } else {
                atrial += 1;
            }
            break;
        }
    }
    (total > 0 && 2 * atrial > total, total > 0 && 2 * ventricular > total)
}
