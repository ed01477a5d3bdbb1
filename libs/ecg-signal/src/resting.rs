//! The whole analysis of a resting ECG, step by step.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numeric kernel: casts are of small non-negative numbers"
)]

use crate::{
    criteria::Criteria,
    critical,
    delineate::{Cycle, delineate},
    detect::detect_qrs,
    dsp::{median, samples},
    error::AnalysisError,
    interpret,
    lead::{Lead, Signal, Subject},
    measure,
    median::{Group, Traces, group_beats, median_of, remove_baseline},
    model::{
        Beat, BeatKind, Fiducials, LeadMeasurements, LeadQuality, MedianBeats, QualityStatus, RestingAnalysis,
    },
    noise, norm, plausible,
    quality::{Prepared, alive, disturbance, judge, prepare},
    rhythm,
};

/// Name and version of this analysis, kept in every report. The version moves with any change of results.
pub const ALGORITHM: &str = "tianmu-resting 0.4.0";

/// Leads that carry independent information; the other four limb leads follow from I and II.
const INDEPENDENT: [Lead; 8] =
    [Lead::I, Lead::II, Lead::V1, Lead::V2, Lead::V3, Lead::V4, Lead::V5, Lead::V6];

/// Median beat: this much before and after the alignment point.
pub(crate) const PRE_MS: f64 = 450.0;
pub(crate) const POST_MS: f64 = 750.0;

/// Beats with their groups and the rhythm's word on each: what delineation of single beats stands on.
pub(crate) struct FoundBeats {
    pub traces: Traces,
    pub usable: Vec<Lead>,
    pub beats: Vec<usize>,
    pub groups: Vec<Group>,
    pub kinds: Vec<BeatKind>,
    pub p_measurable: bool,
}

impl FoundBeats {
    pub fn cycle(&self, group: &Group) -> Cycle {
        cycle_of(group, &self.beats, self.traces.fs)
    }

    /// Intervals around one beat; those of its neighbours at the ends.
    pub fn cycle_at(&self, index: usize) -> Cycle {
        let between = |a: Option<usize>, b: Option<usize>| {
            Some(self.beats.get(b?)?.saturating_sub(*self.beats.get(a?)?) as f64 * 1000.0 / self.traces.fs)
        };
        let before = between(index.checked_sub(1), Some(index));
        let after = between(Some(index), Some(index + 1));
        let before_ms = before.or(after).unwrap_or(1000.0);
        Cycle { before_ms, after_ms: after.unwrap_or(before_ms) }
    }
}

/// The first steps of [`analyze_resting`], up to the rhythm.
pub(crate) fn prepare_beats(signal: &Signal<'_>, criteria: &Criteria) -> Result<FoundBeats, AnalysisError> {
    signal.check()?;
    let mut prepared = norm::at_common_rate(prepare(signal));
    let beats = find_beats(&prepared, criteria);
    prepared.scale(1.0 / norm::gain(&prepared, &beats));
    let usable = usable_leads(&prepared, &judge(&disturbance(&prepared, &beats), 1.0, criteria));
    let (traces, groups, median_beat) = median_beats(&prepared, &beats, usable.clone());
    let found = rhythm::analyse(&prepared, &traces, &beats, &groups, &median_beat, criteria);
    Ok(FoundBeats { traces, usable, beats, groups, kinds: found.kinds, p_measurable: found.p_measurable })
}

fn find_beats(prepared: &Prepared, criteria: &Criteria) -> Vec<usize> {
    let alive = alive(prepared, criteria);
    let independent: Vec<Lead> = INDEPENDENT.into_iter().filter(|lead| alive.contains(lead)).collect();
    let chosen = if independent.is_empty() { alive } else { independent };
    let leads: Vec<&[f32]> = chosen.iter().filter_map(|lead| prepared.lead(*lead)).collect();
    detect_qrs(&leads, prepared.fs)
}

