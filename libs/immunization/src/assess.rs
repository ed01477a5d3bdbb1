//! The question and the answer: a person's history in, verdicts and forecasts out.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use thiserror::Error;

use crate::evaluate::{Item, Known, Run};
use crate::forecast::{forecast_group, no_series};
use crate::pack::{EffectKind, Label, Pack, Series, Sex};

/// One vaccination as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub date: Date,
    /// Code, Chinese or English name of the product.
    pub vaccine: String,
    /// Reported as expired, broken cold chain, partial dose or recalled: it does not count.
    pub substandard: bool,
}

/// Whose schedule, and on which day.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    pub sex: Option<Sex>,
    pub birth: Date,
    /// The day of the assessment.
    pub as_of: Date,
    pub history: &'a [Given],
    /// Codes or names of conditions. `severe_allergy:DTaP` means an allergy to that vaccine.
    pub conditions: &'a [String],
}

/// Why a person cannot be assessed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RefusedPerson {
    #[error("评估日期早于出生日期 (the day of assessment is before birth)")]
    BeforeBirth,
    #[error("年龄超过150岁，不可能 (age above 150 years is impossible)")]
    AgeImpossible,
    #[error("接种记录超过500条 (more than 500 vaccinations)")]
    TooMany,
}

impl RefusedPerson {
    /// Stable machine-readable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BeforeBirth => "assessed_before_birth",
            Self::AgeImpossible => "age_impossible",
            Self::TooMany => "too_many_vaccinations",
        }
    }
}

/// A part of the input that took no part in the assessment, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Problem {
    UnknownVaccine {
        index: usize,
        vaccine: String,
    },
    BeforeBirth {
        index: usize,
        date: Date,
    },
    AfterAssessment {
        index: usize,
        date: Date,
    },
    UnknownCondition {
        condition: String,
    },
    /// An immunoglobulin so soon after a live vaccine that the dose may not have worked; for a doctor to judge.
    ImmunoglobulinSoonAfterVaccine {
        index: usize,
        date: Date,
        vaccine: String,
    },
    /// The group is for one sex and the sex is not known.
    SexUnknown {
        group: String,
    },
}

/// Why a dose does not count, or a forecast is as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// Before the minimum age; it would have counted from this day.
    AgeTooYoung {
        valid_from: Date,
    },
    /// From this day on the dose is not given.
    AgeTooOld {
        until: Date,
    },
    IntervalTooShort {
        valid_from: Date,
    },
    /// Too soon after another live vaccine.
    LiveTooSoon {
        valid_from: Date,
    },
    ImmunoglobulinTooRecent {
        valid_from: Date,
    },
    /// Inside the grace period, but the dose before was itself too early.
    NoGraceAfterEarlyDose,
    SexNotIndicated,
    /// This product does not count at this place.
    ProductNotAccepted,
    SeriesComplete,
    /// A second dose of the group on the same day.
    SameDay,
    /// Took no part: no product of the schedule has this name.
    UnknownVaccine,
    /// Took no part: dated before birth.
    BeforeBirth,
    /// Took no part: dated after the day of assessment.
    AfterAssessment,
}

/// The verdict on one dose in one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Verdict {
    Valid,
    NotValid { because: Reason },
    Extraneous { because: Reason },
    SubStandard,
}

/// One dose in one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evaluation {
    pub group: String,
    pub series: String,
    /// Which dose of the series it is (or was tried as), from 1.
    pub dose: Option<usize>,
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// One vaccination with its verdicts; a combined vaccine has several, one outside every group and one that took no part
/// (see `reason`) has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoseResult {
    /// Place in the history as given, from 0.
    pub index: usize,
    pub date: Date,
    /// As it was reported.
    pub vaccine: String,
    /// Code of the product; empty where it is not known.
    pub product: String,
    /// Over all groups: valid if it counts in each of them, else as in the first in which it does not;
    /// `not_evaluated` outside every group.
    pub status: &'static str,
    pub reason: Option<Reason>,
    pub evaluations: Vec<Evaluation>,
}

