//! `tianmu immunize` without the server: `cargo run -p immunization --example immunize -- FILE.ndjson`.

use std::io::{BufReader, Write, stderr, stdout};
use std::process::ExitCode;

use immunization::cli::{CliError, immunize_ndjson};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file] = arguments.as_slice() else {
        let _ = writeln!(stderr(), "immunize FILE.ndjson");
        return ExitCode::from(2);
    };
    let outcome = std::fs::File::open(file)
        .map_err(CliError::from)
        .and_then(|input| immunize_ndjson(BufReader::new(input), stdout().lock()));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "immunize: {error}");
            ExitCode::from(error.exit_status())
        }
    }
}
