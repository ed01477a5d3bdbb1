//! Endpoints of the team, the roster and attendance.

use super::wire::{
    AttendanceInput, AttendanceQuery, AttendanceStep, AttendanceView, DutyNow, EngineerInput, EngineerView,
    PresenceInput, PresenceMonth, PresenceStep, RosterView, Step,
};
use crate::Desk;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::Page;
use platform::http::{Json, Path, Problem, Query, file_response};
use platform::{ApiResult, Ctx, Platform};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Routes about people and duty.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(team, save_engineer))
        .routes(routes!(duty))
        .routes(routes!(roster))
        .routes(routes!(step))
        .routes(routes!(pdf))
        .routes(routes!(attendance, record))
        .routes(routes!(attendance_step))
        .routes(routes!(presence))
        .routes(routes!(presence_pdf))
        .routes(routes!(sign_in))
        .routes(routes!(presence_step))
}

/// The provider's team with phone numbers.
#[utoipa::path(get, path = "/service/team", tag = "service", operation_id = "list_team",
    responses((status = 200, body = Vec<EngineerView>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("roster_read")), ("x-audit" = json!("service_team_listed"))))]
async fn team(ctx: Ctx, Extension(desk): Desk) -> ApiResult<Json<Vec<EngineerView>>> {
    Ok(Json(desk.team(&ctx).await?))
}

/// Adds somebody to the team or changes what is known of them.
#[utoipa::path(post, path = "/service/team", tag = "service", operation_id = "save_engineer", request_body = EngineerInput,
    responses((status = 200, body = Vec<EngineerView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem, description = "experience_short, account_unknown")),
    extensions(("x-action" = json!("roster_edit")), ("x-audit" = json!("service_team_changed"))))]
async fn save_engineer(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(body): Json<EngineerInput>,
) -> ApiResult<Json<Vec<EngineerView>>> {
    desk.save_engineer(&ctx, &body).await?;
    Ok(Json(desk.team(&ctx).await?))
}

/// Who is there now.
#[utoipa::path(get, path = "/service/duty", tag = "service", operation_id = "get_duty",
    responses((status = 200, body = DutyNow), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("roster_read")), ("x-audit" = json!("none: who is on duty is published"))))]
async fn duty(ctx: Ctx, Extension(desk): Desk) -> ApiResult<Json<DutyNow>> {
    Ok(Json(desk.duty_now(&ctx).await?))
}

/// The roster of a month, such as `2025-10`: its days off, who is on duty, and how fairly it is shared.
#[utoipa::path(get, path = "/service/rosters/{month}", tag = "service", operation_id = "get_roster", params(("month" = String, Path)),
    responses((status = 200, body = RosterView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("roster_read")), ("x-audit" = json!("service_roster_read"))))]
async fn roster(ctx: Ctx, Extension(desk): Desk, Path(month): Path<String>) -> ApiResult<Json<RosterView>> {
    Ok(Json(desk.roster(&ctx, &month).await?))
}

/// Proposes, assigns, publishes, swaps, hands over.
#[utoipa::path(post, path = "/service/rosters/{month}/steps", tag = "service", operation_id = "step_roster", params(("month" = String, Path)), request_body = Step,
    responses((status = 200, body = RosterView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "roster_published, roster_incomplete, roster_not_published, swap_open, swap_decided, team_empty"), (status = 422, body = Problem, description = "calendar_year_unknown")),
    extensions(("x-action" = json!("roster_edit")), ("x-audit" = json!("service_roster_changed"))))]
async fn step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(month): Path<String>,
    Json(body): Json<Step>,
) -> ApiResult<Json<RosterView>> {
    desk.roster_step(&ctx, &month, &body).await?;
    Ok(Json(desk.roster_after_step(&ctx, &month).await?))
}

/// The roster of a month, printed.
#[utoipa::path(get, path = "/service/rosters/{month}/pdf", tag = "service", operation_id = "print_roster", params(("month" = String, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("roster_read")), ("x-audit" = json!("service_roster_printed"))))]
async fn pdf(ctx: Ctx, Extension(desk): Desk, Path(month): Path<String>) -> ApiResult<Response> {
    let (name, bytes) = desk.print_roster(&ctx, &month).await?;
    Ok(file_response(bytes, "application/pdf", Some(&name)))
}

