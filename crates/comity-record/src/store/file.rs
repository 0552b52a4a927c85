//! One table of one source as an immutable file, named by its content.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::Statistics;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::disk::{Disk, is_plain, odd};
use crate::data::TableData;
use crate::error::Error;
use crate::fingerprint::content;
use crate::hex::{hex, sha256};
use crate::order::sorted;
use crate::parallel::waiting;
use crate::plain_file;
use crate::scan::{Batches, Bound, Filter, Scan};
use crate::schema::Table;
use crate::temporary::Temporary;

/// A stored table as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Canonical table.
    pub table: String,
    /// File name under `tables/`.
    pub file: String,
    /// Rows.
    pub rows: usize,
    /// Bytes of the file.
    pub bytes: u64,
    /// SHA-256 of the file's bytes.
    pub sha256: String,
    /// SHA-256 of its sorted logical rows (format 0 had none: then it is counted when needed).
    #[serde(default)]
    pub content: String,
}

/// A stored table on disk.
#[derive(Debug)]
pub(crate) struct TableFile {
    pub table: &'static Table,
    pub path: PathBuf,
    pub rows: usize,
    pub bytes: u64,
    pub sha256: String,
    pub content: String,
    checked: OnceLock<()>,
}

impl TableFile {
    pub(crate) fn new(folder: &Path, entry: &Entry, table: &'static Table) -> Self {
        Self {
            table,
            path: folder.join("tables").join(&entry.file),
            rows: entry.rows,
            bytes: entry.bytes,
            sha256: entry.sha256.clone(),
            content: entry.content.clone(),
            checked: OnceLock::new(),
        }
    }

    /// Checks once that the file is the one that was written, without holding it.
    fn check_once(&self) -> Result<(), Error> {
        if self.checked.get().is_some() {
            return Ok(());
        }
        let damaged = |reason: String| Error::Damaged { path: self.path.clone(), reason };
        let cannot = |source| Error::Io { action: "cannot read", path: self.path.clone(), source };
        let (mut file, _) = plain_file::open(&self.path).map_err(cannot)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        let mut bytes = 0_u64;
        loop {
            let read = file.read(&mut buffer).map_err(cannot)?;
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
            bytes += read as u64;
        }
        let found = hex(&hash.finalize());
        if bytes != self.bytes || found != self.sha256 {
            return Err(damaged(format!(
                "its SHA-256 is {found}, the manifest says {}",
                self.sha256
            )));
        }
        let _ = self.checked.set(());
        Ok(())
    }

    /// The bytes of the file, if they are those that were written.
    pub(crate) fn checked_bytes(&self) -> Result<Vec<u8>, Error> {
        let damaged = |reason: String| Error::Damaged { path: self.path.clone(), reason };
        let other_size =
            |is: u64| damaged(format!("it has {is} bytes, the manifest says {}", self.bytes));
        let bytes = match plain_file::read(&self.path, self.bytes) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Err(damaged("the file is gone".into()));
            }
            Err(e) if e.kind() == io::ErrorKind::FileTooLarge => {
                return Err(other_size(fs::metadata(&self.path).map_or(0, |m| m.len())));
            }
            Err(source) => {
                return Err(Error::Io { action: "cannot read", path: self.path.clone(), source });
            }
        };
        if bytes.len() as u64 != self.bytes {
            return Err(other_size(bytes.len() as u64));
        }
        let found = sha256(&bytes);
        if found != self.sha256 {
            return Err(damaged(format!(
                "its SHA-256 is {found}, the manifest says {}",
                self.sha256
            )));
        }
        Ok(bytes)
    }
}

impl TableData for TableFile {
    fn len(&self) -> Result<usize, Error> {
        Ok(self.rows)
    }

    fn is_empty(&self) -> bool {
        self.rows == 0
    }

    fn content(&self) -> Result<String, Error> {
        // Format 0 kept none.
        if self.content.is_empty() { content(&self.read()?) } else { Ok(self.content.clone()) }
    }

    fn is_large(&self) -> bool {
        self.rows > LARGE
    }

