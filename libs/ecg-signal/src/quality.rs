//! Quality of each lead, and the leads prepared for analysis.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "numeric kernel: the twelve slots are indexed by Lead::index"
)]

use crate::{
    criteria::{Criteria, Key},
    dsp::{Band, butterworth, fill_gaps, filtfilt_all, quantile, robust_sd, samples},
    lead::{Lead, Signal},
    model::{LeadQuality, QualityStatus},
};

/// Twelve slots of gap-free samples; `None` where a lead is missing and cannot be derived.
pub struct Prepared {
    pub fs: f64,
    pub n: usize,
    pub leads: [Option<Vec<f32>>; 12],
    /// Part of the samples that were missing, per slot.
    missing: [f64; 12],
}

impl Prepared {
    pub fn lead(&self, lead: Lead) -> Option<&[f32]> {
        self.leads[lead.index()].as_deref()
    }

    /// The same recording with every lead changed, `n` samples at `fs`.
    pub fn map_leads(self, fs: f64, n: usize, f: impl Fn(&[f32]) -> Vec<f32>) -> Self {
        Self { fs, n, leads: self.leads.map(|x| x.map(|x| f(&x))), missing: self.missing }
    }

    /// With all leads `factor` times as high.
    pub fn scale(&mut self, factor: f64) {
        for v in self.leads.iter_mut().flatten().flatten() {
            *v *= factor as f32;
        }
    }
}

/// Bridges gaps and derives limb leads from two of I, II, III (Einthoven, Goldberger).
pub fn prepare(signal: &Signal<'_>) -> Prepared {
    let n = signal.len();
    let mut leads: [Option<Vec<f32>>; 12] = Default::default();
    let mut missing = [1.0; 12];
    let pulse = calibration(signal);
    for (lead, raw) in &signal.leads {
        let mut masked: Vec<f32>;
        let mut raw: &[f32] = raw;
        if !pulse.is_empty() {
            masked = raw.to_vec();
            for (from, to) in &pulse {
                masked[*from..*to].fill(f32::NAN);
            }
            raw = &masked;
        }
        let gone = raw.iter().filter(|v| !v.is_finite()).count() as f64 / n.max(1) as f64;
        missing[lead.index()] = gone;
        if gone <= 0.5 {
            leads[lead.index()] = Some(fill_gaps(raw).0);
        }
    }
    derive_limb_leads(&mut leads, &mut missing);
    Prepared { fs: signal.sample_rate_hz, n, leads, missing }
}

/// Stretches in which every lead shows the same value: a calibration pulse or the pad after it, which no heart
/// makes (aVR would have to equal I). Some recorders append one to each lead. Only with six leads or more, only
/// stretches of 80 ms, and only if they take up less than a quarter; 20 ms on either side go with them.
fn calibration(signal: &Signal<'_>) -> Vec<(usize, usize)> {
    let n = signal.len();
    if signal.leads.len() < 6 {
        return Vec::new();
    }
    let least = samples(80.0, signal.sample_rate_hz);
    let margin = samples(20.0, signal.sample_rate_hz);
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut total = 0;
    let mut start = None;
    for i in 0..=n {
        let same = i < n && {
            let values = signal.leads.iter().map(|(_, x)| x[i]);
            let (low, high) =
                values.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
            high - low < 2.0
        };
        match (same, start) {
            (true, None) => start = Some(i),
            (false, Some(from)) => {
                if i - from >= least {
                    total += i - from;
                    out.push((from.saturating_sub(margin), (i + margin).min(n)));
                }
                start = None;
            }
            _ => {}
        }
    }
    if 4 * total > n { Vec::new() } else { out }
}

fn derive_limb_leads(leads: &mut [Option<Vec<f32>>; 12], missing: &mut [f64; 12]) {
    let combine = |a: &[f32], fa: f32, b: &[f32], fb: f32| -> Vec<f32> {
        a.iter().zip(b).map(|(x, y)| fa * x + fb * y).collect()
    };
    let (i, ii, iii) = (leads[0].clone(), leads[1].clone(), leads[2].clone());
    let pair = match (i, ii, iii) {
        (Some(i), Some(ii), _) => Some((i, ii)),
        (Some(i), None, Some(iii)) => {
            let ii = combine(&i, 1.0, &iii, 1.0);
            Some((i, ii))
        }
        (None, Some(ii), Some(iii)) => {
            let i = combine(&ii, 1.0, &iii, -1.0);
            Some((i, ii))
        }
        _ => None,
    };
    let Some((i, ii)) = pair else { return };
    let derived = [
        (Lead::I, 1.0, 0.0),
        (Lead::II, 0.0, 1.0),
        (Lead::III, -1.0, 1.0),
        (Lead::AVR, -0.5, -0.5),
        (Lead::AVL, 1.0, -0.5),
        (Lead::AVF, -0.5, 1.0),
    ];
    for (lead, fi, fii) in derived {
        let slot = lead.index();
        if leads[slot].is_none() {
            leads[slot] = Some(combine(&i, fi, &ii, fii));
            missing[slot] = 0.0;
        }
    }
}

