//! `tianmu doctor`: what is wrong with this installation, in sentences that say what to do.
//!
//! Reads only, and may run beside a server. Each finding is good, a warning (works, but should be seen to) or a failure
//! (people or data are at risk); one failure makes the exit status 1.

use crate::backup;
use kernel::{Result, Timestamp};
use platform::db::{query_number, query_one};
use platform::{Blobs, Config, Db, Dialect, Migration, audit, blobs, migrate};
use sea_orm::FromQueryResult;
use std::net::ToSocketAddrs;
use std::path::Path;
use std::time::Duration;
use uuid::Uuid;

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Grade {
    Good,
    Warning,
    Failure,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    pub grade: Grade,
    pub what: &'static str,
    pub detail: String,
}

/// Free space below which the disk is called nearly full, and below which it is a failure.
const SPACE_WARNING_BYTES: u64 = 5 << 30;
const SPACE_FAILURE_BYTES: u64 = 500 << 20;
/// How late a waiting job may be before its workers are missed.
const JOB_LATE: Duration = Duration::from_secs(600);
/// How far the newest record may lie ahead of the clock.
const CLOCK_SLACK: Duration = Duration::from_secs(60);

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, grade: Grade, what: &'static str, detail: impl Into<String>) {
        self.0.push(Finding { grade, what, detail: detail.into() });
    }

    fn good(&mut self, what: &'static str, detail: impl Into<String>) {
        self.add(Grade::Good, what, detail);
    }

    fn warn(&mut self, what: &'static str, detail: impl Into<String>) {
        self.add(Grade::Warning, what, detail);
    }

    fn fail(&mut self, what: &'static str, detail: impl Into<String>) {
        self.add(Grade::Failure, what, detail);
    }
}

/// Looks at everything. `sample` is how many stored files are read again; `None` reads all.
pub async fn examine(
    config: &Config,
    migrations: &[Migration],
    now: Timestamp,
    sample: Option<u64>,
) -> Vec<Finding> {
    let mut found = Findings::default();
    check_folder(&mut found, &config.server.data);
    check_policies(&mut found);
    check_papers(&mut found);
    check_network(&mut found, config);
    match Db::connect(&config.database_url(), 2).await {
        Err(error) => found.fail("database", format!("cannot be opened: {error}")),
        Ok(db) => {
            if let Err(error) = check_database(&mut found, config, &db, migrations, now, sample).await {
                found.fail("database", format!("cannot be read: {error}"));
            }
            db.close().await;
        }
    }
    found.0
}

fn check_folder(found: &mut Findings, folder: &Path) {
    let shown = folder.display();
    if !folder.is_dir() {
        return found.fail(
            "data folder",
            format!("{shown} does not exist; start the server once, or correct server.data"),
        );
    }
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    let written = std::fs::write(&probe, b"tianmu").and_then(|()| std::fs::remove_file(&probe));
    match written {
        Err(error) => found.fail("data folder", format!("{shown} cannot be written: {error}")),
        Ok(()) => found.good("data folder", format!("{shown} can be written")),
    }
    match rustix::fs::statvfs(folder) {
        Err(error) => found.warn("disk space", format!("not known: {error}")),
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let detail = format!("{} MiB free", free >> 20);
            match free {
                0..SPACE_FAILURE_BYTES => {
                    found.fail("disk space", format!("{detail}: uploads will be refused soon"))
                }
                SPACE_FAILURE_BYTES..SPACE_WARNING_BYTES => {
                    found.warn("disk space", format!("{detail}: make room or move the data"))
                }
                _ => found.good("disk space", detail),
            }
        }
    }
}

fn check_policies(found: &mut Findings) {
    match platform::roles::builtin_authz() {
        Ok(_) => found.good("policies", "compile and agree with their schema"),
        Err(error) => found.fail("policies", error.to_string()),
    }
}

/// Every paper printed from its sample, with the fonts that the program carries.
fn check_papers(found: &mut Findings) {
    let checked =
        ecg::builtin_printer().map_err(|e| e.to_string()).and_then(|p| p.check().map_err(|e| e.to_string()));
    match checked {
        Ok(()) => found.good("papers", "all print, with the fonts inside the program"),
        Err(error) => found.fail("papers", error),
    }
}

/// True when the server can only be reached from its own machine.
fn is_local(config: &Config) -> bool {
    let loopback = config
        .server
        .listen
        .to_socket_addrs()
        .is_ok_and(|mut all| all.all(|address| address.ip().is_loopback()));
    loopback && !config.server.behind_tls_proxy
}

fn check_network(found: &mut Findings, config: &Config) {
    let public = &config.server.public_url;
    if is_local(config) {
        return found.good("network", format!("listens on {} for this machine only", config.server.listen));
    }
    if !config.server.behind_tls_proxy {
        found.fail(
            "network",
            format!(
                "listens on {} without TLS: put a TLS proxy in front and set server.behind_tls_proxy",
                config.server.listen
            ),
        );
    } else if public.starts_with("https://") {
        found.good("network", format!("reached as {public} through a TLS proxy"));
    } else {
        found.fail(
            "network",
            format!("server.public_url is {public}: the QR codes on paper lead nowhere that is safe"),
        );
    }
}

