//! DICOM waveform objects: 12-lead, general, 32-bit general, ambulatory and other waveform storage.
//!
//! Sources: DICOM PS3.3 C.10.9 (waveform), C.10.10 (annotation), PS3.16 CID 3001 (leads). A physical value is
//! raw × sensitivity × correction factor + baseline. Channels without a voltage unit are left out.
//! Multiplex groups of equal rate are put on one time axis; a group labelled as median beat or of derived
//! origin becomes the median beats.

mod parser;

use parser::DataSet;

use crate::error::ReadError;
use crate::labels::{canonical_label, is_other_signal, scp_lead};
use crate::limits;
use crate::model::{Annotation, Format, Lead, MeasurementAsWritten, MedianBeats, Recording, Sex};
use crate::num::{parse_f64, round_usize, to_f32};
use crate::text;
use crate::time::{Date, LocalDateTime};

/// Whether the bytes begin like a data set without preamble: a first tag of group 0002 or 0008.
pub(crate) fn is_bare_dataset(bytes: &[u8]) -> bool {
    let Some([group @ (0x02 | 0x08), 0, element, 0]) = bytes.first_chunk::<4>() else { return false };
    if *group == 0x08 && !matches!(element, 0x00 | 0x01 | 0x05 | 0x08 | 0x12 | 0x13 | 0x16) {
        return false;
    }
    if parser::looks_explicit(bytes) {
        return true;
    }
    let length =
        bytes.get(4..8).and_then(|b| b.first_chunk::<4>()).map_or(u32::MAX, |b| u32::from_le_bytes(*b));
    *group == 0x08 && length < 256 && bytes.len() > 1_000
}

pub(crate) fn read(bytes: &[u8]) -> Result<Recording, ReadError> {
    let set = parser::parse(bytes)?;
    let charset = Charset::new(set.ascii(0x0008_0005));
    let mut recording = Recording::new(Format::Dicom, 0.0);
    if let Some(unknown) = &charset.unknown {
        recording.warn("charset_unknown", format!("SpecificCharacterSet {unknown:?}"));
    }
    let groups = set.items(0x5400_0100);
    if groups.is_empty() {
        let modality = set.ascii(0x0008_0060).unwrap_or_default();
        return Err(ReadError::new(
            "no_ecg_leads",
            format!("the object (modality {modality:?}) has no waveform"),
        ));
    }
    let mut budget = limits::max_samples(bytes.len());
    let mut rhythm = Vec::new();
    let mut median = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let group = read_group(group, index + 1, &charset, &mut budget, &mut recording)?;
        if group.leads.is_empty() {
            continue;
        }
        if group.is_median { median.push(group) } else { rhythm.push(group) }
    }
    if rhythm.is_empty() {
        // An object that holds only derived beats is still an electrocardiogram.
        rhythm = std::mem::take(&mut median);
    }
    let medians: Vec<usize> = median.iter().map(|g| g.number).collect();
    if let Some(group) = median.into_iter().next() {
        recording.median = Some(MedianBeats { sample_rate_hz: group.sample_rate_hz, leads: group.leads });
    }
    join_groups(rhythm, &mut budget, &mut recording)?;
    demographics(&set, &charset, &mut recording);
    for item in set.items(0x0040_B020).iter().take(limits::MAX_ANNOTATIONS) {
        annotation(item, &charset, &medians, groups, &mut recording);
    }
    Ok(recording)
}

struct Group {
    number: usize,
    sample_rate_hz: f64,
    offset_ms: f64,
    is_median: bool,
    leads: Vec<Lead>,
}

/// One channel's scale.
struct Channel {
    label: String,
    scale_uv: f64,
    offset_uv: f64,
}

