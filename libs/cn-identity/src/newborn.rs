//! A newborn without documents is known by the mother's ID card and the rank of birth, until the birth
//! certificate and the own ID card come.

use std::fmt;

use crate::error::IdError;
use crate::id_card::IdCard;

/// Most children of one birth that a rank of one digit can tell apart.
const LAST_RANK: u8 = 9;

/// Mother's number and rank of birth (1 for the first child of this birth), written `…-1`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NewbornIdentifier {
    mother: IdCard,
    rank: u8,
    text: String,
}

impl fmt::Debug for NewbornIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewbornIdentifier({}-{})", crate::mask::mask_id_number(self.mother.as_str()), self.rank)
    }
}

impl NewbornIdentifier {
    /// # Errors
    /// A rank outside 1–9, or a card that is a man's.
    pub fn new(mother: IdCard, rank: u8) -> Result<Self, IdError> {
        if !(1..=LAST_RANK).contains(&rank) {
            return Err(IdError::Part { part: "rank of birth", found: rank.to_string() });
        }
        if mother.sex() != crate::Sex::Female {
            return Err(IdError::Part { part: "sex of the mother", found: "male".to_owned() });
        }
        let text = format!("{}-{rank}", mother.as_str());
        Ok(Self { mother, rank, text })
    }

    /// Reads the normal form.
    ///
    /// # Errors
    /// A missing rank, and as [`NewbornIdentifier::new`] and [`IdCard::parse`].
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let found = || IdError::Part { part: "rank of birth", found: String::new() };
        let (mother, rank) = input.trim().rsplit_once('-').ok_or_else(found)?;
        Self::new(IdCard::parse(mother)?, rank.parse().map_err(|_| found())?)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn mother(&self) -> &IdCard {
        &self.mother
    }

    #[must_use]
    pub fn rank(&self) -> u8 {
        self.rank
    }
}
