//! Onsets and ends of P, QRS and T in the median beat, over all leads together.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::needless_range_loop,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use crate::{
    dsp::{Band, butterworth, filtfilt_all, median, quantile, samples},
    lead::Lead,
    model::Fiducials,
};

/// Typical intervals around the beats of a median, ms.
#[derive(Debug, Clone, Copy)]
pub struct Cycle {
    /// From the preceding beat.
    pub before_ms: f64,
    /// To the following beat: short where ectopic beats follow.
    pub after_ms: f64,
}

/// Delineates the median beat. `anchor` is the alignment sample; `cycle` bounds the search for T and P. P is
/// searched as if there were one: the rhythm decides later whether to keep it.
pub fn delineate(
    beat: &[(Lead, Vec<f32>)],
    usable: &[Lead],
    anchor: usize,
    fs: f64,
    cycle: Cycle,
) -> Fiducials {
    let chosen: Vec<&[f32]> =
        beat.iter().filter(|(lead, _)| usable.contains(lead)).map(|(_, x)| x.as_slice()).collect();
    let mut smooth = filtfilt_all(&chosen, &butterworth(Band::Low, 2, 45.0, fs), samples(100.0, fs));
    if smooth.is_empty() {
        smooth = beat.iter().map(|(_, x)| x.clone()).collect();
    }
    let n = smooth.iter().map(Vec::len).min().unwrap_or(0);
    if n < samples(400.0, fs) || anchor >= n {
        return Fiducials::default();
    }
    let velocity = spatial_velocity(&smooth, n, fs);
    let Some((qrs_on, qrs_off)) = qrs_limits(&velocity, anchor, fs) else { return Fiducials::default() };
    let (r, height) = tallest(&smooth, qrs_on, qrs_off);
    let least = |wave: Least| wave.absolute_uv.min(wave.of_qrs * height);
    let (t_peak, t_off) = t_wave(&smooth, qrs_on, qrs_off, fs, cycle, least(LEAST_T));
    let previous_t = t_off.map(|t| t.saturating_sub(anchor));
    let (p_on, p_off) = p_wave(&smooth, qrs_on, fs, cycle.before_ms, (previous_t, anchor), least(LEAST_P));
    Fiducials { p_on, p_off, qrs_on: Some(qrs_on), r: Some(r), qrs_off: Some(qrs_off), t_peak, t_off }
}

/// What a wave must rise to: this height, or less where the QRS is small, as in a lead of low voltage or gain.
#[derive(Clone, Copy)]
struct Least {
    absolute_uv: f64,
    of_qrs: f64,
}

const LEAST_P: Least = Least { absolute_uv: 25.0, of_qrs: 0.012 };
const LEAST_T: Least = Least { absolute_uv: 40.0, of_qrs: 0.02 };

/// Root of the summed squared slopes, µV/ms.
fn spatial_velocity(leads: &[Vec<f32>], n: usize, fs: f64) -> Vec<f64> {
    let scale = fs / 2000.0;
    (0..n)
        .map(|i| {
            let (a, b) = (i.saturating_sub(1), (i + 1).min(n - 1));
            leads.iter().map(|x| (f64::from(x[b] - x[a]) * scale).powi(2)).sum::<f64>().sqrt()
        })
        .collect()
}

fn qrs_limits(velocity: &[f64], anchor: usize, fs: f64) -> Option<(usize, usize)> {
    let n = velocity.len();
    let from = anchor.saturating_sub(samples(110.0, fs));
    let to = (anchor + samples(130.0, fs)).min(n);
    let top = velocity[from..to].iter().copied().fold(0.0, f64::max);
    if top <= 0.0 {
        return None;
    }
    // Outermost points of clear QRS activity.
    let first = (from..to).find(|i| velocity[*i] >= 0.35 * top)?;
    let last = (from..to).rev().find(|i| velocity[*i] >= 0.3 * top)?;
    let back = first.saturating_sub(samples(140.0, fs));
    let mut before: Vec<f64> = velocity[back..first.saturating_sub(samples(30.0, fs)).max(back + 1)].to_vec();
    let floor = quantile(&mut before, 0.3).unwrap_or(0.0);
    let on_level = (0.03 * top).max(2.0 * floor).min(0.25 * top);
    let hold = samples(10.0, fs).max(2);
    let qrs_on = walk(velocity, first, -1, on_level, hold, samples(110.0, fs));
    // A sloping ST segment (infarction, strain) keeps moving after the QRS: its own speed is the floor.
    // It is taken late enough not to mistake the slow end of a right bundle branch block for ST.
    let ahead = (last + samples(150.0, fs)).min(n);
    let mut after: Vec<f64> = velocity[(last + samples(65.0, fs)).min(ahead - 1)..ahead].to_vec();
    let st = quantile(&mut after, 0.85).unwrap_or(0.0);
    let off_level = (0.035 * top).max(1.5 * st).min(0.1 * top);
    let hold = samples(14.0, fs).max(2);
    let qrs_off = walk(velocity, last, 1, off_level, hold, samples(130.0, fs));
    Some((qrs_on, qrs_off))
}

