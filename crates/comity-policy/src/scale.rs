//! What the magnitudes of an evidence block measure, and a magnitude in words: `over 999 deaths of its own`, not `6`.

use serde::Serialize;

use comity_record::nearest;

use crate::figures::number;

/// Longest declaration.
const LONGEST: usize = 400;

/// Scales of published codes, by the name that a block gives: the codebooks say what each step is.
const PUBLISHED: &[(&str, &[(i32, &str)])] = &[
    // Codebook of the Militarized Interstate Disputes, `fatality`.
    (
        "mid-fatality",
        &[
            (0, "no deaths of its own"),
            (1, "1 to 25 deaths of its own"),
            (2, "26 to 100 deaths of its own"),
            (3, "101 to 250 deaths of its own"),
            (4, "251 to 500 deaths of its own"),
            (5, "501 to 999 deaths of its own"),
            (6, "over 999 deaths of its own"),
        ],
    ),
    // The same, `hostlev`.
    (
        "mid-hostility",
        &[
            (1, "no militarised action"),
            (2, "a threat to use force"),
            (3, "a display of force"),
            (4, "use of force"),
            (5, "war"),
        ],
    ),
    // Codebook of the UCDP/PRIO Armed Conflict Dataset, `intensity_level`.
    (
        "ucdp-intensity",
        &[
            (1, "25 to 999 deaths in battle in the year"),
            (2, "1,000 or more deaths in battle in the year"),
        ],
    ),
];

/// What magnitudes measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Levels, each with what it is.
    Steps(Vec<(i32, String)>),
    /// Shares of one, shown in percent, of what follows.
    Percent(String),
    /// Amounts of a unit.
    Unit(String),
}

impl Scale {
    /// The names of the scales that are known.
    pub fn published() -> impl Iterator<Item = &'static str> {
        PUBLISHED.iter().map(|(name, _)| *name)
    }

    /// Reads a declaration: the name of a published scale; `1: words; 2: words`; `% of something`; else a unit. None where it is none of these.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST || text.chars().any(char::is_control) {
            return None;
        }
        if let Some((_, steps)) = PUBLISHED.iter().find(|(name, _)| *name == text) {
            let steps = steps.iter().map(|(level, words)| (*level, (*words).to_owned()));
            return Some(Self::Steps(steps.collect()));
        }
        if let Some(of) = text.strip_prefix('%') {
            return Some(Self::Percent(of.trim().to_owned()));
        }
        if text.contains(':') {
            let step = |part: &str| {
                let (level, words) = part.split_once(':')?;
                let words = words.trim();
                (!words.is_empty()).then(|| Some((level.trim().parse().ok()?, words.to_owned())))?
            };
            return text.split(';').map(step).collect::<Option<Vec<_>>>().map(Self::Steps);
        }
        // A published name that is misspelt is no unit.
        let misspelt = text.contains('-') && nearest(text, Self::published()).is_some();
        (!misspelt).then(|| Self::Unit(text.to_owned()))
    }

    /// A magnitude in words.
    pub fn words(&self, value: f64) -> String {
        match self {
            #[expect(clippy::float_cmp, reason = "a level is a whole number, or none of the scale")]
            Self::Steps(steps) => steps
                .iter()
                .find(|(level, _)| f64::from(*level) == value)
                .map_or_else(|| format!("magnitude {}", number(value)), |(_, words)| words.clone()),
            Self::Percent(of) => format!("{} % {of}", number((1000.0 * value).round() / 10.0)),
            Self::Unit(unit) => format!("{} {}", number(value), self::unit(unit, value)),
        }
    }
}

/// The unit as it stands behind an amount: one of several has no plural.
fn unit(unit: &str, value: f64) -> String {
    let (first, rest) = unit.split_once(' ').unwrap_or((unit, ""));
    #[expect(clippy::float_cmp, reason = "exactly one")]
    let one = value == 1.0;
    match first.strip_suffix('s') {
        Some(single) if one && first.len() > 3 => format!("{single} {rest}").trim_end().to_owned(),
        _ => unit.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_magnitude_is_said_in_words() {
        let said = |scale: &str, value| Scale::parse(scale).unwrap().words(value);
        assert_eq!(said("mid-fatality", 6.0), "over 999 deaths of its own");
        assert_eq!(said("mid-fatality", 9.0), "magnitude 9");
        assert_eq!(said("1: a promise to talk; 2: a promise to fight", 2.0), "a promise to fight");
        assert_eq!(said("% of all states are bound", 0.7188), "71.9 % of all states are bound");
        assert_eq!(said("square kilometres", 12_345.0), "12,345 square kilometres");
        assert_eq!(said("kinds of sanctions", 1.0), "1 kind of sanctions");
        assert_eq!(said("kinds of sanctions", 2.0), "2 kinds of sanctions");
    }

    #[test]
    fn what_is_no_scale_is_none() {
        for wrong in ["", "  ", "1: ; 2: b", "one: a", "1: a; b", &"x".repeat(500)] {
            assert_eq!(Scale::parse(wrong), None, "{wrong}");
        }
    }
}
