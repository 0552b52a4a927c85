//! Which edition of its dataset a file is of: one that is known, a newer one, or another; and the last year that a newer one covers.
//!
//! A newer edition with the columns that are known is read as the newest known one is laid out. It covers to the last year in the columns that
//! its dataset declares for that, and is marked as not yet reviewed. Versions are compared by their numbers; one that holds letters is never
//! taken for a newer one.

use std::collections::BTreeSet;

use crate::announced;
use crate::cells::{Cell, Cells};
use crate::dataset::{Dataset, Edition, FileKind, Files};
use crate::dates;
use crate::error::ReadError;
use crate::find::{Found, FoundFile};
use crate::row::{self, Row};

/// How many years a newer edition may reach past the newest known one: a year after that is a slip, and would be taken for coverage.
const AHEAD: i32 = 15;

/// How the version that was found stands to those that are known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Standing {
    /// It is one of them.
    Known(&'static Edition),
    /// It is newer than all; the newest of them.
    Newer(&'static Edition),
    /// It is older, or cannot be compared; the edition as which it is read where that is wanted.
    Other(&'static Edition),
}

impl Standing {
    /// The edition whose layout it has.
    pub fn edition(self) -> &'static Edition {
        match self {
            Self::Known(edition) | Self::Newer(edition) | Self::Other(edition) => edition,
        }
    }
}

/// How a version stands to those that are known of its dataset; none of a dataset without editions.
pub(crate) fn standing(dataset: &'static Dataset, version: &str) -> Option<Standing> {
    if let Some(known) = dataset.editions.iter().find(|e| e.version == version) {
        return Some(Standing::Known(known));
    }
    let newest = dataset.editions.last()?;
    Some(if is_newer(dataset, version) { Standing::Newer(newest) } else { Standing::Other(newest) })
}

/// The numbers of a version, `25.1`; none of one that holds anything else.
pub(crate) fn numbers(version: &str) -> Option<Vec<u32>> {
    let parts: Vec<&str> = version.split('.').collect();
    if parts.len() > 4 {
        return None;
    }
    let number = |p: &&str| {
        let digits = !p.is_empty() && p.len() <= 6 && p.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| p.parse().ok())?
    };
    parts.iter().map(number).collect()
}

/// Whether two marks say the same: `6` is 6.0.
fn is_same(a: &str, b: &str) -> bool {
    let whole = |mark: &str| {
        let mut parts = numbers(mark)?;
        while parts.len() > 1 && parts.last() == Some(&0) {
            parts.pop();
        }
        Some(parts)
    };
    a == b || whole(a).is_some_and(|a| Some(a) == whole(b))
}

/// The numbers of a version that may be a month: `2024-08`.
pub(crate) fn numbers_or_month(version: &str) -> Option<Vec<u32>> {
    numbers(&version.replace('-', "."))
}

fn is_newer(dataset: &Dataset, version: &str) -> bool {
    let Some(version) = numbers_or_month(version) else { return false };
    let known = known_like(dataset, &version);
    !known.is_empty() && known.iter().all(|known| *known < version)
}

/// What a version is compared with: the numbers by which editions are marked and named; years with years and counts with counts, where
/// there are such.
fn known_like(dataset: &Dataset, version: &[u32]) -> Vec<Vec<u32>> {
    let is_year = |version: &[u32]| version.first().is_some_and(|first| *first >= 1000);
    let mut known = Vec::new();
    for edition in dataset.editions {
        let marks = edition.marks.iter().filter(|m| !is_single_precision(m));
        let marks: Vec<Vec<u32>> = marks.filter_map(|m| numbers_or_month(m)).collect();
        // Marks in letters are compared with nothing.
        if edition.marks.is_empty() || !marks.is_empty() {
            known.extend(marks);
            known.extend(numbers_or_month(edition.version));
        }
    }
    let like: Vec<Vec<u32>> =
        known.iter().filter(|other| is_year(other) == is_year(version)).cloned().collect();
    if like.is_empty() { known } else { like }
}

/// `5.0999999`: a number that lost digits in a statistics program.
fn is_single_precision(mark: &str) -> bool {
    mark.split_once('.').is_some_and(|(_, f)| f.len() > 4 && f.bytes().all(|b| b.is_ascii_digit()))
}

