//! What is wrong with a panel that was requested.

use std::fmt;

/// A panel that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelError {
    /// What is wrong, with the value.
    pub message: String,
    /// The ways out.
    pub help: Vec<String>,
    /// A column that was named and is in no group of the panel.
    pub(crate) column: Option<String>,
}

impl PanelError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new(), column: None }
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

impl PanelError {
    /// The same of a column that no group of the panel has.
    #[must_use]
    pub(crate) fn about(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }
}

impl fmt::Display for PanelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(f, " ({help})"))
    }
}

impl std::error::Error for PanelError {}

impl From<comity_record::Error> for PanelError {
    fn from(error: comity_record::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<arrow::error::ArrowError> for PanelError {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::new(error.to_string())
    }
}
