//! A user's own table, in canonical columns: checked like a published one, and recorded with where it came from.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

use std::borrow::Cow;

use crate::cells::{Cell, Cells, write_number};
use crate::error::ReadError;
use crate::missing::{is_no_text, is_nothing};
use crate::own_values::impossible;
use crate::read::load;
use crate::row::{number_way_out, shorten, without_point};
use crate::{find, formats, text};
use comity_record::coverage::Coverage;
use comity_record::is_outside;
use comity_record::rows::{TableRows, Value};
use comity_record::schema::{Column, ColumnType, Table, table};
use comity_record::source::{Relation, Source, SourceBundle, SourceFile};
use comity_record::states::{Lookup, StateSystem};

/// What a user says of a table of theirs.
#[derive(Debug, Clone)]
pub struct Own<'a> {
    /// The canonical table.
    pub table: &'a str,
    /// The years in which it is complete; none: its silence says nothing.
    pub years: Option<RangeInclusive<i32>>,
    /// What it is about, in a phrase.
    pub scope: Option<String>,
    /// What to call it; else the file's name.
    pub title: Option<String>,
    /// How to cite it.
    pub citation: Option<String>,
}

/// Reads one file as a canonical table. Columns are canonical names (`source_row` may be there, `source` may not);
/// columns that are left out are null.
pub fn read(path: &Path, own: &Own<'_>, states: &StateSystem) -> Result<SourceBundle, ReadError> {
    read_beside(path, own, states, &[])
}

/// The same beside other sources, those of the record and those of the same command: a file named like one of them that holds
/// something else becomes a source of its own.
pub fn read_beside(
    path: &Path,
    own: &Own<'_>,
    states: &StateSystem,
    there: &[Source],
) -> Result<SourceBundle, ReadError> {
    made(path, own, states, there).map_err(ReadError::of_own_file)
}

fn made(
    path: &Path,
    own: &Own<'_>,
    states: &StateSystem,
    there: &[Source],
) -> Result<SourceBundle, ReadError> {
    let file = find::file_name(path);
    let bytes = load(path)?;
    let refuse = |reason: String| ReadError::Header { file: file.clone(), reason };
    let table = table(own.table).ok_or_else(|| ReadError::NoTable { table: shorten(own.table) })?;
    let cells = cells(&file, &bytes)?;
    if let Some((column, reason)) = cells.unread.first() {
        let (column, reason) = (shorten(column), reason.clone());
        return Err(ReadError::Unread { file, column, reason });
    }
    let mut columns = Vec::new();
    for (at, name) in cells.header.iter().enumerate() {
        match (name.as_str(), table.column(name)) {
            ("" | "source_row", _) => {}
            (_, Some(column)) => columns.push((at, column)),
            _ => {
                let known: Vec<&str> = table.columns.iter().map(|c| c.name).collect();
                return Err(refuse(format!(
                    "{} has no column `{}`; it has {}",
                    table.name,
                    shorten(name),
                    known.join(", ")
                )));
            }
        }
    }
    for needed in table.states.iter().take(1) {
        if !columns.iter().any(|(_, c)| c.name == *needed) {
            return Err(refuse(format!("the column `{needed}` is missing")));
        }
    }
    let origin = SourceFile {
        name: file.clone(),
        bytes: bytes.len() as u64,
        sha256: comity_record::sha256(&bytes),
        fills: vec![table.name.to_owned()],
        ..SourceFile::default()
    };
    let (dataset, note) = named(&file, &origin, there);
    let id = id_of(&dataset);
    let is_text = |k: &&&str| table.column(k).is_some_and(|c| c.kind == ColumnType::Text);
    // The text that says what a row is about (the organisation of a membership) must be there.
    let named_by = table.key.iter().find(is_text).copied();
    let mut rows = TableRows::new(table, id.clone());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for row in 0..cells.len() {
        let mut given = Vec::with_capacity(columns.len());
        for (at, column) in &columns {
            let cell = &*as_written(&cells, row, *at, column);
            let wrong = |expected: String| wrong(&cells, row, column.name, cell, expected);
            let is_state = table.states.contains(&column.name);
            let value = Value::parse(column.kind, cell).map_err(|e| {
                let state = is_state.then(|| meant(cell, states, years_of(&cells, row))).flatten();
                wrong(state.unwrap_or_else(|| way_out(column.kind, cell, e)))
            })?;
            match &value {
                Value::Int(code) if is_state && states.get(*code).is_none() => {
                    return Err(wrong(
                        "the code of a state of the system (`comity states`)".into(),
                    ));
                }
                value if impossible(column.name, value).is_some() => {
                    let expected = impossible(column.name, value).unwrap_or_default();
                    let others = others(&cells, row, (*at, *column));
                    return Err(wrong(format!("{expected}{others}")));
                }
                Value::Null if named_by == Some(column.name) => {
                    return Err(wrong("a text: it identifies the row".into()));
                }
                _ => {}
            }
            given.push((column.name, value));
        }
        forwards(&cells, row, &given)?;
        let key = key(table, &given, &cells, row);
        if let Some(first) = seen.insert(key.clone(), row) {
            let (place, first) = (Box::new(cells.place(row)), cells.place(first).within());
            return Err(ReadError::Repeated { place, key, first });
        }
        rows.push(&given, format!("{file}:{key}"));
    }
    let coverage = own.years.clone().map(|years| Coverage {
        scope: own.scope.clone(),
        ..Coverage::all(table.name, *years.start(), *years.end())
    });
    let source = Source {
        id,
        dataset,
        version: VERSION.into(),
        title: own.title.clone().unwrap_or_else(|| file.clone()),
        publisher: "the user of this record".into(),
        citation: own.citation.clone().unwrap_or_else(|| format!("Own data: {file}")),
        licence: "not said".into(),
        url: String::new(),
        relations: [(table.family.to_owned(), Relation::Complement)].into(),
        files: vec![origin],
        added: String::new(),
        coverage: coverage.into_iter().collect(),
        notes: note.into_iter().chain(cells.notes).collect(),
        unplaced: Vec::new(),
        unreviewed: false,
    };
    Ok(SourceBundle { source, tables: vec![(table.name, rows.finish())] })
}

