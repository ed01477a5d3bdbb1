//! Text of unknown or declared encoding.
//!
//! Medical devices write the code page of the country they were sold in and rarely say so. The order tried
//! for undeclared text is UTF-8, then GB18030 when the bytes look like it, then Windows-1252 (Latin-1).

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::limits::MAX_TEXT_CHARS;

/// Decodes text of undeclared encoding up to the first zero byte; blanks at the ends are dropped.
pub(crate) fn field(bytes: &[u8]) -> String {
    let bytes = bytes.split(|b| *b == 0).next().unwrap_or_default();
    clean(&guess(bytes))
}

/// As [`field`], but nothing for an empty text.
pub(crate) fn optional_field(bytes: &[u8]) -> Option<String> {
    let text = field(bytes);
    (!text.is_empty()).then_some(text)
}

/// Drops control characters other than line breaks and tabs, trims, and bounds the length.
pub(crate) fn clean(text: &str) -> String {
    // Control characters go first: blanks behind them are at the end as well, so that cleaning twice changes nothing.
    let is_dropped = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let kept: String = text
        .trim_matches(|c: char| c.is_whitespace() || c.is_control())
        .chars()
        .filter(|c| !is_dropped(*c))
        .take(MAX_TEXT_CHARS)
        .collect();
    let end = kept.trim_end().len();
    kept.get(..end).unwrap_or_default().to_owned()
}

/// As [`clean`], but nothing for an empty text.
pub(crate) fn non_empty(text: &str) -> Option<String> {
    let text = clean(text);
    (!text.is_empty()).then_some(text)
}

pub(crate) fn guess(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let encoding = if looks_like_gb2312(bytes) { GB18030 } else { WINDOWS_1252 };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Whether all non-ASCII bytes come in pairs of the GB 2312 area (both bytes from 0xA1 to 0xFE).
///
/// Western text has single accented letters between ASCII letters, so it fails the pairing.
fn looks_like_gb2312(bytes: &[u8]) -> bool {
    let mut pairs = 0usize;
    let mut rest = bytes.iter();
    while let Some(first) = rest.next() {
        if first.is_ascii() {
            continue;
        }
        match rest.next() {
            Some(second) if (0xA1..=0xF7).contains(first) && (0xA1..=0xFE).contains(second) => pairs += 1,
            _ => return false,
        }
    }
    pairs > 0
}

/// Decodes by a declared encoding label (IANA or WHATWG name); `None` for an unknown label.
pub(crate) fn decode_label(bytes: &[u8], label: &str) -> Option<String> {
    Encoding::for_label(label.trim().as_bytes())
        .map(|encoding| encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// Decodes an XML document: byte-order mark, then the declared encoding, then UTF-8, then a guess.
pub(crate) fn xml(bytes: &[u8]) -> String {
    if let Some((encoding, bom_len)) = Encoding::for_bom(bytes) {
        let body = bytes.get(bom_len..).unwrap_or_default();
        return encoding.decode_without_bom_handling(body).0.into_owned();
    }
    match bytes {
        [b'<', 0, ..] => return UTF_16LE.decode_without_bom_handling(bytes).0.into_owned(),
        [0, b'<', ..] => return UTF_16BE.decode_without_bom_handling(bytes).0.into_owned(),
        _ => {}
    }
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200)).unwrap_or_default()).into_owned();
    let declared = head
        .split("?>")
        .next()
        .and_then(|declaration| declaration.split_once("encoding"))
        .and_then(|(_, rest)| rest.split(['"', '\'']).nth(1))
        .and_then(|label| Encoding::for_label(label.as_bytes()));
    match declared {
        // A file that was transcoded without touching its declaration is still UTF-8.
        Some(encoding) if encoding != UTF_8 && std::str::from_utf8(bytes).is_err() => {
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        _ => guess(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::{field, guess};

    #[test]
    fn undeclared_chinese_and_western_names() {
        // GB 2312 code points of 张三: D5 C5, C8 FD; Latin-1 of Müller: FC.
        assert_eq!(field(&[0xD5, 0xC5, 0xC8, 0xFD, 0, 0x41]), "张三");
        assert_eq!(guess(&[b'M', 0xFC, b'l', b'l', b'e', b'r']), "Müller");
        assert_eq!(field("张三".as_bytes()), "张三");
    }
}
