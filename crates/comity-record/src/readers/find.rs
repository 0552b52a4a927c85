//! From paths to datasets: files and folders are walked, and every table in every file is recognised by its header.
//!
//! Names of files mean nothing. A file that is no known dataset is answered with the nearest ones and what
//! is missing or new in its header.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::DATASETS;
use super::cells::Cells;
use super::dataset::{Dataset, FileKind, Need};
use super::{formats, text};

/// How deep folders are walked.
const MAX_DEPTH: usize = 8;
/// How many files are looked at.
const MAX_FILES: usize = 20_000;
/// How much of a text is looked at, at each end.
const SAMPLE: u64 = 64 * 1024;
/// How many lines may stand above a header.
const ABOVE: usize = 30;
/// Of the columns of a release that is read loosely, fewer than one in this many may be missing or new.
const MOST: usize = 3;
/// Tables that are kept from recognition to reading, all together; beyond it a file is opened again.
const KEPT: usize = 512 * 1024 * 1024;

/// What the paths hold.
#[derive(Debug, Default)]
pub struct Search {
    /// Datasets, by id and version.
    pub found: Vec<Found>,
    /// Files that are no (readable) part of any.
    pub unrecognised: Vec<Unrecognised>,
}

/// The files of one dataset in one version.
#[derive(Debug, Clone)]
pub struct Found {
    /// The dataset.
    pub dataset: &'static Dataset,
    /// The version as declared, or as the file says it where it is not known.
    pub version: String,
    /// The files with their roles.
    pub files: Vec<FoundFile>,
    /// Whether a release that is not known may be read as the newest known one.
    pub loose: bool,
}

/// A file of a dataset, or the part of a file that is one.
#[derive(Debug, Clone)]
pub struct FoundFile {
    /// What it is in its dataset.
    pub role: &'static str,
    /// The file.
    pub path: PathBuf,
    /// Where the table lies inside it (an object, a sheet, a member of an archive); empty: it is the file.
    pub inside: String,
    pub(super) kept: Kept,
}

/// What of a file was kept from recognition.
#[derive(Debug, Clone)]
pub(super) enum Kept {
    /// It is text where it lies.
    InPlace,
    /// Text that had to be unpacked.
    Text(Arc<Vec<u8>>),
    /// A table with typed columns.
    Table(Arc<Cells>),
    /// Too much to keep: the file is opened again.
    Nothing,
}

impl FoundFile {
    /// Its name for messages, with the place inside it.
    pub fn shown(&self) -> String {
        formats::shown(&file_name(&self.path), &self.inside)
    }
}

impl Found {
    /// The id of the source that it will be.
    pub fn source_id(&self) -> String {
        format!("{}-{}", self.dataset.id, self.version)
    }
}

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It belongs to a known dataset, and holds nothing to read.
    Nothing,
    /// It is of no dataset that is known.
    Foreign,
    /// It is not there, or damaged, or past a cap.
    Unreadable,
}

/// A file that is not read.
#[derive(Debug, Clone)]
pub struct Unrecognised {
    /// The file.
    pub path: PathBuf,
    /// Where it lies inside the file; empty: it is the file.
    pub inside: String,
    /// Why.
    pub why: Why,
    /// The same in a sentence.
    pub reason: String,
    /// The nearest datasets, best first.
    pub nearest: Vec<Nearest>,
}

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
                    columns.iter().take(8).map(|c| super::row::shorten(c)).collect();
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

/// Looks into files and folders. Links inside folders are not followed; a path that is named itself may be one.
pub fn find(paths: &[PathBuf]) -> Search {
    look(paths, false)
}

/// The same, and a file that has most of the columns of a dataset, and few others, is taken for it: a release whose columns
/// have moved, or whose version is not known here.
pub fn find_loosely(paths: &[PathBuf]) -> Search {
    look(paths, true)
}

