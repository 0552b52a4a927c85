use std::collections::BTreeSet;

use crate::Error;
use crate::models::design::Design;
use crate::models::formula::{Expression, Formula, Function};
use crate::models::groups::Groups;

/// Named columns from which a model is made.
#[derive(Debug, Clone, Default)]
pub struct Table<'a> {
    /// How many rows there are.
    pub rows: usize,
    /// The columns with their names.
    pub columns: Vec<(&'a str, Values<'a>)>,
}

/// The values of one column; `None` is missing.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// Numbers.
    Numbers(&'a [Option<f64>]),
    /// Text.
    Labels(&'a [Option<&'a str>]),
}

impl Values<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(v) => v.len(),
            Self::Labels(v) => v.len(),
        }
    }
}

/// The rows of a model: those where everything that it needs is known.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What the outcome is called.
    pub outcome: String,
    /// The outcome of each row.
    pub outcomes: Vec<f64>,
    /// The terms.
    pub design: Design,
    /// The fixed effects of the formula.
    pub absorbed: Vec<Groups>,
    /// The groups that were asked for besides (clusters, panels), in that order.
    pub groups: Vec<Groups>,
    /// Which row of the table each row is.
    pub rows: Vec<usize>,
    /// Rows left out because a column that is needed has no value.
    pub missing: usize,
    /// Rows left out because a function has no value there (the logarithm of zero).
    pub undefined: usize,
}

/// The values that a factor may have at most; more are better absorbed.
const LEVELS: usize = 1000;

impl Sample {
    /// The rows of a table for a formula, and for groups that are each made of one or more columns.
    ///
    /// # Nulls
    /// Rows with a missing value are left out and counted. Where a function has no value (the logarithm of zero, a quotient by zero), the row
    /// is left out too, and counted by itself. `twosd` takes its mean and deviation from all rows of the table where the column is known.
    ///
    /// # Errors
    /// A column that is not there, text where a number is needed, a factor with more than 1,000 values or only one, no rows left.
    pub fn of(formula: &Formula, table: &Table<'_>, groups: &[&[&str]]) -> Result<Self, Error> {
        for (_, values) in &table.columns {
            if values.len() != table.rows {
                let (got, wanted) = (values.len(), table.rows);
                return Err(Error::Shape { what: "a column", got, wanted });
            }
        }
        let outcome = table.number(&formula.outcome)?;
        let mut terms: Vec<Term> = Vec::new();
        for factors in &formula.terms {
            let mut product = vec![Term::one(table.rows)];
            for factor in factors {
                product = table.factor(factor)?.cross(product);
            }
            terms.extend(product);
        }
        let keyed = |columns: Vec<&str>| {
            columns.into_iter().map(|c| table.keys(c)).collect::<Result<Vec<Keys>, Error>>()
        };
        let absorbed = formula
            .absorbed
            .iter()
            .map(|c| keyed(c.iter().map(String::as_str).collect()))
            .collect::<Result<Vec<_>, _>>()?;
        let asked = groups.iter().map(|c| keyed(c.to_vec())).collect::<Result<Vec<_>, _>>()?;

        let (mut rows, mut missing, mut undefined) = (Vec::new(), 0, 0);
        let all_keys = || absorbed.iter().chain(&asked).flatten();
        for (row, of_outcome) in outcome.iter().enumerate() {
            let states = terms.iter().map(|t| t.values[row]).chain([*of_outcome]);
            let (mut absent, mut no_value) = (false, false);
            for state in states {
                absent |= state == Number::Missing;
                no_value |= state == Number::Undefined;
            }
            if absent || all_keys().any(|k| k.of[row].is_none()) {
                missing += 1;
            } else if no_value {
                undefined += 1;
            } else {
                rows.push(row);
            }
        }
        let number = |n: Number| if let Number::Is(x) = n { x } else { 0.0 };
        let column = |values: &[Number]| rows.iter().map(|r| number(values[*r])).collect();
        let grouped = |sets: &[Vec<Keys>]| -> Vec<Groups> {
            sets.iter().map(|keys| Keys::groups(keys, &rows)).collect()
        };
        let design = Design {
            names: terms.iter().map(|t| t.name.clone()).collect(),
            columns: terms.iter().map(|t| column(&t.values)).collect(),
            constant: formula.constant && formula.absorbed.is_empty(),
            rows: rows.len(),
        };
        Ok(Self {
            outcome: formula.outcome.to_string(),
            outcomes: column(&outcome),
            design: design.checked()?,
            absorbed: grouped(&absorbed),
            groups: grouped(&asked),
            rows,
            missing,
            undefined,
        })
    }
}

