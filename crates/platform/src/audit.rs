//! The audit trail: who did what to whose data, in an order that cannot be altered unnoticed.
//!
//! Each entry carries the SM3 of its own content and of the hash before it. Entries are written in the transaction of
//! the act itself, so an act without its entry does not exist, and neither does an entry without its act. A row lock on
//! the head of the chain puts concurrent transactions in order; it is taken last and held only until the commit.
//!
//! Deliberately absent: any way to change or delete an entry.

use crate::context::PrincipalKind;
use crate::db::{Exec, execute, query_all, query_one};
use crate::{Ctx, Platform, hash};
use kernel::{AccountId, Error, PatientId, Result, Timestamp};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// How an act ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Allowed,
    Denied,
    Failed,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

/// One act. Made with [`AuditEntry::new`] and completed by [`crate::Tx::audit`].
#[derive(Clone, Debug)]
pub struct AuditEntry {
    action: &'static str,
    resource_kind: Option<&'static str>,
    resource_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    organisation_path: Option<String>,
    outcome: Outcome,
    reason: Option<String>,
    detail: Value,
    at: Timestamp,
    actor_kind: &'static str,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
    address: Option<String>,
    request_id: String,
}

impl AuditEntry {
    /// `action` is the name of the action as in the policies, or a past-tense fact such as `signed_in`.
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            resource_kind: None,
            resource_id: None,
            patient_id: None,
            organisation_path: None,
            outcome: Outcome::Allowed,
            reason: None,
            detail: Value::Null,
            at: Timestamp::default(),
            actor_kind: "system",
            actor_id: None,
            actor_name: None,
            address: None,
            request_id: String::new(),
        }
    }

    #[must_use]
    pub fn on(mut self, kind: &'static str, id: impl Into<Option<Uuid>>) -> Self {
        self.resource_kind = Some(kind);
        self.resource_id = id.into();
        self
    }

    #[must_use]
    pub fn patient(mut self, id: PatientId) -> Self {
        self.patient_id = Some(id.uuid());
        self
    }

    #[must_use]
    pub fn organisation(mut self, path: &str) -> Self {
        self.organisation_path = Some(path.to_owned());
        self
    }

    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// Why, in the actor's words.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Further facts. Never a name, ID number, phone number, password or token: ids stand for people.
    #[must_use]
    pub fn detail(mut self, detail: impl Serialize) -> Self {
        self.detail = serde_json::to_value(detail).unwrap_or(Value::Null);
        self
    }

    /// For acts before anybody is signed in, such as a sign-in itself.
    #[must_use]
    pub fn actor(mut self, kind: &'static str, id: Option<AccountId>, name: Option<&str>) -> Self {
        self.actor_kind = kind;
        self.actor_id = id.map(AccountId::uuid);
        self.actor_name = name.map(ToOwned::to_owned);
        self
    }

    pub(crate) fn by(mut self, ctx: &Ctx) -> Self {
        self.at = ctx.now();
        if ctx.principal().kind() != PrincipalKind::Anonymous {
            self.actor_kind = ctx.principal().kind().as_str();
            self.actor_id = ctx.principal().account_id().map(AccountId::uuid);
            self.actor_name = Some(ctx.principal().display_name().to_owned());
        }
        if self.organisation_path.is_none() {
            self.organisation_path = ctx.principal().organisation_path().map(ToOwned::to_owned);
        }
        self.address = ctx.address().map(ToOwned::to_owned);
        self.request_id = ctx.request_id().to_owned();
        self
    }

    fn detail_text(&self) -> String {
        if self.detail.is_null() { String::from("{}") } else { self.detail.to_string() }
    }
}

/// A stored entry.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AuditRow {
    pub seq: i64,
    pub at: i64,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub actor_name: Option<String>,
    pub organisation_path: Option<String>,
    pub action: String,
    pub resource_kind: Option<String>,
    pub resource_id: Option<Uuid>,
    pub patient_id: Option<Uuid>,
    pub outcome: String,
    pub reason: Option<String>,
    pub address: Option<String>,
    pub request_id: String,
    pub detail: String,
    pub previous_hash: String,
    pub hash: String,
}

