//! SCP-ECG section 2: Huffman tables, and the decoding of coded samples.
//!
//! A code structure is: prefix length, total length, table mode, base value, base code. The base code is
//! stored with its first bit in the lowest place. Bits after the prefix hold the value itself in two's
//! complement. A structure of mode 0 switches to the table whose number is the base value.

use crate::bytes::Cursor;
use crate::error::ReadError;
use crate::model::Recording;
use crate::num::sign_extend;

const MAX_TABLES: usize = 64;
const MAX_CODES: usize = 4096;
/// The value of the table count that stands for the default table (EN 1064, 5.5.3).
const DEFAULT_TABLE: u16 = 19_999;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Code {
    prefix_bits: u32,
    total_bits: u32,
    switches_table: bool,
    base_value: i32,
    /// The prefix with its first bit as the most significant of `prefix_bits`.
    prefix: u32,
}

/// Where a walk over prefix bits stands.
#[derive(Debug, Clone, Copy)]
enum Step {
    Node(usize),
    Leaf(usize),
    None,
}

/// A table as a binary tree, so that decoding takes one step for each bit.
#[derive(Debug, Clone)]
struct Table {
    codes: Vec<Code>,
    nodes: Vec<[Step; 2]>,
}

impl Table {
    fn new(codes: Vec<Code>) -> Result<Self, ReadError> {
        let mut table = Self { nodes: vec![[Step::None; 2]], codes: Vec::new() };
        for (index, code) in codes.iter().enumerate() {
            let mut node = 0usize;
            for bit_index in (0..code.prefix_bits).rev() {
                let bit = usize::from((code.prefix >> bit_index) & 1 == 1);
                let next_index = table.nodes.len();
                let Some(slot) = table.nodes.get_mut(node).and_then(|n| n.get_mut(bit)) else {
                    return Err(ReadError::damaged("Huffman table"));
                };
                match (*slot, bit_index) {
                    (Step::None, 0) => *slot = Step::Leaf(index),
                    (Step::None, _) => {
                        *slot = Step::Node(next_index);
                        table.nodes.push([Step::None; 2]);
                        node = next_index;
                    }
                    (Step::Node(next), 1..) => node = next,
                    _ => return Err(ReadError::damaged("a Huffman code is the prefix of another")),
                }
            }
        }
        table.codes = codes;
        Ok(table)
    }
}

/// The tables of a file.
#[derive(Debug, Clone)]
pub(super) struct Tables {
    tables: Vec<Table>,
}

impl Tables {
    /// Reads section 2. Each code structure takes nine bytes. Nothing when the section names no table, which
    /// some writers do instead of leaving the section out: the samples are then plain.
    pub(super) fn parse(
        cursor: &mut Cursor<'_>,
        recording: &mut Recording,
    ) -> Result<Option<Self>, ReadError> {
        let at = cursor.offset();
        let count = cursor.u16()?;
        if count == DEFAULT_TABLE {
            return Self::standard().map(Some);
        }
        let count = usize::from(count);
        if count == 0 {
            recording.warn("vendor_deviation", "section 2 holds no Huffman table");
            return Ok(None);
        }
        if count > MAX_TABLES {
            return Err(ReadError::damaged(format!("{count} Huffman tables")).at(at));
        }
        let mut tables = Vec::with_capacity(count);
        for _ in 0..count {
            let at = cursor.offset();
            let codes = usize::from(cursor.u16()?);
            if codes > MAX_CODES || codes * 9 > cursor.remaining() {
                return Err(ReadError::truncated(at, format!("{codes} Huffman codes are declared")));
            }
            let parsed = (0..codes).map(|_| parse_code(cursor)).collect::<Result<Vec<_>, _>>()?;
            tables.push(Table::new(parsed).map_err(|e| e.at(at))?);
        }
        Ok(Some(Self { tables }))
    }

    /// The default table of EN 1064: k ones, a zero and a sign for ±1 to ±8, escapes for 8 and 16 bits.
    fn standard() -> Result<Self, ReadError> {
        let mut codes =
            vec![Code { prefix_bits: 1, total_bits: 1, switches_table: false, base_value: 0, prefix: 0 }];
        for k in 1u32..=8 {
            for sign in [0u32, 1] {
                let bits = k + 2;
                let ones = (1u32 << k) - 1;
                let magnitude = i32::try_from(k).unwrap_or(0);
                let base_value = if sign == 1 { -magnitude } else { magnitude };
                codes.push(Code {
                    prefix_bits: bits,
                    total_bits: bits,
                    switches_table: false,
                    base_value,
                    prefix: (ones << 2) | sign,
                });
            }
        }
        for (last, extra) in [(0u32, 8u32), (1, 16)] {
            codes.push(Code {
                prefix_bits: 10,
                total_bits: 10 + extra,
                switches_table: false,
                base_value: 0,
                prefix: (0x1FF << 1) | last,
            });
        }
        Ok(Self { tables: vec![Table::new(codes)?] })
    }

