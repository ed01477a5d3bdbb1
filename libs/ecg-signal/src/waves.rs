//! P, QRS and T of every beat in every lead by itself, as annotators mark them.
//!
//! A beat's waves in one lead are found in three views and joined: the median beat over all leads (steady, but the same
//! for all), the median beat of the lead (its own shape), and the single beat (its own timing). Whether there is a P wave at
//! all is the rhythm's decision, made over all leads. A small ensemble of trees then moves each limit by what the views and
//! the signal around it tell ([`crate::refine`]).
//!
//! Absent: waves of more than one kind in a place (U waves, P waves hidden in T).
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use serde::Serialize;

use crate::{
    criteria::Criteria,
    delineate::{Cycle, delineate},
    dsp::samples,
    error::AnalysisError,
    lead::{Lead, Signal},
    median::median_of,
    model::{BeatKind, Fiducials},
    refine,
    resting::{POST_MS, PRE_MS, prepare_beats},
};

/// One wave: its first sample, its peak and its last sample, in samples of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Wave {
    pub on: usize,
    pub peak: usize,
    pub off: usize,
}

/// The waves of one beat in one lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BeatWaves {
    pub p: Option<Wave>,
    pub qrs: Wave,
    pub t: Option<Wave>,
}

/// The waves of one lead, in order of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeadWaves {
    pub lead: Lead,
    pub beats: Vec<BeatWaves>,
}

/// Limits of the median beat of a group: over all leads, and of one lead alone.
struct Shape<'a> {
    members: &'a [(usize, usize)],
    common: Fiducials,
    own: Fiducials,
}

/// Delineates every beat in every lead of a recording of 2 to 300 s; the leads are those of the signal, in its order.
///
/// Waves that reach beyond the ends of the recording are left out. Tested on LUDB: docs/accuracy.md.
///
/// # Errors
/// [`AnalysisError`] when the signal itself is malformed.
pub fn delineate_leads(signal: &Signal<'_>, criteria: &Criteria) -> Result<Vec<LeadWaves>, AnalysisError> {
    let mut out: Vec<LeadWaves> =
        signal.leads.iter().map(|(lead, _)| LeadWaves { lead: *lead, beats: Vec::new() }).collect();
    drafts(signal, criteria, |lead, draft, has_p| {
        if let (Some(waves), Some(slot)) = (draft.join(has_p), out.iter_mut().find(|l| l.lead == lead)) {
            slot.beats.push(waves);
        }
    })?;
    Ok(out)
}

