//! Units of analysis: which rows a panel has, and in what order.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use comity_record::{Reading, Record};

use super::crosswalk::{self, Held};
use super::error::PanelError;
use super::grain::Grain;
use super::system::{Codes, System};
use comity_record::parallel::side_by_side;

/// One row per what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// State and year.
    StateYears,
    /// State and month.
    StateMonths,
    /// State and day.
    StateDays,
    /// Pair of states and year.
    DyadYears,
    /// Pair of states and month.
    DyadMonths,
    /// Leader of a state and year in office.
    LeaderYears,
    /// Pair of leaders of two states and year in which both are in office.
    LeaderDyadYears,
    /// Militarized dispute of a pair of states and year.
    DisputeYears,
    /// Group of a number of states and year.
    KadYears,
}

impl Unit {
    /// Every unit with its name and what it has a row for.
    pub const ALL: &[(Self, &'static str, &'static str)] = &[
        (Self::StateYears, "state-years", "one row per state and year"),
        (
            Self::StateMonths,
            "state-months",
            "one row per state and month; facts with dates stand in the months of their days",
        ),
        (
            Self::StateDays,
            "state-days",
            "one row per state and day; facts with dates stand on their days",
        ),
        (
            Self::DyadYears,
            "dyad-years",
            "one row per pair of states and year; both share at least one day of it",
        ),
        (
            Self::DyadMonths,
            "dyad-months",
            "one row per pair of states and month; both share at least one day of it; facts with dates stand in the months of their days",
        ),
        (
            Self::LeaderYears,
            "leader-years",
            "one row per leader and year in office; columns of groups are of the state and year, but for `leader-traits`, `disputes:gml` and `disputes:gml-leaders`",
        ),
        (
            Self::LeaderDyadYears,
            "leader-dyad-years",
            "one row per pair of leaders of two states and year; both are in office on at least one day of it; columns of groups are of the states and year, but for `leader-traits`, `disputes:gml` and `disputes:gml-leaders`",
        ),
        (
            Self::DisputeYears,
            "dispute-years",
            "one row per militarized dispute of a pair of states and year",
        ),
        (
            Self::KadYears,
            "kad-years",
            "one row per group of k of the states named and year; all share at least one day of it",
        ),
    ];

    /// The unit of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n, _)| *n == name).map(|(unit, ..)| *unit)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(unit, ..)| *unit == self).map_or("", |(_, name, _)| name)
    }

    /// Whether its rows are about leaders.
    pub(crate) fn of_leaders(self) -> bool {
        matches!(self, Self::LeaderYears | Self::LeaderDyadYears)
    }

    /// How long its rows are; where the layout of a year decides that, a year.
    pub(crate) fn grain(self) -> Grain {
        match self {
            Self::StateMonths | Self::DyadMonths => Grain::Month,
            Self::StateDays => Grain::Day,
            _ => Grain::Year,
        }
    }

    /// How many states a row is about; none where the user says.
    pub(crate) fn states(self) -> Option<usize> {
        match self {
            Self::StateYears | Self::StateMonths | Self::StateDays | Self::LeaderYears => Some(1),
            Self::DyadYears | Self::DyadMonths | Self::LeaderDyadYears | Self::DisputeYears => {
                Some(2)
            }
            Self::KadYears => None,
        }
    }
}

/// Years, months or days without a gap in which the members of a block are there together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub grain: Grain,
    pub from: i32,
    pub to: i32,
    /// The number among the Correlates of War states of each member in these periods.
    pub cow: Box<[Option<u16>]>,
    /// Whether every member is in the Correlates of War system in each of these periods: silence of a source that lists its states is known
    /// of no other.
    pub listed: bool,
}

impl Run {
    pub fn len(&self) -> usize {
        (self.to - self.from + 1) as usize
    }

    pub fn periods(&self) -> RangeInclusive<i32> {
        self.from..=self.to
    }

    /// Its first and last year.
    pub fn years(&self) -> (i32, i32) {
        (self.grain.year(self.from), self.grain.year(self.to))
    }

    /// Its years, each with how many rows it has.
    pub fn by_year(&self) -> impl Iterator<Item = (i32, usize)> + use<> {
        self.grain.by_year(self.from, self.to)
    }

