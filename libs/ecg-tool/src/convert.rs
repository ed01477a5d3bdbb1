//! `convert`: a recording in another format.

use crate::{OutputFormat, ToolError, record};
use ecg_format::write::{self, DicomIds, SignalFormat, WriteError};
use std::io::Write;
use std::path::Path;

pub fn convert(
    input: &Path,
    output: &Path,
    to: Option<OutputFormat>,
    out: &mut impl Write,
) -> Result<(), ToolError> {
    let format = match to {
        Some(format) => format,
        None => by_ending(output)?,
    };
    let recording = record::open(input)?;
    let refused = |e: WriteError| ToolError::Output(format!("{}: {e}", output.display()));
    // Identifiers derive from the content, so that the same input gives the same file.
    let uuid = |purpose: &str| {
        let seed = format!("{purpose}/{}/{}", input.display(), recording.sample_count());
        uuid::Uuid::from_u128(fnv(&seed))
    };
    let bytes = match format {
        OutputFormat::Wfdb => {
            let name = record::record_name(output)?;
            let files = write::wfdb(&recording, &name, SignalFormat::Format16).map_err(refused)?;
            let folder = output.parent().unwrap_or(Path::new("."));
            for file in &files {
                record::write(&folder.join(&file.name), &file.bytes)?;
                writeln!(out, "{}", folder.join(&file.name).display())?;
            }
            return Ok(());
        }
        OutputFormat::Scp => write::scp(&recording).map_err(refused)?,
        OutputFormat::Aecg => {
            write::aecg(&recording, &uuid("aecg").hyphenated().to_string()).map_err(refused)?
        }
        OutputFormat::Dicom => {
            // 2.25.<uuid as a decimal number>, as the standard has it for identifiers without a registered root.
            let uid = |purpose: &str| format!("2.25.{}", uuid(purpose).as_u128());
            let (study, series, instance) = (uid("study"), uid("series"), uid("instance"));
            let ids = DicomIds { study_uid: &study, series_uid: &series, instance_uid: &instance };
            write::dicom(&recording, ids).map_err(refused)?
        }
        OutputFormat::Edf => write::edf(&recording).map_err(refused)?,
        OutputFormat::Csv => write::csv(&recording),
    };
    record::write(output, &bytes)?;
    writeln!(out, "{}", output.display())?;
    Ok(())
}

fn by_ending(output: &Path) -> Result<OutputFormat, ToolError> {
    let ending = output.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    Ok(match ending.as_deref() {
        None | Some("hea") => OutputFormat::Wfdb,
        Some("scp") => OutputFormat::Scp,
        Some("xml") => OutputFormat::Aecg,
        Some("dcm") => OutputFormat::Dicom,
        Some("edf") => OutputFormat::Edf,
        Some("csv") => OutputFormat::Csv,
        Some(other) => {
            return Err(ToolError::Usage(format!("no format has the ending .{other}; say --to")));
        }
    })
}

/// FNV-1a over 128 bits.
fn fnv(text: &str) -> u128 {
    text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}
