//! One table of one source as an immutable file, named by its content.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::compose::sorted;
use crate::data::TableData;
use crate::error::Error;
use crate::fingerprint::{content, hex};
use crate::schema::Table;

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
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(damaged("the file is gone".into()));
            }
            Err(source) => {
                return Err(Error::Io { action: "cannot read", path: self.path.clone(), source });
            }
        };
        if bytes.len() as u64 != self.bytes {
            return Err(damaged(format!(
                "it has {} bytes, the manifest says {}",
                bytes.len(),
                self.bytes
            )));
        }
        let found = hex(&Sha256::digest(&bytes));
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
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes))
            .and_then(|b| b.with_batch_size(1 << 20).build())
            .map_err(|e| damaged(e.to_string()))?;
        let batches = reader.collect::<Result<Vec<_>, _>>()?;
        let schema = self.table.schema();
        let mut fitted = Vec::with_capacity(batches.len());
        for batch in batches {
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
            fitted.push(RecordBatch::try_new(std::sync::Arc::clone(&schema), columns)?);
        }
        Ok(concat_batches(&schema, &fitted)?)
    }
}

/// Writes one table under `folder/tables`, unless a file of that content is there already.
pub(crate) fn write(folder: &Path, table: &str, rows: &RecordBatch) -> Result<Entry, Error> {
    let rows = sorted(rows)?;
    let bytes = encode(&rows).map_err(|e| Error::Io {
        action: "cannot encode",
        path: folder.join(table),
        source: std::io::Error::other(e),
    })?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let file = format!("{sha256}.parquet");
    let path = folder.join("tables").join(&file);
    if !path.exists() {
        write_whole(&path, &bytes)?;
    }
    Ok(Entry {
        table: table.to_owned(),
        file,
        rows: rows.num_rows(),
        bytes: bytes.len() as u64,
        sha256,
        content: content(&rows)?,
    })
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
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = path.with_extension("tmp");
    let written = (|| {
        let mut file = fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        sync_folder(path)
    })();
    written.map_err(|source| {
        let _ = fs::remove_file(&temporary);
        Error::Io { action: "cannot write", path: path.to_owned(), source }
    })
}

/// A rename is only sure to survive a crash once its folder is on the disk too.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
