//! One table under one reading, put together from the sources that answer.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{Date32Type, Int32Type};
use arrow::row::{RowConverter, SortField};
use jiff::civil::Date;

use crate::columns::int;
use crate::coverage::{Coverage, Only};
use crate::error::Error;
use crate::order::sorted;
use crate::rows::days;
use crate::schema::{Table, Time, YEARS};
use crate::source::{Relation, Source};

/// The rows of one source of a table.
pub(crate) struct Part {
    /// Its rows.
    pub rows: RecordBatch,
    /// How it stands to the others.
    pub standing: Standing,
}

/// How the rows of a source stand to those of others when a table is put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Published: united with the others, the first of an equal key stays.
    Published,
    /// The starter, which answers only where no other source covers.
    Starter,
    /// A layer: its rows stand as they are, and displace nothing but what the layer itself hides.
    Layer,
}

impl Standing {
    /// How a source stands in a table.
    pub fn of(source: &Source, table: &Table) -> Self {
        match source.relations.get(table.family) {
            Some(Relation::Starter) => Self::Starter,
            Some(Relation::Layer | Relation::Beside) => Self::Layer,
            _ => Self::Published,
        }
    }
}

impl Part {
    pub fn is_starter(&self) -> bool {
        self.standing == Standing::Starter
    }
}

/// Puts the parts together: united with the first of an equal key, the starter filling gaps, sorted by all columns.
///
/// `covering` are the claims of the published parts, `own` those of the starter.
pub(crate) fn compose(
    table: &Table,
    parts: &[Part],
    covering: &[&Coverage],
    own: &[&Coverage],
) -> Result<RecordBatch, Error> {
    let mut batches = Vec::with_capacity(parts.len());
    let published = parts.iter().filter(|p| p.standing == Standing::Published);
    let others: Vec<RecordBatch> =
        published.map(|p| given_way(table, &p.rows, own)).collect::<Result<_, _>>()?;
    let mut taken: HashSet<String> = HashSet::new();
    for rows in &others {
        batches.push(if others.len() > 1 {
            first_of_each_key(table, rows, &mut taken)?
        } else {
            rows.clone()
        });
    }
    for part in parts.iter().filter(|p| p.is_starter()) {
        batches.push(if table.structural {
            where_no_other_speaks(table, &part.rows, &others)?
        } else {
            not_repeated(table, gaps(table, &part.rows, covering, own)?, &others)?
        });
    }
    batches.extend(parts.iter().filter(|p| p.standing == Standing::Layer).map(|p| p.rows.clone()));
    // What is alone is not copied.
    batches.retain(|b| b.num_rows() > 0);
    sorted(&concat_batches(&table.schema(), &batches)?)
}

fn ints<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a Int32Array> {
    batch.column_by_name(name).map(AsArray::as_primitive::<Int32Type>)
}

/// Complements are united; a row whose key an earlier source already gave is left out.
fn first_of_each_key(
    table: &Table,
    batch: &RecordBatch,
    taken: &mut HashSet<String>,
) -> Result<RecordBatch, Error> {
    let keys: Vec<ArrayRef> =
        table.key.iter().filter_map(|k| batch.column_by_name(k)).map(Arc::clone).collect();
    let mut own = Vec::new();
    let mut keep = Vec::new();
    for row in 0..batch.num_rows() {
        let key = key_text(&keys, row)?;
        if !taken.contains(&key) {
            keep.push(row as u32);
            own.push(key);
        }
    }
    // One source may repeat a key (its reader says why); only other sources are held against it.
    taken.extend(own);
    Ok(take_record_batch(batch, &UInt32Array::from(keep))?)
}

