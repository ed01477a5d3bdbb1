//! LUDB: waves of every lead against the manual marks of that lead.

use std::{fs, path::Path};

use ecg_signal::{Criteria, Lead, LeadWaves, Signal, Wave, delineate_leads};

use super::{
    mean_sd,
    shapes::{Alter, CHANGES},
    wfdb,
};

/// How far from a mark the same limit may lie, ms.
const TOLERANCE_MS: f64 = 150.0;

#[derive(Default, Clone)]
struct Score {
    hit: usize,
    missed: usize,
    extra: usize,
    on_ms: Vec<f64>,
    off_ms: Vec<f64>,
}

impl Score {
    fn f1(&self) -> f64 {
        200.0 * self.hit as f64 / (2 * self.hit + self.missed + self.extra).max(1) as f64
    }

    /// One-to-one by the nearest onset, in order of time; only inside the marked span.
    fn count(&mut self, manual: &[Wave], found: &[Wave], span: (usize, usize), fs_hz: f64) {
        let tolerance = (TOLERANCE_MS * fs_hz / 1000.0) as usize;
        let mut used = vec![false; found.len()];
        for m in manual {
            let best = found
                .iter()
                .enumerate()
                .filter(|(k, f)| !used[*k] && f.peak.abs_diff(m.peak) <= tolerance)
                .min_by_key(|(_, f)| f.peak.abs_diff(m.peak));
            match best {
                Some((k, f)) => {
                    used[k] = true;
                    self.hit += 1;
                    let ms = |a: usize, b: usize| (a as f64 - b as f64) * 1000.0 / fs_hz;
                    self.on_ms.push(ms(f.on, m.on));
                    self.off_ms.push(ms(f.off, m.off));
                }
                None => self.missed += 1,
            }
        }
        self.extra += found
            .iter()
            .zip(&used)
            .filter(|(f, used)| !**used && f.peak >= span.0 && f.peak <= span.1)
            .count();
    }
}

/// Scores of P, QRS and T over the records whose number fits, changed; what is found is brought back to the record's samples.
/// `alone` judges each lead from itself.
fn scores(root: &Path, wanted: impl Fn(u32) -> bool, change: Alter, alone: bool) -> [Score; 3] {
    let mut scores = [Score::default(), Score::default(), Score::default()];
    let folder = root.join("ludb");
    let records = fs::read_to_string(folder.join("RECORDS")).unwrap_or_default();
    for id in records.lines().map(|l| l.trim().trim_start_matches("data/")).filter(|l| !l.is_empty()) {
        if id.parse::<u32>().map_or(true, |n| !wanted(n)) {
            continue;
        }
        let Some(record) = wfdb::read(&folder.join("data").join(format!("{id}.hea"))) else { continue };
        let (changed, rate) = change(&record.leads, record.fs);
        let leads: Vec<(Lead, &[f32])> = record
            .labels
            .iter()
            .zip(&changed)
            .filter_map(|(label, x)| Lead::from_label(label).map(|l| (l, x.as_slice())))
            .collect();
        let waves: Vec<LeadWaves> = leads
            .chunks(if alone { 1 } else { leads.len().max(1) })
            .map(|leads| Signal { sample_rate_hz: rate, leads: leads.to_vec() })
            .filter_map(|signal| delineate_leads(&signal, &Criteria::builtin()).ok())
            .flatten()
            .collect();
        let back = |at: usize| (at as f64 * record.fs / rate).round() as usize;
        let back = |w: Wave| Wave { on: back(w.on), peak: back(w.peak), off: back(w.off) };
        for lead in &waves {
            let file = folder.join("data").join(format!("{id}.{}", lead.lead.label().to_lowercase()));
            let Some(list) = wfdb::annotations(&file) else { continue };
            let mut manual: [Vec<Wave>; 3] = Default::default();
            for w in list.windows(3) {
                let kind = match w[1].code {
                    24 => 0,
                    1 => 1,
                    27 => 2,
                    _ => continue,
                };
                if w[0].code == 39 && w[2].code == 40 {
                    manual[kind].push(Wave { on: w[0].sample, peak: w[1].sample, off: w[2].sample });
                }
            }
            let (Some(first), Some(last)) = (list.first(), list.last()) else { continue };
            let span = (first.sample, last.sample);
            let own: [Vec<Wave>; 3] = [
                lead.beats.iter().filter_map(|b| b.p).map(back).collect(),
                lead.beats.iter().map(|b| back(b.qrs)).collect(),
                lead.beats.iter().filter_map(|b| b.t).map(back).collect(),
            ];
            for kind in 0..3 {
                scores[kind].count(&manual[kind], &own[kind], span, record.fs);
            }
        }
    }
    scores
}

pub fn report(root: &Path) {
    println!(
        "| half | wave | F1 % | Se % | +P % | onset mean ± sd ms | end mean ± sd ms |\n|---|---|---|---|---|---|---|"
    );
    for (half, name) in [(0, "even"), (1, "odd")] {
        let scores = scores(root, |n| n % 2 == half, |l, fs| (l.to_vec(), fs), false);
        for (score, wave) in scores.iter().zip(["P", "QRS", "T"]) {
            let (on, off) = (mean_sd(&score.on_ms), mean_sd(&score.off_ms));
            println!(
                "| {name} | {wave} | {:.2} | {:.2} | {:.2} | {:.1} ± {:.1} | {:.1} ± {:.1} |",
                score.f1(),
                100.0 * score.hit as f64 / (score.hit + score.missed).max(1) as f64,
                100.0 * score.hit as f64 / (score.hit + score.extra).max(1) as f64,
                on.0,
                on.1,
                off.0,
                off.1
            );
        }
    }
    println!(
        "\n| change | F1 % P | QRS | T | sd ms P onset | QRS onset | QRS end | T end |\n|---|---|---|---|---|---|---|---|"
    );
    let unchanged: Alter = |l, fs| (l.to_vec(), fs);
    let rows = CHANGES.into_iter().map(|(name, change)| (name, change, false));
    for (name, change, alone) in rows.chain([("each lead alone", unchanged, true)]) {
        let [p, qrs, t] = scores(root, |_| true, change, alone);
        let sd = |v: &[f64]| mean_sd(v).1;
        println!(
            "| {name} | {:.2} | {:.2} | {:.2} | {:.1} | {:.1} | {:.1} | {:.1} |",
            p.f1(),
            qrs.f1(),
            t.f1(),
            sd(&p.on_ms),
            sd(&qrs.on_ms),
            sd(&qrs.off_ms),
            sd(&t.off_ms)
        );
    }
}
