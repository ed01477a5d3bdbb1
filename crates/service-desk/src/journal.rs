//! The journal: what has happened to a record, append only. State is the fold of its entries.
//!
//! Each entry says when it happened and when it was entered; the two differ when a chat message is typed in later. An entry
//! that corrects another takes its place in the fold; both stay and are shown. Entries of one moment keep their order.

use crate::access;
use kernel::{Error, Result, Timestamp};
use platform::Ctx;
use platform::db::{Exec, execute, query_all};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// How far ahead of the server's clock something may be said to have happened: clocks of phones differ.
const TOLERANCE_S: u64 = 120;

/// Whose journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: &'static str,
    pub id: Uuid,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry<E> {
    pub id: Uuid,
    pub seq: i32,
    pub what: E,
    pub at: Timestamp,
    pub recorded_at: Timestamp,
    pub by: Option<Uuid>,
    pub by_name: String,
    pub corrects: Option<Uuid>,
    pub reason: Option<String>,
}

/// An entry as screens show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceEvent)]
pub struct EntryView {
    pub id: Uuid,
    /// What happened, with its particulars under `event`.
    #[schema(value_type = Object)]
    pub what: Value,
    pub at: Timestamp,
    pub recorded_at: Timestamp,
    pub by_name: String,
    pub corrects: Option<Uuid>,
    /// A later entry stands in its place.
    pub superseded: bool,
    pub reason: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    seq: i32,
    payload: String,
    at: i64,
    recorded_at: i64,
    by_id: Option<Uuid>,
    by_name: String,
    corrects: Option<Uuid>,
    reason: Option<String>,
}

/// A new entry.
#[derive(Clone, Debug)]
pub struct New<E> {
    pub what: E,
    pub at: Timestamp,
    pub corrects: Option<Uuid>,
    pub reason: Option<String>,
}

impl<E> New<E> {
    pub fn now(ctx: &Ctx, what: E) -> Self {
        Self { what, at: ctx.now(), corrects: None, reason: None }
    }

    pub fn at(what: E, at: Timestamp) -> Self {
        Self { what, at, corrects: None, reason: None }
    }
}

/// The moment that a person gives for something, or now. Nothing happens in the future.
pub fn moment(ctx: &Ctx, at: Option<Timestamp>) -> Result<Timestamp> {
    let now = ctx.now();
    match at {
        None => Ok(now),
        Some(at) if at > now.plus(std::time::Duration::from_secs(TOLERANCE_S)) => {
            Err(Error::field("at", "in_the_future", "this lies in the future"))
        }
        Some(at) => Ok(at),
    }
}

/// All entries of a subject, in the order in which they were entered.
pub async fn load<E: DeserializeOwned>(exec: &Exec<'_>, subject: Subject) -> Result<Vec<Entry<E>>> {
    let sql = "SELECT id, seq, payload, at, recorded_at, by_id, by_name, corrects, reason FROM service_desk_event \
               WHERE subject_kind = $1 AND subject_id = $2 ORDER BY seq";
    let rows: Vec<Row> = query_all(exec, sql, vec![subject.kind.into(), subject.id.into()]).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Entry {
                id: row.id,
                seq: row.seq,
                what: serde_json::from_str(&row.payload).map_err(Error::internal)?,
                at: Timestamp::from_micros(row.at),
                recorded_at: Timestamp::from_micros(row.recorded_at),
                by: row.by_id,
                by_name: row.by_name,
                corrects: row.corrects,
                reason: row.reason,
            })
        })
        .collect()
}

