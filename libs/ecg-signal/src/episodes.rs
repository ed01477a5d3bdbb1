//! Rhythm episodes of a long recording, from classified beats: atrial fibrillation, and what the classes show.
//!
//! Fibrillation: for each beat the intervals between non-ventricular beats within eight beats on either side. The
//! middle of |RR - nearest of the three RR before| over the middle RR stays low in sinus rhythm, in bigeminy and
//! trigeminy; the mean likeness of the P waves to those of the dominant beats is high where P waves march with
//! the QRS. Both must speak for fibrillation; the best sequence of states with a price for each change
//! (Viterbi) gives the episodes. Flutter counts as fibrillation: the beats alone do not tell it. Constants chosen on MIT-BIH DS1 and the nine CPSC2021 records given.
#![allow(clippy::indexing_slicing, reason = "numeric kernel: indices stay within lengths checked at entry")]

use serde::Serialize;

use crate::{
    beats::{BeatClass, ClassifiedBeat},
    dsp::median,
};

/// Beats on either side that are looked at.
const REACH: usize = 8;
/// Relative interval changes at which the evidence turns, and the P likeness.
const CHANGE: f64 = 0.028;
const STEP: f64 = 0.06;
const P_LIKENESS: f64 = 0.42;
/// Price of a change of state, in units of the evidence of a beat.
const PRICE: f64 = 10.0;

/// Fewest conducted beats of an episode.
const LEAST_BEATS: usize = 10;

/// A rhythm, as the WFDB rhythm annotations name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EpisodeRhythm {
    /// None of the others.
    Normal,
    AtrialFibrillation,
    VentricularBigeminy,
    VentricularTrigeminy,
    /// Three or more ventricular beats at over 100 a minute.
    VentricularTachycardia,
    /// Three or more ventricular beats, slower.
    IdioventricularRhythm,
    /// Three or more supraventricular ectopic beats at over 100 a minute.
    SupraventricularTachycardia,
}

impl EpisodeRhythm {
    const ALL: [Self; 7] = [
        Self::Normal,
        Self::AtrialFibrillation,
        Self::VentricularBigeminy,
        Self::VentricularTrigeminy,
        Self::VentricularTachycardia,
        Self::IdioventricularRhythm,
        Self::SupraventricularTachycardia,
    ];

    /// The text of a WFDB rhythm annotation: `(AFIB`.
    #[must_use]
    pub const fn aux(self) -> &'static str {
        match self {
            Self::Normal => "(N",
            Self::AtrialFibrillation => "(AFIB",
            Self::VentricularBigeminy => "(B",
            Self::VentricularTrigeminy => "(T",
            Self::VentricularTachycardia => "(VT",
            Self::IdioventricularRhythm => "(IVR",
            Self::SupraventricularTachycardia => "(SVTA",
        }
    }

    /// What a WFDB rhythm annotation says, [`Self::Normal`] for a rhythm that is not told apart; `None` if it tells of no rhythm.
    #[must_use]
    pub fn from_aux(aux: &str) -> Option<Self> {
        // Signal quality and ST changes are written in the same way.
        if !aux.starts_with('(') || aux.starts_with("(ST") {
            return None;
        }
        let known = Self::ALL.into_iter().find(|rhythm| rhythm.aux() == aux);
        Some(known.unwrap_or(Self::Normal))
    }
}

/// A stretch of one rhythm; the next begins where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Episode {
    pub rhythm: EpisodeRhythm,
    /// First sample.
    pub from: usize,
    /// The sample after the last.
    pub to: usize,
    /// Beats within.
    pub beats: usize,
}

/// Rhythms from the first beat to `length` samples, without gaps. Empty without beats.
#[must_use]
pub fn rhythm_episodes(beats: &[ClassifiedBeat], sample_rate_hz: f64, length: usize) -> Vec<Episode> {
    let n = beats.len();
    let mut labels: Vec<EpisodeRhythm> = fibrillation(beats, sample_rate_hz)
        .into_iter()
        .map(|af| if af { EpisodeRhythm::AtrialFibrillation } else { EpisodeRhythm::Normal })
        .collect();
    alternation(beats, 2, EpisodeRhythm::VentricularBigeminy, &mut labels);
    alternation(beats, 3, EpisodeRhythm::VentricularTrigeminy, &mut labels);
    for (from, to) in runs(beats, BeatClass::Ventricular, 3) {
        let fast = rate(beats, from, to, sample_rate_hz) > 100.0;
        labels[from..to].fill(if fast {
            EpisodeRhythm::VentricularTachycardia
        } else {
            EpisodeRhythm::IdioventricularRhythm
        });
    }
    for (from, to) in runs(beats, BeatClass::Supraventricular, 3) {
        // Early beats within fibrillation are part of it.
        if labels[from..to].iter().all(|l| *l == EpisodeRhythm::Normal)
            && rate(beats, from, to, sample_rate_hz) > 100.0
        {
            labels[from..to].fill(EpisodeRhythm::SupraventricularTachycardia);
        }
    }
    let mut out: Vec<Episode> = Vec::new();
    for k in 0..n {
        let end = beats.get(k + 1).map_or(length.max(beats[k].sample + 1), |b| b.sample);
        match out.last_mut() {
            Some(last) if last.rhythm == labels[k] => {
                last.to = end;
                last.beats += 1;
            }
            _ => out.push(Episode { rhythm: labels[k], from: beats[k].sample, to: end, beats: 1 }),
        }
    }
    out
}

