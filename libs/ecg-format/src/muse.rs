//! GE MUSE `RestingECG` XML.
//!
//! Only I, II and V1 to V6 are stored; III, aVR, aVL and aVF are computed. The scale is always
//! `LeadAmplitudeUnitsPerBit`, which is stated for each lead.

use roxmltree::Node;

use crate::base64;
use crate::bytes::i16s;
use crate::error::ReadError;
use crate::labels::canonical_label;
use crate::limits;
use crate::model::{Annotation, Format, Lead, MeasurementAsWritten, MedianBeats, Recording, Sex};
use crate::num::{parse_f64, round_usize, to_f32};
use crate::time::{Date, LocalDateTime};
use crate::xml::{child, children, document_text, parse, path_text};

pub(crate) fn read(bytes: &[u8]) -> Result<Recording, ReadError> {
    let content = document_text(bytes)?;
    let document = parse(&content)?;
    let root = document.root_element();
    let mut recording = Recording::new(Format::MuseXml, 0.0);
    let mut rhythm = None;
    for waveform in children(root, "Waveform") {
        let kind = path_text(waveform, &["WaveformType"]).unwrap_or_default();
        let median = kind.eq_ignore_ascii_case("Median");
        if median && recording.median.is_none() {
            let (sample_rate_hz, leads) = read_waveform(waveform, &mut recording)?;
            recording.median = Some(MedianBeats { sample_rate_hz, leads });
        } else if !median && rhythm.is_none() {
            rhythm = Some(waveform);
        }
    }
    let rhythm = rhythm.ok_or_else(|| ReadError::new("no_ecg_leads", "there is no rhythm waveform"))?;
    let (sample_rate_hz, leads) = read_waveform(rhythm, &mut recording)?;
    recording.sample_rate_hz = sample_rate_hz;
    recording.leads = leads;
    recording.derive_missing_limb_leads();
    filters(rhythm, &mut recording);
    demographics(root, &mut recording);
    measurements(root, &mut recording);
    statements(root, &mut recording);
    beats(root, &mut recording);
    Ok(recording)
}

fn number(node: Node<'_, '_>, names: &[&str]) -> Option<f64> {
    path_text(node, names).and_then(|t| parse_f64(&t))
}

fn read_waveform(waveform: Node<'_, '_>, recording: &mut Recording) -> Result<(f64, Vec<Lead>), ReadError> {
    let at = waveform.range().start;
    let base = number(waveform, &["SampleBase"])
        .ok_or_else(|| ReadError::damaged("a waveform states no SampleBase").at(at))?;
    let exponent = number(waveform, &["SampleExponent"]).unwrap_or(0.0);
    let mut leads = Vec::new();
    for lead in children(waveform, "LeadData") {
        if leads.len() >= limits::MAX_LEADS {
            return Err(ReadError::limit("too many leads").at(at));
        }
        leads.push(read_lead(lead, recording)?);
    }
    Ok((base * 10f64.powf(exponent), leads))
}