fn look(paths: &[PathBuf], loose: bool) -> Search {
    let mut search = Search::default();
    let mut files = Vec::new();
    for path in paths {
        walk(path, 0, &mut files, &mut search);
    }
    let mut seen = BTreeSet::new();
    files.retain(|f| seen.insert(f.canonicalize().unwrap_or_else(|_| f.clone())));

    let mut groups: BTreeMap<(&'static str, String), Found> = BTreeMap::new();
    let mut kept = 0;
    for path in files {
        for part in parts(&path) {
            let (inside, looked) = match part {
                Ok(part) => part,
                Err(unrecognised) => {
                    search.unrecognised.push(unrecognised);
                    continue;
                }
            };
            let (dataset, kind, version) = match recognise(&path, &inside, &looked, loose) {
                Ok(recognised) => recognised,
                Err(unrecognised) => {
                    search.unrecognised.push(unrecognised);
                    continue;
                }
            };
            if let Need::Nothing(why) = kind.need {
                let reason = format!("{} ({}): {why}", dataset.id, kind.role);
                search.unrecognised.push(Unrecognised {
                    path: path.clone(),
                    inside,
                    why: Why::Nothing,
                    reason,
                    nearest: Vec::new(),
                });
                continue;
            }
            let file = FoundFile {
                role: kind.role,
                path: path.clone(),
                inside,
                kept: looked.keep(&mut kept),
            };
            groups
                .entry((dataset.id, version.clone()))
                .or_insert_with(|| Found { dataset, version, files: Vec::new(), loose })
                .files
                .push(file);
        }
    }
    search.found = joined(groups);
    search
}

/// Files that another edition takes in go over to it; an edition without files is none.
fn joined(mut groups: BTreeMap<(&'static str, String), Found>) -> Vec<Found> {
    let mut moved = Vec::new();
    let there: BTreeSet<_> = groups.keys().cloned().collect();
    for ((id, version), found) in &mut groups {
        let dataset = found.dataset;
        let joins = |file: &FoundFile| {
            let kind = dataset.files.iter().find(|k| k.role == file.role)?;
            let into = kind.joins.iter().find(|v| there.contains(&(*id, (**v).to_owned())))?;
            (**into != *version).then(|| (*id, (*into).to_owned()))
        };
        found.files.retain(|file| match joins(file) {
            Some(into) => {
                moved.push((into, file.clone()));
                false
            }
            None => true,
        });
    }
    for (into, file) in moved {
        if let Some(found) = groups.get_mut(&into) {
            found.files.push(file);
        }
    }
    groups.into_values().filter(|f| !f.files.is_empty()).collect()
}

fn walk(path: &Path, depth: usize, files: &mut Vec<PathBuf>, search: &mut Search) {
    let mut refuse = |reason: String| {
        search.unrecognised.push(Unrecognised {
            path: path.into(),
            inside: String::new(),
            why: Why::Unreadable,
            reason,
            nearest: Vec::new(),
        });
    };
    if files.len() >= MAX_FILES {
        return;
    }
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(e) => return refuse(format!("cannot be opened: {e}")),
    };
    if meta.is_file() {
        files.push(path.into());
        if files.len() == MAX_FILES {
            refuse(format!(
                "more than {MAX_FILES} files; the rest was not looked at: name a smaller folder"
            ));
        }
    } else if meta.is_dir() {
        if depth >= MAX_DEPTH {
            return refuse(format!("deeper than {MAX_DEPTH} folders; name it itself"));
        }
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(e) => return refuse(format!("cannot be opened: {e}")),
        };
        // Hidden files and links are no downloads; a link could lead anywhere.
        let mut inside: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .filter(|e| !e.file_name().to_string_lossy().starts_with('.'))
            .filter(|e| e.file_type().is_ok_and(|t| !t.is_symlink()))
            .map(|e| e.path())
            .collect();
        inside.sort();
        for entry in inside {
            walk(&entry, depth + 1, files, search);
        }
    } else {
        refuse("is neither a file nor a folder".into());
    }
}

