//! Makes the starting inputs of the fuzz targets, in `fuzz/seeds`: one small made-up recording in every format,
//! `cargo run -p ecg-format --example fuzz_seeds`. Formats without a writer are composed here by hand.
#![allow(clippy::expect_used, clippy::print_stdout)] // a tool of the developers

use std::path::Path;

use ecg_format::write::{self, DicomIds, SignalFormat};
use ecg_format::{Recording, SourceFile, crc};

const IDS: DicomIds<'_> = DicomIds { study_uid: "2.25.1", series_uid: "2.25.2", instance_uid: "2.25.3" };

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let ecg = recording()?;
    let save = |target: &str, name: &str, bytes: &[u8]| -> std::io::Result<()> {
        std::fs::create_dir_all(folder.join(target))?;
        std::fs::write(folder.join(target).join(name), bytes)
    };
    for (name, bytes) in [
        ("scp", write::scp(&ecg)?),
        ("dicom", write::dicom(&ecg, IDS)?),
        ("aecg", write::aecg(&ecg, "00000000-0000-4000-8000-000000000000")?),
        ("edf", write::edf(&ecg)?),
        ("muse", MUSE.as_bytes().to_vec()),
        ("cardiosoft", CARDIOSOFT.as_bytes().to_vec()),
        ("philips", PHILIPS.as_bytes().to_vec()),
        ("mfer", mfer()),
        ("ishne", ishne()),
        ("contec", contec()),
    ] {
        ecg_format::read(&[SourceFile { name, bytes: &bytes }]).map_err(|e| format!("{name}: {e}"))?;
        save("read", name, &bytes)?;
    }
    for (name, format) in [
        ("f16", SignalFormat::Format16),
        ("f212", SignalFormat::Format212),
        ("f508", SignalFormat::Format508),
        ("f516", SignalFormat::Format516),
        ("f524", SignalFormat::Format524),
    ] {
        let files = match write::wfdb(&ecg, "r", format) {
            Ok(files) => files,
            Err(error) => {
                println!("{name} is left out: {error}");
                continue;
            }
        };
        let parts: Vec<&[u8]> = files.iter().map(|f| f.bytes.as_slice()).collect();
        save("wfdb", name, &join(&parts))?;
        if let Some(annotations) = files.iter().find(|f| f.name.ends_with(".atr")) {
            save("annotations", "beats", &annotations.bytes)?;
        }
    }
    for (format, bytes) in
        [(8, 1), (24, 3), (32, 4), (61, 2), (80, 1), (160, 2), (310, 2), (311, 2)].map(|(f, b)| (f, 60 * b))
    {
        let header = format!("r 1 250 30\nr.dat {format}+2 200(3)/mV 12 0 0 0 0 II\n# Age: 60 Sex: F\n");
        let data: Vec<u8> = (0..bytes).map(|i| u8::try_from(i * 37 % 256).unwrap_or(0)).collect();
        save("wfdb", &format!("f{format}"), &join(&[header.as_bytes(), &data]))?;
    }
    let segments = [
        b"r/3 2 250 90 10:00:00 01/02/2003\nl 0\n~ 30\ns 60\n".as_slice(),
        &[0x85; 62],
        b"l 2 250 0\n~ 0 200 12 0 0 0 0 II\n~ 0 200 12 0 0 0 0 V5\n",
        b"s 1 250 60\nr.dat 80x1:2 20/mV 8 0 0 0 0 V5\n",
    ];
    save("wfdb", "segments", &join(&segments))?;
    Ok(())
}

/// The container of the target `wfdb`: each part with its length in two bytes; see the target for their names.
fn join(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend(u16::try_from(part.len()).expect("seeds are small").to_le_bytes());
        out.extend_from_slice(part);
    }
    out
}

/// Three leads of half a second with everything that a writer knows.
fn recording() -> Result<Recording, ecg_format::ReadError> {
    let mut header = String::from("m 3 250 125 12:34:56.789 01/02/2003\n");
    for lead in ["I", "II", "V1"] {
        header.push_str(&format!("m.dat 16 400/mV 12 0 0 x 0 {lead}\n"));
    }
    header.push_str("# Age: 61\n# Sex: F\n# Dx: 426783006\n");
    let samples = (0..125i16).flat_map(|i| {
        let wave = if (40..50).contains(&(i % 100)) { (i % 100 - 45) * 10 } else { i % 5 };
        [wave, 2 * wave, -wave]
    });
    let data: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
    let marks = ecg_format::wfdb::write_annotations(
        &[
            ecg_format::wfdb::RawAnnotation {
                aux: Some("(AFIB".to_owned()),
                ..ecg_format::wfdb::RawAnnotation::new(1, 28)
            },
            ecg_format::wfdb::RawAnnotation {
                subtype: 1,
                channel: 1,
                number: 2,
                ..ecg_format::wfdb::RawAnnotation::new(45, 5)
            },
        ],
        None,
    );
    ecg_format::read(&[
        SourceFile { name: "m.hea", bytes: header.as_bytes() },
        SourceFile { name: "m.dat", bytes: &data },
        SourceFile { name: "m.atr", bytes: &marks },
    ])
}

