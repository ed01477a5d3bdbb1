//! Synthetic 12-lead ECGs for demonstration, teaching and structural tests.
//!
//! Model: a heart dipole in three dimensions whose loops are sums of Gaussian waves (after McSharry et al.,
//! IEEE Trans Biomed Eng 2003;50:289, and Sameni et al., EURASIP J Adv Signal Process 2007:043407), projected
//! on the leads with Dower's coefficients (Dower et al., J Electrocardiol 1980;13:201). Noise and wander arise
//! at the electrodes, so Einthoven's and Goldberger's relations hold exactly in every sample.
//!
//! Invariants: the same specification gives the same samples; no lead holds a NaN.
//! Absent: real recordings' full variety. Never use synthetic signals to claim accuracy.

mod morphology;
mod render;
mod rng;
mod schedule;

use serde::{Deserialize, Serialize};

use crate::{
    lead::{Lead, Sex, Subject},
    model::BeatKind,
};

/// What the synthesizer can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SynthRhythm {
    Sinus,
    SinusBradycardia,
    SinusTachycardia,
    SinusArrhythmia,
    AtrialFibrillation,
    AtrialFlutter,
    AtrialPrematureBeats,
    VentricularPrematureBeats,
    VentricularBigeminy,
    FirstDegreeBlock,
    MobitzOne,
    ThirdDegreeBlock,
    LeftBundleBranchBlock,
    RightBundleBranchBlock,
    AnteriorStemi,
    InferiorStemi,
    LeftVentricularHypertrophy,
    LowVoltage,
    LongQt,
    PacedVvi,
    PacedDdd,
    PreExcitation,
    /// Sinus rhythm under muscle noise and wander, one chest lead off.
    NoisyLeadOff,
}

impl SynthRhythm {
    /// Every rhythm, for lists and tests.
    pub const ALL: [SynthRhythm; 23] = [
        Self::Sinus,
        Self::SinusBradycardia,
        Self::SinusTachycardia,
        Self::SinusArrhythmia,
        Self::AtrialFibrillation,
        Self::AtrialFlutter,
        Self::AtrialPrematureBeats,
        Self::VentricularPrematureBeats,
        Self::VentricularBigeminy,
        Self::FirstDegreeBlock,
        Self::MobitzOne,
        Self::ThirdDegreeBlock,
        Self::LeftBundleBranchBlock,
        Self::RightBundleBranchBlock,
        Self::AnteriorStemi,
        Self::InferiorStemi,
        Self::LeftVentricularHypertrophy,
        Self::LowVoltage,
        Self::LongQt,
        Self::PacedVvi,
        Self::PacedDdd,
        Self::PreExcitation,
        Self::NoisyLeadOff,
    ];
}

/// What to synthesize. [`SynthSpec::new`] draws plausible values; every field may then be set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SynthSpec {
    pub rhythm: SynthRhythm,
    /// Mean ventricular rate.
    pub heart_rate_bpm: f64,
    pub seed: u64,
    /// From 100 to 4000.
    pub sample_rate_hz: f64,
    /// From 2 to 3600.
    pub duration_s: f64,
    /// Standard deviation of muscle noise in a lead.
    pub noise_uv: f64,
    /// Peak-to-peak of baseline wander in a lead, roughly.
    pub baseline_wander_uv: f64,
    /// Frontal QRS axis aimed at for the normal QRS; bundle branch blocks and paced beats keep their own.
    pub qrs_axis_deg: f64,
    /// 1 for an ordinary adult.
    pub amplitude: f64,
    pub subject: Subject,
}

impl SynthSpec {
    /// A specification with rate, axis, amplitude, age and sex drawn from `seed` within what suits the rhythm;
    /// 10 s at 500 Hz.
    #[must_use]
    pub fn new(rhythm: SynthRhythm, seed: u64) -> Self {
        let mut rng = rng::Rng::new(seed ^ 0x7469_616e_6d75);
        let sex = if rng.uniform() < 0.5 { Sex::Female } else { Sex::Male };
        let age_years = (rng.between(28.0, 82.0)).round();
        let (low, high) = match rhythm {
            SynthRhythm::SinusBradycardia => (44.0, 56.0),
            SynthRhythm::SinusTachycardia => (106.0, 132.0),
            SynthRhythm::AtrialFibrillation => (64.0, 128.0),
            SynthRhythm::AtrialFlutter => (72.0, 150.0),
            SynthRhythm::ThirdDegreeBlock => (34.0, 44.0),
            SynthRhythm::MobitzOne => (52.0, 68.0),
            SynthRhythm::AnteriorStemi => (72.0, 98.0),
            SynthRhythm::InferiorStemi => (52.0, 80.0),
            SynthRhythm::LongQt => (58.0, 72.0),
            SynthRhythm::PacedVvi | SynthRhythm::PacedDdd => (60.0, 70.0),
            _ => (62.0, 86.0),
        };
        let lean = if age_years > 40.0 { (age_years - 40.0) * 0.5 } else { 0.0 };
        let noisy = rhythm == SynthRhythm::NoisyLeadOff;
        Self {
            rhythm,
            heart_rate_bpm: rng.between(low, high),
            seed,
            sample_rate_hz: 500.0,
            duration_s: 10.0,
            noise_uv: if noisy { 70.0 } else { rng.between(4.0, 10.0) },
            baseline_wander_uv: if noisy { 700.0 } else { rng.between(30.0, 110.0) },
            qrs_axis_deg: (rng.between(35.0, 75.0) - lean).max(-15.0),
            amplitude: rng.between(0.85, 1.15) * if sex == Sex::Female { 0.92 } else { 1.0 },
            subject: Subject { age_years: Some(age_years), sex: Some(sex) },
        }
    }
}

/// One beat as it was put in. Limits lie 2.5 standard deviations outside the outermost Gaussian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TruthBeat {
    pub r_sample: usize,
    pub kind: BeatKind,
    pub p_on: Option<usize>,
    pub p_off: Option<usize>,
    pub qrs_on: usize,
    pub qrs_off: usize,
    pub t_peak: usize,
    pub t_off: usize,
}

/// What was put in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SynthTruth {
    /// Beats whose QRS lies wholly within the recording.
    pub beats: Vec<TruthBeat>,
    /// Peaks of all P waves, also those that are not conducted.
    pub p_peaks: Vec<usize>,
}

/// A synthetic recording: twelve leads in µV and its truth.
#[derive(Debug, Clone, PartialEq)]
pub struct SynthEcg {
    pub sample_rate_hz: f64,
    pub leads: Vec<(Lead, Vec<f32>)>,
    pub truth: SynthTruth,
}

/// Synthesizes. Rates and durations outside the stated ranges are brought to the nearest limit.
#[must_use]
pub fn synthesize(spec: &SynthSpec) -> SynthEcg {
    let mut spec = spec.clone();
    spec.sample_rate_hz = spec.sample_rate_hz.clamp(100.0, 4000.0);
    spec.duration_s = spec.duration_s.clamp(2.0, 3600.0);
    spec.heart_rate_bpm = spec.heart_rate_bpm.clamp(20.0, 240.0);
    let events = schedule::schedule(&spec);
    render::render(&spec, &events)
}
