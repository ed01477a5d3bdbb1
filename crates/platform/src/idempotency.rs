//! Idempotency keys: a request that is sent again, because its answer was lost, has its effect once.
//!
//! The key is kept in the transaction of the effect, for a day. The same key with another content is refused.

use crate::db::{Exec, execute, query_one};
use crate::{Ctx, Platform, Tx};
use kernel::{Error, Result};
use sea_orm::FromQueryResult;
use std::time::Duration;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Known {
    fingerprint: String,
    resource_id: Uuid,
}

/// What this key made before, if anything. `fingerprint` is a hash of the request's content. Asked outside a transaction it
/// spares the work of a request that has had its effect; only the answer within the transaction of the effect is final.
pub async fn replayed(exec: &Exec<'_>, ctx: &Ctx, key: &str, fingerprint: &str) -> Result<Option<Uuid>> {
    if key.is_empty() || key.len() > 200 {
        return Err(Error::malformed(
            "idempotency_key_invalid",
            "Idempotency-Key must have 1 to 200 characters",
        ));
    }
    let sql = "SELECT fingerprint, resource_id FROM platform_idempotency WHERE account_id = $1 AND idempotency_key = $2";
    let account = ctx.account_id()?.uuid();
    let known: Option<Known> = query_one(exec, sql, vec![account.into(), key.into()]).await?;
    match known {
        None => Ok(None),
        Some(known) if known.fingerprint == fingerprint => Ok(Some(known.resource_id)),
        Some(_) => Err(Error::conflict(
            "idempotency_key_reused",
            "this Idempotency-Key was used for another content",
        )),
    }
}

impl Tx {
    /// Keeps what this key has made.
    pub async fn remember(&self, ctx: &Ctx, key: &str, fingerprint: &str, made: Uuid) -> Result<()> {
        let sql = "INSERT INTO platform_idempotency (account_id, idempotency_key, fingerprint, resource_id, created_at) \
                   VALUES ($1, $2, $3, $4, $5)";
        let values = vec![
            ctx.account_id()?.uuid().into(),
            key.into(),
            fingerprint.into(),
            made.into(),
            ctx.now().micros().into(),
        ];
        execute(&self.exec(), sql, values).await.map(drop)
    }
}

/// Forgets keys older than a day; returns how many.
pub async fn forget_old(platform: &Platform) -> Result<u64> {
    let before = platform.now().minus(Duration::from_secs(86_400));
    let tx = platform.begin().await?;
    let sql = "DELETE FROM platform_idempotency WHERE created_at < $1";
    let forgotten = execute(&tx.exec(), sql, vec![before.micros().into()]).await?;
    tx.commit().await?;
    Ok(forgotten)
}
