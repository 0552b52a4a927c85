//! Queries of a few shapes: as SQL, as loops over rows, and what each needs to be covered.

mod expected;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::random::Random;
use super::world::{FIRST, Fact, LAST, TABLES, TEXTS, columns};

/// A condition on the rows of one table.
#[derive(Debug, Clone)]
pub enum Test {
    TextIs(String),
    TextIn(Vec<String>),
    TextIsOrMore(String, i32),
    TextIsNot(String),
    More(i32),
    Less(i32),
    NoNumber,
    Since(i32),
}

/// Rows of a table or view under some conditions.
#[derive(Debug, Clone)]
pub struct Scan {
    pub table: String,
    pub tests: Vec<Test>,
}

#[derive(Debug, Clone)]
pub enum Shape {
    Plain(Scan),
    Inner(Scan, Scan),
    /// Conditions of the second stand in the condition of the join.
    Left(Scan, Scan),
    LeftNull(Scan, Scan),
    Exists(Scan, Scan, bool),
    In(Scan, Scan, bool),
    Union(Scan, Scan),
    Group(Scan, i32),
    Except(Scan, Scan),
    /// States and years in which there is no row.
    Absent(Scan),
    FirstOfState(Scan),
    Limit(Scan, i32),
    /// Findings of other commitments, of one grade or of all.
    Findings(Option<&'static str>),
}

/// What a block says of each row.
#[derive(Debug, Clone)]
pub enum Grade {
    Always(&'static str),
    ByNumber(i32, &'static str, &'static str),
}

/// One row that comes out.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub state: i32,
    pub year: i32,
    pub grade: &'static str,
    pub other: Option<i32>,
}

/// A table that must be covered.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// Every use proves by itself.
    pub proves: bool,
    /// Some use proves by itself.
    pub found: bool,
    /// The block declares that its rows exempt.
    pub exempts: bool,
    /// The texts that are asked for; none: every row.
    pub only: Option<BTreeSet<String>>,
}

pub type Needs = BTreeMap<String, Need>;

/// Two uses of one table: rows of either are asked for, and a row proves what it proves in both.
pub fn need(needs: &mut Needs, table: &str, more: Need) {
    let table = match table.trim_start_matches("every.") {
        "crisis_years" => "crises",
        other => other,
    };
    match needs.get_mut(table) {
        None => {
            needs.insert(table.to_owned(), more);
        }
        Some(known) => {
            known.proves &= more.proves;
            known.found |= more.found;
            known.exempts &= more.exempts;
            known.only = match (&known.only, &more.only) {
                (Some(a), Some(b)) => Some(a.union(b).cloned().collect()),
                _ => None,
            };
        }
    }
}

impl Test {
    fn random(r: &mut Random, text: bool) -> Self {
        let t = |r: &mut Random| (*r.pick(&TEXTS)).to_owned();
        match r.between(if text { 0 } else { 5 }, 9) {
            0 | 1 => Self::TextIs(t(r)),
            2 => Self::TextIn(vec![t(r), t(r)]),
            3 => Self::TextIsOrMore(t(r), r.between(0, 9)),
            4 => Self::TextIsNot(t(r)),
            5 | 6 => Self::More(r.between(0, 8)),
            7 => Self::Less(r.between(1, 9)),
            8 => Self::NoNumber,
            _ => Self::Since(r.between(FIRST, LAST)),
        }
    }

    fn sql(&self, alias: &str, table: &str) -> String {
        let (year, text, number, _) = columns(table);
        let text = text.unwrap_or("none");
        match self {
            Self::TextIs(t) => format!("{alias}.{text} = '{t}'"),
            Self::TextIn(ts) => format!("{alias}.{text} in ('{}')", ts.join("', '")),
            Self::TextIsOrMore(t, n) => {
                format!("({alias}.{text} = '{t}' or {alias}.{number} > {n})")
            }
            Self::TextIsNot(t) => format!("{alias}.{text} <> '{t}'"),
            Self::More(n) => format!("{alias}.{number} > {n}"),
            Self::Less(n) => format!("{alias}.{number} < {n}"),
            Self::NoNumber => format!("{alias}.{number} is null"),
            Self::Since(y) => format!("{alias}.{year} >= {y}"),
        }
    }