/// The version of every table of one's own.
const VERSION: &str = "1";

fn id_of(dataset: &str) -> String {
    format!("{dataset}-{VERSION}")
}

/// The dataset that a file becomes: named for the file, and for its content too where that name is another's. With it what is to
/// be said of that.
fn named(file: &str, origin: &SourceFile, there: &[Source]) -> (String, Option<String>) {
    let plain = format!("own-{}", own_name(file));
    let short: String = origin.sha256.chars().take(8).collect();
    let hashed = format!("{plain}-{short}");
    let of = |dataset: &str| there.iter().find(|s| s.dataset == dataset);
    let same = |s: &&Source| {
        s.files
            .iter()
            .all(|f| f.sha256 == origin.sha256 && (f.fills.is_empty() || f.fills == origin.fills))
    };
    match of(&plain) {
        Some(other) if !same(&other) => {
            let note = format!(
                "{} holds another file of that name; if this one is to take its place: comity record remove {}",
                other.id, other.id
            );
            // The same file may have been read as another table.
            let table = origin.fills.join("-").replace('_', "-");
            match of(&hashed) {
                Some(taken) if !same(&taken) => (format!("{hashed}-{table}"), Some(note)),
                _ => (hashed, Some(note)),
            }
        }
        _ => (plain, None),
    }
}

/// The further rows whose cell in a column is as impossible as that of this one.
fn others(cells: &Cells, row: usize, (at, column): (usize, &Column)) -> String {
    const SHOWN: usize = 10;
    let is_so = |row: &usize| {
        let value = Value::parse(column.kind, &as_written(cells, *row, at, column));
        value.is_ok_and(|value| impossible(column.name, &value).is_some())
    };
    let rows: Vec<usize> = (row + 1..cells.len()).filter(is_so).collect();
    let named: Vec<String> = rows.iter().take(SHOWN).map(|r| (r + 1).to_string()).collect();
    match (rows.len(), rows.len().saturating_sub(SHOWN)) {
        (0, _) => String::new(),
        (1, _) => format!(" (so is row {})", named.join(", ")),
        (_, 0) => format!(" (so are the rows {})", named.join(", ")),
        (_, more) => format!(" (so are the rows {} and {more} more)", named.join(", ")),
    }
}

