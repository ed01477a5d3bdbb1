//! Scores of a child: which reference, which correction, which table, and why not.

use jiff::civil::Date;
use thiserror::Error;

use crate::math::{Lms, percentile_of_z, round2};
use crate::table::{
    LmsTable, Sex, WHO2006_ARM, WHO2006_BMI, WHO2006_HEAD, WHO2006_LENGTH, WHO2006_SUBSCAPULAR,
    WHO2006_TRICEPS, WHO2006_WEIGHT, WHO2006_WEIGHT_FOR_HEIGHT, WHO2006_WEIGHT_FOR_LENGTH, WHO2007_BMI,
    WHO2007_HEIGHT, WHO2007_WEIGHT, WST423, whole,
};
use crate::wst423;

/// Mean length of a month in the WHO programs.
const DAYS_PER_MONTH: f64 = 30.4375;
/// Lying length minus standing height (WHO 2006, Methods and development, chapter 3).
const LYING_MINUS_STANDING_CM: f64 = 0.7;
/// From this day on the tables are of standing height.
const FIRST_DAY_OF_HEIGHT: f64 = 731.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Position {
    Lying,
    Standing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    /// WHO Child Growth Standards, under 60 months
    Who2006,
    /// WHO growth reference, 60 months to 19 years
    Who2007,
    /// WS/T 423-2022, 0–81 months
    Wst423,
}

impl Reference {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Who2006 => "who2006",
            Self::Who2007 => "who2007",
            Self::Wst423 => "wst423",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Who2006, Self::Who2007, Self::Wst423].into_iter().find(|r| r.code() == code)
    }

    /// As the tables name it.
    #[must_use]
    pub fn edition(self) -> &'static str {
        match self {
            Self::Who2006 => &WHO2006_WEIGHT.edition,
            Self::Who2007 => &WHO2007_HEIGHT.edition,
            Self::Wst423 => &WST423.edition,
        }
    }
}

/// WHO 2006 below 60 months, WHO 2007 from then on.
#[must_use]
pub fn reference_for_age(age: Age) -> Reference {
    if age.months() < 60.0 { Reference::Who2006 } else { Reference::Who2007 }
}

/// Age in days since birth, not necessarily whole.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Age {
    days: f64,
}

impl Age {
    /// # Errors
    /// Negative, not a number, or above 130 years.
    pub fn from_days(days: f64) -> Result<Self, Reason> {
        if (0.0..=47_483.0).contains(&days) { Ok(Self { days }) } else { Err(Reason::ImpossibleAge) }
    }

    /// Months of 30.4375 days.
    ///
    /// # Errors
    /// As [`Age::from_days`].
    pub fn from_months(months: f64) -> Result<Self, Reason> {
        Self::from_days(months * DAYS_PER_MONTH)
    }

    /// # Errors
    /// A day before birth.
    pub fn between(birth: Date, on: Date) -> Result<Self, Reason> {
        let days = birth.until(on).map_err(|_| Reason::ImpossibleAge)?.get_days();
        Self::from_days(f64::from(days))
    }

    #[must_use]
    pub fn days(self) -> f64 {
        self.days
    }

    #[must_use]
    pub fn months(self) -> f64 {
        self.days / DAYS_PER_MONTH
    }

    /// Whole days, half up: the key of the daily tables.
    fn table_day(self) -> f64 {
        (self.days + 0.5).floor()
    }

    /// Months for WS/T 423, whose rows are calendar months: an age less than a day from m × 30.4375 is m months.
    fn row_months(self) -> f64 {
        let nearest = self.months().round();
        if (self.days - nearest * DAYS_PER_MONTH).abs() < 1.0 { nearest } else { self.months() }
    }
}

/// Age counted from the due date for a child born before 37 weeks, until 24 months of age: age − (40 weeks −
/// weeks at birth). A child not yet at term has corrected age 0. Else the age itself.
///
/// # Errors
/// Gestation at birth outside 22+0 to 44+6 weeks.
pub fn corrected_age(age: Age, gestation_at_birth_days: u16) -> Result<Age, Reason> {
    if !(154..=314).contains(&gestation_at_birth_days) {
        return Err(Reason::ImpossibleGestation);
    }
    if gestation_at_birth_days >= 259 || age.months() >= 24.0 {
        return Ok(age);
    }
    Age::from_days((age.days - f64::from(280 - gestation_at_birth_days)).max(0.0))
}

/// What was measured. Nothing means not measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    pub sex: Sex,
    pub age: Option<Age>,
    pub weight_kg: Option<f64>,
    pub length_cm: Option<f64>,
    /// Nothing: as the age asks (lying before 24 months, standing after).
    pub position: Option<Position>,
    pub head_cm: Option<f64>,
    pub arm_cm: Option<f64>,
    pub triceps_mm: Option<f64>,
    pub subscapular_mm: Option<f64>,
    /// Oedema of both feet: no weight-based index then.
    pub oedema: bool,
}

