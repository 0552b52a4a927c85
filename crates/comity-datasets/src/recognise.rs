//! Which dataset a table is of, by its header; of none, the nearest ones and what is missing or new.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use super::{formats, text, unread};
use crate::cells::Cells;
use crate::dataset::{Dataset, FileKind};
use crate::error::ReadError;
use crate::find::{Looked, Recognised, Unrecognised, Why, file_name};
use crate::{DATASETS, editions};

/// How many lines may stand above a header.
const ABOVE: usize = 30;
/// Of the columns of a release that is read loosely, fewer than one in this many may be missing or new.
const MOST: usize = 3;
/// A dataset that a file resembles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// Its id.
    pub dataset: &'static str,
    /// Which of its files.
    pub role: &'static str,
    /// Columns that the file lacks.
    pub missing: Vec<String>,
    /// Columns that the dataset does not have.
    pub extra: Vec<String>,
}

impl std::fmt::Display for Nearest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.dataset, self.role)?;
        for (what, columns) in [("missing", &self.missing), ("not known", &self.extra)] {
            if !columns.is_empty() {
                let shown: Vec<String> =
                    columns.iter().take(8).map(|c| crate::row::shorten(c)).collect();
                let more = if columns.len() > 8 {
                    format!(" and {} more", columns.len() - 8)
                } else {
                    String::new()
                };
                write!(f, "; {what}: {}{more}", shown.join(", "))?;
            }
        }
        Ok(())
    }
}

/// The columns of a kind of file, made once: every table that is looked at is held against all kinds.
struct Columns {
    kind: &'static FileKind,
    wanted: BTreeSet<&'static str>,
    /// Those that it may have as well.
    known: BTreeSet<&'static str>,
}

impl Columns {
    fn of(kind: &'static FileKind) -> Self {
        let wanted: BTreeSet<&str> = kind.wanted().collect();
        let known = wanted.iter().copied().chain(kind.optional.split_whitespace()).collect();
        Self { kind, wanted, known }
    }

    /// How far the columns of a file are from these: how many are missing or not known. None: it is not of this kind. Strictly, nothing
    /// may be missing or unknown.
    fn distance(&self, columns: &BTreeSet<&str>, loose: bool) -> Option<usize> {
        let missing = self.wanted.iter().filter(|c| !columns.contains(**c));
        if !loose && missing.clone().next().is_some() {
            return None;
        }
        let missing = missing.count();
        let open = self.kind.open;
        let extra = if open { 0 } else { self.extra(columns).count() };
        let odd = missing + extra;
        if odd == 0 {
            return Some(0);
        }
        // Most of the columns of each must be columns of the other.
        let alike = missing * MOST < self.wanted.len() && extra * MOST < columns.len();
        (loose && alike && (!open || missing == 0)).then_some(odd)
    }

    /// Columns that are not of this kind.
    fn extra<'a>(&'a self, columns: &'a BTreeSet<&'a str>) -> impl Iterator<Item = &'a str> {
        columns.iter().copied().filter(|c| !self.known.contains(c))
    }

    /// On which of the first lines of a text its header stands.
    fn line(&self, lines: &[BTreeSet<&str>], loose: bool) -> Option<usize> {
        let at = |depth: usize, loose| {
            lines.iter().take(depth).position(|line| self.distance(line, loose).is_some())
        };
        let declared = if self.kind.below { ABOVE } else { 1 };
        at(depth(self.kind), false).or_else(|| loose.then(|| at(declared, true))?)
    }
}

fn named(header: &[String]) -> BTreeSet<&str> {
    header.iter().map(String::as_str).filter(|c| !c.is_empty()).collect()
}

/// The columns of a table, with those that are not read and that the kind has: reading it then says which.
fn columns_of<'a>(kind: &FileKind, cells: &'a Cells) -> BTreeSet<&'a str> {
    let unread = cells.unread.iter().map(|(name, _)| name.as_str());
    let mut columns = named(&cells.header);
    columns.extend(unread.filter(|name| kind.names(name)));
    columns
}

/// On which of the first lines of a text the header of a kind stands.
pub(crate) fn header_line(kind: &'static FileKind, text: &str) -> Option<usize> {
    let lines = text::headers(text, depth(kind));
    let lines: Vec<BTreeSet<&str>> = lines.iter().map(|line| named(line)).collect();
    Columns::of(kind).line(&lines, true)
}

