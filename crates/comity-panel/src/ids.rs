//! Ids of sources in columns that hold their numbers.
//!
//! Ids are texts in every table. A few columns of published frames hold them as numbers (`dispnum`, `tssr_id`, `warnum`): an id that is
//! no number is refused there with its source and row, and never becomes another.

use arrow::array::{Array, RecordBatch, StringArray};

use super::error::PanelError;
use comity_record::columns::{text, texts};

/// The ids of a table, for a column that holds their numbers.
#[allow(clippy::struct_field_names, reason = "the column of ids among others")]
pub(crate) struct Ids<'a> {
    table: &'static str,
    /// The column of the panel.
    column: &'a str,
    ids: &'a StringArray,
    source: &'a StringArray,
    source_row: &'a StringArray,
}

impl<'a> Ids<'a> {
    pub fn of(batch: &'a RecordBatch, table: &'static str, id: &str, column: &'a str) -> Self {
        let [ids, source, source_row] = [id, "source", "source_row"].map(|c| texts(batch, c));
        Self { table, column, ids, source, source_row }
    }

    /// The whole number that the id in a row is; none for a row without an id.
    pub fn number(&self, row: usize) -> Result<Option<i32>, PanelError> {
        self.parsed(row, "whole numbers", |id| id.parse().ok())
    }

    /// The number that the id in a row is, which may have decimals (wars 516 and 516.1).
    pub fn real(&self, row: usize) -> Result<Option<f64>, PanelError> {
        self.parsed(row, "numbers", |id| id.parse().ok().filter(|n: &f64| n.is_finite()))
    }

    fn parsed<T>(
        &self,
        row: usize,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, PanelError> {
        if self.ids.is_null(row) {
            return Ok(None);
        }
        let id = self.ids.value(row);
        parse(id).map(Some).ok_or_else(|| {
            let Self { table, column, .. } = self;
            let (source, at) = (text(self.source, row), text(self.source_row, row));
            PanelError::new(format!(
                "the column `{column}` holds {what}, and the id `{id}` in the table `{table}` (source {source}, row {at}) is none"
            ))
            .help("give that row a number of its own, or leave its source out of the record")
        })
    }
}
