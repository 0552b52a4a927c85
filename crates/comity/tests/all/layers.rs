//! Layers seen from the top: one that does nothing changes no byte, adding and hiding commute, and fingerprints follow the rows.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use comity::{AuditOptions, Hide, Layer, PanelRequest, Policy, Record, SourceBundle};
use comity_record::rows::{TableRows, Value};
use comity_record::schema::{TABLES, table};
use comity_record::{Amend, Coverage, Preferences, Record as Tables, Relation, Source, Units};
use comity_report::frame::{self, Frame};
use comity_report::{Extra, Form, Page};
use proptest::prelude::*;

/// Tables of every shape: by year and by spell, with a key of their own and with the row's place for one, with and without states.
const TOUCHED: [&str; 5] = ["vetoes", "treaties", "pledges", "memberships", "territorial_changes"];

/// A row of one of them; `n` is what tells it from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Fact {
    table: &'static str,
    n: i32,
    ccode: i32,
    year: i32,
}

impl Fact {
    fn cells(self) -> Vec<(&'static str, Value)> {
        let (n, ccode, partner) = (self.n.to_string(), self.ccode.into(), (self.ccode + 1).into());
        let year = self.year.into();
        match self.table {
            "vetoes" => vec![("draft", n.into()), ("ccode", ccode), ("year", year)],
            "treaties" => vec![("treaty_id", n.into()), ("start_year", year)],
            "pledges" => vec![
                ("treaty_id", n.into()),
                ("ccode", ccode),
                ("partner", partner),
                ("start_year", year),
                ("defense", true.into()),
            ],
            "memberships" => vec![
                ("organization", n.into()),
                ("ccode", ccode),
                ("kind", "full".into()),
                ("start_year", year),
            ],
            _ => {
                vec![("change_id", n.into()), ("year", year), ("gainer", ccode), ("loser", partner)]
            }
        }
    }
}

fn tables(source: &str, facts: &[Fact]) -> Vec<(&'static str, arrow::array::RecordBatch)> {
    let mut made: BTreeMap<&'static str, TableRows> = BTreeMap::new();
    for fact in facts {
        let rows = made
            .entry(fact.table)
            .or_insert_with(|| TableRows::new(table(fact.table).unwrap(), source));
        rows.push(&fact.cells(), fact.n.to_string());
    }
    made.into_iter().map(|(name, rows)| (name, rows.finish())).collect()
}

fn bundle(id: &str, relation: Relation, ns: std::ops::Range<i32>, until: i32) -> SourceBundle {
    let facts: Vec<Fact> = TOUCHED
        .iter()
        .flat_map(|table| ns.clone().map(move |n| (*table, n)))
        .map(|(table, n)| Fact { table, n, ccode: 2 + n % 3, year: 1990 + n })
        .collect();
    let (dataset, version) = id.rsplit_once('-').unwrap();
    let family = |name: &&str| (table(name).unwrap().family.to_owned(), relation);
    let source = Source {
        id: id.into(),
        dataset: dataset.into(),
        version: version.into(),
        relations: TOUCHED.iter().map(family).collect(),
        coverage: TOUCHED.iter().map(|t| Coverage::all(t, 1990, until)).collect(),
        ..Source::default()
    };
    SourceBundle { source, tables: tables(id, &facts) }
}

/// A list, a rival of it, a complement, and a starter below them; five states.
fn invented() -> Tables {
    let mut states = TableRows::new(table("states").unwrap(), "system-1");
    for ccode in 2..7 {
        let cells = [
            ("ccode", ccode.into()),
            ("abbr", format!("S{ccode}").into()),
            ("name", format!("State {ccode}").into()),
            ("start_year", 1985.into()),
        ];
        states.push(&cells, ccode.to_string());
    }
    let system = Source {
        id: "system-1".into(),
        dataset: "system".into(),
        version: "1".into(),
        relations: [("system".to_owned(), Relation::Complement)].into(),
        ..Source::default()
    };
    let bundles = vec![
        SourceBundle { source: system, tables: vec![("states", states.finish())] },
        bundle("list-1", Relation::Rival, 0..6, 1994),
        bundle("other-1", Relation::Rival, 0..4, 1996),
        bundle("more-1", Relation::Complement, 4..9, 1995),
        bundle("base-1", Relation::Starter, 10..14, 2010),
    ];
    Tables::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default()).unwrap()
}

