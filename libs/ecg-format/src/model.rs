//! The recording model that every format is read into.

use std::borrow::Cow;
use std::fmt;

use crate::error::ReadError;
use crate::limits;
use crate::num;
use crate::time::{Date, LocalDateTime};

/// One file of a recording, given by its name and content.
#[derive(Clone, Copy)]
pub struct SourceFile<'a> {
    /// The file name; a path is allowed, of which only the last part counts.
    pub name: &'a str,
    /// The whole content.
    pub bytes: &'a [u8],
}

impl SourceFile<'_> {
    /// The last part of the name.
    #[must_use]
    pub fn base_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(self.name)
    }
}

impl fmt::Debug for SourceFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceFile").field("name", &self.name).field("len", &self.bytes.len()).finish()
    }
}

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// WFDB (PhysioNet): header, signal and annotation files.
    Wfdb,
    /// SCP-ECG, EN 1064 / ISO 11073-91064.
    ScpEcg,
    /// HL7 version 3 annotated ECG.
    Hl7Aecg,
    /// DICOM waveform objects.
    Dicom,
    /// GE MUSE `RestingECG` XML.
    MuseXml,
    /// EDF and EDF+.
    Edf,
    /// ISHNE Holter standard output format.
    Ishne,
    /// MFER, ISO 22077.
    Mfer,
    /// Philips Sierra XML.
    PhilipsXml,
    /// Contec ECG90A files.
    Contec,
    /// GE CardioSoft and CASE `CardiologyXML`.
    CardiosoftXml,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 11] = [
        Self::Wfdb,
        Self::ScpEcg,
        Self::Hl7Aecg,
        Self::Dicom,
        Self::MuseXml,
        Self::Edf,
        Self::Ishne,
        Self::Mfer,
        Self::PhilipsXml,
        Self::Contec,
        Self::CardiosoftXml,
    ];

    /// A stable snake_case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wfdb => "wfdb",
            Self::ScpEcg => "scp_ecg",
            Self::Hl7Aecg => "hl7_aecg",
            Self::Dicom => "dicom",
            Self::MuseXml => "muse_xml",
            Self::Edf => "edf",
            Self::Ishne => "ishne",
            Self::Mfer => "mfer",
            Self::PhilipsXml => "philips_xml",
            Self::Contec => "contec",
            Self::CardiosoftXml => "cardiosoft_xml",
        }
    }

    /// The name that people use.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Wfdb => "WFDB",
            Self::ScpEcg => "SCP-ECG",
            Self::Hl7Aecg => "HL7 aECG",
            Self::Dicom => "DICOM",
            Self::MuseXml => "GE MUSE XML",
            Self::Edf => "EDF",
            Self::Ishne => "ISHNE",
            Self::Mfer => "MFER",
            Self::PhilipsXml => "Philips XML",
            Self::Contec => "Contec",
            Self::CardiosoftXml => "GE CardioSoft XML",
        }
    }
}

/// One electrocardiogram as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The format it was read from.
    pub format: Format,
    /// Samples per second of every lead, in hertz.
    pub sample_rate_hz: f64,
    /// Time of the first sample as written, without zone.
    pub start: Option<LocalDateTime>,
    /// The ECG leads, of equal length; never empty.
    pub leads: Vec<Lead>,
    /// The patient as the file names them.
    pub patient: PatientAsWritten,
    /// The recorder.
    pub device: DeviceAsWritten,
    /// Filters that the recorder says it applied.
    pub filters: FiltersAsWritten,
    /// Marks on the time axis, ordered by sample.
    pub annotations: Vec<Annotation>,
    /// Measurements that the file carries, made by its producer.
    pub measurements: Vec<MeasurementAsWritten>,
    /// Interpretation statements that the file carries, in order.
    pub statements: Vec<String>,
    /// Averaged beats, when the file carries them.
    pub median: Option<MedianBeats>,
    /// What was recovered from, corrected or left out.
    pub warnings: Vec<Warning>,
}

/// One lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// Canonical name (see [`crate::canonical_label`]), else as written.
    pub label: String,
    /// Samples in microvolts; NaN where missing.
    pub samples_uv: Vec<f32>,
    /// Microvolts of one unit of the source's own sample values.
    pub resolution_uv: f64,
}

