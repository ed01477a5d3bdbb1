//! What comes in by itself (来件): letters to the mailbox, alerts of monitoring systems.
//!
//! A letter from somebody whose address is confirmed, and an alert that says where it belongs, become tickets at once; everything
//! else waits for a person, who makes a ticket of it, puts it to one, or dismisses it with a reason. The ticket keeps the true moment:
//! when the mail server took the letter, when the alert began.
//!
//! Invariants:
//! - nothing that came in is lost: what cannot become a ticket (no contract, a wrong label) waits with the reason;
//! - coming a second time it has no effect; an alert that ends, or another one of its group, is told to the ticket that is there;
//! - who a letter says that it is from is a claim, shown as one. It opens a ticket or adds a note, and nothing more.
//!
//! Deliberately absent: reading the mailbox (`notify`), closing a ticket because an alert ended: a person says that it works.

pub mod alerts;
mod api;
mod letters;
pub(crate) mod ops;
mod store;
pub mod wire;

pub use api::router;
pub use letters::letters;
