//! `tianmu drg group FILE.csv --plan NAME [--explain]`: a file in, the same file with the groups appended.
//!
//! Columns by name, in any order: `index gender age age_day weight_g los leaving_type dx px` (codes separated by
//! `|`), of which `gender age dx` must be there; further columns pass through. Appended: `status mdc adrg drg`, and with
//! `--explain` `evidence` and `changes` (single changes of the record that end in another group). A value that cannot be
//! read makes its own row 信息校验不通过; a file that cannot be read as a table stops with row and reason. Rows are
//! streamed.

use std::io::{Read, Write};

use thiserror::Error;

use crate::compare::{Comparison, Totals};
use crate::group::{Outcome, Status};
use crate::plan::{Plan, PlanError};
use crate::record::{CodeEdition, Invalid, Record, Sex};
use crate::shipped;

/// Why a file was not done. [`CliError::exit_status`] gives the status of the process.
#[derive(Debug, Error)]
pub enum CliError {
    #[error("没有分组方案 {name}；可用：{known} (no such plan; there are: {known})")]
    UnknownPlan { name: String, known: String },
    #[error("缺少列 {0} (column is missing)")]
    MissingColumn(&'static str),
    /// Row 1 is the first after the header; `line` is as an editor counts.
    #[error("第{row}条(文件第{line}行)：{reason} (row {row}, line {line})")]
    Row { row: u64, line: u64, reason: String },
    #[error("不能写出结果：{0} (output cannot be written)")]
    Output(std::io::Error),
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl CliError {
    /// 2 for a wrong call, 1 for input that cannot be read.
    #[must_use]
    pub const fn exit_status(&self) -> u8 {
        match self {
            Self::UnknownPlan { .. } => 2,
            _ => 1,
        }
    }
}

const COLUMNS: [&str; 9] =
    ["index", "gender", "age", "age_day", "weight_g", "los", "leaving_type", "dx", "px"];

/// Without these there is nothing to group by.
const REQUIRED: [&str; 3] = ["gender", "age", "dx"];

struct Columns([Option<usize>; 9]);

impl Columns {
    fn find(header: &csv::StringRecord) -> Result<Self, CliError> {
        let mut places = [None; 9];
        for (place, name) in places.iter_mut().zip(COLUMNS) {
            *place = header.iter().position(|h| h.trim().eq_ignore_ascii_case(name));
            if place.is_none() && REQUIRED.contains(&name) {
                return Err(CliError::MissingColumn(name));
            }
        }
        Ok(Self(places))
    }

    fn cell<'r>(&self, row: &'r csv::StringRecord, column: usize) -> &'r str {
        self.0.get(column).copied().flatten().and_then(|i| row.get(i)).unwrap_or_default().trim()
    }
}

/// A whole number; `12.0` and `12.00` are how spreadsheets write 12.
fn number(text: &str) -> Result<Option<u32>, Invalid> {
    let text = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    };
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Invalid::Unreadable)
}

/// Reads a row and hands the record on; an unreadable value is the row's own failure.
fn with_record<T>(
    columns: &Columns,
    row: &csv::StringRecord,
    codes: CodeEdition,
    work: impl FnOnce(Result<&Record<'_>, Invalid>) -> T,
) -> T {
    let cell = |i| columns.cell(row, i);
    let split = |text| -> Vec<&str> { str::split(text, ['|', ',']).collect() };
    let diagnoses = split(cell(7));
    let procedures = if cell(8).is_empty() { Vec::new() } else { split(cell(8)) };
    let build = || -> Result<Record<'_>, Invalid> {
        Ok(Record {
            sex: Sex::parse(cell(1)),
            age_years: number(cell(2)).map_err(|_| Invalid::Age)?,
            age_days: number(cell(3))?,
            weight_g: number(cell(4))?,
            los_days: number(cell(5))?,
            leaving_type: number(cell(6))?.and_then(|n| u8::try_from(n).ok()),
            diagnoses: &diagnoses,
            procedures: &procedures,
            codes,
        })
    };
    match build() {
        Ok(record) => work(Ok(&record)),
        Err(reason) => work(Err(reason)),
    }
}

fn load(name: &str) -> Result<Plan, CliError> {
    shipped::plan(name)?.ok_or_else(|| CliError::UnknownPlan {
        name: name.to_owned(),
        known: shipped::names().collect::<Vec<_>>().join(", "),
    })
}

fn output_error(error: csv::Error) -> CliError {
    match error.into_kind() {
        csv::ErrorKind::Io(e) => CliError::Output(e),
        other => CliError::Output(std::io::Error::other(format!("{other:?}"))),
    }
}

fn row_error(row: u64, error: &csv::Error) -> CliError {
    let reason = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "不是UTF-8文本 (not UTF-8 text)".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("应有{expected_len}列，实有{len}列 (expected {expected_len} fields, found {len})")
        }
        _ => error.to_string(),
    };
    CliError::Row { row, line: error.position().map_or(1, csv::Position::line), reason }
}