    fn holds(&self, f: &Fact) -> bool {
        match self {
            Self::TextIs(t) => f.text == *t,
            Self::TextIn(ts) => ts.contains(&f.text),
            Self::TextIsOrMore(t, n) => f.text == *t || f.number.is_some_and(|v| v > *n),
            Self::TextIsNot(t) => f.text != *t,
            Self::More(n) => f.number.is_some_and(|v| v > *n),
            Self::Less(n) => f.number.is_some_and(|v| v < *n),
            Self::NoNumber => f.number.is_none(),
            Self::Since(y) => f.year >= *y,
        }
    }
}

impl Scan {
    pub fn random(r: &mut Random) -> Self {
        let mut table = (*r.pick(&TABLES)).to_owned();
        if table == "crises" && r.chance(1, 2) {
            table = "crisis_years".into();
        } else if r.chance(1, 10) {
            table = format!("every.{table}");
        }
        let text = columns(&table).1.is_some();
        let tests = (0..r.between(0, 2)).map(|_| Test::random(r, text)).collect();
        Self { table, tests }
    }

    /// The canonical table that it reads.
    pub fn table_name(&self) -> String {
        let name = self.table.trim_start_matches("every.");
        if name == "crisis_years" { "crises".into() } else { name.to_owned() }
    }

    fn conditions(&self, alias: &str) -> Vec<String> {
        self.tests.iter().map(|t| t.sql(alias, &self.table)).collect()
    }

    fn wheres(&self, alias: &str) -> String {
        match self.conditions(alias).as_slice() {
            [] => String::new(),
            all => format!(" where {}", all.join(" and ")),
        }
    }

    fn same(&self, alias: &str, scan: &Self, of: &str) -> String {
        format!(
            "{alias}.ccode = {of}.ccode and {alias}.{} = {of}.{}",
            columns(&self.table).0,
            columns(&scan.table).0
        )
    }

    fn rows(&self, db: &dyn Fn(&str) -> Vec<Fact>) -> Vec<Fact> {
        let mut rows = db(&self.table);
        rows.retain(|f| self.tests.iter().all(|t| t.holds(f)));
        rows
    }

    /// The texts that the conditions ask for, all of them together.
    fn only(&self) -> Option<BTreeSet<String>> {
        let mut only: Option<BTreeSet<String>> = None;
        for test in &self.tests {
            let named: BTreeSet<String> = match test {
                Test::TextIs(t) => [t.clone()].into(),
                Test::TextIn(ts) => ts.iter().cloned().collect(),
                _ => continue,
            };
            only = Some(match only {
                None => named,
                Some(known) => known.intersection(&named).cloned().collect(),
            });
        }
        only
    }

    fn need(&self, needs: &mut Needs, proves: bool) {
        let only = self.only();
        need(needs, &self.table, Need { proves, found: proves, exempts: false, only });
    }

    /// Rows that may meet the conditions: a comparison with a number that nobody knows may come out either way.
    fn perhaps(&self, db: &dyn Fn(&str) -> Vec<Fact>) -> Vec<Fact> {
        let may = |t: &Test, f: &Fact| match t {
            Test::More(_) | Test::Less(_) | Test::TextIsOrMore(..) if f.number.is_none() => true,
            other => other.holds(f),
        };
        let mut rows = db(&self.table);
        rows.retain(|f| self.tests.iter().all(|t| may(t, f)));
        rows
    }
}

impl Grade {
    fn sql(&self, number: &str) -> String {
        match self {
            Self::Always(g) => format!("'{g}'"),
            Self::ByNumber(n, a, b) => {
                format!("case when {number} > {n} then '{a}' else '{b}' end")
            }
        }
    }

    /// What it can say.
    pub fn texts(&self) -> Vec<&'static str> {
        match self {
            Self::Always(g) => vec![*g],
            Self::ByNumber(_, a, b) => vec![*a, *b],
        }
    }

    /// The gravest that it may be where the number is not known.
    fn perhaps(&self, number: Option<i32>) -> &'static str {
        const WORST_FIRST: [&str; 5] = ["breach", "broken", "strain", "strained", "kept"];
        match (self, number) {
            (Self::ByNumber(_, a, b), None) => {
                if WORST_FIRST.iter().position(|g| g == a) < WORST_FIRST.iter().position(|g| g == b)
                {
                    *a
                } else {
                    *b
                }
            }
            _ => self.of(number),
        }
    }

    fn of(&self, number: Option<i32>) -> &'static str {
        match self {
            Self::Always(g) => *g,
            Self::ByNumber(n, a, b) => {
                if number.is_some_and(|v| v > *n) {
                    *a
                } else {
                    *b
                }
            }
        }
    }
}

