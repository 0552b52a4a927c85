//! Armed conflicts of UCDP/PRIO in which a state's government is a primary party.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::StringArray;

use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::group::{Choice, Group, Made};
use crate::make::{Coded, Filled, Make};
use crate::tables::unknown;
use comity_record::columns::{int, ints, text, texts};

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

pub(super) static UCDP: Group = Group {
    name: "ucdp",
    doc: "armed conflicts in which the government of the state is the first primary party (UCDP/PRIO); 0 within the years that the source covers. An onset is the first year of a conflict ever, of the conflicts chosen",
    choices: &[
        Choice::new("all", "of every kind", |make| {
            of(make, &Which { kind: None, intensity: None })
        }),
        Choice::new("intrastate", "inside the state, without foreign troops", |make| {
            of(make, &Which { kind: Some(3), intensity: None })
        }),
        Choice::new("internationalized", "inside the state, with foreign troops", |make| {
            of(make, &Which { kind: Some(4), intensity: None })
        }),
        Choice::new("interstate", "between states", |make| {
            of(make, &Which { kind: Some(2), intensity: None })
        }),
        Choice::new("extrasystemic", "between the state and a non-state actor abroad", |make| {
            of(make, &Which { kind: Some(1), intensity: None })
        }),
        Choice::new("wars", "of every kind, in years with 1,000 deaths or more", |make| {
            of(make, &Which { kind: None, intensity: Some(2) })
        }),
    ],
    tables: &["conflict_parties"],
    gw_tables: &[],
    of_states: &[
        flag("ucdpongoing", "1 in a year of a conflict"),
        flag("ucdponset", "1 in the first year of one"),
        flag("maxintensity", "1: 25 to 999 deaths in the year, 2: more; null without a conflict"),
        Declared {
            name: "conflict_ids",
            kind: Kind::Text,
            doc: "numbers of the conflicts of the year, joined by `; `; null without a conflict",
        },
    ],
    of_pairs: &[],
    rows_of: None,
    events: &["ucdpongoing"],
    made: Made::ByChoice,
};

/// Which conflicts count.
struct Which {
    /// The type of conflict, 1 to 4.
    kind: Option<i32>,
    /// The intensity in the year, 1 or 2.
    intensity: Option<i32>,
}

fn of(make: &Make<'_>, which: &Which) -> Result<Vec<Column>, PanelError> {
    let batch = make.table("conflict_parties")?;
    let [ccode, gwcode, year, kind, intensity] =
        ["ccode", "gwcode", "year", "conflict_type", "intensity"].map(|c| ints(&batch, c));
    let (role, id) = (texts(&batch, "role"), texts(&batch, "conflict_id"));
    let chosen = |row: usize| {
        text(role, row) == "a"
            && which.kind.is_none_or(|wanted| int(kind, row) == Some(wanted))
            && which.intensity.is_none_or(|wanted| int(intensity, row) == Some(wanted))
    };
    let Coded { table, by, code, grid } = make.coded_both("conflict_parties");
    let state = ints(&batch, code);
    let mut cells = [Kind::Flag; 3].map(|kind| unknown(kind, &grid));
    make.cover_of_any_state(by, table).zero(&grid, &mut cells[..2]);
    let mut rows: Vec<(i32, usize)> = (0..batch.num_rows())
        .filter(|row| chosen(*row))
        .filter_map(|row| Some((int(year, row)?, row)))
        .collect();
    rows.sort_unstable();
    let (mut begun, mut there) = (BTreeSet::new(), BTreeMap::new());
    for (year, row) in rows {
        // A state keeps the number by which the source knows it where its code here changes (Yemen in 1990).
        let Some(party) = int(gwcode, row).or(int(ccode, row)) else { continue };
        let onset = begun.insert((text(id, row), party));
        let Some(state) = make.number(by, int(state, row)) else { continue };
        let Some(at) = grid.cell(usize::from(state), year) else { continue };
        cells[0].set(at, Some(Value::Int(1)));
        if onset {
            cells[1].set(at, Some(Value::Int(1)));
        }
        let most = cells[2].int(at).max(int(intensity, row));
        cells[2].set(at, most.map(Value::Int));
        let conflict = text(id, row);
        // In the order of their numbers; ids that are none come after them.
        let number = conflict.parse::<i64>().ok();
        let order = (number.is_none(), number, conflict);
        there.entry(at).or_insert_with(BTreeSet::new).insert(order);
    }
    let mut ids = unknown(Kind::Text, &grid);
    let mut lists = Vec::with_capacity(there.len());
    for (at, conflicts) in there {
        ids.set(at, Some(Value::Int(lists.len() as i32)));
        lists.push(conflicts.into_iter().map(|(_, _, id)| id).collect::<Vec<_>>().join("; "));
    }
    let [ongoing, onset, intensity] = cells;
    let lists: Arc<StringArray> = Arc::new(lists.into_iter().map(Some).collect());
    make.of_members_by(
        by,
        &[table],
        vec![
            Filled::new("ucdpongoing", ongoing),
            Filled::new("ucdponset", onset),
            Filled::new("maxintensity", intensity),
            Filled::texts("conflict_ids", ids, &lists),
        ],
    )
}