/// Adds an entry after `entries`, in the caller's transaction, and returns it. `E` is a tagged enumeration; its tag is
/// kept as the kind. The caller holds the lock on the subject's row.
pub async fn append<E: Serialize + DeserializeOwned>(
    exec: &Exec<'_>,
    ctx: &Ctx,
    subject: Subject,
    seq: i32,
    new: New<E>,
) -> Result<Entry<E>> {
    let payload = serde_json::to_value(&new.what).map_err(Error::internal)?;
    let kind = payload.get("event").and_then(Value::as_str).unwrap_or("entry").to_owned();
    let entry = Entry {
        id: ctx.platform().new_uuid(),
        seq,
        what: new.what,
        at: new.at,
        recorded_at: ctx.now(),
        by: access::by(ctx),
        by_name: ctx.principal().display_name.clone(),
        corrects: new.corrects,
        reason: new.reason,
    };
    execute(
        exec,
        "INSERT INTO service_desk_event (id, subject_kind, subject_id, seq, kind, payload, at, recorded_at, by_id, by_name, corrects, reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vec![
            entry.id.into(),
            subject.kind.into(),
            subject.id.into(),
            seq.into(),
            kind.into(),
            payload.to_string().into(),
            entry.at.micros().into(),
            entry.recorded_at.micros().into(),
            entry.by.into(),
            entry.by_name.clone().into(),
            entry.corrects.into(),
            entry.reason.clone().into(),
        ],
    )
    .await?;
    Ok(entry)
}

/// An entry that stands, so that it can be corrected.
pub fn correctable<E>(entries: &[Entry<E>], id: Uuid) -> Result<&Entry<E>> {
    let superseded = entries.iter().any(|entry| entry.corrects == Some(id));
    entries
        .iter()
        .find(|entry| entry.id == id && !superseded)
        .ok_or_else(|| Error::field("event_id", "entry_unknown", "no such entry stands in this journal"))
}

/// The sequence number after these entries.
pub fn next_seq<E>(entries: &[Entry<E>]) -> i32 {
    entries.last().map_or(1, |entry| entry.seq + 1)
}

/// The entries that stand: corrected ones replaced, in the order in which things happened.
pub fn standing<E>(entries: &[Entry<E>]) -> Vec<&Entry<E>> {
    let superseded: Vec<Uuid> = entries.iter().filter_map(|entry| entry.corrects).collect();
    let mut standing: Vec<&Entry<E>> =
        entries.iter().filter(|entry| !superseded.contains(&entry.id)).collect();
    // A correction stands where the corrected entry stood among those of the same moment.
    let origin = |entry: &Entry<E>| {
        let mut seq = entry.seq;
        let mut corrects = entry.corrects;
        while let Some(before) = corrects.and_then(|id| entries.iter().find(|e| e.id == id)) {
            seq = before.seq;
            corrects = before.corrects;
        }
        seq
    };
    standing.sort_by_key(|entry| (entry.at, origin(entry)));
    standing
}

/// Entries for a screen, newest entry first.
pub fn views<E: Serialize>(entries: &[Entry<E>]) -> Result<Vec<EntryView>> {
    let superseded: Vec<Uuid> = entries.iter().filter_map(|entry| entry.corrects).collect();
    entries
        .iter()
        .rev()
        .map(|entry| {
            Ok(EntryView {
                id: entry.id,
                what: serde_json::to_value(&entry.what).map_err(Error::internal)?,
                at: entry.at,
                recorded_at: entry.recorded_at,
                by_name: entry.by_name.clone(),
                corrects: entry.corrects,
                superseded: superseded.contains(&entry.id),
                reason: entry.reason.clone(),
            })
        })
        .collect()
}

/// The next number of a series that begins anew each day: `SD20261126-0001`.
pub async fn next_number(exec: &Exec<'_>, prefix: &str, at: Timestamp) -> Result<String> {
    let series = format!("{prefix}{}", at.local_date().strftime("%Y%m%d"));
    let sql = "INSERT INTO service_desk_counter (series, last_number) VALUES ($1, 1) \
               ON CONFLICT (series) DO UPDATE SET last_number = service_desk_counter.last_number + 1 RETURNING last_number AS n";
    let number = platform::db::query_number(exec, sql, vec![series.as_str().into()]).await?;
    Ok(format!("{series}-{number:04}"))
}
