//! DICOM waveform writer: 12-lead, general or ambulatory storage, explicit VR little endian.

use super::{Digital, WriteError, digitise, refuse};
use crate::model::{Lead, Recording, STANDARD_TWELVE, Sex};

/// The identifiers of the new object; the caller owns their uniqueness.
#[derive(Debug, Clone, Copy)]
pub struct DicomIds<'a> {
    /// Study instance UID.
    pub study_uid: &'a str,
    /// Series instance UID.
    pub series_uid: &'a str,
    /// SOP instance UID.
    pub instance_uid: &'a str,
}

/// Writes a DICOM Part 10 file with UTF-8 texts. The storage class is the first whose limits hold (PS3.3 A.34):
/// 12-lead (standard leads, at most 16,384 samples, 200 to 1000 Hz), general (at most 96 leads in groups of 24 and
/// 65,536 samples, the same rates), ambulatory (12 leads, 50 to 1000 Hz, any length). Missing samples are marked
/// by the padding value −32768. Left out: beat annotations, measurements of single leads, and in ambulatory
/// objects, which have one group only, median beats.
///
/// # Errors
/// `bad_name` for an identifier that is no UID, `rate_not_expressible` and `too_many_leads` where no storage class
/// allows the rate or the leads, `too_long` beyond 4 GiB.
pub fn dicom(recording: &Recording, ids: DicomIds<'_>) -> Result<Vec<u8>, WriteError> {
    for uid in [ids.study_uid, ids.series_uid, ids.instance_uid] {
        let valid = (1..=64).contains(&uid.len()) && uid.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if !valid {
            return Err(refuse("bad_name", format!("{uid:?} is no UID")));
        }
    }
    let class = storage_class(recording)?;
    let mut meta = Elements::default();
    meta.bytes(0x0002_0001, *b"OB", &[0, 1]);
    meta.text(0x0002_0002, *b"UI", class);
    meta.text(0x0002_0003, *b"UI", ids.instance_uid);
    meta.text(0x0002_0010, *b"UI", "1.2.840.10008.1.2.1");
    // A UUID-derived root (PS3.5 B.2) that stands for this implementation.
    meta.text(0x0002_0012, *b"UI", "2.25.159283047015528310284762093175620411");
    let mut set = Elements::default();
    set.text(0x0008_0005, *b"CS", "ISO_IR 192");
    set.text(0x0008_0016, *b"UI", class);
    set.text(0x0008_0018, *b"UI", ids.instance_uid);
    let (date, time) = recording.start.map_or_else(Default::default, |s| {
        let d = s.date;
        (
            format!("{:04}{:02}{:02}", d.year, d.month, d.day),
            format!("{:02}{:02}{:02}.{:06}", s.hour, s.minute, s.second, s.microsecond),
        )
    });
    set.text(0x0008_0020, *b"DA", &date);
    set.text(0x0008_0023, *b"DA", &date);
    set.text(0x0008_002A, *b"DT", &format!("{date}{time}"));
    set.text(0x0008_0030, *b"TM", &time);
    set.text(0x0008_0033, *b"TM", &time);
    set.text(0x0008_0050, *b"SH", "");
    set.text(0x0008_0060, *b"CS", "ECG");
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let (patient, device) = (&recording.patient, &recording.device);
    set.text(0x0008_0070, *b"LO", &or_empty(&device.manufacturer));
    set.text(0x0008_0080, *b"LO", &or_empty(&device.institution));
    set.text(0x0008_0090, *b"PN", "");
    set.text(0x0008_1090, *b"LO", &or_empty(&device.model));
    set.text(0x0010_0010, *b"PN", &or_empty(&patient.name));
    set.text(0x0010_0020, *b"LO", &or_empty(&patient.id));
    let birth =
        patient.birth_date.map_or_else(String::new, |d| format!("{:04}{:02}{:02}", d.year, d.month, d.day));
    set.text(0x0010_0030, *b"DA", &birth);
    let sex = match patient.sex {
        Some(Sex::Male) => "M",
        Some(Sex::Female) => "F",
        Some(Sex::Other) => "O",
        None => "",
    };
    set.text(0x0010_0040, *b"CS", sex);
    if let Some(age) = patient.age_years.and_then(crate::num::round_usize).filter(|a| *a < 1_000) {
        set.text(0x0010_1010, *b"AS", &format!("{age:03}Y"));
    }
    set.text(0x0018_1000, *b"LO", &or_empty(&device.serial));
    set.text(0x0018_1020, *b"LO", &or_empty(&device.software));
    set.text(0x0020_000D, *b"UI", ids.study_uid);
    set.text(0x0020_000E, *b"UI", ids.series_uid);
    set.text(0x0020_0010, *b"SH", "");
    set.text(0x0020_0011, *b"IS", "1");
    set.text(0x0020_0013, *b"IS", "1");
    // Acquisition context is required and may be empty.
    set.sequence(0x0040_0555, &[])?;
    set.sequence(0x0040_B020, &annotations(recording)?)?;
    let mut groups = recording
        .leads
        .chunks(GROUP_CHANNELS)
        .map(|leads| group(leads, recording.sample_rate_hz, "RHYTHM", recording))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(median) = recording.median.as_ref().filter(|_| class != AMBULATORY) {
        groups.push(group(&median.leads, median.sample_rate_hz, "MEDIAN BEAT", recording)?);
    }
    set.sequence(0x5400_0100, &groups)?;
    let mut out = vec![0u8; 128];
    out.extend(b"DICM");
    let mut length = Elements::default();
    length.bytes(0x0002_0000, *b"UL", &u32::try_from(meta.data.len()).unwrap_or(0).to_le_bytes());
    out.extend(length.data);
    out.extend(meta.data);
    out.extend(set.data);
    Ok(out)
}

