//! `score`: beat-by-beat comparison of two annotation files (ANSI/AAMI EC57:2012, 4.3), in the line format of WFDB's `bxb`.
//!
//! Both files are walked in order of time. The earlier of the two current beats takes the other for its match when that lies
//! within the window and is nearer to it than to the beat after it; else it stays without a match. Beats inside
//! ventricular flutter or fibrillation (`[` to `]`) of the reference are left out; inside a shutdown (both signals
//! unreadable by a `~` annotation) the match is `X`.

use crate::{ToolError, record};
use ecg_format::wfdb::{self, RawAnnotation, read_header};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The columns of a line: as `bxb -L` writes them, or as `bxb -l`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFormat {
    WithSveb,
    WithoutSveb,
}

/// AAMI classes, and what stands in for a beat that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    N = 0,
    S = 1,
    V = 2,
    F = 3,
    Q = 4,
    /// No beat.
    O = 5,
    /// No beat, in a shutdown.
    X = 6,
}

/// Pairs of reference class and test class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// `counts[reference][test]`, in the order N S V F Q O X.
    counts: [[u64; 7]; 7],
    /// Sum of squared differences of RR, in square ms, and how many.
    rr_square_ms: f64,
    rr_count: u64,
}

/// WFDB codes that mark a QRS complex.
pub(crate) fn class(code: u8) -> Option<Class> {
    Some(match wfdb::symbol(code) {
        "N" | "L" | "R" | "B" => Class::N,
        "a" | "J" | "A" | "S" | "j" | "e" | "n" => Class::S,
        "V" | "E" | "r" => Class::V,
        "F" => Class::F,
        "/" | "f" | "Q" | "?" => Class::Q,
        _ => return None,
    })
}

/// A beat of one file.
#[derive(Clone, Copy, Debug)]
struct Beat {
    time: i64,
    class: Class,
}

/// The beats of a file, and the stretches in which none count.
#[derive(Debug, Default)]
struct Track {
    beats: Vec<Beat>,
    fibrillation: Vec<(i64, i64)>,
    shutdown: Vec<(i64, i64)>,
}

impl Track {
    fn of(annotations: &[RawAnnotation]) -> Self {
        let mut track = Self::default();
        let (mut fibrillation, mut shutdown) = (None, None);
        for a in annotations {
            match wfdb::symbol(a.code) {
                "[" => fibrillation = fibrillation.or(Some(a.time)),
                "]" => {
                    if let Some(from) = fibrillation.take() {
                        track.fibrillation.push((from, a.time));
                    }
                }
                // Bits 4 and 5 of the subtype: neither signal can be read.
                "~" => match (a.subtype & 0x30 == 0x30, shutdown) {
                    (true, None) => shutdown = Some(a.time),
                    (false, Some(from)) => {
                        track.shutdown.push((from, a.time));
                        shutdown = None;
                    }
                    _ => {}
                },
                _ => {
                    if let Some(class) = class(a.code)
                        && fibrillation.is_none()
                    {
                        track.beats.push(Beat { time: a.time, class });
                    }
                }
            }
        }
        track.fibrillation.extend(fibrillation.map(|from| (from, i64::MAX)));
        track.shutdown.extend(shutdown.map(|from| (from, i64::MAX)));
        track
    }

    fn within(stretches: &[(i64, i64)], time: i64) -> bool {
        stretches.iter().any(|(from, to)| (*from..=*to).contains(&time))
    }

    /// The interval to a beat from the one before, unless fibrillation or a shutdown lies between.
    fn rr(&self, index: usize) -> Option<i64> {
        let (before, beat) = (self.beats.get(index.checked_sub(1)?)?, self.beats.get(index)?);
        let broken = self
            .fibrillation
            .iter()
            .chain(&self.shutdown)
            .any(|(from, _)| (before.time..beat.time).contains(from));
        (!broken).then_some(beat.time - before.time)
    }
}