    /// The two members of a pair, where both are states of the Correlates of War.
    pub fn pair(&self) -> Option<(u16, u16)> {
        match self.cow[..] {
            [Some(a), Some(b)] => Some((a, b)),
            _ => None,
        }
    }
}

/// The rows of the same states.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Their numbers in the system of the panel.
    pub states: Box<[u16]>,
    /// All their time in the system.
    pub history: Vec<Run>,
    /// The years requested; none: all.
    pub clipped: Option<Vec<Run>>,
}

impl Block {
    /// The runs that are written.
    pub fn runs(&self) -> &[Run] {
        self.clipped.as_deref().unwrap_or(&self.history)
    }

    pub fn rows(&self) -> usize {
        self.runs().iter().map(Run::len).sum()
    }

    /// The same block with all its years.
    pub fn whole(&self) -> Self {
        Self { states: self.states.clone(), history: self.history.clone(), clipped: None }
    }
}

/// The states of a panel, and how they stand to those of the Correlates of War, in whose codes the record's facts are.
#[derive(Debug)]
pub(crate) struct Base {
    pub codes: Codes,
    pub system: System,
    /// The Correlates of War states over the same years.
    pub cow: System,
    /// The year to which the lists are carried on; none: each ends where it ends.
    pub extend_to: Option<i32>,
    /// How long a row is.
    pub grain: Grain,
    /// Per state and year of `system`, the number in `cow` and whether it is a member there; none where they are the same list.
    crosswalk: Option<Vec<Option<(u16, bool)>>>,
}

impl Base {
    pub fn of(
        record: &Record,
        reading: &Reading,
        codes: Codes,
        extend_to: Option<i32>,
        grain: Grain,
    ) -> Result<Self, PanelError> {
        if !record.holds(codes.table(), reading) {
            return Err(PanelError::new(match codes {
                Codes::Cow => "the record has no list of states".to_owned(),
                Codes::Gw => "the record has no list of states of Gleditsch and Ward".to_owned(),
            })
            .help("add one: comity record add gwstates.rda (dataset gw-states; `comity record sources gw-states` says where to get it)"));
        }
        let system = System::of(record, reading, codes, extend_to)?;
        if codes == Codes::Cow {
            let cow = System::of(record, reading, codes, extend_to)?;
            return Ok(Self { codes, system, cow, extend_to, grain, crosswalk: None });
        }
        let to = extend_to.map_or(*system.years.end(), |e| e.max(*system.years.end()));
        let mut cow = System::of(record, reading, Codes::Cow, Some(to))?;
        cow.cover(&system.years);
        let crosswalk = crosswalk::to_cow(&system, &cow, &Held::all(record)?);
        Ok(Self { codes, system, cow, extend_to, grain, crosswalk: Some(crosswalk) })
    }

    /// The number in `cow` of a state of the panel in a year, and whether it is a member there.
    fn cow_of(&self, state: u16, year: i32) -> Option<(u16, bool)> {
        match &self.crosswalk {
            None => Some((state, true)),
            Some(numbers) => numbers[self.system.cell(usize::from(state), year)?],
        }
    }

    /// The code that each state has in the other list in a year in which it is in that too, cell by cell of `system`.
    pub fn codes_in_other(
        &self,
        record: &Record,
        reading: &Reading,
    ) -> Result<Vec<Option<i32>>, PanelError> {
        if let Some(crosswalk) = &self.crosswalk {
            let code = |(state, member): &(u16, bool)| {
                self.cow.codes.get(usize::from(*state)).copied().filter(|_| *member)
            };
            return Ok(crosswalk.iter().map(|c| c.as_ref().and_then(code)).collect());
        }
        let to = *self.system.years.end();
        let gw = System::of(record, reading, Codes::Gw, Some(to))?;
        Ok(crosswalk::to_gw(&self.system, &gw, &Held::all(record)?))
    }

