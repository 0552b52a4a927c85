//! The verdicts, and how bad each is.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// What can be said of a state, a commitment and a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Neither breach nor strain, and everything needed is covered.
    Kept,
    /// Strains only, and everything needed is covered.
    Strained,
    /// A breach, proved by covered tables.
    Broken,
    /// Anything else: not known is never kept.
    Unknown,
    /// One reading of the sources says kept and another broken.
    Contested,
    /// A duty that nothing called for.
    NoOccasion,
    /// Not in the state system, no version in force, or outside `applies`.
    NotApplicable,
}

impl Verdict {
    /// All of them, in the order they are listed to people.
    pub const ALL: [Self; 7] = [
        Self::Kept,
        Self::Strained,
        Self::Broken,
        Self::Contested,
        Self::Unknown,
        Self::NoOccasion,
        Self::NotApplicable,
    ];

    /// Its name in documents and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Strained => "strained",
            Self::Broken => "broken",
            Self::Unknown => "unknown",
            Self::Contested => "contested",
            Self::NoOccasion => "no-occasion",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// Whether `self` is `named` or a worse verdict (kept < strained < broken);
    /// the others are only met when named.
    pub fn is_or_worse(self, named: Self) -> bool {
        let rank = |v| match v {
            Self::Kept => Some(0),
            Self::Strained => Some(1),
            Self::Broken => Some(2),
            _ => None,
        };
        match (rank(self), rank(named)) {
            (Some(s), Some(n)) => s >= n,
            _ => self == named,
        }
    }
}

/// What a verdict is drawn as: some of the unknown ones say more than that nobody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// Kept.
    Kept,
    /// Strained.
    Strained,
    /// Unknown, and at least strained.
    StrainedOrWorse,
    /// Broken.
    Broken,
    /// Contested.
    Contested,
    /// Unknown, though some source covers the year and holds nothing.
    Looked,
    /// Unknown: nobody looked.
    Unknown,
    /// No occasion.
    NoOccasion,
    /// Not applicable.
    NotApplicable,
}

impl Form {
    /// All of them, in the order they are listed to people.
    pub const ALL: [Self; 9] = [
        Self::Kept,
        Self::Strained,
        Self::StrainedOrWorse,
        Self::Broken,
        Self::Contested,
        Self::Looked,
        Self::Unknown,
        Self::NoOccasion,
        Self::NotApplicable,
    ];

    /// The form of a verdict.
    pub fn of(verdict: Verdict, at_least: bool, looked: bool) -> Self {
        match verdict {
            Verdict::Kept => Self::Kept,
            Verdict::Strained => Self::Strained,
            Verdict::Broken => Self::Broken,
            Verdict::Contested => Self::Contested,
            Verdict::Unknown if at_least => Self::StrainedOrWorse,
            Verdict::Unknown if looked => Self::Looked,
            Verdict::Unknown => Self::Unknown,
            Verdict::NoOccasion => Self::NoOccasion,
            Verdict::NotApplicable => Self::NotApplicable,
        }
    }

    /// The verdict that it is a form of.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Kept => Verdict::Kept,
            Self::Strained => Verdict::Strained,
            Self::Broken => Verdict::Broken,
            Self::Contested => Verdict::Contested,
            Self::StrainedOrWorse | Self::Looked | Self::Unknown => Verdict::Unknown,
            Self::NoOccasion => Verdict::NoOccasion,
            Self::NotApplicable => Verdict::NotApplicable,
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::StrainedOrWorse => "strained or worse",
            Self::Looked => "unknown, looked at in part",
            Self::NoOccasion => "no occasion",
            Self::NotApplicable => "not applicable",
            other => other.verdict().name(),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Verdict {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|v| v.name() == s).ok_or_else(|| {
            let near = comity_record::nearest(s, Self::ALL.iter().map(|v| v.name()));
            let near = near.map_or_else(|| ".".to_owned(), |n| format!("; {n}"));
            let all = Self::ALL.map(Self::name).join(", ");
            format!("`{s}` is not a verdict{near} The verdicts are {all}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worse_follows_the_ladder_and_the_rest_only_when_named() {
        assert!(Verdict::Broken.is_or_worse(Verdict::Strained));
        assert!(!Verdict::Kept.is_or_worse(Verdict::Strained));
        assert!(!Verdict::Unknown.is_or_worse(Verdict::Strained));
        assert!(Verdict::Unknown.is_or_worse(Verdict::Unknown));
        assert!(!Verdict::Broken.is_or_worse(Verdict::Contested));
    }
}
