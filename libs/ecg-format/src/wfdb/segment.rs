//! Decodes the signals of one header from its signal files.

use std::collections::HashMap;

use super::header::{Header, SignalSpec};
use super::signal;
use super::unit_uv;
use crate::error::ReadError;
use crate::model::{Recording, SourceFile};
use crate::num::{low_u16, to_f32};

/// The signals asked for, in physical units at their own rate.
pub(super) struct Segment {
    pub(super) frames: usize,
    pub(super) signals: Vec<Option<Decoded>>,
}

pub(super) struct Decoded {
    pub(super) samples_uv: Vec<f32>,
    pub(super) samples_per_frame: usize,
    pub(super) resolution_uv: f64,
}

/// One signal while its file is walked.
struct Channel<'h> {
    spec: &'h SignalSpec,
    /// Position in the caller's list; `None` for a signal that is walked over.
    slot: Option<usize>,
    /// Format 8 stores differences.
    is_difference: bool,
    /// The stored value that means "no sample"; out of range where the format has none.
    missing: i64,
    uv_per_unit: f64,
    samples_uv: Vec<f32>,
    sum: i64,
    first: Option<i64>,
    running: i64,
}

impl Channel<'_> {
    fn push(&mut self, stored: i32) {
        let mut raw = i64::from(stored);
        if self.is_difference {
            self.running += raw;
            raw = self.running;
        }
        if self.samples_uv.is_empty() {
            self.first = Some(raw);
        }
        self.sum = self.sum.wrapping_add(raw);
        let value = if raw == self.missing {
            f32::NAN
        } else {
            #[allow(clippy::cast_precision_loss)] // raw and baseline are far below 2^53
            let units = (raw - self.spec.baseline) as f64;
            to_f32(units * self.uv_per_unit)
        };
        self.samples_uv.push(value);
    }
}

pub(super) fn decode(
    header: &Header,
    wanted: &[Option<usize>],
    at_most: Option<usize>,
    files: &Files<'_>,
    budget: usize,
    recording: &mut Recording,
) -> Result<Segment, ReadError> {
    let mut slot_of: Vec<Option<usize>> = vec![None; header.signals.len()];
    for (slot, index) in wanted.iter().enumerate() {
        if let Some(place) = index.and_then(|i| slot_of.get_mut(i)) {
            place.get_or_insert(slot);
        }
    }
    let mut out = Segment { frames: 0, signals: wanted.iter().map(|_| None).collect() };
    let mut frames_seen = header.frames;
    let mut start = 0;
    // Consecutive signals with one file name share that file, frame by frame.
    for group in header.signals.chunk_by(|a, b| a.file == b.file) {
        let slots = slot_of.get(start..start + group.len()).unwrap_or_default();
        start += group.len();
        if slots.iter().all(Option::is_none) {
            continue;
        }
        let (frames, channels) =
            decode_group(group, slots, (header.frames, at_most), files, budget, recording)?;
        frames_seen = Some(frames_seen.map_or(frames, |seen| seen.min(frames)));
        for channel in channels {
            if let Some(slot) = channel.slot
                && let Some(place) = out.signals.get_mut(slot)
            {
                *place = Some(finish(channel, header.frames, recording));
            }
        }
    }
    out.frames = frames_seen.unwrap_or(0);
    Ok(out)
}

