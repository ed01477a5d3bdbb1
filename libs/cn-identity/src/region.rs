//! Province prefixes and the history of county codes (GB/T 2260).
//!
//! The prefixes are complete. The county table holds Shanghai, Jiangsu, Zhejiang and Anhui since 1980, as ID cards
//! carry codes of counties long abolished (溧阳 alone had 322628, 320423, 329015 and 320481); other provinces
//! are added with `importer/regions.py`. A code that is not in the table is unknown, not invalid.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../../../definitions/identity/regions-gbt2260-yangtze-delta.csv");

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

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let mut regions: Vec<Region> = TABLE.lines().filter_map(parse_row).collect();
    regions.extend(PROVINCES.iter().map(|(code, name)| Region {
        code: format!("{code}0000"),
        name: (*name).to_owned(),
        from_year: 1980,
        to_year: None,
    }));
    regions.sort_by(|a, b| a.code.cmp(&b.code).then(a.from_year.cmp(&b.from_year)));
    regions
});

/// `code,prefecture,name,from,to`; comments and the header have no six-digit code.
fn parse_row(line: &str) -> Option<Region> {
    let mut columns = line.split(',');
    let (code, prefecture, county) = (columns.next()?, columns.next()?, columns.next()?);
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let province = province_name(code.get(..2)?)?;
    let middle = if prefecture == county || prefecture == "直辖" { "" } else { prefecture };
    Some(Region {
        code: code.to_owned(),
        name: format!("{province}{middle}{county}"),
        from_year: columns.next()?.parse().ok()?,
        to_year: columns.next().and_then(|to| to.parse().ok()),
    })
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

    /// County-level units at the end of 2023 by the Ministry of Civil Affairs: Shanghai 16, Jiangsu 95, Zhejiang 90,
    /// Anhui 104; and no code stands for two places in one year.
    #[test]
    fn the_table_has_as_many_counties_as_the_provinces() {
        let in_force = |prefix: &str| {
            REGIONS
                .iter()
                .filter(|r| r.code.starts_with(prefix) && !r.code.ends_with("00") && r.to_year.is_none())
                .count()
        };
        assert_eq!(["31", "32", "33", "34"].map(in_force), [16, 95, 90, 104]);
        for pair in REGIONS.windows(2) {
            if pair[0].code == pair[1].code {
                assert!(pair[0].to_year.unwrap() <= pair[1].from_year, "{pair:?}");
            }
        }
    }
}