/// A mark as its publisher writes it: without quotes, without the noise of single precision, a year without a point; none where nothing
/// stands there.
pub(crate) fn mark(cell: &str) -> Option<String> {
    let cell = cell.trim().trim_matches('"').trim();
    if cell.is_empty() || matches!(cell, "NA" | "." | "NaN") {
        return None;
    }
    if is_single_precision(cell)
        && let Ok(value) = cell.parse::<f64>()
    {
        let rounded = format!("{value:.3}");
        let short = rounded.trim_end_matches('0').trim_end_matches('.');
        return Some(short.to_owned());
    }
    let year = cell.strip_suffix(".0").filter(|y| y.len() == 4);
    Some(year.unwrap_or(cell).to_owned())
}

/// Whether an edition is marked so: as it stands, or as the number that it is.
fn is_marked(edition: &Edition, cell: &str) -> bool {
    let raw = cell.trim().trim_matches('"');
    let tidy = mark(cell);
    edition.marks.iter().any(|m| {
        let without_point = raw.strip_suffix(".0").unwrap_or(raw);
        *m == raw || *m == without_point || tidy.as_deref() == Some(*m)
    })
}

/// Whether a piece of text is the mark of a known edition, or a number.
pub(crate) fn is_mark(dataset: &Dataset, cell: &str) -> bool {
    let known = dataset.editions.iter().any(|e| is_marked(e, cell));
    known || cell.len() <= 12 && mark(cell).is_some_and(|m| numbers(&m).is_some())
}

/// The version that marks name: a known edition before others; of those that are not known the greatest number before one in letters.
/// None: nothing is marked.
pub(crate) fn marked<'a>(
    dataset: &Dataset,
    cells: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let seen: BTreeSet<&str> = cells.into_iter().collect();
    let known = dataset.editions.iter().rev().find(|e| seen.iter().any(|c| is_marked(e, c)));
    if let Some(known) = known {
        return Some(known.version.to_owned());
    }
    let marks: BTreeSet<String> = seen.iter().filter_map(|c| mark(c)).collect();
    let greatest = marks.iter().filter(|m| numbers(m).is_some()).max_by_key(|m| numbers(m));
    greatest.or(marks.first()).cloned()
}

/// The same where marks count on within a file: one that is newer than those known before these.
pub(crate) fn greatest<'a>(
    dataset: &Dataset,
    cells: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let seen: BTreeSet<&str> = cells.into_iter().filter(|c| is_mark(dataset, c)).collect();
    let marks = seen.iter().filter_map(|c| mark(c)).filter(|m| is_newer(dataset, m));
    marks.max_by_key(|m| numbers(m)).or_else(|| marked(dataset, seen))
}

/// The year in a cell: a year, a month as `YYYYMM`, or a date. A code for an open end or a missing year is none.
fn year(row: &Row<'_>, column: &str) -> Option<i32> {
    let plausible = |y: &i32| (1000..=2999).contains(y);
    if let Ok(Some(number)) = row.int(column) {
        let number = if number > 99_999 { number / 100 } else { number };
        return Some(number).filter(plausible);
    }
    let date = row.calendar_date(column).ok().flatten()?;
    Some(i32::from(date.year())).filter(plausible)
}

/// The last year in the columns of a table.
fn last_year_of(kind: &FileKind, cells: &Cells) -> Option<i32> {
    let columns: Vec<usize> = kind.year_columns().filter_map(|c| cells.column(c)).collect();
    let plausible = |y: &i32| (1000..=2999).contains(y);
    let year = |cell: Cell<'_>| match cell {
        Cell::Int(v) => Some(v),
        Cell::Float(v) => row::whole_float(v),
        Cell::Date(date) => Some(i32::from(date.year())),
        // A year, or a date that begins with it.
        Cell::Text(text) => {
            let year = text.strip_suffix(".0").unwrap_or(text);
            year.split_once('-').map_or(year, |(year, _)| year).parse().ok()
        }
        Cell::Missing => None,
    };
    let years = (0..cells.len()).flat_map(|row| columns.iter().map(move |c| cells.cell(row, *c)));
    years.filter_map(year).filter(plausible).max()
}

/// The month of the last day in the columns of a table, as `2024-08`; none where they hold no days.
fn last_month_of(kind: &FileKind, cells: &Cells) -> Option<String> {
    let columns: Vec<usize> = kind.year_columns().filter_map(|c| cells.column(c)).collect();
    let day = |cell: Cell<'_>| match cell {
        Cell::Date(date) => Some(date),
        Cell::Text(text) => match dates::parts(text)? {
            dates::Parts::YearFirst(date) => date,
            dates::Parts::YearLast(..) => None,
        },
        _ => None,
    };
    let days = (0..cells.len()).flat_map(|row| columns.iter().map(move |c| cells.cell(row, *c)));
    let last = days.filter_map(day).filter(|d| (1000..=2999).contains(&d.year())).max()?;
    Some(format!("{:04}-{:02}", last.year(), last.month()))
}

