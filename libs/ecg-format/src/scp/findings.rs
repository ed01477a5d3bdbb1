//! SCP-ECG sections 7, 8, 10 and 11: the producer's measurements and statements.

use super::Section;
use crate::bytes::Cursor;
use crate::error::ReadError;
use crate::labels::scp_lead;
use crate::limits::MAX_STATEMENTS;
use crate::model::{MeasurementAsWritten, Recording};
use crate::text;

/// Values from here on mean "not computed", "rejected" or "not present" (EN 1064, 5.10.2).
const NOT_A_VALUE: i32 = 19_999;

/// Section 7: intervals of the first reference beat, RR and PP, axes.
pub(super) fn global(section: Section<'_>, recording: &mut Recording) -> Result<(), ReadError> {
    let mut cursor = section.cursor();
    let beats = usize::from(cursor.u8()?);
    let spikes = usize::from(cursor.u8()?);
    let rr = cursor.u16()?;
    let pp = cursor.u16()?;
    let mut push = |code: &'static str, name: &str, value: i32, unit: &str| {
        if value.abs() < NOT_A_VALUE {
            recording.measurements.push(MeasurementAsWritten::global(
                Some(code),
                name,
                f64::from(value),
                unit,
            ));
        }
    };
    if rr > 0 {
        push("rr_interval", "mean RR interval", i32::from(rr), "ms");
    }
    if pp > 0 {
        push("pp_interval", "mean PP interval", i32::from(pp), "ms");
    }
    if beats == 0 || beats > 1024 {
        return Ok(());
    }
    let mut fields = [0i32; 5];
    for field in &mut fields {
        *field = i32::from(cursor.u16()?);
    }
    let axes = [cursor.i16()?, cursor.i16()?, cursor.i16()?].map(i32::from);
    let [p_on, p_off, qrs_on, qrs_off, t_off] = fields;
    // Zero at every place means that the beat was not measured.
    if fields.iter().any(|f| *f != 0) {
        for (code, name, value) in [
            ("p_onset", "P onset", p_on),
            ("p_offset", "P offset", p_off),
            ("qrs_onset", "QRS onset", qrs_on),
            ("qrs_offset", "QRS offset", qrs_off),
            ("t_offset", "T offset", t_off),
        ] {
            push(code, name, value, "ms");
        }
        for (code, name, from, to) in [
            ("p_duration", "P duration", p_on, p_off),
            ("pr_interval", "PR interval", p_on, qrs_on),
            ("qrs_duration", "QRS duration", qrs_on, qrs_off),
            ("qt_interval", "QT interval", qrs_on, t_off),
        ] {
            if from < NOT_A_VALUE && to < NOT_A_VALUE && to > from {
                push(code, name, to - from, "ms");
            }
        }
    }
    let [p_axis, qrs_axis, t_axis] = axes;
    for (code, name, value) in
        [("p_axis", "P axis", p_axis), ("qrs_axis", "QRS axis", qrs_axis), ("t_axis", "T axis", t_axis)]
    {
        // 999 stands for an axis that cannot be defined.
        if value.abs() < 999 {
            push(code, name, value, "deg");
        }
    }
    trailing_rate(&mut cursor, beats, spikes, recording);
    Ok(())
}

/// After the further beats, spikes and beat types come the additional measurements: rates and QTc.
fn trailing_rate(cursor: &mut Cursor<'_>, beats: usize, spikes: usize, recording: &mut Recording) {
    let mut read = || -> Result<(), ReadError> {
        cursor.take((beats - 1) * 16)?;
        cursor.take(spikes * 4 + spikes * 6)?;
        let types = usize::from(cursor.u16()?);
        cursor.take(types)?;
        let ventricular = cursor.u16()?;
        let atrial = cursor.u16()?;
        let qtc = cursor.u16()?;
        let formula = cursor.u8()?;
        for (code, name, value, unit) in [
            ("ventricular_rate", "ventricular rate", ventricular, "/min"),
            ("atrial_rate", "atrial rate", atrial, "/min"),
            ("qtc_interval", formula_name(formula), qtc, "ms"),
        ] {
            if value > 0 && i32::from(value) < NOT_A_VALUE {
                let measurement = MeasurementAsWritten::global(Some(code), name, f64::from(value), unit);
                recording.measurements.push(measurement);
            }
        }
        Ok(())
    };
    // These fields came with a later edition; their absence is no fault.
    let _absent = read().is_err();
}

