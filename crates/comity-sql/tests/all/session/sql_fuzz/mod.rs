//! Queries made at random, from a grammar and by damaging good ones: each is answered or refused, none panics, none
//! takes long. The seeds are fixed: the same queries on every run.

use std::time::{Duration, Instant};

use comity_sql::{Job, Limits, SqlError, in_parallel};

use super::world_with;

const SEED: u64 = 0x5EED_0FC0;
const GROWN: usize = 1_200;
const DAMAGED: usize = 5_000;

/// Good queries, to be damaged.
const CORPUS: [&str; 14] = [
    "select p.ccode as state, p.year, 'breach' as severity, p.partner || ' ' as what from pledge_years p join state_years s on s.ccode = p.ccode and s.year = p.year where p.year > 1950 order by 1, 2",
    "with a as (select ccode, count(*) as n from pledge_years group by ccode having count(*) > 1) select a.ccode, a.n * 2 - 1 from a left join states s using (ccode) where s.abbr is not null or a.n in (1, 2, 3)",
    "select year, sum(ccode) over (partition by ccode order by year rows between 1 preceding and current row) from pledge_years",
    "select ccode from pledges where not exists (select 1 from trade t where t.ccode = pledges.ccode) union all select ccode from states except select 2",
    "select case when year % 2 = 0 then -year else abs(year - 1960) end, cast(year as double) / 3, coalesce(null, year) from pledge_years where year between 1950 and 1960",
    "select ccode, grouping(ccode), max(year) from pledge_years group by rollup(ccode, year)",
    "select count(*) from dyad_years(states => '2,710', years => '1950..1951', directed => true) d where d.ccode1 <> d.ccode2",
    "select a.x from (select year as x from pledge_years) a cross join (values (1), (2)) v",
    "select distinct substring(abbr from 1 for 2), upper(abbr), position('S' in abbr) from states where abbr like 'U%' escape '!'",
    "select extract(year from make_date(1962, 10, 20)) + 1, interval '1 day', date '1962-10-20'",
    "select lag(year, 1, 0) over w, rank() over w from pledge_years window w as (partition by ccode order by year)",
    "select s.ccode from states s where s.ccode > all (select ccode from pledges) and s.ccode = any (select 2)",
    "select * from pledge_years tablesample bernoulli (10) fetch first 3 rows only for update",
    "select 9223372036854775807 + 1, -(-9223372036854775808), 1e400, 0x1F, $$a$$, E'\\n', U&'\\00e9', \"Quoted\".x::int[1] from every.states",
];

/// Words that are thrown in.
const WORDS: [&str; 40] = [
    "(",
    ")",
    ",",
    ".",
    "*",
    "-",
    "+",
    "/",
    "%",
    "||",
    "=",
    "<",
    "::",
    "[",
    "]",
    "'",
    "\"",
    ";",
    "--",
    "/*",
    "select",
    "from",
    "where",
    "with",
    "as",
    "case",
    "end",
    "over",
    "(((((",
    "abs(",
    "not",
    "null",
    "group by",
    "cube(year, ccode)",
    "lateral",
    "union",
    "9223372036854775807",
    "é\u{202e}",
    "\0",
    "$1",
];

