//! Which values a column of a user's own table can hold: a code for "missing" is no figure.

use std::ops::RangeInclusive;

use comity_record::rows::Value;

/// Years that a table of one's own may hold, and the columns that hold them.
const YEARS: RangeInclusive<i32> = 1000..=2999;
const YEAR_COLUMNS: [&str; 7] = [
    "year",
    "start_year",
    "end_year",
    "signed_year",
    "order_year",
    "merged_year",
    "secession_year",
];

/// Columns that hold figures below zero, and the least and the most that they can hold. Every other number is a code, a count or a quantity.
const SCALES: [(&[&str], f64, f64); 6] = [
    (&["polity2", "goldstein"], -10.0, 10.0),
    (&["latitude"], -90.0, 90.0),
    (&["longitude"], -180.0, 180.0),
    (&["gdp_growth"], -100.0, f64::MAX),
    (&["value"], f64::MIN, f64::MAX),
    (
        &[
            "euds",
            "adjusted_euds",
            "point",
            "threat",
            "weighted_threat",
            "weighted_low",
            "weighted_high",
            "theta1_mean",
            "theta2_mean",
            "theta3_mean",
            "theta4_mean",
            "low",
            "high",
        ],
        -8.9,
        f64::MAX,
    ),
];
/// Columns that hold a share.
const SHARES: [&str; 4] = ["cinc", "gdp_share", "government_share", "v2x_polyarchy"];
/// Columns that hold a month.
const MONTHS: [&str; 3] = ["month", "start_month", "end_month"];

/// What a column holds, if a value is none of it.
pub(crate) fn impossible(column: &str, value: &Value) -> Option<String> {
    if let Value::Date(day) = value {
        // 9999-12-31 and 1900-01-00 are codes of programs; no table of the field has such days.
        let possible = (*YEARS.start()..=2199).contains(&i32::from(day.year()));
        return (!possible).then(|| {
            format!(
                "a day from {} to 2199; leave a cell empty where nothing is known",
                YEARS.start()
            )
        });
    }
    let (number, whole) = match value {
        Value::Int(v) => (f64::from(*v), Some(*v)),
        Value::Float(v) => (*v, None),
        _ => return None,
    };
    let outside = |least: f64, most: f64, what: String| {
        let scale = (least..=most).contains(&number);
        (!scale).then(|| format!("{what}; leave a cell empty where nothing is known"))
    };
    if YEAR_COLUMNS.contains(&column) {
        let (from, to) = (*YEARS.start(), *YEARS.end());
        return whole
            .and_then(|_| outside(from.into(), to.into(), format!("a year from {from} to {to}")));
    }
    if MONTHS.contains(&column) {
        return outside(1.0, 12.0, "a month from 1 to 12".into());
    }
    if SHARES.contains(&column) {
        return outside(0.0, 1.0, "a share from 0 to 1".into());
    }
    let scale = SCALES.iter().find(|(columns, ..)| columns.contains(&column) && whole.is_none());
    match scale {
        Some((_, least, most)) if *most < f64::MAX => {
            outside(*least, *most, format!("a figure from {least} to {most}"))
        }
        Some((_, least, most)) => outside(*least, *most, format!("a figure above {least}")),
        None => outside(0.0, f64::MAX, "a number that is 0 or more".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_for_missing_are_no_figures() {
        for (column, value, possible) in [
            ("milex", Value::Float(-9.0), false),
            ("milex", Value::Float(0.0), true),
            ("cinc", Value::Float(-8.0), false),
            ("cinc", Value::Float(1.5), false),
            ("deaths", Value::Int(-9999), false),
            ("year", Value::Int(-9), false),
            ("year", Value::Int(25), false),
            ("start_month", Value::Int(13), false),
            ("polity2", Value::Float(-9.0), true),
            ("polity2", Value::Float(-88.0), false),
            ("latitude", Value::Float(-99.0), false),
            ("euds", Value::Float(-1.5), true),
            ("euds", Value::Float(-9.0), false),
            ("low", Value::Int(-9), false),
            ("value", Value::Float(-1e6), true),
            ("milex", Value::Null, true),
            ("end", Value::Date(jiff::civil::date(9999, 12, 31)), false),
            ("end", Value::Date(jiff::civil::date(25, 1, 1)), false),
            ("end", Value::Date(jiff::civil::date(1816, 1, 1)), true),
        ] {
            assert_eq!(impossible(column, &value).is_none(), possible, "{column} {value:?}");
        }
    }
}
