//! Statements about conduction, voltage, repolarization and lead placement.

use crate::{
    atrial,
    criteria::Key,
    interpret::{Findings, say},
    lead::{Lead, Sex},
    model::LeadMeasurements,
    phrases::{self as p, Phrase},
    placement,
    rhythm::RhythmKind,
    statement::{Certainty, Ground, Severity, Statement},
};

fn r_of(m: &LeadMeasurements) -> f64 {
    m.r_amplitude_uv.unwrap_or(0.0).max(m.r2_amplitude_uv.unwrap_or(0.0))
}

/// Deepest negative wave, as a positive number.
fn depth_of(m: &LeadMeasurements) -> f64 {
    [m.q_amplitude_uv, m.s_amplitude_uv, m.s2_amplitude_uv]
        .into_iter()
        .flatten()
        .fold(0.0, |a: f64, b| a.max(-b))
}

fn net(m: &LeadMeasurements) -> f64 {
    m.qrs_net_area_uv_ms.unwrap_or(0.0)
}

/// AV conduction, bundle branches, pre-excitation, axis.
pub fn conduction(f: &Findings<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    let g = f.global;
    let paced = f.rhythm.paced_ventricle;
    let reversals = placement::suspected(f);
    // The hint at left arm and left leg is too weak to withhold what else is seen.
    let weak = [p::REVERSAL_CHEST.code, p::REVERSAL_ARM_LEFT_LEG.code];
    let reversed = reversals.iter().any(|s| !weak.contains(&s.code));
    out.extend(reversals);
    let mut delta = false;
    if let (Some(pr), RhythmKind::Sinus) = (g.pr_ms, f.rhythm.kind) {
        if pr > f.limit(Key::PrLongMs) {
            let ground = f.ground("pr", None, pr, Key::PrLongMs, ">");
            out.push(say(p::AVB_FIRST, Certainty::Definite, Vec::new(), vec![ground]));
        } else if pr < f.limit(Key::PrShortMs) {
            let ground = f.ground("pr", None, pr, Key::PrShortMs, "<");
            match g.qrs_ms.filter(|q| *q >= f.limit(Key::DeltaQrsMs)) {
                Some(qrs) => {
                    delta = true;
                    let wide = f.ground("qrs", None, qrs, Key::DeltaQrsMs, ">=");
                    out.push(say(p::WPW, Certainty::Probable, Vec::new(), vec![ground, wide]));
                }
                None => out.push(say(p::SHORT_PR, Certainty::Probable, Vec::new(), vec![ground])),
            }
        }
    }
    let mut bundle = false;
    if !paced && !delta {
        if let Some(s) = bundle_branch(f) {
            bundle = !matches!(s.code, c if c == p::IRBBB.code);
            out.push(s);
        }
        if !reversed && f.is_adult() {
            out.extend(fascicle(f, bundle));
        }
    }
    let fascicular = out.iter().any(|s| s.code == p::LAFB.code || s.code == p::LPFB.code);
    if !paced && !reversed && !fascicular {
        out.extend(axis(f));
    }
    out
}

fn axis(f: &Findings<'_>) -> Option<Statement> {
    let deg = f.global.qrs_axis_deg?;
    let (left, right, extreme) =
        (f.limit(Key::AxisLeftDeg), f.limit(Key::AxisRightDeg), f.limit(Key::AxisExtremeLeftDeg));
    let (phrase, ground) = if deg < extreme {
        (p::AXIS_EXTREME, f.ground("qrs_axis", None, deg, Key::AxisExtremeLeftDeg, "<"))
    } else if deg < left {
        (p::AXIS_LEFT, f.ground("qrs_axis", None, deg, Key::AxisLeftDeg, "<"))
    } else if deg > right {
        (p::AXIS_RIGHT, f.ground("qrs_axis", None, deg, Key::AxisRightDeg, ">"))
    } else {
        return None;
    };
    Some(say(phrase, Certainty::Definite, vec![Lead::I, Lead::AVF], vec![ground]))
}

