//! Who leads a state, how leadership changes hands, and what leaders had lived through.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::Date32Type;

use super::{Column, Declared, Group, Make};
use crate::panel::calendar;
use crate::panel::cells::{Cells, Kind, Value};
use crate::panel::error::PanelError;
use crate::panel::tables::unknown;
use crate::views::columns::{bools, int, ints, text, texts, truth};

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

pub(super) static LEADERS: Group = Group {
    name: "leaders",
    doc: "leaders in office and how leadership changed hands (Archigos); null in years for which no leader is listed",
    choices: &[],
    tables: &["leaders"],
    of_states: &[
        flag("leadertransition", "1 in a year with more than one leader"),
        flag(
            "irregular",
            "1 in a year in which a leader came or left by irregular means. (The peer has 1 also where one who comes in the year leaves so in a later one.)",
        ),
        Declared { name: "n_leaders", kind: Kind::Small, doc: "leaders in office on any day" },
        Declared {
            name: "jan1obsid",
            kind: Kind::Text,
            doc: "the source's number of the first leader of the year",
        },
        Declared {
            name: "dec31obsid",
            kind: Kind::Text,
            doc: "the source's number of the last leader of the year",
        },
    ],
    of_pairs: &[],
    make,
};

/// Name of the column, column of the table, and what it means.
const TRAITS: [(&str, &str, &str); 11] = [
    ("leveledu", "education", "education: 0 primary, 1 secondary, 2 university, 3 graduate school"),
    ("milservice", "military_service", "1 served in a military"),
    ("combat", "combat", "1 was in combat"),
    ("rebel", "rebel", "1 was a rebel"),
    ("warwin", "won_war", "1 served on the winning side of a war"),
    ("warloss", "lost_war", "1 served on the losing side of a war"),
    ("rebelwin", "won_rebellion", "1 was in a rebellion that won"),
    ("rebelloss", "lost_rebellion", "1 was in a rebellion that lost"),
    ("yrsexper", "years_experience", "years of experience in politics"),
    ("physhealth", "physical_illness", "1 in bad physical health before office"),
    ("mentalhealth", "mental_illness", "1 in bad mental health before office"),
];

pub(super) static TRAITS_GROUP: Group = Group {
    name: "leader-traits",
    doc: "what a leader had lived through before office (LEAD): with leader-years of the leader of the row, else of one leader of the year; null where it is not known",
    choices: &[
        ("dec31", "of the last leader of the year"),
        ("jan1", "of the first leader of the year"),
    ],
    tables: &["leader_backgrounds"],
    of_states: &[
        flag(TRAITS[0].0, TRAITS[0].2),
        flag(TRAITS[1].0, TRAITS[1].2),
        flag(TRAITS[2].0, TRAITS[2].2),
        flag(TRAITS[3].0, TRAITS[3].2),
        flag(TRAITS[4].0, TRAITS[4].2),
        flag(TRAITS[5].0, TRAITS[5].2),
        flag(TRAITS[6].0, TRAITS[6].2),
        flag(TRAITS[7].0, TRAITS[7].2),
        flag(TRAITS[8].0, TRAITS[8].2),
        flag(TRAITS[9].0, TRAITS[9].2),
        flag(TRAITS[10].0, TRAITS[10].2),
    ],
    of_pairs: &[],
    make: traits_of_states,
};

/// One spell in office, with its first and last day.
pub(crate) struct Spell {
    pub days: (i32, i32),
    /// Its row in the table.
    pub row: usize,
}

/// The spells of each state, in the order of their coming to office.
pub(crate) fn spells(make: &Make<'_>, batch: &RecordBatch) -> Vec<Vec<Spell>> {
    let ccode = ints(batch, "ccode");
    let day = |column: &str, row: usize| {
        let days = batch.column_by_name(column)?.as_primitive::<Date32Type>();
        days.is_valid(row).then(|| days.value(row))
    };
    let (from, to) = (ints(batch, "start_year"), ints(batch, "end_year"));
    let mut by_state: Vec<Vec<Spell>> = (0..make.grid.states).map(|_| Vec::new()).collect();
    let last_covered = make
        .record
        .coverage("leaders", &make.reading)
        .span()
        .map_or(*make.grid.span().end(), |(_, last)| last);
    for row in 0..batch.num_rows() {
        let Some(state) = make.state(int(ccode, row)) else { continue };
        let first = day("start", row).or_else(|| int(from, row).map(calendar::first_of));
        // Who is still in office when the source ends is not known to stay.
        let last = day("end", row)
            .or_else(|| int(to, row).map(calendar::last_of))
            .unwrap_or_else(|| calendar::last_of(last_covered));
        let Some(first) = first else { continue };
        by_state[usize::from(state)].push(Spell { days: (first, last), row });
    }
    by_state.iter_mut().for_each(|spells| spells.sort_by_key(|s| (s.days, s.row)));
    by_state
}