fn hit(f: &Fact, table: &str, grade: &Grade) -> Hit {
    let other = columns(table).3.and(f.other);
    Hit { state: f.ccode, year: f.year, grade: grade.of(f.number), other }
}

impl Shape {
    pub fn random(r: &mut Random, findings: bool) -> Self {
        let grades = ["breach", "strain"];
        if findings && r.chance(1, 2) {
            return Self::Findings(r.chance(1, 2).then(|| *r.pick(&grades)));
        }
        let (a, b) = (Scan::random(r), Scan::random(r));
        match r.between(0, 15) {
            0..=2 => Self::Plain(a),
            3 => Self::Inner(a, b),
            4 => Self::Left(a, b),
            5 => Self::LeftNull(a, b),
            6 | 7 => Self::Exists(a, b, r.chance(2, 3)),
            8 => Self::In(a, b, r.chance(1, 2)),
            9 => Self::Union(a, b),
            10 | 11 => Self::Group(a, r.between(1, 2)),
            12 => Self::Except(a, b),
            13 => Self::Absent(a),
            14 => Self::FirstOfState(a),
            _ => Self::Limit(a, r.between(1, 6)),
        }
    }

    /// The query; `column` is `severity` or `met`, or none for the state-years alone.
    pub fn sql(&self, grade: &Grade, column: Option<&str>) -> String {
        let select = |alias: &str, scan: &Scan, number: Option<String>| -> String {
            let (year, _, own, other) = columns(&scan.table);
            let mut text = format!("select {alias}.ccode as state, {alias}.{year} as year");
            if let Some(column) = column {
                let number = number.unwrap_or_else(|| format!("{alias}.{own}"));
                let _ = write!(text, ", {} as {column}, 'x' as what", grade.sql(&number));
                let _ =
                    write!(text, ", {alias}.source as source, {alias}.source_row as source_row");
                match other {
                    Some(other) => {
                        let _ = write!(text, ", {alias}.{other} as other");
                    }
                    None => text.push_str(", cast(null as int) as other"),
                }
            }
            text
        };
        let from = |scan: &Scan, alias: &str| format!(" from {} {alias}", scan.table);
        let made = |grade: String| match column {
            Some(column) => format!(
                ", {grade} as {column}, 'x' as what, 'made' as source, 'made' as source_row, cast(null as int) as other"
            ),
            None => String::new(),
        };
        match self {
            Self::Plain(a) => select("v", a, None) + &from(a, "v") + &a.wheres("v"),
            Self::Inner(a, b) => {
                let mut all = a.conditions("v");
                all.extend(b.conditions("c"));
                let filter = if all.is_empty() {
                    String::new()
                } else {
                    format!(" where {}", all.join(" and "))
                };
                format!(
                    "{}{} join {} c on {}{filter}",
                    select("v", a, None),
                    from(a, "v"),
                    b.table,
                    b.same("c", a, "v")
                )
            }
            Self::Left(a, b) => {
                let mut on = vec![b.same("c", a, "v")];
                on.extend(b.conditions("c"));
                let number = format!("c.{}", columns(&b.table).2);
                format!(
                    "{}{} left join {} c on {}{}",
                    select("v", a, Some(number)),
                    from(a, "v"),
                    b.table,
                    on.join(" and "),
                    a.wheres("v")
                )
            }
            Self::LeftNull(a, b) => {
                let mut on = vec![b.same("c", a, "v")];
                on.extend(b.conditions("c"));
                let mut all = a.conditions("v");
                all.push("c.ccode is null".into());
                format!(
                    "{}{} left join {} c on {} where {}",
                    select("v", a, None),
                    from(a, "v"),
                    b.table,
                    on.join(" and "),
                    all.join(" and ")
                )
            }
            Self::Exists(a, b, negated) => {
                let mut inner = vec![b.same("c", a, "v")];
                inner.extend(b.conditions("c"));
                let mut all = a.conditions("v");
                let not = if *negated { "not " } else { "" };
                all.push(format!(
                    "{not}exists (select 1 from {} c where {})",
                    b.table,
                    inner.join(" and ")
                ));
                format!("{}{} where {}", select("v", a, None), from(a, "v"), all.join(" and "))
            }
            Self::In(a, b, negated) => {
                let mut all = a.conditions("v");
                let not = if *negated { "not " } else { "" };
                all.push(format!(
                    "v.ccode {not}in (select c.ccode from {} c{})",
                    b.table,
                    b.wheres("c")
                ));
                format!("{}{} where {}", select("v", a, None), from(a, "v"), all.join(" and "))
            }
            Self::Union(a, b) => format!(
                "{}{}{} union all {}{}{}",
                select("v", a, None),
                from(a, "v"),
                a.wheres("v"),
                select("c", b, None),
                from(b, "c"),
                b.wheres("c")
            ),
            Self::Group(a, least) => {
                let (year, _, number, _) = columns(&a.table);
                format!(
                    "select v.ccode as state, v.{year} as year{}{}{} group by v.ccode, v.{year} having count(*) >= {least}",
                    made(grade.sql(&format!("max(v.{number})"))),
                    from(a, "v"),
                    a.wheres("v")
                )
            }
            Self::Except(a, b) => format!(
                "select s.ccode as state, s.year as year{} from (select v.ccode, v.{} as year{}{} except select c.ccode, c.{} as year{}{}) s",
                made(grade.sql("s.year")),
                columns(&a.table).0,
                from(a, "v"),
                a.wheres("v"),
                columns(&b.table).0,
                from(b, "c"),
                b.wheres("c")
            ),
            Self::Absent(a) => {
                let mut on =
                    vec![format!("v.ccode = s.ccode and v.{} = s.year", columns(&a.table).0)];
                on.extend(a.conditions("v"));
                format!(
                    "select s.ccode as state, s.year as year{} from state_years s left join {} v on {} where v.ccode is null",
                    made(grade.sql("s.year")),
                    a.table,
                    on.join(" and ")
                )
            }
            Self::FirstOfState(a) => {
                let year = columns(&a.table).0;
                format!(
                    "{} from (select v.*, row_number() over (partition by v.ccode order by v.{year}, v.source_row) as n{}{}) w where w.n = 1",
                    select("w", a, None),
                    from(a, "v"),
                    a.wheres("v")
                )
            }
            Self::Limit(a, most) => {
                let year = columns(&a.table).0;
                format!(
                    "{} from (select v.*{}{} order by v.{year}, v.source_row limit {most}) w",
                    select("w", a, None),
                    from(a, "v"),
                    a.wheres("v")
                )
            }
            Self::Findings(of) => {
                let filter = of.map(|g| format!(" where f.severity = '{g}'")).unwrap_or_default();
                let column = column.unwrap_or("severity");
                format!(
                    "select f.state, f.year, {} as {column}, f.what, f.source, f.source_row, f.other from findings f{filter}",
                    grade.sql("f.year")
                )
            }
        }
    }

