//! A small DICOM data set reader: Part 10 files and bare data sets, little endian, explicit or implicit VR.
//!
//! It borrows from the input, so its memory is the tree of elements only: at most one node for eight bytes.
//! Big endian and deflated transfer syntaxes are refused by name; both are retired or absent for waveforms.

use crate::bytes::Cursor;
use crate::error::ReadError;

const MAX_DEPTH: usize = 16;
const MAX_ELEMENTS: usize = 2_000_000;
const UNDEFINED: u32 = 0xFFFF_FFFF;
const ITEM: u32 = 0xFFFE_E000;
const ITEM_END: u32 = 0xFFFE_E00D;
const SEQUENCE_END: u32 = 0xFFFE_E0DD;

/// Sequences that are entered in implicit VR files, where nothing but the tag says so.
const SEQUENCE_TAGS: [u32; 12] = [
    0x0040_0555,
    0x0040_08EA,
    0x0040_A043,
    0x0040_A168,
    0x0040_A195,
    0x0040_B020,
    0x003A_0200,
    0x003A_0208,
    0x003A_0209,
    0x003A_0211,
    0x003A_0240,
    0x5400_0100,
];

#[derive(Debug, Default)]
pub(super) struct DataSet<'a> {
    elements: Vec<(u32, Value<'a>)>,
}

