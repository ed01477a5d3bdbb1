//! `bench`: the speed figures of docs/performance.md, on synthetic recordings so that they can be had anywhere.

use crate::ToolError;
use ecg_format::write::{self, SignalFormat};
use ecg_format::{DeviceAsWritten, FiltersAsWritten, Format, Lead, PatientAsWritten, Recording, SourceFile};
use ecg_signal::detect::detect_qrs;
use ecg_signal::holter::analyze_holter;
use ecg_signal::synth::{SynthRhythm, SynthSpec, synthesize};
use ecg_signal::{Criteria, Signal, Subject, analyze_resting};
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

/// The fastest of several runs: what the work costs when nothing else runs.
fn fastest(runs: usize, mut work: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..runs {
        let begun = Instant::now();
        work();
        best = best.min(begun.elapsed());
    }
    best
}

pub fn bench(out: &mut impl Write) -> Result<(), ToolError> {
    let ecg = synthesize(&SynthSpec::new(SynthRhythm::Sinus, 1));
    let leads = ecg.leads.iter().map(|(lead, samples)| Lead {
        label: lead.label().to_owned(),
        samples_uv: samples.iter().map(|v| v.round()).collect(),
        resolution_uv: 1.0,
    });
    let recording = Recording {
        format: Format::Wfdb,
        sample_rate_hz: ecg.sample_rate_hz,
        start: None,
        leads: leads.collect(),
        patient: PatientAsWritten::default(),
        device: DeviceAsWritten::default(),
        filters: FiltersAsWritten::default(),
        annotations: Vec::new(),
        measurements: Vec::new(),
        statements: Vec::new(),
        median: None,
        warnings: Vec::new(),
    };
    let ms = |d: Duration| d.as_secs_f64() * 1000.0;
    let refused = |e: write::WriteError| ToolError::Output(e.to_string());
    let files = write::wfdb(&recording, "rec", SignalFormat::Format16).map_err(refused)?;
    let scp = write::scp(&recording).map_err(refused)?;
    let wfdb: Vec<SourceFile<'_>> =
        files.iter().map(|f| SourceFile { name: &f.name, bytes: &f.bytes }).collect();
    let scp = [SourceFile { name: "rec.scp", bytes: &scp }];
    for (name, sources) in [("WFDB", wfdb.as_slice()), ("SCP-ECG", scp.as_slice())] {
        let took = fastest(50, || drop(black_box(ecg_format::read(sources))));
        writeln!(out, "decode 12 leads of 10 s, {name}: {:.2} ms", ms(took))?;
    }
    let criteria = Criteria::builtin();
    let signal = Signal {
        sample_rate_hz: ecg.sample_rate_hz,
        leads: ecg.leads.iter().map(|(lead, samples)| (*lead, samples.as_slice())).collect(),
    };
    let subject = Subject { age_years: Some(60.0), sex: None };
    let took = fastest(50, || drop(black_box(analyze_resting(&signal, &subject, &criteria))));
    writeln!(out, "analyse 12 leads of 10 s at {} Hz: {:.2} ms", ecg.sample_rate_hz, ms(took))?;
    // A day of two leads: the ten seconds over and over, which the detector cannot know.
    let day = 24 * 360;
    let long: Vec<Vec<f32>> = ecg
        .leads
        .iter()
        .take(2)
        .map(|(_, samples)| samples.iter().step_by(2).copied().collect::<Vec<f32>>().repeat(day))
        .collect();
    let views: Vec<&[f32]> = long.iter().map(Vec::as_slice).collect();
    let took = fastest(1, || drop(black_box(detect_qrs(&views, ecg.sample_rate_hz / 2.0))));
    let all = fastest(1, || drop(black_box(analyze_holter(&views, ecg.sample_rate_hz / 2.0))));
    writeln!(
        out,
        "detect, classify and summarize 24 h of two leads at {} Hz: {:.2} s",
        ecg.sample_rate_hz / 2.0,
        all.as_secs_f64()
    )?;
    writeln!(
        out,
        "detect QRS in 24 h of two leads at {} Hz: {:.2} s",
        ecg.sample_rate_hz / 2.0,
        took.as_secs_f64()
    )?;
    Ok(())
}
