//! What is looked up for every cell of a published table: where its column stands, and which codes are missing there.

use std::hash::Hasher;

/// The codes that stand for "missing" in a column: as they are written, and those that are numbers as numbers.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    texts: Vec<&'static str>,
    pub numbers: Vec<f64>,
}

impl Codes {
    pub fn of(texts: Vec<&'static str>) -> Self {
        let numbers = texts.iter().filter_map(|code| code.parse().ok()).collect();
        Self { texts, numbers }
    }

    /// Whether a cell is one of them: as it stands, or as the number that it is.
    pub fn are(&self, cell: &str) -> bool {
        if self.texts.is_empty() || self.texts.contains(&cell) {
            return !self.texts.is_empty();
        }
        // Only what has a point or an exponent can be a code written otherwise.
        cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
            && cell.bytes().any(|b| matches!(b, b'.' | b'e' | b'E'))
            && cell.parse().is_ok_and(|v: f64| self.numbers.contains(&v))
    }
}

/// Hashes the names of columns: they are short, are asked for in every row, and come from files of a few thousand columns at most.
#[derive(Debug, Default)]
pub(crate) struct NameHasher(u64);

impl NameHasher {
    #[inline]
    fn mix(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }
}

impl Hasher for NameHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((word, after)) = rest.split_first_chunk::<8>() {
            self.mix(u64::from_le_bytes(*word));
            rest = after;
        }
        // The length keeps apart what overlaps.
        let length = (bytes.len() as u64) << 56;
        let last = match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
            }
            _ => rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        self.mix(last ^ length);
    }

    #[inline]
    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::hash::BuildHasherDefault;

    use super::*;

    #[test]
    fn a_code_is_missing_as_it_stands_and_as_the_number_that_it_is() {
        let codes = Codes::of(vec!["-9", ".", "1e3"]);
        for missing in ["-9", ".", "-9.0", "-9e0", "1000.0", "1e3"] {
            assert!(codes.are(missing), "{missing}");
        }
        for there in ["", "9", "-99", "1000", "-9.5", "e", "-9x", "x-9.0"] {
            assert!(!codes.are(there), "{there}");
        }
        assert!(!Codes::of(Vec::new()).are("") && !Codes::of(Vec::new()).are("-9"));
    }

    #[test]
    fn names_that_differ_in_a_letter_or_their_length_are_told_apart() {
        let names = ["", "a", "b", "aa", "year", "year1", "longer_than_8", "longer_than_9"];
        let mut found: HashMap<&str, usize, BuildHasherDefault<NameHasher>> = HashMap::default();
        found.extend(names.iter().copied().zip(0..));
        assert!(names.iter().enumerate().all(|(at, name)| found[name] == at));
        let hash = |name: &str| {
            let mut hasher = NameHasher::default();
            hasher.write(name.as_bytes());
            hasher.finish()
        };
        let hashes: std::collections::BTreeSet<u64> = names.map(hash).into();
        assert_eq!(hashes.len(), names.len());
    }
}
