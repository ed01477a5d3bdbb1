//! `tianmu terms check FILE…` and `tianmu terms explain ID`, pure over texts and a writer.

use crate::{Case, CaseFile, Contract, TermsError, evaluate};
use cn_calendar::Calendar;
use serde_json::{Map, Value};
use std::io::Write;
use thiserror::Error;

/// The worked examples that come with the program.
const SHIPPED: &str = include_str!("../../../definitions/contracts/liyang-2024-examples.json");

#[derive(Debug, Error)]
pub enum CliError {
    /// A file that is no file of cases.
    #[error("{file}: {reason}")]
    File { file: String, reason: String },
    /// A case that cannot be computed.
    #[error("{file}: case {id}: {error}")]
    Case { file: String, id: String, error: TermsError },
    #[error("no case {id:?}; there are {known}")]
    NoCase { id: String, known: String },
    #[error(transparent)]
    Terms(#[from] TermsError),
    #[error(transparent)]
    Calendar(#[from] cn_calendar::CalendarError),
    #[error(transparent)]
    Write(#[from] std::io::Error),
}

fn read(file: &str, text: &str) -> Result<CaseFile, CliError> {
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|e| CliError::File { file: file.to_owned(), reason: e.to_string() })
}

/// Computes every case of the files, each (name, text), and prints it beside its expected answer. True when none differs.
/// A case that cannot be computed is printed with its reason and counts as different, so that the others are still seen.
///
/// # Errors
/// A file that is no file of cases, with its place; a write error.
pub fn check(files: &[(String, String)], mut out: impl Write) -> Result<bool, CliError> {
    let (contract, calendar) = (Contract::liyang_2024()?, Calendar::builtin()?);
    let (mut equal, mut different) = (0_usize, 0_usize);
    for (name, text) in files {
        for case in read(name, text)?.cases {
            let line = match evaluate(&contract, &calendar, &case) {
                Ok(outcome) => {
                    let wrong = outcome.differences(&case.expected);
                    let computed = only(&outcome.fields, &case.expected);
                    let verdict = if wrong.is_empty() { "ok       " } else { "DIFFERENT" };
                    if wrong.is_empty() {
                        equal += 1
                    } else {
                        different += 1
                    }
                    format!(
                        "{verdict} {} {}: computed {computed}, expected {}",
                        case.id,
                        case.rule,
                        Value::Object(case.expected.clone())
                    )
                }
                // A case may expect that there is no answer.
                Err(error) if case.expected.get("error").and_then(Value::as_str) == Some(error.code()) => {
                    equal += 1;
                    format!("ok        {} {}: {} as expected", case.id, case.rule, error.code())
                }
                Err(error) => {
                    different += 1;
                    format!("DIFFERENT {} {}: {error} ({})", case.id, case.rule, error.code())
                }
            };
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out, "{equal} equal, {different} different")?;
    Ok(different == 0)
}

/// The computed fields that the case asks about; all of them when it asks about none.
fn only(fields: &Map<String, Value>, expected: &Map<String, Value>) -> Value {
    if expected.is_empty() {
        return Value::Object(fields.clone());
    }
    Value::Object(
        fields
            .iter()
            .filter(|(name, _)| expected.contains_key(*name))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect(),
    )
}

/// Prints the way to the result of one case: of a file, or of the examples that come with the program.
///
/// # Errors
/// No case of this name, with those that there are; a case that cannot be computed.
pub fn explain(id: &str, file: Option<(&str, &str)>, mut out: impl Write) -> Result<(), CliError> {
    let (name, text) = file.unwrap_or(("examples", SHIPPED));
    let cases = read(name, text)?.cases;
    let case: &Case = cases.iter().find(|case| case.id == id).ok_or_else(|| CliError::NoCase {
        id: id.to_owned(),
        known: cases.iter().map(|c| c.id.as_str()).collect::<Vec<_>>().join(", "),
    })?;
    let (contract, calendar) = (Contract::liyang_2024()?, Calendar::builtin()?);
    let outcome = evaluate(&contract, &calendar, case).map_err(|error| CliError::Case {
        file: name.to_owned(),
        id: id.to_owned(),
        error,
    })?;
    write!(out, "{}", outcome.derivation)?;
    writeln!(out, "  result   {}", Value::Object(outcome.fields))?;
    Ok(())
}