fn bundle_branch(f: &Findings<'_>) -> Option<Statement> {
    let qrs = f.global.qrs_ms?;
    if !f.is_adult() || qrs < f.limit(Key::QrsIrbbbMinMs) {
        return None;
    }
    let (v1, i) = (f.shape(Lead::V1)?, f.shape(Lead::I)?);
    let lateral = f.shape(Lead::V6).or_else(|| f.shape(Lead::V5))?;
    let complete = qrs >= f.limit(Key::QrsWideMs);
    let incomplete = qrs >= f.limit(Key::QrsIncompleteMs);
    let width = if complete {
        f.ground("qrs", None, qrs, Key::QrsWideMs, ">=")
    } else if !incomplete {
        f.ground("qrs", None, qrs, Key::QrsIrbbbMinMs, ">=")
    } else {
        f.ground("qrs", None, qrs, Key::QrsIncompleteMs, ">=")
    };
    // Right: terminal forces to the front and right.
    let r_prime = v1.r2_amplitude_uv.is_some_and(|r2| r2 > v1.r_amplitude_uv.unwrap_or(0.0).min(150.0));
    let late_r = v1.r_peak_time_ms.is_some_and(|t| t > 0.45 * qrs) && r_of(v1) > depth_of(v1);
    let broad_s = [i, lateral].into_iter().any(|m| {
        m.s_duration_ms.is_some_and(|d| d >= f.limit(Key::RbbbSDurationMs))
            && m.s_amplitude_uv.is_some_and(|s| s < -50.0)
    });
    if (r_prime || late_r) && broad_s {
        let phrase = if complete { p::RBBB } else { p::IRBBB };
        let s = f.ground(
            "s_duration",
            Some(lateral.lead),
            lateral.s_duration_ms.or(i.s_duration_ms).unwrap_or(0.0),
            Key::RbbbSDurationMs,
            ">=",
        );
        return Some(say(phrase, Certainty::Probable, vec![Lead::V1, Lead::I, Lead::V6], vec![width, s]));
    }
    if !incomplete {
        return None;
    }
    // Left: no Q laterally, mostly negative V1, late R in V5 or V6.
    let no_q = [Some(i), Some(lateral), f.shape(Lead::V5)]
        .into_iter()
        .flatten()
        .all(|m| m.q_amplitude_uv.is_none_or(|q| q > -0.08 * r_of(m) - 25.0));
    let late = [f.shape(Lead::V5), Some(lateral)]
        .into_iter()
        .flatten()
        .any(|m| m.r_peak_time_ms.is_some_and(|t| t > f.limit(Key::LbbbRPeakTimeMs)));
    if no_q && late && net(v1) < 0.0 && net(i) > 0.0 && depth_of(v1) > 3.0 * r_of(v1) {
        let phrase = if complete { p::LBBB } else { p::ILBBB };
        let time = lateral.r_peak_time_ms.unwrap_or(0.0);
        let ground = f.ground("r_peak_time", Some(lateral.lead), time, Key::LbbbRPeakTimeMs, ">");
        return Some(say(
            phrase,
            Certainty::Probable,
            vec![Lead::I, Lead::V1, Lead::V6],
            vec![width, ground],
        ));
    }
    complete.then(|| say(p::IVCD, Certainty::Probable, Vec::new(), vec![width]))
}

