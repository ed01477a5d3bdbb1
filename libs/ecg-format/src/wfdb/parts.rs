//! Reads a long record part by part, so that a day of signal needs the memory of some minutes.
//!
//! Only records whose samples lie one after the other in one file can be read so; the others are read whole.

use std::io::Read;

use super::header::Header;
use super::signal;
use crate::error::ReadError;
use crate::model::{Recording, SourceFile};

/// Longest part: beyond any use, so that sizes in bytes stay far from overflow.
const MOST_FRAMES: usize = 1 << 30;

/// The parts of a record in order of time. Each is what [`crate::read`] gives for that stretch of the record, without
/// annotations, and begins a whole number of frames after the one before.
#[derive(Debug)]
pub struct Parts<R> {
    header: Header,
    file: R,
    frames_per_part: usize,
    /// Bytes of a pair of frames: in format 212 two samples share three bytes.
    pair_bytes: usize,
    /// Frames that the header still promises.
    left: Option<usize>,
    at_byte: usize,
    done: bool,
}

impl<R: Read> Parts<R> {
    /// For a header and the signal file that it names, in parts of about `frames_per_part` frames. `None` for a record that
    /// has to be read whole: segments, several files or rates, skew, FLAC, differences, MATLAB files.
    #[must_use]
    pub fn new(header: Header, file: R, frames_per_part: usize) -> Option<Self> {
        let first = header.signals.first()?;
        let plain = header.signals.iter().all(|s| {
            (s.file == first.file && s.format == first.format && s.byte_offset == first.byte_offset)
                && s.samples_per_frame == 1
                && s.skew_frames == 0
        });
        let is_matlab = first.file.to_ascii_lowercase().ends_with(".mat");
        let sample_bits = match first.format {
            80 => 8,
            212 => 12,
            16 | 61 | 160 => 16,
            24 => 24,
            32 => 32,
            _ => return None,
        };
        if !plain || is_matlab || header.segments.is_some() {
            return None;
        }
        let pair_bytes = header.signals.len() * sample_bits / 4;
        let frames_per_part = frames_per_part.clamp(2, MOST_FRAMES).next_multiple_of(2);
        Some(Self { left: header.frames, header, file, frames_per_part, pair_bytes, at_byte: 0, done: false })
    }

    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// As [`crate::read`] for that part; `truncated` where the file ends before the record, `unreadable_file`.
    pub fn next_part(&mut self) -> Result<Option<Recording>, ReadError> {
        if self.done {
            return Ok(None);
        }
        let name = self.header.signals.first().map(|s| s.file.clone()).unwrap_or_default();
        let offset = self.header.signals.first().map_or(0, |s| s.byte_offset);
        if self.at_byte < offset {
            let skipped = self.take(offset).map_err(|e| e.in_file(&name))?;
            self.at_byte = skipped.len();
        }
        let wanted = self.left.map_or(self.frames_per_part, |left| left.min(self.frames_per_part));
        let bytes = self.take((wanted * self.pair_bytes).div_ceil(2)).map_err(|e| e.in_file(&name))?;
        let format = self.header.signals.first().map_or(0, |s| s.format);
        let there = signal::capacity(format, bytes.len()).unwrap_or(0) / self.header.signals.len().max(1);
        let frames = there.min(wanted);
        self.at_byte += bytes.len();
        self.done = frames < self.frames_per_part || self.left == Some(frames);
        match &mut self.left {
            // One frame less than declared is a writer's rounding.
            Some(left) if frames < wanted && frames + 1 < *left => {
                let detail = format!("{left} more frames are declared, {frames} are there");
                return Err(ReadError::truncated(self.at_byte, detail).in_file(&name));
            }
            Some(left) => *left -= frames,
            None => {}
        }
        if frames == 0 {
            return Ok(None);
        }
        let mut header = self.header.clone();
        header.frames = Some(frames);
        for signal in &mut header.signals {
            // What the header says of the whole file does not hold for a part of it.
            (signal.byte_offset, signal.checksum, signal.initial_value) = (0, None, None);
        }
        let mut recording = super::decode(&header, &[SourceFile { name: &name, bytes: &bytes }])?;
        recording.finish()?;
        Ok(Some(recording))
    }

    /// As many bytes as there are, up to `count`. Memory follows what is there, not what a header promises.
    fn take(&mut self, count: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let read = self.file.by_ref().take(count).read_to_end(&mut bytes);
        read.map_err(|error| ReadError::new("unreadable_file", error.to_string()))?;
        Ok(bytes)
    }
}
