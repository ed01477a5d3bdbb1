//! What regions may change without changing the program: turn-around limits, phrases, interpretation thresholds.

use crate::model::Urgency;
use kernel::{Error, Result};
use serde::Deserialize;
use std::time::Duration;

/// Turn-around limits and the length of a claim.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turnaround {
    #[allow(dead_code, reason = "read so that limits without an edition are refused")]
    edition: String,
    stat_min: u64,
    urgent_min: u64,
    routine_min: u64,
    claim_min: u64,
}

impl Turnaround {
    pub fn builtin() -> Result<Self> {
        toml::from_str(include_str!("../../../definitions/ecg/turnaround.toml"))
            .map_err(|e| Error::internal(format!("definitions/ecg/turnaround.toml: {e}")))
    }

    /// From submission to the published report.
    pub fn limit(&self, urgency: Urgency) -> Duration {
        let minutes = match urgency {
            Urgency::Stat => self.stat_min,
            Urgency::Urgent => self.urgent_min,
            Urgency::Routine => self.routine_min,
        };
        Duration::from_secs(minutes * 60)
    }

    /// How long a claim lasts after the last save.
    pub fn claim(&self) -> Duration {
        Duration::from_secs(self.claim_min * 60)
    }
}

/// A group of phrases.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseGroup {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub phrases: Vec<Phrase>,
}

/// A phrase of the shared library.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    pub text_zh: String,
    pub text_en: String,
    pub abnormal: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Library {
    #[allow(dead_code, reason = "read so that a library without an edition is refused")]
    edition: String,
    group: Vec<PhraseGroup>,
}

/// The shared phrase library.
pub fn phrases() -> Result<Vec<PhraseGroup>> {
    let library: Library = toml::from_str(include_str!("../../../definitions/ecg/phrases.toml"))
        .map_err(|e| Error::internal(format!("definitions/ecg/phrases.toml: {e}")))?;
    Ok(library.group)
}
