//! Critical values: which findings must reach a clinician at once. Rules are data of the criteria table
//! (`[[critical]]`), because consensus and provinces differ; this module only reads and applies them.

use serde::{Deserialize, Serialize};

use crate::{
    criteria::{Criteria, CriteriaError, Key},
    interpret::Findings,
    model::BeatKind,
    statement::{Certainty, Ground, Statement},
};

/// Figures that a rule may ask for, with their units.
const MEASUREMENTS: [(&str, &str); 7] = [
    ("heart_rate", "bpm"),
    ("longest_rr", "ms"),
    ("shortest_rr", "ms"),
    ("qrs", "ms"),
    ("qtc", "ms"),
    ("ventricular_run", "beats"),
    ("ventricular_coupling_to_qt", "1"),
];

/// One condition of a rule: a measurement against a threshold of the same table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub measurement: String,
    /// `>=` or `<=`.
    pub relation: String,
    /// Name of the threshold in this table.
    pub threshold: String,
}

/// One critical value: any of the statements (if some are named) and all of the conditions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriticalRule {
    /// Stable own code, `critical_...`.
    pub code: String,
    pub text_zh: String,
    pub text_en: String,
    /// Place in the source, e.g. `②`.
    pub clause: String,
    pub source: String,
    pub reviewed: String,
    #[serde(default)]
    pub statements: Vec<String>,
    /// Statements below this certainty do not count.
    pub certainty: Certainty,
    #[serde(default)]
    pub when: Vec<Condition>,
}

/// A critical value that was met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriticalValue {
    pub code: String,
    pub text_zh: String,
    pub text_en: String,
    /// Clause and source.
    pub source: String,
    /// Codes of the statements that it rests on.
    pub statements: Vec<&'static str>,
    pub grounds: Vec<Ground>,
}

fn key_of(id: &str) -> Option<Key> {
    Key::ALL.iter().copied().find(|k| k.id() == id)
}

/// Refuses rules that could never be met as they are written.
pub fn check(rules: &[CriticalRule]) -> Result<(), CriteriaError> {
    let refuse = |rule: &CriticalRule, reason: String| {
        Err(CriteriaError::Critical { code: rule.code.clone(), reason })
    };
    for (k, rule) in rules.iter().enumerate() {
        if rules.iter().take(k).any(|other| other.code == rule.code) {
            return refuse(rule, "the code is given twice".to_owned());
        }
        if !rule.code.starts_with("critical_") || rule.text_zh.is_empty() || rule.text_en.is_empty() {
            return refuse(rule, "code and both texts are needed, the code as critical_...".to_owned());
        }
        if rule.source.trim().is_empty() || !crate::criteria::is_date(&rule.reviewed) {
            return refuse(rule, "source or review date is missing".to_owned());
        }
        if rule.statements.is_empty() && rule.when.is_empty() {
            return refuse(rule, "it names neither a statement nor a condition".to_owned());
        }
        for code in &rule.statements {
            if !crate::phrases::ALL.iter().any(|p| p.code == code) {
                return refuse(rule, format!("statement {code} is not known"));
            }
        }
        for c in &rule.when {
            let Some((_, unit)) = MEASUREMENTS.iter().find(|(name, _)| *name == c.measurement) else {
                return refuse(rule, format!("measurement {} is not known", c.measurement));
            };
            if !matches!(c.relation.as_str(), ">=" | "<=") {
                return refuse(rule, format!("relation {} is neither >= nor <=", c.relation));
            }
            match key_of(&c.threshold) {
                None => return refuse(rule, format!("threshold {} is not known", c.threshold)),
                Some(key) if key.unit() != *unit => {
                    return refuse(
                        rule,
                        format!("threshold {} is in {}, not in {unit}", c.threshold, key.unit()),
                    );
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// The critical values that the findings meet, in the order of the table.
pub fn met(f: &Findings<'_>, statements: &[Statement], criteria: &Criteria) -> Vec<CriticalValue> {
    criteria
        .critical()
        .iter()
        .filter_map(|rule| {
            let resting: Vec<&Statement> = statements
                .iter()
                .filter(|s| rule.statements.iter().any(|c| c == s.code) && s.certainty >= rule.certainty)
                .collect();
            if !rule.statements.is_empty() && resting.is_empty() {
                return None;
            }
            let mut grounds: Vec<Ground> = Vec::new();
            for c in &rule.when {
                let (name, unit) = MEASUREMENTS.iter().find(|(name, _)| *name == c.measurement)?;
                let key = key_of(&c.threshold)?;
                let (value, limit) = (measured(f, name)?, criteria.value(key));
                let hit = if c.relation == ">=" { value >= limit } else { value <= limit };
                if !hit {
                    return None;
                }
                grounds.push(Ground {
                    measurement: name,
                    lead: None,
                    value,
                    unit,
                    criterion: format!("{} {limit} {unit}", c.relation),
                    source: criteria.source(key),
                });
            }
            grounds.extend(resting.iter().flat_map(|s| s.grounds.iter().cloned()));
            Some(CriticalValue {
                code: rule.code.clone(),
                text_zh: rule.text_zh.clone(),
                text_en: rule.text_en.clone(),
                source: format!("{} {}", rule.clause, rule.source),
                statements: resting.iter().map(|s| s.code).collect(),
                grounds,
            })
        })
        .collect()
}

fn measured(f: &Findings<'_>, name: &str) -> Option<f64> {
    let g = f.global;
    match name {
        "heart_rate" => g.heart_rate_bpm,
        "longest_rr" => g.rr_max_ms,
        "shortest_rr" => g.rr_min_ms,
        "qrs" => g.qrs_ms,
        // What exceeds the ordinary QRS width does not count, as for the statement.
        "qtc" => crate::interpret_shape::qtc(f).map(|(_, v)| v),
        "ventricular_run" => {
            let kinds: Vec<BeatKind> = f.beats.iter().map(|b| b.kind).collect();
            Some(crate::interpret::longest_run(&kinds, BeatKind::Ventricular) as f64)
        }
        "ventricular_coupling_to_qt" => {
            let qt = g.qt_ms?;
            f.beats
                .iter()
                .filter(|b| b.kind == BeatKind::Ventricular)
                .filter_map(|b| b.rr_ms.map(|rr| rr / qt))
                .min_by(f64::total_cmp)
        }
        _ => None,
    }
}