/// The texts of a column, one for each row.
pub(crate) fn held(column: &StringArray) -> Arc<StringArray> {
    Arc::new((0..column.len()).map(|row| Some(text(column, row))).collect())
}

/// The cells of the leaders of each state and year.
fn by_year(make: &Make<'_>, spells: &[Vec<Spell>], mut each: impl FnMut(usize, i32, &[&Spell])) {
    for (state, spells) in spells.iter().enumerate() {
        for year in make.grid.span() {
            let (first, last) = (calendar::first_of(year), calendar::last_of(year));
            let there: Vec<&Spell> =
                spells.iter().filter(|s| s.days.0 <= last && first <= s.days.1).collect();
            if let Some(at) = make.grid.cell(state, year).filter(|_| !there.is_empty()) {
                each(at, year, &there);
            }
        }
    }
}

fn make(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let batch = make.table("leaders")?;
    let spells = spells(make, &batch);
    let [entry, exit] = ["entry", "exit"].map(|c| texts(&batch, c));
    let [mut transition, mut irregular] = [0, 0].map(|_| unknown(Kind::Flag, &make.grid));
    let mut many = unknown(Kind::Small, &make.grid);
    let [mut first, mut last] = [0, 0].map(|_| unknown(Kind::Text, &make.grid));
    by_year(make, &spells, |at, year, there| {
        let by_force = there.iter().any(|s| {
            let (from, to) = (calendar::year_of(s.days.0), calendar::year_of(s.days.1));
            from == year && text(entry, s.row) == "Irregular"
                || to == year && text(exit, s.row) == "Irregular"
        });
        let value = |n: usize| Some(Value::Int(n as i32));
        transition.set(at, value(usize::from(there.len() > 1)));
        irregular.set(at, value(usize::from(by_force)));
        many.set(at, value(there.len()));
        first.set(at, value(there[0].row));
        last.set(at, value(there[there.len() - 1].row));
    });
    let mut columns = make.of_members(
        &["leaders"],
        vec![
            ("leadertransition", Kind::Flag, transition),
            ("irregular", Kind::Flag, irregular),
            ("n_leaders", Kind::Small, many),
            ("jan1obsid", Kind::Text, first),
            ("dec31obsid", Kind::Text, last),
        ],
    );
    let ids = held(texts(&batch, "leader_id"));
    for column in columns.iter_mut().filter(|c| c.kind == Kind::Text) {
        column.texts = Some(Arc::clone(&ids));
    }
    Ok(columns)
}

/// What leaders had lived through, by their number.
pub(crate) struct Traits {
    by_leader: HashMap<String, [Option<i32>; TRAITS.len()]>,
}

impl Traits {
    pub fn of(make: &Make<'_>) -> Result<Self, PanelError> {
        if !make.holds("leader_backgrounds") {
            return Err(super::absent(make, &["lead"]));
        }
        let batch = make.table("leader_backgrounds")?;
        let id = texts(&batch, "leader_id");
        let value = |column: &str, row: usize| match column {
            "education" | "years_experience" => int(ints(&batch, column), row),
            _ => truth(bools(&batch, column), row).map(i32::from),
        };
        let by_leader = (0..batch.num_rows())
            .map(|row| (text(id, row).to_owned(), TRAITS.map(|(_, column, _)| value(column, row))))
            .collect();
        Ok(Self { by_leader })
    }

    /// The columns: name, meaning.
    pub fn columns() -> impl Iterator<Item = (&'static str, &'static str)> {
        TRAITS.iter().map(|(name, _, doc)| (*name, *doc))
    }

    /// What is known of a leader, in the order of the columns.
    pub fn known(&self, leader: &str) -> [Option<i32>; TRAITS.len()] {
        self.by_leader.get(leader).copied().unwrap_or_default()
    }
}

fn traits_of_states(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    if !make.holds("leaders") {
        return Err(super::absent(make, &["archigos"]));
    }
    let traits = Traits::of(make)?;
    let batch = make.table("leaders")?;
    let id = texts(&batch, "leader_id");
    let mut cells: Vec<Cells> = TRAITS.iter().map(|_| unknown(Kind::Flag, &make.grid)).collect();
    by_year(make, &spells(make, &batch), |at, _, there| {
        let one = if make.choice == "jan1" { there[0] } else { there[there.len() - 1] };
        for (cells, value) in cells.iter_mut().zip(traits.known(text(id, one.row))) {
            cells.set(at, value.map(Value::Int));
        }
    });
    let cells = TRAITS.iter().zip(cells).map(|((name, ..), c)| (*name, Kind::Flag, c)).collect();
    Ok(make.of_members(&["leader_backgrounds", "leaders"], cells))
}
