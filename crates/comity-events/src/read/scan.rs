//! Looking for one byte, eight at a time.

const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
const ONES: u64 = 0x0101_0101_0101_0101;

/// The high bit of each byte of a word that is `byte`, and of no other.
#[inline]
pub(crate) fn marked(word: u64, byte: u8) -> u64 {
    let odd = word ^ ONES.wrapping_mul(u64::from(byte));
    !(((odd & LOW).wrapping_add(LOW)) | odd | LOW)
}

fn word(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

/// Where a byte is first.
#[inline]
pub(crate) fn first(bytes: &[u8], byte: u8) -> Option<usize> {
    let mut at = 0_usize;
    let mut blocks = bytes.chunks_exact(32);
    for block in blocks.by_ref() {
        let marks = [0, 8, 16, 24].map(|from| marked(word(&block[from..from + 8]), byte));
        if marks != [0; 4] {
            let which = marks.iter().position(|m| *m != 0)?;
            return Some(at + which * 8 + (marks[which].trailing_zeros() / 8) as usize);
        }
        at = at.wrapping_add(32);
    }
    blocks.remainder().iter().position(|b| *b == byte).map(|rest| at + rest)
}

/// Where a byte is last.
#[inline]
pub(crate) fn last(bytes: &[u8], byte: u8) -> Option<usize> {
    let mut to = bytes.len();
    let mut words = bytes.rchunks_exact(8);
    for eight in words.by_ref() {
        let marks = marked(word(eight), byte);
        to = to.wrapping_sub(8);
        if marks != 0 {
            return Some(to + (7 - marks.leading_zeros() / 8) as usize);
        }
    }
    words.remainder().iter().rposition(|b| *b == byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_wherever_it_is() {
        for length in 0..100 {
            for at in 0..length {
                let mut bytes = vec![0x88_u8; length];
                bytes[at] = b'\t';
                assert_eq!((first(&bytes, b'\t'), last(&bytes, b'\t')), (Some(at), Some(at)));
                bytes.iter_mut().for_each(|b| *b = 0x89);
                assert_eq!((first(&bytes, b'\t'), last(&bytes, b'\t')), (None, None));
                bytes.iter_mut().for_each(|b| *b = b'\t');
                assert_eq!(
                    (first(&bytes, b'\t'), last(&bytes, b'\t')),
                    (Some(0), Some(length - 1))
                );
            }
        }
    }
}
