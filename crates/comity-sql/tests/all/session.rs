//! The session reads and does nothing else, and says what it reads.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod arithmetic;
mod limits;
mod slt;
mod sql_fuzz;

use std::sync::Arc;
use std::time::{Duration, Instant};

use comity_record::rows::TableRows;
use comity_record::schema::table;
use comity_record::{Coverage, Preferences, Record, Relation, Source, SourceBundle};
use comity_sql::{Budget, Job, Limits, Read, Session, SqlError, in_parallel, session};

fn bundle(id: &str, family: &str, tables: Vec<TableRows>) -> SourceBundle {
    let coverage = tables.iter().map(|t| Coverage::all(t.table().name, 1900, 1960)).collect();
    SourceBundle {
        source: Source {
            id: format!("{id}-1"),
            dataset: id.into(),
            version: "1".into(),
            title: String::new(),
            publisher: String::new(),
            citation: String::new(),
            licence: String::new(),
            url: String::new(),
            relations: [(family.to_owned(), Relation::Complement)].into(),
            files: Vec::new(),
            added: String::new(),
            coverage,
            notes: Vec::new(),
            unplaced: Vec::new(),
            unreviewed: false,
        },
        tables: tables.into_iter().map(|t| (t.table().name, t.finish())).collect(),
    }
}

fn world() -> Session {
    world_with(Limits {
        time: Duration::from_secs(3),
        memory: 64 << 20,
        rows: 100_000,
        ..Limits::default()
    })
}

fn world_with(limits: Limits) -> Session {
    let record = world_record();
    session(&record, &record.baseline(), limits).unwrap()
}

fn world_record() -> Record {
    let mut states = TableRows::new(table("states").unwrap(), "s-1");
    for (ccode, abbr, from) in [(2, "USA", 1900), (365, "RUS", 1900), (710, "CHN", 1912)] {
        let cells = [("ccode", ccode.into()), ("abbr", abbr.into()), ("start_year", from.into())];
        states.push(&cells, "row");
    }
    let mut pledges = TableRows::new(table("pledges").unwrap(), "p-1");
    for (a, b, from, to) in
        [(710, 365, 1950, Some(1952)), (365, 710, 1950, Some(1952)), (2, 20, 1958, None)]
    {
        let cells = [
            ("treaty_id", "t".into()),
            ("ccode", a.into()),
            ("partner", b.into()),
            ("start_year", from.into()),
            ("end_year", to.into()),
            ("defense", true.into()),
        ];
        pledges.push(&cells, "row");
    }
    let mut parties = TableRows::new(table("dispute_parties").unwrap(), "d-1");
    let mut disputes = TableRows::new(table("disputes").unwrap(), "d-1");
    disputes.push(
        &[("dispute_id", "9".into()), ("outcome", 2.into()), ("start_year", 1950.into())],
        "row",
    );
    for (ccode, side_a, from, to) in
        [(2, true, 1950, 1951), (710, false, 1951, 1953), (365, false, 1953, 1953)]
    {
        let cells = [
            ("dispute_id", "9".into()),
            ("ccode", ccode.into()),
            ("side_a", side_a.into()),
            ("hostility", 4.into()),
            ("start_year", from.into()),
            ("end_year", to.into()),
        ];
        parties.push(&cells, "row");
    }
    let mut dyads = TableRows::new(table("pledge_dyads").unwrap(), "y-1");
    for (a, b, from, to, owed) in [
        // Covered by treaties up to 1960: not told by pair.
        (710, 365, 1950, Some(1958), "defense"),
        // Told by a treaty in 1961 too, in 1962 by this alone.
        (710, 2, 1961, None, "consultation"),
        (365, 2, 1959, None, "defense"),
    ] {
        let cells = [
            ("ccode", a.into()),
            ("partner", b.into()),
            ("start_year", from.into()),
            ("end_year", to.into()),
            (owed, true.into()),
        ];
        dyads.push(&cells, "pair");
    }
    let cells = [
        ("treaty_id", "late".into()),
        ("ccode", 710.into()),
        ("partner", 2.into()),
        ("start_year", 1961.into()),
        ("end_year", 1961.into()),
        ("consultation", true.into()),
    ];
    pledges.push(&cells, "row");
    let mut by_pair = bundle("y", "pledge_dyads", vec![dyads]);
    by_pair.source.coverage[0].to = 1962;
    let bundles = vec![
        bundle("s", "system", vec![states]),
        bundle("p", "treaties", vec![pledges]),
        by_pair,
        bundle("d", "disputes", vec![disputes, parties]),
    ];
    Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default()).unwrap()
}

