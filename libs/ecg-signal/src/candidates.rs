//! Judges every peak of the detector's sum: is it a QRS?
//!
//! The first pass of [`crate::detect`] gives beats that are mostly right. Against them each peak is described: how high,
//! wide and sharp it is, whether it looks like the beats around it, whether other beats have a bump at the same
//! distance (a P or T wave), how much noise there is and in which lead. Boosted trees turn that into
//! log-odds (`training/qrs.py`). Every number is a ratio or a time: nothing depends on polarity, unit, order of the leads or sample
//! rate.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use std::sync::LazyLock;

use crate::{
    detect::{Candidate, LeadFeature, bin_len, block_len, sharpness},
    dsp::{median, samples},
    sequence::Sequence,
    trees::Trees,
};

/// Numbers that describe one candidate.
pub const FEATURES: usize = 42;
/// Peaks below this part of the local QRS level are no candidates.
const LOWEST: f64 = 0.08;
/// Beats on each side that a candidate is compared with.
const BESIDE: usize = 4;
/// Points of a beat's shape, 10 ms apart, and of the shift that is tried.
const SHAPE: usize = 16;
const SHIFT: usize = 2;

static WEIGHTS: LazyLock<Option<Trees>> =
    LazyLock::new(|| Trees::parse(include_bytes!("candidates.bin"), FEATURES));

pub(crate) struct View<'a> {
    pub features: &'a [LeadFeature],
    /// Energy of all leads, 1 at the local QRS level.
    pub sum: &'a [f32],
    pub candidates: &'a [Candidate],
    pub fs: f64,
}

/// A beat of the first pass.
struct Known {
    at: usize,
    height: f64,
    sharp: f64,
    width: f64,
    fast: f64,
    shape: Vec<f32>,
    size: f32,
}

/// Log-odds of a beat, and of none, that need no judge.
const EVIDENT: f32 = 10.0;
const HOPELESS: f32 = -7.0;
/// Log-odds between which the second look decides, and those that a beat must reach: with two leads, persons left
/// out, sensitivity and predictive value are alike a little lower, but P waves of complete block in quiet leads lie there.
const DOUBT: (f32, f32) = (-3.5, 3.5);
const THRESHOLD: f32 = -0.75;

/// The beats among the candidates, ascending, at least 200 ms apart.
pub(crate) fn judge(view: &View, first: &[Candidate]) -> Vec<Candidate> {
    let Some(weights) = WEIGHTS.as_ref() else { return first.to_vec() };
    let refractory = samples(200.0, view.fs);
    let (known, seen) = prepare(view, first);
    let mut doubtful = Vec::new();
    let mut odds: Vec<f32> = Vec::with_capacity(seen.len());
    for k in 0..seen.len() {
        if evident(view, &seen, k, &known) {
            odds.push(EVIDENT);
            continue;
        }
        if hopeless(view, &seen, k) {
            odds.push(HOPELESS);
            continue;
        }
        let x = one(view, &seen, k, &known);
        let z = weights.score(0, &x).unwrap_or(-1.0);
        if DOUBT.0 < z && z < DOUBT.1 {
            doubtful.push((k, x));
        }
        odds.push(z);
    }
    if !doubtful.is_empty() {
        let sequence = Sequence::new(view, &seen, &odds);
        let second: Vec<(usize, f32)> =
            doubtful.iter().filter_map(|(k, x)| Some((*k, sequence.score(*k, x)?))).collect();
        for (k, z) in second {
            odds[k] = z;
        }
    }
    // Near an end, outside the beats of the first pass, a T wave cannot be told from a beat: its QRS may lie before the recording
    // began, as the QRS of a P wave after its end.
    let near = samples(100.0, view.fs);
    let span = known.first().map_or(0, |b| b.at)..=known.last().map_or(0, |b| b.at + near);
    let end = samples(400.0, view.fs);
    let mut out: Vec<(Candidate, f32)> = Vec::with_capacity(first.len());
    for (c, z) in seen.iter().copied().zip(odds) {
        let outside = !span.contains(&(c.at + near)) && !span.contains(&c.at);
        if z <= THRESHOLD || outside && (c.at < end || c.at + end >= view.sum.len()) {
            continue;
        }
        match out.last_mut() {
            Some(last) if c.at - last.0.at < refractory => {
                if z > last.1 {
                    *last = (c, z);
                }
            }
            _ => out.push((c, z)),
        }
    }
    out.into_iter().map(|(c, _)| c).collect()
}

