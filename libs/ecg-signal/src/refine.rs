//! Finds the limits of waves near their drafts by a trained network.
//!
//! The network ([`crate::network`]) sees one cycle in steps of 4 ms: the single beat and the median beat of the lead, with
//! their slopes, each relative to the height of the lead's QRS, and what all usable leads do together. So neither
//! the sample rate nor gain or polarity changes what it sees but for the sign, and in training the sign is
//! chance. Its scores and the distance from the draft give each place a weight; the limit is the weighted mean of places, which
//! keeps the error small where several places are possible.
//!
//! Trained on the LUDB records given by `training/waves.py`; how it does on records left out: docs/accuracy.md.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small numbers"
)]

use std::sync::OnceLock;

use crate::{
    delineate::Cycle,
    network::{CONTEXT, INPUTS, Network, PLACES, SCORES, STEPS},
};

const WEIGHTS: &[u8] = include_bytes!("waves.net");
const STEP_MS: f64 = 4.0;
/// From the middle of the first step to the beat.
const LEAD_IN_MS: f64 = 431.0;
/// The QRS lies within these steps, 80 ms on either side of the beat.
const QRS_STEPS: std::ops::RangeInclusive<usize> = 88..=127;
/// What is nearer to the neighbouring beats than this belongs to them, ms.
const NEIGHBOUR_MS: f64 = 60.0;
/// How far from its draft each limit is expected, standard deviation in steps.
const NEAR_DRAFT: [f32; SCORES] = [15.0, 15.0, 12.0, 12.0, 35.0, 35.0];

/// Samples around a beat as means of 4 ms.
pub(crate) type Window = [f32; STEPS];

/// The window around `at`, the ends of the signal held flat. Between samples the signal is a straight line.
pub(crate) fn window(x: &[f32], at: usize, fs: f64) -> Window {
    let width = STEP_MS * fs / 1000.0;
    let start = at as f64 - (LEAD_IN_MS + STEP_MS / 2.0) * fs / 1000.0;
    let last = x.len().saturating_sub(1) as isize;
    let sample = |i: isize| f64::from(x.get(i.clamp(0, last) as usize).copied().unwrap_or(0.0));
    let mut place = start.floor() as isize;
    let (mut left, mut right) = (sample(place), sample(place + 1));
    std::array::from_fn(|step| {
        let mut from = start + width * step as f64;
        let to = from + width;
        let mut area = 0.0;
        loop {
            if from >= (place + 1) as f64 {
                place += 1;
                (left, right) = (right, sample(place + 1));
            }
            let end = to.min((place + 1) as f64);
            let middle = 0.5 * (from + end) - place as f64;
            area += (left + (right - left) * middle) * (end - from);
            if end >= to {
                break;
            }
            from = end;
        }
        (area / width) as f32
    })
}

/// Height of the QRS in a window, µV; never zero.
pub(crate) fn height(window: &Window) -> f32 {
    let (low, high) = window[QRS_STEPS].iter().fold((f32::MAX, f32::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
    (high - low).max(1.0)
}

/// A window relative to the height of the QRS, and its slope per step.
#[derive(Clone)]
pub(crate) struct View {
    pub level: Window,
    slope: Window,
}

impl View {
    pub fn new(window: &Window, height: f32) -> Self {
        let level = window.map(|v| v / height);
        let slope = std::array::from_fn(|i| {
            let (a, b) = (i.saturating_sub(1), (i + 1).min(STEPS - 1));
            (level[b] - level[a]) / (b - a) as f32
        });
        Self { level, slope }
    }

    /// Root mean square over leads.
    pub fn common<'a>(leads: impl Iterator<Item = &'a Self>) -> Self {
        let mut sum = Self { level: [0.0; STEPS], slope: [0.0; STEPS] };
        let mut count = 0.0_f32;
        for lead in leads {
            count += 1.0;
            for (a, b) in sum.level.iter_mut().zip(&lead.level) {
                *a += b * b;
            }
            for (a, b) in sum.slope.iter_mut().zip(&lead.slope) {
                *a += b * b;
            }
        }
        let root = |v: f32| (v / count.max(1.0)).sqrt();
        Self { level: sum.level.map(root), slope: sum.slope.map(root) }
    }
}

/// What the network sees of one beat in one lead.
pub(crate) struct Seen<'a> {
    pub single: &'a View,
    pub median: &'a View,
    /// Over the usable leads.
    pub all_single: &'a View,
    pub all_median: &'a View,
    pub cycle: Cycle,
}

