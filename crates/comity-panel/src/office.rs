//! Rows of leaders in office, alone or in pairs.

use std::sync::Arc;

use arrow::array::StringArray;

use super::about::About;
use super::calendar::{self, Days, overlap};
use super::cells::{Cells, Kind, Value};
use super::error::PanelError;
use super::groups::leaders;
use super::laid::{Laid, Layout, OfLeaders, Spread};
use super::make::{Make, absent};
use super::system::System;
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

/// Leaders by state, in the order of their coming to office.
pub(crate) struct Leaders {
    by_state: Vec<Vec<Leader>>,
    ids: Arc<StringArray>,
    /// Which of the ids is that of each leader, and which of the names.
    numbered: Cells,
    named: Cells,
    own: Vec<Laid>,
    /// How many leaders a row is about.
    members: usize,
    /// What groups of columns say of them.
    beside: Vec<Box<dyn OfLeaders>>,
}

impl Leaders {
    /// The leaders of the record, with what groups of columns say of them.
    pub fn of(make: &Make<'_>, beside: Vec<Box<dyn OfLeaders>>) -> Result<Self, PanelError> {
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
        let once = |column: &str| {
            let mut cells = Cells::new(Kind::Text, batch.num_rows());
            (0..batch.num_rows()).for_each(|row| cells.push(Some(Value::Int(row as i32))));
            let texts = cells.texts_once(&leaders::held(texts(&batch, column)));
            (cells, texts)
        };
        let ((numbered, ids), (named, names)) = (once("leader_id"), once("name"));
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
        Ok(Self {
            by_state: spells.into_iter().map(|s| s.into_iter().map(leader).collect()).collect(),
            ids,
            numbered,
            named,
            own,
            members: make.shape.members(),
            beside,
        })
    }

    /// Those in office on one of these days of the year at least.
    fn in_office(&self, state: u16, days: &[Days]) -> Vec<&Leader> {
        let there = |l: &&Leader| days.iter().any(|d| overlap(*d, l.days).is_some());
        self.by_state[usize::from(state)].iter().filter(there).collect()
    }
}

impl Layout for Leaders {
    fn tables(&self) -> Vec<&'static str> {
        std::iter::once("leaders").chain(self.beside.iter().flat_map(|b| b.tables())).collect()
    }

    fn leads(&self) -> bool {
        true
    }

    /// Those of each leader of a row, and those of the row.
    fn columns(&self) -> Vec<Laid> {
        let members = self.members;
        let numbered = |column: &Laid, member: usize| {
            let mut column = column.clone();
            if members > 1 {
                column.about.name += &member.to_string();
            }
            column
        };
        let each = self.own.iter().chain(self.beside.iter().flat_map(|b| b.each()));
        let each = each.flat_map(|c| (1..=members).map(move |member| numbered(c, member)));
        each.chain(self.beside.iter().flat_map(|b| b.row().iter().cloned())).collect()
    }

    /// The rows of a year: of the days on which the states are in the system, all together.
    fn rows(&self, of: &Spread<'_>, system: &System, columns: &mut [Cells]) -> usize {
        let (states, year) = (&of.block.states, of.year);
        let members = states.len();
        let days = system.days_together(states, year);
        let mut write = |leaders: &[&Leader]| {
            let mut at = 0;
            for (member, leader) in leaders.iter().enumerate() {
                let own = [
                    self.numbered.int(leader.row as usize),
                    self.named.int(leader.row as usize),
                    Some(year - calendar::year_of(leader.since) + 1),
                    leader.born.map(|born| year.saturating_sub(born)),
                    leader.female.map(i32::from),
                    leader.female.map(i32::from),
                ];
                at = member;
                let mut push = |cell: Option<Value>| {
                    columns[at].push(cell);
                    at += members;
                };
                own.into_iter().for_each(|cell| push(cell.map(Value::Int)));
                if let Some(id) = self.numbered.int(leader.row as usize) {
                    let id = self.ids.value(id as usize);
                    self.beside.iter().for_each(|beside| beside.write_each(id, &mut push));
                }
            }
            // Behind the last column of the last member.
            let mut first = at + 1 - members;
            for beside in self.beside.iter().filter(|b| !b.row().is_empty()) {
                let rows: Vec<i32> = leaders.iter().map(|l| l.row).collect();
                beside.write_row(of.run, &rows, year, &mut columns[first..]);
                first += beside.row().len();
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
