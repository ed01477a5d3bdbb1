//! EDF, ISHNE, MFER, Philips and Contec.

use ecg_format::{Sex, SourceFile, crc};

use crate::samples::{missing, read, recording, root, sum_uv};

/// Sums of the raw samples by NumPy; the physical range is ±1000 µV over 65536 steps.
#[test]
fn edf_signals_and_start() {
    let Some(edf) = recording(&["formats/edf/test_generator_2.edf"]) else { return };
    assert_eq!((edf.sample_rate_hz, edf.sample_count()), (200.0, 120_000));
    assert_eq!(edf.start.unwrap().to_string(), "2009-12-10T12:44:02");
    let scale = 2_000.0 / 65_535.0;
    let offset = -1_000.0 + 32_768.0 * scale;
    for (label, digits, first) in
        [("ramp", -1_965_600.0, -3_276.0), ("noise", 194_629_042.0, 2_752.0), ("sine 50 Hz", 0.0, 3_276.0)]
    {
        let lead = edf.lead(label).unwrap();
        let sum: f64 = lead.samples_uv.iter().map(|v| f64::from(*v)).sum();
        assert!((sum - (digits * scale + 120_000.0 * offset)).abs() < 0.5, "{label}: {sum}");
        assert!((f64::from(lead.samples_uv[0]) - (first * scale + offset)).abs() < 1e-4);
    }
    // Two signals whose unit is an unreadable degree sign are left out.
    assert_eq!(edf.warnings.iter().filter(|w| w.code == "signal_not_ecg").count(), 2);
    assert!(!edf.annotations.is_empty());
    let error = read(&["formats/edf/test_edfann.edf"]).unwrap().unwrap_err();
    assert_eq!(error.code, "no_ecg_leads");
}

/// EDF+D by hand: two records of 1 s at 4 Hz, the second starting at 3 s, with one annotation.
#[test]
fn edf_plus_discontinuous() {
    let field = |text: &str, len: usize| format!("{text:<len$}");
    let mut file = String::new();
    for (text, len) in [
        ("0", 8),
        ("P7 F 02-MAR-1951 Zhang_San", 80),
        ("Startdate 05-JUN-2024 X tech ECG_9", 80),
        ("05.06.24", 8),
        ("10.20.30", 8),
        ("768", 8),
        ("EDF+D", 44),
        ("2", 8),
        ("1", 8),
        ("2", 4),
    ] {
        file += &field(text, len);
    }
    for (pair, len) in [
        (["ECG II", "EDF Annotations"], 16),
        (["", ""], 80),
        (["mV", ""], 8),
        (["-5", "-1"], 8),
        (["5", "1"], 8),
        (["-1000", "-32768"], 8),
        (["1000", "32767"], 8),
        (["HP:0.05Hz LP:150Hz N:50Hz", ""], 80),
        (["4", "16"], 8),
        (["", ""], 32),
    ] {
        file += &field(pair[0], len);
        file += &field(pair[1], len);
    }
    let mut bytes = file.into_bytes();
    assert_eq!(bytes.len(), 768);
    for (samples, list) in [
        ([1i16, 2, 3, 4], "+0\x14\x14\0+0.5\x15 1.5\x14房早\x14\0".replace(' ', "")),
        ([5, 6, 7, 8], "+3\x14\x14\0".to_owned()),
    ] {
        bytes.extend(samples.iter().flat_map(|v| v.to_le_bytes()));
        let mut list = list.into_bytes();
        list.resize(32, 0);
        bytes.extend(list);
    }
    let edf = ecg_format::read(&[SourceFile { name: "x.edf", bytes: &bytes }]).unwrap();
    let lead = edf.lead("II").unwrap();
    // 10 mV over 2000 steps: 5 µV a step.
    assert!((lead.resolution_uv - 5.0).abs() < 1e-12);
    assert_eq!(lead.samples_uv[..4], [5.0, 10.0, 15.0, 20.0]);
    assert!(lead.samples_uv[4..12].iter().all(|v| v.is_nan()));
    assert_eq!(lead.samples_uv[12..], [25.0, 30.0, 35.0, 40.0]);
    let mark = &edf.annotations[0];
    assert_eq!((mark.sample, mark.end_sample, mark.text.as_deref()), (2, Some(8), Some("房早")));
    assert_eq!((edf.patient.id.as_deref(), edf.patient.name.as_deref()), (Some("P7"), Some("Zhang San")));
    assert_eq!(
        (edf.patient.sex, edf.patient.birth_date.unwrap().to_string().as_str()),
        (Some(Sex::Female), "1951-03-02")
    );
    assert_eq!(
        (edf.filters.high_pass_hz, edf.filters.low_pass_hz, edf.filters.notch_hz),
        (Some(0.05), Some(150.0), Some(50.0))
    );
    assert_eq!(edf.start.unwrap().to_string(), "2024-06-05T10:20:30");
}