/// Structural tables carry forward: where another source has any row about a state (and code system),
/// it alone speaks; the starter keeps the states that no other source knows.
fn where_no_other_speaks(
    table: &Table,
    starter: &RecordBatch,
    others: &[RecordBatch],
) -> Result<RecordBatch, Error> {
    if table.name == "major_powers" && others.iter().any(|rows| rows.num_rows() > 0) {
        return Ok(starter.slice(0, 0));
    }
    let name = |batch: &RecordBatch, row: usize| {
        let state = table.states.first().and_then(|c| int(ints(batch, c)?, row));
        let system =
            batch.column_by_name("system").map(|c| c.as_string::<i32>().value(row).to_owned());
        (state, system)
    };
    let spoken: HashSet<_> =
        others.iter().flat_map(|rows| (0..rows.num_rows()).map(|r| name(rows, r))).collect();
    let keep: Vec<u32> = (0..starter.num_rows())
        .filter(|r| !spoken.contains(&name(starter, *r)))
        .map(|r| r as u32)
        .collect();
    Ok(take_record_batch(starter, &UInt32Array::from(keep))?)
}

/// Tables without states of their own (treaties, wars): of a starter source stays what its own parties, as they
/// stand in the reading, still name. Otherwise one war would be counted twice, by the starter and by the source that
/// took its place.
pub(crate) fn still_named(
    table: &Table,
    starter: &RecordBatch,
    source: &str,
    parties: &[RecordBatch],
) -> Result<RecordBatch, Error> {
    let keys = |batch: &RecordBatch| -> Vec<ArrayRef> {
        table.key.iter().filter_map(|k| batch.column_by_name(k)).map(Arc::clone).collect()
    };
    let mut named = HashSet::new();
    for batch in parties {
        let columns = keys(batch);
        let Some(sources) = batch.column_by_name("source").map(AsArray::as_string::<i32>) else {
            continue;
        };
        for row in (0..batch.num_rows()).filter(|r| sources.value(*r) == source) {
            named.insert(key_text(&columns, row)?);
        }
    }
    let columns = keys(starter);
    let mut keep = Vec::new();
    for row in 0..starter.num_rows() {
        if named.contains(&key_text(&columns, row)?) {
            keep.push(row as u32);
        }
    }
    Ok(take_record_batch(starter, &UInt32Array::from(keep))?)
}

fn key_text(columns: &[ArrayRef], row: usize) -> Result<String, Error> {
    let cells: Result<Vec<String>, _> =
        columns.iter().map(|k| arrow::util::display::array_value_to_string(k, row)).collect();
    Ok(cells?.join("\u{1f}"))
}

/// The texts of a row in the columns by which claims tell kinds of rows apart.
struct Kinds<'a>(Vec<(&'a str, &'a StringArray)>);

impl<'a> Kinds<'a> {
    fn of(batch: &'a RecordBatch, claims: impl Iterator<Item = &'a Coverage>) -> Self {
        let named: BTreeSet<&str> = claims
            .flat_map(|c| c.only.keys().chain(c.except.keys()).chain(c.prevails.keys()))
            .map(String::as_str)
            .collect();
        let cells = |c| Some((c, batch.column_by_name(c)?.as_string_opt::<i32>()?));
        Self(named.into_iter().filter_map(cells).collect())
    }

    fn row(&self, row: usize) -> Only {
        let there = self.0.iter().filter(|(_, c)| !c.is_null(row));
        there.map(|(n, c)| ((*n).to_owned(), [c.value(row).to_owned()].into())).collect()
    }

    /// The texts themselves, in the order of the columns: rows of one kind have the same.
    fn texts(&self, row: usize) -> Vec<Option<&'a str>> {
        self.0.iter().map(|(_, c)| (!c.is_null(row)).then(|| c.value(row))).collect()
    }
}

/// The claims that bear on the rows of a batch, looked up once for each kind of rows.
struct Bearing<'a> {
    kinds: Kinds<'a>,
    claims: BTreeMap<Vec<Option<&'a str>>, Vec<&'a Coverage>>,
}

impl<'a> Bearing<'a> {
    fn of(
        batch: &'a RecordBatch,
        claims: &[&'a Coverage],
        bears: impl Fn(&Coverage, &Only) -> bool,
    ) -> Self {
        let kinds = Kinds::of(batch, claims.iter().copied());
        let mut by_kind: BTreeMap<Vec<Option<&str>>, Vec<&Coverage>> = BTreeMap::new();
        for row in 0..batch.num_rows() {
            by_kind.entry(kinds.texts(row)).or_insert_with(|| {
                let only = kinds.row(row);
                claims.iter().copied().filter(|c| bears(c, &only)).collect()
            });
        }
        Self { kinds, claims: by_kind }
    }

    fn on(&self, row: usize) -> &[&'a Coverage] {
        self.claims.get(&self.kinds.texts(row)).map_or(&[], Vec::as_slice)
    }
}

/// Whether one of the claims is about a state in a year.
fn speak(claims: &[&Coverage], state: i32, year: i32) -> bool {
    claims.iter().any(|c| (c.from..=c.to).contains(&year) && c.units.contain(state))
}

/// The states that the rows of a batch are about.
fn states_of<'a>(table: &Table, batch: &'a RecordBatch) -> Vec<&'a Int32Array> {
    table.states.iter().filter_map(|s| ints(batch, s)).collect()
}

