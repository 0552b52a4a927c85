//! Parquet, its row groups encoded beside the making of the rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::datatypes::Schema;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::{ColumnDescPtr, ColumnPath};

use super::parquet_codes::{self, LEVEL, Packer};
use super::{Frame, Sink};
use crate::error::ReportError;

/// Rows of years in a row group.
const GROUP: usize = 128 * 1024;

pub(super) fn write(
    frame: &Frame<'_>,
    out: &mut dyn Sink,
    notes: &str,
) -> Result<usize, ReportError> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
        .set_statistics_enabled(EnabledStatistics::None)
        // Chunks of our own have none, and a file has one for every chunk or for no chunk.
        .set_offset_index_disabled(true)
        // The figures of a state come again with each of its partners: a page that is long enough holds them once.
        .set_data_page_row_count_limit(GROUP)
        .set_key_value_metadata(Some(vec![KeyValue::new("comity".to_owned(), notes.to_owned())]));
    let keys: BTreeSet<String> =
        frame.about().into_iter().filter(|a| a.group.is_none()).map(|a| a.name).collect();
    for key in &keys {
        // Readers skip row groups by their keys.
        properties = properties.set_column_statistics_enabled(
            ColumnPath::from(key.as_str()),
            EnabledStatistics::Chunk,
        );
    }
    let properties = properties.build();
    let schema = frame.wide_schema();
    let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?;
    let (mut file, factory) = writer.into_serialized_writer()?;
    let columns = file.schema_descr().columns().to_vec();
    let mut rows = 0;
    frame.each(
        GROUP,
        |batch| (batch.num_rows(), encode(&factory, &schema, &columns, &keys, &batch)),
        |(many, chunks)| {
            rows += many;
            let mut group = file.next_row_group()?;
            for chunk in chunks? {
                match chunk {
                    Chunk::Codes(codes) => codes.append(&mut group)?,
                    Chunk::Other(other) => other.append_to_row_group(&mut group)?,
                }
            }
            group.close()?;
            Ok(())
        },
    )?;
    file.finish()?;
    Ok(rows)
}

/// The chunk of a column in a row group.
enum Chunk {
    Codes(parquet_codes::Chunk),
    Other(ArrowColumnChunk),
}

fn encode(
    factory: &ArrowRowGroupWriterFactory,
    schema: &Schema,
    columns: &[ColumnDescPtr],
    keys: &BTreeSet<String>,
    batch: &RecordBatch,
) -> Result<Vec<Chunk>, ReportError> {
    let mut packer = Packer::new()?;
    // What a page holds does not depend on which group it is in.
    let writers = factory.create_column_writers(0)?;
    let fields = schema.fields().iter().zip(columns).zip(batch.columns());
    let mut chunks = Vec::with_capacity(columns.len());
    for (mut writer, ((field, about), column)) in writers.into_iter().zip(fields) {
        if !keys.contains(field.name())
            && let Some(codes) = packer.chunk(column, about)?
        {
            chunks.push(Chunk::Codes(codes));
            continue;
        }
        for leaf in compute_leaves(field, &cast(column, field.data_type())?)? {
            writer.write(&leaf)?;
        }
        chunks.push(Chunk::Other(writer.close()?));
    }
    Ok(chunks)
}