impl Measurement {
    #[must_use]
    pub fn new(sex: Sex, age: Option<Age>) -> Self {
        Self {
            sex,
            age,
            weight_kg: None,
            length_cm: None,
            position: None,
            head_cm: None,
            arm_cm: None,
            triceps_mm: None,
            subscapular_mm: None,
            oedema: false,
        }
    }
}

/// Why an index has no score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum Reason {
    #[error("not measured")]
    NotMeasured,
    #[error("the age is not known")]
    AgeUnknown,
    #[error("oedema: weight is not comparable")]
    Oedema,
    #[error("the age is negative, above 130 years, or no number")]
    ImpossibleAge,
    #[error("weeks of gestation outside 22 to 44")]
    ImpossibleGestation,
    #[error("weight is not within 0.2–300 kg")]
    ImpossibleWeight,
    #[error("length is not within 15–250 cm")]
    ImpossibleLength,
    #[error("head circumference is not within 10–80 cm")]
    ImpossibleHead,
    #[error("arm circumference is not within 3–80 cm")]
    ImpossibleArm,
    #[error("skinfold is not within 1–80 mm")]
    ImpossibleSkinfold,
    #[error("the reference has no row for this age")]
    AgeOutOfRange,
    #[error("the reference has no row for this length")]
    LengthOutOfRange,
    #[error("the reference has no such index")]
    NotInReference,
}

impl Reason {
    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotMeasured => "not_measured",
            Self::AgeUnknown => "age_unknown",
            Self::Oedema => "oedema",
            Self::ImpossibleAge => "impossible_age",
            Self::ImpossibleGestation => "impossible_gestation",
            Self::ImpossibleWeight => "impossible_weight",
            Self::ImpossibleLength => "impossible_length",
            Self::ImpossibleHead => "impossible_head",
            Self::ImpossibleArm => "impossible_arm",
            Self::ImpossibleSkinfold => "impossible_skinfold",
            Self::AgeOutOfRange => "age_out_of_range",
            Self::LengthOutOfRange => "length_out_of_range",
            Self::NotInReference => "not_in_reference",
        }
    }
}

/// z rounded to two decimals, and its percentile 0–100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    pub z: f64,
    pub percentile: f64,
}

impl Score {
    pub(crate) fn of(z: f64) -> Self {
        let z = round2(z);
        Self { z, percentile: percentile_of_z(z) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Indicator {
    WeightForAge,
    LengthForAge,
    WeightForLength,
    BmiForAge,
    HeadForAge,
    ArmForAge,
    TricepsForAge,
    SubscapularForAge,
}

impl Indicator {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::WeightForAge => "weight_for_age",
            Self::LengthForAge => "length_for_age",
            Self::WeightForLength => "weight_for_length",
            Self::BmiForAge => "bmi_for_age",
            Self::HeadForAge => "head_for_age",
            Self::ArmForAge => "arm_for_age",
            Self::TricepsForAge => "triceps_for_age",
            Self::SubscapularForAge => "subscapular_for_age",
        }
    }

    /// Scores outside are almost surely errors of measuring or of the birth date (WHO Anthro manual).
    fn plausible(self, z: f64) -> bool {
        match self {
            Self::LengthForAge => z.abs() <= 6.0,
            Self::WeightForAge => (-6.0..=5.0).contains(&z),
            _ => z.abs() <= 5.0,
        }
    }
}

/// Something that the reader of the scores must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flag {
    /// Outside the plausible range of its index
    Implausible(Indicator),
    /// 0.7 cm were added or taken away, as the position was not the one that the table is of
    LengthCorrected,
    /// Nobody stands before nine months: the position was taken as unknown
    StandingBeforeNineMonths,
}

impl Flag {
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Implausible(indicator) => format!("{}_implausible", indicator.code()),
            Self::LengthCorrected => "length_corrected".to_owned(),
            Self::StandingBeforeNineMonths => "standing_before_nine_months".to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    pub reference: Reference,
    pub edition: &'static str,
    /// Length or height as the table wants it.
    pub corrected_length_cm: Option<f64>,
    pub bmi: Option<f64>,
    pub scores: Vec<(Indicator, Result<Score, Reason>)>,
    pub flags: Vec<Flag>,
}

impl Assessment {
    /// # Errors
    /// Why there is no score.
    pub fn score(&self, indicator: Indicator) -> Result<Score, Reason> {
        self.scores
            .iter()
            .find(|(i, _)| *i == indicator)
            .map_or(Err(Reason::NotInReference), |(_, score)| *score)
    }
}

