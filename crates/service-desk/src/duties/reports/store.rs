//! The SQL of the yearly report and of what it counts.

use kernel::Result;
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_number, query_one};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct ReportRow {
    pub id: Uuid,
    pub contract_id: Uuid,
    pub organisation_path: String,
    pub state: String,
    pub parts: String,
    pub figures: Option<String>,
    pub submitted_by: Option<Uuid>,
    pub submitted_by_name: Option<String>,
    pub submitted_at: Option<i64>,
    pub returned_reason: Option<String>,
    pub confirmed_by_name: Option<String>,
    pub confirmed_at: Option<i64>,
    pub row_version: i64,
}

const REPORT: &str = "SELECT id, contract_id, organisation_path, state, parts, figures, submitted_by, submitted_by_name, submitted_at, \
    returned_reason, confirmed_by_name, confirmed_at, row_version FROM service_desk_security_report";

pub async fn of_contract(exec: &Exec<'_>, contract: Uuid) -> Result<Option<ReportRow>> {
    query_one(exec, &format!("{REPORT} WHERE contract_id = $1"), vec![contract.into()]).await
}

/// The same, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, contract: Uuid) -> Result<Option<ReportRow>> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    query_one(exec, &format!("{REPORT} WHERE contract_id = $1{lock}"), vec![contract.into()]).await
}

pub async fn insert(exec: &Exec<'_>, row: &ReportRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_security_report (id, contract_id, organisation_path, state, parts, row_version) \
         VALUES ($1, $2, $3, $4, $5, 0)",
        vec![
            row.id.into(),
            row.contract_id.into(),
            row.organisation_path.clone().into(),
            row.state.clone().into(),
            row.parts.clone().into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn update(exec: &Exec<'_>, row: &mut ReportRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_security_report SET state = $2, parts = $3, figures = $4, submitted_by = $5, submitted_by_name = $6, \
         submitted_at = $7, returned_reason = $8, confirmed_by_name = $9, confirmed_at = $10, row_version = $11 WHERE id = $1",
        vec![
            row.id.into(),
            row.state.clone().into(),
            row.parts.clone().into(),
            row.figures.clone().into(),
            row.submitted_by.into(),
            row.submitted_by_name.clone().into(),
            row.submitted_at.into(),
            row.returned_reason.clone().into(),
            row.confirmed_by_name.clone().into(),
            row.confirmed_at.into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

#[derive(FromQueryResult)]
pub struct Count {
    pub name: String,
    pub n: i64,
}

/// Incidents of a contract by grade; void ones do not count.
pub async fn incidents(exec: &Exec<'_>, contract: Uuid) -> Result<Vec<Count>> {
    let sql = "SELECT severity AS name, COUNT(*) AS n FROM service_desk_incident WHERE contract_id = $1 AND state <> 'void' \
               GROUP BY severity";
    query_all(exec, sql, vec![contract.into()]).await
}

pub async fn incidents_restored_late(exec: &Exec<'_>, contract: Uuid) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM service_desk_incident WHERE contract_id = $1 AND state <> 'void' AND restored_late";
    query_number(exec, sql, vec![contract.into()]).await
}

/// Inspections of a contract that were due by a day, and of these the ones that are in a state.
pub async fn inspections(exec: &Exec<'_>, contract: Uuid, by: &str, state: Option<&str>) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM service_desk_inspection WHERE contract_id = $1 AND due <= $2 AND state <> 'cancelled' \
               AND ($3 = '' OR state = $3)";
    let values = vec![contract.into(), by.into(), state.unwrap_or_default().into()];
    query_number(exec, sql, values).await
}

pub async fn corrections(exec: &Exec<'_>, contract: Uuid) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM service_desk_correction WHERE contract_id = $1";
    query_number(exec, sql, vec![contract.into()]).await
}

pub async fn correction_violations(exec: &Exec<'_>, contract: Uuid) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM service_desk_correction WHERE contract_id = $1 AND violation";
    query_number(exec, sql, vec![contract.into()]).await
}

/// Units of the register that are in use, by their name in the contract, in its order.
pub async fn equipment(exec: &Exec<'_>, contract: Uuid) -> Result<Vec<Count>> {
    let sql = "SELECT contract_name AS name, COUNT(*) AS n FROM service_desk_equipment WHERE contract_id = $1 AND NOT retired \
               GROUP BY contract_name ORDER BY MIN(position)";
    query_all(exec, sql, vec![contract.into()]).await
}
