//! WFDB writer: header, signal files, one annotation file for each annotator.

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
    /// FLAC of 8 bits; values beyond ±127 units are refused.
    Format508,
    /// FLAC of 16 bits.
    Format516,
    /// FLAC of 24 bits.
    Format524,
}

impl SignalFormat {
    /// The number of the format in header files.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Self::Format16 => 16,
            Self::Format212 => 212,
            Self::Format508 => 508,
            Self::Format516 => 516,
            Self::Format524 => 524,
        }
    }

    /// Bits of a stored sample; the lowest value of that width means "missing".
    fn bits(self) -> u32 {
        match self {
            Self::Format16 | Self::Format516 => 16,
            Self::Format212 => 12,
            Self::Format508 => 8,
            Self::Format524 => 24,
        }
    }

    fn is_flac(self) -> bool {
        matches!(self, Self::Format508 | Self::Format516 | Self::Format524)
    }
}

/// A FLAC stream has at most eight channels, so more leads take several signal files.
const FLAC_CHANNELS: usize = 8;

/// Writes a WFDB record: `NAME.hea`, `NAME.dat` (in FLAC formats `NAME_1.dat` and so on for more than eight leads)
/// and `NAME.ANNOTATOR` for each annotator. Left out: patient name and identifier, measurements, median beats,
/// and annotations whose symbol WFDB does not know.
///
/// Where 16 or 24 bits cannot hold the lead at its own resolution, it is stored at the finest that fits, which the
/// gain of the header states.
///
/// # Errors
/// `bad_name` for a record name that WFDB does not allow, `value_out_of_range` where formats 212 and 508 would have
/// to give up resolution, `too_long` when the FLAC encoder refuses.
pub fn wfdb(recording: &Recording, name: &str, format: SignalFormat) -> Result<Vec<OutputFile>, WriteError> {
    let valid = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if !valid {
        return Err(refuse("bad_name", format!("{name:?}: letters, digits, - and _ are allowed")));
    }
    let number = format.number();
    let limit = (1i32 << (format.bits() - 1)) - 1;
    let missing = -limit - 1;
    let digital: Vec<Digital> = recording.leads.iter().map(|lead| digitise(lead, limit)).collect();
    for (lead, digital) in recording.leads.iter().zip(&digital) {
        let ratio = digital.unit_uv / lead.resolution_uv;
        if matches!(format, SignalFormat::Format212 | SignalFormat::Format508) && ratio > 1.000_001 {
            let detail = format!("{} needs more than {} bits", lead.label, format.bits());
            return Err(refuse("value_out_of_range", detail));
        }
    }
    let mut header =
        format!("{name} {} {} {}", recording.leads.len(), recording.sample_rate_hz, recording.sample_count());
    if let Some(start) = recording.start {
        let date = start.date;
        let _never_fails = write!(
            header,
            " {:02}:{:02}:{:02}.{} {:02}/{:02}/{:04}",
            start.hour,
            start.minute,
            start.second,
            match start.microsecond {
                us if us % 1_000 == 0 => format!("{:03}", us / 1_000),
                us => format!("{us:06}"),
            },
            date.day,
            date.month,
            date.year
        );
    }
    header.push('\n');
    let per_file = if format.is_flac() { FLAC_CHANNELS } else { usize::MAX };
    let groups: Vec<&[Digital]> =
        digital.chunks(digital.len().div_ceil(digital.len().div_ceil(per_file).max(1)).max(1)).collect();
    let file_name = |group: usize| match groups.len() {
        0 | 1 => format!("{name}.dat"),
        _ => format!("{name}_{}.dat", group + 1),
    };
    let file_of =
        groups.iter().enumerate().flat_map(|(group, leads)| std::iter::repeat_n(group, leads.len()));
    for ((lead, digital), group) in recording.leads.iter().zip(&digital).zip(file_of) {
        let stored = |sample: &Option<i32>| i64::from(sample.unwrap_or(missing));
        let sum: i64 = digital.samples.iter().map(stored).sum();
        let first = digital.samples.first().map_or(0, stored);
        let label = lead.label.replace(['\n', '\r'], " ");
        let _never_fails = writeln!(
            header,
            "{} {number} {}(0)/mV {} 0 {first} {} 0 {label}",
            file_name(group),
            1_000.0 / digital.unit_uv,
            format.bits(),
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
    let mut files = vec![OutputFile { name: format!("{name}.hea"), bytes: header.into_bytes() }];
    for (index, group) in groups.iter().enumerate() {
        let bytes = signal_file(group, recording.sample_count(), format, missing)?;
        files.push(OutputFile { name: file_name(index), bytes });
    }
    files.extend(annotation_files(recording, name));
    Ok(files)
}

fn signal_file(
    digital: &[Digital],
    count: usize,
    format: SignalFormat,
    missing: i32,
) -> Result<Vec<u8>, WriteError> {
    let interleaved = (0..count).flat_map(|index| {
        digital.iter().map(move |d| d.samples.get(index).copied().flatten().unwrap_or(missing))
    });
    Ok(match format {
        SignalFormat::Format508 | SignalFormat::Format516 | SignalFormat::Format524 => {
            let samples: Vec<i32> = interleaved.collect();
            flac(&samples, digital.len(), format.bits())?
        }
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
    })
}

/// One FLAC stream. The specification of format 516 and its kin disregards the stream's own sample rate and
/// suggests 96 kHz.
fn flac(samples: &[i32], channels: usize, bits: u32) -> Result<Vec<u8>, WriteError> {
    use flacenc::component::BitRepr;
    use flacenc::error::Verify;

    let refused = |what: &dyn std::fmt::Debug| refuse("too_long", format!("FLAC encoder: {what:?}"));
    let config = flacenc::config::Encoder::default().into_verified().map_err(|(_, e)| refused(&e))?;
    let bits = usize::try_from(bits).unwrap_or(16);
    let source = flacenc::source::MemSource::from_samples(samples, channels, bits, 96_000);
    let mut stream =
        flacenc::encode_with_fixed_block_size(&config, source, config.block_size).map_err(|e| refused(&e))?;
    // The encoder counts the shorter last block too, which RFC 9639 (8.2) excludes and readers refuse below 16.
    stream
        .stream_info_mut()
        .set_block_sizes(config.block_size, config.block_size)
        .map_err(|e| refused(&e))?;
    let mut sink = flacenc::bitsink::ByteSink::new();
    stream.write(&mut sink).map_err(|e| refused(&e))?;
    Ok(sink.into_inner())
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