/// NumPy over the blocks of the file: 2 µV a unit, 0x8000 missing, 250 Hz, 12 sequences of 60 s.
#[test]
fn mfer_monitoring_record() {
    let Some(mfer) = recording(&["formats/mfer/test-file.MWF"]) else { return };
    assert_eq!((mfer.sample_rate_hz, mfer.leads.len(), mfer.sample_count()), (250.0, 2, 180_000));
    for (label, sum, first) in [("II", -43_136.0, [36.0, 30.0, 16.0]), ("V5", -59_118.0, [82.0, 60.0, 36.0])]
    {
        let lead = mfer.lead(label).unwrap();
        assert_eq!(missing(lead), 1_663);
        assert!((sum_uv(lead) - sum * 2.0).abs() < 1e-6, "{label}");
        assert_eq!(lead.samples_uv[..3], first);
    }
    assert_eq!(mfer.patient.id.as_deref(), Some("12345"));
    assert_eq!(mfer.patient.name.as_deref(), Some("TRWRU"));
    assert_eq!(mfer.start.unwrap().to_string(), "2019-06-19T13:20:00");
    assert_eq!(mfer.device.manufacturer.as_deref(), Some("NIHON KOHDEN"));
}

/// Sums by the Python package sierraecg 0.4.0 over both versions of the format.
#[test]
fn philips_sierra() {
    let Some(old) = recording(&["formats/philips/129DYPRG.XML"]) else { return };
    let new = recording(&["formats/philips/ad4d3d80-d165_1-04_orig.xml"]).unwrap();
    for (ecg, expected) in [
        (
            &old,
            [20_815, 21_762, 21_953, 20_324, 18_160, 20_223, 20_708, 22_348, 22_033, 21_864, 21_472, 21_359],
        ),
        (
            &new,
            [
                53_492, 87_550, 52_680, -29_894, 19_203, 69_430, -367_857, 1_541_337, -9_912_933, 776_864,
                -54_635, 184_009,
            ],
        ),
    ] {
        assert_eq!((ecg.sample_rate_hz, ecg.sample_count(), ecg.leads.len()), (500.0, 5_500, 12));
        for (lead, (label, sum)) in
            ecg.leads.iter().zip(ecg_format::model::STANDARD_TWELVE.iter().zip(expected))
        {
            assert_eq!(lead.label, *label);
            assert!((sum_uv(lead) - f64::from(sum) * 5.0).abs() < 1e-6, "{label}");
        }
    }
    for (code, value) in [
        ("ventricular_rate", 41.0),
        ("pr_interval", 144.0),
        ("qrs_duration", 102.0),
        ("qt_interval", 564.0),
        ("qtc_bazett", 466.0),
        ("t_axis", 53.0),
    ] {
        assert_eq!(new.measurement(code).map(|m| m.value), Some(value), "{code}");
    }
    assert_eq!(new.patient.birth_date.unwrap().to_string(), "1976-01-01");
    assert_eq!(new.patient.name, None);
    assert_eq!(new.statements[0], "SINUS BRADYCARDIA | V-rate<60");
    assert_eq!(new.median.as_ref().unwrap().leads[0].samples_uv.len(), 1_200);
    assert_eq!(old.patient.age_years, Some(50.0));
    assert_eq!(old.measurement("pr_interval").map(|m| m.value), Some(151.0));
    assert_eq!(old.statements[0].split(" | ").next(), Some("Sinus bradycardia"));
}

/// The comma-separated file beside the sample is the device owner's own export in units of 5 µV.
#[test]
fn contec_against_its_export() {
    let Some(contec) = recording(&["formats/contec/0000050.ECG"]) else { return };
    assert_eq!((contec.sample_rate_hz, contec.sample_count()), (800.0, 37_855));
    let csv = std::fs::read_to_string(root().unwrap().join("formats/contec/0000050.ECG.csv")).unwrap();
    let labels: Vec<&str> = contec.leads.iter().map(|l| l.label.as_str()).collect();
    assert_eq!(labels, ["I", "II", "III", "aVR", "aVL", "aVF"]);
    for (index, line) in csv.lines().enumerate() {
        for (lead, text) in contec.leads.iter().zip(line.split(',')).take(3) {
            let units: f32 = text.parse().unwrap();
            assert_eq!(lead.samples_uv[index], units * 5.0, "line {index} {}", lead.label);
        }
        // The export truncates the augmented leads to whole units.
        for (lead, text) in contec.leads.iter().zip(line.split(',')).skip(3) {
            let units: f32 = text.parse().unwrap();
            assert!((lead.samples_uv[index] - units * 5.0).abs() <= 5.0, "line {index} {}", lead.label);
        }
    }
    assert_eq!(contec.start.unwrap().to_string(), "2020-11-16T21:44:39");
    assert_eq!(contec.warnings.iter().filter(|w| w.code == "lead_missing").count(), 6);
}

