//! Episodes, variability and the Holter summary. Expected figures: hand counts, and `reference/hrv.py` (NumPy, scipy).

use ecg_signal::{
    beats::{BeatClass, ClassifiedBeat, classify_beats},
    detect::detect_qrs,
    episodes::{EpisodeRhythm, rhythm_episodes},
    holter::{analyze_holter, summarize},
    hrv::{NormalInterval, variability},
    turbulence::turbulence,
};

use crate::{recordings_folder, wfdb};

fn close(found: Option<f64>, expected: f64, what: &str) {
    let found = found.unwrap();
    assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{what}: {found}, expected {expected}");
}

#[test]
fn variability_equals_numpy_and_scipy() {
    let mut t = 0.0;
    let intervals: Vec<NormalInterval> = (0..2000)
        .map(|k| {
            let i = f64::from(k);
            let ms = 800.0
                + 60.0 * (0.31 * i).sin()
                + 25.0 * (1.9 * i).sin()
                + 40.0 * (0.021 * i).sin()
                + 12.0 * (7.7 * i * i).sin();
            t += ms / 1000.0;
            NormalInterval { end_s: t, ms, follows: k > 0 }
        })
        .collect();
    let v = variability(&intervals);
    close(v.sdnn_ms, 54.494_394_174_237_1, "SDNN");
    close(v.rmssd_ms, 33.443_934_409_617_31, "RMSSD");
    close(v.pnn50_percent, 13.406_703_351_675_839, "pNN50");
    close(v.sdann_ms, 5.172_196_989_711_487_4, "SDANN");
    close(v.sdnn_index_ms, 53.954_634_620_724_85, "SDNN index");
    close(v.triangular_index, 17.094_017_094_017_094, "triangular index");
    close(v.sd1_ms, 23.654_334_365_850_38, "SD1");
    close(v.sd2_ms, 73.346_782_196_240_91, "SD2");
    close(v.sample_entropy, 1.718_000_782_120_799, "sample entropy");
    close(v.dfa_alpha1, 1.501_932_569_252_076_4, "DFA alpha 1");
    close(v.vlf_ms2, 858.078_467_105_815, "VLF");
    close(v.lf_ms2, 1_778.474_591_323_638_8, "LF");
    close(v.hf_ms2, 171.697_993_165_810_67, "HF");
}

/// Beats at 100 Hz: class and the interval before, in 10 ms.
fn beats(list: &[(char, usize)]) -> Vec<ClassifiedBeat> {
    let mut sample = 0;
    list.iter()
        .map(|(class, rr)| {
            sample += rr;
            let class = match class {
                'V' => BeatClass::Ventricular,
                'S' => BeatClass::Supraventricular,
                _ => BeatClass::Normal,
            };
            ClassifiedBeat { sample, class, confidence: 1.0, p_likeness: 0.9 }
        })
        .collect()
}

#[test]
fn ectopy_pauses_and_rhythms_are_counted_as_by_hand() {
    let mut list = vec![('N', 80); 20];
    // Bigeminy of three, a couplet, a run of four at 150 a minute, a pause, a single S, three S at 150 a minute.
    list.extend([('V', 50), ('N', 110), ('V', 50), ('N', 110), ('V', 50), ('N', 110), ('N', 80), ('N', 80)]);
    list.extend([('V', 50), ('V', 60), ('N', 100), ('N', 80), ('V', 40), ('V', 40), ('V', 40), ('V', 40)]);
    list.extend([('N', 250), ('N', 80), ('S', 60), ('N', 80), ('N', 80), ('S', 40), ('S', 40), ('S', 40)]);
    list.extend([('N', 80); 20]);
    let beats = beats(&list);
    let end = beats.last().unwrap().sample + 80;
    let s = summarize(&beats, 100.0, end);
    assert_eq!((s.beats, s.normal), (64, 51));
    let v = s.ventricular;
    assert_eq!((v.beats, v.single, v.couplets, v.runs, v.longest_run_beats), (9, 3, 1, 1, 4));
    assert!((v.fastest_run_bpm.unwrap() - 150.0).abs() < 1e-9);
    assert_eq!((s.supraventricular.beats, s.supraventricular.single, s.supraventricular.runs), (4, 1, 1));
    assert_eq!((s.bigeminy_episodes, s.fibrillation_episodes), (1, 0));
    assert_eq!(s.pauses.len(), 1);
    assert!((s.longest_rr_ms.unwrap() - 2500.0).abs() < 1e-9);
    let rhythms: Vec<EpisodeRhythm> = s.episodes.iter().map(|e| e.rhythm).collect();
    use EpisodeRhythm::{Normal, SupraventricularTachycardia, VentricularBigeminy, VentricularTachycardia};
    assert_eq!(
        rhythms,
        [
            Normal,
            VentricularBigeminy,
            Normal,
            VentricularTachycardia,
            Normal,
            SupraventricularTachycardia,
            Normal
        ]
    );
    assert!(s.episodes.windows(2).all(|w| w[0].to == w[1].from));
    assert_eq!(s.episodes.last().unwrap().to, end);
    assert_eq!(summarize(&[], 360.0, 0).beats, 0);
}

