//! `tianmu serve` and `tianmu worker`.

use crate::app::{self, App};
use crate::{api, say};
use kernel::{Error, Result};
use platform::telemetry::{self, Metrics};
use platform::{Clock, Config, Dialect, Platform, Random, jobs, live};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long requests may take to end after a stop was asked for.
const DRAIN: Duration = Duration::from_secs(20);

/// Migrates, fills an empty database with the demo county if asked, listens until told to stop.
pub async fn serve(mut config: Config, demo: bool) -> Result<()> {
    telemetry::start_logging(&config.log)?;
    if demo {
        load_demo(&config).await?;
    }
    let clock = Clock::system();
    let db = platform::Db::connect(&config.database_url(), 4).await?;
    platform::migrate::migrate(&db, clock.now(), &app::migrations()).await?;
    let mark = demo::find_mark(&db.read()).await?;
    db.close().await;
    if mark.is_some() {
        // A newcomer has no authenticator at hand; a region that people work in keeps the demand.
        config.session.administrators_need_totp = false;
    }
    let app = app::assemble(config, clock, Random::from_os()).await?;
    let platform = app.platform.clone();
    api::STARTED_AT.get_or_init(|| platform.now());
    let listen = platform.config().server.listen.clone();
    let listener = TcpListener::bind(&listen)
        .await
        .map_err(|e| Error::invalid("cannot_listen", format!("cannot listen on {listen}: {e}")))?;
    let background = start_background(&app);
    let router = app.router(Some(Metrics::start()?));
    greet(&platform, mark.as_ref())?;
    let signals = platform.clone();
    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping: no new requests, running ones may end");
        signals.shut_down();
    });
    let stopping = platform.clone();
    let serving = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move { stopping.shutdown_requested().await });
    let drained = platform.clone();
    tokio::select! {
        outcome = serving => outcome.map_err(Error::internal)?,
        () = async { drained.shutdown_requested().await; tokio::time::sleep(DRAIN).await } => {
            tracing::warn!("some requests did not end in time");
        }
    }
    for task in background {
        if tokio::time::timeout(DRAIN, task).await.is_err() {
            tracing::warn!("a background job did not end in time; it will be taken up at the next start");
        }
    }
    platform.db().close().await;
    Ok(())
}

/// Runs background jobs beside other processes.
pub async fn work(config: Config) -> Result<()> {
    telemetry::start_logging(&config.log)?;
    let app = app::assemble(config, Clock::system(), Random::from_os()).await?;
    let platform = app.platform.clone();
    let background = start_background(&app);
    stop_signal().await;
    platform.shut_down();
    for task in background {
        // A job that does not end is taken up by another worker when its lease runs out.
        let _ = tokio::time::timeout(DRAIN, task).await;
    }
    platform.db().close().await;
    Ok(())
}

fn start_background(app: &App) -> Vec<tokio::task::JoinHandle<()>> {
    let platform = &app.platform;
    let alone = platform.db().dialect() == Dialect::Sqlite;
    let mut tasks = Vec::new();
    for worker in 0..platform.config().server.workers {
        tasks.push(tokio::spawn(jobs::work(platform.clone(), alone && worker == 0)));
    }
    if !alone {
        tasks.push(tokio::spawn(live::follow(platform.clone())));
    }
    tasks.push(tokio::spawn(keep_house(platform.clone())));
    let letters = service_desk::intake::letters(platform, &app.service_desk);
    let (notify, own) = (Arc::clone(&app.notify), platform.clone());
    tasks.push(tokio::spawn(async move { notify.follow_mailbox(own, letters).await }));
    tasks
}

/// What must be done now and then: forget idle rate limits and old idempotency keys, remove files that no record names.
async fn keep_house(platform: Platform) {
    let mut hour: u64 = 0;
    while !jobs::sleep_or_shutdown(&platform, Duration::from_secs(3600)).await {
        hour += 1;
        platform.rate_limits().forget_idle();
        if let Err(error) = platform::idempotency::forget_old(&platform).await {
            tracing::error!(%error, "forgetting old idempotency keys failed");
        }
        if hour.is_multiple_of(24) {
            match platform.blobs().remove_orphans(&platform.db().read(), platform.now()).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "stored files without a record were removed"),
                Err(error) => tracing::error!(%error, "removing stored files without a record failed"),
            }
        }
    }
}

/// Plays the demo county into an empty database. A database with organisations is left as it is.
async fn load_demo(config: &Config) -> Result<()> {
    let real = Clock::system();
    let app: App =
        app::assemble(config.clone(), Clock::manual(real.now()), Random::from_seed(demo::SEED)).await?;
    platform::migrate::migrate(app.platform.db(), real.now(), &app::migrations()).await?;
    if demo::find_mark(&app.platform.db().read()).await?.is_some_and(|mark| mark.accounts.is_empty()) {
        return Err(Error::conflict(
            "demo_incomplete",
            "an earlier loading of the demo county was interrupted; delete the data folder and start again",
        ));
    }
    if demo::is_empty(&app.platform).await? {
        tracing::info!("the database is empty: playing the demo county, about a minute");
        let parts = demo::DemoParts {
            platform: app.platform.clone(),
            directory: app.directory,
            ecg: app.ecg,
            service_desk: app.service_desk,
            now: real.now(),
            size: demo::Size::default(),
        };
        let summary = demo::load(parts).await?;
        tracing::info!(
            organisations = summary.organisations,
            patients = summary.patients,
            exams = summary.exams,
            "the demo county is there"
        );
    }
    app.platform.db().close().await;
    Ok(())
}

/// Tells the person at the terminal where to go and as whom.
fn greet(platform: &Platform, mark: Option<&demo::DemoMark>) -> Result<()> {
    let url = &platform.config().server.public_url;
    let mut text = format!("\nTianmu is listening.\n  staff:    {url}/\n  resident: {url}/resident/\n");
    if let Some(mark) = mark {
        text.push_str("\nDemo accounts (this database holds made-up people only):\n");
        for account in &mark.accounts {
            text.push_str(&format!(
                "  {:<18} {:<16} {} / {}\n",
                account.login_name, account.password, account.title_zh, account.title_en
            ));
        }
    }
    say(&text)
}

/// Resolves at SIGINT or SIGTERM.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
    }
}
