//! EDF and EDF+ (Kemp et al. 1992, 2003): continuous and discontinuous, with annotations.
//!
//! Signals in volts that do not name something else (EEG, respiration…) are taken as ECG; those of lower rate
//! are held to the highest. Gaps of a discontinuous file become missing samples.

use crate::bytes::i16s;
use crate::error::ReadError;
use crate::labels::{canonical_label, is_other_signal};
use crate::limits;
use crate::model::{Annotation, Format, Lead, Recording, Sex};
use crate::num::{from_usize, parse_f64, round_i64, round_usize, to_f32};
use crate::text;
use crate::time::{Date, LocalDateTime};
use crate::wfdb::unit_uv;

const MAX_SIGNALS: usize = 512;

struct Signal {
    label: String,
    unit: String,
    scale: f64,
    offset: f64,
    samples: usize,
    prefilter: String,
    /// Byte position in a data record.
    position: usize,
}

impl Signal {
    fn is_annotation(&self) -> bool {
        self.label.trim() == "EDF Annotations"
    }
}

pub(crate) fn read(bytes: &[u8]) -> Result<Recording, ReadError> {
    let header = Fields { bytes };
    let signals_start = 256;
    let signal_count = header.number(252, 4).and_then(round_usize).unwrap_or(0);
    let header_len = header.number(184, 8).and_then(round_usize).unwrap_or(0);
    if signal_count == 0 || signal_count > MAX_SIGNALS || header_len != 256 * (signal_count + 1) {
        let detail = format!("{signal_count} signals, header of {header_len} bytes");
        return Err(ReadError::damaged(detail).at(184));
    }
    if bytes.len() < header_len {
        return Err(ReadError::truncated(bytes.len(), format!("the header has {header_len} bytes")));
    }
    let record_s = header
        .number(244, 8)
        .filter(|d| *d >= 0.0)
        .ok_or_else(|| ReadError::damaged("duration of a data record").at(244))?;
    let signals = signals(&header, signals_start, signal_count)?;
    let record_bytes: usize = signals.iter().map(|s| s.samples * 2).sum();
    if record_bytes == 0 {
        return Err(ReadError::damaged("data records hold no samples").at(216));
    }
    let body = bytes.get(header_len..).unwrap_or_default();
    let available = body.len() / record_bytes;
    let mut recording = Recording::new(Format::Edf, 0.0);
    // −1 stands for a recording that was not closed.
    let declared =
        header.number(236, 8).ok_or_else(|| ReadError::damaged("number of data records").at(236))?;
    let records = match round_usize(declared) {
        Some(n) if n <= available => n,
        Some(n) => {
            let detail = format!("{n} data records are declared, {available} are there");
            return Err(ReadError::truncated(bytes.len(), detail));
        }
        None => {
            recording.warn("truncated_tail", "the recording was not closed; all whole data records are read");
            available
        }
    };
    let body = body.get(..records * record_bytes).unwrap_or_default();
    describe(&header, &signals, &mut recording);

    let chosen: Vec<&Signal> = signals.iter().filter(|s| choose(s, &mut recording)).collect();
    let per_record = chosen.iter().map(|s| s.samples).max().unwrap_or(0);
    if per_record == 0 || record_s == 0.0 {
        return Err(ReadError::new("no_ecg_leads", format!("none of {signal_count} signals is an ECG")));
    }
    recording.sample_rate_hz = from_usize(per_record) / record_s;
    if chosen.iter().any(|s| s.samples != per_record) {
        recording
            .warn("lead_rate_differs", "leads of lower rate were brought to the highest by holding samples");
    }
    let discontinuous = header.text(192, 44).starts_with("EDF+D");
    let starts = annotations(body, record_bytes, &signals, &mut recording);
    let starts = place_annotations(starts, record_s, &mut recording);
    let gaps = discontinuous.then_some(starts.as_slice());
    let budget = limits::max_samples(bytes.len()) / chosen.len().max(1);
    for signal in &chosen {
        let samples_uv =
            samples(body, record_bytes, signal, per_record, gaps, recording.sample_rate_hz, budget)?;
        let unit = unit_uv(Some(&signal.unit)).unwrap_or(1.0);
        let label = canonical_label(&signal.label);
        recording.leads.push(Lead { label, samples_uv, resolution_uv: (signal.scale * unit).abs() });
    }
    if gaps.is_some() {
        let missing: usize =
            recording.leads.iter().map(|l| l.samples_uv.iter().filter(|v| v.is_nan()).count()).sum();
        if missing > 0 {
            recording.warn("samples_missing", format!("{missing} samples lie in gaps"));
        }
    }
    Ok(recording)
}

/// ASCII fields of fixed place.
struct Fields<'a> {
    bytes: &'a [u8],
}

