//! Thresholds that a document names: read, filled into queries, and set otherwise.

use comity_policy::diagnostic::has_errors;
use comity_policy::document::Policy;
use comity_policy::{SHIPPED, check, parse};

const FRONT: &str = "+++\nid = \"made\"\ntitle = \"Made\"\n+++\n\n# Article\n\n";
const HELPER: &str = "```sql helper name=many\nselect v.ccode, v.year, v.source, v.source_row from vetoes v where v.yes >= $votes\n```\n\n";
const BLOCK: &str = "```sql evidence name=found\nselect m.ccode as state, m.year, 'breach' as severity, '$votes' as what, m.source, m.source_row from many m\n```\n\n";

fn document(table: &str) -> String {
    format!(
        "{FRONT}```thresholds\n{table}```\n\n{HELPER}## One {{#one .refrain}}\n\n{BLOCK}## Two {{#two .refrain}}\n\n```sql evidence name=found\nselect v.ccode as state, v.year, 'breach' as severity, 'veto' as what, v.source, v.source_row from vetoes v\n```\n"
    )
}

fn codes(text: &str) -> Vec<&'static str> {
    parse("made.md", text).1.iter().map(|d| d.code).collect()
}

#[test]
fn a_threshold_stands_in_the_queries_that_name_it_and_nowhere_else() {
    let text =
        document("name  | value | low | high | step | why\nvotes | 9 | 7 | 11 | 1 | the Charter\n");
    let (policy, diagnostics) = parse("made.md", &text);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    let policy = policy.unwrap();
    assert_eq!(policy.thresholds[0].others(), ["7", "8", "10", "11"]);
    let helper = |p: &Policy| p.helpers[0].query.sql.trim().to_owned();
    assert!(helper(&policy).ends_with("v.yes >= 9"), "{}", helper(&policy));
    // What is quoted is no threshold.
    assert!(policy.commitments[0].versions[0].evidence[0].query.sql.contains("'$votes'"));
    assert_eq!(policy.resting_on("votes"), ["one"]);
    let other = policy.with_threshold("votes", "11");
    assert!(helper(&other).ends_with("v.yes >= 11"), "{}", helper(&other));
    assert_eq!(other.text, policy.text);
    let found = check(&policy, &comity_datasets::starter::record());
    assert!(!has_errors(&found), "{found:#?}");
}

#[test]
fn values_between_the_ends_are_as_exact_as_they_are_written() {
    let text = document("name  | value | low | high | step\nvotes | 1.08 | 1.05 | 1.12 | 0.03\n");
    let policy = parse("made.md", &text).0.unwrap();
    assert_eq!(policy.thresholds[0].others(), ["1.05", "1.11", "1.12"]);
    let text = document("name  | value | low | high\nvotes | 3 | 2 | 5\n");
    assert_eq!(parse("made.md", &text).0.unwrap().thresholds[0].others(), ["2", "5"]);
}

#[test]
fn what_is_wrong_with_a_table_is_said_where_it_stands() {
    let with = |table: &str| codes(&document(table));
    for (table, code) in [
        ("name  | value | low | high\nvotes | 9 | 7 | many\n", "bad-value"),
        ("name  | value | low | high\nvotes | 9 | 10 | 11\n", "bad-value"),
        ("name  | value | low | high\nvotes | 9 | 9 | 9\n", "bad-value"),
        ("name  | value | low | high\nvotes |  | 7 | 9\n", "bad-value"),
        ("name  | value | low | high | step\nvotes | 9 | 7 | 11 | 0.001\n", "bad-value"),
        ("name  | value | low | high\nmy-votes | 9 | 7 | 11\n", "bad-value"),
        ("name  | value | low | high\nvotes | 9 | 7 | 11\nvotes | 9 | 7 | 11\n", "duplicate-name"),
        ("name  | value | low\nvotes | 9 | 7\n", "missing-column"),
        ("name  | value | low | heigh\nvotes | 9 | 7 | 11\n", "unknown-column"),
        ("name  | value | low | high\nvotez | 9 | 7 | 11\n", "unknown-threshold"),
        ("name  | value | low | high\nvotes | 9 | 7 | 11\nmore | 9 | 7 | 11\n", "idle-threshold"),
    ] {
        assert!(with(table).contains(&code), "{table}: {:?}", with(table));
    }
    // The place is that of the name in the query.
    let text = document("name  | value | low | high\nvotez | 9 | 7 | 11\n");
    let (_, diagnostics) = parse("made.md", &text);
    let unknown = diagnostics.iter().find(|d| d.code == "unknown-threshold").unwrap();
    assert_eq!(&text[unknown.span.start..unknown.span.end], "$votes");
}

#[test]
fn every_threshold_of_a_policy_that_ships_bears_on_a_commitment() {
    for shipped in SHIPPED {
        let policy = parse(shipped.file, shipped.text).0.unwrap();
        for threshold in &policy.thresholds {
            assert!(!policy.resting_on(&threshold.name).is_empty(), "{}", threshold.name);
            assert!(
                !threshold.why.is_empty() && !threshold.others().is_empty(),
                "{}",
                threshold.name
            );
        }
    }
}
