//! QRS detection under added noise, as in the MIT-BIH noise stress test.

use std::{fs, path::Path};

use ecg_signal::detect::detect_qrs;

use super::{
    detection::{Mit, compare, mit_records},
    matfile, percent,
};

/// Noise begins after 5 minutes and then comes for 2 of every 4, as `nst` does.
const QUIET_S: f64 = 300.0;
const STRETCH_S: f64 = 120.0;

/// The mean without the highest and lowest 5 %, as `sigamp` does it.
fn trimmed(mut v: Vec<f64>) -> f64 {
    v.sort_by(f64::total_cmp);
    let cut = v.len() / 20;
    let kept = &v[cut..v.len() - cut];
    kept.iter().sum::<f64>() / kept.len().max(1) as f64
}

/// Peak to peak of the first 300 normal QRS within ±50 ms.
fn signal_height(x: &[f32], normal: &[usize], fs: f64) -> f64 {
    let reach = (0.05 * fs) as usize;
    let heights = normal.iter().filter(|r| **r >= reach && **r + reach < x.len()).take(300).map(|r| {
        let w = &x[r - reach..=r + reach];
        let top = w.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        f64::from(top - w.iter().copied().fold(f32::INFINITY, f32::min))
    });
    trimmed(heights.collect())
}

/// Root mean square of the noise in pieces of one second, each around its own mean.
fn noise_size(x: &[f64], fs: f64) -> f64 {
    let pieces = x.chunks_exact(fs as usize).map(|w| {
        let mean = w.iter().sum::<f64>() / w.len() as f64;
        (w.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / w.len() as f64).sqrt()
    });
    trimmed(pieces.collect())
}

/// What the noise is multiplied by: a sine as high as the QRS has the power height² / 8.
fn gain(height: f64, size: f64, snr_db: f64) -> f64 {
    height / 8.0_f64.sqrt() / size / 10.0_f64.powf(snr_db / 20.0)
}

/// The record with noise; the noise (30 s) is repeated, its first lead for the first lead.
fn mixed(record: &Mit, noise: &[Vec<f64>], snr_db: f64) -> Vec<Vec<f32>> {
    let fs = record.fs;
    let mut out = record.leads.clone();
    for (x, noise) in out.iter_mut().zip(noise) {
        let (height, size) = (signal_height(x, &record.normal, fs), noise_size(noise, fs));
        assert!(height > 0.0 && size > 0.0, "{}: nothing to mix", record.name);
        let k = gain(height, size, snr_db);
        for (i, v) in x.iter_mut().enumerate() {
            let t = i as f64 / fs - QUIET_S;
            if t >= 0.0 && t % (2.0 * STRETCH_S) < STRETCH_S {
                *v += (k * noise[i % noise.len()]) as f32;
            }
        }
    }
    out
}

/// `keep`: a folder into which the first leads are written, for `reference/peers.py`.
pub fn noise(root: &Path, keep: Option<&Path>) {
    // By hand: a QRS of 1000 and noise of size 250 at 6 dB: 353.55 / 250 / 1.99526 = 0.70878.
    assert!((gain(1000.0, 250.0, 6.0) - 0.708_78).abs() < 1e-5);
    println!("\n## QRS detection under noise: 118 and 119, from 5:00, 150 ms; Se / +P %");
    println!("| noise | SNR dB | both leads 118 | both leads 119 | first lead 118 | first lead 119 |");
    println!("|---|---|---|---|---|---|");
    let records: Vec<Mit> =
        mit_records(root).into_iter().filter(|r| ["118", "119"].contains(&r.name.as_str())).collect();
    for kind in ["bw", "em", "ma"] {
        let path = root.join("noise").join(format!("{}.mat", kind.to_uppercase()));
        let Some(noise) = matfile::noise_leads(&path) else { continue };
        for snr in [24.0, 18.0, 12.0, 6.0, 0.0] {
            let mut cells = Vec::new();
            for both in [true, false] {
                for record in &records {
                    let leads = mixed(record, &noise, snr);
                    if let Some(folder) = keep.filter(|_| !both) {
                        let bytes: Vec<u8> = leads[0].iter().flat_map(|v| v.to_le_bytes()).collect();
                        let to = folder.join(format!("{}_{kind}_{snr}.f32", record.name));
                        if let Err(e) = fs::write(&to, bytes) {
                            println!("{} not written: {e}", to.display());
                        }
                    }
                    let views: Vec<&[f32]> =
                        leads.iter().take(if both { 2 } else { 1 }).map(Vec::as_slice).collect();
                    let late = |s: &usize| *s as f64 >= QUIET_S * record.fs;
                    let found: Vec<usize> = detect_qrs(&views, record.fs).into_iter().filter(late).collect();
                    let reference: Vec<usize> = record.reference.iter().copied().filter(late).collect();
                    let t = compare(&reference, &found, (0.15 * record.fs) as usize);
                    cells.push(format!(
                        "{:.2} / {:.2}",
                        percent(t.tp, t.tp + t.fn_),
                        percent(t.tp, t.tp + t.fp)
                    ));
                }
            }
            println!("| {kind} | {snr} | {} |", cells.join(" | "));
        }
    }
}
