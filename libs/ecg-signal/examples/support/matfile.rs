//! The first numeric matrix of a compressed MATLAB 5 file, as CPSC2019 uses.

use std::{fs, path::Path};

pub fn first_matrix(path: &Path) -> Option<Vec<f64>> {
    let bytes = fs::read(path).ok()?;
    let mut at = 128;
    loop {
        let (kind, length, body) = tag(&bytes, at)?;
        if kind == 15 {
            let inner = miniz_oxide::inflate::decompress_to_vec_zlib(bytes.get(body..body + length)?).ok()?;
            let (_, inner_len, start) = tag(&inner, 0)?;
            if let Some(values) = matrix(inner.get(start..start + inner_len)?) {
                return Some(values);
            }
        } else if kind == 14
            && let Some(values) = matrix(bytes.get(body..body + length)?)
        {
            return Some(values);
        }
        at = body + length;
    }
}

/// Type, length and place of the data of an element; the small form packs both in four bytes.
fn tag(bytes: &[u8], at: usize) -> Option<(u32, usize, usize)> {
    let word = |i: usize| Some(u32::from_le_bytes(bytes.get(i..i + 4)?.try_into().ok()?));
    let first = word(at)?;
    if first >> 16 != 0 {
        return Some((first & 0xffff, (first >> 16) as usize, at + 4));
    }
    Some((first, word(at + 4)? as usize, at + 8))
}

fn matrix(bytes: &[u8]) -> Option<Vec<f64>> {
    let mut at = 0;
    // Flags, dimensions, name, then the real part.
    for _ in 0..3 {
        let (_, length, body) = tag(bytes, at)?;
        at = if body == at + 4 { at + 8 } else { body + length.div_ceil(8) * 8 };
    }
    let (kind, length, body) = tag(bytes, at)?;
    let data = bytes.get(body..body + length)?;
    let size = match kind {
        1 | 2 => 1,
        3 | 4 => 2,
        5..=7 => 4,
        9 => 8,
        _ => return None,
    };
    Some(
        data.chunks_exact(size)
            .map(|c| match (kind, c) {
                (1, [a]) => f64::from(*a as i8),
                (2, [a]) => f64::from(*a),
                (3, [a, b]) => f64::from(i16::from_le_bytes([*a, *b])),
                (4, [a, b]) => f64::from(u16::from_le_bytes([*a, *b])),
                (5, [a, b, c, d]) => f64::from(i32::from_le_bytes([*a, *b, *c, *d])),
                (6, [a, b, c, d]) => f64::from(u32::from_le_bytes([*a, *b, *c, *d])),
                (7, [a, b, c, d]) => f64::from(f32::from_le_bytes([*a, *b, *c, *d])),
                (_, c) => c.try_into().map_or(f64::NAN, f64::from_le_bytes),
            })
            .collect(),
    )
}

/// The leads of a noise recording, 30 s at 360 Hz. The file's first column is the number of the sample and no noise.
#[allow(dead_code, reason = "each user needs a part")]
pub fn noise_leads(path: &Path) -> Option<Vec<Vec<f64>>> {
    let matrix = first_matrix(path)?;
    let mut columns = matrix.chunks_exact(10_800).map(<[f64]>::to_vec);
    let number = columns.next()?;
    assert!(
        number.iter().enumerate().all(|(k, v)| (*v - k as f64).abs() < 0.5),
        "not the number of the sample"
    );
    Some(columns.collect())
}
