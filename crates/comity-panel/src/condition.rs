//! Conditions on the columns of a panel, in words: `prd=1`, `year>=1946 and not (conttype is null)`.

use super::error::PanelError;

/// A condition on the columns of a row: it holds, does not hold, or is not known.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// A column beside a value.
    Is(String, Comparison, Operand),
    /// A column is one of several values.
    In(String, Vec<Operand>),
    /// A column is null.
    Null(String),
    /// The opposite.
    Not(Box<Condition>),
    /// Both.
    And(Box<Condition>, Box<Condition>),
    /// One of the two at least.
    Or(Box<Condition>, Box<Condition>),
}

/// How two values stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the signs of mathematics")]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// What a column is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// Another column, if there is one of that name; else a text.
    Word(String),
}

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Number(f64),
    Text(&'a str),
}

/// Signs, longer ones first.
const SIGNS: [(&str, Comparison); 8] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::Unequal),
    ("<>", Comparison::Unequal),
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::More),
];

/// Longest condition, and how deep its brackets go.
const LONGEST: usize = 4_000;
const DEEPEST: usize = 50;

impl Condition {
    /// Reads a condition.
    pub fn parse(text: &str) -> Result<Self, PanelError> {
        let wrong = |what: String| {
            PanelError::new(format!("`{text}` is not a condition on columns: {what}")).help(
                "write prd=1, year>=1946 and milex1>0, cw_name='China', region in (Europe,Asia), conttype is not null",
            )
        };
        if text.len() > LONGEST {
            let long = format!("it has {} bytes, more than {LONGEST}", text.len());
            return Err(PanelError::new(format!("a condition is too long: {long}")));
        }
        let words = words(text).map_err(wrong)?;
        let mut reader = Reader { words: &words, at: 0, depth: 0 };
        let condition = reader.any().map_err(wrong)?;
        match reader.next() {
            None => Ok(condition),
            Some(left) => Err(wrong(format!("`{}` stands behind its end", left.text()))),
        }
    }

    /// The columns that it names.
    pub(crate) fn columns(&self) -> Vec<&str> {
        match self {
            Self::Is(column, _, Operand::Word(other)) => vec![column, other],
            Self::Is(column, ..) | Self::In(column, _) | Self::Null(column) => vec![column],
            Self::Not(one) => one.columns(),
            Self::And(one, two) | Self::Or(one, two) => [one.columns(), two.columns()].concat(),
        }
    }

    /// Whether it holds of a row; none where that is not known. `cell` gives the value of a column, and none for a name that is none.
    pub(crate) fn holds<'a>(&'a self, cell: &impl Fn(&str) -> Option<Cell<'a>>) -> Option<bool> {
        match self {
            Self::Is(column, how, operand) => compare(cell(column)?, *how, operand.value(cell)),
            Self::In(column, all) => {
                let one = |o: &'a Operand| compare(cell(column)?, Comparison::Equal, o.literal());
                all.iter().map(one).fold(Some(false), either)
            }
            Self::Null(column) => Some(cell(column)? == Cell::Null),
            Self::Not(one) => one.holds(cell).map(|holds| !holds),
            Self::And(one, two) => match (one.holds(cell), two.holds(cell)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(one, two) => either(one.holds(cell), two.holds(cell)),
        }
    }

    /// The values that it compares with the column of that name.
    pub(crate) fn operands(&self, name: &str) -> Vec<(Comparison, &Operand)> {
        match self {
            Self::Is(column, how, operand) if column == name => vec![(*how, operand)],
            Self::In(column, all) if column == name => {
                all.iter().map(|operand| (Comparison::Equal, operand)).collect()
            }
            Self::Not(one) => one.operands(name),
            Self::And(one, two) | Self::Or(one, two) => {
                [one.operands(name), two.operands(name)].concat()
            }
            _ => Vec::new(),
        }
    }
}

/// Whether one of two holds; none where that is not known.
fn either(one: Option<bool>, two: Option<bool>) -> Option<bool> {
    match (one, two) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

fn compare(one: Cell<'_>, how: Comparison, two: Cell<'_>) -> Option<bool> {
    let order = match (one, two) {
        (Cell::Number(a), Cell::Number(b)) => a.partial_cmp(&b)?,
        (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
        _ => return None,
    };
    Some(match how {
        Comparison::Equal => order.is_eq(),
        Comparison::Unequal => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::More => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    })
}

impl Operand {
    fn literal(&self) -> Cell<'_> {
        match self {
            Self::Number(number) => Cell::Number(*number),
            Self::Text(text) | Self::Word(text) => Cell::Text(text),
        }
    }

    fn value<'a>(&'a self, cell: &impl Fn(&str) -> Option<Cell<'a>>) -> Cell<'a> {
        match self {
            Self::Word(word) => cell(word).unwrap_or(Cell::Text(word)),
            other => other.literal(),
        }
    }
}

/// A piece of a condition.
#[derive(Debug, Clone, PartialEq)]
enum Word {
    Sign(Comparison, &'static str),
    Bracket(char),
    Name(String),
    Quoted(String),
}

impl Word {
    fn text(&self) -> String {
        match self {
            Self::Sign(_, sign) => (*sign).to_owned(),
            Self::Bracket(c) => c.to_string(),
            Self::Name(text) | Self::Quoted(text) => text.clone(),
        }
    }

    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Name(name) if name.eq_ignore_ascii_case(word))
    }
}

