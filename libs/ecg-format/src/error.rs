//! The one error type of the library.

use std::fmt;

use crate::model::Format;

/// Why a recording cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// Stable snake_case code:
    /// - `unknown_format`: no supported format is recognised;
    /// - `truncated`: the file ends before what it declares;
    /// - `damaged`: the content contradicts itself or its standard;
    /// - `unsupported_feature`: a valid file that uses something this library does not decode;
    /// - `missing_file`: the record needs another file, named in `detail`;
    /// - `unreadable_file`: the caller's loader could not give a file ([`crate::read_named`]);
    /// - `no_ecg_leads`: readable, but without an electrocardiogram;
    /// - `limit_exceeded`: a declared size is beyond what [`crate::limits`] allows.
    pub code: &'static str,
    /// The format being read, when recognised.
    pub format: Option<Format>,
    /// The name of the offending file, when several or known.
    pub file: Option<String>,
    /// Byte offset in that file, when known.
    pub offset: Option<usize>,
    /// What was found and what was expected, in English.
    pub detail: String,
}

impl ReadError {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, format: None, file: None, offset: None, detail: detail.into() }
    }

    pub(crate) fn damaged(detail: impl Into<String>) -> Self {
        Self::new("damaged", detail)
    }

    pub(crate) fn truncated(offset: usize, detail: impl Into<String>) -> Self {
        Self::new("truncated", detail).at(offset)
    }

    pub(crate) fn unsupported(detail: impl Into<String>) -> Self {
        Self::new("unsupported_feature", detail)
    }

    pub(crate) fn limit(detail: impl Into<String>) -> Self {
        Self::new("limit_exceeded", detail)
    }

    pub(crate) fn at(mut self, offset: usize) -> Self {
        self.offset = Some(offset);
        self
    }

    pub(crate) fn in_file(mut self, name: &str) -> Self {
        self.file = Some(name.to_owned());
        self
    }

    pub(crate) fn or_format(mut self, format: Format) -> Self {
        self.format.get_or_insert(format);
        self
    }

    pub(crate) fn or_file(mut self, name: &str) -> Self {
        if self.file.is_none() {
            self.file = Some(name.to_owned());
        }
        self
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(format) = self.format {
            write!(f, " in {}", format.label())?;
        }
        if let Some(file) = &self.file {
            write!(f, " file {file:?}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, " at byte {offset}")?;
        }
        write!(f, ": {}", self.detail)
    }
}

impl std::error::Error for ReadError {}