const TWELVE_LEAD: &str = "1.2.840.10008.5.1.4.1.1.9.1.1";
const GENERAL: &str = "1.2.840.10008.5.1.4.1.1.9.1.2";
const AMBULATORY: &str = "1.2.840.10008.5.1.4.1.1.9.1.3";
/// Channels of one multiplex group of a general ECG.
const GROUP_CHANNELS: usize = 24;

fn storage_class(recording: &Recording) -> Result<&'static str, WriteError> {
    let standard = recording.leads.iter().all(|l| STANDARD_TWELVE.contains(&l.label.as_str()));
    let rate_fits = (200.0..=1_000.0).contains(&recording.sample_rate_hz);
    let (leads, samples) = (recording.leads.len(), recording.sample_count());
    if standard && leads <= 13 && samples <= 16_384 && rate_fits {
        Ok(TWELVE_LEAD)
    } else if leads <= GROUP_CHANNELS * 4 && samples <= 65_536 && rate_fits {
        Ok(GENERAL)
    } else if leads > 12 {
        Err(refuse("too_many_leads", format!("{leads} leads of {samples} samples")))
    } else if (50.0..=1_000.0).contains(&recording.sample_rate_hz) {
        Ok(AMBULATORY)
    } else {
        Err(refuse("rate_not_expressible", format!("{} Hz", recording.sample_rate_hz)))
    }
}

fn group(leads: &[Lead], rate_hz: f64, label: &str, recording: &Recording) -> Result<Elements, WriteError> {
    let digital: Vec<Digital> = leads.iter().map(|lead| digitise(lead, 32_767)).collect();
    let channels =
        u16::try_from(leads.len()).map_err(|_| refuse("too_many_leads", format!("{} leads", leads.len())))?;
    let count = leads.iter().map(|l| l.samples_uv.len()).max().unwrap_or(0);
    let mut out = Elements::default();
    out.text(0x003A_0004, *b"CS", if label == "RHYTHM" { "ORIGINAL" } else { "DERIVED" });
    out.bytes(0x003A_0005, *b"US", &channels.to_le_bytes());
    let stated = u32::try_from(count).map_err(|_| refuse("too_long", format!("{count} samples")))?;
    out.bytes(0x003A_0010, *b"UL", &stated.to_le_bytes());
    out.text(0x003A_001A, *b"DS", &decimal(rate_hz));
    out.text(0x003A_0020, *b"SH", label);
    let definitions = leads
        .iter()
        .zip(&digital)
        .map(|(lead, digital)| channel(lead, digital, recording))
        .collect::<Result<Vec<_>, _>>()?;
    out.sequence(0x003A_0200, &definitions)?;
    out.bytes(0x5400_1004, *b"US", &16u16.to_le_bytes());
    out.text(0x5400_1006, *b"CS", "SS");
    out.bytes(0x5400_100A, *b"OW", &i16::MIN.to_le_bytes());
    let data: Vec<u8> = (0..count)
        .flat_map(|index| digital.iter().map(move |d| d.samples.get(index).copied().flatten()))
        .flat_map(|sample| sample.and_then(|v| i16::try_from(v).ok()).unwrap_or(i16::MIN).to_le_bytes())
        .collect();
    if u32::try_from(data.len()).is_err() {
        return Err(refuse("too_long", format!("{} bytes of samples", data.len())));
    }
    out.bytes(0x5400_1010, *b"OW", &data);
    Ok(out)
}

fn channel(lead: &Lead, digital: &Digital, recording: &Recording) -> Result<Elements, WriteError> {
    let mut out = Elements::default();
    out.text(0x003A_0203, *b"SH", &lead.label.chars().take(16).collect::<String>());
    let number = (1..=70u32).find(|id| crate::labels::scp_lead(*id) == Some(lead.label.as_str()));
    let source = match number {
        Some(number) => code(&format!("2:{number}"), "MDC", &format!("Lead {}", lead.label)),
        None => code("2:0", "MDC", &lead.label),
    };
    out.sequence(0x003A_0208, &[source])?;
    out.text(0x003A_0210, *b"DS", &decimal(digital.unit_uv));
    out.sequence(0x003A_0211, &[code("uV", "UCUM", "microvolt")])?;
    out.text(0x003A_0212, *b"DS", "1");
    out.text(0x003A_0213, *b"DS", "0");
    out.text(0x003A_0215, *b"DS", "0");
    out.bytes(0x003A_021A, *b"US", &16u16.to_le_bytes());
    let filters = &recording.filters;
    for (tag, value) in [
        (0x003A_0220, filters.high_pass_hz),
        (0x003A_0221, filters.low_pass_hz),
        (0x003A_0222, filters.notch_hz),
    ] {
        if let Some(value) = value {
            out.text(tag, *b"DS", &decimal(value));
        }
    }
    Ok(out)
}