/// Averaged or representative beats.
#[derive(Debug, Clone, PartialEq)]
pub struct MedianBeats {
    /// Samples per second, in hertz.
    pub sample_rate_hz: f64,
    /// One beat for each lead.
    pub leads: Vec<Lead>,
}

/// Sex as written; unknown is `None` where it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Neither, as some formats allow.
    Other,
}

impl Sex {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "m" | "male" | "男" => Some(Self::Male),
            "f" | "female" | "w" | "女" => Some(Self::Female),
            "o" | "other" | "un" | "undifferentiated" => Some(Self::Other),
            _ => None,
        }
    }
}

/// What the file says about the patient.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PatientAsWritten {
    /// Patient identifier.
    pub id: Option<String>,
    /// Name in one string, family name first where the format separates the parts.
    pub name: Option<String>,
    /// Birth date.
    pub birth_date: Option<Date>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Age at recording in years; fractions for children.
    pub age_years: Option<f64>,
    /// Height in centimetres.
    pub height_cm: Option<f64>,
    /// Weight in kilograms.
    pub weight_kg: Option<f64>,
    /// Drugs as written.
    pub medications: Vec<String>,
    /// Clinical remarks, indication or history as written.
    pub remarks: Vec<String>,
}

/// What the file says about the recorder and where it stood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceAsWritten {
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Serial number or machine identifier.
    pub serial: Option<String>,
    /// Software or algorithm version.
    pub software: Option<String>,
    /// Institution.
    pub institution: Option<String>,
    /// Department or location.
    pub department: Option<String>,
    /// Person who recorded.
    pub operator: Option<String>,
}

/// Filters as the file states them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FiltersAsWritten {
    /// High-pass (baseline) corner in hertz.
    pub high_pass_hz: Option<f64>,
    /// Low-pass corner in hertz.
    pub low_pass_hz: Option<f64>,
    /// Mains notch in hertz.
    pub notch_hz: Option<f64>,
    /// Anything else said about filtering.
    pub other: Vec<String>,
}

/// One mark on the time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// Sample index at the recording's sample rate, from 0.
    pub sample: u64,
    /// Last sample of an interval; `None` for a point.
    pub end_sample: Option<u64>,
    /// WFDB mnemonic (`N`, `V`, `+`, `(`, `p`…) for beats and waves, else a name such as `EVENT`.
    pub symbol: Cow<'static, str>,
    /// Free text: rhythm name, event text.
    pub text: Option<String>,
    /// The lead it belongs to, by canonical name; `None` for all leads.
    pub lead: Option<String>,
    /// WFDB subtype field.
    pub subtype: i8,
    /// WFDB channel field.
    pub channel: u8,
    /// WFDB number field.
    pub number: i8,
    /// The annotator: the WFDB file extension (`atr`), else the format's own name for the source.
    pub annotator: String,
}

impl Annotation {
    pub(crate) fn point(sample: u64, symbol: impl Into<Cow<'static, str>>, annotator: &str) -> Self {
        Self {
            sample,
            end_sample: None,
            symbol: symbol.into(),
            text: None,
            lead: None,
            subtype: 0,
            channel: 0,
            number: 0,
            annotator: annotator.to_owned(),
        }
    }
}

/// A measurement that the producer of the file made.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasurementAsWritten {
    /// Stable name of a well-known measurement, else `None`: `ventricular_rate`, `atrial_rate`,
    /// `rr_interval`, `pp_interval`, `p_duration`, `pr_interval`, `qrs_duration`, `qt_interval`,
    /// `qtc_interval`, `qtc_bazett`, `qtc_fridericia`, `p_axis`, `qrs_axis`, `t_axis`, `p_onset`, `p_offset`,
    /// `qrs_onset`, `qrs_offset`, `t_offset` (the last five in the unit given, from the start of the beat).
    pub code: Option<&'static str>,
    /// The name as written.
    pub name: String,
    /// The value.
    pub value: f64,
    /// UCUM-like unit: `ms`, `/min`, `deg`, `uV`, `sample`; empty when not stated.
    pub unit: String,
    /// The lead, for measurements of one lead.
    pub lead: Option<String>,
}

