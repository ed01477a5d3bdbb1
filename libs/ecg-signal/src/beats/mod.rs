//! Beat classes after AAMI (ANSI/AAMI EC57): normal, supraventricular ectopic, ventricular ectopic.
//!
//! Each beat is described by its intervals against the local rhythm, by its likeness to the families of beats
//! that the record itself shows (QRS, P and T, all leads together), and by its widths; boosted trees turn that
//! into a class. Nothing depends on polarity, amplitude, order of the leads or sample rate. Trained on MIT-BIH DS1
//! alone (`training/beats.py`); figures in docs/accuracy.md. Fusion beats are not told apart, and paced beats
//! count as normal.
//!
//! [`BeatStream`] is the streaming form and [`classify_beats`] the same code run over a whole recording: the
//! classes are equal. A beat is judged when [`DELAY_BEATS`] more have been seen; the first only after
//! [`LEARNING_BEATS`].

mod engine;
mod intervals;
mod shape;
mod st;

use std::sync::LazyLock;

use serde::Serialize;

use crate::stream::append;
use crate::trees::Trees;
use engine::{Described, Engine};
use shape::Cutter;
pub(crate) use st::StTrend;

/// Beats that must follow before the streaming form judges one.
pub const DELAY_BEATS: usize = engine::AHEAD;
/// Beats that the streaming form collects before it judges the first.
pub const LEARNING_BEATS: usize = engine::LEARN;
/// Numbers that describe one beat.
pub const FEATURES: usize = engine::FEATURES;

static WEIGHTS: LazyLock<Option<Trees>> =
    LazyLock::new(|| Trees::parse(include_bytes!("weights.bin"), engine::FEATURES));

/// Class of a beat after AAMI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BeatClass {
    /// Sinus, bundle branch block, paced, escape of the dominant shape.
    Normal,
    /// Early beat from above the ventricles.
    Supraventricular,
    Ventricular,
}

impl BeatClass {
    /// The WFDB annotation mnemonic: `N`, `S`, `V`.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Normal => "N",
            Self::Supraventricular => "S",
            Self::Ventricular => "V",
        }
    }
}

/// A beat with its class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClassifiedBeat {
    /// Sample of the R peak, as it was given.
    pub sample: usize,
    pub class: BeatClass,
    /// Probability of the class after the model, 0 to 1.
    pub confidence: f32,
    /// Likeness of the P wave to that of the dominant beats, -1 to 1; about 0 in atrial fibrillation.
    pub p_likeness: f32,
}

/// Classifies beats.
///
/// `leads`: equally long slices in any unit, NaN for missing; `beats`: ascending sample indices, as
/// [`crate::detect::detect_qrs`] gives them. One entry for each beat within the signal, in order.
#[must_use]
pub fn classify_beats(leads: &[&[f32]], sample_rate_hz: f64, beats: &[usize]) -> Vec<ClassifiedBeat> {
    let mut out = Vec::with_capacity(beats.len());
    each_beat(leads, sample_rate_hz, beats, |engine, beat| out.push(decide(engine, &beat)));
    out
}

/// What the classifier sees of each beat, with the beat's family; for training.
#[must_use]
pub fn beat_features(
    leads: &[&[f32]],
    sample_rate_hz: f64,
    beats: &[usize],
) -> Vec<(usize, u32, [f32; FEATURES])> {
    let mut out = Vec::with_capacity(beats.len());
    each_beat(leads, sample_rate_hz, beats, |_, beat| out.push((beat.at, beat.family, beat.features)));
    out
}

/// Hands over beat by beat: the features of a day are 26 MB, which nobody but the training wants all at once.
fn each_beat(
    leads: &[&[f32]],
    sample_rate_hz: f64,
    beats: &[usize],
    mut take: impl FnMut(&mut Engine, Described),
) {
    let len = leads.iter().map(|x| x.len()).min().unwrap_or(0);
    let mut engine = Engine::new(sample_rate_hz);
    let cutter = Cutter::new(sample_rate_hz);
    for at in beats.iter().copied().filter(|at| *at < len) {
        let ready = engine.push(at, cutter.cut(leads, at));
        ready.into_iter().for_each(|beat| take(&mut engine, beat));
    }
    let rest = engine.finish();
    rest.into_iter().for_each(|beat| take(&mut engine, beat));
}