impl DoseResult {
    fn summarise(&mut self) {
        let first = self.evaluations.iter().map(|e| &e.verdict).find(|v| **v != Verdict::Valid);
        let first = first.or_else(|| self.evaluations.first().map(|e| &e.verdict));
        (self.status, self.reason) = match first {
            None => ("not_evaluated", None),
            Some(Verdict::Valid) => ("valid", None),
            Some(Verdict::NotValid { because }) => ("not_valid", Some(because.clone())),
            Some(Verdict::Extraneous { because }) => ("extraneous", Some(because.clone())),
            Some(Verdict::SubStandard) => ("sub_standard", None),
        };
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeriesStatus {
    NotComplete,
    Complete,
    AgedOut,
    Contraindicated,
    /// A reported condition has to end first.
    Deferred,
    Immune,
    /// Not meant for this person (sex, birth date).
    NotApplicable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Not yet possible.
    Upcoming,
    /// Possible, before the recommended day.
    Allowed,
    Due,
    /// After the last recommended day.
    Overdue,
}

/// What comes next in one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forecast {
    pub group: String,
    pub name: String,
    pub series: Option<String>,
    pub status: SeriesStatus,
    /// Number of the next dose in the series.
    pub dose: Option<usize>,
    /// Products to offer, best first.
    pub products: Vec<String>,
    pub earliest: Option<Date>,
    pub recommended: Option<Date>,
    /// Last day of the recommended window; may lie before `recommended` when the person is behind.
    pub latest: Option<Date>,
    /// Last day on which it is given at all.
    pub last_day: Option<Date>,
    pub due: Option<Due>,
    /// Why it is later than the schedule, what is needed beside it, and the like; Chinese and English.
    pub notes: Vec<String>,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    pub schedule: String,
    pub edition: String,
    pub doses: Vec<DoseResult>,
    pub forecast: Vec<Forecast>,
    pub problems: Vec<Problem>,
}

const MAX_HISTORY: usize = 500;

/// Evaluates the history and forecasts every group of the schedule.
///
/// # Errors
/// Only when the person cannot be assessed at all; single bad records are [`Problem`]s of the answer.
pub fn assess(pack: &Pack, person: &Person<'_>) -> Result<Assessment, RefusedPerson> {
    if person.as_of < person.birth {
        return Err(RefusedPerson::BeforeBirth);
    }
    if person.birth.checked_add(150.years()).is_ok_and(|d| d < person.as_of) {
        return Err(RefusedPerson::AgeImpossible);
    }
    if person.history.len() > MAX_HISTORY {
        return Err(RefusedPerson::TooMany);
    }
    let mut problems = Vec::new();
    let mut items = Vec::new();
    let mut left_out = Vec::new();
    for (index, given) in person.history.iter().enumerate() {
        let product = pack.find_product(&given.vaccine);
        let because = match product {
            None => {
                problems.push(Problem::UnknownVaccine { index, vaccine: given.vaccine.clone() });
                Reason::UnknownVaccine
            }
            Some(_) if given.date < person.birth => {
                problems.push(Problem::BeforeBirth { index, date: given.date });
                Reason::BeforeBirth
            }
            Some(_) if given.date > person.as_of => {
                problems.push(Problem::AfterAssessment { index, date: given.date });
                Reason::AfterAssessment
            }
            Some(product) => {
                items.push(Item { index, date: given.date, product, substandard: given.substandard });
                continue;
            }
        };
        left_out.push(DoseResult {
            index,
            date: given.date,
            vaccine: given.vaccine.clone(),
            product: product.map(|p| p.code.clone()).unwrap_or_default(),
            status: "not_evaluated",
            reason: Some(because),
            evaluations: Vec::new(),
        });
    }
    items.sort_by_key(|item| (item.date, item.index));
    let known = read_conditions(pack, person, &items, &mut problems);
    for rule in &pack.immunoglobulin {
        let Some(after) = rule.after else { continue };
        for given in items.iter().filter(|i| i.product.immunoglobulin) {
            let soon = |i: &&Item<'_>| {
                rule.products.contains(&i.product.code)
                    && i.date <= given.date
                    && after.after(i.date, known.minimum()) > given.date
            };
            problems.extend(items.iter().filter(soon).map(|i| Problem::ImmunoglobulinSoonAfterVaccine {
                index: given.index,
                date: given.date,
                vaccine: i.product.code.clone(),
            }));
        }
    }
    let mut doses: Vec<DoseResult> = items
        .iter()
        .map(|item| DoseResult {
            index: item.index,
            date: item.date,
            vaccine: person.history.get(item.index).map(|g| g.vaccine.clone()).unwrap_or_default(),
            product: item.product.code.clone(),
            status: "",
            reason: None,
            evaluations: Vec::new(),
        })
        .collect();
    let mut forecast = Vec::new();
    for group in &pack.group {
        let of_group = || pack.series.iter().filter(|s| s.group == group.code);
        if of_group().any(|s| s.sex.is_some()) && person.sex.is_none() {
            problems.push(Problem::SexUnknown { group: group.code.clone() });
        }
        let runs: Vec<Run<'_>> =
            of_group().filter(|s| applies(&known, s)).map(|s| Run::evaluate(&known, s)).collect();
        let best = crate::forecast::choose(&known, runs);
        for (dose, item) in doses.iter_mut().zip(&items) {
            if !of_group().any(|s| known.belongs(s, item)) {
                continue;
            }
            let found = best.as_ref().and_then(|run| run.verdicts.iter().find(|v| v.index == item.index));
            let series = best.as_ref().map_or(String::new(), |run| run.series.id.clone());
            let (number, verdict) = match (found, &best) {
                (Some(v), _) => (v.dose, v.verdict.clone()),
                (None, Some(_)) => (None, Verdict::NotValid { because: Reason::ProductNotAccepted }),
                (None, None) => (None, Verdict::NotValid { because: Reason::SexNotIndicated }),
            };
            dose.evaluations.push(Evaluation { group: group.code.clone(), series, dose: number, verdict });
        }
        forecast.push(match &best {
            Some(run) => forecast_group(&known, run, group),
            None => no_series(group),
        });
    }
    for (dose, item) in doses.iter_mut().zip(&items).filter(|(dose, _)| dose.evaluations.is_empty()) {
        dose.evaluations.extend(outside_all_ages(&known, item));
    }
    doses.iter_mut().for_each(DoseResult::summarise);
    doses.append(&mut left_out);
    doses.sort_by_key(|dose| (dose.date, dose.index));
    Ok(Assessment {
        schedule: pack.schedule.name.clone(),
        edition: pack.schedule.edition.clone(),
        doses,
        forecast,
        problems,
    })
}

