//! Classes drawn from scores.
//!
//! | class | rule | source |
//! |---|---|---|
//! | five levels by SD | <−2 下, −2…−1 中下, −1…+1 中, +1…+2 中上, ≥+2 上 | WS/T 423-2022 |
//! | five levels by percentile | <P3 下, P3–P25 中下, P25–P75 中, P75–P97 中上, ≥P97 上 | WS/T 423-2022 |
//! | underweight, stunting, wasting | <−2, severe <−3 | 儿童健康管理规范; WHO 2006 |
//! | overweight, obesity, severe obesity | weight-for-length or BMI ≥+1, ≥+2, ≥+3 | 儿童健康管理规范 |
//!
//! Reviewed 2026-11. Scores that are implausible must be measured again before they are classed.

use crate::child::{Assessment, Indicator};
use crate::math::z_of_percentile;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Low,
    LowerMiddle,
    Middle,
    UpperMiddle,
    High,
}

impl Level {
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Low => "下",
            Self::LowerMiddle => "中下",
            Self::Middle => "中",
            Self::UpperMiddle => "中上",
            Self::High => "上",
        }
    }
}

/// Each lower bound belongs to the level above it.
#[must_use]
pub fn level_by_sd(z: f64) -> Level {
    level(z, [-2.0, -1.0, 1.0, 2.0])
}

/// Percentile 0–100.
#[must_use]
pub fn level_by_percentile(percentile: f64) -> Level {
    level(percentile, [3.0, 25.0, 75.0, 97.0])
}

fn level(value: f64, bounds: [f64; 4]) -> Level {
    let levels = [Level::Low, Level::LowerMiddle, Level::Middle, Level::UpperMiddle];
    bounds.iter().zip(levels).find(|(bound, _)| value < **bound).map_or(Level::High, |(_, level)| level)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WeightClass {
    /// 低体重
    Underweight,
    /// 重度低体重
    SeverelyUnderweight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LengthClass {
    /// 生长迟缓
    Stunted,
    /// 重度生长迟缓
    SeverelyStunted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NutritionClass {
    /// 重度消瘦
    SeverelyWasted,
    /// 消瘦
    Wasted,
    /// 超重
    Overweight,
    /// 肥胖
    Obese,
    /// 重度肥胖
    SeverelyObese,
}

/// The three classes of one assessment. Nothing: within the normal range, or no score to say so.
///
/// The third is by weight-for-length; where that has no score it is by BMI (wasting is then not classed, as the
/// rule knows it by weight-for-length only).
#[must_use]
pub fn nutrition(
    assessment: &Assessment,
) -> (Option<WeightClass>, Option<LengthClass>, Option<NutritionClass>) {
    let z = |indicator| assessment.score(indicator).ok().map(|score| score.z);
    let weight = z(Indicator::WeightForAge).and_then(|z| match z {
        z if z < -3.0 => Some(WeightClass::SeverelyUnderweight),
        z if z < -2.0 => Some(WeightClass::Underweight),
        _ => None,
    });
    let length = z(Indicator::LengthForAge).and_then(|z| match z {
        z if z < -3.0 => Some(LengthClass::SeverelyStunted),
        z if z < -2.0 => Some(LengthClass::Stunted),
        _ => None,
    });
    let thin = z(Indicator::WeightForLength).and_then(|z| match z {
        z if z < -3.0 => Some(NutritionClass::SeverelyWasted),
        z if z < -2.0 => Some(NutritionClass::Wasted),
        _ => None,
    });
    let heavy = z(Indicator::WeightForLength).or_else(|| z(Indicator::BmiForAge)).and_then(|z| match z {
        z if z >= 3.0 => Some(NutritionClass::SeverelyObese),
        z if z >= 2.0 => Some(NutritionClass::Obese),
        z if z >= 1.0 => Some(NutritionClass::Overweight),
        _ => None,
    });
    (weight, length, thin.or(heavy))
}

/// The main lines of a Chinese growth chart.
pub const MAIN_CENTILES: [f64; 7] = [3.0, 10.0, 25.0, 50.0, 75.0, 90.0, 97.0];

/// How many main lines lie between two scores of one index: positive upwards, negative downwards. Two or more in
/// either direction is a reason to refer (生长偏离, 儿童健康管理规范). A score on a line counts as above it.
#[must_use]
pub fn centile_channels_crossed(earlier_z: f64, later_z: f64) -> i32 {
    MAIN_CENTILES
        .iter()
        .filter_map(|centile| z_of_percentile(*centile))
        .map(|line| i32::from(later_z >= line) - i32::from(earlier_z >= line))
        .sum()
}
