//! WS/T 423-2022: z from the seven printed SD columns.
//!
//! The standard prints no L, M, S. Between two columns z is linear in the measure; between two rows the columns
//! are linear in age or length; beyond ±3 the width of the outermost band goes on. So every printed value gives
//! its own SD exactly. Below 24 months stature is lying length, from then on standing height; the row of 24
//! months is height, so between 23 and 24 months the length at 24 is taken as that height + 0.7 cm, and BMI,
//! which has the same break, stays at the row of 23.

use crate::child::Reason;
use crate::table::{SdTable, Sex, WST423};

pub(crate) const MONTHS_OF_HEIGHT: f64 = 24.0;

/// The seven values at a key, or the reason why there are none.
pub(crate) fn columns(sex: Sex, name: &str, key: f64, outside: Reason) -> Result<[f64; 7], Reason> {
    let table = WST423.get(sex, name).ok_or(Reason::NotInReference)?;
    interpolate(table, key).ok_or(outside)
}

fn interpolate(table: &SdTable, key: f64) -> Option<[f64; 7]> {
    let upper = table.rows.iter().position(|(row, _)| *row >= key)?;
    let (upper_key, upper_values) = table.rows.get(upper)?;
    if (*upper_key - key).abs() < 1e-9 {
        return Some(*upper_values);
    }
    let (lower_key, lower_values) = table.rows.get(upper.checked_sub(1)?)?;
    let at_break = *upper_key == MONTHS_OF_HEIGHT && table.name.ends_with("months");
    if at_break && table.name.contains("bmi") {
        return Some(*lower_values);
    }
    let added = if at_break && table.name.contains("length") { 0.7 } else { 0.0 };
    let part = (key - lower_key) / (upper_key - lower_key);
    let mut values = *lower_values;
    for (value, above) in values.iter_mut().zip(upper_values) {
        *value += part * (above + added - *value);
    }
    Some(values)
}

/// Piecewise linear; `columns` rise strictly from −3 to +3 SD.
pub(crate) fn z(y: f64, columns: [f64; 7]) -> f64 {
    let mut low = (-3.0, f64::NAN);
    let mut high = (-2.0, f64::NAN);
    for (pair, sd) in columns.windows(2).zip([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0]) {
        if let [a, b] = pair {
            (low, high) = ((sd, *a), (sd + 1.0, *b));
            if y <= *b {
                break;
            }
        }
    }
    low.0 + (y - low.1) / (high.1 - low.1)
}

/// Inverse of [`z`].
pub(crate) fn value(wanted: f64, columns: [f64; 7]) -> f64 {
    let mut out = f64::NAN;
    for (pair, sd) in columns.windows(2).zip([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0]) {
        if let [a, b] = pair {
            out = a + (wanted - sd) * (b - a);
            if wanted <= sd + 1.0 {
                break;
            }
        }
    }
    out
}
