//! SCP-ECG writer: sections 0, 1, 2 (default Huffman table), 3, 6 (second differences), 7 and 8.

use super::{WriteError, digitise, refuse};
use crate::crc;
use crate::labels::scp_lead;
use crate::model::{Recording, Sex};
use crate::num::{round_i32, round_usize};

/// Writes an SCP-ECG record. Left out: median beats, annotations, measurements of single leads, leads that the
/// standard has no number for; missing samples repeat the one before. All leads share one resolution of whole
/// nanovolts: the finest lead's own, else the finest at which every value fits 16 bits.
///
/// # Errors
/// `too_long` when the coded samples of a lead pass 65,535 bytes, `rate_not_expressible` when the sample
/// interval is no whole number of microseconds (360 Hz), `value_out_of_range` beyond ±2.1 V, `too_many_leads`
/// without a lead that can be written.
pub fn scp(recording: &Recording) -> Result<Vec<u8>, WriteError> {
    let interval = 1_000_000.0 / recording.sample_rate_hz;
    let interval_us = round_usize(interval)
        .filter(|us| (interval - crate::num::from_usize(*us)).abs() < 1e-6)
        .and_then(|us| u16::try_from(us).ok())
        .ok_or_else(|| refuse("rate_not_expressible", format!("{} Hz", recording.sample_rate_hz)))?;
    let leads: Vec<(u8, &crate::Lead)> = recording
        .leads
        .iter()
        .filter_map(|lead| {
            let id = (1..=70u8).find(|id| scp_lead(u32::from(*id)) == Some(lead.label.as_str()))?;
            Some((id, lead))
        })
        .take(255)
        .collect();
    let Some((_, first)) = leads.first() else {
        return Err(refuse("too_many_leads", "no lead has an SCP-ECG number"));
    };
    // One resolution serves all leads: the finest of them.
    let unit_uv = leads.iter().map(|(_, lead)| digitise(lead, 32_767).unit_uv).fold(f64::INFINITY, f64::min);
    let peak_uv = leads.iter().map(|(_, lead)| super::peak_uv(lead)).fold(0.0, f64::max);
    let smallest_nv = (peak_uv * 1_000.0 / 32_767.0).ceil().max(1.0);
    let exact_nv = (unit_uv * 1_000.0).round();
    let is_whole = exact_nv >= smallest_nv && (unit_uv * 1_000.0 - exact_nv).abs() < 1e-6;
    let nanovolts = round_usize(if is_whole { exact_nv } else { smallest_nv })
        .and_then(|nv| u16::try_from(nv).ok())
        .ok_or_else(|| refuse("value_out_of_range", format!("values up to {peak_uv} µV")))?;
    let unit_uv = f64::from(nanovolts) / 1_000.0;
    let count = first.samples_uv.len();
    let end = u32::try_from(count).map_err(|_| refuse("too_long", format!("{count} samples")))?;

    let lead_count = u8::try_from(leads.len()).unwrap_or(u8::MAX);
    let mut section3 = vec![lead_count, 0x04 | (lead_count.min(31) << 3)];
    let units: Vec<Vec<i32>> = leads.iter().map(|(_, lead)| whole_units(&lead.samples_uv, unit_uv)).collect();
    // Codes hold 16 bits; second differences of extreme jumps need more, plain samples never do.
    let differences: u8 =
        if units.iter().all(|u| second_differences(u).all(|d| i16::try_from(d).is_ok())) { 2 } else { 0 };
    let mut coded = Vec::new();
    for ((id, lead), units) in leads.iter().zip(&units) {
        section3.extend(1u32.to_le_bytes());
        section3.extend(end.to_le_bytes());
        section3.push(*id);
        let bytes = match differences {
            2 => encode(second_differences(units)),
            _ => encode(units.iter().copied()),
        };
        if bytes.len() > 65_534 {
            return Err(refuse("too_long", format!("lead {} takes {} bytes", lead.label, bytes.len())));
        }
        coded.push(bytes);
    }
    let mut section6 = Vec::new();
    section6.extend(nanovolts.to_le_bytes());
    section6.extend(interval_us.to_le_bytes());
    section6.extend([differences, 0]);
    for bytes in &coded {
        section6.extend(u16::try_from(bytes.len()).unwrap_or(0).to_le_bytes());
    }
    section6.extend(coded.concat());
    let sections: [(u16, Vec<u8>); 6] = [
        (1, patient(recording)),
        (2, 19_999u16.to_le_bytes().to_vec()),
        (3, section3),
        (6, section6),
        (7, measurements(recording)),
        (8, statements(recording)),
    ];
    Ok(assemble(&sections))
}

