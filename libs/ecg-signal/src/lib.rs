//! ECG signal analysis for resting 12-lead recordings and for long recordings of one or more leads.
//!
//! Purpose: from samples in microvolts to beats, median beats, measurements and statements that state
//! their grounds. Start reading at [`analyze_resting`] (`resting.rs`), which names every step in order:
//! quality, QRS detection (`detect`), beat grouping and median beats (`median`), delineation
//! (`delineate`), measurements (`measure`), rhythm (`rhythm`), statements (`interpret`).
//!
//! For long recordings start at [`holter::analyze_holter`]: detection, classes of beats ([`beats`]), rhythm
//! [`episodes`], variability ([`hrv`]), [`turbulence`]. For a signal that is still coming: [`stream`] and [`filter::FilterStream`].
//!
//! Invariants:
//! - Pure functions: no I/O, no clock, no randomness except from a given seed ([`synth`]).
//! - Amplitudes are microvolts, durations milliseconds, positions sample indices of the input signal.
//! - A missing sample is NaN. A value that could not be measured is `None`, never zero.
//! - No P wave is claimed while the rhythm is atrial fibrillation or flutter.
//! - Thresholds come from [`Criteria`] alone; each carries its source and review date.
//!
//! Absent on purpose: file formats (crate `ecg-format`).
//! The statements are an aid to a physician, who confirms every report.

mod atrial;
pub mod beats;
mod biquad;
mod candidates;
pub mod criteria;
mod critical;
mod delineate;
pub mod detect;
mod dsp;
pub mod episodes;
mod error;
pub mod filter;
pub mod holter;
pub mod hrv;
mod interpret;
mod interpret_shape;
mod lead;
mod measure;
mod median;
mod model;
mod network;
mod noise;
mod norm;
mod p_train;
mod pacing;
mod phrases;
mod placement;
mod plausible;
mod quality;
mod refine;
mod resting;
mod rhythm;
mod sequence;
mod statement;
pub mod stream;
pub mod synth;
mod trees;
pub mod turbulence;
mod waves;

pub use criteria::{Criteria, CriteriaError, Key, Threshold};
pub use critical::{Condition, CriticalRule, CriticalValue};
pub use error::AnalysisError;
pub use lead::{Lead, Sex, Signal, Subject};
pub use measure::{framingham_qtc_ms, frontal_axis_deg};
pub use model::{
    Beat, BeatKind, Fiducials, GlobalMeasurements, LeadMeasurements, LeadQuality, MedianBeats, QualityStatus,
    RestingAnalysis,
};
pub use noise::{LeadNoise, NoiseClass};
pub use resting::{ALGORITHM, analyze_resting};
pub use statement::{Certainty, Ground, Severity, Statement};
pub use waves::{BeatWaves, LeadWaves, Limit, Wave, delineate_leads};
#[doc(hidden)]
pub use waves::{TrainingRow, training_rows, training_step};
