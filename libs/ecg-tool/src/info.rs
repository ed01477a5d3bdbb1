//! `info`: what a file holds.

use crate::{ToolError, record};
use ecg_format::Recording;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

pub fn info(path: &Path, as_json: bool, out: &mut impl Write) -> Result<(), ToolError> {
    let recording = record::open(path)?;
    if as_json {
        writeln!(out, "{}", document(path, &recording))?;
        return Ok(());
    }
    let r = &recording;
    writeln!(out, "{}: {}", path.display(), r.format.label())?;
    let start = r.start.as_ref().map_or_else(|| "not stated".to_owned(), ToString::to_string);
    writeln!(
        out,
        "  {} leads, {} Hz, {} samples, {:.3} s, start {start}",
        r.leads.len(),
        r.sample_rate_hz,
        r.sample_count(),
        r.duration_s()
    )?;
    for lead in &r.leads {
        let (low, high) = range(&lead.samples_uv);
        writeln!(
            out,
            "  {:<8} {:>9.1} to {:.1} µV, {} µV a unit",
            lead.label, low, high, lead.resolution_uv
        )?;
    }
    let p = &r.patient;
    let said = |name: &str, value: Option<String>| value.map(|v| format!("{name} {v}"));
    let parts = [
        said("id", p.id.clone()),
        said("name", p.name.clone()),
        said("born", p.birth_date.map(|d| d.to_string())),
        said("age", p.age_years.map(|a| format!("{a}"))),
        said("sex", p.sex.map(sex)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if !parts.is_empty() {
        writeln!(out, "  patient  {}", parts.join(", "))?;
    }
    for m in &r.measurements {
        let lead = m.lead.as_ref().map(|l| format!(" {l}")).unwrap_or_default();
        writeln!(out, "  measured {}{lead} = {} {}", m.name, m.value, m.unit)?;
    }
    for statement in &r.statements {
        writeln!(out, "  says     {statement}")?;
    }
    writeln!(out, "  {} annotations", r.annotations.len())?;
    for warning in &r.warnings {
        writeln!(out, "  warning  {}: {}", warning.code, warning.detail)?;
    }
    Ok(())
}

fn range(samples: &[f32]) -> (f32, f32) {
    samples
        .iter()
        .filter(|v| v.is_finite())
        .fold((f32::NAN, f32::NAN), |(low, high), v| (low.min(*v), high.max(*v)))
}

fn sex(sex: ecg_format::Sex) -> String {
    match sex {
        ecg_format::Sex::Male => "male",
        ecg_format::Sex::Female => "female",
        ecg_format::Sex::Other => "other",
    }
    .to_owned()
}

fn document(path: &Path, r: &Recording) -> Value {
    let p = &r.patient;
    let d = &r.device;
    let f = &r.filters;
    json!({
        "file": path.display().to_string(),
        "format": r.format.as_str(),
        "sample_rate_hz": r.sample_rate_hz,
        "sample_count": r.sample_count(),
        "duration_s": r.duration_s(),
        "start": r.start.as_ref().map(ToString::to_string),
        "leads": r.leads.iter().map(|lead| {
            let (low, high) = range(&lead.samples_uv);
            let missing = lead.samples_uv.iter().filter(|v| !v.is_finite()).count();
            json!({"label": lead.label, "resolution_uv": lead.resolution_uv, "lowest_uv": low, "highest_uv": high, "missing": missing})
        }).collect::<Vec<_>>(),
        "patient": {"id": p.id, "name": p.name, "birth_date": p.birth_date.map(|d| d.to_string()), "age_years": p.age_years,
            "sex": p.sex.map(sex), "height_cm": p.height_cm, "weight_kg": p.weight_kg},
        "device": {"manufacturer": d.manufacturer, "model": d.model, "serial": d.serial, "software": d.software, "institution": d.institution},
        "filters": {"high_pass_hz": f.high_pass_hz, "low_pass_hz": f.low_pass_hz, "notch_hz": f.notch_hz, "other": f.other},
        "annotation_count": r.annotations.len(),
        "measurements": r.measurements.iter().map(|m| {
            json!({"code": m.code, "name": m.name, "value": m.value, "unit": m.unit, "lead": m.lead})
        }).collect::<Vec<_>>(),
        "statements": r.statements,
        "has_median": r.median.is_some(),
        "warnings": r.warnings.iter().map(|w| json!({"code": w.code, "detail": w.detail})).collect::<Vec<_>>(),
    })
}
