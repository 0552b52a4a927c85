//! Coverage: about which states, in which years and about what, silence means something.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The states that a coverage speaks about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Units {
    /// Every state of the system.
    All,
    /// These `ccode`s only.
    States(BTreeSet<i32>),
    /// Every state except these `ccode`s.
    AllExcept(BTreeSet<i32>),
}

impl Units {
    /// Whether `ccode` is spoken about.
    pub fn contain(&self, ccode: i32) -> bool {
        match self {
            Self::All => true,
            Self::States(s) => s.contains(&ccode),
            Self::AllExcept(s) => !s.contains(&ccode),
        }
    }
}

/// One claim of a source: in these years, about these states, `table` is complete within `scope`.
///
/// Outside every coverage nothing is known: an absent row is then *unknown*, never "none".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The canonical table.
    pub table: String,
    /// The states spoken about.
    pub units: Units,
    /// First year, inclusive.
    pub from: i32,
    /// Last year, inclusive.
    pub to: i32,
    /// About what, in a phrase ("fighting with 25 or more deaths in the year"); null: all the table holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// True where the rows are context only and their silence never counts (one sender's deployments).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub context: bool,
}

impl Coverage {
    /// All states, `from` to `to`, the whole table.
    pub fn all(table: &str, from: i32, to: i32) -> Self {
        Self { table: table.into(), units: Units::All, from, to, scope: None, context: false }
    }

    /// The same with a scope.
    #[must_use]
    pub fn about(mut self, scope: &str) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Whether silence about this state in this year means something.
    pub fn covers(&self, ccode: i32, year: i32) -> bool {
        !self.context && self.from <= year && year <= self.to && self.units.contain(ccode)
    }
}
