//! The commands over files in a temporary folder.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use clap::Parser;
use ecg_format::wfdb::{RawAnnotation, code, read_annotations, write_annotations};
use ecg_signal::synth::{SynthRhythm, SynthSpec, synthesize};
use ecg_tool::{Command, compare, run};
use std::path::Path;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn tool(arguments: &[&str]) -> Result<String, (u8, String)> {
    let all = ["ecg"].iter().chain(arguments);
    let command = Arguments::try_parse_from(all).map_err(|e| (2, e.to_string()))?.command;
    let mut out = Vec::new();
    run(&command, &mut out).map_err(|e| (e.exit_status(), e.to_string()))?;
    Ok(String::from_utf8(out).unwrap())
}

/// A 12-lead record of ten seconds, and its true beats as annotator `atr`.
fn record(folder: &Path, name: &str, rhythm: SynthRhythm) -> String {
    let ecg = synthesize(&SynthSpec::new(rhythm, 3));
    let mut header = format!("{name} {} {} {}\n", ecg.leads.len(), ecg.sample_rate_hz, ecg.leads[0].1.len());
    let mut samples = Vec::new();
    for (lead, _) in &ecg.leads {
        header.push_str(&format!("{name}.dat 16 1000(0)/mV 16 0 0 0 0 {}\n", lead.label()));
    }
    for n in 0..ecg.leads[0].1.len() {
        for (_, lead) in &ecg.leads {
            samples.extend(format!("{:.0}", lead[n]).parse::<i16>().unwrap().to_le_bytes());
        }
    }
    std::fs::write(folder.join(format!("{name}.hea")), header).unwrap();
    std::fs::write(folder.join(format!("{name}.dat")), samples).unwrap();
    let beats: Vec<RawAnnotation> =
        ecg.truth.beats.iter().map(|b| RawAnnotation::new(i64::try_from(b.r_sample).unwrap(), 1)).collect();
    std::fs::write(folder.join(format!("{name}.atr")), write_annotations(&beats, None)).unwrap();
    folder.join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_record_is_detected_delineated_scored_and_converted() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let sinus = record(folder.path(), "sinus", SynthRhythm::Sinus);

    let said = tool(&["detect", &sinus, "--out", out, "--ann", "qrs"]).unwrap();
    assert!(said.contains("sinus.qrs"), "{said}");
    let said = tool(&["score", "--ref", "atr", "--test", "qrs", "--test-dir", out, "--from-s", "0", &sinus])
        .unwrap();
    assert!(said.lines().nth(1).unwrap().contains("100.00 100.00"), "{said}");

    // The rhythm comes before the first beat; all beats of the sinus rhythm are normal.
    let marks = read_annotations(&std::fs::read(format!("{out}/sinus.qrs")).unwrap()).unwrap().annotations;
    assert_eq!((marks[0].symbol(), marks[0].aux.as_deref()), ("+", Some("(N")));
    assert!(marks[1..].iter().all(|mark| mark.symbol() == "N"));
    let said = tool(&["holter", &sinus, "--json"]).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(summary["beats"], marks.len() - 1);
    assert_eq!(summary["fibrillation_percent"], 0.0);
    assert_eq!(summary["leads"].as_array().unwrap().len(), 12);

    // The beats of an annotation file instead of the signal's own: the true ones.
    let said = tool(&["holter", &sinus, "--ann", "atr", "--json"]).unwrap();
    let edited: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&edited["beats"], &edited["normal"]), (&summary["beats"], &summary["normal"]));
    let (status, reason) = tool(&["holter", &sinus, "--ann", "nobody"]).unwrap_err();
    assert!(status == 1 && reason.contains("sinus.nobody"), "{reason}");

    // One file a lead, named as LUDB does; every wave is an onset, a peak and an end.
    tool(&["delineate", &sinus, "--out", out]).unwrap();
    let waves = read_annotations(&std::fs::read(format!("{out}/sinus.ii")).unwrap()).unwrap().annotations;
    let symbols: Vec<&str> = waves.iter().map(RawAnnotation::symbol).collect();
    assert!(symbols.windows(3).filter(|w| *w == ["(", "p", ")"]).count() >= 8, "{symbols:?}");
    assert!(symbols.windows(3).filter(|w| *w == ["(", "N", ")"]).count() >= 9, "{symbols:?}");
    assert!(Path::new(out).join("sinus.avr").exists());
    // No P wave is invented where there is none.
    let fibrillation = record(folder.path(), "af", SynthRhythm::AtrialFibrillation);
    tool(&["delineate", &fibrillation, "--out", out]).unwrap();
    let waves = read_annotations(&std::fs::read(format!("{out}/af.v1")).unwrap()).unwrap().annotations;
    assert!(waves.iter().all(|w| w.symbol() != "p"));

    // Every output format reads back with the same samples, to half a unit of its resolution.
    let original = ecg_format::read_named(&sinus, &[], |name| std::fs::read(name)).unwrap();
    for (name, format) in [
        ("a.scp", "scp"),
        ("a.xml", "aecg"),
        ("a.dcm", "dicom"),
        ("a.edf", "edf"),
        ("a", "wfdb"),
        ("a.csv", "csv"),
    ] {
        let target = format!("{out}/{name}");
        tool(&["convert", &sinus, &target]).unwrap();
        if format == "csv" {
            assert!(std::fs::read_to_string(&target).unwrap().starts_with("time_s,I,II"));
            continue;
        }
        let back = ecg_format::read_named(&target, &[], |name| std::fs::read(name)).unwrap();
        for lead in &original.leads {
            let other = back.leads.iter().find(|l| l.label == lead.label).unwrap();
            let worst =
                lead.samples_uv.iter().zip(&other.samples_uv).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(
                f64::from(worst) <= 0.5 * other.resolution_uv.max(1.0) + 1e-3,
                "{format} {}: {worst} µV",
                lead.label
            );
        }
    }

    let info: serde_json::Value = serde_json::from_str(&tool(&["info", "--json", &sinus]).unwrap()).unwrap();
    assert_eq!((&info["format"], &info["sample_count"]), (&"wfdb".into(), &5000.into()));
    let analysis: serde_json::Value =
        serde_json::from_str(&tool(&["analyze", "--json", &sinus]).unwrap()).unwrap();
    assert!(analysis["global"]["heart_rate_bpm"].is_number() && analysis["statements"].is_array());
}