/// What a query reads and its rows as text, or why it was refused.
type Answer = Result<(Vec<Read>, Vec<String>), SqlError>;

/// Planning recurses, so it runs where the program runs it: on a worker with a deep stack.
fn answer(sql: &str) -> Answer {
    let (session, sql) = (world(), sql.to_owned());
    let job: Job<Answer> = Box::new(move || {
        let planned = session.plan(&sql, &[])?;
        let batch = session.run(&planned)?;
        let show = |row: usize| {
            let cells = batch.columns().iter();
            let cells = cells.map(|c| arrow::util::display::array_value_to_string(c, row).unwrap());
            cells.collect::<Vec<_>>().join(" ")
        };
        Ok((planned.reads().to_vec(), (0..batch.num_rows()).map(show).collect()))
    });
    in_parallel(vec![job], Duration::from_mins(1)).pop().flatten().expect("the worker answered")
}

/// The cells of an answer.
fn cells(sql: &str) -> Result<Vec<Vec<Option<String>>>, SqlError> {
    let (session, sql) = (world(), sql.to_owned());
    let job: Job<Result<_, SqlError>> = Box::new(move || {
        let batch = session.run(&session.plan(&sql, &[])?)?;
        let cell = |row: usize, c: &arrow::array::ArrayRef| {
            c.is_valid(row).then(|| arrow::util::display::array_value_to_string(c, row).unwrap())
        };
        let row = |row: usize| batch.columns().iter().map(|c| cell(row, c)).collect();
        Ok((0..batch.num_rows()).map(row).collect())
    });
    in_parallel(vec![job], Duration::from_mins(1)).pop().flatten().expect("the worker answered")
}

fn rows(sql: &str) -> Vec<String> {
    answer(sql).unwrap_or_else(|e| panic!("{sql}: {e}")).1
}

fn proves(sql: &str) -> Vec<(String, bool)> {
    let reads = answer(sql).unwrap_or_else(|e| panic!("{sql}: {e}")).0;
    reads.into_iter().map(|r| (r.table, r.proves)).collect()
}

#[test]
fn spells_are_laid_out_by_year_and_open_ends_stop_at_coverage() {
    let years = rows("select ccode, year from pledge_years order by ccode, year");
    assert_eq!(
        years,
        [
            "2 1958", "2 1959", "2 1960", "365 1950", "365 1951", "365 1952", "710 1950",
            "710 1951", "710 1952", "710 1961"
        ]
    );
    assert_eq!(
        rows("select min(year), max(year) from state_years where ccode = 710"),
        ["1912 1962"]
    );
}

#[test]
fn what_is_owed_is_told_by_pair_where_no_source_covers_treaties() {
    let owed = rows(
        "select ccode, partner, year, coalesce(treaty_id, '-'), source_row from obligation_years where year > 1958 order by 1, 2, 3",
    );
    assert_eq!(
        owed,
        [
            "2 20 1959 t row",
            "2 20 1960 t row",
            "365 2 1961 - pair",
            "365 2 1962 - pair",
            "710 2 1961 late row",
            "710 2 1962 - pair"
        ]
    );
    // Up to 1958 they are the pledges by year.
    let count = |view: &str| rows(&format!("select count(*) from {view} where year < 1959"));
    assert_eq!(count("obligation_years"), count("pledge_years"));
}

