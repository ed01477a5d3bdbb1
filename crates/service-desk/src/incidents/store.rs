//! The SQL of incidents.

use kernel::{Error, Result, Timestamp};
use platform::Scope;
use platform::db::{Dialect, Exec, contains_pattern, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct IncidentRow {
    pub id: Uuid,
    pub number: String,
    pub contract_id: Uuid,
    pub contract_version: i32,
    pub calendar_version: String,
    pub organisation_path: String,
    pub item_code: String,
    pub title: String,
    pub description: String,
    pub state: String,
    pub severity: String,
    pub overridden: bool,
    pub started_at: i64,
    pub restored_at: Option<i64>,
    pub restore_due_at: Option<i64>,
    pub restored_late: Option<bool>,
    pub report_due_at: Option<i64>,
    pub reported_at: Option<i64>,
    pub notice_due_at: Option<i64>,
    pub notices_done_at: Option<i64>,
    pub cause_code: Option<String>,
    pub cause_confirmed: bool,
    pub occurrence: Option<i32>,
    pub penalty_cents: Option<i64>,
    pub next_due_at: Option<i64>,
    pub opened_by: Option<Uuid>,
    pub opened_by_name: String,
    pub recorded_at: i64,
    pub report_draft: Option<String>,
    pub row_version: i64,
}

const INCIDENT: &str = "SELECT id, number, contract_id, contract_version, calendar_version, organisation_path, item_code, title, \
    description, state, severity, overridden, started_at, restored_at, restore_due_at, restored_late, report_due_at, reported_at, \
    notice_due_at, notices_done_at, cause_code, cause_confirmed, occurrence, penalty_cents, next_due_at, opened_by, opened_by_name, \
    recorded_at, report_draft, row_version FROM service_desk_incident";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<IncidentRow>> {
    query_one(exec, &format!("{INCIDENT} WHERE id = $1"), vec![id.into()]).await
}

/// The incident, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<IncidentRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{INCIDENT} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("incident"))
}

/// The incidents of a contract in the order in which they count: by beginning, then by registration.
pub async fn of_contract(exec: &Exec<'_>, contract: Uuid) -> Result<Vec<IncidentRow>> {
    let sql = format!("{INCIDENT} WHERE contract_id = $1 ORDER BY started_at, recorded_at, number");
    query_all(exec, &sql, vec![contract.into()]).await
}

/// Incidents that are not finished: what a new contract version may move.
pub async fn unfinished(exec: &Exec<'_>) -> Result<Vec<IncidentRow>> {
    query_all(exec, &format!("{INCIDENT} WHERE state NOT IN ('void') ORDER BY id"), vec![]).await
}

pub async fn insert(exec: &Exec<'_>, row: &IncidentRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_incident (id, number, contract_id, contract_version, calendar_version, organisation_path, item_code, \
         title, description, state, severity, overridden, started_at, cause_confirmed, opened_by, opened_by_name, recorded_at, row_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12, $14, $15, $16, 0)",
        vec![
            row.id.into(),
            row.number.clone().into(),
            row.contract_id.into(),
            row.contract_version.into(),
            row.calendar_version.clone().into(),
            row.organisation_path.clone().into(),
            row.item_code.clone().into(),
            row.title.clone().into(),
            row.description.clone().into(),
            row.state.clone().into(),
            row.severity.clone().into(),
            false.into(),
            row.started_at.into(),
            row.opened_by.into(),
            row.opened_by_name.clone().into(),
            row.recorded_at.into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes the projection back and counts the version up.
pub async fn update(exec: &Exec<'_>, row: &mut IncidentRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_incident SET contract_version = $2, calendar_version = $3, state = $4, severity = $5, overridden = $6, \
         started_at = $7, restored_at = $8, restore_due_at = $9, restored_late = $10, report_due_at = $11, reported_at = $12, \
         notice_due_at = $13, notices_done_at = $14, cause_code = $15, cause_confirmed = $16, occurrence = $17, penalty_cents = $18, \
         next_due_at = $19, report_draft = $20, row_version = $21 WHERE id = $1",
        vec![
            row.id.into(),
            row.contract_version.into(),
            row.calendar_version.clone().into(),
            row.state.clone().into(),
            row.severity.clone().into(),
            row.overridden.into(),
            row.started_at.into(),
            row.restored_at.into(),
            row.restore_due_at.into(),
            row.restored_late.into(),
            row.report_due_at.into(),
            row.reported_at.into(),
            row.notice_due_at.into(),
            row.notices_done_at.into(),
            row.cause_code.clone().into(),
            row.cause_confirmed.into(),
            row.occurrence.into(),
            row.penalty_cents.into(),
            row.next_due_at.into(),
            row.report_draft.clone().into(),
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
    pub severity: Option<&'a str>,
    pub item_code: Option<&'a str>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// Incidents, newest first.
pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<IncidentRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![scope.sql("organisation_path", &mut values)];
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
    if let Some(severity) = filter.severity {
        push(severity.into(), "severity = ?");
    }
    if let Some(item) = filter.item_code {
        push(item.into(), "item_code = ?");
    }
    if let Some(from) = filter.from {
        push(from.micros().into(), "started_at >= ?");
    }
    if let Some(to) = filter.to {
        push(to.micros().into(), "started_at < ?");
    }
    if !filter.states.is_empty() {
        let names: Vec<String> = filter.states.iter().map(|state| format!("'{state}'")).collect();
        conditions.push(format!("state IN ({})", names.join(", ")));
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(started_at < ${} OR (started_at = ${0} AND id < ${n}))", n - 1));
    }
    let sql = format!(
        "{INCIDENT} WHERE {} ORDER BY started_at DESC, id DESC LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}
