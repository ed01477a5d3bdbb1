//! Any bytes as one file: every format that is recognised by content, then the writers.
#![no_main]

use ecg_format::{SourceFile, compact, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(recording) = ecg_format::read(&[SourceFile { name: "input", bytes }]) {
        if recording.sample_count() < 100_000 {
            let stored = compact::encode(&recording);
            assert!(compact::decode(&stored).is_ok());
            let _any = write::scp(&recording);
            let _any = write::edf(&recording);
        }
    }
    let _any = compact::decode(bytes);
    let _any = ecg_format::wfdb::read_annotations(bytes);
});