/// Whether a month is after that in which an edition was released, where that is known.
fn is_after(edition: &Edition, month: &str) -> bool {
    edition.released.get(..month.len()).is_some_and(|released| released < month)
}

/// Whether the years in a file decide which edition it is of: it says no version.
pub(crate) fn is_known_by_years(kind: &FileKind) -> bool {
    kind.version.is_none()
        && kind.edition.is_none()
        && kind.mark.is_none()
        && !kind.years.is_empty()
}

/// The edition that the last year in a file names: the first that reaches it; one that is known to be published; else the year itself.
pub(crate) fn by_years(
    dataset: &'static Dataset,
    kind: &FileKind,
    cells: &Cells,
) -> Option<String> {
    let last = last_year_of(kind, cells)?;
    if let Some(known) = dataset.editions.iter().find(|e| e.last_year >= last) {
        let is_last = dataset.editions.last().is_some_and(|e| e.version == known.version);
        let later = last_month_of(kind, cells).filter(|month| is_last && is_after(known, month));
        return Some(later.unwrap_or_else(|| known.version.to_owned()));
    }
    let published = announced::of(dataset.id).find(|a| a.last_year == last);
    Some(published.map_or_else(|| last.to_string(), |a| a.version.to_owned()))
}

/// The last year that an edition covers which is not known: by its mark where that is a year, else by the years in its rows.
fn last_year(found: &Found, files: &Files) -> Option<(i32, Option<Refusal>)> {
    let dataset = found.dataset;
    let mut last: Option<(i32, Option<Refusal>)> = None;
    for kind in dataset.files {
        let Some(sheet) = files.get(kind.role) else { continue };
        if kind.mark.is_some() {
            let year = found.version.split('-').next().unwrap_or("");
            let marked = year.parse().ok().filter(|y| (1000..=2999).contains(y))?;
            return Some((marked, None));
        }
        for row in sheet.rows() {
            for column in kind.year_columns() {
                let Some(year) = year(&row, column) else { continue };
                if last.as_ref().is_none_or(|(l, _)| year > *l) {
                    last = Some((year, Some(Refusal { place: row.place(), column })));
                }
            }
        }
    }
    last
}

/// Where a year stands.
struct Refusal {
    place: crate::error::Place,
    column: &'static str,
}

/// The edition as which the files are read, with a note where it is none that is known. Marks and years that contradict each other are
/// refused, unless the files are taken loosely.
pub(crate) fn settle(
    found: &Found,
    standing: Standing,
    files: &Files,
) -> Result<(Edition, Option<String>), ReadError> {
    let base = standing.edition();
    if !found.loose {
        one_version(found, standing, files)?;
    }
    if let Standing::Known(edition) = standing {
        if !found.loose {
            within(found, edition, files)?;
        }
        return Ok((*edition, None));
    }
    let newest = found.dataset.editions.iter().map(|e| e.last_year).max().unwrap_or(base.last_year);
    let own = last_year(found, files);
    let reaches = match standing {
        Standing::Newer(_) => newest..=newest + AHEAD,
        _ => 1000..=newest + AHEAD,
    };
    let version = row::shorten(&found.version);
    match own {
        Some((last_year, _)) if reaches.contains(&last_year) => {
            let edition = Edition { last_year, ..*base };
            Ok((edition, Some(said(standing, &version, last_year))))
        }
        Some((year, Some(at))) if !found.loose && year > newest => Err(ReadError::BeyondEdition {
            place: Box::new(at.place),
            column: at.column.into(),
            year,
            source_id: found.source_id(),
            last_year: newest + AHEAD,
        }),
        _ if found.loose => {
            let note = format!(
                "Version {version} is not known here: it is read as {} was published, and what it says of years after {} is a fact whose absence says nothing",
                base.version, base.last_year
            );
            Ok((*base, Some(note)))
        }
        Some((year, _)) => Err(unknown(
            found,
            format!(
                "ends in {year}, before the {newest} of those: its mark and its rows contradict each other"
            ),
        )),
        None => Err(unknown(found, "nothing in it says which years it covers".into())),
    }
}

