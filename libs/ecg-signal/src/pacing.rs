//! Pacing spikes.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    dsp::{median, samples},
    lead::Lead,
    median::Group,
    quality::Prepared,
};

/// Least sharpness of a spike as part of the height of the QRS, both over all leads together; and of one that stands alone,
/// this many times as sharp as what is 8 to 16 ms away from it.
const SPIKE_PART: f64 = 0.125;
const LONE_PART: f64 = 0.04;
const LONE_TIMES: f64 = 4.0;

/// Root of the sum of the leads' squared peak-to-peak QRS, median over the first beats.
fn qrs_height(leads: &[&[f32]], dominant: &Group, fs: f64) -> f64 {
    let reach = samples(60.0, fs);
    let mut heights: Vec<f64> = dominant
        .members
        .iter()
        .take(9)
        .map(|(_, at)| {
            let sum: f64 = leads
                .iter()
                .filter_map(|x| x.get(at.saturating_sub(reach)..(at + reach).min(x.len())))
                .map(|w| {
                    let top = w.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    let bottom = w.iter().copied().fold(f32::INFINITY, f32::min);
                    f64::from(top - bottom).powi(2)
                })
                .sum();
            sum.sqrt()
        })
        .collect();
    median(&mut heights).unwrap_or(f64::INFINITY)
}

/// A sharp point of a beat: samples before the beat's place, and its bend in every lead.
struct Sharp {
    ahead: isize,
    size: f64,
    bend: Vec<f64>,
}

/// Spikes this far from each other in time, and with their bends at most this far apart in direction (cosine), are those of
/// one pacemaker.
const SAME_MS: f64 = 5.0;
const SAME_BEND: f64 = 0.8;

/// Whether most beats of the dominant group follow a pacing spike: (atrial, ventricular).
///
/// A spike is as sharp on a scale of 4 ms as on one of 12 ms; a QRS flank or notch is much sharper on the
/// longer one. A pacemaker's spike stands at the same distance before every beat and points the same way in all leads;
/// noise that a recorder's filter lets through within the QRS alone is as sharp, but differs from beat to beat. The spike is measured
/// against the QRS, so that a wrong gain changes nothing. Recorders with a low-pass below 100 Hz leave nothing to see here.
pub fn spikes(prepared: &Prepared, dominant: &Group) -> (bool, bool) {
    let fs = prepared.fs;
    if fs < 240.0 {
        return (false, false);
    }
    let (short, long) = (samples(4.0, fs).max(1), samples(12.0, fs).max(3));
    let leads: Vec<&[f32]> = Lead::ALL.into_iter().filter_map(|l| prepared.lead(l)).collect();
    let bend = |x: &[f32], i: usize, d: usize| f64::from(x[i] - 0.5 * (x[i - d] + x[i + d]));
    let sharp =
        |i: usize, d: usize| -> f64 { leads.iter().map(|x| bend(x, i, d).powi(2)).sum::<f64>().sqrt() };
    let (near, far) = (samples(8.0, fs), samples(16.0, fs));
    let lone = |i: usize, fine: f64| {
        (near..=far).all(|d| {
            fine >= LONE_TIMES * sharp(i.saturating_sub(d).max(short), short).max(sharp(i + d, short))
        })
    };
    let height = qrs_height(&leads, dominant, fs);
    let mut beats: Vec<Vec<Sharp>> = Vec::new();
    for (_, at) in &dominant.members {
        let from = at.saturating_sub(samples(320.0, fs)).max(long);
        let to = (at + samples(40.0, fs)).min(prepared.n.saturating_sub(2 * long));
        if to <= from + samples(100.0, fs) {
            continue;
        }
        // Muscle noise is sharp too: a spike stands far above what is sharp in the T wave.
        let quiet_to = (at + samples(420.0, fs)).min(prepared.n.saturating_sub(long));
        let quiet = (at + samples(220.0, fs)..quiet_to).map(|i| sharp(i, short)).fold(0.0, f64::max);
        let least = (LONE_PART * height).max(2.5 * quiet);
        let mut found = Vec::new();
        for i in from..to {
            let fine = sharp(i, short);
            if fine >= least
                && fine >= 0.74 * (sharp(i, long) + 0.016 * height)
                && (fine >= SPIKE_PART * height || lone(i, fine))
            {
                let bend = leads.iter().map(|x| bend(x, i, short)).collect();
                found.push(Sharp { ahead: *at as isize - i as isize, size: fine, bend });
            }
        }
        beats.push(found);
    }
    let edge = samples(110.0, fs) as isize;
    let most = |atrial: bool| {
        let reach = samples(SAME_MS, fs) as isize;
        let zone = |s: &&Sharp| (s.ahead >= edge) == atrial;
        beats.iter().flatten().filter(zone).any(|model| {
            let same = |s: &Sharp| {
                (s.ahead - model.ahead).abs() <= reach && {
                    let ab: f64 = s.bend.iter().zip(&model.bend).map(|(a, b)| a * b).sum();
                    ab >= SAME_BEND * s.size * model.size
                }
            };
            2 * beats.iter().filter(|found| found.iter().filter(zone).any(same)).count() > beats.len()
        })
    };
    (most(true), most(false))
}
