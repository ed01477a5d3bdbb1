//! Measurements from the median beat and its fiducials.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    dsp::{ms, samples},
    lead::Lead,
    model::{Fiducials, GlobalMeasurements, LeadMeasurements, MedianBeats},
};

/// QT corrected after Framingham: QT + 154 (1 - RR), with QT and RR in ms.
#[must_use]
pub fn framingham_qtc_ms(qt_ms: f64, rr_ms: f64) -> f64 {
    qt_ms + 154.0 * (1.0 - rr_ms / 1000.0)
}

/// Frontal axis from the net values (area or amplitude) of I and aVF: atan2(2 aVF / sqrt 3, I), in degrees,
/// -180 < axis <= 180. `None` when both are too small to have a direction.
#[must_use]
pub fn frontal_axis_deg(net_i: f64, net_avf: f64) -> Option<f64> {
    let y = 2.0 * net_avf / 3.0_f64.sqrt();
    if net_i.hypot(y) < 1e-9 {
        return None;
    }
    let deg = y.atan2(net_i).to_degrees();
    Some(if deg <= -180.0 { 180.0 } else { deg })
}

/// All per-lead values.
pub fn per_lead(beats: &MedianBeats) -> Vec<LeadMeasurements> {
    beats.leads.iter().map(|(lead, x)| one_lead(*lead, x, &beats.fiducials, beats.sample_rate_hz)).collect()
}

fn one_lead(lead: Lead, x: &[f32], f: &Fiducials, fs: f64) -> LeadMeasurements {
    let mut m = LeadMeasurements::empty(lead);
    let (Some(on), Some(off)) = (f.qrs_on, f.qrs_off) else { return m };
    if off <= on || off >= x.len() {
        return m;
    }
    let base = mean(&x[on.saturating_sub(samples(12.0, fs))..=on]);
    let at = |i: usize| x.get(i).map(|v| f64::from(*v) - base);
    qrs_waves(&mut m, x, base, on, off, fs);
    m.st_j_uv = at(off);
    m.st_j40_uv = at(off + samples(40.0, fs));
    m.st_j60_uv = at(off + samples(60.0, fs));
    m.st_j80_uv = at(off + samples(80.0, fs));
    if let (Some(p_on), Some(p_off)) = (f.p_on, f.p_off)
        && p_on < p_off
    {
        let (start, end) = (f64::from(x[p_on]), f64::from(x[p_off]));
        let span = (p_off - p_on) as f64;
        m.p_amplitude_uv = (p_on..=p_off)
            .map(|i| f64::from(x[i]) - start - (end - start) * (i - p_on) as f64 / span)
            .max_by(|a, b| a.abs().total_cmp(&b.abs()));
    }
    if let Some(t_off) = f.t_off.filter(|t| *t < x.len()) {
        let from = off + samples(60.0, fs);
        m.t_amplitude_uv =
            (from..t_off).map(|i| f64::from(x[i]) - base).max_by(|a, b| (a.abs()).total_cmp(&b.abs()));
    }
    m
}

fn mean(values: &[f32]) -> f64 {
    values.iter().copied().map(f64::from).sum::<f64>() / values.len().max(1) as f64
}

/// Splits the QRS into waves at its crossings of the isoelectric line and names them Q R S R' S'.
fn qrs_waves(m: &mut LeadMeasurements, x: &[f32], base: f64, on: usize, off: usize, fs: f64) {
    let y: Vec<f64> = (on..=off).map(|i| f64::from(x[i]) - base).collect();
    let top = y.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let bottom = y.iter().copied().fold(f64::INFINITY, f64::min);
    m.qrs_peak_to_peak_uv = Some(top - bottom);
    m.qrs_net_area_uv_ms = Some(y.iter().sum::<f64>() * 1000.0 / fs);
    // A deflection counts from 25 µV and 6 ms (CSE: 20 µV, 6 ms).
    let least = 25.0_f64.max(0.02 * (top - bottom));
    let mut waves: Vec<(f64, usize, usize, usize)> = Vec::new();
    let mut start = 0;
    for i in 1..=y.len() {
        let ended = i == y.len() || (y[i] >= 0.0) != (y[start] >= 0.0);
        if !ended {
            continue;
        }
        let (peak, value) = (start..i)
            .map(|k| (k, y[k]))
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
            .unwrap_or((start, 0.0));
        if value.abs() >= least && i - start >= samples(6.0, fs).max(1) {
            match waves.last_mut() {
                // Same sign as the last kept wave: what lay between was too small to count.
                Some(last) if (last.0 >= 0.0) == (value >= 0.0) => {
                    if value.abs() > last.0.abs() {
                        last.0 = value;
                        last.1 = peak;
                    }
                    last.3 = i;
                }
                _ => waves.push((value, peak, start, i)),
            }
        }
        start = i;
    }
    let long = |w: &(f64, usize, usize, usize)| ms(w.3 - w.2, fs);
    let first_r = waves.iter().position(|w| w.0 > 0.0);
    match first_r {
        None => {
            // QS complex: one negative wave, reported as Q.
            if let Some(w) = waves.first() {
                m.q_amplitude_uv = Some(w.0);
                m.q_duration_ms = Some(long(w));
            }
        }
        Some(r) => {
            if let Some(q) = waves[..r].iter().find(|w| w.0 < 0.0) {
                m.q_amplitude_uv = Some(q.0);
                m.q_duration_ms = Some(long(q));
            }
            m.r_amplitude_uv = Some(waves[r].0);
            m.r_duration_ms = Some(long(&waves[r]));
            if let Some(s) = waves.get(r + 1) {
                m.s_amplitude_uv = Some(s.0);
                m.s_duration_ms = Some(long(s));
            }
            if let Some(r2) = waves.get(r + 2) {
                m.r2_amplitude_uv = Some(r2.0);
                m.r2_duration_ms = Some(long(r2));
            }
            if let Some(s2) = waves.get(r + 3) {
                m.s2_amplitude_uv = Some(s2.0);
            }
            let tallest = waves.iter().filter(|w| w.0 > 0.0).max_by(|a, b| a.0.total_cmp(&b.0));
            m.r_peak_time_ms = tallest.map(|w| ms(w.1, fs));
        }
    }
}

