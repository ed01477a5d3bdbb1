//! From a caller's JSON to data that every glyph of can be printed.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use typst::foundations::Datetime;

use crate::{Fonts, PrintError};

/// All text of one document together, bytes. A long discharge summary has about 50 kB.
const TEXT_LIMIT: usize = 2 * 1024 * 1024;

/// What every paper's data carries under `document`.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope {
    /// Identifies the document for ever: the same content keeps it, a new version gets a new one.
    pub id: String,
    pub title: String,
    /// RFC 3339, UTC ("Z"): the creation date in the file's metadata.
    pub created_at: String,
}

impl Envelope {
    pub fn of(paper: &str, data: &Value) -> Result<Self, PrintError> {
        let envelope = data.get("document").cloned().unwrap_or(Value::Null);
        serde_json::from_value(envelope).map_err(|e| PrintError::Data {
            paper: paper.to_owned(),
            line: None,
            reason: format!("document: {e}"),
        })
    }

    pub fn created_at(&self, paper: &str) -> Result<Datetime, PrintError> {
        parse_utc(&self.created_at).ok_or_else(|| PrintError::Data {
            paper: paper.to_owned(),
            line: None,
            reason: "document.created_at must look like 2026-11-22T02:31:00Z".to_owned(),
        })
    }
}

/// "YYYY-MM-DDThh:mm:ss[.fraction]Z".
fn parse_utc(text: &str) -> Option<Datetime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.splitn(3, '-');
    let (year, month, day) = (date.next()?, date.next()?, date.next()?);
    let mut time = time.splitn(3, ':');
    let (hour, minute, second) = (time.next()?, time.next()?, time.next()?);
    let second = second.split('.').next()?;
    Datetime::from_ymd_hms(
        year.parse().ok()?,
        month.parse().ok()?,
        day.parse().ok()?,
        hour.parse().ok()?,
        minute.parse().ok()?,
        second.parse().ok()?,
    )
}

/// The data with every string made printable, and the characters that had to be spelled as code points.
pub(crate) fn printable(data: &Value, fonts: &Fonts) -> Result<(Value, Vec<char>), PrintError> {
    let mut walk = Walk { fonts, replaced: BTreeSet::new(), text_bytes: 0 };
    let value = walk.value(data)?;
    Ok((value, walk.replaced.into_iter().collect()))
}

struct Walk<'a> {
    fonts: &'a Fonts,
    replaced: BTreeSet<char>,
    text_bytes: usize,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value) -> Result<Value, PrintError> {
        Ok(match value {
            Value::String(text) => Value::String(self.text(text)?),
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, item)| Ok((key.clone(), self.value(item)?)));
                Value::Object(fields.collect::<Result<_, PrintError>>()?)
            }
            other => other.clone(),
        })
    }

    fn text(&mut self, text: &str) -> Result<String, PrintError> {
        self.text_bytes = self.text_bytes.saturating_add(text.len());
        if self.text_bytes > TEXT_LIMIT {
            return Err(PrintError::TooLarge {
                what: "the text of the document, in bytes,",
                limit: TEXT_LIMIT,
            });
        }
        let mut out = String::with_capacity(text.len());
        for character in text.chars() {
            match kind(character) {
                Kind::Keep => out.push(character),
                Kind::Line => out.push('\n'),
                Kind::Space => out.push(' '),
                Kind::Drop => {}
                Kind::Glyph if self.fonts.covers(character) => out.push(character),
                Kind::Glyph | Kind::Spell => {
                    self.replaced.insert(character);
                    out.push_str(&format!("〔U+{:04X}〕", u32::from(character)));
                }
            }
        }
        Ok(out)
    }
}

enum Kind {
    Keep,
    Line,
    Space,
    /// Invisible by nature: joiners and variation selectors. A name's glyph variant is lost, its character is not.
    Drop,
    Glyph,
    /// Would change how its neighbours are read without being seen.
    Spell,
}

fn kind(character: char) -> Kind {
    match character {
        ' '..='~' | '\u{4e00}'..='\u{9fa5}' => Kind::Keep,
        '\n' | '\u{2028}' | '\u{2029}' => Kind::Line,
        '\t' | '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => Kind::Space,
        '\r' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => Kind::Drop,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => Kind::Drop,
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Kind::Spell
        }
        other if other.is_control() => Kind::Spell,
        _ => Kind::Glyph,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn created_at_is_utc_or_refused() {
        assert_eq!(parse_utc("2026-11-22T02:31:05.123Z"), Datetime::from_ymd_hms(2026, 11, 22, 2, 31, 5));
        for wrong in
            ["", "2026-11-22", "2026-11-22T02:31:05", "2026-11-22T02:31:05+08:00", "2026-13-22T02:31:05Z"]
        {
            assert_eq!(parse_utc(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn nothing_vanishes_unseen() {
        let fonts = Fonts::embedded().unwrap();
        let data = serde_json::json!({ "a": ["王\u{202e}二\u{7}", "\u{1f9ec}", "x\ty\r\nz", "#$*_@<>"] });
        let (value, replaced) = printable(&data, &fonts).unwrap();
        assert_eq!(
            value["a"],
            serde_json::json!(["王〔U+202E〕二〔U+0007〕", "〔U+1F9EC〕", "x y\nz", "#$*_@<>"])
        );
        assert_eq!(replaced, vec!['\u{7}', '\u{202e}', '\u{1f9ec}']);
    }

    #[test]
    fn rare_characters_of_names_have_glyphs() {
        // Level 3 of the Table of General Standard Chinese Characters (2013), from the BMP and planes 2.
        let fonts = Fonts::embedded().unwrap();
        for character in ['㐱', '䶮', '䴙', '喆', '垚', '堃', '犇', '昇', '𬱖', '𬬩', '𫍽', '𠙶', '𬭎', '𫖮']
        {
            assert!(fonts.covers(character), "{character} U+{:X}", u32::from(character));
        }
    }
}
