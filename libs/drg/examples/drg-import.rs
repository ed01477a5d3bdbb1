//! Makes the plan files under `definitions/drg/` from the tables of the OpenDRG project (Apache-2.0).
//!
//! ```text
//! cargo run -p drg --example drg-import -- codes IN/icd OUT/codes-yb2.txt "SOURCE"
//! cargo run -p drg --example drg-import -- plan IN/chs_drg_11 OUT/chs_drg_11.txt "TITLE" EDITION IN-FORCE "SOURCE"
//! cargo run -p drg --example drg-import -- official IN OUT/chs_drg_30.txt NAME "TITLE" EDITION IN-FORCE "SOURCE" CODES
//! ```
//! The input of `official` is a folder with the sheets of the published workbook saved as CSV: `MDC.csv`, `ADRG.csv`,
//! `DRG.csv`, `集合.csv`, `CC.csv`, `排除表.csv` (see `drg::official`).
//!
//! The input of `plan` is a folder with `rules.json` (MDC, ADRG and DRG conditions in words of the reference
//! grouper, with their code lists) and `MCC.csv`, `CC.csv`, `CCE.csv`, `SS_VALID.csv`, `DRG.csv` (code, value).
//! Every condition is translated clause by clause; an unknown clause stops the import.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::{env, error::Error, fs, path::Path};

use drg::codes::write_list;
use drg::official::{Head, Sheet, Workbook, import};
use serde_json::Value;

type Res<T> = Result<T, Box<dyn Error>>;

fn main() -> Res<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["codes", input, output, source] => fs::write(output, codes(Path::new(input), source)?)?,
        ["plan", input, output, title, edition, in_force, source] => {
            fs::write(output, plan(Path::new(input), title, edition, in_force, source)?)?;
        }
        ["official", input, output, name, title, edition, in_force, source, codes] => {
            let head = Head { name, title, edition, in_force, source, licence: "government document", codes };
            let sheet = |name: &str| sheet(&Path::new(input).join(name));
            let book = Workbook {
                mdc: sheet("MDC.csv")?,
                adrg: sheet("ADRG.csv")?,
                drg: sheet("DRG.csv")?,
                sets: sheet("集合.csv")?,
                complications: sheet("CC.csv")?,
                exclusions: sheet("排除表.csv")?,
            };
            fs::write(output, import(&book, head)?)?;
        }
        _ => return Err("usage: see the head of this file".into()),
    }
    Ok(())
}

fn sheet(path: &Path) -> Res<Sheet> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path)?;
    let rows = reader.records().map(|row| row.map(|r| r.iter().map(str::to_owned).collect()));
    Ok(rows.collect::<Result<_, _>>()?)
}

fn table(path: &Path) -> Res<Vec<(String, String)>> {
    let mut rows = Vec::new();
    for row in csv::Reader::from_path(path).map_err(|e| format!("{}: {e}", path.display()))?.records() {
        let row = row?;
        let cell = |i| row.get(i).unwrap_or_default().trim().to_owned();
        rows.push((cell(0), cell(1)));
    }
    Ok(rows)
}

fn codes(input: &Path, source: &str) -> Res<String> {
    let mut text = format!(
        "# ICD-10 and ICD-9-CM-3 as grouping needs them; written by examples/drg-import.rs, do not edit by hand.\n\
         codes yb2\nedition ICD-10 / ICD-9-CM-3 医保2.0版, clinical edition 国临版2.0\nin-force 2021\n\
         source {source}\nlicence Apache-2.0\n"
    );
    let mut only = String::new();
    for (section, info, map) in [("dx", "ZD_INFO.csv", "ZD_MAP.csv"), ("px", "SS_INFO.csv", "SS_MAP.csv")] {
        let own: BTreeSet<String> = table(&input.join(info))?.into_iter().map(|(c, _)| c).collect();
        let map: BTreeMap<String, String> = table(&input.join(map))?.into_iter().collect();
        let all: Vec<String> = own.iter().cloned().collect();
        write!(text, "\n[{section}]\n{}", write_list(&all))?;
        let missing: Vec<String> = own.iter().filter(|c| !map.contains_key(*c)).cloned().collect();
        write!(only, "\n[{section}-insurance-only]\n{}", write_list(&missing))?;
        write!(only, "\n[{section}-clinical]\n")?;
        let mut line = String::new();
        for (from, to) in map.iter().filter(|(from, to)| from != to) {
            if line.len() + from.len() + to.len() > 110 {
                writeln!(only, "{line}")?;
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            write!(line, "{from}>{to}")?;
        }
        writeln!(only, "{line}")?;
    }
    Ok(text + &only)
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn field<'v>(value: &'v Value, name: &str) -> Res<&'v str> {
    value.get(name).and_then(Value::as_str).ok_or_else(|| format!("no `{name}` in {value:.60}").into())
}

