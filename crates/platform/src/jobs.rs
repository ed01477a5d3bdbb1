//! Background work that survives a restart.
//!
//! A job is a row. A worker leases it, runs its handler, and marks it done; a failure puts it back with exponential
//! back-off, and after the last attempt it lies in the dead-letter list until a person retries or discards it. A worker
//! that dies lets its lease run out. Handlers run at least once and must be idempotent.

use crate::db::{Dialect, Exec, execute, query_all, query_one};
use crate::live::LiveHint;
use crate::{Ctx, Platform, Tx};
use futures::future::BoxFuture;
use kernel::{Cursor, Error, Limit, Page, Result, Timestamp};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// A kind of job: its name and how often it may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobKind {
    pub name: &'static str,
    pub max_attempts: i32,
}

/// How long a worker may be silent before its job is taken from it.
const LEASE: Duration = Duration::from_secs(60);
/// The longest pause between two attempts.
const LONGEST_BACKOFF: Duration = Duration::from_secs(3600);

type Run = Arc<dyn Fn(Ctx, serde_json::Value) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// What runs jobs of one kind.
#[derive(Clone)]
pub struct JobHandler {
    pub kind: JobKind,
    run: Run,
}

impl std::fmt::Debug for JobHandler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JobHandler({})", self.kind.name)
    }
}

impl JobHandler {
    /// A handler that reads its payload as `T`.
    pub fn new<T, F, Fut>(kind: JobKind, run: F) -> Self
    where
        T: DeserializeOwned + Send + 'static,
        F: Fn(Ctx, T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        let run: Run = Arc::new(move |ctx, payload| match serde_json::from_value::<T>(payload) {
            Ok(payload) => Box::pin(run(ctx, payload)),
            Err(error) => {
                Box::pin(async move { Err(Error::internal(format!("unreadable job payload: {error}"))) })
            }
        });
        Self { kind, run }
    }
}

/// A job to enqueue.
#[derive(Clone, Debug)]
pub struct NewJob {
    kind: JobKind,
    payload: serde_json::Value,
    run_at: Option<Timestamp>,
}

impl NewJob {
    pub fn new(kind: JobKind, payload: &impl Serialize) -> Result<Self> {
        Ok(Self { kind, payload: serde_json::to_value(payload).map_err(Error::internal)?, run_at: None })
    }

    /// Due not before `at`.
    #[must_use]
    pub fn at(mut self, at: Timestamp) -> Self {
        self.run_at = Some(at);
        self
    }
}

pub(crate) async fn insert(tx: &Tx, job: NewJob) -> Result<()> {
    let platform = tx.platform();
    let now = platform.now();
    execute(
        &tx.exec(),
        "INSERT INTO platform_job (id, kind, payload, state, attempts, max_attempts, run_at, created_at) \
         VALUES ($1, $2, $3, 'pending', 0, $4, $5, $6)",
        vec![
            platform.new_uuid().into(),
            job.kind.name.into(),
            job.payload.to_string().into(),
            job.kind.max_attempts.into(),
            job.run_at.unwrap_or(now).micros().into(),
            now.micros().into(),
        ],
    )
    .await
    .map(drop)
}

/// A stored job, as the operations screen shows it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct JobRow {
    pub id: Uuid,
    pub kind: String,
    pub payload: String,
    pub state: String,
    pub attempts: i32,
    pub max_attempts: i32,
    pub run_at: i64,
    pub created_at: i64,
    pub finished_at: Option<i64>,
    pub last_error: Option<String>,
}