/// Whether a row is about any state, and each of its states is meant.
fn each_state(states: &[&Int32Array], row: usize, meant: impl Fn(i32) -> bool) -> bool {
    let mut about = states.iter().filter_map(|c| int(c, row)).peekable();
    about.peek().is_some() && about.all(meant)
}

/// The starter's rows, only for the state-years that no other source covers; a spell is clipped to them. Facts of which the
/// starter is the better source stand everywhere.
pub(crate) fn gaps(
    table: &Table,
    starter: &RecordBatch,
    covering: &[&Coverage],
    own: &[&Coverage],
) -> Result<RecordBatch, Error> {
    if covering.is_empty() || table.states.is_empty() || table.time == Time::None {
        return Ok(starter.clone());
    }
    let states = states_of(table, starter);
    // A claim about some rows takes the place of those rows alone.
    let answering = Bearing::of(starter, covering, Coverage::answers);
    let better = Bearing::of(starter, own, Coverage::is_better_for);
    let states = states.as_slice();
    without_years(table, starter, covering, |row| {
        let (answering, better) = (answering.on(row), better.on(row));
        move |year| {
            !each_state(states, row, |s| speak(better, s, year))
                && each_state(states, row, |s| speak(answering, s, year))
        }
    })
}

/// The rows of a published source without those of which the starter is the better source.
fn given_way(table: &Table, rows: &RecordBatch, own: &[&Coverage]) -> Result<RecordBatch, Error> {
    let better: Vec<&Coverage> = own.iter().filter(|c| !c.prevails.is_empty()).copied().collect();
    if better.is_empty() || table.states.is_empty() || table.time == Time::None {
        return Ok(rows.clone());
    }
    let bearing = Bearing::of(rows, &better, Coverage::is_better_for);
    let is_meant = |row: &usize| !bearing.on(*row).is_empty();
    let (meant, others): (Vec<usize>, Vec<usize>) = (0..rows.num_rows()).partition(is_meant);
    if meant.is_empty() {
        return Ok(rows.clone());
    }
    let take = |rows_of: Vec<usize>| {
        let index: UInt32Array = rows_of.into_iter().map(|r| r as u32).collect();
        take_record_batch(rows, &index)
    };
    let (meant, others) = (take(meant)?, take(others)?);
    let states = states_of(table, &meant);
    let states = states.as_slice();
    let bearing = Bearing::of(&meant, &better, Coverage::is_better_for);
    let left = without_years(table, &meant, &better, |row| {
        let claims = bearing.on(row);
        move |year| each_state(states, row, |s| speak(claims, s, year))
    })?;
    Ok(concat_batches(&rows.schema(), [&others, &left])?)
}

/// Rows without the years that are covered; a spell is clipped to those that are left.
fn without_years<F: Fn(i32) -> bool>(
    table: &Table,
    rows: &RecordBatch,
    covering: &[&Coverage],
    covered_in: impl Fn(usize) -> F,
) -> Result<RecordBatch, Error> {
    if table.time != Time::Year {
        return clipped(rows, covering, covered_in);
    }
    let Some(year) = ints(rows, "year") else { return Ok(rows.clone()) };
    let open = |r: &usize| int(year, *r).is_none_or(|y| !covered_in(*r)(y));
    let keep: Vec<u32> = (0..rows.num_rows()).filter(open).map(|r| r as u32).collect();
    Ok(take_record_batch(rows, &UInt32Array::from(keep))?)
}

