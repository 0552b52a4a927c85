//! Everything between two states: what the record holds of them together, lane by lane, with the years that nobody covers.

mod draw;
mod lanes;

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, RecordBatch};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comity::{Error, Record};

use crate::graph::Line;
pub use draw::{keys, svg, texts};
pub use lanes::LANES;

/// What a lane shows.
#[derive(Debug)]
pub struct About {
    /// Its name in addresses and files.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What its rows are, one and many.
    pub nouns: (&'static str, &'static str),
    /// What its marks or numbers mean, in a sentence.
    pub note: &'static str,
    /// The table whose coverage says where silence means something.
    pub table: &'static str,
    /// The query, with `{a}` and `{b}` for the two states. Of marks: `ccode`, `partner`, `year`, `what`, `source`, `source_row`; of numbers:
    /// `ccode`, `partner`, `year`, `name`, `value`, `source`.
    pub sql: &'static str,
    /// Whether its rows have open ends, which hold as long as their source covers.
    pub open: bool,
    /// How it is drawn.
    pub shape: Shape,
}

/// How a lane is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Bars in a colour, by class.
    Marks(&'static str),
    /// Lines.
    Lines,
}

/// A run of years of one thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// What it was.
    pub what: String,
    /// Whose it was.
    pub who: Who,
    /// Source.
    pub source: String,
    /// Key of the first row in the published source.
    pub row: String,
}

/// Whose something was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Of both towards each other.
    Both,
    /// Of the first towards the second.
    First,
    /// Of the second towards the first.
    Second,
}

/// A lane with what the record holds.
#[derive(Debug)]
pub struct Lane {
    /// What it shows.
    pub about: &'static About,
    /// Marks, by years.
    pub marks: Vec<Mark>,
    /// Lines of numbers.
    pub lines: Vec<Line>,
    /// By year of the axis: whether silence means something.
    pub covered: Vec<bool>,
    /// The sources of its rows, and those that cover it.
    pub sources: BTreeSet<String>,
}

/// Two states over the years.
#[derive(Debug)]
pub struct Dyad {
    /// The two, by `ccode`.
    pub pair: (i32, i32),
    /// How addresses name them.
    pub handles: (String, String),
    /// What they are called.
    pub names: (String, String),
    /// The axis.
    pub years: (i32, i32),
    /// The lanes, in the order of the page.
    pub lanes: Vec<Lane>,
}

impl Lane {
    /// Whether there is anything to show: a row, or a year of which silence means something.
    pub fn is_known(&self) -> bool {
        self.has_rows() || self.covered.iter().any(|c| *c)
    }

    /// Whether it has a row.
    pub fn has_rows(&self) -> bool {
        !self.marks.is_empty() || self.lines.iter().any(|l| !l.points.is_empty())
    }

    /// Whether a year is known: something was found, or silence means something.
    pub fn knows(&self, years: (i32, i32), year: i32) -> bool {
        let at = usize::try_from(year - years.0).ok();
        let silent = at.and_then(|at| self.covered.get(at)).copied().unwrap_or(false);
        match self.about.shape {
            Shape::Marks(_) => silent || self.marks.iter().any(|m| (m.from..=m.to).contains(&year)),
            Shape::Lines => self.lines.iter().any(|l| l.points.iter().any(|p| p.0 == year)),
        }
    }
}

impl Dyad {
    /// Collects what the record holds of two states in these years.
    ///
    /// # Errors
    /// A damaged record.
    pub fn of(
        record: &Record,
        pair: (i32, i32),
        handles: (String, String),
        names: (String, String),
        years: (i32, i32),
    ) -> Result<Self, Error> {
        let mut lanes = lanes(record, pair, years)?;
        for line in lanes.iter_mut().flat_map(|l| &mut l.lines) {
            line.name =
                line.name.replace("the first", &handles.0).replace("the second", &handles.1);
        }
        Ok(Self { pair, handles, names, years, lanes })
    }

    /// Begins the axis in the decade of the first year of which anything is known.
    pub fn trim(&mut self) {
        let known = |year: &i32| self.lanes.iter().any(|l| l.knows(self.years, *year));
        let Some(first) = (self.years.0..=self.years.1).find(known) else { return };
        let from = (first - first.rem_euclid(10)).max(self.years.0);
        let gone = usize::try_from(from - self.years.0).unwrap_or_default();
        for lane in &mut self.lanes {
            lane.covered.drain(..gone.min(lane.covered.len()));
        }
        self.years.0 = from;
    }

    /// Whose something was, in words.
    pub fn who(&self, who: Who) -> String {
        let (a, b) = (&self.handles.0, &self.handles.1);
        match who {
            Who::Both => format!("{a} and {b}"),
            Who::First => format!("{a} → {b}"),
            Who::Second => format!("{b} → {a}"),
        }
    }
}

