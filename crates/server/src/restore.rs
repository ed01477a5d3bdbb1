//! `tianmu restore`: an installation from a backup, checked before it takes the place of anything.
//!
//! Order: the manifest and its hashes, the database beside the place where it will be, every stored file compared with its
//! row, the audit chain; only then is the database put in place. What was there before is never deleted: with `--force` an
//! SQLite file is renamed and the tables of a PostgreSQL database move to another schema.

use crate::backup::{self, AppliedMigration, MANIFEST, Manifest, blob_path, describe, io_error};
use crate::dump;
use bytes::Bytes;
use kernel::{Error, Result, Timestamp};
use platform::db::{db_error, query_number};
use platform::{Blobs, Config, Db, Exec, Migration, audit, blobs, migrate};
use sea_orm::ConnectionTrait;
use std::io::Read;
use std::path::{Path, PathBuf};
use uuid::Uuid;

const PAGE: u64 = 500;
/// Bytes of one read of a stored file.
const CHUNK_BYTES: usize = 1 << 20;

/// What a restore did.
#[derive(Clone, Debug)]
pub struct Report {
    pub taken_at: Timestamp,
    pub blobs: u64,
    /// Where the database that was there before is now.
    pub set_aside: Option<String>,
}

/// What is asked of a restore.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Name of a snapshot; the newest unless told.
    pub snapshot: Option<String>,
    /// Take the place of an installation that is there.
    pub force: bool,
}

/// Restores into what `config` names.
pub async fn restore(
    config: &Config,
    migrations: &[Migration],
    folder: &Path,
    now: Timestamp,
    options: &Options,
) -> Result<Report> {
    refuse_running(config)?;
    let snapshot = choose(folder, options.snapshot.as_deref())?;
    let manifest = read_manifest(&snapshot)?;
    let known = known_migrations(&manifest, migrations)?;
    let url = config.database_url();
    let wanted = if url.starts_with("sqlite:") { "sqlite" } else { "postgres" };
    if manifest.database != wanted {
        let detail = format!("the backup is of {}, the configuration names {wanted}", manifest.database);
        return Err(Error::invalid("backup_of_other_database", detail));
    }
    let store = Blobs::open(&config.blob_config())?;
    if !store.is_empty().await? && !options.force {
        return Err(occupied("the store of files is not empty"));
    }
    std::fs::create_dir_all(&config.server.data).map_err(|e| io_error(&config.server.data, &e))?;
    let place = Place { folder, snapshot: &snapshot, manifest: &manifest, store: &store, now };
    let (blobs, set_aside) = match url.strip_prefix("sqlite:") {
        Some(path) => place.sqlite(Path::new(path), options.force).await?,
        None => place.postgres(&url, &known, options.force).await?,
    };
    Ok(Report { taken_at: manifest.taken_at, blobs, set_aside })
}

fn occupied(what: &str) -> Error {
    Error::conflict("target_not_empty", format!("{what}; give --force to set aside what is there"))
}

/// Two programs on one database, one of them replacing it, end badly.
fn refuse_running(config: &Config) -> Result<()> {
    let listening = config.server.listen.parse().is_ok_and(|address: std::net::SocketAddr| {
        std::net::TcpStream::connect_timeout(&address, std::time::Duration::from_secs(1)).is_ok()
    });
    if listening {
        let detail = format!("something answers on {}; stop the server first", config.server.listen);
        return Err(Error::conflict("server_running", detail));
    }
    Ok(())
}

fn choose(folder: &Path, name: Option<&str>) -> Result<PathBuf> {
    let all = backup::list(&folder.join("snapshots"))?;
    let found = match name {
        Some(name) => all.into_iter().find(|path| path.file_name().is_some_and(|n| n == name)),
        None => all.into_iter().next_back(),
    };
    found.ok_or_else(|| {
        Error::invalid("backup_not_found", format!("{} holds no such snapshot", folder.display()))
    })
}

fn damaged(detail: impl Into<String>) -> Error {
    Error::invalid("backup_damaged", detail)
}