    /// Decodes at most `limit` values until the bits end. Left-over bits that form no code are padding.
    pub(super) fn decode(&self, data: &[u8], limit: usize) -> Result<Vec<i32>, ReadError> {
        let mut bits = Bits { data, position: 0 };
        let mut out = Vec::with_capacity(limit.min(data.len().saturating_mul(8)));
        let mut table = self.tables.first().ok_or_else(|| ReadError::damaged("no Huffman table"))?;
        while out.len() < limit {
            let Some(code) = next_code(table, &mut bits)? else { break };
            let extra = code.total_bits - code.prefix_bits;
            let value = if extra == 0 {
                code.base_value
            } else {
                let Some(raw) = bits.take(extra) else { break };
                code.base_value.wrapping_add(sign_extend(raw, extra))
            };
            if code.switches_table {
                let number = usize::try_from(value).unwrap_or(0);
                table = number.checked_sub(1).and_then(|index| self.tables.get(index)).ok_or_else(|| {
                    ReadError::damaged(format!("switch to Huffman table {number}, which is absent"))
                })?;
            } else {
                out.push(value);
            }
        }
        Ok(out)
    }
}

fn parse_code(cursor: &mut Cursor<'_>) -> Result<Code, ReadError> {
    let at = cursor.offset();
    let prefix_bits = u32::from(cursor.u8()?);
    let total_bits = u32::from(cursor.u8()?);
    let mode = cursor.u8()?;
    let base_value = i32::from(cursor.i16()?);
    let stored = cursor.u32()?;
    let extra = total_bits.checked_sub(prefix_bits);
    if !(1..=32).contains(&prefix_bits) || extra.is_none_or(|n| n > 24) {
        return Err(ReadError::damaged(format!("Huffman code of {prefix_bits} in {total_bits} bits")).at(at));
    }
    let prefix = stored.reverse_bits() >> (32 - prefix_bits);
    Ok(Code { prefix_bits, total_bits, switches_table: mode == 0, base_value, prefix })
}

fn next_code(table: &Table, bits: &mut Bits<'_>) -> Result<Option<Code>, ReadError> {
    let mut node = 0usize;
    loop {
        let Some(bit) = bits.take(1) else { return Ok(None) };
        let step =
            table.nodes.get(node).and_then(|n| n.get(usize::from(bit == 1))).copied().unwrap_or(Step::None);
        match step {
            Step::Node(next) => node = next,
            Step::Leaf(index) => return Ok(table.codes.get(index).copied()),
            Step::None => {
                return Err(ReadError::damaged(format!(
                    "bit {} belongs to no Huffman code",
                    bits.position - 1
                )));
            }
        }
    }
}

/// Bits, most significant first.
struct Bits<'a> {
    data: &'a [u8],
    position: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: u32) -> Option<u32> {
        let mut value = 0u32;
        for _ in 0..count {
            let byte = self.data.get(self.position / 8)?;
            value = (value << 1) | u32::from((byte >> (7 - self.position % 8)) & 1);
            self.position += 1;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Tables;
    use crate::bytes::Cursor;
    use crate::model::{Format, Recording};

    fn tables(section: &[u8]) -> Tables {
        let mut recording = Recording::new(Format::ScpEcg, 500.0);
        Tables::parse(&mut Cursor::new(section), &mut recording).unwrap().unwrap()
    }

    /// EN 1064 annex C: 0 → 0, 100 → 1, 101 → -1, 1100 → 2, 1111111110 + 8 bits, 1111111111 + 16 bits.
    #[test]
    fn default_table_by_hand() {
        let tables = tables(&19_999u16.to_le_bytes());
        // 0 100 101 1100 1111111110 10000000 1111111111 0000000100000000 | padding ones
        let bits = "0100101110011111111101000000011111111110000000100000000";
        let mut data = Vec::new();
        let padded = format!("{bits:1<56}");
        for chunk in padded.as_bytes().chunks(8) {
            data.push(u8::from_str_radix(std::str::from_utf8(chunk).unwrap(), 2).unwrap());
        }
        assert_eq!(tables.decode(&data, 100).unwrap(), [0, 1, -1, 2, -128, 256]);
    }

    #[test]
    fn custom_tables_with_a_switch() {
        // Table 1: "0" -> 7, "1" -> switch to table 2. Table 2: "10" -> 3 (stored reversed as 01),
        // "0" -> switch to 1, "11" followed by four bits.
        let mut section = vec![2, 0, 2, 0];
        section.extend([1, 1, 1, 7, 0, 0, 0, 0, 0]);
        section.extend([1, 1, 0, 2, 0, 1, 0, 0, 0]);
        section.extend([3, 0]);
        section.extend([2, 2, 1, 3, 0, 0b01, 0, 0, 0]);
        section.extend([1, 1, 0, 1, 0, 0, 0, 0, 0]);
        section.extend([2, 6, 1, 0, 0, 0b11, 0, 0, 0]);
        let tables = tables(&section);
        // 0 | 1 | 10 | 11 1111 | 0 | 0 ...
        let data = [0b0110_1111, 0b1100_0000];
        assert_eq!(tables.decode(&data, 5).unwrap(), [7, 3, -1, 7, 7]);
    }
}
