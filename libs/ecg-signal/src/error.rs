//! Why a signal could not be analysed at all. Poor quality is not an error: it is a statement.

use crate::lead::Lead;

/// Reasons to refuse a signal.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    #[error("the signal has no leads")]
    NoLeads,
    #[error("sampling rate {sample_rate_hz} Hz is outside 100..=4000 Hz")]
    SampleRate { sample_rate_hz: f64 },
    #[error("lead {} has {found} samples where the first lead has {expected}", lead.label())]
    UnequalLength { lead: Lead, expected: usize, found: usize },
    #[error("lead {} is given twice", lead.label())]
    DuplicateLead { lead: Lead },
    #[error(
        "the signal lasts {duration_s:.1} s; at least 2 s are needed and at most 300 s are analysed as resting"
    )]
    Duration { duration_s: f64 },
}

impl AnalysisError {
    /// Stable snake_case code for translation.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoLeads => "ecg_no_leads",
            Self::SampleRate { .. } => "ecg_sample_rate",
            Self::UnequalLength { .. } => "ecg_unequal_length",
            Self::DuplicateLead { .. } => "ecg_duplicate_lead",
            Self::Duration { .. } => "ecg_duration",
        }
    }
}