/// A product that only belongs to groups at other ages (MPSV-A from 24 months, MPSV-AC before).
fn outside_all_ages(known: &Known<'_>, item: &Item<'_>) -> Option<Evaluation> {
    let series = known.pack.series.iter().find(|s| s.products.contains(&item.product.code))?;
    let because = match (series.consider_before, series.consider_from) {
        (Some(age), _) if item.date >= known.at_age(age) => Reason::AgeTooOld { until: known.at_age(age) },
        (_, Some(age)) => Reason::AgeTooYoung { valid_from: known.at_age(age) },
        _ => return None,
    };
    let verdict = match because {
        Reason::AgeTooOld { .. } => Verdict::Extraneous { because },
        _ => Verdict::NotValid { because },
    };
    Some(Evaluation { group: series.group.clone(), series: String::new(), dose: None, verdict })
}

fn applies(known: &Known<'_>, series: &Series) -> bool {
    let person = known.person;
    let product_path = || {
        let of_group = known.pack.series.iter().filter(|s| s.group == series.group);
        let all: Vec<&String> = of_group.flat_map(|s| &s.products).collect();
        let given = known.items.iter().filter(|i| all.contains(&&i.product.code));
        given.clone().all(|i| series.products.contains(&i.product.code)) && given.count() > 0
    };
    let begun = || {
        let first = known.items.iter().find(|i| known.belongs(series, i)).map_or(person.as_of, |i| i.date);
        series.start_from.is_none_or(|a| first >= known.at_age(a))
            && series.start_before.is_none_or(|a| first < known.at_age(a))
    };
    series.sex.is_none_or(|sex| person.sex == Some(sex))
        && begun()
        && series.born_from.is_none_or(|d| person.birth >= d)
        && series.born_before.is_none_or(|d| person.birth < d)
        && series.requires.iter().all(|c| known.conditions.contains(&c.as_str()))
        && !series.unless.iter().any(|c| known.conditions.contains(&c.as_str()))
        && (series.unless_all.is_empty()
            || !series.unless_all.iter().all(|c| known.conditions.contains(&c.as_str())))
        && (series.applies.is_empty() || series.applies.iter().any(|skip| known.grounds(skip)))
        && (!series.product_path || product_path())
}

fn read_conditions<'a>(
    pack: &'a Pack,
    person: &'a Person<'a>,
    items: &'a [Item<'a>],
    problems: &mut Vec<Problem>,
) -> Known<'a> {
    let mut known = Known::new(pack, person, items);
    for text in person.conditions {
        let (name, about) = text.split_once([':', '：']).map_or((text.as_str(), None), |(n, a)| (n, Some(a)));
        let Some(condition) = pack.find_condition(name) else {
            problems.push(Problem::UnknownCondition { condition: text.clone() });
            continue;
        };
        known.conditions.push(&condition.code);
        known.conditions.extend(condition.implies.iter().map(String::as_str));
        if let Some(about) = about {
            // An allergy is to a vaccine: whatever holds a component of it is out.
            let Some(product) = pack.find_product(about) else {
                problems.push(Problem::UnknownCondition { condition: text.clone() });
                continue;
            };
            let shared = |p: &&crate::pack::Product| {
                p.code == product.code || p.components.iter().any(|c| product.components.contains(c))
            };
            for other in pack.product.iter().filter(shared) {
                known.barred.push((&other.code, &condition.name));
            }
            continue;
        }
        for effect in &condition.effect {
            let note: &Label = effect.note.as_ref().unwrap_or(&condition.name);
            for product in &effect.products {
                match effect.kind {
                    EffectKind::Contraindicated => known.barred.push((product, note)),
                    EffectKind::Deferred => known.deferred.push((product, note)),
                    EffectKind::Note => known.notes.push((product, note)),
                    EffectKind::Immune => {}
                }
            }
            for group in &effect.groups {
                match effect.kind {
                    EffectKind::Immune => known.immune.push((group, note)),
                    EffectKind::Contraindicated => known.barred_groups.push((group, note)),
                    EffectKind::Deferred => known.deferred_groups.push((group, note)),
                    EffectKind::Note => known.group_notes.push((group, note)),
                }
            }
        }
    }
    known
}
