//! SCP-ECG compressions for which no sample recording exists, by hand-built records.

use ecg_format::{SourceFile, crc};

fn section(id: u16, data: &[u8]) -> Vec<u8> {
    let mut body = id.to_le_bytes().to_vec();
    body.extend(u32::try_from(data.len() + 16).unwrap().to_le_bytes());
    body.extend([20, 20, 0, 0, 0, 0, 0, 0]);
    body.extend(data);
    let mut out = crc::ccitt(&body).to_le_bytes().to_vec();
    out.extend(body);
    out
}

fn record(sections: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut pointers = Vec::new();
    let mut rest = Vec::new();
    let mut pointer = |id: u16, length: usize, index: usize| {
        pointers.extend(id.to_le_bytes());
        pointers.extend(u32::try_from(length).unwrap().to_le_bytes());
        pointers.extend(u32::try_from(index).unwrap().to_le_bytes());
    };
    pointer(0, 136, 7);
    for id in 1..12u16 {
        match sections.iter().find(|s| s.0 == id) {
            Some((_, data)) => {
                let bytes = section(id, data);
                pointer(id, bytes.len(), 143 + rest.len());
                rest.extend(bytes);
            }
            None => pointer(id, 0, 0),
        }
    }
    let mut body = section(0, &pointers);
    body.extend(rest);
    let mut counted = u32::try_from(body.len() + 6).unwrap().to_le_bytes().to_vec();
    counted.extend(body);
    let mut file = crc::ccitt(&counted).to_le_bytes().to_vec();
    file.extend(counted);
    file
}

fn leads(flags: u8, samples: u32) -> Vec<u8> {
    let mut out = vec![1, flags];
    out.extend(1u32.to_le_bytes());
    out.extend(samples.to_le_bytes());
    out.push(2);
    out
}

/// 1 µV a unit, plain 16-bit words.
fn waveform(interval_us: u16, differences: u8, bimodal: u8, values: &[i16]) -> Vec<u8> {
    let mut out = 1_000u16.to_le_bytes().to_vec();
    out.extend(interval_us.to_le_bytes());
    out.extend([differences, bimodal]);
    out.extend(u16::try_from(values.len() * 2).unwrap().to_le_bytes());
    out.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    out
}

/// Reference beat length, fiducial, then beats (type, begin, fiducial, end) and protected zones.
fn beats(length_ms: u16, fiducial: u16, beats: &[(u16, [u32; 3])], zones: &[[u32; 2]]) -> Vec<u8> {
    let mut out = length_ms.to_le_bytes().to_vec();
    out.extend(fiducial.to_le_bytes());
    out.extend(u16::try_from(beats.len()).unwrap().to_le_bytes());
    for (kind, places) in beats {
        out.extend(kind.to_le_bytes());
        out.extend(places.iter().flat_map(|p| p.to_le_bytes()));
    }
    out.extend(zones.iter().flatten().flat_map(|p| p.to_le_bytes()));
    out
}

fn read(bytes: &[u8]) -> ecg_format::Recording {
    ecg_format::read(&[SourceFile { name: "hand.scp", bytes }]).unwrap()
}

#[test]
fn reference_beat_is_added_back_around_each_fiducial() {
    // A beat of four samples (8 ms at 2 ms) with the fiducial at its second sample.
    let file = record(&[
        (3, leads(0b101, 12)),
        (4, beats(8, 2, &[(0, [2, 3, 5]), (1, [6, 7, 8]), (0, [9, 9, 10])], &[])),
        (5, waveform(2_000, 0, 0, &[10, 20, 30, 40])),
        (6, waveform(2_000, 0, 0, &[1; 12])),
    ]);
    let ecg = read(&file);
    // First beat: samples 2 to 5 get the whole beat; the beat of type 1 is not subtracted; the last one
    // starts at its fiducial and gets samples two and three of the beat.
    let expected = [1.0, 11.0, 21.0, 31.0, 41.0, 1.0, 1.0, 1.0, 21.0, 31.0, 1.0, 1.0];
    assert_eq!(ecg.lead("II").unwrap().samples_uv, expected);
    assert_eq!((ecg.sample_rate_hz, ecg.warnings.len()), (500.0, 0));
    assert_eq!(ecg.median.unwrap().leads[0].samples_uv, [10.0, 20.0, 30.0, 40.0]);
    let without = record(&[(3, leads(0b101, 12)), (6, waveform(2_000, 0, 0, &[1; 12]))]);
    assert_eq!(ecg_format::read(&[SourceFile { name: "x", bytes: &without }]).unwrap_err().code, "damaged");
}

#[test]
fn bimodal_data_keep_the_protected_zone_and_interpolate_elsewhere() {
    // 500 Hz in the zone of samples 9 to 12, one value for four samples elsewhere (section 6 at 125 Hz).
    let file = record(&[
        (3, leads(0b100, 16)),
        (4, beats(8, 2, &[(0, [9, 10, 12])], &[[9, 12]])),
        (5, waveform(2_000, 0, 0, &[0; 4])),
        (6, waveform(8_000, 0, 1, &[0, 40, 7, -7, 5, -5, 100])),
    ]);
    let ecg = read(&file);
    assert_eq!((ecg.sample_rate_hz, ecg.sample_count()), (500.0, 16));
    let samples = &ecg.lead("II").unwrap().samples_uv;
    // Block centres lie between the second and third of four samples: 0 at 1.5 and 40 at 5.5, ten a sample.
    assert_eq!(samples[..8], [0.0, 0.0, 5.0, 15.0, 25.0, 35.0, 40.0, 40.0]);
    assert_eq!(samples[8..12], [7.0, -7.0, 5.0, -5.0]);
    assert_eq!(samples[12..], [100.0; 4]);
}

#[test]
fn first_and_second_differences() {
    for (differences, values) in [(1, [5i16, 1, -2, 10]), (2, [5, 6, -3, 13])] {
        let file = record(&[(3, leads(0b100, 4)), (6, waveform(2_000, differences, 0, &values))]);
        // First: 5, 5+1, 6-2, 4+10. Second: 5, 6, -3+12-5, 13+8-6.
        let expected = if differences == 1 { [5.0, 6.0, 4.0, 14.0] } else { [5.0, 6.0, 4.0, 15.0] };
        assert_eq!(read(&file).lead("II").unwrap().samples_uv, expected);
    }
}

#[test]
fn wrong_checksums_and_overlaps_are_told() {
    let mut file = record(&[(3, leads(0b100, 4)), (6, waveform(2_000, 0, 0, &[1, 2, 3, 4]))]);
    let last = file.len() - 1;
    file[last] ^= 0x01;
    let ecg = read(&file);
    assert_eq!(ecg.warnings.iter().filter(|w| w.code == "checksum_mismatch").count(), 2);
    // Point section 6 into section 3.
    let mut overlap = record(&[(3, leads(0b100, 4)), (6, waveform(2_000, 0, 0, &[1, 2, 3, 4]))]);
    let third = overlap[22 + 36..22 + 40].to_vec();
    overlap[22 + 66..22 + 70].copy_from_slice(&third);
    assert_eq!(ecg_format::read(&[SourceFile { name: "x", bytes: &overlap }]).unwrap_err().code, "damaged");
}
