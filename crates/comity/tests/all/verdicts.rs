//! Verdicts as rows, as tables of SQL and as columns of panels: the same everywhere.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::Cursor;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::util::display::array_value_to_string;
use comity::verdicts::{FINDINGS, VERDICTS, table};
use comity::{AuditOptions, PanelRequest, Policy, Record, Verdict, VerdictFilter, Verdicts};
use comity_record::rows::TableRows;
use comity_record::{
    Coverage, Preferences, Record as Tables, Relation, Source, SourceBundle, schema,
};
use comity_report::Form;
use comity_report::frame::{self, Frame};

/// Who vetoes breaks it; who votes no with others strains it.
const POLICY: &str = "+++\nid = \"small\"\ntitle = \"Small\"\n+++\n\n# Votes {#votes}\n\nText.\n\n## No veto {#no-veto .refrain}\n\nText.\n\n\
    ```sql evidence name=vetoes\nselect ccode as state, year, case when draft like 'S/%' then 'breach' else 'strain' end as severity, draft as what, source, source_row from vetoes\n```\n";

fn source(id: &str, table: &'static str, rows: TableRows, years: (i32, i32)) -> SourceBundle {
    let family = schema::table(table).unwrap().family;
    SourceBundle {
        source: Source {
            id: id.into(),
            dataset: id.trim_end_matches("-1").into(),
            version: "1".into(),
            title: String::new(),
            publisher: String::new(),
            citation: String::new(),
            licence: String::new(),
            url: String::new(),
            relations: BTreeMap::from([(family.to_owned(), Relation::Complement)]),
            files: Vec::new(),
            added: String::new(),
            coverage: vec![Coverage::all(table, years.0, years.1)],
            notes: Vec::new(),
            unplaced: Vec::new(),
            unreviewed: false,
        },
        tables: vec![(table, rows.finish())],
    }
}

/// Three states; the second is in the system from 1992 on. Vetoes are covered to 1993, and one row speaks of 1995.
fn record() -> Record {
    let mut states = TableRows::new(schema::table("states").unwrap(), "s-1");
    for (ccode, abbr, name, from) in
        [(1, "ARD", "Arda", 1990), (2, "BRE", "Brea", 1992), (3, "CER", "Cern", 1990)]
    {
        let cells = [
            ("ccode", ccode.into()),
            ("abbr", abbr.into()),
            ("name", name.into()),
            ("start_year", from.into()),
        ];
        states.push(&cells, "row");
    }
    let mut vetoes = TableRows::new(schema::table("vetoes").unwrap(), "v-1");
    for (draft, ccode, year) in
        [("S/1", 1, 1990), ("A/2", 1, 1991), ("S/3", 2, 1993), ("A/4", 3, 1995)]
    {
        let cells = [("draft", draft.into()), ("ccode", ccode.into()), ("year", year.into())];
        vetoes.push(&cells, format!("draft {draft}"));
    }
    // Another source goes on to 1996, and answers nothing that is asked.
    let changes = TableRows::new(schema::table("territorial_changes").unwrap(), "w-1");
    let bundles = vec![
        source("s-1", "states", states, (1816, 1996)),
        source("v-1", "vetoes", vetoes, (1990, 1993)),
        source("w-1", "territorial_changes", changes, (1990, 1996)),
    ];
    let catalogue = comity_datasets::catalogue();
    Tables::from_bundles_in(catalogue, bundles, Preferences::default()).unwrap().into()
}

fn policy(record: &Record) -> Policy {
    Policy::parse("small.md", POLICY, record).unwrap()
}

fn verdicts(record: &Record) -> Verdicts {
    record.verdicts(&policy(record), &AuditOptions::default()).unwrap()
}

fn every() -> VerdictFilter {
    VerdictFilter { from: Some(1990), ..VerdictFilter::default() }
}

fn cells(batch: &RecordBatch, columns: &[&str]) -> Vec<String> {
    let cell = |name: &&str, row: usize| {
        let column = batch.column_by_name(name).unwrap();
        if column.is_null(row) { "-".into() } else { array_value_to_string(column, row).unwrap() }
    };
    let row = |row| columns.iter().map(|name| cell(name, row)).collect::<Vec<_>>().join(" ");
    (0..batch.num_rows()).map(row).collect()
}

