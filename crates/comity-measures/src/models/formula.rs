//! Formulas in words: `outcome ~ terms | fixed effects`.
//!
//! | written | means |
//! |---|---|
//! | `y ~ a + b` | a constant and the terms `a` and `b` |
//! | `a:b` | the product of `a` and `b` |
//! | `a*b` | `a + b + a:b` |
//! | `- a` | without the term `a` |
//! | `0` or `- 1` | without a constant |
//! | `log(x)`, `log1p(x)`, `exp(x)`, `sqrt(x)`, `abs(x)` | that function of a number |
//! | `I(a^2 + b)` | arithmetic (`+ - * / ^` and brackets) of numbers |
//! | `I(a == 1)` | 1 where it holds and 0 where not; also `!=`, `<`, `<=`, `>`, `>=` |
//! | `min(a, b)`, `max(a, b)` | the lower and the higher of two numbers; missing where one is |
//! | `twosd(x)` | `x` less its mean, divided by two standard deviations (Gelman 2008) |
//! | `factor(z)` | one indicator for each value of `z` but the first in order |
//! | `` `a name` `` | a column whose name is no word |
//! | `y ~ a | exporter:year + importer` | fixed effects, absorbed: of each exporter-year and of each importer |
//!
//! A column of text is a factor. Words are letters, digits, `_` and `.`, and begin with no digit. A function applies to the outcome too.

use crate::Error;

/// A formula, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// What is explained.
    pub outcome: Expression,
    /// Each term as its factors, which are multiplied.
    pub terms: Vec<Vec<Expression>>,
    /// Whether there is a constant.
    pub constant: bool,
    /// The fixed effects, each as the columns that it is made of.
    pub absorbed: Vec<Vec<String>>,
}

/// Something computed from the columns of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A column.
    Column(String),
    /// A number.
    Number(f64),
    /// A function of an expression.
    Call(Function, Box<Expression>),
    /// Two expressions and what is done with them.
    Both(Operator, Box<Expression>, Box<Expression>),
}

/// The functions of a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Natural logarithm.
    Log,
    /// Natural logarithm of one more.
    Log1p,
    /// Power of e.
    Exp,
    /// Square root.
    Sqrt,
    /// Absolute value.
    Abs,
    /// Arithmetic, as it stands.
    Identity,
    /// Centred, and divided by two standard deviations.
    TwoSd,
    /// Indicators of values.
    Factor,
}

const FUNCTIONS: [(&str, Function); 8] = [
    ("log", Function::Log),
    ("log1p", Function::Log1p),
    ("exp", Function::Exp),
    ("sqrt", Function::Sqrt),
    ("abs", Function::Abs),
    ("I", Function::Identity),
    ("twosd", Function::TwoSd),
    ("factor", Function::Factor),
];

/// Arithmetic of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Sum.
    Add,
    /// Difference.
    Subtract,
    /// Product.
    Multiply,
    /// Quotient.
    Divide,
    /// Power.
    Power,
    /// The lower of two.
    Min,
    /// The higher of two.
    Max,
    /// Whether they are the same: 1 or 0, as for all comparisons.
    Equal,
    /// Whether they differ.
    Unequal,
    /// Whether the first is lower.
    Less,
    /// Whether the first is not higher.
    AtMost,
    /// Whether the first is higher.
    More,
    /// Whether the first is not lower.
    AtLeast,
}

/// Comparisons, longer signs before those that they begin with.
const COMPARISONS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("<", Operator::Less),
    (">", Operator::More),
];

/// Functions of two numbers.
const OF_TWO: [(&str, Operator); 2] = [("min", Operator::Min), ("max", Operator::Max)];

impl Operator {
    fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
            Self::Min => "min",
            Self::Max => "max",
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    /// What comes of two numbers.
    pub fn of(self, a: f64, b: f64) -> f64 {
        let is = |holds: bool| f64::from(u8::from(holds));
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Power => a.powf(b),
            Self::Min => a.min(b),
            Self::Max => a.max(b),
            Self::Equal => is(a == b),
            Self::Unequal => is(a != b),
            Self::Less => is(a < b),
            Self::AtMost => is(a <= b),
            Self::More => is(a > b),
            Self::AtLeast => is(a >= b),
        }
    }
}