#[test]
fn fibrillation_is_found_where_it_is_and_nowhere_else() {
    let Some(root) = recordings_folder() else { return };
    // Share of the time in fibrillation by the reference: 203 nearly all, 84_2 all, 101, 119 and 21_8 none.
    for (path, low, high) in [
        ("mitdb/203", 0.95, 1.0),
        ("cpsc2021/data_84_2", 0.97, 1.0),
        ("mitdb/101", 0.0, 0.0),
        ("mitdb/119", 0.0, 0.0),
        ("cpsc2021/data_21_8", 0.0, 0.0),
    ] {
        let record = wfdb::read(&root.join(path).with_extension("hea")).unwrap();
        let leads: Vec<&[f32]> = record.leads.iter().map(Vec::as_slice).collect();
        let beats = classify_beats(&leads, record.fs, &detect_qrs(&leads, record.fs));
        let length = leads[0].len();
        let inside: usize = rhythm_episodes(&beats, record.fs, length)
            .iter()
            .filter(|e| e.rhythm == EpisodeRhythm::AtrialFibrillation)
            .map(|e| e.to - e.from)
            .sum();
        let share = inside as f64 / length as f64;
        // Ventricular runs within fibrillation are episodes of their own.
        assert!((low - 0.06..=high).contains(&share), "{path}: {share}");
    }
}

#[test]
fn turbulence_and_deceleration_are_those_of_the_definitions() {
    // At 100 Hz, five times: sinus at 800 ms, V after 500 ms, pause of 1100 ms, then 780, 770, 790, 810, 830, 850, 850, 840 and 800.
    let after = [78, 77, 79, 81, 83, 85, 85, 84, 80, 80, 80, 80, 80, 80, 80];
    let mut list = vec![('N', 80); 12];
    for _ in 0..5 {
        list.extend([('V', 50), ('N', 110)]);
        list.extend(after.map(|rr| ('N', rr)));
        list.extend([('N', 80); 8]);
    }
    let t = turbulence(&beats(&list), 100.0);
    assert_eq!(t.beats, 5);
    // (780 + 770 - 800 - 800) / 1600, and the line over 770, 790, 810, 830, 850.
    assert!((t.onset_percent.unwrap() + 3.125).abs() < 1e-9, "{t:?}");
    assert!((t.slope_ms.unwrap() - 20.0).abs() < 1e-9, "{t:?}");
    // Four are too few to tell.
    let t = turbulence(&beats(&list[..list.len() - 20]), 100.0);
    assert_eq!((t.beats, t.onset_percent, t.slope_ms), (4, None, None));

    // 800, 800, 820, 820 over and over: each 820 after an 800 is an anchor with (820 + 820 - 800 - 800) / 4.
    let list: Vec<(char, usize)> =
        [80, 80, 82, 82].into_iter().cycle().take(800).map(|rr| ('N', rr)).collect();
    let beats = beats(&list);
    let end = beats.last().unwrap().sample + 80;
    close(summarize(&beats, 100.0, end).variability.deceleration_capacity_ms, 10.0, "deceleration capacity");
}

#[test]
fn a_shift_of_st_put_into_a_recording_is_in_the_trend() {
    let Some(root) = recordings_folder() else { return };
    let record = wfdb::read(&root.join("mitdb/112.hea")).unwrap();
    let fs = record.fs;
    let plain: Vec<&[f32]> = record.leads.iter().map(Vec::as_slice).collect();
    let before = analyze_holter(&plain, fs);
    // From minute 10 to 20 the first lead gets 150 µV and the second -100 µV from 50 ms to 320 ms after each R peak, with ramps of
    // 40 ms; J + 60 ms lies in between.
    let mut shifted = record.leads.clone();
    let at = |ms: f64| (ms * fs / 1000.0) as usize;
    for beat in detect_qrs(&plain, fs) {
        if !(10.0..20.0).contains(&(beat as f64 / fs / 60.0)) {
            continue;
        }
        for (lead, uv) in shifted.iter_mut().zip([150.0_f32, -100.0]) {
            for i in beat + at(50.0)..(beat + at(320.0)).min(lead.len()) {
                let ramp = (i - beat - at(50.0)).min(beat + at(320.0) - i) as f32 / at(40.0) as f32;
                lead[i] += uv * ramp.min(1.0);
            }
        }
    }
    let views: Vec<&[f32]> = shifted.iter().map(Vec::as_slice).collect();
    let after = analyze_holter(&views, fs);
    for (lead, uv) in [150.0_f32, -100.0].into_iter().enumerate() {
        let trend = before.st_j60_uv[lead].iter().zip(&after.st_j60_uv[lead]);
        for (minute, (a, b)) in trend.enumerate() {
            let expected = if (10..20).contains(&minute) { uv } else { 0.0 };
            // The last minute is too short.
            let (Some(a), Some(b)) = (a, b) else { continue };
            let found = b - a;
            assert!(
                (found - expected).abs() < 15.0,
                "lead {lead}, minute {minute}: {found}, put in {expected}"
            );
        }
    }
}
