//! A table or view as the engine sees it: its columns are made once, when first read.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_trait::async_trait;
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions, UInt32Array,
};
use datafusion::arrow::compute::{cast, take};
use datafusion::arrow::datatypes::{Int32Type, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::TableType;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;

/// Rows in the making: those of `base` that `index` names, with further columns beside them.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The rows to take from.
    pub base: RecordBatch,
    /// Which rows, in order; none: all of them as they are.
    pub index: Option<UInt32Array>,
    /// Further columns, as long as `index`.
    pub extra: Vec<ArrayRef>,
}

impl From<RecordBatch> for Rows {
    fn from(base: RecordBatch) -> Self {
        Self { base, index: None, extra: Vec::new() }
    }
}

type Make = dyn Fn() -> Result<Rows, comity_record::Error> + Send + Sync;

type Columns = dyn Fn(&[usize]) -> Result<Option<RecordBatch>, comity_record::Error> + Send + Sync;

/// A table whose rows are made when first scanned, column by column.
pub struct LazyTable {
    name: String,
    schema: SchemaRef,
    make: Box<Make>,
    empty: bool,
    making: Mutex<()>,
    rows: OnceLock<Rows>,
    /// Gives columns without the others, where that can be.
    apart: Option<Box<Columns>>,
    length: OnceLock<usize>,
    columns: Vec<OnceLock<ArrayRef>>,
}

impl fmt::Debug for LazyTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyTable").field("name", &self.name).finish_non_exhaustive()
    }
}

impl LazyTable {
    /// A table of that schema.
    pub fn new(
        name: impl Into<String>,
        schema: SchemaRef,
        make: impl Fn() -> Result<Rows, comity_record::Error> + Send + Sync + 'static,
    ) -> Self {
        let columns = schema.fields().iter().map(|_| OnceLock::new()).collect();
        Self {
            name: name.into(),
            schema,
            make: Box::new(make),
            empty: false,
            making: Mutex::new(()),
            rows: OnceLock::new(),
            apart: None,
            length: OnceLock::new(),
            columns,
        }
    }

    /// The same, known to have no row if `empty`.
    #[must_use]
    pub fn empty(mut self, empty: bool) -> Self {
        self.empty = empty;
        self
    }

    /// The same, of which some columns can be had without the others, by their ascending places; none: it is made as a whole.
    #[must_use]
    pub fn by_column(
        mut self,
        columns: impl Fn(&[usize]) -> Result<Option<RecordBatch>, comity_record::Error>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.apart = Some(Box::new(columns));
        self
    }

    /// Whether it is known, before it is made, that there is no row.
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// The rows, made if need be.
    pub fn rows(&self) -> Result<&Rows> {
        if self.rows.get().is_none() {
            // Two queries that ask at once: the second waits, instead of making it again.
            let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
            if self.rows.get().is_none() {
                let rows = (self.make)().map_err(|e| DataFusionError::External(Box::new(e)))?;
                let _ = self.rows.set(rows);
            }
        }
        self.rows.get().ok_or_else(|| DataFusionError::Internal("rows were just set".into()))
    }

    /// Reads the columns that are wanted and were not read yet, where they can be had without the others.
    fn read_apart(&self, wanted: &[usize]) -> Result<()> {
        let Some(apart) = &self.apart else { return Ok(()) };
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let missing: BTreeSet<usize> =
            wanted.iter().copied().filter(|at| self.columns[*at].get().is_none()).collect();
        if self.rows.get().is_some() || (missing.is_empty() && self.length.get().is_some()) {
            return Ok(());
        }
        let missing: Vec<usize> = missing.into_iter().collect();
        let read = apart(&missing).map_err(|e| DataFusionError::External(Box::new(e)))?;
        let Some(read) = read else { return Ok(()) };
        for (at, column) in missing.into_iter().zip(read.columns()) {
            let _ = self.columns[at].set(Arc::clone(column));
        }
        let _ = self.length.set(read.num_rows());
        Ok(())
    }

    fn length(&self) -> Result<usize> {
        if let Some(length) = self.length.get() {
            return Ok(*length);
        }
        let rows = self.rows()?;
        Ok(rows.index.as_ref().map_or(rows.base.num_rows(), UInt32Array::len))
    }

    fn column(&self, at: usize) -> Result<ArrayRef> {
        if let Some(array) = self.columns[at].get() {
            return Ok(Arc::clone(array));
        }
        let rows = self.rows()?;
        let from_base = rows.base.num_columns();
        let array = match &rows.index {
            None => Arc::clone(rows.base.column(at)),
            Some(index) if at < from_base => {
                let wanted = self.schema.field(at).data_type();
                take(&cast(rows.base.column(at), wanted)?, index, None)?
            }
            Some(_) => Arc::clone(&rows.extra[at - from_base]),
        };
        Ok(Arc::clone(self.columns[at].get_or_init(|| array)))
    }

    /// The rows in which each of these columns (whole numbers) holds one of its numbers.
    pub(crate) fn few(
        &self,
        projection: Option<&Vec<usize>>,
        wanted: &[(usize, BTreeSet<i32>)],
    ) -> Result<RecordBatch> {
        if wanted.is_empty() {
            return self.batch(projection);
        }
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        let projection = projection.unwrap_or(&all);
        let named: Vec<usize> =
            wanted.iter().map(|(at, _)| *at).chain(projection.iter().copied()).collect();
        self.read_apart(&named)?;
        let mut rows: Vec<u32> = (0..self.length()? as u32).collect();
        for (at, numbers) in wanted {
            let column = self.column(*at)?;
            let column = column.as_primitive::<Int32Type>();
            let is = |row: u32| {
                let row = row as usize;
                column.is_valid(row) && numbers.contains(&column.value(row))
            };
            rows.retain(|row| is(*row));
        }
        let count = rows.len();
        let rows = UInt32Array::from(rows);
        let column = |at: &usize| -> Result<ArrayRef> {
            let views = self.rows.get().and_then(|r| Some((r, r.index.as_ref()?)));
            Ok(match (self.columns[*at].get(), views) {
                // Not made for all rows: it is made for these alone.
                (None, Some((made, index))) if *at < made.base.num_columns() => {
                    let few = take(made.base.column(*at), &take(index, &rows, None)?, None)?;
                    cast(&few, self.schema.field(*at).data_type())?
                }
                _ => take(&self.column(*at)?, &rows, None)?,
            })
        };
        let columns = projection.iter().map(column).collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        let schema = Arc::new(self.schema.project(projection)?);
        Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
    }

    fn batch(&self, projection: Option<&Vec<usize>>) -> Result<RecordBatch> {
        let all: Vec<usize>;
        let wanted = match projection {
            Some(p) => p,
            None => {
                all = (0..self.schema.fields().len()).collect();
                &all
            }
        };
        self.read_apart(wanted)?;
        let length = self.length()?;
        let schema = Arc::new(self.schema.project(wanted)?);
        let columns = wanted.iter().map(|i| self.column(*i)).collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(length));
        Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
    }
}

#[async_trait]
impl TableProvider for LazyTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let batch = self.batch(projection)?;
        let schema = batch.schema();
        Ok(MemorySourceConfig::try_new_exec(&[vec![batch]], schema, None)?)
    }
}
