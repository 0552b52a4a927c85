//! A row that is about no state-year is an error wherever a policy is run, and never a year that comes out as kept.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use comity_policy::verdict::Verdict;
use comity_policy::{Evaluation, Options, check, evaluate, parse, test};
use comity_record::rows::TableRows;
use comity_record::schema::table;
use comity_record::{Coverage, Preferences, Record, Relation, Source, SourceBundle};

const FRONT: &str = "+++\nid = \"p\"\ntitle = \"P\"\n+++\n\n# A\n\n";
const CASE: &str = "```given case=one table=vetoes source=made\nccode | year | draft\n2     | 1950 | S/1\n```\n\n```expect case=one\nstate | year | verdict\n2     | 1951 | kept\n```\n";

fn block(sql: &str) -> String {
    format!("{FRONT}## B {{#b .refrain}}\n\n```sql evidence name=e\n{sql}\n```\n\n{CASE}")
}

fn source(dataset: &str, family: &str, coverage: Vec<Coverage>) -> Source {
    Source {
        id: format!("{dataset}-1"),
        dataset: dataset.into(),
        version: "1".into(),
        relations: [(family.to_owned(), Relation::Complement)].into(),
        coverage,
        ..Source::default()
    }
}

/// Two states from 1945, one of them to 1960, and a veto of each in 1950 and in 1970.
fn record() -> Record {
    let mut states = TableRows::new(table("states").unwrap(), "system-1");
    states.push(&[("ccode", 2.into()), ("start_year", 1945.into())], "a");
    states
        .push(&[("ccode", 3.into()), ("start_year", 1945.into()), ("end_year", 1960.into())], "b");
    let mut vetoes = TableRows::new(table("vetoes").unwrap(), "made-1");
    for (ccode, year) in [(2, 1950), (2, 1970), (3, 1950), (3, 1970)] {
        let draft = format!("S/{ccode}{year}");
        vetoes.push(
            &[("ccode", ccode.into()), ("year", year.into()), ("draft", draft.clone().into())],
            draft,
        );
    }
    let claims = vec![Coverage::all("vetoes", 1945, 1980)];
    let bundles = vec![
        SourceBundle {
            source: source("system", "system", Vec::new()),
            tables: vec![("states", states.finish())],
        },
        SourceBundle {
            source: source("made", "vetoes", claims),
            tables: vec![("vetoes", vetoes.finish())],
        },
    ];
    Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default()).unwrap()
}

