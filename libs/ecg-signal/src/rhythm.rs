//! Rhythm: regularity, whether P waves precede the beats, what kind each beat is.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    atrial,
    criteria::{Criteria, Key},
    dsp::{Band, butterworth, filtfilt_all, median, quantile, samples},
    median::{Group, Traces},
    model::{BeatKind, MedianBeats},
    p_train, pacing,
    quality::Prepared,
};

/// The basic rhythm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RhythmKind {
    Sinus,
    AtrialFibrillation,
    AtrialFlutter,
    Paced,
    SecondDegreeBlock,
    MobitzOne,
    ThirdDegreeBlock,
    /// Regular, narrow, fast, no P wave seen.
    SupraventricularTachycardia,
    /// Regular, wide, fast, no P wave seen.
    WideComplexTachycardia,
    /// Regular without P waves at an ordinary rate.
    NoPWave,
    #[default]
    Undetermined,
}

/// What was found out about the rhythm.
#[derive(Debug, Clone, Default)]
pub struct Rhythm {
    pub kind: RhythmKind,
    /// Whether the P limits of the median beat mean anything.
    pub p_measurable: bool,
    /// Likeness of the beats' P segments to each other, about 1 for a fixed P wave, about 0 without.
    pub p_likeness: f64,
    /// Root mean square of successive RR differences over mean RR, without ectopic beats.
    pub irregularity: f64,
    pub atrial_rate_bpm: Option<f64>,
    /// 60 s over the median interval between dominant beats that are not early; the rate that names a sinus rhythm.
    pub sinus_rate_bpm: Option<f64>,
    /// Atrial paced, ventricular paced.
    pub paced_atrium: bool,
    pub paced_ventricle: bool,
    /// Kind of each detected beat.
    pub kinds: Vec<BeatKind>,
    /// Supraventricular beats of another shape than the dominant one, conducted with aberration.
    pub aberrant: usize,
    /// Beats of the longest run of early supraventricular beats.
    pub atrial_run: usize,
    /// Called paced for its regularity alone: no spike was seen.
    pub paced_by_pattern: bool,
    /// P waves that go their own way under a paced ventricle.
    pub atria_dissociated: bool,
    /// Longest minus shortest RR between consecutive normal beats, ms.
    pub rr_spread_ms: Option<f64>,
}

