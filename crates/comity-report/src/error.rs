//! What can go wrong while an answer is written.

use std::error::Error;
use std::fmt;

/// An answer that could not be written: what, and the way out.
#[derive(Debug)]
pub struct ReportError {
    /// What went wrong, with the value.
    pub message: String,
    /// What to do about it.
    pub help: Vec<String>,
    /// What the system or a library said.
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl ReportError {
    /// An error in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new(), source: None }
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    fn of(source: impl Error + Send + Sync + 'static) -> Self {
        Self {
            message: "the answer could not be written".into(),
            help: Vec::new(),
            source: Some(Box::new(source)),
        }
    }
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ReportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}

macro_rules! from {
    ($($error:ty),*) => {
        $(impl From<$error> for ReportError {
            fn from(error: $error) -> Self {
                Self::of(error)
            }
        })*
    };
}
from!(
    std::io::Error,
    std::fmt::Error,
    arrow::error::ArrowError,
    parquet::errors::ParquetError,
    serde_json::Error
);

impl From<comity_panel::PanelError> for ReportError {
    fn from(error: comity_panel::PanelError) -> Self {
        Self { message: error.message, help: error.help, source: None }
    }
}
