//! ISHNE Holter files (Badilini, "The ISHNE Holter standard output file format", 1998), with the annotation
//! file of the same recording if it is given.
//!
//! Integers are little endian; −9 means "not known" in the header. Samples are interleaved 16-bit words.

use crate::bytes::{Cursor, i16s};
use crate::crc;
use crate::error::ReadError;
use crate::limits;
use crate::model::{Annotation, Format, Lead, Recording, Sex, SourceFile};
use crate::num::to_f32;
use crate::text;
use crate::time::{Date, LocalDateTime};

const MAX_LEADS: usize = 12;

pub(crate) fn read(bytes: &[u8], files: &[SourceFile<'_>]) -> Result<Recording, ReadError> {
    let header = Header::parse(bytes)?;
    let mut recording = Recording::new(Format::Ishne, f64::from(header.sample_rate_hz));
    header.describe(bytes, &mut recording);
    let data = bytes.get(header.data_offset..).ok_or_else(|| {
        ReadError::truncated(bytes.len(), format!("samples begin at byte {}", header.data_offset))
    })?;
    let covered = bytes.get(10..header.data_offset).unwrap_or_default();
    let computed = crc::ccitt(covered);
    if computed != header.crc {
        let detail = format!("header: {:#06x} is stated, {computed:#06x} computed", header.crc);
        recording.warn("checksum_mismatch", detail);
    }
    let available = data.len() / 2 / header.leads.len();
    // The standard counts samples of one lead; many writers count all of them.
    let per_lead = match header.samples {
        n if n <= available => n,
        n if n.is_multiple_of(header.leads.len()) && n / header.leads.len() == available => available,
        n => {
            let detail = format!("{n} samples are declared, {available} of each lead are there");
            return Err(ReadError::truncated(bytes.len(), detail));
        }
    };
    for (index, lead) in header.leads.iter().enumerate() {
        let samples_uv = i16s(data)
            .skip(index)
            .step_by(header.leads.len())
            .take(per_lead)
            .map(|v| if v == i16::MIN { f32::NAN } else { to_f32(f64::from(v) * lead.resolution_uv) })
            .collect();
        recording.leads.push(Lead {
            label: lead.label.clone(),
            samples_uv,
            resolution_uv: lead.resolution_uv,
        });
    }
    for file in files.iter().filter(|f| f.bytes.starts_with(b"ANN  1.0")) {
        if let Err(error) = annotations(file.bytes, &mut recording) {
            recording.warn("annotation_damaged", format!("{}: {error}", file.base_name()));
        }
    }
    Ok(recording)
}

struct LeadHeader {
    label: String,
    resolution_uv: f64,
}

struct Header {
    crc: u16,
    samples: usize,
    data_offset: usize,
    sample_rate_hz: i16,
    leads: Vec<LeadHeader>,
}

impl Header {
    fn parse(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut cursor = Cursor::new(bytes);
        cursor.take(8)?;
        let crc = cursor.u16()?;
        let _variable_len = cursor.u32()?;
        let samples = usize::try_from(cursor.u32()?).unwrap_or(usize::MAX);
        let _variable_offset = cursor.u32()?;
        let data_offset = usize::try_from(cursor.u32()?).unwrap_or(usize::MAX);
        cursor.take(156 - 26)?;
        let count = usize::try_from(cursor.i16()?).unwrap_or(0);
        let mut kinds = [0i16; MAX_LEADS];
        let mut resolutions = [0i16; MAX_LEADS];
        for kind in &mut kinds {
            *kind = cursor.i16()?;
        }
        cursor.take(2 * MAX_LEADS)?;
        for resolution in &mut resolutions {
            *resolution = cursor.i16()?;
        }
        cursor.take(2 + 40)?;
        let sample_rate_hz = cursor.i16()?;
        if count == 0 || count > MAX_LEADS || sample_rate_hz <= 0 || data_offset < 522 {
            let detail = format!("{count} leads, {sample_rate_hz} Hz, samples at byte {data_offset}");
            return Err(ReadError::damaged(detail).at(156));
        }
        let mut leads = Vec::new();
        for (index, (kind, nanovolts)) in kinds.into_iter().zip(resolutions).take(count).enumerate() {
            if nanovolts <= 0 {
                let detail = format!("lead {} has a resolution of {nanovolts} nV", index + 1);
                return Err(ReadError::damaged(detail).at(206 + 2 * index));
            }
            let label = label(kind).map_or_else(|| format!("lead {}", index + 1), str::to_owned);
            leads.push(LeadHeader { label, resolution_uv: f64::from(nanovolts) / 1_000.0 });
        }
        Ok(Self { crc, samples, data_offset, sample_rate_hz, leads })
    }

    fn describe(&self, bytes: &[u8], recording: &mut Recording) {
        let field = |from: usize, len: usize| bytes.get(from..from + len).and_then(text::optional_field);
        let word = |at: usize| {
            bytes
                .get(at..)
                .and_then(|b| b.first_chunk::<2>())
                .map_or(-9, |b| i64::from(i16::from_le_bytes(*b)))
        };
        let name: Vec<String> = [field(68, 40), field(28, 40)].into_iter().flatten().collect();
        recording.patient.name = (!name.is_empty()).then(|| name.join(" "));
        recording.patient.id = field(108, 20);
        recording.patient.sex = match word(128) {
            1 => Some(Sex::Male),
            2 => Some(Sex::Female),
            _ => None,
        };
        let date = |at: usize| Date::from_parts(word(at + 4), word(at + 2), word(at));
        recording.patient.birth_date = date(132);
        let part = |at: usize| u8::try_from(word(at)).ok();
        recording.start =
            date(138).and_then(|date| LocalDateTime::new(date, part(150)?, part(152)?, part(154)?, 0));
        recording.device.model = field(232, 40);
        if let Some(remark) = bytes.get(522..self.data_offset).and_then(text::optional_field) {
            recording.patient.remarks.push(remark);
        }
    }
}

/// Lead kinds of the standard's table.
fn label(kind: i16) -> Option<&'static str> {
    const NAMES: [&str; 20] = [
        "", "", "X", "Y", "Z", "I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6",
        "ES", "AS", "AI",
    ];
    NAMES.get(usize::try_from(kind).ok()?).copied().filter(|name| !name.is_empty())
}

/// Beats: a label, an internal code and the distance to the beat before, after the place of the first.
fn annotations(bytes: &[u8], recording: &mut Recording) -> Result<(), ReadError> {
    let mut head = Cursor::new(bytes);
    head.take(22)?;
    let offset = usize::try_from(head.u32()?).unwrap_or(usize::MAX);
    let body = bytes
        .get(offset..)
        .ok_or_else(|| ReadError::truncated(bytes.len(), format!("annotations begin at byte {offset}")))?;
    let mut cursor = Cursor::with_base(body, offset);
    let mut sample = u64::from(cursor.u32()?);
    while cursor.remaining() >= 4 && recording.annotations.len() < limits::MAX_ANNOTATIONS {
        let label = char::from(cursor.u8()?);
        let _internal = cursor.u8()?;
        sample = sample.saturating_add(u64::from(cursor.u16()?));
        let symbol = match label {
            'N' => "N",
            'V' => "V",
            'S' => "S",
            'P' => "/",
            // A calibration pulse is no beat.
            'C' => "\"",
            'B' => "L",
            'U' => "Q",
            'X' => "|",
            // '!' and others carry a time only.
            _ => continue,
        };
        let mut mark = Annotation::point(sample, symbol, "ann");
        mark.text = (label == 'C').then(|| "calibration pulse".to_owned());
        recording.annotations.push(mark);
    }
    Ok(())
}
