//! The atria: flutter waves, and signs of enlargement in the P wave.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::needless_range_loop,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    criteria::Key,
    dsp::{Band, butterworth, filtfilt_all, samples},
    interpret::{Findings, say},
    lead::Lead,
    median::Traces,
    model::MedianBeats,
    phrases as p,
    rhythm::RhythmKind,
    statement::{Certainty, Ground, Statement},
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
    let mut blanked = Vec::new();
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
        blanked.push(y);
    }
    let mut sections = butterworth(Band::High, 2, 3.0, fs);
    sections.extend(butterworth(Band::Low, 2, 12.0, fs));
    let mut best: Option<(f64, f64)> = None;
    for y in filtfilt_all(&blanked, &sections, samples(500.0, fs)) {
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

/// Signs of a large right or left atrium.
pub fn enlargement(f: &Findings<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    if f.rhythm.kind != RhythmKind::Sinus {
        return out;
    }
    let tall: Vec<Ground> = [Lead::II, Lead::III, Lead::AVF]
        .into_iter()
        .filter_map(|lead| {
            let v = f.lead(lead)?.p_amplitude_uv?;
            (f.amplitudes_hold() && v > f.limit(Key::PTallUv))
                .then(|| f.ground("p_amplitude", Some(lead), v, Key::PTallUv, ">"))
        })
        .collect();
    if tall.len() >= 2 {
        let leads = tall.iter().filter_map(|g| g.lead).collect();
        out.push(say(p::RIGHT_ATRIUM, Certainty::Possible, leads, tall));
    }
    let wide = f
        .global
        .p_duration_ms
        .filter(|d| *d >= f.limit(Key::PWideMs))
        .map(|d| f.ground("p_duration", None, d, Key::PWideMs, ">="));
    let key = Key::PTerminalForceUvMs;
    let force = p_terminal_force(f)
        .filter(|v| *v >= f.limit(key))
        .map(|v| f.ground("p_terminal_force", Some(Lead::V1), v, key, ">="));
    let grounds: Vec<Ground> = wide.into_iter().chain(force).collect();
    if !grounds.is_empty() {
        out.push(say(p::LEFT_ATRIUM, Certainty::Possible, vec![Lead::I, Lead::II, Lead::V1], grounds));
    }
    out
}

/// Depth times duration of the negative end of P in V1, above the line between the limits of P.
fn p_terminal_force(f: &Findings<'_>) -> Option<f64> {
    let (_, x) = f.median.leads.iter().find(|(lead, _)| *lead == Lead::V1)?;
    let p = x.get(f.median.fiducials.p_on?..=f.median.fiducials.p_off?)?;
    let (first, last) = (f64::from(*p.first()?), f64::from(*p.last()?));
    let span = p.len().max(2) as f64 - 1.0;
    let line = |i: usize| first + (last - first) * i as f64 / span;
    let y: Vec<f64> = p.iter().enumerate().map(|(i, v)| f64::from(*v) - line(i)).collect();
    let end = y.iter().rposition(|v| *v < 0.0)?;
    let start = y.get(..end)?.iter().rposition(|v| *v >= 0.0).map_or(0, |i| i + 1);
    let depth = y.get(start..=end)?.iter().fold(0.0, |a: f64, v| a.max(-v));
    let gain = if f.amplitudes_hold() { f.gain } else { 1.0 };
    Some(gain * depth * (end + 1 - start) as f64 * 1000.0 / f.median.sample_rate_hz)
}
