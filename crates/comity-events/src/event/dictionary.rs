//! Texts that come again and again, each kept once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Short texts are mixed with one multiplication for each eight bytes. Stores keep such numbers: what comes out never changes. Not for texts that someone may choose so that they collide:
/// the number of entries is bounded where it is used.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Mix(u64);

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
const SEED: u64 = 0xA076_1D64_78BD_642F;

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(FACTOR);
        mixed ^ (mixed >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        let word = |eight: &[u8]| eight.try_into().map_or(0, u64::from_le_bytes);
        if bytes.len() < 8 {
            // At most seven bytes, and how many of them there are.
            let short = bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            return self.write_u64(short | (bytes.len() as u64 + 1) << 56);
        }
        let words = bytes.chunks_exact(8);
        let rest = words.remainder().len();
        words.for_each(|eight| self.write_u64(word(eight)));
        if rest > 0 {
            self.write_u64(word(&bytes[bytes.len() - 8..]));
        }
        self.write_u64(bytes.len() as u64);
    }

    fn write_u8(&mut self, v: u8) {
        self.write_u64(u64::from(v));
    }

    fn write_u32(&mut self, v: u32) {
        self.write_u64(u64::from(v));
    }

    fn write_i32(&mut self, v: i32) {
        self.write_u64(u64::from(v as u32));
    }

    fn write_u64(&mut self, v: u64) {
        // Both halves of the product: what differs in high bits alone comes to differ in low ones too.
        let product = u128::from(self.0 ^ v ^ SEED) * u128::from(FACTOR);
        self.0 = (product as u64) ^ ((product >> 64) as u64).rotate_left(32);
    }

    fn write_usize(&mut self, v: usize) {
        self.write_u64(v as u64);
    }
}

pub(crate) type Mixed = BuildHasherDefault<Mix>;

/// A number for bytes that is the same on every machine and run.
pub(crate) fn mixed(parts: &[&[u8]]) -> u64 {
    let mut mix = Mix::default();
    parts.iter().for_each(|part| mix.write(part));
    mix.finish()
}

/// Texts by number; 0 is the empty text.
#[derive(Debug, Clone)]
pub struct Dictionary {
    numbers: HashMap<Box<str>, u32, Mixed>,
    texts: Vec<Box<str>>,
}

impl Default for Dictionary {
    fn default() -> Self {
        let mut made = Self { numbers: HashMap::default(), texts: Vec::new() };
        made.number("");
        made
    }
}

impl Dictionary {
    /// The number of a text, which it has from now on.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    /// The number that a text has.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The text of a number; of one that was never given, the empty text.
    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |t| t)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is no text but the empty one.
    pub fn is_empty(&self) -> bool {
        self.texts.len() < 2
    }

    /// All texts, in the order of their numbers.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_stores_keep_do_not_change() {
        let is = [
            mixed(&[b"id", b"ISR-1"]),
            mixed(&[b"", b"https://www.example.org/a/1", b"ISRGOV"]),
            mixed(&[&17_500_i32.to_le_bytes(), &[4]]),
        ];
        assert_eq!(
            is.map(|n| format!("{n:016x}")),
            ["3ad47b42934023ce", "b7fc3c79eea0f3de", "d3598279d11b2081"]
        );
        // The same bytes, divided otherwise, have another hash.
        assert_ne!(mixed(&[b"ab", b"c"]), mixed(&[b"a", b"bc"]));
        assert_ne!(mixed(&[b"a", b""]), mixed(&[b"", b"a"]));
        assert_ne!(mixed(&[b"12345678"]), mixed(&[b"123456789"]));
    }

    #[test]
    fn a_text_has_one_number() {
        let mut texts = Dictionary::default();
        assert_eq!((texts.number(""), texts.number("ISR"), texts.number("ISR")), (0, 1, 1));
        assert_eq!((texts.find("ISR"), texts.find("EGY")), (Some(1), None));
        assert_eq!((texts.text(1), texts.text(9), texts.len()), ("ISR", "", 2));
    }
}