fn said(standing: Standing, version: &str, last_year: i32) -> String {
    let base = standing.edition().version;
    match standing {
        Standing::Newer(_) => format!(
            "Edition {version} is newer than those reviewed here (the newest is {base}): it is read as {base} is laid out, and covers to {last_year}, the last year in its rows"
        ),
        _ => format!(
            "Edition {version} is not known here: it is read as {base} is laid out, and covers to {last_year}, the last year in its rows; how many rows were published is not known"
        ),
    }
}

/// A version that is not read: older than those known, or one that cannot be compared with them.
pub(crate) fn refused(found: &Found) -> ReadError {
    let why = match numbers_or_month(&found.version) {
        None => "cannot be compared with these, since it is no number".to_owned(),
        Some(version) if known_like(found.dataset, &version).is_empty() => {
            let marks = found.dataset.editions.iter().flat_map(|e| e.marks);
            let marks: Vec<&str> = marks.copied().filter(|m| !is_single_precision(m)).collect();
            match &marks[..] {
                [] => "cannot be compared with these".to_owned(),
                marks => {
                    format!("cannot be compared with these, which are marked {}", marks.join(", "))
                }
            }
        }
        Some(_) => "not newer than these".to_owned(),
    };
    unknown(found, why)
}

fn unknown(found: &Found, why: String) -> ReadError {
    let versions: Vec<&str> = found.dataset.editions.iter().map(|e| e.version).collect();
    ReadError::UnknownVersion {
        file: found.files.first().map_or_else(String::new, FoundFile::shown),
        dataset: found.dataset.id.into(),
        version: row::shorten(&found.version),
        known: versions.join(", "),
        why,
    }
}

/// Refuses rows that are marked as of another edition.
fn one_version(found: &Found, standing: Standing, files: &Files) -> Result<(), ReadError> {
    for kind in found.dataset.files.iter().filter(|k| !k.running && k.edition.is_none()) {
        let Some(column) = kind.version else { continue };
        for row in files.rows(kind.role) {
            let Some(cell) = row.text(column) else { continue };
            let own = match standing {
                // Of an edition that has no marks nothing can be said.
                Standing::Known(edition) => edition.marks.is_empty() || is_marked(edition, cell),
                _ => mark(cell).is_none_or(|m| is_same(&m, &found.version)),
            };
            if !own && mark(cell).is_some() {
                return Err(ReadError::MixedVersions {
                    place: Box::new(row.place()),
                    column: column.into(),
                    value: row::shorten(cell),
                    version: row::shorten(&found.version),
                });
            }
        }
    }
    Ok(())
}

