//! What is written reads back the same, to the format's own resolution.

use ecg_format::write::{self, DicomIds, SignalFormat};
use ecg_format::{Recording, SourceFile};

use crate::samples::{recording, units};

const IDS: DicomIds<'_> = DicomIds { study_uid: "2.25.1", series_uid: "2.25.2", instance_uid: "2.25.3" };

fn back(name: &str, bytes: &[u8]) -> Recording {
    ecg_format::read(&[SourceFile { name, bytes }]).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn same_leads(written: &Recording, read: &Recording, what: &str) {
    assert_eq!(read.sample_rate_hz, written.sample_rate_hz, "{what}");
    assert_eq!(read.leads.len(), written.leads.len(), "{what}");
    for lead in &written.leads {
        let other = read.lead(&lead.label).unwrap_or_else(|| panic!("{what}: {}", lead.label));
        for (index, (a, b)) in lead.samples_uv.iter().zip(&other.samples_uv).enumerate() {
            let same = (a - b).abs() <= 1e-3 || (a.is_nan() && b.is_nan());
            assert!(same, "{what} {} sample {index}: {a} {b}", lead.label);
        }
    }
}

fn same_person(written: &Recording, read: &Recording, what: &str) {
    assert_eq!(read.patient.name, written.patient.name, "{what}");
    assert_eq!(read.patient.birth_date, written.patient.birth_date, "{what}");
    assert_eq!(read.patient.sex, written.patient.sex, "{what}");
    assert_eq!(read.start, written.start, "{what}");
}

#[test]
fn every_format_returns_the_samples_of_a_resting_ecg() {
    for files in
        [&["formats/dicom/Example.dcm"][..], &["formats/scp/Example.scp"], &["formats/philips/129DYPRG.XML"]]
    {
        let Some(mut ecg) = recording(files) else { return };
        ecg.patient.name = Some("张三".to_owned());
        let scp = write::scp(&ecg).unwrap();
        let dicom = write::dicom(&ecg, IDS).unwrap();
        let aecg = write::aecg(&ecg, "61d1a24f-b47e-41aa-ae95-f8ac302f4eeb").unwrap();
        for (name, bytes) in [("a.scp", &scp), ("a.dcm", &dicom), ("a.xml", &aecg)] {
            let read = back(name, bytes);
            same_leads(&ecg, &read, name);
            same_person(&ecg, &read, name);
            for code in ["pr_interval", "qrs_duration", "qt_interval", "qrs_axis"] {
                let value = |r: &Recording| r.measurement(code).map(|m| m.value);
                assert_eq!(value(&read), value(&ecg), "{name} {code}");
            }
            assert_eq!(read.statements, ecg.statements, "{name}");
            assert_eq!(read.warnings, [], "{name}");
        }
        let edf = write::edf(&ecg).unwrap();
        same_leads(&ecg, &back("a.edf", &edf), "a.edf");
        let files = write::wfdb(&ecg, "a", SignalFormat::Format16).unwrap();
        let sources: Vec<SourceFile<'_>> =
            files.iter().map(|f| SourceFile { name: &f.name, bytes: &f.bytes }).collect();
        let read = ecg_format::read(&sources).unwrap();
        same_leads(&ecg, &read, "wfdb");
        assert_eq!(read.warnings.iter().filter(|w| w.code == "checksum_mismatch").count(), 0);
    }
}

#[test]
fn annotations_and_twelve_bits_through_wfdb() {
    let Some(record) = recording(&["mitdb/101.hea", "mitdb/101.dat", "mitdb/101.atr"]) else { return };
    let files = write::wfdb(&record, "x_101", SignalFormat::Format212).unwrap();
    let names: Vec<&str> = files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["x_101.hea", "x_101.dat", "x_101.atr"]);
    let sources: Vec<SourceFile<'_>> =
        files.iter().map(|f| SourceFile { name: &f.name, bytes: &f.bytes }).collect();
    let read = ecg_format::read(&sources).unwrap();
    for (a, b) in record.leads.iter().zip(&read.leads) {
        assert_eq!(units(a), units(b));
    }
    assert_eq!(read.annotations, record.annotations);
    assert_eq!((read.patient.age_years, read.patient.sex), (record.patient.age_years, record.patient.sex));
    // The annotation file as a whole is the original one, byte for byte.
    let original = std::fs::read(crate::samples::root().unwrap().join("mitdb/101.atr")).unwrap();
    let parsed = ecg_format::wfdb::read_annotations(&original).unwrap();
    assert_eq!(ecg_format::wfdb::read_annotations(&files[2].bytes).unwrap(), parsed);
    assert_eq!(write::wfdb(&record, "a/b", SignalFormat::Format16).unwrap_err().code, "bad_name");
}

#[test]
fn csv_and_missing_samples() {
    let Some(record) = recording(&["formats/wfdb/test01_00s_skew.hea", "formats/wfdb/test01_00s.dat"]) else {
        return;
    };
    let csv = String::from_utf8(write::csv(&record)).unwrap();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("time_s,ECG_1,ECG_2,ECG_3,ECG_4"));
    assert_eq!(lines.next(), Some("0,100,-70,-570,-660"));
    assert!(csv.lines().last().unwrap().contains(",,"));
    let dicom = back("a.dcm", &write::dicom(&record, IDS).unwrap());
    assert_eq!(dicom.leads[1].samples_uv.iter().filter(|v| v.is_nan()).count(), 3);
    let edf = back("a.edf", &write::edf(&record).unwrap());
    assert_eq!(edf.annotations[0].text.as_deref(), Some("signal missing: ECG_2"));
    assert_eq!(edf.annotations[0].sample, 3_997);
}

