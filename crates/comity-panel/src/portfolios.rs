//! Portfolios of foreign policy, year by year, from the tables of a record: alliances, votes, memberships, representation.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use arrow::array::RecordBatch;
use comity_measures::similarity::Portfolios;
use comity_record::columns::{bools, int, ints, text, texts, truth};
use comity_record::coverage::Only;
use comity_record::{Reading, StateSystem};

use super::error::PanelError;
use super::measure::Asked;
use super::measured::refused;

/// The portfolios of one year.
pub(crate) struct OfYear {
    pub year: i32,
    /// The states whose portfolios are known, in the order of the actors.
    pub states: Vec<i32>,
    /// The states that are the items, where items are states.
    pub items: Vec<i32>,
    pub portfolios: Portfolios,
}

/// What portfolios can be made of, and what each is.
pub(crate) const PORTFOLIOS: &[(&str, &str)] = &[
    (
        "alliances",
        "commitments to every state of the system: defence or offence 3, neutrality or consultation 2, non-aggression 1, none 0, to itself 3",
    ),
    (
        "votes",
        "votes in the General Assembly in a year: yes, abstention, no; binary: yes against the others",
    ),
    ("igos", "full membership in every international organisation that has members in the year"),
    (
        "embassies",
        "representation in every capital: ambassador 3, minister 2, chargé d'affaires or other 1, none 0, at home 3; of the years and pairs that the source lists",
    ),
];

/// The tables behind each.
pub(crate) fn tables(portfolio: &str) -> &'static [&'static str] {
    match portfolio {
        "votes" => &["votes"],
        "igos" => &["memberships"],
        "embassies" => &["diplomatic_exchange"],
        _ => &["pledge_dyads", "pledges"],
    }
}

/// The portfolios of the years that are asked for.
pub(crate) fn portfolios(asked: &Asked<'_>, which: &str) -> Result<Vec<OfYear>, PanelError> {
    match which {
        "votes" => votes(asked),
        "igos" => memberships(asked),
        "embassies" => embassies(asked),
        _ => alliances(asked),
    }
}

/// What a matrix of portfolios is filled from.
struct Matrix {
    year: i32,
    states: Vec<i32>,
    items: usize,
    cells: Vec<Option<u8>>,
}

impl Matrix {
    /// With the same in every cell.
    fn of(year: i32, states: Vec<i32>, items: usize, otherwise: Option<u8>) -> Self {
        let cells = vec![otherwise; states.len() * items];
        Self { year, states, items, cells }
    }

    /// With the states themselves as items.
    fn square(year: i32, states: Vec<i32>, otherwise: Option<u8>, itself: u8) -> Self {
        let many = states.len();
        let mut matrix = Self::of(year, states, many, otherwise);
        (0..many).for_each(|at| matrix.cells[at * many + at] = Some(itself));
        matrix
    }

    fn place(&self, ccode: i32) -> Option<usize> {
        self.states.binary_search(&ccode).ok()
    }

    /// Of several facts about one cell the highest stands.
    fn raise(&mut self, state: usize, item: usize, category: u8) {
        let cell = &mut self.cells[state * self.items + item];
        *cell = Some(cell.map_or(category, |known| known.max(category)));
    }

    fn finish(
        self,
        asked: &Asked<'_>,
        categories: usize,
        square: bool,
    ) -> Result<OfYear, PanelError> {
        let Self { year, states, items, cells } = self;
        let portfolios = Portfolios::of(states.len(), items, categories, &cells)
            .map_err(|error| refused(asked.measure, &error))?;
        let of = if square { states.clone() } else { Vec::new() };
        Ok(OfYear { year, states, items: of, portfolios })
    }
}

/// The years of a spell; an open end lasts as long as its source covers.
pub(crate) struct Spells {
    rows: Vec<Option<RangeInclusive<i32>>>,
}

impl Spells {
    pub fn of(asked: &Asked<'_>, reading: &Reading, table: &str, batch: &RecordBatch) -> Self {
        let coverage = asked.record.coverage(table, reading);
        let (start, end) = (ints(batch, "start_year"), ints(batch, "end_year"));
        let source = texts(batch, "source");
        let years = |row: usize| {
            let from = int(start, row)?;
            let to = int(end, row);
            Some(from..=to.unwrap_or_else(|| coverage.open_end(text(source, row), from)))
        };
        Self { rows: (0..batch.num_rows()).map(years).collect() }
    }

