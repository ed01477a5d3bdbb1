//! `detect` and `delineate`: annotation files that WFDB programs read.

use crate::{ToolError, record};
use ecg_format::wfdb::{RawAnnotation, code, write_annotations};
use ecg_signal::episodes::rhythm_episodes;
use ecg_signal::stream::LiveBeats;
use ecg_signal::{Criteria, Wave, delineate_leads};
use std::io::Write;
use std::path::{Path, PathBuf};

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
        let (list, count) = beats(path)?;
        let file = record::beside(path, Some(folder), annotator)?;
        record::write(&file, &write_annotations(&list, None))?;
        writeln!(out, "{}: {count} beats", file.display())?;
    }
    Ok(())
}

/// The beats with their classes (N, S or V) and the changes of rhythm, one sample before the beat that begins
/// them; and the number of beats.
fn beats(path: &Path) -> Result<(Vec<RawAnnotation>, usize), ToolError> {
    let mut stream: Option<LiveBeats> = None;
    let mut beats = Vec::new();
    let long = record::each_part(path, |leads, fs| {
        beats.extend(stream.get_or_insert_with(|| LiveBeats::new(leads.len(), fs)).push(leads));
    })?;
    beats.extend(stream.into_iter().flat_map(LiveBeats::finish));
    let change = mark("+")?;
    let mut list = Vec::with_capacity(beats.len() + 16);
    let mut episodes = rhythm_episodes(&beats, long.sample_rate_hz, long.samples).into_iter().peekable();
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
