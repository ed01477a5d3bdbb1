//! Commands of the operator and of whoever needs a calculation without a server: what they print and how they exit.
//!
//! Exit status: 0 done and good; 1 something is wrong (said on standard error, or in the findings); 2 bad arguments.

use crate::doctor::{self, Grade};
use crate::{app, backup, restore};
use clap::{Args, Subcommand, ValueEnum};
use kernel::{Error, Result};
use platform::{Blobs, Clock, Config, Db, audit};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write, stderr, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Operation {
    /// Copy database and stored files into a folder, verified, while people work.
    Backup(BackupArguments),
    /// Make an installation from a backup. The server must be stopped.
    Restore(RestoreArguments),
    /// Say what is wrong with this installation.
    Doctor {
        /// Read every stored file again, not a sample of 200.
        #[arg(long)]
        all: bool,
    },
    /// The audit trail.
    #[command(subcommand)]
    Audit(AuditOperation),
    /// Numbers that identify people and places.
    #[command(subcommand)]
    Identity(IdentityOperation),
    /// Growth of children.
    #[command(subcommand)]
    Growth(GrowthOperation),
    /// Diagnosis-related groups.
    #[command(subcommand)]
    Drg(DrgOperation),
    /// ECG files: look, convert, detect, delineate, analyse, score, time.
    #[command(subcommand)]
    Ecg(ecg_tool::Command),
    /// The service contract: worked cases, and the way to a result.
    #[command(subcommand)]
    Terms(TermsOperation),
    /// Made-up data on a database of its own.
    #[command(subcommand)]
    Demo(DemoOperation),
    /// Assess immunization histories: one JSON object a line in, one a line out.
    Immunize {
        /// NDJSON file; `-` for standard input.
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct BackupArguments {
    /// Folder of the backups; made when it is not there.
    folder: PathBuf,
    /// Snapshots to keep.
    #[arg(long, default_value_t = 14)]
    keep: usize,
    /// Read the files of earlier backups again, too.
    #[arg(long)]
    verify_all: bool,
}

#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// Folder of the backups.
    folder: PathBuf,
    /// Name of a snapshot below `snapshots/`; the newest unless told.
    #[arg(long)]
    snapshot: Option<String>,
    /// Take the place of an installation that is there; its database is set aside, not deleted.
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Subcommand)]
pub enum AuditOperation {
    /// Walk the hash chain from its first entry to its head.
    Verify,
}

