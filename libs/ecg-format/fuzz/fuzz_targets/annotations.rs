//! A WFDB annotation file; what is read must be written and read again as it was.
#![no_main]

use ecg_format::wfdb::{read_annotations, write_annotations};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut file) = read_annotations(bytes) else { return };
    file.annotations.retain(|a| a.time >= 0 && (1..=49).contains(&a.code));
    file.annotations.sort_by_key(|a| a.time);
    // Texts are cut at 255 bytes, and notes at the start may say something about the file itself.
    file.annotations.retain(|a| a.code != 22 && a.aux.as_ref().is_none_or(|aux| aux.len() <= 255));
    let written = write_annotations(&file.annotations, file.ticks_per_second);
    assert_eq!(read_annotations(&written).unwrap(), file);
});
