//! The state of a run as bytes.

use nalgebra::Matrix3;

use super::chain::Chain;
use super::draw::Proposal;
use super::likelihood::{BOUND, Item};
use super::panel::Panel;
use crate::Error;

/// What the bytes begin with; the last figure is the version.
const MARK: &[u8; 8] = b"COMIP\0\0\x01";

/// A number that other votes, bridges or settings would change.
pub(crate) fn fingerprint(panel: &Panel, numbers: &[u64]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |value: u64| {
        for byte in value.to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    numbers.iter().for_each(|n| add(*n));
    for cell in &panel.cells {
        add(cell.session as u64);
        add(cell.state as u64);
    }
    panel.cell_start.iter().for_each(|n| add(*n as u64));
    panel.cast.iter().for_each(|n| add(u64::from(*n)));
    panel.step_precision.iter().for_each(|n| add(n.to_bits()));
    hash
}

/// One chain with the draws kept of it, each a value for every cell.
pub(crate) type Run = (Chain, Vec<Vec<f32>>);

pub(crate) fn write(fingerprint: u64, runs: &[Run]) -> Vec<u8> {
    let mut out = MARK.to_vec();
    let mut put = |value: u64| out.extend(value.to_le_bytes());
    put(fingerprint);
    for (chain, draws) in runs {
        put(chain.iteration);
        chain.theta.iter().chain(&chain.means).for_each(|v| put(v.to_bits()));
        for item in &chain.items {
            [item.slope, item.low, item.high].iter().for_each(|v| put(v.to_bits()));
        }
        for proposal in &chain.proposals {
            proposal.covariance.iter().for_each(|v| put(v.to_bits()));
        }
        put(draws.len() as u64);
        draws.iter().flatten().for_each(|v| put(u64::from(v.to_bits())));
    }
    out
}

/// Takes words from bytes.
struct Words<'a>(&'a [u8]);

const SHORT: Error = Error::Checkpoint { why: "it is cut short" };
const VALUE: Error = Error::Checkpoint { why: "it holds a value that no run has" };

impl Words<'_> {
    fn next(&mut self) -> Result<u64, Error> {
        let (word, rest) = self.0.split_first_chunk().ok_or(SHORT)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*word))
    }

    fn number(&mut self) -> Result<f64, Error> {
        let value = f64::from_bits(self.next()?);
        if value.is_finite() { Ok(value) } else { Err(VALUE) }
    }

    fn numbers(&mut self, count: usize) -> Result<Vec<f64>, Error> {
        // No more is set aside than there are bytes for.
        if self.0.len() / 8 < count {
            return Err(SHORT);
        }
        (0..count).map(|_| self.number()).collect()
    }
}

/// The chains of a run with these votes and settings.
pub(crate) fn read(
    bytes: &[u8],
    wanted: u64,
    panel: &Panel,
    chains: u32,
    kept: impl Fn(u64) -> u64,
) -> Result<Vec<Run>, Error> {
    let Some(rest) = bytes.strip_prefix(MARK) else {
        return Err(Error::Checkpoint { why: "it is of another kind or version" });
    };
    let mut words = Words(rest);
    if words.next()? != wanted {
        return Err(Error::Checkpoint { why: "it is of other votes, bridges or settings" });
    }
    let runs = (0..chains)
        .map(|number| run(&mut words, panel, number, &kept))
        .collect::<Result<Vec<_>, _>>()?;
    let level = runs.windows(2).all(|w| w[0].0.iteration == w[1].0.iteration);
    if words.0.is_empty() && level { Ok(runs) } else { Err(VALUE) }
}

fn run(
    words: &mut Words<'_>,
    panel: &Panel,
    number: u32,
    kept: impl Fn(u64) -> u64,
) -> Result<Run, Error> {
    let iteration = words.next()?;
    let (cells, items) = (panel.cells.len(), panel.items());
    let theta = words.numbers(cells)?;
    let means = words.numbers(cells)?;
    let items: Vec<Item> = words
        .numbers(3 * items)?
        .chunks_exact(3)
        .map(|v| Item { slope: v[0], low: v[1], high: v[2] })
        .collect();
    if items.iter().any(|i| i.low < -BOUND || i.high > BOUND || i.low >= i.high) {
        return Err(VALUE);
    }
    let matrices = words.numbers(9 * items.len())?;
    let proposals =
        matrices.chunks_exact(9).map(|v| Proposal::new(Matrix3::from_column_slice(v))).collect();
    let count = words.next()?;
    if count != kept(iteration) {
        return Err(VALUE);
    }
    let mut draws = Vec::new();
    for _ in 0..count {
        if words.0.len() / 8 < cells {
            return Err(SHORT);
        }
        let bits =
            |word: u64| u32::try_from(word).ok().map(f32::from_bits).filter(|v| v.is_finite());
        let draw = (0..cells).map(|_| words.next().and_then(|w| bits(w).ok_or(VALUE)));
        draws.push(draw.collect::<Result<Vec<f32>, Error>>()?);
    }
    Ok((Chain { number, iteration, theta, means, items, proposals }, draws))
}
