//! `tianmu backup`: a verified copy of database and stored files, taken while people work.
//!
//! A backup folder holds `snapshots/<instant>/` (one database each, with its manifest) and one `blobs/` for all of them:
//! stored files never change, so only new ones are copied. The database is copied first and files after it, so every file
//! that a snapshot names is in the folder. The manifest is written last: a folder without one is no snapshot.
//!
//! Formats: SQLite as the file that `VACUUM INTO` writes; PostgreSQL as one JSON row a line for each table, read in one
//! REPEATABLE READ transaction, because that needs no program of the right version beside this one.
//!
//! Deliberately absent: `tianmu.toml` (it holds secrets and belongs to the machine), encryption (the folder should lie on
//! an encrypted disk), and turning a backup of one kind of database into the other.

use crate::dump;
use futures::TryStreamExt;
use kernel::{Error, Result, Timestamp};
use platform::db::{db_error, query_all};
use platform::hash::StreamHash;
use platform::{Blobs, Db, Dialect, Exec, audit, blobs};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The layout of the folder. Increased when an older program could not read it.
pub const FORMAT: u32 = 1;
pub const MANIFEST: &str = "manifest.json";
/// Files of one page of the copy.
const PAGE: u64 = 500;

/// What a snapshot says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub program_version: String,
    pub taken_at: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: String,
    pub files: Vec<ManifestFile>,
    pub migrations: Vec<AppliedMigration>,
    /// Where the audit chain stood: a restored chain must end here.
    pub audit_seq: i64,
    pub audit_hash: String,
    pub blob_count: u64,
    pub blob_bytes: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ManifestFile {
    pub name: String,
    pub size_bytes: u64,
    pub sm3: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromQueryResult)]
pub struct AppliedMigration {
    pub owner: String,
    pub version: i32,
    pub sm3: String,
}

/// What a backup did.
#[derive(Clone, Debug)]
pub struct Report {
    pub snapshot: PathBuf,
    pub database_bytes: u64,
    pub blobs: u64,
    pub copied: u64,
    pub copied_bytes: i64,
    pub removed_snapshots: usize,
}

/// What is asked of a backup.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Snapshots to keep; older ones are removed after the new one is complete.
    pub keep: usize,
    /// Read every file of earlier backups again, not only the new ones.
    pub verify_all: bool,
}

/// Takes a snapshot.
pub async fn backup(
    db: &Db,
    store: &Blobs,
    folder: &Path,
    now: Timestamp,
    options: Options,
) -> Result<Report> {
    let snapshots = folder.join("snapshots");
    let name = snapshot_name(now);
    let snapshot = snapshots.join(&name);
    if snapshot.exists() {
        return Err(Error::conflict("backup_exists", format!("{} is there already", snapshot.display())));
    }
    let making = snapshots.join(format!("{name}.incomplete"));
    remove_leftovers(&snapshots)?;
    std::fs::create_dir_all(&making).map_err(|e| io_error(&making, &e))?;

    let (files, facts) = match db.dialect() {
        Dialect::Sqlite => copy_sqlite(db, &making).await?,
        Dialect::Postgres => copy_postgres(db, &making).await?,
    };
    let copied = copy_blobs(db, store, &folder.join("blobs"), options.verify_all).await?;
    let manifest = Manifest {
        format: FORMAT,
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        taken_at: now,
        database: dialect_name(db.dialect()).to_owned(),
        files,
        migrations: facts.migrations,
        audit_seq: facts.chain.checked,
        audit_hash: facts.chain.head_hash,
        blob_count: copied.total,
        blob_bytes: copied.total_bytes,
    };
    let json = serde_json::to_vec_pretty(&manifest).map_err(Error::internal)?;
    write_durably(&making.join(MANIFEST), &json)?;
    std::fs::rename(&making, &snapshot).map_err(|e| io_error(&snapshot, &e))?;
    sync_folder(&snapshots)?;
    Ok(Report {
        snapshot,
        database_bytes: manifest.files.iter().map(|f| f.size_bytes).sum(),
        blobs: copied.total,
        copied: copied.new,
        copied_bytes: copied.new_bytes,
        removed_snapshots: remove_old(&snapshots, options.keep)?,
    })
}