/// Every candidate with its description; and with that of the second look, if the odds of the first are given.
pub(crate) fn describe(view: &View, first: &[Candidate], odds: Option<&[f32]>) -> Vec<(Candidate, Vec<f32>)> {
    let (known, seen) = prepare(view, first);
    let odds: Option<Vec<f32>> = odds.map(|odds| {
        let sure = |(k, z): (usize, &f32)| if evident(view, &seen, k, &known) { EVIDENT } else { *z };
        odds.iter().take(seen.len()).enumerate().map(sure).collect()
    });
    let sequence = odds.as_deref().map(|odds| Sequence::new(view, &seen, odds));
    (0..seen.len())
        .map(|k| {
            let own = one(view, &seen, k, &known);
            (seen[k], sequence.as_ref().map_or_else(|| own.to_vec(), |s| s.describe(k, &own).to_vec()))
        })
        .collect()
}

fn prepare(view: &View, first: &[Candidate]) -> (Vec<Known>, Vec<Candidate>) {
    let known: Vec<Known> = first
        .iter()
        .map(|c| {
            let shape = shape(view, c.at, 0);
            Known {
                at: c.at,
                height: c.height,
                sharp: sharpness(view.features, c.at, view.fs),
                width: width(view, c),
                fast: fast(view, c.at),
                size: shape.iter().map(|v| v * v).sum::<f32>().sqrt(),
                shape,
            }
        })
        .collect();
    let seen: Vec<Candidate> = view.candidates.iter().copied().filter(|c| c.height >= LOWEST).collect();
    (known, seen)
}

/// A beat of the first pass, as high as those beside it, with nothing half as high near it and a quiet ground: half of all
/// beats. The judge refuses 1 in 50,000 of them (DS1, persons left out), so it is spared the work.
fn evident(view: &View, seen: &[Candidate], k: usize, known: &[Known]) -> bool {
    let fs = view.fs;
    let c = seen[k];
    let i = known.partition_point(|b| b.at < c.at);
    if known.get(i).is_none_or(|b| b.at != c.at) {
        return false;
    }
    let edge = c.at.min(view.sum.len() - 1 - c.at) as f64 / fs;
    if edge < 0.3 || near_height(seen, k, -0.36, 0.36, 0.08, fs) > 0.5 * c.height {
        return false;
    }
    let beside = known[i.saturating_sub(BESIDE)..i].iter().chain(known[i + 1..].iter().take(BESIDE));
    let typical = median(&mut beside.map(|b| b.height).collect::<Vec<f64>>()).unwrap_or(0.0);
    (0.7 * typical..=1.4 * typical).contains(&c.height)
        && around(view, &c, -0.35, -0.1).0 < 0.25
        && around(view, &c, 0.1, 0.35).0 < 0.25
}

/// A low peak beside one more than three times as high: two thirds of what is no evident beat, P waves, T waves and ripple. Of those
/// in the day that docs/performance.md names, the judge takes none for a beat.
fn hopeless(view: &View, seen: &[Candidate], k: usize) -> bool {
    seen[k].height < 0.2 && near_height(seen, k, -0.36, 0.36, 0.08, view.fs) > 3.0 * seen[k].height
}

