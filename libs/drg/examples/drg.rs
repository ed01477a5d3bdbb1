//! `tianmu drg` without the server: `cargo run --release -p drg --example drg -- group FILE.csv PLAN [explain]`,
//! `… -- compare FILE.csv BEFORE AFTER`.

use std::fs::File;
use std::io::{BufWriter, Write, stderr, stdout};
use std::process::ExitCode;

use drg::cli::{CliError, Options, compare_csv, group_csv};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = BufWriter::new(stdout().lock());
    let open = |file: &str| File::open(file).map_err(CliError::Output);
    let outcome = match words.as_slice() {
        ["group", file, plan] => {
            open(file).and_then(|input| group_csv(input, output, plan, Options::default()))
        }
        ["group", file, plan, "explain"] => open(file).and_then(|input| {
            group_csv(input, output, plan, Options { explain: true, ..Options::default() })
        }),
        ["compare", file, before, after] => open(file)
            .and_then(|input| compare_csv(input, output, before, after))
            .map(|totals| drop(writeln!(stderr(), "{totals}"))),
        _ => {
            let _ =
                writeln!(stderr(), "drg group FILE.csv PLAN [explain] | drg compare FILE.csv BEFORE AFTER");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "drg: {error}");
            ExitCode::from(error.exit_status())
        }
    }
}
