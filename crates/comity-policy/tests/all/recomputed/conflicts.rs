//! Armed conflicts and who took part in them, by year (UCDP/PRIO 25.1), in the codes of the state system.

use super::files::{Row, semicolons};

/// Over a territory that a state rules outside its own.
pub const EXTRASYSTEMIC: i32 = 1;
/// Between states.
pub const BETWEEN_STATES: i32 = 2;
/// Inside a state, with troops of other states.
pub const JOINED: i32 = 4;

pub struct ConflictYear {
    pub id: i32,
    pub year: i32,
    pub kind: i32,
    /// Side A, and the states that sent troops to it.
    pub a: (Vec<i32>, Vec<i32>),
    /// Side B, and the states that sent troops to it.
    pub b: (Vec<i32>, Vec<i32>),
}

pub fn read() -> Vec<ConflictYear> {
    let file = semicolons("ucdp/UcdpPrioConflict_v25_1.csv");
    // One record, of a conflict inside a state (China 2008), is broken over two lines, whose halves have no version.
    let whole = file.rows().filter(|row| row.text("version") == "25.1");
    let years = whole.map(|row| ConflictYear {
        id: row.code("conflict_id"),
        year: row.code("year"),
        kind: row.code("type_of_conflict"),
        a: (states(&row, "gwno_a"), states(&row, "gwno_a_2nd")),
        b: (states(&row, "gwno_b"), states(&row, "gwno_b_2nd")),
    });
    years.collect()
}

fn states(row: &Row<'_>, column: &str) -> Vec<i32> {
    let year = row.code("year");
    let text = row.text(column);
    text.split([',', ';']).filter_map(|c| c.trim().parse().ok()).map(|c| cow(c, year)).collect()
}

/// The states that Gleditsch and Ward number otherwise.
fn cow(state: i32, year: i32) -> i32 {
    match state {
        260 if year >= 1990 => 255,
        678 if year >= 1990 => 679,
        340 => 345,
        other => other,
    }
}