/// Among how many of the first lines the header of a kind may stand. People put titles above tables: a line with all columns of a kind is its
/// header wherever it stands, if these are too many to come together by chance.
fn depth(kind: &FileKind) -> usize {
    const MANY: usize = 5;
    if kind.below || !kind.open && kind.wanted().count() >= MANY { ABOVE } else { 1 }
}

/// The columns of a kind that a header lacks, and those that the kind does not have.
pub(crate) fn moved(kind: &FileKind, header: &[String]) -> (Vec<String>, Vec<String>) {
    let columns = named(header);
    let known: BTreeSet<&str> = kind.wanted().chain(kind.optional.split_whitespace()).collect();
    let missing = kind.wanted().filter(|c| !columns.contains(c)).map(str::to_owned).collect();
    let extra = columns.difference(&known).filter(|_| !kind.open).map(|c| (*c).to_owned());
    (missing, extra.collect())
}

/// Refuses a file that was recognised loosely and has the column that identifies its rows, the first, under another name.
pub(crate) fn has_key(kind: &FileKind, header: &[String], file: &str) -> Result<(), ReadError> {
    let Some(key) = kind.wanted().next().filter(|key| !header.iter().any(|h| h == key)) else {
        return Ok(());
    };
    match crate::row::like(key, header) {
        near if near.is_empty() => Ok(()),
        near => Err(ReadError::NoColumn { file: file.into(), column: key.into(), near }),
    }
}

pub(crate) fn recognise(
    path: &Path,
    inside: &str,
    looked: &Looked,
    loose: bool,
) -> Result<Recognised, Unrecognised> {
    let refuse = |reason: String, nearest| Unrecognised {
        path: path.into(),
        inside: inside.into(),
        why: Why::Foreign,
        reason,
        nearest,
    };
    let name = formats::shown(&file_name(path), inside);
    let lines = match looked {
        Looked::Text { head, .. } => text::headers(head, ABOVE),
        Looked::Table(cells) => vec![cells.header.clone()],
    };
    let sets: Vec<BTreeSet<&str>> = lines.iter().map(|line| named(line)).collect();
    let mut all: Vec<(&'static Dataset, &'static FileKind, Cells, usize)> = Vec::new();
    for (dataset, columns) in kinds() {
        let kind = columns.kind;
        let (rows, odd) = match (looked, kind.bare) {
            (Looked::Text { head, .. }, Some(row_test)) => {
                let names: Vec<&str> = kind.wanted().collect();
                let mended = kind.mend.and_then(|mend| mend(head)).map(|(text, _)| text);
                let rows = Cells::first_bare(&name, mended.as_ref().unwrap_or(head), &names);
                if rows.is_empty() || !row_test(&rows) {
                    continue;
                }
                (rows, 0)
            }
            (_, Some(_)) => continue,
            (Looked::Text { head, .. }, None) => match columns.line(&sets, loose) {
                Some(at) => (
                    Cells::first_below(&name, head, at),
                    columns.distance(&sets[at], loose).unwrap_or_default(),
                ),
                None => continue,
            },
            (Looked::Table(cells), None) => {
                match columns.distance(&columns_of(kind, cells), loose) {
                    Some(odd) => (cells.ends(), odd),
                    None => continue,
                }
            }
        };
        if kind.row_test.is_none_or(|row_test| row_test(&rows)) {
            all.push((dataset, kind, rows, odd));
        }
    }
    // A header that fits two kinds is of the nearer one, and of the one that requires more.
    all.sort_by_key(|(_, k, _, odd)| (*odd, std::cmp::Reverse(k.wanted().count())));
    if let [first, second, ..] = all.as_slice()
        && first.0.id != second.0.id
        && first.3 == second.3
        && first.1.wanted().count() == second.1.wanted().count()
    {
        let reason = format!(
            "is {} ({}) as much as {} ({}): keep the columns that only one of them has, and add it alone",
            first.0.id, first.1.role, second.0.id, second.1.role
        );
        return Err(refuse(reason, Vec::new()));
    }
    if let Some((dataset, kind, rows, _)) = all.into_iter().next() {
        let tail = match looked {
            Looked::Text { tail, .. } => tail.as_str(),
            Looked::Table(_) => "",
        };
        return Ok((dataset, kind, version(dataset, kind, &rows, tail)));
    }
    let first = BTreeSet::new();
    let columns = sets.first().unwrap_or(&first);
    let known = unread::reason(columns);
    let votes = || lines.first().and_then(|first| unread::without_header(first));
    if let Some(reason) = known.or_else(votes) {
        return Err(refuse(reason.into(), Vec::new()));
    }
    let nearest = sets.iter().map(nearest).max_by_key(Vec::len).unwrap_or_default();
    let json =
        matches!(looked, Looked::Text { head, .. } if head.trim_start().starts_with(['{', '[']));
    let reason = if json {
        "is a map or other JSON, which is not a table"
    } else if columns.len() < 2 && nearest.is_empty() {
        "is not a table with a header line (columns stand between commas, semicolons, tabs or bars)"
    } else if nearest.is_empty() {
        "is not a known dataset, and resembles none"
    } else {
        "is not a known dataset"
    };
    Err(refuse(reason.into(), nearest))
}