fn whole_units(samples_uv: &[f32], unit_uv: f64) -> Vec<i32> {
    let mut last = 0;
    samples_uv
        .iter()
        .map(|v| {
            if v.is_finite() {
                last = round_i32(f64::from(*v) / unit_uv).unwrap_or(last);
            }
            last
        })
        .collect()
}

/// Second differences; the first two samples stand as they are.
fn second_differences(samples: &[i32]) -> impl Iterator<Item = i32> + '_ {
    let (mut before, mut last) = (0i32, 0i32);
    samples.iter().enumerate().map(move |(index, sample)| {
        let value =
            if index < 2 { *sample } else { sample.wrapping_sub(last.wrapping_mul(2)).wrapping_add(before) };
        before = last;
        last = *sample;
        value
    })
}

/// Codes values of at most 16 bits by the default Huffman table.
fn encode(values: impl Iterator<Item = i32>) -> Vec<u8> {
    let mut bits = BitWriter::default();
    for value in values {
        match value {
            0 => bits.push(0, 1),
            -8..=8 => {
                let ones = value.unsigned_abs();
                bits.push((1 << ones) - 1, ones);
                bits.push(u32::from(value < 0), 2);
            }
            -128..=127 => {
                bits.push(0x1FF << 1, 10);
                bits.push((value & 0xFF).cast_unsigned(), 8);
            }
            _ => {
                bits.push(0x3FF, 10);
                bits.push((value & 0xFFFF).cast_unsigned(), 16);
            }
        }
    }
    bits.finish()
}

#[derive(Default)]
struct BitWriter {
    bytes: Vec<u8>,
    current: u32,
    filled: u32,
}

impl BitWriter {
    fn push(&mut self, value: u32, bits: u32) {
        for shift in (0..bits).rev() {
            self.current = (self.current << 1) | ((value >> shift) & 1);
            self.filled += 1;
            if self.filled == 8 {
                let [byte, ..] = self.current.to_le_bytes();
                self.bytes.push(byte);
                (self.current, self.filled) = (0, 0);
            }
        }
    }

    /// Fills with ones, which begin an escape and so never look like samples, to an even length.
    fn finish(mut self) -> Vec<u8> {
        while self.filled != 0 {
            self.push(1, 1);
        }
        if self.bytes.len() % 2 == 1 {
            self.bytes.push(0xFF);
        }
        self.bytes
    }
}

fn tag(out: &mut Vec<u8>, id: u8, value: &[u8]) {
    out.push(id);
    out.extend(u16::try_from(value.len()).unwrap_or(0).to_le_bytes());
    out.extend_from_slice(value.get(..value.len().min(65_535)).unwrap_or_default());
}

fn text_tag(out: &mut Vec<u8>, id: u8, text: &str) {
    let mut bytes: Vec<u8> = text.bytes().filter(|b| *b != 0).take(255).collect();
    bytes.push(0);
    tag(out, id, &bytes);
}

fn patient(recording: &Recording) -> Vec<u8> {
    let patient = &recording.patient;
    let mut out = Vec::new();
    if let Some(name) = &patient.name {
        text_tag(&mut out, 0, name);
    }
    text_tag(&mut out, 2, patient.id.as_deref().unwrap_or(""));
    if let Some(age) = patient.age_years.and_then(round_usize).and_then(|a| u16::try_from(a).ok()) {
        let [low, high] = age.to_le_bytes();
        tag(&mut out, 4, &[low, high, 1]);
    }
    let date = |d: crate::Date| {
        let [low, high] = d.year.to_le_bytes();
        [low, high, d.month, d.day]
    };
    if let Some(birth) = patient.birth_date {
        tag(&mut out, 5, &date(birth));
    }
    let sex = match patient.sex {
        Some(Sex::Male) => 1,
        Some(Sex::Female) => 2,
        Some(Sex::Other) => 9,
        None => 0,
    };
    tag(&mut out, 8, &[sex]);
    let mut device = vec![0u8; 36];
    let model = recording.device.model.as_deref().unwrap_or("");
    for (place, byte) in device.iter_mut().skip(8).take(5).zip(model.bytes()) {
        *place = byte;
    }
    // Protocol revision 1.3 and compatibility level I, then no program revision and the four texts.
    for (index, value) in [(14usize, 13u8), (15, 0xA0), (35, 1)] {
        if let Some(place) = device.get_mut(index) {
            *place = value;
        }
    }
    device.push(0);
    for text in [&recording.device.serial, &recording.device.software, &None, &recording.device.manufacturer]
    {
        device.extend(text.as_deref().unwrap_or("").bytes().filter(|b| *b != 0).take(60));
        device.push(0);
    }
    tag(&mut out, 14, &device);
    if let Some(start) = recording.start {
        tag(&mut out, 25, &date(start.date));
        tag(&mut out, 26, &[start.hour, start.minute, start.second]);
    }
    if let Some(corner) = recording.filters.high_pass_hz.and_then(|hz| round_usize(hz * 100.0)) {
        tag(&mut out, 27, &u16::try_from(corner).unwrap_or(0).to_le_bytes());
    }
    if let Some(corner) = recording.filters.low_pass_hz.and_then(round_usize) {
        tag(&mut out, 28, &u16::try_from(corner).unwrap_or(0).to_le_bytes());
    }
    tag(&mut out, 255, &[]);
    out
}