/// A number of one row, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Number {
    Is(f64),
    Missing,
    Undefined,
}

impl Number {
    fn of(x: f64) -> Self {
        if x.is_finite() { Self::Is(x) } else { Self::Undefined }
    }

    fn with(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        match (self, other) {
            (Self::Is(a), Self::Is(b)) => Self::of(f(a, b)),
            (Self::Missing, _) | (_, Self::Missing) => Self::Missing,
            _ => Self::Undefined,
        }
    }
}

/// One column of a design, before rows are left out.
struct Term {
    name: String,
    values: Vec<Number>,
}

/// One factor of a term: a column, or several indicators.
struct Factor(Vec<Term>);

impl Term {
    fn one(rows: usize) -> Self {
        Self { name: String::new(), values: vec![Number::Is(1.0); rows] }
    }
}

impl Factor {
    /// Each column of this times each of the others.
    fn cross(self, others: Vec<Term>) -> Vec<Term> {
        let mut made = Vec::new();
        for other in &others {
            for Term { name, values } in &self.0 {
                let dot = if other.name.is_empty() { "" } else { ":" };
                let product = |(a, b): (&Number, &Number)| b.with(*a, |b, a| b * a);
                made.push(Term {
                    name: format!("{}{dot}{name}", other.name),
                    values: values.iter().zip(&other.values).map(product).collect(),
                });
            }
        }
        made
    }
}

/// The keys of one column: equal numbers for equal values.
struct Keys {
    name: String,
    of: Vec<Option<u32>>,
}

impl Keys {
    /// The groups of rows that agree in all keys.
    fn groups(keys: &[Self], rows: &[usize]) -> Groups {
        let name = keys.iter().map(|k| k.name.as_str()).collect::<Vec<_>>().join(":");
        let each = |key: &Self| {
            let of: Vec<u32> = rows.iter().map(|row| key.of[*row].unwrap_or(u32::MAX)).collect();
            Groups::of_keys(&name, &of)
        };
        let parts: Vec<Groups> = keys.iter().map(each).collect();
        Groups::crossed(&name, &parts)
    }
}

