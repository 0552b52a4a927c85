//! Columns made from another column of the same unit: the period before, the period after, a window, a logarithm, splines, gaps filled.

use std::sync::Arc;

use super::cells::{Cells, Kind, Value};
use super::chunk::{Chunk, Source};
use super::column::Column;
use super::error::PanelError;
use super::unit::Run;
use comity_record::nearest;

/// What is done with the values of a unit. Its periods are the rows' own: years, months or days.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The value so many periods before; negative: after.
    Lag(i32),
    /// The mean over so many periods up to this one; null unless each of them is known.
    Mean(i32),
    /// The sum over so many periods up to this one; null unless each of them is known.
    Sum(i32),
    /// The highest of so many periods up to this one; null unless each of them is known.
    Max(i32),
    /// The value less that of the period before.
    Difference,
    /// The natural logarithm; null where the value is not above zero.
    Log,
    /// The natural logarithm of one more than the value; null where the value is below zero.
    LogOfOneMore,
    /// The value to this power, 2 or 3.
    Power(i32),
    /// A natural cubic spline with these knots: one column for each inner knot, beside the value itself. With the first knot `a`, the last
    /// `b`, an inner one `k` and `w` = (b - k) / (b - a) it is (x - k)³ - w (x - a)³ - (1 - w) (x - b)³, each cube 0 where it would be negative.
    Spline(Vec<f64>),
    /// Gaps of at most so many periods between two known values on a straight line, with a column that marks what was filled.
    Interpolate(i32),
}

/// A column and what is done with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// The column that it is made from.
    pub of: String,
    /// How, the first change first.
    pub changes: Vec<Change>,
}

/// The most changes of one column.
const MOST: usize = 16;

const HOW: &str = "write lag(milex,1), lead(milex,1), mean(milex,5), sum(milex,5), max(milex,5), diff(milex), log(milex), log1p(milex), square(milex), cube(milex), spline(cowmidspell,0,1,4,7,60) or interpolate(milex,3); one inside another, as in lag(log(milex),1)";

impl Derived {
    /// Reads `lag(milex1,1)`, `log(cinc)`, `lag(log(milex),1)` and their kin.
    pub fn parse(text: &str) -> Result<Self, PanelError> {
        let wrong =
            || PanelError::new(format!("`{text}` is not a column made from another")).help(HOW);
        let (mut inside, mut changes) = (text.trim(), Vec::new());
        while let Some((name, rest)) = inside.split_once('(') {
            let rest = rest.trim_end().strip_suffix(')').ok_or_else(wrong)?;
            // What stands behind the last bracket are the numbers of this change.
            let numbers_from = rest.rfind(')').map_or(0, |at| at + 1);
            let comma = rest[numbers_from..].find(',').map(|at| numbers_from + at);
            let (of, numbers) = match comma {
                Some(at) => (&rest[..at], &rest[at + 1..]),
                None => (rest, ""),
            };
            let numbers: Vec<f64> = match numbers.trim() {
                "" if comma.is_none() => Vec::new(),
                numbers => numbers
                    .split(',')
                    .map(|n| n.trim().parse().ok().filter(|n: &f64| n.is_finite()))
                    .collect::<Option<_>>()
                    .ok_or_else(wrong)?,
            };
            changes.insert(0, change(text, name.trim(), &numbers)?.ok_or_else(wrong)?);
            inside = of.trim();
            if changes.len() > MOST {
                return Err(PanelError::new(format!("`{text}` has more than {MOST} changes")));
            }
        }
        let plain = !inside.is_empty() && !inside.contains([')', ',', ' ']);
        if changes.is_empty() || !plain {
            return Err(wrong());
        }
        Ok(Self { of: inside.to_owned(), changes })
    }

    /// The name of the new column; of several columns, what their names begin with.
    pub fn name(&self) -> String {
        self.changes.iter().fold(self.of.clone(), |of, change| named(&of, change))
    }

