//! One beat cut out of the signal: every lead at 125 Hz around the R peak, and the widths of its QRS complex.
//!
//! The cut looks at nothing but the samples around the beat, so that the batch and the streaming form see the
//! same numbers.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use std::borrow::Cow;

/// Rate of the cut, Hz.
pub const RATE_HZ: f64 = 125.0;
/// Samples before and after the R peak.
pub const BEFORE: usize = 45;
pub const AFTER: usize = 55;
pub const LEN: usize = BEFORE + AFTER + 1;
/// QRS, P and T stretches of the cut.
pub const QRS: (usize, usize) = (BEFORE - 12, BEFORE + 20);
/// Of the QRS, how it begins and how it ends: aberrant conduction begins as the usual beat does.
pub const INITIAL: (usize, usize) = (BEFORE - 10, BEFORE + 1);
pub const TERMINAL: (usize, usize) = (BEFORE - 1, BEFORE + 16);
pub const P: (usize, usize) = (BEFORE - 34, BEFORE - 9);
pub const T: (usize, usize) = (BEFORE + 20, BEFORE + 49);
/// Furthest shift when two beats are laid over each other.
pub const SHIFT: i32 = 6;
/// Signal that must follow the R peak before a beat can be cut, seconds.
pub const TAIL_S: f64 = AFTER as f64 / RATE_HZ + 0.02;

pub type Cut = [f32; LEN];

/// A beat, all leads.
#[derive(Debug, Clone)]
pub struct Shape {
    pub leads: Vec<Cut>,
    /// Leads without any signal, not all: they say nothing about the beat.
    flat: Vec<bool>,
}

impl Shape {
    fn new(leads: Vec<Cut>) -> Self {
        let still = |x: &Cut| {
            let (low, high) =
                x.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
            // What rounding leaves of a constant.
            high - low <= 1e-4 * low.abs().max(high.abs())
        };
        let mut flat: Vec<bool> = leads.iter().map(still).collect();
        if flat.iter().all(|f| *f) {
            flat.fill(false);
        }
        Self { leads, flat }
    }

    pub fn is_flat(&self, lead: usize) -> bool {
        self.flat[lead]
    }

    /// Of one entry for each lead those of the leads with signal.
    pub fn present<'a>(&self, leads: &'a [Cut]) -> Cow<'a, [Cut]> {
        if self.flat.contains(&true) {
            leads.iter().zip(&self.flat).filter(|(_, flat)| !**flat).map(|(x, _)| *x).collect()
        } else {
            Cow::Borrowed(leads)
        }
    }
}

/// Sizes of one QRS complex in one lead.
#[derive(Debug, Clone, Copy, Default)]
pub struct Size {
    pub peak_to_peak: f32,
    /// Between the first and the last steep sample, ms.
    pub width_ms: f32,
    /// Area over height, ms.
    pub area_width_ms: f32,
}

/// Cuts beats out of a signal of one sample rate (taken as 50 to 10,000 Hz).
#[derive(Debug, Clone)]
pub struct Cutter {
    /// For each sample of the cut: the first input sample, from the R peak, and the number of weights from there on.
    taps: Vec<(i64, usize)>,
    /// One after the other.
    weights: Vec<f32>,
}

impl Cutter {
    pub fn new(fs: f64) -> Self {
        let fs = if fs.is_nan() { RATE_HZ } else { fs.clamp(50.0, 10_000.0) };
        let reach = (fs / RATE_HZ).max(1.0);
        let mut weights = Vec::new();
        let taps = (0..LEN)
            .map(|k| {
                let centre = (k as f64 - BEFORE as f64) * fs / RATE_HZ;
                let (from, to) = ((centre - reach).ceil() as i64, (centre + reach).floor() as i64);
                let weight = |i: i64| 1.0 - (i as f64 - centre).abs() / reach;
                let sum: f64 = (from..=to).map(weight).sum();
                let before = weights.len();
                weights.extend((from..=to).map(|i| (weight(i) / sum) as f32));
                (from, weights.len() - before)
            })
            .collect();
        Self { taps, weights }
    }

