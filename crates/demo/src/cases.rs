//! What patients come with: the rhythm that is synthesized, and what a doctor writes about it.

use crate::dice::Dice;
use ecg::model::Urgency;
use ecg::wire::GlobalMeasurements;
use ecg_signal::synth::SynthRhythm as Rhythm;

/// A clinical picture.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub rhythm: Rhythm,
    /// Of 1000 examinations, about.
    weight: u32,
    /// Nobody younger has it here.
    pub from_age: i16,
    pub symptoms: &'static [&'static str],
    pub note: &'static str,
    pub urgency: Urgency,
    pub conclusion: &'static [&'static str],
    pub abnormal: bool,
}

const fn case(
    rhythm: Rhythm,
    weight: u32,
    from_age: i16,
    symptoms: &'static [&'static str],
    note: &'static str,
) -> Case {
    Case {
        rhythm,
        weight,
        from_age,
        symptoms,
        note,
        urgency: Urgency::Routine,
        conclusion: &[],
        abnormal: true,
    }
}

/// Every rhythm of the synthesizer, with about the frequencies of an outpatient service.
const CASES: [Case; 25] = [
    Case {
        conclusion: &["窦性心律", "正常心电图"],
        abnormal: false,
        ..case(Rhythm::Sinus, 260, 0, &["体检"], "健康体检")
    },
    Case {
        conclusion: &["窦性心律", "正常范围心电图"],
        abnormal: false,
        ..case(Rhythm::Sinus, 90, 20, &["术前检查"], "择期手术术前评估")
    },
    Case {
        conclusion: &["窦性心律", "正常心电图"],
        abnormal: false,
        ..case(Rhythm::Sinus, 80, 18, &["胸闷"], "活动后胸闷一周，休息后缓解")
    },
    Case {
        conclusion: &["窦性心动过缓"],
        ..case(Rhythm::SinusBradycardia, 90, 30, &["头晕"], "头晕一月余，服用美托洛尔")
    },
    Case {
        conclusion: &["窦性心动过速"],
        ..case(Rhythm::SinusTachycardia, 60, 8, &["心悸"], "发热伴心悸一天")
    },
    Case {
        conclusion: &["窦性心律不齐"],
        abnormal: false,
        ..case(Rhythm::SinusArrhythmia, 60, 6, &["体检"], "入学体检")
    },
    Case {
        conclusion: &["心房颤动"],
        ..case(Rhythm::AtrialFibrillation, 80, 55, &["心悸", "气促"], "心悸三天，高血压病史十年")
    },
    Case {
        conclusion: &["心房扑动"], ..case(Rhythm::AtrialFlutter, 15, 50, &["心悸"], "阵发心悸半年")
    },
    Case {
        conclusion: &["窦性心律", "房性早搏（偶发）"],
        ..case(Rhythm::AtrialPrematureBeats, 45, 35, &["心悸"], "自觉心跳漏搏")
    },
    Case {
        conclusion: &["窦性心律", "室性早搏（偶发）"],
        ..case(Rhythm::VentricularPrematureBeats, 45, 30, &["心悸"], "间断心悸，饮浓茶后明显")
    },
    Case {
        conclusion: &["窦性心律", "室性早搏二联律"],
        ..case(Rhythm::VentricularBigeminy, 10, 40, &["心悸", "头晕"], "心悸伴头晕")
    },
    Case {
        conclusion: &["窦性心律", "一度房室传导阻滞"],
        ..case(Rhythm::FirstDegreeBlock, 25, 50, &["体检"], "高血压年度随访")
    },
    Case {
        urgency: Urgency::Urgent,
        conclusion: &["窦性心律", "二度I型房室传导阻滞"],
        ..case(Rhythm::MobitzOne, 8, 45, &["头晕"], "头晕、乏力一周")
    },
    Case {
        urgency: Urgency::Stat,
        conclusion: &["三度房室传导阻滞", "请结合临床"],
        ..case(Rhythm::ThirdDegreeBlock, 8, 60, &["晕厥"], "晕厥一次，约一分钟后清醒")
    },
    Case {
        conclusion: &["窦性心律", "完全性左束支传导阻滞"],
        ..case(Rhythm::LeftBundleBranchBlock, 15, 55, &["气促"], "活动后气促半年")
    },
    Case {
        conclusion: &["窦性心律", "完全性右束支传导阻滞"],
        ..case(Rhythm::RightBundleBranchBlock, 30, 40, &["体检"], "老年人健康体检")
    },
    Case {
        urgency: Urgency::Stat,
        conclusion: &["窦性心律", "急性前壁心肌梗死", "请结合临床"],
        ..case(Rhythm::AnteriorStemi, 10, 45, &["胸痛"], "持续胸痛两小时，大汗")
    },
    Case {
        urgency: Urgency::Stat,
        conclusion: &["窦性心律", "急性下壁心肌梗死", "请结合临床"],
        ..case(Rhythm::InferiorStemi, 10, 45, &["胸痛"], "上腹痛伴胸闷一小时，恶心")
    },
    Case {
        conclusion: &["窦性心律", "左心室高电压"],
        ..case(Rhythm::LeftVentricularHypertrophy, 35, 45, &["头晕"], "高血压十五年，血压控制不佳")
    },
    Case {
        conclusion: &["窦性心律", "肢体导联低电压"],
        ..case(Rhythm::LowVoltage, 10, 50, &["气促"], "慢阻肺随访")
    },
    Case {
        urgency: Urgency::Urgent,
        conclusion: &["窦性心律", "QT间期延长"],
        ..case(Rhythm::LongQt, 8, 25, &["心悸"], "服用胺碘酮期间复查")
    },
    Case {
        conclusion: &["起搏心律（VVI）"], ..case(Rhythm::PacedVvi, 8, 65, &["体检"], "起搏器术后随访")
    },
    Case {
        conclusion: &["起搏心律（DDD）"],
        ..case(Rhythm::PacedDdd, 8, 60, &["体检"], "双腔起搏器术后随访")
    },
    Case {
        conclusion: &["窦性心律", "预激综合征"],
        ..case(Rhythm::PreExcitation, 10, 18, &["心悸"], "突发突止心悸多年")
    },
    Case {
        conclusion: &["窦性心律", "基线干扰，建议复查"],
        ..case(Rhythm::NoisyLeadOff, 15, 20, &["胸闷"], "胸闷，检查时寒战")
    },
];

