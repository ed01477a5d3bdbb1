//! A second look at the peaks of which the first judgement is in doubt.
//!
//! [`crate::candidates`] judges each peak against the beats of the first pass, which in noise are noise themselves. Here every
//! peak has odds already, so that a doubtful one is seen against what is known better: how long a cycle lasts, whether the best
//! sequence of beats goes through it, and whether it looks like the mean of the beats around (twenty seconds back, four
//! ahead), which has less noise than any of them. Other boosted trees turn that into odds that replace the first
//! (`training/qrs.py`). As there, every number is a ratio or a time.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

mod path;
mod shape;

use std::{cell::OnceCell, sync::LazyLock};

use crate::{
    candidates::{self, View},
    detect::{Candidate, block_len},
    dsp::{median, samples},
    trees::Trees,
};
use shape::{correlation, cut, energy_of, fit, mean, shape};

/// Numbers of the first judgement and of this one.
pub const FEATURES: usize = candidates::FEATURES + MORE;
const MORE: usize = 46;
/// Blocks before and after that of a peak in which beats tell what is usual: about 16 s back and 4 s ahead.
const BACK: usize = 9;
const AHEAD: usize = 2;
/// Odds (log) of beats that are hardly doubted, and of peaks that are no part of any sequence.
const SURE: f32 = 2.5;
const OUT: f32 = -4.0;
/// Points of a shape, 10 ms apart, and of the shift that is tried.
const SHAPE: usize = 24;
const SHIFT: usize = 3;
const LONG: usize = SHAPE + 2 * SHIFT;

static WEIGHTS: LazyLock<Option<Trees>> =
    LazyLock::new(|| Trees::parse(include_bytes!("weights.bin"), FEATURES));

/// A peak that is taken for a beat for the time being.
struct Beat {
    /// Index of the candidate.
    k: usize,
    at: usize,
    /// Samples of the usual cycle around it; how far cycles differ from it.
    cycle: f64,
    irregular: f64,
    cycles: usize,
    /// The cycles after and before it that beats like it have.
    expected: OnceCell<Expected>,
}

/// What is usual in a block and around: beats that are hardly doubted, seen as that block weighs the leads.
struct Usual {
    scales: Vec<f32>,
    /// Indices of the beats; their shapes, aligned, one after the other; the sum of these.
    beats: Vec<usize>,
    shapes: Vec<Vec<f32>>,
    sum: Vec<f32>,
    mean: Vec<f32>,
    /// Mean shape of those that are not like the others, and how many they are.
    second: Option<Vec<f32>>,
    share: f64,
    /// Correlation with the mean, of the middle beat and of a low one.
    quality: f64,
    low: f64,
    firm: f64,
    height: f64,
}

#[derive(Debug, Clone, Copy)]
struct Expected {
    next: f64,
    previous: f64,
    spread: f64,
}

impl Usual {
    fn scaled(&self, x: &[f32]) -> Vec<f32> {
        x.chunks_exact(LONG).zip(&self.scales).flat_map(|(lead, s)| lead.iter().map(move |v| v * s)).collect()
    }
}

/// All peaks with their odds, and what follows from these.
pub(crate) struct Sequence<'a> {
    view: &'a View<'a>,
    seen: &'a [Candidate],
    odds: &'a [f32],
    beats: Vec<Beat>,
    /// Best sum of odds and transitions up to each peak that may be a beat, and from it on; itself included in both.
    nodes: Vec<usize>,
    forward: Vec<f64>,
    backward: Vec<f64>,
    usual: Vec<OnceCell<Usual>>,
}

impl<'a> Sequence<'a> {
    pub(crate) fn new(view: &'a View<'a>, seen: &'a [Candidate], odds: &'a [f32]) -> Self {
        let mut out = Self {
            view,
            seen,
            odds,
            beats: Vec::new(),
            nodes: (0..seen.len()).filter(|k| odds[*k] > OUT).collect(),
            forward: Vec::new(),
            backward: Vec::new(),
            usual: Vec::new(),
        };
        out.usual.resize_with(view.sum.len() / block_len(view.fs) + 1, OnceCell::new);
        out.take_beats();
        out.paths();
        out
    }

