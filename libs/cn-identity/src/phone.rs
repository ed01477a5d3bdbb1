//! Telephone numbers of mainland China: mobile, fixed line with area code, and the 400/800/95/96/12 services.

use std::fmt;

use crate::error::IdError;
use crate::text::{expect_all, normalize, part};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// Eleven digits, second digit 3–9
    Mobile,
    /// Area code (010, 02x, or 0 and three digits), seven or eight digits, an extension or not
    FixedLine,
    /// 400/800 and seven digits, 95/96 and three or four more, 12345 and the like, 110/119/120/122
    Service,
}

/// `as_str` is digits only, without country code; an extension follows after `-`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    number: String,
    area_code_len: usize,
    kind: PhoneKind,
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", crate::mask::mask_phone(&self.number))
    }
}

impl Phone {
    /// Reads `+86`, `0086` or `86` in front of a mobile number, brackets, spaces and hyphens, and an
    /// extension after `转`, `ext`, `x`, `#` or a hyphen that ends a fixed-line number.
    ///
    /// # Errors
    /// Character, length, a range that is not in use, or a missing area code.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let (main, extension) = split_extension(input);
        let mut digits: String =
            normalize(&main)?.chars().filter(|c| !matches!(c, '(' | ')' | '.')).collect();
        if let Some(rest) = digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086")) {
            digits = rest.to_owned();
            // Written internationally a fixed line has lost its trunk zero.
            if !digits.starts_with(['0', '1', '4', '8']) || (digits.starts_with("10") && digits.len() == 10) {
                digits.insert(0, '0');
            }
        } else if digits.len() == 13 && digits.starts_with("861") {
            digits = digits.split_off(2);
        }
        if digits.is_empty() {
            return Err(IdError::Empty);
        }
        expect_all(&digits, |c| c.is_ascii_digit())?;
        let mut phone = parse_digits(digits)?;
        if let Some(extension) = extension {
            if phone.kind != PhoneKind::FixedLine {
                return Err(IdError::Character { found: '-', position: phone.number.len() + 1 });
            }
            if extension.is_empty() || extension.len() > 6 {
                return Err(IdError::Length { found: extension.len(), expected: "1–6" });
            }
            phone.number.push('-');
            phone.number.push_str(&extension);
        }
        Ok(phone)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.number
    }

    #[must_use]
    pub fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// With its trunk zero, for a fixed line.
    #[must_use]
    pub fn area_code(&self) -> Option<&str> {
        (self.kind == PhoneKind::FixedLine).then(|| part(&self.number, 0, self.area_code_len))
    }
}

/// Cuts an extension off. A hyphen cuts only when an area code and a whole subscriber number stand before it.
fn split_extension(input: &str) -> (String, Option<String>) {
    let lower: String = input.chars().map(|c| crate::text::half_width(c).to_ascii_lowercase()).collect();
    for mark in ["转", "ext.", "ext", "x", "#"] {
        if let Some((main, tail)) = lower.split_once(mark) {
            return (main.to_owned(), Some(digits_of(tail)));
        }
    }
    if let Some((main, tail)) = lower.rsplit_once('-')
        && main.contains(['-', '(', ' '])
        && digits_of(main).len() >= 10
        && digits_of(main).starts_with('0')
        && !digits_of(main).starts_with("00")
    {
        return (main.to_owned(), Some(digits_of(tail)));
    }
    (lower, None)
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn parse_digits(digits: String) -> Result<Phone, IdError> {
    let length = digits.len();
    let made =
        |number: String, area_code_len: usize, kind: PhoneKind| Ok(Phone { number, area_code_len, kind });
    if matches!(digits.as_str(), "110" | "119" | "120" | "122") || (length == 5 && digits.starts_with("12")) {
        return made(digits, 0, PhoneKind::Service);
    }
    if matches!(length, 5 | 6) && (digits.starts_with("95") || digits.starts_with("96")) {
        return made(digits, 0, PhoneKind::Service);
    }
    if length == 10 && (digits.starts_with("400") || digits.starts_with("800")) {
        return made(digits, 0, PhoneKind::Service);
    }
    if digits.starts_with('0') {
        // 010 and 020–029 have three digits; the others four, from 0310 to 0999.
        let area_len = match digits.chars().nth(1) {
            Some('1') if part(&digits, 0, 3) == "010" => 3,
            Some('2') => 3,
            Some('3'..='9') => 4,
            _ => return Err(IdError::PhoneRange(part(&digits, 0, 3).to_owned())),
        };
        let subscriber = part(&digits, area_len, length);
        let wanted = if area_len == 3 { 8..=8 } else { 7..=8 };
        if !wanted.contains(&subscriber.len()) {
            return Err(IdError::Length { found: subscriber.len(), expected: "7–8" });
        }
        if subscriber.starts_with(['0', '1', '9']) {
            return Err(IdError::PhoneRange(part(subscriber, 0, 1).to_owned()));
        }
        return made(digits, area_len, PhoneKind::FixedLine);
    }
    if digits.starts_with('1') {
        if length != 11 {
            return Err(IdError::Length { found: length, expected: "11" });
        }
        if !matches!(digits.chars().nth(1), Some('3'..='9')) {
            return Err(IdError::PhoneRange(part(&digits, 0, 3).to_owned()));
        }
        return made(digits, 0, PhoneKind::Mobile);
    }
    if matches!(length, 7 | 8) {
        return Err(IdError::AreaCodeMissing);
    }
    if length == 11 {
        return Err(IdError::PhoneRange(part(&digits, 0, 3).to_owned()));
    }
    Err(IdError::Length { found: length, expected: "11" })
}
