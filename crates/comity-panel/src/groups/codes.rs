//! Codes of the other list of states.

use crate::cells::{Cells, Kind, Value};
use crate::column::Column;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::group::{Group, Made};
use crate::make::{Filled, Make};
use crate::system::Codes;
use crate::tables::By;

pub(super) static CODES: Group = Group {
    name: "codes",
    doc: "the code of the other list of states: `ccode` in panels of the states of Gleditsch and Ward, `gwcode` in panels of those of the Correlates of War; to join other data on",
    choices: &[],
    tables: &["gw_states"],
    gw_tables: &[],
    of_states: &[
        Declared {
            name: "ccode",
            kind: Kind::Small,
            doc: "Correlates of War state code: of the state in that system on the most days of the year; null where it is not in it",
        },
        Declared {
            name: "gwcode",
            kind: Kind::Small,
            doc: "Gleditsch-Ward number: of the state in that list on the most days of the year; null where it is not in it",
        },
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(make),
};

fn make(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let codes = make.base.codes_in_other(make.record, &make.reading)?;
    let (name, tables) = match make.base.codes {
        Codes::Cow => ("gwcode", ["gw_states"]),
        Codes::Gw => ("ccode", ["states"]),
    };
    let mut cells = Cells::new(Kind::Small, codes.len());
    codes.into_iter().for_each(|code| cells.push(code.map(Value::Int)));
    let mut columns = make.of_members_by(By::Own, &tables, vec![Filled::new(name, cells)])?;
    // Who is still a state when its list ends is carried on, as in the rows.
    columns.iter_mut().for_each(|column| column.years = None);
    Ok(columns)
}
