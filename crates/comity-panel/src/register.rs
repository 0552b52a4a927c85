//! The register of pure functions: each by its name, with its documentation and the types of its arguments and result.
//!
//! Invariants: a function reads its arguments and nothing else, and gives the same result on every run; types are plain, so that SQL,
//! panels and the command line adapt a function each in their own way; null is "not known", and what a function does with it is in its
//! documentation. To add a function, write its declaration and name it in [`FUNCTIONS`].

use std::fmt;

use comity_measures::power;

use super::sphere::Place;

/// The type of an argument or a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A whole number, a code, or 0 and 1.
    Int,
    /// A measured quantity.
    Real,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Int => "whole number",
            Self::Real => "number",
        })
    }
}

/// An argument: one value for each row, or one for all rows.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    /// Whole numbers, one for each row.
    Ints(&'a [Option<i32>]),
    /// Measured quantities, one for each row.
    Reals(&'a [Option<f64>]),
    /// The same whole number in all rows.
    Int(Option<i32>),
    /// The same quantity in all rows.
    Real(Option<f64>),
}

/// The result: one value for each row.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Whole numbers.
    Ints(Vec<Option<i32>>),
    /// Measured quantities.
    Reals(Vec<Option<f64>>),
}

/// What an argument is.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// Its type; where a quantity is wanted, a whole number will do.
    pub kind: Type,
    /// What it means, with its unit.
    pub doc: &'static str,
}

/// A pure function.
pub struct Function {
    /// Its name, as it is called in SQL.
    pub name: &'static str,
    /// What it gives, with its unit and what null says.
    pub doc: &'static str,
    /// Its arguments, in order.
    pub arguments: &'static [Argument],
    /// The type of its result.
    pub result: Type,
    rows: Rows,
}

/// One row of a function, by the number and type of its arguments.
enum Rows {
    Reals2(fn([Option<f64>; 2]) -> Option<f64>),
    Reals4(fn([Option<f64>; 4]) -> Option<f64>),
    RealsInt2(fn([Option<f64>; 2]) -> Option<i32>),
    Ints3(fn([Option<i32>; 3]) -> Option<i32>),
}

/// Arguments that a function does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongArguments {
    /// What is wrong, with the value.
    pub message: String,
}

impl fmt::Display for WrongArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WrongArguments {}

/// Every function, in the order they are listed to people.
pub static FUNCTIONS: &[&Function] = &[
    &GREAT_CIRCLE_KM,
    &POLITICALLY_RELEVANT,
    &CAPABILITY_RATIO,
    &CAPABILITY_LOG_RATIO,
    &CAPABILITY_SHARE,
    &PARITY,
    &PREPONDERANCE,
    &MILITARY_BURDEN,
];

/// The function of that name.
pub fn registered(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|f| f.name == name).copied()
}

const fn real(name: &'static str, doc: &'static str) -> Argument {
    Argument { name, kind: Type::Real, doc }
}

const fn whole(name: &'static str, doc: &'static str) -> Argument {
    Argument { name, kind: Type::Int, doc }
}

/// Distance on the sphere.
pub static GREAT_CIRCLE_KM: Function = Function {
    name: "great_circle_km",
    doc: "kilometres between two places on a sphere of radius 6,378.137, by Vincenty's formula; null where a coordinate is not known or no number, or a latitude is outside -90 to 90",
    arguments: &[
        real("latitude1", "of the first place, degrees, north positive"),
        real("longitude1", "of the first place, degrees, east positive"),
        real("latitude2", "of the second place"),
        real("longitude2", "of the second place"),
    ],
    result: Type::Real,
    rows: Rows::Reals4(|[latitude1, longitude1, latitude2, longitude2]| {
        let place = |latitude: f64, longitude: f64| {
            let known = (-90.0..=90.0).contains(&latitude) && longitude.is_finite();
            known.then(|| Place::new(latitude, longitude))
        };
        Some(place(latitude1?, longitude1?)?.distance(place(latitude2?, longitude2?)?))
    }),
};

/// Political relevance.
pub static POLITICALLY_RELEVANT: Function = Function {
    name: "politically_relevant",
    doc: "1 where two states are contiguous in any way or one of them is a great power, else 0; null where contiguity is not known",
    arguments: &[
        whole("contiguity", "type of contiguity of the two, 0 none"),
        whole("major1", "1 where the first is a great power; null counts as 0"),
        whole("major2", "1 where the second is one; null counts as 0"),
    ],
    result: Type::Int,
    rows: Rows::Ints3(|[contiguity, one, two]| {
        contiguity.map(|c| i32::from(c > 0 || one == Some(1) || two == Some(1)))
    }),
};

