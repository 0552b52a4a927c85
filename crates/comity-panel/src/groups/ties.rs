//! Ties and quarrels of pairs that are listed by spell or by year: arms races, sanctions, claims, embassies, trade.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::datatypes::Float64Type;
use comity_record::coverage::Only;

use super::capability;
use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::declared::{Declared, Shape};
use crate::error::PanelError;
use crate::group::{Group, Made};
use crate::make::{Filled, Make, absent};
use crate::tables::{By, Cover, Pairs, unknown};
use comity_record::columns::{bools, int, ints, text, texts, truth};

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

const fn real(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Real, doc }
}

/// Whether a row of a table counts for a column.
type Counts = Box<dyn Fn(usize) -> bool>;

/// A column of a table of spells.
struct Flag {
    name: &'static str,
    counts: Counts,
    /// The kinds of rows that it is about: 0 says that none is there of any, and needs coverage of each.
    kinds: Vec<Only>,
}

impl Flag {
    /// A column that is known wherever the table is.
    fn of(name: &'static str, counts: impl Fn(usize) -> bool + 'static) -> Self {
        Self { name, counts: Box::new(counts), kinds: vec![Only::new()] }
    }
}

pub(super) static ARMS_RACES: Group = Group {
    name: "arms-races",
    doc: "arms races of rivals (Gibler, Rider and Hutchison); 0 where the list covers both and has none",
    choices: &[],
    tables: &["arms_races"],
    gw_tables: &[],
    of_states: &[],
    of_pairs: &[flag("armsrace", "1 in a year of an arms race between them")],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| {
        by_spell(make, "arms_races", ("ccode", "rival"), |_| vec![Flag::of("armsrace", |_| true)])
    }),
};

pub(super) static SANCTIONS: Group = Group {
    name: "sanctions",
    doc: "sanctions of the first state against the second (undirected: of either), as the Global Sanctions Data Base has them; those of the European Union and Communities are of each member of the year, those of other bodies (United Nations, Arab League, OAS, ECOWAS, African Union, CoCom …) of no state",
    choices: &[],
    tables: &["sanctions"],
    gw_tables: &[],
    of_states: &[],
    of_pairs: &[
        flag("sanction", "1 in a year of any sanction"),
        flag("sanction_trade", "of trade"),
        flag("sanction_financial", "of finance"),
        flag("sanction_arms", "an arms embargo"),
        flag("sanction_military", "of military assistance"),
        flag("sanction_travel", "of travel"),
    ],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| {
        by_spell(make, "sanctions", ("sender", "target"), |batch| {
            let kind = |name: &'static str, column: &str| {
                let column: BooleanArray = bools(batch, column).clone();
                Flag::of(name, move |row| truth(&column, row) == Some(true))
            };
            vec![
                Flag::of("sanction", |_| true),
                kind("sanction_trade", "trade"),
                kind("sanction_financial", "financial"),
                kind("sanction_arms", "arms"),
                kind("sanction_military", "military"),
                kind("sanction_travel", "travel"),
            ]
        })
    }),
};

/// What is claimed. Each issue is covered for regions and years of its own.
const ISSUES: [&str; 3] = ["territory", "river", "maritime"];

pub(super) static CLAIMS: Group = Group {
    name: "claims",
    doc: "claims of the first state against the second (undirected: of either), as ICOW has them; each issue is null outside the regions and years in which ICOW looked for it: territory everywhere from 1816 (after 2001 the list was carried on, and not coded anew), rivers and the sea in some regions, 1900-2001",
    choices: &[],
    tables: &["claims"],
    gw_tables: &[],
    of_states: &[],
    of_pairs: &[
        flag(
            "claim",
            "1 in a year of any claim; 0 only where claims of all three kinds were looked for",
        ),
        flag("claim_territory", "over territory"),
        flag(
            "claim_river",
            "over a river; known in the Americas, in Western Europe and in the Middle East, 1900-2001",
        ),
        flag("claim_maritime", "over the sea; known in the Americas and in Europe, 1900-2001"),
    ],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| {
        by_spell(make, "claims", ("challenger", "target"), |batch| {
            let issues = texts(batch, "issue");
            let only = |issue: &str| {
                Only::from([("issue".to_owned(), BTreeSet::from([issue.to_owned()]))])
            };
            let of = |name, wanted: &'static str| {
                let issues = issues.clone();
                Flag {
                    kinds: vec![only(wanted)],
                    ..Flag::of(name, move |r| text(&issues, r) == wanted)
                }
            };
            let any = Flag { kinds: ISSUES.map(only).into(), ..Flag::of("claim", |_| true) };
            let [territory, river, maritime] = ISSUES;
            vec![
                any,
                of("claim_territory", territory),
                of("claim_river", river),
                of("claim_maritime", maritime),
            ]
        })
    }),
};

