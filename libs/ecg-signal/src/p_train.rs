//! P waves that march on their own: third-degree block and dropped beats.
//!
//! The median QRST is taken away from every beat; what is left is searched for a regular train of P-like
//! waves. The train tells block from the way its phase moves against the QRS.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::needless_range_loop,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    dsp::{Band, butterworth, filtfilt_all, median, moving_average, quantile, samples},
    median::{Group, Traces},
    model::MedianBeats,
    rhythm::RhythmKind,
};

/// Peaks that the train must explain, and slots of the train that must hold a peak.
const EXPLAINED: f64 = 0.8;
const FILLED: f64 = 0.75;

/// The block, if the P train shows one, and the atrial rate.
pub fn block(
    traces: &Traces,
    beats: &[usize],
    dominant: &Group,
    median_beat: &MedianBeats,
    rr_ms: &[f64],
    p_likeness: f64,
) -> Option<(RhythmKind, f64)> {
    let fs = traces.fs;
    // A train that cannot be told from the beats themselves is no block: half of the beats must be alike.
    if beats.len() < 4 || dominant.members.len() * 3 < beats.len() * 2 {
        return None;
    }
    let (envelope, hidden) = p_envelope(traces, beats, dominant, median_beat)?;
    let peaks = find_peaks(&envelope, &hidden, fs);
    let mut intervals = rr_ms.to_vec();
    let rr = median(&mut intervals)?;
    let longest = rr_ms.iter().copied().fold(0.0, f64::max);
    let (period, phase) = best_train(&peaks, &hidden, fs, traces.n)?;
    let pp_ms = period * 1000.0 / fs;
    let bpm = 60_000.0 / pp_ms;
    if pp_ms > 0.9 * rr && pp_ms > 0.6 * longest {
        return None;
    }
    let spread = rr_ms.iter().map(|v| (v - rr).abs()).sum::<f64>() / rr_ms.len() as f64 / rr;
    // PR of each beat: time since the last P of the train at least 80 ms before R.
    let pr: Vec<f64> = beats
        .iter()
        .map(|r| {
            let t = (*r as f64 - 0.08 * fs - phase).rem_euclid(period);
            (t + 0.08 * fs) * 1000.0 / fs
        })
        .collect();
    if spread < 0.06 && rr > 900.0 && pp_ms < 0.85 * rr {
        let steps = pr.windows(2).filter(|w| (w[1] - w[0]).abs() > 40.0).count();
        let low = pr.iter().copied().fold(f64::INFINITY, f64::min);
        let high = pr.iter().copied().fold(0.0, f64::max);
        if p_likeness < 0.5 && (2 * steps >= pr.len() || high - low > 150.0) {
            return Some((RhythmKind::ThirdDegreeBlock, bpm));
        }
        let two = (rr / pp_ms - 2.0).abs() < 0.06 && high - low < 60.0;
        return (two && p_repeats(traces, median_beat, samples(rr / 2.0, fs)))
            .then_some((RhythmKind::SecondDegreeBlock, bpm));
    }
    // A P wave at a fixed distance before every QRS speaks against a changing PR.
    (p_likeness < 0.6 && dropped(beats, &pr, pp_ms, fs)).then_some((RhythmKind::MobitzOne, bpm))
}

/// Two-to-one: the P wave of the median beat comes again, alike in every lead, half a cycle later.
fn p_repeats(traces: &Traces, median_beat: &MedianBeats, shift: usize) -> bool {
    let marks = median_beat.fiducials;
    let (Some(on), Some(off)) = (marks.p_on, marks.p_off) else { return false };
    let (mut ab, mut aa, mut bb) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (lead, x) in &median_beat.leads {
        if !traces.usable.contains(lead) || off + shift >= x.len() {
            continue;
        }
        let span = (off - on).max(1) as f64;
        let above = |i: usize, from: usize| -> f64 {
            let s = (i - from) as f64 / span;
            f64::from(x[i]) - (1.0 - s) * f64::from(x[from]) - s * f64::from(x[from + off - on])
        };
        for i in on..=off {
            let (a, b) = (above(i, on), above(i + shift, on + shift));
            ab += a * b;
            aa += a * a;
            bb += b * b;
        }
    }
    aa > 0.0 && bb > 0.25 * aa && bb < 4.0 * aa && ab > 0.85 * (aa * bb).sqrt()
}

/// Wenckebach: at every pause of about two PP the PR before is longer than the PR after, and the beats between
/// pauses lengthen their PR.
fn dropped(beats: &[usize], pr: &[f64], pp_ms: f64, fs: f64) -> bool {
    let (mut pauses, mut typical, mut grown, mut steps) = (0, 0, 0, 0);
    for k in 1..beats.len() {
        let rr = (beats[k] - beats[k - 1]) as f64 * 1000.0 / fs;
        if rr > 1.45 * pp_ms {
            pauses += 1;
            typical += usize::from(pr[k - 1] > pr[k] + 35.0 && rr < 2.1 * pp_ms);
        } else {
            steps += 1;
            grown += usize::from(pr[k] > pr[k - 1] + 10.0);
        }
    }
    pauses >= 1 && typical == pauses && steps >= 2 && 10 * grown >= 7 * steps
}

