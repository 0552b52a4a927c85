//! Every form that an answer can be written in: the one list of them.

use std::path::Path;

/// A form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// Words, ribbons and tables for a terminal.
    Text,
    /// For programs.
    Json,
    /// Rows for spreadsheets and everything else.
    Csv,
    /// A Markdown document.
    Markdown,
    /// One self-contained page to read and print.
    Html,
    /// Test results for a build server.
    Junit,
    /// What is wrong in a document, for editors and code hosts.
    Sarif,
    /// References for reference managers.
    Bibtex,
    /// Parquet, with types and notes.
    Parquet,
    /// An Arrow IPC file (Feather 2).
    Arrow,
    /// A Stata file.
    Dta,
    /// A data frame of R, for `readRDS`.
    Rds,
}

impl Form {
    /// Forms of a table: a panel or the answer to a query.
    pub const TABLE: &[Self] =
        &[Self::Text, Self::Parquet, Self::Csv, Self::Json, Self::Arrow, Self::Dta, Self::Rds];
    /// Forms of an audit.
    pub const AUDIT: &[Self] =
        &[Self::Text, Self::Json, Self::Csv, Self::Markdown, Self::Html, Self::Junit];
    /// Forms of what is wrong in a policy document.
    pub const CHECK: &[Self] = &[Self::Text, Self::Json, Self::Sarif];
    /// Forms of a short answer.
    pub const SHORT: &[Self] = &[Self::Text, Self::Json];
    /// Forms of a list of states.
    pub const STATES: &[Self] = &[Self::Text, Self::Json, Self::Csv];
    /// Forms of citations.
    pub const CITATIONS: &[Self] = &[Self::Text, Self::Bibtex];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Bibtex => "bibtex",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
            Self::Dta => "dta",
            Self::Rds => "rds",
        }
    }

    /// What it is for, in a line.
    pub fn doc(self) -> &'static str {
        match self {
            Self::Text => "For a terminal",
            Self::Json => "For programs",
            Self::Csv => "For spreadsheets and everything else",
            Self::Markdown => "A Markdown document",
            Self::Html => "One self-contained page to read and print",
            Self::Junit => "Test results for a build server",
            Self::Sarif => "SARIF, for editors and code hosts that underline what is wrong",
            Self::Bibtex => "For reference managers",
            Self::Parquet => "For data tools, with types and notes",
            Self::Arrow => "Arrow IPC file (Feather 2)",
            Self::Dta => "Stata",
            Self::Rds => "R: a data frame for `readRDS`",
        }
    }

    /// The form of a table that a file's name says.
    pub fn of_table(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "feather" | "ipc" => Some(Self::Arrow),
            "txt" => Some(Self::Text),
            extension => {
                Self::TABLE.iter().copied().find(|f| *f != Self::Text && f.name() == extension)
            }
        }
    }

    /// Whether a terminal cannot show it.
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Parquet | Self::Arrow | Self::Dta | Self::Rds)
    }
}
