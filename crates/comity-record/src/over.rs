//! What a layer does to the tables of the record below it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::schema::{TABLES, Table};

/// What a layer does to the tables of a record.
#[derive(Debug, Default)]
pub(crate) struct Over {
    /// Its source.
    pub source: String,
    /// The tables that it adds rows to, takes rows out of, or claims something about.
    pub tables: BTreeSet<&'static str>,
    /// What it does to the rows of other sources.
    pub changed: BTreeMap<(String, &'static str), Arc<Changed>>,
}

impl Over {
    /// Whether a table is, under every reading, that of the record below.
    pub fn leaves(&self, table: &Table) -> bool {
        // A table without states depends on the other tables of its family.
        let of_family = |t: &&Table| t.family == table.family && self.tables.contains(t.name);
        let family = table.states.is_empty() && TABLES.iter().any(|t| of_family(&t));
        !family && !self.tables.contains(table.name)
    }
}

/// What a layer does to the rows of one source in one table.
#[derive(Debug)]
pub(crate) struct Changed {
    /// Rows with these keys go.
    pub gone: HashSet<String>,
    /// Rows that come: changed ones, and those that share a key with one that went.
    pub come: RecordBatch,
}
