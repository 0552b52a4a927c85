//! When an act begins and ends: a year, a month or a day, and no vaguer.

use std::fmt;

use jiff::civil::Date;

use crate::Error;

/// A year, a month of it, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    /// The year.
    pub year: i32,
    /// The month, where it is said.
    pub month: Option<i8>,
    /// The day, where it is said.
    pub day: Option<i8>,
}

impl When {
    /// A year.
    pub fn year(year: i32) -> Self {
        Self { year, month: None, day: None }
    }

    /// A day.
    pub fn of(date: Date) -> Self {
        Self { year: i32::from(date.year()), month: Some(date.month()), day: Some(date.day()) }
    }

    /// The day, where it is said.
    pub fn date(self) -> Option<Date> {
        Date::new(i16::try_from(self.year).ok()?, self.month?, self.day?).ok()
    }

    /// Its first day.
    pub fn first(self) -> Option<Date> {
        Date::new(i16::try_from(self.year).ok()?, self.month.unwrap_or(1), self.day.unwrap_or(1))
            .ok()
    }

    /// Reads `2026`, `2026-03` or `2026-03-01`; none where it is something else.
    pub fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let digits = |p: &&str, least: usize| {
            p.len() >= least && p.len() <= 4 && p.bytes().all(|b| b.is_ascii_digit())
        };
        let number = |p: &str| p.parse::<i8>().ok();
        let when = match parts[..] {
            [y] if digits(&y, 4) => Self::year(y.parse().ok()?),
            [y, m] if digits(&y, 4) && digits(&m, 1) => {
                Self { year: y.parse().ok()?, month: number(m), day: None }
            }
            [y, m, d] if digits(&y, 4) && digits(&m, 1) && digits(&d, 1) => {
                Self { year: y.parse().ok()?, month: number(m), day: number(d) }
            }
            _ => return None,
        };
        let exists = when.first().is_some()
            && (parts.len() < 2 || when.month.is_some())
            && (parts.len() < 3 || when.day.is_some());
        exists.then_some(when)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

/// The years that an act may be in.
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 1816..=2200;

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// When it begins.
    pub from: When,
    /// When it ends, in the last day of what is said; none: it is open.
    pub to: Option<When>,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words that are about time and name none.
const VAGUE: [&str; 12] = [
    "soon",
    "now",
    "today",
    "tomorrow",
    "yesterday",
    "later",
    "eventually",
    "recently",
    "someday",
    "immediately",
    "shortly",
    "forthwith",
];

/// A date at the end of `words`, with how many words it takes.
fn last_date(words: &[String]) -> Option<(When, usize)> {
    let (last, before) = words.split_last()?;
    let when = When::read(last)?;
    let month = before.last().and_then(|w| month(w));
    let (Some(month), None) = (month, when.month) else { return Some((when, 1)) };
    let day = before.len().checked_sub(2).and_then(|at| before[at].parse::<i8>().ok());
    match day.and_then(|d| Date::new(i16::try_from(when.year).ok()?, month, d).ok()) {
        Some(date) => Some((When::of(date), 3)),
        None => Some((When { month: Some(month), ..when }, 2)),
    }
}

fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let at = MONTHS.iter().position(|m| *m == word || (word.len() == 3 && m.starts_with(&word)))?;
    i8::try_from(at + 1).ok()
}