fn kinds() -> impl Iterator<Item = (&'static Dataset, &'static Columns)> {
    static KINDS: OnceLock<Vec<(&Dataset, Columns)>> = OnceLock::new();
    let all = KINDS.get_or_init(|| {
        let of = |d: &'static Dataset| d.files.iter().map(move |kind| (d, Columns::of(kind)));
        DATASETS.iter().flat_map(|d| of(d)).collect()
    });
    all.iter().map(|(dataset, columns)| (*dataset, columns))
}

/// The version that the marks of the rows looked at name: a known edition before others; the newest known one of a file without marks.
fn version(dataset: &Dataset, kind: &FileKind, rows: &Cells, tail: &str) -> String {
    if let Some(edition) = kind.edition {
        return edition.to_owned();
    }
    let only = || dataset.editions.last().map_or(String::new(), |e| e.version.to_owned());
    if let Some(mark) = kind.mark {
        let read = mark(rows);
        return editions::marked(dataset, read.as_deref()).unwrap_or_else(only);
    }
    let Some(column) = kind.version.and_then(|v| rows.column(v)) else { return only() };
    let last = rows.header.len() - 1;
    let delimiter = char::from(text::delimiter(tail));
    let below = tail.split(['\n', '\r']).filter_map(|line| {
        // Text cells may hold delimiters: count from the side where the version column stands.
        if column * 2 > last {
            line.rsplit(delimiter).nth(last - column)
        } else {
            line.split(delimiter).nth(column)
        }
    });
    let above = (0..rows.len()).map(|row| rows.get(row, column));
    // A column that counts on is decided by the greatest, wherever it stands.
    if kind.running {
        return editions::greatest(dataset, above.chain(below)).unwrap_or_else(only);
    }
    // What was cut out of the end of a text may be no mark: letters there say nothing.
    let below = below.filter(|cell| editions::is_mark(dataset, cell));
    let named = editions::marked(dataset, above).or_else(|| editions::marked(dataset, below));
    named.unwrap_or_else(only)
}

/// The three kinds of file that share most with these columns.
fn nearest(columns: &BTreeSet<&str>) -> Vec<Nearest> {
    let mut all: Vec<(usize, usize, Nearest)> = Vec::new();
    for (dataset, of_kind) in kinds() {
        let Columns { kind, wanted, .. } = of_kind;
        let shared = wanted.intersection(columns).count();
        // A column or two in common (year, version) is no resemblance.
        if kind.bare.is_some() || shared * 3 < wanted.len().max(6) {
            continue;
        }
        let missing: Vec<String> = wanted.difference(columns).map(|c| (*c).to_owned()).collect();
        let extra: Vec<String> = if kind.open {
            Vec::new()
        } else {
            of_kind.extra(columns).map(str::to_owned).collect()
        };
        let union = wanted.len() + extra.len();
        all.push((
            shared * 1000 / union.max(1),
            shared,
            Nearest { dataset: dataset.id, role: kind.role, missing, extra },
        ));
    }
    all.sort_by(|a, b| (b.0, b.1, a.2.dataset, a.2.role).cmp(&(a.0, a.1, b.2.dataset, b.2.role)));
    // Sheets of one dataset may have the same columns.
    all.dedup_by(|a, b| a.2 == b.2);
    all.into_iter().take(3).map(|(_, _, n)| n).collect()
}