#[test]
fn opponents_meet_only_in_years_both_were_there() {
    let met = rows("select ccode, other, year, outcome from dispute_dyad_years order by 1, 2, 3");
    assert_eq!(met, ["2 710 1951 2", "710 2 1951 2"]);
    assert_eq!(rows("select count(*) from dispute_years"), ["6"]);
}

#[test]
fn the_plan_tells_which_rows_are_asked_for() {
    let only = |sql: &str| {
        let reads = answer(sql).unwrap_or_else(|e| panic!("{sql}: {e}")).0;
        let read = reads.into_iter().find(|r| r.table == "membership_years").unwrap();
        let shown = |(c, v): (String, std::collections::BTreeSet<String>)| {
            format!("{c}={}", v.into_iter().collect::<Vec<_>>().join("|"))
        };
        read.only.into_iter().map(shown).collect::<Vec<_>>().join(" ")
    };
    for (rest, expected) in [
        ("", ""),
        ("where m.organization = 'UN'", "organization=UN"),
        (
            "where 'UN' = m.organization and m.kind in ('full', 'party') and m.year > 1950",
            "kind=full|party organization=UN",
        ),
        ("where m.organization = 'UN' and m.organization in ('UN', 'WTO')", "organization=UN"),
        ("where m.organization = 'UN' or m.kind = 'full'", ""),
        ("where not m.organization = 'UN'", ""),
        ("where m.organization <> 'UN'", ""),
        ("where upper(m.organization) = 'UN'", ""),
        ("join state_years s on s.ccode = m.ccode and m.organization = 'UN'", "organization=UN"),
        ("left join state_years s on s.ccode = m.ccode and m.organization = 'UN'", ""),
        ("join membership_years n on n.ccode = m.ccode where m.organization = 'UN'", ""),
        (
            "join membership_years n on n.ccode = m.ccode where m.organization = 'UN' and n.organization = 'WTO'",
            "organization=UN|WTO",
        ),
    ] {
        assert_eq!(
            only(&format!("select m.ccode, m.year from membership_years m {rest}")),
            expected,
            "{rest}"
        );
    }
    for (sql, expected) in [
        (
            "select x.o from (select organization as o, year from membership_years) x where x.o = 'UN'",
            "organization=UN",
        ),
        (
            "select x.o from (select concat(organization, '') as o from membership_years) x where x.o = 'UN'",
            "",
        ),
        (
            "select organization, count(*) from membership_years group by organization having organization = 'UN'",
            "organization=UN",
        ),
        (
            "select kind, count(*) as n from membership_years where organization = 'UN' group by kind having count(*) > 1",
            "organization=UN",
        ),
        (
            "select x.organization from (select organization, row_number() over (order by ccode, year) as n from membership_years) x where x.organization = 'UN'",
            "",
        ),
        (
            "select s.ccode from state_years s left join membership_years m on m.ccode = s.ccode and m.organization = 'UN'",
            "organization=UN",
        ),
        (
            "select s.ccode from state_years s where not exists (select 1 from membership_years m where m.ccode = s.ccode and m.organization = 'UN')",
            "organization=UN",
        ),
        (
            "select organization from membership_years where organization = 'UN' union all select organization from membership_years where organization = 'WTO'",
            "organization=UN|WTO",
        ),
    ] {
        assert_eq!(only(sql), expected, "{sql}");
    }
}

