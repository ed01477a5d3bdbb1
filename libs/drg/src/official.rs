//! The layout in which the national office publishes a plan since CHS-DRG 3.0: a workbook of six sheets, with rules in
//! a small language of its own. Saved as CSV, one file for each sheet, it becomes a plan text here.
//!
//! ```text
//! ZYZD in DI_B00 and {ZYSS,QTSS} in {OP_B1,OP_B2} and NL>=70      main/other diagnosis and procedure, age
//! {QTZD} in {MCC,CC}    XSRTL<29 and XSRTZ>=1500    length(OP_I ∩ {ZYSS,QTSS})>=2    ZYSS not in OP_ALL    1
//! ```
//! `NL` age in years, `XB` sex, `XSRTL` age in days, `XSRTZ` weight in grams; an empty rule, or `1`, always holds.
//! Rows are put in the order of their sort column; a row whose rule is empty goes last in its scope whatever its number
//! (the published file has one in the middle, which would hide the rows after it). The catch-all groups (`0000`, `B00`,
//! `B000`) are left out: what no rule takes is ungrouped. Sheets are found by the names of their columns.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::codes::write_list;
use crate::condition;

/// Rows of one sheet, header first.
pub type Sheet = Vec<Vec<String>>;

/// The six sheets that matter.
#[derive(Debug, Clone, Default)]
pub struct Workbook {
    pub mdc: Sheet,
    pub adrg: Sheet,
    pub drg: Sheet,
    /// 集合: set, code.
    pub sets: Sheet,
    /// CC: code, exclusion table, MCC or CC.
    pub complications: Sheet,
    /// 排除表: table, code of the main diagnosis.
    pub exclusions: Sheet,
}

/// What the head of the plan says.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    pub name: &'a str,
    pub title: &'a str,
    pub edition: &'a str,
    pub in_force: &'a str,
    pub source: &'a str,
    pub licence: &'a str,
    pub codes: &'a str,
}

/// Spreadsheets leave line breaks as `_x000D_` and odd spaces in cells.
fn clean(cell: &str) -> String {
    let cell = cell.replace("_x000D_", " ").replace(['\u{3000}', '\u{a0}', '\u{200b}', '\u{feff}'], " ");
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Rows<'s> {
    sheet: &'static str,
    columns: Vec<usize>,
    rows: &'s [Vec<String>],
}

impl<'s> Rows<'s> {
    /// Finds the header among the first rows by any of each column's names.
    fn find(name: &'static str, sheet: &'s Sheet, wanted: &[&[&str]]) -> Result<Self, String> {
        for (index, row) in sheet.iter().take(5).enumerate() {
            let place = |names: &&[&str]| row.iter().position(|c| names.contains(&clean(c).as_str()));
            let columns: Vec<usize> = wanted.iter().filter_map(place).collect();
            if columns.len() == wanted.len() {
                return Ok(Self { sheet: name, columns, rows: sheet.get(index + 1..).unwrap_or_default() });
            }
        }
        let names: Vec<&str> = wanted.iter().filter_map(|n| n.first().copied()).collect();
        Err(format!("sheet {name}: no header row with {}", names.join("、")))
    }

    fn iter(&self) -> impl Iterator<Item = Vec<String>> + '_ {
        let cells = |row: &Vec<String>| -> Vec<String> {
            self.columns.iter().map(|c| row.get(*c).map(|t| clean(t)).unwrap_or_default()).collect()
        };
        self.rows.iter().map(cells).filter(|row| row.iter().any(|c| !c.is_empty()))
    }
}

struct Node {
    code: String,
    name: String,
    rule: String,
    scope: String,
}

