//! How sources are put together under a reading, over random sources: what must hold whatever they say.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int32Type;
use comity_record::rows::{TableRows, Value};
use comity_record::schema::table;
use comity_record::{Coverage, Preferences, Record, Relation, Source, SourceBundle, Units};
use proptest::prelude::*;

/// One row as drawn: state, first year, length in years (none: open).
type Drawn = (i32, i32, Option<i32>);

fn source(id: &str, families: &[&str], relation: Relation, coverage: Vec<Coverage>) -> Source {
    let (dataset, version) = id.rsplit_once('-').unwrap();
    Source {
        id: id.into(),
        dataset: dataset.into(),
        version: version.into(),
        title: String::new(),
        publisher: String::new(),
        citation: String::new(),
        licence: String::new(),
        url: String::new(),
        relations: families.iter().map(|f| ((*f).to_owned(), relation)).collect(),
        files: Vec::new(),
        added: String::new(),
        coverage,
        notes: Vec::new(),
        unplaced: Vec::new(),
        unreviewed: false,
    }
}

fn year_rows(id: &str, drawn: &[Drawn]) -> RecordBatch {
    let mut rows = TableRows::new(table("capabilities").unwrap(), id);
    for (n, (state, year, _)) in drawn.iter().enumerate() {
        let cells = [("ccode", (*state).into()), ("year", (*year).into())];
        rows.push(&cells, format!("{id} {n}"));
    }
    rows.finish()
}

fn spell_rows(name: &str, id: &str, drawn: &[Drawn]) -> RecordBatch {
    let mut rows = TableRows::new(table(name).unwrap(), id);
    for (n, (state, from, length)) in drawn.iter().enumerate() {
        let treaty = ("treaty_id", format!("{id}:{n}").into());
        let mut cells: Vec<(&'static str, Value)> = vec![treaty, ("start_year", (*from).into())];
        if name == "treaty_parties" {
            cells.push(("ccode", (*state).into()));
        }
        if let Some(length) = length {
            cells.push(("end_year", (from + length).into()));
        }
        rows.push(&cells, format!("{n}"));
    }
    rows.finish()
}

/// A source of capabilities and of treaties with their parties.
fn bundle(id: &str, relation: Relation, coverage: Vec<Coverage>, drawn: &[Drawn]) -> SourceBundle {
    SourceBundle {
        source: source(id, &["capabilities", "treaties"], relation, coverage),
        tables: vec![
            ("capabilities", year_rows(id, drawn)),
            ("treaties", spell_rows("treaties", id, drawn)),
            ("treaty_parties", spell_rows("treaty_parties", id, drawn)),
        ],
    }
}

fn record(bundles: Vec<SourceBundle>) -> Record {
    Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default()).unwrap()
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    prop::collection::vec((1..6i32, 1990..2010i32, prop::option::of(0..8i32)), 0..12)
}

fn claims() -> impl Strategy<Value = Vec<Coverage>> {
    let units = prop_oneof![
        Just(Units::All),
        prop::collection::btree_set(1..6i32, 1..3).prop_map(Units::States),
        prop::collection::btree_set(1..6i32, 1..3).prop_map(Units::AllExcept),
    ];
    let claim = (0..2usize, units, 1988..2012i32, 0..15i32, prop::bool::weighted(0.2));
    let made = claim.prop_map(|(name, units, from, years, context)| Coverage {
        units,
        context,
        ..Coverage::all(["capabilities", "treaty_parties"][name], from, from + years)
    });
    prop::collection::vec(made, 0..4)
}

fn ints(batch: &RecordBatch, name: &str) -> Vec<Option<i32>> {
    batch.column_by_name(name).unwrap().as_primitive::<Int32Type>().iter().collect()
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name).unwrap().as_string::<i32>();
    (0..column.len()).map(|r| column.value(r).to_owned()).collect()
}

