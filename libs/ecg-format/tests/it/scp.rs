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

pub fn record(sections: &[(u16, Vec<u8>)]) -> Vec<u8> {
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
pub fn beats(length_ms: u16, fiducial: u16, beats: &[(u16, [u32; 3])], zones: &[[u32; 2]]) -> Vec<u8> {
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

/// How the samples of a made record are coded.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Coding {
    Plain,
    DefaultTable,
    TwoTables,
}

/// Code structure of section 2: prefix bits, all bits, mode, value, and the prefix with its first bit lowest.
fn code(prefix: &str, all_bits: u8, mode: u8, value: i16) -> Vec<u8> {
    let mut out = vec![u8::try_from(prefix.len()).unwrap(), all_bits, mode];
    out.extend(value.to_le_bytes());
    let reversed: String = prefix.chars().rev().collect();
    out.extend(u32::from_str_radix(&reversed, 2).unwrap().to_le_bytes());
    out
}

/// Table 1 holds -1, 0 and 1 and a switch to table 2, which holds bytes, words and the switch back.
fn two_tables() -> Vec<u8> {
    let mut out = 2u16.to_le_bytes().to_vec();
    out.extend(4u16.to_le_bytes());
    out.extend(
        [code("0", 1, 1, 0), code("10", 2, 1, 1), code("110", 3, 1, -1), code("111", 3, 0, 2)].concat(),
    );
    out.extend(3u16.to_le_bytes());
    out.extend([code("0", 9, 1, 0), code("10", 18, 1, 0), code("11", 2, 0, 1)].concat());
    out
}

fn coded(coding: Coding, values: &[i16]) -> Vec<u8> {
    let mut bits = String::new();
    for value in values {
        let (byte, word) = (value.to_le_bytes()[0], value.cast_unsigned());
        let small = (-128..128).contains(value);
        match coding {
            Coding::Plain => {}
            Coding::DefaultTable => match value.unsigned_abs() {
                0 => bits.push('0'),
                // EN 1064 annex C: as many ones as the value, a zero, the sign.
                ones @ 1..=8 => {
                    bits.push_str(&"1".repeat(usize::from(ones)));
                    bits.push_str(if *value < 0 { "01" } else { "00" });
                }
                _ if small => bits.push_str(&format!("1111111110{byte:08b}")),
                _ => bits.push_str(&format!("1111111111{word:016b}")),
            },
            Coding::TwoTables => match value {
                0 => bits.push('0'),
                1 => bits.push_str("10"),
                -1 => bits.push_str("110"),
                _ if small => bits.push_str(&format!("1110{byte:08b}11")),
                _ => bits.push_str(&format!("11110{word:016b}11")),
            },
        }
    }
    if coding == Coding::Plain {
        return values.iter().flat_map(|v| v.to_le_bytes()).collect();
    }
    while !bits.len().is_multiple_of(16) {
        bits.push('1');
    }
    let byte = |c: &[u8]| u8::from_str_radix(std::str::from_utf8(c).unwrap(), 2).unwrap();
    bits.as_bytes().chunks(8).map(byte).collect()
}

fn differences(order: u8, values: &[i16]) -> Vec<i16> {
    let (mut before, mut last) = (0, 0);
    let mut out = Vec::new();
    for (index, value) in values.iter().enumerate() {
        out.push(match (order, index) {
            (1, 1..) => value - last,
            (2, 2..) => value - 2 * last + before,
            _ => *value,
        });
        (before, last) = (last, *value);
    }
    out
}

fn coded_section(interval_us: u16, bimodal: u8, order: u8, coding: Coding, leads: &[Vec<i16>]) -> Vec<u8> {
    let mut out = 1_000u16.to_le_bytes().to_vec();
    out.extend(interval_us.to_le_bytes());
    out.extend([order, bimodal]);
    let parts: Vec<Vec<u8>> = leads.iter().map(|l| coded(coding, &differences(order, l))).collect();
    for part in &parts {
        out.extend(u16::try_from(part.len()).unwrap().to_le_bytes());
    }
    out.extend(parts.concat());
    out
}

/// Every table, every difference coding, with and without reference beat and bimodal compression: all eight leads
/// come back as they were, in bimodal records within the protected zones and by blocks elsewhere.
#[test]
fn every_compression_returns_the_signal() {
    const COUNT: usize = 1_000;
    let beat: Vec<i16> =
        (0..100i16).map(|i| if (40..60).contains(&i) { (50 - i) * 60 } else { i % 7 }).collect();
    let places: Vec<u32> = (0..4).map(|k| 120 + 230 * k).collect();
    for coding in [Coding::Plain, Coding::DefaultTable, Coding::TwoTables] {
        for order in 0..=2u8 {
            for (subtract, bimodal) in [(false, false), (true, false), (true, true)] {
                let what = format!("{coding:?}, differences {order}, {subtract} {bimodal}");
                let signal = |lead: i16| -> Vec<i16> {
                    let mut state = 12_345u32 + u32::try_from(lead).unwrap();
                    (0..COUNT)
                        .map(|_| {
                            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                            i16::try_from((state >> 16) % 13).unwrap() * (lead + 1) - 6
                        })
                        .collect()
                };
                let residual: Vec<Vec<i16>> = (0..8).map(signal).collect();
                // The fiducial is the 50th sample of the beat; subtraction covers its samples 31 to 70.
                let whole: Vec<Vec<i16>> = residual
                    .iter()
                    .map(|lead| {
                        let mut out = lead.clone();
                        for place in places.iter().filter(|_| subtract) {
                            for inner in 31..=70usize {
                                out[usize::try_from(*place).unwrap() - 50 + inner - 1] += beat[inner - 1];
                            }
                        }
                        out
                    })
                    .collect();
                let mut section3 = vec![8, u8::from(subtract) | 0x04 | (8 << 3)];
                for id in [1u8, 2, 3, 4, 5, 6, 7, 8] {
                    section3.extend(1u32.to_le_bytes());
                    section3.extend(u32::try_from(COUNT).unwrap().to_le_bytes());
                    section3.push(id);
                }
                let zones: Vec<[u32; 2]> = places.iter().map(|p| [p - 30, p + 29]).collect();
                let kept =
                    |i: usize| zones.iter().any(|z| (z[0]..=z[1]).contains(&u32::try_from(i + 1).unwrap()));
                let mut stored = residual.clone();
                if bimodal {
                    for lead in &mut stored {
                        let mut thin = Vec::new();
                        let mut i = 0;
                        while i < COUNT {
                            let run = (i..COUNT).take_while(|j| kept(*j) == kept(i)).count();
                            if kept(i) {
                                thin.extend(&lead[i..i + run]);
                            } else {
                                thin.extend(lead[i..i + run].chunks(4).map(|block| block[0]));
                            }
                            i += run;
                        }
                        *lead = thin;
                    }
                }
                let subtracted: Vec<(u16, [u32; 3])> =
                    places.iter().map(|p| (0, [p - 19, *p, p + 20])).collect();
                let mut sections = vec![
                    (3, section3),
                    (4, beats(200, 50, &subtracted, &zones)),
                    (5, coded_section(2_000, 0, order, coding, &vec![beat.clone(); 8])),
                    (
                        6,
                        coded_section(
                            if bimodal { 8_000 } else { 2_000 },
                            u8::from(bimodal),
                            order,
                            coding,
                            &stored,
                        ),
                    ),
                ];
                match coding {
                    Coding::Plain => {}
                    Coding::DefaultTable => sections.push((2, 19_999u16.to_le_bytes().to_vec())),
                    Coding::TwoTables => sections.push((2, two_tables())),
                }
                let ecg = read(&record(&sections));
                assert_eq!(
                    (ecg.sample_rate_hz, ecg.sample_count(), ecg.leads.len()),
                    (500.0, COUNT, 8),
                    "{what}"
                );
                assert_eq!(ecg.warnings, [], "{what}");
                for (lead, expected) in ecg.leads.iter().zip(&whole) {
                    for (i, value) in expected.iter().enumerate() {
                        if !bimodal || kept(i) {
                            assert_eq!(
                                lead.samples_uv[i],
                                f32::from(*value),
                                "{what}, {} at {i}",
                                lead.label
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_section_2_without_tables_means_plain_samples() {
    let file = record(&[
        (2, 0u16.to_le_bytes().to_vec()),
        (3, leads(0b100, 4)),
        (6, waveform(2_000, 0, 0, &[1, 2, 3, 4])),
    ]);
    let ecg = read(&file);
    assert_eq!(ecg.lead("II").unwrap().samples_uv, [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(ecg.warnings[0].code, "vendor_deviation");
}
