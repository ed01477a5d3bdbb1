//! One discharge as the grouper sees it, and the checks that come before any grouping.
//!
//! A record that fails a check is never grouped: a missing sex or an impossible age would otherwise end in
//! some group by accident. Every refusal names the field and the reason.

use thiserror::Error;

/// Sex as coded on the front page (1 male, 2 female).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// Reads `1`, `2`, `男`, `女`, `m`, `f` (any case). Anything else is unknown and therefore an error.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "1" | "1.0" | "男" | "m" | "M" => Some(Self::Male),
            "2" | "2.0" | "女" | "f" | "F" => Some(Self::Female),
            _ => None,
        }
    }

    /// The front-page code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Male => 1,
            Self::Female => 2,
        }
    }
}

/// The edition in which the codes of a record are written.
///
/// The clinical edition (国临版) and the insurance edition (医保版) share most strings, but some two hundred
/// strings mean different things in the two, so the edition has to be stated when it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CodeEdition {
    /// Insurance edition; a code it does not have is tried as a clinical one.
    #[default]
    InsuranceThenClinical,
    /// Insurance edition only; nothing is converted.
    Insurance,
    /// Clinical edition only; every code goes through the official map.
    Clinical,
}

/// One discharge. Diagnoses and procedures are in front-page order: the first of each is the main one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Record<'a> {
    pub sex: Option<Sex>,
    pub age_years: Option<u32>,
    /// Age in days; needed below one year.
    pub age_days: Option<u32>,
    /// Weight of a newborn in grams (birth or admission); needed up to 28 days. Zero means unknown to the rules.
    pub weight_g: Option<u32>,
    /// Days in hospital (discharge minus admission, same day = 1).
    pub los_days: Option<u32>,
    /// Way of leaving: 1 home, 2 other hospital, 3 community, 4 against advice, 5 died, 9 other.
    pub leaving_type: Option<u8>,
    pub diagnoses: &'a [&'a str],
    pub procedures: &'a [&'a str],
    pub codes: CodeEdition,
}

/// Why a record is refused before grouping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Invalid {
    #[error("病人性别必须为1或2 (sex must be 1 or 2)")]
    Sex,
    #[error("病人年龄为空或不是整数 (age is missing or not a whole number)")]
    Age,
    #[error("病人年龄不可能 (age above 150 years)")]
    AgeImpossible,
    #[error("年龄为0时年龄天数必须有值 (age in days is required below one year)")]
    AgeDays,
    #[error("年龄与年龄天数矛盾 (age in years and age in days contradict each other)")]
    AgeContradiction,
    #[error("新生儿体重必须有值 (weight of a newborn is required)")]
    NewbornWeight,
    #[error("体重不可能 (weight above 500 kg)")]
    WeightImpossible,
    #[error("住院天数不可能 (stay longer than 100 years)")]
    StayImpossible,
    #[error("主要诊断为空 (no main diagnosis)")]
    MainDiagnosis,
    #[error("诊断或手术超过200项 (more than 200 diagnoses or procedures)")]
    TooManyCodes,
    #[error("某项数值不能读出 (a value is not a number)")]
    Unreadable,
}

impl Invalid {
    /// Stable machine-readable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sex => "sex",
            Self::Age => "age",
            Self::AgeImpossible => "age_impossible",
            Self::AgeDays => "age_days",
            Self::AgeContradiction => "age_contradiction",
            Self::NewbornWeight => "newborn_weight",
            Self::WeightImpossible => "weight_impossible",
            Self::StayImpossible => "stay_impossible",
            Self::MainDiagnosis => "main_diagnosis",
            Self::TooManyCodes => "too_many_codes",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Upper limits above which a value is a slip of the pen, not a patient. [checked 2026-11]
const MAX_AGE_YEARS: u32 = 150;
const MAX_WEIGHT_G: u32 = 500_000;
const MAX_STAY_DAYS: u32 = 36_525;
/// The front page holds 41 of each; ten hospitals' extended sheets stay far below this.
pub(crate) const MAX_CODES: usize = 200;
/// A newborn is up to and including the 28th day (CHS-DRG, MDCP).
const NEWBORN_DAYS: u32 = 28;

impl Record<'_> {
    /// Checks in the order of the reference grouper, then plausibility.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.sex.is_none() {
            return Err(Invalid::Sex);
        }
        let Some(age) = self.age_years else { return Err(Invalid::Age) };
        if age > MAX_AGE_YEARS {
            return Err(Invalid::AgeImpossible);
        }
        if age == 0 {
            let Some(days) = self.age_days else { return Err(Invalid::AgeDays) };
            if days > 366 {
                return Err(Invalid::AgeContradiction);
            }
            if days <= NEWBORN_DAYS && self.weight_g.is_none() {
                return Err(Invalid::NewbornWeight);
            }
        }
        if self.weight_g.is_some_and(|w| w > MAX_WEIGHT_G) {
            return Err(Invalid::WeightImpossible);
        }
        if self.los_days.is_some_and(|d| d > MAX_STAY_DAYS) {
            return Err(Invalid::StayImpossible);
        }
        if self.diagnoses.first().is_none_or(|code| is_blank(code)) {
            return Err(Invalid::MainDiagnosis);
        }
        if self.diagnoses.len() > MAX_CODES || self.procedures.len() > MAX_CODES {
            return Err(Invalid::TooManyCodes);
        }
        Ok(())
    }
}

/// Empty, or the dash that prints for "none" on the front page.
pub(crate) fn is_blank(code: &str) -> bool {
    matches!(code.trim(), "" | "-" | "—")
}
