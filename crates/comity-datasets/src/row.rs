//! A row of a published table: cells by column name, with the codebook's missing codes taken out.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::cells::{Cell, Cells};
use crate::dates::{self, Order};
use crate::decimals;
use crate::error::{Place, ReadError};
use crate::lookup::{Codes, NameHasher};
use crate::missing::{is_nothing, is_nothing_in_texts, may_hold_na};
use crate::when::YEARS;

pub use crate::missing::Missing;
pub use crate::when::When;

#[cfg(test)]
thread_local! {
    /// The columns that were asked for and that no file has.
    pub(crate) static ABSENT: std::cell::RefCell<std::collections::BTreeSet<String>> = const { std::cell::RefCell::new(std::collections::BTreeSet::new()) };
}

/// One published file of a dataset, ready to be mapped.
#[derive(Debug)]
pub struct Sheet {
    cells: Arc<Cells>,
    columns: HashMap<String, usize, BuildHasherDefault<NameHasher>>,
    missing: Vec<Codes>,
    /// Whether `NA` may be a code in a column.
    may_hold_na: Vec<bool>,
    /// Whether it has an empty cell.
    gaps: OnceLock<bool>,
    /// In which order each column has days and months.
    orders: Vec<OnceLock<Order>>,
    /// Whether each column has its decimals behind commas.
    commas: Vec<OnceLock<bool>>,
}

impl Sheet {
    /// Cells with the missing codes of their columns.
    pub fn new(cells: Arc<Cells>, missing: &'static [Missing]) -> Self {
        let of = |name: &String| {
            let rules = missing
                .iter()
                .filter(|m| m.columns.is_empty() || m.columns.contains(&name.as_str()));
            Codes::of(rules.flat_map(|m| m.codes.iter().copied()).collect())
        };
        let missing = cells.header.iter().map(of).collect();
        let may_hold_na = cells.header.iter().map(|name| may_hold_na(name)).collect();
        // A column without a name is reached by its number, from 1: `#4`.
        let name = |(i, n): (usize, &String)| {
            (if n.is_empty() { format!("#{}", i + 1) } else { n.clone() }, i)
        };
        let columns = cells.header.iter().enumerate().map(name).collect();
        let orders = cells.header.iter().map(|_| OnceLock::new()).collect();
        let commas = cells.header.iter().map(|_| OnceLock::new()).collect();
        Self { cells, columns, missing, may_hold_na, gaps: OnceLock::new(), orders, commas }
    }

    fn place(&self, column: &str) -> Option<usize> {
        let at = self.columns.get(column).copied();
        #[cfg(test)]
        if at.is_none() {
            ABSENT.with_borrow_mut(|absent| absent.insert(column.to_owned()));
        }
        at
    }

    /// Whether it has an empty cell: then what is not known is left empty in it.
    fn has_gaps(&self) -> bool {
        let empty = |row| (0..self.cells.header.len()).any(|c| self.cells.get(row, c).is_empty());
        *self.gaps.get_or_init(|| (0..self.cells.len()).any(empty))
    }

    /// In which order a column has days and months, by all its cells.
    fn order_of_days(&self, at: usize) -> Order {
        let cells = (0..self.cells.len()).map(|row| self.cells.get(row, at));
        *self.orders[at].get_or_init(|| dates::order(cells))
    }

    /// A number with its decimals behind a comma, where all numbers of its column have them so.
    fn behind_a_comma(&self, at: usize, cell: &str) -> Option<f64> {
        let number = decimals::number(cell)?;
        let cells = || (0..self.cells.len()).map(|row| self.cells.get(row, at));
        let commas = self.commas[at].get_or_init(|| decimals::stand_behind_commas(cells()));
        commas.then_some(number)
    }

    /// Its rows, in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.cells.len()).map(|at| Row { sheet: self, at })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The names of its columns, in their order.
    pub fn header(&self) -> &[String] {
        &self.cells.header
    }

    /// The name of its file.
    pub fn file(&self) -> &str {
        &self.cells.file
    }
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    at: usize,
}