    /// Peaks that are more likely a beat than not, the likelier of two within 200 ms.
    fn take_beats(&mut self) {
        let refractory = samples(200.0, self.view.fs);
        let mut taken: Vec<usize> = Vec::new();
        for k in (0..self.seen.len()).filter(|k| self.odds[*k] > 0.0) {
            match taken.last_mut() {
                Some(last) if self.seen[k].at - self.seen[*last].at < refractory => {
                    if self.odds[k] > self.odds[*last] {
                        *last = k;
                    }
                }
                _ => taken.push(k),
            }
        }
        let at: Vec<usize> = taken.iter().map(|k| self.seen[*k].at).collect();
        let block = block_len(self.view.fs);
        let mut rr = Vec::new();
        for (k, here) in taken.iter().zip(&at) {
            let (lo, hi) = span(&at, here / block, block, |at| *at);
            rr.clear();
            rr.extend(at[lo..hi].windows(2).map(|w| (w[1] - w[0]) as f64));
            let cycles = rr.len();
            let cycle = median(&mut rr).unwrap_or(0.8 * self.view.fs);
            rr.iter_mut().for_each(|v| *v = (*v - cycle).abs());
            let irregular = median(&mut rr).unwrap_or(0.0) / cycle;
            self.beats.push(Beat { k: *k, at: *here, cycle, irregular, cycles, expected: OnceCell::new() });
        }
    }

    /// The last beat not after a place, else the first of all.
    fn near(&self, at: usize) -> Option<&Beat> {
        self.beats.get(self.beats.partition_point(|b| b.at <= at).saturating_sub(1))
    }

    /// Odds of a peak by this look; `first`: what the first judgement saw.
    pub(crate) fn score(&self, k: usize, first: &[f32; candidates::FEATURES]) -> Option<f32> {
        WEIGHTS.as_ref()?.score(0, &self.describe(k, first))
    }

    pub(crate) fn describe(&self, k: usize, first: &[f32; candidates::FEATURES]) -> [f32; FEATURES] {
        let mut out = [0.0; FEATURES];
        out[..candidates::FEATURES].copy_from_slice(first);
        for (to, v) in out[candidates::FEATURES..].iter_mut().zip(self.more(k)) {
            *to = if v.is_finite() { v.clamp(-50.0, 50.0) as f32 } else { 0.0 };
        }
        out
    }

