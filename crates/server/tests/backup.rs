//! A backup is worth what its restore is worth.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use platform::db::query_number;
use platform::{AuditEntry, Blob, Config, Ctx, Db, Platform, audit, blobs};
use server::backup::{Options, backup};
use server::doctor::{self, Grade};
use server::restore::{self, restore};
use std::path::Path;

/// An installation with three stored files, one of them longer than a part of an upload.
async fn installation() -> (Platform, Vec<Blob>, tempfile::TempDir) {
    let (platform, folder) = testkit::platform(&[]).await;
    let ctx = Ctx::system(&platform, "test");
    let mut kept = Vec::new();
    for size in [0, 1000, 6 << 20] {
        let bytes: Vec<u8> = (0..size).map(|i: u32| (i % 251).to_le_bytes()[0]).collect();
        let blob = platform.store_bytes("application/octet-stream", bytes).await.unwrap();
        let mut tx = platform.begin().await.unwrap();
        tx.attach(&blob).await.unwrap();
        tx.audit(
            &ctx,
            AuditEntry::new("ecg_upload").on("blob", blob.id).reason("“quoted”, 中文, \n a new line"),
        );
        tx.commit().await.unwrap();
        kept.push(blob);
    }
    (platform, kept, folder)
}

fn config_of(platform: &Platform) -> Config {
    let mut config = platform.config().clone();
    // A port that nothing answers on.
    config.server.listen = "127.0.0.1:1".into();
    config
}

async fn back_up(platform: &Platform, folder: &Path, keep: usize) -> server::backup::Report {
    platform.clock().advance(std::time::Duration::from_secs(1));
    let options = Options { keep, verify_all: true };
    backup(platform.db(), platform.blobs(), folder, platform.now(), options).await.unwrap()
}

#[tokio::test]
async fn what_was_backed_up_comes_back_and_later_work_is_set_aside() {
    let (platform, kept, _folder) = installation().await;
    let target = tempfile::tempdir().unwrap();
    let first = back_up(&platform, target.path(), 14).await;
    assert_eq!((first.blobs, first.copied), (3, 3));
    let second = back_up(&platform, target.path(), 1).await;
    assert_eq!((second.blobs, second.copied, second.removed_snapshots), (3, 0, 1));

    // Work after the backup, and a file that the disk lost.
    let ctx = Ctx::system(&platform, "test");
    platform.audit(&ctx, AuditEntry::new("ecg_read")).await.unwrap();
    let config = config_of(&platform);
    let platform::config::BlobConfig::Folder { path: store } = config.blob_config() else {
        panic!("a folder")
    };
    std::fs::remove_file(server::backup::blob_path(&store, kept[1].id)).unwrap();
    let now = platform.now();
    platform.db().close().await;

    let mut options = restore::Options::default();
    let refused = restore(&config, platform::MIGRATIONS, target.path(), now, &options).await.unwrap_err();
    assert_eq!(refused.code(), "target_not_empty");
    options.force = true;
    let report = restore(&config, platform::MIGRATIONS, target.path(), now, &options).await.unwrap();
    assert_eq!(report.blobs, 3);
    assert!(report.set_aside.is_some());

    let db = Db::connect(&config.database_url(), 2).await.unwrap();
    let chain = audit::verify(&db.read()).await.unwrap();
    assert_eq!((chain.checked, chain.first_bad_seq), (3, None));
    let rows = blobs::list_after(&db.read(), uuid::Uuid::nil(), 10).await.unwrap();
    assert_eq!(rows, kept);
    for blob in &rows {
        assert!(blobs::is_intact(platform.blobs(), blob).await.unwrap());
    }
    // The installation goes on: nothing is left to migrate, and the next backup works.
    assert_eq!(platform::migrate::migrate(&db, now, platform::MIGRATIONS).await.unwrap(), 0);
    let again = Options { keep: 14, verify_all: false };
    backup(&db, platform.blobs(), target.path(), now.plus(std::time::Duration::from_secs(9)), again)
        .await
        .unwrap();
    db.close().await;
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_changes_nothing() {
    let (platform, kept, _folder) = installation().await;
    let target = tempfile::tempdir().unwrap();
    let report = back_up(&platform, target.path(), 14).await;
    let config = config_of(&platform);
    let platform::config::BlobConfig::Folder { path: store } = config.blob_config() else {
        panic!("a folder")
    };
    let options = restore::Options { force: true, ..restore::Options::default() };
    let now = platform.now();

    // A stored file that the backup has wrong and the installation has lost.
    let copy = server::backup::blob_path(&target.path().join("blobs"), kept[1].id);
    let good = std::fs::read(&copy).unwrap();
    std::fs::write(&copy, vec![7; good.len()]).unwrap();
    std::fs::remove_file(server::backup::blob_path(&store, kept[1].id)).unwrap();
    let error = restore(&config, platform::MIGRATIONS, target.path(), now, &options).await.unwrap_err();
    assert_eq!(error.code(), "backup_damaged", "{error}");
    std::fs::write(&copy, good).unwrap();

    // A database that is not what the manifest says.
    let database = std::fs::read_dir(&report.snapshot).unwrap().map(|e| e.unwrap().path());
    let database =
        database.into_iter().find(|p| p.file_name().is_some_and(|n| n != "manifest.json")).unwrap();
    let mut bytes = std::fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&database, bytes).unwrap();
    let error = restore(&config, platform::MIGRATIONS, target.path(), now, &options).await.unwrap_err();
    assert_eq!(error.code(), "backup_damaged", "{error}");

    // A backup of a newer program.
    let error = restore(&config, &[], target.path(), now, &options).await.unwrap_err();
    assert!(["backup_damaged", "backup_too_new"].contains(&error.code()), "{error}");
    platform.db().close().await;
    let db = Db::connect(&config.database_url(), 2).await.unwrap();
    assert_eq!(
        query_number(&db.read(), "SELECT COUNT(*) AS n FROM platform_audit", vec![]).await.unwrap(),
        3
    );
    db.close().await;
}

#[tokio::test]
async fn the_doctor_names_what_is_wrong() {
    let (platform, kept, _folder) = installation().await;
    let mut config = config_of(&platform);
    let grade_of =
        |findings: &[doctor::Finding], what: &str| findings.iter().find(|f| f.what == what).map(|f| f.grade);
    let healthy = doctor::examine(&config, platform::MIGRATIONS, platform.now(), Some(2)).await;
    let failed: Vec<_> = healthy.iter().filter(|f| f.grade == Grade::Failure).collect();
    assert!(failed.is_empty(), "{failed:?}");

    let platform::config::BlobConfig::Folder { path: store } = config.blob_config() else {
        panic!("a folder")
    };
    std::fs::write(server::backup::blob_path(&store, kept[2].id), b"short").unwrap();
    let txn = platform.db().begin().await.unwrap();
    platform::db::execute(
        &platform::Exec::Transaction(&txn),
        "UPDATE platform_audit SET action = 'x' WHERE seq = 2",
        vec![],
    )
    .await
    .unwrap();
    txn.commit().await.unwrap();
    config.server.listen = "0.0.0.0:1".into();
    let long_ago = platform.now().minus(std::time::Duration::from_secs(86_400));
    let ill = doctor::examine(&config, platform::MIGRATIONS, long_ago, None).await;
    for what in ["stored files", "audit chain", "network", "clock"] {
        assert_eq!(grade_of(&ill, what), Some(Grade::Failure), "{what}: {ill:?}");
    }
    assert_eq!(grade_of(&ill, "data folder"), Some(Grade::Good));
}
