//! Pregnancy: fundal height, crown-rump length, fetal weight and maternal weight gain.
//!
//! Equations with their sources; constants reviewed 2026-11 against the published tables (docs/accuracy.md):
//!
//! | what | source | range |
//! |---|---|---|
//! | fundal height | INTERGROWTH-21st, Papageorghiou 2016, BMJ 355:i5662 | 16+0–42+0 weeks |
//! | crown-rump length, dating by it | INTERGROWTH-21st, Papageorghiou 2014, UOG 44:641 | 8+2–15+0 weeks; 15–95 mm |
//! | dating by head and femur | INTERGROWTH-21st, Papageorghiou 2016, UOG 48:719 | 14+0–42+0 weeks |
//! | estimated weight for age | INTERGROWTH-21st Hadlock standard, Stirnemann 2020, UOG 56:946 | 18+0–41+6 weeks |
//! | weight from biometry | Hadlock 1985, AJOG 151:333; Stirnemann 2017, UOG 49:478 | as measured |
//! | weight gain | INTERGROWTH-21st, Cheikh Ismail 2016, BMJ 352:i555 (mothers of normal BMI) | 14+0–40+0 weeks |
//! | weight-gain ranges | WS/T 801-2022 | BMI before pregnancy |

use thiserror::Error;

use crate::child::Score;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum PregnancyError {
    #[error("weeks of gestation are outside the reference")]
    GestationOutOfRange,
    #[error("the measure is outside what the reference or nature knows")]
    ImpossibleMeasure,
    #[error("the menstrual cycle is not within 20–45 days: the due date needs an ultrasound")]
    IrregularCycle,
    #[error("an embryo is transferred on day 2 to 7")]
    ImpossibleEmbryoAge,
    #[error("the date lies outside the pregnancy")]
    DateOutsidePregnancy,
}

impl PregnancyError {
    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::GestationOutOfRange => "gestation_out_of_range",
            Self::ImpossibleMeasure => "impossible_measure",
            Self::IrregularCycle => "irregular_cycle",
            Self::ImpossibleEmbryoAge => "impossible_embryo_age",
            Self::DateOutsidePregnancy => "date_outside_pregnancy",
        }
    }
}

/// Completed days since the (assumed) first day of the last period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gestation {
    days: u16,
}

impl Gestation {
    /// # Errors
    /// More than 45 weeks.
    pub fn from_days(days: u16) -> Result<Self, PregnancyError> {
        if days <= 315 { Ok(Self { days }) } else { Err(PregnancyError::GestationOutOfRange) }
    }

    /// `weeks + days`, as 孕周 are written: 24+3.
    ///
    /// # Errors
    /// Days above 6, or more than 45 weeks.
    pub fn from_weeks(weeks: u16, days: u16) -> Result<Self, PregnancyError> {
        if days > 6 || weeks > 45 {
            return Err(PregnancyError::GestationOutOfRange);
        }
        Self::from_days(weeks * 7 + days)
    }

    #[must_use]
    pub fn days(self) -> u16 {
        self.days
    }

    #[must_use]
    pub fn weeks_and_days(self) -> (u16, u16) {
        (self.days / 7, self.days % 7)
    }

    #[must_use]
    pub fn weeks(self) -> f64 {
        f64::from(self.days) / 7.0
    }

    fn within(self, first: u16, last: u16) -> Result<f64, PregnancyError> {
        if (first..=last).contains(&self.days) {
            Ok(self.weeks())
        } else {
            Err(PregnancyError::GestationOutOfRange)
        }
    }
}

impl std::fmt::Display for Gestation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (weeks, days) = self.weeks_and_days();
        write!(f, "{weeks}+{days}")
    }
}

fn positive(value: f64, limit: f64) -> Result<f64, PregnancyError> {
    if value > 0.0 && value <= limit { Ok(value) } else { Err(PregnancyError::ImpossibleMeasure) }
}

/// Mean and SD of fundal height, cm.
fn fundal_height(gestation: Gestation) -> Result<(f64, f64), PregnancyError> {
    let w = gestation.within(112, 294)?;
    let mean = 5.133_374 + 0.105_835_311_9 * w * w - 0.023_129_5 * w * w * w.ln();
    Ok((mean, 0.992_266_7 + 0.025_808_7 * w))
}

/// Score of a fundal height (宫高), cm.
///
/// # Errors
/// Gestation outside 16+0–42+0, or a height not within 0–60 cm.
pub fn fundal_height_score(gestation: Gestation, height_cm: f64) -> Result<Score, PregnancyError> {
    let (mean, sd) = fundal_height(gestation)?;
    Ok(Score::of((positive(height_cm, 60.0)? - mean) / sd))
}

/// Fundal height at a z-score, cm, for charts.
///
/// # Errors
/// Gestation outside 16+0–42+0.
pub fn fundal_height_at(gestation: Gestation, z: f64) -> Result<f64, PregnancyError> {
    fundal_height(gestation).map(|(mean, sd)| mean + z * sd)
}

