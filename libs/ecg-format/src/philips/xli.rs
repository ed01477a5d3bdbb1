//! The XLI compression of Philips Sierra files: a chunk for each lead, LZW with 10-bit codes, high and low bytes
//! apart, second differences.
//!
//! The scheme was published with the open sierra-ecg-tools (MIT); this is an independent implementation.

use crate::bytes::Cursor;
use crate::error::ReadError;

const CODE_BITS: u32 = 10;
const MAX_CODE: usize = (1 << CODE_BITS) - 2;

/// Decodes `leads` chunks of `samples` values each.
pub(super) fn decode(data: &[u8], leads: usize, samples: usize) -> Result<Vec<Vec<i16>>, ReadError> {
    let mut cursor = Cursor::new(data);
    let mut out = Vec::with_capacity(leads);
    for lead in 1..=leads {
        let size = usize::try_from(cursor.u32()?).unwrap_or(usize::MAX);
        let _kind = cursor.u16()?;
        let start = cursor.i16()?;
        let chunk = cursor.take(size)?;
        let bytes = lzw(chunk, samples * 2)
            .ok_or_else(|| ReadError::damaged(format!("lead {lead}: a code refers to no string")))?;
        if bytes.len() < samples * 2 {
            let detail = format!("lead {lead} unpacks to {} of {} bytes", bytes.len(), samples * 2);
            return Err(ReadError::damaged(detail));
        }
        let (high, low) = bytes.split_at(samples);
        out.push(integrate(high.iter().zip(low).map(|(h, l)| i16::from_be_bytes([*h, *l])), start));
    }
    Ok(out)
}

/// Expands at most `limit` bytes; strings are kept as links to their prefix, so the table stays small.
fn lzw(data: &[u8], limit: usize) -> Option<Vec<u8>> {
    // (prefix code, last byte, length) of the codes from 256 on.
    let mut table: Vec<(usize, u8, usize)> = Vec::new();
    let mut out = Vec::with_capacity(limit);
    let mut previous: Option<usize> = None;
    let (mut buffer, mut bits) = (0u32, 0u32);
    for byte in data {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        if bits < CODE_BITS {
            continue;
        }
        bits -= CODE_BITS;
        let code = usize::try_from((buffer >> bits) & 0x3FF).ok()?;
        buffer &= (1 << bits) - 1;
        if code > MAX_CODE || out.len() >= limit {
            break;
        }
        let begin = out.len();
        match previous {
            Some(before) if code == 256 + table.len() => {
                // The string that is being defined right now: the one before and its own first byte.
                append(&table, before, &mut out)?;
                let first = *out.get(begin)?;
                out.push(first);
            }
            _ => append(&table, code, &mut out)?,
        }
        if let Some(before) = previous
            && 256 + table.len() <= MAX_CODE
        {
            let length = length(&table, before)? + 1;
            table.push((before, *out.get(begin)?, length));
        }
        previous = Some(code);
    }
    out.truncate(limit);
    Some(out)
}

fn length(table: &[(usize, u8, usize)], code: usize) -> Option<usize> {
    match code.checked_sub(256) {
        None => Some(1),
        Some(index) => table.get(index).map(|entry| entry.2),
    }
}

fn append(table: &[(usize, u8, usize)], code: usize, out: &mut Vec<u8>) -> Option<()> {
    let begin = out.len();
    let mut code = code;
    while let Some(index) = code.checked_sub(256) {
        let (prefix, last, _) = *table.get(index)?;
        out.push(last);
        code = prefix;
    }
    out.push(u8::try_from(code).ok()?);
    out.get_mut(begin..)?.reverse();
    Some(())
}

/// The first two values are samples; each later one is a second difference, used one step late and biased
/// by 64; `start` is the first of them.
fn integrate(values: impl Iterator<Item = i16>, start: i16) -> Vec<i16> {
    let (mut before, mut last, mut pending) = (0i16, 0i16, start);
    values
        .enumerate()
        .map(|(index, value)| {
            let sample = if index < 2 {
                value
            } else {
                let next = last.wrapping_add(last).wrapping_sub(before).wrapping_sub(pending);
                pending = value.wrapping_sub(64);
                next
            };
            before = last;
            last = sample;
            sample
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{integrate, lzw};

    #[test]
    fn lzw_by_hand() {
        // "ababab": codes 97, 98, 256 ("ab"), 256. Ten bits each: 0001100001 0001100010 0100000000 0100000000.
        let data = [0b0001_1000, 0b0100_0110, 0b0010_0100, 0b0000_0001, 0b0000_0000];
        assert_eq!(lzw(&data, 100).unwrap(), b"ababab");
        // "aaaa": 97, 256 (being defined), 97.
        let data = [0b0001_1000, 0b0101_0000, 0b0000_0001, 0b1000_0100];
        assert_eq!(lzw(&data, 100).unwrap(), b"aaaa");
        assert_eq!(lzw(&[0xFF, 0xC0], 100), Some(Vec::new()));
        assert_eq!(lzw(&[0x7F, 0x00], 100), None);
    }

    #[test]
    fn second_differences_by_hand() {
        // 10, 12, then 2·12 − 10 − 1 = 13, pending 66 − 64 = 2: 2·13 − 12 − 2 = 12.
        assert_eq!(integrate([10, 12, 66, 64].into_iter(), 1), [10, 12, 13, 12]);
    }
}
