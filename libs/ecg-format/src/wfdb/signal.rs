//! WFDB signal files: every storage format, as a stream of samples in file order.

use claxon::FlacReader;

use crate::bytes::i16s;
use crate::error::ReadError;
use crate::num::sign_extend;

/// The stored value that means "no sample", by format.
pub(crate) fn missing_value(format: u32) -> Option<i32> {
    match format {
        16 | 61 | 160 | 516 => Some(-32_768),
        212 => Some(-2_048),
        80 | 508 => Some(-128),
        310 | 311 => Some(-512),
        24 | 524 => Some(-8_388_608),
        32 => Some(i32::MIN),
        _ => None,
    }
}

/// Samples that `len` bytes hold in a format; `None` where it depends on the content (FLAC) or is unknown.
pub(crate) fn capacity(format: u32, len: usize) -> Option<usize> {
    Some(match format {
        8 | 80 => len,
        16 | 61 | 160 => len / 2,
        24 => len / 3,
        32 => len / 4,
        212 => len / 3 * 2 + usize::from(len % 3 == 2),
        310 => len / 4 * 3 + usize::from(len % 4 >= 2),
        311 => len / 4 * 3 + usize::from(len % 4 >= 2) + usize::from(len % 4 == 3),
        _ => return None,
    })
}

/// Where the samples of a MATLAB level 4 matrix of 16-bit integers begin (little endian, type 30): after five words
/// (type, rows, columns, no imaginary part, length of the name) and the name.
pub(crate) fn matlab_samples(bytes: &[u8]) -> Option<usize> {
    let word = |at: usize| {
        let field = bytes.get(at..)?.first_chunk::<4>()?;
        usize::try_from(u32::from_le_bytes(*field)).ok()
    };
    let (rows, columns, name) = (word(4)?, word(8)?, word(16)?);
    let samples = rows.checked_mul(columns)?.checked_mul(2)?;
    let start = 20usize.checked_add(name).filter(|_| name <= 64)?;
    let fits = rows > 0 && columns > 0 && start.checked_add(samples)? == bytes.len();
    (word(0)? == 30 && word(12)? == 0 && fits).then_some(start)
}

pub(crate) fn is_flac(format: u32) -> bool {
    matches!(format, 508 | 516 | 524)
}

/// Calls `sink` for each sample of a non-FLAC file until it returns false. Format 8 gives differences.
pub(crate) fn for_each(format: u32, data: &[u8], mut sink: impl FnMut(i32) -> bool) -> Result<(), ReadError> {
    match format {
        8 => drain(data.iter().map(|b| i32::from(b.cast_signed())), sink),
        16 => drain(i16s(data).map(i32::from), sink),
        61 => drain(i16s(data).map(|v| i32::from(v.swap_bytes())), sink),
        80 => drain(data.iter().map(|b| i32::from(*b) - 128), sink),
        160 => drain(i16s(data).map(|v| i32::from(v.cast_unsigned()) - 32_768), sink),
        24 => drain(data.chunks_exact(3).map(|c| sign_extend(word(c), 24)), sink),
        32 => drain(data.chunks_exact(4).map(|c| word(c).cast_signed()), sink),
        212 => {
            for chunk in data.chunks(3) {
                let bits = word(chunk);
                if chunk.len() < 2 || !sink(sign_extend(bits & 0xFFF, 12)) {
                    return Ok(());
                }
                // The second sample's high bits are in the upper half of the middle byte.
                let second = (bits >> 16) | ((bits >> 4) & 0xF00);
                if chunk.len() < 3 || !sink(sign_extend(second, 12)) {
                    return Ok(());
                }
            }
        }
        310 => {
            for chunk in data.chunks(4) {
                let bits = word(chunk);
                let (low, high) = (bits & 0xFFFF, bits >> 16);
                if chunk.len() < 2 || !sink(sign_extend((low >> 1) & 0x3FF, 10)) {
                    return Ok(());
                }
                let third = ((low >> 11) & 0x1F) | (((high >> 11) & 0x1F) << 5);
                if chunk.len() < 4
                    || !sink(sign_extend((high >> 1) & 0x3FF, 10))
                    || !sink(sign_extend(third, 10))
                {
                    return Ok(());
                }
            }
        }
        311 => {
            for chunk in data.chunks(4) {
                let bits = word(chunk);
                for (shift, needed) in [(0, 2), (10, 3), (20, 4)] {
                    if chunk.len() < needed || !sink(sign_extend((bits >> shift) & 0x3FF, 10)) {
                        return Ok(());
                    }
                }
            }
        }
        other => return Err(ReadError::unsupported(format!("WFDB signal format {other}"))),
    }
    Ok(())
}