/// An ISHNE file by the offsets of the standard: two leads, 200 Hz, 3 samples, and its beats.
#[test]
fn ishne_by_hand() {
    let mut bytes = vec![0u8; 522];
    let mut put = |at: usize, data: &[u8]| bytes[at..at + data.len()].copy_from_slice(data);
    put(0, b"ISHNE1.0");
    put(14, &3i32.to_le_bytes());
    put(18, &522i32.to_le_bytes());
    put(22, &522i32.to_le_bytes());
    put(26, &1i16.to_le_bytes());
    put(28, b"San");
    put(68, b"Zhang");
    put(108, b"H-17");
    put(128, &2i16.to_le_bytes());
    for (at, parts) in [(132, [9i16, 5, 1953]), (138, [1, 2, 2024]), (150, [8, 30, 15])] {
        for (index, part) in parts.into_iter().enumerate() {
            put(at + index * 2, &part.to_le_bytes());
        }
    }
    put(156, &2i16.to_le_bytes());
    put(158, &6i16.to_le_bytes());
    put(160, &11i16.to_le_bytes());
    put(206, &2_500i16.to_le_bytes());
    put(208, &1_000i16.to_le_bytes());
    put(232, b"HolterBox");
    put(272, &200i16.to_le_bytes());
    let sum = crc::ccitt(&bytes[10..522]);
    bytes[8..10].copy_from_slice(&sum.to_le_bytes());
    for value in [1i16, -1, 2, -2, 3, -3] {
        bytes.extend(value.to_le_bytes());
    }
    let mut beats = bytes[..522].to_vec();
    beats[..8].copy_from_slice(b"ANN  1.0");
    beats.extend(1u32.to_le_bytes());
    for (label, distance) in [(b'N', 0u16), (b'V', 1), (b'!', 1), (b'C', 0)] {
        beats.extend([label, 0]);
        beats.extend(distance.to_le_bytes());
    }
    let files = [SourceFile { name: "a.ecg", bytes: &bytes }, SourceFile { name: "a.ann", bytes: &beats }];
    let ecg = ecg_format::read(&files).unwrap();
    assert_eq!(ecg.warnings, []);
    assert_eq!((ecg.sample_rate_hz, ecg.start.unwrap().to_string().as_str()), (200.0, "2024-02-01T08:30:15"));
    assert_eq!(ecg.lead("II").unwrap().samples_uv, [2.5, 5.0, 7.5]);
    assert_eq!(ecg.lead("V1").unwrap().samples_uv, [-1.0, -2.0, -3.0]);
    assert_eq!((ecg.patient.name.as_deref(), ecg.patient.sex), (Some("Zhang San"), Some(Sex::Female)));
    let marks: Vec<(u64, &str)> = ecg.annotations.iter().map(|a| (a.sample, a.symbol.as_ref())).collect();
    assert_eq!(marks, [(1, "N"), (2, "V"), (3, "\"")]);
    let cut = [SourceFile { name: "a.ecg", bytes: &bytes[..bytes.len() - 2] }];
    assert_eq!(ecg_format::read(&cut).unwrap_err().code, "truncated");
}

