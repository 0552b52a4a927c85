//! Counts as Parquet, beside the events they are made of.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, DictionaryArray, Int32Array, Int64Array, RecordBatch,
    StringArray, UInt32Array,
};
use arrow::datatypes::{DataType, Date32Type, Field, Int32Type, Int64Type, Schema, UInt32Type};
use comity_record::parallel;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::Store;
use super::manifest::{Entry, Held, Manifest};
use crate::counts::Counts;
use crate::counts::sums::{FEW, Sums, WIDE, WIDE_NAMES, few_name};
use crate::counts::tally::{ALL, Key, Tally};
use crate::error::{Error, io};

/// The source of a manifest.
pub(super) fn source<'a>(manifest: &'a Manifest, name: &str) -> Result<&'a Held, Error> {
    manifest.sources.get(name).ok_or_else(|| {
        let all: Vec<&str> = manifest.sources.keys().map(String::as_str).collect();
        let has = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
        Error::NoSource { name: comity_record::foreign::clean(name).into_owned(), has }
    })
}

/// Writes the rows at `order`. Columns in which everything is 0 are left out.
pub(super) fn write(tally: &Tally, order: &[u32], into: impl Write + Send) -> Result<(), String> {
    let at = || order.iter().map(|at| *at as usize);
    let values: ArrayRef = Arc::new(tally.texts.texts().map(Some).collect::<StringArray>());
    let mut columns: Vec<(Field, ArrayRef)> = Vec::with_capacity(5 + FEW + WIDE);
    let kind = DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8));
    let texts: [(&str, fn(&Key) -> u32); 3] =
        [("actor", |k| k.actor), ("target", |k| k.target), ("location", |k| k.location)];
    for (name, of) in texts {
        let keys: UInt32Array =
            at().map(|n| Some(of(&tally.keys[n])).filter(|k| *k != ALL)).collect();
        let array =
            DictionaryArray::try_new(keys, Arc::clone(&values)).map_err(|e| e.to_string())?;
        columns.push((Field::new(name, kind.clone(), true), Arc::new(array)));
    }
    let days: [(&str, fn(&Key) -> i32); 2] = [("day", |k| k.day), ("known", |k| k.known)];
    for (name, of) in days {
        let array: Date32Array = at().map(|n| Some(of(&tally.keys[n]))).collect();
        columns.push((Field::new(name, DataType::Date32, false), Arc::new(array)));
    }
    for which in 0..FEW {
        if at().any(|n| tally.sums[n].few[which] != 0) {
            let array: Int32Array = at().map(|n| Some(tally.sums[n].few[which])).collect();
            columns.push((Field::new(few_name(which), DataType::Int32, false), Arc::new(array)));
        }
    }
    for (which, name) in WIDE_NAMES.iter().enumerate() {
        if at().any(|n| tally.sums[n].wide[which] != 0) {
            let array: Int64Array = at().map(|n| Some(tally.sums[n].wide[which])).collect();
            columns.push((Field::new(*name, DataType::Int64, false), Arc::new(array)));
        }
    }
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    let schema = Arc::new(Schema::new(fields));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_created_by("comity".into())
        .build();
    let mut writer = ArrowWriter::try_new(into, Arc::clone(&schema), Some(properties))
        .map_err(|e| e.to_string())?;
    let batch = RecordBatch::try_new(schema, arrays).map_err(|e| e.to_string())?;
    writer.write(&batch).map_err(|e| e.to_string())?;
    writer.close().map_err(|e| e.to_string())?;
    Ok(())
}

