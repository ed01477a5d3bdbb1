//! From events to samples: dipole, projection on electrodes, noise and wander.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numeric kernel: indices are clamped to the length of the recording"
)]

use super::{
    SynthEcg, SynthRhythm, SynthSpec, SynthTruth, TruthBeat,
    morphology::{self, Shape, Wave},
    rng::Rng,
    schedule::{Events, VentricularEvent},
};
use crate::lead::{Lead, Sex};

/// Dower's coefficients for I, II, V1..V6 on x (left), y (down), z (back).
const DOWER: [[f64; 3]; 8] = [
    [0.632, -0.235, 0.059],
    [0.235, 1.066, -0.132],
    [-0.515, 0.157, -0.917],
    [0.044, 0.164, -1.387],
    [0.882, 0.098, -1.277],
    [1.213, 0.127, -0.601],
    [1.125, 0.127, -0.086],
    [0.831, 0.076, 0.230],
];

/// Frontal axis of the normal QRS as drawn, degrees; rotated to what the specification asks.
const DRAWN_AXIS_DEG: f64 = 50.0;

struct Dipole {
    fs: f64,
    xyz: Vec<[f64; 3]>,
}

impl Dipole {
    fn add(&mut self, at_s: f64, wave: &Wave, gain: f64, rotation_rad: f64) {
        let centre = at_s + wave.centre_ms / 1000.0;
        let from = ((centre - 4.0 * wave.rise_ms / 1000.0) * self.fs).floor().max(0.0) as usize;
        let to = ((centre + 4.0 * wave.fall_ms / 1000.0) * self.fs).ceil().max(0.0) as usize;
        let (sin, cos) = rotation_rad.sin_cos();
        let [x, y, z] = wave.vector_uv;
        let vector = [gain * (cos * x - sin * y), gain * (sin * x + cos * y), gain * z];
        let n = self.xyz.len();
        for (i, slot) in self.xyz.iter_mut().enumerate().take(to.min(n)).skip(from) {
            let dt = (i as f64 / self.fs - centre) * 1000.0;
            let sigma = if dt < 0.0 { wave.rise_ms } else { wave.fall_ms };
            let g = (-0.5 * (dt / sigma).powi(2)).exp();
            for (s, v) in slot.iter_mut().zip(vector) {
                *s += g * v;
            }
        }
    }
}

pub fn render(spec: &SynthSpec, events: &Events) -> SynthEcg {
    let fs = spec.sample_rate_hz;
    let n = (spec.duration_s * fs).round() as usize;
    let mut rng = Rng::new(spec.seed.wrapping_mul(0x9e37_79b9).wrapping_add(11));
    let mut dipole = Dipole { fs, xyz: vec![[0.0; 3]; n] };
    let mut truth = SynthTruth::default();
    let respiration_hz = rng.between(0.19, 0.28);
    let respiration_phase = rng.between(0.0, std::f64::consts::TAU);
    let aim = (spec.qrs_axis_deg - DRAWN_AXIS_DEG).to_radians();
    let mut spikes: Vec<(f64, f64)> = Vec::new();
    for beat in &events.beats {
        let breath = (std::f64::consts::TAU * respiration_hz * beat.r_s + respiration_phase).sin();
        let gain = spec.amplitude * (1.0 + 0.035 * breath + 0.012 * rng.normal());
        let rotation = (2.0 * breath + 0.5 * rng.normal()).to_radians();
        draw_beat(spec, beat, gain, rotation, aim, &mut dipole, &mut truth, &mut spikes);
    }
    for p in &events.lone_p_s {
        for wave in morphology::p_waves() {
            dipole.add(*p, &wave, spec.amplitude, 0.0);
        }
        push_in(&mut truth.p_peaks, *p, fs, n);
    }
    truth.p_peaks.sort_unstable();
    atrial_waves(spec, events, &mut rng, &mut dipole);
    let leads = project(spec, &dipole, &spikes, &mut rng);
    SynthEcg { sample_rate_hz: fs, leads, truth }
}

fn sample_of(at_s: f64, fs: f64, n: usize) -> Option<usize> {
    let i = (at_s * fs).round();
    (i >= 0.0 && i < n as f64).then_some(i as usize)
}

fn push_in(list: &mut Vec<usize>, at_s: f64, fs: f64, n: usize) {
    list.extend(sample_of(at_s, fs, n));
}

