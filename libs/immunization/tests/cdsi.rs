//! The CDC scenarios (Gherkin). Every listed dose is compared with the reference's verdict. The files list at most two
//! doses of each scenario; where the scenario went on (it is assessed later than the second dose listed), what the
//! reference recommends after the missing doses cannot be asked of anybody, and only the verdicts are compared.

// The lint settings exempt test functions only, not the helpers beside them.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

use std::path::PathBuf;

use immunization::{Given, Person, SeriesStatus, Sex, Verdict, assess, shipped};
use jiff::civil::Date;

#[derive(Default, Debug)]
struct Scenario {
    id: String,
    group: String,
    sex: Option<Sex>,
    birth: Date,
    as_of: Date,
    given: Vec<Given>,
    verdicts: Vec<(String, String)>,
    conditions: Vec<String>,
    recommended: Option<Date>,
    status: String,
}

fn read(text: &str) -> Vec<Scenario> {
    let mut all: Vec<Scenario> = Vec::new();
    let mut history = false;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("Scenario:") {
            all.push(Scenario { id: name.trim().to_owned(), ..Scenario::default() });
            continue;
        }
        let Some(s) = all.last_mut() else { continue };
        let last_date = || line.split_whitespace().last().unwrap().parse::<Date>();
        if line.starts_with("Given a") {
            s.sex = Some(if line.contains("female") { Sex::Female } else { Sex::Male });
            s.birth = last_date().unwrap();
        } else if line.contains("medical history") {
            history = true;
        } else if line.contains("immunizations have been") {
            history = false;
        } else if line.starts_with('|') {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            if history {
                s.conditions.extend(cells.iter().filter(|c| c.starts_with("VXC")).map(|c| (*c).to_owned()));
            } else if let Ok(date) = cells[0].parse() {
                s.given.push(Given { date, vaccine: cells[2].to_owned(), substandard: false });
                s.verdicts.push((cells[5].to_lowercase(), cells[4].to_owned()));
            }
        } else if line.starts_with("When") {
            s.group = line.split(" for ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
            s.as_of = last_date().unwrap();
        } else if line.starts_with("Then") {
            s.recommended = last_date().ok();
        } else if line.contains("series status") {
            s.status = line.split(" be ").nth(1).unwrap().to_lowercase();
        }
    }
    all
}

