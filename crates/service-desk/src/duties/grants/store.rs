//! The SQL of grants.

use super::model::State;
use kernel::{Error, Result, Timestamp};
use platform::Scope;
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct GrantRow {
    pub id: Uuid,
    pub number: String,
    pub contract_id: Uuid,
    pub organisation_path: String,
    pub person_id: Uuid,
    pub item_code: String,
    pub system_name: String,
    pub access_kind: String,
    pub reason: String,
    pub from_at: i64,
    pub until_at: i64,
    pub requested_by: Option<Uuid>,
    pub requested_by_name: String,
    pub requested_at: i64,
    pub approved: Option<bool>,
    pub decided_by: Option<Uuid>,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<i64>,
    pub decision_reason: Option<String>,
    pub ended_kind: Option<String>,
    pub ended_by_name: Option<String>,
    pub ended_at: Option<i64>,
    pub end_reason: Option<String>,
    pub warned_at: Option<i64>,
    pub expired_told_at: Option<i64>,
    pub removed_by: Option<Uuid>,
    pub removed_by_name: Option<String>,
    pub removed_at: Option<i64>,
    pub removal_note: Option<String>,
    pub row_version: i64,
}

const GRANT: &str = "SELECT id, number, contract_id, organisation_path, person_id, item_code, system_name, access_kind, reason, from_at, \
    until_at, requested_by, requested_by_name, requested_at, approved, decided_by, decided_by_name, decided_at, decision_reason, \
    ended_kind, ended_by_name, ended_at, end_reason, warned_at, expired_told_at, removed_by, removed_by_name, removed_at, removal_note, \
    row_version FROM service_desk_grant";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<GrantRow>> {
    query_one(exec, &format!("{GRANT} WHERE id = $1"), vec![id.into()]).await
}

/// The grant, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<GrantRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{GRANT} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("grant"))
}

/// Grants of a person that are not over and may still be ended, locked.
pub async fn lock_unfinished(exec: &Exec<'_>, person: Uuid, now: Timestamp) -> Result<Vec<GrantRow>> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!(
        "{GRANT} WHERE person_id = $1 AND ended_kind IS NULL AND (approved IS NULL OR approved) AND until_at > $2 \
         ORDER BY requested_at, id{lock}"
    );
    query_all(exec, &sql, vec![person.into(), now.micros().into()]).await
}

#[derive(FromQueryResult)]
pub struct Count {
    pub id: Uuid,
    pub n: i64,
}

/// How many grants of each of these people are approved and not over.
pub async fn open_counts(exec: &Exec<'_>, people: &[Uuid], now: Timestamp) -> Result<Vec<Count>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![now.micros().into()];
    let marks: Vec<String> = (2..people.len() + 2).map(|n| format!("${n}")).collect();
    values.extend(people.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT person_id AS id, COUNT(*) AS n FROM service_desk_grant WHERE approved AND ended_kind IS NULL AND until_at > $1 \
         AND person_id IN ({}) GROUP BY person_id",
        marks.join(", ")
    );
    query_all(exec, &sql, values).await
}

/// Grants of a contract, for the yearly report.
pub async fn of_contract(exec: &Exec<'_>, contract: Uuid) -> Result<Vec<GrantRow>> {
    query_all(
        exec,
        &format!("{GRANT} WHERE contract_id = $1 ORDER BY requested_at, id"),
        vec![contract.into()],
    )
    .await
}

pub async fn insert(exec: &Exec<'_>, row: &GrantRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_grant (id, number, contract_id, organisation_path, person_id, item_code, system_name, access_kind, \
         reason, from_at, until_at, requested_by, requested_by_name, requested_at, row_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)",
        vec![
            row.id.into(),
            row.number.clone().into(),
            row.contract_id.into(),
            row.organisation_path.clone().into(),
            row.person_id.into(),
            row.item_code.clone().into(),
            row.system_name.clone().into(),
            row.access_kind.clone().into(),
            row.reason.clone().into(),
            row.from_at.into(),
            row.until_at.into(),
            row.requested_by.into(),
            row.requested_by_name.clone().into(),
            row.requested_at.into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes back what changes in the life of a grant, and counts its version up.
pub async fn update(exec: &Exec<'_>, row: &mut GrantRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_grant SET approved = $2, decided_by = $3, decided_by_name = $4, decided_at = $5, decision_reason = $6, \
         ended_kind = $7, ended_by_name = $8, ended_at = $9, end_reason = $10, warned_at = $11, expired_told_at = $12, removed_by = $13, \
         removed_by_name = $14, removed_at = $15, removal_note = $16, row_version = $17 WHERE id = $1",
        vec![
            row.id.into(),
            row.approved.into(),
            row.decided_by.into(),
            row.decided_by_name.clone().into(),
            row.decided_at.into(),
            row.decision_reason.clone().into(),
            row.ended_kind.clone().into(),
            row.ended_by_name.clone().into(),
            row.ended_at.into(),
            row.end_reason.clone().into(),
            row.warned_at.into(),
            row.expired_told_at.into(),
            row.removed_by.into(),
            row.removed_by_name.clone().into(),
            row.removed_at.into(),
            row.removal_note.clone().into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

/// The states of [`State`] as SQL; `?` is the moment.
fn condition(state: State) -> &'static str {
    match state {
        State::Requested => "approved IS NULL AND ended_kind IS NULL AND until_at > ?",
        State::Lapsed => "approved IS NULL AND ended_kind IS NULL AND until_at <= ?",
        State::Refused => "approved IS NOT NULL AND NOT approved",
        State::Cancelled => "approved IS NULL AND ended_kind IS NOT NULL",
        State::Coming => "approved AND ended_kind IS NULL AND until_at > ? AND from_at > ?",
        State::Active => "approved AND ended_kind IS NULL AND until_at > ? AND from_at <= ?",
        State::Expired => "approved AND ended_kind IS NULL AND until_at <= ?",
        State::Withdrawn => "approved AND ended_kind IS NOT NULL AND ended_kind <> 'returned'",
        State::Returned => "approved AND ended_kind = 'returned'",
    }
}

/// What a list wants.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    pub states: Vec<State>,
    pub person: Option<Uuid>,
    pub item_code: Option<&'a str>,
    pub removal_open: bool,
}

/// Grants, newest first.
pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    now: Timestamp,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<GrantRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![scope.sql("organisation_path", &mut values)];
    values.push(now.micros().into());
    let moment = format!("${}", values.len());
    if !filter.states.is_empty() {
        let any: Vec<String> =
            filter.states.iter().map(|s| format!("({})", condition(*s).replace('?', &moment))).collect();
        conditions.push(format!("({})", any.join(" OR ")));
    }
    if filter.removal_open {
        let ended = "approved AND removed_at IS NULL AND (ended_kind IS NOT NULL OR until_at <= ?)";
        conditions.push(ended.replace('?', &moment));
    }
    if let Some(person) = filter.person {
        values.push(person.into());
        conditions.push(format!("person_id = ${}", values.len()));
    }
    if let Some(item) = filter.item_code {
        values.push(item.into());
        conditions.push(format!("item_code = ${}", values.len()));
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(requested_at < ${} OR (requested_at = ${0} AND id < ${n}))", n - 1));
    }
    // On PostgreSQL every parameter has to stand somewhere.
    conditions.push(format!("{moment} >= 0"));
    let sql = format!(
        "{GRANT} WHERE {} ORDER BY requested_at DESC, id DESC LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}
