//! HL7 aECG writer: one rhythm series, representative beats, measurements and statements.

use std::fmt::Write as _;

use super::{WriteError, digitise, refuse};
use crate::model::{Lead, Recording, Sex};

/// Writes an annotated ECG. `id` becomes the document identifier (a UUID). Left out: beat and wave
/// annotations. A missing sample repeats the one before.
///
/// # Errors
/// `too_many_leads` for a recording without a lead that has an MDC code.
pub fn aecg(recording: &Recording, id: &str) -> Result<Vec<u8>, WriteError> {
    if !recording.leads.iter().any(|lead| mdc(&lead.label).is_some()) {
        return Err(refuse("too_many_leads", "no lead has an MDC code"));
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<AnnotatedECG xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" type=\"Observation\">\n");
    let time = recording.start.map_or_else(|| "19000101000000".to_owned(), |s| stamp(&s));
    push(
        &mut out,
        format_args!(
            "<id root=\"{}\"/>\n<code code=\"93000\" codeSystem=\"2.16.840.1.113883.6.12\" codeSystemName=\"CPT-4\"/>\n\
         <effectiveTime><low value=\"{time}\"/></effectiveTime>\n",
            escape(id)
        ),
    );
    patient(recording, &mut out);
    push(
        &mut out,
        format_args!(
            "<component><series>\n<code code=\"RHYTHM\" codeSystem=\"2.16.840.1.113883.5.4\"/>\n\
         <effectiveTime><low value=\"{time}\"/></effectiveTime>\n"
        ),
    );
    let device = &recording.device;
    out.push_str("<author><seriesAuthor><manufacturedSeriesDevice>");
    for (element, value) in [("manufacturerModelName", &device.model), ("softwareName", &device.software)] {
        if let Some(value) = value {
            push(&mut out, format_args!("<{element}>{}</{element}>", escape(value)));
        }
    }
    out.push_str("</manufacturedSeriesDevice>");
    if let Some(name) = &device.manufacturer {
        push(
            &mut out,
            format_args!(
                "<manufacturerOrganization><name>{}</name></manufacturerOrganization>",
                escape(name)
            ),
        );
    }
    out.push_str("</seriesAuthor></author>\n");
    filters(recording, &mut out);
    let head = format!("<head value=\"{time}\"/>");
    sequence_set(&recording.leads, recording.sample_rate_hz, "TIME_ABSOLUTE", "GLIST_TS", &head, &mut out);
    findings(recording, &mut out);
    if let Some(median) = &recording.median {
        out.push_str("<derivation><derivedSeries><code code=\"REPRESENTATIVE_BEAT\" codeSystem=\"2.16.840.1.113883.5.4\"/>\n");
        let head = "<head value=\"0\" unit=\"s\"/>";
        sequence_set(&median.leads, median.sample_rate_hz, "TIME_RELATIVE", "GLIST_PQ", head, &mut out);
        out.push_str("</derivedSeries></derivation>\n");
    }
    out.push_str("</series></component>\n</AnnotatedECG>\n");
    Ok(out.into_bytes())
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _never_fails = out.write_fmt(text);
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && c != '\n' && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

fn stamp(s: &crate::LocalDateTime) -> String {
    let d = s.date;
    let milliseconds = s.microsecond / 1_000;
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}.{milliseconds:03}",
        d.year, d.month, d.day, s.hour, s.minute, s.second
    )
}

fn mdc(label: &str) -> Option<String> {
    let known = crate::model::STANDARD_TWELVE.contains(&label)
        || matches!(label, "X" | "Y" | "Z" | "V7" | "V8" | "V9" | "V3R" | "V4R" | "V5R" | "V6R" | "V7R");
    known.then(|| format!("MDC_ECG_LEAD_{}", label.to_ascii_uppercase()))
}

fn patient(recording: &Recording, out: &mut String) {
    let patient = &recording.patient;
    out.push_str("<componentOf><timepointEvent><componentOf><subjectAssignment><subject><trialSubject>");
    if let Some(id) = &patient.id {
        push(out, format_args!("<id extension=\"{}\"/>", escape(id)));
    }
    out.push_str("<subjectDemographicPerson>");
    if let Some(name) = &patient.name {
        push(out, format_args!("<name>{}</name>", escape(name)));
    }
    let sex = match patient.sex {
        Some(Sex::Male) => Some("M"),
        Some(Sex::Female) => Some("F"),
        Some(Sex::Other) => Some("UN"),
        None => None,
    };
    if let Some(sex) = sex {
        push(
            out,
            format_args!("<administrativeGenderCode code=\"{sex}\" codeSystem=\"2.16.840.1.113883.5.1\"/>"),
        );
    }
    if let Some(d) = patient.birth_date {
        push(out, format_args!("<birthTime value=\"{:04}{:02}{:02}\"/>", d.year, d.month, d.day));
    }
    out.push_str("</subjectDemographicPerson></trialSubject></subject></subjectAssignment></componentOf></timepointEvent></componentOf>\n");
    if let Some(age) = patient.age_years {
        push(
            out,
            format_args!(
                "<controlVariable><relatedObservation><code code=\"21612-7\" codeSystem=\"2.16.840.1.113883.6.1\"/>\
             <value xsi:type=\"PQ\" value=\"{age}\" unit=\"a\"/></relatedObservation></controlVariable>\n"
            ),
        );
    }
}

