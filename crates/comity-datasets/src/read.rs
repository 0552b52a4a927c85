//! From a dataset that was found to its canonical rows.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use comity_record::coverage::Coverage;
use comity_record::source::{Location, Source, SourceBundle, SourceFile};

use crate::cells::Cells;
use crate::codes::{Places, agree};
use crate::dataset::{FileKind, Files, Need};
use crate::editions::{self, Standing};
use crate::error::ReadError;
use crate::find::{self, Found, FoundFile, Kept};
use crate::output::{Finished, Output};
use crate::row::{self, Sheet};
use crate::{formats, plain, recognise, text, twice};

/// Reads a dataset that was found. `added` is left empty: the store knows the day.
pub fn read(found: &Found) -> Result<SourceBundle, ReadError> {
    read_with(found, false, &Places::starter())
}

/// Reads a dataset of which only a part is there: its rows are facts, its silence says nothing.
pub fn read_part(found: &Found) -> Result<SourceBundle, ReadError> {
    read_with(found, true, &Places::starter())
}

/// Reads a dataset, whole or in part, and places its codes by the states of a record ([`Places::of`]).
///
/// # Errors
/// A file that is not as it was published, or that cannot be read.
pub fn read_with(
    found: &Found,
    part: bool,
    places: &Arc<Places>,
) -> Result<SourceBundle, ReadError> {
    let whole = !part;
    let dataset = found.dataset;
    let Some(standing) = editions::standing(dataset, &found.version)
        .filter(|s| found.loose || !matches!(s, Standing::Other(_)))
    else {
        return Err(editions::refused(found));
    };
    let edition = standing.edition();
    let mut out = Output::placing(&found.source_id(), Arc::clone(places));
    let mut files = Files { edition: *edition, sheets: Vec::new(), places: Arc::clone(places) };
    let mut origins = Vec::new();
    let mut last: Option<Loaded> = None;
    let its_own = |k: &&FileKind| k.edition.is_none_or(|e| e == edition.version);
    for kind in dataset.files.iter().filter(its_own) {
        let mut read: Vec<(&FoundFile, String, Arc<Cells>)> = Vec::new();
        let mut selections: Vec<String> = Vec::new();
        for part in found.files.iter().filter(|f| f.role == kind.role) {
            // An archive has many parts: it is loaded once.
            let loaded = match last.take().filter(|l| l.path == part.path) {
                Some(loaded) => last.insert(loaded),
                None => last.insert(Loaded::of(&part.path)?),
            };
            let Loaded { bytes, sha256, .. } = &*loaded;
            let again = |other: &FoundFile| {
                let name = |file: &FoundFile| find::file_name(&file.path);
                other.inside == part.inside && (!kind.named || name(other) == name(part))
            };
            if read.iter().any(|(other, hash, _)| *hash == *sha256 && again(other)) {
                continue;
            }
            if let Some(selection) = &kind.selection {
                let cells = cells(part, kind, bytes, &mut Output::new(""))?;
                if (selection.is)(&cells) {
                    selections.push(part.shown());
                    continue;
                }
            }
            match read.first().filter(|_| !kind.many) {
                None => {
                    let name = find::file_name(&part.path);
                    let cells = cells(part, kind, bytes, &mut out)?;
                    let alone = (!kind.many).then(|| kind.role.to_owned());
                    // Several tables of one file are one published file.
                    let there = origins
                        .iter_mut()
                        .find(|o: &&mut SourceFile| o.name == name && o.sha256 == *sha256);
                    if let Some(origin) = there {
                        origin.fills.extend(alone);
                        origin.kept |= dataset.reads_together(kind);
                    } else {
                        let (sha256, bytes) = (sha256.clone(), bytes.len() as u64);
                        origins.push(SourceFile {
                            name,
                            bytes,
                            sha256,
                            fills: alone.into_iter().collect(),
                            kept: dataset.reads_together(kind),
                            location: Location {
                                path: Some(part.path.clone()),
                                was: part.was.clone(),
                            },
                        });
                    }
                    read.push((part, sha256.clone(), cells));
                }
                // One table may be there in two formats.
                Some((first, _, cells_there)) => {
                    let theirs = cells(part, kind, bytes, &mut Output::new(""))?;
                    if !same_cells(cells_there, &theirs) {
                        return Err(ReadError::TwoFiles {
                            dataset: found.source_id(),
                            role: kind.role.into(),
                            first: first.shown(),
                            second: part.shown(),
                        });
                    }
                }
            }
        }
        left_out(found, kind, &selections, read.is_empty(), &mut out)?;
        if read.is_empty() && kind.need == Need::Required {
            return Err(missing_file(found, kind));
        }
        if found.loose {
            for (part, _, cells) in &read {
                recognise::has_key(kind, &cells.header, &part.shown())?;
                out.note_columns(&part.shown(), recognise::moved(kind, &cells.header));
            }
        }
        for (part, _, cells) in &read {
            unread_columns(kind, cells, &part.shown(), &mut out)?;
            for note in cells.notes.iter().cloned().chain(agree::note(cells, places)) {
                out.note(format!("{}: {note}", part.shown()));
            }
        }
        // Files that are read together stand in one order, whatever they are called and wherever they lie.
        if !kind.apart {
            read.sort_by(|(a, one, _), (b, other, _)| (one, &a.inside).cmp(&(other, &b.inside)));
        }
        let sheets = read.into_iter().map(|(.., cells)| Sheet::new(cells, kind.missing));
        files.sheets.extend(sheets.map(|sheet| (kind.role, sheet)));
    }
    let (edition, said) = editions::settle(found, standing, &files)?;
    files.edition = edition;
    if let Some(said) = said {
        out.note(said);
    }
    origins.sort_by(|a, b| (&a.fills, &a.name, &a.sha256).cmp(&(&b.fills, &b.name, &b.sha256)));
    drop(last);
    (dataset.map)(&files, &mut out)?;
    if out.too_many() {
        let reason = format!("comes to more than {} rows", formats::budget::MAX_WRITTEN);
        return Err(ReadError::TooMuch { file: found.source_id(), reason });
    }
    // How many rows an older release had is not known.
    let newest = standing.edition().last_year;
    let counted = !matches!(standing, Standing::Other(_)) || edition.last_year >= newest;
    if counted && let Err(error) = check_rows(found, &files) {
        if whole {
            return Err(error);
        }
        out.note(format!("Read in part, its silence says nothing: {error}"));
    }
    let refusals = out.refusals();
    let edition = files.edition;
    let empty = files.sheets.iter().all(|(_, sheet)| sheet.is_empty());
    drop(files);
    let Finished { tables, mut notes, unplaced, coverage: found_coverage } = out.finish();
    check_holds_rows(found, empty, &tables, &refusals)?;
    notes.extend(twice::notes(&tables));
    let mut coverage = (dataset.coverage)(&edition);
    coverage.extend(found_coverage);
    coverage.retain(|c| tables.iter().any(|(t, _)| *t == c.table));
    for claim in &mut coverage {
        claim.context |= !whole;
    }
    let unreviewed = !matches!(standing, Standing::Known(_));
    let mut source = Source { notes, unplaced, unreviewed, ..source(found, origins, coverage) };
    if unreviewed {
        source.citation = format!("{} Version used: {}.", source.citation.trim(), found.version);
    }
    Ok(SourceBundle { source, tables })
}

