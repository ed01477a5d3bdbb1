//! EDF+ writer: continuous, one signal for each lead, one for annotations.

use super::{Digital, WriteError, digitise, refuse};
use crate::model::{Recording, Sex};
use crate::num::{from_usize, round_usize};

/// Digital extremes tried until the physical extremes can be written exactly in eight characters.
const RANGES: [i32; 9] = [32_767, 32_000, 30_000, 25_000, 20_000, 16_000, 10_000, 8_000, 5_000];

/// Writes an EDF+C file. A missing sample repeats the one before it, and an annotation says so; so does the filling
/// of a last data record where no length of data records divides the recording. Left out: measurements,
/// statements, median beats, and letters of names that are not ASCII, which EDF+ does not allow.
///
/// # Errors
/// `rate_not_expressible` when no data record holds a whole number of samples, `too_many_leads` beyond 255,
/// `value_out_of_range` when the range cannot be written in eight characters.
pub fn edf(recording: &Recording) -> Result<Vec<u8>, WriteError> {
    if recording.leads.len() > 255 {
        return Err(refuse("too_many_leads", format!("{} leads", recording.leads.len())));
    }
    let (record_s, per_record) = record_length(recording.sample_rate_hz, recording.sample_count())
        .ok_or_else(|| refuse("rate_not_expressible", format!("{} Hz", recording.sample_rate_hz)))?;
    let signals = recording.leads.iter().map(Signal::new).collect::<Result<Vec<_>, _>>()?;
    let records = recording.sample_count().div_ceil(per_record);
    let filled = records * per_record - recording.sample_count();
    let lists = annotation_lists(recording, records, record_s, filled);
    let list_bytes = lists.iter().map(Vec::len).max().unwrap_or(0).next_multiple_of(2).max(16);
    let mut out = header(recording, &signals, records, record_s, per_record, list_bytes / 2);
    for (record, list) in lists.iter().enumerate() {
        for signal in &signals {
            let from = record * per_record;
            for index in from..from + per_record {
                out.extend(signal.at(index).to_le_bytes());
            }
        }
        out.extend_from_slice(list);
        out.resize(out.len() + list_bytes - list.len(), 0);
    }
    Ok(out)
}

/// Seconds and samples of a data record: whole seconds that divide the recording, else the longest part of a
/// second that does, else whole seconds of which the last record is filled.
fn record_length(rate_hz: f64, count: usize) -> Option<(f64, usize)> {
    let whole: Vec<(f64, usize)> = (1..=60usize)
        .filter_map(|seconds| {
            let samples = rate_hz * from_usize(seconds);
            let n = round_usize(samples).filter(|n| (samples - from_usize(*n)).abs() < 1e-6 && *n > 0)?;
            Some((from_usize(seconds), n))
        })
        .collect();
    let divides = |n: usize| count > 0 && count.is_multiple_of(n);
    if let Some(found) = whole.iter().find(|(_, n)| divides(*n)) {
        return Some(*found);
    }
    // Records shorter than a twentieth of a second would be mostly annotation lists.
    let longest = round_usize(rate_hz * 10.0).unwrap_or(0).min(count);
    let shortest = round_usize(rate_hz / 20.0).unwrap_or(1).max(1);
    let part = (shortest..=longest).rev().filter(|n| divides(*n)).find_map(|n| {
        let seconds = from_usize(n) / rate_hz;
        let text = format!("{seconds}");
        (text.len() <= 8 && (from_usize(n) / seconds - rate_hz).abs() <= rate_hz * 1e-12)
            .then_some((seconds, n))
    });
    part.or_else(|| whole.first().copied())
}

struct Signal {
    label: String,
    limit: i32,
    physical: (String, String),
    filled: Vec<i16>,
}

