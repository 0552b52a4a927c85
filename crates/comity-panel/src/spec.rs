//! A request for a panel with checked types; and the bounds of it, checked before any work begins.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use comity_record::Reading;

use super::column::as_requested;
use super::condition::Condition;
use super::derive::Derived;
use super::error::PanelError;
use super::handed::Handed;
use super::own_table::Joined;
use super::rules::{Gaps, Rule};
use super::system::Codes;
use super::unit::Unit;

/// The most groups, columns, states or rules that may be named: more is a mistake.
const MOST_NAMED: usize = 2_000;

/// The last year to which states may be carried on.
const LAST_YEAR: i32 = 2200;

/// A panel that is requested.
#[derive(Debug, Clone)]
pub struct Spec {
    /// One row per what.
    pub unit: Unit,
    /// In whose list of states.
    pub codes: Codes,
    /// Whether each pair stands in both orders.
    pub directed: bool,
    /// The years wanted; none: all.
    pub years: Option<RangeInclusive<i32>>,
    /// The year to which states and great powers are carried past the end of their lists.
    pub extend_to: Option<i32>,
    /// Groups of columns, each with what stood behind its colon.
    pub with: Vec<(String, Option<String>)>,
    /// Only these columns beside the keys; empty: all.
    pub columns: Vec<String>,
    /// Only rows among these states, by their codes in the list; of pairs, one state alone stands for all of its pairs. Empty: all.
    pub states: Vec<i32>,
    /// How many states a group has, for `kad-years`.
    pub k: usize,
    /// How one of several disputes of a pair and year is chosen; none for the usual rules.
    pub rules: Option<Vec<Rule>>,
    /// What a count of peace years does at a gap.
    pub gaps: Gaps,
    /// Columns made from other columns of the same unit: lags, leads, windows.
    pub derived: Vec<Derived>,
    /// Only rows of which each of these holds.
    pub keep: Vec<Condition>,
    /// Tables of one's own, joined on by their keys.
    pub joined: Vec<Joined>,
    /// Columns of groups that the caller makes.
    pub handed: Vec<Handed>,
    /// Who answers; none: the baseline of the record.
    pub reading: Option<Reading>,
}

impl Spec {
    /// All years of that unit, without covariates.
    pub fn new(unit: Unit) -> Self {
        Self {
            unit,
            codes: Codes::Cow,
            directed: false,
            years: None,
            extend_to: None,
            with: Vec::new(),
            columns: Vec::new(),
            states: Vec::new(),
            k: 3,
            rules: None,
            gaps: Gaps::default(),
            derived: Vec::new(),
            keep: Vec::new(),
            joined: Vec::new(),
            handed: Vec::new(),
            reading: None,
        }
    }

    /// A refusal of what cannot be made whatever the record holds: too much of it, the same twice, years out of order.
    pub(super) fn check(&self) -> Result<(), PanelError> {
        check_counts([
            ("groups", self.with.len()),
            ("columns", self.columns.len()),
            ("columns made from others", self.derived.len()),
            ("states", self.states.len()),
            ("conditions", self.keep.len()),
            ("tables to join", self.joined.len()),
            ("rules", self.rules.as_ref().map_or(0, Vec::len)),
        ])?;
        let groups = self
            .with
            .iter()
            .map(|(group, choice)| as_requested(group, choice.as_deref().unwrap_or("")));
        check_once(groups)?;
        check_once(self.columns.iter().cloned())?;
        check_once(self.derived.iter().map(Derived::name))?;
        if let Some(years) = self.years.as_ref().filter(|y| y.is_empty()) {
            return Err(PanelError::new(format!(
                "the years {} to {} are out of order",
                years.start(),
                years.end()
            )));
        }
        if self.extend_to.is_some_and(|to| to > LAST_YEAR) {
            return Err(PanelError::new(format!("states are carried on to {LAST_YEAR} at most")));
        }
        Ok(())
    }
}

/// A refusal of more than anybody means.
pub(super) fn check_counts<'a>(
    counts: impl IntoIterator<Item = (&'a str, usize)>,
) -> Result<(), PanelError> {
    match counts.into_iter().find(|(_, many)| *many > MOST_NAMED) {
        Some((what, many)) => Err(PanelError::new(format!("{many} {what} are requested"))
            .help(format!("a panel takes {MOST_NAMED} at most"))),
        None => Ok(()),
    }
}

fn check_once(names: impl Iterator<Item = String>) -> Result<(), PanelError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if seen.contains(&name) {
            return Err(asked_twice(&name));
        }
        seen.insert(name);
    }
    Ok(())
}

/// A refusal of what is requested more than once.
pub(super) fn asked_twice(name: &str) -> PanelError {
    PanelError::new(format!("`{name}` is requested twice")).help("name it once")
}