fn layer(id: &str, facts: &[Fact], hides: &[(&str, &str, i32)]) -> Layer {
    let mut layer = Layer::new(id, "A supposition");
    layer.bundle.tables = tables(id, facts);
    for (table, source, n) in hides {
        layer = layer.hide(Hide::row(table, source, &n.to_string()));
    }
    layer
}

/// All that a record says, in every reading.
fn says(record: &Tables) -> Vec<String> {
    let mut said = vec![record.fingerprint().unwrap(), format!("{:?}", record.sources())];
    for reading in record.readings() {
        said.push(format!("{reading:?}"));
        for table in TABLES {
            let rows = record.table(table.name, &reading).unwrap();
            if rows.num_rows() > 0 {
                said.push(format!("{} {rows:?}", table.name));
            }
        }
    }
    said
}

/// The rows of every table under every reading, where there are any.
fn answers(record: &Tables) -> Vec<String> {
    let mut all = Vec::new();
    for reading in record.readings() {
        for table in TABLES {
            let rows = record.table(table.name, &reading).unwrap();
            if rows.num_rows() > 0 {
                all.push(format!("{} {} {rows:?}", reading.id, table.name));
            }
        }
    }
    all
}

/// The same sources with the same rows, and nothing known of how they came to be.
fn anew(record: &Tables) -> Tables {
    let bundle = |source: &Source| {
        let rows = |name: &'static str| record.rows(&source.id, table(name).unwrap()).unwrap();
        let tables = record.tables_of(&source.id).into_iter();
        let tables = tables.filter_map(|name| Some((name, rows(name)?))).collect();
        SourceBundle { source: source.clone(), tables }
    };
    let bundles = record.sources().iter().map(bundle).collect();
    Tables::from_bundles_in(record.catalogue(), bundles, record.preferences().clone()).unwrap()
}

/// A row changed in place: another state, so that it stands elsewhere in its table.
fn amend(table: &str, source: &str, n: i32) -> Amend {
    let column = match table {
        "territorial_changes" => "gainer",
        "treaties" => "start_year",
        _ => "ccode",
    };
    Amend {
        table: table.to_owned(),
        source: source.to_owned(),
        source_row: n.to_string(),
        cells: vec![(column.to_owned(), 6.into())],
        mark: "(changed)".to_owned(),
    }
}

/// The layer with a claim about nobody.
fn claiming(mut layer: Layer) -> Layer {
    let nobody = Units::States([].into());
    layer.bundle.source.coverage =
        vec![Coverage { units: nobody, ..Coverage::all("vetoes", 2020, 2020) }];
    layer
}

/// The rows of all sources.
fn rows(record: &Tables) -> Vec<arrow::array::RecordBatch> {
    TABLES.iter().map(|t| record.every(t.name).unwrap()).collect()
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let fact = (0..TOUCHED.len(), prop_oneof![0..3_i32, 10..12, 20..22], 2..4_i32, 1990..1992_i32);
    let fact = fact.prop_map(|(at, n, ccode, year)| Fact { table: TOUCHED[at], n, ccode, year });
    prop::collection::vec(fact, 0..4)
}

