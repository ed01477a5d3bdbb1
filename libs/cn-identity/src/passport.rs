//! Passport numbers: Chinese ones by their letter series, foreign ones by the limits of ICAO Doc 9303.

use std::fmt;

use crate::error::IdError;
use crate::text::{expect_all, normalize, part};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PassportKind {
    /// 普通护照: `E` + eight digits, `E` + letter (not I, O) + seven digits, `G` + eight digits, 14/15 + seven digits
    ChineseOrdinary,
    /// 外交护照 `D`/`DE`, 公务护照 `S`/`SE`, 公务普通护照 `P`/`PE`
    ChineseOfficial,
    /// 香港、澳门特别行政区护照: `K`, `H`, `KJ`, `HJ` / `MA`, `MB`
    SpecialRegion,
    /// Any other issuer: five to nine letters and digits with at least one digit (Doc 9303 part 4: at most nine)
    Foreign,
}

/// A passport number carries no check character of its own (that is in the machine-readable zone).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Passport {
    number: String,
    kind: PassportKind,
}

impl fmt::Debug for Passport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passport({})", crate::mask::mask_id_number(&self.number))
    }
}

impl Passport {
    /// # Errors
    /// Length or character.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let number = normalize(input)?;
        expect_all(&number, |c| c.is_ascii_alphanumeric())?;
        if !(5..=9).contains(&number.len()) {
            return Err(IdError::Length { found: number.len(), expected: "5–9" });
        }
        if !number.contains(|c: char| c.is_ascii_digit()) {
            return Err(IdError::Prefix(number));
        }
        let kind = kind_of(&number);
        Ok(Self { number, kind })
    }

    /// As [`Passport::parse`], and the number must be one of a Chinese series.
    ///
    /// # Errors
    /// As [`Passport::parse`], and [`IdError::Prefix`].
    pub fn parse_chinese(input: &str) -> Result<Self, IdError> {
        let passport = Self::parse(input)?;
        match passport.kind {
            PassportKind::Foreign => Err(IdError::Prefix(part(&passport.number, 0, 2).to_owned())),
            _ => Ok(passport),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.number
    }

    #[must_use]
    pub fn kind(&self) -> PassportKind {
        self.kind
    }
}

fn kind_of(number: &str) -> PassportKind {
    let letters = number.chars().take_while(char::is_ascii_uppercase).count();
    let prefix = part(number, 0, letters);
    let digits = part(number, letters, number.len());
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return PassportKind::Foreign;
    }
    match (prefix, digits.len()) {
        ("E" | "G", 8) => PassportKind::ChineseOrdinary,
        ("", 9) if digits.starts_with("14") || digits.starts_with("15") => PassportKind::ChineseOrdinary,
        ("DE" | "SE" | "PE", 7) | ("D" | "S" | "P", 7 | 8) => PassportKind::ChineseOfficial,
        ("K" | "H", 8) | ("KJ" | "HJ" | "MA" | "MB", 7) => PassportKind::SpecialRegion,
        (two, 7) if two.len() == 2 && two.starts_with('E') && !two.ends_with(['I', 'O']) => {
            PassportKind::ChineseOrdinary
        }
        _ => PassportKind::Foreign,
    }
}
