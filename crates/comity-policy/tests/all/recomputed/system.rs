//! The states of the system and the great powers, by date.

use std::collections::BTreeMap;

use super::files::{Day, OPEN, shared};

/// The last day of the lists of 2016: who is in them then is taken to go on.
const LAST: Day = (2016, 12, 31);

/// A state and a year.
pub type StateYear = (i32, i32);

pub struct System {
    states: BTreeMap<i32, Vec<(Day, Day)>>,
    /// The spells of each great power.
    pub great: BTreeMap<i32, Vec<(Day, Day)>>,
}

impl System {
    pub fn read() -> Self {
        Self {
            states: spells("cow-states/states2016.csv"),
            great: spells("cow-states/majors2016.csv"),
        }
    }

    /// Whether the state was in the system on any day of the year.
    pub fn holds(&self, state: i32, year: i32) -> bool {
        let spells = self.states.get(&state).map_or(&[][..], Vec::as_slice);
        spells.iter().any(|(from, to)| (from.0..=to.0).contains(&year))
    }

    /// Every state in every year.
    pub fn state_years(&self, from: i32, to: i32) -> Vec<StateYear> {
        let years = |s: i32| (from..=to).filter(move |y| self.holds(s, *y)).map(move |y| (s, y));
        self.states.keys().flat_map(|s| years(*s)).collect()
    }
}

fn spells(path: &str) -> BTreeMap<i32, Vec<(Day, Day)>> {
    let mut spells: BTreeMap<i32, Vec<(Day, Day)>> = BTreeMap::new();
    for row in shared(path).rows() {
        let from = row.first_day(["styear", "stmonth", "stday"]);
        let to = row.last_day(["endyear", "endmonth", "endday"]);
        let to = if to == LAST { OPEN } else { to };
        spells.entry(row.code("ccode")).or_default().push((from, to));
    }
    spells
}