fn drain(samples: impl Iterator<Item = i32>, mut sink: impl FnMut(i32) -> bool) {
    for sample in samples {
        if !sink(sample) {
            return;
        }
    }
}

/// Up to four bytes as a little-endian word.
fn word(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).rev().fold(0, |word, byte| (word << 8) | u32::from(*byte))
}

/// Decodes a FLAC file of at most `limit` samples over all channels into one vector per channel, and no further than
/// the block in which each channel has `enough`.
pub(crate) fn flac(
    data: &[u8],
    channels: usize,
    limit: usize,
    enough: Option<usize>,
) -> Result<Vec<Vec<i32>>, ReadError> {
    let broken = |error: claxon::Error| match error {
        claxon::Error::IoError(_) => ReadError::truncated(data.len(), "the FLAC stream ends early"),
        claxon::Error::Unsupported(what) => ReadError::unsupported(format!("FLAC: {what}")),
        claxon::Error::FormatError(what) => ReadError::damaged(format!("FLAC: {what}")),
    };
    let mut reader = FlacReader::new(data).map_err(broken)?;
    let declared = usize::try_from(reader.streaminfo().channels).unwrap_or(0);
    if declared != channels {
        return Err(ReadError::damaged(format!("FLAC has {declared} channels, the header {channels}")));
    }
    let mut out = vec![Vec::new(); channels];
    let mut total = 0usize;
    let mut blocks = reader.blocks();
    let mut buffer = Vec::new();
    while let Some(block) = blocks.read_next_or_eof(buffer).map_err(broken)? {
        for (channel, samples) in out.iter_mut().enumerate() {
            let index = u32::try_from(channel).unwrap_or(u32::MAX);
            if index >= block.channels() {
                return Err(ReadError::damaged("a FLAC block has fewer channels"));
            }
            samples.extend_from_slice(block.channel(index));
            total += block.channel(index).len();
        }
        if total > limit {
            return Err(ReadError::limit(format!("more than {limit} samples in a FLAC stream")));
        }
        if enough.is_some_and(|enough| out.first().is_some_and(|c| c.len() >= enough)) {
            break;
        }
        buffer = block.into_buffer();
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{capacity, for_each};

    fn all(format: u32, data: &[u8]) -> Vec<i32> {
        let mut out = Vec::new();
        for_each(format, data, |v| {
            out.push(v);
            true
        })
        .unwrap();
        assert_eq!(capacity(format, data.len()), Some(out.len()));
        out
    }

    #[test]
    fn packed_words_by_hand() {
        // 212: bytes b0 b1 b2 hold b0 | low nibble of b1, then b2 | high nibble of b1.
        assert_eq!(all(212, &[0x01, 0xF0, 0xFE, 0x10, 0x00]), [1, -2, 16]);
        // 310: value 5 in bits 1..10 of each word, third sample 0b00011_00001 = 97 split five and five.
        assert_eq!(all(310, &[0x0A, 0x08, 0x0A, 0x18, 0xFE, 0x07]), [5, 5, 97, -1]);
        // 311: three ten-bit fields from the low end: 1, 2, 3.
        assert_eq!(all(311, &[0x01, 0x08, 0x30, 0x00, 0xFF, 0x03]), [1, 2, 3, -1]);
        assert_eq!(all(24, &[0xFF, 0xFF, 0xFF, 1, 0, 0]), [-1, 1]);
        assert_eq!(all(80, &[0, 128, 255]), [-128, 0, 127]);
        assert_eq!(all(160, &[0, 0x80, 0, 0]), [0, -32_768]);
        assert_eq!(all(61, &[0x01, 0x02]), [0x0102]);
        assert_eq!(all(8, &[0xFF, 2]), [-1, 2]);
    }
}