impl AuditRow {
    /// The hash this row must carry: SM3 over a JSON array of the previous hash and every column, in this order.
    fn expected_hash(&self) -> String {
        let content = json!([
            self.previous_hash,
            self.seq,
            self.at,
            self.actor_kind,
            self.actor_id,
            self.actor_name,
            self.organisation_path,
            self.action,
            self.resource_kind,
            self.resource_id,
            self.patient_id,
            self.outcome,
            self.reason,
            self.address,
            self.request_id,
            self.detail,
        ]);
        hash::sm3_hex(content.to_string().as_bytes())
    }
}

#[derive(FromQueryResult)]
struct Head {
    seq: i64,
    hash: String,
}

pub(crate) async fn append(exec: &Exec<'_>, entries: Vec<AuditEntry>) -> Result<()> {
    let count = i64::try_from(entries.len()).map_err(Error::internal)?;
    let sql = "UPDATE platform_audit_head SET seq = seq + $1 WHERE id = 1 RETURNING seq, hash";
    let head: Option<Head> = query_one(exec, sql, vec![count.into()]).await?;
    let head = head.ok_or_else(|| Error::internal("the audit chain has no head"))?;
    let mut previous = head.hash;
    for (seq, entry) in (head.seq - count + 1..).zip(entries) {
        let mut row = AuditRow {
            seq,
            at: entry.at.micros(),
            actor_kind: entry.actor_kind.to_owned(),
            actor_id: entry.actor_id,
            actor_name: entry.actor_name.clone(),
            organisation_path: entry.organisation_path.clone(),
            action: entry.action.to_owned(),
            resource_kind: entry.resource_kind.map(ToOwned::to_owned),
            resource_id: entry.resource_id,
            patient_id: entry.patient_id,
            outcome: entry.outcome.as_str().to_owned(),
            reason: entry.reason.clone(),
            address: entry.address.clone(),
            request_id: entry.request_id.clone(),
            detail: entry.detail_text(),
            previous_hash: previous,
            hash: String::new(),
        };
        row.hash = row.expected_hash();
        previous = row.hash.clone();
        execute(
            exec,
            "INSERT INTO platform_audit (seq, at, actor_kind, actor_id, actor_name, organisation_path, action, resource_kind, \
             resource_id, patient_id, outcome, reason, address, request_id, detail, previous_hash, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            vec![
                row.seq.into(),
                row.at.into(),
                row.actor_kind.into(),
                row.actor_id.into(),
                row.actor_name.into(),
                row.organisation_path.into(),
                row.action.into(),
                row.resource_kind.into(),
                row.resource_id.into(),
                row.patient_id.into(),
                row.outcome.into(),
                row.reason.into(),
                row.address.into(),
                row.request_id.into(),
                row.detail.into(),
                row.previous_hash.into(),
                row.hash.into(),
            ],
        )
        .await?;
    }
    execute(exec, "UPDATE platform_audit_head SET hash = $1 WHERE id = 1", vec![previous.into()]).await?;
    Ok(())
}

impl Platform {
    /// Records an act that changes nothing else, such as reading personal data.
    pub async fn audit(&self, ctx: &Ctx, entry: AuditEntry) -> Result<()> {
        let mut tx = self.begin().await?;
        tx.audit(ctx, entry);
        tx.commit().await
    }
}

/// What walking the whole chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    pub checked: i64,
    /// The first entry that does not carry the hash it must, is missing, or does not follow its predecessor.
    pub first_bad_seq: Option<i64>,
    pub head_hash: String,
}

/// Walks the chain from its first entry to its head.
pub async fn verify(exec: &Exec<'_>) -> Result<Verification> {
    let head: Option<Head> =
        query_one(exec, "SELECT seq, hash FROM platform_audit_head WHERE id = 1", vec![]).await?;
    let head = head.ok_or_else(|| Error::internal("the audit chain has no head"))?;
    let mut result = Verification { checked: 0, first_bad_seq: None, head_hash: head.hash.clone() };
    let mut previous = hash::sm3_hex(b"");
    loop {
        let sql = "SELECT * FROM platform_audit WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT 1000";
        let rows: Vec<AuditRow> = query_all(exec, sql, vec![result.checked.into(), head.seq.into()]).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let follows = row.seq == result.checked + 1 && row.previous_hash == previous;
            if !follows || row.hash != row.expected_hash() {
                result.first_bad_seq = Some(result.checked + 1);
                return Ok(result);
            }
            result.checked = row.seq;
            previous = row.hash;
        }
    }
    if result.checked != head.seq || previous != head.hash {
        result.first_bad_seq = Some(result.checked + 1);
    }
    Ok(result)
}