async fn check_database(
    found: &mut Findings,
    config: &Config,
    db: &Db,
    migrations: &[Migration],
    now: Timestamp,
    sample: Option<u64>,
) -> Result<()> {
    let exec = db.read();
    if db.dialect() == Dialect::Sqlite {
        let problems = backup::sqlite_problems(db).await?;
        if problems.is_empty() {
            found.good("database", "SQLite, its file is intact");
        } else {
            found.fail("database", format!("the file is damaged, restore a backup: {}", problems.join("; ")));
        }
    } else {
        found.good("database", "PostgreSQL answers");
    }
    match migrate::pending(db, migrations).await? {
        0 => found.good("migrations", "none is waiting"),
        n if n == migrations.len() => {
            found.warn("migrations", "the database is empty; `tianmu serve` or `tianmu migrate` sets it up");
            return Ok(());
        }
        n => {
            found.fail("migrations", format!("{n} are waiting: run `tianmu migrate`"));
            return Ok(());
        }
    }
    let chain = audit::verify(&exec).await?;
    match chain.first_bad_seq {
        None => found.good("audit chain", format!("{} entries, unbroken", chain.checked)),
        Some(seq) => found
            .fail("audit chain", format!("broken at entry {seq}: somebody or something altered the trail")),
    }
    check_blobs(found, config, db, sample).await?;
    check_jobs(found, db, now).await?;
    let newest = query_number(&exec, "SELECT MAX(at) AS n FROM platform_audit", vec![]).await?;
    if newest > now.plus(CLOCK_SLACK).micros() {
        let detail = format!(
            "says {now}, but something was recorded at {}: set the clock by NTP",
            Timestamp::from_micros(newest)
        );
        found.fail("clock", detail);
    } else {
        found.good("clock", format!("{now}, after everything that is recorded"));
    }
    match demo::find_mark(&exec).await? {
        Some(_) if !is_local(config) => {
            found.fail("demo data", "this database has demo accounts with a public password and can be reached from outside: use an empty one");
        }
        Some(_) => found.good("demo data", "demo accounts, reachable from this machine only"),
        None => found.good("demo data", "none"),
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct BlobTotals {
    count: i64,
    bytes: i64,
}

async fn check_blobs(found: &mut Findings, config: &Config, db: &Db, sample: Option<u64>) -> Result<()> {
    let store = Blobs::open(&config.blob_config())?;
    let sql =
        "SELECT COUNT(*) AS count, CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) AS bytes FROM platform_blob";
    let totals: Option<BlobTotals> = query_one(&db.read(), sql, vec![]).await?;
    let totals = totals.unwrap_or(BlobTotals { count: 0, bytes: 0 });
    let mut damaged = Vec::new();
    let mut checked: u64 = 0;
    let mut after = Uuid::nil();
    // Every n-th of all, so that a sample reaches over the whole life of the store.
    let stride =
        sample.map_or(1, |wanted| u64::try_from(totals.count).unwrap_or(0).div_ceil(wanted.max(1)).max(1));
    let mut index: u64 = 0;
    loop {
        let page = blobs::list_after(&db.read(), after, 500).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for blob in &page {
            if index.is_multiple_of(stride) {
                checked += 1;
                if !blobs::is_intact(&store, blob).await? {
                    damaged.push(blob.id.to_string());
                }
            }
            index += 1;
        }
    }
    let size = format!("{} files, {} MiB, {checked} of them read again", totals.count, totals.bytes >> 20);
    if damaged.is_empty() {
        found.good("stored files", size);
    } else {
        damaged.truncate(10);
        found.fail(
            "stored files",
            format!("{size}: missing or damaged, restore from a backup: {}", damaged.join(", ")),
        );
    }
    Ok(())
}

async fn check_jobs(found: &mut Findings, db: &Db, now: Timestamp) -> Result<()> {
    let exec = db.read();
    let dead =
        query_number(&exec, "SELECT COUNT(*) AS n FROM platform_job WHERE state = 'dead'", vec![]).await?;
    let sql = "SELECT COUNT(*) AS n FROM platform_job WHERE state = 'pending' AND run_at < $1";
    let late = query_number(&exec, sql, vec![now.minus(JOB_LATE).micros().into()]).await?;
    match (dead, late) {
        (0, 0) => found.good("jobs", "none is dead or late"),
        (0, late) => found.warn(
            "jobs",
            format!(
                "{late} wait since more than {} minutes: is a server or worker running?",
                JOB_LATE.as_secs() / 60
            ),
        ),
        (dead, _) => found
            .fail("jobs", format!("{dead} failed for good: see the job list of the system administrator")),
    }
    Ok(())
}
