//! Twelve-lead records with diagnoses made by others: LUDB and the PhysioNet/CinC Challenge records.

use std::{fs, path::Path};

use ecg_signal::{Sex, Subject};

use super::wfdb;

/// Who wrote the labels, which decides what their absence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Ludb,
    /// Chapman-Shaoxing and Ningbo: the whole list of statements of the hospital's report.
    Ningbo,
    /// CPSC-Extra, PTB-XL: what the set was collected for; the rest of the report was left out.
    Partial,
}

pub struct Case {
    pub id: String,
    pub source: Source,
    pub odd: bool,
    pub subject: Subject,
    pub record: wfdb::Record,
    /// SNOMED CT codes, or LUDB's texts one a line.
    pub labels: Vec<String>,
}

impl Case {
    pub fn has(&self, labels: &[&str]) -> bool {
        self.labels.iter().any(|l| match self.source {
            Source::Ludb => labels.iter().any(|x| l.contains(x)),
            _ => labels.contains(&l.as_str()),
        })
    }
}

pub fn ludb(root: &Path) -> Vec<Case> {
    let root = root.join("ludb");
    let text = fs::read_to_string(root.join("ludb.csv")).unwrap_or_default();
    let mut out = Vec::new();
    for row in csv(&text).into_iter().skip(1) {
        let [id, sex, age, ..] = row.as_slice() else { continue };
        let id = id.trim();
        let Some(record) = wfdb::read(&root.join("data").join(format!("{id}.hea"))) else { continue };
        out.push(Case {
            id: id.to_owned(),
            source: Source::Ludb,
            odd: id.parse::<u32>().unwrap_or(0) % 2 == 1,
            subject: Subject {
                age_years: age.trim().trim_start_matches('>').parse().ok(),
                sex: if sex.trim() == "F" { Some(Sex::Female) } else { Some(Sex::Male) },
            },
            record,
            labels: row[3..].iter().flat_map(|c| c.lines()).map(|l| l.trim().to_owned()).collect(),
        });
    }
    out
}

pub fn cinc(root: &Path) -> Vec<Case> {
    let mut paths: Vec<_> = fs::read_dir(root.join("cinc"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "hea"))
        .collect();
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        let Some(record) = wfdb::read(&path) else { continue };
        let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let field = |key: &str| record.comments.iter().find_map(|c| c.strip_prefix(key)).map(str::trim);
        let labels = field("Dx:").unwrap_or("").split(',').map(|c| c.trim().to_owned()).collect();
        let subject = Subject {
            age_years: field("Age:").and_then(|v| v.parse().ok()),
            sex: field("Sex:").and_then(|v| match v.to_ascii_lowercase().as_str() {
                "female" | "f" => Some(Sex::Female),
                "male" | "m" => Some(Sex::Male),
                _ => None,
            }),
        };
        out.push(Case {
            odd: id.bytes().last().is_some_and(|b| b % 2 == 1),
            source: if id.starts_with("JS") { Source::Ningbo } else { Source::Partial },
            id,
            subject,
            record,
            labels,
        });
    }
    out
}

/// A CSV with quoted fields that hold line breaks.
fn csv(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            '\r' => {}
            _ => field.push(c),
        }
    }
    rows
}