const CAPABILITIES: &[Argument] = &[
    real("capability1", "of the first state, in the unit of the second"),
    real("capability2", "of the second state"),
];

/// The weaker of two as a share of the stronger.
pub static CAPABILITY_RATIO: Function = Function {
    name: "capability_ratio",
    doc: "the capability of the weaker of two states as a share of that of the stronger, 0 to 1; null where one is not known or both are 0",
    arguments: CAPABILITIES,
    result: Type::Real,
    rows: Rows::Reals2(|[one, two]| power::ratio(one, two)),
};

/// The logarithm of the stronger over the weaker.
pub static CAPABILITY_LOG_RATIO: Function = Function {
    name: "capability_log_ratio",
    doc: "the natural logarithm of the capability of the stronger of two states over that of the weaker; null where one is not known or 0",
    arguments: CAPABILITIES,
    result: Type::Real,
    rows: Rows::Reals2(|[one, two]| power::log_ratio(one, two)),
};

/// The share of the first in what both have.
pub static CAPABILITY_SHARE: Function = Function {
    name: "capability_share",
    doc: "the share of the first of two states in the capability of both together, 0 to 1; null where one is not known or both are 0",
    arguments: CAPABILITIES,
    result: Type::Real,
    rows: Rows::Reals2(|[one, two]| power::share(one, two)),
};

/// Parity.
pub static PARITY: Function = Function {
    name: "parity",
    doc: "1 where the weaker of two states has 80 per cent of the capability of the stronger at least, else 0; null where one is not known or both are 0",
    arguments: CAPABILITIES,
    result: Type::Int,
    rows: Rows::RealsInt2(|[one, two]| power::parity(one, two).map(i32::from)),
};

/// Preponderance.
pub static PREPONDERANCE: Function = Function {
    name: "preponderance",
    doc: "1 where the stronger of two states has ten times the capability of the weaker at least, else 0; null where one is not known or both are 0",
    arguments: CAPABILITIES,
    result: Type::Int,
    rows: Rows::RealsInt2(|[one, two]| power::preponderance(one, two).map(i32::from)),
};