    /// The rows of each of these years.
    pub fn by_year(&self, years: &RangeInclusive<i32>) -> BTreeMap<i32, Vec<usize>> {
        let mut by_year: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
        for (row, spell) in self.rows.iter().enumerate() {
            let Some(spell) = spell else { continue };
            let within = (*spell.start()).max(*years.start())..=(*spell.end()).min(*years.end());
            within.for_each(|year| by_year.entry(year).or_default().push(row));
        }
        by_year
    }
}

/// The years of the list of states that are asked for and a table covers.
pub(crate) fn measured_years(asked: &Asked<'_>, span: Option<(i32, i32)>) -> RangeInclusive<i32> {
    let (from, to) = span.unwrap_or((1, 0));
    let asked = asked.years().unwrap_or(from..=to);
    (*asked.start()).max(from)..=(*asked.end()).min(to)
}

/// The members of the system of a year that the table covers, for these rows.
fn covered(
    asked: &Asked<'_>,
    reading: &Reading,
    system: &StateSystem,
    table: &str,
    only: &Only,
    year: i32,
) -> Vec<i32> {
    let coverage = asked.record.coverage(table, reading);
    let mut states = system.members(year);
    states.retain(|ccode| coverage.covers_rows(*ccode, year, only));
    states
}

/// Who answers about alliances, and in which table: the list that is named, else that of the reading. What a list of pairs by year has of the
/// same source is what its authors made of the treaties.
fn of_alliances(asked: &Asked<'_>) -> Result<(Reading, &'static str), PanelError> {
    const ATOP: &str = "atop";
    let of_reading = || {
        let ids = asked.reading.sources("treaties").iter();
        let mut datasets = ids.filter_map(|id| Some(asked.record.source(id)?.dataset.as_str()));
        datasets.clone().any(|d| d == ATOP) || datasets.all(|d| d.starts_with("starter"))
    };
    let named = asked.word("list");
    let by_pairs = asked.record.holds("pledge_dyads", asked.reading);
    match named {
        "atop" if by_pairs => Ok((asked.reading.clone(), "pledge_dyads")),
        "" if by_pairs && of_reading() => Ok((asked.reading.clone(), "pledge_dyads")),
        "" => {
            asked.needs("pledges")?;
            Ok((asked.reading.clone(), "pledges"))
        }
        named => {
            let dataset = if named == ATOP { ATOP } else { "cow-alliances" };
            Ok((asked.with_dataset("treaties", dataset)?, "pledges"))
        }
    }
}

fn alliances(asked: &Asked<'_>) -> Result<Vec<OfYear>, PanelError> {
    let (reading, table) = of_alliances(asked)?;
    let batch = asked.record.table(table, &reading)?;
    let (one, two) = (ints(&batch, "ccode"), ints(&batch, "partner"));
    let owed = [
        ("defense", 3),
        ("offense", 3),
        ("neutrality", 2),
        ("consultation", 2),
        ("nonaggression", 1),
    ];
    let owed = owed.map(|(name, category)| (bools(&batch, name), category));
    let category = |row: usize| {
        let of = owed.iter().filter(|(column, _)| truth(column, row) == Some(true));
        of.map(|(_, category)| *category).max()
    };
    let categories: Vec<Option<u8>> = (0..batch.num_rows()).map(category).collect();
    let years = measured_years(asked, asked.record.coverage(table, &reading).span());
    let by_year = Spells::of(asked, &reading, table, &batch).by_year(&years);
    let system = asked.record.states()?;
    let mut all = Vec::new();
    for year in years {
        let states = covered(asked, &reading, system, table, &Only::new(), year);
        let mut matrix = Matrix::square(year, states, Some(0), 3);
        for row in by_year.get(&year).into_iter().flatten() {
            let (Some(one), Some(two)) = (int(one, *row), int(two, *row)) else { continue };
            let pair = matrix.place(one).zip(matrix.place(two));
            if let (Some((one, two)), Some(category)) = (pair, categories[*row]) {
                matrix.raise(one, two, category);
                matrix.raise(two, one, category);
            }
        }
        all.push(matrix.finish(asked, 4, true)?);
    }
    Ok(all)
}