fn words(text: &str) -> Result<Vec<Word>, String> {
    let (mut words, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let sign = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
        if let Some((sign, how)) = sign {
            words.push(Word::Sign(*how, sign));
            rest = &rest[sign.len()..];
        } else if matches!(first, '(' | ')' | ',') {
            words.push(Word::Bracket(first));
            rest = &rest[1..];
        } else if matches!(first, '\'' | '"') {
            let end = rest[1..].find(first).ok_or("a quotation has no end")?;
            words.push(Word::Quoted(rest[1..=end].to_owned()));
            rest = &rest[end + 2..];
        } else {
            let ends = |c: char| c.is_whitespace() || "()=<>!,'\"".contains(c);
            let end = rest.find(ends).unwrap_or(rest.len());
            if end == 0 {
                return Err(format!("`{first}` cannot stand there"));
            }
            words.push(Word::Name(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(words)
}

struct Reader<'a> {
    words: &'a [Word],
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a Word> {
        self.words.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Word> {
        self.at += 1;
        self.words.get(self.at - 1)
    }

    /// Whether that word is next: then it is read.
    fn takes(&mut self, word: &str) -> bool {
        let is = self.peek().is_some_and(|w| w.is(word));
        self.at += usize::from(is);
        is
    }

    fn takes_bracket(&mut self, bracket: char) -> bool {
        let is = self.peek() == Some(&Word::Bracket(bracket));
        self.at += usize::from(is);
        is
    }

    fn any(&mut self) -> Result<Condition, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("its brackets are more than {DEEPEST} deep"));
        }
        let mut left = self.all()?;
        while self.takes("or") {
            left = Condition::Or(Box::new(left), Box::new(self.all()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn all(&mut self) -> Result<Condition, String> {
        let mut left = self.one()?;
        while self.takes("and") {
            left = Condition::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Condition, String> {
        if self.takes("not") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(format!("it says `not` more than {DEEPEST} times"));
            }
            let one = self.one()?;
            self.depth -= 1;
            return Ok(Condition::Not(Box::new(one)));
        }
        if self.takes_bracket('(') {
            let inside = self.any()?;
            return if self.takes_bracket(')') {
                Ok(inside)
            } else {
                Err("a bracket is not closed".into())
            };
        }
        let Some(Word::Name(column)) = self.next() else {
            return Err("the name of a column is wanted".into());
        };
        if self.takes("is") {
            let not = self.takes("not");
            if !self.takes("null") {
                return Err("`is null` or `is not null` is wanted".into());
            }
            return Ok(opposite(Condition::Null(column.clone()), not));
        }
        let not = self.takes("not");
        if self.takes("in") {
            return Ok(opposite(Condition::In(column.clone(), self.list()?), not));
        }
        match self.next() {
            Some(Word::Sign(how, _)) if !not => {
                Ok(Condition::Is(column.clone(), *how, self.operand()?))
            }
            _ => Err(format!("behind `{column}`, one of = != < <= > >= is wanted")),
        }
    }

    fn list(&mut self) -> Result<Vec<Operand>, String> {
        if !self.takes_bracket('(') {
            return Err("behind `in`, a list in brackets is wanted".into());
        }
        let mut all = vec![self.operand()?];
        while self.takes_bracket(',') {
            all.push(self.operand()?);
        }
        if self.takes_bracket(')') { Ok(all) } else { Err("a bracket is not closed".into()) }
    }

    fn operand(&mut self) -> Result<Operand, String> {
        match self.next() {
            Some(Word::Quoted(text)) => Ok(Operand::Text(text.clone())),
            Some(Word::Name(word)) => match word.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Operand::Number(number)),
                _ => Ok(Operand::Word(word.clone())),
            },
            _ => Err("a value is wanted at its end".into()),
        }
    }
}

fn opposite(condition: Condition, not: bool) -> Condition {
    if not { Condition::Not(Box::new(condition)) } else { condition }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> Option<bool> {
        let condition = Condition::parse(text).unwrap();
        condition.holds(&|column| match column {
            "prd" => Some(Cell::Number(1.0)),
            "year" => Some(Cell::Number(1950.0)),
            "other" => Some(Cell::Number(1949.0)),
            "name" => Some(Cell::Text("New Zealand")),
            "milex" => Some(Cell::Null),
            _ => None,
        })
    }

    #[test]
    fn a_condition_holds_does_not_or_is_not_known() {
        for (text, wanted) in [
            ("prd=1", Some(true)),
            ("prd == 1 and year>=1951", Some(false)),
            ("year < 1940 or prd != 0", Some(true)),
            ("year>other", Some(true)),
            ("not (year in (1949, 1950))", Some(false)),
            ("year not in (1949,1951)", Some(true)),
            ("name='New Zealand'", Some(true)),
            ("name = \"Fiji\"", Some(false)),
            ("name in ('New Zealand', Fiji)", Some(true)),
            ("milex > 0", None),
            ("milex > 0 and prd = 0", Some(false)),
            ("milex > 0 or prd = 1", Some(true)),
            ("not milex > 0", None),
            ("milex is null", Some(true)),
            ("milex is not null", Some(false)),
            ("prd=1 or prd=0 and year=0", Some(true)),
            ("year>=-5", Some(true)),
        ] {
            assert_eq!(holds(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused_with_what_is_wanted() {
        for (text, wanted) in [
            ("", "the name of a column is wanted"),
            ("prd", "one of = != < <= > >="),
            ("prd=", "a value is wanted"),
            ("prd=1 year=2", "`year` stands behind its end"),
            ("(prd=1", "not closed"),
            ("prd in 1", "a list in brackets"),
            ("name='x", "a quotation has no end"),
            ("prd is 1", "`is null`"),
        ] {
            let error = Condition::parse(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{text}: {error}");
        }
        assert!(Condition::parse(&"(".repeat(3_000)).is_err());
        assert!(Condition::parse(&"not ".repeat(900)).is_err());
        assert!(Condition::parse(&"x".repeat(5_000)).unwrap_err().to_string().contains("too long"));
    }
}