#[derive(Debug, Subcommand)]
pub enum IdentityOperation {
    /// Say of each number what it can be, and what is wrong with it.
    Check {
        #[arg(required = true)]
        values: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum GrowthOperation {
    /// Append z-scores to a table of measurements (CSV).
    Z {
        /// CSV file; `-` for standard input.
        file: PathBuf,
        /// Where a row names none.
        #[arg(long)]
        reference: Option<GrowthReference>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum GrowthReference {
    Who2006,
    Who2007,
    Wst423,
}

#[derive(Debug, Subcommand)]
pub enum DemoOperation {
    /// Simulate the year of the service contract, settle it, and compare the ledger with an independent recomputation.
    Year {
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[arg(long, default_value_t = 5_000)]
        tickets: u32,
        #[arg(long, default_value_t = 30)]
        incidents: u32,
        #[arg(long, default_value_t = 80)]
        requirements: u32,
    },
}

#[derive(Debug, Subcommand)]
pub enum TermsOperation {
    /// Compute the cases of files and print each beside its expected answer.
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Print the way to the result of one case.
    Explain {
        /// Name of the case.
        id: String,
        /// File of cases; the examples that come with the program unless told.
        #[arg(long)]
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub enum DrgOperation {
    /// Append the group to a table of discharges (CSV).
    Group {
        /// CSV file; `-` for standard input.
        file: PathBuf,
        /// Grouping plan.
        #[arg(long, default_value = "changzhou_2022")]
        plan: String,
        /// Append the evidence, and the changes that would lead to another group.
        #[arg(long)]
        explain: bool,
        /// Edition of the codes in the file. Unless told, the insurance edition, and what it does not have as clinical.
        #[arg(long)]
        codes: Option<DrgCodes>,
    },
    /// Group a table by two plans: the migration matrix (group before, group after, records), totals on standard error.
    Compare {
        /// CSV file; `-` for standard input.
        file: PathBuf,
        /// Plan before.
        #[arg(long, default_value = "chs_drg_11")]
        before: String,
        /// Plan after.
        #[arg(long, default_value = "changzhou_2022")]
        after: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum DrgCodes {
    /// 医保版
    Insurance,
    /// 国临版
    Clinical,
}

/// Runs a command.
pub async fn run(operation: Operation, config: Config) -> Result<ExitCode> {
    match operation {
        Operation::Backup(arguments) => back_up(&config, &arguments).await,
        Operation::Restore(arguments) => restore_from(&config, arguments).await,
        Operation::Doctor { all } => examine(&config, all).await,
        Operation::Audit(AuditOperation::Verify) => verify_audit(&config).await,
        Operation::Identity(IdentityOperation::Check { values }) => {
            let today = Clock::system().now().local_date();
            let valid = cn_identity::cli::check(&values, today, stdout().lock()).map_err(Error::internal)?;
            Ok(if valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Operation::Growth(GrowthOperation::Z { file, reference }) => {
            let reference = reference.map(|reference| match reference {
                GrowthReference::Who2006 => growth::Reference::Who2006,
                GrowthReference::Who2007 => growth::Reference::Who2007,
                GrowthReference::Wst423 => growth::Reference::Wst423,
            });
            answered(growth::cli::z_csv(open(&file)?, stdout().lock(), reference))
        }
        Operation::Drg(DrgOperation::Group { file, plan, explain, codes }) => {
            let codes = match codes {
                Some(DrgCodes::Insurance) => drg::CodeEdition::Insurance,
                Some(DrgCodes::Clinical) => drg::CodeEdition::Clinical,
                None => drg::CodeEdition::default(),
            };
            let options = drg::cli::Options { explain, codes };
            let output = BufWriter::new(stdout().lock());
            drg_answered(drg::cli::group_csv(open(&file)?, output, &plan, options))
        }
        Operation::Drg(DrgOperation::Compare { file, before, after }) => {
            let output = BufWriter::new(stdout().lock());
            let outcome = drg::cli::compare_csv(open(&file)?, output, &before, &after);
            if let Ok(totals) = &outcome {
                writeln!(stderr(), "{totals}").map_err(Error::internal)?;
            }
            drg_answered(outcome.map(drop))
        }
        Operation::Ecg(command) => match ecg_tool::run(&command, stdout().lock()) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => {
                writeln!(stderr(), "tianmu: {error}").map_err(Error::internal)?;
                Ok(ExitCode::from(error.exit_status()))
            }
        },
        Operation::Terms(TermsOperation::Check { files }) => {
            let texts = files.iter().map(|path| Ok((path.display().to_string(), read_text(path)?)));
            let texts = texts.collect::<Result<Vec<_>>>()?;
            let equal = service_terms::cli::check(&texts, stdout().lock())
                .map_err(|e| Error::invalid("input_invalid", e.to_string()))?;
            Ok(if equal { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Operation::Terms(TermsOperation::Explain { id, file }) => {
            let text = file.map(|path| Ok((path.display().to_string(), read_text(&path)?))).transpose()?;
            let text = text.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
            answered(service_terms::cli::explain(&id, text, stdout().lock()))
        }
        Operation::Demo(DemoOperation::Year { seed, tickets, incidents, requirements }) => {
            simulate_year(seed, demo::service::Scale { tickets, incidents, requirements, recent: 0 }).await
        }
        Operation::Immunize { file } => {
            answered(immunization::cli::immunize_ndjson(BufReader::new(open(&file)?), stdout().lock()))
        }
    }
}

/// A plan that does not exist is a mistake in the command, not in the file.
fn drg_answered(outcome: Result<(), drg::cli::CliError>) -> Result<ExitCode> {
    match outcome {
        Err(error) if error.exit_status() == 2 => {
            writeln!(stderr(), "tianmu: {error}").map_err(Error::internal)?;
            Ok(ExitCode::from(2))
        }
        outcome => answered(outcome),
    }
}

fn answered(outcome: Result<(), impl std::fmt::Display>) -> Result<ExitCode> {
    outcome.map_err(|e| Error::invalid("input_invalid", e.to_string()))?;
    Ok(ExitCode::SUCCESS)
}

fn read_text(path: &Path) -> Result<String> {
    let mut text = String::new();
    open(path)?
        .read_to_string(&mut text)
        .map_err(|e| Error::invalid("input_invalid", format!("{}: {e}", path.display())))?;
    Ok(text)
}

fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(stdin()));
    }
    let file =
        File::open(path).map_err(|e| Error::invalid("input_invalid", format!("{}: {e}", path.display())))?;
    Ok(Box::new(file))
}

fn say(text: &str) -> Result<()> {
    writeln!(stdout(), "{text}").map_err(Error::internal)
}

/// The database of an installation that exists: SQLite would otherwise make an empty one.
async fn existing_database(config: &Config) -> Result<Db> {
    let url = config.database_url();
    if let Some(path) = url.strip_prefix("sqlite:")
        && !Path::new(path).exists()
    {
        return Err(Error::invalid(
            "database_missing",
            format!("{path} does not exist; is server.data right?"),
        ));
    }
    Db::connect(&url, 2).await
}

async fn back_up(config: &Config, arguments: &BackupArguments) -> Result<ExitCode> {
    let db = existing_database(config).await?;
    let store = Blobs::open(&config.blob_config())?;
    let options = backup::Options { keep: arguments.keep, verify_all: arguments.verify_all };
    let outcome = backup::backup(&db, &store, &arguments.folder, Clock::system().now(), options).await;
    db.close().await;
    let report = outcome?;
    say(&format!(
        "{}: database {} KiB, {} files of which {} new ({} KiB), {} old snapshots removed; verified",
        report.snapshot.display(),
        report.database_bytes >> 10,
        report.blobs,
        report.copied,
        report.copied_bytes >> 10,
        report.removed_snapshots
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn restore_from(config: &Config, arguments: RestoreArguments) -> Result<ExitCode> {
    let options = restore::Options { snapshot: arguments.snapshot, force: arguments.force };
    let report =
        restore::restore(config, &app::migrations(), &arguments.folder, Clock::system().now(), &options)
            .await?;
    say(&format!("restored as of {} with {} files; every hash was compared", report.taken_at, report.blobs))?;
    if let Some(place) = report.set_aside {
        say(&format!("what was there before is in {place}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn examine(config: &Config, all: bool) -> Result<ExitCode> {
    let sample = (!all).then_some(200);
    let findings = doctor::examine(config, &app::migrations(), Clock::system().now(), sample).await;
    for finding in &findings {
        let sign = match finding.grade {
            Grade::Good => "ok  ",
            Grade::Warning => "warn",
            Grade::Failure => "FAIL",
        };
        say(&format!("{sign}  {:<14}  {}", finding.what, finding.detail))?;
    }
    let failed = findings.iter().any(|f| f.grade == Grade::Failure);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn verify_audit(config: &Config) -> Result<ExitCode> {
    let db = existing_database(config).await?;
    let outcome = audit::verify(&db.read()).await;
    db.close().await;
    let found = outcome?;
    if let Some(seq) = found.first_bad_seq {
        say(&format!("BROKEN at entry {seq}; {} entries before it are unbroken", seq - 1))?;
        return Ok(ExitCode::FAILURE);
    }
    say(&format!("{} entries, unbroken; head {}", found.checked, found.head_hash))?;
    Ok(ExitCode::SUCCESS)
}

/// A year in a database that is gone afterwards.
async fn simulate_year(seed: u64, scale: demo::service::Scale) -> Result<ExitCode> {
    let folder = std::env::temp_dir().join(format!("tianmu-year-{}", std::process::id()));
    let mut config = Config::default();
    config.server.data.clone_from(&folder);
    let clock = Clock::manual(kernel::Timestamp::default());
    let app = app::assemble(config, clock, platform::Random::from_seed(seed)).await?;
    let platform = app.platform.clone();
    platform::migrate::migrate(platform.db(), Clock::system().now(), &app::migrations()).await?;
    let started = std::time::Instant::now();
    let outcome = demo::year::simulate(&platform, &app.service_desk, seed, scale).await;
    let took = started.elapsed();
    platform.db().close().await;
    // Leaving a database behind would be litter, not damage.
    let _ = std::fs::remove_dir_all(&folder);
    let outcome = outcome?;
    let yuan = service_desk::forms::yuan;
    crate::say(&format!(
        "played      {} tickets, {} incidents, {} requirements, {} inspections, {} rosters, \
         {} lapses of attendance: {} steps in {:.1} s\n\
         settled in  {:.3} s, {} penalties\n\
         ledger      {}\n\
         recomputed  {}\n\
         {}",
        outcome.played.tickets,
        outcome.played.incidents,
        outcome.played.requirements,
        outcome.inspections,
        outcome.rosters,
        outcome.lapses,
        outcome.played.steps,
        took.as_secs_f64(),
        outcome.settled_in.as_secs_f64(),
        outcome.penalties,
        yuan(outcome.ledger_cents),
        yuan(outcome.expected_cents),
        if outcome.is_right() { "equal" } else { "DIFFERENT" },
    ))?;
    Ok(if outcome.is_right() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
