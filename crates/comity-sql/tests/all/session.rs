//! The session reads and does nothing else, and says what it reads.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod slt;
mod sql_fuzz;

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

/// A query of named steps, each made of the one before.
fn steps(count: usize, first: &str, next: impl Fn(&str) -> String) -> String {
    let mut all = format!("with s0 as ({first})");
    for n in 0..count {
        all.push_str(&format!(", s{} as ({})", n + 1, next(&format!("s{n}"))));
    }
    format!("{all} select * from s{count}")
}

#[test]
fn deep_calls_are_read_in_a_time_that_grows_with_their_length() {
    let start = Instant::now();
    let deep = format!("select {}-7{}", "abs(".repeat(40), ")".repeat(40));
    assert_eq!(rows(&deep), ["7"]);
    let named = format!("select count(*) from state_years(states => '2', years => {}'1950'", "");
    assert_eq!(rows(&format!("{named})")), ["1"]);
    let from = "from pledge_years where ccode = 2 and year = 1958";
    let long = |chain: String| rows(&format!("select {chain} {from}"));
    assert_eq!(long(format!("{}1", "1 + year - ".repeat(350))), ["684951"]);
    assert_eq!(long(format!("character_length({}'a')", "'a' || ".repeat(390))), ["391"]);
    assert_eq!(long(format!("{}1.5", "0.5 + ".repeat(390))), ["196.5"]);
    for (chain, why) in [
        (format!("{}1", "cast(1 as decimal) + ".repeat(390)), "signs between decimals"),
        (format!("{}year", "- ".repeat(40)), "minus signs"),
    ] {
        let error = answer(&format!("select {chain} {from}")).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn whole_numbers_widen_or_fail() {
    let wide = "select cast(70000 as int) * cast(70000 as int), cast(2147483647 as int) + cast(1 as int), -cast(-2147483648 as int), abs(cast(-2147483648 as int))";
    assert_eq!(rows(wide), ["4900000000 2147483648 2147483648 2147483648"]);
    assert_eq!(
        rows(
            "select (ccode * 1000 + 5) * (ccode * 1000 + 5) * ccode from states where ccode = 710"
        ),
        ["357916041017750"]
    );
    assert_eq!(rows("select 7 % 4, -7 % 4, 5 / 2, 6 / 3, -(-3)"), ["3 -3 2.5 2.0 3"]);
    assert_eq!(rows("select 1.5 + 1, 2 * 0.5, 1.0 / 4"), ["2.5 1.0 0.25"]);
    assert_eq!(rows("select null + 1, coalesce(null * 2, 9)"), [" 9"]);
    assert_eq!(rows("select date_part('year', make_date(1962, 10, 20)) + 1"), ["1963"]);
    for (sql, why) in [
        ("select 9223372036854775807 + 1", "9223372036854775807 + 1 does not fit"),
        ("select 9223372036854775807 * 2", "does not fit a whole number of 64 bits"),
        ("select -9223372036854775808 - 1", "does not fit"),
        ("select -(-9223372036854775807 - 1)", "does not fit"),
        ("select abs(-9223372036854775808)", "does not fit"),
        ("select max(year + 9223372036854775807) from pledge_years", "does not fit"),
        ("select count(*) from pledge_years where year * 9223372036854775807 > 0", "does not fit"),
        (
            "select a.year from pledge_years a join pledge_years b on a.year * 9223372036854775807 = b.year",
            "does not fit",
        ),
        ("select year from pledge_years order by year * 9223372036854775807", "does not fit"),
        ("select 1 / 0", "nullif"),
        ("select year % 0 from pledge_years", "nullif"),
        ("select ccode / (year - year) from pledge_years", "nullif"),
        ("select 99999999999999999999", "does not fit"),
        ("select 9223372036854775808", "does not fit"),
        ("select 5 -9223372036854775808", "does not fit"),
        (
            "select sum(x) from (select 9223372036854775807 as x union all select 1 as x) q",
            "the sum 9223372036854775808 does not fit",
        ),
        (
            "select sum(x) over () from (select 9223372036854775807 as x union all select 1 as x) q",
            "does not fit",
        ),
        (
            "select sum(distinct x) from (select 9223372036854775807 as x union all select 1 as x) q",
            "does not fit",
        ),
        (
            "select k, sum(x) from (select 1 as k, 9223372036854775807 as x union all select 1 as k, 1 as x) q group by k",
            "does not fit",
        ),
        ("select cast(3000000000 as int)", ""),
        ("select cast(1e30 as bigint)", ""),
        ("select cast('twelve' as int)", ""),
        ("select 1 << 64", "bit shifts"),
        ("select power(10, 20)", ""),
    ] {
        let error = match answer(sql) {
            Ok((_, rows)) => {
                // A double may stand for what does not fit; another whole number may not.
                assert!(why.is_empty() && rows == ["1e20"], "{sql}: {rows:?}");
                continue;
            }
            Err(error) => error.to_string(),
        };
        assert!(error.contains(why), "{sql}: {error}");
        assert!(!error.contains("DataFusion") && !error.contains("Arrow"), "{sql}: {error}");
    }
}

#[test]
fn sums_do_not_depend_on_the_order_of_rows() {
    let three =
        "(select 9223372036854775807 as x union all select 5 as x union all select -5 as x)";
    assert_eq!(rows(&format!("select sum(x), count(x) from {three} q")), ["9223372036854775807 3"]);
    assert_eq!(rows("select sum(ccode), sum(distinct ccode) from pledge_years"), ["3941 1077"]);
    assert_eq!(rows("select sum(ccode) from pledge_years where year > 3000"), [""]);
    assert_eq!(rows("select sum(ccode) filter (where year > 1958) from pledge_years"), ["714"]);
    let sliding = "select year, sum(year) over (order by year rows between 1 preceding and current row) as s from pledge_years where ccode = 365 order by year";
    assert_eq!(rows(sliding), ["1950 1950", "1951 3901", "1952 3903"]);
    let distinct = "select year, sum(distinct ccode) over (order by year rows between 1 preceding and current row) as s from pledge_years where ccode = 365 order by year";
    assert_eq!(rows(distinct), ["1950 365", "1951 365", "1952 365"]);
    assert_eq!(
        rows("select median(x), avg(x) from (select 1 as x union all select 2 as x) q"),
        ["1.5 1.5"]
    );
    assert_eq!(
        rows(
            "select ccode, sum(year), sum(year + 0.0) from pledge_years where ccode <> 710 group by ccode order by 1"
        ),
        ["2 5877 5877.0", "365 5853 5853.0"]
    );
    assert_eq!(
        rows(
            "select sum(x) from (select cast(1.25 as decimal(10, 2)) as x union all select cast(2 as decimal(10, 2)) as x) q"
        ),
        ["3.25"]
    );
}

#[test]
fn columns_of_arithmetic_keep_their_names() {
    let job: Job<Vec<String>> = Box::new(|| {
        let planned = world()
            .plan(
                "select year + 1, -year, abs(year), count(*) * 2 from pledge_years group by year",
                &[],
            )
            .unwrap();
        planned.columns().into_iter().map(|(name, _)| name).collect()
    });
    let names = in_parallel(vec![job], Duration::from_mins(1)).pop().flatten().unwrap();
    assert_eq!(
        names,
        [
            "pledge_years.year + Int64(1)",
            "(- pledge_years.year)",
            "abs(pledge_years.year)",
            "count(*) * Int64(2)"
        ]
    );
}

#[test]
fn queries_of_one_run_share_memory_and_time() {
    let long =
        steps(10, "select 'abcdefghijklmnop' as x", |p| format!("select x || x as x from {p}"));
    let text = |rest: &str| {
        long.replace("select * from s10", &format!("select s10.x, y.year from s10, {rest}"))
    };
    let record = world_record();
    let open = |budget: &Budget| {
        let limits = Limits { budget: Some(budget.clone()), ..Limits::default() };
        session(&record, &record.baseline(), limits).unwrap()
    };
    let run = |session: &Session, sql: String| -> Result<usize, SqlError> {
        let session = session.clone();
        let job: Job<Result<_, SqlError>> =
            Box::new(move || session.run(&session.plan(&sql, &[])?));
        let rows = in_parallel(vec![job], Duration::from_mins(1)).pop().flatten().unwrap()?;
        Ok(rows.num_rows())
    };
    let budget = Budget::new(16 << 20, Duration::from_mins(1));
    let (one, two) = (open(&budget), open(&budget));
    // 63 rows of 16 kB, then 63 times 63: the answer is counted as it arrives.
    let (once, twice) = (
        "state_years y where y.ccode = 2",
        "state_years y, state_years z where y.ccode = 2 and z.ccode = 2",
    );
    assert_eq!(run(&one, text(once)).unwrap(), 63);
    let error = run(&one, text(twice)).unwrap_err().to_string();
    assert!(error.contains("more than 16 MB of memory"), "{error}");
    // A window holds its rows, which nobody else counts.
    let window = format!(
        "select count(*), max(n) from (select max(x) over (partition by y.year) as n from s10, {twice}) q"
    );
    let error = run(&two, long.replace("select * from s10", &window)).unwrap_err().to_string();
    assert!(error.contains("memory"), "{error}");
    // What is given back is there for the next.
    assert_eq!(run(&two, text(once)).unwrap(), 63);
    let spent = Budget::new(16 << 20, Duration::from_millis(1));
    let slow = "select sum(a.year + b.year + c.year + d.year) from state_years a, state_years b, state_years c, state_years d, state_years e";
    let (one, two) = (open(&spent), open(&spent));
    assert!(run(&one, slow.into()).unwrap_err().to_string().contains("together"));
    assert!(run(&two, "select 1".into()).unwrap_err().to_string().contains("together"));
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
fn hostile_queries_are_refused_or_stopped_in_time() {
    let join_doubling = (0..30).fold(
        "select what as a from (select 'aaaaaaaaaaaaaaaa' as what) q".to_owned(),
        |inner, n| format!("select a || a as a from ({inner}) q{n}"),
    );
    let long_and = format!("select 1 from pledges where {}true", "ccode = 1 and ".repeat(3_000));
    let case = format!("select {}1{}", "case when true then ".repeat(2_000), " end".repeat(2_000));
    let hostile: Vec<(String, &str)> = [
        ("select repeat('x', 2000000000)", "`repeat` is not allowed"),
        ("select lpad('x', 2000000000)", "`lpad` is not allowed"),
        ("select now()", "`now` is not allowed"),
        ("select random()", "`random` is not allowed"),
        ("select current_date", ""),
        ("select uuid()", "`uuid` is not allowed"),
        ("select version()", "not allowed"),
        ("select regexp_replace('a', '(a*)*', 'b')", "not allowed"),
        ("select replace('a', 'a', 'aaaa')", "not allowed"),
        ("select array_agg(ccode) from pledges", "not allowed"),
        ("select * from generate_series(1, 1000000000000)", ""),
        ("select * from unnest([1, 2])", ""),
        ("select * from '/etc/passwd'", "no table"),
        ("select * from read_csv('/etc/passwd')", ""),
        ("select * from information_schema.tables", "no table"),
        ("select @@version", ""),
        ("values (1), (2)", "refused"),
        ("explain select 1", "EXPLAIN is refused"),
        ("explain analyze select count(*) from pledges", "EXPLAIN is refused"),
        ("copy (select 1) to '/tmp/comity-hostile'", ""),
        ("set datafusion.execution.batch_size = 1", "SET is refused"),
        ("create external table t stored as csv location '/etc/passwd'", ""),
        ("insert into pledges select * from pledges", "INSERT is refused"),
        ("describe pledges", "refused"),
        ("show tables", "refused"),
        ("with recursive r as (select 1 as n union all select n + 1 from r) select * from r", "recursive"),
        ("select sum(a.year + b.year + e.year) from state_years a, state_years b, state_years c, state_years d, state_years e", "longer than"),
        ("select a.year from state_years a, state_years b, state_years c, state_years d", ""),
        ("select ccode from pledges limit 1", "total order"),
        ("select row_number() over () from pledges", "ORDER BY"),
        ("select 1 from pledges for update", "FOR UPDATE"),
        ("select * from pledges tablesample bernoulli (10)", "TABLESAMPLE"),
        ("select * from (select 1 from pledges) x tablesample system (10)", "TABLESAMPLE"),
        ("select * from (select ccode from pledges for update) x", "FOR UPDATE"),
        ("select ccode from pledges order by ccode fetch first 1 rows only", "FETCH"),
        ("select top 1 ccode from pledges", ""),
        ("select p.* as q from pledges p", "a name for `*`"),
        ("select ccode from pledges group by ccode with rollup", ""),
        ("select abs(ccode) filter (where ccode > 2) from pledges", "FILTER with `abs`"),
        ("select abs(distinct ccode) from pledges", "DISTINCT with `abs`"),
        ("select abs(ccode order by year) from pledge_years", "ORDER BY in the brackets with `abs`"),
        ("select abs(ccode) over (partition by year) from pledge_years", "OVER with `abs`"),
        ("select rank() filter (where true) over (order by ccode) from pledges", "FILTER with `rank`"),
        ("select sum(ccode) over (w rows unbounded preceding) from pledges window w as (order by ccode)", "extends another"),
        ("select percentile_cont(0.5) within group (order by ccode) from pledges", "WITHIN GROUP"),
        ("select * from pledges with ordinality", ""),
        ("with a as (select * from pledges) select * from a, lateral unnest([1]) u", ""),
        ("with a as (with recursive b as (select 1 as n union all select n + 1 from b) select * from b) select * from a", "recursive"),
        ("select * from pledges; drop table pledges", "more than one"),
        ("select * into x from pledges", ""),
    ]
    .into_iter()
    .map(|(sql, why)| (sql.to_owned(), why))
    .chain([
        (format!("select {}1", "1 + ".repeat(5_000)), "operators"),
        (format!("select {}1{}", "(".repeat(10_000), ")".repeat(10_000)), "deeper"),
        (join_doubling, "computed from itself"),
        (steps(11, "select 'aaaaaaaaaaaaaaaa' as x", |p| format!("select x || x as x from {p}")), "joining texts"),
        (long_and, "operators"),
        (case, "deeper"),
        (steps(16, "select ccode as x from every.states", |p| format!("select x from {p} union all select x from {p}")), "reads more than 500 tables"),
        (steps(22, "select ccode as x from every.states", |p| format!("select a.x from {p} a, {p} b")), "reads more than 500 tables"),
        (steps(30, "select ccode as x from every.states", |p| format!("select x + x as x from {p} where x > 0")), "computed from itself"),
        (format!("select count(*) from pledge_years group by cube({})", (0..20).map(|n| format!("year + {n}")).collect::<Vec<_>>().join(", ")), "sets of groups"),
        (format!("select count(*) from pledge_years group by {}", vec!["rollup(year, ccode)"; 60].join(", ")), "countless sets of groups"),
        (format!("select {}1{}", "abs(".repeat(60), ")".repeat(60)), "deeper"),
        (format!("select {}1 1{}", "floor(".repeat(45), ")".repeat(45)), "parse"),
        (format!("select count(*) from dyad_years(states => '{}')", "2,".repeat(2_000)), "more than the 1000 allowed"),
        ("\u{0}".repeat(10), ""),
        ("select '".to_owned() + &"x".repeat(100_000), "bytes"),
    ])
    .collect();
    for (sql, why) in hostile {
        let start = Instant::now();
        let short: String = sql.chars().take(80).collect();
        match answer(&sql) {
            Ok((_, rows)) => panic!("{short} was answered with {} rows", rows.len()),
            Err(e) => assert!(e.to_string().contains(why), "{short}: {e}"),
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{short} took {:?}", start.elapsed());
    }
    assert!(!std::path::Path::new("/tmp/comity-hostile").exists());
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