/// From `start` in direction `step` to the first sample after which the value stays below `level` for `hold`.
fn walk(values: &[f64], start: usize, step: isize, level: f64, hold: usize, limit: usize) -> usize {
    let mut edge = start;
    let mut below = 0;
    let mut i = start as isize;
    for _ in 0..limit {
        i += step;
        if i < 0 || i as usize >= values.len() {
            break;
        }
        if values[i as usize] < level {
            if below == 0 {
                edge = i as usize;
            }
            below += 1;
            if below >= hold {
                return edge;
            }
        } else {
            below = 0;
            edge = i as usize;
        }
    }
    edge
}

/// The sample of the largest spatial amplitude within QRS, and that amplitude.
fn tallest(leads: &[Vec<f32>], from: usize, to: usize) -> (usize, f64) {
    let mut best = (from, f64::NEG_INFINITY);
    for i in from..=to {
        let value: f64 = leads.iter().map(|x| f64::from(x[i] - x[from]).powi(2)).sum();
        if value > best.1 {
            best = (i, value);
        }
    }
    (best.0, best.1.max(0.0).sqrt())
}

/// T peak from the summed amplitude, T end as a high quantile of the leads' own ends.
fn t_wave(
    leads: &[Vec<f32>],
    qrs_on: usize,
    qrs_off: usize,
    fs: f64,
    cycle: Cycle,
    least_uv: f64,
) -> (Option<usize>, Option<usize>) {
    let rr_ms = cycle.before_ms.max(cycle.after_ms);
    let n = leads.iter().map(Vec::len).min().unwrap_or(0);
    let from = qrs_off + samples(60.0, fs);
    // T ends before two thirds of RR in all but the fastest rhythms; a long QT may take more.
    let limit_ms = (0.72 * rr_ms).clamp(280.0, 680.0).min((cycle.after_ms - 110.0).max(240.0));
    let to = (qrs_on + samples(limit_ms, fs)).min(n.saturating_sub(2));
    if to <= from + samples(60.0, fs) {
        return (None, None);
    }
    // The QRS is held flat at its end, so that the filter does not smear it into ST.
    let mut held = leads.to_vec();
    for x in &mut held {
        let level = x[qrs_off];
        x[..qrs_off].fill(level);
    }
    let low = filtfilt_all(&held, &butterworth(Band::Low, 2, 15.0, fs), samples(150.0, fs));
    let level = |x: &[f32], i: usize| f64::from(x[i]);
    let mut rms: Vec<f64> = Vec::with_capacity(to - from);
    for i in from..to {
        // Deviation from the line between the J point and the end of the window keeps ST shift from hiding T.
        let s = (i - from) as f64 / (to - from) as f64;
        let sum: f64 = low
            .iter()
            .map(|x| {
                let base = (1.0 - s) * 0.5 * (level(x, from)) + s * level(x, to - 1);
                (level(x, i) - base).powi(2)
            })
            .sum();
        rms.push(sum.sqrt());
    }
    // T peaks about 290 ms after QRS onset at 60 bpm; a P or U wave in the window must be much larger to win.
    let expected = samples(290.0 * (rr_ms / 1000.0).cbrt(), fs) as f64 + qrs_on as f64;
    let width = samples(140.0, fs) as f64;
    let Some((peak, height)) = likely_peak(&rms, from, expected, width) else { return (None, None) };
    if height < least_uv {
        return (None, None);
    }
    let t_peak = from + peak;
    // A biphasic T ends after its second hump.
    let reach = samples(120.0, fs);
    let last_hump = (peak + 1..rms.len().saturating_sub(1).min(peak + reach))
        .rev()
        .find(|i| rms[*i] > rms[i - 1] && rms[*i] >= rms[i + 1] && rms[*i] > 0.45 * height)
        .map_or(t_peak, |i| from + i);
    let mut ends: Vec<(f64, f64)> = Vec::new();
    for x in &low {
        // T falls to its end within 180 ms of its peak; what comes later is U or the next P.
        if let Some((end, size)) = t_end(x, from, last_hump, to, fs)
            && end <= last_hump + samples(180.0, fs)
        {
            ends.push((end as f64, size));
        }
    }
    let largest = ends.iter().map(|e| e.1).fold(0.0, f64::max);
    let mut kept: Vec<f64> =
        ends.iter().filter(|e| e.1 > 0.2 * largest && e.1 > least_uv).map(|e| e.0).collect();
    let t_off = quantile(&mut kept, 0.6).map(|v| v.round() as usize);
    (Some(t_peak), t_off)
}