fn read_group(
    group: &DataSet<'_>,
    number: usize,
    charset: &Charset,
    budget: &mut usize,
    recording: &mut Recording,
) -> Result<Group, ReadError> {
    let bad = |detail: String| ReadError::damaged(format!("multiplex group {number}: {detail}"));
    let channels =
        usize::from(group.u16(0x003A_0005).ok_or_else(|| bad("no number of channels".to_owned()))?);
    let samples =
        group.u32s(0x003A_0010).first().copied().ok_or_else(|| bad("no number of samples".to_owned()))?;
    let samples = usize::try_from(samples).unwrap_or(usize::MAX);
    let sample_rate_hz = group
        .decimal(0x003A_001A)
        .filter(|r| *r > 0.0)
        .ok_or_else(|| bad("no sampling frequency".to_owned()))?;
    if channels > limits::MAX_LEADS {
        return Err(ReadError::limit(format!("multiplex group {number} of {channels} channels")));
    }
    let definitions = group.items(0x003A_0200);
    if definitions.len() != channels {
        return Err(bad(format!("{channels} channels are declared, {} defined", definitions.len())));
    }
    let bits = group.u16(0x5400_1004).unwrap_or(16);
    let interpretation = group.ascii(0x5400_1006).unwrap_or_else(|| "SS".to_owned());
    let width = match (interpretation.as_str(), bits) {
        ("SB" | "UB", 8) => 1usize,
        ("SS" | "US", 16) => 2,
        ("SL" | "UL", 32) => 4,
        (other, bits) => {
            return Err(ReadError::unsupported(format!("waveform samples {other} of {bits} bits")));
        }
    };
    let data = group.bytes(0x5400_1010).unwrap_or_default();
    let needed = samples.checked_mul(channels).and_then(|n| n.checked_mul(width)).unwrap_or(usize::MAX);
    if data.len() < needed {
        return Err(bad(format!("{needed} bytes of samples are declared, {} are there", data.len())));
    }
    let label = group.bytes(0x003A_0020).map(|b| charset.decode(b).to_ascii_uppercase()).unwrap_or_default();
    let derived = group.ascii(0x003A_0004).is_some_and(|o| o == "DERIVED");
    // A padding of zero is written by a widespread converter over ordinary signals: zeros stay samples.
    let padding = group
        .bytes(0x5400_100A)
        .and_then(|b| decode_sample(b.get(..width)?, &interpretation))
        .filter(|value| *value != 0);
    if samples.saturating_mul(channels) > *budget {
        return Err(ReadError::limit(format!("{samples} samples of {channels} channels")));
    }
    *budget -= samples * channels;
    let mut leads = Vec::new();
    for (index, definition) in definitions.iter().enumerate() {
        let Some(channel) = channel(definition, index + 1, charset, recording) else { continue };
        let samples_uv = data
            .chunks_exact(width)
            .skip(index)
            .step_by(channels.max(1))
            .take(samples)
            .map(|raw| match decode_sample(raw, &interpretation) {
                // Without a stated padding value the lowest 16-bit value still serves as one.
                Some(value) if Some(value) != padding && !(width == 2 && value == -32_768) => {
                    to_f32(f64::from(value) * channel.scale_uv + channel.offset_uv)
                }
                _ => f32::NAN,
            })
            .collect();
        leads.push(Lead { label: channel.label, samples_uv, resolution_uv: channel.scale_uv.abs() });
    }
    let is_median =
        derived || label.contains("MEDIAN") || label.contains("AVERAGE") || label.contains("REPRESENTATIVE");
    let offset_ms = group.decimal(0x0018_1068).unwrap_or(0.0);
    Ok(Group { number, sample_rate_hz, offset_ms, is_median, leads })
}

fn decode_sample(raw: &[u8], interpretation: &str) -> Option<i32> {
    Some(match (interpretation, raw) {
        ("SB", [b]) => i32::from(b.cast_signed()),
        ("UB", [b]) => i32::from(*b),
        ("SS", [a, b]) => i32::from(i16::from_le_bytes([*a, *b])),
        ("US", [a, b]) => i32::from(u16::from_le_bytes([*a, *b])),
        ("SL", [a, b, c, d]) => i32::from_le_bytes([*a, *b, *c, *d]),
        // Unsigned 32-bit values beyond the signed range do not occur in electrocardiograms.
        ("UL", [a, b, c, d]) => i32::try_from(u32::from_le_bytes([*a, *b, *c, *d])).ok()?,
        _ => return None,
    })
}

