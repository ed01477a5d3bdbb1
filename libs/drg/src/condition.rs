//! The condition language of a plan: what the official text says in words, as data.
//!
//! ```text
//! main-dx BB1.d and any-px BB1.p         main diagnosis in one set, any procedure in another
//! sites>=2:Z1,Z2,Z3 and not any-px VALID
//! age<=17   age-days<=28   weight>=1500 and weight<2000   los<5 and leaving=2,5
//! mcc   (mcc or cc)   sex=2   px-count>=3   count-px>=2:FM.p   has-px   dx-prefix=O30,O31   always
//! ```
//!
//! A number that is missing makes its comparison false, and so does a weight of zero. `and` binds closer than
//! `or`; brackets group.

use crate::record::Sex;

/// Which code of the record a set is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Main,
    Other,
    Any,
}

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Diagnosis,
    Procedure,
}

/// A number of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    AgeYears,
    AgeDays,
    WeightG,
    LosDays,
    DiagnosisCount,
    ProcedureCount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Compare {
    #[must_use]
    pub const fn holds(self, left: u32, right: u32) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }

    const fn symbol(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
            Self::AtLeast => ">=",
            Self::More => ">",
        }
    }
}

/// A compiled condition. `S` is how a set is named: text while parsing, an index once compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition<S> {
    Always,
    All(Vec<Condition<S>>),
    Any(Vec<Condition<S>>),
    Not(Box<Condition<S>>),
    /// A code at `place` is in one of the sets.
    In {
        list: List,
        place: Place,
        sets: Vec<S>,
    },
    /// At least `least` codes of the list are in the sets.
    Count {
        list: List,
        least: u32,
        sets: Vec<S>,
    },
    /// At least `least` of the sets (body sites) hold a diagnosis.
    Sites {
        least: u32,
        sets: Vec<S>,
    },
    /// Any diagnosis starts with one of these.
    Prefix(Vec<String>),
    Number {
        what: Number,
        compare: Compare,
        value: u32,
    },
    Sex(Sex),
    Leaving(Vec<u8>),
    /// A secondary diagnosis is a major complication, not excluded by the main diagnosis.
    Mcc,
    /// The same for a complication or comorbidity.
    Cc,
}

impl<S> Condition<S> {
    /// Renames the sets; the first name that `f` refuses stops it.
    pub(crate) fn try_map<T, E>(
        &self,
        f: &mut impl FnMut(List, &S) -> Result<T, E>,
    ) -> Result<Condition<T>, E> {
        let mut names =
            |list: List, sets: &[S]| sets.iter().map(|s| f(list, s)).collect::<Result<Vec<T>, E>>();
        Ok(match self {
            Self::Always => Condition::Always,
            Self::In { list, place, sets } => {
                Condition::In { list: *list, place: *place, sets: names(*list, sets)? }
            }
            Self::Count { list, least, sets } => {
                Condition::Count { list: *list, least: *least, sets: names(*list, sets)? }
            }
            Self::Sites { least, sets } => {
                Condition::Sites { least: *least, sets: names(List::Diagnosis, sets)? }
            }
            Self::Prefix(p) => Condition::Prefix(p.clone()),
            Self::Number { what, compare, value } => {
                Condition::Number { what: *what, compare: *compare, value: *value }
            }
            Self::Sex(s) => Condition::Sex(*s),
            Self::Leaving(l) => Condition::Leaving(l.clone()),
            Self::Mcc => Condition::Mcc,
            Self::Cc => Condition::Cc,
            Self::All(c) => Condition::All(c.iter().map(|x| x.try_map(f)).collect::<Result<_, E>>()?),
            Self::Any(c) => Condition::Any(c.iter().map(|x| x.try_map(f)).collect::<Result<_, E>>()?),
            Self::Not(c) => Condition::Not(Box::new(c.try_map(f)?)),
        })
    }
}

impl<S: PartialEq> Condition<S> {
    /// Whether `other` holds in every record in which `self` does, as far as the form of the two shows it.
    pub(crate) fn implies(&self, other: &Self) -> bool {
        if *other == Self::Always || self == other {
            return true;
        }
        match (self, other) {
            (Self::Any(parts), _) => parts.iter().all(|p| p.implies(other)),
            (_, Self::All(parts)) => parts.iter().all(|p| self.implies(p)),
            (Self::All(parts), _) if parts.iter().any(|p| p.implies(other)) => true,
            (_, Self::Any(parts)) => parts.iter().any(|p| self.implies(p)),
            _ => false,
        }
    }
}

/// The clause as a person reads it, for a number.
pub(crate) fn number_text(what: Number, compare: Compare, value: u32) -> (String, String) {
    let (zh, en) = match what {
        Number::AgeYears => ("年龄(岁)", "age (years)"),
        Number::AgeDays => ("年龄(天)", "age (days)"),
        Number::WeightG => ("体重(克)", "weight (g)"),
        Number::LosDays => ("住院天数", "days in hospital"),
        Number::DiagnosisCount => ("诊断数", "number of diagnoses"),
        Number::ProcedureCount => ("手术操作数", "number of procedures"),
    };
    let s = compare.symbol();
    (format!("{zh}{s}{value}"), format!("{en} {s} {value}"))
}

