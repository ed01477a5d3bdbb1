//! The SQL of dashboards: narrow rows, measured in Rust.

use super::measure::Observed;
use kernel::{Result, Timestamp};
use platform::Scope;
use platform::db::{Exec, query_all};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct TicketRow {
    pub organisation_id: Uuid,
    pub item_code: Option<String>,
    pub class: String,
    pub channel: String,
    pub state: String,
    pub assignee_id: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub opened_at: i64,
    pub response_due_at: Option<i64>,
    pub responded_at: Option<i64>,
    pub response_late: Option<bool>,
    pub handling_due_at: Option<i64>,
    pub resolved_at: Option<i64>,
    pub handling_late: Option<bool>,
    pub cause: Option<String>,
    pub rating: Option<i32>,
    pub out_of_scope: bool,
}

impl TicketRow {
    pub fn observed(&self) -> Observed {
        Observed {
            opened_at: self.opened_at,
            response_due_at: self.response_due_at,
            responded_at: self.responded_at,
            response_late: self.response_late,
            handling_due_at: self.handling_due_at,
            resolved_at: self.resolved_at,
            handling_late: self.handling_late,
            paused: self.state == "paused",
            rating: self.rating,
        }
    }
}

/// What of the tickets is looked at.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    pub organisation: Option<Scope>,
    pub item_code: Option<&'a str>,
}

/// Tickets that were opened or solved in a period.
pub async fn tickets(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<TicketRow>> {
    let mut values: Vec<Value> = vec![from.micros().into(), until.micros().into()];
    let mut conditions = vec![
        "((opened_at >= $1 AND opened_at < $2) OR (resolved_at >= $1 AND resolved_at < $2))".to_owned(),
        scope.sql("organisation_path", &mut values),
    ];
    if let Some(place) = &filter.organisation {
        conditions.push(place.sql("organisation_path", &mut values));
    }
    if let Some(item) = filter.item_code {
        values.push(item.into());
        conditions.push(format!("item_code = ${}", values.len()));
    }
    let sql = format!(
        "SELECT organisation_id, item_code, class, channel, state, assignee_id, assignee_name, opened_at, response_due_at, \
         responded_at, response_late, handling_due_at, resolved_at, handling_late, cause, rating, out_of_scope \
         FROM service_desk_ticket WHERE {}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}

/// A clock that runs.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ClockRow {
    pub id: Uuid,
    pub number: String,
    pub title: String,
    pub organisation_id: Option<Uuid>,
    pub person_name: Option<String>,
    pub clock: String,
    pub due_at: i64,
}

/// The next clocks of tickets.
pub async fn ticket_clocks(exec: &Exec<'_>, scope: &Scope, most: u32) -> Result<Vec<ClockRow>> {
    let sql = "SELECT id, number, title, organisation_id, assignee_name AS person_name, \
         CASE WHEN responded_at IS NULL THEN 'response' ELSE 'handling' END AS clock, next_due_at AS due_at FROM service_desk_ticket";
    clocks(exec, sql, scope, most).await
}

/// The next clocks of requirements.
pub async fn requirement_clocks(exec: &Exec<'_>, scope: &Scope, most: u32) -> Result<Vec<ClockRow>> {
    let sql = "SELECT id, number, title, organisation_id, CAST(NULL AS TEXT) AS person_name, \
         CASE WHEN feedback_at IS NULL THEN 'feedback' ELSE 'milestone' END AS clock, next_due_at AS due_at \
         FROM service_desk_requirement";
    clocks(exec, sql, scope, most).await
}

/// The next clocks of incidents.
pub async fn incident_clocks(exec: &Exec<'_>, scope: &Scope, most: u32) -> Result<Vec<ClockRow>> {
    let sql = "SELECT id, number, title, CAST(NULL AS UUID) AS organisation_id, CAST(NULL AS TEXT) AS person_name, \
         CASE WHEN next_due_at = restore_due_at AND restored_at IS NULL THEN 'restoration' \
              WHEN next_due_at = report_due_at AND reported_at IS NULL THEN 'report' ELSE 'notice' END AS clock, \
         next_due_at AS due_at FROM service_desk_incident";
    clocks(exec, sql, scope, most).await
}

async fn clocks(exec: &Exec<'_>, select: &str, scope: &Scope, most: u32) -> Result<Vec<ClockRow>> {
    let mut values = Vec::new();
    let place = scope.sql("organisation_path", &mut values);
    let sql =
        format!("{select} WHERE next_due_at IS NOT NULL AND {place} ORDER BY next_due_at, id LIMIT {most}");
    query_all(exec, &sql, values).await
}

/// A name with a number.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Count {
    pub name: String,
    pub n: i64,
}

/// Incidents of a contract that stand, by severity.
pub async fn incidents_by_severity(exec: &Exec<'_>, contract: Uuid) -> Result<Vec<Count>> {
    let sql = "SELECT severity AS name, COUNT(*) AS n FROM service_desk_incident WHERE contract_id = $1 AND state <> 'void' \
               GROUP BY severity ORDER BY severity";
    query_all(exec, sql, vec![contract.into()]).await
}

/// How many rows of a contract a condition finds; `table` and `condition` are the program's own words.
pub async fn count(
    exec: &Exec<'_>,
    table: &str,
    contract: Uuid,
    condition: &str,
    more: Vec<Value>,
) -> Result<i64> {
    let mut values: Vec<Value> = vec![contract.into()];
    values.extend(more);
    let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE contract_id = $1 AND ({condition})");
    platform::db::query_number(exec, &sql, values).await
}
