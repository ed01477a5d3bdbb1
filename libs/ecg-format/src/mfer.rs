//! MFER, ISO 22077 (medical waveform format encoding rules): a sequence of tag, length and value.
//!
//! Frames with sampling, resolution and layout for each channel are read; several frames of the same channels
//! are joined. Channels of another unit than volts, status and event channels are left out. Channels of
//! lower rate are held to the highest.

use crate::bytes::Cursor;
use crate::error::ReadError;
use crate::labels::scp_lead;
use crate::limits;
use crate::model::{Format, Lead, Recording, Sex};
use crate::num::{from_usize, round_usize, to_f32};
use crate::text;
use crate::time::{Date, LocalDateTime};

const MAX_CHANNELS: usize = 512;

/// The preamble is the tag 0x40, 32 bytes, beginning with "MFR ".
pub(crate) fn is_mfer(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x40\x20MFR ")
}

/// Layout of one channel; the frame's own values are the defaults.
#[derive(Debug, Clone, Default)]
struct Channel {
    block_len: Option<usize>,
    rate_hz: Option<f64>,
    resolution_uv: Option<f64>,
    other_unit: bool,
    data_type: u8,
    lead: Option<u32>,
    missing: Option<i64>,
    offset: i64,
}

struct State {
    big_endian: bool,
    charset: Option<String>,
    frame: Channel,
    channels: Vec<Channel>,
    sequences: Option<usize>,
    /// Decoded leads: channel number, rate, samples.
    leads: Vec<(usize, f64, Lead)>,
    samples: usize,
    limit: usize,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Recording, ReadError> {
    let mut recording = Recording::new(Format::Mfer, 0.0);
    let mut state = State {
        big_endian: true,
        charset: None,
        frame: Channel::default(),
        channels: Vec::new(),
        sequences: None,
        leads: Vec::new(),
        samples: 0,
        limit: limits::max_samples(bytes.len()),
    };
    let mut cursor = Cursor::new(bytes);
    let mut ended = false;
    while cursor.remaining() > 0 {
        let at = cursor.offset();
        let tag = cursor.u8()?;
        if tag == 0x80 {
            ended = true;
            break;
        }
        // Zero bytes are padding.
        if tag == 0 {
            continue;
        }
        let channel = if tag == 0x3F { Some(usize::from(cursor.u8()?)) } else { None };
        let length = length(&mut cursor)?;
        let value = cursor.take(length)?;
        match channel {
            Some(number) => state.channel(number, value, at)?,
            None => state.item(tag, value, at, &mut recording)?,
        }
    }
    if !ended {
        recording.warn("truncated_tail", "the end mark is absent");
    }
    state.finish(&mut recording)?;
    Ok(recording)
}

/// One byte up to 127, else 0x80 | n and n bytes, most significant first.
fn length(cursor: &mut Cursor<'_>) -> Result<usize, ReadError> {
    let first = cursor.u8()?;
    if first < 0x80 {
        return Ok(usize::from(first));
    }
    let at = cursor.offset();
    let count = usize::from(first & 0x7F);
    if count == 0 || count > 4 {
        return Err(ReadError::unsupported(format!("a length of {count} bytes")).at(at));
    }
    Ok(cursor.take(count)?.iter().fold(0usize, |n, b| (n << 8) | usize::from(*b)))
}

impl State {
    fn integer(&self, value: &[u8]) -> i64 {
        let join = |n: i64, b: &u8| (n << 8) | i64::from(*b);
        if self.big_endian {
            value.iter().take(7).fold(0, join)
        } else {
            value.iter().rev().take(7).fold(0, join)
        }
    }

    fn count(&self, value: &[u8]) -> Option<usize> {
        usize::try_from(self.integer(value)).ok()
    }

    /// Unit, power of ten, mantissa.
    fn scaled(&self, value: &[u8]) -> Option<(u8, f64)> {
        let (unit, rest) = value.split_first()?;
        let (exponent, mantissa) = rest.split_first()?;
        let mantissa = round_mantissa(self.integer(mantissa));
        Some((*unit, mantissa * 10f64.powi(i32::from(exponent.cast_signed()))))
    }

    fn text(&self, value: &[u8]) -> Option<String> {
        let label = self.charset.as_deref().unwrap_or("").to_ascii_lowercase();
        let decoded = match label.as_str() {
            "utf-16le" => {
                // Zero-terminated, in whole units.
                let units: Vec<u16> =
                    crate::bytes::i16s(value).map(i16::cast_unsigned).take_while(|u| *u != 0).collect();
                String::from_utf16_lossy(&units)
            }
            "" | "ansi x3.4" => text::field(value),
            other => {
                let end = value.split(|b| *b == 0).next().unwrap_or_default();
                text::decode_label(end, other).unwrap_or_else(|| text::guess(end))
            }
        };
        text::non_empty(&decoded)
    }