    fn more(&self, k: usize) -> [f64; MORE] {
        let fs = self.view.fs;
        let c = self.seen[k];
        let own = self.odds[k];
        let refractory = samples(200.0, fs);
        let i = self.beats.partition_point(|b| b.at + refractory <= c.at);
        let j = self.beats.partition_point(|b| b.at < c.at + refractory);
        let usual = self.near(c.at);
        let (cycle, irregular) = usual.map_or((0.8 * fs, 0.0), |b| (b.cycle, b.irregular));
        let odds_of = |b: Option<&Beat>| b.map_or(-1.0, |b| f64::from(self.odds[b.k]));
        let far = |samples: usize| (samples as f64 / cycle).min(4.0);
        let before = |n: usize| i.checked_sub(n).and_then(|i| self.beats.get(i));
        let after = |n: usize| self.beats.get(j + n - 1);
        let p = |n: usize| before(n).map_or(4.0, |b| far(c.at - b.at));
        let q = |n: usize| after(n).map_or(4.0, |b| far(b.at - c.at));
        let sure = |b: &&Beat| self.odds[b.k] > SURE;
        let last =
            self.beats[..i].iter().rev().find(sure).map_or(9.0, |b| ((c.at - b.at) as f64 / cycle).min(9.0));
        let next = self.beats[j..].iter().find(sure).map_or(9.0, |b| ((b.at - c.at) as f64 / cycle).min(9.0));
        let phase = |v: f64| (v - v.round().max(1.0)).abs();
        let between = {
            let n = (last + next).round().max(1.0);
            let part = last / (last + next) * n;
            (part - part.round()).abs()
        };

        // Odds around.
        let others = |from: f64, to: f64| {
            let (a, b) = (c.at as f64 + from * fs, c.at as f64 + to * fs);
            let lo = self.seen.partition_point(|x| (x.at as f64) < a);
            let hi = self.seen.partition_point(|x| (x.at as f64) <= b);
            (lo..hi).filter(|x| *x != k).map(|x| self.odds[x])
        };
        let highest = |from: f64, to: f64| f64::from(others(from, to).fold(-9.0, f32::max));
        let (mut mass, mut crowd) = (0.0_f64, 0.0_f64);
        for z in others(-4.0, 4.0) {
            mass += 1.0 / (1.0 + f64::from(-z).exp());
            crowd += f64::from(u8::from(z.abs() < 2.0));
        }
        let span = (c.at as f64).min(4.0 * fs) + ((self.view.sum.len() - c.at) as f64).min(4.0 * fs);
        let margin = self.margin(k, cycle, irregular);

        let block = c.at / block_len(fs);
        let usual_here = self.usual(block);
        let height = c.height / usual_here.height.max(1e-6);
        let itself = (i..j).find(|b| self.beats[*b].k == k);
        let x = usual_here.scaled(&shape(self.view, c.at));
        let (r, gain, shift) = fit(&x, &usual_here.mean);
        let like = self.expected(usual_here, &cut(&x, shift), itself, cycle);
        let alike = self.alike(c.at, usual_here, &x, (r, gain, shift), itself);
        let after_previous = before(1).map_or(cycle, |b| self.expected_of(b, i - 1).next);
        let before_next = after(1).map_or(cycle, |b| self.expected_of(b, j).previous);
        let spread = before(1).map_or(0.0, |b| self.expected_of(b, i - 1).spread);
        let gap = |a: Option<&Beat>, b: Option<&Beat>| {
            let from = a.map_or(0, |b| b.at);
            let to = b.map_or(self.view.sum.len(), |b| b.at);
            (to - from) as f64
        };
        let here = Beat { k, at: c.at, cycle, irregular, cycles: 0, expected: OnceCell::new() };
        let (left, right) = (gap(before(1), Some(&here)), gap(Some(&here), after(1)));
        [
            f64::from(own),
            highest(-0.2, 0.2),
            highest(-0.45, -0.2),
            highest(0.2, 0.45),
            p(1),
            q(1),
            odds_of(before(1)),
            odds_of(after(1)),
            p(1) + q(1),
            p(2),
            q(2),
            phase(last),
            last,
            phase(next),
            next,
            between,
            cycle / fs,
            irregular,
            usual.map_or(0.0, |b| b.cycles as f64),
            margin,
            margin - f64::from(own),
            mass * cycle / span.max(1.0),
            crowd,
            usual_here.firm,
            height,
            alike[0],
            alike[1],
            alike[2],
            alike[3],
            alike[4],
            alike[5],
            alike[6],
            alike[7],
            alike[8],
            alike[9],
            alike[10],
            alike[11],
            (left / after_previous).min(4.0),
            (right / before_next).min(4.0),
            ((left + right) / after_previous).min(4.0),
            ((left + right) / before_next).min(4.0),
            spread / cycle,
            (left / like.previous).min(4.0),
            (right / like.next).min(4.0),
            like.previous / cycle,
            like.next / cycle,
        ]
    }

    fn usual(&self, block: usize) -> &Usual {
        self.usual[block.min(self.usual.len() - 1)].get_or_init(|| self.new_usual(block))
    }

