//! Rows finer than a year: months, days, leaders in office, disputes.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, StringArray};
use arrow::datatypes::Date32Type;
use std::sync::Arc;

use super::calendar;
use super::cells::{Cells, Kind, Value};
use super::error::PanelError;
use super::groups::disputes::{DyadDispute, columns_of};
use super::groups::{Make, absent};
use super::system::{Days, System};
use super::unit::{Block, Run};
use crate::views::columns::{bools, int, ints, text, texts, truth};

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

    /// Whether its keys come before those of the states.
    pub fn leads(&self) -> bool {
        matches!(self, Self::Leaders(_))
    }

    /// Appends the rows of one year of a run to the key columns; how many there are.
    pub fn rows(
        &self,
        block: &Block,
        run: &Run,
        year: i32,
        system: &System,
        keys: &mut [Cells],
    ) -> usize {
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
            Self::Leaders(leaders) => leaders.rows(run, year, keys),
            Self::Disputes(disputes) => disputes.rows(block, year, keys),
        }
    }
}

/// One spell in office.
struct Leader {
    days: Days,
    /// Numbers of its id and name among the texts.
    id: i32,
    name: i32,
    born: Option<i32>,
    female: Option<bool>,
}

/// Leaders by state, in the order of their coming to office.
pub(crate) struct Leaders {
    by_state: Vec<Vec<Leader>>,
    ids: Arc<StringArray>,
    names: Arc<StringArray>,
}

impl Leaders {
    pub fn of(make: &Make<'_>) -> Result<Self, PanelError> {
        if !make.holds("leaders") {
            return Err(absent(make, &["archigos"]));
        }
        let batch = make.table("leaders")?;
        let (id, name) = (texts(&batch, "leader_id"), texts(&batch, "name"));
        let (ccode, born, female) =
            (ints(&batch, "ccode"), ints(&batch, "born"), bools(&batch, "female"));
        let day = |column: &str, row: usize| {
            let days = batch.column_by_name(column)?.as_primitive::<Date32Type>();
            days.is_valid(row).then(|| days.value(row))
        };
        let (from, to) = (ints(&batch, "start_year"), ints(&batch, "end_year"));
        let mut by_state: Vec<Vec<Leader>> = (0..make.grid.states).map(|_| Vec::new()).collect();
        for row in 0..batch.num_rows() {
            let Some(state) = make.state(int(ccode, row)) else { continue };
            let first = day("start", row).or_else(|| int(from, row).map(calendar::first_of));
            let last = day("end", row)
                .or_else(|| int(to, row).map(calendar::last_of))
                .unwrap_or_else(|| calendar::last_of(*make.grid.span().end()));
            let Some(first) = first else { continue };
            by_state[usize::from(state)].push(Leader {
                days: (first, last),
                id: row as i32,
                name: row as i32,
                born: int(born, row),
                female: truth(female, row),
            });
        }
        by_state.iter_mut().for_each(|leaders| leaders.sort_by_key(|l| (l.days, l.id)));
        let held = |column: &StringArray| -> Arc<StringArray> {
            Arc::new((0..column.len()).map(|row| Some(text(column, row))).collect())
        };
        Ok(Self { by_state, ids: held(id), names: held(name) })
    }

    fn keys(&self, members: usize) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        let many = members > 1;
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
        ] {
            for member in 1..=members {
                let name = if many { format!("{name}{member}") } else { name.to_owned() };
                keys.push((name, kind, doc, texts.cloned()));
            }
        }
        keys
    }

    fn in_office(&self, run: &Run, member: usize, year: i32) -> Vec<&Leader> {
        let (first, last) = (calendar::first_of(year), calendar::last_of(year));
        let of = run.cow[member].map_or(&[][..], |state| &self.by_state[usize::from(state)]);
        of.iter().filter(|l| l.days.0 <= last && first <= l.days.1).collect()
    }

    fn rows(&self, run: &Run, year: i32, keys: &mut [Cells]) -> usize {
        let members = run.cow.len();
        let mut write = |leaders: &[&Leader]| {
            for (member, leader) in leaders.iter().enumerate() {
                let cells = [
                    Some(leader.id),
                    Some(leader.name),
                    Some(year - calendar::year_of(leader.days.0) + 1),
                    leader.born.map(|born| year - born),
                    leader.female.map(i32::from),
                ];
                for (at, cell) in cells.into_iter().enumerate() {
                    keys[at * members + member].push(cell.map(Value::Int));
                }
            }
        };
        let first = self.in_office(run, 0, year);
        if members == 1 {
            first.iter().for_each(|leader| write(&[leader]));
            return first.len();
        }
        let (second, mut rows) = (self.in_office(run, 1, year), 0);
        let (start, end) = (calendar::first_of(year), calendar::last_of(year));
        for a in &first {
            for b in &second {
                let from = a.days.0.max(b.days.0).max(start);
                if from <= a.days.1.min(b.days.1).min(end) {
                    write(&[a, b]);
                    rows += 1;
                }
            }
        }
        rows
    }
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