/// Brackets in brackets that are read; more are refused.
const DEEPEST: usize = 50;

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// [`Error::Formula`] with the place of what cannot be read.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let outcome = parser.sum()?;
        parser.wanted('~')?;
        let mut formula = Self { outcome, terms: Vec::new(), constant: true, absorbed: Vec::new() };
        parser.right_side(&mut formula)?;
        if parser.taken('|') {
            loop {
                let mut columns = vec![parser.name()?];
                while parser.taken(':') {
                    columns.push(parser.name()?);
                }
                formula.absorbed.push(columns);
                if !parser.taken('+') {
                    break;
                }
            }
        }
        match parser.peek() {
            None => Ok(formula),
            Some(_) => Err(parser.error("something is left over")),
        }
    }

    /// The columns that the formula reads, each once, in the order they appear.
    pub fn columns(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.outcome.columns(&mut names);
        self.terms.iter().flatten().for_each(|e| e.columns(&mut names));
        names.extend(self.absorbed.iter().flatten().map(String::as_str));
        let mut once: Vec<&str> = Vec::new();
        names.into_iter().for_each(|name| {
            if !once.contains(&name) {
                once.push(name);
            }
        });
        once
    }
}

impl Expression {
    fn columns<'a>(&'a self, into: &mut Vec<&'a str>) {
        match self {
            Self::Column(name) => into.push(name),
            Self::Number(_) => {}
            Self::Call(_, inner) => inner.columns(into),
            Self::Both(_, a, b) => {
                a.columns(into);
                b.columns(into);
            }
        }
    }
}

