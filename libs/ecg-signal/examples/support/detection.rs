//! QRS detection: one-to-one match within a window, per record and gross.

use std::{fs, path::Path};

use ecg_signal::detect::detect_qrs;

use super::{percent, wfdb};

#[derive(Default, Clone, Copy)]
pub struct Tally {
    pub tp: usize,
    pub fn_: usize,
    pub fp: usize,
    pub error: f64,
}

/// Each reference beat takes the nearest free detection within the window, in order of time.
pub fn compare(reference: &[usize], found: &[usize], window: usize) -> Tally {
    let mut t = Tally::default();
    let (mut i, mut j) = (0, 0);
    while i < reference.len() && j < found.len() {
        let (r, f) = (reference[i], found[j]);
        let d = r.abs_diff(f);
        if d <= window {
            // A nearer partner on either side goes first.
            if j + 1 < found.len() && r.abs_diff(found[j + 1]) < d {
                t.fp += 1;
                j += 1;
                continue;
            }
            if i + 1 < reference.len() && reference[i + 1].abs_diff(f) < d {
                t.fn_ += 1;
                i += 1;
                continue;
            }
            t.tp += 1;
            t.error += d as f64;
            i += 1;
            j += 1;
        } else if r < f {
            t.fn_ += 1;
            i += 1;
        } else {
            t.fp += 1;
            j += 1;
        }
    }
    t.fn_ += reference.len() - i;
    t.fp += found.len() - j;
    t
}

/// An MIT-BIH record with its reference, ventricular flutter left out.
pub struct Mit {
    pub name: String,
    pub fs: f64,
    pub leads: Vec<Vec<f32>>,
    pub reference: Vec<usize>,
    /// AAMI class of each reference beat: N, S, V, F or Q.
    pub classes: Vec<char>,
    /// Normal beats, bundle branch block included: what `sigamp` measures.
    pub normal: Vec<usize>,
    flutter: Vec<(usize, usize)>,
}

impl Mit {
    /// Of no use for beat classes.
    pub fn is_paced(&self) -> bool {
        ["102", "104"].contains(&self.name.as_str())
    }

    pub fn outside(&self, sample: usize) -> bool {
        !self.flutter.iter().any(|(a, b)| sample >= *a && sample <= *b)
    }
}

fn aami_class(code: u8) -> char {
    match code {
        4 | 7 | 8 | 9 => 'S',
        5 | 10 => 'V',
        6 => 'F',
        12 | 13 | 38 => 'Q',
        _ => 'N',
    }
}

/// Records of a folder, in order of their names.
pub fn record_names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| e.file_name().to_str()?.strip_suffix(".hea").map(str::to_owned))
        .collect();
    names.sort();
    names
}

pub fn mit_records(root: &Path) -> Vec<Mit> {
    let names = record_names(&root.join("mitdb"));
    let read = |name: String| {
        let base = root.join("mitdb").join(&name);
        let record = wfdb::read(&base.with_extension("hea"))?;
        let marks = wfdb::annotations(&base.with_extension("atr"))?;
        let mut flutter = Vec::new();
        let mut open = None;
        for m in &marks {
            match m.code {
                32 => open = Some(m.sample),
                33 => flutter.extend(open.take().map(|from| (from, m.sample))),
                _ => {}
            }
        }
        let mut out = Mit {
            name,
            fs: record.fs,
            leads: record.leads,
            reference: Vec::new(),
            classes: Vec::new(),
            normal: Vec::new(),
            flutter,
        };
        (out.reference, out.classes) = marks
            .iter()
            .filter(|m| wfdb::is_beat(m.code) && out.outside(m.sample))
            .map(|m| (m.sample, aami_class(m.code)))
            .unzip();
        out.normal = marks.iter().filter(|m| (1..=3).contains(&m.code)).map(|m| m.sample).collect();
        Some(out)
    };
    names.into_iter().filter_map(read).collect()
}

