//! The SQL of what came in.

use kernel::{Error, Result};
use platform::Scope;
use platform::db::{Dialect, Exec, contains_pattern, dialect, execute, query_all, query_number, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct IntakeRow {
    pub id: Uuid,
    pub organisation_path: String,
    pub organisation_id: Option<Uuid>,
    pub channel: String,
    pub source: String,
    pub external_id: String,
    pub group_key: Option<String>,
    pub at: i64,
    pub received_at: i64,
    pub ended_at: Option<i64>,
    pub sender: Option<String>,
    pub sender_name: Option<String>,
    pub account_id: Option<Uuid>,
    pub subject: String,
    pub body: String,
    pub automatic: bool,
    pub left_out: String,
    pub state: String,
    pub ticket_id: Option<Uuid>,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<i64>,
    pub reason: Option<String>,
    pub row_version: i64,
}

const INTAKE: &str = "SELECT id, organisation_path, organisation_id, channel, source, external_id, group_key, at, received_at, ended_at, \
    sender, sender_name, account_id, subject, body, automatic, left_out, state, ticket_id, decided_by_name, decided_at, reason, \
    row_version FROM service_desk_intake";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<IntakeRow>> {
    query_one(exec, &format!("{INTAKE} WHERE id = $1"), vec![id.into()]).await
}

/// The same, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<IntakeRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{INTAKE} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("intake"))
}

/// What came under this name before.
pub async fn known(
    exec: &Exec<'_>,
    channel: &str,
    source: &str,
    external: &str,
) -> Result<Option<IntakeRow>> {
    let sql = format!("{INTAKE} WHERE channel = $1 AND source = $2 AND external_id = $3");
    query_one(exec, &sql, vec![channel.into(), source.into(), external.into()]).await
}

/// What became of the last alert of a group that belongs to a ticket.
pub async fn ticket_of_group(exec: &Exec<'_>, source: &str, group: &str) -> Result<Option<Uuid>> {
    let sql = format!(
        "{INTAKE} WHERE source = $1 AND group_key = $2 AND ticket_id IS NOT NULL ORDER BY received_at DESC, id DESC LIMIT 1"
    );
    let row: Option<IntakeRow> = query_one(exec, &sql, vec![source.into(), group.into()]).await?;
    Ok(row.and_then(|row| row.ticket_id))
}

/// Alerts of a ticket that have not ended.
pub async fn firing(exec: &Exec<'_>, ticket: Uuid) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM service_desk_intake WHERE ticket_id = $1 AND channel = 'alert' AND ended_at IS NULL";
    query_number(exec, sql, vec![ticket.into()]).await
}

/// What belongs to a ticket, oldest first.
pub async fn of_ticket(exec: &Exec<'_>, ticket: Uuid) -> Result<Vec<IntakeRow>> {
    query_all(exec, &format!("{INTAKE} WHERE ticket_id = $1 ORDER BY at, id"), vec![ticket.into()]).await
}

/// Enters it; false where it came before, in another transaction at the same time.
pub async fn insert(exec: &Exec<'_>, row: &IntakeRow) -> Result<bool> {
    let done = execute(
        exec,
        "INSERT INTO service_desk_intake (id, organisation_path, organisation_id, channel, source, external_id, group_key, at, received_at, \
         ended_at, sender, sender_name, account_id, subject, body, automatic, left_out, state, ticket_id, decided_by_name, decided_at, \
         reason, row_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
         $22, 1) ON CONFLICT (channel, source, external_id) DO NOTHING",
        vec![
            row.id.into(),
            row.organisation_path.clone().into(),
            row.organisation_id.into(),
            row.channel.clone().into(),
            row.source.clone().into(),
            row.external_id.clone().into(),
            row.group_key.clone().into(),
            row.at.into(),
            row.received_at.into(),
            row.ended_at.into(),
            row.sender.clone().into(),
            row.sender_name.clone().into(),
            row.account_id.into(),
            row.subject.clone().into(),
            row.body.clone().into(),
            row.automatic.into(),
            row.left_out.clone().into(),
            row.state.clone().into(),
            row.ticket_id.into(),
            row.decided_by_name.clone().into(),
            row.decided_at.into(),
            row.reason.clone().into(),
        ],
    )
    .await?;
    Ok(done > 0)
}

/// Writes back what became of it, and counts its version up.
pub async fn update(exec: &Exec<'_>, row: &mut IntakeRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_intake SET organisation_path = $2, organisation_id = $3, ended_at = $4, state = $5, ticket_id = $6, \
         decided_by_name = $7, decided_at = $8, reason = $9, row_version = $10 WHERE id = $1",
        vec![
            row.id.into(),
            row.organisation_path.clone().into(),
            row.organisation_id.into(),
            row.ended_at.into(),
            row.state.clone().into(),
            row.ticket_id.into(),
            row.decided_by_name.clone().into(),
            row.decided_at.into(),
            row.reason.clone().into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

/// What a list asks for.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    pub state: Option<&'a str>,
    pub channel: Option<&'a str>,
    pub text: Option<&'a str>,
}

fn conditions(scope: &Scope, filter: &Filter<'_>, values: &mut Vec<Value>) -> String {
    let mut sql = scope.sql("organisation_path", values);
    for (column, wanted) in [("state", filter.state), ("channel", filter.channel)] {
        if let Some(wanted) = wanted {
            values.push(wanted.into());
            sql.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    if let Some(text) = filter.text {
        values.push(contains_pattern(text).into());
        let matches = "(subject LIKE ? ESCAPE '!' OR body LIKE ? ESCAPE '!' OR sender LIKE ? ESCAPE '!' OR sender_name LIKE ? ESCAPE '!')";
        sql.push_str(&format!(" AND {}", matches.replace('?', &format!("${}", values.len()))));
    }
    sql
}

/// Newest first.
pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<IntakeRow>> {
    let mut values = Vec::new();
    let mut sql = format!("{INTAKE} WHERE {}", conditions(scope, filter, &mut values));
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let (at, id) = (values.len() - 1, values.len());
        sql.push_str(&format!(" AND (at < ${at} OR (at = ${at} AND id < ${id}))"));
    }
    sql.push_str(&format!(" ORDER BY at DESC, id DESC LIMIT {fetch}"));
    query_all(exec, &sql, values).await
}

pub async fn count(exec: &Exec<'_>, scope: &Scope, filter: &Filter<'_>) -> Result<i64> {
    let mut values = Vec::new();
    let sql = format!(
        "SELECT COUNT(*) AS n FROM service_desk_intake WHERE {}",
        conditions(scope, filter, &mut values)
    );
    query_number(exec, &sql, values).await
}
