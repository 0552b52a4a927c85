//! A panel or an answer as a file: Parquet, CSV, JSON, Arrow, Stata, R. Rows of a panel go out as they are made; only R's form needs them all at once.

mod arrow_file;
mod json;
mod meaning;
mod parquet_codes;
mod parquet_file;
mod r_file;
mod stata_bytes;
mod stata_file;
mod text;

use std::io::{Seek, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, RecordBatchOptions};
use arrow::compute::{CastOptions, cast, cast_with_options};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comity_panel::{About, Panel};

use crate::error::ReportError;
use crate::form::Form;

pub use meaning::{Meaning, meaning};
pub use text::glance;

/// Where a file goes: bytes that can be gone back in.
pub trait Sink: Write + Seek + Send {}

impl<T: Write + Seek + Send> Sink for T {}

/// What is written: a panel, whose rows are made as they go out, or the answer to a query.
pub enum Frame<'a> {
    /// A panel.
    Panel(&'a Panel),
    /// Rows that are there.
    Answer(&'a RecordBatch),
    /// Rows that are there, and what each column means.
    Table(&'a RecordBatch, &'a [About]),
}

impl Frame<'_> {
    fn schema(&self) -> SchemaRef {
        match self {
            Self::Panel(panel) => panel.schema(),
            Self::Answer(batch) | Self::Table(batch, _) => batch.schema(),
        }
    }

    /// The columns of a file: whole numbers in types that hold what people make of them next. A code of two digits gets 32 bits; a count, a
    /// code or a year, which is cubed or put together with others, 64.
    fn wide_schema(&self) -> SchemaRef {
        let schema = self.schema();
        let wide =
            |field: &Arc<Field>| field.as_ref().clone().with_data_type(wide(field.data_type()));
        Arc::new(Schema::new(schema.fields().iter().map(wide).collect::<Vec<_>>()))
    }

    /// Hands the rows on in the types of a file, as [`Self::each`].
    fn each_wide<T: Send>(
        &self,
        rows: usize,
        work: impl Fn(RecordBatch) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), ReportError>,
    ) -> Result<(), ReportError> {
        let schema = self.wide_schema();
        let widened = |batch: RecordBatch| -> Result<RecordBatch, ArrowError> {
            let columns = batch.columns().iter().zip(schema.fields());
            let columns = columns
                .map(|(column, field)| match column.data_type() == field.data_type() {
                    true => Ok(Arc::clone(column)),
                    false => cast(column, field.data_type()),
                })
                .collect::<Result<_, _>>()?;
            let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options)
        };
        self.each(rows, |batch| widened(batch).map(&work), |made| take(made?))
    }

    fn names(&self) -> Vec<String> {
        self.schema().fields().iter().map(|f| f.name().clone()).collect()
    }

    /// Hands the rows on in batches and in order; `work` is done beside the making.
    fn each<T: Send>(
        &self,
        rows: usize,
        work: impl Fn(RecordBatch) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), ReportError>,
    ) -> Result<(), ReportError> {
        match self {
            Self::Panel(panel) => panel.each(rows, work, take),
            Self::Answer(batch) | Self::Table(batch, _) => (0..batch.num_rows())
                .step_by(rows)
                .try_for_each(|at| take(work(batch.slice(at, rows.min(batch.num_rows() - at))))),
        }
    }

    /// The names of columns that say which row it is, and what each column means.
    fn about(&self) -> Vec<About> {
        match self {
            Self::Panel(panel) => panel.about(),
            Self::Answer(_) => Vec::new(),
            Self::Table(_, about) => about.to_vec(),
        }
    }
}

/// Writes the whole frame; how many rows there were. `notes` go into forms that can hold them.
///
/// # Errors
/// A form that no table has, what the form cannot hold, rows that cannot be made, and what writing can do.
pub fn write(
    frame: &Frame<'_>,
    form: Form,
    out: &mut dyn Sink,
    notes: &str,
) -> Result<usize, ReportError> {
    match form {
        Form::Csv => text::csv(frame, out),
        Form::Json => json::write(frame, out),
        Form::Parquet => parquet_file::write(frame, out, notes),
        Form::Arrow => arrow_file::write(frame, out, notes),
        Form::Dta => stata_file::write(frame, out, notes),
        Form::Rds => r_file::write(frame, out, notes),
        _ => Err(ReportError::new(format!("a table is not written as {}", form.name()))),
    }
}

/// The type of a column in a file. Types that a reader would do arithmetic in are wide: 16 bits overflow when two centuries are cubed.
fn wide(kind: &DataType) -> DataType {
    match kind {
        DataType::Int8 | DataType::UInt8 => DataType::Int32,
        DataType::Int16 | DataType::UInt16 | DataType::Int32 | DataType::UInt32 => DataType::Int64,
        other => other.clone(),
    }
}

/// The most that a whole number may be in a package whose numbers are doubles.
const WHOLE: i64 = 1 << 53;