type Recognised = (&'static Dataset, &'static FileKind, String);

/// What recognition looks at.
enum Looked {
    /// The beginning and the end of a text, decoded; and all of it, where it does not lie in a file of its own.
    Text {
        head: String,
        tail: String,
        whole: Option<Vec<u8>>,
    },
    Table(Cells),
}

impl Looked {
    fn keep(self, kept: &mut usize) -> Kept {
        let bytes = match &self {
            Self::Text { whole: None, .. } => return Kept::InPlace,
            Self::Text { whole: Some(bytes), .. } => bytes.len(),
            Self::Table(cells) => cells.bytes(),
        };
        if *kept + bytes > KEPT {
            return Kept::Nothing;
        }
        *kept += bytes;
        match self {
            Self::Text { whole, .. } => Kept::Text(Arc::new(whole.unwrap_or_default())),
            Self::Table(cells) => Kept::Table(Arc::new(cells)),
        }
    }
}

/// The tables of a file, each with its place inside.
fn parts(path: &Path) -> Vec<Result<(String, Looked), Unrecognised>> {
    let refuse = |inside: &str, reason: String| {
        Err(Unrecognised {
            path: path.into(),
            inside: inside.into(),
            why: Why::Unreadable,
            reason,
            nearest: Vec::new(),
        })
    };
    let name = file_name(path);
    let (head, tail) = match sample(path) {
        Ok(sampled) => sampled,
        Err(e) => return vec![refuse("", format!("cannot be read: {e}"))],
    };
    if formats::is_text(&head) {
        return vec![match text::decode(&name, &head, false) {
            Ok(head) => {
                let tail = text::decode(&name, &tail, false).unwrap_or_default();
                Ok((String::new(), Looked::Text { head, tail, whole: None }))
            }
            Err(e) => refuse("", e.to_string()),
        }];
    }
    let bytes = match super::load(path) {
        Ok(bytes) => bytes,
        Err(e) => return vec![refuse("", e.to_string())],
    };
    let parts = match formats::parts(&name, &bytes) {
        Ok(parts) => parts,
        Err(e) => return vec![refuse("", e.to_string())],
    };
    if parts.is_empty() {
        return vec![refuse("", "holds no table".into())];
    }
    let looked = |part: formats::Part| match part.content {
        formats::Content::Nothing(reason) => refuse(&part.inside, reason),
        formats::Content::Table(cells) => Ok((part.inside, Looked::Table(cells))),
        formats::Content::Text(bytes) => {
            let (head, tail) = ends(&bytes);
            match text::decode(&formats::shown(&name, &part.inside), head, false) {
                Ok(head) => {
                    let tail = text::decode(&name, tail, false).unwrap_or_default();
                    Ok((part.inside, Looked::Text { head, tail, whole: Some(bytes) }))
                }
                Err(e) => refuse(&part.inside, e.to_string()),
            }
        }
    };
    parts.into_iter().map(looked).collect()
}

/// The first and the last part of a text, in whole lines.
fn ends(bytes: &[u8]) -> (&[u8], &[u8]) {
    let sample = SAMPLE as usize;
    if bytes.len() <= sample {
        return (bytes, &[]);
    }
    let line_end = |b: &u8| matches!(b, b'\n' | b'\r');
    let head = bytes[..sample].iter().rposition(line_end).map_or(sample, |at| at + 1);
    let rest = &bytes[(bytes.len() - sample).max(sample)..];
    let tail = rest.iter().position(line_end).map_or(0, |at| at + 1);
    (&bytes[..head], &rest[tail..])
}

