//! A grouping plan: read from its text, compiled for fast membership tests.
//!
//! Invariants of a compiled plan: every set that a condition names exists and is of the right kind; comorbidity
//! table numbers are never zero (zero means "in no table").

use std::collections::HashMap;

use thiserror::Error;

use crate::codes::{CodeBook, read_list};
use crate::condition::{self, Condition, List};

pub(crate) type SetId = u16;
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// What a plan says about itself; part of every result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanInfo {
    /// Name used to choose the plan, e.g. `changzhou_2022`.
    pub name: String,
    pub title: String,
    pub edition: String,
    /// First day the plan applies, `YYYY-MM-DD` or as much of it as the source states.
    pub in_force: String,
    pub source: String,
    pub licence: String,
    /// Name of the book of codes it is written in.
    pub codes: String,
}

/// Why a plan cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("plan line {line}: {reason}")]
pub struct PlanError {
    /// From 1; 0 when the whole file is meant.
    pub line: usize,
    pub reason: String,
}

#[derive(Debug)]
pub(crate) struct Drg {
    pub code: String,
    pub title: String,
    pub condition: Condition<SetId>,
}

#[derive(Debug)]
pub(crate) struct Adrg {
    /// Name of the rule; an ADRG with two ways in has two rules (`AH1_1`, `AH1_2`).
    pub rule: String,
    /// The ADRG itself: the first three characters.
    pub code: String,
    pub condition: Condition<SetId>,
    pub drgs: Vec<Drg>,
}

#[derive(Debug)]
pub(crate) enum Step {
    Adrg(Adrg),
    Ambiguous(Drg),
}

#[derive(Debug)]
pub(crate) struct Mdc {
    pub code: String,
    pub condition: Condition<SetId>,
    pub steps: Vec<Step>,
}

/// Comorbidity tables of one diagnosis; 0 = in none.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Comorbid {
    pub mcc: u16,
    pub cc: u16,
    pub exclude: u16,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Id as an insurance code.
    pub own: u32,
    /// Id after conversion, read as a clinical code.
    pub clinical: u32,
}

/// The codes of one list (diagnoses or procedures) and the sets each belongs to.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    pub ids: HashMap<String, Entry>,
    pub codes: Vec<String>,
    members: Vec<(u32, SetId)>,
    /// One bit for each set, `words` words for each code: a membership test is one load.
    bits: Vec<u64>,
    words: usize,
}

impl Lexicon {
    fn own(&mut self, code: &str) -> u32 {
        if let Some(entry) = self.ids.get(code)
            && entry.own != UNKNOWN
        {
            return entry.own;
        }
        let id = u32::try_from(self.codes.len()).unwrap_or(UNKNOWN);
        self.codes.push(code.to_owned());
        self.ids.entry(code.to_owned()).or_insert(Entry { own: UNKNOWN, clinical: UNKNOWN }).own = id;
        id
    }

    fn add_to_set(&mut self, code: &str, set: SetId) {
        let id = self.own(code);
        self.members.push((id, set));
    }

    fn finish(&mut self, sets: usize) {
        self.words = sets / 64 + 1;
        self.bits = vec![0; self.codes.len() * self.words];
        for (id, set) in std::mem::take(&mut self.members) {
            if let Some((at, bit)) = self.place(id, set)
                && let Some(word) = self.bits.get_mut(at)
            {
                *word |= bit;
            }
        }
    }

    fn place(&self, id: u32, set: SetId) -> Option<(usize, u64)> {
        let row = usize::try_from(id).ok()?.checked_mul(self.words)?;
        Some((row.checked_add(usize::from(set / 64))?, 1 << (set % 64)))
    }

    pub fn is_in(&self, id: u32, set: SetId) -> bool {
        self.place(id, set).and_then(|(at, bit)| self.bits.get(at).map(|w| w & bit != 0)).unwrap_or(false)
    }

    pub fn is_in_any(&self, id: u32, sets: &[SetId]) -> bool {
        sets.iter().any(|s| self.is_in(id, *s))
    }

    pub fn code(&self, id: u32) -> &str {
        usize::try_from(id).ok().and_then(|i| self.codes.get(i)).map_or("?", String::as_str)
    }
}

#[derive(Debug)]
pub(crate) struct SetInfo {
    pub name: String,
    pub title: String,
    pub list: List,
    pub size: usize,
}

