//! Tests of the ECG sheet: millimetres, reduction, gaps, layouts.

#![allow(clippy::cast_possible_truncation)] // samples are made as f64 and given as f32

use super::*;

/// Absolute points of every polyline in the SVG.
fn polylines(svg: &str) -> Vec<Vec<(f64, f64)>> {
    let pair = |p: &str| p.split_once(',').map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).unwrap();
    svg.split("<polyline points=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().split_whitespace().map(pair).collect())
        .collect()
}

fn rough(n: usize) -> Vec<f32> {
    // Deterministic noise on a slow wave with spikes: harder than any ECG.
    let mut state: u32 = 7;
    (0..n)
        .map(|i| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(state >> 16) / 65536.0 - 0.5;
            let spike = if i % 400 == 200 { 1500.0 } else { 0.0 };
            (300.0 * (count(i) / 90.0).sin() + 40.0 * noise + spike) as f32
        })
        .collect()
}

#[test]
fn time_and_amplitude_are_true_millimetres() {
    // 1 mV for the second half of each second: at 25 mm/s and 10 mm/mV 12.5 mm long and 10 mm high.
    let square: Vec<f32> = (0..5000).map(|i| if i % 500 < 250 { 0.0 } else { 1000.0 }).collect();
    let spec = SheetSpec::new(SheetLayout::TwelveByOne);
    let svg = ecg_sheet_svg(&spec, &[("II", &square)], 500.0);
    let line = &polylines(&svg)[0];
    let rises: Vec<f64> = line.windows(2).filter(|w| w[0].1 - w[1].1 > 9.0).map(|w| w[1].0).collect();
    assert_eq!(rises.len(), 10);
    for (second, x) in rises.iter().enumerate() {
        assert!((x - (10.0 + 12.5 + 25.0 * count(second))).abs() < 0.011, "rise {second} at {x} mm");
    }
    let (low, high) = line.iter().fold((f64::MIN, f64::MAX), |a, p| (a.0.max(p.1), a.1.min(p.1)));
    assert!((low - high - 10.0).abs() < 0.011, "1 mV is {} mm", low - high);
    assert_eq!(spec.size_mm(), (265.0, 144.0));
    assert!(svg.contains("width=\"265mm\" height=\"144mm\" viewBox=\"0 0 265 144\""));
}

#[test]
fn reduction_errs_less_than_a_twentieth_of_a_millimetre_and_keeps_peaks() {
    let samples = rough(5000);
    let svg = ecg_sheet_svg(&SheetSpec::new(SheetLayout::TwelveByOne), &[("V3", &samples)], 500.0);
    let line = &polylines(&svg)[0];
    let level = {
        let mut sorted = samples.clone();
        sorted.sort_by(f32::total_cmp);
        f64::from(sorted[2500])
    };
    // The baseline is unknown to the test; the highest spike gives it, and must be drawn exactly.
    let top = line.iter().map(|p| p.1).fold(f64::MAX, f64::min);
    let peak = samples.iter().copied().fold(f32::MIN, f32::max);
    let baseline = top + (f64::from(peak) - level) / 100.0;
    assert!((baseline - baseline.round()).abs() < 0.011, "baseline at {baseline}");
    let baseline = baseline.round();
    let mut worst: f64 = 0.0;
    for (index, value) in samples.iter().enumerate() {
        let (x, y) = (10.0 + count(index) / 20.0, baseline - (f64::from(*value) - level) / 100.0);
        let after = line.iter().position(|p| p.0 >= x - 1e-6).unwrap();
        let drawn = match after {
            0 => line[0].1,
            _ => {
                let ((x0, y0), (x1, y1)) = (line[after - 1], line[after]);
                y0 + (y1 - y0) * (x - x0) / (x1 - x0)
            }
        };
        worst = worst.max((drawn - y).abs());
    }
    assert!(worst <= 0.05, "worst {worst} mm");
}

#[test]
fn smooth_curves_need_few_points() {
    let slow: Vec<(f64, f64)> =
        (0..5000).map(|i| (count(i) / 20.0, (count(i) / 300.0).sin() * 5.0)).collect();
    let kept = reduce(&slow, 0.04);
    assert!(kept.len() < 400, "{}", kept.len());
    assert_eq!((kept.first(), kept.last()), (slow.first(), slow.last()));
    assert!(reduce(&[], 0.04).is_empty());
    assert_eq!(reduce(&slow[..1], 0.04), &slow[..1]);
}

#[test]
fn gaps_stay_gaps_and_missing_leads_are_named() {
    let mut samples = vec![0.0f32; 5000];
    samples[1000..1500].fill(f32::NAN);
    samples[1200] = 100.0;
    let spec = SheetSpec::new(SheetLayout::TwelveByOne);
    let svg = ecg_sheet_svg(&spec, &[("i", &samples), ("V6", &[f32::NAN; 10])], 500.0);
    let lines = polylines(&svg);
    assert_eq!(lines.len(), 3, "before the gap, the lone sample, after the gap");
    assert!((lines[0].last().unwrap().0 - (10.0 + 999.0 / 20.0)).abs() < 0.011);
    assert!((lines[1][0].0 - 70.0).abs() < 0.011);
    assert!((lines[2][0].0 - 85.0).abs() < 0.011);
    assert_eq!(svg.matches("未记录").count(), 10);
    assert_eq!(svg.matches("无信号").count(), 1);
}

