//! A schedule (rule pack) as it is written in `definitions/schedules/*.toml`.
//!
//! Invariants after [`Pack::parse`]: product codes and aliases are unique; every product, group and condition that
//! is named exists; every series has doses and every dose a product.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use serde::Deserialize;
use thiserror::Error;

use crate::period::{Overflow, Period};

/// Why a schedule cannot be used.
#[derive(Debug, Error)]
pub enum PackError {
    #[error("schedule cannot be read: {0}")]
    Syntax(String),
    #[error("schedule names {what} `{name}`, which it does not define")]
    Unknown { what: &'static str, name: String },
    #[error("schedule defines `{0}` twice")]
    Twice(String),
    #[error("series `{0}` has no dose, or a dose without a product")]
    Empty(String),
}

/// What a schedule says about itself; every result carries `name` and `edition`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackInfo {
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    pub title: String,
    pub edition: String,
    pub in_force: String,
    pub source: String,
    #[serde(default)]
    pub note: String,
    /// How ages and intervals that must have passed are counted.
    pub minimum_overflow: Overflow,
    /// How recommended dates are counted.
    pub recommended_overflow: Overflow,
    /// A dose without an end of its own is overdue this long after the recommended day.
    pub overdue_after: Option<Period>,
}

/// Names in both languages.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub zh: String,
    pub en: String,
}

/// How a vaccine is alive, for spacing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Live {
    #[default]
    No,
    Injected,
    Oral,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Male,
    Female,
}

/// A vaccine, or an immunoglobulin.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    pub code: String,
    pub name: Label,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub live: Live,
    /// Components that count towards a series' `need`.
    #[serde(default)]
    pub components: Vec<String>,
    /// Given to the other sex it does not count.
    pub sex: Option<Sex>,
    #[serde(default)]
    pub immunoglobulin: bool,
}

/// Limits of age for one dose. `from` and `until` bound the day of administration for which they are in force.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeRule {
    /// Only for these products; all if empty.
    #[serde(default)]
    pub products: Vec<String>,
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// Before this age a dose does not count; without it, `min`.
    pub absolute: Option<Period>,
    pub min: Option<Period>,
    pub recommended: Option<Period>,
    /// Should be given before this age.
    pub before: Option<Period>,
    /// From this age it is not given, and a dose given is extraneous.
    pub max: Option<Period>,
    /// From this age it is no longer begun, though a dose given counts.
    pub forecast_max: Option<Period>,
}

/// Number of counting doses, for conditions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// All products of the group if empty.
    #[serde(default)]
    pub products: Vec<String>,
    pub age_from: Option<Period>,
    pub age_before: Option<Period>,
    /// Days of giving.
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// All doses given, also those that do not count.
    #[serde(default)]
    pub total: bool,
    #[serde(default)]
    pub at_least: usize,
    #[serde(default = "no_limit")]
    pub at_most: usize,
}

const fn no_limit() -> usize {
    usize::MAX
}

/// An interval that must have passed before a dose.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntervalRule {
    /// The valid dose of this number; without it (and without `after`), the dose given before, valid or not.
    pub dose: Option<usize>,
    /// The most recent dose of these products, of whatever group.
    #[serde(default)]
    pub after: Vec<String>,
    /// Only if this count holds.
    pub when: Option<Count>,
    /// Only from this age on.
    pub age_from: Option<Period>,
    /// Days of giving on which the line is in force.
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub absolute: Option<Period>,
    pub min: Period,
    pub recommended: Option<Period>,
    pub before: Option<Period>,
    /// The recommended day follows the interval, whatever the recommended age.
    #[serde(default)]
    pub overrides_age: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Context {
    Evaluation,
    Forecast,
}

/// One reason to leave a dose out: all that is stated must hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    pub context: Option<Context>,
    /// Days in question on which the line is in force.
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// Age on the day in question.
    pub age_from: Option<Period>,
    pub age_before: Option<Period>,
    /// Time since the dose before.
    pub interval_from: Option<Period>,
    #[serde(default)]
    pub count: Vec<Count>,
}

