//! Contec ECG90A files.
//!
//! 43 bytes of header (case number at 0, "YYYY-MM-DD hh:mm:ss" at 10, name at 32, sex at 40, age at 41, weight at
//! 42), samples, 37 bytes of trailer. Each sample is eight 16-bit words around 2048 at 800 Hz: II, III, V1 to
//! V6, 5 µV a unit; 0x6800 means that the electrode was off. I, aVR, aVL and aVF are computed.

use crate::bytes::i16s;
use crate::error::ReadError;
use crate::model::{Format, Lead, Recording, Sex};
use crate::num::to_f32;
use crate::text;
use crate::time::LocalDateTime;

const HEADER: usize = 43;
const TRAILER: usize = 37;
const CHANNELS: usize = 8;
const SAMPLE_RATE_HZ: f64 = 800.0;
const RESOLUTION_UV: f64 = 5.0;
const ZERO: i16 = 2_048;
const OFF: i16 = 0x6800;
const LABELS: [&str; CHANNELS] = ["II", "III", "V1", "V2", "V3", "V4", "V5", "V6"];

/// A zero-terminated number, a date at byte 10, and samples in the converter's range after the header.
pub(crate) fn is_contec(bytes: &[u8]) -> bool {
    let digits = bytes.get(..8).is_some_and(|b| {
        let end = b.iter().position(|c| *c == 0).unwrap_or(b.len());
        end > 0 && b.iter().take(end).all(u8::is_ascii_digit)
    });
    let samples = bytes
        .get(HEADER..HEADER + 2 * CHANNELS)
        .is_some_and(|b| i16s(b).all(|v| v == OFF || (0..4_096).contains(&v)));
    digits && samples && start(bytes).is_some()
}

fn start(bytes: &[u8]) -> Option<LocalDateTime> {
    LocalDateTime::parse(&text::field(bytes.get(10..30)?))
}

pub(crate) fn read(bytes: &[u8]) -> Result<Recording, ReadError> {
    let mut recording = Recording::new(Format::Contec, SAMPLE_RATE_HZ);
    recording.start = start(bytes);
    recording.patient.id = bytes.get(..8).and_then(text::optional_field);
    recording.patient.name = bytes.get(32..40).and_then(text::optional_field);
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    recording.patient.sex = match byte(40) {
        0 => Some(Sex::Female),
        1 => Some(Sex::Male),
        _ => None,
    };
    recording.patient.age_years = Some(f64::from(byte(41))).filter(|age| *age > 0.0 && *age <= 200.0);
    recording.patient.weight_kg = Some(f64::from(byte(42))).filter(|kg| *kg > 0.0);
    recording.device.manufacturer = Some("Contec".to_owned());
    let end = bytes.len().checked_sub(TRAILER).filter(|end| *end > HEADER);
    let body = end.and_then(|end| bytes.get(HEADER..end)).unwrap_or_default();
    if body.is_empty() || !body.len().is_multiple_of(2 * CHANNELS) {
        let detail = format!("{} bytes of samples are no whole number of rows", body.len());
        return Err(ReadError::truncated(bytes.len(), detail));
    }
    if bytes.get(bytes.len() - TRAILER..).is_some_and(|t| t.iter().filter(|b| **b != 0).count() > 8) {
        return Err(ReadError::truncated(bytes.len(), "the trailer is absent"));
    }
    for (index, label) in LABELS.iter().enumerate() {
        let samples_uv: Vec<f32> =
            i16s(body)
                .skip(index)
                .step_by(CHANNELS)
                .map(|v| {
                    if v == OFF { f32::NAN } else { to_f32(f64::from(v.wrapping_sub(ZERO)) * RESOLUTION_UV) }
                })
                .collect();
        if samples_uv.iter().all(|v| v.is_nan()) {
            recording.warn("lead_missing", format!("{label} was not connected"));
            continue;
        }
        recording.leads.push(Lead { label: (*label).to_owned(), samples_uv, resolution_uv: RESOLUTION_UV });
    }
    // I = II − III, from which the augmented leads follow.
    if let (Some(two), Some(three)) = (recording.lead("II"), recording.lead("III")) {
        let samples_uv = two.samples_uv.iter().zip(&three.samples_uv).map(|(ii, iii)| ii - iii).collect();
        recording.leads.insert(0, Lead { label: "I".to_owned(), samples_uv, resolution_uv: RESOLUTION_UV });
        recording.warn("lead_derived", "I was computed from II and III");
        recording.derive_missing_limb_leads();
    }
    Ok(recording)
}
