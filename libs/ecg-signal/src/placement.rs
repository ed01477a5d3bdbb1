//! Electrodes on the wrong place: limb electrodes swapped, chest electrodes out of order.
//!
//! Limb leads. Swapped arms turn I upside down, right arm and left leg swapped turn II upside down; in both the P wave
//! and the QRS of that lead contradict V5 and V6, which a deviated axis or an ectopic atrial rhythm alone does not do.
//! With the right leg's electrode on an arm, the lead between the legs shows nearly nothing. Left arm and left leg
//! swapped look like another healthy heart; only the P wave, which is then taller in I than in II, hints at it
//! (Abdollah and Milliken, Am J Cardiol 1997;80:1247). It is said where the difference is plain.
//!
//! Chest leads. From V1 to V6 the waves turn steadily. Each lead is a direction in the space of its samples; a swap
//! makes the way through the six directions longer than the way in another order.
#![allow(
    clippy::indexing_slicing,
    reason = "numeric kernel: pairs of the six chest leads, windows checked at entry"
)]

use crate::{
    interpret::{Findings, say},
    lead::Lead,
    phrases::{self as p, Phrase},
    rhythm::RhythmKind,
    statement::{Certainty, Statement},
};

/// Shortening of the way by another order, as part of the way and in radians, from which it is said. Chosen on the even
/// records of docs/accuracy.md, as are the weights of P and T.
const CHEST_GAIN: f64 = 0.05;
const CHEST_GAIN_RAD: f64 = 0.07;
/// P taller in I than in II by this much, with the QRS at ordinary height, is left to few healthy hearts.
const P_TALLER_UV: f64 = 50.0;
const P_WEIGHT: f32 = 6.0;
const T_WEIGHT: f32 = 1.5;

/// All suspicions, limb leads first.
pub fn suspected(f: &Findings<'_>) -> Vec<Statement> {
    if f.rhythm.paced_ventricle {
        return Vec::new();
    }
    limb(f).into_iter().chain(chest(f)).collect()
}

fn wave<'a>(f: &'a Findings<'_>, lead: Lead) -> Option<&'a [f32]> {
    let x = f.median.leads.iter().find(|(l, _)| *l == lead).map(|(_, x)| x.as_slice())?;
    let marks = f.median.fiducials;
    let (on, off) = (marks.qrs_on?, marks.qrs_off?);
    x.get(on..off)
}

/// QRS, ST-T and P of a lead one after the other, the small waves raised.
fn cycle(f: &Findings<'_>, lead: Lead) -> Option<Vec<f32>> {
    let x = f.median.leads.iter().find(|(l, _)| *l == lead).map(|(_, x)| x.as_slice())?;
    let marks = f.median.fiducials;
    let mut out = wave(f, lead)?.to_vec();
    if let (Some(off), Some(end)) = (marks.qrs_off, marks.t_off) {
        out.extend(x.get(off..end)?.iter().map(|v| v * T_WEIGHT));
    }
    if let (Some(on), Some(off)) = (marks.p_on, marks.p_off) {
        let level = x.get(on).copied()?;
        out.extend(x.get(on..off)?.iter().map(|v| (v - level) * P_WEIGHT));
    }
    Some(out)
}

/// Cosine of the angle between two leads' QRS.
fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (f64::from(*x), f64::from(*y));
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    if aa > 0.0 && bb > 0.0 { ab / (aa * bb).sqrt() } else { 0.0 }
}