/// Compares two annotation files from `start` to `end` (both in samples), with a window in samples.
pub fn compare(
    reference: &[RawAnnotation],
    test: &[RawAnnotation],
    (start, end): (i64, i64),
    window: i64,
    sample_rate_hz: f64,
) -> Comparison {
    let (reference, test) = (Track::of(reference), Track::of(test));
    let mut out = Comparison::default();
    let far = i64::MAX / 4;
    let time = |track: &Track, index: usize| track.beats.get(index).map_or(far, |b| b.time);
    let mut r = reference.beats.partition_point(|b| b.time < start);
    let mut t = test.beats.partition_point(|b| b.time < start);
    // At the very start: a last beat of the learning period may belong to the first reference beat, and a first test beat within
    // the window may belong to a reference beat before the start.
    if let Some(last) = t.checked_sub(1).and_then(|k| test.beats.get(k)) {
        let first = time(&reference, r);
        if first - last.time <= window && first - last.time < (first - time(&test, t)).abs() {
            if let Some(beat) = reference.beats.get(r) {
                out.pair(beat.class, last.class);
                r += 1;
            }
        } else if time(&test, t) - start <= window
            && (first - time(&test, t + 1)).abs() < (first - time(&test, t)).abs()
        {
            t += 1;
        }
    }
    loop {
        let (at, of) = (time(&reference, r), time(&test, t));
        if (at > end || at == far) && (of > end || of == far) {
            return out;
        }
        let matched = if of < at {
            at - of <= window && at - of < (at - time(&test, t + 1)).abs()
        } else {
            of - at <= window && of - at < (of - time(&reference, r + 1)).abs()
        };
        let (a, b) = (reference.beats.get(r).map(|b| b.class), test.beats.get(t).map(|b| b.class));
        // As bxb does: the intervals that end here are compared whether or not the beats match.
        out.interval(reference.rr(r), test.rr(t), sample_rate_hz);
        match (matched, of < at, a, b) {
            (true, _, Some(a), Some(b)) => {
                out.pair(a, b);
                r += 1;
                t += 1;
            }
            (false, true, _, Some(b)) => {
                if !Track::within(&reference.fibrillation, of) {
                    out.pair(if Track::within(&reference.shutdown, of) { Class::X } else { Class::O }, b);
                }
                t += 1;
            }
            (_, _, Some(a), _) => {
                out.pair(a, if Track::within(&test.shutdown, at) { Class::X } else { Class::O });
                r += 1;
            }
            _ => return out,
        }
    }
}

impl Comparison {
    fn pair(&mut self, reference: Class, test: Class) {
        if let Some(count) =
            self.counts.get_mut(reference as usize).and_then(|row| row.get_mut(test as usize))
        {
            *count += 1;
        }
    }

    fn interval(&mut self, reference: Option<i64>, test: Option<i64>, sample_rate_hz: f64) {
        if let (Some(a), Some(b)) = (reference, test) {
            // Differences of sample numbers are small, so the conversion is exact.
            let samples = i32::try_from(a - b).unwrap_or(i32::MAX);
            self.rr_square_ms += (f64::from(samples) * 1000.0 / sample_rate_hz).powi(2);
            self.rr_count += 1;
        }
    }

    /// Sum over the pairs of these reference and test classes, both by their letters.
    pub fn sum(&self, reference: &str, test: &str) -> u64 {
        let index = |letter: char| "NSVFQOX".find(letter);
        reference
            .chars()
            .filter_map(index)
            .flat_map(|r| test.chars().filter_map(index).map(move |t| (r, t)))
            .filter_map(|(r, t)| self.counts.get(r).and_then(|row| row.get(t)))
            .sum()
    }

    /// Beats found of all beats, and of all that was found.
    pub fn qrs(&self) -> [(u64, u64); 2] {
        let hit = self.sum("NSVFQ", "NSVFQ");
        [(hit, hit + self.sum("NSVFQ", "OX")), (hit, hit + self.sum("OX", "NSVFQ"))]
    }

    /// Sensitivity and positive predictivity of ventricular beats. A fusion or unknown beat called ventricular counts on neither
    /// side, nor does one found where there is no reference beat in a shutdown.
    pub fn ventricular(&self) -> [(u64, u64); 2] {
        let hit = self.sum("V", "V");
        [(hit, hit + self.sum("V", "NSFQOX")), (hit, hit + self.sum("NSOX", "V"))]
    }

    /// Sensitivity and positive predictivity of supraventricular ectopic beats.
    pub fn supraventricular(&self) -> [(u64, u64); 2] {
        let hit = self.sum("S", "S");
        [(hit, hit + self.sum("S", "NVFQOX")), (hit, hit + self.sum("NVFOX", "S"))]
    }

    fn add(&mut self, other: &Self) {
        for (own, theirs) in self.counts.iter_mut().flatten().zip(other.counts.iter().flatten()) {
            *own += theirs;
        }
        self.rr_square_ms += other.rr_square_ms;
        self.rr_count += other.rr_count;
    }

