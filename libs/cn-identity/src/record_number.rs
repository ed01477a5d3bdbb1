//! The 17-digit health-record number: 12-digit village code and five digits of sequence inside the village.
//!
//! A record number never changes when its person moves: the move is a record of its own.

use crate::error::IdError;
use crate::region::is_province_prefix;
use crate::text::{expect_all, expect_length, normalize, part};

/// Twelve digits of the statistical code: county 6, town 3, village or neighbourhood committee 3.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VillageCode(String);

impl VillageCode {
    /// # Errors
    /// Length, character, province, or a town or village part of zeros.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let text = normalize(input)?;
        expect_length(&text, 12, "12")?;
        expect_all(&text, |c| c.is_ascii_digit())?;
        let county = part(&text, 0, 6);
        if !is_province_prefix(part(&text, 0, 2)) {
            return Err(IdError::Region(county.to_owned()));
        }
        // Town-level units are 001–599, village-level units 001–599 (Regulation on statistical division codes).
        for (name, found) in [("town", part(&text, 6, 9)), ("village", part(&text, 9, 12))] {
            if !("001"..="599").contains(&found) {
                return Err(IdError::Part { part: name, found: found.to_owned() });
            }
        }
        Ok(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn county_code(&self) -> &str {
        part(&self.0, 0, 6)
    }

    /// Nine digits.
    #[must_use]
    pub fn town_code(&self) -> &str {
        part(&self.0, 0, 9)
    }
}

#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HealthRecordNumber {
    village: VillageCode,
    number: String,
}

impl std::fmt::Debug for HealthRecordNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HealthRecordNumber({})", crate::mask::mask_record_number(&self.number))
    }
}

impl HealthRecordNumber {
    /// # Errors
    /// Length, character, village code, or sequence 00000.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let number = normalize(input)?;
        expect_length(&number, 17, "17")?;
        expect_all(&number, |c| c.is_ascii_digit())?;
        let village = VillageCode::parse(part(&number, 0, 12))?;
        if part(&number, 12, 17) == "00000" {
            return Err(IdError::Part { part: "sequence", found: "00000".to_owned() });
        }
        Ok(Self { village, number })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.number
    }

    #[must_use]
    pub fn village(&self) -> &VillageCode {
        &self.village
    }

    #[must_use]
    pub fn serial(&self) -> u32 {
        part(&self.number, 12, 17).parse().unwrap_or_default()
    }
}

/// Makes the record number of the `serial`-th person (1–99 999) of a village.
///
/// # Errors
/// A bad village code, or a serial that five digits cannot hold.
pub fn health_record_number(village_code: &str, serial: u32) -> Result<HealthRecordNumber, IdError> {
    let village = VillageCode::parse(village_code)?;
    if !(1..=99_999).contains(&serial) {
        return Err(IdError::Part { part: "sequence", found: serial.to_string() });
    }
    Ok(HealthRecordNumber { number: format!("{}{serial:05}", village.as_str()), village })
}
