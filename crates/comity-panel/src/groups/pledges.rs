//! What states owe each other by treaty.

use std::sync::Arc;

use super::{Column, Declared, Group, Make};
use crate::cells::{Cells, Kind};
use crate::error::PanelError;
use crate::tables::{By, OfPair, Pairs};
use comity_record::columns::{bools, int, ints, truth};

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

pub(super) static PLEDGES: Group = Group {
    name: "pledges",
    doc: "what the first state owes the second under all their treaties together (undirected: what either owes the other); 0 where the list of treaties covers both and has none",
    choices: &[
        (
            "atop",
            "Alliance Treaty Obligations and Provisions: by directed dyad where the record has that, else from its treaties",
        ),
        ("cow", "COW Formal Alliances"),
    ],
    tables: &["pledge_dyads", "pledges"],
    of_states: &[],
    of_pairs: &[
        flag("atop_alliance", "1: any of the five obligations"),
        flag("atop_defense", "to fight if the other is attacked"),
        flag("atop_offense", "to fight beside the other otherwise"),
        flag("atop_neutral", "to stay out"),
        flag("atop_nonagg", "not to attack"),
        flag("atop_consul", "to consult in crises"),
        flag("cow_alliance", "1: any of the four types"),
        flag("cow_defense", "type I, defence pact"),
        flag("cow_neutral", "type II, neutrality"),
        flag("cow_nonagg", "type II, non-aggression"),
        flag("cow_entente", "type III, entente: to consult"),
    ],
    make,
};

/// Column of the panel and of the table.
const ATOP: &[(&str, &str)] = &[
    ("atop_defense", "defense"),
    ("atop_offense", "offense"),
    ("atop_neutral", "neutrality"),
    ("atop_nonagg", "nonaggression"),
    ("atop_consul", "consultation"),
];
const COW: &[(&str, &str)] = &[
    ("cow_defense", "defense"),
    ("cow_neutral", "neutrality"),
    ("cow_nonagg", "nonaggression"),
    ("cow_entente", "consultation"),
];

fn make(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let directed = make.pairs_only()?;
    let (table, dataset, any, columns) = match make.choice {
        "cow" => ("pledges", Some("cow-alliances"), "cow_alliance", COW),
        _ if make.holds("pledge_dyads") => ("pledge_dyads", None, "atop_alliance", ATOP),
        _ => ("pledges", Some("atop"), "atop_alliance", ATOP),
    };
    let reading = match dataset {
        Some(dataset) if make.record.sources().iter().any(|s| s.dataset == dataset) => {
            make.reading_of("treaties", dataset)?
        }
        Some("atop") if make.holds("pledges") => make.reading.clone(),
        Some(dataset) => return Err(super::absent(make, &[dataset])),
        None => make.reading.clone(),
    };
    let make = &Make { reading, ..make.again() };
    let batch = make.table(table)?;
    let years = make.spell_years(table, &batch);
    let (one, two) = (ints(&batch, "ccode"), ints(&batch, "partner"));
    let said: Vec<_> = columns.iter().map(|(_, c)| bools(&batch, c)).collect();
    let mut owed: Vec<((u16, u16, i32), u8)> = Vec::new();
    for (row, years) in years.into_iter().enumerate() {
        let (Some(one), Some(two), Some(years)) =
            (make.state(int(one, row)), make.state(int(two, row)), years)
        else {
            continue;
        };
        let mut bits = 0_u8;
        for (at, column) in said.iter().enumerate() {
            bits |= u8::from(truth(column, row) == Some(true)) << at;
        }
        for year in years {
            owed.push(((one, two, year), bits));
            if !directed {
                owed.push(((two, one, year), bits));
            }
        }
    }
    // What is owed under several treaties is owed once.
    owed.sort_by_key(|(key, _)| *key);
    owed.dedup_by(|next, first| {
        let same = next.0 == first.0;
        first.1 |= if same { next.1 } else { 0 };
        same
    });
    let entries: Vec<_> = owed.iter().map(|(key, _)| *key).collect();
    let pairs = Arc::new(Pairs::of(make.grid.states, By::Cow, &entries));
    let cover = make.cover(&[table]);
    let mut made = Vec::new();
    let mut add = |name: &str, bit: Option<usize>| {
        let mut cells = Cells::new(Kind::Flag, owed.len());
        let said = |bits: u8| bit.map_or(1, |bit| i32::from(bits >> bit & 1));
        cells.extend(owed.iter().map(|(_, bits)| said(*bits)));
        let source = OfPair {
            pairs: Arc::clone(&pairs),
            cells: Arc::new(cells),
            otherwise: Some(Arc::clone(&cover)),
        };
        made.push(make.column(name, Kind::Flag, &[table], source));
    };
    add(any, None);
    for (at, (name, _)) in columns.iter().enumerate() {
        add(name, Some(at));
    }
    Ok(made)
}