impl Case {
    /// A case that suits the age. The first examinations walk through all of them, so that each is seen at least once.
    pub fn draw(dice: &mut Dice, age_years: i16) -> Self {
        let fits = |case: &&Case| case.from_age <= age_years;
        let total: u32 = CASES.iter().filter(fits).map(|case| case.weight).sum();
        let mut point = dice.between(0, total);
        for case in CASES.iter().filter(fits) {
            if point < case.weight {
                return *case;
            }
            point -= case.weight;
        }
        Self::plain()
    }

    /// The `index`-th case, where there are that many.
    pub fn nth(index: usize) -> Option<Self> {
        CASES.get(index).copied()
    }

    /// Sinus rhythm at a check-up.
    pub fn plain() -> Self {
        let [first, ..] = CASES;
        first
    }

    /// The case of a rhythm.
    pub fn of(rhythm: Rhythm) -> Self {
        CASES.iter().find(|case| case.rhythm == rhythm).copied().unwrap_or_else(Self::plain)
    }
}

/// Findings as doctors write them, from the values that stand in the report.
pub fn findings(measured: &GlobalMeasurements) -> String {
    let mut parts = Vec::new();
    let mut say = |name: &str, value: Option<f64>, unit: &str| {
        if let Some(value) = value {
            parts.push(format!("{name}{value:.0}{unit}"));
        }
    };
    say("心率", measured.heart_rate_bpm, "次/分");
    say("PR间期", measured.pr_ms, "ms");
    say("QRS时限", measured.qrs_ms, "ms");
    say("QT间期", measured.qt_ms, "ms");
    say("QTc", measured.qtc_bazett_ms, "ms");
    say("QRS电轴", measured.qrs_axis_deg, "°");
    if parts.is_empty() {
        "自动测量不可用，目测判读。".into()
    } else {
        format!("{}。", parts.join("，"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rhythm_of_the_synthesizer_comes_up_and_children_have_no_old_age_diseases() {
        for rhythm in Rhythm::ALL {
            assert!(CASES.iter().any(|case| case.rhythm == rhythm), "{rhythm:?}");
        }
        let mut dice = Dice::new(1);
        assert!((0..500).all(|_| Case::draw(&mut dice, 9).from_age <= 9));
    }

    #[test]
    fn conclusions_are_phrases_of_the_library() {
        let library = include_str!("../../../definitions/ecg/phrases.toml");
        // The library names flutter only with its ratio, which a synthetic strip does not promise.
        let own = ["心房扑动"];
        for phrase in CASES.iter().flat_map(|case| case.conclusion) {
            assert!(own.contains(phrase) || library.contains(&format!("\"{phrase}\"")), "{phrase}");
        }
    }
}