/// The highest other candidate between two distances in seconds, itself and what is nearer than `gap` left out.
fn near_height(seen: &[Candidate], k: usize, from: f64, to: f64, gap: f64, fs: f64) -> f64 {
    let at = seen[k].at as f64;
    let left = seen[..k].iter().rev().take_while(|x| x.at as f64 >= at + from * fs);
    let right = seen[k + 1..].iter().take_while(|x| x.at as f64 <= at + to * fs);
    left.chain(right).filter(|x| (x.at as f64 - at).abs() >= gap * fs).map(|x| x.height).fold(0.0, f64::max)
}

/// Mean and lowest of the sum between two distances in seconds from a candidate, against its height.
fn around(view: &View, c: &Candidate, from: f64, to: f64) -> (f64, f64) {
    let a = (c.at as f64 + from * view.fs).max(0.0) as usize;
    let b = ((c.at as f64 + to * view.fs).max(0.0) as usize).min(view.sum.len());
    let step = samples(10.0, view.fs).max(1);
    let (mut n, mut total, mut low) = (0.0_f64, 0.0_f64, f64::INFINITY);
    for v in view.sum[a.min(b)..b].iter().step_by(step) {
        total += f64::from(*v).min(c.height);
        low = low.min(f64::from(*v));
        n += 1.0;
    }
    if n == 0.0 { (0.0, 0.0) } else { (total / n / c.height, low / c.height) }
}