/// Leaves and lapses, newest first.
#[utoipa::path(get, path = "/service/attendance", tag = "service", operation_id = "list_attendance", params(AttendanceQuery),
    responses((status = 200, body = Page<AttendanceView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("attendance_record")), ("x-audit" = json!("service_attendance_listed"))))]
async fn attendance(
    ctx: Ctx,
    Extension(desk): Desk,
    Query(query): Query<AttendanceQuery>,
) -> ApiResult<Json<Page<AttendanceView>>> {
    Ok(Json(desk.attendance(&ctx, &query).await?))
}

/// Records a leave or a lapse.
#[utoipa::path(post, path = "/service/attendance", tag = "service", operation_id = "record_attendance", request_body = AttendanceInput,
    responses((status = 201, body = AttendanceView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("attendance_record")), ("x-audit" = json!("service_attendance_changed"))))]
async fn record(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(body): Json<AttendanceInput>,
) -> ApiResult<(StatusCode, Json<AttendanceView>)> {
    Ok((StatusCode::CREATED, Json(desk.record_attendance(&ctx, &body).await?)))
}

/// Chooses an amount within the contract's bounds, or takes a record back.
#[utoipa::path(post, path = "/service/attendance/{attendance_id}/steps", tag = "service", operation_id = "step_attendance", params(("attendance_id" = Uuid, Path)), request_body = AttendanceStep,
    responses((status = 200, body = AttendanceView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, amount_fixed"), (status = 422, body = Problem, description = "choice_out_of_bounds")),
    extensions(("x-action" = json!("attendance_record")), ("x-audit" = json!("service_attendance_changed"))))]
async fn attendance_step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<Uuid>,
    Json(body): Json<AttendanceStep>,
) -> ApiResult<Json<AttendanceView>> {
    Ok(Json(desk.attendance_step(&ctx, id, &body).await?))
}

/// Who was on site on the working days of a month, such as `2025-10`.
#[utoipa::path(get, path = "/service/presence/{month}", tag = "service", operation_id = "get_presence", params(("month" = String, Path)),
    responses((status = 200, body = PresenceMonth), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem, description = "calendar_year_unknown")),
    extensions(("x-action" = json!("roster_read")), ("x-audit" = json!("service_presence_read"))))]
async fn presence(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(month): Path<String>,
) -> ApiResult<Json<PresenceMonth>> {
    Ok(Json(desk.presence(&ctx, &month).await?))
}

/// The same, printed.
#[utoipa::path(get, path = "/service/presence/{month}/pdf", tag = "service", operation_id = "print_presence", params(("month" = String, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("roster_read")), ("x-audit" = json!("service_presence_printed"))))]
async fn presence_pdf(ctx: Ctx, Extension(desk): Desk, Path(month): Path<String>) -> ApiResult<Response> {
    let (name, bytes) = desk.print_presence(&ctx, &month).await?;
    Ok(file_response(bytes, "application/pdf", Some(&name)))
}

/// An engineer signs in on site; the lead and the bureau enter what somebody forgot. Answers with the month.
#[utoipa::path(post, path = "/service/presence", tag = "service", operation_id = "sign_in_on_site", request_body = PresenceInput,
    responses((status = 201, body = PresenceMonth), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem, description = "already_present"), (status = 422, body = Problem, description = "engineer_unknown, too_old, before_start, other_day")),
    extensions(("x-action" = json!("ticket_work")), ("x-audit" = json!("service_presence_changed"))))]
async fn sign_in(
    ctx: Ctx,
    Extension(desk): Desk,
    Json(body): Json<PresenceInput>,
) -> ApiResult<(StatusCode, Json<PresenceMonth>)> {
    Ok((StatusCode::CREATED, Json(desk.sign_in(&ctx, &body).await?)))
}

/// Leaves the site, or voids an entry with a reason. Answers with the month.
#[utoipa::path(post, path = "/service/presence/{presence_id}/steps", tag = "service", operation_id = "step_presence", params(("presence_id" = Uuid, Path)), request_body = PresenceStep,
    responses((status = 200, body = PresenceMonth), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "state_conflict, stale_version"), (status = 422, body = Problem)),
    extensions(("x-action" = json!("ticket_work")), ("x-audit" = json!("service_presence_changed"))))]
async fn presence_step(
    ctx: Ctx,
    Extension(desk): Desk,
    Path(id): Path<Uuid>,
    Json(body): Json<PresenceStep>,
) -> ApiResult<Json<PresenceMonth>> {
    Ok(Json(desk.presence_step(&ctx, id, &body).await?))
}
