//! Which states take part in a panel, and what its rows are about.

use super::declared::Shape;
use super::error::PanelError;
use super::spec::Spec;
use super::unit::{Base, Block, Unit};

/// The most rows that a panel may have: more is a mistake, and would never end.
const MOST: usize = 2_000_000_000;

/// The states that take part, and how they stand in rows.
pub(super) struct Among {
    /// Their numbers, sorted.
    pub states: Vec<u16>,
    /// One state that is in every pair.
    pub with: Option<u16>,
    pub shape: Shape,
}

impl Among {
    /// Those requested. Rows that are entries of a list have their pairs from it.
    pub fn of(base: &Base, spec: &Spec, listed: bool) -> Result<Self, PanelError> {
        let states = named(base, spec)?;
        let k = spec.unit.states().unwrap_or(spec.k);
        let shape = match k {
            1 => Shape::State,
            2 => Shape::Pair { directed: spec.directed || listed },
            k => Shape::Many(k),
        };
        // One state alone has no pairs: its pairs with all others are meant.
        let with = (k == 2 && spec.states.len() == 1).then(|| states[0]);
        let states = if with.is_some() { all(base) } else { states };
        if !listed {
            check_size(k, states.len(), base.system.span(), spec.directed && k == 2)?;
        }
        Ok(Self { states, with, shape })
    }

    /// Codes of states that were named and have no row.
    pub fn absent(base: &Base, spec: &Spec, blocks: &[Block]) -> Vec<i32> {
        let there = |code: &&i32| {
            let number = base.system.number(**code).map(|n| n as u16);
            number.is_some_and(|n| blocks.iter().any(|block| block.states.contains(&n)))
        };
        let mut absent: Vec<i32> =
            spec.states.iter().filter(|code| !there(code)).copied().collect();
        absent.sort_unstable();
        absent.dedup();
        absent
    }

    /// The blocks of the states, pairs or groups of them.
    pub fn blocks(&self, base: &Base, spec: &Spec) -> Vec<Block> {
        let k = self.shape.members();
        let directed = spec.directed && k == 2;
        let mut blocks = base.blocks(k, directed, &self.states, spec.years.as_ref());
        blocks.retain(|b| self.with.is_none_or(|state| b.states.contains(&state)));
        blocks
    }
}

fn all(base: &Base) -> Vec<u16> {
    (0..base.system.codes.len() as u16).collect()
}

/// The states that are named, by their numbers; where none is, all.
fn named(base: &Base, spec: &Spec) -> Result<Vec<u16>, PanelError> {
    if spec.states.is_empty() {
        if spec.unit == Unit::KadYears {
            return Err(PanelError::new("`kad-years` is about the states that are named")
                .help("for example --states USA,UKG,FRN,RUS,CHN --k 3"));
        }
        return Ok(all(base));
    }
    let mut states: Vec<u16> = Vec::new();
    for code in &spec.states {
        let Some(number) = base.system.number(*code) else {
            return Err(PanelError::new(format!("no state {code} in the list"))
                .help("`comity states` looks up codes"));
        };
        states.push(number as u16);
    }
    states.sort_unstable();
    states.dedup();
    Ok(states)
}

fn check_size(k: usize, among: usize, years: usize, directed: bool) -> Result<(), PanelError> {
    if k == 0 || k > 12 || k > 2 && k > among {
        return Err(PanelError::new(format!("groups of {k} cannot be made of {among} states"))
            .help("a group has from 2 to 12 of the states named"));
    }
    let groups = (0..k).fold(1_usize, |n, at| n.saturating_mul(among.saturating_sub(at)));
    let groups = if directed { groups } else { (1..=k).fold(groups, |n, at| n / at) };
    if groups.saturating_mul(years) > MOST {
        return Err(PanelError::new(format!(
            "{groups} groups of {k} states over {years} years are too many rows"
        ))
        .help("name fewer states, or ask for smaller groups"));
    }
    Ok(())
}