/// A compiled plan. Make one with [`Plan::parse`] and keep it: it is read-only and can be shared between threads.
#[derive(Debug)]
pub struct Plan {
    pub(crate) info: PlanInfo,
    pub(crate) mdcs: Vec<Mdc>,
    pub(crate) dx: Lexicon,
    pub(crate) px: Lexicon,
    pub(crate) comorbid: Vec<Comorbid>,
    pub(crate) sets: Vec<SetInfo>,
    /// Procedures that take no part in grouping, if the plan has such a list.
    pub(crate) ignored_px: Option<SetId>,
}

struct RawStep {
    line: usize,
    kind: RawKind,
    code: String,
    condition: Condition<String>,
    title: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RawKind {
    Mdc,
    Adrg,
    Drg,
    Ambiguous,
}

enum Section {
    Head,
    Set(SetId),
    Comorbid(&'static str),
}

impl Plan {
    /// Reads and compiles a plan. The format is described in `definitions/drg/README.md`.
    ///
    /// # Errors
    /// The line and what is wrong with it.
    pub fn parse(text: &str, book: &CodeBook) -> Result<Self, PlanError> {
        let mut plan = Self {
            info: PlanInfo::default(),
            mdcs: Vec::new(),
            dx: Lexicon::default(),
            px: Lexicon::default(),
            comorbid: Vec::new(),
            sets: Vec::new(),
            ignored_px: None,
        };
        let mut raw: Vec<RawStep> = Vec::new();
        let mut by_name: HashMap<String, (SetId, List)> = HashMap::new();
        let mut section = Section::Head;
        let mut head = String::new();
        let mut table = 0u16;
        let mut comorbid: HashMap<u32, Comorbid> = HashMap::new();
        for (index, full) in text.lines().enumerate() {
            let line_number = index + 1;
            let fail = |reason: String| PlanError { line: line_number, reason };
            let line = full.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                head.clear();
                table = 0;
                section = plan.open_section(name, &mut by_name).map_err(fail)?;
                continue;
            }
            match section {
                Section::Head => plan.head_line(line, line_number, &mut raw).map_err(fail)?,
                Section::Set(set) => {
                    let list = plan.sets.get(usize::from(set)).map_or(List::Diagnosis, |s| s.list);
                    let lexicon = if list == List::Diagnosis { &mut plan.dx } else { &mut plan.px };
                    let mut added = 0;
                    read_list(line, &mut head, |code| {
                        lexicon.add_to_set(&code, set);
                        added += 1;
                    })
                    .map_err(fail)?;
                    if let Some(info) = plan.sets.get_mut(usize::from(set)) {
                        info.size += added;
                    }
                }
                Section::Comorbid(kind) => {
                    if let Some(number) = line.strip_prefix("table ") {
                        table =
                            number.parse().map_err(|_| fail(format!("`{number}` is not a table number")))?;
                        head.clear();
                        if table == 0 {
                            return Err(fail("table numbers start at 1".into()));
                        }
                        continue;
                    }
                    if table == 0 {
                        return Err(fail("codes before the first `table`".into()));
                    }
                    let dx = &mut plan.dx;
                    read_list(line, &mut head, |code| {
                        let entry = comorbid.entry(dx.own(&code)).or_default();
                        match kind {
                            "mcc" => entry.mcc = table,
                            "cc" => entry.cc = table,
                            _ => entry.exclude = table,
                        }
                    })
                    .map_err(fail)?;
                }
            }
        }
        plan.learn_book(book)?;
        plan.dx.finish(plan.sets.len());
        plan.px.finish(plan.sets.len());
        plan.comorbid = vec![Comorbid::default(); plan.dx.codes.len()];
        for (id, value) in comorbid {
            if let Some(slot) = usize::try_from(id).ok().and_then(|i| plan.comorbid.get_mut(i)) {
                *slot = value;
            }
        }
        plan.build_tree(raw, &by_name)?;
        if plan.info.name.is_empty() || plan.mdcs.is_empty() {
            return Err(PlanError { line: 0, reason: "no plan name or no MDC".into() });
        }
        Ok(plan)
    }