fn fascicle(f: &Findings<'_>, bundle: bool) -> Option<Statement> {
    let deg = f.global.qrs_axis_deg?;
    let left_block = f.rhythm.paced_ventricle || (bundle && f.shape(Lead::V1).is_some_and(|m| net(m) < 0.0));
    if left_block {
        return None;
    }
    let has = |lead: Lead, test: &dyn Fn(&LeadMeasurements) -> bool| f.shape(lead).is_some_and(test);
    let qr = |m: &LeadMeasurements| m.q_amplitude_uv.is_some() && r_of(m) > depth_of(m);
    let rs = |m: &LeadMeasurements| {
        m.q_amplitude_uv.is_none() && m.r_amplitude_uv.is_some() && depth_of(m) > r_of(m)
    };
    if deg <= f.limit(Key::LafbAxisDeg)
        && deg >= f.limit(Key::AxisExtremeLeftDeg)
        && has(Lead::AVL, &qr)
        && has(Lead::II, &rs)
    {
        let ground = f.ground("qrs_axis", None, deg, Key::LafbAxisDeg, "<=");
        return Some(say(p::LAFB, Certainty::Probable, vec![Lead::AVL, Lead::II, Lead::III], vec![ground]));
    }
    if deg > f.limit(Key::LpfbAxisDeg) + 10.0 && has(Lead::III, &qr) && has(Lead::AVL, &rs) {
        let ground = f.ground("qrs_axis", None, deg, Key::LpfbAxisDeg, ">");
        return Some(say(p::LPFB, Certainty::Possible, vec![Lead::I, Lead::AVL, Lead::III], vec![ground]));
    }
    None
}

/// Voltage, QT, ST, T, Q, P. `secondary`: conduction explains changes of ST and T.
pub fn shape(f: &Findings<'_>, secondary: bool) -> Vec<Statement> {
    let mut out = Vec::new();
    let paced = f.rhythm.paced_ventricle;
    let heights = f.amplitudes_hold();
    if heights {
        out.extend(low_voltage(f));
    }
    if !paced {
        out.extend(qt(f));
        out.extend(atrial::enlargement(f));
    }
    let mut deviation = if paced || secondary { Vec::new() } else { repolarization(f) };
    if !heights {
        // Limits in µV mean nothing on a wrong scale; proportions do.
        deviation.retain(|s| [p::T_FLAT.code, p::T_INVERSION.code].contains(&s.code));
    }
    if !paced && heights {
        out.extend(brugada(f));
    }
    if !paced && !secondary && f.is_adult() {
        if heights {
            out.extend(left_ventricle(f, &deviation));
            out.extend(right_ventricle(f));
        }
        out.extend(abnormal_q(f));
    }
    out.extend(deviation);
    out
}

fn low_voltage(f: &Findings<'_>) -> Option<Statement> {
    let below = |leads: &[Lead], key: Key| -> Option<Vec<Ground>> {
        leads
            .iter()
            .map(|lead| {
                let v = f.lead(*lead)?.qrs_peak_to_peak_uv?;
                (v < f.limit(key)).then(|| f.ground("qrs_peak_to_peak", Some(*lead), v, key, "<"))
            })
            .collect()
    };
    let limb = below(&Lead::LIMB, Key::LowVoltageLimbUv)?;
    match below(&Lead::CHEST, Key::LowVoltageChestUv) {
        Some(chest) => {
            let grounds = limb.into_iter().chain(chest).collect();
            Some(say(p::LOW_VOLTAGE_ALL, Certainty::Definite, Lead::ALL.to_vec(), grounds))
        }
        None => Some(say(p::LOW_VOLTAGE_LIMB, Certainty::Definite, Lead::LIMB.to_vec(), limb)),
    }
}

/// QT corrected by Framingham, a linear function as AHA/ACCF/HRS 2009 part IV recommends instead of Bazett (which
/// overcorrects fast hearts), and less what the QRS exceeds the ordinary width by: a wide QRS lengthens QT by itself.
pub fn qtc(f: &Findings<'_>) -> Option<(&'static str, f64)> {
    let extra = f.global.qrs_ms.map_or(0.0, |q| (q - f.limit(Key::QrsWideMs)).max(0.0));
    f.global.qtc_framingham_ms.map(|v| ("qtc_framingham", v - extra))
}

