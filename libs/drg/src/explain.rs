//! Evidence: which rule held, on which code, and which complication counted or was excluded.

use std::fmt::Write as _;

use crate::condition::{Condition, List, Place, number_text};
use crate::group::{Case, Found, Outcome, Reading, Status, at_place};
use crate::plan::{Adrg, Mdc, Plan, PlanInfo, SetId, Step};
use crate::record::{Record, Sex};

/// One code of the record and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeUse {
    pub list: List,
    pub given: String,
    pub used: Option<String>,
    pub reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Mcc,
    Cc,
}

/// A secondary diagnosis that is in a complication table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comorbidity {
    pub code: String,
    pub level: Level,
    /// Exclusion table of the complication.
    pub table: u16,
    /// True if the main diagnosis is in the same table, so that it does not count.
    pub excluded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Mdc,
    Adrg,
    Drg,
    Ambiguous,
}

/// One clause of a condition, with the codes that decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    pub holds: bool,
    pub chinese: String,
    pub english: String,
    pub codes: Vec<String>,
}

/// One group that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceStep<'p> {
    pub stage: Stage,
    pub group: &'p str,
    pub title: &'p str,
    pub taken: bool,
    pub clauses: Vec<Clause>,
}

/// The outcome with everything that led to it.
#[derive(Debug)]
pub struct Explanation<'p> {
    pub plan: &'p PlanInfo,
    pub outcome: Outcome<'p>,
    pub codes: Vec<CodeUse>,
    /// In the order of decision: MDCs entered, the group taken, and the DRGs of that ADRG that did not hold.
    pub steps: Vec<TraceStep<'p>>,
    pub comorbidities: Vec<Comorbidity>,
    /// Exclusion table of the main diagnosis.
    pub main_exclusion: Option<u16>,
}

impl Plan {
    /// Groups one record and keeps the evidence. Slower than [`Plan::group`]; same outcome.
    #[must_use]
    pub fn explain(&self, record: &Record<'_>) -> Explanation<'_> {
        let mut explanation = Explanation {
            plan: &self.info,
            outcome: Outcome::none(&self.info.name, Status::Ungrouped),
            codes: Vec::new(),
            steps: Vec::new(),
            comorbidities: Vec::new(),
            main_exclusion: None,
        };
        if let Err(reason) = record.check() {
            explanation.outcome = Outcome::none(&self.info.name, Status::Invalid(reason));
            return explanation;
        }
        let codes = &mut explanation.codes;
        let case = self.read_codes(record, |list, given, id, reading| {
            let lexicon = if list == List::Diagnosis { &self.dx } else { &self.px };
            let used = (reading != Reading::Unknown).then(|| lexicon.code(id).to_owned());
            codes.push(CodeUse { list, given: given.to_owned(), used, reading });
        });
        let case = match case {
            Ok(case) => case,
            Err(status) => {
                explanation.outcome = Outcome::none(&self.info.name, status);
                return explanation;
            }
        };
        let found = self.find(&case);
        explanation.outcome = self.outcome(&found);
        self.trace(&case, &found, &mut explanation.steps);
        self.comorbidities(&case, &mut explanation);
        explanation
    }

    fn trace<'p>(&'p self, case: &Case, found: &Found<'p>, steps: &mut Vec<TraceStep<'p>>) {
        for mdc in &self.mdcs {
            if !self.holds(&mdc.condition, case) {
                continue;
            }
            let taken = match found {
                Found::None => false,
                Found::Ambiguous(m, _) | Found::Group(m, _, _) => std::ptr::eq(*m, mdc),
            };
            let clauses = self.clauses(&mdc.condition, case);
            steps.push(TraceStep { stage: Stage::Mdc, group: &mdc.code, title: "", taken, clauses });
            if taken {
                break;
            }
        }
        match found {
            Found::None => {}
            Found::Ambiguous(_, group) => steps.push(TraceStep {
                stage: Stage::Ambiguous,
                group: &group.code,
                title: &group.title,
                taken: true,
                clauses: self.clauses(&group.condition, case),
            }),
            Found::Group(mdc, adrg, drg) => self.trace_group(case, (mdc, adrg, *drg), steps),
        }
    }

