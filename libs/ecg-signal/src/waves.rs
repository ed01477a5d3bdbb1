//! P, QRS and T of every beat in every lead by itself, as annotators mark them.
//!
//! A beat's waves in one lead are found in three views and joined: the median beat over all leads (steady, but the same
//! for all), the median beat of the lead (its own shape), and the single beat (its own timing). Whether there is a P wave at
//! all is the rhythm's decision, made over all leads.
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
    let found = prepare_beats(signal, criteria)?;
    let fs = found.traces.fs;
    let (pre, post) = (samples(PRE_MS, fs), samples(POST_MS, fs));
    let mut out = Vec::with_capacity(signal.leads.len());
    for (lead, _) in &signal.leads {
        let mut beats = Vec::with_capacity(found.beats.len());
        if let Some(trace) = found.traces.get(*lead) {
            // The median beat of this lead alone, for each group of like beats.
            let shapes: Vec<Shape<'_>> = found
                .groups
                .iter()
                .map(|group| {
                    let at: Vec<usize> = group.members.iter().map(|(_, at)| *at).collect();
                    let all = median_of(&found.traces, &at, pre, post);
                    let cycle = found.cycle(group);
                    let common = delineate(&all, &found.usable, pre, fs, cycle);
                    let own: Vec<(Lead, Vec<f32>)> = all.into_iter().filter(|(l, _)| l == lead).collect();
                    let shape = delineate(&own, &[*lead], pre, fs, cycle);
                    Shape { members: &group.members, common, own: shape }
                })
                .collect();
            for (index, r) in found.beats.iter().enumerate() {
                let member = shapes.iter().find_map(|s| {
                    s.members.iter().find(|(k, _)| *k == index).map(|(_, at)| (*at, s.common, s.own))
                });
                let (at, common, shape) = member.unwrap_or((*r, Fiducials::default(), Fiducials::default()));
                let single = single_beat(trace, *lead, at, (pre, post), fs, found.cycle_at(index));
                let has_p = found.p_measurable
                    && matches!(
                        found.kinds[index],
                        BeatKind::Normal | BeatKind::Supraventricular | BeatKind::Unknown
                    );
                if let Some(waves) = join(trace, at, pre, fs, &common, &shape, &single, has_p) {
                    beats.push(waves);
                }
            }
        }
        out.push(LeadWaves { lead: *lead, beats });
    }
    Ok(out)
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

/// Weights of the three views for each limit: common, shape, single.
type Weights = [f64; 3];
const P_LIMITS: Weights = [0.5, 0.3, 0.2];
const QRS_LIMITS: Weights = [0.5, 0.3, 0.2];
const T_LIMITS: Weights = [0.5, 0.3, 0.2];

#[allow(clippy::too_many_arguments, reason = "three views of one beat and where it stands")]
fn join(
    trace: &[f32],
    at: usize,
    pre: usize,
    fs: f64,
    common: &Fiducials,
    shape: &Fiducials,
    single: &Fiducials,
    has_p: bool,
) -> Option<BeatWaves> {
    let pick = |get: fn(&Fiducials) -> Option<usize>, w: Weights| -> Option<usize> {
        let (mut sum, mut total) = (0.0, 0.0);
        for (view, weight) in [common, shape, single].into_iter().zip(w) {
            if let Some(value) = get(view) {
                sum += weight * value as f64;
                total += weight;
            }
        }
        // Back into the recording; what lies before its start is no wave of it.
        (total > 0.0)
            .then(|| (sum / total).round() as usize + at)
            .filter(|v| *v >= pre)
            .map(|v| v - pre)
            .filter(|v| *v < trace.len())
    };
    let qrs_on = pick(|f| f.qrs_on, QRS_LIMITS)?;
    let qrs_off = pick(|f| f.qrs_off, QRS_LIMITS)?;
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
    let p = match (has_p, pick(|f| f.p_on, P_LIMITS), pick(|f| f.p_off, P_LIMITS)) {
        (true, Some(on), Some(off)) if on < off && off <= qrs_on => {
            farthest(on, off).map(|peak| Wave { on, peak, off })
        }
        _ => None,
    };
    let t = match (pick(|f| f.t_peak, T_LIMITS), pick(|f| f.t_off, T_LIMITS)) {
        (Some(peak), Some(off)) if qrs_off < peak && peak < off => {
            let on = peak.saturating_sub(off - peak).saturating_sub(samples(40.0, fs)).max(qrs_off + 1);
            Some(Wave { on, peak, off })
        }
        _ => None,
    };
    Some(BeatWaves { p, qrs, t })
}
