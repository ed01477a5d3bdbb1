//! `detect` and `delineate`: annotation files that WFDB programs read.

use crate::{ToolError, record};
use ecg_format::Recording;
use ecg_format::wfdb::{RawAnnotation, code, write_annotations};
use ecg_signal::beats::classify_beats;
use ecg_signal::detect::detect_qrs;
use ecg_signal::episodes::rhythm_episodes;
use ecg_signal::{Criteria, Wave, delineate_leads};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Leads beyond these bring nothing to a Holter recording and cost time.
const MOST_LEADS: usize = 8;

pub fn detect(
    records: &[PathBuf],
    folder: &Path,
    annotator: &str,
    out: &mut impl Write,
) -> Result<(), ToolError> {
    if annotator.is_empty() || !annotator.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    {
        return Err(ToolError::Usage(format!("{annotator:?} is no name of an annotator")));
    }
    for path in records {
        let recording = record::open(path)?;
        let (list, count) = beats(&recording)?;
        let file = record::beside(path, Some(folder), annotator)?;
        record::write(&file, &write_annotations(&list, None))?;
        writeln!(out, "{}: {count} beats", file.display())?;
    }
    Ok(())
}

/// The leads that detection looks at.
pub fn leads(recording: &Recording) -> Vec<&[f32]> {
    recording.leads.iter().take(MOST_LEADS).map(|lead| lead.samples_uv.as_slice()).collect()
}

/// The beats with their classes (N, S or V) and the changes of rhythm, one sample before the beat that begins
/// them; and the number of beats.
fn beats(recording: &Recording) -> Result<(Vec<RawAnnotation>, usize), ToolError> {
    let leads = leads(recording);
    let fs = recording.sample_rate_hz;
    let beats = classify_beats(&leads, fs, &detect_qrs(&leads, fs));
    let change = mark("+")?;
    let mut list = Vec::with_capacity(beats.len() + 16);
    let mut episodes = rhythm_episodes(&beats, fs, recording.sample_count()).into_iter().peekable();
    for beat in &beats {
        if let Some(episode) = episodes.next_if(|e| e.from <= beat.sample) {
            list.push(RawAnnotation {
                aux: Some(episode.rhythm.aux().to_owned()),
                ..RawAnnotation::new(time(beat.sample.saturating_sub(1)), change)
            });
        }
        list.push(RawAnnotation::new(time(beat.sample), mark(beat.class.symbol())?));
    }
    Ok((list, beats.len()))
}

pub fn delineate(records: &[PathBuf], folder: &Path, out: &mut impl Write) -> Result<(), ToolError> {
    let (open, close) = (mark("(")?, mark(")")?);
    let waves = [mark("p")?, mark("N")?, mark("t")?];
    for path in records {
        let recording = record::open(path)?;
        let found = delineate_leads(&record::signal(&recording), &Criteria::builtin())
            .map_err(|e| ToolError::Input(format!("{}: {e}", path.display())))?;
        for lead in found {
            let mut list: Vec<RawAnnotation> = Vec::new();
            for beat in &lead.beats {
                for (wave, code) in [beat.p, Some(beat.qrs), beat.t].into_iter().zip(waves) {
                    if let Some(Wave { on, peak, off }) = wave {
                        list.push(RawAnnotation::new(time(on), open));
                        list.push(RawAnnotation::new(time(peak), code));
                        list.push(RawAnnotation::new(time(off), close));
                    }
                }
            }
            let file = record::beside(path, Some(folder), &lead.lead.label().to_lowercase())?;
            record::write(&file, &write_annotations(&list, None))?;
            writeln!(out, "{}: {} beats", file.display(), lead.beats.len())?;
        }
    }
    Ok(())
}

fn time(sample: usize) -> i64 {
    i64::try_from(sample).unwrap_or(i64::MAX)
}

fn mark(symbol: &str) -> Result<u8, ToolError> {
    code(symbol).ok_or_else(|| ToolError::Output(format!("WFDB has no code for {symbol:?}")))
}
