//! What one query may use. Policies are hostile input: every limit is enforced, none is advice.

use std::time::Duration;

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
    /// Memory of joins, sorts and aggregates, in bytes.
    pub memory: usize,
    /// Wall-clock time.
    pub time: Duration,
    /// Whether rows may be cut off by a LIMIT whose order does not tell every two rows apart.
    pub any_order: bool,
    /// Whether table functions may bring groups of columns beside their rows.
    pub covariates: bool,
}

impl Limits {
    /// For a person who asks one question of their own record, and waits for the answer.
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
            rows: 2_000_000,
            memory: 512 * 1024 * 1024,
            time: Duration::from_secs(20),
            any_order: false,
            covariates: false,
        }
    }
}