fn decode_group<'h>(
    group: &'h [SignalSpec],
    slots: &[Option<usize>],
    (declared_frames, at_most): (Option<usize>, Option<usize>),
    files: &Files<'_>,
    budget: usize,
    recording: &mut Recording,
) -> Result<(usize, Vec<Channel<'h>>), ReadError> {
    let Some(first) = group.first() else { return Ok((0, Vec::new())) };
    let name = first.file.as_str();
    if group.iter().any(|s| s.format != first.format) {
        return Err(ReadError::damaged(format!("signals in {name} have different formats")));
    }
    let frame_size: usize = group.iter().map(|s| s.samples_per_frame).sum();
    let mut channels: Vec<Channel<'h>> = group
        .iter()
        .zip(slots)
        .map(|(spec, slot)| Channel {
            spec,
            slot: *slot,
            is_difference: spec.format == 8,
            missing: signal::missing_value(spec.format).map_or(i64::MIN, i64::from),
            uv_per_unit: unit_uv(spec.unit.as_deref()).unwrap_or(1_000.0) / spec.gain,
            samples_uv: Vec::new(),
            sum: 0,
            first: None,
            running: spec.initial_value.unwrap_or(0),
        })
        .collect();
    if first.format == 0 || name == "~" {
        // A null signal has a place in the record but no samples.
        return Ok((declared_frames.unwrap_or(0), Vec::new()));
    }
    let file = files
        .find(name)
        .ok_or_else(|| ReadError::new("missing_file", format!("the header names the signal file {name}")))?;
    let mut begin = first.byte_offset;
    if begin == 0
        && let Some(matrix) = signal::matlab_samples(file.bytes)
    {
        let detail = format!("{name} is a MATLAB matrix; its samples begin at byte {matrix}, not at 0");
        recording.warn("vendor_deviation", detail);
        begin = matrix;
    }
    let data = file.bytes.get(begin..).ok_or_else(|| {
        ReadError::truncated(file.bytes.len(), format!("the samples begin at byte {begin}")).in_file(name)
    })?;
    if signal::is_flac(first.format) {
        let enough = [declared_frames, at_most].into_iter().flatten().min();
        let enough = enough.map(|frames| frames.saturating_mul(first.samples_per_frame));
        let decoded = signal::flac(data, group.len(), budget, enough).map_err(|e| e.in_file(name))?;
        let frames = decoded.first().map_or(0, |c| c.len() / first.samples_per_frame);
        if at_most.is_none_or(|most| frames < most) {
            check_length(frames, declared_frames, file, recording)?;
        }
        let frames = [declared_frames, at_most].into_iter().flatten().fold(frames, usize::min);
        for (channel, samples) in channels.iter_mut().zip(decoded) {
            for raw in samples.into_iter().take(frames * channel.spec.samples_per_frame) {
                channel.push(raw);
            }
        }
        return Ok((frames, channels));
    }
    let capacity = signal::capacity(first.format, data.len()).ok_or_else(|| {
        ReadError::unsupported(format!("WFDB signal format {}", first.format)).in_file(name)
    })?;
    let available = capacity / frame_size;
    check_length(available, declared_frames, file, recording)?;
    let frames = [declared_frames, at_most].into_iter().flatten().fold(available, usize::min);
    if frames.saturating_mul(frame_size) > budget {
        return Err(ReadError::limit(format!("{frames} frames of {frame_size} samples")).in_file(name));
    }
    for channel in &mut channels {
        channel.samples_uv.reserve_exact(frames * channel.spec.samples_per_frame);
    }
    // The order of samples within a frame.
    let order: Vec<usize> = group
        .iter()
        .enumerate()
        .flat_map(|(index, spec)| std::iter::repeat_n(index, spec.samples_per_frame))
        .collect();
    let mut left = frames * frame_size;
    let mut position = 0usize;
    signal::for_each(first.format, data, |raw| {
        if left == 0 {
            return false;
        }
        left -= 1;
        if let Some(channel) = order.get(position).and_then(|index| channels.get_mut(*index)) {
            channel.push(raw);
        }
        position = if position + 1 == order.len() { 0 } else { position + 1 };
        true
    })
    .map_err(|e| e.in_file(name))?;
    Ok((frames, channels))
}

/// The files of the record by name; the case of letters counts only where two names differ in nothing else.
pub(super) struct Files<'a> {
    exact: HashMap<&'a str, &'a SourceFile<'a>>,
    folded: HashMap<String, &'a SourceFile<'a>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(files: &'a [SourceFile<'a>]) -> Self {
        let mut index = Self { exact: HashMap::new(), folded: HashMap::new() };
        for file in files {
            index.exact.entry(file.base_name()).or_insert(file);
            index.folded.entry(file.base_name().to_ascii_lowercase()).or_insert(file);
        }
        index
    }

    fn find(&self, name: &str) -> Option<&'a SourceFile<'a>> {
        self.exact.get(name).or_else(|| self.folded.get(&name.to_ascii_lowercase())).copied()
    }
}

/// One frame less than declared is a writer's rounding and only warned of; more is truncation.
fn check_length(
    available: usize,
    declared: Option<usize>,
    file: &SourceFile<'_>,
    recording: &mut Recording,
) -> Result<(), ReadError> {
    let Some(declared) = declared.filter(|d| *d > available) else { return Ok(()) };
    if declared == available + 1 && available > 0 {
        recording.warn("truncated_tail", format!("the last frame of {} is incomplete", file.base_name()));
        return Ok(());
    }
    let detail = format!("{declared} frames are declared, {available} are there");
    Err(ReadError::truncated(file.bytes.len(), detail).in_file(file.base_name()))
}

/// Checks sums, applies skew and hands the samples over.
fn finish(mut channel: Channel<'_>, declared_frames: Option<usize>, recording: &mut Recording) -> Decoded {
    let spec = channel.spec;
    let name = spec.description.as_deref().unwrap_or("a signal");
    let complete = declared_frames.is_some_and(|d| d * spec.samples_per_frame == channel.samples_uv.len());
    if complete
        && let Some(stated) = spec.checksum
        && low_u16(stated) != low_u16(channel.sum)
    {
        let detail = format!(
            "{name}: the header states {}, the samples give {}",
            low_u16(stated),
            low_u16(channel.sum)
        );
        recording.warn("checksum_mismatch", detail);
    }
    if let (Some(stated), Some(first)) = (spec.initial_value, channel.first)
        && stated != first
        && spec.format != 8
    {
        recording.warn(
            "initial_value_mismatch",
            format!("{name}: the header states {stated}, the file has {first}"),
        );
    }
    let skew = spec.skew_frames.saturating_mul(spec.samples_per_frame).min(channel.samples_uv.len());
    if skew > 0 {
        let length = channel.samples_uv.len();
        channel.samples_uv.drain(..skew);
        channel.samples_uv.resize(length, f32::NAN);
    }
    Decoded {
        samples_uv: channel.samples_uv,
        samples_per_frame: spec.samples_per_frame,
        resolution_uv: channel.uv_per_unit.abs(),
    }
}
