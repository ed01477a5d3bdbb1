//! Code lists in the plan files, and the book of codes that all plans share.
//!
//! A list is written with its three-character heads once: `S01. 800x011 801 S02. 101` means S01.800x011,
//! S01.801, S02.101. A word that ends in a dot is a head. The book of codes says which codes the insurance
//! edition has and how the clinical edition is converted; it holds no names (those belong to terminology).

use std::collections::{HashMap, HashSet};

/// Calls `each` for every code of a line; `head` is carried from line to line.
pub(crate) fn read_list(line: &str, head: &mut String, mut each: impl FnMut(String)) -> Result<(), String> {
    for word in line.split_whitespace() {
        if word.ends_with('.') {
            word.clone_into(head);
        } else if head.is_empty() {
            return Err(format!("`{word}` stands before any head"));
        } else {
            each(format!("{head}{word}"));
        }
    }
    Ok(())
}

/// Writes codes (sorted, without repetition) in the form in which plan files hold them.
#[must_use]
pub fn write_list(codes: &[String]) -> String {
    const WIDTH: usize = 118;
    let mut sorted: Vec<&str> = codes.iter().map(|c| c.trim()).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let (mut text, mut line, mut head) = (String::new(), String::new(), "");
    for code in sorted {
        let cut = code.find('.').map_or(0, |i| i + 1);
        let (code_head, tail) = code.split_at(cut);
        let mut word = String::new();
        if code_head != head || line.is_empty() {
            word.push_str(code_head);
            word.push(' ');
            head = code_head;
        }
        word.push_str(tail);
        if line.len() + word.len() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line.clear();
            line.push_str(code_head);
            line.push(' ');
            line.push_str(tail);
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
    }
    if !line.is_empty() {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn put(set: &mut HashSet<String>, code: String) {
    set.insert(code);
}

/// What the two editions know.
#[derive(Debug, Default)]
pub struct CodeBook {
    pub name: String,
    pub source: String,
    pub insurance_dx: HashSet<String>,
    pub insurance_px: HashSet<String>,
    /// Clinical code -> insurance code, only where they differ.
    pub clinical_dx: HashMap<String, String>,
    pub clinical_px: HashMap<String, String>,
    /// Insurance codes that the clinical edition does not have.
    pub insurance_only_dx: HashSet<String>,
    pub insurance_only_px: HashSet<String>,
}

impl CodeBook {
    /// Reads a book of codes.
    ///
    /// # Errors
    /// Line number (from 1) and reason.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut book = Self::default();
        let mut section = "";
        let mut head = String::new();
        for (number, line) in text.lines().enumerate() {
            let line_number = number + 1;
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix("[").and_then(|l| l.strip_suffix(']')) {
                section = name;
                head.clear();
                continue;
            }
            let fail = |reason: String| (line_number, reason);
            match section {
                "" => match line.split_once(' ') {
                    Some(("codes", name)) => name.clone_into(&mut book.name),
                    Some(("source", source)) => source.clone_into(&mut book.source),
                    Some(("edition" | "in-force" | "licence" | "note", _)) => {}
                    _ => return Err(fail(format!("unknown heading `{line}`"))),
                },
                "dx" => read_list(line, &mut head, |c| put(&mut book.insurance_dx, c)).map_err(fail)?,
                "px" => read_list(line, &mut head, |c| put(&mut book.insurance_px, c)).map_err(fail)?,
                "dx-insurance-only" => {
                    read_list(line, &mut head, |c| put(&mut book.insurance_only_dx, c)).map_err(fail)?;
                }
                "px-insurance-only" => {
                    read_list(line, &mut head, |c| put(&mut book.insurance_only_px, c)).map_err(fail)?;
                }
                "dx-clinical" | "px-clinical" => {
                    let map =
                        if section == "dx-clinical" { &mut book.clinical_dx } else { &mut book.clinical_px };
                    for pair in line.split_whitespace() {
                        let (from, to) =
                            pair.split_once('>').ok_or_else(|| fail(format!("`{pair}` is not a>b")))?;
                        map.insert(from.to_owned(), to.to_owned());
                    }
                }
                other => return Err(fail(format!("unknown section `{other}`"))),
            }
        }
        Ok(book)
    }
}