/// Reads the manifest and compares the files of the snapshot with it.
fn read_manifest(snapshot: &Path) -> Result<Manifest> {
    let path = snapshot.join(MANIFEST);
    let text = std::fs::read(&path).map_err(|e| io_error(&path, &e))?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|e| damaged(format!("{}: {e}", path.display())))?;
    if manifest.format > backup::FORMAT {
        return Err(Error::invalid("backup_too_new", "the backup was made by a newer program; use that one"));
    }
    for expected in &manifest.files {
        let found = describe(&snapshot.join(&expected.name))?;
        if found.sm3 != expected.sm3 {
            return Err(damaged(format!("{} is not what the manifest says", expected.name)));
        }
    }
    Ok(manifest)
}

/// The migrations that the backup had, in the order of this program. One that this program lacks means that it is older.
fn known_migrations(manifest: &Manifest, migrations: &[Migration]) -> Result<Vec<Migration>> {
    let same = |m: &Migration, a: &AppliedMigration| m.owner == a.owner && m.version == a.version;
    for applied in &manifest.migrations {
        let known = migrations.iter().find(|m| same(m, applied));
        let known = known.is_some_and(|m| platform::hash::sm3_hex(m.sql.as_bytes()) == applied.sm3);
        if !known {
            let detail = format!(
                "the backup has migration {}/{} that this program does not have",
                applied.owner, applied.version
            );
            return Err(Error::invalid("backup_too_new", detail));
        }
    }
    Ok(migrations.iter().filter(|m| manifest.migrations.iter().any(|a| same(m, a))).copied().collect())
}

struct Place<'a> {
    folder: &'a Path,
    snapshot: &'a Path,
    manifest: &'a Manifest,
    store: &'a Blobs,
    now: Timestamp,
}

