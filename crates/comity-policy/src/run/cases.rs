//! The tests inside a document: tables given, verdicts expected.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use comity_record::rows::{TableRows, Value};
use comity_record::schema::{ColumnType, TABLES, Table, Time, table};
use comity_record::{Coverage, Preferences, Record, Relation, Source, SourceBundle, Units};
use comity_sql::{Budget, VIEWS};

use super::evaluate::{Options, evaluate};
use super::grid::FIRST_YEAR;
use crate::document::{Case, Given, Policy, Span, Wanted};

/// The last year of the world that tests live in.
const LAST_YEAR: i32 = 2030;
/// The source of everything that a test does not give: empty and covered.
const SILENCE: &str = "nothing";

/// What came of one test.
#[derive(Debug, Clone)]
pub struct CaseResult {
    /// Commitment.
    pub commitment: String,
    /// Test.
    pub case: String,
    /// Expected verdicts that did not come.
    pub failures: Vec<Failure>,
    /// Why the test could not be run.
    pub error: Option<String>,
    /// The test's place.
    pub span: Span,
}

/// What `comity policy explain` says of a test that could not be run.
const NOT_RUN_CODE: &str = "test-not-run";
/// And of one that expects another verdict than the one that came.
const WRONG_CODE: &str = "wrong-verdict";

impl CaseResult {
    /// The code of its fault in the register; none where it passed.
    pub fn code(&self) -> Option<&'static str> {
        match (&self.error, self.failures.is_empty()) {
            (Some(_), _) => Some(NOT_RUN_CODE),
            (None, false) => Some(WRONG_CODE),
            (None, true) => None,
        }
    }

    /// Whether every expected verdict came.
    pub fn passed(&self) -> bool {
        self.error.is_none() && self.failures.is_empty()
    }
}

/// One verdict that did not come.
#[derive(Debug, Clone)]
pub struct Failure {
    /// State.
    pub state: i32,
    /// Year.
    pub year: i32,
    /// Expected.
    pub expected: Wanted,
    /// What came.
    pub got: Wanted,
    /// The row of the `expect` table.
    pub span: Span,
}

/// Time for all tests of a document together.
const LONGEST: Duration = Duration::from_mins(5);

/// Runs every test of a policy, in document order; what a test does not give of states and great powers is as in `starter`. Tests that
/// would begin after five minutes are not run, and fail.
pub fn test(policy: &Policy, starter: &Record) -> Vec<CaseResult> {
    test_within(policy, starter, &Budget::default())
}

/// The same, with what all queries of all tests may use together.
pub fn test_within(policy: &Policy, starter: &Record, budget: &Budget) -> Vec<CaseResult> {
    let begun = Instant::now();
    policy
        .commitments
        .iter()
        .flat_map(|c| c.cases.iter().map(move |case| (c.id.as_str(), case)))
        .map(|(commitment, case)| match begun.elapsed() {
            spent if spent > LONGEST => {
                let minutes = LONGEST.as_secs() / 60;
                let mut result = empty(commitment, case);
                result.error =
                    Some(format!("it was not run: the tests before it took {minutes} minutes"));
                result
            }
            _ => run(policy, starter, commitment, case, budget),
        })
        .collect()
}

fn empty(commitment: &str, case: &Case) -> CaseResult {
    CaseResult {
        commitment: commitment.to_owned(),
        case: case.name.clone(),
        failures: Vec::new(),
        error: None,
        span: case.span,
    }
}

fn run(
    policy: &Policy,
    starter: &Record,
    commitment: &str,
    case: &Case,
    budget: &Budget,
) -> CaseResult {
    let mut result = empty(commitment, case);
    let evaluated = record(starter, case).and_then(|record| {
        let options = Options {
            commitments: vec![commitment.to_owned()],
            budget: Some(budget.clone()),
            ..Options::default()
        };
        evaluate(&record, policy, &options).map_err(|e| e.to_string())
    });
    let evaluation = match evaluated {
        Ok(evaluation) => evaluation,
        Err(e) => {
            result.error = Some(e);
            return result;
        }
    };
    for expected in &case.expect {
        let (state, year) = (expected.state, expected.year);
        let got = match expected.wanted {
            Wanted::Value(_) => {
                Wanted::Value(evaluation.value((state, year), commitment, &case.name))
            }
            _ => evaluation.named(state, commitment, year),
        };
        if !alike(got, expected.wanted) {
            result.failures.push(Failure {
                state,
                year,
                expected: expected.wanted,
                got,
                span: expected.span,
            });
        }
    }
    result
}