impl<'a> Row<'a> {
    /// The cell, unless it is blank, holds a missing code, or the file has no such column.
    pub fn text(&self, column: &str) -> Option<&'a str> {
        let at = self.sheet.place(column)?;
        let cell = without_point(self.sheet.cells.get(self.at, at));
        let missing = cell.is_empty()
            || (is_nothing_in_texts(cell) && !self.is_code(at, cell))
            || self.sheet.missing[at].are(cell);
        (!missing).then_some(cell)
    }

    /// Whether `NA` is a code in this row: where the file leaves cells empty for what is not known, or where the row is Namibia's.
    fn is_code(&self, at: usize, cell: &str) -> bool {
        let is_namibia = || {
            (0..self.sheet.cells.header.len()).any(|column| {
                let cell = self.sheet.cells.get(self.at, column);
                cell == "NAM" || cell.to_lowercase().contains("namibia")
            })
        };
        cell == "NA" && self.sheet.may_hold_na[at] && (self.sheet.has_gaps() || is_namibia())
    }

    /// The cell with its type, under the same conditions.
    fn cell(&self, column: &str) -> Cell<'a> {
        self.sheet.place(column).map_or(Cell::Missing, |at| self.cell_at(at))
    }

    fn cell_at(&self, at: usize) -> Cell<'a> {
        let cell = self.sheet.cells.cell(self.at, at);
        let codes = &self.sheet.missing[at];
        if let Cell::Text(text) = cell
            && is_nothing(text)
        {
            return Cell::Missing;
        }
        let missing = match cell {
            Cell::Text(text) => codes.are(text),
            Cell::Int(v) => codes.numbers.contains(&f64::from(v)),
            Cell::Float(v) => codes.numbers.contains(&v),
            Cell::Missing | Cell::Date(_) => false,
        };
        match cell {
            _ if missing => Cell::Missing,
            Cell::Text(text) if text.contains(',') => {
                self.sheet.behind_a_comma(at, text).map_or(cell, Cell::Float)
            }
            cell => cell,
        }
    }

    /// A whole number, or nothing.
    pub fn int(&self, column: &str) -> Result<Option<i32>, ReadError> {
        integer(self.cell(column)).map_err(|()| self.no_whole_number(column))
    }

    /// The same by the place of the column in the header: for tables with a column for everything.
    pub fn int_at(&self, at: usize) -> Result<Option<i32>, ReadError> {
        integer(self.cell_at(at)).map_err(|()| self.no_whole_number(&self.sheet.cells.header[at]))
    }

    fn no_whole_number(&self, column: &str) -> ReadError {
        self.refuse(column, &number_way_out(self.cell_as_it_is(column), "a whole number"))
    }

    fn cell_as_it_is(&self, column: &str) -> &'a str {
        self.sheet.place(column).map_or("", |at| self.sheet.cells.get(self.at, at))
    }

    /// A whole number within the codebook's range, or nothing.
    pub fn code(&self, column: &str, range: RangeInclusive<i32>) -> Result<Option<i32>, ReadError> {
        match self.int(column)? {
            Some(v) if !range.contains(&v) => {
                Err(self
                    .refuse(column, &format!("a code from {} to {}", range.start(), range.end())))
            }
            v => Ok(v),
        }
    }

    /// A whole number that must be there.
    pub fn need(&self, column: &str) -> Result<i32, ReadError> {
        self.int(column)?.ok_or_else(|| self.refuse(column, "a whole number"))
    }

    /// A year that must be there.
    pub fn need_year(&self, column: &str) -> Result<i32, ReadError> {
        self.code(column, YEARS)?.ok_or_else(|| self.refuse(column, "a year"))
    }

    /// A state's number that must be there.
    pub fn need_state(&self, column: &str) -> Result<i32, ReadError> {
        self.code(column, 1..=9999)?.ok_or_else(|| self.refuse(column, "a state's number"))
    }

    /// A measured quantity, or nothing.
    pub fn float(&self, column: &str) -> Result<Option<f64>, ReadError> {
        let number = match self.cell(column) {
            Cell::Missing => return Ok(None),
            Cell::Int(v) => Some(f64::from(v)),
            Cell::Float(v) => Some(v),
            Cell::Text(text) => text.parse().ok(),
            Cell::Date(_) => None,
        };
        match number {
            Some(v) if v.is_finite() => Ok(Some(v)),
            _ => Err(self.refuse(column, &number_way_out(self.cell_as_it_is(column), "a number"))),
        }
    }

    /// 1 or 0, as programs write them too (`TRUE`, `False`), or nothing.
    pub fn flag(&self, column: &str) -> Result<Option<bool>, ReadError> {
        match self.int(column) {
            Ok(None) => Ok(None),
            Ok(Some(1)) => Ok(Some(true)),
            Ok(Some(0)) => Ok(Some(false)),
            Err(_) if self.is_word(column, "true") => Ok(Some(true)),
            Err(_) if self.is_word(column, "false") => Ok(Some(false)),
            _ => Err(self.refuse(column, "0 or 1")),
        }
    }

    fn is_word(&self, column: &str, word: &str) -> bool {
        self.text(column).is_some_and(|cell| cell.eq_ignore_ascii_case(word))
    }

    /// A date from three columns. A day without a month is not known; what is known must exist.
    pub fn date(&self, year: &str, month: &str, day: &str) -> Result<When, ReadError> {
        let (y, m, d) = (self.code(year, YEARS)?, self.int(month)?, self.int(day)?);
        let no_date = || {
            let show = |v: Option<i32>| v.map_or("?".into(), |v: i32| v.to_string());
            ReadError::NoSuchDate {
                place: Box::new(self.place()),
                columns: format!("{year}, {month}, {day}"),
                value: format!("{}-{}-{}", show(y), show(m), show(d)),
            }
        };
        if m.is_some_and(|m| !(1..=12).contains(&m)) || d.is_some_and(|d| !(1..=31).contains(&d)) {
            return Err(no_date());
        }
        let month = m.and_then(|m| i8::try_from(m).ok());
        let date = match (y, month, d) {
            (Some(y), Some(m), Some(d)) => {
                Some(Date::new(y as i16, m, d as i8).map_err(|_| no_date())?)
            }
            _ => None,
        };
        Ok(When { year: y, month: y.and(month), date })
    }

    /// A month written `YYYYMM`; months that `unknown` names leave the year alone.
    pub fn year_month(&self, column: &str, unknown: &[i32]) -> Result<When, ReadError> {
        let Some(v) = self.int(column)? else { return Ok(When::default()) };
        let (year, month) = (v / 100, v % 100);
        let month = if unknown.contains(&month) { None } else { Some(month) };
        if !YEARS.contains(&year) || month.is_some_and(|m| !(1..=12).contains(&m)) {
            return Err(self.refuse(column, "a month that exists, as YYYYMM"));
        }
        Ok(When { year: Some(year), month: month.map(|m| m as i8), date: None })
    }

    /// A date in one cell, `2008-08-29` or `29-8-2008`, or nothing. Whether the day or the month comes first, the whole column says.
    pub fn calendar_date(&self, column: &str) -> Result<Option<Date>, ReadError> {
        match self.cell(column) {
            Cell::Date(date) => return Ok(Some(date)),
            Cell::Missing => return Ok(None),
            _ => {}
        }
        let Some(at) = self.sheet.place(column) else { return Ok(None) };
        let Some(cell) = self.text(column) else { return Ok(None) };
        let date = match dates::parts(cell) {
            Some(dates::Parts::YearFirst(date)) => date,
            Some(dates::Parts::YearLast(one, other, year)) => {
                let order = self.sheet.order_of_days(at);
                let day_first = cell.contains(['-', '.', ':']);
                match order {
                    _ if one == other => Date::new(year, one, other).ok(),
                    Order::DayFirst => Date::new(year, other, one).ok(),
                    Order::MonthFirst => Date::new(year, one, other).ok(),
                    // Slashes stand for both orders, all over the world.
                    Order::Unknown if day_first => Date::new(year, other, one).ok(),
                    Order::Unknown | Order::Both => {
                        return Err(self.refuse(
                            column,
                            "a day that is sure (day and month may be the one or the other): write the column as YYYY-MM-DD",
                        ));
                    }
                }
            }
            None => None,
        };
        date.map(Some).ok_or_else(|| ReadError::NoSuchDate {
            place: Box::new(self.place()),
            columns: column.into(),
            value: shorten(cell),
        })
    }

    /// Refuses a spell whose end is before its beginning.
    pub fn forwards(&self, start: When, end: When) -> Result<(), ReadError> {
        match (start.earliest(), end.latest()) {
            (Some(s), Some(e)) if e < s => Err(ReadError::Backwards {
                place: Box::new(self.place()),
                start: s.to_string(),
                end: e.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// The error for a cell that is not what it should be.
    pub fn refuse(&self, column: &str, expected: &str) -> ReadError {
        let Some(at) = self.sheet.columns.get(column) else {
            let file = self.sheet.cells.file.clone();
            let near = like(column, self.sheet.header());
            return ReadError::NoColumn { file, column: shorten(column), near };
        };
        let value = self.sheet.cells.get(self.at, *at);
        ReadError::Value {
            place: Box::new(self.place()),
            column: column.into(),
            value: shorten(value),
            expected: expected.into(),
        }
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        self.sheet.cells.place(self.at)
    }
}

/// A whole number as statistics programs save it in a column with gaps, `710.0`, without the point; other text as it is.
pub(crate) fn without_point(cell: &str) -> &str {
    let whole = cell.strip_suffix(".0").filter(|w| !w.is_empty() && w.len() < 16);
    let digits = |w: &&str| w.strip_prefix('-').unwrap_or(w).bytes().all(|b| b.is_ascii_digit());
    whole.filter(digits).filter(|w| *w != "-").unwrap_or(cell)
}

/// A whole number, nothing, or something else.
fn integer(cell: Cell<'_>) -> Result<Option<i32>, ()> {
    let number = match cell {
        Cell::Missing => return Ok(None),
        Cell::Int(v) => Some(v),
        Cell::Float(v) => whole_float(v),
        Cell::Text(text) => whole(text),
        Cell::Date(_) => None,
    };
    number.map(Some).ok_or(())
}

fn whole(cell: &str) -> Option<i32> {
    if let Ok(v) = cell.parse() {
        return Some(v);
    }
    // Statistics programs write whole numbers as 1.0 or 1e+05.
    whole_float(cell.parse().ok()?)
}

/// A whole number that was saved as a real one; none of one with a fraction, or out of bounds.
pub(crate) fn whole_float(v: f64) -> Option<i32> {
    (v.fract() == 0.0 && v.abs() < 2_000_000_000.0).then_some(v as i32)
}

/// What a cell of a number should hold, with how to write what it seems to hold.
pub(crate) fn number_way_out(cell: &str, expected: &str) -> String {
    let digits = cell.bytes().any(|b| b.is_ascii_digit());
    if digits && cell.contains([',', ' ', '\u{a0}', '\u{202f}', '\'', '’']) {
        format!("{expected}: write a point before decimals, and nothing between thousands")
    } else {
        expected.to_owned()
    }
}

/// The columns whose names are most like that of one that is missing, for a message; empty: there is none.
pub(crate) fn like(column: &str, header: &[String]) -> String {
    let is_like = |name: &&String| {
        !name.is_empty() && (name.starts_with(column) || strsim::jaro_winkler(name, column) > 0.93)
    };
    let near: Vec<String> = header.iter().filter(is_like).take(3).map(|n| shorten(n)).collect();
    if near.is_empty() { String::new() } else { format!(" (the file has {})", near.join(", ")) }
}

/// The beginning of a cell, safe to print.
pub fn shorten(cell: &str) -> String {
    let mut text: String = cell.chars().take(40).flat_map(char::escape_debug).collect();
    if cell.chars().nth(40).is_some() {
        text.push('…');
    }
    text
}

/// Keys met so far, to refuse a second one.
#[derive(Debug, Default)]
pub struct Keys(BTreeMap<String, Place>);

impl Keys {
    /// Notes the key of a row.
    pub fn add(&mut self, row: &Row<'_>, key: &str) -> Result<(), ReadError> {
        let place = row.place();
        if let Some(first) = self.0.insert(key.to_owned(), place.clone()) {
            let first =
                if first.file == place.file { first.within() } else { format!("in {first}") };
            let place = Box::new(place);
            return Err(ReadError::Repeated { place, key: key.into(), first });
        }
        Ok(())
    }

    /// Refuses a key that is not among these.
    pub fn require(&self, row: &Row<'_>, key: &str, other: &str) -> Result<(), ReadError> {
        if self.0.contains_key(key) {
            return Ok(());
        }
        Err(ReadError::Orphan {
            place: Box::new(row.place()),
            key: key.into(),
            other: other.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MISSING: &[Missing] = &[
        Missing { columns: &[], codes: &["-9", "."] },
        Missing { columns: &["d"], codes: &["99"] },
    ];

    fn sheet(text: &str) -> Sheet {
        Sheet::new(Arc::new(Cells::parse("t.csv", text).unwrap()), MISSING)
    }

    #[test]
    fn a_key_that_stands_in_another_file_is_said_with_that_file() {
        let sheet =
            |name: &str| Sheet::new(Arc::new(Cells::parse(name, "a\n1\n").unwrap()), MISSING);
        let (one, two) = (sheet("one.csv"), sheet("two.csv"));
        let mut keys = Keys::default();
        let mut add = |sheet: &Sheet| keys.add(&sheet.rows().next().unwrap(), "a=1");
        add(&one).unwrap();
        let same = add(&one).unwrap_err().to_string();
        assert!(same.contains("one.csv line 2 (row 1): a=1 stands already on line 2;"), "{same}");
        let other = add(&two).unwrap_err().to_string();
        let expected = "two.csv line 2 (row 1): a=1 stands already in one.csv line 2 (row 1);";
        assert!(other.contains(expected), "{other}");
    }

    #[test]
    fn missing_codes_are_per_column_and_never_zero() {
        let s = sheet("a,d\n-9,99\n.,1\n,1\n99,1\n1.0,1\n");
        let a: Vec<_> = s.rows().map(|r| r.int("a").unwrap()).collect();
        assert_eq!(a, [None, None, None, Some(99), Some(1)]);
        assert_eq!(s.rows().next().unwrap().int("d").unwrap(), None);
    }

    #[test]
    fn codes_saved_with_a_point_are_the_same_codes() {
        let s = sheet("a,d\n-9.0,99.0\n-9.00,1\n9.0,-9e0\n710.0,1.5\n");
        let texts = |column| s.rows().map(|r| r.text(column)).collect::<Vec<_>>();
        assert_eq!(texts("a"), [None, None, Some("9"), Some("710")]);
        assert_eq!(texts("d"), [None, Some("1"), None, Some("1.5")]);
        assert_eq!(s.rows().next().unwrap().int("a").unwrap(), None);
    }

    #[test]
    fn what_programs_write_for_nothing_is_missing_and_never_zero() {
        let s = sheet("a,b,d\nNA,NA,TRUE\nNaN,None,false\n<NA>,.,1.0\n#N/A,nan,NULL\n");
        for row in s.rows() {
            assert_eq!((row.int("a").unwrap(), row.float("b").unwrap()), (None, None));
            assert_eq!(row.calendar_date("a").unwrap(), None);
        }
        // A name may be `None`.
        let texts: Vec<_> = s.rows().map(|r| r.text("b")).collect();
        assert_eq!(texts, [None, Some("None"), None, None]);
        let flags: Vec<_> = s.rows().map(|r| r.flag("d").unwrap()).collect();
        assert_eq!(flags, [Some(true), Some(false), Some(true), None]);
    }

    #[test]
    fn na_is_namibia_where_the_row_or_the_file_says_so() {
        let codes = |text: &str| {
            let s = sheet(text);
            s.rows().map(|r| r.text("iso2c").map(str::to_owned)).collect::<Vec<_>>()
        };
        let r = "name,iso2c,x\nNamibia,NA,1\nKosovo,NA,NA\nAngola,<NA>,2\n";
        assert_eq!(codes(r), [Some("NA".to_owned()), None, None]);
        let gaps = "number,iso2c,x\n565,NA,1\n347,,2\n";
        assert_eq!(codes(gaps), [Some("NA".to_owned()), None]);
        let s = sheet("name,records\na,NA\nb,\n");
        assert!(s.rows().all(|r| r.text("records").is_none()));
    }

    #[test]
    fn a_column_that_is_missing_is_said_to_be_with_those_like_it() {
        let s = sheet("dispnum3,year\n2,1902\n");
        let row = s.rows().next().unwrap();
        let error = row.need("dispnum").unwrap_err().to_string();
        assert!(
            error.starts_with("t.csv: the column dispnum is missing (the file has dispnum3)"),
            "{error}"
        );
    }

    #[test]
    fn a_column_without_a_name_is_reached_by_its_number() {
        let s = sheet("a,,Number ordered\n1,2,3\n");
        let row = s.rows().next().unwrap();
        assert_eq!(
            (row.text("#2"), row.text("number_ordered"), row.text("#3")),
            (Some("2"), Some("3"), None)
        );
    }

    #[test]
    fn partial_dates_keep_their_year_and_impossible_ones_are_refused() {
        let s = sheet("y,m,d\n1902,7,-9\n1902,2,29\n1904,2,29\n1902,13,1\n");
        let mut rows = s.rows();
        let when = rows.next().unwrap().date("y", "m", "d").unwrap();
        assert_eq!((when.year, when.month, when.date), (Some(1902), Some(7), None));
        assert_eq!(when.latest().unwrap().to_string(), "1902-07-31");
        let error = rows.next().unwrap().date("y", "m", "d").unwrap_err().to_string();
        assert!(
            error.contains("line 3 (row 2)") && error.contains("1902-2-29 is not a date"),
            "{error}"
        );
        assert!(rows.next().unwrap().date("y", "m", "d").unwrap().date.is_some());
        assert!(rows.next().unwrap().date("y", "m", "d").is_err());
    }

    #[test]
    fn a_month_that_is_unknown_leaves_the_year() {
        let s = sheet("ym\n200199\n200810\n200813\n7\n");
        let got: Vec<_> =
            s.rows().map(|r| r.year_month("ym", &[99]).ok().map(|w| (w.year, w.month))).collect();
        assert_eq!(got, [Some((Some(2001), None)), Some((Some(2008), Some(10))), None, None]);
    }

    #[test]
    fn dates_without_marks_between_their_parts() {
        let got = |text| When::compact(text).map(|w| (w.year.unwrap(), w.month, w.date.is_some()));
        assert_eq!(got("19041231"), Some((1904, Some(12), true)));
        assert_eq!(got("19040200"), Some((1904, Some(2), false)));
        assert_eq!(
            (got("19049999"), got("19040000")),
            (Some((1904, None, false)), Some((1904, None, false)))
        );
        for bad in [
            "19050229",
            "19051301",
            "19050086",
            "19059912",
            "1905123",
            "190512311",
            "19O50101",
            "00000101",
        ] {
            assert_eq!(got(bad), None, "{bad}");
        }
    }

    #[test]
    fn both_ways_of_writing_a_date() {
        // 257 is not a month, and not the first either.
        let s = sheet("x\n2008-08-29\n29-8-2008\n31-2-2008\nsoon\n2008-257-01\n1-1-2008-1\n");
        let got: Vec<_> =
            s.rows().map(|r| r.calendar_date("x").ok().flatten().map(|d| d.to_string())).collect();
        let day = Some("2008-08-29".to_owned());
        assert_eq!(got, [day.clone(), day, None, None, None, None]);
    }
}