impl Signal {
    fn new(lead: &crate::Lead) -> Result<Self, WriteError> {
        for limit in RANGES {
            let digital: Digital = digitise(lead, limit);
            let top = f64::from(limit) * digital.unit_uv;
            let (low, high) = (short(-top), short(top));
            let exact = |text: &str, value: f64| {
                text.len() <= 8 && text.parse::<f64>().is_ok_and(|v| (v - value).abs() <= value.abs() * 1e-12)
            };
            if exact(&low, -top) && exact(&high, top) {
                return Ok(Self::filled(lead, limit, (low, high), &digital));
            }
        }
        // No exact extreme: the peak, rounded up to what seven characters and a sign can say.
        let peak = super::peak_uv(lead).max(1.0);
        for decimals in (0..=4usize).rev() {
            let step = 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
            let top = (peak / step).ceil() * step;
            let (low, high) = (short(-top), short(top));
            if low.len() <= 8
                && let Ok(top) = high.parse::<f64>()
                && top >= peak
            {
                let digital = super::quantise(lead, top / 32_767.0);
                return Ok(Self::filled(lead, 32_767, (low, high), &digital));
            }
        }
        Err(refuse(
            "value_out_of_range",
            format!("the range of {} needs more than eight characters", lead.label),
        ))
    }

    fn filled(lead: &crate::Lead, limit: i32, physical: (String, String), digital: &Digital) -> Self {
        let mut last = 0i16;
        let filled = digital
            .samples
            .iter()
            .map(|sample| {
                last = sample.and_then(|v| i16::try_from(v).ok()).unwrap_or(last);
                last
            })
            .collect();
        Self { label: lead.label.clone(), limit, physical, filled }
    }

    fn at(&self, index: usize) -> i16 {
        self.filled.get(index).or_else(|| self.filled.last()).copied().unwrap_or(0)
    }
}

/// The shortest text of a value after removing binary noise.
fn short(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn field(out: &mut Vec<u8>, text: &str, width: usize) {
    // Fields are ASCII; anything else becomes an underscore.
    let ascii = text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '_' });
    let bytes: Vec<u8> = ascii.filter_map(|c| u8::try_from(u32::from(c)).ok()).take(width).collect();
    out.extend_from_slice(&bytes);
    out.resize(out.len() + width - bytes.len(), b' ');
}

fn header(
    recording: &Recording,
    signals: &[Signal],
    records: usize,
    record_s: f64,
    per_record: usize,
    list_words: usize,
) -> Vec<u8> {
    const MONTHS: [&str; 12] =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let named = |d: crate::Date| {
        let month = MONTHS.get(usize::from(d.month) - 1).unwrap_or(&"JAN");
        format!("{:02}-{month}-{:04}", d.day, d.year)
    };
    let word =
        |text: &Option<String>| text.as_deref().map_or_else(|| "X".to_owned(), |t| t.replace(' ', "_"));
    let patient = &recording.patient;
    let sex = match patient.sex {
        Some(Sex::Male) => "M",
        Some(Sex::Female) => "F",
        _ => "X",
    };
    let birth = patient.birth_date.map_or_else(|| "X".to_owned(), named);
    let start = recording.start;
    let date = start.map_or_else(|| "X".to_owned(), |s| named(s.date));
    let mut out = Vec::new();
    field(&mut out, "0", 8);
    field(&mut out, &format!("{} {sex} {birth} {}", word(&patient.id), word(&patient.name)), 80);
    let device = &recording.device;
    field(&mut out, &format!("Startdate {date} X {} {}", word(&device.operator), word(&device.model)), 80);
    let (day, time) = start.map_or_else(
        || ("01.01.85".to_owned(), "00.00.00".to_owned()),
        |s| {
            let d = s.date;
            (
                format!("{:02}.{:02}.{:02}", d.day, d.month, d.year % 100),
                format!("{:02}.{:02}.{:02}", s.hour, s.minute, s.second),
            )
        },
    );
    field(&mut out, &day, 8);
    field(&mut out, &time, 8);
    field(&mut out, &(256 * (signals.len() + 2)).to_string(), 8);
    field(&mut out, "EDF+C", 44);
    field(&mut out, &records.to_string(), 8);
    field(&mut out, &record_s.to_string(), 8);
    field(&mut out, &(signals.len() + 1).to_string(), 4);
    let mut column = |width: usize, of: &dyn Fn(&Signal) -> String, last: &str| {
        for signal in signals {
            field(&mut out, &of(signal), width);
        }
        field(&mut out, last, width);
    };
    column(16, &|s| format!("ECG {}", s.label), "EDF Annotations");
    column(80, &|_| String::new(), "");
    column(8, &|_| "uV".to_owned(), "");
    column(8, &|s| s.physical.0.clone(), "-1");
    column(8, &|s| s.physical.1.clone(), "1");
    column(8, &|s| (-s.limit).to_string(), "-32768");
    column(8, &|s| s.limit.to_string(), "32767");
    let filters = &recording.filters;
    let mut prefilter = Vec::new();
    for (name, value) in [("HP", filters.high_pass_hz), ("LP", filters.low_pass_hz), ("N", filters.notch_hz)]
    {
        prefilter.extend(value.map(|hz| format!("{name}:{hz}Hz")));
    }
    column(80, &|_| prefilter.join(" "), "");
    column(8, &|_| per_record.to_string(), &list_words.to_string());
    column(32, &|_| String::new(), "");
    out
}

