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
use super::shape::{
    Course, Cut, INITIAL, Moved, P, QRS, Shape, Size, TERMINAL, course, joint, likeness, moved_qrs, size,
};
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
pub const FEATURES: usize = 54;
/// Where the likeness of the P wave stands among them, and the log-odds of fibrillation.
pub const P_LIKENESS: usize = 17;
pub const FIBRILLATION: usize = 51;
/// Log-odds that the rhythm is fibrillation from the middle change of the intervals and the upper quarter of the P
/// likenesses: a logistic regression on the beats of DS1, each record weighing alike. The change is to the nearest of
/// three intervals before, and the upper quarter is that of beats that are not ectopic where every second one is:
/// the middle difference and the mean likeness of before took frequent ectopy for fibrillation.
const BY_CHANGE: f32 = 2.77;
const BY_P: f32 = -8.0;
const OF_ALL: f32 = 13.3;
/// An interval is early below this part of the unhurried rhythm.
const EARLY: f32 = 0.85;
/// P likenesses kept.
const P_KEPT: usize = 16;
/// What the family says of a beat, at most; the members after which it says half of that; forgetting per member;
/// the limit of what one member can say.
const FAMILY_SAYS: f32 = 0.7;
const FAMILY_HALF: f32 = 2.0;
const ODDS_DECAY: f32 = 0.99;
const ODDS_LIMIT: f32 = 4.0;

/// Beats of one shape.
#[derive(Debug, Clone)]
struct Family {
    mean: Vec<Cut>,
    /// Members, decayed.
    count: f32,
    /// Members that were not early, decayed.
    on_time: f32,
    /// Mean of RR before and after over the local median, and the mean distance from it: ectopic beats of one
    /// origin are coupled alike.
    before: f32,
    after: f32,
    before_spread: f32,
    after_spread: f32,
    /// Mean of RR before over the unhurried rhythm.
    before_unhurried: f32,
    p_like: f32,
    /// Sum and weight of the members' log-odds of being ventricular.
    odds: f32,
    judged: f32,
    id: u32,
}

#[derive(Debug, Clone)]
struct Pending {
    at: usize,
    shape: Shape,
    family: u32,
}