fn one(view: &View, seen: &[Candidate], k: usize, known: &[Known]) -> [f32; FEATURES] {
    let fs = view.fs;
    let c = seen[k];
    let near = samples(100.0, fs);
    let s = |n: usize| n as f64 / fs;
    // The beats beside it, itself left out.
    let before = known.partition_point(|b| b.at + near < c.at);
    let after = known.partition_point(|b| b.at <= c.at + near);
    let itself = after > before;
    let left = &known[before.saturating_sub(BESIDE)..before];
    let right = &known[after..(after + BESIDE).min(known.len())];
    let beside = || left.iter().chain(right);
    let typical = |f: &dyn Fn(&Known) -> f64| median(&mut beside().map(f).collect::<Vec<f64>>());
    let mut rr: Vec<f64> =
        [left, right].iter().flat_map(|side| side.windows(2)).map(|w| s(w[1].at - w[0].at)).collect();
    let local = median(&mut rr).unwrap_or(0.8);
    let mut off: Vec<f64> = rr.iter().map(|v| (v - local).abs()).collect();
    let irregular = median(&mut off).unwrap_or(0.0) / local;
    let previous = left.last().map_or(3.0, |b| s(c.at - b.at).min(3.0));
    let next = right.first().map_or(3.0, |b| s(b.at - c.at).min(3.0));

    let highest = |from: f64, to: f64| {
        let (a, b) = (c.at as f64 + from * fs, c.at as f64 + to * fs);
        let lo = seen.partition_point(|x| (x.at as f64) < a);
        let hi = seen.partition_point(|x| (x.at as f64) <= b);
        seen[lo..hi.max(lo)].iter().filter(|x| x.at != c.at).map(|x| x.height).fold(0.0, f64::max)
    };
    let crowd = {
        let lo = seen.partition_point(|x| x.at + samples(1000.0, fs) < c.at);
        let hi = seen.partition_point(|x| x.at <= c.at + samples(1000.0, fs));
        seen[lo..hi].iter().filter(|x| x.height >= 0.5 * c.height).count() as f64
    };
    let h = c.height;
    let typical_height = typical(&|b| b.height).unwrap_or(1.0);
    let sharp = sharpness(view.features, c.at, fs);
    let wide = width(view, &c);
    let quick = fast(view, c.at);

    // Likeness.
    let own = shape(view, c.at, SHIFT);
    let mut sizes = [0.0_f32; 2 * SHIFT + 1];
    for (shift, size) in sizes.iter_mut().enumerate() {
        let windows = own.chunks_exact(SHAPE + 2 * SHIFT).flat_map(|lead| &lead[shift..shift + SHAPE]);
        *size = windows.map(|v| v * v).sum::<f32>().sqrt();
    }
    let mut alike: Vec<(f64, f64)> = beside().map(|b| likeness(&own, &sizes, b)).collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    let at = |n: usize| alike.get(n).copied().unwrap_or((0.0, 0.0));
    let (best, size) = at(0);

    // Bumps of other beats at the same distance.
    let echo = |distance: f64, forward: bool| {
        let reach = samples(30.0, fs);
        let shift = (distance * fs) as usize;
        let mut found: Vec<f64> = beside()
            .filter_map(|b| {
                let centre = if forward { b.at + shift } else { b.at.checked_sub(shift)? };
                if centre.abs_diff(c.at) < near {
                    return None;
                }
                let w = view.sum.get(centre.saturating_sub(reach)..centre + reach)?;
                Some(f64::from(w.iter().copied().fold(0.0, f32::max)) / h)
            })
            .collect();
        median(&mut found).unwrap_or(-1.0)
    };
    let p_like = if next < 0.45 { echo(next, false) } else { -1.0 };
    let t_like = if previous < 0.6 { echo(previous, true) } else { -1.0 };

    // What lies around it.
    let (ground_before, low_before) = around(view, &c, -0.35, -0.1);
    let (ground_after, low_after) = around(view, &c, 0.1, 0.35);

    // Leads apart.
    let block = c.at / block_len(fs);
    let bin = c.at / bin_len(fs);
    let mut heights = Vec::with_capacity(view.features.len());
    let mut weights = Vec::with_capacity(view.features.len());
    let (mut step, mut range, mut peak, mut noise) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    let total = view.features.iter().map(|f| f.weight[block.min(f.weight.len() - 1)]).sum::<f64>().max(1e-9);
    for f in view.features {
        let b = block.min(f.level.len() - 1);
        let level = f.level[b];
        if level <= 1e-6 {
            continue;
        }
        let w = f.weight[b] / total;
        weights.push(f.weight[b]);
        heights.push(f64::from(f.energy[c.at]) / level);
        let (lo, hi) = (bin.saturating_sub(5), (bin + 5).min(f.slow.len() - 1));
        step += w * f64::from((f.slow[hi] - f.slow[lo]).abs()) / level;
        let wider = &f.slow[bin.saturating_sub(12)..(bin + 13).min(f.slow.len())];
        let top = wider.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let bottom = wider.iter().copied().fold(f32::INFINITY, f32::min);
        range += w * f64::from(top - bottom) / level;
        let reach = samples(60.0, fs);
        let here = &f.band[c.at.saturating_sub(reach)..(c.at + reach).min(f.band.len())];
        peak += w * f64::from(here.iter().fold(0.0_f32, |m, v| m.max(v.abs()))) / level;
        let mut quiet: Vec<f64> = f.fast[bin.saturating_sub(40)..(bin + 41).min(f.fast.len())]
            .iter()
            .step_by(2)
            .copied()
            .map(f64::from)
            .collect();
        noise += w * median(&mut quiet).unwrap_or(0.0) / level;
    }
    heights.sort_by(f64::total_cmp);
    weights.sort_by(f64::total_cmp);
    let rank = |v: &[f64], q: f64| {
        v.get((q * v.len().saturating_sub(1) as f64).round() as usize).copied().unwrap_or(0.0)
    };

    let edge = s(c.at.min(view.sum.len() - 1 - c.at)).min(2.0);
    let beside_height = highest(-1.5, 1.5).max(1e-6);
    let numbers: [f64; FEATURES] = [
        h,
        h / typical_height.max(1e-6),
        highest(-0.36, -0.08) / h,
        highest(0.08, 0.36) / h,
        h / beside_height,
        sharp,
        sharp / typical(&|b| b.sharp).unwrap_or(sharp).max(1e-9),
        wide,
        wide / typical(&|b| b.width).unwrap_or(wide).max(1.0),
        ground_before,
        ground_after,
        low_before,
        low_after,
        best,
        at(alike.len() / 2).0,
        size,
        at(2).0,
        rank(&heights, 0.25),
        rank(&heights, 0.75),
        rank(&weights, 0.25),
        rank(&weights, 0.75),
        previous,
        next,
        previous / local,
        next / local,
        (previous + next) / local,
        local,
        irregular,
        p_like,
        t_like,
        quick,
        quick / typical(&|b| b.fast).unwrap_or(quick).max(1e-9),
        noise,
        step,
        range,
        peak,
        f64::from(u8::from(itself)),
        edge,
        crowd,
        highest(-0.7, -0.1) / h,
        highest(0.1, 0.7) / h,
        view.features.len().min(3) as f64,
    ];
    numbers.map(|v| if v.is_finite() { v.clamp(-50.0, 50.0) as f32 } else { 0.0 })
}

