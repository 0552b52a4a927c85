//! One table under one reading, put together from the sources that answer.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{LexicographicalComparator, SortColumn, concat_batches, take_record_batch};
use arrow::datatypes::{Date32Type, Int32Type};
use arrow::row::{RowConverter, SortField};
use jiff::civil::Date;

use crate::columns::int;
use crate::coverage::{Coverage, Only};
use crate::error::Error;
use crate::rows::days;
use crate::schema::{Table, Time, YEARS};

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

impl Part {
    pub fn is_starter(&self) -> bool {
        self.standing == Standing::Starter
    }
}

/// Puts the parts together: united with the first of an equal key, the starter filling gaps, sorted by all columns.
///
/// `covering` are the claims of the published parts.
pub(crate) fn compose(
    table: &Table,
    parts: &[Part],
    covering: &[&Coverage],
) -> Result<RecordBatch, Error> {
    let mut batches = Vec::with_capacity(parts.len());
    let others: Vec<&Part> = parts.iter().filter(|p| p.standing == Standing::Published).collect();
    let mut taken: HashSet<String> = HashSet::new();
    for part in &others {
        batches.push(if others.len() > 1 {
            first_of_each_key(table, &part.rows, &mut taken)?
        } else {
            part.rows.clone()
        });
    }
    for part in parts.iter().filter(|p| p.is_starter()) {
        batches.push(if table.structural {
            where_no_other_speaks(table, &part.rows, &others)?
        } else {
            not_repeated(table, gaps(table, &part.rows, covering)?, &others)?
        });
    }
    batches.extend(parts.iter().filter(|p| p.standing == Standing::Layer).map(|p| p.rows.clone()));
    // What is alone is not copied.
    batches.retain(|b| b.num_rows() > 0);
    sorted(&concat_batches(&table.schema(), &batches)?)
}

/// Rows in the order of all their columns, so that no order of files, rows or threads is ever seen.
pub(crate) fn sorted(batch: &RecordBatch) -> Result<RecordBatch, Error> {
    if batch.num_rows() < 2 {
        return Ok(batch.clone());
    }
    let column = |c: &ArrayRef| SortColumn { values: Arc::clone(c), options: None };
    let columns: Vec<SortColumn> = batch.columns().iter().map(column).collect();
    let rows = LexicographicalComparator::try_new(&columns)?;
    if (1..batch.num_rows()).all(|row| rows.compare(row - 1, row).is_le()) {
        return Ok(batch.clone());
    }
    // Stored tables are sorted already: a stable sort joins such runs without sorting them again.
    let mut order: Vec<u32> = (0..batch.num_rows() as u32).collect();
    order.sort_by(|a, b| rows.compare(*a as usize, *b as usize));
    Ok(take_record_batch(batch, &UInt32Array::from(order))?)
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
    others: &[&Part],
) -> Result<RecordBatch, Error> {
    if table.name == "major_powers" && others.iter().any(|p| p.rows.num_rows() > 0) {
        return Ok(starter.slice(0, 0));
    }
    let name = |batch: &RecordBatch, row: usize| {
        let state = table.states.first().and_then(|c| int(ints(batch, c)?, row));
        let system =
            batch.column_by_name("system").map(|c| c.as_string::<i32>().value(row).to_owned());
        (state, system)
    };
    let spoken: HashSet<_> =
        others.iter().flat_map(|p| (0..p.rows.num_rows()).map(|r| name(&p.rows, r))).collect();
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

/// The starter's rows, only for the state-years that no other source covers; a spell is clipped to them.
pub(crate) fn gaps(
    table: &Table,
    starter: &RecordBatch,
    covering: &[&Coverage],
) -> Result<RecordBatch, Error> {
    if covering.is_empty() || table.states.is_empty() || table.time == Time::None {
        return Ok(starter.clone());
    }
    let states: Vec<&Int32Array> = table.states.iter().filter_map(|s| ints(starter, s)).collect();
    // A claim about some rows takes the place of those rows alone.
    let restricted: BTreeSet<&str> = covering
        .iter()
        .flat_map(|c| c.only.keys().chain(c.except.keys()).map(String::as_str))
        .collect();
    let cells: Vec<(&str, &StringArray)> = restricted
        .into_iter()
        .filter_map(|c| Some((c, starter.column_by_name(c)?.as_string_opt::<i32>()?)))
        .collect();
    let wanted = |row: usize| -> Only {
        let there = cells.iter().filter(|(_, c)| !c.is_null(row));
        there.map(|(n, c)| ((*n).to_owned(), [c.value(row).to_owned()].into())).collect()
    };
    // Rows of one kind are answered for by the same claims.
    let mut answering: BTreeMap<Vec<Option<&str>>, Vec<&Coverage>> = BTreeMap::new();
    for row in 0..starter.num_rows() {
        let kind = cells.iter().map(|(_, c)| (!c.is_null(row)).then(|| c.value(row))).collect();
        answering.entry(kind).or_insert_with(|| {
            let rows = wanted(row);
            covering.iter().copied().filter(|c| c.answers(&rows)).collect()
        });
    }
    let claims = |row: usize| -> &[&Coverage] {
        let kind: Vec<Option<&str>> =
            cells.iter().map(|(_, c)| (!c.is_null(row)).then(|| c.value(row))).collect();
        answering.get(&kind).map_or(&[], Vec::as_slice)
    };
    let covered = |claims: &[&Coverage], row: usize, year: i32| {
        let mut about = states.iter().filter_map(|c| int(c, row)).peekable();
        let speaks =
            |s: i32| claims.iter().any(|c| (c.from..=c.to).contains(&year) && c.units.contain(s));
        about.peek().is_some() && about.all(speaks)
    };
    if table.time == Time::Year {
        let Some(year) = ints(starter, "year") else { return Ok(starter.clone()) };
        let open = |r: &usize| int(year, *r).is_none_or(|y| !covered(claims(*r), *r, y));
        let keep: Vec<u32> = (0..starter.num_rows()).filter(open).map(|r| r as u32).collect();
        return Ok(take_record_batch(starter, &UInt32Array::from(keep))?);
    }
    clipped(starter, covering, |row| {
        let claims = claims(row);
        move |year| covered(claims, row, year)
    })
}

/// Leaves out what another source has under the same key in a year that it does not claim whole: the vetoes of a list
/// that ends in September.
fn not_repeated(
    table: &Table,
    starter: RecordBatch,
    others: &[&Part],
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
        let theirs = converter.convert_columns(&keys(&other.rows))?;
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
    let mut index = Vec::new();
    let mut spans: Vec<(Option<i32>, Option<i32>, bool, bool)> = Vec::new();
    for row in 0..starter.num_rows() {
        let Some(first) = int(from, row) else {
            index.push(row as u32);
            spans.push((None, int(to, row), false, false));
            continue;
        };
        let end = int(to, row);
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
                        Some(began),
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
