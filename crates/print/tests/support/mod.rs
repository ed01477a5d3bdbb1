//! What the tests and the example share: recordings, the sample document, and the tools that look at a PDF.

#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    clippy::expect_used
)] // test support
#![allow(clippy::print_stdout, clippy::panic, clippy::cast_sign_loss)]

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

// The file alone, not the crate: what draws the sheet is pure, and `print` knows no system.
#[path = "../../../ecg/src/sheet.rs"]
pub mod sheet;

pub struct Recording {
    pub sample_rate_hz: f64,
    pub leads: Vec<(String, Vec<f32>)>,
}

impl Recording {
    pub fn leads(&self) -> Vec<(&str, &[f32])> {
        self.leads.iter().map(|(name, samples)| (name.as_str(), samples.as_slice())).collect()
    }
}

/// The folder of public recordings; None, with a message, where it is not there.
pub fn shared_ecg() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("TIANMU_SHARED").map_or(beside, PathBuf::from).join("data/ecg");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} not there", folder.display());
    None
}

/// Reads a WFDB record whose signals are all in format 16 (little endian), enough for the public
/// twelve-lead collections.
pub fn read_wfdb16(header: &Path) -> Result<Recording, Box<dyn Error>> {
    let text = std::fs::read_to_string(header)?;
    let mut lines = text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    let first: Vec<&str> = lines.next().ok_or("empty header")?.split_whitespace().collect();
    let count: usize = first[1].parse()?;
    let sample_rate_hz: f64 = first[2].split('/').next().ok_or("rate")?.parse()?;
    let mut leads = Vec::new();
    let (mut gains, mut offset, mut file) = (Vec::new(), 0, String::new());
    for line in lines.take(count) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        file = parts[0].to_owned();
        let (format, skip) = parts[1].split_once('+').unwrap_or((parts[1], "0"));
        if !format.starts_with("16") {
            return Err(format!("format {format}").into());
        }
        offset = skip.parse()?;
        let gain = parts[2].split('/').next().ok_or("gain")?;
        let (gain, baseline) = match gain.split_once('(') {
            Some((gain, rest)) => (gain.parse::<f64>()?, rest.trim_end_matches(')').parse::<f64>()?),
            None => (gain.parse::<f64>()?, parts[4].parse::<f64>()?),
        };
        gains.push((gain, baseline));
        leads.push((parts[8..].join(" "), Vec::new()));
    }
    let bytes = std::fs::read(header.with_file_name(file))?;
    for frame in bytes[offset..].chunks_exact(2 * count) {
        for (index, pair) in frame.chunks_exact(2).enumerate() {
            let raw = i16::from_le_bytes([pair[0], pair[1]]);
            let (gain, baseline) = gains[index];
            let value =
                if raw == i16::MIN { f32::NAN } else { ((f64::from(raw) - baseline) / gain * 1000.0) as f32 };
            leads[index].1.push(value);
        }
    }
    Ok(Recording { sample_rate_hz, leads })
}

