//! Great powers.

use std::ops::RangeInclusive;

use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::days::last_days;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::grain::Grain;
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
    let years = make.years().span();
    let (first, last) = coverage.span().unwrap_or((*years.start(), *years.end()));
    // The list is structural, as that of the states: an extension carries it on. (A list of states that goes on longer does not.)
    let last = make.base.extend_to.map_or(last, |to| last.max(to));
    let make = &make.by_date(&table);
    let (grid, grain) = (&make.grid, make.grid.grain);
    let mut cells = unknown(Kind::Flag, grid);
    let mut fill = |state: usize, periods: RangeInclusive<i32>, value: i32| {
        for at in grid.within(&periods).filter_map(|period| grid.cell(state, period)) {
            cells.set(at, Some(Value::Int(value)));
        }
    };
    let listed = grain.of_years(first, last);
    (0..grid.states).for_each(|state| fill(state, listed.clone(), 0));
    let (ccode, end) = (ints(&table, "ccode"), ints(&table, "end_year"));
    let (begins, ends) = (make.begins(&table), last_days(&table));
    for row in 0..table.num_rows() {
        let (Some(state), Some(from)) = (make.state(int(ccode, row)), begins[row]) else {
            continue;
        };
        let to = match grain {
            Grain::Year => int(end, row),
            _ => ends[row].map(|day| grain.of_day(day)),
        };
        let to = to.unwrap_or(*listed.end()).min(*listed.end());
        fill(usize::from(state), from..=to, 1);
    }
    let mut columns = make.of_members(&["major_powers"], vec![Filled::new("cowmaj", cells)])?;
    columns.iter_mut().for_each(|c| c.years = c.years.map(|(first, _)| (first, last)));
    Ok(columns)
}
