//! LUDB: global intervals against the manual marks, and rhythm against the diagnoses.

use std::{collections::BTreeMap, fs, path::Path};

use ecg_signal::{Criteria, Lead, RestingAnalysis, Sex, Subject, analyze_resting};

use super::{mean_sd, percent, signal_of, wfdb};

/// Onset, peak, end.
type Wave = (usize, usize, usize);

#[derive(Default)]
struct Marks {
    p: Vec<Wave>,
    qrs: Vec<Wave>,
    t: Vec<Wave>,
}

fn marks(path: &Path) -> Option<Marks> {
    let list = wfdb::annotations(path)?;
    let mut out = Marks::default();
    for w in list.windows(3) {
        if w[0].code == 39 && w[2].code == 40 {
            let wave = (w[0].sample, w[1].sample, w[2].sample);
            match w[1].code {
                24 => out.p.push(wave),
                1 => out.qrs.push(wave),
                27 => out.t.push(wave),
                _ => {}
            }
        }
    }
    Some(out)
}

/// Manual global intervals in ms: PR, QRS, QT, P. Over the leads each beat's limits are taken at the third
/// earliest onset and third latest end of the twelve (single-lead outliers are not global limits); over the
/// beats the median.
fn manual(root: &Path, id: &str, fs_hz: f64) -> Option<BTreeMap<&'static str, f64>> {
    let leads: Vec<Marks> = Lead::ALL
        .iter()
        .filter_map(|l| marks(&root.join("data").join(format!("{id}.{}", l.label().to_lowercase()))))
        .collect();
    let near = |list: &[Wave], at: usize, tol: usize| -> Option<Wave> {
        list.iter().copied().filter(|w| w.1.abs_diff(at) <= tol).min_by_key(|w| w.1.abs_diff(at))
    };
    let tol = (0.1 * fs_hz) as usize;
    let mut values: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    let ms = |a: usize, b: usize| (b as f64 - a as f64) * 1000.0 / fs_hz;
    let first = leads.get(1)?;
    for beat in &first.qrs {
        let qrs: Vec<Wave> = leads.iter().filter_map(|l| near(&l.qrs, beat.1, tol)).collect();
        let on = nth(qrs.iter().map(|w| w.0), 2, false);
        let off = nth(qrs.iter().map(|w| w.2), 2, true);
        let (Some(on), Some(off)) = (on, off) else { continue };
        values.entry("qrs").or_default().push(ms(on, off));
        let t: Vec<Wave> = leads
            .iter()
            .filter_map(|l| l.t.iter().copied().find(|w| w.1 > beat.1 && ms(beat.1, w.1) < 600.0))
            .collect();
        if t.len() >= 6
            && let Some(end) = nth(t.iter().map(|w| w.2), 2, true)
        {
            values.entry("qt").or_default().push(ms(on, end));
        }
        let p: Vec<Wave> = leads
            .iter()
            .filter_map(|l| l.p.iter().rev().copied().find(|w| w.1 < beat.1 && ms(w.1, beat.1) < 400.0))
            .collect();
        if p.len() >= 6
            && let (Some(a), Some(b)) =
                (nth(p.iter().map(|w| w.0), 2, false), nth(p.iter().map(|w| w.2), 2, true))
        {
            values.entry("pr").or_default().push(ms(a, on));
            values.entry("p").or_default().push(ms(a, b));
        }
    }
    let mut out = BTreeMap::new();
    for (name, mut v) in values {
        v.sort_by(f64::total_cmp);
        out.insert(name, v[v.len() / 2]);
    }
    let mut rr: Vec<f64> = first.qrs.windows(2).map(|w| ms(w[0].1, w[1].1)).collect();
    if rr.is_empty() {
        return None;
    }
    rr.sort_by(f64::total_cmp);
    out.insert("rr", rr.iter().sum::<f64>() / rr.len() as f64);
    // Marks leave out the first and last beats: the rate is compared over the marked span alone.
    out.insert("from", first.qrs.first()?.1 as f64);
    out.insert("to", first.qrs.last()?.1 as f64);
    Some(out)
}