/// How far the columns of a file are from those of a kind of file: how many are missing or not known there. None: it is not of
/// that kind. Strictly, nothing may be missing or unknown.
fn distance(kind: &FileKind, columns: &BTreeSet<&str>, loose: bool) -> Option<usize> {
    if !loose && !kind.wanted().all(|c| columns.contains(c)) {
        return None;
    }
    let wanted: BTreeSet<&str> = kind.wanted().collect();
    let missing = wanted.difference(columns).count();
    let known = |column: &&&str| {
        wanted.contains(**column) || kind.optional.split_whitespace().any(|o| o == **column)
    };
    let extra = if kind.open { 0 } else { columns.iter().filter(|c| !known(c)).count() };
    let odd = missing + extra;
    if odd == 0 {
        return Some(0);
    }
    // Most of the columns of each must be columns of the other.
    let alike = missing * MOST < wanted.len() && extra * MOST < columns.len();
    (loose && alike && (!kind.open || missing == 0)).then_some(odd)
}

fn named(header: &[String]) -> BTreeSet<&str> {
    header.iter().map(String::as_str).filter(|c| !c.is_empty()).collect()
}

/// On which of the first lines of a text the header of a kind stands.
pub(super) fn header_line(kind: &FileKind, lines: &[Vec<String>], loose: bool) -> Option<usize> {
    let depth = if kind.below { ABOVE } else { 1 };
    let at = |loose| {
        lines.iter().take(depth).position(|line| distance(kind, &named(line), loose).is_some())
    };
    at(false).or_else(|| loose.then(|| at(true))?)
}

/// The columns of a kind that a header lacks, and those that the kind does not have.
pub(super) fn moved(kind: &FileKind, header: &[String]) -> (Vec<String>, Vec<String>) {
    let columns = named(header);
    let known: BTreeSet<&str> = kind.wanted().chain(kind.optional.split_whitespace()).collect();
    let missing = kind.wanted().filter(|c| !columns.contains(c)).map(str::to_owned).collect();
    let extra = columns.difference(&known).filter(|_| !kind.open).map(|c| (*c).to_owned());
    (missing, extra.collect())
}

/// The first lines of a text in which a header of that kind may stand.
pub(super) fn lines_above(kind: &FileKind, text: &str) -> Vec<Vec<String>> {
    text::headers(text, if kind.below { ABOVE } else { 1 })
}

fn recognise(
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
    let mut all: Vec<(&'static Dataset, &'static FileKind, Cells, usize)> = Vec::new();
    for (dataset, kind) in kinds() {
        let (rows, odd) = match (looked, kind.bare) {
            (Looked::Text { head, .. }, Some(tells)) => {
                let names: Vec<&str> = kind.wanted().collect();
                let mended = kind.mend.and_then(|mend| mend(head)).map(|(text, _)| text);
                let rows = Cells::first_bare(&name, mended.as_ref().unwrap_or(head), &names);
                if rows.is_empty() || !tells(&rows) {
                    continue;
                }
                (rows, 0)
            }
            (_, Some(_)) => continue,
            (Looked::Text { head, .. }, None) => match header_line(kind, &lines, loose) {
                Some(at) => (
                    Cells::first_below(&name, head, at),
                    distance(kind, &named(&lines[at]), loose).unwrap_or_default(),
                ),
                None => continue,
            },
            (Looked::Table(cells), None) => match distance(kind, &named(&cells.header), loose) {
                Some(odd) => (cells.ends(), odd),
                None => continue,
            },
        };
        if kind.tells.is_none_or(|tells| tells(&rows)) {
            all.push((dataset, kind, rows, odd));
        }
    }
    // A header that fits two kinds is of the nearer one, and of the one that asks for more.
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
    let columns = lines.first().map(|l| named(l)).unwrap_or_default();
    let nearest = lines.iter().map(|l| nearest(&named(l))).max_by_key(Vec::len).unwrap_or_default();
    let json = matches!(looked, Looked::Text { head, .. } if head.trim_start().starts_with('{'));
    let reason = if json {
        "is a map or other JSON, which is no table"
    } else if columns.len() < 2 && nearest.is_empty() {
        "is no table with a header line"
    } else if nearest.is_empty() {
        "is no known dataset, and resembles none"
    } else {
        "is no known dataset"
    };
    Err(refuse(reason.into(), nearest))
}

