//! Coded events: what was published, counted and looked up. Sums and counts were made by other programs from the same files.

use arrow::array::AsArray;
use arrow::datatypes::{Float64Type, Int32Type};
use comity_datasets::events::{DayDyad, by_day_and_dyad};
use comity_record::source::SourceBundle;

use crate::published;

use super::{at, bundle, cell, nulls, rows};

fn total(b: &SourceBundle, table: &str, column: &str) -> f64 {
    let batch = b.table(table).unwrap();
    let cells = batch.column_by_name(column).unwrap().as_primitive::<Float64Type>();
    cells.iter().flatten().sum()
}

fn count(b: &SourceBundle, table: &str, column: &str, value: &str) -> usize {
    let batch = b.table(table).unwrap();
    (0..batch.num_rows()).filter(|r| cell(batch, *r, column) == value).count()
}

/// How often a code was not placed, in all columns.
fn unplaced(b: &SourceBundle, code: &str) -> usize {
    b.source.unplaced.iter().filter(|u| u.code == code).map(|u| u.rows).sum()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_quarter_of_an_hour_of_gdelt() {
    let b = bundle("events-gdelt", "gdelt-2.0");
    assert_eq!((rows(&b, "events"), rows(&b, "event_codes")), (2_414, 310 + 280));
    let columns = [
        "date",
        "ccode",
        "partner",
        "actor",
        "target",
        "code",
        "root",
        "quad",
        "goldstein",
        "mentions",
        "location",
        "location_code",
    ];
    assert_eq!(
        at(&b, "events", "globaleventid=719024875", &columns),
        ["2017-12-02", "", "2", "", "USA", "043", "04", "1", "2.8", "18", "70", "MX"]
    );
    assert_eq!(
        at(&b, "events", "globaleventid=719024876", &columns),
        ["2017-12-02", "", "900", "COP", "AUS", "130", "13", "3", "-4.4", "2", "900", "AS"]
    );
    assert_eq!((nulls(&b, "events", "ccode"), nulls(&b, "events", "partner")), (1_115, 1_416));
    assert_eq!((nulls(&b, "events", "location"), nulls(&b, "events", "location_code")), (110, 57));
    assert_eq!((total(&b, "events", "goldstein") * 10.0).round() as i64, -9_512);
    let quad: Vec<_> = ["1", "2", "3", "4"].map(|q| count(&b, "events", "quad", q)).into();
    assert_eq!(quad, [1_401, 254, 281, 478]);
    let mentions = b.table("events").unwrap().column_by_name("mentions").unwrap();
    assert_eq!(mentions.as_primitive::<Int32Type>().iter().flatten().sum::<i32>(), 15_694);
    // The territories and the roles without a country are kept and listed.
    assert_eq!((unplaced(&b, "PSE"), unplaced(&b, "GOV"), unplaced(&b, "WE")), (103, 394, 27));
    assert!(b.source.coverage.iter().all(|c| c.context));
    let columns = ["scheme", "root", "name", "goldstein"];
    assert_eq!(
        at(&b, "event_codes", "cameoeventcode=0211", &columns),
        ["cameo", "02", "Appeal for economic cooperation", ""]
    );
    // A denial in the codes of the events, which score it -2; something else in the older CAMEO.
    assert_eq!(
        at(&b, "event_codes", "cameoeventcode=016", &columns),
        ["cameo", "01", "Deny responsibility", ""]
    );
    assert_eq!(
        at(&b, "event_codes", "cameocode=016", &columns),
        ["cameo-0.5", "01", "Make empathetic comment", "3.4"]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_same_added_up_without_rows() {
    let file = published::path("events-gdelt/20180101000000.export.CSV");
    let b = bundle("events-gdelt", "gdelt-2.0");
    let days = by_day_and_dyad(&file, 2).unwrap();
    assert_eq!((days.lines, days.refused, days.rows.len()), (2_414, 0, 288));
    let goldstein: f64 = days.rows.iter().map(|r| r.goldstein).sum();
    assert_eq!((goldstein * 10.0).round() as i64, -9_512);
    let placed = |side: fn(&DayDyad) -> Option<i32>| -> u64 {
        days.rows.iter().filter(|r| side(r).is_some()).map(|r| r.events).sum()
    };
    assert_eq!(placed(DayDyad::ccode), (2_414 - nulls(&b, "events", "ccode")) as u64);
    assert_eq!(placed(DayDyad::partner), (2_414 - nulls(&b, "events", "partner")) as u64);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn days_of_icews_and_its_years() {
    let b = bundle("events-icews", "icews-unnumbered");
    // One of the two samples holds the other.
    assert_eq!((rows(&b, "events"), rows(&b, "event_codes")), (4_993, 317));
    assert!(b.source.notes.iter().any(|n| n.starts_with("3705 rows repeat an event")));
    let columns = ["date", "ccode", "partner", "actor", "code", "quad", "goldstein", "location"];
    assert_eq!(
        at(&b, "events", "event_id=32889836", &columns),
        ["2018-06-01", "771", "816", "Bangladesh", "040", "1", "1.0", "816"]
    );
    assert_eq!((nulls(&b, "events", "ccode"), nulls(&b, "events", "partner")), (231, 366));
    // Nameless countries are no codes; these are what could not be placed.
    let codes: std::collections::BTreeSet<&str> =
        b.source.unplaced.iter().map(|u| u.code.as_str()).collect();
    let expected = [
        "Holy See",
        "Hong Kong",
        "Occupied Palestinian Territory",
        "Puerto Rico",
        "Western Sahara",
    ];
    assert_eq!(codes, expected.into());
    assert_eq!(rows(&b, "event_years"), 152 * 151 * 13);
    assert_eq!((nulls(&b, "event_years", "ccode"), nulls(&b, "event_years", "partner")), (0, 0));
    let columns = ["ccode", "partner", "verbal_cooperation", "material_conflict"];
    assert_eq!(
        at(&b, "event_years", "id=AFGHANISTAN_ALBANIA_2002", &columns),
        ["700", "339", "6", "0"]
    );
    assert!(b.source.coverage.iter().all(|c| c.context));
    assert_eq!(nulls(&b, "event_codes", "goldstein"), 5);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn regions_of_the_kansas_event_data_system() {
    let b = bundle("events-keds", "keds-2017");
    assert_eq!(rows(&b, "events"), 145_709 + 54_466 + 29_029 + 72_953 + 8_377);
    let columns =
        ["date", "ccode", "partner", "actor", "scheme", "code", "cameo", "goldstein", "quad"];
    assert_eq!(
        at(&b, "events", "levant row=2", &columns),
        ["1979-04-15", "666", "663", "ISRMIL", "cameo", "190", "190", "-10.0", "4"]
    );
    // Named for CAMEO by the package, the Gulf is coded in WEIS,.
    assert_eq!(
        at(&b, "events", "gulf row=2", &columns),
        ["1979-04-15", "651", "", "UAR", "weis", "193", "", "-5.6", ""]
    );
    assert_eq!(
        at(&b, "events", "balkans row=2", &columns)[..6],
        ["1989-04-04", "345", "", "YUG", "weis", "212"]
    );
    assert_eq!((nulls(&b, "events", "ccode"), nulls(&b, "events", "partner")), PLACED);
    // Of these, 2,843 have a code that means something else in the CAMEO of the scale.
    assert_eq!((nulls(&b, "events", "goldstein"), nulls(&b, "events", "quad")), (5_163, 135_796));
    assert_eq!((total(&b, "events", "goldstein") * 10.0).round() as i64, -602_002);
    let codes = ["cameo", "cameo-0.5", "weis"].map(|s| count(&b, "event_codes", "scheme", s));
    assert_eq!(codes, [310, 276, 116]);
    assert_eq!(
        at(&b, "event_codes", "name=223", &["scheme", "goldstein", "name"]),
        ["weis", "-10.0", "MIL ENGAGEMENT"]
    );
    for note in ["9 codes are written with a bracket", "2843 events have a code", "2320 events"] {
        assert!(b.source.notes.iter().any(|n| n.starts_with(note)), "{note}");
    }
    let span: Vec<_> = b.source.coverage.iter().map(|c| (c.from, c.to, c.context)).collect();
    assert_eq!(span, [(1979, 2011, true)]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn what_lies_beside_the_events_and_is_not_read() {
    let folders = ["events-gdelt", "events-icews", "events-keds"];
    let search = comity_datasets::find(&folders.map(published::path));
    let mut files: Vec<(String, &str)> = search
        .unrecognised
        .iter()
        .map(|u| (u.path.file_name().unwrap().to_string_lossy().into_owned(), u.reason.as_str()))
        .filter(|(name, _)| name != "SOURCE.md")
        .collect();
    for (file, reason) in [
        ("GDELT_1.0_event_Column_Labels_Header_Row_Sep2016.tsv", "columns of the export files"),
        ("GDELT_2.0_Events_Column_Labels_Header_Row_Sep2016.csv", "columns of the export files"),
        ("gdelt1_events_columns.csv", "columns of the export files"),
        ("gdelt2_events_columns.csv", "columns of the export files"),
        ("mentionssamp.csv", "an article that mentions an event"),
        ("cameo_codes.json", "CAMEO.eventcodes.txt"),
        ("cameo_goldstein.json", "not those that GDELT's events carry"),
    ] {
        let at = files.iter().position(|(name, _)| name == file).unwrap();
        assert!(files.remove(at).1.contains(reason), "{file}");
    }
    assert!(files.is_empty(), "{files:?}");
}

/// Rows whose actor, and whose target, is not a state of the day.
const PLACED: (usize, usize) = (73_006, 82_805);
