//! Texts that come again and again, each kept once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Short texts mix well enough with one multiplication for each eight bytes. Not for texts that someone may choose so that they collide:
/// the number of entries is bounded where it is used.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Mix(u64);

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(FACTOR);
        mixed ^ (mixed >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in words.by_ref() {
            self.write_u64(word.try_into().map_or(0, u64::from_le_bytes));
        }
        let rest = words.remainder();
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.write_u64(u64::from_le_bytes(last));
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
        self.0 = (self.0.rotate_left(26) ^ v).wrapping_mul(FACTOR);
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
