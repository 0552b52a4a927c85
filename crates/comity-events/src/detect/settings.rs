//! What a `.watch` commitment says of how it watches: attributes as text, to settings.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::Method;
use super::period::Period;

/// How grave an alarm is. The document declares it; nothing is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// People suffer, or will.
    Hardship,
    /// The safety of the state is touched.
    Security,
    /// It has to be acted on now.
    Emergency,
}

impl Grade {
    /// All of them, the lightest first.
    pub const ALL: [Self; 3] = [Self::Hardship, Self::Security, Self::Emergency];

    /// Its name as attributes have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hardship => "hardship",
            Self::Security => "security",
            Self::Emergency => "emergency",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What counts are a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Share {
    /// All reports of the source in the period: a growing volume of news is no crisis.
    All,
    /// The reports about the dyad itself: only what kind they are of counts, not how many there are.
    Dyad,
}

impl Share {
    const ALL: [Self; 2] = [Self::All, Self::Dyad];

    /// Its name as attributes have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Dyad => "dyad",
        }
    }
}

/// How a series is watched. Every field is an attribute of the same name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The method.
    pub method: Method,
    /// What is counted and tested at a time.
    pub period: Period,
    /// Periods in the baseline.
    pub baseline: usize,
    /// Periods between the baseline and the tested one, so that the beginning of a turn does not become its own measure.
    pub guard: usize,
    /// The value from which on it is an alarm; the unit is the method's.
    pub threshold: f64,
    /// How grave an alarm is.
    pub grade: Grade,
    /// What counts are a share of.
    pub share: Share,
    /// Reports about the dyad that the baseline needs; with fewer, no alarm does not mean calm.
    pub minimum: f64,
    /// Periods below the threshold after which an alarm is over.
    pub rest: u32,
    /// CUSUM: the standard deviations in a period that are let pass.
    pub k: f64,
    /// Change points: the mean number of periods between changes.
    pub spell: f64,
}

/// An attribute that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}={value}: {reason}")]
pub struct AttributeError {
    /// The attribute.
    pub name: String,
    /// Its text.
    pub value: String,
    /// What is wrong, and what can be written.
    pub reason: String,
}

/// The longest baseline: ten years of days.
const MOST_PERIODS: usize = 3_660;

impl Settings {
    /// The attributes that are read.
    pub const NAMES: [&str; 11] = [
        "method",
        "period",
        "baseline",
        "guard",
        "threshold",
        "grade",
        "share",
        "minimum",
        "rest",
        "k",
        "spell",
    ];

    /// The defaults of a method and a period: see the table in `docs/watch.md`.
    pub fn new(method: Method, period: Period) -> Self {
        let (baseline, guard, rest) = match period {
            Period::Day => (182, 14, 14),
            Period::Week => (52, 4, 4),
            Period::Month => (24, 1, 2),
            Period::Year => (5, 0, 1),
        };
        Self {
            method,
            period,
            baseline,
            guard,
            threshold: method.threshold(),
            grade: Grade::Security,
            share: Share::All,
            minimum: 10.0,
            rest,
            k: 0.5,
            spell: 100.0,
        }
    }

    /// Reads attributes; those that are not there have the default of the method and the period (CUSUM by week, where these are not there).
    ///
    /// # Errors
    /// Every attribute that is unknown, doubled, or has a value that cannot be used, with what can be written.
    pub fn from_attributes<'a>(
        attributes: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<AttributeError>> {
        let mut read = Attributes::default();
        for (name, value) in attributes {
            if !Self::NAMES.contains(&name) {
                let reason = format!(
                    "there is no such attribute of a watch; there are {}",
                    Self::NAMES.join(", ")
                );
                read.refuse(name, value, reason);
            } else if read.given.iter().any(|(other, _)| *other == name) {
                read.refuse(name, value, "it stands twice; leave one".to_owned());
            } else {
                read.given.push((name, value));
            }
        }
        let settings = read.settings();
        if read.errors.is_empty() { Ok(settings) } else { Err(read.errors) }
    }

