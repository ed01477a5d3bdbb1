//! F1 of the statements by class, on halves of even and odd record numbers.

use std::collections::BTreeMap;

use ecg_signal::{Criteria, RestingAnalysis, analyze_resting};

use super::{
    cases::{Case, Source},
    signal_of,
};

/// What a label of this kind says about the labels of the same kind that are absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Rhythm,
    Ectopy,
    Conduction,
    Axis,
    Voltage,
    Atrium,
    Infarct,
    Repolarization,
    Qt,
    Pacing,
}

struct Class {
    name: &'static str,
    family: Family,
    own: &'static [&'static str],
    snomed: &'static [&'static str],
    /// Wider labels: the class may or may not be meant, so neither its presence nor its absence is judged.
    wider: &'static [&'static str],
    ludb: &'static [&'static str],
}

const fn class(
    name: &'static str,
    family: Family,
    own: &'static [&'static str],
    snomed: &'static [&'static str],
    wider: &'static [&'static str],
    ludb: &'static [&'static str],
) -> Class {
    Class { name, family, own, snomed, wider, ludb }
}

const ST_T: &[&str] =
    &["428750005", "55930002", "164930006", "164934002", "164861001", "413844008", "55827005"];

#[rustfmt::skip]
const CLASSES: &[Class] = &[
    class("sinus rhythm, 60-100", Family::Rhythm, &["sinus_rhythm"], &["426783006"], &["427393009"], &["Sinus rhythm"]),
    class("sinus bradycardia", Family::Rhythm, &["sinus_bradycardia"], &["426177001", "426627000"], &[], &["Sinus bradycardia"]),
    class("sinus tachycardia", Family::Rhythm, &["sinus_tachycardia"], &["427084000"], &[], &["Sinus tachycardia"]),
    class("sinus arrhythmia", Family::Rhythm, &["sinus_arrhythmia"], &["427393009"], &[], &["Sinus arrhythmia"]),
    class("atrial fibrillation", Family::Rhythm, &["atrial_fibrillation", "atrial_fibrillation_rapid", "atrial_fibrillation_slow"], &["164889003", "314208002"], &[], &["Atrial fibrillation"]),
    class("atrial flutter", Family::Rhythm, &["atrial_flutter"], &["164890007"], &[], &["Atrial flutter"]),
    class("atrial tachycardia", Family::Rhythm, &["atrial_tachycardia"], &["713422000"], &[], &["Atrial tachycardia"]),
    class("wandering pacemaker", Family::Rhythm, &["wandering_atrial_pacemaker"], &["195101003"], &[], &["Wandering atrial"]),
    class("pacing", Family::Pacing, &["ventricular_pacing", "atrial_pacing", "dual_chamber_pacing"], &["10370003", "251266004", "251268003"], &[], &["ventricular pacing", "P-synchrony"]),
    class("PAC", Family::Ectopy, &["supraventricular_premature_occasional", "supraventricular_premature_frequent", "supraventricular_bigeminy", "supraventricular_couplet"], &["284470004", "63593006"], &["713422000"], &["Atrial extrasystole"]),
    class("PVC", Family::Ectopy, &["ventricular_premature_occasional", "ventricular_premature_frequent", "ventricular_bigeminy", "ventricular_trigeminy"], &["427172004", "17338001", "164884008"], &[], &["Ventricular extrasystole"]),
    class("first-degree AVB", Family::Conduction, &["av_block_first_degree"], &["270492004", "164947007"], &[], &["I degree av block"]),
    class("third-degree AVB", Family::Conduction, &["av_block_third_degree"], &["27885002"], &[], &["Iii degree av-block"]),
    class("complete LBBB", Family::Conduction, &["lbbb_complete"], &["164909002", "733534002"], &[], &["Complete left bundle"]),
    class("incomplete LBBB", Family::Conduction, &["lbbb_incomplete"], &["251120003"], &[], &["Incomplete left bundle"]),
    class("complete RBBB", Family::Conduction, &["rbbb_complete"], &["59118001", "713427006"], &[], &["Complete right bundle"]),
    class("incomplete RBBB", Family::Conduction, &["rbbb_incomplete"], &["713426002"], &["713427006"], &["Incomplete right bundle"]),
    class("LAFB", Family::Conduction, &["left_anterior_fascicular_block"], &["445118002"], &[], &["Left anterior hemiblock"]),
    class("IVCD or aberration", Family::Conduction, &["intraventricular_conduction_delay", "supraventricular_premature_aberrant"], &["698252002"], &[], &["intravintricular"]),
    class("left axis", Family::Axis, &["axis_left", "left_anterior_fascicular_block"], &["39732003", "445118002"], &[], &["left axis deviation"]),
    class("right axis", Family::Axis, &["axis_right", "left_posterior_fascicular_block"], &["47665007"], &[], &["right axis deviation"]),
    class("LVH or high LV voltage", Family::Voltage, &["lv_high_voltage", "lvh_with_strain"], &["164873001", "55827005"], &[], &["Left ventricular hypertrophy"]),
    class("RVH", Family::Voltage, &["rv_hypertrophy"], &["89792004"], &[], &["Right ventricular hypertrophy"]),
    class("low voltage", Family::Voltage, &["low_voltage", "low_voltage_limb"], &["251146004"], &[], &["never"]),
    class("left atrium", Family::Atrium, &["left_atrial_enlargement"], &["446813000", "67741000119109"], &[], &["Left atrial"]),
    class("right atrium", Family::Atrium, &["right_atrial_enlargement"], &["446358003", "67751000119106"], &[], &["Right atrial"]),
    class("infarction or abnormal Q", Family::Infarct, &["q_abnormal", "infarct_inferior", "infarct_anterior", "infarct_lateral", "infarct_anteroseptal"], &["164865005", "164867002", "164917005"], &[], &["Scar formation"]),
    class("ST elevation", Family::Repolarization, &["st_elevation_anterior", "st_elevation_inferior", "st_elevation_lateral"], &["164931005"], ST_T, &["Stemi"]),
    class("early repolarization", Family::Repolarization, &["early_repolarization"], &["428417006"], ST_T, &["Early repolarization"]),
    class("ST depression", Family::Repolarization, &["st_depression"], &["429622005"], ST_T, &["never"]),
    class("T inversion", Family::Repolarization, &["t_inversion", "t_inversion_deep"], &["59931005"], ST_T, &["never"]),
    class("long QT", Family::Qt, &["qt_long"], &["111975006"], &[], &["never"]),
    class("any ST-T change", Family::Repolarization,
        &["st_elevation_anterior", "st_elevation_inferior", "st_elevation_lateral", "early_repolarization", "st_depression", "t_inversion", "t_inversion_deep", "t_flat", "lvh_with_strain", "t_tall"],
        &["428750005", "55930002", "164930006", "164934002", "164861001", "413844008", "59931005", "429622005", "164931005", "251259000"], &[], &["Non-specific repol", "schemia", "Stemi", "Early repol"]),
];

