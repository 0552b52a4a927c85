//! Columns that the caller makes and hands to a panel.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use arrow::array::{RecordBatch, StringArray};
use arrow::compute::concat_batches;
use arrow::datatypes::DataType;
use arrow::util::display::array_value_to_string;
use comity_panel::{
    Codes, Handed, HandedColumn, HandedValues, Panel, PanelError, Spec, Unit, VERDICTS,
};

use crate::joins::record;

/// What is said of West Germany, Germany and France, by their numbers in the Correlates of War.
fn handed(choice: &str) -> Handed {
    let column = |name: &str, values: HandedValues| HandedColumn {
        name: name.into(),
        doc: format!("what is said by {choice}"),
        values,
    };
    let texts = vec![Some("kept"), Some("unknown"), Some("broken"), None, Some("kept")];
    Handed {
        group: &VERDICTS,
        choice: choice.into(),
        apart: choice.replace('-', "_"),
        states: vec![260, 260, 255, 220, 2],
        years: vec![1960, 1961, 1995, 1995, 3000],
        columns: vec![
            column("no_war", HandedValues::Text(StringArray::from(texts))),
            column(
                "no_war_broken",
                HandedValues::Flag(vec![Some(0), None, Some(1), None, Some(0)]),
            ),
        ],
        sources: vec!["cow-mid-5.0".into()],
    }
}

fn spec(unit: Unit, choices: &[&str]) -> Spec {
    Spec {
        with: choices.iter().map(|c| ("verdicts".to_owned(), Some((*c).to_owned()))).collect(),
        handed: choices.iter().map(|c| handed(c)).collect(),
        ..Spec::new(unit)
    }
}

/// The cells of some columns, a row in each text; a null is empty.
fn rows(batch: &RecordBatch, columns: &[&str]) -> Vec<String> {
    let cell = |name: &&str, row: usize| {
        array_value_to_string(batch.column_by_name(name).unwrap(), row).unwrap()
    };
    let row = |row| columns.iter().map(|name| cell(name, row)).collect::<Vec<_>>().join(" ");
    (0..batch.num_rows()).map(row).collect()
}

fn made(spec: &Spec) -> Result<RecordBatch, PanelError> {
    let panel = Panel::prepare(&record(), spec)?;
    Ok(concat_batches(&panel.schema(), &panel.batches()?).unwrap())
}

#[test]
fn a_value_stands_with_its_state_in_any_list_and_with_each_of_a_pair() {
    let of = |codes: Codes, years: std::ops::RangeInclusive<i32>, code: &str| {
        let spec = Spec { codes, years: Some(years), ..spec(Unit::StateYears, &["a"]) };
        let batch = made(&spec).unwrap();
        assert_eq!(*batch.column_by_name("no_war_broken").unwrap().data_type(), DataType::Int8);
        rows(&batch, &[code, "year", "no_war", "no_war_broken"])
    };
    let cow = of(Codes::Cow, 1960..=1961, "ccode");
    assert!(cow.contains(&"260 1960 kept 0".into()), "{cow:?}");
    assert!(cow.contains(&"260 1961 unknown ".into()), "{cow:?}");
    assert!(cow.contains(&"220 1960  ".into()), "{cow:?}");
    assert!(of(Codes::Cow, 1995..=1995, "ccode").contains(&"255 1995 broken 1".into()));
    // Gleditsch and Ward have Germany under the number that it had before.
    assert!(of(Codes::Gw, 1995..=1995, "gwcode").contains(&"260 1995 broken 1".into()));
    for directed in [false, true] {
        let spec = Spec { directed, years: Some(1995..=1995), ..spec(Unit::DyadYears, &["a"]) };
        let batch = made(&spec).unwrap();
        let pairs =
            rows(&batch, &["ccode1", "ccode2", "no_war1", "no_war_broken1", "no_war_broken2"]);
        assert!(pairs.contains(&"220 255   1".into()), "{pairs:?}");
        assert_eq!(pairs.contains(&"255 220 broken 1 ".into()), directed);
    }
}

#[test]
fn a_value_of_a_year_stands_in_each_of_its_months() {
    let spec = Spec { years: Some(1995..=1995), ..spec(Unit::StateMonths, &["a"]) };
    let panel = Panel::prepare(&record(), &spec).unwrap();
    let batch = concat_batches(&panel.schema(), &panel.batches().unwrap()).unwrap();
    let months = rows(&batch, &["ccode", "month", "no_war_broken"]);
    assert_eq!(
        months.iter().filter(|row| row.starts_with("255 ") && row.ends_with(" 1")).count(),
        12
    );
    let about = panel.about();
    let column = about.iter().find(|a| a.name == "no_war_broken").unwrap();
    assert!(column.doc.starts_with("what is said by a. Of the year"), "{}", column.doc);
    assert_eq!(
        (&column.sources[..], column.group.as_deref()),
        (&["cow-mid-5.0".to_owned()][..], Some("verdicts:a"))
    );
}

#[test]
fn names_that_two_choices_share_are_told_apart_and_what_is_not_handed_is_refused() {
    let two = spec(Unit::StateYears, &["a", "bandung-1955"]);
    let batch = made(&two).unwrap();
    assert!(batch.column_by_name("no_war").is_some());
    assert!(batch.column_by_name("bandung_1955_no_war").is_some());
    let error = made(&Spec { handed: Vec::new(), ..spec(Unit::StateYears, &["a"]) }).unwrap_err();
    assert_eq!(error.message, "`verdicts:a` is not made here");
    let mut short = spec(Unit::StateYears, &["a"]);
    short.handed[0].years.pop();
    let error = made(&short).unwrap_err();
    assert!(error.message.contains("5 cells for 5 states and 4 years"), "{error}");
}