/// Envelope of the residual over the leads, and where QRS hides it.
fn p_envelope(
    traces: &Traces,
    beats: &[usize],
    dominant: &Group,
    median_beat: &MedianBeats,
) -> Option<(Vec<f32>, Vec<bool>)> {
    let fs = traces.fs;
    let n = traces.n;
    let anchor = samples(450.0, fs);
    let marks = median_beat.fiducials;
    let (on, off) = (marks.qrs_on?, marks.qrs_off?);
    let end = marks.t_off.unwrap_or(off + samples(280.0, fs)) + samples(30.0, fs);
    let mut hidden = vec![false; n];
    let (before, after) =
        (anchor.saturating_sub(on) + samples(8.0, fs), off.saturating_sub(anchor) + samples(16.0, fs));
    for beat in beats {
        hidden[beat.saturating_sub(before)..(beat + after).min(n)].fill(true);
    }
    let mut sections = butterworth(Band::High, 2, 2.0, fs);
    sections.extend(butterworth(Band::Low, 2, 15.0, fs));
    let mut rests = Vec::new();
    for (lead, x) in &traces.leads {
        if !traces.usable.contains(lead) {
            continue;
        }
        let Some((_, template)) = median_beat.leads.iter().find(|(l, _)| l == lead) else { continue };
        let mut y = x.clone();
        for (_, at) in &dominant.members {
            for (k, value) in template.iter().enumerate().take(end.min(template.len())).skip(on) {
                let i = (*at + k).wrapping_sub(anchor);
                if i < n {
                    y[i] -= value;
                }
            }
        }
        bridge(&mut y, &hidden);
        rests.push(y);
    }
    let mut power = vec![0.0_f32; n];
    for rest in filtfilt_all(&rests, &sections, samples(300.0, fs)) {
        for (sum, v) in power.iter_mut().zip(rest) {
            *sum += v * v;
        }
    }
    let envelope = moving_average(&power, samples(60.0, fs)).into_iter().map(|v| v.max(0.0).sqrt()).collect();
    Some((envelope, hidden))
}

/// Straight lines across the hidden stretches.
fn bridge(y: &mut [f32], hidden: &[bool]) {
    let n = y.len();
    let mut i = 0;
    while i < n {
        if !hidden[i] {
            i += 1;
            continue;
        }
        let stop = (i..n).find(|j| !hidden[*j]).unwrap_or(n);
        let a = if i > 0 { y[i - 1] } else { 0.0 };
        let b = if stop < n { y[stop] } else { a };
        let span = (stop - i + 1) as f32;
        for j in i..stop {
            y[j] = a + (b - a) * (j - i + 1) as f32 / span;
        }
        i = stop;
    }
}

fn find_peaks(envelope: &[f32], hidden: &[bool], fs: f64) -> Vec<usize> {
    let mut values: Vec<f64> =
        envelope.iter().zip(hidden).filter(|(_, h)| !**h).map(|(v, _)| f64::from(*v)).collect();
    let top = quantile(&mut values, 0.97).unwrap_or(0.0);
    let reach = samples(150.0, fs);
    let n = envelope.len();
    let mut out: Vec<usize> = Vec::new();
    for i in 1..n.saturating_sub(1) {
        let v = envelope[i];
        if f64::from(v) < 0.5 * top || hidden[i] || v < envelope[i - 1] || v <= envelope[i + 1] {
            continue;
        }
        match out.last().copied() {
            Some(last) if i - last < reach => {
                if envelope[last] < v
                    && let Some(slot) = out.last_mut()
                {
                    *slot = i;
                }
            }
            _ => out.push(i),
        }
    }
    out
}

/// Period and phase (samples) of the train that explains the peaks best, if it does so well enough.
fn best_train(peaks: &[usize], hidden: &[bool], fs: f64, n: usize) -> Option<(f64, f64)> {
    if peaks.len() < 5 {
        return None;
    }
    let tolerance = 0.085 * fs;
    let mut best: Option<(f64, f64, f64)> = None;
    let mut period = 0.42 * fs;
    while period < 1.25 * fs {
        for first in peaks.iter().take(4) {
            // Phase refined by the mean residue of the peaks that fit.
            let mut phase = *first as f64;
            for _ in 0..2 {
                let residues: Vec<f64> = peaks
                    .iter()
                    .map(|p| (*p as f64 - phase + period / 2.0).rem_euclid(period) - period / 2.0)
                    .filter(|r| r.abs() < tolerance)
                    .collect();
                phase += residues.iter().sum::<f64>() / residues.len().max(1) as f64;
            }
            let fits =
                |p: f64| ((p - phase + period / 2.0).rem_euclid(period) - period / 2.0).abs() < tolerance;
            let explained = peaks.iter().filter(|p| fits(**p as f64)).count() as f64 / peaks.len() as f64;
            let (mut slots, mut filled) = (0.0, 0.0);
            let mut t = phase.rem_euclid(period);
            while t < n as f64 {
                let i = t as usize;
                if !hidden[i.min(n - 1)] {
                    slots += 1.0;
                    let hit = peaks.iter().any(|p| (*p as f64 - t).abs() < tolerance);
                    filled += f64::from(u8::from(hit));
                }
                t += period;
            }
            let full = if slots > 0.0 { filled / slots } else { 0.0 };
            if explained >= EXPLAINED && full >= FILLED {
                let score = explained + full;
                if best.is_none_or(|b| score > b.2 + 1e-9) {
                    best = Some((period, phase, score));
                }
            }
        }
        period *= 1.006;
    }
    best.map(|(period, phase, _)| (period, phase))
}