/// Parses the text of a condition.
///
/// # Errors
/// A sentence that says which word is wrong.
pub fn parse(text: &str) -> Result<Condition<String>, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { words: &words, depth: 0 };
    let condition = parser.or()?;
    match parser.words.first() {
        None => Ok(condition),
        Some(word) => Err(format!("unexpected `{word}`")),
    }
}

struct Parser<'w> {
    words: &'w [&'w str],
    depth: u32,
}

impl<'w> Parser<'w> {
    fn next(&mut self) -> Option<&'w str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn eat(&mut self, word: &str) -> bool {
        if self.words.first() == Some(&word) {
            self.next();
            return true;
        }
        false
    }

    fn or(&mut self) -> Result<Condition<String>, String> {
        let mut terms = vec![self.and()?];
        while self.eat("or") {
            terms.push(self.and()?);
        }
        Ok(if terms.len() == 1 { terms.swap_remove(0) } else { Condition::Any(terms) })
    }

    fn and(&mut self) -> Result<Condition<String>, String> {
        let mut terms = vec![self.leaf()?];
        while self.eat("and") {
            terms.push(self.leaf()?);
        }
        Ok(if terms.len() == 1 { terms.swap_remove(0) } else { Condition::All(terms) })
    }

    fn leaf(&mut self) -> Result<Condition<String>, String> {
        self.depth += 1;
        if self.depth > 500 {
            return Err("condition is too long".into());
        }
        let word = self.next().ok_or("condition ends too early")?;
        match word {
            "(" => {
                let inner = self.or()?;
                if !self.eat(")") {
                    return Err("a bracket is not closed".into());
                }
                return Ok(inner);
            }
            "not" => return Ok(Condition::Not(Box::new(self.leaf()?))),
            "always" => return Ok(Condition::Always),
            "mcc" => return Ok(Condition::Mcc),
            "cc" => return Ok(Condition::Cc),
            "has-px" => {
                let what = Number::ProcedureCount;
                return Ok(Condition::Number { what, compare: Compare::AtLeast, value: 1 });
            }
            _ => {}
        }
        if let Some((list, place)) = place(word) {
            let sets = names(self.next().ok_or_else(|| format!("`{word}` needs a set"))?);
            return Ok(Condition::In { list, place, sets });
        }
        comparison(word)
    }
}

fn place(word: &str) -> Option<(List, Place)> {
    Some(match word {
        "main-dx" => (List::Diagnosis, Place::Main),
        "other-dx" => (List::Diagnosis, Place::Other),
        "any-dx" => (List::Diagnosis, Place::Any),
        "main-px" => (List::Procedure, Place::Main),
        "other-px" => (List::Procedure, Place::Other),
        "any-px" => (List::Procedure, Place::Any),
        _ => return None,
    })
}

fn names(list: &str) -> Vec<String> {
    list.split(',').map(str::to_owned).collect()
}

fn comparison(word: &str) -> Result<Condition<String>, String> {
    let bad = || format!("`{word}` is not a condition");
    let at = word.find(['<', '>', '=']).ok_or_else(bad)?;
    let (name, rest) = word.split_at(at);
    let (compare, value) = if let Some(v) = rest.strip_prefix("<=") {
        (Compare::AtMost, v)
    } else if let Some(v) = rest.strip_prefix(">=") {
        (Compare::AtLeast, v)
    } else if let Some(v) = rest.strip_prefix('<') {
        (Compare::Less, v)
    } else if let Some(v) = rest.strip_prefix('>') {
        (Compare::More, v)
    } else if let Some(v) = rest.strip_prefix('=') {
        (Compare::Equal, v)
    } else {
        return Err(bad());
    };
    let number = |text: &str| text.parse::<u32>().map_err(|_| format!("`{word}`: `{text}` is not a number"));
    let counted = |value: &str| {
        let (least, sets) = value.split_once(':').ok_or_else(bad)?;
        if compare != Compare::AtLeast {
            return Err(format!("`{word}`: only >= counts sets"));
        }
        Ok((number(least)?, names(sets)))
    };
    let what = match name {
        "age" => Number::AgeYears,
        "age-days" => Number::AgeDays,
        "weight" => Number::WeightG,
        "los" => Number::LosDays,
        "dx-count" => Number::DiagnosisCount,
        "px-count" => Number::ProcedureCount,
        "sites" => {
            let (least, sets) = counted(value)?;
            return Ok(Condition::Sites { least, sets });
        }
        "count-dx" => {
            let (least, sets) = counted(value)?;
            return Ok(Condition::Count { list: List::Diagnosis, least, sets });
        }
        "count-px" => {
            let (least, sets) = counted(value)?;
            return Ok(Condition::Count { list: List::Procedure, least, sets });
        }
        "dx-prefix" if compare == Compare::Equal => return Ok(Condition::Prefix(names(value))),
        "sex" if compare == Compare::Equal => {
            return Sex::parse(value).map(Condition::Sex).ok_or_else(bad);
        }
        "leaving" if compare == Compare::Equal => {
            let types = value.split(',').map(|t| t.parse::<u8>().map_err(|_| bad()));
            return Ok(Condition::Leaving(types.collect::<Result<_, _>>()?));
        }
        _ => return Err(bad()),
    };
    Ok(Condition::Number { what, compare, value: number(value)? })
}
