//! SCP-ECG section 1: patient, device and acquisition, as tagged fields.

use super::Section;
use crate::bytes::Cursor;
use crate::error::ReadError;
use crate::limits::MAX_STATEMENTS;
use crate::model::{Recording, Sex};
use crate::text;
use crate::time::{Date, LocalDateTime};

pub(super) fn read(section: Section<'_>, recording: &mut Recording) -> Result<(), ReadError> {
    let mut cursor = section.cursor();
    let (mut last, mut first, mut second_last) = (None, None, None);
    let (mut date, mut time) = (None, None);
    for _ in 0..MAX_STATEMENTS {
        if cursor.remaining() < 3 {
            break;
        }
        let tag = cursor.u8()?;
        let length = usize::from(cursor.u16()?);
        if tag == 255 {
            break;
        }
        let value = cursor.take(length)?;
        let mut field = Cursor::new(value);
        match tag {
            0 => last = text::optional_field(value),
            1 => first = text::optional_field(value),
            2 => recording.patient.id = text::optional_field(value),
            3 => second_last = text::optional_field(value),
            4 => recording.patient.age_years = age(&mut field),
            5 => recording.patient.birth_date = date_field(value),
            6 => recording.patient.height_cm = quantity(&mut field, &[1.0, 2.54, 0.1]),
            7 => {
                recording.patient.weight_kg =
                    quantity(&mut field, &[1.0, 0.001, 0.453_592_37, 0.028_349_523_125])
            }
            8 => recording.patient.sex = sex(value),
            10 => medication(value, recording),
            13 | 22 | 30 | 32 | 35 => {
                // Text after a leading code byte where the tag has one (32: history codes, no text).
                let body = if tag == 32 { &[] } else { value };
                if let Some(remark) = text::optional_field(body) {
                    recording.patient.remarks.push(remark);
                }
            }
            14 => device(value, recording),
            16 => recording.device.institution = text::optional_field(value),
            18 => recording.device.department = text::optional_field(value),
            25 => date = date_field(value),
            26 => time = time_field(value),
            27 => {
                recording.filters.high_pass_hz =
                    field.u16().ok().filter(|v| *v > 0).map(|v| f64::from(v) / 100.0)
            }
            28 => recording.filters.low_pass_hz = field.u16().ok().filter(|v| *v > 0).map(f64::from),
            29 => filter_bits(value, recording),
            _ => {}
        }
    }
    let family = [last, second_last].into_iter().flatten().collect::<Vec<_>>().join(" ");
    recording.patient.name = match (text::non_empty(&family), first) {
        (Some(family), Some(first)) => Some(format!("{family} {first}")),
        (family, first) => family.or(first),
    };
    recording.start = match (date, time) {
        (Some(date), Some((h, m, s))) => LocalDateTime::new(date, h, m, s, 0),
        (Some(date), None) => LocalDateTime::new(date, 0, 0, 0, 0),
        _ => None,
    };
    if recording.start.is_none() {
        recording.warn("time_unreadable", "the acquisition date is absent or invalid");
    }
    Ok(())
}

fn age(field: &mut Cursor<'_>) -> Option<f64> {
    let value = f64::from(field.u16().ok()?);
    // Unit codes of EN 1064 5.4.5, tag 4: years, months, weeks, days, hours.
    let years = match field.u8().ok()? {
        1 => value,
        2 => value / 12.0,
        3 => value / 52.18,
        4 => value / 365.25,
        5 => value / 8_766.0,
        _ => return None,
    };
    (years > 0.0).then_some(years)
}

fn quantity(field: &mut Cursor<'_>, factors: &[f64]) -> Option<f64> {
    let value = f64::from(field.u16().ok()?);
    let unit = usize::from(field.u8().ok()?);
    let factor = factors.get(unit.checked_sub(1)?)?;
    (value > 0.0).then_some(value * factor)
}

fn sex(value: &[u8]) -> Option<Sex> {
    match value.first()? {
        1 => Some(Sex::Male),
        2 => Some(Sex::Female),
        _ => None,
    }
}

fn date_field(value: &[u8]) -> Option<Date> {
    let mut field = Cursor::new(value);
    Date::new(field.u16().ok()?, field.u8().ok()?, field.u8().ok()?)
}

fn time_field(value: &[u8]) -> Option<(u8, u8, u8)> {
    let mut field = Cursor::new(value);
    Some((field.u8().ok()?, field.u8().ok()?, field.u8().ok()?))
}

/// Table type, class, drug code, then text.
fn medication(value: &[u8], recording: &mut Recording) {
    if let Some(name) = value.get(3..).and_then(text::optional_field) {
        recording.patient.medications.push(name);
    }
}

/// Acquiring device: numbers up to byte 35, then five zero-terminated texts after the one at 36.
fn device(value: &[u8], recording: &mut Recording) {
    recording.device.model = value.get(8..14).and_then(text::optional_field);
    let Some(rest) = value.get(36..) else { return };
    let mut texts = rest.split(|b| *b == 0);
    // analysing program revision, serial number, system software, SCP software, manufacturer
    let program = texts.next().and_then(text::optional_field);
    recording.device.serial = texts.next().and_then(text::optional_field);
    let system = texts.next().and_then(text::optional_field);
    let _scp_software = texts.next();
    recording.device.manufacturer = texts.next().and_then(text::optional_field);
    recording.device.software = system.or(program);
}

fn filter_bits(value: &[u8], recording: &mut Recording) {
    let Some(bits) = value.first() else { return };
    if bits & 1 != 0 {
        recording.filters.notch_hz = Some(60.0);
    }
    if bits & 2 != 0 {
        recording.filters.notch_hz = Some(50.0);
    }
    for (mask, name) in [(4u8, "artefact filter"), (8, "baseline filter")] {
        if bits & mask != 0 {
            recording.filters.other.push(name.to_owned());
        }
    }
}