/// A cell as a person would write it: numbers without the point that programs put into a column with gaps, and nothing where a program
/// wrote a word for it.
fn as_written<'a>(cells: &'a Cells, row: usize, at: usize, column: &Column) -> Cow<'a, str> {
    let text = cells.get(row, at);
    match column.kind {
        ColumnType::Text if !is_no_text(column.name, text) || column.name == "code" => text.into(),
        ColumnType::Text => "".into(),
        // A number may have a label; the column holds numbers.
        ColumnType::Int | ColumnType::Float => match cells.cell(row, at) {
            Cell::Int(v) => v.to_string().into(),
            Cell::Float(v) => {
                let mut number = String::new();
                write_number(&mut number, v);
                number.into()
            }
            _ if is_nothing(text) => "".into(),
            _ if column.kind == ColumnType::Int => without_point(text).into(),
            _ => text.into(),
        },
        _ if is_nothing(text) => "".into(),
        ColumnType::Bool => match text.to_lowercase().as_str() {
            "yes" | "y" | "t" => "1".into(),
            "no" | "n" | "f" => "0".into(),
            _ => without_point(text).into(),
        },
        ColumnType::Date => text.into(),
    }
}

/// What a cell should hold, with how to write what it seems to hold.
fn way_out(kind: ColumnType, cell: &str, expected: &str) -> String {
    let digits = cell.bytes().any(|b| b.is_ascii_digit());
    match kind {
        ColumnType::Int | ColumnType::Float => number_way_out(cell, expected),
        ColumnType::Date if digits => {
            format!("{expected}: write days so, for example 1990-12-31")
        }
        ColumnType::Bool => format!("{expected}: write true or false, yes or no, 1 or 0"),
        _ => expected.to_owned(),
    }
}

fn wrong(cells: &Cells, row: usize, column: &str, cell: &str, expected: String) -> ReadError {
    ReadError::Value {
        place: Box::new(cells.place(row)),
        column: column.to_owned(),
        value: shorten(cell),
        expected,
    }
}

/// What to write for a state that is given by a name or another code.
fn meant(cell: &str, states: &StateSystem, years: Option<(i32, i32)>) -> Option<String> {
    let in_words = |code: &i32| {
        states.get(*code).map(|state| format!("{code} ({}, {})", state.handle, state.name))
    };
    let found = match years {
        Some((from, to)) => states.find_between(cell, from, to),
        None => states.find(cell),
    };
    let codes = match found {
        Lookup::None(_) if is_outside(cell) => {
            return Some("the number of a state: it is not in the list of states, and a table of one's own has rows of these alone; leave the row out".to_owned());
        }
        Lookup::One(code) => vec![code],
        Lookup::Several(codes) => codes,
        Lookup::None(_) => return None,
    };
    let codes: Vec<String> = codes.iter().filter_map(in_words).collect();
    Some(format!("the number of a state: write {}", codes.join(" or ")))
}

/// The years that a row is about; none where it does not say.
fn years_of(cells: &Cells, row: usize) -> Option<(i32, i32)> {
    let year = |name: &str| -> Option<i32> {
        let cell = without_point(cells.get(row, cells.column(name)?));
        cell.get(..4).unwrap_or(cell).parse().ok()
    };
    let first = year("year").or_else(|| year("start_year")).or_else(|| year("start"));
    let last = year("year").or_else(|| year("end_year")).or_else(|| year("end"));
    first.or(last).map(|year| (first.unwrap_or(year), last.unwrap_or(i32::MAX)))
}

/// Refuses a spell that ends before it begins.
fn forwards(cells: &Cells, row: usize, given: &[(&str, Value)]) -> Result<(), ReadError> {
    let of = |name: &str| given.iter().find(|(n, _)| *n == name).map(|(_, value)| value);
    let backwards = |start: String, end: String| {
        Err(ReadError::Backwards { place: Box::new(cells.place(row)), start, end })
    };
    if let (Some(Value::Date(start)), Some(Value::Date(end))) = (of("start"), of("end"))
        && end < start
    {
        return backwards(start.to_string(), end.to_string());
    }
    let year = |date: &str, year: &str| match (of(year), of(date)) {
        (Some(Value::Int(year)), _) => Some(*year),
        (_, Some(Value::Date(date))) => Some(i32::from(date.year())),
        _ => None,
    };
    match (year("start", "start_year"), year("end", "end_year")) {
        (Some(start), Some(end)) if end < start => backwards(start.to_string(), end.to_string()),
        _ => Ok(()),
    }
}

