//! Synthetic signals: laws that must hold, and structure that was put in.

use ecg_signal::{
    Criteria, Lead, RestingAnalysis, analyze_resting,
    detect::detect_qrs,
    synth::{SynthEcg, SynthRhythm, SynthSpec, synthesize},
};

use crate::signal_of;

fn analysed(rhythm: SynthRhythm, seed: u64) -> (SynthSpec, SynthEcg, RestingAnalysis) {
    let spec = SynthSpec::new(rhythm, seed);
    let ecg = synthesize(&spec);
    let a = analyze_resting(&signal_of(&ecg.leads, ecg.sample_rate_hz), &spec.subject, &Criteria::builtin());
    (spec, ecg, a.unwrap())
}

fn says(a: &RestingAnalysis, codes: &[&str]) -> bool {
    a.statements.iter().any(|s| codes.contains(&s.code))
}

#[test]
fn the_same_seed_gives_the_same_ecg_and_another_another() {
    for rhythm in SynthRhythm::ALL {
        let spec = SynthSpec::new(rhythm, 9);
        assert_eq!(synthesize(&spec), synthesize(&spec));
        assert_ne!(synthesize(&spec).leads, synthesize(&SynthSpec::new(rhythm, 10)).leads);
    }
}

#[test]
fn einthoven_and_goldberger_hold_in_every_sample() {
    for rhythm in SynthRhythm::ALL {
        let ecg = synthesize(&SynthSpec::new(rhythm, 2));
        assert_eq!(ecg.leads.len(), 12);
        let lead = |l: Lead| &ecg.leads.iter().find(|(k, _)| *k == l).unwrap().1;
        let (i, ii) = (lead(Lead::I), lead(Lead::II));
        for k in 0..i.len() {
            assert!(lead(Lead::III)[k].is_finite());
            assert!((ii[k] - i[k] - lead(Lead::III)[k]).abs() < 0.01);
            assert!((lead(Lead::AVR)[k] + (i[k] + ii[k]) / 2.0).abs() < 0.01);
            assert!((lead(Lead::AVL)[k] - (i[k] - ii[k] / 2.0)).abs() < 0.01);
            assert!((lead(Lead::AVF)[k] - (ii[k] - i[k] / 2.0)).abs() < 0.01);
        }
    }
}

#[test]
fn every_beat_put_in_is_found_and_no_other() {
    for rhythm in SynthRhythm::ALL {
        for seed in 0..3 {
            let (_, ecg, a) = analysed(rhythm, seed);
            let inside = |s: usize| (150..ecg.leads[0].1.len() - 150).contains(&s);
            for beat in ecg.truth.beats.iter().filter(|b| inside(b.r_sample)) {
                assert!(
                    a.beats.iter().any(|b| b.r_sample.abs_diff(beat.r_sample) <= 40),
                    "{rhythm:?} {seed}: beat at {} missed",
                    beat.r_sample
                );
            }
            for beat in a.beats.iter().filter(|b| inside(b.r_sample)) {
                assert!(
                    ecg.truth.beats.iter().any(|b| b.r_sample.abs_diff(beat.r_sample) <= 40),
                    "{rhythm:?} {seed}: invented beat at {}",
                    beat.r_sample
                );
            }
        }
    }
}