fn crown_rump(gestation: Gestation) -> Result<(f64, f64), PregnancyError> {
    gestation.within(58, 105)?;
    let d = f64::from(gestation.days);
    Ok((-50.656_2 + 0.815_118 * d + 0.005_353_02 * d * d, -2.216_26 + 0.098_489_4 * d))
}

/// Score of a crown-rump length, mm.
///
/// # Errors
/// Gestation outside 8+2–15+0, or a length not within 0–150 mm.
pub fn crown_rump_score(gestation: Gestation, crl_mm: f64) -> Result<Score, PregnancyError> {
    let (mean, sd) = crown_rump(gestation)?;
    Ok(Score::of((positive(crl_mm, 150.0)? - mean) / sd))
}

/// Crown-rump length at a z-score, mm.
///
/// # Errors
/// Gestation outside 8+2–15+0.
pub fn crown_rump_at(gestation: Gestation, z: f64) -> Result<f64, PregnancyError> {
    crown_rump(gestation).map(|(mean, sd)| mean + z * sd)
}

/// What a crown-rump length says about the age of the pregnancy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrownRumpDating {
    /// Rounded to whole days.
    pub gestation: Gestation,
    pub mean_days: f64,
    pub sd_days: f64,
}

/// Dates a pregnancy by crown-rump length.
///
/// # Errors
/// A length outside 15–95 mm.
pub fn date_by_crown_rump(crl_mm: f64) -> Result<CrownRumpDating, PregnancyError> {
    if !(15.0..=95.0).contains(&crl_mm) {
        return Err(PregnancyError::ImpossibleMeasure);
    }
    let mean_days = 40.904_1 + 3.215_85 * crl_mm.sqrt() + 0.348_956 * crl_mm;
    let days =
        (0..=315_u16).find(|d| f64::from(*d) + 0.5 > mean_days).ok_or(PregnancyError::GestationOutOfRange)?;
    Ok(CrownRumpDating {
        gestation: Gestation::from_days(days)?,
        mean_days,
        sd_days: 2.391_02 + 0.019_347_4 * crl_mm,
    })
}

/// Dates a pregnancy by head circumference, or by head circumference and femur length (mm), after the crown-rump
/// length can no longer be used. Uncertain by one week at 14 weeks and by more than two near term: an early scan
/// is always better.
///
/// # Errors
/// A measure not within 0–500 mm, or an age outside 14+0–42+0.
pub fn date_by_head(head_mm: f64, femur_mm: Option<f64>) -> Result<(Gestation, f64), PregnancyError> {
    let hc = positive(head_mm, 500.0)?;
    let log = hc.ln();
    let days = match femur_mm {
        None => (0.059_70 * log * log + 6.409e-9 * hc.powi(3) + 3.325_8).exp(),
        Some(femur) => (0.032_43 * log * log + 0.001_644 * positive(femur, 500.0)? * log + 3.813).exp(),
    };
    if !(98.0..294.5).contains(&days) {
        return Err(PregnancyError::GestationOutOfRange);
    }
    let whole =
        (98..=294_u16).find(|d| f64::from(*d) + 0.5 > days).ok_or(PregnancyError::GestationOutOfRange)?;
    Ok((Gestation::from_days(whole)?, days))
}

/// L, M, S of the logarithm of the weight in grams.
fn hadlock_lms(gestation: Gestation) -> Result<(f64, f64, f64), PregnancyError> {
    let w = gestation.within(126, 293)?;
    let inverse = (w / 10.0).powi(-2);
    let log = (w / 10.0).ln();
    let m = -2.422_72 + 1.864_78 * w.sqrt() - 1.932_99e-5 * w.powi(3);
    let l = 9.436_43 + 9.415_79 * inverse - 83.542_20 * log * inverse;
    let s = 0.019_355_7 + 0.031_071_6 * inverse - 0.065_758_7 * log * inverse;
    Ok((l, m, s))
}

/// Score of an estimated fetal weight (by Hadlock's equation), g.
///
/// # Errors
/// Gestation outside 18+0–41+6, or a weight not within 20–8,000 g.
pub fn fetal_weight_score(gestation: Gestation, weight_g: f64) -> Result<Score, PregnancyError> {
    let (l, m, s) = hadlock_lms(gestation)?;
    if !(20.0..=8000.0).contains(&weight_g) {
        return Err(PregnancyError::ImpossibleMeasure);
    }
    let y = weight_g.ln();
    let z = if l == 0.0 { (y / m).ln() / s } else { ((y / m).powf(l) - 1.0) / (l * s) };
    Ok(Score::of(z))
}

