//! Whether amplitudes can be believed: Einthoven's law, and heights that no heart has.
#![allow(clippy::indexing_slicing, reason = "numeric kernel: leads of one length, checked at entry")]

use crate::{
    dsp::samples,
    lead::Lead,
    measure::frontal_axis_deg,
    model::{Fiducials, GlobalMeasurements, MedianBeats},
    quality::Prepared,
};

/// Limb leads that were each drawn at a gain of their own.
#[derive(Debug, Clone, Copy)]
pub struct Gains {
    /// Factor that brings I to the scale of II.
    pub i: f64,
}

fn lead(beats: &MedianBeats, lead: Lead) -> Option<&[f32]> {
    beats.leads.iter().find(|(l, _)| *l == lead).map(|(_, x)| x.as_slice())
}

/// Gains of I and III that make Einthoven's law hold, from the changes over 20 ms of the whole recording, in which the
/// baseline plays no part. `None` where the leads obey it as they are (any recorder that derives them does exactly),
/// where one is missing, or where no gains make it hold.
pub fn own_gains(prepared: &Prepared) -> Option<Gains> {
    let (i, ii, iii) = (prepared.lead(Lead::I)?, prepared.lead(Lead::II)?, prepared.lead(Lead::III)?);
    let d = samples(20.0, prepared.fs).max(1);
    let change = |x: &[f32], k: usize| f64::from(x[k + d] - x[k]);
    let (mut aa, mut ac, mut cc, mut ab, mut cb, mut bb) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for k in (0..prepared.n.saturating_sub(d)).step_by(d) {
        let (a, b, c) = (change(i, k), change(ii, k), change(iii, k));
        aa += a * a;
        ac += a * c;
        cc += c * c;
        ab += a * b;
        cb += c * b;
        bb += b * b;
    }
    let as_given = aa + bb + cc + 2.0 * (ac - ab - cb);
    let det = aa * cc - ac * ac;
    if as_given <= 0.02 * (aa + bb + cc) / 3.0 || det <= 1e-6 * aa * cc {
        return None;
    }
    let (x, y) = ((ab * cc - cb * ac) / det, (cb * aa - ab * ac) / det);
    let left = bb - x * ab - y * cb;
    (x > 0.05 && y > 0.05 && left < 0.15 * bb).then_some(Gains { i: x })
}

/// Axes from the leads brought back to one scale.
pub fn axes(beats: &MedianBeats, g: Gains, global: &mut GlobalMeasurements) {
    let Fiducials { p_on, p_off, qrs_on, qrs_off, t_off, .. } = beats.fiducials;
    let net = |which: Lead, from: Option<usize>, to: Option<usize>, chord: bool| -> Option<f64> {
        let x = lead(beats, which)?.get(from?..to?)?;
        let (first, last) = (f64::from(*x.first()?), f64::from(*x.last()?));
        let under = if chord { (first + last) / 2.0 * x.len() as f64 } else { 0.0 };
        Some(x.iter().map(|v| f64::from(*v)).sum::<f64>() - under)
    };
    let axis = |from: Option<usize>, to: Option<usize>, chord: bool| -> Option<f64> {
        let i = net(Lead::I, from, to, chord)? * g.i;
        // aVF = II - I / 2
        frontal_axis_deg(i, net(Lead::II, from, to, chord)? - i / 2.0)
    };
    global.p_axis_deg = axis(p_on, p_off, true);
    global.qrs_axis_deg = axis(qrs_on, qrs_off, false);
    global.t_axis_deg = axis(qrs_off, t_off, false);
}
