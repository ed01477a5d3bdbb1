//! A WFDB record: the input is the header, a zero byte, and the signal file.
#![no_main]

use ecg_format::SourceFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let split = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    let (header, data) = bytes.split_at(split);
    let files = [
        SourceFile { name: "r.hea", bytes: header },
        SourceFile { name: "r.dat", bytes: data.get(1..).unwrap_or_default() },
    ];
    let _any = ecg_format::read(&files);
});