/// Reads rows and calls `each` with the row's number (1 = first after the header), cells and record.
fn rows(
    input: impl Read,
    codes: CodeEdition,
    mut header_seen: impl FnMut(&csv::StringRecord) -> Result<(), CliError>,
    mut each: impl FnMut(&csv::StringRecord, Result<&Record<'_>, Invalid>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(input);
    let header = reader.headers().map_err(|e| row_error(0, &e))?.clone();
    let columns = Columns::find(&header)?;
    header_seen(&header)?;
    let mut row = csv::StringRecord::new();
    let mut number = 0;
    loop {
        number += 1;
        if !reader.read_record(&mut row).map_err(|e| row_error(number, &e))? {
            return Ok(());
        }
        with_record(&columns, &row, codes, |record| each(&row, record))?;
    }
}

/// Groups a file by a shipped plan.
///
/// # Errors
/// See [`CliError`]; rows before the failing one have been written.
pub fn group_csv(input: impl Read, output: impl Write, plan: &str, options: Options) -> Result<(), CliError> {
    group_csv_by(input, output, &load(plan)?, options)
}

/// How a file is grouped.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Append the evidence.
    pub explain: bool,
    /// Edition of the codes in the file.
    pub codes: CodeEdition,
}

/// The same with a plan at hand.
///
/// # Errors
/// See [`CliError`].
pub fn group_csv_by(
    input: impl Read,
    output: impl Write,
    plan: &Plan,
    Options { explain, codes }: Options,
) -> Result<(), CliError> {
    let writer = std::cell::RefCell::new(csv::WriterBuilder::new().from_writer(output));
    let write_row = |cells: &csv::StringRecord, appended: &[&str]| {
        let mut writer = writer.borrow_mut();
        for cell in cells {
            writer.write_field(cell).map_err(output_error)?;
        }
        for cell in appended {
            writer.write_field(cell).map_err(output_error)?;
        }
        writer.write_record(None::<&[u8]>).map_err(output_error)
    };
    let mut names = vec!["status", "mdc", "adrg", "drg"];
    if explain {
        names.extend(["evidence", "changes"]);
    }
    rows(
        input,
        codes,
        |header| write_row(header, &names),
        |cells, record| {
            let (outcome, evidence) = match record {
                Err(reason) => {
                    let outcome = Outcome::none(&plan.info().name, Status::Invalid(reason));
                    (outcome, explain.then(|| [reason.to_string(), String::new()]))
                }
                Ok(record) if explain => {
                    let explanation = plan.explain(record);
                    let evidence = explanation.sentences().join(" / ");
                    (explanation.outcome, Some([evidence, changes(plan, record)]))
                }
                Ok(record) => (plan.group(record), None),
            };
            let mut appended = vec![outcome.status.chinese(), outcome.mdc, outcome.adrg, outcome.drg];
            appended.extend(evidence.iter().flatten().map(String::as_str));
            write_row(cells, &appended)
        },
    )?;
    writer.borrow_mut().flush().map_err(CliError::Output)
}

/// `change → group` for every single change that ends elsewhere.
fn changes(plan: &Plan, record: &Record<'_>) -> String {
    let alternatives = plan.what_if(record);
    let text = |a: &crate::what_if::Alternative<'_>| {
        let group = if a.outcome.status == Status::Grouped { "" } else { a.outcome.status.chinese() };
        format!("{} → {group}{}", a.change.text(), if group.is_empty() { a.outcome.drg } else { "" })
    };
    alternatives.iter().map(text).collect::<Vec<_>>().join(" / ")
}

/// Groups a file by two shipped plans and writes the migration matrix (`before,after,records`). Gives the totals.
///
/// # Errors
/// See [`CliError`].
pub fn compare_csv(
    input: impl Read,
    output: impl Write,
    before: &str,
    after: &str,
) -> Result<Totals, CliError> {
    let (before, after) = (load(before)?, load(after)?);
    let mut comparison = Comparison::new(&before, &after);
    let mut unreadable = 0u64;
    rows(
        input,
        CodeEdition::default(),
        |_| Ok(()),
        |_, record| {
            match record {
                Ok(record) => drop(comparison.add(record)),
                Err(_) => unreadable += 1,
            }
            Ok(())
        },
    )?;
    let mut writer = csv::Writer::from_writer(output);
    let head = [before.info().name.as_str(), after.info().name.as_str(), "records"];
    writer.write_record(head).map_err(output_error)?;
    for (a, b, n) in comparison.matrix() {
        writer.write_record([a, b, &n.to_string()]).map_err(output_error)?;
    }
    if unreadable > 0 {
        writer.write_record(["0000", "0000", &unreadable.to_string()]).map_err(output_error)?;
    }
    writer.flush().map_err(CliError::Output)?;
    let totals = comparison.totals();
    Ok(Totals { records: totals.records + unreadable, neither: totals.neither + unreadable, ..totals })
}
