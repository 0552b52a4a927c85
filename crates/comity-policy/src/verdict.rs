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

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Verdict {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|v| v.name() == s).ok_or_else(|| {
            format!(
                "`{s}` is not a verdict; the verdicts are {}",
                Self::ALL.map(Self::name).join(", ")
            )
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
