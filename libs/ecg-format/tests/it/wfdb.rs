//! WFDB records against wfdb-python 4.3.1 (`rdrecord(..., smooth_frames=False)`, physical units in microvolts).

use crate::samples::{missing, read, recording, sum_uv};

type Expected<'a> = (&'a str, usize, usize, f64, [f64; 3]);

/// Lead by lead: label, samples, missing samples, sum and first three values in microvolts.
fn check(files: &[&str], rate_hz: f64, expected: &[Expected<'_>]) {
    let Some(recording) = recording(files) else { return };
    assert!((recording.sample_rate_hz - rate_hz).abs() < 1e-9, "{files:?}: {} Hz", recording.sample_rate_hz);
    assert_eq!(recording.leads.len(), expected.len(), "{files:?}");
    for (lead, (label, count, gaps, sum, first)) in recording.leads.iter().zip(expected) {
        assert_eq!(lead.label, *label, "{files:?}");
        assert_eq!((lead.samples_uv.len(), missing(lead)), (*count, *gaps), "{files:?} {label}");
        // wfdb-python sums rounded doubles, the printed value has four decimals.
        assert!((sum_uv(lead) - sum).abs() <= 1e-3 + sum.abs() * 1e-8, "{files:?} {label}: {}", sum_uv(lead));
        for (value, wanted) in lead.samples_uv.iter().zip(first) {
            let close = (f64::from(*value) - wanted).abs() <= 1e-4 + wanted.abs() * 1e-6;
            assert!(close || (value.is_nan() && wanted.is_nan()), "{files:?} {label}: {value} {wanted}");
        }
    }
    let sums = recording.warnings.iter().filter(|w| w.code == "checksum_mismatch").count();
    assert_eq!(sums, 0, "{files:?}: {:?}", recording.warnings);
}

const W: &str = "formats/wfdb";

fn w(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| format!("{W}/{n}")).collect()
}

