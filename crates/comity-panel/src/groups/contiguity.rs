//! Direct contiguity.

use std::sync::Arc;

use crate::calendar;
use crate::cells::{Cells, Kind, Value};
use crate::column::Column;
use crate::declared::{Declared, Shape};
use crate::error::PanelError;
use crate::grain::Grain;
use crate::group::{Choice, Group, Made};
use crate::make::{Filled, Make};
use crate::tables::{By, Cover, Grid, Pairs, unknown};
use comity_record::columns::{int, ints};

pub(super) static CONTIGUITY: Group = Group {
    name: "contiguity",
    doc: "direct contiguity of homelands; 0 where the list covers both and does not have them",
    choices: &[
        Choice::new("first", "as it is in the first month of the year that has any", |make| {
            of(make, Stands::First)
        }),
        Choice::new("last", "as it is in the last month of the year that has any", |make| {
            of(make, Stands::Last)
        }),
        Choice::new("any", "the nearest in any month of the year", |make| {
            of(make, Stands::Nearest)
        }),
    ],
    tables: &["contiguity_spells", "contiguity"],
    gw_tables: &[],
    of_states: &[
        Declared {
            name: "land",
            kind: Kind::Small,
            doc: "number of states that it touches by land or a river",
        },
        Declared {
            name: "sea",
            kind: Kind::Small,
            doc: "number of states across up to 400 miles of water",
        },
    ],
    of_pairs: &[Declared {
        name: "conttype",
        kind: Kind::Flag,
        doc: "0 none, 1 land or river, 2 to 5 up to 12, 24, 150, 400 miles of water",
    }],
    rows_of: None,
    events: &[],
    made: Made::ByChoice,
};

/// Which of the spells that touch a year stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    First,
    Last,
    Nearest,
}

/// The spell that stands for a year so far: its first or last month in it, when it begins, and its type.
type Best = (i32, i32, i32);

/// Where spells in between are known too, a year that begins without contiguity is distinguished from one that does not.
fn table(make: &Make<'_>) -> &'static str {
    if make.holds("contiguity_spells") { "contiguity_spells" } else { "contiguity" }
}

/// Types of contiguity by pair and year, sorted.
type Types = Vec<((u16, u16, i32), i32)>;

/// Type of contiguity by pair and year.
fn types(make: &Make<'_>, stands: Stands) -> Result<Types, PanelError> {
    let batch = make.table(table(make))?;
    let years = make.spells(table(make), &batch);
    let (one, two, kind) =
        (ints(&batch, "ccode"), ints(&batch, "partner"), ints(&batch, "conttype"));
    let (from_month, to_month) = (ints(&batch, "start_month"), ints(&batch, "end_month"));
    let grain = make.grid.grain;
    let (from_year, to_year) = (ints(&batch, "start_year"), ints(&batch, "end_year"));
    let mut found: Vec<((u16, u16, i32), Best)> = Vec::new();
    for (row, years) in years.into_iter().enumerate() {
        let (Some(one), Some(two), Some(kind), Some(years)) =
            (make.state(int(one, row)), make.state(int(two, row)), int(kind, row), years)
        else {
            continue;
        };
        // A spell without a month is there from the first month, or to the last.
        let months = |year: i32, month: i32| year.saturating_mul(12).saturating_add(month);
        let Some(begins) = int(from_year, row) else { continue };
        let begins = months(begins, int(from_month, row).unwrap_or(1));
        let ends = int(to_year, row).map(|y| months(y, int(to_month, row).unwrap_or(12)));
        for year in years {
            let (first, last) = match grain {
                Grain::Year => (year * 12 + 1, year * 12 + 12),
                _ => {
                    let (year, month) = calendar::month_of(grain.days(year).0);
                    (year * 12 + month, year * 12 + month)
                }
            };
            let first = begins.max(first);
            let last = ends.map_or(last, |e| e.min(last));
            let month = if stands == Stands::Last { last } else { first };
            found.push(((one, two, year), (month, begins, kind)));
        }
    }
    // Of two spells with the same month, the earlier is the first and the later the last.
    let better = |new: &Best, old: &Best| match stands {
        Stands::Last => (new.0, new.1) > (old.0, old.1),
        Stands::Nearest => nearness(new.2) < nearness(old.2),
        Stands::First => (new.0, new.1) < (old.0, old.1),
    };
    found.sort_by_key(|(key, _)| *key);
    found.dedup_by(|next, first| {
        let same = next.0 == first.0;
        if same && better(&next.1, &first.1) {
            first.1 = next.1;
        }
        same
    });
    Ok(found.into_iter().map(|(key, (_, _, kind))| (key, kind)).collect())
}

/// None is farther than the farthest.
fn nearness(kind: i32) -> i32 {
    if kind == 0 { i32::MAX } else { kind }
}

fn of(make: &Make<'_>, stands: Stands) -> Result<Vec<Column>, PanelError> {
    let make = &make.by_date(&make.table(table(make))?);
    let types = types(make, stands)?;
    let cover = make.cover(&[table(make)]);
    if let Shape::Pair { .. } = make.shape {
        let entries: Vec<_> = types.iter().map(|(key, _)| *key).collect();
        let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &entries));
        let mut cells = make.entries("conttype", types.len());
        types.iter().for_each(|(_, kind)| cells.push(Some(Value::Int(*kind))));
        let column = make.of_pairs("conttype", &[table(make)], &pairs, cells, Some(&cover))?;
        return Ok(vec![column]);
    }
    let (land, sea) = (
        counts(&make.grid, &types, &cover, |k| k == 1),
        counts(&make.grid, &types, &cover, |k| k > 1),
    );
    make.of_members(&[table(make)], vec![Filled::new("land", land), Filled::new("sea", sea)])
}

fn counts(grid: &Grid, types: &Types, cover: &Cover, counted: fn(i32) -> bool) -> Cells {
    let mut cells = unknown(Kind::Small, grid);
    cover.zero(grid, std::slice::from_mut(&mut cells));
    for ((one, _, year), kind) in types {
        if let Some(at) = grid.cell(usize::from(*one), *year).filter(|_| counted(*kind)) {
            cells.set(at, Some(Value::Int(cells.int(at).unwrap_or(0) + 1)));
        }
    }
    cells
}