    /// The new columns.
    pub(super) fn columns(&self, columns: &[Column]) -> Result<Vec<Column>, PanelError> {
        let Some(of) = columns.iter().find(|c| c.name == self.of) else {
            let error =
                PanelError::new(format!("no column `{}` to make `{}` from", self.of, self.name()))
                    .about(&self.of);
            let near = nearest(&self.of, columns.iter().map(|c| c.name.as_str()));
            return Err(error.help(near.unwrap_or_else(|| "ask for its group with --with".into())));
        };
        let (mut made, mut mark) = (vec![of.clone()], None::<Column>);
        for change in &self.changes {
            mark = match (&mark, change) {
                (None, Change::Interpolate(most)) => Some(marked(&made[0], *most)),
                (Some(mark), change) => Some(of_mark(mark, change)),
                (None, _) => None,
            };
            let next = made.iter().map(|of| changed(of, change)).collect::<Result<Vec<_>, _>>()?;
            made = next.into_iter().flatten().collect();
        }
        if let Some(mark) = mark {
            let name = format!("{}_mark", self.name());
            let doc = format!(
                "1 where {} rests on a value that was interpolated, 0 where it is observed",
                self.name()
            );
            made.push(Column { name, doc, ..mark });
        }
        Ok(made)
    }
}

/// The change of that name with these numbers; none where there is none.
fn change(text: &str, name: &str, numbers: &[f64]) -> Result<Option<Change>, PanelError> {
    let out_of = |n: f64, most: i32| {
        PanelError::new(format!("`{text}`: {n} is not a whole number from 1 to {most}"))
    };
    let periods = |usual: f64, most: i32| {
        let n = numbers.first().copied().unwrap_or(usual);
        let fits = n.fract() == 0.0 && (1.0..=f64::from(most)).contains(&n);
        if fits { Ok(n as i32) } else { Err(out_of(n, most)) }
    };
    let change = match (name, numbers) {
        ("lag", [] | [_]) => Change::Lag(periods(1.0, 10_000)?),
        ("lead", [] | [_]) => Change::Lag(-periods(1.0, 10_000)?),
        ("mean", [] | [_]) => Change::Mean(periods(1.0, 10_000)?),
        ("sum", [] | [_]) => Change::Sum(periods(1.0, 10_000)?),
        ("max", [] | [_]) => Change::Max(periods(1.0, 10_000)?),
        ("diff", []) => Change::Difference,
        ("log", []) => Change::Log,
        ("log1p", []) => Change::LogOfOneMore,
        ("square", []) => Change::Power(2),
        ("cube", []) => Change::Power(3),
        ("spline", [_, _, _, ..]) => {
            if !numbers.windows(2).all(|w| w[0] < w[1]) {
                return Err(PanelError::new(format!("`{text}`: the knots do not rise"))
                    .help("write the first knot, the inner ones and the last: spline(cowmidspell,0,1,4,7,60)"));
            }
            Change::Spline(numbers.to_vec())
        }
        ("spline", _) => {
            return Err(PanelError::new(format!("`{text}`: a spline has three knots at least"))
                .help("write the first knot, the inner ones and the last: spline(cowmidspell,0,1,4,7,60)"));
        }
        ("interpolate", [] | [_]) => Change::Interpolate(periods(10_000.0, 10_000)?),
        _ => return Ok(None),
    };
    Ok(Some(change))
}

fn named(of: &str, change: &Change) -> String {
    match change {
        Change::Lag(n) if *n > 0 => format!("{of}_lag{n}"),
        Change::Lag(n) => format!("{of}_lead{}", -n),
        Change::Mean(n) => format!("{of}_mean{n}"),
        Change::Sum(n) => format!("{of}_sum{n}"),
        Change::Max(n) => format!("{of}_max{n}"),
        Change::Difference => format!("{of}_diff"),
        Change::Log => format!("{of}_log"),
        Change::LogOfOneMore => format!("{of}_log1p"),
        Change::Power(2) => format!("{of}_squared"),
        Change::Power(_) => format!("{of}_cubed"),
        Change::Spline(_) => format!("{of}_spline"),
        Change::Interpolate(_) => format!("{of}_interpolated"),
    }
}