/// Sections already written, so that equal lists are written once.
#[derive(Default)]
struct Sets {
    text: String,
    by_content: BTreeMap<(String, Vec<String>), String>,
}

impl Sets {
    fn add(&mut self, name: &str, kind: &str, title: &str, codes: &[String]) -> Res<String> {
        let mut sorted = codes.to_vec();
        sorted.sort();
        sorted.dedup();
        if let Some(known) = self.by_content.get(&(kind.to_owned(), sorted.clone())) {
            return Ok(known.clone());
        }
        let title = if title.is_empty() { String::new() } else { format!(" | {title}") };
        write!(self.text, "\n[set {name} {kind}{title}]\n{}", write_list(&sorted))?;
        self.by_content.insert((kind.to_owned(), sorted), name.to_owned());
        Ok(name.to_owned())
    }
}

fn plan(input: &Path, title: &str, edition: &str, in_force: &str, source: &str) -> Res<String> {
    let rules: Value = serde_json::from_slice(&fs::read(input.join("rules.json"))?)?;
    let names: BTreeMap<String, String> = table(&input.join("DRG.csv"))?.into_iter().collect();
    let name = input.file_name().and_then(|n| n.to_str()).ok_or("folder name")?;
    let mut sets = Sets::default();
    let valid: Vec<String> = table(&input.join("SS_VALID.csv"))?.into_iter().map(|(c, _)| c).collect();
    sets.add("VALID", "px", "有效手术操作", &valid)?;
    let list = |key: &str| rules.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let adrgs: BTreeMap<String, Value> =
        list("adrg").into_iter().map(|a| Ok((field(&a, "adrg")?.to_owned(), a))).collect::<Res<_>>()?;
    let drgs: BTreeMap<String, Value> =
        list("drg").into_iter().map(|a| Ok((field(&a, "drg")?.to_owned(), a))).collect::<Res<_>>()?;

    let mdcs: BTreeMap<String, Value> =
        list("mdc").into_iter().map(|m| Ok((field(&m, "mdc")?.to_owned(), m))).collect::<Res<_>>()?;
    let mut tree = String::new();
    // The order of the reference grouper; the extract lists the MDCs by letter.
    for letter in "APYZMNBCDEFGHIJKLOQRSTUVWX".chars() {
        let mdc = mdcs.get(&format!("MDC{letter}")).ok_or_else(|| format!("no MDC{letter}"))?;
        let condition = mdc_condition(mdc, letter, &mut sets)?;
        writeln!(tree, "\nmdc MDC{letter} {condition}")?;
        let ambiguous = names.get(&format!("{letter}QY"));
        let mut asked = false;
        for rule in strings(mdc.get("adrg_order")) {
            // Medical groups (R to Z) come after the question for unmatched procedures.
            if !asked && rule.chars().nth(1).is_some_and(|c| c >= 'R') {
                asked = true;
                ambiguous_line(&mut tree, letter, ambiguous)?;
            }
            let adrg = adrgs.get(&rule).ok_or_else(|| format!("no ADRG {rule}"))?;
            writeln!(tree, "adrg {rule} {}", adrg_condition(adrg, &rule, &mut sets)?)?;
            for code in strings(adrg.get("drg_order")) {
                let drg = drgs.get(&code).ok_or_else(|| format!("no DRG {code}"))?;
                let condition = translate(field(drg, "condition")?, &|_| None, &code, &mut sets)?;
                let title = names.get(&code).ok_or_else(|| format!("DRG {code} has no name"))?;
                writeln!(tree, "drg {code} {condition} | {title}")?;
            }
        }
        if !asked {
            ambiguous_line(&mut tree, letter, ambiguous)?;
        }
    }

    let mut text = format!(
        "# Written by examples/drg-import.rs; do not edit by hand. Format: README.md in this folder.\n\
         plan {name}\ntitle {title}\nedition {edition}\nin-force {in_force}\nsource {source}\nlicence Apache-2.0\n\
         codes yb2\n{tree}{}",
        sets.text
    );
    for (section, file) in [("mcc", "MCC.csv"), ("cc", "CC.csv"), ("exclude", "CCE.csv")] {
        write!(text, "\n[{section}]\n")?;
        let mut tables: BTreeMap<u16, Vec<String>> = BTreeMap::new();
        for (code, table) in table(&input.join(file))? {
            tables
                .entry(table.parse().map_err(|_| format!("{file}: {code},{table}"))?)
                .or_default()
                .push(code);
        }
        for (table, codes) in tables {
            write!(text, "table {table}\n{}", write_list(&codes))?;
        }
    }
    Ok(text)
}

