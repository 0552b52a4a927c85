//! Column chunks of Parquet whose values are numbered, and whose numbers are whole bytes.
//!
//! The figures of a state come again with each of its partners, some ten thousand rows on. Where a number is one or two whole bytes,
//! repetition of rows is repetition of bytes, which a compressor finds at once; and the next number is nearly always the last or the one
//! after it, so that hardly any value is looked up.

use arrow::array::{Array, ArrowPrimitiveType, AsArray, PrimitiveArray};
use arrow::datatypes::{
    DataType, Date32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
};
use bytes::Bytes;
use parquet::basic::{Compression, Encoding, Type, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use crate::error::ReportError;

/// How hard chunks are compressed; more takes longer and hardly makes a smaller file.
pub(super) const LEVEL: i32 = 1;

/// Numbers are of two bytes at most.
const MOST: usize = 1 << 16;

/// A chunk that is ready to be put into a row group.
pub(super) struct Chunk {
    bytes: Bytes,
    close: ColumnCloseResult,
}

impl Chunk {
    pub(super) fn append<W: std::io::Write + Send>(
        self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ReportError> {
        Ok(group.append_column(&self.bytes, self.close)?)
    }
}

/// Makes chunks.
pub(super) struct Packer(zstd::bulk::Compressor<'static>);

impl Packer {
    pub(super) fn new() -> Result<Self, ReportError> {
        Ok(Self(zstd::bulk::Compressor::new(LEVEL)?))
    }

    /// The chunk of one column. None where another encoding is better: for other types than whole and real numbers and days, where nearly
    /// every value is another, and where there is none.
    pub(super) fn chunk(
        &mut self,
        column: &dyn Array,
        about: &ColumnDescPtr,
    ) -> Result<Option<Chunk>, ReportError> {
        let Some(numbered) = numbered(column) else { return Ok(None) };
        let Some(dictionary) = numbered.dictionary(about.physical_type()) else { return Ok(None) };
        let mut data = Vec::with_capacity(2 * numbered.codes.len() + column.len() / 8 + 16);
        if about.max_def_level() > 0 {
            levels(column, &mut data);
        }
        numbered.write(&mut data);
        let mut out = TrackedWrite::new(Vec::new());
        let mut pages = SerializedPageWriter::new(&mut out);
        let (raw, packed) = (dictionary.len(), self.0.compress(&dictionary)?);
        let dictionary = pages.write_page(CompressedPage::new(
            Page::DictionaryPage {
                buf: packed.into(),
                num_values: numbered.values.len() as u32,
                encoding: Encoding::PLAIN,
                is_sorted: false,
            },
            raw,
        ))?;
        let (raw, packed) = (data.len(), self.0.compress(&data)?);
        let data = pages.write_page(CompressedPage::new(
            Page::DataPage {
                buf: packed.into(),
                num_values: column.len() as u32,
                encoding: Encoding::RLE_DICTIONARY,
                def_level_encoding: Encoding::RLE,
                rep_level_encoding: Encoding::RLE,
                statistics: None,
            },
            raw,
        ))?;
        let metadata = ColumnChunkMetaData::builder(about.clone())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
            .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY])
            .set_num_values(column.len() as i64)
            .set_dictionary_page_offset(Some(dictionary.offset as i64))
            .set_data_page_offset(data.offset as i64)
            .set_total_compressed_size((dictionary.compressed_size + data.compressed_size) as i64)
            .set_total_uncompressed_size(
                (dictionary.uncompressed_size + data.uncompressed_size) as i64,
            )
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: dictionary.bytes_written + data.bytes_written,
            rows_written: column.len() as u64,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok(Some(Chunk { bytes: out.into_inner()?.into(), close }))
    }
}

/// Which rows have a value: one run of ones, or a bit for each row.
fn levels(column: &dyn Array, data: &mut Vec<u8>) {
    let at = data.len();
    data.extend([0; 4]);
    match column.nulls().filter(|nulls| nulls.null_count() > 0) {
        None => {
            run(column.len() << 1, data);
            data.push(1);
        }
        Some(nulls) => {
            run(column.len().div_ceil(8) << 1 | 1, data);
            let bits = nulls.inner().sliced();
            data.extend_from_slice(&bits[..column.len().div_ceil(8)]);
        }
    }
    let length = (data.len() - at - 4) as u32;
    data[at..at + 4].copy_from_slice(&length.to_le_bytes());
}

/// The head of a run: seven bits in each byte, the last ones first.
fn run(mut head: usize, data: &mut Vec<u8>) {
    while head > 0x7f {
        data.push(head as u8 & 0x7f | 0x80);
        head >>= 7;
    }
    data.push(head as u8);
}

/// Values in the order of their first row, and the number of each row that has one.
struct Numbered {
    /// Whole numbers and days with their sign; the bits of real ones.
    values: Vec<u64>,
    real: bool,
    codes: Vec<u16>,
}

fn numbered(column: &dyn Array) -> Option<Numbered> {
    let whole = |value: i64| value as u64;
    match column.data_type() {
        DataType::Int8 => number::<Int8Type>(column.as_primitive(), false, |v| whole(v.into())),
        DataType::Int16 => number::<Int16Type>(column.as_primitive(), false, |v| whole(v.into())),
        DataType::Int32 => number::<Int32Type>(column.as_primitive(), false, |v| whole(v.into())),
        DataType::Int64 => number::<Int64Type>(column.as_primitive(), false, whole),
        DataType::Date32 => number::<Date32Type>(column.as_primitive(), false, |v| whole(v.into())),
        DataType::Float64 => number::<Float64Type>(column.as_primitive(), true, f64::to_bits),
        _ => None,
    }
}

fn number<T: ArrowPrimitiveType>(
    column: &PrimitiveArray<T>,
    real: bool,
    bits: impl Fn(T::Native) -> u64,
) -> Option<Numbered> {
    let present = column.len() - column.null_count();
    let mut dictionary = Dictionary::new();
    let mut codes = Vec::with_capacity(present);
    let mut last = 0;
    let mut each = |values: &[T::Native]| {
        for value in values {
            last = dictionary.code(bits(*value), last)?;
            codes.push(last as u16);
        }
        // A dictionary that is hardly shorter than the column is of no use.
        (dictionary.values.len() < 4096 || dictionary.values.len() < present / 2).then_some(())
    };
    match column.nulls() {
        None => column.values().chunks(MOST).try_for_each(&mut each)?,
        Some(nulls) => {
            for (from, to) in nulls.valid_slices() {
                each(&column.values()[from..to])?;
            }
        }
    }
    (present > 0).then_some(Numbered { values: dictionary.values, real, codes })
}

impl Numbered {
    /// The values as the type that the file has. None where it has no such type.
    fn dictionary(&self, kind: Type) -> Option<Vec<u8>> {
        let whole = self.values.iter().map(|value| *value as i64);
        match kind {
            Type::DOUBLE if self.real => {
                Some(self.values.iter().flat_map(|value| value.to_le_bytes()).collect())
            }
            Type::DOUBLE => Some(whole.flat_map(|value| (value as f64).to_le_bytes()).collect()),
            Type::INT32 if !self.real => {
                let narrow: Option<Vec<i32>> = whole.map(|value| value.try_into().ok()).collect();
                Some(narrow?.into_iter().flat_map(i32::to_le_bytes).collect())
            }
            Type::INT64 if !self.real => Some(whole.flat_map(i64::to_le_bytes).collect()),
            _ => None,
        }
    }

    /// The codes: their width in bits, and one run.
    fn write(&self, data: &mut Vec<u8>) {
        let groups = self.codes.len().div_ceil(8);
        let padding = 8 * groups - self.codes.len();
        match self.values.len() {
            1 => {
                data.push(1);
                run(self.codes.len() << 1, data);
                data.push(0);
            }
            2..=256 => {
                data.push(8);
                run(groups << 1 | 1, data);
                data.extend(self.codes.iter().map(|code| *code as u8));
                data.resize(data.len() + padding, 0);
            }
            _ => {
                data.push(16);
                run(groups << 1 | 1, data);
                data.extend(self.codes.iter().flat_map(|code| code.to_le_bytes()));
                data.resize(data.len() + 2 * padding, 0);
            }
        }
    }
}

/// Numbers values in the order in which they come.
struct Dictionary {
    values: Vec<u64>,
    /// Of each value, at the first free place from its hash on: its number and one; zero is a free place.
    places: Vec<u32>,
}

impl Dictionary {
    fn new() -> Self {
        Self { values: Vec::new(), places: vec![0; 1024] }
    }

    /// The number of a value, where that of the value before it is known. None when there are too many.
    #[inline]
    fn code(&mut self, value: u64, last: usize) -> Option<usize> {
        if self.values.get(last) == Some(&value) {
            return Some(last);
        }
        if self.values.get(last + 1) == Some(&value) {
            return Some(last + 1);
        }
        self.look_up(value)
    }

    fn look_up(&mut self, value: u64) -> Option<usize> {
        let mut place = self.first_place(value);
        loop {
            match self.places[place] {
                0 => break,
                held if self.values[held as usize - 1] == value => return Some(held as usize - 1),
                _ => place = (place + 1) % self.places.len(),
            }
        }
        if self.values.len() == MOST {
            return None;
        }
        self.values.push(value);
        self.places[place] = self.values.len() as u32;
        if 2 * self.values.len() > self.places.len() {
            self.grow();
        }
        Some(self.values.len() - 1)
    }

    fn first_place(&self, value: u64) -> usize {
        // The upper bits of a product depend on all bits of the value.
        let hash = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (hash >> (64 - self.places.len().trailing_zeros())) as usize
    }

    fn grow(&mut self) {
        self.places = vec![0; 4 * self.places.len()];
        for (code, value) in self.values.iter().enumerate() {
            let mut place = self.first_place(*value);
            while self.places[place] != 0 {
                place = (place + 1) % self.places.len();
            }
            self.places[place] = code as u32 + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, Date32Array, Float64Array, Int8Array, Int16Array, Int32Array, Int64Array,
        RecordBatch,
    };
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;
    use crate::Form;
    use crate::frame::{Frame, write};

    /// The batch that stands in the file that is written of a batch, in the types of that; and how large the file is.
    fn read_again(batch: &RecordBatch) -> (RecordBatch, usize) {
        let mut out = Cursor::new(Vec::new());
        write(&Frame::Answer(batch), Form::Parquet, &mut out, "").unwrap();
        let bytes = Bytes::from(out.into_inner());
        let size = bytes.len();
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap().build().unwrap();
        let schema = arrow::array::RecordBatchReader::schema(&reader);
        let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
        let wide = arrow::compute::concat_batches(&schema, &batches).unwrap();
        let narrow = |(column, like): (&ArrayRef, &ArrayRef)| {
            arrow::compute::cast(column, like.data_type()).unwrap()
        };
        let columns = wide.columns().iter().zip(batch.columns()).map(narrow).collect();
        (RecordBatch::try_new(batch.schema(), columns).unwrap(), size)
    }

    /// Rows of every type, with nulls by `null` and values that come again after `period` rows.
    fn rows(many: usize, period: usize, null: impl Fn(usize) -> bool) -> RecordBatch {
        let value = |row: usize| (!null(row)).then_some((row % period) as i64 * 7 - 100);
        let each = || (0..many).map(value);
        let columns: [(&str, ArrayRef); 6] = [
            ("tiny", Arc::new(each().map(|v| v.map(|v| v as i8)).collect::<Int8Array>())),
            ("small", Arc::new(each().map(|v| v.map(|v| v as i16)).collect::<Int16Array>())),
            ("whole", Arc::new(each().map(|v| v.map(|v| v as i32)).collect::<Int32Array>())),
            ("long", Arc::new(each().map(|v| v.map(|v| v << 40)).collect::<Int64Array>())),
            ("day", Arc::new(each().map(|v| v.map(|v| v as i32)).collect::<Date32Array>())),
            ("real", Arc::new(each().map(|v| v.map(|v| v as f64 / 3.0)).collect::<Float64Array>())),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(n, c)| (n, c, true))).unwrap()
    }

    #[test]
    fn what_is_written_is_read_again() {
        for many in [0, 1, 7, 8, 9, 1000] {
            for period in [1, 256, 257] {
                let nulls: [fn(usize) -> bool; 4] =
                    [|_| false, |_| true, |row| row % 3 == 0, |row| row > 5];
                for null in nulls {
                    let batch = rows(many, period, null);
                    assert_eq!(read_again(&batch).0, batch, "{many} rows, {period} values");
                }
            }
        }
    }

    #[test]
    fn a_column_with_many_values_is_written_without_numbers() {
        let batch = rows(140_000, 100_000, |row| row % 3 == 0);
        let real = batch.project(&[5]).unwrap();
        assert_eq!(read_again(&real).0, real);
    }

    #[test]
    fn bits_of_real_numbers_stay() {
        let odd = [0.0, -0.0, f64::NAN, -f64::NAN, f64::INFINITY, f64::MIN_POSITIVE];
        let column: ArrayRef = Arc::new(Float64Array::from(odd.repeat(3)));
        let batch = RecordBatch::try_from_iter([("real", column)]).unwrap();
        let (again, _) = read_again(&batch);
        let bits = |b: &RecordBatch| -> Vec<u64> {
            b.column(0).as_primitive::<Float64Type>().values().iter().map(|v| v.to_bits()).collect()
        };
        assert_eq!(bits(&again), bits(&batch));
    }

    #[test]
    fn a_slice_has_its_own_nulls() {
        let batch = rows(1000, 10, |row| row % 3 == 0).slice(13, 500);
        assert_eq!(read_again(&batch).0, batch);
    }

    #[test]
    fn figures_that_come_again_after_many_rows_take_little_room() {
        let (_, size) = read_again(&rows(120_000, 10_000, |_| false));
        assert!(size < 400_000, "{size} bytes");
    }
}