/// The band-passed signal around a place, each lead by its weight and level, lead after lead.
fn shape(view: &View, at: usize, more: usize) -> Vec<f32> {
    let step = view.fs / 100.0;
    let count = SHAPE + 2 * more;
    let start = at as f64 - step * (count as f64 - 1.0) / 2.0;
    let block = at / block_len(view.fs);
    let mut out = Vec::with_capacity(count * view.features.len());
    for f in view.features {
        let b = block.min(f.level.len() - 1);
        let scale = if f.level[b] > 1e-6 { (f.weight[b].sqrt() / f.level[b]) as f32 } else { 0.0 };
        for k in 0..count {
            let i = (start + step * k as f64 + 0.5).clamp(0.0, (f.band.len() - 1) as f64) as usize;
            out.push(f.band[i] * scale);
        }
    }
    out
}

/// The best correlation with a known beat over small shifts, and the size against it. `sizes`: of the candidate, for each
/// shift.
fn likeness(own: &[f32], sizes: &[f32; 2 * SHIFT + 1], known: &Known) -> (f64, f64) {
    let mut best = (-1.0_f64, 0.0_f64);
    for (shift, size) in sizes.iter().enumerate() {
        let mut lanes = [0.0_f32; 4];
        for (a, b) in own.chunks_exact(SHAPE + 2 * SHIFT).zip(known.shape.chunks_exact(SHAPE)) {
            for (x, y) in a[shift..shift + SHAPE].chunks_exact(4).zip(b.chunks_exact(4)) {
                for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
                    *lane += x * y;
                }
            }
        }
        let r = f64::from(lanes.iter().sum::<f32>() / (size * known.size).max(1e-9));
        if r > best.0 {
            best = (r, f64::from(size / known.size.max(1e-9)));
        }
    }
    best
}

/// Width of a peak of the sum at half its height, ms, at most 400.
fn width(view: &View, c: &Candidate) -> f64 {
    let half = (0.5 * c.height) as f32;
    let most = samples(200.0, view.fs);
    let left = (0..most).take_while(|k| c.at.checked_sub(*k).is_some_and(|i| view.sum[i] > half)).count();
    let right = (0..most).take_while(|k| view.sum.get(c.at + k).is_some_and(|v| *v > half)).count();
    (left + right) as f64 * 1000.0 / view.fs
}

/// What is faster than a QRS within ±30 ms, against the energy of the QRS band.
fn fast(view: &View, at: usize) -> f64 {
    let bin = at / bin_len(view.fs);
    let block = at / block_len(view.fs);
    let (mut quick, mut size) = (0.0_f64, 1e-9_f64);
    for f in view.features {
        let b = block.min(f.level.len() - 1);
        if f.level[b] <= 1e-6 {
            continue;
        }
        let w = &f.fast[bin.saturating_sub(1)..(bin + 2).min(f.fast.len())];
        let mean = w.iter().sum::<f32>() / w.len().max(1) as f32;
        quick += f.weight[b] * f64::from(mean) / f.level[b];
        size += f.weight[b] * f64::from(f.energy[at]) / f.level[b];
    }
    quick / size
}
