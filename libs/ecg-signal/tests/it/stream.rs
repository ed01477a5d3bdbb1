//! Signals that are still coming: the streaming forms against the batch forms, which are judged elsewhere.

use ecg_signal::{
    beats::classify_beats,
    detect::detect_qrs,
    filter::{FilterSettings, FilterStream},
    stream::{DetectorStream, LiveBeats},
};

use crate::{recordings_folder, wfdb};

/// Parts of uneven length, as they come from a device.
fn parts(length: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = 0;
    for k in 0.. {
        let to = (from + 1 + (k * k * 37) % 411).min(length);
        out.push((from, to));
        from = to;
        if from == length {
            return out;
        }
    }
    out
}

/// The first difference, instead of both lists.
fn same<T: PartialEq + std::fmt::Debug>(live: &[T], batch: &[T], name: &str) {
    for (a, b) in live.iter().zip(batch) {
        assert_eq!(a, b, "{name}: live on the left");
    }
    assert_eq!(live.len(), batch.len(), "{name}");
}

#[test]
fn a_live_signal_gives_the_beats_of_the_recording() {
    let Some(root) = recordings_folder() else { return };
    // 106: ventricular beats; 203: fibrillation and noise; 118 at half the rate, its second lead lost for a while.
    for (name, step, lost) in [("106", 1, 0..0), ("203", 1, 0..0), ("118", 2, 40_000..70_000)] {
        let record = wfdb::read(&root.join("mitdb").join(name).with_extension("hea")).unwrap();
        let fs = record.fs / step as f64;
        let mut leads: Vec<Vec<f32>> =
            record.leads.iter().map(|x| x.iter().step_by(step).copied().collect()).collect();
        leads[1][lost].fill(f32::NAN);
        let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
        let batch = detect_qrs(&views, fs);
        let classes = classify_beats(&views, fs, &batch);

        let mut detector = DetectorStream::new(leads.len(), fs);
        let mut live = LiveBeats::new(leads.len(), fs);
        let delay = detector.delay_samples();
        let (mut found, mut classified) = (Vec::new(), Vec::new());
        for (from, to) in parts(leads[0].len()) {
            let part: Vec<&[f32]> = leads.iter().map(|x| &x[from..to]).collect();
            let told = found.len();
            found.extend(detector.push(&part));
            // Told in time: everything older than the delay was told before.
            assert!(found[told..].iter().all(|at| at + delay > from), "{name}: later than said");
            classified.extend(live.push(&part));
        }
        found.extend(detector.finish());
        classified.extend(live.finish());
        same(&found, &batch, name);
        same(&classified, &classes, name);
    }
}

#[test]
fn a_live_filter_gives_the_filtered_recording() {
    // Beats on a wandering line with mains hum, an offset and two short gaps.
    let fs = 250.0;
    let mut signal: Vec<f32> = (0..60 * 250)
        .map(|i| {
            let t = f64::from(i) / fs;
            let beat = 1000.0 * (-((t % 0.8 - 0.4) / 0.02).powi(2)).exp();
            (beat + 300.0 * (0.7 * t).sin() + 60.0 * (314.159 * t).sin() + 5000.0) as f32
        })
        .collect();
    signal[..30].fill(f32::NAN);
    signal[4000..4100].fill(f32::NAN);
    signal[9000..9001].fill(f32::NAN);
    for (settings, delay_s) in [
        (FilterSettings { high_pass_hz: Some(0.5), low_pass_hz: Some(40.0), notch_hz: Some(50.0) }, 6.6),
        (FilterSettings { high_pass_hz: Some(0.05), low_pass_hz: Some(150.0), notch_hz: None }, 50.0),
        (FilterSettings { high_pass_hz: None, low_pass_hz: Some(40.0), notch_hz: None }, 0.32),
        (FilterSettings::default(), 0.0),
    ] {
        let batch = settings.apply(&signal, fs);
        let mut stream = FilterStream::new(&settings, fs);
        let delay = stream.delay_samples();
        assert!(delay as f64 / fs <= delay_s, "{settings:?}: {delay} samples");
        let mut out: Vec<f32> = Vec::new();
        for (from, to) in parts(signal.len()) {
            out.extend(stream.push(&signal[from..to]));
            // A gap is waited for as long as it lasts.
            assert!(out.len() + delay + 100 >= to, "{settings:?}: {} of {to} after {delay}", out.len());
        }
        out.extend(stream.finish());
        assert_eq!(out.len(), batch.len());
        for (i, (a, b)) in out.iter().zip(&batch).enumerate() {
            assert_eq!(a.is_nan(), b.is_nan(), "{i}");
            // What the filters still ring beyond their reach: a part in 5000 of the swings.
            assert!(a.is_nan() || (a - b).abs() < 0.3, "{settings:?}, sample {i}: {a} against {b}");
        }
    }
}

#[test]
fn nothing_sensible_streams_without_a_panic() {
    assert!(LiveBeats::new(0, 360.0).finish().is_empty());
    let mut slow = DetectorStream::new(1, 50.0);
    assert!(slow.push(&[&[0.0; 5000]]).is_empty());
    assert!(slow.finish().is_empty());
    let mut live = LiveBeats::new(2, 250.0);
    let missing = vec![f32::NAN; 20_000];
    assert!(live.push(&[&missing, &missing]).is_empty());
    assert!(live.finish().is_empty());
    // Fewer leads than were told are missing ones, and no frequency is too low.
    let mut poor = LiveBeats::new(3, 250.0);
    for _ in 0..4 {
        assert!(poor.push(&[&missing]).is_empty());
    }
    assert!(poor.finish().is_empty());
    let settings = FilterSettings { high_pass_hz: Some(1e-30), low_pass_hz: None, notch_hz: None };
    let mut low = FilterStream::new(&settings, 250.0);
    assert!(low.push(&[1.0, 2.0]).is_empty());
    assert_eq!(low.finish().len(), 2);
    let short = DetectorStream::new(1, 250.0);
    assert!(short.finish().is_empty());
    let settings = FilterSettings { high_pass_hz: Some(0.5), low_pass_hz: None, notch_hz: None };
    let mut filter = FilterStream::new(&settings, 250.0);
    let mut out = filter.push(&missing);
    out.extend(filter.finish());
    assert!(out.len() == missing.len() && out.iter().all(|v| v.is_nan()));
    let mut one = FilterStream::new(&settings, 250.0);
    assert!(one.push(&[3.0]).is_empty());
    assert_eq!(one.finish(), [3.0]);
}