/// Ten seconds at 500 Hz, drawn from Gaussian waves: an anterior infarction pattern at 78/min.
pub fn synthetic() -> Recording {
    let rate = 500.0;
    // Amplitudes in mV: P, Q, R, S, ST level, T.
    let shapes: [(&str, [f64; 6]); 8] = [
        ("I", [0.09, -0.05, 0.62, -0.10, 0.05, 0.22]),
        ("II", [0.14, -0.06, 0.92, -0.16, -0.10, 0.16]),
        ("V1", [0.06, 0.0, 0.22, -0.94, 0.18, 0.38]),
        ("V2", [0.07, 0.0, 0.42, -1.35, 0.34, 0.85]),
        ("V3", [0.07, -0.02, 0.78, -0.92, 0.38, 0.92]),
        ("V4", [0.08, -0.05, 1.35, -0.52, 0.26, 0.70]),
        ("V5", [0.08, -0.08, 1.62, -0.24, 0.10, 0.42]),
        ("V6", [0.08, -0.08, 1.24, -0.10, 0.03, 0.30]),
    ];
    let wave = |t: f64, centre: f64, width: f64| (-((t - centre) / width).powi(2)).exp();
    let lead = |shape: &[f64; 6], n: usize| -> f64 {
        let t = n as f64 / rate;
        let mut sum = 0.02 * (t * 1.3).sin();
        for beat in 0..15 {
            let r = 0.35 + 0.769 * f64::from(beat) + 0.012 * (f64::from(beat) * 1.1).sin();
            let [p, q, rr, s, st, tt] = *shape;
            let dt = t - r;
            sum += p * wave(dt, -0.135, 0.030)
                + q * wave(dt, -0.022, 0.009)
                + rr * wave(dt, 0.0, 0.0125)
                + s * wave(dt, 0.026, 0.0115)
                + st / (1.0 + (-(dt - 0.048) * 160.0).exp()) / (1.0 + ((dt - 0.24) * 34.0).exp())
                + tt * wave(dt, 0.255, 0.052);
        }
        sum * 1000.0
    };
    let samples = |shape: &[f64; 6]| -> Vec<f32> { (0..5000).map(|n| lead(shape, n) as f32).collect() };
    let base: Vec<(String, Vec<f32>)> =
        shapes.iter().map(|(name, s)| ((*name).to_owned(), samples(s))).collect();
    let (one, two) = (base[0].1.clone(), base[1].1.clone());
    let derive =
        |a: f32, b: f32| -> Vec<f32> { one.iter().zip(&two).map(|(i, ii)| a * i + b * ii).collect() };
    let mut leads = base[..2].to_vec();
    leads.push(("III".to_owned(), derive(-1.0, 1.0)));
    leads.push(("aVR".to_owned(), derive(-0.5, -0.5)));
    leads.push(("aVL".to_owned(), derive(1.0, -0.5)));
    leads.push(("aVF".to_owned(), derive(-0.5, 1.0)));
    leads.extend_from_slice(&base[2..]);
    Recording { sample_rate_hz: rate, leads }
}

/// Runs a program with bytes on its standard input; None, with a message, where it is not installed.
pub fn pipe(program: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        println!("skipped: {program} not there (Debian package poppler-utils)");
        return None;
    };
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("ran");
    writer.join().expect("wrote").expect("wrote");
    assert!(output.status.success(), "{program} failed");
    Some(output.stdout)
}

/// The text of a PDF as poppler extracts it, without white space and zero-width spaces
/// (where lines may break is a matter of layout).
pub fn text_of(pdf: &[u8]) -> Option<String> {
    let text = pipe("pdftotext", &["-layout", "-enc", "UTF-8", "-", "-"], pdf)?;
    Some(squeeze(&String::from_utf8(text).expect("UTF-8")))
}

pub fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}

/// One page as RGB pixels, ten to the millimetre.
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pixels: Vec<u8>,
}

impl Picture {
    pub fn of(pdf: &[u8], page: usize) -> Option<Self> {
        let page = page.to_string();
        let ppm = pipe("pdftoppm", &["-r", "254", "-f", &page, "-l", &page, "-"], pdf)?;
        assert!(!ppm.is_empty(), "pdftoppm gave no picture");
        let mut fields = ppm.splitn(4, |b| b.is_ascii_whitespace());
        let mut number =
            || -> usize { std::str::from_utf8(fields.next().unwrap()).unwrap().parse().unwrap_or(0) };
        let (_, width, height) = (number(), number(), number());
        let body = ppm.len() - width * height * 3;
        Some(Self { width, height, pixels: ppm[body..].to_vec() })
    }

    pub fn rgb(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
    }

    pub fn is_black(&self, x: usize, y: usize) -> bool {
        self.rgb(x, y).iter().all(|c| *c < 110)
    }

    /// How far from grey towards red, 0 to 255.
    pub fn redness(&self, x: usize, y: usize) -> i32 {
        let [r, g, b] = self.rgb(x, y).map(i32::from);
        r - (g + b) / 2
    }
}
