//! From paths to datasets: files and folders are walked, and every table in every file is looked at, whatever the file is called.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{editions, formats, plain, text};
use crate::cells::Cells;
use crate::dataset::{Dataset, FileKind, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::recognise::{Nearest, recognise};
use comity_record::foreign::is_obeyed;
use comity_record::parallel::heaviest_first;

/// How deep folders are walked.
const MAX_DEPTH: usize = 8;
/// How many files are looked at.
const MAX_FILES: usize = 20_000;
/// How much of a text is looked at, at each end.
const SAMPLE: u64 = 64 * 1024;
/// Tables that are kept from recognition to reading, all together; past that a file is opened again.
const KEPT: usize = 400 * 1024 * 1024;

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
    /// Where the table is inside it (an object, a sheet, a member of an archive); empty: it is the file.
    pub inside: String,
    /// The source of a record that it is a file of so far, where it is the record's copy.
    pub was: Option<String>,
    pub(crate) kept: Kept,
}

/// What of a file was kept from recognition.
#[derive(Debug, Clone)]
pub(crate) enum Kept {
    /// It is text as it stands.
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

    /// About how many bytes there are to read.
    pub fn weight(&self) -> u64 {
        let bytes = |file: &FoundFile| match &file.kept {
            Kept::InPlace | Kept::Nothing => size(&file.path),
            Kept::Text(text) => text.len() as u64,
            Kept::Table(cells) => cells.bytes() as u64,
        };
        self.files.iter().map(bytes).sum()
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
    /// Where it is inside the file; empty: it is the file.
    pub inside: String,
    /// Why.
    pub why: Why,
    /// The same in a sentence.
    pub reason: String,
    /// The nearest datasets, best first.
    pub nearest: Vec<Nearest>,
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

/// Looks into files and folders; each dataset that is found is found together with the files of it that a record keeps, so that it does not
/// matter which of them is added first. Of two files with one role the new one stays.
///
/// # Errors
/// A copy in the record that is damaged.
pub fn find_beside<E>(
    paths: &[PathBuf],
    loose: bool,
    mut kept: impl FnMut(&str) -> Result<Vec<comity_record::store::Kept>, E>,
) -> Result<Search, E> {
    let mut search = Search::default();
    let room = Room::default();
    let mut groups = gather(paths, loose, &room, &mut search);
    let found: BTreeSet<&'static str> = groups.keys().map(|(id, _)| *id).collect();
    let mut copies = Vec::new();
    for id in found {
        copies.extend(kept(id)?.into_iter().map(|copy| (id, copy)));
    }
    let looked = heaviest_first(
        copies,
        |(_, copy)| weight(&copy.path),
        |(id, copy)| {
            let mut parts = look_into(&copy.path, Some(&copy.source), loose, &room);
            parts.retain(|part| part.as_ref().is_ok_and(|p| p.dataset.id == id));
            parts
        },
    );
    group(looked, &mut groups, &mut Search::default());
    search.found = joined(groups);
    for found in &mut search.found {
        let new: BTreeSet<&'static str> =
            found.files.iter().filter(|f| f.was.is_none()).map(|f| f.role).collect();
        let many = |role| found.dataset.files.iter().any(|k| k.role == role && k.many);
        let stays = |f: &FoundFile| f.was.is_none() || !new.contains(f.role) || many(f.role);
        found.files.retain(stays);
    }
    // What the record has as it is needs no reading.
    search.found.retain(|found| found.files.iter().any(|f| f.was.is_none()));
    Ok(search)
}

/// The files of each dataset and version.
type Groups = BTreeMap<(&'static str, String), Found>;

fn look(paths: &[PathBuf], loose: bool) -> Search {
    let mut search = Search::default();
    let groups = gather(paths, loose, &Room::default(), &mut search);
    search.found = joined(groups);
    search
}

/// How many bytes of tables are kept from recognition to reading.
#[derive(Debug, Default)]
struct Room(AtomicUsize);

impl Room {
    /// Whether there is room for so many more, which is then taken.
    fn take(&self, bytes: usize) -> bool {
        let add = |taken: usize| taken.checked_add(bytes).filter(|all| *all <= KEPT);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok()
    }
}

/// A file of a dataset, or a part of one, recognised.
struct Part {
    dataset: &'static Dataset,
    version: String,
    loose: bool,
    file: FoundFile,
}

/// What files and folders hold, by dataset and version.
fn gather(paths: &[PathBuf], loose: bool, room: &Room, search: &mut Search) -> Groups {
    let mut files = Vec::new();
    for path in paths {
        walk(path, 0, &mut files, search);
    }
    let mut seen = BTreeSet::new();
    files.retain(|f| seen.insert(f.canonicalize().unwrap_or_else(|_| f.clone())));
    let looked =
        heaviest_first(files, |path| weight(path), |path| look_into(&path, None, loose, room));
    let mut groups = Groups::new();
    group(looked, &mut groups, search);
    groups
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |m| m.len())
}

/// How long a file takes before others: what is packed by bzip2 takes longest, for it unpacks slowly and to many times its size. It is
/// also the first to be kept, so that it is unpacked once.
fn weight(path: &Path) -> u64 {
    const SLOW: u64 = 1 << 40;
    let mut head = [0; 4];
    let read = plain::open(path).ok().and_then(|(mut file, _)| file.read_exact(&mut head).ok());
    let slow = read.is_some() && formats::is_slow(&head);
    size(path).saturating_add(if slow { SLOW } else { 0 })
}

fn group(looked: Vec<Vec<Result<Part, Unrecognised>>>, groups: &mut Groups, search: &mut Search) {
    for part in looked.into_iter().flatten() {
        match part {
            Ok(Part { dataset, version, loose, file }) => groups
                .entry((dataset.id, version.clone()))
                .or_insert_with(|| Found { dataset, version, files: Vec::new(), loose })
                .files
                .push(file),
            Err(unrecognised) => search.unrecognised.push(unrecognised),
        }
    }
}

/// The parts of a file, recognised; `was`: the source of the record that it is a copy for.
fn look_into(
    path: &Path,
    was: Option<&str>,
    loose: bool,
    room: &Room,
) -> Vec<Result<Part, Unrecognised>> {
    let recognised = |part: Result<(String, Looked), Unrecognised>| {
        let (inside, looked) = part?;
        let (dataset, kind, version) = recognise(path, &inside, &looked, loose)?;
        if let Need::Nothing(why) = kind.need {
            return Err(Unrecognised {
                path: path.into(),
                inside,
                why: Why::Nothing,
                reason: format!("{} ({}): {why}", dataset.id, kind.role),
                nearest: Vec::new(),
            });
        }
        let mut file = FoundFile {
            role: kind.role,
            path: path.into(),
            inside,
            was: was.map(str::to_owned),
            kept: looked.keep(room),
        };
        let version = edition_by_years(dataset, kind, &mut file, room).unwrap_or(version);
        Ok(Part { dataset, version, loose, file })
    };
    parts(path).into_iter().map(recognised).collect()
}

/// Which edition the years in a file name, where nothing else in it does. What cannot be parsed is left to who reads it.
fn edition_by_years(
    dataset: &'static Dataset,
    kind: &'static FileKind,
    file: &mut FoundFile,
    room: &Room,
) -> Option<String> {
    if !editions::is_known_by_years(kind) {
        return None;
    }
    let bytes = match file.kept {
        Kept::InPlace | Kept::Nothing => crate::read::load(&file.path).ok()?,
        _ => Vec::new(),
    };
    let cells = crate::read::cells(file, kind, &bytes, &mut Output::new("")).ok()?;
    let version = editions::by_years(dataset, kind, &cells);
    // It was parsed whole: that is not done again. What its mending said would be lost.
    if kind.mend.is_none() && room.take(cells.bytes()) {
        file.kept = Kept::Table(cells);
    }
    version
}

/// Files of one release whose last years differ, and that say no version: those of the older year go over to the newer where they are
/// files of other roles.
fn one_release(groups: &mut Groups) {
    let newer = |(id, version): &(&'static str, String), found: &Found| {
        let by_years = |f: &FoundFile| {
            found.dataset.files.iter().any(|k| k.role == f.role && editions::is_known_by_years(k))
        };
        let standing = editions::standing(found.dataset, version);
        let newer = matches!(standing, Some(editions::Standing::Newer(_)));
        (newer && found.files.iter().all(by_years)).then(|| (*id, version.clone()))
    };
    let mut keys: Vec<_> = groups.iter().filter_map(|(key, found)| newer(key, found)).collect();
    keys.sort_by_key(|(id, version)| (*id, editions::numbers_or_month(version)));
    for pair in keys.windows(2) {
        let [old, new] = pair else { continue };
        let roles = |key| -> BTreeSet<&'static str> {
            groups.get(key).into_iter().flat_map(|f| &f.files).map(|f| f.role).collect()
        };
        if old.0 == new.0 && roles(old).is_disjoint(&roles(new)) {
            let moved = groups.remove(old).map(|f| f.files).unwrap_or_default();
            if let Some(found) = groups.get_mut(new) {
                found.files.extend(moved);
            }
        }
    }
}

/// Files that another edition takes in go over to it; an edition without files is none.
fn joined(mut groups: BTreeMap<(&'static str, String), Found>) -> Vec<Found> {
    one_release(&mut groups);
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
        refuse("is neither a plain file nor a folder (a pipe or a device); save what it holds as a file".into());
    }
}

pub(crate) type Recognised = (&'static Dataset, &'static FileKind, String);

/// What recognition looks at.
pub(crate) enum Looked {
    /// The beginning and the end of a text, decoded; and all of it, where it does not lie in a file of its own.
    Text {
        head: String,
        tail: String,
        whole: Option<Vec<u8>>,
    },
    Table(Cells),
}

impl Looked {
    fn keep(self, room: &Room) -> Kept {
        let bytes = match &self {
            Self::Text { whole: None, .. } => return Kept::InPlace,
            Self::Text { whole: Some(bytes), .. } => bytes.len(),
            Self::Table(cells) => cells.bytes(),
        };
        if !room.take(bytes) {
            return Kept::Nothing;
        }
        match self {
            Self::Text { whole, .. } => Kept::Text(Arc::new(whole.unwrap_or_default())),
            Self::Table(cells) => Kept::Table(Arc::new(cells)),
        }
    }
}

/// Which dataset a text is of is not known yet: one that looks like an old Macintosh's may be.
const EITHER: bool = true;

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
    match sample(path) {
        Ok(Some((head, tail))) => {
            return vec![match text::decode(&name, &head, EITHER) {
                Ok(head) => {
                    let tail = text::decode(&name, &tail, EITHER).unwrap_or_default().into_owned();
                    let head = head.into_owned();
                    Ok((String::new(), Looked::Text { head, tail, whole: None }))
                }
                Err(e) => refuse("", reason_of(&e, &name)),
            }];
        }
        Ok(None) => {}
        Err(e) => return vec![refuse("", format!("cannot be read: {e}"))],
    }
    let bytes = match crate::read::load(path) {
        Ok(bytes) => bytes,
        Err(e) => return vec![refuse("", reason_of(&e, &name))],
    };
    let parts = match formats::parts(&name, &bytes) {
        Ok(parts) => parts,
        Err(e) => return vec![refuse("", reason_of(&e, &name))],
    };
    if parts.is_empty() {
        return vec![refuse("", "holds no table".into())];
    }
    let looked = |part: formats::Part| match part.content {
        formats::Content::Damaged(reason) => refuse(&part.inside, reason),
        formats::Content::Nothing(reason) => Err(Unrecognised {
            path: path.into(),
            inside: part.inside,
            why: Why::Foreign,
            reason,
            nearest: Vec::new(),
        }),
        formats::Content::Table(cells) => Ok((part.inside, Looked::Table(cells))),
        formats::Content::Text(bytes) => {
            let (head, tail) = ends(&bytes);
            let shown = formats::shown(&name, &part.inside);
            match text::decode(&shown, head, EITHER) {
                Ok(head) => {
                    let tail = text::decode(&name, tail, EITHER).unwrap_or_default().into_owned();
                    let head = head.into_owned();
                    Ok((part.inside, Looked::Text { head, tail, whole: Some(bytes) }))
                }
                // A picture or a document beside tables; what begins as text and is none is damaged.
                Err(e) => Err(Unrecognised {
                    path: path.into(),
                    inside: part.inside,
                    why: if is_binary(head) { Why::Foreign } else { Why::Unreadable },
                    reason: reason_of(&e, &shown),
                    nearest: Vec::new(),
                }),
            }
        }
    };
    parts.into_iter().map(looked).collect()
}

