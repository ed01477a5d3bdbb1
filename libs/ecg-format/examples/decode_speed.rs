//! How long decoding takes, file by file: `cargo run --release -p ecg-format --example decode_speed [RECORD...]`.
//! Without names the resting ECGs and strips of `../shared/data/ecg` (or under `TIANMU_SHARED`) are taken.
#![allow(clippy::print_stdout)] // a command-line tool

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ecg_format::SourceFile;

const ROUNDS: usize = 40;
const RECORDS: [&str; 18] = [
    "formats/scp/Example.scp",
    "formats/dicom/Example.dcm",
    "formats/dicom/anonymous_ecg.dcm",
    "formats/aecg/subject1_0.xml",
    "formats/aecg/hl7-schema-example.xml",
    "formats/muse/example1.xml",
    "formats/muse/example2.xml",
    "formats/philips/129DYPRG.XML",
    "formats/philips/ad4d3d80-d165_1-04_orig.xml",
    "formats/edf/test_generator_2.edf",
    "formats/mfer/test-file.MWF",
    "formats/contec/0000050.ECG",
    "formats/wfdb/s0010_re",
    "formats/wfdb/a103l",
    "formats/wfdb/flacformats",
    "ludb/data/1",
    "cinc/JS20000",
    "mitdb/101",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shared = std::env::var_os("TIANMU_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let given: Vec<String> = std::env::args().skip(1).collect();
    let names: Vec<String> =
        if given.is_empty() { RECORDS.iter().map(|&r| r.to_owned()).collect() } else { given.clone() };
    let root = if given.is_empty() { shared.join("data/ecg") } else { PathBuf::new() };
    println!(
        "{:44} {:12} {:>9} {:>10} {:>10} {:>10}",
        "record", "format", "samples", "fastest", "median", "slowest"
    );
    for name in names {
        let files = ecg_format::collect(&name, &["atr"], |file| std::fs::read(root.join(file)))?;
        let sources: Vec<SourceFile<'_>> =
            files.iter().map(|f| SourceFile { name: &f.name, bytes: &f.bytes }).collect();
        let mut times: Vec<Duration> = Vec::with_capacity(ROUNDS);
        let mut recording = ecg_format::read(&sources)?;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            recording = ecg_format::read(&sources)?;
            times.push(begun.elapsed());
        }
        times.sort();
        let at = |index: usize| times.get(index).map_or(0.0, |t| t.as_secs_f64() * 1e3);
        println!(
            "{name:44} {:12} {:>9} {:>7.2} ms {:>7.2} ms {:>7.2} ms",
            recording.format.label(),
            recording.leads.len() * recording.sample_count(),
            at(0),
            at(ROUNDS / 2),
            at(ROUNDS - 1)
        );
    }
    Ok(())
}
