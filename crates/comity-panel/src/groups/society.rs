//! How divided the people of a state are.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, Float64Array, RecordBatch};
use arrow::datatypes::Float64Type;

use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::crosswalk::{Held, in_cow};
use crate::declared::Declared;
use crate::error::PanelError;
use crate::group::{Choice, Group, Made};
use crate::make::{Coded, Filled, Make};
use crate::tables::{By, unknown};
use comity_record::columns::{int, ints};

const fn real(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Real, doc }
}

pub(super) static FRACTIONALIZATION: Group = Group {
    name: "fractionalization",
    doc: "how divided the people of a state are; null where no figure is published. Where two countries of a source were one state in a year (Soviet Union and Russia in 1991), the more divided stands, and a figure that it lacks is the other's",
    choices: &[
        Choice::new("creg", "ethnic and religious groups by CREG, 1945-2013, in panels of the states of Gleditsch and Ward by the numbers published for these", creg)
            .needs(&["creg"]),
        Choice::new("hief", "ethnic groups by the Historical Index of Ethnic Fractionalization, 1945-2013; of a state that it lists under another number (West Germany, Yemen from 1990) by its number of Gleditsch and Ward", hief)
            .needs(&["hief"]),
    ],
    tables: &["fractionalization", "ethnic_fractionalization"],
    gw_tables: &[],
    of_states: &[
        real("ethfrac", "chance that two people are of different ethnic groups, 0 to 1"),
        real("ethpol", "polarization of ethnic groups, 0 to 1: 1 where two are of equal size"),
        real("relfrac", "chance that two people are of different religious groups, 0 to 1"),
        real("relpol", "polarization of religious groups, 0 to 1"),
        real("efindex", "chance that two people are of different ethnic groups, 0 to 1"),
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::ByChoice,
};

fn creg(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let columns = [
        ("ethfrac", "ethnic_fractionalization"),
        ("ethpol", "ethnic_polarization"),
        ("relfrac", "religious_fractionalization"),
        ("relpol", "religious_polarization"),
    ];
    figures(make, &make.coded_both("fractionalization"), None, &columns)
}

fn hief(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    // Its numbers of Gleditsch and Ward confound the two states of Vietnam, so that its others go first. Those name no state of the year
    // for West Germany (255, from 1949) and Yemen (678, to 2013), whose numbers of Gleditsch and Ward are right.
    let table = "ethnic_fractionalization";
    let coded = Coded { table, by: By::Cow, code: "ccode", grid: make.grid_of(By::Cow) };
    let columns = [("efindex", "ethnic_fractionalization")];
    figures(make, &coded, Some("gwcode"), &columns)
}

/// Columns of a table with one row or several per state and year. Of several that with the highest first figure stands; it takes what it
/// lacks from the others, the highest. A state and year without a row is looked for by its Gleditsch-Ward number in the column of these.
fn figures(
    make: &Make<'_>,
    coded: &Coded,
    gw: Option<&str>,
    columns: &[(&'static str, &'static str)],
) -> Result<Vec<Column>, PanelError> {
    let batch = make.table(coded.table)?;
    let code = ints(&batch, coded.code);
    let mut rows = by_cell(&batch, coded, |row, _| make.number(coded.by, int(code, row)));
    if let Some(gw) = gw {
        let (held, gwcode) = (Held::all(make.record)?, ints(&batch, gw));
        let state =
            |row: usize, year: i32| Some(in_cow(&make.base.cow, &held, int(gwcode, row)?, year)?.0);
        for (cell, of_number) in by_cell(&batch, coded, state) {
            rows.entry(cell).or_insert(of_number);
        }
    }
    let values: Vec<&Float64Array> =
        columns.iter().filter_map(|(_, column)| reals(&batch, column)).collect();
    let value =
        |at: usize, row: usize| values.get(at).filter(|v| v.is_valid(row)).map(|v| v.value(row));
    let highest = |a: f64, b: f64| if b > a { b } else { a };
    let mut filled = Vec::new();
    for (at, (name, _)) in columns.iter().enumerate() {
        let mut cells = unknown(Kind::Real, &coded.grid);
        for (cell, rows) in &rows {
            let all = || rows.iter().filter_map(|row| value(at, *row));
            // The first row of the highest first figure; a row without one comes last.
            let first = rows
                .iter()
                .copied()
                .reduce(|best, next| if value(0, next) > value(0, best) { next } else { best });
            let own = first.and_then(|row| value(at, row));
            cells.set(*cell, own.or_else(|| all().reduce(highest)).map(Value::Real));
        }
        filled.push(Filled::new(name, cells));
    }
    make.of_members_by(coded.by, &[coded.table], filled)
}

/// The rows of each state and year.
fn by_cell(
    batch: &RecordBatch,
    coded: &Coded,
    state: impl Fn(usize, i32) -> Option<u16>,
) -> BTreeMap<usize, Vec<usize>> {
    let year = ints(batch, "year");
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        let Some(year) = int(year, row) else { continue };
        let cell = state(row, year).and_then(|s| coded.grid.cell(usize::from(s), year));
        if let Some(cell) = cell {
            rows.entry(cell).or_default().push(row);
        }
    }
    rows
}

fn reals<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a Float64Array> {
    Some(batch.column_by_name(name)?.as_primitive::<Float64Type>())
}
