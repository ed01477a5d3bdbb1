//! `tianmu growth z` without the server: `cargo run -p growth --example growth-z -- FILE.csv [REFERENCE]`.

use std::io::{stderr, stdout};
use std::process::ExitCode;

use std::io::Write;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (file, reference) = match arguments.as_slice() {
        [file] => (file, None),
        [file, code] if growth::Reference::from_code(code).is_some() => {
            (file, growth::Reference::from_code(code))
        }
        _ => {
            let _ = writeln!(stderr(), "growth-z FILE.csv [who2006|who2007|wst423]");
            return ExitCode::from(2);
        }
    };
    let outcome = std::fs::File::open(file)
        .map_err(growth::cli::CliError::from)
        .and_then(|input| growth::cli::z_csv(input, stdout().lock(), reference));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "growth-z: {error}");
            ExitCode::FAILURE
        }
    }
}