#[test]
fn the_rhythm_put_in_is_named() {
    let expected: [(SynthRhythm, &[&str]); 17] = [
        (SynthRhythm::Sinus, &["sinus_rhythm"]),
        (SynthRhythm::SinusBradycardia, &["sinus_bradycardia"]),
        (SynthRhythm::SinusTachycardia, &["sinus_tachycardia"]),
        (SynthRhythm::SinusArrhythmia, &["sinus_arrhythmia"]),
        (
            SynthRhythm::AtrialFibrillation,
            &["atrial_fibrillation", "atrial_fibrillation_rapid", "atrial_fibrillation_slow"],
        ),
        (SynthRhythm::AtrialFlutter, &["atrial_flutter"]),
        (
            SynthRhythm::AtrialPrematureBeats,
            &["supraventricular_premature_occasional", "supraventricular_premature_frequent"],
        ),
        (SynthRhythm::VentricularPrematureBeats, &["ventricular_premature_frequent"]),
        (SynthRhythm::VentricularBigeminy, &["ventricular_bigeminy"]),
        (SynthRhythm::FirstDegreeBlock, &["av_block_first_degree"]),
        (SynthRhythm::LeftBundleBranchBlock, &["lbbb_complete"]),
        (SynthRhythm::RightBundleBranchBlock, &["rbbb_complete"]),
        (SynthRhythm::InferiorStemi, &["st_elevation_inferior"]),
        (SynthRhythm::LowVoltage, &["low_voltage", "low_voltage_limb"]),
        (SynthRhythm::LongQt, &["qt_long"]),
        (SynthRhythm::PacedVvi, &["ventricular_pacing"]),
        (SynthRhythm::PacedDdd, &["dual_chamber_pacing"]),
    ];
    for (rhythm, codes) in expected {
        for seed in 0..4 {
            let (_, _, a) = analysed(rhythm, seed);
            let said: Vec<&str> = a.statements.iter().map(|s| s.code).collect();
            assert!(says(&a, codes), "{rhythm:?} {seed}: {said:?}");
        }
    }
}

#[test]
fn no_p_wave_is_claimed_in_fibrillation_or_flutter() {
    for rhythm in [SynthRhythm::AtrialFibrillation, SynthRhythm::AtrialFlutter] {
        for seed in 0..6 {
            let (_, _, a) = analysed(rhythm, seed);
            assert_eq!(a.median.fiducials.p_on, None, "{rhythm:?} {seed}");
            assert_eq!(a.global.pr_ms, None);
            assert_eq!(a.global.p_axis_deg, None);
            assert!(a.per_lead.iter().all(|m| m.p_amplitude_uv.is_none()));
        }
    }
}

#[test]
fn corrected_qt_follows_the_formulas() {
    let (_, _, a) = analysed(SynthRhythm::SinusTachycardia, 1);
    let g = &a.global;
    let (qt, rr, hr) = (g.qt_ms.unwrap(), g.rr_mean_ms.unwrap() / 1000.0, g.heart_rate_bpm.unwrap());
    let near = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-6, "{a:?} {b}");
    near(g.qtc_bazett_ms, qt / rr.sqrt());
    near(g.qtc_fridericia_ms, qt / rr.powf(1.0 / 3.0));
    near(g.qtc_framingham_ms, qt + 154.0 * (1.0 - rr));
    near(g.qtc_hodges_ms, qt + 1.75 * (hr - 60.0));
    assert!((hr - 60.0 / rr).abs() < 1e-6);
}

#[test]
fn every_statement_states_its_grounds() {
    for rhythm in SynthRhythm::ALL {
        let (_, _, a) = analysed(rhythm, 1);
        assert!(!a.statements.is_empty());
        for s in &a.statements {
            assert!(!s.grounds.is_empty(), "{} has no grounds", s.code);
            assert!(s.grounds.iter().all(|g| !g.criterion.is_empty() && !g.source.is_empty()));
            assert!(!s.text_zh.is_empty() && !s.text_en.is_empty());
        }
    }
}

