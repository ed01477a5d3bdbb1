//! Tianmu's own waveform container, magic `TMW1`: made for storage and for fetching any time window of a
//! long record by byte range.
//!
//! Layout, little endian:
//! - 40 bytes: magic, version `u16` (1), bytes for each sample `u16` (2 or 4), lead count `u16`, CRC-CCITT `u16`
//!   of the rest of the header, sample rate `f64`, samples of each lead `u64`, samples of each block `u32`,
//!   header length `u32`, reserved `u32`;
//! - 32 bytes for each lead: name (24 bytes of UTF-8, zero padded), microvolts of one unit `f64`;
//! - blocks of equal size. A block holds `block_samples` samples of the first lead, then of the second, and
//!   so on; the last block is filled with missing samples. Missing is the smallest integer of the width.
//!
//! Values keep the source's own resolution exactly where 16 bits allow it, else 32 bits; a value that is no
//! multiple of the resolution (after averaging, say) makes the unit finer, down to 2^-30 of the peak.
//! Annotations, patient and measurements are not part of it: they live in the database.

use std::ops::Range;

use crate::crc;
use crate::error::ReadError;
use crate::limits;
use crate::model::{Lead, Recording};
use crate::num::{self, from_usize, to_f32};

const MAGIC: &[u8; 4] = b"TMW1";
/// Length of the part of the header that tells the whole header's length.
pub const FIXED_HEADER_LEN: usize = 40;
const LEAD_HEADER_LEN: usize = 32;
const LABEL_LEN: usize = 24;
/// The part of the header that the checksum covers starts here.
const CHECKED_FROM: usize = 12;

/// One lead of a container.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadHeader {
    /// Lead name, at most 24 bytes.
    pub label: String,
    /// Microvolts of one stored unit.
    pub resolution_uv: f64,
}

/// What the first bytes of a container say.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Samples per second.
    pub sample_rate_hz: f64,
    /// Samples of each lead.
    pub sample_count: u64,
    /// Samples of each lead in one block.
    pub block_samples: u32,
    /// 2 or 4.
    pub sample_bytes: u16,
    /// The leads in stored order.
    pub leads: Vec<LeadHeader>,
}

/// Samples of all leads over one time window.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Samples per second.
    pub sample_rate_hz: f64,
    /// First sample of the window in the record.
    pub start_sample: u64,
    /// The leads, of equal length.
    pub leads: Vec<Lead>,
}

/// The length of the whole header, from its first [`FIXED_HEADER_LEN`] bytes.
///
/// # Errors
/// As [`Header::parse`].
pub fn header_len(bytes: &[u8]) -> Result<usize, ReadError> {
    if bytes.get(..4) != Some(MAGIC.as_slice()) {
        return Err(ReadError::new("unknown_format", "no TMW1 container"));
    }
    let leads = u16_at(bytes, 8).ok_or_else(|| ReadError::truncated(bytes.len(), "container header"))?;
    Ok(FIXED_HEADER_LEN + LEAD_HEADER_LEN * usize::from(leads))
}

