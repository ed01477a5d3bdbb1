//! Shapes: Gaussian waves of the heart dipole. x points left, y down, z back; µV and ms; time 0 is the main
//! deflection of the QRS.

use super::{SynthRhythm, SynthSpec};

/// One Gaussian wave, possibly steeper on one side.
#[derive(Debug, Clone, Copy)]
pub struct Wave {
    pub centre_ms: f64,
    pub rise_ms: f64,
    pub fall_ms: f64,
    pub vector_uv: [f64; 3],
}

const fn wave(centre_ms: f64, rise_ms: f64, fall_ms: f64, vector_uv: [f64; 3]) -> Wave {
    Wave { centre_ms, rise_ms, fall_ms, vector_uv }
}

/// P relative to its own peak.
pub fn p_waves() -> Vec<Wave> {
    vec![wave(-14.0, 15.0, 16.0, [72.0, 60.0, -42.0]), wave(14.0, 16.0, 15.0, [88.0, 56.0, 30.0])]
}

/// P of an ectopic atrial focus low in the atrium.
pub fn ectopic_p_waves() -> Vec<Wave> {
    vec![wave(-10.0, 14.0, 15.0, [50.0, -40.0, 20.0]), wave(12.0, 15.0, 14.0, [40.0, -60.0, -30.0])]
}

/// Which QRS-T to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Normal,
    LeftBlock,
    RightBlock,
    /// From the outflow tract of the right ventricle.
    VentricularEctopic,
    /// From a pacing lead at the right ventricular apex.
    Paced,
    PreExcited,
    Escape,
}

pub fn qrs_waves(shape: Shape) -> Vec<Wave> {
    match shape {
        Shape::Normal => vec![
            wave(-21.0, 7.0, 8.0, [-90.0, -25.0, -230.0]),
            wave(0.0, 9.5, 9.5, [1050.0, 690.0, 340.0]),
            wave(18.0, 8.5, 9.0, [150.0, -140.0, 640.0]),
        ],
        Shape::LeftBlock => vec![
            wave(-42.0, 15.0, 18.0, [380.0, 180.0, 90.0]),
            wave(-2.0, 20.0, 20.0, [780.0, 220.0, 640.0]),
            wave(38.0, 17.0, 16.0, [640.0, 60.0, 420.0]),
        ],
        Shape::RightBlock => vec![
            wave(-21.0, 7.0, 8.0, [-90.0, -25.0, -240.0]),
            wave(0.0, 9.5, 10.0, [980.0, 620.0, 260.0]),
            wave(22.0, 9.0, 10.0, [60.0, -60.0, 330.0]),
            wave(58.0, 15.0, 17.0, [-430.0, 40.0, -580.0]),
        ],
        Shape::VentricularEctopic => vec![
            wave(-30.0, 18.0, 22.0, [160.0, 600.0, 120.0]),
            wave(10.0, 24.0, 26.0, [240.0, 1350.0, 950.0]),
        ],
        Shape::Paced => vec![
            wave(-28.0, 16.0, 20.0, [180.0, -420.0, 60.0]),
            wave(14.0, 26.0, 24.0, [520.0, -900.0, 780.0]),
        ],
        Shape::PreExcited => vec![
            wave(-40.0, 11.0, 18.0, [330.0, 160.0, -60.0]),
            wave(0.0, 11.0, 10.0, [950.0, 600.0, 240.0]),
            wave(19.0, 9.0, 10.0, [150.0, -120.0, 560.0]),
        ],
        Shape::Escape => vec![
            wave(-24.0, 9.0, 12.0, [-60.0, 40.0, -200.0]),
            wave(4.0, 13.0, 15.0, [900.0, 480.0, 420.0]),
            wave(34.0, 13.0, 14.0, [120.0, -140.0, 560.0]),
        ],
    }
}

/// T and ST. `qt_ms` runs from QRS onset to T end.
pub fn repolarization(shape: Shape, spec: &SynthSpec, qt_ms: f64, qrs_on_ms: f64) -> Vec<Wave> {
    let fall = 34.0;
    let rise = 52.0;
    let centre = qrs_on_ms + qt_ms - 2.5 * fall;
    let t = |vector| wave(centre, rise, fall, vector);
    let st = |vector| wave(centre * 0.45, centre * 0.26, centre * 0.3, vector);
    match shape {
        Shape::LeftBlock => vec![t([-250.0, -60.0, -260.0]), st([-70.0, -20.0, -120.0])],
        Shape::RightBlock => vec![t([230.0, 160.0, 20.0])],
        Shape::VentricularEctopic => vec![t([-110.0, -430.0, -330.0]), st([-30.0, -120.0, -90.0])],
        Shape::Paced => vec![t([-160.0, 330.0, -300.0]), st([-50.0, 90.0, -90.0])],
        Shape::PreExcited => vec![t([110.0, 90.0, -60.0]), st([-40.0, -30.0, 20.0])],
        Shape::Normal | Shape::Escape => match spec.rhythm {
            SynthRhythm::AnteriorStemi => vec![t([260.0, 60.0, -470.0]), st([150.0, -60.0, -330.0])],
            SynthRhythm::InferiorStemi => vec![t([60.0, 380.0, -40.0]), st([-120.0, 300.0, 70.0])],
            SynthRhythm::LeftVentricularHypertrophy => {
                vec![t([-210.0, -70.0, -160.0]), st([-95.0, -40.0, -60.0])]
            }
            _ => vec![t([230.0, 165.0, -165.0])],
        },
    }
}

/// Scale of the QRS by rhythm.
pub fn qrs_gain(rhythm: SynthRhythm) -> f64 {
    match rhythm {
        SynthRhythm::LeftVentricularHypertrophy => 2.15,
        SynthRhythm::LowVoltage => 0.3,
        _ => 1.0,
    }
}

/// Outer limits of a set of waves, ms: 2.5 standard deviations.
pub fn limits(waves: &[Wave]) -> (f64, f64) {
    let on = waves.iter().map(|w| w.centre_ms - 2.5 * w.rise_ms).fold(f64::INFINITY, f64::min);
    let off = waves.iter().map(|w| w.centre_ms + 2.5 * w.fall_ms).fold(f64::NEG_INFINITY, f64::max);
    (on, off)
}
