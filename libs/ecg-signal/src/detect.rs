//! QRS detection in one or more simultaneous leads, batch form.
//!
//! Per lead a band-pass (5 to 22 Hz, zero phase) and the local energy of signal and slope; the leads are scaled
//! by their local QRS level, weighted by how far QRS stands above the rest, and added. Peaks of the sum are
//! beats if they pass a level that follows the recording in both directions of time; a second pass looks
//! into long gaps with a lower level, and peaks in the shadow of a QRS with a flat slope are T waves.
//!
//! Absent: a causal (streaming) form, beat classes.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::candidates::{self, View};
use crate::dsp::{
    Band, butterworth, extremes, fill_gaps, filtfilt_all, median, moving_average, quantile,
    quantile_of_sizes, samples,
};

/// Constants of the detector. Tuned on MIT-BIH DS1 and CPSC2019 alone; see docs/accuracy.md.
const ACCEPT: f64 = 0.38;
const SEARCH_BACK: f64 = 0.14;
/// Sharpness of a low peak, relative to the beats around it.
const SHARP: f64 = 0.5;
/// Bins of 20 ms in a block of about 1.6 s: whoever starts at a block starts at a bin.
const BLOCK_BINS: usize = 80;
/// Blocks whose tops make the QRS level of one: more of what was than of what comes, for a signal that is still arriving.
const LEVEL_BLOCKS: [usize; 2] = [6, 2];
/// Blocks that tell how high the signal usually is, for spikes.
const SPIKE_BLOCKS: [usize; 2] = [6, 3];

/// Long recordings are worked through in parts of this length, so that memory stays bounded; everything the
/// detector looks at lies within the overlap.
const SEGMENT_S: f64 = 600.0;
const OVERLAP_S: f64 = 30.0;

pub(crate) struct LeadFeature {
    /// Local energy, µV.
    pub energy: Vec<f32>,
    /// Band-passed signal, for placing the R peak.
    pub band: Vec<f32>,
    /// QRS level and background per block.
    pub level: Vec<f64>,
    pub weight: Vec<f64>,
    /// Mean of the signal, and size of what is faster than a QRS, in bins of 20 ms.
    pub slow: Vec<f32>,
    pub fast: Vec<f32>,
    /// Where the lead is missing or does not move at all: it says nothing there, not even that there is no beat.
    dead: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub at: usize,
    pub height: f64,
}

/// Finds QRS complexes.
///
/// `leads`: equal-length slices in any unit and polarity, NaN for missing samples; `sample_rate_hz` from 100.
/// Returns sample indices of the main deflection, ascending, at least 200 ms apart. Nothing is returned for
/// signals under 1 s, for flat signals, or where every lead is missing.
///
/// Tested on MIT-BIH DS1 (two leads) and CPSC2019 (one lead): see docs/accuracy.md.
#[must_use]
pub fn detect_qrs(leads: &[&[f32]], sample_rate_hz: f64) -> Vec<usize> {
    let n = leads.iter().map(|lead| lead.len()).min().unwrap_or(0);
    let fs = sample_rate_hz;
    if !(100.0..=10_000.0).contains(&fs) || (n as f64) < fs {
        return Vec::new();
    }
    let segment = (SEGMENT_S * fs) as usize;
    if 2 * n <= 3 * segment {
        let whole: Vec<&[f32]> = leads.iter().map(|lead| &lead[..n]).collect();
        return detect_segment(&whole, fs);
    }
    let overlap = (OVERLAP_S * fs) as usize;
    let refractory = samples(200.0, fs);
    let mut out: Vec<usize> = Vec::new();
    let mut start = 0;
    while start < n {
        // The rest joins the last segment if it would be short.
        let end = if n - start < segment + segment / 2 { n } else { start + segment };
        let (from, to) = (start.saturating_sub(overlap), (end + overlap).min(n));
        let part: Vec<&[f32]> = leads.iter().map(|lead| &lead[from..to]).collect();
        for beat in detect_segment(&part, fs) {
            let at = from + beat;
            if at >= start && at < end && out.last().is_none_or(|last| at - last >= refractory) {
                out.push(at);
            }
        }
        start = end;
    }
    out
}

