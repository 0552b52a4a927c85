//! The state system by year.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema};
use comity_record::Error;

use super::Inputs;
use super::spells::Years;
use crate::table::Rows;
use comity_record::columns::{bools, ints, text, texts, truth};

pub(super) fn rows(columns: Vec<(&str, ArrayRef)>) -> Rows {
    let fields: Vec<Field> =
        columns.iter().map(|(n, a)| Field::new(*n, a.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, a)| a).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .expect("the columns were built side by side")
        .into()
}

/// `years`.
#[expect(clippy::unnecessary_wraps, reason = "every view is made by a function of one shape")]
pub(super) fn years(inputs: &Inputs<'_>) -> Result<Rows, Error> {
    let years: Int32Array = (1816..=inputs.record.last_year()).collect::<Vec<_>>().into();
    Ok(rows(vec![("year", Arc::new(years))]))
}

/// `state_years`: a state is there in every calendar year that one of its spells touches.
pub(super) fn state_years(inputs: &Inputs<'_>) -> Result<Rows, Error> {
    let states = inputs.table("states")?;
    let years = Years::of(inputs, "states", &states);
    let (ccode, abbr, name) =
        (ints(&states, "ccode"), texts(&states, "abbr"), texts(&states, "name"));
    let (open, source) = (bools(&states, "extended"), texts(&states, "source"));
    let coverage = inputs.record.coverage("states", inputs.reading);
    let mut found = BTreeMap::new();
    for row in 0..states.num_rows() {
        let known_to = coverage.last_year(text(source, row)).unwrap_or(i32::MAX);
        for year in years.row(row) {
            let extended = truth(open, row) == Some(true) && year > known_to;
            found.entry((ccode.value(row), year)).or_insert((
                text(abbr, row),
                text(name, row),
                extended,
            ));
        }
    }
    let keys = found.keys();
    let ccodes: Int32Array = keys.clone().map(|k| k.0).collect::<Vec<_>>().into();
    let in_years: Int32Array = keys.map(|k| k.1).collect::<Vec<_>>().into();
    let abbrs: StringArray = found.values().map(|v| Some(v.0)).collect();
    let names: StringArray = found.values().map(|v| Some(v.1)).collect();
    let extended: BooleanArray = found.values().map(|v| Some(v.2)).collect();
    Ok(rows(vec![
        ("ccode", Arc::new(ccodes)),
        ("year", Arc::new(in_years)),
        ("abbr", Arc::new(abbrs)),
        ("name", Arc::new(names)),
        ("extended", Arc::new(extended)),
    ]))
}

/// `major_power_years`: partial years count (France in 1940 and 1945).
pub(super) fn major_power_years(inputs: &Inputs<'_>) -> Result<Rows, Error> {
    let powers = inputs.table("major_powers")?;
    let years = Years::of(inputs, "major_powers", &powers);
    let ccode = ints(&powers, "ccode");
    let mut found = std::collections::BTreeSet::new();
    for row in 0..powers.num_rows() {
        found.extend(years.row(row).map(|year| (ccode.value(row), year)));
    }
    let ccodes: Int32Array = found.iter().map(|k| k.0).collect::<Vec<_>>().into();
    let in_years: Int32Array = found.iter().map(|k| k.1).collect::<Vec<_>>().into();
    Ok(rows(vec![("ccode", Arc::new(ccodes)), ("year", Arc::new(in_years))]))
}
