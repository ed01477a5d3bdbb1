//! Curves as points, for any chart.

use crate::child::{Indicator, Reason, Reference, restricted, who2006_by_age, who2007_by_age, wst423_table};
use crate::math::{Lms, z_of_percentile};
use crate::table::{LmsTable, Sex, WHO2006_WEIGHT_FOR_HEIGHT, WHO2006_WEIGHT_FOR_LENGTH};
use crate::wst423;

/// One abscissa and the measure at each asked z, in the order asked.
#[derive(Debug, Clone, PartialEq)]
pub struct CurvePoint {
    /// Months of 30.4375 days, or centimetres for weight-for-length.
    pub x: f64,
    pub values: Vec<f64>,
}

/// Most points that one call gives.
const POINT_LIMIT: u32 = 4000;

/// The lines of a reference at the z-scores asked for, from `from` to `to` by `step`; x as in [`CurvePoint`].
///
/// `standing` chooses between weight-for-length and weight-for-height; it means nothing to the other indices.
///
/// # Errors
/// An index that the reference does not have, or a range that lies outside it, is empty, or has over 4,000 points.
pub fn curve(
    reference: Reference,
    indicator: Indicator,
    sex: Sex,
    standing: bool,
    z_scores: &[f64],
    (from, to, step): (f64, f64, f64),
) -> Result<Vec<CurvePoint>, Reason> {
    let outside = if indicator == Indicator::WeightForLength {
        Reason::LengthOutOfRange
    } else {
        Reason::AgeOutOfRange
    };
    let steps = ((to - from) / step + 1e-9).floor();
    if !(step > 0.0 && (0.0..f64::from(POINT_LIMIT)).contains(&steps)) {
        return Err(outside);
    }
    let mut points = Vec::new();
    for index in (0..POINT_LIMIT).take_while(|index| f64::from(*index) <= steps) {
        let x = from + step * f64::from(index);
        let value = value_at(reference, indicator, sex, standing, x)
            .map_err(|r| if r == Reason::AgeUnknown { outside } else { r })?;
        points.push(CurvePoint { x, values: z_scores.iter().map(|z| value.at(*z)).collect() });
    }
    Ok(points)
}

/// As [`curve`], for percentiles in the open range 0–100.
///
/// # Errors
/// As [`curve`]; a percentile outside its range is [`Reason::NotInReference`].
pub fn percentile_curve(
    reference: Reference,
    indicator: Indicator,
    sex: Sex,
    standing: bool,
    percentiles: &[f64],
    range: (f64, f64, f64),
) -> Result<Vec<CurvePoint>, Reason> {
    let z_scores: Option<Vec<f64>> = percentiles.iter().map(|p| z_of_percentile(*p)).collect();
    curve(reference, indicator, sex, standing, &z_scores.ok_or(Reason::NotInReference)?, range)
}

enum Distribution {
    Lms(Lms, bool),
    Columns([f64; 7]),
}

impl Distribution {
    fn at(&self, z: f64) -> f64 {
        match self {
            Self::Lms(lms, true) => lms.value_restricted(z),
            Self::Lms(lms, false) => lms.value(z),
            Self::Columns(columns) => wst423::value(z, *columns),
        }
    }
}

fn value_at(
    reference: Reference,
    indicator: Indicator,
    sex: Sex,
    standing: bool,
    x: f64,
) -> Result<Distribution, Reason> {
    let by_lms = |table: &LmsTable, key: f64, reason| {
        table.interpolated(sex, key).map(|lms| Distribution::Lms(lms, restricted(indicator))).ok_or(reason)
    };
    match (reference, indicator) {
        (Reference::Wst423, _) => {
            let name = wst423_table(indicator, standing).ok_or(Reason::NotInReference)?;
            let outside = if indicator == Indicator::WeightForLength {
                Reason::LengthOutOfRange
            } else {
                Reason::AgeOutOfRange
            };
            wst423::columns(sex, name, x, outside).map(Distribution::Columns)
        }
        (Reference::Who2006, Indicator::WeightForLength) => {
            let table = if standing { &WHO2006_WEIGHT_FOR_HEIGHT } else { &WHO2006_WEIGHT_FOR_LENGTH };
            by_lms(table, x, Reason::LengthOutOfRange)
        }
        (Reference::Who2006, _) => {
            let table = who2006_by_age(indicator).ok_or(Reason::NotInReference)?;
            // The chart's points lie on the daily rows, as the scores do; 60 months is the last day, 1826.
            by_lms(
                table,
                (x * 30.4375 + 0.5).floor().min(1826.0 + (x - 60.0).max(0.0) * 1e9),
                Reason::AgeOutOfRange,
            )
        }
        (Reference::Who2007, _) => {
            by_lms(who2007_by_age(indicator).ok_or(Reason::NotInReference)?, x, Reason::AgeOutOfRange)
        }
    }
}
