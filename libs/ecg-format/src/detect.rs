//! Recognises formats by content.

use crate::error::ReadError;
use crate::model::{Format, SourceFile};
use crate::{contec, mfer, wfdb};

/// The format of a file, by its content; WFDB signal and annotation files are not recognisable alone.
#[must_use]
pub fn detect(file: &SourceFile<'_>) -> Option<Format> {
    let bytes = file.bytes;
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if bytes.get(128..132) == Some(b"DICM") {
        return Some(Format::Dicom);
    }
    if starts(b"ISHNE1.0") {
        return Some(Format::Ishne);
    }
    if is_scp(bytes) {
        return Some(Format::ScpEcg);
    }
    if mfer::is_mfer(bytes) {
        return Some(Format::Mfer);
    }
    if is_edf(bytes) {
        return Some(Format::Edf);
    }
    if contec::is_contec(bytes) {
        return Some(Format::Contec);
    }
    if let Some(format) = xml_format(bytes) {
        return Some(format);
    }
    if crate::dicom::is_bare_dataset(bytes) {
        return Some(Format::Dicom);
    }
    wfdb::looks_like_header(bytes).then_some(Format::Wfdb)
}

/// SCP-ECG: the pointer section follows the six bytes of checksum and length.
fn is_scp(bytes: &[u8]) -> bool {
    // Section header: CRC (2), id 0 (2), length (4), versions (2), reserved (6, "SCPECG" or zeros).
    let Some(section) = bytes.get(6..22) else { return false };
    if section.get(10..16) == Some(b"SCPECG") {
        return true;
    }
    let id = section.get(2..4) == Some(&[0, 0]);
    let length = section.get(4..8).and_then(|b| <[u8; 4]>::try_from(b).ok()).map_or(0, u32::from_le_bytes);
    let file_length = bytes.get(2..6).and_then(|b| <[u8; 4]>::try_from(b).ok()).map_or(0, u32::from_le_bytes);
    let pointers_plausible = (136..=1024).contains(&length) && (length - 16) % 10 == 0;
    let versions = matches!(section.get(8..10), Some([1..=50, 1..=50]));
    id && pointers_plausible && versions && usize::try_from(file_length).is_ok_and(|n| n >= 136)
}

/// EDF: version "0" in eight characters and a plausible header length.
fn is_edf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"0       ")
        && bytes
            .get(184..192)
            .and_then(|b| std::str::from_utf8(b).ok())
            .and_then(|t| t.trim().parse::<usize>().ok())
            .is_some_and(|n| n >= 256 && n % 256 == 0)
}

/// Looks for the root element's name in the first kilobytes.
fn xml_format(bytes: &[u8]) -> Option<Format> {
    let head = crate::text::xml(bytes.get(..bytes.len().min(16_384)).unwrap_or_default());
    let mut rest = head.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    if !rest.starts_with('<') {
        return None;
    }
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->")?.1;
        } else if rest.starts_with("<?") {
            rest = rest.split_once("?>")?.1;
        } else if rest.starts_with("<!") {
            let (declaration, after) = rest.split_once('>')?;
            // An internal subset ends with "]>"; the document itself is refused later.
            rest = if declaration.contains('[') { rest.split_once("]>")?.1 } else { after };
        } else {
            break;
        }
    }
    let name = rest.strip_prefix('<')?.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()?;
    match name.rsplit(':').next()? {
        "AnnotatedECG" => Some(Format::Hl7Aecg),
        "RestingECG" => Some(Format::MuseXml),
        "CardiologyXML" => Some(Format::CardiosoftXml),
        "restingecgdata" => Some(Format::PhilipsXml),
        _ => None,
    }
}

/// The file that a recording is read from.
pub(crate) struct Main<'a, 'b> {
    pub(crate) format: Format,
    pub(crate) file: &'b SourceFile<'a>,
}

/// Chooses the recording's main file and refuses files of two different recordings.
pub(crate) fn choose<'a, 'b>(
    files: &'b [SourceFile<'a>],
    formats: &[Option<Format>],
) -> Result<Main<'a, 'b>, ReadError> {
    let mut found =
        files.iter().zip(formats).filter_map(|(file, format)| format.map(|format| Main { format, file }));
    let Some(first) = found.next() else {
        let names: Vec<&str> = files.iter().map(SourceFile::base_name).collect();
        let empty = files.iter().all(|f| f.bytes.is_empty());
        let detail = if empty { "the file is empty".to_owned() } else { explain_unknown(files) };
        return Err(ReadError::new("unknown_format", detail).in_file(&names.join(", ")));
    };
    for other in found {
        let same_record = other.format == Format::Wfdb && first.format == Format::Wfdb;
        if !same_record {
            return Err(ReadError::unsupported(format!(
                "{} ({}) and {} ({}) are two recordings; give one at a time",
                first.file.base_name(),
                first.format.label(),
                other.file.base_name(),
                other.format.label()
            )));
        }
    }
    Ok(first)
}

fn explain_unknown(files: &[SourceFile<'_>]) -> String {
    let ends = |suffix: &str| files.iter().any(|f| f.base_name().to_ascii_lowercase().ends_with(suffix));
    if ends(".dat") || ends(".atr") || ends(".mat") {
        "a WFDB signal or annotation file needs its header file (.hea)".to_owned()
    } else if files.iter().any(|f| f.bytes.starts_with(b"%PDF")) {
        "a PDF document holds no samples; export the recording itself".to_owned()
    } else if files.iter().any(|f| f.bytes.starts_with(&[0xFF, 0xD8]) || f.bytes.starts_with(b"\x89PNG")) {
        "an image holds no samples; export the recording itself".to_owned()
    } else {
        "no supported ECG format is recognised".to_owned()
    }
}
