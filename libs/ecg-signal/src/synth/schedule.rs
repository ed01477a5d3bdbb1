//! When the atria and the ventricles are excited.

use super::{SynthRhythm, SynthSpec, morphology::Shape, rng::Rng};
use crate::model::BeatKind;

/// A ventricular beat.
#[derive(Debug, Clone, Copy)]
pub struct VentricularEvent {
    pub r_s: f64,
    pub shape: Shape,
    pub kind: BeatKind,
    /// Time of the conducted P peak before R.
    pub p_before_s: Option<f64>,
    pub ectopic_p: bool,
    pub rr_s: f64,
    pub ventricular_spike: bool,
    pub atrial_spike: bool,
}

/// Everything that happens, in order of time.
#[derive(Debug, Clone, Default)]
pub struct Events {
    pub beats: Vec<VentricularEvent>,
    /// P peaks that are followed by no QRS of their own.
    pub lone_p_s: Vec<f64>,
    /// Atrial period of flutter.
    pub flutter_period_s: Option<f64>,
    pub fibrillation: bool,
}

/// Time from P peak to R for a normal PR of about 160 ms.
const P_TO_R_S: f64 = 0.135;

pub fn schedule(spec: &SynthSpec) -> Events {
    let mut rng = Rng::new(spec.seed.wrapping_mul(31).wrapping_add(7));
    let mut events = Events::default();
    let mean = 60.0 / spec.heart_rate_bpm;
    match spec.rhythm {
        SynthRhythm::AtrialFibrillation => fibrillation(spec, mean, &mut rng, &mut events),
        SynthRhythm::AtrialFlutter => flutter(spec, mean, &mut rng, &mut events),
        SynthRhythm::ThirdDegreeBlock => third_degree(spec, mean, &mut rng, &mut events),
        SynthRhythm::MobitzOne => mobitz_one(spec, mean, &mut rng, &mut events),
        _ => sinus_based(spec, mean, &mut rng, &mut events),
    }
    events
}

fn plain(r_s: f64, rr_s: f64, shape: Shape, kind: BeatKind) -> VentricularEvent {
    VentricularEvent {
        r_s,
        shape,
        kind,
        p_before_s: None,
        ectopic_p: false,
        rr_s,
        ventricular_spike: false,
        atrial_spike: false,
    }
}

/// Sinus node with respiratory and slower variation.
struct SinusNode {
    mean_s: f64,
    respiration_hz: f64,
    depth: f64,
    phase: f64,
}

impl SinusNode {
    fn new(spec: &SynthSpec, mean_s: f64, rng: &mut Rng) -> Self {
        // Respiratory arrhythmia shrinks with age and rate.
        let age = spec.subject.age_years.unwrap_or(50.0);
        let base = (0.035 - 0.0003 * (age - 30.0)).clamp(0.008, 0.05) * mean_s.min(1.1);
        let depth = if spec.rhythm == SynthRhythm::SinusArrhythmia { 0.16 } else { base };
        Self {
            mean_s,
            respiration_hz: rng.between(0.19, 0.28),
            depth,
            phase: rng.between(0.0, std::f64::consts::TAU),
        }
    }

    fn interval(&self, at_s: f64, rng: &mut Rng) -> f64 {
        let tau = std::f64::consts::TAU;
        let respiration = (tau * self.respiration_hz * at_s + self.phase).sin();
        let slow = (tau * 0.09 * at_s + 1.7 * self.phase).sin();
        self.mean_s * (1.0 + self.depth * respiration + 0.35 * self.depth * slow + 0.004 * rng.normal())
    }
}