    fn open_section(
        &mut self,
        name: &str,
        by_name: &mut HashMap<String, (SetId, List)>,
    ) -> Result<Section, String> {
        match name {
            "mcc" => return Ok(Section::Comorbid("mcc")),
            "cc" => return Ok(Section::Comorbid("cc")),
            "exclude" => return Ok(Section::Comorbid("exclude")),
            _ => {}
        }
        let (definition, title) = name.split_once(" | ").unwrap_or((name, ""));
        let words: Vec<&str> = definition.split_whitespace().collect();
        let (set, list) = match words.as_slice() {
            ["set", set, "dx"] => (*set, List::Diagnosis),
            ["set", set, "px"] => (*set, List::Procedure),
            ["ignored-px"] => ("ignored-px", List::Procedure),
            _ => return Err(format!("unknown section `{name}`")),
        };
        let id = SetId::try_from(self.sets.len()).map_err(|_| "too many sets".to_owned())?;
        if by_name.insert(set.to_owned(), (id, list)).is_some() {
            return Err(format!("set `{set}` is defined twice"));
        }
        self.sets.push(SetInfo { name: set.to_owned(), title: title.to_owned(), list, size: 0 });
        if set == "ignored-px" {
            self.ignored_px = Some(id);
        }
        Ok(Section::Set(id))
    }

    fn head_line(&mut self, line: &str, number: usize, raw: &mut Vec<RawStep>) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').ok_or_else(|| format!("`{line}` has no value"))?;
        let rest = rest.trim();
        let info = &mut self.info;
        let kind = match word {
            "mdc" => RawKind::Mdc,
            "adrg" => RawKind::Adrg,
            "drg" => RawKind::Drg,
            "ambiguous" => RawKind::Ambiguous,
            "plan" => {
                return {
                    rest.clone_into(&mut info.name);
                    Ok(())
                };
            }
            "title" => {
                return {
                    rest.clone_into(&mut info.title);
                    Ok(())
                };
            }
            "edition" => {
                return {
                    rest.clone_into(&mut info.edition);
                    Ok(())
                };
            }
            "in-force" => {
                return {
                    rest.clone_into(&mut info.in_force);
                    Ok(())
                };
            }
            "source" => {
                return {
                    rest.clone_into(&mut info.source);
                    Ok(())
                };
            }
            "licence" => {
                return {
                    rest.clone_into(&mut info.licence);
                    Ok(())
                };
            }
            "codes" => {
                return {
                    rest.clone_into(&mut info.codes);
                    Ok(())
                };
            }
            "note" => return Ok(()),
            _ => return Err(format!("unknown word `{word}`")),
        };
        let (definition, title) = rest.split_once(" | ").unwrap_or((rest, ""));
        let (code, text) = definition.split_once(' ').ok_or_else(|| format!("`{rest}` has no condition"))?;
        if code.len() < 3 || !code.is_ascii() {
            return Err(format!("`{code}` is not a group code"));
        }
        let condition = condition::parse(text)?;
        raw.push(RawStep { line: number, kind, code: code.into(), condition, title: title.trim().into() });
        Ok(())
    }

    /// Takes the codes of the shared book into the lexicons, so that a code outside every set is still known.
    fn learn_book(&mut self, book: &CodeBook) -> Result<(), PlanError> {
        if self.info.codes != book.name {
            let reason =
                format!("plan is written in codes `{}`, the book is `{}`", self.info.codes, book.name);
            return Err(PlanError { line: 0, reason });
        }
        for (lexicon, own, clinical, only) in [
            (&mut self.dx, &book.insurance_dx, &book.clinical_dx, &book.insurance_only_dx),
            (&mut self.px, &book.insurance_px, &book.clinical_px, &book.insurance_only_px),
        ] {
            for code in own {
                let id = lexicon.own(code);
                if !only.contains(code)
                    && !clinical.contains_key(code)
                    && let Some(entry) = lexicon.ids.get_mut(code)
                {
                    entry.clinical = id;
                }
            }
            for (from, to) in clinical {
                let target = lexicon.own(to);
                let none = Entry { own: UNKNOWN, clinical: UNKNOWN };
                lexicon.ids.entry(from.clone()).or_insert(none).clinical = target;
            }
        }
        Ok(())
    }

