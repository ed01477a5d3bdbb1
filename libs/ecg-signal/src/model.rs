//! What an analysis returns. Every field that may be impossible to measure is an `Option`.

use serde::Serialize;

use crate::{
    critical::CriticalValue,
    lead::Lead,
    noise::{LeadNoise, NoiseClass},
    statement::Statement,
};

/// Whether a lead can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityStatus {
    Ok,
    Noisy,
    /// No signal: electrode off or short circuit.
    Flat,
    /// Not in the recording, or more than half of its samples missing.
    Missing,
}

/// Quality of one lead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeadQuality {
    pub lead: Lead,
    pub status: QualityStatus,
    /// Robust standard deviation of what is above 25 Hz between QRS complexes, µV.
    pub noise_uv: Option<f64>,
    /// Peak-to-peak of the slow baseline (below 0.5 Hz), µV.
    pub baseline_wander_uv: Option<f64>,
}

/// Origin of a beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BeatKind {
    /// The dominant rhythm of the recording, whatever its origin.
    Normal,
    Supraventricular,
    Ventricular,
    Paced,
    Unknown,
}

/// One QRS complex.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Beat {
    pub r_sample: usize,
    pub kind: BeatKind,
    /// Interval from the preceding beat; `None` for the first.
    pub rr_ms: Option<f64>,
    /// Belongs to the beats that the median was made from.
    pub in_median: bool,
}

/// Positions as sample index within the median beat.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Fiducials {
    pub p_on: Option<usize>,
    pub p_off: Option<usize>,
    pub qrs_on: Option<usize>,
    pub r: Option<usize>,
    pub qrs_off: Option<usize>,
    pub t_peak: Option<usize>,
    pub t_off: Option<usize>,
}

/// Median beat of the dominant shape, time-aligned over all leads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MedianBeats {
    /// That of the leads and fiducials here: in [`RestingAnalysis`] 500, whatever the recording's is.
    pub sample_rate_hz: f64,
    /// Number of beats that went in.
    pub beat_count: usize,
    /// µV, isoelectric level at QRS onset; all of equal length.
    pub leads: Vec<(Lead, Vec<f32>)>,
    pub fiducials: Fiducials,
}

/// Measurements over all leads.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct GlobalMeasurements {
    pub heart_rate_bpm: Option<f64>,
    pub rr_mean_ms: Option<f64>,
    pub rr_min_ms: Option<f64>,
    pub rr_max_ms: Option<f64>,
    /// Rate of the atria where it differs from that of the ventricles (flutter, third-degree block).
    pub atrial_rate_bpm: Option<f64>,
    pub p_duration_ms: Option<f64>,
    pub pr_ms: Option<f64>,
    pub qrs_ms: Option<f64>,
    pub qt_ms: Option<f64>,
    /// QT / sqrt(RR), RR in s.
    pub qtc_bazett_ms: Option<f64>,
    /// QT / cbrt(RR), RR in s.
    pub qtc_fridericia_ms: Option<f64>,
    /// QT + 154 (1 - RR), RR in s.
    pub qtc_framingham_ms: Option<f64>,
    /// QT + 1.75 (HR - 60).
    pub qtc_hodges_ms: Option<f64>,
    /// -180 < axis <= 180.
    pub p_axis_deg: Option<f64>,
    pub qrs_axis_deg: Option<f64>,
    pub t_axis_deg: Option<f64>,
    pub rv5_uv: Option<f64>,
    /// Depth of S in V1 as a positive number.
    pub sv1_uv: Option<f64>,
    pub rv5_sv1_uv: Option<f64>,
    /// R in aVL + S in V3 (Cornell voltage).
    pub cornell_uv: Option<f64>,
}

/// Measurements of one lead, from its median beat. Q and S amplitudes are negative, as drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeadMeasurements {
    pub lead: Lead,
    pub p_amplitude_uv: Option<f64>,
    pub q_amplitude_uv: Option<f64>,
    pub q_duration_ms: Option<f64>,
    pub r_amplitude_uv: Option<f64>,
    pub r_duration_ms: Option<f64>,
    pub s_amplitude_uv: Option<f64>,
    pub s_duration_ms: Option<f64>,
    pub r2_amplitude_uv: Option<f64>,
    pub r2_duration_ms: Option<f64>,
    pub s2_amplitude_uv: Option<f64>,
    /// From QRS onset to the tallest R peak.
    pub r_peak_time_ms: Option<f64>,
    /// Highest minus lowest value within the QRS complex.
    pub qrs_peak_to_peak_uv: Option<f64>,
    pub qrs_net_area_uv_ms: Option<f64>,
    pub t_amplitude_uv: Option<f64>,
    pub st_j_uv: Option<f64>,
    pub st_j40_uv: Option<f64>,
    pub st_j60_uv: Option<f64>,
    pub st_j80_uv: Option<f64>,
}

impl LeadMeasurements {
    /// With every height `factor` times as large.
    pub(crate) fn scaled(&self, factor: f64) -> Self {
        let by = |v: Option<f64>| v.map(|v| v * factor);
        Self {
            p_amplitude_uv: by(self.p_amplitude_uv),
            q_amplitude_uv: by(self.q_amplitude_uv),
            r_amplitude_uv: by(self.r_amplitude_uv),
            s_amplitude_uv: by(self.s_amplitude_uv),
            r2_amplitude_uv: by(self.r2_amplitude_uv),
            s2_amplitude_uv: by(self.s2_amplitude_uv),
            qrs_peak_to_peak_uv: by(self.qrs_peak_to_peak_uv),
            qrs_net_area_uv_ms: by(self.qrs_net_area_uv_ms),
            t_amplitude_uv: by(self.t_amplitude_uv),
            st_j_uv: by(self.st_j_uv),
            st_j40_uv: by(self.st_j40_uv),
            st_j60_uv: by(self.st_j60_uv),
            st_j80_uv: by(self.st_j80_uv),
            ..self.clone()
        }
    }

    pub(crate) fn empty(lead: Lead) -> Self {
        Self {
            lead,
            p_amplitude_uv: None,
            q_amplitude_uv: None,
            q_duration_ms: None,
            r_amplitude_uv: None,
            r_duration_ms: None,
            s_amplitude_uv: None,
            s_duration_ms: None,
            r2_amplitude_uv: None,
            r2_duration_ms: None,
            s2_amplitude_uv: None,
            r_peak_time_ms: None,
            qrs_peak_to_peak_uv: None,
            qrs_net_area_uv_ms: None,
            t_amplitude_uv: None,
            st_j_uv: None,
            st_j40_uv: None,
            st_j60_uv: None,
            st_j80_uv: None,
        }
    }
}

/// The whole analysis of one resting ECG.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RestingAnalysis {
    /// Name and version, to be kept in every report.
    pub algorithm: &'static str,
    /// Edition of the thresholds that the statements were judged by.
    pub criteria_edition: String,
    /// Twelve entries, in the customary order.
    pub quality: Vec<LeadQuality>,
    /// Noise of each lead of the median beat, and of the recording.
    pub noise: Vec<LeadNoise>,
    pub noise_class: NoiseClass,
    pub beats: Vec<Beat>,
    pub global: GlobalMeasurements,
    /// One entry per lead of the median beat.
    pub per_lead: Vec<LeadMeasurements>,
    pub median: MedianBeats,
    /// Rhythm first, then conduction, shape and quality.
    pub statements: Vec<Statement>,
    /// Critical values met, by the rules of the criteria table.
    pub critical: Vec<CriticalValue>,
}
