//! The way to a result, kept with it: what an auditor reads years later.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A named value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub name: String,
    pub value: String,
}

/// What another reading of the text would give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// `reading = value`.
    pub reading: String,
    pub result: String,
}

/// How a value came about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derivation {
    pub rule: String,
    /// Place in the contract or law.
    pub clause: String,
    pub inputs: Vec<Fact>,
    /// One formula with its numbers in each line.
    pub steps: Vec<String>,
    /// Readings that the result rests on, and how they were chosen.
    pub readings: Vec<Fact>,
    pub alternatives: Vec<Alternative>,
}

/// A value and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed<T> {
    pub value: T,
    pub derivation: Derivation,
}

impl Derivation {
    pub(crate) fn new(rule: &str, clause: &str) -> Self {
        Self { rule: rule.to_owned(), clause: clause.to_owned(), ..Self::default() }
    }

    /// An amount that people agreed on, which no clause computes.
    pub fn by_hand(rule: &str, clause: &str, amount: impl fmt::Display) -> Self {
        Self::new(rule, clause).input("amount", &amount).step(format!("{amount}, as the parties negotiated"))
    }

    /// A date that both parties agreed on, which no clause computes.
    pub fn agreed(rule: &str, clause: &str, due: impl fmt::Display) -> Self {
        Self::new(rule, clause).step(format!("{due} to its 24:00, as both parties agreed"))
    }

    pub(crate) fn input(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.inputs.push(Fact { name: name.to_owned(), value: value.to_string() });
        self
    }

    pub(crate) fn step(mut self, text: impl Into<String>) -> Self {
        self.steps.push(text.into());
        self
    }

    pub(crate) fn reading(mut self, name: &str, value: &str) -> Self {
        self.readings.push(Fact { name: name.to_owned(), value: value.to_owned() });
        self
    }

    pub(crate) fn alternative(mut self, reading: impl Into<String>, result: impl fmt::Display) -> Self {
        self.alternatives.push(Alternative { reading: reading.into(), result: result.to_string() });
        self
    }

    pub(crate) fn of<T>(self, value: T) -> Assessed<T> {
        Assessed { value, derivation: self }
    }
}

impl fmt::Display for Derivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (clause {})", self.rule, self.clause)?;
        for fact in &self.inputs {
            writeln!(f, "  given    {} = {}", fact.name, fact.value)?;
        }
        for step in &self.steps {
            writeln!(f, "  step     {step}")?;
        }
        for fact in &self.readings {
            writeln!(f, "  reading  {} = {}", fact.name, fact.value)?;
        }
        for other in &self.alternatives {
            writeln!(f, "  else     {} gives {}", other.reading, other.result)?;
        }
        Ok(())
    }
}
