//! The cells of one published table, whatever format they came in: text as it stood, or typed columns.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::civil::Date;

use crate::error::{Place, ReadError};

/// A parsed table: a header, and cells row after row (text formats) or column by column (all others).
#[derive(Debug, Clone)]
pub struct Cells {
    /// File name without its folder; where a file holds several tables, with the one that this is.
    pub file: String,
    /// Column names, in lower case, blanks inside them as underscores.
    pub header: Vec<String>,
    pub(crate) body: Body,
    /// Columns in a form that is not read, with what that is: they are no part of the header.
    pub unread: Vec<(String, String)>,
    /// What is to be said of how it was read.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// Row after row, in one text.
    Text(Texts),
    /// Column by column.
    Columns { rows: usize, columns: Vec<Column> },
}

/// The text of all cells, where each ends, and the line of each row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    pub text: String,
    pub ends: Vec<u32>,
    pub lines: Vec<u32>,
}

/// The values of one column. Missing is `i32::MIN`, not-a-number, `u32::MAX` or the empty text.
#[derive(Debug, Clone)]
pub enum Data {
    /// Text: all of it, and where each cell ends.
    Text {
        /// The cells, one after the other.
        text: String,
        /// Where each one ends.
        ends: Vec<usize>,
    },
    /// Numbers into a list of labels (a factor).
    Labels {
        /// One number per row.
        codes: Vec<u32>,
        /// What they stand for.
        labels: Vec<String>,
    },
    /// Numbers of which some have a label: as a number the number, as text the label.
    Labelled {
        /// One number per row.
        values: Vec<f64>,
        /// What some of them stand for.
        labels: BTreeMap<i32, String>,
    },
    /// Whole numbers.
    Int(Vec<i32>),
    /// Numbers.
    Float(Vec<f64>),
    /// Days since 1 January 1970.
    Date(Vec<i32>),
    /// A form that is not read: what it is, and what to do.
    Unread(String),
}

/// `i32::MIN`: no value.
pub const NO_INT: i32 = i32::MIN;
/// `u32::MAX`: no label.
pub const NO_LABEL: u32 = u32::MAX;

impl Data {
    /// Text cells.
    pub fn texts<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for cell in cells {
            text.push_str(cell.as_ref());
            ends.push(text.len());
        }
        Self::Text { text, ends }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Text { ends, .. } => ends.len(),
            Self::Labels { codes, .. } => codes.len(),
            Self::Int(v) | Self::Date(v) => v.len(),
            Self::Float(v) | Self::Labelled { values: v, .. } => v.len(),
            Self::Unread(_) => 0,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// About how many bytes it holds.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Text { text, ends } => text.len() + ends.len() * 8,
            Self::Labels { codes, labels } => codes.len() * 4 + labels.len() * 32,
            Self::Int(v) | Self::Date(v) => v.len() * 4,
            Self::Float(v) => v.len() * 8,
            Self::Labelled { values, labels } => values.len() * 8 + labels.len() * 32,
            Self::Unread(_) => 0,
        }
    }
}

/// A typed column; its text is made when it is needed.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    data: Data,
    text: OnceLock<(String, Vec<usize>)>,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Missing,
    /// Text, trimmed.
    Text(&'a str),
    /// A whole number.
    Int(i32),
    /// A number.
    Float(f64),
    /// A day.
    Date(Date),
}

impl Cells {
    /// A table of typed columns. Names are made like those of a header line; a doubled one gets its number.
    ///
    /// # Errors
    /// Columns of different lengths.
    pub fn of_columns(file: &str, named: Vec<(String, Data)>) -> Result<Self, ReadError> {
        let is_read = |data: &Data| !matches!(data, Data::Unread(_));
        let rows = named.iter().find(|(_, d)| is_read(d)).map_or(0, |(_, d)| d.len());
        let (mut header, mut columns): (Vec<String>, Vec<Column>) = (Vec::new(), Vec::new());
        let mut unread = Vec::new();
        let mut seen = BTreeSet::new();
        for (name, data) in named {
            let data = known_days(data);
            if let Data::Unread(reason) = data {
                unread.push((crate::text::column_name(&name), reason));
                continue;
            }
            if data.len() != rows {
                let reason = format!(
                    "the column {} has {} values where the first has {rows}",
                    crate::row::shorten(&name),
                    data.len()
                );
                return Err(ReadError::Header { file: file.into(), reason });
            }
            let mut name = crate::text::column_name(&name);
            // A later column may be called as a doubled one came to be.
            while seen.contains(&name) {
                name = format!("{name}#{}", header.len() + 1);
            }
            seen.insert(name.clone());
            header.push(name);
            columns.push(Column { data, text: OnceLock::new() });
        }
        Ok(Self {
            file: file.into(),
            header,
            body: Body::Columns { rows, columns },
            unread,
            notes: Vec::new(),
        })
    }

