//! A request for a panel in words, as on the command line and in SQL: every word is checked, and a misspelt one gets the nearest.

use std::ops::RangeInclusive;

use comity_record::{Lookup, Reading, Record};

use super::condition::Condition;
use super::derive::Derived;
use super::error::PanelError;
use super::handed::Handed;
use super::named::Named;
use super::own_table::Joined;
use super::rules::{Gaps, Rule};
use super::spec::{Spec, check_counts};
use super::system::Codes;
use super::unit::Unit;
use comity_record::nearest;

/// A panel that is requested, in words; what is left empty has its usual value.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The unit: `dyad-years`.
    pub unit: String,
    /// `cow` or `gw`.
    pub system: String,
    /// Every pair in both orders.
    pub directed: bool,
    /// `1946-2010`, `1946..2010` or one year.
    pub years: Option<String>,
    /// The year to which states are carried past the end of their list.
    pub extend_to: Option<i32>,
    /// States by code or name.
    pub states: Vec<String>,
    /// How many states a group has.
    pub k: Option<usize>,
    /// Groups of columns, each with its choice behind a colon.
    pub with: Vec<String>,
    /// Only these columns beside the keys.
    pub columns: Vec<String>,
    /// Columns made from others: `lag(cinc1,1)`.
    pub add: Vec<String>,
    /// Only rows of which these hold: `prd=1`.
    pub keep: Vec<String>,
    /// Tables of one's own, joined on by their keys.
    pub joined: Vec<Joined>,
    /// Columns of groups that the caller makes.
    pub handed: Vec<Handed>,
    /// Rules that choose one of several disputes, in order; `none` for no rule.
    pub rules: Option<Vec<String>>,
    /// What a count of peace years does at a gap.
    pub gaps: String,
    /// Who answers; none: the baseline.
    pub reading: Option<Reading>,
}

impl Request {
    /// The same, checked.
    pub fn spec(self, record: &Record) -> Result<Spec, PanelError> {
        check_counts([
            ("groups", self.with.len()),
            ("columns", self.columns.len()),
            ("columns made from others", self.add.len()),
            ("states", self.states.len()),
            ("conditions", self.keep.len()),
            ("rules", self.rules.as_ref().map_or(0, Vec::len)),
        ])?;
        let names = || Unit::ALL.iter().map(|(_, name, _)| *name);
        let unit =
            Unit::named(&self.unit).ok_or_else(|| unknown("unit", &self.unit, &mut names()))?;
        let codes = match self.system.as_str() {
            "cow" | "" => Codes::Cow,
            "gw" => Codes::Gw,
            other => return Err(unknown("system", other, &mut ["cow", "gw"].into_iter())),
        };
        let with = words(&self.with).map(|w| match w.split_once(':') {
            Some((group, choice)) => (group.to_owned(), Some(choice.to_owned())),
            None => (w.to_owned(), None),
        });
        let rules = self.rules.as_ref().map(|rules| {
            let named = words(rules).filter(|r| *r != "none");
            named.map(rule).collect::<Result<Vec<_>, _>>()
        });
        let gaps = match self.gaps.as_str() {
            "" => Gaps::default(),
            name => {
                Gaps::ALL.iter().find(|(_, n, _)| *n == name).map(|(gaps, ..)| *gaps).ok_or_else(
                    || unknown("way to count", name, &mut Gaps::ALL.iter().map(|(_, n, _)| *n)),
                )?
            }
        };
        let years = self.years.as_deref().map(years).transpose()?;
        let states: Vec<Vec<i32>> = words(&self.states)
            .map(|s| state(record, s, codes, years.as_ref()))
            .collect::<Result<_, _>>()?;
        Ok(Spec {
            unit,
            codes,
            directed: self.directed,
            years,
            extend_to: self.extend_to,
            with: with.collect(),
            columns: words(&self.columns).map(str::to_owned).collect(),
            states: states.into_iter().flatten().collect(),
            k: self.k.unwrap_or(3),
            rules: rules.transpose()?,
            gaps,
            keep: self.keep.iter().map(|text| Condition::parse(text)).collect::<Result<_, _>>()?,
            joined: self.joined,
            handed: self.handed,
            derived: words(&self.add).map(Derived::parse).collect::<Result<_, _>>()?,
            reading: self.reading,
        })
    }
}

fn words(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(|w| w.trim()).filter(|w| !w.is_empty())
}

fn rule(name: &str) -> Result<Rule, PanelError> {
    let found = Rule::ALL.iter().find(|(_, n, _)| *n == name).map(|(rule, ..)| *rule);
    found.ok_or_else(|| unknown("rule", name, &mut Rule::ALL.iter().map(|(_, n, _)| *n)))
}

/// A word that is not known: the nearest, and all there are.
pub(crate) fn unknown(what: &str, name: &str, known: &mut dyn Iterator<Item = &str>) -> PanelError {
    let known: Vec<&str> = known.collect();
    let mut error = PanelError::new(format!("no {what} `{name}`"));
    if let Some(near) = nearest(name, known.iter().copied()) {
        error = error.help(near);
    }
    error.help(format!("there are {}", known.join(", ")))
}

