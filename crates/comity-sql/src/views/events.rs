//! Events by day and directed pair of states: what a watch looks at.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Date32Array, Float64Array, Int32Array, StringArray};
use arrow::datatypes::DataType;
use comity_record::Error;
use comity_record::columns::{days, int, ints, text, texts};
use comity_record::rows::Value;

use super::system::rows;
use super::{Further, Inputs, further};
use crate::table::Rows;

/// The columns of `event_days`.
pub(super) const DAYS: &[Further] = &[
    further("ccode", DataType::Int32, "the state that acted"),
    further(
        "partner",
        DataType::Int32,
        "the state that was acted on; the same where it was within one",
    ),
    further("date", DataType::Date32, "the day"),
    further("year", DataType::Int32, "its year"),
    further("events", DataType::Int32, "events of any kind"),
    further("verbal_cooperation", DataType::Int32, "events of quad class 1"),
    further("material_cooperation", DataType::Int32, "events of quad class 2"),
    further("verbal_conflict", DataType::Int32, "events of quad class 3"),
    further("material_conflict", DataType::Int32, "events of quad class 4"),
    further("goldstein", DataType::Float64, "sum of Goldstein scores; null where no event has one"),
    further("appeals", DataType::Int32, "appeals and requests (CAMEO 02, WEIS 09)"),
    further("aid", DataType::Int32, "aid and rewards (CAMEO 07, WEIS 06 and 07)"),
    further("threats", DataType::Int32, "threats (CAMEO 13, WEIS 17)"),
    further("protests", DataType::Int32, "protests and demonstrations (CAMEO 14, WEIS 18)"),
    further("sanctions", DataType::Int32, "relations reduced (CAMEO 16, WEIS 19 and 20)"),
    further("force", DataType::Int32, "force used (CAMEO 18 to 20, WEIS 22)"),
    further("reports", DataType::Int32, "all events of the source on the day, between whomever"),
    further("source", DataType::Utf8, "the source"),
];

/// Which kinds a root is of, in the order of the columns from `appeals` on.
fn kinds(scheme: &str, root: &str) -> Option<usize> {
    let list: [&[&str]; 6] = match scheme {
        "weis" => [&["09"], &["06", "07"], &["17"], &["18"], &["19", "20"], &["22"]],
        _ => [&["02"], &["07"], &["13"], &["14"], &["16"], &["18", "19", "20"]],
    };
    list.iter().position(|roots| roots.contains(&root))
}

#[derive(Default, Clone)]
struct Day {
    events: i32,
    quads: [i32; 4],
    goldstein: Option<f64>,
    kinds: [i32; 6],
}

/// `event_days`.
pub(super) fn event_days(inputs: &Inputs<'_>) -> Result<Rows, Error> {
    let events = inputs.table("events")?;
    let (actor, target, date) =
        (ints(&events, "ccode"), ints(&events, "partner"), days(&events, "date"));
    let (quad, root) = (ints(&events, "quad"), texts(&events, "root"));
    let (scheme, source) = (texts(&events, "scheme"), texts(&events, "source"));
    let score = events.column_by_name("goldstein");
    let mut found: BTreeMap<(i32, i32, i32, &str), Day> = BTreeMap::new();
    let mut reports: BTreeMap<(i32, &str), i32> = BTreeMap::new();
    for row in 0..events.num_rows() {
        if date.is_null(row) {
            continue;
        }
        let (day, source) = (date.value(row), text(source, row));
        *reports.entry((day, source)).or_default() += 1;
        let (Some(a), Some(b)) = (int(actor, row), int(target, row)) else { continue };
        let of = found.entry((a, b, day, source)).or_default();
        of.events += 1;
        if let Some(quad) = int(quad, row).filter(|q| (1..=4).contains(q)) {
            of.quads[quad as usize - 1] += 1;
        }
        if let Some(kind) = kinds(text(scheme, row), text(root, row)) {
            of.kinds[kind] += 1;
        }
        if let Some(Value::Float(v)) = score.map(|s| Value::of(s.as_ref(), row)) {
            *of.goldstein.get_or_insert(0.0) += v;
        }
    }
    let year = |day: i32| comity_record::rows::date(day).map_or(0, |d| i32::from(d.year()));
    let number = |of: &dyn Fn(&(i32, i32, i32, &str), &Day) -> i32| -> ArrayRef {
        Arc::new(found.iter().map(|(key, day)| of(key, day)).collect::<Int32Array>())
    };
    let dates = Date32Array::from(found.keys().map(|key| key.2).collect::<Vec<i32>>());
    let scores: Float64Array = found.values().map(|day| day.goldstein).collect();
    let sources: StringArray = found.keys().map(|key| Some(key.3)).collect();
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("ccode", number(&|key, _| key.0)),
        ("partner", number(&|key, _| key.1)),
        ("date", Arc::new(dates)),
        ("year", number(&|key, _| year(key.2))),
        ("events", number(&|_, day| day.events)),
    ];
    for (at, name) in
        ["verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict"]
            .iter()
            .enumerate()
    {
        columns.push((name, number(&|_, day| day.quads[at])));
    }
    columns.push(("goldstein", Arc::new(scores)));
    for (at, name) in
        ["appeals", "aid", "threats", "protests", "sanctions", "force"].iter().enumerate()
    {
        columns.push((name, number(&|_, day| day.kinds[at])));
    }
    columns.push(("reports", number(&|key, _| reports.get(&(key.2, key.3)).copied().unwrap_or(0))));
    columns.push(("source", Arc::new(sources)));
    Ok(rows(columns))
}