/// What a change is, in words before "of".
fn in_words(change: &Change) -> String {
    match change {
        Change::Lag(n) if *n > 0 => format!("the value {n} before"),
        Change::Lag(n) => format!("the value {} after", -n),
        Change::Mean(n) => format!("the mean of {n}"),
        Change::Sum(n) => format!("the sum of {n}"),
        Change::Max(n) => format!("the highest of {n}"),
        Change::Difference => "the change since the one before".into(),
        Change::Log => "the natural logarithm (null unless above 0)".into(),
        Change::LogOfOneMore => "the natural logarithm of one more (null below 0)".into(),
        Change::Power(2) => "the square".into(),
        Change::Power(_) => "the cube".into(),
        Change::Spline(knots) => {
            let knots: Vec<String> = knots.iter().map(f64::to_string).collect();
            format!("part of a natural cubic spline with knots at {}", knots.join(", "))
        }
        Change::Interpolate(n) => {
            format!("gaps of at most {n} filled on a straight line; see the mark beside it")
        }
    }
}

/// What one change makes of a column.
fn changed(of: &Column, change: &Change) -> Result<Vec<Column>, PanelError> {
    let kind = match change {
        Change::Lag(_) => of.kind,
        _ if of.kind == Kind::Text => {
            return Err(PanelError::new(format!(
                "`{}` is a text: only lag and lead make a column of it",
                of.name
            )));
        }
        _ => Kind::Real,
    };
    let name = named(&of.name, change);
    let doc = format!("{}, of {}: {}", in_words(change), of.name, of.doc);
    let column = |name: String, how: How| {
        let source = Around { of: Arc::clone(&of.source), kind: of.kind, how };
        Column {
            name,
            doc: doc.clone(),
            kind,
            event: false,
            source: Arc::new(source),
            ..of.clone()
        }
    };
    Ok(match change {
        Change::Spline(knots) => (1..knots.len() - 1)
            .map(|at| {
                column(
                    format!("{name}{at}"),
                    How::Spline(knots[0], knots[at], knots[knots.len() - 1]),
                )
            })
            .collect(),
        change => vec![column(name, How::Change(change.clone()))],
    })
}

/// The mark of what is interpolated.
fn marked(of: &Column, most: i32) -> Column {
    let source = Around { of: Arc::clone(&of.source), kind: of.kind, how: How::Mark(most) };
    Column { kind: Kind::Flag, event: false, texts: None, source: Arc::new(source), ..of.clone() }
}

/// The mark of a value that a change makes of marked ones: 1 where one of them is.
fn of_mark(mark: &Column, change: &Change) -> Column {
    let how = match change {
        Change::Lag(n) => Change::Lag(*n),
        Change::Mean(n) | Change::Sum(n) | Change::Max(n) => Change::Max(*n),
        Change::Difference => Change::Max(2),
        _ => return mark.clone(),
    };
    let kind = if matches!(how, Change::Lag(_)) { mark.kind } else { Kind::Real };
    let source = Around { of: Arc::clone(&mark.source), kind: mark.kind, how: How::Change(how) };
    Column { kind, source: Arc::new(source), ..mark.clone() }
}

/// How one column is made.
enum How {
    Change(Change),
    /// First, inner and last knot.
    Spline(f64, f64, f64),
    /// 1 where a gap of so many is filled, 0 where a value is known.
    Mark(i32),
}

struct Around {
    of: Arc<dyn Source>,
    kind: Kind,
    how: How,
}

