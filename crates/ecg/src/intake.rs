//! From uploaded bytes to a decoded, analysed recording: pure, and run on a blocking thread.

use crate::wire;
use ecg_format::{ReadError, Recording, SourceFile};
use ecg_signal::{Criteria, Lead, Signal, Subject};
use kernel::{Error, ErrorKind, Result};
use ports::patients::Sex;
use std::sync::LazyLock;

/// The longest recording that is analysed as a resting ECG. Longer ones are Holter or event recordings.
const LONGEST_RESTING_S: f64 = 120.0;

/// The thresholds, read once.
static CRITERIA: LazyLock<Criteria> = LazyLock::new(Criteria::builtin);

/// An uploaded file.
#[derive(Debug)]
pub struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What an upload became.
#[derive(Debug)]
pub struct Intake {
    pub format: &'static str,
    pub format_label: &'static str,
    pub sample_rate_hz: f64,
    pub sample_count: usize,
    pub leads: Vec<String>,
    pub derived_leads: Vec<String>,
    pub recorded_at_text: Option<String>,
    pub device: Option<String>,
    pub filters: Option<String>,
    pub as_written: wire::AsWritten,
    /// The samples in the container that windows are read from.
    pub waveform: Vec<u8>,
    pub analysis: std::result::Result<wire::Analysis, AnalysisAbsent>,
}

/// Why there is no automatic analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnalysisAbsent {
    /// The recording is not a resting ECG.
    NotApplicable(String),
    Failed(String),
}

/// Decodes and analyses. An unreadable upload is an error that says which file, where and why.
pub fn take_in(files: &[Upload], age_years: Option<f64>, sex: Sex) -> Result<Intake> {
    let sources: Vec<SourceFile<'_>> =
        files.iter().map(|f| SourceFile { name: &f.name, bytes: &f.bytes }).collect();
    let mut recording = ecg_format::read(&sources).map_err(|e| read_error(&e))?;
    let present: Vec<String> = recording.leads.iter().map(|l| l.label.clone()).collect();
    recording.derive_missing_limb_leads();
    let leads: Vec<String> = recording.leads.iter().map(|l| l.label.clone()).collect();
    let derived_leads = leads.iter().filter(|l| !present.contains(l)).cloned().collect();
    let mut as_written = as_written(&recording);
    let missing = recording.missing_standard_leads();
    if !missing.is_empty() && missing.len() < 12 {
        let detail = format!("leads not in the file: {}", missing.join(", "));
        as_written.warnings.retain(|w| w.code != "lead_missing");
        as_written.warnings.push(wire::RecordingWarning { code: "lead_missing".into(), detail });
    }
    Ok(Intake {
        format: recording.format.as_str(),
        format_label: recording.format.label(),
        sample_rate_hz: recording.sample_rate_hz,
        sample_count: recording.sample_count(),
        leads,
        derived_leads,
        // As paper and screens show it: the device writes no zone, so nothing is converted.
        recorded_at_text: recording.start.as_ref().map(|start| start.to_string().replace('T', " ")),
        device: device_text(&recording),
        filters: filter_text(&recording),
        as_written,
        waveform: ecg_format::compact::encode(&recording),
        analysis: analyse(&recording, age_years, sex),
    })
}

fn read_error(error: &ReadError) -> Error {
    let code = match error.code {
        "unknown_format" => "ecg_format_unknown",
        "truncated" => "ecg_file_truncated",
        "missing_file" => "ecg_file_missing_part",
        "no_ecg_leads" => "ecg_no_leads",
        "limit_exceeded" => "ecg_file_beyond_limits",
        "unsupported_feature" => "ecg_feature_unsupported",
        _ => "ecg_file_damaged",
    };
    Error::new(ErrorKind::Invalid, code, error.detail.clone())
        .with("file", error.file.clone())
        .with("offset", error.offset)
        .with("format", error.format.map(|f| f.label()))
        .with("reason", error.code)
}

fn as_written(recording: &Recording) -> wire::AsWritten {
    let p = &recording.patient;
    let patient = wire::FilePatient {
        id: p.id.clone(),
        name: p.name.clone(),
        birth_date: p.birth_date.map(|d| d.to_string()),
        sex: p.sex.map(|s| match s {
            ecg_format::Sex::Male => Sex::Male,
            ecg_format::Sex::Female => Sex::Female,
            _ => Sex::Unknown,
        }),
    };
    let warning =
        |w: &ecg_format::Warning| wire::RecordingWarning { code: w.code.into(), detail: w.detail.clone() };
    wire::AsWritten {
        warnings: recording.warnings.iter().take(50).map(warning).collect(),
        patient: (patient != wire::FilePatient::default()).then_some(patient),
        statements: recording.statements.iter().take(100).cloned().collect(),
        measurements: recording
            .measurements
            .iter()
            .filter(|m| m.value.is_finite())
            .take(200)
            .map(|m| wire::DeviceMeasurement { name: m.name.clone(), value: m.value, unit: m.unit.clone() })
            .collect(),
    }
}