pub fn mitdb(root: &Path, verbose: bool) {
    println!("\n## QRS detection, MIT-BIH records given (DS1, 102, 104), 150 ms, whole record");
    let records = mit_records(root);
    for (title, both) in [("two leads", true), ("first lead (114: second, MLII)", false)] {
        let (mut all, mut ds1) = (Tally::default(), Tally::default());
        let mut seconds = 0.0;
        println!("| record | beats | FN | FP | Se % | +P % |  ({title})");
        for record in &records {
            let (name, reference) = (&record.name, &record.reference);
            let leads: Vec<&[f32]> = if both {
                record.leads.iter().map(Vec::as_slice).collect()
            } else {
                vec![record.leads[usize::from(name == "114")].as_slice()]
            };
            let start = std::time::Instant::now();
            let found: Vec<usize> =
                detect_qrs(&leads, record.fs).into_iter().filter(|s| record.outside(*s)).collect();
            seconds += start.elapsed().as_secs_f64();
            let t = compare(reference, &found, (0.15 * record.fs) as usize);
            if verbose {
                let w = (0.15 * record.fs) as usize;
                let ms = |d: usize| d * 1000 / record.fs as usize;
                for f in found.iter().filter(|f| !reference.iter().any(|r| r.abs_diff(**f) <= w)) {
                    let k = reference.partition_point(|r| r < f);
                    let before = k.checked_sub(1).map_or(0, |j| ms(f - reference[j]));
                    println!("FP {name} {f} +{before} -{}", reference.get(k).map_or(0, |r| ms(r - f)));
                }
                for r in reference.iter().filter(|r| !found.iter().any(|f| r.abs_diff(*f) <= w)) {
                    println!("FN {name} {r}");
                }
            }
            let paced = ["102", "104"].contains(&name.as_str());
            for (sum, take) in [(&mut all, true), (&mut ds1, !paced)] {
                if take {
                    sum.tp += t.tp;
                    sum.fn_ += t.fn_;
                    sum.fp += t.fp;
                    sum.error += t.error / record.fs * 1000.0;
                }
            }
            if verbose || t.fn_ + t.fp > 4 {
                println!(
                    "| {name} | {} | {} | {} | {:.2} | {:.2} |",
                    reference.len(),
                    t.fn_,
                    t.fp,
                    percent(t.tp, t.tp + t.fn_),
                    percent(t.tp, t.tp + t.fp)
                );
            }
        }
        for (label, t) in [("DS1 gross", ds1), ("all given gross", all)] {
            println!(
                "{title}, {label}: Se {:.3} +P {:.3} TP {} FN {} FP {} mean |error| {:.1} ms",
                percent(t.tp, t.tp + t.fn_),
                percent(t.tp, t.tp + t.fp),
                t.tp,
                t.fn_,
                t.fp,
                t.error / t.tp.max(1) as f64
            );
        }
        println!("time {seconds:.2} s for {} records", records.len());
    }
}

/// CPSC2019: the recordings are compressed MATLAB 5 files; the evaluation reads them with a small inflate.
pub fn cpsc2019(root: &Path, verbose: bool) {
    println!("\n## QRS detection, CPSC2019 (15 given), 75 ms, 0.5 to 9.5 s");
    let mut all = Tally::default();
    let mut names: Vec<_> =
        fs::read_dir(root.join("cpsc2019/data")).into_iter().flatten().flatten().map(|e| e.path()).collect();
    names.sort();
    let fs_hz = 500.0;
    let inside = |s: &usize| (250..=4750).contains(s);
    for path in names {
        let reference_path = root
            .join("cpsc2019/ref")
            .join(path.file_name().unwrap_or_default().to_string_lossy().replace("data_", "R_"));
        let (Some(x), Some(r)) =
            (super::matfile::first_matrix(&path), super::matfile::first_matrix(&reference_path))
        else {
            continue;
        };
        let x: Vec<f32> = x.into_iter().map(|v| v as f32 * 1000.0).collect();
        let reference: Vec<usize> = r.into_iter().map(|v| v as usize).filter(inside).collect();
        let found: Vec<usize> = detect_qrs(&[&x], fs_hz).into_iter().filter(inside).collect();
        let t = compare(&reference, &found, (0.075 * fs_hz) as usize);
        all.tp += t.tp;
        all.fn_ += t.fn_;
        all.fp += t.fp;
        if verbose || t.fn_ + t.fp > 0 {
            println!(
                "| {} | {} | {} | {} |",
                path.file_stem().unwrap_or_default().display(),
                reference.len(),
                t.fn_,
                t.fp
            );
        }
    }
    println!(
        "gross: Se {:.2} +P {:.2} (FN {} FP {})",
        percent(all.tp, all.tp + all.fn_),
        percent(all.tp, all.tp + all.fp),
        all.fn_,
        all.fp
    );
}
