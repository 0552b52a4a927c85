//! From paths to datasets: files and folders are walked, and every file is recognised by its header.
//!
//! Names of files mean nothing. A file that is no known dataset is answered with the nearest ones and what
//! is missing or new in its header.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::DATASETS;
use super::dataset::{Dataset, FileKind, Need};
use super::text::{self, Cells};

/// How deep folders are walked.
const MAX_DEPTH: usize = 8;
/// How many files are looked at.
const MAX_FILES: usize = 20_000;
/// How much of a file is looked at, at each end.
const SAMPLE: u64 = 64 * 1024;

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
    pub files: Vec<(&'static str, PathBuf)>,
}

impl Found {
    /// The id of the source that it will be.
    pub fn source_id(&self) -> String {
        format!("{}-{}", self.dataset.id, self.version)
    }
}

/// A file that is not read.
#[derive(Debug, Clone)]
pub struct Unrecognised {
    /// The file.
    pub path: PathBuf,
    /// Why, in a sentence.
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
    let mut search = Search::default();
    let mut files = Vec::new();
    for path in paths {
        walk(path, 0, &mut files, &mut search);
    }
    let mut seen = BTreeSet::new();
    files.retain(|f| seen.insert(f.canonicalize().unwrap_or_else(|_| f.clone())));

    let mut groups: BTreeMap<(&'static str, String), Found> = BTreeMap::new();
    for path in files {
        match recognise(&path) {
            Ok((dataset, kind, version)) => {
                if let Need::Nothing(why) = kind.need {
                    let reason = format!("{} ({}): {why}", dataset.id, kind.role);
                    search.unrecognised.push(Unrecognised { path, reason, nearest: Vec::new() });
                    continue;
                }
                groups
                    .entry((dataset.id, version.clone()))
                    .or_insert_with(|| Found { dataset, version, files: Vec::new() })
                    .files
                    .push((kind.role, path));
            }
            Err(unrecognised) => search.unrecognised.push(unrecognised),
        }
    }
    search.found = groups.into_values().collect();
    search
}

fn walk(path: &Path, depth: usize, files: &mut Vec<PathBuf>, search: &mut Search) {
    let mut refuse = |reason: String| {
        search.unrecognised.push(Unrecognised { path: path.into(), reason, nearest: Vec::new() });
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

fn recognise(path: &Path) -> Result<Recognised, Unrecognised> {
    let refuse = |reason: String, nearest| Unrecognised { path: path.into(), reason, nearest };
    let (head, tail) =
        sample(path).map_err(|e| refuse(format!("cannot be read: {e}"), Vec::new()))?;
    let name = file_name(path);
    let head = text::decode(&name, &head, false).map_err(|e| refuse(e.to_string(), Vec::new()))?;
    let header = text::header(&head);
    let columns: BTreeSet<&str> =
        header.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();

    let mut fits: Vec<(&'static Dataset, &'static FileKind)> = Vec::new();
    for (dataset, kind) in kinds() {
        let wanted: BTreeSet<&str> = kind.columns.split_whitespace().collect();
        let known: BTreeSet<&str> =
            wanted.iter().copied().chain(kind.optional.split_whitespace()).collect();
        if wanted.is_subset(&columns) && (kind.open || columns.is_subset(&known)) {
            fits.push((dataset, kind));
        }
    }
    if fits.iter().any(|(_, k)| k.tells.is_some()) {
        let rows = Cells::first(&name, &head);
        fits.retain(|(_, k)| k.tells.is_none_or(|tells| tells(&rows)));
    }
    // A header that fits two kinds is of the one that asks for more.
    fits.sort_by_key(|(_, k)| std::cmp::Reverse(k.columns.split_whitespace().count()));
    if let Some((dataset, kind)) = fits.first() {
        let tail = text::decode(&name, &tail, false).unwrap_or_default();
        return Ok((dataset, kind, version(dataset, kind, &header, &head, &tail)));
    }
    let nearest = nearest(&columns);
    let reason = if columns.len() < 2 {
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

/// The newest declared edition that the version column of the sampled lines names; else what stands there.
fn version(
    dataset: &Dataset,
    kind: &FileKind,
    header: &[String],
    head: &str,
    tail: &str,
) -> String {
    let only = || dataset.editions.last().map_or(String::new(), |e| e.version.to_owned());
    let Some(column) = kind.version.and_then(|v| header.iter().position(|h| h == v)) else {
        return only();
    };
    let mark = char::from(text::delimiter(head));
    let last = header.len() - 1;
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for line in head.split(['\n', '\r']).skip(1).chain(tail.split(['\n', '\r'])) {
        // Text cells may hold delimiters: count from the side where the version column stands.
        let cell = if column * 2 > last {
            line.rsplit(mark).nth(last - column)
        } else {
            line.split(mark).nth(column)
        };
        let cell = cell.unwrap_or("").trim().trim_matches('"');
        if !cell.is_empty() && cell.len() <= 12 {
            seen.insert(cell);
        }
    }
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
        let wanted: BTreeSet<&str> = kind.columns.split_whitespace().collect();
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
