//! UCDP's own count of onsets of armed conflict by state and year.

use crate::cells::{Cells, Kind, Value};
use crate::declared::Declared;
use crate::group::{Group, Made};
use crate::make::{Coded, Filled};
use crate::tables::unknown;
use comity_record::columns::{int, ints};

const fn count(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

/// Columns with those of the table.
const COLUMNS: [(&str, &str); 6] = [
    ("sumnewconf", "new_conflicts"),
    ("sumonset1", "onsets_1"),
    ("sumonset2", "onsets_2"),
    ("sumonset3", "onsets_3"),
    ("sumonset5", "onsets_5"),
    ("sumonset10", "onsets_10"),
];

pub(super) static ONSETS: Group = Group {
    name: "ucdp-onsets",
    doc: "how many armed conflicts began in a state, or came back after years of quiet, as UCDP counts them; 0 within the years that the source covers (1946 to 2017), else null (peacesciencer 1.2.9 has 0 in all other years)",
    choices: &[],
    tables: &["conflict_onsets"],
    gw_tables: &[],
    of_states: &[
        count("sumnewconf", "conflicts that had never been active before"),
        count("sumonset1", "conflicts new or back after more than one year of quiet"),
        count("sumonset2", "conflicts new or back after more than two years"),
        count("sumonset3", "conflicts new or back after more than three years"),
        count("sumonset5", "conflicts new or back after more than five years"),
        count("sumonset10", "conflicts new or back after more than ten years"),
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| {
        let batch = make.table("conflict_onsets")?;
        let Coded { table, by, code, grid } = make.coded_both("conflict_onsets");
        let (state, year) = (ints(&batch, code), ints(&batch, "year"));
        let mut cells: Vec<Cells> = COLUMNS.iter().map(|_| unknown(Kind::Flag, &grid)).collect();
        make.cover_of_any_state(by, table).zero(&grid, &mut cells);
        for row in 0..batch.num_rows() {
            let (Some(state), Some(year)) = (make.number(by, int(state, row)), int(year, row))
            else {
                continue;
            };
            let Some(at) = grid.cell(usize::from(state), year) else { continue };
            for (cells, (_, column)) in cells.iter_mut().zip(COLUMNS) {
                // Two numbers of one state in a year (Yemen in 1990) are counted together.
                if let Some(more) = int(ints(&batch, column), row) {
                    cells
                        .set(at, Some(Value::Int(cells.int(at).unwrap_or(0).saturating_add(more))));
                }
            }
        }
        let cells = COLUMNS.iter().zip(cells).map(|((name, _), c)| Filled::new(name, c));
        make.of_members_by(by, &[table], cells.collect())
    }),
};