/// Refuses rows of years that a known edition does not reach.
fn within(found: &Found, edition: &Edition, files: &Files) -> Result<(), ReadError> {
    for kind in found.dataset.files.iter().filter(|k| !k.running && k.edition.is_none()) {
        for row in files.rows(kind.role) {
            for column in kind.year_columns() {
                if let Some(year) = year(&row, column).filter(|y| *y > edition.last_year) {
                    return Err(ReadError::BeyondEdition {
                        place: Box::new(row.place()),
                        column: column.into(),
                        year,
                        source_id: found.source_id(),
                        last_year: edition.last_year,
                    });
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset(id: &str) -> &'static Dataset {
        crate::DATASETS.iter().find(|d| d.id == id).unwrap()
    }

    #[test]
    fn versions_are_compared_by_their_numbers_and_letters_are_never_newer() {
        let is = |id: &str, version: &str| match standing(dataset(id), version).unwrap() {
            Standing::Known(_) => "known",
            Standing::Newer(_) => "newer",
            Standing::Other(_) => "other",
        };
        for (id, version, expected) in [
            ("ucdp-acd", "25.1", "known"),
            ("ucdp-acd", "26.1", "newer"),
            ("ucdp-acd", "100.1", "newer"),
            ("ucdp-acd", "24.1", "other"),
            ("ucdp-acd", "v26.1", "other"),
            ("ucdp-acd", "", "other"),
            ("cow-states", "2024", "newer"),
            ("cow-states", "2011", "other"),
            ("cow-nmc", "2027", "newer"),
            ("cow-nmc", "4", "other"),
            ("cow-nmc", "7", "other"),
            ("cow-nmc", "8", "newer"),
            ("cow-nmc", "2024", "other"),
            ("mie", "1.1", "other"),
            ("un-treaties", "2026-10", "newer"),
            ("un-treaties", "2026-01", "other"),
            ("atop", "6.0", "newer"),
            ("atop", "5.2", "newer"),
            ("atop", "5.0", "other"),
            ("gml-mid", "gml-2.1.1", "other"),
            ("gml-mid", "gml-9.9", "other"),
            ("gml-mid", "9.9", "other"),
            ("icb", "16", "newer"),
            ("wto-members", "2026", "newer"),
            ("wto-members", "2024", "other"),
            ("un-treaties", "2027", "newer"),
            ("un-treaties", "2026", "other"),
        ] {
            assert_eq!(is(id, version), expected, "{id} {version}");
        }
    }

    #[test]
    fn marks_are_read_as_publishers_write_them() {
        for (cell, expected) in [
            ("\"26.1\"", Some("26.1")),
            (" 2024.0 ", Some("2024")),
            ("4.0", Some("4.0")),
            ("5.1999998", Some("5.2")),
            ("6.0000001", Some("6")),
            ("NA", None),
            ("", None),
            ("gml-2.1.1", Some("gml-2.1.1")),
        ] {
            assert_eq!(mark(cell).as_deref(), expected, "{cell}");
        }
        let named = |id: &str, cells: &[&str]| marked(dataset(id), cells.iter().copied());
        assert_eq!(named("atop", &["5.0999999"]).as_deref(), Some("5.1"));
        assert_eq!(named("cow-states", &["2016.0"]).as_deref(), Some("2016"));
        assert_eq!(named("ucdp-acd", &["9.1", "26.1", "zz"]).as_deref(), Some("26.1"));
        assert_eq!(named("gml-mid", &["gml-2.1.1"]).as_deref(), Some("gml-2.1.1"));
        assert_eq!(named("gml-mid", &["NA"]), None);
        // Rows are marked with the version in which they were last changed.
        let of =
            |cells: &[&str]| greatest(dataset("cow-territorial-change"), cells.iter().copied());
        assert_eq!(of(&["5", "6", "5"]).as_deref(), Some("6"));
        assert_eq!(of(&["5", "6", "7"]).as_deref(), Some("7"));
    }

    #[test]
    fn a_file_without_a_version_is_of_the_first_edition_that_reaches_its_years() {
        let icb = dataset("icb");
        let kind = icb.files.iter().find(|k| k.names("icb2")).unwrap();
        let of = |years: &[&str]| {
            let text = format!("icb2,yrtrig\n{}\n", years.map_rows());
            by_years(icb, kind, &Cells::parse("t.csv", &text).unwrap())
        };
        assert_eq!(of(&["1990", "2017", "-99"]).as_deref(), Some("14"));
        assert_eq!(of(&["2021", "1990"]).as_deref(), Some("16"));
        assert_eq!(of(&["2025", "9999"]).as_deref(), Some("2025"));
        assert_eq!(of(&["-99"]), None);
    }

    #[test]
    fn a_day_after_the_release_of_the_newest_edition_is_of_a_newer_one() {
        let dataset = dataset("un-treaties");
        let kind = dataset.files.iter().find(|k| k.names("mtdsg_no")).unwrap();
        let of = |days: &str| {
            let text = format!("action_date,signature_date\n{days}\n");
            by_years(dataset, kind, &Cells::parse("t.csv", &text).unwrap())
        };
        assert_eq!(of("1990-01-02,1989-05-05\n2026-02-01,").as_deref(), Some("2026-02"));
        assert_eq!(of("1990-01-02,1989-05-05\n,2026-10-04").as_deref(), Some("2026-10"));
        assert_eq!(of("2014-10-04,").as_deref(), Some("2015-03"));
        assert_eq!(of("2027-10-04,").as_deref(), Some("2027"));
    }

    #[test]
    fn what_says_its_version_says_its_years() {
        for dataset in crate::DATASETS.iter() {
            let versioned = |k: &&FileKind| k.version.is_some_and(|v| k.names(v));
            let numbered = |e: &Edition| e.marks.iter().any(|m| numbers(m).is_some());
            if dataset.files.iter().any(|k| versioned(&k)) && dataset.editions.iter().any(numbered)
            {
                let marked = |k: &FileKind| k.mark.is_some() || k.year_columns().next().is_some();
                assert!(dataset.files.iter().any(marked), "{}", dataset.id);
            }
            for kind in dataset.files {
                let unknown = kind.year_columns().find(|c| !kind.open && !kind.names(c));
                assert_eq!(unknown, None, "{} {}", dataset.id, kind.role);
            }
        }
    }

    trait Rows {
        fn map_rows(&self) -> String;
    }

    impl Rows for [&str] {
        fn map_rows(&self) -> String {
            self.iter().map(|y| format!("ICB2,{y}")).collect::<Vec<_>>().join("\n")
        }
    }
}