impl Fields<'_> {
    fn text(&self, at: usize, len: usize) -> String {
        self.bytes.get(at..at + len).map(|b| text::clean(&text::guess(b))).unwrap_or_default()
    }

    fn number(&self, at: usize, len: usize) -> Option<f64> {
        parse_f64(&self.text(at, len))
    }
}

fn signals(header: &Fields<'_>, base: usize, count: usize) -> Result<Vec<Signal>, ReadError> {
    let mut out = Vec::with_capacity(count);
    let mut position = 0usize;
    for index in 0..count {
        // Each property is stored for all signals before the next property.
        let at = |offset: usize, len: usize| base + offset * count + index * len;
        let label = header.text(at(0, 16), 16);
        let number = |offset: usize| header.number(at(offset, 8), 8);
        let samples = number(216)
            .and_then(round_usize)
            .filter(|n| *n <= 10_000_000)
            .ok_or_else(|| ReadError::damaged(format!("samples of signal {label:?}")).at(at(216, 8)))?;
        let (physical, digital) = ((number(104), number(112)), (number(120), number(128)));
        let (scale, offset) = match (physical, digital) {
            ((Some(p_low), Some(p_high)), (Some(d_low), Some(d_high)))
                if d_high != d_low && p_high != p_low =>
            {
                let scale = (p_high - p_low) / (d_high - d_low);
                (scale, p_low - d_low * scale)
            }
            _ => (f64::NAN, 0.0),
        };
        out.push(Signal {
            unit: header.text(at(96, 8), 8),
            prefilter: header.text(at(136, 80), 80),
            label,
            scale,
            offset,
            samples,
            position,
        });
        position = position.saturating_add(samples * 2);
    }
    Ok(out)
}

fn choose(signal: &Signal, recording: &mut Recording) -> bool {
    if signal.is_annotation() {
        return false;
    }
    if unit_uv(Some(&signal.unit)).is_none() || is_other_signal(&signal.label) {
        recording.warn("signal_not_ecg", format!("{} ({}) was left out", signal.label, signal.unit));
        return false;
    }
    if !signal.scale.is_finite() {
        recording.warn("signal_unreadable", format!("{} states no usable range", signal.label));
        return false;
    }
    true
}

fn samples(
    body: &[u8],
    record_bytes: usize,
    signal: &Signal,
    per_record: usize,
    starts_s: Option<&[f64]>,
    rate_hz: f64,
    budget: usize,
) -> Result<Vec<f32>, ReadError> {
    let unit = unit_uv(Some(&signal.unit)).unwrap_or(1.0);
    let mut out: Vec<f32> = Vec::new();
    for (index, record) in body.chunks_exact(record_bytes).enumerate() {
        if let Some(start_s) = starts_s.and_then(|s| s.get(index)) {
            let origin_s = starts_s.and_then(|s| s.first()).copied().unwrap_or(0.0);
            let place = round_usize((start_s - origin_s) * rate_hz).unwrap_or(0);
            if place > budget {
                return Err(ReadError::limit(format!("a gap up to {start_s} s")));
            }
            if place > out.len() {
                out.resize(place, f32::NAN);
            }
        }
        let stored = record.get(signal.position..signal.position + signal.samples * 2).unwrap_or_default();
        let physical = |v: i16| to_f32((f64::from(v) * signal.scale + signal.offset) * unit);
        if signal.samples == per_record {
            out.extend(i16s(stored).map(physical));
        } else {
            let own: Vec<f32> = i16s(stored).map(physical).collect();
            let held = (0..per_record)
                .map(|i| own.get(i * signal.samples / per_record).copied().unwrap_or(f32::NAN));
            out.extend(held);
        }
        if out.len() > budget {
            return Err(ReadError::limit("more samples than the file can hold"));
        }
    }
    Ok(out)
}

/// Moves annotations, whose onsets count from the start in the header, to the time axis of the samples, which
/// begins with the first data record; adds that record's onset to the start time. Data records without an onset
/// follow the one before.
fn place_annotations(starts: Vec<Option<f64>>, record_s: f64, recording: &mut Recording) -> Vec<f64> {
    let mut next = 0.0;
    let starts: Vec<f64> = starts
        .into_iter()
        .map(|start| {
            let here = start.unwrap_or(next);
            next = here + record_s;
            here
        })
        .collect();
    let origin_s = starts.first().copied().unwrap_or(0.0);
    if origin_s != 0.0 {
        let shift = round_i64(origin_s * recording.sample_rate_hz).unwrap_or(0);
        let moved =
            |sample: u64| u64::try_from(i64::try_from(sample).unwrap_or(i64::MAX) - shift).unwrap_or(0);
        for annotation in &mut recording.annotations {
            annotation.sample = moved(annotation.sample);
            annotation.end_sample = annotation.end_sample.map(moved);
        }
        recording.start = recording.start.and_then(|s| s.plus_seconds(origin_s));
    }
    starts
}