impl Header {
    /// Reads the header; `bytes` may be longer than it.
    ///
    /// # Errors
    /// `unknown_format` without the magic, `truncated`, `unsupported_feature` for a later version, `damaged`
    /// when the checksum or a field is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReadError> {
        let len = header_len(bytes)?;
        let header = bytes
            .get(..len)
            .ok_or_else(|| ReadError::truncated(bytes.len(), format!("{len} bytes of header")))?;
        let version = u16_at(header, 4).unwrap_or(0);
        if version != 1 {
            return Err(ReadError::unsupported(format!("container version {version}")));
        }
        let damaged = |what: &str| ReadError::damaged(format!("container header: {what}"));
        if u16_at(header, 10) != Some(crc::ccitt(header.get(CHECKED_FROM..).unwrap_or_default())) {
            return Err(damaged("checksum"));
        }
        let sample_bytes =
            u16_at(header, 6).filter(|b| matches!(b, 2 | 4)).ok_or_else(|| damaged("sample width"))?;
        let sample_rate_hz = array_at(header, 12).map(f64::from_le_bytes).unwrap_or(0.0);
        if !(limits::MIN_SAMPLE_RATE_HZ..=limits::MAX_SAMPLE_RATE_HZ).contains(&sample_rate_hz) {
            return Err(damaged("sample rate"));
        }
        let sample_count = array_at(header, 20).map(u64::from_le_bytes).unwrap_or(0);
        let block_samples = array_at(header, 28).map(u32::from_le_bytes).unwrap_or(0);
        if block_samples == 0 || sample_count > 1 << 40 {
            return Err(damaged("block size or sample count"));
        }
        let mut leads = Vec::new();
        for entry in header.get(FIXED_HEADER_LEN..).unwrap_or_default().chunks_exact(LEAD_HEADER_LEN) {
            let resolution_uv = array_at(entry, LABEL_LEN).map(f64::from_le_bytes).unwrap_or(0.0);
            if !(resolution_uv.is_finite() && resolution_uv > 0.0) {
                return Err(damaged("resolution"));
            }
            let label = entry.get(..LABEL_LEN).unwrap_or_default();
            leads.push(LeadHeader { label: crate::text::field(label), resolution_uv });
        }
        Ok(Self { sample_rate_hz, sample_count, block_samples, sample_bytes, leads })
    }

    /// Length of the header in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        FIXED_HEADER_LEN + LEAD_HEADER_LEN * self.leads.len()
    }

    /// Whether the container has no leads or no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.leads.is_empty() || self.sample_count == 0
    }

    /// Seconds of the record.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        from_usize(usize::try_from(self.sample_count).unwrap_or(usize::MAX)) / self.sample_rate_hz
    }

    fn block_bytes(&self) -> u64 {
        u64::from(self.block_samples)
            .saturating_mul(u64::try_from(self.leads.len()).unwrap_or(u64::MAX))
            .saturating_mul(u64::from(self.sample_bytes))
    }

    /// Length of the whole container in bytes.
    #[must_use]
    pub fn total_len(&self) -> u64 {
        let blocks = self.sample_count.div_ceil(u64::from(self.block_samples));
        blocks
            .saturating_mul(self.block_bytes())
            .saturating_add(u64::try_from(self.len()).unwrap_or(u64::MAX))
    }

    /// The bytes that hold a window of samples: whole blocks. The window is cut to the record.
    #[must_use]
    pub fn byte_range(&self, start_sample: u64, samples: u64) -> Range<u64> {
        let (start, end) = self.clip(start_sample, samples);
        let block = u64::from(self.block_samples);
        let base = u64::try_from(self.len()).unwrap_or(u64::MAX);
        let at = |block_index: u64| base.saturating_add(block_index.saturating_mul(self.block_bytes()));
        if start == end {
            return at(start / block)..at(start / block);
        }
        at(start / block)..at(end.div_ceil(block))
    }

    fn clip(&self, start_sample: u64, samples: u64) -> (u64, u64) {
        let start = start_sample.min(self.sample_count);
        (start, start_sample.saturating_add(samples).min(self.sample_count))
    }
}

/// Decodes a window from the bytes of [`Header::byte_range`] for the same window.
///
/// # Errors
/// `truncated` when `chunk` is shorter than that range.
pub fn read_window(
    header: &Header,
    start_sample: u64,
    samples: u64,
    chunk: &[u8],
) -> Result<Window, ReadError> {
    let range = header.byte_range(start_sample, samples);
    let needed = range.end - range.start;
    if u64::try_from(chunk.len()).unwrap_or(u64::MAX) < needed {
        return Err(ReadError::truncated(chunk.len(), format!("{needed} bytes of blocks are needed")));
    }
    let (start, end) = header.clip(start_sample, samples);
    let block = usize::try_from(header.block_samples).unwrap_or(usize::MAX);
    let width = usize::from(header.sample_bytes);
    let block_bytes = usize::try_from(header.block_bytes()).unwrap_or(usize::MAX);
    let skip = usize::try_from(start % u64::from(header.block_samples)).unwrap_or(0);
    let count = usize::try_from(end - start).unwrap_or(usize::MAX);
    let mut leads: Vec<Lead> = header
        .leads
        .iter()
        .map(|lead| Lead {
            label: lead.label.clone(),
            samples_uv: Vec::with_capacity(count),
            resolution_uv: lead.resolution_uv,
        })
        .collect();
    if count > 0 && block_bytes > 0 {
        let mut first = skip;
        for bytes in chunk.chunks_exact(block_bytes) {
            let left = count - leads.first().map_or(0, |l| l.samples_uv.len());
            if left == 0 {
                break;
            }
            let take = left.min(block - first);
            for (lead, part) in leads.iter_mut().zip(bytes.chunks_exact(block * width)) {
                let resolution = lead.resolution_uv;
                let values = part.chunks_exact(width).skip(first).take(take);
                lead.samples_uv.extend(values.map(|raw| physical(raw, resolution)));
            }
            first = 0;
        }
    }
    Ok(Window { sample_rate_hz: header.sample_rate_hz, start_sample: start, leads })
}

fn physical(raw: &[u8], resolution_uv: f64) -> f32 {
    let value = match raw {
        [a, b] => match i16::from_le_bytes([*a, *b]) {
            i16::MIN => return f32::NAN,
            value => i32::from(value),
        },
        [a, b, c, d] => match i32::from_le_bytes([*a, *b, *c, *d]) {
            i32::MIN => return f32::NAN,
            value => value,
        },
        _ => return f32::NAN,
    };
    to_f32(f64::from(value) * resolution_uv)
}

/// Decodes a whole container.
///
/// # Errors
/// As [`Header::parse`] and [`read_window`].
pub fn decode(bytes: &[u8]) -> Result<Window, ReadError> {
    let header = Header::parse(bytes)?;
    let body = bytes.get(header.len()..).unwrap_or_default();
    read_window(&header, 0, header.sample_count, body)
}