/// A product that counts, and at which ages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    pub products: Vec<String>,
    pub age_from: Option<Period>,
    pub age_before: Option<Period>,
}

/// Products to offer, in order; the first whose count holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub products: Vec<String>,
    pub when: Option<Count>,
    pub age_from: Option<Period>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    #[serde(default)]
    pub age: Vec<AgeRule>,
    #[serde(default)]
    pub interval: Vec<IntervalRule>,
    /// Intervals that also will do when one of `interval` has not passed.
    #[serde(default)]
    pub allowable_interval: Vec<IntervalRule>,
    /// Products with the ages at which they count; in place of `products`.
    #[serde(default)]
    pub accept: Vec<Accept>,
    /// The dose is repeated without end.
    #[serde(default)]
    pub recurring: bool,
    #[serde(default)]
    pub skip: Vec<Skip>,
    /// Products that count; the series' list if empty.
    #[serde(default)]
    pub products: Vec<String>,
    #[serde(default)]
    pub offer: Vec<Offer>,
    pub note: Option<Label>,
    /// The note is for this age and above.
    pub note_from: Option<Period>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    pub id: String,
    pub group: String,
    pub name: Label,
    pub sex: Option<Sex>,
    pub born_from: Option<Date>,
    pub born_before: Option<Date>,
    /// All of these must be reported.
    #[serde(default)]
    pub requires: Vec<String>,
    /// None of these may be reported.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Not all of these together may be reported.
    #[serde(default)]
    pub unless_all: Vec<String>,
    /// Age at the first dose, or at assessment if there is none, from which and before which the series is begun.
    pub start_from: Option<Period>,
    pub start_before: Option<Period>,
    /// Doses given before this age, or from this age on, belong to other groups.
    pub consider_from: Option<Period>,
    pub consider_before: Option<Period>,
    /// Applies only on these grounds (age and counts on the day of assessment).
    #[serde(default)]
    pub applies: Vec<Skip>,
    /// Every dose given must be of the series' products.
    #[serde(default)]
    pub product_path: bool,
    pub products: Vec<String>,
    /// Numbers of each component over the valid doses, below which one more dose follows the last.
    #[serde(default)]
    pub need: BTreeMap<String, usize>,
    pub dose: Vec<Dose>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveRule {
    pub live: Live,
    pub min: Period,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImmunoglobulinRule {
    pub products: Vec<String>,
    /// From the immunoglobulin to the vaccine.
    pub min: Period,
    /// From the vaccine to an immunoglobulin; given sooner it may undo the dose, which a doctor has to judge.
    pub after: Option<Period>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    Contraindicated,
    /// Not now; the condition has to end first.
    Deferred,
    Immune,
    Note,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    pub kind: EffectKind,
    #[serde(default)]
    pub products: Vec<String>,
    #[serde(default)]
    pub groups: Vec<String>,
    pub note: Option<Label>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub code: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    pub name: Label,
    /// Conditions that hold with this one.
    #[serde(default)]
    pub implies: Vec<String>,
    #[serde(default)]
    pub effect: Vec<Effect>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub code: String,
    pub name: Label,
}

/// A schedule. Read-only; share it between threads.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    pub schedule: PackInfo,
    pub group: Vec<Group>,
    pub product: Vec<Product>,
    pub series: Vec<Series>,
    #[serde(default)]
    pub live: Vec<LiveRule>,
    #[serde(default)]
    pub immunoglobulin: Vec<ImmunoglobulinRule>,
    #[serde(default)]
    pub condition: Vec<Condition>,
    #[serde(skip)]
    by_name: HashMap<String, usize>,
    #[serde(skip)]
    conditions: HashMap<String, usize>,
}

/// Names are compared without case, spaces and hyphens.
fn plain(name: &str) -> String {
    let kept = name
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '/' | '（' | '）' | '(' | ')'));
    kept.flat_map(char::to_lowercase).collect()
}