    fn new_usual(&self, block: usize) -> Usual {
        let leads = self.view.features.len();
        let (lo, hi) = span(&self.beats, block, block_len(self.view.fs), |b| b.at);
        let mut beats: Vec<usize> = (lo..hi).filter(|b| self.odds[self.beats[*b].k] > SURE).collect();
        if beats.len() < 3 {
            beats = (lo..hi).collect();
        }
        let n = beats.len().max(1) as f64;
        let firm = beats.iter().map(|b| f64::from(self.odds[self.beats[*b].k].min(8.0))).sum::<f64>() / n;
        let mut heights: Vec<f64> = beats.iter().map(|b| self.seen[self.beats[*b].k].height).collect();
        let mut out = Usual {
            scales: self.scales(block),
            beats,
            shapes: Vec::new(),
            sum: vec![0.0; SHAPE * leads],
            mean: vec![0.0; SHAPE * leads],
            second: None,
            share: 0.0,
            quality: 0.0,
            low: 0.0,
            firm,
            height: median(&mut heights).unwrap_or(1.0),
        };
        let mut shapes: Vec<Vec<f32>> =
            out.beats.iter().map(|b| out.scaled(&shape(self.view, self.beats[*b].at))).collect();
        // One of them that is far greater than the others may not outweigh them.
        let sizes: Vec<f64> = shapes.iter().map(|x| energy_of(x).sqrt()).collect();
        let usual = median(&mut sizes.clone()).unwrap_or(0.0);
        for (x, size) in shapes.iter_mut().zip(sizes) {
            if size > 1.5 * usual {
                let down = (1.5 * usual / size) as f32;
                x.iter_mut().for_each(|v| *v *= down);
            }
        }
        let rough = mean(&shapes.iter().map(|x| cut(x, SHIFT)).collect::<Vec<_>>(), leads);
        out.shapes = shapes.iter().map(|x| cut(x, fit(x, &rough).2)).collect();
        for x in &out.shapes {
            out.sum.iter_mut().zip(x).for_each(|(sum, v)| *sum += v);
        }
        out.mean = out.sum.iter().map(|v| v / n as f32).collect();
        let mut own: Vec<f64> = out.shapes.iter().map(|x| correlation(x, &out.mean)).collect();
        // Beats of another shape, as in bigeminy.
        let other: Vec<Vec<f32>> =
            out.shapes.iter().zip(&own).filter(|(_, r)| **r < 0.5).map(|(x, _)| x.clone()).collect();
        out.share = other.len() as f64 / n;
        out.second = (other.len() >= 3).then(|| mean(&other, leads));
        own.sort_by(f64::total_cmp);
        out.low = own.get(own.len() / 5).copied().unwrap_or(0.0);
        out.quality = own.get(own.len() / 2).copied().unwrap_or(0.0);
        out
    }

    /// The cycles after and before the third of the usual beats that are most like a shape, one left out.
    fn expected(&self, usual: &Usual, x: &[f32], skip: Option<usize>, cycle: f64) -> Expected {
        let mut like: Vec<(f64, usize)> = usual
            .beats
            .iter()
            .zip(&usual.shapes)
            .filter(|(b, _)| Some(**b) != skip)
            .map(|(b, shape)| (correlation(x, shape), *b))
            .collect();
        like.sort_by(|a, b| b.0.total_cmp(&a.0));
        like.truncate(like.len().div_ceil(3));
        let between = |a: Option<&Beat>, b: Option<&Beat>| Some((b?.at - a?.at) as f64);
        let mut next: Vec<f64> =
            like.iter().filter_map(|(_, b)| between(self.beats.get(*b), self.beats.get(b + 1))).collect();
        let mut previous: Vec<f64> = like
            .iter()
            .filter_map(|(_, b)| between(self.beats.get(b.checked_sub(1)?), self.beats.get(*b)))
            .collect();
        let middle = median(&mut next).unwrap_or(cycle);
        next.iter_mut().for_each(|v| *v = (*v - middle).abs());
        Expected {
            next: middle,
            previous: median(&mut previous).unwrap_or(cycle),
            spread: median(&mut next).unwrap_or(0.0),
        }
    }

    fn expected_of(&self, beat: &Beat, index: usize) -> Expected {
        *beat.expected.get_or_init(|| {
            let usual = self.usual(beat.at / block_len(self.view.fs));
            if let Some(n) = usual.beats.iter().position(|b| *b == index) {
                return self.expected(usual, &usual.shapes[n], Some(index), beat.cycle);
            }
            let x = usual.scaled(&shape(self.view, beat.at));
            let shift = fit(&x, &usual.mean).2;
            self.expected(usual, &cut(&x, shift), Some(index), beat.cycle)
        })
    }