/// Nodes by scope, in the order of decision.
fn nodes(rows: &Rows<'_>) -> Result<BTreeMap<String, Vec<Node>>, String> {
    let mut found: BTreeMap<String, Vec<(bool, u32, Node)>> = BTreeMap::new();
    for row in rows.iter() {
        let [code, name, rule, sort, scope @ ..] = row.as_slice() else { continue };
        let order: u32 =
            sort.parse().map_err(|_| format!("sheet {}: {code}: `{sort}` is not a number", rows.sheet))?;
        let scope = scope.first().cloned().unwrap_or_default();
        let node = Node { code: code.clone(), name: name.clone(), rule: rule.clone(), scope: scope.clone() };
        found.entry(scope).or_default().push((rule.is_empty(), order, node));
    }
    for list in found.values_mut() {
        list.sort_by_key(|(empty, order, _)| (*empty, *order));
    }
    let plain = |list: Vec<(bool, u32, Node)>| list.into_iter().map(|(_, _, n)| n).collect();
    Ok(found.into_iter().map(|(scope, list)| (scope, plain(list))).collect())
}

/// Turns the published sheets into a plan text.
///
/// # Errors
/// The sheet, the row's code and what is wrong.
pub fn import(book: &Workbook, head: Head<'_>) -> Result<String, String> {
    let mdcs = nodes(&Rows::find("MDC", &book.mdc, &[&["MDC编码"], &["MDC名称"], &["MDC规则"], &["排序"]])?)?;
    let adrgs = nodes(&Rows::find(
        "ADRG",
        &book.adrg,
        &[&["ADRG编码"], &["ADRG名称"], &["ADRG规则"], &["MDC内排序", "排序"], &["所属MDC编码"]],
    )?)?;
    let drgs = nodes(&Rows::find(
        "DRG",
        &book.drg,
        &[&["DRG编码", "DRG"], &["DRG名称"], &["DRG规则"], &["排序"], &["所属ADRG编码"]],
    )?)?;
    let rule =
        |node: &Node| translate(&node.rule).map_err(|e| format!("{} ({}): {e}", node.code, node.scope));
    let mut text = format!(
        "# Written by examples/drg-import.rs from the published workbook; do not edit by hand.\nplan {}\ntitle {}\n\
         edition {}\nin-force {}\nsource {}\nlicence {}\ncodes {}\n",
        head.name, head.title, head.edition, head.in_force, head.source, head.licence, head.codes
    );
    // Writing to a String cannot fail.
    for mdc in mdcs.values().flatten().filter(|m| m.code != "0000") {
        let _ = writeln!(text, "\nmdc {} {}", mdc.code, rule(mdc)?);
        for adrg in adrgs.get(&mdc.code).into_iter().flatten() {
            if adrg.code.ends_with("QY") {
                let _ = writeln!(text, "ambiguous {} {} | {}", adrg.code, rule(adrg)?, adrg.name);
                continue;
            }
            if adrg.code.get(1..3) == Some("00") {
                continue;
            }
            let _ = writeln!(text, "adrg {} {}", adrg.code, rule(adrg)?);
            let divisions = drgs.get(&adrg.code).ok_or_else(|| format!("ADRG {} has no DRG", adrg.code))?;
            for drg in divisions {
                if !drg.code.starts_with(&adrg.code) {
                    return Err(format!("DRG {} does not belong to ADRG {}", drg.code, adrg.code));
                }
                let _ = writeln!(text, "drg {} {} | {}", drg.code, rule(drg)?, drg.name);
            }
        }
    }
    write_sets(book, &mut text)?;
    write_complications(book, &mut text)?;
    Ok(text)
}

fn write_sets(book: &Workbook, text: &mut String) -> Result<(), String> {
    let rows = Rows::find("集合", &book.sets, &[&["集合编号"], &["ICD编码"]])?;
    let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows.iter() {
        let [set, code] = row.as_slice() else { continue };
        sets.entry(set.to_uppercase()).or_default().push(code.clone());
    }
    for (set, codes) in sets {
        let kind = if set.starts_with("OP") { "px" } else { "dx" };
        let _ = write!(text, "\n[set {set} {kind}]\n{}", write_list(&codes));
    }
    Ok(())
}

