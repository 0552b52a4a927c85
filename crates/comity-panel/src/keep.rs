//! Which rows of a panel are kept, by conditions on its columns.

use std::sync::Arc;

use arrow::array::{Array, BooleanArray, StringArray};

use super::cells::{Cells, Kind};
use super::chunk::Chunk;
use super::column::Column;
use super::condition::{Cell, Comparison, Condition, Operand};
use super::error::PanelError;
use super::laid::Laid;
use comity_record::nearest;

/// Conditions, and the columns that they are about.
pub(crate) struct Keep {
    all: Vec<Condition>,
    inputs: Vec<Input>,
}

/// A column that a condition names.
struct Input {
    name: String,
    kind: Kind,
    texts: Option<Arc<StringArray>>,
    from: From,
}

/// Where the cells of a column come from.
enum From {
    /// From the states and the period.
    Column(Column),
    /// From the rows that a year is laid out into, by its place among their columns.
    Laid(usize),
}

impl Keep {
    /// The conditions over these columns. `counted` are those that are counted over the rows that are kept.
    pub fn of(
        all: &[Condition],
        columns: &[&Column],
        laid: &[Laid],
        counted: &[&str],
    ) -> Result<Option<Arc<Self>>, PanelError> {
        let mut inputs: Vec<Input> = Vec::new();
        for condition in all {
            for name in condition.columns() {
                if inputs.iter().any(|input| input.name == name) {
                    continue;
                }
                let word = is_word(all, name);
                match input(name, columns, laid) {
                    Some(input) => inputs.push(input),
                    None if word => {}
                    None => return Err(absent(name, columns, laid, counted)),
                }
            }
        }
        inputs.iter().try_for_each(|input| check(all, input, &inputs))?;
        Ok((!all.is_empty()).then(|| Arc::new(Self { all: all.to_vec(), inputs })))
    }

    /// The first of its columns that belongs to the rows of a year, and not to the year.
    pub fn laid(&self) -> Option<&str> {
        let laid = |input: &&Input| matches!(input.from, From::Laid(_));
        self.inputs.iter().find(laid).map(|input| input.name.as_str())
    }

    /// Its columns that are of the states and the period.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.inputs.iter().filter_map(|input| match &input.from {
            From::Column(column) => Some(column),
            From::Laid(_) => None,
        })
    }

    /// Whether each row of all the time of these blocks is kept.
    pub fn history(&self, chunk: &Chunk<'_>) -> Vec<bool> {
        let cells: Vec<Option<Cells>> = self
            .inputs
            .iter()
            .map(|input| match &input.from {
                From::Column(column) => Some(chunk.history(column.source.as_ref(), column.kind)),
                From::Laid(_) => None,
            })
            .collect();
        let rows = chunk.blocks.iter().flat_map(|b| &b.history).map(super::unit::Run::len).sum();
        (0..rows).map(|row| self.row(|at| cells[at].as_ref().map(|cells| (cells, row)))).collect()
    }

    /// Which of the rows of a chunk are kept: rows of a year by `indices`, and the cells that a layout wrote.
    pub fn rows(&self, chunk: &Chunk<'_>, indices: Option<&[u32]>, laid: &[Cells]) -> BooleanArray {
        let written: Vec<Option<Cells>> = self
            .inputs
            .iter()
            .map(|input| match &input.from {
                From::Column(column) => {
                    let mut cells = Cells::new(column.kind, chunk.rows);
                    column.source.write(chunk, &mut cells);
                    Some(cells)
                }
                From::Laid(_) => None,
            })
            .collect();
        let rows = indices.map_or(chunk.rows, <[u32]>::len);
        let keep = |row: usize| {
            self.row(|at| match (&written[at], &self.inputs[at].from) {
                (Some(cells), _) => Some((cells, indices.map_or(row, |i| i[row] as usize))),
                (None, From::Laid(place)) => laid.get(*place).map(|cells| (cells, row)),
                (None, From::Column(_)) => None,
            })
        };
        BooleanArray::from((0..rows).map(keep).collect::<Vec<bool>>())
    }

    /// Whether a row is kept: every condition holds. Not where that is not known.
    fn row<'a>(&'a self, cells: impl Fn(usize) -> Option<(&'a Cells, usize)>) -> bool {
        let cell = |name: &str| -> Option<Cell<'_>> {
            let at = self.inputs.iter().position(|input| input.name == name)?;
            let (cells, row) = cells(at)?;
            Some(match &self.inputs[at].texts {
                None => cells.number(row).map_or(Cell::Null, Cell::Number),
                Some(texts) => match cells.int(row) {
                    Some(text) if texts.is_valid(text as usize) => {
                        Cell::Text(texts.value(text as usize))
                    }
                    _ => Cell::Null,
                },
            })
        };
        self.all.iter().all(|condition| condition.holds(&cell) == Some(true))
    }
}

