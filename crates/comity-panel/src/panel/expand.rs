//! Rows finer than a year: months, days, leaders in office, disputes.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::StringArray;

use super::calendar;
use super::cells::{Cells, Kind, Value};
use super::error::PanelError;
use super::groups::disputes::{DyadDispute, columns_of};
use super::groups::leaders::{self, Traits};
use super::groups::{Make, absent};
use super::system::{Days, System};
use super::unit::Block;
use crate::views::columns::{bools, int, ints, texts, truth};

/// What a row of a year is laid out into.
pub(crate) enum Expansion {
    Months,
    Days,
    Leaders(Leaders),
    Disputes(Disputes),
}

/// A further key column: name, type, meaning, and the texts that its numbers stand for.
pub(crate) type Key = (String, Kind, &'static str, Option<Arc<StringArray>>);

impl Expansion {
    /// The key columns that it adds.
    pub fn keys(&self, members: usize) -> Vec<Key> {
        match self {
            Self::Months => vec![("month".into(), Kind::Flag, "month, 1 to 12", None)],
            Self::Days => vec![("date".into(), Kind::Date, "day", None)],
            Self::Leaders(leaders) => leaders.keys(members),
            Self::Disputes(disputes) => disputes
                .columns
                .iter()
                .map(|(name, kind, _)| {
                    (name.clone(), *kind, "of the dispute, as in the group `disputes`", None)
                })
                .collect(),
        }
    }

    /// The canonical tables that it reads.
    pub fn tables(&self) -> &'static [&'static str] {
        match self {
            Self::Months | Self::Days => &[],
            Self::Leaders(Leaders { traits: None, .. }) => &["leaders"],
            Self::Leaders(_) => &["leaders", "leader_backgrounds", "leader_willingness"],
            Self::Disputes(_) => &["disputes", "dispute_parties", "dyadic_disputes"],
        }
    }

    /// Whether its keys come before those of the states.
    pub fn leads(&self) -> bool {
        matches!(self, Self::Leaders(_))
    }

    /// Appends the rows of one year of a block to the key columns; how many there are.
    pub fn rows(&self, block: &Block, year: i32, system: &System, keys: &mut [Cells]) -> usize {
        match self {
            Self::Months => {
                let days = system.days_together(&block.states, year);
                let there = (1..=12).filter(|month| {
                    let (first, last) =
                        (calendar::day(year, *month, 1), calendar::month_end(year, *month));
                    days.iter().any(|(a, b)| *a <= last && first <= *b)
                });
                there.map(|month| keys[0].push(Some(Value::Int(month)))).count()
            }
            Self::Days => {
                let days = system.days_together(&block.states, year);
                days.iter()
                    .flat_map(|(a, b)| *a..=*b)
                    .map(|day| keys[0].push(Some(Value::Int(day))))
                    .count()
            }
            Self::Leaders(leaders) => leaders.rows(block, year, system, keys),
            Self::Disputes(disputes) => disputes.rows(block, year, keys),
        }
    }
}

/// How a man and a woman are written.
const GENDERS: [&str; 2] = ["M", "F"];

/// One spell in office.
struct Leader {
    days: Days,
    /// The first day in office, under whatever code of the state.
    since: i32,
    /// Number of its id and name among the texts.
    row: i32,
    born: Option<i32>,
    female: Option<bool>,
}

/// Leaders by state, in the order of their coming to office.
pub(crate) struct Leaders {
    by_state: Vec<Vec<Leader>>,
    ids: Arc<StringArray>,
    names: Arc<StringArray>,
    genders: Arc<StringArray>,
    traits: Option<Traits>,
}

impl Leaders {
    /// The leaders of the record; with what they had lived through, if that is wanted beside them.
    pub fn of(make: &Make<'_>, traits: bool) -> Result<Self, PanelError> {
        if !make.holds("leaders") {
            return Err(absent(make, &["archigos"]));
        }
        let batch = make.table("leaders")?;
        let (born, female) = (ints(&batch, "born"), bools(&batch, "female"));
        let leader = |spell: leaders::Spell| Leader {
            days: spell.days,
            since: spell.office.0,
            row: spell.row as i32,
            born: int(born, spell.row),
            female: truth(female, spell.row),
        };
        let spells = leaders::spells(make, &batch);
        Ok(Self {
            by_state: spells.into_iter().map(|s| s.into_iter().map(leader).collect()).collect(),
            ids: leaders::held(texts(&batch, "leader_id")),
            names: leaders::held(texts(&batch, "name")),
            genders: Arc::new(StringArray::from(GENDERS.to_vec())),
            traits: traits.then(|| Traits::of(make)).transpose()?,
        })
    }

