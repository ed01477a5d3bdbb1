//! A WFDB record of up to five files: each part of the input begins with its length in two bytes.
#![no_main]

use ecg_format::SourceFile;
use libfuzzer_sys::fuzz_target;

/// In order: master or only header, signal file, then annotations and the headers of segments by their content.
const NAMES: [&str; 5] = ["r.hea", "r.dat", "l.hea", "s.hea", "r.atr"];

fuzz_target!(|bytes: &[u8]| {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some((length, tail)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_le_bytes(*length)).min(tail.len());
        let (part, tail) = tail.split_at(length);
        parts.push(part);
        rest = tail;
    }
    let mut files: Vec<SourceFile<'_>> =
        NAMES.iter().zip(&parts).map(|(name, bytes)| SourceFile { name, bytes }).collect();
    // The third part of a record without segments is its annotation file.
    if files.len() == 3 {
        files[2].name = "r.atr";
    }
    let load = |name: &str| match files.iter().find(|f| f.name == name) {
        Some(file) => Ok(file.bytes.to_vec()),
        None => Err(std::io::Error::from(std::io::ErrorKind::NotFound)),
    };
    let _any = ecg_format::read_named("r", &["atr"], load);
    let _any = ecg_format::read(&files);
});
