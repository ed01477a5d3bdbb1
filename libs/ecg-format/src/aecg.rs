//! HL7 version 3 annotated ECG (AnnotatedECG, PORT_MT020001), as the FDA uses it.
//!
//! The first series with code RHYTHM gives the recording; a derived series of representative beats gives the
//! median beats. Private elements, missing identifiers and one-sided times are accepted. Of several sequence sets
//! of a series the longest is read and the others are reported.

use roxmltree::Node;

use crate::error::ReadError;
use crate::labels::{canonical_label, is_other_signal};
use crate::limits;
use crate::model::{Annotation, Format, Lead, MeasurementAsWritten, MedianBeats, Recording, Sex};
use crate::num::{parse_f64, round_usize, to_f32};
use crate::time::{Date, LocalDateTime};
use crate::wfdb::unit_uv;
use crate::xml::{attribute, child, children, document_text, parse, path, path_text, text};

pub(crate) fn read(bytes: &[u8]) -> Result<Recording, ReadError> {
    let content = document_text(bytes)?;
    let document = parse(&content)?;
    let root = document.root_element();
    let max_samples = limits::max_samples(bytes.len());
    let all_series: Vec<Node<'_, '_>> =
        children(root, "component").filter_map(|c| child(c, "series")).collect();
    let series = all_series
        .iter()
        .find(|s| code_of(**s).as_deref() == Some("RHYTHM"))
        .or_else(|| all_series.first())
        .copied()
        .ok_or_else(|| ReadError::new("no_ecg_leads", "there is no series"))?;
    let mut recording = Recording::new(Format::Hl7Aecg, 0.0);
    let set = sequence_sets(series, max_samples, &mut recording)?;
    recording.sample_rate_hz = set.sample_rate_hz;
    recording.leads = set.leads;
    recording.start = start_time(root, series, set.head.as_deref());
    patient(root, &mut recording);
    device(series, &mut recording);
    filters(series, &mut recording);
    let origin = set.head.as_deref().and_then(LocalDateTime::parse);
    let is_set = |n: &Node<'_, '_>| n.tag_name().name() == "annotationSet";
    for annotation_set in descendants_named(series, "annotationSet") {
        // A set inside another is covered by the outer one.
        if annotation_set.ancestors().skip(1).any(|n| is_set(&n)) {
            continue;
        }
        // Marks of a representative beat have no place on the rhythm's time axis.
        let of_beat = annotation_set.ancestors().any(|n| n.tag_name().name() == "derivedSeries");
        annotations(annotation_set, origin, !of_beat, &mut recording);
    }
    for derived in children(series, "derivation").filter_map(|d| child(d, "derivedSeries")) {
        let mut scratch = Recording::new(Format::Hl7Aecg, 0.0);
        match sequence_sets(derived, max_samples, &mut scratch) {
            Ok(beats) if recording.median.is_none() => {
                recording.median =
                    Some(MedianBeats { sample_rate_hz: beats.sample_rate_hz, leads: beats.leads });
            }
            Ok(_) => {}
            Err(error) => recording.warn("section_damaged", format!("derived series: {error}")),
        }
    }
    Ok(recording)
}

fn code_of(node: Node<'_, '_>) -> Option<String> {
    child(node, "code").and_then(|c| attribute(c, "code"))
}

fn descendants_named<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'i>> + 'a {
    node.descendants().filter(move |n| n.is_element() && n.tag_name().name() == name)
}

struct Set {
    sample_rate_hz: f64,
    head: Option<String>,
    leads: Vec<Lead>,
}

/// Reads the sequence sets of a series and keeps the one with most samples.
fn sequence_sets(
    series: Node<'_, '_>,
    max_samples: usize,
    recording: &mut Recording,
) -> Result<Set, ReadError> {
    let mut best: Option<Set> = None;
    let mut budget = max_samples;
    let mut count = 0usize;
    for node in children(series, "component").filter_map(|c| child(c, "sequenceSet")) {
        count += 1;
        let set = sequence_set(node, &mut budget, recording)?;
        let size = |s: &Set| s.leads.iter().map(|l| l.samples_uv.len()).sum::<usize>();
        if best.as_ref().is_none_or(|b| size(&set) > size(b)) {
            best = Some(set);
        }
    }
    if count > 1 {
        recording.warn("signal_unreadable", format!("the longest of {count} sequence sets was read"));
    }
    best.ok_or_else(|| ReadError::new("no_ecg_leads", "the series has no sequence set"))
}