/// Whether a name stands only where a text may stand too.
fn is_word(all: &[Condition], name: &str) -> bool {
    let first =
        |condition: &Condition| !condition.operands(name).is_empty() || is_null(condition, name);
    !all.iter().any(first)
}

fn is_null(condition: &Condition, name: &str) -> bool {
    match condition {
        Condition::Null(column) => column == name,
        Condition::Not(one) => is_null(one, name),
        Condition::And(one, two) | Condition::Or(one, two) => {
            is_null(one, name) || is_null(two, name)
        }
        _ => false,
    }
}

fn input(name: &str, columns: &[&Column], laid: &[Laid]) -> Option<Input> {
    if let Some(at) = laid.iter().position(|l| l.about.name == name) {
        let Laid { kind, texts, .. } = laid[at].clone();
        return Some(Input { name: name.to_owned(), kind, texts, from: From::Laid(at) });
    }
    let column = (*columns.iter().find(|c| c.name == name)?).clone();
    let (kind, texts) = (column.kind, column.texts.clone());
    Some(Input { name: name.to_owned(), kind, texts, from: From::Column(column) })
}

/// A refusal of a column that is not there, or comes too late.
fn absent(name: &str, columns: &[&Column], laid: &[Laid], counted: &[&str]) -> PanelError {
    if counted.contains(&name) {
        return PanelError::new(format!(
            "`{name}` is counted over the rows that are kept, and cannot decide which these are"
        ))
        .help("write the whole panel, and keep rows by it afterwards");
    }
    let error = PanelError::new(format!("no column `{name}` to keep rows by")).about(name);
    let laid = laid.iter().map(|l| l.about.name.as_str());
    match nearest(name, columns.iter().map(|c| c.name.as_str()).chain(laid)) {
        Some(near) => error.help(near),
        None => error.help("ask for its group with --with"),
    }
}

/// That a column is compared with values of its own type: numbers with numbers, texts with texts.
fn check(all: &[Condition], input: &Input, inputs: &[Input]) -> Result<(), PanelError> {
    let text = input.kind == Kind::Text;
    for (how, operand) in all.iter().flat_map(|condition| condition.operands(&input.name)) {
        let other = match operand {
            Operand::Number(_) => false,
            Operand::Text(_) => true,
            Operand::Word(word) => {
                inputs.iter().find(|i| i.name == *word).is_none_or(|i| i.kind == Kind::Text)
            }
        };
        if input.kind == Kind::Date {
            return Err(PanelError::new(format!(
                "`{}` is a day: rows are kept by year and month",
                input.name
            ))
            .help("use --years, or the column `year`"));
        }
        if text != other {
            let (is, with) = if text { ("a text", "a number") } else { ("a number", "a text") };
            let value = match operand {
                Operand::Number(number) => number.to_string(),
                Operand::Text(text) | Operand::Word(text) => text.clone(),
            };
            let column = &input.name;
            let write = if text {
                format!("put it in quotation marks: {column}='{value}'")
            } else {
                format!("compare it with a number, as in {column}=1")
            };
            return Err(PanelError::new(format!(
                "the column `{column}` is {is}, and `{value}` is {with}"
            ))
            .help(write));
        }
        if text && !matches!(how, Comparison::Equal | Comparison::Unequal) {
            return Err(PanelError::new(format!(
                "the column `{}` is a text: it is equal to another or not",
                input.name
            ))
            .help("use =, != or in"));
        }
    }
    Ok(())
}
