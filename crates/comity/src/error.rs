//! The one error of the library.

use std::error::Error as StdError;
use std::fmt;

/// What could not be done: one message that names the value, and the ways out.
#[derive(Debug)]
#[non_exhaustive]
pub struct Error {
    /// What is wrong, with the value.
    pub message: String,
    /// What to do about it, one suggestion each.
    pub help: Vec<String>,
    /// Where it is, in a text that was given.
    pub place: Option<Place>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, where it has one.
    pub file: Option<String>,
    /// Line from 1.
    pub line: usize,
    /// Column from 1, in characters.
    pub column: usize,
}

impl Error {
    /// An error in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new(), place: None, source: None }
    }

    /// The same at a place.
    #[must_use]
    pub(crate) fn at(mut self, file: Option<&str>, line: usize, column: usize) -> Self {
        self.place = Some(Place { file: file.map(str::to_owned), line, column });
        self
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    fn of(error: impl StdError + Send + Sync + 'static) -> Self {
        Self {
            message: error.to_string(),
            help: Vec::new(),
            place: None,
            source: Some(Box::new(error)),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // The message is that of the source: its own cause comes next.
        self.source.as_deref().and_then(StdError::source)
    }
}

impl From<comity_record::Error> for Error {
    fn from(error: comity_record::Error) -> Self {
        Self::of(error)
    }
}

impl From<comity_advice::Error> for Error {
    fn from(error: comity_advice::Error) -> Self {
        Self { help: error.lines().to_vec(), ..Self::new(error.to_string()) }
    }
}

impl From<comity_datasets::ReadError> for Error {
    fn from(error: comity_datasets::ReadError) -> Self {
        Self::of(error)
    }
}

impl From<comity_events::Error> for Error {
    fn from(error: comity_events::Error) -> Self {
        Self::of(error)
    }
}

impl From<comity_policy::Error> for Error {
    fn from(error: comity_policy::Error) -> Self {
        Self::of(error)
    }
}

impl From<comity_panel::PanelError> for Error {
    fn from(error: comity_panel::PanelError) -> Self {
        Self { help: error.help, ..Self::new(error.message) }
    }
}

impl From<comity_sql::SqlError> for Error {
    fn from(error: comity_sql::SqlError) -> Self {
        let message = match error.at {
            Some(at) => format!("{} (line {}, column {})", error.message, at.line, at.column),
            None => error.message,
        };
        let said = Self { help: error.help.into_iter().collect(), ..Self::new(message) };
        match error.at {
            Some(at) => said.at(None, at.line, at.column),
            None => said,
        }
    }
}
