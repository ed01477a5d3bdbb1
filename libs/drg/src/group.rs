//! The algorithm: codes, then MDC, ADRG and DRG in the fixed order of the plan; the first that holds wins.
//!
//! An MDC whose gate holds but none of whose groups does is left again, and the next MDC is tried: the transplant
//! MDC in front takes every record with a valid main procedure only to look for its own.

use crate::condition::{Condition, List, Number, Place};
use crate::plan::{Adrg, Drg, Lexicon, Mdc, Plan, SetId, Step, UNKNOWN};
use crate::record::{CodeEdition, Invalid, Record, Sex, is_blank};

/// How a record ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 分组成功
    Grouped,
    /// 无法入组: no group of the plan takes it.
    Ungrouped,
    /// 歧义病案: a valid main procedure that fits no group of its MDC.
    Ambiguous,
    /// 信息校验不通过
    Invalid(Invalid),
    /// 诊断不能转换: a diagnosis is in neither edition.
    DiagnosisUnknown,
    /// 手术操作不能转换: a procedure is not in the edition that was stated.
    ProcedureUnknown,
}

impl Status {
    /// The word of the reference grouper.
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Grouped => "分组成功",
            Self::Ungrouped => "无法入组",
            Self::Ambiguous => "歧义病案",
            Self::Invalid(_) => "信息校验不通过",
            Self::DiagnosisUnknown => "诊断不能转换",
            Self::ProcedureUnknown => "手术操作不能转换",
        }
    }

    /// Stable machine-readable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Grouped => "grouped",
            Self::Ungrouped => "ungrouped",
            Self::Ambiguous => "ambiguous",
            Self::Invalid(_) => "invalid",
            Self::DiagnosisUnknown => "diagnosis_unknown",
            Self::ProcedureUnknown => "procedure_unknown",
        }
    }
}

/// Where a record went. Without a group the codes are `0000`, `00`, `0000`; an ambiguous one has ADRG `QY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome<'p> {
    /// Name of the plan: a group without its plan means nothing.
    pub plan: &'p str,
    pub status: Status,
    pub mdc: &'p str,
    pub adrg: &'p str,
    /// The ADRG code again where the plan does not divide the ADRG.
    pub drg: &'p str,
    pub title: &'p str,
}

impl<'p> Outcome<'p> {
    pub(crate) const fn none(plan: &'p str, status: Status) -> Self {
        Self { plan, status, mdc: "0000", adrg: "00", drg: "0000", title: "" }
    }
}

/// What became of one code of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Used as it stands.
    AsGiven,
    /// Converted from the clinical edition.
    Converted,
    /// Procedure that the plan leaves out of grouping.
    LeftOut,
    /// In neither edition.
    Unknown,
}

/// A record whose codes are ids of the plan.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub dx: Vec<u32>,
    pub px: Vec<u32>,
    pub sex: Sex,
    pub age_years: Option<u32>,
    pub age_days: Option<u32>,
    pub weight_g: Option<u32>,
    pub los_days: Option<u32>,
    pub leaving_type: Option<u8>,
    /// "What if" answers of the comorbidity question.
    pub forced_mcc: Option<bool>,
    pub forced_cc: Option<bool>,
}

impl Case {
    pub fn number(&self, what: Number) -> Option<u32> {
        let count = |ids: &[u32]| u32::try_from(ids.len()).ok();
        match what {
            Number::AgeYears => self.age_years,
            Number::AgeDays => self.age_days,
            // Zero is how front pages write "not a newborn".
            Number::WeightG => self.weight_g.filter(|w| *w > 0),
            Number::LosDays => self.los_days,
            Number::DiagnosisCount => count(&self.dx),
            Number::ProcedureCount => count(&self.px),
        }
    }
}

/// The group a case fell into, by position in the plan.
pub(crate) enum Found<'p> {
    None,
    Ambiguous(&'p Mdc, &'p Drg),
    Group(&'p Mdc, &'p Adrg, Option<&'p Drg>),
}

