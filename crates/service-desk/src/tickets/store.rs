//! The SQL of tickets and notices.

use kernel::{Error, Result, Timestamp};
use platform::Scope;
use platform::db::{Dialect, Exec, contains_pattern, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// A ticket as stored: facts of its opening, and the projection of its journal.
#[derive(Clone, Debug, FromQueryResult)]
pub struct TicketRow {
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
    pub channel: String,
    pub caller_name: Option<String>,
    pub caller_phone: Option<String>,
    pub class: String,
    pub priority: i32,
    pub state: String,
    pub assignee_id: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub opened_by: Option<Uuid>,
    pub opened_by_name: String,
    pub opened_at: i64,
    pub recorded_at: i64,
    pub response_due_at: Option<i64>,
    pub responded_at: Option<i64>,
    pub response_late: Option<bool>,
    pub handling_due_at: Option<i64>,
    pub handling_agreed: bool,
    pub resolved_at: Option<i64>,
    pub handling_late: Option<bool>,
    pub closed_at: Option<i64>,
    pub next_due_at: Option<i64>,
    pub blocked: Option<String>,
    pub cause: Option<String>,
    pub rating: Option<i32>,
    pub out_of_scope: bool,
    pub approval_needed: bool,
    pub billable_cents: i64,
    pub parent_id: Option<Uuid>,
    pub row_version: i64,
}

const TICKET: &str = "SELECT id, number, contract_id, contract_version, calendar_version, organisation_id, organisation_path, \
    item_code, title, description, channel, caller_name, caller_phone, class, priority, state, assignee_id, assignee_name, \
    opened_by, opened_by_name, opened_at, recorded_at, response_due_at, responded_at, response_late, handling_due_at, \
    handling_agreed, resolved_at, handling_late, closed_at, next_due_at, blocked, cause, rating, out_of_scope, approval_needed, \
    billable_cents, parent_id, row_version FROM service_desk_ticket";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<TicketRow>> {
    query_one(exec, &format!("{TICKET} WHERE id = $1"), vec![id.into()]).await
}

pub async fn find_by_number(exec: &Exec<'_>, number: &str) -> Result<Option<TicketRow>> {
    query_one(exec, &format!("{TICKET} WHERE number = $1"), vec![number.into()]).await
}

#[derive(FromQueryResult)]
pub struct NumberRow {
    pub id: Uuid,
    pub number: String,
}

/// Numbers of tickets, for lists; at most as many as a page has.
pub async fn numbers(exec: &Exec<'_>, ids: &[Uuid]) -> Result<Vec<NumberRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let sql = format!("SELECT id, number FROM service_desk_ticket WHERE id IN ({})", marks.join(", "));
    query_all(exec, &sql, ids.iter().map(|id| (*id).into()).collect()).await
}

/// The ticket, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<TicketRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{TICKET} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("ticket"))
}

pub async fn children(exec: &Exec<'_>, parent: Uuid) -> Result<Vec<TicketRow>> {
    query_all(exec, &format!("{TICKET} WHERE parent_id = $1 ORDER BY opened_at, id"), vec![parent.into()])
        .await
}

