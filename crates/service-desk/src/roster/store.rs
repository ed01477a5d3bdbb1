//! The SQL of people, duty and attendance.

use kernel::Result;
use platform::Scope;
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct EngineerRow {
    pub id: Uuid,
    pub organisation_path: String,
    pub account_id: Uuid,
    pub name: String,
    pub phone: String,
    pub qualification: String,
    pub experience_years: i32,
    pub active: bool,
    pub row_version: i64,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct RosterRow {
    pub id: Uuid,
    pub contract_id: Uuid,
    pub organisation_path: String,
    pub month: String,
    pub due: String,
    pub calendar_version: String,
    pub published_at: Option<i64>,
    pub published_by_name: Option<String>,
    pub late: bool,
    pub row_version: i64,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct DutyRow {
    pub day: String,
    pub engineer_id: Uuid,
    pub backup_id: Option<Uuid>,
    pub handover: Option<String>,
    pub handover_by_name: Option<String>,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct SwapRow {
    pub id: Uuid,
    pub roster_id: Uuid,
    pub day: String,
    pub from_id: Uuid,
    pub to_id: Uuid,
    pub reason: String,
    pub state: String,
    pub requested_by_name: String,
    pub requested_at: i64,
    pub decided_by_name: Option<String>,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct AttendanceRow {
    pub id: Uuid,
    pub contract_id: Uuid,
    pub organisation_path: String,
    pub engineer_id: Uuid,
    pub kind: String,
    pub day: String,
    pub evidence: String,
    pub chosen_cents: Option<i64>,
    pub voided: bool,
    pub void_reason: Option<String>,
    pub recorded_by_name: String,
    pub recorded_at: i64,
    pub row_version: i64,
}

pub async fn engineers(exec: &Exec<'_>, scope: &Scope) -> Result<Vec<EngineerRow>> {
    let mut values = Vec::new();
    let condition = scope.sql("organisation_path", &mut values);
    let sql = format!(
        "SELECT id, organisation_path, account_id, name, phone, qualification, experience_years, active, row_version \
         FROM service_desk_engineer WHERE {condition} ORDER BY name, id"
    );
    query_all(exec, &sql, values).await
}

pub async fn save_engineer(exec: &Exec<'_>, row: &EngineerRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_engineer (id, organisation_path, account_id, name, phone, qualification, experience_years, active, \
         row_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (account_id) DO UPDATE SET name = excluded.name, \
         phone = excluded.phone, qualification = excluded.qualification, experience_years = excluded.experience_years, \
         active = excluded.active, row_version = service_desk_engineer.row_version + 1",
        vec![
            row.id.into(),
            row.organisation_path.clone().into(),
            row.account_id.into(),
            row.name.clone().into(),
            row.phone.clone().into(),
            row.qualification.clone().into(),
            row.experience_years.into(),
            row.active.into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

const ROSTER: &str = "SELECT id, contract_id, organisation_path, month, due, calendar_version, published_at, published_by_name, late, \
    row_version FROM service_desk_roster";

pub async fn roster(exec: &Exec<'_>, contract: Uuid, month: &str) -> Result<Option<RosterRow>> {
    let sql = format!("{ROSTER} WHERE contract_id = $1 AND month = $2");
    query_one(exec, &sql, vec![contract.into(), month.into()]).await
}

/// The same, locked until the transaction ends.
pub async fn lock_roster(exec: &Exec<'_>, contract: Uuid, month: &str) -> Result<Option<RosterRow>> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("{ROSTER} WHERE contract_id = $1 AND month = $2{lock}");
    query_one(exec, &sql, vec![contract.into(), month.into()]).await
}

pub async fn insert_roster(exec: &Exec<'_>, row: &RosterRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_roster (id, contract_id, organisation_path, month, due, calendar_version, late, row_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        vec![
            row.id.into(),
            row.contract_id.into(),
            row.organisation_path.clone().into(),
            row.month.clone().into(),
            row.due.clone().into(),
            row.calendar_version.clone().into(),
            false.into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn update_roster(exec: &Exec<'_>, row: &mut RosterRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_roster SET due = $2, calendar_version = $3, published_at = $4, published_by_name = $5, late = $6, \
         row_version = $7 WHERE id = $1",
        vec![
            row.id.into(),
            row.due.clone().into(),
            row.calendar_version.clone().into(),
            row.published_at.into(),
            row.published_by_name.clone().into(),
            row.late.into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

const DUTY: &str = "SELECT day, engineer_id, backup_id, handover, handover_by_name FROM service_desk_duty";

pub async fn duties(exec: &Exec<'_>, roster: Uuid) -> Result<Vec<DutyRow>> {
    query_all(exec, &format!("{DUTY} WHERE roster_id = $1 ORDER BY day"), vec![roster.into()]).await
}

/// Duties of a contract's people from one day to another, both included: for the counts of fairness.
pub async fn duties_between(exec: &Exec<'_>, path: &str, from: &str, to: &str) -> Result<Vec<DutyRow>> {
    let sql = format!(
        "{DUTY} WHERE day >= $1 AND day <= $2 AND roster_id IN (SELECT id FROM service_desk_roster WHERE organisation_path = $3) \
         ORDER BY day"
    );
    query_all(exec, &sql, vec![from.into(), to.into(), path.into()]).await
}

pub async fn set_duty(
    exec: &Exec<'_>,
    roster: Uuid,
    day: &str,
    engineer: Uuid,
    backup: Option<Uuid>,
) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_duty (roster_id, day, engineer_id, backup_id) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (roster_id, day) DO UPDATE SET engineer_id = excluded.engineer_id, backup_id = excluded.backup_id",
        vec![roster.into(), day.into(), engineer.into(), backup.into()],
    )
    .await
    .map(drop)
}

/// Takes the duties of a draft away, before it is proposed anew.
pub async fn clear_duties(exec: &Exec<'_>, roster: Uuid) -> Result<()> {
    execute(exec, "DELETE FROM service_desk_duty WHERE roster_id = $1", vec![roster.into()]).await.map(drop)
}

pub async fn hand_over(exec: &Exec<'_>, roster: Uuid, day: &str, text: &str, by: &str) -> Result<u64> {
    let sql =
        "UPDATE service_desk_duty SET handover = $3, handover_by_name = $4 WHERE roster_id = $1 AND day = $2";
    execute(exec, sql, vec![roster.into(), day.into(), text.into(), by.into()]).await
}

pub async fn swaps(exec: &Exec<'_>, roster: Uuid) -> Result<Vec<SwapRow>> {
    let sql = "SELECT id, roster_id, day, from_id, to_id, reason, state, requested_by_name, requested_at, decided_by_name \
               FROM service_desk_swap WHERE roster_id = $1 ORDER BY requested_at DESC, id";
    query_all(exec, sql, vec![roster.into()]).await
}

pub async fn insert_swap(exec: &Exec<'_>, row: &SwapRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_swap (id, roster_id, day, from_id, to_id, reason, state, requested_by_name, requested_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            row.id.into(),
            row.roster_id.into(),
            row.day.clone().into(),
            row.from_id.into(),
            row.to_id.into(),
            row.reason.clone().into(),
            row.state.clone().into(),
            row.requested_by_name.clone().into(),
            row.requested_at.into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn decide_swap(exec: &Exec<'_>, id: Uuid, state: &str, by: &str, at: i64) -> Result<u64> {
    let sql = "UPDATE service_desk_swap SET state = $2, decided_by_name = $3, decided_at = $4 WHERE id = $1 AND state = 'requested'";
    execute(exec, sql, vec![id.into(), state.into(), by.into(), at.into()]).await
}

const ATTENDANCE: &str = "SELECT id, contract_id, organisation_path, engineer_id, kind, day, evidence, chosen_cents, voided, void_reason, \
    recorded_by_name, recorded_at, row_version FROM service_desk_attendance";

pub async fn attendance(
    exec: &Exec<'_>,
    scope: &Scope,
    engineer: Option<Uuid>,
    from: Option<&str>,
    to: Option<&str>,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<AttendanceRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![scope.sql("organisation_path", &mut values)];
    let mut push = |value: Value, sql: &str| {
        values.push(value);
        conditions.push(format!("{sql} ${}", values.len()));
    };
    if let Some(engineer) = engineer {
        push(engineer.into(), "engineer_id =");
    }
    if let Some(from) = from {
        push(from.into(), "day >=");
    }
    if let Some(to) = to {
        push(to.into(), "day <=");
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(recorded_at < ${} OR (recorded_at = ${0} AND id < ${n}))", n - 1));
    }
    let sql = format!(
        "{ATTENDANCE} WHERE {} ORDER BY recorded_at DESC, id DESC LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}

pub async fn find_attendance(exec: &Exec<'_>, id: Uuid) -> Result<Option<AttendanceRow>> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    query_one(exec, &format!("{ATTENDANCE} WHERE id = $1{lock}"), vec![id.into()]).await
}

/// Records that stand, of one kind, from one day to another.
pub async fn standing(exec: &Exec<'_>, engineer: Uuid, kind: &str, from: &str, to: &str) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM service_desk_attendance WHERE engineer_id = $1 AND kind = $2 AND NOT voided \
               AND day >= $3 AND day <= $4";
    platform::db::query_number(exec, sql, vec![engineer.into(), kind.into(), from.into(), to.into()]).await
}

/// Filed leave from one day to another: who cannot be on duty when.
pub async fn leave(exec: &Exec<'_>, from: &str, to: &str) -> Result<Vec<AttendanceRow>> {
    let sql = format!(
        "{ATTENDANCE} WHERE kind = 'leave_filed' AND NOT voided AND day >= $1 AND day <= $2 ORDER BY day, id"
    );
    query_all(exec, &sql, vec![from.into(), to.into()]).await
}

pub async fn insert_attendance(exec: &Exec<'_>, row: &AttendanceRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_attendance (id, contract_id, organisation_path, engineer_id, kind, day, evidence, voided, \
         recorded_by_name, recorded_at, row_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)",
        vec![
            row.id.into(),
            row.contract_id.into(),
            row.organisation_path.clone().into(),
            row.engineer_id.into(),
            row.kind.clone().into(),
            row.day.clone().into(),
            row.evidence.clone().into(),
            false.into(),
            row.recorded_by_name.clone().into(),
            row.recorded_at.into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn update_attendance(exec: &Exec<'_>, row: &mut AttendanceRow) -> Result<()> {
    row.row_version += 1;
    let sql = "UPDATE service_desk_attendance SET chosen_cents = $2, voided = $3, void_reason = $4, row_version = $5 WHERE id = $1";
    let values = vec![
        row.id.into(),
        row.chosen_cents.into(),
        row.voided.into(),
        row.void_reason.clone().into(),
        row.row_version.into(),
    ];
    execute(exec, sql, values).await.map(drop)
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct PresenceRow {
    pub id: Uuid,
    pub contract_id: Uuid,
    pub organisation_path: String,
    pub engineer_id: Uuid,
    pub day: String,
    pub came_at: i64,
    pub left_at: Option<i64>,
    pub place: Option<String>,
    pub evidence: Option<String>,
    pub voided: bool,
    pub void_reason: Option<String>,
    pub recorded_by_name: String,
    pub recorded_at: i64,
    pub row_version: i64,
}

const PRESENCE: &str = "SELECT id, contract_id, organisation_path, engineer_id, day, came_at, left_at, place, evidence, voided, void_reason, \
    recorded_by_name, recorded_at, row_version FROM service_desk_presence";

/// Who was on site on these days, both included, in the order of coming.
pub async fn presence(exec: &Exec<'_>, contract: Uuid, from: &str, to: &str) -> Result<Vec<PresenceRow>> {
    let sql =
        format!("{PRESENCE} WHERE contract_id = $1 AND day >= $2 AND day <= $3 ORDER BY day, came_at, id");
    query_all(exec, &sql, vec![contract.into(), from.into(), to.into()]).await
}

pub async fn find_presence(exec: &Exec<'_>, id: Uuid) -> Result<Option<PresenceRow>> {
    query_one(exec, &format!("{PRESENCE} WHERE id = $1"), vec![id.into()]).await
}

pub async fn insert_presence(exec: &Exec<'_>, row: &PresenceRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_presence (id, contract_id, organisation_path, engineer_id, day, came_at, left_at, place, evidence, \
         voided, recorded_by_name, recorded_at, row_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        vec![
            row.id.into(),
            row.contract_id.into(),
            row.organisation_path.clone().into(),
            row.engineer_id.into(),
            row.day.clone().into(),
            row.came_at.into(),
            row.left_at.into(),
            row.place.clone().into(),
            row.evidence.clone().into(),
            row.voided.into(),
            row.recorded_by_name.clone().into(),
            row.recorded_at.into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes back the leaving or the voiding; somebody who changed it meanwhile wins.
pub async fn update_presence(exec: &Exec<'_>, row: &mut PresenceRow) -> Result<()> {
    let sql = "UPDATE service_desk_presence SET left_at = $1, voided = $2, void_reason = $3, row_version = row_version + 1 \
               WHERE id = $4 AND row_version = $5";
    let values = vec![
        row.left_at.into(),
        row.voided.into(),
        row.void_reason.clone().into(),
        row.id.into(),
        row.row_version.into(),
    ];
    if execute(exec, sql, values).await? == 0 {
        return Err(crate::access::stale());
    }
    row.row_version += 1;
    Ok(())
}