/// Small and large values side by side: near zero in proportion, far from it as the root.
fn squash(v: f32, unit: f32) -> f32 {
    let v = v / unit;
    0.3 * v / (1.0 + v.abs()).sqrt()
}

impl Seen<'_> {
    fn input(&self) -> [[f32; INPUTS]; STEPS] {
        let (from, to) = (NEIGHBOUR_MS - self.cycle.before_ms, self.cycle.after_ms - NEIGHBOUR_MS);
        std::array::from_fn(|i| {
            let at_ms = STEP_MS * i as f64 - LEAD_IN_MS;
            if at_ms <= from || at_ms >= to {
                return [0.0; INPUTS];
            }
            [
                squash(self.single.level[i], 0.03),
                squash(self.median.level[i], 0.03),
                squash(self.single.slope[i], 0.006),
                squash(self.median.slope[i], 0.006),
                squash(self.all_single.level[i], 0.03),
                squash(self.all_median.level[i], 0.03),
                squash(self.all_single.slope[i], 0.003),
                squash(self.all_median.slope[i], 0.003),
                1.0,
            ]
        })
    }

    fn context(&self) -> [f32; CONTEXT] {
        [self.cycle.before_ms, self.cycle.after_ms]
            .map(|rr| ((rr.max(1.0) / 800.0).ln().clamp(-1.2, 1.2)) as f32)
    }

    /// The limits near their drafts, both in ms from the beat; none without a draft.
    pub fn limits(&self, drafts: [Option<f64>; SCORES]) -> [Option<f64>; SCORES] {
        let networks = networks();
        if networks.is_empty() {
            return drafts;
        }
        let (input, context) = (self.input(), self.context());
        let mut sums = [0.0_f64; SCORES];
        for network in networks {
            let scores = network.scores(&input, context);
            for limit in 0..SCORES {
                if let Some(draft) = drafts[limit] {
                    sums[limit] += expected(&scores, limit, step_of(draft));
                }
            }
        }
        std::array::from_fn(|limit| {
            drafts[limit].map(|_| STEP_MS * sums[limit] / networks.len() as f64 - LEAD_IN_MS)
        })
    }
}

/// Time from the beat as a step of the window.
pub(crate) fn step_of(ms: f64) -> f64 {
    (ms + LEAD_IN_MS) / STEP_MS
}

/// The mean place, weighted by the scores and the nearness to the draft, in steps.
fn expected(scores: &[[f32; SCORES]], limit: usize, draft: f64) -> f64 {
    let mut weights = [0.0_f32; PLACES];
    for (place, (weight, row)) in weights.iter_mut().zip(scores).enumerate() {
        let far = (2.0 * place as f32 - draft as f32) / NEAR_DRAFT[limit];
        *weight = row[limit] - 0.5 * far * far;
    }
    let top = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (mut sum, mut total) = (0.0_f64, 0.0_f64);
    for (place, weight) in weights.iter().enumerate() {
        let weight = f64::from((weight - top).exp());
        sum += weight * 2.0 * place as f64;
        total += weight;
    }
    sum / total
}

fn networks() -> &'static [Network] {
    static READ: OnceLock<Vec<Network>> = OnceLock::new();
    READ.get_or_init(|| WEIGHTS.chunks(Network::BYTES).filter_map(Network::parse).collect())
}