    fn is_ordered(&self) -> bool {
        (MANY..=LARGE).contains(&self.rows)
    }

    fn scan(&self, scan: &Scan) -> Result<Batches, Error> {
        self.check_once()?;
        let damaged = |e: String| Error::Damaged { path: self.path.clone(), reason: e };
        let cannot = |source| Error::Io { action: "cannot read", path: self.path.clone(), source };
        let (file, _) = plain_file::open(&self.path).map_err(cannot)?;
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(e.to_string()))?;
        let size = usize::try_from(self.bytes).unwrap_or(usize::MAX);
        declared(builder.metadata(), self.rows, size).map_err(damaged)?;
        let wanted: Vec<usize> = match &scan.columns {
            Some(columns) => columns.clone(),
            None => (0..self.table.schema().fields().len()).collect(),
        };
        let schema = Arc::new(self.table.schema().project(&wanted)?);
        let there = builder.parquet_schema().root_schema().get_fields().iter().enumerate();
        let here = |name: &str| schema.field_with_name(name).is_ok();
        let roots = there.filter(|(_, field)| here(field.name())).map(|(at, _)| at);
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        let groups = matching_groups(builder.metadata(), &scan.filters);
        let reader = builder
            .with_projection(mask)
            .with_row_groups(groups)
            .with_batch_size(SCANNED)
            .build()
            .map_err(|e| damaged(e.to_string()))?;
        let path = self.path.clone();
        Ok(Box::new(reader.map(move |batch| {
            let batch =
                batch.map_err(|e| Error::Damaged { path: path.clone(), reason: e.to_string() })?;
            fitted(&batch, &schema).map_err(|reason| Error::Damaged { path: path.clone(), reason })
        })))
    }

    /// The rows, in the canonical schema of today: a column that the file does not have is null.
    fn read(&self) -> Result<RecordBatch, Error> {
        let bytes = self.checked_bytes()?;
        unpacked(self.table, self.rows, bytes.into())
            .map_err(|reason| Error::Damaged { path: self.path.clone(), reason })
    }
}

/// The rows of a file in the canonical schema of today; what is wrong with it otherwise.
fn unpacked(table: &Table, rows: usize, bytes: Bytes) -> Result<RecordBatch, String> {
    let size = bytes.len();
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|e| e.to_string())?;
    declared(builder.metadata(), rows, size)?;
    let known = |name: &str| table.column(name).is_some() || name.starts_with("source");
    let there = builder.parquet_schema().root_schema().get_fields().iter().enumerate();
    let wanted = there.filter(|(_, field)| known(field.name())).map(|(at, _)| at);
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
    let reader = builder.with_projection(mask).with_batch_size(BATCH).build();
    let reader = reader.map_err(|e| e.to_string())?;
    let schema = table.schema();
    let (mut batches, mut unpacked) = (Vec::new(), 0_usize);
    for batch in reader {
        let batch = fitted(&batch.map_err(|e| e.to_string())?, &schema)?;
        unpacked = unpacked.saturating_add(batch.get_array_memory_size());
        if unpacked > FREE_UNPACKED.saturating_add(size.saturating_mul(MAX_RATIO)) {
            return Err(format!("its {size} bytes unpack to {unpacked} or more"));
        }
        batches.push(batch);
    }
    concat_batches(&schema, &batches).map_err(|e| e.to_string())
}

/// From how many rows on a table is scanned as it is needed, and not held in memory.
const LARGE: usize = 4_000_000;
/// From how many rows on only the columns that are needed are read.
const MANY: usize = 100_000;
/// Rows that are scanned at a time, and rows of a part of a file that is skipped as a whole.
const SCANNED: usize = 1 << 14;
const GROUP: usize = 1 << 18;
/// Rows that are read at a time.
const BATCH: usize = 1 << 20;
/// Rows that a file of any size may have, and how many more for each of its bytes.
const FREE_ROWS: usize = 1 << 20;
const ROWS_A_BYTE: usize = 16;
/// Bytes that a file of any size may unpack to, and how many more for each of its bytes.
const FREE_UNPACKED: usize = 512 * 1024 * 1024;
const MAX_RATIO: usize = 512;

