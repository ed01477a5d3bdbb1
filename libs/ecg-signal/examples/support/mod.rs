//! Parts of the evaluation.

pub mod detection;
pub mod live;
pub mod ludb;
pub mod makers;
pub mod matfile;
pub mod resample;
pub mod rhythms;
pub mod shapes;
pub mod stress;
pub mod waves;
pub mod wfdb;

use std::time::Instant;

use ecg_signal::{Criteria, Lead, Signal, Subject, analyze_resting, delineate_leads, synth};

/// A record's standard leads as a signal.
pub fn signal_of(record: &wfdb::Record) -> Signal<'_> {
    let leads = record
        .labels
        .iter()
        .zip(&record.leads)
        .filter_map(|(label, x)| Lead::from_label(label).map(|lead| (lead, x.as_slice())))
        .collect();
    Signal { sample_rate_hz: record.fs, leads }
}

/// Mean and standard deviation.
pub fn mean_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
}

pub fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

pub fn speed() {
    println!("\n## Speed (one thread, this build)");
    let criteria = Criteria::builtin();
    for rate in [500.0, 1000.0] {
        let mut spec = synth::SynthSpec::new(synth::SynthRhythm::Sinus, 1);
        spec.sample_rate_hz = rate;
        let ecg = synth::synthesize(&spec);
        let leads = ecg.leads.iter().map(|(l, x)| (*l, x.as_slice())).collect();
        let signal = Signal { sample_rate_hz: rate, leads };
        // The fastest of many runs: what the code takes when nothing else wants the core.
        let mut best = f64::INFINITY;
        for _ in 0..60 {
            let start = Instant::now();
            let _ = std::hint::black_box(analyze_resting(&signal, &Subject::default(), &criteria));
            best = best.min(start.elapsed().as_secs_f64() * 1000.0);
        }
        println!("12 leads, 10 s, {rate} Hz: {best:.2} ms");
    }
    let ecg = synth::synthesize(&synth::SynthSpec::new(synth::SynthRhythm::Sinus, 1));
    let leads = ecg.leads.iter().map(|(l, x)| (*l, x.as_slice())).collect();
    let signal = Signal { sample_rate_hz: 500.0, leads };
    let mut best = f64::INFINITY;
    for _ in 0..30 {
        let start = Instant::now();
        let _ = std::hint::black_box(delineate_leads(&signal, &criteria));
        best = best.min(start.elapsed().as_secs_f64() * 1000.0);
    }
    println!("12 leads, 10 s, 500 Hz, waves of every lead: {best:.2} ms");
    let mut spec = synth::SynthSpec::new(synth::SynthRhythm::Sinus, 2);
    spec.duration_s = 3600.0;
    spec.sample_rate_hz = 250.0;
    let ecg = synth::synthesize(&spec);
    let pair: Vec<&[f32]> = ecg.leads.iter().skip(1).step_by(5).take(2).map(|(_, x)| x.as_slice()).collect();
    let start = Instant::now();
    let found = ecg_signal::detect::detect_qrs(&pair, spec.sample_rate_hz).len();
    println!("1 h, 2 leads, 250 Hz, QRS detection: {:.3} s ({found} beats)", start.elapsed().as_secs_f64());
}
