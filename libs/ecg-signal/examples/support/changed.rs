//! Records changed by program: electrodes swapped, spikes and noise added, other sampling rates and gains.

use std::{collections::BTreeMap, path::Path};

use ecg_signal::{Criteria, Lead, NoiseClass, RestingAnalysis, Signal, Subject, analyze_resting};

use super::{
    cases::{Case, Source},
    matfile,
    resample::resample,
    signal_of, wfdb,
};

type Leads = Vec<(Lead, Vec<f32>)>;

fn leads_of(case: &Case) -> Leads {
    signal_of(&case.record).leads.into_iter().map(|(l, x)| (l, x.to_vec())).collect()
}

fn judge(leads: &Leads, fs_hz: f64, subject: &Subject) -> Option<RestingAnalysis> {
    let signal =
        Signal { sample_rate_hz: fs_hz, leads: leads.iter().map(|(l, x)| (*l, x.as_slice())).collect() };
    analyze_resting(&signal, subject, &Criteria::builtin()).ok()
}

fn says(a: &RestingAnalysis, start: &str) -> bool {
    a.statements.iter().any(|s| s.code.starts_with(start))
}

/// Places of the electrodes RA, LA, LL, RL: which body site each of them lies on.
const LIMB_SWAPS: [(&str, [usize; 4]); 6] = [
    ("RA and LA", [1, 0, 2, 3]),
    ("RA and LL", [2, 1, 0, 3]),
    ("LA and LL", [0, 2, 1, 3]),
    ("RA and RL", [3, 1, 2, 0]),
    ("LA and RL", [0, 3, 2, 1]),
    ("RA to LA to LL (turned)", [1, 2, 0, 3]),
];

/// The potentials of the sites follow from I and II up to a common level; the right leg is taken as the left leg, from
/// which it differs by hundredths. Chest leads move with Wilson's terminal.
fn swap_limbs(leads: &Leads, place: [usize; 4]) -> Option<Leads> {
    let get = |lead: Lead| leads.iter().find(|(l, _)| *l == lead).map(|(_, x)| x);
    let (i, ii) = (get(Lead::I)?, get(Lead::II)?);
    let mut out = leads.clone();
    for k in 0..i.len() {
        let site = [0.0, i[k], ii[k], 0.98 * ii[k]];
        let [ra, la, ll, _] = place.map(|s| site[s]);
        let shift = (i[k] + ii[k]) / 3.0 - (ra + la + ll) / 3.0;
        for (lead, x) in &mut out {
            x[k] = match lead {
                Lead::I => la - ra,
                Lead::II => ll - ra,
                Lead::III => ll - la,
                Lead::AVR => ra - (la + ll) / 2.0,
                Lead::AVL => la - (ra + ll) / 2.0,
                Lead::AVF => ll - (ra + la) / 2.0,
                _ => x[k] + shift,
            };
        }
    }
    Some(out)
}

pub fn placement(ludb: &[Case], cinc: &[Case], verbose: bool) {
    println!("\n## Electrodes swapped by program: found / all, even and odd records");
    println!("| change | records | even | odd |");
    println!("|---|---|---|---|");
    let mut table: BTreeMap<(usize, String), [(usize, usize); 2]> = BTreeMap::new();
    let mut add = |order: usize, name: String, odd: bool, hit: bool| {
        let slot = &mut table.entry((order, name)).or_default()[usize::from(odd)];
        slot.0 += usize::from(hit);
        slot.1 += 1;
    };
    for case in ludb.iter().chain(cinc) {
        let leads = leads_of(case);
        let fs_hz = case.record.fs;
        let Some(a) = judge(&leads, fs_hz, &case.subject) else { continue };
        let own = case.source == Source::Ludb;
        let set = if own { "LUDB" } else { "SNOMED" };
        let (limb, chest) = (says(&a, "limb_lead_reversal"), says(&a, "chest_lead_reversal"));
        if verbose && (limb || chest) && !case.odd {
            println!("{}: said as it is: limb {limb} chest {chest}", case.id);
        }
        add(0, format!("none: limb leads not suspected | {set}"), case.odd, !limb);
        add(0, format!("none: chest leads not suspected | {set}"), case.odd, !chest);
        if !own {
            for (k, (name, place)) in LIMB_SWAPS.iter().enumerate() {
                let Some(swapped) = swap_limbs(&leads, *place) else { continue };
                let Some(a) = judge(&swapped, fs_hz, &case.subject) else { continue };
                let hit = says(&a, "limb_lead_reversal");
                if verbose && !hit && !case.odd && k != 2 {
                    println!("{}: {name} not found", case.id);
                }
                add(1 + k, format!("{name} | {set}"), case.odd, hit);
            }
        }
        for (i, j) in [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 2), (0, 5), (1, 4)] {
            let mut swapped = leads.clone();
            let at = |lead: Lead| leads.iter().position(|(l, _)| *l == lead);
            let (Some(a), Some(b)) = (at(Lead::CHEST[i]), at(Lead::CHEST[j])) else { continue };
            swapped[a].1.clone_from(&leads[b].1);
            swapped[b].1.clone_from(&leads[a].1);
            let Some(a) = judge(&swapped, fs_hz, &case.subject) else { continue };
            add(
                10 + i * 6 + j,
                format!("V{} and V{} | {set}", i + 1, j + 1),
                case.odd,
                says(&a, "chest_lead_reversal"),
            );
        }
    }
    for ((_, name), halves) in table {
        let show = |(hit, all): (usize, usize)| {
            format!("{hit} / {all} ({:.0} %)", 100.0 * hit as f64 / all.max(1) as f64)
        };
        println!("| {name} | {} | {} |", show(halves[0]), show(halves[1]));
    }
}

