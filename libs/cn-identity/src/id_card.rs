//! Citizen ID card (GB 11643-1999) with its 15-digit predecessor, and the residence permits of Hong Kong,
//! Macao and Taiwan residents, which use the same 18 digits with the prefixes 81, 82 and 83.

use std::fmt;

use jiff::civil::Date;

use crate::error::IdError;
use crate::region::{Region, is_province_prefix, region};
use crate::text::{expect_all, expect_check, mod11_2, normalize, parse_birth_date, part};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    Male,
    Female,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdCardKind {
    /// 居民身份证
    Citizen,
    /// 港澳居民居住证 of a Hong Kong resident, prefix 81
    HongKongResidencePermit,
    /// 港澳居民居住证 of a Macao resident, prefix 82
    MacaoResidencePermit,
    /// 台湾居民居住证, prefix 83
    TaiwanResidencePermit,
}

/// A number of 18 digits whose check character, birth date and province prefix are right.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdCard {
    number: String,
    birth_date: Date,
    legacy: bool,
}

// The number identifies a person, so the debug form that ends up in logs is masked.
impl fmt::Debug for IdCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdCard({})", crate::mask::mask_id_number(&self.number))
    }
}

impl IdCard {
    /// Reads 18 digits (last may be `x` or `X`), or a legacy number of 15 digits, which is lengthened.
    ///
    /// Legacy rule: the two-digit year belongs to 19xx, but the sequence numbers 996–999 were kept for people
    /// over a hundred, so those belong to 18xx. A birth date before 1880 is refused all the same.
    ///
    /// # Errors
    /// Length, character, province prefix, birth date or check character.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let text = normalize(input)?;
        match text.chars().count() {
            18 => Self::from_18(text, false),
            15 => {
                expect_all(&text, |c| c.is_ascii_digit())?;
                let century = if part(&text, 12, 15) >= "996" { "18" } else { "19" };
                let mut long = format!("{}{century}{}", part(&text, 0, 6), part(&text, 6, 15));
                let check = mod11_2(&long);
                long.push(check);
                Self::from_18(long, true)
            }
            found => Err(IdError::Length { found, expected: "18 / 15" }),
        }
    }

    /// As [`IdCard::parse`], and the birth date must not lie after `today`.
    ///
    /// # Errors
    /// As [`IdCard::parse`], and [`IdError::BirthInFuture`].
    pub fn parse_on(input: &str, today: Date) -> Result<Self, IdError> {
        let card = Self::parse(input)?;
        if card.birth_date > today {
            return Err(IdError::BirthInFuture(card.birth_date, today));
        }
        Ok(card)
    }

    fn from_18(number: String, legacy: bool) -> Result<Self, IdError> {
        let body = part(&number, 0, 17);
        if body.len() < 17 {
            // Only a multi-byte character can make 18 characters whose first 17 bytes are no slice.
            expect_all(&number, |c| c.is_ascii_digit() || c == 'X')?;
        }
        expect_all(body, |c| c.is_ascii_digit())?;
        let check = number.chars().last().unwrap_or('?');
        if !check.is_ascii_digit() && check != 'X' {
            return Err(IdError::Character { found: check, position: 18 });
        }
        let prefix = part(&number, 0, 2);
        if !is_province_prefix(prefix) && prefix != "83" {
            return Err(IdError::Region(prefix.to_owned()));
        }
        let birth_date = parse_birth_date(part(&number, 6, 14))?;
        expect_check(check, mod11_2(body))?;
        Ok(Self { number, birth_date, legacy })
    }

    /// The normal form: 18 characters, upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.number
    }

    #[must_use]
    pub fn kind(&self) -> IdCardKind {
        match part(&self.number, 0, 2) {
            "81" => IdCardKind::HongKongResidencePermit,
            "82" => IdCardKind::MacaoResidencePermit,
            "83" => IdCardKind::TaiwanResidencePermit,
            _ => IdCardKind::Citizen,
        }
    }

    #[must_use]
    pub fn birth_date(&self) -> Date {
        self.birth_date
    }

    /// The 17th digit: odd is male.
    #[must_use]
    pub fn sex(&self) -> Sex {
        match part(&self.number, 16, 17) {
            "1" | "3" | "5" | "7" | "9" => Sex::Male,
            _ => Sex::Female,
        }
    }

    /// The six-digit code (GB/T 2260) of the county where the number was first issued. It stays when the
    /// person moves and when the county is renamed or abolished.
    #[must_use]
    pub fn region_code(&self) -> &str {
        part(&self.number, 0, 6)
    }

    /// The county under that code, or nothing where the region table does not hold it. Not part of validity:
    /// codes of abolished counties stay in use for a lifetime.
    #[must_use]
    pub fn region(&self) -> Option<&'static Region> {
        region(self.region_code(), None)
    }

    /// Whether the input was a 15-digit number of the time before 1999.
    #[must_use]
    pub fn is_legacy(&self) -> bool {
        self.legacy
    }

    /// Completed years of age on a day; nothing before birth. Born on 29 February: the birthday is 1 March
    /// in common years (Civil Code art. 1259 counts the day after as the start; common practice of the police).
    #[must_use]
    pub fn age_years(&self, on: Date) -> Option<i16> {
        let before_birthday = (on.month(), on.day()) < (self.birth_date.month(), self.birth_date.day());
        (on >= self.birth_date).then(|| on.year() - self.birth_date.year() - i16::from(before_birthday))
    }
}