#[test]
fn the_plan_tells_what_proves_and_what_must_be_covered() {
    let t = |name: &str, proves| (name.to_owned(), proves);
    assert_eq!(
        proves(
            "select p.year from pledge_years p join state_years s on s.ccode = p.ccode and s.year = p.year"
        ),
        [t("pledge_years", true), t("state_years", true)]
    );
    assert_eq!(
        proves("select p.year from pledge_years p left join disputes d on d.start_year = p.year"),
        [t("disputes", false), t("pledge_years", true)]
    );
    assert_eq!(
        proves(
            "select year from pledge_years p where exists (select 1 from trade t where t.ccode = p.ccode)"
        ),
        [t("pledge_years", true), t("trade", true)]
    );
    for negated in [
        "select year from pledge_years p where not exists (select 1 from trade t where t.ccode = p.ccode)",
        "select year from pledge_years p where p.ccode not in (select t.ccode from trade t)",
        "select year from pledge_years p where (p.ccode in (select t.ccode from trade t)) is not true",
        "select year from pledge_years p where (select count(*) from trade t) = 0",
    ] {
        assert_eq!(proves(negated), [t("pledge_years", true), t("trade", false)], "{negated}");
    }
    assert_eq!(
        proves("select ccode from pledges except select ccode from trade"),
        [t("pledges", true), t("trade", false)]
    );
    assert_eq!(
        proves("select ccode from pledges union all select ccode from trade"),
        [t("pledges", true), t("trade", true)]
    );
    assert_eq!(proves("select ccode, count(*) from pledges group by ccode"), [t("pledges", false)]);
    assert_eq!(
        proves("select ccode, sum(1) over (partition by ccode order by start_year) from pledges"),
        [t("pledges", false)]
    );
    assert_eq!(
        proves("with x as (select ccode from pledges) select * from x"),
        [t("pledges", true)]
    );
    assert_eq!(
        proves("select a.ccode from pledges a full join trade t on a.ccode = t.ccode"),
        [t("pledges", false), t("trade", false)]
    );
}

#[test]
fn errors_are_short_and_do_not_repeat_the_query() {
    let long = format!("select {} from pledges", "x".repeat(50_000));
    let error = answer(&long).unwrap_err().to_string();
    assert!(error.len() < 4_000, "{} bytes", error.len());
    let record = comity_datasets::starter::record();
    let by_hand = session(&record, &record.baseline(), Limits::by_hand()).unwrap();
    let error = by_hand.plan(&format!("select '{}' from states where", "y".repeat(900_000)), &[]);
    assert!(error.unwrap_err().to_string().len() < 4_000);
}

#[test]
fn a_wrong_name_is_told_with_its_place_and_the_nearest() {
    let e = answer("select p.year,\n  p.defence\nfrom pledge_years p").unwrap_err();
    assert_eq!(e.at.map(|a| (a.line, a.column, a.length)), Some((2, 5, 7)));
    assert!(e.message.contains("`defence`") && e.help.as_ref().unwrap().contains("defense"), "{e}");
    let e = answer("select 1 from pledge_year").unwrap_err();
    assert!(e.message.contains("`pledge_year`") && e.help.unwrap().contains("pledge_years"));
    let e = answer("select lenght('a') from pledges").unwrap_err();
    assert!(e.message.contains("lenght"), "{e}");
}

#[test]
fn joining_texts_follows_sql_nulls() {
    assert_eq!(rows("select 'a' || cast(1 as int) || 'b'"), ["a1b"]);
    assert_eq!(rows("select concat('a', null, 'b')"), ["ab"]);
    assert_eq!(rows("select count(*) from pledges where (treaty || 'x') is null"), ["4"]);
}