    /// The settings as attributes: what `from_attributes` reads the same settings from.
    pub fn to_attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("method", self.method.name().to_owned()),
            ("period", self.period.name().to_owned()),
            ("baseline", self.baseline.to_string()),
            ("guard", self.guard.to_string()),
            ("threshold", self.threshold.to_string()),
            ("grade", self.grade.name().to_owned()),
            ("share", self.share.name().to_owned()),
            ("minimum", self.minimum.to_string()),
            ("rest", self.rest.to_string()),
            ("k", self.k.to_string()),
            ("spell", self.spell.to_string()),
        ]
    }
}

#[derive(Default)]
struct Attributes<'a> {
    given: Vec<(&'a str, &'a str)>,
    errors: Vec<AttributeError>,
}

impl<'a> Attributes<'a> {
    fn refuse(&mut self, name: &str, value: &str, reason: String) {
        self.errors.push(AttributeError { name: shown(name), value: shown(value), reason });
    }

    /// What an attribute says; the default where it is not there, or says nothing that can be read.
    fn or<T>(&mut self, name: &str, default: T, read: impl Fn(&'a str) -> Result<T, String>) -> T {
        let Some((_, value)) = self.given.iter().find(|(other, _)| *other == name) else {
            return default;
        };
        match read(value) {
            Ok(read) => read,
            Err(reason) => {
                self.refuse(name, value, reason);
                default
            }
        }
    }

    fn settings(&mut self) -> Settings {
        let method =
            self.or("method", Method::Cusum, |text| one_of(text, &Method::ALL, Method::name));
        let period =
            self.or("period", Period::Week, |text| one_of(text, &Period::ALL, Period::name));
        let plain = Settings::new(method, period);
        let settings = Settings {
            method,
            period,
            baseline: self.or("baseline", plain.baseline, |text| length(text, period)),
            guard: self.or("guard", plain.guard, |text| length(text, period)),
            threshold: self.or("threshold", plain.threshold, |text| {
                number(text, f64::MIN_POSITIVE..=method.most())
            }),
            grade: self.or("grade", plain.grade, |text| one_of(text, &Grade::ALL, Grade::name)),
            share: self.or("share", plain.share, |text| one_of(text, &Share::ALL, Share::name)),
            minimum: self.or("minimum", plain.minimum, |text| number(text, 0.0..=1e9)),
            rest: self.or("rest", plain.rest, |text| Ok(length(text, period)?.max(1) as u32)),
            k: self.or("k", plain.k, |text| number(text, 0.0..=100.0)),
            spell: self.or("spell", plain.spell, |text| number(text, 1.0..=1e6)),
        };
        let least = method.least_baseline(period);
        if settings.baseline < least {
            let reason =
                format!("{method} by {period} needs a baseline of {least} periods or more");
            let value =
                self.given.iter().find(|(name, _)| *name == "baseline").map_or("", |(_, v)| v);
            self.refuse("baseline", value, reason);
        }
        settings
    }
}

fn one_of<T: Copy>(text: &str, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
    all.iter().copied().find(|one| name(*one) == text.trim()).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
        format!("write one of {}", names.join(", "))
    })
}

fn number(text: &str, range: RangeInclusive<f64>) -> Result<f64, String> {
    let read: Option<f64> = text.trim().parse().ok();
    read.filter(|number| range.contains(number)).ok_or_else(|| {
        let (least, most) = (range.start(), range.end());
        if *least <= f64::MIN_POSITIVE && *least > 0.0 {
            return format!("write a number above 0 and not above {most}");
        }
        format!("write a number from {least} to {most}")
    })
}