    /// Where a column stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match &self.body {
            Body::Text(texts) => texts.lines.len(),
            Body::Columns { rows, .. } => *rows,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// About how many bytes it holds.
    pub fn bytes(&self) -> usize {
        match &self.body {
            Body::Text(t) => t.text.len() + t.ends.len() * 4 + t.lines.len() * 4,
            Body::Columns { columns, .. } => columns.iter().map(|c| c.data.bytes()).sum(),
        }
    }

    /// The cell of a row (from 0) in a column (from 0), trimmed; a missing one is empty.
    pub fn get(&self, row: usize, column: usize) -> &str {
        match &self.body {
            Body::Text(texts) => texts.get(row * self.header.len() + column),
            Body::Columns { columns, .. } => columns.get(column).map_or("", |c| c.get(row)),
        }
    }

    /// The same with its type.
    pub fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let columns = match &self.body {
            Body::Columns { columns, .. } => columns,
            Body::Text(_) => return text_cell(self.get(row, column)),
        };
        match columns.get(column).map(|c| &c.data) {
            Some(Data::Int(v)) if v[row] != NO_INT => Cell::Int(v[row]),
            Some(Data::Float(v) | Data::Labelled { values: v, .. }) if !v[row].is_nan() => {
                Cell::Float(v[row])
            }
            Some(Data::Date(v)) if v[row] != NO_INT => {
                day(v[row]).map_or(Cell::Missing, Cell::Date)
            }
            Some(Data::Text { .. } | Data::Labels { .. }) => text_cell(self.get(row, column)),
            _ => Cell::Missing,
        }
    }

    /// The first and the last rows of typed columns: enough to recognise a table.
    pub(crate) fn ends(&self) -> Self {
        const ROWS: usize = 200;
        let rows = self.len();
        let wanted: Vec<usize> = (0..rows).filter(|r| *r < ROWS || r + ROWS >= rows).collect();
        let column = |at: usize| {
            let data = Data::texts(wanted.iter().map(|row| self.get_once(*row, at)));
            Column { data, text: OnceLock::new() }
        };
        let columns = (0..self.header.len()).map(column).collect();
        let body = Body::Columns { rows: wanted.len(), columns };
        let (file, header) = (self.file.clone(), self.header.clone());
        Self { file, header, body, unread: self.unread.clone(), notes: Vec::new() }
    }

    /// One cell as text, without making the text of its whole column.
    fn get_once(&self, row: usize, column: usize) -> String {
        match self.cell(row, column) {
            Cell::Missing => String::new(),
            Cell::Text(text) => text.to_owned(),
            Cell::Int(v) => v.to_string(),
            Cell::Float(v) => {
                let mut text = String::new();
                write_number(&mut text, v);
                text
            }
            Cell::Date(v) => v.to_string(),
        }
    }

    /// Where a row (from 0) stands in the file.
    pub fn place(&self, row: usize) -> Place {
        let line = match &self.body {
            Body::Text(texts) => texts.lines.get(row).copied().unwrap_or(0),
            Body::Columns { .. } => 0,
        };
        Place { file: self.file.clone(), line, row: row as u32 + 1 }
    }
}

fn text_cell(text: &str) -> Cell<'_> {
    if text.is_empty() { Cell::Missing } else { Cell::Text(text) }
}

impl Texts {
    fn get(&self, at: usize) -> &str {
        let end = |at: usize| self.ends.get(at).map(|end| *end as usize);
        let from = at.checked_sub(1).and_then(end).unwrap_or(0);
        end(at).and_then(|to| self.text.get(from..to)).unwrap_or("")
    }
}

fn between<'a>(text: &'a str, ends: &[usize], at: usize) -> &'a str {
    let from = at.checked_sub(1).and_then(|i| ends.get(i)).copied().unwrap_or(0);
    ends.get(at).and_then(|to| text.get(from..*to)).unwrap_or("")
}

impl Column {
    fn get(&self, row: usize) -> &str {
        match &self.data {
            Data::Text { text, ends } => between(text, ends, row).trim(),
            Data::Labels { codes, labels } => {
                codes.get(row).and_then(|c| labels.get(*c as usize)).map_or("", |l| l.trim())
            }
            other => {
                // Labels are not copied for each of their rows: there may be millions.
                if let Data::Labelled { values, labels } = other
                    && let Some(label) = values.get(row).and_then(|v| label(labels, *v))
                {
                    return label.trim();
                }
                let (text, ends) = self.text.get_or_init(|| written(other));
                between(text, ends, row)
            }
        }
    }
}

/// What a whole number stands for.
fn label(labels: &BTreeMap<i32, String>, value: f64) -> Option<&String> {
    let whole =
        value.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&value);
    whole.then(|| labels.get(&(value as i32))).flatten()
}

/// Adds a number as a person would write it: a whole one without a point, and what would have dozens of zeros with an exponent (it would
/// come to more than three hundred letters).
pub(crate) fn write_number(into: &mut String, x: f64) {
    use std::fmt::Write as _;
    let plain = x == 0.0 || !x.is_finite() || (1e-12..1e21).contains(&x.abs());
    let _ = if plain { write!(into, "{x}") } else { write!(into, "{x:e}") };
}

