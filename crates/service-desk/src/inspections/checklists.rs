//! The checklists of `definitions/inspections` (its README says what each key means).

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

const FILES: &[(&str, &str)] = &[
    ("cloud.toml", include_str!("../../../../definitions/inspections/cloud.toml")),
    ("video.toml", include_str!("../../../../definitions/inspections/video.toml")),
    ("general.toml", include_str!("../../../../definitions/inspections/general.toml")),
];

/// How an item is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InspectionItemKind)]
pub enum ItemKind {
    /// In order or not.
    Check,
    Number,
    Text,
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionItem)]
pub struct Item {
    pub code: String,
    pub kind: ItemKind,
    pub zh: String,
    pub en: String,
    pub method_zh: String,
    pub method_en: String,
    pub unit: Option<String>,
    /// Normal from here, included; a decimal number.
    pub low: Option<String>,
    /// Normal up to here, included.
    pub high: Option<String>,
    /// Where the range comes from.
    pub source: Option<String>,
    /// Whether a monitoring system may fill it in.
    #[serde(default)]
    pub monitoring: bool,
    /// Asked for in the preventive inspection only.
    #[serde(default)]
    pub quarterly: bool,
}

/// A type of equipment with what is looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionEquipmentType)]
pub struct EquipmentType {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// Names of the contract's equipment list that are of this type.
    #[serde(default)]
    pub contract_names: Vec<String>,
    /// How many there are of what the contract's list does not count.
    #[serde(default)]
    pub units: u16,
    /// For equipment that no other type names.
    #[serde(default)]
    pub fallback: bool,
    /// Place in the contract.
    pub clause: String,
    pub items: Vec<Item>,
}

/// One file of lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionChecklist)]
pub struct Checklist {
    pub code: String,
    /// The contract item; none for the general list.
    pub item: Option<String>,
    pub name_zh: String,
    pub name_en: String,
    pub edition: String,
    /// From this day on, `YYYY-MM-DD`.
    pub in_force: String,
    pub source: String,
    pub equipment: Vec<EquipmentType>,
}

/// Every list, checked against each other.
#[derive(Clone, Debug)]
pub struct Checklists(Vec<Checklist>);

impl Checklists {
    /// The lists that come with the program.
    pub fn builtin() -> Result<Self> {
        Self::read(FILES)
    }

    /// Reads files, by name and text; wrong ones are refused whole.
    pub fn read(files: &[(&str, &str)]) -> Result<Self> {
        let mut lists = Vec::with_capacity(files.len());
        let mut types = BTreeSet::new();
        let mut names = BTreeSet::new();
        for (file, text) in files {
            let refuse = |place: &str, why: &str| {
                Error::invalid("checklist_invalid", format!("{file}: {place}: {why}"))
            };
            let list: Checklist = toml::from_str(text)
                .map_err(|e| Error::invalid("checklist_invalid", format!("{file}: {e}")))?;
            if list.in_force.parse::<jiff::civil::Date>().is_err() {
                return Err(refuse("in_force", "not a date"));
            }
            for (field, text) in [("edition", &list.edition), ("source", &list.source)] {
                if text.trim().is_empty() {
                    return Err(refuse(field, "must not be empty"));
                }
            }
            for kind in &list.equipment {
                let place = format!("equipment {}", kind.code);
                check_type(kind, list.item.is_some()).map_err(|(item, why)| {
                    refuse(&item.map_or_else(|| place.clone(), |code| format!("{place}, item {code}")), why)
                })?;
                if !types.insert(kind.code.clone()) {
                    return Err(refuse(&place, "this code appears twice"));
                }
                for name in &kind.contract_names {
                    if !names.insert(name.clone()) {
                        return Err(refuse(&place, "another type names the same equipment"));
                    }
                }
            }
            lists.push(list);
        }
        let fallbacks = lists.iter().flat_map(|list| &list.equipment).filter(|kind| kind.fallback).count();
        if fallbacks != 1 {
            let why = format!("{fallbacks} types are the fallback, one is needed");
            return Err(Error::invalid("checklist_invalid", why));
        }
        Ok(Self(lists))
    }

