//! Small files of one partition put together, at the end of an add.

use super::Store;
use super::add::events_files;
use super::change::{Change, Filed};
use super::kept;
use super::manifest::{Entry, Held};
use super::segment::{Segment, Span};
use super::taken;
use crate::counts::tally::Tally;
use crate::error::Error;
use crate::event::Rows;

/// Small files that a partition may have.
const FEW: usize = 8;
/// Rows from which on a file is no small one.
pub(super) const FULL: u64 = 1 << 17;

/// Which files of one partition to put together: the smallest, as long as none is far larger than those before it together.
fn small(entries: &[&Entry]) -> Vec<Entry> {
    let mut all: Vec<&Entry> = entries.iter().filter(|e| e.rows < FULL).copied().collect();
    if all.len() <= FEW {
        return Vec::new();
    }
    all.sort_by_key(|e| (e.rows, e.file.clone()));
    let (mut rows, mut take) = (0, 0);
    for entry in &all {
        if take >= FEW / 2 && entry.rows > rows {
            break;
        }
        rows += entry.rows;
        take += 1;
    }
    all.into_iter().take(take).cloned().collect()
}

/// The files of each partition.
fn by_month(entries: &[Entry]) -> Vec<Vec<&Entry>> {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by(|a, b| (a.month, &a.file).cmp(&(b.month, &b.file)));
    sorted.chunk_by(|a, b| a.month == b.month).map(<[&Entry]>::to_vec).collect()
}

/// Puts together what is small in the partitions of one source.
pub(super) fn source(store: &Store, change: &mut Change<'_>, name: &str) -> Result<(), Error> {
    let Some(held) = change.manifest.sources.get(name).cloned() else { return Ok(()) };
    let mut now = held.clone();
    for month in by_month(&held.events) {
        let old = small(&month);
        if old.is_empty() {
            continue;
        }
        let mut rows = Rows::default();
        for entry in &old {
            let path = store.folder.join(&entry.file);
            Segment::open(&path, entry.rows)?.rows(&Span::default(), &mut rows, |_, _, _| true)?;
        }
        let order = rows.order();
        let new = events_files(change, name, &rows, &[(old[0].month, order)])?;
        replace(change, &mut now.events, &old, new);
    }
    for month in by_month(&held.counts) {
        let old = small(&month);
        if old.is_empty() {
            continue;
        }
        let mut tally = Tally::default();
        for entry in &old {
            let path = store.folder.join(&entry.file);
            kept::add(&path, entry, (i32::MIN, i32::MAX), &mut tally)?;
        }
        let new = counts_file(change, name, &tally, old[0].month, &tally.order())?;
        replace(change, &mut now.counts, &old, new.into_iter().collect());
    }
    let old = small(&held.taken.iter().collect::<Vec<_>>());
    if !old.is_empty() {
        let new = taken_file(change, name, &taken::read(store, &old)?)?;
        replace(change, &mut now.taken, &old, vec![new]);
    }
    change.manifest.sources.insert(name.to_owned(), now);
    Ok(())
}

fn replace(change: &mut Change<'_>, all: &mut Vec<Entry>, old: &[Entry], new: Vec<Entry>) {
    all.retain(|e| !old.contains(e) || new.contains(e));
    old.iter().filter(|e| !new.contains(e)).for_each(|e| change.forget(e));
    all.extend(new.into_iter().filter(|e| !old.contains(e)));
}

/// Writes the rows of sums at `order`, if there are any.
pub(super) fn counts_file(
    change: &mut Change<'_>,
    source: &str,
    tally: &Tally,
    month: i32,
    order: &[u32],
) -> Result<Option<Entry>, Error> {
    if order.is_empty() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    kept::write(tally, order, &mut bytes).map_err(|what| Error::TooLarge { what })?;
    let keys = || order.iter().map(|at| &tally.keys[*at as usize]);
    let span = |of: fn(&crate::counts::tally::Key) -> i32| {
        keys().map(of).fold((i32::MAX, i32::MIN), |(a, b), day| (a.min(day), b.max(day)))
    };
    let known = span(|k| k.known);
    let filed = Filed {
        kind: "counts",
        source,
        month: Some(month),
        rows: order.len() as u64,
        ids: (0, 0),
        known: (i64::from(known.0) * 86_400, i64::from(known.1) * 86_400),
        days: span(|k| k.day),
    };
    change.write(&filed, &bytes).map(Some)
}

/// Writes what was taken in.
pub(super) fn taken_file(
    change: &mut Change<'_>,
    source: &str,
    taken: &[taken::Taken],
) -> Result<Entry, Error> {
    let bytes = taken::write(taken).map_err(|what| Error::TooLarge { what })?;
    let rows = taken.len() as u64;
    let filed = Filed {
        kind: "taken",
        source,
        month: None,
        rows,
        ids: (0, 0),
        known: (0, 0),
        days: (0, 0),
    };
    change.write(&filed, &bytes)
}

impl Held {
    /// The partition of a month.
    pub(super) fn partition(&self, month: i32) -> i32 {
        let months = self.months.max(1);
        month.div_euclid(months) * months
    }
}
