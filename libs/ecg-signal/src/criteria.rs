//! Thresholds as data: one versioned table with unit, source and review date of every figure.
//!
//! The table in force is `definitions/ecg/resting-criteria.toml`; [`Criteria::builtin`] is that file as it
//! was at build time. A region may load its own text with [`Criteria::from_toml`]; a table that is incomplete,
//! names an unknown threshold or uses another unit is refused with the name of the entry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::critical::{self, CriticalRule};

macro_rules! keys {
    ($($variant:ident => $id:literal $unit:literal,)*) => {
        /// Every threshold that the interpretation reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the meaning of each is a field of the table")]
        pub enum Key { $($variant,)* }

        impl Key {
            /// All keys, in the order of the table.
            pub const ALL: &'static [Key] = &[$(Key::$variant,)*];

            /// Name in the table.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Key::$variant => $id,)* }
            }

            /// The only unit accepted for it.
            #[must_use]
            pub const fn unit(self) -> &'static str {
                match self { $(Key::$variant => $unit,)* }
            }
        }
    };
}

keys! {
    BradyBpm => "brady_bpm" "bpm",
    TachyBpm => "tachy_bpm" "bpm",
    SinusArrhythmiaPpDiffMs => "sinus_arrhythmia_pp_diff_ms" "ms",
    VentricularRateFastBpm => "ventricular_rate_fast_bpm" "bpm",
    VentricularRateSlowBpm => "ventricular_rate_slow_bpm" "bpm",
    VentricularRateCriticalLowBpm => "ventricular_rate_critical_low_bpm" "bpm",
    VentricularRateCriticalHighBpm => "ventricular_rate_critical_high_bpm" "bpm",
    PrLongMs => "pr_long_ms" "ms",
    PrShortMs => "pr_short_ms" "ms",
    PrematureRatio => "premature_ratio" "1",
    PrematureFrequentPerMin => "premature_frequent_per_min" "/min",
    QrsWideMs => "qrs_wide_ms" "ms",
    QrsIncompleteMs => "qrs_incomplete_ms" "ms",
    LbbbRPeakTimeMs => "lbbb_r_peak_time_ms" "ms",
    RbbbSDurationMs => "rbbb_s_duration_ms" "ms",
    LafbAxisDeg => "lafb_axis_deg" "deg",
    LpfbAxisDeg => "lpfb_axis_deg" "deg",
    AxisLeftDeg => "axis_left_deg" "deg",
    AxisRightDeg => "axis_right_deg" "deg",
    AxisExtremeLeftDeg => "axis_extreme_left_deg" "deg",
    LowVoltageLimbUv => "low_voltage_limb_uv" "uV",
    LowVoltageChestUv => "low_voltage_chest_uv" "uV",
    SokolowMaleUv => "sokolow_male_uv" "uV",
    SokolowFemaleUv => "sokolow_female_uv" "uV",
    CornellMaleUv => "cornell_male_uv" "uV",
    CornellFemaleUv => "cornell_female_uv" "uV",
    Rv5Uv => "rv5_uv" "uV",
    VoltageMinAgeYears => "voltage_min_age_years" "years",
    QtcLongMaleMs => "qtc_long_male_ms" "ms",
    QtcLongFemaleMs => "qtc_long_female_ms" "ms",
    QtcMarkedMs => "qtc_marked_ms" "ms",
    QtcCriticalMs => "qtc_critical_ms" "ms",
    QtcShortMs => "qtc_short_ms" "ms",
    SteV2v3ManYoungUv => "ste_v2v3_man_young_uv" "uV",
    SteV2v3ManUv => "ste_v2v3_man_uv" "uV",
    SteV2v3WomanUv => "ste_v2v3_woman_uv" "uV",
    SteOtherUv => "ste_other_uv" "uV",
    SteYoungAgeYears => "ste_young_age_years" "years",
    StdUv => "std_uv" "uV",
    TInvertedUv => "t_inverted_uv" "uV",
    TFlatRatio => "t_flat_ratio" "1",
    TTallChestUv => "t_tall_chest_uv" "uV",
    QDurationMs => "q_duration_ms" "ms",
    QDepthUv => "q_depth_uv" "uV",
    QToRRatio => "q_to_r_ratio" "1",
    PTallUv => "p_tall_uv" "uV",
    PWideMs => "p_wide_ms" "ms",
    PTerminalForceUvMs => "p_terminal_force_uv_ms" "uV ms",
    DeltaQrsMs => "delta_qrs_ms" "ms",
    NoiseUv => "noise_uv" "uV",
    BaselineWanderUv => "baseline_wander_uv" "uV",
    FlatUv => "flat_uv" "uV",
    QrsIrbbbMinMs => "qrs_irbbb_min_ms" "ms",
    QV2v3DurationMs => "q_v2v3_duration_ms" "ms",
    RvhVoltageUv => "rvh_voltage_uv" "uV",
    BrugadaJUv => "brugada_j_uv" "uV",
    SnrGoodDb => "snr_good_db" "dB",
    SnrUsableDb => "snr_usable_db" "dB",
    AmplitudeHighUv => "amplitude_high_uv" "uV",
    AmplitudeLowUv => "amplitude_low_uv" "uV",
    CriticalPauseSymptomsMs => "critical_pause_symptoms_ms" "ms",
    CriticalPauseMs => "critical_pause_ms" "ms",
    CriticalVtRateBpm => "critical_vt_rate_bpm" "bpm",
    CriticalPreexcitedRrMs => "critical_preexcited_rr_ms" "ms",
    CriticalCouplingToQt => "critical_coupling_to_qt" "1",
}