/// Decides on the rhythm and the kind of every beat.
pub fn analyse(
    prepared: &Prepared,
    traces: &Traces,
    beats: &[usize],
    groups: &[Group],
    median_beat: &MedianBeats,
    criteria: &Criteria,
) -> Rhythm {
    let fs = traces.fs;
    let mut out = Rhythm { kinds: vec![BeatKind::Unknown; beats.len()], ..Rhythm::default() };
    let Some(dominant) = groups.first() else { return out };
    if beats.len() < 3 {
        for (index, _) in &dominant.members {
            out.kinds[*index] = BeatKind::Normal;
        }
        return out;
    }
    let rr_ms: Vec<f64> = beats.windows(2).map(|w| (w[1] - w[0]) as f64 * 1000.0 / fs).collect();
    let mean_rr = rr_ms.iter().sum::<f64>() / rr_ms.len() as f64;
    let marks = median_beat.fiducials;
    let qrs_ms = marks.qrs_on.zip(marks.qrs_off).map_or(90.0, |(a, b)| (b - a) as f64 * 1000.0 / fs);

    let spikes = pacing::spikes(prepared, dominant);
    out.paced_atrium = spikes.0;
    out.paced_ventricle = spikes.1;
    (out.kinds, out.aberrant) = beat_kinds(traces, beats, groups, &rr_ms, criteria, &out, median_beat);
    out.p_likeness = p_likeness(traces, dominant, &out.kinds, median_beat);
    let has_p = marks.p_on.is_some() && out.p_likeness > 0.5;
    out.irregularity = irregularity(&rr_ms, &out.kinds, mean_rr);
    // Frequent early atrial beats hide the P of the sinus beats between them from the median beat.
    let settled = has_p && (out.p_likeness > 0.65 || out.irregularity < 0.14);
    let late_p =
        if settled { 0.0 } else { likeness_after_long_cycles(traces, dominant, median_beat, &rr_ms) };
    out.rr_spread_ms = rr_spread(&rr_ms, &out.kinds);
    out.sinus_rate_bpm = sinus_rate(&rr_ms, &out.kinds);

    let flutter_bpm = atrial::flutter(traces, beats, median_beat);
    let regular = out.irregularity < 0.06;
    let rate = 60_000.0 / mean_rr;
    let block = p_train::block(traces, beats, dominant, median_beat, &rr_ms, out.p_likeness);

    let paced_pattern = !has_p && late_p <= LATE_P && looks_paced(qrs_ms, &rr_ms);
    out.paced_by_pattern = paced_pattern && !out.paced_ventricle && !out.paced_atrium;
    out.paced_ventricle |= paced_pattern;
    if paced_pattern {
        for (index, _) in &dominant.members {
            out.kinds[*index] = BeatKind::Paced;
        }
    }
    out.kind = if out.paced_ventricle || out.paced_atrium {
        out.atria_dissociated = matches!(block, Some((RhythmKind::ThirdDegreeBlock, _)));
        RhythmKind::Paced
    } else if flutter_bpm.is_some() {
        out.atrial_rate_bpm = flutter_bpm;
        RhythmKind::AtrialFlutter
    } else if let Some((kind, bpm)) = block {
        out.atrial_rate_bpm = Some(bpm);
        kind
    } else if settled {
        RhythmKind::Sinus
    } else if late_p > LATE_P {
        out.p_likeness = out.p_likeness.max(late_p);
        RhythmKind::Sinus
    } else if out.irregularity > 0.13 {
        RhythmKind::AtrialFibrillation
    } else if regular && rate > 120.0 && qrs_ms >= criteria.value(Key::QrsWideMs) {
        RhythmKind::WideComplexTachycardia
    } else if regular && rate > 130.0 {
        RhythmKind::SupraventricularTachycardia
    } else if marks.p_on.is_some() && out.p_likeness > 0.3 {
        RhythmKind::Sinus
    } else if regular {
        RhythmKind::NoPWave
    } else {
        RhythmKind::Undetermined
    };
    out.p_measurable = match out.kind {
        RhythmKind::Sinus => marks.p_on.is_some() && (has_p || late_p <= LATE_P),
        RhythmKind::Paced | RhythmKind::Undetermined => has_p && out.p_likeness > 0.6,
        RhythmKind::SecondDegreeBlock => has_p,
        _ => false,
    };
    out.atrial_run = longest_early_run(&out.kinds);
    if matches!(out.kind, RhythmKind::AtrialFibrillation) {
        // Without P waves an early beat of the same shape is part of the fibrillation.
        for kind in &mut out.kinds {
            if *kind == BeatKind::Supraventricular {
                *kind = BeatKind::Normal;
            }
        }
    }
    out
}

/// Likeness above which the waves before the beats of long cycles count as P waves.
const LATE_P: f64 = 0.42;

/// Likeness of what precedes the dominant beats that end a long cycle (at least the median). After the pause of
/// an early atrial beat these are sinus beats with a P wave at a fixed place; in fibrillation they have none, and the
/// T wave before lies elsewhere each time because the cycles differ.
fn likeness_after_long_cycles(
    traces: &Traces,
    dominant: &Group,
    median_beat: &MedianBeats,
    rr_ms: &[f64],
) -> f64 {
    let fs = traces.fs;
    let Some(on) = median_beat.fiducials.qrs_on else { return 0.0 };
    let mut sorted = rr_ms.to_vec();
    let Some(typical) = median(&mut sorted) else { return 0.0 };
    let lead_in = samples(450.0, fs).saturating_sub(on);
    let (from, to) = (lead_in + samples(230.0, fs), lead_in + samples(14.0, fs));
    let starts: Vec<usize> = dominant
        .members
        .iter()
        .filter(|(index, at)| *index > 0 && rr_ms[index - 1] >= typical && *at >= from && *at < traces.n)
        .map(|(_, at)| at - from)
        .collect();
    if starts.len() < 4 {
        return 0.0;
    }
    likeness(traces, &starts, from - to)
}