/// Military burden.
pub static MILITARY_BURDEN: Function = Function {
    name: "military_burden",
    doc: "military spending as a share of output; null where one is not known, the output is not above 0 or spending is below 0",
    arguments: &[
        real("spending", "military spending of a year"),
        real("output", "output of the year, in the unit of the spending"),
    ],
    result: Type::Real,
    rows: Rows::Reals2(|[spending, output]| power::burden(spending, output)),
};

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Function {
    /// The results for each row. Arguments with a value for each row must have as many; without any there is one row.
    pub fn apply(&self, args: &[Arg<'_>]) -> Result<Values, WrongArguments> {
        let rows = self.check(args)?;
        Ok(match self.rows {
            Rows::Reals2(row) => Values::Reals(each(rows, args, real_at, row)),
            Rows::RealsInt2(row) => Values::Ints(each(rows, args, real_at, row)),
            Rows::Reals4(row) => Values::Reals(each(rows, args, real_at, row)),
            Rows::Ints3(row) => Values::Ints(each(rows, args, int_at, row)),
        })
    }

    /// How many rows these arguments have.
    fn check(&self, args: &[Arg<'_>]) -> Result<usize, WrongArguments> {
        let wrong = |message: String| WrongArguments { message };
        if args.len() != self.arguments.len() {
            let names: Vec<&str> = self.arguments.iter().map(|a| a.name).collect();
            return Err(wrong(format!(
                "`{}` takes {} arguments ({}), not {}",
                self.name,
                names.len(),
                names.join(", "),
                args.len()
            )));
        }
        for (arg, of) in args.iter().zip(self.arguments) {
            if of.kind == Type::Int && arg.kind() == Type::Real {
                return Err(wrong(format!(
                    "`{}`: `{}` is a {}, not a {}",
                    self.name,
                    of.name,
                    of.kind,
                    arg.kind()
                )));
            }
        }
        let mut lengths = args.iter().filter_map(Arg::rows);
        let rows = lengths.next();
        match lengths.find(|length| Some(*length) != rows) {
            Some(other) => Err(wrong(format!(
                "`{}`: arguments of {} and of {other} rows",
                self.name,
                rows.unwrap_or(0)
            ))),
            None => Ok(rows.unwrap_or(1)),
        }
    }
}

/// The results of a function row by row.
fn each<T, R, const N: usize>(
    rows: usize,
    args: &[Arg<'_>],
    at: fn(&Arg<'_>, usize) -> Option<T>,
    of: fn([Option<T>; N]) -> Option<R>,
) -> Vec<Option<R>> {
    let row = |row: usize| of(std::array::from_fn(|n| args.get(n).and_then(|arg| at(arg, row))));
    (0..rows).map(row).collect()
}

fn real_at(arg: &Arg<'_>, row: usize) -> Option<f64> {
    match arg {
        Arg::Ints(values) => values[row].map(f64::from),
        Arg::Reals(values) => values[row],
        Arg::Int(value) => value.map(f64::from),
        Arg::Real(value) => *value,
    }
}

fn int_at(arg: &Arg<'_>, row: usize) -> Option<i32> {
    match arg {
        Arg::Ints(values) => values[row],
        Arg::Int(value) => *value,
        Arg::Reals(_) | Arg::Real(_) => None,
    }
}

impl Arg<'_> {
    /// The type of its values.
    pub fn kind(&self) -> Type {
        match self {
            Self::Ints(_) | Self::Int(_) => Type::Int,
            Self::Reals(_) | Self::Real(_) => Type::Real,
        }
    }

    /// How many rows it has; none for one value in all rows.
    pub fn rows(&self) -> Option<usize> {
        match self {
            Self::Ints(values) => Some(values.len()),
            Self::Reals(values) => Some(values.len()),
            Self::Int(_) | Self::Real(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_documented_and_named_once() {
        for (at, function) in FUNCTIONS.iter().enumerate() {
            assert!(
                !function.doc.is_empty() && function.arguments.iter().all(|a| !a.doc.is_empty())
            );
            assert!(FUNCTIONS[..at].iter().all(|other| other.name != function.name));
            assert_eq!(registered(function.name).map(|f| f.name), Some(function.name));
            let many = match function.rows {
                Rows::Reals2(_) | Rows::RealsInt2(_) => 2,
                Rows::Reals4(_) => 4,
                Rows::Ints3(_) => 3,
            };
            assert_eq!(function.arguments.len(), many, "{}", function.name);
        }
    }

    #[test]
    fn columns_and_values_are_taken_together() {
        let quarter = std::f64::consts::FRAC_PI_2 * 6_378.137;
        let args = [
            Arg::Ints(&[Some(0), Some(0), None, Some(91)]),
            Arg::Int(Some(0)),
            Arg::Reals(&[Some(90.0), Some(0.0), Some(0.0), Some(0.0)]),
            Arg::Real(Some(0.0)),
        ];
        let Values::Reals(km) = GREAT_CIRCLE_KM.apply(&args).unwrap() else { panic!("kilometres") };
        assert!((km[0].unwrap() - quarter).abs() < 1e-9);
        assert_eq!(km[1..], [Some(0.0), None, None]);
        let one = GREAT_CIRCLE_KM.apply(&[Arg::Real(Some(0.0)); 4]).unwrap();
        assert_eq!(one, Values::Reals(vec![Some(0.0)]));
    }

    #[test]
    fn relevance_is_known_where_contiguity_is() {
        let args = [
            Arg::Ints(&[Some(0), Some(5), Some(0), Some(0), None]),
            Arg::Ints(&[Some(0), None, Some(1), None, Some(1)]),
            Arg::Int(Some(0)),
        ];
        let relevant = POLITICALLY_RELEVANT.apply(&args).unwrap();
        assert_eq!(relevant, Values::Ints(vec![Some(0), Some(1), Some(1), Some(0), None]));
    }

    #[test]
    fn wrong_arguments_are_refused() {
        let refused =
            |function: &Function, args: &[Arg<'_>]| function.apply(args).unwrap_err().to_string();
        let few = refused(&POLITICALLY_RELEVANT, &[Arg::Int(None)]);
        assert!(few.contains("takes 3 arguments (contiguity, major1, major2), not 1"), "{few}");
        let real = [Arg::Real(Some(1.5)), Arg::Int(None), Arg::Int(None)];
        let real = refused(&POLITICALLY_RELEVANT, &real);
        assert!(real.contains("`contiguity` is a whole number, not a number"), "{real}");
        let uneven = [Arg::Ints(&[None]), Arg::Ints(&[None, None]), Arg::Int(None)];
        assert!(refused(&POLITICALLY_RELEVANT, &uneven).contains("of 1 and of 2 rows"));
    }
}