fn qt(f: &Findings<'_>) -> Option<Statement> {
    let (name, qtc) = qtc(f)?;
    let long = f.by_sex(Key::QtcLongMaleMs, Key::QtcLongFemaleMs);
    if qtc >= f.limit(long) {
        let mut s =
            say(p::LONG_QT, Certainty::Probable, Vec::new(), vec![f.ground(name, None, qtc, long, ">=")]);
        if qtc >= f.limit(Key::QtcMarkedMs) {
            s.certainty = Certainty::Definite;
            s.grounds.push(f.ground(name, None, qtc, Key::QtcMarkedMs, ">="));
        }
        if qtc >= f.limit(Key::QtcCriticalMs) {
            s.severity = Severity::Critical;
            s.grounds.push(f.ground(name, None, qtc, Key::QtcCriticalMs, ">="));
        }
        return Some(s);
    }
    if qtc <= f.limit(Key::QtcShortMs) {
        let ground = f.ground(name, None, qtc, Key::QtcShortMs, "<=");
        return Some(say(p::SHORT_QT, Certainty::Probable, Vec::new(), vec![ground]));
    }
    None
}

fn left_ventricle(f: &Findings<'_>, repolarization: &[Statement]) -> Option<Statement> {
    let g = f.global;
    let sokolow = f.by_sex(Key::SokolowMaleUv, Key::SokolowFemaleUv);
    let cornell = f.by_sex(Key::CornellMaleUv, Key::CornellFemaleUv);
    let mut grounds = Vec::new();
    grounds.extend(
        g.rv5_sv1_uv.filter(|v| *v > f.limit(sokolow)).map(|v| f.ground("rv5_sv1", None, v, sokolow, ">")),
    );
    grounds.extend(
        g.cornell_uv.filter(|v| *v > f.limit(cornell)).map(|v| f.ground("ravl_sv3", None, v, cornell, ">")),
    );
    grounds.extend(
        g.rv5_uv.filter(|v| *v > f.limit(Key::Rv5Uv)).map(|v| f.ground("rv5", None, v, Key::Rv5Uv, ">")),
    );
    if grounds.is_empty() {
        return None;
    }
    let lateral = [Lead::I, Lead::AVL, Lead::V5, Lead::V6];
    let strain = repolarization.iter().any(|s| {
        (s.code == p::ST_DEPRESSION.code || s.code == p::T_INVERSION.code)
            && s.leads.iter().any(|lead| lateral.contains(lead))
    });
    let phrase = if strain { p::LVH_STRAIN } else { p::LV_HIGH_VOLTAGE };
    let certainty = if grounds.len() > 1 || strain { Certainty::Probable } else { Certainty::Possible };
    Some(say(phrase, certainty, vec![Lead::V1, Lead::V5], grounds))
}

/// R V1 + S V5 with a dominant R in V1 and a right axis.
fn right_ventricle(f: &Findings<'_>) -> Option<Statement> {
    let (v1, v5) = (f.lead(Lead::V1)?, f.lead(Lead::V5)?);
    let axis = f.global.qrs_axis_deg.filter(|a| *a > f.limit(Key::AxisRightDeg))?;
    let sum = r_of(v1) + v5.s_amplitude_uv.map_or(0.0, |s| -s);
    if r_of(v1) < depth_of(v1) || sum <= f.limit(Key::RvhVoltageUv) {
        return None;
    }
    let grounds = vec![
        f.ground("rv1_sv5", None, sum, Key::RvhVoltageUv, ">"),
        f.ground("qrs_axis", None, axis, Key::AxisRightDeg, ">"),
    ];
    Some(say(p::RV_HYPERTROPHY, Certainty::Possible, vec![Lead::V1, Lead::V5], grounds))
}

