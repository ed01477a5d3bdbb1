//! Philips Sierra XML, versions 1.03 and 1.04 (PageWriter, HeartStart, TraceMaster).
//!
//! III, aVR, aVL and aVF are stored as what is left after predicting them from the leads before:
//! III = II − I − r, aVR = −⌊(I + II)/2⌋ − r, aVL = ⌊(I − III)/2⌋ − r, aVF = ⌊(II + III)/2⌋ − r.

mod xli;

use roxmltree::Node;

use crate::base64;
use crate::bytes::i16s;
use crate::error::ReadError;
use crate::labels::canonical_label;
use crate::limits;
use crate::model::{Format, Lead, MeasurementAsWritten, MedianBeats, Recording, STANDARD_TWELVE, Sex};
use crate::num::{parse_f64, round_usize, to_f32};
use crate::text;
use crate::time::{Date, LocalDateTime};
use crate::xml::{attribute, child, children, document_text, parse, path, path_text, text as xml_text};

pub(crate) fn read(bytes: &[u8]) -> Result<Recording, ReadError> {
    let content = document_text(bytes)?;
    let document = parse(&content)?;
    let root = document.root_element();
    let mut recording = Recording::new(Format::PhilipsXml, 0.0);
    let acquisition = child(root, "dataacquisition");
    let signal = acquisition
        .and_then(|a| child(a, "signalcharacteristics"))
        .ok_or_else(|| ReadError::damaged("there is no signalcharacteristics"))?;
    let waveforms = descendant(root, "parsedwaveforms")
        .ok_or_else(|| ReadError::new("no_ecg_leads", "there is no parsedwaveforms"))?;
    let rate = path_text(signal, &["samplingrate"])
        .or_else(|| attribute(waveforms, "samplespersecond"))
        .and_then(|t| parse_f64(&t))
        .filter(|r| *r > 0.0)
        .ok_or_else(|| ReadError::damaged("no sampling rate"))?;
    recording.sample_rate_hz = rate;
    let resolution_uv = ["signalresolution", "resolution"]
        .into_iter()
        .find_map(|name| path_text(signal, &[name]))
        .or_else(|| attribute(waveforms, "resolution"))
        .and_then(|t| parse_f64(&t))
        .filter(|r| *r > 0.0)
        .ok_or_else(|| ReadError::damaged("no signal resolution"))?;
    let labels = labels(signal, waveforms);
    let leads = samples(waveforms, &labels, rate, limits::max_samples(bytes.len()))?;
    recording.leads = to_leads(&labels, leads, resolution_uv);
    median(root, resolution_uv, &mut recording);
    filters(root, signal, &mut recording);
    describe(root, acquisition, &mut recording);
    findings(root, &mut recording);
    Ok(recording)
}

fn descendant<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.descendants().find(|n| n.is_element() && n.tag_name().name() == name)
}

/// Names as stated, else the twelve standard leads.
fn labels(signal: Node<'_, '_>, waveforms: Node<'_, '_>) -> Vec<String> {
    if let Some(stated) = attribute(waveforms, "leadlabels") {
        return stated.split_whitespace().take(limits::MAX_LEADS).map(canonical_label).collect();
    }
    let count = path_text(signal, &["numberchannelsallocated"])
        .and_then(|t| t.parse::<usize>().ok())
        .map_or(12, |n| n.min(limits::MAX_LEADS));
    (0..count)
        .map(|i| STANDARD_TWELVE.get(i).map_or_else(|| format!("channel {}", i + 1), |l| (*l).to_owned()))
        .collect()
}

fn samples(
    waveforms: Node<'_, '_>,
    labels: &[String],
    rate_hz: f64,
    max_samples: usize,
) -> Result<Vec<Vec<i16>>, ReadError> {
    let at = waveforms.range().start;
    let encoding = attribute(waveforms, "dataencoding").unwrap_or_default();
    if !encoding.eq_ignore_ascii_case("base64") {
        return Err(ReadError::unsupported(format!("waveform encoding {encoding:?}")).at(at));
    }
    let encoded: String = waveforms.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect();
    let data =
        base64::decode(&encoded).ok_or_else(|| ReadError::damaged("the waveforms are not Base64").at(at))?;
    let count = attribute(waveforms, "durationperchannel")
        .and_then(|t| parse_f64(&t))
        .and_then(|ms| round_usize(ms * rate_hz / 1_000.0))
        .filter(|n| *n > 0)
        .ok_or_else(|| ReadError::damaged("no duration for each channel").at(at))?;
    if count.saturating_mul(labels.len()) > max_samples {
        return Err(ReadError::limit(format!("{count} samples of {} leads", labels.len())).at(at));
    }
    let flag = attribute(waveforms, "compressflag").is_some_and(|f| f.eq_ignore_ascii_case("false"));
    let method = ["compressmethod", "compression"].into_iter().find_map(|name| attribute(waveforms, name));
    let mut leads = match method.as_deref() {
        Some("XLI") if !flag => xli::decode(&data, labels.len(), count).map_err(|e| e.at(at))?,
        None | Some("Uncompressed" | "None") => {
            if data.len() < count * 2 * labels.len() {
                let detail =
                    format!("{} bytes hold no {count} samples of {} leads", data.len(), labels.len());
                return Err(ReadError::damaged(detail).at(at));
            }
            data.chunks_exact(count * 2).take(labels.len()).map(|lead| i16s(lead).collect()).collect()
        }
        Some(other) => return Err(ReadError::unsupported(format!("waveform compression {other:?}")).at(at)),
    };
    restore_limb_leads(labels, &mut leads);
    Ok(leads)
}