    /// Likeness to the mean of the beats around.
    fn alike(
        &self,
        at: usize,
        usual: &Usual,
        x: &[f32],
        fitted: (f64, f64, usize),
        itself: Option<usize>,
    ) -> [f64; 12] {
        let leads = self.view.features.len();
        let own = itself.and_then(|b| usual.beats.iter().position(|u| *u == b));
        // Itself left out.
        let others = (usual.beats.len() - usize::from(own.is_some())) as f32;
        if others < 1.0 {
            return [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        }
        let without = own.map(|n| {
            let left = usual.sum.iter().zip(&usual.shapes[n]);
            left.map(|(sum, v)| (sum - v) / others).collect::<Vec<f32>>()
        });
        let mean = without.as_deref().unwrap_or(&usual.mean);
        let (r, gain, shift) = if own.is_some() { fit(x, mean) } else { fitted };
        let x = cut(x, shift);
        let second = usual.second.as_ref().map_or(-1.0, |second| correlation(&x, second));
        let left = (1.0 - r * r).max(0.0) * energy_of(&x) / energy_of(mean).max(1e-12);
        // Leads apart, those that count.
        let (mut best, mut worst) = (-1.0_f64, 1.0_f64);
        let whole = energy_of(mean);
        for (a, b) in x.chunks_exact(SHAPE).zip(mean.chunks_exact(SHAPE)) {
            if leads == 1 || energy_of(b) > 0.1 * whole {
                let r = correlation(a, b);
                best = best.max(r);
                worst = worst.min(r);
            }
        }
        let (stands, beside) = self.stands_out(at, mean, &usual.scales);
        [
            r,
            gain,
            left.min(20.0),
            r - usual.quality,
            usual.quality,
            f64::from(others),
            best,
            worst,
            r.max(second) - usual.low,
            usual.share,
            stands,
            beside,
        ]
    }

    /// What the mean shape finds here, against what it finds around, beats left out; and against the most of it near.
    fn stands_out(&self, at: usize, mean: &[f32], scales: &[f32]) -> (f64, f64) {
        let fs = self.view.fs;
        let near = samples(120.0, fs);
        let project = |centre: f64| -> f64 {
            let step = fs / 100.0;
            let start = centre - step * (SHAPE as f64 - 1.0) / 2.0;
            let mut sum = 0.0_f32;
            for ((f, m), s) in self.view.features.iter().zip(mean.chunks_exact(SHAPE)).zip(scales) {
                let mut lead = 0.0_f32;
                for (p, v) in m.iter().enumerate() {
                    let i = (start + step * p as f64 + 0.5).max(0.0) as usize;
                    lead += v * f.band[i.min(f.band.len() - 1)];
                }
                sum += lead * s;
            }
            f64::from(sum)
        };
        let here = (-2..=2).map(|d| project(at as f64 + f64::from(d) * 0.015 * fs)).fold(0.0, f64::max);
        let lo = self.beats.partition_point(|b| b.at + samples(1500.0, fs) < at);
        let hi = self.beats.partition_point(|b| b.at <= at + samples(1500.0, fs));
        let (mut squares, mut count, mut most) = (0.0_f64, 0.0_f64, 0.0_f64);
        for d in (-60..=60).step_by(2).filter(|d: &i32| d.abs() >= 6) {
            let place = at as f64 + f64::from(d) * 0.02 * fs;
            if place < 0.0 || place >= self.view.sum.len() as f64 {
                continue;
            }
            if self.beats[lo..hi].iter().any(|b| b.at.abs_diff(place as usize) < near) {
                continue;
            }
            let v = project(place);
            squares += v * v;
            count += 1.0;
            if d.abs() <= 20 {
                most = most.max(v);
            }
        }
        let usual = (squares / count.max(1.0)).sqrt();
        ((here / usual.max(1e-12)).min(30.0), (most / here.max(1e-12)).min(5.0))
    }

    /// By what each lead counts in a block.
    fn scales(&self, block: usize) -> Vec<f32> {
        self.view
            .features
            .iter()
            .map(|f| {
                let b = block.min(f.level.len() - 1);
                if f.level[b] > 1e-6 { (f.weight[b].sqrt() / f.level[b]) as f32 } else { 0.0 }
            })
            .collect()
    }
}

/// Of those in order, what lies in the blocks that tell what is usual in one.
fn span<T>(all: &[T], block: usize, length: usize, at: impl Fn(&T) -> usize) -> (usize, usize) {
    let (from, to) = (block.saturating_sub(BACK) * length, (block + AHEAD + 1) * length);
    (all.partition_point(|x| at(x) < from), all.partition_point(|x| at(x) < to))
}