/// Reads the annotation signals; gives the stated start of each data record in seconds.
fn annotations(
    body: &[u8],
    record_bytes: usize,
    signals: &[Signal],
    recording: &mut Recording,
) -> Vec<Option<f64>> {
    let mut starts = Vec::new();
    for record in body.chunks_exact(record_bytes) {
        let mut start = None;
        for signal in signals.iter().filter(|s| s.is_annotation()) {
            let raw = record.get(signal.position..signal.position + signal.samples * 2).unwrap_or_default();
            for list in raw.split(|b| *b == 0).filter(|l| !l.is_empty()) {
                annotation_list(list, &mut start, recording);
            }
        }
        starts.push(start);
    }
    starts
}

/// One list: onset, optional duration after 0x15, texts each after 0x14. The first empty text keeps time.
fn annotation_list(list: &[u8], start: &mut Option<f64>, recording: &mut Recording) {
    let mut parts = list.split(|b| *b == 0x14);
    let Some(time) = parts.next() else { return };
    let mut time = time.split(|b| *b == 0x15);
    let number = |part: Option<&[u8]>| part.and_then(|p| std::str::from_utf8(p).ok()).and_then(parse_f64);
    let Some(onset_s) = number(time.next()) else {
        if recording.warnings.iter().all(|w| w.code != "annotation_damaged") {
            recording.warn("annotation_damaged", "an annotation list has no onset");
        }
        return;
    };
    let duration_s = number(time.next());
    let texts: Vec<&[u8]> = parts.collect();
    if start.is_none() && texts.first().is_some_and(|t| t.is_empty()) {
        *start = Some(onset_s);
    }
    let at = |seconds: f64| {
        round_usize(seconds.max(0.0) * recording.sample_rate_hz)
            .and_then(|s| u64::try_from(s).ok())
            .unwrap_or(0)
    };
    let (sample, end) = (at(onset_s), duration_s.map(|d| at(onset_s + d)));
    for text in texts.into_iter().filter_map(text::optional_field) {
        if recording.annotations.len() < limits::MAX_ANNOTATIONS {
            let mut annotation = Annotation::point(sample, "EVENT", "edf");
            annotation.end_sample = end;
            annotation.text = Some(text);
            recording.annotations.push(annotation);
        }
    }
}

fn describe(header: &Fields<'_>, signals: &[Signal], recording: &mut Recording) {
    let known = |field: &str| text::non_empty(&field.replace('_', " ")).filter(|f| f != "X");
    let patient = header.text(8, 80);
    let plus = header.text(192, 44).starts_with("EDF+");
    let mut parts = patient.split_whitespace();
    if plus {
        recording.patient.id = parts.next().and_then(known);
        recording.patient.sex = parts.next().and_then(Sex::parse);
        recording.patient.birth_date = parts.next().and_then(named_date);
        recording.patient.name = parts.next().and_then(known);
    } else {
        recording.patient.name = text::non_empty(&patient);
    }
    let recorder = header.text(88, 80);
    if plus {
        // "Startdate dd-MMM-yyyy administration technician equipment"
        let mut parts = recorder.split_whitespace().skip(2);
        let _administration = parts.next();
        recording.device.operator = parts.next().and_then(known);
        recording.device.model = parts.next().and_then(known);
    } else {
        recording.device.model = text::non_empty(&recorder);
    }
    let stated = recorder.split_whitespace().nth(1).filter(|_| plus).and_then(named_date);
    let date = stated.or_else(|| Date::parse_dmy(&header.text(168, 8)));
    let time = header.text(176, 8).replace('.', ":");
    recording.start = date.and_then(|d| LocalDateTime::from_date_and_time(d, &time));
    if recording.start.is_none() {
        recording.warn("time_unreadable", "start date and time");
    }
    // "HP:0.1Hz LP:75Hz N:50Hz"
    for part in signals.iter().flat_map(|s| s.prefilter.split_whitespace()) {
        let Some((kind, value)) = part.split_once(':') else { continue };
        let number = parse_f64(value.trim_end_matches(|c: char| c.is_alphabetic())).filter(|v| *v > 0.0);
        let filters = &mut recording.filters;
        match kind {
            "HP" => filters.high_pass_hz = filters.high_pass_hz.or(number),
            "LP" => filters.low_pass_hz = filters.low_pass_hz.or(number),
            "N" => filters.notch_hz = filters.notch_hz.or(number),
            _ => {}
        }
    }
}

/// `dd-MMM-yyyy` with English month names.
fn named_date(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let mut parts = text.split('-');
    let day = parts.next()?.parse().ok()?;
    let name = parts.next()?.to_ascii_uppercase();
    let month = MONTHS.iter().position(|m| *m == name)?;
    Date::from_parts(parts.next()?.parse().ok()?, i64::try_from(month).ok()? + 1, day)
}