/// A batch of a file in the canonical schema of today.
fn fitted(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, String> {
    let mut columns = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        columns.push(match batch.column_by_name(field.name()) {
            Some(c) if c.data_type() == field.data_type() => Arc::clone(c),
            Some(c) => {
                let (is, should) = (c.data_type(), field.data_type());
                return Err(format!("`{}` holds {is}, not {should}", field.name()));
            }
            None => arrow::array::new_null_array(field.data_type(), batch.num_rows()),
        });
    }
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
        .map_err(|e| e.to_string())
}

/// The parts of a file in which rows may pass every filter, by their statistics.
fn matching_groups(file: &ParquetMetaData, filters: &[Filter]) -> Vec<usize> {
    let may = |group: &RowGroupMetaData, filter: &Filter| {
        let column = group.columns().iter().find(|c| c.column_path().string() == filter.column);
        let Some(statistics) = column.and_then(|c| c.statistics()) else { return true };
        let bounds = match statistics {
            Statistics::Int32(s) => {
                s.min_opt().zip(s.max_opt()).map(|(a, b)| (Bound::Int(*a), Bound::Int(*b)))
            }
            // Long texts are cut off in statistics: the greatest may then be greater.
            Statistics::ByteArray(s) if s.max_is_exact() && s.min_is_exact() => {
                let text = |b: &parquet::data_type::ByteArray| {
                    Some(Bound::Text(b.as_utf8().ok()?.to_owned()))
                };
                s.min_opt().and_then(text).zip(s.max_opt().and_then(text))
            }
            _ => None,
        };
        bounds.is_none_or(|(least, greatest)| filter.holds.may_lie_between(&least, &greatest))
    };
    let groups = file.row_groups().iter().enumerate();
    groups.filter(|(_, g)| filters.iter().all(|f| may(g, f))).map(|(at, _)| at).collect()
}

/// Checks what a file says of itself, before room is made for it.
fn declared(file: &ParquetMetaData, rows: usize, bytes: usize) -> Result<(), String> {
    let count = |n: i64| usize::try_from(n).map_err(|_| format!("it says that it has {n} rows"));
    let said = count(file.file_metadata().num_rows())?;
    if said != rows {
        return Err(format!("it has {said} rows, the manifest says {rows}"));
    }
    if rows > FREE_ROWS.saturating_add(bytes.saturating_mul(ROWS_A_BYTE)) {
        return Err(format!("it says that it has {rows} rows in {bytes} bytes"));
    }
    let (mut grouped, mut unpacked) = (0_usize, 0_usize);
    for group in file.row_groups() {
        let here = count(group.num_rows())?;
        grouped = grouped.saturating_add(here);
        for column in group.columns() {
            if count(column.num_values())? != here {
                let name = column.column_path();
                let values = column.num_values();
                return Err(format!("`{name}` has {values} values in a group of {here} rows"));
            }
            let size = usize::try_from(column.uncompressed_size()).unwrap_or(usize::MAX);
            unpacked = unpacked.saturating_add(size);
        }
    }
    if grouped != rows {
        return Err(format!("its groups have {grouped} rows, it says {rows}"));
    }
    if unpacked > FREE_UNPACKED.saturating_add(bytes.saturating_mul(MAX_RATIO)) {
        return Err(format!("it says that its {bytes} bytes unpack to {unpacked}"));
    }
    Ok(())
}

/// A table as it will lie on disk.
#[derive(Debug)]
pub(super) struct PackedTable {
    pub table: &'static Table,
    pub entry: Entry,
    bytes: Bytes,
}

impl PackedTable {
    /// Its rows, sorted.
    pub(super) fn rows(&self) -> Result<RecordBatch, Error> {
        let damaged = |reason| Error::Damaged { path: self.entry.file.clone().into(), reason };
        unpacked(self.table, self.entry.rows, self.bytes.clone()).map_err(damaged)
    }
}