impl Source for Around {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells) {
        // The periods around may lie outside those that are written.
        let cells = chunk.history(self.of.as_ref(), self.kind);
        let mut first = 0;
        for block in chunk.blocks {
            let history = History { runs: &block.history, cells: &cells, first };
            let filled = match self.how {
                How::Change(Change::Interpolate(most)) | How::Mark(most) => history.filled(most),
                _ => Vec::new(),
            };
            for period in block.runs().iter().flat_map(Run::periods) {
                out.push(self.value(&history, &filled, period));
            }
            first += block.history.iter().map(Run::len).sum::<usize>();
        }
    }
}

/// All values of the states of a block.
struct History<'a> {
    runs: &'a [Run],
    cells: &'a Cells,
    /// The cell of its first row.
    first: usize,
}

impl History<'_> {
    fn at(&self, period: i32) -> Option<usize> {
        let mut before = self.first;
        for run in self.runs {
            if run.periods().contains(&period) {
                return Some(before + (period - run.from) as usize);
            }
            before += run.len();
        }
        None
    }

    fn value(&self, period: i32) -> Option<Value> {
        self.cells.get(self.at(period)?)
    }

    fn number(&self, period: i32) -> Option<f64> {
        self.cells.number(self.at(period)?)
    }

    /// By row of the states, what a gap of at most so many periods between two known values is filled with.
    fn filled(&self, most: i32) -> Vec<Option<f64>> {
        let mut filled = Vec::new();
        let mut last: Option<(i32, f64)> = None;
        for (nth, run) in self.runs.iter().enumerate() {
            // Nothing is filled over periods in which the states were not there.
            if nth > 0 && self.runs[nth - 1].to + 1 != run.from {
                last = None;
            }
            for period in run.periods() {
                let value = self.number(period);
                if let (Some((before, a)), Some(b)) = (last, value) {
                    let gap = period - before - 1;
                    let slope = (b - a) / f64::from(period - before);
                    for back in (1..=gap).filter(|_| gap <= most) {
                        let at = filled.len() - back as usize;
                        filled[at] = Some(b - slope * f64::from(back));
                    }
                }
                last = value.map(|value| (period, value)).or(last);
                filled.push(None);
            }
        }
        filled
    }
}

impl Around {
    fn value(&self, history: &History<'_>, filled: &[Option<f64>], period: i32) -> Option<Value> {
        let here = || history.number(period);
        let filled = || *filled.get(history.at(period)? - history.first)?;
        let window = |n: i32| -> Option<Vec<f64>> {
            (period - n + 1..=period).map(|p| history.number(p)).collect()
        };
        let number = match &self.how {
            How::Change(Change::Lag(n)) => return history.value(period.checked_sub(*n)?),
            How::Change(Change::Mean(n)) => window(*n)?.iter().sum::<f64>() / f64::from(*n),
            How::Change(Change::Sum(n)) => window(*n)?.iter().sum(),
            How::Change(Change::Max(n)) => window(*n)?.into_iter().reduce(f64::max)?,
            How::Change(Change::Difference) => here()? - history.number(period - 1)?,
            How::Change(Change::Log) => here().filter(|x| *x > 0.0)?.ln(),
            How::Change(Change::LogOfOneMore) => here().filter(|x| *x >= 0.0)?.ln_1p(),
            How::Change(Change::Power(n)) => here()?.powi(*n),
            How::Change(Change::Interpolate(_)) => here().or_else(filled)?,
            How::Change(Change::Spline(_)) => return None,
            How::Spline(a, k, b) => spline(here()?, *a, *k, *b),
            How::Mark(_) => {
                let made = here().is_none();
                return here().or_else(filled).map(|_| Value::Int(made.into()));
            }
        };
        number.is_finite().then_some(Value::Real(number))
    }
}

/// One part of a natural cubic spline: of an inner knot between the first and the last.
fn spline(value: f64, first: f64, inner: f64, last: f64) -> f64 {
    let cube = |from: f64| (value - from).max(0.0).powi(3);
    let weight = (last - inner) / (last - first);
    cube(inner) - weight * cube(first) - (1.0 - weight) * cube(last)
}