/// Numbers as a person would write them.
fn written(data: &Data) -> (String, Vec<usize>) {
    use std::fmt::Write as _;
    let (mut text, mut ends) = (String::new(), Vec::with_capacity(data.len()));
    for row in 0..data.len() {
        let _ = match data {
            Data::Int(v) if v[row] != NO_INT => write!(text, "{}", v[row]),
            Data::Float(v) | Data::Labelled { values: v, .. } if !v[row].is_nan() => {
                write_number(&mut text, v[row]);
                Ok(())
            }
            Data::Date(v) if v[row] != NO_INT => {
                day(v[row]).map_or(Ok(()), |date| write!(text, "{date}"))
            }
            _ => Ok(()),
        };
        ends.push(text.len());
    }
    (text, ends)
}

/// The first and the last day of the calendar, -9999-01-01 and 9999-12-31.
const DAYS: std::ops::RangeInclusive<i32> = -4_371_587..=2_932_896;

/// Days, if all of them are in the calendar.
fn known_days(data: Data) -> Data {
    let Data::Date(days) = &data else { return data };
    match days.iter().position(|day| *day != NO_INT && !DAYS.contains(day)) {
        Some(at) => Data::Unread(format!(
            "row {} holds a day that is in no calendar of four-figure years; save the column as text",
            at + 1
        )),
        None => data,
    }
}

fn day(days: i32) -> Option<Date> {
    let span = jiff::Span::new().try_days(i64::from(days)).ok()?;
    Date::constant(1970, 1, 1).checked_add(span).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_are_in_no_calendar_are_not_taken_for_missing() {
        for (edge, far) in [(*DAYS.start(), *DAYS.start() - 1), (*DAYS.end(), i32::MAX)] {
            let table =
                |days| Cells::of_columns("t", vec![("d".into(), Data::Date(days))]).unwrap();
            let known = table(vec![NO_INT, edge]);
            assert!(known.unread.is_empty() && matches!(known.cell(1, 0), Cell::Date(_)));
            let read = table(vec![0, far]);
            assert!(read.header.is_empty() && read.unread[0].1.starts_with("row 2 holds a day"));
        }
    }

    #[test]
    fn a_number_comes_to_few_letters_however_large_or_small_it_is() {
        let numbers = vec![f64::MAX, -f64::MIN_POSITIVE, 1e20, 1e-12, -0.5, f64::INFINITY];
        let cells =
            Cells::of_columns("t", vec![("x".into(), Data::Float(numbers.clone()))]).unwrap();
        let text: Vec<&str> = (0..6).map(|row| cells.get(row, 0)).collect();
        assert_eq!(&text[..2], ["1.7976931348623157e308", "-2.2250738585072014e-308"]);
        assert_eq!(&text[2..], ["100000000000000000000", "0.000000000001", "-0.5", "inf"]);
        assert!(text.iter().zip(&numbers).all(|(text, x)| text.parse() == Ok(*x)));
    }

    #[test]
    fn no_two_columns_have_one_name() {
        let named = ["a", "a#3", "a"].map(|name| (name.to_owned(), Data::Int(vec![1])));
        let cells = Cells::of_columns("t", named.to_vec()).unwrap();
        assert_eq!(cells.header, ["a", "a#3", "a#3#3"]);
    }

    #[test]
    fn typed_columns_read_as_text_and_as_values() {
        let cells = Cells::of_columns(
            "t.rds",
            vec![
                ("Year of Order".into(), Data::Int(vec![1999, NO_INT])),
                ("x".into(), Data::Float(vec![2.0, f64::NAN])),
                ("X".into(), Data::Float(vec![0.1, 1e6])),
                ("d".into(), Data::Date(vec![0, -1])),
                (
                    "f".into(),
                    Data::Labels { codes: vec![1, NO_LABEL], labels: vec!["a".into(), "b".into()] },
                ),
                ("t".into(), Data::texts([" y ", ""])),
            ],
        )
        .unwrap();
        assert_eq!(cells.header, ["year_of_order", "x", "x#3", "d", "f", "t"]);
        let row = |r| (0..6).map(|c| cells.get(r, c)).collect::<Vec<_>>();
        assert_eq!(row(0), ["1999", "2", "0.1", "1970-01-01", "b", "y"]);
        assert_eq!(row(1), ["", "", "1000000", "1969-12-31", "", ""]);
        assert_eq!((cells.cell(0, 0), cells.cell(1, 0)), (Cell::Int(1999), Cell::Missing));
        assert_eq!((cells.cell(1, 2), cells.cell(1, 4)), (Cell::Float(1e6), Cell::Missing));
        assert!(
            Cells::of_columns(
                "t",
                vec![("a".into(), Data::Int(vec![1])), ("b".into(), Data::Int(vec![]))]
            )
            .is_err()
        );
    }
}