fn detect_segment(leads: &[&[f32]], fs: f64) -> Vec<usize> {
    let n = leads.iter().map(|lead| lead.len()).min().unwrap_or(0);
    let features = lead_features(leads, fs);
    if features.is_empty() {
        return Vec::new();
    }
    let sum = combine(&features, n, fs);
    let candidates = peaks(&sum, fs);
    let first = choose(&candidates, &features, fs);
    let seen = View { features: &features, sum: &sum, candidates: &candidates, fs };
    let chosen = candidates::judge(&seen, &first);
    place(&chosen, &features, n, fs)
}

/// What the judge of candidates sees, with where each would be placed; for training. `odds`: of each candidate by the
/// first judgement, for what the second sees.
#[doc(hidden)]
#[must_use]
pub fn candidate_rows(leads: &[&[f32]], sample_rate_hz: f64, odds: Option<&[f32]>) -> Vec<(usize, Vec<f32>)> {
    let fs = sample_rate_hz;
    let features = lead_features(leads, fs);
    let n = leads.iter().map(|lead| lead.len()).min().unwrap_or(0);
    if features.is_empty() {
        return Vec::new();
    }
    let sum = combine(&features, n, fs);
    let candidates = peaks(&sum, fs);
    let first = choose(&candidates, &features, fs);
    let seen = View { features: &features, sum: &sum, candidates: &candidates, fs };
    candidates::describe(&seen, &first, odds)
        .into_iter()
        .map(|(c, x)| (place_one(c, &features, n, fs), x))
        .collect()
}

pub(crate) fn block_len(fs: f64) -> usize {
    BLOCK_BINS * bin_len(fs)
}

/// Of every lead that shows anything.
fn lead_features(leads: &[&[f32]], fs: f64) -> Vec<LeadFeature> {
    let present: Vec<&[f32]> =
        leads.iter().copied().filter(|lead| lead.iter().any(|v| v.is_finite())).collect();
    let filled: Vec<Vec<f32>> = present
        .iter()
        .map(|lead| {
            let (mut filled, _) = fill_gaps(lead);
            despike(&mut filled, fs);
            filled
        })
        .collect();
    let mut sections = butterworth(Band::High, 2, 5.0, fs);
    sections.extend(butterworth(Band::Low, 2, 22.0, fs));
    let bands = filtfilt_all(&filled, &sections, samples(1000.0, fs));
    present
        .into_iter()
        .zip(&filled)
        .zip(bands)
        .filter_map(|((lead, filled), band)| lead_feature(lead, filled, band, fs))
        .collect()
}

fn lead_feature(lead: &[f32], filled: &[f32], band: Vec<f32>, fs: f64) -> Option<LeadFeature> {
    let power = power(&band, fs);
    let energy: Vec<f32> =
        moving_average(&power, samples(90.0, fs)).into_iter().map(|p| p.max(0.0).sqrt()).collect();
    let block = block_len(fs);
    let mut tops = Vec::new();
    let mut grounds = Vec::new();
    let mut scratch = Vec::with_capacity(block);
    for chunk in energy.chunks(block) {
        // A short last block may hold no beat: judge it by the block before.
        if chunk.len() < block / 2 && !tops.is_empty() {
            tops.push(tops[tops.len() - 1]);
            grounds.push(grounds[grounds.len() - 1]);
            continue;
        }
        tops.push(f64::from(extremes(chunk).1.max(0.0)));
        grounds.push(quantile_of_sizes(chunk, 0.4, &mut scratch).unwrap_or(0.0));
    }
    let count = tops.len();
    let mut level = Vec::with_capacity(count);
    let mut weight = Vec::with_capacity(count);
    for b in 0..count {
        let (from, to) = window(b, count, LEVEL_BLOCKS);
        let mut near = tops[from..to].to_vec();
        let top = median(&mut near).unwrap_or(0.0);
        let (from, to) = window(b, count, [1, 1]);
        let ground = grounds[from..to].iter().copied().fold(0.0, f64::max);
        level.push(top);
        // 1 for a clean lead, towards 0 where the background approaches the QRS level.
        let ratio = if top > 0.0 { ground / top } else { 1.0 };
        weight.push(1.0 / (1.0 + (ratio / 0.12).powi(4)));
    }
    if level.iter().all(|l| *l <= 1e-6) {
        return None;
    }
    let (slow, fast) = bins(filled, fs);
    Some(LeadFeature { energy, band, level, weight, slow, fast, dead: dead(lead, fs) })
}

