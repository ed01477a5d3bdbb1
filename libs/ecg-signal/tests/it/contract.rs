//! Refusals, missing signals, the table of thresholds.

use ecg_signal::{
    AnalysisError, Criteria, CriteriaError, Key, Lead, QualityStatus, Signal, Subject, analyze_resting,
    detect::detect_qrs, synth,
};

use crate::signal_of;

const TABLE: &str = include_str!("../../../../definitions/ecg/resting-criteria.toml");

fn ecg(seed: u64) -> Vec<(Lead, Vec<f32>)> {
    synth::synthesize(&synth::SynthSpec::new(synth::SynthRhythm::Sinus, seed)).leads
}

#[test]
fn labels_are_read_in_the_usual_spellings() {
    for (label, lead) in [
        ("aVR", Lead::AVR),
        ("AVF", Lead::AVF),
        ("v3", Lead::V3),
        ("ii", Lead::II),
        ("MDC_ECG_LEAD_III", Lead::III),
        ("Lead I", Lead::I),
    ] {
        assert_eq!(Lead::from_label(label), Some(lead));
        assert_eq!(Lead::from_label(lead.label()), Some(lead));
    }
    assert_eq!(Lead::from_label("MLII"), None);
    assert_eq!(Lead::from_label(""), None);
}

#[test]
fn malformed_signals_are_refused_by_name() {
    let criteria = Criteria::builtin();
    let x = vec![0.0_f32; 5000];
    let try_with = |leads: Vec<(Lead, &[f32])>, sample_rate_hz: f64| {
        analyze_resting(&Signal { sample_rate_hz, leads }, &Subject::default(), &criteria).unwrap_err()
    };
    assert_eq!(try_with(vec![], 500.0), AnalysisError::NoLeads);
    assert_eq!(try_with(vec![(Lead::I, &x)], 0.0).code(), "ecg_sample_rate");
    assert_eq!(try_with(vec![(Lead::I, &x)], f64::NAN).code(), "ecg_sample_rate");
    assert_eq!(
        try_with(vec![(Lead::I, &x), (Lead::II, &x[..10])], 500.0),
        AnalysisError::UnequalLength { lead: Lead::II, expected: 5000, found: 10 }
    );
    assert_eq!(
        try_with(vec![(Lead::I, &x), (Lead::I, &x)], 500.0),
        AnalysisError::DuplicateLead { lead: Lead::I }
    );
    assert_eq!(try_with(vec![(Lead::I, &x[..300])], 500.0).code(), "ecg_duration");
}

#[test]
fn a_flat_recording_says_so_and_measures_nothing() {
    let x = vec![0.0_f32; 5000];
    let leads: Vec<(Lead, &[f32])> = Lead::ALL.into_iter().map(|lead| (lead, x.as_slice())).collect();
    let a =
        analyze_resting(&Signal { sample_rate_hz: 500.0, leads }, &Subject::default(), &Criteria::builtin())
            .unwrap();
    assert!(a.beats.is_empty());
    assert_eq!(a.global.heart_rate_bpm, None);
    assert_eq!(a.statements.first().unwrap().code, "no_beats");
    assert!(a.quality.iter().all(|q| q.status == QualityStatus::Flat));
}

#[test]
fn limb_leads_are_derived_and_absent_leads_reported() {
    let all = ecg(3);
    let two: Vec<(Lead, Vec<f32>)> =
        all.iter().filter(|(l, _)| matches!(l, Lead::I | Lead::II | Lead::V2)).cloned().collect();
    let a = analyze_resting(&signal_of(&two, 500.0), &Subject::default(), &Criteria::builtin()).unwrap();
    assert_eq!(a.quality.len(), 12);
    let status = |lead| a.quality.iter().find(|q| q.lead == lead).unwrap().status;
    assert_eq!(status(Lead::AVF), QualityStatus::Ok);
    assert_eq!(status(Lead::V5), QualityStatus::Missing);
    assert!(a.global.qrs_axis_deg.is_some());
    assert_eq!(a.global.rv5_uv, None);
    assert!(a.statements.iter().all(|s| s.code != "normal_ecg"), "not normal with leads missing");
}

#[test]
fn gaps_and_absurd_values_do_no_harm() {
    let criteria = Criteria::builtin();
    let mut leads = ecg(5);
    for (k, (_, x)) in leads.iter_mut().enumerate() {
        match k {
            0 => x[1000..1900].fill(f32::NAN),
            1 => x.fill(f32::NAN),
            2 => x[7] = f32::INFINITY,
            3 => x.fill(3.0e30),
            6 => x[2000] = -1.0e9,
            _ => {}
        }
    }
    let a = analyze_resting(&signal_of(&leads, 500.0), &Subject::default(), &criteria).unwrap();
    assert!(a.beats.len() >= 8, "{} beats", a.beats.len());
    let nothing = vec![f32::NAN; 4000];
    assert!(detect_qrs(&[&nothing], 400.0).is_empty());
    assert!(detect_qrs(&[], 400.0).is_empty());
    let mut state = 1_u32;
    let noise: Vec<f32> = (0..4000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as f32 - 32_768.0
        })
        .collect();
    for fs in [100.0, 250.0, 1000.0] {
        let _ = analyze_resting(
            &Signal { sample_rate_hz: fs, leads: vec![(Lead::II, &noise)] },
            &Subject::default(),
            &criteria,
        );
    }
}

