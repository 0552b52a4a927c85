//! What states owe each other by treaty.

use std::sync::Arc;

use crate::cells::Kind;
use crate::column::Column;
use crate::declared::{Declared, Shape};
use crate::error::PanelError;
use crate::grain::Grain;
use crate::group::{Choice, Group, Made};
use crate::make::{Make, absent};
use crate::tables::{By, Pairs};
use comity_record::Source;
use comity_record::columns::{bools, int, ints, truth};

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

pub(super) static PLEDGES: Group = Group {
    name: "pledges",
    doc: "what the first state owes the second under all their treaties together (undirected: what either owes the other); 0 where the list of treaties covers both and has none",
    choices: &[
        Choice::new(
            "atop",
            "Alliance Treaty Obligations and Provisions: by directed dyad where the record has that, else from its treaties",
            atop,
        ),
        Choice::new("cow", "COW Formal Alliances", cow).needs(&["cow-alliances"]),
    ],
    tables: &["pledge_dyads", "pledges"],
    gw_tables: &[],
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
    rows_of: None,
    events: &[],
    made: Made::ByChoice,
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

/// The columns of a list of treaties: that of any obligation, and the others.
struct List {
    table: &'static str,
    any: &'static str,
    columns: &'static [(&'static str, &'static str)],
}

fn cow(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let make = make.with_dataset("treaties", "cow-alliances")?;
    owed(&make, &List { table: "pledges", any: "cow_alliance", columns: COW })
}

fn atop(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let of = |table| List { table, any: "atop_alliance", columns: ATOP };
    // The list of pairs has years; where rows are shorter, the treaties are asked first, which have days.
    let of_atop =
        |s: &Source| s.dataset == "atop" && make.record.tables_of(&s.id).contains(&"pledges");
    let dated = make.base.grain != Grain::Year && make.record.sources().iter().any(of_atop);
    if make.holds("pledge_dyads") && !dated {
        return owed(make, &of("pledge_dyads"));
    }
    if make.record.sources().iter().any(|s| s.dataset == "atop") {
        return owed(&make.with_dataset("treaties", "atop")?, &of("pledges"));
    }
    if make.holds("pledges") {
        return owed(make, &of("pledges"));
    }
    Err(absent(make, &["atop"]))
}

fn owed(make: &Make<'_>, list: &List) -> Result<Vec<Column>, PanelError> {
    let directed = matches!(make.shape, Shape::Pair { directed: true });
    let List { table, any, columns } = *list;
    let batch = make.table(table)?;
    let make = &make.by_date(&batch);
    let years = make.spells(table, &batch);
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
    let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &entries));
    let cover = make.cover(&[table]);
    let mut made = Vec::new();
    let mut add = |name: &str, bit: Option<usize>| {
        let mut cells = make.entries(name, owed.len());
        let said = |bits: u8| bit.map_or(1, |bit| i32::from(bits >> bit & 1));
        cells.extend(owed.iter().map(|(_, bits)| said(*bits)));
        made.push(make.of_pairs(name, &[table], &pairs, cells, Some(&cover))?);
        Ok::<_, PanelError>(())
    };
    add(any, None)?;
    for (at, (name, _)) in columns.iter().enumerate() {
        add(name, Some(at))?;
    }
    Ok(made)
}
