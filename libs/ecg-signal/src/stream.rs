//! Detection and classes of beats in a signal that is still coming: the streaming form of [`crate::detect`] and, joined with
//! [`crate::beats::BeatStream`], of both.
//!
//! The detector runs as it is over a window that moves on by one block at a time. Everything it looks at lies within the
//! window around a beat, so the beats are those of [`crate::detect::detect_qrs`] over the whole recording (shown on the MIT-BIH
//! records: docs/accuracy.md), late by [`DetectorStream::delay_samples`]. Memory is bounded by the window.
//!
//! Absent: rhythm and statements of a live signal; filters for display are [`crate::filter::FilterStream`].

use crate::{
    beats::{BeatStream, ClassifiedBeat},
    detect::{block_len, detect_segment, valid_rate},
    dsp::samples,
};

/// Blocks of 1.6 s that the detector sees before and after those whose beats it tells.
const BLOCKS_BEFORE: usize = 30;
const BLOCKS_AFTER: usize = 8;

/// Appends as many samples as every lead given has; a lead that is not given is missing.
pub(crate) fn append(kept: &mut [Vec<f32>], leads: &[&[f32]]) {
    let count = leads.iter().map(|x| x.len()).min().unwrap_or(0);
    for (k, kept) in kept.iter_mut().enumerate() {
        match leads.get(k) {
            Some(new) => kept.extend(new.iter().take(count)),
            None => kept.resize(kept.len() + count, f32::NAN),
        }
    }
}

/// The streaming form of [`crate::detect::detect_qrs`].
#[derive(Debug, Clone)]
pub struct DetectorStream {
    fs: f64,
    /// Signal kept, and the index of its first sample in the stream: a whole number of blocks.
    kept: Vec<Vec<f32>>,
    first: usize,
    /// Beats before this sample have been told.
    told: usize,
    last: Option<usize>,
}

impl DetectorStream {
    /// For `lead_count` leads in any unit, sampled at `sample_rate_hz` (100 to 10,000; nothing is found at other rates).
    #[must_use]
    pub fn new(lead_count: usize, sample_rate_hz: f64) -> Self {
        Self { fs: sample_rate_hz, kept: vec![Vec::new(); lead_count], first: 0, told: 0, last: None }
    }

    /// The most samples that must follow a beat before it is told.
    #[must_use]
    pub fn delay_samples(&self) -> usize {
        (BLOCKS_AFTER + 1) * block_len(self.fs)
    }

    /// Appends signal (one slice for each lead, equally long, NaN for missing) and returns the beats that are certain now, as
    /// sample indices of the whole stream, ascending.
    pub fn push(&mut self, leads: &[&[f32]]) -> Vec<usize> {
        let mut out = Vec::new();
        if !valid_rate(self.fs) {
            return out;
        }
        append(&mut self.kept, leads);
        // All blocks that can be told are told at once, so that long parts cost hardly more than the batch form.
        let block = block_len(self.fs);
        let end = self.end() / block * block;
        let to = end.saturating_sub(BLOCKS_AFTER * block);
        if to > self.told {
            self.tell(to, end, &mut out);
            let drop = to.saturating_sub(BLOCKS_BEFORE * block).saturating_sub(self.first);
            for kept in &mut self.kept {
                kept.drain(..drop);
            }
            self.first += drop;
        }
        out
    }

    /// Ends the stream: the beats that are left. A stream shorter than a second has none.
    #[must_use]
    pub fn finish(mut self) -> Vec<usize> {
        let mut out = Vec::new();
        let end = self.end();
        if valid_rate(self.fs) && (end as f64) >= self.fs {
            self.tell(end, end, &mut out);
        }
        out
    }

    fn end(&self) -> usize {
        self.first + self.kept.first().map_or(0, Vec::len)
    }

    /// Tells the beats before `to`, seeing the signal up to `end`.
    fn tell(&mut self, to: usize, end: usize, out: &mut Vec<usize>) {
        let seen: Vec<&[f32]> = self.kept.iter().filter_map(|x| x.get(..end - self.first)).collect();
        let apart = samples(200.0, self.fs);
        for beat in detect_segment(&seen, self.fs) {
            let at = self.first + beat;
            if (self.told..to).contains(&at) && self.last.is_none_or(|last| at >= last + apart) {
                self.last = Some(at);
                out.push(at);
            }
        }
        self.told = to;
    }
}

/// Leads beyond these bring nothing to beats and their classes, and cost time.
const MOST_LEADS: usize = 8;

/// Beats with their classes from a signal that is still coming: [`DetectorStream`] and [`BeatStream`] in one. Of many leads the
/// first eight are looked at.
#[derive(Debug, Clone)]
pub struct LiveBeats {
    detector: DetectorStream,
    classes: BeatStream,
}

impl LiveBeats {
    /// As [`DetectorStream::new`].
    #[must_use]
    pub fn new(lead_count: usize, sample_rate_hz: f64) -> Self {
        Self {
            detector: DetectorStream::new(lead_count.min(MOST_LEADS), sample_rate_hz),
            classes: BeatStream::new(lead_count.min(MOST_LEADS), sample_rate_hz),
        }
    }

    /// As [`DetectorStream::push`]; a class comes [`crate::beats::DELAY_BEATS`] beats after its beat.
    pub fn push(&mut self, leads: &[&[f32]]) -> Vec<ClassifiedBeat> {
        let leads = leads.get(..MOST_LEADS).unwrap_or(leads);
        let beats = self.detector.push(leads);
        self.classes.push(leads, &beats)
    }

    /// Ends the stream: the beats that are left.
    #[must_use]
    pub fn finish(mut self) -> Vec<ClassifiedBeat> {
        let beats = self.detector.finish();
        let none: Vec<&[f32]> = Vec::new();
        let mut out = self.classes.push(&none, &beats);
        out.extend(self.classes.finish());
        out
    }
}