/// The one table of a file.
pub(crate) fn cells(file: &str, bytes: &[u8]) -> Result<Cells, ReadError> {
    let mut parts = formats::parts(file, bytes)?;
    if parts.len() != 1 {
        let names: Vec<String> = parts.iter().take(8).map(|p| shorten(&p.inside)).collect();
        let named =
            if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
        let reason = format!(
            "it holds {} tables{named}; save the one that is meant as a file of its own",
            parts.len()
        );
        return Err(ReadError::Header { file: file.into(), reason });
    }
    match parts.remove(0).content {
        formats::Content::Text(bytes) => {
            let text = text::decode(file, &bytes, false)?;
            text::check_closed(file, &text)?;
            Cells::parse(file, &text)
        }
        formats::Content::Table(cells) => Ok(cells),
        formats::Content::Nothing(reason) => {
            Err(ReadError::Broken { file: file.into(), reason: format!("it {reason}") })
        }
        formats::Content::Damaged(reason) => Err(ReadError::Broken { file: file.into(), reason }),
    }
}

/// What identifies a row, for its `source_row`: the one that was given, else the table's key.
fn key(table: &Table, given: &[(&str, Value)], cells: &Cells, row: usize) -> String {
    let own = cells.column("source_row").map(|at| cells.get(row, at)).filter(|c| !c.is_empty());
    if let Some(own) = own {
        return own.to_owned();
    }
    let cell = |name: &str| {
        given.iter().find(|(n, _)| *n == name).and_then(|(n, _)| Some((n, cells.column(n)?)))
    };
    let parts: Vec<String> = table
        .key
        .iter()
        .filter_map(|k| Some((cell(k)?, table.column(k)?)))
        .map(|((name, at), column)| format!("{name}={}", as_written(cells, row, at, column)))
        .collect();
    parts.join(" ")
}

