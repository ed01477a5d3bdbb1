//! What can go wrong, each with a code that stays.

/// Why nothing was printed. [`PrintError::code`] is stable; the text is for the log and the developer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// A definition in the paper set is wrong.
    #[error("{file}{}: {reason}", at(*line))]
    Definition { file: String, line: Option<usize>, reason: String },
    /// No paper of this id is loaded.
    #[error("no paper is called {0}")]
    UnknownPaper(String),
    /// The data lacks what every paper needs, or what this template asks for.
    #[error("the data does not fit the paper {paper}: {reason}")]
    Data { paper: String, line: Option<usize>, reason: String },
    /// An image is missing, not asked for, or unreadable.
    #[error("image {name}: {reason}")]
    Image { name: String, reason: String },
    /// The template failed on this data.
    #[error("{file}{}: {reason}", at(*line))]
    Template { file: String, line: Option<usize>, reason: String },
    /// Data, images or the printed document exceed a limit.
    #[error("{what} exceeds the limit of {limit}")]
    TooLarge { what: &'static str, limit: usize },
    /// The document was typeset but could not be written as PDF/A.
    #[error("the document cannot be written as PDF/A-2b: {0}")]
    Export(String),
    /// A font is unreadable or not the expected face.
    #[error("font {0}")]
    Font(String),
}

impl PrintError {
    /// Stable snake_case code for problem documents and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Definition { .. } => "print_definition_invalid",
            Self::UnknownPaper(_) => "print_paper_unknown",
            Self::Data { .. } => "print_data_invalid",
            Self::Image { .. } => "print_image_invalid",
            Self::Template { .. } => "print_template_failed",
            Self::TooLarge { .. } => "print_too_large",
            Self::Export(_) => "print_export_failed",
            Self::Font(_) => "print_font_invalid",
        }
    }

    /// Line in the definition (counted from 1), where one is known.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Definition { line, .. } | Self::Data { line, .. } | Self::Template { line, .. } => *line,
            _ => None,
        }
    }
}

fn at(line: Option<usize>) -> String {
    line.map(|l| format!(":{l}")).unwrap_or_default()
}