/// Whether a regular wide rhythm without P waves is more regular than any heart: RR within 1.5 %, as a pacemaker
/// whose spikes the recorder filtered out keeps it.
fn looks_paced(qrs_ms: f64, rr_ms: &[f64]) -> bool {
    let low = rr_ms.iter().copied().fold(f64::INFINITY, f64::min);
    let high = rr_ms.iter().copied().fold(0.0, f64::max);
    qrs_ms >= 140.0 && rr_ms.len() >= 5 && high - low <= 0.015 * high && (480.0..=1250.0).contains(&high)
}

/// Only where early beats are a quarter or more; the pauses of a few make up for their short cycles, and the mean is
/// the rate.
fn sinus_rate(rr_ms: &[f64], kinds: &[BeatKind]) -> Option<f64> {
    if kinds.iter().filter(|k| is_ectopic(**k)).count() * 4 < kinds.len() {
        return None;
    }
    // The pause after an early beat is longer than a cycle; it counts only where there is little else.
    let cycles = |pauses: bool| -> Vec<f64> {
        let ends = |i: usize| !is_ectopic(kinds[i + 1]) && (pauses || !is_ectopic(kinds[i]));
        rr_ms.iter().enumerate().filter(|(i, _)| ends(*i)).map(|(_, rr)| *rr).collect()
    };
    let mut clean = cycles(false);
    if clean.len() < 3 {
        clean = cycles(true);
    }
    if clean.len() < 3 {
        return None;
    }
    median(&mut clean).map(|rr| 60_000.0 / rr)
}

fn longest_early_run(kinds: &[BeatKind]) -> usize {
    kinds.split(|k| *k != BeatKind::Supraventricular).map(<[BeatKind]>::len).max().unwrap_or(0)
}

/// Mean pairwise correlation of the beats' P segments (all leads together), from sums of squares:
/// (|sum|^2 - sum |s|^2) / ((n - 1) sum |s|^2).
/// Early beats stay out: their P comes from elsewhere.
fn p_likeness(traces: &Traces, dominant: &Group, kinds: &[BeatKind], median_beat: &MedianBeats) -> f64 {
    let fs = traces.fs;
    let marks = median_beat.fiducials;
    let anchor = samples(450.0, fs);
    let (Some(p_on), Some(p_off)) = (marks.p_on, marks.p_off) else { return 0.0 };
    let margin = samples(16.0, fs);
    let (from, to) = (p_on.saturating_sub(margin), p_off + margin);
    let length = to - from;
    let starts: Vec<usize> = dominant
        .members
        .iter()
        .filter(|(index, at)| {
            kinds[*index] != BeatKind::Supraventricular && at + from >= anchor && at + to - anchor < traces.n
        })
        .map(|(_, at)| at + from - anchor)
        .collect();
    likeness(traces, &starts, length)
}

/// Mean pairwise correlation of the stretches of `length` samples from each of `starts`, each without its chord.
fn likeness(traces: &Traces, starts: &[usize], length: usize) -> f64 {
    let fs = traces.fs;
    let sections = butterworth(Band::Low, 2, 30.0, fs);
    let leads = filtfilt_all(&traces.independent(), &sections, samples(100.0, fs));
    let mut segments: Vec<Vec<f64>> = Vec::new();
    for start in starts.iter().copied().filter(|start| start + length <= traces.n) {
        let mut segment = Vec::with_capacity(length * leads.len());
        for x in &leads {
            let (a, b) = (f64::from(x[start]), f64::from(x[start + length - 1]));
            for k in 0..length {
                let chord = a + (b - a) * k as f64 / (length - 1).max(1) as f64;
                segment.push(f64::from(x[start + k]) - chord);
            }
        }
        segments.push(segment);
    }
    let n = segments.len();
    if n < 3 {
        return 0.0;
    }
    // A single large artefact must not decide: drop the segments of largest energy.
    segments.sort_by(|a, b| energy(a).total_cmp(&energy(b)));
    segments.truncate(n - n / 6);
    let n = segments.len() as f64;
    let mut sum = vec![0.0; segments[0].len()];
    let mut own = 0.0;
    for s in &segments {
        own += energy(s);
        for (acc, v) in sum.iter_mut().zip(s) {
            *acc += v;
        }
    }
    if own <= 0.0 { 0.0 } else { (energy(&sum) - own) / ((n - 1.0) * own) }
}

