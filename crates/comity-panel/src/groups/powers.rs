//! Great powers.

use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::group::{Group, Made};
use crate::make::{Filled, Make};
use crate::tables::unknown;
use comity_record::columns::{int, ints};

pub(super) static MAJORS: Group = Group {
    name: "majors",
    doc: "great powers of the Correlates of War",
    choices: &[],
    tables: &["major_powers"],
    gw_tables: &[],
    of_states: &[Declared {
        name: "cowmaj",
        kind: Kind::Flag,
        doc: "1 in every year in which it is a great power for a day at least, else 0; null after the list ends, unless the panel is extended and carries it on",
    }],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(make),
};

fn make(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let table = make.table("major_powers")?;
    let coverage = make.record.coverage("major_powers", &make.reading);
    let (first, last) =
        coverage.span().unwrap_or((*make.grid.span().start(), *make.grid.span().end()));
    // The list is structural, as that of the states: an extension carries it on. (A list of states that goes on longer does not.)
    let last = make.base.extend_to.map_or(last, |to| last.max(to));
    let (mut cells, span) = (unknown(Kind::Flag, &make.grid), make.grid.span());
    for state in 0..make.grid.states {
        for year in first.max(*span.start())..=last.min(*span.end()) {
            if let Some(at) = make.grid.cell(state, year) {
                cells.set(at, Some(Value::Int(0)));
            }
        }
    }
    let (ccode, start, end) =
        (ints(&table, "ccode"), ints(&table, "start_year"), ints(&table, "end_year"));
    for row in 0..table.num_rows() {
        let (Some(state), Some(from)) = (make.state(int(ccode, row)), int(start, row)) else {
            continue;
        };
        let to = int(end, row).unwrap_or(last).min(last);
        for year in from.max(*span.start())..=to.min(*span.end()) {
            if let Some(at) = make.grid.cell(usize::from(state), year) {
                cells.set(at, Some(Value::Int(1)));
            }
        }
    }
    let mut columns = make.of_members(&["major_powers"], vec![Filled::new("cowmaj", cells)])?;
    columns.iter_mut().for_each(|c| c.years = c.years.map(|(first, _)| (first, last)));
    Ok(columns)
}
