//! The little WFDB that the evaluation needs: formats 16 and 212, MATLAB-4 offset, MIT annotations. The full
//! reader is the crate `ecg-format`; this one keeps the evaluation independent of it.
#![allow(dead_code, reason = "each user needs a part")]

use std::{fs, path::Path};

#[derive(Debug, Clone, Default)]
pub struct Record {
    pub fs: f64,
    pub labels: Vec<String>,
    /// µV
    pub leads: Vec<Vec<f32>>,
    pub comments: Vec<String>,
}

pub fn read(header: &Path) -> Option<Record> {
    let text = String::from_utf8_lossy(&fs::read(header).ok()?).into_owned();
    let mut lines = text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    let head: Vec<&str> = lines.next()?.split_whitespace().collect();
    let count: usize = head.get(1)?.parse().ok()?;
    let fs_hz: f64 = head.get(2)?.split('/').next()?.parse().ok()?;
    let mut out = Record {
        fs: fs_hz,
        comments: text.lines().filter_map(|l| l.strip_prefix('#')).map(|l| l.trim().to_owned()).collect(),
        ..Record::default()
    };
    let (mut gains, mut file, mut format) = (Vec::new(), String::new(), String::new());
    for line in lines.take(count) {
        let f: Vec<&str> = line.split_whitespace().collect();
        file = (*f.first()?).to_owned();
        format = (*f.get(1)?).to_owned();
        let gain_field = f.get(2)?.split('/').next()?;
        let gain: f64 = gain_field.split('(').next()?.parse().ok()?;
        let adc_zero: f64 = f.get(4).and_then(|v| v.parse().ok()).unwrap_or(0.0);
        let base = gain_field
            .split_once('(')
            .and_then(|(_, b)| b.trim_end_matches(')').parse().ok())
            .unwrap_or(adc_zero);
        gains.push((if gain == 0.0 { 200.0 } else { gain }, base));
        out.labels.push((*f.last()?).to_owned());
    }
    let bytes = fs::read(header.with_file_name(file)).ok()?;
    let (kind, offset) = match format.split_once('+') {
        Some((k, o)) => (k.to_owned(), o.parse().ok()?),
        None => (format, 0_usize),
    };
    let kind = kind.split('x').next()?.to_owned();
    let data = bytes.get(offset..)?;
    let raw: Vec<i32> = match kind.as_str() {
        "16" => data.chunks_exact(2).map(|b| i32::from(i16::from_le_bytes([b[0], b[1]]))).collect(),
        "212" => data
            .chunks_exact(3)
            .flat_map(|b| {
                let low = i32::from(b[0]) | ((i32::from(b[1]) & 15) << 8);
                let high = i32::from(b[2]) | ((i32::from(b[1]) >> 4) << 8);
                [low, high].map(|v| if v > 2047 { v - 4096 } else { v })
            })
            .collect(),
        _ => return None,
    };
    out.leads = (0..count)
        .map(|k| {
            let (gain, base) = gains[k];
            raw.iter()
                .skip(k)
                .step_by(count)
                .map(|v| ((f64::from(*v) - base) / gain * 1000.0) as f32)
                .collect()
        })
        .collect();
    Some(out)
}

#[derive(Debug, Clone)]
pub struct Annotation {
    pub sample: usize,
    pub code: u8,
    pub aux: String,
}

pub fn annotations(path: &Path) -> Option<Vec<Annotation>> {
    let bytes = fs::read(path).ok()?;
    let word = |i: usize| Some(u16::from_le_bytes([*bytes.get(i)?, *bytes.get(i + 1)?]));
    let (mut i, mut at, mut out) = (0, 0_i64, Vec::<Annotation>::new());
    while let Some(w) = word(i) {
        i += 2;
        let (code, delta) = ((w >> 10) as u8, i64::from(w & 1023));
        match code {
            0 if delta == 0 => break,
            59 => {
                let skip = (u32::from(word(i)?) << 16) | u32::from(word(i + 2)?);
                at += i64::from(skip as i32);
                i += 4;
            }
            60..=62 => {}
            63 => {
                let length = delta as usize;
                if let (Some(last), Some(text)) = (out.last_mut(), bytes.get(i..i + length)) {
                    last.aux = String::from_utf8_lossy(text).trim_end_matches('\0').to_owned();
                }
                i += length + length % 2;
            }
            _ => {
                at += delta;
                out.push(Annotation { sample: at.max(0) as usize, code, aux: String::new() });
            }
        }
    }
    Some(out)
}

/// Codes of the MIT annotation table that mark a QRS complex.
pub fn is_beat(code: u8) -> bool {
    matches!(code, 1..=13 | 25 | 30 | 34 | 35 | 38 | 41)
}
