//! The SQL of inspections and of the register of equipment.

use kernel::{Error, Result};
use platform::Scope;
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// An inspection as stored: the plan, and the projection of its journal and of its answers.
#[derive(Clone, Debug, FromQueryResult)]
pub struct InspectionRow {
    pub id: Uuid,
    pub number: String,
    pub contract_id: Uuid,
    pub contract_version: i32,
    pub organisation_path: String,
    pub kind: String,
    pub ordinal: i32,
    pub period_from: String,
    pub due: String,
    pub state: String,
    pub assignee_id: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub started_at: Option<i64>,
    pub submitted_at: Option<i64>,
    /// The day of it in the region.
    pub submitted_on: Option<String>,
    pub submitted_by: Option<Uuid>,
    pub submitted_by_name: Option<String>,
    pub confirmed_at: Option<i64>,
    pub confirmed_by_name: Option<String>,
    pub returned_count: i32,
    pub paper_delivered_on: Option<String>,
    pub units: i32,
    pub items: i32,
    pub answered: i32,
    pub abnormal: i32,
    pub findings: i32,
    pub planned_by: Option<Uuid>,
    pub row_version: i64,
}

const INSPECTION: &str = "SELECT id, number, contract_id, contract_version, organisation_path, kind, ordinal, period_from, due, \
    state, assignee_id, assignee_name, started_at, submitted_at, submitted_on, submitted_by, submitted_by_name, confirmed_at, \
    confirmed_by_name, returned_count, paper_delivered_on, units, items, answered, abnormal, findings, planned_by, row_version \
    FROM service_desk_inspection";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<InspectionRow>> {
    query_one(exec, &format!("{INSPECTION} WHERE id = $1"), vec![id.into()]).await
}

/// The inspection, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<InspectionRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{INSPECTION} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("inspection"))
}

/// Everything planned under a contract.
pub async fn of_contract(exec: &Exec<'_>, contract: Uuid) -> Result<Vec<InspectionRow>> {
    let sql = format!("{INSPECTION} WHERE contract_id = $1 ORDER BY due, kind, ordinal");
    query_all(exec, &sql, vec![contract.into()]).await
}

pub async fn insert(exec: &Exec<'_>, row: &InspectionRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_inspection (id, number, contract_id, contract_version, organisation_path, kind, ordinal, \
         period_from, due, state, returned_count, units, items, answered, abnormal, findings, planned_by, row_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, 0, 0, 0, $11, 0)",
        vec![
            row.id.into(),
            row.number.clone().into(),
            row.contract_id.into(),
            row.contract_version.into(),
            row.organisation_path.clone().into(),
            row.kind.clone().into(),
            row.ordinal.into(),
            row.period_from.clone().into(),
            row.due.clone().into(),
            row.state.clone().into(),
            row.planned_by.into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes the projection back and counts the version up.
pub async fn update(exec: &Exec<'_>, row: &mut InspectionRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_inspection SET contract_version = $2, period_from = $3, due = $4, state = $5, assignee_id = $6, \
         assignee_name = $7, started_at = $8, submitted_at = $9, submitted_by = $10, submitted_by_name = $11, confirmed_at = $12, \
         confirmed_by_name = $13, returned_count = $14, paper_delivered_on = $15, units = $16, items = $17, answered = $18, \
         abnormal = $19, findings = $20, row_version = $21, submitted_on = $22 WHERE id = $1",
        vec![
            row.id.into(),
            row.contract_version.into(),
            row.period_from.clone().into(),
            row.due.clone().into(),
            row.state.clone().into(),
            row.assignee_id.into(),
            row.assignee_name.clone().into(),
            row.started_at.into(),
            row.submitted_at.into(),
            row.submitted_by.into(),
            row.submitted_by_name.clone().into(),
            row.confirmed_at.into(),
            row.confirmed_by_name.clone().into(),
            row.returned_count.into(),
            row.paper_delivered_on.clone().into(),
            row.units.into(),
            row.items.into(),
            row.answered.into(),
            row.abnormal.into(),
            row.findings.into(),
            row.row_version.into(),
            row.submitted_on.clone().into(),
        ],
    )
    .await
    .map(drop)
}

/// The lists as they were when the inspection began, as JSON.
pub async fn checklists(exec: &Exec<'_>, id: Uuid) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Kept {
        checklists: Option<String>,
    }
    let sql = "SELECT checklists FROM service_desk_inspection WHERE id = $1";
    let found: Option<Kept> = query_one(exec, sql, vec![id.into()]).await?;
    Ok(found.and_then(|kept| kept.checklists))
}

