//! The state that turns a stream of cut beats into features: families of alike beats that learn from the record
//! itself, and the intervals around each beat.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use std::collections::VecDeque;

use super::intervals::Intervals;
use super::shape::{Cut, Moved, P, QRS, Shape, Size, T, joint, likeness, moved_qrs, size};
use crate::dsp::median;

/// Beats that follow before a beat is judged.
pub const AHEAD: usize = 8;
/// Beats that are collected before the first is judged, so that the families are known.
pub const LEARN: usize = 40;
/// Intervals kept.
const HISTORY: usize = 240;
const FAMILIES: usize = 24;
const ALIKE: f32 = 0.92;
/// Forgetting per beat: half is forgotten in about 350 beats.
const DECAY: f32 = 0.998;
/// Number of features.
pub const FEATURES: usize = 64;
/// Where the likeness of the P wave stands among them.
pub const P_LIKENESS: usize = 33;
/// The same over the last beats, and how restless the intervals are.
pub const P_BEFORE: usize = 15;
pub const RESTLESS: usize = 60;

/// Beats of one shape.
#[derive(Debug, Clone)]
struct Family {
    mean: Vec<Cut>,
    /// Members, decayed.
    count: f32,
    /// Members that were not early, decayed.
    on_time: f32,
    /// Mean of RR before and after over the local median.
    before: f32,
    after: f32,
    p_like: f32,
    id: u32,
}

#[derive(Debug, Clone)]
struct Pending {
    at: usize,
    shape: Shape,
    family: u32,
}

/// See the module.
#[derive(Debug, Clone)]
pub struct Engine {
    fs: f64,
    families: Vec<Family>,
    next_id: u32,
    /// Beats not judged yet and the two last judged before them.
    queue: VecDeque<Pending>,
    /// Index in the queue of the next beat to judge.
    next: usize,
    learnt: bool,
    seen: usize,
    /// RR intervals before the beats, s: up to the newest.
    rr: Intervals,
    /// P likeness of the last judged beats with the dominant family.
    p_recent: VecDeque<f32>,
    last_joint: f32,
    last_width: f32,
    /// Interval of the rhythm that a run of fast beats broke into, s, and the beats of the run so far.
    basic: f32,
    run: f32,
}

fn ratio(a: f32, b: f32) -> f32 {
    if b > 1e-6 { (a / b).clamp(0.0, 8.0) } else { 1.0 }
}

fn log_ratio(a: f32, b: f32) -> f32 {
    if a > 1e-6 && b > 1e-6 { (a / b).ln().clamp(-4.0, 4.0) } else { 0.0 }
}

impl Engine {
    pub fn new(fs: f64) -> Self {
        Self {
            fs,
            families: Vec::new(),
            next_id: 0,
            queue: VecDeque::new(),
            next: 0,
            learnt: false,
            seen: 0,
            rr: Intervals::default(),
            p_recent: VecDeque::new(),
            last_joint: 1.0,
            last_width: 1.0,
            basic: 0.0,
            run: 0.0,
        }
    }

    /// Takes the next beat; returns position and features of those that can now be judged.
    pub fn push(&mut self, at: usize, shape: Shape) -> Vec<(usize, [f32; FEATURES])> {
        if let Some(last) = self.queue.back() {
            let rr = (at.saturating_sub(last.at) as f64 / self.fs) as f32;
            self.rr.push(rr.min(4.0));
        }
        self.seen += 1;
        let family = self.join(&shape);
        self.queue.push_back(Pending { at, shape, family });
        let mut out = Vec::new();
        if !self.learnt {
            if self.seen < LEARN {
                return out;
            }
            self.learnt = true;
        }
        while self.queue.len() > self.next + AHEAD {
            out.push(self.judge());
        }
        out
    }

    /// Judges what is left.
    pub fn finish(&mut self) -> Vec<(usize, [f32; FEATURES])> {
        let mut out = Vec::new();
        while self.next < self.queue.len() {
            out.push(self.judge());
        }
        out
    }