    fn build_tree(
        &mut self,
        raw: Vec<RawStep>,
        by_name: &HashMap<String, (SetId, List)>,
    ) -> Result<(), PlanError> {
        for step in raw {
            let fail = |reason: String| PlanError { line: step.line, reason };
            let condition = step
                .condition
                .try_map(&mut |list, name: &String| match by_name.get(name) {
                    Some((id, kind)) if *kind == list => Ok(*id),
                    Some(_) => Err(format!("set `{name}` is of the other kind")),
                    None => Err(format!("no set `{name}`")),
                })
                .map_err(fail)?;
            let fail = |reason: &str| PlanError { line: step.line, reason: reason.into() };
            if step.kind == RawKind::Mdc {
                self.mdcs.push(Mdc { code: step.code, condition, steps: Vec::new() });
                continue;
            }
            let mdc = self.mdcs.last_mut().ok_or_else(|| fail("group before the first MDC"))?;
            match step.kind {
                RawKind::Adrg => {
                    let code = step.code.get(..3).unwrap_or_default().to_owned();
                    mdc.steps.push(Step::Adrg(Adrg { rule: step.code, code, condition, drgs: Vec::new() }));
                }
                RawKind::Ambiguous => {
                    mdc.steps.push(Step::Ambiguous(Drg { code: step.code, title: step.title, condition }));
                }
                _ => match mdc.steps.last_mut() {
                    Some(Step::Adrg(adrg)) => {
                        adrg.drgs.push(Drg { code: step.code, title: step.title, condition });
                    }
                    _ => return Err(fail("DRG without an ADRG before it")),
                },
            }
        }
        Ok(())
    }

    #[must_use]
    pub const fn info(&self) -> &PlanInfo {
        &self.info
    }

    fn adrgs(&self) -> impl Iterator<Item = &Adrg> {
        self.mdcs.iter().flat_map(|m| &m.steps).filter_map(|s| match s {
            Step::Adrg(a) => Some(a),
            Step::Ambiguous(_) => None,
        })
    }

    /// Title of a DRG or of an ambiguous group.
    #[must_use]
    pub fn title(&self, code: &str) -> Option<&str> {
        self.mdcs.iter().flat_map(|m| &m.steps).find_map(|step| match step {
            Step::Ambiguous(d) => (d.code == code).then_some(d.title.as_str()),
            Step::Adrg(a) => a.drgs.iter().find(|d| d.code == code).map(|d| d.title.as_str()),
        })
    }

    /// Numbers of MDCs, ADRGs (distinct codes) and DRGs (distinct codes).
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let adrg: std::collections::BTreeSet<&str> = self.adrgs().map(|a| a.code.as_str()).collect();
        let drg: std::collections::BTreeSet<&str> =
            self.adrgs().flat_map(|a| &a.drgs).map(|d| d.code.as_str()).collect();
        (self.mdcs.len(), adrg.len(), drg.len())
    }

    /// DRGs that no record can reach because one before them in the same ADRG holds whenever they do. They are
    /// faults of the plan as published, carried as they are so that results agree with it, and listed here.
    #[must_use]
    pub fn unreachable(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for adrg in self.adrgs() {
            for (place, drg) in adrg.drgs.iter().enumerate() {
                if adrg.drgs.iter().take(place).any(|earlier| drg.condition.implies(&earlier.condition)) {
                    found.push(drg.code.as_str());
                }
            }
        }
        found
    }

    /// ADRGs without any DRG: their cases carry the ADRG code in place of a DRG.
    #[must_use]
    pub fn undivided(&self) -> Vec<&str> {
        self.adrgs().filter(|a| a.drgs.is_empty()).map(|a| a.code.as_str()).collect()
    }

    /// Comorbidity tables of a diagnosis as written in the plan's edition: (mcc, cc, exclusion).
    #[must_use]
    pub fn comorbidity_tables(&self, code: &str) -> (Option<u16>, Option<u16>, Option<u16>) {
        let some = |t: u16| (t != 0).then_some(t);
        let id = self.dx.ids.get(code).map_or(UNKNOWN, |e| e.own);
        let c = self.comorbid_of(id);
        (some(c.mcc), some(c.cc), some(c.exclude))
    }

    pub(crate) fn comorbid_of(&self, id: u32) -> Comorbid {
        usize::try_from(id).ok().and_then(|i| self.comorbid.get(i)).copied().unwrap_or_default()
    }

    pub(crate) fn set(&self, id: SetId) -> (&str, &str, usize) {
        self.sets.get(usize::from(id)).map_or(("?", "", 0), |s| (s.name.as_str(), s.title.as_str(), s.size))
    }
}