/// Encodes the leads of a recording with blocks of one second.
#[must_use]
pub fn encode(recording: &Recording) -> Vec<u8> {
    encode_leads(recording.sample_rate_hz, &recording.leads)
}

/// Encodes leads of equal length; shorter ones are filled as missing.
#[must_use]
pub fn encode_leads(sample_rate_hz: f64, leads: &[Lead]) -> Vec<u8> {
    let leads = leads.get(..leads.len().min(usize::from(u16::MAX))).unwrap_or_default();
    let units16: Option<Vec<f64>> = leads.iter().map(|lead| exact_unit(lead, 32_767.0)).collect();
    let (sample_bytes, units) = match units16 {
        Some(units) => (2u16, units),
        None => (4, leads.iter().map(wide_unit).collect()),
    };
    let count = leads.iter().map(|l| l.samples_uv.len()).max().unwrap_or(0);
    let block = num::round_usize(sample_rate_hz).unwrap_or(1).clamp(1, 1_000_000);
    let width = usize::from(sample_bytes);
    let blocks = count.div_ceil(block);
    let mut out = Vec::with_capacity(
        FIXED_HEADER_LEN + LEAD_HEADER_LEN * leads.len() + blocks * block * leads.len() * width,
    );
    push_header(&mut out, sample_rate_hz, count, block, sample_bytes, leads, &units);
    for block_index in 0..blocks {
        for (lead, unit) in leads.iter().zip(&units) {
            let from = block_index * block;
            let stored =
                lead.samples_uv.get(from..lead.samples_uv.len().min(from + block)).unwrap_or_default();
            for value in stored {
                push_sample(&mut out, *value, *unit, sample_bytes);
            }
            for _ in stored.len()..block {
                push_sample(&mut out, f32::NAN, *unit, sample_bytes);
            }
        }
    }
    out
}

fn push_header(
    out: &mut Vec<u8>,
    sample_rate_hz: f64,
    count: usize,
    block: usize,
    sample_bytes: u16,
    leads: &[Lead],
    units: &[f64],
) {
    let mut checked = Vec::new();
    checked.extend(sample_rate_hz.to_le_bytes());
    checked.extend(u64::try_from(count).unwrap_or(0).to_le_bytes());
    checked.extend(u32::try_from(block).unwrap_or(1).to_le_bytes());
    let len = FIXED_HEADER_LEN + LEAD_HEADER_LEN * leads.len();
    checked.extend(u32::try_from(len).unwrap_or(0).to_le_bytes());
    checked.extend([0; 4]);
    for (lead, unit) in leads.iter().zip(units) {
        let mut end = lead.label.len().min(LABEL_LEN);
        while !lead.label.is_char_boundary(end) {
            end -= 1;
        }
        let mut label = lead.label.as_bytes().get(..end).unwrap_or_default().to_vec();
        label.resize(LABEL_LEN, 0);
        checked.extend(label);
        checked.extend(unit.to_le_bytes());
    }
    out.extend(MAGIC);
    out.extend(1u16.to_le_bytes());
    out.extend(sample_bytes.to_le_bytes());
    out.extend(u16::try_from(leads.len()).unwrap_or(0).to_le_bytes());
    out.extend(crc::ccitt(&checked).to_le_bytes());
    out.extend(checked);
}

fn push_sample(out: &mut Vec<u8>, value: f32, unit: f64, sample_bytes: u16) {
    let stored = if value.is_finite() { num::round_i32(f64::from(value) / unit) } else { None };
    if sample_bytes == 2 {
        let narrow = stored.and_then(|v| i16::try_from(v).ok()).unwrap_or(i16::MIN);
        out.extend(narrow.to_le_bytes());
    } else {
        out.extend(stored.unwrap_or(i32::MIN).to_le_bytes());
    }
}

/// The unit in which every sample is a whole number of at most `limit`, if there is one.
pub(crate) fn exact_unit(lead: &Lead, limit: f64) -> Option<f64> {
    let resolution = Some(lead.resolution_uv).filter(|r| r.is_finite() && *r > 0.0).unwrap_or(1.0);
    [1.0, 2.0, 4.0, 5.0, 8.0, 10.0, 16.0, 20.0, 100.0, 256.0].into_iter().map(|d| resolution / d).find(
        |unit| {
            lead.samples_uv.iter().filter(|v| v.is_finite()).all(|v| {
                let units = f64::from(*v) / unit;
                // Samples are f32: allow for their rounding, which grows with the value.
                units.abs() <= limit && (units - units.round()).abs() <= 1e-4 + units.abs() * 1.2e-7
            })
        },
    )
}

fn wide_unit(lead: &Lead) -> f64 {
    if let Some(unit) = exact_unit(lead, 2_147_483_647.0) {
        return unit;
    }
    let peak =
        lead.samples_uv.iter().filter(|v| v.is_finite()).fold(0.0f64, |peak, v| peak.max(f64::from(v.abs())));
    if peak > 0.0 { peak / 1_073_741_824.0 } else { 1.0 }
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..).and_then(|b| b.first_chunk::<N>()).copied()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array_at(bytes, at).map(u16::from_le_bytes)
}