    fn keys(&self, members: usize) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        let many = members > 1;
        let traits = self.traits.iter().flat_map(Traits::columns);
        let traits = traits.map(|(name, kind, doc)| (*name, *kind, *doc, None));
        for (name, kind, doc, texts) in [
            (
                "obsid",
                Kind::Text,
                "the source's id of the leader's spell in office",
                Some(&self.ids),
            ),
            ("leader", Kind::Text, "name", Some(&self.names)),
            ("yrinoffice", Kind::Small, "which calendar year in office, from 1", None),
            ("leaderage", Kind::Small, "year less year of birth", None),
            ("female", Kind::Flag, "1 a woman", None),
            ("gender", Kind::Text, "F a woman, M a man", Some(&self.genders)),
        ]
        .into_iter()
        .chain(traits)
        {
            for member in 1..=members {
                let name = if many { format!("{name}{member}") } else { name.to_owned() };
                keys.push((name, kind, doc, texts.cloned()));
            }
        }
        keys
    }

    /// Those in office on one of these days of the year at least.
    fn in_office(&self, state: u16, days: &[Days]) -> Vec<&Leader> {
        let there = |l: &&Leader| days.iter().any(|d| overlap(*d, l.days).is_some());
        self.by_state[usize::from(state)].iter().filter(there).collect()
    }

    /// The rows of a year: of the days on which the states are in the system, all together.
    fn rows(&self, block: &Block, year: i32, system: &System, keys: &mut [Cells]) -> usize {
        let members = block.states.len();
        let days = system.days_together(&block.states, year);
        let mut write = |leaders: &[&Leader]| {
            for (member, leader) in leaders.iter().enumerate() {
                let own = [
                    Some(leader.row),
                    Some(leader.row),
                    Some(year - calendar::year_of(leader.since) + 1),
                    leader.born.map(|born| year - born),
                    leader.female.map(i32::from),
                    leader.female.map(i32::from),
                ];
                let lived =
                    self.traits.iter().flat_map(|t| t.known(self.ids.value(leader.row as usize)));
                let own = own.into_iter().map(|cell| cell.map(Value::Int));
                for (at, cell) in own.chain(lived).enumerate() {
                    keys[at * members + member].push(cell);
                }
            }
        };
        let first = self.in_office(block.states[0], &days);
        if members == 1 {
            first.iter().for_each(|leader| write(&[leader]));
            return first.len();
        }
        let (second, mut rows) = (self.in_office(block.states[1], &days), 0);
        for a in &first {
            for b in &second {
                let both = overlap(a.days, b.days);
                if both.is_some_and(|both| days.iter().any(|d| overlap(*d, both).is_some())) {
                    write(&[a, b]);
                    rows += 1;
                }
            }
        }
        rows
    }
}

/// The days that two spans share.
fn overlap(one: Days, two: Days) -> Option<Days> {
    let shared = (one.0.max(two.0), one.1.min(two.1));
    (shared.0 <= shared.1).then_some(shared)
}

/// The disputes of pairs, with their columns.
pub(crate) struct Disputes {
    at: BTreeMap<(u16, u16, i32), Vec<usize>>,
    columns: Vec<(String, Kind, Cells)>,
}

impl Disputes {
    pub fn of(disputes: &[DyadDispute]) -> Self {
        let mut at: BTreeMap<(u16, u16, i32), Vec<usize>> = BTreeMap::new();
        for (place, d) in disputes.iter().enumerate() {
            at.entry((d.one, d.two, d.year)).or_default().push(place);
        }
        Self { at, columns: columns_of(disputes, "disp") }
    }

    fn rows(&self, block: &Block, year: i32, keys: &mut [Cells]) -> usize {
        let [one, two] = block.states[..] else { return 0 };
        let Some(places) = self.at.get(&(one, two, year)) else { return 0 };
        for place in places {
            for (key, (_, _, cells)) in keys.iter_mut().zip(&self.columns) {
                key.push(cells.get(*place));
            }
        }
        places.len()
    }
}
