//! GE CardioSoft and CASE `CardiologyXML`: resting ECGs, and exercise tests with full disclosure or strips.
//!
//! Samples are decimal numbers separated by commas, in units of `Resolution` microvolts. Source: the public
//! readers that users of the UK Biobank's resting and exercise ECGs wrote; no file of a device was at hand.
//!
//! A resting ECG is the `WaveformData` directly in `StripData`. Where there is none, the whole recording is
//! `FullDisclosure`, which interleaves the leads of `LeadOrder`; failing that, the longest `Strip` is read and
//! the others are reported.

use roxmltree::Node;

use crate::error::ReadError;
use crate::labels::canonical_label;
use crate::limits;
use crate::model::{Annotation, Format, Lead, MeasurementAsWritten, MedianBeats, Recording, Sex};
use crate::num::{parse_f64, round_usize, to_f32};
use crate::time::{Date, LocalDateTime};
use crate::xml::{attribute, child, children, document_text, parse, path, path_text, text};

pub(crate) fn read(bytes: &[u8]) -> Result<Recording, ReadError> {
    let content = document_text(bytes)?;
    let document = parse(&content)?;
    let root = document.root_element();
    let mut recording = Recording::new(Format::CardiosoftXml, 0.0);
    let mut budget = limits::max_samples(bytes.len());
    let block = rhythm(root, &mut budget, &mut recording)?;
    recording.sample_rate_hz = block.sample_rate_hz;
    recording.leads = block.leads;
    recording.derive_missing_limb_leads();
    let median =
        path(root, &["RestingECGMeasurements", "MedianSamples"]).or_else(|| child(root, "MedianSamples"));
    if let Some(median) = median.filter(|m| child(*m, "WaveformData").is_some()) {
        match scale(median).and_then(|scale| lead_by_lead(median, &scale, &mut budget)) {
            Ok(block) => {
                recording.median =
                    Some(MedianBeats { sample_rate_hz: block.sample_rate_hz, leads: block.leads });
            }
            Err(error) if error.code == "limit_exceeded" => return Err(error),
            Err(error) => recording.warn("section_damaged", format!("median samples: {error}")),
        }
    }
    patient(root, &mut recording);
    device(root, &mut recording);
    filters(root, &mut recording);
    measurements(root, &mut recording);
    statements(root, &mut recording);
    beats(root, &mut recording);
    Ok(recording)
}

struct Block {
    sample_rate_hz: f64,
    leads: Vec<Lead>,
}

struct Scale {
    sample_rate_hz: f64,
    resolution_uv: f64,
}

/// Sample rate and resolution of a block.
fn scale(block: Node<'_, '_>) -> Result<Scale, ReadError> {
    let at = block.range().start;
    let number =
        |name: &str| child(block, name).and_then(text).and_then(|t| parse_f64(&t)).filter(|v| *v > 0.0);
    let sample_rate_hz =
        number("SampleRate").ok_or_else(|| ReadError::damaged("the block states no SampleRate").at(at))?;
    let stated =
        number("Resolution").ok_or_else(|| ReadError::damaged("the block states no Resolution").at(at))?;
    let unit = child(block, "Resolution").and_then(|n| attribute(n, "units"));
    let resolution_uv = match unit.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None | Some("uvperlsb" | "uv") => stated,
        Some("nvperlsb" | "nv") => stated / 1_000.0,
        Some("mvperlsb" | "mv") => stated * 1_000.0,
        Some(other) => return Err(ReadError::unsupported(format!("resolution in {other:?}")).at(at)),
    };
    Ok(Scale { sample_rate_hz, resolution_uv })
}

fn rhythm(root: Node<'_, '_>, budget: &mut usize, recording: &mut Recording) -> Result<Block, ReadError> {
    let strips = child(root, "StripData");
    if let Some(strips) = strips.filter(|s| child(*s, "WaveformData").is_some()) {
        return lead_by_lead(strips, &scale(strips)?, budget);
    }
    if let Some(disclosure) =
        child(root, "FullDisclosure").filter(|d| child(*d, "FullDisclosureData").is_some())
    {
        return interleaved(disclosure, budget);
    }
    let none = || ReadError::new("no_ecg_leads", "there is no strip and no full disclosure");
    let strips = strips.ok_or_else(none)?;
    let mut best: Option<Block> = None;
    let mut count = 0usize;
    for strip in children(strips, "Strip") {
        count += 1;
        let block = lead_by_lead(strip, &scale(strips)?, budget)?;
        let length = |b: &Block| b.leads.first().map_or(0, |l| l.samples_uv.len());
        if best.as_ref().is_none_or(|b| length(&block) > length(b)) {
            best = Some(block);
        }
    }
    if count > 1 {
        recording.warn("signal_unreadable", format!("the longest of {count} separate strips was read"));
    }
    best.ok_or_else(none)
}