pub async fn keep_checklists(exec: &Exec<'_>, id: Uuid, lists: &str) -> Result<()> {
    let sql = "UPDATE service_desk_inspection SET checklists = $2 WHERE id = $1";
    execute(exec, sql, vec![id.into(), lists.into()]).await.map(drop)
}

/// What a list wants. Dates are `YYYY-MM-DD`.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    pub contract: Option<Uuid>,
    pub kind: Option<&'a str>,
    pub states: Vec<&'a str>,
    pub assignee: Option<Uuid>,
    /// Late as of this day.
    pub late_on: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// Inspections by due date, those of one day in the order in which they were planned.
pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: Filter<'_>,
    after: Option<(String, Uuid)>,
    fetch: u64,
) -> Result<Vec<InspectionRow>> {
    let number = "(SELECT number FROM service_desk_inspection WHERE id = ?)";
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![scope.sql("organisation_path", &mut values)];
    let mut push = |values: &mut Vec<Value>, value: Value, sql: &str| {
        values.push(value);
        conditions.push(sql.replace('?', &format!("${}", values.len())));
    };
    if let Some(contract) = filter.contract {
        push(&mut values, contract.into(), "contract_id = ?");
    }
    if let Some(kind) = filter.kind {
        push(&mut values, kind.into(), "kind = ?");
    }
    if let Some(assignee) = filter.assignee {
        push(&mut values, assignee.into(), "assignee_id = ?");
    }
    if let Some(from) = filter.from {
        push(&mut values, from.into(), "due >= ?");
    }
    if let Some(to) = filter.to {
        push(&mut values, to.into(), "due <= ?");
    }
    if let Some(today) = filter.late_on {
        push(
            &mut values,
            today.into(),
            "((state IN ('planned', 'in_progress') AND due < ?) OR (state IN ('submitted', 'confirmed') AND due < submitted_on))",
        );
    }
    if !filter.states.is_empty() {
        let names: Vec<String> = filter.states.iter().map(|state| format!("'{state}'")).collect();
        conditions.push(format!("state IN ({})", names.join(", ")));
    }
    if let Some((due, id)) = after {
        values.extend([due.into(), id.into()]);
        let n = values.len();
        let number = number.replace('?', &format!("${n}"));
        conditions.push(format!("(due > ${} OR (due = ${0} AND number > {number}))", n - 1));
    }
    let sql = format!("{INSPECTION} WHERE {} ORDER BY due, number LIMIT {fetch}", conditions.join(" AND "));
    query_all(exec, &sql, values).await
}

/// A unit of equipment in the register.
#[derive(Clone, Debug, FromQueryResult)]
pub struct EquipmentRow {
    pub id: Uuid,
    pub contract_id: Uuid,
    pub organisation_path: String,
    pub item_code: String,
    pub type_code: String,
    pub position: i32,
    pub contract_name: String,
    pub ordinal: i32,
    pub label: String,
    pub serial_number: Option<String>,
    pub place: Option<String>,
    pub organisation_id: Option<Uuid>,
    pub monitoring_name: Option<String>,
    pub retired: bool,
    pub row_version: i64,
}

const EQUIPMENT: &str = "SELECT id, contract_id, organisation_path, item_code, type_code, position, contract_name, ordinal, label, \
    serial_number, place, organisation_id, monitoring_name, retired, row_version FROM service_desk_equipment";