async fn claim(platform: &Platform, worker: Uuid) -> Result<Option<JobRow>> {
    let now = platform.now();
    let lock = if platform.db().dialect() == Dialect::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let due: Option<JobRow> = query_one(
        &platform.db().read(),
        "SELECT * FROM platform_job WHERE (state = 'pending' AND run_at <= $1) OR (state = 'running' AND lease_until < $1) LIMIT 1",
        vec![now.micros().into()],
    )
    .await?;
    if due.is_none() {
        return Ok(None);
    }
    let txn = platform.db().begin().await?;
    let sql = format!(
        "UPDATE platform_job SET state = 'running', worker = $1, lease_until = $2, attempts = attempts + 1 WHERE id = (\
         SELECT id FROM platform_job WHERE (state = 'pending' AND run_at <= $3) OR (state = 'running' AND lease_until < $3) \
         ORDER BY run_at LIMIT 1 {lock}) RETURNING *"
    );
    let values = vec![worker.into(), now.plus(LEASE).micros().into(), now.micros().into()];
    let job = query_one(&Exec::Transaction(&txn), &sql, values).await?;
    txn.commit().await.map_err(crate::db::db_error)?;
    Ok(job)
}

/// Runs due jobs until none is left; returns how many ran. Tests call this instead of waiting.
pub async fn run_due(platform: &Platform) -> Result<usize> {
    let mut count = 0;
    while run_next(platform, platform.new_uuid()).await? {
        count += 1;
    }
    Ok(count)
}

async fn run_next(platform: &Platform, worker: Uuid) -> Result<bool> {
    let Some(job) = claim(platform, worker).await? else { return Ok(false) };
    let ctx = Ctx::system(platform, &format!("job:{}", job.id));
    let outcome = match platform.handler(&job.kind) {
        None => Err(Error::internal(format!("no handler for jobs of kind {}", job.kind))),
        Some(handler) => match serde_json::from_str(&job.payload) {
            Err(error) => Err(Error::internal(format!("unreadable job payload: {error}"))),
            Ok(payload) => run_with_lease(platform, &job, worker, (handler.run)(ctx, payload)).await,
        },
    };
    finish(platform, &job, worker, outcome).await?;
    Ok(true)
}

/// Runs the handler in a task of its own, so that a panic is a failed attempt, and renews the lease meanwhile.
async fn run_with_lease(
    platform: &Platform,
    job: &JobRow,
    worker: Uuid,
    work: BoxFuture<'static, Result<()>>,
) -> Result<()> {
    let mut task = tokio::spawn(work);
    loop {
        tokio::select! {
            done = &mut task => {
                return done.unwrap_or_else(|panic| Err(Error::internal(format!("the job panicked: {panic}"))));
            }
            () = tokio::time::sleep(LEASE / 3) => {
                let until = platform.now().plus(LEASE);
                let sql = "UPDATE platform_job SET lease_until = $1 WHERE id = $2 AND worker = $3";
                let txn = platform.db().begin().await?;
                execute(&Exec::Transaction(&txn), sql, vec![until.micros().into(), job.id.into(), worker.into()]).await?;
                txn.commit().await.map_err(crate::db::db_error)?;
            }
        }
    }
}

async fn finish(platform: &Platform, job: &JobRow, worker: Uuid, outcome: Result<()>) -> Result<()> {
    let now = platform.now();
    let (state, run_at, error) = match &outcome {
        Ok(()) => ("done", job.run_at, None),
        Err(error) if job.attempts >= job.max_attempts => ("dead", job.run_at, Some(error.to_string())),
        Err(error) => ("pending", now.plus(backoff(job.attempts)).micros(), Some(error.to_string())),
    };
    metrics::counter!("tianmu_jobs_total", "kind" => job.kind.clone(), "outcome" => state).increment(1);
    if let Some(error) = &error {
        tracing::warn!(job = %job.id, kind = job.kind, attempts = job.attempts, state, error, "a job failed");
    }
    let finished: Option<i64> = (state != "pending").then(|| now.micros());
    let txn = platform.db().begin().await?;
    execute(
        &Exec::Transaction(&txn),
        "UPDATE platform_job SET state = $1, run_at = $2, finished_at = $3, last_error = $4, worker = NULL, lease_until = NULL \
         WHERE id = $5 AND worker = $6",
        vec![state.into(), run_at.into(), finished.into(), error.into(), job.id.into(), worker.into()],
    )
    .await?;
    txn.commit().await.map_err(crate::db::db_error)?;
    if state == "dead" {
        platform.live().send(LiveHint {
            id: job.id,
            topic: "job_dead".into(),
            resource_id: job.id,
            organisation_path: None,
            at: now,
        });
    }
    Ok(())
}