fn energy(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum()
}

fn beat_kinds(
    traces: &Traces,
    beats: &[usize],
    groups: &[Group],
    rr_ms: &[f64],
    criteria: &Criteria,
    so_far: &Rhythm,
    median_beat: &MedianBeats,
) -> (Vec<BeatKind>, usize) {
    let fs = traces.fs;
    let mut kinds = vec![BeatKind::Unknown; beats.len()];
    let early = criteria.value(Key::PrematureRatio);
    let mut sorted = rr_ms.to_vec();
    let typical = median(&mut sorted).unwrap_or(1000.0);
    let dominant_width = width_ms(traces, &groups[0], fs);
    let mut aberrant = 0;
    for (g, group) in groups.iter().enumerate() {
        let width = width_ms(traces, group, fs);
        for (index, at) in &group.members {
            let premature = *index > 0 && {
                let before = rr_ms[index - 1];
                let lo = index.saturating_sub(6);
                let mut near: Vec<f64> = rr_ms[lo..(*index + 5).min(rr_ms.len())].to_vec();
                // Above the middle, so that every second beat may be early.
                let local = quantile(&mut near, 0.65).unwrap_or(typical);
                // Sudden, not the gradual shortening of sinus arrhythmia.
                let sudden = *index < 2 || before < 0.88 * rr_ms[index - 2];
                let compensated = rr_ms.get(*index).is_none_or(|after| *after > 0.97 * local);
                before < early * local && sudden && compensated
            };
            kinds[*index] = if g == 0 {
                if so_far.paced_ventricle {
                    BeatKind::Paced
                } else if premature {
                    BeatKind::Supraventricular
                } else {
                    BeatKind::Normal
                }
            } else {
                let like = initial_likeness(traces, median_beat, *at);
                let other_way = width > dominant_width + 20.0 && width > 100.0 && like.1 < 0.9;
                if other_way && premature && like.0 > 0.8 && late_right(traces, median_beat, *at) {
                    aberrant += 1;
                    BeatKind::Supraventricular
                } else if other_way {
                    BeatKind::Ventricular
                } else if premature {
                    BeatKind::Supraventricular
                } else {
                    BeatKind::Normal
                }
            };
        }
    }
    (kinds, aberrant)
}

/// Correlation of a beat with the median beat over the first 40 ms of the QRS, and over the whole of it, all usable
/// leads together, best of ±16 ms. An aberrant beat enters the ventricles as the others do; an ectopic one does not.
fn initial_likeness(traces: &Traces, median_beat: &MedianBeats, at: usize) -> (f64, f64) {
    let fs = traces.fs;
    let marks = median_beat.fiducials;
    let (Some(on), Some(off)) = (marks.qrs_on, marks.qrs_off) else { return (0.0, 0.0) };
    let anchor = samples(450.0, fs);
    let reach = samples(16.0, fs);
    let step = samples(4.0, fs).max(1);
    let initial = samples(40.0, fs).min(off.saturating_sub(on));
    let correlation = |shift: usize, length: usize| -> f64 {
        let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
        for (lead, template) in &median_beat.leads {
            if !traces.usable.contains(lead) {
                continue;
            }
            let Some(x) = traces.get(*lead) else { continue };
            let Some(start) = (at + on + shift).checked_sub(anchor + reach) else { return 0.0 };
            if start + length >= x.len() || on + length >= template.len() {
                return 0.0;
            }
            let (x0, t0) = (f64::from(x[start]), f64::from(template[on]));
            for k in (0..length).step_by(step) {
                let (a, b) = (f64::from(x[start + k]) - x0, f64::from(template[on + k]) - t0);
                ab += a * b;
                aa += a * a;
                bb += b * b;
            }
        }
        if aa > 0.0 && bb > 0.0 { ab / (aa * bb).sqrt() } else { 0.0 }
    };
    let best = |length: usize| {
        (0..=2 * reach).step_by(step).map(|shift| correlation(shift, length)).fold(0.0, f64::max)
    };
    (best(initial), best(off.saturating_sub(on)))
}

