//! The fingerprint of a record: over what it says, not over how it is stored.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type};
use sha2::{Digest, Sha256};

use crate::compose::sorted;
use crate::error::Error;
use crate::hex;
use crate::record::Record;
use crate::schema::{TABLES, table};

/// Changed only when the way of counting changes.
const SCHEME: &str = "comity-record-1";

pub(crate) fn of(record: &Record) -> Result<String, Error> {
    let mut hash = Sha256::new();
    field(&mut hash, SCHEME);
    for t in TABLES {
        field(&mut hash, t.name);
        for f in t.schema().fields() {
            field(&mut hash, &format!("{}:{}", f.name(), f.data_type()));
        }
    }
    for (family, choice) in &record.preferences().baseline {
        field(&mut hash, &format!("{family}={choice}"));
    }
    for source in record.sources() {
        field(&mut hash, &source.id);
        for (family, relation) in &source.relations {
            field(&mut hash, &format!("{family}:{relation:?}"));
        }
        let mut claims: Vec<String> = source.coverage.iter().map(|c| format!("{c:?}")).collect();
        claims.sort();
        for claim in claims {
            field(&mut hash, &claim);
        }
        for name in record.tables_of(&source.id) {
            field(&mut hash, name);
            let content = match record.known_content(&source.id, name) {
                Some(content) => content.to_owned(),
                None => {
                    match table(name).map(|t| record.rows(&source.id, t)).transpose()?.flatten() {
                        Some(rows) => content(&rows)?,
                        None => String::new(),
                    }
                }
            };
            field(&mut hash, &content);
        }
    }
    Ok(hex(&hash.finalize()))
}

/// SHA-256 over the sorted logical rows of one table.
pub(crate) fn content(rows: &RecordBatch) -> Result<String, Error> {
    let rows = sorted(rows)?;
    let mut hash = Sha256::new();
    hash.update((rows.num_rows() as u64).to_le_bytes());
    for (column, f) in rows.columns().iter().zip(rows.schema().fields()) {
        // A column without a value says nothing: a schema that grows leaves what was stored as it is.
        if column.null_count() == column.len() {
            continue;
        }
        field(&mut hash, f.name());
        for row in 0..column.len() {
            if column.is_null(row) {
                hash.update([0]);
                continue;
            }
            hash.update([1]);
            match f.data_type() {
                DataType::Int32 => {
                    hash.update(column.as_primitive::<Int32Type>().value(row).to_le_bytes());
                }
                DataType::Date32 => {
                    hash.update(column.as_primitive::<Date32Type>().value(row).to_le_bytes());
                }
                DataType::Float64 => {
                    hash.update(
                        column.as_primitive::<Float64Type>().value(row).to_bits().to_le_bytes(),
                    );
                }
                DataType::Boolean => hash.update([u8::from(column.as_boolean().value(row))]),
                _ => field(&mut hash, column.as_string::<i32>().value(row)),
            }
        }
    }
    Ok(hex(&hash.finalize()))
}

fn field(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}
