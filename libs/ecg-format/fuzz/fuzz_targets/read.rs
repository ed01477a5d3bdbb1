//! Any bytes as one file: every format that is recognised by content; then every writer, whose output must be
//! read again with leads of the same length.
#![no_main]

use ecg_format::write::{self, DicomIds, SignalFormat};
use ecg_format::{SourceFile, compact};
use libfuzzer_sys::fuzz_target;

const IDS: DicomIds<'static> = DicomIds { study_uid: "2.25.1", series_uid: "2.25.2", instance_uid: "2.25.3" };

fuzz_target!(|bytes: &[u8]| {
    let _any = compact::decode(bytes);
    let Ok(recording) = ecg_format::read(&[SourceFile { name: "input", bytes }]) else { return };
    let count = recording.sample_count();
    assert!(recording.leads.iter().all(|lead| lead.samples_uv.len() == count && lead.resolution_uv > 0.0));
    if count * recording.leads.len() > 20_000 {
        return;
    }
    assert!(compact::decode(&compact::encode(&recording)).is_ok());
    let again = |bytes: Vec<u8>| {
        let read = ecg_format::read(&[SourceFile { name: "again", bytes: &bytes }]).unwrap();
        assert!(read.sample_count() >= count);
    };
    let _any = write::scp(&recording).map(again);
    let _any = write::edf(&recording).map(again);
    let _any = write::dicom(&recording, IDS).map(again);
    let _any = write::aecg(&recording, "x").map(again);
    let _any = write::csv(&recording);
    for format in
        [SignalFormat::Format212, SignalFormat::Format508, SignalFormat::Format516, SignalFormat::Format524]
    {
        if let Ok(files) = write::wfdb(&recording, "w", format) {
            let sources: Vec<SourceFile<'_>> =
                files.iter().map(|f| SourceFile { name: &f.name, bytes: &f.bytes }).collect();
            let read = ecg_format::read(&sources).unwrap();
            assert_eq!(read.sample_count(), count);
        }
    }
});