/// The scale and name of a channel; nothing, with a warning, when it is no voltage.
fn channel(
    definition: &DataSet<'_>,
    number: usize,
    charset: &Charset,
    recording: &mut Recording,
) -> Option<Channel> {
    let source = definition.items(0x003A_0208).first();
    let code = source.and_then(|s| s.ascii(0x0008_0100)).unwrap_or_default();
    let meaning = source.and_then(|s| s.bytes(0x0008_0104)).map(|b| charset.decode(b)).unwrap_or_default();
    let written = definition.bytes(0x003A_0203).map(|b| charset.decode(b)).unwrap_or_default();
    // SCP-ECG codes 5.6.3-9-n and MDC codes 2:n number the leads alike (PS3.16 CID 3001).
    let by_code = code
        .strip_prefix("5.6.3-9-")
        .or_else(|| code.strip_prefix("2:"))
        .and_then(|n| n.trim().parse().ok())
        .and_then(scp_lead)
        .map(str::to_owned);
    let label = by_code.unwrap_or_else(|| {
        let text = [meaning, written].into_iter().find(|t| !t.is_empty());
        text.map_or_else(|| format!("channel {number}"), |t| canonical_label(&t))
    });
    if is_other_signal(&label) {
        recording.warn("signal_not_ecg", format!("{label} was left out"));
        return None;
    }
    let Some(sensitivity) = definition.decimal(0x003A_0210).filter(|s| *s != 0.0) else {
        recording.warn("signal_unreadable", format!("{label} states no sensitivity and was left out"));
        return None;
    };
    let unit = definition.items(0x003A_0211).first().and_then(|u| u.ascii(0x0008_0100));
    let Some(unit_uv) = crate::wfdb::unit_uv(Some(unit.as_deref().unwrap_or("uV"))) else {
        recording.warn("signal_not_ecg", format!("{label} ({}) was left out", unit.unwrap_or_default()));
        return None;
    };
    let correction = definition.decimal(0x003A_0212).filter(|c| *c != 0.0).unwrap_or(1.0);
    let baseline = definition.decimal(0x003A_0213).unwrap_or(0.0);
    let filters = &mut recording.filters;
    let or = |kept: Option<f64>, tag: u32| kept.or_else(|| definition.decimal(tag).filter(|f| *f > 0.0));
    filters.high_pass_hz = or(filters.high_pass_hz, 0x003A_0220);
    filters.low_pass_hz = or(filters.low_pass_hz, 0x003A_0221);
    filters.notch_hz = or(filters.notch_hz, 0x003A_0222);
    Some(Channel { label, scale_uv: sensitivity * correction * unit_uv, offset_uv: baseline * unit_uv })
}

/// Puts the groups of the first group's rate on one time axis by their stated offsets.
fn join_groups(groups: Vec<Group>, budget: &mut usize, recording: &mut Recording) -> Result<(), ReadError> {
    let Some(first) = groups.first() else {
        return Err(ReadError::new("no_ecg_leads", "no channel is an electrocardiogram"));
    };
    let rate = first.sample_rate_hz;
    recording.sample_rate_hz = rate;
    let origin_ms = groups.iter().map(|g| g.offset_ms).fold(f64::INFINITY, f64::min);
    for group in groups {
        if (group.sample_rate_hz - rate).abs() > rate * 1e-6 {
            recording.warn(
                "signal_unreadable",
                format!("multiplex group {} at {} Hz was left out", group.number, group.sample_rate_hz),
            );
            continue;
        }
        let lead_in = round_usize((group.offset_ms - origin_ms) / 1_000.0 * rate).unwrap_or(usize::MAX);
        *budget = budget
            .checked_sub(lead_in.saturating_mul(group.leads.len()))
            .ok_or_else(|| ReadError::limit(format!("a time offset of {} ms", group.offset_ms)))?;
        for mut lead in group.leads {
            if lead_in > 0 {
                let mut shifted = vec![f32::NAN; lead_in];
                shifted.append(&mut lead.samples_uv);
                lead.samples_uv = shifted;
            }
            if recording.lead(&lead.label).is_some() {
                recording.warn(
                    "lead_duplicate",
                    format!("{} occurs in several groups; the first is kept", lead.label),
                );
                continue;
            }
            recording.leads.push(lead);
        }
    }
    Ok(())
}

/// The repertoire of texts (PS3.3 C.12.1.1.2).
struct Charset {
    label: Option<&'static str>,
    unknown: Option<String>,
}

