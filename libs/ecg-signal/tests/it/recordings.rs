//! Real recordings with manual references. Limits lie a little below what docs/accuracy.md reports, so that a
//! loss of accuracy fails the build.

use ecg_signal::{Criteria, Lead, Subject, Wave, analyze_resting, delineate_leads, detect::detect_qrs};

use crate::{recordings_folder, signal_of, wfdb};

/// Matches within 150 ms, each reference beat and each detection used once.
fn matched(reference: &[usize], found: &[usize], window: usize) -> usize {
    let mut used = vec![false; found.len()];
    let mut hits = 0;
    for r in reference {
        let best = (0..found.len())
            .filter(|k| !used[*k] && found[*k].abs_diff(*r) <= window)
            .min_by_key(|k| found[*k].abs_diff(*r));
        if let Some(k) = best {
            used[k] = true;
            hits += 1;
        }
    }
    hits
}

#[test]
fn qrs_detection_on_mit_bih_training_records() {
    let Some(root) = recordings_folder() else { return };
    let (mut hits, mut beats, mut detections) = (0, 0, 0);
    for name in ["101", "106", "119", "203", "208", "223"] {
        let base = root.join("mitdb").join(name);
        let record = wfdb::read(&base.with_extension("hea")).unwrap();
        let reference: Vec<usize> = wfdb::annotations(&base.with_extension("atr"))
            .unwrap()
            .iter()
            .filter(|a| wfdb::is_beat(a.code))
            .map(|a| a.sample)
            .take(700)
            .collect();
        // The first third of each record keeps the test short.
        let end = reference.last().unwrap() + 30;
        let leads: Vec<&[f32]> = record.leads.iter().map(|x| &x[..end]).collect();
        let found = detect_qrs(&leads, record.fs);
        hits += matched(&reference, &found, (0.15 * record.fs) as usize);
        beats += reference.len();
        detections += found.len();
    }
    let (se, ppv) = (hits as f64 / beats as f64, hits as f64 / detections as f64);
    assert!(se >= 0.995, "sensitivity {se}");
    assert!(ppv >= 0.995, "positive predictivity {ppv}");
}

#[test]
fn ludb_rhythms_and_rates() {
    let Some(root) = recordings_folder() else { return };
    let root = root.join("ludb/data");
    let criteria = Criteria::builtin();
    let says = |id: &str| {
        let record = wfdb::read(&root.join(format!("{id}.hea"))).unwrap();
        let leads: Vec<_> = record
            .labels
            .iter()
            .zip(&record.leads)
            .filter_map(|(label, x)| ecg_signal::Lead::from_label(label).map(|l| (l, x.clone())))
            .collect();
        let a = analyze_resting(&signal_of(&leads, record.fs), &Subject::default(), &criteria).unwrap();
        let reference: Vec<usize> = wfdb::annotations(&root.join(format!("{id}.ii")))
            .unwrap()
            .iter()
            .filter(|m| m.code == 1)
            .map(|m| m.sample)
            .collect();
        // Manual marks leave out the first and the last beats: all marked ones must be found.
        let found: Vec<usize> = a.beats.iter().map(|b| b.r_sample).collect();
        assert_eq!(matched(&reference, &found, (0.1 * record.fs) as usize), reference.len(), "record {id}");
        a
    };
    // Diagnoses of ludb.csv.
    for id in ["44", "88", "110", "112", "173"] {
        let a = says(id);
        assert!(a.statements[0].code.starts_with("atrial_fibrillation"), "record {id}");
        assert_eq!(a.median.fiducials.p_on, None, "record {id}");
    }
    for id in ["1", "41", "47", "59", "71", "82"] {
        assert_eq!(says(id).statements[0].code, "sinus_bradycardia", "record {id}");
    }
    for id in ["2", "4", "7", "10", "16", "20"] {
        assert_eq!(says(id).statements[0].code, "sinus_rhythm", "record {id}");
    }
    for id in ["34", "74", "104"] {
        assert!(says(id).statements[0].code.contains("pacing"), "record {id}");
    }
}