    /// Median of the last intervals up to and without index `end`, s.
    fn local(&self, end: usize, count: usize) -> f32 {
        let from = end.saturating_sub(count);
        let mut values: Vec<f64> = self.rr.in_time().range(from..end).map(|v| f64::from(*v)).collect();
        median(&mut values).map_or(0.8, |v| v as f32)
    }

    /// Puts a beat into its family, which learns from it.
    fn join(&mut self, shape: &Shape) -> u32 {
        let n = self.rr.in_time().len();
        let newest = self.rr.in_time().back().copied().unwrap_or(0.8);
        let before = if n > 2 { ratio(newest, self.local(n, 11)) } else { 1.0 };
        if n > 3
            && let Some(id) = self.queue.back().map(|b| b.family)
        {
            let local = self.local(n - 1, 11);
            let after = ratio(newest, local);
            if let Some(f) = self.families.iter_mut().find(|f| f.id == id) {
                f.after += (after - f.after) * (1.0 / f.count.max(1.0)).max(0.05);
            }
        }
        for f in &mut self.families {
            f.count *= DECAY;
            f.on_time *= DECAY;
        }
        let mut best: Option<(usize, i32, f32)> = None;
        let moved = moved_qrs(&shape.leads);
        for (k, f) in self.families.iter().enumerate() {
            let over = moved.over(&f.mean);
            let (shift, r) = over.best();
            let l = over.at(shift);
            let amplitude = ratio(l.aa.sqrt(), l.bb.sqrt());
            if r >= ALIKE && (0.55..1.8).contains(&amplitude) && best.is_none_or(|b| r > b.2) {
                best = Some((k, shift, r));
                if r > 0.97 {
                    break;
                }
            }
        }
        if let Some((k, shift, _)) = best {
            let f = &mut self.families[k];
            f.count += 1.0;
            f.on_time += f32::from(u8::from(before > 0.87));
            let alpha = (1.0 / f.count).max(0.04);
            f.before += (before - f.before) * alpha;
            for (mean, x) in f.mean.iter_mut().zip(&shape.leads) {
                for (i, m) in mean.iter_mut().enumerate() {
                    let j = (i as i32 + shift).clamp(0, x.len() as i32 - 1) as usize;
                    *m += (x[j] - *m) * alpha;
                }
            }
            let id = f.id;
            // Big families are tried first.
            if k > 0 && self.families[k].count > self.families[k - 1].count {
                self.families.swap(k, k - 1);
            }
            return id;
        }
        if self.families.len() >= FAMILIES
            && let Some(k) = (0..self.families.len())
                .min_by(|a, b| self.families[*a].count.total_cmp(&self.families[*b].count))
        {
            self.families.remove(k);
        }
        let id = self.next_id;
        self.next_id += 1;
        self.families.push(Family {
            mean: shape.leads.clone(),
            count: 1.0,
            on_time: f32::from(u8::from(before > 0.87)),
            before,
            after: 1.0,
            p_like: 0.0,
            id,
        });
        id
    }

    fn dominant(&self) -> usize {
        let score = |f: &Family| f.on_time + 0.1 * f.count;
        (0..self.families.len())
            .max_by(|a, b| score(&self.families[*a]).total_cmp(&score(&self.families[*b])))
            .unwrap_or(0)
    }

