//! Where the rows of one source in one table are: one trait, whatever they are kept in.

use std::fmt;
use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::catalogue::Base;
use crate::error::Error;
use crate::fingerprint;
use crate::scan::{Batches, Scan};
use crate::schema::Table;

/// The rows of one source in one canonical table.
pub trait TableData: fmt::Debug + Send + Sync {
    /// How many rows there are.
    fn len(&self) -> Result<usize, Error>;

    /// Whether there is surely no row, found out without reading any.
    fn is_empty(&self) -> bool {
        false
    }

    /// All rows, in the canonical schema.
    fn read(&self) -> Result<RecordBatch, Error>;

    /// Whether the rows are better scanned than read: they are many, and lie on disk in the order of their table.
    fn is_large(&self) -> bool {
        false
    }

    /// Whether the rows are many and lie in the order of their table, so that some columns can be read without the others.
    fn is_ordered(&self) -> bool {
        false
    }

    /// A part of the rows, batch by batch, in the order in which they lie.
    fn scan(&self, scan: &Scan) -> Result<Batches, Error> {
        Ok(Box::new(std::iter::once(scan.project(&self.read()?))))
    }

    /// SHA-256 over the sorted logical rows.
    fn content(&self) -> Result<String, Error>;
}

/// Rows in memory.
#[derive(Debug)]
pub(crate) struct InMemory(pub RecordBatch);

impl TableData for InMemory {
    fn len(&self) -> Result<usize, Error> {
        Ok(self.0.num_rows())
    }

    fn is_empty(&self) -> bool {
        self.0.num_rows() == 0
    }

    fn read(&self) -> Result<RecordBatch, Error> {
        Ok(self.0.clone())
    }

    fn content(&self) -> Result<String, Error> {
        fingerprint::content(&self.0)
    }
}

/// Rows of the base record, made when they are read.
pub(crate) struct OfBase {
    pub base: Arc<dyn Base>,
    pub source: String,
    pub table: &'static Table,
}

impl fmt::Debug for OfBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OfBase").field(&self.source).field(&self.table.name).finish()
    }
}

impl TableData for OfBase {
    fn len(&self) -> Result<usize, Error> {
        Ok(self.read()?.num_rows())
    }

    fn read(&self) -> Result<RecordBatch, Error> {
        Ok(self.base.rows(&self.source, self.table.name))
    }

    fn content(&self) -> Result<String, Error> {
        match self.base.content(&self.source, self.table.name) {
            Some(known) => Ok(known.to_owned()),
            None => fingerprint::content(&self.read()?),
        }
    }
}