/// Runs of at least `least` consecutive beats of a class, as ranges of beats.
#[must_use]
pub fn runs(beats: &[ClassifiedBeat], class: BeatClass, least: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = None;
    for (k, beat) in beats.iter().map(Some).chain([None]).enumerate() {
        match (beat.is_some_and(|b| b.class == class), from) {
            (true, None) => from = Some(k),
            (false, Some(start)) => {
                if k - start >= least {
                    out.push((start, k));
                }
                from = None;
            }
            _ => {}
        }
    }
    out
}

/// Beats a minute within a range of at least two beats.
fn rate(beats: &[ClassifiedBeat], from: usize, to: usize, fs: f64) -> f64 {
    let span = beats[to - 1].sample.saturating_sub(beats[from].sample).max(1);
    60.0 * (to - 1 - from) as f64 * fs / span as f64
}

/// Three or more single ventricular beats, `period` beats apart.
fn alternation(beats: &[ClassifiedBeat], period: usize, rhythm: EpisodeRhythm, labels: &mut [EpisodeRhythm]) {
    let ventricular = |k: usize| beats[k].class == BeatClass::Ventricular;
    let n = beats.len();
    let mut k = 0;
    while k < n {
        if !ventricular(k) {
            k += 1;
            continue;
        }
        let mut last = k;
        let mut count = 1;
        while last + period < n
            && ventricular(last + period)
            && (last + 1..last + period).all(|i| !ventricular(i))
        {
            last += period;
            count += 1;
        }
        if count >= 3 {
            for label in &mut labels[k.saturating_sub(period - 1)..=last] {
                if *label == EpisodeRhythm::Normal {
                    *label = rhythm;
                }
            }
        }
        k = last + 1;
    }
}

/// Whether each beat lies in atrial fibrillation.
fn fibrillation(beats: &[ClassifiedBeat], fs: f64) -> Vec<bool> {
    let n = beats.len();
    let other = |k: usize| beats[k].class != BeatClass::Ventricular;
    // Intervals between consecutive beats of which neither is ventricular.
    let index: Vec<usize> = (1..n).filter(|k| other(*k) && other(*k - 1)).collect();
    let rr: Vec<f64> =
        index.iter().map(|k| beats[*k].sample.saturating_sub(beats[*k - 1].sample) as f64 / fs).collect();
    if rr.len() < 8 {
        return vec![false; n];
    }
    let back = |i: usize, k: usize| (rr[i] - rr[i.saturating_sub(k)]).abs();
    let step: Vec<f64> = (0..rr.len()).map(|i| back(i.max(1), 1)).collect();
    let change: Vec<f64> = (0..rr.len())
        .map(|i| {
            let i = i.max(3);
            back(i, 1).min(back(i, 2)).min(back(i, 3))
        })
        .collect();
    let evidence: Vec<f64> = (0..n)
        .map(|k| {
            let (from, to) = (k.saturating_sub(REACH), (k + REACH + 1).min(n));
            let mut lo = index.partition_point(|i| *i < from);
            let mut hi = index.partition_point(|i| *i < to);
            let around = hi - lo;
            if around < 6 {
                let middle = index.partition_point(|i| *i < k);
                (lo, hi) = (middle.saturating_sub(4).min(rr.len() - 8), (middle + 4).clamp(8, rr.len()));
            }
            let middle = median(&mut rr[lo..hi].to_vec()).unwrap_or(0.8).max(0.1);
            let relative = |v: &[f64]| (median(&mut v[lo..hi].to_vec()).unwrap_or(0.0) / middle).max(1e-3);
            let likeness: Vec<f64> =
                (from..to).filter(|i| other(*i)).map(|i| f64::from(beats[i].p_likeness)).collect();
            let mut changing = relative(&change);
            if around < 6 || (likeness.len() as f64) < 0.35 * (to - from) as f64 {
                // Too few intervals of the basic rhythm to tell.
                changing = changing.min(0.02);
            }
            let by_rr = 2.0 * (changing / CHANGE).ln() + (relative(&step) / STEP).ln().clamp(-1.0, 1.0);
            let p =
                if likeness.len() > 2 { likeness.iter().sum::<f64>() / likeness.len() as f64 } else { 0.5 };
            by_rr.clamp(-3.0, 2.0).min((8.0 * (P_LIKENESS - p)).clamp(-3.0, 2.0))
        })
        .collect();
    // Two states; the better way into each.
    let (mut no, mut yes) = (0.0_f64, -PRICE / 2.0);
    let mut came_from: Vec<(bool, bool)> = Vec::with_capacity(n);
    for e in &evidence {
        let (stay_no, leave_yes) = (no, yes - PRICE);
        let (stay_yes, leave_no) = (yes, no - PRICE);
        came_from.push((leave_yes > stay_no, stay_yes >= leave_no));
        no = stay_no.max(leave_yes) - e / 2.0;
        yes = stay_yes.max(leave_no) + e / 2.0;
    }
    let mut state = yes > no;
    let mut out = vec![false; n];
    for k in (0..n).rev() {
        out[k] = state;
        state = if state { came_from[k].1 } else { came_from[k].0 };
    }
    // Ventricular flutter and noise have no conducted beats; a few beats are no episode.
    let mut from = 0;
    while from < n {
        let to = (from..n).find(|k| out[*k] != out[from]).unwrap_or(n);
        let conducted = (from..to).filter(|k| other(*k)).count();
        if out[from] && (conducted < LEAST_BEATS || 2 * conducted < to - from) {
            out[from..to].fill(false);
        }
        from = to;
    }
    out
}