/// Values are written with as many figures as a person needs.
fn alike(got: Wanted, wanted: Wanted) -> bool {
    match (got, wanted) {
        (Wanted::Value(Some(got)), Wanted::Value(Some(wanted))) => {
            (got - wanted).abs() <= 1e-6 * wanted.abs().max(1.0)
        }
        _ => got == wanted,
    }
}

/// The record of a test: the structural tables of the starter unless given, the given tables, silence else.
fn record(starter: &Record, case: &Case) -> Result<Record, String> {
    let mut bundles: BTreeMap<String, SourceBundle> = BTreeMap::new();
    let baseline = starter.baseline();
    let mut given_tables: BTreeSet<&str> = BTreeSet::new();
    for given in &case.given {
        given_tables.insert(given.table.as_str());
    }
    let mut silence = source(SILENCE, "1");
    let mut silent_tables = Vec::new();
    for t in TABLES {
        // The fallback of a given table is left out, unless it is given too.
        let fallback_of_given = VIEWS.iter().any(|view| {
            view.fallback == Some(t.name) && view.reads.iter().any(|r| given_tables.contains(r))
        });
        if given_tables.contains(t.name) || fallback_of_given {
            continue;
        }
        if t.family == "system" {
            let batch = starter.table(t.name, &baseline).map_err(|e| e.to_string())?;
            silent_tables.push((t.name, batch));
        }
        silence.coverage.push(Coverage::all(t.name, FIRST_YEAR, LAST_YEAR));
        silence.relations.insert(t.family.to_owned(), Relation::Complement);
    }
    // Something must be covered to the last year, or the world of the test ends too early.
    bundles.insert(SILENCE.into(), SourceBundle { source: silence, tables: silent_tables });
    for given in &case.given {
        let Some(table) = table(&given.table) else {
            return Err(format!("there is no table `{}`", given.table));
        };
        let id = format!("{}-0", given.source);
        let bundle = bundles.entry(id).or_insert_with(|| SourceBundle {
            source: source(&given.source, "0"),
            tables: Vec::new(),
        });
        let relation = if case.rivals(given) { Relation::Rival } else { Relation::Complement };
        bundle.source.relations.insert(table.family.to_owned(), relation);
        if let Some((from, to)) = covered(given) {
            let units = if given.units.is_empty() {
                Units::All
            } else {
                Units::States(given.units.iter().copied().collect())
            };
            bundle.source.coverage.push(Coverage { units, ..Coverage::all(table.name, from, to) });
        }
        if bundle.tables.iter().any(|(t, _)| *t == table.name) {
            return Err(format!("`{}` is given twice by {}", given.table, given.source));
        }
        let rows = rows(starter, table, given, &bundle.source.id)?;
        bundle.tables.push((table.name, rows.finish()));
    }
    Record::from_bundles_in(
        starter.catalogue(),
        bundles.into_values().collect(),
        Preferences::default(),
    )
    .map_err(|e| e.to_string())
}

fn covered(given: &Given) -> Option<(i32, i32)> {
    match given.coverage {
        None => Some((FIRST_YEAR, LAST_YEAR)),
        Some((from, to)) => (from <= to).then_some((from, to)),
    }
}

fn source(dataset: &str, version: &str) -> Source {
    Source {
        id: format!("{dataset}-{version}"),
        dataset: dataset.to_owned(),
        version: version.to_owned(),
        title: "given in the document".into(),
        publisher: String::new(),
        citation: String::new(),
        licence: String::new(),
        url: String::new(),
        relations: BTreeMap::new(),
        files: Vec::new(),
        added: String::new(),
        coverage: Vec::new(),
        notes: Vec::new(),
        unplaced: Vec::new(),
        unreviewed: false,
    }
}

impl Case {
    /// Two sources of one family are rivals in a test, so that readings can be tried.
    fn rivals(&self, given: &Given) -> bool {
        let family = |g: &Given| table(&g.table).map(|t| t.family);
        self.given.iter().any(|g| g.source != given.source && family(g) == family(given))
    }
}

/// A row of a given table with its year column laid out: `1990..1995` is one row per year.
struct Line<'a> {
    cells: BTreeMap<&'a str, &'a str>,
    year: Option<i32>,
}