/// In fibrillation an early beat of the usual shape is none of its own.
fn decide(engine: &mut Engine, beat: &Described) -> ClassifiedBeat {
    let odds = |k: usize| WEIGHTS.as_ref().and_then(|w| w.score(k, &beat.features)).unwrap_or(-1.0);
    let probability = |x: f32| 1.0 / (1.0 + (-x).exp());
    let (supraventricular, ventricular) = (odds(0), engine.settle(beat.family, odds(1)));
    let fibrillation = beat.features[engine::FIBRILLATION] > 0.0;
    let (class, confidence) = if ventricular > 0.0 {
        (BeatClass::Ventricular, probability(ventricular))
    } else if supraventricular > 0.0 && !fibrillation {
        (BeatClass::Supraventricular, probability(supraventricular))
    } else {
        let against = if fibrillation { ventricular } else { supraventricular.max(ventricular) };
        (BeatClass::Normal, probability(-against))
    };
    ClassifiedBeat { sample: beat.at, class, confidence, p_likeness: beat.features[engine::P_LIKENESS] }
}

/// The streaming form: takes signal and beats as they come.
///
/// Beats need [`BeatStream::tail_samples`] of signal after them before they are looked at, then
/// [`DELAY_BEATS`] following beats: together about 8 s at 60 a minute after the learning time.
#[derive(Debug, Clone)]
pub struct BeatStream {
    fs: f64,
    engine: Engine,
    cutter: Cutter,
    /// Signal kept, and the index of its first sample in the stream.
    kept: Vec<Vec<f32>>,
    first: usize,
    waiting: std::collections::VecDeque<usize>,
}

impl BeatStream {
    /// For `lead_count` leads sampled at `sample_rate_hz`.
    #[must_use]
    pub fn new(lead_count: usize, sample_rate_hz: f64) -> Self {
        Self {
            fs: sample_rate_hz,
            engine: Engine::new(sample_rate_hz),
            cutter: Cutter::new(sample_rate_hz),
            kept: vec![Vec::new(); lead_count],
            first: 0,
            waiting: std::collections::VecDeque::new(),
        }
    }

    /// Signal that must follow a beat, samples.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
    pub fn tail_samples(&self) -> usize {
        (shape::TAIL_S * self.fs).ceil() as usize
    }

    /// Appends signal (one slice for each lead, equally long) and beats found since, as ascending sample indices
    /// of the whole stream. A beat may come up to 18 s after its signal.
    pub fn push(&mut self, leads: &[&[f32]], beats: &[usize]) -> Vec<ClassifiedBeat> {
        append(&mut self.kept, leads);
        self.waiting.extend(beats);
        let end = self.first + self.kept.first().map_or(0, Vec::len);
        let tail = self.tail_samples();
        let mut out = Vec::new();
        while self.waiting.front().is_some_and(|at| at + tail < end) {
            out.extend(self.take());
        }
        // Far more is kept than a cut needs: the detector may report late.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number")]
        let keep = (20.0 * self.fs) as usize;
        let length = end - self.first;
        if length > 2 * keep {
            let drop = self
                .waiting
                .front()
                .map_or(length - keep, |at| (length - keep).min(at.saturating_sub(self.first + keep)));
            for kept in &mut self.kept {
                kept.drain(..drop);
            }
            self.first += drop;
        }
        out
    }

    /// Ends the stream: judges the beats that are left.
    #[must_use]
    pub fn finish(mut self) -> Vec<ClassifiedBeat> {
        let mut out = Vec::new();
        while !self.waiting.is_empty() {
            out.extend(self.take());
        }
        let rest = self.engine.finish();
        out.extend(rest.iter().map(|beat| decide(&mut self.engine, beat)));
        out
    }

    fn take(&mut self) -> Vec<ClassifiedBeat> {
        let Some(at) = self.waiting.pop_front() else { return Vec::new() };
        let end = self.first + self.kept.first().map_or(0, Vec::len);
        if at < self.first || at >= end {
            return Vec::new();
        }
        let leads: Vec<&[f32]> = self.kept.iter().map(Vec::as_slice).collect();
        let shape = self.cutter.cut(&leads, at - self.first);
        let ready = self.engine.push(at, shape);
        ready.iter().map(|beat| decide(&mut self.engine, beat)).collect()
    }
}
