//! Reads electrocardiogram files into one [`Recording`] model: WFDB, SCP-ECG, HL7 aECG, DICOM waveforms,
//! GE MUSE and CardioSoft XML and others, listed in [`Format`].
//!
//! Invariants
//! - Input is byte slices; there is no file access, no network, no clock and no panic on any input.
//! - The format is recognised by content, never by the file name. Names matter only in WFDB, whose
//!   header refers to its signal files by name.
//! - Samples are physical microvolts; a missing sample is NaN. All leads of a recording have equal length.
//! - Texts and times are given as written. Times carry no zone because most formats have none.
//! - Everything that was recovered from, corrected or left out is listed in [`Recording::warnings`].
//! - Work and memory are bounded: a decoder never holds more samples than
//!   [`limits::max_samples`] allows for the bytes it was given (64 samples for each input byte, but at
//!   least 32 Mi samples for recordings that are mostly gaps), that is at most 128 MiB or 256 times the
//!   input for the final samples and the same again while decoding.
//!
//! Absent on purpose: signal processing (see `ecg-signal`), storage, and image or PDF files of traces.
//!
//! Start reading at [`read`] (files in memory) or [`read_named`] (a name and a loader), then [`model`]; each
//! format is one module and independent of the others. WFDB annotation files alone: [`wfdb`].

mod aecg;
mod base64;
mod bytes;
mod cardiosoft;
pub mod compact;
mod contec;
pub mod crc;
mod detect;
mod dicom;
mod edf;
mod error;
mod ishne;
mod labels;
pub mod limits;
mod mfer;
pub mod model;
mod muse;
mod num;
mod philips;
mod record;
mod scp;
mod text;
pub mod time;
pub mod wfdb;
pub mod write;
mod xml;

pub use detect::detect;
pub use error::ReadError;
pub use labels::canonical_label;
pub use model::{
    Annotation, DeviceAsWritten, FiltersAsWritten, Format, Lead, MeasurementAsWritten, MedianBeats,
    PatientAsWritten, Recording, Sex, SourceFile, Warning,
};
pub use record::{OwnedFile, collect, read_named};
pub use time::{Date, LocalDateTime};

/// Reads one recording from the file or files that make it up.
///
/// One file suffices for every format but WFDB, which needs its header and every signal file that the
/// header names; annotation files of the same record and the annotation file of an ISHNE recording may
/// be given as well. The order of files is of no importance.
///
/// # Errors
/// [`ReadError`] says why and, where known, in which file and at which byte. Its `code` is stable; the
/// codes are listed at [`ReadError::code`].
pub fn read(files: &[SourceFile<'_>]) -> Result<Recording, ReadError> {
    if files.is_empty() {
        return Err(ReadError::new("missing_file", "no file was given"));
    }
    if files.len() > limits::MAX_FILES {
        return Err(ReadError::new("limit_exceeded", format!("more than {} files", limits::MAX_FILES)));
    }
    let formats: Vec<Option<Format>> = files.iter().map(detect).collect();
    let main = detect::choose(files, &formats)?;
    let format = main.format;
    let mut recording = match format {
        Format::Wfdb => wfdb::read(files),
        Format::ScpEcg => scp::read(main.file.bytes),
        Format::Hl7Aecg => aecg::read(main.file.bytes),
        Format::Dicom => dicom::read(main.file.bytes),
        Format::MuseXml => muse::read(main.file.bytes),
        Format::Edf => edf::read(main.file.bytes),
        Format::Ishne => ishne::read(main.file.bytes, files),
        Format::Mfer => mfer::read(main.file.bytes),
        Format::PhilipsXml => philips::read(main.file.bytes),
        Format::Contec => contec::read(main.file.bytes),
        Format::CardiosoftXml => cardiosoft::read(main.file.bytes),
    }
    .map_err(|error| error.or_format(format).or_file(main.file.name))?;
    recording.finish()?;
    Ok(recording)
}