/// A number of periods (`26`), or of days, weeks, months or years (`180d`, `26w`, `6m`, `2y`) as whole periods.
fn length(text: &str, period: Period) -> Result<usize, String> {
    let usage = || {
        "write a number of periods (26), or of days, weeks, months or years: 180d, 26w, 6m, 2y"
            .to_owned()
    };
    let text = text.trim();
    let unit = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let number: usize = number.parse().map_err(|_| usage())?;
    let (unit, name) = match unit {
        "" => (period, period.name()),
        "d" => (Period::Day, "days"),
        "w" => (Period::Week, "weeks"),
        "m" => (Period::Month, "months"),
        "y" => (Period::Year, "years"),
        _ => return Err(usage()),
    };
    if number > MOST_PERIODS {
        return Err(format!("{number} is more than {MOST_PERIODS}"));
    }
    let periods = (number as f64 * a_year_of(period) / a_year_of(unit)).round() as usize;
    if periods > MOST_PERIODS {
        return Err(format!(
            "that is {periods} periods of a {period}; {MOST_PERIODS} are the most"
        ));
    }
    if periods == 0 && number > 0 {
        return Err(format!("{number} {name} are less than one {period}"));
    }
    Ok(periods)
}

/// How many periods make a year, nearly: 7 days are a week, and 52 weeks, 12 months or 364 days a year.
fn a_year_of(period: Period) -> f64 {
    match period {
        Period::Day => 364.0,
        Period::Week => 52.0,
        Period::Month => 12.0,
        Period::Year => 1.0,
    }
}

/// Text of a stranger, cut short and without what a terminal would follow.
fn shown(text: &str) -> String {
    let plain = |c: char| if c.is_control() { '?' } else { c };
    let mut short: String = text.chars().take(60).map(plain).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, Vec<AttributeError>> {
        Settings::from_attributes(text.split(' ').filter_map(|one| one.split_once('=')))
    }

    fn refused(text: &str) -> String {
        let errors = read(text).unwrap_err();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn attributes_are_read_and_written() {
        let settings =
            read("method=cusum baseline=26w threshold=5 grade=emergency period=day").unwrap();
        assert_eq!(settings.baseline, 182);
        assert_eq!((settings.grade, settings.period), (Grade::Emergency, Period::Day));
        assert_eq!((settings.k, settings.threshold), (0.5, 5.0));
        assert_eq!(read("").unwrap(), Settings::new(Method::Cusum, Period::Week));
        for method in Method::ALL {
            for period in Period::ALL {
                let settings = Settings::new(method, period);
                let text = settings.to_attributes();
                assert_eq!(
                    Settings::from_attributes(text.iter().map(|(n, v)| (*n, v.as_str()))).unwrap(),
                    settings
                );
            }
        }
    }

    #[test]
    fn every_wrong_attribute_is_told_with_what_can_be_written() {
        assert_eq!(
            refused("metod=cusum threshold=-1 grade=doom"),
            "metod=cusum: there is no such attribute of a watch; there are method, period, baseline, guard, threshold, grade, share, minimum, rest, k, spell
threshold=-1: write a number above 0 and not above 1000
grade=doom: write one of hardship, security, emergency"
        );
        assert_eq!(refused("period=week period=day"), "period=day: it stands twice; leave one");
        assert_eq!(
            refused("baseline=long"),
            "baseline=long: write a number of periods (26), or of days, weeks, months or years: 180d, 26w, 6m, 2y"
        );
        assert_eq!(
            refused("period=month baseline=1d"),
            "baseline=1d: 1 days are less than one month"
        );
        assert_eq!(
            refused("baseline=2"),
            "baseline=2: cusum by week needs a baseline of 3 periods or more"
        );
        assert_eq!(
            refused("method=change-point threshold=2"),
            "threshold=2: write a number above 0 and not above 1"
        );
        assert_eq!(refused("k=101"), "k=101: write a number from 0 to 100");
        assert_eq!(read("k=0 minimum=0").unwrap().minimum, 0.0);
        for hostile in [
            "threshold=nan",
            "k=inf",
            "baseline=99999999999999999999y",
            "baseline=-1",
            "minimum=1e400",
            "guard=3660y",
        ] {
            assert!(!refused(hostile).is_empty(), "{hostile}");
        }
    }
}