#[test]
fn units_are_table_functions_that_declare_what_they_read() {
    let record = comity_datasets::starter::record();
    let by_hand = session(&record, &record.baseline(), Limits::by_hand()).unwrap();
    let run = |sql: &str| {
        let planned = by_hand.plan(sql, &[]).unwrap();
        (by_hand.run(&planned).unwrap().num_rows(), planned.reads().to_vec())
    };
    let (rows, reads) =
        run("select ccode1, year from dyad_years(states => '2,710', years => '1912..1915')");
    assert_eq!(rows, 4);
    assert_eq!(
        reads,
        [Read {
            table: "states".into(),
            proves: false,
            found: false,
            removes: false,
            only: comity_record::coverage::Only::default()
        }]
    );
    assert_eq!(
        run("select year from dyad_years(states => '2,710', directed => true, years => '1912')").0,
        2
    );
    let (_, reads) = run("select year from state_years(with => 'majors') where cowmaj = 0");
    let tables: Vec<&str> = reads.iter().map(|r| r.table.as_str()).collect();
    assert!(tables.contains(&"major_powers") && reads.iter().all(|r| !r.proves), "{reads:?}");
    // Of the columns only those asked for are made; without any there is still the number of rows.
    assert_eq!(run("select count(*) from state_years()").0, 1);

    let refused = |sql: &str| by_hand.plan(sql, &[]).unwrap_err().to_string();
    assert!(refused("select 1 from dyad_year()").contains("did you mean `dyad_years`?"));
    assert!(refused("select 1 from dyad_years(yeers => '1950')").contains("did you mean `years`?"));
    assert!(refused("select 1 from dyad_years(directed => 1)").contains("true or false is wanted"));
    assert!(refused("select 1 from dyad_years('cow')").contains("does not say what it is"));
    assert!(refused("select 1 from dyad_years(states => 'Atlantis')").contains("Atlantis"));
    assert!(refused("select 1 from dyad_years(system => (select 'cow'))").contains("is wanted"));

    // A policy lays out units, and gets its facts from tables and views.
    let policy = session(&record, &record.baseline(), Limits::default()).unwrap();
    assert!(policy.plan("select * from state_years(years => '1950')", &[]).is_ok());
    let error = policy.plan("select * from state_years(with => 'majors')", &[]).unwrap_err();
    assert!(error.to_string().contains("no columns beside them"), "{error}");
}

#[test]
fn a_table_that_is_handed_down_is_made_once_and_only_when_it_is_read() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use arrow::array::{ArrayRef, Int32Array, RecordBatch};
    use comity_sql::{OF_POLICIES, Own, session_beside};

    let record = world_record();
    let rows = || {
        let years: ArrayRef = Arc::new(Int32Array::from(vec![1950, 1951]));
        RecordBatch::try_from_iter([("year", years)]).unwrap()
    };
    let made = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&made);
    let own = vec![
        Own::new("mine", rows()),
        Own::made("verdicts", rows().schema(), move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(rows())
        }),
        Own::made("late", rows().schema(), || Err("the policy has no query".into())),
    ];
    let by_hand = session_beside(&record, &record.baseline(), Limits::by_hand(), own).unwrap();
    let count = |sql: &str| by_hand.answer(sql).map(|batch| batch.num_rows());
    assert_eq!(count("select * from mine"), Ok(2));
    assert_eq!(made.load(Ordering::Relaxed), 0);
    assert_eq!(count("select v.year from verdicts v join verdicts w on w.year = v.year"), Ok(2));
    assert_eq!(count("select * from verdicts where year = 1951"), Ok(1));
    assert_eq!(made.load(Ordering::Relaxed), 1);
    assert_eq!(count("select * from late").unwrap_err().message, "the policy has no query");

    // A policy has no such tables, and the error says why; another session says that there is none.
    let policy = session(&record, &record.baseline(), Limits::default()).unwrap();
    for name in OF_POLICIES {
        let sql = format!("select * from {name}");
        let error = policy.plan(&sql, &[]).unwrap_err();
        assert!(error.message.contains("a policy cannot read"), "{error}");
        assert_eq!(error.at.map(|at| (at.line, at.column)), Some((1, 15)));
        assert!(error.help.unwrap().contains("`uses=`"));
    }
    let alone = session(&record, &record.baseline(), Limits::by_hand()).unwrap();
    let error = alone.plan("select * from verdicts", &[]).unwrap_err();
    assert!(error.message.contains("there is no table `verdicts`"), "{error}");
}
