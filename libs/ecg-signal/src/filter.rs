//! Zero-phase filters for display and analysis. They work on a copy: the recording is never overwritten.
//!
//! Zero phase means that each filter runs forward and backward, so waves keep their place; the attenuation
//! at the named cut-off is 6 dB. High-pass at 0.05 Hz needs about 10 s to show its effect; on a shorter
//! recording it only removes the slope.
//!
//! [`FilterSettings::apply`] filters a whole recording, [`FilterStream`] one that is still coming.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "numeric kernel: casts are of small non-negative numbers, indices lie within what was just filled"
)]

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::biquad::{Band, Biquad, Forward, backward, butterworth, filtfilt};
use crate::dsp::fill_gaps;

/// High-pass settings of the viewer, Hz.
pub const HIGH_PASS_HZ: [f64; 3] = [0.05, 0.15, 0.5];
/// Low-pass settings of the viewer, Hz.
pub const LOW_PASS_HZ: [f64; 4] = [40.0, 75.0, 100.0, 150.0];
/// Mains frequency of the region, Hz.
pub const NOTCH_HZ: f64 = 50.0;

/// Which filters to apply. `None` leaves that filter out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct FilterSettings {
    pub high_pass_hz: Option<f64>,
    pub low_pass_hz: Option<f64>,
    pub notch_hz: Option<f64>,
}

/// Zero-phase sections with the reach beyond which a sample no longer counts (1.4e-4 and less of a step is left).
struct Stage {
    sections: Vec<Biquad>,
    reach: usize,
}

/// Whole samples; an absurdly low frequency reaches no further than any recording.
fn reach(samples: f64) -> usize {
    (samples as usize).min(1 << 40)
}

impl FilterSettings {
    /// The filters in their order.
    fn stages(&self, fs: f64) -> Vec<Stage> {
        let usable = |hz: &f64| *hz > 0.0 && *hz < 0.45 * fs;
        let high = self
            .high_pass_hz
            .filter(usable)
            .map(|hz| Stage { sections: butterworth(Band::High, 2, hz, fs), reach: reach(2.0 * fs / hz) });
        let notch = self
            .notch_hz
            .filter(usable)
            .map(|hz| Stage { sections: vec![Biquad::notch(hz, 15.0, fs)], reach: reach(fs) });
        let low = self
            .low_pass_hz
            .filter(usable)
            .map(|hz| Stage { sections: butterworth(Band::Low, 4, hz, fs), reach: reach(10.0 * fs / hz) });
        [high, notch, low].into_iter().flatten().collect()
    }

    /// Applies the filters to one lead. Output has the length of the input; NaN stays NaN (the gap is bridged
    /// by a straight line while filtering). A cut-off at or above 0.45 x rate is left out, as the signal holds
    /// nothing beyond it.
    #[must_use]
    pub fn apply(&self, samples: &[f32], sample_rate_hz: f64) -> Vec<f32> {
        let (mut y, gaps) = fill_gaps(samples);
        for stage in self.stages(sample_rate_hz) {
            y = filtfilt(&y, &stage.sections, stage.reach);
        }
        if gaps {
            for (out, original) in y.iter_mut().zip(samples) {
                if !original.is_finite() {
                    *out = f32::NAN;
                }
            }
        }
        y
    }
}

/// A missing stretch is bridged when it ends; one longer than this is held at its last value, as a live signal cannot wait.
const BRIDGE_S: f64 = 1.0;

/// [`FilterSettings::apply`] for a signal that is still coming: the same samples, late by [`FilterStream::delay_samples`].
///
/// Zero phase needs to see what follows, so the delay is that of the lowest frequency: about 5 s for a high-pass of
/// 0.5 Hz, 50 s for 0.05 Hz, 0.3 s for a low-pass of 40 Hz, 1.25 s for the notch. What differs from the batch form is what the
/// filters still ring beyond that, 2e-4 of a step, and the neighbourhood of gaps longer than a second, which are held at the
/// last value instead of bridged.
#[derive(Debug, Clone)]
pub struct FilterStream {
    stages: Vec<StageStream>,
    /// Missing samples since the last that was there, as many as are waited for.
    gap: usize,
    bridge: usize,
    last: Option<f32>,
    /// Whether the samples still on their way were missing.
    missing: VecDeque<bool>,
}

impl FilterStream {
    /// For one lead sampled at `sample_rate_hz`.
    #[must_use]
    pub fn new(settings: &FilterSettings, sample_rate_hz: f64) -> Self {
        Self {
            stages: settings.stages(sample_rate_hz).into_iter().map(StageStream::new).collect(),
            gap: 0,
            last: None,
            bridge: (BRIDGE_S * sample_rate_hz) as usize,
            missing: VecDeque::new(),
        }
    }