fn sequence_set(set: Node<'_, '_>, budget: &mut usize, recording: &mut Recording) -> Result<Set, ReadError> {
    let mut increment_s = None;
    let mut head = None;
    let mut leads: Vec<Lead> = Vec::new();
    for sequence in children(set, "component").filter_map(|c| child(c, "sequence")) {
        let code = code_of(sequence).unwrap_or_default();
        let Some(value) = child(sequence, "value") else { continue };
        if code.starts_with("TIME_") {
            head = child(value, "head").and_then(|h| attribute(h, "value"));
            increment_s = child(value, "increment").and_then(seconds);
            continue;
        }
        let label = canonical_label(&code);
        let at = value.range().start;
        if leads.len() >= limits::MAX_LEADS {
            return Err(ReadError::limit(format!("more than {} leads", limits::MAX_LEADS)).at(at));
        }
        let (origin_uv, scale_uv) = (quantity_uv(value, "origin"), quantity_uv(value, "scale"));
        let (origin_uv, scale_uv) = match (origin_uv, scale_uv) {
            (Ok(origin), Ok(Some(scale))) => (origin.unwrap_or(0.0), scale),
            (Ok(_), Ok(None)) => {
                return Err(ReadError::damaged(format!("lead {label} states no scale")).at(at));
            }
            _ => {
                recording.warn("signal_not_ecg", format!("{label} is no voltage and was left out"));
                continue;
            }
        };
        if is_other_signal(&label) {
            recording.warn("signal_not_ecg", format!("{label} was left out"));
            continue;
        }
        let digits = child(value, "digits");
        let samples_uv = digits_uv(digits, origin_uv, scale_uv, budget)
            .map_err(|detail| ReadError::damaged(format!("lead {label}: {detail}")).at(at))?;
        if leads.iter().any(|l| l.label == label) {
            recording.warn("lead_duplicate", format!("{label} occurs twice"));
        }
        leads.push(Lead { label, samples_uv, resolution_uv: scale_uv.abs() });
    }
    let at = set.range().start;
    let increment_s = increment_s
        .filter(|s| *s > 0.0)
        .ok_or_else(|| ReadError::damaged("the sequence set states no sample interval").at(at))?;
    // Written as 0.002 s; the reciprocal is rounded to remove the binary error.
    let rate = 1.0 / increment_s;
    let sample_rate_hz = if (rate - rate.round()).abs() < 1e-6 * rate { rate.round() } else { rate };
    Ok(Set { sample_rate_hz, head, leads })
}

fn seconds(increment: Node<'_, '_>) -> Option<f64> {
    let value = parse_f64(&attribute(increment, "value")?)?;
    Some(match attribute(increment, "unit").as_deref() {
        Some("ms") => value / 1_000.0,
        Some("us") => value / 1_000_000.0,
        Some("s") | None => value,
        Some(_) => return None,
    })
}

/// A physical quantity in microvolts; an error for another dimension, nothing when absent.
fn quantity_uv(value: Node<'_, '_>, name: &str) -> Result<Option<f64>, ()> {
    let Some(node) = child(value, name) else { return Ok(None) };
    let Some(number) = attribute(node, "value").and_then(|v| parse_f64(&v)) else { return Ok(None) };
    let unit = attribute(node, "unit").unwrap_or_else(|| "uV".to_owned());
    unit_uv(Some(&unit)).map(|uv| Some(number * uv)).ok_or(())
}

fn digits_uv(
    digits: Option<Node<'_, '_>>,
    origin_uv: f64,
    scale_uv: f64,
    budget: &mut usize,
) -> Result<Vec<f32>, String> {
    let mut out = Vec::new();
    let texts =
        digits.into_iter().flat_map(|d| d.descendants()).filter(Node::is_text).filter_map(|n| n.text());
    for token in texts.flat_map(str::split_ascii_whitespace) {
        *budget = budget.checked_sub(1).ok_or("too many samples")?;
        let value = match token.parse::<i32>() {
            Ok(integer) => f64::from(integer),
            Err(_) if token.eq_ignore_ascii_case("nan") => f64::NAN,
            Err(_) => parse_f64(token).ok_or_else(|| format!("sample {} is {token:?}", out.len() + 1))?,
        };
        out.push(to_f32(origin_uv + value * scale_uv));
    }
    if out.is_empty() {
        return Err("no samples".to_owned());
    }
    Ok(out)
}

fn start_time(root: Node<'_, '_>, series: Node<'_, '_>, head: Option<&str>) -> Option<LocalDateTime> {
    let effective = |node| {
        let time = child(node, "effectiveTime")?;
        let part = child(time, "low").or_else(|| child(time, "center")).or_else(|| child(time, "high"))?;
        attribute(part, "value")
    };
    [head.map(str::to_owned), effective(series), effective(root)]
        .into_iter()
        .flatten()
        .find_map(|text| LocalDateTime::parse(&text))
}

