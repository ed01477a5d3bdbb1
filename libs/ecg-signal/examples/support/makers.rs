//! Files that carry their maker's own measurements.

use std::{fs, path::Path};

use ecg_format::SourceFile;
use ecg_signal::{Criteria, Lead, Signal, Subject, analyze_resting};

pub fn report(root: &Path) {
    println!("\n## Against the makers' own measurements (ours / maker)");
    println!("| file | HR | PR | QRS | QT | P axis | QRS axis | T axis | statements |");
    let criteria = Criteria::builtin();
    for name in [
        "dicom/anonymous_ecg.dcm",
        "dicom/Example.dcm",
        "aecg/hl7-schema-example.xml",
        "aecg/subject1_0.xml",
        "muse/example1.xml",
        "muse/example2.xml",
        "scp/Example.scp",
        "philips/129DYPRG.XML",
        "philips/ad4d3d80-d165_1-04_orig.xml",
    ] {
        let Ok(bytes) = fs::read(root.join("formats").join(name)) else { continue };
        let recording = match ecg_format::read(&[SourceFile { name, bytes: &bytes }]) {
            Ok(recording) => recording,
            Err(error) => {
                println!("| {name} | not read: {error} |");
                continue;
            }
        };
        let leads = recording
            .leads
            .iter()
            .filter_map(|l| Lead::from_label(&l.label).map(|lead| (lead, l.samples_uv.as_slice())))
            .collect();
        let signal = Signal { sample_rate_hz: recording.sample_rate_hz, leads };
        let a = match analyze_resting(&signal, &Subject::default(), &criteria) {
            Ok(a) => a,
            Err(error) => {
                println!("| {name} | not analysed: {error} |");
                continue;
            }
        };
        let g = &a.global;
        let pair = |ours: Option<f64>, code: &str| {
            let maker = recording.measurement(code).map_or("-".to_owned(), |m| format!("{:.0}", m.value));
            format!("{} / {maker}", ours.map_or("-".to_owned(), |v| format!("{v:.0}")))
        };
        let rate = match recording.measurement("rr_interval") {
            Some(rr) if recording.measurement("ventricular_rate").is_none() => {
                format!("{:.0} / {:.0}", g.heart_rate_bpm.unwrap_or(0.0), 60_000.0 / rr.value)
            }
            _ => pair(g.heart_rate_bpm, "ventricular_rate"),
        };
        let codes: Vec<&str> = a.statements.iter().map(|s| s.code).collect();
        println!(
            "| {name} | {rate} | {} | {} | {} | {} | {} | {} | {} |",
            pair(g.pr_ms, "pr_interval"),
            pair(g.qrs_ms, "qrs_duration"),
            pair(g.qt_ms, "qt_interval"),
            pair(g.p_axis_deg, "p_axis"),
            pair(g.qrs_axis_deg, "qrs_axis"),
            pair(g.t_axis_deg, "t_axis"),
            codes.join(" ")
        );
    }
}