/// Philips files end in a 1 mV pulse in every lead: it was counted as beats.
#[test]
fn a_calibration_pulse_is_no_heart_beat() {
    let mut leads = ecg(8);
    for (_, x) in &mut leads {
        x[4600..4700].fill(0.0);
        x[4700..4800].fill(1000.0);
        x[4800..].fill(0.0);
    }
    let a = analyze_resting(&signal_of(&leads, 500.0), &Subject::default(), &Criteria::builtin()).unwrap();
    assert!(a.beats.len() >= 8);
    assert!(a.beats.iter().all(|b| b.r_sample < 4600), "{:?}", a.beats.last());
}

#[test]
fn the_table_of_thresholds_is_complete_and_checked() {
    let criteria = Criteria::from_toml(TABLE).unwrap();
    assert_eq!(criteria, Criteria::builtin());
    // Fourth Universal Definition of Myocardial Infarction, table 2: 2 mm in V2, V3 of men from 40.
    assert!((criteria.value(Key::SteV2v3ManUv) - 200.0).abs() < f64::EPSILON);
    for key in Key::ALL {
        assert!(!criteria.threshold(*key).unwrap().source.is_empty());
    }
    let swap = |from: &str, to: &str| Criteria::from_toml(&TABLE.replacen(from, to, 1)).unwrap_err();
    assert_eq!(swap("[threshold.brady_bpm]", "[threshold.bradi_bpm]"), CriteriaError::Missing("brady_bpm"));
    assert!(matches!(swap("unit = \"bpm\"", "unit = \"Hz\""), CriteriaError::Unit { id: "brady_bpm", .. }));
    assert!(matches!(swap("2026-11-22", "yesterday"), CriteriaError::Invalid { .. }));
    assert!(matches!(swap("value = 60.0", "value = nan"), CriteriaError::Invalid { .. }));
    let extra = format!(
        "{TABLE}\n[threshold.mood]\nvalue = 1.0\nunit = \"1\"\nmeaning = \"x\"\nsource = \"x\"\nreviewed = \"2026-01-01\"\n"
    );
    assert_eq!(Criteria::from_toml(&extra).unwrap_err(), CriteriaError::Unknown("mood".to_owned()));
    assert!(matches!(Criteria::from_toml("edition ="), Err(CriteriaError::Syntax(_))));
}

#[test]
fn a_regional_threshold_changes_the_statement() {
    let mut spec = synth::SynthSpec::new(synth::SynthRhythm::Sinus, 4);
    spec.heart_rate_bpm = 56.0;
    let ecg = synth::synthesize(&spec);
    let says = |criteria: &Criteria| {
        let a = analyze_resting(&signal_of(&ecg.leads, 500.0), &spec.subject, criteria).unwrap();
        a.statements.first().unwrap().code
    };
    assert_eq!(says(&Criteria::builtin()), "sinus_bradycardia");
    let region = Criteria::from_toml(&TABLE.replacen("value = 60.0", "value = 50.0", 1)).unwrap();
    assert_eq!(says(&region), "sinus_rhythm");
}

/// Rules for critical values are refused with the code and the reason, before any ECG is judged by them.
#[test]
fn the_rules_for_critical_values_are_checked() {
    let criteria = Criteria::builtin();
    // The nine rules of the 2017 consensus that a 10 s ECG can show; figures as cited in the table.
    assert_eq!(criteria.critical().len(), 9);
    for (id, value) in [
        (Key::VentricularRateCriticalLowBpm, 35.0),
        (Key::VentricularRateCriticalHighBpm, 200.0),
        (Key::QtcCriticalMs, 550.0),
        (Key::CriticalPauseMs, 5000.0),
        (Key::CriticalPreexcitedRrMs, 250.0),
    ] {
        assert!((criteria.value(id) - value).abs() < f64::EPSILON, "{}", id.id());
    }
    assert_eq!(criteria.reviewed_by(), "pending");
    let swap = |from: &str, to: &str| {
        assert!(TABLE.contains(from), "{from}");
        Criteria::from_toml(&TABLE.replacen(from, to, 1)).unwrap_err().to_string()
    };
    let says = |text: String, parts: &[&str]| {
        for part in parts {
            assert!(text.contains(part), "{text}");
        }
    };
    says(swap("in_force = \"2026", "in_force = \"soon"), &["in_force"]);
    says(swap("reviewed_by = \"pending\"", "reviewed_by = \"\""), &["reviewed_by"]);
    says(swap("[\"qt_long\"]", "[\"qt_lang\"]"), &["critical_long_qt", "qt_lang"]);
    says(
        swap("measurement = \"qtc\"", "measurement = \"mood\""),
        &["critical_long_qt", "measurement mood is not known"],
    );
    says(swap("threshold = \"qtc_critical_ms\"", "threshold = \"brady_bpm\""), &["critical_long_qt", "bpm"]);
    says(swap("relation = \"<=\"", "relation = \"<\""), &["neither >= nor <="]);
    // An unknown field is refused by the TOML reader, which names the line.
    says(swap("clause = \"④\"", "clauze = \"④\""), &["clauze", "line"]);
}