fn patient(root: Node<'_, '_>, recording: &mut Recording) {
    let assignment = path(root, &["componentOf", "timepointEvent", "componentOf", "subjectAssignment"]);
    let subject = assignment.and_then(|a| path(a, &["subject", "trialSubject"]));
    if let Some(subject) = subject {
        let id = child(subject, "id");
        recording.patient.id =
            id.and_then(|i| attribute(i, "extension")).or_else(|| id.and_then(|i| attribute(i, "root")));
        if let Some(person) = child(subject, "subjectDemographicPerson") {
            recording.patient.name =
                path_text(person, &["name"]).map(|n| n.split_whitespace().collect::<Vec<_>>().join(" "));
            recording.patient.sex = child(person, "administrativeGenderCode")
                .and_then(|g| attribute(g, "code"))
                .and_then(|g| Sex::parse(&g));
            recording.patient.birth_date = child(person, "birthTime")
                .and_then(|b| attribute(b, "value"))
                .and_then(|b| Date::parse(b.get(..8)?));
        }
    }
    recording.device.institution = assignment
        .and_then(|a| path(a, &["componentOf", "clinicalTrial", "location", "trialSite", "location"]))
        .and_then(|l| path_text(l, &["name"]));
    for observation in children(root, "controlVariable").filter_map(|c| child(c, "relatedObservation")) {
        // LOINC 21612-7: reported age.
        let value = child(observation, "value");
        if code_of(observation).as_deref() == Some("21612-7")
            && let Some(age) = value.and_then(|v| attribute(v, "value")).and_then(|v| parse_f64(&v))
        {
            let per_year = match value.and_then(|v| attribute(v, "unit")).as_deref() {
                Some("mo") => 12.0,
                Some("wk") => 52.18,
                Some("d") => 365.25,
                _ => 1.0,
            };
            recording.patient.age_years = Some(age / per_year);
        }
    }
    if let Some(remark) = root
        .children()
        .filter(|c| c.tag_name().name() == "pertainsTo")
        .find_map(|p| path_text(p, &["subjectFindingComment", "text"]))
    {
        recording.patient.remarks.push(remark);
    }
}

fn device(series: Node<'_, '_>, recording: &mut Recording) {
    let Some(author) = path(series, &["author", "seriesAuthor"]) else { return };
    recording.device.manufacturer = path_text(author, &["manufacturerOrganization", "name"]);
    if let Some(device) = child(author, "manufacturedSeriesDevice") {
        recording.device.model = path_text(device, &["manufacturerModelName"]);
        recording.device.software = path_text(device, &["softwareName"]);
        recording.device.serial = child(device, "id").and_then(|i| attribute(i, "extension"));
    }
    recording.device.operator =
        path_text(series, &["secondaryPerformer", "seriesPerformer", "assignedPerson", "name"]);
}

fn filters(series: Node<'_, '_>, recording: &mut Recording) {
    for variable in children(series, "controlVariable").filter_map(|c| child(c, "controlVariable")) {
        let Some(code) = code_of(variable) else { continue };
        let mut frequency = None;
        for part in children(variable, "component").filter_map(|c| child(c, "controlVariable")) {
            let value = child(part, "value");
            let part_code = code_of(part).unwrap_or_default();
            if part_code.ends_with("FREQ") {
                frequency = value.and_then(|v| attribute(v, "value")).and_then(|v| parse_f64(&v));
            } else if let Some(description) = value.and_then(text) {
                let kind =
                    code.rsplit("FILTER_").next().unwrap_or(&code).to_ascii_lowercase().replace('_', " ");
                recording.filters.other.push(format!("{kind}: {description}"));
            }
        }
        if code.ends_with("FILTER_LOW_PASS") {
            recording.filters.low_pass_hz = frequency;
        } else if code.ends_with("FILTER_HIGH_PASS") {
            recording.filters.high_pass_hz = frequency;
        } else if code.ends_with("FILTER_NOTCH") {
            recording.filters.notch_hz = frequency;
        }
    }
}