fn ambiguous_line(tree: &mut String, letter: char, title: Option<&String>) -> Res<()> {
    if let Some(title) = title {
        writeln!(tree, "ambiguous {letter}QY main-px VALID | {title}")?;
    }
    Ok(())
}

/// The multiple-trauma MDC keeps its body sites as headings inside one list.
fn mdc_condition(mdc: &Value, letter: char, sets: &mut Sets) -> Res<String> {
    let codes = strings(mdc.pointer("/lists/mdc_zd"));
    if !codes.iter().any(|c| c.ends_with("创伤")) {
        let lists = |name: &str| (name == "mdc_zd").then(|| (codes.clone(), "dx", format!("MDC{letter}.d")));
        return translate(field(mdc, "condition")?, &lists, "", sets);
    }
    let mut site = String::new();
    let mut order = Vec::new();
    let mut site_of: BTreeMap<String, String> = BTreeMap::new();
    for code in codes {
        if code.ends_with("创伤") {
            order.push(code.clone());
            site = code;
        } else {
            // A code under two headings counts for the later one, as in the reference.
            site_of.insert(code, site.clone());
        }
    }
    let mut refs = Vec::new();
    for (index, site) in order.iter().enumerate() {
        let codes: Vec<String> = site_of.iter().filter(|(_, s)| *s == site).map(|(c, _)| c.clone()).collect();
        refs.push(sets.add(&format!("MDC{letter}.{}", index + 1), "dx", site, &codes)?);
    }
    let refs = refs.join(",");
    Ok(format!("main-dx {refs} and sites>=2:{refs}"))
}

fn adrg_condition(adrg: &Value, rule: &str, sets: &mut Sets) -> Res<String> {
    let ss = strings(adrg.pointer("/lists/adrg_ss"));
    let labels = strings(adrg.pointer("/lists/adrg_ss1"));
    let condition = field(adrg, "condition")?;
    let labelled = condition.contains("ss_matched");
    let lists = |name: &str| {
        let (codes, kind, tail) = match name {
            "adrg_zd" => (strings(adrg.pointer("/lists/adrg_zd")), "dx", "d".to_owned()),
            "adrg_ss" => (ss.clone(), "px", "p".to_owned()),
            "adrg_ss1" => (labels.clone(), "px", "q".to_owned()),
            label if labelled => {
                // The label of a code is that of its first mention.
                let mut first: BTreeMap<&String, &String> = BTreeMap::new();
                for (code, l) in ss.iter().zip(&labels) {
                    first.entry(code).or_insert(l);
                }
                let codes = first.iter().filter(|(_, l)| **l == label).map(|(c, _)| (*c).clone()).collect();
                (codes, "px", format!("p{label}"))
            }
            _ => return None,
        };
        Some((codes, kind, format!("{rule}.{tail}")))
    };
    translate(condition, &lists, "", sets)
}

type Lookup<'a> = dyn Fn(&str) -> Option<(Vec<String>, &'static str, String)> + 'a;

