//! What somebody should know. In the program: codes and parameters, the words are on the screen. Outside it: one line with the number of
//! the record, carried by whoever listens to [`NoticeGiven`].

use crate::journal::Subject;
use crate::tickets::wire::NoticeView;
use crate::{Desk, duties};
use axum::http::StatusCode;
use kernel::{AccountId, Cursor, Error, Limit, Page, Result, Timestamp};
use platform::db::{execute, query_all};
use platform::http::{Json, Path, Problem, Query};
use platform::{ApiResult, AuditEntry, Ctx, Platform, Tx};
use ports::notify::NoticeGiven;
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
    tx: &mut Tx,
    ctx: &Ctx,
    accounts: &[AccountId],
    code: &str,
    params: &serde_json::Value,
    subject: Subject,
) -> Result<()> {
    let mut accounts = accounts.to_vec();
    accounts.sort_unstable();
    accounts.dedup();
    if !accounts.is_empty() {
        let notice = NoticeGiven {
            id: ctx.platform().new_uuid(),
            accounts: accounts.clone(),
            code: code.to_owned(),
            text: line(code, params),
            path: path(&subject, params),
            urgent: urgent(code, params),
        };
        tx.publish(&notice).await?;
    }
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

fn text<'a>(params: &'a serde_json::Value, name: &str) -> &'a str {
    params.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
}

fn percent(params: &serde_json::Value) -> i64 {
    params.get("percent").and_then(serde_json::Value::as_i64).unwrap_or_default()
}

/// A notice in one line that may leave the house: kinds and numbers of records, no title, since people write names into titles.
fn line(code: &str, params: &serde_json::Value) -> String {
    let number = text(params, "number");
    let month = text(params, "month");
    match code {
        "incident_declared" => format!("登记了 {} 级安全事件 {number}", text(params, "severity")),
        "incident_report_submitted" => format!("安全事件 {number} 的报告待审核"),
        "incident_report_returned" => format!("安全事件 {number} 的报告被退回"),
        "roster_due" => format!("{month} 值班表应于 {} 前发布", text(params, "due")),
        "roster_late" => format!("{month} 值班表已逾期未发布"),
        "presence_missing" => format!("{} 上班时间已到，驻场无人签到", text(params, "day")),
        "inspection_due" => format!("巡检 {number} 应于 {} 前完成", text(params, "due")),
        "grant_requested" => format!("权限申请 {number} 待审批"),
        "grant_expiring" => format!("权限 {number} 七日内到期"),
        "grant_expired" => format!("权限 {number} 已到期，待落实收回"),
        "grants_ended" => "有人员离开项目，其权限待落实收回".to_owned(),
        "security_report_due" => format!("年度网络安全报告应于 {} 前报送", text(params, "due")),
        "security_report_late" => "年度网络安全报告已逾期未报送".to_owned(),
        "security_report_submitted" => "年度网络安全报告待确认".to_owned(),
        "security_report_returned" => "年度网络安全报告被退回".to_owned(),
        "security_report_confirmed" => "年度网络安全报告已确认".to_owned(),
        "handover_opened" => format!("移交与销毁清单 {number} 应于 {} 前完成", text(params, "due")),
        "handover_completed" => format!("移交与销毁清单 {number} 已完成"),
        "contract_due" => {
            let what = match text(params, "duty") {
                "renewal_warning" => "续约预警",
                "renewal_reminder" => "到期提醒最迟日",
                "renewal_talks" => "续约谈判开始",
                "term_end" => "服务期满",
                "return_originals" => "返还资料、销毁副本的最后期限",
                "confidential_until" => "保密期满",
                "no_poaching_until" => "禁止招揽期满",
                _ => "到期事项",
            };
            format!("合同 {number}：{what} {}", text(params, "date"))
        }
        "payment_due" => format!("合同 {number} 的付款应于 {} 前支付", text(params, "due")),
        "payment_late" => format!("合同 {number} 的付款已逾期（{}）", text(params, "due")),
        "intake_waiting" if text(params, "channel") == "alert" => "收到一条告警，待登记".to_owned(),
        "intake_waiting" => "收到一封来信，待登记".to_owned(),
        "ticket_arrived" if text(params, "channel") == "alert" => format!("监控告警已登记为工单 {number}"),
        "ticket_arrived" => format!("来信已登记为工单 {number}"),
        "ticket_received" => format!("您的来信已登记为工单 {number}"),
        "ticket_addition" => format!("工单 {number} 有新的来信或告警"),
        "article_review" => format!("知识条目 {number} 待审核"),
        "article_returned" => format!("知识条目 {number} 被退回"),
        "article_published" => format!("知识条目 {number} 已发布"),
        "article_unhelpful" => format!("有读者认为知识条目 {number} 没用"),
        _ => {
            let kind = match code.split('_').next() {
                Some("ticket") => "工单",
                Some("incident") => "安全事件",
                Some("requirement") => "需求",
                Some("grant") => "权限",
                Some("vulnerability") => "漏洞",
                _ => "记录",
            };
            if !code.ends_with("_escalated") {
                return format!("{kind} {number} 有新消息");
            }
            let clock = match text(params, "clock") {
                "response" => "响应",
                "feedback" => "反馈",
                "restoration" => "恢复",
                "report" => "报告",
                "notice" => "上报",
                name if name.starts_with("milestone") => "节点",
                _ => "处理",
            };
            match percent(params) {
                share if share >= 100 => format!("{kind} {number} 的{clock}已超时"),
                share => format!("{kind} {number} 的{clock}时限已用 {share}%"),
            }
        }
    }
}