    fn trace_group<'p>(
        &'p self,
        case: &Case,
        (_, adrg, drg): (&Mdc, &'p Adrg, Option<&'p crate::plan::Drg>),
        steps: &mut Vec<TraceStep<'p>>,
    ) {
        let clauses = self.clauses(&adrg.condition, case);
        steps.push(TraceStep { stage: Stage::Adrg, group: &adrg.rule, title: "", taken: true, clauses });
        for candidate in &adrg.drgs {
            let taken = drg.is_some_and(|d| std::ptr::eq(d, candidate));
            steps.push(TraceStep {
                stage: Stage::Drg,
                group: &candidate.code,
                title: &candidate.title,
                taken,
                clauses: self.clauses(&candidate.condition, case),
            });
            if taken {
                break;
            }
        }
    }

    fn comorbidities(&self, case: &Case, explanation: &mut Explanation<'_>) {
        let Some((main, others)) = case.dx.split_first() else { return };
        let exclusion = self.comorbid_of(*main).exclude;
        explanation.main_exclusion = (exclusion != 0).then_some(exclusion);
        for id in others {
            let tables = self.comorbid_of(*id);
            for (level, table) in [(Level::Mcc, tables.mcc), (Level::Cc, tables.cc)] {
                if table != 0 {
                    explanation.comorbidities.push(Comorbidity {
                        code: self.dx.code(*id).to_owned(),
                        level,
                        table,
                        excluded: table == exclusion,
                    });
                }
            }
        }
    }

    /// The clauses that decide the condition: all of a conjunction that holds, the first that breaks it, and so on.
    pub(crate) fn clauses(&self, condition: &Condition<SetId>, case: &Case) -> Vec<Clause> {
        let mut out = Vec::new();
        self.collect(condition, case, false, &mut out);
        out
    }

    fn collect(&self, condition: &Condition<SetId>, case: &Case, negated: bool, out: &mut Vec<Clause>) {
        let holds = self.holds(condition, case);
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let decisive = matches!(condition, Condition::Any(_)) == holds;
                match parts.iter().find(|p| self.holds(p, case) == holds).filter(|_| decisive) {
                    Some(part) => self.collect(part, case, negated, out),
                    None => parts.iter().for_each(|p| self.collect(p, case, negated, out)),
                }
            }
            Condition::Not(inner) => self.collect(inner, case, !negated, out),
            leaf => {
                let (mut chinese, mut english, codes) = self.leaf_text(leaf, case);
                if negated {
                    chinese.insert(0, '非');
                    english.insert_str(0, "not: ");
                }
                out.push(Clause { holds: holds != negated, chinese, english, codes });
            }
        }
    }

    fn leaf_text(&self, leaf: &Condition<SetId>, case: &Case) -> (String, String, Vec<String>) {
        let hits = |list: List, place: Place, sets: &[SetId]| -> Vec<String> {
            let (lexicon, ids) = self.list(list, case);
            let hit = at_place(place, ids).iter().filter(|id| lexicon.is_in_any(**id, sets));
            hit.map(|id| lexicon.code(*id).to_owned()).collect()
        };
        let names = |sets: &[SetId]| {
            let mut text = String::new();
            for set in sets {
                let (name, title, size) = self.set(*set);
                let comma = if text.is_empty() { "" } else { "、" };
                let shown = if title.is_empty() { name } else { title };
                // Writing to a String cannot fail.
                let _ = write!(text, "{comma}{shown}({size})");
            }
            text
        };
        match leaf {
            Condition::In { list, place, sets } => {
                let (zh, en) = match (list, place) {
                    (List::Diagnosis, Place::Main) => ("主要诊断在表", "main diagnosis in"),
                    (List::Diagnosis, Place::Other) => ("其他诊断在表", "a secondary diagnosis in"),
                    (List::Diagnosis, Place::Any) => ("任一诊断在表", "any diagnosis in"),
                    (List::Procedure, Place::Main) => ("主要手术在表", "main procedure in"),
                    (List::Procedure, Place::Other) => ("其他手术在表", "a further procedure in"),
                    (List::Procedure, Place::Any) => ("任一手术在表", "any procedure in"),
                };
                // Of several sets those that hold the code; all of them when none does.
                let (lexicon, ids) = self.list(*list, case);
                let holding = |s: &&SetId| at_place(*place, ids).iter().any(|id| lexicon.is_in(*id, **s));
                let some: Vec<SetId> = sets.iter().filter(holding).copied().collect();
                let n = names(if some.is_empty() { sets } else { &some });
                (format!("{zh}{n}"), format!("{en} {n}"), hits(*list, *place, sets))
            }
            Condition::Count { list, least, sets } => {
                let n = names(sets);
                let what =
                    if *list == List::Diagnosis { ("诊断", "diagnoses") } else { ("手术", "procedures") };
                let zh = format!("至少{least}项{}在表{n}", what.0);
                (zh, format!("at least {least} {} in {n}", what.1), hits(*list, Place::Any, sets))
            }
            Condition::Sites { least, sets } => {
                let hit: Vec<SetId> = sets
                    .iter()
                    .copied()
                    .filter(|s| case.dx.iter().any(|id| self.dx.is_in(*id, *s)))
                    .collect();
                let n = names(&hit);
                let zh = format!("损伤部位至少{least}处：{n}");
                (zh, format!("at least {least} body sites: {n}"), hits(List::Diagnosis, Place::Any, sets))
            }
            Condition::Prefix(p) => {
                let n = p.join("、");
                let hit = case.dx.iter().map(|id| self.dx.code(*id));
                let hit = hit.filter(|c| p.iter().any(|p| c.starts_with(p.as_str())));
                let codes = hit.map(str::to_owned).collect();
                (format!("任一诊断以{n}开头"), format!("any diagnosis starting with {n}"), codes)
            }
            Condition::Number { what, compare, value } => {
                let (zh, en) = number_text(*what, *compare, *value);
                let given = case.number(*what).map_or("缺".to_owned(), |n| n.to_string());
                (zh, en, vec![given])
            }
            Condition::Sex(sex) => match sex {
                Sex::Male => ("男性".into(), "male".into(), Vec::new()),
                Sex::Female => ("女性".into(), "female".into(), Vec::new()),
            },
            Condition::Leaving(types) => {
                let t: Vec<String> = types.iter().map(ToString::to_string).collect();
                let t = t.join("、");
                (format!("离院方式为{t}"), format!("way of leaving is {t}"), Vec::new())
            }
            Condition::Mcc => (
                "伴严重并发症或合并症(MCC)".into(),
                "with a major complication (MCC)".into(),
                self.counted(case, true),
            ),
            Condition::Cc => {
                ("伴并发症或合并症(CC)".into(), "with a complication (CC)".into(), self.counted(case, false))
            }
            _ => ("无其他条件".into(), "no further condition".into(), Vec::new()),
        }
    }

    fn counted(&self, case: &Case, major: bool) -> Vec<String> {
        let Some((main, others)) = case.dx.split_first() else { return Vec::new() };
        let exclusion = self.comorbid_of(*main).exclude;
        let counts = others.iter().filter(|id| {
            let c = self.comorbid_of(**id);
            let table = if major { c.mcc } else { c.cc };
            table != 0 && table != exclusion
        });
        counts.map(|id| self.dx.code(*id).to_owned()).collect()
    }

    /// ADRG rules of an MDC, for screens that list a plan: (rule, titles of its DRGs).
    #[must_use]
    pub fn contents(&self, mdc: &str) -> Vec<(&str, Vec<(&str, &str)>)> {
        let steps = self.mdcs.iter().filter(|m| m.code == mdc).flat_map(|m| &m.steps);
        steps
            .filter_map(|s| match s {
                Step::Adrg(a) => {
                    let drgs = a.drgs.iter().map(|d| (d.code.as_str(), d.title.as_str())).collect();
                    Some((a.rule.as_str(), drgs))
                }
                Step::Ambiguous(_) => None,
            })
            .collect()
    }
}