    /// Cuts a beat; `at` counts from the start of `leads`. Samples outside take the value at the edge; a stretch
    /// without any valid sample repeats the last value before it.
    pub fn cut(&self, leads: &[&[f32]], at: usize) -> Shape {
        Shape::new(leads.iter().map(|x| self.lead(x, at as i64)).collect())
    }

    fn lead(&self, x: &[f32], at: i64) -> Cut {
        let mut out = [0.0_f32; LEN];
        let mut last = 0.0_f32;
        let mut rest = self.weights.as_slice();
        for (slot, (first, count)) in out.iter_mut().zip(&self.taps) {
            let weights;
            (weights, rest) = rest.split_at(*count);
            let from = at + first;
            let inside = usize::try_from(from).ok().and_then(|from| x.get(from..from + weights.len()));
            let mut value = inside.map_or(f32::NAN, |x| x.iter().zip(weights).map(|(v, w)| v * w).sum());
            if !value.is_finite() {
                let (mut sum, mut weight) = (0.0_f32, 0.0_f32);
                for (i, w) in (from..).zip(weights) {
                    let clamped = i.clamp(0, (x.len() as i64 - 1).max(0)) as usize;
                    let Some(v) = x.get(clamped).filter(|v| v.is_finite()) else { continue };
                    sum += w * v;
                    weight += w;
                }
                value = if weight > 1e-6 { sum / weight } else { last };
            }
            last = value;
            *slot = value;
        }
        out
    }
}

/// Sizes of the QRS complex of one lead, after moving it by `shift`.
pub fn size(x: &Cut, shift: i32) -> Size {
    let (from, to) = ((QRS.0 as i32 + shift) as usize, (QRS.1 as i32 + shift) as usize);
    let base = (x[from] + x[from + 1] + x[from + 2]) / 3.0;
    let (mut low, mut high, mut area, mut top) = (f32::INFINITY, f32::NEG_INFINITY, 0.0, 0.0_f32);
    let mut slope = 0.0_f32;
    for i in from..to {
        low = low.min(x[i]);
        high = high.max(x[i]);
        area += (x[i] - base).abs();
        top = top.max((x[i] - base).abs());
        slope = slope.max((x[i + 1] - x[i - 1]).abs());
    }
    let steep = |i: &usize| (x[*i + 1] - x[*i - 1]).abs() >= 0.2 * slope;
    let first = (from..to).find(steep).unwrap_or(from);
    let last = (from..to).rev().find(steep).unwrap_or(to);
    let step = (1000.0 / RATE_HZ) as f32;
    Size {
        peak_to_peak: (high - low).max(1e-3),
        width_ms: (last.saturating_sub(first)) as f32 * step,
        area_width_ms: area / top.max(1e-3) * step,
    }
}

/// Where the QRS complex and the T wave of one lead go.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// Mean of the QRS over the level before it, and of the T wave over the level around it.
    pub qrs: f32,
    pub t: f32,
    /// From the first steep sample to the steepest, ms.
    pub start_ms: f32,
}

/// The course of one lead, after moving it by `shift`.
pub fn course(x: &Cut, shift: i32) -> Course {
    let (from, to) = ((QRS.0 as i32 + shift) as usize, (QRS.1 as i32 + shift) as usize);
    let base = (x[from] + x[from + 1] + x[from + 2]) / 3.0;
    let slope = |i: usize| (x[i + 1] - x[i - 1]).abs();
    let steepest = (from..to).map(slope).fold(0.0, f32::max);
    let reaches = |part: f32| (from..to).find(|i| slope(*i) >= part * steepest).unwrap_or(from);
    let mean = |from: usize, to: usize, level: f32| {
        x[from..to].iter().map(|v| v - level).sum::<f32>() / (to - from) as f32
    };
    Course {
        qrs: mean(from, to, base),
        t: mean(to, (to + T.1 - T.0).min(LEN), f32::midpoint(base, x[LEN - 1])),
        start_ms: (reaches(0.9) - reaches(0.2)) as f32 * (1000.0 / RATE_HZ) as f32,
    }
}

