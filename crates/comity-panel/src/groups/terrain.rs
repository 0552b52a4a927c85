//! The form of the land of a state, which has no year.

use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;

use crate::cells::{Kind, Value};
use crate::declared::Declared;
use crate::group::{Group, Made};
use crate::make::{Coded, Filled};
use crate::tables::unknown;
use comity_record::columns::{int, ints};

/// Columns with those of the table.
const COLUMNS: [(&str, &str); 2] = [("rugged", "ruggedness"), ("newlmtnest", "mountains_log")];

pub(super) static TERRAIN: Group = Group {
    name: "terrain",
    doc: "the form of the land about the year 2000, the same in every year: a leap of faith far from it; null where no figure is published",
    choices: &[],
    tables: &["terrain"],
    gw_tables: &[],
    of_states: &[
        Declared {
            name: "rugged",
            kind: Kind::Real,
            doc: "terrain ruggedness index (Nunn and Puga 2012)",
        },
        Declared {
            name: "newlmtnest",
            kind: Kind::Real,
            doc: "natural logarithm of the percentage of the land that is mountainous and one (Gibler and Miller 2014)",
        },
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| {
        let batch = make.table("terrain")?;
        let Coded { table, by, code, grid } = make.coded_both("terrain");
        let state = ints(&batch, code);
        let mut filled = Vec::new();
        for (name, column) in COLUMNS {
            let Some(values) = batch.column_by_name(column) else { continue };
            let values = values.as_primitive::<Float64Type>();
            let mut cells = unknown(Kind::Real, &grid);
            for row in (0..batch.num_rows()).filter(|row| values.is_valid(*row)) {
                let Some(state) = make.number(by, int(state, row)) else { continue };
                for at in grid.span().filter_map(|year| grid.cell(usize::from(state), year)) {
                    cells.set(at, Some(Value::Real(values.value(row))));
                }
            }
            filled.push(Filled::new(name, cells));
        }
        make.of_members_by(by, &[table], filled)
    }),
};
