//! Dated crises of dyads.

use std::collections::BTreeMap;

use crate::alarm::Dyad;

/// A crisis between two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Onset {
    /// Who.
    pub dyad: Dyad,
    /// The day on which it began; where it is not known to the day, the first on which it may have.
    pub start: i32,
    /// The last day.
    pub end: i32,
}

/// A dyad on a day, as an onset may follow or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risk {
    /// A crisis is under way, or was within the days of calm that are asked for: none can begin.
    During,
    /// Whether one begins within the horizon is not recorded.
    Censored,
    /// None begins within the horizon.
    Without,
    /// One begins: the days until it does.
    Before(i32),
}

/// The crises of each dyad, in their order and apart from each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Onsets {
    dyads: BTreeMap<Dyad, Vec<Onset>>,
    calm: i32,
}

impl Onsets {
    /// Puts together crises of a dyad that follow each other without so many days of calm. One that ends before it begins ends that day.
    pub fn new(onsets: impl IntoIterator<Item = Onset>, calm: i32) -> Self {
        let mut all: Vec<Onset> = onsets.into_iter().collect();
        all.sort_unstable();
        let mut dyads: BTreeMap<Dyad, Vec<Onset>> = BTreeMap::new();
        for onset in all {
            let onset = Onset { end: onset.end.max(onset.start), ..onset };
            let own = dyads.entry(onset.dyad).or_default();
            match own.last_mut() {
                Some(last) if onset.start <= last.end.saturating_add(calm) => {
                    last.end = last.end.max(onset.end);
                }
                _ => own.push(onset),
            }
        }
        Self { dyads, calm }
    }

    /// Those of a dyad.
    pub fn of(&self, dyad: Dyad) -> &[Onset] {
        self.dyads.get(&dyad).map_or(&[], Vec::as_slice)
    }

    /// What may follow a day, where onsets are recorded until another.
    pub fn risk(&self, dyad: Dyad, day: i32, horizon: i32, until: i32) -> Risk {
        let all = self.of(dyad);
        let next = all.partition_point(|onset| onset.start <= day);
        let last = next.checked_sub(1).and_then(|at| all.get(at));
        if last.is_some_and(|last| day <= last.end.saturating_add(self.calm)) {
            return Risk::During;
        }
        match all.get(next) {
            Some(onset) if onset.start <= day.saturating_add(horizon).min(until) => {
                Risk::Before(onset.start - day)
            }
            _ if day.saturating_add(horizon) > until => Risk::Censored,
            _ => Risk::Without,
        }
    }

    /// Days since the last crisis of a dyad ended, or 0 during one; null where there was none before.
    pub fn since(&self, dyad: Dyad, day: i32) -> Option<i32> {
        let all = self.of(dyad);
        let next = all.partition_point(|onset| onset.start <= day);
        let last = next.checked_sub(1).and_then(|at| all.get(at))?;
        Some((day - last.end).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crises_without_calm_between_are_one() {
        let dyad = Dyad::undirected(2, 1);
        let onset = |start, end| Onset { dyad, start, end };
        let onsets =
            Onsets::new([onset(300, 290), onset(100, 120), onset(125, 130), onset(110, 115)], 10);
        assert_eq!(onsets.of(dyad), [onset(100, 130), onset(300, 300)]);
        assert!(onsets.of(Dyad::directed(1, 2)).is_empty());
        let risk = |day| onsets.risk(dyad, day, 50, 400);
        assert_eq!(risk(49), Risk::Without);
        assert_eq!((risk(50), risk(99)), (Risk::Before(50), Risk::Before(1)));
        assert_eq!((risk(100), risk(140), risk(141)), (Risk::During, Risk::During, Risk::Without));
        assert_eq!((risk(350), risk(351)), (Risk::Without, Risk::Censored));
        assert_eq!(
            (onsets.since(dyad, 99), onsets.since(dyad, 110), onsets.since(dyad, 137)),
            (None, Some(0), Some(7))
        );
        // What begins after the end of the records is not recorded.
        assert_eq!(onsets.risk(dyad, 280, 50, 290), Risk::Censored);
    }
}