fn votes(asked: &Asked<'_>) -> Result<Vec<OfYear>, PanelError> {
    asked.needs("votes")?;
    let batch = asked.table("votes")?;
    let (ccode, year, vote, id) =
        (ints(&batch, "ccode"), ints(&batch, "year"), ints(&batch, "vote"), texts(&batch, "rcid"));
    let years = measured_years(asked, asked.record.coverage("votes", asked.reading).span());
    let mut cast: BTreeMap<i32, Vec<(i32, &str, u8)>> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        // 1 yes, 2 abstention, 3 no; what is no vote is not known.
        if let (Some(state), Some(of), Some(vote @ 1..=3)) =
            (int(ccode, row), int(year, row), int(vote, row))
            && years.contains(&of)
        {
            cast.entry(of).or_default().push((state, text(id, row), vote as u8 - 1));
        }
    }
    let one = |(year, cast): (i32, Vec<(i32, &str, u8)>)| {
        let states: BTreeSet<i32> = cast.iter().map(|(state, ..)| *state).collect();
        let calls: BTreeSet<&str> = cast.iter().map(|(_, call, _)| *call).collect();
        let calls: Vec<&str> = calls.into_iter().collect();
        let mut matrix = Matrix::of(year, states.into_iter().collect(), calls.len(), None);
        for (state, call, vote) in cast {
            if let (Some(state), Ok(call)) = (matrix.place(state), calls.binary_search(&call)) {
                matrix.cells[state * calls.len() + call] = Some(vote);
            }
        }
        matrix.finish(asked, 3, false)
    };
    cast.into_iter().map(one).collect()
}

fn memberships(asked: &Asked<'_>) -> Result<Vec<OfYear>, PanelError> {
    asked.needs("memberships")?;
    let batch = asked.table("memberships")?;
    let (ccode, kind, name) =
        (ints(&batch, "ccode"), texts(&batch, "kind"), texts(&batch, "organization"));
    let full: Only = [("kind".to_owned(), ["full".to_owned()].into())].into();
    let coverage = asked.record.coverage("memberships", asked.reading);
    let claims = coverage.answering(&full);
    let span = claims.iter().map(|c| c.from).min().zip(claims.iter().map(|c| c.to).max());
    let years = measured_years(asked, span);
    let by_year = Spells::of(asked, asked.reading, "memberships", &batch).by_year(&years);
    let system = asked.record.states()?;
    let is_full = |row: &&usize| text(kind, **row) == "full";
    let mut all = Vec::new();
    for year in years {
        let rows = || by_year.get(&year).into_iter().flatten().filter(is_full);
        let there: BTreeSet<&str> = rows().map(|row| text(name, *row)).collect();
        let there: Vec<&str> = there.into_iter().collect();
        let states = covered(asked, asked.reading, system, "memberships", &full, year);
        let mut matrix = Matrix::of(year, states, there.len(), Some(0));
        for row in rows() {
            let state = int(ccode, *row).and_then(|ccode| matrix.place(ccode));
            if let (Some(state), Ok(item)) = (state, there.binary_search(&text(name, *row))) {
                matrix.raise(state, item, 1);
            }
        }
        all.push(matrix.finish(asked, 2, false)?);
    }
    Ok(all)
}

/// The rank of a representative: 1 chargé d'affaires, 2 minister, 3 ambassador; 9, which is any other, is above none.
fn rank(level: i32) -> Option<u8> {
    match level {
        0..=3 => Some(level as u8),
        9 => Some(1),
        _ => None,
    }
}

fn embassies(asked: &Asked<'_>) -> Result<Vec<OfYear>, PanelError> {
    asked.needs("diplomatic_exchange")?;
    let batch = asked.table("diplomatic_exchange")?;
    let (ccode, partner, year, level) = (
        ints(&batch, "ccode"),
        ints(&batch, "partner"),
        ints(&batch, "year"),
        ints(&batch, "level"),
    );
    let mut listed: BTreeMap<i32, Vec<(i32, i32, u8)>> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        if let (Some(one), Some(two), Some(of), Some(rank)) = (
            int(ccode, row),
            int(partner, row),
            int(year, row).filter(|year| asked.has_year(*year)),
            int(level, row).and_then(rank),
        ) {
            listed.entry(of).or_default().push((one, two, rank));
        }
    }
    let one = |(year, pairs): (i32, Vec<(i32, i32, u8)>)| {
        let states: BTreeSet<i32> = pairs.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
        let mut matrix = Matrix::square(year, states.into_iter().collect(), None, 3);
        for (one, two, rank) in pairs {
            if let (Some(one), Some(two)) = (matrix.place(one), matrix.place(two)) {
                matrix.raise(one, two, rank);
            }
        }
        matrix.finish(asked, 4, true)
    };
    listed.into_iter().map(one).collect()
}