/// 2 s, 4 s, 8 s … after the first, second, third failure, at most an hour.
fn backoff(attempts: i32) -> Duration {
    let exponent = u32::try_from(attempts.clamp(1, 12)).unwrap_or(1);
    Duration::from_secs(2u64.saturating_pow(exponent)).min(LONGEST_BACKOFF)
}

/// Works until the platform shuts down. `alone` says that no other process works on this database, so that jobs which a
/// killed predecessor was running are taken up at once instead of after their lease.
pub async fn work(platform: Platform, alone: bool) {
    if alone {
        let sql = "UPDATE platform_job SET state = 'pending', worker = NULL, lease_until = NULL WHERE state = 'running'";
        let outcome = async {
            let txn = platform.db().begin().await?;
            execute(&Exec::Transaction(&txn), sql, vec![]).await?;
            txn.commit().await.map_err(crate::db::db_error)
        };
        if let Err(error) = outcome.await {
            tracing::error!(%error, "taking up interrupted jobs failed");
        }
    }
    let worker = platform.new_uuid();
    loop {
        match run_next(&platform, worker).await {
            Ok(true) => {
                if platform.is_shutting_down() {
                    return;
                }
                continue;
            }
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the job worker cannot reach its queue"),
        }
        tokio::select! {
            () = platform.jobs_woken() => {}
            stop = sleep_or_shutdown(&platform, Duration::from_secs(1)) => if stop { return },
        }
    }
}

/// Sleeps, or returns `true` early because the platform shuts down.
pub async fn sleep_or_shutdown(platform: &Platform, duration: Duration) -> bool {
    tokio::select! {
        () = platform.shutdown_requested() => true,
        () = tokio::time::sleep(duration) => false,
    }
}

/// Jobs of one state, newest first.
pub async fn list(
    platform: &Platform,
    state: &str,
    cursor: Option<&str>,
    limit: Limit,
) -> Result<Page<JobRow>> {
    let mut values: Vec<Value> = vec![state.into()];
    let mut after = String::new();
    if let Some(cursor) = cursor {
        let cursor = Cursor::decode(cursor, 1)?;
        values.extend([cursor.keys.first().copied().into(), cursor.id.into()]);
        after.push_str("AND (created_at < $2 OR (created_at = $2 AND id < $3))");
    }
    let fetch = limit.fetch();
    let sql = format!(
        "SELECT * FROM platform_job WHERE state = $1 {after} ORDER BY created_at DESC, id DESC LIMIT {fetch}"
    );
    let rows: Vec<JobRow> = query_all(&platform.db().read(), &sql, values).await?;
    Ok(Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.created_at], id: row.id }))
}

/// Gives a dead job a fresh set of attempts.
pub async fn retry(tx: &Tx, id: Uuid) -> Result<()> {
    let now = tx.platform().now();
    let sql = "UPDATE platform_job SET state = 'pending', attempts = 0, run_at = $1, finished_at = NULL WHERE id = $2 AND state = 'dead'";
    match execute(&tx.exec(), sql, vec![now.micros().into(), id.into()]).await? {
        0 => Err(Error::conflict("job_not_dead", "only a job of the dead-letter list can be retried")),
        _ => {
            tx.platform().wake_jobs();
            Ok(())
        }
    }
}

/// Takes a dead job off the list for good; the row stays.
pub async fn discard(tx: &Tx, id: Uuid) -> Result<()> {
    let sql = "UPDATE platform_job SET state = 'discarded' WHERE id = $1 AND state = 'dead'";
    match execute(&tx.exec(), sql, vec![id.into()]).await? {
        0 => Err(Error::conflict("job_not_dead", "only a job of the dead-letter list can be discarded")),
        _ => Ok(()),
    }
}
