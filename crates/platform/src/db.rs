//! The database: one type over SQLite and PostgreSQL, and the write transaction that carries events and audit rows.
//!
//! Invariants: SQLite has one writer connection, and every write transaction begins IMMEDIATE, so that a writer waits
//! instead of failing in the middle. Events and audit entries of a transaction are written in it, last, so that the
//! lock on the audit chain is held for the shortest time. SQL uses `$1` placeholders, which both databases read.

use crate::audit::{self, AuditEntry};
use crate::events;
use crate::live::LiveHint;
use crate::{Ctx, Platform};
use kernel::{Error, ErrorKind, Result};
use ports::Event;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseExecutor, DatabaseTransaction,
    DbBackend, DbErr, FromQueryResult, QueryResult, RuntimeErr, SqlErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, Value,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What every store function reads and writes through: a connection or a transaction.
pub type Exec<'a> = DatabaseExecutor<'a>;

/// Which database is underneath.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// The database.
#[derive(Clone, Debug)]
pub struct Db(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    dialect: Dialect,
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    sqlite_path: Option<PathBuf>,
}

impl Db {
    /// Connects to `sqlite:<path>` or `postgres://…`.
    pub async fn connect(url: &str, max_connections: u32) -> Result<Self> {
        let quiet = |options: &mut ConnectOptions| {
            options.sqlx_logging(false).acquire_timeout(Duration::from_secs(20));
        };
        if let Some(path) = url.strip_prefix("sqlite:") {
            let open = |create: bool, connections: u32| {
                let mut options =
                    ConnectOptions::new(format!("sqlite:{path}?mode={}", if create { "rwc" } else { "rw" }));
                quiet(&mut options);
                options.max_connections(connections).min_connections(1);
                options.map_sqlx_sqlite_opts(|o| {
                    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
                    o.journal_mode(SqliteJournalMode::Wal)
                        // FULL: an acknowledged write survives power loss, not only a crash of the program.
                        .synchronous(SqliteSynchronous::Full)
                        .busy_timeout(Duration::from_secs(15))
                        .foreign_keys(true)
                        .pragma("cache_size", "-65536")
                        .pragma("mmap_size", "268435456")
                        .pragma("journal_size_limit", "67108864")
                        .pragma("temp_store", "MEMORY")
                });
                Database::connect(options)
            };
            let writer = open(true, 1).await.map_err(db_error)?;
            let reader = open(false, max_connections.clamp(2, 16)).await.map_err(db_error)?;
            let inner = Inner { dialect: Dialect::Sqlite, reader, writer, sqlite_path: Some(path.into()) };
            return Ok(Self(Arc::new(inner)));
        }
        let open = || {
            let mut options = ConnectOptions::new(url.to_owned());
            quiet(&mut options);
            options.max_connections(max_connections.max(4)).min_connections(1);
            // Scopes are ranges of paths that hold one clinic or the whole region. A plan made without the values takes every
            // range for a small one and walks a million rows of the wrong index; planning each time costs a fraction of a millisecond.
            options.map_sqlx_postgres_opts(|o| o.options([("plan_cache_mode", "force_custom_plan")]));
            Database::connect(options)
        };
        // Two pools: a use case that reads while its transaction is open must not wait for a connection that the
        // transactions of others hold while they wait for one themselves.
        let (reader, writer) = (open().await.map_err(db_error)?, open().await.map_err(db_error)?);
        let inner = Inner { dialect: Dialect::Postgres, reader, writer, sqlite_path: None };
        Ok(Self(Arc::new(inner)))
    }

    pub fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// The file of an SQLite database.
    pub fn sqlite_path(&self) -> Option<&PathBuf> {
        self.0.sqlite_path.as_ref()
    }

    /// For reading outside a transaction.
    pub fn read(&self) -> Exec<'_> {
        Exec::Connection(&self.0.reader)
    }

    /// Begins a bare write transaction, without events or audit: for migrations, jobs and the like.
    /// Use [`Platform::begin`] for the work of a user.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.0.dialect == Dialect::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.0.writer.begin_with_options(options).await.map_err(db_error)
    }

    /// Runs SQL that must not be inside a transaction, such as `VACUUM INTO`.
    pub async fn execute_outside_transaction(&self, sql: &str) -> Result<()> {
        self.0.writer.execute_unprepared(sql).await.map(drop).map_err(db_error)
    }

    /// Closes all connections, writing the SQLite log back into its file.
    pub async fn close(&self) {
        for pool in [&self.0.reader, &self.0.writer] {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(%error, "closing the database failed");
            }
        }
    }
}

/// A write transaction of somebody's work. Dropping it without [`Tx::commit`] undoes everything.
#[derive(Debug)]
pub struct Tx {
    txn: DatabaseTransaction,
    platform: Platform,
    audit: Vec<AuditEntry>,
    hints: Vec<LiveHint>,
    wake_jobs: bool,
}

