//! Writes recordings in exchange formats: WFDB, SCP-ECG, HL7 aECG, DICOM, EDF+ and CSV.
//!
//! Samples are written as whole units of the lead's own resolution where the format can say so, so that reading
//! back gives the same physical values. Where it cannot (SCP-ECG has whole nanovolts, EDF extremes of eight
//! characters, both and WFDB 16 bits), they are written at the finest resolution that the format has for their
//! range, and reading back differs by at most half a unit of that. Anything else that a format cannot hold is an
//! error; each function says what it leaves out.

mod aecg;
mod dicom;
mod edf;
mod scp;
mod wfdb;

use std::fmt;
use std::fmt::Write as _;

use crate::compact::exact_unit;
use crate::model::{Lead, Recording};
use crate::num::{self, from_usize};

pub use aecg::aecg;
pub use dicom::{DicomIds, dicom};
pub use edf::edf;
pub use scp::scp;
pub use wfdb::{SignalFormat, wfdb};

/// One file of what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// File name without folder.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Why a recording cannot be written in a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteError {
    /// Stable code: `too_long`, `too_many_leads`, `rate_not_expressible`, `bad_name`, `value_out_of_range`.
    pub code: &'static str,
    /// Explanation in English.
    pub detail: String,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for WriteError {}

pub(crate) fn refuse(code: &'static str, detail: impl Into<String>) -> WriteError {
    WriteError { code, detail: detail.into() }
}

/// A lead in whole units.
pub(crate) struct Digital {
    pub(crate) unit_uv: f64,
    /// `None` where missing.
    pub(crate) samples: Vec<Option<i32>>,
}

/// Quantises a lead so that every value is at most `limit` units; exact where the resolution allows it.
pub(crate) fn digitise(lead: &Lead, limit: i32) -> Digital {
    let bound = f64::from(limit);
    let unit_uv = exact_unit(lead, bound).unwrap_or_else(|| (peak_uv(lead) / bound).max(f64::MIN_POSITIVE));
    quantise(lead, unit_uv)
}

/// Quantises a lead by a unit that is not its own, to the nearest whole unit.
pub(crate) fn quantise(lead: &Lead, unit_uv: f64) -> Digital {
    let samples = lead
        .samples_uv
        .iter()
        .map(|v| if v.is_finite() { num::round_i32(f64::from(*v) / unit_uv) } else { None })
        .collect();
    Digital { unit_uv, samples }
}

/// The largest finite magnitude, in microvolts.
pub(crate) fn peak_uv(lead: &Lead) -> f64 {
    lead.samples_uv.iter().filter(|v| v.is_finite()).fold(0.0f64, |peak, v| peak.max(f64::from(v.abs())))
}

/// Comma-separated values: a header line with lead names, then the time in seconds and microvolts for each
/// sample; a missing sample is an empty field. Only the samples are written.
#[must_use]
pub fn csv(recording: &Recording) -> Vec<u8> {
    let mut out = String::from("time_s");
    for lead in &recording.leads {
        let quoted = lead.label.contains([',', '"', '\n']);
        out.push(',');
        if quoted {
            let _never_fails = write!(out, "\"{}\"", lead.label.replace('"', "\"\""));
        } else {
            out.push_str(&lead.label);
        }
    }
    out.push('\n');
    for index in 0..recording.sample_count() {
        let _never_fails = write!(out, "{}", from_usize(index) / recording.sample_rate_hz);
        for lead in &recording.leads {
            out.push(',');
            if let Some(value) = lead.samples_uv.get(index).filter(|v| v.is_finite()) {
                let _never_fails = write!(out, "{value}");
            }
        }
        out.push('\n');
    }
    out.into_bytes()
}
