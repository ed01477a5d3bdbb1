//! Province prefixes and the history of county codes (GB/T 2260).
//!
//! The table holds every county, prefecture and province of the mainland since 1980, as ID cards carry codes of counties
//! long abolished (溧阳 alone had 322628, 320423, 329015 and 320481). It is made by `importer/regions.py`. A code
//! that is not in it is unknown, not invalid.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../../../definitions/identity/regions-gbt2260.csv");

/// GB/T 2260 first two digits: 31 provincial units of the mainland, 71 Taiwan, 81 Hong Kong, 82 Macao.
const PROVINCES: [(&str, &str); 34] = [
    ("11", "北京市"),
    ("12", "天津市"),
    ("13", "河北省"),
    ("14", "山西省"),
    ("15", "内蒙古自治区"),
    ("21", "辽宁省"),
    ("22", "吉林省"),
    ("23", "黑龙江省"),
    ("31", "上海市"),
    ("32", "江苏省"),
    ("33", "浙江省"),
    ("34", "安徽省"),
    ("35", "福建省"),
    ("36", "江西省"),
    ("37", "山东省"),
    ("41", "河南省"),
    ("42", "湖北省"),
    ("43", "湖南省"),
    ("44", "广东省"),
    ("45", "广西壮族自治区"),
    ("46", "海南省"),
    ("50", "重庆市"),
    ("51", "四川省"),
    ("52", "贵州省"),
    ("53", "云南省"),
    ("54", "西藏自治区"),
    ("61", "陕西省"),
    ("62", "甘肃省"),
    ("63", "青海省"),
    ("64", "宁夏回族自治区"),
    ("65", "新疆维吾尔自治区"),
    ("71", "台湾省"),
    ("81", "香港特别行政区"),
    ("82", "澳门特别行政区"),
];

/// A code under one name, from the year it came into force to the year it was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    pub code: String,
    /// Province, prefecture and county in one string.
    pub name: String,
    pub from_year: i16,
    /// Nothing while in force.
    pub to_year: Option<i16>,
}

impl Region {
    #[must_use]
    pub fn in_force(&self, year: i16) -> bool {
        self.from_year <= year && self.to_year.is_none_or(|to| year < to)
    }
}

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| regions(TABLE));

/// A row of the table.
struct Row<'t> {
    code: &'t str,
    name: &'t str,
    from: i16,
    to: Option<i16>,
}

/// `code,name,from,to`; comments and the header have no six-digit code.
fn parse_row(line: &str) -> Option<Row<'_>> {
    let mut columns = line.split(',');
    let (code, name) = (columns.next()?, columns.next()?);
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let from = columns.next()?.parse().ok()?;
    Some(Row { code, name, from, to: columns.next().and_then(|to| to.parse().ok()) })
}

/// Puts province and prefecture before each county: a row for each time in which neither changed its name.
fn regions(table: &str) -> Vec<Region> {
    let rows: Vec<Row<'_>> = table.lines().filter_map(parse_row).collect();
    let mut all: Vec<Region> = PROVINCES
        .iter()
        .map(|(code, name)| Region {
            code: format!("{code}0000"),
            name: (*name).to_owned(),
            from_year: 1980,
            to_year: None,
        })
        .collect();
    let mut prefecture: &[Row<'_>] = &[];
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| !row.code.ends_with("0000")) {
        let Some(province) = province_name(row.code.get(..2).unwrap_or_default()) else { continue };
        let is_prefecture = row.code.ends_with("00");
        let parent = row.code.get(..4).unwrap_or_default();
        if !prefecture.first().is_some_and(|p| p.code.starts_with(parent)) {
            // The rows are in the order of their codes, so a prefecture's own stand before its counties'.
            let own = rows.get(index..).unwrap_or_default();
            let is_own = |r: &&Row<'_>| r.code.ends_with("00") && r.code.starts_with(parent);
            prefecture = own.get(..own.iter().take_while(is_own).count()).unwrap_or_default();
        }
        let changes = prefecture.iter().flat_map(|p| [Some(p.from), p.to]).flatten();
        let within = |year: &i16| row.from < *year && row.to.is_none_or(|to| *year < to);
        let mut years: Vec<i16> = changes.filter(within).filter(|_| !is_prefecture).collect();
        years.extend([row.from].into_iter().chain(row.to));
        years.sort_unstable();
        years.dedup();
        for (place, from_year) in years.iter().copied().enumerate().filter(|(_, year)| Some(*year) != row.to)
        {
            let in_force = |p: &&Row<'_>| p.from <= from_year && p.to.is_none_or(|to| from_year < to);
            let middle = prefecture.iter().find(in_force).filter(|p| !is_prefecture && p.name != row.name);
            let name = format!("{province}{}{}", middle.map_or("", |p| p.name), row.name);
            let to_year = years.get(place + 1).copied().or(row.to);
            match all.last_mut() {
                Some(last)
                    if last.code == row.code && last.name == name && last.to_year == Some(from_year) =>
                {
                    last.to_year = to_year;
                }
                _ => all.push(Region { code: row.code.to_owned(), name, from_year, to_year }),
            }
        }
    }
    all.sort_by(|a, b| a.code.cmp(&b.code).then(a.from_year.cmp(&b.from_year)));
    all
}

pub(crate) fn province_name(prefix: &str) -> Option<&'static str> {
    PROVINCES.iter().find(|(code, _)| *code == prefix).map(|(_, name)| *name)
}

pub(crate) fn is_province_prefix(prefix: &str) -> bool {
    province_name(prefix).is_some()
}

/// Everything a six-digit code has stood for, oldest first; empty where unknown.
#[must_use]
pub fn region_history(code: &str) -> &'static [Region] {
    let start = REGIONS.partition_point(|r| r.code.as_str() < code);
    let end = REGIONS.partition_point(|r| r.code.as_str() <= code);
    REGIONS.get(start..end).unwrap_or_default()
}

/// What a code stood for in a year, or what it last stood for when no year is given.
#[must_use]
pub fn region(code: &str, year: Option<i16>) -> Option<&'static Region> {
    let history = region_history(code);
    match year {
        Some(year) => history.iter().find(|r| r.in_force(year)),
        None => history.last(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of county-level and of prefecture-level units by the Ministry of Civil Affairs at the end of the year; and
    /// no code stands for two places in one year.
    #[test]
    fn the_table_has_as_many_counties_as_the_country() {
        let count = |year: i16, prefix: &str, prefectures: bool| {
            let level = |r: &&Region| r.code.ends_with("00") == prefectures && !r.code.ends_with("0000");
            let of = REGIONS.iter().filter(level).filter(|r| r.in_force(year) && r.code.starts_with(prefix));
            of.count()
        };
        let counties = [(2017, 2851), (2020, 2844), (2021, 2843), (2022, 2843), (2023, 2844), (2024, 2846)];
        for (year, expected) in counties {
            assert_eq!(count(year, "", false), expected, "{year}");
        }
        assert_eq!(count(2023, "", true), 333);
        assert_eq!(["31", "32", "33", "34"].map(|p| count(2023, p, false)), [16, 95, 90, 104]);
        for pair in REGIONS.windows(2) {
            if pair[0].code == pair[1].code {
                assert!(pair[0].to_year.unwrap() <= pair[1].from_year, "{pair:?}");
            }
        }
    }
}
