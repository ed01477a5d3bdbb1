//! The SQL of hand-over and destruction.

use kernel::{Error, Result};
use platform::Scope;
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct HandoverRow {
    pub id: Uuid,
    pub number: String,
    pub contract_id: Uuid,
    pub organisation_path: String,
    pub occasion: String,
    pub person_id: Option<Uuid>,
    pub due: String,
    pub state: String,
    pub opened_by_name: String,
    pub opened_at: i64,
    pub completed_by_name: Option<String>,
    pub completed_at: Option<i64>,
    pub row_version: i64,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct ItemRow {
    pub id: Uuid,
    pub handover_id: Uuid,
    pub position: i32,
    pub kind: String,
    pub description: String,
    pub quantity: String,
    pub outcome: Option<String>,
    pub method: Option<String>,
    pub particulars: Option<String>,
    pub done_by: Option<Uuid>,
    pub done_by_name: Option<String>,
    pub done_at: Option<i64>,
    pub witnessed_by: Option<Uuid>,
    pub witnessed_by_name: Option<String>,
    pub witnessed_at: Option<i64>,
}

const HANDOVER: &str = "SELECT id, number, contract_id, organisation_path, occasion, person_id, due, state, opened_by_name, opened_at, \
    completed_by_name, completed_at, row_version FROM service_desk_handover";
const ITEM: &str = "SELECT id, handover_id, position, kind, description, quantity, outcome, method, particulars, done_by, done_by_name, \
    done_at, witnessed_by, witnessed_by_name, witnessed_at FROM service_desk_handover_item";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<HandoverRow>> {
    query_one(exec, &format!("{HANDOVER} WHERE id = $1"), vec![id.into()]).await
}

/// The list, locked until the transaction ends; its items with it.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<HandoverRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{HANDOVER} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("hand-over"))
}

pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    state: Option<&str>,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<HandoverRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![scope.sql("organisation_path", &mut values)];
    if let Some(state) = state {
        values.push(state.into());
        conditions.push(format!("state = ${}", values.len()));
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(opened_at < ${} OR (opened_at = ${0} AND id < ${n}))", n - 1));
    }
    let sql = format!(
        "{HANDOVER} WHERE {} ORDER BY opened_at DESC, id DESC LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}

pub async fn insert(exec: &Exec<'_>, row: &HandoverRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_handover (id, number, contract_id, organisation_path, occasion, person_id, due, state, \
         opened_by_name, opened_at, row_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)",
        vec![
            row.id.into(),
            row.number.clone().into(),
            row.contract_id.into(),
            row.organisation_path.clone().into(),
            row.occasion.clone().into(),
            row.person_id.into(),
            row.due.clone().into(),
            row.state.clone().into(),
            row.opened_by_name.clone().into(),
            row.opened_at.into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn update(exec: &Exec<'_>, row: &mut HandoverRow) -> Result<()> {
    row.row_version += 1;
    let sql = "UPDATE service_desk_handover SET state = $2, completed_by_name = $3, completed_at = $4, row_version = $5 WHERE id = $1";
    let values = vec![
        row.id.into(),
        row.state.clone().into(),
        row.completed_by_name.clone().into(),
        row.completed_at.into(),
        row.row_version.into(),
    ];
    execute(exec, sql, values).await.map(drop)
}

/// Items of lists, in their order.
pub async fn items(exec: &Exec<'_>, handovers: &[Uuid]) -> Result<Vec<ItemRow>> {
    if handovers.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (1..=handovers.len()).map(|n| format!("${n}")).collect();
    let values = handovers.iter().map(|id| (*id).into()).collect();
    let sql = format!("{ITEM} WHERE handover_id IN ({}) ORDER BY handover_id, position", marks.join(", "));
    query_all(exec, &sql, values).await
}

pub async fn insert_item(exec: &Exec<'_>, row: &ItemRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_handover_item (id, handover_id, position, kind, description, quantity) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            row.id.into(),
            row.handover_id.into(),
            row.position.into(),
            row.kind.clone().into(),
            row.description.clone().into(),
            row.quantity.clone().into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn update_item(exec: &Exec<'_>, row: &ItemRow) -> Result<()> {
    execute(
        exec,
        "UPDATE service_desk_handover_item SET outcome = $2, method = $3, particulars = $4, done_by = $5, done_by_name = $6, \
         done_at = $7, witnessed_by = $8, witnessed_by_name = $9, witnessed_at = $10 WHERE id = $1",
        vec![
            row.id.into(),
            row.outcome.clone().into(),
            row.method.clone().into(),
            row.particulars.clone().into(),
            row.done_by.into(),
            row.done_by_name.clone().into(),
            row.done_at.into(),
            row.witnessed_by.into(),
            row.witnessed_by_name.clone().into(),
            row.witnessed_at.into(),
        ],
    )
    .await
    .map(drop)
}