    #[allow(clippy::too_many_lines, reason = "one line for each feature, in the order of the weights")]
    fn judge(&mut self) -> (usize, [f32; FEATURES]) {
        let index = self.next;
        let dominant = self.families[self.dominant()].clone();
        let total: f32 = self.families.iter().map(|f| f.count).sum();
        let beat = self.queue[index].clone();
        let family = self.families.iter().find(|f| f.id == beat.family).cloned().unwrap_or_else(|| Family {
            mean: beat.shape.leads.clone(),
            count: 1.0,
            id: beat.family,
            ..dominant.clone()
        });

        // rr[end] is the interval before the beat that follows this one.
        let rr = self.rr.in_time();
        let end = rr.len() + 1 - (self.queue.len() - index);
        let at = |k: i64| -> f32 {
            let i = end as i64 + k;
            if i < 0 { rr.front() } else { rr.get(i as usize).or(rr.back()) }.copied().unwrap_or(0.8)
        };
        let (rr0, rr1, rrp, rr2, rrpp) = (at(-1), at(0), at(-2), at(1), at(-3));
        // The first beats look forward for their local rhythm.
        let (m10, m60) = if end < 11 {
            let stop = rr.len().min(20);
            (self.local(stop, 20), self.local(stop, 20))
        } else {
            (self.local(end - 1, 10), self.local(end - 1, 60))
        };
        let q80 = self.rr.quantile(0.8).unwrap_or(0.8);
        let m240 = self.rr.median().unwrap_or(0.8) as f32;
        // The middle of the differences is large in fibrillation alone, not with single early beats.
        let mut steps: Vec<f64> = (-40..8).map(|k| f64::from((at(k) - at(k - 1)).abs())).collect();
        let restless = median(&mut steps).unwrap_or(0.0) as f32;
        if self.basic <= 0.0 {
            self.basic = m60;
        }
        let against_basic = ratio(rr0, self.basic);
        if against_basic < 0.88 {
            self.run += 1.0;
            self.basic += 0.005 * (rr0 - self.basic);
        } else {
            self.run = 0.0;
            // The pause after an early beat says little about the rhythm.
            let gain = if against_basic < 1.15 { 0.12 } else { 0.04 };
            self.basic += gain * (rr0 - self.basic);
        }
        let mut tail = [0, 1, 2, 3, 4].map(|k| f64::from(at(k)));
        let after = median(&mut tail).unwrap_or(0.8) as f32;
        let around: Vec<f32> = (-12..7).filter(|k| !(-2..=1).contains(k)).map(at).collect();
        let irregular = around.windows(2).map(|w| (w[1] - w[0]).abs()).sum::<f32>() / around.len() as f32;
        let early = self.rr.below(0.87 * m60) as f32 / rr.len().max(1) as f32;
        let near = median(&mut [at(-4), rrpp, rrp, rr2, at(2), at(3)].map(f64::from)).unwrap_or(0.8) as f32;

        let moved = moved_qrs(&beat.shape.leads);
        let over = moved.over(&dominant.mean);
        let (shift, r) = over.best();
        let per = |range: (usize, usize), s: i32| -> Vec<f32> {
            beat.shape.leads.iter().zip(&dominant.mean).map(|(x, y)| likeness(x, y, range, s).r()).collect()
        };
        let qrs = per(QRS, shift);
        let least = |v: &[f32]| v.iter().copied().fold(f32::INFINITY, f32::min);
        let most = |v: &[f32]| v.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sizes: Vec<Size> = beat.shape.leads.iter().map(|x| size(x, 0)).collect();
        let usual: Vec<Size> = dominant.mean.iter().map(|x| size(x, 0)).collect();
        let amplitude: Vec<f32> =
            sizes.iter().zip(&usual).map(|(a, b)| log_ratio(a.peak_to_peak, b.peak_to_peak)).collect();
        let mean = |s: &[Size], f: fn(&Size) -> f32| -> f32 {
            // Each lead weighs by the size of its usual QRS.
            let w: f32 = usual.iter().map(|u| u.peak_to_peak).sum();
            s.iter().zip(&usual).map(|(x, u)| f(x) * u.peak_to_peak).sum::<f32>() / w.max(1e-3)
        };
        let width = mean(&sizes, |s| s.width_ms);
        let width0 = mean(&usual, |s| s.width_ms);
        let fat = mean(&sizes, |s| s.area_width_ms);
        let fat0 = mean(&usual, |s| s.area_width_ms);
        let q = over.at(shift);
        let residual = ((q.aa + q.bb - 2.0 * q.ab).max(0.0) / q.bb.max(1e-3)).sqrt().min(8.0);
        let t = joint(&beat.shape.leads, &dominant.mean, T, shift);
        let p_leads = per(P, shift);
        // The usual P wave, looked for at other distances from the QRS.
        let p_over = Moved::new(&beat.shape.leads, P, (shift - 5).max(-9)).over(&dominant.mean);
        let p = p_over.at(shift);
        let (mut p_best, mut p_lag) = (p.r(), 0);
        for s in [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5] {
            let r = p_over.at((shift + s).clamp(-9, 9)).r();
            if r > p_best {
                (p_best, p_lag) = (r, s);
            }
        }
        let own = moved.over(&family.mean).best().1;
        let apart = moved_qrs(&family.mean).over(&dominant.mean).best().1;
        let p_before = self.p_recent.iter().sum::<f32>() / self.p_recent.len().max(1) as f32;
        let (mut next_r, mut next_width) = (1.0, 1.0);
        if let Some(b) = self.queue.get(index + 1) {
            next_r = moved_qrs(&b.shape.leads).over(&dominant.mean).best().1;
            let s: Vec<Size> = b.shape.leads.iter().map(|x| size(x, 0)).collect();
            next_width = ratio(mean(&s, |s| s.area_width_ms), fat0);
        }
        let rough: f32 = beat
            .shape
            .leads
            .iter()
            .zip(&usual)
            .map(|(x, u)| {
                let sum: f32 = (P.0..P.1).map(|i| (x[i + 1] - 2.0 * x[i] + x[i - 1]).abs()).sum();
                sum / u.peak_to_peak
            })
            .fold(f32::INFINITY, f32::min);
        let fp = family.p_like;
        let features = [
            rr0,
            rr1,
            ratio(rr0, m10),
            ratio(rr1, m10),
            ratio(rr0, rr1),
            ratio(rrp, m10),
            ratio(rr2, m10),
            ratio(rr0 + rr1, 2.0 * m10),
            ratio(rr0, m60),
            ratio(rr0, q80),
            ratio(m10, m60),
            ratio(irregular, m10),
            early,
            ratio(rr0, rrp.min(rrpp)),
            m10,
            p_before,
            r,
            least(&qrs),
            most(&qrs),
            shift.abs() as f32,
            log_ratio(q.aa.sqrt(), q.bb.sqrt()),
            least(&amplitude),
            most(&amplitude),
            residual,
            width,
            most(&sizes.iter().map(|s| s.width_ms).collect::<Vec<_>>()),
            ratio(width, width0),
            fat,
            ratio(fat, fat0),
            log_ratio(mean(&sizes, |s| s.slope), mean(&usual, |s| s.slope)),
            most(&sizes.iter().map(|s| s.area_width_ms).collect::<Vec<_>>()),
            t.r(),
            log_ratio(t.aa.sqrt(), t.bb.sqrt()),
            p.r(),
            most(&p_leads),
            log_ratio(p.aa.sqrt(), p.bb.sqrt()),
            (p.bb.sqrt() / q.bb.sqrt().max(1e-3)).min(4.0),
            family.count / total.max(1e-3),
            f32::from(u8::from(family.id == dominant.id)),
            family.before,
            family.after,
            own,
            apart,
            family.count.max(1e-3).ln(),
            self.last_joint,
            next_r,
            self.last_width,
            next_width,
            width0,
            fat0,
            ratio(rr0, near),
            ratio(rr1, near),
            p_best,
            p_lag as f32,
            rough.min(8.0),
            ratio(rr0, m60.max(m10)),
            fp,
            ratio(near, m60),
            against_basic,
            self.run.min(60.0),
            ratio(restless, m60),
            ratio(rr0, m240),
            ratio(near, m240),
            ratio(after, self.basic),
        ];
        let p_here = p.r();
        self.last_joint = r;
        self.last_width = ratio(fat, fat0);
        if let Some(f) = self.families.iter_mut().find(|f| f.id == beat.family) {
            f.p_like += (p_here - f.p_like) * (1.0 / f.count.max(1.0)).max(0.04);
        }
        self.p_recent.push_back(p_here);
        if self.p_recent.len() > 12 {
            self.p_recent.pop_front();
        }
        self.next += 1;
        while self.next > 2 {
            self.queue.pop_front();
            self.next -= 1;
        }
        while self.learnt && self.rr.in_time().len() > HISTORY + AHEAD {
            self.rr.forget();
        }
        (beat.at, features)
    }
}
