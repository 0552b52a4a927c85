//! Columns that a pure function of the register makes from other columns.

use std::sync::Arc;

use super::cells::{Cells, Kind, Value};
use super::chunk::{Chunk, Source};
use super::register::{Arg, Function, Values};

/// Writes what a function makes of the cells of these columns.
pub(crate) struct Applied {
    pub function: &'static Function,
    /// The columns with their types.
    pub inputs: Vec<(Arc<dyn Source>, Kind)>,
}

/// The values of a column for a function.
enum Held {
    Ints(Vec<Option<i32>>),
    Reals(Vec<Option<f64>>),
}

impl Held {
    fn of(source: &dyn Source, kind: Kind, chunk: &Chunk<'_>) -> Self {
        let mut cells = Cells::new(kind, chunk.rows);
        source.write(chunk, &mut cells);
        match kind {
            Kind::Real => Self::Reals((0..chunk.rows).map(|row| cells.number(row)).collect()),
            _ => Self::Ints(cells.ints()),
        }
    }

    fn arg(&self) -> Arg<'_> {
        match self {
            Self::Ints(values) => Arg::Ints(values),
            Self::Reals(values) => Arg::Reals(values),
        }
    }
}

impl Source for Applied {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells) {
        let inputs: Vec<Held> =
            self.inputs.iter().map(|(of, kind)| Held::of(of.as_ref(), *kind, chunk)).collect();
        let args: Vec<Arg<'_>> = inputs.iter().map(Held::arg).collect();
        match self.function.apply(&args) {
            Ok(Values::Ints(values)) => {
                values.into_iter().for_each(|value| out.push(value.map(Value::Int)));
            }
            Ok(Values::Reals(values)) => {
                values.into_iter().for_each(|value| out.push(value.map(Value::Real)));
            }
            // Number and types of the arguments were checked when the column was made.
            Err(error) => unreachable!("{error}"),
        }
    }
}