/// All lanes, some of them side by side.
fn lanes(record: &Record, pair: (i32, i32), years: (i32, i32)) -> Result<Vec<Lane>, Error> {
    const THREADS: usize = 4;
    let some = |some: &'static [&'static About]| -> Result<Vec<Lane>, Error> {
        some.iter().map(|about| lane(record, about, pair, years)).collect()
    };
    let done: Vec<Result<Vec<Lane>, Error>> = std::thread::scope(|scope| {
        let chunks = LANES.chunks(LANES.len().div_ceil(THREADS));
        let threads: Vec<_> = chunks.map(|chunk| scope.spawn(move || some(chunk))).collect();
        let lost = |_| Err(Error::new("a lane could not be made"));
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(lost)).collect()
    });
    let done: Vec<Vec<Lane>> = done.into_iter().collect::<Result<_, _>>()?;
    Ok(done.into_iter().flatten().collect())
}

fn lane(
    record: &Record,
    about: &'static About,
    pair: (i32, i32),
    years: (i32, i32),
) -> Result<Lane, Error> {
    let sql = about.sql.replace("{a}", &pair.0.to_string()).replace("{b}", &pair.1.to_string());
    let rows = texts_of(&record.query(&sql)?)?;
    let (marks, lines, mut sources) = match about.shape {
        Shape::Marks(_) => {
            let marks = marks(&rows, pair, years);
            let sources = marks.iter().map(|m| m.source.clone()).collect();
            (marks, Vec::new(), sources)
        }
        Shape::Lines => {
            let (lines, sources) = lines(&rows, years);
            (Vec::new(), lines, sources)
        }
    };
    let tables = record.tables();
    let coverage = tables.coverage(about.table, &tables.baseline());
    let covered: Vec<bool> = (years.0..=years.1)
        .map(|year| coverage.covers(pair.0, year) && coverage.covers(pair.1, year))
        .collect();
    let inside = |c: &comity::Coverage| {
        let both = c.units.contain(pair.0) && c.units.contain(pair.1);
        !c.context && c.from <= years.1 && c.to >= years.0 && both
    };
    let mut lines = lines;
    if about.open {
        let known = |point: &(i32, f64)| {
            usize::try_from(point.0 - years.0).ok().and_then(|at| covered.get(at)).copied()
        };
        lines.iter_mut().for_each(|l| l.points.retain(|p| known(p).unwrap_or(false)));
    }
    sources.extend(coverage.entries().iter().filter(|(_, c)| inside(c)).map(|(id, _)| id.clone()));
    Ok(Lane { about, marks, lines, covered, sources })
}

/// The cells of an answer as texts; none is missing.
fn texts_of(rows: &RecordBatch) -> Result<Vec<Vec<Option<String>>>, Error> {
    const OPTIONS: FormatOptions<'static> = FormatOptions::new();
    let failed = |e: arrow::error::ArrowError| Error::new(format!("rows cannot be read: {e}"));
    let columns: Vec<_> = rows
        .columns()
        .iter()
        .map(|c| Ok((c, ArrayFormatter::try_new(c.as_ref(), &OPTIONS).map_err(failed)?)))
        .collect::<Result<_, Error>>()?;
    let cell = |row: usize| {
        columns.iter().map(|(c, f)| c.is_valid(row).then(|| f.value(row).to_string())).collect()
    };
    Ok((0..rows.num_rows()).map(cell).collect())
}

fn number<T: std::str::FromStr>(cell: Option<&Option<String>>) -> Option<T> {
    cell?.as_ref()?.parse().ok()
}

fn text(cell: Option<&Option<String>>) -> String {
    let text = cell.cloned().flatten().unwrap_or_default();
    comity_report::plain::clean(text.trim().trim_end_matches([',', ':'])).into_owned()
}

/// Runs of years of the same thing; what holds of both towards each other is one.
fn marks(rows: &[Vec<Option<String>>], pair: (i32, i32), years: (i32, i32)) -> Vec<Mark> {
    let mut by_thing: BTreeMap<(String, String, Who), BTreeMap<i32, String>> = BTreeMap::new();
    for row in rows {
        let (Some(ccode), Some(year)) = (number::<i32>(row.first()), number::<i32>(row.get(2)))
        else {
            continue;
        };
        let who = match number::<i32>(row.get(1)) {
            None => Who::Both,
            Some(_) if ccode == pair.0 => Who::First,
            Some(_) => Who::Second,
        };
        if (years.0..=years.1).contains(&year) {
            let key = (text(row.get(3)), text(row.get(4)), who);
            by_thing.entry(key).or_default().entry(year).or_insert_with(|| text(row.get(5)));
        }
    }
    let mut marks: Vec<Mark> = Vec::new();
    for ((what, source, who), of) in by_thing {
        for (from, to) in comity_report::years::spans(of.keys().copied()) {
            let row = of.get(&from).cloned().unwrap_or_default();
            let (what, source) = (what.clone(), source.clone());
            marks.push(Mark { from, to, what, who, source, row });
        }
    }
    marks.sort();
    let mut out: Vec<Mark> = Vec::new();
    for mark in marks {
        let same = |other: &&mut Mark| {
            let one = (&other.what, &other.source, other.from, other.to);
            other.who != mark.who && one == (&mark.what, &mark.source, mark.from, mark.to)
        };
        match out.iter_mut().find(same) {
            Some(other) => other.who = Who::Both,
            None => out.push(mark),
        }
    }
    out
}

