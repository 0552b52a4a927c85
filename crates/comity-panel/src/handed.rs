//! Columns about states that the caller made, and hands to a panel: of a group whose facts are not in the record.

use std::sync::Arc;

use arrow::array::{Array, StringArray};

use super::cells::{Cells, Kind, Value};
use super::column::{Column, as_requested};
use super::declared::Shape;
use super::error::PanelError;
use super::group::Group;
use super::make::Make;
use super::sources::OfMember;
use super::tables::{By, Grid, unknown};

/// The columns of one `GROUP:CHOICE`, a row for each state and year.
#[derive(Debug, Clone)]
pub struct Handed {
    /// The group.
    pub group: &'static Group,
    /// What stands behind its colon in the request.
    pub choice: String,
    /// What stands before a name that the panel has already.
    pub apart: String,
    /// Correlates of War code of each row.
    pub states: Vec<i32>,
    /// Year of each row.
    pub years: Vec<i32>,
    /// The columns, as long as these.
    pub columns: Vec<HandedColumn>,
    /// Ids of the sources behind them.
    pub sources: Vec<String>,
}

/// One of the columns.
#[derive(Debug, Clone)]
pub struct HandedColumn {
    /// Its name; in rows about several states with their numbers behind it.
    pub name: String,
    /// What it means, and what null says.
    pub doc: String,
    /// Its cells.
    pub values: HandedValues,
}

/// The cells of such a column.
#[derive(Debug, Clone)]
pub enum HandedValues {
    /// Texts.
    Text(StringArray),
    /// 0 or 1, or nothing where it is not known.
    Flag(Vec<Option<i8>>),
}

impl HandedValues {
    fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Flag(flags) => flags.len(),
        }
    }
}

/// The columns of a group that was requested.
pub(super) fn columns(make: &Make<'_>, all: &[Handed]) -> Result<Vec<Column>, PanelError> {
    let is = |h: &&Handed| h.group.name == make.group && h.choice == make.choice;
    let Some(handed) = all.iter().find(is) else {
        let asked = as_requested(make.group, make.choice);
        return Err(PanelError::new(format!("`{asked}` is not made here"))
            .help("ask for it with `comity panel`; in SQL join the table `verdicts`"));
    };
    let grid = make.years();
    let mut columns = Vec::new();
    for member in 0..make.shape.members() {
        for column in &handed.columns {
            let name = match make.shape {
                Shape::State => column.name.clone(),
                _ => format!("{}{}", column.name, member + 1),
            };
            let (kind, cells, texts) = laid_out(make, &grid, handed, column)?;
            let cells = Arc::new(cells);
            let source = OfMember { grid: grid.clone(), cells, member, by: By::Cow };
            let mut made = Column::key(&name, kind, "", source);
            made.doc.clone_from(&column.doc);
            (made.group, made.choice) = (handed.group.name, handed.choice.clone());
            made.apart = Some(handed.apart.clone());
            made.sources.clone_from(&handed.sources);
            made.years = handed.years.iter().min().copied().zip(handed.years.iter().max().copied());
            made.texts = texts;
            columns.push(made);
        }
    }
    Ok(columns)
}

/// The cells of a column by state and year.
#[allow(clippy::type_complexity, reason = "three parts of one column")]
fn laid_out(
    make: &Make<'_>,
    grid: &Grid,
    handed: &Handed,
    column: &HandedColumn,
) -> Result<(Kind, Cells, Option<Arc<StringArray>>), PanelError> {
    let rows = handed.states.len();
    if handed.years.len() != rows || column.values.len() != rows {
        return Err(PanelError::new(format!(
            "the column `{}` that was handed down has {} cells for {rows} states and {} years",
            column.name,
            column.values.len(),
            handed.years.len()
        )));
    }
    let kind = match column.values {
        HandedValues::Text(_) => Kind::Text,
        HandedValues::Flag(_) => Kind::Flag,
    };
    let mut cells = unknown(kind, grid);
    for (row, (state, year)) in handed.states.iter().zip(&handed.years).enumerate() {
        let at = make.state(Some(*state)).and_then(|s| grid.cell(usize::from(s), *year));
        let value = match &column.values {
            HandedValues::Text(_) => Some(row as i32),
            HandedValues::Flag(flags) => flags[row].map(i32::from),
        };
        if let Some(at) = at {
            cells.set(at, value.map(Value::Int));
        }
    }
    let texts = match &column.values {
        HandedValues::Text(texts) => Some(cells.texts_once(&Arc::new(texts.clone()))),
        HandedValues::Flag(_) => None,
    };
    Ok((kind, cells, texts))
}