fn hides() -> impl Strategy<Value = Vec<(&'static str, &'static str, i32)>> {
    let source = prop::sample::select(vec!["list-1", "other-1", "more-1", "base-1", "nobody-1"]);
    let hide = (prop::sample::select(TOUCHED.to_vec()), source, prop_oneof![0..5_i32, 10..12]);
    prop::collection::vec(hide, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn adding_and_hiding_commute_where_they_touch_different_rows(facts in facts(), hides in hides()) {
        let apart = |(table, _, n): &&(&str, &str, i32)| {
            !facts.iter().any(|f| f.table == *table && f.n == *n)
        };
        let hides: Vec<_> = hides.iter().filter(apart).copied().collect();
        let record = invented();
        let (add, hide) = (|| layer("add-1", &facts, &[]), || layer("hide-1", &[], &hides));
        let one = record.with(add()).unwrap().with(hide()).unwrap();
        let other = record.with(hide()).unwrap().with(add()).unwrap();
        prop_assert_eq!(says(&one), says(&other));
    }

    #[test]
    fn fingerprints_differ_exactly_where_rows_differ(
        facts in (facts(), facts()),
        hides in (hides(), hides()),
    ) {
        let record = invented();
        let one = record.with(layer("x-1", &facts.0, &hides.0)).unwrap();
        let other = record.with(layer("x-1", &facts.1, &hides.1)).unwrap();
        for (a, b) in [(&record, &one), (&record, &other), (&one, &other)] {
            let prints = (a.fingerprint().unwrap(), b.fingerprint().unwrap());
            prop_assert_eq!(prints.0 == prints.1, rows(a) == rows(b));
        }
    }

    #[test]
    fn under_a_layer_tables_are_as_if_they_were_put_together_anew(
        facts in facts(),
        hides in hides(),
        changes in hides(),
    ) {
        let record = invented();
        let _ = answers(&record);
        let mut over = layer("x-1", &facts, &hides);
        for (table, source, n) in &changes {
            over = over.amend(amend(table, source, *n));
        }
        let one = record.with(over).unwrap();
        prop_assert_eq!(answers(&one), answers(&anew(&one)));
        let two = one.with(layer("y-1", &[], &changes)).unwrap();
        prop_assert_eq!(answers(&two), answers(&anew(&two)));
    }

    #[test]
    fn a_layer_taken_over_from_another_record_is_as_if_it_were_laid(
        below in (facts(), hides()),
        above in (facts(), hides()),
    ) {
        let record = invented();
        let like = record.with(claiming(layer("y-1", &above.0, &above.1))).unwrap();
        let _ = answers(&like);
        let laid = record.with(layer("x-1", &below.0, &below.1)).unwrap();
        let tables: BTreeSet<&'static str> =
            below.0.iter().map(|f| f.table).chain(below.1.iter().map(|h| h.0)).collect();
        let own_facts: Vec<Fact> =
            above.0.iter().filter(|f| tables.contains(f.table)).copied().collect();
        let own_hides: Vec<_> =
            above.1.iter().filter(|h| tables.contains(h.0)).copied().collect();
        let own = claiming(layer("y-1", &own_facts, &own_hides));
        let fast = laid.with_as(&like, &tables, own).unwrap();
        let plain = laid.with(claiming(layer("y-1", &above.0, &above.1))).unwrap();
        prop_assert_eq!(answers(&fast), answers(&anew(&plain)));
        prop_assert_eq!(fast.last_year(), plain.last_year());
        let claims = |r: &Tables| {
            r.source("y-1").map(|s| (s.relations.clone(), s.coverage.clone())).unwrap()
        };
        prop_assert_eq!(claims(&fast), claims(&plain));
    }

    #[test]
    fn a_layer_of_nothing_leaves_all_as_it_was(hides in hides()) {
        let record = invented();
        let nobody: Vec<_> = hides.into_iter().filter(|h| h.1 == "nobody-1").collect();
        let same = record.with(layer("x-1", &[], &nobody)).unwrap();
        prop_assert_eq!(says(&same), says(&record));
    }
}

const POLICY: &str = "+++\nid = \"small\"\ntitle = \"Small\"\n+++\n\n# Small\n\n## No veto {#no-veto .refrain}\n\nProse.\n\n\
    ```sql evidence name=vetoes\nselect ccode as state, year, 'breach' as severity, draft as what, source, source_row from vetoes\n```\n";

/// Every form of an audit, an explanation, panels and a query.
fn outputs(record: &Record, policy: &Policy, state: &str, year: i32) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let options =
        AuditOptions { from: Some(year - 3), to: Some(year + 3), ..AuditOptions::default() };
    let report = record.audit(policy, &[state], &options).unwrap();
    for form in Form::AUDIT {
        for evidence in [false, true] {
            let extra = Extra { evidence, ..Extra::default() };
            let page = Page { policy: policy.document(), report: &report, extra: &extra };
            let mut bytes = Vec::new();
            comity_report::write(page, *form, &[], &mut bytes).unwrap();
            all.push((format!("audit as {}", form.name()), bytes));
        }
    }
    let commitment = policy.commitments()[0].to_owned();
    let why = record.why(policy, state, &commitment, year, &AuditOptions::default()).unwrap();
    all.push(("why".into(), serde_json::to_vec(&why).unwrap()));
    let request = PanelRequest {
        unit: "dyad-years".into(),
        years: Some(format!("{year}-{}", year + 1)),
        with: vec!["pledges".into()],
        ..PanelRequest::default()
    };
    let panel = record.panel(request).unwrap();
    all.push(("description".into(), format!("{:?}", panel.about()).into_bytes()));
    let rows =
        record.query("select * from vetoes order by draft, ccode, source, source_row").unwrap();
    for (name, frame) in [("panel", Frame::Panel(&panel)), ("query", Frame::Answer(&rows))] {
        for form in [Form::Csv, Form::Parquet] {
            let mut bytes = Cursor::new(Vec::new());
            frame::write(&frame, form, &mut bytes, "").unwrap();
            all.push((format!("{name} as {}", form.name()), bytes.into_inner()));
        }
    }
    all
}