/// Estimated fetal weight at a z-score, g.
///
/// # Errors
/// Gestation outside 18+0–41+6.
pub fn fetal_weight_at(gestation: Gestation, z: f64) -> Result<f64, PregnancyError> {
    let (l, m, s) = hadlock_lms(gestation)?;
    let log = if l == 0.0 { m * (s * z).exp() } else { m * (1.0 + l * s * z).powf(1.0 / l) };
    Ok(log.exp())
}

/// Fetal biometry in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Biometry {
    pub biparietal_mm: Option<f64>,
    pub head_mm: f64,
    pub abdomen_mm: f64,
    pub femur_mm: f64,
}

/// Estimated fetal weight in grams by Hadlock 1985: four measures, or three where the biparietal diameter is absent.
///
/// # Errors
/// A measure not within 0–500 mm.
pub fn hadlock_weight_g(biometry: Biometry) -> Result<f64, PregnancyError> {
    let cm = |mm: f64| positive(mm, 500.0).map(|mm| mm / 10.0);
    let (hc, ac, fl) = (cm(biometry.head_mm)?, cm(biometry.abdomen_mm)?, cm(biometry.femur_mm)?);
    let log10 = match biometry.biparietal_mm {
        Some(bpd) => {
            let bpd = cm(bpd)?;
            1.3596 - 0.003_86 * ac * fl + 0.0064 * hc + 0.000_61 * bpd * ac + 0.0424 * ac + 0.174 * fl
        }
        None => 1.326 - 0.003_26 * ac * fl + 0.0107 * hc + 0.0438 * ac + 0.158 * fl,
    };
    Ok(10_f64.powf(log10))
}

/// Estimated fetal weight in grams by INTERGROWTH-21st (head and abdominal circumference).
///
/// # Errors
/// A measure not within 0–500 mm.
pub fn intergrowth_weight_g(head_mm: f64, abdomen_mm: f64) -> Result<f64, PregnancyError> {
    let (hc, ac) = (positive(head_mm, 500.0)? / 1000.0, positive(abdomen_mm, 500.0)? / 1000.0);
    let cube = ac.powi(3);
    Ok((5.084_820 - 54.066_33 * cube - 95.800_76 * cube * ac.ln() + 3.136_370 * hc).exp())
}

fn weight_gain(gestation: Gestation) -> Result<(f64, f64), PregnancyError> {
    let w = gestation.within(98, 280)?;
    let mean = 1.382_972 - 56.147_43 / (w * w) + 0.278_768_3 * w.sqrt();
    let sd = 0.250_199_373_1 + 142.429_787_9 / (w * w) - 61.453_45 * w.ln() / (w * w);
    Ok((mean, sd))
}

/// Score of the weight gained since before pregnancy, kg. For mothers of normal weight (BMI 18.5–25).
///
/// # Errors
/// Gestation outside 14+0–40+0, or a gain not within −8.75 to 60 kg.
pub fn weight_gain_score(gestation: Gestation, gain_kg: f64) -> Result<Score, PregnancyError> {
    let (mean, sd) = weight_gain(gestation)?;
    if !(gain_kg > -8.75 && gain_kg <= 60.0) {
        return Err(PregnancyError::ImpossibleMeasure);
    }
    Ok(Score::of(((gain_kg + 8.75).ln() - mean) / sd))
}

/// Weight gain at a z-score, kg.
///
/// # Errors
/// Gestation outside 14+0–40+0.
pub fn weight_gain_at(gestation: Gestation, z: f64) -> Result<f64, PregnancyError> {
    weight_gain(gestation).map(|(mean, sd)| (mean + z * sd).exp() - 8.75)
}

/// WS/T 801-2022, by BMI before pregnancy, for one fetus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightGainRange {
    pub name_zh: &'static str,
    pub total_kg: (f64, f64),
    /// First trimester.
    pub early_kg: (f64, f64),
    /// Second and third trimester: mean, lowest and highest gain of a week.
    pub weekly_kg: (f64, f64, f64),
}

/// # Errors
/// A BMI not within 10–80 kg/m².
pub fn chinese_weight_gain_range(bmi_before: f64) -> Result<WeightGainRange, PregnancyError> {
    let range =
        |name_zh, total_kg, weekly_kg| WeightGainRange { name_zh, total_kg, early_kg: (0.0, 2.0), weekly_kg };
    match bmi_before {
        b if !(10.0..=80.0).contains(&b) => Err(PregnancyError::ImpossibleMeasure),
        b if b < 18.5 => Ok(range("低体重", (11.0, 16.0), (0.46, 0.37, 0.56))),
        b if b < 24.0 => Ok(range("正常体重", (8.0, 14.0), (0.37, 0.26, 0.48))),
        b if b < 28.0 => Ok(range("超重", (7.0, 11.0), (0.30, 0.22, 0.37))),
        _ => Ok(range("肥胖", (5.0, 9.0), (0.22, 0.15, 0.30))),
    }
}
