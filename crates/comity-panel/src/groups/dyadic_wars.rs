//! Inter-state wars by pair: who fought whom in which year, by the list of dyadic wars.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Date32Type;

use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::declared::Shape;
use crate::error::PanelError;
use crate::grain::Grain;
use crate::ids::Ids;
use crate::make::{Filled, Make};
use crate::tables::{By, Cover, Pairs, unknown};
use comity_record::columns::{int, ints, text, texts};

pub(super) const DATASET: &str = "cow-war-dyadic";
const TABLE: &str = "dyadic_wars";

/// A war of a pair in a period.
struct War {
    row: usize,
    onset: bool,
    deaths: Option<i32>,
}

type Wars = BTreeMap<(u16, u16, i32), War>;

pub(super) fn of(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let batch = make.table(TABLE)?;
    // Battles have days.
    let make = &make.fine();
    let wars = wars(make, &batch);
    let cover = make.cover(&[TABLE]);
    let mut columns = match make.shape {
        Shape::Pair { .. } => of_pairs(make, &batch, &wars, &cover)?,
        _ => of_states(make, &wars, &cover)?,
    };
    // Other lists of wars stand in the same family.
    let own = |id: &String| make.record.source(id).is_some_and(|s| s.dataset == DATASET);
    columns.iter_mut().for_each(|column| column.sources.retain(own));
    Ok(columns)
}

/// The wars of each pair and period.
fn wars(make: &Make<'_>, batch: &RecordBatch) -> Wars {
    let [one, two, year, deaths, theirs] =
        ["ccode", "partner", "year", "deaths", "partner_deaths"].map(|c| ints(batch, c));
    let war = texts(batch, "war_id");
    let days = ["start", "end"]
        .map(|name| batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Date32Type>()));
    let grain = make.grid.grain;
    let mut rows: Vec<(i32, usize)> =
        (0..batch.num_rows()).filter_map(|row| Some((int(year, row)?, row))).collect();
    rows.sort_unstable();
    let (mut begun, mut wars) = (BTreeSet::new(), Wars::new());
    for (year, row) in rows {
        let pair = make.state(int(one, row)).zip(make.state(int(two, row)));
        let first = begun.insert((text(war, row), int(one, row), int(two, row)));
        let Some((one, two)) = pair else { continue };
        let mut periods = grain.of_years(year, year);
        if grain != Grain::Year {
            // The days of the first and the last battle are of the whole war: of a year those within it.
            let day = |at: usize| days[at].filter(|d| d.is_valid(row)).map(|d| d.value(row));
            let start = day(0).map_or(*periods.start(), |d| grain.of_day(d));
            let end = day(1).map_or(*periods.end(), |d| grain.of_day(d));
            periods = start.max(*periods.start())..=end.min(*periods.end());
        }
        let dead = [deaths, theirs].map(|c| int(c, row));
        let deaths = dead[0].zip(dead[1]).map(|(a, b)| a.saturating_add(b)).or(dead[0]).or(dead[1]);
        for period in make.grid.within(&periods) {
            let onset = first && period == *periods.start();
            let rank = |war: &War| (war.onset, war.deaths);
            let this = War { row, onset, deaths };
            match wars.get(&(one, two, period)) {
                Some(other) if rank(other) >= rank(&this) => {}
                _ => drop(wars.insert((one, two, period), this)),
            }
        }
    }
    wars
}

fn of_pairs(
    make: &Make<'_>,
    batch: &RecordBatch,
    wars: &Wars,
    cover: &Arc<Cover>,
) -> Result<Vec<Column>, PanelError> {
    let keys: Vec<_> = wars.keys().copied().collect();
    let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &keys));
    let ids = Ids::of(batch, TABLE, "war_id", "dyadwarnum");
    let mut made = Vec::new();
    let mut add =
        |name: &str, zero: bool, value: &dyn Fn(&War) -> Result<Option<Value>, PanelError>| {
            let mut cells = make.entries(name, wars.len());
            for war in wars.values() {
                cells.push(value(war)?);
            }
            made.push(make.of_pairs(name, &[TABLE], &pairs, cells, zero.then_some(cover))?);
            Ok::<_, PanelError>(())
        };
    add("cowdyadiconset", true, &|war| Ok(Some(Value::Int(war.onset.into()))))?;
    add("cowdyadicongoing", true, &|_| Ok(Some(Value::Int(1))))?;
    add("dyadwarnum", false, &|war| Ok(ids.real(war.row)?.map(Value::Real)))?;
    for (name, columns) in [
        ("warrole", ["role", "partner_role"]),
        ("dyadrole", ["dyad_role", "partner_dyad_role"]),
        ("dyadbatdeath", ["deaths", "partner_deaths"]),
    ] {
        for (which, column) in columns.into_iter().enumerate() {
            let values = ints(batch, column);
            let name = format!("{name}{}", which + 1);
            add(&name, false, &|war| Ok(int(values, war.row).map(Value::Int)))?;
        }
    }
    let outcome = ints(batch, "outcome");
    add("dyadoutcome1", false, &|war| Ok(int(outcome, war.row).map(Value::Int)))?;
    // What one wins the other loses.
    add("dyadoutcome2", false, &|war| {
        Ok(int(outcome, war.row).map(|own| Value::Int(4_i32.saturating_sub(own))))
    })?;
    Ok(made)
}

fn of_states(make: &Make<'_>, wars: &Wars, cover: &Cover) -> Result<Vec<Column>, PanelError> {
    let mut cells = [unknown(Kind::Flag, &make.grid), unknown(Kind::Flag, &make.grid)];
    cover.zero(&make.grid, &mut cells);
    for ((one, _, period), war) in wars {
        let Some(at) = make.grid.cell(usize::from(*one), *period) else { continue };
        cells[1].set(at, Some(Value::Int(1)));
        if war.onset {
            cells[0].set(at, Some(Value::Int(1)));
        }
    }
    let [onset, ongoing] = cells;
    let filled =
        vec![Filled::new("cowdyadiconset", onset), Filled::new("cowdyadicongoing", ongoing)];
    make.of_members(&[TABLE], filled)
}
