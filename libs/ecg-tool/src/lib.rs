//! `tianmu ecg`: what people and scripts do with ECG files without a server.
//!
//! The commands are values of [`Command`]; [`run`] carries one out and writes what it says to the given writer. Files are
//! opened here, so that `ecg-format` and `ecg-signal` need no file system. A record is named as in WFDB, without
//! extension; any other file by its whole name.
//!
//! Exit status by [`ToolError::exit_status`]: 1 the input cannot be read (reason and place in the error), 2 wrong usage.

mod analyze;
mod bench;
mod convert;
mod detect;
mod holter;
mod info;
mod record;
mod score;

pub use score::{Comparison, LineFormat, compare};

use clap::{Subcommand, ValueEnum};
use std::io::Write;
use std::path::PathBuf;
use thiserror::Error;

/// A command of `tianmu ecg`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what a file holds.
    Info {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// As JSON, a document for each file.
        #[arg(long)]
        json: bool,
    },
    /// Write a recording in another format.
    Convert {
        input: PathBuf,
        /// A file, or for WFDB a record name.
        output: PathBuf,
        /// Chosen by the ending of the output unless told.
        #[arg(long)]
        to: Option<OutputFormat>,
    },
    /// Write beats with their classes, and changes of rhythm, as a WFDB annotation file.
    Detect {
        #[arg(required = true)]
        records: Vec<PathBuf>,
        /// Folder for the annotation files.
        #[arg(long)]
        out: PathBuf,
        /// Name of the annotator: the ending of the files.
        #[arg(long, default_value = "qrs")]
        ann: String,
    },
    /// Write the waves of each lead as WFDB annotation files, named as LUDB does.
    Delineate {
        #[arg(required = true)]
        records: Vec<PathBuf>,
        /// Folder for the annotation files.
        #[arg(long)]
        out: PathBuf,
    },
    /// Measurements, median beats and statements of resting ECGs.
    Analyze {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// As JSON, a document for each file.
        #[arg(long)]
        json: bool,
    },
    /// Beats, ectopy, pauses, rhythms, variability and ST of long recordings.
    Holter {
        #[arg(required = true)]
        records: Vec<PathBuf>,
        /// Summarize the beats and rhythms of this annotator's file, as edited or made by others, instead of the signal.
        #[arg(long)]
        ann: Option<String>,
        /// As JSON, a document for each record.
        #[arg(long)]
        json: bool,
    },
    /// Compare test annotations with reference annotations, beat by beat (ANSI/AAMI EC57).
    Score {
        #[arg(required = true)]
        records: Vec<PathBuf>,
        /// Annotator of the reference.
        #[arg(long = "ref", default_value = "atr")]
        reference: String,
        /// Annotator under test.
        #[arg(long, default_value = "qrs")]
        test: String,
        /// Folder of the test annotation files; that of the record unless told.
        #[arg(long)]
        test_dir: Option<PathBuf>,
        /// Seconds at the start that are not compared; EC57 demands five minutes.
        #[arg(long, default_value_t = 300.0)]
        from_s: f64,
        /// How far apart two marks of one beat may lie, ms.
        #[arg(long, default_value_t = 150.0)]
        window_ms: f64,
        /// The line format of bxb -l instead of that of bxb -L.
        #[arg(long)]
        without_sveb: bool,
    },
    /// How long decoding, analysis and detection take here.
    Bench,
}

/// What can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    Wfdb,
    Scp,
    Aecg,
    Dicom,
    Edf,
    Csv,
}

/// Why a command failed.
#[derive(Debug, Error)]
pub enum ToolError {
    /// An input that cannot be read; the text names the file, and the place where it is known.
    #[error("{0}")]
    Input(String),
    /// A command that makes no sense.
    #[error("{0}")]
    Usage(String),
    /// Output that cannot be written.
    #[error("{0}")]
    Output(String),
}

impl ToolError {
    /// 1, or 2 for wrong usage.
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Input(_) | Self::Output(_) => 1,
        }
    }
}

impl From<std::io::Error> for ToolError {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error.to_string())
    }
}

/// Carries out a command.
///
/// # Errors
/// [`ToolError`]. With several inputs the first that fails ends the command; what was written before it stays.
pub fn run(command: &Command, mut out: impl Write) -> Result<(), ToolError> {
    match command {
        Command::Info { files, json } => files.iter().try_for_each(|file| info::info(file, *json, &mut out)),
        Command::Convert { input, output, to } => convert::convert(input, output, *to, &mut out),
        Command::Detect { records, out: folder, ann } => detect::detect(records, folder, ann, &mut out),
        Command::Delineate { records, out: folder } => detect::delineate(records, folder, &mut out),
        Command::Analyze { files, json } => {
            files.iter().try_for_each(|file| analyze::analyze(file, *json, &mut out))
        }
        Command::Holter { records, ann, json } => {
            records.iter().try_for_each(|path| holter::holter(path, ann.as_deref(), *json, &mut out))
        }
        Command::Score { records, reference, test, test_dir, from_s, window_ms, without_sveb } => {
            let format = if *without_sveb { LineFormat::WithoutSveb } else { LineFormat::WithSveb };
            let folder = test_dir.as_deref();
            score::score(records, reference, test, folder, *from_s, *window_ms, format, &mut out)
        }
        Command::Bench => bench::bench(&mut out),
    }
}
