//! Zero-phase filters for display and analysis. They work on a copy: the recording is never overwritten.
//!
//! Zero phase means that each filter runs forward and backward, so waves keep their place; the attenuation
//! at the named cut-off is 6 dB. High-pass at 0.05 Hz needs about 10 s to show its effect; on a shorter
//! recording it only removes the slope.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numeric kernel: casts are of small non-negative numbers"
)]

use serde::{Deserialize, Serialize};

use crate::dsp::{Band, Biquad, butterworth, fill_gaps, filtfilt};

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

impl FilterSettings {
    /// Applies the filters to one lead. Output has the length of the input; NaN stays NaN (the gap is bridged
    /// by a straight line while filtering). A cut-off at or above 0.45 x rate is left out, as the signal holds
    /// nothing beyond it.
    #[must_use]
    pub fn apply(&self, samples: &[f32], sample_rate_hz: f64) -> Vec<f32> {
        let (mut y, gaps) = fill_gaps(samples);
        let usable = |hz: &f64| *hz > 0.0 && *hz < 0.45 * sample_rate_hz;
        if let Some(hz) = self.high_pass_hz.filter(usable) {
            let pad = (2.0 * sample_rate_hz / hz) as usize;
            y = filtfilt(&y, &butterworth(Band::High, 2, hz, sample_rate_hz), pad);
        }
        if let Some(hz) = self.notch_hz.filter(usable) {
            y = filtfilt(&y, &[Biquad::notch(hz, 15.0, sample_rate_hz)], (sample_rate_hz) as usize);
        }
        if let Some(hz) = self.low_pass_hz.filter(usable) {
            let pad = (10.0 * sample_rate_hz / hz) as usize;
            y = filtfilt(&y, &butterworth(Band::Low, 4, hz, sample_rate_hz), pad);
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
