//! Beat classes: what may not change them, and the streaming form. Figures by record are in docs/accuracy.md.

use ecg_signal::{
    beats::{BeatClass, BeatStream, ClassifiedBeat, classify_beats},
    detect::detect_qrs,
};

use crate::{recordings_folder, wfdb};

/// Sample rate and leads of a record, or nothing where the recordings are absent.
fn mitdb(name: &str) -> Option<(f64, Vec<Vec<f32>>)> {
    let record = wfdb::read(&recordings_folder()?.join("mitdb").join(name).with_extension("hea")).unwrap();
    Some((record.fs, record.leads))
}

fn share_equal(a: &[ClassifiedBeat], b: &[ClassifiedBeat]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).filter(|(x, y)| x.class == y.class).count() as f64 / a.len() as f64
}

#[test]
fn polarity_scale_and_order_of_leads_do_not_change_the_classes() {
    // Record 118: early atrial beats; 119: ventricular beats.
    for name in ["118", "119"] {
        let Some((fs, leads)) = mitdb(name) else { return };
        let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
        let beats = detect_qrs(&views, fs);
        let plain = classify_beats(&views, fs, &beats);
        assert_eq!(plain.len(), beats.len());
        for factor in [-1.0_f32, 4.0, 0.25] {
            let changed: Vec<Vec<f32>> =
                leads.iter().map(|x| x.iter().map(|v| v * factor).collect()).collect();
            let views: Vec<&[f32]> = changed.iter().map(Vec::as_slice).collect();
            assert!(share_equal(&plain, &classify_beats(&views, fs, &beats)) > 0.999, "{name} x {factor}");
        }
        let swapped: Vec<&[f32]> = views.iter().rev().copied().collect();
        assert!(share_equal(&plain, &classify_beats(&swapped, fs, &beats)) > 0.999, "{name} swapped");
        // 180 Hz.
        let half: Vec<Vec<f32>> = leads.iter().map(|x| x.iter().step_by(2).copied().collect()).collect();
        let views: Vec<&[f32]> = half.iter().map(Vec::as_slice).collect();
        let at: Vec<usize> = beats.iter().map(|b| b / 2).collect();
        assert!(
            share_equal(&plain, &classify_beats(&views, fs / 2.0, &at)) > 0.99,
            "{name} at half the rate"
        );
    }
}

#[test]
fn a_lead_without_signal_says_nothing() {
    let Some((fs, leads)) = mitdb("119") else { return };
    let beats = detect_qrs(&[&leads[0], &leads[1]], fs);
    let alone = classify_beats(&[&leads[0]], fs, &beats);
    for nothing in [vec![37.5_f32; leads[0].len()], vec![f32::NAN; leads[0].len()]] {
        assert_eq!(classify_beats(&[&leads[0], &nothing], fs, &beats), alone);
    }
}

#[test]
fn the_stream_gives_the_beats_of_the_batch() {
    let Some((fs, leads)) = mitdb("118") else { return };
    let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
    let beats = detect_qrs(&views, fs);
    let batch = classify_beats(&views, fs, &beats);
    let mut stream = BeatStream::new(leads.len(), fs);
    let mut out = Vec::new();
    let (mut from, mut told) = (0, 0);
    while from < leads[0].len() {
        let to = (from + 500).min(leads[0].len());
        let part: Vec<&[f32]> = leads.iter().map(|x| &x[from..to]).collect();
        // The detector tells a beat two seconds late.
        let due = beats.partition_point(|b| b + 720 < to);
        out.extend(stream.push(&part, &beats[told..due]));
        told = due;
        from = to;
    }
    out.extend(stream.push(&[&[], &[]], &beats[told..]));
    out.extend(stream.finish());
    assert_eq!(out, batch);
}

#[test]
fn nothing_sensible_is_classified_without_a_panic() {
    assert!(classify_beats(&[], 360.0, &[1, 2]).is_empty());
    assert!(classify_beats(&[&[1.0; 10]], 360.0, &[20, 30]).is_empty());
    let missing = vec![f32::NAN; 4000];
    let out = classify_beats(&[&missing, &missing], 360.0, &[0, 0, 3999, 5, 700]);
    assert_eq!(out.len(), 5);
    assert!(out.iter().all(|b| b.confidence.is_finite()));
    assert_eq!(BeatClass::Supraventricular.symbol(), "S");
}
