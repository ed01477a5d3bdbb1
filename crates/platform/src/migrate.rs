//! Forward-only migrations, plain SQL that both databases read, owned by the crate whose tables they make.
//!
//! A statement ends with `;` at the end of a line. A line `-- only: sqlite` or `-- only: postgres` applies to the
//! statement that follows. An applied file must never change: its SM3 is kept and compared.

use crate::db::{Db, Dialect, db_error, execute, query_all};
use crate::{Exec, hash};
use kernel::{Error, Result, Timestamp};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// One migration file.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    pub owner: &'static str,
    pub version: i32,
    pub name: &'static str,
    pub sql: &'static str,
}

#[derive(FromQueryResult)]
struct Applied {
    owner: String,
    version: i32,
    sm3: String,
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS platform_migration (
    owner TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, sm3 TEXT NOT NULL,
    applied_at BIGINT NOT NULL, PRIMARY KEY (owner, version))";

/// Applies what is missing, in the order given, all in one transaction: a failing file leaves the database as it was.
/// Returns how many were applied.
pub async fn migrate(db: &Db, now: Timestamp, migrations: &[Migration]) -> Result<usize> {
    let txn = db.begin().await?;
    if db.dialect() == Dialect::Postgres {
        // Several processes may start at once; one migrates, the others wait and find the work done.
        txn.execute_unprepared("SELECT pg_advisory_xact_lock(7420481)").await.map_err(db_error)?;
    }
    txn.execute_unprepared(LEDGER).await.map_err(db_error)?;
    let exec = Exec::Transaction(&txn);
    let applied: Vec<Applied> =
        query_all(&exec, "SELECT owner, version, sm3 FROM platform_migration", vec![]).await?;
    let mut count = 0;
    for migration in migrations {
        let sm3 = hash::sm3_hex(migration.sql.as_bytes());
        match applied.iter().find(|a| a.owner == migration.owner && a.version == migration.version) {
            Some(done) if done.sm3 == sm3 => continue,
            Some(_) => {
                return Err(Error::internal(format!(
                    "migration {}/{:04}_{} was changed after it had been applied",
                    migration.owner, migration.version, migration.name
                )));
            }
            None => {}
        }
        for statement in statements(migration.sql, db.dialect()) {
            txn.execute_unprepared(&statement).await.map_err(|error| {
                Error::internal(format!(
                    "migration {}/{:04}_{}: {error}",
                    migration.owner, migration.version, migration.name
                ))
            })?;
        }
        execute(
            &exec,
            "INSERT INTO platform_migration (owner, version, name, sm3, applied_at) VALUES ($1, $2, $3, $4, $5)",
            vec![
                migration.owner.into(),
                migration.version.into(),
                migration.name.into(),
                sm3.into(),
                now.micros().into(),
            ],
        )
        .await?;
        count += 1;
    }
    drop(exec);
    txn.commit().await.map_err(db_error)?;
    Ok(count)
}

/// How many of `migrations` the database lacks: for readiness and `tianmu doctor`.
pub async fn pending(db: &Db, migrations: &[Migration]) -> Result<usize> {
    let applied: Vec<Applied> =
        query_all(&db.read(), "SELECT owner, version, sm3 FROM platform_migration", vec![])
            .await
            .unwrap_or_default();
    let done = |m: &&Migration| applied.iter().any(|a| a.owner == m.owner && a.version == m.version);
    Ok(migrations.iter().filter(|m| !done(m)).count())
}

fn statements(sql: &str, dialect: Dialect) -> Vec<String> {
    let mut out = Vec::new();
    let mut current = String::new();
    let mut wanted = true;
    for line in sql.lines() {
        let trimmed = line.trim();
        if let Some(only) = trimmed.strip_prefix("-- only:") {
            wanted = match only.trim() {
                "sqlite" => dialect == Dialect::Sqlite,
                _ => dialect == Dialect::Postgres,
            };
            continue;
        }
        if trimmed.starts_with("--") || trimmed.is_empty() {
            continue;
        }
        current.push_str(line);
        current.push('\n');
        if trimmed.ends_with(';') {
            if wanted {
                out.push(std::mem::take(&mut current));
            }
            current.clear();
            wanted = true;
        }
    }
    out
}
