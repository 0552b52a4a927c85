//! Distance between capitals, and between the nearest points.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Float64Type};

use crate::calendar;
use crate::cells::{Cells, Kind, Value};
use crate::column::Column;
use crate::declared::{Declared, Shape};
use crate::error::PanelError;
use crate::grain::Grain;
use crate::group::{Choice, Group, Made};
use crate::make::{Coded, Filled, Make};
use crate::sphere::Place;
use crate::tables::{By, Grid, Pairs, unknown};
use crate::unit::Block;
use comity_record::columns::{int, ints};

pub(super) static DISTANCE: Group = Group {
    name: "distance",
    doc: "distance in kilometres, in panels of the states of Gleditsch and Ward from capitals and borders listed for these; null where a capital or a border is not known",
    choices: &[
        Choice::new(
            "capital",
            "between the capitals of the first day of the year, on a sphere",
            |make| capitals(make, Stands::First),
        ),
        Choice::new("capital-last", "between the capitals of the last day of the year", |make| {
            capitals(make, Stands::Last)
        }),
        Choice::new("minimum", "between the nearest points of the two", minimum),
    ],
    tables: &["capitals", "distance", "gw_capitals", "gw_distance"],
    gw_tables: &["gw_capitals", "gw_distance"],
    of_states: &[
        Declared {
            name: "mincapdist",
            kind: Kind::Real,
            doc: "to the nearest capital of another state, kilometres",
        },
        Declared {
            name: "minmindist",
            kind: Kind::Real,
            doc: "to the nearest point of another state, kilometres",
        },
    ],
    of_pairs: &[
        Declared {
            name: "capdist",
            kind: Kind::Real,
            doc: "between the two capitals, kilometres on a sphere of radius 6,378.137",
        },
        Declared {
            name: "mindist",
            kind: Kind::Real,
            doc: "between the nearest points of the two, kilometres",
        },
    ],
    rows_of: None,
    events: &[],
    made: Made::ByChoice,
};

/// Which of the capitals of a year stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    First,
    Last,
}

/// The places of capitals, and by state and period which of them is the capital.
struct Capitals {
    places: Vec<Place>,
    at: Vec<Option<u16>>,
}

/// The capital of every state and period.
fn places(make: &Make<'_>, coded: &Coded, stands: Stands) -> Result<Capitals, PanelError> {
    let batch = make.table(coded.table)?;
    let (latitude, longitude) = (
        batch.column_by_name("latitude").map(arrow::array::AsArray::as_primitive::<Float64Type>),
        batch.column_by_name("longitude").map(arrow::array::AsArray::as_primitive::<Float64Type>),
    );
    let mut capitals = Capitals { places: Vec::new(), at: vec![None; coded.grid.len()] };
    let (Some(latitude), Some(longitude)) = (latitude, longitude) else { return Ok(capitals) };
    let (start, code) = (
        batch.column_by_name("start").map(arrow::array::AsArray::as_primitive::<Date32Type>),
        ints(&batch, coded.code),
    );
    let from_year = ints(&batch, "start_year");
    let mut order: Vec<(i32, usize)> = (0..batch.num_rows())
        .filter_map(|row| {
            let day = start.filter(|s| s.is_valid(row)).map(|s| s.value(row));
            Some((day.or_else(|| int(from_year, row).map(calendar::first_of))?, row))
        })
        .collect();
    order.sort_unstable();
    if stands == Stands::Last {
        order.reverse();
    }
    let years = make.spells(coded.table, &batch);
    // The first that is written stands: the earliest of the period, or the latest. Where two cities are capitals at once, the day on which
    // each became it decides.
    for (_, row) in order {
        let state = make.number(coded.by, int(code, row));
        let (Some(state), Some(years)) = (state, years[row].clone()) else { continue };
        if latitude.is_null(row) || longitude.is_null(row) {
            continue;
        }
        let Ok(number) = u16::try_from(capitals.places.len()) else {
            return Err(PanelError::new("the record has more capitals than can be distinguished")
                .help("remove a table of capitals that you added: comity record remove ID"));
        };
        capitals.places.push(Place::new(latitude.value(row), longitude.value(row)));
        for at in years.filter_map(|year| coded.grid.cell(usize::from(state), year)) {
            capitals.at[at].get_or_insert(number);
        }
    }
    Ok(capitals)
}