/// Calls `each` with every beat of every lead, and whether the rhythm allows a P wave before it.
fn drafts(
    signal: &Signal<'_>,
    criteria: &Criteria,
    mut each: impl FnMut(Lead, &Draft<'_>, bool),
) -> Result<(), AnalysisError> {
    let found = prepare_beats(signal, criteria)?;
    let fs = found.traces.fs;
    let (pre, post) = (samples(PRE_MS, fs), samples(POST_MS, fs));
    // The median beats of each group, over all leads and lead by lead.
    type MedianLeads = Vec<(Lead, Vec<f32>)>;
    let medians: Vec<(Fiducials, MedianLeads)> = found
        .groups
        .iter()
        .map(|group| {
            let at: Vec<usize> = group.members.iter().map(|(_, at)| *at).collect();
            let all = median_of(&found.traces, &at, pre, post);
            (delineate(&all, &found.usable, pre, fs, found.cycle(group)), all)
        })
        .collect();
    for (lead, _) in &signal.leads {
        let Some(trace) = found.traces.get(*lead) else { continue };
        let shapes: Vec<Shape<'_>> = found
            .groups
            .iter()
            .zip(&medians)
            .map(|(group, (common, all))| {
                let own: Vec<(Lead, Vec<f32>)> = all.iter().filter(|(l, _)| l == lead).cloned().collect();
                let shape = delineate(&own, &[*lead], pre, fs, found.cycle(group));
                Shape { members: &group.members, common: *common, own: shape }
            })
            .collect();
        for (index, r) in found.beats.iter().enumerate() {
            let member = shapes.iter().find_map(|s| {
                s.members.iter().find(|(k, _)| *k == index).map(|(_, at)| (*at, s.common, s.own))
            });
            let (at, common, shape) = member.unwrap_or((*r, Fiducials::default(), Fiducials::default()));
            let cycle = found.cycle_at(index);
            let single = single_beat(trace, *lead, at, (pre, post), fs, cycle);
            let own_p = matches!(
                found.kinds[index],
                BeatKind::Normal | BeatKind::Supraventricular | BeatKind::Unknown
            );
            let draft = Draft { trace, at, pre, fs, views: [common, shape, single], cycle };
            each(*lead, &draft, found.p_measurable && own_p);
        }
    }
    Ok(())
}

/// Fiducials of one beat of one lead, in a window like that of the median beats; the ends are held flat.
fn single_beat(
    trace: &[f32],
    lead: Lead,
    at: usize,
    (pre, post): (usize, usize),
    fs: f64,
    cycle: Cycle,
) -> Fiducials {
    let window: Vec<f32> = (0..pre + post)
        .map(|i| {
            let index = (at + i).saturating_sub(pre).min(trace.len() - 1);
            trace[index]
        })
        .collect();
    delineate(&[(lead, window)], &[lead], pre, fs, cycle)
}

/// Weights of the three views: common, shape, single.
const VIEWS: [f64; 3] = [0.5, 0.3, 0.2];

/// One beat in one lead, before its limits are refined.
struct Draft<'a> {
    trace: &'a [f32],
    /// Sample of the beat in the recording, and its place in a window.
    at: usize,
    pre: usize,
    fs: f64,
    views: [Fiducials; 3],
    cycle: Cycle,
}

impl Draft<'_> {
    /// Where the views see a limit, in samples of the recording.
    fn seen(&self, get: fn(&Fiducials) -> Option<usize>) -> [Option<f64>; 3] {
        let place = |f: &Fiducials| get(f).map(|v| v as f64 + self.at as f64 - self.pre as f64);
        [place(&self.views[0]), place(&self.views[1]), place(&self.views[2])]
    }

    /// The weighted mean of the views; none outside the recording.
    fn base(&self, get: fn(&Fiducials) -> Option<usize>) -> Option<usize> {
        let (mut sum, mut total) = (0.0, 0.0);
        for (place, weight) in self.seen(get).into_iter().zip(VIEWS) {
            if let Some(place) = place {
                sum += weight * place;
                total += weight;
            }
        }
        let mean = (total > 0.0).then(|| (sum / total).round())?;
        (mean >= 0.0 && mean < self.trace.len() as f64).then_some(mean as usize)
    }

    /// What the refinement looks at: how the views differ, the beat's intervals, and the signal around the limit
    /// relative to the height of the beat. Times in ms.
    fn features(&self, limit: Limit, base: usize) -> Features {
        let ms = |samples: f64| samples * 1000.0 / self.fs;
        let mut out = [0.0; FEATURES];
        for (slot, place) in self.seen(limit.get()).into_iter().enumerate() {
            // Far from any difference that occurs: the view has no such wave.
            out[slot] = place.map_or(-200.0, |p| ms(p - base as f64));
        }
        let on = |get: fn(&Fiducials) -> Option<usize>| self.seen(get)[0];
        let between = |a: Option<f64>, b: Option<f64>| a.zip(b).map_or(-200.0, |(a, b)| ms(b - a));
        out[3] = between(on(|f| f.qrs_on), on(|f| f.qrs_off));
        out[4] = between(on(|f| f.p_on), on(|f| f.qrs_on));
        out[5] = between(on(|f| f.qrs_on), on(|f| f.t_off));
        out[6] = self.cycle.before_ms;
        out[7] = self.cycle.after_ms;
        let value = |i: isize| -> f64 {
            let index = (base as isize + i).clamp(0, self.trace.len() as isize - 1);
            f64::from(self.trace[index as usize])
        };
        let here = value(0);
        let reach = samples(60.0, self.fs) as isize;
        let (low, high) =
            (-reach..=reach).map(value).fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
        let height = (high - low).max(1.0);
        for (k, offset_ms) in AROUND_MS.into_iter().enumerate() {
            let offset = (offset_ms * self.fs / 1000.0).round() as isize;
            out[8 + k] = (value(offset) - here).abs() / height;
        }
        out
    }

    fn limit(&self, limit: Limit) -> Option<usize> {
        let base = self.base(limit.get())?;
        let shift_ms = refine::shift_ms(limit, &self.features(limit, base));
        let shifted = base as f64 + shift_ms * self.fs / 1000.0;
        Some(shifted.round().clamp(0.0, self.trace.len() as f64 - 1.0) as usize)
    }

    fn join(&self, has_p: bool) -> Option<BeatWaves> {
        let trace = self.trace;
        let qrs_on = self.limit(Limit::QrsOn)?;
        let qrs_off = self.limit(Limit::QrsOff)?;
        if qrs_off <= qrs_on {
            return None;
        }
        let level = f64::from(trace[qrs_on]);
        let farthest = |from: usize, to: usize| {
            (from..=to).max_by(|a, b| {
                (f64::from(trace[*a]) - level).abs().total_cmp(&(f64::from(trace[*b]) - level).abs())
            })
        };
        let qrs = Wave { on: qrs_on, peak: farthest(qrs_on, qrs_off)?, off: qrs_off };
        let p = match (has_p, self.limit(Limit::POn), self.limit(Limit::POff)) {
            (true, Some(on), Some(off)) if on < off && off <= qrs_on => {
                farthest(on, off).map(|peak| Wave { on, peak, off })
            }
            _ => None,
        };
        let t = match (self.base(|f| f.t_peak), self.limit(Limit::TOff)) {
            (Some(peak), Some(off)) if qrs_off < peak && peak < off => {
                let lead_in = off - peak + samples(40.0, self.fs);
                Some(Wave { on: peak.saturating_sub(lead_in).max(qrs_off + 1), peak, off })
            }
            _ => None,
        };
        Some(BeatWaves { p, qrs, t })
    }
}

