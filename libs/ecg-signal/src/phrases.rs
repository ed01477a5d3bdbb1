//! The wording: stable code, SNOMED CT concept, Chinese and English text, severity.
//!
//! SNOMED CT concepts are those of the PhysioNet/CinC Challenge 2021 mapping tables (dx_mapping_scored and _unscored);
//! where they have no fitting concept, none is given. Chinese wording follows the usual phrase lists of Chinese ECG reports.

use crate::statement::Severity::{self, Abnormal, Borderline, Critical, Normal};

/// One entry of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Phrase {
    pub code: &'static str,
    pub snomed: Option<&'static str>,
    pub zh: &'static str,
    pub en: &'static str,
    pub severity: Severity,
}

macro_rules! phrases {
    ($($name:ident $code:literal $snomed:expr, $severity:ident, $zh:literal, $en:literal;)*) => {
        $(pub const $name: Phrase =
            Phrase { code: $code, snomed: $snomed, zh: $zh, en: $en, severity: $severity };)*
        /// The whole catalogue.
        pub const ALL: &[Phrase] = &[$($name,)*];
    };
}

phrases! {
    SINUS_RHYTHM "sinus_rhythm" Some("426783006"), Normal, "窦性心律", "Sinus rhythm";
    SINUS_BRADYCARDIA "sinus_bradycardia" Some("426177001"), Borderline, "窦性心动过缓", "Sinus bradycardia";
    SINUS_TACHYCARDIA "sinus_tachycardia" Some("427084000"), Borderline, "窦性心动过速", "Sinus tachycardia";
    SINUS_ARRHYTHMIA "sinus_arrhythmia" Some("427393009"), Borderline, "窦性心律不齐", "Sinus arrhythmia";
    ATRIAL_FIBRILLATION "atrial_fibrillation" Some("164889003"), Abnormal, "心房颤动", "Atrial fibrillation";
    ATRIAL_FIBRILLATION_FAST "atrial_fibrillation_rapid" Some("314208002"), Abnormal, "心房颤动（快心室率）", "Atrial fibrillation with rapid ventricular response";
    ATRIAL_FIBRILLATION_SLOW "atrial_fibrillation_slow" Some("164889003"), Abnormal, "心房颤动（慢心室率）", "Atrial fibrillation with slow ventricular response";
    ATRIAL_FLUTTER "atrial_flutter" Some("164890007"), Abnormal, "心房扑动", "Atrial flutter";
    SVT "supraventricular_tachycardia" Some("426761007"), Abnormal, "室上性心动过速", "Supraventricular tachycardia";
    WIDE_TACHYCARDIA "wide_complex_tachycardia" None, Critical, "宽QRS波心动过速，室性心动过速不除外", "Wide-complex tachycardia, ventricular tachycardia not excluded";
    NO_P_RHYTHM "regular_rhythm_without_p" None, Abnormal, "规则节律，未见明确P波（交界性心律？）", "Regular rhythm without visible P waves, junctional rhythm?";
    UNDETERMINED_RHYTHM "rhythm_undetermined" None, Borderline, "节律未能自动判定", "Rhythm not determined";
    PAC_OCCASIONAL "supraventricular_premature_occasional" Some("63593006"), Borderline, "偶发房性早搏", "Occasional supraventricular premature beats";
    PAC_FREQUENT "supraventricular_premature_frequent" Some("63593006"), Abnormal, "频发房性早搏", "Frequent supraventricular premature beats";
    PAC_BIGEMINY "supraventricular_bigeminy" Some("251168009"), Abnormal, "房性早搏二联律", "Supraventricular bigeminy";
    PAC_COUPLET "supraventricular_couplet" Some("284470004"), Abnormal, "成对房性早搏", "Paired supraventricular premature beats";
    PAC_ABERRANT "supraventricular_premature_aberrant" None, Borderline, "房性早搏伴室内差异性传导", "Supraventricular premature beats with aberrant conduction";
    ATRIAL_RUN "atrial_tachycardia" Some("713422000"), Abnormal, "短阵房性心动过速", "Run of atrial tachycardia";
    PVC_OCCASIONAL "ventricular_premature_occasional" Some("17338001"), Borderline, "偶发室性早搏", "Occasional ventricular premature beats";
    PVC_FREQUENT "ventricular_premature_frequent" Some("17338001"), Abnormal, "频发室性早搏", "Frequent ventricular premature beats";
    PVC_BIGEMINY "ventricular_bigeminy" Some("11157007"), Abnormal, "室性早搏二联律", "Ventricular bigeminy";
    PVC_TRIGEMINY "ventricular_trigeminy" Some("251180001"), Abnormal, "室性早搏三联律", "Ventricular trigeminy";
    PVC_COUPLET "ventricular_couplet" Some("251182009"), Abnormal, "成对室性早搏", "Paired ventricular premature beats";
    PVC_RUN "ventricular_run" Some("164895002"), Critical, "短阵室性心动过速", "Run of ventricular tachycardia";
    PACED_VENTRICLE "ventricular_pacing" Some("251266004"), Abnormal, "心室起搏心律", "Ventricular paced rhythm";
    PACED_ATRIUM "atrial_pacing" Some("251268003"), Abnormal, "心房起搏心律", "Atrial paced rhythm";
    PACED_DUAL "dual_chamber_pacing" Some("10370003"), Abnormal, "双腔起搏心律", "Dual-chamber paced rhythm";
    AVB_FIRST "av_block_first_degree" Some("270492004"), Abnormal, "一度房室阻滞", "First-degree AV block";
    AVB_MOBITZ_ONE "av_block_second_degree_type_1" Some("54016002"), Abnormal, "二度I型房室阻滞", "Second-degree AV block, Mobitz I";
    AVB_SECOND "av_block_second_degree" Some("195042002"), Abnormal, "二度房室阻滞", "Second-degree AV block";
    AVB_THIRD "av_block_third_degree" Some("27885002"), Critical, "三度房室阻滞", "Third-degree AV block";
    SHORT_PR "short_pr" Some("49578007"), Borderline, "短PR间期", "Short PR interval";
    WPW "pre_excitation" Some("74390002"), Abnormal, "心室预激（预激综合征图形）", "Ventricular pre-excitation, Wolff-Parkinson-White pattern";
    LBBB "lbbb_complete" Some("733534002"), Abnormal, "完全性左束支阻滞", "Complete left bundle branch block";
    ILBBB "lbbb_incomplete" Some("251120003"), Abnormal, "不完全性左束支阻滞", "Incomplete left bundle branch block";
    RBBB "rbbb_complete" Some("713427006"), Abnormal, "完全性右束支阻滞", "Complete right bundle branch block";
    IRBBB "rbbb_incomplete" Some("713426002"), Borderline, "不完全性右束支阻滞", "Incomplete right bundle branch block";
    LAFB "left_anterior_fascicular_block" Some("445118002"), Abnormal, "左前分支阻滞", "Left anterior fascicular block";
    LPFB "left_posterior_fascicular_block" Some("445211001"), Abnormal, "左后分支阻滞", "Left posterior fascicular block";
    IVCD "intraventricular_conduction_delay" Some("698252002"), Abnormal, "室内阻滞", "Nonspecific intraventricular conduction delay";
    AXIS_LEFT "axis_left" Some("39732003"), Borderline, "电轴左偏", "Left axis deviation";
    AXIS_RIGHT "axis_right" Some("47665007"), Borderline, "电轴右偏", "Right axis deviation";
    AXIS_EXTREME "axis_extreme" None, Abnormal, "电轴极度右偏", "Extreme axis deviation";
    LOW_VOLTAGE_LIMB "low_voltage_limb" Some("251146004"), Borderline, "肢体导联低电压", "Low voltage in limb leads";
    LOW_VOLTAGE_ALL "low_voltage" Some("251146004"), Abnormal, "全导联低电压", "Low voltage in all leads";
    LV_HIGH_VOLTAGE "lv_high_voltage" Some("55827005"), Borderline, "左心室高电压", "Left ventricular high voltage";
    LVH_STRAIN "lvh_with_strain" Some("164873001"), Abnormal, "左心室肥大伴劳损", "Left ventricular hypertrophy with strain";
    LONG_QT "qt_long" Some("111975006"), Abnormal, "QT间期延长", "Prolonged QT interval";
    SHORT_QT "qt_short" Some("77867006"), Abnormal, "QT间期缩短", "Short QT interval";
    RV_HYPERTROPHY "rv_hypertrophy" Some("89792004"), Abnormal, "右心室肥大可能", "Right ventricular hypertrophy possible";
    BRUGADA "brugada_type_1" Some("418818005"), Abnormal, "Brugada样心电图改变（1型）", "Brugada-type pattern, type 1";
    STE_ANTERIOR "st_elevation_anterior" Some("164931005"), Critical, "前壁导联ST段抬高，急性心肌梗死？", "Anterior ST elevation, acute myocardial infarction?";
    STE_INFERIOR "st_elevation_inferior" Some("164931005"), Critical, "下壁导联ST段抬高，急性心肌梗死？", "Inferior ST elevation, acute myocardial infarction?";
    STE_LATERAL "st_elevation_lateral" Some("164931005"), Critical, "侧壁导联ST段抬高，急性心肌梗死？", "Lateral ST elevation, acute myocardial infarction?";
    STE_EARLY "early_repolarization" Some("428417006"), Borderline, "ST段抬高，早期复极可能", "ST elevation, early repolarization likely";
    ST_DEPRESSION "st_depression" Some("429622005"), Abnormal, "ST段压低", "ST depression";
    T_INVERSION "t_inversion" Some("59931005"), Abnormal, "T波倒置", "T-wave inversion";
    T_FLAT "t_flat" Some("164934002"), Borderline, "T波低平", "Flat T waves";
    T_TALL "t_tall" Some("251259000"), Borderline, "T波高尖", "Tall T waves";
    Q_ABNORMAL "q_abnormal" Some("164917005"), Abnormal, "异常Q波", "Abnormal Q waves";
    RIGHT_ATRIUM "right_atrial_enlargement" Some("253339007"), Borderline, "右心房增大（肺型P波）", "Right atrial enlargement";
    LEFT_ATRIUM "left_atrial_enlargement" Some("67741000119109"), Borderline, "左心房增大（二尖瓣型P波）", "Left atrial enlargement";
    LIMB_REVERSAL "limb_lead_reversal" Some("251139008"), Abnormal, "疑左右手导联反接，请核对后重采", "Suspected arm lead reversal: check and record again";
    REVERSAL_ARM_LEG "limb_lead_reversal_arm_leg" None, Abnormal, "疑右手与左脚导联反接，请核对后重采", "Suspected reversal of right arm and left leg leads: check and record again";
    REVERSAL_ARM_LEFT_LEG "limb_lead_reversal_left_arm_leg" None, Borderline, "疑左手与左脚导联反接（Ⅰ导联P波高于Ⅱ导联），请核对", "Possible reversal of left arm and left leg leads (P taller in I than in II): check";
    REVERSAL_RIGHT_LEG "limb_lead_reversal_right_leg" None, Abnormal, "疑右脚导联与手臂导联反接，请核对后重采", "Suspected right leg electrode on an arm: check and record again";
    REVERSAL_CHEST "chest_lead_reversal" None, Abnormal, "疑胸导联顺序接错，请核对后重采", "Suspected chest leads out of order: check and record again";
    LIMB_INCONSISTENT "limb_leads_inconsistent" None, Borderline, "肢体导联不符合Einthoven定律，振幅不可靠", "Limb leads contradict Einthoven's law: amplitudes are not reliable";
    AMPLITUDE_IMPLAUSIBLE "amplitude_implausible" None, Borderline, "振幅异常，请核对定标与增益", "Implausible amplitudes: check calibration and gain";
    POOR_QUALITY "poor_quality" Some("251143007"), Borderline, "信号质量差（干扰或导联脱落），结果仅供参考", "Poor signal quality: interpret with caution";
    NO_BEATS "no_beats" None, Critical, "未检出QRS波，请核对导联与患者", "No QRS complexes found: check the leads and the patient";
    NORMAL_ECG "normal_ecg" None, Normal, "正常心电图", "Normal ECG";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_texts_present() {
        let codes: BTreeSet<&str> = super::ALL.iter().map(|p| p.code).collect();
        assert_eq!(codes.len(), super::ALL.len());
        for p in super::ALL {
            assert!(!p.zh.is_empty() && !p.en.is_empty(), "{}", p.code);
            assert!(p.snomed.is_none_or(|s| s.chars().all(|c| c.is_ascii_digit())), "{}", p.code);
        }
    }
}