/// Squares of signal and slope, the slope scaled so that both are alike at 10 Hz.
fn power(band: &[f32], fs: f64) -> Vec<f32> {
    let slope_scale = (fs / 2.0 / (2.0 * std::f64::consts::PI * 10.0)) as f32;
    let of = |before: f32, v: f32, after: f32| {
        let slope = (after - before) * slope_scale;
        v * v + slope * slope
    };
    let mut out = Vec::with_capacity(band.len());
    // At the ends the sample itself stands for the missing neighbour.
    out.extend(band.first().map(|v| of(*v, *v, band.get(1).copied().unwrap_or(*v))));
    let inner = band.iter().zip(band.iter().skip(1)).zip(band.iter().skip(2));
    out.extend(inner.map(|((before, v), after)| of(*before, *v, *after)));
    if let [.., before, v] = band {
        out.push(of(*before, *v, *v));
    }
    out
}

/// Takes out what is narrower than 12 ms and far higher than the signal is otherwise: pulses of bad contacts, single
/// pacing spikes. Spikes in more than three quarters of the blocks around (a pacemaker at work) raise the limit and stay.
fn despike(x: &mut [f32], fs: f64) {
    let reach = samples(6.0, fs).max(1);
    let block = block_len(fs);
    let spans: Vec<f64> = x
        .chunks(block)
        .map(|w| {
            let (low, high) = extremes(w);
            f64::from(high - low)
        })
        .collect();
    let end = x.len().saturating_sub(reach);
    let mut near = Vec::with_capacity(SPIKE_BLOCKS.iter().sum::<usize>() + 1);
    for b in 0..spans.len() {
        let (from, to) = window(b, spans.len(), SPIKE_BLOCKS);
        near.clear();
        near.extend_from_slice(&spans[from..to]);
        let limit = (1.5 * quantile(&mut near, 0.25).unwrap_or(0.0)) as f32;
        let (from, to) = ((b * block).max(reach), ((b + 1) * block).min(end));
        if limit > 0.0 && from < to {
            cut_spikes(x, from, to, reach, limit);
        }
    }
}

fn cut_spikes(x: &mut [f32], mut from: usize, end: usize, reach: usize, limit: f32) {
    while from < end {
        // Most blocks hold nothing that stands out; that is seen several samples at a time.
        let to = (from + 64).min(end);
        let around = x[from..to].iter().zip(&x[from - reach..]).zip(&x[from + reach..]);
        if around.fold(false, |any, ((v, a), b)| any | (((v - a).abs() > limit) & ((v - b).abs() > limit))) {
            for i in from..to {
                let (a, b) = (x[i - reach], x[i + reach]);
                let (left, right) = (x[i] - a, x[i] - b);
                let least = left.abs().min(right.abs());
                if least > limit && left * right > 0.0 && (a - b).abs() < 0.25 * least {
                    x[i] = f32::midpoint(a, b);
                }
            }
        }
        from = to;
    }
}

/// Mean, and root mean square of the second difference over 4 ms, of every 20 ms.
fn bins(x: &[f32], fs: f64) -> (Vec<f32>, Vec<f32>) {
    let step = samples(4.0, fs).max(1);
    // The second difference grows with the square of its step; muscle noise less, with about its 1.5th power.
    let scale = (4.0 / (step as f64 * 1000.0 / fs)).powf(1.5) as f32;
    let width = bin_len(fs);
    let slow = x.chunks(width).map(|bin| bin.iter().sum::<f32>() / bin.len() as f32).collect();
    let fast = (0..x.len())
        .step_by(width)
        .map(|from| {
            let (from, to) = (from.max(step), (from + width).min(x.len().saturating_sub(step)));
            // The outermost `step` samples have no second difference.
            let (Some(before), Some(here), Some(after)) =
                (x.get(from - step..), x.get(from..to), x.get(from + step..))
            else {
                return 0.0;
            };
            let squares = before.iter().zip(here).zip(after).map(|((a, v), b)| (a - 2.0 * v + b).powi(2));
            scale * (squares.sum::<f32>() / here.len().max(1) as f32).sqrt()
        })
        .collect();
    (slow, fast)
}

pub(crate) fn bin_len(fs: f64) -> usize {
    samples(20.0, fs).max(1)
}

