//! Statistical models of tables: a formula, columns from Arrow batches, and the result as tables again.
//!
//! ```
//! use std::sync::Arc;
//! use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
//! use comity::models::{Model, Request, estimate};
//!
//! let war: ArrayRef = Arc::new(Int64Array::from(vec![0, 1, 0, 1, 0, 1, 0, 0]));
//! let near: ArrayRef = Arc::new(Float64Array::from(vec![0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0]));
//! let table = RecordBatch::try_from_iter([("war", war), ("near", near)])?;
//! let request = Request { formula: "war ~ near".into(), ..Request::of(Model::Logit) };
//! let made = estimate(&table, &request)?;
//! assert_eq!(made.coefficients()?.num_rows(), 2);
//! assert!(made.predictions(&table)?.column_by_name("expected_war").is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod columns;
mod tables;

pub use columns::Columns;
pub use comity_measures::models::Correlation;

use arrow::array::RecordBatch;
use comity_measures::Reference;
use comity_measures::models::{
    self as measures, Collinear, Errors, Family, Fit, Formula, Groups, Options, Panels, Sample,
    references,
};

use crate::Error;

/// What can be estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Logit.
    Logit,
    /// Probit.
    Probit,
    /// Ordinary least squares.
    Ols,
    /// Poisson.
    Poisson,
    /// Poisson pseudo-maximum likelihood with absorbed fixed effects.
    Ppml,
    /// Conditional (fixed-effects) logit.
    Clogit,
    /// Generalized estimating equations of a logit.
    Gee,
}

/// A model with its name, what it is, its formula and its references.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The model.
    pub model: Model,
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// The equation that is solved.
    pub equation: &'static str,
    /// Where it comes from.
    pub references: &'static [Reference],
}

/// All models.
pub const MODELS: [About; 7] = [
    About {
        model: Model::Logit,
        name: "logit",
        doc: "the log odds of an outcome of 0 or 1 as a sum of terms",
        equation: "P(y = 1) = 1 / (1 + exp(-xb))",
        references: &[
            references::GENERALIZED_LINEAR_MODELS,
            references::ROBUST_ERRORS,
            references::ESTIMATING_EQUATIONS,
        ],
    },
    About {
        model: Model::Probit,
        name: "probit",
        doc: "an outcome of 0 or 1 as whether a normal variable is below a sum of terms",
        equation: "P(y = 1) = Phi(xb)",
        references: &[
            references::GENERALIZED_LINEAR_MODELS,
            references::ROBUST_ERRORS,
            references::ESTIMATING_EQUATIONS,
        ],
    },
    About {
        model: Model::Ols,
        name: "ols",
        doc: "a number as a sum of terms, by least squares; fixed effects behind | are absorbed",
        equation: "y = xb + e",
        references: &[references::ROBUST_ERRORS, references::ESTIMATING_EQUATIONS],
    },
    About {
        model: Model::Poisson,
        name: "poisson",
        doc: "a count whose expectation is e to the power of a sum of terms",
        equation: "E(y) = exp(xb)",
        references: &[references::GENERALIZED_LINEAR_MODELS, references::ROBUST_ERRORS],
    },
    About {
        model: Model::Ppml,
        name: "ppml",
        doc: "amounts, zero or more, with fixed effects behind | absorbed: the gravity model",
        equation: "sum (y - exp(xb + effects)) x = 0",
        references: &[references::PPML, references::PPML_EFFECTS, references::SEPARATION],
    },
    About {
        model: Model::Clogit,
        name: "clogit",
        doc: "a logit with an effect of each unit, taken out by conditioning on its number of outcomes",
        equation: "P(y | sum y) = exp(sum y xb) / sum over choices of exp(sum d xb)",
        references: &[references::CONDITIONAL_LOGIT],
    },
    About {
        model: Model::Gee,
        name: "gee",
        doc: "a logit of units over time, with a working correlation of the rows of a unit",
        equation: "sum over units D' V^-1 (y - p) = 0",
        references: &[references::ESTIMATING_EQUATIONS],
    },
];

/// A model that is asked for, in words.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Request {
    /// Which model.
    pub model: Model,
    /// The formula; its grammar is that of [`comity_measures::models::formula`].
    pub formula: String,
    /// Errors by clusters that these columns make.
    pub cluster: Vec<String>,
    /// Robust errors.
    pub robust: bool,
    /// The columns that make a unit (`clogit`, `gee`).
    pub unit: Vec<String>,
    /// The column of time (`gee`).
    pub time: Option<String>,
    /// The working correlation (`gee`).
    pub correlation: Correlation,
    /// Whether gaps in time are passed over (`gee`).
    pub force: bool,
    /// Whether collinear terms are left out instead of refused.
    pub leave_out: bool,
    /// Whether absorbed fixed effects count where errors are corrected for small samples.
    pub count_absorbed: bool,
}

impl Request {
    /// A request with the usual choices, without its formula.
    pub fn of(model: Model) -> Self {
        Self {
            model,
            formula: String::new(),
            cluster: Vec::new(),
            robust: false,
            unit: Vec::new(),
            time: None,
            correlation: Correlation::Ar1,
            force: false,
            leave_out: false,
            count_absorbed: true,
        }
    }
}

