//! Reading the starter's files: comments, `~` for "as above", and dates known to the day, month or year.

use jiff::civil::Date;

use super::StarterError;
use super::files::StarterFile;
use comity_record::rows::{TableRows, Value};
use comity_record::schema::{ColumnType, Table};

/// A point in time as far as it is known: to the day, or to the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Moment {
    /// The day, where it is known.
    pub day: Option<Date>,
    /// The year, unless open.
    pub year: Option<i32>,
}

impl Moment {
    /// That day.
    pub fn on(day: Date) -> Self {
        Self { day: Some(day), year: Some(i32::from(day.year())) }
    }

    /// The day before.
    pub fn before(day: Date) -> Self {
        day.yesterday().map_or_else(|_| Self::default(), Self::on)
    }

    /// Reads `1950-02-14`, `1950-02`, `1950` or nothing.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const WANTED: &str = "a date as YYYY-MM-DD, YYYY-MM or YYYY";
        match text.len() {
            0 => Ok(Self::default()),
            4 => Ok(Self { day: None, year: Some(text.parse().map_err(|_| WANTED)?) }),
            7 => {
                let first: Date = format!("{text}-01").parse().map_err(|_| WANTED)?;
                Ok(Self { day: None, year: Some(i32::from(first.year())) })
            }
            _ => {
                let day: Date = text.parse().map_err(|_| WANTED)?;
                Ok(Self::on(day))
            }
        }
    }
}

/// One data line of a file.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub number: u64,
    cells: csv::StringRecord,
}

/// A file taken apart into its header and lines.
#[derive(Debug)]
pub(super) struct Lines {
    file: &'static StarterFile,
    header: Vec<String>,
    /// Its data lines, `~` resolved.
    pub rows: Vec<Line>,
}

impl Lines {
    /// Splits a file.
    pub fn read(file: &'static StarterFile) -> Result<Self, StarterError> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(file.text.as_bytes());
        let fail = |e: &csv::Error| {
            let line = e.position().map_or(0, csv::Position::line);
            StarterError::new(file.path, line, e.to_string())
        };
        let header: Vec<String> =
            reader.headers().map_err(|e| fail(&e))?.iter().map(Into::into).collect();
        let mut rows: Vec<Line> = Vec::new();
        for record in reader.records() {
            let mut cells = record.map_err(|e| fail(&e))?;
            let number = cells.position().map_or(0, csv::Position::line);
            if cells.iter().any(|cell| cell == "~") {
                let above = rows.last().ok_or_else(|| {
                    StarterError::new(file.path, number, "`~` has no row above it".into())
                })?;
                let filled = cells.iter().zip(above.cells.iter());
                cells =
                    filled.map(|(cell, above)| if cell == "~" { above } else { cell }).collect();
            }
            rows.push(Line { number, cells });
        }
        Ok(Self { file, header, rows })
    }

    /// The cell of a column, empty where the file has no such column.
    pub fn cell<'a>(&self, line: &'a Line, column: &str) -> &'a str {
        let at = self.header.iter().position(|h| h == column);
        at.and_then(|i| line.cells.get(i)).unwrap_or_default()
    }

    /// A message about one line.
    pub fn error(&self, line: &Line, problem: impl Into<String>) -> StarterError {
        StarterError::new(self.file.path, line.number, problem.into())
    }

    /// The cell read as a moment.
    pub fn moment(&self, line: &Line, column: &str) -> Result<Moment, StarterError> {
        let text = self.cell(line, column);
        Moment::parse(text)
            .map_err(|wanted| self.error(line, format!("{column}: `{text}` is not {wanted}")))
    }

    /// The cell read as a typed value.
    pub fn value(
        &self,
        line: &Line,
        column: &str,
        kind: ColumnType,
    ) -> Result<Value, StarterError> {
        let text = self.cell(line, column);
        Value::parse(kind, text)
            .map_err(|wanted| self.error(line, format!("{column}: `{text}` is not {wanted}")))
    }

    /// Where a fact stands and what it can be checked against.
    pub fn source_row(&self, line: &Line, key: &str) -> Result<String, StarterError> {
        let public = self.cell(line, "source_row");
        if public.is_empty() {
            return Err(self.error(line, "source_row names no public source"));
        }
        Ok(format!("{}:{key} ; {public}", self.file.path))
    }

    /// Adds every line to a canonical table, column by column.
    pub fn push_all(
        &self,
        table: &'static Table,
        rows: &mut TableRows,
    ) -> Result<(), StarterError> {
        let mut columns = Vec::new();
        for name in self.header.iter().filter(|h| *h != "source_row") {
            let Some(column) = table.column(name) else {
                let problem = format!("{} has no column `{name}`", table.name);
                return Err(StarterError::new(self.file.path, 1, problem));
            };
            let year = match column.name {
                "start" => Some("start_year"),
                "end" => Some("end_year"),
                "date" => Some("year"),
                _ => None,
            };
            columns.push((column, year));
        }
        let mut cells: Vec<(&str, Value)> = Vec::with_capacity(self.header.len() + 2);
        let mut key = String::new();
        for line in &self.rows {
            cells.clear();
            for (column, year) in &columns {
                if let Some(year) = *year {
                    let at = self.moment(line, column.name)?;
                    cells.push((column.name, at.day.into()));
                    if at.year.is_some() {
                        cells.push((year, at.year.into()));
                    }
                } else {
                    let value = self.value(line, column.name, column.kind)?;
                    // A year written beside an unknown day must not blank what the date said.
                    if value != Value::Null {
                        cells.push((column.name, value));
                    }
                }
            }
            key.clear();
            for (nth, column) in table.key.iter().filter(|k| **k != "source_row").enumerate() {
                key.push_str(if nth == 0 { "" } else { "," });
                key.push_str(self.cell(line, column));
            }
            rows.push(&cells, self.source_row(line, &key)?);
        }
        Ok(())
    }
}