    /// A definition that applies to the whole frame or to one channel.
    fn define(&self, channel: &mut Channel, tag: u8, value: &[u8], at: usize) -> Result<bool, ReadError> {
        match tag {
            0x04 => channel.block_len = self.count(value),
            0x0B => {
                let (unit, number) =
                    self.scaled(value).ok_or_else(|| ReadError::damaged("sampling interval").at(at))?;
                channel.rate_hz = match unit {
                    0 => Some(number),
                    1 if number > 0.0 => Some(1.0 / number),
                    _ => return Err(ReadError::unsupported(format!("sampling in unit {unit}")).at(at)),
                };
            }
            0x0C => {
                let (unit, number) =
                    self.scaled(value).ok_or_else(|| ReadError::damaged("resolution").at(at))?;
                channel.other_unit = unit != 0;
                channel.resolution_uv = Some(number * 1e6).filter(|r| *r > 0.0);
            }
            0x0A => channel.data_type = value.first().copied().unwrap_or(0),
            0x09 => {
                // The lead code may be followed by a name.
                channel.lead = value
                    .get(..value.len().min(2))
                    .map(|v| self.integer(v))
                    .and_then(|n| u32::try_from(n).ok());
            }
            0x12 => channel.missing = Some(self.integer(value)),
            0x0D => channel.offset = self.integer(value),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn channel(&mut self, number: usize, value: &[u8], at: usize) -> Result<(), ReadError> {
        if number >= MAX_CHANNELS {
            return Err(ReadError::limit(format!("channel {number}")).at(at));
        }
        if self.channels.len() <= number {
            self.channels.resize(number + 1, self.frame.clone());
        }
        let mut cursor = Cursor::with_base(value, at);
        let mut channel = self.channels.get(number).cloned().unwrap_or_default();
        while cursor.remaining() > 0 {
            let tag = cursor.u8()?;
            let length = length(&mut cursor)?;
            let inner = cursor.take(length)?;
            self.define(&mut channel, tag, inner, at)?;
        }
        if let Some(place) = self.channels.get_mut(number) {
            *place = channel;
        }
        Ok(())
    }

    fn item(&mut self, tag: u8, value: &[u8], at: usize, recording: &mut Recording) -> Result<(), ReadError> {
        let mut frame = std::mem::take(&mut self.frame);
        let defined = self.define(&mut frame, tag, value, at);
        self.frame = frame;
        if defined? {
            return Ok(());
        }
        match tag {
            0x01 => self.big_endian = value.first() == Some(&0),
            0x03 => self.charset = text::optional_field(value),
            0x05 => {
                let count = self.count(value).unwrap_or(0);
                if count > MAX_CHANNELS {
                    return Err(ReadError::limit(format!("{count} channels")).at(at));
                }
                self.channels.resize(count, self.frame.clone());
            }
            0x06 => self.sequences = self.count(value),
            0x17 => {
                let maker = self.text(value).unwrap_or_default();
                let mut parts = maker.split('^').map(text::non_empty);
                recording.device.manufacturer = parts.next().flatten();
                recording.device.model = parts.next().flatten();
                recording.device.software = parts.next().flatten();
            }
            0x1E => self.data(value, at, recording)?,
            0x81 => recording.patient.name = self.text(value),
            0x82 => recording.patient.id = self.text(value),
            0x83 => self.age(value, recording),
            0x84 => {
                recording.patient.sex = match value.first() {
                    Some(1) => Some(Sex::Male),
                    Some(2) => Some(Sex::Female),
                    _ => None,
                };
            }
            0x85 => recording.start = self.time(value),
            _ => {}
        }
        Ok(())
    }

    fn date(&self, value: &[u8]) -> Option<Date> {
        let year = self.integer(value.get(..2)?);
        Date::from_parts(year, i64::from(*value.get(2)?), i64::from(*value.get(3)?))
    }

    fn time(&self, value: &[u8]) -> Option<LocalDateTime> {
        let part = |index: usize| value.get(index).copied();
        let milliseconds = value.get(7..9).map_or(0, |v| self.integer(v));
        let microseconds = value.get(9..11).map_or(0, |v| self.integer(v));
        let fraction = u32::try_from(milliseconds * 1_000 + microseconds).ok()?;
        LocalDateTime::new(self.date(value)?, part(4)?, part(5)?, part(6)?, fraction)
    }

    /// Age in years, days, then the birth date; all ones where unknown.
    fn age(&self, value: &[u8], recording: &mut Recording) {
        recording.patient.age_years = value.first().filter(|y| **y != 0xFF).map(|y| f64::from(*y));
        recording.patient.birth_date = value.get(3..).and_then(|v| self.date(v));
    }

    /// A data block: sequences of one block for each channel.
    fn data(&mut self, data: &[u8], at: usize, recording: &mut Recording) -> Result<(), ReadError> {
        if self.channels.is_empty() {
            self.channels.push(self.frame.clone());
        }
        let mut layout = Vec::new();
        let mut sequence_bytes = 0usize;
        for (number, channel) in self.channels.iter().enumerate() {
            let width = width(channel.data_type).ok_or_else(|| {
                ReadError::unsupported(format!("data type {} in channel {number}", channel.data_type)).at(at)
            })?;
            let block = channel.block_len.or(self.frame.block_len).ok_or_else(|| {
                ReadError::damaged(format!("channel {number} states no block length")).at(at)
            })?;
            layout.push((sequence_bytes, block, width));
            sequence_bytes = sequence_bytes.saturating_add(block.saturating_mul(width));
        }
        if sequence_bytes == 0 {
            return Err(ReadError::damaged("blocks hold no samples").at(at));
        }
        let available = data.len() / sequence_bytes;
        if available == 0 && self.sequences.unwrap_or(0) == 0 {
            return Ok(());
        }
        let sequences = self.sequences.unwrap_or(available);
        if sequences > available {
            let detail = format!("{sequences} sequences are declared, {available} are there");
            return Err(ReadError::damaged(detail).at(at));
        }
        for (number, (channel, (position, block, width))) in self.channels.iter().zip(layout).enumerate() {
            let Some((rate, label, resolution_uv)) = usable(number, channel, &self.frame, recording) else {
                continue;
            };
            self.samples = self.samples.saturating_add(sequences.saturating_mul(block));
            if self.samples > self.limit {
                return Err(ReadError::limit("more samples than the file can hold").at(at));
            }
            let mut samples_uv = Vec::with_capacity(sequences * block);
            for sequence in data.chunks_exact(sequence_bytes).take(sequences) {
                let raw = sequence.get(position..position + block * width).unwrap_or_default();
                samples_uv.extend(raw.chunks_exact(width).map(|bytes| {
                    let stored = self.integer(bytes);
                    if channel.missing.or(self.frame.missing) == Some(stored) {
                        return f32::NAN;
                    }
                    let value = signed(stored, channel.data_type) - channel.offset;
                    to_f32(round_mantissa(value) * resolution_uv)
                }));
            }
            match self.leads.iter_mut().find(|(n, ..)| *n == number) {
                Some((_, _, lead)) => lead.samples_uv.append(&mut samples_uv),
                None => self.leads.push((number, rate, Lead { label, samples_uv, resolution_uv })),
            }
        }
        Ok(())
    }

    fn finish(self, recording: &mut Recording) -> Result<(), ReadError> {
        let highest = self.leads.iter().map(|(_, rate, _)| *rate).fold(0.0, f64::max);
        if self.leads.is_empty() {
            return Err(ReadError::new("no_ecg_leads", "no channel is an electrocardiogram"));
        }
        recording.sample_rate_hz = highest;
        let length =
            self.leads.iter().filter(|l| l.1 == highest).map(|l| l.2.samples_uv.len()).max().unwrap_or(0);
        if length.saturating_mul(self.leads.len()) > self.limit {
            return Err(ReadError::limit(
                "channels of very different rates and more samples than the file can hold",
            ));
        }
        for (_, rate, mut lead) in self.leads {
            if rate < highest {
                let source = std::mem::take(&mut lead.samples_uv);
                lead.samples_uv = (0..length)
                    .map(|i| {
                        let index = round_usize((from_usize(i) * rate / highest).floor());
                        index.and_then(|i| source.get(i)).copied().unwrap_or(f32::NAN)
                    })
                    .collect();
                recording.warn("lead_rate_differs", format!("{} was held from {rate} Hz", lead.label));
            }
            recording.leads.push(lead);
        }
        Ok(())
    }
}

/// Rate, name and resolution of an ECG channel; nothing, with a warning, for others.
fn usable(
    number: usize,
    channel: &Channel,
    frame: &Channel,
    recording: &mut Recording,
) -> Option<(f64, String, f64)> {
    let rate = channel.rate_hz.or(frame.rate_hz).filter(|r| *r > 0.0)?;
    let label = channel.lead.and_then(scp_lead).map_or_else(|| format!("channel {number}"), str::to_owned);
    // Data type 4 is a status word; lead codes from 128 on are other signals.
    let other = channel.other_unit || channel.data_type == 4 || channel.lead.is_some_and(|l| l >= 128);
    let resolution = channel.resolution_uv.or(frame.resolution_uv);
    match resolution {
        Some(resolution_uv) if !other => Some((rate, label, resolution_uv)),
        _ => {
            if recording.warnings.iter().all(|w| !w.detail.starts_with(&format!("{label} "))) {
                recording.warn("signal_not_ecg", format!("{label} was left out"));
            }
            None
        }
    }
}

fn width(data_type: u8) -> Option<usize> {
    match data_type {
        0 | 1 | 4 => Some(2),
        2 | 6 => Some(4),
        3 | 5 => Some(1),
        _ => None,
    }
}

/// The stored bits as the number that the data type says.
fn signed(stored: i64, data_type: u8) -> i64 {
    match data_type {
        0 if stored >= 1 << 15 => stored - (1 << 16),
        2 if stored >= 1 << 31 => stored - (1 << 32),
        5 if stored >= 1 << 7 => stored - (1 << 8),
        _ => stored,
    }
}

/// Stored integers have at most 56 bits; samples at most 32, so the float is exact for them.
#[allow(clippy::cast_precision_loss)]
fn round_mantissa(value: i64) -> f64 {
    value as f64
}