/// One figure with its origin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    pub value: f64,
    pub unit: String,
    pub meaning: String,
    pub source: String,
    /// Date of the last review, `YYYY-MM-DD`.
    pub reviewed: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    edition: String,
    /// The day from which the edition is in force.
    in_force: String,
    /// Who reviewed it for care, or `pending`.
    reviewed_by: String,
    threshold: BTreeMap<String, Threshold>,
    #[serde(default)]
    critical: Vec<CriticalRule>,
}

/// Why a table of thresholds was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CriteriaError {
    /// The message of the TOML reader names line and column.
    #[error("the criteria are not readable: {0}")]
    Syntax(String),
    #[error("threshold {0} is missing")]
    Missing(&'static str),
    #[error("threshold {0} is not known")]
    Unknown(String),
    #[error("threshold {id} is given in {found}, not in {expected}")]
    Unit { id: &'static str, expected: &'static str, found: String },
    #[error("threshold {id}: {reason}")]
    Invalid { id: &'static str, reason: &'static str },
    #[error("{field} is empty or not a date")]
    Head { field: &'static str },
    #[error("critical value {code}: {reason}")]
    Critical { code: String, reason: String },
}

/// A complete, checked table of thresholds.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria {
    edition: String,
    in_force: String,
    reviewed_by: String,
    critical: Vec<CriticalRule>,
    /// One entry per [`Key`], by construction.
    table: BTreeMap<Key, Threshold>,
}

impl Criteria {
    /// Reads and checks a table.
    ///
    /// # Errors
    /// [`CriteriaError`] naming the first entry that is missing, unknown or invalid.
    pub fn from_toml(text: &str) -> Result<Self, CriteriaError> {
        let mut raw: Table = toml::from_str(text).map_err(|e| CriteriaError::Syntax(e.to_string()))?;
        let mut table = BTreeMap::new();
        for key in Key::ALL {
            let id = key.id();
            let entry = raw.threshold.remove(id).ok_or(CriteriaError::Missing(id))?;
            if entry.unit != key.unit() {
                return Err(CriteriaError::Unit { id, expected: key.unit(), found: entry.unit });
            }
            if !entry.value.is_finite() {
                return Err(CriteriaError::Invalid { id, reason: "the value is not a finite number" });
            }
            if entry.source.trim().is_empty() {
                return Err(CriteriaError::Invalid { id, reason: "the source is empty" });
            }
            if !is_date(&entry.reviewed) {
                return Err(CriteriaError::Invalid { id, reason: "the review date is not YYYY-MM-DD" });
            }
            table.insert(*key, entry);
        }
        if let Some(id) = raw.threshold.into_keys().next() {
            return Err(CriteriaError::Unknown(id));
        }
        for (field, good) in [
            ("edition", !raw.edition.trim().is_empty()),
            ("in_force", is_date(&raw.in_force)),
            ("reviewed_by", !raw.reviewed_by.trim().is_empty()),
        ] {
            if !good {
                return Err(CriteriaError::Head { field });
            }
        }
        critical::check(&raw.critical)?;
        Ok(Self {
            edition: raw.edition,
            in_force: raw.in_force,
            reviewed_by: raw.reviewed_by,
            critical: raw.critical,
            table,
        })
    }

    /// The table of `definitions/ecg/resting-criteria.toml` at build time.
    ///
    /// # Panics
    /// Never: a test reads the same text, so a program with a broken table is not built.
    #[must_use]
    #[allow(clippy::panic, reason = "the text is part of the program and read by a test")]
    pub fn builtin() -> Self {
        match Self::from_toml(include_str!("../../../definitions/ecg/resting-criteria.toml")) {
            Ok(criteria) => criteria,
            Err(error) => panic!("built-in criteria: {error}"),
        }
    }

    /// Name of the edition, to be printed with every report.
    #[must_use]
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// The day from which this edition is in force, `YYYY-MM-DD`.
    #[must_use]
    pub fn in_force(&self) -> &str {
        &self.in_force
    }

    /// Who reviewed the edition for care; `pending` until somebody did.
    #[must_use]
    pub fn reviewed_by(&self) -> &str {
        &self.reviewed_by
    }

    /// The rules for critical values, in their order.
    #[must_use]
    pub fn critical(&self) -> &[CriticalRule] {
        &self.critical
    }

    /// The figure itself, in [`Key::unit`].
    #[must_use]
    pub fn value(&self, key: Key) -> f64 {
        self.table.get(&key).map_or(f64::NAN, |t| t.value)
    }

    /// The figure with its origin.
    #[must_use]
    pub fn threshold(&self, key: Key) -> Option<&Threshold> {
        self.table.get(&key)
    }

    pub(crate) fn source(&self, key: Key) -> String {
        self.table.get(&key).map_or_else(String::new, |t| t.source.clone())
    }
}

pub(crate) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() })
}
