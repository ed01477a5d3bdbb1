//! What every system relies on: nothing acknowledged is lost, nothing happens twice, nothing is altered unseen.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use kernel::{Error, Limit, PatientId};
use platform::db::{Exec, execute, query_number};
use platform::{AuditEntry, Ctx, JobHandler, JobKind, Module, Subscription, blobs, jobs};
use ports::Event;
use ports::patients::PatientChanged;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::{TestApp, staff};

const WELCOME: JobKind = JobKind { name: "test_welcome", max_attempts: 3 };

/// A platform whose only subscriber fails as often as told, then counts.
async fn app_failing(times: u32) -> (TestApp, Arc<AtomicU32>) {
    let (platform, folder) = testkit::platform(&[]).await;
    let runs = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&runs);
    let handler = JobHandler::new(WELCOME, move |_ctx: Ctx, _event: PatientChanged| {
        let run = counter.fetch_add(1, Ordering::SeqCst);
        async move { if run < times { Err(Error::internal("not yet")) } else { Ok(()) } }
    });
    let subscription = Subscription { topic: PatientChanged::TOPIC, job: WELCOME };
    let module = Module { jobs: vec![handler], subscriptions: vec![subscription], ..Module::default() };
    (TestApp::new(platform, folder, vec![module]), runs)
}