pub fn pacing(root: &Path, ludb: &[Case], cinc: &[Case]) {
    println!("\n## Pacing");
    println!("| records | called paced | all |");
    println!("|---|---|---|");
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut add = |name: String, hit: bool| {
        let slot = counts.entry(name).or_default();
        slot.0 += usize::from(hit);
        slot.1 += 1;
    };
    let paced = |a: &RestingAnalysis| a.statements.iter().any(|s| s.code.ends_with("_pacing"));
    for case in ludb.iter().chain(cinc) {
        let labelled = case.has(&["10370003", "251266004", "251268003"])
            || case.has(&["ventricular pacing", "P-synchrony"]);
        let leads = leads_of(case);
        let Some(a) = judge(&leads, case.record.fs, &case.subject) else { continue };
        add(format!("{} by the label", if labelled { "1 paced" } else { "2 not paced" }), paced(&a));
        if labelled {
            continue;
        }
        // A spike of one or two samples, 20 ms before the QRS, in the direction of a right ventricular lead.
        for height in [200.0_f32, 500.0, 1000.0, 3000.0] {
            let mut with = leads.clone();
            let lead_in = a.median.fiducials.qrs_on.map_or(60.0, |on| 0.45 * case.record.fs - on as f64);
            for beat in &a.beats {
                let Some(at) = beat.r_sample.checked_sub((lead_in + 0.02 * case.record.fs) as usize) else {
                    continue;
                };
                for (lead, x) in &mut with {
                    let part = match lead {
                        Lead::I => 0.3,
                        Lead::II | Lead::AVF | Lead::III => 0.9,
                        Lead::AVR => -0.6,
                        Lead::AVL => -0.3,
                        Lead::V1 | Lead::V2 => -0.5,
                        _ => 0.5,
                    };
                    if let Some(v) = x.get_mut(at) {
                        *v += height * part;
                    }
                }
            }
            let Some(b) = judge(&with, case.record.fs, &case.subject) else { continue };
            add(format!("3 spikes of {height:4.0} uV added before each QRS"), paced(&b));
        }
    }
    for (name, count) in [("102", 40), ("104", 40), ("101", 40), ("119", 40), ("208", 40)] {
        let Some(record) = wfdb::read(&root.join("mitdb").join(format!("{name}.hea"))) else { continue };
        let n = (10.0 * record.fs) as usize;
        for k in 0..count {
            // Two chest-and-limb leads under names that the library knows.
            let leads: Leads = [Lead::V5, Lead::V2]
                .into_iter()
                .zip(&record.leads)
                .filter_map(|(l, x)| x.get(k * n..(k + 1) * n).map(|x| (l, x.to_vec())))
                .collect();
            let Some(a) = judge(&leads, record.fs, &Subject::default()) else { continue };
            add(format!("4 MIT-BIH {name}, strips of 10 s at 360 Hz, two leads"), paced(&a));
        }
    }
    for (name, (hit, all)) in counts {
        println!("| {} | {hit} | {all} |", &name[2..]);
    }
}

