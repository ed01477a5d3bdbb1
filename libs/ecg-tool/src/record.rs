//! Recordings and annotation files from the file system.

use crate::ToolError;
use ecg_format::Recording;
use ecg_format::wfdb::{RawAnnotation, read_annotations};
use ecg_signal::{Lead, Sex, Signal, Subject};
use std::path::{Path, PathBuf};

/// Largest file that is read: a day of twelve leads at 1000 Hz has 2 GB.
const MOST_BYTES: u64 = 4 << 30;

fn load(path: &Path) -> std::io::Result<Vec<u8>> {
    if std::fs::metadata(path)?.len() > MOST_BYTES {
        return Err(std::io::Error::other("larger than 4 GiB"));
    }
    std::fs::read(path)
}

/// Reads a recording: a file, or a WFDB record by its name.
pub fn open(path: &Path) -> Result<Recording, ToolError> {
    let name = path.to_string_lossy();
    ecg_format::read_named(&name, &[], |name| load(Path::new(name)))
        .map_err(|error| ToolError::Input(format!("{}: {error}", path.display())))
}

/// The name of a record without folder: `100` of `mitdb/100` or `mitdb/100.hea`.
pub fn record_name(path: &Path) -> Result<String, ToolError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.strip_suffix(".hea").unwrap_or(&name).to_owned();
    if name.is_empty() {
        return Err(ToolError::Usage(format!("{} names no record", path.display())));
    }
    Ok(name)
}

/// A file beside a record, or in another folder: `FOLDER/NAME.EXTENSION`.
pub fn beside(record: &Path, folder: Option<&Path>, extension: &str) -> Result<PathBuf, ToolError> {
    let folder = folder.or_else(|| record.parent()).unwrap_or(Path::new("."));
    Ok(folder.join(format!("{}.{extension}", record_name(record)?)))
}

/// Reads an annotation file; its times are turned into samples of the record where the file counts otherwise.
pub fn annotations(path: &Path, sample_rate_hz: f64) -> Result<Vec<RawAnnotation>, ToolError> {
    let bytes = load(path).map_err(|e| ToolError::Input(format!("{}: {e}", path.display())))?;
    let mut file =
        read_annotations(&bytes).map_err(|e| ToolError::Input(format!("{}: {e}", path.display())))?;
    if let Some(ticks) = file.ticks_per_second.filter(|ticks| (ticks - sample_rate_hz).abs() > 1e-9) {
        for annotation in &mut file.annotations {
            let ticks_at: f64 = annotation.time.to_string().parse().unwrap_or(0.0);
            annotation.time =
                format!("{:.0}", ticks_at * sample_rate_hz / ticks).parse().unwrap_or(annotation.time);
        }
    }
    Ok(file.annotations)
}

/// Writes a file in one step, making its folder.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), ToolError> {
    let failed = |e: std::io::Error| ToolError::Output(format!("{}: {e}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let unfinished = path.with_extension("unfinished");
    std::fs::write(&unfinished, bytes).map_err(failed)?;
    std::fs::rename(&unfinished, path).map_err(failed)
}

/// The standard leads of a recording, each once.
pub fn standard_leads(recording: &Recording) -> Vec<(Lead, &[f32])> {
    let mut leads: Vec<(Lead, &[f32])> = Vec::new();
    for lead in &recording.leads {
        if let Some(name) = Lead::from_label(&lead.label)
            && !leads.iter().any(|(l, _)| *l == name)
        {
            leads.push((name, &lead.samples_uv));
        }
    }
    leads
}

/// The recording as the analysis takes it.
pub fn signal(recording: &Recording) -> Signal<'_> {
    Signal { sample_rate_hz: recording.sample_rate_hz, leads: standard_leads(recording) }
}

/// Age and sex as the file has them.
pub fn subject(recording: &Recording) -> Subject {
    let sex = match recording.patient.sex {
        Some(ecg_format::Sex::Male) => Some(Sex::Male),
        Some(ecg_format::Sex::Female) => Some(Sex::Female),
        _ => None,
    };
    Subject { age_years: recording.patient.age_years, sex }
}
