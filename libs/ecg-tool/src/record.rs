//! Recordings and annotation files from the file system.

use crate::ToolError;
use ecg_format::Recording;
use ecg_format::wfdb::{Header, Parts, RawAnnotation, read_annotations, read_header};
use ecg_signal::{Lead, Sex, Signal, Subject};
use std::fs::File;
use std::path::{Component, Path, PathBuf};

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

/// Seconds of signal that are read at a time.
const PART_S: f64 = 600.0;

/// What a long recording is, besides its samples.
pub struct Long {
    pub sample_rate_hz: f64,
    pub leads: Vec<String>,
    pub samples: usize,
}

/// Reads a recording from its start, part by part where its format allows, and hands over the leads of each part with the
/// sample rate. Then memory holds ten minutes, not the whole.
pub fn each_part(path: &Path, mut take: impl FnMut(&[&[f32]], f64)) -> Result<Long, ToolError> {
    let mut long: Option<Long> = None;
    let mut hand_over = |recording: &Recording| {
        let long = long.get_or_insert_with(|| Long {
            sample_rate_hz: recording.sample_rate_hz,
            leads: recording.leads.iter().map(|lead| lead.label.clone()).collect(),
            samples: 0,
        });
        let count = recording.sample_count();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive number of samples"
        )]
        let step = ((PART_S * recording.sample_rate_hz) as usize).max(1);
        for from in (0..count).step_by(step) {
            let to = count.min(from + step);
            let leads = recording.leads.iter().filter_map(|lead| lead.samples_uv.get(from..to));
            let views: Vec<&[f32]> = leads.collect();
            take(&views, recording.sample_rate_hz);
        }
        long.samples += count;
    };
    match parts(path) {
        Some(mut parts) => {
            let failed = |error| ToolError::Input(format!("{}: {error}", path.display()));
            while let Some(part) = parts.next_part().map_err(failed)? {
                hand_over(&part);
            }
        }
        None => hand_over(&open(path)?),
    }
    long.ok_or_else(|| ToolError::Input(format!("{}: the recording holds no samples", path.display())))
}

/// The file of a WFDB header that is meant by a record name or its own name; `None` for another file.
fn header_path(path: &Path) -> Option<PathBuf> {
    if !path.is_file() {
        let mut name = path.to_owned();
        name.as_mut_os_string().push(".hea");
        return Some(name);
    }
    path.extension().is_some_and(|e| e == "hea").then(|| path.to_owned())
}

/// The header of a WFDB record.
pub fn header(path: &Path) -> Result<Header, ToolError> {
    let failed = |error: String| ToolError::Input(format!("{}: {error}", path.display()));
    let file = header_path(path).ok_or_else(|| failed("annotations belong to WFDB records".to_owned()))?;
    read_header(&load(&file).map_err(|e| failed(e.to_string()))?).map_err(|e| failed(e.to_string()))
}

/// The parts of a WFDB record, if it can be read so; errors are left to the reading of the whole.
fn parts(path: &Path) -> Option<Parts<File>> {
    let header_path = header_path(path)?;
    let header = read_header(&load(&header_path).ok()?).ok()?;
    let name = PathBuf::from(&header.signals.first()?.file);
    let mut components = name.components();
    let (Some(Component::Normal(_)), None) = (components.next(), components.next()) else { return None };
    let file = File::open(header_path.with_file_name(&name)).ok()?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number of frames")]
    let frames = (PART_S * header.frame_rate_hz).clamp(2.0, 1e8) as usize;
    Parts::new(header, file, frames)
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
