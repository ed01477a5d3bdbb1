//! Leads, signals and the subject.

use serde::{Deserialize, Serialize};

use crate::error::AnalysisError;

/// One of the twelve standard leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the variants are the standard lead names")]
pub enum Lead {
    I,
    II,
    III,
    #[serde(rename = "aVR")]
    AVR,
    #[serde(rename = "aVL")]
    AVL,
    #[serde(rename = "aVF")]
    AVF,
    V1,
    V2,
    V3,
    V4,
    V5,
    V6,
}

impl Lead {
    /// All twelve in the customary order.
    pub const ALL: [Lead; 12] = [
        Self::I,
        Self::II,
        Self::III,
        Self::AVR,
        Self::AVL,
        Self::AVF,
        Self::V1,
        Self::V2,
        Self::V3,
        Self::V4,
        Self::V5,
        Self::V6,
    ];
    pub const LIMB: [Lead; 6] = [Self::I, Self::II, Self::III, Self::AVR, Self::AVL, Self::AVF];
    pub const CHEST: [Lead; 6] = [Self::V1, Self::V2, Self::V3, Self::V4, Self::V5, Self::V6];

    /// The label as printed: `I`, `aVR`, `V1`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::I => "I",
            Self::II => "II",
            Self::III => "III",
            Self::AVR => "aVR",
            Self::AVL => "aVL",
            Self::AVF => "aVF",
            Self::V1 => "V1",
            Self::V2 => "V2",
            Self::V3 => "V3",
            Self::V4 => "V4",
            Self::V5 => "V5",
            Self::V6 => "V6",
        }
    }

    /// Reads a label in any case, with an optional `Lead ` or `MDC_ECG_LEAD_` prefix. `MLII` is not a
    /// standard lead and gives `None`.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        let upper = label.trim().to_ascii_uppercase();
        let bare = upper
            .strip_prefix("MDC_ECG_LEAD_")
            .or_else(|| upper.strip_prefix("LEAD_"))
            .or_else(|| upper.strip_prefix("LEAD "))
            .unwrap_or(&upper)
            .trim();
        Self::ALL.into_iter().find(|lead| lead.label().eq_ignore_ascii_case(bare))
    }

    /// True for I, II, III, aVR, aVL, aVF.
    #[must_use]
    pub fn is_limb(self) -> bool {
        Self::LIMB.contains(&self)
    }

    pub(crate) fn index(self) -> usize {
        Self::ALL.iter().position(|lead| *lead == self).unwrap_or(0)
    }
}

/// Simultaneously sampled leads in µV; NaN marks a missing sample; all leads have equal length.
#[derive(Debug, Clone)]
pub struct Signal<'a> {
    pub sample_rate_hz: f64,
    pub leads: Vec<(Lead, &'a [f32])>,
}

impl Signal<'_> {
    /// Samples of each lead.
    #[must_use]
    pub fn len(&self) -> usize {
        self.leads.first().map_or(0, |(_, samples)| samples.len())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Duration in seconds.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        self.len() as f64 / self.sample_rate_hz
    }

    pub(crate) fn check(&self) -> Result<(), AnalysisError> {
        if self.leads.is_empty() {
            return Err(AnalysisError::NoLeads);
        }
        if !(100.0..=4000.0).contains(&self.sample_rate_hz) {
            return Err(AnalysisError::SampleRate { sample_rate_hz: self.sample_rate_hz });
        }
        let expected = self.len();
        let mut seen = Vec::new();
        for (lead, samples) in &self.leads {
            if samples.len() != expected {
                return Err(AnalysisError::UnequalLength { lead: *lead, expected, found: samples.len() });
            }
            if seen.contains(lead) {
                return Err(AnalysisError::DuplicateLead { lead: *lead });
            }
            seen.push(*lead);
        }
        let duration_s = self.duration_s();
        if !(2.0..=300.0).contains(&duration_s) {
            return Err(AnalysisError::Duration { duration_s });
        }
        Ok(())
    }
}

/// Sex as far as reference limits depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Female,
    Male,
}

/// The person the ECG was taken from. Unknown values make limits fall back to the adult, or to the wider one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    pub age_years: Option<f64>,
    pub sex: Option<Sex>,
}
