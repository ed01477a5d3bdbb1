//! Rows as stored. Private to this crate.

use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct OrganisationRow {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub kind: String,
    pub code: String,
    pub name: String,
    pub short_name: Option<String>,
    pub path: String,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub longitude_udeg: Option<i64>,
    pub latitude_udeg: Option<i64>,
    pub active: bool,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct DepartmentRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub name: String,
    pub code: Option<String>,
    pub active: bool,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct StaffRow {
    pub id: Uuid,
    pub name: String,
    pub sex: String,
    pub title: Option<String>,
    pub licence_number: Option<String>,
    pub phone: Option<String>,
    pub organisation_id: Uuid,
    pub organisation_path: String,
    pub organisation_name: String,
    pub department_id: Option<Uuid>,
    pub department_name: Option<String>,
    pub active: bool,
    pub created_at: i64,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct AccountRow {
    pub id: Uuid,
    pub kind: String,
    pub login_name: String,
    pub display_name: String,
    pub password_hash: String,
    pub staff_id: Option<Uuid>,
    pub patient_id: Option<Uuid>,
    pub enabled: bool,
    pub must_change_password: bool,
    pub password_changed_at: i64,
    pub failed_attempts: i32,
    pub locked_until: Option<i64>,
    pub totp_secret: Option<String>,
    pub totp_confirmed_at: Option<i64>,
    pub totp_last_step: Option<i64>,
    pub last_sign_in_at: Option<i64>,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct GrantRow {
    pub account_id: Uuid,
    pub role: String,
    pub scope_organisation_id: Uuid,
    pub scope_path: String,
    pub scope_name: String,
    pub expires_at: Option<i64>,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct SessionRow {
    pub id: Uuid,
    pub account_id: Uuid,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub ended_at: Option<i64>,
    pub end_reason: Option<String>,
    pub user_agent: Option<String>,
    pub address: Option<String>,
}