impl Plan {
    /// Groups one record. Never fails: what cannot be grouped has a status that says why.
    #[must_use]
    pub fn group(&self, record: &Record<'_>) -> Outcome<'_> {
        if let Err(reason) = record.check() {
            return Outcome::none(&self.info.name, Status::Invalid(reason));
        }
        match self.read_codes(record, |_, _, _, _| ()) {
            Ok(case) => self.outcome(&self.find(&case)),
            Err(status) => Outcome::none(&self.info.name, status),
        }
    }

    pub(crate) fn outcome<'p>(&'p self, found: &Found<'p>) -> Outcome<'p> {
        match found {
            Found::None => Outcome::none(&self.info.name, Status::Ungrouped),
            Found::Ambiguous(mdc, group) => Outcome {
                plan: &self.info.name,
                status: Status::Ambiguous,
                mdc: &mdc.code,
                adrg: "QY",
                drg: &group.code,
                title: &group.title,
            },
            Found::Group(mdc, adrg, drg) => Outcome {
                plan: &self.info.name,
                status: Status::Grouped,
                mdc: &mdc.code,
                adrg: &adrg.code,
                drg: drg.map_or(adrg.code.as_str(), |d| d.code.as_str()),
                title: drg.map_or("", |d| d.title.as_str()),
            },
        }
    }

    /// Turns codes into ids. `note` hears of every code: list, text as given, id, reading.
    pub(crate) fn read_codes(
        &self,
        record: &Record<'_>,
        mut note: impl FnMut(List, &str, u32, Reading),
    ) -> Result<Case, Status> {
        let Some(sex) = record.sex else { return Err(Status::Invalid(Invalid::Sex)) };
        let mut dx = Vec::with_capacity(record.diagnoses.len());
        let mut status = None;
        for code in record.diagnoses.iter().copied().filter(|c| !is_blank(c)) {
            let (id, reading) = read(&self.dx, code, record.codes);
            note(List::Diagnosis, code.trim(), id, reading);
            if reading == Reading::Unknown {
                status = Some(Status::DiagnosisUnknown);
            }
            dx.push(id);
        }
        let mut px = Vec::with_capacity(record.procedures.len());
        let mut main_left_out = false;
        for (index, code) in record.procedures.iter().copied().filter(|c| !is_blank(c)).enumerate() {
            let (id, mut reading) = read(&self.px, code, record.codes);
            if reading == Reading::Unknown && record.codes == CodeEdition::Clinical {
                status = status.or(Some(Status::ProcedureUnknown));
            }
            if self.ignored_px.is_some_and(|set| self.px.is_in(id, set)) {
                reading = Reading::LeftOut;
                main_left_out |= index == 0;
            }
            note(List::Procedure, code.trim(), id, reading);
            match reading {
                // A main procedure that is left out leaves its place empty: the second does not move up.
                Reading::LeftOut if index == 0 => px.push(UNKNOWN),
                Reading::LeftOut => {}
                _ => px.push(id),
            }
        }
        if main_left_out && px.len() == 1 {
            px.clear();
        }
        if let Some(status) = status {
            return Err(status);
        }
        Ok(Case {
            dx,
            px,
            sex,
            age_years: record.age_years,
            age_days: record.age_days,
            weight_g: record.weight_g,
            los_days: record.los_days,
            leaving_type: record.leaving_type,
            forced_mcc: None,
            forced_cc: None,
        })
    }

    pub(crate) fn find(&self, case: &Case) -> Found<'_> {
        for mdc in &self.mdcs {
            if !self.holds(&mdc.condition, case) {
                continue;
            }
            for step in &mdc.steps {
                match step {
                    Step::Ambiguous(group) if self.holds(&group.condition, case) => {
                        return Found::Ambiguous(mdc, group);
                    }
                    Step::Adrg(adrg) if self.holds(&adrg.condition, case) => {
                        let drg = adrg.drgs.iter().find(|d| self.holds(&d.condition, case));
                        return Found::Group(mdc, adrg, drg);
                    }
                    _ => {}
                }
            }
        }
        Found::None
    }