async fn publish(app: &TestApp, commit: bool) {
    let mut tx = app.platform.begin().await.unwrap();
    let event =
        PatientChanged { patient_id: PatientId(app.platform.new_uuid()), organisation_path: "0001".into() };
    tx.publish(&event).await.unwrap();
    if commit {
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn an_event_is_delivered_after_its_commit_and_retried_until_it_succeeds() {
    let (app, runs) = app_failing(2).await;
    publish(&app, false).await;
    assert_eq!(app.run_jobs().await, 0, "what was not committed did not happen");
    publish(&app, true).await;
    assert_eq!(app.run_jobs().await, 1);
    assert_eq!(app.run_jobs().await, 0, "the second attempt waits for its back-off");
    app.advance_s(2);
    assert_eq!(app.run_jobs().await, 1);
    app.advance_s(4);
    assert_eq!(app.run_jobs().await, 1);
    app.advance_s(100_000);
    assert_eq!((app.run_jobs().await, runs.load(Ordering::SeqCst)), (0, 3), "done is done");
}

#[tokio::test]
async fn a_job_that_never_succeeds_lies_in_the_dead_letter_list_until_somebody_acts() {
    let (app, runs) = app_failing(4).await;
    publish(&app, true).await;
    for _ in 0..3 {
        app.run_jobs().await;
        app.advance_s(60);
    }
    let dead = jobs::list(&app.platform, "dead", None, Limit::new(None).unwrap()).await.unwrap();
    assert_eq!((dead.items.len(), dead.items[0].attempts), (1, 3));
    assert!(dead.items[0].last_error.as_deref().unwrap().contains("not yet"));
    let tx = app.platform.begin().await.unwrap();
    jobs::retry(&tx, dead.items[0].id).await.unwrap();
    tx.commit().await.unwrap();
    app.run_jobs().await;
    app.advance_s(2);
    app.run_jobs().await;
    assert_eq!(runs.load(Ordering::SeqCst), 5);
    assert!(
        jobs::list(&app.platform, "dead", None, Limit::new(None).unwrap()).await.unwrap().items.is_empty()
    );
}

#[tokio::test]
async fn a_job_of_a_dead_worker_is_taken_up_when_its_lease_runs_out() {
    let (app, runs) = app_failing(0).await;
    publish(&app, true).await;
    // A worker that claimed the job and died: the row says running, and nobody renews its lease.
    let txn = app.platform.db().begin().await.unwrap();
    let until = app.now().plus(std::time::Duration::from_secs(60)).micros();
    let sql = "UPDATE platform_job SET state = 'running', attempts = 1, lease_until = $1, worker = $2";
    execute(&Exec::Transaction(&txn), sql, vec![until.into(), uuid::Uuid::max().into()]).await.unwrap();
    txn.commit().await.unwrap();
    assert_eq!(app.run_jobs().await, 0);
    app.advance_s(61);
    assert_eq!((app.run_jobs().await, runs.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn the_audit_chain_shows_every_alteration() {
    let (platform, folder) = testkit::platform(&[]).await;
    let app = TestApp::new(platform, folder, vec![]);
    let ctx = app.ctx(&staff("审计", "0001", &[]));
    for n in 0..5 {
        app.platform
            .audit(&ctx, AuditEntry::new("tested").detail(serde_json::json!({"n": n})))
            .await
            .unwrap();
    }
    let exec = app.platform.db().read();
    assert_eq!(platform::audit::verify(&exec).await.unwrap().first_bad_seq, None);
    let tamper = async |sql: &str| {
        let txn = app.platform.db().begin().await.unwrap();
        execute(&Exec::Transaction(&txn), sql, vec![]).await.unwrap();
        txn.commit().await.unwrap();
    };
    tamper("UPDATE platform_audit SET action = 'nothing' WHERE seq = 3").await;
    assert_eq!(platform::audit::verify(&exec).await.unwrap().first_bad_seq, Some(3));
    tamper("UPDATE platform_audit SET action = 'tested' WHERE seq = 3").await;
    assert_eq!(platform::audit::verify(&exec).await.unwrap().first_bad_seq, None);
    tamper("DELETE FROM platform_audit WHERE seq = 5").await;
    assert_eq!(
        platform::audit::verify(&exec).await.unwrap().first_bad_seq,
        Some(5),
        "a missing end is missed too"
    );
}

#[tokio::test]
async fn a_file_is_kept_exactly_and_its_damage_is_seen() {
    let (platform, folder) = testkit::platform(&[]).await;
    let app = TestApp::new(platform, folder, vec![]);
    let bytes: Vec<u8> = (0..12_000_000u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let chunks: Vec<kernel::Result<bytes::Bytes>> =
        bytes.chunks(70_001).map(|c| Ok(bytes::Bytes::copy_from_slice(c))).collect();
    let blob =
        app.platform.store_blob("application/octet-stream", futures::stream::iter(chunks)).await.unwrap();
    assert_eq!((blob.size_bytes, blob.sm3.as_str()), (12_000_000, platform::hash::sm3_hex(&bytes).as_str()));
    let tx = app.platform.begin().await.unwrap();
    tx.attach(&blob).await.unwrap();
    tx.commit().await.unwrap();
    let store = app.platform.blobs();
    assert_eq!(store.read_range(blob.id, 5_999_999..6_000_003).await.unwrap(), bytes[5_999_999..6_000_003]);
    assert!(blobs::is_intact(store, &blob).await.unwrap());
    let wrong = blobs::Blob { sm3: "0".repeat(64), ..blob.clone() };
    assert!(!blobs::is_intact(store, &wrong).await.unwrap());
    let missing = blobs::Blob { id: uuid::Uuid::max(), ..blob };
    assert!(!blobs::is_intact(store, &missing).await.unwrap());
}

#[tokio::test]
async fn two_writers_wait_for_each_other_instead_of_failing() {
    let (platform, folder) = testkit::platform(&[]).await;
    let app = TestApp::new(platform, folder, vec![]);
    let mut writers = Vec::new();
    for n in 0..16 {
        let (platform, ctx) = (app.platform.clone(), app.ctx(&staff(&format!("写{n}"), "0001", &[])));
        writers.push(tokio::spawn(async move {
            for _ in 0..10 {
                platform.audit(&ctx, AuditEntry::new("tested")).await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let exec = app.platform.db().read();
    assert_eq!(query_number(&exec, "SELECT COUNT(*) AS n FROM platform_audit", vec![]).await.unwrap(), 160);
    assert_eq!(platform::audit::verify(&exec).await.unwrap().first_bad_seq, None);
}