/// Blocks `centre - back ..= centre + ahead`, shifted inwards at the ends so that the width is kept.
pub(crate) fn window(centre: usize, count: usize, [back, ahead]: [usize; 2]) -> (usize, usize) {
    let width = (back + ahead + 1).min(count);
    let from = centre.saturating_sub(back).min(count - width);
    (from, from + width)
}

fn combine(features: &[LeadFeature], n: usize, fs: f64) -> Vec<f32> {
    let block = block_len(fs);
    let mut sum = vec![0.0_f32; n];
    let mut start = 0;
    let mut b = 0;
    while start < n {
        let end = (start + block).min(n);
        let total: f64 = features.iter().map(|f| f.weight[b]).sum::<f64>().max(1e-9);
        for feature in features {
            if feature.level[b] <= 1e-6 {
                continue;
            }
            let scale = (feature.weight[b] / total / feature.level[b]) as f32;
            let cap = (3.0 * feature.level[b]) as f32;
            for (out, energy) in sum[start..end].iter_mut().zip(&feature.energy[start..end]) {
                *out += energy.min(cap) * scale;
            }
        }
        start = end;
        b += 1;
    }
    for (from, to) in features.iter().flat_map(|f| &f.dead) {
        for (i, out) in sum.iter_mut().enumerate().take(*to).skip(*from) {
            *out = alive(features, i, i / block);
        }
    }
    sum
}

/// The sum of the leads that are not dead at a sample.
fn alive(features: &[LeadFeature], i: usize, b: usize) -> f32 {
    let (mut value, mut total) = (0.0_f64, 0.0_f64);
    for f in
        features.iter().filter(|f| f.level[b] > 1e-6 && !f.dead.iter().any(|(a, z)| (*a..*z).contains(&i)))
    {
        value += f.weight[b] * (f64::from(f.energy[i]) / f.level[b]).min(3.0);
        total += f.weight[b];
    }
    (value / total.max(1e-9)) as f32
}

/// Stretches of at least 400 ms, longer than any QRS, without a value or without any change.
fn dead(x: &[f32], fs: f64) -> Vec<(usize, usize)> {
    let least = samples(400.0, fs).max(1);
    let still = |i: usize| {
        let (before, v) = (x[i - 1], x[i]);
        if before.is_finite() { v == before } else { !v.is_finite() }
    };
    let mut out: Vec<(usize, usize)> = Vec::new();
    // A stretch of that length holds a multiple of it.
    for middle in (0..x.len()).step_by(least) {
        if out.last().is_some_and(|(_, to)| middle < *to) {
            continue;
        }
        let from = (1..=middle).rev().find(|i| !still(*i)).unwrap_or(0);
        let to = (middle + 1..x.len()).find(|i| !still(*i)).unwrap_or(x.len());
        if to - from >= least {
            out.push((from, to));
        }
    }
    out
}

/// Local maxima that are the highest within ±100 ms.
fn peaks(sum: &[f32], fs: f64) -> Vec<Candidate> {
    let reach = samples(100.0, fs).max(1);
    let n = sum.len();
    let mut out: Vec<Candidate> = Vec::new();
    for i in 0..n {
        let v = sum[i];
        let left = if i == 0 { f32::NEG_INFINITY } else { sum[i - 1] };
        let right = if i + 1 == n { f32::NEG_INFINITY } else { sum[i + 1] };
        if v < left || v <= right || v < 0.05 {
            continue;
        }
        let candidate = Candidate { at: i, height: f64::from(v) };
        match out.last_mut() {
            Some(last) if i - last.at < reach => {
                if last.height < candidate.height {
                    *last = candidate;
                }
            }
            _ => out.push(candidate),
        }
    }
    out
}

fn choose(candidates: &[Candidate], features: &[LeadFeature], fs: f64) -> Vec<Candidate> {
    let refractory = samples(200.0, fs);
    let shadow = samples(360.0, fs);
    let mut beats: Vec<Candidate> = Vec::new();
    for c in candidates.iter().filter(|c| c.height >= ACCEPT) {
        match beats.last_mut() {
            Some(last) if c.at - last.at < refractory => {
                if c.height > last.height {
                    *last = *c;
                }
            }
            // A T wave: soon after a QRS and less than half of it.
            Some(last) if c.at - last.at < shadow && c.height < 0.5 * last.height => {}
            _ => beats.push(*c),
        }
    }
    search_back(candidates, beats, features, fs)
}