    pub(crate) fn list<'s>(&'s self, list: List, case: &'s Case) -> (&'s Lexicon, &'s [u32]) {
        match list {
            List::Diagnosis => (&self.dx, &case.dx),
            List::Procedure => (&self.px, &case.px),
        }
    }

    pub(crate) fn holds(&self, condition: &Condition<SetId>, case: &Case) -> bool {
        match condition {
            Condition::Always => true,
            Condition::All(all) => all.iter().all(|c| self.holds(c, case)),
            Condition::Any(any) => any.iter().any(|c| self.holds(c, case)),
            Condition::Not(inner) => !self.holds(inner, case),
            Condition::In { list, place, sets } => {
                let (lexicon, ids) = self.list(*list, case);
                at_place(*place, ids).iter().any(|id| lexicon.is_in_any(*id, sets))
            }
            Condition::Count { list, least, sets } => {
                let (lexicon, ids) = self.list(*list, case);
                let hits = ids.iter().filter(|id| lexicon.is_in_any(**id, sets)).count();
                u32::try_from(hits).is_ok_and(|n| n >= *least)
            }
            Condition::Sites { least, sets } => {
                let hits = sets.iter().filter(|s| case.dx.iter().any(|id| self.dx.is_in(*id, **s))).count();
                u32::try_from(hits).is_ok_and(|n| n >= *least)
            }
            Condition::Prefix(prefixes) => {
                case.dx.iter().any(|id| prefixes.iter().any(|p| self.dx.code(*id).starts_with(p.as_str())))
            }
            Condition::Number { what, compare, value } => {
                case.number(*what).is_some_and(|n| compare.holds(n, *value))
            }
            Condition::Sex(sex) => case.sex == *sex,
            Condition::Leaving(types) => case.leaving_type.is_some_and(|t| types.contains(&t)),
            Condition::Mcc => case.forced_mcc.unwrap_or_else(|| self.has_comorbidity(case, |c| c.mcc)),
            Condition::Cc => case.forced_cc.unwrap_or_else(|| self.has_comorbidity(case, |c| c.cc)),
        }
    }

    /// Any secondary diagnosis in a table that the main diagnosis does not exclude.
    fn has_comorbidity(&self, case: &Case, table: impl Fn(crate::plan::Comorbid) -> u16) -> bool {
        let Some((main, others)) = case.dx.split_first() else { return false };
        let excluded = self.comorbid_of(*main).exclude;
        others.iter().any(|id| {
            let found = table(self.comorbid_of(*id));
            found != 0 && found != excluded
        })
    }
}

pub(crate) fn at_place(place: Place, ids: &[u32]) -> &[u32] {
    match place {
        Place::Any => ids,
        Place::Main => ids.get(..1).unwrap_or_default(),
        Place::Other => ids.get(1..).unwrap_or_default(),
    }
}

fn read(lexicon: &Lexicon, given: &str, edition: CodeEdition) -> (u32, Reading) {
    let text = given.trim();
    let found = lexicon.ids.get(text).or_else(|| {
        // Case and full-width forms are slips of entry, not other codes; `x` inside a code is lower case.
        let normal = normalise(text);
        (normal != text).then(|| lexicon.ids.get(normal.as_str())).flatten()
    });
    let Some(entry) = found else { return (UNKNOWN, Reading::Unknown) };
    let id = match edition {
        CodeEdition::Insurance => entry.own,
        CodeEdition::Clinical => entry.clinical,
        CodeEdition::InsuranceThenClinical if entry.own != UNKNOWN => entry.own,
        CodeEdition::InsuranceThenClinical => entry.clinical,
    };
    let reading = match id {
        UNKNOWN => Reading::Unknown,
        _ if id == entry.own => Reading::AsGiven,
        _ => Reading::Converted,
    };
    (id, reading)
}

/// First letter upper case, later letters: dagger parts upper case, `x` lower case; full-width to ASCII.
fn normalise(code: &str) -> String {
    let mut text = String::with_capacity(code.len());
    let mut start = true;
    for c in code.chars() {
        let c = match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '．' | '＋' | '＊' => {
                char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
            }
            '†' => '+',
            c => c,
        };
        if c.is_whitespace() {
            continue;
        }
        text.push(match c {
            'X' if !start => 'x',
            c if start => c.to_ascii_uppercase(),
            c => c,
        });
        start = c == '+';
    }
    text
}