impl Explanation<'_> {
    /// The evidence in Chinese sentences, one fact each, as they are shown and written to files.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut out = vec![format!("分组方案{}({})", self.plan.name, self.plan.edition)];
        if let Status::Invalid(reason) = self.outcome.status {
            out.push(reason.to_string());
        }
        for code in &self.codes {
            let what = if code.list == List::Diagnosis { "诊断" } else { "手术操作" };
            match (code.reading, &code.used) {
                (Reading::Converted, Some(used)) => {
                    out.push(format!("{what}{}由国临版转换为医保版{used}", code.given));
                }
                (Reading::LeftOut, _) => out.push(format!("{what}{}不参与分组", code.given)),
                (Reading::Unknown, _) => out.push(format!("{what}{}不在编码库中", code.given)),
                _ => {}
            }
        }
        for step in &self.steps {
            let verdict = if step.taken { "符合" } else { "不符合" };
            let mut line = match step.stage {
                Stage::Mdc if !step.taken => format!("符合{}条件但无可入的ADRG", step.group),
                Stage::Ambiguous => format!("归入{}：有效手术操作与主要诊断不对应", step.group),
                _ => format!("{verdict}{}", step.group),
            };
            for clause in &step.clauses {
                let mark = if clause.holds { "是" } else { "否" };
                let codes = if clause.codes.is_empty() {
                    String::new()
                } else {
                    format!("[{}]", clause.codes.join(" "))
                };
                let _ = write!(line, "；{}{codes}={mark}", clause.chinese);
            }
            out.push(line);
        }
        for c in &self.comorbidities {
            let level = if c.level == Level::Mcc { "MCC" } else { "CC" };
            let fate = if c.excluded { "，与主要诊断同表，被排除" } else { "" };
            out.push(format!("诊断{}属于{level}，排除表{}{fate}", c.code, c.table));
        }
        let o = &self.outcome;
        out.push(format!("{} {} {}", o.status.chinese(), o.drg, o.title).trim_end().to_owned());
        out
    }
}