#[derive(Debug)]
enum Value<'a> {
    Bytes(&'a [u8]),
    Items(Vec<DataSet<'a>>),
}

impl<'a> DataSet<'a> {
    pub(super) fn bytes(&self, tag: u32) -> Option<&'a [u8]> {
        self.elements.iter().find_map(|(t, value)| match value {
            Value::Bytes(bytes) if *t == tag && !bytes.is_empty() => Some(*bytes),
            _ => None,
        })
    }

    pub(super) fn items(&self, tag: u32) -> &[DataSet<'a>] {
        self.elements
            .iter()
            .find_map(|(t, value)| match value {
                Value::Items(items) if *t == tag => Some(items.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }

    pub(super) fn u16(&self, tag: u32) -> Option<u16> {
        self.bytes(tag).and_then(|b| b.first_chunk::<2>()).map(|b| u16::from_le_bytes(*b))
    }

    /// All 16-bit values of an element.
    pub(super) fn u16s(&self, tag: u32) -> Vec<u16> {
        self.bytes(tag).map(|b| crate::bytes::i16s(b).map(i16::cast_unsigned).collect()).unwrap_or_default()
    }

    pub(super) fn u32s(&self, tag: u32) -> Vec<u32> {
        let bytes = self.bytes(tag).unwrap_or_default();
        bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect()
    }

    /// ASCII text without padding, for codes, identifiers and numbers.
    pub(super) fn ascii(&self, tag: u32) -> Option<String> {
        self.bytes(tag).and_then(|b| crate::text::non_empty(&String::from_utf8_lossy(b)))
    }

    /// The first value of a decimal string.
    pub(super) fn decimal(&self, tag: u32) -> Option<f64> {
        self.ascii(tag).and_then(|t| crate::num::parse_f64(t.split('\\').next()?))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Syntax {
    explicit: bool,
}

/// Parses a file with or without the Part 10 preamble.
pub(super) fn parse(bytes: &[u8]) -> Result<DataSet<'_>, ReadError> {
    let mut budget = MAX_ELEMENTS;
    let start = if bytes.get(128..132) == Some(b"DICM") { 132 } else { 0 };
    let mut cursor = Cursor::with_base(bytes.get(start..).unwrap_or_default(), start);
    let mut syntax = None;
    // Group 0002 is always explicit little endian.
    while peek_tag(&cursor).is_some_and(|tag| tag >> 16 == 0x0002) {
        let (tag, value) = element(&mut cursor, Syntax { explicit: true }, 0, &mut budget)?;
        if let (0x0002_0010, Value::Bytes(uid)) = (tag, &value) {
            syntax = Some(transfer_syntax(&String::from_utf8_lossy(uid))?);
        }
    }
    let syntax = syntax.unwrap_or_else(|| Syntax { explicit: looks_explicit(cursor.rest()) });
    let mut set = DataSet::default();
    while cursor.remaining() > 0 {
        // Some writers pad the end of the file with zeros.
        if cursor.remaining() < 8 && cursor.rest().iter().all(|b| *b == 0) {
            break;
        }
        set.elements.push(element(&mut cursor, syntax, 0, &mut budget)?);
    }
    Ok(set)
}

fn transfer_syntax(uid: &str) -> Result<Syntax, ReadError> {
    match uid.trim_matches(['\0', ' ']) {
        "1.2.840.10008.1.2" => Ok(Syntax { explicit: false }),
        "1.2.840.10008.1.2.2" => Err(ReadError::unsupported("DICOM explicit VR big endian (retired)")),
        "1.2.840.10008.1.2.1.99" => Err(ReadError::unsupported("deflated DICOM data set")),
        uid if uid.starts_with("1.2.840.10008.1.2") => Ok(Syntax { explicit: true }),
        uid => Err(ReadError::unsupported(format!("DICOM transfer syntax {uid:?}"))),
    }
}

/// Whether two capital letters follow the first tag.
pub(super) fn looks_explicit(data: &[u8]) -> bool {
    matches!(data.get(4..6), Some([a, b]) if a.is_ascii_uppercase() && b.is_ascii_uppercase())
}

fn peek_tag(cursor: &Cursor<'_>) -> Option<u32> {
    let mut ahead = cursor.clone();
    tag(&mut ahead).ok()
}

fn tag(cursor: &mut Cursor<'_>) -> Result<u32, ReadError> {
    let group = cursor.u16()?;
    let element = cursor.u16()?;
    Ok((u32::from(group) << 16) | u32::from(element))
}

fn element<'a>(
    cursor: &mut Cursor<'a>,
    syntax: Syntax,
    depth: usize,
    budget: &mut usize,
) -> Result<(u32, Value<'a>), ReadError> {
    let at = cursor.offset();
    *budget = budget.checked_sub(1).ok_or_else(|| ReadError::limit("too many DICOM elements").at(at))?;
    let tag = tag(cursor)?;
    let (vr, length) = header(cursor, syntax)?;
    let is_sequence =
        vr == *b"SQ" || length == UNDEFINED || (!syntax.explicit && SEQUENCE_TAGS.contains(&tag));
    if !is_sequence {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let bytes = cursor.take(length).map_err(|e| named(e, tag))?;
        return Ok((tag, Value::Bytes(bytes)));
    }
    if depth >= MAX_DEPTH {
        return Err(ReadError::limit(format!("DICOM sequences nested deeper than {MAX_DEPTH}")).at(at));
    }
    // UN with undefined length holds implicit VR items (PS3.5, 6.2.2).
    let inner = if vr == *b"UN" { Syntax { explicit: false } } else { syntax };
    let items = items(cursor, length, inner, depth, budget).map_err(|e| named(e, tag))?;
    Ok((tag, Value::Items(items)))
}

fn named(mut error: ReadError, tag: u32) -> ReadError {
    if error.code == "truncated" && !error.detail.contains("element") {
        error.detail = format!("element ({:04X},{:04X}): {}", tag >> 16, tag & 0xFFFF, error.detail);
    }
    error
}

fn header(cursor: &mut Cursor<'_>, syntax: Syntax) -> Result<([u8; 2], u32), ReadError> {
    if !syntax.explicit {
        return Ok((*b"  ", cursor.u32()?));
    }
    let at = cursor.offset();
    let vr = [cursor.u8()?, cursor.u8()?];
    if !vr.iter().all(u8::is_ascii_uppercase) {
        return Err(ReadError::damaged(format!("no value representation: {vr:02X?}")).at(at));
    }
    let long = matches!(
        &vr,
        b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR" | b"UT" | b"UV"
    );
    if long {
        let _reserved = cursor.u16()?;
        return Ok((vr, cursor.u32()?));
    }
    Ok((vr, u32::from(cursor.u16()?)))
}

fn items<'a>(
    cursor: &mut Cursor<'a>,
    length: u32,
    syntax: Syntax,
    depth: usize,
    budget: &mut usize,
) -> Result<Vec<DataSet<'a>>, ReadError> {
    let mut out = Vec::new();
    if length != UNDEFINED {
        let base = cursor.offset();
        let body = cursor.take(usize::try_from(length).unwrap_or(usize::MAX))?;
        let mut inner = Cursor::with_base(body, base);
        while inner.remaining() > 0 {
            if item(&mut inner, syntax, depth, budget, &mut out)? {
                break;
            }
        }
        return Ok(out);
    }
    while !item(cursor, syntax, depth, budget, &mut out)? {}
    Ok(out)
}

/// Reads one item; true at the end of a sequence of undefined length.
fn item<'a>(
    cursor: &mut Cursor<'a>,
    syntax: Syntax,
    depth: usize,
    budget: &mut usize,
    out: &mut Vec<DataSet<'a>>,
) -> Result<bool, ReadError> {
    let at = cursor.offset();
    *budget = budget.checked_sub(1).ok_or_else(|| ReadError::limit("too many DICOM items").at(at))?;
    let tag = tag(cursor)?;
    let length = cursor.u32()?;
    match tag {
        SEQUENCE_END => return Ok(true),
        ITEM => {}
        other => {
            let detail = format!("an item is expected, ({:04X},{:04X}) found", other >> 16, other & 0xFFFF);
            return Err(ReadError::damaged(detail).at(at));
        }
    }
    let mut set = DataSet::default();
    if length == UNDEFINED {
        loop {
            if peek_tag(cursor) == Some(ITEM_END) {
                cursor.take(8)?;
                break;
            }
            set.elements.push(element(cursor, syntax, depth + 1, budget)?);
        }
    } else {
        let base = cursor.offset();
        let body = cursor.take(usize::try_from(length).unwrap_or(usize::MAX))?;
        let mut inner = Cursor::with_base(body, base);
        while inner.remaining() > 0 {
            set.elements.push(element(&mut inner, syntax, depth + 1, budget)?);
        }
    }
    out.push(set);
    Ok(false)
}