    pub fn all(&self) -> &[Checklist] {
        &self.0
    }

    /// The type that a piece of equipment of the contract belongs to.
    pub fn of_equipment(&self, contract_name: &str) -> Option<&EquipmentType> {
        let types = || self.0.iter().flat_map(|list| &list.equipment);
        types()
            .find(|kind| kind.contract_names.iter().any(|name| name == contract_name))
            .or_else(|| types().find(|kind| kind.fallback))
    }

    /// What the contract's list does not count but the item includes: the type, with how many.
    pub fn uncounted(&self, item_code: &str) -> impl Iterator<Item = &EquipmentType> {
        self.0
            .iter()
            .filter(move |list| list.item.as_deref() == Some(item_code))
            .flat_map(|list| &list.equipment)
            .filter(|kind| kind.units > 0)
    }

    /// The types with these codes, with the items of a monthly inspection, or with all for a preventive one.
    pub fn snapshot(&self, codes: &BTreeSet<&str>, preventive: bool) -> Vec<EquipmentType> {
        let types = self.0.iter().flat_map(|list| &list.equipment);
        types
            .filter(|kind| codes.contains(kind.code.as_str()))
            .map(|kind| {
                let mut kind = kind.clone();
                kind.items.retain(|item| preventive || !item.quarterly);
                kind
            })
            .collect()
    }

    /// The editions, as a report names them.
    pub fn editions(&self) -> String {
        let parts: Vec<String> =
            self.0.iter().map(|list| format!("{} {}", list.code, list.edition)).collect();
        parts.join(", ")
    }
}

fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// What is wrong with a type, and with which item.
fn check_type(kind: &EquipmentType, has_item: bool) -> Result<(), (Option<String>, &'static str)> {
    if !is_code(&kind.code) {
        return Err((None, "a code has lower-case letters, digits and underscores, at most 40"));
    }
    let uses = usize::from(!kind.contract_names.is_empty())
        + usize::from(kind.units > 0)
        + usize::from(kind.fallback);
    if uses != 1 {
        return Err((None, "one of contract_names, units and fallback"));
    }
    if kind.units > 0 && !has_item {
        return Err((None, "units need the contract item of the file"));
    }
    if kind.items.is_empty() {
        return Err((None, "nothing to look at"));
    }
    let mut codes = BTreeSet::new();
    for item in &kind.items {
        let wrong = |why: &'static str| Err((Some(item.code.clone()), why));
        if !is_code(&item.code) {
            return wrong("a code has lower-case letters, digits and underscores, at most 40");
        }
        if !codes.insert(item.code.as_str()) {
            return wrong("this code appears twice");
        }
        if [&item.zh, &item.en, &item.method_zh, &item.method_en].iter().any(|text| text.trim().is_empty()) {
            return wrong("a text is empty");
        }
        if (item.kind == ItemKind::Number) != item.unit.is_some() {
            return wrong("a number has a unit, nothing else has");
        }
        let range = item.low.is_some() || item.high.is_some();
        if range && item.kind != ItemKind::Number {
            return wrong("only a number has a range");
        }
        if range != item.source.is_some() {
            return wrong("a range has a source, and a source a range");
        }
        for end in [&item.low, &item.high].into_iter().flatten() {
            if number(end).is_none() {
                return wrong("an end of the range is no decimal number");
            }
        }
        if let (Some(low), Some(high)) = (item.low.as_deref(), item.high.as_deref())
            && number(low) > number(high)
        {
            return wrong("the range ends below its beginning");
        }
    }
    Ok(())
}

/// A decimal number of at most 12 digits before and 6 after the point.
pub fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str, longest: usize| {
        !text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_digit())
    };
    if plain(whole, 12) && plain(part, 6) { text.parse().ok() } else { None }
}

impl Item {
    /// Whether a value lies in the normal range; none when there is no range.
    pub fn in_range(&self, value: &str) -> Option<bool> {
        let value = number(value)?;
        let low = self.low.as_deref().and_then(number);
        let high = self.high.as_deref().and_then(number);
        if low.is_none() && high.is_none() {
            return None;
        }
        Some(low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high))
    }
}
