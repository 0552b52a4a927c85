//! Stores of events, and their counts as a table of SQL.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, Int32Array, RecordBatch, StringArray};
use comity_events::Store;
use comity_events::counts::daily::{Ask, Measure};
use comity_events::detect::day as day_of;
use comity_events::place::{Place, Placed};
use comity_record::{Record as Tables, StateSystem};
use comity_sql::Own;
use jiff::civil::Date;

use crate::Error;

/// Which state a code of a publisher is, by the codes of a record.
pub struct Placing<'a> {
    system: &'a StateSystem,
}

impl<'a> Placing<'a> {
    /// By the codes of a record.
    ///
    /// # Errors
    /// A damaged record.
    pub fn of(record: &'a Tables) -> Result<Self, Error> {
        Ok(Self { system: record.states()? })
    }

    fn state(&self, source: &str, code: &str, year: i32) -> Option<i32> {
        let systems: &[&str] = match source {
            "icews" => {
                return self
                    .system
                    .find_in(code, year, year)
                    .ok()
                    .and_then(|c| (c.len() == 1).then(|| c[0]));
            }
            "polecat" => &["iso3"],
            "ucdp-ged" => &["gw"],
            "mie" => return code.parse().ok().filter(|c| self.system.get(*c).is_some()),
            "keds" => &["keds", "cameo"],
            _ => &["cameo", "iso3"],
        };
        systems.iter().find_map(|system| self.system.ccode_of(system, code, year))
    }
}

impl Place for Placing<'_> {
    fn place(&self, source: &str, code: &str, day: i32) -> Placed {
        let date = comity_events::detect::date(day);
        let year = i32::from(date.year());
        // A code stands for the same state all through a year.
        let first = day_of(date.first_of_year());
        let last = day_of(date.last_of_year());
        Placed { ccode: self.state(source, code, year), days: (first, last) }
    }
}

/// The columns of `event_days` that a store fills.
const MEASURES: [Measure; 5] =
    [Measure::Events, Measure::Quad(1), Measure::Quad(2), Measure::Quad(3), Measure::Quad(4)];

/// The daily counts of a store, in place of the events of the record. `to`: as known on that day.
pub(crate) fn days_of(record: &Tables, folder: &Path, to: Option<Date>) -> Result<Own, Error> {
    let store = Store::at(folder);
    if !store.exists() {
        return Err(Error::new(format!("{} holds no store of events", folder.display()))
            .help("`comity events add FILE --store DIR` begins one"));
    }
    let place = Placing::of(record)?;
    let mut measures = MEASURES.to_vec();
    let roots = [(2, 9), (7, 7), (13, 17), (14, 18), (16, 19), (18, 22), (19, 22), (20, 22)];
    measures.extend((1..=22).map(Measure::Root));
    measures.extend([Measure::Goldstein, Measure::Scored]);
    let (mut ints, mut scores, mut sources): (Vec<Vec<i32>>, Vec<Option<f64>>, Vec<String>) =
        (vec![Vec::new(); 16], Vec::new(), Vec::new());
    for (id, _) in store.sources()? {
        let ask = Ask { as_known: to.map(day_of), measures: &measures, ..Ask::default() };
        let daily = store.daily(&id, &place, &ask)?;
        let weis = id.contains("weis");
        for (row, (a, b, day)) in daily.keys.iter().enumerate() {
            let of = |m: Measure| daily.value(row, m).unwrap_or(0);
            let root = |at: usize| of(Measure::Root(if weis { roots[at].1 } else { roots[at].0 }));
            let reports = daily.reports.get(day).map_or(0, |r| r.events);
            let force = if weis { root(5) } else { root(5) + root(6) + root(7) };
            let year = i64::from(comity_events::detect::date(*day).year());
            let cells = [
                i64::from(*a),
                i64::from(*b),
                i64::from(*day),
                year,
                of(Measure::Events),
                of(Measure::Quad(1)),
                of(Measure::Quad(2)),
                of(Measure::Quad(3)),
                of(Measure::Quad(4)),
                root(0),
                root(1),
                root(2),
                root(3),
                root(4),
                force,
                reports,
            ];
            for (column, cell) in ints.iter_mut().zip(cells) {
                column.push(i32::try_from(cell).unwrap_or(i32::MAX));
            }
            scores.push((of(Measure::Scored) > 0).then(|| of(Measure::Goldstein) as f64 / 1000.0));
            sources.push(id.clone());
        }
    }
    let names = [
        "ccode",
        "partner",
        "date",
        "year",
        "events",
        "verbal_cooperation",
        "material_cooperation",
        "verbal_conflict",
        "material_conflict",
        "appeals",
        "aid",
        "threats",
        "protests",
        "sanctions",
        "force",
        "reports",
    ];
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    for (name, values) in names.into_iter().zip(ints) {
        let array: ArrayRef = match name {
            "date" => Arc::new(Date32Array::from(values)),
            _ => Arc::new(Int32Array::from(values)),
        };
        columns.push((name, array));
    }
    columns.insert(9, ("goldstein", Arc::new(scores.into_iter().collect::<Float64Array>())));
    columns.push(("source", Arc::new(sources.into_iter().map(Some).collect::<StringArray>())));
    let rows = RecordBatch::try_from_iter(columns).map_err(|e| Error::new(e.to_string()))?;
    Ok(Own::new("event_days", rows).replacing())
}
