//! `/accounts` and `/roles`.

use crate::model::RoleRequest;
use crate::ops::AccountChange;
use crate::wire::{Account, AccountInput, DeviceList, InitialPassword, RoleList, RolesInput};
use crate::{ops, queries};
use axum::http::StatusCode;
use kernel::AccountId;
use platform::http::{Json, Path, Problem};
use platform::{ApiResult, Ctx};
use uuid::Uuid;

/// Gives a member of staff an account.
#[utoipa::path(post, path = "/accounts", tag = "accounts", operation_id = "create_account", request_body = AccountInput,
    responses((status = 201, body = Account), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("account_manage")), ("x-audit" = json!("account_created"))))]
pub async fn create(ctx: Ctx, Json(body): Json<AccountInput>) -> ApiResult<(StatusCode, Json<Account>)> {
    let id = ops::create_account(&ctx, body.staff_id, &body.login_name, &body.initial_password).await?;
    Ok((StatusCode::CREATED, Json(queries::account_by_id(&ctx, id).await?)))
}

/// One account.
#[utoipa::path(get, path = "/accounts/{account_id}", tag = "accounts", operation_id = "get_account", params(("account_id" = AccountId, Path)),
    responses((status = 200, body = Account), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("account_manage")), ("x-audit" = json!("none: no personal data"))))]
pub async fn get(ctx: Ctx, Path(id): Path<AccountId>) -> ApiResult<Json<Account>> {
    Ok(Json(queries::account_by_id(&ctx, id).await?))
}

/// Disables an account and ends its sessions.
#[utoipa::path(post, path = "/accounts/{account_id}/disable", tag = "accounts", operation_id = "disable_account", params(("account_id" = AccountId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("account_manage")), ("x-audit" = json!("account_disabled"))))]
pub async fn disable(ctx: Ctx, Path(id): Path<AccountId>) -> ApiResult<StatusCode> {
    ops::change_account(&ctx, id, AccountChange::Disable).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enables an account.
#[utoipa::path(post, path = "/accounts/{account_id}/enable", tag = "accounts", operation_id = "enable_account", params(("account_id" = AccountId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("account_manage")), ("x-audit" = json!("account_enabled"))))]
pub async fn enable(ctx: Ctx, Path(id): Path<AccountId>) -> ApiResult<StatusCode> {
    ops::change_account(&ctx, id, AccountChange::Enable).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lifts a lock-out.
#[utoipa::path(post, path = "/accounts/{account_id}/unlock", tag = "accounts", operation_id = "unlock_account", params(("account_id" = AccountId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("account_manage")), ("x-audit" = json!("account_unlocked"))))]
pub async fn unlock(ctx: Ctx, Path(id): Path<AccountId>) -> ApiResult<StatusCode> {
    ops::change_account(&ctx, id, AccountChange::Unlock).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a lost second factor and ends the sessions.
#[utoipa::path(delete, path = "/accounts/{account_id}/totp", tag = "accounts", operation_id = "remove_account_totp", params(("account_id" = AccountId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("account_manage")), ("x-audit" = json!("totp_removed"))))]
pub async fn remove_totp(ctx: Ctx, Path(id): Path<AccountId>) -> ApiResult<StatusCode> {
    ops::change_account(&ctx, id, AccountChange::RemoveTotp).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces a forgotten password by a generated one.
#[utoipa::path(post, path = "/accounts/{account_id}/password-reset", tag = "accounts", operation_id = "reset_password",
    params(("account_id" = AccountId, Path)),
    responses((status = 200, body = InitialPassword), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("account_manage")), ("x-audit" = json!("password_reset"))))]
pub async fn reset_password(ctx: Ctx, Path(id): Path<AccountId>) -> ApiResult<Json<InitialPassword>> {
    Ok(Json(InitialPassword { initial_password: ops::reset_password(&ctx, id).await? }))
}

/// Replaces the roles of an account.
#[utoipa::path(put, path = "/accounts/{account_id}/roles", tag = "accounts", operation_id = "set_account_roles",
    params(("account_id" = AccountId, Path)), request_body = RolesInput,
    responses((status = 200, body = Account), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem, description = "roles_exclude_each_other")),
    extensions(("x-action" = json!("role_grant")), ("x-audit" = json!("roles_granted"))))]
pub async fn set_roles(
    ctx: Ctx,
    Path(id): Path<AccountId>,
    Json(body): Json<RolesInput>,
) -> ApiResult<Json<Account>> {
    let roles: Vec<RoleRequest> = body
        .roles
        .into_iter()
        .map(|r| RoleRequest {
            role: r.role,
            scope_organisation_id: r.scope_organisation_id,
            expires_at: r.expires_at,
        })
        .collect();
    ops::set_roles(&ctx, id, &roles).await?;
    Ok(Json(queries::account_by_id(&ctx, id).await?))
}

/// The signed-in devices of an account.
#[utoipa::path(get, path = "/accounts/{account_id}/devices", tag = "accounts", operation_id = "list_account_devices",
    params(("account_id" = AccountId, Path)),
    responses((status = 200, body = DeviceList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("account_manage")), ("x-audit" = json!("none: no personal data"))))]
pub async fn devices(ctx: Ctx, Path(id): Path<AccountId>) -> ApiResult<Json<DeviceList>> {
    Ok(Json(queries::devices_of(&ctx, id).await?))
}

/// Signs out all devices of an account.
#[utoipa::path(delete, path = "/accounts/{account_id}/devices", tag = "accounts", operation_id = "end_account_devices",
    params(("account_id" = AccountId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("account_manage")), ("x-audit" = json!("sessions_ended"))))]
pub async fn end_devices(ctx: Ctx, Path(id): Path<AccountId>) -> ApiResult<StatusCode> {
    ops::end_sessions(&ctx, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs out one device of an account.
#[utoipa::path(delete, path = "/accounts/{account_id}/devices/{device_id}", tag = "accounts", operation_id = "end_account_device",
    params(("account_id" = AccountId, Path), ("device_id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("account_manage")), ("x-audit" = json!("sessions_ended"))))]
pub async fn end_device(ctx: Ctx, Path((id, device)): Path<(AccountId, Uuid)>) -> ApiResult<StatusCode> {
    ops::end_sessions(&ctx, id, Some(device)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The roles that accounts can hold, and what each allows.
#[utoipa::path(get, path = "/roles", tag = "accounts", operation_id = "list_roles",
    responses((status = 200, body = RoleList), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("staff_read")), ("x-audit" = json!("none: no personal data"))))]
pub async fn roles(ctx: Ctx) -> ApiResult<Json<RoleList>> {
    ctx.scope(ops::STAFF_READ).await?;
    Ok(Json(queries::roles(&ctx)?))
}