fn sinus_based(spec: &SynthSpec, mean: f64, rng: &mut Rng, events: &mut Events) {
    let node = SinusNode::new(spec, mean, rng);
    let shape = match spec.rhythm {
        SynthRhythm::LeftBundleBranchBlock => Shape::LeftBlock,
        SynthRhythm::RightBundleBranchBlock => Shape::RightBlock,
        SynthRhythm::PreExcitation => Shape::PreExcited,
        SynthRhythm::PacedVvi | SynthRhythm::PacedDdd => Shape::Paced,
        _ => Shape::Normal,
    };
    let p_to_r = match spec.rhythm {
        SynthRhythm::FirstDegreeBlock => rng.between(0.225, 0.285),
        SynthRhythm::PreExcitation => 0.125,
        SynthRhythm::LeftBundleBranchBlock => 0.185,
        SynthRhythm::PacedDdd => 0.205,
        _ => P_TO_R_S + rng.between(-0.012, 0.018),
    };
    let paced = matches!(spec.rhythm, SynthRhythm::PacedVvi | SynthRhythm::PacedDdd);
    let kind = if paced { BeatKind::Paced } else { BeatKind::Normal };
    let mut t = -rng.between(0.2, 1.0) * mean;
    let mut count: usize = 0;
    let mut next_early = 2 + usize::from(rng.uniform() < 0.5);
    while t < spec.duration_s + 1.0 {
        let rr = if paced { mean } else { node.interval(t, rng) };
        let mut beat = plain(t, rr, shape, kind);
        if spec.rhythm != SynthRhythm::PacedVvi {
            beat.p_before_s = Some(p_to_r);
        }
        beat.ventricular_spike = paced;
        beat.atrial_spike = spec.rhythm == SynthRhythm::PacedDdd;
        events.beats.push(beat);
        count += 1;
        match spec.rhythm {
            SynthRhythm::AtrialPrematureBeats if count == next_early => {
                let early = rng.between(0.62, 0.72) * rr;
                let mut p = plain(t + early, early, Shape::Normal, BeatKind::Supraventricular);
                p.p_before_s = Some(p_to_r + 0.01);
                p.ectopic_p = true;
                events.beats.push(p);
                // The sinus node is reset: the pause is hardly longer than a cycle.
                t += early + rng.between(1.02, 1.12) * rr;
                next_early = count + 3 + usize::from(rng.uniform() < 0.5);
                continue;
            }
            SynthRhythm::VentricularPrematureBeats | SynthRhythm::VentricularBigeminy
                if spec.rhythm == SynthRhythm::VentricularBigeminy || count == next_early =>
            {
                let early = rng.between(0.55, 0.62) * mean;
                events.beats.push(plain(t + early, early, Shape::VentricularEctopic, BeatKind::Ventricular));
                // The sinus node goes on undisturbed: fully compensatory pause.
                t += 2.0 * rr;
                next_early = count + 3 + usize::from(rng.uniform() < 0.5);
                continue;
            }
            _ => {}
        }
        t += rr;
    }
}

fn fibrillation(spec: &SynthSpec, mean: f64, rng: &mut Rng, events: &mut Events) {
    events.fibrillation = true;
    let mut t = -rng.between(0.1, 0.9) * mean;
    let mut rr = mean;
    while t < spec.duration_s + 1.0 {
        events.beats.push(plain(t, rr, Shape::Normal, BeatKind::Normal));
        rr = (mean * (1.0 + 0.24 * rng.normal())).clamp(0.55 * mean, 1.75 * mean).max(0.33);
        t += rr;
    }
}

fn flutter(spec: &SynthSpec, mean: f64, rng: &mut Rng, events: &mut Events) {
    let period = 60.0 / rng.between(270.0, 310.0);
    events.flutter_period_s = Some(period);
    let fixed = (mean / period).round().max(2.0);
    let variable = rng.uniform() < 0.3;
    let phase = 0.35 * period;
    let mut t = phase - (fixed * rng.between(0.2, 0.9)).floor() * period;
    while t < spec.duration_s + 1.0 {
        let step = if variable { fixed + (rng.uniform() * 3.0).floor() - 1.0 } else { fixed };
        let rr = step.max(2.0) * period;
        events.beats.push(plain(t, rr, Shape::Normal, BeatKind::Normal));
        t += rr;
    }
}

fn third_degree(spec: &SynthSpec, mean: f64, rng: &mut Rng, events: &mut Events) {
    let node = SinusNode::new(spec, 60.0 / rng.between(74.0, 92.0), rng);
    let mut p = -rng.between(0.1, 0.7);
    while p < spec.duration_s + 0.5 {
        events.lone_p_s.push(p);
        p += node.interval(p, rng);
    }
    let mut t = -rng.between(0.1, 0.9) * mean;
    while t < spec.duration_s + 1.0 {
        events.beats.push(plain(t, mean, Shape::Escape, BeatKind::Normal));
        t += mean * (1.0 + 0.004 * rng.normal());
    }
}

/// Wenckebach cycles of three to five P waves: PR grows by shrinking steps until a beat is dropped.
fn mobitz_one(spec: &SynthSpec, mean: f64, rng: &mut Rng, events: &mut Events) {
    let per_cycle = 4.0;
    let node = SinusNode::new(spec, mean * (per_cycle - 1.0) / per_cycle, rng);
    let mut p = -rng.between(0.3, 2.5);
    let mut k = 0;
    let mut last_r = f64::NEG_INFINITY;
    while p < spec.duration_s + 0.5 {
        if k == 3 {
            events.lone_p_s.push(p);
        } else {
            let p_to_r = match k {
                0 => 0.15,
                1 => 0.235,
                _ => 0.285,
            };
            let rr = if last_r.is_finite() { p + p_to_r - last_r } else { mean };
            last_r = p + p_to_r;
            let mut beat = plain(last_r, rr, Shape::Normal, BeatKind::Normal);
            beat.p_before_s = Some(p_to_r);
            events.beats.push(beat);
        }
        k = (k + 1) % 4;
        p += node.interval(p, rng);
    }
}