/// Type 1: a high J point in V1 or V2 that slopes down into a negative T.
fn brugada(f: &Findings<'_>) -> Option<Statement> {
    let grounds: Vec<Ground> = [Lead::V1, Lead::V2]
        .into_iter()
        .filter_map(|lead| {
            let m = f.lead(lead)?;
            let (j, j40, j80) = (m.st_j_uv?, m.st_j40_uv?, m.st_j80_uv?);
            let coved = j >= f.limit(Key::BrugadaJUv) && j > j40 && j40 > j80 && m.t_amplitude_uv? < 0.0;
            (coved && r_of(m) > 0.0).then(|| f.ground("st_j", Some(lead), j, Key::BrugadaJUv, ">="))
        })
        .collect();
    if grounds.is_empty() || f.global.qrs_ms.is_some_and(|q| q >= f.limit(Key::QrsWideMs)) {
        return None;
    }
    let leads = grounds.iter().filter_map(|g| g.lead).collect();
    Some(say(p::BRUGADA, Certainty::Possible, leads, grounds))
}

fn abnormal_q(f: &Findings<'_>) -> Option<Statement> {
    let abnormal = |lead: Lead| -> Option<Ground> {
        let m = f.believed(lead)?;
        let (q, long) = (m.q_amplitude_uv?, m.q_duration_ms?);
        if matches!(lead, Lead::V2 | Lead::V3) {
            // A QS there, or any Q of 20 ms.
            return (q <= f.limit(Key::QDepthUv) && long > f.limit(Key::QV2v3DurationMs))
                .then(|| f.ground("q_duration", Some(lead), long, Key::QV2v3DurationMs, ">"));
        }
        let deep = q <= f.limit(Key::QDepthUv) && -q >= f.limit(Key::QToRRatio) * r_of(m);
        (deep && long >= f.limit(Key::QDurationMs))
            .then(|| f.ground("q_duration", Some(lead), long, Key::QDurationMs, ">="))
    };
    let territories: [&[Lead]; 3] = [
        &[Lead::II, Lead::III, Lead::AVF],
        &[Lead::V2, Lead::V3, Lead::V4],
        &[Lead::I, Lead::AVL, Lead::V5, Lead::V6],
    ];
    let grounds: Vec<Ground> = territories
        .iter()
        .flat_map(|leads| {
            let found: Vec<Ground> = leads.iter().filter_map(|lead| abnormal(*lead)).collect();
            if found.len() >= 2 { found } else { Vec::new() }
        })
        .collect();
    if grounds.is_empty() {
        return None;
    }
    Some(say(p::Q_ABNORMAL, Certainty::Possible, grounds.iter().filter_map(|g| g.lead).collect(), grounds))
}

fn elevation_key(f: &Findings<'_>, lead: Lead) -> Key {
    if !matches!(lead, Lead::V2 | Lead::V3) {
        return Key::SteOtherUv;
    }
    if f.subject.sex == Some(Sex::Female) {
        return Key::SteV2v3WomanUv;
    }
    let young = f.subject.age_years.is_some_and(|age| age < f.limit(Key::SteYoungAgeYears));
    if young { Key::SteV2v3ManYoungUv } else { Key::SteV2v3ManUv }
}

