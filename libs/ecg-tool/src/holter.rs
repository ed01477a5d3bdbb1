//! `holter`: the summary of a long recording.

use crate::ToolError;
use crate::record::{self, Long};
use crate::score::{Class, class};
use ecg_signal::beats::{BeatClass, ClassifiedBeat};
use ecg_signal::episodes::{Episode, EpisodeRhythm};
use ecg_signal::holter::{HolterStream, HolterSummary, summarize, summarize_rhythms};
use serde_json::json;
use std::io::Write;
use std::path::Path;

pub fn holter(
    path: &Path,
    annotator: Option<&str>,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), ToolError> {
    let (summary, long) = match annotator {
        Some(annotator) => from_annotations(path, annotator)?,
        None => from_signal(path)?,
    };
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

fn from_signal(path: &Path) -> Result<(HolterSummary, Long), ToolError> {
    let mut stream: Option<HolterStream> = None;
    let long = record::each_part(path, |leads, fs| {
        stream.get_or_insert_with(|| HolterStream::new(leads.len(), fs)).push(leads);
    })?;
    let summary = stream.unwrap_or_else(|| HolterStream::new(0, long.sample_rate_hz)).finish();
    Ok((summary, long))
}

/// Fusion beats count as ventricular; paced, unclassifiable and escape beats, which are not early, as normal. Fibrillation is where the file marks it: beats alone, without
/// their P waves, would take any restless rhythm for it.
fn from_annotations(path: &Path, annotator: &str) -> Result<(HolterSummary, Long), ToolError> {
    let header = record::header(path)?;
    let fs = header.frame_rate_hz;
    let marks = record::annotations(&record::beside(path, None, annotator)?, fs)?;
    let mut beats = Vec::new();
    // Where each rhythm begins.
    let mut changes: Vec<(usize, EpisodeRhythm)> = Vec::new();
    for mark in &marks {
        let Ok(sample) = usize::try_from(mark.time) else { continue };
        if let Some(class) = class(mark.code) {
            let class = match class {
                Class::V | Class::F => BeatClass::Ventricular,
                Class::S if !matches!(mark.symbol(), "j" | "e" | "n") => BeatClass::Supraventricular,
                _ => BeatClass::Normal,
            };
            beats.push(ClassifiedBeat { sample, class, confidence: 1.0, p_likeness: 1.0 });
        } else if let Some(rhythm) = mark.aux.as_deref().and_then(EpisodeRhythm::from_aux) {
            changes.push((sample, rhythm));
        }
    }
    let length = header.frames.or_else(|| beats.last().map(|b| b.sample + 1)).unwrap_or(0);
    let long = Long { sample_rate_hz: fs, leads: Vec::new(), samples: length };
    if changes.is_empty() {
        return Ok((summarize(&beats, fs, length), long));
    }
    let ends = changes.iter().skip(1).map(|c| c.0).chain([length]);
    let episodes = changes.iter().zip(ends).map(|((from, rhythm), to)| Episode {
        rhythm: *rhythm,
        from: *from,
        to,
        beats: beats.partition_point(|b| b.sample < to) - beats.partition_point(|b| b.sample < *from),
    });
    Ok((summarize_rhythms(&beats, episodes.collect(), fs, length), long))
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
    let turbulence = &s.turbulence;
    writeln!(
        out,
        "  turbulence onset {} %, slope {} ms, over {} ventricular beats",
        value(turbulence.onset_percent),
        value(turbulence.slope_ms),
        turbulence.beats
    )?;
    writeln!(out, "  An aid only: a physician confirms the report.")?;
    Ok(())
}