    /// The periods in which these states are there together, in runs with the same Correlates of War codes and places in its system.
    pub fn runs(&self, states: &[u16]) -> Vec<Run> {
        let grain = self.grain;
        let spans = match grain {
            Grain::Year => self.system.spans_together(states),
            _ => self.system.periods_together(states, grain),
        };
        if self.crosswalk.is_none() {
            let cow = || states.iter().map(|s| Some(*s)).collect();
            let run = |(from, to)| Run { grain, from, to, cow: cow(), listed: true };
            return spans.into_iter().map(run).collect();
        }
        let mut runs: Vec<Run> = Vec::new();
        for (from, to) in spans {
            let mut next = from;
            for (_, many) in grain.by_year(from, to) {
                let last = next + many as i32 - 1;
                self.join(&mut runs, states, (next, last));
                next = last + 1;
            }
        }
        runs
    }

    fn listed(&self, states: &[u16], year: i32) -> bool {
        states.iter().all(|s| self.cow_of(*s, year).is_some_and(|(_, member)| member))
    }

    /// Adds periods of one year to the runs of these states.
    pub fn join(&self, runs: &mut Vec<Run>, states: &[u16], (from, to): (i32, i32)) {
        let grain = self.grain;
        let year = grain.year(from);
        if let Some(run) = runs.last_mut()
            && run.to + 1 == from
            && (self.crosswalk.is_none() || {
                let same = |(s, c): (&u16, &Option<u16>)| self.cow_of(*s, year).map(|x| x.0) == *c;
                states.iter().zip(&run.cow).all(same) && self.listed(states, year) == run.listed
            })
        {
            run.to = to;
            return;
        }
        let cow = states.iter().map(|s| self.cow_of(*s, year).map(|c| c.0)).collect();
        runs.push(Run { grain, from, to, cow, listed: self.listed(states, year) });
    }

    /// Blocks of every state, every pair, or every group of `k` among these.
    pub fn blocks(
        &self,
        k: usize,
        directed: bool,
        among: &[u16],
        years: Option<&RangeInclusive<i32>>,
    ) -> Vec<Block> {
        let with = |first: &u16| {
            let mut blocks = Vec::new();
            choose(k, directed, among, &mut vec![*first], &mut |states| {
                blocks.extend(block(states, self.runs(states), years));
            });
            blocks
        };
        side_by_side(among, || (), |(), first| with(first)).into_iter().flatten().collect()
    }

    /// Blocks of the pairs and years that are listed, whether or not both are in the system.
    pub fn blocks_of_pairs(
        &self,
        listed: &BTreeMap<(u16, u16), Vec<i32>>,
        years: Option<&RangeInclusive<i32>>,
    ) -> Vec<Block> {
        let mut blocks = Vec::new();
        for ((a, b), there) in listed {
            let (states, mut runs) = ([*a, *b], Vec::new());
            let mut there = there.clone();
            there.sort_unstable();
            there.dedup();
            for year in there {
                self.join(&mut runs, &states, (year, year));
            }
            blocks.extend(block(&states, runs, years));
        }
        blocks
    }
}

fn block(states: &[u16], history: Vec<Run>, years: Option<&RangeInclusive<i32>>) -> Option<Block> {
    let clipped = years.map(|years| {
        let clip = |run: &Run| {
            let wanted = run.grain.of_years(*years.start(), *years.end());
            let (from, to) = (run.from.max(*wanted.start()), run.to.min(*wanted.end()));
            (from <= to).then(|| Run { from, to, ..run.clone() })
        };
        history.iter().filter_map(clip).collect::<Vec<_>>()
    });
    let block = Block { states: states.into(), history, clipped };
    (!block.runs().is_empty()).then_some(block)
}

/// Every choice of `k` states, in order; with every order of them when directed.
fn choose(
    k: usize,
    directed: bool,
    among: &[u16],
    chosen: &mut Vec<u16>,
    found: &mut impl FnMut(&[u16]),
) {
    if chosen.len() == k {
        found(chosen);
        return;
    }
    let last = chosen.last().copied();
    for state in among {
        let fits = if directed { !chosen.contains(state) } else { last.is_none_or(|l| l < *state) };
        if fits {
            chosen.push(*state);
            choose(k, directed, among, chosen, found);
            chosen.pop();
        }
    }
}