#[test]
fn columns_follow_each_other_in_time() {
    let ramp: Vec<f32> = (0..5000).map(|i| i as f32 / 10.0).collect();
    let names: Vec<(&str, &[f32])> = STANDARD_ORDER.iter().map(|n| (*n, ramp.as_slice())).collect();
    let svg = ecg_sheet_svg(&SheetSpec::new(SheetLayout::ThreeByFour), &names, 500.0);
    let starts: Vec<f64> = polylines(&svg).iter().map(|l| l[0].0).collect();
    let expected = [10.0, 72.5, 135.0, 197.5].repeat(4);
    assert_eq!(starts, expected);
    for (line, start) in polylines(&svg).iter().zip(&expected) {
        let end = line.last().unwrap().0;
        assert!(end <= start + 62.5 + 0.011 && end >= start + 62.4, "{start} to {end}");
    }
    for name in STANDARD_ORDER {
        assert!(svg.contains(&format!(">{name}</text>")), "{name}");
    }
    assert_eq!(svg.matches(">II</text>").count(), 2, "lead II also runs below");
    assert_eq!(svg.matches("class=\"pulse\"").count(), 4);
}

#[test]
fn short_recordings_show_every_lead_from_the_beginning() {
    // Eight seconds: the fourth column (7.5 s to 10 s) would hold half a second.
    let ramp: Vec<f32> = (0..4000).map(|i| i as f32 / 10.0).collect();
    let names: Vec<(&str, &[f32])> = STANDARD_ORDER.iter().map(|n| (*n, ramp.as_slice())).collect();
    let svg = ecg_sheet_svg(&SheetSpec::new(SheetLayout::ThreeByFour), &names, 500.0);
    let lines = polylines(&svg);
    for (line, start) in lines.iter().zip([10.0, 72.5, 135.0, 197.5].repeat(3)) {
        assert!((line[0].0 - start).abs() < 0.011);
        assert!((line.last().unwrap().0 - start - 62.5).abs() < 0.1, "{:?}", line.last());
    }
    assert!((lines.last().unwrap().last().unwrap().0 - 210.0).abs() < 0.1, "the rhythm row runs for 8 s");
    assert!(svg.contains("各列均从同一时刻开始"));
    let whole: Vec<f32> = (0..5000).map(|i| i as f32 / 10.0).collect();
    let svg = ecg_sheet_svg(&SheetSpec::new(SheetLayout::ThreeByFour), &[("I", &whole)], 500.0);
    assert!(!svg.contains("各列均从同一时刻开始"));
}

#[test]
fn cabrera_turns_avr_over() {
    let ramp: Vec<f32> = (0..5000).map(|i| i as f32 / 10.0).collect();
    let spec = SheetSpec { cabrera: true, ..SheetSpec::new(SheetLayout::SixByTwo) };
    let svg = ecg_sheet_svg(&spec, &[("aVR", &ramp), ("II", &ramp)], 500.0);
    let order: Vec<usize> = ["aVL", "I", "\u{2212}aVR", "II", "aVF", "III"]
        .iter()
        .map(|n| svg.find(&format!(">{n}</text>")).unwrap())
        .collect();
    // Rows are drawn from the top, both columns in turn.
    assert!(order.is_sorted());
    let lines = polylines(&svg);
    assert!(lines[0].last().unwrap().1 > lines[0][0].1, "a rising aVR falls on the sheet");
    assert!(lines[1].last().unwrap().1 < lines[1][0].1, "a rising II rises on the sheet");
}

#[test]
fn tall_leads_get_room() {
    // V4 with R of 3 mV in the top row: at 15 mm below the edge it would be cut.
    let mut tall = vec![0.0f32; 5000];
    for i in (100..5000).step_by(400) {
        tall[i] = 3000.0;
    }
    let flat = vec![0.0f32; 5000];
    let leads: Vec<(&str, &[f32])> = STANDARD_ORDER
        .iter()
        .map(|n| (*n, if *n == "V4" { tall.as_slice() } else { flat.as_slice() }))
        .collect();
    let svg = ecg_sheet_svg(&SheetSpec::new(SheetLayout::ThreeByFour), &leads, 500.0);
    let top = polylines(&svg).iter().flatten().map(|p| p.1).fold(f64::MAX, f64::min);
    assert!(top >= 0.0, "drawn up to {top}");
    assert!(!svg.contains("class=\"cut\""));
}

#[test]
fn what_leaves_the_paper_is_marked() {
    let mut spike = vec![0.0f32; 5000];
    spike[2500] = 60_000.0;
    let svg = ecg_sheet_svg(&SheetSpec::new(SheetLayout::ThreeByFour), &[("II", &spike)], 500.0);
    assert!(svg.contains("class=\"cut\""));
}

#[test]
fn senseless_scales_draw_paper_only() {
    let samples = vec![1.0f32; 100];
    for (rate, speed, gain) in
        [(0.0, 25.0, 10.0), (f64::NAN, 25.0, 10.0), (500.0, -1.0, 10.0), (500.0, 25.0, 0.0)]
    {
        let spec = SheetSpec {
            speed_mm_per_s: speed,
            gain_mm_per_mv: gain,
            ..SheetSpec::new(SheetLayout::ThreeByFour)
        };
        let svg = ecg_sheet_svg(&spec, &[("I", &samples)], rate);
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>") && !svg.contains("<polyline"));
    }
}