/// A model that was estimated, with the rows that it rests on.
#[derive(Debug, Clone)]
pub struct Estimated {
    /// The result.
    pub fit: Fit,
    /// What the outcome is called.
    pub outcome: String,
    /// Which rows of the table were used.
    pub rows: Vec<usize>,
    /// The outcome of each of them.
    pub outcomes: Vec<f64>,
    /// How many rows were left out because a value is missing.
    pub missing: usize,
    /// How many because a function has no value (the logarithm of zero).
    pub undefined: usize,
}

impl From<comity_measures::Error> for Error {
    fn from(error: comity_measures::Error) -> Self {
        Self::new(error.to_string())
    }
}

/// Estimates a model on a table.
///
/// # Errors
/// A formula that cannot be read, columns that are not there, and what the model cannot do with them: collinear terms, separation, one
/// cluster, steps that do not come to rest.
pub fn estimate(table: &RecordBatch, request: &Request) -> Result<Estimated, Error> {
    let formula = Formula::parse(&request.formula)?;
    let mut needed: Vec<&str> = formula.columns();
    needed.extend(request.cluster.iter().chain(&request.unit).map(String::as_str));
    needed.extend(request.time.as_deref());
    estimate_columns(&Columns::of(table, Some(&needed))?, request)
}

/// The same on columns that are taken out of their table.
pub(crate) fn estimate_columns(columns: &Columns, request: &Request) -> Result<Estimated, Error> {
    let formula = Formula::parse(&request.formula)?;
    check(request, &formula)?;
    let words = |columns: &'_ [String]| -> Vec<String> { columns.to_vec() };
    let mut sets: Vec<Vec<String>> = Vec::new();
    let cluster = (!request.cluster.is_empty()).then(|| {
        sets.push(words(&request.cluster));
        sets.len() - 1
    });
    let unit = (!request.unit.is_empty()).then(|| {
        sets.push(words(&request.unit));
        sets.len() - 1
    });
    // The time is not known of a row that has none: it is grouped by as well.
    sets.extend(request.time.iter().map(|time| vec![time.clone()]));
    let sets: Vec<Vec<&str>> =
        sets.iter().map(|set| set.iter().map(String::as_str).collect()).collect();
    let sets: Vec<&[&str]> = sets.iter().map(Vec::as_slice).collect();
    let sample = columns.with_table(|table| Sample::of(&formula, table, &sets))?;
    let errors = match cluster {
        Some(at) => Errors::Cluster(&sample.groups[at]),
        None if request.robust => Errors::Robust,
        None => Errors::Classical,
    };
    let options = Options {
        errors,
        collinear: if request.leave_out { Collinear::LeaveOut } else { Collinear::Refuse },
        count_absorbed: request.count_absorbed,
        ..Options::default()
    };
    let unit = unit.map(|at| &sample.groups[at]);
    let fit = fitted(columns, request, &sample, unit, &options)?;
    let Sample { outcome, outcomes, rows, missing, undefined, .. } = sample;
    Ok(Estimated { fit, outcome, rows, outcomes, missing, undefined })
}

fn fitted(
    columns: &Columns,
    request: &Request,
    sample: &Sample,
    unit: Option<&Groups>,
    options: &Options<'_>,
) -> Result<Fit, Error> {
    let Sample { outcome, outcomes, design, absorbed, .. } = sample;
    let family = match request.model {
        Model::Logit | Model::Clogit | Model::Gee => Family::Logit,
        Model::Probit => Family::Probit,
        Model::Ols => Family::Gaussian,
        Model::Poisson | Model::Ppml => Family::Poisson,
    };
    let fit = match (request.model, unit) {
        (Model::Clogit, Some(unit)) => {
            measures::conditional_logit(outcome, outcomes, design, unit, options)?
        }
        (Model::Gee, Some(unit)) => {
            let time = request.time.as_deref().unwrap_or_default();
            let all = columns.numbers(time)?;
            let times: Vec<f64> = sample.rows.iter().filter_map(|row| all[*row]).collect();
            let panels = Panels { units: unit, times: &times, force: request.force };
            let kind = request.correlation;
            measures::gee(family, outcome, outcomes, design, &panels, kind, options)?
        }
        _ if absorbed.is_empty() => measures::fit(family, outcome, outcomes, design, options)?,
        _ => measures::fit_absorbed(family, outcome, outcomes, design, absorbed, options)?,
    };
    Ok(fit)
}

/// Refuses what does not go together.
fn check(request: &Request, formula: &Formula) -> Result<(), Error> {
    let name = MODELS.iter().find(|m| m.model == request.model).map_or("", |m| m.name);
    let absorbs = !formula.absorbed.is_empty();
    let takes_effects = matches!(request.model, Model::Ols | Model::Ppml);
    if absorbs && !takes_effects {
        return Err(Error::new(format!("{name} has no fixed effects behind `|`")).help(
            "`ols` and `ppml` absorb them; `clogit` takes those of one unit out of a logit",
        ));
    }
    let of_units = matches!(request.model, Model::Clogit | Model::Gee);
    if of_units && request.unit.is_empty() {
        return Err(Error::new(format!("{name} needs the columns that make a unit"))
            .help("name them, for example ccode1 and ccode2"));
    }
    if request.model == Model::Gee && request.time.is_none() {
        return Err(Error::new("gee needs the column of time").help("name it, for example year"));
    }
    if !of_units && !request.unit.is_empty() {
        return Err(Error::new(format!("{name} knows no units"))
            .help("for errors by unit, name its columns as clusters"));
    }
    Ok(())
}
