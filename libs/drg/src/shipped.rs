//! The plans that come with the program.

use std::sync::LazyLock;

use crate::codes::CodeBook;
use crate::plan::{Plan, PlanError};

const BOOK: &str = include_str!("../../../definitions/drg/codes-yb2.txt");

/// Name, other spellings that are accepted, text.
const PLANS: &[(&str, &[&str], &str)] = &[
    (
        "chs_drg_11",
        &["chs-drg-1.1", "chs_drg_1.1", "chs-drg-11"],
        include_str!("../../../definitions/drg/chs_drg_11.txt"),
    ),
    (
        "changzhou_2022",
        &["changzhou-2022", "changzhou"],
        include_str!("../../../definitions/drg/changzhou_2022.txt"),
    ),
];

/// Names of the shipped plans.
pub fn names() -> impl Iterator<Item = &'static str> {
    PLANS.iter().map(|(name, _, _)| *name)
}

/// The shipped book of codes.
///
/// # Errors
/// Only if the shipped file is damaged.
pub fn book() -> Result<&'static CodeBook, PlanError> {
    static READ: LazyLock<Result<CodeBook, (usize, String)>> = LazyLock::new(|| CodeBook::parse(BOOK));
    READ.as_ref().map_err(|(line, reason)| PlanError { line: *line, reason: reason.clone() })
}

/// Compiles a shipped plan by name; `None` if there is no such plan. Takes some tens of milliseconds: keep it.
///
/// # Errors
/// Only if the shipped file is damaged.
pub fn plan(name: &str) -> Result<Option<Plan>, PlanError> {
    let wanted = name.trim().to_ascii_lowercase();
    let Some((_, _, text)) =
        PLANS.iter().find(|(name, others, _)| *name == wanted || others.contains(&wanted.as_str()))
    else {
        return Ok(None);
    };
    Plan::parse(text, book()?).map(Some)
}