fn write_complications(book: &Workbook, text: &mut String) -> Result<(), String> {
    let cc = Rows::find(
        "CC",
        &book.complications,
        &[&["疾病编码", "ICD编码"], &["排除表"], &["类型", "类型编号"]],
    )?;
    let excluded = Rows::find("排除表", &book.exclusions, &[&["集合编号"], &["ICD编码"]])?;
    // Tables are published by name; here they have numbers, in the order of their names.
    let mut names: BTreeMap<String, u16> = BTreeMap::new();
    for row in cc.iter() {
        names.insert(row.get(1).cloned().unwrap_or_default(), 0);
    }
    for row in excluded.iter() {
        names.insert(row.first().cloned().unwrap_or_default(), 0);
    }
    names.remove("");
    for (number, value) in (1..).zip(names.values_mut()) {
        *value = number;
    }
    // A complication without a table is excluded by nothing: a number that no main diagnosis has.
    let none = u16::try_from(names.len()).map_err(|_| "too many exclusion tables")?.saturating_add(1);
    let mut lists: [BTreeMap<u16, Vec<String>>; 3] = Default::default();
    let [mcc, minor, exclude] = &mut lists;
    for row in cc.iter() {
        let [code, table, kind] = row.as_slice() else { continue };
        let table = names.get(table).copied().unwrap_or(none);
        let list = match kind.to_uppercase().as_str() {
            "MCC" => &mut *mcc,
            "CC" => &mut *minor,
            other => return Err(format!("sheet CC: {code}: `{other}` is neither MCC nor CC")),
        };
        list.entry(table).or_default().push(code.clone());
    }
    for row in excluded.iter() {
        let [table, code] = row.as_slice() else { continue };
        let number = names.get(table).copied().ok_or_else(|| format!("sheet 排除表: {code} has no table"))?;
        exclude.entry(number).or_default().push(code.clone());
    }
    for (name, list) in ["mcc", "cc", "exclude"].into_iter().zip(&lists) {
        let _ = write!(text, "\n[{name}]\n");
        for (table, codes) in list {
            let _ = write!(text, "table {table}\n{}", write_list(codes));
        }
    }
    Ok(())
}

/// Translates one published rule into the condition language of a plan.
///
/// # Errors
/// A sentence that names the word that is not understood.
pub fn translate(rule: &str) -> Result<String, String> {
    let words = words(rule)?;
    if words.is_empty() {
        return Ok("always".to_owned());
    }
    let mut parser = Parser { words: &words, depth: 0 };
    let text = parser.or()?;
    if let Some(word) = parser.words.first() {
        return Err(format!("unexpected `{word}`"));
    }
    condition::parse(&text)?;
    Ok(text)
}

fn words(rule: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut chars = rule.chars().peekable();
    while let Some(c) = chars.next() {
        let mut word = String::from(c);
        match c {
            c if c.is_whitespace() => continue,
            '(' | ')' | '{' | '}' | ',' | '∩' => {}
            '（' => "(".clone_into(&mut word),
            '）' => ")".clone_into(&mut word),
            '，' => ",".clone_into(&mut word),
            '<' | '>' | '=' => {
                if c != '=' && chars.peek() == Some(&'=') {
                    word.extend(chars.next());
                }
            }
            '≥' => ">=".clone_into(&mut word),
            '≤' => "<=".clone_into(&mut word),
            c if c.is_ascii_alphanumeric() || c == '_' => {
                while let Some(next) = chars.next_if(|n| n.is_ascii_alphanumeric() || *n == '_') {
                    word.push(next);
                }
                word.make_ascii_uppercase();
            }
            other => return Err(format!("`{other}` is not part of the rule language")),
        }
        out.push(word);
    }
    Ok(out)
}

struct Parser<'w> {
    words: &'w [String],
    depth: u32,
}

