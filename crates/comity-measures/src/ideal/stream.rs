use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::quantile::quantile;

/// Words kept apart for one piece of work in one iteration.
const WORDS: u32 = 32;

/// Random values of one piece of work: they depend on the seed, the chain, the piece and the iteration, and on nothing else.
#[derive(Debug)]
pub(crate) struct Stream(ChaCha8Rng);

impl Stream {
    pub(crate) fn new(seed: u64, chain: u32, piece: u32, iteration: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((u64::from(chain) << 32) | u64::from(piece));
        rng.set_word_pos(u128::from(iteration) << WORDS);
        Self(rng)
    }

    /// Between 0 and 1, neither of them.
    #[inline]
    pub(crate) fn uniform(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
        ((self.0.next_u64() >> 11) as f64 + 0.5) * SCALE
    }

    #[inline]
    pub(crate) fn normal(&mut self) -> f64 {
        quantile(self.uniform())
    }
}