/// Translates the reference's expression: clauses joined by `and`/`or` with brackets.
fn translate(expression: &str, lists: &Lookup<'_>, code: &str, sets: &mut Sets) -> Res<String> {
    let mut refer = |name: &str| -> Res<String> {
        if name == "SS_VALID" {
            return Ok("VALID".to_owned());
        }
        if name.starts_with('\'') {
            let codes: Vec<String> = name.split(',').map(|c| c.trim_matches('\'').to_owned()).collect();
            return sets.add(&format!("{code}.p"), "px", "", &codes);
        }
        let (codes, kind, set) =
            lists(name).ok_or_else(|| format!("unknown list `{name}` in `{expression}`"))?;
        sets.add(&set, kind, "", &codes)
    };
    let mut out: Vec<String> = Vec::new();
    for part in split_clauses(expression) {
        let clause = part.trim();
        let number = |prefix: &str, text: &str, word: &str| {
            text.strip_prefix(prefix).map(|rest| format!("{word}{}", rest.replace("==", "=")))
        };
        let word = match clause {
            "" => continue,
            "and" | "or" | "(" | ")" => clause.to_owned(),
            // Guards of the reference against missing values: the language has them built in.
            "True"
            | "record.ssList"
            | "record.weight"
            | "record.ageDay!=None"
            | "len(record.zdList)>1"
            | "len(record.ssList)>1" => "always".to_owned(),
            "has_mcc(record.zdList[0],record.zdList[1:])" => "mcc".to_owned(),
            "has_cc(record.zdList[0],record.zdList[1:])" => "cc".to_owned(),
            "record.gender==1" => "sex=1".to_owned(),
            "record.gender==2" => "sex=2".to_owned(),
            "int(record.age)==0" => "age=0".to_owned(),
            "record.leavingType in ['2','5']" => "leaving=2,5".to_owned(),
            "7<record.inHospitalTime<=30" => "( los>7 and los<=30 )".to_owned(),
            "30<record.inHospitalTime<=60" => "( los>30 and los<=60 )".to_owned(),
            _ => {
                if let Some(list) = clause.strip_prefix("record.zdList[0] in ") {
                    format!("main-dx {}", refer(list)?)
                } else if let Some(list) = clause.strip_prefix("record.ssList[0] in ") {
                    format!("main-px {}", refer(list)?)
                } else if let Some(list) = between(clause, "intersect(record.zdList,", ")") {
                    format!("any-dx {}", refer(list)?)
                } else if let Some(list) = between(clause, "intersect(record.ssList[1:],[", "])") {
                    format!("other-px {}", refer(list)?)
                } else if let Some(list) = between(clause, "not intersect(record.ssList,", ")") {
                    format!("not any-px {}", refer(list)?)
                } else if let Some(list) = between(clause, "intersect(record.ssList,", ")") {
                    format!("any-px {}", refer(list)?)
                } else if let Some(label) = between(clause, "\"", "\" in ss_matched") {
                    format!("any-px {}", refer(label)?)
                } else if let Some(text) = number("record.age", clause, "age")
                    .filter(|t| t.starts_with("age<") || t.starts_with("age>"))
                    .or_else(|| number("record.ageDay", clause, "age-days"))
                    .or_else(|| number("record.weight", clause, "weight"))
                    .or_else(|| number("record.inHospitalTime", clause, "los"))
                {
                    text
                } else {
                    return Err(format!("unknown clause `{clause}` in `{expression}`").into());
                }
            }
        };
        out.push(word);
    }
    let mut text = out.join(" ");
    loop {
        let shorter = text.replace("always and ", "").replace(" and always", "");
        if shorter == text {
            break;
        }
        text = shorter;
    }
    // `( mcc or cc )` and doubled brackets read better closed up.
    let text = text.replace("( ", "(").replace(" )", ")");
    drg::condition::parse(&text).map_err(|e| format!("{text}: {e}"))?;
    Ok(text)
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// Splits at ` and `, ` or ` and at brackets that group (not those of calls).
fn split_clauses(expression: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut current = String::new();
    let mut calls: Vec<bool> = Vec::new();
    let mut rest = expression;
    while let Some(c) = rest.chars().next() {
        let in_call = calls.contains(&true);
        if !in_call && let Some(word) = [" and ", " or "].iter().find(|w| rest.starts_with(**w)) {
            parts.push(std::mem::take(&mut current));
            parts.push(word.trim().to_owned());
            rest = rest.get(word.len()..).unwrap_or_default();
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if c == '(' {
            let call = !current.trim().is_empty();
            calls.push(call);
            if !call {
                parts.push("(".to_owned());
                continue;
            }
        } else if c == ')' && calls.pop() == Some(false) {
            parts.push(std::mem::take(&mut current));
            parts.push(")".to_owned());
            continue;
        }
        current.push(c);
    }
    parts.push(current);
    parts
}
