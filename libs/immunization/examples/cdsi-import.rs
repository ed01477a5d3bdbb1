//! Makes a rule pack from the CDC's CDSi supporting data (one XML file for each antigen; public domain).
//!
//! ```text
//! cargo run -p immunization --example cdsi-import -- FOLDER NAME EDITION OUT.toml
//! ```
//! Standard series only: risk series need observations that no schedule here asks for. Left out with a line on the
//! error stream, never guessed: intervals from an observation, conditions on a completed risk series.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::{env, error::Error, fs};

use roxmltree::{Document, Node};

type Res<T> = Result<T, Box<dyn Error>>;

/// Injected live vaccines among the CVX codes (CDSi schedule supporting data, live virus conflicts).
const LIVE: [&str; 6] = ["03", "04", "05", "06", "21", "94"];

fn main() -> Res<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [folder, name, edition, out] = args.as_slice() else {
        return Err("usage: FOLDER NAME EDITION OUT.toml".into());
    };
    let mut files: Vec<_> = fs::read_dir(folder)?.filter_map(|f| f.ok().map(|f| f.path())).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "xml"));
    files.sort();
    let mut pack = Import::default();
    for file in files {
        let text = fs::read_to_string(&file)?;
        pack.antigen(&Document::parse(&text)?)?;
    }
    let text = pack.write(name, edition);
    immunization::Pack::parse(&text)?;
    fs::write(out, text)?;
    for line in pack.left_out {
        writeln!(std::io::stderr(), "left out: {line}")?;
    }
    Ok(())
}

#[derive(Default)]
struct Import {
    groups: BTreeSet<String>,
    products: BTreeMap<String, String>,
    series: String,
    conditions: BTreeMap<String, (String, BTreeSet<String>)>,
    left_out: BTreeSet<String>,
}

fn text<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    node.children().find(|n| n.has_tag_name(name)).and_then(|n| n.text()).unwrap_or_default().trim()
}

fn each<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |n| n.has_tag_name(name) && n.has_children())
}

/// `9 years - 4 days` -> `9y-4d`.
fn period(text: &str) -> Res<String> {
    let mut out = String::new();
    let spaced = text.replace('+', " + ").replace('-', " - ");
    for word in spaced.split_whitespace() {
        out.push_str(match word.trim_end_matches('s') {
            "year" => "y",
            "month" => "m",
            "week" => "w",
            "day" => "d",
            _ => word,
        });
    }
    immunization::Period::parse(&out).map_err(|e| format!("{text}: {e}"))?;
    Ok(out)
}

fn date(text: &str) -> String {
    match (text.get(..4), text.get(4..6), text.get(6..8)) {
        (Some(y), Some(m), Some(d)) => format!("{y}-{m}-{d}"),
        _ => String::new(),
    }
}

/// `key = "value"` for every pair that has a value.
fn fields(pairs: &[(&str, String)]) -> Vec<String> {
    pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k} = \"{v}\"")).collect()
}

