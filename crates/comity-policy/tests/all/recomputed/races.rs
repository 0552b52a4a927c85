//! No arms race: both raise spending or personnel by eight per cent a year for three years running; alone, a strain.

use std::collections::{BTreeMap, BTreeSet};

use super::capabilities::{Capability, LAST};
use super::disputes::{Dispute, LAST as LAST_DISPUTES};
use super::facts::{Class, Facts, Verdicts};
use super::system::StateYear;

const GROWTH: f64 = 1.08;
/// From then on growth is compared with the median of the part of the world.
const FLOATING: i32 = 1971;
/// "Two militarized disputes within the last ten years".
const MEMORY: i32 = 10;
/// Two series: what is spent, and who serves.
const SERIES: [fn(&Capability) -> Option<f64>; 2] = [|c| c.spending, |c| c.personnel];

pub fn verdicts(facts: &Facts) -> Verdicts {
    let races = Races::of(facts);
    let years = facts.state_years();
    years.into_iter().map(|at| (at, races.class(at))).collect()
}

struct Races {
    /// State and last year of three years of growth.
    runs: BTreeSet<StateYear>,
    /// The same where cells that are not known could make one.
    possible: BTreeSet<StateYear>,
    /// Pairs with two disputes, by state and year.
    rivals: BTreeMap<StateYear, BTreeSet<i32>>,
}

impl Races {
    fn of(facts: &Facts) -> Self {
        let medians = medians(facts);
        let mut races = Self {
            runs: BTreeSet::new(),
            possible: BTreeSet::new(),
            rivals: rivals(&facts.disputes),
        };
        for (state, year) in facts.capabilities.0.keys() {
            for series in 0..SERIES.len() {
                let (run, possible) = run(facts, &medians, (*state, *year), series);
                if run {
                    races.runs.insert((*state, *year));
                }
                if possible {
                    races.possible.insert((*state, *year));
                }
            }
        }
        races
    }

    fn class(&self, (state, year): StateYear) -> Class {
        let (mut least, mut most) = (Class::Kept, Class::Kept);
        for last in year..=(year + 2).min(LAST) {
            least = least.max(self.judged(&self.runs, (state, last)));
            most = most.max(self.judged(&self.possible, (state, last)));
        }
        match least {
            Class::Broken => Class::Broken,
            least if year <= LAST_DISPUTES && least == most => least,
            Class::Strained => Class::StrainedOrWorse,
            _ => Class::Unknown,
        }
    }

    /// A run of the state, and whether a rival has one over the same three years.
    fn judged(&self, runs: &BTreeSet<StateYear>, (state, last): StateYear) -> Class {
        if !runs.contains(&(state, last)) {
            return Class::Kept;
        }
        let rivals = self.rivals.get(&(state, last));
        if rivals.is_some_and(|r| r.iter().any(|other| runs.contains(&(*other, last)))) {
            Class::Broken
        } else {
            Class::Strained
        }
    }
}

/// Whether three years of growth end in the year, and whether they could, whatever the cells that are not known hold:
/// no known step of the three fails.
fn run(facts: &Facts, medians: &Medians, (state, last): StateYear, series: usize) -> (bool, bool) {
    let level = |year: i32| facts.capabilities.0.get(&(state, year)).map(SERIES[series]);
    let levels: Option<Vec<Option<f64>>> = (last - 3..=last).map(level).collect();
    let Some(levels) = levels else { return (false, false) };
    if levels.contains(&Some(0.0)) {
        return (false, false);
    }
    let grew = |(year, step): (i32, &[Option<f64>])| {
        let asked = GROWTH * median(medians, (state, year), series);
        Some(step[1]? / step[0]? >= asked - 1e-12)
    };
    let steps: Vec<Option<bool>> = (last - 2..=last).zip(levels.windows(2)).map(grew).collect();
    (steps.iter().all(|s| *s == Some(true)), !steps.contains(&Some(false)))
}

type Medians = BTreeMap<(i32, i32), f64>;

/// By part of the world and year: the growth of spending of the median state, where it grew.
fn medians(facts: &Facts) -> Medians {
    let mut growths: BTreeMap<(i32, i32), Vec<f64>> = BTreeMap::new();
    for ((state, year), now) in facts.capabilities.0.range((i32::MIN, i32::MIN)..) {
        let before = facts.capabilities.0.get(&(*state, year - 1)).and_then(|c| c.spending);
        if let (Some(before), Some(now)) = (before, now.spending)
            && before > 0.0
        {
            growths.entry((part_of_the_world(*state), *year)).or_default().push(now / before);
        }
    }
    let median = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        f64::midpoint(all[(all.len() - 1) / 2], all[all.len() / 2])
    };
    growths.into_iter().map(|(at, all)| (at, median(all))).collect()
}

fn median(medians: &Medians, (state, year): StateYear, series: usize) -> f64 {
    if series == 1 || year < FLOATING {
        return 1.0;
    }
    medians.get(&(part_of_the_world(state), year)).map_or(1.0, |m| m.max(1.0))
}

fn part_of_the_world(state: i32) -> i32 {
    match state {
        ..200 => 1,
        200..400 => 2,
        400..=626 => 3,
        627..700 => 4,
        _ => 5,
    }
}

fn rivals(disputes: &[Dispute]) -> BTreeMap<StateYear, BTreeSet<i32>> {
    let mut met: BTreeMap<(i32, i32, i32), BTreeSet<i32>> = BTreeMap::new();
    for dispute in disputes {
        for part in &dispute.parts {
            for other in dispute.against(part) {
                // By year: who was in it in the same year.
                let from = part.years().start().max(other.years().start()).to_owned();
                let to = part.years().end().min(other.years().end()).to_owned();
                if from > to {
                    continue;
                }
                for year in from..=to + MEMORY {
                    met.entry((part.state, year, other.state)).or_default().insert(dispute.number);
                }
            }
        }
    }
    let mut rivals: BTreeMap<StateYear, BTreeSet<i32>> = BTreeMap::new();
    for ((state, year, other), disputes) in met {
        if disputes.len() >= 2 {
            rivals.entry((state, year)).or_default().insert(other);
        }
    }
    rivals
}