/// Sums for a correlation of `a`, moved by `shift`, with `b` over a stretch.
#[derive(Debug, Clone, Copy, Default)]
pub struct Likeness {
    pub ab: f32,
    pub aa: f32,
    pub bb: f32,
}

impl Likeness {
    pub fn r(self) -> f32 {
        let size = (self.aa * self.bb).sqrt();
        if size > 1e-6 { (self.ab / size).clamp(-1.0, 1.0) } else { 0.0 }
    }
    pub fn add(self, o: Self) -> Self {
        Self { ab: self.ab + o.ab, aa: self.aa + o.aa, bb: self.bb + o.bb }
    }
}

/// Covariance sums over `range`, the mean of each taken away.
pub fn likeness(a: &Cut, b: &Cut, range: (usize, usize), shift: i32) -> Likeness {
    let (from, to) = range;
    let moved = (from as i32 + shift) as usize;
    let x = &a[moved..moved + (to - from)];
    let y = &b[from..to];
    let n = (to - from) as f32;
    let (mut sx, mut sy) = (0.0_f32, 0.0_f32);
    for (p, q) in x.iter().zip(y) {
        sx += p;
        sy += q;
    }
    let (mx, my) = (sx / n, sy / n);
    let mut out = Likeness::default();
    for (p, q) in x.iter().zip(y) {
        let (u, v) = (p - mx, q - my);
        out.ab += u * v;
        out.aa += u * u;
        out.bb += v * v;
    }
    out
}

/// Sums over all leads.
pub fn joint(a: &[Cut], b: &[Cut], range: (usize, usize), shift: i32) -> Likeness {
    a.iter().zip(b).fold(Likeness::default(), |sum, (x, y)| sum.add(likeness(x, y, range, shift)))
}

/// Shifts that are looked at together.
const LANES: usize = 16;
/// The longest stretch.
const LONGEST: usize = QRS.1 - QRS.0;

/// A stretch of a beat at [`LANES`] shifts side by side, for laying it over other beats at each of them. The sums are those of
/// [`joint`], term by term; side by side the compiler makes vector instructions of them, and what depends on
/// this beat alone is computed once.
pub struct Moved {
    range: (usize, usize),
    first: i32,
    leads: Vec<MovedLead>,
}

/// One row for each sample of the stretch, one column for each shift, the mean of the column taken away.
struct MovedLead {
    rows: [[f32; LANES]; LONGEST],
    aa: [f32; LANES],
}

impl Moved {
    /// `first`: the least shift.
    pub fn new(a: &[Cut], range: (usize, usize), first: i32) -> Self {
        let start = (range.0 as i32 + first) as usize;
        let length = range.1 - range.0;
        let lead = |x: &Cut| {
            let windows = || (start..start + length).filter_map(|i| x.get(i..)?.first_chunk::<LANES>());
            let mut means = [0.0_f32; LANES];
            for window in windows() {
                for (mean, v) in means.iter_mut().zip(window) {
                    *mean += v;
                }
            }
            for mean in &mut means {
                *mean /= length as f32;
            }
            let (mut rows, mut aa) = ([[0.0; LANES]; LONGEST], [0.0_f32; LANES]);
            for (row, window) in rows.iter_mut().zip(windows()) {
                let u: [f32; LANES] = std::array::from_fn(|lane| window[lane] - means[lane]);
                for (sum, u) in aa.iter_mut().zip(u) {
                    *sum += u * u;
                }
                *row = u;
            }
            MovedLead { rows, aa }
        };
        Self { range, first, leads: a.iter().map(lead).collect() }
    }