/// The annotation bytes of each record: its own start, then what begins within it.
///
/// A start within a second is told by the onset of the first record, as EDF+ has it.
fn annotation_lists(recording: &Recording, records: usize, record_s: f64, filled: usize) -> Vec<Vec<u8>> {
    let origin_s = recording.start.map_or(0.0, |s| f64::from(s.microsecond) / 1e6);
    let microseconds = |s: f64| short(s + origin_s);
    let mut lists: Vec<Vec<u8>> = (0..records)
        .map(|record| format!("+{}\u{14}\u{14}\0", microseconds(from_usize(record) * record_s)).into_bytes())
        .collect();
    let mut add = |onset_s: f64, duration_s: Option<f64>, text: &str| {
        let record = round_usize((onset_s / record_s).floor()).unwrap_or(0).min(records.saturating_sub(1));
        if let Some(list) = lists.get_mut(record) {
            let duration = duration_s.map_or_else(String::new, |d| format!("\u{15}{}", short(d)));
            let clean: String = text.chars().filter(|c| !c.is_control()).take(500).collect();
            let onset = microseconds(onset_s);
            list.extend(format!("+{onset}{duration}\u{14}{clean}\u{14}\0").into_bytes());
        }
    };
    let rate = recording.sample_rate_hz;
    let seconds = |sample: u64| from_usize(usize::try_from(sample).unwrap_or(usize::MAX)) / rate;
    for annotation in &recording.annotations {
        let text = match &annotation.text {
            Some(text) if annotation.symbol == "EVENT" => text.clone(),
            Some(text) => format!("{} {text}", annotation.symbol),
            None => annotation.symbol.to_string(),
        };
        let duration = annotation.end_sample.map(|end| seconds(end.saturating_sub(annotation.sample)));
        add(seconds(annotation.sample), duration, &text);
    }
    for lead in &recording.leads {
        for (start, length) in gaps(&lead.samples_uv) {
            add(
                from_usize(start) / rate,
                Some(from_usize(length) / rate),
                &format!("signal missing: {}", lead.label),
            );
        }
    }
    if filled > 0 {
        let end = from_usize(recording.sample_count()) / rate;
        add(end, Some(from_usize(filled) / rate), "recording ended; the last data record is filled");
    }
    lists
}

/// Runs of missing samples, at most a thousand.
fn gaps(samples: &[f32]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = 0;
    for run in samples.chunk_by(|a, b| a.is_nan() == b.is_nan()) {
        if run.first().is_some_and(|v| v.is_nan()) && out.len() < 1_000 {
            out.push((start, run.len()));
        }
        start += run.len();
    }
    out
}
