//! `tianmu ecg` without the rest of the program.

use clap::Parser;
use std::process::ExitCode;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: ecg_tool::Command,
}

fn main() -> ExitCode {
    match ecg_tool::run(&Arguments::parse().command, std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ecg: {error}");
            ExitCode::from(error.exit_status())
        }
    }
}
