//! What a person needs before they get access (附件3 一.3: least privilege; 附件2: people are checked, bound and trained).

use super::store::RecordRow;
use super::wire::Kind;
use cn_calendar::counting;
use jiff::civil::Date;
use kernel::{Error, Result};

/// What the records of a person say on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub background: Option<(Date, bool)>,
    pub confidentiality: Option<Date>,
    pub trained: Option<Date>,
    pub obstacles: Vec<&'static str>,
    pub warnings: Vec<&'static str>,
}

/// The newest records that stand, what is in the way of a grant, and what it is warned of. Training is too old when its
/// anniversary is past: the year is our reading, as the text has none.
pub fn standing(records: &[RecordRow], left: bool, today: Date) -> Result<Standing> {
    let newest = |kind: Kind, passed_only: bool| -> Result<Option<(Date, bool)>> {
        let found = records
            .iter()
            .filter(|r| r.voided_at.is_none() && r.kind == kind.as_str() && (r.passed || !passed_only))
            .max_by(|a, b| (&a.day, a.recorded_at).cmp(&(&b.day, b.recorded_at)));
        found.map(|r| Ok((r.day.parse().map_err(Error::internal)?, r.passed))).transpose()
    };
    let mut found = Standing {
        background: newest(Kind::Background, false)?,
        confidentiality: newest(Kind::Confidentiality, false)?.map(|(day, _)| day),
        trained: newest(Kind::Training, true)?.map(|(day, _)| day),
        ..Standing::default()
    };
    if left {
        found.obstacles.push("person_left");
    }
    match found.background {
        None => found.obstacles.push("background_missing"),
        Some((_, false)) => found.obstacles.push("background_failed"),
        Some((_, true)) => {}
    }
    if found.confidentiality.is_none() {
        found.obstacles.push("confidentiality_missing");
    }
    match found.trained {
        None => found.warnings.push("training_missing"),
        Some(day) if counting::years_after(day, 1).map_err(Error::internal)? < today => {
            found.warnings.push("training_outdated");
        }
        Some(_) => {}
    }
    Ok(found)
}

/// Refuses a grant for somebody who may not have one.
pub fn may_have_access(standing: &Standing) -> Result<()> {
    let detail = |code: &str| match code {
        "person_left" => "this person has left the project",
        "background_failed" => "the newest background check was not passed",
        "background_missing" => "there is no background check",
        _ => "no confidentiality agreement is signed",
    };
    match standing.obstacles.first() {
        Some(code) => Err(Error::conflict(code, detail(code))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn record(kind: Kind, day: &str, passed: bool) -> RecordRow {
        RecordRow {
            id: Uuid::nil(),
            person_id: Uuid::nil(),
            kind: kind.as_str().into(),
            day: day.into(),
            passed,
            by_whom: String::new(),
            topic: None,
            duration_min: None,
            reference: None,
            recorded_by_name: String::new(),
            recorded_at: 0,
            voided_at: None,
            voided_by_name: None,
            void_reason: None,
        }
    }

    #[test]
    fn training_of_a_year_ago_is_fresh_and_of_a_year_and_a_day_is_not() {
        let records = [record(Kind::Training, "2024-12-02", true)];
        let on = |day: &str| standing(&records, false, day.parse().unwrap()).unwrap().warnings;
        assert!(on("2025-12-02").is_empty());
        assert_eq!(on("2025-12-03"), ["training_outdated"]);
    }

    #[test]
    fn the_newest_background_check_counts() {
        let mut records =
            vec![record(Kind::Background, "2025-01-05", true), record(Kind::Background, "2025-03-01", false)];
        records.push(record(Kind::Confidentiality, "2025-01-06", true));
        let day = "2025-03-02".parse().unwrap();
        assert_eq!(standing(&records, false, day).unwrap().obstacles, ["background_failed"]);
        if let Some(failed) = records.get_mut(1) {
            failed.voided_at = Some(1);
        }
        assert!(standing(&records, false, day).unwrap().obstacles.is_empty());
        assert_eq!(standing(&records, true, day).unwrap().obstacles, ["person_left"]);
    }
}