/// `WaveformData` elements with a lead each.
fn lead_by_lead(block: Node<'_, '_>, scale: &Scale, budget: &mut usize) -> Result<Block, ReadError> {
    let declared =
        path_text(block, &["ChannelSampleCountTotal"]).and_then(|t| parse_f64(&t)).and_then(round_usize);
    let mut leads = Vec::new();
    for data in children(block, "WaveformData") {
        if leads.len() >= limits::MAX_LEADS {
            return Err(ReadError::limit("too many leads").at(data.range().start));
        }
        let label = canonical_label(&attribute(data, "lead").unwrap_or_default());
        let samples_uv = samples(data, scale.resolution_uv, budget)?;
        if let Some(declared) = declared.filter(|d| *d > samples_uv.len()) {
            let detail =
                format!("lead {label}: {declared} samples are declared, {} are there", samples_uv.len());
            return Err(ReadError::damaged(detail).at(data.range().start));
        }
        leads.push(Lead { label, samples_uv, resolution_uv: scale.resolution_uv });
    }
    Ok(Block { sample_rate_hz: scale.sample_rate_hz, leads })
}

/// Full disclosure: the first sample of each lead, then the second of each, and so on.
fn interleaved(block: Node<'_, '_>, budget: &mut usize) -> Result<Block, ReadError> {
    let scale = scale(block)?;
    let at = block.range().start;
    let order = path_text(block, &["LeadOrder"]).unwrap_or_default();
    let labels: Vec<String> = order.split(',').map(canonical_label).filter(|l| !l.is_empty()).collect();
    if labels.is_empty() || labels.len() > limits::MAX_LEADS {
        return Err(ReadError::damaged(format!("full disclosure of {} leads", labels.len())).at(at));
    }
    let stated = path_text(block, &["NumberOfChannels"]).and_then(|t| parse_f64(&t)).and_then(round_usize);
    if let Some(stated) = stated.filter(|n| *n != labels.len()) {
        let detail = format!("{stated} channels are stated, {} leads are named", labels.len());
        return Err(ReadError::damaged(detail).at(at));
    }
    let Some(data) = child(block, "FullDisclosureData") else {
        return Err(ReadError::new("no_ecg_leads", "the full disclosure holds no data").at(at));
    };
    let all = samples(data, scale.resolution_uv, budget)?;
    let width = labels.len();
    let leads = labels
        .into_iter()
        .enumerate()
        .map(|(index, label)| Lead {
            label,
            // A last incomplete frame is left out, so that the leads are equally long.
            samples_uv: all.chunks_exact(width).filter_map(|frame| frame.get(index).copied()).collect(),
            resolution_uv: scale.resolution_uv,
        })
        .collect();
    Ok(Block { sample_rate_hz: scale.sample_rate_hz, leads })
}

/// Comma-separated whole numbers; an empty place is a missing sample, one trailing comma is none.
fn samples(data: Node<'_, '_>, resolution_uv: f64, budget: &mut usize) -> Result<Vec<f32>, ReadError> {
    let at = data.range().start;
    let mut joined = String::new();
    for piece in data.children().filter(Node::is_text).filter_map(|n| n.text()) {
        joined.push_str(piece);
    }
    let trimmed = joined.trim().trim_end_matches(',');
    let mut out = Vec::new();
    for token in trimmed.split(',').map(str::trim) {
        *budget = budget.checked_sub(1).ok_or_else(|| ReadError::limit("too many samples").at(at))?;
        let value = match token.parse::<i32>() {
            Ok(units) => to_f32(f64::from(units) * resolution_uv),
            Err(_) if token.is_empty() => f32::NAN,
            Err(_) => {
                let shown: String = token.chars().take(40).collect();
                return Err(ReadError::damaged(format!("sample {} is {shown:?}", out.len() + 1)).at(at));
            }
        };
        out.push(value);
    }
    Ok(out)
}