/// Whether the absence of a class's label in this record says anything.
fn judged(case: &Case, class: &Class) -> bool {
    match case.source {
        Source::Ludb => class.ludb != ["never"] && !matches!(class.family, Family::Voltage),
        Source::Ningbo => !case.has(class.wider),
        Source::Partial => {
            !case.has(class.wider)
                && CLASSES
                    .iter()
                    .any(|c| c.family == class.family && (case.has(c.snomed) || case.has(c.wider)))
        }
    }
}

pub fn report(cases: &[Case], title: &str, verbose: bool) {
    let criteria = Criteria::builtin();
    let mut table: BTreeMap<usize, [[usize; 3]; 2]> = BTreeMap::new();
    for case in cases {
        let Ok(a) = analyze_resting(&signal_of(&case.record), &case.subject, &criteria) else { continue };
        let said = |own: &[&str]| a.statements.iter().any(|s| own.contains(&s.code));
        if verbose {
            let list: Vec<&str> = a.statements.iter().map(|s| s.code).collect();
            println!("{}: {} -> {}", case.id, case.labels.join(", "), list.join(" "));
            println!("   {}", figures(&a));
            for lead in [ecg_signal::Lead::V1, ecg_signal::Lead::I, ecg_signal::Lead::V6] {
                let Some(m) = a.per_lead.iter().find(|m| m.lead == lead) else { continue };
                let w = [
                    m.q_amplitude_uv,
                    m.r_amplitude_uv,
                    m.s_amplitude_uv,
                    m.s_duration_ms,
                    m.r2_amplitude_uv,
                    m.r_peak_time_ms,
                ];
                println!("   {} Q R S Sdur R' Rpeak {:?}", lead.label(), w.map(|v| v.map(|v| v.round())));
            }
            let tall = a.per_lead.iter().filter_map(|m| m.qrs_peak_to_peak_uv).fold(0.0, f64::max);
            println!(
                "   tallest QRS {tall:.0} uV, noise {:?}, critical {:?}",
                a.noise_class,
                a.critical.iter().map(|c| c.code.as_str()).collect::<Vec<_>>()
            );
        }
        for (k, class) in CLASSES.iter().enumerate() {
            // LUDB's leads are each scaled to one height: nothing that rests on µV can be judged there.
            let heights =
                ["RVH", "right atrium", "ST elevation", "early repolarization", "LVH or high LV voltage"];
            if case.source == Source::Ludb && heights.contains(&class.name) {
                continue;
            }
            let texts = if case.source == Source::Ludb { class.ludb } else { class.snomed };
            let slot = &mut table.entry(k).or_default()[usize::from(case.odd)];
            match (case.has(texts), said(class.own)) {
                (true, true) => slot[0] += 1,
                (true, false) => slot[1] += 1,
                (false, true) if judged(case, class) => slot[2] += 1,
                _ => {}
            }
        }
    }
    println!("\n## {title}: {} records", cases.len());
    println!("| class | even TP FN FP | F1 | odd TP FN FP | F1 | all F1 |");
    println!("|---|---|---|---|---|---|");
    let f1 = |[tp, fn_, fp]: [usize; 3]| -> Option<f64> {
        (tp + fn_ > 0).then(|| (2 * tp) as f64 / (2 * tp + fn_ + fp) as f64)
    };
    let show = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{v:.2}"));
    let mut means: [Vec<f64>; 3] = Default::default();
    for (k, [even, odd]) in &table {
        let both = [even[0] + odd[0], even[1] + odd[1], even[2] + odd[2]];
        if both == [0, 0, 0] {
            continue;
        }
        for (list, counts) in means.iter_mut().zip([*even, *odd, both]) {
            list.extend(f1(counts));
        }
        println!(
            "| {} | {} {} {} | {} | {} {} {} | {} | {} |",
            CLASSES[*k].name,
            even[0],
            even[1],
            even[2],
            show(f1(*even)),
            odd[0],
            odd[1],
            odd[2],
            show(f1(*odd)),
            show(f1(both)),
        );
    }
    let mean = |v: &Vec<f64>| v.iter().sum::<f64>() / v.len().max(1) as f64;
    println!(
        "| macro F1 over the classes present | {} classes | {:.3} | {} classes | {:.3} | {:.3} |",
        means[0].len(),
        mean(&means[0]),
        means[1].len(),
        mean(&means[1]),
        mean(&means[2])
    );
}

fn figures(a: &RestingAnalysis) -> String {
    let g = &a.global;
    let v = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{v:.0}"));
    let kinds: String = a
        .beats
        .iter()
        .map(|b| match b.kind {
            ecg_signal::BeatKind::Normal => 'N',
            ecg_signal::BeatKind::Supraventricular => 'S',
            ecg_signal::BeatKind::Ventricular => 'V',
            ecg_signal::BeatKind::Paced => 'P',
            ecg_signal::BeatKind::Unknown => '?',
        })
        .collect();
    format!(
        "HR {} P {} PR {} QRS {} QT {} QTcF {} axis P {} QRS {} T {} beats {kinds} rr {}-{}",
        v(g.heart_rate_bpm),
        v(g.p_duration_ms),
        v(g.pr_ms),
        v(g.qrs_ms),
        v(g.qt_ms),
        v(g.qtc_fridericia_ms),
        v(g.p_axis_deg),
        v(g.qrs_axis_deg),
        v(g.t_axis_deg),
        v(g.rr_min_ms),
        v(g.rr_max_ms)
    )
}