const MUSE: &str = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><RestingECG><PatientDemographics>\
<PatientID>1</PatientID><PatientAge>40</PatientAge><AgeUnits>YEARS</AgeUnits></PatientDemographics>\
<RestingECGMeasurements><PRInterval>150</PRInterval></RestingECGMeasurements><Diagnosis><DiagnosisStatement>\
<StmtFlag>ENDSLINE</StmtFlag><StmtText>Sinus</StmtText></DiagnosisStatement></Diagnosis><QRSTimesTypes><QRS>\
<Number>1</Number><Type>0</Type><Time>4</Time></QRS></QRSTimesTypes><Waveform><WaveformType>Rhythm</WaveformType>\
<SampleBase>500</SampleBase><SampleExponent>0</SampleExponent><LeadData><LeadID>I</LeadID>\
<LeadSampleCountTotal>6</LeadSampleCountTotal><LeadAmplitudeUnitsPerBit>4.88</LeadAmplitudeUnitsPerBit>\
<LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits><LeadSampleSize>2</LeadSampleSize>\
<WaveFormData>AQACAAMABAAFAAYA</WaveFormData></LeadData><LeadData><LeadID>II</LeadID>\
<LeadAmplitudeUnitsPerBit>4.88</LeadAmplitudeUnitsPerBit><WaveFormData>AQACAAMABAAFAAYA</WaveFormData></LeadData>\
</Waveform></RestingECG>";

const CARDIOSOFT: &str = "<CardiologyXML><ObservationDateTime><Hour>1</Hour><Day>2</Day><Month>3</Month>\
<Year>2004</Year></ObservationDateTime><PatientInfo><PID>7</PID><Age units=\"years\">50</Age></PatientInfo>\
<Interpretation><Diagnosis><DiagnosisText>x</DiagnosisText></Diagnosis></Interpretation><StripData>\
<SampleRate units=\"Hz\">500</SampleRate><Resolution units=\"uVperLsb\">5</Resolution>\
<WaveformData lead=\"I\">1,2,,4</WaveformData><WaveformData lead=\"II\">4,3,2,1</WaveformData></StripData>\
<FullDisclosure><NumberOfChannels>2</NumberOfChannels><SampleRate>500</SampleRate><Resolution>5</Resolution>\
<LeadOrder>I,II</LeadOrder><FullDisclosureData>1,2,3,4</FullDisclosureData></FullDisclosure></CardiologyXML>";

const PHILIPS: &str = "<restingecgdata><documentinfo><documentversion>1.04</documentversion></documentinfo>\
<dataacquisition date=\"2020-01-02\" time=\"03:04:05\"><signalcharacteristics><samplingrate>500</samplingrate>\
<resolution>5</resolution><numberchannelsallocated>1</numberchannelsallocated></signalcharacteristics>\
</dataacquisition><waveforms><parsedwaveforms dataencoding=\"Base64\" compression=\"None\" durationperchannel=\"8\" \
numberofleads=\"1\" leadlabels=\"V1\">AQACAAMABAA=</parsedwaveforms></waveforms></restingecgdata>";

fn mfer() -> Vec<u8> {
    let mut out = b"@\x20".to_vec();
    out.extend(format!("{:<32}", "MFR").bytes());
    out.extend([1, 1, 1, 0x0B, 4, 1, 0xFD, 2, 0, 0x0C, 3, 0, 0xFA, 1, 4, 1, 4, 5, 1, 2, 6, 1, 1]);
    out.extend([0x3F, 0, 3, 9, 1, 1, 0x3F, 1, 3, 9, 1, 2, 0x81, 2, b'A', b'B', 0x1E, 16]);
    out.extend((0..8i16).flat_map(i16::to_le_bytes));
    out.extend([0x80, 0]);
    out
}

fn ishne() -> Vec<u8> {
    let mut out = vec![0u8; 522];
    for (at, value) in [
        (18, 522u16),
        (22, 522),
        (26, 1),
        (14, 4),
        (156, 2),
        (158, 5),
        (160, 6),
        (206, 2_500),
        (208, 2_500),
        (272, 200),
    ] {
        for (place, byte) in out.iter_mut().skip(at).zip(value.to_le_bytes()) {
            *place = byte;
        }
    }
    for (place, byte) in out.iter_mut().zip(b"ISHNE1.0") {
        *place = *byte;
    }
    let sum = crc::ccitt(out.get(10..).unwrap_or_default()).to_le_bytes();
    for (place, byte) in out.iter_mut().skip(8).zip(sum) {
        *place = byte;
    }
    out.extend((0..8i16).flat_map(i16::to_le_bytes));
    out
}

fn contec() -> Vec<u8> {
    let mut out = b"0000001\x00\x00\x002020-01-02 03:04:05\x00\x00\x00ABC".to_vec();
    out.resize(43, 0);
    out.extend((0..16u16).flat_map(|i| (2_040 + i).to_le_bytes()));
    out.extend([0; 37]);
    out
}
