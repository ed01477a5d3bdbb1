use cn_calendar::CalendarError;
use thiserror::Error;

/// Why a clause cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TermsError {
    /// A value that no contract can mean.
    #[error("{field}: {reason}")]
    Invalid { field: &'static str, reason: String },
    /// The contract has no such item.
    #[error("the contract has no item {0:?}")]
    ItemUnknown(String),
    /// The calendar has no answer, and a guess would be a wrong deadline.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The contract file is wrong.
    #[error("contract: {0}")]
    Definition(String),
}

impl TermsError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "terms_input_invalid",
            Self::ItemUnknown(_) => "contract_item_unknown",
            Self::Calendar(error) => error.code(),
            Self::Definition(_) => "contract_definition_invalid",
        }
    }

    pub(crate) fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid { field, reason: reason.into() }
    }
}
