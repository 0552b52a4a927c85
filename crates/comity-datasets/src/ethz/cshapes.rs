//! `CShapes` 2.0: the shapes of states and dependent units, 1886-2019, each with the days from and to which it was so.
//!
//! The map comes in two editions, by the list of states of the Correlates of War and by that of Gleditsch and Ward. Units that were never states
//! (colonies) have numbers of their own. A spell that ends on the last day of the data stands as open.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Missing, Row, When};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const COW: &str = "borders (Correlates of War)";
const GW: &str = "borders (Gleditsch and Ward)";
const MISSING: &[Missing] = &[Missing { columns: &["status"], codes: &["N/A"] }];
const STATUSES: [&str; 5] = ["independent", "colony", "protectorate", "occupied", "mandate"];

pub(crate) static DATASET: Dataset = Dataset {
    id: "cshapes",
    title: "CShapes 2.0: historical state boundaries, 1886-2019",
    publisher: "Schvitz, Girardin, Rüegger, Weidmann, Cederman and Gleditsch (ETH Zurich)",
    citation: "Schvitz, Guy, Luc Girardin, Seraina Rüegger, Nils B. Weidmann, Lars-Erik Cederman and Kristian Skrede Gleditsch. 2022. Mapping the International System, 1886-2019: The CShapes 2.0 Dataset. Journal of Conflict Resolution 66(1): 144-161.",
    licence: "CC BY-NC-SA 4.0",
    url: "https://icr.ethz.ch/data/cshapes/",
    get: Get::Files(&[
        Download {
            url: "https://raw.githubusercontent.com/cran/cshapes/54840534d9a82cfd01caf1021f85933e701e8318/inst/extdata/cshapes_2_cow.topojson.xz",
            sha256: None,
        },
        Download {
            url: "https://raw.githubusercontent.com/cran/cshapes/54840534d9a82cfd01caf1021f85933e701e8318/inst/extdata/cshapes_2_gw.topojson.xz",
            sha256: None,
        },
    ]),
    relations: &[("borders", Relation::Complement)],
    proposed_as: None,
    tables: &["borders", "gw_borders"],
    baseline: &[],
    files: &[
        borders(
            COW,
            "cowcode country_name start end status owner capname caplong caplat b_def geometry",
        ),
        borders(
            GW,
            "gwcode country_name start end status owner capname caplong caplat b_def geometry",
        ),
    ],
    editions: &[Edition {
        version: "2.0",
        released: "2021-06-05",
        marks: &[],
        last_year: 2019,
        rows: &[(COW, 805), (GW, 710)],
    }],
    coverage: |e| {
        ["borders", "gw_borders"]
            .map(|table| {
                Coverage::all(table, 1886, e.last_year).about("states and dependent units")
            })
            .into()
    },
    map,
};

const fn borders(role: &'static str, columns: &'static str) -> FileKind {
    FileKind {
        need: Need::Optional,
        version: None,
        optional: "fid",
        missing: MISSING,
        ..FileKind::new(role, columns)
    }
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    for (role, table, column) in [(COW, "borders", "cowcode"), (GW, "gw_borders", "gwcode")] {
        if files.get(role).is_none() {
            continue;
        }
        let (mut keys, mut dependent) = (Keys::default(), 0);
        out.begin(table);
        for row in files.rows(role) {
            let start = day(&row, "start")?;
            let mut end = day(&row, "end")?;
            row.forwards(start, end)?;
            let key =
                format!("{column}={} start={}", row.need(column)?, row.text("start").unwrap_or(""));
            keys.add(&row, &key)?;
            let last_day =
                When { year: Some(files.edition().last_year), ..When::default() }.latest();
            if end.date == last_day {
                end = When::default();
            }
            let mut cells = unit(&row, role == GW, start, out)?;
            dependent +=
                usize::from(!cells.iter().any(|(name, v)| *name == "ccode" && *v != Value::Null));
            cells.extend(spell(start, end));
            out.push(table, &cells, key);
        }
        out.note(format!(
            "{table}: {dependent} shapes are of dependent units that have no number of a state, and stand under their own"
        ));
    }
    Ok(())
}

fn day(row: &Row<'_>, column: &str) -> Result<When, ReadError> {
    let date = row.calendar_date(column)?;
    date.map(When::day).ok_or_else(|| row.refuse(column, "a day"))
}

type Cells = Vec<(&'static str, Value)>;

/// A unit and its shape.
fn unit(row: &Row<'_>, gw: bool, start: When, out: &Output) -> Result<Cells, ReadError> {
    let code = row.need(if gw { "gwcode" } else { "cowcode" })?;
    let owner = row.code("owner", 0..=99_999)?;
    let places = out.places();
    let placed = |code: i32| match start.date {
        Some(date) if gw => places.from_gw(code, date),
        _ => places.is_state(code).then_some(code),
    };
    let status = row.text("status");
    if status.is_some_and(|s| !STATUSES.contains(&s)) {
        return Err(row.refuse("status", &format!("{} or N/A", STATUSES.join(", "))));
    }
    let shape = row.text("geometry");
    if !shape.is_some_and(|s| s.starts_with("POLYGON") || s.starts_with("MULTIPOLYGON")) {
        return Err(row.refuse("geometry", "a polygon or several"));
    }
    Ok(vec![
        (if gw { "gwcode" } else { "code" }, code.into()),
        ("ccode", placed(code).into()),
        ("name", row.text("country_name").into()),
        ("status", status.into()),
        ("owner", owner.filter(|o| *o > 0).and_then(placed).into()),
        ("owner_code", owner.into()),
        ("capital", row.text("capname").into()),
        ("capital_latitude", row.float("caplat")?.into()),
        ("capital_longitude", row.float("caplong")?.into()),
        ("defined", row.flag("b_def")?.into()),
        ("shape", shape.into()),
    ])
}
