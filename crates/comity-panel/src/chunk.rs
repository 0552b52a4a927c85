//! Blocks that are written together, and what writes a column of them.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::bits::Bits;
use super::cells::{Cells, Kind};
use super::tables::{Cover, Pairs};
use super::unit::{Block, Run};

/// Writes the cells of blocks, one for each of their rows.
pub(crate) trait Source: Send + Sync {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells);
}

impl<F: Fn(&Block, &mut Cells) + Send + Sync> Source for F {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells) {
        chunk.blocks.iter().for_each(|block| self(block, out));
    }
}

/// Blocks whose columns are written one after the other. What columns share is found out once.
pub(crate) struct Chunk<'a> {
    pub blocks: &'a [Block],
    /// How many rows of a year they have.
    pub rows: usize,
    covered: Once<Cover, Bits>,
    places: Once<Pairs, Vec<(u32, u32)>>,
}

impl<'a> Chunk<'a> {
    pub fn of(blocks: &'a [Block]) -> Self {
        let rows = blocks.iter().map(Block::rows).sum();
        Self { blocks, rows, covered: Once::default(), places: Once::default() }
    }

    /// Every run with its block, in the order of the rows.
    pub fn runs(&self) -> impl Iterator<Item = (&'a Block, &'a Run)> + use<'a> {
        self.blocks.iter().flat_map(|block| block.runs().iter().map(move |run| (block, run)))
    }

    /// The cells of a column for all the time of its blocks, whichever part of it is written.
    pub fn history(&self, of: &dyn Source, kind: Kind) -> Cells {
        let clipped = self.blocks.iter().any(|block| block.clipped.is_some());
        let mut cells = Cells::new(kind, self.rows);
        if clipped {
            let whole: Vec<Block> = self.blocks.iter().map(Block::whole).collect();
            of.write(&Chunk::of(&whole), &mut cells);
        } else {
            of.write(self, &mut cells);
        }
        cells
    }

    /// Whether each row is covered.
    pub fn covered(&self, cover: &Arc<Cover>) -> Rc<Bits> {
        self.covered.of(cover, |cover| {
            let mut bits = Bits::with_capacity(self.rows);
            self.runs().for_each(|(block, run)| cover.mark(block, run, &mut bits));
            bits
        })
    }

    /// The rows that have an entry among these pairs, each with its place.
    pub fn places(&self, pairs: &Arc<Pairs>) -> Rc<Vec<(u32, u32)>> {
        self.places.of(pairs, |pairs| pairs.places(self.runs()))
    }
}

/// What was found out about each of a few things.
struct Once<K, V>(RefCell<Vec<(Arc<K>, Rc<V>)>>);

impl<K, V> Default for Once<K, V> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<K, V> Once<K, V> {
    fn of(&self, key: &Arc<K>, find: impl FnOnce(&K) -> V) -> Rc<V> {
        let mut found = self.0.borrow_mut();
        if let Some((_, value)) = found.iter().find(|(k, _)| Arc::ptr_eq(k, key)) {
            return Rc::clone(value);
        }
        let value = Rc::new(find(key));
        found.push((Arc::clone(key), Rc::clone(&value)));
        value
    }
}