/// Element names, units and conventions as in the reader of `CardiologyXML` that the UK Biobank's users publish;
/// the values are made up.
#[test]
fn cardiosoft_resting_and_exercise() {
    let samples = |factor: i32| (0..10).map(|i| (i * factor).to_string()).collect::<Vec<_>>().join(",");
    let waves = |names: &[&str]| {
        let one = |(i, name): (usize, &&str)| {
            format!(
                "<WaveformData lead=\"{name}\">\n\t\t{},\n</WaveformData>",
                samples(i32::try_from(i).unwrap() - 1)
            )
        };
        names.iter().enumerate().map(one).collect::<String>()
    };
    let head = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><!DOCTYPE CardiologyXML><CardiologyXML>\
        <ObservationType>RestECG</ObservationType><ObservationDateTime><Hour>12</Hour><Minute>39</Minute>\
        <Second>11</Second><Day>19</Day><Month>10</Month><Year>2019</Year></ObservationDateTime>\
        <ClinicalInfo><DeviceInfo><Desc>CardioSoft</Desc><SoftwareVer>V6.73</SoftwareVer>\
        <AnalysisVer>12SL V21</AnalysisVer></DeviceInfo></ClinicalInfo>\
        <PatientInfo><PID>157</PID><Name><FamilyName>M\u{fc}ller</FamilyName><GivenName>A</GivenName></Name>\
        <Age units=\"years\">53</Age><BirthDateTime><Day>1</Day><Month>1</Month><Year>1966</Year></BirthDateTime>\
        <Gender>FEMALE</Gender><Height units=\"cm\">175</Height><Weight units=\"kg\">75.0</Weight></PatientInfo>\
        <FilterSetting><CubicSpline>No</CubicSpline><Filter50Hz>Yes</Filter50Hz><Filter60Hz>No</Filter60Hz>\
        <LowPass units=\"Hz\">100</LowPass><HighPass units=\"Hz\">0.01</HighPass></FilterSetting>\
        <Interpretation><Diagnosis><DiagnosisText>Normal sinus rhythm</DiagnosisText></Diagnosis>\
        <Conclusion><ConclusionText>Normal sinus rhythm</ConclusionText><ConclusionText>Normal ECG</ConclusionText>\
        </Conclusion></Interpretation>";
    let scale = "<SampleRate units=\"Hz\">500</SampleRate><Resolution units=\"uVperLsb\">5</Resolution>";
    let rest = format!(
        "{head}<RestingECGMeasurements><PQInterval units=\"ms\">140</PQInterval><RAxis units=\"degree\">83</RAxis>\
        <MeasurementTable><LeadOrder>I, II</LeadOrder><QAmplitude units=\"uV\">, 43</QAmplitude></MeasurementTable>\
        <MedianSamples>{scale}{}</MedianSamples></RestingECGMeasurements>\
        <StripData>{scale}<ChannelSampleCountTotal>10</ChannelSampleCountTotal>{}<ArrhythmiaResults>\
        <Time units=\"ms\">8</Time><BeatClass>dominant</BeatClass></ArrhythmiaResults></StripData></CardiologyXML>",
        waves(&["I", "II"]),
        waves(&["I", "II", "V1"]),
    );
    let latin: Vec<u8> = rest.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let ecg = ecg_format::read(&[SourceFile { name: "a.xml", bytes: &latin }]).unwrap();
    assert_eq!(ecg.format, ecg_format::Format::CardiosoftXml);
    assert_eq!(ecg.start.unwrap().to_string(), "2019-10-19T12:39:11");
    assert_eq!(ecg.patient.name.as_deref(), Some("M\u{fc}ller A"));
    assert_eq!((ecg.patient.age_years, ecg.patient.sex), (Some(53.0), Some(ecg_format::Sex::Female)));
    assert_eq!((ecg.filters.notch_hz, ecg.filters.high_pass_hz), (Some(50.0), Some(0.01)));
    assert_eq!(ecg.statements, ["Normal sinus rhythm", "Normal ECG"]);
    assert_eq!(ecg.measurement("pr_interval").map(|m| m.value), Some(140.0));
    assert_eq!(ecg.measurements.last().map(|m| (m.lead.as_deref(), m.value)), Some((Some("II"), 43.0)));
    // I counts down by 5 uV, II is zero, so III = II - I counts up.
    assert_eq!(ecg.lead("I").unwrap().samples_uv[..3], [0.0, -5.0, -10.0]);
    assert_eq!(ecg.lead("III").unwrap().samples_uv[..3], [0.0, 5.0, 10.0]);
    assert_eq!((ecg.sample_count(), ecg.leads.len()), (10, 7));
    assert_eq!(ecg.median.as_ref().map(|m| m.leads.len()), Some(2));
    assert_eq!((ecg.annotations[0].sample, ecg.annotations[0].text.as_deref()), (4, Some("dominant")));

    let exercise = format!(
        "<CardiologyXML><ObservationType>BikeECG</ObservationType><StripData>{scale}<Strip idx=\"0\">{}</Strip>\
        </StripData><FullDisclosure><NumberOfChannels>3</NumberOfChannels>{scale}<LeadOrder>I,2,3</LeadOrder>\
        <FullDisclosureData>1,2,3,4,,6,7</FullDisclosureData></FullDisclosure></CardiologyXML>",
        waves(&["I", "II"]),
    );
    let ecg = ecg_format::read(&[SourceFile { name: "b.xml", bytes: exercise.as_bytes() }]).unwrap();
    assert_eq!((ecg.leads.len(), ecg.leads[0].label.as_str()), (3, "I"));
    assert_eq!(
        (ecg.leads[0].samples_uv.as_slice(), ecg.leads[1].samples_uv[1].is_nan()),
        (&[5.0, 20.0][..], true)
    );
    let short = rest.replace("Total>10<", "Total>11<");
    let error = ecg_format::read(&[SourceFile { name: "c.xml", bytes: short.as_bytes() }]).unwrap_err();
    assert!(
        error.code == "damaged" && error.offset.is_some() && error.detail.contains("11 samples"),
        "{error}"
    );
}