fn lines(rows: &[Vec<Option<String>>], years: (i32, i32)) -> (Vec<Line>, BTreeSet<String>) {
    let mut by_name: BTreeMap<String, BTreeMap<i32, f64>> = BTreeMap::new();
    let mut sources = BTreeSet::new();
    for row in rows {
        let (Some(year), Some(value)) = (number::<i32>(row.first()), number::<f64>(row.get(2)))
        else {
            continue;
        };
        if (years.0..=years.1).contains(&year) && value.is_finite() {
            by_name.entry(text(row.get(1))).or_default().insert(year, value);
            sources.insert(text(row.get(3)));
        }
    }
    let line = |(name, points): (String, BTreeMap<i32, f64>)| Line {
        band: Vec::new(),
        name,
        points: points.into_iter().collect(),
    };
    (by_name.into_iter().map(line).collect(), sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<Option<String>> {
        cells.iter().map(|c| (!c.is_empty()).then(|| (*c).to_owned())).collect()
    }

    #[test]
    fn years_are_runs_a_gap_ends_one_and_what_holds_of_both_is_one() {
        let rows = [
            row(&["1", "2", "1950", "a pact, ", "s", "k1"]),
            row(&["1", "2", "1951", "a pact, ", "s", "k2"]),
            row(&["1", "2", "1953", "a pact, ", "s", "k3"]),
            row(&["2", "1", "1950", "a pact, ", "s", "k4"]),
            row(&["2", "1", "1951", "a pact, ", "s", "k5"]),
            row(&["2", "1", "1800", "before", "s", "k6"]),
            row(&["", "1", "1950", "nobody", "s", "k7"]),
        ];
        let marks = marks(&rows, (1, 2), (1940, 1960));
        let said: Vec<_> =
            marks.iter().map(|m| (m.from, m.to, m.what.as_str(), m.who, m.row.as_str())).collect();
        assert_eq!(
            said,
            [(1950, 1951, "a pact", Who::Both, "k1"), (1953, 1953, "a pact", Who::First, "k3")]
        );
    }

    #[test]
    fn every_lane_is_answered_by_the_starter_or_is_a_hole() {
        let record = Record::starter();
        let dyad = Dyad::of(
            &record,
            (710, 365),
            ("CHN".into(), "RUS".into()),
            ("China".into(), "Russia".into()),
            (1945, 2024),
        )
        .unwrap();
        let lane = |id: &str| dyad.lanes.iter().find(|l| l.about.id == id).unwrap();
        let pact = "Treaty of Friendship, Alliance and Mutual Assistance";
        let pacts = &lane("pledges").marks;
        let pact = pacts.iter().find(|m| m.what.starts_with(pact)).unwrap();
        assert_eq!((pact.from, pact.to, pact.who), (1950, 1980, Who::Both));
        assert!(pact.what.contains("defence"), "{}", pact.what);
        assert!(!pact.row.is_empty() && pact.source.starts_with("starter"));
        // No dataset of trade is in it: a hole, not a zero.
        assert!(!lane("trade").is_known() && !lane("trade").knows(dyad.years, 1960));
        assert!(lane("pledges").knows(dyad.years, 1960));
    }

    #[test]
    fn the_axis_begins_where_something_is_known() {
        let record = Record::starter();
        let name = |n: &str| (n.to_owned(), n.to_owned());
        let mut dyad = Dyad::of(&record, (2, 200), name("a"), name("b"), (1816, 2024)).unwrap();
        let before = dyad.lanes[0].covered.len();
        let known = |d: &Dyad, year| d.lanes[0].knows(d.years, year);
        let (old, new) = (known(&dyad, 1816), known(&dyad, 1950));
        dyad.trim();
        assert!(dyad.years.0 > 1816 && dyad.years.0 % 10 == 0 && dyad.years.1 == 2024);
        assert_eq!(before - dyad.lanes[0].covered.len(), (dyad.years.0 - 1816) as usize);
        assert_eq!((old, new), (false, known(&dyad, 1950)));
    }

    #[test]
    fn the_order_of_the_two_changes_only_the_direction() {
        let record = Record::starter();
        let of = |a: i32, b: i32| {
            let name = |c: i32| c.to_string();
            Dyad::of(&record, (a, b), (name(a), name(b)), (name(a), name(b)), (1945, 2024)).unwrap()
        };
        let (one, other) = (of(750, 710), of(710, 750));
        for (x, y) in one.lanes.iter().zip(&other.lanes) {
            assert_eq!(x.marks.len(), y.marks.len(), "{}", x.about.id);
            assert_eq!(x.covered, y.covered);
        }
    }
}