pub fn noise(root: &Path, cinc: &[Case], ludb: &[Case]) {
    println!("\n## Noise added to every lead: class of the recording, even and odd records");
    println!("| noise | SNR dB | good | acceptable | unusable | records with a beat missed or invented |");
    println!("|---|---|---|---|---|---|");
    for kind in ["bw", "em", "ma"] {
        let path = root.join("noise").join(format!("{}.mat", kind.to_uppercase()));
        let Some(columns) = matfile::noise_leads(&path) else { continue };
        for snr in [30.0_f64, 24.0, 18.0, 12.0, 6.0, 0.0, -6.0] {
            let (mut classes, mut wrong) = ([0_usize; 3], 0);
            for (k, case) in ludb.iter().chain(cinc).enumerate().filter(|(k, _)| k % 4 == 0) {
                let mut leads = leads_of(case);
                let Some(clean) = judge(&leads, case.record.fs, &case.subject) else { continue };
                if clean.noise_class != NoiseClass::Good {
                    continue;
                }
                for (number, (lead, x)) in leads.iter_mut().enumerate() {
                    let Some(span) =
                        clean.per_lead.iter().find(|m| m.lead == *lead).and_then(|m| m.qrs_peak_to_peak_uv)
                    else {
                        continue;
                    };
                    let source = &columns[number % columns.len()];
                    let start = (k * 7919 + number * 33_333) % (source.len() - 3_700);
                    let step = 360.0 / case.record.fs;
                    let added: Vec<f64> = (0..x.len())
                        .map(|i| source[(start + (i as f64 * step) as usize) % source.len()])
                        .collect();
                    let mean = added.iter().sum::<f64>() / added.len() as f64;
                    let power = added.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / added.len() as f64;
                    let gain = (span * span / 8.0 / 10.0_f64.powf(snr / 10.0) / power.max(1e-9)).sqrt();
                    for (v, a) in x.iter_mut().zip(&added) {
                        *v += (gain * (a - mean)) as f32;
                    }
                }
                let Some(a) = judge(&leads, case.record.fs, &case.subject) else { continue };
                classes[a.noise_class as usize] += 1;
                wrong += usize::from(a.beats.len() != clean.beats.len());
            }
            println!("| {kind} | {snr} | {} | {} | {} | {wrong} |", classes[0], classes[1], classes[2]);
        }
    }
}

fn map(leads: &Leads, f: impl Fn(&[f32]) -> Vec<f32>) -> Leads {
    leads.iter().map(|(l, x)| (*l, f(x))).collect()
}

/// Statements that rest on heights in µV alone: they may change with the gain, under a statement that says so.
const HEIGHTS: [&str; 20] = [
    "low_voltage",
    "low_voltage_limb",
    "lv_high_voltage",
    "lvh_with_strain",
    "rv_hypertrophy",
    "st_elevation_anterior",
    "st_elevation_inferior",
    "st_elevation_lateral",
    "early_repolarization",
    "st_depression",
    "t_inversion",
    "t_tall",
    "t_flat",
    "right_atrial_enlargement",
    "brugada_type_1",
    "q_abnormal",
    "poor_quality",
    "normal_ecg",
    "amplitude_implausible",
    "limb_leads_inconsistent",
];

/// Name, whether every statement must stand, and the change.
type Change = (&'static str, bool, fn(&Leads, f64) -> (Leads, f64));

pub fn shapes(ludb: &[Case], cinc: &[Case], verbose: bool) {
    println!("\n## The same records in another shape: first statement kept; statements kept, lost, new");
    println!("| change | first statement kept | kept | lost | new | amplitude flagged |");
    println!("|---|---|---|---|---|---|");
    let codes = |a: &RestingAnalysis, all: bool| -> Vec<&'static str> {
        a.statements.iter().map(|s| s.code).filter(|c| all || !HEIGHTS.contains(c)).collect()
    };
    let changes: [Change; 6] = [
        ("250 Hz", true, |l, fs| (map(l, |x| resample(x, fs, 250.0)), 250.0)),
        ("1000 Hz", true, |l, fs| (map(l, |x| resample(x, fs, 1000.0)), 1000.0)),
        ("200 Hz", true, |l, fs| (map(l, |x| resample(x, fs, 200.0)), 200.0)),
        ("four times the height", false, |l, fs| (map(l, |x| x.iter().map(|v| v * 4.0).collect()), fs)),
        ("a quarter of the height", false, |l, fs| (map(l, |x| x.iter().map(|v| v / 4.0).collect()), fs)),
        ("upside down (rhythm alone)", false, |l, fs| (map(l, |x| x.iter().map(|v| -v).collect()), fs)),
    ];
    for (name, all, change) in changes {
        let (mut first, mut n, mut kept, mut lost, mut new, mut flagged) = (0, 0, 0, 0, 0, 0);
        for case in ludb.iter().chain(cinc) {
            let leads = leads_of(case);
            let (other, fs_hz) = change(&leads, case.record.fs);
            let (Some(a), Some(b)) =
                (judge(&leads, case.record.fs, &case.subject), judge(&other, fs_hz, &case.subject))
            else {
                continue;
            };
            n += 1;
            let same = a.statements.first().map(|s| s.code) == b.statements.first().map(|s| s.code);
            first += usize::from(same);
            let (x, y) = (codes(&a, all), codes(&b, all));
            kept += x.iter().filter(|c| y.contains(c)).count();
            lost += x.iter().filter(|c| !y.contains(c)).count();
            new += y.iter().filter(|c| !x.contains(c)).count();
            flagged += usize::from(says(&b, "amplitude_implausible"));
            if verbose && (!same || x != y) {
                let only = |x: &[&'static str], y: &[&'static str]| -> Vec<&'static str> {
                    x.iter().copied().filter(|c| !y.contains(c)).collect()
                };
                println!("{name}: {} lost {:?} new {:?}", case.id, only(&x, &y), only(&y, &x));
            }
        }
        println!("| {name} | {first} / {n} | {kept} | {lost} | {new} | {flagged} |");
    }
}