fn date(node: Node<'_, '_>) -> Option<Date> {
    let part = |name: &str| path_text(node, &[name]).and_then(|t| t.parse::<i64>().ok());
    Date::from_parts(part("Year")?, part("Month")?, part("Day")?)
}

fn patient(root: Node<'_, '_>, recording: &mut Recording) {
    let written =
        child(root, "ObservationDateTime").or_else(|| path(root, &["ClinicalInfo", "ObservationDateTime"]));
    if let Some(node) = written {
        let part = |name: &str| path_text(node, &[name]).and_then(|t| t.parse::<u8>().ok()).unwrap_or(0);
        recording.start =
            date(node).and_then(|d| LocalDateTime::new(d, part("Hour"), part("Minute"), part("Second"), 0));
        if recording.start.is_none() {
            recording.warn("time_unreadable", "ObservationDateTime");
        }
    }
    if let Some(node) = child(root, "PatientInfo") {
        let field = |names: &[&str]| path_text(node, names);
        let number = |name: &str| field(&[name]).and_then(|t| parse_f64(&t)).filter(|v| *v > 0.0);
        let unit = |name: &str| child(node, name).and_then(|n| attribute(n, "units")).unwrap_or_default();
        recording.patient.id = field(&["PID"]);
        let name: Vec<String> =
            ["FamilyName", "GivenName"].iter().filter_map(|part| field(&["Name", part])).collect();
        recording.patient.name = (!name.is_empty()).then(|| name.join(" "));
        recording.patient.birth_date = child(node, "BirthDateTime").and_then(date);
        recording.patient.sex = field(&["Gender"]).and_then(|g| Sex::parse(&g));
        recording.patient.age_years =
            number("Age").map(|age| match unit("Age").to_ascii_lowercase().as_str() {
                "months" | "month" => age / 12.0,
                "weeks" | "week" => age / 52.18,
                "days" | "day" => age / 365.25,
                _ => age,
            });
        let factor = |name: &str, imperial: &str, by: f64| {
            if unit(name).eq_ignore_ascii_case(imperial) { by } else { 1.0 }
        };
        recording.patient.height_cm = number("Height").map(|h| h * factor("Height", "in", 2.54));
        recording.patient.weight_kg = number("Weight").map(|w| w * factor("Weight", "lb", 0.453_592_37));
        if field(&["PaceMaker"]).is_some_and(|p| p.eq_ignore_ascii_case("yes")) {
            recording.patient.remarks.push("pacemaker".to_owned());
        }
    }
    for names in [
        &["ClinicalInfo", "ReasonForStudy"][..],
        &["ClinicalInfo", "ObservationComment"],
        &["PatientVisit", "MedicalHistory", "MedicalHistoryText"],
    ] {
        recording.patient.remarks.extend(path_text(root, names));
    }
    for drugs in path(root, &["PatientVisit"]).into_iter().flat_map(|v| children(v, "Medications")) {
        recording
            .patient
            .medications
            .extend(children(drugs, "Drug").filter_map(text).take(limits::MAX_STATEMENTS));
    }
}

fn device(root: Node<'_, '_>, recording: &mut Recording) {
    let info = ["ClinicalInfo", "DeviceInfo"];
    let of_device = |name: &str| path(root, &info).and_then(|n| path_text(n, &[name]));
    recording.device.manufacturer = Some("GE".to_owned());
    recording.device.model = of_device("Desc").or_else(|| path_text(root, &["Device-Type"]));
    let versions: Vec<String> = ["SoftwareVer", "AnalysisVer"].into_iter().filter_map(of_device).collect();
    recording.device.software = (!versions.is_empty()).then(|| versions.join(", "));
    recording.device.institution = path_text(root, &["PatientVisit", "ServicingFacility", "Name"])
        .or_else(|| path_text(root, &["PatientVisit", "AssignedPatientLocation", "Facility"]));
    recording.device.department =
        path_text(root, &["PatientVisit", "AssignedPatientLocation", "LocationName"]);
    let operator: Vec<String> = ["FamilyName", "GivenName"]
        .iter()
        .filter_map(|part| path_text(root, &["ClinicalInfo", "Technician", part]))
        .collect();
    recording.device.operator = (!operator.is_empty()).then(|| operator.join(" "));
}