/// Samples at the ends of every width, missing ones, and more leads than a FLAC stream has channels.
#[test]
fn every_written_wfdb_format_returns_every_unit() {
    for (format, limit) in [
        (SignalFormat::Format16, 32_767i32),
        (SignalFormat::Format212, 2_047),
        (SignalFormat::Format508, 127),
        (SignalFormat::Format516, 32_767),
        (SignalFormat::Format524, 8_388_607),
    ] {
        for (leads, count) in [(1usize, 1usize), (2, 5), (3, 4_097), (12, 5_000), (17, 100)] {
            let recording = made_up(leads, count, limit);
            let files = write::wfdb(&recording, "w", format).unwrap();
            let sources: Vec<SourceFile<'_>> =
                files.iter().map(|f| SourceFile { name: &f.name, bytes: &f.bytes }).collect();
            let read = ecg_format::read(&sources).unwrap();
            let what = format!("{format:?} {leads} {count}");
            assert!(read.warnings.iter().all(|w| w.code == "samples_missing"), "{what}: {:?}", read.warnings);
            for (a, b) in recording.leads.iter().zip(&read.leads) {
                let bits = |lead: &ecg_format::Lead| -> Vec<u32> {
                    lead.samples_uv.iter().map(|v| if v.is_nan() { 1 } else { (v + 0.0).to_bits() }).collect()
                };
                assert_eq!((a.label.as_str(), bits(a)), (b.label.as_str(), bits(b)), "{what}");
            }
            assert_eq!(read.start, recording.start, "{what}");
        }
    }
    let error = write::wfdb(&made_up(1, 9, 128), "w", SignalFormat::Format508).unwrap_err();
    assert_eq!(error.code, "value_out_of_range");
}

/// Leads in units of 1 µV that reach both ends, jump, and have gaps; made by way of a header, as a program
/// outside the library makes one.
fn made_up(leads: usize, count: usize, limit: i32) -> Recording {
    let mut header = format!("m {leads} 500 {count} 01:02:03.004005 05/06/2007\n");
    let mut data = Vec::new();
    for lead in 0..leads {
        header.push_str(&format!("m.dat 32 1/uV 32 0 0 0 0 lead {lead}\n"));
    }
    header =
        header.replace(" 0 0 0 0 lead", " 0 lead").replace("32 1/uV 32 0 lead", "32 1/uV 32 0 0 x 0 lead");
    for index in 0..count {
        for lead in 0..leads {
            let spread = i64::from(limit) * 2 + 1;
            let place = i64::try_from(index * index * 7 + lead * 31 + index).unwrap();
            let value = match (index + lead) % 11 {
                0 => i64::from(limit),
                1 => -i64::from(limit),
                2 if count > 10 => i64::from(i32::MIN),
                3 | 4 => 0,
                _ => (place % spread) * (place % 1_009) % spread - i64::from(limit),
            };
            data.extend(i32::try_from(value).unwrap().to_le_bytes());
        }
    }
    let files =
        [SourceFile { name: "m.hea", bytes: header.as_bytes() }, SourceFile { name: "m.dat", bytes: &data }];
    ecg_format::read(&files).unwrap()
}

/// EDF+ counts annotations from the header's second, samples from the first data record.
#[test]
fn edf_keeps_the_fraction_of_the_start_and_the_length() {
    let mut ecg = made_up(2, 4_550, 3_000);
    ecg.annotations.push(ecg_format::Annotation {
        sample: 4_321,
        end_sample: Some(4_400),
        symbol: "EVENT".into(),
        text: Some("event".to_owned()),
        lead: None,
        subtype: 0,
        channel: 0,
        number: 0,
        annotator: "edf".to_owned(),
    });
    let bytes = write::edf(&ecg).unwrap();
    let read = back("a.edf", &bytes);
    // 9.1 s: no whole number of seconds divides it, records of 9.1 s do.
    assert_eq!((read.sample_count(), read.start), (4_550, ecg.start));
    let event = read.annotations.iter().find(|a| a.text.as_deref() == Some("event")).unwrap();
    assert_eq!((event.sample, event.end_sample), (4_321, Some(4_400)));
    // 5,003 is a prime and longer than ten seconds: the last record is filled, and an annotation says from where.
    let read = back("b.edf", &write::edf(&made_up(1, 5_003, 3_000)).unwrap());
    let filled =
        read.annotations.iter().find(|a| a.text.as_deref().is_some_and(|t| t.contains("filled"))).unwrap();
    assert_eq!((read.sample_count(), filled.sample), (5_500, 5_003));
}

/// The storage class is the first whose limits of PS3.3 A.34 hold; leads beyond 24 take a second group.
#[test]
fn dicom_storage_classes() {
    let class = |bytes: &[u8]| {
        let uid = b"1.2.840.10008.5.1.4.1.1.9.1.";
        let at = bytes.windows(uid.len()).position(|w| w == uid).unwrap();
        bytes[at + uid.len()] - b'0'
    };
    let mut twelve = made_up(12, 5_000, 3_000);
    for (lead, label) in twelve.leads.iter_mut().zip(ecg_format::model::STANDARD_TWELVE) {
        lead.label = label.to_owned();
    }
    let long = made_up(2, 70_000, 3_000);
    let many = made_up(30, 600, 3_000);
    for (recording, expected) in [(&twelve, 1u8), (&many, 2), (&long, 3)] {
        let bytes = write::dicom(recording, IDS).unwrap();
        assert_eq!(class(&bytes), expected);
        let read = back("c.dcm", &bytes);
        assert_eq!(
            (read.leads.len(), read.sample_count()),
            (recording.leads.len(), recording.sample_count())
        );
        same_leads(recording, &read, "class");
    }
    assert_eq!(write::dicom(&made_up(13, 70_000, 3_000), IDS).unwrap_err().code, "too_many_leads");
}
