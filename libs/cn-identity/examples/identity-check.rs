//! `tianmu identity check` without the server: `cargo run -p cn-identity --example identity-check -- VALUE…`.

use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let values: Vec<String> = std::env::args().skip(1).collect();
    if values.is_empty() {
        let _ = writeln!(stderr(), "identity-check VALUE…");
        return ExitCode::from(2);
    }
    match cn_identity::cli::check(&values, jiff::Zoned::now().date(), stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(stderr(), "identity-check: {error}");
            ExitCode::FAILURE
        }
    }
}
