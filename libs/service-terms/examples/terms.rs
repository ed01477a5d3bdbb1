//! `tianmu terms` without the rest of the program: `terms check FILE…`, `terms explain ID [FILE]`.

use std::io::stdout;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let texts = |paths: &[String]| -> std::io::Result<Vec<(String, String)>> {
        paths.iter().map(|path| Ok((path.clone(), std::fs::read_to_string(path)?))).collect()
    };
    match arguments.split_first() {
        Some((command, paths)) if command == "check" && !paths.is_empty() => {
            let equal = service_terms::cli::check(&texts(paths)?, stdout().lock())?;
            Ok(if equal { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Some((command, [id, paths @ ..])) if command == "explain" => {
            let files = texts(paths)?;
            let file = files.first().map(|(name, text)| (name.as_str(), text.as_str()));
            service_terms::cli::explain(id, file, stdout().lock())?;
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            eprintln!("usage: terms check FILE... | terms explain ID [FILE]");
            Ok(ExitCode::from(2))
        }
    }
}
