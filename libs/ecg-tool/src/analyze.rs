//! `analyze`: measurements, median beats and statements of a resting ECG.

use crate::{ToolError, record};
use ecg_signal::{Criteria, RestingAnalysis, analyze_resting};
use serde_json::json;
use std::io::Write;
use std::path::Path;

pub fn analyze(path: &Path, as_json: bool, out: &mut impl Write) -> Result<(), ToolError> {
    let mut recording = record::open(path)?;
    recording.derive_missing_limb_leads();
    let analysis =
        analyze_resting(&record::signal(&recording), &record::subject(&recording), &Criteria::builtin())
            .map_err(|e| ToolError::Input(format!("{}: {e}", path.display())))?;
    if as_json {
        let mut document = serde_json::to_value(&analysis).map_err(|e| ToolError::Output(e.to_string()))?;
        if let Some(document) = document.as_object_mut() {
            document.insert("file".to_owned(), json!(path.display().to_string()));
            document.insert("sample_rate_hz".to_owned(), json!(recording.sample_rate_hz));
        }
        writeln!(out, "{document}")?;
        return Ok(());
    }
    print(path, &analysis, out)
}

fn print(path: &Path, analysis: &RestingAnalysis, out: &mut impl Write) -> Result<(), ToolError> {
    let g = &analysis.global;
    writeln!(out, "{}: {}, {} beats", path.display(), analysis.algorithm, analysis.beats.len())?;
    let values = [
        ("heart rate", g.heart_rate_bpm, "bpm"),
        ("P", g.p_duration_ms, "ms"),
        ("PR", g.pr_ms, "ms"),
        ("QRS", g.qrs_ms, "ms"),
        ("QT", g.qt_ms, "ms"),
        ("QTc Bazett", g.qtc_bazett_ms, "ms"),
        ("QTc Fridericia", g.qtc_fridericia_ms, "ms"),
        ("P axis", g.p_axis_deg, "deg"),
        ("QRS axis", g.qrs_axis_deg, "deg"),
        ("T axis", g.t_axis_deg, "deg"),
    ];
    for (name, value, unit) in values {
        match value {
            Some(value) => writeln!(out, "  {name:<15} {value:>6.0} {unit}")?,
            None => writeln!(out, "  {name:<15}      - {unit}")?,
        }
    }
    for s in &analysis.statements {
        writeln!(out, "  {} / {} [{}]", s.text_zh, s.text_en, s.code)?;
    }
    writeln!(out, "  An aid only: a physician confirms the interpretation.")?;
    Ok(())
}
