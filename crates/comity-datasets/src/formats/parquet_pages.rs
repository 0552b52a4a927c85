//! What the parts of a Parquet file say of their lengths, checked before another library allocates them.
//!
//! Footer and page headers are written in Thrift's compact form. A list has so many elements as it says, and each takes a byte at least;
//! a page says how many bytes it unpacks to.

/// The longest footer: about fifty times as much is made of it.
const MAX_FOOTER: usize = 16 * 1024 * 1024;
/// Structs and lists inside each other.
const MAX_DEPTH: usize = 32;

/// Whether the footer is short enough, and its lists and texts no longer than itself.
pub(super) fn footer_fits(bytes: &[u8]) -> bool {
    let Some(end) = bytes.len().checked_sub(8) else { return true };
    let Ok(length) = <[u8; 4]>::try_from(&bytes[end..end + 4]) else { return true };
    let length = u32::from_le_bytes(length) as usize;
    // What is longer than the file, the library refuses.
    let Some(footer) = end.checked_sub(length).map(|from| &bytes[from..end]) else { return true };
    length <= MAX_FOOTER && Thrift { bytes: footer, at: 0 }.skip_struct(0).is_some()
}

/// How many bytes the pages of a column unpack to; none where they cannot be followed.
pub(super) fn unpacked(column: &[u8]) -> Option<usize> {
    let mut all = 0_usize;
    let mut at = 0;
    while at < column.len() {
        let mut header = Thrift { bytes: &column[at..], at: 0 };
        let (unpacked, packed) = header.page()?;
        all = all.saturating_add(unpacked);
        at = at.checked_add(header.at)?.checked_add(packed)?;
    }
    (at == column.len()).then_some(all)
}

/// Bytes in the compact form.
struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Kinds of values.
const STOP: u8 = 0;
const I32: u8 = 5;
const BINARY: u8 = 8;

impl Thrift<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A number that may be below zero: then it is none here.
    fn size(&mut self) -> Option<usize> {
        let number = self.number()?;
        (number & 1 == 0).then(|| usize::try_from(number >> 1).ok())?
    }

    fn pass(&mut self, bytes: usize) -> Option<()> {
        self.at = self.at.checked_add(bytes).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }

    /// The next field of a struct: its number and its kind; none inside: the struct ends.
    fn field(&mut self, before: i64) -> Option<Option<(i64, u8)>> {
        let head = self.byte()?;
        let kind = head & 0x0F;
        if kind == STOP {
            return Some(None);
        }
        let field = match head >> 4 {
            0 => {
                let number = self.number()?;
                (number >> 1) as i64 ^ -((number & 1) as i64)
            }
            more => before.checked_add(i64::from(more))?,
        };
        Some(Some((field, kind)))
    }

    fn skip_struct(&mut self, depth: usize) -> Option<()> {
        let mut last = 0;
        while let Some((field, kind)) = self.field(last)? {
            last = field;
            self.skip(kind, depth + 1)?;
        }
        Some(())
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match kind {
            // True and false are kinds of their own.
            1 | 2 => Some(()),
            3 => self.pass(1),
            4 | I32 | 6 => self.number().map(|_| ()),
            7 => self.pass(8),
            BINARY => {
                let length = usize::try_from(self.number()?).ok()?;
                self.pass(length)
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = match head >> 4 {
                    15 => usize::try_from(self.number()?).ok()?,
                    few => usize::from(few),
                };
                if count > self.bytes.len() - self.at {
                    return None;
                }
                for _ in 0..count {
                    match head & 0x0F {
                        1 | 2 => self.pass(1)?,
                        kind => self.skip(kind, depth + 1)?,
                    }
                }
                Some(())
            }
            12 => self.skip_struct(depth),
            _ => None,
        }
    }

    /// A page header: how many bytes the page unpacks to, and how many it has.
    fn page(&mut self) -> Option<(usize, usize)> {
        let (mut unpacked, mut packed) = (None, None);
        let mut last = 0;
        while let Some((field, kind)) = self.field(last)? {
            last = field;
            match (field, kind) {
                (2, I32) => unpacked = Some(self.size()?),
                (3, I32) => packed = Some(self.size()?),
                _ => self.skip(kind, 1)?,
            }
        }
        Some((unpacked?, packed?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of two bytes that says that it unpacks to so many.
    fn page(unpacked: u32) -> Vec<u8> {
        let mut bytes = vec![0x15, 0x00, 0x15];
        let mut left = unpacked << 1;
        while left > 0x7F {
            bytes.push(left as u8 | 0x80);
            left >>= 7;
        }
        bytes.extend([left as u8, 0x15, 0x04, 0x2C, 0x15, 0x02, 0x00, 0x00, 7, 7]);
        bytes
    }

    #[test]
    fn what_pages_unpack_to_is_added_up() {
        assert_eq!(unpacked(&page(9)), Some(9));
        let million = 1 << 20;
        assert_eq!(unpacked(&[page(million), page(3)].concat()), Some(million as usize + 3));
        assert_eq!(unpacked(&page(9)[..8]), None);
        assert_eq!(unpacked(&[page(9), vec![0x15]].concat()), None);
        assert_eq!(unpacked(b""), Some(0));
    }

    #[test]
    fn a_list_that_is_longer_than_the_footer_does_not_fit() {
        let file = |footer: &[u8]| {
            [b"PAR1", footer, &(footer.len() as u32).to_le_bytes(), b"PAR1"].concat()
        };
        assert!(footer_fits(&file(&[0x15, 0x02, 0x00])));
        assert!(footer_fits(&file(&[0x19, 0x25, 0x02, 0x04, 0x00])));
        // Of row groups (field 4), more than two thousand million.
        assert!(!footer_fits(&file(&[0x49, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00])));
        assert!(!footer_fits(&file(&[0x1C; 100])));
        assert!(footer_fits(b"PAR1") && footer_fits(&[0xFF; 20]));
    }
}
