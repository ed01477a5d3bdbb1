//! Reading of typed input: full-width forms, case, separators, and the two check-character schemes.

use crate::error::IdError;

/// Longest input that any parser looks at; longer text is refused before it is copied.
const INPUT_LIMIT: usize = 256;

/// Full-width ASCII becomes ASCII, letters become upper case, white space, hyphens and zero-width marks go.
///
/// People paste numbers from forms and chat; none of these marks carries meaning in any of our numbers.
pub(crate) fn normalize(input: &str) -> Result<String, IdError> {
    if input.len() > INPUT_LIMIT {
        return Err(IdError::Length { found: input.chars().count(), expected: "≤ 22" });
    }
    let text: String = input
        .chars()
        .map(half_width)
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
        })
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if text.is_empty() { Err(IdError::Empty) } else { Ok(text) }
}

pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

pub(crate) fn expect_length(text: &str, length: usize, expected: &'static str) -> Result<(), IdError> {
    let found = text.chars().count();
    if found == length { Ok(()) } else { Err(IdError::Length { found, expected }) }
}

/// First character outside the alphabet, as an error with its 1-based position.
pub(crate) fn expect_all(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), IdError> {
    match text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        Some((index, found)) => Err(IdError::Character { found, position: index + 1 }),
        None => Ok(()),
    }
}

/// Part of an ASCII string; empty when out of range (callers have checked the length).
pub(crate) fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// GB 11643-1999 (ISO 7064 MOD 11-2) check character of 17 digits.
pub(crate) fn mod11_2(digits17: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits17.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(10).unwrap_or(0) * w).sum();
    match sum % 11 {
        0 => '1',
        1 => '0',
        2 => 'X',
        rest => char::from_digit(12 - rest, 10).unwrap_or('?'),
    }
}

pub(crate) fn expect_check(found: char, expected: char) -> Result<(), IdError> {
    if found == expected { Ok(()) } else { Err(IdError::Checksum { found, expected }) }
}

/// `YYYYMMDD` as a date of the calendar, not before 1880 (no holder of an earlier date was alive when
/// numbers were first issued in 1984).
pub(crate) fn parse_birth_date(text: &str) -> Result<jiff::civil::Date, IdError> {
    let bad = || IdError::BirthDate(text.to_owned());
    let year: i16 = part(text, 0, 4).parse().map_err(|_| bad())?;
    let month: i8 = part(text, 4, 6).parse().map_err(|_| bad())?;
    let day: i8 = part(text, 6, 8).parse().map_err(|_| bad())?;
    let date = jiff::civil::Date::new(year, month, day).map_err(|_| bad())?;
    if year < 1880 { Err(IdError::BirthYear(year)) } else { Ok(date) }
}