/// Undoes the prediction of the four derived limb leads, in the order in which they depend on each other.
fn restore_limb_leads(labels: &[String], leads: &mut [Vec<i16>]) {
    let find = |label: &str| labels.iter().position(|l| l == label);
    for (label, first, second) in
        [("III", "I", "II"), ("aVR", "I", "II"), ("aVL", "I", "III"), ("aVF", "II", "III")]
    {
        let (Some(target), Some(first), Some(second)) = (find(label), find(first), find(second)) else {
            continue;
        };
        let (Some(a), Some(b)) = (leads.get(first).cloned(), leads.get(second).cloned()) else { continue };
        let Some(residual) = leads.get_mut(target) else { continue };
        for ((value, a), b) in residual.iter_mut().zip(a).zip(b) {
            let (a, b, r) = (i32::from(a), i32::from(b), i32::from(*value));
            let restored = match label {
                "III" => b - a - r,
                "aVR" => -(a + b).div_euclid(2) - r,
                "aVL" => (a - b).div_euclid(2) - r,
                _ => (a + b).div_euclid(2) - r,
            };
            *value = i16::try_from(restored).unwrap_or(if restored < 0 { i16::MIN } else { i16::MAX });
        }
    }
}

fn to_leads(labels: &[String], leads: Vec<Vec<i16>>, resolution_uv: f64) -> Vec<Lead> {
    labels
        .iter()
        .zip(leads)
        .map(|(label, units)| Lead {
            label: label.clone(),
            samples_uv: units.into_iter().map(|u| to_f32(f64::from(u) * resolution_uv)).collect(),
            resolution_uv,
        })
        .collect()
}

/// Representative beats are stored plainly, one for each lead.
fn median(root: Node<'_, '_>, resolution_uv: f64, recording: &mut Recording) {
    let Some(block) = descendant(root, "repbeats") else { return };
    let rate = attribute(block, "samplespersec").and_then(|t| parse_f64(&t)).filter(|r| *r > 0.0);
    let resolution_uv = attribute(block, "resolution").and_then(|t| parse_f64(&t)).unwrap_or(resolution_uv);
    let mut leads = Vec::new();
    for beat in block.descendants().filter(|n| n.is_element() && n.tag_name().name() == "repbeat") {
        let Some(label) = attribute(beat, "leadname") else { continue };
        let source = descendant(beat, "waveform").unwrap_or(beat);
        let Some(data) = xml_text_unbounded(source).and_then(|t| base64::decode(&t)) else {
            recording.warn("section_damaged", format!("representative beat of {label}"));
            return;
        };
        // The largest value fills the places beyond the beat.
        let samples_uv = i16s(&data)
            .map(|v| if v == i16::MAX { f32::NAN } else { to_f32(f64::from(v) * resolution_uv) })
            .collect();
        leads.push(Lead { label: canonical_label(&label), samples_uv, resolution_uv });
    }
    if leads.len() <= limits::MAX_LEADS && !leads.is_empty() {
        recording.median =
            Some(MedianBeats { sample_rate_hz: rate.unwrap_or(recording.sample_rate_hz), leads });
    }
}

fn xml_text_unbounded(node: Node<'_, '_>) -> Option<String> {
    let joined: String = node.children().filter(Node::is_text).filter_map(|n| n.text()).collect();
    (!joined.trim().is_empty()).then_some(joined)
}

/// A text that says something: anonymised files hold "---".
fn said(text: Option<String>) -> Option<String> {
    text.filter(|t| !t.chars().all(|c| c == '-' || c == '*'))
}