#[test]
fn what_cannot_be_read_and_wrong_usage_differ() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.scp");
    std::fs::write(&bad, [0_u8; 40]).unwrap();
    let bad = bad.to_str().unwrap();
    let (status, text) = tool(&["info", bad]).unwrap_err();
    assert!(status == 1 && text.contains("bad.scp"), "{text}");
    assert_eq!(tool(&["info", "/nowhere/at/all"]).unwrap_err().0, 1);
    assert_eq!(tool(&["info"]).unwrap_err().0, 2);
    assert_eq!(tool(&["convert", bad, "x.docx"]).unwrap_err().0, 2);
    assert_eq!(tool(&["detect", bad, "--out", "o", "--ann", "../x"]).unwrap_err().0, 2);
}

/// By hand, at 360 Hz: the window is 54 samples.
#[test]
fn beats_are_paired_as_the_standard_says() {
    let mark = |time: i64, symbol: &str| RawAnnotation::new(time, code(symbol).unwrap());
    let reference = [
        mark(100, "N"),
        mark(400, "N"),
        mark(700, "V"),
        mark(1000, "A"),
        mark(1300, "N"),
        // Flutter: nothing here counts.
        mark(1500, "["),
        mark(1900, "]"),
        mark(2100, "N"),
    ];
    let test = [
        mark(110, "N"),
        // 54 samples away is within the window, 55 is not.
        mark(454, "N"),
        mark(700, "N"),
        mark(1000, "V"),
        mark(1150, "N"),
        mark(1600, "V"),
        mark(2155, "N"),
    ];
    let found = compare(&reference, &test, (0, 3000), 54, 360.0);
    assert_eq!(found.sum("N", "N"), 2);
    assert_eq!((found.sum("V", "N"), found.sum("S", "V")), (1, 1));
    // Missed: 1300, and 2100, whose mark is 55 samples away. Extra: 1150 and 2155, not the one in flutter.
    assert_eq!((found.sum("NSVFQ", "O"), found.sum("O", "NSVFQ")), (2, 2));
    assert_eq!(found.qrs(), [(4, 6), (4, 6)]);
    assert_eq!(found.ventricular(), [(0, 1), (0, 1)]);
}
