//! Why a policy could not be run.

use comity_sql::SqlError;

use crate::document::Span;

/// An error of running a policy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The record could not be read.
    #[error(transparent)]
    Record(#[from] comity_record::Error),
    /// A query failed.
    #[error("{commitment}, block `{block}`: {error}")]
    Block {
        /// Commitment, or `helper`.
        commitment: String,
        /// Block.
        block: String,
        /// What went wrong.
        error: SqlError,
        /// The query's text in the document.
        span: Span,
    },
    /// No session could be opened.
    #[error("no SQL session: {0}")]
    Session(SqlError),
    /// A query did not respond and was abandoned.
    #[error(
        "{commitment}, block `{block}`: the query did not respond in 90 seconds and was abandoned"
    )]
    Stuck {
        /// Commitment.
        commitment: String,
        /// Block.
        block: String,
    },
    /// No such commitment in the policy.
    #[error("the policy has no commitment `{id}`{hint}")]
    NoCommitment {
        /// As requested.
        id: String,
        /// Nearest ids, as a phrase.
        hint: String,
    },
    /// A state that is in no year of the state system.
    #[error("{0} is not a state code; `comity states` lists them")]
    NoState(i32),
    /// The state was not in the system in these years.
    #[error("{name} was not in the state system {}; it was there {spells}", asked(*from, *to))]
    NotThen {
        /// Name.
        name: String,
        /// First requested year.
        from: i32,
        /// Last requested year.
        to: i32,
        /// Its spells in words.
        spells: String,
    },
    /// Years the wrong way round.
    #[error("the years run backwards: from {from} to {to}")]
    YearsBackwards {
        /// First requested year.
        from: i32,
        /// Last requested year.
        to: i32,
    },
}

/// The years that were asked for, in words. Before the state system begins there is one year, not a span.
fn asked(from: i32, to: i32) -> String {
    if from < to { format!("between {from} and {to}") } else { format!("in {to}") }
}
