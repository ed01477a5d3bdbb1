//! The SQL of vulnerabilities.

use kernel::{Error, Result};
use platform::Scope;
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct VulnerabilityRow {
    pub id: Uuid,
    pub number: String,
    pub contract_id: Uuid,
    pub contract_version: i32,
    pub organisation_path: String,
    pub item_code: String,
    pub system_name: String,
    pub title: String,
    pub description: String,
    pub severity: String,
    pub found_by: String,
    pub state: String,
    pub found_at: i64,
    pub report_due_at: i64,
    pub reported_at: Option<i64>,
    pub consented: bool,
    pub published_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub opened_by: Option<Uuid>,
    pub opened_by_name: String,
    pub recorded_at: i64,
    pub row_version: i64,
}

const VULNERABILITY: &str = "SELECT id, number, contract_id, contract_version, organisation_path, item_code, system_name, title, \
    description, severity, found_by, state, found_at, report_due_at, reported_at, consented, published_at, closed_at, opened_by, \
    opened_by_name, recorded_at, row_version FROM service_desk_vulnerability";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<VulnerabilityRow>> {
    query_one(exec, &format!("{VULNERABILITY} WHERE id = $1"), vec![id.into()]).await
}

/// The vulnerability, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<VulnerabilityRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{VULNERABILITY} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("vulnerability"))
}

/// Vulnerabilities of a contract, for the yearly report.
pub async fn of_contract(exec: &Exec<'_>, contract: Uuid) -> Result<Vec<VulnerabilityRow>> {
    let sql = format!("{VULNERABILITY} WHERE contract_id = $1 ORDER BY found_at, id");
    query_all(exec, &sql, vec![contract.into()]).await
}

pub async fn insert(exec: &Exec<'_>, row: &VulnerabilityRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_vulnerability (id, number, contract_id, contract_version, organisation_path, item_code, system_name, \
         title, description, severity, found_by, state, found_at, report_due_at, consented, opened_by, opened_by_name, recorded_at, \
         row_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0)",
        vec![
            row.id.into(),
            row.number.clone().into(),
            row.contract_id.into(),
            row.contract_version.into(),
            row.organisation_path.clone().into(),
            row.item_code.clone().into(),
            row.system_name.clone().into(),
            row.title.clone().into(),
            row.description.clone().into(),
            row.severity.clone().into(),
            row.found_by.clone().into(),
            row.state.clone().into(),
            row.found_at.into(),
            row.report_due_at.into(),
            row.consented.into(),
            row.opened_by.into(),
            row.opened_by_name.clone().into(),
            row.recorded_at.into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes back the projection, and counts its version up.
pub async fn update(exec: &Exec<'_>, row: &mut VulnerabilityRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_vulnerability SET severity = $2, state = $3, found_at = $4, report_due_at = $5, reported_at = $6, \
         consented = $7, published_at = $8, closed_at = $9, row_version = $10, contract_version = $11 WHERE id = $1",
        vec![
            row.id.into(),
            row.severity.clone().into(),
            row.state.clone().into(),
            row.found_at.into(),
            row.report_due_at.into(),
            row.reported_at.into(),
            row.consented.into(),
            row.published_at.into(),
            row.closed_at.into(),
            row.row_version.into(),
            row.contract_version.into(),
        ],
    )
    .await
    .map(drop)
}

/// Ids of those that are not reported yet: their clocks run.
pub async fn unreported(exec: &Exec<'_>) -> Result<Vec<VulnerabilityRow>> {
    query_all(exec, &format!("{VULNERABILITY} WHERE reported_at IS NULL ORDER BY found_at, id"), vec![]).await
}

/// Vulnerabilities, newest first.
pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    states: &[&str],
    item_code: Option<&str>,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<VulnerabilityRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![scope.sql("organisation_path", &mut values)];
    if !states.is_empty() {
        let names: Vec<String> = states.iter().map(|state| format!("'{state}'")).collect();
        conditions.push(format!("state IN ({})", names.join(", ")));
    }
    if let Some(item) = item_code {
        values.push(item.into());
        conditions.push(format!("item_code = ${}", values.len()));
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(found_at < ${} OR (found_at = ${0} AND id < ${n}))", n - 1));
    }
    let sql = format!(
        "{VULNERABILITY} WHERE {} ORDER BY found_at DESC, id DESC LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}