    /// Reads the tables of the reading, not those of all sources.
    pub fn of_one_account(&mut self) {
        let strip = |s: &mut Scan| s.table = s.table.trim_start_matches("every.").to_owned();
        match self {
            Self::Inner(a, b)
            | Self::Left(a, b)
            | Self::LeftNull(a, b)
            | Self::Exists(a, b, _)
            | Self::In(a, b, _)
            | Self::Union(a, b)
            | Self::Except(a, b) => {
                strip(a);
                strip(b);
            }
            Self::Plain(a)
            | Self::Group(a, _)
            | Self::Absent(a)
            | Self::FirstOfState(a)
            | Self::Limit(a, _) => {
                strip(a);
            }
            Self::Findings(_) => {}
        }
    }

    /// Whether a number that is not known may leave its rows undecided, where the block says that it decides.
    pub fn can_be_undecided(&self) -> bool {
        matches!(
            self,
            Self::Plain(_) | Self::Inner(..) | Self::Union(..) | Self::Exists(_, _, false)
        )
    }

    /// The columns of numbers that its conditions compare.
    pub fn numbers(&self) -> Vec<String> {
        let of = |s: &Scan| {
            let table = s.table.trim_start_matches("every.");
            format!("{table}.{}", columns(table).2)
        };
        match self {
            Self::Plain(a) | Self::Exists(a, ..) => vec![of(a)],
            Self::Inner(a, b) | Self::Union(a, b) => vec![of(a), of(b)],
            _ => Vec::new(),
        }
    }

    /// Tables that the query names.
    pub fn tables(&self) -> BTreeSet<String> {
        self.needs(&Needs::new()).into_keys().collect()
    }
}