/// `2026-11-22T18-30-00-123456Z`: sorts by time, and no file system minds it.
pub fn snapshot_name(at: Timestamp) -> String {
    let text = at.to_string().replace(':', "-");
    format!("{}-{:06}Z", text.get(..19).unwrap_or(&text), at.micros().rem_euclid(1_000_000))
}

pub fn dialect_name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "sqlite",
        Dialect::Postgres => "postgres",
    }
}

struct Facts {
    migrations: Vec<AppliedMigration>,
    chain: audit::Verification,
}

/// What must hold in a copy before it is called a backup.
async fn facts(exec: &Exec<'_>) -> Result<Facts> {
    let sql = "SELECT owner, version, sm3 FROM platform_migration ORDER BY owner, version";
    let migrations = query_all(exec, sql, vec![]).await?;
    let chain = audit::verify(exec).await?;
    if let Some(seq) = chain.first_bad_seq {
        let detail = format!(
            "the audit chain is broken at entry {seq}; nothing was backed up. See `tianmu audit verify`"
        );
        return Err(Error::invalid("audit_chain_broken", detail));
    }
    Ok(Facts { migrations, chain })
}

async fn copy_sqlite(db: &Db, folder: &Path) -> Result<(Vec<ManifestFile>, Facts)> {
    let path = folder.join("database.sqlite");
    let text =
        path.to_str().ok_or_else(|| Error::invalid("path_invalid", "the folder's name is not UTF-8"))?;
    db.execute_outside_transaction(&format!("VACUUM INTO '{}'", text.replace('\'', "''"))).await?;
    let copy = Db::connect(&format!("sqlite:{text}"), 2).await?;
    let problems = sqlite_problems(&copy).await?;
    let facts = facts(&copy.read()).await;
    copy.close().await;
    if !problems.is_empty() {
        return Err(Error::internal(format!("the copy of the database is damaged: {}", problems.join("; "))));
    }
    // Left by the check; a closed database needs neither.
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{text}{suffix}"));
    }
    std::fs::File::open(&path).and_then(|file| file.sync_all()).map_err(|e| io_error(&path, &e))?;
    Ok((vec![describe(&path)?], facts?))
}

/// What `PRAGMA integrity_check` complains of.
pub async fn sqlite_problems(db: &Db) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Line {
        integrity_check: String,
    }
    let lines: Vec<Line> = query_all(&db.read(), "PRAGMA integrity_check", vec![]).await?;
    Ok(lines.into_iter().map(|line| line.integrity_check).filter(|line| line != "ok").collect())
}