fn filters(recording: &Recording, out: &mut String) {
    let filters = &recording.filters;
    for (kind, frequency, value) in [
        ("HIGH_PASS", "CUTOFF_FREQ", filters.high_pass_hz),
        ("LOW_PASS", "CUTOFF_FREQ", filters.low_pass_hz),
        ("NOTCH", "NOTCH_FREQ", filters.notch_hz),
    ] {
        if let Some(hz) = value {
            push(
                out,
                format_args!(
                    "<controlVariable><controlVariable><code code=\"MDC_ECG_CTL_VBL_ATTR_FILTER_{kind}\" codeSystem=\"2.16.840.1.113883.6.24\"/>\
                 <component><controlVariable><code code=\"MDC_ECG_CTL_VBL_ATTR_FILTER_{frequency}\" codeSystem=\"2.16.840.1.113883.6.24\"/>\
                 <value xsi:type=\"PQ\" value=\"{hz}\" unit=\"Hz\"/></controlVariable></component></controlVariable></controlVariable>\n"
                ),
            );
        }
    }
}

fn sequence_set(leads: &[Lead], rate_hz: f64, time: &str, kind: &str, head: &str, out: &mut String) {
    push(
        out,
        format_args!(
            "<component><sequenceSet>\n<component><sequence><code code=\"{time}\" codeSystem=\"2.16.840.1.113883.5.4\"/>\
         <value xsi:type=\"{kind}\">{head}<increment value=\"{}\" unit=\"s\"/></value></sequence></component>\n",
            1.0 / rate_hz
        ),
    );
    for lead in leads {
        let Some(code) = mdc(&lead.label) else { continue };
        let digital = digitise(lead, i32::MAX - 1);
        push(
            out,
            format_args!(
                "<component><sequence><code code=\"{code}\" codeSystem=\"2.16.840.1.113883.6.24\"/><value xsi:type=\"SLIST_PQ\">\
             <origin value=\"0\" unit=\"uV\"/><scale value=\"{}\" unit=\"uV\"/><digits>",
                digital.unit_uv
            ),
        );
        let mut last = 0;
        for (index, sample) in digital.samples.iter().enumerate() {
            last = sample.unwrap_or(last);
            let separator = if index == 0 { "" } else { " " };
            push(out, format_args!("{separator}{last}"));
        }
        out.push_str("</digits></value></sequence></component>\n");
    }
    out.push_str("</sequenceSet></component>\n");
}

fn findings(recording: &Recording, out: &mut String) {
    const CODES: [(&str, &str); 10] = [
        ("ventricular_rate", "MDC_ECG_HEART_RATE"),
        ("rr_interval", "MDC_ECG_TIME_PD_RR"),
        ("p_duration", "MDC_ECG_TIME_PD_P"),
        ("pr_interval", "MDC_ECG_TIME_PD_PR"),
        ("qrs_duration", "MDC_ECG_TIME_PD_QRS"),
        ("qt_interval", "MDC_ECG_TIME_PD_QT"),
        ("qtc_interval", "MDC_ECG_TIME_PD_QTc"),
        ("p_axis", "MDC_ECG_ANGLE_P_FRONT"),
        ("qrs_axis", "MDC_ECG_ANGLE_QRS_FRONT"),
        ("t_axis", "MDC_ECG_ANGLE_T_FRONT"),
    ];
    out.push_str("<subjectOf><annotationSet>\n");
    for (code, mdc) in CODES {
        if let Some(m) = recording.measurement(code) {
            push(
                out,
                format_args!(
                    "<component><annotation><code code=\"{mdc}\" codeSystem=\"2.16.840.1.113883.6.24\"/>\
                 <value xsi:type=\"PQ\" value=\"{}\" unit=\"{}\"/></annotation></component>\n",
                    m.value,
                    escape(&m.unit)
                ),
            );
        }
    }
    for statement in &recording.statements {
        push(
            out,
            format_args!(
                "<component><annotation><code code=\"MDC_ECG_INTERPRETATION_STATEMENT\" codeSystem=\"2.16.840.1.113883.6.24\"/>\
             <value xsi:type=\"ST\">{}</value></annotation></component>\n",
                escape(statement)
            ),
        );
    }
    out.push_str("</annotationSet></subjectOf>\n");
}
