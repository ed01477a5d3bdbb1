//! Requests and responses.

use kernel::{AccountId, DepartmentId, OrganisationId, PatientId, StaffId, Timestamp};
use ports::identity::OrganisationKind;
use ports::patients::Sex;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    pub login_name: String,
    pub password: String,
    pub totp_code: Option<String>,
}

/// The signed-in account.
#[derive(Serialize, ToSchema)]
pub struct Me {
    pub account_id: AccountId,
    pub login_name: String,
    /// `staff` or `resident`.
    pub kind: String,
    pub display_name: String,
    pub staff_id: Option<StaffId>,
    pub patient_id: Option<PatientId>,
    pub organisation: Option<MyOrganisation>,
    pub department: Option<String>,
    pub title: Option<String>,
    pub roles: Vec<HeldRole>,
    /// Every action that some role allows somewhere.
    pub actions: Vec<String>,
    pub must_change_password: bool,
    /// A second factor is demanded of this account.
    pub totp_required: bool,
    pub totp_enrolled: bool,
    pub idle_timeout_s: u32,
}

#[derive(Serialize, ToSchema)]
pub struct MyOrganisation {
    pub id: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
}

#[derive(Serialize, ToSchema)]
pub struct HeldRole {
    pub role: String,
    pub scope_organisation_id: OrganisationId,
    pub scope_organisation_name: String,
    pub expires_at: Option<Timestamp>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    pub current_password: String,
    pub new_password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordOnly {
    pub password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCode {
    pub code: String,
}

#[derive(Serialize, ToSchema)]
pub struct TotpEnrolment {
    pub secret_base32: String,
    pub otpauth_uri: String,
    /// The URI as a QR code.
    pub qr_svg: String,
}

/// A signed-in device.
#[derive(Serialize, ToSchema)]
pub struct Device {
    pub id: Uuid,
    pub user_agent: String,
    pub address: String,
    pub signed_in_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The device that asks.
    pub current: bool,
}

#[derive(Serialize, ToSchema)]
pub struct DeviceList {
    pub items: Vec<Device>,
}

#[derive(Serialize, ToSchema)]
pub struct Organisation {
    pub id: OrganisationId,
    pub parent_id: Option<OrganisationId>,
    pub kind: OrganisationKind,
    pub code: String,
    pub name: String,
    pub short_name: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    pub active: bool,
    pub child_count: u32,
}

#[derive(Serialize, ToSchema)]
pub struct OrganisationList {
    pub items: Vec<Organisation>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationInput {
    pub parent_id: OrganisationId,
    pub kind: OrganisationKind,
    pub code: String,
    pub name: String,
    pub short_name: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
}

/// Absent fields stay as they are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationPatch {
    pub name: Option<String>,
    pub short_name: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    pub active: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub struct Department {
    pub id: DepartmentId,
    pub organisation_id: OrganisationId,
    pub name: String,
    pub code: Option<String>,
    pub active: bool,
}

#[derive(Serialize, ToSchema)]
pub struct DepartmentList {
    pub items: Vec<Department>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentInput {
    pub name: String,
    pub code: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentPatch {
    pub name: Option<String>,
    pub code: Option<String>,
    pub active: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub struct Named {
    pub id: Uuid,
    pub name: String,
}

#[derive(Serialize, ToSchema)]
pub struct Staff {
    pub id: StaffId,
    pub name: String,
    pub sex: Sex,
    pub title: Option<String>,
    pub licence_number: Option<String>,
    pub phone_masked: Option<String>,
    pub organisation: Named,
    pub department: Option<Named>,
    pub active: bool,
    pub account: Option<Account>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StaffQuery {
    /// Part of a name, its pinyin initials, a licence number or a login name.
    pub q: Option<String>,
    pub organisation_id: Option<OrganisationId>,
    pub active: Option<bool>,
    pub cursor: Option<String>,
    pub limit: Option<u16>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffInput {
    pub name: String,
    pub sex: Sex,
    pub title: Option<String>,
    pub licence_number: Option<String>,
    pub phone: Option<String>,
    pub organisation_id: OrganisationId,
    pub department_id: Option<DepartmentId>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffPatch {
    pub name: Option<String>,
    pub sex: Option<Sex>,
    pub title: Option<String>,
    pub licence_number: Option<String>,
    pub phone: Option<String>,
    pub organisation_id: Option<OrganisationId>,
    pub department_id: Option<DepartmentId>,
    pub active: Option<bool>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AccountBrief)]
pub struct Account {
    pub id: AccountId,
    pub login_name: String,
    pub enabled: bool,
    pub locked_until: Option<Timestamp>,
    pub last_sign_in_at: Option<Timestamp>,
    pub roles: Vec<HeldRole>,
    pub totp_enrolled: bool,
    pub must_change_password: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountInput {
    pub staff_id: StaffId,
    pub login_name: String,
    pub initial_password: String,
}

#[derive(Serialize, ToSchema)]
pub struct InitialPassword {
    /// Shown once; must be changed at the first sign-in.
    pub initial_password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolesInput {
    pub roles: Vec<RoleInput>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleInput {
    pub role: String,
    pub scope_organisation_id: OrganisationId,
    pub expires_at: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
pub struct Role {
    pub role: String,
    pub name_zh: String,
    pub name_en: String,
    pub description_zh: String,
    pub description_en: String,
    pub administrator: bool,
    /// Actions that this role alone allows.
    pub actions: Vec<String>,
    pub excludes: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct RoleList {
    pub items: Vec<Role>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    pub actor_id: Option<Uuid>,
    /// Part of an actor's name.
    pub actor: Option<String>,
    pub action: Option<String>,
    pub resource_id: Option<Uuid>,
    pub patient_id: Option<Uuid>,
    pub outcome: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    pub cursor: Option<String>,
    pub limit: Option<u16>,
}

#[derive(Serialize, ToSchema)]
pub struct AuditEntryView {
    pub seq: i64,
    pub at: Timestamp,
    pub actor_id: Option<Uuid>,
    pub actor_name: Option<String>,
    pub actor_kind: String,
    pub organisation_name: Option<String>,
    pub action: String,
    pub resource_kind: Option<String>,
    pub resource_id: Option<Uuid>,
    pub patient_id: Option<Uuid>,
    pub outcome: String,
    pub reason: Option<String>,
    pub address: Option<String>,
    pub request_id: Option<String>,
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    pub hash: String,
}

/// What walking the audit chain found.
#[derive(Serialize, ToSchema)]
pub struct AuditVerification {
    pub ok: bool,
    pub checked: i64,
    pub first_bad_seq: Option<i64>,
    pub head_hash: String,
    pub checked_at: Timestamp,
}