impl MeasurementAsWritten {
    pub(crate) fn global(code: Option<&'static str>, name: &str, value: f64, unit: &str) -> Self {
        Self { code, name: name.to_owned(), value, unit: unit.to_owned(), lead: None }
    }
}

/// Something that was recovered from, corrected or left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable snake_case code:
    /// `annotation_damaged`, `annotation_outside`, `charset_unknown`, `checksum_mismatch`, `file_unused`,
    /// `initial_value_mismatch`, `lead_derived`, `lead_duplicate`, `lead_length_differs`, `lead_missing`,
    /// `lead_rate_differs`, `samples_missing`, `section_damaged`, `segment_missing`, `signal_not_ecg`,
    /// `signal_unreadable`, `time_unreadable`, `truncated_tail`, `unit_assumed`, `value_unreadable`,
    /// `vendor_deviation`, `warnings_dropped`.
    pub code: &'static str,
    /// What exactly, in English.
    pub detail: String,
}

/// The twelve standard leads in their usual order.
pub const STANDARD_TWELVE: [&str; 12] =
    ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];

impl Recording {
    pub(crate) fn new(format: Format, sample_rate_hz: f64) -> Self {
        Self {
            format,
            sample_rate_hz,
            start: None,
            leads: Vec::new(),
            patient: PatientAsWritten::default(),
            device: DeviceAsWritten::default(),
            filters: FiltersAsWritten::default(),
            annotations: Vec::new(),
            measurements: Vec::new(),
            statements: Vec::new(),
            median: None,
            warnings: Vec::new(),
        }
    }

    /// Samples of each lead.
    #[must_use]
    pub fn sample_count(&self) -> usize {
        self.leads.first().map_or(0, |lead| lead.samples_uv.len())
    }

    /// Length in seconds.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        num::from_usize(self.sample_count()) / self.sample_rate_hz
    }

    /// The first lead with this canonical name.
    #[must_use]
    pub fn lead(&self, label: &str) -> Option<&Lead> {
        self.leads.iter().find(|lead| lead.label == label)
    }

    /// The first measurement with this code.
    #[must_use]
    pub fn measurement(&self, code: &str) -> Option<&MeasurementAsWritten> {
        self.measurements.iter().find(|m| m.code == Some(code))
    }

    /// The twelve standard leads in the order of [`STANDARD_TWELVE`], when all are present or derivable.
    ///
    /// III, aVR, aVL and aVF follow from I and II (Einthoven and Goldberger):
    /// III = II − I, aVR = −(I + II)/2, aVL = I − II/2, aVF = II − I/2.
    #[must_use]
    pub fn standard_twelve(&self) -> Option<Vec<Cow<'_, Lead>>> {
        STANDARD_TWELVE
            .iter()
            .map(|label| match self.lead(label) {
                Some(lead) => Some(Cow::Borrowed(lead)),
                None => derive_limb_lead(&self.leads, label).map(Cow::Owned),
            })
            .collect()
    }

    /// The standard leads that are neither present nor derivable, in usual order.
    #[must_use]
    pub fn missing_standard_leads(&self) -> Vec<&'static str> {
        STANDARD_TWELVE
            .into_iter()
            .filter(|label| self.lead(label).is_none() && derive_limb_lead(&self.leads, label).is_none())
            .collect()
    }

    /// Adds the derivable limb leads that are absent, each with a `lead_derived` warning, and puts the
    /// standard leads first in usual order. Recordings without I and II are left as they are.
    pub fn derive_missing_limb_leads(&mut self) {
        let added = add_limb_leads(&mut self.leads);
        for label in added {
            self.warn("lead_derived", format!("{label} was computed from I and II"));
        }
        if let Some(median) = &mut self.median {
            add_limb_leads(&mut median.leads);
        }
    }

    pub(crate) fn warn(&mut self, code: &'static str, detail: impl Into<String>) {
        match self.warnings.len() {
            n if n < limits::MAX_WARNINGS => self.warnings.push(Warning { code, detail: detail.into() }),
            limits::MAX_WARNINGS => self.warnings.push(Warning {
                code: "warnings_dropped",
                detail: "further warnings were not kept".to_owned(),
            }),
            _ => {}
        }
    }

    /// Checks and restores the invariants after a decoder has filled the recording.
    pub(crate) fn finish(&mut self) -> Result<(), ReadError> {
        let fail = |error: ReadError, format| Err(error.or_format(format));
        if !(limits::MIN_SAMPLE_RATE_HZ..=limits::MAX_SAMPLE_RATE_HZ).contains(&self.sample_rate_hz) {
            return fail(ReadError::damaged(format!("sample rate {} Hz", self.sample_rate_hz)), self.format);
        }
        if self.leads.is_empty() {
            return fail(ReadError::new("no_ecg_leads", "the file holds no electrocardiogram"), self.format);
        }
        if self.leads.len() > limits::MAX_LEADS {
            return fail(ReadError::limit(format!("{} leads", self.leads.len())), self.format);
        }
        let longest = self.leads.iter().map(|lead| lead.samples_uv.len()).max().unwrap_or(0);
        if longest == 0 {
            return fail(ReadError::new("no_ecg_leads", "the leads hold no samples"), self.format);
        }
        let mut short = Vec::new();
        for lead in &mut self.leads {
            if lead.samples_uv.len() < longest {
                short.push(lead.label.clone());
                lead.samples_uv.resize(longest, f32::NAN);
            }
        }
        if !short.is_empty() {
            self.warn(
                "lead_length_differs",
                format!("{} end early and were filled as missing", short.join(", ")),
            );
        }
        let end = u64::try_from(longest).unwrap_or(u64::MAX);
        let outside = self.annotations.iter().filter(|a| a.sample > end).count();
        if outside > 0 {
            self.warn("annotation_outside", format!("{outside} annotations lie after the last sample"));
        }
        self.annotations.truncate(limits::MAX_ANNOTATIONS);
        self.annotations.sort_by_key(|a| a.sample);
        self.statements.truncate(limits::MAX_STATEMENTS);
        self.measurements.truncate(limits::MAX_STATEMENTS);
        Ok(())
    }
}

