//! Rows for data frames: Arrow batches, handed over without a copy.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ffi::FFI_ArrowSchema;
use arrow::ffi_stream::FFI_ArrowArrayStream;
use comity::{About, Source};
use comity_report::frame::{Meaning, meaning};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};

/// A table: batches of one schema, what its columns mean, and the sources it rests on.
#[pyclass(frozen, module = "comity._native")]
pub struct Rows {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    about: Vec<About>,
    sources: Vec<Source>,
}

impl Rows {
    /// Of batches. Each field gets what its column means as metadata.
    pub fn of(
        schema: &Schema,
        batches: Vec<RecordBatch>,
        about: Vec<About>,
        sources: Vec<Source>,
    ) -> Result<Self, ArrowError> {
        let labelled = |field: &Arc<Field>| {
            let metadata = about.iter().find(|a| a.name == *field.name()).map(metadata);
            field.as_ref().clone().with_metadata(metadata.unwrap_or_default().into_iter().collect())
        };
        let schema: SchemaRef =
            Arc::new(Schema::new(schema.fields().iter().map(labelled).collect::<Vec<_>>()));
        let relabelled = |batch: RecordBatch| batch.with_schema(Arc::clone(&schema));
        let batches = batches.into_iter().map(relabelled).collect::<Result<_, _>>()?;
        Ok(Self { schema, batches, about, sources })
    }
}

/// What a column means, as texts.
fn metadata(about: &About) -> BTreeMap<String, String> {
    let Meaning { unit, values } = meaning(about);
    let mut all = BTreeMap::from([("label".to_owned(), about.doc.clone())]);
    if !unit.is_empty() {
        all.insert("unit".to_owned(), unit.to_owned());
    }
    if !values.is_empty() {
        let values: serde_json::Map<String, serde_json::Value> =
            values.iter().map(|(code, says)| (code.to_string(), (*says).into())).collect();
        all.insert("values".to_owned(), serde_json::Value::Object(values).to_string());
    }
    all
}

#[pymethods]
impl Rows {
    /// How many rows there are.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|f| f.name().clone()).collect()
    }

    /// The type of each column, as Arrow names it.
    #[getter]
    fn types(&self) -> Vec<String> {
        self.schema.fields().iter().map(|f| f.data_type().to_string()).collect()
    }

    /// What each column means: a dictionary for each that is documented.
    fn about<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.about
            .iter()
            .map(|about| {
                let Meaning { unit, values } = meaning(about);
                let entry = PyDict::new(py);
                entry.set_item("name", &about.name)?;
                entry.set_item("label", &about.doc)?;
                entry.set_item("group", &about.group)?;
                entry.set_item("unit", (!unit.is_empty()).then_some(unit))?;
                let codes = PyDict::new(py);
                for (code, says) in values {
                    codes.set_item(code, says)?;
                }
                entry.set_item("values", codes)?;
                entry.set_item("sources", &about.sources)?;
                entry.set_item("covered", about.years)?;
                Ok(entry)
            })
            .collect()
    }

    /// Ids of the sources it rests on.
    #[getter]
    fn sources(&self) -> Vec<String> {
        self.sources.iter().map(|s| s.id.clone()).collect()
    }

    /// What to cite, as `text` or `bibtex`.
    #[pyo3(signature = (format = "text"))]
    fn cite(&self, format: &str) -> PyResult<String> {
        cite(&self.sources, format)
    }

    /// The first rows as texts, row by row; none for null.
    fn preview(&self, rows: usize) -> PyResult<Vec<Vec<Option<String>>>> {
        let shown = self.head(rows).map_err(|e| PyValueError::new_err(e.to_string()))?;
        comity_report::frame::texts(&shown).map_err(|e| PyValueError::new_err(e.to_string()))
    }

    /// The rows as a stream of Arrow's C data interface, without a copy. A schema that is asked for is not heeded, as the interface allows.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader: Box<dyn RecordBatchReader + Send> =
            Box::new(RecordBatchIterator::new(batches, Arc::clone(&self.schema)));
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), c"arrow_array_stream")
    }

    /// The schema of Arrow's C data interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema.as_ref())
            .map_err(|e| PyValueError::new_err(e.to_string()))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// For each column the address and the length in bytes of its first buffer of values in each batch, to show that nothing was copied.
    fn addresses(&self, column: &str) -> Vec<(usize, usize)> {
        let of = |batch: &RecordBatch| {
            let data = batch.column_by_name(column)?.to_data();
            let buffer = data.buffers().first()?;
            Some((buffer.as_ptr().addr(), buffer.len()))
        };
        self.batches.iter().filter_map(of).collect()
    }
}

impl Rows {
    fn head(&self, rows: usize) -> Result<RecordBatch, ArrowError> {
        let (mut left, mut head) = (rows, Vec::new());
        for batch in &self.batches {
            let part = batch.slice(0, left.min(batch.num_rows()));
            left -= part.num_rows();
            head.push(part);
            if left == 0 {
                break;
            }
        }
        arrow::compute::concat_batches(&self.schema, &head)
    }
}

/// Citations of sources.
pub fn cite<'a>(sources: impl IntoIterator<Item = &'a Source>, format: &str) -> PyResult<String> {
    match format {
        "text" => Ok(comity_report::citations::text(sources)),
        "bibtex" => Ok(comity_report::citations::bibtex(sources)),
        other => {
            Err(PyValueError::new_err(format!("format is \"text\" or \"bibtex\", not {other:?}")))
        }
    }
}