async fn copy_postgres(db: &Db, folder: &Path) -> Result<(Vec<ManifestFile>, Facts)> {
    let txn = db.begin().await?;
    // The first statement of the transaction, so that every table is read as of one moment.
    txn.execute_unprepared("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        .await
        .map_err(db_error)?;
    let facts = facts(&Exec::Transaction(&txn)).await?;
    let path = folder.join("database.ndjson");
    dump::write(&txn, &path).await?;
    txn.rollback().await.map_err(db_error)?;
    Ok((vec![describe(&path)?], facts))
}

#[derive(Default)]
struct Copied {
    total: u64,
    total_bytes: i64,
    new: u64,
    new_bytes: i64,
}

/// Copies what the backup lacks, comparing every copy with its row.
async fn copy_blobs(db: &Db, store: &Blobs, folder: &Path, verify_all: bool) -> Result<Copied> {
    let mut copied = Copied::default();
    let mut after = Uuid::nil();
    loop {
        let page = blobs::list_after(&db.read(), after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(copied) };
        after = last.id;
        for blob in page {
            let path = blob_path(folder, blob.id);
            if !is_copied(&path, &blob, verify_all)? {
                copy_blob(store, &blob, &path).await?;
                copied.new += 1;
                copied.new_bytes += blob.size_bytes;
            }
            copied.total += 1;
            copied.total_bytes += blob.size_bytes;
        }
    }
}

/// Where a stored file lies in a backup.
pub fn blob_path(folder: &Path, id: Uuid) -> PathBuf {
    let name = id.simple().to_string();
    folder.join(name.get(30..).unwrap_or("00")).join(name)
}

fn is_copied(path: &Path, blob: &platform::Blob, verify: bool) -> Result<bool> {
    let Ok(metadata) = std::fs::metadata(path) else { return Ok(false) };
    if i64::try_from(metadata.len()).ok() != Some(blob.size_bytes) {
        return Ok(false);
    }
    Ok(!verify || describe(path)?.sm3 == blob.sm3)
}

async fn copy_blob(store: &Blobs, blob: &platform::Blob, path: &Path) -> Result<()> {
    let parent = path.parent().unwrap_or(path);
    std::fs::create_dir_all(parent).map_err(|e| io_error(parent, &e))?;
    let part = path.with_extension("part");
    let mut file = std::fs::File::create(&part).map_err(|e| io_error(&part, &e))?;
    let mut hash = StreamHash::default();
    let mut chunks = Box::pin(store.read(blob.id).await?);
    while let Some(chunk) = chunks.try_next().await? {
        hash.update(&chunk);
        file.write_all(&chunk).map_err(|e| io_error(&part, &e))?;
    }
    file.sync_all().map_err(|e| io_error(&part, &e))?;
    if hash.finish_hex() != blob.sm3 {
        let _ = std::fs::remove_file(&part);
        let detail = format!("the stored file {} is not what its record says; see `tianmu doctor`", blob.id);
        return Err(Error::invalid("blob_damaged", detail));
    }
    std::fs::rename(&part, path).map_err(|e| io_error(path, &e))
}

/// Size and SM3 of a file.
pub fn describe(path: &Path) -> Result<ManifestFile> {
    let mut file = std::fs::File::open(path).map_err(|e| io_error(path, &e))?;
    let mut hash = StreamHash::default();
    let mut size_bytes = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer).map_err(|e| io_error(path, &e))?;
        let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else { break };
        hash.update(chunk);
        size_bytes += u64::try_from(count).unwrap_or(0);
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    Ok(ManifestFile { name, size_bytes, sm3: hash.finish_hex() })
}

fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || {
        let mut file = std::fs::File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|e| io_error(path, &e))
}

/// A rename is durable only when its folder is.
fn sync_folder(path: &Path) -> Result<()> {
    std::fs::File::open(path).and_then(|folder| folder.sync_all()).map_err(|e| io_error(path, &e))
}

/// Complete snapshots, oldest first.
pub fn list(snapshots: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = match std::fs::read_dir(snapshots) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(io_error(snapshots, &error)),
    };
    for entry in entries {
        let path = entry.map_err(|e| io_error(snapshots, &e))?.path();
        if path.extension().is_none() && path.join(MANIFEST).is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn remove_old(snapshots: &Path, keep: usize) -> Result<usize> {
    let all = list(snapshots)?;
    let old = all.len().saturating_sub(keep.max(1));
    for path in all.iter().take(old) {
        std::fs::remove_dir_all(path).map_err(|e| io_error(path, &e))?;
    }
    Ok(old)
}

/// What an interrupted backup left behind.
fn remove_leftovers(snapshots: &Path) -> Result<()> {
    for entry in std::fs::read_dir(snapshots).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "incomplete") {
            std::fs::remove_dir_all(&path).map_err(|e| io_error(&path, &e))?;
        }
    }
    Ok(())
}

/// A failure of the file system, with the file. A full disk is told as such.
pub fn io_error(path: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return Error::new(
            kernel::ErrorKind::StorageFull,
            "storage_full",
            format!("no room for {}", path.display()),
        );
    }
    Error::internal(format!("{}: {error}", path.display()))
}
