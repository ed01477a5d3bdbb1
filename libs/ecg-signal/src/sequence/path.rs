//! The best sequence of beats through the peaks: their odds, and what a gap between two of them costs.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use super::Sequence;
use crate::dsp::samples;

impl Sequence<'_> {
    /// What it costs that nothing lies between two beats.
    fn step(&self, from: usize, to: usize, cycle: f64, irregular: f64) -> f64 {
        let ratio = (to - from) as f64 / cycle;
        let off = if ratio < 1.0 { 1.0 / ratio.max(0.01) - 1.0 } else { ratio - 1.0 };
        let beyond = (off - 0.06 - irregular).max(0.0) / (0.12 + irregular);
        -(0.5 * beyond * beyond).min(4.0)
    }

    pub(super) fn paths(&mut self) {
        let refractory = samples(200.0, self.view.fs);
        let reach = samples(3000.0, self.view.fs);
        let n = self.nodes.len();
        let at: Vec<usize> = self.nodes.iter().map(|k| self.seen[*k].at).collect();
        let own: Vec<f64> = self.nodes.iter().map(|k| f64::from(self.odds[*k].min(8.0))).collect();
        let usual: Vec<(f64, f64)> = at
            .iter()
            .map(|a| self.near(*a).map_or((0.8 * self.view.fs, 0.0), |b| (b.cycle, b.irregular)))
            .collect();
        let mut forward = vec![0.0_f64; n];
        let mut backward = vec![0.0_f64; n];
        for i in 0..n {
            // What lies further back than three seconds is as if nothing had been there.
            let mut best = f64::NEG_INFINITY;
            for j in (0..i).rev() {
                let gap = at[i] - at[j];
                if gap > reach {
                    best = best.max(forward[j] - 4.0);
                    break;
                }
                if gap >= refractory {
                    best = best.max(forward[j] + self.step(at[j], at[i], usual[i].0, usual[i].1));
                }
            }
            forward[i] = own[i] + if best.is_finite() { best } else { 0.0 };
        }
        for i in (0..n).rev() {
            let mut best = f64::NEG_INFINITY;
            for j in i + 1..n {
                let gap = at[j] - at[i];
                if gap > reach {
                    best = best.max(backward[j] - 4.0);
                    break;
                }
                if gap >= refractory {
                    best = best.max(backward[j] + self.step(at[i], at[j], usual[i].0, usual[i].1));
                }
            }
            backward[i] = own[i] + if best.is_finite() { best } else { 0.0 };
        }
        self.forward = forward;
        self.backward = backward;
    }

    /// How much better the best sequence with a peak is than the best without.
    pub(super) fn margin(&self, k: usize, cycle: f64, irregular: f64) -> f64 {
        let refractory = samples(200.0, self.view.fs);
        let reach = samples(3000.0, self.view.fs);
        let at = self.seen[k].at;
        let node = |i: usize| self.seen[self.nodes[i]].at;
        let lo = self.nodes.partition_point(|n| *n < k);
        let hi = self.nodes.partition_point(|n| *n <= k);
        let from = (0..lo).rev().take_while(|i| at - node(*i) <= reach).last().unwrap_or(lo);
        let to = (hi..self.nodes.len()).take_while(|i| node(*i) - at <= reach).last().map_or(hi, |i| i + 1);
        let (mut before, mut after, mut without) = (f64::NEG_INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
        for i in (from..lo).filter(|i| at - node(*i) >= refractory) {
            before = before.max(self.forward[i] + self.step(node(i), at, cycle, irregular));
        }
        for j in (hi..to).filter(|j| node(*j) - at >= refractory) {
            after = after.max(self.backward[j] + self.step(at, node(j), cycle, irregular));
        }
        for i in from..lo {
            for j in hi..to {
                if node(j) - node(i) >= refractory {
                    let through = self.forward[i] + self.backward[j];
                    without = without.max(through + self.step(node(i), node(j), cycle, irregular));
                }
            }
        }
        for i in from..lo {
            without = without.max(self.forward[i] + if hi == to { 0.0 } else { -4.0 });
        }
        for j in hi..to {
            without = without.max(self.backward[j] + if from == lo { 0.0 } else { -4.0 });
        }
        let or_nothing = |v: f64| if v.is_finite() { v } else { 0.0 };
        f64::from(self.odds[k].clamp(-8.0, 8.0)) + or_nothing(before) + or_nothing(after)
            - or_nothing(without)
    }
}