/// Takes what is said of time off the end of a sentence: `from 2026`, `in March 2026`, `on 2026-03-01`, `from 2026 to 2030`,
/// `until 2030`, `from 2026 for 3 years`. What is left is the act.
pub(crate) fn taken(
    sentence: &str,
    words: &mut Vec<String>,
) -> Result<(Option<When>, Option<When>), Error> {
    if let Some(word) = words.iter().find(|w| VAGUE.contains(&w.to_lowercase().as_str())) {
        let what = format!("`{word}` is no date");
        return Err(Error::act(sentence, what)
            .help("say when: `from 2026`, `in 2026`, `on 2026-03-01`, `from 2026 to 2030`"));
    }
    let (mut from, mut to) = (None, None);
    let mut years = None;
    if let [.., four, number, unit] = &words[..]
        && four.eq_ignore_ascii_case("for")
        && matches!(unit.to_lowercase().as_str(), "year" | "years")
    {
        let Some(n) = number.parse::<i32>().ok().filter(|n| (1..=500).contains(n)) else {
            return Err(Error::act(
                sentence,
                format!("`{number}` is no number of years from 1 to 500"),
            ));
        };
        years = Some(n);
        words.truncate(words.len() - 3);
    }
    while let Some((when, taken)) = last_date(words) {
        let at = words.len() - taken;
        let Some(word) = at.checked_sub(1).map(|at| words[at].to_lowercase()) else { break };
        let (slot, name) = match word.as_str() {
            "from" | "in" | "on" | "since" | "starting" | "beginning" | "as-of" => {
                (&mut from, "begins")
            }
            "to" | "until" | "till" | "through" => (&mut to, "ends"),
            _ => break,
        };
        if let Some(other) = *slot {
            return Err(Error::act(sentence, format!("it {name} in {when} and in {other}")));
        }
        *slot = Some(when);
        words.truncate(at - 1);
    }
    if let (Some(years), Some(from)) = (years, from) {
        to.get_or_insert(When::year(from.year + years - 1));
    }
    checked(sentence, from, to)?;
    Ok((from, to))
}

/// Refuses years outside the state system, and an end before the beginning.
pub(crate) fn checked(sentence: &str, from: Option<When>, to: Option<When>) -> Result<(), Error> {
    if let (Some(a), Some(b)) = (from, to)
        && (a.year, a.month.unwrap_or(1), a.day.unwrap_or(1))
            > (b.year, b.month.unwrap_or(12), b.day.unwrap_or(31))
    {
        return Err(Error::act(sentence, format!("it ends in {b}, before it begins in {a}")));
    }
    match [from, to].into_iter().flatten().find(|w| !YEARS.contains(&w.year)) {
        Some(when) => Err(Error::act(sentence, format!("{when} is not between 1816 and 2200"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sentence: &str) -> (String, Option<String>, Option<String>) {
        let mut words: Vec<String> = sentence.split_whitespace().map(str::to_owned).collect();
        let (from, to) = taken(sentence, &mut words).unwrap();
        (words.join(" "), from.map(|w| w.to_string()), to.map(|w| w.to_string()))
    }

    #[test]
    fn dates_are_taken_off_the_end() {
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(read("pact with RUS from 2026"), ("pact with RUS".into(), some("2026"), None));
        assert_eq!(
            read("pact with RUS from 2026 to 2030"),
            ("pact with RUS".into(), some("2026"), some("2030"))
        );
        assert_eq!(
            read("attack IND on 2026-03-01"),
            ("attack IND".into(), some("2026-03-01"), None)
        );
        assert_eq!(read("attack IND in March 2026"), ("attack IND".into(), some("2026-03"), None));
        assert_eq!(
            read("attack IND on 1 March 2026"),
            ("attack IND".into(), some("2026-03-01"), None)
        );
        assert_eq!(
            read("give aid to KEN from 2026 for 3 years"),
            ("give aid to KEN".into(), some("2026"), some("2028"))
        );
        assert_eq!(
            read("withdraw troops from AFG"),
            ("withdraw troops from AFG".into(), None, None)
        );
        assert_eq!(
            read("withdraw troops from AFG in 2021"),
            ("withdraw troops from AFG".into(), some("2021"), None)
        );
    }

    #[test]
    fn vague_and_impossible_dates_are_refused() {
        for (sentence, says) in [
            ("attack IND soon", "`soon` is no date"),
            ("attack IND from 2030 to 2026", "before it begins"),
            ("attack IND in 9999", "not between"),
            ("pact with RUS from 2026 for 0 years", "number of years"),
            ("pact from 2026 from 2027", "begins in"),
        ] {
            let mut words: Vec<String> = sentence.split_whitespace().map(str::to_owned).collect();
            let error = taken(sentence, &mut words).unwrap_err().to_string();
            assert!(error.contains(says), "{sentence}: {error}");
        }
        assert!(
            When::read("2026-13-01").is_none()
                && When::read("2026-02-30").is_none()
                && When::read("26").is_none()
        );
    }
}