impl Platform {
    /// Begins the write transaction of a use case.
    pub async fn begin(&self) -> Result<Tx> {
        let txn = self.db().begin().await?;
        Ok(Tx { txn, platform: self.clone(), audit: Vec::new(), hints: Vec::new(), wake_jobs: false })
    }
}

impl Tx {
    /// What store functions read and write through.
    pub fn exec(&self) -> Exec<'_> {
        Exec::Transaction(&self.txn)
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Records who did what, in this transaction.
    pub fn audit(&mut self, ctx: &Ctx, entry: AuditEntry) {
        self.audit.push(entry.by(ctx));
    }

    /// Publishes a past-tense event: its subscribers run after the commit, at least once.
    pub async fn publish<E: Event>(&mut self, event: &E) -> Result<()> {
        let hint = events::store(self, event).await?;
        self.hints.push(hint);
        self.wake_jobs = true;
        Ok(())
    }

    /// Enqueues a job that becomes due when this transaction commits.
    pub async fn enqueue(&mut self, job: crate::jobs::NewJob) -> Result<()> {
        crate::jobs::insert(self, job).await?;
        self.wake_jobs = true;
        Ok(())
    }

    /// Commits work, events and audit rows together, then tells live listeners.
    pub async fn commit(mut self) -> Result<()> {
        if !self.audit.is_empty() {
            let entries = std::mem::take(&mut self.audit);
            audit::append(&Exec::Transaction(&self.txn), entries).await?;
        }
        self.txn.commit().await.map_err(db_error)?;
        for hint in self.hints {
            self.platform.live().send(hint);
        }
        if self.wake_jobs {
            self.platform.wake_jobs();
        }
        Ok(())
    }
}

/// Rows of a query as `T`.
pub async fn query_all<T: FromQueryResult>(exec: &Exec<'_>, sql: &str, values: Vec<Value>) -> Result<Vec<T>> {
    let rows = exec.query_all_raw(statement(exec, sql, values)).await.map_err(db_error)?;
    rows.iter().map(|row| T::from_query_result(row, "").map_err(db_error)).collect()
}

/// The first row of a query as `T`.
pub async fn query_one<T: FromQueryResult>(
    exec: &Exec<'_>,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<T>> {
    let row = exec.query_one_raw(statement(exec, sql, values)).await.map_err(db_error)?;
    row.map(|row| T::from_query_result(&row, "").map_err(db_error)).transpose()
}

/// The first column, named `n`, of the first row: for counts and sums.
pub async fn query_number(exec: &Exec<'_>, sql: &str, values: Vec<Value>) -> Result<i64> {
    let row: Option<QueryResult> =
        exec.query_one_raw(statement(exec, sql, values)).await.map_err(db_error)?;
    let value: Option<i64> = row.map(|row| row.try_get("", "n")).transpose().map_err(db_error)?.flatten();
    Ok(value.unwrap_or(0))
}

/// Executes a statement and tells how many rows it changed.
pub async fn execute(exec: &Exec<'_>, sql: &str, values: Vec<Value>) -> Result<u64> {
    let result = exec.execute_raw(statement(exec, sql, values)).await.map_err(db_error)?;
    Ok(result.rows_affected())
}

fn statement(exec: &Exec<'_>, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(exec.get_database_backend(), sql, values)
}

/// Which dialect an executor speaks, for the few statements that differ.
pub fn dialect(exec: &Exec<'_>) -> Dialect {
    if exec.get_database_backend() == DbBackend::Sqlite { Dialect::Sqlite } else { Dialect::Postgres }
}

/// A `LIKE` pattern that matches `text` anywhere, with its own wildcards escaped by `!`.
pub fn contains_pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Turns a database failure into the error vocabulary. A full disk and a lost database are told apart from a defect.
pub fn db_error(error: DbErr) -> Error {
    let text = error.to_string();
    if let Some(SqlErr::UniqueConstraintViolation(what)) = error.sql_err() {
        return Error::conflict("already_exists", format!("an equal record exists ({what})"));
    }
    if text.contains("disk is full") || text.contains("(code: 13)") || text.contains("53100") {
        return Error::new(
            ErrorKind::StorageFull,
            "storage_full",
            "the disk of the server is full; nothing was changed",
        );
    }
    if text.contains("database is locked") || text.contains("pool timed out") {
        return Error::new(ErrorKind::Unavailable, "database_busy", "the database is busy; try again");
    }
    match error {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) | DbErr::Exec(RuntimeErr::SqlxError(_))
            if is_connection_loss(&text) =>
        {
            Error::new(
                ErrorKind::Unavailable,
                "database_unavailable",
                "the database cannot be reached; try again",
            )
        }
        _ => Error::internal(format!("database: {text}")),
    }
}

fn is_connection_loss(text: &str) -> bool {
    ["Connection refused", "connection closed", "Broken pipe", "reset by peer", "unable to open"]
        .iter()
        .any(|s| text.contains(s))
}
