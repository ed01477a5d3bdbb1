//! `tianmu growth z FILE.csv`, pure over a reader and a writer. Exit status: 0 done, 1 for any [`CliError`].
//!
//! Input columns, in any order, others are kept: `sex` (m/f, also 1/2, 男/女), `age_days`, `weight_kg`, `length_cm`,
//! `position` (lying/standing, also l/h), `head_cm`, `oedema` (y/n), `reference` (who2006|who2007|wst423). Only `sex` must
//! be there; an empty cell or `NA` is not measured. Appended: `z_weight_for_age`, `z_length_for_age`,
//! `z_weight_for_length`, `z_bmi_for_age`, `z_head_for_age` (two decimals, empty where there is none), `flags`
//! (codes joined by `;`: implausible scores, corrections, and why a measured index has no score) and `edition`.

use std::io::{Read, Write};

use thiserror::Error;

use crate::child::{
    Age, Assessment, Indicator, Measurement, Position, Reason, Reference, assess, reference_for_age,
};
use crate::table::Sex;

#[derive(Debug, Error)]
pub enum CliError {
    /// Row 1 is the first after the header; `line` is as an editor counts.
    #[error("row {row} (line {line}): {column}: {reason}")]
    Cell { row: u64, line: u64, column: String, reason: String },
    #[error("row {row} (line {line}): {reason}")]
    Row { row: u64, line: u64, reason: String },
    #[error("column `{0}` is missing")]
    MissingColumn(&'static str),
    #[error(transparent)]
    Write(#[from] std::io::Error),
}

const OUTPUT: [(&str, Indicator); 5] = [
    ("z_weight_for_age", Indicator::WeightForAge),
    ("z_length_for_age", Indicator::LengthForAge),
    ("z_weight_for_length", Indicator::WeightForLength),
    ("z_bmi_for_age", Indicator::BmiForAge),
    ("z_head_for_age", Indicator::HeadForAge),
];

/// Scores every row. `reference` is used where the row names none; without it WHO 2006 scores children under
/// 60 months (or of unknown age) and WHO 2007 the older ones.
///
/// # Errors
/// The first unreadable row with its number and reason (the rows before it have been written), or a write error.
pub fn z_csv(input: impl Read, output: impl Write, reference: Option<Reference>) -> Result<(), CliError> {
    let mut reader = csv::Reader::from_reader(input);
    let header = reader.headers().map_err(|e| row_error(0, &e))?.clone();
    let column = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let columns = Columns {
        sex: column("sex").ok_or(CliError::MissingColumn("sex"))?,
        age_days: column("age_days"),
        weight_kg: column("weight_kg"),
        length_cm: column("length_cm"),
        position: column("position"),
        head_cm: column("head_cm"),
        oedema: column("oedema"),
        reference: column("reference"),
    };
    let mut writer = csv::Writer::from_writer(output);
    let appended = OUTPUT.iter().map(|(name, _)| *name).chain(["flags", "edition"]);
    write(&mut writer, header.iter().chain(appended))?;
    for (number, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|e| row_error(number, &e))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = Row { number, line, record: &record };
        let (child, bad_age) = columns.child(&row)?;
        let reference = match row.cell(columns.reference) {
            "" => reference.unwrap_or_else(|| child.age.map_or(Reference::Who2006, reference_for_age)),
            code => Reference::from_code(&code.to_ascii_lowercase())
                .ok_or_else(|| row.error("reference", "not one of who2006, who2007, wst423", code))?,
        };
        let assessment = assess(&child, reference);
        let scores = OUTPUT.map(|(_, indicator)| match assessment.score(indicator) {
            Ok(score) if bad_age.is_none() => format!("{:.2}", if score.z == 0.0 { 0.0 } else { score.z }),
            _ => String::new(),
        });
        let flags = flags(&assessment, bad_age);
        let tail = scores.iter().map(String::as_str).chain([flags.as_str(), assessment.edition]);
        write(&mut writer, record.iter().chain(tail))?;
    }
    writer.flush()?;
    Ok(())
}

/// What a reader must know, and why an index whose measure is there has no score. That the reference lacks
/// an index, or that nothing was measured, is no news.
fn flags(assessment: &Assessment, bad_age: Option<Reason>) -> String {
    if let Some(reason) = bad_age {
        return reason.code().to_owned();
    }
    let mut codes: Vec<String> = assessment.flags.iter().map(|flag| flag.code()).collect();
    for (_, indicator) in OUTPUT {
        if let Err(reason) = assessment.score(indicator)
            && !matches!(reason, Reason::NotMeasured | Reason::NotInReference)
            && !codes.iter().any(|code| code == reason.code())
        {
            codes.push(reason.code().to_owned());
        }
    }
    codes.join(";")
}

struct Columns {
    sex: usize,
    age_days: Option<usize>,
    weight_kg: Option<usize>,
    length_cm: Option<usize>,
    position: Option<usize>,
    head_cm: Option<usize>,
    oedema: Option<usize>,
    reference: Option<usize>,
}

impl Columns {
    /// The child of a row; an age that nobody has is kept apart as the reason that takes all scores away.
    fn child(&self, row: &Row) -> Result<(Measurement, Option<Reason>), CliError> {
        let sex = match row.cell(Some(self.sex)).to_ascii_lowercase().as_str() {
            "m" | "male" | "1" | "男" => Sex::Male,
            "f" | "female" | "2" | "女" => Sex::Female,
            other => return Err(row.error("sex", "not m or f", other)),
        };
        let (age, bad_age) = match row.number(self.age_days, "age_days")?.map(Age::from_days) {
            Some(Ok(age)) => (Some(age), None),
            Some(Err(reason)) => (None, Some(reason)),
            None => (None, None),
        };
        let position = match row.cell(self.position).to_ascii_lowercase().as_str() {
            "" => None,
            "lying" | "l" | "卧位" => Some(Position::Lying),
            "standing" | "h" | "立位" => Some(Position::Standing),
            other => return Err(row.error("position", "not lying or standing", other)),
        };
        let oedema = match row.cell(self.oedema).to_ascii_lowercase().as_str() {
            "" | "n" | "no" | "否" => false,
            "y" | "yes" | "是" => true,
            other => return Err(row.error("oedema", "not y or n", other)),
        };
        let child = Measurement {
            weight_kg: row.number(self.weight_kg, "weight_kg")?,
            length_cm: row.number(self.length_cm, "length_cm")?,
            position,
            head_cm: row.number(self.head_cm, "head_cm")?,
            oedema,
            ..Measurement::new(sex, age)
        };
        Ok((child, bad_age))
    }
}

struct Row<'a> {
    number: u64,
    line: u64,
    record: &'a csv::StringRecord,
}

