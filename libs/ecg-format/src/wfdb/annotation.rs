//! MIT-format annotation files (`.atr`, `.qrs`, …): reading and writing.
//!
//! ```
//! use ecg_format::wfdb::{RawAnnotation, code, read_annotations, write_annotations};
//!
//! let beat = RawAnnotation::new(370, code("V").unwrap());
//! let rhythm = RawAnnotation { aux: Some("(AFIB".into()), ..RawAnnotation::new(18, code("+").unwrap()) };
//! let bytes = write_annotations(&[beat.clone(), rhythm.clone()], None);
//! assert_eq!(read_annotations(&bytes)?.annotations, [rhythm, beat]);
//! # Ok::<(), ecg_format::ReadError>(())
//! ```
//!
//! Each annotation is a 16-bit little-endian word: code in the high six bits, time difference in the low
//! ten; pseudo-codes carry longer skips, the NUM, SUB and CHN fields and auxiliary text.

use crate::bytes::Cursor;
use crate::error::ReadError;
use crate::limits::MAX_ANNOTATIONS;
use crate::model::Annotation;
use crate::text;

const SKIP: u16 = 59;
const NUM: u16 = 60;
const SUB: u16 = 61;
const CHN: u16 = 62;
const AUX: u16 = 63;
const NOTE: u8 = 22;

/// Mnemonics by annotation code (WFDB `ecgcodes.h`); an empty one is not assigned.
const MNEMONICS: [&str; 50] = [
    "", "N", "L", "R", "a", "V", "F", "J", "A", "S", "E", "j", "/", "Q", "~", "", "|", "", "s", "T", "*",
    "D", "\"", "=", "p", "B", "^", "t", "+", "u", "?", "!", "[", "]", "e", "n", "@", "x", "f", "(", ")", "r",
    "", "", "", "", "", "", "", "",
];

/// One annotation as stored, with times in the annotation file's own ticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawAnnotation {
    /// Time in ticks from the start of the record; usually one tick is one frame.
    pub time: i64,
    /// Annotation code, 1 to 49.
    pub code: u8,
    /// SUB field.
    pub subtype: i8,
    /// CHN field.
    pub channel: u8,
    /// NUM field.
    pub number: i8,
    /// AUX text, without terminating zeros.
    pub aux: Option<String>,
}

impl RawAnnotation {
    /// An annotation without further fields.
    #[must_use]
    pub fn new(time: i64, code: u8) -> Self {
        Self { time, code, subtype: 0, channel: 0, number: 0, aux: None }
    }

    /// The annotation of a [`crate::Recording`] in WFDB's terms, its time in samples; `None` when WFDB has no
    /// code for its symbol.
    #[must_use]
    pub fn from_annotation(annotation: &Annotation) -> Option<Self> {
        Some(Self {
            time: i64::try_from(annotation.sample).ok()?,
            code: code(&annotation.symbol)?,
            subtype: annotation.subtype,
            channel: annotation.channel,
            number: annotation.number,
            aux: annotation.text.clone(),
        })
    }

    /// The mnemonic of the code, such as `N` or `V`.
    #[must_use]
    pub fn symbol(&self) -> &'static str {
        symbol(self.code)
    }
}

/// The mnemonic of a code; `?` (learning) is code 30, unassigned codes give `"[unassigned]"`.
#[must_use]
pub fn symbol(code: u8) -> &'static str {
    match MNEMONICS.get(usize::from(code)) {
        Some(name) if !name.is_empty() => name,
        _ => "[unassigned]",
    }
}

/// The code of a mnemonic.
#[must_use]
pub fn code(symbol: &str) -> Option<u8> {
    let index = MNEMONICS.iter().position(|name| !name.is_empty() && *name == symbol)?;
    u8::try_from(index).ok()
}

/// A parsed annotation file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AnnotationFile {
    /// The annotations in file order.
    pub annotations: Vec<RawAnnotation>,
    /// Ticks per second, when the file states its own ("## time resolution").
    pub ticks_per_second: Option<f64>,
}