/// Everything that spans the leads. `rr` are the intervals that the rate is the mean of, ms.
pub fn global(beats: &MedianBeats, leads: &[LeadMeasurements], rr: &[f64]) -> GlobalMeasurements {
    let fs = beats.sample_rate_hz;
    let f = &beats.fiducials;
    let mut g = GlobalMeasurements::default();
    if !rr.is_empty() {
        let mean_rr = rr.iter().sum::<f64>() / rr.len() as f64;
        g.rr_mean_ms = Some(mean_rr);
        g.heart_rate_bpm = Some(60_000.0 / mean_rr);
        g.rr_min_ms = rr.iter().copied().min_by(f64::total_cmp);
        g.rr_max_ms = rr.iter().copied().max_by(f64::total_cmp);
    }
    let between = |a: Option<usize>, b: Option<usize>| match (a, b) {
        (Some(a), Some(b)) if b > a => Some(ms(b - a, fs)),
        _ => None,
    };
    g.p_duration_ms = between(f.p_on, f.p_off);
    g.pr_ms = between(f.p_on, f.qrs_on);
    g.qrs_ms = between(f.qrs_on, f.qrs_off);
    g.qt_ms = between(f.qrs_on, f.t_off);
    if let (Some(qt), Some(rr), Some(hr)) = (g.qt_ms, g.rr_mean_ms, g.heart_rate_bpm) {
        let rr_s = rr / 1000.0;
        g.qtc_bazett_ms = Some(qt / rr_s.sqrt());
        g.qtc_fridericia_ms = Some(qt / rr_s.cbrt());
        g.qtc_framingham_ms = Some(framingham_qtc_ms(qt, rr));
        g.qtc_hodges_ms = Some(qt + 1.75 * (hr - 60.0));
    }
    g.p_axis_deg = axis(beats, f.p_on, f.p_off, true);
    g.qrs_axis_deg = axis(beats, f.qrs_on, f.qrs_off, false);
    g.t_axis_deg = axis(beats, f.qrs_off.map(|o| o + samples(60.0, fs)), f.t_off, false);
    let find = |lead: Lead| leads.iter().find(|m| m.lead == lead);
    let r = |lead: Lead| {
        find(lead)
            .filter(|m| m.qrs_peak_to_peak_uv.is_some())
            .map(|m| m.r_amplitude_uv.unwrap_or(0.0).max(m.r2_amplitude_uv.unwrap_or(0.0)))
    };
    let s = |lead: Lead| {
        find(lead).filter(|m| m.qrs_peak_to_peak_uv.is_some()).map(|m| {
            let waves = [
                m.s_amplitude_uv,
                m.s2_amplitude_uv,
                m.q_amplitude_uv.filter(|_| m.r_amplitude_uv.is_none()),
            ];
            waves.into_iter().flatten().fold(0.0, |a: f64, b| a.max(-b))
        })
    };
    g.rv5_uv = r(Lead::V5);
    g.sv1_uv = s(Lead::V1);
    g.rv5_sv1_uv = g.rv5_uv.zip(g.sv1_uv).map(|(a, b)| a + b);
    g.cornell_uv = r(Lead::AVL).zip(s(Lead::V3)).map(|(a, b)| a + b);
    g
}

/// Axis of the net area between two samples. `chord`: above the line between the ends, else above the level
/// at QRS onset.
fn axis(beats: &MedianBeats, from: Option<usize>, to: Option<usize>, chord: bool) -> Option<f64> {
    let (from, to) = (from?, to?);
    if to <= from {
        return None;
    }
    let on = beats.fiducials.qrs_on?;
    let net = |lead: Lead| -> Option<f64> {
        let (_, x) = beats.leads.iter().find(|(l, _)| *l == lead)?;
        if to >= x.len() {
            return None;
        }
        let (a, b) = if chord { (x[from], x[to]) } else { (x[on], x[on]) };
        let span = (to - from) as f64;
        Some(
            (from..=to)
                .map(|i| {
                    let s = (i - from) as f64 / span;
                    f64::from(x[i]) - (1.0 - s) * f64::from(a) - s * f64::from(b)
                })
                .sum(),
        )
    };
    frontal_axis_deg(net(Lead::I)?, net(Lead::AVF)?)
}
