//! The real towns and villages of Liyang, from `definitions/codes/divisions-320481.csv`.

use kernel::{Error, Result};

const TABLE: &str = include_str!("../../../definitions/codes/divisions-320481.csv");

/// What kind of place a division is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DivisionKind {
    /// 街道
    Subdistrict,
    /// 镇
    Town,
    /// 村
    Village,
    /// 社区
    Community,
    /// A unit with a division code of its own that is no town or village, such as a prison.
    SpecialArea,
}

/// One statistical division (统计用区划).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Division {
    /// 9 digits for a town, 12 for a village.
    pub code: &'static str,
    pub name: &'static str,
    pub kind: DivisionKind,
    /// Code of the division above.
    pub parent: &'static str,
}

/// All divisions of the county, towns first. A malformed line is an error that names it.
pub fn divisions() -> Result<Vec<Division>> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| read(line).ok_or_else(|| Error::internal(format!("divisions-320481.csv: {line:?}"))))
        .collect()
}

fn read(line: &'static str) -> Option<Division> {
    let mut fields = line.split(',');
    let (code, name, kind, parent) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let kind = match kind {
        "subdistrict" => DivisionKind::Subdistrict,
        "town" => DivisionKind::Town,
        "village" => DivisionKind::Village,
        "community" => DivisionKind::Community,
        "special_area" => DivisionKind::SpecialArea,
        _ => return None,
    };
    fields.next().is_none().then_some(Division { code, name, kind, parent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_county_has_12_towns_and_244_villages() {
        let all = divisions().unwrap();
        let towns =
            all.iter().filter(|d| matches!(d.kind, DivisionKind::Subdistrict | DivisionKind::Town)).count();
        let villages = all.iter().filter(|d| d.code.len() == 12).count();
        // Statistical yearbook and service contract: 12 towns and subdistricts, 244 villages.
        assert_eq!((towns, villages), (12, 244));
        for village in all.iter().filter(|d| d.code.len() == 12) {
            assert!(village.code.starts_with(village.parent), "{village:?}");
        }
    }
}