#[test]
fn a_row_is_a_state_in_a_year_in_which_it_was_there() {
    let record = record();
    let batch = verdicts(&record).table(&every()).unwrap();
    let said = cells(&batch, &["stateabb", "year", "verdict", "at_least", "breaches", "strains"]);
    assert_eq!(
        said,
        [
            "ARD 1990 broken - 1 0",
            "ARD 1991 strained - 0 1",
            "ARD 1992 kept - 0 0",
            "ARD 1993 kept - 0 0",
            "ARD 1994 unknown - 0 0",
            "ARD 1995 unknown - 0 0",
            "BRE 1992 kept - 0 0",
            "BRE 1993 broken - 1 0",
            "BRE 1994 unknown - 0 0",
            "BRE 1995 unknown - 0 0",
            "CER 1990 kept - 0 0",
            "CER 1991 kept - 0 0",
            "CER 1992 kept - 0 0",
            "CER 1993 kept - 0 0",
            "CER 1994 unknown - 0 0",
            "CER 1995 unknown strained 0 1",
        ]
    );
}

#[test]
fn filters_choose_states_years_and_verdicts_and_refuse_what_is_not_there() {
    let record = record();
    let verdicts = verdicts(&record);
    let rows = |filter: VerdictFilter| {
        let rows = verdicts.rows(&filter).unwrap();
        rows.iter().map(|r| (r.ccode, r.year)).collect::<Vec<_>>()
    };
    let broken = VerdictFilter { verdicts: vec![Verdict::Broken], ..every() };
    assert_eq!(rows(broken.clone()), [(1, 1990), (2, 1993)]);
    assert_eq!(rows(VerdictFilter { states: vec![2], ..broken.clone() }), [(2, 1993)]);
    assert_eq!(rows(VerdictFilter { to: Some(1992), ..broken.clone() }), [(1, 1990)]);
    let findings = verdicts.findings(&broken).unwrap();
    assert_eq!(findings.iter().map(|f| &*f.finding.what).collect::<Vec<_>>(), ["S/1", "S/3"]);
    let other = VerdictFilter { commitments: vec!["no-vote".into()], ..every() };
    let error = verdicts.rows(&other).unwrap_err();
    assert!(error.message.contains("`no-vote`") && error.help[0].contains("no-veto"), "{error:?}");
    let back = VerdictFilter { from: Some(1995), to: Some(1990), ..every() };
    assert!(verdicts.findings(&back).unwrap_err().message.contains("backwards"));
}

#[test]
fn silence_after_the_last_breach_acquits_nobody() {
    let record = record();
    let filter = VerdictFilter { verdicts: vec![Verdict::Broken], ..every() };
    let latest = verdicts(&record).latest(&filter).unwrap();
    let said: Vec<_> = latest
        .iter()
        .map(|r| (&*r.state, r.year, r.last_unknown_with_findings, r.answered_to))
        .collect();
    assert_eq!(
        said,
        [
            ("Brea", Some(1993), None, Some(1993)),
            ("Arda", Some(1990), None, Some(1993)),
            ("Cern", None, Some(1995), Some(1993)),
        ]
    );
}

#[test]
fn counts_stand_beside_their_years_and_those_of_all_states() {
    let record = record();
    let counts = verdicts(&record).counts(&VerdictFilter { states: vec![1], ..every() }).unwrap();
    let [arda] = &counts[..] else { panic!("{counts:?}") };
    assert_eq!((arda.own.broken, arda.own.decided(), arda.own.unknown), (1, 4, 2));
    assert_eq!((arda.all.broken, arda.all.decided()), (2, 10));
    let broken = VerdictFilter { verdicts: vec![Verdict::Broken], ..every() };
    assert!(verdicts(&record).counts(&broken).is_err());
}

#[test]
fn sql_reads_the_same_rows_as_tables() {
    let record = record();
    let (policy, verdicts) = (policy(&record), verdicts(&record));
    let every = VerdictFilter { from: Some(1816), ..VerdictFilter::default() };
    let asked = |sql: &str| record.query_under(&policy, sql).unwrap();
    assert_eq!(asked("select * from verdicts"), verdicts.table(&every).unwrap());
    let findings = table(FINDINGS, &verdicts.findings(&every).unwrap()).unwrap();
    assert_eq!(asked("select * from verdict_findings"), findings);
    let joined = asked(
        "select v.stateabb, f.what from verdicts v join verdict_findings f on f.ccode = v.ccode and f.year = v.year where v.verdict = 'broken' order by v.ccode",
    );
    assert_eq!(cells(&joined, &["stateabb", "what"]), ["ARD S/1", "BRE S/3"]);
}