/// The register of a contract, in the order of its list.
pub async fn equipment(exec: &Exec<'_>, contract: Uuid) -> Result<Vec<EquipmentRow>> {
    query_all(
        exec,
        &format!("{EQUIPMENT} WHERE contract_id = $1 ORDER BY position, ordinal"),
        vec![contract.into()],
    )
    .await
}

pub async fn find_equipment(exec: &Exec<'_>, id: Uuid) -> Result<Option<EquipmentRow>> {
    query_one(exec, &format!("{EQUIPMENT} WHERE id = $1"), vec![id.into()]).await
}

pub async fn insert_equipment(exec: &Exec<'_>, row: &EquipmentRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_equipment (id, contract_id, organisation_path, item_code, type_code, contract_name, ordinal, \
         label, serial_number, place, organisation_id, monitoring_name, retired, position, row_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0)",
        vec![
            row.id.into(),
            row.contract_id.into(),
            row.organisation_path.clone().into(),
            row.item_code.clone().into(),
            row.type_code.clone().into(),
            row.contract_name.clone().into(),
            row.ordinal.into(),
            row.label.clone().into(),
            row.serial_number.clone().into(),
            row.place.clone().into(),
            row.organisation_id.into(),
            row.monitoring_name.clone().into(),
            row.retired.into(),
            row.position.into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes what may change of a unit, if nobody else has meanwhile; returns whether.
pub async fn update_equipment(exec: &Exec<'_>, row: &EquipmentRow) -> Result<bool> {
    let written = execute(
        exec,
        "UPDATE service_desk_equipment SET label = $2, serial_number = $3, place = $4, organisation_id = $5, monitoring_name = $6, \
         retired = $7, position = $8, row_version = row_version + 1 WHERE id = $1 AND row_version = $9",
        vec![
            row.id.into(),
            row.label.clone().into(),
            row.serial_number.clone().into(),
            row.place.clone().into(),
            row.organisation_id.into(),
            row.monitoring_name.clone().into(),
            row.retired.into(),
            row.position.into(),
            row.row_version.into(),
        ],
    )
    .await?;
    Ok(written > 0)
}

/// A unit as it is inspected.
#[derive(Clone, Debug, FromQueryResult)]
pub struct UnitRow {
    pub id: Uuid,
    pub inspection_id: Uuid,
    pub position: i32,
    pub equipment_id: Uuid,
    pub item_code: String,
    pub type_code: String,
    pub label: String,
    pub serial_number: Option<String>,
    pub place: Option<String>,
    pub organisation_id: Option<Uuid>,
    pub monitoring_name: Option<String>,
    pub skip_reason: Option<String>,
    pub saved_by_name: Option<String>,
    pub saved_at: Option<i64>,
    pub row_version: i64,
}

const UNIT: &str = "SELECT id, inspection_id, position, equipment_id, item_code, type_code, label, serial_number, place, \
    organisation_id, monitoring_name, skip_reason, saved_by_name, saved_at, row_version FROM service_desk_inspection_unit";

pub async fn units(exec: &Exec<'_>, inspection: Uuid) -> Result<Vec<UnitRow>> {
    let sql = format!("{UNIT} WHERE inspection_id = $1 ORDER BY position");
    query_all(exec, &sql, vec![inspection.into()]).await
}

pub async fn find_unit(exec: &Exec<'_>, inspection: Uuid, id: Uuid) -> Result<UnitRow> {
    let sql = format!("{UNIT} WHERE inspection_id = $1 AND id = $2");
    let found = query_one(exec, &sql, vec![inspection.into(), id.into()]).await?;
    found.ok_or_else(|| Error::not_found("unit"))
}

pub async fn insert_unit(exec: &Exec<'_>, row: &UnitRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_inspection_unit (id, inspection_id, position, equipment_id, item_code, type_code, label, \
         serial_number, place, organisation_id, monitoring_name, row_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)",
        vec![
            row.id.into(),
            row.inspection_id.into(),
            row.position.into(),
            row.equipment_id.into(),
            row.item_code.clone().into(),
            row.type_code.clone().into(),
            row.label.clone().into(),
            row.serial_number.clone().into(),
            row.place.clone().into(),
            row.organisation_id.into(),
            row.monitoring_name.clone().into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn update_unit(exec: &Exec<'_>, row: &UnitRow) -> Result<()> {
    let sql = "UPDATE service_desk_inspection_unit SET skip_reason = $2, saved_by_name = $3, saved_at = $4, row_version = $5 WHERE id = $1";
    let values = vec![
        row.id.into(),
        row.skip_reason.clone().into(),
        row.saved_by_name.clone().into(),
        row.saved_at.into(),
        row.row_version.into(),
    ];
    execute(exec, sql, values).await.map(drop)
}

/// An answer.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AnswerRow {
    pub unit_id: Uuid,
    pub code: String,
    pub verdict: String,
    pub value: Option<String>,
    pub remark: Option<String>,
    pub source: String,
    pub source_name: Option<String>,
    pub measured_at: Option<i64>,
    pub by_name: Option<String>,
    pub at: i64,
    pub version: i64,
}

/// Every answer of an inspection.
pub async fn answers(exec: &Exec<'_>, inspection: Uuid) -> Result<Vec<AnswerRow>> {
    let sql = "SELECT a.unit_id, a.code, a.verdict, a.value, a.remark, a.source, a.source_name, a.measured_at, a.by_name, a.at, a.version \
               FROM service_desk_inspection_answer a JOIN service_desk_inspection_unit u ON u.id = a.unit_id \
               WHERE u.inspection_id = $1 ORDER BY u.position, a.code";
    query_all(exec, sql, vec![inspection.into()]).await
}

pub async fn put_answer(exec: &Exec<'_>, row: &AnswerRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_inspection_answer (unit_id, code, verdict, value, remark, source, source_name, measured_at, by_name, at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (unit_id, code) DO UPDATE SET verdict = $3, value = $4, \
         remark = $5, source = $6, source_name = $7, measured_at = $8, by_name = $9, at = $10, version = $11",
        vec![
            row.unit_id.into(),
            row.code.clone().into(),
            row.verdict.clone().into(),
            row.value.clone().into(),
            row.remark.clone().into(),
            row.source.clone().into(),
            row.source_name.clone().into(),
            row.measured_at.into(),
            row.by_name.clone().into(),
            row.at.into(),
            row.version.into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn remove_answer(exec: &Exec<'_>, unit: Uuid, code: &str) -> Result<()> {
    let sql = "DELETE FROM service_desk_inspection_answer WHERE unit_id = $1 AND code = $2";
    execute(exec, sql, vec![unit.into(), code.into()]).await.map(drop)
}

/// A fault that was found.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FindingRow {
    pub id: Uuid,
    pub inspection_id: Uuid,
    pub unit_id: Uuid,
    pub code: String,
    pub title: String,
    pub ticket_id: Uuid,
    pub ticket_number: String,
    pub ticket_state: String,
    pub by_name: String,
    pub at: i64,
}

/// With the state of their tickets now.
pub async fn findings(exec: &Exec<'_>, inspection: Uuid) -> Result<Vec<FindingRow>> {
    let sql = "SELECT f.id, f.inspection_id, f.unit_id, f.code, f.title, f.ticket_id, f.ticket_number, t.state AS ticket_state, \
               f.by_name, f.at FROM service_desk_inspection_finding f JOIN service_desk_ticket t ON t.id = f.ticket_id \
               WHERE f.inspection_id = $1 ORDER BY f.at, f.id";
    query_all(exec, sql, vec![inspection.into()]).await
}

pub async fn insert_finding(exec: &Exec<'_>, row: &FindingRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_inspection_finding (id, inspection_id, unit_id, code, title, ticket_id, ticket_number, by_name, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            row.id.into(),
            row.inspection_id.into(),
            row.unit_id.into(),
            row.code.clone().into(),
            row.title.clone().into(),
            row.ticket_id.into(),
            row.ticket_number.clone().into(),
            row.by_name.clone().into(),
            row.at.into(),
        ],
    )
    .await
    .map(drop)
}