fn code(value: &str, scheme: &str, meaning: &str) -> Elements {
    let mut out = Elements::default();
    out.text(0x0008_0100, *b"SH", value);
    out.text(0x0008_0102, *b"SH", scheme);
    out.text(0x0008_0104, *b"LO", meaning);
    out
}

/// Global measurements and statements, for all channels of the first group.
fn annotations(recording: &Recording) -> Result<Vec<Elements>, WriteError> {
    const KNOWN: [(&str, &str, &str); 9] = [
        ("rr_interval", "5.10.2.1-3", "RR Interval"),
        ("pr_interval", "5.13.5-7", "PR Interval"),
        ("qrs_duration", "5.13.5-9", "QRS Duration"),
        ("qt_interval", "5.13.5-11", "QT Interval"),
        ("qtc_interval", "5.10.2.5-5", "QTc Interval"),
        ("p_axis", "5.10.3-11", "P Axis"),
        ("qrs_axis", "5.10.3-13", "QRS Axis"),
        ("t_axis", "5.10.3-15", "T Axis"),
        ("ventricular_rate", "5.10.2.5-1", "Ventricular Heart Rate"),
    ];
    let channels: Vec<u8> = [1u16, 0].iter().flat_map(|v| v.to_le_bytes()).collect();
    let mut out = Vec::new();
    for (name, value, meaning) in KNOWN {
        if let Some(m) = recording.measurement(name) {
            let mut item = Elements::default();
            item.sequence(0x0040_08EA, &[code(&m.unit, "UCUM", &m.unit)])?;
            item.sequence(0x0040_A043, &[code(value, "SCPECG", meaning)])?;
            item.bytes(0x0040_A0B0, *b"US", &channels);
            item.bytes(0x0040_A180, *b"US", &0u16.to_le_bytes());
            item.text(0x0040_A30A, *b"DS", &decimal(m.value));
            out.push(item);
        }
    }
    for statement in &recording.statements {
        let mut item = Elements::default();
        item.bytes(0x0040_A0B0, *b"US", &channels);
        item.bytes(0x0040_A180, *b"US", &0u16.to_le_bytes());
        item.text(0x0070_0006, *b"ST", &statement.chars().take(1_024).collect::<String>());
        out.push(item);
    }
    Ok(out)
}

/// A decimal string of at most 16 characters.
fn decimal(value: f64) -> String {
    let plain = format!("{value}");
    if plain.len() <= 16 { plain } else { format!("{value:.9e}") }
}

/// Encoded elements in the order in which they were added.
#[derive(Default)]
struct Elements {
    data: Vec<u8>,
}

impl Elements {
    fn head(&mut self, tag: u32, vr: [u8; 2]) {
        let [a, b, c, d] = tag.to_le_bytes();
        self.data.extend([c, d, a, b]);
        self.data.extend(vr);
    }

    /// A value of even length; `length` fits because every caller bounds it.
    fn bytes(&mut self, tag: u32, vr: [u8; 2], value: &[u8]) {
        self.head(tag, vr);
        let length = value.len() + value.len() % 2;
        if matches!(&vr, b"OB" | b"OW" | b"SQ") {
            self.data.extend([0, 0]);
            self.data.extend(u32::try_from(length).unwrap_or(0).to_le_bytes());
        } else {
            self.data.extend(u16::try_from(length).unwrap_or(0).to_le_bytes());
        }
        self.data.extend_from_slice(value);
        if value.len() % 2 == 1 {
            self.data.push(if vr == *b"UI" || vr == *b"OB" { 0 } else { b' ' });
        }
    }

    /// A single text value: a backslash would separate values, so it becomes a slash.
    fn text(&mut self, tag: u32, vr: [u8; 2], value: &str) {
        let single = if vr == *b"ST" { value.to_owned() } else { value.replace('\\', "/") };
        let mut end = single.len().min(1_024);
        while !single.is_char_boundary(end) {
            end -= 1;
        }
        self.bytes(tag, vr, single.as_bytes().get(..end).unwrap_or_default());
    }

    fn sequence(&mut self, tag: u32, items: &[Elements]) -> Result<(), WriteError> {
        let mut body = Vec::new();
        for item in items {
            body.extend([0xFE, 0xFF, 0x00, 0xE0]);
            let length = u32::try_from(item.data.len()).map_err(|_| refuse("too_long", "a sequence item"))?;
            body.extend(length.to_le_bytes());
            body.extend_from_slice(&item.data);
        }
        if u32::try_from(body.len()).is_err() {
            return Err(refuse("too_long", "a sequence"));
        }
        self.bytes(tag, *b"SQ", &body);
        Ok(())
    }
}
