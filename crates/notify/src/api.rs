//! Endpoints of ways to be reached.

use crate::Notify;
use crate::channels::Channel;
use crate::wire::{
    Confirmation, ContactInput, DeliveryQuery, DeliveryView, MailboxView, RouteView, SettingsInput,
    SettingsView, TestInput, WebhookTest,
};
use axum::Extension;
use axum::http::StatusCode;
use kernel::Page;
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, Ctx, Platform};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

type Ways = Extension<Arc<Notify>>;

/// Routes of this crate.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(settings, save_settings))
        .routes(routes!(add_contact))
        .routes(routes!(confirm_contact))
        .routes(routes!(remove_contact))
        .routes(routes!(test_contact))
        .routes(routes!(list_routes))
        .routes(routes!(test_webhook))
        .routes(routes!(deliveries))
        .routes(routes!(resend))
        .routes(routes!(mailbox))
}

/// How the caller is reached besides the program.
#[utoipa::path(get, path = "/notify/settings", tag = "notify", operation_id = "get_notify_settings",
    responses((status = 200, body = SettingsView), (status = 401, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("none: the caller's own settings"))))]
async fn settings(ctx: Ctx, Extension(notify): Ways) -> ApiResult<Json<SettingsView>> {
    Ok(Json(notify.settings(&ctx).await?))
}

/// Says what is wanted by which way, and when not.
#[utoipa::path(put, path = "/notify/settings", tag = "notify", operation_id = "save_notify_settings", request_body = SettingsInput,
    responses((status = 200, body = SettingsView), (status = 401, body = Problem), (status = 422, body = Problem, description = "time_invalid")),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("notify_settings_changed"))))]
async fn save_settings(
    ctx: Ctx,
    Extension(notify): Ways,
    Json(body): Json<SettingsInput>,
) -> ApiResult<Json<SettingsView>> {
    notify.save_settings(&ctx, &body).await?;
    Ok(Json(notify.settings(&ctx).await?))
}

/// Gives an address; a code is sent there.
#[utoipa::path(post, path = "/notify/contacts", tag = "notify", operation_id = "add_notify_contact", request_body = ContactInput,
    responses((status = 200, body = SettingsView), (status = 401, body = Problem), (status = 409, body = Problem, description = "code_sent_just_now, channel_failed"), (status = 422, body = Problem, description = "address_invalid")),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("notify_contact_changed"))))]
async fn add_contact(
    ctx: Ctx,
    Extension(notify): Ways,
    Json(body): Json<ContactInput>,
) -> ApiResult<Json<SettingsView>> {
    notify.add_contact(&ctx, &body).await?;
    Ok(Json(notify.settings(&ctx).await?))
}

/// Shows that the address is the caller's own, by the code that came there.
#[utoipa::path(post, path = "/notify/contacts/confirm", tag = "notify", operation_id = "confirm_notify_contact", request_body = Confirmation,
    responses((status = 200, body = SettingsView), (status = 401, body = Problem), (status = 422, body = Problem, description = "code_wrong")),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("notify_contact_changed"))))]
async fn confirm_contact(
    ctx: Ctx,
    Extension(notify): Ways,
    Json(body): Json<Confirmation>,
) -> ApiResult<Json<SettingsView>> {
    notify.confirm_contact(&ctx, &body).await?;
    Ok(Json(notify.settings(&ctx).await?))
}

/// Takes an address away.
#[utoipa::path(delete, path = "/notify/contacts/{channel}", tag = "notify", operation_id = "remove_notify_contact", params(("channel" = Channel, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("notify_contact_changed"))))]
async fn remove_contact(
    ctx: Ctx,
    Extension(notify): Ways,
    Path(channel): Path<Channel>,
) -> ApiResult<StatusCode> {
    notify.remove_contact(&ctx, channel).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a trial message to the caller's own confirmed address.
#[utoipa::path(post, path = "/notify/contacts/test", tag = "notify", operation_id = "test_notify_contact", request_body = TestInput,
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "channel_failed")),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("notify_trial_sent"))))]
async fn test_contact(
    ctx: Ctx,
    Extension(notify): Ways,
    Json(body): Json<TestInput>,
) -> ApiResult<StatusCode> {
    notify.test_contact(&ctx, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The ways out and how they did in the last seven days.
#[utoipa::path(get, path = "/notify/routes", tag = "notify", operation_id = "list_notify_routes",
    responses((status = 200, body = Vec<RouteView>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("job_manage")), ("x-audit" = json!("none: counts only"))))]
async fn list_routes(ctx: Ctx, Extension(notify): Ways) -> ApiResult<Json<Vec<RouteView>>> {
    Ok(Json(notify.routes(&ctx).await?))
}

/// Sends a trial message to a webhook.
#[utoipa::path(post, path = "/notify/routes/test", tag = "notify", operation_id = "test_notify_webhook", request_body = WebhookTest,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "channel_failed")),
    extensions(("x-action" = json!("job_manage")), ("x-audit" = json!("notify_trial_sent"))))]
async fn test_webhook(
    ctx: Ctx,
    Extension(notify): Ways,
    Json(body): Json<WebhookTest>,
) -> ApiResult<StatusCode> {
    notify.test_webhook(&ctx, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Messages, newest first.
#[utoipa::path(get, path = "/notify/deliveries", tag = "notify", operation_id = "list_notify_deliveries", params(DeliveryQuery),
    responses((status = 200, body = Page<DeliveryView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("job_manage")), ("x-audit" = json!("notify_deliveries_listed"))))]
async fn deliveries(
    ctx: Ctx,
    Extension(notify): Ways,
    Query(query): Query<DeliveryQuery>,
) -> ApiResult<Json<Page<DeliveryView>>> {
    Ok(Json(notify.deliveries(&ctx, &query).await?))
}

/// Sends what failed once more.
#[utoipa::path(post, path = "/notify/deliveries/{delivery_id}/resend", tag = "notify", operation_id = "resend_notify_delivery", params(("delivery_id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    extensions(("x-action" = json!("job_manage")), ("x-audit" = json!("notify_message_resent"))))]
async fn resend(ctx: Ctx, Extension(notify): Ways, Path(id): Path<Uuid>) -> ApiResult<StatusCode> {
    notify.resend(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether letters come in: how the mailbox does. Says nothing of what is in it.
#[utoipa::path(get, path = "/notify/mailbox", tag = "notify", operation_id = "get_notify_mailbox",
    responses((status = 200, body = MailboxView), (status = 401, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("none: moments only"))))]
async fn mailbox(ctx: Ctx, Extension(notify): Ways) -> ApiResult<Json<MailboxView>> {
    Ok(Json(notify.mailbox(&ctx).await?))
}
