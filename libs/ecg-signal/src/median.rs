//! Baseline removal, grouping of beats by shape, and the median beat.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    dsp::{median, samples},
    lead::Lead,
};

/// Leads of equal length with their baseline removed.
pub struct Traces {
    pub fs: f64,
    pub n: usize,
    pub leads: Vec<(Lead, Vec<f32>)>,
    /// Leads good enough to find shapes and limits in.
    pub usable: Vec<Lead>,
}

impl Traces {
    pub fn get(&self, lead: Lead) -> Option<&[f32]> {
        self.leads.iter().find(|(l, _)| *l == lead).map(|(_, x)| x.as_slice())
    }

    /// The usable leads that carry independent information, else all.
    pub fn independent(&self) -> Vec<&[f32]> {
        let chosen: Vec<&[f32]> = self
            .leads
            .iter()
            .filter(|(lead, _)| self.usable.contains(lead))
            .map(|(_, x)| x.as_slice())
            .collect();
        if chosen.is_empty() { self.leads.iter().map(|(_, x)| x.as_slice()).collect() } else { chosen }
    }
}

/// Subtracts a piecewise cubic (Hermite, slopes from neighbouring knots) through the level just before each
/// QRS: from `before_from` to `before_to` samples ahead of the beat. The PR segment is the isoelectric line
/// that leaves ST as it is, which a high-pass filter would not.
pub fn remove_baseline(x: &[f32], beats: &[usize], before_from: usize, before_to: usize) -> Vec<f32> {
    let n = x.len();
    let mut knots: Vec<(f64, f64)> = Vec::with_capacity(beats.len());
    for beat in beats {
        if *beat < before_from {
            continue;
        }
        let slice = &x[beat - before_from..(beat - before_to).min(n)];
        let mut values: Vec<f64> = slice.iter().copied().map(f64::from).collect();
        if let Some(level) = median(&mut values) {
            knots.push((*beat as f64 - (before_from + before_to) as f64 / 2.0, level));
        }
    }
    if knots.is_empty() {
        let mut values: Vec<f64> = x.iter().copied().map(f64::from).collect();
        let level = median(&mut values).unwrap_or(0.0) as f32;
        return x.iter().map(|v| v - level).collect();
    }
    let slope = |k: usize| -> f64 {
        if k == 0 || k + 1 >= knots.len() {
            return 0.0;
        }
        (knots[k + 1].1 - knots[k - 1].1) / (knots[k + 1].0 - knots[k - 1].0).max(1.0)
    };
    let mut out = Vec::with_capacity(n);
    let mut k = 0;
    for (i, v) in x.iter().enumerate() {
        let t = i as f64;
        while k + 1 < knots.len() && t >= knots[k + 1].0 {
            k += 1;
        }
        let level = if t <= knots[0].0 {
            knots[0].1
        } else if k + 1 >= knots.len() {
            knots[k].1
        } else {
            let (t0, y0) = knots[k];
            let (t1, y1) = knots[k + 1];
            let h = (t1 - t0).max(1.0);
            let s = ((t - t0) / h).clamp(0.0, 1.0);
            let (s2, s3) = (s * s, s * s * s);
            (2.0 * s3 - 3.0 * s2 + 1.0) * y0
                + (s3 - 2.0 * s2 + s) * h * slope(k)
                + (-2.0 * s3 + 3.0 * s2) * y1
                + (s3 - s2) * h * slope(k + 1)
        };
        out.push(v - level as f32);
    }
    out
}

/// Beats of one shape. `at` are positions aligned to the group's template.
#[derive(Debug, Clone)]
pub struct Group {
    /// Index into the list of beats, and the aligned position.
    pub members: Vec<(usize, usize)>,
    template: Vec<f32>,
    energy: f64,
}

/// Groups beats by correlation of their QRS over all independent leads together; alignment within ±24 ms.
/// Largest group first.
pub fn group_beats(traces: &Traces, beats: &[usize]) -> Vec<Group> {
    let fs = traces.fs;
    let leads = traces.independent();
    // Every second sample is enough above 400 Hz: QRS shape lies below 100 Hz.
    let stride = ((fs / 240.0).floor() as usize).max(1);
    let (pre, post, reach) = (samples(90.0, fs), samples(130.0, fs), samples(24.0, fs));
    let mut groups: Vec<Group> = Vec::new();
    for (index, beat) in beats.iter().enumerate() {
        if *beat < pre + reach || beat + post + reach >= traces.n {
            continue;
        }
        let mut best: Option<(usize, usize, f64)> = None;
        for (g, group) in groups.iter().enumerate() {
            let mut top = (0, f64::NEG_INFINITY);
            let mut try_at = |at: usize| {
                let (c, _) = compare(&leads, at - pre, at + post, stride, &group.template);
                if c > top.1 {
                    top = (at, c);
                }
            };
            let coarse = stride.max(samples(6.0, fs)).max(1);
            let mut at = beat - reach;
            while at <= beat + reach {
                try_at(at);
                at += coarse;
            }
            let centre = top.0;
            for at in centre.saturating_sub(coarse)..=centre + coarse {
                if at >= pre && at + post < traces.n {
                    let (c, _) = compare(&leads, at - pre, at + post, stride, &group.template);
                    if c > top.1 {
                        top = (at, c);
                    }
                }
            }
            let (_, energy) = compare(&leads, top.0 - pre, top.0 + post, stride, &group.template);
            let ratio = (energy / group.energy.max(1e-9)).sqrt();
            if top.1 > 0.86 && (0.55..1.8).contains(&ratio) && best.is_none_or(|b| top.1 > b.2) {
                best = Some((g, top.0, top.1));
            }
        }
        match best {
            Some((g, at, _)) => groups[g].members.push((index, at)),
            None => {
                let template = window_of(&leads, beat - pre, beat + post, stride);
                let energy = template.iter().map(|v| f64::from(*v).powi(2)).sum();
                groups.push(Group { members: vec![(index, *beat)], template, energy });
            }
        }
    }
    groups.sort_by_key(|g| std::cmp::Reverse(g.members.len()));
    groups
}