/// Reads an annotation file.
///
/// # Errors
/// `truncated` when the end marker is absent, `damaged` when times leave the range of the format.
pub fn read_annotations(bytes: &[u8]) -> Result<AnnotationFile, ReadError> {
    let mut cursor = Cursor::new(bytes);
    let mut file = AnnotationFile::default();
    let mut time = 0i64;
    let (mut channel, mut number) = (0u8, 0i8);
    let mut open = false;
    loop {
        let at = cursor.offset();
        let word = cursor.u16()?;
        let (code, difference) = (word >> 10, word & 0x3FF);
        match code {
            0 if difference == 0 => {
                take_file_notes(&mut file);
                return Ok(file);
            }
            SKIP => {
                // PDP-11 order: the high word comes first.
                let (high, low) = (cursor.u16()?, cursor.u16()?);
                time += i64::from(((u32::from(high) << 16) | u32::from(low)).cast_signed());
                open = false;
            }
            NUM | SUB | CHN | AUX => {
                let [value, _] = difference.to_le_bytes();
                let aux = match code {
                    AUX => {
                        let length = usize::from(difference);
                        let raw = cursor.take(length)?;
                        if length % 2 == 1 {
                            cursor.u8()?;
                        }
                        text::optional_field(raw)
                    }
                    _ => None,
                };
                match code {
                    NUM => number = value.cast_signed(),
                    CHN => channel = value,
                    _ => {}
                }
                // A field before any annotation has nothing to belong to.
                if let (true, Some(last)) = (open, file.annotations.last_mut()) {
                    match code {
                        NUM => last.number = number,
                        CHN => last.channel = channel,
                        SUB => last.subtype = value.cast_signed(),
                        _ => last.aux = aux,
                    }
                }
            }
            _ => {
                time += i64::from(difference);
                if !(-1..=1 << 50).contains(&time) {
                    return Err(ReadError::damaged(format!("annotation time {time} is out of range")).at(at));
                }
                if file.annotations.len() >= MAX_ANNOTATIONS {
                    return Err(ReadError::limit("too many annotations").at(at));
                }
                // Code 0 with a difference only moves the time; writers use it to step back.
                if code == 0 {
                    open = false;
                    continue;
                }
                let code = u8::try_from(code).unwrap_or(0);
                file.annotations.push(RawAnnotation { channel, number, ..RawAnnotation::new(time, code) });
                open = true;
            }
        }
    }
}

/// Takes the leading notes at time 0 that describe the file out of the annotations: the ticks per second
/// ("## time resolution: N") and the block of own annotation types.
fn take_file_notes(file: &mut AnnotationFile) {
    let mut notes = 0usize;
    let mut in_definitions = false;
    for annotation in &file.annotations {
        let text = annotation.aux.as_deref().map_or("", str::trim);
        if annotation.time != 0 || annotation.code != NOTE {
            break;
        }
        if let Some(rate) = text.strip_prefix("## time resolution:") {
            file.ticks_per_second =
                crate::num::parse_f64(rate).filter(|r| *r > 0.0).or(file.ticks_per_second);
        } else if text.starts_with("## annotation type definitions") {
            in_definitions = true;
        } else if text.starts_with("## end of definitions") {
            in_definitions = false;
        } else if !in_definitions {
            break;
        }
        notes += 1;
    }
    file.annotations.drain(..notes);
}

/// Writes an annotation file; annotations are put in order of time.
///
/// `ticks_per_second` adds the note that other readers understand; leave it out when ticks are frames.
/// Codes outside 1 to 49 and negative times are left out. AUX texts are cut at 255 bytes.
#[must_use]
pub fn write_annotations(annotations: &[RawAnnotation], ticks_per_second: Option<f64>) -> Vec<u8> {
    let mut sorted: Vec<&RawAnnotation> =
        annotations.iter().filter(|a| (1..=49).contains(&a.code) && a.time >= 0).collect();
    sorted.sort_by_key(|a| a.time);
    let mut out = Vec::with_capacity(sorted.len() * 2 + 2);
    let mut word = |code: u16, value: u16| (code << 10 | (value & 0x3FF)).to_le_bytes();
    if let Some(rate) = ticks_per_second {
        let note = format!("## time resolution: {rate}");
        out.extend(word(u16::from(NOTE), 0));
        push_aux(&mut out, &mut word, &note);
    }
    let mut now = 0i64;
    let (mut channel, mut number) = (0u8, 0i8);
    for annotation in sorted {
        let mut difference = annotation.time - now;
        while difference > 0x3FF {
            let step = difference.min(i64::from(i32::MAX));
            let step32 = i32::try_from(step).unwrap_or(i32::MAX).cast_unsigned();
            out.extend(word(SKIP, 0));
            out.extend(u16::try_from(step32 >> 16).unwrap_or(0).to_le_bytes());
            out.extend(u16::try_from(step32 & 0xFFFF).unwrap_or(0).to_le_bytes());
            difference -= step;
        }
        out.extend(word(u16::from(annotation.code), u16::try_from(difference).unwrap_or(0)));
        if annotation.subtype != 0 {
            out.extend(word(SUB, u16::from(annotation.subtype.cast_unsigned())));
        }
        if annotation.channel != channel {
            channel = annotation.channel;
            out.extend(word(CHN, u16::from(channel)));
        }
        if annotation.number != number {
            number = annotation.number;
            out.extend(word(NUM, u16::from(number.cast_unsigned())));
        }
        if let Some(aux) = &annotation.aux {
            push_aux(&mut out, &mut word, aux);
        }
        now = annotation.time;
    }
    out.extend([0, 0]);
    out
}

fn push_aux(out: &mut Vec<u8>, word: &mut impl FnMut(u16, u16) -> [u8; 2], aux: &str) {
    let mut end = aux.len().min(255);
    while !aux.is_char_boundary(end) {
        end -= 1;
    }
    let bytes = aux.as_bytes().get(..end).unwrap_or_default();
    out.extend(word(AUX, u16::try_from(bytes.len()).unwrap_or(0)));
    out.extend_from_slice(bytes);
    if bytes.len() % 2 == 1 {
        out.push(0);
    }
}