fn repolarization(f: &Findings<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    let raised = |leads: &[Lead]| -> Vec<Ground> {
        leads
            .iter()
            .filter_map(|lead| {
                let v = f.lead(*lead)?.st_j_uv?;
                let key = elevation_key(f, *lead);
                (v >= f.limit(key)).then(|| f.ground("st_j", Some(*lead), v, key, ">="))
            })
            .collect()
    };
    // A flutter or fibrillation wave may look like a shift; one contiguous pair is needed anyway.
    let sunk: Vec<Ground> = Lead::ALL
        .into_iter()
        .filter(|lead| *lead != Lead::AVR)
        .filter_map(|lead| {
            let m = f.lead(lead)?;
            let (j, j60) = (m.st_j_uv?, m.st_j60_uv?);
            let flat = j60 <= j + 15.0;
            (j60 <= f.limit(Key::StdUv) && j <= f.limit(Key::StdUv) && flat)
                .then(|| f.ground("st_j60", Some(lead), j60, Key::StdUv, "<="))
        })
        .collect();
    let reciprocal = !sunk.is_empty();
    let territories: [(&[Lead], Phrase); 3] = [
        (&[Lead::V1, Lead::V2, Lead::V3, Lead::V4], p::STE_ANTERIOR),
        (&[Lead::II, Lead::III, Lead::AVF], p::STE_INFERIOR),
        (&[Lead::I, Lead::AVL, Lead::V5, Lead::V6], p::STE_LATERAL),
    ];
    for (leads, phrase) in territories {
        let grounds = raised(leads);
        if grounds.len() < 2 {
            continue;
        }
        let found: Vec<Lead> = grounds.iter().filter_map(|g| g.lead).collect();
        if benign(f, &found, reciprocal) {
            if !out.iter().any(|s: &Statement| s.code == p::STE_EARLY.code) {
                out.push(say(p::STE_EARLY, Certainty::Possible, found, grounds));
            }
        } else {
            let certainty = if reciprocal { Certainty::Probable } else { Certainty::Possible };
            out.push(say(phrase, certainty, found, grounds));
        }
    }
    if contiguous(&sunk) {
        let leads = sunk.iter().filter_map(|g| g.lead).collect();
        out.push(say(p::ST_DEPRESSION, Certainty::Probable, leads, sunk));
    }
    out.extend(t_waves(f));
    out
}

/// Elevation that runs into a tall upright T after a tall R without reciprocal depression.
fn benign(f: &Findings<'_>, leads: &[Lead], reciprocal: bool) -> bool {
    !reciprocal
        && leads.iter().all(|lead| {
            f.lead(*lead).is_some_and(|m| {
                let t = m.t_amplitude_uv.unwrap_or(0.0);
                let j = m.st_j_uv.unwrap_or(0.0);
                t > 2.2 * j
                    && (r_of(m) > 0.6 * t || matches!(lead, Lead::V1 | Lead::V2 | Lead::V3))
                    && j < 250.0
            })
        })
}

fn contiguous(grounds: &[Ground]) -> bool {
    let neighbours: [&[Lead]; 3] = [
        &[Lead::AVL, Lead::I, Lead::AVF, Lead::II, Lead::III],
        &[Lead::V1, Lead::V2, Lead::V3, Lead::V4, Lead::V5, Lead::V6],
        &[Lead::I, Lead::AVL, Lead::V5, Lead::V6],
    ];
    neighbours.iter().any(|leads| {
        leads.windows(2).any(|pair| pair.iter().all(|lead| grounds.iter().any(|g| g.lead == Some(*lead))))
    })
}

fn t_waves(f: &Findings<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    let checked = [Lead::I, Lead::II, Lead::AVL, Lead::AVF, Lead::V3, Lead::V4, Lead::V5, Lead::V6];
    let (mut inverted, mut flat, mut tall) = (Vec::new(), Vec::new(), Vec::new());
    for lead in checked {
        let Some(m) = f.believed(lead) else { continue };
        let Some(t) = m.t_amplitude_uv else { continue };
        let r = r_of(m);
        let dominant = r > 300.0 && r > depth_of(m);
        if t <= f.limit(Key::TInvertedUv) && (dominant || !lead.is_limb()) {
            inverted.push(f.ground("t_amplitude", Some(lead), t, Key::TInvertedUv, "<="));
        } else if dominant && t.abs() < f.limit(Key::TFlatRatio) * r {
            flat.push(f.ground("t_to_r", Some(lead), t / r, Key::TFlatRatio, "<"));
        }
        if !lead.is_limb() && t > f.limit(Key::TTallChestUv) {
            tall.push(f.ground("t_amplitude", Some(lead), t, Key::TTallChestUv, ">"));
        }
    }
    for (grounds, phrase) in [(inverted, p::T_INVERSION), (flat, p::T_FLAT), (tall, p::T_TALL)] {
        if grounds.len() >= 2 {
            let leads = grounds.iter().filter_map(|g| g.lead).collect();
            out.push(say(phrase, Certainty::Probable, leads, grounds));
        }
    }
    out
}
