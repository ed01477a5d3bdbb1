//! What would change the result: every single change of the record that ends in another group.
//!
//! It answers a coder's questions (another main diagnosis, a missing complication, a code left out), not a
//! purse's: the list is complete for single changes and carries no weights.

use crate::condition::{Compare, Condition, Number, number_text};
use crate::group::{Case, Found, Outcome};
use crate::plan::{Plan, SetId};
use crate::record::Record;

/// One change of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// This secondary diagnosis becomes the main one; the old main one becomes secondary.
    MainDiagnosis(String),
    WithoutDiagnosis(String),
    MainProcedure(String),
    WithoutProcedure(String),
    /// Some secondary diagnosis were a major complication that counts.
    WithMcc,
    /// Some secondary diagnosis were a complication that counts, and none a major one.
    WithCc,
    /// The number were this.
    Number(Number, u32),
}

impl Change {
    /// The change as a coder reads it, Chinese with English beside.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::MainDiagnosis(code) => format!("以{code}为主要诊断 ({code} as the main diagnosis)"),
            Self::WithoutDiagnosis(code) => format!("不填诊断{code} (without diagnosis {code})"),
            Self::MainProcedure(code) => format!("以{code}为主要手术操作 ({code} as the main procedure)"),
            Self::WithoutProcedure(code) => format!("不填手术操作{code} (without procedure {code})"),
            Self::WithMcc => "伴未被排除的MCC (with an MCC that counts)".to_owned(),
            Self::WithCc => "伴未被排除的CC、无MCC (with a CC that counts, no MCC)".to_owned(),
            Self::Number(what, value) => {
                let (zh, en) = number_text(*what, Compare::Equal, *value);
                format!("{zh} ({en})")
            }
        }
    }
}

/// A change and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative<'p> {
    pub change: Change,
    pub outcome: Outcome<'p>,
}

impl Plan {
    /// All single changes that lead to another outcome than the present one; empty for an invalid record.
    #[must_use]
    pub fn what_if(&self, record: &Record<'_>) -> Vec<Alternative<'_>> {
        let mut alternatives = Vec::new();
        if record.check().is_err() {
            return alternatives;
        }
        let Ok(case) = self.read_codes(record, |_, _, _, _| ()) else { return alternatives };
        let found = self.find(&case);
        let now = self.outcome(&found);
        let mut thresholds = Vec::new();
        if let Found::Group(mdc, adrg, _) = &found {
            numbers(&mdc.condition, &mut thresholds);
            numbers(&adrg.condition, &mut thresholds);
            adrg.drgs.iter().for_each(|d| numbers(&d.condition, &mut thresholds));
        }
        let mut attempt = |change: Change, case: Case| {
            let outcome = self.outcome(&self.find(&case));
            if outcome != now && !alternatives.iter().any(|a: &Alternative<'_>| a.change == change) {
                alternatives.push(Alternative { change, outcome });
            }
        };
        for index in 1..case.dx.len() {
            let mut other = case.clone();
            let Some(code) = case.dx.get(index).map(|id| self.dx.code(*id).to_owned()) else { continue };
            other.dx.swap(0, index);
            attempt(Change::MainDiagnosis(code.clone()), other);
            let mut other = case.clone();
            other.dx.remove(index);
            attempt(Change::WithoutDiagnosis(code), other);
        }
        for index in 0..case.px.len() {
            let Some(code) = case.px.get(index).map(|id| self.px.code(*id).to_owned()) else { continue };
            if index > 0 {
                let mut other = case.clone();
                other.px.swap(0, index);
                attempt(Change::MainProcedure(code.clone()), other);
            }
            let mut other = case.clone();
            other.px.remove(index);
            attempt(Change::WithoutProcedure(code), other);
        }
        attempt(Change::WithMcc, Case { forced_mcc: Some(true), ..case.clone() });
        attempt(Change::WithCc, Case { forced_mcc: Some(false), forced_cc: Some(true), ..case.clone() });
        for (what, value) in thresholds {
            for value in [value.saturating_sub(1), value, value.saturating_add(1)] {
                let mut other = case.clone();
                match what {
                    Number::AgeYears => other.age_years = Some(value),
                    Number::AgeDays => other.age_days = Some(value),
                    Number::WeightG => other.weight_g = Some(value),
                    Number::LosDays => other.los_days = Some(value),
                    Number::DiagnosisCount | Number::ProcedureCount => continue,
                }
                attempt(Change::Number(what, value), other);
            }
        }
        alternatives
    }
}

fn numbers(condition: &Condition<SetId>, out: &mut Vec<(Number, u32)>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|p| numbers(p, out)),
        Condition::Not(inner) => numbers(inner, out),
        Condition::Number { what, value, .. } => out.push((*what, *value)),
        _ => {}
    }
}