/// Analyses a resting ECG of one to twelve standard leads, 2 to 300 s, 100 to 4000 Hz.
///
/// Samples are µV; NaN is missing. Missing limb leads are derived where two of I, II, III are given. A
/// recording without a single detectable beat gives an analysis without measurements and a statement that
/// says so. The result is an aid: a physician confirms it.
///
/// Tested on LUDB, on recordings with their makers' measurements and on synthetic truth: docs/accuracy.md.
///
/// # Errors
/// [`AnalysisError`] when the signal itself is malformed.
pub fn analyze_resting(
    signal: &Signal<'_>,
    subject: &Subject,
    criteria: &Criteria,
) -> Result<RestingAnalysis, AnalysisError> {
    signal.check()?;
    let mut prepared = norm::at_common_rate(prepare(signal));
    let fs = prepared.fs;
    let r_samples = find_beats(&prepared, criteria);
    let gain = norm::gain(&prepared, &r_samples);
    prepared.scale(1.0 / gain);
    let disturbed = disturbance(&prepared, &r_samples);
    let quality = judge(&disturbed, gain, criteria);
    // Which leads to look at depends on noise against the height of the QRS.
    let usable = usable_leads(&prepared, &judge(&disturbed, 1.0, criteria));
    let (traces, groups, medians) = median_beats(&prepared, &r_samples, usable);
    let mut median_beat = medians;
    let dominant = groups.first();
    let mut beats = list_beats(&r_samples, fs, dominant);
    for beat in &mut beats {
        beat.r_sample = at_rate(beat.r_sample, fs, signal);
    }
    let found = rhythm::analyse(&prepared, &traces, &r_samples, &groups, &median_beat, criteria);
    for (beat, kind) in beats.iter_mut().zip(&found.kinds) {
        beat.kind = *kind;
    }
    if !found.p_measurable {
        median_beat.fiducials.p_on = None;
        median_beat.fiducials.p_off = None;
    }
    let proportions = measure::per_lead(&median_beat);
    let noise = noise::per_lead(&prepared, dominant, beats.len(), &median_beat, criteria);
    let per_lead: Vec<LeadMeasurements> = proportions.iter().map(|m| m.scaled(gain)).collect();
    let rr: Vec<f64> = beats.iter().filter_map(|b| b.rr_ms).collect();
    let mut global = measure::global(&median_beat, &per_lead, &rr);
    global.atrial_rate_bpm = found.atrial_rate_bpm;
    let gains = plausible::own_gains(&prepared);
    if let Some(gains) = gains {
        plausible::axes(&median_beat, gains, &mut global);
    }
    let findings = interpret::Findings {
        median: &median_beat,
        noise: &noise,
        gain,
        einthoven: gains.is_none(),
        rhythm: &found,
        global: &global,
        per_lead: &per_lead,
        proportions: &proportions,
        quality: &quality,
        beats: &beats,
        duration_s: signal.duration_s(),
        subject,
        criteria,
    };
    let statements = interpret::statements(&findings);
    let critical = critical::met(&findings, &statements, criteria);
    for v in median_beat.leads.iter_mut().flat_map(|(_, x)| x) {
        *v *= gain as f32;
    }
    Ok(RestingAnalysis {
        algorithm: ALGORITHM,
        criteria_edition: criteria.edition().to_owned(),
        noise_class: noise::recording(&noise),
        noise,
        critical,
        quality,
        beats,
        global,
        per_lead,
        median: median_beat,
        statements,
    })
}

/// A place inside the analysis as a sample of the recording.
fn at_rate(at: usize, fs: f64, signal: &Signal<'_>) -> usize {
    let place = (at as f64 * signal.sample_rate_hz / fs).round() as usize;
    place.min(signal.len().saturating_sub(1))
}

/// Clean independent leads; noisy ones too when fewer than two are clean; any present lead as a last resort.
fn usable_leads(prepared: &Prepared, quality: &[LeadQuality]) -> Vec<Lead> {
    let status = |lead: Lead| quality.iter().find(|q| q.lead == lead).map(|q| q.status);
    let with = |wanted: &[QualityStatus], from: &[Lead]| -> Vec<Lead> {
        from.iter()
            .copied()
            .filter(|l| prepared.lead(*l).is_some() && status(*l).is_some_and(|s| wanted.contains(&s)))
            .collect()
    };
    let clean = with(&[QualityStatus::Ok], &INDEPENDENT);
    if clean.len() >= 2 {
        return clean;
    }
    let any = with(&[QualityStatus::Ok, QualityStatus::Noisy], &INDEPENDENT);
    if any.is_empty() { with(&[QualityStatus::Ok, QualityStatus::Noisy], &Lead::ALL) } else { any }
}