impl Row<'_> {
    /// Empty where the column is absent or the cell says that nothing was measured.
    fn cell(&self, column: Option<usize>) -> &str {
        let cell = column.and_then(|index| self.record.get(index)).unwrap_or_default().trim();
        if cell.eq_ignore_ascii_case("na") { "" } else { cell }
    }

    fn number(&self, column: Option<usize>, name: &str) -> Result<Option<f64>, CliError> {
        match self.cell(column) {
            "" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Some(number)),
                _ => Err(self.error(name, "not a number", text)),
            },
        }
    }

    fn error(&self, column: &str, reason: &str, found: &str) -> CliError {
        let found: String = found.chars().take(32).collect();
        let reason = format!("{reason}: {found:?}");
        CliError::Cell { row: self.number, line: self.line, column: column.to_owned(), reason }
    }
}

fn row_error(row: u64, error: &csv::Error) -> CliError {
    let reason = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "not UTF-8 text".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields, the header has {expected_len}")
        }
        _ => error.to_string(),
    };
    CliError::Row { row, line: error.position().map_or(1, csv::Position::line), reason }
}

fn write<'a>(
    writer: &mut csv::Writer<impl Write>,
    cells: impl Iterator<Item = &'a str>,
) -> Result<(), CliError> {
    writer.write_record(cells).map_err(|e| CliError::Write(std::io::Error::other(e)))
}