fn check_w(names: &[&str], rate_hz: f64, expected: &[Expected<'_>]) {
    let paths = w(names);
    check(&paths.iter().map(String::as_str).collect::<Vec<_>>(), rate_hz, expected);
}

#[test]
fn every_binary_format() {
    let names: Vec<String> = std::iter::once("binformats.hea".to_owned())
        .chain((0..10).map(|i| format!("binformats.d{i}")))
        .collect();
    check_w(
        &names.iter().map(String::as_str).collect::<Vec<_>>(),
        200.0,
        &[
            ("sig 0, fmt 8", 499, 0, 827_325.0, [-10_235.0, -9_600.0, -8_965.0]),
            ("sig 1, fmt 16", 499, 0, -3_750.0, [-163_830.0, -161_210.0, -158_590.0]),
            ("sig 2, fmt 61", 499, 0, -1_255.0, [-163_825.0, -161_205.0, -158_585.0]),
            ("sig 3, fmt 80", 499, 0, -2_585.0, [-620.0, -550.0, -480.0]),
            ("sig 4, fmt 160", 499, 0, 3_735.0, [-163_815.0, -161_195.0, -158_575.0]),
            ("sig 5, fmt 212", 499, 0, -34_120.0, [-10_210.0, -8_790.0, -7_370.0]),
            ("sig 6, fmt 310", 499, 0, -8_105.0, [-2_525.0, -790.0, 945.0]),
            ("sig 7, fmt 311", 499, 0, -10_725.0, [-2_520.0, -785.0, 950.0]),
            ("sig 8, fmt 24", 499, 0, -516_692_785.0, [-41_942_995.0, -41_613_975.0, -41_284_955.0]),
            // 32-bit samples exceed the 24 bits that f32 keeps, hence the tolerance of 1e-8 on sums.
            (
                "sig 9, fmt 32",
                499,
                0,
                -134_022_007_865.0,
                [-10_737_418_190.0, -10_653_203_095.0, -10_568_988_000.0],
            ),
        ],
    );
}

#[test]
fn flac_formats() {
    check_w(
        &["flacformats.hea", "flacformats.d0", "flacformats.d1", "flacformats.d2"],
        200.0,
        &[
            ("sig 0, fmt 508", 499, 0, -2_420.0, [-635.0, -565.0, -495.0]),
            ("sig 1, fmt 516", 499, 0, -3_750.0, [-163_830.0, -161_210.0, -158_590.0]),
            ("sig 2, fmt 524", 499, 0, -516_707_755.0, [-41_943_025.0, -41_614_005.0, -41_284_985.0]),
        ],
    );
    check_w(
        &["flac_3_constant.hea", "flac_3_constant.dat"],
        250.0,
        &[
            ("col 0", 5_600_000, 0, 700_000_000.0, [125.0; 3]),
            ("col 1", 5_600_000, 0, 1_400_000_000.0, [250.0; 3]),
            ("col 2", 5_600_000, 0, 2_100_000_000.0, [375.0; 3]),
        ],
    );
    // Pressure, pleth and respiration are left out; frames of 62.4725 Hz hold four ECG samples.
    check_w(
        &["mixedsignals.hea", "mixedsignals_e.dat", "mixedsignals_p.dat", "mixedsignals_r.dat"],
        249.89,
        &[
            ("II", 57_600, 1_024, -205_380.0, [f64::NAN; 3]),
            ("III", 57_600, 1_024, -228_820.0, [f64::NAN; 3]),
            ("V", 57_600, 1_024, -216_375.0, [f64::NAN; 3]),
        ],
    );
}

#[test]
fn packed_formats_that_end_inside_a_word() {
    check_w(
        &["310derive.hea", "310derive.dat"],
        250.0,
        &[("col 0", 1_026, 0, -17_130.0, [-25.0, -25.0, -30.0]), ("col 1", 1_026, 0, 21_925.0, [0.0; 3])],
    );
    check_w(
        &["310derive_2.hea", "310derive_2.dat"],
        360.0,
        &[("col 1", 1_020, 0, -16_900.0, [-25.0, -25.0, -30.0])],
    );
    check_w(
        &["310derive_3.hea", "310derive_3.dat"],
        360.0,
        &[("ch1", 1_018, 0, -16_820.0, [-25.0, -25.0, -30.0])],
    );
    check_w(&["311derive.hea", "311derive.dat"], 250.0, &[("col 0", 1_026, 0, 21_925.0, [0.0; 3])]);
    check_w(
        &["311derive_2.hea", "311derive_2.dat"],
        360.0,
        &[("col 1", 1_020, 0, -16_900.0, [-25.0, -25.0, -30.0])],
    );
    check_w(
        &["311derive_3.hea", "311derive_3.dat"],
        360.0,
        &[("ch1", 1_019, 0, -16_860.0, [-25.0, -25.0, -30.0])],
    );
    check_w(
        &["311derive_4.hea", "311derive_4.dat"],
        360.0,
        &[("ch1", 1_018, 0, -16_820.0, [-25.0, -25.0, -30.0])],
    );
    check_w(
        &["100_3chan.hea", "100_3chan.dat"],
        360.0,
        &[
            ("I", 999, 0, -311_500.0, [-145.0; 3]),
            ("II", 999, 0, -207_590.0, [-65.0; 3]),
            ("III", 999, 0, -311_500.0, [-145.0; 3]),
        ],
    );
}

#[test]
fn skew_and_several_samples_for_each_frame() {
    check_w(
        &["test01_00s_skew.hea", "test01_00s.dat"],
        500.0,
        &[
            ("ECG_1", 4_000, 0, 1_140.0, [100.0, 110.0, 130.0]),
            ("ECG_2", 4_000, 3, 9_610.0, [-70.0, -70.0, -50.0]),
            ("ECG_3", 4_000, 0, -1_190.0, [-570.0, -560.0, -550.0]),
            ("ECG_4", 4_000, 0, -4_010.0, [-660.0, -660.0, -670.0]),
        ],
    );
    // ECG_2 has two samples a frame, so the others are held: twice their sums 800 and -4010, and 2 × 3 gaps.
    check_w(
        &["test01_00s_skewframe.hea", "test01_00s.dat"],
        1_000.0,
        &[
            ("ECG_1", 8_000, 6, 1_600.0, [140.0, 140.0, 150.0]),
            ("ECG_2", 8_000, 0, 8_220.0, [-80.0, -570.0, -60.0]),
            ("ECG_3", 8_000, 0, -8_020.0, [-660.0, -660.0, -660.0]),
        ],
    );
    check_w(&["03700181.hea", "03700181.dat"], 500.0, &[("MCL1", 300_000, 0, -3_801.2396, [22.6063; 3])]);
}

#[test]
fn byte_offsets_units_and_a_header_without_length() {
    for header in ["a103l.hea", "a103l-no-len.hea"] {
        check_w(
            &[header, "a103l.mat"],
            250.0,
            &[
                ("II", 82_500, 0, -1_911_894.4391, [-23.5960, -36.9808, -62.9226]),
                ("V", 82_500, 0, 67_753_729.5627, [867.5856, 982.9848, 859.7909]),
            ],
        );
    }
    check_w(
        &["3000003_0003.hea", "3000003_0003.dat"],
        125.0,
        &[
            ("II", 1_028, 0, -118_655.1724, [-172.4138, -172.4138, -206.8966]),
            ("V", 1_028, 0, 183_208.3333, [0.0; 3]),
        ],
    );
    let expected: [Expected<'_>; 3] = [
        ("I", 38_400, 0, -4_168.5, [-244.5, -242.5, -241.5]),
        ("aVF", 38_400, 0, -8_328.5, [-107.0, -112.5, -114.0]),
        ("Z", 38_400, 0, -996.0, [-9.0, -10.0, -8.5]),
    ];
    let Some(ptb) =
        recording(&["formats/wfdb/s0010_re.hea", "formats/wfdb/s0010_re.dat", "formats/wfdb/s0010_re.xyz"])
    else {
        return;
    };
    for (label, count, _, sum, first) in expected {
        let lead = ptb.lead(label).unwrap();
        assert_eq!(lead.samples_uv.len(), count);
        assert!((sum_uv(lead) - sum).abs() < 1e-6);
        assert!((f64::from(lead.samples_uv[0]) - first[0]).abs() < 1e-6);
    }
    assert_eq!(ptb.patient.age_years, Some(81.0));
    assert_eq!(ptb.patient.sex, Some(ecg_format::Sex::Female));
}

#[test]
fn multi_segment_records() {
    check_w(
        &[
            "multi-segment/fixed1/v102s.hea",
            "multi-segment/fixed1/v102s_1.hea",
            "multi-segment/fixed1/v102s_2.hea",
            "multi-segment/fixed1/v102s_3.hea",
            "multi-segment/fixed1/v102s.dat",
        ],
        250.0,
        &[
            ("II", 225_000, 9, 5_426_075.4055, [-11.3985, -7.8913, 5.6993]),
            ("V", 225_000, 6, 5_413_382.0043, [183.1897, 253.7716, 272.0905]),
        ],
    );
    check_w(
        &[
            "multi-segment/041s/041s.hea",
            "multi-segment/041s/041s01.hea",
            "multi-segment/041s/041s02.hea",
            "multi-segment/041s/041s01.dat",
            "multi-segment/041s/041s02.dat",
        ],
        500.0,
        &[
            ("III", 8_000, 0, 129_283.0, [84.0, 84.0, 83.0]),
            ("I", 8_000, 1, -4_002.0, [1.0, -10.0, -32.0]),
            ("V", 8_000, 0, 347.5, [77.5, 66.5, 66.5]),
        ],
    );
    // Variable layout with gains that change from segment to segment: 26462 and 25869 missing samples.
    let Some(root) = crate::samples::root() else { return };
    let folder = root.join("formats/wfdb/multi-segment/s25047");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| !n.contains("44n") && n != "3234460n.dat")
        .map(|n| format!("formats/wfdb/multi-segment/s25047/{n}"))
        .collect();
    names.sort();
    let record = recording(&names.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    assert_eq!(record.start.unwrap().to_string(), "2704-05-04T10:44:18.529000");
    for (label, gaps, sum) in [("II", 26_462, -1_977_907.6021), ("V", 25_869, -3_460_752.2420)] {
        let lead = record.lead(label).unwrap();
        assert_eq!((lead.samples_uv.len(), missing(lead)), (543_240, gaps), "{label}");
        let total: f64 = lead.samples_uv.iter().filter(|v| v.is_finite()).map(|v| f64::from(*v)).sum();
        assert!((total - sum).abs() < 1.0, "{label}: {total}");
    }
}

#[test]
fn databases_with_annotations() {
    let Some(record) = recording(&["mitdb/101.hea", "mitdb/101.dat", "mitdb/101.atr"]) else { return };
    assert_eq!((record.leads[0].label.as_str(), record.leads[1].label.as_str()), ("MLII", "V1"));
    assert!((sum_uv(&record.leads[0]) + 184_744_280.0).abs() < 1e-3);
    assert!((sum_uv(&record.leads[1]) + 50_774_375.0).abs() < 1e-3);
    assert_eq!((record.patient.age_years, record.patient.sex), (Some(75.0), Some(ecg_format::Sex::Female)));
    // wfdb-python 4.3.1: 1874 annotations in 101.atr, 1860 of them N; the first is "+" at 7 with aux "(N".
    assert_eq!(record.annotations.len(), 1_874);
    assert_eq!(record.annotations.iter().filter(|a| a.symbol == "N").count(), 1_860);
    let first = &record.annotations[0];
    assert_eq!((first.sample, first.symbol.as_ref(), first.text.as_deref()), (7, "+", Some("(N")));
    assert_eq!(record.warnings, []);

    let Some(record) = recording(&["cinc/Q0001.hea", "cinc/Q0001.mat"]) else { return };
    assert!((sum_uv(record.lead("V6").unwrap()) - 18.0).abs() < 1e-6);
    assert_eq!(record.start.unwrap().to_string(), "2020-05-15T15:35:30");
    assert_eq!((record.patient.age_years, record.statements.len()), (Some(53.0), 2));
    assert!(record.standard_twelve().is_some());
}

/// Counts, last time and sum of times by wfdb-python 4.3.1 `rdann`.
#[test]
fn annotation_files_of_many_writers() {
    let Some(root) = crate::samples::root() else { return };
    for (name, count, last, sum, ticks) in [
        ("mitdb/119.atr", 2_094, 649_788, 681_368_620i64, None),
        ("cpsc2021/data_101_6.atr", 204, 22_355, 2_295_962, None),
        ("ludb/data/1.ii", 48, 3_996, 113_128, None),
        ("formats/wfdb/huge.qrs", 1, 10_000_000_000, 10_000_000_000, None),
        ("formats/wfdb/03700181.gqrsh", 1_150, 299_898, 175_417_800, Some(500.0)),
        ("formats/wfdb/03700181.sqrs", 1_195, 149_813, 91_583_368, Some(250.0)),
        ("holter/nsrdb/16265.atr", 100_955, 10_247_936, 466_589_772_718, None),
        ("scorer/input/237s.all", 505, 23_672_750, 4_983_844_320, None),
    ] {
        let bytes = std::fs::read(root.join(name)).unwrap();
        let file = ecg_format::wfdb::read_annotations(&bytes).unwrap();
        // wfdb-python drops notes at time 0, in which programs name themselves.
        let own: Vec<_> = file.annotations.iter().filter(|a| a.time > 0 || a.symbol() != "\"").collect();
        assert_eq!(own.len(), count, "{name}");
        assert_eq!(own.last().unwrap().time, last, "{name}");
        assert_eq!(own.iter().map(|a| a.time).sum::<i64>(), sum, "{name}");
        if ticks.is_some() {
            assert_eq!(file.ticks_per_second, ticks, "{name}");
        }
    }
}

#[test]
fn clear_errors_for_incomplete_records() {
    let Some(result) = read(&["mitdb/101.dat"]) else { return };
    let error = result.unwrap_err();
    assert_eq!(error.code, "unknown_format");
    assert!(error.detail.contains(".hea"));
    let error = read(&["mitdb/101.hea"]).unwrap().unwrap_err();
    assert_eq!((error.code, error.detail.contains("101.dat")), ("missing_file", true));
    let error = read(&["mitdb/101.hea", "mitdb/119.hea"]).unwrap().unwrap_err();
    assert_eq!(error.code, "unsupported_feature");
    let root = crate::samples::root().unwrap();
    let header = std::fs::read(root.join("mitdb/101.hea")).unwrap();
    let data = std::fs::read(root.join("mitdb/101.dat")).unwrap();
    let half = &data[..data.len() / 2];
    let files = [
        ecg_format::SourceFile { name: "101.hea", bytes: &header },
        ecg_format::SourceFile { name: "101.dat", bytes: half },
    ];
    let error = ecg_format::read(&files).unwrap_err();
    assert_eq!((error.code, error.file.as_deref()), ("truncated", Some("101.dat")));
}

/// Every code with every field, against the words of annot(5) written out by hand.
#[test]
fn annotations_are_written_as_the_manual_says() {
    use ecg_format::wfdb::{RawAnnotation, code, read_annotations, symbol, write_annotations};
    let list = [
        RawAnnotation { aux: Some("(AFIB".to_owned()), ..RawAnnotation::new(18, 28) },
        RawAnnotation { subtype: -1, channel: 1, number: 3, ..RawAnnotation::new(100_000, 5) },
        RawAnnotation { channel: 1, number: 3, ..RawAnnotation::new(101_023, 1) },
    ];
    let bytes = write_annotations(&list, None);
    #[rustfmt::skip]
    let expected = [
        18, 28 << 2,                                  // "+" 18 ticks after the start
        5, 63 << 2, b'(', b'A', b'F', b'I', b'B', 0,  // AUX of five bytes, filled to six
        0, 59 << 2, 1, 0, 0x8E, 0x86,                 // SKIP by 99,982 = 0x1868E, high word first
        0, 5 << 2, 0xFF, 61 << 2, 1, 62 << 2, 3, 60 << 2, // V, SUB -1, CHN 1, NUM 3
        0xFF, (1 << 2) | 3,                           // N 1,023 ticks later; CHN and NUM stay
        0, 0,
    ];
    assert_eq!(bytes, expected);
    assert_eq!(read_annotations(&bytes).unwrap().annotations, list);

    let all: Vec<RawAnnotation> = (1..=49u8)
        .map(|c| RawAnnotation {
            subtype: c.cast_signed() - 25,
            channel: c / 7,
            number: 20 - c.cast_signed() / 3,
            aux: (c % 4 == 0).then(|| format!("note {c} \u{5fc3}")),
            ..RawAnnotation::new(i64::from(c) * i64::from(c) * 7_001, c)
        })
        .collect();
    let bytes = write_annotations(&all, Some(1_000.0));
    let read = read_annotations(&bytes).unwrap();
    assert_eq!((read.ticks_per_second, &read.annotations), (Some(1_000.0), &all));
    for c in 1..=41u8 {
        assert!(symbol(c) == "[unassigned]" || code(symbol(c)) == Some(c), "{c}");
    }
}

#[test]
fn records_are_read_by_name() {
    let Some(root) = crate::samples::root() else { return };
    let load = |name: &str| std::fs::read(root.join(name));
    let record = ecg_format::read_named("mitdb/101", &["atr", "qrs"], load).unwrap();
    assert_eq!((record.leads.len(), record.annotations.len()), (2, 1_874));
    assert_eq!(ecg_format::read_named("mitdb/101.hea", &["atr"], load).unwrap(), record);
    // A folder of the record's own name does not stand in the way.
    let record = ecg_format::read_named("formats/wfdb/multi-segment/041s/041s", &[], load).unwrap();
    assert_eq!(record.sample_count(), 8_000);
    assert_eq!(ecg_format::read_named("formats/scp/Example.scp", &[], load).unwrap().leads.len(), 12);
    let error = ecg_format::read_named("mitdb/none", &[], load).unwrap_err();
    assert_eq!((error.code, error.file.as_deref()), ("missing_file", Some("mitdb/none.hea")));
    // The signal file of a segment lies outside the folder: refused, not fetched.
    let outside = |name: &str| match name {
        "x.hea" => Ok(b"x 1 250 3\n../etc/passwd 16 200 16 0 0 0 0 II\n".to_vec()),
        _ => panic!("{name} was asked for"),
    };
    let outside =
        |name: &str| if name == "x" { Err(std::io::ErrorKind::NotFound.into()) } else { outside(name) };
    assert_eq!(ecg_format::read_named("x", &[], outside).unwrap_err().code, "unsupported_feature");
}

/// Challenge files: a float count, a byte order mark, and a MATLAB matrix whose header the `.hea` does not skip.
#[test]
fn lenient_headers_and_matlab_matrices() {
    let mut matrix = Vec::new();
    for word in [30u32, 2, 3, 0, 4] {
        matrix.extend(word.to_le_bytes());
    }
    matrix.extend(b"val\0");
    for value in [1i16, -1, 2, -2, 3, -3] {
        matrix.extend(value.to_le_bytes());
    }
    for (offset, warnings) in [("+24", 0), ("", 1)] {
        let header = format!(
            "\u{feff}A1 2 500 3.0 12-Dec-2019 02:22:03\r\nA1.mat 16{offset} 1000/mV 16 0 1 6 0 I\r\n\
            A1.mat 16{offset} 1000/mV 16 0 -1 -6 0 II\r\n\r\n# Age: NaN\r\n#Sex: Female\r\n#Dx: 426783006\r\n"
        );
        let files = [
            ecg_format::SourceFile { name: "A1.hea", bytes: header.as_bytes() },
            ecg_format::SourceFile { name: "A1.mat", bytes: &matrix },
        ];
        let record = ecg_format::read(&files).unwrap();
        assert_eq!(record.leads[0].samples_uv, [1.0, 2.0, 3.0]);
        assert_eq!(record.leads[1].samples_uv, [-1.0, -2.0, -3.0]);
        assert_eq!(
            (record.warnings.len(), record.statements.as_slice()),
            (warnings, &["426783006".to_owned()][..])
        );
        assert_eq!(record.start.unwrap().to_string(), "2019-12-12T02:22:03");
    }
}