/// Place (relative to `from`) and height of the largest value, weighted by a bell around where it is expected.
fn likely_peak(values: &[f64], from: usize, expected: f64, width: f64) -> Option<(usize, f64)> {
    values
        .iter()
        .enumerate()
        .map(|(i, v)| (i, *v, *v * (-0.5 * (((from + i) as f64 - expected) / width).powi(2)).exp()))
        .max_by(|a, b| a.2.total_cmp(&b.2))
        .map(|(i, v, _)| (i, v))
}

/// End of T in one lead by the trapezium area (Vázquez-Seisdedos et al., Biomed Eng Online 2011;10:43).
/// Returns the end and the height of T above its end.
fn t_end(x: &[f32], from: usize, t_peak: usize, to: usize, fs: f64) -> Option<(usize, f64)> {
    let reach = samples(60.0, fs);
    let (lo, hi) = (t_peak.saturating_sub(reach).max(from), (t_peak + reach).min(to - 1));
    let end_level = f64::from(x[to - 1]);
    let (peak, _) =
        (lo..=hi).map(|i| (i, (f64::from(x[i]) - end_level).abs())).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let sign = if f64::from(x[peak]) >= end_level { 1.0 } else { -1.0 };
    // Steepest return within 160 ms of the peak.
    let stop = (peak + samples(160.0, fs)).min(to - 2);
    let steep = (peak + 1..stop).min_by(|a, b| {
        let slope = |i: usize| sign * f64::from(x[i + 1] - x[i - 1]);
        slope(*a).total_cmp(&slope(*b))
    })?;
    let y_m = sign * f64::from(x[steep]);
    let reference = (steep + samples(170.0, fs)).min(to - 1);
    let mut best = (steep, f64::NEG_INFINITY);
    for i in steep..reference {
        let y = sign * f64::from(x[i]);
        let area = (y_m - y) * (2.0 * reference as f64 - i as f64 - steep as f64);
        if area > best.1 {
            best = (i, area);
        }
    }
    let height = sign * (f64::from(x[peak]) - f64::from(x[best.0]));
    Some((best.0, height))
}

/// P limits from the summed amplitude above the line across the search window.
fn p_wave(
    leads: &[Vec<f32>],
    qrs_on: usize,
    fs: f64,
    rr_ms: f64,
    (t_off_after_anchor, anchor): (Option<usize>, usize),
    least_uv: f64,
) -> (Option<usize>, Option<usize>) {
    // The T wave of the preceding beat must stay outside.
    let rr = samples(rr_ms, fs);
    let previous_t = t_off_after_anchor.map_or(0, |t| (anchor + t).saturating_sub(rr) + samples(10.0, fs));
    let from = qrs_on.saturating_sub(samples(320.0, fs)).max(previous_t);
    let to = qrs_on.saturating_sub(samples(8.0, fs));
    if to <= from + samples(60.0, fs) {
        return (None, None);
    }
    // The QRS is held flat at its onset, so that the filter does not smear it into PR.
    let mut held = leads.to_vec();
    for x in &mut held {
        let level = x[qrs_on];
        x[qrs_on..].fill(level);
    }
    let low = filtfilt_all(&held, &butterworth(Band::Low, 2, 20.0, fs), samples(150.0, fs));
    let rms: Vec<f64> =
        (from..to).map(|i| low.iter().map(|x| f64::from(x[i] - x[to]).powi(2)).sum::<f64>().sqrt()).collect();
    // Energy above the local floor.
    let mut copy = rms.clone();
    let floor = quantile(&mut copy, 0.15).unwrap_or(0.0);
    let expected = qrs_on as f64 - samples(105.0, fs) as f64;
    let Some((peak, height)) = likely_peak(&rms, from, expected, samples(110.0, fs) as f64) else {
        return (None, None);
    };
    if height - floor < least_uv {
        return (None, None);
    }
    let velocity: Vec<f64> = spatial_velocity(&low, low[0].len(), fs);
    let near = samples(80.0, fs);
    let (a, b) = ((from + peak).saturating_sub(near).max(from), (from + peak + near).min(to));
    let top = velocity[a..b].iter().copied().fold(0.0, f64::max);
    let mut quiet = velocity[from..to].to_vec();
    let calm = median(&mut quiet).unwrap_or(0.0).min(0.3 * top);
    let on_level = (0.28 * top).max(calm);
    let off_level = (0.45 * top).max(calm);
    let Some(first) = (a..b).find(|i| velocity[*i] >= 0.4 * top) else { return (None, None) };
    let Some(last) = (a..b).rev().find(|i| velocity[*i] >= 0.5 * top) else { return (None, None) };
    let hold = samples(10.0, fs).max(2);
    let on = walk(&velocity, first, -1, on_level, hold, samples(80.0, fs)).max(from);
    let off = walk(&velocity, last, 1, off_level, hold, samples(80.0, fs)).min(to);
    (Some(on), Some(off))
}