fn kinds() -> impl Iterator<Item = (&'static Dataset, &'static FileKind)> {
    DATASETS.iter().flat_map(|d| d.files.iter().map(move |k| (*d, k)))
}

/// The first and the last part of a file.
fn sample(path: &Path) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    (&mut file).take(SAMPLE).read_to_end(&mut head)?;
    if size > SAMPLE {
        // A character may be cut in two at the end of the sample; everything up to the last line end is whole.
        if let Some(at) = head.iter().rposition(|b| matches!(b, b'\n' | b'\r')) {
            head.truncate(at + 1);
        }
        file.seek(SeekFrom::Start(size.saturating_sub(SAMPLE).max(SAMPLE)))?;
        file.take(SAMPLE).read_to_end(&mut tail)?;
        if let Some(at) = tail.iter().position(|b| matches!(b, b'\n' | b'\r')) {
            tail.drain(..=at);
        }
    }
    Ok((head, tail))
}

/// The newest declared edition that the version column of the rows looked at names; else what stands there.
fn version(dataset: &Dataset, kind: &FileKind, rows: &Cells, tail: &str) -> String {
    if let Some(edition) = kind.edition {
        return edition.to_owned();
    }
    let only = || dataset.editions.last().map_or(String::new(), |e| e.version.to_owned());
    let Some(column) = kind.version.and_then(|v| rows.column(v)) else { return only() };
    let last = rows.header.len() - 1;
    let mark = char::from(text::delimiter(tail));
    let below = tail.split(['\n', '\r']).filter_map(|line| {
        // Text cells may hold delimiters: count from the side where the version column stands.
        if column * 2 > last {
            line.rsplit(mark).nth(last - column)
        } else {
            line.split(mark).nth(column)
        }
    });
    let cells = (0..rows.len()).map(|row| rows.get(row, column)).chain(below);
    let seen: BTreeSet<&str> = cells
        .map(|cell| cell.trim().trim_matches('"'))
        .filter(|cell| !cell.is_empty() && cell.len() <= 12)
        .collect();
    let known = dataset.editions.iter().rev().find(|e| e.marks.iter().any(|m| seen.contains(m)));
    match (known, seen.iter().find(|s| s.bytes().all(|b| b.is_ascii_digit() || b == b'.'))) {
        (Some(edition), _) => edition.version.to_owned(),
        (None, Some(other)) => (*other).to_owned(),
        (None, None) => only(),
    }
}

/// The three kinds of file that share most with these columns.
fn nearest(columns: &BTreeSet<&str>) -> Vec<Nearest> {
    let mut all: Vec<(usize, usize, Nearest)> = Vec::new();
    for (dataset, kind) in kinds() {
        if kind.bare.is_some() {
            continue;
        }
        let wanted: BTreeSet<&str> = kind.wanted().collect();
        let known: BTreeSet<&str> =
            wanted.iter().copied().chain(kind.optional.split_whitespace()).collect();
        let shared = wanted.intersection(columns).count();
        let missing: Vec<String> = wanted.difference(columns).map(|c| (*c).to_owned()).collect();
        let extra: Vec<String> = if kind.open {
            Vec::new()
        } else {
            columns.difference(&known).map(|c| (*c).to_owned()).collect()
        };
        // A column or two in common (year, version) is no resemblance.
        if shared * 3 >= wanted.len().max(6) {
            let union = wanted.len() + extra.len();
            all.push((
                shared * 1000 / union.max(1),
                shared,
                Nearest { dataset: dataset.id, role: kind.role, missing, extra },
            ));
        }
    }
    all.sort_by(|a, b| (b.0, b.1, a.2.dataset, a.2.role).cmp(&(a.0, a.1, b.2.dataset, b.2.role)));
    all.into_iter().take(3).map(|(_, _, n)| n).collect()
}

/// A file's name without its folder, safe to print.
pub(super) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}
