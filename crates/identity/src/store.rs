//! The SQL of this crate.

use crate::rows::{AccountRow, DepartmentRow, GrantRow, OrganisationRow, SessionRow, StaffRow};
use kernel::{Error, Result, Timestamp};
use platform::Scope;
use platform::db::{Exec, execute, query_all, query_number, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

const ORGANISATION: &str = "SELECT id, parent_id, kind, code, name, short_name, path, address, phone, longitude_udeg, \
                            latitude_udeg, active FROM identity_organisation";
const STAFF: &str = "SELECT s.id, s.name, s.sex, s.title, s.licence_number, s.phone, s.organisation_id, s.organisation_path, \
                     o.name AS organisation_name, s.department_id, d.name AS department_name, s.active, s.created_at \
                     FROM identity_staff s JOIN identity_organisation o ON o.id = s.organisation_id \
                     LEFT JOIN identity_department d ON d.id = s.department_id";
const ACCOUNT: &str = "SELECT id, kind, login_name, display_name, password_hash, staff_id, patient_id, enabled, \
                       must_change_password, password_changed_at, failed_attempts, locked_until, totp_secret, \
                       totp_confirmed_at, totp_last_step, last_sign_in_at FROM identity_account";
const GRANT: &str = "SELECT g.account_id, g.role, g.scope_organisation_id, g.scope_path, o.name AS scope_name, g.expires_at \
                     FROM identity_role_grant g JOIN identity_organisation o ON o.id = g.scope_organisation_id";
const SESSION: &str = "SELECT id, account_id, created_at, last_seen_at, ended_at, end_reason, user_agent, address FROM identity_session";

/// `($1, $2, …)` for a list of ids appended to `values`.
fn id_list(ids: &[Uuid], values: &mut Vec<Value>) -> String {
    let mut places = Vec::with_capacity(ids.len());
    for id in ids {
        values.push((*id).into());
        places.push(format!("${}", values.len()));
    }
    format!("({})", if places.is_empty() { "NULL".to_owned() } else { places.join(", ") })
}

pub async fn organisations(exec: &Exec<'_>) -> Result<Vec<OrganisationRow>> {
    query_all(exec, &format!("{ORGANISATION} ORDER BY path LIMIT 2000"), vec![]).await
}

pub async fn find_organisation(exec: &Exec<'_>, id: Uuid) -> Result<Option<OrganisationRow>> {
    query_one(exec, &format!("{ORGANISATION} WHERE id = $1"), vec![id.into()]).await
}

pub async fn find_organisation_by_code(exec: &Exec<'_>, code: &str) -> Result<Option<OrganisationRow>> {
    query_one(exec, &format!("{ORGANISATION} WHERE code = $1"), vec![code.into()]).await
}

pub async fn organisations_by_id(exec: &Exec<'_>, ids: &[Uuid]) -> Result<Vec<OrganisationRow>> {
    let mut values = Vec::new();
    let list = id_list(ids, &mut values);
    query_all(exec, &format!("{ORGANISATION} WHERE id IN {list}"), values).await
}

/// The path for a new child: the parent's path and the next free number of four digits.
pub async fn next_path(exec: &Exec<'_>, parent: Option<&OrganisationRow>) -> Result<String> {
    let (prefix, values, condition) = match parent {
        Some(parent) => (parent.path.clone(), vec![parent.id.into()], "parent_id = $1"),
        None => (String::new(), vec![], "parent_id IS NULL"),
    };
    let siblings = query_number(
        exec,
        &format!("SELECT COUNT(*) AS n FROM identity_organisation WHERE {condition}"),
        values,
    )
    .await?;
    if siblings >= 9998 {
        return Err(Error::invalid(
            "organisation_full",
            "an organisation can have at most 9998 direct children",
        ));
    }
    Ok(format!("{prefix}{:04}", siblings + 1))
}

pub async fn insert_organisation(exec: &Exec<'_>, row: &OrganisationRow, now: Timestamp) -> Result<()> {
    execute(
        exec,
        "INSERT INTO identity_organisation (id, parent_id, kind, code, name, short_name, path, address, phone, \
         longitude_udeg, latitude_udeg, active, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
        vec![
            row.id.into(),
            row.parent_id.into(),
            row.kind.clone().into(),
            row.code.clone().into(),
            row.name.clone().into(),
            row.short_name.clone().into(),
            row.path.clone().into(),
            row.address.clone().into(),
            row.phone.clone().into(),
            row.longitude_udeg.into(),
            row.latitude_udeg.into(),
            row.active.into(),
            now.micros().into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn update_organisation(exec: &Exec<'_>, row: &OrganisationRow, now: Timestamp) -> Result<()> {
    execute(
        exec,
        "UPDATE identity_organisation SET name = $2, short_name = $3, address = $4, phone = $5, longitude_udeg = $6, \
         latitude_udeg = $7, active = $8, updated_at = $9 WHERE id = $1",
        vec![
            row.id.into(),
            row.name.clone().into(),
            row.short_name.clone().into(),
            row.address.clone().into(),
            row.phone.clone().into(),
            row.longitude_udeg.into(),
            row.latitude_udeg.into(),
            row.active.into(),
            now.micros().into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn departments(exec: &Exec<'_>, organisation: Uuid) -> Result<Vec<DepartmentRow>> {
    let sql = "SELECT id, organisation_id, name, code, active FROM identity_department WHERE organisation_id = $1 \
               ORDER BY name LIMIT 1000";
    query_all(exec, sql, vec![organisation.into()]).await
}

pub async fn find_department(exec: &Exec<'_>, id: Uuid) -> Result<Option<DepartmentRow>> {
    let sql = "SELECT id, organisation_id, name, code, active FROM identity_department WHERE id = $1";
    query_one(exec, sql, vec![id.into()]).await
}

pub async fn save_department(exec: &Exec<'_>, row: &DepartmentRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO identity_department (id, organisation_id, name, code, active) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, code = excluded.code, active = excluded.active",
        vec![
            row.id.into(),
            row.organisation_id.into(),
            row.name.clone().into(),
            row.code.clone().into(),
            row.active.into(),
        ],
    )
    .await
    .map(drop)
}

/// What a staff list is filtered by.
#[derive(Debug)]
pub struct StaffFilter<'a> {
    pub scope: &'a Scope,
    pub text: Option<&'a str>,
    pub organisation_path: Option<&'a str>,
    pub active: Option<bool>,
    pub after: Option<(i64, Uuid)>,
    pub fetch: u64,
}

pub async fn staff(exec: &Exec<'_>, filter: &StaffFilter<'_>) -> Result<Vec<StaffRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![filter.scope.sql("s.organisation_path", &mut values)];
    if let Some(path) = filter.organisation_path {
        let below = Scope::of([platform::OrgPath::new(path)?]);
        conditions.push(below.sql("s.organisation_path", &mut values));
    }
    if let Some(text) = filter.text.map(str::trim).filter(|t| !t.is_empty()) {
        let pattern = platform::db::contains_pattern(text);
        values.push(pattern.clone().into());
        values.push(pattern.to_uppercase().into());
        let n = values.len();
        conditions.push(format!(
            "(s.name LIKE ${a} ESCAPE '!' OR s.initials LIKE ${n} ESCAPE '!' OR s.licence_number LIKE ${a} ESCAPE '!' OR \
             EXISTS (SELECT 1 FROM identity_account a WHERE a.staff_id = s.id AND a.login_name LIKE ${a} ESCAPE '!'))",
            a = n - 1
        ));
    }
    if let Some(active) = filter.active {
        values.push(active.into());
        conditions.push(format!("s.active = ${}", values.len()));
    }
    if let Some((created_at, id)) = filter.after {
        values.push(created_at.into());
        values.push(id.into());
        let n = values.len();
        conditions.push(format!("(s.created_at > ${a} OR (s.created_at = ${a} AND s.id > ${n}))", a = n - 1));
    }
    let sql = format!(
        "{STAFF} WHERE {} ORDER BY s.created_at, s.id LIMIT {}",
        conditions.join(" AND "),
        filter.fetch
    );
    query_all(exec, &sql, values).await
}

pub async fn find_staff(exec: &Exec<'_>, id: Uuid) -> Result<Option<StaffRow>> {
    query_one(exec, &format!("{STAFF} WHERE s.id = $1"), vec![id.into()]).await
}

pub async fn staff_by_id(exec: &Exec<'_>, ids: &[Uuid]) -> Result<Vec<StaffRow>> {
    let mut values = Vec::new();
    let list = id_list(ids, &mut values);
    query_all(exec, &format!("{STAFF} WHERE s.id IN {list}"), values).await
}

pub async fn save_staff(exec: &Exec<'_>, row: &StaffRow, initials: &str, now: Timestamp) -> Result<()> {
    execute(
        exec,
        "INSERT INTO identity_staff (id, name, initials, sex, title, licence_number, phone, organisation_id, \
         organisation_path, department_id, active, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, initials = excluded.initials, sex = excluded.sex, \
         title = excluded.title, licence_number = excluded.licence_number, phone = excluded.phone, \
         organisation_id = excluded.organisation_id, organisation_path = excluded.organisation_path, \
         department_id = excluded.department_id, active = excluded.active, updated_at = excluded.updated_at",
        vec![
            row.id.into(),
            row.name.clone().into(),
            initials.into(),
            row.sex.clone().into(),
            row.title.clone().into(),
            row.licence_number.clone().into(),
            row.phone.clone().into(),
            row.organisation_id.into(),
            row.organisation_path.clone().into(),
            row.department_id.into(),
            row.active.into(),
            now.micros().into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn find_account(exec: &Exec<'_>, id: Uuid) -> Result<Option<AccountRow>> {
    query_one(exec, &format!("{ACCOUNT} WHERE id = $1"), vec![id.into()]).await
}

pub async fn find_account_by_login(exec: &Exec<'_>, login_name: &str) -> Result<Option<AccountRow>> {
    query_one(exec, &format!("{ACCOUNT} WHERE login_name = $1"), vec![login_name.to_lowercase().into()]).await
}

pub async fn accounts_by_id(exec: &Exec<'_>, ids: &[Uuid]) -> Result<Vec<AccountRow>> {
    let mut values = Vec::new();
    let list = id_list(ids, &mut values);
    query_all(exec, &format!("{ACCOUNT} WHERE id IN {list}"), values).await
}

/// Accounts that may sign in and hold one of `roles` over `path` or a place above it.
pub async fn holders(exec: &Exec<'_>, roles: &[&str], path: &str, now: Timestamp) -> Result<Vec<Uuid>> {
    #[derive(FromQueryResult)]
    struct Holder {
        account_id: Uuid,
    }
    let mut values: Vec<Value> = vec![path.into(), now.micros().into()];
    let names: Vec<String> = roles
        .iter()
        .map(|role| {
            values.push((*role).into());
            format!("${}", values.len())
        })
        .collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    // Every level of a path has four digits, so a beginning is a place above.
    let sql = format!(
        "SELECT DISTINCT g.account_id FROM identity_role_grant g JOIN identity_account a ON a.id = g.account_id \
         WHERE a.enabled AND $1 LIKE g.scope_path || '%' AND (g.expires_at IS NULL OR g.expires_at > $2) \
         AND g.role IN ({}) ORDER BY g.account_id LIMIT 500",
        names.join(", ")
    );
    let rows: Vec<Holder> = query_all(exec, &sql, values).await?;
    Ok(rows.into_iter().map(|row| row.account_id).collect())
}

pub async fn accounts_of_staff(exec: &Exec<'_>, staff: &[Uuid]) -> Result<Vec<AccountRow>> {
    let mut values = Vec::new();
    let list = id_list(staff, &mut values);
    query_all(exec, &format!("{ACCOUNT} WHERE staff_id IN {list}"), values).await
}

pub async fn insert_account(exec: &Exec<'_>, row: &AccountRow, now: Timestamp) -> Result<()> {
    execute(
        exec,
        "INSERT INTO identity_account (id, kind, login_name, display_name, password_hash, staff_id, patient_id, enabled, \
         must_change_password, password_changed_at, failed_attempts, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11)",
        vec![
            row.id.into(),
            row.kind.clone().into(),
            row.login_name.clone().into(),
            row.display_name.clone().into(),
            row.password_hash.clone().into(),
            row.staff_id.into(),
            row.patient_id.into(),
            row.enabled.into(),
            row.must_change_password.into(),
            row.password_changed_at.into(),
            now.micros().into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes back everything of an account that changes in its life.
pub async fn update_account(exec: &Exec<'_>, row: &AccountRow) -> Result<()> {
    execute(
        exec,
        "UPDATE identity_account SET password_hash = $2, enabled = $3, must_change_password = $4, password_changed_at = $5, \
         failed_attempts = $6, locked_until = $7, totp_secret = $8, totp_confirmed_at = $9, totp_last_step = $10, \
         last_sign_in_at = $11, display_name = $12 WHERE id = $1",
        vec![
            row.id.into(),
            row.password_hash.clone().into(),
            row.enabled.into(),
            row.must_change_password.into(),
            row.password_changed_at.into(),
            row.failed_attempts.into(),
            row.locked_until.into(),
            row.totp_secret.clone().into(),
            row.totp_confirmed_at.into(),
            row.totp_last_step.into(),
            row.last_sign_in_at.into(),
            row.display_name.clone().into(),
        ],
    )
    .await
    .map(drop)
}

/// The newest hashes of an account's former passwords.
pub async fn former_passwords(exec: &Exec<'_>, account: Uuid) -> Result<Vec<String>> {
    #[derive(sea_orm::FromQueryResult)]
    struct Hash {
        password_hash: String,
    }
    let sql = "SELECT password_hash FROM identity_password_history WHERE account_id = $1 ORDER BY set_at DESC LIMIT 5";
    let rows: Vec<Hash> = query_all(exec, sql, vec![account.into()]).await?;
    Ok(rows.into_iter().map(|row| row.password_hash).collect())
}

pub async fn keep_password(exec: &Exec<'_>, account: Uuid, hash: &str, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO identity_password_history (account_id, set_at, password_hash) VALUES ($1, $2, $3) \
               ON CONFLICT (account_id, set_at) DO UPDATE SET password_hash = excluded.password_hash";
    execute(exec, sql, vec![account.into(), now.micros().into(), hash.into()]).await.map(drop)
}

/// Grants of these accounts that have not expired at `now`.
pub async fn grants(exec: &Exec<'_>, accounts: &[Uuid], now: Timestamp) -> Result<Vec<GrantRow>> {
    let mut values = vec![now.micros().into()];
    let list = id_list(accounts, &mut values);
    let sql = format!(
        "{GRANT} WHERE (g.expires_at IS NULL OR g.expires_at > $1) AND g.account_id IN {list} ORDER BY g.role, g.scope_path"
    );
    query_all(exec, &sql, values).await
}

pub async fn replace_grants(
    exec: &Exec<'_>,
    account: Uuid,
    grants: &[(String, OrganisationRow, Option<i64>)],
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<()> {
    execute(exec, "DELETE FROM identity_role_grant WHERE account_id = $1", vec![account.into()]).await?;
    for (role, scope, expires_at) in grants {
        execute(
            exec,
            "INSERT INTO identity_role_grant (account_id, role, scope_organisation_id, scope_path, expires_at, granted_by, \
             granted_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            vec![
                account.into(),
                role.clone().into(),
                scope.id.into(),
                scope.path.clone().into(),
                (*expires_at).into(),
                by.into(),
                now.micros().into(),
            ],
        )
        .await?;
    }
    Ok(())
}

pub async fn insert_session(exec: &Exec<'_>, row: &SessionRow, token_sm3: &str) -> Result<()> {
    execute(
        exec,
        "INSERT INTO identity_session (id, account_id, token_sm3, created_at, last_seen_at, user_agent, address) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            row.id.into(),
            row.account_id.into(),
            token_sm3.into(),
            row.created_at.into(),
            row.last_seen_at.into(),
            row.user_agent.clone().into(),
            row.address.clone().into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn find_session(exec: &Exec<'_>, token_sm3: &str) -> Result<Option<SessionRow>> {
    query_one(exec, &format!("{SESSION} WHERE token_sm3 = $1"), vec![token_sm3.into()]).await
}

pub async fn open_sessions(exec: &Exec<'_>, account: Uuid) -> Result<Vec<SessionRow>> {
    let sql =
        format!("{SESSION} WHERE account_id = $1 AND ended_at IS NULL ORDER BY last_seen_at DESC LIMIT 100");
    query_all(exec, &sql, vec![account.into()]).await
}

pub async fn touch_session(exec: &Exec<'_>, id: Uuid, now: Timestamp) -> Result<()> {
    let sql = "UPDATE identity_session SET last_seen_at = $2 WHERE id = $1";
    execute(exec, sql, vec![id.into(), now.micros().into()]).await.map(drop)
}

/// Ends one open session of an account, or with `id` absent all of them; returns how many.
pub async fn end_sessions(
    exec: &Exec<'_>,
    account: Uuid,
    id: Option<Uuid>,
    except: Option<Uuid>,
    reason: &str,
    now: Timestamp,
) -> Result<u64> {
    let mut values: Vec<Value> = vec![account.into(), now.micros().into(), reason.into()];
    let mut condition = String::new();
    for (id, operator) in [(id, "="), (except, "<>")] {
        if let Some(id) = id {
            values.push(id.into());
            condition.push_str(&format!(" AND id {operator} ${}", values.len()));
        }
    }
    let sql = format!(
        "UPDATE identity_session SET ended_at = $2, end_reason = $3 WHERE account_id = $1 AND ended_at IS NULL{condition}"
    );
    execute(exec, &sql, values).await
}
