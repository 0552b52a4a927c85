//! Errors of planning and running a query, with the place in its text.

use std::fmt;

/// A place in the text of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in characters, at least 1.
    pub length: usize,
}

/// A query that was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlError {
    /// What is wrong, with the value.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// Where in the query, if it is known.
    pub at: Option<At>,
}

impl SqlError {
    /// An error without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: brief(message.into()), help: None, at: None }
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(brief(help.into()));
        self
    }

    /// The same with a place.
    #[must_use]
    pub fn at(mut self, at: Option<At>) -> Self {
        self.at = at;
        self
    }
}

/// Longest message, in bytes: a query of a megabyte is not repeated whole.
const LONGEST: usize = 1_200;

fn brief(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

impl std::error::Error for SqlError {}