/// Numbers that are the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }

    fn expr(&mut self, depth: usize) -> String {
        if depth == 0 {
            let plain = [
                "year",
                "ccode",
                "1",
                "-3",
                "2.5",
                "'a'",
                "null",
                "true",
                "9223372036854775807",
                "''",
            ];
            return self.of(&plain).to_owned();
        }
        let d = depth - 1;
        match self.roll(13) {
            0 => format!(
                "({} {} {})",
                self.expr(d),
                self.of(&["+", "-", "*", "/", "%", "||"]),
                self.expr(d)
            ),
            1 => format!(
                "{}({})",
                self.of(&[
                    "abs", "ceil", "round", "sqrt", "ln", "signum", "lower", "length", "sum", "max"
                ]),
                self.expr(d)
            ),
            2 => format!(
                "{}({}, {})",
                self.of(&[
                    "coalesce", "nullif", "greatest", "concat", "power", "left", "strpos", "round"
                ]),
                self.expr(d),
                self.expr(d)
            ),
            3 => format!(
                "case when {} then {} else {} end",
                self.expr(d),
                self.expr(d),
                self.expr(d)
            ),
            4 => format!(
                "{}({} as {})",
                self.of(&["cast", "try_cast"]),
                self.expr(d),
                self.of(&[
                    "int",
                    "bigint",
                    "double",
                    "varchar",
                    "decimal(10, 2)",
                    "date",
                    "boolean"
                ])
            ),
            5 => format!(
                "({} {} {})",
                self.expr(d),
                self.of(&["=", "<", "<>", ">=", "and", "or", "is distinct from", "like"]),
                self.expr(d)
            ),
            6 => format!("(- {})", self.expr(d)),
            7 => format!("({} in ({}, {}))", self.expr(d), self.expr(d), self.expr(d)),
            8 => format!("(not ({}))", self.expr(d)),
            9 => format!("({} is null)", self.expr(d)),
            10 => format!(
                "(select {}({}) from states)",
                self.of(&["max", "count", "avg"]),
                self.expr(d)
            ),
            11 => format!(
                "{}({}) over (partition by ccode order by year)",
                self.of(&["sum", "rank", "lag", "count", "median"]),
                self.expr(d)
            ),
            _ => format!("({} between {} and {})", self.expr(d), self.expr(d), self.expr(d)),
        }
    }

    fn from(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self
                .of(&["pledge_years", "state_years", "(select 1 as ccode, 1950 as year) q"])
                .to_owned();
        }
        let d = depth - 1;
        match self.roll(4) {
            0 => format!("({}) q{}", self.select(d), self.roll(3)),
            1 => format!(
                "pledge_years p {} join {} on p.year = {}",
                self.of(&["", "left", "full", "right"]),
                self.from(d),
                self.expr(1)
            ),
            2 => format!("({})", self.from(d)),
            _ => self.from(0),
        }
    }

    fn select(&mut self, depth: usize) -> String {
        let d = depth.saturating_sub(1);
        let columns: Vec<String> =
            (0..=self.roll(2)).map(|n| format!("{} as c{n}", self.expr(d))).collect();
        let mut sql = format!("select {} from {}", columns.join(", "), self.from(d));
        if self.roll(2) == 0 {
            sql = format!("{sql} where {}", self.expr(d));
        }
        if self.roll(4) == 0 {
            sql = format!(
                "{sql} group by {}",
                self.of(&["year", "ccode", "cube(year, ccode)", "1", "rollup(year)"])
            );
        }
        if self.roll(4) == 0 {
            sql = format!("{sql} order by {} limit 3", self.of(&["1", "year", "source_row"]));
        }
        match self.roll(8) {
            0 => format!("{sql} union all {sql}"),
            1 => format!("with ccode as ({sql}) select * from ccode"),
            _ => sql,
        }
    }

    /// One of the corpus with a few words taken out, doubled, moved or thrown in.
    fn damaged(&mut self) -> String {
        let mut words: Vec<String> =
            self.of(&CORPUS).split_inclusive([' ', '(', ')', ',']).map(str::to_owned).collect();
        for _ in 0..=self.roll(3) {
            if words.is_empty() {
                break;
            }
            let (at, other) = (self.roll(words.len()), self.roll(words.len()));
            match self.roll(5) {
                0 => drop(words.remove(at)),
                1 => words.swap(at, other),
                2 => words.insert(at, words[other].clone()),
                3 => words.insert(at, self.of(&WORDS).to_owned()),
                _ => {
                    let other = self.of(&CORPUS);
                    let cut =
                        (0..=self.roll(other.len())).rev().find(|i| other.is_char_boundary(*i));
                    words.truncate(at);
                    words.push(other[cut.unwrap_or(0)..].to_owned());
                }
            }
        }
        words.concat()
    }
}

#[test]
fn random_queries_are_answered_or_refused_and_none_panics() {
    let limits = Limits {
        time: Duration::from_millis(250),
        memory: 32 << 20,
        rows: 20_000,
        ..Limits::default()
    };
    let session = world_with(limits);
    let mut dice = Dice(SEED);
    let grown = (0..GROWN).map(|n| dice.select(1 + n % 4)).collect::<Vec<_>>();
    let damaged = (0..DAMAGED).map(|_| dice.damaged()).collect::<Vec<_>>();
    let all: Vec<String> =
        CORPUS.iter().map(|q| (*q).to_owned()).chain(grown).chain(damaged).collect();
    let jobs: Vec<Job<(Duration, Result<usize, SqlError>)>> = all
        .iter()
        .map(|sql| {
            let (session, sql) = (session.clone(), sql.clone());
            Box::new(move || {
                let start = Instant::now();
                let answer = session.plan(&sql, &[]).and_then(|p| session.run(&p));
                (start.elapsed(), answer.map(|rows| rows.num_rows()))
            }) as Job<_>
        })
        .collect();
    let start = Instant::now();
    let mut answered = 0;
    for (sql, came) in all.iter().zip(in_parallel(jobs, Duration::from_secs(30))) {
        let Some((time, answer)) = came else { panic!("a panic, or no end: {sql}") };
        assert!(time < Duration::from_secs(5), "{time:?}: {sql}");
        match answer {
            Ok(_) => answered += 1,
            Err(error) => {
                let text = error.to_string();
                assert!(text.len() < 4_000, "{} bytes of error: {sql}", text.len());
                for word in ["DataFusion", "backtrace", "panicked"] {
                    assert!(!text.contains(word), "{text}: {sql}");
                }
            }
        }
    }
    assert!(answered > 100, "only {answered} of {} were answered", all.len());
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}