/// The rows in the few types that statistics packages have: codes of 32 bits, numbers, texts and days. A whole number that is a count or a
/// code is a double there, as they make it themselves; one that a double does not hold is refused.
fn plain(batch: &RecordBatch) -> Result<RecordBatch, ReportError> {
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let kind = match field.data_type() {
            DataType::Float64 | DataType::Date32 | DataType::Utf8 | DataType::Dictionary(..) => {
                field.data_type().clone()
            }
            DataType::Boolean | DataType::Null | DataType::Int8 | DataType::UInt8 => {
                DataType::Int32
            }
            DataType::Int16
            | DataType::Int32
            | DataType::UInt16
            | DataType::UInt32
            | DataType::Int64
            | DataType::UInt64 => {
                check_whole(field.name(), column)?;
                DataType::Float64
            }
            DataType::Float16
            | DataType::Float32
            | DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..) => DataType::Float64,
            _ => DataType::Utf8,
        };
        fields.push(Field::new(field.name(), kind.clone(), true));
        columns.push(cast(column, &kind)?);
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}

/// A refusal of a whole number that a double would round.
fn check_whole(name: &str, column: &ArrayRef) -> Result<(), ReportError> {
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    let wide = cast_with_options(column, &DataType::Int64, &strict)?;
    let values = wide.as_primitive::<Int64Type>();
    let large = values.iter().flatten().find(|v| v.unsigned_abs() > WHOLE as u64);
    large.map_or(Ok(()), |value| {
        Err(ReportError::new(format!("`{name}` has {value}, which this form would round"))
            .help("choose other columns, or --format parquet"))
    })
}

/// Whether cells of this type are texts, which a spreadsheet might run.
fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 => true,
        DataType::Dictionary(_, of) => is_text(of),
        _ => false,
    }
}

/// The cells of a batch as texts.
fn cells(batch: &RecordBatch) -> Result<Vec<ArrayFormatter<'_>>, ArrowError> {
    let options = FormatOptions::default().with_display_error(true);
    batch.columns().iter().map(|c| ArrayFormatter::try_new(c.as_ref(), &options)).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use arrow::array::{Int8Array, Int16Array, Int32Array};
    use arrow::compute::kernels::numeric::mul;
    use arrow::ipc::reader::FileReader;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;

    /// What a panel holds: a flag, a count of years, a number of persons.
    fn answer() -> RecordBatch {
        let columns: [(&str, ArrayRef); 3] = [
            ("ongoing", Arc::new(Int8Array::from(vec![Some(1), None]))),
            ("spell", Arc::new(Int16Array::from(vec![Some(206), Some(2_000)]))),
            ("deaths", Arc::new(Int32Array::from(vec![Some(3_000_000), None]))),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn written(form: Form) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        write(&Frame::Answer(&answer()), form, &mut out, "{}").unwrap();
        out.into_inner()
    }

    #[test]
    fn what_is_read_back_can_be_cubed() {
        let parquet = parquet_bytes(&written(Form::Parquet));
        let reader = ParquetRecordBatchReaderBuilder::try_new(parquet).unwrap().build().unwrap();
        let parquet: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
        let arrow = FileReader::try_new(Cursor::new(written(Form::Arrow)), None).unwrap();
        let arrow: Vec<RecordBatch> = arrow.map(Result::unwrap).collect();
        for batch in [&parquet[0], &arrow[0]] {
            let kinds = [DataType::Int32, DataType::Int64, DataType::Int64];
            assert!(batch.columns().iter().map(|c| c.data_type().clone()).eq(kinds));
            let cube = |column: &ArrayRef| mul(&mul(column, column).unwrap(), column).unwrap();
            let spells = cube(batch.column(1));
            assert_eq!(spells.as_primitive::<Int64Type>().values(), &[8_741_816, 8_000_000_000]);
            let deaths = mul(batch.column(2), batch.column(2)).unwrap();
            assert_eq!(deaths.as_primitive::<Int64Type>().value(0), 9_000_000_000_000);
        }
    }

    /// Bytes in the type that the reader of Parquet takes, which this crate does not name.
    fn parquet_bytes(of: &[u8]) -> std::fs::File {
        let path = std::env::temp_dir().join(format!("comity-wide-{}.parquet", std::process::id()));
        std::fs::write(&path, of).unwrap();
        let file = std::fs::File::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        file
    }

    #[test]
    fn statistics_packages_get_doubles_that_hold_what_they_are_given() {
        let kinds: Vec<DataType> = plain(&answer())
            .unwrap()
            .schema()
            .fields()
            .iter()
            .map(|f| f.data_type().clone())
            .collect();
        assert_eq!(kinds, [DataType::Int32, DataType::Float64, DataType::Float64]);
        assert!(!written(Form::Dta).is_empty() && !written(Form::Rds).is_empty());
        let large: ArrayRef = Arc::new(arrow::array::Int64Array::from(vec![WHOLE + 1]));
        let large = RecordBatch::try_from_iter([("id", large)]).unwrap();
        let error = plain(&large).unwrap_err().to_string();
        assert!(error.contains("`id` has 9007199254740993"), "{error}");
    }
}