fn limb(f: &Findings<'_>) -> Option<Statement> {
    let span = |lead: Lead| f.shape(lead).and_then(|m| m.qrs_peak_to_peak_uv).unwrap_or(0.0);
    let tallest = Lead::LIMB.into_iter().map(span).fold(0.0, f64::max);
    let t = |lead: Lead| f.shape(lead).and_then(|m| m.t_amplitude_uv).unwrap_or(0.0);
    let tallest_t = Lead::LIMB.into_iter().map(|l| t(l).abs()).fold(0.0, f64::max);
    for lead in [Lead::II, Lead::III, Lead::I] {
        let small = span(lead);
        if f.einthoven
            && tallest > 300.0
            && small < 0.12 * tallest
            && t(lead).abs() < 40.0_f64.max(0.12 * tallest_t)
        {
            let ground =
                f.observed("qrs_peak_to_peak", small, "uV", "nearly nothing between the legs in this lead");
            return Some(say(p::REVERSAL_RIGHT_LEG, Certainty::Probable, vec![lead], vec![ground]));
        }
    }
    let sinus = f.rhythm.kind == RhythmKind::Sinus;
    let p_of = |lead: Lead| f.shape(lead).and_then(|m| m.p_amplitude_uv).unwrap_or(0.0);
    let like = |lead: Lead| -> f64 {
        let Some(x) = wave(f, lead) else { return 1.0 };
        [Lead::V5, Lead::V6]
            .into_iter()
            .filter_map(|v| wave(f, v).map(|y| cosine(x, y)))
            .fold(f64::NAN, f64::min)
    };
    let candidates: [(Lead, Phrase); 2] = [(Lead::I, p::LIMB_REVERSAL), (Lead::II, p::REVERSAL_ARM_LEG)];
    let upside_down = candidates
        .into_iter()
        .filter_map(|(lead, phrase)| {
            let (c, wave_p) = (like(lead), p_of(lead));
            // Without a P wave to agree with, T must, or the QRS be plainly upside down.
            let t_upright = t(lead) > 100.0 && t(Lead::V6) > 0.0;
            let t_against = t(lead) * t(Lead::V6) < 0.0 && t(lead).abs() > 30.0;
            let with_p = sinus && wave_p != 0.0;
            let against = if with_p {
                wave_p < -15.0 && c < -0.1 && !t_upright
            } else {
                (c < -0.5 && t_against) || (c < -0.75 && !t_upright)
            };
            against.then(|| {
                let grounds = vec![
                    f.observed("qrs_likeness_to_v6", c, "1", "< -0.1: QRS upside down against V5, V6"),
                    f.observed("p_amplitude", wave_p, "uV", "< -15 uV: P wave upside down"),
                ];
                let certainty = if sinus && c < -0.4 { Certainty::Probable } else { Certainty::Possible };
                (c + wave_p / 200.0, say(phrase, certainty, vec![lead], grounds))
            })
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, s)| s);
    upside_down.or_else(|| {
        // Left arm and left leg: I and II change places, and with them the taller P wave.
        let more = p_of(Lead::I) - p_of(Lead::II);
        (sinus && f.einthoven && p_of(Lead::I) > 0.0 && more > P_TALLER_UV).then(|| {
            let ground = f.observed(
                "p_amplitude_i_over_ii",
                more,
                "uV",
                "> 50 uV, the QRS at ordinary height: P taller in I than in II",
            );
            say(p::REVERSAL_ARM_LEFT_LEG, Certainty::Possible, vec![Lead::I, Lead::II], vec![ground])
        })
    })
}

fn chest(f: &Findings<'_>) -> Option<Statement> {
    let waves: Vec<Vec<f32>> = Lead::CHEST.into_iter().filter_map(|lead| cycle(f, lead)).collect();
    if waves.len() != 6 {
        return None;
    }
    // Noise of a single beat; in the median of ten it is a third. Less than this is not left of a lead in which beats are found.
    let good = |lead: &Lead| f.noise.iter().any(|n| n.lead == *lead && n.snr_db.is_some_and(|v| v > -8.0));
    if !Lead::CHEST.iter().all(good) {
        return None;
    }
    let mut angle = [[0.0_f64; 6]; 6];
    for i in 0..6 {
        for j in 0..6 {
            angle[i][j] = cosine(&waves[i], &waves[j]).clamp(-1.0, 1.0).acos();
        }
    }
    let way = |order: &[usize; 6]| -> f64 { order.windows(2).map(|w| angle[w[0]][w[1]]).sum() };
    let given = [0, 1, 2, 3, 4, 5];
    let whole = way(&given);
    let mut best: Option<(f64, usize, usize)> = None;
    for i in 0..6 {
        for j in i + 1..6 {
            let mut order = given;
            order.swap(i, j);
            let length = way(&order);
            if best.is_none_or(|b| length < b.0) {
                best = Some((length, i, j));
            }
        }
    }
    let (length, i, j) = best?;
    let gain = (whole - length) / whole.max(1e-9);
    if gain < CHEST_GAIN || whole - length < CHEST_GAIN_RAD {
        return None;
    }
    let ground = f.observed(
        "chest_order_gain",
        gain,
        "1",
        ">= 0.05: P, QRS and T turn more steadily with the two swapped",
    );
    let leads = vec![Lead::CHEST[i], Lead::CHEST[j]];
    let mut s = say(p::REVERSAL_CHEST, Certainty::Possible, leads, vec![ground]);
    s.text_zh = format!("{}（{}与{}）", s.text_zh, Lead::CHEST[i].label(), Lead::CHEST[j].label());
    s.text_en = format!("{}: {} and {}", s.text_en, Lead::CHEST[i].label(), Lead::CHEST[j].label());
    Some(s)
}