#[test]
fn swapped_arms_are_suspected() {
    for seed in 0..4 {
        let spec = SynthSpec::new(SynthRhythm::Sinus, seed);
        let ecg = synthesize(&spec);
        // Arms exchanged: I is inverted, II and III, aVR and aVL change places.
        let swapped: Vec<(Lead, Vec<f32>)> = ecg
            .leads
            .iter()
            .map(|(lead, x)| match lead {
                Lead::I => (Lead::I, x.iter().map(|v| -v).collect()),
                Lead::II => (Lead::III, x.clone()),
                Lead::III => (Lead::II, x.clone()),
                Lead::AVR => (Lead::AVL, x.clone()),
                Lead::AVL => (Lead::AVR, x.clone()),
                _ => (*lead, x.clone()),
            })
            .collect();
        let a = analyze_resting(&signal_of(&swapped, 500.0), &spec.subject, &Criteria::builtin()).unwrap();
        assert!(says(&a, &["limb_lead_reversal"]), "seed {seed}");
        let straight = analyze_resting(&signal_of(&ecg.leads, 500.0), &spec.subject, &Criteria::builtin());
        assert!(!says(&straight.unwrap(), &["limb_lead_reversal"]), "seed {seed}");
    }
}

#[test]
fn a_lead_that_fell_off_is_named() {
    let (_, _, a) = analysed(SynthRhythm::NoisyLeadOff, 0);
    let poor = a.statements.iter().find(|s| s.code == "poor_quality").unwrap();
    assert!(poor.leads.contains(&Lead::V3));
}

#[test]
fn rates_from_100_to_1000_hz_give_the_same_intervals() {
    let mut spec = SynthSpec::new(SynthRhythm::Sinus, 6);
    let mut seen = Vec::new();
    for rate in [200.0, 250.0, 500.0, 1000.0] {
        spec.sample_rate_hz = rate;
        let ecg = synthesize(&spec);
        let a = analyze_resting(&signal_of(&ecg.leads, rate), &spec.subject, &Criteria::builtin()).unwrap();
        seen.push((a.global.qrs_ms.unwrap(), a.global.pr_ms.unwrap(), a.global.qt_ms.unwrap()));
    }
    for s in &seen {
        assert!((s.0 - seen[2].0).abs() <= 10.0, "QRS {seen:?}");
        assert!((s.1 - seen[2].1).abs() <= 10.0, "PR {seen:?}");
        assert!((s.2 - seen[2].2).abs() <= 15.0, "QT {seen:?}");
    }
}

#[test]
fn long_recordings_are_stitched_without_a_seam() {
    let mut spec = SynthSpec::new(SynthRhythm::VentricularPrematureBeats, 11);
    spec.duration_s = 1900.0;
    spec.sample_rate_hz = 200.0;
    let ecg = synthesize(&spec);
    let pair: Vec<&[f32]> = [1, 7].iter().map(|k| ecg.leads[*k].1.as_slice()).collect();
    let found = detect_qrs(&pair, 200.0);
    assert!(found.windows(2).all(|w| w[1] > w[0] + 40));
    for beat in &ecg.truth.beats {
        assert!(found.iter().any(|f| f.abs_diff(beat.r_sample) <= 16), "beat at {} missed", beat.r_sample);
    }
    // The truth leaves out a beat that is cut off at either end.
    assert!(found.len() <= ecg.truth.beats.len() + 2, "{} of {}", found.len(), ecg.truth.beats.len());
}

#[test]
fn polarity_and_scale_do_not_move_a_beat() {
    let ecg = synthesize(&SynthSpec::new(SynthRhythm::AtrialFibrillation, 3));
    let lead = &ecg.leads[1].1;
    let plain = detect_qrs(&[lead], 500.0);
    assert!(plain.len() >= 10);
    for factor in [-1.0, 0.25, 4.0] {
        let scaled: Vec<f32> = lead.iter().map(|v| v * factor).collect();
        assert_eq!(detect_qrs(&[&scaled], 500.0), plain, "times {factor}");
    }
}