impl<'a> Table<'a> {
    fn column(&self, name: &str) -> Result<Values<'a>, Error> {
        let found = self.columns.iter().find(|(n, _)| *n == name);
        found.map(|(_, values)| *values).ok_or_else(|| {
            let near = |n: &&str| closeness(name, n);
            let nearest = self.columns.iter().map(|(n, _)| *n).max_by_key(near);
            let nearest = nearest.filter(|n| closeness(name, n) >= 50).map(str::to_owned);
            Error::Column { name: name.to_owned(), nearest }
        })
    }

    /// The keys by which rows are grouped.
    fn keys(&self, name: &str) -> Result<Keys, Error> {
        fn numbered<T: Ord + Copy>(values: impl Iterator<Item = Option<T>>) -> Vec<Option<u32>> {
            let mut seen = std::collections::BTreeMap::new();
            let mut number = |key: T| {
                let next = seen.len() as u32;
                *seen.entry(key).or_insert(next)
            };
            values.map(|v| v.map(&mut number)).collect()
        }
        let of = match self.column(name)? {
            // Zero is the same with and without a sign.
            Values::Numbers(v) => numbered(v.iter().map(|x| x.map(|x| (x + 0.0).to_bits()))),
            Values::Labels(v) => numbered(v.iter().copied()),
        };
        Ok(Keys { name: name.to_owned(), of })
    }

    /// An expression that is a number in each row.
    fn number(&self, expression: &Expression) -> Result<Vec<Number>, Error> {
        match expression {
            Expression::Column(name) => match self.column(name)? {
                Values::Numbers(v) => {
                    Ok(v.iter().map(|x| x.map_or(Number::Missing, Number::of)).collect())
                }
                Values::Labels(_) => Err(Error::Kind {
                    name: name.clone(),
                    found: "text",
                    wanted: "a number is needed here",
                }),
            },
            Expression::Number(x) => Ok(vec![Number::of(*x); self.rows]),
            Expression::Both(operator, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                let f = |a, b| operator.of(a, b);
                Ok(a.into_iter().zip(b).map(|(a, b)| a.with(b, f)).collect())
            }
            Expression::Call(function, inner) => {
                let f: fn(f64) -> f64 = match function {
                    Function::Log => f64::ln,
                    Function::Log1p => f64::ln_1p,
                    Function::Exp => f64::exp,
                    Function::Sqrt => f64::sqrt,
                    Function::Abs => f64::abs,
                    Function::Identity => |x| x,
                    Function::TwoSd => return self.two_deviations(inner),
                    Function::Factor => {
                        return Err(Error::Kind {
                            name: expression.to_string(),
                            found: "a factor",
                            wanted: "it can only be a term, or be multiplied with `:`",
                        });
                    }
                };
                let inner = self.number(inner)?;
                Ok(inner.into_iter().map(|x| x.with(Number::Is(0.0), |x, _| f(x))).collect())
            }
        }
    }

    /// Less the mean, and divided by two standard deviations.
    fn two_deviations(&self, inner: &Expression) -> Result<Vec<Number>, Error> {
        let values = self.number(inner)?;
        let known =
            || values.iter().filter_map(|n| if let Number::Is(x) = n { Some(*x) } else { None });
        let n = known().count() as f64;
        let mean = known().sum::<f64>() / n.max(1.0);
        let squares: f64 = known().map(|x| (x - mean) * (x - mean)).sum();
        let twice = 2.0 * (squares / (n - 1.0)).sqrt();
        if !(twice.is_finite() && twice > 0.0) {
            return Err(Error::Kind {
                name: inner.to_string(),
                found: "the same in all rows",
                wanted: "twosd needs values that differ",
            });
        }
        let scaled = |x: Number| x.with(Number::Is(mean), |x, mean| (x - mean) / twice);
        Ok(values.into_iter().map(scaled).collect())
    }

    /// A factor of a term: indicators where it is text or called a factor.
    fn factor(&self, expression: &Expression) -> Result<Factor, Error> {
        let named = match expression {
            Expression::Call(Function::Factor, inner) => match inner.as_ref() {
                Expression::Column(name) => Some(name),
                other => {
                    return Err(Error::Kind {
                        name: expression.to_string(),
                        found: "a factor of something computed",
                        wanted: if matches!(other, Expression::Number(_)) {
                            "factor takes a column"
                        } else {
                            "factor takes a column; compute it before"
                        },
                    });
                }
            },
            Expression::Column(name) => {
                matches!(self.column(name)?, Values::Labels(_)).then_some(name)
            }
            _ => None,
        };
        match named {
            Some(name) => self.indicators(name),
            None => {
                let values = self.number(expression)?;
                Ok(Factor(vec![Term { name: expression.to_string(), values }]))
            }
        }
    }

    /// One indicator for each value but the first.
    fn indicators(&self, name: &str) -> Result<Factor, Error> {
        let bad = |found| Error::Kind {
            name: format!("factor({name})"),
            found,
            wanted: "a factor has 2 to 1,000 values; absorb more with `| column`",
        };
        let indicate = |is: &dyn Fn(usize) -> Option<bool>| {
            let one = |row| match is(row) {
                None => Number::Missing,
                Some(is) => Number::Is(f64::from(u8::from(is))),
            };
            (0..self.rows).map(one).collect::<Vec<Number>>()
        };
        let mut made = Vec::new();
        match self.column(name)? {
            Values::Labels(v) => {
                let levels: BTreeSet<&str> = v.iter().flatten().copied().collect();
                if levels.len() > LEVELS {
                    return Err(bad("of more than 1,000 values"));
                }
                for level in levels.into_iter().skip(1) {
                    let values = indicate(&|row: usize| v[row].map(|x| x == level));
                    made.push(Term { name: format!("{name}={level}"), values });
                }
            }
            Values::Numbers(v) => {
                let mut levels: Vec<f64> = v.iter().flatten().copied().collect();
                levels.sort_by(f64::total_cmp);
                levels.dedup();
                if levels.len() > LEVELS {
                    return Err(bad("of more than 1,000 values"));
                }
                for level in levels.into_iter().skip(1) {
                    let values = indicate(&|row: usize| v[row].map(|x| x == level));
                    made.push(Term { name: format!("{name}={level}"), values });
                }
            }
        }
        if made.is_empty() { Err(bad("the same in all rows")) } else { Ok(Factor(made)) }
    }
}

