//! What queries may take: time, memory, and the size of what they say.

use super::*;

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
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
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
