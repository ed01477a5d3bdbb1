//! How noisy each lead and the recording are: what differs from beat to beat, against the height of the QRS.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numeric kernel: indices stay within lengths checked at entry"
)]

use serde::Serialize;

use crate::{
    criteria::{Criteria, Key},
    dsp::{median, samples},
    lead::Lead,
    median::Group,
    model::MedianBeats,
    quality::Prepared,
};

/// What a lead or a recording is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoiseClass {
    Good,
    /// Rhythm and intervals can be read; small waves not surely.
    Acceptable,
    Unusable,
}

/// Noise of one lead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeadNoise {
    pub lead: Lead,
    /// Signal to noise as in the MIT-BIH noise stress test: squared peak-to-peak QRS over 8 against the power of the
    /// noise, dB. `None` without QRS.
    pub snr_db: Option<f64>,
    /// 0 (nothing but noise) to 100 (clean): SNR of 0 dB to 30 dB.
    pub score: f64,
    pub class: NoiseClass,
}

/// Noise of every lead of the median beat. The noise is the spread of the beats of one shape around their median beat,
/// slow wander included, outside of which little is left of a recording.
pub fn per_lead(
    prepared: &Prepared,
    dominant: Option<&Group>,
    beat_count: usize,
    beats: &MedianBeats,
    criteria: &Criteria,
) -> Vec<LeadNoise> {
    let fs = beats.sample_rate_hz;
    let anchor = samples(450.0, fs);
    let (before, after) = (samples(200.0, fs), samples(300.0, fs));
    let step = samples(4.0, fs).max(1);
    // A median of one beat is that beat: where few detections look alike, they are noise themselves.
    let members = dominant.map_or(0, |g| g.members.len());
    let alike = members >= 3 && 5 * members >= 2 * beat_count;
    beats
        .leads
        .iter()
        .map(|(lead, template)| {
            let x = prepared.lead(*lead).unwrap_or(&[]);
            let mut rest: Vec<f64> = dominant
                .iter()
                .flat_map(|g| &g.members)
                .filter(|(_, at)| *at >= before && at + after < x.len())
                .flat_map(|(_, at)| {
                    (0..before + after).step_by(step).map(move |k| {
                        f64::from(x[at - before + k]) - f64::from(template[anchor - before + k])
                    })
                })
                .collect();
            // The level of the recording is no noise; its wander is.
            let level = median(&mut rest).unwrap_or(0.0);
            let noise = (alike && !rest.is_empty())
                .then(|| rest.iter().map(|v| (v - level).powi(2)).sum::<f64>() / rest.len() as f64);
            let marks = beats.fiducials;
            let span = marks.qrs_on.zip(marks.qrs_off).and_then(|(on, off)| template.get(on..off)).map(|w| {
                let top = w.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let bottom = w.iter().copied().fold(f32::INFINITY, f32::min);
                f64::from(top - bottom)
            });
            let snr_db = span
                .zip(noise)
                .filter(|(s, _)| *s >= criteria.value(Key::FlatUv))
                .map(|(s, n)| (10.0 * (s * s / 8.0 / n.max(1.0)).log10()).clamp(-30.0, 60.0));
            let score = snr_db.map_or(0.0, |v| (v / 30.0 * 100.0).clamp(0.0, 100.0));
            let class = match snr_db {
                Some(v) if v >= criteria.value(Key::SnrGoodDb) => NoiseClass::Good,
                Some(v) if v >= criteria.value(Key::SnrUsableDb) => NoiseClass::Acceptable,
                _ => NoiseClass::Unusable,
            };
            LeadNoise { lead: *lead, snr_db, score, class }
        })
        .collect()
}

/// Of the recording: good if no lead is unusable and at most two are not good, unusable if half of the leads are.
pub fn recording(leads: &[LeadNoise]) -> NoiseClass {
    let count = |class: NoiseClass| leads.iter().filter(|l| l.class == class).count();
    if leads.is_empty() || 2 * count(NoiseClass::Unusable) >= leads.len() {
        NoiseClass::Unusable
    } else if count(NoiseClass::Unusable) == 0 && count(NoiseClass::Acceptable) <= 2 {
        NoiseClass::Good
    } else {
        NoiseClass::Acceptable
    }
}