/// `1946-2010`, `1946..2010` or one year.
pub(crate) fn years(text: &str) -> Result<RangeInclusive<i32>, PanelError> {
    match comity_record::span(text) {
        Some((from, to)) if from <= to => Ok(from..=to),
        Some((from, to)) => {
            Err(PanelError::new(format!("the years {from} to {to} are out of order"))
                .help(format!("did you mean {to}-{from}?")))
        }
        None => Err(PanelError::new(format!("`{text}` is not a span of years"))
            .help("write 1946-2010, or one year")),
    }
}

/// The codes in the list of the panel of a state, or of those that had its code or name in turn in these years.
pub(crate) fn state(
    record: &Record,
    text: &str,
    codes: Codes,
    years: Option<&RangeInclusive<i32>>,
) -> Result<Vec<i32>, PanelError> {
    if let Ok(code) = text.parse() {
        return Ok(vec![code]);
    }
    let named = Named::of(record, codes)?;
    let years = years.map(|years| (*years.start(), *years.end()));
    named.codes(text, years).map_err(|found| match found {
        Lookup::Several(all) => {
            let (wrong, choices) = named.several(text, &all);
            PanelError::new(wrong).help(format!("name one by its code:\n{choices}"))
        }
        Lookup::None(near) => {
            let mut error = PanelError::new(format!("no state is known as `{text}`"));
            if let Some(gwcode) = named.only_in_gw(text, None) {
                error = error.help(match codes {
                    Codes::Cow => format!("only Gleditsch and Ward list it, as {gwcode}: ask for the panel with --system gw"),
                    Codes::Gw => format!("it is {gwcode}, in other years"),
                });
            } else if !near.is_empty() {
                error = error.help(format!("did you mean {}?", near.join(" or ")));
            }
            error.help("`comity states` lists all of them")
        }
        Lookup::One(code) => PanelError::new(format!("`{text}` is {code} in other years")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request { unit: "dyad-years".into(), ..Request::default() }
    }

    fn refused(request: Request) -> String {
        request.spec(&comity_datasets::starter::record()).unwrap_err().to_string()
    }

    #[test]
    fn words_that_are_not_known_get_the_nearest() {
        let of = |change: fn(&mut Request)| {
            let mut request = request();
            change(&mut request);
            refused(request)
        };
        assert!(of(|a| a.unit = "dyad-year".into()).contains("did you mean `dyad-years`"));
        assert!(of(|a| a.system = "gwf".into()).contains("did you mean `gw`"));
        assert!(of(|a| a.rules = Some(vec!["onset".into()])).contains("`onsets`"));
        assert!(of(|a| a.gaps = "row".into()).contains("`rows`"));
        assert!(of(|a| a.years = Some("2000-1990".into())).contains("did you mean 1990-2000?"));
        assert!(of(|a| a.years = Some("x".into())).contains("`x` is not a span of years"));
        assert!(of(|a| a.states = vec!["Chnia".into()]).contains("China"));
        assert!(of(|a| a.states = vec!["Germany".into()]).contains("name one by its code"));
    }

    #[test]
    fn a_code_is_of_the_state_that_had_it_in_the_years_requested() {
        let of = |states: &str, years: &str, system: &str| {
            let states = states.split(',').map(str::to_owned).collect();
            let request = Request {
                states,
                years: (!years.is_empty()).then(|| years.to_owned()),
                system: system.into(),
                ..request()
            };
            request.spec(&comity_datasets::starter::record()).map(|spec| spec.states)
        };
        assert_eq!(of("DEU,FRA", "1950-1950", ""), Ok(vec![260, 220]));
        assert_eq!(of("DEU", "1950", "gw"), Ok(vec![260]));
        assert_eq!(of("DEU", "2000-2001", ""), Ok(vec![255]));
        assert_eq!(of("DEU", "1980-2000", ""), Ok(vec![260, 255]));
        assert_eq!(of("DEU", "", ""), Ok(vec![255]));
        assert_eq!(of("255", "1950", ""), Ok(vec![255]));
        assert!(of("Atlantis", "1950", "").is_err());
    }

    #[test]
    fn words_become_what_they_say() {
        let spec = Request {
            years: Some("1946..2010".into()),
            with: vec!["disputes:gml".into(), " nmc ".into(), String::new()],
            states: vec!["CHN".into(), "2".into()],
            rules: Some(vec!["none".into()]),
            add: vec!["lag(cinc1,2)".into()],
            ..request()
        };
        let spec = spec.spec(&comity_datasets::starter::record()).unwrap();
        assert_eq!((spec.unit, spec.years), (Unit::DyadYears, Some(1946..=2010)));
        assert_eq!(spec.with, [("disputes".into(), Some("gml".into())), ("nmc".into(), None)]);
        assert_eq!((spec.states, spec.rules), (vec![710, 2], Some(Vec::new())));
        assert_eq!(spec.derived[0].name(), "cinc1_lag2");
    }
}
