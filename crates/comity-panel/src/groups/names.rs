//! Names of states, their codes in letters, and the regions of the world, beside their numbers.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::StringArray;

use crate::cells::{Cells, Kind, Value};
use crate::column::Column;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::group::{Group, Made};
use crate::make::{Filled, Make};
use crate::region::{self, region_of};
use crate::system::Codes;
use crate::tables::{By, Grid, unknown};
use comity_record::columns::{int, ints, text, texts};

const fn words(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Text, doc }
}

pub(super) static NAMES: Group = Group {
    name: "names",
    doc: "names of states and their codes in letters, of the year, beside the numbers; null where a state has none",
    choices: &[],
    tables: &["states", "gw_states", "state_codes"],
    gw_tables: &["gw_states"],
    of_states: &[
        words("statename", "name of the state in the list of the panel, in the year"),
        words("stateabb", "abbreviation of the state in that list"),
        words(
            "iso3c",
            "ISO 3166-1 code of three letters that stood for it in the year; null where none did, as of states that ended before there were codes",
        ),
        words("iso2c", "the same of two letters"),
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(names),
};

/// Texts of states by year: a number for each different one.
struct Words {
    texts: Vec<String>,
    cells: Cells,
}

impl Words {
    fn new(grid: &Grid) -> Self {
        Self { texts: Vec::new(), cells: unknown(Kind::Text, grid) }
    }

    fn set(&mut self, at: usize, word: &str) {
        if word.is_empty() {
            return;
        }
        if self.texts.last().is_none_or(|last| last != word) {
            self.texts.push(word.to_owned());
        }
        self.cells.set(at, Some(Value::Int(self.texts.len() as i32 - 1)));
    }

    fn filled(self, name: &'static str) -> Filled {
        Filled::texts(name, self.cells, &Arc::new(StringArray::from(self.texts)))
    }
}

fn names(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let grid = make.grid_of(By::Own);
    let system = make.system(By::Own);
    let (mut name, mut abbr) = (Words::new(&grid), Words::new(&grid));
    for state in 0..grid.states {
        for year in grid.span().filter(|year| system.together(&[state as u16], *year)) {
            if let Some(at) = grid.cell(state, year) {
                name.set(at, system.name(state, year));
            }
        }
    }
    let table = make.base.codes.table();
    let batch = make.table(table)?;
    let (code, abbrs) = (ints(&batch, make.base.codes.column()), texts(&batch, "abbr"));
    let years = make.spells(table, &batch);
    for (row, years) in years.into_iter().enumerate() {
        let state = make.number(By::Own, int(code, row));
        let (Some(state), Some(years)) = (state, years) else { continue };
        for at in years.filter_map(|year| grid.cell(usize::from(state), year)) {
            abbr.set(at, text(abbrs, row));
        }
    }
    let own = vec![name.filled("statename"), abbr.filled("stateabb")];
    let own = make.of_members_by(By::Own, &[table], own)?;
    let ((three, from_three), (two, from_two)) =
        (iso(make, "iso3", "iso3c")?, iso(make, "iso2", "iso2c")?);
    let mut coded = make.of_members(&["state_codes"], vec![three, two])?;
    // Who has the codes is another source than who has the list.
    for (column, sources) in coded.iter_mut().zip([&from_three, &from_two].into_iter().cycle()) {
        column.sources.clone_from(sources);
    }
    // Columns stand member by member.
    let (mut own, mut coded) = (own.into_iter(), coded.into_iter());
    let mut columns = Vec::new();
    for _ in 0..make.shape.members() {
        columns.extend(own.by_ref().take(2));
        columns.extend(coded.by_ref().take(2));
    }
    // Who is still a state when its list ends is carried on, as in the rows.
    columns.iter_mut().for_each(|column| column.years = None);
    Ok(columns)
}

/// The codes of a system of letters, by state and year, and the sources that have them.
fn iso(
    make: &Make<'_>,
    wanted: &str,
    column: &'static str,
) -> Result<(Filled, Vec<String>), PanelError> {
    // The codes of letters are the starter's, whichever list of states is read.
    let batch = make.record.table("state_codes", &make.record.baseline())?;
    let (ccode, system, code) =
        (ints(&batch, "ccode"), texts(&batch, "system"), texts(&batch, "code"));
    let (from, to) = (ints(&batch, "start_year"), ints(&batch, "end_year"));
    let (mut words, source) = (Words::new(&make.grid), texts(&batch, "source"));
    let mut sources = BTreeSet::new();
    for row in (0..batch.num_rows()).filter(|row| text(system, *row) == wanted) {
        let Some(state) = make.state(int(ccode, row)) else { continue };
        let years = int(from, row).unwrap_or(i32::MIN)..=int(to, row).unwrap_or(i32::MAX);
        let years = make.grid.within(&years);
        for at in years.filter_map(|year| make.grid.cell(usize::from(state), year)) {
            words.set(at, text(code, row));
            sources.insert(text(source, row));
        }
    }
    let sources = sources.into_iter().map(str::to_owned).collect();
    Ok((words.filled(column), sources))
}

pub(super) static REGIONS: Group = Group {
    name: "regions",
    doc: "the region of the world that a state is in, by the hundreds of its number, which both lists share: 2 to 199 Americas, 200 to 399 Europe, 400 to 599 Africa, 600 to 699 Middle East with the north of Africa, 700 to 899 Asia, 900 to 999 Oceania",
    choices: &[],
    tables: &["states", "gw_states"],
    gw_tables: &["gw_states"],
    of_states: &[words("region", "Americas, Europe, Africa, Middle East, Asia or Oceania")],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(regions),
};

fn regions(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let grid = make.grid_of(By::Own);
    let mut cells = unknown(Kind::Text, &grid);
    for (state, code) in make.system(By::Own).codes.iter().enumerate() {
        let region = region_of(*code);
        for at in grid.span().filter_map(|year| grid.cell(state, year)) {
            cells.set(at, region.map(|region| Value::Int(region as i32)));
        }
    }
    let names: StringArray = region::REGIONS.iter().map(|(name, ..)| Some(*name)).collect();
    let table = match make.base.codes {
        Codes::Cow => "states",
        Codes::Gw => "gw_states",
    };
    let filled = Filled::texts("region", cells, &Arc::new(names));
    let mut columns = make.of_members_by(By::Own, &[table], vec![filled])?;
    columns.iter_mut().for_each(|column| column.years = None);
    Ok(columns)
}