    /// The stretch at every shift against the same stretch of another beat.
    pub fn over(&self, b: &[Cut]) -> Shifts {
        let mut out = Shifts { first: self.first, ab: [0.0; LANES], aa: [0.0; LANES], bb: 0.0 };
        for (lead, y) in self.leads.iter().zip(b) {
            let y = &y[self.range.0..self.range.1];
            let mean = y.iter().fold(0.0_f32, |sum, q| sum + q) / y.len() as f32;
            let (mut ab, mut bb) = ([0.0_f32; LANES], 0.0_f32);
            for (row, q) in lead.rows.iter().zip(y) {
                let v = q - mean;
                for (sum, u) in ab.iter_mut().zip(row) {
                    *sum += u * v;
                }
                bb += v * v;
            }
            for (sum, v) in out.ab.iter_mut().zip(ab).chain(out.aa.iter_mut().zip(lead.aa)) {
                *sum += v;
            }
            out.bb += bb;
        }
        out
    }
}

/// The likeness of two beats at [`LANES`] shifts.
pub struct Shifts {
    first: i32,
    ab: [f32; LANES],
    aa: [f32; LANES],
    bb: f32,
}

impl Shifts {
    /// Equal to [`joint`] at that shift.
    pub fn at(&self, shift: i32) -> Likeness {
        let lane = (shift - self.first) as usize;
        Likeness { ab: self.ab[lane], aa: self.aa[lane], bb: self.bb }
    }

    /// The shift of the best correlation, and that: from coarse to fine.
    pub fn best(&self) -> (i32, f32) {
        let mut best = (0, f32::NEG_INFINITY);
        let consider = |s: i32, best: &mut (i32, f32)| {
            let r = self.at(s).r();
            if r > best.1 {
                *best = (s, r);
            }
        };
        for s in [0, -3, 3, -SHIFT, SHIFT] {
            consider(s, &mut best);
        }
        let coarse = best.0;
        for s in [coarse - 2, coarse - 1, coarse + 1, coarse + 2] {
            if s.abs() <= SHIFT {
                consider(s, &mut best);
            }
        }
        best
    }
}

/// The QRS of a beat at every shift from -[`SHIFT`] to [`SHIFT`].
pub fn moved_qrs(a: &[Cut]) -> Moved {
    Moved::new(a, QRS, -SHIFT)
}

/// Adds a beat that was found to lie `shift` samples late.
pub fn add_moved(sum: &mut Cut, x: &Cut, shift: i32) {
    for (i, s) in sum.iter_mut().enumerate() {
        *s += x[(i as i32 + shift).clamp(0, LEN as i32 - 1) as usize];
    }
}

/// Level 60 ms after the end of the QRS complex against the level before its onset, of a mean beat.
pub fn st_j60(x: &Cut) -> f32 {
    let mut slope = 0.0_f32;
    for i in QRS.0..QRS.1 {
        slope = slope.max((x[i + 1] - x[i - 1]).abs());
    }
    // Outward from the R peak: the QRS complex ends where nothing is steep for 24 ms, or a steep T wave would belong to it.
    let steep = |i: usize| (x[i + 1] - x[i - 1]).abs() >= 0.15 * slope;
    let mut j = BEFORE;
    while j < QRS.1 && (j + 1..=j + 3).any(steep) {
        j += 1;
    }
    let mut on = BEFORE;
    while on > QRS.0 && (on - 3..on).any(steep) {
        on -= 1;
    }
    let (on, j) = (on - 2, j + 2);
    // 60 ms are seven and a half samples.
    f32::midpoint(x[j + 7], x[j + 8]) - f32::midpoint(x[on - 1], x[on])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn side_by_side_equals_one_by_one() {
        let cut = |k: usize| -> Cut { std::array::from_fn(|i| ((i * i + 31 * k) % 97) as f32 - 40.0) };
        let (a, b) = ([cut(1), cut(2), cut(3)], [cut(4), cut(5), cut(6)]);
        for (range, first) in [(QRS, -SHIFT), (P, -9), (P, 1)] {
            let shifts = Moved::new(&a, range, first).over(&b);
            for shift in first..first + LANES as i32 {
                let (one, all) = (joint(&a, &b, range, shift), shifts.at(shift));
                assert_eq!([one.ab, one.aa, one.bb], [all.ab, all.aa, all.bb], "{range:?} {shift}");
            }
        }
        assert_eq!(moved_qrs(&a).over(&a).best(), (0, 1.0));
    }
}