/// The stable name of an MDC measurement code.
fn measurement_code(mdc: &str) -> Option<&'static str> {
    Some(match mdc {
        "MDC_ECG_HEART_RATE" | "MDC_ECG_CARD_BEAT_RATE" | "MDC_ECG_RATE" => "ventricular_rate",
        "MDC_ECG_TIME_PD_RR" | "MDC_ECG_TIME_PD_RR_GL" => "rr_interval",
        "MDC_ECG_TIME_PD_PP" | "MDC_ECG_TIME_PD_PP_GL" => "pp_interval",
        "MDC_ECG_TIME_PD_P" => "p_duration",
        "MDC_ECG_TIME_PD_PR" => "pr_interval",
        "MDC_ECG_TIME_PD_QRS" => "qrs_duration",
        "MDC_ECG_TIME_PD_QT" => "qt_interval",
        "MDC_ECG_TIME_PD_QTc" | "MDC_ECG_TIME_PD_QTC" => "qtc_interval",
        "MDC_ECG_ANGLE_P_FRONT" => "p_axis",
        "MDC_ECG_ANGLE_QRS_FRONT" => "qrs_axis",
        "MDC_ECG_ANGLE_T_FRONT" => "t_axis",
        _ => return None,
    })
}

fn annotations(set: Node<'_, '_>, origin: Option<LocalDateTime>, on_rhythm: bool, recording: &mut Recording) {
    for node in descendants_named(set, "annotation") {
        let code = code_of(node).unwrap_or_default();
        let value = child(node, "value");
        let lead = path(node, &["support", "supportingROI"]).and_then(|roi| {
            descendants_named(roi, "boundary")
                .filter_map(code_of)
                .find(|c| c.starts_with("MDC_ECG_LEAD"))
                .map(|c| canonical_label(&c))
        });
        if code.contains("INTERPRETATION") {
            let says = ["STATEMENT", "COMMENT", "SUMMARY"].iter().any(|end| code.ends_with(end));
            recording.statements.extend(value.filter(|_| says).and_then(text));
            continue;
        }
        let number = value.and_then(|v| attribute(v, "value")).and_then(|v| parse_f64(&v));
        if let Some(number) = number
            && recording.measurements.len() < limits::MAX_STATEMENTS
        {
            let unit = value.and_then(|v| attribute(v, "unit")).unwrap_or_default();
            let code_name = measurement_code(&code).filter(|_| lead.is_none());
            let measurement = MeasurementAsWritten { code: code_name, name: code, value: number, unit, lead };
            // The same global value is often repeated for every beat.
            if measurement.lead.is_some() || !recording.measurements.contains(&measurement) {
                recording.measurements.push(measurement);
            }
            continue;
        }
        if on_rhythm && recording.annotations.len() < limits::MAX_ANNOTATIONS {
            wave(node, &code, value, lead, origin, recording);
        }
    }
}

/// A beat or wave annotation with its place in time.
fn wave(
    node: Node<'_, '_>,
    code: &str,
    value: Option<Node<'_, '_>>,
    lead: Option<String>,
    origin: Option<LocalDateTime>,
    recording: &mut Recording,
) {
    let wave = value.and_then(|v| attribute(v, "code")).unwrap_or_else(|| code.to_owned());
    let Some(region) = path(node, &["support", "supportingROI"]) else { return };
    let Some(time) = descendants_named(region, "boundary")
        .find(|b| code_of(*b).is_some_and(|c| c.starts_with("TIME_")))
        .and_then(|b| child(b, "value"))
    else {
        return;
    };
    let rate = recording.sample_rate_hz;
    let sample = |name: &str| -> Option<u64> {
        let text = child(time, name).and_then(|n| attribute(n, "value"))?;
        let offset_s = match (LocalDateTime::parse(&text), origin) {
            (Some(at), Some(origin)) => seconds_between(origin, at)?,
            _ => parse_f64(&text)?,
        };
        u64::try_from(round_usize(offset_s * rate).filter(|_| offset_s >= 0.0)?).ok()
    };
    let (low, high) = (sample("low"), sample("high"));
    let Some(start) = low.or(high) else { return };
    let symbol = wave.trim_start_matches("MDC_ECG_").to_owned();
    let mut annotation = Annotation::point(start, symbol, "aecg");
    annotation.end_sample = low.and(high);
    annotation.lead = lead;
    recording.annotations.push(annotation);
}

/// Seconds from `from` to `to` on the same or the next day.
fn seconds_between(from: LocalDateTime, to: LocalDateTime) -> Option<f64> {
    let of_day = |t: LocalDateTime| {
        f64::from(t.hour) * 3_600.0
            + f64::from(t.minute) * 60.0
            + f64::from(t.second)
            + f64::from(t.microsecond) / 1e6
    };
    let difference = of_day(to) - of_day(from);
    match to.date.cmp(&from.date) {
        std::cmp::Ordering::Less => None,
        std::cmp::Ordering::Equal => Some(difference),
        std::cmp::Ordering::Greater => Some(difference + 86_400.0),
    }
}