/// A file's name without its ending, in letters and digits.
fn own_name(file: &str) -> String {
    let stem = file.split('.').next().unwrap_or(file);
    let name: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() { "table".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: &str = "organization,ccode,start_year,end_year\n";

    fn own(table: &str) -> Own<'_> {
        Own { table, years: None, scope: None, title: None, citation: None }
    }

    fn refusal(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.csv");
        std::fs::write(&path, text).unwrap();
        let record = crate::starter::record();
        read(&path, &own("memberships"), record.states().unwrap()).unwrap_err().to_string()
    }

    #[test]
    fn an_error_in_a_row_of_a_users_table_says_what_to_write() {
        let of = |row: &str| refusal(&format!("{MEMBERS}{row}\n"));
        for (row, says) in [
            ("UN,CHN,1971,", "\"CHN\" is not the number of a state: write 710 (CHN, China)"),
            ("UN,China,1971,", "write 710 (CHN, China)"),
            ("UN,9998,1971,", "\"9998\" is not the code of a state"),
            ("UN,710,1971,1970", "the spell ends (1970) before it begins (1971)"),
            (",710,1971,", "column organization: \"\" is not a text"),
            ("UN,710,71,", "\"71\" is not a year from 1000 to 2999"),
            ("UN,710,71,\nUN,2,-9,\nUN,20,1950,-9", "nothing is known (so is row 2)"),
            ("UN,710", "2 cells where the header has 4"),
        ] {
            let message = of(row);
            assert!(
                message.contains(says) && message.contains("mine.csv line 2"),
                "{row}: {message}"
            );
            assert!(
                message.contains("in your file") && !message.contains("publish"),
                "{row}: {message}"
            );
        }
        let message = refusal("organization,ccode,begun\nUN,710,1971\n");
        assert!(message.contains("no column `begun`") && !message.contains("publish"), "{message}");
    }

    fn values(name: &str, table: &str, text: &str, column: &str) -> Result<Vec<String>, String> {
        use arrow::util::display::array_value_to_string;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let record = crate::starter::record();
        let made = read(&path, &own(table), record.states().unwrap()).map_err(|e| e.to_string())?;
        let rows = made.table(table).unwrap();
        let cells = rows.column_by_name(column).unwrap();
        Ok((0..rows.num_rows()).map(|row| array_value_to_string(cells, row).unwrap()).collect())
    }

    #[test]
    fn tables_are_read_as_statistics_programs_write_them() {
        // pandas: whole numbers with a point in a column with gaps, True, NaN; R: NA, TRUE; row numbers in a column without a name.
        let text = "\"\",\"case_id\",\"sender\",\"target\",\"start\",\"end_year\",\"trade\"\n\
            0,a,2.0,40.0,1990-01-01,,True\n1,b,2,NA,NA,1995.0,FALSE\n2,c,<NA>,40,NaT,nan,1.0\n";
        let of = |column| values("s.csv", "sanctions", text, column).unwrap();
        assert_eq!(of("sender"), ["2", "2", ""]);
        assert_eq!(of("target"), ["40", "", "40"]);
        assert_eq!(of("end_year"), ["", "1995", ""]);
        assert_eq!(of("trade"), ["true", "false", "true"]);
        assert_eq!(of("start"), ["1990-01-01", "", ""]);
        let words = "sender,target,start,trade\n2,40,1990-01-01,no\n2,41,1990-01-01,Yes\n2,42,1990-01-01,\n";
        assert_eq!(values("w.csv", "sanctions", words, "trade").unwrap(), ["false", "true", ""]);
        let maybe = values("w.csv", "sanctions", &words.replace("Yes", "maybe"), "trade");
        let maybe = maybe.unwrap_err();
        assert!(maybe.contains("write true or false, yes or no, 1 or 0"), "{maybe}");
        // The key is the same however its number is written.
        let twice = "ccode,year,milex\n2.0,1990,1\n2,1990.0,3\n";
        let error = values("c.csv", "capabilities", twice, "milex").unwrap_err();
        assert!(error.contains("ccode=2 year=1990 stands already on line 2"), "{error}");
    }

    #[test]
    fn numbers_and_days_in_another_form_are_refused_with_how_to_write_them() {
        let refused = |text: &str, table: &str| values("t.csv", table, text, "year").unwrap_err();
        for (text, says) in [
            (
                "ccode;year;milex\n2;1990;1234,5\n",
                "\"1234,5\" is not a finite number: write a point",
            ),
            (
                "ccode,year,milex\n2,1990,\"1,234\"\n",
                "\"1,234\" is not a finite number: write a point",
            ),
            ("ccode,year,milex\n2,\"1 990\",3\n", "\"1 990\" is not a whole number: write a point"),
            ("ccode,year,milex\n2,1990.5,3\n", "\"1990.5\" is not a whole number"),
        ] {
            let error = refused(text, "capabilities");
            assert!(error.contains(says) && error.contains("line 2"), "{error}");
        }
        for day in ["01/02/1990", "1.2.1990", "32874", "01feb1990", "1990-02-30"] {
            let error = refused(&format!("organization,ccode,start\nUN,2,{day}\n"), "memberships");
            assert!(error.contains("write days so, for example 1990-12-31"), "{error}");
        }
    }

    #[test]
    fn two_files_of_one_name_are_two_sources() {
        let folder = tempfile::tempdir().unwrap();
        let record = crate::starter::record();
        let mut there: Vec<Source> = Vec::new();
        let mut ids = Vec::new();
        for organization in ["UN", "AU", "UN", "AU"] {
            let path = folder.path().join("mine.csv");
            std::fs::write(&path, format!("{MEMBERS}{organization},710,1971,\n")).unwrap();
            let states = record.states().unwrap();
            let made = read_beside(&path, &own("memberships"), states, &there).unwrap().source;
            ids.push(made.id.clone());
            if !there.iter().any(|s| s.id == made.id) {
                there.push(made);
            }
        }
        assert_eq!((ids[0].as_str(), &ids[0], &ids[1]), ("own-mine-1", &ids[2], &ids[3]));
        assert!(ids[1].starts_with("own-mine-") && ids[1].len() == "own-mine-01234567-1".len());
        assert!(there[1].notes[0].contains("comity record remove own-mine-1"));
    }
}
