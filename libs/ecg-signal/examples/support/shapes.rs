//! The MIT-BIH records in another shape: what detection and classes lose.

use std::path::Path;

use ecg_signal::beats::{BeatClass, classify_beats};
use ecg_signal::detect::detect_qrs;

use super::detection::{Mit, compare, mit_records};
use super::percent;
use super::resample::resample;

/// Leads and their sample rate, changed.
pub type Alter = fn(&[Vec<f32>], f64) -> (Vec<Vec<f32>>, f64);
type Change = (&'static str, Alter);

fn each(leads: &[Vec<f32>], f: impl Fn(&[f32]) -> Vec<f32>) -> Vec<Vec<f32>> {
    leads.iter().map(|x| f(x)).collect()
}

/// Changes that any recording can undergo.
pub const CHANGES: [Change; 8] = [
    ("as they are", |l, fs| (l.to_vec(), fs)),
    ("200 Hz", |l, fs| (each(l, |x| resample(x, fs, 200.0)), 200.0)),
    ("250 Hz", |l, fs| (each(l, |x| resample(x, fs, 250.0)), 250.0)),
    ("500 Hz", |l, fs| (each(l, |x| resample(x, fs, 500.0)), 500.0)),
    ("1000 Hz", |l, fs| (each(l, |x| resample(x, fs, 1000.0)), 1000.0)),
    ("upside down", |l, fs| (each(l, |x| x.iter().map(|v| -v).collect()), fs)),
    ("four times the height", |l, fs| (each(l, |x| x.iter().map(|v| v * 4.0).collect()), fs)),
    ("a quarter of the height", |l, fs| (each(l, |x| x.iter().map(|v| v / 4.0).collect()), fs)),
];

/// One lead after the other is lost for 5 of every 30 s.
fn dropout(leads: &[Vec<f32>], fs: f64, value: f32) -> Vec<Vec<f32>> {
    let mut out = leads.to_vec();
    for (k, x) in out.iter_mut().enumerate() {
        for (i, v) in x.iter_mut().enumerate() {
            let t = i as f64 / fs;
            if t % 30.0 >= 25.0 && (t / 30.0) as usize % 2 == k {
                *v = value;
            }
        }
    }
    out
}

/// Found and false, of QRS, S and V.
#[derive(Default, Clone, Copy)]
struct Count {
    real: usize,
    found: usize,
    wrong: usize,
}

impl Count {
    fn shares(self) -> [f64; 2] {
        [percent(self.found, self.real), percent(self.found, self.found + self.wrong)]
    }
}

fn count(record: &Mit, leads: &[Vec<f32>], fs: f64, out: &mut [Count; 3]) {
    let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
    let back = record.fs / fs;
    let window = (0.15 * record.fs) as usize;
    let found = detect_qrs(&views, fs);
    let beats: Vec<(usize, BeatClass)> = classify_beats(&views, fs, &found)
        .into_iter()
        .map(|b| ((b.sample as f64 * back) as usize, b.class))
        .filter(|b| record.outside(b.0))
        .collect();
    let at: Vec<usize> = beats.iter().map(|b| b.0).collect();
    let t = compare(&record.reference, &at, window);
    out[0].real += record.reference.len();
    out[0].found += t.tp;
    out[0].wrong += t.fp;
    if record.is_paced() {
        return;
    }
    // EC57: each beat against the nearest of the other side; fusion and unclassifiable beats are no false V.
    let near = |list: &[usize], at: usize| {
        let k = list.partition_point(|x| *x < at);
        [k.checked_sub(1), Some(k)]
            .into_iter()
            .flatten()
            .filter(|i| list.get(*i).is_some_and(|x| x.abs_diff(at) <= window))
            .min_by_key(|i| list[*i].abs_diff(at))
    };
    for (slot, class, symbol) in [(1, BeatClass::Supraventricular, 'S'), (2, BeatClass::Ventricular, 'V')] {
        for (at_real, _) in record.reference.iter().zip(&record.classes).filter(|(_, c)| **c == symbol) {
            out[slot].real += 1;
            out[slot].found += usize::from(near(&at, *at_real).is_some_and(|i| beats[i].1 == class));
        }
        for (at, _) in beats.iter().filter(|b| b.1 == class) {
            let real = near(&record.reference, *at).map(|i| record.classes[i]);
            let excused = real == Some('Q') || (symbol == 'V' && real == Some('F'));
            out[slot].wrong += usize::from(real != Some(symbol) && !excused);
        }
    }
}

/// What is lost by each change, in percentage points.
pub fn report(root: &Path) {
    println!("\n## The MIT-BIH records in another shape, both leads, 150 ms; points of Se / +P lost");
    println!("| change | QRS Se % | QRS +P % | QRS | S | V |");
    println!("|---|---|---|---|---|---|");
    let records = mit_records(root);
    let mut plain: Option<[[f64; 2]; 3]> = None;
    let others: [Change; 3] = [
        ("leads swapped", |l, fs| (l.iter().rev().cloned().collect(), fs)),
        ("one lead flat for 5 of 30 s", |l, fs| (dropout(l, fs, 0.0), fs)),
        ("one lead missing for 5 of 30 s", |l, fs| (dropout(l, fs, f32::NAN), fs)),
    ];
    for (name, change) in CHANGES.into_iter().chain(others) {
        let mut all = [Count::default(); 3];
        for record in &records {
            let (leads, fs) = change(&record.leads, record.fs);
            count(record, &leads, fs, &mut all);
        }
        let shares = all.map(Count::shares);
        let base = *plain.get_or_insert(shares);
        let lost = |k: usize| format!("{:.2} / {:.2}", base[k][0] - shares[k][0], base[k][1] - shares[k][1]);
        let [se, ppv] = shares[0];
        println!("| {name} | {se:.3} | {ppv:.3} | {} | {} | {} |", lost(0), lost(1), lost(2));
    }
}
