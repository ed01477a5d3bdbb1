//! The SQL of people and their records.

use kernel::{Error, Result};
use platform::Scope;
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct PersonRow {
    pub id: Uuid,
    pub organisation_path: String,
    pub account_id: Option<Uuid>,
    pub name: String,
    pub post: String,
    pub joined_on: String,
    pub left_on: Option<String>,
    pub left_reason: Option<String>,
    pub left_by_name: Option<String>,
    pub recorded_by_name: String,
    pub recorded_at: i64,
    pub row_version: i64,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct RecordRow {
    pub id: Uuid,
    pub person_id: Uuid,
    pub kind: String,
    pub day: String,
    pub passed: bool,
    pub by_whom: String,
    pub topic: Option<String>,
    pub duration_min: Option<i32>,
    pub reference: Option<String>,
    pub recorded_by_name: String,
    pub recorded_at: i64,
    pub voided_at: Option<i64>,
    pub voided_by_name: Option<String>,
    pub void_reason: Option<String>,
}

const PERSON: &str = "SELECT id, organisation_path, account_id, name, post, joined_on, left_on, left_reason, left_by_name, \
    recorded_by_name, recorded_at, row_version FROM service_desk_person";
const RECORD: &str = "SELECT id, person_id, kind, day, passed, by_whom, topic, duration_min, reference, recorded_by_name, recorded_at, \
    voided_at, voided_by_name, void_reason FROM service_desk_person_record";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<PersonRow>> {
    query_one(exec, &format!("{PERSON} WHERE id = $1"), vec![id.into()]).await
}

/// The person, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<PersonRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{PERSON} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("person"))
}

/// Whoever of those still there signs in with this account, other than one.
pub async fn with_account(exec: &Exec<'_>, account: Uuid, other_than: Uuid) -> Result<Option<PersonRow>> {
    let sql = format!("{PERSON} WHERE account_id = $1 AND id <> $2 AND left_on IS NULL");
    query_one(exec, &sql, vec![account.into(), other_than.into()]).await
}

/// People by their ids, for lists.
pub async fn many(exec: &Exec<'_>, ids: &[Uuid]) -> Result<Vec<PersonRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, values) = marks(ids);
    query_all(exec, &format!("{PERSON} WHERE id IN ({marks})"), values).await
}

/// Everybody of a contract's region, those who left among them: for the yearly report.
pub async fn all(exec: &Exec<'_>, path: &str) -> Result<Vec<PersonRow>> {
    let sql = format!("{PERSON} WHERE organisation_path = $1 ORDER BY joined_on, recorded_at, id");
    query_all(exec, &sql, vec![path.into()]).await
}

fn marks(ids: &[Uuid]) -> (String, Vec<Value>) {
    let marks: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    (marks.join(", "), ids.iter().map(|id| (*id).into()).collect())
}

pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    left: bool,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<PersonRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![scope.sql("organisation_path", &mut values)];
    if !left {
        conditions.push("left_on IS NULL".to_owned());
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(recorded_at < ${} OR (recorded_at = ${0} AND id < ${n}))", n - 1));
    }
    let sql = format!(
        "{PERSON} WHERE {} ORDER BY recorded_at DESC, id DESC LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}

pub async fn insert(exec: &Exec<'_>, row: &PersonRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_person (id, organisation_path, account_id, name, post, joined_on, recorded_by_name, recorded_at, \
         row_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
        vec![
            row.id.into(),
            row.organisation_path.clone().into(),
            row.account_id.into(),
            row.name.clone().into(),
            row.post.clone().into(),
            row.joined_on.clone().into(),
            row.recorded_by_name.clone().into(),
            row.recorded_at.into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn update(exec: &Exec<'_>, row: &mut PersonRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_person SET account_id = $2, name = $3, post = $4, joined_on = $5, left_on = $6, left_reason = $7, \
         left_by_name = $8, row_version = $9 WHERE id = $1",
        vec![
            row.id.into(),
            row.account_id.into(),
            row.name.clone().into(),
            row.post.clone().into(),
            row.joined_on.clone().into(),
            row.left_on.clone().into(),
            row.left_reason.clone().into(),
            row.left_by_name.clone().into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

/// Records of people, newest first.
pub async fn records(exec: &Exec<'_>, people: &[Uuid]) -> Result<Vec<RecordRow>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, values) = marks(people);
    let sql = format!("{RECORD} WHERE person_id IN ({marks}) ORDER BY day DESC, recorded_at DESC, id DESC");
    query_all(exec, &sql, values).await
}

pub async fn insert_record(exec: &Exec<'_>, row: &RecordRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_person_record (id, person_id, kind, day, passed, by_whom, topic, duration_min, reference, \
         recorded_by_name, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vec![
            row.id.into(),
            row.person_id.into(),
            row.kind.clone().into(),
            row.day.clone().into(),
            row.passed.into(),
            row.by_whom.clone().into(),
            row.topic.clone().into(),
            row.duration_min.into(),
            row.reference.clone().into(),
            row.recorded_by_name.clone().into(),
            row.recorded_at.into(),
        ],
    )
    .await
    .map(drop)
}

/// Voids a record that stands; nothing when none does.
pub async fn void_record(
    exec: &Exec<'_>,
    person: Uuid,
    id: Uuid,
    by: &str,
    at: i64,
    reason: &str,
) -> Result<u64> {
    let sql = "UPDATE service_desk_person_record SET voided_at = $3, voided_by_name = $4, void_reason = $5 \
               WHERE id = $1 AND person_id = $2 AND voided_at IS NULL";
    execute(exec, sql, vec![id.into(), person.into(), at.into(), by.into(), reason.into()]).await
}