/// Computes a limb lead from I and II; `None` when it is not one of the four or a source is absent.
fn derive_limb_lead(leads: &[Lead], label: &str) -> Option<Lead> {
    let (of_i, of_ii, divisor): (f64, f64, f64) = match label {
        "III" => (-1.0, 1.0, 1.0),
        "aVR" => (-0.5, -0.5, 2.0),
        "aVL" => (1.0, -0.5, 2.0),
        "aVF" => (-0.5, 1.0, 2.0),
        _ => return None,
    };
    let one = leads.iter().find(|lead| lead.label == "I")?;
    let two = leads.iter().find(|lead| lead.label == "II")?;
    let resolution_uv = one.resolution_uv.min(two.resolution_uv) / divisor;
    let samples_uv = one
        .samples_uv
        .iter()
        .zip(&two.samples_uv)
        .map(|(i, ii)| {
            // Whole units where the sources have the same resolution, so that no rounding accumulates.
            let value = of_i * f64::from(*i) + of_ii * f64::from(*ii);
            let units = value / resolution_uv;
            let whole = (units - units.round()).abs() < 1e-3;
            num::to_f32(if whole { units.round() * resolution_uv } else { value })
        })
        .collect();
    Some(Lead { label: label.to_owned(), samples_uv, resolution_uv })
}

fn add_limb_leads(leads: &mut Vec<Lead>) -> Vec<&'static str> {
    let mut added = Vec::new();
    for label in ["III", "aVR", "aVL", "aVF"] {
        if leads.iter().any(|lead| lead.label == label) {
            continue;
        }
        if let Some(lead) = derive_limb_lead(leads, label) {
            leads.push(lead);
            added.push(label);
        }
    }
    if !added.is_empty() {
        let rank =
            |label: &str| STANDARD_TWELVE.iter().position(|s| *s == label).unwrap_or(STANDARD_TWELVE.len());
        leads.sort_by_key(|lead| rank(&lead.label));
    }
    added
}