/// Scores a child against one reference. Lengths in cm, weights in kg, skinfolds in mm, ages in days.
///
/// Each index stands for itself: a bad head circumference does not take the weight's score away. A measure that
/// no human has gives an `Impossible…` reason in every index that needs it.
///
/// Sources: WHO Child Growth Standards 2006 and 2007, WHO growth reference 2007, WS/T 423-2022. Tested on the
/// published reference surveys and every printed value of WS/T 423 (docs/accuracy.md).
#[must_use]
pub fn assess(child: &Measurement, reference: Reference) -> Assessment {
    let mut flags = Vec::new();
    let length = within(child.length_cm, 15.0, 250.0, Reason::ImpossibleLength);
    let weight = within(child.weight_kg, 0.2, 300.0, Reason::ImpossibleWeight);
    let corrected = length.map(|cm| correct_length(cm, child, reference, &mut flags));
    let bmi = weight.and_then(|kg| corrected.map(|cm| kg / ((cm / 100.0) * (cm / 100.0))));
    let unless_oedema = |measure: Result<f64, Reason>| match measure {
        Ok(_) if child.oedema => Err(Reason::Oedema),
        other => other,
    };
    let measures = [
        (Indicator::WeightForAge, unless_oedema(weight)),
        (Indicator::LengthForAge, corrected),
        (Indicator::WeightForLength, unless_oedema(weight.and_then(|kg| corrected.map(|_| kg)))),
        (Indicator::BmiForAge, unless_oedema(bmi)),
        (Indicator::HeadForAge, within(child.head_cm, 10.0, 80.0, Reason::ImpossibleHead)),
        (Indicator::ArmForAge, within(child.arm_cm, 3.0, 80.0, Reason::ImpossibleArm)),
        (Indicator::TricepsForAge, within(child.triceps_mm, 1.0, 80.0, Reason::ImpossibleSkinfold)),
        (Indicator::SubscapularForAge, within(child.subscapular_mm, 1.0, 80.0, Reason::ImpossibleSkinfold)),
    ];
    let scores: Vec<_> = measures
        .into_iter()
        .map(|(indicator, measure)| {
            let z = measure.and_then(|y| match reference {
                Reference::Who2006 => z_who2006(indicator, y, child, corrected.ok()),
                Reference::Who2007 => z_who2007(indicator, y, child),
                Reference::Wst423 => z_wst423(indicator, y, child, corrected.ok()),
            });
            (indicator, z.map(Score::of))
        })
        .collect();
    flags.extend(scores.iter().filter_map(|(indicator, score)| match score {
        Ok(score) if !indicator.plausible(score.z) => Some(Flag::Implausible(*indicator)),
        _ => None,
    }));
    Assessment {
        reference,
        edition: reference.edition(),
        corrected_length_cm: corrected.ok(),
        bmi: bmi.ok(),
        scores,
        flags,
    }
}

fn within(measure: Option<f64>, low: f64, high: f64, otherwise: Reason) -> Result<f64, Reason> {
    let value = measure.ok_or(Reason::NotMeasured)?;
    if (low..=high).contains(&value) { Ok(value) } else { Err(otherwise) }
}

/// Whether the tables want standing height at this age.
fn wants_height(age: Age, reference: Reference) -> bool {
    match reference {
        Reference::Wst423 => age.row_months() >= wst423::MONTHS_OF_HEIGHT,
        _ => age.table_day() >= FIRST_DAY_OF_HEIGHT,
    }
}

fn correct_length(cm: f64, child: &Measurement, reference: Reference, flags: &mut Vec<Flag>) -> f64 {
    let (Some(age), Some(position)) = (child.age, child.position) else {
        return cm;
    };
    match (position, wants_height(age, reference)) {
        (Position::Standing, false) if age.months() < 9.0 => {
            flags.push(Flag::StandingBeforeNineMonths);
            cm
        }
        (Position::Standing, false) => {
            flags.push(Flag::LengthCorrected);
            cm + LYING_MINUS_STANDING_CM
        }
        (Position::Lying, true) => {
            flags.push(Flag::LengthCorrected);
            cm - LYING_MINUS_STANDING_CM
        }
        _ => cm,
    }
}

/// By age; without age by the position; without either by 87 cm.
pub(crate) fn by_height(child: &Measurement, reference: Reference, length_cm: f64) -> bool {
    match (child.age, child.position) {
        (Some(age), _) => wants_height(age, reference),
        (None, Some(position)) => position == Position::Standing,
        (None, None) => length_cm >= 87.0,
    }
}

