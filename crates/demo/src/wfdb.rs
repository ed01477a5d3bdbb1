//! Synthetic recordings as files: a WFDB header and its 16-bit samples, as an acquisition box would leave them.
//!
//! Source: WFDB Applications Guide, header(5) and signal(5): format 16 is little-endian two's complement, one sample of each
//! signal after the other; the checksum is the 16-bit sum of a signal's samples.

use ecg_signal::Sex;
use ecg_signal::synth::{SynthEcg, SynthSpec, synthesize};
use std::fmt::Write as _;

/// A file to upload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Synthesizes `spec` and writes it as record `name`: letters, digits and underscores. `started` is the device's local time
/// as `HH:MM:SS DD/MM/YYYY`. Resolution: 1 µV.
pub fn record(spec: &SynthSpec, name: &str, started: &str) -> [File; 2] {
    let ecg = synthesize(spec);
    let signals: Vec<Vec<i16>> =
        ecg.leads.iter().map(|(_, samples)| samples.iter().map(|uv| to_units(*uv)).collect()).collect();
    let length = signals.iter().map(Vec::len).min().unwrap_or(0);
    let mut bytes = Vec::with_capacity(length * signals.len() * 2);
    for index in 0..length {
        for signal in &signals {
            bytes.extend(signal.get(index).copied().unwrap_or_default().to_le_bytes());
        }
    }
    let header = header(&ecg, spec, &signals, length, name, started);
    [
        File { name: format!("{name}.hea"), bytes: header.into_bytes() },
        File { name: format!("{name}.dat"), bytes },
    ]
}

fn header(
    ecg: &SynthEcg,
    spec: &SynthSpec,
    signals: &[Vec<i16>],
    length: usize,
    name: &str,
    started: &str,
) -> String {
    let mut text = format!("{name} {} {} {length} {started}\n", signals.len(), ecg.sample_rate_hz);
    for ((lead, _), signal) in ecg.leads.iter().zip(signals) {
        let first = signal.first().copied().unwrap_or_default();
        let checksum = signal.iter().take(length).fold(0_i16, |sum, sample| sum.wrapping_add(*sample));
        let _ = writeln!(text, "{name}.dat 16 1000(0)/mV 16 0 {first} {checksum} 0 {}", lead.label());
    }
    let age = spec.subject.age_years.map_or_else(|| "unknown".to_owned(), |age| format!("{age:.0}"));
    let sex = match spec.subject.sex {
        Some(Sex::Male) => "M",
        Some(Sex::Female) => "F",
        None => "unknown",
    };
    let _ = writeln!(text, "#Age: {age}\n#Sex: {sex}");
    text
}

/// µV as ADC units; beyond the range of the format the signal is clipped, as a real converter clips.
fn to_units(uv: f32) -> i16 {
    let clipped = uv.clamp(f32::from(-i16::MAX), f32::from(i16::MAX)).round();
    // Exact: the value is an integer within the range of the type.
    #[allow(clippy::cast_possible_truncation)]
    let units = clipped as i16;
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecg_format::SourceFile;
    use ecg_signal::synth::SynthRhythm;

    #[test]
    fn the_program_reads_back_what_was_synthesized() {
        let spec = SynthSpec::new(SynthRhythm::AnteriorStemi, 7);
        let files = record(&spec, "T001", "08:30:00 22/11/2026");
        let sources: Vec<SourceFile<'_>> =
            files.iter().map(|f| SourceFile { name: &f.name, bytes: &f.bytes }).collect();
        let read = ecg_format::read(&sources).unwrap();
        assert!(read.warnings.is_empty(), "{:?}", read.warnings);
        assert_eq!(read.patient.age_years, spec.subject.age_years);
        let ecg = synthesize(&spec);
        assert_eq!(read.leads.len(), 12);
        for (lead, (label, samples)) in read.leads.iter().zip(&ecg.leads) {
            assert_eq!(lead.label, label.label());
            assert_eq!(lead.samples_uv.len(), samples.len());
            for (read, put) in lead.samples_uv.iter().zip(samples) {
                assert!((read - put).abs() <= 0.5, "{read} {put}");
            }
        }
    }
}
