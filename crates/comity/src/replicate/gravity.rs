use std::collections::BTreeMap;

use comity_measures::models::references;

use super::{Given, Line, Place, Replication};
use crate::Error;
use crate::models::{Columns, Estimated, Model, Request, estimate_columns};

pub(super) const ADVANCED_GUIDE: Replication = Replication {
    name: "yotov-2016",
    about: "trade of 69 countries, every fourth year 1986-2006: the gravity model by least squares, with exporter-year and importer-year effects, and by PPML (Table 1)",
    needs: "Chapter1Application1.dta of the guide's files, or a folder that has it",
    differences: "errors as printed by the R package tradepolicy, which counts no fixed effects in its factor for small samples",
    reference: references::ADVANCED_GUIDE,
    run,
};

const COLUMNS: [&str; 9] =
    ["exporter", "importer", "pair_id", "year", "trade", "dist", "cntg", "lang", "clny"];
const YEARS: [f64; 6] = [1986.0, 1990.0, 1994.0, 1998.0, 2002.0, 2006.0];
const TERMS: &str = "log(dist) + cntg + lang + clny";
const EFFECTS: &str = "exporter:year + importer:year";

fn run(given: &Given<'_>) -> Result<Vec<Line>, Error> {
    let mut data = flows(given)?;
    let by_pair = |model, formula: String| -> Result<Estimated, Error> {
        let request = Request {
            formula,
            cluster: vec!["pair_id".into()],
            count_absorbed: false,
            ..Request::of(model)
        };
        estimate_columns(&data, &request)
    };
    let mut lines = Vec::new();
    let mut column = |model, name, formula: String, rows, printed: &[super::Printed]| {
        let made = by_pair(model, formula)?;
        let place = Place { table: "Table 1", model: name };
        lines.push(place.value("N", made.fit.rows as f64, rows));
        lines.extend(place.terms(&made.fit, printed)?);
        Ok::<Estimated, Error>(made)
    };
    column(
        Model::Ols,
        "(1) least squares",
        format!("log(trade) ~ {TERMS} + log(output) + log(spending)"),
        "25689",
        &[("log(dist)", "-1.0016", ".0273")],
    )?;
    column(
        Model::Ols,
        "(3) fixed effects",
        format!("log(trade) ~ {TERMS} | {EFFECTS}"),
        "25689",
        &[("log(dist)", "-1.2156", ".0376")],
    )?;
    let ppml = column(
        Model::Ppml,
        "(4) PPML",
        format!("trade ~ {TERMS} | {EFFECTS}"),
        "28152",
        &[
            ("log(dist)", "-.8409", ".0317"),
            ("cntg", ".4374", ""),
            ("lang", ".2475", ""),
            ("clny", "-.2225", ""),
        ],
    )?;
    // The test of the form of the model: the square of its sum of terms explains nothing more.
    let squares = ppml.fit.fitted.iter().map(|f| Some(f.ln() * f.ln()));
    data.add("square", squares.collect());
    let request = Request {
        formula: format!("trade ~ {TERMS} + square | {EFFECTS}"),
        cluster: vec!["pair_id".into()],
        ..Request::of(Model::Ppml)
    };
    let p = estimate_columns(&data, &request)?.fit.wald(&["square"]).map_or(1.0, |w| w.p);
    lines.push(Place { table: "Table 1", model: "(4) PPML" }.value("RESET, p", p, ".6416"));
    Ok(lines)
}

/// The flows between different countries, with what each country sells and spends in a year, at home too.
fn flows(given: &Given<'_>) -> Result<Columns, Error> {
    let mut data = given.columns("Chapter1Application1.dta", &COLUMNS)?;
    let years = data.numbers("year")?;
    let wanted: Vec<bool> = years.iter().map(|y| y.is_some_and(|y| YEARS.contains(&y))).collect();
    data.keep(&wanted);
    let exporters = sides(&data, "exporter")?;
    let importers = sides(&data, "importer")?;
    let trade = data.numbers("trade")?.to_vec();
    let output = summed(&exporters, &trade);
    let spending = summed(&importers, &trade);
    data.add("output", output);
    data.add("spending", spending);
    let between = data.texts("exporter")?.iter().zip(data.texts("importer")?);
    let between: Vec<bool> = between.map(|(a, b)| a != b).collect();
    data.keep(&between);
    Ok(data)
}

/// A country in a year.
type Side = (String, u64);

fn sides(data: &Columns, side: &str) -> Result<Vec<Side>, Error> {
    let years = data.numbers("year")?.iter();
    let named = data.texts(side)?.iter().zip(years);
    Ok(named
        .map(|(name, year)| (name.clone().unwrap_or_default(), year.unwrap_or(0.0).to_bits()))
        .collect())
}

/// The sum of values over the rows of the same country and year, in each of them.
fn summed(sides: &[Side], values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut sums: BTreeMap<&Side, f64> = BTreeMap::new();
    for (side, value) in sides.iter().zip(values) {
        *sums.entry(side).or_default() += value.unwrap_or(0.0);
    }
    sides.iter().map(|side| sums.get(side).copied()).collect()
}