/// Looks into gaps of more than 1.5 local RR for the best lower peak.
fn search_back(
    candidates: &[Candidate],
    beats: Vec<Candidate>,
    features: &[LeadFeature],
    fs: f64,
) -> Vec<Candidate> {
    if beats.len() < 3 {
        return beats;
    }
    let mut out: Vec<Candidate> = Vec::with_capacity(beats.len() + 8);
    let intervals: Vec<f64> = beats.windows(2).map(|w| (w[1].at - w[0].at) as f64).collect();
    for (k, beat) in beats.iter().enumerate() {
        out.push(*beat);
        let Some(next) = beats.get(k + 1) else { break };
        let (from, to) = window(k, intervals.len(), [4, 4]);
        let mut near = intervals[from..to].to_vec();
        let local = median(&mut near).unwrap_or(fs);
        let mut last = *beat;
        loop {
            if ((next.at - last.at) as f64) < 1.5 * local {
                break;
            }
            // Neither a T wave after the last beat nor the P wave before the next.
            let from = last.at + samples(330.0, fs).max((0.36 * local) as usize);
            let to = next.at.saturating_sub(samples(250.0, fs).max((0.4 * local) as usize));
            let lo = candidates.partition_point(|c| c.at < from);
            let hi = candidates.partition_point(|c| c.at < to);
            if lo >= hi {
                break;
            }
            let best = candidates[lo..hi].iter().max_by(|a, b| a.height.total_cmp(&b.height));
            let Some(found) = best.filter(|c| c.height >= SEARCH_BACK) else { break };
            let around = 0.5 * (sharpness(features, beat.at, fs) + sharpness(features, next.at, fs));
            if sharpness(features, found.at, fs) < SHARP * around {
                break;
            }
            // Standing clear of what else lies in the gap.
            let mut others: Vec<f64> = candidates[lo..hi].iter().map(|c| c.height).collect();
            let typical = median(&mut others).unwrap_or(0.0);
            if candidates[lo..hi].len() > 3 && found.height < 1.6 * typical {
                break;
            }
            out.push(*found);
            last = *found;
        }
    }
    out.sort_by_key(|c| c.at);
    out.dedup_by_key(|c| c.at);
    out
}

/// Slope energy over signal energy around a peak, over the leads: high for QRS, low for P and T.
pub(crate) fn sharpness(features: &[LeadFeature], at: usize, fs: f64) -> f64 {
    let reach = samples(50.0, fs);
    let block = block_len(fs);
    let (mut slope, mut size) = (0.0_f64, 1e-9_f64);
    for f in features {
        let b = (at / block).min(f.level.len() - 1);
        if f.level[b] <= 1e-6 {
            continue;
        }
        let scale = f.weight[b] / (f.level[b] * f.level[b]);
        let (from, to) = (at.saturating_sub(reach).max(1), (at + reach).min(f.band.len() - 1));
        for i in from..to {
            let d = f64::from(f.band[i + 1] - f.band[i - 1]) * fs / 2.0 / (20.0 * std::f64::consts::PI);
            slope += scale * d * d;
            size += scale * f64::from(f.band[i]).powi(2);
        }
    }
    slope / size
}

/// Moves each beat to the largest deflection within ±90 ms, seen in the best leads.
fn place(beats: &[Candidate], features: &[LeadFeature], n: usize, fs: f64) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::with_capacity(beats.len());
    for beat in beats {
        let at = place_one(*beat, features, n, fs);
        if out.last().is_none_or(|last| at > *last) {
            out.push(at);
        }
    }
    out
}

fn place_one(beat: Candidate, features: &[LeadFeature], n: usize, fs: f64) -> usize {
    let reach = samples(90.0, fs);
    let from = beat.at.saturating_sub(reach);
    let to = (beat.at + reach + 1).min(n);
    let b = beat.at / block_len(fs);
    let mut best = (beat.at, f64::NEG_INFINITY);
    for i in from..to {
        let value: f64 = features
            .iter()
            .filter(|f| f.level[b] > 1e-6)
            .map(|f| f64::from(f.band[i].abs()) * f.weight[b] / f.level[b])
            .sum();
        if value > best.1 {
            best = (i, value);
        }
    }
    best.0
}