fn capitals(make: &Make<'_>, stands: Stands) -> Result<Vec<Column>, PanelError> {
    let make = &make.fine();
    let coded = make.coded("capitals", "gw_capitals")?;
    let Capitals { places, at } = places(make, &coded, stands)?;
    let Coded { table, by, grid, .. } = coded;
    if let Shape::Pair { .. } = make.shape {
        let until = until(&at, grid.periods);
        let write = move |block: &Block, out: &mut Cells| {
            for run in block.runs() {
                let Some((one, two)) = by.pair(block, run) else {
                    out.nulls(run.len());
                    continue;
                };
                // Capitals rarely move: periods with the same two places have one distance.
                let mut from = run.from;
                while from <= run.to {
                    let cell = |state: u16| grid.cell(usize::from(state), from);
                    let Some((one, two)) = cell(one).zip(cell(two)) else {
                        out.nulls(1);
                        from += 1;
                        continue;
                    };
                    let many =
                        (until[one].min(until[two]) as usize).min((run.to - from + 1) as usize);
                    match at[one].zip(at[two]) {
                        Some((a, b)) => {
                            let km = places[usize::from(a)].distance(places[usize::from(b)]);
                            out.repeat(Value::Real(km), many);
                        }
                        None => out.nulls(many),
                    }
                    from += many as i32;
                }
            }
        };
        return Ok(vec![make.column("capdist", &[table], write)]);
    }
    let cells = nearest(make, by, &grid, &places, &at);
    make.of_members_by(by, &[table], vec![Filled::new("mincapdist", cells)])
}

/// The distance from each capital to the nearest one of another state, in every period.
fn nearest(make: &Make<'_>, by: By, grid: &Grid, places: &[Place], at: &[Option<u16>]) -> Cells {
    let (mut cells, system) = (unknown(Kind::Real, grid), make.system(by));
    let there: Vec<Vec<(i32, i32)>> =
        (0..grid.states as u16).map(|s| system.periods_together(&[s], grid.grain)).collect();
    let mut before: Vec<Option<u16>> = Vec::new();
    let mut km: Vec<Option<Value>> = Vec::new();
    for period in grid.span() {
        let days = grid.grain.days(period);
        let here = |state: usize| {
            let member = there[state].iter().any(|(a, b)| (*a..=*b).contains(&period));
            at[grid.cell(state, period)?].filter(|_| member)
        };
        let now: Vec<Option<u16>> = (0..grid.states).map(here).collect();
        // Who is there and where changes on few days.
        if now != before || grid.grain == Grain::Year {
            let one = |one: usize| {
                let own = places[usize::from(now[one]?)];
                let others = (0..grid.states).filter(|two| *two != one && now[*two].is_some());
                let together = |two: &usize| {
                    let both = [one as u16, *two as u16];
                    match grid.grain {
                        Grain::Year => system.together(&both, period),
                        Grain::Month => system.share_a_day(&both, days),
                        Grain::Day => true,
                    }
                };
                let km = others
                    .filter(together)
                    .filter_map(|two| Some(own.distance(places[usize::from(now[two]?)])));
                km.min_by(f64::total_cmp).map(Value::Real)
            };
            km = (0..grid.states).map(one).collect();
            before = now;
        }
        for (state, km) in km.iter().enumerate() {
            if let Some(cell) = grid.cell(state, period) {
                cells.set(cell, *km);
            }
        }
    }
    cells
}

/// For how many periods on, this one among them, each state's place is the same.
fn until(at: &[Option<u16>], periods: usize) -> Vec<u32> {
    let mut until = vec![1; at.len()];
    for cell in (1..at.len()).rev() {
        if cell % periods != 0 && at[cell] == at[cell - 1] {
            until[cell - 1] = until[cell] + 1;
        }
    }
    until
}

fn minimum(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let coded = make.coded("distance", "gw_distance")?;
    let (table, by) = (coded.table, coded.by);
    let batch = make.table(table)?;
    let years = make.spells(table, &batch);
    let partner = if by == By::Own { "partner_gwcode" } else { "partner" };
    let (one, two) = (ints(&batch, coded.code), ints(&batch, partner));
    let Some(km) = batch.column_by_name("minimum_km") else { return Ok(Vec::new()) };
    let km = km.as_primitive::<Float64Type>();
    let mut entries: BTreeMap<(u16, u16, i32), f64> = BTreeMap::new();
    for (row, years) in years.into_iter().enumerate() {
        let number = |code: Option<i32>| make.number(by, code);
        let (Some(one), Some(two), Some(years)) =
            (number(int(one, row)), number(int(two, row)), years)
        else {
            continue;
        };
        for year in years.filter(|_| km.is_valid(row)) {
            entries.insert((one, two, year), km.value(row));
        }
    }
    if let Shape::Pair { .. } = make.shape {
        let keys: Vec<_> = entries.keys().copied().collect();
        let pairs = Arc::new(Pairs::of(&coded.grid, by, &keys));
        let mut cells = make.entries("mindist", entries.len());
        entries.values().for_each(|km| cells.push(Some(Value::Real(*km))));
        return Ok(vec![make.of_pairs("mindist", &[table], &pairs, cells, None)?]);
    }
    let (mut cells, system) = (unknown(Kind::Real, &coded.grid), make.system(by));
    for ((one, two, year), km) in entries {
        let Some(at) = coded.grid.cell(usize::from(one), year) else { continue };
        if system.together(&[one, two], year) && cells.number(at).is_none_or(|old| km < old) {
            cells.set(at, Some(Value::Real(km)));
        }
    }
    make.of_members_by(by, &[table], vec![Filled::new("minmindist", cells)])
}
