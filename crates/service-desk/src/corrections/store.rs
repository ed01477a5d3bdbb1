//! The SQL of data corrections.

use kernel::{Error, Result};
use platform::Scope;
use platform::db::{Dialect, Exec, contains_pattern, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct CorrectionRow {
    pub id: Uuid,
    pub number: String,
    pub contract_id: Uuid,
    pub contract_version: Option<i32>,
    pub organisation_id: Uuid,
    pub organisation_path: String,
    pub item_code: String,
    pub ticket_id: Option<Uuid>,
    pub title: String,
    pub reason: String,
    pub touches: String,
    pub changes: String,
    pub executed: Option<String>,
    pub executions: String,
    pub rollback_plan: String,
    pub state: String,
    pub approval_needed: bool,
    pub violation: bool,
    pub requested_by: Option<Uuid>,
    pub requested_by_name: String,
    pub requested_at: i64,
    pub decided_by: Option<Uuid>,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<i64>,
    pub executed_by: Option<Uuid>,
    pub executed_by_name: Option<String>,
    pub executed_at: Option<i64>,
    pub reviewed_by_name: Option<String>,
    pub reviewed_at: Option<i64>,
    pub row_version: i64,
}

const CORRECTION: &str = "SELECT id, number, contract_id, contract_version, organisation_id, organisation_path, item_code, ticket_id, title, reason, \
    touches, changes, executed, executions, rollback_plan, state, approval_needed, violation, requested_by, requested_by_name, requested_at, \
    decided_by, decided_by_name, decided_at, executed_by, executed_by_name, executed_at, reviewed_by_name, reviewed_at, row_version \
    FROM service_desk_correction";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<CorrectionRow>> {
    query_one(exec, &format!("{CORRECTION} WHERE id = $1"), vec![id.into()]).await
}

/// The correction, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<CorrectionRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{CORRECTION} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("data correction"))
}

pub async fn insert(exec: &Exec<'_>, row: &CorrectionRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_correction (id, number, contract_id, organisation_id, organisation_path, item_code, ticket_id, title, \
         reason, touches, changes, rollback_plan, state, approval_needed, violation, requested_by, requested_by_name, requested_at, \
         contract_version, executions, row_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 0)",
        vec![
            row.id.into(),
            row.number.clone().into(),
            row.contract_id.into(),
            row.organisation_id.into(),
            row.organisation_path.clone().into(),
            row.item_code.clone().into(),
            row.ticket_id.into(),
            row.title.clone().into(),
            row.reason.clone().into(),
            row.touches.clone().into(),
            row.changes.clone().into(),
            row.rollback_plan.clone().into(),
            row.state.clone().into(),
            row.approval_needed.into(),
            row.violation.into(),
            row.requested_by.into(),
            row.requested_by_name.clone().into(),
            row.requested_at.into(),
            row.contract_version.into(),
            row.executions.clone().into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes back what changes in the life of a correction, and counts its version up.
pub async fn update(exec: &Exec<'_>, row: &mut CorrectionRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_correction SET executed = $2, state = $3, violation = $4, decided_by = $5, decided_by_name = $6, \
         decided_at = $7, executed_by = $8, executed_by_name = $9, executed_at = $10, reviewed_by_name = $11, reviewed_at = $12, \
         row_version = $13, executions = $14 WHERE id = $1",
        vec![
            row.id.into(),
            row.executed.clone().into(),
            row.state.clone().into(),
            row.violation.into(),
            row.decided_by.into(),
            row.decided_by_name.clone().into(),
            row.decided_at.into(),
            row.executed_by.into(),
            row.executed_by_name.clone().into(),
            row.executed_at.into(),
            row.reviewed_by_name.clone().into(),
            row.reviewed_at.into(),
            row.row_version.into(),
            row.executions.clone().into(),
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
    pub ticket: Option<Uuid>,
    pub violations: bool,
}

/// Corrections, newest first.
pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<CorrectionRow>> {
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
        push(contains_pattern(text).into(), "(title LIKE ? ESCAPE '!' OR number LIKE ? ESCAPE '!')");
    }
    if let Some(item) = filter.item_code {
        push(item.into(), "item_code = ?");
    }
    if let Some(ticket) = filter.ticket {
        push(ticket.into(), "ticket_id = ?");
    }
    if filter.violations {
        conditions.push("violation".to_owned());
    }
    if !filter.states.is_empty() {
        let names: Vec<String> = filter.states.iter().map(|state| format!("'{state}'")).collect();
        conditions.push(format!("state IN ({})", names.join(", ")));
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(requested_at < ${} OR (requested_at = ${0} AND id < ${n}))", n - 1));
    }
    let sql = format!(
        "{CORRECTION} WHERE {} ORDER BY requested_at DESC, id DESC LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}
