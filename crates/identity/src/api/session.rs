//! `/session`: signing in and out, the own password, devices and second factor.

use crate::session::set_cookie;
use crate::sign_in::{self, Credentials};
use crate::wire::{DeviceList, Me, PasswordChange, PasswordOnly, SignInRequest, TotpCode, TotpEnrolment};
use crate::{ops, queries};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Error, ErrorKind};
use platform::http::{Json, Path, Problem};
use platform::{ApiResult, Ctx, PublicCtx};
use uuid::Uuid;

fn cookie_header(value: &str) -> ApiResult<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(header::SET_COOKIE, HeaderValue::from_str(value).map_err(Error::internal)?);
    Ok(headers)
}

/// Signs in. The session travels in an HttpOnly cookie.
#[utoipa::path(post, path = "/session", tag = "session", operation_id = "sign_in", request_body = SignInRequest,
    responses((status = 200, body = Me), (status = 401, body = Problem, description = "login_failed, totp_required, totp_invalid"),
        (status = 403, body = Problem, description = "account_disabled"), (status = 423, body = Problem, description = "account_locked"),
        (status = 429, body = Problem)),
    extensions(("x-action" = json!("public")), ("x-audit" = json!("signed_in"))))]
pub async fn sign_in(PublicCtx(ctx): PublicCtx, Json(body): Json<SignInRequest>) -> ApiResult<Response> {
    if body.login_name.chars().count() > 64 || body.password.chars().count() > 256 {
        return Err(Error::new(
            ErrorKind::Unauthenticated,
            "login_failed",
            "login name or password is wrong",
        )
        .into());
    }
    let credentials = Credentials {
        login_name: &body.login_name,
        password: &body.password,
        totp_code: body.totp_code.as_deref(),
    };
    let signed_in = sign_in::sign_in(&ctx, &credentials).await?;
    let own = Ctx::for_principal(ctx.platform(), signed_in.principal, ctx.request_id());
    let me = queries::me(&own).await?;
    Ok((cookie_header(&set_cookie(ctx.platform(), Some(&signed_in.token)))?, Json(me)).into_response())
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session", operation_id = "get_session",
    responses((status = 200, body = Me), (status = 401, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("none: the own account"))))]
pub async fn me(ctx: Ctx) -> ApiResult<Json<Me>> {
    Ok(Json(queries::me(&ctx).await?))
}

/// Signs out.
#[utoipa::path(delete, path = "/session", tag = "session", operation_id = "sign_out",
    responses((status = 204), (status = 401, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("signed_out"))))]
pub async fn sign_out(ctx: Ctx) -> ApiResult<Response> {
    sign_in::sign_out(&ctx).await?;
    Ok((StatusCode::NO_CONTENT, cookie_header(&set_cookie(ctx.platform(), None))?).into_response())
}

/// Changes the own password; other devices are signed out.
#[utoipa::path(post, path = "/session/password", tag = "session", operation_id = "change_password", request_body = PasswordChange,
    responses((status = 204), (status = 401, body = Problem), (status = 422, body = Problem, description = "password_too_weak, password_reused")),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("password_changed"))))]
pub async fn change_password(ctx: Ctx, Json(body): Json<PasswordChange>) -> ApiResult<StatusCode> {
    sign_in::change_password(&ctx, &body.current_password, &body.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The own signed-in devices.
#[utoipa::path(get, path = "/session/devices", tag = "session", operation_id = "list_own_devices",
    responses((status = 200, body = DeviceList), (status = 401, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("none: the own account"))))]
pub async fn own_devices(ctx: Ctx) -> ApiResult<Json<DeviceList>> {
    Ok(Json(queries::devices(&ctx, ctx.account_id()?).await?))
}

/// Signs out one of the own devices.
#[utoipa::path(delete, path = "/session/devices/{device_id}", tag = "session", operation_id = "end_own_device", params(("device_id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("sessions_ended"))))]
pub async fn end_own_device(ctx: Ctx, Path(id): Path<Uuid>) -> ApiResult<StatusCode> {
    ops::end_sessions(&ctx, ctx.account_id()?, Some(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins enrolling a second factor.
#[utoipa::path(post, path = "/session/totp", tag = "session", operation_id = "begin_totp",
    responses((status = 200, body = TotpEnrolment), (status = 401, body = Problem), (status = 409, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("none: not in force until confirmed"))))]
pub async fn begin_totp(ctx: Ctx) -> ApiResult<Json<TotpEnrolment>> {
    let enrolment = sign_in::begin_totp(&ctx).await?;
    let code = qrcode::QrCode::new(enrolment.otpauth_uri.as_bytes()).map_err(Error::internal)?;
    let qr_svg = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build();
    Ok(Json(TotpEnrolment {
        secret_base32: enrolment.secret_base32,
        otpauth_uri: enrolment.otpauth_uri,
        qr_svg,
    }))
}

/// Puts the second factor in force.
#[utoipa::path(post, path = "/session/totp/confirm", tag = "session", operation_id = "confirm_totp", request_body = TotpCode,
    responses((status = 204), (status = 401, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("totp_enrolled"))))]
pub async fn confirm_totp(ctx: Ctx, Json(body): Json<TotpCode>) -> ApiResult<StatusCode> {
    sign_in::confirm_totp(&ctx, &body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes the own second factor.
#[utoipa::path(delete, path = "/session/totp", tag = "session", operation_id = "remove_own_totp", request_body = PasswordOnly,
    responses((status = 204), (status = 401, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("totp_removed"))))]
pub async fn remove_totp(ctx: Ctx, Json(body): Json<PasswordOnly>) -> ApiResult<StatusCode> {
    sign_in::remove_totp(&ctx, &body.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