/// Source, source row, state and year of every row of a table of spells; open spells run to 2030.
fn state_years(batch: &RecordBatch) -> BTreeSet<(String, String, i32, i32)> {
    let (source, row) = (texts(batch, "source"), texts(batch, "source_row"));
    let (state, from, to) =
        (ints(batch, "ccode"), ints(batch, "start_year"), ints(batch, "end_year"));
    (0..batch.num_rows())
        .flat_map(|r| {
            let years = from[r].unwrap()..=to[r].unwrap_or(2030);
            let (source, row, state) = (source[r].clone(), row[r].clone(), state[r].unwrap());
            years.map(move |y| (source.clone(), row.clone(), state, y))
        })
        .collect()
}

const TABLES: [&str; 3] = ["capabilities", "treaties", "treaty_parties"];

fn baseline_tables(record: &Record) -> Vec<RecordBatch> {
    TABLES.iter().map(|t| record.table(t, &record.baseline()).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_order_of_rows_or_sources_is_seen(a in drawn(), b in drawn(), claims in claims(), turn in 0..12usize) {
        let one = record(vec![
            bundle("a-1", Relation::Complement, claims.clone(), &a),
            bundle("starter-1", Relation::Starter, vec![], &b),
        ]);
        // The same rows in another order: `source_row` and ids go with the row.
        let turned = |batch: &RecordBatch| {
            let n = batch.num_rows();
            let at = turn.min(n);
            let parts = [batch.slice(at, n - at), batch.slice(0, at)];
            arrow::compute::concat_batches(&batch.schema(), &parts).unwrap()
        };
        let other = |id, relation, claims, rows: &[Drawn]| {
            let mut made = bundle(id, relation, claims, rows);
            made.tables.iter_mut().for_each(|(_, b)| *b = turned(b));
            made.source.added = "2031-01-01".into();
            made.source.coverage.reverse();
            made
        };
        let two = record(vec![
            other("starter-1", Relation::Starter, vec![], &b),
            other("a-1", Relation::Complement, claims, &a),
        ]);
        prop_assert_eq!(baseline_tables(&one), baseline_tables(&two));
        prop_assert_eq!(one.fingerprint().unwrap(), two.fingerprint().unwrap());
    }

    #[test]
    fn the_starter_speaks_exactly_where_no_other_source_covers(own in drawn(), starter in drawn(), claims in claims()) {
        let alone = record(vec![bundle("starter-1", Relation::Starter, vec![], &starter)]);
        let both = record(vec![
            bundle("a-1", Relation::Complement, claims.clone(), &own),
            bundle("starter-1", Relation::Starter, vec![], &starter),
        ]);
        let covered = |name: &str, state, year| claims.iter().any(|c| c.table == name && c.covers(state, year));

        let all = state_years(&alone.table("treaty_parties", &alone.baseline()).unwrap());
        let parties = both.table("treaty_parties", &both.baseline()).unwrap();
        let kept: BTreeSet<_> =
            state_years(&parties).into_iter().filter(|r| r.0 == "starter-1").collect();
        let free: BTreeSet<_> =
            all.into_iter().filter(|(_, _, s, y)| !covered("treaty_parties", *s, *y)).collect();
        prop_assert_eq!(kept, free);

        let rows = both.table("capabilities", &both.baseline()).unwrap();
        let (source, state, year) = (texts(&rows, "source"), ints(&rows, "ccode"), ints(&rows, "year"));
        let mut kept = 0;
        for r in (0..rows.num_rows()).filter(|r| source[*r] == "starter-1") {
            prop_assert!(!covered("capabilities", state[r].unwrap(), year[r].unwrap()));
            kept += 1;
        }
        // What the other source tells in a year that it does not cover is not told twice.
        let told: BTreeSet<_> = own.iter().map(|(s, y, _)| (*s, *y)).collect();
        let free = |(s, y, _): &&Drawn| !covered("capabilities", *s, *y) && !told.contains(&(*s, *y));
        prop_assert_eq!(kept, starter.iter().filter(free).count());

        // A treaty of the starter stays exactly as long as one of its parties does.
        let named: BTreeSet<_> = texts(&parties, "treaty_id").into_iter().collect();
        let treaties = both.table("treaties", &both.baseline()).unwrap();
        prop_assert_eq!(texts(&treaties, "treaty_id").into_iter().collect::<BTreeSet<_>>(), named);
    }

    #[test]
    fn facts_that_stand_beside_displace_nothing_and_are_never_displaced(own in drawn(), beside in drawn(), claims in claims()) {
        let published = bundle("a-1", Relation::Complement, claims, &own);
        let alone = record(vec![published.clone()]);
        let both = record(vec![published, bundle("starter-1", Relation::Beside, vec![], &beside)]);
        let of = |record: &Record, id: &str| {
            let rows = record.table("capabilities", &record.baseline()).unwrap();
            texts(&rows, "source").into_iter().filter(|source| source == id).count()
        };
        prop_assert_eq!(of(&both, "starter-1"), beside.len());
        prop_assert_eq!(of(&both, "a-1"), of(&alone, "a-1"));
    }

    #[test]
    fn a_source_of_another_family_changes_no_table(own in drawn(), starter in drawn(), claims in claims()) {
        let base = vec![
            bundle("a-1", Relation::Complement, claims, &own),
            bundle("starter-1", Relation::Starter, vec![], &starter),
        ];
        let before = record(base.clone());
        let vetoes = Coverage::all("vetoes", 1946, 2020);
        let other = SourceBundle {
            source: source("v-1", &["vetoes"], Relation::Complement, vec![vetoes]),
            tables: vec![("vetoes", TableRows::new(table("vetoes").unwrap(), "v-1").finish())],
        };
        let after = record(base.into_iter().chain([other]).collect());
        prop_assert_eq!(baseline_tables(&before), baseline_tables(&after));
        for name in TABLES {
            let (was, is) = (before.coverage(name, &before.baseline()), after.coverage(name, &after.baseline()));
            prop_assert_eq!(was, is);
        }
    }

    #[test]
    fn coverage_of_a_reading_is_the_union_of_the_claims_that_count(claims in claims(), more in claims()) {
        let record = record(vec![
            bundle("a-1", Relation::Complement, claims.clone(), &[]),
            bundle("starter-1", Relation::Starter, more.clone(), &[]),
        ]);
        for name in ["capabilities", "treaty_parties"] {
            let coverage = record.coverage(name, &record.baseline());
            for state in 0..7 {
                for year in 1985..2030 {
                    let told = claims.iter().chain(&more).any(|c| c.table == name && c.covers(state, year));
                    prop_assert_eq!(coverage.covers(state, year), told);
                }
            }
        }
    }

    #[test]
    fn a_rival_that_is_not_chosen_gives_no_row_and_no_coverage(own in drawn(), other in drawn(), claims in claims()) {
        let record = record(vec![
            bundle("atop-1", Relation::Rival, vec![], &own),
            bundle("cow-1", Relation::Rival, claims.clone(), &other),
        ]);
        let readings = record.readings();
        let ids: Vec<&str> = readings.iter().map(|r| r.id.as_str()).collect();
        prop_assert_eq!(ids, ["baseline", "capabilities=cow-1", "treaties=cow-1"]);
        let parties = record.table("treaty_parties", &readings[0]).unwrap();
        prop_assert!(texts(&parties, "source").iter().all(|s| s == "atop-1"));
        prop_assert!(record.coverage("treaty_parties", &readings[0]).entries().is_empty());
        let parties = record.table("treaty_parties", &readings[2]).unwrap();
        prop_assert!(texts(&parties, "source").iter().all(|s| s == "cow-1"));
        let told = claims.iter().filter(|c| c.table == "treaty_parties").count();
        prop_assert_eq!(record.coverage("treaty_parties", &readings[2]).entries().len(), told);
    }
}

/// Members of organisations as drawn: organisation, state, kind, first and last year.
type Member<'a> = (&'a str, i32, &'a str, i32, Option<i32>);

fn members(id: &str, relation: Relation, claim: Coverage, rows: &[Member<'_>]) -> SourceBundle {
    let mut out = TableRows::new(table("memberships").unwrap(), id);
    for (n, (organization, ccode, kind, from, to)) in rows.iter().enumerate() {
        let mut cells: Vec<(&'static str, Value)> = vec![
            ("organization", (*organization).into()),
            ("ccode", (*ccode).into()),
            ("kind", (*kind).into()),
            ("start_year", (*from).into()),
        ];
        cells.extend(to.map(|to| ("end_year", to.into())));
        out.push(&cells, format!("{n}"));
    }
    SourceBundle {
        source: source(id, &["memberships"], relation, vec![claim]),
        tables: vec![("memberships", out.finish())],
    }
}

/// A list that has members of the United Nations late, and some that were none; the starter has their days.
#[test]
fn the_better_source_of_a_kind_of_fact_takes_the_place_of_others() {
    let listed = [
        ("UN", 42, "full", 1956, None),
        ("UN", 260, "full", 1965, Some(1972)),
        ("UN", 260, "observer", 1952, Some(1972)),
        ("UN", 2, "full", 1940, Some(1960)),
        ("NATO", 260, "full", 1955, Some(1972)),
    ];
    let list =
        members("lists-1", Relation::Complement, Coverage::all("memberships", 1940, 2014), &listed);
    let better = Coverage::all("memberships", 1945, 2024).only("organization", &["UN"]);
    let kind = |c: Coverage| Coverage { prevails: c.clone().only("kind", &["full"]).only, ..c };
    let own = [("UN", 2, "full", 1945, None), ("UN", 42, "full", 1945, None)];
    let starter = |claim| members("starter-1", Relation::Starter, claim, &own);
    let spells = |claim: Coverage| {
        let both = record(vec![list.clone(), starter(claim)]);
        let rows = both.table("memberships", &both.baseline()).unwrap();
        let columns = [texts(&rows, "organization"), texts(&rows, "kind"), texts(&rows, "source")];
        let (state, from, to) =
            (ints(&rows, "ccode"), ints(&rows, "start_year"), ints(&rows, "end_year"));
        let spell = |r: usize| {
            let [organization, kind, source] = columns.each_ref().map(|c| c[r].clone());
            let (from, to) = (from[r].unwrap(), to[r].unwrap_or(9999));
            format!("{organization} {} {kind} {from}-{to} {source}", state[r].unwrap())
        };
        (0..rows.num_rows()).map(spell).collect::<BTreeSet<String>>()
    };
    let wanted = [
        "NATO 260 full 1955-1972 lists-1",
        "UN 2 full 1940-1944 lists-1",
        "UN 2 full 1945-9999 starter-1",
        "UN 260 observer 1952-1972 lists-1",
        "UN 42 full 1945-9999 starter-1",
        // Past the claim the list stands as it is: its spell is open.
        "UN 42 full 2025-9999 lists-1",
    ];
    assert_eq!(spells(kind(better.clone())), wanted.map(str::to_owned).into());
    // Without the claim to be the better source, the list answers where it covers.
    let plain = spells(better);
    assert!(plain.contains("UN 260 full 1965-1972 lists-1"), "{plain:?}");
    assert!(!plain.contains("UN 42 full 1945-9999 starter-1"), "{plain:?}");
}

/// A fact of the starter whose beginning is not known gives way where a published source covers, like any other.
#[test]
fn a_spell_without_a_known_beginning_gives_way_where_another_source_covers() {
    let spells = |covered: Coverage, to: Option<i32>| {
        let mut rows = TableRows::new(table("memberships").unwrap(), "starter-1");
        let mut cells: Vec<(&'static str, Value)> =
            vec![("organization", "UN".into()), ("ccode", 2.into())];
        cells.extend(to.map(|to| ("end_year", to.into())));
        rows.push(&cells, "1");
        let starter = SourceBundle {
            source: source("starter-1", &["memberships"], Relation::Starter, vec![]),
            tables: vec![("memberships", rows.finish())],
        };
        let both = record(vec![members("lists-1", Relation::Complement, covered, &[]), starter]);
        let rows = both.table("memberships", &both.baseline()).unwrap();
        ints(&rows, "start_year").into_iter().zip(ints(&rows, "end_year")).collect::<Vec<_>>()
    };
    let claim = |from, to| Coverage::all("memberships", from, to);
    assert_eq!(spells(claim(1950, 2001), Some(1999)), []);
    assert_eq!(spells(claim(1950, 2001), Some(2010)), [(Some(2002), Some(2010))]);
    assert_eq!(spells(claim(1950, 2001), None), [(Some(2002), None)]);
    assert_eq!(spells(claim(1950, 2001), Some(1940)), [(None, Some(1940))]);
    let of_another = Coverage { units: Units::States([20].into()), ..claim(1950, 2001) };
    assert_eq!(spells(of_another, Some(1999)), [(None, Some(1999))]);
}

/// A published list ends; the starter has the pact to a later year, by a document, and on no day.
#[test]
fn a_pact_that_is_confirmed_answers_past_the_end_of_a_published_list() {
    let pledges = |id: &str, relation, coverage, to: Option<i32>| {
        let mut rows = TableRows::new(table("pledges").unwrap(), id);
        let mut cells: Vec<(&'static str, Value)> = vec![
            ("treaty_id", format!("{id}:1").into()),
            ("ccode", 640.into()),
            ("partner", 2.into()),
            ("defense", true.into()),
            ("start_year", 1952.into()),
        ];
        cells.extend(to.map(|to| ("end_year", to.into())));
        rows.push(&cells, "1");
        SourceBundle {
            source: source(id, &["treaties"], relation, coverage),
            tables: vec![("pledges", rows.finish())],
        }
    };
    let list = Coverage::all("pledges", 1815, 2018);
    let both = record(vec![
        pledges("pacts-1", Relation::Rival, vec![list], Some(2018)),
        pledges(
            "starter-1",
            Relation::Starter,
            vec![Coverage::all("pledges", 1946, 2016)],
            Some(2024),
        ),
    ]);
    let rows = both.table("pledges", &both.baseline()).unwrap();
    let own: BTreeSet<i32> =
        state_years(&rows).into_iter().filter(|r| r.0 == "starter-1").map(|r| r.3).collect();
    assert_eq!(own, (2019..=2024).collect());
}

#[test]
fn a_reading_is_named_for_the_version_that_answers() {
    let record = record(vec![
        bundle("atop-4.01", Relation::Rival, vec![], &[]),
        bundle("atop-5.1", Relation::Rival, vec![], &[]),
        bundle("cow-alliances-4.1", Relation::Rival, vec![], &[]),
    ]);
    let id = |source| record.reading_with(&[("treaties", source)]).unwrap().id;
    assert_eq!(id("cow-alliances"), "treaties=cow-alliances-4.1");
    assert_eq!(id("atop"), "treaties=atop-5.1");
    assert_eq!(id("atop-4.01"), "treaties=atop-4.01");
    let told = record.reading_with(&[("treaties", "gdelt")]).unwrap_err().to_string();
    assert!(told.contains("atop-4.01, atop-5.1, cow-alliances-4.1"), "{told}");
    let told = record.reading_with(&[("treatys", "atop")]).unwrap_err().to_string();
    assert!(told.contains("treaties"), "{told}");
}

#[test]
fn years_that_no_calendar_has_are_refused_with_their_row() {
    let far = bundle("a-1", Relation::Complement, vec![], &[(2, 1990, None), (2, 999_999, None)]);
    let told =
        Record::from_bundles_in(comity_datasets::catalogue(), vec![far], Preferences::default())
            .unwrap_err()
            .to_string();
    assert!(told.contains("row 2 has year 999999"), "{told}");
    let claim = vec![Coverage::all("capabilities", 1946, i32::MAX)];
    let told = Record::from_bundles_in(
        comity_datasets::catalogue(),
        vec![bundle("a-1", Relation::Complement, claim, &[])],
        Preferences::default(),
    );
    assert!(told.unwrap_err().to_string().contains("1946 to 2147483647"));
    let twice = || bundle("a-1", Relation::Complement, vec![], &[]);
    assert!(
        Record::from_bundles_in(
            comity_datasets::catalogue(),
            vec![twice(), twice()],
            Preferences::default()
        )
        .is_err()
    );
}