#[test]
fn a_policy_that_reads_verdicts_is_refused() {
    let record = record();
    for table in ["verdicts", "verdict_findings"] {
        let text = POLICY.replace("from vetoes", &format!("from {table}"));
        let error = Policy::parse("small.md", &text, &record).unwrap_err();
        let said = error.help.join("\n");
        assert!(said.contains(&format!("a policy cannot read `{table}`")), "{said}");
        assert!(said.contains("`uses=`"), "{said}");
    }
}

fn panel(record: &Record, unit: &str, with: &[&str], directed: bool) -> RecordBatch {
    let mut request = PanelRequest {
        unit: unit.into(),
        years: Some("1990-1996".into()),
        with: with.iter().map(|w| (*w).to_owned()).collect(),
        directed,
        ..PanelRequest::default()
    };
    request.handed.push(verdicts(record).for_panel("small.md").unwrap());
    let panel = record.panel(request).unwrap();
    concat_batches(&panel.schema(), &panel.batches().unwrap()).unwrap()
}

#[test]
fn a_panel_has_the_verdict_of_its_state_and_year() {
    let record = record();
    let states = panel(&record, "state-years", &["verdicts:small.md"], false);
    let said = cells(&states, &["ccode", "year", "no_veto", "no_veto_broken"]);
    assert_eq!(
        said[..6],
        [
            "1 1990 broken 1",
            "1 1991 strained 0",
            "1 1992 kept 0",
            "1 1993 kept 0",
            "1 1994 unknown -",
            "1 1995 unknown -",
        ]
    );
    // An audit ends with what was found; a panel goes on, and says that nothing is known.
    assert_eq!(said[6], "1 1996 unknown -");
    let dyads = panel(&record, "dyad-years", &["verdicts:small.md"], true);
    let pair = cells(&dyads, &["ccode1", "ccode2", "year", "no_veto1", "no_veto_broken2"]);
    assert!(pair.contains(&"1 2 1993 kept 1".to_owned()), "{pair:?}");
    assert!(pair.contains(&"2 1 1993 broken 0".to_owned()), "{pair:?}");
}

#[test]
fn a_column_of_verdicts_says_what_it_means_and_where_it_comes_from() {
    let record = record();
    let request = |record: &Record| PanelRequest {
        unit: "state-years".into(),
        with: vec!["verdicts:small.md".into()],
        handed: vec![verdicts(record).for_panel("small.md").unwrap()],
        ..PanelRequest::default()
    };
    let about = record.panel(request(&record)).unwrap().about();
    let column = about.iter().find(|a| a.name == "no_veto_broken").unwrap();
    let fingerprint = comity_policy::fingerprint(policy(&record).document());
    assert!(column.doc.contains(&fingerprint[..12]) && column.doc.contains("small"), "{column:?}");
    assert_eq!(column.sources, ["v-1"]);
    assert_eq!(column.group.as_deref(), Some("verdicts:small.md"));
    // The same commitment under two policies: each has a name of its own.
    let mut twice = request(&record);
    twice.with.push("verdicts:other.md".into());
    let mut other = verdicts(&record).for_panel("other.md").unwrap();
    other.apart = "other".into();
    twice.handed.push(other);
    let names: Vec<String> =
        record.panel(twice).unwrap().about().into_iter().map(|a| a.name).collect();
    assert!(names.contains(&"no_veto".to_owned()) && names.contains(&"other_no_veto".to_owned()));
    // Without what was handed down there is nothing to ask for.
    let unknown = PanelRequest { handed: Vec::new(), ..request(&record) };
    let error = record.panel(unknown).unwrap_err();
    assert!(error.message.contains("`small.md`"), "{error}");
}

#[test]
fn every_form_of_a_table_holds_verdicts() {
    let record = record();
    let batch = verdicts(&record).table(&every()).unwrap();
    let about: Vec<comity_panel::About> = VERDICTS
        .iter()
        .map(|c| comity_panel::About {
            name: c.name.into(),
            doc: c.doc.into(),
            group: None,
            sources: Vec::new(),
            years: None,
        })
        .collect();
    for form in Form::TABLE.iter().filter(|f| **f != Form::Text) {
        let mut out = Cursor::new(Vec::new());
        let rows = frame::write(&Frame::Table(&batch, &about), *form, &mut out, "{}").unwrap();
        assert_eq!(rows, batch.num_rows(), "{}", form.name());
        if *form == Form::Dta {
            let label = b"abbreviation of the state in the Correlates of War";
            assert!(out.get_ref().windows(label.len()).any(|w| w == label));
        }
    }
    assert_eq!(batch.column_by_name("verdict").unwrap().as_string::<i32>().null_count(), 0);
}
