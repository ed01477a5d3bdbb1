//! Named facts about this installation as a whole, such as that its data are a demonstration.
//!
//! Deliberately absent: configuration (module `config`), which is the operator's and not the database's.

use crate::Tx;
use crate::db::{Exec, execute, query_one};
use kernel::{Error, Result};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde::de::DeserializeOwned;

#[derive(FromQueryResult)]
struct Row {
    value: String,
}

/// The setting of this name.
pub async fn find<T: DeserializeOwned>(exec: &Exec<'_>, name: &str) -> Result<Option<T>> {
    let row: Option<Row> =
        query_one(exec, "SELECT value FROM platform_setting WHERE name = $1", vec![name.into()]).await?;
    row.map(|row| {
        serde_json::from_str(&row.value).map_err(|e| Error::internal(format!("setting {name}: {e}")))
    })
    .transpose()
}

/// Writes a setting over what there was.
pub async fn save(tx: &Tx, name: &str, value: &impl Serialize) -> Result<()> {
    let value = serde_json::to_string(value).map_err(Error::internal)?;
    let sql = "INSERT INTO platform_setting (name, value, updated_at) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at";
    let values = vec![name.into(), value.into(), tx.platform().now().micros().into()];
    execute(&tx.exec(), sql, values).await.map(drop)
}