    fn line(&self, name: &str, format: LineFormat) -> String {
        let s = |reference: &str, test: &str| self.sum(reference, test);
        let percent = |(part, whole): (u64, u64)| {
            if whole == 0 {
                "      -".to_owned()
            } else {
                format!(" {:6.2}", 100.0 * as_f64(part) / as_f64(whole))
            }
        };
        let [qrs_se, qrs_pp] = self.qrs().map(percent);
        let [v_se, v_pp] = self.ventricular().map(percent);
        match format {
            LineFormat::WithoutSveb => {
                let negative = s("NSFQOX", "NSFQ");
                let false_positive = s("NSOX", "V");
                let rate = if negative + false_positive == 0 {
                    "      -".to_owned()
                } else {
                    format!(" {:6.3}", 100.0 * as_f64(false_positive) / as_f64(negative + false_positive))
                };
                format!(
                    "{name:>4} {:5} {:3} {:3} {:3} {:3} {:4} {:3} {:3} {:3} {:3} {:3}{qrs_se}{qrs_pp}{v_se}{v_pp}{rate}",
                    s("NS", "NSFQ"),
                    s("V", "NSFQ"),
                    s("FQ", "NSFQ"),
                    s("OX", "NSFQ"),
                    s("NS", "V"),
                    s("V", "V"),
                    s("FQ", "V"),
                    s("OX", "V"),
                    s("NS", "OX"),
                    s("V", "OX"),
                    s("FQ", "OX"),
                )
            }
            LineFormat::WithSveb => {
                let [s_se, s_pp] = self.supraventricular().map(percent);
                let rr = if self.rr_count == 0 {
                    "      -".to_owned()
                } else {
                    format!(" {:6.2}", (self.rr_square_ms / as_f64(self.rr_count)).sqrt())
                };
                format!(
                    "{name:>4} {:5} {:3} {:3} {:3} {:3} {:3} {:3} {:3} {:3} {:3} {:3} {:3} {:4} {:3} {:3} {:3} {:3} {:3} {:3}\
                     {qrs_se}{qrs_pp}{v_se}{v_pp}{s_se}{s_pp}{rr}",
                    s("N", "NFQ"),
                    s("S", "NFQ"),
                    s("V", "NFQ"),
                    s("FQ", "NFQ"),
                    s("OX", "NFQ"),
                    s("N", "S"),
                    s("S", "S"),
                    s("V", "S"),
                    s("FQ", "S"),
                    s("OX", "S"),
                    s("N", "V"),
                    s("S", "V"),
                    s("V", "V"),
                    s("FQ", "V"),
                    s("OX", "V"),
                    s("N", "OX"),
                    s("S", "OX"),
                    s("V", "OX"),
                    s("FQ", "OX"),
                )
            }
        }
    }
}

/// Exact for every count of beats that fits into memory.
fn as_f64(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

const HEADING_WITH: &str = "Record Nn' Sn' Vn' Fn' On'  Ns  Ss  Vs  Fs' Os' Nv  Sv   Vv  Fv' Ov' No' So' Vo' Fo'  Q Se   Q +P   V Se   V +P   S Se   S +P RR err";
const HEADING_WITHOUT: &str =
    "Record Nn' Vn' Fn' On'  Nv   Vv  Fv' Ov' No' Vo' Fo'  Q Se   Q +P   V Se   V +P  V FPR";

#[allow(clippy::too_many_arguments, reason = "the options of one command")]
pub fn score(
    records: &[PathBuf],
    reference: &str,
    test: &str,
    test_folder: Option<&Path>,
    from_s: f64,
    window_ms: f64,
    format: LineFormat,
    out: &mut impl Write,
) -> Result<(), ToolError> {
    if !(0.0..=86_400.0 * 14.0).contains(&from_s) || !(0.0..=10_000.0).contains(&window_ms) {
        return Err(ToolError::Usage("the start is 0 s to two weeks, the window 0 to 10000 ms".to_owned()));
    }
    writeln!(out, "{}", if format == LineFormat::WithSveb { HEADING_WITH } else { HEADING_WITHOUT })?;
    let mut lines = Vec::new();
    for path in records {
        let name = record::record_name(path)?;
        let header = record::beside(path, None, "hea")?;
        let bytes =
            std::fs::read(&header).map_err(|e| ToolError::Input(format!("{}: {e}", header.display())))?;
        let header_of =
            read_header(&bytes).map_err(|e| ToolError::Input(format!("{}: {e}", header.display())))?;
        let rate = header_of.frame_rate_hz;
        let reference = record::annotations(&record::beside(path, None, reference)?, rate)?;
        let test = record::annotations(&record::beside(path, test_folder, test)?, rate)?;
        let samples = |seconds: f64| whole(seconds * rate);
        // Without a length in the header the comparison ends with the reference.
        let last = reference.last().map_or(0, |a| a.time);
        let end = header_of.frames.and_then(|n| i64::try_from(n).ok()).filter(|n| *n > 0).unwrap_or(last);
        let span = (samples(from_s), end);
        let found = compare(&reference, &test, span, samples(window_ms / 1000.0), rate);
        writeln!(out, "{}", found.line(&name, format))?;
        lines.push(found);
    }
    let mut sum = Comparison::default();
    for line in &lines {
        sum.add(line);
    }
    if lines.len() > 1 {
        writeln!(out, "{}", sum.line("Gross", format))?;
        let mean = |pick: fn(&Comparison) -> (u64, u64)| {
            let of: Vec<f64> = lines
                .iter()
                .map(pick)
                .filter(|(_, n)| *n > 0)
                .map(|(a, n)| 100.0 * as_f64(a) / as_f64(n))
                .collect();
            if of.is_empty() {
                "-".to_owned()
            } else {
                format!("{:.2}", of.iter().sum::<f64>() / as_f64(of.len() as u64))
            }
        };
        writeln!(
            out,
            "Average Q Se {} Q +P {} V Se {} V +P {} S Se {} S +P {}",
            mean(|c| c.qrs()[0]),
            mean(|c| c.qrs()[1]),
            mean(|c| c.ventricular()[0]),
            mean(|c| c.ventricular()[1]),
            mean(|c| c.supraventricular()[0]),
            mean(|c| c.supraventricular()[1])
        )?;
    }
    Ok(())
}

/// Rounded to the nearest whole number; the bounds checked before keep it small.
fn whole(value: f64) -> i64 {
    format!("{value:.0}").parse().unwrap_or(i64::MAX)
}
