//! `tianmu`: one executable. Wiring only; what it does is in the crates.

use clap::{Parser, Subcommand};
use kernel::{Error, Result};
use platform::{Clock, Config, Db, Random};
use server::bench::{self, Bench};
use server::{app, operations, say, serve};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Tianmu (天目): the smart healthcare of one county-level region.
#[derive(Debug, Parser)]
#[command(name = "tianmu", version, about)]
struct Arguments {
    /// Configuration file; `tianmu.toml` in the working folder unless told.
    #[arg(long, global = true, env = "TIANMU_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Migrate the database, then serve people and run background jobs.
    Serve {
        /// Fill an empty database with the demo county.
        #[arg(long)]
        demo: bool,
    },
    /// Run background jobs only, beside other processes on the same PostgreSQL.
    Worker,
    /// Migrate the database and stop.
    Migrate,
    /// Print the OpenAPI document.
    Openapi,
    #[command(flatten)]
    Operation(operations::Operation),
    /// Measure this program on an empty database (docs/performance.md).
    Bench {
        #[command(subcommand)]
        what: BenchCommand,
    },
}

#[derive(Debug, Subcommand)]
enum BenchCommand {
    /// Worklists and lists over many examinations.
    Worklist {
        #[arg(long, default_value_t = 1_000_000)]
        exams: u64,
    },
    /// Registrations with uploads.
    Uploads {
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        #[arg(long, default_value_t = 8)]
        at_once: usize,
        /// Uploads to each examination that is registered.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=50))]
        each: u16,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Error::internal(error)),
    };
    match runtime.block_on(run(arguments)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn fail(error: &Error) -> ExitCode {
    // The last words of the process; if even standard error is gone there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "tianmu: {error}");
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> Result<ExitCode> {
    let config = Config::load(arguments.config.as_deref())?;
    match arguments.command {
        Command::Serve { demo } => serve::serve(config, demo).await?,
        Command::Worker => serve::work(config).await?,
        Command::Migrate => {
            let db = Db::connect(&config.database_url(), 4).await?;
            let applied = platform::migrate::migrate(&db, Clock::system().now(), &app::migrations()).await?;
            say(&format!("{applied} migrations applied"))?;
            db.close().await;
        }
        Command::Openapi => {
            let folder = std::env::temp_dir().join(format!("tianmu-openapi-{}", std::process::id()));
            let mut config = Config::default();
            config.server.data.clone_from(&folder);
            let app = app::assemble(config, Clock::system(), Random::from_os()).await?;
            let json = serde_json::to_string_pretty(&app.document()?).map_err(Error::internal)?;
            // Leaving an empty database behind would be litter, not damage.
            let _ = std::fs::remove_dir_all(&folder);
            say(&json)?;
        }
        Command::Operation(operation) => return operations::run(operation, config).await,
        Command::Bench { what } => {
            let what = match what {
                BenchCommand::Worklist { exams } => Bench::Worklist { exams },
                BenchCommand::Uploads { seconds, at_once, each } => Bench::Uploads { seconds, at_once, each },
            };
            bench::run(config, what).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