fn read_lead(node: Node<'_, '_>, recording: &mut Recording) -> Result<Lead, ReadError> {
    let at = node.range().start;
    let label = canonical_label(&path_text(node, &["LeadID"]).unwrap_or_default());
    let bad = |detail: String| ReadError::damaged(format!("lead {label}: {detail}")).at(at);
    let per_bit = number(node, &["LeadAmplitudeUnitsPerBit"])
        .filter(|v| *v > 0.0)
        .ok_or_else(|| bad("no LeadAmplitudeUnitsPerBit".to_owned()))?;
    let unit = path_text(node, &["LeadAmplitudeUnits"]).unwrap_or_else(|| "MICROVOLTS".to_owned());
    let resolution_uv = match unit.to_ascii_uppercase().as_str() {
        "MICROVOLTS" | "UV" => per_bit,
        "MILLIVOLTS" | "MV" => per_bit * 1_000.0,
        "NANOVOLTS" | "NV" => per_bit / 1_000.0,
        other => return Err(bad(format!("unit {other:?}"))),
    };
    if let Some(size) = number(node, &["LeadSampleSize"])
        && size != 2.0
    {
        return Err(ReadError::unsupported(format!("lead {label}: samples of {size} bytes")).at(at));
    }
    let mut encoded = String::new();
    if let Some(data) = child(node, "WaveFormData") {
        for text in data.descendants().filter(Node::is_text).filter_map(|n| n.text()) {
            encoded.push_str(text);
        }
    }
    let bytes = base64::decode(&encoded).ok_or_else(|| bad("the samples are not Base64".to_owned()))?;
    let samples_uv: Vec<f32> = i16s(&bytes)
        .map(|v| if v == i16::MIN { f32::NAN } else { to_f32(f64::from(v) * resolution_uv) })
        .collect();
    if let Some(declared) = number(node, &["LeadSampleCountTotal"]).and_then(round_usize)
        && declared != samples_uv.len()
    {
        return Err(bad(format!("{declared} samples are declared, {} are there", samples_uv.len())));
    }
    if path_text(node, &["LeadOff"]).is_some_and(|off| off.eq_ignore_ascii_case("TRUE")) {
        recording.warn("lead_missing", format!("{label} was off"));
    }
    if let Some(stated) = path_text(node, &["LeadDataCRC32"]).and_then(|t| t.parse::<u32>().ok()) {
        let computed = crc32(&bytes);
        if computed != stated {
            recording
                .warn("checksum_mismatch", format!("lead {label}: {stated} is stated, {computed} computed"));
        }
    }
    Ok(Lead { label, samples_uv, resolution_uv })
}

/// CRC-32 (IEEE 802.3), reflected.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    })
}

fn filters(waveform: Node<'_, '_>, recording: &mut Recording) {
    // The high-pass corner is in hundredths of a hertz: 16 stands for 0.16 Hz, 5 for 0.05 Hz, 56 for 0.56 Hz.
    recording.filters.high_pass_hz = number(waveform, &["HighPassFilter"]).map(|v| v / 100.0);
    recording.filters.low_pass_hz = number(waveform, &["LowPassFilter"]).filter(|v| *v > 0.0);
    recording.filters.notch_hz = number(waveform, &["ACFilter"]).filter(|v| *v > 0.0);
}

fn demographics(root: Node<'_, '_>, recording: &mut Recording) {
    if let Some(patient) = child(root, "PatientDemographics") {
        let field = |name: &str| path_text(patient, &[name]);
        recording.patient.id = field("PatientID");
        let name: Vec<String> =
            ["PatientLastName", "PatientFirstName"].into_iter().filter_map(field).collect();
        recording.patient.name = (!name.is_empty()).then(|| name.join(" "));
        recording.patient.sex = field("Gender").and_then(|g| Sex::parse(&g));
        recording.patient.birth_date =
            field("DateofBirth").and_then(|d| Date::parse_mdy(&d).or_else(|| Date::parse(&d)));
        recording.patient.height_cm = field("HeightCM").and_then(|v| parse_f64(&v));
        recording.patient.weight_kg = field("WeightKG").and_then(|v| parse_f64(&v));
        if let Some(age) = field("PatientAge").and_then(|v| parse_f64(&v)) {
            let per_year = match field("AgeUnits").unwrap_or_default().to_ascii_uppercase().as_str() {
                "MONTHS" => 12.0,
                "WEEKS" => 52.18,
                "DAYS" => 365.25,
                "HOURS" => 8_766.0,
                _ => 1.0,
            };
            recording.patient.age_years = Some(age / per_year);
        }
    }
    if let Some(test) = child(root, "TestDemographics") {
        let field = |name: &str| path_text(test, &[name]);
        recording.device.model = field("AcquisitionDevice");
        recording.device.software =
            field("AcquisitionSoftwareVersion").or_else(|| field("AnalysisSoftwareVersion"));
        recording.device.institution = field("SiteName");
        recording.device.department = field("LocationName");
        let operator: Vec<String> =
            ["AcquisitionTechLastName", "AcquisitionTechFirstName"].into_iter().filter_map(field).collect();
        recording.device.operator = (!operator.is_empty()).then(|| operator.join(" "));
        let date = field("AcquisitionDate").and_then(|d| Date::parse_mdy(&d).or_else(|| Date::parse(&d)));
        let time = field("AcquisitionTime").unwrap_or_else(|| "00:00:00".to_owned());
        recording.start = date.and_then(|d| LocalDateTime::from_date_and_time(d, &time));
        if let Some(reason) = field("TestReason") {
            recording.patient.remarks.push(reason);
        }
    }
    recording.device.manufacturer = Some("GE".to_owned());
    recording.device.serial = path_text(root, &["PharmaData", "PharmaCartID"]);
}