impl Charset {
    fn new(declared: Option<String>) -> Self {
        // With several values the first is the default and the others are reached by escape sequences.
        let terms: Vec<String> =
            declared.iter().flat_map(|d| d.split('\\')).map(|t| t.trim().to_ascii_uppercase()).collect();
        let term = terms.iter().rev().find(|t| !t.is_empty() && t.as_str() != "ISO 2022 IR 6");
        let label = match term.map(|t| t.replace("ISO 2022 IR ", "ISO_IR ")).as_deref() {
            None | Some("ISO_IR 6") => None,
            Some("ISO_IR 192") => Some("utf-8"),
            Some("GB18030" | "GBK" | "ISO_IR 58") => Some("gb18030"),
            Some("ISO_IR 100") => Some("windows-1252"),
            Some("ISO_IR 101") => Some("iso-8859-2"),
            Some("ISO_IR 109") => Some("iso-8859-3"),
            Some("ISO_IR 110") => Some("iso-8859-4"),
            Some("ISO_IR 144") => Some("iso-8859-5"),
            Some("ISO_IR 127") => Some("iso-8859-6"),
            Some("ISO_IR 126") => Some("iso-8859-7"),
            Some("ISO_IR 138") => Some("iso-8859-8"),
            Some("ISO_IR 148") => Some("windows-1254"),
            Some("ISO_IR 13") => Some("shift_jis"),
            Some("ISO_IR 87") => Some("iso-2022-jp"),
            Some("ISO_IR 149") => Some("euc-kr"),
            Some("ISO_IR 166") => Some("windows-874"),
            Some(_) => return Self { label: None, unknown: term.cloned() },
        };
        Self { label, unknown: None }
    }

    fn decode(&self, bytes: &[u8]) -> String {
        let decoded = match self.label {
            // The escape sequence of GB 2312 selects what GB18030 holds at the same places.
            Some("gb18030") => {
                let plain: Vec<u8> = strip_escapes(bytes);
                text::decode_label(&plain, "gb18030")
            }
            // Undeclared Chinese text in a file that says Latin-1 is common; valid pairs decide.
            Some("windows-1252") | None => Some(text::guess(bytes)),
            Some(label) => text::decode_label(bytes, label),
        };
        text::clean(&decoded.unwrap_or_else(|| text::guess(bytes)))
    }
}

/// Removes ISO 2022 designations (ESC, intermediates, one final byte).
fn strip_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        if *byte == 0x1B {
            for next in rest.by_ref() {
                if !(0x20..=0x2F).contains(next) {
                    break;
                }
            }
        } else {
            out.push(*byte);
        }
    }
    out
}

fn person_name(written: &str) -> Option<String> {
    let groups: Vec<&str> = written.split('=').collect();
    let ideographic = groups.get(1).map(|g| g.replace(['^', ' '], ""));
    if let Some(name) = ideographic.as_deref().and_then(text::non_empty) {
        return Some(name);
    }
    text::non_empty(&groups.first()?.split('^').filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" "))
}

fn demographics(set: &DataSet<'_>, charset: &Charset, recording: &mut Recording) {
    let field = |tag: u32| set.bytes(tag).map(|b| charset.decode(b)).filter(|t| !t.is_empty());
    recording.patient.id = field(0x0010_0020);
    recording.patient.name = field(0x0010_0010).and_then(|n| person_name(&n));
    recording.patient.birth_date = field(0x0010_0030).and_then(|d| Date::parse(&d));
    recording.patient.sex = field(0x0010_0040).and_then(|s| Sex::parse(&s));
    recording.patient.height_cm = set.decimal(0x0010_1020).filter(|m| *m > 0.0).map(|m| m * 100.0);
    recording.patient.weight_kg = set.decimal(0x0010_1030).filter(|w| *w > 0.0);
    recording.patient.age_years = field(0x0010_1010).and_then(|age| {
        let (digits, unit) = age.split_at_checked(age.len().checked_sub(1)?)?;
        let per_year = match unit {
            "Y" => 1.0,
            "M" => 12.0,
            "W" => 52.18,
            "D" => 365.25,
            _ => return None,
        };
        parse_f64(digits).map(|n| n / per_year)
    });
    recording.device.manufacturer = field(0x0008_0070);
    recording.device.model = field(0x0008_1090);
    recording.device.serial = field(0x0018_1000);
    recording.device.software = field(0x0018_1020);
    recording.device.institution = field(0x0008_0080);
    recording.device.department = field(0x0008_1040).or_else(|| field(0x0038_0300));
    recording.device.operator = field(0x0008_1070).and_then(|n| person_name(&n));
    for tag in [0x0032_1030, 0x0040_1002, 0x0010_21B0] {
        recording.patient.remarks.extend(field(tag));
    }
    let joined = |date: u32, time: u32| {
        let date = field(date).and_then(|d| Date::parse(&d))?;
        LocalDateTime::from_date_and_time(date, &field(time)?)
    };
    recording.start = field(0x0008_002A)
        .and_then(|t| LocalDateTime::parse(&t))
        .or_else(|| joined(0x0008_0022, 0x0008_0032))
        .or_else(|| joined(0x0008_0023, 0x0008_0033))
        .or_else(|| joined(0x0008_0020, 0x0008_0030));
}

