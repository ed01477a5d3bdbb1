//! Rules about records, as named checks.

use crate::matching::{Traits, are_certainly_different};
use kernel::{Error, Result};

/// Characters of a reason: enough to say something, not a place for a chart.
const REASON_CHARACTERS: std::ops::RangeInclusive<usize> = 4..=500;

/// A reason in the actor's own words. Required by the audit rules of MLPS level 3 (GB/T 22239-2019, 8.1.4.3) for whatever
/// shows or changes whose data this is.
pub(crate) fn reason(text: &str) -> Result<String> {
    let text = text.trim();
    if REASON_CHARACTERS.contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    let (least, most) = (REASON_CHARACTERS.start(), REASON_CHARACTERS.end());
    Err(Error::field("reason", "reason_length", format!("a reason has {least} to {most} characters")))
}

/// What is known of a record that takes part in a merge.
pub(crate) struct MergeSide<'a> {
    pub id: uuid::Uuid,
    pub is_merged: bool,
    pub traits: Traits<'a>,
}

/// Two records may become one when both stand for themselves and nothing proves them to be two people.
pub(crate) fn may_merge(survivor: &MergeSide<'_>, absorbed: &MergeSide<'_>) -> Result<()> {
    if survivor.id == absorbed.id {
        return Err(Error::invalid("merge_with_self", "a record cannot be merged into itself"));
    }
    if survivor.is_merged || absorbed.is_merged {
        return Err(Error::conflict(
            "already_merged",
            "one of the records has already been merged into another",
        ));
    }
    if are_certainly_different(&survivor.traits, &absorbed.traits) {
        return Err(Error::invalid(
            "identifiers_differ",
            "the identity numbers or the births are those of two people",
        ));
    }
    Ok(())
}

/// A registration under a number that exists is of the same person when the names are equal but for spaces and case.
pub(crate) fn is_same_name(a: &str, b: &str) -> bool {
    let plain = |name: &str| {
        name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect::<String>()
    };
    plain(a) == plain(b)
}
