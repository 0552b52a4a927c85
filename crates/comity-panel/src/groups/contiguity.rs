//! Direct contiguity.

use std::sync::Arc;

use super::{Column, Declared, Group, Make, Shape};
use crate::cells::{Cells, Kind, Value};
use crate::error::PanelError;
use crate::tables::{By, Cover, Grid, OfPair, Pairs, unknown};
use comity_record::columns::{int, ints};

pub(super) static CONTIGUITY: Group = Group {
    name: "contiguity",
    doc: "direct contiguity of homelands; 0 where the list covers both and does not have them",
    choices: &[
        ("first", "as it is in the first month of the year that has any"),
        ("last", "as it is in the last month of the year that has any"),
        ("any", "the nearest in any month of the year"),
    ],
    tables: &["contiguity_spells", "contiguity"],
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
    make,
};

/// The spell that stands for a year so far: its first or last month in it, when it begins, and its type.
type Best = (i32, i32, i32);

/// Where spells in between are known too, a year that begins without contiguity is told from one that does not.
fn table(make: &Make<'_>) -> &'static str {
    if make.holds("contiguity_spells") { "contiguity_spells" } else { "contiguity" }
}

/// Types of contiguity by pair and year, sorted.
pub(super) type Types = Vec<((u16, u16, i32), i32)>;

/// Type of contiguity by pair and year.
pub(super) fn types(make: &Make<'_>) -> Result<Types, PanelError> {
    let batch = make.table(table(make))?;
    let years = make.spell_years(table(make), &batch);
    let (one, two, kind) =
        (ints(&batch, "ccode"), ints(&batch, "partner"), ints(&batch, "conttype"));
    let (from_month, to_month) = (ints(&batch, "start_month"), ints(&batch, "end_month"));
    let (from_year, to_year) = (ints(&batch, "start_year"), ints(&batch, "end_year"));
    let mut found: Vec<((u16, u16, i32), Best)> = Vec::new();
    for (row, years) in years.into_iter().enumerate() {
        let (Some(one), Some(two), Some(kind), Some(years)) =
            (make.state(int(one, row)), make.state(int(two, row)), int(kind, row), years)
        else {
            continue;
        };
        let begins = int(from_year, row).unwrap_or(0) * 12 + int(from_month, row).unwrap_or(1);
        let ends = int(to_year, row).map(|y| y * 12 + int(to_month, row).unwrap_or(12));
        for year in years {
            let first = begins.max(year * 12 + 1);
            let last = ends.map_or(year * 12 + 12, |e| e.min(year * 12 + 12));
            let month = if make.choice == "last" { last } else { first };
            found.push(((one, two, year), (month, begins, kind)));
        }
    }
    // Of two spells with the same month, the earlier is the first and the later the last.
    let better = |new: &Best, old: &Best| match make.choice {
        "last" => (new.0, new.1) > (old.0, old.1),
        "any" => nearness(new.2) < nearness(old.2),
        _ => (new.0, new.1) < (old.0, old.1),
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

fn make(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let types = types(make)?;
    let cover = make.cover(&[table(make)]);
    if let Shape::Pair { .. } = make.shape {
        let entries: Vec<_> = types.iter().map(|(key, _)| *key).collect();
        let pairs = Arc::new(Pairs::of(make.grid.states, By::Cow, &entries));
        let mut cells = Cells::new(Kind::Flag, types.len());
        cells.extend(types.iter().map(|(_, kind)| *kind));
        let source = OfPair { pairs, cells: Arc::new(cells), otherwise: Some(cover) };
        return Ok(vec![make.column("conttype", Kind::Flag, &[table(make)], source)]);
    }
    let (land, sea) = (
        counts(&make.grid, &types, &cover, |k| k == 1),
        counts(&make.grid, &types, &cover, |k| k > 1),
    );
    Ok(make
        .of_members(&[table(make)], vec![("land", Kind::Small, land), ("sea", Kind::Small, sea)]))
}

fn counts(grid: &Grid, types: &Types, cover: &Cover, counted: fn(i32) -> bool) -> Cells {
    let mut cells = unknown(Kind::Small, grid);
    cover.zero(std::slice::from_mut(&mut cells));
    for ((one, _, year), kind) in types {
        if let Some(at) = grid.cell(usize::from(*one), *year).filter(|_| counted(*kind)) {
            cells.set(at, Some(Value::Int(cells.int(at).unwrap_or(0) + 1)));
        }
    }
    cells
}
