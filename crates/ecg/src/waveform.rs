//! Windows of a recording in the wire format of the viewer.
//!
//! Layout, little endian: magic `TMWW`, version u16 = 1, lead count u16, sample rate f32 (Hz, of the points), start u32
//! (original samples), step u32 (original samples for a point), points u32 (for each lead), total u32 (original samples of
//! the recording), lead count u32, then a resolution f32 (µV a unit) for each lead, then i16 values lead after lead;
//! i16::MIN is a missing value. With a step above 1 each point is two values, minimum and maximum.

use crate::rows::RecordingRow;
use ecg_format::compact::{self, Header, Window};
use kernel::{Error, Result};
use platform::Platform;

/// Most values that one window may hold: 12 leads of 10 minutes at 500 Hz, or an overview of any length.
const MOST_VALUES: u64 = 4_000_000;
/// Recordings up to this size are read in one piece.
const SMALL_BYTES: u64 = 2 * 1024 * 1024;
/// Enough for the header of a recording with 100 leads.
const HEADER_BYTES: u64 = 16 * 1024;
/// Samples of a long recording that are held at once while an overview is made.
const CHUNK_SAMPLES: u64 = 240_000;

/// Which part is wanted.
#[derive(Clone, Copy, Debug)]
pub struct WindowSpec {
    pub start: u32,
    pub count: Option<u32>,
    pub step: u32,
}

/// Reads a window and encodes it for the viewer.
pub async fn window(platform: &Platform, recording: &RecordingRow, spec: WindowSpec) -> Result<Vec<u8>> {
    let total = u64::try_from(recording.sample_count).unwrap_or(0);
    let start = u64::from(spec.start).min(total);
    let count = spec.count.map_or(total - start, u64::from).min(total - start);
    let step = u64::from(spec.step.max(1));
    let leads = recording.lead_labels().len() as u64;
    let points = count.div_ceil(step);
    let values = points * leads * if step > 1 { 2 } else { 1 };
    if values > MOST_VALUES {
        return Err(Error::invalid("window_too_large", "ask for fewer samples, or for a larger step")
            .with("most_values", MOST_VALUES));
    }
    let (header, whole) = open(platform, recording).await?;
    let mut series: Vec<Vec<f32>> = vec![Vec::new(); header.leads.len()];
    let chunk = (CHUNK_SAMPLES / step).max(1) * step;
    let mut at = start;
    while at < start + count {
        let take = chunk.min(start + count - at);
        let part = read(platform, recording, &header, whole.as_deref(), at, take).await?;
        for (out, lead) in series.iter_mut().zip(&part.leads) {
            if step == 1 {
                out.extend_from_slice(&lead.samples_uv);
            } else {
                reduce(&lead.samples_uv, usize::try_from(step).unwrap_or(usize::MAX), out);
            }
        }
        at += take;
    }
    encode(&header, start, step, points, total, &series)
}

/// The leads of a small recording, whole, in microvolts: for paper.
pub async fn samples(platform: &Platform, recording: &RecordingRow, longest_s: f64) -> Result<Window> {
    let (header, whole) = open(platform, recording).await?;
    let count: u64 = format!("{:.0}", header.sample_rate_hz * longest_s).parse().unwrap_or(0);
    read(platform, recording, &header, whole.as_deref(), 0, count.min(header.sample_count)).await
}

async fn open(platform: &Platform, recording: &RecordingRow) -> Result<(Header, Option<Vec<u8>>)> {
    let blobs = platform.blobs();
    let blob = platform::blobs::find(&platform.db().read(), recording.waveform_blob).await?;
    let blob = blob.ok_or_else(|| Error::not_found("waveform"))?;
    let size = u64::try_from(blob.size_bytes).unwrap_or(0);
    let damaged = |e: ecg_format::ReadError| {
        Error::internal(format!("stored waveform of recording {}: {e}", recording.id))
    };
    if size <= SMALL_BYTES {
        let bytes = blobs.read_whole(blob.id).await?.to_vec();
        return Ok((Header::parse(&bytes).map_err(damaged)?, Some(bytes)));
    }
    let head = blobs.read_range(blob.id, 0..HEADER_BYTES.min(size)).await?;
    Ok((Header::parse(&head).map_err(damaged)?, None))
}