fn z_who2006(indicator: Indicator, y: f64, child: &Measurement, length: Option<f64>) -> Result<f64, Reason> {
    if child.age.is_some_and(|age| age.months() >= 60.0) {
        return Err(Reason::AgeOutOfRange);
    }
    if indicator == Indicator::WeightForLength {
        let length = length.ok_or(Reason::NotMeasured)?;
        let table = if by_height(child, Reference::Who2006, length) {
            &WHO2006_WEIGHT_FOR_HEIGHT
        } else {
            &WHO2006_WEIGHT_FOR_LENGTH
        };
        return table
            .interpolated(child.sex, length)
            .map(|lms| lms.z_restricted(y))
            .ok_or(Reason::LengthOutOfRange);
    }
    let day = child.age.ok_or(Reason::AgeUnknown)?.table_day();
    let table = who2006_by_age(indicator).ok_or(Reason::NotInReference)?;
    let lms = at_day(table, child.sex, day).ok_or(Reason::AgeOutOfRange)?;
    Ok(z_of(indicator, lms, y))
}

pub(crate) fn who2006_by_age(indicator: Indicator) -> Option<&'static LmsTable> {
    Some(match indicator {
        Indicator::WeightForAge => &WHO2006_WEIGHT,
        Indicator::LengthForAge => &WHO2006_LENGTH,
        Indicator::BmiForAge => &WHO2006_BMI,
        Indicator::HeadForAge => &WHO2006_HEAD,
        Indicator::ArmForAge => &WHO2006_ARM,
        Indicator::TricepsForAge => &WHO2006_TRICEPS,
        Indicator::SubscapularForAge => &WHO2006_SUBSCAPULAR,
        Indicator::WeightForLength => return None,
    })
}

pub(crate) fn who2007_by_age(indicator: Indicator) -> Option<&'static LmsTable> {
    Some(match indicator {
        Indicator::WeightForAge => &WHO2007_WEIGHT,
        Indicator::LengthForAge => &WHO2007_HEIGHT,
        Indicator::BmiForAge => &WHO2007_BMI,
        _ => return None,
    })
}

fn at_day(table: &LmsTable, sex: Sex, day: f64) -> Option<Lms> {
    table.at(sex, whole(day - table.range(sex).0)?)
}

fn z_who2007(indicator: Indicator, y: f64, child: &Measurement) -> Result<f64, Reason> {
    let table = who2007_by_age(indicator).ok_or(Reason::NotInReference)?;
    let months = child.age.ok_or(Reason::AgeUnknown)?.months();
    let lms = table.interpolated(child.sex, months).ok_or(Reason::AgeOutOfRange)?;
    // The last row only closes the interpolation of the month before it (10 and 19 completed years).
    if months >= table.range(child.sex).1 {
        return Err(Reason::AgeOutOfRange);
    }
    Ok(z_of(indicator, lms, y))
}

/// Length and head circumference are normal themselves; the ±3 rule is for what weight or fat makes skew.
pub(crate) fn restricted(indicator: Indicator) -> bool {
    !matches!(indicator, Indicator::LengthForAge | Indicator::HeadForAge)
}

fn z_of(indicator: Indicator, lms: Lms, y: f64) -> f64 {
    if restricted(indicator) { lms.z_restricted(y) } else { lms.z(y) }
}

fn z_wst423(indicator: Indicator, y: f64, child: &Measurement, length: Option<f64>) -> Result<f64, Reason> {
    if indicator == Indicator::WeightForLength {
        // The standard is for children under seven years, whatever their length.
        if child.age.is_some_and(|age| age.months() >= 84.0) {
            return Err(Reason::AgeOutOfRange);
        }
        let length = length.ok_or(Reason::NotMeasured)?;
        let name = wst423_table(indicator, by_height(child, Reference::Wst423, length))
            .ok_or(Reason::NotInReference)?;
        return wst423::columns(child.sex, name, length, Reason::LengthOutOfRange)
            .map(|row| wst423::z(y, row));
    }
    let name = wst423_table(indicator, false).ok_or(Reason::NotInReference)?;
    let months = child.age.ok_or(Reason::AgeUnknown)?.row_months();
    wst423::columns(child.sex, name, months, Reason::AgeOutOfRange).map(|row| wst423::z(y, row))
}

pub(crate) fn wst423_table(indicator: Indicator, height: bool) -> Option<&'static str> {
    Some(match indicator {
        Indicator::WeightForAge => "weight_for_age months",
        Indicator::LengthForAge => "length_for_age months",
        Indicator::BmiForAge => "bmi_for_age months",
        Indicator::HeadForAge => "head_for_age months",
        Indicator::WeightForLength if height => "weight_for_height cm",
        Indicator::WeightForLength => "weight_for_length cm",
        _ => return None,
    })
}
