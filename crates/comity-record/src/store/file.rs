//! One table of one source as an immutable file, named by its content.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};

use super::disk::{Disk, is_plain, odd};
use crate::compose::sorted;
use crate::data::TableData;
use crate::error::Error;
use crate::fingerprint::content;
use crate::schema::Table;
use crate::temporary::Temporary;
use crate::{plain_file, sha256};

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

/// A stored table where it lies.
#[derive(Debug)]
pub(crate) struct TableFile {
    pub table: &'static Table,
    pub path: PathBuf,
    pub rows: usize,
    pub bytes: u64,
    pub sha256: String,
    pub content: String,
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
        }
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

    /// The rows, in the canonical schema of today: a column that the file does not have is null.
    fn read(&self) -> Result<RecordBatch, Error> {
        let bytes = self.checked_bytes()?;
        let damaged = |e: String| Error::Damaged { path: self.path.clone(), reason: e };
        let size = bytes.len();
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes))
            .map_err(|e| damaged(e.to_string()))?;
        declared(builder.metadata(), self.rows, size).map_err(damaged)?;
        let known = |name: &str| self.table.column(name).is_some() || name.starts_with("source");
        let there = builder.parquet_schema().root_schema().get_fields().iter().enumerate();
        let wanted = there.filter(|(_, field)| known(field.name())).map(|(at, _)| at);
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
        let reader = builder.with_projection(mask).with_batch_size(BATCH).build();
        let reader = reader.map_err(|e| damaged(e.to_string()))?;
        let schema = self.table.schema();
        let (mut fitted, mut unpacked) = (Vec::new(), 0_usize);
        for batch in reader {
            let batch = batch.map_err(|e| damaged(e.to_string()))?;
            let mut columns = Vec::with_capacity(schema.fields().len());
            for field in schema.fields() {
                columns.push(match batch.column_by_name(field.name()) {
                    Some(c) if c.data_type() == field.data_type() => std::sync::Arc::clone(c),
                    Some(c) => {
                        let (is, should) = (c.data_type(), field.data_type());
                        return Err(damaged(format!(
                            "`{}` holds {is}, not {should}",
                            field.name()
                        )));
                    }
                    None => arrow::array::new_null_array(field.data_type(), batch.num_rows()),
                });
            }
            let batch = RecordBatch::try_new(std::sync::Arc::clone(&schema), columns)?;
            unpacked = unpacked.saturating_add(batch.get_array_memory_size());
            if unpacked > FREE_UNPACKED.saturating_add(size.saturating_mul(MAX_RATIO)) {
                return Err(damaged(format!("its {size} bytes unpack to {unpacked} or more")));
            }
            fitted.push(batch);
        }
        Ok(concat_batches(&schema, &fitted)?)
    }
}

/// Rows that are read at a time.
const BATCH: usize = 1 << 20;
/// Rows that a file of any size may have, and how many more for each of its bytes.
const FREE_ROWS: usize = 1 << 20;
const ROWS_A_BYTE: usize = 16;
/// Bytes that a file of any size may unpack to, and how many more for each of its bytes.
const FREE_UNPACKED: usize = 512 * 1024 * 1024;
const MAX_RATIO: usize = 512;

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

/// Writes one table under `folder/tables`, unless a file of that content is there already. A new file is temporary until
/// a manifest names it.
pub(super) fn write(
    disk: &dyn Disk,
    folder: &Path,
    table: &str,
    rows: &RecordBatch,
) -> Result<(Entry, Option<Temporary>), Error> {
    let rows = sorted(rows)?;
    let bytes = encode(&rows).map_err(|e| Error::Io {
        action: "cannot encode",
        path: folder.join(table),
        source: std::io::Error::other(e),
    })?;
    let sha256 = sha256(&bytes);
    let file = format!("{sha256}.parquet");
    let path = folder.join("tables").join(&file);
    let there = is_plain(&path);
    let new = (!there).then(|| Temporary::at(&path));
    // A file that is there may be damaged: adding again is how it is restored.
    if there && plain_file::read(&path, bytes.len() as u64).is_ok_and(|is| is == bytes) {
        let synced = disk.sync_folder(&folder.join("tables"));
        synced.map_err(|source| Error::Unconfirmed { path: path.clone(), source })?;
    } else {
        write_whole(disk, &path, &bytes)?;
    }
    let entry = Entry {
        table: table.to_owned(),
        file,
        rows: rows.num_rows(),
        bytes: bytes.len() as u64,
        sha256,
        content: content(&rows)?,
    };
    Ok((entry, new))
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
    let level = ZstdLevel::try_new(6)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by("comity".into())
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
    if let Err(source) = written {
        let _ = disk.remove(&temporary);
        return Err(cannot(source));
    }
    match path.parent() {
        Some(folder) => disk
            .sync_folder(folder)
            .map_err(|source| Error::Unconfirmed { path: path.to_owned(), source }),
        None => Ok(()),
    }
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
