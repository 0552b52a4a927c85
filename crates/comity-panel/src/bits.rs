//! Whether cells are known: one bit each, appended in runs, a word at a time.

use arrow::buffer::{BooleanBuffer, Buffer};

const WORD: usize = u64::BITS as usize;

/// Bits in the order of their rows.
#[derive(Debug, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    pub fn with_capacity(bits: usize) -> Self {
        Self { words: Vec::with_capacity(bits / WORD + 1), len: 0 }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn push(&mut self, bit: bool) {
        self.append(u64::from(bit), 1);
    }

    /// The same bit so many times.
    pub fn extend(&mut self, bit: bool, mut many: usize) {
        let word = if bit { u64::MAX } else { 0 };
        while many > 0 {
            let now = many.min(WORD);
            self.append(word, now);
            many -= now;
        }
    }

    /// A run of other bits.
    pub fn copy(&mut self, from: &Self, mut at: usize, mut many: usize) {
        while many > 0 {
            let now = many.min(WORD);
            self.append(from.word(at), now);
            at += now;
            many -= now;
        }
    }

    pub fn set(&mut self, at: usize, bit: bool) {
        let mask = 1 << (at % WORD);
        if bit {
            self.words[at / WORD] |= mask;
        } else {
            self.words[at / WORD] &= !mask;
        }
    }

    pub fn get(&self, at: usize) -> bool {
        self.words[at / WORD] >> (at % WORD) & 1 == 1
    }

    pub fn clear(&mut self) {
        self.words.clear();
        self.len = 0;
    }

    /// The words as they lie in memory, as Arrow has them; none where every bit is set.
    pub fn words(&self) -> Option<&[u64]> {
        let (last, before) = self.words.split_last()?;
        let in_last = self.len - before.len() * WORD;
        let all = before.iter().all(|w| *w == u64::MAX) && *last == u64::MAX >> (WORD - in_last);
        (!all).then_some(&self.words)
    }

    /// As Arrow has them.
    pub fn finish(self) -> BooleanBuffer {
        let words: Vec<u64> = self.words.into_iter().map(u64::to_le).collect();
        BooleanBuffer::new(Buffer::from_vec(words), 0, self.len)
    }

    /// The lowest bits of a word, at most 64 and at least one.
    fn append(&mut self, word: u64, many: usize) {
        let word = word & (u64::MAX >> (WORD - many));
        let used = self.len % WORD;
        match self.words.last_mut() {
            Some(last) if used > 0 => {
                *last |= word << used;
                if used + many > WORD {
                    self.words.push(word >> (WORD - used));
                }
            }
            _ => self.words.push(word),
        }
        self.len += many;
    }

    /// The 64 bits from a place on; past the end they are 0.
    fn word(&self, at: usize) -> u64 {
        let (index, shift) = (at / WORD, at % WORD);
        let low = self.words[index] >> shift;
        match self.words.get(index + 1) {
            Some(next) if shift > 0 => low | next << (WORD - shift),
            _ => low,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(bits: &[bool]) -> Bits {
        let mut made = Bits::default();
        bits.iter().for_each(|b| made.push(*b));
        made
    }

    proptest! {
        #[test]
        fn runs_are_what_single_bits_are(
            bits in prop::collection::vec(any::<bool>(), 1..400),
            runs in prop::collection::vec((any::<bool>(), 0_usize..200, 0_usize..400, 0_usize..300), 0..8),
        ) {
            let from = of(&bits);
            let (mut made, mut expected) = (Bits::with_capacity(10), Vec::new());
            for (bit, many, at, copied) in runs {
                made.extend(bit, many);
                expected.extend(std::iter::repeat_n(bit, many));
                let at = at % bits.len();
                let copied = copied.min(bits.len() - at);
                made.copy(&from, at, copied);
                expected.extend(&bits[at..at + copied]);
                made.push(!bit);
                expected.push(!bit);
                let last = expected.len() / 2;
                made.set(last, bit);
                expected[last] = bit;
            }
            prop_assert!((0..expected.len()).all(|at| made.get(at) == expected[at]));
            let finished: Vec<bool> = made.finish().iter().collect();
            prop_assert_eq!(finished, expected);
        }
    }
}
