//! Who has acted for which party: one account never acts for both on one requirement, whatever roles it has had meanwhile.

use super::model::{Event, Party};
use crate::access::{REQUIREMENT_CONFIRM, REQUIREMENT_WORK, TICKET_CONFIRM};
use crate::journal::Entry;
use platform::Action;
use uuid::Uuid;

/// The party for which a step is taken, where it takes a side.
pub fn side(step: &str, actions: &[Action], speaks: Party) -> Option<Party> {
    let may = |action| actions.contains(&action);
    match step {
        "note" => None,
        _ if may(REQUIREMENT_CONFIRM) && may(REQUIREMENT_WORK) => Some(speaks),
        _ if may(REQUIREMENT_WORK) => Some(Party::B),
        _ if may(REQUIREMENT_CONFIRM) || may(TICKET_CONFIRM) => Some(Party::A),
        _ => None,
    }
}

/// The party for which an account has acted, also by entries that were corrected since.
pub fn acted(entries: &[Entry<Event>], account: Option<Uuid>) -> Option<Party> {
    account?;
    entries.iter().filter(|entry| entry.by == account).find_map(spoke_for)
}

fn spoke_for(entry: &Entry<Event>) -> Option<Party> {
    // Entries are corrected by party A, whoever had made them.
    if entry.corrects.is_some() {
        return Some(Party::A);
    }
    match &entry.what {
        Event::KindProposed { party, .. }
        | Event::KindConfirmed { party }
        | Event::DateProposed { party, .. }
        | Event::DateAccepted { party, .. }
        | Event::DateDeclined { party, .. } => Some(*party),
        Event::Answered { .. } | Event::Reached { .. } | Event::Delivered { .. } => Some(Party::B),
        Event::Complained { .. }
        | Event::BusinessAffected { .. }
        | Event::Compensated { .. }
        | Event::Rejected
        | Event::Accepted
        | Event::Declined
        | Event::Withdrawn => Some(Party::A),
        Event::Registered
        | Event::Noted { .. }
        | Event::Escalated { .. }
        | Event::Replayed { .. }
        | Event::Struck => None,
    }
}
