//! Formulas against hand computation, filters against their definition.

use ecg_signal::{filter::FilterSettings, framingham_qtc_ms, frontal_axis_deg};

#[test]
fn the_axis_follows_its_formula() {
    // atan2(2 aVF / sqrt 3, I), by hand.
    let cases = [
        (1.0, 0.0, 0.0),
        (0.0, 1.0, 90.0),
        (1.0, 3.0_f64.sqrt() / 2.0, 45.0),
        (1.0, -3.0_f64.sqrt() / 2.0, -45.0),
        (-1.0, 0.0, 180.0),
        // I = 0.5, aVF = 0.75: 2 x 0.75 / 1.7321 = 0.8660; atan2(0.8660, 0.5) = 60.
        (0.5, 0.75, 60.0),
    ];
    for (i, avf, expected) in cases {
        let found = frontal_axis_deg(i, avf).unwrap();
        assert!((found - expected).abs() < 1e-9, "I {i} aVF {avf}: {found}");
    }
    assert_eq!(frontal_axis_deg(0.0, 0.0), None);
}

#[test]
fn framingham_by_hand() {
    // 400 + 154 x (1 - 0.8) = 430.8
    assert!((framingham_qtc_ms(400.0, 800.0) - 430.8).abs() < 1e-9);
    assert!((framingham_qtc_ms(400.0, 1000.0) - 400.0).abs() < 1e-9);
}

fn sine(hz: f64, fs: f64, seconds: f64) -> Vec<f32> {
    (0..(fs * seconds) as usize)
        .map(|i| (1000.0 * (std::f64::consts::TAU * hz * i as f64 / fs).sin()) as f32)
        .collect()
}

/// Gain in the middle of the signal, away from the ends.
fn gain(filter: FilterSettings, hz: f64) -> f64 {
    let fs = 500.0;
    let x = sine(hz, fs, 40.0);
    let y = filter.apply(&x, fs);
    let power = |v: &[f32]| v[5000..15000].iter().map(|s| f64::from(*s).powi(2)).sum::<f64>();
    (power(&y) / power(&x)).sqrt()
}

#[test]
fn filters_do_what_their_names_say() {
    for hz in [40.0, 75.0, 100.0, 150.0] {
        let low = FilterSettings { low_pass_hz: Some(hz), ..FilterSettings::default() };
        // Butterworth: 1 / sqrt 2 at the cut-off in each direction, so one half in both.
        assert!((gain(low, hz) - 0.5).abs() < 0.02, "low-pass {hz}: {}", gain(low, hz));
        assert!((gain(low, 5.0) - 1.0).abs() < 0.01);
    }
    for hz in [0.05, 0.15, 0.5] {
        let high = FilterSettings { high_pass_hz: Some(hz), ..FilterSettings::default() };
        assert!((gain(high, 10.0) - 1.0).abs() < 0.01);
        let level: Vec<f32> = vec![700.0; 5000];
        assert!(high.apply(&level, 500.0).iter().all(|v| v.abs() < 1.0), "a level passes {hz} Hz");
    }
    let half = FilterSettings { high_pass_hz: Some(0.5), ..FilterSettings::default() };
    assert!((gain(half, 0.5) - 0.5).abs() < 0.02);
    let notch = FilterSettings { notch_hz: Some(50.0), ..FilterSettings::default() };
    assert!(gain(notch, 50.0) < 0.01);
    assert!((gain(notch, 25.0) - 1.0).abs() < 0.02);
}

#[test]
fn a_filter_keeps_length_gaps_and_place() {
    let mut x = sine(3.0, 250.0, 10.0);
    for v in &mut x[500..600] {
        *v = f32::NAN;
    }
    let all = FilterSettings { high_pass_hz: Some(0.5), low_pass_hz: Some(40.0), notch_hz: Some(50.0) };
    let y = all.apply(&x, 250.0);
    assert_eq!(y.len(), x.len());
    for (a, b) in x.iter().zip(&y) {
        assert_eq!(a.is_nan(), b.is_nan());
    }
    // Zero phase: a peak stays where it was.
    let mut pulse = vec![0.0_f32; 2000];
    for (i, v) in pulse.iter_mut().enumerate() {
        *v = (1000.0 * (-0.5 * ((i as f64 - 1000.0) / 8.0).powi(2)).exp()) as f32;
    }
    let low = FilterSettings { low_pass_hz: Some(40.0), ..FilterSettings::default() };
    let filtered = low.apply(&pulse, 500.0);
    let top = filtered.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
    assert_eq!(top, 1000);
    assert!(low.apply(&[], 500.0).is_empty());
}