/// How alike two names are, in hundredths: the share of pairs of neighbouring letters that both have.
fn closeness(a: &str, b: &str) -> usize {
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        let letters: Vec<char> = text.to_lowercase().chars().collect();
        letters.windows(2).map(|w| (w[0], w[1])).collect()
    };
    let (a, b) = (pairs(a), pairs(b));
    let both = a.intersection(&b).count();
    if a.is_empty() || b.is_empty() { 0 } else { 200 * both / (a.len() + b.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(formula: &str, groups: &[&[&str]]) -> Result<Sample, Error> {
        let y = [1.0, 0.0, 1.0, 0.0, 1.0].map(Some);
        let x = [Some(1.0), Some(2.0), None, Some(0.0), Some(5.0)];
        let z = [Some("b"), Some("a"), Some("a"), Some("c"), None];
        let columns = vec![
            ("y", Values::Numbers(&y)),
            ("x", Values::Numbers(&x)),
            ("region", Values::Labels(&z)),
        ];
        Sample::of(&Formula::parse(formula)?, &Table { rows: 5, columns }, groups)
    }

    #[test]
    fn rows_without_a_value_are_left_out_and_counted() {
        let s = sample("y ~ log(x)", &[&["region"]]).unwrap();
        assert_eq!((s.rows.as_slice(), s.missing, s.undefined), ([0, 1].as_slice(), 2, 1));
        assert_eq!(s.design.columns[0], [0.0, 2.0_f64.ln()]);
        assert_eq!(s.groups[0].of, [0, 1]);
    }

    #[test]
    fn factors_and_products() {
        let s = sample("y ~ x*region", &[]).unwrap();
        let names = ["x", "region=b", "region=c", "x:region=b", "x:region=c"];
        assert_eq!(s.design.names, names);
        assert_eq!(s.design.columns[3], [1.0, 0.0, 0.0]);
        let s = sample("y ~ factor(x)", &[]).unwrap();
        assert_eq!(s.design.names, ["x=1", "x=2", "x=5"]);
    }

    #[test]
    fn two_deviations_are_of_the_known_rows() {
        let s = sample("y ~ twosd(x)", &[]).unwrap();
        let sd = (14.0_f64 / 3.0).sqrt();
        assert!((s.design.columns[0][0] - (1.0 - 2.0) / (2.0 * sd)).abs() < 1e-15);
    }

    #[test]
    fn what_cannot_be_made_is_refused() {
        assert_eq!(
            sample("y ~ regoin", &[]).unwrap_err(),
            Error::Column { name: "regoin".into(), nearest: None }
        );
        let nearest = Some("region".to_owned());
        assert_eq!(
            sample("y ~ regions", &[]).unwrap_err(),
            Error::Column { name: "regions".into(), nearest }
        );
        assert!(matches!(sample("y ~ log(region)", &[]), Err(Error::Kind { .. })));
        assert!(matches!(sample("y ~ log(x - 9)", &[]), Err(Error::Empty { .. })));
        assert!(matches!(sample("y ~ x", &[&["dyad"]]), Err(Error::Column { .. })));
    }
}
