//! Room for the columns of a frame that is kept, in one piece: on large pages where the system has them, since the cost of
//! a frame in memory is for the most part that of its pages.

use std::ops::Range;

use arrow::buffer::Buffer;
use bytes::Bytes;
use memmap2::{MmapMut, MmapOptions};

/// Where a buffer may begin, as Arrow advises.
const ALIGNED: usize = 64;

/// The room that so many bytes take in a [`Piece`].
pub(crate) const fn taken(bytes: usize) -> usize {
    bytes.next_multiple_of(ALIGNED)
}

/// Room for all.
pub(crate) struct Room(MmapMut);

impl Room {
    /// Room for so many bytes; none where the system has no more.
    pub fn new(bytes: usize) -> Option<Self> {
        let map = MmapOptions::new().len(bytes.max(1)).map_anon().ok()?;
        #[cfg(target_os = "linux")]
        {
            // Advice: where it is not taken, pages are small.
            let _ = map.advise(memmap2::Advice::HugePage);
        }
        Some(Self(map))
    }

    /// Pieces of these sizes one behind the other, each made of what [`taken`] says.
    pub fn split(&mut self, sizes: &[usize]) -> Vec<Piece<'_>> {
        let (mut rest, mut first) = (&mut self.0[..], 0);
        let mut pieces = Vec::with_capacity(sizes.len());
        for size in sizes {
            let (room, after) = rest.split_at_mut(*size);
            pieces.push(Piece { room, first, used: 0 });
            (rest, first) = (after, first + size);
        }
        pieces
    }

    /// The whole as a buffer, to be sliced where the bytes lie.
    pub fn finish(self) -> Buffer {
        Buffer::from(Bytes::from_owner(self.0))
    }
}

/// A part of the room, filled from its beginning.
pub(crate) struct Piece<'a> {
    room: &'a mut [u8],
    /// Where in the room it begins.
    first: usize,
    used: usize,
}

impl Piece<'_> {
    /// Takes bytes in; where in the room they lie.
    pub fn put(&mut self, bytes: &[u8]) -> Range<usize> {
        let at = self.used..self.used + bytes.len();
        self.room[at.clone()].copy_from_slice(bytes);
        self.used += taken(bytes.len());
        self.first + at.start..self.first + at.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_lie_where_they_were_put_and_begin_where_arrow_wants_them() {
        let mut room = Room::new(taken(3) + taken(100) + taken(2)).unwrap();
        let mut pieces = room.split(&[taken(3) + taken(100), taken(2)]);
        let last = pieces[1].put(&[3; 2]);
        let mut places: Vec<_> =
            [vec![1; 3], vec![2; 100]].iter().map(|b| pieces[0].put(b)).collect();
        places.push(last);
        let buffer = room.finish();
        for (nth, place) in places.into_iter().enumerate() {
            assert_eq!(place.start % ALIGNED, 0);
            assert!(buffer.as_slice()[place].iter().all(|b| usize::from(*b) == nth + 1));
        }
    }
}
