//! `tianmu identity check VALUE…`, pure over a writer. Exit status: 0 all valid, 1 one is not, 2 no value given.

use std::io::{self, Write};

use jiff::civil::Date;

use crate::classify::classify;
use crate::mask::mask;

/// Writes a line for each reading of each value: value, kind, `valid` or `invalid`, and what it says, in Chinese, or why
/// it is refused (code, Chinese, English), and its masked form; separated by tabs. Returns whether every value was valid (the program exits with 1 if not).
///
/// # Errors
/// Only what the writer gives.
pub fn check<S: AsRef<str>>(values: &[S], today: Date, mut output: impl Write) -> io::Result<bool> {
    let mut all_valid = true;
    for value in values {
        let value = value.as_ref();
        // The value goes back to whoever typed it, cut so that a pasted file does not flood the screen.
        let shown: String = value.chars().filter(|c| !c.is_control()).take(64).collect();
        let findings = classify(value, today);
        all_valid &= findings.iter().any(super::classify::Finding::is_valid);
        for finding in findings {
            let (state, text) = match &finding.outcome {
                Ok(text) => ("valid", text.clone()),
                Err(error) => ("invalid", format!("{}: {}; {error}", error.code(), error.message_zh())),
            };
            let (code, name) = (finding.kind.code(), finding.kind.name_zh());
            writeln!(output, "{shown}\t{code} {name}\t{state}\t{text}\t{}", mask(finding.kind, &shown))?;
        }
    }
    Ok(all_valid)
}