fn same_bytes(record: &Record, policy: &Policy, state: &str, year: i32) {
    let nothing = layer("nothing-1", &[], &[("vetoes", "nobody-1", 1), ("states", "x", 2)]);
    let same = record.with(nothing).unwrap();
    let (before, after) =
        (outputs(record, policy, state, year), outputs(&same, policy, state, year));
    for ((name, before), (_, after)) in before.iter().zip(&after) {
        assert!(before == after, "{name} differs");
        assert!(!before.is_empty(), "{name} is empty");
    }
}

#[test]
fn a_layer_of_nothing_changes_no_byte_over_the_starter() {
    let policy = Policy::shipped("independent-peace").unwrap();
    same_bytes(&Record::starter(), &policy, "CHN", 1972);
}

#[test]
fn a_layer_of_nothing_changes_no_byte_over_an_invented_record() {
    let record = Record::from(invented());
    let policy = Policy::parse("small.md", POLICY, &record).unwrap();
    same_bytes(&record, &policy, "3", 1993);
}

#[test]
fn adding_and_hiding_commute_over_the_starter() {
    let record = comity_datasets::starter::record();
    let facts = TOUCHED.map(|table| Fact { table, n: 7_000, ccode: 710, year: 1999 });
    let hide = || {
        let cells = |column: &str, ccode: i32| vec![(column.to_owned(), ccode.into())];
        let mut layer = Layer::new("hide-1", "Hidden");
        for (table, column) in
            [("vetoes", "ccode"), ("pledges", "partner"), ("memberships", "ccode")]
        {
            layer = layer.hide(Hide { table: table.into(), cells: cells(column, 365) });
        }
        layer
    };
    let one = record.with(layer("add-1", &facts, &[])).unwrap().with(hide()).unwrap();
    let other = record.with(hide()).unwrap().with(layer("add-1", &facts, &[])).unwrap();
    assert!(one.fingerprint().unwrap() == other.fingerprint().unwrap());
    assert_eq!(one.sources(), other.sources());
    for name in TOUCHED {
        let of = |record: &Tables| record.table(name, &record.baseline()).unwrap();
        assert!(of(&one) == of(&other), "{name}");
        assert!(of(&one) != of(&record), "{name} is as before");
    }
}

#[test]
fn the_source_of_a_layer_is_named_with_the_answer() {
    let record = Record::starter();
    let policy = Policy::parse("small.md", POLICY, &record).unwrap();
    let veto = Fact { table: "vetoes", n: 7_000, ccode: 710, year: 1999 };
    let supposed = record.with(layer("suppose-1", &[veto], &[])).unwrap();
    let report = supposed.audit(&policy, &["CHN"], &AuditOptions::default()).unwrap();
    let head = report.record.sources.iter().find(|s| s.id == "suppose-1").unwrap();
    assert_eq!(head.title, "A supposition");
    assert!(report.record.readings[0].choices["vetoes"].contains(&"suppose-1".to_owned()));
    let findings = &report.audits[0].commitments[0].findings;
    assert!(findings.iter().any(|f| f.source == "suppose-1" && f.what == "7000"));
    assert_ne!(report.record.fingerprint, record.fingerprint().unwrap());

    // One that adds rows, one that only hides.
    let pledge = Fact { table: "pledges", n: 7_000, ccode: 710, year: 1999 };
    let cells = vec![("ccode".to_owned(), 365.into())];
    let hidden = Layer::new("hide-1", "Hidden").hide(Hide { table: "pledges".into(), cells });
    let laid = record.with(layer("add-1", &[pledge], &[])).unwrap().with(hidden).unwrap();
    let request = PanelRequest {
        unit: "dyad-years".into(),
        years: Some("1999".into()),
        with: vec!["pledges".into()],
        ..PanelRequest::default()
    };
    let about = laid.panel(request).unwrap().about();
    let column = about.iter().find(|c| c.group.is_some()).unwrap();
    for id in ["add-1", "hide-1"] {
        assert!(column.sources.iter().any(|s| s == id), "{:?}", column.sources);
    }
}
