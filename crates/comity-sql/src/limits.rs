//! What one query may use. Policies are hostile input: every limit is enforced, none is advice.

use std::time::Duration;

use super::budget::Budget;
use super::sharing::Sharing;

/// Limits on one query.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of SQL text.
    pub bytes: usize,
    /// Words and signs in the text.
    pub tokens: usize,
    /// Operators in the text: long chains nest as deep as they are long.
    pub operators: usize,
    /// Nested parentheses and `case`s.
    pub depth: usize,
    /// Rows of the answer.
    pub rows: usize,
    /// Tables that are read, counted as often as the steps of a query use each other.
    pub tables: u64,
    /// Parts of expressions, counted as often as the steps of a query use each other.
    pub parts: u64,
    /// Sets of groups that `cube`, `rollup` and `grouping sets` make together.
    pub grouping_sets: u64,
    /// Memory of joins, sorts, aggregates, windows and of the answer, in bytes; not used where there is a budget.
    pub memory: usize,
    /// What the query shares with the others of its run; none: it runs alone.
    pub budget: Option<Budget>,
    /// What the queries of its run over one record have in common; none: nothing is kept from one query to the next.
    pub sharing: Option<Sharing>,
    /// Wall-clock time.
    pub time: Duration,
    /// Whether rows may be cut off by a LIMIT whose order does not distinguish every two rows.
    pub any_order: bool,
    /// Whether table functions may bring groups of columns beside their rows.
    pub covariates: bool,
}

impl Limits {
    /// For a person who runs one query over their own record, and waits for the answer.
    pub fn by_hand() -> Self {
        Self {
            bytes: 1024 * 1024,
            rows: 50_000_000,
            memory: 4 * 1024 * 1024 * 1024,
            time: Duration::from_secs(570),
            any_order: true,
            covariates: true,
            ..Self::default()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 * 1024,
            tokens: 6_000,
            operators: 800,
            depth: 48,
            tables: 500,
            parts: 20_000,
            grouping_sets: 256,
            rows: 2_000_000,
            memory: 1024 * 1024 * 1024,
            budget: None,
            sharing: None,
            time: Duration::from_secs(20),
            any_order: false,
            covariates: false,
        }
    }
}