/// Flags of a table of spells of pairs: 1 in the years of a row that counts, 0 where the source covers both and has none.
fn by_spell(
    make: &Make<'_>,
    table: &'static str,
    (one, two): (&str, &str),
    columns: impl Fn(&RecordBatch) -> Vec<Flag>,
) -> Result<Vec<Column>, PanelError> {
    let directed = make.shape == (Shape::Pair { directed: true });
    let batch = make.table(table)?;
    let make = &make.by_date(&batch);
    let (years, grain) = (make.spells(table, &batch), make.grid.grain);
    let coverage = make.record.coverage(table, &make.reading);
    let (one, two) = (ints(&batch, one), ints(&batch, two));
    let source = texts(&batch, "source");
    let columns = columns(&batch);
    let mut found: BTreeMap<(u16, u16, i32), u32> = BTreeMap::new();
    for (row, years) in years.into_iter().enumerate() {
        let (Some(one), Some(two), Some(years)) =
            (make.state(int(one, row)), make.state(int(two, row)), years)
        else {
            continue;
        };
        let bits = columns
            .iter()
            .enumerate()
            .map(|(at, column)| u32::from((column.counts)(row)) << at)
            .sum::<u32>();
        // Of the year after those that a source covers it has what ended early in it, and no more.
        let last = coverage.last_year(text(source, row)).unwrap_or(i32::MAX);
        for year in years.take_while(|year| grain.year(*year) <= last) {
            *found.entry((one, two, year)).or_default() |= bits;
            if !directed {
                *found.entry((two, one, year)).or_default() |= bits;
            }
        }
    }
    let mut covers: Vec<(&[Only], Arc<Cover>)> = Vec::new();
    let mut made = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let claims: Vec<_> = column.kinds.iter().map(|only| coverage.answering(only)).collect();
        let known = covers.iter().find(|(kinds, _)| *kinds == column.kinds);
        let cover = known.map_or_else(
            || Arc::new(Cover::by(&make.years(), &make.base.cow, &claims)),
            |(_, cover)| Arc::clone(cover),
        );
        covers.push((&column.kinds, Arc::clone(&cover)));
        // A pair with a claim of one kind says nothing of the others: each column has entries of its own.
        let counted = found.iter().filter(|(_, bits)| *bits >> at & 1 == 1);
        let keys: Vec<_> = counted.map(|(key, _)| *key).collect();
        let mut cells = make.entries(column.name, keys.len());
        keys.iter().for_each(|_| cells.push(Some(Value::Int(1))));
        let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &keys));
        let mut of = make.of_pairs(column.name, &[table], &pairs, cells, Some(&cover))?;
        if let [claims] = &claims[..] {
            let (from, to) = (claims.iter().map(|c| c.from), claims.iter().map(|c| c.to));
            of.years = from.min().zip(to.max());
        }
        made.push(of);
    }
    Ok(made)
}

pub(super) static EMBASSIES: Group = Group {
    name: "diplomats",
    doc: "diplomatic representation of the first state with the second, in the years that the source lists; null in others and where it is not complete",
    choices: &[],
    tables: &["diplomatic_exchange"],
    gw_tables: &[],
    of_states: &[],
    of_pairs: &[flag("diplevel", "1 charge d'affaires, 2 minister, 3 ambassador, 9 other; 0 none")],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| {
        let batch = make.table("diplomatic_exchange")?;
        let [one, two, year, level] =
            ["ccode", "partner", "year", "level"].map(|c| ints(&batch, c));
        let mut keys = Vec::new();
        let mut cells = make.entries("diplevel", batch.num_rows());
        for row in 0..batch.num_rows() {
            if let (Some(one), Some(two), Some(year)) =
                (make.state(int(one, row)), make.state(int(two, row)), int(year, row))
            {
                keys.push((one, two, year));
                cells.push(int(level, row).map(Value::Int));
            }
        }
        let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &keys));
        let table = "diplomatic_exchange";
        Ok(vec![make.of_pairs("diplevel", &[table], &pairs, cells, Some(&make.cover(&[table])))?])
    }),
};

