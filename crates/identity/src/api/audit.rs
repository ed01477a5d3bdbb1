//! `/audit`: the audit trail, for the audit administrator.

use crate::store;
use crate::wire::{AuditEntryView, AuditQuery, AuditVerification};
use kernel::{Cursor, Limit, Page, Result, Timestamp};
use platform::audit::AuditRow;
use platform::db::query_all;
use platform::http::{Json, Problem, Query};
use platform::{Action, ApiResult, AuditEntry, Ctx};
use sea_orm::Value;
use std::collections::HashMap;

const AUDIT_READ: Action = Action("audit_read");

/// Entries of the audit trail, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", operation_id = "list_audit", params(AuditQuery),
    responses((status = 200, body = Page<AuditEntryView>), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("audit_read")), ("x-audit" = json!("audit_read"))))]
pub async fn list(ctx: Ctx, Query(query): Query<AuditQuery>) -> ApiResult<Json<Page<AuditEntryView>>> {
    Ok(Json(entries(&ctx, &query).await?))
}

/// Walks the whole chain and says whether an entry was altered, removed or inserted.
#[utoipa::path(get, path = "/audit/verification", tag = "audit", operation_id = "verify_audit",
    responses((status = 200, body = AuditVerification), (status = 401, body = Problem), (status = 403, body = Problem)),
    extensions(("x-action" = json!("audit_read")), ("x-audit" = json!("audit_verified"))))]
pub async fn verify(ctx: Ctx) -> ApiResult<Json<AuditVerification>> {
    ctx.scope(AUDIT_READ).await?;
    let found = platform::audit::verify(&ctx.platform().db().read()).await?;
    ctx.platform()
        .audit(&ctx, AuditEntry::new("audit_verified").detail(serde_json::json!({"checked": found.checked})))
        .await?;
    Ok(Json(AuditVerification {
        ok: found.first_bad_seq.is_none(),
        checked: found.checked,
        first_bad_seq: found.first_bad_seq,
        head_hash: found.head_hash,
        checked_at: ctx.now(),
    }))
}

async fn entries(ctx: &Ctx, query: &AuditQuery) -> Result<Page<AuditEntryView>> {
    let scope = ctx.scope(AUDIT_READ).await?;
    let limit = Limit::new(query.limit)?;
    let mut values: Vec<Value> = Vec::new();
    // An act of nobody in particular (a failed sign-in, the program itself) lies in no organisation: all auditors see it.
    let mut conditions =
        vec![format!("(organisation_path IS NULL OR {})", scope.sql("organisation_path", &mut values))];
    let mut equal = |column: &str, value: Option<Value>, operator: &str| {
        if let Some(value) = value {
            values.push(value);
            conditions.push(format!("{column} {operator} ${}", values.len()));
        }
    };
    equal("actor_id", query.actor_id.map(Into::into), "=");
    equal("action", query.action.clone().map(Into::into), "=");
    equal("resource_id", query.resource_id.map(Into::into), "=");
    equal("patient_id", query.patient_id.map(Into::into), "=");
    equal("outcome", query.outcome.clone().map(Into::into), "=");
    equal("at", query.from.map(|t| t.micros().into()), ">=");
    equal("at", query.to.map(|t| t.micros().into()), "<");
    if let Some(name) = query.actor.as_deref().map(str::trim).filter(|n| !n.is_empty()) {
        values.push(platform::db::contains_pattern(name).into());
        conditions.push(format!("actor_name LIKE ${} ESCAPE '!'", values.len()));
    }
    if let Some(cursor) = &query.cursor {
        values.push(Cursor::decode(cursor, 1)?.keys.first().copied().into());
        conditions.push(format!("seq < ${}", values.len()));
    }
    let sql = format!(
        "SELECT * FROM platform_audit WHERE {} ORDER BY seq DESC LIMIT {}",
        conditions.join(" AND "),
        limit.fetch()
    );
    let exec = ctx.platform().db().read();
    let rows: Vec<AuditRow> = query_all(&exec, &sql, values).await?;
    let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.seq], ..Cursor::default() });
    let names: HashMap<String, String> =
        store::organisations(&exec).await?.into_iter().map(|o| (o.path, o.name)).collect();
    let filters = serde_json::json!({"action": query.action, "patient_id": query.patient_id, "actor_id": query.actor_id});
    ctx.platform().audit(ctx, AuditEntry::new("audit_read").detail(filters)).await?;
    Ok(page.map(|row| AuditEntryView {
        organisation_name: row.organisation_path.as_ref().and_then(|path| names.get(path).cloned()),
        seq: row.seq,
        at: Timestamp::from_micros(row.at),
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        actor_kind: row.actor_kind,
        action: row.action,
        resource_kind: row.resource_kind,
        resource_id: row.resource_id,
        patient_id: row.patient_id,
        outcome: row.outcome,
        reason: row.reason,
        address: row.address,
        request_id: Some(row.request_id),
        detail: serde_json::from_str(&row.detail).unwrap_or_default(),
        hash: row.hash,
    }))
}