async fn read(
    platform: &Platform,
    recording: &RecordingRow,
    header: &Header,
    whole: Option<&[u8]>,
    start: u64,
    count: u64,
) -> Result<Window> {
    let range = header.byte_range(start, count);
    let damaged = |e: ecg_format::ReadError| {
        Error::internal(format!("stored waveform of recording {}: {e}", recording.id))
    };
    match whole {
        Some(bytes) => {
            let from = usize::try_from(range.start).unwrap_or(usize::MAX);
            let to = usize::try_from(range.end).unwrap_or(usize::MAX);
            compact::read_window(header, start, count, bytes.get(from..to).unwrap_or_default())
                .map_err(damaged)
        }
        None => {
            let bytes = platform.blobs().read_range(recording.waveform_blob, range).await?;
            compact::read_window(header, start, count, &bytes).map_err(damaged)
        }
    }
}

/// Minimum and maximum of every `step` samples: what an overview of many samples per pixel must show.
fn reduce(samples: &[f32], step: usize, out: &mut Vec<f32>) {
    for part in samples.chunks(step) {
        let finite = || part.iter().copied().filter(|v| v.is_finite());
        match (finite().reduce(f32::min), finite().reduce(f32::max)) {
            (Some(low), Some(high)) => out.extend([low, high]),
            _ => out.extend([f32::NAN, f32::NAN]),
        }
    }
}

fn encode(
    header: &Header,
    start: u64,
    step: u64,
    points: u64,
    total: u64,
    series: &[Vec<f32>],
) -> Result<Vec<u8>> {
    let small = |n: u64| u32::try_from(n).map_err(Error::internal);
    let lead_count = u16::try_from(series.len()).map_err(Error::internal)?;
    let mut out = Vec::with_capacity(64 + series.iter().map(|s| 4 + s.len() * 2).sum::<usize>());
    out.extend_from_slice(b"TMWW");
    out.extend_from_slice(&1u16.to_le_bytes());
    out.extend_from_slice(&lead_count.to_le_bytes());
    let rate: f32 =
        format!("{}", header.sample_rate_hz / f64::from(small(step)?)).parse().map_err(Error::internal)?;
    out.extend_from_slice(&rate.to_le_bytes());
    for number in [start, step, points, total, u64::from(lead_count)] {
        out.extend_from_slice(&small(number)?.to_le_bytes());
    }
    let mut units = Vec::with_capacity(series.len());
    for (lead, samples) in header.leads.iter().zip(series) {
        let unit = unit_uv(lead.resolution_uv, samples);
        units.push(unit);
        out.extend_from_slice(&unit.to_le_bytes());
    }
    for (samples, unit) in series.iter().zip(units) {
        for sample in samples {
            out.extend_from_slice(&quantise(*sample, unit).to_le_bytes());
        }
    }
    Ok(out)
}

/// Microvolts for one unit: the recording's own resolution, or as much coarser as its largest sample needs.
fn unit_uv(resolution_uv: f64, samples: &[f32]) -> f32 {
    let largest = samples.iter().copied().filter(|v| v.is_finite()).fold(0.0f32, |m, v| m.max(v.abs()));
    let own: f32 = format!("{resolution_uv}").parse().unwrap_or(1.0);
    own.max(largest / 32_767.0).max(f32::MIN_POSITIVE)
}

#[allow(clippy::cast_possible_truncation, reason = "the value is clamped to the range of i16 first")]
fn quantise(sample: f32, unit: f32) -> i16 {
    if sample.is_finite() { (sample / unit).round().clamp(-32_767.0, 32_767.0) as i16 } else { i16::MIN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overview_keeps_every_peak_and_gap() {
        let mut out = Vec::new();
        reduce(&[0.0, 5.0, -3.0, 1.0, f32::NAN, f32::NAN, 2.0], 2, &mut out);
        assert_eq!(out[..4], [0.0, 5.0, -3.0, 1.0]);
        assert!(out[4].is_nan() && out[5].is_nan());
        assert_eq!(out[6..], [2.0, 2.0]);
        assert_eq!(
            (quantise(1000.0, 2.5), quantise(f32::NAN, 2.5), quantise(1e9, 1.0)),
            (400, i16::MIN, 32_767)
        );
    }
}