/// All leads' windows one after the other, each without its mean.
fn window_of(leads: &[&[f32]], from: usize, to: usize, stride: usize) -> Vec<f32> {
    let mut out = Vec::new();
    for lead in leads {
        let slice = &lead[from..to];
        let count = slice.iter().step_by(stride).count().max(1) as f32;
        let mean = slice.iter().step_by(stride).sum::<f32>() / count;
        out.extend(slice.iter().step_by(stride).map(|v| v - mean));
    }
    out
}

/// Correlation with the template and energy of the window.
fn compare(leads: &[&[f32]], from: usize, to: usize, stride: usize, template: &[f32]) -> (f64, f64) {
    let mut k = 0;
    let (mut ab, mut aa, mut bb) = (0.0_f64, 0.0_f64, 0.0_f64);
    for lead in leads {
        let slice = &lead[from..to];
        let (mut sx, mut sxy, mut sxx, mut syy, mut count) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
        for (x, y) in slice.iter().step_by(stride).zip(&template[k..]) {
            sx += x;
            sxy += x * y;
            sxx += x * x;
            syy += y * y;
            count += 1.0;
        }
        // The template has zero mean in each lead, so its mean drops out of the cross term.
        ab += f64::from(sxy);
        aa += f64::from(sxx - sx * sx / count.max(1.0));
        bb += f64::from(syy);
        k += count as usize;
    }
    if aa <= 0.0 || bb <= 0.0 { (0.0, aa) } else { (ab / (aa * bb).sqrt(), aa) }
}

/// The median of `positions`' windows in each lead. Where fewer than half of the beats reach, the sample
/// takes the nearest known value. Limb leads follow from I and II, so that they stay consistent, unless the
/// recording itself breaks Einthoven's law (leads scaled on their own, electrodes not simultaneous).
pub fn median_of(traces: &Traces, positions: &[usize], pre: usize, post: usize) -> Vec<(Lead, Vec<f32>)> {
    let both = obeys_einthoven(traces);
    let mut out: Vec<(Lead, Vec<f32>)> = Vec::new();
    let mut column: Vec<f32> = Vec::with_capacity(positions.len());
    for (lead, x) in &traces.leads {
        if both && matches!(lead, Lead::III | Lead::AVR | Lead::AVL | Lead::AVF) {
            continue;
        }
        let mut beat = vec![f32::NAN; pre + post];
        for (k, slot) in beat.iter_mut().enumerate() {
            column.clear();
            for at in positions {
                let i = (*at + k).wrapping_sub(pre);
                if i < x.len() {
                    column.push(x[i]);
                }
            }
            let m = column.len();
            if m > 0 && 2 * m >= positions.len() {
                column.sort_unstable_by(f32::total_cmp);
                *slot =
                    if m % 2 == 1 { column[m / 2] } else { f32::midpoint(column[m / 2 - 1], column[m / 2]) };
            }
        }
        out.push((*lead, crate::dsp::fill_gaps(&beat).0));
    }
    if both {
        derive(&mut out);
    }
    out.sort_by_key(|(lead, _)| *lead);
    out
}

/// I + III = II within a tenth of II's power.
fn obeys_einthoven(traces: &Traces) -> bool {
    let (Some(i), Some(ii), Some(iii)) = (traces.get(Lead::I), traces.get(Lead::II), traces.get(Lead::III))
    else {
        return false;
    };
    let (mut off, mut all) = (0.0_f64, 0.0_f64);
    for ((a, b), c) in i.iter().zip(ii).zip(iii).step_by(3) {
        off += f64::from(a + c - b).powi(2);
        all += f64::from(b.abs() + a.abs()).powi(2);
    }
    off < 0.1 * all
}

fn derive(beats: &mut Vec<(Lead, Vec<f32>)>) {
    let find = |lead: Lead| beats.iter().find(|(l, _)| *l == lead).map(|(_, x)| x.clone());
    let (Some(i), Some(ii)) = (find(Lead::I), find(Lead::II)) else { return };
    for (lead, fi, fii) in
        [(Lead::III, -1.0, 1.0), (Lead::AVR, -0.5, -0.5), (Lead::AVL, 1.0, -0.5), (Lead::AVF, -0.5, 1.0)]
    {
        beats.push((lead, i.iter().zip(&ii).map(|(a, b)| fi * a + fii * b).collect()));
    }
}