#[allow(clippy::too_many_arguments, reason = "one beat needs the whole drawing board")]
fn draw_beat(
    spec: &SynthSpec,
    beat: &VentricularEvent,
    gain: f64,
    rotation: f64,
    aim: f64,
    dipole: &mut Dipole,
    truth: &mut SynthTruth,
    spikes: &mut Vec<(f64, f64)>,
) {
    let (fs, n) = (dipole.fs, dipole.xyz.len());
    let qrs = morphology::qrs_waves(beat.shape);
    let (qrs_on, qrs_off) = morphology::limits(&qrs);
    // QT after Fridericia; women a little longer.
    let qtc = match spec.rhythm {
        SynthRhythm::LongQt => 520.0,
        _ => 405.0 + (qrs_off - qrs_on - 88.0).max(0.0) * 0.7,
    } + if spec.subject.sex == Some(Sex::Female) { 8.0 } else { 0.0 };
    // QT adapts to the average cycle more than to the last one.
    let cycle = 0.3 * beat.rr_s + 0.7 * 60.0 / spec.heart_rate_bpm;
    let qt = qtc * cycle.cbrt();
    let repolarization = morphology::repolarization(beat.shape, spec, qt, qrs_on);
    let turn = if matches!(beat.shape, Shape::Normal | Shape::RightBlock) { aim } else { 0.0 };
    let qrs_gain = gain * morphology::qrs_gain(spec.rhythm);
    for wave in &qrs {
        dipole.add(beat.r_s, wave, qrs_gain, rotation + turn);
    }
    let t_gain = gain * if spec.rhythm == SynthRhythm::LowVoltage { 0.35 } else { 1.0 };
    for wave in &repolarization {
        dipole.add(beat.r_s, wave, t_gain, rotation + 0.3 * turn);
    }
    let mut p_limits = None;
    if let Some(before) = beat.p_before_s {
        let peak = beat.r_s - before;
        let waves = if beat.ectopic_p { morphology::ectopic_p_waves() } else { morphology::p_waves() };
        let p_gain = spec.amplitude * if spec.rhythm == SynthRhythm::LowVoltage { 0.7 } else { 1.0 };
        for wave in &waves {
            dipole.add(peak, wave, p_gain, 0.0);
        }
        let (on, off) = morphology::limits(&waves);
        p_limits = Some((peak + on / 1000.0, peak + off / 1000.0));
        push_in(&mut truth.p_peaks, peak, fs, n);
        if beat.atrial_spike {
            spikes.push((peak + on / 1000.0, 0.6));
        }
    }
    if beat.ventricular_spike {
        spikes.push((beat.r_s + qrs_on / 1000.0 + 0.004, 1.0));
    }
    let t = repolarization.first().map_or(0.0, |w| w.centre_ms);
    let marks = (
        sample_of(beat.r_s, fs, n),
        sample_of(beat.r_s + qrs_on / 1000.0, fs, n),
        sample_of(beat.r_s + qrs_off / 1000.0, fs, n),
    );
    if let (Some(r_sample), Some(on), Some(off)) = marks {
        let clamp = |s: f64| sample_of(s, fs, n).unwrap_or(n - 1);
        truth.beats.push(TruthBeat {
            r_sample,
            kind: beat.kind,
            p_on: p_limits.and_then(|l| sample_of(l.0, fs, n)),
            p_off: p_limits.and_then(|l| sample_of(l.1, fs, n)),
            qrs_on: on,
            qrs_off: off,
            t_peak: clamp(beat.r_s + t / 1000.0),
            t_off: clamp(beat.r_s + (qrs_on + qt) / 1000.0),
        });
    }
}

/// Fibrillatory waves (three drifting oscillators) or flutter's saw teeth.
fn atrial_waves(spec: &SynthSpec, events: &Events, rng: &mut Rng, dipole: &mut Dipole) {
    let tau = std::f64::consts::TAU;
    let fs = dipole.fs;
    if events.fibrillation {
        let size = rng.between(30.0, 55.0) * spec.amplitude;
        for direction in [[-0.25, 0.55, -0.7], [0.3, 0.6, -0.3], [-0.2, 0.3, -0.9]] {
            let mean_hz = rng.between(5.2, 7.6);
            let (mut phase, mut hz) = (rng.between(0.0, tau), mean_hz);
            let beat_hz = rng.between(0.3, 0.9);
            let beat_phase = rng.between(0.0, tau);
            for (i, slot) in dipole.xyz.iter_mut().enumerate() {
                hz += 0.6 * (mean_hz - hz) / fs + 1.6 * rng.normal() / fs.sqrt();
                phase += tau * hz / fs;
                let t = i as f64 / fs;
                let swell = 0.65 + 0.35 * (tau * beat_hz * t + beat_phase).sin();
                let v = size * swell * (phase.sin() + 0.3 * (2.0 * phase).sin());
                for (s, d) in slot.iter_mut().zip(direction) {
                    *s += v * d;
                }
            }
        }
    }
    if let Some(period) = events.flutter_period_s {
        let size = rng.between(120.0, 170.0) * spec.amplitude;
        for (i, slot) in dipole.xyz.iter_mut().enumerate() {
            let phase = tau * (i as f64 / fs) / period;
            // A slow fall and a steeper rise: the first three harmonics of a tilted tooth.
            let v =
                size * (phase.sin() + 0.42 * (2.0 * phase + 0.5).sin() + 0.15 * (3.0 * phase + 1.0).sin());
            for (s, d) in slot.iter_mut().zip([0.05, -0.75, -0.35]) {
                *s += v * d;
            }
        }
    }
}

