//! Rows of leaders in office, alone or in pairs.

use std::sync::Arc;

use arrow::array::StringArray;

use super::about::About;
use super::calendar;
use super::cells::{Cells, Kind, Value};
use super::error::PanelError;
use super::expand::{Laid, Spread};
use super::groups::leader_disputes::LeaderDisputes;
use super::groups::leaders::{self, TRAITS_GROUP, Traits};
use super::groups::{Make, absent};
use super::system::{Days, System};
use super::tables::By;
use comity_record::columns::{bools, int, ints, texts, truth};

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

/// What is wanted beside the leaders.
pub(crate) struct Beside {
    /// What they had lived through.
    pub traits: bool,
    /// The disputes in which they led.
    pub disputes: Option<LeaderDisputes>,
}

/// Leaders by state, in the order of their coming to office.
pub(crate) struct Leaders {
    by_state: Vec<Vec<Leader>>,
    ids: Arc<StringArray>,
    own: Vec<Laid>,
    traits: Option<(Traits, Vec<Laid>)>,
    disputes: Option<LeaderDisputes>,
}

impl Leaders {
    /// The leaders of the record.
    pub fn of(make: &Make<'_>, beside: Beside) -> Result<Self, PanelError> {
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
        let spells = leaders::spells(make, &batch, By::Own);
        let ids = leaders::held(texts(&batch, "leader_id"));
        let names = leaders::held(texts(&batch, "name"));
        let genders = Arc::new(StringArray::from(GENDERS.to_vec()));
        let (sources, _) = make.provenance(&["leaders"]);
        let own = [
            (
                "obsid",
                Kind::Text,
                "the source's id of the leader's spell in office",
                Some(Arc::clone(&ids)),
            ),
            ("leader", Kind::Text, "name", Some(names)),
            ("yrinoffice", Kind::Small, "which calendar year in office, from 1", None),
            ("leaderage", Kind::Small, "year less year of birth", None),
            ("female", Kind::Flag, "1 a woman", None),
            ("gender", Kind::Text, "F a woman, M a man", Some(genders)),
        ]
        .into_iter()
        .map(|(name, kind, doc, texts)| {
            let key = Laid::key(name, kind, doc);
            Laid { about: About { sources: sources.clone(), ..key.about }, texts, ..key }
        })
        .collect();
        let traits = beside.traits.then(|| Traits::of(make)).transpose()?.map(|traits| {
            let (sources, years) = make.provenance(TRAITS_GROUP.tables);
            let years = leaders::since(years, &spells);
            let laid = |(name, kind, doc): &(&str, Kind, &str)| {
                let key = Laid::key(name, *kind, doc);
                let group = Some(TRAITS_GROUP.name.to_owned());
                Laid { about: About { group, sources: sources.clone(), years, ..key.about }, ..key }
            };
            let columns = traits.columns().iter().map(laid).collect();
            (traits, columns)
        });
        Ok(Self {
            by_state: spells.into_iter().map(|s| s.into_iter().map(leader).collect()).collect(),
            ids,
            own,
            traits,
            disputes: beside.disputes,
        })
    }

    pub fn tables(&self) -> Vec<&'static str> {
        let traits = self.traits.iter().flat_map(|_| TRAITS_GROUP.tables);
        let disputes = self.disputes.iter().flat_map(|_| LeaderDisputes::TABLES);
        ["leaders"].iter().chain(traits).chain(disputes).copied().collect()
    }

    /// Those of each leader of a row, and those of the row.
    pub fn columns(&self, members: usize) -> Vec<Laid> {
        let numbered = |column: &Laid, member: usize| {
            let mut column = column.clone();
            if members > 1 {
                column.about.name += &member.to_string();
            }
            column
        };
        let traits = self.traits.iter().flat_map(|(_, columns)| columns);
        let each = self.own.iter().chain(traits);
        let each = each.flat_map(|c| (1..=members).map(move |member| numbered(c, member)));
        each.chain(self.disputes.iter().flat_map(|d| d.columns().iter().cloned())).collect()
    }

    /// Those in office on one of these days of the year at least.
    fn in_office(&self, state: u16, days: &[Days]) -> Vec<&Leader> {
        let there = |l: &&Leader| days.iter().any(|d| overlap(*d, l.days).is_some());
        self.by_state[usize::from(state)].iter().filter(there).collect()
    }

    /// The rows of a year: of the days on which the states are in the system, all together.
    pub fn rows(&self, of: &Spread<'_>, system: &System, columns: &mut [Cells]) -> usize {
        let (states, year) = (&of.block.states, of.year);
        let members = states.len();
        let days = system.days_together(states, year);
        let mut write = |leaders: &[&Leader]| {
            let mut at = 0;
            for (member, leader) in leaders.iter().enumerate() {
                let own = [
                    Some(leader.row),
                    Some(leader.row),
                    Some(year - calendar::year_of(leader.since) + 1),
                    leader.born.map(|born| year - born),
                    leader.female.map(i32::from),
                    leader.female.map(i32::from),
                ];
                let id = self.ids.value(leader.row as usize);
                let lived = self.traits.iter().flat_map(|(traits, _)| traits.known(id));
                let own = own.into_iter().map(|cell| cell.map(Value::Int));
                at = member;
                for cell in own.chain(lived) {
                    columns[at].push(cell);
                    at += members;
                }
            }
            // Behind the last column of the last member.
            let first = at + 1 - members;
            if let Some(disputes) = &self.disputes {
                let rows: Vec<i32> = leaders.iter().map(|l| l.row).collect();
                disputes.write(of.run, &rows, year, &mut columns[first..]);
            }
        };
        let first = self.in_office(states[0], &days);
        if members == 1 {
            first.iter().for_each(|leader| write(&[leader]));
            return first.len();
        }
        let (second, mut rows) = (self.in_office(states[1], &days), 0);
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
pub(crate) fn overlap(one: Days, two: Days) -> Option<Days> {
    let shared = (one.0.max(two.0), one.1.min(two.1));
    (shared.0 <= shared.1).then_some(shared)
}
