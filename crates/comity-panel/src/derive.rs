//! Columns made from another column of the same unit: the year before, the year after, a window of years.

use std::collections::HashMap;
use std::sync::Arc;

use super::cells::{Cells, Kind, Value};
use super::chunk::{Chunk, Source};
use super::column::Column;
use super::error::PanelError;
use super::unit::{Block, Run};
use comity_record::nearest;

/// What is done with the years around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The value so many years before; negative: after.
    Lag(i32),
    /// The mean over so many years up to this one; null unless each of them is known.
    Mean(i32),
    /// The sum over so many years up to this one; null unless each of them is known.
    Sum(i32),
    /// The highest of so many years up to this one; null unless each of them is known.
    Max(i32),
    /// The value less that of the year before.
    Difference,
}

/// A column and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The column that it is made from.
    pub of: String,
    /// How.
    pub change: Change,
}

impl Derived {
    /// Reads `lag(milex1,1)`, `lead(cinc,2)`, `mean(milex,5)`, `sum(..)`, `max(..)`, `diff(cinc)`.
    pub fn parse(text: &str) -> Result<Self, PanelError> {
        let wrong = || {
            PanelError::new(format!("`{text}` is not a column made from another"))
                .help("write lag(milex,1), lead(milex,1), mean(milex,5), sum(milex,5), max(milex,5) or diff(milex)")
        };
        let (name, rest) = text.trim().split_once('(').ok_or_else(wrong)?;
        let inside = rest.strip_suffix(')').ok_or_else(wrong)?;
        let (of, years) = match inside.split_once(',') {
            Some((of, years)) => (of, years.trim().parse::<i32>().map_err(|_| wrong())?),
            None => (inside, 1),
        };
        if !(1..=100).contains(&years) {
            return Err(PanelError::new(format!("`{text}`: {years} is not from 1 to 100 years")));
        }
        let change = match name.trim() {
            "lag" => Change::Lag(years),
            "lead" => Change::Lag(-years),
            "mean" => Change::Mean(years),
            "sum" => Change::Sum(years),
            "max" => Change::Max(years),
            "diff" => Change::Difference,
            _ => return Err(wrong()),
        };
        Ok(Self { of: of.trim().to_owned(), change })
    }

    /// The name of the new column.
    pub fn name(&self) -> String {
        let of = &self.of;
        match self.change {
            Change::Lag(n) if n > 0 => format!("{of}_lag{n}"),
            Change::Lag(n) => format!("{of}_lead{}", -n),
            Change::Mean(n) => format!("{of}_mean{n}"),
            Change::Sum(n) => format!("{of}_sum{n}"),
            Change::Max(n) => format!("{of}_max{n}"),
            Change::Difference => format!("{of}_diff"),
        }
    }

    pub(super) fn column(&self, columns: &[Column]) -> Result<Column, PanelError> {
        let Some(of) = columns.iter().find(|c| c.name == self.of) else {
            let error =
                PanelError::new(format!("no column `{}` to make `{}` from", self.of, self.name()));
            let near = nearest(&self.of, columns.iter().map(|c| c.name.as_str()));
            return Err(error.help(near.unwrap_or_else(|| "ask for its group with --with".into())));
        };
        let kind = match self.change {
            Change::Lag(_) => of.kind,
            _ if of.kind == Kind::Text => {
                return Err(PanelError::new(format!(
                    "`{}` is a text: only lag and lead make a column of it",
                    self.of
                )));
            }
            _ => Kind::Real,
        };
        let source = Around { of: Arc::clone(&of.source), kind: of.kind, change: self.change };
        Ok(Column { name: self.name(), kind, event: false, source: Arc::new(source), ..of.clone() })
    }
}

struct Around {
    of: Arc<dyn Source>,
    kind: Kind,
    change: Change,
}

impl Source for Around {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells) {
        chunk.blocks.iter().for_each(|block| self.of_block(block, out));
    }
}

impl Around {
    fn of_block(&self, block: &Block, out: &mut Cells) {
        // The years around may lie outside those that are written.
        let whole = block.whole();
        let mut cells = Cells::new(self.kind, whole.rows());
        self.of.write(&Chunk::of(std::slice::from_ref(&whole)), &mut cells);
        let rows: HashMap<i32, usize> = whole
            .history
            .iter()
            .flat_map(Run::years)
            .enumerate()
            .map(|(row, year)| (year, row))
            .collect();
        let at = |year: i32| rows.get(&year).copied();
        for year in block.runs().iter().flat_map(Run::years) {
            let window = |n: i32| -> Option<Vec<f64>> {
                (year - n + 1..=year).map(|y| cells.number(at(y)?)).collect()
            };
            let value = match self.change {
                Change::Lag(n) => at(year - n).and_then(|row| cells.get(row)),
                Change::Mean(n) => {
                    window(n).map(|w| Value::Real(w.iter().sum::<f64>() / f64::from(n)))
                }
                Change::Sum(n) => window(n).map(|w| Value::Real(w.iter().sum())),
                Change::Max(n) => {
                    window(n).and_then(|w| w.into_iter().reduce(f64::max)).map(Value::Real)
                }
                Change::Difference => window(2).map(|w| Value::Real(w[1] - w[0])),
            };
            out.push(value);
        }
    }
}
