//! The compact tables of `definitions/growth/` and how they are looked up. Format: `importer/tables.py`.
//!
//! A table that does not read as it should is empty, so that a lookup gives a typed reason; a test reads all.

use std::sync::LazyLock;

use crate::math::Lms;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    Male,
    Female,
}

/// L, M, S at evenly spaced keys (days, months, or centimetres) for both sexes.
#[derive(Debug, Default)]
pub(crate) struct LmsTable {
    pub edition: String,
    male: Column,
    female: Column,
}

#[derive(Debug, Default)]
struct Column {
    first: f64,
    step: f64,
    rows: Vec<Lms>,
}

impl LmsTable {
    fn read(text: &str) -> Self {
        let mut table = Self { edition: header(text, "edition"), ..Self::default() };
        for section in text.split("\n[").skip(1) {
            let Some((name, body)) = section.split_once(']') else { continue };
            let column = read_column(body).unwrap_or_default();
            match name {
                "male" => table.male = column,
                "female" => table.female = column,
                _ => {}
            }
        }
        table
    }

    fn column(&self, sex: Sex) -> &Column {
        match sex {
            Sex::Male => &self.male,
            Sex::Female => &self.female,
        }
    }

    /// The row at a key of the table.
    pub fn at(&self, sex: Sex, index: usize) -> Option<Lms> {
        self.column(sex).rows.get(index).copied()
    }

    /// First and last key.
    pub fn range(&self, sex: Sex) -> (f64, f64) {
        let column = self.column(sex);
        let steps = u32::try_from(column.rows.len().saturating_sub(1)).unwrap_or(0);
        (column.first, column.first + column.step * f64::from(steps))
    }

    /// Linear in L, M and S between two keys, as the WHO programs do; nothing outside the table.
    pub fn interpolated(&self, sex: Sex, key: f64) -> Option<Lms> {
        let column = self.column(sex);
        let position = (key - column.first) / column.step;
        // A key like 82.5 divides into 174.999…98: what is this near to a row is that row.
        let nearest = position.round();
        let position = if (position - nearest).abs() < 1e-7 { nearest } else { position };
        let index = whole(position.floor())?;
        let lower = column.rows.get(index)?;
        let part = position - position.floor();
        if part == 0.0 {
            return Some(*lower);
        }
        Some(lower.interpolate(*column.rows.get(index + 1)?, part))
    }
}

/// A non-negative whole number as an index; the tables have fewer than 10 000 rows.
pub(crate) fn whole(value: f64) -> Option<usize> {
    if !(0.0..10_000.0).contains(&value) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was just checked")]
    Some(value as usize)
}

fn header(text: &str, key: &str) -> String {
    text.lines()
        .filter_map(|line| line.strip_prefix("# ")?.split_once(": "))
        .find(|(name, _)| *name == key)
        .map(|(_, value)| value.to_owned())
        .unwrap_or_default()
}