/// What is wrong with a file, to stand after its name.
fn reason_of(error: &ReadError, name: &str) -> String {
    let text = error.to_string();
    let after = text.strip_prefix(name).map(|rest| rest.trim_start_matches([':', ' ']));
    after.map_or_else(|| text.clone(), str::to_owned)
}

/// Whether bytes are those of a picture or a document: a stray byte in a text is damage.
fn is_binary(head: &[u8]) -> bool {
    let head = &head[..head.len().min(1024)];
    let wide = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    let strange = head.iter().filter(|b| b.is_ascii_control() && !b.is_ascii_whitespace()).count();
    !wide && (head.starts_with(b"%PDF") || strange * 32 > head.len())
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

/// The first and the last part of a file of text, in whole lines; none of a file that is not text.
fn sample(path: &Path) -> Result<Option<(Vec<u8>, Vec<u8>)>, String> {
    let (mut file, size) = plain::open(path).map_err(|e| e.to_string())?;
    let failed = |e: std::io::Error| e.to_string();
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    (&mut file).take(SAMPLE).read_to_end(&mut head).map_err(failed)?;
    // All that was read says what it is: a line end may stand in the mark of a format.
    if !formats::is_text(&head) {
        return Ok(None);
    }
    if size > SAMPLE {
        // A character may be cut in two at the end of the sample; everything up to the last line end is whole.
        if let Some(at) = head.iter().rposition(|b| matches!(b, b'\n' | b'\r')) {
            head.truncate(at + 1);
        }
        file.seek(SeekFrom::Start(size.saturating_sub(SAMPLE).max(SAMPLE))).map_err(failed)?;
        file.take(SAMPLE).read_to_end(&mut tail).map_err(failed)?;
        if let Some(at) = tail.iter().position(|b| matches!(b, b'\n' | b'\r')) {
            tail.drain(..=at);
        }
    }
    Ok(Some((head, tail)))
}

/// A file's name without its folder, safe to print.
pub(crate) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    name.chars().map(|c| if is_obeyed(c) { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_stays_within_its_room() {
        let room = Room::default();
        assert!(room.take(KEPT - 1) && !room.take(2) && !room.take(usize::MAX));
        assert!(room.take(1) && room.take(0) && !room.take(1));
    }
}