/// Sorts, counts and encodes the rows of a table.
pub(super) fn packed(table: &'static Table, rows: RecordBatch) -> Result<PackedTable, Error> {
    let rows = in_stored_order(rows)?;
    let content = content(&rows)?;
    let many = rows.num_rows();
    let bytes = encode(&rows).map_err(|e| Error::Io {
        action: "cannot encode",
        path: table.name.into(),
        source: std::io::Error::other(e),
    })?;
    drop(rows);
    let sha256 = sha256(&bytes);
    let entry = Entry {
        table: table.name.to_owned(),
        file: format!("{sha256}.parquet"),
        rows: many,
        bytes: bytes.len() as u64,
        sha256,
        content,
    };
    Ok(PackedTable { table, entry, bytes: bytes.into() })
}

/// How many files are written at the same time: each waits for the disk.
pub(super) const WRITERS: usize = 8;

/// Writes tables under `folder/tables`, but for those that are there already. New files are temporary until a manifest names them.
pub(super) fn write(
    disk: &dyn Disk,
    folder: &Path,
    tables: &[Arc<PackedTable>],
) -> Result<Vec<Temporary>, Error> {
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let home = folder.join("tables");
    // Two sources may have the same table: one without rows.
    let files: BTreeMap<&str, &Bytes> =
        tables.iter().map(|t| (t.entry.file.as_str(), &t.bytes)).collect();
    let files: Vec<(PathBuf, &Bytes)> =
        files.into_iter().map(|(name, bytes)| (home.join(name), bytes)).collect();
    let written = waiting(WRITERS, &files, |(path, bytes)| {
        let there = is_plain(path);
        let new = (!there).then(|| Temporary::at(path));
        // A file that is there may be damaged: adding again is how it is restored.
        let whole = there
            && plain_file::read(path, bytes.len() as u64).is_ok_and(|is| is == bytes.as_ref());
        if !whole {
            put_whole(disk, path, bytes)?;
        }
        Ok(new)
    });
    let new = written.into_iter().collect::<Result<Vec<_>, Error>>()?;
    disk.sync_folder(&home).map_err(|source| Error::Unconfirmed { path: home.clone(), source })?;
    Ok(new.into_iter().flatten().collect())
}

/// Rows as they lie in a file: in the order of all columns; of a large table with days by day first, so that the parts of a file are spans
/// of days, and a query about some years reads no others.
fn in_stored_order(rows: RecordBatch) -> Result<RecordBatch, Error> {
    let Some(day) = rows.schema().index_of("date").ok().filter(|_| rows.num_rows() > LARGE) else {
        return sorted(&rows);
    };
    let others = (0..rows.num_columns()).filter(|c| *c != day);
    let first: Vec<usize> = std::iter::once(day).chain(others).collect();
    let mut back: Vec<usize> = (1..=day).chain([0]).collect();
    back.extend(day + 1..rows.num_columns());
    Ok(sorted(&rows.project(&first)?)?.project(&back)?)
}

/// Rows as a Parquet file.
///
/// # Errors
/// A column of a type that Parquet does not hold.
pub fn parquet(rows: &RecordBatch) -> Result<Vec<u8>, Error> {
    encode(rows).map_err(|e| Error::Io {
        action: "cannot encode",
        path: "the answer".into(),
        source: std::io::Error::other(e),
    })
}

fn encode(rows: &RecordBatch) -> Result<Vec<u8>, parquet::errors::ParquetError> {
    let level = ZstdLevel::try_new(3)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by("comity".into())
        .set_max_row_group_row_count(Some(GROUP))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, rows.schema(), Some(properties))?;
    writer.write(rows)?;
    writer.close()?;
    Ok(bytes)
}

/// Writes a file so that it is there whole or not at all; what a failed write left is removed.
///
/// # Errors
/// [`Error::Unconfirmed`] where the file is there, and may not be after a power loss.
pub(super) fn write_whole(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    put_whole(disk, path, bytes)?;
    match path.parent() {
        Some(folder) => disk
            .sync_folder(folder)
            .map_err(|source| Error::Unconfirmed { path: path.to_owned(), source }),
        None => Ok(()),
    }
}

