//! What somebody should know, in the program. Codes and parameters only: the words are on the screen.

use crate::Desk;
use crate::journal::Subject;
use crate::tickets::wire::NoticeView;
use axum::http::StatusCode;
use kernel::{AccountId, Cursor, Error, Limit, Page, Result, Timestamp};
use platform::db::{execute, query_all};
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, AuditEntry, Ctx, Platform, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    code: String,
    params: String,
    subject_kind: String,
    subject_id: Uuid,
    at: i64,
    read_at: Option<i64>,
}

/// Tells accounts, in the caller's transaction; each once.
pub async fn tell(
    tx: &Tx,
    ctx: &Ctx,
    accounts: &[AccountId],
    code: &str,
    params: &serde_json::Value,
    subject: Subject,
) -> Result<()> {
    let mut accounts = accounts.to_vec();
    accounts.sort_unstable();
    accounts.dedup();
    for account in accounts {
        execute(
            &tx.exec(),
            "INSERT INTO service_desk_notice (id, account_id, code, params, subject_kind, subject_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            vec![
                ctx.platform().new_uuid().into(),
                account.uuid().into(),
                code.into(),
                params.to_string().into(),
                subject.kind.into(),
                subject.id.into(),
                ctx.now().micros().into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// Marks everybody's notices from before a moment as read when they came: for records that are played in, such as the demo's.
pub async fn read_before(ctx: &Ctx, before: Timestamp) -> Result<()> {
    let tx = ctx.platform().begin().await?;
    let sql = "UPDATE service_desk_notice SET read_at = at WHERE read_at IS NULL AND at < $1";
    execute(&tx.exec(), sql, vec![before.micros().into()]).await?;
    tx.commit().await
}

/// Routes about notices.
pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    #[serde(default)]
    pub unread: bool,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

/// The caller's own notices, newest first.
#[utoipa::path(get, path = "/service/notices", tag = "service", operation_id = "list_service_notices", params(NoticeQuery),
    responses((status = 200, body = Page<NoticeView>), (status = 401, body = Problem), (status = 422, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("none: the caller's own notices"))))]
async fn list(ctx: Ctx, _: Desk, Query(query): Query<NoticeQuery>) -> ApiResult<Json<Page<NoticeView>>> {
    let limit = Limit::new(query.limit)?;
    let mut values: Vec<Value> = vec![ctx.account_id()?.uuid().into()];
    let mut condition = "account_id = $1".to_owned();
    if query.unread {
        condition.push_str(" AND read_at IS NULL");
    }
    if let Some(cursor) = &query.cursor {
        let cursor = Cursor::decode(cursor, 1)?;
        values.extend([cursor.keys.first().copied().into(), cursor.id.into()]);
        condition.push_str(" AND (at < $2 OR (at = $2 AND id < $3))");
    }
    let fetch = limit.fetch();
    let sql = format!(
        "SELECT id, code, params, subject_kind, subject_id, at, read_at FROM service_desk_notice WHERE {condition} \
         ORDER BY at DESC, id DESC LIMIT {fetch}"
    );
    let rows: Vec<Row> = query_all(&ctx.platform().db().read(), &sql, values).await?;
    let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.at], id: row.id });
    Ok(Json(page.map(|row| NoticeView {
        id: row.id,
        code: row.code,
        params: serde_json::from_str(&row.params).unwrap_or_default(),
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        at: Timestamp::from_micros(row.at),
        read_at: row.read_at.map(Timestamp::from_micros),
    })))
}

/// Marks a notice of one's own as read.
#[utoipa::path(post, path = "/service/notices/{notice_id}/read", tag = "service", operation_id = "read_service_notice", params(("notice_id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("service_notice_read"))))]
async fn read(ctx: Ctx, _: Desk, Path(id): Path<Uuid>) -> ApiResult<StatusCode> {
    let account = ctx.account_id()?;
    let mut tx = ctx.platform().begin().await?;
    let sql = "UPDATE service_desk_notice SET read_at = $1 WHERE id = $2 AND account_id = $3";
    let values = vec![ctx.now().micros().into(), id.into(), account.uuid().into()];
    if execute(&tx.exec(), sql, values).await? == 0 {
        return Err(Error::not_found("notice").into());
    }
    tx.audit(&ctx, AuditEntry::new("service_notice_read").on("service_notice", id));
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