/// The recorder's muscle filter of 17 opens within the QRS: what it lets through there was taken for a pacemaker's spikes.
#[test]
fn the_gain_changes_no_interval_and_noise_is_no_pacemaker() {
    let Some(root) = recordings_folder() else { return };
    let criteria = Criteria::builtin();
    for id in ["17", "34", "67", "145"] {
        let record = wfdb::read(&root.join(format!("ludb/data/{id}.hea"))).unwrap();
        let at = |gain: f32| {
            let leads: Vec<_> = record
                .labels
                .iter()
                .zip(&record.leads)
                .map(|(l, x)| {
                    (
                        ecg_signal::Lead::from_label(l).unwrap(),
                        x.iter().map(|v| v * gain).collect::<Vec<f32>>(),
                    )
                })
                .collect();
            analyze_resting(&signal_of(&leads, record.fs), &Subject::default(), &criteria).unwrap()
        };
        let (plain, tall, low) = (at(1.0), at(4.0), at(0.25));
        assert_eq!(plain.statements[0].code == "ventricular_pacing", id == "34", "{id}");
        for other in [&tall, &low] {
            assert_eq!(plain.statements[0].code, other.statements[0].code, "{id}");
            assert_eq!(plain.median.fiducials, other.median.fiducials, "{id}");
        }
    }
}

#[test]
fn waves_of_every_lead_lie_at_the_manual_marks_whatever_the_gain() {
    let Some(root) = recordings_folder() else { return };
    let root = root.join("ludb/data");
    let mut errors_ms: [Vec<f64>; 6] = Default::default();
    for id in ["2", "7", "16", "41", "88"] {
        let record = wfdb::read(&root.join(format!("{id}.hea"))).unwrap();
        let leads = |gain: f32| -> Vec<(Lead, Vec<f32>)> {
            let of = record.labels.iter().zip(&record.leads);
            of.map(|(label, x)| (Lead::from_label(label).unwrap(), x.iter().map(|v| v * gain).collect()))
                .collect()
        };
        let waves =
            |gain: f32| delineate_leads(&signal_of(&leads(gain), record.fs), &Criteria::builtin()).unwrap();
        let found = waves(1.0);
        for gain in [0.25, -1.0] {
            for (a, b) in found.iter().zip(&waves(gain)) {
                assert_eq!(a.beats.len(), b.beats.len(), "record {id}, gain {gain}");
                for (a, b) in a.beats.iter().zip(&b.beats) {
                    assert_eq!((a.p.is_some(), a.t.is_some()), (b.p.is_some(), b.t.is_some()), "record {id}");
                    assert!(a.qrs.on.abs_diff(b.qrs.on) <= 10, "record {id}, gain {gain}: {a:?} {b:?}");
                }
            }
        }
        for lead in &found {
            let list =
                wfdb::annotations(&root.join(format!("{id}.{}", lead.lead.label().to_lowercase()))).unwrap();
            let own: [Vec<Wave>; 3] = [
                lead.beats.iter().filter_map(|b| b.p).collect(),
                lead.beats.iter().map(|b| b.qrs).collect(),
                lead.beats.iter().filter_map(|b| b.t).collect(),
            ];
            // Record 88 is fibrillation.
            assert!(id != "88" || own[0].is_empty());
            for w in list.windows(3).filter(|w| w[0].code == 39 && w[2].code == 40) {
                let Some(kind) = [24, 1, 27].iter().position(|code| *code == w[1].code) else { continue };
                let nearest = own[kind].iter().min_by_key(|f| f.peak.abs_diff(w[1].sample));
                let Some(f) = nearest.filter(|f| f.peak.abs_diff(w[1].sample) <= 75) else { continue };
                let ms = |a: usize, b: usize| (a as f64 - b as f64) * 1000.0 / record.fs;
                errors_ms[2 * kind].push(ms(f.on, w[0].sample));
                errors_ms[2 * kind + 1].push(ms(f.off, w[2].sample));
            }
        }
    }
    // 88 is among the records whose T marks scatter most.
    for (errors, limit) in errors_ms.iter().zip([15.0, 15.0, 9.0, 11.0, 30.0, 30.0]) {
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        let sd = (errors.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / errors.len() as f64).sqrt();
        assert!(errors.len() > 150 && sd <= limit, "{} marks, sd {sd} ms, limit {limit}", errors.len());
    }
}
