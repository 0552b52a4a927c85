//! Published files as columns.

use comity_datasets::cells::{Cell, Cells};
use comity_datasets::formats::{Content, parts};
use comity_measures::models::{Fit, Table, Values};

/// The columns of a published table.
pub struct Columns {
    numbers: Vec<(String, Vec<Option<f64>>)>,
    texts: Vec<(String, Vec<Option<String>>)>,
}

/// The table of a file below `../shared/data`, or the one of several that is called so.
pub fn columns(file: &str, inside: &str) -> Columns {
    let bytes = std::fs::read(crate::published::data(file)).unwrap();
    let wanted = |content| match content {
        Content::Table(cells) => cells,
        _ => panic!("{file} has no table"),
    };
    let parts = parts(file, &bytes).unwrap();
    let part = parts.into_iter().find(|p| p.inside.ends_with(inside)).unwrap();
    Columns::of(&wanted(part.content))
}

impl Columns {
    fn of(cells: &Cells) -> Self {
        let (mut numbers, mut texts) = (Vec::new(), Vec::new());
        for (at, name) in cells.header.iter().enumerate() {
            let is_text = (0..cells.len()).any(|row| matches!(cells.cell(row, at), Cell::Text(_)));
            if is_text {
                let text =
                    |row| Some(cells.get(row, at)).filter(|t| !t.is_empty()).map(String::from);
                texts.push((name.clone(), (0..cells.len()).map(text).collect()));
            } else {
                let number = |row| match cells.cell(row, at) {
                    Cell::Int(v) => Some(f64::from(v)),
                    Cell::Float(v) => Some(v),
                    _ => None,
                };
                numbers.push((name.clone(), (0..cells.len()).map(number).collect()));
            }
        }
        Self { numbers, texts }
    }

    /// The values of a column of numbers.
    pub fn numbers(&self, name: &str) -> &[Option<f64>] {
        &self.numbers.iter().find(|(n, _)| n == name).unwrap().1
    }

    /// Adds a column.
    pub fn add(&mut self, name: &str, values: Vec<Option<f64>>) {
        self.numbers.push((name.to_owned(), values));
    }

    /// The rows for which this holds.
    pub fn keep(&mut self, rows: &[bool]) {
        let mut kept = rows.iter();
        for (_, values) in &mut self.numbers {
            kept.clone_from(&rows.iter());
            values.retain(|_| *kept.next().unwrap());
        }
        for (_, values) in &mut self.texts {
            kept.clone_from(&rows.iter());
            values.retain(|_| *kept.next().unwrap());
        }
    }

    /// The columns as models take them; `texts` holds the text of those that have it.
    pub fn with_table<T>(&self, then: impl FnOnce(&Table<'_>) -> T) -> T {
        let texts: Vec<(&str, Vec<Option<&str>>)> = self
            .texts
            .iter()
            .map(|(name, v)| (name.as_str(), v.iter().map(Option::as_deref).collect()))
            .collect();
        let numbers = self.numbers.iter().map(|(n, v)| (n.as_str(), Values::Numbers(v)));
        let texts = texts.iter().map(|(n, v)| (*n, Values::Labels(v)));
        let columns: Vec<_> = numbers.chain(texts).collect();
        let rows = columns.first().map_or(0, |(_, v)| match v {
            Values::Numbers(v) => v.len(),
            Values::Labels(v) => v.len(),
        });
        then(&Table { rows, columns })
    }
}

/// Checks a number against one that was printed: to half a unit of its last digit, and eight millionths of it, since old programs stopped early.
#[track_caller]
pub fn printed(got: f64, published: &str) {
    let decimals = published.split_once('.').map_or(0, |(_, d)| d.len());
    let (value, unit) = (published.parse::<f64>().unwrap(), 0.1_f64.powi(decimals as i32));
    let tolerance = 0.505 * unit + 8e-6 * value.abs();
    assert!((got - value).abs() <= tolerance, "{got} is not {published}");
}

/// Checks the coefficient and the error of each term.
#[track_caller]
pub fn printed_terms(fit: &Fit, published: &[(&str, &str, &str)]) {
    assert_eq!(fit.terms.len(), published.len());
    for (name, coefficient, error) in published {
        let term = fit.term(name).unwrap();
        printed(term.coefficient, coefficient);
        printed(term.error, error);
    }
}
