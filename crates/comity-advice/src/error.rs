//! What can be wrong with an act, a package or a question.

/// An error: what, where, the value, the way out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A definition of an act that cannot be used.
    #[error("{of}: the act `{act}`: {what}")]
    Vocabulary {
        /// Where it is from.
        of: String,
        /// The act.
        act: String,
        /// What is wrong.
        what: String,
    },
    /// A file that cannot be read as what it should be.
    #[error("{file}: {what}")]
    File {
        /// Its name.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// An act that is not understood, or that cannot be.
    #[error("`{act}`: {what}")]
    Act {
        /// As it was put.
        act: String,
        /// What is wrong.
        what: String,
        /// The way out, a line each.
        help: Vec<String>,
    },
    /// The record.
    #[error(transparent)]
    Record(#[from] comity_record::Error),
    /// The policy.
    #[error(transparent)]
    Policy(#[from] comity_policy::Error),
    /// A policy whose queries cannot be planned.
    #[error("the policy cannot be used: {0}")]
    Plan(String),
    /// Rows that could not be selected.
    #[error(transparent)]
    Arrow(#[from] arrow::error::ArrowError),
}

impl Error {
    /// About an act.
    pub(crate) fn act(act: &str, what: impl Into<String>) -> Self {
        Self::Act { act: act.to_owned(), what: what.into(), help: Vec::new() }
    }

    /// With a way out.
    #[must_use]
    pub(crate) fn help(mut self, line: impl Into<String>) -> Self {
        if let Self::Act { help, .. } = &mut self {
            help.push(line.into());
        }
        self
    }

    /// The way out, a line each.
    pub fn lines(&self) -> &[String] {
        match self {
            Self::Act { help, .. } => help,
            _ => &[],
        }
    }
}