/// Swapped arms turn I upside down and exchange II with III, aVR with aVL (any ECG textbook).
#[test]
fn swapped_electrodes_are_suspected_and_healthy_ones_are_not() {
    let ecg = synthesize(&SynthSpec::new(SynthRhythm::Sinus, 21));
    let judge = |leads: &[(Lead, Vec<f32>)]| {
        analyze_resting(
            &signal_of(leads, ecg.sample_rate_hz),
            &ecg_signal::Subject::default(),
            &Criteria::builtin(),
        )
        .unwrap()
    };
    let a = judge(&ecg.leads);
    assert!(a.statements.iter().all(|s| !s.code.contains("reversal")), "{:?}", a.statements);
    let get = |lead: Lead| ecg.leads.iter().find(|(l, _)| *l == lead).unwrap().1.clone();
    let arms: Vec<(Lead, Vec<f32>)> = ecg
        .leads
        .iter()
        .map(|(lead, x)| {
            let x = match lead {
                Lead::I => x.iter().map(|v| -v).collect(),
                Lead::II => get(Lead::III),
                Lead::III => get(Lead::II),
                Lead::AVR => get(Lead::AVL),
                Lead::AVL => get(Lead::AVR),
                _ => x.clone(),
            };
            (*lead, x)
        })
        .collect();
    assert!(says(&judge(&arms), &["limb_lead_reversal"]));
    let chest: Vec<(Lead, Vec<f32>)> = ecg
        .leads
        .iter()
        .map(|(lead, x)| match lead {
            Lead::V2 => (*lead, get(Lead::V4)),
            Lead::V4 => (*lead, get(Lead::V2)),
            _ => (*lead, x.clone()),
        })
        .collect();
    assert!(says(&judge(&chest), &["chest_lead_reversal"]));
}

/// A gain of ten made "ventricular pacing" of sinus rhythm and hypertrophy of a healthy heart.
#[test]
fn a_wrong_gain_is_said_and_voltage_is_not_believed() {
    let ecg = synthesize(&SynthSpec::new(SynthRhythm::Sinus, 22));
    let judge = |gains: &dyn Fn(Lead) -> f32| {
        let leads: Vec<(Lead, Vec<f32>)> =
            ecg.leads.iter().map(|(l, x)| (*l, x.iter().map(|v| v * gains(*l)).collect())).collect();
        analyze_resting(
            &signal_of(&leads, ecg.sample_rate_hz),
            &ecg_signal::Subject::default(),
            &Criteria::builtin(),
        )
        .unwrap()
    };
    let (plain, tall) = (judge(&|_| 1.0), judge(&|_| 10.0));
    assert_eq!(tall.statements[0].code, plain.statements[0].code);
    assert!(says(&tall, &["amplitude_implausible"]));
    assert!(!says(&tall, &["lv_high_voltage", "lvh_with_strain", "ventricular_pacing"]));
    // Each limb lead on a scale of its own: the law is broken, the axis is recovered from what breaks it.
    let own = judge(&|lead| match lead {
        Lead::I => 0.5,
        Lead::III => 1.8,
        Lead::AVF => 3.0,
        _ => 1.0,
    });
    assert!(says(&own, &["limb_leads_inconsistent"]));
    let (a, b) = (plain.global.qrs_axis_deg.unwrap(), own.global.qrs_axis_deg.unwrap());
    assert!((a - b).abs() < 8.0, "{a} and {b}");
}

/// 2017 consensus, clause 3: a mean ventricular rate of 35/min or less.
#[test]
fn a_very_slow_heart_is_a_critical_value_with_its_ground() {
    let mut spec = SynthSpec::new(SynthRhythm::SinusBradycardia, 23);
    spec.heart_rate_bpm = 32.0;
    let ecg = synthesize(&spec);
    let a = analyze_resting(&signal_of(&ecg.leads, ecg.sample_rate_hz), &spec.subject, &Criteria::builtin())
        .unwrap();
    let found = a.critical.iter().find(|c| c.code == "critical_bradycardia").unwrap();
    assert!(found.source.contains('③') && found.grounds[0].value <= 35.0);
    assert_eq!(found.grounds[0].criterion, "<= 35 bpm");
    let healthy = analysed(SynthRhythm::Sinus, 23).2;
    assert!(healthy.critical.is_empty(), "{:?}", healthy.critical);
}
