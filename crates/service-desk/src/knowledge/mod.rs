//! The knowledge base: how faults are mended and questions answered, written by those who did it.
//!
//! Start reading at [`ranking`] (how a text is found, pure), then `ops`. An article is a working copy; what readers see is its
//! newest published version, and publishing takes a second person. A published article that is being rewritten stays readable
//! as it was until the rewriting is published.
//!
//! Deliberately absent: comments as a conversation (a reader says whether it helped and why not; the author is told), and
//! formatted text (steps are lines; pictures are attachments).

mod api;
mod ops;
pub mod ranking;
mod store;
pub mod wire;

pub use api::router;
pub(crate) use ops::{cite, readable};