fn run(text: &str) -> Result<Evaluation, String> {
    let (policy, diagnostics) = parse("p.md", text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    evaluate(&record(), &policy.unwrap(), &Options::default()).map_err(|e| e.to_string())
}

const REST: &str = "'breach' as severity, 'w' as what, source, source_row from vetoes";

#[test]
fn a_row_about_no_state_or_no_year_is_refused_in_audits_and_tests_alike() {
    for (columns, wanted) in [
        (
            "cast(null as int) as state, year",
            "b, block `e`: `state` is null (year 1950, source made-",
        ),
        (
            "ccode as state, cast(null as int) as year",
            "b, block `e`: `year` is null (state 2, source made-",
        ),
        (
            "ccode as state, 4294969246 as year",
            "b, block `e`: `year` is 4294969246, which is not a year (state 2, source made-",
        ),
        (
            "ccode as state, year - 1950 as year",
            "b, block `e`: `year` is 0, which is not a year (state 2, source made-",
        ),
        (
            "ccode + 1000 as state, year",
            "b, block `e`: `state` is 1002, which is not a state of the record (year 1950, source made-",
        ),
        (
            "ccode as state, year, 4294969246 as other",
            "b, block `e`: `other` is 4294969246, which is not a code (source made-",
        ),
        (
            "ccode as state, year, cast(0 as double) / 0 as magnitude",
            "b, block `e`: `magnitude` is NaN, which is not a number (state 2, year 1950, source made-",
        ),
    ] {
        let text = block(&format!("select {columns}, {REST}"));
        let error = run(&text).unwrap_err();
        assert!(error.starts_with(wanted), "{columns}: {error}");
        let results = test(&parse("p.md", &text).0.unwrap(), &comity_datasets::starter::record());
        let error = results[0].error.as_deref().unwrap_or_default();
        assert!(error.starts_with(wanted), "{columns}: {error}");
    }
}

#[test]
fn what_check_refuses_is_not_run() {
    for (columns, code, wanted) in [
        ("null as state, year", "result-null", "`state` is null in every row"),
        (
            "ccode as state, cast(year as double) + 0.5 as year",
            "result-type",
            "`year` holds Float64",
        ),
        ("ccode as state", "result-missing", "`year` is missing"),
    ] {
        let text = block(&format!("select {columns}, {REST}"));
        let policy = parse("p.md", &text).0.unwrap();
        let found = check(&policy, &record());
        assert_eq!(found[0].code, code);
        assert!(found[0].message.contains(wanted), "{found:?}");
        assert!(run(&text).unwrap_err().contains(wanted));
        assert!(
            test(&policy, &comity_datasets::starter::record())[0]
                .error
                .as_ref()
                .unwrap()
                .contains(wanted)
        );
    }
    let idle = block(
        "select ccode as state, year, 'breach' as severity, 'w' as what, 's' as source, 'r' as source_row from state_years",
    );
    assert!(run(&idle).unwrap_err().contains("no fact table is read"));
}

#[test]
fn rows_of_applies_and_values_are_held_to_the_same() {
    let applies = format!(
        "{FRONT}## B {{#b .refrain}}\n\n```sql applies\nselect cast(null as int) as state, year from vetoes\n```\n\n```sql evidence name=e\nselect ccode as state, year, {REST}\n```\n"
    );
    let error = run(&applies).unwrap_err();
    assert!(
        error.starts_with("b, block `applies`: `state` is null (year 1950, row 1 of the answer)"),
        "{error}"
    );
    let pursued = |value: &str| {
        format!(
            "{FRONT}## B {{#b .pursue better=higher}}\n\n```sql evidence name=e\nselect ccode as state, year, {value} as value from vetoes\n```\n"
        )
    };
    let error = run(&pursued("cast(1 as double) / 0")).unwrap_err();
    assert!(error.contains("`value` is inf, which is not a number (state 2, year 1950"), "{error}");
    assert!(run(&pursued("cast(null as double)")).is_ok(), "what is not known is left out");
}

#[test]
fn findings_of_years_outside_the_state_system_are_said() {
    let evaluation = run(&block(&format!("select ccode as state, year, {REST}"))).unwrap();
    assert_eq!(evaluation.verdict(3, "b", 1950), Verdict::Broken);
    let remarks =
        |state: i32| evaluation.report(&[state], None, None).unwrap().audits[0].remarks.clone();
    let said = "Findings of years in which the state was not in the state system of this record have no verdict: 1 of b (1970).";
    assert!(remarks(3).iter().any(|r| r == said), "{:?}", remarks(3));
    assert!(!remarks(2).iter().any(|r| r.starts_with("Findings of years")));
    assert_eq!(evaluation.why(3, "b", 1950).unwrap().remarks, [said]);
    let far = run(&block(&format!("select ccode as state, year + 1000 as year, {REST}"))).unwrap();
    let why = far.why(2, "b", 1950).unwrap();
    assert!(why.remarks[0].ends_with("2 of b (2950, 2970)."), "{:?}", why.remarks);
}

#[test]
fn a_test_with_many_rows_for_every_other_state_is_bounded() {
    let rows = "* | 1816..2030 | x\n".repeat(50);
    let text = block(&format!("select ccode as state, year, {REST}"))
        .replace("2     | 1950 | S/1\n", &rows);
    let (_, diagnostics) = parse("p.md", &text);
    assert!(
        diagnostics.iter().any(|d| d.code == "too-large" && d.message.contains("too many rows"))
    );
    // As many as are allowed are laid out in a time that grows with their number.
    let rows = "* | 1950..1999 | x\n2 | 1950..1999 | y\n".repeat(20);
    let text = block(&format!("select ccode as state, year, {REST}"))
        .replace("2     | 1950 | S/1\n", &rows);
    let begun = std::time::Instant::now();
    let results = test(&parse("p.md", &text).0.unwrap(), &comity_datasets::starter::record());
    assert_eq!(results[0].failures.len() + usize::from(results[0].error.is_some()), 1);
    assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{:?}", begun.elapsed());
}
