//! `tianmu immunize FILE.ndjson`: one person a line in, one answer a line out.
//!
//! In: `{"schedule":"cn_nip_2026","sex":"f","birth":"2025-03-31","as_of":"2026-01-05",
//! "history":[{"date":"2025-03-31","vaccine":"HepB"}],"conditions":[]}`. `schedule` is a name or `cn_nip` for the national
//! edition of the day of assessment; `sex` is m/f/1/2/男/女 or absent; `history` and `conditions` may be absent;
//! a history item may say `"substandard":true`. A vaccine is named by its code (`DTaP`, `MPSV-AC`; CVX code in the CDC
//! schedules), Chinese or English name; a condition by its code or Chinese name (definitions/schedules). An immunoglobulin
//! stands in the history, or as `IG:2026-03-01` among the conditions, and is then answered after the history.
//! Out: the line's number (`row`), `schedule`, `edition`, `doses`, `forecast` and `problems`; or `error` with `code` and
//! `message` for a person who cannot be assessed. A line that cannot be read at all stops with row and reason.

use std::io::{BufRead, Read, Write};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::assess::{Assessment, Given, Person, assess};
use crate::pack::{Pack, Sex};
use crate::shipped;

/// Why a file was not done; always exit status 1.
#[derive(Debug, Error)]
pub enum CliError {
    #[error("第{row}行：{reason} (row {row} cannot be read)")]
    Row { row: usize, reason: String },
    #[error("不能写出结果：{0} (output cannot be written)")]
    Output(#[from] std::io::Error),
    #[error("随程序的免疫程序损坏：{0} (a shipped schedule is damaged)")]
    Schedule(String),
}

impl CliError {
    #[must_use]
    pub const fn exit_status(&self) -> u8 {
        1
    }
}

#[derive(Deserialize)]
struct Line {
    schedule: String,
    #[serde(default)]
    sex: Option<String>,
    birth: Date,
    as_of: Date,
    history: Option<Vec<LineDose>>,
    conditions: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct LineDose {
    date: Date,
    vaccine: String,
    #[serde(default)]
    substandard: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    row: usize,
    #[serde(flatten)]
    assessment: Option<&'a Assessment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Refusal>,
}

#[derive(Serialize)]
struct Refusal {
    code: &'static str,
    message: String,
}

/// A line may be this long, in bytes; no more of it is read.
const MAX_LINE: usize = 1 << 20;

fn read_sex(text: Option<&str>, row: usize) -> Result<Option<Sex>, CliError> {
    match text.unwrap_or_default().trim().to_lowercase().as_str() {
        "" | "u" | "0" | "9" | "unknown" => Ok(None),
        "f" | "2" | "女" | "female" => Ok(Some(Sex::Female)),
        "m" | "1" | "男" | "male" => Ok(Some(Sex::Male)),
        other => Err(CliError::Row { row, reason: format!("sex `{other}`") }),
    }
}

/// `IG:2026-03-01` among the conditions is an immunoglobulin of that day.
fn immunoglobulin(pack: &Pack, text: &str) -> Option<Given> {
    let (name, date) = text.split_once([':', '：'])?;
    let product = pack.find_product(name).filter(|p| p.immunoglobulin)?;
    Some(Given { date: date.trim().parse().ok()?, vaccine: product.code.clone(), substandard: false })
}

/// Assesses every line.
///
/// # Errors
/// See [`CliError`]; lines before the failing one have been written.
pub fn immunize_ndjson(mut input: impl BufRead, mut output: impl Write) -> Result<(), CliError> {
    let mut bytes = Vec::new();
    for row in 1.. {
        let fail = |reason: String| CliError::Row { row, reason };
        bytes.clear();
        let most = u64::try_from(MAX_LINE).unwrap_or(u64::MAX).saturating_add(1);
        let read = input.by_ref().take(most).read_until(b'\n', &mut bytes);
        if read.map_err(|e| fail(e.to_string()))? == 0 {
            break;
        }
        if bytes.len() > MAX_LINE {
            return Err(fail("line is longer than 1 MiB".into()));
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| fail("not UTF-8 text".into()))?;
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(text).map_err(|e| fail(e.to_string()))?;
        let named = match line.schedule.as_str() {
            "cn_nip" | "cn" => shipped::national(line.as_of),
            name => shipped::pack(name),
        };
        let pack = named.map_err(|e| CliError::Schedule(e.to_string()))?.ok_or_else(|| {
            let known: Vec<&str> = shipped::names().into_iter().flatten().collect();
            fail(format!("no schedule `{}`; there are: cn_nip, {}", line.schedule, known.join(", ")))
        })?;
        let mut history: Vec<Given> = line
            .history
            .unwrap_or_default()
            .into_iter()
            .map(|d| Given { date: d.date, vaccine: d.vaccine, substandard: d.substandard })
            .collect();
        let mut conditions = Vec::new();
        for text in line.conditions.unwrap_or_default() {
            match immunoglobulin(pack, &text) {
                Some(given) => history.push(given),
                None => conditions.push(text),
            }
        }
        let person = Person {
            sex: read_sex(line.sex.as_deref(), row)?,
            birth: line.birth,
            as_of: line.as_of,
            history: &history,
            conditions: &conditions,
        };
        let result = assess(pack, &person);
        let answer = Answer {
            row,
            assessment: result.as_ref().ok(),
            error: result.as_ref().err().map(|e| Refusal { code: e.code(), message: e.to_string() }),
        };
        serde_json::to_writer(&mut output, &answer).map_err(std::io::Error::from)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(())
}