/// Where the staff application shows the record.
fn path(subject: &Subject, params: &serde_json::Value) -> String {
    let folder = match subject.kind {
        "ticket" => "tickets",
        "incident" => "incidents",
        "requirement" => "requirements",
        "inspection" => "inspections",
        "data_correction" => "corrections",
        "article" => "knowledge",
        "presence" => return "/service/roster?tab=presence".to_owned(),
        "intake" => return format!("/service/intake?id={}", subject.id),
        "contract" if params.get("instalment").is_some() => {
            return "/service/settlement?tab=payments".to_owned();
        }
        "contract" => return "/service/contracts".to_owned(),
        "roster" => return format!("/service/roster?month={}", text(params, "month")),
        _ => {
            let Some(tab) = duties::tab(subject.kind) else { return "/notices".to_owned() };
            return format!("/service/duties?tab={tab}&id={}", subject.id);
        }
    };
    format!("/service/{folder}/{}", subject.id)
}

/// What does not wait for the morning: incidents, clocks that are nearly over, and what nobody telephoned about.
fn urgent(code: &str, params: &serde_json::Value) -> bool {
    matches!(code, "incident_declared" | "ticket_arrived" | "presence_missing")
        // A stranger's letter wakes nobody: whoever may write to the mailbox could flood everybody's telephone.
        || (code == "intake_waiting" && text(params, "channel") == "alert")
        || (code.ends_with("_escalated") && percent(params) >= 90)
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
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read)).routes(routes!(read_all))
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

/// Marks all of the caller's notices as read.
#[utoipa::path(post, path = "/service/notices/read-all", tag = "service", operation_id = "read_all_service_notices",
    responses((status = 204), (status = 401, body = Problem)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("service_notice_read"))))]
async fn read_all(ctx: Ctx, _: Desk) -> ApiResult<StatusCode> {
    let account = ctx.account_id()?;
    let mut tx = ctx.platform().begin().await?;
    let sql = "UPDATE service_desk_notice SET read_at = $1 WHERE account_id = $2 AND read_at IS NULL";
    let read = execute(&tx.exec(), sql, vec![ctx.now().micros().into(), account.uuid().into()]).await?;
    tx.audit(&ctx, AuditEntry::new("service_notice_read").detail(serde_json::json!({"count": read})));
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
