//! Reading a part of a table: some of its columns, and not the rows that surely do not matter.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;

use crate::error::Error;

/// Rows in batches, in the order of the table.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, Error>> + Send>;

/// What is wanted of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// Places of the columns in the canonical schema, ascending; none: all.
    pub columns: Option<Vec<usize>>,
    /// Rows that fail one of these may be left out; the reader still checks each row.
    pub filters: Vec<Filter>,
}

/// A condition on one column that statistics of stored rows can refute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The column's name.
    pub column: String,
    /// What it must hold.
    pub holds: Holds,
}

/// What a column must hold; null never does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// A whole number or a day (days since 1970-01-01) within these bounds, both inclusive.
    Between(i32, i32),
    /// One of these texts.
    OneOf(BTreeSet<String>),
}

impl Holds {
    /// Whether a column whose values lie between these two can hold it.
    pub fn may_lie_between(&self, least: &Bound, greatest: &Bound) -> bool {
        match (self, least, greatest) {
            (Self::Between(from, to), Bound::Int(least), Bound::Int(greatest)) => {
                from <= greatest && least <= to
            }
            (Self::OneOf(texts), Bound::Text(least), Bound::Text(greatest)) => texts
                .iter()
                .any(|t| least.as_str() <= t.as_str() && t.as_str() <= greatest.as_str()),
            _ => true,
        }
    }
}

/// The least or the greatest value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// Of whole numbers or days.
    Int(i32),
    /// Of texts.
    Text(String),
}

impl Scan {
    /// The columns wanted of a batch in the canonical schema.
    pub(crate) fn project(&self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        match &self.columns {
            Some(columns) => Ok(batch.project(columns)?),
            None => Ok(batch.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_refute_only_what_cannot_be() {
        let years = Holds::Between(1990, 1999);
        let between = |a, b| years.may_lie_between(&Bound::Int(a), &Bound::Int(b));
        assert!(between(1999, 2005) && between(1950, 2020) && between(1980, 1990));
        assert!(!between(2000, 2005) && !between(1816, 1989));
        let codes = Holds::OneOf(["CHN".to_owned(), "USA".to_owned()].into());
        let text = |a: &str, b: &str| {
            codes.may_lie_between(&Bound::Text(a.into()), &Bound::Text(b.into()))
        };
        assert!(text("AAA", "CHN") && text("DDD", "ZZZ"));
        assert!(!text("CHO", "DDD"));
        assert!(years.may_lie_between(&Bound::Text("a".into()), &Bound::Text("b".into())));
    }
}