/// The stable name of a measurement, by the meaning of its concept code.
fn measurement_code(meaning: &str) -> Option<&'static str> {
    Some(match meaning.trim().to_ascii_lowercase().as_str() {
        "rr interval" => "rr_interval",
        "pp interval" => "pp_interval",
        "pr interval" => "pr_interval",
        "p duration" => "p_duration",
        "qrs duration" => "qrs_duration",
        "qt interval" => "qt_interval",
        "qtc interval" => "qtc_interval",
        "p axis" => "p_axis",
        "qrs axis" => "qrs_axis",
        "t axis" => "t_axis",
        "ventricular heart rate" | "ventricular rate" | "vent. rate" | "heart rate" => "ventricular_rate",
        "atrial heart rate" | "atrial rate" => "atrial_rate",
        _ => return None,
    })
}

/// Referenced sample positions, which count from 1, or time offsets in seconds, as samples from 0.
fn places(item: &DataSet<'_>, rate_hz: f64) -> Vec<u64> {
    let positions = item.u32s(0x0040_A132);
    if !positions.is_empty() {
        return positions.iter().map(|p| u64::from(p.saturating_sub(1))).collect();
    }
    let offsets = item.ascii(0x0040_A138).unwrap_or_default();
    offsets
        .split('\\')
        .filter_map(parse_f64)
        .filter_map(|seconds| round_usize(seconds * rate_hz))
        .filter_map(|sample| u64::try_from(sample).ok())
        .collect()
}

fn annotation(
    item: &DataSet<'_>,
    charset: &Charset,
    medians: &[usize],
    groups: &[DataSet<'_>],
    recording: &mut Recording,
) {
    let channels = item.u16s(0x0040_A0B0);
    let group = channels.first().map_or(0, |g| usize::from(*g));
    // Channel 0 stands for all channels of the group.
    let lead = channels.get(1).filter(|c| **c > 0).and_then(|channel| {
        let definition =
            groups.get(group.checked_sub(1)?)?.items(0x003A_0200).get(usize::from(*channel) - 1)?;
        let source = definition.items(0x003A_0208).first()?;
        source.bytes(0x0008_0104).map(|b| canonical_label(&charset.decode(b)))
    });
    let concept = item.items(0x0040_A043).first();
    let meaning = concept.and_then(|c| c.bytes(0x0008_0104)).map(|b| charset.decode(b)).unwrap_or_default();
    let text = item.bytes(0x0070_0006).map(|b| charset.decode(b)).filter(|t| !t.is_empty());
    if let Some(value) = item.decimal(0x0040_A30A) {
        if recording.measurements.len() < limits::MAX_STATEMENTS {
            let code = measurement_code(&meaning).filter(|_| lead.is_none());
            let unit = item.items(0x0040_08EA).first().and_then(|u| u.ascii(0x0008_0100)).unwrap_or_default();
            // Some writers label every value, axes included, with milliseconds.
            let unit = if code.is_some_and(|c| c.ends_with("_axis")) { "deg".to_owned() } else { unit };
            recording.measurements.push(MeasurementAsWritten { code, name: meaning, value, unit, lead });
        }
        return;
    }
    let places = places(item, recording.sample_rate_hz);
    if !places.is_empty() && !medians.contains(&group) {
        let symbol = if meaning.is_empty() { "EVENT".to_owned() } else { meaning };
        let range = item.ascii(0x0040_A130).unwrap_or_default();
        // SEGMENT and MULTISEGMENT give pairs; POINT, MULTIPOINT, BEGIN and END give single places.
        let is_pairs = range.ends_with("SEGMENT") || (range.is_empty() && places.len() == 2);
        for place in places.chunks(if is_pairs { 2 } else { 1 }) {
            let Some(first) = place.first().filter(|_| recording.annotations.len() < limits::MAX_ANNOTATIONS)
            else {
                return;
            };
            let mut mark = Annotation::point(*first, symbol.clone(), "dicom");
            mark.end_sample = place.get(1).copied();
            mark.lead.clone_from(&lead);
            mark.text.clone_from(&text);
            recording.annotations.push(mark);
        }
    } else if let Some(text) = text
        && recording.statements.len() < limits::MAX_STATEMENTS
    {
        recording.statements.push(text);
    }
}
