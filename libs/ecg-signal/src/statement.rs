//! Statements: what is said, how certain, how serious, on what grounds.

use serde::{Deserialize, Serialize};

use crate::lead::Lead;

/// How sure the program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    Possible,
    Probable,
    Definite,
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Normal,
    Borderline,
    Abnormal,
    Critical,
}

/// One measured value that a statement rests on, beside the criterion that it met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ground {
    /// Name of the measurement, e.g. `heart_rate`, `pr`, `st_j`.
    pub measurement: &'static str,
    pub lead: Option<Lead>,
    pub value: f64,
    pub unit: &'static str,
    /// Readable criterion, e.g. `< 60 bpm`.
    pub criterion: String,
    /// Where the criterion comes from.
    pub source: String,
}

/// One interpretive statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// Stable own code, e.g. `sinus_rhythm`.
    pub code: &'static str,
    /// SNOMED CT concept, where one fits.
    pub snomed: Option<&'static str>,
    pub text_zh: String,
    pub text_en: String,
    pub certainty: Certainty,
    pub severity: Severity,
    pub leads: Vec<Lead>,
    pub grounds: Vec<Ground>,
}