fn read_column(body: &str) -> Option<Column> {
    let (settings, lists) = body.split_once('\n')?;
    let setting = |name: &str| -> Option<f64> {
        settings.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
    };
    let count = whole(setting("count")?)?;
    let mut columns: [Vec<f64>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    let mut current: Option<(&mut Vec<f64>, f64)> = None;
    let [l, m, s] = &mut columns;
    let mut pending = [("l", Some(l), 1e4), ("m", Some(m), 1e4), ("s", Some(s), 1e5)];
    let mut sum = 0_i32;
    for line in lists.lines() {
        if let Some((_, list, scale)) = pending.iter_mut().find(|(name, _, _)| *name == line.trim()) {
            current = list.take().map(|list| (list, *scale));
            sum = 0;
            continue;
        }
        let (list, scale) = current.as_mut()?;
        for word in line.split_whitespace() {
            sum = sum.checked_add(word.parse().ok()?)?;
            list.push(f64::from(sum) / *scale);
        }
    }
    let [l, m, s] = &columns;
    if [l.len(), m.len(), s.len()] != [count; 3] {
        return None;
    }
    let rows = l.iter().zip(m).zip(s).map(|((l, m), s)| Lms { l: *l, m: *m, s: *s }).collect();
    Some(Column { first: setting("first")?, step: setting("step")?, rows })
}

/// Seven SD columns at keys that need not be evenly spaced (WS/T 423).
#[derive(Debug, Default)]
pub(crate) struct SdTable {
    pub name: String,
    pub rows: Vec<(f64, [f64; 7])>,
}

#[derive(Debug, Default)]
pub(crate) struct SdTables {
    pub edition: String,
    pub tables: Vec<SdTable>,
}

impl SdTables {
    fn read(text: &str) -> Self {
        let tables = text
            .split("\n[")
            .skip(1)
            .filter_map(|section| {
                let (name, body) = section.split_once(']')?;
                let rows = body
                    .lines()
                    .skip(1)
                    .filter(|line| !line.is_empty())
                    .map(read_sd_row)
                    .collect::<Option<_>>()?;
                Some(SdTable { name: name.to_owned(), rows })
            })
            .collect();
        Self { edition: header(text, "edition"), tables }
    }

    pub fn get(&self, sex: Sex, name: &str) -> Option<&SdTable> {
        let sex = if sex == Sex::Male { "male" } else { "female" };
        self.tables.iter().find(|t| t.name.strip_prefix(sex).and_then(|n| n.strip_prefix(' ')) == Some(name))
    }
}

fn read_sd_row(line: &str) -> Option<(f64, [f64; 7])> {
    let (key, values) = line.split_once(':')?;
    let values: Vec<f64> = values.split_whitespace().map(|v| v.parse().ok()).collect::<Option<_>>()?;
    Some((key.parse().ok()?, values.try_into().ok()?))
}

macro_rules! lms_tables {
    ($($name:ident = $file:literal),* $(,)?) => {
        $(pub(crate) static $name: LazyLock<LmsTable> = LazyLock::new(|| {
            LmsTable::read(include_str!(concat!("../../../definitions/growth/", $file)))
        });)*
    };
}

lms_tables! {
    WHO2006_WEIGHT = "who2006-weight-for-age.lms",
    WHO2006_LENGTH = "who2006-length-for-age.lms",
    WHO2006_BMI = "who2006-bmi-for-age.lms",
    WHO2006_HEAD = "who2006-head-for-age.lms",
    WHO2006_ARM = "who2006-arm-for-age.lms",
    WHO2006_SUBSCAPULAR = "who2006-subscapular-for-age.lms",
    WHO2006_TRICEPS = "who2006-triceps-for-age.lms",
    WHO2006_WEIGHT_FOR_LENGTH = "who2006-weight-for-length.lms",
    WHO2006_WEIGHT_FOR_HEIGHT = "who2006-weight-for-height.lms",
    WHO2007_HEIGHT = "who2007-height-for-age.lms",
    WHO2007_WEIGHT = "who2007-weight-for-age.lms",
    WHO2007_BMI = "who2007-bmi-for-age.lms",
}

pub(crate) static WST423: LazyLock<SdTables> =
    LazyLock::new(|| SdTables::read(include_str!("../../../definitions/growth/wst423-2022.sd")));

#[cfg(test)]
mod tests {
    use super::*;

    /// Row counts and end values as in the official files.
    #[test]
    fn every_table_reads_whole() {
        for (table, rows, range) in [
            (&*WHO2006_WEIGHT, 1827, (0.0, 1826.0)),
            (&*WHO2006_LENGTH, 1827, (0.0, 1826.0)),
            (&*WHO2006_BMI, 1827, (0.0, 1826.0)),
            (&*WHO2006_HEAD, 1827, (0.0, 1826.0)),
            (&*WHO2006_ARM, 1736, (91.0, 1826.0)),
            (&*WHO2006_SUBSCAPULAR, 1736, (91.0, 1826.0)),
            (&*WHO2006_TRICEPS, 1736, (91.0, 1826.0)),
            (&*WHO2007_HEIGHT, 170, (60.0, 229.0)),
            (&*WHO2007_WEIGHT, 62, (60.0, 121.0)),
            (&*WHO2007_BMI, 170, (60.0, 229.0)),
        ] {
            for sex in [Sex::Male, Sex::Female] {
                assert_eq!(table.column(sex).rows.len(), rows);
                assert_eq!(table.range(sex), range);
            }
            assert!(table.edition.starts_with("WHO 200"), "{}", table.edition);
        }
        assert!((WHO2006_WEIGHT_FOR_LENGTH.range(Sex::Male).1 - 110.0).abs() < 1e-9);
        assert!((WHO2006_WEIGHT_FOR_HEIGHT.range(Sex::Female).1 - 120.0).abs() < 1e-9);
        assert_eq!(WHO2006_HEAD.at(Sex::Female, 1826), Some(Lms { l: 1.0, m: 49.9225, s: 0.0285 }));
        assert_eq!(WHO2006_WEIGHT.at(Sex::Male, 2), Some(Lms { l: 0.3029, m: 3.337, s: 0.14676 }));
        assert_eq!(WST423.tables.len(), 12);
        assert_eq!(WST423.tables.iter().map(|t| t.rows.len()).sum::<usize>(), 546);
        assert!(WST423.edition.starts_with("WS/T 423-2022"));
    }
}