fn median_beats(
    prepared: &Prepared,
    beats: &[usize],
    usable: Vec<Lead>,
) -> (Traces, Vec<Group>, MedianBeats) {
    let fs = prepared.fs;
    let (pre, post) = (samples(PRE_MS, fs), samples(POST_MS, fs));
    let correct = |at: &[usize], from: usize, to: usize| Traces {
        fs,
        n: prepared.n,
        leads: Lead::ALL
            .into_iter()
            .filter_map(|lead| prepared.lead(lead).map(|x| (lead, remove_baseline(x, at, from, to))))
            .collect(),
        usable: usable.clone(),
    };
    let first = correct(beats, samples(110.0, fs), samples(70.0, fs));
    let groups = group_beats(&first, beats);
    let empty =
        MedianBeats { sample_rate_hz: fs, beat_count: 0, leads: Vec::new(), fiducials: Fiducials::default() };
    let groups = dominant_first(groups, beats);
    let Some(group) = groups.first() else { return (first, groups, empty) };
    let at: Vec<usize> = group.members.iter().map(|(_, at)| *at).collect();
    let cycle = cycle_of(group, beats, fs);
    let rough = median_of(&first, &at, pre, post);
    let rough_marks = delineate(&rough, &usable, pre, fs, cycle);
    // Second round: the isoelectric level right before the QRS that the first round found.
    let traces = match rough_marks.qrs_on.map(|on| pre.saturating_sub(on)) {
        Some(lead_in) => {
            let mut aligned: Vec<usize> = beats.to_vec();
            for (index, position) in groups.iter().flat_map(|g| &g.members) {
                if let Some(slot) = aligned.get_mut(*index) {
                    *slot = *position;
                }
            }
            correct(&aligned, lead_in + samples(22.0, fs), lead_in + samples(2.0, fs))
        }
        None => first,
    };
    let leads = median_of(&traces, &at, pre, post);
    let fiducials = delineate(&leads, &usable, pre, fs, cycle);
    let median = MedianBeats { sample_rate_hz: fs, beat_count: at.len(), leads, fiducials };
    (traces, groups, median)
}

/// Median intervals before and after the beats of a group.
fn cycle_of(group: &Group, beats: &[usize], fs: f64) -> Cycle {
    let between = |a: Option<&usize>, b: Option<&usize>| -> Option<f64> {
        Some(b?.saturating_sub(*a?) as f64 * 1000.0 / fs)
    };
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (k, _) in &group.members {
        before.extend(between(k.checked_sub(1).and_then(|j| beats.get(j)), beats.get(*k)));
        after.extend(between(beats.get(*k), beats.get(k + 1)));
    }
    let before_ms = median(&mut before).unwrap_or(1000.0);
    Cycle { before_ms, after_ms: median(&mut after).unwrap_or(before_ms) }
}

/// The largest group first; of two nearly equal ones (bigeminy) the one that comes later after its
/// predecessor, because ectopic beats are premature.
fn dominant_first(mut groups: Vec<Group>, beats: &[usize]) -> Vec<Group> {
    let lead_in = |g: &Group| -> f64 {
        let mut waits: Vec<f64> = g
            .members
            .iter()
            .filter_map(|(k, _)| {
                let before = k.checked_sub(1).and_then(|j| beats.get(j))?;
                beats.get(*k).map(|at| at.saturating_sub(*before) as f64)
            })
            .collect();
        median(&mut waits).unwrap_or(0.0)
    };
    if let [a, b, ..] = groups.as_slice()
        && b.members.len() * 10 >= a.members.len() * 7
        && lead_in(b) > 1.1 * lead_in(a)
    {
        groups.swap(0, 1);
    }
    groups
}

fn list_beats(r_samples: &[usize], fs: f64, dominant: Option<&Group>) -> Vec<Beat> {
    let mut previous: Option<usize> = None;
    r_samples
        .iter()
        .enumerate()
        .map(|(k, r)| {
            let rr_ms = previous.map(|p| (*r - p) as f64 * 1000.0 / fs);
            previous = Some(*r);
            let in_median = dominant.is_some_and(|g| g.members.iter().any(|(index, _)| *index == k));
            Beat { r_sample: *r, kind: BeatKind::Unknown, rr_ms, in_median }
        })
        .collect()
}
