//! Birth certificate (出生医学证明): one letter of the edition and nine digits, the first two of which are
//! the province. No check character.

use std::fmt;

use crate::error::IdError;
use crate::region::is_province_prefix;
use crate::text::{expect_length, normalize, part};

#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BirthCertificate {
    number: String,
}

impl fmt::Debug for BirthCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BirthCertificate({})", crate::mask::mask_id_number(&self.number))
    }
}

impl BirthCertificate {
    /// # Errors
    /// Length, character or province.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let number = normalize(input)?;
        expect_length(&number, 10, "10")?;
        for (index, found) in number.chars().enumerate() {
            let right = if index == 0 { found.is_ascii_uppercase() } else { found.is_ascii_digit() };
            if !right {
                return Err(IdError::Character { found, position: index + 1 });
            }
        }
        let province = part(&number, 1, 3);
        if !is_province_prefix(province) {
            return Err(IdError::Region(province.to_owned()));
        }
        Ok(Self { number })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.number
    }

    #[must_use]
    pub fn province_code(&self) -> &str {
        part(&self.number, 1, 3)
    }
}