/// Coloured noise of one electrode: muscle (20 to about 150 Hz) and slow wander.
fn electrode_noise(spec: &SynthSpec, rng: &mut Rng, n: usize, shared: &[f64]) -> Vec<f64> {
    let fs = spec.sample_rate_hz;
    let tau = std::f64::consts::TAU;
    let low = 1.0 - (-tau * 150.0 / fs).exp();
    let high = 1.0 - (-tau * 20.0 / fs).exp();
    let (mut a, mut b) = (0.0, 0.0);
    let mut noise: Vec<f64> = (0..n)
        .map(|_| {
            a += low * (rng.normal() - a);
            b += high * (a - b);
            a - b
        })
        .collect();
    let power = noise.iter().map(|v| v * v).sum::<f64>() / n.max(1) as f64;
    // A lead is the difference of two electrodes: each carries 1 / sqrt 2 of the noise.
    let scale = spec.noise_uv / 2.0_f64.sqrt() / power.sqrt().max(1e-9);
    let waves: Vec<(f64, f64, f64)> = (0..3)
        .map(|k| (rng.between(0.05, 0.16) + 0.1 * f64::from(k), rng.between(0.0, tau), rng.between(0.4, 1.0)))
        .collect();
    let share = rng.between(0.3, 1.0);
    for (i, v) in noise.iter_mut().enumerate() {
        let t = i as f64 / fs;
        let slow: f64 = waves.iter().map(|(hz, phase, w)| w * (tau * hz * t + phase).sin()).sum();
        *v = *v * scale + spec.baseline_wander_uv * (0.13 * slow + 0.2 * share * shared[i]);
    }
    noise
}

fn project(spec: &SynthSpec, dipole: &Dipole, spikes: &[(f64, f64)], rng: &mut Rng) -> Vec<(Lead, Vec<f32>)> {
    let (fs, n) = (dipole.fs, dipole.xyz.len());
    let tau = std::f64::consts::TAU;
    let breath_hz = rng.between(0.19, 0.28);
    let shared: Vec<f64> = (0..n).map(|i| (tau * breath_hz * i as f64 / fs).sin()).collect();
    // Right arm, left arm, left leg, V1..V6.
    let electrodes: Vec<Vec<f64>> = (0..9).map(|_| electrode_noise(spec, rng, n, &shared)).collect();
    let mut stimulus = vec![0.0; n];
    for (at, size) in spikes {
        let width = (0.002 * fs).round().max(1.0) as usize;
        let Some(start) = sample_of(*at, fs, n) else { continue };
        for v in stimulus.iter_mut().skip(start).take(width) {
            *v += size * 1100.0;
        }
    }
    let spike_gain = [0.35, 0.9, -0.5, -0.3, 0.3, 0.6, 0.7, 0.7];
    let mut independent: Vec<Vec<f64>> = Vec::with_capacity(8);
    for (k, row) in DOWER.iter().enumerate() {
        let lead: Vec<f64> = (0..n)
            .map(|i| {
                let heart: f64 = row.iter().zip(dipole.xyz[i]).map(|(a, b)| a * b).sum();
                let [ra, la, ll] = [electrodes[0][i], electrodes[1][i], electrodes[2][i]];
                let noise = match k {
                    0 => la - ra,
                    1 => ll - ra,
                    _ => electrodes[k + 1][i] - (ra + la + ll) / 3.0,
                };
                heart + noise + spike_gain[k] * stimulus[i]
            })
            .collect();
        independent.push(lead);
    }
    if spec.rhythm == SynthRhythm::NoisyLeadOff {
        // V3 has come off: the amplifier shows a line.
        independent[4].fill(0.0);
    }
    let (i, ii) = (&independent[0], &independent[1]);
    let of = |f: &dyn Fn(f64, f64) -> f64| -> Vec<f32> {
        i.iter().zip(ii).map(|(a, b)| f(*a, *b) as f32).collect()
    };
    let mut out = vec![
        (Lead::I, of(&|a, _| a)),
        (Lead::II, of(&|_, b| b)),
        (Lead::III, of(&|a, b| b - a)),
        (Lead::AVR, of(&|a, b| -(a + b) / 2.0)),
        (Lead::AVL, of(&|a, b| a - b / 2.0)),
        (Lead::AVF, of(&|a, b| b - a / 2.0)),
    ];
    for (k, lead) in Lead::CHEST.into_iter().enumerate() {
        out.push((lead, independent[k + 2].iter().map(|v| *v as f32).collect()));
    }
    out
}