fn device_text(recording: &Recording) -> Option<String> {
    let d = &recording.device;
    let parts: Vec<&str> =
        [&d.manufacturer, &d.model, &d.serial].into_iter().filter_map(|p| p.as_deref()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn filter_text(recording: &Recording) -> Option<String> {
    let f = &recording.filters;
    let mut parts = Vec::new();
    match (f.high_pass_hz, f.low_pass_hz) {
        (Some(high), Some(low)) => parts.push(format!("{high}–{low} Hz")),
        (Some(high), None) => parts.push(format!("高通 {high} Hz")),
        (None, Some(low)) => parts.push(format!("低通 {low} Hz")),
        (None, None) => {}
    }
    if let Some(notch) = f.notch_hz {
        parts.push(format!("陷波 {notch} Hz"));
    }
    parts.extend(f.other.iter().cloned());
    (!parts.is_empty()).then(|| parts.join("，"))
}

fn analyse(
    recording: &Recording,
    age_years: Option<f64>,
    sex: Sex,
) -> std::result::Result<wire::Analysis, AnalysisAbsent> {
    if recording.duration_s() > LONGEST_RESTING_S {
        return Err(AnalysisAbsent::NotApplicable(format!(
            "a recording of {:.0} s is not a resting ECG (at most {LONGEST_RESTING_S} s)",
            recording.duration_s()
        )));
    }
    let mut leads: Vec<(Lead, &[f32])> = Vec::new();
    for lead in &recording.leads {
        if let Some(name) = Lead::from_label(&lead.label)
            && !leads.iter().any(|(l, _)| *l == name)
        {
            leads.push((name, &lead.samples_uv));
        }
    }
    if leads.is_empty() {
        return Err(AnalysisAbsent::NotApplicable(
            "the recording has none of the twelve standard leads".into(),
        ));
    }
    let signal = Signal { sample_rate_hz: recording.sample_rate_hz, leads };
    let sex = match sex {
        Sex::Male => Some(ecg_signal::Sex::Male),
        Sex::Female => Some(ecg_signal::Sex::Female),
        Sex::Unknown => None,
    };
    let subject = Subject { age_years, sex };
    match ecg_signal::analyze_resting(&signal, &subject, &CRITERIA) {
        Ok(analysis) => Ok(to_wire(&analysis)),
        Err(error) => Err(AnalysisAbsent::Failed(error.to_string())),
    }
}

/// The `snake_case` name of a unit variant, as its serialization says.
fn name(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

fn position(sample: Option<usize>) -> Option<u32> {
    sample.and_then(|s| u32::try_from(s).ok())
}

fn to_wire(analysis: &ecg_signal::RestingAnalysis) -> wire::Analysis {
    let g = &analysis.global;
    let label = |lead: Lead| lead.label().to_owned();
    wire::Analysis {
        algorithm: analysis.algorithm.to_owned(),
        criteria: analysis.criteria_edition.clone(),
        global: wire::GlobalMeasurements {
            heart_rate_bpm: g.heart_rate_bpm,
            rr_mean_ms: g.rr_mean_ms,
            p_duration_ms: g.p_duration_ms,
            pr_ms: g.pr_ms,
            qrs_ms: g.qrs_ms,
            qt_ms: g.qt_ms,
            qtc_bazett_ms: g.qtc_bazett_ms,
            qtc_fridericia_ms: g.qtc_fridericia_ms,
            p_axis_deg: g.p_axis_deg,
            qrs_axis_deg: g.qrs_axis_deg,
            t_axis_deg: g.t_axis_deg,
            rv5_uv: g.rv5_uv,
            sv1_uv: g.sv1_uv,
            rv5_sv1_uv: g.rv5_sv1_uv,
        },
        leads: analysis
            .per_lead
            .iter()
            .map(|l| wire::LeadMeasurements {
                lead: label(l.lead),
                p_amplitude_uv: l.p_amplitude_uv,
                q_amplitude_uv: l.q_amplitude_uv,
                q_duration_ms: l.q_duration_ms,
                r_amplitude_uv: l.r_amplitude_uv,
                s_amplitude_uv: l.s_amplitude_uv,
                t_amplitude_uv: l.t_amplitude_uv,
                st_j_uv: l.st_j_uv,
                st_j60_uv: l.st_j60_uv,
                st_j80_uv: l.st_j80_uv,
            })
            .collect(),
        quality: analysis
            .quality
            .iter()
            .map(|q| wire::LeadQuality { lead: label(q.lead), level: name(&q.status) })
            .collect(),
        beats: analysis
            .beats
            .iter()
            .map(|b| wire::Beat {
                r_sample: position(Some(b.r_sample)).unwrap_or(u32::MAX),
                kind: name(&b.kind),
                rr_ms: b.rr_ms,
            })
            .collect(),
        median: Some(median(&analysis.median)),
        statements: analysis
            .statements
            .iter()
            .map(|s| wire::Statement {
                code: s.code.to_owned(),
                text_zh: s.text_zh.clone(),
                text_en: s.text_en.clone(),
                certainty: name(&s.certainty),
                severity: name(&s.severity),
                snomed: s.snomed.map(ToOwned::to_owned),
                leads: s.leads.iter().copied().map(label).collect(),
                grounds: s
                    .grounds
                    .iter()
                    .map(|g| wire::Ground {
                        name: g.lead.map_or_else(
                            || g.measurement.to_owned(),
                            |l| format!("{} {}", l.label(), g.measurement),
                        ),
                        value: Some(g.value).filter(|v| v.is_finite()),
                        unit: g.unit.to_owned(),
                        criterion: g.criterion.clone(),
                        source: g.source.clone(),
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn median(median: &ecg_signal::MedianBeats) -> wire::Median {
    let whole = |v: &f32| if v.is_finite() { format!("{v:.0}").parse().unwrap_or(0) } else { 0 };
    let f = &median.fiducials;
    wire::Median {
        sample_rate_hz: median.sample_rate_hz,
        leads: median
            .leads
            .iter()
            .map(|(lead, samples)| wire::MedianLead {
                lead: lead.label().to_owned(),
                samples_uv: samples.iter().map(whole).collect(),
            })
            .collect(),
        fiducials: wire::Fiducials {
            p_on: position(f.p_on),
            p_off: position(f.p_off),
            qrs_on: position(f.qrs_on),
            r: position(f.r),
            qrs_off: position(f.qrs_off),
            t_peak: position(f.t_peak),
            t_off: position(f.t_off),
        },
    }
}

/// How the patient in a file differs from the patient on screen. Empty when nothing contradicts.
pub fn differences(
    file: &wire::FilePatient,
    name_on_screen: &str,
    birth_date: Option<&str>,
    sex: Sex,
) -> Vec<wire::PatientDifference> {
    let mut found = Vec::new();
    let mut differ = |field: &str, in_file: &str, on_screen: &str| {
        found.push(wire::PatientDifference {
            field: field.into(),
            in_file: in_file.into(),
            on_screen: on_screen.into(),
        });
    };
    if let Some(name) = file.name.as_deref().filter(|n| is_a_name(n))
        && !same_name(name, name_on_screen)
    {
        differ("name", name, name_on_screen);
    }
    if let (Some(in_file), Some(on_screen)) = (file.birth_date.as_deref(), birth_date)
        && in_file != on_screen
    {
        differ("birth_date", in_file, on_screen);
    }
    if let Some(in_file) = file.sex
        && in_file != Sex::Unknown
        && sex != Sex::Unknown
        && in_file != sex
    {
        differ("sex", in_file.as_str(), sex.as_str());
    }
    found
}

/// False for what devices and anonymisers write in place of a name.
fn is_a_name(text: &str) -> bool {
    let folded = letters(text).to_lowercase();
    let placeholders = [
        "anonymous",
        "anonymized",
        "anonymised",
        "unknown",
        "noname",
        "test",
        "demo",
        "匿名",
        "无名氏",
        "未知",
    ];
    !folded.is_empty()
        && !placeholders.iter().any(|p| folded.starts_with(p))
        && text.chars().any(char::is_alphabetic)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

/// Equal as written, or equal in pinyin in either order, because devices often take Latin letters only.
fn same_name(a: &str, b: &str) -> bool {
    let (x, y) = (letters(a).to_lowercase(), letters(b).to_lowercase());
    if x == y {
        return true;
    }
    if a.is_ascii() == b.is_ascii() {
        return false;
    }
    let (latin, chinese) = if a.is_ascii() { (a, b) } else { (b, a) };
    let pinyin = letters(&cn_identity::pinyin_full(chinese)).to_lowercase();
    let mut words: Vec<String> =
        latin.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let forward = words.concat();
    let family_name_first = 1.min(words.len());
    words.rotate_left(family_name_first);
    pinyin == forward || pinyin == words.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patient_in_the_file_is_compared_as_a_person_would() {
        let file = |name: &str| wire::FilePatient { name: Some(name.into()), ..wire::FilePatient::default() };
        for same in ["王小明", "王 小明", "WANG XIAOMING", "Xiaoming Wang", "anonymous", "", "12345"] {
            assert!(differences(&file(same), "王小明", None, Sex::Male).is_empty(), "{same}");
        }
        assert_eq!(differences(&file("李四"), "王小明", None, Sex::Male)[0].field, "name");
        let other = wire::FilePatient {
            birth_date: Some("1950-01-02".into()),
            sex: Some(Sex::Female),
            ..file("王小明")
        };
        let fields: Vec<_> = differences(&other, "王小明", Some("1950-02-01"), Sex::Male)
            .into_iter()
            .map(|d| d.field)
            .collect();
        assert_eq!(fields, ["birth_date", "sex"]);
    }
}
