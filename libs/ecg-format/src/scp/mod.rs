//! SCP-ECG (EN 1064:2005, ISO 11073-91064): all sections that carry an electrocardiogram or its findings.
//!
//! Little endian throughout. Recoverable vendor deviations give warnings: checksums of zero, sections that
//! cannot be read but are not needed, undeclared text encodings. Section 11 is read for its texts.

mod findings;
mod huffman;
mod patient;
mod rhythm;

use crate::bytes::Cursor;
use crate::crc;
use crate::error::ReadError;
use crate::model::{Format, Lead, MedianBeats, Recording};

const SECTION_HEADER: usize = 16;
const MAX_SECTIONS: usize = 1024;

/// A section's data without its header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section<'a> {
    id: u16,
    offset: usize,
    data: &'a [u8],
}

impl<'a> Section<'a> {
    pub(super) fn cursor(&self) -> Cursor<'a> {
        Cursor::with_base(self.data, self.offset)
    }
}

pub(crate) fn read(bytes: &[u8]) -> Result<Recording, ReadError> {
    let mut recording = Recording::new(Format::ScpEcg, 0.0);
    let sections = sections(bytes, &mut recording)?;
    let find = |id: u16| sections.iter().find(|s| s.id == id).copied();

    if let Some(section) = find(1) {
        optional(&mut recording, section, patient::read)?;
    }
    let decoded = rhythm::read(find, crate::limits::max_samples(bytes.len()), &mut recording)?;
    recording.sample_rate_hz = decoded.sample_rate_hz;
    recording.leads = decoded
        .leads
        .into_iter()
        .map(|(label, units)| to_lead(label, &units, decoded.resolution_uv))
        .collect();
    if let Some(beats) = decoded.reference {
        recording.median = Some(MedianBeats {
            sample_rate_hz: beats.sample_rate_hz,
            leads: beats
                .leads
                .into_iter()
                .map(|(label, u)| to_lead(label, &u, beats.resolution_uv))
                .collect(),
        });
    }
    for (id, reader) in [
        (7u16, findings::global as fn(Section<'_>, &mut Recording) -> Result<(), ReadError>),
        (8, findings::statements),
        (10, findings::per_lead),
        (11, findings::universal),
    ] {
        if let Some(section) = find(id) {
            optional(&mut recording, section, reader)?;
        }
    }
    Ok(recording)
}

/// A section that the waveform does not need may be damaged without losing the recording; a file that ends
/// inside it has already been refused.
fn optional(
    recording: &mut Recording,
    section: Section<'_>,
    reader: impl Fn(Section<'_>, &mut Recording) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    if let Err(error) = reader(section, recording) {
        if error.code == "limit_exceeded" {
            return Err(error);
        }
        recording.warn("section_damaged", format!("section {}: {error}", section.id));
    }
    Ok(())
}

fn to_lead(label: String, units: &[i32], resolution_uv: f64) -> Lead {
    let samples_uv = units.iter().map(|u| crate::num::to_f32(f64::from(*u) * resolution_uv)).collect();
    Lead { label, samples_uv, resolution_uv }
}

/// Follows the pointers of section 0 and checks checksums and bounds.
fn sections<'a>(bytes: &'a [u8], recording: &mut Recording) -> Result<Vec<Section<'a>>, ReadError> {
    let mut cursor = Cursor::new(bytes);
    let stated_crc = cursor.u16()?;
    let stated_length = usize::try_from(cursor.u32()?).unwrap_or(usize::MAX);
    if stated_length > bytes.len() {
        let detail = format!("{stated_length} bytes are declared, {} are there", bytes.len());
        return Err(ReadError::truncated(bytes.len(), detail));
    }
    if stated_length < 6 + SECTION_HEADER {
        return Err(ReadError::damaged(format!("a record length of {stated_length}")).at(2));
    }
    let record = bytes.get(..stated_length).unwrap_or(bytes);
    if bytes.len() > stated_length {
        recording
            .warn("vendor_deviation", format!("{} bytes follow the record", bytes.len() - stated_length));
    }
    let computed = crc::ccitt(record.get(2..).unwrap_or_default());
    if computed != stated_crc {
        let detail = format!("record: {stated_crc:#06x} is stated, {computed:#06x} computed");
        recording.warn("checksum_mismatch", detail);
    }
    let pointers = section_at(record, 6, 0, None, recording)?;
    let mut cursor = pointers.cursor();
    let mut out: Vec<Section<'a>> = Vec::new();
    while cursor.remaining() >= 10 && out.len() < MAX_SECTIONS {
        let at = cursor.offset();
        let id = cursor.u16()?;
        let length = usize::try_from(cursor.u32()?).unwrap_or(usize::MAX);
        let index = usize::try_from(cursor.u32()?).unwrap_or(usize::MAX);
        if id == 0 || length == 0 || index == 0 {
            continue;
        }
        // Only the sections up to 11 are defined; others are a vendor's own.
        let needed = id <= 11;
        let found = match (index - 1).checked_add(length) {
            Some(end) if end <= record.len() && length >= SECTION_HEADER => {
                section_at(record, index - 1, id, Some(length), recording)
            }
            _ => {
                Err(ReadError::damaged(format!("section {id} at {index} of {length} bytes lies outside"))
                    .at(at))
            }
        };
        match found {
            Ok(section) if out.iter().any(|s| s.id == id) => {
                let _second = section;
                recording.warn("section_damaged", format!("section {id} occurs twice; the first is used"));
            }
            Ok(section) => {
                let end = section.offset + section.data.len();
                if let Some(other) =
                    out.iter().find(|s| s.offset < end && section.offset < s.offset + s.data.len())
                {
                    let detail = format!("sections {} and {id} overlap", other.id);
                    return Err(ReadError::damaged(detail).at(section.offset));
                }
                out.push(section);
            }
            Err(error) if needed => return Err(error),
            Err(error) => recording.warn("section_damaged", error.to_string()),
        }
    }
    Ok(out)
}