fn rows(
    starter: &Record,
    table: &'static Table,
    given: &Given,
    source: &str,
) -> Result<TableRows, String> {
    let mut out = TableRows::new(table, source);
    let mut lines = Vec::new();
    for (cells, _) in &given.rows {
        let cells: BTreeMap<&str, &str> = given
            .columns
            .iter()
            .map(String::as_str)
            .zip(cells.iter().map(String::as_str))
            .collect();
        match cells.get("year").and_then(|y| span(y)) {
            Some((from, to)) if table.time == Time::Year => {
                for year in from..=to {
                    lines.push(Line { cells: cells.clone(), year: Some(year) });
                }
            }
            _ => lines.push(Line { cells, year: None }),
        }
    }
    let first = table.states.first().copied().unwrap_or("ccode");
    let listed = Listed::of(&lines, first);
    // Rows for every other state in the same years are about the same states.
    let mut known: BTreeMap<(Option<i32>, i32, i32), Vec<i32>> = BTreeMap::new();
    for line in &lines {
        if line.cells.get(first) != Some(&"*") {
            push(&mut out, table, &line.cells, line.year, None, &BTreeMap::new())?;
            continue;
        }
        let (from, to) = years_of(line);
        let system = starter.states().map_err(|e| e.to_string())?;
        let others = known.entry((line.year, from, to)).or_insert_with(|| {
            let there = |c: &i32| (from..=to).any(|y| system.is_member(*c, y));
            let ccodes = system.ccodes().iter().copied();
            ccodes.filter(|c| !listed.names(line.year, *c) && there(c)).collect()
        });
        for (at, ccode) in others.iter().enumerate() {
            let mut spread = BTreeMap::new();
            for (name, cell) in &line.cells {
                if *name != "year"
                    && let Some((low, high)) = numbers(cell)
                {
                    let share = at as f64 / (others.len().max(2) - 1) as f64;
                    spread.insert(*name, low + share * (high - low));
                }
            }
            push(&mut out, table, &line.cells, line.year, Some((first, *ccode)), &spread)?;
        }
    }
    Ok(out)
}

/// The states that rows name, by year: a row for every other state leaves them out.
struct Listed {
    ever: BTreeSet<i32>,
    /// Named by a row without a year of its own.
    always: BTreeSet<i32>,
    in_year: BTreeSet<(i32, i32)>,
}

impl Listed {
    fn of(lines: &[Line<'_>], first: &str) -> Self {
        let mut all =
            Self { ever: BTreeSet::new(), always: BTreeSet::new(), in_year: BTreeSet::new() };
        for line in lines {
            let Some(state) = line.cells.get(first).and_then(|c| c.parse().ok()) else { continue };
            all.ever.insert(state);
            match line.year {
                None => all.always.insert(state),
                Some(year) => all.in_year.insert((year, state)),
            };
        }
        all
    }

    fn names(&self, year: Option<i32>, state: i32) -> bool {
        match year {
            None => self.ever.contains(&state),
            Some(year) => self.always.contains(&state) || self.in_year.contains(&(year, state)),
        }
    }
}

fn years_of(line: &Line<'_>) -> (i32, i32) {
    let cell = |name: &str| {
        let text = line.cells.get(name)?;
        text.get(..4)?.parse::<i32>().ok()
    };
    match line.year {
        Some(year) => (year, year),
        None => {
            let from = cell("start_year").or_else(|| cell("start")).unwrap_or(FIRST_YEAR);
            (from, cell("end_year").or_else(|| cell("end")).unwrap_or(LAST_YEAR))
        }
    }
}

fn push(
    out: &mut TableRows,
    table: &'static Table,
    cells: &BTreeMap<&str, &str>,
    year: Option<i32>,
    state: Option<(&str, i32)>,
    spread: &BTreeMap<&str, f64>,
) -> Result<(), String> {
    let mut values: Vec<(&str, Value)> = Vec::new();
    let mut source_row = format!("row {}", out.len() + 1);
    for (name, cell) in cells {
        if *name == "source_row" {
            (*cell).clone_into(&mut source_row);
            continue;
        }
        let Some(column) = table.column(name) else {
            return Err(format!("`{}` has no column `{name}`", table.name));
        };
        let value = match (year, state, spread.get(name)) {
            (Some(year), _, _) if *name == "year" => Value::Int(year),
            (_, Some((first, ccode)), _) if *name == first => Value::Int(ccode),
            (_, _, Some(v)) if column.kind == ColumnType::Int => Value::Int(v.round() as i32),
            (_, _, Some(v)) => Value::Float(*v),
            _ => Value::parse(column.kind, cell)
                .map_err(|wanted| format!("`{cell}` in `{name}` is not {wanted}"))?,
        };
        values.push((name, value));
    }
    out.push(&values, source_row);
    Ok(())
}

fn span(text: &str) -> Option<(i32, i32)> {
    let (from, to) = comity_record::span(text).filter(|_| text.contains(".."))?;
    (from <= to && to - from <= 300).then_some((from, to))
}

fn numbers(text: &str) -> Option<(f64, f64)> {
    let (low, high) = text.split_once("..")?;
    Some((low.trim().parse().ok()?, high.trim().parse().ok()?))
}
