//! Room for the columns of a batch that is kept, in one piece: on large pages where the system has them, since the cost of
//! a frame in memory is for the most part that of its pages.

use std::ops::Range;

use arrow::buffer::Buffer;
use bytes::Bytes;
use memmap2::{MmapMut, MmapOptions};

/// Where a buffer may begin, as Arrow advises.
const ALIGNED: usize = 64;

/// Room that is filled from its beginning.
pub(crate) struct Arena {
    map: MmapMut,
    used: usize,
}

impl Arena {
    /// Room for so many buffers of so many bytes together; none where the system has no more.
    pub fn new(bytes: usize, buffers: usize) -> Option<Self> {
        let map = MmapOptions::new().len(bytes + buffers * ALIGNED).map_anon().ok()?;
        #[cfg(target_os = "linux")]
        {
            // Advice: where it is not taken, pages are small.
            let _ = map.advise(memmap2::Advice::HugePage);
        }
        Some(Self { map, used: 0 })
    }

    /// Takes bytes in; where they lie, if there is room.
    pub fn put(&mut self, bytes: &[u8]) -> Option<Range<usize>> {
        let at = self.used..self.used + bytes.len();
        self.map.get_mut(at.clone())?.copy_from_slice(bytes);
        self.used = at.end.next_multiple_of(ALIGNED);
        Some(at)
    }

    /// The whole as a buffer, to be sliced where the bytes lie.
    pub fn finish(self) -> Buffer {
        Buffer::from(Bytes::from_owner(self.map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_lie_where_they_were_put_and_begin_where_arrow_wants_them() {
        let mut arena = Arena::new(105, 3).unwrap();
        let places: Vec<_> =
            [vec![1; 3], vec![2; 100], vec![3; 2]].iter().map(|b| arena.put(b).unwrap()).collect();
        assert!(arena.put(&[0; 4096]).is_none());
        let buffer = arena.finish();
        for (nth, place) in places.into_iter().enumerate() {
            assert_eq!(place.start % ALIGNED, 0);
            assert!(buffer.as_slice()[place].iter().all(|b| usize::from(*b) == nth + 1));
        }
    }
}