impl std::fmt::Display for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Column(name) => f.write_str(name),
            Self::Number(value) => write!(f, "{value}"),
            Self::Call(function, inner) => {
                let name = FUNCTIONS.iter().find(|(_, g)| g == function).map_or("", |(n, _)| n);
                write!(f, "{name}({inner})")
            }
            Self::Both(operator, a, b) => {
                let bracketed = |e: &Self, bare: bool| match e {
                    Self::Both(Operator::Min | Operator::Max, ..) => e.to_string(),
                    Self::Both(inner, ..) if !(bare && inner == operator) => format!("({e})"),
                    _ => e.to_string(),
                };
                let sign = operator.sign();
                if matches!(operator, Operator::Min | Operator::Max) {
                    return write!(f, "{sign}({a},{b})");
                }
                write!(f, "{}{sign}{}", bracketed(a, true), bracketed(b, false))
            }
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.rest().chars().next()
    }

    fn taken(&mut self, wanted: char) -> bool {
        let is = self.peek() == Some(wanted);
        if is {
            self.at += wanted.len_utf8();
        }
        is
    }

    fn wanted(&mut self, wanted: char) -> Result<(), Error> {
        if self.taken(wanted) { Ok(()) } else { Err(self.error(&format!("`{wanted}` is missing"))) }
    }

    fn error(&self, reason: &str) -> Error {
        let before = self.text.get(..self.at).unwrap_or("");
        let rest: String = self.rest().chars().take(30).collect();
        Error::Formula { reason: reason.to_owned(), at: before.chars().count() + 1, rest }
    }

    /// Everything between `~` and `|`.
    fn right_side(&mut self, formula: &mut Formula) -> Result<(), Error> {
        let mut adds = !self.taken('-');
        loop {
            let here = self.at;
            for term in self.crossed()? {
                match term.as_slice() {
                    [Expression::Number(n)] if *n == 0.0 || *n == 1.0 => {
                        formula.constant = (*n == 1.0) == adds;
                    }
                    factors if factors.iter().any(|f| matches!(f, Expression::Number(_))) => {
                        self.at = here;
                        return Err(self.error("a number is no term; I(…) takes arithmetic"));
                    }
                    _ if adds => {
                        if !formula.terms.contains(&term) {
                            formula.terms.push(term);
                        }
                    }
                    _ => {
                        let before = formula.terms.len();
                        formula.terms.retain(|t| *t != term);
                        if formula.terms.len() == before {
                            self.at = here;
                            return Err(self.error("a term is taken away that is not there"));
                        }
                    }
                }
            }
            if self.taken('+') {
                adds = true;
            } else if self.taken('-') {
                adds = false;
            } else {
                return Ok(());
            }
        }
    }

    /// Terms joined by `*`: each alone, and their products.
    fn crossed(&mut self) -> Result<Vec<Vec<Expression>>, Error> {
        let mut terms = vec![self.product()?];
        while self.taken('*') {
            let other = self.product()?;
            let products: Vec<_> =
                terms.iter().map(|t| t.iter().chain(&other).cloned().collect()).collect();
            terms.push(other);
            terms.extend(products);
            if terms.len() > 1000 {
                return Err(self.error("too many products"));
            }
        }
        terms.sort_by_key(Vec::len);
        Ok(terms)
    }

    /// Factors joined by `:`.
    fn product(&mut self) -> Result<Vec<Expression>, Error> {
        let mut factors = vec![self.atom()?];
        while self.taken(':') {
            factors.push(self.atom()?);
        }
        Ok(factors)
    }

    /// A sum, or two that are compared.
    fn compared(&mut self) -> Result<Expression, Error> {
        let left = self.sum()?;
        self.peek();
        let rest = self.rest();
        let Some((sign, operator)) = COMPARISONS.iter().find(|(s, _)| rest.starts_with(s)) else {
            return Ok(left);
        };
        self.at += sign.len();
        Ok(Expression::Both(*operator, Box::new(left), Box::new(self.sum()?)))
    }

    fn sum(&mut self) -> Result<Expression, Error> {
        let mut left = self.times()?;
        loop {
            let operator = match self.peek() {
                Some('+') => Operator::Add,
                Some('-') => Operator::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            left = Expression::Both(operator, Box::new(left), Box::new(self.times()?));
        }
    }

    fn times(&mut self) -> Result<Expression, Error> {
        let mut left = self.power()?;
        loop {
            let operator = match self.peek() {
                Some('*') => Operator::Multiply,
                Some('/') => Operator::Divide,
                _ => return Ok(left),
            };
            self.at += 1;
            left = Expression::Both(operator, Box::new(left), Box::new(self.power()?));
        }
    }

    fn power(&mut self) -> Result<Expression, Error> {
        if self.taken('-') {
            let inner = self.deeper(Self::power)?;
            return Ok(Expression::Both(
                Operator::Subtract,
                Box::new(Expression::Number(0.0)),
                Box::new(inner),
            ));
        }
        let base = self.atom()?;
        if !self.taken('^') {
            return Ok(base);
        }
        let exponent = self.deeper(Self::power)?;
        Ok(Expression::Both(Operator::Power, Box::new(base), Box::new(exponent)))
    }

    fn deeper<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error("brackets or signs lie too deep in each other"));
        }
        let made = read(self);
        self.depth -= 1;
        made
    }

    /// A number, a column, a function or a bracket.
    fn atom(&mut self) -> Result<Expression, Error> {
        match self.peek() {
            Some('(') => {
                self.at += 1;
                let inner = self.deeper(Self::compared)?;
                self.wanted(')')?;
                Ok(inner)
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            _ => {
                let (here, quoted) = (self.at, self.peek() == Some('`'));
                let name = self.name()?;
                if quoted || !self.taken('(') {
                    return Ok(Expression::Column(name));
                }
                if let Some((_, operator)) = OF_TWO.iter().find(|(f, _)| *f == name) {
                    let first = self.deeper(Self::compared)?;
                    self.wanted(',')?;
                    let second = self.deeper(Self::compared)?;
                    self.wanted(')')?;
                    return Ok(Expression::Both(*operator, Box::new(first), Box::new(second)));
                }
                let Some((_, function)) = FUNCTIONS.iter().find(|(f, _)| *f == name) else {
                    self.at = here;
                    let known = FUNCTIONS.iter().map(|(name, _)| *name);
                    let known: Vec<&str> = known.chain(OF_TWO.iter().map(|(n, _)| *n)).collect();
                    return Err(self.error(&format!(
                        "there is no function {name}; there are {}",
                        known.join(", ")
                    )));
                };
                let inner = self.deeper(Self::compared)?;
                self.wanted(')')?;
                Ok(Expression::Call(*function, Box::new(inner)))
            }
        }
    }

    fn number(&mut self) -> Result<Expression, Error> {
        let is_part = |(at, c): &(usize, char)| {
            let before = self.rest().get(..*at).and_then(|t| t.chars().next_back());
            c.is_ascii_digit()
                || *c == '.'
                || matches!(c, 'e' | 'E')
                || (matches!(c, '-' | '+') && matches!(before, Some('e' | 'E')))
        };
        let length: usize =
            self.rest().char_indices().take_while(is_part).map(|(_, c)| c.len_utf8()).sum();
        let value = self.rest().get(..length).and_then(|t| t.parse::<f64>().ok());
        match value {
            Some(value) if value.is_finite() => {
                self.at += length;
                Ok(Expression::Number(value))
            }
            _ => Err(self.error("this is no number")),
        }
    }

    fn name(&mut self) -> Result<String, Error> {
        let first = self.peek();
        let rest = self.rest();
        if first == Some('`') {
            let Some(end) = rest.get(1..).and_then(|t| t.find('`')) else {
                return Err(self.error("the closing ` is missing"));
            };
            self.at += end + 2;
            return Ok(rest.get(1..=end).unwrap_or("").to_owned());
        }
        let is_word = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let name: String = rest.chars().take_while(is_word).collect();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.error("the name of a column is missing"));
        }
        self.at += name.len();
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let formula = Formula::parse(text).unwrap();
        let name =
            |t: &Vec<Expression>| t.iter().map(ToString::to_string).collect::<Vec<_>>().join(":");
        formula.terms.iter().map(name).collect()
    }

    #[test]
    fn terms_products_and_functions() {
        assert_eq!(terms("y ~ a + b + a:b"), ["a", "b", "a:b"]);
        assert_eq!(terms("y ~ a*b"), ["a", "b", "a:b"]);
        assert_eq!(terms("y ~ a*b*c - a:b:c"), ["a", "b", "c", "a:b", "a:c", "b:c"]);
        assert_eq!(terms("y ~ a + a"), ["a"]);
        assert_eq!(terms("y~log(x)+I(t^2)+factor(z):`a b`"), ["log(x)", "I(t^2)", "factor(z):a b"]);
        assert_eq!(
            terms("y ~ I(c == 1) + I(min(a, b)/max(a,b)) + twosd(min(a/c, 2)) + I(a >= 1)"),
            ["I(c==1)", "I(min(a,b)/max(a,b))", "twosd(min(a/c,2))", "I(a>=1)"]
        );
        assert_eq!(terms("y ~ I((a+b)*-c/2e-1)"), ["I(((a+b)*(0-c))/0.2)"]);
    }

    #[test]
    fn constants_and_fixed_effects() {
        assert!(Formula::parse("y ~ a").unwrap().constant);
        assert!(!Formula::parse("y ~ a - 1").unwrap().constant);
        assert!(!Formula::parse("y ~ 0 + a").unwrap().constant);
        let one = Formula::parse("log(y) ~ 1").unwrap();
        assert!(one.constant && one.terms.is_empty());
        let fixed = Formula::parse("trade ~ log(dist) | exporter:year + importer:year").unwrap();
        assert_eq!(fixed.absorbed, [["exporter", "year"], ["importer", "year"]]);
        assert_eq!(fixed.columns(), ["trade", "dist", "exporter", "year", "importer"]);
    }

    #[test]
    fn what_cannot_be_read_has_its_place() {
        let place = |text: &str| match Formula::parse(text) {
            Err(Error::Formula { at, .. }) => at,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(place("y"), 2);
        assert_eq!(place("y ~ a +"), 8);
        assert_eq!(place("y ~ sin(a)"), 5);
        assert_eq!(place("y ~ log(a"), 10);
        assert_eq!(place("y ~ a b"), 7);
        assert_eq!(place("y ~ a - b"), 8);
        assert_eq!(place("y ~ `a"), 5);
        assert_eq!(place("y ~ a:3"), 5);
        assert_eq!(place(""), 1);
        assert_eq!(place(&format!("y ~ I({}a)", "(".repeat(100))), 57);
    }
}