pub(super) static TRADE: Group = Group {
    name: "trade",
    doc: "trade in millions of current US dollars; null where none is published",
    choices: &[],
    tables: &["trade", "trade_totals"],
    gw_tables: &[],
    of_states: &[
        real("imports", "of goods from all partners"),
        real("exports", "of goods to all partners"),
    ],
    of_pairs: &[
        real("flow", "flow1: imports of the first from the second, flow2: the other way"),
        real("smoothflow", "the same with gaps filled from the years around"),
    ],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| match make.shape {
        Shape::Pair { .. } => flows(make),
        _ => capability::figures(
            make,
            "trade_totals",
            &[("imports", "imports", 1.0), ("exports", "exports", 1.0)],
        ),
    }),
};

fn flows(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    if !make.holds("trade") {
        return Err(absent(make, &["cow-trade"]));
    }
    let batch = make.table("trade")?;
    let [one, two, year] = ["ccode", "partner", "year"].map(|c| ints(&batch, c));
    let columns: Vec<_> = ["imports", "exports", "smooth_imports", "smooth_exports"]
        .into_iter()
        .filter_map(|c| Some(batch.column_by_name(c)?.as_primitive::<Float64Type>()))
        .collect();
    let (mut keys, mut rows) = (Vec::new(), Vec::new());
    for row in 0..batch.num_rows() {
        if let (Some(one), Some(two), Some(year)) =
            (make.state(int(one, row)), make.state(int(two, row)), int(year, row))
        {
            keys.push((one, two, year));
            rows.push(row);
        }
    }
    let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &keys));
    let names = ["flow1", "flow2", "smoothflow1", "smoothflow2"];
    let made = names.into_iter().zip(columns).map(|(name, column)| {
        let mut cells = make.entries(name, rows.len());
        rows.iter().for_each(|row| {
            cells.push(column.is_valid(*row).then(|| Value::Real(column.value(*row))));
        });
        make.of_pairs(name, &["trade"], &pairs, cells, None)
    });
    made.collect()
}

pub(super) static AGREEMENTS: Group = Group {
    name: "agreements",
    doc: "trade agreements in force, as DESTA lists them: their parties, without the sides on which they stand",
    choices: &[],
    tables: &["trade_agreements"],
    gw_tables: &[],
    of_states: &[Declared {
        name: "n_agreements",
        kind: Kind::Small,
        doc: "agreements to which it is a party",
    }],
    of_pairs: &[Declared {
        name: "agreements",
        kind: Kind::Small,
        doc: "agreements to which both are parties; two members of one side (of the European Communities in their agreement with a third) count too",
    }],
    rows_of: None,
    events: &[],
    made: Made::FromTables(agreements),
};

fn agreements(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let batch = make.table("trade_agreements")?;
    let make = &make.by_date(&batch);
    let years = make.spells("trade_agreements", &batch);
    let (ccode, id) = (ints(&batch, "ccode"), texts(&batch, "agreement_id"));
    // Members of each agreement, by year.
    let mut members: BTreeMap<(&str, i32), Vec<u16>> = BTreeMap::new();
    for (row, years) in years.into_iter().enumerate() {
        let (Some(state), Some(years)) = (make.state(int(ccode, row)), years) else { continue };
        for year in years {
            let there = members.entry((text(id, row), year)).or_default();
            if !there.contains(&state) {
                there.push(state);
            }
        }
    }
    let cover = make.cover(&["trade_agreements"]);
    if let Shape::Pair { .. } = make.shape {
        let mut counts: BTreeMap<(u16, u16, i32), i32> = BTreeMap::new();
        for ((_, year), states) in &members {
            for one in states {
                for two in states.iter().filter(|two| *two != one) {
                    *counts.entry((*one, *two, *year)).or_default() += 1;
                }
            }
        }
        let keys: Vec<_> = counts.keys().copied().collect();
        let mut cells = make.entries("agreements", counts.len());
        counts.values().for_each(|n| cells.push(Some(Value::Int(*n))));
        let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &keys));
        let tables = ["trade_agreements"];
        return Ok(vec![make.of_pairs("agreements", &tables, &pairs, cells, Some(&cover))?]);
    }
    let mut cells = unknown(Kind::Small, &make.grid);
    cover.zero(&make.grid, std::slice::from_mut(&mut cells));
    for ((_, year), states) in &members {
        for at in states.iter().filter_map(|s| make.grid.cell(usize::from(*s), *year)) {
            if let Some(n) = cells.int(at) {
                cells.set(at, Some(Value::Int(n + 1)));
            }
        }
    }
    make.of_members(&["trade_agreements"], vec![Filled::new("n_agreements", cells)])
}
