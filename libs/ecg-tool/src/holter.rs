//! `holter`: the summary of a long recording.

use crate::{ToolError, record};
use ecg_signal::holter::{HolterStream, HolterSummary};
use serde_json::json;
use std::io::Write;
use std::path::Path;

pub fn holter(path: &Path, as_json: bool, out: &mut impl Write) -> Result<(), ToolError> {
    let mut stream: Option<HolterStream> = None;
    let long = record::each_part(path, |leads, fs| {
        stream.get_or_insert_with(|| HolterStream::new(leads.len(), fs)).push(leads);
    })?;
    let summary = stream.unwrap_or_else(|| HolterStream::new(0, long.sample_rate_hz)).finish();
    if !as_json {
        return print(path, &summary, out);
    }
    let mut document = serde_json::to_value(&summary).map_err(|e| ToolError::Output(e.to_string()))?;
    if let Some(document) = document.as_object_mut() {
        document.insert("file".to_owned(), json!(path.display().to_string()));
        document.insert("sample_rate_hz".to_owned(), json!(long.sample_rate_hz));
        document.insert("leads".to_owned(), json!(long.leads));
    }
    writeln!(out, "{document}")?;
    Ok(())
}

fn print(path: &Path, s: &HolterSummary, out: &mut impl Write) -> Result<(), ToolError> {
    let rate = |bpm: Option<f64>| bpm.map_or("-".to_owned(), |bpm| format!("{bpm:.0}"));
    let value = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{v:.1}"));
    let (sv, v, hrv) = (&s.supraventricular, &s.ventricular, &s.variability);
    writeln!(out, "{}: {:.2} h, {} beats", path.display(), s.duration_s / 3600.0, s.beats)?;
    let h = &s.heart_rate;
    writeln!(out, "  heart rate {} ({} to {})", rate(h.mean_bpm), rate(h.min_bpm), rate(h.max_bpm))?;
    for (name, e) in [("supraventricular", sv), ("ventricular", v)] {
        writeln!(
            out,
            "  {name} {}: {} single, {} couplets, {} runs, longest {}",
            e.beats, e.single, e.couplets, e.runs, e.longest_run_beats
        )?;
    }
    writeln!(out, "  bigeminy {}, trigeminy {}", s.bigeminy_episodes, s.trigeminy_episodes)?;
    writeln!(out, "  pauses {}, longest RR {} ms", s.pauses.len(), value(s.longest_rr_ms))?;
    writeln!(out, "  fibrillation {:.1} % in {} episodes", s.fibrillation_percent, s.fibrillation_episodes)?;
    writeln!(
        out,
        "  SDNN {} ms, RMSSD {} ms, pNN50 {} %",
        value(hrv.sdnn_ms),
        value(hrv.rmssd_ms),
        value(hrv.pnn50_percent)
    )?;
    writeln!(out, "  An aid only: a physician confirms the report.")?;
    Ok(())
}
