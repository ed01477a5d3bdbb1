//! Twelve-lead records with SNOMED CT codes from the PhysioNet/CinC Challenges.

use std::{collections::BTreeMap, fs, path::Path};

use ecg_signal::{Criteria, Sex, Subject, analyze_resting};

use super::{percent, signal_of, wfdb};

pub fn report(root: &Path, verbose: bool) {
    let criteria = Criteria::builtin();
    let mut paths: Vec<_> = fs::read_dir(root.join("cinc"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "hea"))
        .collect();
    paths.sort();
    let mut table: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut count = 0;
    for path in paths {
        let Some(record) = wfdb::read(&path) else { continue };
        let field = |key: &str| record.comments.iter().find_map(|c| c.strip_prefix(key)).map(str::trim);
        let codes: Vec<&str> = field("Dx:").unwrap_or("").split(',').map(str::trim).collect();
        let subject = Subject {
            age_years: field("Age:").and_then(|v| v.parse().ok()),
            sex: field("Sex:").and_then(|v| match v.to_ascii_lowercase().as_str() {
                "female" | "f" => Some(Sex::Female),
                "male" | "m" => Some(Sex::Male),
                _ => None,
            }),
        };
        let Ok(a) = analyze_resting(&signal_of(&record), &subject, &criteria) else { continue };
        count += 1;
        let said: Vec<&str> = a.statements.iter().filter_map(|s| s.snomed).collect();
        if verbose {
            let own: Vec<&str> = a.statements.iter().map(|s| s.code).collect();
            println!("{}: labels {codes:?} said {own:?}", path.file_stem().unwrap_or_default().display());
        }
        // Codes that the challenge scores as one, or that differ only in degree.
        for (name, set) in [
            ("sinus rhythm", &["426783006"][..]),
            ("sinus bradycardia", &["426177001"]),
            ("sinus tachycardia", &["427084000"]),
            ("sinus arrhythmia", &["427393009"]),
            ("atrial fibrillation", &["164889003", "314208002"]),
            ("atrial flutter", &["164890007"]),
            ("first-degree AVB", &["270492004"]),
            ("LBBB", &["164909002", "733534002"]),
            ("RBBB", &["59118001", "713427006"]),
            ("IRBBB", &["713426002"]),
            ("LAFB", &["445118002"]),
            ("left axis", &["39732003"]),
            ("right axis", &["47665007"]),
            ("PAC", &["284470004", "63593006"]),
            ("PVC", &["427172004", "17338001", "164884008"]),
            ("low voltage", &["251146004"]),
            ("long QT", &["111975006"]),
            ("T inversion", &["59931005"]),
            ("pacing", &["10370003", "251266004"]),
            ("LVH", &["164873001"]),
            ("ST depression", &["429622005"]),
            ("ST elevation", &["164931005"]),
            ("IVCD", &["698252002"]),
        ] {
            let slot = table.entry(name).or_default();
            let (l, s) = (codes.iter().any(|c| set.contains(c)), said.iter().any(|c| set.contains(c)));
            match (l, s) {
                (true, true) => slot[0] += 1,
                (true, false) => slot[1] += 1,
                (false, true) => slot[2] += 1,
                (false, false) => {}
            }
        }
    }
    println!("\n## SNOMED-coded records of the PhysioNet/CinC Challenges ({count} readable)");
    println!("| class | TP | FN | FP | F1 |");
    for (name, [tp, fn_, fp]) in table {
        if tp + fn_ + fp > 0 {
            println!("| {name} | {tp} | {fn_} | {fp} | {:.2} |", percent(2 * tp, 2 * tp + fn_ + fp) / 100.0);
        }
    }
}
