//! Episodes of atrial fibrillation against the rhythm annotations: by overlap and by duration.

use std::path::Path;

use ecg_signal::{
    beats::classify_beats,
    detect::detect_qrs,
    episodes::{EpisodeRhythm, rhythm_episodes},
};

use super::{detection::record_names, percent, wfdb};

type Spans = Vec<(usize, usize)>;

/// Neighbouring spans joined.
fn joined(spans: Spans) -> Spans {
    let mut out: Spans = Vec::new();
    for (from, to) in spans {
        match out.last_mut() {
            Some(last) if last.1 >= from => last.1 = to,
            _ => out.push((from, to)),
        }
    }
    out
}

fn covered(spans: &Spans, n: usize) -> Vec<bool> {
    let mut out = vec![false; n];
    for (from, to) in spans {
        out[*from..(*to).min(n)].fill(true);
    }
    out
}

/// Sums of a table: episodes of the reference, found among them, told, right among them; seconds.
#[derive(Default, Clone, Copy)]
struct Sums {
    episodes: [usize; 4],
    seconds: [f64; 3],
}

impl Sums {
    fn add(&mut self, reference: &Spans, told: &Spans, ignored: &[bool], fs: f64) -> Self {
        let n = ignored.len();
        let (a, b) = (covered(reference, n), covered(told, n));
        let any = |span: &(usize, usize), of: &[bool]| (span.0..span.1.min(n)).any(|i| of[i]);
        let mut own = Self::default();
        own.episodes[0] = reference.len();
        own.episodes[1] = reference.iter().filter(|s| any(s, &b)).count();
        // An episode that lies mostly in what is ignored is neither right nor wrong.
        let judged: Vec<_> = told
            .iter()
            .filter(|s| 2 * (s.0..s.1.min(n)).filter(|i| ignored[*i]).count() <= s.1 - s.0 || any(s, &a))
            .collect();
        own.episodes[2] = judged.len();
        own.episodes[3] = judged.iter().filter(|s| any(s, &a)).count();
        for i in (0..n).filter(|i| !ignored[*i]) {
            own.seconds[0] += f64::from(u8::from(a[i])) / fs;
            own.seconds[1] += f64::from(u8::from(b[i])) / fs;
            own.seconds[2] += f64::from(u8::from(a[i] && b[i])) / fs;
        }
        for (sum, v) in self.episodes.iter_mut().zip(own.episodes) {
            *sum += v;
        }
        for (sum, v) in self.seconds.iter_mut().zip(own.seconds) {
            *sum += v;
        }
        own
    }

    fn print(&self, title: &str) {
        let [all, found, told, right] = self.episodes;
        let [reference, said, both] = self.seconds;
        println!(
            "| {title} | {found}/{all} | {right}/{told} | {:.2} | {:.2} |",
            100.0 * both / reference.max(1e-9),
            100.0 * both / said.max(1e-9)
        );
    }
}

pub fn report(root: &Path, verbose: bool) {
    println!("\n## Atrial fibrillation: episodes and duration");
    let (mut flutter_ignored, mut flutter_counts, mut fibrillation) =
        (Sums::default(), Sums::default(), Sums::default());
    let (mut records, mut percent_right) = (0, 0);
    let mut lines = Vec::new();
    for folder in ["mitdb", "cpsc2021"] {
        for name in record_names(&root.join(folder)) {
            let base = root.join(folder).join(&name);
            let (Some(record), Some(marks)) =
                (wfdb::read(&base.with_extension("hea")), wfdb::annotations(&base.with_extension("atr")))
            else {
                continue;
            };
            let leads: Vec<&[f32]> = record.leads.iter().map(Vec::as_slice).collect();
            let n = leads[0].len();
            let changes: Vec<(usize, &str)> = marks
                .iter()
                .filter(|m| m.code == 28)
                .map(|m| (m.sample, m.aux.trim_end_matches('\0')))
                .collect();
            let spans = |wanted: &[&str]| -> Spans {
                let ends = changes.iter().skip(1).map(|c| c.0).chain([n]);
                let all = changes.iter().zip(ends).filter(|(c, _)| wanted.contains(&c.1));
                joined(all.map(|(c, to)| (c.0, to)).collect())
            };
            let beats = classify_beats(&leads, record.fs, &detect_qrs(&leads, record.fs));
            let episodes = rhythm_episodes(&beats, record.fs, n);
            let of = |wanted: &[EpisodeRhythm]| -> Spans {
                joined(
                    episodes.iter().filter(|e| wanted.contains(&e.rhythm)).map(|e| (e.from, e.to)).collect(),
                )
            };
            let told = of(&[EpisodeRhythm::AtrialFibrillation]);
            let none = vec![false; n];
            let other = covered(&spans(&["(AFL", "(VFL", "(VT"]), n);
            flutter_ignored.add(&spans(&["(AFIB"]), &told, &other, record.fs);
            let own = fibrillation.add(&spans(&["(AFIB"]), &told, &none, record.fs);
            flutter_counts.add(&spans(&["(AFIB", "(AFL"]), &told, &none, record.fs);
            records += 1;
            percent_right +=
                usize::from(own.episodes[0] == own.episodes[1] && own.episodes[2] == own.episodes[3]);
            if own.episodes[0] + own.episodes[2] > 0 {
                lines.push(format!(
                    "| {name} | {}/{} | {}/{} | {:.0} | {:.0} | {:.0} |",
                    own.episodes[1],
                    own.episodes[0],
                    own.episodes[3],
                    own.episodes[2],
                    own.seconds[0],
                    own.seconds[1],
                    own.seconds[2]
                ));
                if verbose {
                    let s = |v: &Spans| -> Vec<(usize, usize)> {
                        v.iter().map(|(a, b)| (*a / record.fs as usize, *b / record.fs as usize)).collect()
                    };
                    println!(
                        "{name}: told {:?}\n   AFIB {:?}\n   AFL {:?}",
                        s(&told),
                        s(&spans(&["(AFIB"])),
                        s(&spans(&["(AFL"]))
                    );
                }
            }
        }
    }
    println!("| | episodes Se | episodes +P | duration Se % | duration +P % |\n|---|---|---|---|---|");
    flutter_ignored.print("flutter, ventricular flutter and ventricular tachycardia left out");
    fibrillation.print("all, flutter counted as false");
    flutter_counts.print("all, fibrillation and flutter as one");
    println!("records without any false or missed episode: {:.0} %", percent(percent_right, records));
    println!(
        "\n| record | episodes found | episodes right | reference s | found s | both s |\n|---|---|---|---|---|---|"
    );
    lines.iter().for_each(|l| println!("{l}"));
}