fn periods(node: Node<'_, '_>, pairs: &[(&'static str, &str)]) -> Res<Vec<String>> {
    let mut out = Vec::new();
    for (key, tag) in pairs {
        let value = text(node, tag);
        if !value.is_empty() {
            out.push(format!("{key} = \"{}\"", period(value)?));
        }
    }
    Ok(out)
}

fn days(node: Node<'_, '_>, from: &str, until: &str) -> Vec<String> {
    fields(&[("from", date(text(node, from))), ("until", date(text(node, until)))])
}

fn table(parts: &[String]) -> String {
    format!("{{ {} }}", parts.join(", "))
}

fn quoted<'a>(codes: impl IntoIterator<Item = &'a String>) -> String {
    let list: Vec<String> = codes.into_iter().map(|c| format!("\"{c}\"")).collect();
    format!("[{}]", list.join(", "))
}

impl Import {
    fn antigen(&mut self, document: &Document<'_>) -> Res<()> {
        let root = document.root_element();
        let mut disease = String::new();
        for series in each(root, "series") {
            if text(series, "seriesType") != "Standard" {
                continue;
            }
            text(series, "targetDisease").clone_into(&mut disease);
            let genders: Vec<&str> = series
                .children()
                .filter(|n| n.has_tag_name("requiredGender"))
                .filter_map(|n| n.text())
                .collect();
            self.one_series(series, &disease, &genders)?;
        }
        if disease.is_empty() {
            return Ok(());
        }
        self.groups.insert(disease.clone());
        let group = each(root, "contraindications").flat_map(|c| each(c, "vaccineGroup"));
        for contraindication in group.flat_map(|g| each(g, "contraindication")) {
            let code = format!("obs_{}", text(contraindication, "observationCode"));
            let title = text(contraindication, "observationTitle").replace('"', "'");
            self.conditions.entry(code).or_insert((title, BTreeSet::new())).1.insert(disease.clone());
        }
        Ok(())
    }

    fn one_series(&mut self, series: Node<'_, '_>, disease: &str, genders: &[&str]) -> Res<()> {
        let name = text(series, "seriesName").replace('"', "'");
        let sex = match (genders.contains(&"Female"), genders.contains(&"Male")) {
            (true, false) => "sex = \"female\"\n",
            (false, true) => "sex = \"male\"\n",
            _ => "",
        };
        let select = each(series, "selectSeries").next().ok_or("no selectSeries")?;
        let mut products = BTreeSet::new();
        for kind in ["preferableVaccine", "allowableVaccine", "inadvertentVaccine"] {
            for vaccine in each(series, "seriesDose").flat_map(|d| each(d, kind)) {
                let code = text(vaccine, "cvx").to_owned();
                self.products
                    .entry(code.clone())
                    .or_insert_with(|| text(vaccine, "vaccineType").replace('"', "'"));
                products.insert(code);
            }
        }
        write!(
            self.series,
            "\n[[series]]\nid = \"{name}\"\ngroup = \"{disease}\"\nname = {{ zh = \"{name}\", en = \"\" }}\n{sex}"
        )?;
        if text(select, "productPath") == "Yes" {
            self.series.push_str("product_path = true\n");
        }
        for line in periods(select, &[("start_from", "minAgeToStart"), ("start_before", "maxAgeToStart")])? {
            writeln!(self.series, "{line}")?;
        }
        writeln!(self.series, "products = {}\ndose = [", quoted(&products))?;
        for dose in each(series, "seriesDose") {
            let line = self.dose(dose, &products, &name)?;
            writeln!(self.series, "  {line},")?;
        }
        self.series.push_str("]\n");
        Ok(())
    }

    fn dose(&mut self, dose: Node<'_, '_>, products: &BTreeSet<String>, name: &str) -> Res<String> {
        let mut parts = Vec::new();
        let mut ages = Vec::new();
        for age in each(dose, "age") {
            let mut line = days(age, "effectiveDate", "cessationDate");
            line.extend(periods(
                age,
                &[
                    ("absolute", "absMinAge"),
                    ("min", "minAge"),
                    ("recommended", "earliestRecAge"),
                    ("before", "latestRecAge"),
                    ("max", "maxAge"),
                ],
            )?);
            ages.push(table(&line));
        }
        parts.push(format!("age = [{}]", ages.join(", ")));
        for (key, tag) in [("interval", "interval"), ("allowable_interval", "allowableInterval")] {
            let mut lines = Vec::new();
            for interval in each(dose, tag) {
                lines.extend(self.interval(interval, name)?);
            }
            if !lines.is_empty() {
                parts.push(format!("{key} = [{}]", lines.join(", ")));
            }
        }
        parts.push(format!("accept = [{}]", accepts(dose)?));
        let mut skips = Vec::new();
        for skip in each(dose, "conditionalSkip") {
            let context = match text(skip, "context") {
                "Evaluation" => "context = \"evaluation\"",
                "Forecast" => "context = \"forecast\"",
                _ => "",
            };
            for set in each(skip, "set") {
                self.skip_set(set, context, products, name, &mut skips)?;
            }
        }
        if !skips.is_empty() {
            parts.push(format!("skip = [{}]", skips.join(", ")));
        }
        if text(dose, "recurringDose") == "Yes" {
            parts.push("recurring = true".to_owned());
        }
        Ok(table(&parts))
    }

    fn interval(&mut self, interval: Node<'_, '_>, name: &str) -> Res<Option<String>> {
        let mut line = days(interval, "effectiveDate", "cessationDate");
        let most_recent = text(interval, "fromMostRecent");
        if !text(interval, "fromTargetDose").is_empty() {
            line.push(format!("dose = {}", text(interval, "fromTargetDose")));
        } else if !most_recent.is_empty() {
            let codes: Vec<String> = most_recent.split(';').map(|c| c.trim().to_owned()).collect();
            for code in &codes {
                self.products.entry(code.clone()).or_default();
            }
            line.push(format!("after = {}", quoted(&codes)));
        } else if text(interval, "fromPrevious") != "Y" {
            self.left_out.insert(format!("{name}: interval from an observation"));
            return Ok(None);
        }
        let absolute = text(interval, "absMinInt");
        let least = if text(interval, "minInt").is_empty() { absolute } else { text(interval, "minInt") };
        if least.is_empty() {
            return Ok(None);
        }
        line.push(format!("min = \"{}\"", period(least)?));
        line.extend(periods(
            interval,
            &[("absolute", "absMinInt"), ("recommended", "earliestRecInt"), ("before", "latestRecInt")],
        )?);
        if text(interval, "intervalPriority") == "override" {
            line.push("overrides_age = true".to_owned());
        }
        Ok(Some(table(&line)))
    }

    fn skip_set(
        &mut self,
        set: Node<'_, '_>,
        context: &str,
        products: &BTreeSet<String>,
        name: &str,
        skips: &mut Vec<String>,
    ) -> Res<()> {
        let any = text(set, "conditionLogic") == "OR";
        let mut together: Vec<String> = Vec::new();
        let mut counts: Vec<String> = Vec::new();
        let context = (!context.is_empty()).then(|| context.to_owned());
        for condition in each(set, "condition") {
            let ages = [("age_from", "beginAge"), ("age_before", "endAge")];
            let (mut own, mut count) = (Vec::new(), None);
            match text(condition, "conditionType").to_lowercase().as_str() {
                "age" => own = periods(condition, &ages)?,
                "interval" => own = periods(condition, &[("interval_from", "interval")])?,
                "vaccine count by age" | "vaccine count by date" => {
                    let mut line = periods(condition, &ages)?;
                    line.extend(days(condition, "startDate", "endDate"));
                    let listed = text(condition, "vaccineTypes").split(';').map(|c| c.trim().to_owned());
                    let listed: Vec<String> = listed.filter(|c| products.contains(c)).collect();
                    if !listed.is_empty() {
                        line.push(format!("products = {}", quoted(&listed)));
                    }
                    if text(condition, "doseType") == "Total" {
                        line.push("total = true".to_owned());
                    }
                    let number: usize = text(condition, "doseCount").parse()?;
                    line.push(match text(condition, "doseCountLogic") {
                        "greater than" => format!("at_least = {}", number + 1),
                        "equal to" => format!("at_least = {number}, at_most = {number}"),
                        "less than" => format!("at_most = {}", number.saturating_sub(1)),
                        other => return Err(format!("{name}: count `{other}`").into()),
                    });
                    count = Some(table(&line));
                }
                other => {
                    self.left_out.insert(format!("{name}: condition `{other}`"));
                    if !any {
                        // One condition of a conjunction is not known: the conjunction never holds.
                        return Ok(());
                    }
                    continue;
                }
            }
            if any {
                let mut line: Vec<String> = context.iter().cloned().chain(own).collect();
                line.extend(count.map(|c| format!("count = [{c}]")));
                skips.push(table(&line));
            } else {
                together.extend(own);
                counts.extend(count);
            }
        }
        if !any && (!together.is_empty() || !counts.is_empty()) {
            let mut line: Vec<String> = context.into_iter().chain(together).collect();
            if !counts.is_empty() {
                line.push(format!("count = [{}]", counts.join(", ")));
            }
            skips.push(table(&line));
        }
        Ok(())
    }

    fn write(&self, name: &str, edition: &str) -> String {
        let mut text = format!(
            "# Written by examples/cdsi-import.rs; do not edit by hand. Format: README.md in this folder.\n\
             [schedule]\nname = \"{name}\"\naliases = []\ntitle = \"ACIP schedule, CDSi supporting data {edition}\"\n\
             edition = \"{edition}\"\nin_force = \"2023\"\n\
             source = \"CDC CDSi supporting data, version {edition}; public domain\"\n\
             note = \"Standard series only; for checks, not a national schedule.\"\n\
             minimum_overflow = \"next_month\"\nrecommended_overflow = \"next_month\"\n\n"
        );
        let mut line = |s: String| {
            text.push_str(&s);
            text.push('\n');
        };
        for group in &self.groups {
            line(format!("[[group]]\ncode = \"{group}\"\nname = {{ zh = \"{group}\", en = \"\" }}"));
        }
        line(String::new());
        for (code, title) in &self.products {
            line(format!(
                "[[product]]\ncode = \"{code}\"\nname = {{ zh = \"CVX {code}\", en = \"CVX{code} {title}\" }}"
            ));
            if LIVE.contains(&code.as_str()) {
                line("live = \"injected\"".to_owned());
            }
        }
        line("\n[[live]]\nlive = \"injected\"\nmin = \"28d\"".to_owned());
        line(self.series.clone());
        for (code, (title, groups)) in &self.conditions {
            line(format!(
                "[[condition]]\ncode = \"{code}\"\nname = {{ zh = \"{title} [{code}]\", en = \"\" }}"
            ));
            line(format!("[[condition.effect]]\nkind = \"contraindicated\"\ngroups = {}", quoted(groups)));
        }
        text
    }
}

fn accepts(dose: Node<'_, '_>) -> Res<String> {
    let mut by_age: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    let mut order: Vec<Vec<String>> = Vec::new();
    for kind in ["preferableVaccine", "allowableVaccine"] {
        for vaccine in each(dose, kind) {
            let ages = periods(vaccine, &[("age_from", "beginAge"), ("age_before", "endAge")])?;
            if !order.contains(&ages) {
                order.push(ages.clone());
            }
            by_age.entry(ages).or_default().insert(text(vaccine, "cvx").to_owned());
        }
    }
    let mut lines = Vec::new();
    for ages in order {
        let codes = by_age.get(&ages).map(quoted).unwrap_or_default();
        let mut line = vec![format!("products = {codes}")];
        line.extend(ages);
        lines.push(table(&line));
    }
    Ok(lines.join(", "))
}