impl Pack {
    /// Reads a schedule and checks that all it names exists.
    ///
    /// # Errors
    /// See [`PackError`].
    pub fn parse(text: &str) -> Result<Self, PackError> {
        let mut pack: Self = toml::from_str(text).map_err(|e| PackError::Syntax(e.to_string()))?;
        for (index, product) in pack.product.iter().enumerate() {
            let names = [&product.code, &product.name.zh, &product.name.en];
            let own: BTreeSet<String> = names
                .into_iter()
                .chain(&product.aliases)
                .map(|n| plain(n))
                .filter(|n| !n.is_empty())
                .collect();
            for name in own {
                if pack.by_name.insert(name, index).is_some() {
                    return Err(PackError::Twice(product.code.clone()));
                }
            }
        }
        for (index, condition) in pack.condition.iter().enumerate() {
            let own: BTreeSet<String> = [&condition.code, &condition.name.zh]
                .into_iter()
                .chain(&condition.aliases)
                .map(|n| plain(n))
                .collect();
            for name in own {
                if pack.conditions.insert(name, index).is_some() {
                    return Err(PackError::Twice(condition.code.clone()));
                }
            }
        }
        pack.check()?;
        Ok(pack)
    }

    fn check(&self) -> Result<(), PackError> {
        let product = |name: &String| {
            if self.product.iter().any(|p| p.code == *name) {
                return Ok(());
            }
            Err(PackError::Unknown { what: "product", name: name.clone() })
        };
        let group = |name: &String| {
            if self.group.iter().any(|g| g.code == *name) {
                return Ok(());
            }
            Err(PackError::Unknown { what: "group", name: name.clone() })
        };
        let condition = |name: &String| {
            if self.condition.iter().any(|c| c.code == *name) {
                return Ok(());
            }
            Err(PackError::Unknown { what: "condition", name: name.clone() })
        };
        for series in &self.series {
            group(&series.group)?;
            series.requires.iter().chain(&series.unless).chain(&series.unless_all).try_for_each(condition)?;
            series.products.iter().try_for_each(product)?;
            if series.dose.is_empty() || series.products.is_empty() {
                return Err(PackError::Empty(series.id.clone()));
            }
            let mut skips: Vec<&Skip> = series.applies.iter().collect();
            for dose in &series.dose {
                dose.products.iter().try_for_each(product)?;
                dose.age.iter().flat_map(|a| &a.products).try_for_each(product)?;
                dose.offer.iter().flat_map(|o| &o.products).try_for_each(product)?;
                skips.extend(&dose.skip);
                dose.accept.iter().flat_map(|a| &a.products).try_for_each(product)?;
                for interval in dose.interval.iter().chain(&dose.allowable_interval) {
                    interval.after.iter().try_for_each(product)?;
                    interval.when.iter().flat_map(|c| &c.products).try_for_each(product)?;
                }
            }
            skips.iter().flat_map(|s| &s.count).flat_map(|c| &c.products).try_for_each(product)?;
        }
        self.immunoglobulin.iter().flat_map(|r| &r.products).try_for_each(product)?;
        self.condition.iter().flat_map(|c| &c.implies).try_for_each(condition)?;
        for effect in self.condition.iter().flat_map(|c| &c.effect) {
            effect.products.iter().try_for_each(product)?;
            effect.groups.iter().try_for_each(group)?;
        }
        Ok(())
    }

    /// Finds a product by code (a CVX code with or without the letters CVX), Chinese or English name, or alias.
    #[must_use]
    pub fn find_product(&self, name: &str) -> Option<&Product> {
        let name = plain(name);
        let found = self.by_name.get(&name).or_else(|| self.by_name.get(name.strip_prefix("cvx")?));
        found.and_then(|i| self.product.get(*i))
    }

    /// Finds a condition by code, Chinese name or alias.
    #[must_use]
    pub fn find_condition(&self, name: &str) -> Option<&Condition> {
        self.conditions.get(&plain(name)).and_then(|i| self.condition.get(*i))
    }
}