impl<'w> Parser<'w> {
    fn peek(&self) -> &'w str {
        self.words.first().map_or("", String::as_str)
    }

    fn next(&mut self) -> &'w str {
        let word = self.peek();
        self.words = self.words.get(1..).unwrap_or_default();
        word
    }

    fn expect(&mut self, wanted: &str) -> Result<(), String> {
        match self.next() {
            word if word == wanted => Ok(()),
            "" => Err(format!("`{wanted}` is missing at the end")),
            word => Err(format!("`{word}` stands where `{wanted}` should")),
        }
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Result<String, String>,
    ) -> Result<String, String> {
        let mut parts = vec![part(self)?];
        while self.peek() == word {
            self.next();
            parts.push(part(self)?);
        }
        match parts.as_slice() {
            [one] => Ok(one.clone()),
            many => Ok(format!("({})", many.join(&format!(" {} ", word.to_lowercase())))),
        }
    }

    fn or(&mut self) -> Result<String, String> {
        self.joined("OR", Self::and)
    }

    fn and(&mut self) -> Result<String, String> {
        self.joined("AND", Self::atom)
    }

    fn atom(&mut self) -> Result<String, String> {
        self.depth += 1;
        if self.depth > 300 {
            return Err("the rule is too long".into());
        }
        match self.next() {
            "" => Err("the rule ends too early".into()),
            "(" => {
                let inner = self.or()?;
                self.expect(")")?;
                Ok(inner)
            }
            "NOT" => Ok(format!("not {}", self.atom()?)),
            "1" => Ok("always".into()),
            "{" => {
                let fields = self.list()?;
                self.membership(&fields)
            }
            "LENGTH" => self.count(),
            "NL" => self.compare("age"),
            "XB" => self.compare("sex"),
            "XSRTL" => self.compare("age-days"),
            "XSRTZ" => self.compare("weight"),
            field => self.membership(&[field.to_owned()]),
        }
    }

    /// After the opening brace.
    fn list(&mut self) -> Result<Vec<String>, String> {
        let mut items = Vec::new();
        loop {
            match self.next() {
                "}" if !items.is_empty() => return Ok(items),
                "," => {}
                "" => return Err("a brace is not closed".into()),
                word => items.push(word.to_owned()),
            }
        }
    }

    fn compare(&mut self, name: &str) -> Result<String, String> {
        let (symbol, value) = (self.next(), self.next());
        if !matches!(symbol, "<" | "<=" | "=" | ">=" | ">") || value.parse::<u32>().is_err() {
            return Err(format!("`{name} {symbol} {value}` is not a comparison"));
        }
        Ok(format!("{name}{symbol}{value}"))
    }

    fn sets(&mut self) -> Result<Vec<String>, String> {
        match self.next() {
            "{" => self.list(),
            "" => Err("a set is missing at the end".into()),
            set => Ok(vec![set.to_owned()]),
        }
    }

    fn membership(&mut self, fields: &[String]) -> Result<String, String> {
        let negated = self.peek() == "NOT";
        if negated {
            self.next();
        }
        self.expect("IN")?;
        let sets = self.sets()?;
        let place = place(fields)?;
        let (complications, sets): (Vec<_>, Vec<_>) = sets.into_iter().partition(|s| s == "MCC" || s == "CC");
        let mut parts: Vec<String> = complications.iter().map(|c| c.to_lowercase()).collect();
        if !sets.is_empty() {
            parts.push(format!("{place} {}", sets.join(",")));
        }
        let text = match parts.as_slice() {
            [one] => one.clone(),
            many => format!("({})", many.join(" or ")),
        };
        Ok(if negated { format!("not {text}") } else { text })
    }

    fn count(&mut self) -> Result<String, String> {
        self.expect("(")?;
        let set = self.next();
        self.expect("∩")?;
        let fields = self.sets()?;
        self.expect(")")?;
        self.expect(">=")?;
        let least: u32 = self.next().parse().map_err(|_| "length() needs a number")?;
        match place(&fields)? {
            "any-dx" => Ok(format!("count-dx>={least}:{set}")),
            "any-px" => Ok(format!("count-px>={least}:{set}")),
            other => Err(format!("length() over {other} alone")),
        }
    }
}

fn place(fields: &[String]) -> Result<&'static str, String> {
    let has = |name: &str| fields.iter().any(|f| f == name);
    if let Some(unknown) = fields.iter().find(|f| !["ZYZD", "QTZD", "ZYSS", "QTSS"].contains(&f.as_str())) {
        return Err(format!("unknown field `{unknown}`"));
    }
    Ok(match (has("ZYZD"), has("QTZD"), has("ZYSS"), has("QTSS")) {
        (true, false, false, false) => "main-dx",
        (false, true, false, false) => "other-dx",
        (true, true, false, false) => "any-dx",
        (false, false, true, false) => "main-px",
        (false, false, false, true) => "other-px",
        (false, false, true, true) => "any-px",
        _ => return Err("diagnoses and procedures in one field list".into()),
    })
}