/// The same, but that its folder is still to be synced: until then its name may be lost in a power loss.
pub(super) fn put_whole(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = path.with_extension("tmp");
    let cannot = |source| Error::Io { action: "cannot write", path: path.to_owned(), source };
    for there in [&temporary, path] {
        refuse_odd(there)?;
    }
    if is_plain(&temporary) {
        // A crash left it.
        disk.remove(&temporary).map_err(cannot)?;
    }
    let mut file = disk.create(&temporary).map_err(cannot)?;
    let _guard = Temporary::at(&temporary);
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync())
        .and_then(|()| disk.rename(&temporary, path));
    written.map_err(|source| {
        let _ = disk.remove(&temporary);
        cannot(source)
    })
}

/// A record is not written through a link, nor into a pipe or a device.
pub(super) fn refuse_odd(path: &Path) -> Result<(), Error> {
    match odd(path) {
        None => Ok(()),
        Some(what) => Err(Error::Io {
            action: "cannot write",
            path: path.to_owned(),
            source: io::Error::new(
                io::ErrorKind::InvalidInput,
                format!(
                    "it is {what}, and is left as it is: take it away, or keep the record in another folder (`--record DIR`)"
                ),
            ),
        }),
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Int32Array, StringArray};
    use arrow::datatypes::{DataType, Field, Schema};

    use super::*;
    use crate::rows::TableRows;
    use crate::scan::Holds;
    use crate::schema::table;

    #[test]
    fn a_scan_gives_the_wanted_columns_and_leaves_out_parts_that_cannot_match() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tables")).unwrap();
        let table = table("vetoes").unwrap();
        let mut rows = TableRows::new(table, "list-1");
        let many = GROUP + 1000;
        for n in 0..many {
            let year = 1946 + 50 * i32::try_from(n / GROUP).unwrap();
            let cells = [("draft", format!("{n:07}").into()), ("year", year.into())];
            rows.push(&cells, format!("{n}"));
        }
        let rows = rows.finish();
        let year = rows.schema().index_of("year").unwrap();
        let packed = Arc::new(packed(table, rows).unwrap());
        let entry = packed.entry.clone();
        // Twice the same is one file.
        let both = [Arc::clone(&packed), packed];
        let _new = write(&super::super::disk::System, folder.path(), &both).unwrap();
        assert_eq!(both[0].rows().unwrap().num_rows(), many);
        let file = TableFile::new(folder.path(), &entry, table);
        let scan = |from, to| Scan {
            columns: Some(vec![year]),
            filters: vec![Filter { column: "year".into(), holds: Holds::Between(from, to) }],
        };
        let count = |scan: &Scan| {
            let batches: Vec<RecordBatch> =
                file.scan(scan).unwrap().collect::<Result<_, _>>().unwrap();
            assert!(batches.iter().all(|b| b.num_columns() == 1));
            batches.iter().map(RecordBatch::num_rows).sum::<usize>()
        };
        assert_eq!(count(&scan(1946, 2020)), many);
        assert_eq!(count(&scan(1946, 1950)), GROUP);
        assert_eq!(count(&scan(1990, 2020)), 1000);
        assert_eq!(count(&scan(1800, 1900)), 0);
        // What was changed on disk is found before a row is given out.
        let mut bytes = fs::read(&file.path).unwrap();
        bytes[100] ^= 1;
        fs::write(&file.path, bytes).unwrap();
        let again = TableFile::new(folder.path(), &entry, table);
        assert!(matches!(again.scan(&scan(1946, 2020)), Err(Error::Damaged { .. })));
    }

    #[test]
    fn the_order_of_columns_comes_back() {
        let schema = Schema::new(vec![
            Field::new("id", DataType::Utf8, true),
            Field::new("year", DataType::Int32, true),
        ]);
        let id = StringArray::from(vec!["b", "a"]);
        let year = Int32Array::from(vec![2, 1]);
        let rows =
            RecordBatch::try_new(Arc::new(schema), vec![Arc::new(id), Arc::new(year)]).unwrap();
        let stored = in_stored_order(rows.clone()).unwrap();
        assert_eq!(stored.schema(), rows.schema());
        assert_eq!(crate::columns::texts(&stored, "id").value(0), "a");
    }
}