/// Late forces to the front and right that the median beat lacks: V1 up or V6 (else I) down 60 to 130 ms after onset.
fn late_right(traces: &Traces, median_beat: &MedianBeats, at: usize) -> bool {
    let fs = traces.fs;
    let Some(on) = median_beat.fiducials.qrs_on else { return false };
    let Some(start) = (at + on).checked_sub(samples(450.0, fs)) else { return false };
    let extreme = |lead: crate::Lead, sign: f64| -> Option<f64> {
        let x = traces.get(lead)?;
        let window = x.get(start + samples(60.0, fs)..(start + samples(130.0, fs)).min(x.len()))?;
        let base = f64::from(*x.get(start)?);
        Some(window.iter().map(|v| sign * (f64::from(*v) - base)).fold(f64::NEG_INFINITY, f64::max))
    };
    let front = extreme(crate::Lead::V1, 1.0).is_some_and(|v| v > 200.0);
    let right =
        [crate::Lead::V6, crate::Lead::I].into_iter().any(|l| extreme(l, -1.0).is_some_and(|v| v > 100.0));
    front && right
}

/// Width of the group's QRS: time that holds 95 % of its slope energy, widened to what the eye calls QRS.
fn width_ms(traces: &Traces, group: &Group, fs: f64) -> f64 {
    let (pre, post) = (samples(120.0, fs), samples(160.0, fs));
    let mut widths: Vec<f64> = Vec::new();
    for (_, at) in group.members.iter().take(8) {
        if *at < pre + 1 || at + post + 1 >= traces.n {
            continue;
        }
        let leads = traces.independent();
        let power: Vec<f64> = (at - pre..at + post)
            .map(|i| leads.iter().map(|x| f64::from(x[i + 1] - x[i - 1]).powi(2)).sum())
            .collect();
        let total: f64 = power.iter().sum();
        let mut acc = 0.0;
        let (mut a, mut b) = (0, power.len() - 1);
        for (i, p) in power.iter().enumerate() {
            acc += p;
            if acc < 0.025 * total {
                a = i;
            }
            if acc < 0.975 * total {
                b = i;
            }
        }
        widths.push((b - a) as f64 * 1000.0 / fs * 1.15);
    }
    median(&mut widths).unwrap_or(0.0)
}

fn is_ectopic(kind: BeatKind) -> bool {
    matches!(kind, BeatKind::Supraventricular | BeatKind::Ventricular)
}

/// RMSSD over mean RR. Intervals that begin or end at a ventricular beat are left out; so are those around a
/// few early supraventricular beats, but not when there are many, as in fibrillation.
fn irregularity(rr_ms: &[f64], kinds: &[BeatKind], mean_rr: f64) -> f64 {
    let early = kinds.iter().filter(|k| **k == BeatKind::Supraventricular).count();
    let skip_early = early * 4 <= kinds.len();
    let skip = |k: BeatKind| k == BeatKind::Ventricular || (skip_early && k == BeatKind::Supraventricular);
    let usable: Vec<Option<f64>> = rr_ms
        .iter()
        .enumerate()
        .map(|(i, rr)| (!skip(kinds[i]) && !skip(kinds[i + 1])).then_some(*rr))
        .collect();
    let mut sum = 0.0;
    let mut count = 0.0_f64;
    for pair in usable.windows(2) {
        if let [Some(a), Some(b)] = pair {
            sum += (b - a).powi(2);
            count += 1.0;
        }
    }
    if count < 2.0 { 0.0 } else { (sum / count).sqrt() / mean_rr }
}

fn rr_spread(rr_ms: &[f64], kinds: &[BeatKind]) -> Option<f64> {
    let clean: Vec<f64> = rr_ms
        .iter()
        .enumerate()
        .filter(|(i, _)| {
            let sure = |k: BeatKind| matches!(k, BeatKind::Normal | BeatKind::Paced);
            sure(kinds[*i]) && sure(kinds[i + 1]) && (*i == 0 || !is_ectopic(kinds[i - 1]))
        })
        .map(|(_, rr)| *rr)
        .collect();
    let low = clean.iter().copied().min_by(f64::total_cmp)?;
    let high = clean.iter().copied().max_by(f64::total_cmp)?;
    Some(high - low)
}
