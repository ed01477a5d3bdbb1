//! Writes a recording in every output format: `convert OUT_FOLDER FILE...`.

use ecg_format::SourceFile;
use ecg_format::write::{self, DicomIds, SignalFormat};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(arguments.next().ok_or("an output folder is needed")?);
    let names: Vec<String> = arguments.collect();
    let contents = names.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    let files: Vec<SourceFile<'_>> =
        names.iter().zip(&contents).map(|(name, bytes)| SourceFile { name, bytes }).collect();
    let recording = ecg_format::read(&files)?;
    for file in write::wfdb(&recording, "record", SignalFormat::Format16)? {
        std::fs::write(folder.join(file.name), file.bytes)?;
    }
    // Identifiers for a trial file only; a program makes new ones for each object.
    let ids = DicomIds { study_uid: "2.25.1", series_uid: "2.25.2", instance_uid: "2.25.3" };
    std::fs::write(folder.join("record.dcm"), write::dicom(&recording, ids)?)?;
    std::fs::write(folder.join("record.scp"), write::scp(&recording)?)?;
    std::fs::write(
        folder.join("record.xml"),
        write::aecg(&recording, "00000000-0000-4000-8000-000000000000")?,
    )?;
    std::fs::write(folder.join("record.edf"), write::edf(&recording)?)?;
    std::fs::write(folder.join("record.csv"), write::csv(&recording))?;
    Ok(())
}