/// Tickets whose clocks still run or that are blocked: what a new contract version or calendar may move.
pub async fn unfinished(exec: &Exec<'_>) -> Result<Vec<Uuid>> {
    #[derive(FromQueryResult)]
    struct Id {
        id: Uuid,
    }
    let sql = "SELECT id FROM service_desk_ticket WHERE state IN ('open', 'working', 'paused', 'resolved') OR blocked IS NOT NULL ORDER BY id";
    let rows: Vec<Id> = query_all(exec, sql, vec![]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

pub async fn insert(exec: &Exec<'_>, row: &TicketRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_ticket (id, number, contract_id, contract_version, calendar_version, organisation_id, \
         organisation_path, item_code, title, description, channel, caller_name, caller_phone, class, priority, state, opened_by, \
         opened_by_name, opened_at, recorded_at, handling_agreed, out_of_scope, approval_needed, billable_cents, row_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21, $21, 0, 0)",
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
            row.channel.clone().into(),
            row.caller_name.clone().into(),
            row.caller_phone.clone().into(),
            row.class.clone().into(),
            row.priority.into(),
            row.state.clone().into(),
            row.opened_by.into(),
            row.opened_by_name.clone().into(),
            row.opened_at.into(),
            row.recorded_at.into(),
            false.into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes the projection back and counts the version up.
pub async fn update(exec: &Exec<'_>, row: &mut TicketRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_ticket SET contract_version = $2, calendar_version = $3, item_code = $4, class = $5, priority = $6, \
         state = $7, assignee_id = $8, assignee_name = $9, opened_at = $10, response_due_at = $11, responded_at = $12, \
         response_late = $13, handling_due_at = $14, handling_agreed = $15, resolved_at = $16, handling_late = $17, closed_at = $18, \
         next_due_at = $19, blocked = $20, cause = $21, rating = $22, out_of_scope = $23, approval_needed = $24, billable_cents = $25, \
         parent_id = $26, row_version = $27 WHERE id = $1",
        vec![
            row.id.into(),
            row.contract_version.into(),
            row.calendar_version.clone().into(),
            row.item_code.clone().into(),
            row.class.clone().into(),
            row.priority.into(),
            row.state.clone().into(),
            row.assignee_id.into(),
            row.assignee_name.clone().into(),
            row.opened_at.into(),
            row.response_due_at.into(),
            row.responded_at.into(),
            row.response_late.into(),
            row.handling_due_at.into(),
            row.handling_agreed.into(),
            row.resolved_at.into(),
            row.handling_late.into(),
            row.closed_at.into(),
            row.next_due_at.into(),
            row.blocked.clone().into(),
            row.cause.clone().into(),
            row.rating.into(),
            row.out_of_scope.into(),
            row.approval_needed.into(),
            row.billable_cents.into(),
            row.parent_id.into(),
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
    pub class: Option<&'a str>,
    pub item_code: Option<&'a str>,
    pub organisation: Option<Scope>,
    pub assignee: Option<Uuid>,
    pub unassigned: bool,
    pub late: bool,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

impl Filter<'_> {
    fn sql(&self, scope: &Scope, now: Timestamp, values: &mut Vec<Value>) -> String {
        let mut conditions = vec![scope.sql("organisation_path", values)];
        let mut push = |values: &mut Vec<Value>, value: Value, sql: &str| {
            values.push(value);
            conditions.push(sql.replace('?', &format!("${}", values.len())));
        };
        if let Some(text) = self.text {
            push(
                values,
                contains_pattern(text).into(),
                "(title LIKE ? ESCAPE '!' OR number LIKE ? ESCAPE '!' OR description LIKE ? ESCAPE '!' OR caller_name LIKE ? ESCAPE '!')",
            );
        }
        if let Some(class) = self.class {
            push(values, class.into(), "class = ?");
        }
        if let Some(item) = self.item_code {
            push(values, item.into(), "item_code = ?");
        }
        if let Some(assignee) = self.assignee {
            push(values, assignee.into(), "assignee_id = ?");
        }
        if let Some(from) = self.from {
            push(values, from.micros().into(), "opened_at >= ?");
        }
        if let Some(to) = self.to {
            push(values, to.micros().into(), "opened_at < ?");
        }
        if self.late {
            push(values, now.micros().into(), "(response_late OR handling_late OR next_due_at < ?)");
        }
        if self.unassigned {
            conditions.push("assignee_id IS NULL".to_owned());
        }
        if !self.states.is_empty() {
            let names: Vec<String> = self.states.iter().map(|state| format!("'{state}'")).collect();
            conditions.push(format!("state IN ({})", names.join(", ")));
        }
        if let Some(place) = &self.organisation {
            conditions.push(place.sql("organisation_path", values));
        }
        conditions.join(" AND ")
    }
}

/// Tickets, newest first.
pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    now: Timestamp,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<TicketRow>> {
    let mut values = Vec::new();
    let mut condition = filter.sql(scope, now, &mut values);
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        condition.push_str(&format!(" AND (opened_at < ${} OR (opened_at = ${0} AND id < ${n}))", n - 1));
    }
    let sql = format!("{TICKET} WHERE {condition} ORDER BY opened_at DESC, id DESC LIMIT {fetch}");
    query_all(exec, &sql, values).await
}

/// Tickets with a running clock, the most pressing first.
pub async fn pressing(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    now: Timestamp,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<TicketRow>> {
    let mut values = Vec::new();
    let mut condition = filter.sql(scope, now, &mut values);
    condition.push_str(" AND next_due_at IS NOT NULL");
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        condition.push_str(&format!(" AND (next_due_at > ${} OR (next_due_at = ${0} AND id > ${n}))", n - 1));
    }
    let sql = format!("{TICKET} WHERE {condition} ORDER BY next_due_at, id LIMIT {fetch}");
    query_all(exec, &sql, values).await
}

/// How many tickets a filter finds.
pub async fn count(exec: &Exec<'_>, scope: &Scope, filter: &Filter<'_>, now: Timestamp) -> Result<i64> {
    let mut values = Vec::new();
    let condition = filter.sql(scope, now, &mut values);
    let sql = format!("SELECT COUNT(*) AS n FROM service_desk_ticket WHERE {condition}");
    platform::db::query_number(exec, &sql, values).await
}

/// Tickets whose clocks cannot be computed.
pub async fn count_blocked(exec: &Exec<'_>, scope: &Scope) -> Result<i64> {
    let mut values = Vec::new();
    let condition = scope.sql("organisation_path", &mut values);
    let sql =
        format!("SELECT COUNT(*) AS n FROM service_desk_ticket WHERE blocked IS NOT NULL AND {condition}");
    platform::db::query_number(exec, &sql, values).await
}