fn filters(root: Node<'_, '_>, signal: Node<'_, '_>, recording: &mut Recording) {
    let bandwidth = path(root, &["reportinfo", "reportbandwidth"]);
    let number = |node: Option<Node<'_, '_>>, name: &str| {
        node.and_then(|n| path_text(n, &[name])).and_then(|t| parse_f64(&t)).filter(|v| *v > 0.0)
    };
    let filters = &mut recording.filters;
    // What was done to the samples; the settings of the printed report come second.
    filters.high_pass_hz = number(Some(signal), "hipass");
    filters.low_pass_hz = number(Some(signal), "lowpass");
    if let Some(band) = path_text(signal, &["signalbandwidth"])
        && let Some((low, high)) = band.split_once('-')
    {
        filters.high_pass_hz = filters.high_pass_hz.or_else(|| parse_f64(low));
        filters.low_pass_hz = filters.low_pass_hz.or_else(|| parse_f64(high));
    }
    for (name, said) in [
        ("highpassfiltersetting", "report high pass"),
        ("lowpassfiltersetting", "report low pass"),
        ("notchfiltersetting", "report notch"),
    ] {
        if let Some(value) = number(bandwidth, name) {
            filters.other.push(format!("{said}: {value} Hz"));
        }
    }
}

fn describe(root: Node<'_, '_>, acquisition: Option<Node<'_, '_>>, recording: &mut Recording) {
    if let Some(acquisition) = acquisition {
        let date = attribute(acquisition, "date").and_then(|d| Date::parse(&d));
        let time = attribute(acquisition, "time");
        recording.start =
            date.and_then(|d| LocalDateTime::from_date_and_time(d, time.as_deref().unwrap_or("00:00:00")));
        if let Some(machine) = child(acquisition, "machine") {
            recording.device.model = xml_text(machine);
            recording.device.serial = attribute(machine, "machineid");
            recording.device.software = attribute(machine, "detaildescription");
        }
        if let Some(acquirer) = child(acquisition, "acquirer") {
            recording.device.institution = said(path_text(acquirer, &["institutionname"]));
            recording.device.department = said(path_text(acquirer, &["departmentname"]))
                .or_else(|| said(path_text(acquirer, &["departmentid"])));
            recording.device.operator = said(path_text(acquirer, &["operatorid"]));
        }
    }
    recording.device.manufacturer = Some("Philips".to_owned());
    let Some(patient) = path(root, &["patient", "generalpatientdata"]) else { return };
    recording.patient.id = said(path_text(patient, &["patientid"]));
    let name: Vec<String> = ["lastname", "firstname", "middlename"]
        .into_iter()
        .filter_map(|part| said(path_text(patient, &["name", part])))
        .collect();
    recording.patient.name = text::non_empty(&name.join(" "));
    recording.patient.sex = path_text(patient, &["sex"]).and_then(|s| Sex::parse(&s));
    recording.patient.age_years = path_text(patient, &["age", "years"]).and_then(|t| parse_f64(&t));
    recording.patient.birth_date = path_text(patient, &["age", "dateofbirth"]).and_then(|d| Date::parse(&d));
    recording.patient.height_cm = path_text(patient, &["height", "cm"]).and_then(|t| parse_f64(&t));
    recording.patient.weight_kg = path_text(patient, &["weight", "kg"]).and_then(|t| parse_f64(&t));
}

/// Element, stable name and unit; the names of both versions.
const MEASUREMENTS: [(&str, &str, &str); 14] = [
    ("heartrate", "ventricular_rate", "/min"),
    ("rrint", "rr_interval", "ms"),
    ("atrialrate", "atrial_rate", "/min"),
    ("print", "pr_interval", "ms"),
    ("meanprint", "pr_interval", "ms"),
    ("qrsdur", "qrs_duration", "ms"),
    ("meanqrsdur", "qrs_duration", "ms"),
    ("qtint", "qt_interval", "ms"),
    ("meanqtint", "qt_interval", "ms"),
    ("qtcb", "qtc_bazett", "ms"),
    ("qtcf", "qtc_fridericia", "ms"),
    ("meanqtc", "qtc_interval", "ms"),
    ("pfrontaxis", "p_axis", "deg"),
    ("qrsfrontaxis", "qrs_axis", "deg"),
];

fn findings(root: Node<'_, '_>, recording: &mut Recording) {
    let Some(interpretation) = path(root, &["interpretations", "interpretation"]) else { return };
    // Version 1.04 calls the block globalmeasurements, 1.03 interpretationmeasurements.
    let block = child(interpretation, "globalmeasurements")
        .or_else(|| child(interpretation, "interpretationmeasurements"));
    if let Some(block) = block {
        let all = MEASUREMENTS.into_iter().chain([("tfrontaxis", "t_axis", "deg")]);
        for (element, code, unit) in all {
            if let Some(value) = path_text(block, &[element]).and_then(|t| parse_f64(&t)) {
                recording.measurements.push(MeasurementAsWritten::global(Some(code), element, value, unit));
            }
        }
    }
    for statement in children(interpretation, "statement").take(limits::MAX_STATEMENTS) {
        let parts: Vec<String> = ["leftstatement", "rightstatement"]
            .into_iter()
            .filter_map(|name| path_text(statement, &[name]))
            .collect();
        if !parts.is_empty() {
            recording.statements.push(parts.join(" | "));
        }
    }
    recording.statements.extend(path_text(interpretation, &["severity"]));
}
