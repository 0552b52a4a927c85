//! How a coded column is declared.

/// A coded column: its values, by the codebook of their publisher.
#[derive(Debug)]
pub struct Coding {
    /// The columns, as `table.column`; `*` stands for every table.
    pub(super) of: &'static [&'static str],
    /// Each value and what it means.
    pub values: &'static [(&'static str, &'static str)],
    /// Where the meanings of further values stand; empty where these are all.
    pub others: &'static str,
}

/// A column of which these are all values.
pub(super) const fn all(
    of: &'static [&'static str],
    values: &'static [(&'static str, &'static str)],
) -> Coding {
    Coding { of, values, others: "" }
}

/// A column of which further values stand in `others`.
pub(super) const fn some(
    of: &'static [&'static str],
    values: &'static [(&'static str, &'static str)],
    others: &'static str,
) -> Coding {
    Coding { of, values, others }
}