/// A beat ready to be judged.
#[derive(Debug, Clone)]
pub struct Described {
    pub at: usize,
    pub family: u32,
    pub features: [f32; FEATURES],
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
    /// The longer of each two neighbours.
    pairs: Intervals,
    /// P likeness of the last judged beats with the dominant family.
    p_recent: VecDeque<f32>,
    /// Mean of those of beats on time.
    p_usual: f32,
    /// Interval of the rhythm that a run of fast beats broke into, s, and the beats of the run so far.
    basic: f32,
    run: f32,
    /// Its first interval over those before: a quicker sinus rhythm comes on slowly.
    onset: f32,
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
            pairs: Intervals::default(),
            p_recent: VecDeque::new(),
            p_usual: 0.8,
            basic: 0.0,
            run: 0.0,
            onset: 1.0,
        }
    }

    /// Takes the next beat; returns those that can now be judged.
    pub fn push(&mut self, at: usize, shape: Shape) -> Vec<Described> {
        if let Some(last) = self.queue.back() {
            let rr = (at.saturating_sub(last.at) as f64 / self.fs) as f32;
            let rr = rr.min(4.0);
            self.pairs.push(rr.max(self.rr.in_time().back().copied().unwrap_or(rr)));
            self.rr.push(rr);
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
    pub fn finish(&mut self) -> Vec<Described> {
        let mut out = Vec::new();
        while self.next < self.queue.len() {
            out.push(self.judge());
        }
        out
    }

    /// The log-odds of a beat being ventricular, evened out over the family: alike beats are of one kind, and a noisy
    /// one does not leave it. Told of each beat once, in order.
    pub fn settle(&mut self, family: u32, odds: f32) -> f32 {
        let Some(f) = self.families.iter_mut().find(|f| f.id == family) else { return odds };
        f.odds = f.odds * ODDS_DECAY + odds.clamp(-ODDS_LIMIT, ODDS_LIMIT);
        f.judged = f.judged * ODDS_DECAY + 1.0;
        let weight = FAMILY_SAYS * f.judged / (f.judged + FAMILY_HALF);
        odds + weight * (f.odds / f.judged - odds)
    }

    /// Median of the last intervals up to and without index `end`, s.
    fn local(&self, end: usize, count: usize) -> f32 {
        let from = end.saturating_sub(count);
        let mut values: Vec<f64> = self.rr.in_time().range(from..end).map(|v| f64::from(*v)).collect();
        median(&mut values).map_or(0.8, |v| v as f32)
    }

    /// Middle of the longer of each two neighbouring intervals: the rhythm as it is where every second beat is early.
    fn unhurried(&self, from: usize, to: usize) -> f32 {
        let rr = self.rr.in_time();
        let mut values: Vec<f64> =
            (from..to.min(rr.len()).saturating_sub(1)).map(|i| f64::from(rr[i].max(rr[i + 1]))).collect();
        median(&mut values).map_or(0.8, |v| v as f32)
    }

    /// Puts a beat into its family, which learns from it.
    fn join(&mut self, shape: &Shape) -> u32 {
        let n = self.rr.in_time().len();
        let newest = self.rr.in_time().back().copied().unwrap_or(0.8);
        let before = if n > 2 { ratio(newest, self.local(n, 11)) } else { 1.0 };
        let unhurried = if n > 2 { ratio(newest, self.unhurried(n.saturating_sub(13), n)) } else { 1.0 };
        let on_time = f32::from(u8::from(unhurried > EARLY));
        if n > 3
            && let Some(id) = self.queue.back().map(|b| b.family)
        {
            let local = self.local(n - 1, 11);
            let after = ratio(newest, local);
            if let Some(f) = self.families.iter_mut().find(|f| f.id == id) {
                let alpha = 1.0 / f.count.max(1.0);
                f.after_spread += ((after - f.after).abs() - f.after_spread) * alpha.clamp(0.05, 0.3);
                f.after += (after - f.after) * alpha.max(0.05);
            }
        }
        for f in &mut self.families {
            f.count *= DECAY;
            f.on_time *= DECAY;
        }
        let mut best: Option<(usize, i32, f32)> = None;
        let moved = moved_qrs(&shape.present(&shape.leads));
        for (k, f) in self.families.iter().enumerate() {
            let over = moved.over(&shape.present(&f.mean));
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
            f.on_time += on_time;
            let alpha = (1.0 / f.count).max(0.04);
            f.before += (before - f.before) * alpha;
            f.before_spread += ((before - f.before).abs() - f.before_spread) * alpha.min(0.3);
            f.before_unhurried += (unhurried - f.before_unhurried) * alpha;
            // The P wave of an early beat is another one.
            let from = if on_time < 0.5 && f.on_time > 3.0 { P.1 } else { 0 };
            for (lead, (mean, x)) in f.mean.iter_mut().zip(&shape.leads).enumerate() {
                if shape.is_flat(lead) {
                    continue;
                }
                for (i, m) in mean.iter_mut().enumerate().skip(from) {
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
            on_time,
            before,
            after: 1.0,
            before_spread: 0.1,
            after_spread: 0.1,
            before_unhurried: unhurried,
            p_like: 0.0,
            odds: 0.0,
            judged: 0.0,
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
    fn judge(&mut self) -> Described {
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

        let seen = beat.shape.present(&beat.shape.leads);
        let usual_mean = beat.shape.present(&dominant.mean);
        let family_mean = beat.shape.present(&family.mean);

        // rr[end] is the interval before the beat that follows this one.
        let rr = self.rr.in_time();
        let end = rr.len() + 1 - (self.queue.len() - index);
        let at = |k: i64| -> f32 {
            let i = end as i64 + k;
            if i < 0 { rr.front() } else { rr.get(i as usize).or(rr.back()) }.copied().unwrap_or(0.8)
        };
        let middle = |v: &mut [f64]| median(v).map_or(0.8, |v| v as f32);
        let (rr0, rr1, rrp, rr2, rrpp) = (at(-1), at(0), at(-2), at(1), at(-3));
        // The first beats look forward for their local rhythm.
        let (m10, m60) = if end < 11 {
            let stop = rr.len().min(20);
            (self.local(stop, 20), self.local(stop, 20))
        } else {
            (self.local(end - 1, 10), self.local(end - 1, 60))
        };
        let unhurried = self.unhurried(end.saturating_sub(13), end + 7);
        let long = self.pairs.median().unwrap_or(0.8) as f32;
        let q80 = self.rr.quantile(0.8).unwrap_or(0.8);
        // The middle of the differences is large in fibrillation, not with single early beats.
        let step = |k: i64, back: i64| f64::from((at(k) - at(k - back)).abs());
        let restless = middle(&mut (-40..8).map(|k| step(k, 1)).collect::<Vec<_>>());
        let nearest = |k: i64| step(k, 1).min(step(k, 2)).min(step(k, 3));
        let change = ratio(middle(&mut (-40..8).map(nearest).collect::<Vec<_>>()), m60);
        let window: Vec<f32> = (-20..7).filter(|k| *k != -1).map(at).collect();
        let share =
            |of: &dyn Fn(f32) -> bool| window.iter().filter(|v| of(**v)).count() as f32 / window.len() as f32;
        let longer = share(&|v| v > 1.12 * rr0);
        let near = middle(&mut [at(-4), rrpp, rrp, rr2, at(2), at(3)].map(f64::from));
        let after = middle(&mut [0, 1, 2, 3, 4].map(|k| f64::from(at(k))));
        let early = self.rr.below(0.87 * m60) as f32 / rr.len().max(1) as f32;
        let before_run = middle(&mut [rrp, rrpp, at(-4), at(-5)].map(f64::from));
        if self.basic <= 0.0 {
            self.basic = m60;
        }
        let against_basic = ratio(rr0, self.basic);
        if against_basic < 0.88 {
            if self.run < 0.5 {
                self.onset = ratio(rr0, before_run);
            }
            self.run += 1.0;
            self.basic += 0.005 * (rr0 - self.basic);
        } else {
            self.run = 0.0;
            self.onset = 1.0;
            // The pause after an early beat says little about the rhythm.
            let gain = if against_basic < 1.15 { 0.12 } else { 0.04 };
            self.basic += gain * (rr0 - self.basic);
        }

        let moved = moved_qrs(&seen);
        let over = moved.over(&usual_mean);
        let (shift, r) = over.best();
        let per = |range: (usize, usize)| {
            let each = seen.iter().zip(usual_mean.iter());
            each.map(|(x, y)| likeness(x, y, range, shift).r()).fold(f32::NEG_INFINITY, f32::max)
        };
        let part = |range: (usize, usize)| joint(&seen, &usual_mean, range, shift).r();
        let sizes: Vec<Size> = seen.iter().map(|x| size(x, 0)).collect();
        let usual: Vec<Size> = usual_mean.iter().map(|x| size(x, 0)).collect();
        let fattest = sizes.iter().map(|s| s.area_width_ms).fold(f32::NEG_INFINITY, f32::max);
        let weight: f32 = usual.iter().map(|u| u.peak_to_peak).sum::<f32>().max(1e-3);
        // Each lead weighs by the size of its usual QRS.
        let weighed = |v: &mut dyn Iterator<Item = f32>| {
            v.zip(&usual).map(|(v, u)| v * u.peak_to_peak).sum::<f32>() / weight
        };
        let width = weighed(&mut sizes.iter().map(|s| s.width_ms));
        let fat = weighed(&mut sizes.iter().map(|s| s.area_width_ms));
        let fat0 = weighed(&mut usual.iter().map(|s| s.area_width_ms));
        let own: Vec<Course> = seen.iter().map(|x| course(x, shift)).collect();
        let start = weighed(&mut own.iter().map(|c| c.start_ms));
        let (mut qt, mut qq, mut tt, mut tt0) = (0.0, 0.0, 0.0, 0.0);
        for (c, y) in own.iter().zip(usual_mean.iter()) {
            qt += c.qrs * c.t;
            qq += c.qrs * c.qrs;
            tt += c.t * c.t;
            tt0 += course(y, 0).t.powi(2);
        }
        let q = over.at(shift);
        let residual = ((q.aa + q.bb - 2.0 * q.ab).max(0.0) / q.bb.max(1e-3)).sqrt().min(8.0);
        // The usual P wave, looked for at other distances from the QRS.
        let p_over = Moved::new(&seen, P, (shift - 5).max(-9)).over(&usual_mean);
        let p = p_over.at(shift);
        let p_here = p.r();
        let p_best =
            (-5..=5).map(|s| p_over.at((shift + s).clamp(-9, 9)).r()).fold(f32::NEG_INFINITY, f32::max);
        let p_before =
            self.p_recent.iter().rev().take(12).sum::<f32>() / self.p_recent.len().clamp(1, 12) as f32;
        let mut kept: Vec<f32> = self.p_recent.iter().copied().collect();
        kept.sort_by(f32::total_cmp);
        let p_top = kept.get(kept.len() * 3 / 4).copied().unwrap_or(0.5);
        let apart = moved_qrs(&family_mean).over(&usual_mean).best().1;
        let features = [
            ratio(rr0, m10),
            ratio(rr1, m10),
            ratio(rr0, rr1),
            ratio(rr0, m60),
            ratio(rr0, q80),
            early,
            ratio(rr0, rrp.min(rrpp)),
            p_before,
            r,
            per(QRS),
            shift.abs() as f32,
            log_ratio(q.aa.sqrt(), q.bb.sqrt()),
            residual,
            width,
            fat,
            ratio(fat, fat0),
            fattest,
            p_here,
            per(P),
            log_ratio(p.aa.sqrt(), p.bb.sqrt()),
            family.count / total.max(1e-3),
            family.before,
            family.after,
            apart,
            ratio(rr0, near),
            p_best,
            ratio(rr0, m60.max(m10)),
            family.p_like,
            against_basic,
            self.run.min(60.0),
            ratio(restless, m60),
            ratio(rr0, long),
            ratio(near, long),
            ratio(after, self.basic),
            self.onset,
            p_here - self.p_usual,
            part(INITIAL),
            part(TERMINAL),
            qt / (qq * tt).sqrt().max(1e-6),
            log_ratio(f32::sqrt(tt), f32::sqrt(tt0)),
            start,
            family.on_time / family.count.max(1e-3),
            change,
            p_top,
            ratio(rr0, unhurried),
            longer,
            ratio(rr0, rrp.max(rrpp)),
            ratio(rr0, rr1.max(rr2)),
            p_here - p_top,
            family.before_unhurried,
            ratio(rr1, unhurried),
            BY_CHANGE * change.clamp(0.002, 1.0).ln() + BY_P * p_top + OF_ALL,
            family.before_spread,
            family.after_spread,
        ];
        if family.id == dominant.id && ratio(rr0, m60) > 0.87 {
            self.p_usual += 0.01 * (p_here - self.p_usual);
        }
        if let Some(f) = self.families.iter_mut().find(|f| f.id == beat.family) {
            f.p_like += (p_here - f.p_like) * (1.0 / f.count.max(1.0)).max(0.04);
        }
        self.p_recent.push_back(p_here);
        if self.p_recent.len() > P_KEPT {
            self.p_recent.pop_front();
        }
        self.next += 1;
        while self.next > 2 {
            self.queue.pop_front();
            self.next -= 1;
        }
        while self.learnt && self.rr.in_time().len() > HISTORY + AHEAD {
            self.rr.forget();
            self.pairs.forget();
        }
        Described { at: beat.at, family: beat.family, features }
    }
}