/// Leads that show anything at all; cheap, before the beats are known.
pub fn alive(prepared: &Prepared, criteria: &Criteria) -> Vec<Lead> {
    Lead::ALL
        .into_iter()
        .filter(|lead| prepared.lead(*lead).is_some_and(|x| span_of(x) >= criteria.value(Key::FlatUv)))
        .collect()
}

/// Peak-to-peak without the outermost 0.2 % on either side, from every third sample.
fn span_of(x: &[f32]) -> f64 {
    let mut all: Vec<f64> = x.iter().step_by(3).copied().map(f64::from).collect();
    match (quantile(&mut all, 0.998), quantile(&mut all, 0.002)) {
        (Some(a), Some(b)) => a - b,
        _ => 0.0,
    }
}

/// What the quality of a lead is judged from, in µV of the prepared recording.
pub struct Disturbance {
    lead: Lead,
    span: f64,
    noise: Option<f64>,
    wander: Option<f64>,
    missing: f64,
}

/// Judges all twelve leads by limits in µV, with `gain` µV for each of the prepared recording.
pub fn judge(seen: &[Disturbance], gain: f64, criteria: &Criteria) -> Vec<LeadQuality> {
    let above = |v: Option<f64>, key: Key| v.is_some_and(|v| v * gain > criteria.value(key));
    Lead::ALL
        .into_iter()
        .map(|lead| {
            let Some(d) = seen.iter().find(|d| d.lead == lead) else {
                return LeadQuality {
                    lead,
                    status: QualityStatus::Missing,
                    noise_uv: None,
                    baseline_wander_uv: None,
                };
            };
            let status = if d.span * gain < criteria.value(Key::FlatUv) {
                QualityStatus::Flat
            } else if above(d.noise, Key::NoiseUv)
                || above(d.wander, Key::BaselineWanderUv)
                || d.missing > 0.1
            {
                QualityStatus::Noisy
            } else {
                QualityStatus::Ok
            };
            let scaled = |v: Option<f64>| v.map(|v| v * gain);
            LeadQuality { lead, status, noise_uv: scaled(d.noise), baseline_wander_uv: scaled(d.wander) }
        })
        .collect()
}

/// Measures noise and wander of the leads that are there. `r_samples` may be empty (then the whole lead counts as
/// background).
pub fn disturbance(prepared: &Prepared, r_samples: &[usize]) -> Vec<Disturbance> {
    let fs = prepared.fs;
    let guard = samples(90.0, fs);
    let mut background = vec![true; prepared.n];
    for r in r_samples {
        let from = r.saturating_sub(guard);
        let to = (r + guard).min(prepared.n);
        background[from..to].fill(false);
    }
    let present: Vec<&[f32]> = Lead::ALL.into_iter().filter_map(|lead| prepared.lead(lead)).collect();
    // 50 samples a second are plenty for what lies below 0.5 Hz.
    let step = samples(20.0, fs).max(1);
    let coarse: Vec<Vec<f32>> = present
        .iter()
        .map(|x| x.chunks(step).map(|c| c.iter().sum::<f32>() / c.len() as f32).collect())
        .collect();
    let mut fast =
        filtfilt_all(&present, &butterworth(Band::High, 2, 25.0, fs), samples(100.0, fs)).into_iter();
    let mut slow = filtfilt_all(&coarse, &butterworth(Band::Low, 2, 0.5, 50.0), 100).into_iter();
    Lead::ALL
        .into_iter()
        .filter_map(|lead| {
            let x = prepared.lead(lead)?;
            let (high, low) = (fast.next()?, slow.next()?);
            let quiet: Vec<f64> =
                high.iter().zip(&background).filter(|(_, b)| **b).map(|(v, _)| f64::from(*v)).collect();
            let mut sorted: Vec<f64> = low.iter().copied().map(f64::from).collect();
            let wander = match (quantile(&mut sorted, 0.98), quantile(&mut sorted, 0.02)) {
                (Some(a), Some(b)) => Some(a - b),
                _ => None,
            };
            Some(Disturbance {
                lead,
                span: span_of(x),
                noise: robust_sd(&quiet),
                wander,
                missing: prepared.missing[lead.index()],
            })
        })
        .collect()
}
