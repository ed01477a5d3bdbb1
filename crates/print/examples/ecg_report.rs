//! Prints the ECG report from a recording and says how long one takes.
//!
//! `cargo run --release -p print --example ecg_report -- OUT.pdf [RECORD.hea] [--layout 3x4|6x2|12x1] [--cabrera]
//! [--mark draft|unreviewed|withdrawn]
//! [--data FILE.json]` (top-level keys of the file replace those of the sample)
//!
//! Without a record the synthetic sample is drawn. `--samples FOLDER` writes the sample images of the paper.

#![allow(clippy::print_stdout)] // a command-line example speaks to its user
#![allow(clippy::indexing_slicing)] // of JSON, which adds the missing key

#[path = "../tests/support/mod.rs"]
#[allow(dead_code)] // shared with the tests, which use the rest
mod support;

use std::error::Error;
use std::time::Instant;

use print::{Fonts, PaperSet, Printer, qr_svg};
use support::sheet::{SheetLayout, SheetSpec, ecg_sheet_svg};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut out, mut record, mut layout, mut cabrera, mut samples, mut mark, mut patch) =
        (None, None, SheetLayout::ThreeByFour, false, None, None, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--cabrera" => cabrera = true,
            "--mark" => mark = arguments.next(),
            "--data" => patch = arguments.next(),
            "--samples" => samples = arguments.next(),
            "--layout" => {
                layout = match arguments.next().as_deref() {
                    Some("6x2") => SheetLayout::SixByTwo,
                    Some("12x1") => SheetLayout::TwelveByOne,
                    _ => SheetLayout::ThreeByFour,
                }
            }
            _ if out.is_none() => out = Some(argument),
            _ => record = Some(argument),
        }
    }

    let recording = match record {
        Some(path) => support::read_wfdb16(path.as_ref())?,
        None => support::synthetic(),
    };
    let spec = SheetSpec { cabrera, ..SheetSpec::new(layout) };
    let leads = recording.leads();
    let chart = ecg_sheet_svg(&spec, &leads, recording.sample_rate_hz);
    let qr = qr_svg("https://ecg.example.org/v/7K3F92QMXD4T")?;
    if let Some(folder) = samples {
        std::fs::write(format!("{folder}/sample-chart.svg"), &chart)?;
        std::fs::write(format!("{folder}/sample-qr.svg"), &qr)?;
        return Ok(());
    }

    let started = Instant::now();
    let printer = Printer::new(PaperSet::embedded()?, Fonts::embedded()?)?;
    println!("ready in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);

    let paper = printer.papers().get("ecg-report").ok_or("no ecg-report")?;
    let mut data = paper.sample().clone();
    let (width_mm, height_mm) = spec.size_mm();
    data["chart"]["width_mm"] = width_mm.into();
    data["chart"]["height_mm"] = height_mm.into();
    data["mark"] = mark.into();
    if let Some(patch) = patch {
        let patch: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&std::fs::read_to_string(patch)?)?;
        for (key, value) in patch {
            data[key] = value;
        }
    }
    println!("chart {} kB of SVG", chart.len() / 1000);
    let name = data["patient"]["name"].as_str().unwrap_or_default().to_owned();
    for run in 0..8 {
        data["document"]["id"] = format!("run-{run}").into();
        data["patient"]["name"] = format!("{name}{run}").into();
        let started = Instant::now();
        let chart = ecg_sheet_svg(&spec, &leads, recording.sample_rate_hz);
        let drawn = started.elapsed();
        let images: [(&str, &[u8]); 2] = [("chart.svg", chart.as_bytes()), ("qr.svg", &qr)];
        let pdf = printer.pdf("ecg-report", &data, &images)?;
        println!(
            "report {run}: {:.1} ms, of which the sheet {:.1} ms; {} kB, {} pages",
            started.elapsed().as_secs_f64() * 1e3,
            drawn.as_secs_f64() * 1e3,
            pdf.bytes.len() / 1000,
            pdf.pages
        );
        if run == 0
            && let Some(out) = &out
        {
            std::fs::write(out, &pdf.bytes)?;
        }
    }
    Ok(())
}
