//! What adding sources to a record would do, decided before anything is written.
//!
//! A file of a dataset that is in the record and not among the new ones is never lost in silence: its rows stay beside the
//! new ones, or a new file takes its place in the dataset, or nothing is added.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::change::{Change, Outcome};
use super::file::{self, Entry, PackedTable, TableFile};
use super::manifest::{Manifest, Stored};
use super::packed::Packed;
use super::unite::unite;
use crate::coverage::united;
use crate::data::TableData;
use crate::error::Error;
use crate::schema;
use crate::source::{Source, SourceFile, Unplaced};

/// One source as it would stand.
pub(super) struct Planned {
    pub source: Source,
    pub tables: Vec<(&'static str, Rows)>,
}

/// A table as it would stand.
pub(super) enum Rows {
    /// As it is in the record.
    Stored(Entry),
    /// To be written.
    New(Arc<PackedTable>),
}

impl Rows {
    fn len(&self) -> usize {
        match self {
            Self::Stored(entry) => entry.rows,
            Self::New(table) => table.entry.rows,
        }
    }
}

/// What adding these to the record would make of each, and the change that it is.
pub(super) fn plan(
    folder: &Path,
    manifest: &Manifest,
    bundles: &[Packed],
) -> Result<(Vec<Planned>, Change), Error> {
    let mut change = Change::default();
    let mut planned = Vec::with_capacity(bundles.len());
    let mut seen = BTreeSet::new();
    for bundle in bundles {
        let id = bundle.source.id.clone();
        if !seen.insert(id.clone()) {
            return Err(Error::TwiceGiven(id));
        }
        // Files that this source takes over were all that another one was read from.
        for was in bundle.source.files.iter().filter_map(|f| f.location.was.as_ref()) {
            let given = bundles.iter().any(|b| b.source.id == *was);
            let old = manifest.sources.iter().find(|s| s.source.id == *was);
            let taken = old.is_some_and(|s| s.source.files.iter().all(|f| f.among(&bundle.source)));
            if taken && !given && !change.removed.contains(was) {
                change.removed.push(was.clone());
            }
        }
        let Some(old) = manifest.sources.iter().find(|s| s.source.id == id) else {
            planned.push(as_given(bundle));
            change.added.push(id);
            continue;
        };
        let (one, outcome) = beside(folder, old, bundle)?;
        match outcome {
            Outcome::Extended => {
                // What was read again with the further files is among the rows that are given.
                if !old.source.files.iter().all(|f| f.among(&bundle.source)) {
                    let kept = old.tables.iter().map(|t| (t.table.clone(), t.rows)).collect();
                    change.kept.insert(id.clone(), kept);
                    change.held.insert(id.clone(), one.tables.iter().map(|(_, t)| t.len()).sum());
                }
                change.extended.push(id);
            }
            Outcome::Unchanged => change.unchanged.push(id),
            Outcome::Added | Outcome::Replaced => change.replaced.push(id),
        }
        planned.push(one);
    }
    Ok((planned, change))
}

fn as_given(bundle: &Packed) -> Planned {
    let tables = bundle.tables.iter().map(|t| (t.table.name, Rows::New(Arc::clone(t))));
    Planned { source: bundle.source.clone(), tables: tables.collect() }
}

/// A source whose id is in the record already.
fn beside(folder: &Path, old: &Stored, new: &Packed) -> Result<(Planned, Outcome), Error> {
    let among = |file: &SourceFile, files: &[SourceFile]| {
        files.iter().any(|other| other.sha256 == file.sha256)
    };
    let gone: Vec<&SourceFile> =
        old.source.files.iter().filter(|f| !among(f, &new.source.files)).collect();
    if gone.is_empty() {
        let (mut planned, same) = (as_given(new), is_same(old, new));
        if same {
            planned.source.added.clone_from(&old.source.added);
        }
        let further = new.source.files.iter().any(|f| !among(f, &old.source.files));
        let outcome = match (same, further) {
            (true, _) => Outcome::Unchanged,
            (false, true) => Outcome::Extended,
            (false, false) => Outcome::Replaced,
        };
        return Ok((planned, outcome));
    }
    if new.source.files.iter().all(|f| among(f, &old.source.files)) {
        return Ok((
            Planned { source: old.source.clone(), tables: stored(old)? },
            Outcome::Unchanged,
        ));
    }
    let filled: BTreeSet<&String> = new.source.files.iter().flat_map(|f| &f.fills).collect();
    let replaced =
        |f: &&&SourceFile| !f.fills.is_empty() && f.fills.iter().all(|r| filled.contains(r));
    let stays = |f: &&SourceFile| !f.fills.iter().any(|role| filled.contains(role));
    if gone.iter().all(|f| replaced(&f)) {
        return Ok((as_given(new), Outcome::Replaced));
    }
    if !gone.iter().all(stays) {
        let names = |of: Vec<&&SourceFile>| {
            of.into_iter().map(|f| f.name.clone()).collect::<Vec<_>>().join(", ")
        };
        return Err(Error::WouldLose {
            id: old.source.id.clone(),
            lost: names(gone.iter().filter(|f| !replaced(f)).collect()),
            replaced: names(gone.iter().filter(|f| !stays(f)).collect()),
        });
    }
    let mut tables = Vec::new();
    for (name, mut rows) in stored(old)? {
        if let (Rows::Stored(entry), Some(more)) = (&rows, new.table(name)) {
            let table = schema::table(name).ok_or_else(|| Error::NoTable(name.to_owned()))?;
            let there = TableFile::new(folder, entry, table).read()?;
            rows = match unite(table, &there, &more.rows()?)? {
                Ok(united) => Rows::New(Arc::new(file::packed(table, united)?)),
                Err(reason) => {
                    let id = old.source.id.clone();
                    return Err(Error::Contradicts { id, reason: reason.0 });
                }
            };
        }
        tables.push((name, rows));
    }
    for table in &new.tables {
        let name = table.table.name;
        if !tables.iter().any(|(there, _)| *there == name) {
            tables.push((name, Rows::New(Arc::clone(table))));
        }
    }
    let source = both(&old.source, &new.source, &gone);
    Ok((Planned { source, tables }, Outcome::Extended))
}

/// The tables of a source as they lie in the record.
fn stored(old: &Stored) -> Result<Vec<(&'static str, Rows)>, Error> {
    let table = |entry: &Entry| {
        let table = schema::table(&entry.table);
        let table = table.ok_or_else(|| Error::NoTable(entry.table.clone()))?;
        Ok((table.name, Rows::Stored(entry.clone())))
    };
    old.tables.iter().map(table).collect()
}

/// Whether a source says what it said, whatever day it was added.
fn is_same(old: &Stored, new: &Packed) -> bool {
    let mut dated = Source { added: old.source.added.clone(), ..new.source.clone() };
    // Whether a copy could be made is no part of what a source says.
    for file in &mut dated.files {
        let there = old.source.files.iter().find(|f| f.sha256 == file.sha256);
        file.kept = there.map_or(file.kept, |f| f.kept);
    }
    let same = |entry: &Entry| {
        new.table(&entry.table).is_some_and(|table| table.entry.content == entry.content)
    };
    dated == old.source && old.tables.len() == new.tables.len() && old.tables.iter().all(same)
}

/// One source of the files of both.
fn both(old: &Source, new: &Source, gone: &[&SourceFile]) -> Source {
    let mut source = new.clone();
    source.files = gone.iter().map(|f| (*f).clone()).chain(new.files.iter().cloned()).collect();
    source
        .files
        .sort_by(|a, b| (&a.fills, &a.name, &a.sha256).cmp(&(&b.fills, &b.name, &b.sha256)));
    source.relations.extend(old.relations.iter().map(|(f, r)| (f.clone(), *r)));
    source.coverage = united(&old.coverage, &new.coverage);
    source.notes = distinct(&old.notes, &new.notes);
    source.notes.sort();
    let apart = gone.len() == old.files.len();
    source.unplaced = counted(&old.unplaced, &new.unplaced, apart);
    source
}

fn distinct<T: Clone + PartialEq>(old: &[T], new: &[T]) -> Vec<T> {
    let more = new.iter().filter(|item| !old.contains(item));
    old.iter().chain(more).cloned().collect()
}

/// Codes that were not placed. Sources that share no file count different rows; else the larger count holds.
fn counted(old: &[Unplaced], new: &[Unplaced], apart: bool) -> Vec<Unplaced> {
    let mut all: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for one in old.iter().chain(new) {
        let rows = all.entry((&one.table, &one.column, &one.code)).or_default();
        *rows = if apart { *rows + one.rows } else { (*rows).max(one.rows) };
    }
    let unplaced = |((table, column, code), rows): ((&str, &str, &str), usize)| Unplaced {
        table: table.into(),
        column: column.into(),
        code: code.into(),
        rows,
    };
    all.into_iter().map(unplaced).collect()
}
