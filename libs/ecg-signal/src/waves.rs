//! P, QRS and T of every beat in every lead by itself, as annotators mark them.
//!
//! A beat's waves in one lead are found in three views and joined: the median beat over all leads (steady, but the same
//! for all), the median beat of the lead (its own shape), and the single beat (its own timing). Whether there is a P wave at
//! all is the rhythm's decision, made over all leads. The drafts made so only say which wave is meant: a small network
//! finds its limits near them ([`crate::refine`]).
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
    median::{Group, median_of},
    model::{BeatKind, Fiducials},
    refine::{Seen, View, Window, height, step_of, window},
    resting::{FoundBeats, POST_MS, PRE_MS, prepare_beats},
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

/// The median beat of a group in one lead: its limits, its window and the height of its QRS.
struct Shape {
    lead: Lead,
    own: Fiducials,
    view: View,
    height: f32,
}

/// A group of beats: limits and view over all leads, and lead by lead.
struct Kind {
    common: Fiducials,
    view: View,
    shapes: Vec<Shape>,
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
    let last = signal.leads.iter().map(|(_, x)| x.len()).min().unwrap_or(0).saturating_sub(1);
    drafts(signal, criteria, |lead, draft, has_p| {
        if let (Some(waves), Some(slot)) = (draft.waves(has_p), out.iter_mut().find(|l| l.lead == lead)) {
            slot.beats.push(waves.at_rate(signal.sample_rate_hz / draft.fs, last));
        }
    })?;
    Ok(out)
}

impl BeatWaves {
    /// From the rate of the analysis to that of the recording, `ratio` of them, no sample beyond the `last`.
    fn at_rate(self, ratio: f64, last: usize) -> Self {
        let sample = |at: usize| ((at as f64 * ratio).round() as usize).min(last);
        let wave = |w: Wave| Wave { on: sample(w.on), peak: sample(w.peak), off: sample(w.off) };
        Self { p: self.p.map(wave), qrs: wave(self.qrs), t: self.t.map(wave) }
    }
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
    let kinds: Vec<Kind> = found.groups.iter().map(|group| kind_of(&found, group, (pre, post))).collect();
    for (index, r) in found.beats.iter().enumerate() {
        let member = found.groups.iter().zip(&kinds).find_map(|(group, kind)| {
            group.members.iter().find(|(k, _)| *k == index).map(|(_, at)| (*at, kind))
        });
        let at = member.map_or(*r, |(at, _)| at);
        let cycle = found.cycle_at(index);
        let has_p = found.p_measurable
            && matches!(
                found.kinds[index],
                BeatKind::Normal | BeatKind::Supraventricular | BeatKind::Unknown
            );
        let singles: Vec<(Lead, View, View)> = found
            .traces
            .leads
            .iter()
            .map(|(lead, trace)| {
                let around = window(trace, at, fs);
                match member.and_then(|(_, kind)| kind.shapes.iter().find(|s| s.lead == *lead)) {
                    Some(shape) => (*lead, View::new(&around, shape.height), shape.view.clone()),
                    None => {
                        let view = View::new(&around, height(&around));
                        (*lead, view.clone(), view)
                    }
                }
            })
            .collect();
        let all_single = over(&found, singles.iter().map(|(lead, view, _)| (*lead, view)));
        for (lead, _) in &signal.leads {
            let (Some(trace), Some((_, single, median))) =
                (found.traces.get(*lead), singles.iter().find(|(l, ..)| l == lead))
            else {
                continue;
            };
            let (common, own) = member.map_or((Fiducials::default(), Fiducials::default()), |(_, kind)| {
                (kind.common, kind.shapes.iter().find(|s| s.lead == *lead).map(|s| s.own).unwrap_or_default())
            });
            let alone = single_beat(trace, *lead, at, (pre, post), fs, cycle);
            let seen = Seen {
                single,
                median,
                all_single: &all_single,
                all_median: member.map_or(&all_single, |(_, kind)| &kind.view),
                cycle,
            };
            let usable = found.usable.contains(lead);
            each(*lead, &Draft { trace, at, pre, fs, views: [common, own, alone], seen, usable }, has_p);
        }
    }
    Ok(())
}

fn kind_of(found: &FoundBeats, group: &Group, (pre, post): (usize, usize)) -> Kind {
    let fs = found.traces.fs;
    let at: Vec<usize> = group.members.iter().map(|(_, at)| *at).collect();
    let all = median_of(&found.traces, &at, pre, post);
    let cycle = found.cycle(group);
    let common = delineate(&all, &found.usable, pre, fs, cycle);
    let shapes: Vec<Shape> = all
        .into_iter()
        .map(|(lead, beat)| {
            let around = window(&beat, pre, fs);
            let height = height(&around);
            let own = delineate(&[(lead, beat)], &[lead], pre, fs, cycle);
            Shape { lead, own, view: View::new(&around, height), height }
        })
        .collect();
    let view = over(found, shapes.iter().map(|s| (s.lead, &s.view)));
    Kind { common, view, shapes }
}