/// Element, stable name, unit. `QTcFrederica` is the file's own spelling.
const MEASUREMENTS: [(&str, Option<&str>, &str); 20] = [
    ("VentricularRate", Some("ventricular_rate"), "/min"),
    ("AtrialRate", Some("atrial_rate"), "/min"),
    ("PRInterval", Some("pr_interval"), "ms"),
    ("QRSDuration", Some("qrs_duration"), "ms"),
    ("QTInterval", Some("qt_interval"), "ms"),
    ("QTCorrected", Some("qtc_interval"), "ms"),
    ("QTcCorrected", Some("qtc_interval"), "ms"),
    ("QTcBazett", Some("qtc_bazett"), "ms"),
    ("QTcFrederica", Some("qtc_fridericia"), "ms"),
    ("QTcFredericia", Some("qtc_fridericia"), "ms"),
    ("QTcFridericia", Some("qtc_fridericia"), "ms"),
    ("PAxis", Some("p_axis"), "deg"),
    ("RAxis", Some("qrs_axis"), "deg"),
    ("TAxis", Some("t_axis"), "deg"),
    ("QRSCount", None, ""),
    ("POnset", Some("p_onset"), "sample"),
    ("POffset", Some("p_offset"), "sample"),
    ("QOnset", Some("qrs_onset"), "sample"),
    ("QOffset", Some("qrs_offset"), "sample"),
    ("TOffset", Some("t_offset"), "sample"),
];

fn measurements(root: Node<'_, '_>, recording: &mut Recording) {
    let Some(block) =
        child(root, "RestingECGMeasurements").or_else(|| child(root, "OriginalRestingECGMeasurements"))
    else {
        return;
    };
    for (element, code, unit) in MEASUREMENTS {
        if let Some(value) = number(block, &[element]) {
            recording.measurements.push(MeasurementAsWritten::global(code, element, value, unit));
        }
    }
    let pharma = child(root, "PharmaData");
    for (element, code) in [("PharmaRRinterval", "rr_interval"), ("PharmaPPinterval", "pp_interval")] {
        if let Some(value) = pharma.and_then(|p| number(p, &[element])) {
            recording.measurements.push(MeasurementAsWritten::global(Some(code), element, value, "ms"));
        }
    }
}

/// Statements are fragments; the flag ENDSLINE closes a line.
fn statements(root: Node<'_, '_>, recording: &mut Recording) {
    let Some(block) = child(root, "Diagnosis").or_else(|| child(root, "OriginalDiagnosis")) else { return };
    let mut line = String::new();
    for statement in children(block, "DiagnosisStatement") {
        if let Some(text) = path_text(statement, &["StmtText"]) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&text);
        }
        let ends =
            children(statement, "StmtFlag").filter_map(crate::xml::text).any(|flag| flag == "ENDSLINE");
        if ends && !line.is_empty() {
            recording.statements.push(std::mem::take(&mut line));
        }
        if line.len() > limits::MAX_TEXT_CHARS || recording.statements.len() >= limits::MAX_STATEMENTS {
            return;
        }
    }
    if !line.is_empty() {
        recording.statements.push(line);
    }
}

/// QRS times are in samples of the measurement time base, which may differ from the rhythm's rate.
fn beats(root: Node<'_, '_>, recording: &mut Recording) {
    let Some(block) = child(root, "QRSTimesTypes") else { return };
    let rate = recording.sample_rate_hz;
    let end = recording.sample_count();
    for qrs in children(block, "QRS").take(limits::MAX_ANNOTATIONS) {
        let Some(time_ms) = number(qrs, &["Time"]) else { continue };
        let Some(sample) = round_usize(time_ms / 1_000.0 * rate).filter(|s| time_ms >= 0.0 && *s < end)
        else {
            continue;
        };
        let mut annotation = Annotation::point(u64::try_from(sample).unwrap_or(0), "QRS", "muse");
        annotation.text = path_text(qrs, &["Type"]).map(|t| format!("type {t}"));
        recording.annotations.push(annotation);
    }
}
