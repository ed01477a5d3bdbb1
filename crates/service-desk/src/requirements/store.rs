//! The SQL of requirements.

use kernel::{Error, Result, Timestamp};
use platform::Scope;
use platform::db::{Dialect, Exec, contains_pattern, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct RequirementRow {
    pub id: Uuid,
    pub number: String,
    pub contract_id: Uuid,
    pub contract_version: i32,
    pub calendar_version: String,
    pub organisation_id: Uuid,
    pub organisation_path: String,
    pub item_code: Option<String>,
    pub title: String,
    pub description: String,
    pub requester_name: Option<String>,
    pub state: String,
    pub kind: String,
    pub kind_confirmed: bool,
    pub received_at: i64,
    pub feedback_due_at: Option<i64>,
    pub feedback_at: Option<i64>,
    pub feedback_late: Option<bool>,
    pub milestone_due_at: Option<i64>,
    pub missed_count: i32,
    pub complained: bool,
    pub business_affected: bool,
    pub penalty_cents: i64,
    pub next_due_at: Option<i64>,
    pub blocked: Option<String>,
    pub opened_by: Option<Uuid>,
    pub opened_by_name: String,
    pub recorded_at: i64,
    pub row_version: i64,
}

const REQUIREMENT: &str = "SELECT id, number, contract_id, contract_version, calendar_version, organisation_id, organisation_path, \
    item_code, title, description, requester_name, state, kind, kind_confirmed, received_at, feedback_due_at, feedback_at, \
    feedback_late, milestone_due_at, missed_count, complained, business_affected, penalty_cents, next_due_at, blocked, opened_by, \
    opened_by_name, recorded_at, row_version FROM service_desk_requirement";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<RequirementRow>> {
    query_one(exec, &format!("{REQUIREMENT} WHERE id = $1"), vec![id.into()]).await
}

/// The requirement, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<RequirementRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{REQUIREMENT} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("requirement"))
}

/// Everything that a new contract version or calendar may move.
pub async fn all_ids(exec: &Exec<'_>) -> Result<Vec<Uuid>> {
    #[derive(FromQueryResult)]
    struct Id {
        id: Uuid,
    }
    let rows: Vec<Id> =
        query_all(exec, "SELECT id FROM service_desk_requirement ORDER BY id", vec![]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

pub async fn insert(exec: &Exec<'_>, row: &RequirementRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_requirement (id, number, contract_id, contract_version, calendar_version, organisation_id, \
         organisation_path, item_code, title, description, requester_name, state, kind, kind_confirmed, received_at, missed_count, \
         complained, business_affected, penalty_cents, opened_by, opened_by_name, recorded_at, row_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, $14, $14, 0, $16, $17, $18, 0)",
        vec![
            row.id.into(),
            row.number.clone().into(),
            row.contract_id.into(),
            row.contract_version.into(),
            row.calendar_version.clone().into(),
            row.organisation_id.into(),
            row.organisation_path.clone().into(),
            row.item_code.clone().into(),
            row.title.clone().into(),
            row.description.clone().into(),
            row.requester_name.clone().into(),
            row.state.clone().into(),
            row.kind.clone().into(),
            false.into(),
            row.received_at.into(),
            row.opened_by.into(),
            row.opened_by_name.clone().into(),
            row.recorded_at.into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes the projection back and counts the version up.
pub async fn update(exec: &Exec<'_>, row: &mut RequirementRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_requirement SET contract_version = $2, calendar_version = $3, state = $4, kind = $5, kind_confirmed = $6, \
         received_at = $7, feedback_due_at = $8, feedback_at = $9, feedback_late = $10, milestone_due_at = $11, missed_count = $12, \
         complained = $13, business_affected = $14, penalty_cents = $15, next_due_at = $16, blocked = $17, row_version = $18 \
         WHERE id = $1",
        vec![
            row.id.into(),
            row.contract_version.into(),
            row.calendar_version.clone().into(),
            row.state.clone().into(),
            row.kind.clone().into(),
            row.kind_confirmed.into(),
            row.received_at.into(),
            row.feedback_due_at.into(),
            row.feedback_at.into(),
            row.feedback_late.into(),
            row.milestone_due_at.into(),
            row.missed_count.into(),
            row.complained.into(),
            row.business_affected.into(),
            row.penalty_cents.into(),
            row.next_due_at.into(),
            row.blocked.clone().into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

/// What a list wants.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    pub text: Option<&'a str>,
    pub states: Vec<&'a str>,
    pub item_code: Option<&'a str>,
    pub organisation: Option<Scope>,
    pub late: bool,
}

/// Requirements, newest first.
pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    now: Timestamp,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<RequirementRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![scope.sql("organisation_path", &mut values)];
    if let Some(place) = &filter.organisation {
        conditions.push(place.sql("organisation_path", &mut values));
    }
    let mut push = |value: Value, sql: &str| {
        values.push(value);
        conditions.push(sql.replace('?', &format!("${}", values.len())));
    };
    if let Some(text) = filter.text {
        push(
            contains_pattern(text).into(),
            "(title LIKE ? ESCAPE '!' OR number LIKE ? ESCAPE '!' OR description LIKE ? ESCAPE '!')",
        );
    }
    if let Some(item) = filter.item_code {
        push(item.into(), "item_code = ?");
    }
    if filter.late {
        push(now.micros().into(), "(feedback_late OR missed_count > 0 OR next_due_at < ?)");
    }
    if !filter.states.is_empty() {
        let names: Vec<String> = filter.states.iter().map(|state| format!("'{state}'")).collect();
        conditions.push(format!("state IN ({})", names.join(", ")));
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(received_at < ${} OR (received_at = ${0} AND id < ${n}))", n - 1));
    }
    let sql = format!(
        "{REQUIREMENT} WHERE {} ORDER BY received_at DESC, id DESC LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}