fn nth(values: impl Iterator<Item = usize>, n: usize, from_end: bool) -> Option<usize> {
    let mut v: Vec<usize> = values.collect();
    v.sort_unstable();
    if from_end {
        v.reverse();
    }
    v.get(n).or_else(|| v.last()).copied()
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

pub fn report(root: &Path, verbose: bool) {
    let root = root.join("ludb");
    let Ok(text) = fs::read_to_string(root.join("ludb.csv")) else { return };
    let criteria = Criteria::builtin();
    let mut errors: BTreeMap<(&str, bool), Vec<f64>> = BTreeMap::new();
    let mut missing: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut rhythm: BTreeMap<(String, &str), Vec<String>> = BTreeMap::new();
    let mut pairs: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let (mut af_p, mut af_n) = (0, 0);
    for row in csv(&text).into_iter().skip(1) {
        let [id, sex, age, label, ..] = row.as_slice() else { continue };
        let id = id.trim();
        let Some(record) = wfdb::read(&root.join("data").join(format!("{id}.hea"))) else { continue };
        let subject = Subject {
            age_years: age.trim().trim_start_matches('>').parse().ok(),
            sex: if sex.trim() == "F" { Some(Sex::Female) } else { Some(Sex::Male) },
        };
        let Ok(a) = analyze_resting(&signal_of(&record), &subject, &criteria) else { continue };
        let label = label.trim().to_owned();
        let first = a.statements.first().map_or("none", |s| s.code);
        rhythm.entry((label.clone(), first)).or_default().push(id.to_owned());
        let atrial = label.contains("fibrillation") || label.contains("flutter");
        if atrial {
            af_n += 1;
            af_p += usize::from(a.median.fiducials.p_on.is_some());
        }
        let all = row[3..].join("\n");
        tally(&mut pairs, &a, &all);
        let odd = id.parse::<u32>().unwrap_or(0) % 2 == 1;
        if let Some(m) = manual(&root, id, record.fs) {
            let g = &a.global;
            let span = |name: &str| m.get(name).copied().unwrap_or(0.0);
            let tol = 0.1 * record.fs;
            let rr: Vec<f64> = a
                .beats
                .windows(2)
                .filter(|w| {
                    w[0].r_sample as f64 > span("from") - tol && (w[1].r_sample as f64) < span("to") + tol
                })
                .filter_map(|w| w[1].rr_ms)
                .collect();
            let rate = (!rr.is_empty()).then(|| 60_000.0 * rr.len() as f64 / rr.iter().sum::<f64>());
            for (name, value) in
                [("pr", g.pr_ms), ("qrs", g.qrs_ms), ("qt", g.qt_ms), ("p", g.p_duration_ms), ("hr", rate)]
            {
                let reference =
                    if name == "hr" { m.get("rr").map(|v| 60_000.0 / v) } else { m.get(name).copied() };
                match (value, reference) {
                    (Some(v), Some(r)) => {
                        errors.entry((name, odd)).or_default().push(v - r);
                        let limit = match name {
                            "hr" => 2.0,
                            "pr" => 10.0,
                            "qrs" => 8.0,
                            _ => 15.0,
                        };
                        if verbose && (v - r).abs() > 2.0 * limit {
                            println!("{id}: {name} {v:.0} manual {r:.0} ({first}; {label})");
                        }
                    }
                    (None, Some(_)) => missing.entry(name).or_default().0 += 1,
                    (Some(_), None) => missing.entry(name).or_default().1 += 1,
                    (None, None) => {}
                }
            }
        }
    }
    println!("\n## LUDB (131 records given): global intervals, ms (HR: bpm), against the manual marks");
    println!("| value | half | n | mean | sd | median | within limit % |");
    for ((name, odd), list) in &errors {
        let (mean, sd) = mean_sd(list);
        let limit = match *name {
            "hr" => 2.0,
            "pr" => 10.0,
            "qrs" => 8.0,
            _ => 15.0,
        };
        let mut sorted = list.clone();
        sorted.sort_by(f64::total_cmp);
        println!(
            "| {name} | {} | {} | {mean:.1} | {sd:.1} | {:.1} | {:.1} (±{limit}) |",
            if *odd { "odd" } else { "even" },
            list.len(),
            sorted[sorted.len() / 2],
            percent(list.iter().filter(|v| v.abs() <= limit).count(), list.len())
        );
    }
    println!("not measured though marked / measured though not marked: {missing:?}");
    println!("AF or flutter records with a P wave claimed: {af_p} of {af_n}");
    println!("\n## LUDB rhythm: diagnosis -> first statement");
    for ((label, code), ids) in &rhythm {
        let shown = if ids.len() < 9 || verbose { ids.join(" ") } else { String::new() };
        println!("| {label} | {code} | {} | {shown}", ids.len());
    }
    println!("\n## LUDB statements: TP FN FP TN");
    for (name, [tp, fn_, fp, tn]) in &pairs {
        println!(
            "| {name} | {tp} | {fn_} | {fp} | {tn} | F1 {:.2} |",
            percent(2 * tp, 2 * tp + fn_ + fp) / 100.0
        );
    }
}

fn tally(pairs: &mut BTreeMap<&'static str, [usize; 4]>, a: &RestingAnalysis, diagnoses: &str) {
    let said = |codes: &[&str]| a.statements.iter().any(|s| codes.contains(&s.code));
    let labelled = |texts: &[&str]| texts.iter().any(|t| diagnoses.contains(t));
    for (name, codes, texts) in [
        (
            "AF",
            &["atrial_fibrillation", "atrial_fibrillation_rapid", "atrial_fibrillation_slow"][..],
            &["Atrial fibrillation"][..],
        ),
        ("sinus brady", &["sinus_bradycardia"], &["Sinus bradycardia"]),
        ("sinus arrhythmia", &["sinus_arrhythmia"], &["Sinus arrhythmia"]),
        ("I AVB", &["av_block_first_degree"], &["I degree av block"]),
        ("III AVB", &["av_block_third_degree"], &["Iii degree av-block"]),
        ("CRBBB", &["rbbb_complete"], &["Complete right bundle"]),
        ("IRBBB", &["rbbb_incomplete"], &["Incomplete right bundle"]),
        ("CLBBB", &["lbbb_complete"], &["Complete left bundle"]),
        ("ILBBB", &["lbbb_incomplete"], &["Incomplete left bundle"]),
        ("LAFB", &["left_anterior_fascicular_block"], &["Left anterior hemiblock"]),
        (
            "left axis",
            &["axis_left", "left_anterior_fascicular_block"],
            &["left axis deviation", "Left anterior hemiblock"],
        ),
        ("IVCD", &["intraventricular_conduction_delay"], &["intravintricular"]),
        ("LVH", &["lv_high_voltage", "lvh_with_strain"], &["Left ventricular hypertrophy"]),
        (
            "PVC",
            &[
                "ventricular_premature_occasional",
                "ventricular_premature_frequent",
                "ventricular_bigeminy",
                "ventricular_trigeminy",
            ],
            &["Ventricular extrasystole"],
        ),
        (
            "PAC",
            &[
                "supraventricular_premature_occasional",
                "supraventricular_premature_frequent",
                "supraventricular_bigeminy",
            ],
            &["Atrial extrasystole"],
        ),
        ("pacing", &["ventricular_pacing", "atrial_pacing", "dual_chamber_pacing"], &["acemaker", "pacing"]),
        ("STEMI", &["st_elevation_anterior", "st_elevation_inferior", "st_elevation_lateral"], &["Stemi"]),
        ("early repol", &["early_repolarization"], &["Early repolarization"]),
        ("arm reversal", &["limb_lead_reversal"], &["never"]),
    ] {
        let slot = pairs.entry(name).or_default();
        match (labelled(texts), said(codes)) {
            (true, true) => slot[0] += 1,
            (true, false) => slot[1] += 1,
            (false, true) => slot[2] += 1,
            (false, false) => slot[3] += 1,
        }
    }
}