/// Leaves out what another source has under the same key in a year that it does not claim whole: the vetoes of a list
/// that ends in September.
fn not_repeated(
    table: &Table,
    starter: RecordBatch,
    others: &[RecordBatch],
) -> Result<RecordBatch, Error> {
    if table.time != Time::Year || table.states.is_empty() || starter.num_rows() == 0 {
        return Ok(starter);
    }
    let keys = |batch: &RecordBatch| -> Vec<ArrayRef> {
        table.key.iter().filter_map(|k| batch.column_by_name(k)).map(Arc::clone).collect()
    };
    let fields = keys(&starter).iter().map(|k| SortField::new(k.data_type().clone())).collect();
    let converter = RowConverter::new(fields)?;
    let own = converter.convert_columns(&keys(&starter))?;
    let mut repeated: HashSet<usize> = HashSet::new();
    for other in others {
        let theirs = converter.convert_columns(&keys(other))?;
        let theirs: HashSet<_> = theirs.iter().collect();
        repeated.extend((0..starter.num_rows()).filter(|r| theirs.contains(&own.row(*r))));
    }
    let keep = (0..starter.num_rows()).filter(|r| !repeated.contains(r)).map(|r| r as u32);
    Ok(take_record_batch(&starter, &keep.collect::<UInt32Array>())?)
}

fn clipped<F: Fn(i32) -> bool>(
    starter: &RecordBatch,
    covering: &[&Coverage],
    covered_in: impl Fn(usize) -> F,
) -> Result<RecordBatch, Error> {
    let (Some(from), Some(to)) = (ints(starter, "start_year"), ints(starter, "end_year")) else {
        return Ok(starter.clone());
    };
    // Past the last claim nothing is covered: an open spell need not be followed further.
    let last_claim = covering.iter().map(|c| c.to.min(*YEARS.end())).max().unwrap_or(0);
    // A spell without a known beginning is held against the claims from the first of them on.
    let first_claim = covering.iter().map(|c| c.from.max(*YEARS.start())).min().unwrap_or(0);
    let mut index = Vec::new();
    let mut spans: Vec<(Option<i32>, Option<i32>, bool, bool)> = Vec::new();
    for row in 0..starter.num_rows() {
        let (begins, end) = (int(from, row), int(to, row));
        let first = begins.unwrap_or_else(|| end.map_or(first_claim, |e| e.min(first_claim)));
        let last = end.unwrap_or_else(|| last_claim.max(first) + 1);
        let mut open: Option<i32> = None;
        let covered = covered_in(row);
        for year in first..=last + 1 {
            let free = year <= last && !covered(year);
            match (open, free) {
                (None, true) => open = Some(year),
                (Some(began), false) => {
                    let to_the_end = year == last + 1;
                    index.push(row as u32);
                    spans.push((
                        if began == first { begins } else { Some(began) },
                        if to_the_end { end } else { Some(year - 1) },
                        began != first,
                        !to_the_end,
                    ));
                    open = None;
                }
                _ => {}
            }
        }
    }
    let taken = take_record_batch(starter, &UInt32Array::from(index))?;
    let mut columns = taken.columns().to_vec();
    let schema = taken.schema();
    for (name, at_end) in [("start", false), ("end", true)] {
        let dates = taken.column_by_name(name).map(AsArray::as_primitive::<Date32Type>);
        let cut = spans.iter().enumerate().map(|(row, (from, to, cut_start, cut_end))| {
            let date = match (at_end, cut_start, cut_end, from, to) {
                (false, true, _, Some(y), _) => Date::new(*y as i16, 1, 1).ok(),
                (true, _, true, _, Some(y)) => Date::new(*y as i16, 12, 31).ok(),
                _ => return dates.filter(|d| !d.is_null(row)).map(|d| d.value(row)),
            };
            date.map(days)
        });
        let cut: arrow::array::Date32Array = cut.collect();
        columns[schema.index_of(name)?] = Arc::new(cut);
    }
    columns[schema.index_of("start_year")?] =
        Arc::new(spans.iter().map(|s| s.0).collect::<Int32Array>());
    columns[schema.index_of("end_year")?] =
        Arc::new(spans.iter().map(|s| s.1).collect::<Int32Array>());
    Ok(RecordBatch::try_new(schema, columns)?)
}