    /// The most samples that a filtered sample comes after its original, gaps aside.
    #[must_use]
    pub fn delay_samples(&self) -> usize {
        self.stages.iter().map(|s| s.reach + s.hop).sum()
    }

    /// Takes the next samples; returns those that are ready, in order, as many in all as were given once the stream ends.
    pub fn push(&mut self, samples: &[f32]) -> Vec<f32> {
        let mut out = Vec::with_capacity(samples.len());
        let mut filled = Vec::with_capacity(samples.len());
        for v in samples {
            if self.last.is_none() && self.gap >= self.bridge && !v.is_finite() {
                // Nothing has come for so long that the filters begin with what will.
                out.push(f32::NAN);
                continue;
            }
            self.missing.push_back(!v.is_finite());
            self.fill(*v, &mut filled);
        }
        let ready = self.stages.iter_mut().fold(filled, |x, stage| stage.push(&x));
        out.extend(self.unfill(ready));
        out
    }

    /// Ends the stream: the samples that are left.
    #[must_use]
    pub fn finish(mut self) -> Vec<f32> {
        let mut rest = vec![self.last.unwrap_or(0.0); self.gap];
        for stage in &mut self.stages {
            let mut out = stage.push(&rest);
            out.extend(stage.finish());
            rest = out;
        }
        self.unfill(rest)
    }

    /// A straight line over what was missing, once its end is known.
    fn fill(&mut self, v: f32, out: &mut Vec<f32>) {
        if v.is_finite() {
            let from = self.last.unwrap_or(v);
            let span = (self.gap + 1) as f32;
            out.extend((1..=self.gap).map(|k| from + (v - from) * k as f32 / span));
            out.push(v);
            self.gap = 0;
            self.last = Some(v);
        } else if self.gap < self.bridge {
            self.gap += 1;
        } else {
            // Longer than can be waited for: its oldest sample is let go.
            out.extend(self.last);
        }
    }

    fn unfill(&mut self, mut ready: Vec<f32>) -> Vec<f32> {
        for v in &mut ready {
            if self.missing.pop_front() == Some(true) {
                *v = f32::NAN;
            }
        }
        ready
    }
}

/// One zero-phase filter over a stream: forward as the samples come, backward over `reach` samples more than are let go.
#[derive(Debug, Clone)]
struct StageStream {
    sections: Vec<Biquad>,
    forward: Forward,
    reach: usize,
    hop: usize,
    /// The beginning, until it is long enough to be turned over; later the last samples, for the turning over of the end.
    raw: VecDeque<f32>,
    begun: bool,
    /// Run forward, not yet backward.
    forth: Vec<f32>,
}

impl StageStream {
    fn new(stage: Stage) -> Self {
        Self {
            forward: Forward::new(&stage.sections),
            sections: stage.sections,
            reach: stage.reach,
            hop: (stage.reach / 4).max(1),
            raw: VecDeque::new(),
            begun: false,
            forth: Vec::new(),
        }
    }

    fn push(&mut self, x: &[f32]) -> Vec<f32> {
        self.raw.extend(x);
        if !self.begun {
            if self.raw.len() <= self.reach {
                return Vec::new();
            }
            self.begin();
        } else {
            self.forth.extend(x.iter().map(|v| self.forward.step(*v)));
        }
        self.raw.drain(..self.raw.len() - self.reach - 1);
        if self.forth.len() < self.reach + self.hop {
            return Vec::new();
        }
        let ready = self.forth.len() - self.reach;
        let mut out = self.forth.clone();
        backward(&mut out, &self.sections);
        out.truncate(ready);
        self.forth.drain(..ready);
        out
    }

    /// As the batch form begins: with the first samples turned over.
    fn begin(&mut self) {
        self.begun = true;
        let first = self.raw[0];
        let pad = self.reach.min(self.raw.len() - 1);
        for k in (1..=pad).rev() {
            self.forward.step(2.0 * first - self.raw[k]);
        }
        self.forth.extend(self.raw.iter().map(|v| self.forward.step(*v)));
    }

    fn finish(&mut self) -> Vec<f32> {
        if !self.begun {
            if self.raw.len() < 2 {
                return self.raw.drain(..).collect();
            }
            self.begin();
        }
        let n = self.raw.len();
        let last = self.raw[n - 1];
        let pad = self.reach.min(n - 1);
        let mut out = std::mem::take(&mut self.forth);
        let ready = out.len();
        out.extend((1..=pad).map(|k| self.forward.step(2.0 * last - self.raw[n - 1 - k])));
        backward(&mut out, &self.sections);
        out.truncate(ready);
        out
    }
}
