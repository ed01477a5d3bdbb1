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
    let (mut i, mut k) = (0, 0);
    // From knot to knot: what is the same for all samples between two is taken out of the loop over them.
    while i < n {
        let t = i as f64;
        while k + 1 < knots.len() && t >= knots[k + 1].0 {
            k += 1;
        }
        let end = knots.get(k + 1).map_or(n, |next| n.min(next.0.ceil() as usize));
        if t <= knots[0].0 || k + 1 >= knots.len() {
            let (level, end) = if t <= knots[0].0 {
                (knots[0].1, end.min(knots[0].0 as usize + 1))
            } else {
                (knots[k].1, end)
            };
            out.extend(x[i..end].iter().map(|v| v - level as f32));
            i = end;
            continue;
        }
        let (t0, y0) = knots[k];
        let (t1, y1) = knots[k + 1];
        let h = (t1 - t0).max(1.0);
        let (slope0, slope1) = (slope(k), slope(k + 1));
        out.extend(x[i..end].iter().zip(i as i32..).map(|(v, i)| {
            let s = ((f64::from(i) - t0) / h).clamp(0.0, 1.0);
            let (s2, s3) = (s * s, s * s * s);
            let level = (2.0 * s3 - 3.0 * s2 + 1.0) * y0
                + (s3 - 2.0 * s2 + s) * h * slope0
                + (-2.0 * s3 + 3.0 * s2) * y1
                + (s3 - s2) * h * slope1;
            v - level as f32
        }));
        i = end;
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
    let mut column: Vec<i32> = Vec::with_capacity(positions.len());
    let mut rows = Vec::with_capacity(positions.len());
    let first = positions.iter().copied().min().unwrap_or(0);
    let last = positions.iter().copied().max().unwrap_or(0);
    for (lead, x) in &traces.leads {
        if both && matches!(lead, Lead::III | Lead::AVR | Lead::AVL | Lead::AVF) {
            continue;
        }
        let mut beat = vec![f32::NAN; pre + post];
        // The samples that every beat has.
        let from = pre.saturating_sub(first).min(pre + post);
        let to = (x.len() + pre).saturating_sub(last).clamp(from, pre + post);
        let mut k = 0;
        while k < pre + post {
            if positions.len() <= FEW && k >= from && k + LANES <= to {
                rows.clear();
                rows.extend(positions.iter().filter_map(|at| x[at + k - pre..].first_chunk().map(keys)));
                if let Some(middle) = middle_of(&mut rows) {
                    beat[k..k + LANES].copy_from_slice(&middle);
                }
                k += LANES;
                continue;
            }
            column.clear();
            column.extend(
                positions
                    .iter()
                    .filter_map(|at| x.get((at + k).wrapping_sub(pre)))
                    .map(|v| ordered(v.to_bits())),
            );
            let m = column.len();
            if m > 0 && 2 * m >= positions.len() {
                let (low, upper, _) = column.select_nth_unstable(m / 2);
                let upper = value(*upper);
                beat[k] = match low.iter().max() {
                    Some(lower) if m.is_multiple_of(2) => f32::midpoint(value(*lower), upper),
                    _ => upper,
                };
            }
            k += 1;
        }
        out.push((*lead, crate::dsp::fill_gaps(&beat).0));
    }
    if both {
        derive(&mut out);
    }
    out.sort_by_key(|(lead, _)| *lead);
    out
}

/// Samples whose medians are found side by side.
const LANES: usize = 8;
/// Up to so many beats sorting side by side, in a number of steps that grows with the square, is the faster way.
const FEW: usize = 32;

/// The bits of a float as an integer of the same order, that of [`f32::total_cmp`]; and back.
fn ordered(bits: u32) -> i32 {
    let bits = bits.cast_signed();
    bits ^ (((bits >> 31).cast_unsigned()) >> 1).cast_signed()
}

fn value(key: i32) -> f32 {
    f32::from_bits(ordered(key.cast_unsigned()).cast_unsigned())
}

fn keys(x: &[f32; LANES]) -> [i32; LANES] {
    x.map(|v| ordered(v.to_bits()))
}

/// The median of each column; `None` without rows. Bubble sort down to the middle: it has no branches that depend on
/// the values, so that all columns go through it together.
fn middle_of(rows: &mut [[i32; LANES]]) -> Option<[f32; LANES]> {
    let m = rows.len();
    let lower = m.checked_sub(1)? / 2;
    for end in (lower..m).rev() {
        let mut greatest = rows[0];
        for j in 1..=end {
            let row = rows[j];
            for lane in 0..LANES {
                rows[j - 1][lane] = greatest[lane].min(row[lane]);
                greatest[lane] = greatest[lane].max(row[lane]);
            }
        }
        rows[end] = greatest;
    }
    let (lower, upper) = (rows[lower].map(value), rows[m / 2].map(value));
    Some(if m % 2 == 1 { upper } else { std::array::from_fn(|lane| f32::midpoint(lower[lane], upper[lane])) })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middle_of_columns_is_that_of_the_sorted_column() {
        for m in 1..=12 {
            let rows: Vec<[f32; LANES]> = (0..m)
                .map(|j| {
                    std::array::from_fn(|lane| ((7 * j * j + 5 * lane * lane + j * lane) % 13) as f32 - 6.0)
                })
                .collect();
            let mut sorted: Vec<[i32; LANES]> = rows.iter().map(keys).collect();
            let found = middle_of(&mut sorted).unwrap();
            for lane in 0..LANES {
                let mut column: Vec<f64> = rows.iter().map(|row| f64::from(row[lane])).collect();
                assert_eq!(Some(f64::from(found[lane])), median(&mut column), "{m} rows");
            }
        }
        assert_eq!(middle_of(&mut []), None);
    }

    #[test]
    fn keys_keep_the_order() {
        let sorted = [f32::NEG_INFINITY, -2.5, -1e-40, -0.0, 0.0, 1e-40, 3.0, f32::INFINITY, f32::NAN];
        assert!(sorted.windows(2).all(|w| ordered(w[0].to_bits()) < ordered(w[1].to_bits())));
        assert!(sorted.iter().all(|v| value(ordered(v.to_bits())).to_bits() == v.to_bits()));
    }

    /// The curve through the knots, sample by sample.
    #[test]
    fn baseline_passes_through_its_knots() {
        let x: Vec<f32> = (0..1000).map(|i| (i as f32 / 50.0).sin() * 100.0).collect();
        let out = remove_baseline(&x, &[100, 300, 520, 800], 20, 10);
        assert_eq!(out.len(), x.len());
        for knot in [85, 285, 505, 785] {
            assert!(out[knot].abs() < 1.5, "{knot}: {}", out[knot]);
        }
        // Before the first and after the last knot: a level.
        assert!((out[0] - out[50] - (x[0] - x[50])).abs() < 1e-3);
        assert!((out[999] - out[900] - (x[999] - x[900])).abs() < 1e-3);
    }
}
