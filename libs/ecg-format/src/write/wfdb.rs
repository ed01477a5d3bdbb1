//! WFDB writer: header, one signal file, one annotation file for each annotator.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Digital, OutputFile, WriteError, digitise, refuse};
use crate::model::{Recording, Sex};
use crate::num::low_u16;
use crate::wfdb::{RawAnnotation, write_annotations};

/// How samples are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalFormat {
    /// 16-bit words.
    Format16,
    /// Two 12-bit samples in three bytes; values beyond ±2047 units are refused.
    Format212,
}

/// Writes a WFDB record. Left out: patient name and identifier, measurements, median beats, and
/// annotations whose symbol WFDB does not know.
///
/// # Errors
/// `bad_name` for a record name that WFDB does not allow, `value_out_of_range` for format 212.
pub fn wfdb(recording: &Recording, name: &str, format: SignalFormat) -> Result<Vec<OutputFile>, WriteError> {
    let valid = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if !valid {
        return Err(refuse("bad_name", format!("{name:?}: letters, digits, - and _ are allowed")));
    }
    let (limit, number, missing) = match format {
        SignalFormat::Format16 => (32_767, 16, -32_768),
        SignalFormat::Format212 => (2_047, 212, -2_048),
    };
    let digital: Vec<Digital> = recording.leads.iter().map(|lead| digitise(lead, limit)).collect();
    for (lead, digital) in recording.leads.iter().zip(&digital) {
        let ratio = digital.unit_uv / lead.resolution_uv;
        if format == SignalFormat::Format212 && ratio > 1.000_001 {
            return Err(refuse("value_out_of_range", format!("{} needs more than 12 bits", lead.label)));
        }
    }
    let mut header =
        format!("{name} {} {} {}", recording.leads.len(), recording.sample_rate_hz, recording.sample_count());
    if let Some(start) = recording.start {
        let date = start.date;
        let _never_fails = write!(
            header,
            " {:02}:{:02}:{:02}.{:03} {:02}/{:02}/{:04}",
            start.hour,
            start.minute,
            start.second,
            start.microsecond / 1_000,
            date.day,
            date.month,
            date.year
        );
    }
    header.push('\n');
    for (lead, digital) in recording.leads.iter().zip(&digital) {
        let stored = |sample: &Option<i32>| i64::from(sample.unwrap_or(missing));
        let sum: i64 = digital.samples.iter().map(stored).sum();
        let first = digital.samples.first().map_or(0, stored);
        let label = lead.label.replace(['\n', '\r'], " ");
        let _never_fails = writeln!(
            header,
            "{name}.dat {number} {}(0)/mV {} 0 {first} {} 0 {label}",
            1_000.0 / digital.unit_uv,
            if number == 212 { 12 } else { 16 },
            low_u16(sum).cast_signed(),
        );
    }
    if let Some(age) = recording.patient.age_years {
        let _never_fails = writeln!(header, "# Age: {age}");
    }
    if let Some(sex) = recording.patient.sex {
        let text = match sex {
            Sex::Male => "Male",
            Sex::Female => "Female",
            Sex::Other => "Other",
        };
        let _never_fails = writeln!(header, "# Sex: {text}");
    }
    let mut files = vec![
        OutputFile { name: format!("{name}.hea"), bytes: header.into_bytes() },
        OutputFile {
            name: format!("{name}.dat"),
            bytes: signal_file(&digital, recording.sample_count(), format, missing),
        },
    ];
    files.extend(annotation_files(recording, name));
    Ok(files)
}

fn signal_file(digital: &[Digital], count: usize, format: SignalFormat, missing: i32) -> Vec<u8> {
    let interleaved = (0..count).flat_map(|index| {
        digital.iter().map(move |d| d.samples.get(index).copied().flatten().unwrap_or(missing))
    });
    match format {
        SignalFormat::Format16 => {
            interleaved.flat_map(|v| i16::try_from(v).unwrap_or(i16::MIN).to_le_bytes()).collect()
        }
        SignalFormat::Format212 => {
            let mut out = Vec::new();
            let mut samples = interleaved;
            while let Some(first) = samples.next() {
                let second = samples.next();
                let [a0, a1, ..] = first.to_le_bytes();
                let [b0, b1, ..] = second.unwrap_or(0).to_le_bytes();
                out.extend([a0, (a1 & 0x0F) | (b1 << 4)]);
                // An odd last sample takes two bytes.
                if second.is_some() {
                    out.push(b0);
                }
            }
            out
        }
    }
}

fn annotation_files(recording: &Recording, name: &str) -> Vec<OutputFile> {
    let mut by_annotator: BTreeMap<&str, Vec<RawAnnotation>> = BTreeMap::new();
    for annotation in &recording.annotations {
        if let Some(raw) = RawAnnotation::from_annotation(annotation) {
            by_annotator.entry(annotation.annotator.as_str()).or_default().push(raw);
        }
    }
    by_annotator
        .into_iter()
        .map(|(annotator, list)| OutputFile {
            name: format!("{name}.{annotator}"),
            bytes: write_annotations(&list, None),
        })
        .collect()
}
