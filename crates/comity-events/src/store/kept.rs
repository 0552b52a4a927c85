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
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::Store;
use super::manifest::{Entry, Held, Manifest};
use crate::counts::Counts;
use crate::counts::daily::{About, Ask, Daily, Gather, Measure};
use crate::counts::sums::{Column, FEW, Sums, WIDE, WIDE_NAMES, few_name};
use crate::counts::tally::{ALL, Key, Tally};
use crate::error::{Error, io};
use crate::event::Dictionary;
use crate::place::Place;

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

/// The rows of a file; `names`: with these columns alone.
fn opened(path: &Path, entry: &Entry, names: &[&str]) -> Result<ParquetRecordBatchReader, Error> {
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
    let mask = if names.is_empty() {
        ProjectionMask::all()
    } else {
        let roots = builder.parquet_schema().root_schema().get_fields().iter().enumerate();
        let roots = roots.filter(|(_, f)| names.contains(&f.name())).map(|(at, _)| at);
        ProjectionMask::roots(builder.parquet_schema(), roots.collect::<Vec<_>>())
    };
    let builder = builder.with_projection(mask).with_batch_size(1 << 15);
    builder.build().map_err(|e| damaged(e.to_string()))
}

/// The columns of a batch.
struct Batch<'a> {
    day: &'a [i32],
    known: &'a [i32],
    /// Actor, target and, if it was read, location: keys, and the numbers of their values.
    texts: Vec<(&'a UInt32Array, Vec<u32>)>,
    few: [Option<&'a [i32]>; FEW],
    wide: [Option<&'a [i64]>; WIDE],
}

impl<'a> Batch<'a> {
    fn of(batch: &'a RecordBatch, dictionary: &mut Dictionary) -> Option<Self> {
        let days = |name| batch.column_by_name(name)?.as_primitive_opt::<Date32Type>();
        let mut texts = Vec::with_capacity(3);
        for name in ["actor", "target", "location"] {
            let Some(column) = batch.column_by_name(name) else { continue };
            let column = column.as_dictionary_opt::<UInt32Type>()?;
            let values = column.values().as_string_opt::<i32>()?;
            let numbers = values.iter().map(|v| dictionary.number(v.unwrap_or(""))).collect();
            texts.push((column.keys(), numbers));
        }
        let (mut few, mut wide) = ([None; FEW], [None; WIDE]);
        for (which, values) in few.iter_mut().enumerate() {
            if let Some(column) = batch.column_by_name(&few_name(which)) {
                *values = Some(&column.as_primitive_opt::<Int32Type>()?.values()[..]);
            }
        }
        for (values, name) in wide.iter_mut().zip(WIDE_NAMES) {
            if let Some(column) = batch.column_by_name(name) {
                *values = Some(&column.as_primitive_opt::<Int64Type>()?.values()[..]);
            }
        }
        let (day, known) = (days("day")?.values(), days("known")?.values());
        Some(Self { day, known, texts, few, wide })
    }

    /// The number of a text of a row.
    fn number(&self, which: usize, at: usize) -> u32 {
        match self.texts.get(which) {
            Some((keys, _)) if keys.is_null(at) => ALL,
            Some((keys, numbers)) => numbers.get(keys.value(at) as usize).copied().unwrap_or(0),
            None => 0,
        }
    }

    fn value(&self, column: Column, at: usize) -> i64 {
        match column {
            Column::Few(which) => {
                self.few.get(which).copied().flatten().map_or(0, |v| i64::from(v[at]))
            }
            Column::Wide(which) => self.wide.get(which).copied().flatten().map_or(0, |v| v[at]),
            Column::No => 0,
        }
    }

    fn key(&self, at: usize) -> Key {
        Key {
            actor: self.number(0, at),
            target: self.number(1, at),
            location: self.number(2, at),
            day: self.day[at],
            known: self.known[at],
        }
    }
}

/// Adds the sums of a file whose days are in a span.
pub(super) fn add(
    path: &Path,
    entry: &Entry,
    (from, to): (i32, i32),
    tally: &mut Tally,
) -> Result<(), Error> {
    let damaged = |reason: String| Error::Damaged { path: path.to_owned(), reason };
    for batch in opened(path, entry, &[])? {
        let batch = batch.map_err(|e| damaged(e.to_string()))?;
        let columns = Batch::of(&batch, &mut tally.texts);
        let columns = columns.ok_or_else(|| damaged("its columns are others".into()))?;
        for at in 0..batch.num_rows() {
            let key = columns.key(at);
            if !(from..=to).contains(&key.day) {
                continue;
            }
            let mut sums = Sums::default();
            let few = sums.few.iter_mut().zip(&columns.few);
            few.for_each(|(sum, values)| *sum = values.map_or(0, |v| v[at]));
            let wide = sums.wide.iter_mut().zip(&columns.wide);
            wide.for_each(|(sum, values)| *sum = values.map_or(0, |v| v[at]));
            tally.of(key).add(&sums);
        }
    }
    Ok(())
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

/// The counts of pairs of states of a source, read with the columns alone that are asked for.
pub(super) fn daily(
    store: &Store,
    held: &Held,
    name: &str,
    place: &dyn Place,
    ask: &Ask<'_>,
) -> Result<Daily, Error> {
    let mut gather = Gather::new(name, place, ask);
    let mut names: Vec<String> = ["actor", "target", "day", "known"].map(str::to_owned).to_vec();
    if ask.by_place {
        names.push("location".into());
    }
    let measures = ask.measures.iter().chain(&[Measure::Events, Measure::Stories]);
    names.extend(measures.filter_map(|m| m.column().name()));
    let asked_for = |e: &&Entry| {
        e.days.0 <= ask.to
            && ask.from <= e.days.1
            && ask.as_known.is_none_or(|day| e.known.0 <= i64::from(day) * 86_400)
    };
    for entry in held.counts.iter().filter(asked_for) {
        let path = store.folder.join(&entry.file);
        let damaged = |reason: String| Error::Damaged { path: path.clone(), reason };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let reader = opened(&path, entry, &names)?;
        for batch in reader {
            let batch = batch.map_err(|e| damaged(e.to_string()))?;
            let columns = Batch::of(&batch, &mut gather.texts);
            let columns = columns.ok_or_else(|| damaged("its columns are others".into()))?;
            for at in 0..batch.num_rows() {
                let about = About {
                    actor: columns.number(0, at),
                    target: columns.number(1, at),
                    location: columns.number(2, at),
                    day: columns.day[at],
                    known: columns.known[at],
                };
                gather.add(about, |column| columns.value(column, at));
            }
        }
    }
    Ok(gather.finish())
}