/// A limit that is refined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    POn,
    POff,
    QrsOn,
    QrsOff,
    TOff,
}

impl Limit {
    pub const ALL: [Self; 5] = [Self::POn, Self::POff, Self::QrsOn, Self::QrsOff, Self::TOff];

    fn get(self) -> fn(&Fiducials) -> Option<usize> {
        match self {
            Self::POn => |f| f.p_on,
            Self::POff => |f| f.p_off,
            Self::QrsOn => |f| f.qrs_on,
            Self::QrsOff => |f| f.qrs_off,
            Self::TOff => |f| f.t_off,
        }
    }
}

/// Where the signal is looked at around a limit, ms.
const AROUND_MS: [f64; 10] = [-50.0, -36.0, -24.0, -14.0, -6.0, 6.0, 14.0, 24.0, 36.0, 50.0];
pub(crate) const FEATURES: usize = 18;
pub(crate) type Features = [f64; FEATURES];

/// One limit of one beat as the training of the refinement sees it.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct TrainingRow {
    pub lead: Lead,
    pub limit: Limit,
    /// The limit before refinement, in samples of the recording.
    pub base: usize,
    pub features: [f64; FEATURES],
}

/// Every limit before refinement: for the program that trains it.
#[doc(hidden)]
pub fn training_rows(signal: &Signal<'_>, criteria: &Criteria) -> Result<Vec<TrainingRow>, AnalysisError> {
    let mut rows = Vec::new();
    drafts(signal, criteria, |lead, draft, has_p| {
        for limit in Limit::ALL {
            if matches!(limit, Limit::POn | Limit::POff) && !has_p {
                continue;
            }
            if let Some(base) = draft.base(limit.get()) {
                rows.push(TrainingRow { lead, limit, base, features: draft.features(limit, base) });
            }
        }
    })?;
    Ok(rows)
}
