//! The published language: what one context may know of another.
//!
//! One file per context. A *read trait* answers a question now, in a batch form; an *event* says that something has
//! happened, in the past tense, and is delivered at least once; a *command trait* asks for something to happen
//! elsewhere, outside the caller's transaction.
//!
//! Invariants: nothing here has behaviour, and no context appears in another's file. Event payloads only grow: a field
//! is added with a default, never renamed or removed, because stored events must still be readable.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

pub mod ecg;
pub mod identity;
pub mod notify;
pub mod patients;
pub mod service;

/// Something that has happened. Stored in the transaction that made it happen.
pub trait Event: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `snake_case`, past tense, beginning with the owning context.
    const TOPIC: &'static str;

    /// What it happened to.
    fn resource_id(&self) -> Uuid;

    /// Path of the organisation whose staff may be told live; `None` tells nobody live.
    fn organisation_path(&self) -> Option<&str>;
}
