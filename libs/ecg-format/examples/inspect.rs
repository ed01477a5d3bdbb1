//! Prints what a recording holds and how long decoding takes: `inspect FILE...`.
#![allow(clippy::print_stdout)] // a command-line tool

use std::time::Instant;

use ecg_format::SourceFile;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let contents = names.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    let files: Vec<SourceFile<'_>> =
        names.iter().zip(&contents).map(|(name, bytes)| SourceFile { name, bytes }).collect();
    let mut took = std::time::Duration::MAX;
    let mut recording = ecg_format::read(&files)?;
    for _ in 0..20 {
        let begun = Instant::now();
        recording = ecg_format::read(&files)?;
        took = took.min(begun.elapsed());
    }
    println!(
        "{}: {} leads, {} Hz, {:.3} s, start {:?}, decoded in {took:?} (best of 20)",
        recording.format.label(),
        recording.leads.len(),
        recording.sample_rate_hz,
        recording.duration_s(),
        recording.start.map(|t| t.to_string()),
    );
    println!("{:?}\n{:?}\n{:?}", recording.patient, recording.device, recording.filters);
    for lead in &recording.leads {
        println!("  {} {} uV, first {:?}", lead.label, lead.resolution_uv, lead.samples_uv.get(..4));
    }
    for m in recording.measurements.iter().take(40) {
        println!("  {:?} {} = {} {} {:?}", m.code, m.name, m.value, m.unit, m.lead);
    }
    println!("{} annotations, statements {:?}", recording.annotations.len(), recording.statements);
    println!("median {:?}", recording.median.as_ref().map(|m| (m.sample_rate_hz, m.leads.len())));
    for warning in &recording.warnings {
        println!("  warning {}: {}", warning.code, warning.detail);
    }
    Ok(())
}