fn filters(root: Node<'_, '_>, recording: &mut Recording) {
    let Some(node) = child(root, "FilterSetting") else { return };
    let number = |name: &str| path_text(node, &[name]).and_then(|t| parse_f64(&t)).filter(|v| *v > 0.0);
    let on = |name: &str| path_text(node, &[name]).is_some_and(|t| t.eq_ignore_ascii_case("yes"));
    recording.filters.high_pass_hz = number("HighPass");
    recording.filters.low_pass_hz = number("LowPass");
    recording.filters.notch_hz = match (on("Filter50Hz"), on("Filter60Hz")) {
        (true, _) => Some(50.0),
        (false, true) => Some(60.0),
        (false, false) => None,
    };
    if on("CubicSpline") {
        recording.filters.other.push("cubic spline".to_owned());
    }
}

/// Element, stable name, unit. Onsets and offsets count from the start of the median beat.
const MEASUREMENTS: [(&str, &str, &str); 17] = [
    ("VentricularRate", "ventricular_rate", "/min"),
    ("AtrialRate", "atrial_rate", "/min"),
    ("PQInterval", "pr_interval", "ms"),
    ("PDuration", "p_duration", "ms"),
    ("QRSDuration", "qrs_duration", "ms"),
    ("QTInterval", "qt_interval", "ms"),
    ("QTCInterval", "qtc_interval", "ms"),
    ("RRInterval", "rr_interval", "ms"),
    ("PPInterval", "pp_interval", "ms"),
    ("PAxis", "p_axis", "deg"),
    ("RAxis", "qrs_axis", "deg"),
    ("TAxis", "t_axis", "deg"),
    ("POnset", "p_onset", "ms"),
    ("POffset", "p_offset", "ms"),
    ("QOnset", "qrs_onset", "ms"),
    ("QOffset", "qrs_offset", "ms"),
    ("TOffset", "t_offset", "ms"),
];

fn measurements(root: Node<'_, '_>, recording: &mut Recording) {
    let Some(block) = child(root, "RestingECGMeasurements") else { return };
    for (element, code, unit) in MEASUREMENTS {
        if let Some(value) = path_text(block, &[element]).and_then(|t| parse_f64(&t)) {
            recording.measurements.push(MeasurementAsWritten::global(Some(code), element, value, unit));
        }
    }
    let Some(table) = child(block, "MeasurementTable") else { return };
    let order = path_text(table, &["LeadOrder"]).unwrap_or_default();
    let leads: Vec<String> = order.split(',').map(canonical_label).collect();
    for row in table.children().filter(|n| n.is_element() && n.tag_name().name() != "LeadOrder") {
        let name = row.tag_name().name();
        let unit = attribute(row, "units").unwrap_or_default();
        let values = text(row).unwrap_or_default();
        for (lead, value) in leads.iter().zip(values.split(',')) {
            if recording.measurements.len() >= limits::MAX_STATEMENTS {
                return;
            }
            if let Some(value) = parse_f64(value) {
                let mut one = MeasurementAsWritten::global(None, name, value, &unit);
                one.lead = Some(lead.clone());
                recording.measurements.push(one);
            }
        }
    }
}

/// The program's diagnosis, then what the conclusion adds to it.
fn statements(root: Node<'_, '_>, recording: &mut Recording) {
    for (block, line) in [("Diagnosis", "DiagnosisText"), ("Conclusion", "ConclusionText")] {
        let Some(node) = path(root, &["Interpretation", block]) else { continue };
        for statement in children(node, line).filter_map(text).take(limits::MAX_STATEMENTS) {
            if recording.statements.len() < 256 && !recording.statements.contains(&statement) {
                recording.statements.push(statement);
            }
        }
    }
}

/// Beats with the class that the program gave them; times are in milliseconds.
fn beats(root: Node<'_, '_>, recording: &mut Recording) {
    let Some(block) = path(root, &["StripData", "ArrhythmiaResults"]) else { return };
    let mut classes = children(block, "BeatClass").filter_map(text);
    let end = recording.sample_count();
    for time in children(block, "Time").take(limits::MAX_ANNOTATIONS) {
        let class = classes.next();
        let Some(time_ms) = text(time).and_then(|t| parse_f64(&t)).filter(|t| *t >= 0.0) else { continue };
        let sample = round_usize(time_ms / 1_000.0 * recording.sample_rate_hz).filter(|s| *s < end);
        if let Some(sample) = sample.and_then(|s| u64::try_from(s).ok()) {
            let mut annotation = Annotation::point(sample, "QRS", "cardiosoft");
            annotation.text = class;
            recording.annotations.push(annotation);
        }
    }
}
