//! A source with its rows as they will lie on disk: sorted, counted and encoded, so that many sources fit into memory while others are
//! still read.

use std::sync::Arc;

use super::file::{self, PackedTable};
use crate::error::Error;
use crate::record::check_shape;
use crate::schema;
use crate::source::{Source, SourceBundle};

/// A source whose rows are packed.
#[derive(Debug, Clone)]
pub struct Packed {
    /// Where the rows come from.
    pub source: Source,
    pub(super) tables: Vec<Arc<PackedTable>>,
}

impl Packed {
    /// Packs the rows of a source; each table is let go as soon as it is packed.
    ///
    /// # Errors
    /// Tables that are not in their canonical schema, and rows that cannot be encoded.
    pub fn of(bundle: SourceBundle) -> Result<Self, Error> {
        check_shape(&bundle)?;
        let mut tables = Vec::with_capacity(bundle.tables.len());
        for (name, rows) in bundle.tables {
            let table = schema::table(name).ok_or_else(|| Error::NoTable(name.to_owned()))?;
            tables.push(Arc::new(file::packed(table, rows)?));
        }
        Ok(Self { source: bundle.source, tables })
    }

    /// Its tables, each with how many rows it has.
    pub fn tables(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.tables.iter().map(|t| (t.table.name, t.entry.rows))
    }

    pub(super) fn table(&self, name: &str) -> Option<&Arc<PackedTable>> {
        self.tables.iter().find(|t| t.table.name == name)
    }
}