/// One reference beat from the global intervals: P onset at 0, so that PR, QRS and QT are kept.
fn measurements(recording: &Recording) -> Vec<u8> {
    let value = |code: &str| {
        recording.measurement(code).filter(|m| m.unit != "sample").and_then(|m| round_i32(m.value))
    };
    let (Some(pr), Some(qrs), Some(qt)) = (value("pr_interval"), value("qrs_duration"), value("qt_interval"))
    else {
        return Vec::new();
    };
    let p_on = 1i32;
    let qrs_on = p_on + pr;
    let p_off = value("p_duration").map_or(29_999, |p| p_on + p);
    let mut out = vec![1, 0];
    let word = |v: i32| u16::try_from(v).unwrap_or(29_999).to_le_bytes();
    out.extend(word(value("rr_interval").unwrap_or(0)));
    out.extend(word(value("pp_interval").unwrap_or(0)));
    for field in [p_on, p_off, qrs_on, qrs_on + qrs, qrs_on + qt] {
        out.extend(word(field));
    }
    for code in ["p_axis", "qrs_axis", "t_axis"] {
        out.extend(value(code).and_then(|v| i16::try_from(v).ok()).unwrap_or(29_999).to_le_bytes());
    }
    out
}

fn statements(recording: &Recording) -> Vec<u8> {
    if recording.statements.is_empty() {
        return Vec::new();
    }
    let mut out = vec![0];
    match recording.start {
        Some(s) => {
            out.extend(s.date.year.to_le_bytes());
            out.extend([s.date.month, s.date.day, s.hour, s.minute, s.second]);
        }
        None => out.extend([0; 7]),
    }
    let kept: Vec<&String> = recording.statements.iter().take(255).collect();
    out.push(u8::try_from(kept.len()).unwrap_or(0));
    for (index, statement) in kept.into_iter().enumerate() {
        let mut bytes: Vec<u8> = statement.bytes().filter(|b| *b != 0).take(1_000).collect();
        bytes.push(0);
        out.push(u8::try_from(index + 1).unwrap_or(0));
        out.extend(u16::try_from(bytes.len()).unwrap_or(0).to_le_bytes());
        out.extend(bytes);
    }
    out
}

fn assemble(sections: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let section = |id: u16, data: &[u8]| {
        let mut body = Vec::new();
        body.extend(id.to_le_bytes());
        let padded = data.len() + data.len() % 2;
        body.extend(u32::try_from(padded + 16).unwrap_or(0).to_le_bytes());
        body.extend([20, 20]);
        body.extend(if id == 0 { *b"SCPECG" } else { [0; 6] });
        body.extend_from_slice(data);
        body.resize(14 + padded, 0);
        let mut out = crc::ccitt(&body).to_le_bytes().to_vec();
        out.append(&mut body);
        out
    };
    let mut pointers = Vec::new();
    let mut rest = Vec::new();
    let pointer_section = 16 + 12 * 10;
    let mut push_pointer = |id: u16, length: usize, index: usize| {
        pointers.extend(id.to_le_bytes());
        pointers.extend(u32::try_from(length).unwrap_or(0).to_le_bytes());
        pointers.extend(u32::try_from(index).unwrap_or(0).to_le_bytes());
    };
    push_pointer(0, pointer_section, 7);
    for id in 1..12u16 {
        match sections.iter().find(|(number, data)| *number == id && !data.is_empty()) {
            Some((_, data)) => {
                let bytes = section(id, data);
                push_pointer(id, bytes.len(), 7 + pointer_section + rest.len());
                rest.extend(bytes);
            }
            None => push_pointer(id, 0, 0),
        }
    }
    let mut body = Vec::new();
    body.extend(section(0, &pointers));
    body.extend(rest);
    let mut out = u32::try_from(body.len() + 6).unwrap_or(0).to_le_bytes().to_vec();
    out.extend(body);
    let mut file = crc::ccitt(&out).to_le_bytes().to_vec();
    file.extend(out);
    file
}
