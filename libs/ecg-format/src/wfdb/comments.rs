//! Patient facts in header comments: free text with several conventions, so read leniently.

use crate::limits::MAX_STATEMENTS;
use crate::model::{Recording, Sex};
use crate::num::parse_f64;
use crate::text::non_empty;

/// Reads the comment lines of one header. Lines not understood are kept as remarks.
pub(super) fn read(lines: &[String], recording: &mut Recording) {
    for (index, line) in lines.iter().enumerate() {
        if line.is_empty() {
            continue;
        }
        if index == 0 && mit_first_line(line, recording) {
            continue;
        }
        if !keyed_line(line, recording) && recording.patient.remarks.len() < MAX_STATEMENTS {
            recording.patient.remarks.push(line.clone());
        }
    }
}

/// The MIT-BIH form "69 M 1085 1629 x1": age, sex, tape numbers.
fn mit_first_line(line: &str, recording: &mut Recording) -> bool {
    let mut tokens = line.split_whitespace();
    let (Some(age), Some(sex)) = (tokens.next(), tokens.next()) else { return false };
    let Some(age) = parse_f64(age) else { return false };
    let Some(sex) = Some(sex).filter(|s| s.len() == 1).and_then(Sex::parse) else { return false };
    // MIT-BIH writes -1 for an unknown age.
    recording.patient.age_years = (age >= 0.0).then_some(age);
    recording.patient.sex = Some(sex);
    true
}

/// "Age: 53", "<age>: 25  <sex>: M  <diagnoses>: (none)", "Dx: 164867002,427084000".
fn keyed_line(line: &str, recording: &mut Recording) -> bool {
    if line.starts_with('<') {
        let mut understood = true;
        for part in line.split('<').filter(|p| !p.trim().is_empty()) {
            match part.split_once(">:") {
                Some((key, value)) => understood &= set(key, value, recording),
                None => understood = false,
            }
        }
        return understood;
    }
    match line.split_once(':') {
        Some((key, value)) => set(key, value, recording),
        None => false,
    }
}

fn set(key: &str, value: &str, recording: &mut Recording) -> bool {
    let value = value.trim();
    let unknown =
        matches!(value.to_ascii_lowercase().as_str(), "" | "unknown" | "n/a" | "(none)" | "nan" | "none");
    match key.trim().to_ascii_lowercase().as_str() {
        "age" => {
            recording.patient.age_years = parse_f64(value).filter(|a| (0.0..=150.0).contains(a));
            unknown || recording.patient.age_years.is_some()
        }
        "sex" | "gender" => {
            recording.patient.sex = Sex::parse(value);
            unknown || recording.patient.sex.is_some()
        }
        "dx" | "diagnosis" | "diagnoses" => {
            recording.statements.extend(value.split(',').filter(|_| !unknown).filter_map(non_empty));
            true
        }
        "rx" | "medications" if !unknown => {
            recording.patient.medications.extend(value.split(',').filter_map(non_empty));
            true
        }
        "rx" | "hx" | "sx" | "medications" => unknown,
        _ => false,
    }
}
