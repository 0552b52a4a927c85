//! Conflict, crises, claims, sanctions, arms: what was published, counted and looked up.

use super::{at, bundle, cell, nulls, rows};

/// The cells of one column in every row that has this `source_row`.
fn all_at(
    bundle: &comity_record::source::SourceBundle,
    table: &str,
    source_row: &str,
    column: &str,
) -> Vec<String> {
    let batch = bundle.table(table).unwrap();
    (0..batch.num_rows())
        .filter(|r| cell(batch, *r, "source_row") == source_row)
        .map(|r| cell(batch, r, column))
        .collect()
}

/// The sum of a column.
fn total(bundle: &comity_record::source::SourceBundle, table: &str, column: &str) -> f64 {
    let batch = bundle.table(table).unwrap();
    let cells = (0..batch.num_rows()).map(|r| cell(batch, r, column));
    cells.filter(|c| !c.is_empty()).map(|c| c.parse::<f64>().unwrap()).sum()
}

#[test]
fn dyads() {
    let Some(b) = bundle("ucdp", "ucdp-dyadic-24.1") else { return };
    assert_eq!((rows(&b, "conflict_dyads"), rows(&b, "dyad_parties")), (3_357, 7_952));
    let columns =
        ["conflict_id", "side_b", "territory", "intensity", "conflict_type", "start_date"];
    assert_eq!(
        at(&b, "conflict_dyads", "dyad_id=11971 year=2012", &columns),
        ["11342", "GNLA", "Garoland", "1", "3", "2010-06-27"]
    );
    assert_eq!(nulls(&b, "conflict_dyads", "territory"), 1_646);
    assert_eq!(all_at(&b, "dyad_parties", "dyad_id=11971 year=2012", "ccode"), ["750"]);
}

#[test]
fn battle_deaths_of_conflicts_and_of_dyads_with_the_same_header() {
    let Some(b) = bundle("ucdp", "ucdp-deaths-24.1") else { return };
    assert_eq!((rows(&b, "battle_deaths"), rows(&b, "dyad_battle_deaths")), (1_520, 1_920));
    let columns = ["best", "low", "high", "conflict_type", "battle_location"];
    assert_eq!(
        at(&b, "battle_deaths", "conflict_id=13324 year=2022", &columns),
        ["150", "134", "159", "2", "Kyrgyzstan, Tajikistan"]
    );
    assert_eq!(
        at(&b, "dyad_battle_deaths", "dyad_id=11971 year=2014", &columns[..3]),
        ["26", "23", "32"]
    );
    // A conflict's deaths are those of its dyads.
    assert_eq!(
        (total(&b, "battle_deaths", "best"), total(&b, "dyad_battle_deaths", "best")),
        (2_226_798.0, 2_226_798.0)
    );
    let claims: Vec<_> = b.source.coverage.iter().map(|c| (c.from, c.to)).collect();
    assert_eq!(claims, [(1989, 2023), (1989, 2023)]);
}