fn formula_name(code: u8) -> &'static str {
    match code {
        1 => "QTc (Bazett)",
        2 => "QTc (Hodges)",
        _ => "QTc",
    }
}

/// Section 8: full-text statements.
pub(super) fn statements(section: Section<'_>, recording: &mut Recording) -> Result<(), ReadError> {
    let mut cursor = section.cursor();
    let _confirmed = cursor.u8()?;
    // Year, month, day, hour, minute, second of the report.
    cursor.take(7)?;
    let count = usize::from(cursor.u8()?);
    for _ in 0..count {
        let _sequence = cursor.u8()?;
        let length = usize::from(cursor.u16()?);
        if let Some(statement) = text::optional_field(cursor.take(length)?) {
            recording.statements.push(statement);
        }
    }
    Ok(())
}

/// Section 11: universal statement codes; only its free texts are kept, and only where section 8 had none.
pub(super) fn universal(section: Section<'_>, recording: &mut Recording) -> Result<(), ReadError> {
    if !recording.statements.is_empty() {
        return Ok(());
    }
    let mut cursor = section.cursor();
    let _confirmed = cursor.u8()?;
    cursor.take(7)?;
    let count = usize::from(cursor.u8()?);
    for _ in 0..count {
        let _sequence = cursor.u8()?;
        let length = usize::from(cursor.u16()?);
        let body = cursor.take(length)?;
        // A type byte (1 coded, 2 full text, 3 mixed), then zero-terminated parts.
        let texts: Vec<String> =
            body.get(1..).unwrap_or_default().split(|b| *b == 0).filter_map(text::optional_field).collect();
        if !texts.is_empty() {
            recording.statements.push(texts.join(" "));
        }
    }
    Ok(())
}

/// The measurements of section 10 in order, with units.
const PER_LEAD: [(&str, &str); 18] = [
    ("P duration", "ms"),
    ("PR interval", "ms"),
    ("QRS duration", "ms"),
    ("QT interval", "ms"),
    ("Q duration", "ms"),
    ("R duration", "ms"),
    ("S duration", "ms"),
    ("R' duration", "ms"),
    ("S' duration", "ms"),
    ("Q amplitude", "uV"),
    ("R amplitude", "uV"),
    ("S amplitude", "uV"),
    ("R' amplitude", "uV"),
    ("S' amplitude", "uV"),
    ("J amplitude", "uV"),
    ("P+ amplitude", "uV"),
    ("P- amplitude", "uV"),
    ("T+ amplitude", "uV"),
];

/// Section 10: measurements of each lead.
pub(super) fn per_lead(section: Section<'_>, recording: &mut Recording) -> Result<(), ReadError> {
    let mut cursor = section.cursor();
    let leads = cursor.u16()?;
    let _vendor = cursor.u16()?;
    for _ in 0..leads.min(256) {
        let id = u32::from(cursor.u16()?);
        let length = usize::from(cursor.u16()?);
        let body = cursor.take(length)?;
        let Some(label) = scp_lead(id) else { continue };
        for ((name, unit), value) in PER_LEAD.iter().zip(crate::bytes::i16s(body)) {
            let absent = i32::from(value).abs() >= NOT_A_VALUE;
            if !absent && recording.measurements.len() < MAX_STATEMENTS {
                recording.measurements.push(MeasurementAsWritten {
                    code: None,
                    name: (*name).to_owned(),
                    value: f64::from(value),
                    unit: (*unit).to_owned(),
                    lead: Some(label.to_owned()),
                });
            }
        }
    }
    Ok(())
}