#[test]
fn the_cdc_scenarios() {
    let root = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = root.join("data/public-health/cdsi/features");
    if !folder.exists() {
        println!("skipped: the CDC scenarios are not there");
        return;
    }
    let pack = shipped::pack("cdc_2013").unwrap().unwrap();
    let (mut scenarios, mut doses, mut whole, mut reasons, mut reasons_equal) = (0, 0, 0, 0, 0);
    let (mut completed, mut completed_equal) = (0, 0);
    let (mut wrong, mut called_valid) = (Vec::new(), Vec::new());
    for file in ["DTaP_simple", "HPV", "Hib", "MCV", "PCV", "Rota"] {
        let text = std::fs::read_to_string(folder.join(format!("CDSi_TestCases_{file}.feature"))).unwrap();
        for s in read(text.trim_start_matches('\u{feff}')) {
            scenarios += 1;
            let as_of = s.given.iter().map(|g| g.date).fold(s.as_of, Date::max);
            let person =
                Person { sex: s.sex, birth: s.birth, as_of, history: &s.given, conditions: &s.conditions };
            let answer = assess(pack, &person).unwrap();
            assert!(answer.problems.is_empty(), "{} {:?}", s.id, answer.problems);
            for dose in &answer.doses {
                let evaluation = dose.evaluations.iter().find(|e| e.group == s.group).unwrap();
                let (expected, reason) = &s.verdicts[dose.index];
                doses += 1;
                let ours = match &evaluation.verdict {
                    Verdict::Valid => "valid",
                    Verdict::NotValid { .. } => "not valid",
                    Verdict::Extraneous { .. } => "extraneous",
                    Verdict::SubStandard => "sub-standard",
                };
                if ours == "valid" && expected != "valid" {
                    called_valid.push(format!("{} {:?}", s.id, dose));
                }
                if ours != expected {
                    wrong.push(format!(
                        "{}: dose {} {:?} but {expected} {reason}",
                        s.id,
                        dose.index + 1,
                        evaluation
                    ));
                }
                if !reason.is_empty() {
                    reasons += 1;
                    let word =
                        serde_json::to_value(&evaluation.verdict).unwrap()["because"]["reason"].clone();
                    let same = matches!(
                        (reason.as_str(), word.as_str().unwrap_or_default()),
                        ("Age: Too Young", "age_too_young")
                            | ("Age: Too Old", "age_too_old")
                            | ("Interval: Too Short", "interval_too_short")
                            | ("Gender: Invalid Administration", "sex_not_indicated")
                            | ("Series Already Complete", "series_complete")
                    );
                    reasons_equal += usize::from(same);
                    if !same {
                        println!("other reason: {} {reason} / {word}", s.id);
                    }
                }
            }
            let cut = s.given.len() == 2 && s.as_of > s.given[1].date;
            let mut answer = answer;
            if cut {
                // One more dose on the day of assessment, as the names of most of these scenarios say.
                let mut history = s.given.clone();
                history.push(Given { date: s.as_of, ..history[1].clone() });
                answer = assess(pack, &Person { history: &history, ..person }).unwrap();
            }
            let forecast = answer.forecast.iter().find(|f| f.group == s.group).unwrap();
            let status = match forecast.status {
                SeriesStatus::NotComplete => "not complete",
                SeriesStatus::Complete => "complete",
                SeriesStatus::AgedOut => "aged out",
                SeriesStatus::Contraindicated => "contraindicated",
                _ => "other",
            };
            let recommended = forecast.recommended.filter(|_| status == "not complete");
            let equal = (status, recommended) == (s.status.as_str(), s.recommended);
            if cut {
                (completed, completed_equal) = (completed + 1, completed_equal + usize::from(equal));
                continue;
            }
            whole += 1;
            if !equal {
                wrong.push(format!("{}: {forecast:?} but {} {:?}", s.id, s.status, s.recommended));
            }
        }
    }
    println!("{scenarios} scenarios, {doses} doses, {reasons_equal}/{reasons} reasons, {whole} forecasts");
    println!("cut short and completed by one dose: {completed_equal}/{completed}");
    assert!(called_valid.is_empty(), "called valid: {called_valid:#?}");
    assert!(wrong.is_empty(), "{} wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
    assert_eq!((scenarios, doses, whole), (298, 484, 190));
    // 2013-0503 is too young and too soon at once: the reference names the interval, we the age.
    assert_eq!((reasons_equal, reasons), (70, 71));
    assert!(completed_equal >= 50, "{completed_equal} of {completed}");
}

/// The supporting data of 2023 (version 4.55) as imported: rules have changed since the scenarios of 2013, so only what
/// did not change can be equal. What differs is counted and explained, not hidden.
#[test]
fn the_supporting_data_of_2023_against_the_scenarios_they_still_cover() {
    let root = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = root.join("data/public-health/cdsi/features");
    if !folder.exists() {
        println!("skipped: the CDC scenarios are not there");
        return;
    }
    let pack = shipped::pack("cdc_455").unwrap().unwrap();
    let (mut doses, mut equal) = (0, 0);
    let mut differences = Vec::new();
    for (file, group) in [("DTaP_simple", "Pertussis"), ("HPV", "HPV"), ("MCV", "Meningococcal")] {
        let text = std::fs::read_to_string(folder.join(format!("CDSi_TestCases_{file}.feature"))).unwrap();
        for s in read(text.trim_start_matches('\u{feff}')) {
            let as_of = s.given.iter().map(|g| g.date).fold(s.as_of, Date::max);
            let person = Person { sex: s.sex, birth: s.birth, as_of, history: &s.given, conditions: &[] };
            let answer = assess(pack, &person).unwrap();
            assert!(answer.problems.is_empty(), "{} {:?}", s.id, answer.problems);
            if file == "DTaP_simple" {
                let forecast = answer.forecast.iter().find(|f| f.group == group).unwrap();
                assert_eq!(forecast.recommended, s.recommended);
            }
            for dose in &answer.doses {
                let evaluation = dose.evaluations.iter().find(|e| e.group == group).unwrap();
                let (expected, reason) = &s.verdicts[dose.index];
                doses += 1;
                let ours = match &evaluation.verdict {
                    Verdict::Valid => "valid",
                    Verdict::NotValid { .. } => "not valid",
                    Verdict::Extraneous { .. } => "extraneous",
                    Verdict::SubStandard => "sub-standard",
                };
                if ours == expected {
                    equal += 1;
                } else {
                    differences.push(format!(
                        "{}: dose {} {ours}, in 2013 {expected} {reason}",
                        s.id,
                        dose.index + 1
                    ));
                }
            }
        }
    }
    // Since 2016 the second HPV dose has no minimum age of its own; since 2019 adults of 27 to 45 may have the vaccine.
    let changed = ["2013-0401", "2013-0405", "2013-0416", "2013-0417", "2013-0439", "2013-0461"];
    assert_eq!((equal, doses), (161, 167), "{differences:#?}");
    assert!(differences.iter().zip(changed).all(|(d, id)| d.contains(id)), "{differences:#?}");
}