impl Place<'_> {
    async fn sqlite(&self, path: &Path, force: bool) -> Result<(u64, Option<String>)> {
        if path.exists() && !force {
            return Err(occupied(&format!("{} exists", path.display())));
        }
        let beside = path.with_extension("restoring");
        let source = self.snapshot.join("database.sqlite");
        std::fs::copy(&source, &beside).map_err(|e| io_error(&beside, &e))?;
        let db = Db::connect(&format!("sqlite:{}", beside.display()), 2).await?;
        let problems = backup::sqlite_problems(&db).await?;
        let checked = self.check_and_copy(&db.read()).await;
        db.close().await;
        if !problems.is_empty() {
            return Err(damaged(problems.join("; ")));
        }
        let blobs = checked?;
        let set_aside = path.with_extension(format!("before-restore-{}", backup::snapshot_name(self.now)));
        let was_there = path.exists();
        // The log goes with its database; without it the renamed file would lack its last writes.
        for suffix in ["-wal", "-shm", ""] {
            let (old, aside) = (with_suffix(path, suffix), with_suffix(&set_aside, suffix));
            if old.exists() {
                std::fs::rename(&old, &aside).map_err(|e| io_error(&aside, &e))?;
            }
        }
        for suffix in ["-wal", "-shm"] {
            // Left by the check; a closed database needs neither.
            let _ = std::fs::remove_file(with_suffix(&beside, suffix));
        }
        std::fs::File::open(&beside).and_then(|file| file.sync_all()).map_err(|e| io_error(&beside, &e))?;
        std::fs::rename(&beside, path).map_err(|e| io_error(path, &e))?;
        Ok((blobs, was_there.then(|| set_aside.display().to_string())))
    }

    async fn postgres(
        &self,
        url: &str,
        migrations: &[Migration],
        force: bool,
    ) -> Result<(u64, Option<String>)> {
        let db = Db::connect(url, 2).await?;
        let outcome = self.postgres_beside(&db, url, migrations, force).await;
        db.close().await;
        outcome
    }

    /// Loads into a schema of its own, which takes the name of the one in use only when everything is right.
    async fn postgres_beside(
        &self,
        db: &Db,
        url: &str,
        migrations: &[Migration],
        force: bool,
    ) -> Result<(u64, Option<String>)> {
        let sql = "SELECT COUNT(*) AS n FROM pg_tables WHERE schemaname = 'public'";
        let occupied_already = query_number(&db.read(), sql, vec![]).await? > 0;
        if occupied_already && !force {
            return Err(occupied("the database holds tables"));
        }
        let restoring = format!("restoring_{}", self.now.micros());
        db.execute_outside_transaction(&format!("CREATE SCHEMA {restoring}")).await?;
        let separator = if url.contains('?') { '&' } else { '?' };
        let inside = Db::connect(&format!("{url}{separator}options[search_path]={restoring}"), 2).await?;
        let loaded = self.load(&inside, migrations).await;
        inside.close().await;
        let blobs = match loaded {
            Ok(blobs) => blobs,
            Err(error) => {
                db.execute_outside_transaction(&format!("DROP SCHEMA {restoring} CASCADE")).await?;
                return Err(error);
            }
        };
        let aside = format!("before_restore_{}", self.now.micros());
        let txn = db.begin().await?;
        let make_room = if occupied_already {
            format!("ALTER SCHEMA public RENAME TO {aside}")
        } else {
            "DROP SCHEMA public".to_owned()
        };
        for statement in [make_room, format!("ALTER SCHEMA {restoring} RENAME TO public")] {
            txn.execute_unprepared(&statement).await.map_err(db_error)?;
        }
        txn.commit().await.map_err(db_error)?;
        db.execute_outside_transaction("ANALYZE").await?;
        Ok((blobs, occupied_already.then(|| format!("schema {aside}"))))
    }

    async fn load(&self, db: &Db, migrations: &[Migration]) -> Result<u64> {
        migrate::migrate(db, self.now, migrations).await?;
        let txn = db.begin().await?;
        dump::read(&txn, &self.snapshot.join("database.ndjson")).await?;
        let blobs = self.check_and_copy(&Exec::Transaction(&txn)).await?;
        txn.commit().await.map_err(db_error)?;
        Ok(blobs)
    }

    /// The audit chain must end where the manifest says, and every stored file must be what its row says.
    async fn check_and_copy(&self, exec: &Exec<'_>) -> Result<u64> {
        let chain = audit::verify(exec).await?;
        if chain.first_bad_seq.is_some()
            || chain.checked != self.manifest.audit_seq
            || chain.head_hash != self.manifest.audit_hash
        {
            return Err(damaged("the audit chain of the backup does not end where its manifest says"));
        }
        let mut after = Uuid::nil();
        let mut count = 0;
        loop {
            let page = blobs::list_after(exec, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(count) };
            after = last.id;
            for blob in &page {
                self.copy_blob(blob).await?;
                count += 1;
            }
        }
    }

    async fn copy_blob(&self, blob: &platform::Blob) -> Result<()> {
        if blobs::is_intact(self.store, blob).await? {
            return Ok(());
        }
        // Compared before it is written: a damaged backup must not take the place of what is there.
        let path = blob_path(&self.folder.join("blobs"), blob.id);
        if describe(&path)?.sm3 != blob.sm3 {
            return Err(damaged(format!("{} is not what its record says", path.display())));
        }
        let file = std::fs::File::open(&path).map_err(|e| io_error(&path, &e))?;
        let chunks = futures::stream::iter(Chunks { file, path: path.clone() });
        let written = self.store.restore(blob.id, &blob.content_type, chunks).await?;
        if written != *blob {
            return Err(Error::internal(format!(
                "the stored file {} was not written as it was read",
                blob.id
            )));
        }
        Ok(())
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A file piece by piece.
struct Chunks {
    file: std::fs::File,
    path: PathBuf,
}

impl Iterator for Chunks {
    type Item = Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut buffer = vec![0; CHUNK_BYTES];
        match self.file.read(&mut buffer) {
            Ok(0) => None,
            Ok(count) => {
                buffer.truncate(count);
                Some(Ok(Bytes::from(buffer)))
            }
            Err(error) => Some(Err(io_error(&self.path, &error))),
        }
    }
}
