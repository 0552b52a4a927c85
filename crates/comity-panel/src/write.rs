//! The rows of a panel: written block by block, column by column, side by side.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow::compute::{filter_record_batch, take};

use super::arena::{Piece, Room};
use super::arrange::Place;
use super::build::Panel;
use super::cells::{Cells, Kind, Raw};
use super::chunk::Chunk;
use super::column::Column;
use super::error::PanelError;
use super::laid::Spread;
use super::make::too_large;
use super::unit::Block;
use comity_record::parallel::{in_order, side_by_side, threads};

/// Rows of a year that are written at a time: a column of them fits beside its facts in the processor's cache.
const CHUNK: usize = 64 * 1024;

impl Panel {
    /// All rows, in batches, in the order of the keys.
    pub fn batches(&self) -> Result<Vec<RecordBatch>, PanelError> {
        if self.layout.is_none()
            && self.keep.is_none()
            && let Some(batches) = self.in_one_room()
        {
            return batches;
        }
        let mut batches = Vec::new();
        let keep = |batch| {
            batches.push(batch);
            Ok::<_, PanelError>(())
        };
        self.each(CHUNK, |batch| batch, keep)?;
        Ok(batches)
    }

    /// The same in one piece of memory; none where the system has no such piece.
    fn in_one_room(&self) -> Option<Result<Vec<RecordBatch>, PanelError>> {
        let columns: Vec<&Column> = self.keys.iter().chain(&self.columns).collect();
        let chunks = self.chunks(CHUNK);
        let rows: Vec<usize> = chunks
            .iter()
            .map(|chunk| self.blocks[chunk.clone()].iter().map(Block::rows).sum())
            .collect();
        let sizes: Vec<usize> = rows
            .iter()
            .map(|rows| columns.iter().map(|c| Raw::room(c.kind, *rows)).sum())
            .collect();
        let mut room = Room::new(sizes.iter().sum())?;
        let pieces: Vec<(Range<usize>, Mutex<Piece<'_>>)> =
            chunks.into_iter().zip(room.split(&sizes).into_iter().map(Mutex::new)).collect();
        let placed = side_by_side(&pieces, Scratch::default, |scratch, (chunk, piece)| {
            let chunk = Chunk::of(&self.blocks[chunk.clone()]);
            let mut piece = piece.lock().unwrap_or_else(PoisonError::into_inner);
            let place = |column: &&Column| {
                let cells = scratch.of(column.kind);
                column.source.write(&chunk, cells);
                fits(&column.name, cells)?;
                Ok::<_, PanelError>(cells.place(&mut piece))
            };
            columns.iter().map(place).collect::<Result<Vec<_>, PanelError>>()
        });
        drop(pieces);
        let room = room.finish();
        let batch = |(rows, placed): (usize, Result<Vec<_>, _>)| {
            let arrays = columns.iter().zip(placed?).map(|(column, placed)| {
                Raw::lying(placed, &room).array(column.kind, column.texts.as_ref())
            });
            let options = RecordBatchOptions::new().with_row_count(Some(rows));
            Ok(RecordBatch::try_new_with_options(self.schema(), arrays.collect(), &options)?)
        };
        Some(rows.into_iter().zip(placed).map(batch).collect())
    }

    /// Makes batches of about so many rows of years side by side, does `work` with each beside the making, and hands the results on in the
    /// order of the rows. No more are held than threads are working on.
    pub fn each<T: Send, E: From<PanelError>>(
        &self,
        rows: usize,
        work: impl Fn(RecordBatch) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let chunks = self.chunks(rows);
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        let ahead = 2 * threads(chunks.len());
        let made = |(): &mut (), at: usize| self.chunk(chunks[at].clone(), &all).map(&work);
        in_order(chunks.len(), ahead, || (), made, |made| made.map_err(E::from).and_then(&mut take))
    }

    fn chunks(&self, rows: usize) -> Vec<Range<usize>> {
        let (mut chunks, mut first, mut held) = (Vec::new(), 0, 0);
        for (at, block) in self.blocks.iter().enumerate() {
            held += block.rows();
            if held >= rows {
                chunks.push(first..at + 1);
                (first, held) = (at + 1, 0);
            }
        }
        if first < self.blocks.len() || chunks.is_empty() {
            chunks.push(first..self.blocks.len());
        }
        chunks
    }

    /// The rows in batches one after the other, with these columns of the schema only: for who wants a part of the panel on one thread.
    pub fn part(
        &self,
        wanted: Vec<usize>,
    ) -> impl Iterator<Item = Result<RecordBatch, PanelError>> + use<> {
        let panel = self.clone();
        let chunks = self.chunks(CHUNK);
        chunks.into_iter().map(move |blocks| panel.chunk(blocks, &wanted))
    }

    fn chunk(&self, blocks: Range<usize>, wanted: &[usize]) -> Result<RecordBatch, PanelError> {
        let chunk = Chunk::of(&self.blocks[blocks]);
        let rows = chunk.rows;
        let mut laid: Vec<Cells> =
            self.laid.iter().map(|column| Cells::new(column.kind, rows)).collect();
        let indices = self.layout.as_ref().map(|layout| {
            let (mut indices, mut row) = (Vec::new(), 0_u32);
            for (block, run) in chunk.runs() {
                for year in run.periods() {
                    let of = Spread { block, run, year };
                    let many = layout.rows(&of, &self.base.system, &mut laid);
                    indices.extend(std::iter::repeat_n(row, many));
                    row += 1;
                }
            }
            UInt32Array::from(indices)
        });
        let keep = self
            .keep
            .as_ref()
            .map(|keep| keep.rows(&chunk, indices.as_ref().map(|i| &i.values()[..]), &laid));
        let laid: Vec<ArrayRef> = laid
            .into_iter()
            .zip(self.laid.iter())
            .map(|(cells, of)| {
                fits(&of.about.name, &cells)?;
                Ok::<_, PanelError>(cells.finish().array(of.kind, of.texts.as_ref()))
            })
            .collect::<Result<_, PanelError>>()?;
        // What is of the year stands in each of its rows.
        let spread = |column: &Column| -> Result<ArrayRef, PanelError> {
            let cells = written(column, &chunk)?;
            Ok(match &indices {
                None => cells,
                Some(indices) => take(&cells, indices, None)?,
            })
        };
        let of = |at: &usize| match self.order[*at] {
            Place::Key(at) => spread(&self.keys[at]),
            Place::Laid(at) => Ok(Arc::clone(&laid[at])),
            Place::Column(at) => spread(&self.columns[at]),
        };
        let columns = wanted.iter().map(of).collect::<Result<Vec<_>, _>>()?;
        let rows = indices.as_ref().map_or(rows, arrow::array::Array::len);
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let schema = Arc::new(self.schema.project(wanted)?);
        let batch = RecordBatch::try_new_with_options(schema, columns, &options)?;
        Ok(match keep {
            None => batch,
            Some(keep) => filter_record_batch(&batch, &keep)?,
        })
    }
}

/// A column of these blocks.
fn written(column: &Column, chunk: &Chunk<'_>) -> Result<ArrayRef, PanelError> {
    let mut cells = Cells::new(column.kind, chunk.rows);
    column.source.write(chunk, &mut cells);
    fits(&column.name, &cells)?;
    Ok(cells.finish().array(column.kind, column.texts.as_ref()))
}

/// A refusal of a column with a value that did not fit its type.
fn fits(name: &str, cells: &Cells) -> Result<(), PanelError> {
    cells.lost().map_or(Ok(()), |value| {
        Err(too_large(name, value)
            .help("find the row of the record that it comes from, and mend it"))
    })
}

/// Where a thread writes one column after the other: the room is used again, and stays near the processor.
#[derive(Default)]
struct Scratch(Vec<(Kind, Cells)>);

impl Scratch {
    /// Room for a column of that kind, with no cells in it.
    fn of(&mut self, kind: Kind) -> &mut Cells {
        let at = self.0.iter().position(|(k, _)| *k == kind).unwrap_or_else(|| {
            self.0.push((kind, Cells::new(kind, CHUNK)));
            self.0.len() - 1
        });
        let cells = &mut self.0[at].1;
        cells.clear();
        cells
    }
}
