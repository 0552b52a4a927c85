//! Wars between states (COW 4.0): who stood where, when, and on which side an initiator was.

use std::collections::{BTreeMap, BTreeSet};

use super::files::{Day, Row, shared};
use super::system::StateYear;

/// The last day of the list of wars.
const LAST: Day = (2007, 12, 31);

pub struct Fighter {
    pub state: i32,
    pub side: i32,
    pub initiator: bool,
    pub days: (Day, Day),
}

pub struct War {
    pub number: i32,
    pub fighters: Vec<Fighter>,
}

pub struct Wars {
    pub all: Vec<War>,
    /// Whom a state fought in a year.
    pub enemies: BTreeMap<StateYear, BTreeSet<i32>>,
}

impl Wars {
    pub fn read() -> Self {
        let mut wars: BTreeMap<i32, Vec<Fighter>> = BTreeMap::new();
        for row in shared("cow-war/Inter-StateWarData_v4.0.csv").rows() {
            for days in spells(&row) {
                wars.entry(row.code("WarNum")).or_default().push(Fighter {
                    state: row.code("ccode"),
                    side: row.code("Side"),
                    initiator: row.code("Initiator") == 1,
                    days,
                });
            }
        }
        let all: Vec<War> =
            wars.into_iter().map(|(number, fighters)| War { number, fighters }).collect();
        let mut enemies: BTreeMap<StateYear, BTreeSet<i32>> = BTreeMap::new();
        for war in &all {
            for a in &war.fighters {
                for b in war.against(a) {
                    for year in a.years().filter(|y| b.years().contains(y)) {
                        enemies.entry((a.state, year)).or_default().insert(b.state);
                    }
                }
            }
        }
        Self { all, enemies }
    }

    pub fn at_war_with(&self, state: i32, other: i32, year: i32) -> bool {
        self.enemies.get(&(state, year)).is_some_and(|e| e.contains(&other))
    }

    pub fn at_war(&self, state: i32, year: i32) -> bool {
        let mut fighters = self.all.iter().flat_map(|w| &w.fighters);
        fighters.any(|f| f.state == state && f.years().contains(&year))
    }
}

/// The one or two spells in a war.
pub fn spells(row: &Row<'_>) -> Vec<(Day, Day)> {
    let mut spells = Vec::new();
    for n in ["1", "2"] {
        let [y, m, d] = ["StartYear", "StartMonth", "StartDay"].map(|c| format!("{c}{n}"));
        let from = row.first_day([&y, &m, &d]);
        if from.0 > 0 {
            let [y, m, d] = ["EndYear", "EndMonth", "EndDay"].map(|c| format!("{c}{n}"));
            let to = row.last_day([&y, &m, &d]);
            spells.push((from, if to.0 > 0 { to } else { LAST }));
        }
    }
    spells
}

impl Fighter {
    pub fn years(&self) -> std::ops::RangeInclusive<i32> {
        self.days.0.0..=self.days.1.0
    }
}

impl War {
    pub fn against<'a>(&'a self, f: &'a Fighter) -> impl Iterator<Item = &'a Fighter> {
        self.fighters.iter().filter(move |o| o.side != f.side)
    }

    pub fn beside(&self, f: &Fighter) -> Vec<i32> {
        self.fighters.iter().filter(|o| o.side == f.side).map(|o| o.state).collect()
    }

    /// All on a side that holds an initiator.
    pub fn began(&self, f: &Fighter) -> bool {
        self.fighters.iter().any(|o| o.side == f.side && o.initiator)
    }
}
