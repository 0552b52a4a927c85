//! The files that were taken in.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, UInt64Array};
use arrow::datatypes::UInt64Type;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::Store;
use super::manifest::Entry;
use crate::error::{Error, io};
use crate::read::Report;

/// A file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// SHA-256 of its text.
    pub sha256: String,
    /// Its name at the time.
    pub file: String,
    /// Lines in all.
    pub lines: u64,
    /// Lines that became events.
    pub read: u64,
    /// Lines that were left out.
    pub left_out: u64,
    /// Versions of events that were new.
    pub new: u64,
    /// The report on its lines, in words.
    pub report: String,
}

impl Taken {
    pub(super) fn of(report: &Report, new: u64) -> Self {
        Self {
            sha256: report.sha256.clone(),
            file: report.file.clone(),
            lines: report.lines,
            read: report.read,
            left_out: report.left_out(),
            new,
            report: report.to_string(),
        }
    }
}

const TEXTS: [&str; 3] = ["sha256", "file", "report"];
const NUMBERS: [&str; 4] = ["lines", "read", "left_out", "new"];

/// The rows as Parquet.
pub(super) fn write(taken: &[Taken]) -> Result<Vec<u8>, String> {
    let texts: [fn(&Taken) -> &str; 3] = [|t| &t.sha256, |t| &t.file, |t| &t.report];
    let numbers: [fn(&Taken) -> u64; 4] = [|t| t.lines, |t| t.read, |t| t.left_out, |t| t.new];
    let texts = TEXTS.into_iter().zip(texts).map(|(name, of)| {
        let array: StringArray = taken.iter().map(|t| Some(of(t))).collect();
        (name, Arc::new(array) as ArrayRef)
    });
    let numbers = NUMBERS.into_iter().zip(numbers).map(|(name, of)| {
        let array: UInt64Array = taken.iter().map(|t| Some(of(t))).collect();
        (name, Arc::new(array) as ArrayRef)
    });
    let batch = RecordBatch::try_from_iter(texts.chain(numbers)).map_err(|e| e.to_string())?;
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), None).map_err(|e| e.to_string())?;
    writer.write(&batch).map_err(|e| e.to_string())?;
    writer.close().map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// The rows of some files.
pub(super) fn read(store: &Store, entries: &[Entry]) -> Result<Vec<Taken>, Error> {
    let mut all = Vec::new();
    for entry in entries {
        let path = store.folder.join(&entry.file);
        let damaged = |reason: String| Error::Damaged { path: path.clone(), reason };
        let file = std::fs::File::open(&path).map_err(io("cannot read", &path))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(ParquetRecordBatchReaderBuilder::build)
            .map_err(|e| damaged(e.to_string()))?;
        for batch in reader {
            let batch = batch.map_err(|e| damaged(e.to_string()))?;
            put(&batch, &mut all).ok_or_else(|| damaged("its columns are others".into()))?;
        }
    }
    Ok(all)
}

fn put(batch: &RecordBatch, all: &mut Vec<Taken>) -> Option<()> {
    let mut texts = Vec::with_capacity(TEXTS.len());
    for name in TEXTS {
        texts.push(batch.column_by_name(name)?.as_string_opt::<i32>()?);
    }
    let mut numbers = Vec::with_capacity(NUMBERS.len());
    for name in NUMBERS {
        numbers.push(batch.column_by_name(name)?.as_primitive_opt::<UInt64Type>()?);
    }
    for at in 0..batch.num_rows() {
        let text = |which: usize| {
            let column: &StringArray = texts[which];
            if column.is_null(at) { String::new() } else { column.value(at).to_owned() }
        };
        all.push(Taken {
            sha256: text(0),
            file: text(1),
            report: text(2),
            lines: numbers[0].value(at),
            read: numbers[1].value(at),
            left_out: numbers[2].value(at),
            new: numbers[3].value(at),
        });
    }
    Some(())
}