/// Refuses files without a row, and those of which no row could be read: a source of nothing would only say that nothing happened.
fn check_holds_rows(
    found: &Found,
    empty: bool,
    tables: &[(&'static str, arrow::array::RecordBatch)],
    refusals: &[String],
) -> Result<(), ReadError> {
    if tables.iter().any(|(_, rows)| rows.num_rows() > 0) || !empty && refusals.is_empty() {
        return Ok(());
    }
    let reason = match refusals {
        [] => "it has a header and no row".to_owned(),
        refusals => {
            format!(
                "no row of it can be read ({})",
                refusals.join("; ").replace(", and the others are read", "")
            )
        }
    };
    let file = found.files.iter().map(FoundFile::shown).collect::<Vec<_>>().join(", ");
    Err(ReadError::NoRows { file, reason })
}

/// A file as it was read last.
struct Loaded {
    path: PathBuf,
    bytes: Vec<u8>,
    sha256: String,
}

impl Loaded {
    fn of(path: &Path) -> Result<Self, ReadError> {
        let bytes = load(path)?;
        Ok(Self { path: path.into(), sha256: comity_record::sha256(&bytes), bytes })
    }
}

/// Says which selections were left out beside the whole; refuses one that is there alone.
fn left_out(
    found: &Found,
    kind: &FileKind,
    selections: &[String],
    alone: bool,
    out: &mut Output,
) -> Result<(), ReadError> {
    let (Some(selection), Some(first)) = (&kind.selection, selections.first()) else {
        return Ok(());
    };
    if alone {
        return Err(ReadError::Selection {
            file: first.clone(),
            what: selection.what.into(),
            role: kind.role.into(),
            dataset: found.source_id(),
        });
    }
    for file in selections {
        out.note(format!(
            "{file} holds {}, a selection of the {} file: it is left out",
            selection.what, kind.role
        ));
    }
    Ok(())
}

fn source(found: &Found, files: Vec<SourceFile>, coverage: Vec<Coverage>) -> Source {
    let dataset = found.dataset;
    Source {
        id: found.source_id(),
        dataset: dataset.id.into(),
        version: found.version.clone(),
        title: dataset.title.into(),
        publisher: dataset.publisher.into(),
        citation: dataset.citation.into(),
        licence: dataset.licence.into(),
        url: dataset.url.into(),
        relations: dataset.relations.iter().map(|(f, r)| ((*f).to_owned(), *r)).collect(),
        files,
        added: String::new(),
        coverage,
        notes: Vec::new(),
        unplaced: Vec::new(),
        unreviewed: false,
    }
}

/// The cells of a file of a dataset, mended where its kind says how.
pub(crate) fn cells(
    part: &FoundFile,
    kind: &'static FileKind,
    bytes: &[u8],
    out: &mut Output,
) -> Result<Arc<Cells>, ReadError> {
    let again: Vec<u8>;
    let bytes = match &part.kept {
        Kept::Table(cells) => return Ok(Arc::clone(cells)),
        Kept::Text(text) => text.as_slice(),
        Kept::InPlace => bytes,
        Kept::Nothing => {
            let parts = formats::parts(&find::file_name(&part.path), bytes)?;
            let there = parts.into_iter().find(|p| p.inside == part.inside).map(|p| p.content);
            match there {
                Some(formats::Content::Table(cells)) => return Ok(Arc::new(cells)),
                Some(formats::Content::Text(text)) => {
                    again = text;
                    &again
                }
                Some(formats::Content::Damaged(reason)) => {
                    return Err(ReadError::Broken { file: part.shown(), reason });
                }
                _ => {
                    let reason = "it was changed while it was read".into();
                    return Err(ReadError::Broken { file: part.shown(), reason });
                }
            }
        }
    };
    let name = part.shown();
    let mut text = text::decode(&name, bytes, kind.mac)?;
    if let Some((mended, what)) = kind.mend.and_then(|mend| mend(&text)) {
        text = mended.into();
        out.note(what);
    }
    if kind.bare.is_some() {
        let names: Vec<&str> = kind.wanted().collect();
        return Cells::parse_bare(&name, &text, &names).map(Arc::new);
    }
    let above = recognise::header_line(kind, &text).unwrap_or(0);
    if above > 0 && !kind.below {
        let lines = if above == 1 { "line" } else { "lines" };
        out.note(format!("{name}: {above} {lines} above the header passed over"));
    }
    Cells::parse_below(&name, &text, above).map(Arc::new)
}

/// Refuses a column that the dataset has and that is in a form that is not read; others of that kind are named in a note.
fn unread_columns(
    kind: &FileKind,
    cells: &Cells,
    file: &str,
    out: &mut Output,
) -> Result<(), ReadError> {
    for (column, reason) in &cells.unread {
        let column = row::shorten(column);
        if kind.names(&column) {
            return Err(ReadError::Unread { file: file.into(), column, reason: reason.clone() });
        }
        out.note(format!("{file}: the column {column} is ignored: {reason}"));
    }
    Ok(())
}

/// Whether two tables hold the same text under the same names, row by row.
fn same_cells(one: &Cells, other: &Cells) -> bool {
    let place = |name: &String| Some((one.column(name)?, other.column(name)?));
    let Some(columns) = one.header.iter().map(place).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let same = |row| columns.iter().all(|(a, b)| one.get(row, *a) == other.get(row, *b));
    one.header.len() == other.header.len() && one.len() == other.len() && (0..one.len()).all(same)
}

pub(crate) fn load(path: &Path) -> Result<Vec<u8>, ReadError> {
    plain::read(path)
}

fn missing_file(found: &Found, kind: &FileKind) -> ReadError {
    let have: Vec<String> =
        found.files.iter().map(|file| format!("{}: {}", file.role, file.shown())).collect();
    let columns: Vec<&str> = kind.columns.split_whitespace().take(6).collect();
    ReadError::MissingFile {
        dataset: found.dataset.id.into(),
        version: found.version.clone(),
        missing: kind.role.into(),
        have: have.join(", "),
        help: format!(
            "Its columns begin {}; it is published at {}",
            columns.join(", "),
            found.dataset.url
        ),
    }
}

fn check_rows(found: &Found, files: &Files) -> Result<(), ReadError> {
    let roles = found.dataset.files.iter().filter(|kind| !kind.many).map(|kind| kind.role);
    for role in roles {
        let Some(sheet) = files.get(role) else { continue };
        let Some((counted, published)) = found.dataset.least_rows(&files.edition, role) else {
            continue;
        };
        if sheet.len() < published {
            return Err(ReadError::CutShort {
                file: sheet.file().into(),
                dataset: format!("{}-{counted}", found.dataset.id),
                rows: sheet.len(),
                published,
                url: found.dataset.url.into(),
            });
        }
    }
    Ok(())
}