/// Over the usable leads, or all where none is.
fn over<'a>(found: &FoundBeats, views: impl Iterator<Item = (Lead, &'a View)> + Clone) -> View {
    let usable = |lead: Lead| found.usable.is_empty() || found.usable.contains(&lead);
    View::common(views.filter(|(lead, _)| usable(*lead)).map(|(_, view)| view))
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
    seen: Seen<'a>,
    usable: bool,
}

impl Draft<'_> {
    /// The weighted mean of the views; none outside the recording.
    fn base(&self, get: fn(&Fiducials) -> Option<usize>) -> Option<usize> {
        let (mut sum, mut total) = (0.0, 0.0);
        for (view, weight) in self.views.iter().zip(VIEWS) {
            if let Some(place) = get(view) {
                sum += weight * (place as f64 + self.at as f64 - self.pre as f64);
                total += weight;
            }
        }
        let mean = (total > 0.0).then(|| (sum / total).round())?;
        (mean >= 0.0 && mean < self.trace.len() as f64).then_some(mean as usize)
    }

    /// The drafts in ms from the beat.
    fn drafts(&self) -> [Option<f64>; Limit::ALL.len()] {
        Limit::ALL.map(|limit| {
            let base = self.base(limit.get())?;
            Some((base as f64 - self.at as f64) * 1000.0 / self.fs + limit.offset_ms())
        })
    }

    fn waves(&self, has_p: bool) -> Option<BeatWaves> {
        let trace = self.trace;
        let [p_on, p_off, qrs_on, qrs_off, t_on, t_off] = self.seen.limits(self.drafts()).map(|limit| {
            let place = self.at as f64 + limit? * self.fs / 1000.0;
            Some(place.round().clamp(0.0, trace.len() as f64 - 1.0) as usize)
        });
        let (qrs_on, qrs_off) = (qrs_on?, qrs_off?);
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
        let p = match (has_p, p_on, p_off.map(|off| off.min(qrs_on))) {
            (true, Some(on), Some(off)) if on < off => farthest(on, off).map(|peak| Wave { on, peak, off }),
            _ => None,
        };
        let t = match (t_on.map(|on| on.max(qrs_off + 1)), self.base(|f| f.t_peak), t_off) {
            (Some(on), Some(peak), Some(off)) if on < off => {
                Some(Wave { on, peak: peak.clamp(on, off), off })
            }
            _ => None,
        };
        Some(BeatWaves { p, qrs, t })
    }
}

/// A limit of a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    POn,
    POff,
    QrsOn,
    QrsOff,
    TOn,
    TOff,
}

impl Limit {
    pub const ALL: [Self; 6] = [Self::POn, Self::POff, Self::QrsOn, Self::QrsOff, Self::TOn, Self::TOff];

    fn get(self) -> fn(&Fiducials) -> Option<usize> {
        match self {
            Self::POn => |f| f.p_on,
            Self::POff => |f| f.p_off,
            Self::QrsOn => |f| f.qrs_on,
            Self::QrsOff => |f| f.qrs_off,
            // The drafts know no onset of T.
            Self::TOn => |f| f.t_peak,
            Self::TOff => |f| f.t_off,
        }
    }

    /// How far the draft lies from what [`Self::get`] gives, ms.
    fn offset_ms(self) -> f64 {
        if self == Self::TOn { -50.0 } else { 0.0 }
    }
}

/// One beat in one lead as the training of the network sees it; times in steps of its window.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct TrainingRow {
    pub lead: Lead,
    /// Sample of the beat in the recording.
    pub at: usize,
    pub usable: bool,
    pub has_p: bool,
    pub cycle_ms: [f64; 2],
    pub drafts: [Option<f64>; 6],
    pub single: Window,
    pub median: Window,
}

/// Every beat in every lead: for the program that trains the network.
#[doc(hidden)]
pub fn training_rows(signal: &Signal<'_>, criteria: &Criteria) -> Result<Vec<TrainingRow>, AnalysisError> {
    let mut rows = Vec::new();
    drafts(signal, criteria, |lead, draft, has_p| {
        rows.push(TrainingRow {
            lead,
            at: draft.at,
            usable: draft.usable,
            has_p,
            cycle_ms: [draft.seen.cycle.before_ms, draft.seen.cycle.after_ms],
            drafts: draft.drafts().map(|d| d.map(step_of)),
            single: draft.seen.single.level,
            median: draft.seen.median.level,
        });
    })?;
    Ok(rows)
}

/// A time from the beat as a step of the network's window: for the program that trains it.
#[doc(hidden)]
#[must_use]
pub fn training_step(ms: f64) -> f64 {
    step_of(ms)
}