fn section_at<'a>(
    record: &'a [u8],
    start: usize,
    id: u16,
    pointer_length: Option<usize>,
    recording: &mut Recording,
) -> Result<Section<'a>, ReadError> {
    let mut cursor = Cursor::with_base(record.get(start..).unwrap_or_default(), start);
    let stated_crc = cursor.u16()?;
    let stated_id = cursor.u16()?;
    let length = usize::try_from(cursor.u32()?).unwrap_or(usize::MAX);
    let _versions = cursor.take(2)?;
    let _reserved = cursor.take(6)?;
    if stated_id != id {
        return Err(
            ReadError::damaged(format!("section {id} is expected, section {stated_id} found")).at(start)
        );
    }
    let length = match pointer_length {
        Some(pointed) if pointed != length => {
            let detail = format!("section {id}: pointer says {pointed} bytes, section {length}");
            recording.warn("vendor_deviation", detail);
            length.min(pointed)
        }
        _ => length,
    };
    if length < SECTION_HEADER {
        return Err(ReadError::damaged(format!("section {id} of {length} bytes")).at(start));
    }
    let whole = start.checked_add(length).and_then(|end| record.get(start..end)).ok_or_else(|| {
        ReadError::truncated(
            record.len(),
            format!("section {id} of {length} bytes at byte {start} does not fit"),
        )
    })?;
    let computed = crc::ccitt(whole.get(2..).unwrap_or_default());
    if computed != stated_crc {
        let detail = format!("section {id}: {stated_crc:#06x} is stated, {computed:#06x} computed");
        recording.warn("checksum_mismatch", detail);
    }
    let data = whole.get(SECTION_HEADER..).unwrap_or_default();
    Ok(Section { id, offset: start + SECTION_HEADER, data })
}
