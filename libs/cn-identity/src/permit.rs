//! Documents of residents who hold no citizen ID card: foreign permanent residents, and travel permits of
//! Hong Kong, Macao and Taiwan residents.

use std::fmt;

use jiff::civil::Date;

use crate::error::IdError;
use crate::id_card::Sex;
use crate::region::is_province_prefix;
use crate::text::{expect_all, expect_check, expect_length, mod11_2, normalize, parse_birth_date, part};

/// Foreign permanent resident ID card (外国人永久居留身份证).
///
/// Since 2023-12-01: `9`, two digits of the province that took the application, three digits of nationality
/// (ISO 3166-1 numeric), birth date, three digits of sequence, check character as in GB 11643. Before: three
/// letters of nationality (ISO 3166-1 alpha-3), four digits of place, birth date with a two-digit year, one
/// digit of sequence and one check digit. The rule of that old check digit is not published in a source that
/// we could read, so it is not tested; the century of the old birth date is not in the number either.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ForeignPermanentResident {
    number: String,
    birth_date: Option<Date>,
}

impl fmt::Debug for ForeignPermanentResident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ForeignPermanentResident({})", crate::mask::mask_id_number(&self.number))
    }
}

impl ForeignPermanentResident {
    /// # Errors
    /// Length, prefix, province, nationality, birth date or (18 digits) check character.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let text = normalize(input)?;
        match text.chars().count() {
            18 => Self::parse_2023(text),
            15 => Self::parse_2017(text),
            found => Err(IdError::Length { found, expected: "18 / 15" }),
        }
    }

    fn parse_2023(number: String) -> Result<Self, IdError> {
        expect_all(&number, |c| c.is_ascii_digit() || c == 'X')?;
        expect_all(part(&number, 0, 17), |c| c.is_ascii_digit())?;
        if !number.starts_with('9') {
            return Err(IdError::Prefix(part(&number, 0, 1).to_owned()));
        }
        let province = part(&number, 1, 3);
        if !is_province_prefix(province) {
            return Err(IdError::Region(province.to_owned()));
        }
        let nationality = part(&number, 3, 6);
        // ISO 3166-1 numeric runs from 004 to 894; 156, 344, 446 and 158 are not foreign.
        let foreign =
            ("004"..="999").contains(&nationality) && !matches!(nationality, "156" | "344" | "446" | "158");
        if !foreign {
            return Err(IdError::Part { part: "nationality", found: nationality.to_owned() });
        }
        let birth_date = parse_birth_date(part(&number, 6, 14))?;
        expect_check(number.chars().last().unwrap_or('?'), mod11_2(part(&number, 0, 17)))?;
        Ok(Self { birth_date: Some(birth_date), number })
    }

    fn parse_2017(number: String) -> Result<Self, IdError> {
        expect_all(&number, |c| c.is_ascii_alphanumeric())?;
        expect_all(part(&number, 0, 3), |c| c.is_ascii_uppercase())?;
        if let Some((index, found)) = number.chars().enumerate().skip(3).find(|(_, c)| !c.is_ascii_digit()) {
            return Err(IdError::Character { found, position: index + 1 });
        }
        if matches!(part(&number, 0, 3), "CHN" | "HKG" | "MAC" | "TWN") {
            return Err(IdError::Part { part: "nationality", found: part(&number, 0, 3).to_owned() });
        }
        let province = part(&number, 3, 5);
        if !is_province_prefix(province) {
            return Err(IdError::Region(province.to_owned()));
        }
        // The century is unknown: the day must exist in 19xx or in 20xx.
        let two_digit = part(&number, 7, 13);
        if parse_birth_date(&format!("19{two_digit}")).is_err()
            && parse_birth_date(&format!("20{two_digit}")).is_err()
        {
            return Err(IdError::BirthDate(two_digit.to_owned()));
        }
        Ok(Self { number, birth_date: None })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.number
    }

    /// Known for numbers of the 2023 form only.
    #[must_use]
    pub fn birth_date(&self) -> Option<Date> {
        self.birth_date
    }

    /// The 17th digit of the 2023 form: odd is male, as on the citizen card.
    #[must_use]
    pub fn sex(&self) -> Option<Sex> {
        self.birth_date?;
        let odd = matches!(part(&self.number, 16, 17), "1" | "3" | "5" | "7" | "9");
        Some(if odd { Sex::Male } else { Sex::Female })
    }

    /// ISO 3166-1: three digits (2023 form) or three letters.
    #[must_use]
    pub fn nationality(&self) -> &str {
        if self.birth_date.is_some() { part(&self.number, 3, 6) } else { part(&self.number, 0, 3) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TravelPermitKind {
    /// 港澳居民来往内地通行证: `H` or `M`, eight digits, with or without two digits of the issue count
    HongKongMacao,
    /// 台湾居民来往大陆通行证: eight digits
    Taiwan,
}

/// Travel permit of a Hong Kong, Macao or Taiwan resident. These numbers have no check character, so
/// a valid form says little: take one only where the user named the document.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TravelPermit {
    number: String,
    kind: TravelPermitKind,
}

impl fmt::Debug for TravelPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TravelPermit({})", crate::mask::mask_id_number(&self.number))
    }
}

impl TravelPermit {
    /// # Errors
    /// Length or character.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let number = normalize(input)?;
        if number.starts_with(['H', 'M']) {
            let digits = part(&number, 1, number.len());
            expect_all(digits, |c| c.is_ascii_digit())?;
            if digits.len() != 8 && digits.len() != 10 {
                return Err(IdError::Length { found: number.len(), expected: "9 / 11" });
            }
            return Ok(Self { number, kind: TravelPermitKind::HongKongMacao });
        }
        expect_length(&number, 8, "8")?;
        expect_all(&number, |c| c.is_ascii_digit())?;
        Ok(Self { number, kind: TravelPermitKind::Taiwan })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.number
    }

    #[must_use]
    pub fn kind(&self) -> TravelPermitKind {
        self.kind
    }
}