/// Adds the sums of a file whose days are in a span.
pub(super) fn add(
    path: &Path,
    entry: &Entry,
    span: (i32, i32),
    tally: &mut Tally,
) -> Result<(), Error> {
    let damaged = |reason: String| Error::Damaged { path: path.to_owned(), reason };
    let file = match File::open(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(damaged("the file is gone".into()));
        }
        opened => opened.map_err(io("cannot read", path))?,
    };
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(e.to_string()))?;
    let said = builder.metadata().file_metadata().num_rows();
    if u64::try_from(said) != Ok(entry.rows) {
        let rows = entry.rows;
        return Err(damaged(format!("it says that it has {said} rows, the manifest says {rows}")));
    }
    let reader = builder.with_batch_size(1 << 15).build().map_err(|e| damaged(e.to_string()))?;
    for batch in reader {
        let batch = batch.map_err(|e| damaged(e.to_string()))?;
        add_batch(&batch, span, tally).ok_or_else(|| damaged("its columns are others".into()))?;
    }
    Ok(())
}

fn add_batch(batch: &RecordBatch, (from, to): (i32, i32), tally: &mut Tally) -> Option<()> {
    let day = batch.column_by_name("day")?.as_primitive_opt::<Date32Type>()?.values();
    let known = batch.column_by_name("known")?.as_primitive_opt::<Date32Type>()?.values();
    let mut texts = Vec::with_capacity(3);
    for name in ["actor", "target", "location"] {
        let column = batch.column_by_name(name)?.as_dictionary_opt::<UInt32Type>()?;
        let values = column.values().as_string_opt::<i32>()?;
        let numbers: Vec<u32> =
            values.iter().map(|v| tally.texts.number(v.unwrap_or(""))).collect();
        texts.push((column.keys(), numbers));
    }
    let mut few: Vec<(usize, &[i32])> = Vec::with_capacity(FEW);
    for which in 0..FEW {
        if let Some(column) = batch.column_by_name(&few_name(which)) {
            few.push((which, column.as_primitive_opt::<Int32Type>()?.values()));
        }
    }
    let mut wide: Vec<(usize, &[i64])> = Vec::with_capacity(WIDE);
    for (which, name) in WIDE_NAMES.iter().enumerate() {
        if let Some(column) = batch.column_by_name(name) {
            wide.push((which, column.as_primitive_opt::<Int64Type>()?.values()));
        }
    }
    let number = |which: usize, at: usize| {
        let (keys, numbers): &(&UInt32Array, Vec<u32>) = &texts[which];
        if keys.is_null(at) {
            return ALL;
        }
        numbers.get(keys.value(at) as usize).copied().unwrap_or(0)
    };
    let mut keys = Vec::with_capacity(batch.num_rows());
    for at in 0..batch.num_rows() {
        let (actor, target, location) = (number(0, at), number(1, at), number(2, at));
        keys.push(Key { actor, target, location, day: day[at], known: known[at] });
    }
    for (at, key) in keys.into_iter().enumerate() {
        if key.day < from || key.day > to {
            continue;
        }
        let mut sums = Sums::default();
        few.iter().for_each(|(which, values)| sums.few[*which] = values[at]);
        wide.iter().for_each(|(which, values)| sums.wide[*which] = values[at]);
        tally.of(key).add(&sums);
    }
    Some(())
}

/// The counts of a source over days.
pub(super) fn read(
    store: &Store,
    held: &Held,
    from: i32,
    to: i32,
    threads: usize,
) -> Result<Counts, Error> {
    let entries: Vec<&Entry> =
        held.counts.iter().filter(|e| e.days.0 <= to && from <= e.days.1).collect();
    let parts = entries.len().min(threads.max(1));
    // Every thread adds up a run of files; sums come to the same in any order.
    let runs: Vec<&[&Entry]> =
        entries.chunks(entries.len().div_ceil(parts.max(1)).max(1)).collect();
    let made = parallel::side_by_side(
        &runs,
        || (),
        |(), run| {
            let mut tally = Tally::default();
            for entry in *run {
                add(&store.folder.join(&entry.file), entry, (from, to), &mut tally)?;
            }
            Ok::<Tally, Error>(tally)
        },
    );
    let mut sum = Tally::default();
    for tally in made {
        let tally = tally?;
        if sum.is_empty() { sum = tally } else { sum.add(&tally) }
    }
    Ok(Counts { tally: sum })
}
